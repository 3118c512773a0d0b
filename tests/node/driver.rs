//! A host with a disk that is always at once done.

use consensus_playground::node::{Codec, Host, Kept, Output, Pace, Persist};

pub const PACE: Pace = Pace { election_timeout_ticks_min: 1_000, heartbeat_ticks: 250 };

pub struct Driven<R: Codec> {
    pub host: Host<R>,
    /// What is on the disk.
    pub kept: Kept<R>,
}

impl<R: Codec> Driven<R> {
    pub fn start(seed: u64, first_number: u64, kept: Kept<R>) -> Self {
        Self { host: Host::new(PACE, seed, first_number, kept.clone()).unwrap(), kept }
    }

    pub fn line(&mut self, now: u64, line: &str) -> Vec<Output<R>> {
        let outputs = self.host.line(now, line);
        self.settle(now, outputs)
    }

    pub fn tick(&mut self, now: u64) -> Vec<Output<R>> {
        let outputs = self.host.tick(now);
        self.settle(now, outputs)
    }

    /// Keeps what is to be kept, and lets happen what waits for that.
    fn settle(&mut self, now: u64, mut outputs: Vec<Output<R>>) -> Vec<Output<R>> {
        let mut settled = 0;
        loop {
            outputs[settled..].iter().filter_map(persist).for_each(|persist| self.kept.apply(persist));
            settled = outputs.len();
            if !self.host.awaits_flush() {
                return outputs;
            }
            outputs.extend(self.host.persisted(now));
        }
    }

    /// The node as it starts again from its disk.
    pub fn start_again(&self, seed: u64, first_number: u64) -> Self {
        let kept = Kept { incarnation: self.kept.incarnation + 1, ..self.kept.clone() };
        Self::start(seed, first_number, kept)
    }
}

pub fn persist<R: Codec>(output: &Output<R>) -> Option<&Persist<R>> {
    if let Output::Persist(persist) = output { Some(persist) } else { None }
}

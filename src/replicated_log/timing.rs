//! The timers of followers that wait for a leader, and of a leader that shows that it is there.

use crate::process::{Outbox, Process, Ticks, Timer, fingerprint_enum};

/// The timers of a replica that may lead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LeaderTimer {
    /// No leader was heard from for an election timeout.
    Election,
    /// The leader's next heartbeat.
    Heartbeat,
    /// The leader was not heard from for the shortest election timeout.
    LeaderContact,
    /// The leader asks itself whether it has heard from a majority.
    QuorumCheck,
}

fingerprint_enum!(LeaderTimer {
    0 => Election,
    1 => Heartbeat,
    2 => LeaderContact,
    3 => QuorumCheck,
});

impl Timer for LeaderTimer {
    const KINDS: &'static [&'static str] = &["election", "heartbeat", "leader contact", "quorum check"];

    fn kind(self) -> u8 {
        self as u8
    }
}

/// How long they take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timing {
    /// The shortest election timeout. Also how long a follower believes in a leader that it has heard from.
    pub election_timeout_ticks_min: Ticks,
    /// The longest election timeout. Also how long a leader waits for a majority to be heard from.
    pub election_timeout_ticks_max: Ticks,
    /// Between two heartbeats of a leader.
    pub heartbeat_ticks: Ticks,
    /// Whether a leader steps down that has not heard from a majority.
    pub check_quorum: bool,
}

impl Timing {
    /// Starts the wait for a leader anew, with a new random length.
    pub fn await_leader<P: Process<Timer = LeaderTimer>>(self, out: &mut Outbox<P>) {
        out.set_timer(LeaderTimer::Election, self.election_timeout_ticks_min, self.election_timeout_ticks_max);
    }

    /// A leader was heard from: for a while there is one.
    pub fn hear_leader<P: Process<Timer = LeaderTimer>>(self, out: &mut Outbox<P>) {
        let belief = self.election_timeout_ticks_min;
        out.set_timer(LeaderTimer::LeaderContact, belief, belief);
        self.await_leader(out);
    }

    /// It waits for no leader any more, and is one.
    pub fn begin_to_lead<P: Process<Timer = LeaderTimer>>(self, out: &mut Outbox<P>) {
        out.clear_timer(LeaderTimer::Election);
        out.clear_timer(LeaderTimer::LeaderContact);
        self.next_heartbeat(out);
        if self.check_quorum {
            self.next_quorum_check(out);
        }
    }

    /// It leads no more.
    pub fn cease_to_lead<P: Process<Timer = LeaderTimer>>(self, out: &mut Outbox<P>) {
        out.clear_timer(LeaderTimer::Heartbeat);
        out.clear_timer(LeaderTimer::QuorumCheck);
    }

    /// The next heartbeat is due after this one.
    pub fn next_heartbeat<P: Process<Timer = LeaderTimer>>(self, out: &mut Outbox<P>) {
        out.set_timer(LeaderTimer::Heartbeat, self.heartbeat_ticks, self.heartbeat_ticks);
    }

    /// The next time that the leader asks itself whether it has heard from a majority.
    pub fn next_quorum_check<P: Process<Timer = LeaderTimer>>(self, out: &mut Outbox<P>) {
        let patience = self.election_timeout_ticks_max;
        out.set_timer(LeaderTimer::QuorumCheck, patience, patience);
    }
}

//! What a replica was answered that had lost all, and what it made of it (VRR 4.3).

use super::*;
use crate::viewstamped::CrashVector;

impl ViewstampedMonitor {
    /// Looks at a replica that comes back, or has recovered.
    pub(super) fn look_at_life(&mut self, event: u32, ordinal: usize, input: InputKind, world: &World<Viewstamped>) {
        let (machine, node) = (&world.replicas()[ordinal], NodeId(ordinal as u16));
        let Some(process) = machine.process.as_ref().filter(|process| process.is_normal()) else { return };
        if !world.is_honest(node) {
            return;
        }
        // What it knew before its crash it knows from its disk, or not at all: the first write of all tells.
        let remembers = process.durable().crash_vector.life(node) != machine.incarnation();
        if input == InputKind::Start && machine.incarnation() > 0 && !remembers {
            self.findings.note(RECOVERED_ON_QUORUM, event, || {
                let sentence = format!("{} comes back, has lost all, and takes part at once", name(node));
                Found::new(sentence.clone()).because(event, sentence)
            });
        } else if self.seen[ordinal].is_recovering {
            self.check_recovery(event, node, process, machine.incarnation());
        }
    }

    fn check_recovery(&mut self, event: u32, node: NodeId, process: &Viewstamped, life: u32) {
        let answers = &self.answers[node.index()];
        let mut known = CrashVector::of(self.seen.len() as u16);
        let of_this_life = || answers.iter().filter(|told| told.body.nonce == life);
        of_this_life().for_each(|told| known.merge(&told.body.crash_vector));
        let mut latest: BTreeMap<NodeId, &Told<RecoveryResponse>> = BTreeMap::new();
        let age =
            |told: &Told<RecoveryResponse>| (told.body.crash_vector.life(told.from), told.body.view, told.body.op());
        for told in of_this_life().filter(|told| told.body.crash_vector.life(told.from) >= known.life(told.from)) {
            if latest.get(&told.from).is_none_or(|earlier| age(earlier) <= age(told)) {
                latest.insert(told.from, told);
            }
        }
        let view = latest.values().map(|told| told.body.view).max();
        let has_log = |told: &&Told<RecoveryResponse>| Some(told.body.view) == view && told.body.state.is_some();
        let log = latest.values().find(|told| has_log(told));
        let took =
            log.is_some_and(|told| process.view_number() == told.body.view && process.op_number() == told.body.op());
        if latest.len() >= self.quorum && took {
            return;
        }
        let recovers = format!(
            "{} recovers into view {} with a log up to operation {}",
            name(node),
            process.view_number(),
            process.op_number()
        );
        let why = if latest.len() < self.quorum {
            format!("{} of {} have answered this life of it", latest.len(), self.seen.len())
        } else {
            match log {
                Some(told) => format!(
                    "the primary of the latest view, {}, has a log up to operation {}",
                    told.body.view,
                    told.body.op()
                ),
                None => "the primary of the latest view has not answered".to_owned(),
            }
        };
        let found = Found::new(format!("{recovers}, and {why}")).because(event, recovers);
        let found = answers.iter().rev().fold(found, |found, told| {
            let log = if told.body.state.is_some() {
                format!(", with a log up to operation {}", told.body.op())
            } else {
                String::new()
            };
            let answer =
                format!("{} answers life {} from view {}{log}", name(told.from), told.body.nonce, told.body.view);
            found.because(told.event, answer)
        });
        self.findings.note(RECOVERED_ON_QUORUM, event, || found);
    }
}

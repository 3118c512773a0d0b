//! What a replica has in its log, takes for committed, and has carried out (VRR 4.1).

use super::*;

impl ViewstampedMonitor {
    /// What a replica has after an event of its own.
    pub(super) fn look_at_operations(&mut self, event: u32, ordinal: usize, begins: bool, world: &World<Viewstamped>) {
        let honest = world.replicas().get(ordinal).filter(|_| world.is_honest(NodeId(ordinal as u16)));
        let Some(process) = honest.and_then(|machine| machine.process.as_ref()) else { return };
        let (node, seen) = (NodeId(ordinal as u16), self.seen[ordinal]);
        let mut now = Seen::of(process, node, seen.went_on);
        self.check_numbers(event, node, process, (seen, now), world);
        self.check_acknowledged(event, node, now, world);
        for op in seen.commit + 1..=now.commit {
            self.check_committed(event, node, op, process, world);
        }
        // What a view begins with, its primary was told to be committed.
        if now.is_primary && seen.is_up && !begins && now.commit > seen.commit {
            self.check_quorum(event, node, now, world);
        }
        if now.executed > seen.executed {
            self.check_state(event, node, process, world);
        }
        if now.commit > seen.commit || now.executed > seen.executed {
            now.went_on = event;
        }
        self.seen[ordinal] = now;
    }

    fn check_numbers(
        &mut self,
        event: u32,
        node: NodeId,
        process: &Viewstamped,
        (seen, now): (Seen, Seen),
        world: &World<Viewstamped>,
    ) {
        let dropped = process.log().base();
        if dropped > now.executed || now.executed > now.commit || now.commit > now.op {
            self.findings.note(NUMBERS_IN_ORDER, event, || {
                let (executed, commit, op) = (now.executed, now.commit, now.op);
                let sentence = format!(
                    "{}: dropped to {dropped}, carried out to {executed}, committed to {commit}, log to {op}",
                    name(node)
                );
                Self::excused(sentence, world)
            });
        }
        let falls = now.commit < seen.commit || now.executed < seen.executed || now.view < seen.view;
        if seen.is_up && falls {
            self.findings.note(NUMBERS_IN_ORDER, event, || {
                let has = |seen: Seen| {
                    let Seen { view, commit, executed, .. } = seen;
                    format!("{} is in view {view}, has committed to {commit} and carried out to {executed}", name(node))
                };
                let sentence = Self::excused(format!("{}, after {}", has(now), has(seen)), world);
                Found::new(sentence).because(event, has(now)).because(seen.went_on, has(seen))
            });
        }
    }

    /// What it has acknowledged in the view whose log it has, it has.
    fn check_acknowledged(&mut self, event: u32, node: NodeId, now: Seen, world: &World<Viewstamped>) {
        let said = self.acknowledged.get(&(now.last_normal, node)).map(Vec::as_slice).unwrap_or_default();
        let is_remembered =
            |said: &Acknowledged| self.standing(node, said.event).is_some_and(|then| then.memory == now.memory);
        let lacks = said.iter().rev().take_while(|said| said.op > now.op);
        let Some(said) = lacks.copied().find(is_remembered) else { return };
        self.findings.note(ACKNOWLEDGED_KEPT, event, || {
            let has = format!("{} has the log of view {} up to operation {}", name(node), now.last_normal, now.op);
            let said_so = format!("{} acknowledges operation {} of view {}", name(node), said.op, now.last_normal);
            let sentence = format!("{has}, and has acknowledged operation {}", said.op);
            Found::new(Self::excused(sentence, world)).because(event, has).because(said.event, said_so)
        });
    }

    /// At one op-number, one operation is taken for committed, by whomever.
    fn check_committed(
        &mut self,
        event: u32,
        node: NodeId,
        op: Index,
        process: &Viewstamped,
        world: &World<Viewstamped>,
    ) {
        // One that a checkpoint covers is judged by the state that it led to.
        let Some(entry) = process.log().get(op) else { return };
        let view = process.view_number();
        let Committed { entry: known, by, event: earlier, .. } = self
            .operation(op)
            .committed
            .get_or_insert_with(|| Committed { entry: entry.clone(), view, by: node, event })
            .clone();
        if Arc::ptr_eq(&known, entry) || known == *entry {
            return;
        }
        let takes = |node: NodeId, entry: &Entry| {
            format!("{} takes {} of view {} for committed at operation {op}", name(node), entry.payload, entry.view)
        };
        let sentence = format!("{}, and {} took {} for it", takes(node, entry), name(by), known.payload);
        let mut found = Found::new(Self::excused(sentence, world))
            .because(event, takes(node, entry))
            .because(earlier, takes(by, &known));
        for (view, entry) in [(entry.view, entry), (known.view, &known)] {
            for (node, said) in self.acknowledgers(view, op) {
                let has = format!("{} acknowledges {} at operation {op} of view {view}", name(node), entry.payload);
                found = found.because(said.event, has);
            }
        }
        self.findings.note(AGREEMENT, event, || found);
    }

    /// A primary has committed: f backups have said that they have it.
    fn check_quorum(&mut self, event: u32, node: NodeId, now: Seen, world: &World<Viewstamped>) {
        let acknowledgers: Vec<_> =
            self.acknowledgers(now.view, now.commit).filter(|(other, _)| *other != node).collect();
        if acknowledgers.len() + 1 >= self.quorum {
            return;
        }
        self.findings.note(COMMITTED_ON_QUORUM, event, || {
            let commits = format!("{} commits operation {} in view {}", name(node), now.commit, now.view);
            let sentence = format!(
                "{commits}, and {} of {} backups have acknowledged it",
                acknowledgers.len(),
                world.replicas().len() - 1
            );
            let found = Found::new(Self::excused(sentence, world)).because(event, commits);
            acknowledgers.iter().fold(found, |found, (other, said)| {
                found.because(said.event, format!("{} acknowledges operation {}", name(*other), said.op))
            })
        });
    }

    fn check_state(&mut self, event: u32, node: NodeId, process: &Viewstamped, world: &World<Viewstamped>) {
        self.scratch.clear();
        process.store().fingerprint(&mut self.scratch);
        let hash = self.scratch.finish();
        let op = process.last_executed();
        let (known, other, earlier) = *self.operation(op).state.get_or_insert((hash, node, event));
        if known != hash {
            self.findings.note(STATE_MACHINE_SAFETY, event, || {
                let has = |node: NodeId| format!("{} has carried out all up to operation {op}", name(node));
                let sentence = format!("{}, and its state differs from that of {} there", has(node), name(other));
                Found::new(Self::excused(sentence, world)).because(event, has(node)).because(earlier, has(other))
            });
        }
    }
}

//! What a new primary was told, and what it begins its view with (VRR 4.2).

use super::*;
use crate::viewstamped::CrashVector;
use crate::viewstamped::message::LogState;

/// What a replica has reported, the new primary itself included.
struct Report {
    from: NodeId,
    last_normal: ViewNumber,
    op: Index,
    life: u32,
    event: u32,
    /// The entry at an op-number, if the report has it.
    state: Option<Arc<DoViewChange>>,
}

fn entry_of(state: &LogState, op: Index) -> Option<&Arc<Entry>> {
    state.entries.get(op.checked_sub(state.after + 1)? as usize)
}

impl Report {
    fn sentence(&self) -> String {
        format!("{} reports a log of view {} up to operation {}", name(self.from), self.last_normal, self.op)
    }
}

impl ViewstampedMonitor {
    /// Looks at a replica, and says whether it has begun a view as its primary by this event.
    pub(super) fn look_at_view(
        &mut self,
        event: u32,
        ordinal: usize,
        input: InputKind,
        world: &World<Viewstamped>,
    ) -> bool {
        let Some(process) = world.replicas()[ordinal].process.as_ref() else { return false };
        let (node, view, seen) = (NodeId(ordinal as u16), process.view_number(), self.seen[ordinal]);
        let begins = process.is_primary() && !(seen.is_primary && seen.view == view);
        // With a disk, a primary that comes back goes on.
        if begins && input != InputKind::Start && world.is_honest(node) {
            self.check_reports(event, node, process, world);
            self.check_committed_survives(event, node, process, world);
        }
        begins
    }

    /// A primary has told others of the beginning of its view: once.
    pub(super) fn hear_start(
        &mut self,
        primary: NodeId,
        view: ViewNumber,
        (event, left): (u32, u32),
        world: &World<Viewstamped>,
    ) {
        let earlier = *self.begun.entry(view).or_insert(Begun { primary, event, left });
        if earlier.event != event {
            self.findings.note(STARTED_ON_QUORUM, left, || {
                let begins = |node: NodeId| format!("{} begins view {view}", name(node));
                let sentence = format!("{}, which {} has begun before", begins(primary), name(earlier.primary));
                Found::new(Self::excused(sentence, world))
                    .because(event, begins(primary))
                    .because(earlier.event, begins(earlier.primary))
            });
        }
    }

    /// All that was reported to a new primary for its view, of each replica's latest life, and its own log as it was
    /// before the view; without those of lives that somebody knows to have ended.
    fn reports_to(&self, node: NodeId, process: &Viewstamped) -> Vec<Report> {
        let (view, seen) = (process.view_number(), self.seen[node.index()]);
        let mut known: CrashVector = process.durable().crash_vector.clone();
        let told = self.reports.get(&(view, node)).map(Vec::as_slice).unwrap_or_default();
        let booted = self.starts[node.index()].last().copied().unwrap_or(0);
        // What it was told before a crash it does not know any more.
        let told = || told.iter().filter(|told| told.handled > booted);
        told().for_each(|told| known.merge(&told.body.crash_vector));
        let mut reports: BTreeMap<NodeId, Report> = BTreeMap::new();
        let own =
            Report { from: node, last_normal: seen.last_normal, op: seen.op, life: seen.memory, event: 0, state: None };
        reports.insert(node, own);
        for told in told() {
            let life = told.body.crash_vector.life(told.from);
            if reports.get(&told.from).is_none_or(|earlier| earlier.life < life) {
                let (last_normal, op) = (told.body.last_normal, told.body.state.op());
                let state = Some(told.body.clone());
                reports.insert(told.from, Report { from: told.from, last_normal, op, life, event: told.event, state });
            }
        }
        reports.into_values().filter(|report| report.life >= known.life(report.from)).collect()
    }

    /// A view rests on the reports of f + 1, and begins with the best of their logs.
    fn check_reports(&mut self, event: u32, node: NodeId, process: &Viewstamped, world: &World<Viewstamped>) {
        let view = process.view_number();
        let reports = self.reports_to(node, process);
        let begins = format!("{} begins view {view}", name(node));
        let with_reports = |found: Found, reports: &[Report]| {
            let others = reports.iter().filter(|report| report.state.is_some());
            others.fold(found, |found, report| found.because(report.event, report.sentence()))
        };
        if reports.len() < self.quorum {
            self.findings.note(STARTED_ON_QUORUM, event, || {
                let sentence = format!("{begins} on the reports of {} of {}", reports.len(), world.replicas().len());
                with_reports(Found::new(Self::excused(sentence, world)).because(event, begins.clone()), &reports)
            });
        }
        let Some(best) = reports.iter().max_by_key(|report| (report.last_normal, report.op)) else { return };
        let log = process.log();
        let held = |op: Index| log.get(op).map(|entry| &**entry);
        let differs = best.state.as_ref().and_then(|report| {
            let mut ops = (report.state.after + 1..=best.op).filter(|op| *op > log.base());
            ops.find(|op| held(*op) != entry_of(&report.state, *op).map(|entry| &**entry))
        });
        if best.op == process.op_number() && differs.is_none() {
            return;
        }
        self.findings.note(LATEST_LOG_TAKEN, event, || {
            let takes = format!("{begins} with a log up to operation {}", process.op_number());
            let sentence = match differs {
                Some(op) => format!("{takes}, which differs at operation {op}, though {}", best.sentence()),
                None => format!("{takes}, though {}", best.sentence()),
            };
            let found = Found::new(Self::excused(sentence, world)).because(event, takes);
            let found = if best.state.is_some() { found.because(best.event, best.sentence()) } else { found };
            with_reports(found, &reports)
        });
    }

    /// What was committed is in the log of each later view.
    fn check_committed_survives(
        &mut self,
        event: u32,
        node: NodeId,
        process: &Viewstamped,
        world: &World<Viewstamped>,
    ) {
        let log = process.log();
        let lacks = |op: &Index| {
            let committed = self.known(*op).and_then(|known| known.committed.as_ref());
            let in_earlier_view = committed.filter(|committed| committed.view < process.view_number());
            in_earlier_view.is_some_and(|committed| log.get(*op).is_none_or(|held| **held != *committed.entry))
        };
        let Some(op) = (log.base() + 1..=self.operations.len() as u64).find(lacks) else { return };
        let Some(Committed { entry, view, by, event: earlier }) =
            self.known(op).and_then(|known| known.committed.clone())
        else {
            return;
        };
        let reports = self.reports_to(node, process);
        self.findings.note(COMMITTED_SURVIVES, event, || {
            let holds = log.get(op).map_or("nothing".to_owned(), |held| held.payload.to_string());
            let begins = format!("{} begins view {} with {holds} at operation {op}", name(node), process.view_number());
            let sentence = format!("{begins}, where {} was committed in view {view}", entry.payload);
            let found = Found::new(Self::excused(sentence, world))
                .because(event, begins)
                .because(earlier, format!("{} takes {} for committed at operation {op}", name(by), entry.payload));
            let others = reports.iter().filter(|report| report.state.is_some());
            others.fold(found, |found, report| found.because(report.event, report.sentence()))
        });
    }
}

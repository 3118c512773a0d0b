//! Runs that are hard on what monitors rest on: disks that are slow, unequal or stand still, crashes between a write
//! and what is sent with it, kills, pauses, messages that come twice or late, and clients that crash. For the tests of
//! Multi-Paxos, too. Nothing of it is beyond the protocols' model.

use consensus_playground::check::Finding;
use consensus_playground::process::{Catalogue as _, MILLISECOND, Message as _, NodeId, NodeSet, Ticks};
use consensus_playground::run::Run;
use consensus_playground::scenario::{Playable, Scenario};
use consensus_playground::sim::{Action, CrashPoint, Ratio, TicksRange};

/// The disks of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disks {
    /// A flush takes no time.
    Instant,
    /// It takes 5 to 25 ms.
    Slow,
    /// One disk takes no time, each other one longer than the one before it.
    Unequal,
}

pub const ALL_DISKS: [Disks; 3] = [Disks::Instant, Disks::Slow, Disks::Unequal];

impl Disks {
    fn put_into(self, scenario: &mut Scenario) {
        for ordinal in 1..=u64::from(scenario.replicas) {
            let range = match self {
                Self::Instant => TicksRange::new(0, 0),
                Self::Slow => TicksRange::new(5 * MILLISECOND, 25 * MILLISECOND),
                Self::Unequal => TicksRange::new((ordinal - 1) * 3 * MILLISECOND, (ordinal - 1) * 12 * MILLISECOND),
            };
            scenario.disk.own_flush_ticks.insert(format!("n{ordinal}"), range);
        }
    }
}

/// Small numbers, by Knuth's generator: the simulator has streams of its own.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// One fault, or the end of one. What cannot be done at the moment is left out.
fn fault(dice: &mut Dice, replicas: u16, clients: u16) -> Action {
    let node = NodeId(dice.below(u64::from(replicas)) as u16);
    let client = NodeId(replicas + dice.below(u64::from(clients)) as u16);
    match dice.below(16) {
        0 => Action::Crash(node),
        1 => Action::Kill(node),
        2 => Action::CrashAt(node, CrashPoint::BetweenWriteAndSend),
        3..=6 => Action::Restart(node),
        7 => Action::Pause(node),
        8 | 9 => Action::Resume(node),
        10 => Action::StallDisk(node),
        11 => Action::ReleaseDisk(node),
        12 => Action::Partition(vec![
            (0..replicas + clients).map(NodeId).filter(|_| dice.below(2) == 0).collect::<NodeSet>(),
        ]),
        13 => Action::Heal,
        14 => Action::Crash(client),
        _ => Action::Restart(client),
    }
}

/// A run under sixty faults, so far apart, and then without any.
pub fn stressed<R: Playable>(mut scenario: Scenario, disks: Disks, seed: u64, apart: Ticks) -> Run<R> {
    scenario.seed = seed;
    scenario.network.loss = Ratio { numerator: 1, denominator: 10 };
    scenario.network.duplication = Ratio { numerator: 3, denominator: 10 };
    scenario.network.reordering = Ratio { numerator: 1, denominator: 2 };
    disks.put_into(&mut scenario);
    let mut dice = Dice(seed);
    let mut run = Run::new(scenario.simulation::<R>().unwrap());
    for step in 1..=60 {
        run.run_until(step * apart, u32::MAX);
        let fault = fault(&mut dice, scenario.replicas as u16, scenario.clients as u16);
        let world = run.simulation().world();
        let is_borne = match fault {
            Action::Crash(node) | Action::Kill(node) if u32::from(node.0) < scenario.replicas => {
                R::bears_crash_of(world, node)
            }
            _ => true,
        };
        if is_borne {
            let _ = run.intervene(fault);
        }
    }
    run.intervene(Action::RemoveFaults).unwrap();
    run.run_until(60 * apart + 2_000 * MILLISECOND, u32::MAX);
    run.findings_at_end();
    run
}

/// Reasons are events of the run in their order, few enough, and each names the process at which it happened.
pub fn must_name_its_events<R: Playable>(run: &Run<R>, finding: &Finding) {
    let trace = run.simulation().trace();
    assert!((1..=8).contains(&finding.because.len()), "{finding:?}");
    assert!(finding.because.windows(2).all(|pair| pair[0].event < pair[1].event), "{finding:?}");
    for reason in &finding.because {
        let record = trace.events[reason.event as usize];
        assert!(reason.event <= finding.event, "{finding:?}");
        let name = run.simulation().world().name(NodeId(record.node));
        // A violation is told in the process's own words.
        let is_own_words = finding.invariant.name == "no-forbidden-transition";
        assert!(is_own_words || reason.sentence.split([' ', ':', ',']).any(|word| word == name), "{name}: {finding:?}");
    }
}

/// The messages that a reason's events have sent, of some kinds, each with its event.
pub fn sent<'a, R: Playable>(
    run: &'a Run<R>,
    finding: &Finding,
    kinds: &'a [&str],
) -> Vec<(u32, NodeId, &'a R::Message)> {
    let trace = run.simulation().trace();
    let events = finding.because.iter().map(|reason| reason.event);
    let messages = events.flat_map(|event| {
        trace.events[event as usize].sent().map(move |message| (event, &trace.messages[message as usize]))
    });
    let of_kind = messages.filter(|(_, record)| kinds.contains(&<R::Message>::KINDS[usize::from(record.body.kind())]));
    let mut sent: Vec<(u32, NodeId, &R::Message)> =
        of_kind.map(|(event, record)| (event, record.from, &record.body)).collect();
    sent.dedup();
    sent
}

/// The first run in which an invariant is seen to break, by seed, and what is found.
pub fn first_broken<R: Playable>(invariant: &str, run: impl Fn(u64) -> Run<R>) -> Option<(Run<R>, Finding)> {
    (0..1_500).find_map(|seed| {
        let run = run(seed);
        let finding = run.findings().into_iter().find(|finding| finding.invariant.name == invariant)?;
        Some((run, finding))
    })
}

/// Rules with the invariants that are seen to break when they are switched off.
pub type Seen<M> = [(M, &'static [&'static str])];

/// Each rule that is switched off is seen by each of its invariants, whether a flush takes no time or milliseconds, and
/// what is found is explained.
pub fn all_are_seen<R: Playable>(
    seen: &Seen<R::Mutation>,
    run: impl Fn(R::Mutation, Disks, u64) -> Run<R>,
    must_be_explained: impl Fn(&Run<R>, &Finding),
) {
    let mut missed = Vec::new();
    for &(mutation, invariants) in seen {
        for disks in [Disks::Instant, Disks::Slow] {
            for invariant in invariants {
                match first_broken(invariant, |seed| run(mutation, disks, seed)) {
                    Some((run, finding)) => must_be_explained(&run, &finding),
                    None => missed.push(format!("{}: {invariant}, {disks:?}", mutation.name())),
                }
            }
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

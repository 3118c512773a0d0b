//! Failures that hunts found, shrunk: small runs that break the same promise, for the same reason.

use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::{Link, Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::search::hunt::{Failure, Hunter, Options};
use consensus_playground::search::shrink::{Ended, Limits, Progress, ShrinkError, Shrinker, broken_by};

/// Rules whose loss is found soon and shrunk soon, several of each protocol.
const RULES: &[(&str, &[&str])] = &[
    ("raft", &["election-restriction-off", "commit-quorum-too-small", "truncate-always"]),
    ("paxos", &["stale-promises-counted", "reports-ignored", "majority-too-small"]),
    ("multi-paxos", &["sessions-off", "majority-off-by-one", "promise-ignored"]),
    ("pbft", &["no-prepare-phase", "one-reply-trusted", "signature-unchecked"]),
    ("tendermint", &["sync-unverified", "polka-matches-any-proposal", "forgeries-accepted"]),
];

/// A rule that is switched off, and the limits within which its first failure is shrunk.
struct Shrunk<'a> {
    scenario: Scenario,
    mutation: &'a str,
    limits: Limits,
}

/// The first failure, the small run, and how far the shrinker got.
type Outcome = (Failure, Link, Progress);

impl WithProtocol for Shrunk<'_> {
    type Output = Outcome;

    fn with<R: Playable>(mut self) -> Outcome {
        self.scenario.workload.operations_per_client = Some(20);
        self.scenario.mutations.push(self.mutation.to_owned());
        let mut hunter = Hunter::<R>::new(Options { scenario: self.scenario, faults_max: 6, liars: None });
        let failure = (0..200).find_map(|seed| hunter.hunt(seed).unwrap().failure).unwrap();
        let mut shrinker = Shrinker::<R>::of_failure(&failure, self.limits).unwrap();
        while shrinker.step().ended.is_none() {}
        assert_eq!(shrinker.promise().name(), failure.name);
        (failure, shrinker.link(), shrinker.progress())
    }
}

fn shrunk(protocol: &str, mutation: &str, limits: Limits) -> Outcome {
    with_protocol(protocol, Shrunk { scenario: Scenario::of(protocol), mutation, limits }).unwrap()
}

/// The hash over the events of a link's run.
struct Hash<'a>(&'a Link);

impl WithProtocol for Hash<'_> {
    type Output = u128;

    fn with<R: Playable>(self) -> u128 {
        let mut run = Run::new(self.0.scenario.simulation::<R>().unwrap());
        run.run_until(u64::MAX, self.0.events);
        run.hash_after(self.0.events)
    }
}

#[test]
fn a_failure_becomes_a_small_run_that_breaks_the_same_promise() {
    for (protocol, mutations) in RULES {
        for mutation in *mutations {
            let (failure, link, progress) = shrunk(protocol, mutation, Limits::default());
            let now = progress.now;
            let of = format!("{protocol} without {mutation}: {:?} to {now:?}", progress.before);
            assert_eq!(progress.ended, Some(Ended::Smallest), "{of}");
            assert!(now.weight < progress.before.weight, "{of}");
            assert!(now.interventions <= 4 && now.processes() <= 5 && now.operations <= 3, "{of}");
            let again = Link::read(&link.to_fragment().unwrap()).unwrap();
            assert_eq!(with_protocol(protocol, Hash(&again)).unwrap(), link.trace_hash, "{of}");
            let (promise, broken) = broken_by(&again).unwrap().unwrap();
            assert_eq!(promise.name(), failure.name, "{of}");
            assert!(broken.event < again.events, "{of}");
        }
    }
}

#[test]
fn with_the_rule_on_the_small_run_keeps_the_promise() {
    for (protocol, mutation) in [("raft", "election-restriction-off"), ("pbft", "one-reply-trusted")] {
        let (failure, mut link, _) = shrunk(protocol, mutation, Limits::default());
        link.scenario.mutations.clear();
        let broken = broken_by(&link).unwrap();
        assert!(broken.is_none_or(|(promise, _)| promise.name() != failure.name), "{protocol} {mutation}");
    }
}

#[test]
fn the_same_failure_shrinks_to_the_same_run() {
    let once = shrunk("raft", "truncate-always", Limits::default());
    assert_eq!(shrunk("raft", "truncate-always", Limits::default()), once);
}

#[test]
fn a_limit_ends_it_with_the_smallest_run_so_far() {
    let (failure, link, progress) = shrunk("raft", "truncate-always", Limits { tries_max: 40, ..Limits::default() });
    assert_eq!((progress.ended, progress.tries), (Some(Ended::Tries), 40));
    assert_eq!(broken_by(&link).unwrap().unwrap().0.name(), failure.name);
    let (_, _, progress) = shrunk("raft", "truncate-always", Limits { events_max: 5_000, ..Limits::default() });
    assert_eq!(progress.ended, Some(Ended::Events));
}

struct OfRun<'a>(&'a Scenario);

impl WithProtocol for OfRun<'_> {
    type Output = Option<ShrinkError>;

    fn with<R: Playable>(self) -> Self::Output {
        Shrinker::<R>::of_run(self.0, 3_000_000, u32::MAX, Limits::default()).err()
    }
}

#[test]
fn a_run_that_keeps_its_promises_is_refused() {
    let sound = &gallery().into_iter().find(|entry| entry.name == "cut-the-leader-off").unwrap().scenario;
    let error = with_protocol(&sound.protocol, OfRun(sound)).unwrap().unwrap();
    assert_eq!(error.to_string(), "nothing to shrink: the run breaks no promise");
    let wrong = Scenario { replicas: 0, ..sound.clone() };
    let error = with_protocol(&wrong.protocol, OfRun(&wrong)).unwrap().unwrap();
    assert_eq!(error.to_string(), "replicas: 1 to 31 replicas, not 0");
}

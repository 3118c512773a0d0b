//! Every rule that can be switched off is missed by something that watches: that is how the watchers are tested.

use super::runs::of;
use consensus_playground::process::{Catalogue, MILLISECOND, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::lies::{DeedText, LineText, StrategyText};
use consensus_playground::scenario::{ActionText, InterventionText, Scenario};
use consensus_playground::search::hunt::{Hunter, Options, hunt};
use consensus_playground::tendermint::{Mutation, Rule, Tendermint};

/// What catches a mutation: the hunt, within so many seeds, by one of these checks.
struct Caught {
    seeds: u64,
    by: &'static [&'static str],
    /// Where rounds fail faster than messages arrive.
    in_haste: bool,
}

fn hunted(seeds: u64, by: &'static [&'static str]) -> Caught {
    Caught { seeds, by, in_haste: false }
}

fn row(mutation: Mutation) -> Caught {
    use Mutation as M;
    match mutation {
        M::LockForgotten => hunted(2_000, &["locks-respected", "agreement"]),
        M::UnlockedWithoutPolka => Caught { in_haste: true, ..hunted(4_000, &["locks-respected"]) },
        M::PolkaMatchesAnyProposal => hunted(500, &["precommit-has-polka", "valid-value-proposed", "agreement"]),
        M::PrecommitTimeoutDropped => hunted(500, &["every-client-is-served"]),
        M::DecidesInCurrentRoundOnly => hunted(500, &["decided-in-any-round"]),
        M::VotesNotDurable => hunted(500, &["one-vote-a-step"]),
        M::DuplicatesCounted => hunted(500, &["precommit-has-polka", "decided-on-quorum", "valid-value-proposed"]),
        M::SkipCountsSenderTwice => hunted(500, &["skips-follow-an-honest-one"]),
        M::ValidValueIgnored => hunted(500, &["late-polka-kept"]),
        M::QuorumTooSmall => hunted(500, &["precommit-has-polka", "decided-on-quorum"]),
        M::ForgeriesAccepted => hunted(
            500,
            &[
                "precommit-has-polka",
                "decided-on-quorum",
                "agreement",
                "validity",
                "locks-respected",
                "only-liars-are-accused",
            ],
        ),
        M::SyncUnverified => hunted(500, &["decided-on-quorum", "agreement"]),
        M::PrevotedWhileLocked => hunted(2_000, &["locks-respected"]),
        M::RefusedBlockVotedFor => hunted(2_000, &["locks-respected", "chain-unbroken", "validity"]),
        M::PrecommittedWithoutPolka => hunted(500, &["precommit-has-polka"]),
        M::ProposedOutOfTurn => hunted(500, &["proposed-in-turn"]),
        M::ValidValueNotProposed => hunted(2_000, &["valid-value-proposed"]),
        M::DecisionPutOff => hunted(500, &["decided-in-any-round"]),
    }
}

/// Timeouts so short that a round is often over before its votes have come.
fn hasty(mut scenario: Scenario) -> Scenario {
    for timeout in
        [&mut scenario.tendermint.propose, &mut scenario.tendermint.prevote, &mut scenario.tendermint.precommit]
    {
        (timeout.initial_ticks, timeout.delta_ticks) = (8 * MILLISECOND, 4 * MILLISECOND);
    }
    scenario
}

fn is_caught(mutation: Mutation) -> Result<String, String> {
    let (name, Caught { seeds, by, in_haste }) = (mutation.name(), row(mutation));
    // Of four, three are more than half and more than two thirds; of five, three are not more than two thirds.
    let replicas = if mutation == Mutation::QuorumTooSmall { 5 } else { 4 };
    let scenario = if in_haste { hasty(of(replicas)) } else { of(replicas) };
    let options =
        Options { scenario: Scenario { mutations: vec![name.to_owned()], ..scenario }, faults_max: 6, liars: None };
    let mut hunter = Hunter::<Tendermint>::new(options);
    for seed in 0..seeds {
        let failure = hunter.hunt(seed).map_err(|error| error.to_string())?.failure;
        // Where rounds fail so fast, a client may wait for long with every rule in force.
        if let Some(failure) = failure.filter(|failure| !(in_haste && failure.kind == "liveness")) {
            let caught = format!("{name}: {} at seed {seed}", failure.name);
            return if by.contains(&failure.name) {
                Ok(caught)
            } else {
                Err(format!("{caught}, which is not among {by:?}"))
            };
        }
    }
    Err(format!("{name}: not caught within {seeds} seeds"))
}

#[test]
fn every_mutation_is_caught() {
    let (caught, missed): (Vec<_>, Vec<_>) =
        Mutation::ALL.iter().map(|&mutation| is_caught(mutation)).partition(Result::is_ok);
    for line in caught.into_iter().flatten() {
        println!("{line}");
    }
    let missed: Vec<String> = missed.into_iter().filter_map(Result::err).collect();
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn a_core_without_mutations_keeps_every_promise_in_haste() {
    let options = Options { scenario: hasty(of(4)), faults_max: 6, liars: None };
    let found = (0..300).filter_map(|seed| hunt::<Tendermint>(&options, seed).unwrap().failure);
    let broken: Vec<String> =
        found.filter(|failure| failure.kind != "liveness").map(|failure| failure.sentence).collect();
    assert_eq!(broken, Vec::<String>::new());
}

/// The others lie, so that only n5 is looked at. Two of them let it hear their prevotes after their precommits, and two
/// let it hear neither: it precommits upon votes of three of five, in the very event in which it decides.
#[test]
fn a_vote_that_is_cast_in_the_event_that_decides_is_judged_too() {
    let line =
        |kind: &str, deed| LineText { to: vec!["n5".to_owned()], kind: Some(kind.to_owned()), deed, once: false };
    let late = vec![line("Prevote", DeedText::Delay { by_ticks: 40 * MILLISECOND })];
    let silent = vec![line("Prevote", DeedText::Withhold), line("Precommit", DeedText::Withhold)];
    let corrupt = |(node, lines): (&str, &Vec<LineText>)| InterventionText {
        at: 1,
        after_event: None,
        action: ActionText::Corrupt { node: node.to_owned(), strategy: StrategyText::ByHand { lines: lines.clone() } },
    };
    let interventions = [("n1", &late), ("n2", &late), ("n3", &silent), ("n4", &silent)].map(corrupt).into();
    let mutations = vec![Mutation::QuorumTooSmall.name().to_owned()];
    let mut run: Run<Tendermint> = Run::new(Scenario { mutations, interventions, ..of(5) }.simulation().unwrap());
    run.run_until(SECOND, u32::MAX);
    let found = run
        .findings()
        .into_iter()
        .find(|finding| finding.invariant.name == "precommit-has-polka")
        .expect("three of five are no polka");
    let (trace, event) = (run.simulation().trace(), &run.simulation().trace().events[found.event as usize]);
    let fired: Vec<u8> = trace.rules_of(event).collect();
    assert!(
        [Rule::LockedAndPrecommitted, Rule::Decided].iter().all(|rule| fired.contains(&rule.code())),
        "{}",
        found.sentence
    );
}

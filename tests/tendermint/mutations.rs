//! Every rule that can be switched off is missed by something that watches: that is how the watchers are tested.

use crate::core::{A, B, C, Core, D, polka, some};
use crate::runs::of;
use consensus_playground::process::Catalogue;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Options, hunt};
use consensus_playground::tendermint::{Mutation, Step, Tendermint};

/// What catches a mutation.
enum Caught {
    /// The hunt, within so many seeds, by one of these checks.
    Hunted { seeds: u64, by: &'static [&'static str] },
    /// One core in a scripted course of events: what must hold there, and does without the mutation.
    Scripted { holds: fn(&[Mutation]) -> bool },
}

fn hunted(seeds: u64, by: &'static [&'static str]) -> Caught {
    Caught::Hunted { seeds, by }
}

fn row(mutation: Mutation) -> Caught {
    use Mutation as M;
    match mutation {
        M::LockForgotten => hunted(2_000, &["locks-respected", "agreement"]),
        M::UnlockedWithoutPolka => Caught::Scripted { holds: an_older_polka_does_not_unlock },
        M::PolkaMatchesAnyProposal => hunted(500, &["precommit-has-polka", "agreement"]),
        M::PrecommitTimeoutDropped => hunted(500, &["every-client-is-served"]),
        M::DecidesInCurrentRoundOnly => Caught::Scripted { holds: a_past_round_decides },
        M::VotesNotDurable => hunted(500, &["one-vote-a-step", "agreement", "locks-respected"]),
        M::DuplicatesCounted => hunted(500, &["precommit-has-polka", "decided-on-quorum"]),
        M::SkipCountsSenderTwice => Caught::Scripted { holds: one_validator_does_not_make_others_skip },
        M::ValidValueIgnored => Caught::Scripted { holds: a_late_polka_is_proposed_again },
        M::QuorumTooSmall => hunted(500, &["precommit-has-polka", "decided-on-quorum"]),
        M::ForgeriesAccepted => hunted(500, &["precommit-has-polka", "decided-on-quorum", "agreement", "validity", "locks-respected"]),
        M::SyncUnverified => hunted(500, &["decided-on-quorum", "agreement"]),
        M::PrevotedWhileLocked => hunted(2_000, &["locks-respected"]),
    }
}

fn an_older_polka_does_not_unlock(mutations: &[Mutation]) -> bool {
    let mut core = Core::of(D, mutations);
    core.timeout(Step::Propose, 0).round_fails(0);
    core.proposal(1, "v", None).prevotes(1, "v", &[A, B, C]).round_fails(1);
    core.prevotes(0, "w", &[A, B, C]).proposal(2, "w", Some(0));
    core.prevoted(2) != some("w")
}

fn a_past_round_decides(mutations: &[Mutation]) -> bool {
    let mut core = Core::of(D, mutations);
    core.proposal(0, "v", None).precommits(0, "v", &[A, B]).round_fails(0).precommits(0, "v", &[C]);
    core.decided() == polka(0, "v")
}

fn one_validator_does_not_make_others_skip(mutations: &[Mutation]) -> bool {
    let mut core = Core::of(D, mutations);
    core.prevotes(1, "v", &[A]).precommits(1, "v", &[A]);
    core.consensus.round() == 0
}

fn a_late_polka_is_proposed_again(mutations: &[Mutation]) -> bool {
    let mut core = Core::of(B, mutations);
    core.timeout(Step::Propose, 0).prevotes(0, "nil", &[A, C, D]);
    core.proposal(0, "v", None).prevotes(0, "v", &[A, C, D]).round_fails(0);
    core.acts.contains(&consensus_playground::tendermint::Act::Propose(1, polka(0, "v")))
}

fn is_caught(mutation: Mutation) -> Result<String, String> {
    let name = mutation.name();
    match row(mutation) {
        Caught::Hunted { seeds, by } => {
            // Of four, three are more than half and more than two thirds; of five, three are not more than two thirds.
            let replicas = if mutation == Mutation::QuorumTooSmall { 5 } else { 4 };
            let options = Options { scenario: Scenario { mutations: vec![name.to_owned()], ..of(replicas) }, faults_max: 6 };
            for seed in 0..seeds {
                if let Some(failure) = hunt::<Tendermint>(&options, seed).map_err(|error| error.to_string())?.failure {
                    let caught = format!("{name}: {} at seed {seed}", failure.name);
                    return if by.contains(&failure.name) { Ok(caught) } else { Err(format!("{caught}, which is not among {by:?}")) };
                }
            }
            Err(format!("{name}: not caught within {seeds} seeds"))
        }
        Caught::Scripted { holds } => {
            if !holds(&[]) {
                return Err(format!("{name}: the sound core fails its script"));
            }
            if holds(&[mutation]) { Err(format!("{name}: passes its script")) } else { Ok(format!("{name}: by a script")) }
        }
    }
}

#[test]
fn every_mutation_is_caught() {
    let (caught, missed): (Vec<_>, Vec<_>) = Mutation::ALL.iter().map(|&mutation| is_caught(mutation)).partition(Result::is_ok);
    for line in caught.into_iter().flatten() {
        println!("{line}");
    }
    let missed: Vec<String> = missed.into_iter().filter_map(Result::err).collect();
    assert_eq!(missed, Vec::<String>::new());
}

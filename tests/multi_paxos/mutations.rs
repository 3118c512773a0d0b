//! Every rule that can be switched off is missed by something that watches: that is how the watchers are tested.

use super::cluster::Cluster;
use super::known_bugs::{forgotten_slots, late_acceptance, read_from_a_new_leader};
use crate::replicated_log::caught::{all_are_caught, by_hunt};
use consensus_playground::multi_paxos::{MultiPaxos, Mutation};
use consensus_playground::process::Catalogue;

/// A scripted scenario, with or without a mutation.
type Script = fn(Option<Mutation>) -> Cluster;

/// What catches a mutation.
enum Caught {
    /// The hunt, within these seeds, by one of these checks.
    Hunted { seeds: std::ops::Range<u64>, by: &'static [&'static str] },
    /// A scripted scenario, by an invariant.
    Scripted { script: Script, by: &'static str },
    /// A scripted scenario, by the checker of the clients' history.
    Misread { script: Script },
    /// A scripted scenario: what must have happened by its end has not. Only progress is lost.
    Stalled { script: Script, reached: fn(&Cluster) -> bool },
}

fn hunted(seeds: u64, by: &'static [&'static str]) -> Caught {
    Caught::Hunted { seeds: 0..seeds, by }
}

/// What the seeds before this one do not show.
fn hunted_from(seed: u64, by: &'static [&'static str]) -> Caught {
    Caught::Hunted { seeds: seed..seed + 12, by }
}

/// One row for each mutation. The hunts' bounds are at least twice what was needed when they were written.
fn row(mutation: Mutation) -> Caught {
    use Mutation as M;
    match mutation {
        M::StalePromisesCounted => {
            hunted(2_000, &["proposals-bound", "learned-is-chosen", "agreement", "promises-kept"])
        }
        M::LatestInsteadOfHighestBallot => hunted(1_000, &["proposals-bound", "agreement", "learned-is-chosen"]),
        M::PromiseNotDurable | M::BallotNotDurable => {
            hunted(100, &["promises-kept", "ballots-used-once", "one-leader-a-ballot"])
        }
        M::AcceptanceNotDurable => hunted(100, &["acceptances-reported", "learned-is-chosen"]),
        M::AcceptRaisesNoPromise => hunted(2_000, &["promises-kept"]),
        M::PromiseIgnored => hunted(100, &["promises-kept"]),
        M::MajorityOffByOne => hunted(100, &["proposals-bound", "learned-is-chosen"]),
        M::StaleAcceptancesCounted => Caught::Scripted { script: late_acceptance, by: "learned-is-chosen" },
        M::GapSkipped => hunted(3_000, &["gaps-filled"]),
        M::PossiblyChosenOverwritten => hunted(100, &["proposals-bound"]),
        M::PromiseWithoutAccepted => hunted(100, &["acceptances-reported"]),
        M::AnotherBallotsValueLearned => hunted(100, &["learned-is-chosen", "state-machine-safety"]),
        M::DecisionNeverResent => hunted(100, &["every-client-is-served"]),
        M::AppliedPastGap => hunted(200, &["learned-is-chosen"]),
        M::ForgottenSlotsRefilled => hunted(100, &["acceptances-reported", "learned-is-chosen", "agreement"]),
        M::CompactionWithoutTransfer => {
            Caught::Stalled { script: forgotten_slots, reached: |cluster| cluster.commit("n5") == cluster.commit("n1") }
        }
        M::OldStateInstalled => hunted(100, &["indexes-in-order"]),
        M::ReadUnconfirmed => hunted(100, &["linearizability"]),
        M::ReadBeforeInherited => Caught::Misread { script: read_from_a_new_leader },
        M::ReadRoundReused => hunted(200, &["linearizability"]),
        M::ConfirmationOfEarlierEpoch => hunted_from(740, &["linearizability"]),
        M::SessionsOff => hunted(100, &["linearizability"]),
    }
}

fn is_caught(mutation: Mutation) -> Result<String, String> {
    let name = mutation.name();
    let verdict = |caught: bool, how: String| if caught { Ok(how) } else { Err(how) };
    match row(mutation) {
        Caught::Hunted { seeds, by } => by_hunt::<MultiPaxos>(mutation, seeds, by),
        Caught::Scripted { script, by } => {
            let broken = script(Some(mutation)).broken();
            verdict(broken.contains(&by) && script(None).broken().is_empty(), format!("{name}: {broken:?} by a script"))
        }
        Caught::Misread { script } => {
            let (with, without) = (script(Some(mutation)).is_linearizable(), script(None).is_linearizable());
            verdict(!with && without, format!("{name}: linearizable with it {with}, without it {without}"))
        }
        Caught::Stalled { script, reached } => {
            let (with, without) = (reached(&script(Some(mutation))), reached(&script(None)));
            verdict(!with && without, format!("{name}: goes on with it {with}, without it {without}"))
        }
    }
}

#[test]
fn every_mutation_is_caught() {
    all_are_caught(is_caught);
}

//! Every rule that can be switched off is missed by something that watches: that is how the watchers are tested.

use super::cluster::Cluster;
use super::recovery::{answers_to_an_earlier_life, report_of_an_earlier_life};
use super::view_changes::longer_log_of_an_earlier_view;
use crate::replicated_log::caught::{all_are_caught, by_hunt};
use consensus_playground::process::Catalogue;
use consensus_playground::viewstamped::{Mutation, Viewstamped};

/// What catches a mutation.
enum Caught {
    /// The hunt, within so many seeds, by one of these checks.
    Hunted { seeds: u64, by: &'static [&'static str] },
    /// A scripted scenario, by an invariant.
    Scripted { script: fn(Option<Mutation>) -> Cluster, by: &'static str },
}

fn hunted(seeds: u64, by: &'static [&'static str]) -> Caught {
    Caught::Hunted { seeds, by }
}

/// One row for each mutation. The hunts' bounds are at least twice what was needed when they were written.
fn row(mutation: Mutation) -> Caught {
    use Mutation as M;
    match mutation {
        M::CommitBeforeQuorum => hunted(50, &["committed-on-quorum"]),
        M::PreparedWithGap => hunted(100, &["one-operation-a-viewstamp", "state-machine-safety", "agreement"]),
        M::OldViewPrepared => hunted(100, &["views-kept", "latest-log-taken"]),
        M::StaleAcknowledgementsCounted => hunted(400, &["committed-on-quorum"]),
        M::ClientTableLost => hunted(100, &["linearizability"]),
        M::StartViewWithoutQuorum => hunted(50, &["started-on-quorum"]),
        M::HighestOpInsteadOfLatestView => {
            Caught::Scripted { script: longer_log_of_an_earlier_view, by: "latest-log-taken" }
        }
        M::OwnLogKept => hunted(100, &["latest-log-taken"]),
        M::UncommittedDropped => hunted(100, &["latest-log-taken"]),
        M::RecoverySkipped => hunted(50, &["recovered-on-quorum"]),
        M::RecoveryWithoutNonce => Caught::Scripted { script: answers_to_an_earlier_life, by: "recovered-on-quorum" },
        M::RecoveringAnswers => hunted(100, &["answered-in-normal"]),
        M::RecoveryWithoutQuorum => hunted(100, &["recovered-on-quorum"]),
        M::RecoveryFromAnyPrimary => hunted(1_000, &["recovered-on-quorum"]),
        M::CrashVectorsIgnored => Caught::Scripted { script: report_of_an_earlier_life, by: "committed-survives" },
        M::StateTransferDrops => hunted(200, &["acknowledged-kept"]),
        M::ViewNotDurable => hunted(400, &["views-kept", "started-on-quorum"]),
        M::LogNotDurable => hunted(200, &["acknowledged-kept", "agreement", "committed-survives"]),
    }
}

fn is_caught(mutation: Mutation) -> Result<String, String> {
    match row(mutation) {
        Caught::Hunted { seeds, by } => by_hunt::<Viewstamped>(mutation, 0..seeds, by),
        Caught::Scripted { script, by } => {
            let (broken, sound) = (script(Some(mutation)).broken(), script(None).broken());
            let how = format!("{}: {broken:?} by a script, {sound:?} without", mutation.name());
            if broken.contains(&by) && sound.is_empty() { Ok(how) } else { Err(how) }
        }
    }
}

#[test]
fn every_mutation_is_caught() {
    all_are_caught(is_caught);
}

//! Every rule that can be switched off is missed by something that watches: that is how the watchers are tested.

use super::cluster::{Cluster, scripted};
use super::commitment::figure_8_without_the_rule;
use super::known_bugs::late_acknowledgement_counted;
use crate::replicated_log::caught::{all_are_caught, by_hunt};
use consensus_playground::process::Catalogue;
use consensus_playground::raft::{Mutation, Raft, RaftTimer};

/// What catches a mutation.
enum Caught {
    /// The hunt, within these seeds, by one of these checks.
    Hunted { seeds: std::ops::Range<u64>, by: &'static [&'static str] },
    /// A scripted scenario, by an invariant.
    Scripted { scenario: fn() -> Cluster, by: &'static str },
}

fn hunted(seeds: u64, by: &'static [&'static str]) -> Caught {
    Caught::Hunted { seeds: 0..seeds, by }
}

/// What the seeds before this one do not show.
fn hunted_from(seed: u64, by: &'static [&'static str]) -> Caught {
    Caught::Hunted { seeds: seed..seed + 12, by }
}

/// One row for each mutation. The hunts' bounds are about twice what was needed when they were written.
fn row(mutation: Mutation) -> Caught {
    use Mutation as M;
    match mutation {
        M::VoteNotDurable => hunted(100, &["election-safety", "votes-kept"]),
        M::VoteForgottenInSameTerm => hunted(1_200, &["votes-kept", "election-safety"]),
        M::ElectionRestrictionOff => hunted(100, &["leader-completeness", "state-machine-safety"]),
        M::LongerLogWins => hunted(300, &["leader-completeness", "log-matching"]),
        M::OldTermCommitted => Caught::Scripted { scenario: figure_8_without_the_rule, by: "leader-completeness" },
        M::StaleVotesCounted => Caught::Scripted { scenario: late_vote_counted, by: "election-safety" },
        M::LeaderGrantsPreVotes => hunted(100, &["leader-grants-no-vote"]),
        M::MatchIndexFalls => hunted(300, &["match-index-grows"]),
        M::CommitmentStopsAtOldTerm => hunted(300, &["every-client-is-served"]),
        M::CoveredEntriesAppended => hunted(1_000, &["log-matching"]),
        M::SnapshotTermTaken => hunted(300, &["votes-kept"]),
        M::FollowerReads => hunted(100, &["linearizability"]),
        M::CommitUnverified => hunted(300, &["state-machine-safety", "leader-completeness"]),
        M::TruncateAlways => hunted(100, &["acknowledged-kept", "indexes-in-order", "leader-completeness"]),
        M::StaleRepliesCounted => {
            Caught::Scripted { scenario: late_acknowledgement_counted, by: "committed-on-quorum" }
        }
        M::CommitQuorumTooSmall => hunted(100, &["committed-on-quorum"]),
        M::OwnEntryCountedEarly => Caught::Scripted { scenario: alone_with_a_slow_disk, by: "committed-on-quorum" },
        M::ConsistencyCheckOff => hunted(100, &["log-matching", "state-machine-safety"]),
        M::SnapshotKeepsConflictingTail => hunted(300, &["log-matching"]),
        M::OldSnapshotInstalled => hunted(600, &["indexes-in-order", "acknowledged-kept"]),
        M::ReadIndexOff => hunted(100, &["linearizability"]),
        M::ReadBeforeOwnCommit => hunted(600, &["linearizability"]),
        M::ReadRoundReused => hunted_from(272, &["linearizability"]),
        M::AppliedBeforeCommitted => hunted(100, &["indexes-in-order", "state-machine-safety"]),
        M::SessionsOff => hunted(300, &["linearizability"]),
        M::AcknowledgedEarly => Caught::Scripted { scenario: power_lost_during_a_flush, by: "acknowledged-kept" },
        M::NewLeaderTruncates => hunted(100, &["leader-append-only"]),
        M::EveryoneMustAcknowledge | M::NeverBacksUp | M::SnapshotNeverSent | M::NoOpOff => {
            hunted(100, &["every-client-is-served"])
        }
    }
}

/// A cluster of one, whose disk takes a while: what it counts early is on no disk at all. With more servers, the disks
/// of the others take as long, and their answers come after the leader's own is done.
fn alone_with_a_slow_disk() -> Cluster {
    let mut scenario = scripted(1, 1);
    scenario.disk.flush_ticks = 20_000;
    let mut cluster = Cluster::without(Mutation::OwnEntryCountedEarly, scenario);
    cluster.elect("n1");
    cluster.run_ms(100);
    cluster
}

/// n3's vote of term 1 reaches n1 in term 2. Counted there, it makes a leader for whom nobody voted, beside the one for
/// whom they did.
fn late_vote_counted() -> Cluster {
    late_vote(Cluster::without(Mutation::StaleVotesCounted, scripted(3, 0)))
}

fn late_vote(mut cluster: Cluster) -> Cluster {
    cluster.cut(&["n1"], &["n2"]);
    cluster.link_takes("n3", "n1", 50);
    cluster.fire("n1", RaftTimer::Election);
    cluster.run_ms(10);
    cluster.cut_one_way(&["n1"], &["n3"]);
    cluster.fire("n1", RaftTimer::Election);
    cluster.run_ms(60);
    cluster.elect("n3");
    cluster
}

#[test]
fn without_the_mutation_a_late_vote_means_nothing() {
    let mut cluster = late_vote(Cluster::scripted(3, 0));
    assert_eq!(cluster.leaders(), ["n3"]);
    cluster.must_be_sound();
}

/// A follower acknowledges an entry, and loses its power before the entry is on its disk.
fn power_lost_during_a_flush() -> Cluster {
    let mut scenario = scripted(3, 1);
    scenario.disk.flush_ticks = 20_000;
    let mut cluster = Cluster::without(Mutation::AcknowledgedEarly, scenario);
    cluster.elect("n1");
    cluster.run_ms(100);
    cluster.introduce(&["c1"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(15);
    cluster.crash("n2");
    cluster.restart("n2");
    cluster.run_ms(1);
    cluster
}

#[test]
fn without_the_mutation_a_slow_disk_is_waited_for() {
    let mut scenario = scripted(1, 1);
    scenario.disk.flush_ticks = 20_000;
    let mut cluster = Cluster::of(scenario);
    cluster.elect("n1");
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    assert_eq!(cluster.last("c1"), "ok");
    cluster.must_be_sound();
}

fn is_caught(mutation: Mutation) -> Result<String, String> {
    match row(mutation) {
        Caught::Hunted { seeds, by } => by_hunt::<Raft>(mutation, seeds, by),
        Caught::Scripted { scenario, by } => {
            let broken = scenario().broken();
            let caught = format!("{}: {broken:?} by a script", mutation.name());
            if broken.contains(&by) { Ok(caught) } else { Err(caught) }
        }
    }
}

#[test]
fn every_mutation_is_caught() {
    all_are_caught(is_caught);
}

//! The sound core in bad weather: disks that are slow and unequal and stand still, pauses, copies, losses, crashes
//! between write and send, killed processes, clients that crash. No promise breaks, and afterwards everybody is served.

use super::cluster::{Cluster, MS, idle};
use consensus_playground::process::NodeId;
use consensus_playground::raft::Mutation;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, CrashPoint, Ratio, TicksRange};

/// A small generator, so that a storm depends on its seed alone (splitmix64, Steele, Lea and Flood 2014).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn replica(&mut self, replicas: u32) -> NodeId {
        NodeId(self.below(u64::from(replicas)) as u16)
    }
}

fn scenario(draws: &mut Draws, seed: u64) -> Scenario {
    let mut scenario = idle(3 + 2 * (seed % 2) as u32, 3);
    scenario.seed = seed;
    scenario.workload.operations_per_client = Some(25);
    (scenario.raft.pre_vote, scenario.raft.check_quorum) = (draws.below(2) == 0, draws.below(2) == 0);
    scenario.raft.reads_through_log = draws.below(4) == 0;
    (scenario.raft.snapshot_threshold, scenario.raft.snapshot_trailing) = (8 * draws.below(2), 2);
    for ordinal in 1..=scenario.replicas {
        let fastest = draws.below(15) * MS;
        scenario
            .disk
            .own_flush_ticks
            .insert(format!("n{ordinal}"), TicksRange::new(fastest, fastest + draws.below(15) * MS));
    }
    (scenario.network.loss, scenario.network.duplication) = (Ratio::percent(5), Ratio::percent(20));
    scenario.network.reordering = Ratio::percent(20);
    scenario
}

fn fault(draws: &mut Draws, replicas: u32) -> Action {
    let node = draws.replica(replicas);
    let client = NodeId(replicas as u16 + draws.below(3) as u16);
    match draws.below(13) {
        0 | 1 => Action::Crash(node),
        2 => Action::Kill(node),
        3 => Action::CrashAt(node, CrashPoint::BetweenWriteAndSend),
        4 | 5 => Action::Restart(node),
        6 => Action::Pause(node),
        7 => Action::Resume(node),
        8 => Action::StallDisk(node),
        9 => Action::ReleaseDisk(node),
        10 => Action::Crash(client),
        11 => Action::Heal,
        _ => Action::Partition(vec![std::iter::once(node).collect()]),
    }
}

fn storm(seed: u64, mutation: Option<Mutation>) -> Cluster {
    let mut draws = Draws(seed);
    let scenario = scenario(&mut draws, seed);
    let replicas = scenario.replicas;
    let mut cluster = match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    };
    for _ in 0..30 {
        cluster.run_ms(20 + draws.below(120));
        // What cannot be done to a process as it is, is not.
        let _ = cluster.run.intervene(fault(&mut draws, replicas));
    }
    cluster.act(Action::RemoveFaults);
    cluster.run_ms(4_000);
    cluster
}

#[test]
fn the_sound_core_keeps_every_promise_in_a_storm() {
    for seed in 0..60 {
        let mut cluster = storm(seed, None);
        cluster.must_be_sound();
        assert_eq!(cluster.leaders().len(), 1, "seed {seed}");
    }
}

#[test]
fn a_storm_finds_words_that_are_not_kept() {
    for (mutation, promise) in [
        (Mutation::VoteNotDurable, "votes-kept"),
        (Mutation::AcknowledgedEarly, "acknowledged-kept"),
        (Mutation::TruncateAlways, "acknowledged-kept"),
        (Mutation::CommitQuorumTooSmall, "committed-on-quorum"),
        (Mutation::OwnEntryCountedEarly, "committed-on-quorum"),
        (Mutation::NewLeaderTruncates, "leader-append-only"),
    ] {
        let found = (0..60).find(|&seed| storm(seed, Some(mutation)).broken().contains(&promise));
        assert!(found.is_some(), "{mutation:?} breaks {promise} in none of 60 storms");
    }
}

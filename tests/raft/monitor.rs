//! What watches Raft: it must neither overlook a broken promise nor see one that was kept.

use super::cluster::{Cluster, idle, scripted};
use consensus_playground::process::Catalogue;
use consensus_playground::raft::Mutation;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Failure, Options, hunt_raft};

/// Leader Completeness is about leaders of terms *after the one in which an entry was committed*, which may be long
/// after the entry's own. A candidate that is paused with its votes in its inbox leads an old term when it goes on, and
/// need not know of entries that were committed in a later one.
#[test]
fn a_late_leader_of_an_old_term_need_not_hold_what_was_committed_after_it() {
    let mut cluster = Cluster::scripted(5, 1);
    cluster.elect_and_settle("n3");
    cluster.introduce(&["c1"]);
    cluster.partition(&[&["n3", "c1"]]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(20);
    assert_eq!(cluster.log("n3"), "1:no-op 1:put x=1", "only n3 holds the entry");
    cluster.heal();
    cluster.pause("n3");

    cluster.fire("n1", consensus_playground::raft::RaftTimer::Election);
    cluster.pause("n1");
    cluster.run_ms(50);
    cluster.resume("n3");
    cluster.run_ms(50);
    cluster.elect("n3");
    cluster.run_until("the old entry is committed in the new term", |cluster| cluster.commit("n3") == 3);
    assert_eq!(cluster.term("n3"), 3);

    cluster.resume("n1");
    cluster.run_ms(1);
    cluster.run_ms(300);
    cluster.must_be_sound();
}

/// R14's mutation leaves a tail after the snapshot that does not follow from it. The look at one event must see that
/// as well as the look at everything does.
#[test]
fn a_tail_that_does_not_follow_from_its_snapshot_is_seen_at_once() {
    let mut scenario = scripted(3, 2);
    scenario.raft.snapshot_threshold = 2;
    scenario.raft.snapshot_trailing = 0;
    let mut cluster = Cluster::without(Mutation::SnapshotKeepsConflictingTail, scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.partition(&[&["n1", "c1", "c2"]]);
    cluster.put("c1", "x", "1");
    cluster.put("c2", "x", "2");
    cluster.run_ms(50);
    assert!(cluster.log("n1").ends_with("1:no-op 1:put x=1 1:put x=2"), "{}", cluster.log("n1"));
    cluster.elect_and_settle("n2");
    cluster.heal();
    cluster.run_until("n1 has the snapshot", |cluster| cluster.log("n1").starts_with("[2:2]"));
    assert_eq!(cluster.broken(), ["log-matching"]);
}

/// The three properties that a wiped disk or a lost flush may break are broken by those faults alone: an idle cluster
/// breaks none.
#[test]
fn an_idle_cluster_keeps_every_promise() {
    let mut cluster = Cluster::of(idle(5, 0));
    cluster.run_ms(3_000);
    assert_eq!(cluster.leaders().len(), 1);
    cluster.must_be_sound();
}

/// What figure 2 asks of leaders is seen to be broken on disks that take no time and on slow ones, and a sound cluster
/// breaks none of it on either.
#[test]
fn what_leaders_owe_is_watched_on_quick_and_on_slow_disks() {
    let watched = [
        (Some(Mutation::MatchIndexFalls), "match-index-grows", 100),
        (Some(Mutation::LeaderGrantsPreVotes), "leader-grants-no-vote", 200),
        (Some(Mutation::OldTermCommitted), "commits-own-term", 2_000),
        (None, "", 60),
    ];
    for (mutation, promise, seeds) in watched {
        for flush_ticks in [0, 5_000] {
            let mut scenario = Scenario {
                mutations: mutation.iter().map(|each| each.name().to_owned()).collect(),
                ..Scenario::of("raft")
            };
            scenario.disk.flush_ticks = flush_ticks;
            scenario.workload.operations_per_client = Some(20);
            let options = Options { scenario, faults_max: 6, liars: None };
            // A hunt draws slow disks, too: those do not count where they are to be quick.
            let is_quick =
                |failure: &Failure| failure.scenario.disk.own_flush_ticks.values().all(|range| range.max == 0);
            let counts = |failure: &Failure| mutation.is_none() || flush_ticks > 0 || is_quick(failure);
            let found = (0..seeds).find_map(|seed| hunt_raft(&options, seed).unwrap().failure.filter(counts));
            assert_eq!(found.map(|failure| failure.name), mutation.map(|_| promise), "disks that take {flush_ticks}");
        }
    }
}

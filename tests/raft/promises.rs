//! Every promise of Raft, twice: the sound core keeps it in a course of events, and a rule that is switched off breaks
//! it in the same course; each with disks that write at once, and with disks that take 20 ms. A broken promise names
//! the events that are responsible.

use super::cluster::{Cluster, MS, scripted};
use consensus_playground::raft::{Mutation, RaftTimer};
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, TicksRange};

/// How long the disks take.
const FLUSHES: [u64; 2] = [0, 20 * MS];

/// A course of events, with a rule switched off or not, and disks of a speed.
type Course = fn(Option<Mutation>, u64) -> Cluster;

fn cluster(mut scenario: Scenario, mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    scenario.disk.flush_ticks = flush_ticks;
    match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    }
}

/// n2 stands and gets the vote of n1, which crashes, comes back, and stands itself. Then all hear each other again.
fn a_voter_comes_back_and_stands(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(3, 0), mutation, flush_ticks);
    cluster.cut(&["n3"], &["n1", "n2"]);
    cluster.elect("n2");
    cluster.cut(&["n1"], &["n2"]);
    cluster.run_ms(100);
    cluster.crash("n1");
    cluster.restart("n1");
    let (n1, n3) = (cluster.id("n1"), cluster.id("n3"));
    cluster.act(Action::Restore(vec![(n1, n3), (n3, n1)]));
    cluster.fire("n1", RaftTimer::Election);
    cluster.run_ms(100);
    cluster.heal();
    cluster.run_ms(400);
    cluster
}

/// n1 and n3 stand in a term that n2 wins with the others. n1 steps down, crashes and comes back; then it hears that n3
/// asks for its vote in that term.
fn a_candidate_steps_down_and_comes_back(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(5, 0), mutation, flush_ticks);
    // All but n1 hold an entry of term 1.
    cluster.cut(&["n1"], &["n2", "n3", "n4", "n5"]);
    cluster.elect("n5");
    cluster.run_ms(100);
    // n1 stands in term 2, and so does n3, which n1 hears late. n2 is elected; n1 lacks what comes before its first
    // entry.
    cluster.fire("n1", RaftTimer::Election);
    cluster.run_ms(30);
    cluster.fire("n1", RaftTimer::Election);
    cluster.heal();
    cluster.cut_one_way(&["n1"], &["n2", "n3", "n4", "n5"]);
    cluster.cut(&["n3"], &["n2", "n4", "n5"]);
    cluster.link_takes("n3", "n1", 400);
    cluster.fire("n3", RaftTimer::Election);
    cluster.run_ms(30);
    cluster.elect("n2");
    cluster.run_ms(100);
    assert_eq!((cluster.term("n2"), cluster.term("n1"), cluster.role("n1")), (2, 2, "follower"));
    cluster.crash("n1");
    cluster.cut_one_way(&["n2"], &["n1"]);
    cluster.restart("n1");
    cluster.run_ms(400);
    cluster
}

/// n1 and n2 hold an entry that n1 has committed and n2 does not know to be. n1 crashes, and n2 is elected.
fn a_leader_begins_with_an_entry_of_the_one_before(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(3, 1), mutation, flush_ticks);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1"]);
    cluster.put("c1", "x", "1");
    cluster.run_until("n1 has committed it", |cluster| cluster.commit("n1") == 2);
    cluster.crash("n1");
    cluster.elect("n2");
    cluster.run_ms(200);
    cluster
}

/// n1 has an entry that nobody else has; n2 leads the next term, and n3 the one after; then n3 reaches n1.
fn a_tail_meets_the_next_leader(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(3, 2), mutation, flush_ticks);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.partition(&[&["n1", "c1"]]);
    cluster.put("c1", "x", "old");
    cluster.run_ms(100);
    cluster.elect_and_settle("n2");
    cluster.elect_and_settle("n3");
    cluster.put("c2", "x", "new");
    cluster.run_ms(1_500);
    cluster.heal();
    cluster.run_ms(500);
    cluster
}

/// n1 commits an entry with n2, while n3 is away; then n3 stands, with n2's help or without.
fn one_that_was_away_stands(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(3, 1), mutation, flush_ticks);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1", "n2"]);
    cluster.put("c1", "x", "1");
    cluster.run_until("it is committed", |cluster| cluster.last("c1") == "ok");
    cluster.run_ms(100);
    cluster.crash("n1");
    cluster.heal();
    cluster.fire("n3", RaftTimer::Election);
    cluster.run_ms(300);
    cluster
}

/// A leader alone on its side is asked to write.
fn a_leader_alone_is_asked_to_write(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(3, 1), mutation, flush_ticks);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.partition(&[&["n1", "c1"]]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    cluster
}

/// A copy of an AppendEntries reaches n2 when it has acknowledged what was sent after it.
fn a_late_copy_of_a_shorter_message(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(3, 1), mutation, flush_ticks);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.put("c1", "x", "1");
    cluster.run_until("it is under way", |cluster| !cluster.in_flight("AppendEntries", "n1", "n2").is_empty());
    let message = cluster.in_flight("AppendEntries", "n1", "n2").pop().unwrap();
    cluster.act(Action::DuplicateMessage(message));
    let copy = cluster.in_flight("AppendEntries", "n1", "n2").pop().unwrap();
    assert_ne!(copy, message);
    cluster.act(Action::DelayMessage(copy, 300 * MS));
    cluster.run_until("the first is written", |cluster| cluster.last("c1") == "ok");
    cluster.put("c1", "x", "2");
    cluster.run_ms(500);
    cluster
}

/// n2 loses its power when it has received an entry, and before a disk of 20 ms has written it.
fn power_is_lost_right_after_an_entry_came(mutation: Option<Mutation>, flush_ticks: u64) -> Cluster {
    let mut cluster = cluster(scripted(3, 1), mutation, flush_ticks);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(15);
    cluster.crash("n2");
    cluster.restart("n2");
    cluster.run_ms(300);
    cluster
}

/// A row: a promise, what breaks it in a course, with which disks, and what is said of the events that are responsible.
struct Row {
    promise: &'static str,
    mutation: Mutation,
    course: Course,
    flushes: &'static [u64],
    because: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        promise: "votes-kept",
        mutation: Mutation::VoteNotDurable,
        course: a_voter_comes_back_and_stands,
        flushes: &FLUSHES,
        because: &[
            "n1: n1 grants n2 its vote in term 1",
            "n1: n1 starts again, from its disk",
            "n1: n1 stands in term 1, which is a vote for itself",
        ],
    },
    Row {
        promise: "votes-kept",
        mutation: Mutation::VoteForgottenInSameTerm,
        course: a_candidate_steps_down_and_comes_back,
        flushes: &FLUSHES,
        because: &["n1: n1 stands in term 2, which is a vote for itself", "n1: n1 grants n3 its vote in term 2"],
    },
    Row {
        promise: "election-safety",
        mutation: Mutation::VoteNotDurable,
        course: a_voter_comes_back_and_stands,
        flushes: &FLUSHES,
        because: &[
            "n2: n2 becomes the leader of term 1",
            "n1: n1 becomes the leader of term 1",
            "n1: n1 grants n2 its vote in term 1",
            "n1: n1 stands in term 1, which is a vote for itself",
        ],
    },
    Row {
        promise: "no-forbidden-transition",
        mutation: Mutation::VoteNotDurable,
        course: a_voter_comes_back_and_stands,
        flushes: &FLUSHES,
        because: &["two leaders in term 1", "sends it: "],
    },
    Row {
        promise: "leader-append-only",
        mutation: Mutation::NewLeaderTruncates,
        course: a_leader_begins_with_an_entry_of_the_one_before,
        flushes: &FLUSHES,
        because: &["n1: n1 has an entry 2, of term 1", "n2: n2 deletes or overwrites its entry 2"],
    },
    Row {
        promise: "log-matching",
        mutation: Mutation::ConsistencyCheckOff,
        course: a_tail_meets_the_next_leader,
        flushes: &FLUSHES,
        because: &[
            "n3: before entry 3 of term 3, n3 has one of term 2",
            "n1: before entry 3 of term 3, n1 has one of term 1",
        ],
    },
    Row {
        promise: "leader-completeness",
        mutation: Mutation::ElectionRestrictionOff,
        course: one_that_was_away_stands,
        flushes: &FLUSHES,
        because: &[
            "n2: n2 acknowledges entry 2, in term 1",
            "n1: n1 commits entry 2 of term 1, in term 1",
            "n2: n2 grants n3 its vote in term ",
            "n3: n3 becomes the leader of term ",
        ],
    },
    Row {
        promise: "state-machine-safety",
        mutation: Mutation::ElectionRestrictionOff,
        course: one_that_was_away_stands,
        flushes: &FLUSHES,
        because: &[
            "n1: n1 commits entry 2 of term 1, in term 1",
            "n3: n3 commits entry 2 of term ",
            "n1: n1 is the first to hold entry 2 of term 1",
        ],
    },
    Row {
        promise: "committed-on-quorum",
        mutation: Mutation::CommitQuorumTooSmall,
        course: a_leader_alone_is_asked_to_write,
        flushes: &FLUSHES,
        because: &["n1: n1 becomes the leader of term 1", "n1: n1 commits entry 1, held by 1 of 3"],
    },
    Row {
        promise: "acknowledged-kept",
        mutation: Mutation::TruncateAlways,
        course: a_late_copy_of_a_shorter_message,
        flushes: &FLUSHES,
        because: &["n2: n2 acknowledges entry 3 to the leader of term 1", "n2: n2 deletes it, in term 1"],
    },
    Row {
        promise: "acknowledged-kept",
        mutation: Mutation::AcknowledgedEarly,
        course: power_is_lost_right_after_an_entry_came,
        flushes: &[20 * MS],
        because: &["n2: n2 acknowledges entry 2 to the leader of term 1", "n2: n2 starts without it"],
    },
    Row {
        promise: "indexes-in-order",
        mutation: Mutation::AppliedBeforeCommitted,
        course: a_leader_alone_is_asked_to_write,
        flushes: &FLUSHES,
        because: &["dropped to 0, applied to 1, committed to 0, last 1"],
    },
];

#[test]
fn the_sound_core_keeps_every_promise_in_every_course() {
    for Row { course, .. } in ROWS {
        for flush_ticks in FLUSHES {
            course(None, flush_ticks).must_be_sound();
        }
    }
}

#[test]
fn each_promise_is_broken_where_a_rule_is_switched_off_and_names_the_events_that_are_responsible() {
    for &Row { promise, mutation, course, flushes, because } in ROWS {
        for &flush_ticks in flushes {
            let cluster = course(Some(mutation), flush_ticks);
            assert!(
                cluster.broken().contains(&promise),
                "{promise}, {mutation:?}, {flush_ticks}: {:?}",
                cluster.broken()
            );
            let reasons = cluster.reasons(promise);
            for expected in because {
                assert!(
                    reasons.iter().any(|reason| reason.contains(expected)),
                    "{promise}, {flush_ticks}: {expected:?} in {reasons:#?}"
                );
            }
            assert!(reasons.len() <= 8);
        }
    }
}

#[test]
fn every_promise_has_a_row() {
    use consensus_playground::check::{Monitor, Watched};
    // What is asked of leaders alone has its rows in `monitor.rs`.
    const OF_LEADERS: [&str; 3] = ["match-index-grows", "commits-own-term", "leader-grants-no-vote"];
    let invariants = <consensus_playground::raft::Raft as Watched>::Monitor::INVARIANTS.iter();
    for invariant in invariants.filter(|invariant| !OF_LEADERS.contains(&invariant.name)) {
        assert!(ROWS.iter().any(|row| row.promise == invariant.name), "{}", invariant.name);
    }
}

/// The own disk of the leader is slow, those of the others are not: what it counts early only one of the others has
/// acknowledged.
#[test]
fn a_leader_that_counts_what_is_not_on_its_disk_is_found_with_unequal_disks() {
    let alone_with_n2 = |mutation| {
        let mut scenario = scripted(3, 1);
        scenario.disk.own_flush_ticks.insert("n1".to_owned(), TicksRange::new(40 * MS, 40 * MS));
        let mut cluster = cluster(scenario, mutation, 0);
        cluster.elect_and_settle("n1");
        cluster.introduce(&["c1"]);
        cluster.cut(&["n3"], &["n1", "n2"]);
        cluster.put("c1", "x", "1");
        cluster.run_ms(100);
        cluster
    };
    alone_with_n2(None).must_be_sound();
    let cluster = alone_with_n2(Some(Mutation::OwnEntryCountedEarly));
    assert_eq!(cluster.broken(), ["committed-on-quorum"]);
    let reasons = cluster.reasons("committed-on-quorum");
    assert!(
        reasons.iter().any(|reason| reason.ends_with("held by 1 of 3") || reason.ends_with("held by 0 of 3")),
        "{reasons:?}"
    );
}

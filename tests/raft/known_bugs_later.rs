//! Bugs that real implementations had, by their numbers: snapshots (R14 to R20) and reads (R21 to R23).

use super::cluster::{Cluster, scripted};
use super::server::{
    CLIENT, S2, S3, S4, acknowledge, acknowledge_round, append, get, plain, refuse, request, server, server_of,
};
use super::snapshots::{install, often, puts};
use consensus_playground::process::{Input, NodeId};
use consensus_playground::raft::message::InstallSnapshotReply;
use consensus_playground::raft::progress::Flow;
use consensus_playground::raft::{Config, Message, Mutation, RaftTimer, Role, Rule};

/// n1 leads alone with two clients and takes a tail of entries; the others go on, take snapshots and drop what n1
/// lacks.
fn conflicting_tail(mutation: Option<Mutation>) -> Cluster {
    let mut scenario = scripted(3, 3);
    scenario.raft.snapshot_threshold = 2;
    scenario.raft.snapshot_trailing = 0;
    let mut cluster = match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    };
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.partition(&[&["n1", "c1", "c2"]]);
    cluster.put("c1", "x", "1");
    cluster.put("c2", "y", "2");
    cluster.run_ms(50);
    cluster.elect_and_settle("n2");
    assert_eq!((cluster.log("n1").as_str(), cluster.log("n2").as_str()), ("1:no-op 1:put x=1 1:put y=2", "[2:2]"));
    cluster.heal();
    cluster.run_ms(300);
    cluster
}

#[test]
fn r14_a_snapshot_replaces_a_log_that_conflicts_at_its_last_entry() {
    let mut cluster = conflicting_tail(None);
    assert_eq!(cluster.fired("n1", Rule::SnapshotInstalled), 1, "once, and not for ever");
    assert_eq!(cluster.log("n1"), cluster.log("n2"));
    cluster.must_be_sound();
    let cluster = conflicting_tail(Some(Mutation::SnapshotKeepsConflictingTail));
    assert_eq!(cluster.broken(), ["log-matching"]);
}

#[test]
fn r15_a_snapshot_that_is_older_than_what_is_committed_is_ignored() {
    let mut server = server(2, &[1, 1, 1, 2]);
    server.hears(S2, &append(2, (4, 2), &[], 3));
    let done = server.hears(S2, &install(2, 2, 1));
    assert!(done.fired(Rule::SnapshotIgnored) && !done.persisted());
    assert_eq!((server.log(), server.core.commit_index()), (vec![1, 1, 1, 2], 3));
}

#[test]
fn r15_a_snapshot_that_is_older_than_the_log_keeps_the_newer_entries() {
    let mut server = server(2, &[1, 1, 1, 2]);
    server.hears(S2, &install(2, 2, 1));
    assert_eq!((server.core.log().base_index(), server.log()), (2, vec![1, 2]));
}

#[test]
fn r16_a_late_message_from_the_beginning_does_no_harm_behind_a_snapshot() {
    let mut server = server(2, &[]);
    server.hears(S2, &install(2, 3, 1));
    server.hears(S2, &append(2, (3, 1), &[2, 2], 4));
    for late in [
        append(2, (0, 0), &[1], 0),
        append(2, (0, 0), &[1, 1, 1, 2], 1),
        append(2, (0, 0), &[], 9),
        append(2, (1, 1), &[1], 0),
    ] {
        let done = server.hears(S2, &late);
        assert!(done.appended().success && !done.persisted(), "{late:?}");
        assert_eq!((server.core.log().base_index(), server.log(), server.core.commit_index()), (3, vec![2, 2], 4));
    }
}

/// R18: the follower needs entry 1, and the leader has dropped all of its log.
#[test]
fn r18_a_follower_behind_a_log_that_is_gone_gets_the_snapshot_even_if_the_first_is_lost() {
    let mut cluster = Cluster::of(often());
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.crash("n3");
    puts(&mut cluster, "c1", 1..=3);
    cluster.run_ms(200);
    assert_eq!(cluster.log("n1"), "[4:1]");
    cluster.restart("n3");
    cluster
        .run_until("a snapshot is under way", |cluster| !cluster.in_flight("InstallSnapshot", "n1", "n3").is_empty());
    cluster.drop_all("InstallSnapshot", "n1", "n3");
    cluster.run_ms(300);
    assert_eq!(cluster.store("n3"), "x=3");
    assert!(cluster.fired("n1", Rule::SnapshotSent) >= 2);
    cluster.must_be_sound();
}

#[test]
fn r18_a_new_leader_finds_out_who_needs_a_snapshot() {
    let mut cluster = Cluster::of(often());
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1", "n2"]);
    puts(&mut cluster, "c1", 1..=3);
    cluster.run_ms(200);
    cluster.crash("n1");
    cluster.heal();
    cluster.elect("n2");
    cluster.run_ms(300);
    assert_eq!((cluster.store("n3").as_str(), cluster.fired("n3", Rule::SnapshotInstalled)), ("x=3", 1));
    cluster.must_be_sound();
}

fn standing(server: &super::server::Server, peer: NodeId) -> (u64, u64, bool) {
    let Role::Leader(leader) = server.core.role_state() else { panic!("not a leader") };
    let progress = leader.progress[peer.index()];
    (progress.match_index(), progress.next_index(), progress.flow() != Flow::Replicate)
}

/// R19: while a snapshot is under way, an acknowledgement by AppendEntries may show that the follower needs none.
#[test]
fn r19_a_follower_that_has_caught_up_otherwise_goes_on_without_the_snapshot() {
    let config = Config { snapshot_threshold: 2, snapshot_trailing: 0, ..plain() };
    let mut server = server_of(5, config, 1, &[1, 1, 1, 1]);
    server.becomes_leader();
    for peer in [S2, S3] {
        server.hears(peer, &acknowledge(2, 5));
    }
    assert_eq!(server.core.log().base_index(), 5);
    let done = server.hears(S4, &refuse(2, 4, (None, 1)));
    assert!(done.fired(Rule::SnapshotSent));
    assert_eq!(standing(&server, S4), (0, 6, true));
    server.hears(S4, &acknowledge(2, 5));
    assert_eq!(standing(&server, S4), (5, 6, false));
    // The answer to the snapshot comes after all, and a copy of an older one.
    for late in [5, 2] {
        let reply = InstallSnapshotReply { term: 2, match_index: late, round: 0, piece: None };
        server.hears(S4, &Message::InstallSnapshotReply(reply));
        assert_eq!(standing(&server, S4), (5, 6, false));
    }
}

/// R20: entries and a snapshot reach a follower in any order; what is applied is applied once, in order.
#[test]
fn r20_a_snapshot_among_entries_applies_nothing_twice() {
    let mut in_order = server(2, &[]);
    in_order.hears(S2, &install(2, 3, 1));
    in_order.hears(S2, &append(2, (3, 1), &[2], 4));
    for messages in [
        vec![append(2, (0, 0), &[1, 1, 1], 2), install(2, 3, 1), append(2, (3, 1), &[2], 4)],
        vec![append(2, (0, 0), &[1, 1, 1, 2], 4), install(2, 3, 1)],
        vec![install(2, 3, 1), append(2, (0, 0), &[1, 1, 1], 2), append(2, (3, 1), &[2], 4), install(2, 3, 1)],
    ] {
        let mut server = server(2, &[]);
        for message in &messages {
            server.hears(S2, message);
        }
        assert_eq!((server.core.commit_index(), server.core.last_applied()), (4, 4), "{messages:?}");
        assert_eq!(server.core.log().last_index(), in_order.core.log().last_index());
        assert_eq!(server.core.store(), in_order.core.store());
    }
}

/// A new leader has an entry that the old one had committed and answered, and does not know yet that it is committed. A
/// read comes first.
fn early_read(mutation: Option<Mutation>) -> Cluster {
    let scenario = scripted(3, 2);
    let mut cluster = match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    };
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.put("c1", "x", "1");
    cluster.run_until("the write is answered", |cluster| cluster.last("c1") == "ok");
    cluster.crash("n1");
    assert_eq!(cluster.commit("n2"), 1, "n2 holds the entry, and has not heard that it is committed");
    cluster.elect("n2");
    // Heartbeats get through, entries do not: n2 is confirmed as the leader, and its own entry not committed.
    cluster.get("c2", "x");
    for _ in 0..3_000 {
        let entries = cluster.in_flight("AppendEntries", "n2", "n3").into_iter();
        let entries: Vec<u32> = entries
            .filter(|&message| !consensus_playground::process::Message::is_heartbeat(cluster.message(message)))
            .collect();
        for message in entries {
            cluster.act(consensus_playground::sim::Action::DropMessage(message));
        }
        cluster.run_ticks(1_000);
        if cluster.last("c2") != "pending" {
            break;
        }
    }
    cluster
}

#[test]
fn r21_a_new_leader_serves_no_read_before_it_has_committed_in_its_term() {
    let mut cluster = early_read(None);
    assert_eq!(cluster.last("c2"), "pending");
    assert!(cluster.fired("n2", Rule::ReadWaitsForOwnCommit) > 0);
    cluster.run_ms(500);
    assert_eq!(cluster.last("c2"), "1");
    cluster.must_be_sound();
    let mut cluster = early_read(Some(Mutation::ReadBeforeOwnCommit));
    assert_eq!(cluster.last("c2"), "nothing", "what was answered before is not seen");
    assert!(!cluster.is_linearizable());
}

#[test]
fn r22_a_read_is_not_served_by_confirmations_that_came_before_it() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    server.hears(S2, &acknowledge(2, 1));
    server.hears(S3, &acknowledge(2, 1));
    server.hears(CLIENT, &request(1, get()));
    server.hears(S2, &acknowledge_round(2, 1, 1));
    server.hears(S3, &acknowledge_round(2, 1, 1));
    // The first read was served by round 1. The second asks again, and round 1 is worth nothing to it.
    let done = server.hears(CLIENT, &request(2, get()));
    assert!(done.sent.iter().all(|(to, _)| *to != CLIENT) && done.fired(Rule::ReadIndexTaken));
    for late in [S2, S3, S4] {
        assert!(!server.hears(late, &acknowledge_round(2, 1, 1)).fired(Rule::ReadServed));
    }
    server.hears(S2, &acknowledge_round(2, 1, 2));
    assert!(server.hears(S3, &acknowledge_round(2, 1, 2)).fired(Rule::ReadServed));
}

/// n1 is heard by nobody, and what the others said to it while they still followed it takes long to arrive. Meanwhile
/// they elect another.
fn slow_confirmations(mutation: Option<Mutation>) -> Cluster {
    let scenario = scripted(3, 2);
    let mut cluster = match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    };
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    for from in ["n2", "n3"] {
        cluster.link_takes(from, "n1", 400);
    }
    cluster.run_ms(100);
    cluster.cut_one_way(&["n1"], &["n2", "n3"]);
    cluster.run_ms(10);
    cluster.elect("n2");
    cluster.put("c2", "x", "new");
    cluster.run_until("the others have moved on", |cluster| cluster.last("c2") == "ok");
    cluster.get("c1", "x");
    cluster.run_ms(300);
    assert!(cluster.is_leader("n1"), "it has not heard of the other yet");
    cluster
}

#[test]
fn r23_a_round_is_confirmed_by_its_own_answers_and_not_by_those_of_an_earlier_one() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    server.hears(S2, &acknowledge(2, 1));
    server.hears(S3, &acknowledge(2, 1));
    server.hears(CLIENT, &request(1, get()));
    // Copies of answers to heartbeats that left before the read came in, of round 0, and one to round 1 twice.
    for (from, round) in [(S2, 0), (S3, 0), (S4, 0), (S2, 1), (S2, 1)] {
        assert!(
            !server.hears(from, &acknowledge_round(2, 1, round)).fired(Rule::ReadServed),
            "{from:?}, round {round}"
        );
    }
    assert!(server.hears(S4, &acknowledge_round(2, 1, 1)).fired(Rule::ReadServed));
}

#[test]
fn r23_answers_that_were_slow_do_not_confirm_a_leader_that_was_replaced_meanwhile() {
    let mut cluster = slow_confirmations(None);
    assert_eq!(cluster.last("c1"), "pending");
    cluster.heal();
    cluster.run_ms(3_000);
    assert_eq!(cluster.last("c1"), "new");
    cluster.must_be_sound();
    let mut cluster = slow_confirmations(Some(Mutation::ReadRoundReused));
    assert_eq!(cluster.last("c1"), "nothing");
    assert!(!cluster.is_linearizable());
}

#[test]
fn a_paused_leader_learns_that_it_was_replaced_before_it_answers() {
    let mut cluster = Cluster::scripted(3, 2);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.network(|dials| dials.duplication = consensus_playground::sim::Ratio::percent(100));
    cluster.run_ms(20);
    cluster.pause("n1");
    cluster.elect_and_settle("n2");
    cluster.put("c2", "x", "new");
    cluster.run_ms(2_000);
    cluster.get("c1", "x");
    cluster.run_ms(20);
    cluster.resume("n1");
    cluster.run_ms(3_000);
    cluster.must_be_sound();
}

#[test]
fn a_timer_of_a_former_leader_sends_nothing() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    server.hears(S2, &append(9, (0, 0), &[], 0));
    for timer in [RaftTimer::Heartbeat, RaftTimer::QuorumCheck] {
        assert!(server.input(Input::Timer(timer)).sent.is_empty());
    }
}

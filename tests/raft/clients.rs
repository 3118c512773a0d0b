//! Section 8, and the dissertation's 6.3 and 6.4: sessions, redirection, and reads by ReadIndex.

use super::cluster::{Cluster, idle, scripted};
use super::server::{CLIENT, S2, S3, S4, acknowledge, acknowledge_round, append, get, put, refuse, request, server};
use consensus_playground::kv::Answer;
use consensus_playground::raft::{Message, Mutation, Rule};

fn answer(sequence: u64, value: Option<&str>) -> Message {
    Message::answer(sequence, Answer::Value(value.map(Into::into)))
}

// Redirection.

#[test]
fn a_server_that_does_not_lead_names_the_one_that_does() {
    let mut server = server(1, &[]);
    assert_eq!(server.hears(CLIENT, &request(1, put("1"))).only(), &(CLIENT, Message::not_leader(1, None)));
    server.hears(S2, &append(1, (0, 0), &[], 0));
    assert_eq!(server.hears(CLIENT, &request(1, put("1"))).only(), &(CLIENT, Message::not_leader(1, Some(S2))));
    assert!(server.log().is_empty());
}

// Sessions.

#[test]
fn a_command_that_reaches_the_log_twice_takes_effect_once() {
    for (mutation, answers) in [(None, ["ok", "3"]), (Some(Mutation::SessionsOff), ["no: holds 3", "3"])] {
        let scenario = scripted(3, 1);
        let mut cluster = match mutation {
            None => Cluster::of(scenario),
            Some(mutation) => Cluster::without(mutation, scenario),
        };
        cluster.elect_and_settle("n1");
        cluster.put("c1", "x", "2");
        cluster.run_ms(100);
        // The command is committed, the answer is lost, and the next leader is asked again.
        cluster.cut_one_way(&["n1"], &["c1"]);
        cluster.cas("c1", "x", "2", "3");
        cluster.run_ms(200);
        cluster.crash("n1");
        cluster.elect_and_settle("n2");
        cluster.run_until("the client is answered", |cluster| cluster.last("c1") != "pending");
        assert_eq!(cluster.last("c1"), answers[0]);
        cluster.get("c1", "x");
        cluster.run_ms(100);
        assert_eq!(cluster.last("c1"), answers[1]);
        assert_eq!(cluster.is_linearizable(), mutation.is_none());
    }
}

#[test]
fn a_retry_of_what_was_applied_is_answered_from_the_session_and_not_logged_again() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    let done = server.hears(CLIENT, &request(1, put("1")));
    server.is_told(&done.receipts);
    server.hears(S2, &acknowledge(2, 2));
    server.hears(S3, &acknowledge(2, 2));
    let done = server.hears(CLIENT, &request(1, put("1")));
    assert!(done.fired(Rule::DuplicateAnswered));
    assert_eq!(done.only(), &(CLIENT, Message::answer(1, Answer::Done)));
    assert_eq!(server.log(), [2, 2]);
}

// ReadIndex.

#[test]
fn a_read_waits_until_the_leader_has_committed_in_its_term_and_a_majority_has_confirmed_it_since() {
    let mut server = server(1, &[1]);
    server.becomes_leader();
    let done = server.hears(CLIENT, &request(1, get()));
    assert!(done.fired(Rule::ReadWaitsForOwnCommit) && done.sent.is_empty(), "step 1");
    server.hears(S2, &acknowledge(2, 2));
    let done = server.hears(S3, &acknowledge(2, 2));
    assert!(done.fired(Rule::Committed) && done.fired(Rule::ReadIndexTaken), "step 2");
    assert!(done.sent.iter().all(|(to, _)| *to != CLIENT));
    assert!(server.hears(S2, &acknowledge_round(2, 2, 1)).sent.is_empty(), "step 3: two of five");
    let done = server.hears(S4, &acknowledge_round(2, 2, 1));
    assert!(done.fired(Rule::ReadServed), "step 4");
    assert_eq!(done.to(CLIENT), &answer(1, None));
}

#[test]
fn even_a_refusal_confirms_the_leader() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    server.hears(S2, &acknowledge(2, 1));
    server.hears(S3, &acknowledge(2, 1));
    server.hears(CLIENT, &request(1, get()));
    server.hears(S2, &acknowledge_round(2, 1, 1));
    let Message::AppendEntriesReply(mut refusal) = refuse(2, 1, (None, 1)) else { unreachable!() };
    refusal.round = 1;
    assert!(server.hears(S4, &Message::AppendEntriesReply(refusal)).fired(Rule::ReadServed));
}

#[test]
fn reads_that_wait_are_turned_away_when_the_leader_steps_down() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    server.hears(CLIENT, &request(1, get()));
    let done = server.hears(S3, &append(7, (0, 0), &[], 0));
    assert_eq!(done.to(CLIENT), &Message::not_leader(1, None));
}

#[test]
fn a_read_leaves_no_entry_in_the_log() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    assert_eq!(cluster.log("n1"), "1:no-op");
}

/// A leader that is cut off with a client, and believes in itself: check-quorum is off.
pub fn stale_leader(mutation: Option<Mutation>) -> Cluster {
    let scenario = scripted(5, 2);
    let mut cluster = match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    };
    cluster.elect_and_settle("n1");
    cluster.put("c1", "x", "old");
    cluster.run_ms(100);
    cluster.introduce(&["c1", "c2"]);
    cluster.partition(&[&["n1", "c1"]]);
    cluster.elect_and_settle("n2");
    cluster.put("c2", "x", "new");
    cluster.run_until("the others have moved on", |cluster| cluster.last("c2") == "ok");
    cluster.get("c1", "x");
    cluster.run_ms(300);
    cluster
}

#[test]
fn a_leader_that_was_replaced_answers_no_read() {
    let mut cluster = stale_leader(None);
    assert!(cluster.is_leader("n1"), "so it believes");
    assert_eq!(cluster.last("c1"), "pending");
    cluster.heal();
    cluster.run_until("the read is answered", |cluster| cluster.last("c1") != "pending");
    assert_eq!(cluster.last("c1"), "new");
    cluster.must_be_sound();
}

#[test]
fn without_read_index_it_answers_from_a_state_that_others_have_left_behind() {
    let mut cluster = stale_leader(Some(Mutation::ReadIndexOff));
    assert_eq!(cluster.last("c1"), "old");
    assert!(!cluster.is_linearizable());
}

#[test]
fn writes_on_the_minoritys_side_hang_and_the_majority_goes_on() {
    let mut cluster = Cluster::of(idle(5, 2));
    cluster.run_ms(600);
    cluster.introduce(&["c1", "c2"]);
    let leader = cluster.leaders().remove(0);
    cluster.partition(&[&[&leader, "c1"]]);
    cluster.put("c1", "x", "minority");
    cluster.put("c2", "x", "majority");
    cluster.run_ms(2_000);
    assert_eq!((cluster.last("c1").as_str(), cluster.last("c2").as_str()), ("unknown", "ok"));
    cluster.heal();
    cluster.run_ms(1_000);
    for name in ["n1", "n2", "n3", "n4", "n5"] {
        assert_eq!(cluster.store(name), "x=majority", "the minority's write is overwritten");
    }
    cluster.must_be_sound();
}

//! Reads: rounds of heartbeats that many share, and reads that are entries of the log.

use super::cluster::{Cluster, idle, scripted};
use super::server::{CLIENT, S2, S3, S4, acknowledge, acknowledge_round, get, server};
use consensus_playground::kv::Request;
use consensus_playground::process::NodeId;
use consensus_playground::raft::{Message, Rule};

fn read_of(client: u16) -> (NodeId, Message) {
    let client = NodeId(CLIENT.0 + client);
    (client, Message::Request(Request { client, sequence: 1, command: get() }))
}

/// Dissertation, 6.4: one round of heartbeats serves all reads that have come together.
#[test]
fn reads_that_wait_together_share_one_round() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    server.hears(S2, &acknowledge(2, 1));
    server.hears(S3, &acknowledge(2, 1));
    let rounds = |done: &super::server::Done| {
        done.sent.iter().filter(|(_, message)| matches!(message, Message::AppendEntries(_))).count() / 4
    };
    let (client, first) = read_of(0);
    assert_eq!(rounds(&server.hears(client, &first)), 1);
    for other in 1..=5 {
        let (client, message) = read_of(other);
        let done = server.hears(client, &message);
        assert!(done.fired(Rule::ReadWaitsForRound) && done.sent.is_empty(), "a round is under way");
    }
    server.hears(S2, &acknowledge_round(2, 1, 1));
    let done = server.hears(S3, &acknowledge_round(2, 1, 1));
    let answers = |done: &super::server::Done| done.sent.iter().filter(|(to, _)| *to >= CLIENT).count();
    assert_eq!((answers(&done), rounds(&done)), (1, 1), "the first is served, and one round begins for the five");
    assert!(
        server.hears(S4, &acknowledge_round(2, 1, 1)).sent.is_empty(),
        "the round before confirms nothing for them"
    );
    server.hears(S2, &acknowledge_round(2, 1, 2));
    let done = server.hears(S3, &acknowledge_round(2, 1, 2));
    assert_eq!((answers(&done), rounds(&done)), (5, 0));
}

#[test]
fn a_read_that_waits_for_a_round_sees_what_was_written_before_it_came() {
    let mut cluster = Cluster::scripted(3, 3);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2", "c3"]);
    cluster.get("c1", "x");
    cluster.run_ms(6);
    cluster.put("c2", "x", "1");
    cluster.run_until("it is written", |cluster| cluster.last("c2") == "ok");
    cluster.get("c3", "x");
    cluster.run_ms(200);
    assert_eq!(cluster.last("c3"), "1");
    cluster.must_be_sound();
}

/// Lost answers hold nobody up for ever: the heartbeats that follow carry the round.
#[test]
fn a_round_whose_answers_are_lost_is_confirmed_by_later_heartbeats() {
    let mut cluster = Cluster::scripted(3, 2);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1", "c2"]);
    cluster.cut_one_way(&["n2", "n3"], &["n1"]);
    cluster.get("c1", "x");
    cluster.get("c2", "x");
    cluster.run_ms(100);
    assert_eq!([cluster.last("c1"), cluster.last("c2")], ["pending", "pending"]);
    cluster.heal();
    cluster.run_ms(150);
    assert_eq!([cluster.last("c1"), cluster.last("c2")], ["nothing", "nothing"]);
    cluster.must_be_sound();
}

#[test]
fn a_scenario_may_send_reads_through_the_log() {
    for (reads_through_log, entries) in [(false, "1:no-op 1:put x=1"), (true, "1:no-op 1:put x=1 1:get x")] {
        let mut scenario = scripted(3, 1);
        scenario.raft.reads_through_log = reads_through_log;
        let text = serde_json::to_string(&scenario).unwrap();
        assert_eq!(text.contains("reads_through_log"), reads_through_log, "links stay as short as they were");
        let mut cluster = Cluster::of(serde_json::from_str(&text).unwrap());
        cluster.elect_and_settle("n1");
        cluster.put("c1", "x", "1");
        cluster.run_ms(100);
        cluster.get("c1", "x");
        cluster.run_ms(100);
        assert_eq!((cluster.last("c1").as_str(), cluster.log("n1").as_str()), ("1", entries));
        cluster.must_be_sound();
    }
}

#[test]
fn reads_through_the_log_are_linearizable_under_a_workload() {
    let mut scenario = idle(5, 4);
    scenario.workload.operations_per_client = Some(30);
    scenario.raft.reads_through_log = true;
    let mut cluster = Cluster::of(scenario);
    cluster.run_ms(700);
    let leader = cluster.leaders().remove(0);
    cluster.crash(&leader);
    cluster.run_ms(1_000);
    cluster.restart(&leader);
    cluster.run_ms(4_000);
    cluster.must_be_sound();
}

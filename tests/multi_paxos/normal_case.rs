//! A stable leader: what an operation costs, and that phase 1 is needed once.

use super::cluster::{Cluster, MS, scripted};
use consensus_playground::multi_paxos::{Message, Rule};
use consensus_playground::process::{Message as _, SECOND};

/// Servers and a client that knows their leader, with no heartbeat but the first for a long time.
fn settled(replicas: u32) -> Cluster {
    let mut scenario = scripted(replicas, 1);
    scenario.multi_paxos.heartbeat_ticks = 100 * SECOND;
    let mut cluster = Cluster::of(scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster
}

/// How many messages of each of these kinds were sent from a message on.
fn sent(cluster: &Cluster, since: usize, kinds: &[&str]) -> Vec<usize> {
    let messages = &cluster.run.simulation().trace().messages[since..];
    let count =
        |kind: &&str| messages.iter().filter(|record| Message::KINDS[usize::from(record.body.kind())] == *kind).count();
    kinds.iter().map(count).collect()
}

/// Runs the client's operation to its end; how long it took in message delays, and the messages between servers.
fn cost(cluster: &mut Cluster, begin: impl Fn(&mut Cluster)) -> (u64, Vec<usize>) {
    let (start, since) = (cluster.now(), cluster.run.simulation().trace().messages.len());
    begin(cluster);
    cluster.run_until("the client is answered", |cluster| cluster.last("c1") != "pending");
    let delays = (cluster.now() - start) / (5 * MS);
    cluster.run_ms(100);
    (delays, sent(cluster, since, &["prepare", "promise", "accept", "accepted", "heartbeat", "heartbeat reply"]))
}

#[test]
fn a_write_takes_four_message_delays_and_one_round_trip_between_servers() {
    for replicas in [1, 3, 5, 7] {
        let mut cluster = settled(replicas);
        let others = replicas as usize - 1;
        let (delays, messages) = cost(&mut cluster, |cluster| cluster.put("c1", "x", "1"));
        assert_eq!(delays, if replicas == 1 { 2 } else { 4 });
        assert_eq!(messages, [0, 0, others, others, 0, 0], "{replicas} replicas: 2(n-1)");
        cluster.must_be_sound();
    }
}

#[test]
fn a_read_takes_as_many_and_no_slot() {
    let mut cluster = settled(5);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    let (delays, messages) = cost(&mut cluster, |cluster| cluster.get("c1", "x"));
    assert_eq!((delays, messages), (4, vec![0, 0, 0, 0, 4, 4]));
    assert_eq!((cluster.last("c1").as_str(), cluster.log("n1").as_str()), ("1", "1: 1.n1 put x=1"));
}

#[test]
fn phase_1_is_done_once_for_all_slots() {
    let mut cluster = settled(3);
    for value in ["1", "2", "3", "4", "5"] {
        cluster.put("c1", "x", value);
        cluster.run_ms(30);
    }
    assert_eq!(sent(&cluster, 0, &["prepare", "promise"]), [2, 2]);
    assert_eq!(cluster.fired("n1", Rule::BallotChosen), 1);
    assert_eq!(cluster.commit("n1"), 5);
    cluster.must_be_sound();
}

#[test]
fn followers_learn_with_the_next_message_what_is_chosen() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.elect_and_settle("n1");
    cluster.put("c1", "x", "1");
    cluster.run_until("the client is answered", |cluster| cluster.last("c1") == "ok");
    assert_eq!((cluster.commit("n1"), cluster.commit("n2")), (1, 0));
    cluster.run_ms(60);
    assert_eq!((cluster.store("n2"), cluster.store("n3")), ("x=1".into(), "x=1".into()));
}

#[test]
fn with_the_usual_timeouts_one_leader_is_found_and_kept() {
    let mut cluster = Cluster::of(super::cluster::idle(5, 1));
    cluster.run_ms(3_000);
    let leaders = cluster.leaders();
    assert_eq!(leaders.len(), 1);
    assert!(cluster.promised("n1").ends_with(&leaders[0]) && cluster.promised("n5").ends_with(&leaders[0]));
    cluster.must_be_sound();
}

//! No liar keeps a client waiting for ever, and no honest primary is deposed for what it has never heard of.

use super::cluster::{Cluster, MS, quiet};
use super::known_bugs::{booted, told};
use consensus_playground::kv::{Command, Request};
use consensus_playground::pbft::{Message, Rule};
use consensus_playground::process::{Alteration, Effect, Keyring, NodeId};
use consensus_playground::sim::{Action, Deed, NetworkDials, Strategy, TicksRange};
use std::sync::Arc;

fn constant(milliseconds: u64) -> NetworkDials {
    NetworkDials { latency_ticks: TicksRange::new(milliseconds * MS, milliseconds * MS), ..NetworkDials::default() }
}

/// n1 is silent, n2 proposes nothing but null requests, and messages take longer and longer.
#[test]
fn null_requests_keep_no_client_waiting() {
    let mut scenario = quiet(7);
    (scenario.clients, scenario.network, scenario.pbft.view_change_ticks) = (1, constant(1), 10 * MS);
    (scenario.client.attempt_ticks, scenario.client.deadline_ticks) = (200 * MS, 80_000_000 * MS);
    let mut cluster = Cluster::of(&scenario);
    cluster.act(Action::Corrupt(NodeId(0), Strategy::Silence { to: Default::default() }));
    cluster.alter("n2", &[], "pre-prepare", Alteration::Nil);
    cluster.put("c1", "x", "1");
    cluster.run_ms(174);
    cluster.act(Action::Network(constant(480)));
    cluster.run_ms(120_000);
    assert_eq!(cluster.ended("c1"), "ok");
    assert!(cluster.views().iter().all(|&view| view < 40), "{:?}", cluster.views());
    cluster.must_be_sound();
}

#[test]
fn the_null_request_is_taken_in_a_new_view_alone() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n1", &[], "pre-prepare", Alteration::Nil);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    assert_eq!((cluster.fired("n2", Rule::NullRejected), cluster.fired("n2", Rule::PrePrepareAccepted)), (1, 0));
    cluster.run_ms(2_000);
    assert_eq!(cluster.ended("c1"), "ok");
    cluster.must_be_sound();
}

/// A request that is executed again does nothing: the timer for the one that waits runs on.
#[test]
fn what_was_executed_before_gives_a_primary_no_time() {
    let mut cluster = Cluster::quiet(4);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    // From now on the primary proposes the old request in place of each new one.
    cluster.alter("n1", &[], "pre-prepare", Alteration::Value(0));
    cluster.put("c2", "y", "2");
    cluster.run_ms(300);
    assert!(cluster.replica("n3").executed() >= 2, "it is proposed, and does nothing");
    assert_eq!(cluster.views(), vec![0; 4]);
    cluster.put("c3", "z", "3");
    cluster.run_ms(1_500);
    assert!(cluster.views().iter().all(|&view| view == 1), "{:?}", cluster.views());
    assert_eq!((cluster.ended("c2"), cluster.ended("c3")), ("ok".to_owned(), "ok".to_owned()));
    cluster.must_be_sound();
}

#[test]
fn a_backup_that_starts_its_timer_relays_the_request_whoever_sent_it() {
    let (mut replica, mut out) = booted();
    let request = Request { client: NodeId(4), sequence: 1, command: Command::Get { key: "x".into() } };
    let asked = Message::Request(Arc::new(Keyring::of([NodeId(4)].into_iter().collect()).sign(NodeId(4), request)));
    let mut relayed = || {
        told(&mut replica, &mut out, &asked);
        let to_primary =
            |effect: &Effect<_>| matches!(effect, Effect::Send { to: NodeId(0), message, .. } if *message == asked);
        out.drain().filter(to_primary).count()
    };
    assert_eq!(relayed(), 1, "another replica has sent it, and the timer starts");
    assert_eq!(relayed(), 0, "it waits already: no two replicas relay it to each other for ever");
}

/// c1 reaches the liar n4 alone, which shows its request to n2 and n3, and cannot reach the primary.
#[test]
fn an_honest_primary_is_not_deposed_for_a_request_that_it_has_not_heard_of() {
    let mut scenario = quiet(4);
    (scenario.seed, scenario.network) = (2, NetworkDials::default());
    let mut cluster = Cluster::of(&scenario);
    let (n4, c1) = (NodeId(3), NodeId(4));
    cluster.act(Action::Cut(vec![(c1, NodeId(0)), (c1, NodeId(1)), (c1, NodeId(2)), (n4, NodeId(0))]));
    cluster.say("n4", &["n2", "n3"], "status", Deed::Replay, false);
    cluster.put("c1", "x", "A");
    cluster.run_ms(3_000);
    let views = cluster.views();
    assert_eq!(views[..3], [0; 3], "{views:?}");
    assert!(cluster.fired("n2", Rule::RequestRelayed) + cluster.fired("n3", Rule::RequestRelayed) > 0);
    assert_eq!(cluster.ended("c1"), "ok");
}

/// A liar has shown n2 a pre-prepare with a number further up; n2 restarts as the primary of the next view.
#[test]
fn a_primary_that_restarts_goes_on_with_the_next_number() {
    let mut cluster = Cluster::quiet(4);
    cluster.say("n1", &["n3", "n4"], "pre-prepare", Deed::Withhold, false);
    cluster.alter("n1", &["n2"], "pre-prepare", Alteration::SequenceUp);
    cluster.put("c1", "x", "1");
    cluster.run_ms(1_400);
    cluster.act(Action::Reform(NodeId(0)));
    let views = cluster.views();
    let primary = ["n1", "n2", "n3", "n4"][(views[1] % 4) as usize];
    cluster.act(Action::Crash(cluster.id(primary)));
    cluster.run_ms(10);
    cluster.act(Action::Restart(cluster.id(primary)));
    cluster.run_ms(100);
    cluster.put("c2", "x", "2");
    cluster.run_ms(1_000);
    assert_eq!(cluster.views(), views, "nobody is deposed");
    assert_eq!(cluster.ended("c2"), "ok");
    let numbers: Vec<u64> = cluster.replica("n3").durable().slots.keys().copied().collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "no number is left out");
    cluster.must_be_sound();
}

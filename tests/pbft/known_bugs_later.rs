//! Bugs that real implementations had, by their numbers in `tests/bugs.md`: quorums, new views, reads and timers (B7 to
//! B11), and R12, as a single replica shows it best.

use super::cluster::{Cluster, MS, quiet};
use super::known_bugs::{booted, certificate, new_view, suspect, told, view_change};
use consensus_playground::check::linearizability::Verdict;
use consensus_playground::kv::{Command, Request};
use consensus_playground::pbft::{Config, Durable, Message, Pbft, Rule};
use consensus_playground::process::{Alteration, Durable as _, Effect, Input, Keyring, NodeId, Outbox, Process, Seat};
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Deed, TicksRange};
use std::sync::Arc;

#[test]
fn b7_any_two_quorums_share_an_honest_replica_and_the_honest_can_form_one() {
    for replicas in 4..=20u16 {
        let seat = Seat { id: NodeId(0), replicas };
        let (n, f) = (u32::from(replicas), seat.liars_tolerated());
        let q = seat.byzantine_quorum(f);
        assert!(2 * q > n + f && q <= n - f, "n = {n}, f = {f}, q = {q}");
        assert!(2 * (q - 1) < n + f + 1, "the smallest such");
        if n == 3 * f + 1 {
            assert_eq!(q, 2 * f + 1);
        }
    }
    assert_eq!([5, 6].map(|replicas| Seat { id: NodeId(0), replicas }.byzantine_quorum(1)), [4, 4]);
}

#[test]
fn b8_a_primary_with_two_digests_or_two_numbers_for_a_request_divides_nobody() {
    for how in [Alteration::Value(0), Alteration::SequenceUp, Alteration::Digest] {
        let mut cluster = Cluster::quiet(4);
        cluster.alter("n1", &["n3"], "pre-prepare", how);
        cluster.alter("n1", &["n3"], "commit", how);
        cluster.put("c1", "x", "1");
        cluster.put("c2", "x", "2");
        cluster.run_ms(3_000);
        assert_eq!((cluster.ended("c1"), cluster.ended("c2")), ("ok".to_owned(), "ok".to_owned()), "{how:?}");
        cluster.must_be_sound();
    }
}

#[test]
fn b9_a_new_view_that_comes_again_begins_nothing_again() {
    let (mut replica, mut out) = booted();
    let view_changes =
        || vec![view_change(1, Vec::new()), view_change(2, vec![certificate(1)]), view_change(3, Vec::new())];
    let carried = (1, certificate(1).proposal.vote.body().digest);
    let first = new_view(view_changes(), &[carried]);
    told(&mut replica, &mut out, &first);
    assert_eq!(replica.current_view(), 1);
    out.drain().for_each(drop);
    let before = replica.clone();
    told(&mut replica, &mut out, &first);
    assert_eq!(out.drain().count(), 0, "the view has begun");
    assert_eq!(replica, before);
    // Another one of the same view shows that its primary lies, and begins nothing either.
    told(&mut replica, &mut out, &new_view([0, 2, 3].map(|node| view_change(node, Vec::new())).into(), &[]));
    assert_eq!((replica.current_view(), replica.executed()), (before.current_view(), before.executed()));
}

/// The primary is silent; every replica has heard of the request once when the view changes. Is it served soon after?
pub fn new_view_serves_what_waits(scenario: &Scenario) -> bool {
    let mut scenario = scenario.clone();
    scenario.client.attempt_ticks = 3_000 * MS;
    scenario.client.deadline_ticks = 20_000 * MS;
    let mut cluster = Cluster::of(&scenario);
    cluster.act(Action::Crash(NodeId(0)));
    cluster.put("c1", "x", "1");
    cluster.run_ms(4_500);
    cluster.views().contains(&1) && cluster.ended("c1") == "ok"
}

#[test]
fn b9_a_new_primary_with_nothing_to_carry_over_serves_what_waits() {
    assert!(new_view_serves_what_waits(&quiet(4)));
}

/// Two replicas have executed a write, and one of them tells a reader that it has not, as two others say in good faith.
pub fn stale_unordered_read(scenario: &Scenario) -> bool {
    let mut scenario = scenario.clone();
    scenario.pbft.read_only = true;
    let mut cluster = Cluster::of(&scenario);
    cluster.alter("n1", &["c2"], "reply", Alteration::Nil);
    cluster.say("n1", &["n3", "n4"], "commit", Deed::Delay(300 * MS), false);
    let slow = TicksRange::new(300 * MS, 300 * MS);
    cluster.put("c1", "x", "1");
    cluster.run_ms(25);
    for (from, to) in [(1, 2), (1, 3), (2, 3), (3, 2)] {
        cluster.act(Action::LinkLatency(NodeId(from), NodeId(to), slow));
    }
    cluster.run_ms(60);
    cluster.get("c2", "x");
    cluster.run_ms(3_000);
    let judgement = cluster.run.verdict(1_000_000);
    matches!(judgement.report.verdict, Verdict::Linearizable(_))
}

#[test]
fn b10_an_unordered_read_misses_no_write_and_a_replica_that_is_behind_still_answers() {
    assert!(stale_unordered_read(&quiet(4)));
    let mut scenario = quiet(4);
    scenario.pbft.read_only = true;
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (1, 2);
    let mut cluster = Cluster::of(&scenario);
    // n3 gets the write by a transfer of state, and n4 is silent: the client still needs n3's answer.
    cluster.say("n4", &[], "reply", Deed::Withhold, false);
    cluster.act(Action::Crash(cluster.id("n3")));
    cluster.put("c1", "x", "1");
    cluster.run_ms(150);
    cluster.act(Action::Restart(cluster.id("n3")));
    cluster.run_ms(700);
    assert_eq!(cluster.ended("c1"), "ok");
    cluster.must_be_sound();
}

#[test]
fn b11_one_that_suspects_alone_moves_nobody_and_waits_for_a_quorum() {
    let mut cluster = Cluster::quiet(4);
    cluster.say("n1", &["n4"], "pre-prepare", Deed::Withhold, false);
    cluster.act(Action::Cut(vec![(NodeId(1), NodeId(3)), (NodeId(2), NodeId(3))]));
    let client = NodeId(4);
    cluster.act(Action::Cut(vec![(client, NodeId(1)), (client, NodeId(2)), (NodeId(3), NodeId(0))]));
    cluster.act(Action::Cut(vec![(client, NodeId(0))]));
    cluster.put("c1", "x", "1");
    cluster.run_ms(900);
    assert_eq!(cluster.views(), [0, 0, 0, 1]);
    assert_eq!(cluster.fired("n4", Rule::ViewChangeTimerStarted), 0);
    assert_eq!(cluster.fired("n2", Rule::ViewChangeJoined), 0);
    assert_eq!(cluster.waits("n4"), [400 * MS], "and for nothing else");
}

#[test]
fn b11_one_whose_timer_still_runs_joins_f_plus_one_others() {
    let mut cluster = Cluster::quiet(4);
    cluster.act(Action::Crash(NodeId(0)));
    cluster.put("c1", "x", "1");
    while cluster.fired("n4", Rule::TimerStarted) == 0 {
        cluster.run_ms(1);
    }
    suspect(&mut cluster, &["n2", "n3"]);
    cluster.run_ms(40);
    assert_eq!((cluster.fired("n4", Rule::ViewChangeJoined), cluster.fired("n4", Rule::PrimarySuspected)), (1, 0));
    assert_eq!(cluster.views(), [1; 3]);
    cluster.run_ms(1_000);
    assert_eq!(cluster.ended("c1"), "ok");
    cluster.must_be_sound();
}

#[test]
fn b11_f_plus_one_that_suspect_take_the_others_along_and_the_wait_doubles() {
    let mut cluster = Cluster::quiet(4);
    // The first two primaries say nothing at all that begins a view.
    cluster.act(Action::Crash(NodeId(0)));
    cluster.say("n2", &[], "new-view", Deed::Withhold, false);
    cluster.put("c1", "x", "1");
    cluster.run_ms(600);
    cluster.act(Action::Restart(NodeId(0)));
    cluster.run_ms(4_000);
    assert!(cluster.views().iter().all(|&view| view == 2), "{:?}", cluster.views());
    assert!(cluster.fired("n3", Rule::ViewChangeTimerStarted) >= 2);
    let mut waits = cluster.waits("n3");
    waits.dedup();
    assert!(waits.starts_with(&[400 * MS, 800 * MS, 1_600 * MS]), "{waits:?}");
    cluster.put("c1", "x", "2");
    cluster.run_ms(1_000);
    assert_eq!(cluster.ended("c1"), "ok");
    cluster.must_be_sound();
}

/// R12, as a single replica shows it best: it is a quorum on its own.
#[test]
fn a_replica_counts_what_it_says_itself_when_it_is_on_its_disk_and_not_before() {
    let seat = Seat { id: NodeId(0), replicas: 1 };
    let (mut disk, mut out) = (Durable::default(), Outbox::new());
    let mut replica = Pbft::boot(seat, &Config::default(), &disk, 0);
    let request = Request { client: NodeId(1), sequence: 1, command: Command::Get { key: "x".into() } };
    let request = Keyring::of([NodeId(1)].into_iter().collect()).sign(NodeId(1), request);
    replica.handle(0, Input::Message { from: NodeId(1), message: &Message::Request(Arc::new(request)) }, &mut out);
    for kept in ["its pre-prepare", "its certificate"] {
        assert_eq!(replica.executed(), 0, "{kept} is not on the disk yet");
        let mut receipts = Vec::new();
        for effect in out.drain() {
            match effect {
                Effect::Persist(write) => disk.apply(&write),
                Effect::Receipt(receipt) => receipts.push(receipt),
                _ => {}
            }
        }
        assert_eq!(receipts.len(), 1);
        replica.handle(0, Input::Persisted(receipts[0]), &mut out);
    }
    assert_eq!(replica.executed(), 1);
    // It crashes before it knows that the certificate is on its disk: it is, so the request stays.
    let mut again = Pbft::boot(seat, &Config::default(), &disk, 0);
    again.handle(0, Input::Start, &mut Outbox::new());
    assert_eq!(again.executed(), 1);
}

//! Bugs that real implementations had, by their numbers in `tests/bugs.md`: view changes and water marks (B1 to B6).

use super::cluster::{Cluster, MS, quiet};
use consensus_playground::kv::{Command, Request};
use consensus_playground::pbft::message::{
    Certificate, Checkpoint, NewView, Proposal, SignedViewChange, Status, ViewChange,
};
use consensus_playground::pbft::{Config, Digest, Durable, Message, Pbft, Phase, Rule, Slot, Statement};
use consensus_playground::process::{Alteration, Input, Keyring, Message as _, NodeId, Outbox, Process, Seat};
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Deed, TicksRange};
use std::sync::Arc;

/// A request is prepared everywhere, no commit arrives, and the primary crashes.
fn prepared_and_orphaned(cluster: &mut Cluster) {
    cluster.put("c1", "x", "1");
    while cluster.sent("commit") < 12 {
        cluster.run_ms(1);
    }
    drop_votes_in_flight(cluster);
    cluster.act(Action::Crash(NodeId(0)));
    suspect(cluster, &["n2", "n3", "n4"]);
}

fn drop_votes_in_flight(cluster: &mut Cluster) {
    for message in cluster.run.simulation().world().in_flight() {
        let is_vote = cluster.run.simulation().trace().messages[message as usize]
            .body
            .fields()
            .iter()
            .any(|field| field.name == "digest");
        if is_vote {
            cluster.act(Action::DropMessage(message));
        }
    }
}

/// Their timers run out now, if they run.
pub(super) fn suspect(cluster: &mut Cluster, names: &[&str]) {
    for name in names {
        let _ = cluster.run.intervene(Action::FireTimer(cluster.id(name), 0));
    }
}

#[test]
fn b1_a_view_change_carries_prepared_certificates_over() {
    let mut cluster = Cluster::quiet(4);
    prepared_and_orphaned(&mut cluster);
    cluster.run_ms(2_000);
    assert_eq!(cluster.fired("n3", Rule::CarriedOver), 1);
    assert_eq!(cluster.ended("c1"), "ok");
    assert_eq!(cluster.replica("n3").executed(), 1, "with its old number, and once");
    cluster.must_be_sound();
}

/// n4 alone prepares c1's request with number 1 in view 0; without it, view 1 begins and gives number 1 to c2's; then
/// n4 has its say in what view 2 begins with. Does the certificate of the later view win?
pub fn the_later_certificate_wins(scenario: &Scenario) -> bool {
    let mut scenario = scenario.clone();
    scenario.pbft.status_ticks = 20_000 * MS;
    let mut cluster = Cluster::of(&scenario);
    let (n, c1) = (NodeId, NodeId(4));
    let from_n4 = [0, 1, 2].map(|to| (n(3), n(to)));
    let prepares_of_n3 = [(n(2), n(0)), (n(2), n(1))];
    let around_n2 = [(n(0), n(1)), (n(1), n(0)), (c1, n(1))];
    cluster.act(Action::Cut([&from_n4[..], &prepares_of_n3, &around_n2].concat()));
    cluster.put("c1", "x", "1");
    cluster.run_ms(25);
    cluster.put("c2", "x", "2");
    cluster.run_ms(100);
    let is_certified = |slot: &Slot| slot.prepared.is_some();
    let prepared =
        ["n1", "n2", "n3", "n4"].map(|name| cluster.replica(name).durable().slots.values().any(is_certified));
    assert_eq!(prepared, [false, false, false, true]);
    cluster.act(Action::Restore([&prepares_of_n3[..], &around_n2[..2]].concat()));
    cluster.cut_off("n4");
    cluster.run_ms(1_500);
    assert_eq!(cluster.ended("c2"), "ok");
    assert_eq!(cluster.views(), [1; 4]);
    cluster.act(Action::Crash(n(1)));
    cluster.act(Action::Heal);
    cluster.put("c3", "x", "3");
    cluster.run_ms(4_000);
    assert!(cluster.views().iter().all(|&view| view >= 2), "{:?}", cluster.views());
    cluster.broken().is_empty() && cluster.ended("c3") == "ok"
}

#[test]
fn b1_of_two_certificates_for_a_number_the_later_one_is_carried_over() {
    assert!(the_later_certificate_wins(&quiet(4)));
}

#[test]
fn b2_a_new_view_with_too_few_view_changes_is_rejected_and_the_next_primary_takes_over() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n2", &[], "new-view", Alteration::Digest);
    // Nothing of n1 is heard: it is slow, and honest.
    cluster.cut_off("n1");
    cluster.put("c2", "x", "1");
    cluster.run_ms(4_000);
    assert!(cluster.fired("n3", Rule::NewViewRejected) > 0);
    cluster.act(Action::Heal);
    cluster.put("c1", "x", "2");
    cluster.run_ms(6_000);
    assert_eq!(cluster.ended("c1"), "ok");
    cluster.must_be_sound();
}

/// All keys, to make what replicas and clients say.
fn keys() -> Keyring {
    Keyring::of((0..8).map(NodeId).collect())
}

/// n4 of four, as it boots, with what it wants done.
pub fn booted() -> (Pbft, Outbox<Pbft>) {
    let (mut replica, mut out) =
        (Pbft::boot(Seat { id: NodeId(3), replicas: 4 }, &Config::default(), &Durable::default(), 0), Outbox::new());
    replica.handle(0, Input::Start, &mut out);
    out.drain().for_each(drop);
    (replica, out)
}

pub fn told(replica: &mut Pbft, out: &mut Outbox<Pbft>, message: &Message) {
    replica.handle(0, Input::Message { from: NodeId(1), message }, out);
}

pub(super) fn view_change(signer: u16, prepared: Vec<Arc<Certificate>>) -> SignedViewChange {
    let stable = Checkpoint { sequence: 0, digest: Digest::NULL };
    Arc::new(keys().sign(NodeId(signer), ViewChange { view: 1, stable, proof: Vec::new(), prepared }))
}

/// n2 begins view 1 with these pre-prepares.
pub(super) fn new_view(view_changes: Vec<SignedViewChange>, proposals: &[(u64, Digest)]) -> Message {
    let vote = |&(sequence, digest): &(u64, Digest)| {
        keys().sign(NodeId(1), Statement { phase: Phase::PrePrepare, view: 1, sequence, digest })
    };
    Message::NewView(Arc::new(
        keys().sign(NodeId(1), NewView { view: 1, view_changes, proposals: proposals.iter().map(vote).collect() }),
    ))
}

/// A request of c1's that was prepared with a number in view 0.
pub(super) fn certificate(sequence: u64) -> Arc<Certificate> {
    let request =
        Request { client: NodeId(4), sequence: 1, command: Command::Put { key: "x".into(), value: "1".into() } };
    let request = Arc::new(keys().sign(NodeId(4), request));
    let said = Statement { phase: Phase::PrePrepare, view: 0, sequence, digest: Digest::of(Some(&request)) };
    let prepare = |node| keys().sign(NodeId(node), Statement { phase: Phase::Prepare, ..said });
    let proposal = Arc::new(Proposal { vote: keys().sign(NodeId(0), said), request: Some(request) });
    Arc::new(Certificate { proposal, prepares: [2, 3].map(prepare).into() })
}

#[test]
fn b2_view_changes_of_one_replica_count_once() {
    let (mut replica, mut out) = booted();
    let [of_n2, of_n3, of_n4] = [1, 2, 3].map(|node| view_change(node, Vec::new()));
    told(&mut replica, &mut out, &new_view(vec![of_n2.clone(), of_n3.clone(), of_n3.clone()], &[]));
    assert_eq!((replica.current_view(), replica.is_changing()), (0, false), "two replicas, one of them twice");
    told(&mut replica, &mut out, &new_view(vec![of_n2, of_n3, of_n4], &[]));
    assert_eq!(replica.current_view(), 1);
}

/// A replica of a scenario is told of a new view that two replicas asked for, one of them twice: whether it stays where
/// it is.
pub fn an_unproven_new_view_is_refused(scenario: &Scenario) -> bool {
    use consensus_playground::scenario::Playable as _;
    let config = Pbft::config(scenario).unwrap();
    let seat = Seat { id: NodeId(3), replicas: 4 };
    let (mut replica, mut out) = (Pbft::boot(seat, &config, &Durable::default(), 0), Outbox::new());
    let [of_n2, of_n3] = [1, 2].map(|node| view_change(node, Vec::new()));
    told(&mut replica, &mut out, &new_view(vec![of_n2, of_n3.clone(), of_n3], &[]));
    replica.current_view() == 0
}

#[test]
fn b2_numbers_that_nobody_has_proved_are_not_counted_up_to() {
    let (mut replica, mut out) = booted();
    let furthest = vec![certificate(u64::MAX)];
    let view_changes = [1, 2, 3].map(|node| view_change(node, furthest.clone()));
    told(&mut replica, &mut out, &new_view(view_changes.into(), &[]));
    assert_eq!(replica.current_view(), 0);
    let status = Status { view: 0, is_changing: false, stable: u64::MAX, executed: u64::MAX };
    for _ in 0..2 {
        told(&mut replica, &mut out, &Message::Status(status));
    }
}

#[test]
fn b3_an_invalid_certificate_in_one_view_change_hides_no_other() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n4", &[], "view-change", Alteration::Digest);
    cluster.put("c1", "x", "1");
    cluster.run_ms(35);
    suspect(&mut cluster, &["n2", "n3", "n4"]);
    cluster.run_ms(2_000);
    assert!(cluster.fired("n2", Rule::ViewChangeRejected) + cluster.fired("n3", Rule::ViewChangeRejected) > 0);
    assert_eq!(cluster.replica("n3").current_view(), 1);
    cluster.must_be_sound();
}

#[test]
fn b5_slow_replicas_behind_a_fast_primary_need_no_view_change() {
    let mut scenario = quiet(4);
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (2, 4);
    scenario.workload.operations_per_client = Some(30);
    scenario.workload.think_ticks = TicksRange::new(1, MS);
    let mut cluster = Cluster::of(&scenario);
    for from in 0..3 {
        cluster.act(Action::LinkLatency(NodeId(from), NodeId(3), TicksRange::new(120 * MS, 120 * MS)));
    }
    cluster.run_ms(10_000);
    assert_eq!(cluster.views(), [0; 4]);
    assert_eq!(cluster.replica("n4").executed(), 90);
    cluster.must_be_sound();
}

#[test]
fn b5_a_checkpoint_is_of_what_was_executed_and_not_of_what_was_committed() {
    let mut scenario = quiet(4);
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (2, 4);
    let mut cluster = Cluster::of(&scenario);
    // n4 does not learn what has number 1, and commits number 2.
    cluster.say("n1", &["n4"], "pre-prepare", Deed::Withhold, true);
    cluster.put("c1", "x", "1");
    cluster.run_ms(15);
    cluster.put("c2", "x", "2");
    cluster.run_ms(100);
    let n4 = cluster.replica("n4");
    assert!(n4.durable().slots[&2].committed.is_some() && n4.executed() == 0);
    assert_eq!(cluster.fired("n4", Rule::CheckpointTaken), 0);
    cluster.run_ms(1_000);
    assert_eq!((cluster.replica("n4").executed(), cluster.replica("n4").low_water_mark()), (2, 2));
    cluster.must_be_sound();
}

/// n2 is behind when it begins its view: what the view carries over lies above its water marks. n1 is down, so nothing
/// commits without n2.
#[test]
fn b5_a_new_primary_that_is_behind_takes_part_in_what_its_view_carries_over() {
    let mut scenario = quiet(4);
    (scenario.pbft.checkpoint_interval, scenario.pbft.log_window) = (2, 4);
    let mut cluster = Cluster::of(&scenario);
    cluster.cut_off("n2");
    for number in 0..6 {
        cluster.put("c1", "x", &number.to_string());
        cluster.run_ms(200);
    }
    let before = cluster.sent("commit");
    cluster.put("c1", "x", "last");
    while cluster.sent("commit") < before + 9 {
        cluster.run_ms(1);
    }
    drop_votes_in_flight(&mut cluster);
    cluster.act(Action::Crash(NodeId(0)));
    cluster.act(Action::Heal);
    suspect(&mut cluster, &["n3", "n4"]);
    cluster.run_ms(60);
    assert_eq!(cluster.views(), [1; 3]);
    assert_eq!(
        (cluster.replica("n2").low_water_mark(), cluster.replica("n3").low_water_mark()),
        (0, 6),
        "n2 has not caught up yet"
    );
    cluster.run_ms(3_000);
    assert_eq!(cluster.views(), [1; 3], "no other view is needed");
    assert_eq!((cluster.ended("c1"), cluster.replica("n2").executed()), ("ok".to_owned(), 7));
    cluster.must_be_sound();
}

#[test]
fn b6_a_new_view_has_the_null_request_in_each_gap_and_none_above_the_last_certificate() {
    let carried = (2, certificate(2).proposal.vote.body().digest);
    let (null, wrong) = ((1, Digest::NULL), (1, Digest::NULL.of_nothing()));
    for (proposals, is_right) in [
        (vec![null, carried], true),
        (vec![carried], false),
        (vec![wrong, carried], false),
        (vec![null, carried, (3, Digest::NULL)], false),
        (vec![null], false),
    ] {
        let (mut replica, mut out) = booted();
        let view_changes =
            vec![view_change(1, Vec::new()), view_change(2, vec![certificate(2)]), view_change(3, Vec::new())];
        told(&mut replica, &mut out, &new_view(view_changes, &proposals));
        assert_eq!(replica.current_view(), u64::from(is_right), "{proposals:?}");
    }
}

#[test]
fn b6_a_gap_is_filled_with_the_null_request() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n1", &[], "pre-prepare", Alteration::SequenceUp);
    cluster.alter("n1", &[], "commit", Alteration::SequenceUp);
    cluster.put("c1", "x", "1");
    cluster.run_ms(3_000);
    assert_eq!(cluster.fired("n3", Rule::NullRequest), 1);
    assert_eq!((cluster.replica("n3").executed(), cluster.ended("c1")), (2, "ok".to_owned()));
    cluster.must_be_sound();
}

//! After a disagreement the culprits are named, with proofs that convict liars and nobody else.

use super::cluster::{Cluster, MS, quiet};
use consensus_playground::check::accountability::excuse;
use consensus_playground::check::{Culprit, Culprits};
use consensus_playground::pbft::Mutation;
use consensus_playground::process::{Alteration, Catalogue, NodeId};
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Deed};

/// Everything between n2 and n4 is cut: n2 and n4 are honest, n1 and n3 lie.
fn divided() -> Cluster {
    let mut scenario = quiet(4);
    scenario.client.deadline_ticks = 80_000 * MS;
    let mut cluster = Cluster::of(&scenario);
    cluster.act(Action::Collude(cluster.set(&["n1", "n3"])));
    cluster.act(Action::Cut(vec![(NodeId(1), NodeId(3)), (NodeId(3), NodeId(1))]));
    cluster
}

/// Two liars help n2 to commit in view 0; then they hide it from n4, with which they go on in a later view.
fn fork_over_two_views() -> Cluster {
    let mut cluster = divided();
    for liar in ["n1", "n3"] {
        for kind in ["pre-prepare", "prepare", "commit", "commitment"] {
            cluster.say(liar, &["n4"], kind, Deed::Withhold, false);
        }
    }
    cluster.put("c1", "x", "A");
    cluster.run_ms(200);
    assert_eq!(cluster.replica("n2").executed(), 1);
    let around_n2 = [0, 2, 3].map(|other| [(NodeId(1), NodeId(other)), (NodeId(other), NodeId(1))]).concat();
    cluster.act(Action::Cut(around_n2));
    for liar in ["n1", "n3"] {
        let node = cluster.id(liar);
        cluster.act(Action::Reform(node));
        cluster.act(Action::Depart(node, Mutation::CertificatesDropped.code()));
        cluster.say(liar, &[], "commitment", Deed::Withhold, false);
    }
    cluster.say("n1", &["n4"], "pre-prepare", Deed::Withhold, false);
    cluster.put("c2", "x", "B");
    cluster.run_ms(6_000);
    cluster
}

fn names(cluster: &Cluster, culprits: &Culprits) -> Vec<String> {
    culprits.named.iter().map(|each| cluster.run.simulation().world().name(each.culprit)).collect()
}

/// Whoever is named has signed both halves, in messages that left it.
fn proofs_are_carried(cluster: &Cluster, culprits: &Culprits) {
    let trace = cluster.run.simulation().trace();
    for Culprit { culprit, said, .. } in &culprits.named {
        for half in said {
            let message = &trace.messages[half.message.expect("a message carried it") as usize];
            assert!(message.from == *culprit || half.text.contains("view-change"), "{}", half.text);
        }
        assert_ne!(said[0], said[1]);
    }
}

#[test]
fn a_fork_over_two_views_names_those_who_hid_what_they_had_committed() {
    let cluster = fork_over_two_views();
    assert!(cluster.broken().contains(&"agreement"), "{:?} {:?}", cluster.views(), cluster.broken());
    let culprits = cluster.run.culprits().unwrap();
    assert_eq!(names(&cluster, &culprits), ["n1", "n3"], "f + 1 of them, and both lied");
    assert_eq!(culprits.missing, None);
    for culprit in &culprits.named {
        assert!(
            culprit.charge.contains("hides in its view-change") && culprit.charge.contains("committed in view 0"),
            "{}",
            culprit.charge
        );
        assert_eq!(culprit.excuse, None);
    }
    proofs_are_carried(&cluster, &culprits);
    let finding = cluster.run.findings().into_iter().find(|finding| finding.invariant.name == "agreement").unwrap();
    assert_eq!(culprits.event, finding.event);
    let why: Vec<&str> = finding.because.iter().map(|reason| reason.sentence.as_str()).collect();
    assert_eq!(why.len(), 4, "both are prepared, and both are committed: {why:?}");
    assert!(
        why[0].starts_with("n2 prepares") && why[1].starts_with("n2 commits") && why[2].starts_with("n4 prepares"),
        "{why:?}"
    );
    assert!(why[3].starts_with("n4 commits") && finding.because[3].event == finding.event, "{why:?}");
}

#[test]
fn before_the_disagreement_nobody_is_blamed() {
    let mut cluster = fork_over_two_views();
    let event = cluster.run.culprits().unwrap().event;
    cluster.run.seek(event);
    assert_eq!(cluster.run.culprits(), None);
    cluster.run.seek(event + 1);
    assert_eq!(names(&cluster, &cluster.run.culprits().unwrap()), ["n1", "n3"]);
}

/// The replicas find out themselves once they talk to each other again.
#[test]
fn a_replica_that_committed_convicts_those_who_hid_it_when_it_sees_the_new_view() {
    let mut cluster = fork_over_two_views();
    assert!(cluster.replica("n2").proofs().is_empty());
    cluster.act(Action::Heal);
    cluster.run_ms(3_000);
    let culprits: Vec<NodeId> = cluster.replica("n2").proofs().keys().copied().collect();
    assert_eq!(culprits, [NodeId(0), NodeId(2)]);
    assert!(!cluster.broken().contains(&"only-liars-are-convicted"));
}

#[test]
fn a_fork_within_one_view_names_those_who_signed_two_requests() {
    let mut cluster = divided();
    for liar in ["n1", "n3"] {
        for kind in ["pre-prepare", "prepare", "commit"] {
            cluster.alter(liar, &["n4"], kind, Alteration::Value(0));
        }
        cluster.say(liar, &[], "commitment", Deed::Withhold, false);
    }
    cluster.put("c1", "x", "A");
    cluster.run_ms(5);
    cluster.put("c2", "x", "B");
    cluster.run_ms(300);
    assert!(cluster.broken().contains(&"agreement"), "{:?}", cluster.broken());
    let culprits = cluster.run.culprits().unwrap();
    assert_eq!((names(&cluster, &culprits), culprits.missing.clone()), (vec!["n1".to_owned(), "n3".to_owned()], None));
    assert!(
        culprits.named.iter().all(|culprit| culprit.charge.contains("signs two digests for number 2 in view 0")),
        "{culprits:?}"
    );
    proofs_are_carried(&cluster, &culprits);
}

#[test]
fn quorums_that_share_too_few_name_those_and_say_why_no_more() {
    let mut scenario = quiet(3);
    (scenario.pbft.faults, scenario.pbft.quorum) = (Some(1), Some(2));
    let mut cluster = Cluster::of(&scenario);
    cluster.act(Action::Cut(vec![(NodeId(1), NodeId(2)), (NodeId(2), NodeId(1))]));
    for kind in ["pre-prepare", "prepare", "commit"] {
        cluster.alter("n1", &["n3"], kind, Alteration::Value(0));
    }
    cluster.put("c1", "x", "A");
    cluster.run_ms(5);
    cluster.put("c2", "x", "B");
    cluster.run_ms(300);
    let culprits = cluster.run.culprits().unwrap();
    assert_eq!(names(&cluster, &culprits), ["n1"]);
    assert!(culprits.missing.unwrap().contains("need not share more than 1"));
}

#[test]
fn where_honest_replicas_agree_nobody_is_blamed() {
    let mut cluster = Cluster::quiet(4);
    cluster.alter("n1", &["n3"], "pre-prepare", Alteration::Value(0));
    cluster.put("c1", "x", "1");
    cluster.put("c2", "x", "2");
    cluster.run_ms(3_000);
    assert_eq!(cluster.run.culprits(), None);
    cluster.must_be_sound();
}

/// The primary's disk is wiped, and it gives the numbers of its view out once more.
#[test]
fn a_replica_that_forgot_by_a_wipe_is_no_liar() {
    let mut cluster = Cluster::of(&Scenario::of("pbft"));
    cluster.run_ms(150);
    cluster.act(Action::WipeDisk(NodeId(0)));
    cluster.run_ms(4_000);
    let proofs = cluster.run.proofs();
    assert!(proofs.iter().any(|held| held.culprit == NodeId(0)), "the others hold what contradicts itself");
    assert!(!cluster.broken().contains(&"only-liars-are-convicted"), "{:?}", cluster.broken());
    assert!(!cluster.broken().contains(&"votes-kept"), "{:?}", cluster.broken());
    let world = cluster.run.simulation().world();
    let reason = excuse(world, NodeId(0)).unwrap();
    assert!(reason.contains("its disk was wiped") && reason.contains("beyond the model"), "{reason}");
    assert_eq!(excuse(world, NodeId(1)), None);
}

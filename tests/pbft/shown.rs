//! What a page is shown of a run: certificates as sets, the papers' phases, and proofs with the messages that they are
//! made of.

use super::cluster::{Cluster, MS};
use consensus_playground::check::HeldProof;
use consensus_playground::pbft::{Pbft, Rule};
use consensus_playground::process::{Alteration, Catalogue, NodeId, Process, SECOND, VoteSet};
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;

fn votes(cluster: &Cluster, name: &str, phase: &str) -> Vec<VoteSet> {
    cluster.replica(name).votes().into_iter().filter(|set| set.phase == phase).collect()
}

/// Who voted, by name.
fn voters(cluster: &Cluster, set: &VoteSet) -> Vec<String> {
    set.voters.iter().map(|node| cluster.run.simulation().world().name(node)).collect()
}

#[test]
fn a_certificate_is_the_set_of_those_who_said_the_same() {
    let mut cluster = Cluster::quiet(4);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    let [proposed] = &votes(&cluster, "n2", "pre-prepare")[..] else { panic!("one proposal") };
    assert_eq!(
        (voters(&cluster, proposed), proposed.text.as_str(), proposed.index),
        (vec!["n1".to_owned()], "put x=1", 1)
    );
    let [prepared] = &votes(&cluster, "n2", "prepare")[..] else { panic!("one request") };
    assert_eq!((prepared.have, prepared.need), (3, 2), "2f backups, and the primary is none");
    assert!(!prepared.voters.contains(NodeId(0)));
    let [committed] = &votes(&cluster, "n2", "commit")[..] else { panic!("one request") };
    assert!(committed.have >= 3 && committed.need == 3);
    assert_eq!(committed.value, prepared.value);
}

#[test]
fn of_two_faces_neither_comes_to_a_certificate() {
    let mut cluster = Cluster::quiet(4);
    cluster.put("c2", "y", "0");
    cluster.run_ms(200);
    cluster.alter("n1", &["n3"], "pre-prepare", Alteration::Value(0));
    cluster.say("n1", &["n4"], "pre-prepare", consensus_playground::sim::Deed::Withhold, false);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    let sets: Vec<VoteSet> = votes(&cluster, "n2", "prepare").into_iter().filter(|set| set.index == 2).collect();
    assert_eq!(sets.iter().map(|set| (set.have, set.need)).collect::<Vec<_>>(), [(1, 2), (1, 2)]);
    assert_ne!(sets[0].value, sets[1].value);
    assert!(votes(&cluster, "n2", "commit").iter().all(|set| set.index == 1));
}

#[test]
fn who_asks_for_a_view_is_seen_until_it_begins() {
    let mut cluster = Cluster::quiet(4);
    cluster.cut_off("n1");
    cluster.put("c1", "x", "1");
    let seen = (0..200).find_map(|_| {
        cluster.run_ms(5);
        votes(&cluster, "n3", "view-change").into_iter().next()
    });
    let seen = seen.expect("the primary is gone");
    assert_eq!((seen.round, seen.need), (1, 3));
    cluster.run_ms(1_000);
    assert_eq!(votes(&cluster, "n3", "view-change"), [], "view 1 has begun");
}

#[test]
fn the_phases_are_those_of_the_papers_drawing() {
    let mut cluster = Cluster::quiet(4);
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    let [decision] = &cluster.run.phases(0, SECOND)[..] else { panic!("one request") };
    let names: Vec<&str> = decision.phases.iter().map(|phase| phase.name).collect();
    assert_eq!(names, ["request", "pre-prepare", "prepare", "commit", "reply"]);
    let lengths: Vec<u64> = decision.phases.windows(2).map(|pair| pair[1].from - pair[0].from).collect();
    assert_eq!(lengths, [10 * MS; 4], "a delay each");
    assert_eq!(decision.until - decision.phases[4].from, 10 * MS);
    assert_eq!(cluster.run.phases(0, 0), [], "nothing was said by then");
}

fn played(name: &str) -> Run<Pbft> {
    let scenario = gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario;
    let mut run: Run<Pbft> = Run::new(scenario.simulation().unwrap());
    run.run_until(3 * SECOND, u32::MAX);
    run
}

#[test]
fn a_proof_names_two_messages_of_its_culprit_and_the_event_that_completed_it() {
    let mut run = played("pbft-two-faced-primary");
    let proofs = run.proofs();
    let holders: Vec<NodeId> = proofs.iter().map(|proof| proof.holder).collect();
    assert!(holders.contains(&NodeId(1)) && holders.contains(&NodeId(2)), "{holders:?}");
    let trace = run.simulation().trace();
    for HeldProof { culprit, holder, since, event, said } in &proofs {
        assert_eq!(*culprit, NodeId(0));
        let event = &trace.events[event.unwrap() as usize];
        assert_eq!((event.node, event.time), (holder.0, *since));
        assert!(trace.rules_of(event).any(|rule| rule == Rule::MisbehaviourProven.code()));
        let [one, other] = said.each_ref().map(|half| &trace.messages[half.message.unwrap() as usize]);
        assert_eq!((one.from, other.from), (*culprit, *culprit));
        assert!(one.body != other.body && one.sent < *since && other.sent < *since);
    }
    run.seek(1);
    assert_eq!(run.proofs(), [], "nobody holds anything at the beginning");
}

#[test]
fn nobody_holds_a_proof_where_nobody_lies() {
    assert_eq!(played("pbft-fault-free").proofs(), []);
}

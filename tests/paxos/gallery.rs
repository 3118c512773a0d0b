//! The prepared runs of single-decree Paxos show what they say.

use consensus_playground::check::BallotVotes;
use consensus_playground::paxos::Paxos;
use consensus_playground::process::{MILLISECOND, NodeId, SECOND, Ticks};
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;

pub fn run(name: &str, until: Ticks) -> Run<Paxos> {
    let scenario = gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario;
    let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
    run.run_until(until, u32::MAX);
    run
}

/// A ballot with its owner.
fn named(epoch: u64) -> (u64, u64) {
    (epoch / 64, epoch % 64 + 1)
}

fn values(ballots: &[BallotVotes]) -> Vec<&str> {
    ballots.iter().filter_map(|ballot| ballot.value.as_deref()).collect()
}

fn chosen(ballots: &[BallotVotes]) -> Vec<(u64, u64)> {
    ballots.iter().filter(|ballot| ballot.is_chosen).map(|ballot| named(ballot.epoch)).collect()
}

fn learned(run: &Run<Paxos>) -> Vec<String> {
    let replicas = run.simulation().world().replicas().iter();
    replicas
        .filter_map(|machine| machine.process.as_ref()?.chosen())
        .map(|proposal| proposal.value.to_string())
        .collect()
}

fn must_be_sound(run: &mut Run<Paxos>) {
    assert_eq!(run.findings_at_end(), []);
    let sentence = run.verdict(1_000_000).sentence;
    assert!(sentence.starts_with("linearizable"), "{sentence}");
}

fn answers(run: &mut Run<Paxos>) -> Vec<String> {
    run.history()
        .iter()
        .map(|operation| format!("{:?}", operation.completed.as_ref().map(|(_, ending)| ending)))
        .collect()
}

#[test]
fn one_value_is_chosen_in_two_phases_and_whoever_comes_later_is_told_which() {
    let preparing = run("one-value", 45 * MILLISECOND);
    assert!(preparing.ballots()[0].has_promises, "phase 1 comes first");
    assert_eq!(chosen(&preparing.ballots()), []);

    let mut run = run("one-value", 2 * SECOND);
    let ballots = run.ballots();
    assert_eq!(ballots.len(), 1, "one ballot is enough");
    assert_eq!((chosen(&ballots), values(&ballots)), (vec![(1, 1)], vec!["tea"]));
    assert_eq!(learned(&run), ["tea"; 5]);
    assert!(answers(&mut run)[1].contains("tea"), "c2 is told which value it is: {:?}", answers(&mut run));
    must_be_sound(&mut run);
}

#[test]
fn duelling_proposers_choose_nothing_for_a_while_and_nothing_false_ever() {
    let early = run("duel", 150 * MILLISECOND);
    assert_eq!(chosen(&early.ballots()), []);
    assert!(early.ballots().len() > 5, "{:?}", early.ballots());
    let owners: Vec<u64> = early.ballots().iter().map(|ballot| named(ballot.epoch).1).collect();
    assert!(owners.contains(&1) && owners.contains(&2) && owners.iter().all(|owner| *owner < 3), "{owners:?}");

    let mut late = run("duel", 5 * SECOND);
    let defeats = late.transcript(0..late.simulation().events()).matches("· outbid").count();
    assert_eq!(defeats, 17);
    assert_eq!(chosen(&late.ballots()).len(), 1, "one pause is long enough");
    let known = learned(&late);
    assert!(known.len() == 5 && known.iter().all(|value| *value == known[0]), "{known:?}");
    must_be_sound(&mut late);
}

#[test]
fn a_value_survives_the_loss_of_the_majority_that_chose_it() {
    let before = run("lost-majority", 120 * MILLISECOND - 1);
    assert_eq!(chosen(&before.ballots()), [(1, 1)]);
    assert_eq!(before.ballots()[0].accepted.iter().collect::<Vec<_>>(), [0, 1, 2].map(NodeId));

    let without = run("lost-majority", 700 * MILLISECOND - 1);
    assert_eq!(without.simulation().world().replicas().iter().filter(|machine| machine.process.is_none()).count(), 3);
    assert!(
        without.ballots().iter().skip(1).all(|ballot| !ballot.has_promises && ballot.value.is_none()),
        "two of five are no majority"
    );

    let mut run = run("lost-majority", 3 * SECOND);
    let ballots = run.ballots();
    let meeting = run.meeting().unwrap();
    assert_eq!((named(meeting.earlier), meeting.is_chosen), ((1, 1), true));
    assert!(
        meeting.later > meeting.earlier && meeting.carried_by.contains(NodeId(2)),
        "n3 carries the value: {meeting:?}"
    );
    assert!(values(&ballots).len() > 1 && values(&ballots).iter().all(|value| *value == "tea"), "{ballots:?}");
    assert!(learned(&run).iter().all(|value| value == "tea"));
    must_be_sound(&mut run);
}

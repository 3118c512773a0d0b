//! What a page is shown of a run: votes as sets, phases, and evidence with the messages that it is made of; and the
//! prepared runs.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::process::{NodeId, Process, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::sim::Stepped;
use consensus_playground::tendermint::Tendermint;

fn opened(name: &str) -> Run<Tendermint> {
    let scenario = gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario;
    Run::new(scenario.simulation().unwrap())
}

fn played(name: &str) -> Run<Tendermint> {
    let mut run = opened(name);
    run.run_until(3 * SECOND, u32::MAX);
    assert_eq!(run.findings_at_end(), []);
    let judgement = run.verdict(20_000_000);
    assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
    run
}

#[test]
fn the_calm_run_decides_each_height_in_round_0_and_nobody_holds_evidence() {
    let run = played("tendermint-fault-free");
    assert!(run.phases(0, 3 * SECOND).iter().all(|decision| decision.round == 0));
    let first = run.phases(0, SECOND).remove(0);
    let names: Vec<&str> = first.phases.iter().map(|phase| phase.name).collect();
    assert_eq!(names, ["propose", "prevote", "precommit", "reply"], "the request came before, to whoever got it first");
    assert_eq!(run.proofs(), []);
}

#[test]
fn where_the_proposer_is_silent_nobody_has_a_polka_and_a_later_round_decides() {
    let mut run = opened("tendermint-silent-proposer");
    let mut nil = None;
    while nil.is_none() && run.step_until(3 * SECOND) == Stepped::Event {
        let Some(process) = run.simulation().world().replicas()[1].process.as_ref() else { continue };
        let sets = process.votes();
        nil = sets.iter().any(|set| set.round == 1).then_some(sets);
    }
    let round: Vec<_> = nil.expect("the next round").into_iter().filter(|set| set.round == 0).collect();
    assert!(
        round.iter().any(|set| set.phase == "proposal" && set.need == 0 && set.voters.contains(NodeId(0))),
        "n1 was to propose"
    );
    assert!(
        round.iter().filter(|set| set.phase != "proposal").all(|set| set.value.is_none() && set.need == 3),
        "{round:?}"
    );
    let run = played("tendermint-silent-proposer");
    assert!(run.phases(0, 3 * SECOND).iter().any(|decision| decision.round > 0));
    assert_eq!(run.proofs(), [], "silence can never be proved");
}

#[test]
fn evidence_is_two_messages_of_the_culprit_and_the_event_that_completed_it() {
    for (name, culprit) in [("tendermint-hidden-lock", NodeId(3)), ("tendermint-two-faced-proposer", NodeId(0))] {
        let run = played(name);
        let proofs = run.proofs();
        assert!(proofs.iter().any(|proof| proof.holder != culprit), "{name}");
        let trace = run.simulation().trace();
        for proof in &proofs {
            assert_eq!(proof.culprit, culprit);
            let event = &trace.events[proof.event.unwrap() as usize];
            assert_eq!((event.node, event.time), (proof.holder.0, proof.since));
            let [one, other] = proof.said.each_ref().map(|half| &trace.messages[half.message.unwrap() as usize]);
            assert_eq!((one.from, other.from), (culprit, culprit));
            assert_ne!(one.body, other.body);
        }
    }
}

#[test]
fn what_a_validator_has_not_heard_is_no_vote() {
    let run = opened("tendermint-fault-free");
    assert!(
        run.simulation().world().replicas().iter().all(|machine| machine.process.is_none()),
        "before the first event"
    );
    let mut run = run;
    run.run_until(1, u32::MAX);
    let sets = run.simulation().world().replicas()[0].process.as_ref().unwrap().votes();
    assert!(sets.iter().all(|set| set.phase == "proposal" && set.need == 0), "{sets:?}");
}

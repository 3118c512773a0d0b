//! Liars in a protocol that does not expect them, and what a run keeps of their lies.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::paxos::Paxos;
use consensus_playground::process::{Alteration, Message, NodeId, NodeSet, SECOND};
use consensus_playground::raft::Raft;
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::aim::leader;
use consensus_playground::sim::trace::Lie;
use consensus_playground::sim::{Action, Fate, Strategy};

fn run_with(strategy: impl Fn(NodeId) -> Strategy) -> (Run<Raft>, NodeId) {
    let mut run = Run::new(Scenario { seed: 3, ..Scenario::of("raft") }.raft_simulation().unwrap());
    run.run_until(SECOND, u32::MAX);
    let liar = leader(run.simulation().world()).unwrap();
    run.intervene(Action::Corrupt(liar, strategy(liar))).unwrap();
    run.run_until(3 * SECOND, u32::MAX);
    (run, liar)
}

/// Two of the followers are told another value.
fn two_faces(liar: NodeId) -> Strategy {
    let to = (0..5).map(NodeId).filter(|&node| node != liar).take(2).collect();
    Strategy::Equivocation { to, say: Alteration::Value(1), others: None }
}

#[test]
fn raft_believes_a_leader_with_two_faces_and_replicas_apply_different_commands() {
    let (run, liar) = run_with(two_faces);
    assert!(run.simulation().world().adversary().ever().contains(liar));
    let broken: Vec<&str> = run.findings().iter().map(|finding| finding.invariant.name).collect();
    assert!(broken.contains(&"state-machine-safety"), "{broken:?}");
}

#[test]
fn both_faces_of_a_lie_are_kept() {
    let (run, liar) = run_with(two_faces);
    let trace = run.simulation().trace();
    let told = trace.lies.iter().filter(|lie| matches!(lie.lie, Lie::Altered(Alteration::Value(1))));
    let mut seen = 0;
    for lie in told {
        let message = &trace.messages[lie.message as usize];
        assert_eq!(message.from, liar);
        let honest = lie.honest.as_ref().unwrap();
        assert_eq!(honest.kind(), message.body.kind());
        assert_ne!(*honest, message.body);
        assert_eq!(trace.lie_of(lie.message).unwrap().message, lie.message);
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
    assert!(run.transcript(0..u32::MAX).contains("LIE to "));
}

#[test]
fn a_silent_leader_is_replaced_and_what_it_kept_back_is_recorded() {
    let (mut run, liar) = run_with(|_| Strategy::Silence { to: NodeSet::EMPTY });
    assert_ne!(leader(run.simulation().world()), Some(liar));
    let trace = run.simulation().trace();
    let withheld = trace.resolutions.iter().filter(|end| end.fate == Fate::Withheld).count();
    assert!(withheld > 3 && withheld == trace.lies.len());
    assert!(matches!(run.verdict(1_000_000).report.verdict, Verdict::Linearizable(_)));
    assert_eq!(run.lost_writes(), Vec::<usize>::new(), "what was answered is kept");
}

#[test]
fn what_is_lost_is_lost_from_some_moment_on_and_not_before() {
    let (mut run, _) = run_with(two_faces);
    let (events, lost) = (run.simulation().events(), run.lost_writes());
    run.seek(events / 3);
    assert_eq!(run.lost_writes(), Vec::<usize>::new(), "nobody has lied yet");
    run.seek(events);
    assert_eq!(run.lost_writes(), lost);
}

#[test]
fn going_back_and_forward_again_meets_the_same_lies() {
    let (mut run, _) = run_with(|_| Strategy::Drawn);
    let (events, lies, hash) =
        (run.simulation().events(), run.simulation().trace().lies.len(), run.simulation().world().trace_hash());
    assert!(lies > 5);
    run.seek(events / 3);
    run.seek(events);
    assert_eq!(run.simulation().world().trace_hash(), hash);
    assert_eq!(run.simulation().trace().lies.len(), lies);
}

/// A proposer of Paxos that asks each half to accept another value in one ballot.
#[test]
fn paxos_believes_a_proposer_with_two_faces_and_a_ballot_has_two_values() {
    let mut scenario = Scenario { replicas: 3, clients: 2, ..Scenario::of("paxos") };
    let broken: Vec<&'static str> = (0..200)
        .flat_map(|seed| {
            scenario.seed = seed;
            let mut run: Run<Paxos> = Run::new(scenario.simulation().unwrap());
            let to = [NodeId(2)].into_iter().collect();
            let strategy = Strategy::Equivocation { to, say: Alteration::Value(1), others: None };
            run.intervene(Action::Corrupt(NodeId(0), strategy)).unwrap();
            run.run_until(3 * SECOND, u32::MAX);
            run.findings().into_iter().map(|finding| finding.invariant.name).collect::<Vec<_>>()
        })
        .collect();
    for expected in ["one-value-a-ballot", "learned-is-chosen"] {
        assert!(broken.contains(&expected), "{expected}: {broken:?}");
    }
}

/// What a liar has itself is not held against it: one that only keeps silent breaks nothing.
#[test]
fn a_silent_acceptor_of_paxos_breaks_nothing() {
    let mut run: Run<Paxos> =
        Run::new(Scenario { seed: 3, replicas: 3, ..Scenario::of("paxos") }.simulation().unwrap());
    run.intervene(Action::Corrupt(NodeId(2), Strategy::Silence { to: NodeSet::EMPTY })).unwrap();
    run.run_until(3 * SECOND, u32::MAX);
    assert_eq!(run.findings_at_end(), []);
    assert!(matches!(run.verdict(1_000_000).report.verdict, Verdict::Linearizable(_)));
}

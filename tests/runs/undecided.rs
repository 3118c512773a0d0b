//! The adversarial scheduler of Fischer, Lynch and Paterson: nothing is lost, nobody crashes, every message arrives,
//! and nothing is ever decided.

use consensus_playground::paxos::Paxos;
use consensus_playground::process::SECOND;
use consensus_playground::raft::Raft;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Playable, Scenario};
use consensus_playground::search::undecided::{Undecided, held_count, keep_undecided, let_go};
use consensus_playground::sim::trace::Fate;

fn run<R: Playable>(scenario: &Scenario) -> Run<R> {
    Run::new(scenario.simulation::<R>().unwrap())
}

fn decided<R: Playable>(run: &Run<R>) -> bool {
    run.simulation().world().replicas().iter().any(|machine| machine.process.as_ref().unwrap().decided() > 0)
}

/// No message but the few that are held back now has been under way for longer than a second, and none was lost.
fn every_message_arrives<R: Undecided>(run: &Run<R>) {
    let (world, trace) = (run.simulation().world(), run.simulation().trace());
    assert!(trace.resolutions.iter().all(|resolution| resolution.fate == Fate::Delivered));
    let late = trace
        .resolutions
        .iter()
        .filter(|resolution| resolution.time > trace.messages[resolution.message as usize].sent + 3 * SECOND);
    assert_eq!(late.count(), 0);
    let waiting = world
        .in_flight()
        .into_iter()
        .filter(|&message| trace.messages[message as usize].sent + 3 * SECOND < world.now());
    assert_eq!(waiting.count(), 0, "{} messages are held back", held_count(run));
}

fn undecided_and_then_decided<R: Playable + Undecided>(protocol: &str, replicas: u32) {
    for seed in 0..10 {
        let mut run: Run<R> = run(&Scenario { seed, replicas, ..Scenario::of(protocol) });
        keep_undecided(&mut run, 60 * SECOND, u32::MAX).unwrap();
        assert!(!decided(&run), "{protocol}, seed {seed}: a minute without a decision");
        every_message_arrives(&run);
        let_go(&mut run).unwrap();
        run.run_until(75 * SECOND, u32::MAX);
        assert!(decided(&run), "{protocol}, seed {seed}: when the scheduler lets go, the cluster decides");
        assert_eq!(run.findings_at_end(), [], "{protocol}, seed {seed}");
        assert!(run.verdict(1_000_000).sentence.starts_with("linearizable"));
    }
}

#[test]
fn paxos_chooses_nothing_while_the_acceptance_that_would_decide_arrives_too_late() {
    undecided_and_then_decided::<Paxos>("paxos", 3);
    undecided_and_then_decided::<Paxos>("paxos", 5);
}

#[test]
fn raft_elects_nobody_while_the_vote_that_would_decide_arrives_too_late() {
    undecided_and_then_decided::<Raft>("raft", 3);
    undecided_and_then_decided::<Raft>("raft", 5);
}

#[test]
fn without_the_scheduler_the_same_runs_decide_at_once() {
    for seed in 0..10 {
        let mut run: Run<Paxos> = run(&Scenario { seed, replicas: 3, ..Scenario::of("paxos") });
        run.run_until(10 * SECOND, u32::MAX);
        assert!(decided(&run), "seed {seed}");
    }
}

//! Whole runs: message counts, silence, catching up.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::kv::Ending;
use consensus_playground::process::{MILLISECOND, Message as _, NodeId, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::script::at;
use consensus_playground::scenario::{ActionText, Scenario};
use consensus_playground::sim::TicksRange;
use consensus_playground::tendermint::{Evidence, Message, Tendermint};

pub fn of(replicas: u32) -> Scenario {
    let mut scenario = Scenario { replicas, ..Scenario::of("tendermint") };
    scenario.workload.operations_per_client = Some(20);
    scenario
}

fn run(scenario: &Scenario, until: u64) -> Run<Tendermint> {
    let mut run = Run::new(scenario.simulation().unwrap());
    run.run_until(until, u32::MAX);
    run
}

fn must_be_sound(run: &mut Run<Tendermint>) {
    assert_eq!(run.findings_at_end(), []);
    let judgement = run.verdict(20_000_000);
    assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
}

fn heights(run: &Run<Tendermint>) -> Vec<usize> {
    let replicas = run.simulation().world().replicas().iter();
    replicas.map(|machine| machine.process.as_ref().map_or(0, |process| process.durable().chain.len())).collect()
}

/// (n-1) proposals and twice n(n-1) votes, in three steps of one latency each.
#[test]
fn a_height_in_round_0_takes_27_messages_of_four_validators_and_three_steps() {
    let latency = 5 * MILLISECOND;
    for (replicas, expected) in [(4, 27), (7, 90)] {
        let mut scenario = of(replicas);
        scenario.clients = 1;
        scenario.workload.operations_per_client = Some(1);
        scenario.network.latency_ticks = TicksRange::new(latency, latency);
        let mut run = run(&scenario, SECOND);
        assert_eq!(heights(&run), vec![1; replicas as usize]);
        let trace = run.simulation().trace();
        let kinds = |kind: &'static str| {
            trace.messages.iter().filter(move |record| Message::KINDS[usize::from(record.body.kind())] == kind)
        };
        let counts: Vec<usize> = ["Proposal", "Prevote", "Precommit"].iter().map(|kind| kinds(kind).count()).collect();
        let n = replicas as usize;
        assert_eq!(counts, [n - 1, n * (n - 1), n * (n - 1)]);
        assert_eq!(counts.iter().sum::<usize>(), expected);
        let proposed = kinds("Proposal").map(|record| record.sent).min().unwrap();
        let answered = kinds("Reply").map(|record| record.sent).max().unwrap();
        assert_eq!(answered - proposed, 3 * latency, "propose, prevote, precommit");
        must_be_sound(&mut run);
    }
}

#[test]
fn a_silent_proposer_costs_a_round_and_no_more() {
    let mut scenario = of(4);
    scenario.interventions = vec![at(1, ActionText::Crash { node: "n1".to_owned() })];
    let mut run = run(&scenario, 10 * SECOND);
    let chain = &run.simulation().world().replicas()[1].process.as_ref().unwrap().durable().chain;
    assert!(chain.len() > 10);
    assert!(chain.iter().any(|decision| decision.round == 1) && chain.iter().all(|decision| decision.round < 3));
    must_be_sound(&mut run);
}

#[test]
fn a_validator_that_was_cut_off_gets_the_blocks_that_it_missed() {
    let mut scenario = of(4);
    let groups = [vec!["n4"], vec!["n1", "n2", "n3", "c1", "c2", "c3"]];
    let groups = groups.iter().map(|side| side.iter().map(|&name| name.to_owned()).collect()).collect();
    scenario.interventions = vec![at(100, ActionText::Partition { groups }), at(4_000, ActionText::Heal)];
    let cut = heights(&run(&scenario, 3_999 * MILLISECOND));
    assert!(cut[3] + 10 < cut[0], "{cut:?}");
    let mut healed = run(&scenario, 12 * SECOND);
    let heights = heights(&healed);
    assert!(heights.iter().all(|&height| height == heights[0]), "{heights:?}");
    must_be_sound(&mut healed);
}

#[test]
fn weighted_validators_decide_by_power() {
    let mut scenario = of(4);
    scenario.tendermint.powers = vec![1, 1, 1, 7];
    scenario.interventions =
        ["n1", "n2", "n3"].iter().map(|name| at(300, ActionText::Crash { node: (*name).to_owned() })).collect();
    let before = heights(&run(&scenario, 299 * MILLISECOND))[3];
    let after = heights(&run(&scenario, 5 * SECOND))[3];
    assert!(after > before + 5, "from {before} to {after}: n4 alone is more than two thirds");
    scenario.tendermint.powers = vec![1, 1, 1, 2];
    let stopped = run(&scenario, 5 * SECOND);
    assert_eq!(heights(&stopped)[3], heights(&run(&scenario, 400 * MILLISECOND))[3], "two of five are not");
}

/// A client believes answers by more than a third of the power, whoever gives them.
#[test]
fn a_client_counts_power_and_not_heads() {
    let served = |powers: &[u64], down: &str| {
        let mut scenario = of(4);
        scenario.tendermint.powers = powers.to_vec();
        scenario.interventions = vec![at(1, ActionText::Crash { node: down.to_owned() })];
        let mut run = run(&scenario, 5 * SECOND);
        run.history().iter().filter(|operation| matches!(operation.completed, Some((_, Ending::Ok(_))))).count()
    };
    assert!(served(&[1, 1, 1, 7], "n1") > 10, "n4 alone is more than a third");
    assert!(served(&[3, 3, 3, 1], "n4") > 10, "two of three are");
    assert_eq!(served(&[1, 1, 1, 7], "n4"), 0, "without n4 nothing is decided");
}

#[test]
fn without_load_a_run_is_calm() {
    let mut scenario = of(4);
    scenario.workload.operations_per_client = Some(0);
    let run = run(&scenario, 5 * SECOND);
    assert_eq!(heights(&run), [0; 4]);
    assert!(run.simulation().trace().messages.iter().all(|record| record.body.is_heartbeat()));
}

fn played(name: &str) -> Run<Tendermint> {
    run(&gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario, 5 * SECOND)
}

fn validator(run: &Run<Tendermint>, place: usize) -> &Tendermint {
    run.simulation().world().replicas()[place - 1].process.as_ref().unwrap()
}

#[test]
fn the_calm_scenario_decides_every_height_in_round_0() {
    let mut run = played("tendermint-fault-free");
    let chain = &validator(&run, 1).durable().chain;
    assert!(chain.len() > 50 && chain.iter().all(|decision| decision.round == 0));
    must_be_sound(&mut run);
}

#[test]
fn a_proposer_that_falls_silent_costs_its_heights_a_round_and_the_others_none() {
    let mut run = played("tendermint-silent-proposer");
    let rounds: Vec<(u64, u64)> =
        validator(&run, 2).durable().chain.iter().map(|decision| (decision.block.height(), decision.round)).collect();
    let later = rounds.iter().filter(|(_, round)| *round > 0).count();
    assert!(
        later > 3 && rounds.iter().all(|(height, round)| *round == 0 || (*round == 1 && height % 4 == 1)),
        "{rounds:?}"
    );
    must_be_sound(&mut run);
}

#[test]
fn a_hidden_lock_is_proposed_again_by_who_has_it_and_decided_in_round_1() {
    let scenario = gallery().into_iter().find(|entry| entry.name == "tendermint-hidden-lock").unwrap().scenario;
    let hidden = run(&scenario, 150 * MILLISECOND);
    let locked = [1, 2, 3].map(|place| validator(&hidden, place).consensus().locked().is_some());
    assert_eq!(locked, [false, true, false], "n2 alone of the honest ones");
    let mut ended = run(&scenario, 5 * SECOND);
    let first = &validator(&ended, 1).durable().chain[0];
    let lock = validator(&hidden, 2).consensus().locked().unwrap();
    assert_eq!((first.round, first.block.id()), (1, lock.id));
    let culprits = |place| {
        validator(&ended, place).durable().evidence.iter().map(|evidence| evidence.culprit()).collect::<Vec<_>>()
    };
    assert_eq!([1, 2, 3].map(culprits), [const { [NodeId(3)] }; 3]);
    must_be_sound(&mut ended);
}

#[test]
fn a_proposer_with_two_faces_divides_nobody_and_is_convicted_of_both_votes_and_proposals() {
    let mut run = played("tendermint-two-faced-proposer");
    for place in [2, 3, 4] {
        let evidence = &validator(&run, place).durable().evidence;
        assert!(!evidence.is_empty() && evidence.iter().all(|evidence| evidence.culprit() == NodeId(0)));
        assert!(evidence.iter().all(|evidence| evidence.is_genuine() && evidence.contradicts()));
    }
    let honest =
        [2, 3, 4].iter().flat_map(|&place| validator(&run, place).durable().evidence.clone()).collect::<Vec<_>>();
    let proposals = honest.iter().filter(|evidence| matches!(***evidence, Evidence::Proposals { .. })).count();
    assert!(proposals > 0 && proposals < honest.len(), "{proposals} of {}", honest.len());
    assert!(run.simulation().trace().lies.len() > 50);
    must_be_sound(&mut run);
}

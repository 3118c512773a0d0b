//! What no rule's absence leads to, shown to the monitor by hand.

use super::*;
use crate::process::Process;
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::tendermint::{Block, Decision};
use std::sync::Arc;

fn of_seed(seed: u64) -> Simulation<Tendermint> {
    let mut simulation = Scenario { seed, ..Scenario::of("tendermint") }.simulation::<Tendermint>().unwrap();
    while first(&simulation).is_none_or(|process| process.decided() < 3) {
        simulation.step();
    }
    simulation
}

fn first(simulation: &Simulation<Tendermint>) -> Option<&Tendermint> {
    simulation.world().replicas()[0].process.as_ref()
}

/// No rule's absence leads to such states: they follow from the blocks. The monitor is shown validators of two runs.
#[test]
fn another_state_at_the_same_height_is_found() {
    let mut monitor = TendermintMonitor::new(4);
    let (one, other) = (of_seed(1), of_seed(2));
    monitor.look_at_state(1, NodeId(0), first(&one).unwrap());
    assert_eq!(monitor.findings(), []);
    monitor.look_at_state(2, NodeId(1), first(&other).unwrap());
    assert_eq!(monitor.findings().iter().map(|finding| finding.invariant.name).collect::<Vec<_>>(), ["state-equal"]);
}

/// No rule's absence leads to such a chain: whoever adopts or proposes a block looks at the one before it.
#[test]
fn a_block_that_names_another_than_the_one_before_it_is_found() {
    let simulation = Scenario::of("tendermint").simulation::<Tendermint>().unwrap();
    let mut monitor = TendermintMonitor::new(4);
    let block = Arc::new(Block::new(2, BlockId::of(b"another"), NodeId(0), Vec::new()));
    let decision = Arc::new(Decision { block, round: 0, certificate: Vec::new() });
    monitor.look_at_decision(7, NodeId(1), (1, BlockId::GENESIS), &decision, simulation.world());
    assert!(monitor.findings().iter().any(|finding| finding.invariant.name == "chain-unbroken"));
}

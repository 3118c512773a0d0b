//! Two promises, shown to the monitor by hand: that states are equal, and that chains are unbroken. In whole runs they
//! are broken only after another promise was (`tests/tendermint/monitor.rs` has such runs).

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

/// A validator's state is what its blocks make of the empty store: states at one height differ only where blocks up to
/// it do, which `agreement` forbids. Here the monitor knows nothing of blocks: it is shown validators of two runs.
#[test]
fn another_state_at_the_same_height_is_found() {
    let mut monitor = TendermintMonitor::new(4);
    let (one, other) = (of_seed(1), of_seed(2));
    monitor.look_at_state(1, NodeId(0), first(&one).unwrap());
    assert_eq!(monitor.findings(), []);
    monitor.look_at_state(2, NodeId(1), first(&other).unwrap());
    let findings = monitor.findings();
    assert_eq!(findings.iter().map(|finding| finding.invariant.name).collect::<Vec<_>>(), ["state-equal"]);
    assert_eq!(findings[0].because.iter().map(|reason| reason.event).collect::<Vec<_>>(), [1, 2]);
}

/// Whoever adopts or proposes a block looks at the one before it, and who votes for any block needs one that is
/// proposed: so such a chain takes two rules that are off, one that makes chains differ and one that goes on from
/// there.
#[test]
fn a_block_that_names_another_than_the_one_before_it_is_found() {
    let simulation = Scenario::of("tendermint").simulation::<Tendermint>().unwrap();
    let mut monitor = TendermintMonitor::new(4);
    let block = Arc::new(Block::new(2, BlockId::of(b"another"), NodeId(0), Vec::new()));
    let decision = Arc::new(Decision { block, round: 0, certificate: Vec::new() });
    monitor.look_at_decision(7, NodeId(1), (1, BlockId::GENESIS), &decision, simulation.world());
    let found = monitor.findings().into_iter().find(|finding| finding.invariant.name == "chain-unbroken").unwrap();
    assert_eq!(found.because.iter().map(|reason| reason.event).collect::<Vec<_>>(), [7]);
}

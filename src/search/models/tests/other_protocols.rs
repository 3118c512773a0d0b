//! The explorer takes any protocol that implements the contract. What it takes for one is a subject: here one each for
//! PBFT and Tendermint, in the normal case, with one replica of four that is cut off.

use crate::kv::{ClientMessage, Command, Request};
use crate::pbft::{self, Pbft};
use crate::process::{Fingerprint, NodeId, Process, Seat};
use crate::search::explore::cluster::{Bounds, ClusterModel, ClusterProperty, ClusterState, Subject};
use crate::search::explore::{Ended, Exploration, Explorer, Limits, Outcome, Property, Report};
use crate::tendermint::{self, Tendermint, Validators};

const REPLICAS: u16 = 4;
const CLIENT: NodeId = NodeId(REPLICAS);
/// It hears nothing. What the others say to it is lost.
const CUT_OFF: NodeId = NodeId(3);

/// The client's request, on its way to n1.
fn request<M: ClientMessage>() -> Vec<(NodeId, NodeId, M)> {
    let command = Command::Put { key: "x".into(), value: "1".into() };
    let message =
        M::request_of(Seat { id: CLIENT, replicas: REPLICAS }, Request { client: CLIENT, sequence: 1, command });
    vec![(CLIENT, NodeId(0), message)]
}

/// How many have decided something, and whether all of those have the same state.
fn decided<P: Process>(state: &ClusterState<P, ()>, store: impl Fn(&P) -> u128) -> (usize, bool) {
    let states: Vec<u128> =
        state.up().filter(|(_, process)| process.decided() > 0).map(|(_, process)| store(process)).collect();
    (states.len(), states.windows(2).all(|pair| pair[0] == pair[1]))
}

struct NormalCase;

impl Subject for NormalCase {
    type Process = Pbft;
    type Memory = ();

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        vec![
            Property::always("agreement", "all that have executed the request have the same state", |_, state| {
                pbft_decided(state).1
            }),
            Property::reachable("all-execute-it", "three replicas have executed the request", |_, state| {
                pbft_decided(state).0 == 3
            }),
        ]
    }

    fn may_fire(&self, _: pbft::PbftTimer) -> bool {
        false
    }

    fn carries(&self, to: NodeId, message: &pbft::Message) -> bool {
        use pbft::Message as M;
        to != CUT_OFF && matches!(message, M::Request(_) | M::PrePrepare(_) | M::Prepare(_) | M::Commit(_))
    }

    fn requests(&self) -> Vec<(NodeId, NodeId, pbft::Message)> {
        request()
    }
}

fn pbft_decided(state: &ClusterState<Pbft, ()>) -> (usize, bool) {
    decided(state, |replica| replica.store().fingerprint_of())
}

struct OneHeight;

impl Subject for OneHeight {
    type Process = Tendermint;
    type Memory = ();

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        vec![
            Property::always("agreement", "all that have decided the block have the same state", |_, state| {
                tendermint_decided(state).1
            }),
            Property::reachable("all-decide-it", "three validators have decided the block", |_, state| {
                tendermint_decided(state).0 == 3
            }),
        ]
    }

    fn may_fire(&self, _: tendermint::Timer) -> bool {
        false
    }

    fn carries(&self, to: NodeId, message: &tendermint::Message) -> bool {
        use tendermint::Message as M;
        to != CUT_OFF && matches!(message, M::Request(_) | M::Proposal(_) | M::Prevote(_) | M::Precommit(_))
    }

    fn requests(&self) -> Vec<(NodeId, NodeId, tendermint::Message)> {
        request()
    }
}

fn tendermint_decided(state: &ClusterState<Tendermint, ()>) -> (usize, bool) {
    decided(state, |validator| validator.store().fingerprint_of())
}

fn explored<S: Subject>(subject: S, config: <S::Process as Process>::Config) -> Report {
    let mut explorer =
        Explorer::new(ClusterModel::new(subject, config, REPLICAS, Bounds::default()), Limits::default());
    explorer.run();
    explorer.report()
}

/// In every order of the messages, the three that hear each other can only come to the same end, and in some order all
/// do.
fn must_agree(report: &Report) {
    assert_eq!(report.progress.ended, Some(Ended::Exhausted), "{}", report.covered());
    assert!(!report.has_failure(), "{:?}", report.properties);
    assert_eq!(report.properties[1].outcome, Outcome::Reached);
    assert!((100..200_000).contains(&report.progress.states), "{}", report.covered());
}

#[test]
fn the_normal_case_of_pbft_is_explored_to_exhaustion() {
    must_agree(&explored(NormalCase, pbft::Config::default()));
}

#[test]
fn a_height_of_tendermint_is_explored_to_exhaustion() {
    must_agree(&explored(OneHeight, tendermint::Config::of(Validators::equal(REPLICAS))));
}

#[test]
fn a_quorum_that_needs_the_replica_that_is_cut_off_executes_nothing() {
    let config = pbft::Config { quorum: Some(4), ..pbft::Config::default() };
    let report = explored(NormalCase, config);
    assert_eq!(report.properties[1].outcome, Outcome::OutOfReach, "a quorum of four needs the one that is cut off");
}

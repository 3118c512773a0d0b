//! The types of messages, and who answers each.

use super::message::{Answered, Request};
use super::{
    State, commit_rule, comparison, election, faults, history, leader_change, multi_paxos, partition, paxos, pbft,
    replication,
};
use super::{snapshot, state_machine, store, tendermint, threshold};

pub(super) type Handler = fn(&mut State, &Request<'_>) -> Answered;

/// A type of message that a node takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// The task in which it is stated: a number, a letter for the appendix' tracks.
    pub task: &'static str,
    /// Whether it is an addition of ours, which the course does not state.
    pub is_ours: bool,
}

const fn stated(name: &'static str, task: &'static str) -> Kind {
    Kind { name, task, is_ours: false }
}

const fn ours(name: &'static str, task: &'static str) -> Kind {
    Kind { name, task, is_ours: true }
}

/// All types but `init`, which makes the node that the others need.
const TABLE: &[(Kind, Handler)] = &[
    (stated("echo", "0"), echo),
    (stated("raft_append", "1"), replication::raft_append),
    (stated("append_entries", "2"), replication::append_entries),
    (stated("append_entries_ok", "2"), replication::append_entries_ok),
    (ours("commit_status", "3"), replication::commit_status),
    (stated("seed_committed_log", "4"), state_machine::seed_committed_log),
    (stated("get_state", "4, 7, 9, A1"), state_machine::get_state),
    (stated("set_term", "5"), election::set_term),
    (stated("request_vote", "5, A4"), election::request_vote),
    (stated("request_vote_ok", "5, A4"), election::request_vote_ok),
    (stated("check_commit", "6"), commit_rule::check_commit),
    (stated("advance_commit", "6"), commit_rule::advance_commit),
    (stated("apply_entries", "7"), state_machine::apply_entries),
    (stated("leader_change", "8"), leader_change::leader_change),
    (stated("simulate_noop_commit", "8"), leader_change::simulate_noop_commit),
    (stated("take_snapshot", "9, B5"), snapshot::take_snapshot),
    (stated("install_snapshot", "9"), snapshot::install_snapshot),
    (stated("get_log_info", "9"), snapshot::get_log_info),
    (stated("partition_test", "10"), partition::partition_test),
    (stated("verify_linearizability", "10"), history::verify_linearizability),
    (stated("paxos_prepare", "11"), paxos::paxos_prepare),
    (stated("paxos_accept", "12"), paxos::paxos_accept),
    (ours("paxos_accepted", "12"), paxos::paxos_accepted),
    (stated("paxos_chosen", "12"), paxos::paxos_chosen),
    (stated("paxos_safety_test", "13"), paxos::paxos_safety_test),
    (stated("paxos_invariant_check", "13"), paxos::paxos_invariant_check),
    (stated("multi_paxos_propose", "14"), multi_paxos::multi_paxos_propose),
    (stated("multi_paxos_log", "14"), multi_paxos::multi_paxos_log),
    (ours("multi_paxos_depose", "14"), multi_paxos::multi_paxos_depose),
    (stated("compare_consensus", "15"), comparison::compare_consensus),
    (stated("simulate_leader_change_cost", "15"), comparison::simulate_leader_change_cost),
    (stated("classify_fault", "16"), faults::classify_fault),
    (stated("byzantine_examples", "16"), faults::byzantine_examples),
    (stated("cft_failure_demo", "16"), faults::cft_failure_demo),
    (stated("pbft_request", "17"), pbft::pbft_request),
    (stated("pbft_status", "17"), pbft::pbft_status),
    (stated("simulate_equivocation", "18"), pbft::simulate_equivocation),
    (stated("equivocation_report", "18"), pbft::equivocation_report),
    (stated("bft_threshold", "19"), threshold::bft_threshold),
    (stated("bft_test_insufficient", "19"), threshold::bft_test_insufficient),
    (stated("tendermint_propose", "20"), tendermint::tendermint_propose),
    (stated("tendermint_prevote", "20"), tendermint::tendermint_prevote),
    (ours("tendermint_precommit", "20"), tendermint::tendermint_precommit),
    (stated("tendermint_status", "20"), tendermint::tendermint_status),
    (stated("become_leader", "A2"), election::become_leader),
    (stated("wait", "A2"), election::wait),
    (stated("get_election_timeout", "A3"), election::get_election_timeout),
    (stated("trigger_election_timeout", "A5"), election::trigger_election_timeout),
    (stated("read", "B1"), store::read),
    (stated("write", "B1, B4"), store::write),
    (ours("cas", "B1"), store::cas),
    (stated("seed_state", "B5"), snapshot::seed_state),
    (stated("partition", "C"), partition::partition),
    (stated("heal", "C"), partition::heal),
    (stated("partition_status", "C"), partition::partition_status),
];

/// Who answers a type.
pub(super) fn handler(name: &str) -> Option<Handler> {
    TABLE.iter().find(|(kind, _)| kind.name == name).map(|(_, handler)| *handler)
}

/// All types of messages that a node takes.
pub fn kinds() -> impl Iterator<Item = Kind> {
    std::iter::once(stated("init", "0")).chain(TABLE.iter().map(|(kind, _)| *kind))
}

fn echo(_: &mut State, request: &Request<'_>) -> Answered {
    use super::message::{Answer, Refusal};
    let echo = request.body.get("echo").ok_or_else(|| Refusal::malformed("echo", "missing"))?;
    Ok(Answer::reply("echo_ok", serde_json::json!({ "echo": echo })))
}

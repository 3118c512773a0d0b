//! The learner (PMS 2.3): counts acceptances for each ballot, and knows the value when a majority has accepted one.

use super::rule::Rule;
use super::state::{Ballot, Proposal};
use super::{Out, Paxos};
use crate::kv::Value;
use crate::process::{NodeId, NodeSet, fingerprint_struct};
use std::collections::BTreeMap;

/// What a learner has heard.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Learner {
    /// For each ballot its value, and who has accepted it.
    accepted: BTreeMap<Ballot, (Value, NodeSet)>,
    chosen: Option<Proposal>,
}

fingerprint_struct!(Learner { accepted, chosen });

impl Learner {
    /// What it takes for chosen, if it does.
    pub fn chosen(&self) -> Option<&Proposal> {
        self.chosen.as_ref()
    }

    /// Each ballot of which it has heard an acceptance, with the value and who has accepted it; nothing once it knows
    /// what is chosen.
    pub fn counts(&self) -> impl Iterator<Item = (Ballot, &Value, NodeSet)> {
        self.accepted.iter().map(|(ballot, (value, acceptors))| (*ballot, value, *acceptors))
    }
}

impl Paxos {
    /// An acceptor has accepted a proposal.
    pub(super) fn on_accepted(&mut self, from: NodeId, proposal: &Proposal, out: &mut Out) {
        if let Some(chosen) = &self.learner.chosen {
            if chosen.value != proposal.value && proposal.ballot > chosen.ballot {
                out.violation(format!("{} is accepted, and {} was chosen before", proposal, chosen));
            }
            return;
        }
        let fresh = || (proposal.value.clone(), NodeSet::EMPTY);
        let (value, acceptors) = self.learner.accepted.entry(proposal.ballot).or_insert_with(fresh);
        if *value != proposal.value {
            out.violation(format!("two values are accepted in ballot {}", proposal.ballot));
            return;
        }
        acceptors.insert(from);
        if self.acceptances(proposal) >= self.quorum() {
            out.rule(Rule::Learned);
            self.learner.chosen = Some(proposal.clone());
            self.learner.accepted.clear();
            self.end_attempt(out);
        }
    }
}

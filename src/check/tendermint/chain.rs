//! What validators have decided: what is on their disks, for they have told it to nobody before.

use super::said::{Kind, Step};
use super::{
    ACCUSATIONS, AGREEMENT, CHAIN_UNBROKEN, DECIDED_ON_QUORUM, First, STATE_EQUAL, Split, TendermintMonitor, VALIDITY,
    name,
};
use crate::check::accountability::excuse;
use crate::check::invariant::Found;
use crate::process::{Fingerprint, NodeId, NodeSet, Process, Signed};
use crate::sim::World;
use crate::tendermint::{BlockId, Decision, Evidence, Height, Tendermint, VoteKind};
use std::sync::Arc;

impl TendermintMonitor {
    /// Looks at what is new on the disk of an honest validator, whether it is up or down.
    pub(super) fn look_at_disk(&mut self, event: u32, node: NodeId, world: &World<Tendermint>) {
        let Some(machine) = world.replicas().get(node.index()).filter(|_| world.is_honest(node)) else { return };
        let (chain, evidence) = (&machine.disk.durable.chain, &machine.disk.durable.evidence);
        let seen = self.seen[node.index()];
        // A disk that has forgotten is looked at from where it stands now.
        let (first, first_evidence) = (seen.decided.min(chain.len()), seen.evidence.min(evidence.len()));
        (self.seen[node.index()].decided, self.seen[node.index()].evidence) = (chain.len(), evidence.len());
        for (index, decision) in chain.iter().enumerate().skip(first) {
            let previous = index.checked_sub(1).map_or(BlockId::GENESIS, |index| chain[index].block.id());
            self.look_at_decision(event, node, (index, previous), decision, world);
        }
        let state_is_known = machine.process.as_ref().filter(|process| process.durable().chain.len() == chain.len());
        if let Some(process) = state_is_known.filter(|_| chain.len() > first) {
            self.look_at_state(event, node, process);
        }
        for accusation in evidence.iter().skip(first_evidence) {
            self.look_at_accusation(event, node, accusation, world);
        }
    }

    /// The event by which a validator decided, as far as it is known.
    fn decided_by(&self, node: NodeId, height: Height, event: u32) -> u32 {
        self.decided_at.get(&(node, height)).copied().unwrap_or(event)
    }

    pub(super) fn look_at_decision(
        &mut self,
        event: u32,
        node: NodeId,
        (index, previous): (usize, BlockId),
        decision: &Arc<Decision>,
        world: &World<Tendermint>,
    ) {
        let (block, height) = (&decision.block, index as u64 + 1);
        let (id, by) = (block.id(), self.decided_by(node, height, event));
        let decides = || format!("{} decides {id} at height {height}", name(node));
        if block.height() != height || block.previous() != previous {
            self.findings.note(CHAIN_UNBROKEN, event, || {
                let says = format!(
                    "{}'s block {height} says that it is block {} behind {}",
                    name(node),
                    block.height(),
                    block.previous()
                );
                Found::new(says).because(by, decides())
            });
        }
        self.look_at_certificate(event, node, decision, world);
        for request in block.requests().iter().map(Signed::body) {
            let asked = self.invoked.get(&(request.client, request.sequence));
            // In the name of a client that gave its keys away, anybody may have asked.
            if world.is_honest(request.client) && asked.is_none_or(|(command, _)| *command != request.command) {
                let asked = asked.map(|(command, event)| (*event, command.to_string()));
                self.findings.note(VALIDITY, event, || {
                    let command = request.command.to_string();
                    let found = Found::new(format!(
                        "{} decides {command:?} at height {height}, which no client asked for",
                        name(node)
                    ));
                    let found = found.because(by, format!("{}, which holds {command:?}", decides()));
                    let client = world.name(request.client);
                    let with_asked = |(event, asked)| {
                        found.clone().because(event, format!("with that number {client} asks for {asked:?}"))
                    };
                    asked.map_or_else(|| found.clone(), with_asked)
                });
            }
        }
        match self.decided.get(index) {
            Some(first) if first.decision.block.id() != id => self.disagree(event, node, index, decision, world),
            None if self.decided.len() == index => {
                self.decided.push(First { decision: decision.clone(), node, by, seen: event })
            }
            _ => {}
        }
    }

    /// The precommits are counted here, and not by the one that decides: genuine ones, of one round, each validator
    /// once.
    fn look_at_certificate(&mut self, event: u32, node: NodeId, decision: &Decision, world: &World<Tendermint>) {
        let validators = &world.setup().replica.validators;
        let (id, height, round) = (decision.block.id(), decision.block.height(), decision.round);
        let counted = decision.certificate.iter().filter(|vote| {
            let body = vote.body();
            vote.is_genuine()
                && body.kind == VoteKind::Precommit
                && (body.height, body.round, body.id) == (height, round, Some(id))
        });
        let counted: NodeSet = counted.map(Signed::signer).collect();
        let (power, total) = (validators.power_of(counted), validators.total());
        if validators.is_quorum(power) {
            return;
        }
        let by = self.decided_by(node, height, event);
        let heard = self.heard[node.index()].voters(by, height, round, VoteKind::Precommit, Some(id));
        let heard: Vec<(NodeId, u32)> = heard.filter(|(voter, _)| counted.contains(*voter)).collect();
        self.findings.note(DECIDED_ON_QUORUM, event, || {
            let says =
                format!("{} decides {id} at height {height} with precommits of power {power} of {total}", name(node));
            heard.iter().fold(Found::new(says.clone()).because(by, says), |found, (voter, came)| {
                found.because(*came, format!("{} knows of {}'s precommit in round {round}", name(node), name(*voter)))
            })
        });
    }

    /// Two honest validators have decided different blocks.
    fn disagree(
        &mut self,
        event: u32,
        node: NodeId,
        place: usize,
        decision: &Arc<Decision>,
        world: &World<Tendermint>,
    ) {
        let height = place as u64 + 1;
        let First { decision: first, node: other, by: first_by, .. } = self.decided[place].clone();
        let (id, first_id) = (decision.block.id(), first.block.id());
        let by = self.decided_by(node, height, event);
        let (round, first_round) = (decision.round, first.round);
        let mut says = format!(
            "{} decides {id} at height {height} in round {round}, and {} decided {first_id} in round {first_round}",
            name(node),
            name(other)
        );
        let forgetful = (0..world.setup().replicas).filter_map(|place| excuse(world, NodeId(place)));
        for excuse in forgetful {
            says.push_str("; ");
            says.push_str(&excuse);
        }
        let mut found = Found::new(says)
            .at(node, height)
            .at(other, height)
            .because(by, format!("{} decides {id} in round {}", name(node), decision.round))
            .because(first_by, format!("{} decides {first_id} in round {}", name(other), first.round));
        for (event, sentence) in self.words_for_both(&first, decision) {
            found = found.because(event, sentence);
        }
        self.findings.note(AGREEMENT, event, || found);
        self.split.get_or_insert_with(|| Split { event, height, one: (other, first), other: (node, decision.clone()) });
    }

    /// What those said who precommitted both of two blocks: each time the precommit for the earlier one, and the first
    /// word after it for the other.
    fn words_for_both(&self, one: &Decision, other: &Decision) -> Vec<(u32, String)> {
        let (early, late) = if one.round <= other.round { (one, other) } else { (other, one) };
        let signers = |decision: &Decision| -> NodeSet { decision.certificate.iter().map(Signed::signer).collect() };
        let (height, both) = (one.block.height(), signers(early));
        let mut words = Vec::new();
        for who in both.iter().filter(|who| signers(late).contains(*who)) {
            let said = |round, kind, decision: &Decision| {
                let step = Step { who, height, round, kind };
                let word = self.words.said(step).find(|(_, word)| word.value.id == Some(decision.block.id()))?.1;
                Some((word.cast, format!("{} {} {} in round {round}", name(who), kind.verb(), decision.block.id())))
            };
            let mut later =
                (early.round..=late.round).flat_map(|round| [(round, Kind::Prevote), (round, Kind::Precommit)]);
            words.extend(said(early.round, Kind::Precommit, early));
            words.extend(later.find_map(|(round, kind)| said(round, kind, late)));
        }
        words
    }

    pub(super) fn look_at_state(&mut self, event: u32, node: NodeId, process: &Tendermint) {
        let (height, state) = (process.decided(), process.store().fingerprint_of());
        let (first, other, seen) = *self.states.entry(height).or_insert((state, node, event));
        if first != state {
            let decided = [(node, event), (other, seen)].map(|(node, seen)| self.decided_by(node, height, seen));
            self.findings.note(STATE_EQUAL, event, || {
                Found::new(format!("{} has another state after height {height} than {} had", name(node), name(other)))
                    .because(decided[0], format!("{} has one state after height {height}", name(node)))
                    .because(decided[1], format!("{} has another one after it", name(other)))
            });
        }
    }

    /// One whose disk has forgotten what it signed is honest, and may well have signed two things.
    fn look_at_accusation(&mut self, event: u32, node: NodeId, evidence: &Evidence, world: &World<Tendermint>) {
        let culprit = evidence.culprit();
        let is_bound = world.replicas().get(culprit.index()).is_some_and(|machine| machine.disk.forgot().is_none());
        if !is_bound || !world.is_honest(culprit) {
            return;
        }
        let (height, round) = evidence.place();
        let kind = match evidence {
            Evidence::Proposals { .. } => Kind::Proposal,
            Evidence::Votes { first, .. } if first.body().kind == VoteKind::Prevote => Kind::Prevote,
            Evidence::Votes { .. } => Kind::Precommit,
        };
        let said: Vec<_> = self.words.said(Step { who: culprit, height, round, kind }).map(|(_, word)| word).collect();
        self.findings.note(ACCUSATIONS, event, || {
            let says = format!("{} holds evidence against {}, which is honest", name(node), name(culprit));
            said.iter().fold(Found::new(says.clone()).because(event, says), |found, word| {
                found.because(
                    word.cast,
                    format!("{} {} {} in round {round}", name(culprit), kind.verb(), super::value(word.value.id)),
                )
            })
        });
    }
}

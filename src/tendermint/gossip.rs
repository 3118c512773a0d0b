//! What takes the place of gossip: saying again, and helping those who are behind.
//!
//! The paper assumes that what one honest validator receives, all do in the end. Links lose messages here, and a liar
//! may tell only some. So a validator for which nothing has moved on says again all that matters in its round: its own
//! proposal and votes, and those of others.

use super::consensus::Step;
use super::decision::Decision;
use super::message::{Message, Status};
use super::rule::{Mutation, Rule};
use super::state::Timer;
use super::{Out, Round, Tendermint};
use crate::process::NodeId;
use std::sync::Arc;

/// Most decided blocks in one message.
const BLOCKS_MAX: usize = 16;

/// Most waiting requests in one message.
const REQUESTS_MAX: usize = 64;

impl Tendermint {
    /// Sets the time to say again what it knows; soon in a round, seldom between heights.
    pub(super) fn reset_gossip_timer(&self, out: &mut Out) {
        let waits = self.consensus.step() == Step::Waiting;
        let ticks = if waits { self.config().status_ticks } else { self.config().resend_ticks };
        out.set_timer(Timer::Gossip, ticks, ticks);
    }

    pub(super) fn on_gossip_timer(&mut self, out: &mut Out) {
        self.asked = false;
        if self.consensus.step() != Step::Waiting {
            out.rule(Rule::ToldAgain);
        }
        self.broadcast(&Message::Status(Arc::new(self.status())), out);
        self.reset_gossip_timer(out);
    }

    /// What matters now: the current round and the one before, and the round of the polka for the valid value.
    fn status(&self) -> Status {
        let round = Some(self.consensus.round()).filter(|_| self.consensus.step() != Step::Waiting);
        let polka = self.consensus.valid().map(|valid| valid.round);
        let matters = |of: Round| round.is_some_and(|round| of == round || of + 1 == round) || Some(of) == polka;
        let votes = self.consensus.votes().rounds().filter(|(of, _)| matters(*of));
        let proposals = self.proposals.iter().filter(|proposed| matters(proposed.proposal.body().round));
        Status {
            height: self.height(),
            round,
            proposals: proposals.cloned().collect(),
            votes: votes
                .flat_map(|(_, votes)| votes.prevotes.votes().iter().chain(votes.precommits.votes()))
                .cloned()
                .collect(),
            requests: self.pool.iter().take(REQUESTS_MAX).cloned().collect(),
        }
    }

    /// Asks one that is ahead for blocks, once for a while.
    pub(super) fn ask(&mut self, whom: NodeId, out: &mut Out) {
        if !self.asked && self.seat.is_replica(whom) && whom != self.seat.id {
            self.asked = true;
            out.send(whom, Message::Status(Arc::new(self.status())));
        }
    }

    pub(super) fn on_status(&mut self, from: NodeId, status: &Status, out: &mut Out) {
        let mine = self.height();
        if status.height > mine {
            return self.ask(from, out);
        }
        if status.height < mine {
            let first = status.height.saturating_sub(1) as usize;
            let blocks: Vec<_> = self.durable.chain.iter().skip(first).take(BLOCKS_MAX).cloned().collect();
            out.rule(Rule::BlocksSent);
            out.send(from, Message::Blocks(blocks));
            return;
        }
        for request in &status.requests {
            self.on_request(request, false, out);
        }
        for proposed in &status.proposals {
            self.on_proposal(from, proposed, out);
        }
        for vote in &status.votes {
            self.on_vote(from, vote, out);
        }
    }

    /// Adopts decided blocks, as far as they continue the chain and have the precommits of more than two thirds.
    pub(super) fn on_blocks(&mut self, from: NodeId, decisions: &[Arc<Decision>], out: &mut Out) {
        let before = self.height();
        for decision in decisions {
            let continues = decision.block.height() == self.height() && decision.block.previous() == self.tip();
            if continues && self.is_decided(decision) && !self.has(Mutation::DecisionPutOff) {
                out.rule(Rule::BlockAdopted);
                self.commit(decision.clone(), out);
            }
        }
        let adopted = self.height() - before;
        if adopted > 0 && decisions.len() == BLOCKS_MAX {
            self.ask(from, out);
        }
    }
}

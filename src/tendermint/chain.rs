//! What follows from the algorithm's acts: votes are signed and sent, timeouts set, blocks made, decided and carried
//! out.

use super::block::{Block, BlockId};
use super::consensus::{Act, Consensus, Polka, Step};
use super::decision::Decision;
use super::message::Message;
use super::rule::{Mutation, Rule};
use super::state::{Durable, Proposed, Timer, Write};
use super::vote::{Evidence, Proposal, Vote, VoteKind};
use super::{Config, EARLY_MAX, Height, Out, Round, Tendermint};
use crate::kv::Store;
use crate::process::{Message as _, NodeId, Seat, Signed};
use std::collections::VecDeque;
use std::sync::Arc;

impl Tendermint {
    /// A validator as it boots: its chain carried out again, and where it stands in the height after it.
    pub(super) fn restore(seat: Seat, config: Config, durable: Durable) -> Self {
        let mut store = Store::default();
        for decision in &durable.chain {
            for request in decision.block.requests() {
                store.apply(request.body());
            }
        }
        let fresh = Consensus::new(seat.id, config, durable.height());
        let progress = &durable.progress;
        let consensus = match progress.round {
            None => fresh,
            Some(round) => {
                let voted =
                    |kind| progress.votes.iter().any(|vote| vote.body().round == round && vote.body().kind == kind);
                let step = match (voted(VoteKind::Precommit), voted(VoteKind::Prevote)) {
                    (true, _) => Step::Precommit,
                    (false, true) => Step::Prevote,
                    (false, false) => Step::Propose,
                };
                fresh.restored(round, step, progress.locked, progress.valid)
            }
        };
        let proposals = Vec::new();
        Self {
            seat,
            durable,
            consensus,
            proposals,
            early: Vec::new(),
            pool: Vec::new(),
            store,
            armed: Vec::new(),
            asked: false,
        }
    }

    /// After a boot: goes on where it was. Its own words are on its disk, and the polka of its valid value; what else
    /// others said is forgotten, and told again by them.
    pub(super) fn resume(&mut self, out: &mut Out) {
        let progress = self.durable.progress.clone();
        let Some(round) = progress.round else { return self.wait_for_requests(out) };
        self.reset_gossip_timer(out);
        let mut acts = Vec::new();
        for proposed in &progress.proposals {
            self.proposals.push(Arc::new(proposed.clone()));
            self.consensus.on_proposal(&proposed.proposal, true, &mut acts);
        }
        for vote in progress.valid_prevotes.iter().chain(&progress.votes) {
            self.consensus.on_vote(vote, &mut acts);
        }
        if self.consensus.step() == Step::Propose {
            let is_proposer = self.consensus.proposer() == self.seat.id;
            acts.push(if is_proposer {
                Act::Propose(round, progress.valid)
            } else {
                Act::Timeout(Step::Propose, round)
            });
        }
        self.perform(acts, out);
    }

    /// The height begins, if it has not begun.
    pub(super) fn begin(&mut self, out: &mut Out) {
        let mut acts = Vec::new();
        self.consensus.start(&mut acts);
        self.perform(acts, out);
    }

    /// Nothing waits for a block.
    fn wait_for_requests(&mut self, out: &mut Out) {
        self.reset_gossip_timer(out);
        if self.config().idle_ticks > 0 {
            out.set_timer(Timer::Idle(self.height()), self.config().idle_ticks, self.config().idle_ticks);
        }
    }

    /// Carries out what the algorithm wants done. Its own messages come back to it at once.
    pub(super) fn perform(&mut self, acts: Vec<Act>, out: &mut Out) {
        let mut acts = VecDeque::from(acts);
        while let Some(act) = acts.pop_front() {
            let mut follow = Vec::new();
            match act {
                Act::Rule(rule) => out.rule(rule),
                Act::Started(round) => self.on_started(round, out),
                Act::Propose(round, polka) => self.propose(round, polka, &mut follow, out),
                Act::Vote(vote) => self.cast(vote, &mut follow, out),
                Act::Timeout(step, round) => self.arm(step, round, out),
                Act::Locked(polka) => self.persist(Write::Locked(polka), out),
                Act::Valid(polka) => {
                    if let Some(block) = self.block(polka.id) {
                        self.persist(Write::Valid(polka, block, self.prevotes_of(polka)), out);
                    }
                }
                Act::Decided(polka) => {
                    // Whatever else the old height wanted is over.
                    acts.clear();
                    self.decide(polka, out);
                }
                Act::Equivocation(evidence) => self.accuse(evidence, out),
            }
            acts.extend(follow);
        }
    }

    /// The prevotes that make a polka.
    fn prevotes_of(&self, polka: Polka) -> Vec<Signed<Vote>> {
        let tally = self.consensus.votes().tally(VoteKind::Prevote, polka.round);
        let votes = tally.map_or(&[][..], |tally| tally.votes()).iter();
        votes.filter(|vote| vote.body().id == Some(polka.id)).cloned().collect()
    }

    fn on_started(&mut self, round: Round, out: &mut Out) {
        if self.durable.progress.round.is_none() {
            out.clear_timer(Timer::Idle(self.height()));
        }
        self.disarm(out);
        self.persist(Write::Round(round), out);
        self.reset_gossip_timer(out);
    }

    fn arm(&mut self, step: Step, round: Round, out: &mut Out) {
        let height = self.height();
        let (timer, timeout) = match step {
            Step::Waiting | Step::Propose => (Timer::Propose(height, round), self.config().propose),
            Step::Prevote => (Timer::Prevote(height, round), self.config().prevote),
            Step::Precommit => (Timer::Precommit(height, round), self.config().precommit),
        };
        let ticks = timeout.in_round(round);
        out.set_timer(timer, ticks, ticks);
        self.armed.push(timer);
    }

    /// Timeouts of a round that is over are not waited for.
    fn disarm(&mut self, out: &mut Out) {
        for timer in self.armed.drain(..) {
            out.clear_timer(timer);
        }
    }

    /// The block of that name, if it was proposed at this height.
    fn block(&self, id: BlockId) -> Option<Arc<Block>> {
        self.proposals.iter().find(|proposed| proposed.block.id() == id).map(|proposed| proposed.block.clone())
    }

    /// The name of the last decided block.
    pub(super) fn tip(&self) -> BlockId {
        self.durable.chain.last().map_or(BlockId::GENESIS, |decision| decision.block.id())
    }

    fn propose(&mut self, round: Round, polka: Option<Polka>, follow: &mut Vec<Act>, out: &mut Out) {
        let height = self.height();
        let valid_block =
            self.durable.progress.valid_block.clone().filter(|block| polka.is_some_and(|polka| polka.id == block.id()));
        let (block, valid_round) = match (valid_block, polka) {
            (Some(block), Some(polka)) => (block, Some(polka.round)),
            _ => {
                let most = usize::try_from(self.config().requests_per_block_max).unwrap_or(usize::MAX);
                let requests = self.pool.iter().take(most).cloned().collect();
                (Arc::new(Block::new(height, self.tip(), self.seat.id, requests)), None)
            }
        };
        let proposal = self.seat.sign(Proposal { height, round, id: block.id(), valid_round });
        let proposed = Proposed { proposal, block };
        self.persist(Write::Proposed(proposed.clone()), out);
        let proposed = Arc::new(proposed);
        self.broadcast(&Message::Proposal(proposed.clone()), out);
        self.proposals.push(proposed.clone());
        self.consensus.on_proposal(&proposed.proposal, true, follow);
    }

    fn cast(&mut self, vote: Vote, follow: &mut Vec<Act>, out: &mut Out) {
        let vote = self.seat.sign(vote);
        self.persist(Write::Voted(vote.clone()), out);
        self.broadcast(&Message::vote(vote.clone()), out);
        self.consensus.on_vote(&vote, follow);
    }

    /// The paper's valid(v): the block continues the chain, and holds nothing that no client signed.
    fn is_valid(&self, block: &Block) -> bool {
        let is_of_client = |request: &Signed<crate::kv::Request>| {
            self.is_believed(request)
                && request.signer() == request.body().client
                && !self.seat.is_replica(request.signer())
        };
        block.height() == self.height() && block.previous() == self.tip() && block.requests().iter().all(is_of_client)
    }

    pub(super) fn on_proposal(&mut self, from: NodeId, proposed: &Arc<Proposed>, out: &mut Out) {
        let proposal = *proposed.proposal.body();
        if !self.believes(&proposed.proposal, out)
            || !self.is_at(from, proposal.height, &Message::Proposal(proposed.clone()), out)
        {
            return;
        }
        if proposed.proposal.signer() != self.config().validators.proposer(proposal.height, proposal.round) {
            // Kept, it would stand where the proposer's own belongs: in the status, and in the search for two that
            // contradict each other.
            out.rule(Rule::WrongProposer);
            return;
        }
        self.accuse_of_two_proposals(&proposed.proposal, out);
        if proposal.id != proposed.block.id() {
            // The block is not the one that was signed for: it says nothing about that one.
            out.rule(Rule::BlockInvalid);
            return;
        }
        let is_valid = self.is_valid(&proposed.block);
        if !is_valid {
            out.rule(Rule::BlockInvalid);
        }
        if !self.proposals.contains(proposed) {
            self.proposals.push(proposed.clone());
        }
        self.begin(out);
        let mut acts = Vec::new();
        self.consensus.on_proposal(&proposed.proposal, is_valid, &mut acts);
        self.perform(acts, out);
    }

    pub(super) fn on_vote(&mut self, from: NodeId, vote: &Signed<Vote>, out: &mut Out) {
        let height = vote.body().height;
        if !self.believes(vote, out) || !self.is_at(from, height, &Message::vote(vote.clone()), out) {
            return;
        }
        self.begin(out);
        let mut acts = Vec::new();
        self.consensus.on_vote(vote, &mut acts);
        self.perform(acts, out);
    }

    /// Whether a message is of the height that is to be decided. One of the next height is kept; one of a later height
    /// says that this validator is behind.
    fn is_at(&mut self, from: NodeId, height: Height, message: &Message, out: &mut Out) -> bool {
        let mine = self.height();
        if height == mine + 1 {
            if self.early.len() < EARLY_MAX && !self.early.contains(message) {
                self.early.push(message.clone());
            }
        } else if height > mine + 1 {
            self.ask(from, out);
        }
        height == mine
    }

    fn decide(&mut self, polka: Polka, out: &mut Out) {
        let Some(block) = self.block(polka.id) else { return };
        let precommits = self.consensus.votes().tally(VoteKind::Precommit, polka.round);
        let votes = precommits.map_or(&[][..], |tally| tally.votes()).iter();
        let certificate = votes.filter(|vote| vote.body().id == Some(polka.id)).cloned().collect();
        self.commit(Arc::new(Decision { block, round: polka.round, certificate }), out);
    }

    /// A block is decided: it goes to the chain, its requests are carried out, and the next height is there.
    pub(super) fn commit(&mut self, decision: Arc<Decision>, out: &mut Out) {
        self.persist(Write::Decided(decision.clone()), out);
        out.rule(Rule::Executed);
        for request in decision.block.requests() {
            let request = request.body();
            if let Some(answer) = self.store.apply(request) {
                out.send(request.client, Message::answer(request.sequence, answer));
            }
        }
        let store = &self.store;
        self.pool.retain(|request| !store.is_past(request.body().client, request.body().sequence));
        self.disarm(out);
        out.clear_timer(Timer::Idle(self.height()));
        self.consensus = Consensus::new(self.seat.id, self.config().clone(), self.durable.height());
        self.proposals.clear();
        self.asked = false;
        if self.pool.is_empty() {
            out.rule(Rule::HeightAwaitsRequest);
            self.wait_for_requests(out);
        } else {
            self.begin(out);
        }
        let height = self.height();
        for message in std::mem::take(&mut self.early) {
            // One of them may decide this height too, and the rest is late then.
            if message.epoch() == height && self.height() == height {
                self.handle_message(self.seat.id, &message, out);
            }
        }
    }

    pub(super) fn on_evidence(&mut self, evidence: &Evidence, out: &mut Out) {
        if !evidence.is_genuine() && !self.has(Mutation::ForgeriesAccepted) {
            out.rule(Rule::ForgeryRejected);
        } else if evidence.contradicts() {
            self.keep(evidence, out);
        }
    }

    /// Whether the proposer of a round has signed another proposal for it.
    fn accuse_of_two_proposals(&mut self, second: &Signed<Proposal>, out: &mut Out) {
        let round = second.body().round;
        let of_round = self.proposals.iter().map(|known| &known.proposal).find(|known| known.body().round == round);
        let Some(first) = of_round.filter(|first| first.body() != second.body()).cloned() else { return };
        let evidence = Evidence::Proposals { first, second: second.clone() };
        if evidence.contradicts() {
            out.rule(Rule::EquivocationSeen);
            self.accuse(evidence, out);
        }
    }

    /// Keeps evidence, and shows it to all: one piece of each kind for each validator and height is enough.
    fn accuse(&mut self, evidence: Evidence, out: &mut Out) {
        if self.keep(&evidence, out) {
            self.broadcast(&Message::Evidence(Arc::new(evidence)), out);
        }
    }

    fn keep(&mut self, evidence: &Evidence, out: &mut Out) -> bool {
        let against = |known: &Evidence| (known.culprit(), known.place().0, matches!(known, Evidence::Votes { .. }));
        let is_new = self.durable.evidence.iter().all(|known| against(known) != against(evidence));
        if is_new {
            self.persist(Write::Evidence(Arc::new(evidence.clone())), out);
        }
        is_new
    }
}

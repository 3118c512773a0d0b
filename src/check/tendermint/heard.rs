//! What a validator has heard, each word with the event by which it came.
//!
//! What came in an earlier life is forgotten with it: whoever boots knows what is on its disk, its own words and the
//! polka of its valid value, and hears the rest again. Since every word has its event, what a validator knew at any
//! event of its past can be asked for.

use crate::process::{NodeId, NodeSet, Signed};
use crate::tendermint::{BlockId, Height, Message, Proposal, Round, Tendermint, Validators, Vote, VoteKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Who has said something, and the event by which that came.
type Speakers = Vec<(NodeId, u32)>;

/// What one validator has heard, its own words among it.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    votes: BTreeMap<(Height, Round, VoteKind, Option<BlockId>), Speakers>,
    /// That the proposer of a round has proposed.
    proposals: BTreeMap<(Height, Round), Speakers>,
    /// The events by which it booted.
    lives: Vec<u32>,
}

impl Heard {
    /// A life begins, with what is on the disk.
    pub fn boot(&mut self, event: u32, process: &Tendermint) {
        if self.lives.last() != Some(&event) {
            self.lives.push(event);
        }
        let progress = &process.durable().progress;
        for vote in progress.valid_prevotes.iter().chain(&progress.votes) {
            self.vote(event, vote);
        }
        for proposed in &progress.proposals {
            self.proposal(event, &proposed.proposal, &process.config().validators);
        }
    }

    /// A message has come, or is the validator's own.
    pub fn take(&mut self, event: u32, message: &Message, validators: &Validators) {
        match message {
            Message::Proposal(proposed) => self.proposal(event, &proposed.proposal, validators),
            Message::Prevote(vote) | Message::Precommit(vote) => self.vote(event, vote),
            Message::Status(status) => {
                for proposed in &status.proposals {
                    self.proposal(event, &proposed.proposal, validators);
                }
                for vote in &status.votes {
                    self.vote(event, vote);
                }
            }
            _ => {}
        }
    }

    fn vote(&mut self, event: u32, vote: &Signed<Vote>) {
        if vote.is_genuine() {
            let Vote { kind, height, round, id } = *vote.body();
            let since = self.life_at(event);
            add(self.votes.entry((height, round, kind, id)).or_default(), vote.signer(), event, since);
        }
    }

    fn proposal(&mut self, event: u32, proposal: &Signed<Proposal>, validators: &Validators) {
        let Proposal { height, round, .. } = *proposal.body();
        if proposal.is_genuine() && proposal.signer() == validators.proposer(height, round) {
            let since = self.life_at(event);
            add(self.proposals.entry((height, round)).or_default(), proposal.signer(), event, since);
        }
    }

    /// The event by which the life began to which an event belongs.
    pub fn life_at(&self, event: u32) -> u32 {
        let lives = self.lives.partition_point(|&began| began <= event);
        lives.checked_sub(1).map_or(0, |last| self.lives[last])
    }

    /// Whose votes for a value it knew at an event, and how each of them came.
    pub fn voters(
        &self,
        at: u32,
        height: Height,
        round: Round,
        kind: VoteKind,
        id: Option<BlockId>,
    ) -> impl Iterator<Item = (NodeId, u32)> {
        let since = self.life_at(at);
        let speakers = self.votes.get(&(height, round, kind, id)).into_iter().flatten();
        speakers.copied().filter(move |(_, event)| (since..=at).contains(event))
    }

    /// The power of those whose votes for a value it knew at an event.
    pub fn power(
        &self,
        validators: &Validators,
        at: u32,
        (height, round): (Height, Round),
        kind: VoteKind,
        id: Option<BlockId>,
    ) -> u64 {
        validators.power_of(self.voters(at, height, round, kind, id).map(|(who, _)| who).collect())
    }

    /// Whether it knew prevotes of more than two thirds for a block.
    pub fn has_polka(&self, validators: &Validators, at: u32, place: (Height, Round), id: BlockId) -> bool {
        validators.is_quorum(self.power(validators, at, place, VoteKind::Prevote, Some(id)))
    }

    /// Whether it knew a polka for a block in one of these rounds.
    pub fn has_polka_in(
        &self,
        validators: &Validators,
        at: u32,
        height: Height,
        rounds: Range<Round>,
        id: BlockId,
    ) -> bool {
        if rounds.is_empty() {
            return false;
        }
        let (first, end) =
            ((height, rounds.start, VoteKind::Prevote, None), (height, rounds.end, VoteKind::Prevote, None));
        let of_block =
            self.votes.range(first..end).filter(|((.., kind, of), _)| *kind == VoteKind::Prevote && *of == Some(id));
        of_block.map(|((_, round, ..), _)| *round).any(|round| self.has_polka(validators, at, (height, round), id))
    }

    /// Who had said something in a round, as it knew at an event; of one kind of votes, or anything.
    pub fn present(&self, at: u32, height: Height, round: Round, kind: Option<VoteKind>) -> NodeSet {
        let since = self.life_at(at);
        let end = round.saturating_add(1);
        let votes = self.votes.range((height, round, VoteKind::Prevote, None)..(height, end, VoteKind::Prevote, None));
        let votes =
            votes.filter(|((.., of, _), _)| kind.is_none_or(|kind| kind == *of)).flat_map(|(_, speakers)| speakers);
        let proposals = self.proposals.get(&(height, round)).filter(|_| kind.is_none()).into_iter().flatten();
        votes.chain(proposals).filter(|(_, event)| (since..=at).contains(event)).map(|(who, _)| *who).collect()
    }

    /// Whose votes of a kind it knew of a round, whatever they were for, and how each of them came.
    pub fn votes_in(
        &self,
        at: u32,
        height: Height,
        round: Round,
        kind: VoteKind,
    ) -> impl Iterator<Item = (NodeId, u32)> {
        let since = self.life_at(at);
        let votes = self
            .votes
            .range((height, round, kind, None)..)
            .take_while(move |((h, r, k, _), _)| (*h, *r, *k) == (height, round, kind));
        votes.flat_map(|(_, speakers)| speakers).copied().filter(move |(_, event)| (since..=at).contains(event))
    }

    /// Forgets what came by an event or after it.
    pub fn rewind(&mut self, event: u32) {
        let forget = |speakers: &mut Speakers| {
            speakers.retain(|(_, came)| *came < event);
            !speakers.is_empty()
        };
        self.votes.retain(|_, speakers| forget(speakers));
        self.proposals.retain(|_, speakers| forget(speakers));
        self.lives.retain(|began| *began < event);
    }
}

/// Adds a speaker, once in each life.
fn add(speakers: &mut Speakers, who: NodeId, event: u32, since: u32) {
    if !speakers.iter().rev().any(|(known, came)| *known == who && *came >= since) {
        speakers.push((who, event));
    }
}

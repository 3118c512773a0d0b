//! What validators have said, and whether they might.
//!
//! A word is *cast* by the event in which a validator signs it, and *said* when a message that carries it has left. It
//! binds whoever said it, and is judged by what its speaker knew when it was cast. One that was lost with a crash
//! before it left binds nobody; one that got to the disk and not further leaves later, in another life, and is judged
//! by the life in which it was cast.

use super::{
    LOCKS_RESPECTED, ONE_VOTE, PRECOMMIT_HAS_POLKA, SKIPS, TURNS, TendermintMonitor, VALID_PROPOSED, name, value,
};
use crate::check::invariant::Found;
use crate::process::{NodeId, Signed};
use crate::sim::World;
use crate::tendermint::{BlockId, Height, Message, Proposal, Round, Tendermint, Validators, Vote, VoteKind};
use std::collections::BTreeMap;

/// The three things that a validator says in a round.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Proposal,
    Prevote,
    Precommit,
}

impl Kind {
    fn of(kind: VoteKind) -> Self {
        match kind {
            VoteKind::Prevote => Self::Prevote,
            VoteKind::Precommit => Self::Precommit,
        }
    }

    /// What a validator does that says so.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Proposal => "proposes",
            Self::Prevote => "prevotes",
            Self::Precommit => "precommits",
        }
    }
}

/// What somebody says, but for the value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Step {
    pub who: NodeId,
    pub height: Height,
    pub round: Round,
    pub kind: Kind,
}

/// A value that was voted for or proposed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Value {
    pub id: Option<BlockId>,
    /// With a proposal: the round of the polka that it claims.
    pub valid_round: Option<Round>,
}

/// Something that somebody says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub value: Value,
    /// The event in which it was signed.
    pub cast: u32,
    /// The event by which it had left.
    left: Option<u32>,
}

/// All words, by step.
#[derive(Clone, Debug, Default)]
pub(super) struct Words(BTreeMap<Step, Vec<Word>>);

impl Words {
    /// Something is signed in an event.
    fn cast(&mut self, step: Step, value: Value, event: u32) {
        let words = self.0.entry(step).or_default();
        if words.iter().all(|word| word.value != value) {
            words.push(Word { value, cast: event, left: None });
        }
    }

    /// A message with it leaves, which an event sent. Gives the word if it has not left before.
    fn leave(&mut self, step: Step, value: Value, sent: u32, event: u32) -> Option<Word> {
        let words = self.0.entry(step).or_default();
        let index = words.iter().position(|word| word.value == value).unwrap_or_else(|| {
            words.push(Word { value, cast: sent, left: None });
            words.len() - 1
        });
        let word = &mut words[index];
        let is_new = word.left.is_none();
        word.left.get_or_insert(event);
        is_new.then_some(*word)
    }

    /// What has left of a step.
    pub fn said(&self, step: Step) -> impl Iterator<Item = (u32, Word)> {
        self.0.get(&step).into_iter().flatten().filter_map(|word| Some((word.left?, *word)))
    }

    /// The last precommit for a block that has left, of a round before a given one: the lock that others may count on.
    fn lock(&self, step: Step, binds: impl Fn(u32) -> bool) -> Option<(Round, BlockId, u32)> {
        let precommit = |round| Step { round, kind: Kind::Precommit, ..step };
        let earlier =
            self.0.range(Step { kind: Kind::Proposal, ..precommit(0) }..Step { kind: Kind::Proposal, ..step }).rev();
        earlier.filter(|(of, _)| of.kind == Kind::Precommit).find_map(|(of, words)| {
            let said = words.iter().find(|word| word.value.id.is_some() && word.left.is_some_and(&binds))?;
            Some((of.round, said.value.id?, said.cast))
        })
    }

    /// All votes of a height that had left before an event.
    pub fn votes_of(&self, height: Height, before: u32) -> impl Iterator<Item = (NodeId, Vote)> {
        let of_height = self.0.iter().filter(move |(step, _)| step.height == height);
        of_height.flat_map(move |(step, words)| {
            let Step { who, round, kind, .. } = *step;
            let kind = match kind {
                Kind::Proposal => None,
                Kind::Prevote => Some(VoteKind::Prevote),
                Kind::Precommit => Some(VoteKind::Precommit),
            };
            let said = words.iter().filter(move |word| word.left.is_some_and(|left| left < before));
            said.filter_map(move |word| Some((who, Vote { kind: kind?, height, round, id: word.value.id })))
        })
    }

    pub fn rewind(&mut self, event: u32) {
        self.0.retain(|_, words| {
            words.retain(|word| word.cast < event);
            words.iter_mut().for_each(|word| word.left = word.left.filter(|left| *left < event));
            !words.is_empty()
        });
    }
}

fn of_vote(vote: &Signed<Vote>) -> (Step, Value) {
    let Vote { kind, height, round, id } = *vote.body();
    (Step { who: vote.signer(), height, round, kind: Kind::of(kind) }, Value { id, valid_round: None })
}

fn of_proposal(proposal: &Signed<Proposal>) -> (Step, Value) {
    let Proposal { height, round, id, valid_round } = *proposal.body();
    (Step { who: proposal.signer(), height, round, kind: Kind::Proposal }, Value { id: Some(id), valid_round })
}

/// The word that a message is, if it is one and genuine.
fn word_of(message: &Message) -> Option<(Step, Value)> {
    match message {
        Message::Proposal(proposed) => Some(&proposed.proposal).filter(|signed| signed.is_genuine()).map(of_proposal),
        Message::Prevote(vote) | Message::Precommit(vote) => {
            Some(vote).filter(|signed| signed.is_genuine()).map(of_vote)
        }
        _ => None,
    }
}

impl TendermintMonitor {
    /// An honest validator casts something: it knows that itself from now on.
    pub(super) fn cast(&mut self, event: u32, node: NodeId, message: &Message, validators: &Validators) {
        if let Some((step, value)) = word_of(message).filter(|(step, _)| step.who == node) {
            self.words.cast(step, value, event);
            self.heard[node.index()].take(event, message, validators);
        }
    }

    /// A message has left. Of what a liar says it is noted only that it said it.
    pub(super) fn leave(&mut self, event: u32, sent: u32, from: NodeId, message: &Message, world: &World<Tendermint>) {
        if let Some((step, value)) = word_of(message).filter(|(step, _)| step.who == from || !world.is_honest(step.who))
        {
            self.say(event, sent, (step, value), world);
        }
        match message {
            Message::Status(status) => {
                for (step, value) in
                    status.votes.iter().filter(|vote| vote.signer() == from && vote.is_genuine()).map(of_vote)
                {
                    self.say(event, sent, (step, value), world);
                }
                let own = status.proposals.iter().map(|proposed| &proposed.proposal);
                for (step, value) in
                    own.filter(|signed| signed.signer() == from && signed.is_genuine()).map(of_proposal)
                {
                    self.say(event, sent, (step, value), world);
                }
            }
            Message::Blocks(decisions) => {
                let votes = decisions.iter().flat_map(|decision| &decision.certificate);
                for (step, value) in votes.filter(|vote| vote.signer() == from && vote.is_genuine()).map(of_vote) {
                    self.say(event, sent, (step, value), world);
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, event: u32, sent: u32, (step, value): (Step, Value), world: &World<Tendermint>) {
        let Some(word) = self.words.leave(step, value, sent, event) else { return };
        if !world.is_honest(step.who) || step.who.index() >= self.heard.len() {
            return;
        }
        let validators = &world.setup().replica.validators;
        self.judge_once(event, step, word, world);
        self.judge_entry(event, step);
        match step.kind {
            Kind::Proposal => self.judge_proposal(event, step, word, world),
            Kind::Prevote => self.judge_prevote(event, step, word, world),
            Kind::Precommit => self.judge_precommit(event, step, word, validators),
        }
    }

    /// Whether a word that had left by an event still binds: a disk that has forgotten, which is beyond the model, may
    /// have taken it along.
    fn binds<'a>(&'a self, node: NodeId, world: &'a World<Tendermint>) -> impl Fn(u32) -> bool + 'a {
        let forgot = world.replicas().get(node.index()).is_some_and(|machine| machine.disk.forgot().is_some());
        move |left| !forgot || left >= self.heard[node.index()].life_at(u32::MAX)
    }

    /// One word for each step.
    fn judge_once(&mut self, event: u32, step: Step, word: Word, world: &World<Tendermint>) {
        let binds = self.binds(step.who, world);
        let other = self
            .words
            .said(step)
            .find(|(left, other)| other.value != word.value && binds(*left))
            .map(|(_, other)| other);
        drop(binds);
        let Some(first) = other else { return };
        self.findings.note(ONE_VOTE, event, || {
            let Step { who, height, round, kind } = step;
            let says = |word: &Word| {
                format!("{} {} {} at height {height}, round {round}", name(who), kind.verb(), value(word.value.id))
            };
            let (one, other) = (value(first.value.id), value(word.value.id));
            Found::new(format!("{} {} {one} and {other} at height {height}, round {round}", name(who), kind.verb()))
                .because(word.cast, says(&word))
                .because(first.cast, says(&first))
        });
    }

    /// Line 55, and lines 47 and 65: the round was entered for a reason.
    fn judge_entry(&mut self, event: u32, step: Step) {
        if let Some((_, found)) = self.entered.get(&(step.who, step.height, step.round)) {
            self.findings.note(SKIPS, event, || found.clone());
        }
    }

    /// Lines 14 to 16.
    fn judge_proposal(&mut self, event: u32, step: Step, word: Word, world: &World<Tendermint>) {
        let (Step { who, height, round, .. }, Value { id, valid_round }) = (step, word.value);
        let (Some(id), validators) = (id, &world.setup().replica.validators) else { return };
        let proposer = validators.proposer(height, round);
        if proposer != who {
            self.findings.note(TURNS, event, || {
                let sentence = format!(
                    "{} proposes {id} at height {height}, round {round}, which is {}'s turn",
                    name(who),
                    name(proposer)
                );
                Found::new(sentence.clone()).because(word.cast, sentence)
            });
        }
        let lock = self.words.lock(step, self.binds(who, world));
        let is_repeated = |lock: Round| valid_round.is_some_and(|valid| valid >= lock);
        if let Some((locked_round, locked, cast)) = lock.filter(|(lock, ..)| !is_repeated(*lock)) {
            self.findings.note(VALID_PROPOSED, event, || {
                let polka = valid_round.map_or_else(|| "no polka".to_owned(), |round| format!("a polka of round {round}"));
                Found::new(format!(
                    "{} precommitted {locked} at height {height}, round {locked_round}, and proposes {id} with {polka} in round {round}",
                    name(who)
                ))
                .because(word.cast, format!("{} proposes {id} with {polka} in round {round}", name(who)))
                .because(cast, format!("{} precommits {locked} in round {locked_round}", name(who)))
            });
        }
        let heard = &self.heard[who.index()];
        if let Some(valid) =
            valid_round.filter(|&valid| valid >= round || !heard.has_polka(validators, word.cast, (height, valid), id))
        {
            let found = self.lacks_prevotes(step, word, (valid, id), validators);
            self.findings.note(VALID_PROPOSED, event, || found);
        }
    }

    /// Lines 23 and 29.
    fn judge_prevote(&mut self, event: u32, step: Step, word: Word, world: &World<Tendermint>) {
        let Step { who, height, round, .. } = step;
        let (Some(id), validators) = (word.value.id, &world.setup().replica.validators) else { return };
        let lock = self.words.lock(step, self.binds(who, world)).filter(|(_, locked, _)| *locked != id);
        let Some((locked_round, locked, cast)) = lock else { return };
        if self.heard[who.index()].has_polka_in(validators, word.cast, height, locked_round..round, id) {
            return;
        }
        self.findings.note(LOCKS_RESPECTED, event, || {
            let who = name(who);
            Found::new(format!(
                "{who} precommitted {locked} at height {height}, round {locked_round}, and prevotes {id} in round {round} without a later polka"
            ))
            .because(word.cast, format!("{who} prevotes {id} in round {round}, and knows no polka for it"))
            .because(cast, format!("{who} precommits {locked} in round {locked_round}: it is locked"))
        });
    }

    /// Line 36.
    fn judge_precommit(&mut self, event: u32, step: Step, word: Word, validators: &Validators) {
        let Some(id) = word.value.id else { return };
        if !self.heard[step.who.index()].has_polka(validators, word.cast, (step.height, step.round), id) {
            let found = self.lacks_prevotes(step, word, (step.round, id), validators);
            self.findings.note(PRECOMMIT_HAS_POLKA, event, || found);
        }
    }

    /// Something was said that rests on a polka which its speaker had not seen: the prevotes that it had seen.
    fn lacks_prevotes(&self, step: Step, word: Word, (round, id): (Round, BlockId), validators: &Validators) -> Found {
        let (heard, Step { who, height, kind, .. }) = (&self.heard[step.who.index()], step);
        let power = heard.power(validators, word.cast, (height, round), VoteKind::Prevote, Some(id));
        let seen = format!("has seen prevotes of power {power} of {} for it in round {round}", validators.total());
        let says = format!("{} {} {id} at height {height}, round {}, and {seen}", name(who), kind.verb(), step.round);
        let mut found = Found::new(says.clone()).because(word.cast, says);
        for (voter, came) in heard.voters(word.cast, height, round, VoteKind::Prevote, Some(id)) {
            found = found.because(came, format!("{} knows of {}'s prevote for {id}", name(who), name(voter)));
        }
        found
    }
}

//! Who is to blame where honest validators disagree.
//!
//! Honest validators put together all that they have received: it holds the precommits for both blocks, of more than
//! two thirds each. Let block A be decided in round r, and another one in a later round or in the same.
//!
//! 1. Whoever has signed two different votes of one kind in one round lies: two signatures prove it. Where both were
//!    decided in one round, or two blocks had a polka in one round, more than a third have (two quorums share so many).
//! 2. Otherwise somebody had *amnesia*: locked on A in round r, it prevoted for another block later, though nothing had
//!    released it. Take the first round after r of which prevotes of more than two thirds for another block are held.
//!    Whoever precommitted A in round r and prevoted there is to blame, more than a third of the power: an honest one
//!    among them would have seen an earlier polka that released it (line 29), would have shown it, and the round would
//!    not be the first.
//!
//! The second proof needs those prevotes. Where liars have decided the later block among themselves, and showed honest
//! validators the precommits alone, these hold none, and cannot tell who of the liars gave up a lock without right.
//! Then this is said.
//!
//! (After "BFT Protocol Forensics", arXiv 2010.06785, and the accountability of Tendermint's light client
//! specification, "amnesia".)

use super::heard::Heard;
use super::proofs::vote_in_words;
use super::said::Words;
use super::{Split, name, value};
use crate::check::accountability::{Culprit, Culprits, SignedText, excuse};
use crate::process::{NodeId, NodeSet, Signed};
use crate::sim::trace::InputKind;
use crate::sim::{Trace, World};
use crate::tendermint::{BlockId, Decision, Height, Message, Round, Tendermint, Validators, Vote, VoteKind};
use std::collections::BTreeMap;

/// Who is to blame for a disagreement, as far as what honest validators have received before an event proves it.
pub(super) fn of(
    split: &Split,
    (heard, words): (&[Heard], &Words),
    before: u32,
    world: &World<Tendermint>,
    trace: &Trace<Tendermint>,
) -> Culprits {
    let validators = &world.setup().replica.validators;
    let ledger = Ledger::collect(split, (heard, words), before, world, trace);
    let mut charges = ledger.equivocations();
    let mut missing = None;
    let power = |charges: &BTreeMap<NodeId, Charge>| validators.power_of(charges.keys().copied().collect());
    if !validators.has_honest(power(&charges)) {
        match ledger.amnesia(split, validators) {
            Ok(amnesiacs) => amnesiacs.into_iter().for_each(|(who, charge)| {
                charges.entry(who).or_insert(charge);
            }),
            Err(sentence) => missing = Some(sentence),
        }
    }
    let named = charges.into_iter().map(|(culprit, charge)| {
        let said = charge.votes.map(|vote| signed_text(culprit, vote, before, trace));
        Culprit { culprit, charge: charge.sentence, said: said.into(), excuse: excuse(world, culprit) }
    });
    Culprits { event: split.event, named: named.collect(), missing }
}

/// What somebody is charged with: two votes that nobody who keeps to the rules signs both.
struct Charge {
    sentence: String,
    votes: [Vote; 2],
}

/// The votes of a height that honest validators have received or said, together.
#[derive(Default)]
struct Ledger {
    height: Height,
    votes: BTreeMap<(Round, VoteKind, Option<BlockId>), NodeSet>,
}

impl Ledger {
    fn collect(
        split: &Split,
        (heard, words): (&[Heard], &Words),
        before: u32,
        world: &World<Tendermint>,
        trace: &Trace<Tendermint>,
    ) -> Self {
        let mut ledger = Self { height: split.height, ..Self::default() };
        for (_, decision) in [&split.one, &split.other] {
            decision.certificate.iter().for_each(|vote| ledger.add(vote));
        }
        // One whose disk has forgotten has what came to it since.
        let since = |node: NodeId| match world.replicas().get(node.index()) {
            Some(machine) if machine.disk.forgot().is_some() => {
                heard.get(node.index()).map_or(0, |heard| heard.life_at(before))
            }
            _ => 0,
        };
        let since: Vec<u32> = (0..world.setup().replicas).map(|index| since(NodeId(index))).collect();
        for (event, record) in (0..before).zip(&trace.events) {
            let node = NodeId(record.node);
            if since.get(node.index()).is_none_or(|&since| event < since) || !world.is_honest(node) {
                continue;
            }
            if let Some(message) =
                trace.messages.get(record.cause as usize).filter(|_| record.input == InputKind::Message)
            {
                message.body.votes().into_iter().for_each(|vote| ledger.add(vote));
            }
        }
        for (who, vote) in words.votes_of(split.height, before).filter(|(who, _)| world.is_honest(*who)) {
            ledger.votes.entry((vote.round, vote.kind, vote.id)).or_default().insert(who);
        }
        ledger
    }

    fn add(&mut self, vote: &Signed<Vote>) {
        let Vote { kind, height, round, id } = *vote.body();
        if height == self.height && vote.is_genuine() {
            self.votes.entry((round, kind, id)).or_default().insert(vote.signer());
        }
    }

    fn voters(&self, round: Round, kind: VoteKind, id: Option<BlockId>) -> NodeSet {
        self.votes.get(&(round, kind, id)).copied().unwrap_or_default()
    }

    /// Those who have signed two different votes of one kind in one round.
    fn equivocations(&self) -> BTreeMap<NodeId, Charge> {
        let mut charges = BTreeMap::new();
        let mut last: BTreeMap<NodeId, (Round, VoteKind, Option<BlockId>)> = BTreeMap::new();
        for (&(round, kind, id), voters) in &self.votes {
            for who in voters.iter() {
                if let Some((_, _, other)) =
                    last.insert(who, (round, kind, id)).filter(|(of, as_, _)| (*of, *as_) == (round, kind))
                {
                    let vote = |id| Vote { kind, height: self.height, round, id };
                    let verb = if kind == VoteKind::Prevote { "prevoted" } else { "precommitted" };
                    let sentence = format!(
                        "{} {verb} both {} and {} at height {}, round {round}",
                        name(who),
                        value(other),
                        value(id),
                        self.height
                    );
                    charges.entry(who).or_insert(Charge { sentence, votes: [vote(other), vote(id)] });
                }
            }
        }
        charges
    }

    /// The first round after one, up to another, in which a block other than a given one had a polka.
    fn next_polka(
        &self,
        after: Round,
        last: Round,
        than: BlockId,
        validators: &Validators,
    ) -> Option<(Round, BlockId)> {
        let first = (after + 1, VoteKind::Prevote, None);
        let later = self.votes.range(first..).take_while(|((round, ..), _)| *round <= last);
        let polkas = later.filter(|((_, kind, _), voters)| {
            *kind == VoteKind::Prevote && validators.is_quorum(validators.power_of(**voters))
        });
        polkas.filter_map(|((round, _, id), _)| Some((*round, (*id)?))).find(|(_, id)| *id != than)
    }

    /// Those who gave up a lock without right, each with the vote that locked and the one that it should not have cast;
    /// or why nobody can be named.
    fn amnesia(&self, split: &Split, validators: &Validators) -> Result<BTreeMap<NodeId, Charge>, String> {
        let (mut early, mut late) = (&split.one, &split.other);
        if late.1.round < early.1.round {
            (early, late) = (late, early);
        }
        for (node, decision) in [early, late] {
            let (power, total) = (decision.power(validators), validators.total());
            if !validators.is_quorum(power) {
                let (who, id) = (name(*node), decision.block.id());
                return Err(format!(
                    "{who} decided {id} on precommits of power {power} of {total}: it needed no lie, but broke a rule itself"
                ));
            }
        }
        let id = |decision: &Decision| decision.block.id();
        let ((lock, locked), (last, other)) = ((early.1.round, id(&early.1)), (late.1.round, id(&late.1)));
        let Some((round, released)) = self.next_polka(lock, last, locked, validators) else {
            let both = self.voters(lock, VoteKind::Precommit, Some(locked)).iter();
            let both: Vec<String> = both
                .filter(|who| self.voters(last, VoteKind::Precommit, Some(other)).contains(*who))
                .map(name)
                .collect();
            let rounds =
                if lock + 1 == last { format!("round {last}") } else { format!("a round from {} to {last}", lock + 1) };
            return Err(format!(
                "no honest validator holds prevotes of more than two thirds for {other} in {rounds}: {} precommitted {locked} and then {other}, \
                 and whether something released their locks cannot be shown",
                both.join(", ")
            ));
        };
        if validators.is_quorum(validators.power_of(self.voters(lock, VoteKind::Prevote, Some(released)))) {
            return Err(format!(
                "prevotes of more than two thirds for {released} in round {lock} release a lock of that round, and no honest validator holds those \
                 for {locked} there, which would show who prevoted both"
            ));
        }
        let prevoted = self.voters(round, VoteKind::Prevote, Some(released));
        let amnesiacs =
            self.voters(lock, VoteKind::Precommit, Some(locked)).iter().filter(|who| prevoted.contains(*who));
        Ok(amnesiacs.map(|who| (who, self.forgot(who, (lock, locked), (round, released)))).collect())
    }

    fn forgot(&self, who: NodeId, (lock, locked): (Round, BlockId), (round, released): (Round, BlockId)) -> Charge {
        let vote = |kind, round, id| Vote { kind, height: self.height, round, id: Some(id) };
        let sentence = format!(
            "{} precommitted {locked} at height {}, round {lock}, and prevoted {released} in round {round}, though nobody had prevotes of more than \
             two thirds for that from round {lock} on",
            name(who),
            self.height
        );
        Charge { sentence, votes: [vote(VoteKind::Precommit, lock, locked), vote(VoteKind::Prevote, round, released)] }
    }
}

/// A vote in words, and the first message that carried it: one of its signer's own, if there is one.
fn signed_text(signer: NodeId, vote: Vote, before: u32, trace: &Trace<Tendermint>) -> SignedText {
    let is_it = |said: &&Signed<Vote>| said.signer() == signer && said.is_genuine() && *said.body() == vote;
    let carries = |message: &Message| message.votes().iter().any(is_it);
    let message = crate::check::accountability::carrier(trace, before, signer, carries);
    SignedText { text: vote_in_words(&vote), message }
}

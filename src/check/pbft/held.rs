//! What honest replicas hold: certificates, commitments, checkpoints and proofs.

use super::counted::{self, Counted};
use super::invariants::{AGREEMENT, CERTIFICATES, CHECKPOINTS, CONVICTIONS, ONE_PREPARED, VALIDITY, WATER_MARKS};
use super::{Committed, Look, PbftMonitor, Prepared, name};
use crate::check::invariant::Found;
use crate::pbft::message::{Commitment, SignedRequest};
use crate::pbft::{Digest, Message, Sequence, Slot, View};
use crate::process::NodeId;
use std::sync::Arc;

impl PbftMonitor {
    pub(super) fn look_at_slots(&mut self, look: Look<'_>) {
        let window = look.pbft.low_water_mark() + 1..=look.pbft.high_water_mark();
        let seen = &mut self.seen[look.node.index()];
        seen.prepared = seen.prepared.split_off(window.start());
        seen.committed = seen.committed.split_off(window.start());
        for (&sequence, slot) in &look.pbft.durable().slots {
            if !window.contains(&sequence) {
                let (low, high) = (window.start() - 1, window.end());
                self.findings.note(WATER_MARKS, look.event, || {
                    let sentence = format!(
                        "{} keeps number {sequence}, which is not between its water marks {low} and {high}",
                        look.name()
                    );
                    Found::new(sentence.clone()).because(look.event, sentence)
                });
            }
            self.look_at_prepared(look, sequence, slot);
            let is_new =
                slot.committed.is_some() && self.seen[look.node.index()].committed.insert(sequence, ()).is_none();
            if let Some(commitment) = slot.committed.as_ref().filter(|_| is_new) {
                self.look_at_commitment(look, sequence, commitment);
            }
        }
    }

    fn look_at_prepared(&mut self, look: Look<'_>, sequence: Sequence, slot: &Slot) {
        let Some(certificate) = &slot.prepared else { return };
        let said = *certificate.proposal.vote.body();
        if self.seen[look.node.index()].prepared.insert(sequence, said.view) == Some(said.view) {
            return;
        }
        let counted = counted::prepared(certificate, self.replicas, look.quorum());
        self.note_counted(look, &counted, || format!("number {sequence} as prepared in view {}, signed by", said.view));
        let sighting =
            || Prepared { seen: look.sighting(), digest: said.digest, request: certificate.proposal.request.clone() };
        let first = self.prepared.entry((said.view, sequence)).or_insert_with(sighting);
        let (digest, seen) = (first.digest, first.seen);
        if digest != said.digest {
            let prepares = |node: NodeId, digest: Digest| {
                format!("{} prepares {digest} with number {sequence} in view {}", name(node), said.view)
            };
            self.findings.note(ONE_PREPARED, look.event, || {
                let (first, second) = (prepares(seen.node, digest), prepares(look.node, said.digest));
                Found::new(format!("{second}, and {first}{}", look.beyond()))
                    .because(seen.event, first)
                    .because(look.event, second)
            });
        }
    }

    fn note_counted(&mut self, look: Look<'_>, counted: &Counted, what: impl Fn() -> String) {
        if !counted.is_enough() {
            self.findings.note(CERTIFICATES, look.event, || {
                let sentence = format!("{} holds {} {}", look.name(), what(), counted.text());
                Found::new(sentence.clone()).because(look.event, sentence)
            });
        }
    }

    fn look_at_commitment(&mut self, look: Look<'_>, sequence: Sequence, commitment: &Arc<Commitment>) {
        let counted = counted::committed(commitment, self.replicas, look.quorum());
        self.note_counted(look, &counted, || format!("number {sequence} as committed, by the commits of"));
        let (view, digest) =
            commitment.commits.first().map_or((0, Digest::NULL), |vote| (vote.body().view, vote.body().digest));
        self.note_committed(look, sequence, (view, digest), commitment.request.as_ref());
    }

    /// What was executed and thrown away since the last look, but for what a transferred state has brought.
    pub(super) fn look_at_collected(&mut self, look: Look<'_>, executed: Sequence, told: Option<&Message>) {
        let low = look.pbft.low_water_mark();
        if low <= executed || matches!(told, Some(Message::State(_))) {
            return;
        }
        for sequence in executed + 1..=low {
            match told {
                Some(Message::Commitment(commitment)) if is_about(commitment, sequence) => {
                    self.look_at_commitment(look, sequence, commitment);
                }
                Some(Message::Commit(vote)) if vote.body().sequence == sequence => {
                    self.look_at_certified(look, (vote.body().view, sequence), Some(vote.body().digest));
                }
                // One at most is new: others that follow were committed before, and seen then.
                _ if sequence == executed + 1 || !self.committed.contains_key(&sequence) => {
                    self.look_at_certified(look, (look.pbft.current_view(), sequence), None);
                }
                _ => {}
            }
        }
    }

    /// A number was committed upon the certificate of a view, for the digest that a commit bore.
    fn look_at_certified(&mut self, look: Look<'_>, place: (View, Sequence), said: Option<Digest>) {
        let Some(Prepared { digest, request, .. }) = self.prepared.get(&place).cloned() else { return };
        // Where two certificates contradict each other, which is found elsewhere, only one of the two requests is
        // known.
        let digest = said.unwrap_or(digest);
        let counted = counted::heard(self.ledger.committers(place.0, place.1, digest), look.node, look.quorum());
        self.note_counted(look, &counted, || format!("number {} as committed, by the commits of", place.1));
        self.note_committed(
            look,
            place.1,
            (place.0, digest),
            request.as_ref().filter(|request| Digest::of(Some(request)) == digest),
        );
    }

    fn note_committed(
        &mut self,
        look: Look<'_>,
        sequence: Sequence,
        (view, digest): (View, Digest),
        request: Option<&Arc<SignedRequest>>,
    ) {
        let commits = |node: NodeId, view: View, digest: Digest| {
            format!("{} commits {digest} with number {sequence} in view {view}", name(node))
        };
        let Some(known) = self.committed.get(&sequence) else {
            if request.is_some_and(|request| !request.is_genuine()) {
                self.findings.note(VALIDITY, look.event, || {
                    Found::new(format!(
                        "{} commits a request with number {sequence} that no client signed",
                        look.name()
                    ))
                    .because(look.event, commits(look.node, view, digest))
                });
            }
            self.committed
                .insert(sequence, Committed { seen: look.sighting(), view, digest, request: request.cloned() });
            return self.advance();
        };
        if known.digest == digest {
            return;
        }
        self.disagreement.get_or_insert((sequence, look.event));
        let views = [(known.view, known.digest), (view, digest)];
        let prepared = views
            .map(|(view, digest)| (view, self.prepared.get(&(view, sequence)).filter(|first| first.digest == digest)));
        self.findings.note(AGREEMENT, look.event, || {
            let (first, second) =
                (commits(known.seen.node, known.view, known.digest), commits(look.node, view, digest));
            let sentence = format!("{second}, and {first}{}", look.beyond());
            let mut found = Found::new(sentence).because(known.seen.event, first).because(look.event, second);
            for (view, first) in prepared.into_iter().filter_map(|(view, first)| Some((view, first?))) {
                let by = name(first.seen.node);
                found = found.because(
                    first.seen.event,
                    format!("{by} prepares {} with number {sequence} in view {view}", first.digest),
                );
            }
            found
        });
    }

    pub(super) fn look_at_stable(&mut self, look: Look<'_>) {
        let Some(stable) = look.pbft.durable().stable.as_ref() else { return };
        let checkpoint = stable.checkpoint;
        let known = std::mem::replace(&mut self.seen[look.node.index()].stable, checkpoint.sequence);
        if known == checkpoint.sequence {
            return;
        }
        let counted = counted::stable(stable, self.replicas, look.quorum());
        self.note_counted(look, &counted, || {
            format!("the state at {} as stable, by the checkpoints of", checkpoint.sequence)
        });
        let (digest, seen) = *self.stable.entry(checkpoint.sequence).or_insert((checkpoint.digest, look.sighting()));
        if digest != checkpoint.digest {
            self.disagreement.get_or_insert((checkpoint.sequence, look.event));
            let has = |node: NodeId, digest: Digest| {
                format!("{} has {digest} as stable at {}", name(node), checkpoint.sequence)
            };
            self.findings.note(CHECKPOINTS, look.event, || {
                let (first, second) = (has(seen.node, digest), has(look.node, checkpoint.digest));
                Found::new(format!("{second}, and {first}{}", look.beyond()))
                    .because(seen.event, first)
                    .because(look.event, second)
            });
        }
    }

    /// Nobody who is honest, and has not forgotten what it said, is convicted.
    pub(super) fn look_at_convictions(&mut self, look: Look<'_>) {
        let has_kept_its_disk = |culprit: NodeId| {
            look.world.is_honest(culprit)
                && look.world.replicas().get(culprit.index()).is_some_and(|machine| machine.disk.forgot().is_none())
        };
        let convicted = look.pbft.proofs().iter().find(|(culprit, _)| has_kept_its_disk(**culprit));
        if let Some((culprit, held)) = convicted {
            let events = held.proof.said().each_ref().map(|said| self.ledger.event_of(said));
            self.findings.note(CONVICTIONS, look.event, || {
                let sentence = format!("{} convicts {}, which is honest", look.name(), name(*culprit));
                let mut found = Found::new(sentence.clone()).because(look.event, sentence);
                for (said, event) in held.proof.said().iter().zip(events) {
                    found = match event {
                        Some(event) => found.because(event, format!("{} says {}", name(*culprit), said.text())),
                        None => found,
                    };
                }
                found
            });
        }
    }
}

fn is_about(commitment: &Commitment, sequence: Sequence) -> bool {
    commitment.commits.first().is_some_and(|vote| vote.body().sequence == sequence)
}

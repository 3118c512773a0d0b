//! What honest replicas have said: kept as it leaves them, and compared with what they said before.
//!
//! A replica that has crashed, or whose disk holds something else by now, has said it all the same. So the monitor
//! keeps for each replica the first vote for each number in each view, its latest commit for each number, its
//! view-changes, new-views and checkpoints. Whatever leaves later must not contradict them, and must not fall back to
//! an earlier view.

use crate::pbft::message::{SignedViewChange, Vote};
use crate::pbft::{Digest, Message, Phase, Proof, Said, Sequence, View};
use crate::process::{NodeId, NodeSet};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Something that a replica said.
#[derive(Clone, Debug)]
pub(super) struct Saying {
    pub said: Said,
    /// The event by which it left: what is forgotten when that is rewound.
    left: u32,
    /// The event that sent it.
    pub event: u32,
}

/// What contradicts what was said before.
#[derive(Clone, Debug)]
pub(super) struct Contradiction {
    pub proof: Proof,
    /// The events by which both halves were sent.
    pub events: [u32; 2],
}

/// A fall to an earlier view.
#[derive(Clone, Debug)]
pub(super) struct Fall {
    pub from: View,
    pub from_event: u32,
    pub to: View,
}

/// All that was said.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    votes: BTreeMap<(NodeId, View, Sequence), Saying>,
    commits: BTreeMap<(NodeId, Sequence), Saying>,
    view_changes: BTreeMap<(NodeId, View), Saying>,
    new_views: BTreeMap<(NodeId, View), Saying>,
    checkpoints: BTreeMap<(NodeId, Sequence), Saying>,
    /// For each replica, the views that it spoke of, each higher than the one before, with the event that it left by
    /// and the one that sent it.
    views: BTreeMap<NodeId, Vec<(View, u32, u32)>>,
    /// Who has said commit, liars too, and the event by which that left.
    committers: BTreeMap<(View, Sequence, Digest), Vec<(NodeId, u32)>>,
}

/// What a message of a replica says in its own name.
pub(super) fn own_saying(from: NodeId, message: &Message) -> Option<Said> {
    let said = match message {
        Message::PrePrepare(proposal) => Said::Vote(proposal.vote.clone()),
        Message::Prepare(vote) | Message::Commit(vote) => Said::Vote(vote.clone()),
        Message::Checkpoint(checkpoint) => Said::Checkpoint(checkpoint.clone()),
        Message::ViewChange(view_change) => Said::ViewChange(view_change.clone()),
        Message::NewView(new_view) => Said::NewView(new_view.clone()),
        _ => return None,
    };
    (said.signer() == from && said.is_genuine()).then_some(said)
}

impl Ledger {
    /// Notes who has said commit, whether honest or not, and whoever passes it on.
    pub fn count_commit(&mut self, vote: &Vote, left: u32) {
        let body = vote.body();
        if body.phase == Phase::Commit && vote.is_genuine() {
            let known = self.committers.entry((body.view, body.sequence, body.digest)).or_default();
            if known.iter().all(|(node, _)| *node != vote.signer()) {
                known.push((vote.signer(), left));
            }
        }
    }

    /// Who has said commit so far.
    pub fn committers(&self, view: View, sequence: Sequence, digest: Digest) -> NodeSet {
        self.committers.get(&(view, sequence, digest)).into_iter().flatten().map(|(node, _)| *node).collect()
    }

    /// Notes what an honest replica says. Gives what it contradicts, and from which view it falls back.
    pub fn note(&mut self, said: &Said, left: u32, event: u32) -> (Option<Contradiction>, Option<Fall>) {
        let saying = Saying { said: said.clone(), left, event };
        let contradicts = |known: &Saying| {
            Proof::of(&known.said, said).map(|proof| Contradiction { proof, events: [known.event, event] })
        };
        let signer = said.signer();
        let contradiction = match said {
            Said::Vote(vote) => {
                let body = vote.body();
                if body.phase == Phase::Commit {
                    self.note_latest_commit((signer, body.sequence), &saying);
                }
                first(self.votes.entry((signer, body.view, body.sequence)), saying).and_then(contradicts)
            }
            Said::Checkpoint(checkpoint) => {
                first(self.checkpoints.entry((signer, checkpoint.body().sequence)), saying).and_then(contradicts)
            }
            Said::ViewChange(view_change) => {
                let hidden = self.hidden_by(view_change).and_then(contradicts);
                let known = first(self.view_changes.entry((signer, view_change.body().view)), saying);
                known.and_then(contradicts).or(hidden)
            }
            Said::NewView(new_view) => {
                first(self.new_views.entry((signer, new_view.body().view)), saying).and_then(contradicts)
            }
        };
        (contradiction, self.note_view(said, left, event))
    }

    fn note_latest_commit(&mut self, key: (NodeId, Sequence), saying: &Saying) {
        match self.commits.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(saying.clone());
            }
            Entry::Occupied(mut known) if view_of(&known.get().said) < view_of(&saying.said) => {
                known.insert(saying.clone());
            }
            Entry::Occupied(_) => {}
        }
    }

    /// The commit that a view-change hides.
    fn hidden_by(&self, view_change: &SignedViewChange) -> Option<&Saying> {
        let (signer, said) = (view_change.signer(), Said::ViewChange(view_change.clone()));
        let above = view_change.body().stable.sequence.saturating_add(1);
        let commits = self.commits.range((signer, above)..=(signer, Sequence::MAX));
        commits.map(|(_, commit)| commit).find(|commit| Proof::of(&commit.said, &said).is_some())
    }

    /// The event by which an honest replica said something, if it was heard.
    pub fn event_of(&self, said: &Said) -> Option<u32> {
        let signer = said.signer();
        let known = match said {
            Said::Vote(vote) => self.votes.get(&(signer, vote.body().view, vote.body().sequence)),
            Said::Checkpoint(checkpoint) => self.checkpoints.get(&(signer, checkpoint.body().sequence)),
            Said::ViewChange(view_change) => self.view_changes.get(&(signer, view_change.body().view)),
            Said::NewView(new_view) => self.new_views.get(&(signer, new_view.body().view)),
        };
        known.map(|known| known.event)
    }

    fn note_view(&mut self, said: &Said, left: u32, event: u32) -> Option<Fall> {
        if matches!(said, Said::Checkpoint(_)) {
            return None;
        }
        let view = view_of(said);
        let views = self.views.entry(said.signer()).or_default();
        match views.last() {
            Some(&(highest, _, from_event)) if highest > view => Some(Fall { from: highest, from_event, to: view }),
            Some(&(highest, ..)) if highest == view => None,
            _ => {
                views.push((view, left, event));
                None
            }
        }
    }

    /// Forgets what left from an event on.
    pub fn rewind(&mut self, event: u32) {
        self.votes.retain(|_, saying| saying.left < event);
        self.commits.retain(|_, saying| saying.left < event);
        // An earlier commit for the same number may have been replaced: it is among the votes.
        for ((node, view, sequence), saying) in &self.votes {
            let is_commit = matches!(&saying.said, Said::Vote(vote) if vote.body().phase == Phase::Commit);
            let known = self.commits.get(&(*node, *sequence)).map(|known| view_of(&known.said));
            if is_commit && known.is_none_or(|known| known < *view) {
                self.commits.insert((*node, *sequence), saying.clone());
            }
        }
        self.view_changes.retain(|_, saying| saying.left < event);
        self.new_views.retain(|_, saying| saying.left < event);
        self.checkpoints.retain(|_, saying| saying.left < event);
        for views in self.views.values_mut() {
            views.retain(|(_, left, _)| *left < event);
        }
        for committers in self.committers.values_mut() {
            committers.retain(|(_, left)| *left < event);
        }
    }
}

/// Keeps what was said first. Gives it, if it was said before.
fn first<K: Ord>(entry: Entry<'_, K, Saying>, saying: Saying) -> Option<&'_ Saying> {
    match entry {
        Entry::Vacant(vacant) => {
            vacant.insert(saying);
            None
        }
        Entry::Occupied(known) => Some(known.into_mut()),
    }
}

/// The view that something is said in, or for.
fn view_of(said: &Said) -> View {
    match said {
        Said::Vote(vote) => vote.body().view,
        Said::ViewChange(view_change) => view_change.body().view,
        Said::NewView(new_view) => new_view.body().view,
        Said::Checkpoint(_) => 0,
    }
}

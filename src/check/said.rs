//! What an acceptor of Paxos has said, and what that binds it to.
//!
//! A promise, an acceptance and an answer to a leader all say the same of a ballot: this acceptor hears nothing lower
//! any more (Lamport, "Paxos Made Simple", 2001, 2.2). They count from the moment at which they have left, for whoever
//! reads them may rest on them; what the disk holds then, or after a crash, takes nothing of it back. A message that
//! never left binds nobody.
//!
//! Paxos assumes that disks keep what they called written (2.5). Where one did not, the acceptor goes back on its word
//! and no rule of the protocol is to blame: what is found says so.

use super::invariant::Found;
use crate::paxos::Ballot;
use crate::process::{NodeId, Process};
use crate::sim::machine::Machine;
use crate::sim::trace::{EventRecord, InputKind};

/// The name of a replica.
pub(super) fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

/// How something was said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A candidate asks others to promise, and has promised itself.
    Prepare,
    /// A promise.
    Promise,
    /// An acceptance: to accept is to promise.
    Acceptance,
    /// An answer to the leader of a ballot, which is promised by it.
    Answer,
}

/// Something that binds an acceptor to a ballot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Word {
    /// Who has said it.
    pub acceptor: NodeId,
    /// The ballot below which it hears nothing any more.
    pub ballot: Ballot,
    /// How it was said.
    pub kind: Kind,
    /// The event that sent it.
    pub event: u32,
    /// The event before or with which it left.
    pub left: u32,
}

impl Word {
    /// As a sentence.
    pub(super) fn sentence(&self) -> String {
        let (name, ballot) = (name(self.acceptor), self.ballot);
        match self.kind {
            Kind::Prepare => format!("{name} asks for promises of {ballot}, and promises it itself"),
            Kind::Promise => format!("{name} promises {ballot}"),
            Kind::Acceptance => format!("{name} accepts in {ballot}"),
            Kind::Answer => format!("{name} follows the leader of {ballot}"),
        }
    }
}

/// How a disk lost what it had called written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Loss {
    Wiped,
    FlushesLost,
}

impl Loss {
    fn sentence(self, acceptor: NodeId) -> String {
        let name = name(acceptor);
        match self {
            Self::Wiped => format!("the disk of {name} is wiped"),
            Self::FlushesLost => format!("{name} loses its power, and its disk what it had called written"),
        }
    }
}

/// How much a disk holds, in numbers that never fall while it keeps what it called written.
pub(super) type Level = [u64; 3];

/// What a monitor remembers of one acceptor.
#[derive(Clone, Debug)]
pub(super) struct Acceptor {
    id: NodeId,
    /// What it has said, each of a higher ballot than what it had said before.
    words: Vec<Word>,
    /// When it booted, the first time included.
    starts: Vec<u32>,
    losses: Vec<(Loss, u32)>,
    wipes: u32,
    /// What is on a disk that loses flushes.
    level: Option<Level>,
}

impl Acceptor {
    pub(super) fn new(id: NodeId) -> Self {
        Self { id, words: Vec::new(), starts: Vec::new(), losses: Vec::new(), wipes: 0, level: None }
    }

    /// Notes what it has said. Gives what it had said before, if it goes back on that now.
    pub(super) fn say(&mut self, word: Word) -> Option<Word> {
        let last = self.words.last().copied();
        if last.is_none_or(|last| last.ballot < word.ballot) {
            self.words.push(word);
        }
        last.filter(|last| last.ballot > word.ballot)
    }

    /// What it finds, where it has gone back on its word.
    pub(super) fn breach(&self, earlier: Word, later: Word) -> Found {
        let sentence = format!("{}, though it has promised {}", later.sentence(), earlier.ballot);
        let found = Found::new(self.excused(sentence, earlier.left, later.left));
        self.explained(
            found.because(later.event, later.sentence()).because(earlier.event, earlier.sentence()),
            earlier.left,
            later.left,
        )
    }

    /// The sentence, and that it lies beyond the model if the disk lost what it had called written between two events.
    pub(super) fn excused(&self, sentence: String, after: u32, before: u32) -> String {
        self.excuse(after, before).map_or(sentence.clone(), |excuse| format!("{sentence}; {excuse}"))
    }

    /// What the disk did between two events that Paxos assumes disks not to do.
    pub(super) fn excuse(&self, after: u32, before: u32) -> Option<String> {
        let name = name(self.id);
        self.loss(after, before).map(|(loss, _)| match loss {
            Loss::Wiped => format!("the disk of {name} was wiped before that, and Paxos assumes that disks are not"),
            Loss::FlushesLost => {
                format!("the disk of {name} had lost what it called written, and Paxos assumes that disks do not")
            }
        })
    }

    /// Adds what happened to it between two events: that its disk lost something, and that it forgot in a crash what is
    /// not on its disk.
    pub(super) fn explained(&self, found: Found, after: u32, before: u32) -> Found {
        let found = match self.loss(after, before) {
            Some((loss, event)) => found.because(event, loss.sentence(self.id)),
            None => found,
        };
        match self.starts.iter().rev().find(|&&event| after <= event && event <= before) {
            Some(&event) => {
                found.because(event, format!("{} comes back after a crash, with what is on its disk", name(self.id)))
            }
            None => found,
        }
    }

    fn loss(&self, after: u32, before: u32) -> Option<(Loss, u32)> {
        self.losses.iter().rev().find(|(_, event)| after <= *event && *event <= before).copied()
    }

    /// Looks at the machine after an event: whether it booted, and whether its disk has lost something.
    pub(super) fn observe<P: Process>(
        &mut self,
        event: u32,
        record: &EventRecord,
        machine: &Machine<P>,
        level: impl Fn(&P::Durable) -> Level,
    ) {
        let is_own = record.node == self.id.0;
        let level = machine.disk.loses_flushes().then(|| level(&machine.disk.durable));
        if is_own && machine.wipes() > self.wipes {
            self.wipes = machine.wipes();
            self.losses.push((Loss::Wiped, event));
        } else if is_own && machine.process.is_none() && has_fallen(self.level, level) {
            self.losses.push((Loss::FlushesLost, event));
        }
        self.level = level;
        if is_own && record.input == InputKind::Start {
            self.starts.push(event);
        }
    }

    /// Forgets all events from a moment on; the machine stands there.
    pub(super) fn rewind<P: Process>(
        &mut self,
        event: u32,
        machine: &Machine<P>,
        level: impl Fn(&P::Durable) -> Level,
    ) {
        self.words.retain(|word| word.left < event);
        self.starts.retain(|start| *start < event);
        self.losses.retain(|(_, lost)| *lost < event);
        self.wipes = machine.wipes();
        self.level = machine.disk.loses_flushes().then(|| level(&machine.disk.durable));
    }
}

fn has_fallen(before: Option<Level>, after: Option<Level>) -> bool {
    before.zip(after).is_some_and(|(before, after)| before.iter().zip(after).any(|(before, after)| after < *before))
}

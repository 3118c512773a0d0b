//! What a leader knows of one follower (section 5.3: `nextIndex` and `matchIndex`; the states are etcd's).

use super::log::Index;
use crate::process::{Fingerprint, Fingerprinter, fingerprint_struct};

/// How far a follower is, as its leader knows.
///
/// `match_index < next_index` always holds: what is known to match is not sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    match_index: Index,
    next_index: Index,
    flow: Flow,
    round: u64,
    doubt: Option<Doubt>,
}

/// How entries go to a follower.
///
/// ```text
///          sent                matched up to next_index - 1
///  Probe ───────▶ Wait ─────────────────────────────────────▶ Replicate
///    ▲  heartbeat  │ ▲                                            │
///    ├─────────────┘ └──────────── snapshot sent ─────────────────┤
///    └──────────────────────────── refused ───────────────────────┘
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// It is not known where the logs agree: one message may leave, to find out.
    Probe,
    /// That message, or a snapshot, is under way: nothing more leaves before an answer or the next heartbeat.
    Wait,
    /// The logs are known to agree: entries leave one message after another, without waiting for answers.
    Replicate,
}

/// A follower has denied what it had acknowledged, and the leader asks once more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// The round in which the leader asks. Answers to earlier ones say nothing.
    pub round: u64,
    /// What it had acknowledged then. It may well lack what comes after it.
    pub index: Index,
}

fingerprint_struct!(Doubt { round, index });

impl Fingerprint for Progress {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        let Self { match_index, next_index, flow, round, doubt } = self;
        match_index.fingerprint(into);
        next_index.fingerprint(into);
        (*flow != Flow::Replicate).fingerprint(into);
        (*flow == Flow::Wait).fingerprint(into);
        round.fingerprint(into);
        doubt.fingerprint(into);
    }
}

/// What a refusal says to a leader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Nothing new: it answers an older message than the one that is under way.
    Stale,
    /// The logs do not agree so far: the leader must go back.
    Conflict,
    /// It denies what was acknowledged. That may be a late copy of an old refusal, or the follower's disk was wiped:
    /// the answer to a new round tells the one from the other.
    Doubtful,
    /// It denies once more what was acknowledged: the follower has lost its disk.
    Forgotten,
}

impl Progress {
    /// A follower of which a new leader knows nothing: it offers what comes after its own last entry.
    pub fn unknown(next_index: Index) -> Self {
        debug_assert!(next_index > 0, "index 0 comes before the first entry");
        Self { match_index: 0, next_index, flow: Flow::Probe, round: 0, doubt: None }
    }

    /// The last index that is known to match.
    pub fn match_index(&self) -> Index {
        self.match_index
    }

    /// The next index to send.
    pub fn next_index(&self) -> Index {
        self.next_index
    }

    /// How entries go to it.
    pub fn flow(&self) -> Flow {
        self.flow
    }

    /// The latest round that it has confirmed.
    pub fn round(&self) -> u64 {
        self.round
    }

    /// Entries up to an index have left, none if the index comes before the next one. Where the logs are known to
    /// agree, they are not sent again unless the follower refuses what comes after them.
    pub fn sent(&mut self, up_to: Index) {
        debug_assert!(up_to + 1 >= self.next_index, "entries up to {up_to} were sent before {}", self.next_index);
        debug_assert!(self.flow != Flow::Wait, "a message is under way already");
        match self.flow {
            Flow::Probe | Flow::Wait => self.flow = Flow::Wait,
            Flow::Replicate => self.next_index = up_to + 1,
        }
        self.check();
    }

    /// A snapshot that covers the log up to an index has left. Whether it arrives, an answer or a heartbeat will show.
    pub fn sent_snapshot(&mut self, covers: Index) {
        self.next_index = covers + 1;
        self.flow = Flow::Wait;
        self.check();
    }

    /// A heartbeat is due: what was under way may be lost.
    pub fn waited_long_enough(&mut self) {
        if self.flow == Flow::Wait {
            self.flow = Flow::Probe;
        }
    }

    /// The logs agree up to an index, says an answer of a round. Answers may come late and out of order: what is known
    /// never shrinks. Says whether it has grown.
    pub fn matched(&mut self, index: Index, round: u64) -> bool {
        let grows = index > self.match_index;
        self.match_index = self.match_index.max(index);
        if index + 1 >= self.next_index {
            self.flow = Flow::Replicate;
        }
        self.next_index = self.next_index.max(self.match_index + 1);
        self.doubt.take_if(|doubt| round >= doubt.round);
        self.check();
        grows
    }

    /// The latest acknowledgement is to be believed, even where an earlier one told more. Only a departure does that.
    pub(super) fn forget_match(&mut self) {
        self.match_index = 0;
    }

    /// What a refusal of the message whose entry before the new ones was `prev`, in a round, says.
    pub fn judge(&self, prev: Index, round: u64) -> Refusal {
        if prev <= self.match_index {
            let denies_again = |doubt: Doubt| round >= doubt.round && prev <= doubt.index;
            return if self.doubt.is_some_and(denies_again) { Refusal::Forgotten } else { Refusal::Doubtful };
        }
        let answers_probe = prev + 1 == self.next_index;
        if self.flow == Flow::Replicate || answers_probe { Refusal::Conflict } else { Refusal::Stale }
    }

    /// Whether the leader has asked it already about what it denies.
    pub fn is_doubted(&self) -> bool {
        self.doubt.is_some()
    }

    /// The leader asks once more, in a round of its own.
    pub fn doubt(&mut self, round: u64) {
        debug_assert!(!self.is_doubted(), "the answer to an earlier question is not there yet");
        self.doubt = Some(Doubt { round, index: self.match_index });
    }

    /// It has lost its disk: what it acknowledged is there no more, and sets no bound to going back.
    pub fn forgotten(&mut self) {
        self.match_index = 0;
    }

    /// Refused, the leader goes back to an index, but never to what is known to match.
    pub fn refused(&mut self, back_to: Index) {
        self.next_index = back_to.max(self.match_index + 1);
        self.flow = Flow::Probe;
        self.doubt = None;
        self.check();
    }

    /// It has answered a round, or a later one.
    pub fn confirm(&mut self, round: u64) {
        self.round = self.round.max(round);
    }

    fn check(&self) {
        debug_assert!(self.match_index < self.next_index, "{self:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A follower of a leader with nine entries, of which it has acknowledged some, if any.
    fn follower(acknowledged: Index) -> Progress {
        let mut progress = Progress::unknown(10);
        if acknowledged > 0 {
            progress.sent(9);
            progress.refused(acknowledged + 1);
            progress.sent(acknowledged);
            assert!(progress.matched(acknowledged, 0));
        }
        progress
    }

    #[test]
    fn one_probe_is_under_way_at_a_time_until_it_matches() {
        let mut progress = follower(0);
        progress.sent(9);
        assert_eq!((progress.flow(), progress.next_index()), (Flow::Wait, 10), "nothing is taken for sent");
        progress.waited_long_enough();
        assert_eq!(progress.flow(), Flow::Probe, "it may be lost");
        progress.sent(9);
        assert!(progress.matched(9, 0));
        assert_eq!((progress.flow(), progress.match_index(), progress.next_index()), (Flow::Replicate, 9, 10));
    }

    #[test]
    fn entries_stream_where_the_logs_agree() {
        let mut progress = follower(9);
        progress.sent(12);
        progress.sent(15);
        assert_eq!((progress.flow(), progress.match_index(), progress.next_index()), (Flow::Replicate, 9, 16));
        progress.waited_long_enough();
        assert_eq!(progress.flow(), Flow::Replicate);
    }

    #[test]
    fn what_is_known_to_match_never_shrinks() {
        let mut progress = follower(9);
        assert!(!progress.matched(4, 0), "a late answer");
        assert_eq!((progress.match_index(), progress.next_index()), (9, 10));
        progress.refused(3);
        assert_eq!((progress.match_index(), progress.next_index(), progress.flow()), (9, 10, Flow::Probe));
    }

    #[test]
    fn a_refusal_of_another_message_than_the_probe_says_nothing() {
        let mut progress = follower(0);
        progress.sent(9);
        assert_eq!(progress.judge(9, 0), Refusal::Conflict);
        progress.refused(5);
        assert_eq!(progress.judge(9, 0), Refusal::Stale, "a copy");
        assert_eq!(progress.judge(4, 0), Refusal::Conflict);
        let mut streaming = follower(3);
        streaming.sent(9);
        assert_eq!(streaming.judge(7, 0), Refusal::Conflict, "any message of the stream may be lost");
    }

    #[test]
    fn who_denies_what_it_has_acknowledged_is_asked_once_more() {
        let mut progress = follower(6);
        assert_eq!(progress.judge(6, 0), Refusal::Doubtful);
        progress.doubt(4);
        assert_eq!(progress.judge(6, 3), Refusal::Doubtful, "an answer to an earlier round");
        assert_eq!(progress.judge(6, 4), Refusal::Forgotten);
        let mut unfounded = progress;
        unfounded.matched(6, 4);
        assert_eq!(unfounded.judge(6, 4), Refusal::Doubtful, "it has it after all");
        progress.forgotten();
        progress.refused(2);
        assert_eq!((progress.match_index(), progress.next_index(), progress.is_doubted()), (0, 2, false));
    }

    #[test]
    fn nothing_leaves_after_a_snapshot_before_the_next_heartbeat() {
        let mut progress = follower(3);
        progress.sent_snapshot(8);
        assert_eq!((progress.flow(), progress.next_index()), (Flow::Wait, 9));
        assert!(progress.matched(8, 0));
        assert_eq!((progress.flow(), progress.next_index()), (Flow::Replicate, 9));
    }

    #[test]
    #[should_panic(expected = "were sent before")]
    fn what_comes_before_the_next_index_is_not_sent() {
        follower(0).sent(3);
    }
}

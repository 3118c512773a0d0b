//! Questions of the lessons.

use super::Claim::{Breaks, BreaksSome, Happens, InOrder, KeepsAll, Linearizable, Never, NotLinearizable};
use super::Kind::{Choose, Replicas, Times};
use super::{Question, deed};

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        of: "flp",
        run: "duel",
        ask: "Two proposers of Paxos outbid each other, and nobody holds messages back. Do they ever decide?",
        kind: Choose(&[
            ("Yes: their pauses are random.", Happens(deed("learned"))),
            ("No, that is what was proven.", Never(deed("learned"))),
        ]),
        why: "What is proven is that they need not, if an adversary chooses when messages arrive. Chance is no adversary.",
    },
    Question {
        of: "flp",
        run: "kept-undecided-raft",
        ask: "The scheduler of this lesson is not at work yet. How many elections does this cluster need?",
        kind: Times(deed("became-leader")),
        why: "Undisturbed, the first one succeeds. The scheduler makes each of them fail, by one late vote.",
    },
    Question {
        of: "why-raft",
        run: "same-script-raft",
        ask: "Raft’s new leader has more entries than it knows to be committed. What does it do first?",
        kind: Choose(&[
            ("It appends an entry of its own term.", Happens(deed("no-op-appended").after(1_000))),
            ("It asks the others what they have.", Never(deed("no-op-appended").after(1_000))),
        ]),
        why: "It has all that is committed, else it would not have been elected. It need not ask, only commit in its term.",
    },
    Question {
        of: "why-raft",
        run: "same-script-multi-paxos",
        ask: "And the new leader of Multi-Paxos?",
        kind: Choose(&[
            (
                "It collects promises, and proposes then.",
                InOrder(&[deed("promised").after(1_100), deed("proposed").after(1_100)]),
            ),
            ("It proposes at once.", InOrder(&[deed("proposed").after(1_100), deed("promised").after(1_100)])),
        ]),
        why: "Anybody may lead there, so it must learn from a majority what may have been chosen.",
    },
    Question {
        of: "lock",
        run: "stale-read",
        ask: "A key holds the name of a lock’s owner. A leader that was deposed answers reads from its own state. Is what the \
              clients see linearizable?",
        kind: Choose(&[("Yes.", Linearizable), ("No.", NotLinearizable)]),
        why: "It names an owner that is no longer one. Two clients then think that the lock is theirs.",
    },
    Question {
        of: "lock",
        run: "fresh-read",
        ask: "The same, but a read waits until a majority has confirmed that the leader leads.",
        kind: Choose(&[("Now it is linearizable.", Linearizable), ("Still it is not.", NotLinearizable)]),
        why: "A leader that is cut off hears no majority, and does not answer.",
    },
    Question {
        of: "two-leaders",
        run: "cut-the-leader-off",
        ask: "Does the leader that is cut off commit anything of what it takes meanwhile?",
        kind: Choose(&[
            ("No: it hears no majority.", Never(deed("committed").by("n1").after(950))),
            ("Yes, on its own side.", Happens(deed("committed").by("n1").after(950))),
        ]),
        why: "To lead is a belief, to commit is a fact: it takes three of five.",
    },
    Question {
        of: "two-leaders",
        run: "figure-8",
        ask: "How often is a leader elected in the run of figure 8?",
        kind: Times(deed("became-leader")),
        why: "n1, n5, n1 again, n5 again, each in a term of its own. No term has two.",
    },
    Question {
        of: "linearizable-or-eventual",
        run: "stale-read",
        ask: "Reads are answered by whoever takes itself for the leader. Is that linearizable?",
        kind: Choose(&[("No.", NotLinearizable), ("Yes: writes still need a majority.", Linearizable)]),
        why: "A read needs one, too: otherwise it may miss a write that was answered before it began.",
    },
    Question {
        of: "linearizable-or-eventual",
        run: "fresh-read",
        ask: "With confirmed reads: does the leader that is cut off answer a read between 1.0 s and 2.4 s?",
        kind: Choose(&[
            ("No: they wait.", Never(deed("read-served").by("n1").after(1_000).until(2_400))),
            ("Yes, with what it has.", Happens(deed("read-served").by("n1").after(1_000).until(2_400))),
        ]),
        why: "That is the price: on the small side there is no answer at all.",
    },
    Question {
        of: "applying-before-commitment",
        run: "applied-before-committed",
        ask: "Servers apply what is in their logs, and the leader is cut off with one follower. What breaks?",
        kind: Choose(&[
            ("State Machine Safety.", Breaks("state-machine-safety")),
            ("Election Safety.", Breaks("election-safety")),
            ("Nothing.", KeepsAll),
        ]),
        why: "Two servers have applied different commands at one index.",
    },
    Question {
        of: "applying-before-commitment",
        run: "applied-before-committed",
        ask: "How many servers find, after the network has healed, that what they had applied is overwritten?",
        kind: Replicas(deed("conflict-truncated")),
        why: "The two of the small side. The log can be mended, the state cannot.",
    },
    Question {
        of: "wrong-previous-entry",
        run: "never-backs-up",
        ask: "The leader never steps back when a follower refuses. n5 was away, and lacks entries. Does it catch up?",
        kind: Choose(&[
            (
                "No: it is offered the same entries again and again.",
                Never(deed("entries-appended").by("n5").after(1_600)),
            ),
            ("Yes, a little later.", Happens(deed("entries-appended").by("n5").after(1_600))),
        ]),
        why: "It refuses each time, since what comes before is not in its log. It is safe, and of no use.",
    },
    Question {
        of: "wrong-previous-entry",
        run: "consistency-check-off",
        ask: "And if the follower does not look at the entry before?",
        kind: Choose(&[
            ("Logs differ before an entry that they share.", Breaks("log-matching")),
            ("Nothing breaks: the entries are the leader’s.", KeepsAll),
        ]),
        why: "The one comparison carries all that the log promises, entry by entry.",
    },
    Question {
        of: "no-compaction",
        run: "no-compaction",
        ask: "Some 2,500 writes are made. How many snapshots are taken?",
        kind: Times(deed("snapshot-taken")),
        why: "None: the mistake is just that. Every write stays in every log.",
    },
    Question {
        of: "no-compaction",
        run: "catch-up-by-snapshot",
        ask: "With snapshots on: how many snapshots have to be sent to another server?",
        kind: Times(deed("snapshot-sent")),
        why: "One, to the server that was away for long. The others cut their logs by themselves.",
    },
    Question {
        of: "lock-held-during-a-call",
        run: "lock-held-during-a-call",
        ask: "Servers stand still while they wait for their peers. Is what the clients see still linearizable?",
        kind: Choose(&[("Yes, only slow.", Linearizable), ("No.", NotLinearizable)]),
        why: "Raft needs no speed to be right. It needs it to be of use.",
    },
    Question {
        of: "lock-held-during-a-call",
        run: "lock-held-during-a-call",
        ask: "Nothing crashes, nothing is cut. How often is a leader elected all the same?",
        kind: Times(deed("became-leader")),
        why: "A leader that stands still sends no heartbeats, and the others hold another election.",
    },
    Question {
        of: "waiting-for-every-follower",
        run: "everyone-must-acknowledge",
        ask: "n5 is cut off from 1 s to 2 s, and the leader waits for all. What is committed meanwhile?",
        kind: Choose(&[
            ("Nothing.", Never(deed("committed").after(1_050).until(1_990))),
            ("What the other four have.", Happens(deed("committed").after(1_050).until(1_990))),
        ]),
        why: "One server that is away stops all: the cluster is less available than one machine.",
    },
    Question {
        of: "waiting-for-every-follower",
        run: "everyone-must-acknowledge",
        ask: "Does that break a promise?",
        kind: Choose(&[("No: it is slow, not wrong.", KeepsAll), ("Yes.", BreaksSome)]),
        why: "More copies than needed harm nobody. A majority is the least that is safe, and the most that is of use.",
    },
    Question {
        of: "raft-multi-paxos-viewstamped",
        run: "same-script-raft",
        ask: "The leader crashes at 1 s and is back at 2 s. How many leaders does Raft elect in four seconds?",
        kind: Times(deed("became-leader")),
        why: "Whoever comes back follows: it hears of the new term before its own timer runs out.",
    },
    Question {
        of: "raft-multi-paxos-viewstamped",
        run: "same-script-multi-paxos",
        ask: "And Multi-Paxos on the same script?",
        kind: Times(deed("became-leader")),
        why: "The same. With a stable leader the two differ in little; what differs is how the second one comes about.",
    },
    Question {
        of: "linearizable-sequential-eventual",
        run: "fresh-read",
        ask: "Reads that a majority confirms, in a partition: linearizable?",
        kind: Choose(&[("Yes.", Linearizable), ("No.", NotLinearizable)]),
        why: "A leader that is cut off answers none.",
    },
    Question {
        of: "linearizable-sequential-eventual",
        run: "stale-read",
        ask: "Reads from the leader’s own state, in the same partition?",
        kind: Choose(&[("Linearizable.", Linearizable), ("Not linearizable.", NotLinearizable)]),
        why: "An older value is answered after a newer one was. A weaker promise allows that.",
    },
];

//! Questions of the tasks on Raft.

use super::Claim::{Breaks, Happens, InOrder, KeepsAll, Linearizable, Never, NotLinearizable};
use super::Kind::{Choose, Node, Replicas, Times};
use super::{Question, deed};

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        of: "log-replication",
        run: "elect-and-replicate",
        ask: "A client sends its first command to the leader. What happens to it, in which order?",
        kind: Choose(&[
            (
                "A follower appends it, the leader commits it, the followers learn that.",
                InOrder(&[
                    deed("entries-appended").after(275),
                    deed("committed").after(275),
                    deed("commit-learned").after(275),
                ]),
            ),
            (
                "The leader commits it, and then copies it to the followers.",
                InOrder(&[deed("committed").after(275), deed("entries-appended").after(275)]),
            ),
            (
                "All followers commit it, and the leader last.",
                InOrder(&[deed("commit-learned").after(275), deed("committed").after(275)]),
            ),
        ]),
        why: "A command counts once a majority has it. The leader knows that first; the followers learn it from the next \
              message.",
    },
    Question {
        of: "log-replication",
        run: "elect-and-replicate",
        ask: "Nothing is cut and nobody crashes for four seconds. How many times is a leader elected?",
        kind: Times(deed("became-leader")),
        why: "A leader that its followers hear of stays the leader: each heartbeat puts their election timers off.",
    },
    Question {
        of: "log-matching",
        run: "cut-the-leader-off",
        ask: "The leader n1 is cut off together with n2, and still takes writes. What do these two do with them after the \
              network has healed?",
        kind: Choose(&[
            ("They delete them, and take what the new leader has.", Happens(deed("conflict-truncated").by("n1"))),
            ("They keep them, and put the new leader’s entries behind.", Never(deed("conflict-truncated"))),
            ("The new leader deletes its own, and takes theirs.", Happens(deed("conflict-truncated").by("n3"))),
        ]),
        why: "Where a follower’s entry has the same index and another term, it goes, and all behind it. A leader never \
              deletes.",
    },
    Question {
        of: "log-matching",
        run: "cut-the-leader-off",
        ask: "How many servers delete something from their logs in this run?",
        kind: Replicas(deed("conflict-truncated")),
        why: "Only who was on the small side holds entries that conflict: n1, and n2, to which n1 could still send.",
    },
    Question {
        of: "entry-commitment",
        run: "two-far-away",
        ask: "n4 and n5 are far away. How many followers have the leader’s first entry when the leader commits it?",
        kind: Replicas(deed("entries-appended").until(230)),
        why: "Two and the leader itself are three of five. It does not wait for the two that are far away.",
    },
    Question {
        of: "entry-commitment",
        run: "two-far-away",
        ask: "What is committed while n4 and n5 have not answered?",
        kind: Choose(&[
            ("Nothing: all must have an entry.", Never(deed("committed").until(260))),
            ("What n1, n2 and n3 have.", InOrder(&[deed("committed").by("n1"), deed("entries-appended").by("n4")])),
            ("Whatever n4 has appended.", InOrder(&[deed("entries-appended").by("n4"), deed("committed").by("n1")])),
        ]),
        why: "Any three of five will do. Whoever leads later is elected by three, of which one has the entry.",
    },
    Question {
        of: "state-machine",
        run: "restart-and-apply",
        ask: "When does a follower apply an entry?",
        kind: Choose(&[
            ("After the leader has committed it.", InOrder(&[deed("committed").by("n1"), deed("applied").by("n5")])),
            ("As soon as it is in its own log.", InOrder(&[deed("applied").by("n5"), deed("committed").by("n1")])),
            ("Never: only the leader applies.", Never(deed("applied").by("n5"))),
        ]),
        why: "What is not committed may still be overwritten. A state machine cannot take anything back.",
    },
    Question {
        of: "state-machine",
        run: "applied-before-committed",
        ask: "Here servers apply an entry as soon as they have it, and the leader is cut off. What breaks?",
        kind: Choose(&[
            ("Two servers apply different commands at one index.", Breaks("state-machine-safety")),
            ("Two leaders are elected in one term.", Breaks("election-safety")),
            ("Nothing.", KeepsAll),
        ]),
        why: "The small side applies writes that are then overwritten. Its state differs from the others’ for good.",
    },
    Question {
        of: "election-restriction",
        run: "log-behind-loses",
        ask: "n3 lacks a committed entry, and stands for election with a higher term. What do n1 and n2 do?",
        kind: Choose(&[
            ("They take its term, and refuse their votes.", Happens(deed("vote-refused-log-behind"))),
            ("They vote for it, since its term is higher.", Happens(deed("became-leader").by("n3"))),
            ("They do not heed it at all.", Never(deed("stepped-down-higher-term").after(201).until(300))),
        ]),
        why: "A higher term always counts, so n1 leads no longer. A vote is another matter: n3’s log is behind theirs.",
    },
    Question {
        of: "election-restriction",
        run: "log-behind-loses",
        ask: "Which server is elected next?",
        kind: Node(deed("became-leader").after(201)),
        why: "Of those that stand only one has a log that is not behind: n1’s, which n2 and n3 may vote for.",
    },
    Question {
        of: "commit-rule",
        run: "figure-8",
        ask: "Follow the run to its end: which server is elected last?",
        kind: Node(deed("became-leader").after(600)),
        why: "n5’s last entry is of term 2, and n3’s and n4’s are of term 1: they may vote for it, though a majority has \
              n1’s entry.",
    },
    Question {
        of: "commit-rule",
        run: "figure-8",
        ask: "An entry of term 1 stands on four of five servers. How many of them have to delete it?",
        kind: Replicas(deed("conflict-truncated")),
        why: "All four. It was on a majority and never committed: had n1 counted copies of an entry of an old term, it would \
              have told a client yes.",
    },
    Question {
        of: "apply-channel",
        run: "asked-twice-applied-once",
        ask: "A client hears nothing, and sends its command again. The first one has been applied. What does the leader do?",
        kind: Choose(&[
            ("It answers with the result of the first one.", Happens(deed("duplicate-answered"))),
            ("It applies the command again.", Never(deed("duplicate-answered"))),
        ]),
        why: "The session of the client, a part of the state machine, knows the number of its last command and the result.",
    },
    Question {
        of: "apply-channel",
        run: "asked-twice-applied-once",
        ask: "Many messages are lost, and commands are sent twice. What does the checker say of what the clients saw?",
        kind: Choose(&[("It is linearizable.", Linearizable), ("It is not.", NotLinearizable)]),
        why: "Each command took effect at most once, whatever was sent how often.",
    },
    Question {
        of: "no-op-on-election",
        run: "leader-crashes",
        ask: "n1 has copied a write to n2 alone, and crashes. Which server is elected?",
        kind: Node(deed("became-leader").after(100)),
        why: "n3’s log is behind n2’s, so n2 would not vote for it. n3 may vote for n2.",
    },
    Question {
        of: "no-op-on-election",
        run: "leader-crashes",
        ask: "The new leader gets the old write onto n3 as well. When does it commit it?",
        kind: Choose(&[
            (
                "Later, with an entry of its own term.",
                InOrder(&[deed("old-term-not-counted"), deed("committed").after(200)]),
            ),
            (
                "At once, since a majority has it.",
                InOrder(&[deed("committed").after(200), deed("old-term-not-counted")]),
            ),
            ("Never.", Never(deed("committed").after(200))),
        ]),
        why: "Copies of an old term’s entry are not counted. That is why a leader begins with an entry that does nothing.",
    },
    Question {
        of: "snapshots",
        run: "catch-up-by-snapshot",
        ask: "n5 comes back after a while. What does the leader send it?",
        kind: Choose(&[
            (
                "Entries; when n5 refuses them, a snapshot.",
                InOrder(&[deed("append-refused"), deed("snapshot-sent"), deed("snapshot-installed")]),
            ),
            ("A snapshot at once, and then entries.", InOrder(&[deed("snapshot-sent"), deed("append-refused")])),
            ("All entries from the first on.", Never(deed("snapshot-sent"))),
        ]),
        why: "It does not know how far n5 is before n5 refuses; and the entries that n5 lacks are no longer in its log.",
    },
    Question {
        of: "snapshots",
        run: "catch-up-by-snapshot",
        ask: "How many of the five servers take snapshots of their own?",
        kind: Replicas(deed("snapshot-taken")),
        why: "Each by itself, whenever its log has grown long enough. Only who is too far behind is sent another’s.",
    },
    Question {
        of: "partitions",
        run: "cut-the-leader-off",
        ask: "The leader is cut off with one follower. What happens?",
        kind: Choose(&[
            (
                "The large side elects another, and for a while there are two.",
                InOrder(&[deed("became-leader").after(900), deed("stepped-down-quorum-lost")]),
            ),
            (
                "The old one steps down first; then another is elected.",
                InOrder(&[deed("stepped-down-quorum-lost"), deed("became-leader").after(900)]),
            ),
            ("Nobody is elected until the network heals.", Never(deed("became-leader").after(900).until(2_400))),
        ]),
        why: "The old leader cannot know that there is another one. It can commit nothing, and steps down when it has heard \
              no majority for long enough.",
    },
    Question {
        of: "partitions",
        run: "stale-read",
        ask: "Here a leader answers reads from its own state, without asking a majority. It is cut off. What does the checker \
              say?",
        kind: Choose(&[
            ("It is linearizable all the same.", Linearizable),
            ("It is not linearizable.", NotLinearizable),
        ]),
        why: "On the other side there are newer writes, answered already. A read that does not see them is stale.",
    },
];

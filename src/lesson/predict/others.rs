//! Questions of the tasks on Paxos and on liars.

use super::Claim::{Breaks, BreaksSome, Happens, InOrder, KeepsAll, More, Never};
use super::Kind::{Choose, Node, Replicas};
use super::{Question, deed};

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        of: "prepare-promise",
        run: "one-value",
        ask: "One proposer asks five acceptors, itself among them. None has promised anything. How many promise?",
        kind: Replicas(deed("promised")),
        why: "An acceptor refuses only for a higher number that it has promised before. Three would have been enough.",
    },
    Question {
        of: "prepare-promise",
        run: "one-value",
        ask: "When does the proposer settle on its value?",
        kind: Choose(&[
            (
                "When a majority has promised.",
                InOrder(&[deed("promised"), deed("value-free"), deed("accepted").by("n4")]),
            ),
            ("Before it asks for promises.", InOrder(&[deed("value-free"), deed("promised")])),
            (
                "When a majority has accepted.",
                InOrder(&[deed("accepted").by("n4"), deed("learned"), deed("value-free")]),
            ),
        ]),
        why: "Only the promises tell whether it is free: had one of them named a value, it would have to take that.",
    },
    Question {
        of: "accept-accepted",
        run: "duel",
        ask: "Two proposers outbid each other. Which is more frequent?",
        kind: Choose(&[
            ("A request to accept is refused.", More(deed("accept-refused"), deed("accepted"))),
            ("A request to accept is followed.", More(deed("accepted"), deed("accept-refused"))),
        ]),
        why: "Each prepares a higher number before the other’s value is accepted; the acceptors have then promised not to.",
    },
    Question {
        of: "accept-accepted",
        run: "duel",
        ask: "Is a value chosen within four seconds?",
        kind: Choose(&[
            ("Yes: one of them pauses for long enough.", Happens(deed("learned"))),
            ("No: they go on like that.", Never(deed("learned"))),
        ]),
        why: "Nothing but chance ends a duel: the pauses are random, and grow.",
    },
    Question {
        of: "chosen-is-immutable",
        run: "lost-majority",
        ask: "A value was chosen. Later others propose, with higher numbers. Which value do they propose?",
        kind: Choose(&[
            ("The one that acceptors tell them of.", Happens(deed("value-bound").after(500))),
            ("Their own clients’.", Happens(deed("value-free").after(500))),
            ("None: it is chosen, and they fall silent.", Never(deed("accepted").after(500))),
        ]),
        why: "Any majority that promises has an acceptor in common with the one that chose.",
    },
    Question {
        of: "chosen-is-immutable",
        run: "lost-majority",
        ask: "Two of the three servers that accepted the value are gone. Does anybody learn another one?",
        kind: Choose(&[
            ("No: all that learn a value learn the same.", KeepsAll),
            ("Yes: at most one value is a promise for calm times.", Breaks("agreement")),
        ]),
        why: "One acceptor that still has the value is enough to tell of it, and no majority can be had without that one.",
    },
    Question {
        of: "multi-paxos",
        run: "multi-paxos-gap",
        ask: "A new leader finds a value in a slot, and nothing in the slot before it. What does it do with the empty one?",
        kind: Choose(&[
            ("It proposes a command that does nothing for it.", Happens(deed("gap-filled"))),
            ("It leaves it empty.", Never(deed("gap-filled"))),
        ]),
        why: "Nothing behind a gap can be applied. Had the slot been chosen, one of the promises would have told its value.",
    },
    Question {
        of: "multi-paxos",
        run: "multi-paxos-gap",
        ask: "Can a slot be chosen before the one in front of it?",
        kind: Choose(&[
            ("Yes, and in this run one is.", Happens(deed("chosen-out-of-order"))),
            ("No, slots are chosen one after another.", Never(deed("chosen-out-of-order"))),
        ]),
        why: "Each slot is a Paxos of its own. Only applying is in order.",
    },
    Question {
        of: "raft-and-multi-paxos",
        run: "same-script-multi-paxos",
        ask: "The leader crashes at 1 s. What does its successor in Multi-Paxos do first?",
        kind: Choose(&[
            (
                "It asks for promises, and leads when a majority has given them.",
                InOrder(&[
                    deed("ballot-chosen").after(1_000),
                    deed("promised").after(1_000),
                    deed("became-leader").after(1_000),
                ]),
            ),
            (
                "It leads at once, and asks later what was accepted.",
                InOrder(&[deed("became-leader").after(1_000), deed("promised").after(1_000)]),
            ),
        ]),
        why: "With the promises comes what was accepted. Anybody may lead, and learns from a majority what it missed.",
    },
    Question {
        of: "raft-and-multi-paxos",
        run: "same-script-raft",
        ask: "The same in Raft. Four servers are left, and one of them stands. How many others vote for it?",
        kind: Replicas(deed("vote-granted").after(1_000).until(2_000)),
        why: "All three, since its log is not behind theirs. Two would have been enough: with its own vote, three of five.",
    },
    Question {
        of: "byzantine-faults",
        run: "raft-with-a-liar",
        ask: "One server of Raft lies about entries. Do the others refuse what it sends?",
        kind: Choose(&[
            ("They take it: its messages look like any others.", Never(deed("append-refused"))),
            ("They refuse it.", Happens(deed("append-refused"))),
        ]),
        why: "Index and term fit, and nobody in Raft asks whether the leader tells all the same.",
    },
    Question {
        of: "byzantine-faults",
        run: "raft-with-a-liar",
        ask: "What does that come to?",
        kind: Choose(&[
            ("Logs differ at one index of one term.", Breaks("log-matching")),
            ("Nothing is broken: a majority is honest.", KeepsAll),
        ]),
        why: "A majority helps against silence, not against lies: Raft believes its leader.",
    },
    Question {
        of: "pbft",
        run: "pbft-fault-free",
        ask: "In which order does a request go through the phases?",
        kind: Choose(&[
            (
                "Ordered, pre-prepared, prepared, committed.",
                InOrder(&[
                    deed("request-ordered"),
                    deed("pre-prepare-accepted"),
                    deed("prepared"),
                    deed("committed-local"),
                ]),
            ),
            (
                "Ordered, prepared, pre-prepared, committed.",
                InOrder(&[deed("request-ordered"), deed("prepared"), deed("pre-prepare-accepted")]),
            ),
            (
                "Ordered, pre-prepared, committed, prepared.",
                InOrder(&[deed("pre-prepare-accepted"), deed("committed-local"), deed("prepared")]),
            ),
        ]),
        why: "Prepared: 2f + 1 agree on the order in this view. Committed: 2f + 1 know that, so that a later view keeps it.",
    },
    Question {
        of: "pbft",
        run: "pbft-fault-free",
        ask: "How many of the four replicas accept pre-prepares?",
        kind: Replicas(deed("pre-prepare-accepted")),
        why: "The primary sends them, the three others accept them.",
    },
    Question {
        of: "equivocation",
        run: "pbft-two-faced-primary",
        ask: "The primary tells one replica another request than the rest. What comes of it?",
        kind: Choose(&[
            (
                "The others compare, suspect it, and change the view.",
                InOrder(&[deed("conflict-shown"), deed("primary-suspected"), deed("new-view-sent")]),
            ),
            ("Two honest replicas execute different requests.", BreaksSome),
            ("Nobody notices.", Never(deed("conflict-shown"))),
        ]),
        why: "Prepares tell what each has heard. Two pre-prepares for one number, both signed, convict who signed them.",
    },
    Question {
        of: "equivocation",
        run: "pbft-two-faced-primary",
        ask: "n1 is the primary of view 0. Which replica begins the new view?",
        kind: Node(deed("new-view-sent")),
        why: "Views go around: the primary of view 1 is the next replica.",
    },
    Question {
        of: "three-f-plus-one",
        run: "three-of-which-one-lies",
        ask: "Three replicas, quorums of two, and one of the three lies. What comes of it?",
        kind: Choose(&[
            ("The two honest ones commit different requests with one number.", Breaks("agreement")),
            ("The two honest ones agree: they are the majority.", KeepsAll),
        ]),
        why: "Each of them forms a quorum with the liar. The two quorums share nobody else.",
    },
    Question {
        of: "three-f-plus-one",
        run: "three-that-wait-for-all",
        ask: "Now quorums have all three, and the third says nothing. What is committed?",
        kind: Choose(&[
            ("Nothing.", Never(deed("committed-local"))),
            ("What the two honest ones agree on.", Happens(deed("committed-local"))),
        ]),
        why: "With three there is no size that is safe and goes on: two can be split, three can be stopped.",
    },
    Question {
        of: "tendermint",
        run: "tendermint-silent-proposer",
        ask: "It is the turn of a proposer that says nothing. What do the others do?",
        kind: Choose(&[
            (
                "They wait, vote nil, and decide in a later round.",
                InOrder(&[deed("propose-timed-out"), deed("precommitted-nil-on-polka"), deed("decided").after(650)]),
            ),
            ("They decide nothing any more.", Never(deed("decided").after(650))),
            ("They decide without a proposal.", Never(deed("propose-timed-out"))),
        ]),
        why: "Each round has another proposer. A round without a proposal costs its timeouts, and nothing else.",
    },
    Question {
        of: "tendermint",
        run: "tendermint-silent-proposer",
        ask: "How many of the four validators decide?",
        kind: Replicas(deed("decided")),
        why: "All, the silent one too: it keeps quiet as a proposer, and hears what the others vote.",
    },
];

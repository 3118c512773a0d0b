//! The words of Raft's runs.

use super::{at, caption, follows, intervention, takes};
use crate::scenario::action::ActionText;
use crate::scenario::captions::{Caption, EndingKind, Moment, MomentKind, OperationKind};
use crate::scenario::script::groups;

/// The first write that is answered.
fn first_write_answered() -> Moment {
    Moment { operation: Some(OperationKind::Put), ending: Some(EndingKind::Ok), ..Moment::first(MomentKind::Completed) }
}

pub(in crate::scenario::gallery) fn first_visit() -> Vec<Caption> {
    vec![
        caption(
            takes("n1", "leader"),
            "Five servers choose a leader",
            "They must agree on every write, although any of them may stop and any message may get lost. n1 and n5 \
             were the first to lose patience, and both asked for votes. Three of five, its own among them, make n1 \
             the leader of term 1.",
        )
        .showing(50, 20),
        caption(
            first_write_answered(),
            "A write is committed",
            "c2 writes x=1. n1 sends it to all as entry 2, and at 0.298 s a third server is known to have it. On \
             three of five, no majority can form without it any more: committed. Only then does c2 hear: ok.",
        )
        .showing(50, 15)
        .at_cell("n1", 2),
        caption(
            at(899_900),
            "Cut the leader off",
            "Every write goes through n1. Cut the network: n1 and the client c1 on one side, all others on the other \
             side. What can each side still do, and what does it believe?",
        )
        .doing("Cut off n1 and c1", groups(&["n1 c1", "n2 n3 n4 n5 c2 c3"])),
        caption(
            takes("n3", "leader"),
            "The others elect n3",
            "They have heard nothing from n1 since the cut. At 1.136 s n3 leads term 2. No message of that reaches \
             n1, which still takes itself for the leader: two leaders, of two terms.",
        )
        .showing(60, 20)
        .at_node("n1"),
        caption(
            Moment::first(MomentKind::Contradiction),
            "A stale read",
            "c1 asks n1 for x and gets 13, although c2 was told 28 ms before that 24 is written. n1 asked nobody \
             whether it still leads: ReadIndex, the rule that says so, is switched off here. The arrows show who is \
             responsible.",
        )
        .showing(75, 10)
        .why(),
        caption(
            at(2_100_000),
            "A write that nobody else has",
            "c1 writes x=26 as well. n1 takes it as entry 16 and waits for acknowledgements, which cannot come. \
             Meanwhile the others have committed a dozen entries from 16 on.",
        )
        .showing(150, 40)
        .at_cell("n1", 16)
        .doing("Heal the network", ActionText::Heal),
        caption(
            follows("n1", "conflict-truncated"),
            "Its write is lost",
            "n1 hears of term 2 and steps down. The entries of n3 take the place of its own: x=26 is gone. Nobody \
             was told ok, so no promise is broken: what no majority has may be lost. The stale read was a broken \
             promise.",
        )
        .showing(50, 20)
        .at_cell("n1", 16),
        caption(
            at(2_700_000),
            "Break it yourself",
            "Crash a server, lose a message, switch a rule off, or let a server lie: the checkers say at once \
             whether a promise is broken. Each prepared run shows one such thing. This cluster is yours.",
        ),
    ]
}

pub(in crate::scenario::gallery) fn elect_and_replicate() -> Vec<Caption> {
    vec![
        caption(
            takes("n1", "candidate"),
            "n1 has waited long enough",
            "No leader has been heard of for 0.18 s. n1 first asks whether it could win (a pre-vote, which changes \
             nothing). With its own voice and those of n5 and n2 it could: it begins term 1, votes for itself, and \
             asks for votes.",
        )
        .showing(25, 25)
        .at_node("n1"),
        caption(
            takes("n1", "leader"),
            "Three votes of five",
            "n3 and n4 have said yes, and with its own vote n1 has a majority. No other can have one in term 1, \
             since each server votes once in a term. Its first entry, a no-op, goes out at once.",
        )
        .showing(30, 25)
        .at_node("n1"),
        caption(
            Moment { node: Some("n1".to_owned()), nth: 2, ..Moment::first(MomentKind::Rule("committed".to_owned())) },
            "Committed",
            "c3 asked for x=1 at 0.275 s. n1 wrote it as entry 2 and sent it to all. n3 and n2 are the first to say \
             that they have it: with n1 that is three of five. n1 carries it out, and only then answers.",
        )
        .showing(30, 20)
        .at_cell("n1", 2)
        .asking(
            "Two servers crash for good right now. Is x=1 safe?",
            &["Yes, whichever two", "Only if n1 is not among them", "No"],
            0,
            "Any three that are left include one of n1, n2 and n3, and a server only votes for one whose log is at \
             least as complete as its own. So the next leader has entry 2.",
        ),
        caption(
            first_write_answered(),
            "Answered",
            "The answer reaches c3 at 0.308 s: 33 ms after n1 got the request, of which one round trip was for the \
             majority. The heartbeats that follow tell the others that entry 2 is committed.",
        )
        .showing(40, 30),
    ]
}

pub(in crate::scenario::gallery) fn cut_the_leader_off() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "The leader is on the smaller side",
            "n1 leads term 1, and has n2 and the client c1 with it. Two of five are no majority. c2 and c3 are on \
             the other side, with three servers and no leader.",
        )
        .asking(
            "c1 sends a write to n1. What will n1 do?",
            &["Refuse it", "Commit it with n2", "Append it, and wait"],
            2,
            "n1 cannot know that it is cut off: silence and slowness look the same. It appends the write and sends \
             it to all; a third acknowledgement never comes.",
        ),
        caption(
            at(977_000),
            "Two have it",
            "n1 has appended the cas of c1 as entry 14, and n2 has acknowledged it. Two of five: the cell stays \
             dashed, and c1 waits.",
        )
        .at_cell("n1", 14),
        caption(
            takes("n3", "leader"),
            "Two leaders",
            "n4 and n5 make n3 the leader of term 2 at 1.069 s. n1 still leads term 1. Only one of the two can \
             commit anything, since any two majorities share a server. n3 goes on where the committed entries end.",
        )
        .showing(40, 30)
        .at_node("n3"),
        caption(
            follows("n1", "stepped-down-quorum-lost"),
            "The old leader gives up",
            "For a whole election timeout n1 has heard from n2 alone. By the rule that leaders check their quorum it \
             steps down at 1.405 s. c1 has sent its cas three times by then; it is in n1's log as entries 14, 15 and \
             16.",
        )
        .showing(60, 20)
        .at_node("n1"),
        caption(
            follows("n1", "conflict-truncated"),
            "Overwritten",
            "Healed at 2.400 s. n3 sends its entries 14 to 24, and they take the place of n1's 14 to 16. c1 gave its \
             cas up at 1.925 s and was never told ok: nothing that was promised is lost.",
        )
        .showing(40, 20)
        .at_cell("n1", 14),
        caption(
            at(3_150_000),
            "Cut in two, and linearizable",
            "Each dot in the clients' history is a moment at which that operation may have taken effect, so that all \
             answers are right. c1's lost cas needs none. A network that is cut costs time, and no promise.",
        ),
    ]
}

pub(in crate::scenario::gallery) fn stale_read() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "The leader is cut off, with c1",
            "n1 leads term 1. From 0.900 s on, only c1 can reach it, and it can reach nobody else. It is not told \
             so: it sends its heartbeats and hears nothing.",
        )
        .at_node("n1"),
        caption(
            takes("n3", "leader"),
            "n3 takes over",
            "The four others elect n3 at 1.136 s. n1 goes on believing that it leads: check-quorum, by which it \
             would step down, is switched off too.",
        )
        .showing(50, 20)
        .at_node("n3"),
        caption(
            at(1_914_000),
            "c1 asks the old leader",
            "At 1.906 s c2 was told that x=24 is written. 7 ms later c1, which can reach nobody but n1, begins to \
             read x.",
        )
        .showing(50, 30)
        .asking(
            "What must n1 answer?",
            &["24", "13, which it has", "Nothing, yet"],
            2,
            "24 it cannot know, and 13 is too old. A leader must first hear from a majority that it still leads, and \
             n1 never will. This rule is ReadIndex; here it is switched off.",
        ),
        caption(
            Moment::first(MomentKind::Contradiction),
            "The old leader answers",
            "n1 was replaced at 1.136 s and cannot know it. With ReadIndex off it answers from what it has, 13, \
             although 24 was written before the read began. No order of the operations explains that.",
        )
        .showing(75, 10)
        .why(),
        caption(
            follows("n1", "conflict-truncated"),
            "Too late",
            "Healed at 2.400 s, n1 hears of term 2, steps down, and takes n3's entries 16 to 31 for its own. Its \
             state is right again; the answer to c1 cannot be taken back.",
        )
        .showing(50, 20)
        .at_cell("n1", 16),
    ]
}

pub(in crate::scenario::gallery) fn liar() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "The leader begins to lie",
            "From 0.600 s on, n1 tells n2 what clients write, and n3, n4 and n5 something else. Raft has no \
             signatures and no second look: a server believes what its leader sends.",
        )
        .at_node("n1"),
        caption(
            Moment::first(MomentKind::Broken("log-matching".to_owned())),
            "One index, one term, two commands",
            "Entry 7 of term 1 is cas x 2→6 in the log of n2, and cas x 2→lie 0 in that of n5. That cannot be in \
             Raft, where a leader writes each entry once.",
        )
        .showing(15, 20)
        .at_cell("n5", 7)
        .asking(
            "Who will notice?",
            &["n5: it checks what it gets", "n2: it compares", "Nobody"],
            2,
            "A server compares the index and the term of the entry before, and nothing else. Both are the same in \
             all logs, so every check passes.",
        ),
        caption(
            at(655_000),
            "A promise that cannot be kept",
            "All acknowledge entry 7, each meaning its own. n1 counts a majority, carries out its version, and tells \
             c2: ok. Three of five logs have something else there.",
        )
        .showing(40, 15),
        caption(
            takes("n5", "leader"),
            "The lie leads",
            "n1 crashes at 1.500 s, and n5 wins the election at 1.707 s: its log is as long as any. What it has \
             carried out from entry 7 on is what it was told.",
        )
        .showing(60, 30)
        .at_node("n5"),
        caption(
            Moment::first(MomentKind::Contradiction),
            "The clients find out",
            "c2's cas finds a value that no client ever wrote. Against liars, it takes more than a majority: see \
             PBFT and Tendermint, where any two quorums share an honest server.",
        )
        .showing(80, 10)
        .why(),
    ]
}

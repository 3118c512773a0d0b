//! The words of Tendermint's runs.

use super::{at, caption, follows, intervention};
use crate::scenario::captions::{Caption, EndingKind, Moment, MomentKind};

pub(in crate::scenario::gallery) fn fault_free() -> Vec<Caption> {
    vec![
        caption(
            follows("n1", "new-value-proposed"),
            "n1 proposes a block",
            "c3's put x=1 has reached n1, whose turn it is at height 1. n1 proposes a block with it, and votes for \
             it at once: a prevote.",
        )
        .showing(30, 20)
        .at_node("n1"),
        caption(
            follows("n3", "locked-and-precommitted"),
            "A polka",
            "n3 has prevotes for the block from n1, n2 and itself: more than two thirds of four, a polka. It locks \
             on the block: from now on it prevotes for nothing else at this height, unless a later polka says so. \
             And it precommits.",
        )
        .showing(25, 15)
        .at_node("n3")
        .asking(
            "n3 has seen a polka. May it decide?",
            &["Yes", "No"],
            1,
            "n3 alone may have seen it. If the others go on to round 1, they may need n3's lock to come back to this \
             block. So it waits for more than two thirds of precommits.",
        ),
        caption(
            follows("n3", "decided"),
            "Decided in round 0",
            "n3 has precommits from n4, n2 and itself: whatever happens, two thirds are locked on this block, and \
             nothing else can have a polka. It carries the block out at 0.089 s, and the next height begins.",
        )
        .showing(35, 15)
        .at_node("n3"),
        caption(
            Moment { ending: Some(EndingKind::Ok), ..Moment::first(MomentKind::Completed) },
            "Two equal replies",
            "c3 has the same answer from n1 and n3. One of four may lie; one of any two does not.",
        )
        .showing(70, 10),
    ]
}

pub(in crate::scenario::gallery) fn silent_proposer() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "n1 falls silent",
            "From 0.500 s on nothing that n1 says reaches anybody. The three others are more than two thirds without \
             it. At the height that comes next, it is n1's turn to propose.",
        )
        .at_node("n1"),
        caption(
            follows("n2", "propose-timed-out"),
            "No proposal comes",
            "n2 has waited for a proposal as long as a round allows. It prevotes nil, at 0.645 s: nothing, in this \
             round.",
        )
        .showing(130, 30)
        .at_node("n2"),
        caption(
            follows("n3", "precommitted-nil-on-polka"),
            "Agreed on nothing",
            "n3 has three prevotes for nil and precommits nil. Nobody is locked on anything, so round 1 is free to \
             propose what it likes.",
        )
        .showing(25, 25),
        caption(
            at(776_300),
            "Round 1, with n2",
            "After the timeouts n2 proposes in round 1, and the block is decided at 0.773 to 0.776 s. One silent \
             proposer in four costs a quarter of the heights one round each; nothing else.",
        )
        .showing(110, 20),
    ]
}

pub(in crate::scenario::gallery) fn hidden_lock() -> Vec<Caption> {
    vec![
        caption(
            follows("n2", "locked-and-precommitted"),
            "n2 locks, alone",
            "n4 prevotes for the block to n2 and nil to n1 and n3, and these hear nothing from n2. So n2 has three \
             prevotes, its own and two more, and locks; n1 and n3 have two, and wait.",
        )
        .showing(40, 20)
        .at_node("n2"),
        caption(
            at(156_900),
            "The others go on",
            "n1 and n3 gave up waiting at 0.147 s and precommitted nil. They know of no lock.",
        )
        .showing(90, 20)
        .asking(
            "In round 1, could n1 and n3 agree on another block with n4?",
            &["Yes, three of four", "No: n2 will not vote for it", "No: n4 is caught by then"],
            0,
            "They could: n2's lock binds nobody but n2, and no decision has been made, so that would be safe. What \
             must never happen is another block after a decision, for which two thirds are locked.",
        ),
        caption(
            follows("n2", "equivocation-seen"),
            "Two votes, one signature",
            "Validators tell each other what they hold. n1's list has n4's prevote for nil, n2 holds n4's prevote \
             for the block: one round, two votes, both signed. That is evidence, and it is passed on.",
        )
        .showing(30, 20)
        .at_node("n2"),
        caption(
            follows("n2", "valid-value-proposed"),
            "The same block again",
            "Round 1, and n2 proposes: the block that it is locked on, with the round of its polka, 0. By then n1 \
             and n3 have been told the prevotes of that polka, and may vote for it.",
        )
        .showing(30, 30)
        .at_node("n2"),
        caption(
            follows("n1", "decided"),
            "Decided in round 1",
            "The block of round 0 is decided at 0.247 s. The hidden lock has cost a round; it could not block the \
             height, and n4 is convicted.",
        )
        .showing(40, 15),
    ]
}

pub(in crate::scenario::gallery) fn two_faced_proposer() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "n1 has two faces from 0.500 s on",
            "It says one thing to n2 and another to n3 and n4, in proposals and in votes. One of four may lie.",
        )
        .at_node("n1"),
        caption(
            at(536_000),
            "Two blocks at one height",
            "n1 proposes block b8fd to n2, and block d5d6 to n3 and n4. Each prevotes for what it was shown, and \
             says so to all.",
        )
        .showing(25, 20)
        .asking(
            "Can both blocks be decided?",
            &["Yes", "No", "Only in different rounds"],
            1,
            "Each would need more than two thirds: three of four. Two such sets share two validators, one of them \
             honest, and an honest one votes once in a round. Locks keep that so in later rounds.",
        ),
        caption(
            at(548_000),
            "A polka on one side",
            "n3 and n4 have three prevotes for d5d6: their own and n1's. They lock on it and precommit. n2 has one \
             of each kind, and waits for its timeout.",
        )
        .showing(25, 15),
        caption(
            Moment::first(MomentKind::Proof),
            "Evidence",
            "Validators tell each other what they were told. Two signatures of n1 that contradict each other have \
             met, and are kept for ever.",
        )
        .showing(60, 20),
        caption(
            Moment { node: Some("c1".to_owned()), nth: 4, ..Moment::first(MomentKind::Completed) },
            "Decided all the same",
            "c1 has its answer at 0.710 s. The height took further rounds, and one block: honest validators have \
             never decided two.",
        )
        .showing(120, 20),
    ]
}

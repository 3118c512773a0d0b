//! The words of the runs of single-decree Paxos.

use super::{at, caption, follows, intervention};
use crate::scenario::captions::{Caption, Moment, MomentKind};

pub(in crate::scenario::gallery) fn one_value() -> Vec<Caption> {
    vec![
        caption(
            follows("n1", "value-free"),
            "Phase 1: a majority promises",
            "c1 asked n1 to propose tea. n1 asked all for a promise: to accept nothing below ballot 1.n1. n1, n5 and \
             n2 have promised, and none has accepted anything before: n1 may propose what it likes.",
        )
        .showing(25, 15)
        .at_node("n1"),
        caption(
            at(55_800),
            "Phase 2: a majority accepts",
            "n1, n4, n5 and n3 have accepted tea in ballot 1.n1. The third of them, at 0.052 s, made it chosen.",
        )
        .showing(20, 15)
        .asking(
            "Who knows at 0.053 s that tea is chosen?",
            &["Nobody", "n1, the proposer", "All who accepted"],
            0,
            "It is chosen as soon as three have accepted it, whoever knows. The first to hear of three is n2, at \
             0.060 s: that is learning, and it comes after.",
        ),
        caption(
            follows("n1", "client-answered"),
            "Learnt and answered",
            "n1 has heard of three acceptances, one of them its own, and answers c1 at 0.064 s: one round trip for \
             promises, one for acceptances.",
        )
        .showing(50, 15),
        caption(
            Moment { node: Some("c2".to_owned()), ..Moment::first(MomentKind::Completed) },
            "A later proposal",
            "c2 wants coffee, and asks n2. n2 has learnt that tea is chosen, and says so. A value once chosen is \
             never another one.",
        )
        .showing(30, 10),
    ]
}

pub(in crate::scenario::gallery) fn duel() -> Vec<Caption> {
    vec![
        caption(
            follows("n1", "outbid"),
            "Outbid",
            "At 0.040 s n1 has its majority of promises for ballot 1.n1 and asks for acceptance of tea. But n2 has \
             asked for promises of 2.n2 meanwhile: n1 itself has promised it, and refuses its own request.",
        )
        .showing(25, 15)
        .asking(
            "n1 tries again with a higher ballot, 3.n1. What comes of that?",
            &["tea is chosen", "2.n2 fails in the same way", "coffee is chosen"],
            1,
            "The promises for 3.n1 reach the acceptors before n2's requests do. Each makes the other fail, and \
             nothing is ever chosen wrongly: Paxos is safe, and not sure to end.",
        ),
        caption(
            at(130_000),
            "Round and round",
            "Each defeat is followed by a higher ballot, and each ballot's colour crosses the lanes. After each the \
             loser pauses for a random time, twice as long at most as before.",
        )
        .showing(100, 20),
        caption(
            follows("n2", "client-answered"),
            "A pause that is long enough",
            "n1 pauses long enough at last: n2 gets both phases of ballot 18.n2 done, and coffee is chosen at 0.222 \
             s, after seventeen defeats. A leader, as in Multi-Paxos, makes such duels rare.",
        )
        .showing(45, 15),
    ]
}

pub(in crate::scenario::gallery) fn lost_majority() -> Vec<Caption> {
    vec![
        caption(
            follows("n1", "client-answered"),
            "Chosen by three",
            "n4 and n5 are cut off. n1, n2 and n3 promise and accept tea in ballot 1.n1: three of five, so it is \
             chosen, and c1 is told so at 0.070 s. n4 and n5 have heard nothing.",
        )
        .showing(55, 15),
        caption(
            intervention(5),
            "All three are gone",
            "n1, n2 and n3 crash at 0.120 s, and the cut is healed. Of those that are up, nobody knows of tea. c2 \
             wants coffee.",
        )
        .showing(100, 40)
        .asking(
            "May n4 and n5 choose coffee?",
            &["Yes: tea is lost", "No: two are no majority", "Only if n3 agrees"],
            1,
            "Two of five promise, and n4 asks again and again. Any majority has one of n1, n2 and n3 in it, and that \
             one remembers.",
        ),
        caption(
            follows("n5", "value-bound"),
            "n3 is back, and remembers",
            "n3 was restarted at 0.700 s with its disk. Its promise for ballot 3.n5 says that it accepted tea in \
             1.n1. So n5 must propose tea, though its client wants coffee.",
        )
        .showing(30, 15)
        .at_node("n5"),
        caption(
            Moment { node: Some("c2".to_owned()), ..Moment::first(MomentKind::Completed) },
            "c2 is told: tea",
            "tea has survived the loss of everyone who knew it was chosen. Two majorities share an acceptor: all of \
             Paxos is in that.",
        )
        .showing(80, 20),
    ]
}

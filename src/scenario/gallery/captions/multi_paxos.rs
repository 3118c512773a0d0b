//! The words of Multi-Paxos' runs.

use super::{at, caption, follows, intervention};
use crate::scenario::captions::{Caption, Moment, MomentKind};

pub(in crate::scenario::gallery) fn cut_the_leader_off() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "The leader is on the smaller side",
            "n2 leads with ballot 1.n2, and keeps n1 and c1. All five have accepted put x=13 in slot 13, but n2 has \
             heard so from n1 alone: of five acceptances it knows two.",
        )
        .asking(
            "Is slot 13 chosen?",
            &["Yes", "No", "Only once n2 knows"],
            0,
            "Five have accepted it in one ballot: that is what chosen means. That nobody knows it yet only delays \
             the answer to c2.",
        ),
        caption(
            follows("n5", "ballot-chosen"),
            "n5 asks for promises",
            "n3, n4 and n5 have heard from no leader for more than 0.1 s. n5 asks for promises of ballot 2.n5, for \
             all slots at once: after that, each command needs one round trip.",
        )
        .showing(30, 30)
        .at_node("n5"),
        caption(
            at(1_108_500),
            "What may be chosen is proposed again",
            "The promises of n3 and n4 report slot 13. n5 proposes it again in its own ballot, and at 1.108 s three \
             have accepted it there. c2 has its answer, from a leader that it did not ask.",
        )
        .showing(55, 15),
        caption(
            follows("n2", "quorum-lost"),
            "The old leader gives up",
            "n2 has heard from no majority for an election timeout. Until 1.380 s it was a leader that could get \
             nothing chosen, which is harmless, and useless.",
        )
        .at_node("n2"),
        caption(
            follows("n5", "ballot-boosted"),
            "A high ballot comes back",
            "Cut off, n1 and n2 had tried ballots up to 6.n1. Healed, they refuse n5, which has no choice but to \
             outbid them: 7.n5. A majority promises it in 22 ms.",
        )
        .showing(30, 35)
        .at_node("n5"),
    ]
}

pub(in crate::scenario::gallery) fn gap() -> Vec<Caption> {
    vec![
        caption(
            intervention(3),
            "Nobody hears n1",
            "n1 leads, and hears the others; from 0.900 s on they do not hear it. c1 asks it for put x=lost.",
        )
        .showing(40, 60)
        .at_node("n1"),
        caption(
            at(942_000),
            "Slot 2 without slot 1",
            "n1 has proposed put x=lost in slot 1, which nobody got, and put y=found in slot 2, which n2 has \
             accepted: the link to n2 was restored at 0.916 s. At 0.946 s n1 crashes.",
        )
        .showing(45, 15)
        .asking(
            "What will the next leader find in slot 1?",
            &["put x=lost", "Nothing", "put y=found"],
            1,
            "Only n1 has accepted anything there, and it is down. No majority without it can have heard of put \
             x=lost, so it is not chosen; but slot 2 cannot be carried out before slot 1.",
        ),
        caption(
            at(1_134_300),
            "The gap is filled",
            "n3 has promises from n2, n4 and n5. n2's says that slot 2 may be chosen, nobody's mentions slot 1. n3 \
             proposes a no-op in slot 1, and put y=found in slot 2 again.",
        )
        .showing(35, 25)
        .at_node("n3"),
        caption(
            follows("n3", "chosen-out-of-order"),
            "Chosen, and carried out in order",
            "n4 and n5 have accepted both slots. n3 carries out slot 1, which does nothing, and then slot 2, and \
             answers c2.",
        )
        .showing(25, 15),
        caption(
            Moment { node: Some("c1".to_owned()), nth: 2, ..Moment::first(MomentKind::Completed) },
            "The lost write has another slot",
            "c1 was never answered, asked again, and has its answer at 1.391 s: put x=lost is in slot 3. Its place \
             in line was lost, not the write.",
        )
        .showing(50, 15),
    ]
}

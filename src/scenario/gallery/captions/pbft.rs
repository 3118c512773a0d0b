//! The words of PBFT's runs.

use super::{at, caption, follows, intervention};
use crate::scenario::captions::{Caption, EndingKind, Moment, MomentKind};

fn first_answered() -> Moment {
    Moment { ending: Some(EndingKind::Ok), ..Moment::first(MomentKind::Completed) }
}

pub(in crate::scenario::gallery) fn fault_free() -> Vec<Caption> {
    vec![
        caption(
            follows("n3", "pre-prepare-accepted"),
            "Pre-prepare: the primary proposes",
            "c3 asks n3 for x=1, which passes it on to n1, the primary of view 0. n1 gives it the number 1, signs \
             that, and sends it to all. A backup accepts one proposal for a number in a view, and says which.",
        )
        .showing(35, 20),
        caption(
            follows("n2", "prepared"),
            "Prepare: 2f + 1 saw the same",
            "n2 has the pre-prepare, its own prepare and that of n4: three of four, and f = 1 may lie. Any other \
             three share at least one honest replica with these, so nothing else can be prepared as number 1 in view \
             0.",
        )
        .showing(25, 20)
        .at_node("n2")
        .asking(
            "n2 knows it is prepared. May it carry x=1 out?",
            &["Yes", "No: others may not know", "Only the primary may"],
            1,
            "If the view changed now, the new primary might hear of nobody else who has prepared it. So each says \
             that it has prepared, and waits until 2f + 1 have said so: commit.",
        ),
        caption(
            follows("n3", "committed-local"),
            "Commit: 2f + 1 know",
            "n3 has commits from n2, n4 and itself. Whatever view comes next, one honest replica of any quorum \
             reports number 1. n3 carries it out at 0.083 s and answers c3.",
        )
        .showing(35, 15)
        .at_node("n3"),
        caption(
            first_answered(),
            "f + 1 equal replies",
            "c3 believes no single replica. Two equal replies are enough, since one of two is honest. 58 ms from the \
             request to the answer, for five messages one after another.",
        )
        .showing(65, 10),
    ]
}

pub(in crate::scenario::gallery) fn two_faced_primary() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "n1 may lie from 0.500 s on",
            "n1 is the primary of view 0. It signs one request to n2 and another with the same number to n3, and \
             tells n4 nothing. f = 1: one liar of four is what PBFT is made for.",
        )
        .at_node("n1"),
        caption(
            at(568_000),
            "Two faces",
            "For number 13 the primary n1 signs put z=9 to n2 and cas y nothing→8 to n3, and tells n4 nothing. n2 \
             and n3 believe it, and say so to all.",
        )
        .showing(40, 20)
        .asking(
            "Can either value get a third voice?",
            &["Yes", "No", "Only by n4"],
            1,
            "n1 and n2 stand for one, n1 and n3 for the other. n4 has no pre-prepare, and votes for nothing. Each \
             value stays one short of 2f + 1 = 3, whatever n1 says besides.",
        ),
        caption(
            Moment::first(MomentKind::Proof),
            "A proof in hand",
            "n3 has shown n2 what it was sent. Two pre-prepares for number 13 in view 0, both signed by n1, with \
             different requests: an honest primary never signs both. Whoever sees the two can check it.",
        )
        .showing(45, 15)
        .at_node("n2"),
        caption(
            follows("n2", "primary-suspected"),
            "Patience ends",
            "n2 accepted number 13 at 0.553 s and started a timer. 400 ms later nothing is committed: n2 asks for \
             view 1. It needs no proof for that; a primary that is slow is replaced as well.",
        )
        .at_node("n2"),
        caption(
            follows("n2", "new-view-sent"),
            "View 1, with n2 for its primary",
            "2f + 1 = 3 replicas want view 1. Each says, with certificates, what it had prepared, and n2 takes that \
             over. Of number 13 nobody has a certificate, so none of its two faces binds n2.",
        )
        .showing(60, 30)
        .at_node("n2"),
        caption(
            at(1_055_900),
            "Served after all",
            "At 1.054 to 1.056 s c2, c1 and c3 get the answers that they waited half a second for. The liar cost \
             time. It could not make two honest replicas carry out different things.",
        )
        .showing(60, 20),
    ]
}

pub(in crate::scenario::gallery) fn lying_replica() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "n4 may lie from 0.300 s on",
            "n4 is a backup. It tells n1 and n2 that it votes for nothing, tells n3 the truth, and gives c1 false \
             results.",
        )
        .at_node("n4"),
        caption(
            at(336_200),
            "Two voices, one replica",
            "Of number 7 n4 says null to n1 and n2, and the truth to n3. n1, n2 and n3 agree without it: three of \
             four are 2f + 1.",
        )
        .showing(20, 20)
        .at_node("n4")
        .asking(
            "What would a second liar change?",
            &["Nothing", "Two honest replicas may disagree", "The view would change for ever"],
            1,
            "Two quorums of three among four share two replicas. With f = 1 one of these is honest. If both lie, \
             each quorum may hear something else: that is why n = 3f + 1.",
        ),
        caption(
            at(357_900),
            "c1 is not taken in",
            "n4 sends c1 a false result as well. c1 waits for two equal replies and has them from honest replicas at \
             0.358 s. The view stays 0 throughout: nobody has to know that n4 lies.",
        )
        .showing(40, 15),
    ]
}

//! The words of Viewstamped Replication's runs.

use super::{at, caption, follows, intervention};
use crate::scenario::captions::Caption;

pub(in crate::scenario::gallery) fn cut_the_primary_off() -> Vec<Caption> {
    vec![
        caption(
            intervention(1),
            "The primary is on the smaller side",
            "n1 is the primary of view 0, as the replicas take turns, and keeps n2 and c1. All five have the 23 \
             operations that are committed.",
        ),
        caption(
            at(1_035_400),
            "One acknowledgement is not enough",
            "n1 has given put x=16 number 24, and n2 acknowledges it. With n1 itself that makes two of five: it takes \
             two backups for an operation to be committed.",
        )
        .showing(40, 20)
        .at_cell("n1", 24),
        caption(
            follows("n3", "view-reported"),
            "The turn of somebody who is not there",
            "n3, n4 and n5 want view 1. Enough of them do, so each sends its log to the primary of view 1: n2, which \
             does not hear them.",
        )
        .showing(30, 20)
        .asking(
            "What happens now?",
            &["n3 becomes the primary of view 1", "They go on to view 2", "They go back to view 0"],
            1,
            "Nobody else can be the primary of view 1, and whoever has reported for it acknowledges nothing in view 0 \
             any more. When the timers run out again, they want view 2, whose primary is n3.",
        ),
        caption(
            follows("n3", "view-started"),
            "View 2 begins",
            "n3 has three reports, its own among them, all of logs of view 0 up to operation 23. It takes that log, and \
             sends it to all.",
        )
        .showing(35, 25)
        .at_node("n3"),
        caption(
            follows("n1", "state-taken"),
            "What was missed replaces what was not committed",
            "Healed, n1 hears of view 2 and asks for what comes after its commit-number, 23. Until the answer is there \
             it keeps its own operation 24; then, in one step, the log of view 2 takes its place.",
        )
        .showing(35, 15)
        .at_cell("n1", 24),
    ]
}

pub(in crate::scenario::gallery) fn all_is_forgotten() -> Vec<Caption> {
    vec![
        caption(
            follows("n4", "recovery-begun"),
            "n4 knows nothing",
            "Nothing was written to a disk. n4 asks all others, with the number of this life as its nonce, and takes \
             part in nothing meanwhile.",
        )
        .showing(10, 30)
        .at_node("n4"),
        caption(
            follows("n4", "recovered"),
            "Three answers, and one log",
            "n1, n3 and n2 have answered from view 0, and n1, its primary, has sent its log of 20 operations. n4 has \
             back what it had, and whatever it acknowledged before is in there.",
        )
        .showing(30, 15)
        .at_node("n4")
        .asking(
            "Why must three answer, if the log comes from the primary alone?",
            &["So that no later view is missed", "So that the log is not damaged", "For speed"],
            0,
            "A primary may have been left behind by the others. Of any three, one has heard of a view that three have \
             gone to, and its primary's log is the one to take.",
        ),
        caption(
            at(1_273_100),
            "Four answers, and no log",
            "n1 was the primary, and is back after 50 ms. All four others have answered from view 0, whose primary is \
             n1 itself: nobody can give it that view's log.",
        )
        .showing(25, 15)
        .at_node("n1"),
        caption(
            follows("n2", "view-started"),
            "The others go on without it",
            "n3 has waited long enough. n2 begins view 1 with the log of view 0 up to operation 31, on the reports of \
             three. n1 is in none of these numbers.",
        )
        .showing(35, 20)
        .at_node("n2"),
        caption(
            follows("n1", "recovered"),
            "Now n1 can recover",
            "n2 is the primary of view 1, and has sent its log, of 33 operations by now. n1 is a backup from here on.",
        )
        .showing(30, 15)
        .at_node("n1"),
    ]
}

pub(in crate::scenario::gallery) fn old_report() -> Vec<Caption> {
    vec![
        caption(
            follows("n2", "recovered"),
            "n2 has asked for view 1, and forgotten it",
            "Its STARTVIEWCHANGE is still on its way to n3. n2 has crashed, come back, and recovered in view 0: n1 and \
             n3 have answered it, and neither knows of view 1.",
        )
        .showing(15, 60),
        caption(
            follows("n3", "view-reported"),
            "n3 reports for view 1",
            "n2's old wish has come. n3 promises not to go on in view 0, and reports an empty log to n2, which takes \
             long. The next moment it crashes, and its promise is forgotten too.",
        )
        .showing(15, 60),
        caption(
            follows("n1", "committed"),
            "A write is committed in view 0",
            "n3 has recovered in view 0, and acknowledges put x=1. With n1 that makes two of three, and c1 is told that \
             its write is done.",
        )
        .showing(20, 20)
        .asking(
            "Where is n3's report for view 1?",
            &["It was lost in the crash", "Still on its way to n2", "n2 has it"],
            1,
            "What has left is not taken back by a crash. It says that n3's log is empty, which was true.",
        ),
        caption(
            follows("n2", "view-started"),
            "The old report counts",
            "n2 has two reports, its own and that of n3's life before, and begins view 1 with an empty log. With crash \
             vectors, n2 would know that this life of n3 has ended: n3 told it so when it recovered.",
        )
        .showing(20, 20)
        .why(),
    ]
}

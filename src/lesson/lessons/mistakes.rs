//! Five common mistakes, each a run in which it is made, and what exposes it.

use super::super::{source, works};
use super::{EMPTY, Lesson, LessonKind};

const MISTAKE: Lesson = Lesson { kind: LessonKind::Mistake, ..EMPTY };

pub(super) const MISTAKES: &[Lesson] = &[
    Lesson {
        name: "applying-before-commitment",
        title: "Applying before commitment",
        asks: "An entry is applied as soon as it is in the log.",
        answer: &[
            "The cluster may never agree on that entry. A leader that is cut off has it, applies it, perhaps tells a client; the others elect another leader, whose \
             entry at that index is a different one. A state cannot be un-applied.",
            "Right: two indexes. The log's end moves with what is received, the commit index with what a majority holds, and only up to there is anything applied.",
            "In the run the rule is off. State Machine Safety is checked after every event: it names the first index at which two servers have applied different commands.",
        ],
        sources: &[source(works::RAFT, "section 5.3, figure 3: State Machine Safety")],
        runs: &["applied-before-committed"],
        switch: Some(("raft", "applied-before-committed")),
        ..MISTAKE
    },
    Lesson {
        name: "wrong-previous-entry",
        title: "The wrong previous entry",
        asks: "The message does not name the entry right before the batch, or nobody looks at it, or the leader does not step back.",
        answer: &[
            "The whole of log matching hangs on one comparison: does the follower have the entry that comes right before the new ones? Send the wrong index or term, and sound \
             logs are refused for ever. Skip the comparison, and logs that differ are taken for equal.",
            "Right: a next index for each follower; the entry before it is what the message names; a refusal moves it back, at best a whole term at a time.",
            "Two runs, two ends of it. In the first the leader never steps back: the curve counts the refusals. In the second the follower does not compare: Log Matching breaks.",
        ],
        sources: &[source(works::RAFT, "section 5.3, figure 7")],
        runs: &["never-backs-up", "consistency-check-off"],
        switch: Some(("raft", "never-backs-up")),
        curve: Some("refusals"),
        ..MISTAKE
    },
    Lesson {
        name: "no-compaction",
        title: "No compaction",
        asks: "The log is never cut.",
        answer: &[
            "Every write that was ever made stays in memory and on disk, and a server that restarts applies all of it before it is of use. It works for a week.",
            "Right: now and then save the state, with the index and term of the last entry that is in it, and drop the log up to there. A follower that needs what was dropped \
             gets the state itself.",
        ],
        simplified: "The curve counts entries, not bytes, and the state, which grows with the number of keys, is not in it. No rule of the core is switched off: when \
                     to take a snapshot is a setting, and here it is never.",
        sources: &[source(works::RAFT, "section 7")],
        runs: &["no-compaction", "catch-up-by-snapshot"],
        curve: Some("log-size"),
        ..MISTAKE
    },
    Lesson {
        name: "lock-held-during-a-call",
        title: "Holding a lock during a call",
        asks: "A server takes its lock, calls its peers, and lets go of the lock when they have answered.",
        answer: &[
            "While it waits it handles nothing: no request, no heartbeat, no vote. Its speed becomes that of its slowest peer, though it needs only a majority. Two that call \
             each other wait until a timeout.",
            "Right: under the lock, work out what to send; let go; send; take the lock again for each answer, and look whether it is still of use (same term, still leader).",
            "The cores here cannot make this mistake, since they make no calls. So it is made by whoever drives them: a server is paused from its call until the answers are there.",
        ],
        simplified: "All calls of one moment are made at once; one after the other would be slower still. A call is given up after half a second.",
        sources: &[
            source("MIT 6.5840 Distributed Systems, Raft Locking Advice", "rule 4"),
            source(works::DISSERTATION, "section 10.2.1: a leader's disk write and its messages at once"),
        ],
        runs: &["lock-held-during-a-call"],
        curve: Some("throughput"),
        ..MISTAKE
    },
    Lesson {
        name: "waiting-for-every-follower",
        title: "Waiting for every follower",
        asks: "The leader commits when all followers have acknowledged.",
        answer: &[
            "Then one server that is down, or far away, stops all the others: the cluster is less available than one machine. That is the opposite of what replication by a \
             majority is for.",
            "Right: send to all at once, and go on with the first majority. The slow ones catch up in their own time; any later leader is elected by a majority that overlaps.",
        ],
        sources: &[source(works::RAFT, "sections 2 and 5.3")],
        runs: &["everyone-must-acknowledge"],
        switch: Some(("raft", "everyone-must-acknowledge")),
        curve: Some("commit-index"),
        ..MISTAKE
    },
];

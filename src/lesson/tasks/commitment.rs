//! Commitment and what comes after it: applying, new leaders, snapshots, and a store that stays linearizable through it
//! all.

use super::super::{source, works};
use super::{Task, Track, example, refused};

pub(super) const TRACK: Track = Track {
    title: "Commitment and application",
    about: "From a table of acknowledgements to a store that clients can rely on: what counts as committed, how it reaches the state, what a new leader may \
            not do, how a log is kept short, and what a cut network may not change.",
    tasks: &[COMMIT_RULE, APPLY_CHANNEL, NO_OP, SNAPSHOTS, PARTITIONS],
};

const COMMIT_RULE: Task = Task {
    number: 6,
    name: "commit-rule",
    title: "The commitment rule",
    asks: &[
        "The rule as arithmetic: given how far each server's log matches, which index is on a majority? Sort the numbers; the one in the place of the quorum is it.",
        "The rule has a second half, which these messages do not show, since they say nothing of the entries' terms: only an entry of the leader's own term is \
         committed by counting. What an earlier leader left behind may be on a majority, and may be overwritten all the same (figure 8 of the paper).",
    ],
    simplified: "One of the course's own examples calls an index committed that two servers of five have. The rule says three; here the rule wins.",
    sources: &[source(works::RAFT, "section 5.4.2, figure 8")],
    protocol: "raft",
    rules: &["committed", "old-term-not-counted"],
    runs: &["figure-8"],
    goals: &["figure-8"],
    examples: &[
        example(
            "Two of five are no quorum",
            5,
            &[
                r#"{"type":"check_commit","msg_id":1,"log_length":5,"match_indices":{"n1":5,"n2":5,"n3":3,"n4":2,"n5":1},"current_term":3}"#,
                r#"{"type":"advance_commit","msg_id":2,"old_commit_index":3,"match_indices":{"n1":7,"n2":5,"n3":5,"n4":3,"n5":2},"current_term":3}"#,
            ],
        ),
        refused(
            "A table without numbers",
            5,
            &[r#"{"type":"check_commit","msg_id":1,"log_length":5,"match_indices":{"n1":"five"},"current_term":3}"#],
        ),
    ],
};

const BATCH: &str = r#"{"type":"apply_entries","msg_id":1,"entries":[{"index":1,"term":1,"command":{"op":"put","key":"x","value":"1"}},{"index":2,"term":1,"command":{"op":"put","key":"y","value":"2"}},{"index":3,"term":1,"command":{"op":"get","key":"x"}}]}"#;

const APPLY_CHANNEL: Task = Task {
    number: 7,
    name: "apply-channel",
    title: "The apply channel",
    asks: &[
        "Committed entries go to a store with put, get and delete, one after the other, in the order of their indexes. The index of the last one that was applied \
         says which have been: none is applied a second time, and none is skipped.",
        "That an entry is applied once is not yet that a command is: a client that hears no answer sends it again, and it may stand in the log twice. For that the \
         state keeps the last answer to each client.",
    ],
    simplified: "A get of a missing key gives null, a delete gives ok, and a gap in the indexes is refused as a whole: decisions of ours.",
    sources: &[source(works::RAFT, "section 5.3, section 8"), source(works::DISSERTATION, "section 6.3")],
    protocol: "raft",
    rules: &["applied", "duplicate-answered"],
    runs: &["asked-twice-applied-once"],
    goals: &[],
    examples: &[
        example("Put, put, get", 1, &[BATCH, r#"{"type":"get_state","msg_id":2}"#]),
        example("The same batch again changes nothing", 1, &[BATCH, BATCH]),
        refused(
            "A gap",
            1,
            &[
                r#"{"type":"apply_entries","msg_id":1,"entries":[{"index":1,"term":1,"command":{"op":"put","key":"x","value":"1"}},{"index":3,"term":1,"command":{"op":"put","key":"x","value":"3"}}]}"#,
            ],
        ),
    ],
};

const LEADER_CHANGE: &str = r#"{"type":"leader_change","msg_id":1,"new_leader":"n2","new_term":3,"log":[{"index":1,"term":1,"command":{"op":"put","key":"x","value":"1"}},{"index":2,"term":2,"command":{"op":"put","key":"y","value":"2"}},{"index":3,"term":2,"command":{"op":"put","key":"z","value":"3"}}],"commit_index":1}"#;

const NO_OP: Task = Task {
    number: 8,
    name: "no-op-on-election",
    title: "A new leader's first entry",
    asks: &[
        "A new leader does not know which of the entries that it found are committed, and may not count replicas to find out. So it appends, at once, an entry of its \
         own term that does nothing. When that one is on a majority it is committed, and with it everything before it.",
        "Until then it answers no reads: its commit index may be behind what an earlier leader has answered already.",
    ],
    simplified: "Behind the two messages a cluster of Raft cores elects the leader and commits; the course states only where the entry stands.",
    sources: &[source(works::RAFT, "section 8"), source(works::DISSERTATION, "section 6.4")],
    protocol: "raft",
    rules: &["no-op-appended", "committed", "old-term-not-counted", "read-waits-for-own-commit"],
    runs: &["leader-crashes"],
    goals: &[],
    examples: &[
        example(
            "It commits all before it",
            3,
            &[LEADER_CHANGE, r#"{"type":"simulate_noop_commit","msg_id":2,"noop_index":4}"#],
        ),
        refused("Another place", 3, &[LEADER_CHANGE, r#"{"type":"simulate_noop_commit","msg_id":2,"noop_index":3}"#]),
    ],
};

const SNAPSHOTS: Task = Task {
    number: 9,
    name: "snapshots",
    title: "Snapshots",
    asks: &[
        "A log that only grows fills every disk. Once enough entries were applied, the state itself is saved together with the index and term of the last entry that \
         it holds, and the entries up to there are dropped.",
        "A follower that needs dropped entries gets the snapshot in their place. It replaces the state, and the log up to its index; entries behind it stay if the \
         follower's log agrees with the snapshot at its end.",
    ],
    simplified: "The course's install_snapshot has no term, leader or parts, which the paper's message has; the cores send a snapshot in parts only if it is too large for one message.",
    sources: &[source(works::RAFT, "section 7, figure 13")],
    protocol: "raft",
    rules: &["snapshot-taken", "snapshot-sent", "snapshot-installed", "snapshot-ignored"],
    runs: &["catch-up-by-snapshot"],
    goals: &["catch-up-by-snapshot"],
    examples: &[
        example(
            "Three entries, threshold two",
            1,
            &[BATCH, r#"{"type":"take_snapshot","msg_id":2,"threshold":2}"#, r#"{"type":"get_log_info","msg_id":3}"#],
        ),
        example(
            "Install one",
            1,
            &[
                r#"{"type":"install_snapshot","msg_id":1,"snapshot_index":5,"snapshot_term":2,"state":{"x":"1","y":"2","z":"3"}}"#,
                r#"{"type":"get_state","msg_id":2}"#,
            ],
        ),
    ],
};

const PARTITIONS: Task = Task {
    number: 10,
    name: "partitions",
    title: "Linearizable under partitions",
    asks: &[
        "All of it together: five servers, clients on both sides of a cut. The side with the majority elects a leader and goes on; the other side answers nothing that \
         it cannot vouch for; when the cut heals, it catches up.",
        "Whether that worked is not a matter of opinion: the clients' history goes to a checker, which looks for an order of the operations, each at one instant \
         between its beginning and its end, that a single store could have answered.",
    ],
    simplified: "The whole cluster is simulated inside the node that is asked. The share of operations that are rejected depends on the seed, which is a field of \
                 ours; so are the elements of the history, which the course leaves open.",
    sources: &[source(works::HERLIHY, "sections 1 and 2"), source(works::RAFT, "section 8")],
    protocol: "raft",
    rules: &["read-index-taken", "read-served", "not-leader-answered", "stepped-down-quorum-lost"],
    runs: &["cut-the-leader-off", "stale-read"],
    goals: &["read-only-after-confirm", "stale-read"],
    examples: &[
        example(
            "A hundred operations, forty of them in a partition",
            5,
            &[
                r#"{"type":"partition_test","msg_id":1,"cluster_size":5,"operations":100,"partition_after_op":30,"heal_after_op":70}"#,
            ],
        ),
        example(
            "A history with a stale read",
            5,
            &[
                r#"{"type":"verify_linearizability","msg_id":1,"history":[{"op":"put","key":"x","value":"1","start":0,"end":10},{"op":"put","key":"x","value":"2","start":20,"end":30},{"op":"get","key":"x","value":"1","start":40,"end":50}]}"#,
            ],
        ),
        refused(
            "A billion servers",
            5,
            &[
                r#"{"type":"partition_test","msg_id":1,"cluster_size":1000000000,"operations":10,"partition_after_op":2,"heal_after_op":5}"#,
            ],
        ),
    ],
};

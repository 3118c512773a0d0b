//! Raft's log: how it grows, how it is kept the same everywhere, and when its entries count.

use super::super::{source, works};
use super::{Task, Track, example, refused};

pub(super) const TRACK: Track = Track {
    title: "Raft: the replicated log",
    about: "One leader at a time takes commands into its log and copies them to the others. From two checks, one at the follower and one at the voter, it \
            follows that no two servers ever apply different commands at one place.",
    tasks: &[LOG_REPLICATION, LOG_MATCHING, COMMITMENT, STATE_MACHINE, ELECTION_RESTRICTION],
};

const LOG_REPLICATION: Task = Task {
    number: 1,
    name: "log-replication",
    title: "Log replication",
    asks: &[
        "The leader appends a client's command to its own log first, and then offers it to every follower in an AppendEntries. Such a message says which entry \
         comes right before the new ones, by index and term; a follower that has just that entry appends, and one that has not refuses.",
        "For each follower the leader keeps two numbers: the next index that it will send, and the highest index that it knows to match. A refusal moves the \
         first one back, an acknowledgement moves both on.",
    ],
    simplified: "The course lets the node lead without an election, takes the entry's term from the client, and answers as soon as the entry is in the leader's \
                 own log. A real leader answers when the entry is committed and applied. What it sends to n2 and n3 is shown with the option --peers, or the \
                 switch of the console.",
    sources: &[source(works::RAFT, "section 5.3, figure 2")],
    protocol: "raft",
    rules: &["command-appended", "entries-appended", "append-refused", "backed-up"],
    runs: &["elect-and-replicate"],
    goals: &["elect-a-leader-without-split-vote"],
    examples: &[
        example(
            "Two commands",
            3,
            &[
                r#"{"type":"raft_append","msg_id":1,"entry":{"term":1,"command":{"op":"set","key":"x","value":1}}}"#,
                r#"{"type":"raft_append","msg_id":2,"entry":{"term":1,"command":{"op":"set","key":"y","value":2}}}"#,
            ],
        ),
        refused(
            "An entry without a term",
            3,
            &[r#"{"type":"raft_append","msg_id":1,"entry":{"command":{"op":"set","key":"x","value":1}}}"#],
        ),
    ],
};

const FIRST_ENTRIES: &str = r#"{"type":"append_entries","msg_id":1,"term":1,"leader_id":"n2","prev_log_index":0,"prev_log_term":0,"entries":[{"term":1,"index":1,"command":{"op":"set","key":"x","value":1}},{"term":1,"index":2,"command":{"op":"set","key":"y","value":2}}],"leader_commit":1}"#;

const LOG_MATCHING: Task = Task {
    number: 2,
    name: "log-matching",
    title: "Log matching",
    asks: &[
        "The follower's side. It looks at the entry that the message says comes before the new ones. Is that entry missing, or of another term, it refuses. Is it \
         there, it goes through the new entries: where one of its own conflicts (same index, another term) it deletes that one and all behind it; then it \
         appends what it lacks.",
        "At the end it raises its commit index to the leader's, but not beyond the last entry that it has just compared: of what lies behind that it knows nothing.",
        "So two logs that have an entry with the same index and term are the same up to there: the check before each batch carries that on, entry by entry.",
    ],
    simplified: "The course's reply has no term; ours adds it, since a leader must learn from a refusal that its term is over.",
    sources: &[source(works::RAFT, "section 5.3, figure 2: AppendEntries RPC")],
    protocol: "raft",
    rules: &["entries-appended", "append-refused", "conflict-truncated", "commit-learned", "stale-term-refused"],
    runs: &["cut-the-leader-off"],
    goals: &["minority-write-vanishes"],
    examples: &[
        example("From the empty log", 3, &[FIRST_ENTRIES]),
        example(
            "A gap is refused",
            3,
            &[
                r#"{"type":"append_entries","msg_id":1,"term":1,"leader_id":"n2","prev_log_index":4,"prev_log_term":1,"entries":[{"term":1,"index":5,"command":{"op":"set","key":"x","value":1}}],"leader_commit":0}"#,
            ],
        ),
        example(
            "A conflict is cut off",
            3,
            &[
                FIRST_ENTRIES,
                r#"{"type":"append_entries","msg_id":2,"term":2,"leader_id":"n3","prev_log_index":1,"prev_log_term":1,"entries":[{"term":2,"index":2,"command":{"op":"set","key":"y","value":9}}],"leader_commit":2}"#,
                r#"{"type":"commit_status","msg_id":3}"#,
            ],
        ),
    ],
};

const COMMITMENT: Task = Task {
    number: 3,
    name: "entry-commitment",
    title: "Committing an entry",
    asks: &[
        "An entry is committed as soon as a majority of the servers holds it, and it is of the leader's own term. The leader sees that in its table of matching \
         indexes, and moves its commit index to the highest such place; all entries before it are committed with it.",
        "Followers hear of the new commit index with the next AppendEntries, which may be an empty one. They need not be asked.",
    ],
    simplified: "The course has no message that shows the commit index: commit_status is an addition of ours.",
    sources: &[source(works::RAFT, "sections 5.3 and 5.4.2")],
    protocol: "raft",
    rules: &["committed", "old-term-not-counted", "commit-learned", "heartbeat"],
    runs: &["two-far-away"],
    goals: &["write-with-a-minority-down"],
    examples: &[example(
        "A majority makes it so",
        3,
        &[
            r#"{"type":"become_leader","msg_id":1,"term":1}"#,
            r#"{"type":"raft_append","msg_id":2,"entry":{"term":1,"command":{"op":"set","key":"x","value":1}}}"#,
            r#"{"type":"commit_status","msg_id":3}"#,
        ],
    )],
};

const STATE_MACHINE: Task = Task {
    number: 4,
    name: "state-machine",
    title: "Applying what is committed",
    asks: &[
        "Between the log and the state stand two indexes: how far the log is committed, and how far it was applied. While the second lags behind the first, the next \
         entry is carried out, and the second goes up by one. In order, without gaps, each entry once.",
        "Replicas that carry out the same commands in the same order come to the same state; that holds only if no command looks at a clock, a random number or \
         anything else that is not the same everywhere.",
    ],
    simplified: "",
    sources: &[source(works::RAFT, "section 5.3, figure 2: rules for servers")],
    protocol: "raft",
    rules: &["applied", "commit-learned"],
    runs: &["restart-and-apply", "applied-before-committed"],
    goals: &[],
    examples: &[example(
        "Two of three entries are committed",
        3,
        &[
            r#"{"type":"seed_committed_log","msg_id":1,"entries":[{"index":1,"term":1,"command":{"op":"set","key":"x","value":1}},{"index":2,"term":1,"command":{"op":"set","key":"y","value":2}},{"index":3,"term":1,"command":{"op":"set","key":"x","value":3}}],"commit_index":2}"#,
            r#"{"type":"get_state","msg_id":2}"#,
        ],
    )],
};

const ELECTION_RESTRICTION: Task = Task {
    number: 5,
    name: "election-restriction",
    title: "Who may be elected",
    asks: &[
        "A voter compares the end of the candidate's log with the end of its own: the later last term is ahead; at equal terms the longer log is. It votes only for \
         a candidate that is not behind.",
        "A committed entry is on a majority, and a winner has votes of a majority; so at least one voter has the entry, and would not have voted for a candidate \
         that lacks it. Whoever is elected has everything that is committed.",
    ],
    simplified: "One vote in a term, and none for a lower term, come from the task on votes before; set_term, the course's control, leaves the vote free.",
    sources: &[source(works::RAFT, "sections 5.4.1 and 5.4.3")],
    protocol: "raft",
    rules: &["vote-granted", "vote-refused-log-behind", "vote-refused-already-voted", "became-leader"],
    runs: &["log-behind-loses"],
    goals: &["split-vote", "two-leaders-at-once", "lose-a-committed-entry"],
    examples: &[
        example(
            "An empty log gets its vote from an empty log",
            3,
            &[
                r#"{"type":"set_term","msg_id":1,"term":2}"#,
                r#"{"type":"request_vote","msg_id":2,"term":3,"candidate_id":"n2","last_log_index":0,"last_log_term":0}"#,
            ],
        ),
        example(
            "A candidate whose log is behind",
            3,
            &[
                FIRST_ENTRIES,
                r#"{"type":"request_vote","msg_id":2,"term":5,"candidate_id":"n3","last_log_index":1,"last_log_term":1}"#,
            ],
        ),
    ],
};

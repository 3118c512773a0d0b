//! Paxos: one value, then a log of them, and what that costs beside Raft.

use super::super::{source, works};
use super::{Task, Track, example, refused};

pub(super) const TRACK: Track = Track {
    title: "Paxos",
    about: "One value is chosen in two phases, whoever proposes and however often. Many such instances beside each other make a log, and a stable leader then needs \
            only the second phase.",
    tasks: &[PREPARE, ACCEPT, IMMUTABLE, MULTI_PAXOS, COMPARED],
};

const PREPARE: Task = Task {
    number: 11,
    name: "prepare-promise",
    title: "Prepare and promise",
    asks: &[
        "A proposer takes a number that nobody else uses and asks the acceptors to promise it. An acceptor that has promised nothing as high promises: it will accept \
         nothing below that number any more, and it says what it has accepted so far. One that has promised as high, or higher, refuses.",
        "With promises of a majority the proposer knows what lower numbers can still bring. If no promise tells of a value, no lower number is chosen, now or ever. \
         Otherwise no other value than the one that was told with the highest number is (P2c): a proposal with a lower number may get its majority even after that, \
         from an acceptor that has not promised, but only with that very value.",
    ],
    simplified: "In Lamport's text an acceptor may ignore a prepare with a number that it has promised itself; the course, and so the node, refuses it.",
    sources: &[source(works::PAXOS, "section 2.2, phase 1 and P2c")],
    protocol: "paxos",
    rules: &["ballot-chosen", "promised", "prepare-refused"],
    runs: &["one-value"],
    goals: &[],
    examples: &[
        example(
            "1, then 5, then 3",
            1,
            &[
                r#"{"type":"paxos_prepare","msg_id":1,"proposal_n":1}"#,
                r#"{"type":"paxos_prepare","msg_id":2,"proposal_n":5}"#,
                r#"{"type":"paxos_prepare","msg_id":3,"proposal_n":3}"#,
            ],
        ),
        refused("A number that is none", 1, &[r#"{"type":"paxos_prepare","msg_id":1,"proposal_n":-1}"#]),
    ],
};

const ACCEPT: Task = Task {
    number: 12,
    name: "accept-accepted",
    title: "Accept and accepted",
    asks: &[
        "With promises of a majority the proposer asks the acceptors to accept a value: the one that was accepted with the highest number among what the promises \
         told, or any it likes if they told of none. An acceptor accepts unless it has promised a higher number since.",
        "A value that a majority has accepted with one number is chosen. Nobody announces that; a learner finds it by counting acceptances.",
    ],
    simplified: "One process cannot know what others accept: paxos_accepted, by which the node is told, is an addition of ours. With one node in the cluster its own \
                 acceptance is a majority.",
    sources: &[source(works::PAXOS, "section 2.2, phase 2; section 2.3")],
    protocol: "paxos",
    rules: &["value-free", "value-bound", "accepted", "accept-refused", "learned"],
    runs: &["duel"],
    goals: &["duel"],
    examples: &[
        example(
            "Accepted, too late, chosen",
            1,
            &[
                r#"{"type":"paxos_accept","msg_id":1,"proposal_n":5,"value":"consensus_value"}"#,
                r#"{"type":"paxos_accept","msg_id":2,"proposal_n":3,"value":"late_value"}"#,
                r#"{"type":"paxos_chosen","msg_id":3}"#,
            ],
        ),
        example(
            "A later promise tells what was accepted",
            3,
            &[
                r#"{"type":"paxos_accept","msg_id":1,"proposal_n":5,"value":"tea"}"#,
                r#"{"type":"paxos_prepare","msg_id":2,"proposal_n":9}"#,
            ],
        ),
    ],
};

const IMMUTABLE: Task = Task {
    number: 13,
    name: "chosen-is-immutable",
    title: "A chosen value stays",
    asks: &[
        "Once a value is chosen, every proposal with a higher number has the same value. Two majorities share an acceptor; so a later proposer hears, in its promises, \
         of a proposal at least as late as the one that was chosen, and by induction over the numbers that one has the chosen value.",
        "The run beside this task is the sharp case: of the three that accepted, two never come back, and the one that does carries the value over.",
    ],
    simplified: "paxos_invariant_check is not told how large the cluster is; it takes the acceptors that are named for all there are.",
    sources: &[source(works::PAXOS, "section 2.2: P2 to P2c"), source(works::PARLIAMENT, "section 2.1 and appendix")],
    protocol: "paxos",
    rules: &["promised", "value-bound", "learned"],
    runs: &["lost-majority"],
    goals: &["finish-anothers-proposal"],
    examples: &[
        example(
            "A proposer that comes later",
            1,
            &[
                r#"{"type":"paxos_safety_test","msg_id":1,"nodes":5,"chosen_value":"v1","chosen_at_n":3,"new_proposal_n":7}"#,
            ],
        ),
        example(
            "A table of proposals",
            1,
            &[
                r#"{"type":"paxos_invariant_check","msg_id":1,"proposals":[{"n":1,"value":"a","accepted_by":["n1","n2"]},{"n":3,"value":"b","accepted_by":["n2","n3","n4"]},{"n":5,"value":"b","accepted_by":["n3","n4","n5"]}]}"#,
            ],
        ),
    ],
};

const MULTI_PAXOS: Task = Task {
    number: 14,
    name: "multi-paxos",
    title: "Multi-Paxos",
    asks: &[
        "A log is a row of instances of Paxos, one for each slot. The first phase says nothing about values, so one prepare can be for all slots from some place on; a \
         leader whom nobody outbids then runs only the second phase for each command.",
        "A new leader has to run the first phase again. It finishes what it finds accepted, and fills the slots in between, in which it finds nothing, with commands \
         that do nothing.",
    ],
    simplified: "The course has no message that ends a leadership: multi_paxos_depose is an addition of ours. Each slot is an instance of Paxos, and a leader may \
                 fill them in any order; the core's leader gives them out in order, so a slot behind the next one is refused.",
    sources: &[
        source(works::PAXOS, "section 3"),
        source(works::LIVE, "section 4.2"),
        source(works::MODERATELY, "sections 2 and 3"),
    ],
    protocol: "multi-paxos",
    rules: &["became-leader", "proposed", "chosen", "chosen-out-of-order", "gap-filled", "value-bound"],
    runs: &["multi-paxos-gap", "multi-paxos-cut-the-leader-off"],
    goals: &[],
    examples: &[
        example(
            "Phase 1 once, then not again",
            1,
            &[
                r#"{"type":"multi_paxos_propose","msg_id":1,"slot":1,"value":"set x=1"}"#,
                r#"{"type":"multi_paxos_propose","msg_id":2,"slot":2,"value":"set y=2"}"#,
                r#"{"type":"multi_paxos_log","msg_id":3}"#,
            ],
        ),
        example(
            "After a change of leaders, phase 1 again",
            1,
            &[
                r#"{"type":"multi_paxos_propose","msg_id":1,"slot":1,"value":"set x=1"}"#,
                r#"{"type":"multi_paxos_depose","msg_id":2}"#,
                r#"{"type":"multi_paxos_propose","msg_id":3,"slot":2,"value":"set y=2"}"#,
            ],
        ),
        example(
            "What is chosen stays, whoever leads",
            1,
            &[
                r#"{"type":"multi_paxos_propose","msg_id":1,"slot":1,"value":"set x=1"}"#,
                r#"{"type":"multi_paxos_depose","msg_id":2}"#,
                r#"{"type":"multi_paxos_propose","msg_id":3,"slot":1,"value":"set x=9"}"#,
            ],
        ),
    ],
};

const COMPARED: Task = Task {
    number: 15,
    name: "raft-and-multi-paxos",
    title: "Raft and Multi-Paxos compared",
    asks: &[
        "Both keep a log by a leader and majorities, and need the same messages while a leader is stable. They differ in who may lead (Raft: only whose log is not \
         behind; Paxos: anybody, who then learns what was accepted), in gaps (Raft has none), and in what a change of leaders costs.",
        "The course counts that cost by a formula. Next to it stands what a real change of leaders took in the cores, with one entry in a message and with batches.",
    ],
    simplified: "The formula leaves out the election and the answers on Raft's side, and the finishing of open slots on the side of Paxos.",
    sources: &[
        source(
            "Howard and Mortier, Paxos vs Raft: Have we reached consensus on distributed consensus? (2020)",
            "on who may be elected",
        ),
        source(works::RAFT, "section 5.4"),
    ],
    protocol: "multi-paxos",
    rules: &["became-leader", "value-bound", "gap-filled"],
    runs: &["same-script-raft", "same-script-multi-paxos"],
    goals: &[],
    examples: &[
        example(
            "Fifty uncommitted entries, five servers",
            1,
            &[
                r#"{"type":"simulate_leader_change_cost","msg_id":1,"protocol":"raft","uncommitted_entries":50,"cluster_size":5}"#,
                r#"{"type":"simulate_leader_change_cost","msg_id":2,"protocol":"multi_paxos","uncommitted_entries":50,"cluster_size":5}"#,
            ],
        ),
        example("In words", 1, &[r#"{"type":"compare_consensus","msg_id":1}"#]),
        refused(
            "A protocol that the course does not compare",
            1,
            &[
                r#"{"type":"simulate_leader_change_cost","msg_id":1,"protocol":"zab","uncommitted_entries":50,"cluster_size":5}"#,
            ],
        ),
    ],
};

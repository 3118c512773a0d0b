//! Faults that lie: what they are, how many can be borne, and two protocols that bear them.

use super::super::{source, works};
use super::{Task, Track, example, refused};

pub(super) const TRACK: Track = Track {
    title: "Byzantine faults",
    about: "A crashed server is silent; a Byzantine one says whatever does most harm, to each peer something else. Agreement then takes n ≥ 3f + 1 replicas, \
            quorums that share an honest one, and signatures.",
    tasks: &[FAULTS, PBFT, EQUIVOCATION, THRESHOLD, TENDERMINT],
};

const FAULTS: Task = Task {
    number: 16,
    name: "byzantine-faults",
    title: "What a Byzantine fault is",
    asks: &[
        "A fault is Byzantine if there is nothing that the faulty process could not do: say one thing here and another there, keep silent towards some, send what it was \
         never asked. A crash is the mild case of it. Memory that flips a bit, a program with a defect and a server in foreign hands all look like that from outside.",
        "Raft and Paxos believe every message that has the right form. One server that lies, and the others apply different commands at one place of the log; whoever \
         reads at the wrong one reads a value that nobody wrote. The demonstration below has clients read at each honest server.",
    ],
    simplified: "The course gives one scenario's name; the vocabulary around it is ours, and an unknown name is refused with a list of those that are known. In the \
                 demonstration the liar is silent once it has lied, and each honest server leads once, so that a client can read there.",
    sources: &[source(works::GENERALS, "section 1"), source(works::RAFT, "section 2: non-Byzantine conditions")],
    protocol: "raft",
    rules: &["entries-appended", "read-served"],
    runs: &["raft-with-a-liar"],
    goals: &[],
    examples: &[
        example(
            "Two kinds of fault",
            1,
            &[
                r#"{"type":"classify_fault","msg_id":1,"scenario":"node_sends_different_values_to_different_peers"}"#,
                r#"{"type":"classify_fault","msg_id":2,"scenario":"node_stops_responding"}"#,
            ],
        ),
        example(
            "Raft with a liar",
            1,
            &[
                r#"{"type":"cft_failure_demo","msg_id":1,"algorithm":"raft","byzantine_node":"n2","behavior":"equivocation"}"#,
            ],
        ),
        example("Three from the real world", 1, &[r#"{"type":"byzantine_examples","msg_id":1}"#]),
        refused("A fault that has no name", 1, &[r#"{"type":"classify_fault","msg_id":1,"scenario":"bad_day"}"#]),
    ],
};

const PBFT: Task = Task {
    number: 17,
    name: "pbft",
    title: "PBFT with four replicas",
    asks: &[
        "The primary gives a request a number and tells all (pre-prepare). Each backup says what it was told (prepare); with 2f that match, and the pre-prepare, a \
         replica knows that no quorum can believe something else in this view. Then each says so (commit); with 2f + 1 of those the request is carried out, since now \
         enough replicas know it to carry it over into any later view.",
        "The client believes a result that f + 1 replicas tell.",
    ],
    simplified: "The four replicas live inside the node that is asked. The course's counts, 3 prepares and 4 commits, are those of a run in which nobody fails: \
                 the certificates need 2 and 3.",
    sources: &[source(works::PBFT, "sections 4.1 and 4.2")],
    protocol: "pbft",
    rules: &["request-ordered", "pre-prepare-accepted", "prepared", "committed-local", "executed"],
    runs: &["pbft-fault-free"],
    goals: &[],
    examples: &[example(
        "A request, and what became of it",
        4,
        &[
            r#"{"type":"pbft_request","msg_id":1,"operation":"set x=42","client":"c1"}"#,
            r#"{"type":"pbft_status","msg_id":2,"sequence_number":1}"#,
        ],
    )],
};

const EQUIVOCATION: Task = Task {
    number: 18,
    name: "equivocation",
    title: "Two faces",
    asks: &[
        "A liar signs one thing for n1 and another for n3. As long as those two do not talk, neither can know. When they show each other what they hold, the two signatures \
         beside each other are proof.",
        "PBFT does not need the proof to be safe: neither face finds 2f + 1 replicas behind it, because two quorums share an honest replica, and that one says one thing.",
    ],
    simplified: "In the course the value that the liar said more often is chosen, which is not how PBFT decides. Here the honest primary proposes just that value, and \
                 chosen_value is what the honest replicas then carried out.",
    sources: &[source(works::PBFT, "section 4.2"), source(works::GENERALS, "section 4: signed messages")],
    protocol: "pbft",
    rules: &["pre-prepare-conflicting", "conflict-shown", "misbehaviour-proven", "primary-suspected"],
    runs: &["pbft-two-faced-primary"],
    goals: &[],
    examples: &[example(
        "A twice, B once",
        4,
        &[
            r#"{"type":"simulate_equivocation","msg_id":1,"byzantine_node":"n2","sequence":1,"messages_sent":{"to_n1":{"prepare":{"value":"A"}},"to_n3":{"prepare":{"value":"B"}},"to_n4":{"prepare":{"value":"A"}}}}"#,
            r#"{"type":"equivocation_report","msg_id":2}"#,
        ],
    )],
};

const THRESHOLD: Task = Task {
    number: 19,
    name: "three-f-plus-one",
    title: "n ≥ 3f + 1",
    asks: &[
        "Two demands meet. So that the honest can go on while f are silent, a quorum may have at most n - f replicas. So that two quorums share an honest one, they \
         must share more than the f that may lie: 2q - n ≥ f + 1. Put the first into the second: 2(n - f) - n ≥ f + 1, which is n ≥ 3f + 1.",
        "With three replicas one has to choose: quorums of three, which one silent replica stops, or quorums of two, of which two may share nobody but the liar. The \
         goal of this task is to do that harm.",
    ],
    simplified: "The course's text asks for a quorum larger than n - f, which its own numbers break (n = 4, f = 1, q = 3). What is meant is at most n - f. The answer is \
                 the arithmetic; up to ten replicas, one attack is tried on real ones besides: two faces, and a network that keeps those apart who see them.",
    sources: &[
        source(works::PBFT, "section 3: resiliency"),
        source(works::GENERALS, "section 2: the case of three generals"),
    ],
    protocol: "pbft",
    rules: &["prepared", "committed-local"],
    runs: &["three-of-which-one-lies", "three-that-wait-for-all", "pbft-lying-replica"],
    goals: &["break-agreement-with-n-3"],
    examples: &[
        example(
            "One liar, two liars, too few replicas",
            1,
            &[
                r#"{"type":"bft_threshold","msg_id":1,"f":1}"#,
                r#"{"type":"bft_threshold","msg_id":2,"f":2}"#,
                r#"{"type":"bft_test_insufficient","msg_id":3,"n":3,"f":1}"#,
            ],
        ),
        refused("A liar and a half", 1, &[r#"{"type":"bft_threshold","msg_id":1,"f":1.5}"#]),
    ],
};

const TENDERMINT: Task = Task {
    number: 20,
    name: "tendermint",
    title: "Tendermint's voting rounds",
    asks: &[
        "Validators go through rounds, each with another proposer. In a round the proposer names a block, all vote for it or for nothing (prevote), and whoever sees \
         prevotes of more than two thirds for the block locks on it and votes a second time (precommit). Precommits of more than two thirds decide.",
        "The lock is what makes it safe: a validator that is locked votes for another block only if it is shown a later round in which more than two thirds did.",
    ],
    simplified: "The node only counts and judges votes: it is told who proposes and who votes, no validator runs in it, no timeout passes, and no vote is signed by \
                 anybody else. The course has no precommit message: tendermint_precommit is an addition of ours. Each validator has the same power here, and the \
                 proposer's own prevote counts. A proposal does not name its valid round; whether a lock is released follows from the prevotes that the node has \
                 seen. In the algorithm every precommit is counted; here one waits for the prevotes that it rests on.",
    sources: &[
        source(works::GOSSIP, "algorithm 1"),
        source("Buchman, Tendermint: Byzantine Fault Tolerance in the Age of Blockchains (2016)", "chapter 3"),
    ],
    protocol: "tendermint",
    rules: &[
        "new-value-proposed",
        "prevoted-new-proposal",
        "locked-and-precommitted",
        "decided",
        "round-skipped",
        "equivocation-seen",
    ],
    runs: &["tendermint-silent-proposer"],
    goals: &[],
    examples: &[
        example(
            "A round, vote by vote",
            4,
            &[
                r#"{"type":"tendermint_propose","msg_id":1,"round":0,"proposer":"n1","block":{"height":1,"txs":["tx1","tx2"]}}"#,
                r#"{"type":"tendermint_status","msg_id":2,"round":0}"#,
            ],
        ),
        example(
            "A precommit that waits, a lock, and a vote against it",
            4,
            &[
                r#"{"type":"tendermint_prevote","msg_id":1,"round":0,"validator":"n1","block_hash":"abc"}"#,
                r#"{"type":"tendermint_prevote","msg_id":2,"round":0,"validator":"n2","block_hash":"abc"}"#,
                r#"{"type":"tendermint_precommit","msg_id":3,"round":0,"validator":"n2","block_hash":"abc"}"#,
                r#"{"type":"tendermint_prevote","msg_id":4,"round":0,"validator":"n3","block_hash":"abc"}"#,
                r#"{"type":"tendermint_prevote","msg_id":5,"round":1,"validator":"n2","block_hash":"def"}"#,
                r#"{"type":"tendermint_status","msg_id":6,"round":0}"#,
            ],
        ),
        example(
            "A vote for a block that nobody proposed",
            4,
            &[
                r#"{"type":"tendermint_prevote","msg_id":1,"round":0,"validator":"n2","block_hash":"abc"}"#,
                r#"{"type":"tendermint_prevote","msg_id":2,"round":0,"validator":"n2","block_hash":"def"}"#,
            ],
        ),
    ],
};

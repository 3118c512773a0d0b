//! Costs without faults, which follow from the papers' pictures of the normal case; and what a change of leaders costs.
//!
//! | | message delays, client to client | messages between replicas, each operation | source |
//! |---|---|---|---|
//! | Raft | 4 | 2(n-1) | Ongaro and Ousterhout 2014, section 5.3: AppendEntries and the answers |
//! | Multi-Paxos | 4 | 2(n-1) | Lamport 2001, section 3: the second phase alone |
//! | Viewstamped Replication | 4 | 2(n-1) | Liskov and Cowling 2012, section 4.1: Prepare and PrepareOk |
//! | PBFT | 5 | (n-1) + (n-1)^2 + n(n-1) | Castro and Liskov 1999, section 4.2: figure 1 |
//! | PBFT, read-only | 2 | 0 | section 5.1.3 of the same |
//! | Tendermint | 3 steps of a height | (n-1) + 2n(n-1) | Buchman, Kwon and Milosevic 2018, algorithm 1 |
//!
//! In Tendermint a client's request reaches one validator, which passes it on to all others: n-1 messages more, and a
//! delay more where that one is not the proposer.

use consensus_playground::compare::ready::named;
use consensus_playground::compare::script::Uncommitted;
use consensus_playground::compare::{Measured, Phase, Script, once};

const LATENCY: u64 = 10_000;

fn ready(name: &str) -> Script {
    named(name).unwrap().script().unwrap()
}

/// The calm script with so many replicas, without what PBFT does every so many requests, and every so often: a status that
/// comes while a request is under way has some of it said again.
fn calm(replicas: u32) -> Script {
    let mut script = Script { replicas, ..ready("calm") };
    script.pbft.checkpoint_interval = 1_000;
    script.pbft.log_window = 1_000;
    script.pbft.status_ticks = script.until_ticks;
    script
}

fn measured(script: &Script, protocol: &str, seed: u64) -> Measured {
    once(script, protocol, seed, false).unwrap_or_else(|trouble| panic!("{protocol}: {trouble:?}"))
}

/// The same number of delays for each operation, and the latency that comes of it.
fn delays(phase: &Phase) -> u32 {
    let first = phase.delays[0];
    assert!(phase.delays.iter().all(|&delays| delays == first), "{:?}", phase.delays);
    assert!(phase.latencies.iter().all(|&ticks| ticks == u64::from(first) * LATENCY), "{:?}", phase.latencies);
    first
}

#[test]
fn a_write_costs_what_the_papers_draw() {
    for replicas in [3, 4, 5, 7] {
        let script = calm(replicas);
        let n = u64::from(replicas);
        for (protocol, expected_delays, messages, replies) in [
            ("raft", 4, 2 * (n - 1), 1),
            ("multi-paxos", 4, 2 * (n - 1), 1),
            ("viewstamped", 4, 2 * (n - 1), 1),
            ("pbft", 5, (n - 1) + (n - 1) * (n - 1) + n * (n - 1), n),
        ] {
            // With three replicas f is 0, and PBFT is something else.
            if protocol == "pbft" && replicas == 3 {
                continue;
            }
            let phase = measured(&script, protocol, 1).calm;
            let operations = phase.latencies.len() as u64;
            assert_eq!((operations, delays(&phase)), (20, expected_delays), "{protocol}, {replicas} replicas");
            assert_eq!(phase.traffic.messages, operations * messages, "{protocol}, {replicas} replicas");
            assert_eq!(phase.traffic.client_messages, operations * (1 + replies), "{protocol}, {replicas} replicas");
        }
    }
}

#[test]
fn a_height_of_tendermint_costs_a_proposal_and_two_rounds_of_votes() {
    for replicas in [4, 7] {
        let phase = measured(&calm(replicas), "tendermint", 1).calm;
        let n = u64::from(replicas);
        let operations = phase.latencies.len() as u64;
        assert_eq!(operations, 20);
        assert_eq!(phase.traffic.messages, operations * ((n - 1) + (n - 1) + 2 * n * (n - 1)), "{replicas} validators");
        assert!(phase.delays.iter().all(|delays| (5..=6).contains(delays)), "{:?}", phase.delays);
    }
}

#[test]
fn a_read_takes_a_round_to_a_majority_or_none_where_no_order_is_needed() {
    let mut script = calm(4);
    let json =
        serde_json::to_string(&script).unwrap().replace(r#""put":1"#, r#""put":0"#).replace(r#""get":0"#, r#""get":1"#);
    script = consensus_playground::compare::parse(&json).unwrap();
    script.pbft.read_only = true;
    let raft = measured(&script, "raft", 1).calm;
    assert_eq!(
        (raft.latencies.len(), delays(&raft), raft.traffic.messages),
        (20, 4, 0),
        "ReadIndex asks by heartbeats"
    );
    let pbft = measured(&script, "pbft", 1).calm;
    assert_eq!((pbft.latencies.len(), delays(&pbft), pbft.traffic.messages), (20, 2, 0));
    assert_eq!(pbft.traffic.client_messages, 20 * (4 + 4));
}

/// A majority holds the entries, so all three carry them out; what a batch carries need not be sent one by one.
#[test]
fn entries_that_a_majority_holds_outlive_the_leader_in_batches_or_one_by_one() {
    let script = |entries, batch| {
        let mut script = ready("leader-crash-50-uncommitted");
        let uncommitted = script.uncommitted.unwrap();
        script.uncommitted = Some(Uncommitted { entries, ..uncommitted });
        script.set_batch(batch);
        script
    };
    for protocol in ["raft", "multi-paxos", "viewstamped"] {
        let messages = |entries: u32, batch| {
            let measured = measured(&script(entries, batch), protocol, 3);
            assert_eq!((measured.left, measured.kept, measured.broken), (Some(entries), entries, None), "{protocol}");
            measured.carried_out.unwrap_or_else(|| panic!("{protocol} carries out {entries}")).traffic.messages
        };
        let (in_one, in_many) = (messages(50, 64), messages(50, 1));
        // A view change of VR hands over whole logs, whatever the batch.
        assert_eq!(in_many > in_one + 50, protocol != "viewstamped", "{protocol}: {in_one}, {in_many}");
        assert!(messages(200, 64) >= in_one, "{protocol}");
    }
}

/// Nobody is forced to keep what was not prepared: PBFT's new primary has no certificate for it.
#[test]
fn pbft_drops_what_was_not_prepared() {
    let measured = measured(&ready("leader-crash-50-uncommitted"), "pbft", 1);
    assert_eq!((measured.left, measured.kept, measured.carried_out, measured.broken), (Some(50), 0, None, None));
    assert!(measured.unserved.is_some());
}

/// A primary that still sends is not suspected, though it hears nobody: Viewstamped Replication has no rule by which it
/// would step down. Raft's leader steps down by itself (Ongaro 2014, section 6.2).
#[test]
fn a_deaf_leader_is_replaced_where_it_notices_that_nobody_answers() {
    let script = ready("one-way-deaf");
    let (raft, viewstamped) = (measured(&script, "raft", 1), measured(&script, "viewstamped", 1));
    assert!(raft.is_served_meanwhile && raft.elected.is_some());
    assert!(!viewstamped.is_served_meanwhile && viewstamped.elected.is_none());
    assert!(viewstamped.unserved_after.is_some() && viewstamped.even.is_some());
}

#[test]
fn every_ready_script_is_followed_and_no_promise_broken() {
    for ready in consensus_playground::compare::ready::READY {
        let script = ready.script().unwrap();
        let reasons = consensus_playground::compare::fits(&script).unwrap();
        for (protocol, _) in script.protocols.iter().zip(reasons).filter(|(_, reason)| reason.is_none()) {
            let measured = measured(&script, protocol, 7);
            assert_eq!(measured.broken, None, "{}: {protocol}", ready.name);
            let is_calm = script.interventions.is_empty() || measured.faults.is_none();
            assert!(is_calm || measured.silence.is_some(), "{}: {protocol}", ready.name);
        }
    }
}

//! One protocol, read in several ways: who is served where, how soon, and how old what is read is.

use consensus_playground::compare::reads::{READ, ReadsMeasured, once, read_in, ways_of};
use consensus_playground::compare::ready::named;
use consensus_playground::kv::Reading;

const SEEDS: u64 = 6;

fn measured(protocol: &str, way: Reading) -> ReadsMeasured {
    let script = read_in(&named("two-sides").unwrap().script().unwrap(), way).unwrap();
    let mut sum = ReadsMeasured::default();
    for seed in 0..SEEDS {
        sum.add(once(&script, protocol, seed).unwrap());
    }
    sum.sum_up();
    sum
}

#[test]
fn on_the_side_of_the_minority_only_reads_that_ask_nobody_go_on() {
    for protocol in READ {
        for &way in ways_of(protocol).unwrap() {
            let measured = measured(protocol, way);
            let (reads, writes) = (&measured.minority.reads, &measured.minority.writes);
            let told = format!("{protocol}, {}: {} of {}", way.name(), reads.answered, reads.asked);
            assert!(
                if way.asks_any() { reads.answered * 4 > reads.asked * 3 } else { reads.answered * 2 < reads.asked },
                "{told}"
            );
            assert!(writes.answered * 3 < writes.asked, "{told}");
            assert!(measured.majority.reads.answered * 2 > measured.majority.reads.asked, "{told}");
            assert_eq!((measured.kept_runs, measured.broken_runs), (SEEDS, 0), "{protocol}, {}", way.name());
        }
    }
}

#[test]
fn what_is_promised_to_be_linearizable_is_never_stale_and_what_asks_nobody_is() {
    for protocol in READ {
        for &way in ways_of(protocol).unwrap() {
            let measured = measured(protocol, way);
            let stale = measured.minority.stale;
            assert_eq!(stale > 0, way.asks_any(), "{protocol}, {}: {stale}", way.name());
            assert_eq!(measured.linearizable_runs == SEEDS, !way.asks_any(), "{protocol}, {}", way.name());
            if let Some(missed) = measured.minority.missed {
                assert!(missed.min >= 1 && measured.minority.behind_ticks.unwrap().max <= 2_000_000);
            }
        }
    }
}

/// A read of the leader's own state costs one round trip, one that asks a majority costs two.
#[test]
fn a_lease_halves_what_a_read_costs_in_calm() {
    let [asked, leased, local] = [Reading::Linearizable, Reading::Lease, Reading::Local]
        .map(|way| measured("raft", way).calm.reads.latency_ticks.unwrap().p50);
    assert!(leased * 3 < asked * 2, "{leased} and {asked}");
    assert!(local * 3 < asked * 2, "{local} and {asked}");
}

#[test]
fn a_workload_that_deletes_and_a_protocol_with_one_way_are_refused() {
    let mut script = named("two-sides").unwrap().script().unwrap();
    script.workload.mix.delete = 1;
    let error = read_in(&script, Reading::Local).unwrap_err().to_string();
    assert_eq!(error, "workload.mix.delete: 0 here: how old is it that nothing was found?");
    let error = ways_of("pbft").unwrap_err().to_string();
    assert_eq!(error, "protocol: pbft has one way to read: there are raft, multi-paxos, viewstamped");
}

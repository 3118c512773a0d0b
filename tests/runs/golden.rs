//! Golden transcripts and trace hashes. `UPDATE_EXPECT=1 cargo test --test native runs::golden` writes them anew; the
//! difference is to be read.

use super::table::{crash_with_slow_disks, table};
use consensus_playground::multi_paxos::MultiPaxos;
use consensus_playground::process::MILLISECOND;
use consensus_playground::raft::Raft;
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::scenario::gallery::gallery;
use expect_test::expect_file;

fn run(scenario: &Scenario, until_ms: u64) -> Run<Raft> {
    let mut run = Run::new(scenario.raft_simulation().unwrap());
    run.run_until(until_ms * MILLISECOND, u32::MAX);
    run
}

fn of_gallery(name: &str) -> Scenario {
    gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario
}

#[test]
fn elect_and_replicate_goes_as_written() {
    let run = run(&of_gallery("elect-and-replicate"), 1_000);
    expect_file!["../golden/elect-and-replicate.txt"].assert_eq(&run.transcript(0..150));
}

/// From shortly before the cut on.
#[test]
fn cut_the_leader_off_goes_as_written() {
    let run = run(&of_gallery("cut-the-leader-off"), 3_000);
    let cut = run.simulation().trace().events.partition_point(|event| event.time < 880 * MILLISECOND) as u32;
    expect_file!["../golden/cut-the-leader-off.txt"].assert_eq(&run.transcript(cut..cut + 150));
}

#[test]
fn a_crash_with_slow_disks_goes_as_written() {
    let run = run(&crash_with_slow_disks(), 1_500);
    let crash = run.simulation().trace().events.partition_point(|event| event.time < 580 * MILLISECOND) as u32;
    expect_file!["../golden/crash-with-slow-disks.txt"].assert_eq(&run.transcript(crash..crash + 120));
}

/// From the cut links to the gap that is filled.
#[test]
fn a_gap_is_filled_as_written() {
    let mut run = Run::new(of_gallery("multi-paxos-gap").simulation::<MultiPaxos>().unwrap());
    run.run_until(4_000 * MILLISECOND, u32::MAX);
    let cut = run.simulation().trace().events.partition_point(|event| event.time < 890 * MILLISECOND) as u32;
    expect_file!["../golden/multi-paxos-gap.txt"].assert_eq(&run.transcript(cut..cut + 120));
}

/// The same table is computed by the wasm tests.
#[test]
fn runs_have_the_trace_hashes_that_are_written_down() {
    expect_file!["../golden/hashes.txt"].assert_eq(&table());
}

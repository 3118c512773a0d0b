//! What the monitor says is true: the sound protocol keeps every invariant whatever its disks do, and without any; each
//! invariant is seen to break when a rule is switched off; and the reasons that are given are events of the run.

use super::cluster::with;
use super::recovery::report_of_an_earlier_life;
use super::view_changes::longer_log_of_an_earlier_view;
use crate::paxos::stress::{ALL_DISKS, Disks, first_broken, must_name_its_events, stressed};
use consensus_playground::check::{Monitor, Watched};
use consensus_playground::process::{Catalogue, MILLISECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::TicksRange;
use consensus_playground::viewstamped::{Mutation, Viewstamped};

/// Five replicas, whose clients are busy.
fn busy(on_disk: bool, mutation: Option<Mutation>) -> Scenario {
    let mut scenario = Scenario { replicas: 5, clients: 3, ..Scenario::of("viewstamped") };
    scenario.workload.operations_per_client = Some(40);
    scenario.workload.think_ticks = TicksRange::new(1, 40 * MILLISECOND);
    scenario.viewstamped.on_disk = on_disk;
    scenario.viewstamped.checkpoint_threshold = 8;
    scenario.viewstamped.checkpoint_trailing = 2;
    scenario.viewstamped.entries_per_message_max = 3;
    with(mutation, scenario)
}

#[test]
fn the_sound_protocol_keeps_every_promise_whatever_its_disks_do_and_without_any() {
    for seed in 0..80 {
        let run: Run<Viewstamped> = stressed(busy(false, None), Disks::Instant, seed, 60 * MILLISECOND);
        assert_eq!(run.findings(), [], "without a disk, seed {seed}");
        for disks in ALL_DISKS {
            let run: Run<Viewstamped> = stressed(busy(true, None), disks, seed, 60 * MILLISECOND);
            assert_eq!(run.findings(), [], "{disks:?}, seed {seed}");
        }
    }
}

/// Which invariants are seen to break when a rule is switched off, with a disk or without.
const SEEN: [(Mutation, bool, &[&str]); 13] = [
    (Mutation::CommitBeforeQuorum, false, &["committed-on-quorum"]),
    (Mutation::PreparedWithGap, false, &["one-operation-a-viewstamp"]),
    (Mutation::OldViewPrepared, false, &["views-kept"]),
    (Mutation::StartViewWithoutQuorum, false, &["started-on-quorum"]),
    (Mutation::OwnLogKept, false, &["latest-log-taken"]),
    (Mutation::UncommittedDropped, false, &["latest-log-taken", "committed-survives", "agreement"]),
    (Mutation::RecoverySkipped, false, &["recovered-on-quorum"]),
    (Mutation::RecoveringAnswers, false, &["answered-in-normal"]),
    (Mutation::RecoveryWithoutQuorum, false, &["recovered-on-quorum"]),
    (Mutation::StateTransferDrops, false, &["acknowledged-kept"]),
    (Mutation::ViewNotDurable, true, &["views-kept"]),
    (Mutation::LogNotDurable, true, &["acknowledged-kept", "numbers-in-order"]),
    (Mutation::PreparedWithGap, true, &["state-machine-safety"]),
];

/// What chance seldom shows, or nothing in the core can do.
const UNSEEN: [&str; 1] = ["no-forbidden-transition"];

#[test]
fn each_rule_that_is_switched_off_is_seen_with_its_reasons() {
    for (mutation, on_disk, invariants) in SEEN {
        for invariant in invariants {
            let disks = if on_disk { Disks::Slow } else { Disks::Instant };
            let run = |seed| stressed::<Viewstamped>(busy(on_disk, Some(mutation)), disks, seed, 60 * MILLISECOND);
            match first_broken(invariant, run) {
                Some((run, finding)) => must_name_its_events(&run, &finding),
                None => panic!("{}: {invariant} was kept", mutation.name()),
            }
        }
    }
}

#[test]
fn every_invariant_has_a_rule_that_breaks_it() {
    for invariant in <Viewstamped as Watched>::Monitor::INVARIANTS {
        let by_rule = SEEN.iter().any(|(_, _, seen)| seen.contains(&invariant.name));
        assert_ne!(by_rule, UNSEEN.contains(&invariant.name), "{}", invariant.name);
    }
}

#[test]
fn a_log_that_is_not_the_latest_is_explained_by_the_reports() {
    let cluster = longer_log_of_an_earlier_view(Some(Mutation::HighestOpInsteadOfLatestView));
    let reasons = cluster.reasons("committed-survives");
    let told = |words: &str| reasons.iter().any(|reason| reason.contains(words));
    assert!(told("n2 takes put x=committed for committed at operation 1"), "{reasons:?}");
    assert!(told("n1 reports a log of view 0 up to operation 2"), "{reasons:?}");
}

#[test]
fn a_report_that_nobody_remembers_is_not_counted_by_the_monitor_either() {
    let cluster = report_of_an_earlier_life(Some(Mutation::CrashVectorsIgnored));
    let findings = cluster.run.findings();
    let finding = findings.iter().find(|finding| finding.invariant.name == "started-on-quorum").unwrap();
    assert_eq!(finding.sentence, "n2 begins view 1 on the reports of 1 of 3");
    must_name_its_events(&cluster.run, finding);
}

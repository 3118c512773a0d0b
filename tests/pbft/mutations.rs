//! Every rule that can be switched off is missed by something that watches.

use super::cluster::{Cluster, LONG, MS, quiet};
use super::hunts::options;
use super::known_bugs::{an_unproven_new_view_is_refused, the_later_certificate_wins};
use super::known_bugs_later::{new_view_serves_what_waits, stale_unordered_read};
use super::monitor::divided_in_halves;
use consensus_playground::check::Monitor;
use consensus_playground::check::pbft::PbftMonitor;
use consensus_playground::pbft::{Mutation, Pbft};
use consensus_playground::process::{Alteration, Catalogue};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Hunter, hunt};
use consensus_playground::sim::Deed;
use std::collections::BTreeSet;

/// What catches a mutation.
enum Caught {
    /// The hunt, with so many faults and these seeds, by one of these checks.
    Hunted { faults: u32, seeds: std::ops::Range<u64>, by: &'static [&'static str] },
    /// The same, where views change faster than requests are executed.
    HuntedInHaste { seeds: std::ops::Range<u64>, by: &'static [&'static str] },
    /// A scripted scenario that goes well, and does not when the rule is off.
    Scripted(fn(&Scenario) -> bool),
}

fn hunted(seeds: u64, by: &'static [&'static str]) -> Caught {
    Caught::Hunted { faults: 6, seeds: 0..seeds, by }
}

const SERVED: &str = "every-client-is-served";

/// One row for each mutation.
fn row(mutation: Mutation) -> Caught {
    use Mutation as M;
    match mutation {
        M::NoPreparePhase => hunted(100, &["certificates"]),
        M::QuorumTooSmall => hunted(100, &["certificates"]),
        M::NewViewUnproven => Caught::Scripted(an_unproven_new_view_is_refused),
        M::CertificatesDropped => hunted(100, &["votes-kept"]),
        M::OldestCertificateWins => Caught::Scripted(the_later_certificate_wins),
        M::DuplicatesCounted => hunted(100, &["certificates"]),
        M::WaterMarksIgnored => hunted(100, &["water-marks"]),
        M::SignatureUnchecked => hunted(200, &["certificates", "agreement", "validity"]),
        M::DigestUnchecked => hunted(400, &[SERVED]),
        M::SecondPrePrepareAccepted => hunted(400, &["votes-kept"]),
        M::OneReplyTrusted => hunted(100, &["linearizability"]),
        M::WritesOfFewReplies => Caught::Scripted(stale_unordered_read),
        M::ExecutedOutOfOrder => hunted(100, &["execution"]),
        M::SessionsOff => hunted(100, &["execution"]),
        M::PromisesNotDurable => hunted(100, &["votes-kept"]),
        M::ViewsNotDurable => hunted(100, &["views-rise"]),
        M::CheckpointHidden => hunted(400, &["votes-kept"]),
        M::ViewChangesChosen => hunted(100, &[SERVED]),
        M::StateUnchecked => hunted(200, &["execution"]),
        M::NeverRetransmits => hunted(100, &[SERVED]),
        M::TimerNeverDoubles => Caught::HuntedInHaste { seeds: 0..50, by: &[SERVED] },
        M::NeverJoins => hunted(100, &[SERVED]),
        M::NewPrimaryIdle => Caught::Scripted(new_view_serves_what_waits),
        M::NullRequestsOff => hunted(100, &[SERVED]),
    }
}

fn without(mutation: Mutation, scenario: &Scenario) -> Scenario {
    Scenario { mutations: vec![mutation.name().to_owned()], ..scenario.clone() }
}

fn hunt_catches(mutation: Mutation, scenario: &Scenario, faults: u32, seeds: std::ops::Range<u64>, by: &[&str]) {
    let options = options(without(mutation, scenario), faults);
    let found = seeds.filter_map(|seed| hunt::<Pbft>(&options, seed).unwrap().failure).next();
    let found = found.unwrap_or_else(|| panic!("{} is not caught", mutation.name()));
    assert!(by.contains(&found.name), "{} is caught by {}: {}", mutation.name(), found.name, found.sentence);
}

#[test]
fn every_mutation_is_caught() {
    for &mutation in Mutation::ALL {
        match row(mutation) {
            Caught::Hunted { faults, seeds, by } => hunt_catches(mutation, &Scenario::of("pbft"), faults, seeds, by),
            Caught::HuntedInHaste { seeds, by } => {
                let mut scenario = Scenario::of("pbft");
                scenario.pbft.view_change_ticks = 25 * MS;
                hunt_catches(mutation, &scenario, 6, seeds, by);
            }
            Caught::Scripted(scenario) => {
                assert!(scenario(&quiet(4)), "{}: the scenario goes well", mutation.name());
                assert!(!scenario(&without(mutation, &quiet(4))), "{} is not caught", mutation.name());
            }
        }
    }
}

/// Each invariant is seen to fail. Those that no rule's absence breaks fail where quorums are too small.
#[test]
fn every_invariant_can_fail() {
    let mut failed: BTreeSet<&str> = BTreeSet::new();
    let mut small = Scenario { replicas: 3, ..Scenario::of("pbft") };
    (small.pbft.faults, small.pbft.quorum) = (Some(1), Some(2));
    (small.pbft.checkpoint_interval, small.pbft.log_window) = (1, 2);
    let mut hunter = Hunter::<Pbft>::new(options(small, 6));
    let found = (0..300).filter_map(|seed| hunter.hunt(seed).unwrap().failure);
    for failure in found.filter(|failure| failure.kind == "invariant") {
        let mut run: Run<Pbft> = Run::new(failure.scenario.simulation().unwrap());
        run.run_until(LONG, 100_000);
        failed.extend(Cluster { run }.broken());
    }
    assert!(failed.contains("agreement"), "{failed:?}: also where all is executed and thrown away at once");
    failed.extend(rows_by_invariant());
    failed.extend(two_are_prepared());
    failed.extend(an_honest_one_is_convicted());
    failed.extend(a_forged_request_is_believed());
    // States differ at a checkpoint only after something else was seen to be wrong, and there a hunt ends.
    failed.extend(divided_in_halves(quiet(4)).broken());
    let all: BTreeSet<&str> = PbftMonitor::INVARIANTS.iter().map(|each| each.name).collect();
    assert_eq!(failed.intersection(&all).copied().collect::<BTreeSet<_>>(), all);
}

/// What the table says of invariants by which a mutation is caught, where it says one thing.
fn rows_by_invariant() -> Vec<&'static str> {
    let one = |mutation: &Mutation| match row(*mutation) {
        Caught::Hunted { by: [one], .. } => Some(*one),
        _ => None,
    };
    Mutation::ALL.iter().filter_map(one).collect()
}

/// Without prepares, two backups that are shown two requests prepare both.
fn two_are_prepared() -> Vec<&'static str> {
    let mut cluster = Cluster::of(&without(Mutation::NoPreparePhase, &quiet(4)));
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    cluster.alter("n1", &["n3"], "pre-prepare", Alteration::Value(0));
    cluster.put("c2", "x", "2");
    cluster.run_ms(200);
    cluster.broken()
}

/// One that takes a second pre-prepare signs two prepares, and who hears both convicts it.
fn an_honest_one_is_convicted() -> Vec<&'static str> {
    let mut cluster = Cluster::of(&without(Mutation::SecondPrePrepareAccepted, &quiet(4)));
    cluster.put("c1", "x", "1");
    cluster.run_ms(200);
    cluster.say("n1", &["n3"], "pre-prepare", Deed::TwoFaced(Alteration::Value(0)), false);
    cluster.put("c2", "x", "2");
    cluster.run_ms(200);
    cluster.broken()
}

/// Without signatures, what no client asked for is executed.
fn a_forged_request_is_believed() -> Vec<&'static str> {
    let mut cluster = Cluster::of(&without(Mutation::SignatureUnchecked, &quiet(4)));
    cluster.alter("n1", &[], "pre-prepare", Alteration::Value(1));
    cluster.put("c1", "x", "1");
    cluster.run_ms(500);
    cluster.broken()
}

#[test]
fn a_core_without_mutations_passes_in_haste() {
    let mut scenario = Scenario::of("pbft");
    scenario.pbft.view_change_ticks = 25 * MS;
    let options = options(scenario, 6);
    assert!((0..50).all(|seed| hunt::<Pbft>(&options, seed).unwrap().failure.is_none()));
    assert_eq!(Cluster::quiet(4).broken(), Vec::<&str>::new());
}

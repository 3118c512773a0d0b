//! A calm network, quick disks, and everything else as it is by default.

use super::{Bounds, SEEDS, by_seed, once};
use crate::process::MILLISECOND;
use crate::scenario::Scenario;
use crate::search::shrink::case::{Case, Shown};
use crate::sim::{Action, NetworkDials, Ratio, TicksRange};

/// What a message takes in a calm network.
const LATENCY: TicksRange = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);

/// Each way to make some dials calmer, calmest first.
fn calmer(dials: NetworkDials) -> Vec<NetworkDials> {
    let latencies = [dials.latency_ticks.max, dials.latency_ticks.min];
    let constant = latencies.map(|ticks| NetworkDials { latency_ticks: TicksRange::new(ticks, ticks), ..dials });
    let mut all = vec![
        NetworkDials { latency_ticks: LATENCY, ..dials.without_faults() },
        NetworkDials { latency_ticks: LATENCY, ..dials },
        dials.without_faults(),
        NetworkDials { loss: Ratio::NEVER, ..dials },
        NetworkDials { duplication: Ratio::NEVER, ..dials },
        NetworkDials { reordering: Ratio::NEVER, ..dials },
    ];
    all.extend(constant);
    all.extend([
        NetworkDials { loss: sure(dials.loss), ..dials },
        NetworkDials { duplication: sure(dials.duplication), ..dials },
        NetworkDials { reordering: sure(dials.reordering), ..dials },
    ]);
    all.retain(|calmer| *calmer != dials);
    all
}

/// What happens to all is not drawn.
fn sure(ratio: Ratio) -> Ratio {
    if ratio.numerator == 0 { ratio } else { Ratio::percent(100) }
}

/// A calmer network, from the beginning and where its dials are turned.
pub fn network(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || calmer_networks(&shown.case))
}

fn calmer_networks(case: &Case) -> Vec<Case> {
    let mut cases = Vec::new();
    for dials in calmer(case.scenario.network) {
        let mut calmer = case.clone();
        calmer.scenario.network = dials;
        cases.push(calmer);
    }
    for (which, each) in case.interventions.iter().enumerate() {
        let actions: Vec<Action> = match &each.action {
            Action::Network(dials) => calmer(*dials).into_iter().map(Action::Network).collect(),
            Action::LinkLatency(from, to, range) if range.min < range.max => {
                let constant = [range.max, range.min].map(|ticks| TicksRange::new(ticks, ticks));
                constant.map(|range| Action::LinkLatency(*from, *to, range)).into()
            }
            Action::Disk(node, range) if range.min < range.max => {
                let constant = [range.max, range.min].map(|ticks| TicksRange::new(ticks, ticks));
                constant.map(|range| Action::Disk(*node, range)).into()
            }
            _ => Vec::new(),
        };
        cases.extend(actions.into_iter().map(|action| {
            let mut calmer = case.clone();
            calmer.interventions[which].action = action;
            calmer
        }));
    }
    cases
}

/// A calm network under a few other seeds.
pub fn network_by_seed(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let calmest = NetworkDials { latency_ticks: LATENCY, ..shown.case.scenario.network.without_faults() };
        if shown.case.scenario.network == calmest {
            return Vec::new();
        }
        let mut case = shown.case.clone();
        case.scenario.network = calmest;
        by_seed(&[case])
    })
}

/// Disks that take no time, all of them or one after the other; or always the same time.
pub fn disks(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let case = &shown.case;
        let disk = &case.scenario.disk;
        let mut cases = Vec::new();
        if !disk.own_flush_ticks.is_empty() || disk.flush_ticks > 0 {
            cases.push(changed(case, |scenario| scenario.disk = Default::default()));
        }
        for (name, range) in &disk.own_flush_ticks {
            cases.push(changed(case, |scenario| scenario.disk.own_flush_ticks.retain(|each, _| each != name)));
            for ticks in [range.max, range.min, 10 * MILLISECOND] {
                cases.push(changed(case, |scenario| {
                    scenario.disk.own_flush_ticks.insert(name.clone(), TicksRange::new(ticks, ticks));
                }));
            }
        }
        cases
    })
}

fn changed(case: &Case, change: impl FnOnce(&mut Scenario)) -> Case {
    let mut changed = case.clone();
    change(&mut changed.scenario);
    changed
}

/// Each group of settings by default; and each rule that is switched off, on.
pub fn defaults(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let case = &shown.case;
        let default = Scenario::of(&case.scenario.protocol);
        let mut cases: Vec<Case> = vec![
            changed(case, |scenario| scenario.client = default.client),
            changed(case, |scenario| scenario.raft = default.raft),
            changed(case, |scenario| scenario.multi_paxos = default.multi_paxos),
            changed(case, |scenario| scenario.paxos = default.paxos),
            changed(case, |scenario| scenario.tendermint = default.tendermint.clone()),
            changed(case, |scenario| scenario.pbft = default.pbft),
            changed(case, |scenario| scenario.limits = default.limits),
            changed(case, |scenario| scenario.clock_rates_ppm.clear()),
        ];
        let mutations = case.scenario.mutations.len();
        if mutations > 1 {
            cases.extend((0..mutations).map(|gone| changed(case, |scenario| drop(scenario.mutations.remove(gone)))));
        }
        cases.retain(|changed| changed != case);
        cases
    })
}

/// A small seed.
pub fn seed(shown: &Shown, _: &Bounds, level: u32) -> Option<Vec<Case>> {
    once(level, || {
        let wanted = (0..=SEEDS).filter(|&seed| seed < shown.case.scenario.seed);
        wanted.map(|seed| changed(&shown.case, |scenario| scenario.seed = seed)).collect()
    })
}

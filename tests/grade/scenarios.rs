//! The runs that goals are asked of.

use super::*;

pub(super) fn named(name: &str) -> Scenario {
    gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario
}

/// Four servers; n3 hears n1 first and n4 hears n2 first.
pub(super) fn split_vote() -> Scenario {
    let quick = |from: &str, to: &str| ActionText::LinkLatency {
        from: from.to_owned(),
        to: to.to_owned(),
        latency_ticks: TicksRange::new(5 * MILLISECOND, 5 * MILLISECOND),
    };
    let interventions = vec![
        at(5, quick("n1", "n3")),
        at(5, quick("n2", "n4")),
        at(10, stand("n1")),
        at(10, stand("n2")),
        at(200, stand("n1")),
    ];
    by_hand(4, interventions)
}

/// Of three servers n1 leads, and takes a write of c1 while those two are cut off; and what happens then.
pub(super) fn written_while_cut_off(then: Vec<InterventionText>) -> Scenario {
    let written = vec![at(10, stand("n1")), at(300, groups(&["n1 c1", "n2 n3"])), at(310, put("c1", "x", "1"))];
    by_hand(3, [written, then].concat())
}

/// Figure 8 of the Raft paper, as the course has it.
pub(super) fn figure_8() -> Scenario {
    consensus_playground::lesson::runs::run("figure-8").unwrap().scenario
}

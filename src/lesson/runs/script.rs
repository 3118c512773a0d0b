//! The words in which the course's own runs are written, besides those of [`crate::scenario::script`].

use crate::process::MILLISECOND;
use crate::scenario::script::{self, at};
use crate::scenario::{ActionText, InterventionText, Scenario};
use crate::sim::TicksRange;

/// All messages from and to a replica take so long.
pub(super) fn far(node: &str, replicas: u32, milliseconds: u64) -> Vec<InterventionText> {
    let latency_ticks = TicksRange::new(milliseconds * MILLISECOND, milliseconds * MILLISECOND);
    let others = (1..=replicas).map(|number| format!("n{number}")).filter(|other| other != node);
    let link = |from: &str, to: &str| {
        at(0, ActionText::LinkLatency { from: from.to_owned(), to: to.to_owned(), latency_ticks })
    };
    others.flat_map(|other| [link(node, &other), link(&other, node)]).collect()
}

pub(super) fn of(protocol: &str, seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of(protocol) }
}

/// [`script::by_hand`], with a title.
pub(super) fn by_hand(title: &str, replicas: u32, interventions: Vec<InterventionText>) -> Scenario {
    Scenario { title: Some(title.to_owned()), ..script::by_hand(replicas, interventions) }
}

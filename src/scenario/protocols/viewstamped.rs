//! What Viewstamped Replication takes from a scenario, and how many of its replicas may forget at once.

use super::Playable;
use crate::kv::Reading;
use crate::process::{NodeId, NodeSet};
use crate::scenario::bounds::{ENTRIES_PER_MESSAGE_MAX, EVENTS_MAX, at_least_one, check_range};
use crate::scenario::error::ScenarioError;
use crate::scenario::settings::Scenario;
use crate::sim::World;
use crate::viewstamped::{Config, Rule, Viewstamped};

impl Playable for Viewstamped {
    const RARE: &'static [Rule] = &[Rule::ViewReported, Rule::Recovered, Rule::StateTaken, Rule::StaleReportIgnored];
    const REFILLS: bool = true;
    const READINGS: &'static [Reading] = &[Reading::Linearizable, Reading::Session, Reading::Local];

    fn config(scenario: &Scenario) -> Result<Config, ScenarioError> {
        let settings = &scenario.viewstamped;
        check_range("viewstamped.view_change_ticks", settings.view_change_ticks, 1)?;
        if !(1..=ENTRIES_PER_MESSAGE_MAX).contains(&settings.entries_per_message_max) {
            let problem = format!("1 to {ENTRIES_PER_MESSAGE_MAX}, not {}", settings.entries_per_message_max);
            return Err(ScenarioError::at("viewstamped.entries_per_message_max", problem));
        }
        let (threshold, trailing) = (settings.checkpoint_threshold, settings.checkpoint_trailing);
        for (path, operations) in
            [("viewstamped.checkpoint_threshold", threshold), ("viewstamped.checkpoint_trailing", trailing)]
        {
            if operations > u64::from(EVENTS_MAX) {
                return Err(ScenarioError::at(path, format!("at most {EVENTS_MAX}, not {operations}")));
            }
        }
        Ok(Config {
            view_change_ticks_min: settings.view_change_ticks.min,
            view_change_ticks_max: settings.view_change_ticks.max,
            commit_ticks: at_least_one("viewstamped.commit_ticks", settings.commit_ticks)?,
            on_disk: settings.on_disk,
            reading: scenario.reading::<Self>()?,
            checkpoint_threshold: threshold,
            checkpoint_trailing: trailing,
            entries_per_message_max: settings.entries_per_message_max,
            mutations: scenario.mutations()?,
        })
    }

    /// Without a disk at most f may be down or recovering at once (VRR 2.1, 4.3).
    fn bears_crash_of(world: &World<Self>, node: NodeId) -> bool {
        let setup = world.setup();
        let is_away = |node: NodeId| {
            let process = world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref());
            process.is_none_or(Viewstamped::is_recovering)
        };
        let mut away: NodeSet = (0..setup.replicas).map(NodeId).filter(|&node| is_away(node)).collect();
        away.insert(node);
        setup.replica.on_disk || away.len() <= Self::absent_tolerated(&setup.replica, setup.replicas)
    }
}

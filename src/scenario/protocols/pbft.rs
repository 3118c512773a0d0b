//! What PBFT takes from a scenario: quorums, the window of its log, and what its liars can do in a plot.

use super::Playable;
use crate::pbft::{self, Pbft};
use crate::process::{Alteration, Catalogue, Message};
use crate::scenario::bounds::at_least_one;
use crate::scenario::error::ScenarioError;
use crate::scenario::settings::Scenario;
use crate::search::liars::{AroundOne, Repertoire};
use crate::sim::Deed;

/// Most sequence numbers that may be in use at once.
const LOG_WINDOW_MAX: u64 = 4_096;

impl Playable for Pbft {
    const RARE: &'static [pbft::Rule] =
        &[pbft::Rule::NewViewSent, pbft::Rule::CarriedOver, pbft::Rule::NullRequest, pbft::Rule::ViewChangeAccepted];
    // It harms no safety: a primary that orders nothing does what one does whose messages are lost, and every promise
    // holds where messages are lost. Nor does anybody stay unserved for long. A client without an answer asks all
    // replicas again, and a primary orders whatever it is asked for (`on_request`); so once the faults are over, each
    // request that the view began without has its number one attempt of its client's later, within what a hunt allows.
    const ONLY_SCRIPTS: &'static [(pbft::Mutation, &'static str)] = &[(
        pbft::Mutation::NewPrimaryIdle,
        "It harms no safety, and clients ask all replicas again soon enough, so that the new primary gets the request that it forgot.",
    )];

    /// How many replies complete a write matters to reads that are not ordered, and to nothing else.
    fn meet_rules_switched_off(scenario: &mut Scenario) {
        let name = pbft::Mutation::WritesOfFewReplies.name();
        scenario.pbft.read_only |= scenario.mutations.iter().any(|mutation| mutation == name);
    }

    fn config(scenario: &Scenario) -> Result<pbft::Config, ScenarioError> {
        let settings = &scenario.pbft;
        for (path, number) in [("pbft.faults", settings.faults), ("pbft.quorum", settings.quorum)] {
            let at_least = u32::from(path == "pbft.quorum");
            if number.is_some_and(|number| number < at_least || number > scenario.replicas) {
                let problem = format!("{at_least} to {}, the number of replicas", scenario.replicas);
                return Err(ScenarioError::at(path, problem));
            }
        }
        let (interval, window) = (settings.checkpoint_interval, settings.log_window);
        if !(1..=LOG_WINDOW_MAX).contains(&window) {
            return Err(ScenarioError::at("pbft.log_window", format!("1 to {LOG_WINDOW_MAX}, not {window}")));
        }
        if !(1..=window).contains(&interval) {
            let problem = format!("1 to the log window, {window}, not {interval}");
            return Err(ScenarioError::at("pbft.checkpoint_interval", problem));
        }
        Ok(pbft::Config {
            faults: settings.faults,
            quorum: settings.quorum,
            checkpoint_interval: interval,
            log_window: window,
            view_change_ticks: at_least_one("pbft.view_change_ticks", settings.view_change_ticks)?,
            status_ticks: at_least_one("pbft.status_ticks", settings.status_ticks)?,
            read_only: settings.read_only,
            mutations: scenario.mutations()?,
        })
    }

    /// They show two faces with two clients' requests, and in the next view hide what was decided in the last.
    fn repertoire() -> Repertoire {
        use pbft::Mutation::{CertificatesDropped, CheckpointHidden, QuorumTooSmall, ViewChangesChosen};
        let kinds = |name: &str| {
            <pbft::Message as Message>::KINDS.iter().position(|kind| *kind == name).unwrap_or_default() as u8
        };
        let other = Deed::Alter(Alteration::Value(0));
        Repertoire {
            departures: [CertificatesDropped, CheckpointHidden, ViewChangesChosen].map(Catalogue::code).into(),
            faces: ["pre-prepare", "prepare", "commit", "new-view"].map(|name| (kinds(name), other)).into(),
            telling: ["commitment", "state"].map(kinds).into(),
            standing: Vec::new(),
            around_one: Some(AroundOne {
                votes: ["prepare", "commit"].map(kinds),
                departures: [CertificatesDropped, QuorumTooSmall].map(Catalogue::code).into(),
            }),
        }
    }

    fn replies_needed(config: &pbft::Config, replicas: u16) -> (u32, Option<u32>) {
        (config.replies(replicas), config.read_only.then(|| config.quorum(replicas)))
    }

    fn liars_tolerated(config: &pbft::Config, replicas: u16) -> u32 {
        config.faults(replicas)
    }

    fn absent_tolerated(config: &pbft::Config, replicas: u16) -> u32 {
        u32::from(replicas).saturating_sub(config.quorum(replicas))
    }
}

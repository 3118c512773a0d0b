//! What Tendermint takes from a scenario: powers, timeouts, and what its liars can do in a plot.

use super::Playable;
use crate::process::{Alteration, Catalogue, Message};
use crate::scenario::bounds::{ENTRIES_PER_MESSAGE_MAX, at_least_one, check_ticks};
use crate::scenario::error::ScenarioError;
use crate::scenario::settings::{Scenario, TimeoutSettings};
use crate::search::liars::Repertoire;
use crate::sim::Deed;
use crate::tendermint::{self, Tendermint, Timeout, Validators};

impl Playable for Tendermint {
    const RARE: &'static [tendermint::Rule] = &[
        tendermint::Rule::PrevotedOldProposal,
        tendermint::Rule::PrevotedNilOnOldProposal,
        tendermint::Rule::ValidValueSet,
        tendermint::Rule::RoundSkipped,
        tendermint::Rule::PrevotedNilOnNewProposal,
    ];

    fn config(scenario: &Scenario) -> Result<tendermint::Config, ScenarioError> {
        let settings = &scenario.tendermint;
        let timeout = |phase: &str, timeout: TimeoutSettings| {
            check_ticks(&format!("tendermint.{phase}.delta_ticks"), timeout.delta_ticks)?;
            let initial_ticks = at_least_one(&format!("tendermint.{phase}.initial_ticks"), timeout.initial_ticks)?;
            Ok(Timeout { initial_ticks, delta_ticks: timeout.delta_ticks })
        };
        let powers = &settings.powers;
        if powers.len() > scenario.replicas as usize {
            let problem = format!("{} numbers for {} replicas", powers.len(), scenario.replicas);
            return Err(ScenarioError::at("tendermint.powers", problem));
        }
        if let Some(index) = powers.iter().position(|power| !(1..=tendermint::config::POWER_MAX).contains(power)) {
            let problem = format!("1 to {}, not {}", tendermint::config::POWER_MAX, powers[index]);
            return Err(ScenarioError::at(format!("tendermint.powers[{index}]"), problem));
        }
        if settings.liars.is_some_and(|liars| liars >= scenario.replicas) {
            return Err(ScenarioError::at(
                "tendermint.liars",
                format!("fewer than the {} replicas", scenario.replicas),
            ));
        }
        if !(1..=ENTRIES_PER_MESSAGE_MAX).contains(&settings.requests_per_block_max) {
            let problem = format!("1 to {ENTRIES_PER_MESSAGE_MAX}, not {}", settings.requests_per_block_max);
            return Err(ScenarioError::at("tendermint.requests_per_block_max", problem));
        }
        let rest = std::iter::repeat_n(1, (scenario.replicas as usize).saturating_sub(powers.len()));
        let powers: Vec<u64> = powers.iter().copied().chain(rest).collect();
        Ok(tendermint::Config {
            propose: timeout("propose", settings.propose)?,
            prevote: timeout("prevote", settings.prevote)?,
            precommit: timeout("precommit", settings.precommit)?,
            resend_ticks: at_least_one("tendermint.resend_ticks", settings.resend_ticks)?,
            status_ticks: at_least_one("tendermint.status_ticks", settings.status_ticks)?,
            idle_ticks: check_ticks("tendermint.idle_ticks", settings.idle_ticks)?,
            requests_per_block_max: settings.requests_per_block_max,
            validators: Validators::new(&powers),
            liars: settings.liars,
            mutations: scenario.mutations()?,
        })
    }

    fn replies_needed(config: &tendermint::Config, _: u16) -> (u32, Option<u32>) {
        let validators = &config.validators;
        let of_liars = config.liars.map_or(validators.total() / 3, |liars| validators.power_of_strongest(liars));
        (u32::try_from(of_liars).unwrap_or(u32::MAX).saturating_add(1), None)
    }

    fn weights(config: &tendermint::Config) -> Vec<u32> {
        config.validators.powers().iter().map(|&power| u32::try_from(power).unwrap_or(u32::MAX)).collect()
    }

    fn liars_tolerated(config: &tendermint::Config, _: u16) -> u32 {
        config.liars.unwrap_or(config.validators.liars_tolerated())
    }

    fn absent_tolerated(config: &tendermint::Config, _: u16) -> u32 {
        config.validators.liars_tolerated()
    }

    fn powers(config: &tendermint::Config, _: u16) -> Vec<u64> {
        config.validators.powers().to_vec()
    }

    fn power_that_may_lie(config: &tendermint::Config, _: u16) -> u64 {
        let validators = &config.validators;
        config.liars.map_or_else(|| validators.power_below_a_third(), |liars| validators.power_of_strongest(liars))
    }

    fn power_that_may_be_absent(config: &tendermint::Config, _: u16) -> u64 {
        config.validators.power_below_a_third()
    }

    /// Liars that are to help two parts decide a height differently do not decide it, and forget what they locked on.
    fn repertoire() -> Repertoire {
        use tendermint::Mutation as M;
        let kind = |name: &str| {
            <tendermint::Message as Message>::KINDS.iter().position(|kind| *kind == name).map(|index| index as u8)
        };
        let face = |(name, how)| Some((kind(name)?, Deed::Alter(how)));
        let faces = [
            ("Proposal", Alteration::Value(0)),
            ("Prevote", Alteration::Value(0)),
            ("Precommit", Alteration::Value(0)),
            ("Prevote", Alteration::Nil),
            ("Precommit", Alteration::Nil),
            ("Status", Alteration::Nil),
        ];
        let departures = [
            M::DecisionPutOff,
            M::LockForgotten,
            M::ValidValueNotProposed,
            M::RefusedBlockVotedFor,
            M::PrecommittedWithoutPolka,
            M::ProposedOutOfTurn,
        ];
        Repertoire {
            departures: departures.map(Catalogue::code).into(),
            standing: [M::DecisionPutOff, M::LockForgotten, M::ValidValueNotProposed].map(Catalogue::code).into(),
            faces: faces.into_iter().filter_map(face).collect(),
            telling: Vec::new(),
            around_one: None,
        }
    }
}

//! From a scenario to a run.

use super::bounds::{
    EVENTS_MAX, at_least_one, check_network, check_range, check_ticks, check_workload, shown, unknown_mutation,
};
use super::error::{ScenarioError, in_words};
use super::moments::Story;
use super::names::Names;
use super::protocols::Playable;
use super::settings::{Scenario, replicas_of};
use crate::kv::{ClientConfig, Reading};
use crate::process::{Catalogue, Mutations};
use crate::raft::Raft;
use crate::sim::{Action, Intervention, Setup, Simulation, TicksRange};

/// Longest scenario, in bytes of JSON.
pub const LENGTH_MAX: usize = 1 << 20;
/// Most replicas in a cluster.
pub const REPLICAS_MAX: u32 = 31;
/// Most clients of a cluster.
pub const CLIENTS_MAX: u32 = 32;
/// Most interventions in a scenario.
pub const INTERVENTIONS_MAX: usize = 10_000;

/// Reads a scenario.
///
/// # Errors
///
/// Says what is wrong and where: not JSON, an unknown field, a value of the wrong kind.
pub fn parse(json: &str) -> Result<Scenario, ScenarioError> {
    let mut scenario: Scenario = read(json)?;
    if serde_json::from_str::<Written>(json).is_ok_and(|written| written.replicas.is_none()) {
        scenario.replicas = replicas_of(&scenario.protocol);
    }
    Ok(scenario)
}

/// Reads what a person wrote as JSON.
///
/// # Errors
///
/// As [`parse`].
pub fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, ScenarioError> {
    if json.len() > LENGTH_MAX {
        return Err(ScenarioError::at(".", format!("at most {LENGTH_MAX} bytes, not {}", json.len())));
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| ScenarioError::at(error.path().to_string(), in_words(&error.inner().to_string())))?;
    deserializer.end().map_err(|error| ScenarioError::at(".", error.to_string()))?;
    Ok(value)
}

/// Whether a scenario says how many replicas there are: what is meant without a word depends on the protocol.
#[derive(serde::Deserialize)]
struct Written {
    replicas: Option<serde::de::IgnoredAny>,
}

impl Scenario {
    /// The processes by name.
    ///
    /// # Errors
    ///
    /// Says if there are too many or too few.
    pub fn names(&self) -> Result<Names, ScenarioError> {
        if !(1..=REPLICAS_MAX).contains(&self.replicas) {
            return Err(ScenarioError::at("replicas", format!("1 to {REPLICAS_MAX} replicas, not {}", self.replicas)));
        }
        if self.clients > CLIENTS_MAX {
            return Err(ScenarioError::at("clients", format!("at most {CLIENTS_MAX} clients, not {}", self.clients)));
        }
        Ok(Names { replicas: self.replicas as u16, clients: self.clients as u16, network: self.network })
    }

    /// A run of a protocol.
    ///
    /// # Errors
    ///
    /// Says which field is out of range or names something that is not there.
    pub fn simulation<R: Playable>(&self) -> Result<Simulation<R>, ScenarioError> {
        if self.protocol != R::PROTOCOL {
            return Err(ScenarioError::at(
                "protocol",
                format!("this is a scenario of {:?}, not of {}", shown(&self.protocol), R::PROTOCOL),
            ));
        }
        let names = self.names()?;
        let replica = R::config(self)?;
        let (replies_needed, unordered_replies_needed) = R::replies_needed(&replica, names.replicas);
        let weights = R::weights(&replica).into();
        let setup = Setup {
            seed: self.seed,
            replicas: names.replicas,
            clients: names.clients,
            replica,
            client: ClientConfig {
                replies_needed,
                unordered_replies_needed,
                weights,
                reading: self.reading::<R>()?,
                ..self.client_config()?
            },
            network: self.network,
            workload: self.workload,
            disks: self.disks(&names)?,
            clock_rates_ppm: self.clock_rates(&names)?,
            events_max: self.limits.events,
        };
        check_network(&self.network).map_err(|error| error.within("network"))?;
        check_workload(&self.workload).map_err(|error| error.within("workload"))?;
        if !(1..=EVENTS_MAX).contains(&self.limits.events) {
            return Err(ScenarioError::at(
                "limits.events",
                format!("1 to {EVENTS_MAX} events, not {}", self.limits.events),
            ));
        }
        Story::of::<R>(self)?;
        Ok(Simulation::new(setup, self.interventions_for::<R>(names)?))
    }

    /// A run of Raft.
    ///
    /// # Errors
    ///
    /// As [`Scenario::simulation`].
    pub fn raft_simulation(&self) -> Result<Simulation<Raft>, ScenarioError> {
        self.simulation()
    }

    fn interventions_for<R: crate::process::Process>(
        &self,
        mut names: Names,
    ) -> Result<Vec<Intervention>, ScenarioError> {
        if self.interventions.len() > INTERVENTIONS_MAX {
            return Err(ScenarioError::at(
                "interventions",
                format!("at most {INTERVENTIONS_MAX}, not {}", self.interventions.len()),
            ));
        }
        let mut interventions: Vec<Intervention> = Vec::new();
        for (place, text) in self.interventions.iter().enumerate() {
            let here = |error: ScenarioError| error.within(&format!("interventions[{place}]"));
            let intervention = text.to_intervention::<R>(&names).map_err(here)?;
            if interventions.last().is_some_and(|last| last.at > intervention.at) {
                return Err(here(ScenarioError::at("at", "interventions must be in the order of their times")));
            }
            match intervention.action {
                Action::Network(dials) => names.network = dials,
                Action::RemoveFaults => names.network = self.network.without_faults(),
                _ => {}
            }
            interventions.push(intervention);
        }
        Ok(interventions)
    }

    /// How long a flush takes on each replica's disk.
    fn disks(&self, names: &Names) -> Result<Vec<TicksRange>, ScenarioError> {
        let common = check_ticks("disk.flush_ticks", self.disk.flush_ticks)?;
        let mut disks = vec![TicksRange::new(common, common); usize::from(names.replicas)];
        for (name, range) in &self.disk.own_flush_ticks {
            let place = format!("disk.own_flush_ticks.{}", shown(name));
            check_range(&place, *range, 0)?;
            disks[names.replica(&place, name)?.index()] = *range;
        }
        Ok(disks)
    }

    /// How clients read.
    ///
    /// # Errors
    ///
    /// If this protocol has no such way.
    pub fn reading<R: Playable>(&self) -> Result<Reading, ScenarioError> {
        let Some(name) = &self.reads else { return Ok(Reading::default()) };
        R::READINGS.iter().copied().find(|way| way.name() == name).ok_or_else(|| {
            let ways: Vec<&str> = R::READINGS.iter().map(|way| way.name()).collect();
            ScenarioError::at("reads", format!("{} has {}, not {:?}", R::PROTOCOL, ways.join(", "), shown(name)))
        })
    }

    /// The rules that are switched off.
    ///
    /// # Errors
    ///
    /// Says which name is no rule of this protocol.
    pub fn mutations<M: Catalogue>(&self) -> Result<Mutations<M>, ScenarioError> {
        let mut mutations = Mutations::NONE;
        for (place, name) in self.mutations.iter().enumerate() {
            let mutation = M::named(name).ok_or_else(|| unknown_mutation::<M>(&format!("mutations[{place}]"), name))?;
            mutations = mutations.with(mutation);
        }
        Ok(mutations)
    }

    fn client_config(&self) -> Result<ClientConfig, ScenarioError> {
        Ok(ClientConfig {
            attempt_ticks: at_least_one("client.attempt_ticks", self.client.attempt_ticks)?,
            deadline_ticks: at_least_one("client.deadline_ticks", self.client.deadline_ticks)?,
            backoff_ticks_max: at_least_one("client.backoff_ticks_max", self.client.backoff_ticks_max)?,
            replies_needed: 1,
            unordered_replies_needed: None,
            weights: [].into(),
            reading: Reading::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        match parse(json).and_then(|scenario| scenario.raft_simulation().map(|_| ())) {
            Ok(()) => panic!("accepted"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_shortest_scenario_is_its_protocol() {
        let scenario = parse(r#"{"protocol": "raft"}"#).unwrap();
        assert_eq!(scenario, Scenario::of("raft"));
        scenario.raft_simulation().unwrap();
    }

    #[test]
    fn an_unknown_field_is_named_with_its_place() {
        assert!(error(r#"{"protocol": "raft", "replica": 3}"#).contains("unknown field `replica`"));
        assert!(
            error(r#"{"protocol": "raft", "network": {"lag": 3}}"#).starts_with("network.lag: unknown field `lag`")
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_told_without_the_names_of_our_types() {
        for (field, expected) in [
            (r#""network": 5"#, "network: invalid type: integer `5`, expected an object at line 1"),
            (r#""interventions": 5"#, "interventions: invalid type: integer `5`, expected a list at line 1"),
            (
                r#""replicas": 5.5"#,
                "replicas: invalid type: number `5.5`, expected a whole number from 0 to 4294967295 at",
            ),
            (
                r#""raft": {"pre_vote": 1}"#,
                "raft.pre_vote: invalid type: integer `1`, expected true or false at line 1",
            ),
            (
                r#""interventions": [{"at": 1, "action": "explode"}]"#,
                "unknown name `explode`, expected one of `partition`, ",
            ),
            (
                r#""interventions": [{"at": 1, "action": {"crash": 5}}]"#,
                "crash: invalid type: integer `5`, expected an object",
            ),
        ] {
            let told = error(&format!(r#"{{"protocol": "raft", {field}}}"#));
            assert!(told.contains(expected), "{told}");
            assert!(!told.contains("struct") && !told.contains("variant"), "{told}");
        }
    }

    #[test]
    fn a_cluster_of_none_and_one_of_a_million_are_refused() {
        assert_eq!(error(r#"{"protocol": "raft", "replicas": 0}"#), "replicas: 1 to 31 replicas, not 0");
        assert_eq!(error(r#"{"protocol": "raft", "replicas": 1000000}"#), "replicas: 1 to 31 replicas, not 1000000");
    }

    #[test]
    fn a_negative_rate_is_refused_where_it_stands() {
        let json = r#"{"protocol": "raft", "network": {"loss": {"numerator": -1, "denominator": 100}}}"#;
        assert!(error(json).starts_with("network.loss.numerator: invalid value: integer `-1`"), "{}", error(json));
    }

    #[test]
    fn a_node_that_does_not_exist_is_refused_where_it_stands() {
        let json = r#"{"protocol": "raft", "interventions": [{"at": 5, "action": {"crash": {"node": "n9"}}}]}"#;
        assert_eq!(
            error(json),
            "interventions[0].action.node: there is no process \"n9\": there are n1 to n5 and c1 to c3"
        );
    }

    #[test]
    fn an_unknown_mutation_is_refused_with_the_names_of_the_known_ones() {
        assert!(error(r#"{"protocol": "raft", "mutations": ["nonsense"]}"#).contains("there are vote-not-durable, "));
    }

    #[test]
    fn every_action_reads_back_as_it_was_written() {
        let json = r#"{"protocol": "raft", "interventions": [
            {"at": 1, "action": {"partition": {"groups": [["n1", "c1"], ["n2", "n3"]]}}},
            {"at": 2, "action": "heal"},
            {"at": 3, "action": {"network": {"loss": {"numerator": 1, "denominator": 10}}}},
            {"at": 4, "action": {"invoke": {"client": "c2", "command": {"put": {"key": "<b>", "value": "\u0000"}}}}},
            {"at": 5, "after_event": 9, "action": {"fire_timer": {"node": "n2", "timer": "election"}}}]}"#;
        let scenario = parse(json).unwrap();
        let simulation = scenario.raft_simulation().unwrap();
        let again: Vec<_> =
            simulation.interventions().iter().map(|each| super::super::InterventionText::of::<Raft>(each, 5)).collect();
        let mut scenario_again = scenario.clone();
        scenario_again.interventions = again;
        assert_eq!(scenario_again.raft_simulation().unwrap().interventions(), simulation.interventions());
    }
}

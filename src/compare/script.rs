//! The fields of a script: a scenario's, without its protocol, and which protocols are to follow it.

use super::cast::names_in;
use crate::process::{MILLISECOND, Ticks};
use crate::scenario::bounds::{TICKS_MAX, shown};
use crate::scenario::settings::{MultiPaxosSettings, PbftSettings, TendermintSettings, ViewstampedSettings};
use crate::scenario::{
    ActionText, ClientSettings, DiskSettings, InterventionText, Limits, RaftSettings, Scenario, ScenarioError, build,
};
use crate::sim::{NetworkDials, WorkloadDials};
use serde::{Deserialize, Serialize};

/// The protocols that can be compared: those that keep a whole store for their clients.
pub const COMPARED: &[&str] = &["raft", "multi-paxos", "viewstamped", "pbft", "tendermint"];

/// Most entries that a leader may be left with.
pub const ENTRIES_MAX: u32 = 200;

/// All that the runs of a comparison are made of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Script {
    /// Which protocols, in the order of the columns: any of `raft`, `multi-paxos`, `viewstamped`, `pbft` and
    /// `tendermint`.
    pub protocols: Vec<String>,
    /// What to call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The seed of the only run of each protocol, unless a range of seeds is asked for.
    pub seed: u64,
    /// How many replicas each protocol has.
    pub replicas: u32,
    /// How many clients.
    pub clients: u32,
    /// Latency, loss, duplication, reordering.
    pub network: NetworkDials,
    /// How long writes take.
    pub disk: DiskSettings,
    /// What clients ask for.
    pub workload: WorkloadDials,
    /// How patient clients are.
    pub client: ClientSettings,
    /// How clients read, where all protocols have that way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reads: Option<String>,
    /// How fast each replica's clock runs, in order, in ticks per million ticks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clock_rates_ppm: Vec<u64>,
    /// By how much, in parts per million, clocks may differ in speed for a lease to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_drift_ppm: Option<u32>,
    /// Settings of Raft.
    pub raft: RaftSettings,
    /// Settings of Multi-Paxos.
    pub multi_paxos: MultiPaxosSettings,
    /// Settings of Viewstamped Replication.
    pub viewstamped: ViewstampedSettings,
    /// Settings of PBFT.
    pub pbft: PbftSettings,
    /// Settings of Tendermint.
    pub tendermint: TendermintSettings,
    /// What is measured in calm is measured from here on: a leader has been elected by then.
    pub steady_ticks: Ticks,
    /// The runs end here.
    pub until_ticks: Ticks,
    /// Entries that the leader is to be left with: in the logs of some, and committed by nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncommitted: Option<Uncommitted>,
    /// What is done to each run from outside, in the order of the times. Replicas go by their parts: `leader` is whoever
    /// leads when the first step comes that names a part, and keeps that name; `follower-1`, `follower-2`, ... are those
    /// after it, in the order of their numbers; `leader-now` is whoever leads when the step comes.
    pub interventions: Vec<InterventionText>,
    /// Where a run stops.
    pub limits: Limits,
}

/// Entries that a leader is left with. So many clients ask it one after the other, and are gone; what it sends reaches
/// some of the others, and no answer reaches it. Links stay cut until the script heals them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Uncommitted {
    /// When.
    pub at: Ticks,
    /// How many: 0 to 200.
    pub entries: u32,
    /// So many of the others get them, those first that come after the leader.
    pub reaches: u32,
}

impl Default for Script {
    fn default() -> Self {
        let Scenario {
            seed,
            replicas,
            clients,
            network,
            disk,
            workload,
            client,
            reads,
            clock_rates_ppm,
            clock_drift_ppm,
            raft,
            multi_paxos,
            viewstamped,
            pbft,
            tendermint,
            limits,
            ..
        } = Scenario::of("raft");
        Self {
            protocols: Vec::new(),
            title: None,
            seed,
            replicas,
            clients,
            network,
            disk,
            workload,
            client,
            reads,
            clock_rates_ppm,
            clock_drift_ppm,
            raft,
            multi_paxos,
            viewstamped,
            pbft,
            tendermint,
            steady_ticks: 500 * MILLISECOND,
            until_ticks: 5_000 * MILLISECOND,
            uncommitted: None,
            interventions: Vec::new(),
            limits,
        }
    }
}

/// Reads a script.
///
/// # Errors
///
/// Says what is wrong and where: not JSON, an unknown field, a value of the wrong kind, or what no script may say.
pub fn parse(json: &str) -> Result<Script, ScenarioError> {
    let script: Script = build::read(json)?;
    script.check()?;
    Ok(script)
}

impl Script {
    /// The run of one protocol, before anything is done to it.
    pub fn scenario(&self, protocol: &str, seed: u64) -> Scenario {
        Scenario {
            seed,
            title: self.title.clone(),
            replicas: self.replicas,
            clients: self.clients,
            network: self.network,
            disk: self.disk.clone(),
            workload: self.workload,
            client: self.client,
            reads: self.reads.clone(),
            clock_rates_ppm: self.clock_rates_ppm.clone(),
            clock_drift_ppm: self.clock_drift_ppm,
            raft: self.raft,
            multi_paxos: self.multi_paxos,
            viewstamped: self.viewstamped,
            pbft: self.pbft,
            tendermint: self.tendermint.clone(),
            limits: self.limits,
            ..Scenario::of(protocol)
        }
    }

    /// Lets one message carry at most so many entries, wherever a protocol has such a setting.
    pub fn set_batch(&mut self, entries: u64) {
        self.raft.entries_per_message_max = entries;
        self.multi_paxos.slots_per_message_max = entries;
        self.viewstamped.entries_per_message_max = entries;
        self.tendermint.requests_per_block_max = entries;
    }

    /// Leaves the leader with another number of entries.
    ///
    /// # Errors
    ///
    /// If the script leaves it with none at all: nothing says when, and whom they reach.
    pub fn set_entries(&mut self, entries: u32) -> Result<(), ScenarioError> {
        let Some(uncommitted) = &mut self.uncommitted else {
            let problem = "the script has no `uncommitted`, which says when, and whom they reach";
            return Err(ScenarioError::at("uncommitted", problem));
        };
        uncommitted.entries = entries;
        self.check_uncommitted()
    }

    /// What is wrong with it, whatever the protocol.
    ///
    /// # Errors
    ///
    /// Says what, and where.
    pub fn check(&self) -> Result<(), ScenarioError> {
        self.check_protocols()?;
        self.scenario("raft", self.seed).names()?;
        if self.until_ticks > TICKS_MAX {
            let problem = format!("at most {TICKS_MAX} ticks, not {}", self.until_ticks);
            return Err(ScenarioError::at("until_ticks", problem));
        }
        if self.steady_ticks >= self.until_ticks {
            return Err(ScenarioError::at("steady_ticks", "the runs end before it"));
        }
        self.check_uncommitted()?;
        let mut last = 0;
        for (place, step) in self.interventions.iter().enumerate() {
            check_step(step, last, self.until_ticks)
                .map_err(|error| error.within(&format!("interventions[{place}]")))?;
            last = step.at;
        }
        Ok(())
    }

    fn check_protocols(&self) -> Result<(), ScenarioError> {
        if self.protocols.is_empty() {
            let problem = format!("which? There are {}", COMPARED.join(", "));
            return Err(ScenarioError::at("protocols", problem));
        }
        for (place, protocol) in self.protocols.iter().enumerate() {
            let wrong = |problem| Err(ScenarioError::at(format!("protocols[{place}]"), problem));
            if protocol == "paxos" {
                return wrong(format!(
                    "paxos chooses one value, and keeps no store: there are {}",
                    COMPARED.join(", ")
                ));
            }
            if !COMPARED.contains(&protocol.as_str()) {
                return wrong(format!("there is no protocol {:?}: there are {}", shown(protocol), COMPARED.join(", ")));
            }
            if self.protocols[..place].contains(protocol) {
                return wrong(format!("{protocol} stands there twice"));
            }
        }
        Ok(())
    }

    fn check_uncommitted(&self) -> Result<(), ScenarioError> {
        let Some(Uncommitted { at, entries, reaches }) = self.uncommitted else { return Ok(()) };
        let wrong = |place, problem| Err(ScenarioError::at(format!("uncommitted.{place}"), problem));
        if entries > ENTRIES_MAX {
            return wrong("entries", format!("at most {ENTRIES_MAX}, not {entries}"));
        }
        if reaches >= self.replicas {
            return wrong("reaches", format!("there are {} others", self.replicas - 1));
        }
        if at >= self.until_ticks {
            return wrong("at", "the runs end before it".to_owned());
        }
        if self.clients < self.replicas {
            let problem = format!(
                "takes as many clients as replicas, since each asks another replica first: {} clients, not {}",
                self.replicas, self.clients
            );
            return Err(ScenarioError::at("uncommitted", problem));
        }
        Ok(())
    }
}

/// What a step may not say in any script.
fn check_step(step: &InterventionText, last: Ticks, until: Ticks) -> Result<(), ScenarioError> {
    if step.after_event.is_some() {
        return Err(ScenarioError::at("after_event", "a script knows times alone: each protocol has other events"));
    }
    if step.at < last {
        return Err(ScenarioError::at("at", "interventions must be in the order of their times"));
    }
    if step.at >= until {
        return Err(ScenarioError::at("at", "the runs end before it"));
    }
    let mut action = step.action.clone();
    match &action {
        ActionText::DropMessage { .. }
        | ActionText::DelayMessage { .. }
        | ActionText::DuplicateMessage { .. }
        | ActionText::DeliverMessageNow { .. } => {
            Err(ScenarioError::at("action", "a script cannot name a message: each protocol sends others"))
        }
        _ => {
            let is_number = |name: &str| name.strip_prefix('n').is_some_and(|rest| rest.parse::<u32>().is_ok());
            let numbered = names_in(&mut action).into_iter().find(|name| is_number(name));
            numbered.map_or(Ok(()), |name| {
                let problem = format!(
                    "{name} plays another part in each protocol: say leader, follower-1, follower-2, ... or leader-now"
                );
                Err(ScenarioError::at("action", problem))
            })
        }
    }
}

//! What a run came to: gathered once, and then printed as text or as JSON.

use std::collections::BTreeSet;

use consensus_playground::ENGINE_VERSION;
use consensus_playground::check::accountability::excuse;
use consensus_playground::check::linearizability::{STEPS_MAX_DEFAULT, Verdict};
use consensus_playground::kv::Reading;
use consensus_playground::process::{NodeId, Ticks, Timer as _};
use consensus_playground::replicated_log::LeaderTimer;
use consensus_playground::run::Run;
use consensus_playground::run::promise::{Promised, promised};
use consensus_playground::run::transcript::seconds;
use consensus_playground::scenario::{Link, Playable, Scenario};
use consensus_playground::sim::{Action, Intervention};
use schemars::JsonSchema;
use serde::Serialize;

/// What `run --json` prints.
#[derive(Serialize, JsonSchema)]
pub struct RunReport {
    pub engine_version: &'static str,
    pub protocol: String,
    pub seed: u64,
    /// Rules that were switched off.
    pub mutations: Vec<String>,
    /// Whether the clients' history is linearizable: yes, no, or null where a bound came before the answer.
    pub linearizable: Option<bool>,
    /// The same in a sentence.
    pub sentence: String,
    /// With reads that promise something else than linearizability: what they promise, and what was kept.
    pub reads: Option<ReadsReport>,
    /// Each invariant that was broken, the first time.
    pub findings: Vec<FindingReport>,
    /// Why nobody can be elected under these settings, so that nothing was there to be broken.
    pub nobody_can_be_elected: Option<String>,
    /// What was done to the run that no protocol promises to bear.
    pub beyond_the_model: Vec<BeyondReport>,
    /// Processes against which there is a proof, and which are no liars.
    pub convicted: Vec<ConvictedReport>,
    /// Who is to blame, where honest replicas disagreed.
    pub culprits: Option<CulpritsReport>,
    pub events: u32,
    /// Virtual time at the end, in ticks of a microsecond.
    pub ticks: Ticks,
    /// Whether the scenario's limit on events ended the run.
    pub stopped_by_limit: bool,
    /// 32 hexadecimal digits.
    pub trace_hash: String,
    /// With a link: whether the run is the one that was shared.
    pub shared: Option<SharedReport>,
    /// With --link: a link to the run, or why there is none.
    pub link: Option<LinkReport>,
    /// With --transcript: a line for each event.
    pub transcript: Option<Vec<String>>,
}

/// What is promised for the way in which clients read, and what was kept.
#[derive(Serialize, JsonSchema)]
pub struct ReadsReport {
    /// The way.
    pub reads: &'static str,
    /// What it promises of a history; null if nothing.
    pub promised: Option<&'static str>,
    /// Whether each promise was kept: the strongest first.
    pub promises: Vec<KeptReport>,
}

/// Whether a promise was kept.
#[derive(Serialize, JsonSchema)]
pub struct KeptReport {
    pub promise: &'static str,
    /// Null where it is not known.
    pub kept: Option<bool>,
}

impl ReadsReport {
    fn of<R: Playable>(run: &mut Run<R>) -> Option<Self> {
        let reading = run.reading();
        let promised = promised(reading);
        if promised == Some(Promised::Linearizable) {
            return None;
        }
        let promises = run.promises(STEPS_MAX_DEFAULT).into_iter();
        let promises = promises.map(|(promise, verdict)| KeptReport { promise: promise.name(), kept: verdict.kept() });
        Some(Self { reads: reading.name(), promised: promised.map(Promised::name), promises: promises.collect() })
    }

    /// Whether what is promised was kept.
    fn kept(&self) -> bool {
        let is_promised = |each: &&KeptReport| Some(each.promise) == self.promised;
        self.promises.iter().filter(is_promised).all(|each| each.kept == Some(true))
    }
}

/// An invariant that was broken.
#[derive(Serialize, JsonSchema)]
pub struct FindingReport {
    pub invariant: &'static str,
    /// After this event it did not hold.
    pub event: u32,
    pub sentence: String,
}

/// Something beyond the fault model.
#[derive(Serialize, JsonSchema)]
pub struct BeyondReport {
    pub intervention: String,
    /// What the protocol takes for granted.
    pub although: &'static str,
}

/// A process that contradicts itself and does not lie.
#[derive(Serialize, JsonSchema)]
pub struct ConvictedReport {
    pub process: String,
    pub excuse: String,
}

/// Who is to blame for a disagreement.
#[derive(Serialize, JsonSchema)]
pub struct CulpritsReport {
    /// The event after which honest replicas disagreed.
    pub event: u32,
    pub named: Vec<CulpritReport>,
    /// Why no more can be named.
    pub missing: Option<String>,
}

/// One who is to blame, with the proof.
#[derive(Serialize, JsonSchema)]
pub struct CulpritReport {
    pub process: String,
    pub charge: String,
    pub signed: Vec<SignedReport>,
    pub excuse: Option<String>,
}

/// A statement with a signature.
#[derive(Serialize, JsonSchema)]
pub struct SignedReport {
    pub text: String,
    /// The number of the message that carried it, if one did.
    pub message: Option<u32>,
}

/// How a run compares with the link that it was replayed from.
#[derive(Serialize, JsonSchema)]
pub struct SharedReport {
    pub agrees: bool,
    pub sentence: String,
}

/// A link, or why there is none.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkReport {
    Fragment(String),
    Error(String),
}

impl LinkReport {
    /// The text of a link, if it has one.
    pub fn of(link: &Link) -> Self {
        match link.to_fragment() {
            Ok(fragment) => Self::Fragment(fragment),
            Err(error) => Self::Error(error.to_string()),
        }
    }
}

impl RunReport {
    /// Whether every promise was kept.
    pub fn kept(&self) -> bool {
        let kept = self.reads.as_ref().map_or(self.linearizable == Some(true), ReadsReport::kept);
        self.findings.is_empty() && kept
    }

    /// Whether the hash is the link's, if there is a link.
    pub fn agrees(&self) -> bool {
        self.shared.as_ref().is_none_or(|shared| shared.agrees)
    }

    /// What a run came to, without link and transcript.
    pub fn of<R: Playable>(run: &mut Run<R>, scenario: &Scenario, stopped_by_limit: bool) -> Self {
        let findings = run.findings_at_end().into_iter().map(|finding| FindingReport {
            invariant: finding.invariant.name,
            event: finding.event,
            sentence: finding.sentence,
        });
        let findings = findings.collect();
        let judgement = run.verdict(STEPS_MAX_DEFAULT);
        let reads = ReadsReport::of(run);
        let world = run.simulation().world();
        Self {
            engine_version: ENGINE_VERSION,
            protocol: scenario.protocol.clone(),
            seed: scenario.seed,
            mutations: scenario.mutations.clone(),
            linearizable: match judgement.report.verdict {
                Verdict::Linearizable(_) => Some(true),
                Verdict::NotLinearizable(_) => Some(false),
                Verdict::Undecided(_) => None,
            },
            sentence: judgement.sentence,
            reads,
            findings,
            nobody_can_be_elected: R::nobody_can_be_elected(scenario),
            beyond_the_model: beyond_the_model(run, scenario),
            convicted: convicted(run),
            culprits: culprits(run),
            events: run.simulation().events(),
            ticks: world.now(),
            stopped_by_limit,
            trace_hash: format!("{:032x}", world.trace_hash()),
            shared: None,
            link: None,
            transcript: None,
        }
    }
}

fn beyond_the_model<R: Playable>(run: &Run<R>, scenario: &Scenario) -> Vec<BeyondReport> {
    let simulation = run.simulation();
    let done = simulation.interventions().iter().take(simulation.world().interventions_done() as usize);
    let holds_lease = run.reading() == Reading::Lease;
    let forgets_leader =
        |action: &Action| matches!(action, Action::FireTimer(_, kind) if *kind == LeaderTimer::LeaderContact.kind());
    let of_a_lease = |action: &Action| {
        (holds_lease && forgets_leader(action)).then_some("a lease counts on timers that fire at their time")
    };
    let told = |each: &Intervention| {
        let although = each.action.beyond_the_model().or_else(|| of_a_lease(&each.action))?;
        let name = |node| simulation.world().name(node);
        let what = each.action.describe(&name).to_string();
        let intervention = format!("{} at {} s", what.trim_end_matches(" (beyond the fault model)"), seconds(each.at));
        Some(BeyondReport { intervention, although })
    };
    let clocks = scenario.clocks_beyond_the_lease().map(|intervention| BeyondReport {
        intervention,
        although: "a lease counts on clocks that differ in speed by no more than the bound",
    });
    clocks.into_iter().chain(done.filter_map(told)).collect()
}

fn convicted<R: Playable>(run: &Run<R>) -> Vec<ConvictedReport> {
    let world = run.simulation().world();
    let culprits: BTreeSet<NodeId> = run.proofs().iter().map(|held| held.culprit).collect();
    let told = |culprit| Some(ConvictedReport { process: world.name(culprit), excuse: excuse(world, culprit)? });
    culprits.into_iter().filter_map(told).collect()
}

fn culprits<R: Playable>(run: &Run<R>) -> Option<CulpritsReport> {
    let culprits = run.culprits()?;
    let world = run.simulation().world();
    let named = culprits.named.into_iter().map(|each| CulpritReport {
        process: world.name(each.culprit),
        charge: each.charge,
        signed: each.said.into_iter().map(|said| SignedReport { text: said.text, message: said.message }).collect(),
        excuse: each.excuse,
    });
    Some(CulpritsReport { event: culprits.event, named: named.collect(), missing: culprits.missing })
}

/// Says whether version and hash are the link's.
pub fn compare<R: Playable>(run: &mut Run<R>, link: &Link) -> SharedReport {
    let events = run.simulation().events();
    let agrees = events == link.events && run.hash_after(events) == link.trace_hash;
    let version = if link.is_of_this_engine() {
        format!("the link was made by this engine, {ENGINE_VERSION}")
    } else {
        format!("the link was made by engine {}, and this is {ENGINE_VERSION}", link.engine_version)
    };
    let hash = match (agrees, link.is_of_this_engine()) {
        (true, true) => "the hash agrees".to_owned(),
        (true, false) => "the hash agrees all the same".to_owned(),
        (false, _) if events < link.events => {
            format!("it has {} events, and here the run ends after {events}", link.events)
        }
        (false, _) => {
            format!("the hash does not agree: it says {:032x}, so this is not the run that was shared", link.trace_hash)
        }
    };
    SharedReport { agrees, sentence: format!("{version}; {hash}") }
}

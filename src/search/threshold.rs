//! The threshold, tried out: PBFT with n replicas, f liars and quorums of q, in many runs.
//!
//! The arithmetic. Two quorums of q among n share at least 2q - n replicas; an honest one is among them, whoever lies,
//! if 2q - n >= f + 1. Then honest replicas decide the same. The honest ones alone form a quorum if q <= n - f. Then
//! they need no liar to go on. Both together ask for n >= 3f + 1. Below that, every choice of q loses one of the two.
//!
//! The search knows nothing of this. It hunts: each seed draws faults and liars, and what happens is watched. In every
//! second seed all f liars plot together: they share their keys, and show one part of the replicas one face and the
//! rest another, or fall silent as one. Which part, and which face, is drawn. *Agreement* is broken where two honest
//! replicas commit different requests with one number; a run *stalls* where a client is not served after all faults are
//! over but for the liars.

use super::hunt::{Failure, Options, pursue, terrain};
use super::liars::{self, Cast};
use super::schedule::{self, Schedule, Terrain};
use crate::pbft::Pbft;
use crate::process::SECOND;
use crate::run::Run;
use crate::scenario::{Link, Playable, Scenario, ScenarioError};

/// Most faults in one run, besides the liars.
const FAULTS_MAX: u32 = 4;

/// Clients, and what each of them asks for.
const CLIENTS: u32 = 3;
const OPERATIONS_PER_CLIENT: u64 = 12;

/// How much longer a run is watched in which something else broke before agreement.
const LONGER_EVENTS: u32 = 50_000;

/// What is asked: so many replicas, of which so many lie, with quorums of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// n.
    pub replicas: u32,
    /// f.
    pub faults: u32,
    /// q.
    pub quorum: u32,
}

impl Question {
    /// The smallest q of which any two share an honest replica: (n+f+1)/2, rounded up.
    pub fn sharing_quorum(replicas: u32, faults: u32) -> u32 {
        (replicas + faults + 1).div_ceil(2)
    }

    /// The largest q that the honest ones alone can form: n - f.
    pub fn honest_quorum(replicas: u32, faults: u32) -> u32 {
        replicas.saturating_sub(faults)
    }

    /// How many replicas two quorums share at least: 2q - n.
    pub fn shared(self) -> u32 {
        (2 * self.quorum).saturating_sub(self.replicas)
    }

    /// Whether an honest replica is among them: 2q - n >= f + 1.
    pub fn shares_honest(self) -> bool {
        self.shared() > self.faults
    }

    /// Whether the honest ones alone form a quorum: q <= n - f.
    pub fn honest_suffice(self) -> bool {
        self.quorum <= Self::honest_quorum(self.replicas, self.faults)
    }

    fn scenario(self) -> Result<Scenario, ScenarioError> {
        let Self { replicas, faults, quorum } = self;
        if faults >= replicas {
            return Err(ScenarioError::at("f", format!("fewer than the {replicas} replicas, not {faults}")));
        }
        if !(1..=replicas).contains(&quorum) {
            return Err(ScenarioError::at("q", format!("1 to {replicas}, the number of replicas, not {quorum}")));
        }
        let mut scenario = Scenario { replicas, clients: CLIENTS, ..Scenario::of("pbft") };
        (scenario.pbft.faults, scenario.pbft.quorum) = (Some(faults), Some(quorum));
        scenario.workload.operations_per_client = Some(OPERATIONS_PER_CLIENT);
        Ok(scenario)
    }
}

/// A run that shows something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The seed.
    pub seed: u64,
    /// After which event it was seen.
    pub event: u32,
    /// What was seen.
    pub sentence: String,
    /// The run.
    pub scenario: Scenario,
    /// How many events of it were looked at.
    pub events: u32,
    /// Its trace hash after them.
    pub trace_hash: u128,
}

impl Shown {
    fn of(failure: &Failure) -> Self {
        let Failure { seed, event, sentence, scenario, events, trace_hash, .. } = failure.clone();
        Self { seed, event, sentence, scenario, events, trace_hash }
    }

    /// A link to the run, its playhead right after what it shows.
    pub fn link(&self) -> Link {
        Link::new(self.scenario.clone(), self.events, self.event.saturating_add(1), self.trace_hash)
    }
}

/// What has been seen so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Seen {
    /// Runs.
    pub seeds: u64,
    /// Their events.
    pub events: u64,
    /// Runs in which honest replicas disagreed.
    pub disagreements: u64,
    /// Runs in which a client was not served.
    pub stalls: u64,
    /// Runs in which something else failed, and neither of these.
    pub others: u64,
    /// The first disagreement.
    pub disagreement: Option<Shown>,
    /// The first stall.
    pub stall: Option<Shown>,
}

/// One question, put to one seed after another.
#[derive(Clone, Debug)]
pub struct Threshold {
    question: Question,
    options: Options,
    terrain: Terrain,
    next_seed: u64,
    seen: Seen,
}

impl Threshold {
    /// A search that begins with a seed.
    ///
    /// # Errors
    ///
    /// If there are no such replicas: says which number is wrong.
    pub fn new(question: Question, first_seed: u64) -> Result<Self, ScenarioError> {
        let scenario = question.scenario()?;
        scenario.names()?;
        Pbft::config(&scenario)?;
        let terrain = terrain::<Pbft>(&scenario, FAULTS_MAX, question.faults > 0)?;
        let options = Options { scenario, faults_max: FAULTS_MAX, liars: None };
        Ok(Self { question, terrain, options, next_seed: first_seed, seen: Seen::default() })
    }

    /// What is asked.
    pub fn question(&self) -> Question {
        self.question
    }

    /// What has been seen so far.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Tries one more seed.
    ///
    /// # Errors
    ///
    /// None that [`Threshold::new`] did not find.
    pub fn advance(&mut self) -> Result<(), ScenarioError> {
        let seed = self.next_seed;
        self.next_seed = self.next_seed.wrapping_add(1);
        let hunted = pursue::<Pbft>(&self.options, seed, &self.schedule(seed))?;
        self.seen.seeds += 1;
        self.seen.events += u64::from(hunted.events);
        let Some(failure) = hunted.failure else { return Ok(()) };
        let seen = &mut self.seen;
        if failure.kind == "liveness" {
            seen.stalls += 1;
            seen.stall.get_or_insert_with(|| Shown::of(&failure));
        } else if let Some(shown) = disagreement(&failure)? {
            seen.disagreements += 1;
            seen.disagreement.get_or_insert(shown);
        } else {
            seen.others += 1;
        }
        Ok(())
    }

    fn schedule(&self, seed: u64) -> Schedule {
        let Question { replicas, faults, quorum } = self.question;
        let (replicas, clients) = (replicas as u16, CLIENTS as u16);
        let mut schedule = schedule::draw(seed, self.terrain);
        let cast = Cast::of_equals(replicas, clients, liars::kinds_of::<Pbft>(), faults);
        if faults > 0 && seed % 2 == 1 {
            liars::plot(&mut schedule, seed, &cast);
        } else if faults > 0 {
            liars::add(&mut schedule, seed, &cast);
        }
        schedule.leave_out_within(&cast.powers, u64::from(u32::from(replicas).saturating_sub(quorum)));
        schedule
    }
}

/// The disagreement that a failure is, or that follows from it when the run goes on.
fn disagreement(failure: &Failure) -> Result<Option<Shown>, ScenarioError> {
    const AGREEMENT: &str = "agreement";
    if failure.name == AGREEMENT {
        return Ok(Some(Shown::of(failure)));
    }
    let mut run: Run<Pbft> = Run::new(failure.scenario.simulation()?);
    run.run_until(u64::MAX, failure.events);
    let until = run.simulation().world().now() + 5 * SECOND;
    run.run_until(until, LONGER_EVENTS);
    let Some(finding) = run.findings().into_iter().find(|finding| finding.invariant.name == AGREEMENT) else {
        return Ok(None);
    };
    let events = run.simulation().cursor();
    let trace_hash = run.hash_after(events);
    Ok(Some(Shown { event: finding.event, sentence: finding.sentence, events, trace_hash, ..Shown::of(failure) }))
}

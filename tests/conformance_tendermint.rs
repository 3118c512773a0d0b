//! Algorithm 1 against traces of somebody else's specification of it.
//!
//! They are read from the folder that `CONFORMANCE_DATA` names; the README says where they are published. The
//! specification is Malachite's, in Quint, and splits a step finer than algorithm 1 does: what a message makes possible
//! may happen some "step changes" later. So each validator's inputs are given to our [`Consensus`], and its height,
//! round, step, locked and valid value and round are compared wherever the specification's validator has nothing
//! pending; what it has voted, proposed and decided, and the rounds for which it has waited for precommits or a
//! proposal, are compared as a whole at the end of its height. (Which of "wait for more prevotes" and "precommit" comes
//! first when one vote makes both possible is left open by the paper: timeouts for prevotes are not compared.)

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use consensus_playground::process::{Mutations, NodeId, Signed};
use consensus_playground::tendermint::{
    Act, BlockId, Config, Consensus, Mutation, Polka, Proposal, Step, Tally, Validators, Vote, VoteKind, VoteLog,
};
use serde_json::{Value, json};

mod itf;
mod single;
mod votes;

use self::itf::*;
use self::single::replay_single;
use self::votes::replay_votes;

/// What a validator has done, in the words of both sides.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Done {
    Voted(Vote),
    Proposed(u64, u64, BlockId, Option<u64>),
    Decided(u64, BlockId),
    Waits(u64, u64, Step),
}

/// One validator's core beside the specification's.
struct Validator {
    core: Consensus,
    config: Config,
    name: Value,
    ours: BTreeSet<Done>,
    theirs: BTreeSet<Done>,
    /// Heights and rounds in which a vote let it answer a proposal that it had: the last prevote of an old polka (line
    /// 28), or one by which it skipped to the proposal's round (lines 55 and 22). The specification has nothing pending
    /// then, and answers later, or times out.
    answered_at_once: BTreeSet<(u64, u64)>,
    /// It is to propose, and has not been told what.
    owes: Option<u64>,
    /// How often both were compared where they stand.
    compared: u32,
}

/// How much of a trace was replayed: steps, and comparisons of states.
#[derive(Clone, Copy, Default)]
struct Replayed {
    steps: u32,
    compared: u32,
}

impl std::iter::Sum for Replayed {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, each| Self {
            steps: sum.steps + each.steps,
            compared: sum.compared + each.compared,
        })
    }
}

type Checked<T> = Result<T, String>;

impl Validator {
    fn new(name: &Value, config: &Config, height: u64) -> Self {
        let me = node(name, config.validators.count(), height);
        Self::seated(name, me, config, height)
    }

    fn seated(name: &Value, me: NodeId, config: &Config, height: u64) -> Self {
        let core = Consensus::new(me, config.clone(), height);
        Self {
            core,
            config: config.clone(),
            name: name.clone(),
            ours: BTreeSet::new(),
            theirs: BTreeSet::new(),
            answered_at_once: BTreeSet::new(),
            owes: None,
            compared: 0,
        }
    }

    fn take(&mut self, acts: Vec<Act>) {
        let height = self.core.height();
        for act in acts {
            match act {
                Act::Vote(vote) => drop(self.ours.insert(Done::Voted(vote))),
                Act::Propose(round, Some(valid)) => {
                    self.ours.insert(Done::Proposed(height, round, valid.id, Some(valid.round)));
                }
                Act::Propose(round, None) => self.owes = Some(round),
                Act::Decided(polka) => drop(self.ours.insert(Done::Decided(height, polka.id))),
                Act::Timeout(Step::Prevote, _) => {}
                Act::Timeout(step, round) => drop(self.ours.insert(Done::Waits(height, round, step))),
                Act::Rule(_) | Act::Started(_) | Act::Locked(_) | Act::Valid(_) | Act::Equivocation(_) => {}
            }
        }
    }

    fn with(&mut self, what: impl FnOnce(&mut Consensus, &mut Vec<Act>)) {
        let mut acts = Vec::new();
        what(&mut self.core, &mut acts);
        self.take(acts);
    }

    fn input(&mut self, input: &Value, before: &Value, count: u16) -> Checked<()> {
        let (tag, body) = match input {
            Value::String(tag) => (tag.as_str(), &Value::Null),
            Value::Object(fields) => fields.iter().next().map(|(tag, body)| (tag.as_str(), body)).unwrap(),
            other => return Err(format!("the input {other}")),
        };
        match tag {
            // What they have pending we have done.
            "NoDInput" | "StepChangeDInput" | "PendingDInput" => {}
            "StartDInput" => self.with(Consensus::start),
            "ProposeValueDInput" => {
                if let (Some(round), Some(id)) = (self.owes.take(), value(body)) {
                    self.ours.insert(Done::Proposed(self.core.height(), round, id, None));
                }
            }
            "ProposalDInput" => {
                let proposal = proposal(body, count);
                // In the specification a value is invalid if it is called so.
                let is_valid = body["proposal"] != "invalid";
                self.with(|core, acts| core.on_proposal(&proposal, is_valid, acts));
            }
            "VoteDInput" => {
                let vote = vote(body, count);
                let waited = self.core.step() <= Step::Propose || vote.body().round > self.core.round();
                let is_other_round = vote.body().round != self.core.round() || self.core.step() == Step::Waiting;
                self.with(|core, acts| core.on_vote(&vote, acts));
                if waited && is_other_round && self.core.step() > Step::Propose {
                    self.answered_at_once.insert((self.core.height(), self.core.round()));
                }
            }
            "CertificateDInput" => {
                for each in body.as_array().unwrap() {
                    let vote = vote(each, count);
                    self.with(|core, acts| core.on_vote(&vote, acts));
                }
            }
            "TimeoutDInput" => {
                let step = timeout_step(body);
                let at = round(&before["round"]).unwrap_or(0);
                self.with(|core, acts| core.on_timeout(step, at, acts));
            }
            other => return Err(format!("the input {other}")),
        }
        Ok(())
    }

    /// The height that the specification's validator is at.
    fn reach(&mut self, height: u64, count: u16) {
        if height > self.core.height() {
            self.core = Consensus::new(node(&self.name, count, height), self.config.clone(), height);
        }
    }

    /// Some tests of the specification put votes and proposals before a validator by hand: what is in its log is given
    /// to ours too.
    fn catch_up(&mut self, es: &Value, count: u16) {
        if round(&es["bk"]["height"]).map(|height| height + 1) != Some(self.core.height()) {
            return;
        }
        let before = self.ours.clone();
        for proposed in es["proposals"].as_array().unwrap() {
            let proposal = proposal(proposed, count);
            self.with(|core, acts| core.on_proposal(&proposal, proposed["proposal"] != "invalid", acts));
        }
        for pair in es["bk"]["rounds"].as_array().unwrap() {
            for received in
                ["prevotes", "precommits"].iter().flat_map(|kind| pair[1][kind]["receivedVotes"].as_array().unwrap())
            {
                let vote = vote(received, count);
                let is_known = self
                    .core
                    .votes()
                    .tally(vote.body().kind, vote.body().round)
                    .is_some_and(|tally| tally.votes().contains(&vote));
                if !is_known {
                    self.with(|core, acts| core.on_vote(&vote, acts));
                }
            }
        }
        // They come all at once there, and one by one here: nobody waits in the rounds on the way.
        let (round, is_decided) = (self.core.round(), self.core.decided().is_some());
        self.ours.retain(|done| {
            before.contains(done) || !matches!(done, Done::Waits(_, at, _) if is_decided || *at < round)
        });
    }

    fn output(&mut self, output: &Value, after: &Value, count: u16) {
        let Value::Object(fields) = output else { return };
        let (tag, body) = fields.iter().next().unwrap();
        let height = round(&after["height"]).unwrap() + 1;
        let done = match tag.as_str() {
            "VoteOutput" => Done::Voted(*vote(body, count).body()),
            "ProposalOutput" => {
                let Proposal { height, round, id, valid_round } = *proposal(body, count).body();
                Done::Proposed(height, round, id, valid_round)
            }
            "DecidedOutput" => Done::Decided(height, value(&body[1]).unwrap()),
            "TimeoutOutput" if timeout_step(&body[1]) == Step::Prevote => return,
            "TimeoutOutput" => Done::Waits(height, round(&body[0]).unwrap(), timeout_step(&body[1])),
            // The proposer waits for its own application; algorithm 1 has no such timeout.
            _ => return,
        };
        self.theirs.insert(done);
    }

    /// Compares where both stand.
    fn compare(&mut self, theirs: &Value) -> Checked<()> {
        let step = theirs["step"].as_str().unwrap();
        let height = round(&theirs["height"]).unwrap() + 1;
        if height != self.core.height() || matches!(step, "NoStep" | "UnstartedStep") {
            return Ok(());
        }
        if step == "CommitStep" {
            self.compared += 1;
            return if self.core.decided().is_some() { Ok(()) } else { Err("decided there, not here".to_owned()) };
        }
        let polka = |name: &str| {
            let (id, round) = (value(&theirs[format!("{name}Value")]), round(&theirs[format!("{name}Round")]));
            id.zip(round).map(|(id, round)| Polka { round, id })
        };
        let theirs = (round(&theirs["round"]).unwrap(), step.trim_end_matches("Step"), polka("locked"), polka("valid"));
        if theirs.1 == "Propose" && self.answered_at_once.contains(&(self.core.height(), theirs.0)) {
            return Ok(());
        }
        self.compared += 1;
        let step = format!("{:?}", self.core.step());
        let ours = (self.core.round(), step.as_str(), self.core.locked(), self.core.valid());
        if self.core.decided().is_none() && ours == theirs {
            Ok(())
        } else {
            Err(format!("ours {ours:?}, theirs {theirs:?}"))
        }
    }
}

fn timeout_step(value: &Value) -> Step {
    match value.as_str().unwrap() {
        "ProposeTimeout" => Step::Propose,
        "PrevoteTimeout" => Step::Prevote,
        "PrecommitTimeout" => Step::Precommit,
        other => panic!("the timeout {other}"),
    }
}

/// Nothing that its log makes possible is yet to be done.
fn is_quiet(es: &Value) -> bool {
    es["pendingInputs"] == json!([]) && matches!(es["pendingStepChange"].as_str(), Some("NoStep" | "CommitStep"))
}

/// A whole system: every module instance in the trace has its own.
fn replay_system(states: &[Value], instance: &str, mutations: Mutations<Mutation>) -> Checked<Replayed> {
    let (system, history) = (format!("{instance}system"), format!("{instance}_hist"));
    let mut validators: BTreeMap<String, Validator> = BTreeMap::new();
    let mut steps = 0;
    for (place, pair) in states.windows(2).enumerate() {
        let (before, after) = (&pair[0], &pair[1]);
        if after[&history] == before[&history] {
            continue;
        }
        let step = &after[&history];
        let (name, input, output) = match step {
            Value::Array(parts) => (&parts[0], &parts[1], &parts[2]),
            parts => (&parts["validator"], &parts["input"], &parts["output"]),
        };
        let name = name.as_str().unwrap();
        let Some(theirs) = entry(&after[&system], name) else { continue };
        let cs_before = &entry(&before[&system], name).unwrap()["es"]["cs"];
        let (es, cs) = (&theirs["es"], &theirs["es"]["cs"]);
        let powers = es["valset"].as_array().unwrap();
        let count = powers.len() as u16;
        let config = Config { mutations, ..Config::of(Validators::equal(count)) };
        let height = round(&cs["height"]).unwrap() + 1;
        let validator =
            validators.entry(name.to_owned()).or_insert_with(|| Validator::new(&json!(name), &config, height));
        let here = |problem| format!("state {}, {name}, {input}: {problem}", place + 1);
        // A new height there begins with the input Start.
        let start_of_height = if input == "StartDInput" { cs } else { cs_before };
        validator.reach(height, count);
        validator.input(input, start_of_height, count).map_err(here)?;
        validator.catch_up(es, count);
        validator.output(output, cs, count);
        if is_quiet(es) {
            validator.compare(cs).map_err(here)?;
        }
        steps += 1;
    }
    // At the end: what they have done we have; what we have done besides is what they have pending.
    for (name, validator) in &validators {
        let last = entry(&states[states.len() - 1][&system], name).unwrap();
        // Once a height is decided, who waited for what in it is over; they go on to wait for precommits, and algorithm
        // 1 does not.
        let decided =
            |height: u64| validator.ours.iter().any(|done| matches!(done, Done::Decided(at, _) if *at == height));
        let is_idle = |done: &&Done| match done {
            Done::Waits(height, ..) => decided(*height),
            Done::Voted(vote) => {
                vote.kind == VoteKind::Prevote && validator.answered_at_once.contains(&(vote.height, vote.round))
            }
            _ => false,
        };
        let missing: Vec<_> = validator.theirs.difference(&validator.ours).filter(|done| !is_idle(done)).collect();
        let more: Vec<_> = validator.ours.difference(&validator.theirs).filter(|done| !is_idle(done)).collect();
        if !missing.is_empty() || (is_quiet(&last["es"]) && !more.is_empty()) {
            return Err(format!("{name} at the end: missing {missing:?}, more {more:?}"));
        }
    }
    Ok(Replayed { steps, compared: validators.values().map(|validator| validator.compared).sum() })
}

fn traces(folder: &Path) -> Vec<(String, Vec<Value>)> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for each in std::fs::read_dir(folder).unwrap() {
            let path = each.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(".itf.json.gz") {
                files.push(path);
            }
        }
    }
    files.sort();
    let read = |path: PathBuf| {
        let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
        let trace: Value = serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
        let states = trace["states"].as_array().unwrap().iter().map(plain).collect();
        (path.file_name().unwrap().to_string_lossy().into_owned(), states)
    };
    // Files with no states, or with states of no variables, test helpers of the specification.
    files.into_iter().map(read).filter(|(_, states): &(String, Vec<Value>)| states.len() > 1).collect()
}

fn replay(states: &[Value], mutations: Mutations<Mutation>) -> Checked<Replayed> {
    let Value::Object(variables) = &states[0] else { return Err("no variables".to_owned()) };
    if variables.contains_key("bookkeeper") {
        return replay_votes(states, mutations);
    }
    if variables.contains_key("input") {
        return replay_single(states, mutations);
    }
    let instances = variables.keys().filter_map(|name| name.strip_suffix("_hist"));
    instances.map(|instance| replay_system(states, instance, mutations)).sum()
}

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("CONFORMANCE_DATA").map(|folder| Path::new(&folder).join("tendermint-itf"));
    if folder.is_none() {
        println!("skipped: CONFORMANCE_DATA does not name a folder with traces of Tendermint");
    }
    folder
}

#[test]
fn every_trace_of_the_specification_is_replayed() {
    let Some(folder) = folder() else { return };
    let (mut replayed, mut problems) = (Vec::new(), Vec::new());
    let traces = traces(&folder);
    for (name, states) in &traces {
        match replay(states, Mutations::NONE) {
            Ok(done) => replayed.push(done),
            Err(problem) => problems.push(format!("{name}: {problem}")),
        }
    }
    let Replayed { steps, compared } = replayed.into_iter().sum();
    println!("{} traces with states, {steps} steps, {compared} states compared", traces.len());
    assert_eq!(problems, Vec::<String>::new());
    assert!(traces.len() >= 36 && compared >= 1_196, "{} traces, {compared} states compared", traces.len());
}

#[test]
fn a_core_without_one_of_the_rules_fails_on_some_trace() {
    let Some(folder) = folder() else { return };
    let traces = traces(&folder);
    use Mutation as M;
    for mutation in [
        M::LockForgotten,
        M::UnlockedWithoutPolka,
        M::PrecommitTimeoutDropped,
        M::DecidesInCurrentRoundOnly,
        M::DuplicatesCounted,
        M::SkipCountsSenderTwice,
        M::ValidValueIgnored,
        M::QuorumTooSmall,
    ] {
        let failed: Vec<&str> = traces
            .iter()
            .filter(|(_, states)| replay(states, Mutations::NONE.with(mutation)).is_err())
            .map(|(name, _)| name.as_str())
            .collect();
        println!("{mutation:?}: {} traces fail", failed.len());
        assert!(!failed.is_empty(), "{mutation:?} passes every trace");
    }
}

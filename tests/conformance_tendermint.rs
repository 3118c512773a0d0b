//! Algorithm 1 against traces of somebody else's specification of it.
//!
//! They are read from the folder that `CONFORMANCE_DATA` names; the README says where they are published. The
//! specification is Malachite's, in Quint, and splits a step finer than algorithm 1 does: what a message makes possible
//! may happen some "step changes" later. So each validator's inputs are given to our [`Consensus`], and its height,
//! round, step, locked and valid value and round are compared wherever the specification's validator has nothing
//! pending; what it has voted, proposed and decided, and the rounds for which it has waited for precommits or a
//! proposal, are compared as a whole at the end of its height. (Which of "wait for more prevotes" and "precommit" comes
//! first when one vote makes both possible is left open by the paper: timeouts for prevotes are not compared.)

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use consensus_playground::process::{Mutations, NodeId, Signed};
use consensus_playground::tendermint::{
    Act, BlockId, Config, Consensus, Mutation, Polka, Proposal, Step, Tally, Validators, Vote, VoteKind, VoteLog,
};
use serde_json::{Value, json};

mod itf;
mod single;
mod system;
mod validator;
mod votes;

use self::itf::*;
use self::single::replay_single;
use self::system::replay_system;
use self::votes::replay_votes;

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

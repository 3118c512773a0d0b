//! The linearizability checker against porcupine-rs, on histories of a busy store and on published ones. Ours uses one
//! thread, the peer one for each key.
//!
//!     cargo run --release --manifest-path tests/peers/Cargo.toml --bin histories [ROUNDS]
//!
//! `CONFORMANCE_DATA` names the folder with the published histories; without it they are left out. Prints the median
//! time of both for each history, and the ratio. Exit status 1 if the two do not agree on a verdict.

#[path = "../store.rs"]
mod store;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use consensus_playground::check::formats::read_kv;
use consensus_playground::check::history::{Operation, Outcome};
use consensus_playground::check::linearizability::{Options, Partition, Verdict, check};
use consensus_playground::check::model::{Kv, KvCommand, KvResult, Missing};
use store::{Call, Kind};

type History = Vec<Operation<KvCommand, KvResult>>;

/// What the peer needs of an operation.
#[derive(Clone, Debug)]
enum Op {
    Get(Arc<str>, Arc<str>),
    Put(Arc<str>, Arc<str>),
    Append(Arc<str>, Arc<str>),
}

/// A store that is judged key by key.
#[derive(Clone)]
struct ByKey;

/// A store that is judged whole.
#[derive(Clone)]
struct Whole;

impl porcupine_rs::Model for ByKey {
    type State = String;
    type Op = Op;
    type Metadata = ();

    fn partition_operations(history: &[porcupine_rs::Operation<Self>]) -> Vec<Vec<porcupine_rs::Operation<Self>>> {
        let mut by_key: BTreeMap<Arc<str>, Vec<_>> = BTreeMap::new();
        for operation in history {
            let (Op::Get(key, _) | Op::Put(key, _) | Op::Append(key, _)) = &operation.op;
            by_key.entry(key.clone()).or_default().push(operation.clone());
        }
        by_key.into_values().collect()
    }

    fn init() -> String {
        String::new()
    }

    fn step(state: &String, op: &Op) -> (bool, String) {
        match op {
            Op::Get(_, told) => (**told == **state, state.clone()),
            Op::Put(_, value) => (true, value.to_string()),
            Op::Append(_, value) => (true, [state, &**value].concat()),
        }
    }
}

impl porcupine_rs::Model for Whole {
    type State = BTreeMap<Arc<str>, String>;
    type Op = Op;
    type Metadata = ();

    fn init() -> Self::State {
        BTreeMap::new()
    }

    fn step(state: &Self::State, op: &Op) -> (bool, Self::State) {
        let (Op::Get(key, _) | Op::Put(key, _) | Op::Append(key, _)) = op;
        let held = state.get(key).cloned().unwrap_or_default();
        let (possible, next) = ByKey::step_one(&held, op);
        let mut after = state.clone();
        after.insert(key.clone(), next);
        (possible, after)
    }
}

impl ByKey {
    fn step_one(state: &String, op: &Op) -> (bool, String) {
        <ByKey as porcupine_rs::Model>::step(state, op)
    }
}

fn theirs<M: porcupine_rs::Model<Op = Op>>(history: &History) -> bool {
    let operations: Vec<porcupine_rs::Operation<M>> = history
        .iter()
        .map(|operation| {
            let (return_time, told) = match &operation.outcome {
                Outcome::Ok { completed_at, result: KvResult::Value(told) } => (*completed_at as i64, told.clone().unwrap_or_default()),
                Outcome::Ok { completed_at, .. } => (*completed_at as i64, Arc::default()),
                Outcome::Failed { .. } | Outcome::Unknown => unreachable!("these histories have known outcomes only"),
            };
            let op = match &operation.command {
                KvCommand::Get { key } => Op::Get(key.clone(), told),
                KvCommand::Put { key, value } => Op::Put(key.clone(), value.clone()),
                KvCommand::Append { key, value } => Op::Append(key.clone(), value.clone()),
                KvCommand::Delete { .. } | KvCommand::Cas { .. } => unreachable!("these histories have no such operation"),
            };
            let (client_id, call_time) = (Some(operation.client), operation.invoked_at as i64);
            porcupine_rs::Operation { client_id, call_time, return_time, op, metadata: None }
        })
        .collect();
    porcupine_rs::check_operations(&operations)
}

fn ours(history: &History, partition: Partition) -> bool {
    let report = check(&Kv::new(Missing::IsEmpty), history, &Options { partition, ..Options::default() });
    match report.verdict {
        Verdict::Linearizable(_) => true,
        Verdict::NotLinearizable(_) => false,
        Verdict::Undecided(undecided) => panic!("undecided within {}", undecided.bound),
    }
}

fn from_calls(calls: Vec<Call>) -> History {
    let operation = |Call { client, key, kind, span }: Call| {
        let key: Arc<str> = key.into();
        let (command, result) = match kind {
            Kind::Get(told) => (KvCommand::Get { key }, KvResult::Value(Some(told.into()))),
            Kind::Put(value) => (KvCommand::Put { key, value: value.into() }, KvResult::Done),
            Kind::Append(value) => (KvCommand::Append { key, value: value.into() }, KvResult::Done),
        };
        Operation { client, command, invoked_at: span.0, outcome: Outcome::Ok { completed_at: span.1, result } }
    };
    calls.into_iter().map(operation).collect()
}

/// The verdict, and the median time in milliseconds.
fn timed(rounds: usize, judge: impl Fn() -> bool) -> (bool, f64) {
    let mut times = Vec::new();
    let mut verdict = true;
    for _ in 0..rounds {
        let start = Instant::now();
        verdict = judge();
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    (verdict, times[times.len() / 2])
}

fn main() -> ExitCode {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let mut histories: Vec<(String, History, Partition)> = Vec::new();
    for (name, is_bad) in [("sound", false), ("bad", true)] {
        for seed in 1..=3 {
            let history = from_calls(store::history(seed, 50, 1712, 10, is_bad));
            histories.push((format!("50 clients, 1,712 operations, {name}, by key, seed {seed}"), history, Partition::ByKey));
        }
    }
    if let Some(folder) = std::env::var_os("CONFORMANCE_DATA") {
        for name in ["c01-ok", "c01-bad", "c10-ok", "c10-bad"] {
            let path = Path::new(&folder).join("histories/kv").join(name).with_extension("txt");
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let history = read_kv(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display())).operations;
            histories.push((format!("kv/{name} by key"), history.clone(), Partition::ByKey));
            histories.push((format!("kv/{name} whole"), history, Partition::None));
        }
    }
    println!("{:<62}{:>14}{:>12}{:>8}", "milliseconds", "porcupine-rs", "ours", "ratio");
    for (name, history, partition) in histories {
        let (theirs, their_time) = timed(rounds, || match partition {
            Partition::ByKey => theirs::<ByKey>(&history),
            Partition::None => theirs::<Whole>(&history),
        });
        let (ours, our_time) = timed(rounds, || ours(&history, partition));
        println!("{name:<62}{their_time:>14.2}{our_time:>12.2}{:>8.3}", our_time / their_time);
        if theirs != ours {
            eprintln!("{name}: porcupine-rs says {theirs}, ours {ours}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

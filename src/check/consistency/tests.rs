//! Each verdict against a naive definition, on all small histories; that sets are minimal, that proofs hold, and that
//! what implies what.

mod definitions;
mod large;
mod proofs;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::check::history::Outcome;
use crate::check::model::{Kv, KvCommand, KvResult};
use definitions::{causal_orders, holds, is_causal};

type KvOperation = Operation<KvCommand, KvResult>;

/// A command and its answer, if it has one.
type Choice = (KvCommand, Option<KvResult>);

fn put(key: &str, value: &str) -> Choice {
    (KvCommand::Put { key: key.into(), value: value.into() }, Some(KvResult::Done))
}

fn lost_put(key: &str, value: &str) -> Choice {
    (put(key, value).0, None)
}

fn get(key: &str, value: Option<&str>) -> Choice {
    (KvCommand::Get { key: key.into() }, Some(KvResult::Value(value.map(Into::into))))
}

fn cas(key: &str, from: Option<&str>, to: &str, result: Option<KvResult>) -> Choice {
    (KvCommand::Cas { key: key.into(), from: from.map(Into::into), to: to.into() }, result)
}

fn delete(key: &str) -> Choice {
    (KvCommand::Delete { key: key.into() }, Some(KvResult::Done))
}

/// A history of these operations, each by a client. Either each completes before the next is invoked, or each is open as
/// long as its session allows.
fn history(members: &[(u32, Choice)], is_at_once: bool) -> Vec<KvOperation> {
    let operation = |(index, (client, (command, result))): (usize, &(u32, Choice))| {
        let next = members.iter().skip(index + 1).position(|(other, _)| other == client);
        let completed_at = match next {
            Some(further) if is_at_once => 10 * (index + further + 1) as u64 + 9,
            None if is_at_once => 1_000 + index as u64,
            _ => 10 * index as u64 + 15,
        };
        let outcome = match result {
            Some(result) => Outcome::Ok { completed_at, result: result.clone() },
            None => Outcome::Unknown,
        };
        Operation { client: *client, command: command.clone(), invoked_at: 10 * index as u64 + 10, outcome }
    };
    members.iter().enumerate().map(operation).collect()
}

fn judged(history: &[KvOperation]) -> BTreeMap<Promise, Verdict> {
    let rows: BTreeMap<Promise, Verdict> = judge(&Kv::default(), history, &Options::default()).into_iter().collect();
    let alone = sequential(&Kv::default(), history, &Options::default());
    assert_eq!(alone, rows[&Promise::Sequential], "judged alone, it is judged as beside the others");
    rows
}

/// The history without these operations: of what may have changed something it stays known that it was asked for.
fn without(history: &[KvOperation], kept: &BTreeSet<usize>) -> Vec<KvOperation> {
    let mut left = Vec::new();
    for (index, operation) in history.iter().enumerate() {
        let result = if let Outcome::Ok { result, .. } = &operation.outcome { Some(result) } else { None };
        if kept.contains(&index) {
            left.push(operation.clone());
        } else if !Kv::default().only_observes(&operation.command, result) {
            left.push(Operation {
                client: 100 + index as u32,
                invoked_at: 0,
                outcome: Outcome::Unknown,
                ..operation.clone()
            });
        }
    }
    left
}

fn follows_the_lattice(rows: &BTreeMap<Promise, Verdict>) -> bool {
    let holds = |promise: &Promise| matches!(rows[promise], Verdict::Holds { .. });
    let disagrees = matches!(rows[&Promise::Convergence], Verdict::Broken(_));
    let follows = |promise: &Promise| holds(promise) || !promise.stronger().iter().any(holds);
    Promise::ALL.iter().all(follows) && !(disagrees && holds(&Promise::Linearizable))
}

/// The promises that are judged from what was found alone.
const DEFINED: &[Promise] = match Promise::ALL.split_last() {
    Some((Promise::Convergence, defined)) => defined,
    _ => panic!("convergence is the last of them"),
};

/// Whether a history is judged as the definitions have it, with sets that are minimal and proofs that hold. Gives the
/// promises that it breaks.
fn is_judged_right(history: &[KvOperation]) -> BTreeSet<Promise> {
    let rows = judged(history);
    assert!(follows_the_lattice(&rows), "{rows:?}\n{history:#?}");
    for &promise in DEFINED {
        match &rows[&promise] {
            Verdict::Holds { .. } => assert!(holds(promise, history), "{promise:?} holds: {history:#?}"),
            Verdict::Undecided(why) => panic!("{promise:?} {why:?}: {history:#?}"),
            Verdict::Broken(broken) => {
                assert!(!holds(promise, history), "{promise:?} {broken:?}: {history:#?}");
                is_minimal(promise, history, broken);
            }
        }
    }
    rows.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Broken(_))).map(|(promise, _)| *promise).collect()
}

fn is_minimal(promise: Promise, history: &[KvOperation], broken: &Broken) {
    let all: BTreeSet<usize> = broken.operations.iter().copied().collect();
    assert!(broken.is_minimal, "{promise:?} {broken:?}: {history:#?}");
    assert!(!holds(promise, &without(history, &all)), "{promise:?} {broken:?}: {history:#?}");
    for &one in &all {
        let rest = all.iter().copied().filter(|&other| other != one).collect();
        assert!(holds(promise, &without(history, &rest)), "{promise:?} needs no {one}: {broken:?} {history:#?}");
    }
    let Some(proof) = &broken.proof else { panic!("{promise:?} has no proof: {broken:?}") };
    if let Err(problem) = proofs::check(proof, history, promise) {
        panic!("{promise:?}: {problem}: {broken:#?} {history:#?}");
    }
}

/// The ways in which so many operations can be the first, second and third client's.
fn clients(count: usize) -> Vec<Vec<u32>> {
    let mut ways = vec![Vec::new()];
    for _ in 0..count {
        let longer = |way: &Vec<u32>| {
            let next = way.iter().max().map_or(0, |most| most + 1).min(2);
            (0..=next).map(|client| [&way[..], &[client]].concat()).collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).collect();
    }
    ways
}

/// Judges all histories of so many of the choices. Says how many break each promise, and how many there are.
fn all(count: usize, choices: &[Choice]) -> (BTreeMap<Promise, usize>, usize) {
    let (mut broken, mut total) = (BTreeMap::new(), 0);
    let orders = causal_orders(count);
    for way in clients(count) {
        for number in 0..choices.len().pow(count as u32) {
            let chosen = |place: usize| choices[number / choices.len().pow(place as u32) % choices.len()].clone();
            let members: Vec<(u32, Choice)> =
                way.iter().enumerate().map(|(place, client)| (*client, chosen(place))).collect();
            let history = history(&members, number % 2 == 0);
            let breaks = is_judged_right(&history);
            assert_eq!(is_causal(&history, &orders), !breaks.contains(&Promise::Causal), "{history:#?}");
            for promise in breaks {
                *broken.entry(promise).or_insert(0) += 1;
            }
            total += 1;
        }
    }
    (broken, total)
}

#[test]
fn all_histories_of_three_operations_of_every_kind_are_judged_as_defined() {
    let found = || Some(KvResult::Found(Some("2".into())));
    let (broken, total) = all(
        3,
        &[
            put("x", "1"),
            put("x", "2"),
            lost_put("x", "1"),
            get("x", None),
            get("x", Some("1")),
            get("x", Some("2")),
            delete("x"),
            cas("x", Some("1"), "2", Some(KvResult::Swapped)),
            cas("x", Some("1"), "2", None),
            cas("x", Some("1"), "2", Some(KvResult::Mismatch)),
            cas("x", Some("1"), "3", found()),
            cas("x", None, "1", Some(KvResult::Swapped)),
        ],
    );
    assert_eq!(total, 5 * 12_usize.pow(3));
    assert!(broken[&Promise::Causal] < broken[&Promise::Sequential], "{broken:?}");
    assert!(broken[&Promise::Sequential] < broken[&Promise::Linearizable], "{broken:?}");
}

#[test]
fn all_histories_of_four_operations_on_two_keys_are_judged_as_defined() {
    let (broken, total) = all(
        4,
        &[
            put("x", "1"),
            put("x", "2"),
            put("y", "1"),
            lost_put("x", "2"),
            get("x", None),
            get("x", Some("1")),
            get("x", Some("2")),
            get("y", Some("1")),
        ],
    );
    assert_eq!(total, 14 * 8_usize.pow(4));
    for promise in DEFINED.iter().filter(|promise| **promise != Promise::WritesFollowReads) {
        assert!(broken.contains_key(promise), "{promise:?}");
    }
}

#[test]
fn random_histories_of_six_operations_are_judged_as_defined() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(14);
    let mut broken: BTreeMap<Promise, usize> = BTreeMap::new();
    for round in 0..400 {
        let mut members = Vec::new();
        for place in 0..6 {
            let key = ["x", "y"][random.random_range(0..2)];
            // Half of the histories write each value once.
            let value = if round % 2 == 0 { place } else { random.random_range(0..2) }.to_string();
            let known = random.random_range(0..=place).to_string();
            let choice = match random.random_range(0..10) {
                0..4 => put(key, &value),
                4 => lost_put(key, &value),
                5 => get(key, None),
                _ => get(key, Some(&known)),
            };
            members.push((random.random_range(0..3), choice));
        }
        for promise in is_judged_right(&history(&members, round % 4 < 2)) {
            *broken.entry(promise).or_insert(0) += 1;
        }
    }
    assert!(DEFINED.iter().all(|promise| broken.contains_key(promise)), "{broken:?}");
}

/// Whether a history is found to be sequential, by an order that answers so or by a proof that holds.
fn is_sequential(history: &[KvOperation]) -> bool {
    let facts = Facts::of(&Kv::default(), history).expect("each reads or writes the whole");
    match order::decide(&facts, Promise::Sequential, &mut Budget::new(&Options::default())).expect("it is small") {
        order::Decided::Refuted(proof) => {
            let proof = proof.renumbered(&|fact| facts.facts[fact].operation);
            assert_eq!(proofs::check(&proof, history, Promise::Sequential), Ok(()), "{proof:#?} {history:#?}");
            false
        }
        order::Decided::Order(order) => {
            let order: Vec<&KvOperation> = order.iter().map(|&fact| &history[facts.facts[fact].operation]).collect();
            assert!(definitions::is_session_order(&order), "{order:#?}");
            assert_eq!(order.len(), history.len());
            true
        }
    }
}

/// Long enough that what follows does not always decide, and one order or the other must be tried.
#[test]
fn random_histories_of_ten_operations_are_judged_sequential_as_defined() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(41);
    let mut counts = [0; 2];
    for round in 0..4_000 {
        let keys = 1 + round % 2;
        let writes: Vec<(usize, String)> =
            (0..5).map(|value| (random.random_range(0..keys), value.to_string())).collect();
        let mut members = Vec::new();
        for place in 0..10 {
            let (key, value) = &writes[if place < 5 { place } else { random.random_range(0..5) }];
            let (key, client) = (["x", "y"][*key], random.random_range(0..3));
            members.push((client, if place < 5 { put(key, value) } else { get(key, Some(value)) }));
        }
        // The order in which sessions do something is the order of the list.
        for place in (1..10).rev() {
            members.swap(place, random.random_range(0..=place));
        }
        let history = history(&members, true);
        assert_eq!(is_sequential(&history), holds(Promise::Sequential, &history), "{history:#?}");
        counts[usize::from(is_sequential(&history))] += 1;
    }
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
}

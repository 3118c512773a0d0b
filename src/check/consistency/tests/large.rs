//! Histories of many operations, from a store that is read at replicas that lag behind.

use super::*;

/// How replicas answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A session never goes back behind what it has seen or written: sequential.
    Sessions,
    /// A session may find any old state.
    Anything,
}

/// So many operations of some clients on some keys. Writes are carried out in one order; reads find an older state.
fn lagging(kind: Kind, count: usize, clients: u32, keys: usize, seed: u64) -> Vec<KvOperation> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut log: Vec<(usize, usize)> = Vec::new();
    let mut seen = vec![0; clients as usize];
    let mut members = Vec::new();
    for index in 0..count {
        let client = random.random_range(0..clients);
        let key = random.random_range(0..keys);
        let seen = &mut seen[client as usize];
        let name = format!("k{key}");
        if random.random_bool(0.5) {
            log.push((key, index));
            *seen = log.len();
            members.push((client, put(&name, &index.to_string())));
            continue;
        }
        let least = if kind == Kind::Sessions { *seen } else { 0 };
        let state = random.random_range(least.max(log.len().saturating_sub(20)).min(log.len())..=log.len());
        *seen = state.max(*seen);
        let value = log[..state].iter().rev().find(|(other, _)| *other == key).map(|(_, value)| value.to_string());
        members.push((client, get(&name, value.as_deref())));
    }
    history(&members, false)
}

#[test]
fn a_thousand_operations_are_decided() {
    for (keys, clients) in [(1, 5), (3, 5), (10, 20)] {
        let history = lagging(Kind::Sessions, 1_000, clients, keys, 1);
        assert!(is_sequential(&history));
        let rows = judged(&history);
        assert!(matches!(rows[&Promise::Linearizable], Verdict::Broken(_)));
        assert_eq!(rows[&Promise::Sequential], Verdict::Holds { since: None });
        assert_eq!(rows[&Promise::Causal], Verdict::Holds { since: Some(Promise::Sequential) });
        let rows = judged(&lagging(Kind::Anything, 1_000, clients, keys, 2));
        assert!(follows_the_lattice(&rows) && matches!(rows[&Promise::ReadYourWrites], Verdict::Broken(_)));
        for verdict in rows.values() {
            if let Verdict::Broken(broken) = verdict {
                assert!(broken.is_minimal && broken.operations.len() < 8, "{broken:?}");
            }
        }
    }
}

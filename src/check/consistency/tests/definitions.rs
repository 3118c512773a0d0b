//! The promises as they are defined, tried out: every order, every choice. Nothing here knows of the judges.

use super::*;

/// What an operation does, as the naive judge has it.
#[derive(Clone)]
struct Deed<'a> {
    operation: &'a KvOperation,
    result: Option<&'a KvResult>,
}

impl Deed<'_> {
    fn of(operation: &KvOperation) -> Deed<'_> {
        let result = if let Outcome::Ok { result, .. } = &operation.outcome { Some(result) } else { None };
        Deed { operation, result }
    }
}

/// Whether some choice of which operations of unknown outcome took effect passes a test.
fn some_choice(history: &[KvOperation], test: impl Fn(&[Deed<'_>]) -> bool) -> bool {
    let known = |operation: &&KvOperation| matches!(operation.outcome, Outcome::Ok { .. });
    let unknown: Vec<&KvOperation> = history.iter().filter(|operation| !known(operation)).collect();
    (0_u32..1 << unknown.len()).any(|choice| {
        let chosen = unknown.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1).map(|(_, one)| *one);
        let deeds: Vec<Deed<'_>> = history.iter().filter(known).chain(chosen).map(Deed::of).collect();
        test(&deeds)
    })
}

/// Whether a promise is kept.
pub(super) fn holds(promise: Promise, history: &[KvOperation]) -> bool {
    some_choice(history, |deeds| match promise {
        Promise::Linearizable => has_order(deeds, &in_time),
        Promise::Sequential => has_order(deeds, &in_session),
        _ => has_sources(deeds, promise),
    })
}

/// Pairs of numbers, as bits: whether the first comes before the second.
type Relation = Vec<Vec<bool>>;

/// All partial orders of so many things, and of fewer.
pub(super) fn causal_orders(most: usize) -> Vec<Vec<Relation>> {
    (0..=most)
        .map(|count| {
            let pairs: Vec<(usize, usize)> = (0..count)
                .flat_map(|first| (0..count).map(move |second| (first, second)))
                .filter(|(first, second)| first != second)
                .collect();
            (0_u32..1 << pairs.len())
                .map(|chosen| {
                    let mut relation = vec![vec![false; count]; count];
                    for (bit, (first, second)) in pairs.iter().enumerate() {
                        relation[*first][*second] = chosen >> bit & 1 == 1;
                    }
                    relation
                })
                .filter(|relation| {
                    let mut all =
                        (0..count).flat_map(|a| (0..count).flat_map(move |b| (0..count).map(move |c| (a, b, c))));
                    // Transitive; and so without circles, since nothing comes before itself.
                    all.all(|(a, b, c)| !(relation[a][b] && relation[b][c]) || relation[a][c])
                })
                .collect()
        })
        .collect()
}

/// Causal consistency (CC) as definition 3 of "On verifying causal consistency" has it: there is a partial order that
/// contains the sessions, so that what comes before each operation has an order that goes on from it, after which the
/// operation answers as it did. What the others answered does not matter there.
pub(super) fn is_causal(history: &[KvOperation], orders: &[Vec<Relation>]) -> bool {
    some_choice(history, |deeds| {
        let count = deeds.len();
        let all = || (0..count).flat_map(|first| (0..count).map(move |second| (first, second)));
        orders[count].iter().any(|order| {
            all().all(|(first, second)| !in_session(&deeds[first], &deeds[second]) || order[first][second])
                && (0..count).all(|deed| {
                    let past: Vec<usize> = (0..count).filter(|&other| order[other][deed]).collect();
                    !looks(&deeds[deed]) || answers_after(deeds, order, deed, &past, &None)
                })
        })
    })
}

/// Whether an operation can find what is there, or what is there after some order of its past.
fn answers_after(
    deeds: &[Deed<'_>],
    order: &Relation,
    deed: usize,
    waiting: &[usize],
    content: &Option<String>,
) -> bool {
    if waiting.is_empty() {
        return may_find(&deeds[deed], content);
    }
    waiting.iter().any(|&next| {
        let rest: Vec<usize> = waiting.iter().copied().filter(|&other| other != next).collect();
        let is_same = deeds[next].operation.command.key() == deeds[deed].operation.command.key();
        let left = written(&deeds[next]).filter(|_| is_same).unwrap_or_else(|| content.clone());
        !rest.iter().any(|&other| order[other][next]) && answers_after(deeds, order, deed, &rest, &left)
    })
}

fn in_time(first: &Deed<'_>, second: &Deed<'_>) -> bool {
    matches!(first.operation.outcome, Outcome::Ok { completed_at, .. } if completed_at < second.operation.invoked_at)
}

fn in_session(first: &Deed<'_>, second: &Deed<'_>) -> bool {
    first.operation.client == second.operation.client && in_time(first, second)
}

/// Whether some order that keeps `before` answers as a store would.
fn has_order(deeds: &[Deed<'_>], before: &dyn Fn(&Deed<'_>, &Deed<'_>) -> bool) -> bool {
    fn go_on(
        state: &<Kv as Model>::State,
        waiting: &[Deed<'_>],
        before: &dyn Fn(&Deed<'_>, &Deed<'_>) -> bool,
    ) -> bool {
        waiting.is_empty()
            || (0..waiting.len()).any(|index| {
                let mut rest = waiting.to_vec();
                let deed = rest.remove(index);
                let is_next = !rest.iter().any(|other| before(other, &deed));
                let after =
                    if is_next { Kv::default().step(state, &deed.operation.command, deed.result) } else { None };
                after.is_some_and(|after| go_on(&after, &rest, before))
            })
    }
    go_on(&Kv::default().initial(), deeds, before)
}

/// Whether an order of operations of known outcome answers as a store would, and keeps that of each session.
pub(super) fn is_session_order(order: &[&KvOperation]) -> bool {
    let deeds: Vec<Deed<'_>> = order.iter().map(|operation| Deed::of(operation)).collect();
    let keeps_sessions =
        deeds.iter().enumerate().all(|(place, deed)| deeds[..place].iter().all(|earlier| !in_session(deed, earlier)));
    let mut state = Some(Kv::default().initial());
    for deed in &deeds {
        state = state.and_then(|state| Kv::default().step(&state, &deed.operation.command, deed.result));
    }
    keeps_sessions && state.is_some()
}

/// The value that an operation leaves under its key, if it took effect.
fn written(deed: &Deed<'_>) -> Option<Option<String>> {
    match (&deed.operation.command, deed.result) {
        (KvCommand::Put { value, .. }, _) => Some(Some(value.to_string())),
        (KvCommand::Delete { .. }, _) => Some(None),
        (KvCommand::Cas { to, .. }, None | Some(KvResult::Swapped)) => Some(Some(to.to_string())),
        _ => None,
    }
}

/// Whether an operation looks at what is there.
fn looks(deed: &Deed<'_>) -> bool {
    matches!(deed.operation.command, KvCommand::Cas { .. })
        || matches!(deed.operation.command, KvCommand::Get { .. }) && deed.result.is_some()
}

/// Whether an operation can have found this.
fn may_find(deed: &Deed<'_>, content: &Option<String>) -> bool {
    match (&deed.operation.command, deed.result) {
        (KvCommand::Cas { from, .. }, Some(KvResult::Mismatch)) => from.as_deref() != content.as_deref(),
        (KvCommand::Cas { from, .. }, None | Some(KvResult::Swapped)) => from.as_deref() == content.as_deref(),
        (_, Some(KvResult::Found(told) | KvResult::Value(told))) => told.as_deref() == content.as_deref(),
        _ => true,
    }
}

/// Whether some choice of who found what keeps a promise.
fn has_sources(deeds: &[Deed<'_>], promise: Promise) -> bool {
    fn go_on(deeds: &[Deed<'_>], promise: Promise, sources: &mut Vec<Option<usize>>) -> bool {
        let reader = sources.len();
        if reader == deeds.len() {
            return keeps(deeds, sources, promise);
        }
        if !looks(&deeds[reader]) {
            sources.push(None);
            let found = go_on(deeds, promise, sources);
            sources.pop();
            return found;
        }
        let writers = (0..deeds.len()).filter(|&writer| {
            writer != reader
                && deeds[writer].operation.command.key() == deeds[reader].operation.command.key()
                && written(&deeds[writer]).is_some_and(|content| may_find(&deeds[reader], &content))
        });
        let first = may_find(&deeds[reader], &None).then_some(None);
        writers.map(Some).chain(first).any(|source| {
            sources.push(source);
            let found = go_on(deeds, promise, sources);
            sources.pop();
            found
        })
    }
    go_on(deeds, promise, &mut Vec::new())
}

/// Whether it keeps a promise that these operations found what these others wrote.
fn keeps(deeds: &[Deed<'_>], sources: &[Option<usize>], promise: Promise) -> bool {
    let count = deeds.len();
    let all = || 0..count;
    let key = |deed: usize| deeds[deed].operation.command.key();
    let session = |first: usize, second: usize| in_session(&deeds[first], &deeds[second]);
    let found = |reader: usize, writer: usize| sources[reader] == Some(writer);
    // The causal order, by Warshall's algorithm.
    let mut causal = vec![vec![false; count]; count];
    for first in all() {
        for second in all() {
            causal[first][second] = session(first, second) || found(second, first);
        }
    }
    for middle in all() {
        for first in all() {
            for second in all() {
                causal[first][second] |= causal[first][middle] && causal[middle][second];
            }
        }
    }
    if all().any(|deed| causal[deed][deed]) {
        return false;
    }
    let must_see = |reader: usize, write: usize| match promise {
        Promise::Causal => causal[write][reader],
        Promise::ReadYourWrites => session(write, reader),
        Promise::MonotonicReads => all().any(|read| found(read, write) && session(read, reader)),
        Promise::MonotonicWrites => {
            all().any(|known| session(write, known) && all().any(|read| found(read, known) && session(read, reader)))
        }
        Promise::WritesFollowReads => all().any(|known| {
            all().any(|read| found(read, write) && (read == known || session(read, known)))
                && all().any(|read| found(read, known) && session(read, reader))
        }),
        _ => unreachable!("{promise:?} is not defined by who found what"),
    };
    !all().filter(|&reader| looks(&deeds[reader])).any(|reader| {
        all().any(|write| {
            written(&deeds[write]).is_some()
                && key(write) == key(reader)
                && write != reader
                && sources[reader] != Some(write)
                && sources[reader].is_none_or(|source| causal[source][write])
                && must_see(reader, write)
        })
    })
}

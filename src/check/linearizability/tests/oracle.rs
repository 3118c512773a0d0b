//! The checker against an oracle that tries every order of every choice of operations, on small random histories.

use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

/// Whether some order of the operations that completed by `end`, with some of those open there, answers as the model.
pub(super) fn has_linearization<M: Model>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    end: Completion,
) -> bool {
    let completed = |operation: usize| {
        span(&operations[operation]).1.is_some_and(|position| Completion { position, operation } <= end)
    };
    let called: Vec<usize> = (0..operations.len())
        .filter(|&index| operations[index].invoked_at <= end.position)
        .filter(|&index| !matches!(operations[index].outcome, Outcome::Failed { .. }))
        .collect();
    let open: Vec<usize> = called.iter().copied().filter(|&index| !completed(index)).collect();
    (0_u32..1 << open.len()).any(|choice| {
        let mut chosen: Vec<usize> = called.iter().copied().filter(|&index| completed(index)).collect();
        chosen.extend((0..open.len()).filter(|bit| choice >> bit & 1 == 1).map(|bit| open[bit]));
        any_order(&mut chosen, 0, &mut |order| {
            respects_time(operations, order, &completed) && answers(model, operations, order, &completed)
        })
    })
}

/// Whether some permutation of the items from `start` on satisfies the test.
fn any_order(items: &mut Vec<usize>, start: usize, test: &mut dyn FnMut(&[usize]) -> bool) -> bool {
    if start == items.len() {
        return test(items);
    }
    for other in start..items.len() {
        items.swap(start, other);
        let found = any_order(items, start + 1, test);
        items.swap(start, other);
        if found {
            return true;
        }
    }
    false
}

fn respects_time<C, R>(operations: &[Operation<C, R>], order: &[usize], completed: &dyn Fn(usize) -> bool) -> bool {
    order.iter().enumerate().all(|(index, &later)| {
        // Nothing that stands after an operation may have completed before that was invoked.
        order[index + 1..].iter().all(|&after| {
            let ended = span(&operations[after]).1.filter(|_| completed(after));
            ended.is_none_or(|ended| ended >= operations[later].invoked_at)
        })
    })
}

fn answers<M: Model>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    order: &[usize],
    completed: &dyn Fn(usize) -> bool,
) -> bool {
    let mut state = model.initial();
    order.iter().all(|&index| {
        let result = match &operations[index].outcome {
            Outcome::Ok { result, .. } if completed(index) => Some(result),
            _ => None,
        };
        match model.step(&state, &operations[index].command, result) {
            Some(next) => {
                state = next;
                true
            }
            None => false,
        }
    })
}

/// The first completion without a linearization, by trying all.
fn first_bad<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>]) -> Option<Completion> {
    let mut completions: Vec<Completion> = (0..operations.len())
        .filter_map(|operation| Some(Completion { position: span(&operations[operation]).1?, operation }))
        .collect();
    completions.sort();
    completions.into_iter().find(|&end| !has_linearization(model, operations, end))
}

/// Asserts that an order of a history cut at some completion is a linearization of it.
fn assert_sound<M: Model>(
    model: &M,
    operations: &[Operation<M::Command, M::Result>],
    linearization: &Linearization,
    completed: &dyn Fn(usize) -> bool,
) {
    let order: Vec<usize> = linearization.order().collect();
    for index in 0..operations.len() {
        let times = order.iter().filter(|&&other| other == index).count();
        assert!(times == 1 || times == 0 && !completed(index), "operation {index}: {times} times");
    }
    assert!(respects_time(operations, &order, completed));
    assert!(answers(model, operations, &order, completed));
    assert!(linearization.points.is_sorted_by_key(|point| point.position));
    for point in &linearization.points {
        let operation = &operations[point.operation];
        assert!(point.position >= operation.invoked_at);
        if let Some(ended) = span(operation).1.filter(|_| completed(point.operation)) {
            assert!(point.position <= ended);
        }
    }
}

/// Asserts that the checker agrees with the oracle. Says whether the history is linearizable.
fn assert_agrees<M: Model>(model: &M, operations: &[Operation<M::Command, M::Result>], partition: Partition) -> bool {
    let verdict = check(model, operations, &Options { partition, ..Options::default() }).verdict;
    let expected = first_bad(model, operations);
    match verdict {
        Verdict::Linearizable(linearization) => {
            assert_eq!(expected, None);
            let completed = |index: usize| span(&operations[index]).1.is_some();
            assert_sound(model, operations, &linearization, &completed);
        }
        Verdict::NotLinearizable(found) => {
            let expected = expected.unwrap();
            assert!(found.is_first);
            assert_eq!((found.operation, found.completed_at), (expected.operation, expected.position));
            let before = |operation: usize| {
                span(&operations[operation]).1.is_some_and(|position| Completion { position, operation } < expected)
            };
            assert_sound(model, operations, &found.linearization.unwrap(), &before);
            assert!(!found.possible.unwrap().is_empty());
        }
        Verdict::Undecided(_) => panic!("a small history is undecided"),
    }
    expected.is_none()
}

/// A random history of three clients: an object that works, some completions lost, and perhaps one false answer.
fn random_history<M: Model>(
    model: &M,
    random: &mut impl Rng,
    command: impl Fn(&mut Xoshiro256PlusPlus) -> M::Command,
    answers: &[M::Result],
) -> Vec<Operation<M::Command, M::Result>>
where
    M::Result: Clone,
{
    let mut commands = Xoshiro256PlusPlus::seed_from_u64(random.next_u64());
    let mut operations: Vec<Operation<M::Command, M::Result>> = Vec::new();
    // For each client its open operation, and its answer once it took effect.
    let mut open: [Option<(usize, Option<M::Result>)>; 3] = [None, None, None];
    let mut state = model.initial();
    let mut position = 0;
    for _ in 0..random.random_range(4..22_u32) {
        // Events share a position now and then.
        position += u64::from(random.random_range(0..4_u32) > 0);
        let client = random.random_range(0..3_u32);
        match open[client as usize].take() {
            None if operations.len() < 6 => {
                open[client as usize] = Some((operations.len(), None));
                operations.push(unknown(client, command(&mut commands), position));
            }
            None => {}
            Some((index, None)) => {
                let asked = &operations[index].command;
                let answer = answers.iter().find_map(|answer| Some((answer, model.step(&state, asked, Some(answer))?)));
                // A value that is not among the answers stays without one: its outcome is unknown.
                if let Some((answer, next)) = answer {
                    state = next;
                    open[client as usize] = Some((index, Some(answer.clone())));
                }
            }
            Some((index, Some(result))) if random.random_range(0..6_u32) > 0 => {
                operations[index].outcome = Outcome::Ok { completed_at: position, result };
            }
            Some(_) => {}
        }
    }
    let victim = random.random_range(0..8_u32) as usize;
    if let Some(Outcome::Ok { result, .. }) = operations.get_mut(victim).map(|it| &mut it.outcome) {
        *result = answers[random.random_range(0..answers.len() as u32) as usize].clone();
    }
    operations
}

fn register_command(random: &mut Xoshiro256PlusPlus) -> RegisterCommand {
    let value = i64::from(random.random_range(1..3_u32));
    match random.random_range(0..3_u32) {
        0 => Read,
        1 => Write(value),
        _ => Cas { from: Some(3 - value), to: value },
    }
}

fn kv_command(random: &mut Xoshiro256PlusPlus) -> KvCommand {
    let key: Arc<str> = ["a", "b"][random.random_range(0..2_u32) as usize].into();
    let value: Arc<str> = ["1", "2"][random.random_range(0..2_u32) as usize].into();
    match random.random_range(0..6_u32) {
        0 => KvCommand::Put { key, value },
        1 => KvCommand::Append { key, value },
        2 => KvCommand::Delete { key },
        3 => KvCommand::Cas { key, from: None, to: value },
        _ => KvCommand::Get { key },
    }
}

/// Enough of both kinds must be among the histories, or the test says little.
fn assert_mixed(linearizable: u32, total: u32) {
    assert!(linearizable > total / 5 && linearizable < total * 19 / 20, "{linearizable} of {total}");
}

#[test]
fn random_registers_are_judged_as_by_trying_every_order() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let answers = [Value(None), Value(Some(1)), Value(Some(2)), Written, Swapped, Mismatch];
    let total = 4000;
    let mut linearizable = 0;
    for _ in 0..total {
        let history = random_history(&Register::default(), &mut random, register_command, &answers);
        linearizable += u32::from(assert_agrees(&Register::default(), &history, Partition::ByKey));
        assert_agrees(&Colliding::default(), &history, Partition::ByKey);
    }
    assert_mixed(linearizable, total);
}

#[test]
fn random_stores_are_judged_as_by_trying_every_order_by_key_and_whole() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut answers = vec![KvResult::Done, KvResult::Swapped, KvResult::Mismatch];
    answers.push(KvResult::Value(None));
    answers.extend(["1", "2", "11", "12", "21", "22"].map(value));
    let total = 4000;
    let mut linearizable = 0;
    for _ in 0..total {
        let history = random_history(&Kv::default(), &mut random, kv_command, &answers);
        linearizable += u32::from(assert_agrees(&Kv::default(), &history, Partition::ByKey));
        assert_agrees(&Kv::default(), &history, Partition::None);
    }
    assert_mixed(linearizable, total);
}

#[test]
fn what_a_read_could_have_returned_is_exactly_what_is_listed() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let answers = [Value(None), Value(Some(1)), Value(Some(2)), Written, Swapped, Mismatch];
    let mut compared = 0;
    for _ in 0..4000 {
        let mut history = random_history(&Register::default(), &mut random, register_command, &answers);
        let Verdict::NotLinearizable(found) = judge(&history) else {
            continue;
        };
        if history[found.operation].command != Read {
            continue;
        }
        let end = Completion { position: found.completed_at, operation: found.operation };
        let mut expected = Vec::new();
        for content in [Some(1), Some(2), None] {
            let result = Value(content);
            history[found.operation].outcome = Outcome::Ok { completed_at: found.completed_at, result };
            if has_linearization(&Register::default(), &history, end) {
                expected.push(content.map_or("nil".to_string(), |value| value.to_string()));
            }
        }
        assert_eq!(found.possible.unwrap(), expected);
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

//! Both judges against the definition, on all small histories: three operations of every kind in every order, on two
//! keys, with every answer and none.

use super::oracle::has_linearization;
use super::*;
use crate::check::model::{
    FifoQueue, GrowOnlySet, Independent, Keyed, Mutex, MutexCommand, MutexResult, QueueCommand, QueueResult, Readable,
    Scalar, SetCommand, SetResult,
};
use zones::Opinion;

/// The ways in which three operations can lie in time, invoked in their order: where each is invoked and completes.
fn orders() -> Vec<[(u64, u64); 3]> {
    let mut orders = Vec::new();
    for first in 1..6 {
        for second in 1..6 {
            for third in 1..6 {
                let free: Vec<u64> = (1..6).filter(|position| ![first, second, third].contains(position)).collect();
                if let [second_call, third_call] = free[..]
                    && second > second_call
                    && third > third_call
                {
                    orders.push([(0, first), (second_call, second), (third_call, third)]);
                }
            }
        }
    }
    orders
}

/// What an operation may be: a command, and its answer, if it has one.
type Choice<M> = (<M as Model>::Command, Option<<M as Model>::Result>);

/// Calls `each` with every history of three of the choices, the first of them from `first`.
fn all<M: Model>(first: &[Choice<M>], choices: &[Choice<M>], mut each: impl FnMut(&[Operation<M::Command, M::Result>]))
where
    M::Command: Clone,
    M::Result: Clone,
{
    let operation = |client: u32, (command, result): &Choice<M>, span| match result {
        Some(result) => done(client, command.clone(), span, result.clone()),
        None => unknown(client, command.clone(), span.0),
    };
    for order in orders() {
        for one in first {
            // One of unknown outcome completes nowhere: its place in the order counts once.
            for two in choices {
                for three in choices {
                    let choices = [one, two, three];
                    let is_counted =
                        (0..3).all(|index| choices[index].1.is_some() || order[index].1 >= 3 + index as u64);
                    if is_counted {
                        each(&[0, 1, 2].map(|index| operation(index as u32, choices[index], order[index])));
                    }
                }
            }
        }
    }
}

fn is_linearizable_by_definition<M: Model>(model: &M, history: &[Operation<M::Command, M::Result>]) -> bool {
    has_linearization(model, history, Completion { position: u64::MAX, operation: usize::MAX })
}

fn is_found_linearizable<M: Model>(
    model: &M,
    history: &[Operation<M::Command, M::Result>],
    partition: Partition,
) -> bool {
    match check(model, history, &Options { partition, ..Options::default() }).verdict {
        Verdict::Linearizable(_) => true,
        Verdict::NotLinearizable(found) => {
            assert!(found.is_first);
            false
        }
        Verdict::Undecided(_) => panic!("a small history is undecided"),
    }
}

/// Whether each history is judged as the definition has it. Says how many there are, and how many of them are
/// linearizable.
fn search_is_right<M: Model>(
    model: &M,
    first: &[Choice<M>],
    choices: &[Choice<M>],
    partitions: &[Partition],
) -> (u32, u32)
where
    M::Command: Clone + std::fmt::Debug,
    M::Result: Clone + std::fmt::Debug,
{
    let (mut total, mut linearizable) = (0, 0);
    all::<M>(first, choices, |history| {
        let expected = is_linearizable_by_definition(model, history);
        for &partition in partitions {
            assert_eq!(is_found_linearizable(model, history, partition), expected, "{partition:?}: {history:?}");
        }
        total += 1;
        linearizable += u32::from(expected);
    });
    (total, linearizable)
}

/// The same of the judge of zones, as far as it judges. Says how many it judges, and how many of them are linearizable.
fn zones_are_right<M: Readable>(model: &M, first: &[Choice<M>], choices: &[Choice<M>]) -> (u32, u32)
where
    M::Command: Clone + std::fmt::Debug,
    M::Result: Clone + std::fmt::Debug,
{
    let (mut judged, mut linearizable) = (0, 0);
    all::<M>(first, choices, |history| {
        let opinions = zones::judge(model, history);
        if let Some(is_linearizable) = opinions.is_linearizable() {
            assert_eq!(is_linearizable, is_linearizable_by_definition(model, history), "{opinions:?}: {history:?}");
            judged += 1;
            linearizable += u32::from(is_linearizable);
        }
    });
    (judged, linearizable)
}

fn kv_choices(keys: &[&str], with_appends: bool) -> Vec<Choice<Kv>> {
    let mut choices = Vec::new();
    for &key in keys {
        let told = |value: Option<&str>| value.map(Arc::from);
        for value in [None, Some("1"), Some("2")] {
            choices.push((get(key), Some(KvResult::Value(told(value)))));
        }
        for command in [put(key, "1"), put(key, "2"), KvCommand::Delete { key: key.into() }] {
            choices.push((command.clone(), Some(KvResult::Done)));
            choices.push((command, None));
        }
        for (from, to, others) in [(None, "1", [Some("1"), Some("2")]), (Some("1"), "2", [None, Some("2")])] {
            let cas = KvCommand::Cas { key: key.into(), from: told(from), to: to.into() };
            choices.extend(others.map(|found| (cas.clone(), Some(KvResult::Found(told(found))))));
            choices.push((cas.clone(), Some(KvResult::Swapped)));
            choices.push((cas, None));
        }
        if with_appends {
            choices.push((append(key, "1"), Some(KvResult::Done)));
            choices.push((append(key, "1"), None));
        }
    }
    choices.push((get(keys[0]), None));
    choices
}

#[test]
fn all_small_stores_of_two_keys_are_searched_by_key_and_whole_as_defined() {
    // Whose key the first operation has makes no difference.
    let first = kv_choices(&["a"], true);
    let (total, linearizable) =
        search_is_right(&Kv::default(), &first, &kv_choices(&["a", "b"], true), &[Partition::ByKey, Partition::None]);
    assert!(total > 200_000 && linearizable > total / 5 && linearizable < total * 4 / 5, "{linearizable} of {total}");
}

#[test]
fn all_small_stores_of_two_keys_are_judged_by_zones_as_defined() {
    let first = kv_choices(&["a"], false);
    let (judged, linearizable) = zones_are_right(&Kv::default(), &first, &kv_choices(&["a", "b"], false));
    assert!(
        judged > 150_000 && linearizable > judged / 10 && linearizable < judged * 9 / 10,
        "{linearizable} of {judged}"
    );
}

#[test]
fn all_small_registers_are_judged_by_both_as_defined() {
    let mut choices: Vec<Choice<Register>> = vec![(Read, None)];
    choices.extend([None, Some(1), Some(2), Some(3)].map(|value| (Read, Some(Value(value)))));
    for write in [Write(1), Write(2)] {
        choices.extend([(write, Some(Written)), (write, None)]);
    }
    for (from, to) in [(None, 1), (Some(1), 2), (Some(2), 3), (Some(3), 3)] {
        let cas = Cas { from, to };
        choices.extend([Some(Swapped), Some(Mismatch), None].map(|result| (cas, result)));
        choices.extend(
            [None, Some(1), Some(2)]
                .into_iter()
                .filter(|&found| found != from)
                .map(|found| (cas, Some(RegisterResult::Found(found)))),
        );
    }
    for initial in [None, Some(2)] {
        let register = Register::new(initial);
        let (total, linearizable) = search_is_right(&register, &choices, &choices, &[Partition::ByKey]);
        assert!(total > 100_000 && linearizable > total / 20, "{linearizable} of {total}");
        let (judged, linearizable) = zones_are_right(&register, &choices, &choices);
        assert!(judged > 50_000 && linearizable > judged / 20, "{linearizable} of {judged}");
    }
}

#[test]
fn all_small_mutexes_sets_and_queues_of_two_keys_are_searched_as_defined() {
    fn on_keys<C: Clone, R: Clone>(choices: &[(C, Option<R>)]) -> Vec<(Keyed<C>, Option<R>)> {
        let on = |key: &str| {
            let key: Arc<str> = key.into();
            choices.iter().map(move |(command, result)| {
                (Keyed { key: Some(key.clone()), command: command.clone() }, result.clone())
            })
        };
        on("a").chain(on("b")).collect()
    }
    let both = [Partition::ByKey, Partition::None];
    let mutex = on_keys(
        &[MutexCommand::Acquire, MutexCommand::Release]
            .map(|command| [(command, Some(MutexResult::Done)), (command, None)])
            .concat(),
    );
    let (total, linearizable) = search_is_right(&Independent::new(Mutex), &mutex, &mutex, &both);
    assert!(linearizable > total / 20 && linearizable < total * 19 / 20, "{linearizable} of {total}");

    let values = [Scalar::from(1), Scalar::from("1")];
    let mut set = vec![(SetCommand::Read, None)];
    let mut queue = vec![(QueueCommand::Dequeue, None), (QueueCommand::Dequeue, Some(QueueResult::Dequeued(None)))];
    for value in &values {
        set.extend([Some(SetResult::Added), None].map(|result| (SetCommand::Add(value.clone()), result)));
        queue.extend([Some(QueueResult::Enqueued), None].map(|result| (QueueCommand::Enqueue(value.clone()), result)));
        queue.push((QueueCommand::Dequeue, Some(QueueResult::Dequeued(Some(value.clone())))));
    }
    for content in [&values[..0], &values[..1], &values[1..], &values[..]] {
        set.push((SetCommand::Read, Some(SetResult::Content(content.iter().cloned().collect()))));
    }
    let set = on_keys(&set);
    let (total, linearizable) = search_is_right(&Independent::new(GrowOnlySet), &set[..set.len() / 2], &set, &both);
    assert!(linearizable > total / 20 && linearizable < total * 19 / 20, "{linearizable} of {total}");
    let queue = on_keys(&queue);
    let (total, linearizable) = search_is_right(&Independent::new(FifoQueue), &queue[..queue.len() / 2], &queue, &both);
    assert!(linearizable > total / 20 && linearizable < total * 19 / 20, "{linearizable} of {total}");
}

#[test]
fn a_chain_of_compare_and_sets_stands_side_by_side() {
    let cas = |from, to, span| done(1, Cas { from: Some(from), to }, span, Swapped);
    let write = |value, span| done(2, Write(value), span, Written);
    let read = |value, span| done(3, Read, span, Value(Some(value)));
    let opinion = |history: &[RegisterOperation]| zones::judge(&Register::default(), history).keys[0].1;
    // 1, 2 and 3 are made of each other; 9 was written and read between.
    let chain = [write(1, (0, 1)), cas(1, 2, (2, 3)), cas(2, 3, (8, 9))];
    assert_eq!(opinion(&chain), Opinion::Linearizable);
    let between = [&chain[..], &[write(9, (4, 5)), read(9, (6, 7))]].concat();
    assert!(matches!(opinion(&between), Opinion::NotLinearizable(_)));
    let after = [&chain[..], &[write(9, (4, 11)), read(9, (6, 12))]].concat();
    assert_eq!(opinion(&after), Opinion::Linearizable);
    let twice = [&chain[..], &[cas(2, 4, (8, 9))]].concat();
    assert_eq!(opinion(&twice), Opinion::NotLinearizable("a value was replaced twice that was written once"));
    let circle = [cas(5, 6, (0, 9)), cas(6, 5, (0, 9))];
    assert_eq!(opinion(&circle), Opinion::NotLinearizable("values were each made of another, in a circle"));
}

//! What the checker must get right, after the mistakes that other checkers made, and against an oracle.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::timeline::Completion;
use super::*;
use crate::check::model::{Kv, KvCommand, KvResult, RegisterState, Told};

mod bounds;
mod exhaustive;
mod oracle;

use crate::check::model::RegisterCommand::{Cas, Read, Write};
use crate::check::model::RegisterResult::{Mismatch, Swapped, Value, Written};

type Register = crate::check::model::Register<i64>;
type RegisterCommand = crate::check::model::RegisterCommand<i64>;
type RegisterResult = crate::check::model::RegisterResult<i64>;

type RegisterOperation = Operation<RegisterCommand, RegisterResult>;
type KvOperation = Operation<KvCommand, KvResult>;

/// An operation from one position to another.
fn done<C, R>(client: u32, command: C, span: (u64, u64), result: R) -> Operation<C, R> {
    let outcome = Outcome::Ok { completed_at: span.1, result };
    Operation { client, command, invoked_at: span.0, outcome }
}

fn unknown<C, R>(client: u32, command: C, invoked_at: u64) -> Operation<C, R> {
    Operation { client, command, invoked_at, outcome: Outcome::Unknown }
}

fn judge(operations: &[RegisterOperation]) -> Verdict {
    check(&Register::default(), operations, &Options::default()).verdict
}

fn is_linearizable(operations: &[RegisterOperation]) -> bool {
    matches!(judge(operations), Verdict::Linearizable(_))
}

fn violation(verdict: Verdict) -> Violation {
    match verdict {
        Verdict::NotLinearizable(violation) => *violation,
        verdict => panic!("not a violation: {verdict:?}"),
    }
}

fn put(key: &str, value: &str) -> KvCommand {
    KvCommand::Put { key: key.into(), value: value.into() }
}

fn append(key: &str, value: &str) -> KvCommand {
    KvCommand::Append { key: key.into(), value: value.into() }
}

fn get(key: &str) -> KvCommand {
    KvCommand::Get { key: key.into() }
}

fn value(text: &str) -> KvResult {
    KvResult::Value(Some(text.into()))
}

#[test]
fn an_empty_history_is_linearizable() {
    assert!(is_linearizable(&[]));
}

#[test]
fn a_read_concurrent_with_a_write_may_see_either_value() {
    for seen in [None, Some(1)] {
        let read = done(2, Read, (1, 2), Value(seen));
        assert!(is_linearizable(&[done(1, Write(1), (0, 3), Written), read]));
    }
    assert!(!is_linearizable(&[done(1, Write(1), (0, 3), Written), done(2, Read, (1, 2), Value(Some(2))),]));
}

#[test]
fn two_reads_must_not_see_a_write_come_and_go() {
    let write = done(1, Write(1), (0, 9), Written);
    let new = done(2, Read, (1, 2), Value(Some(1)));
    let old = done(2, Read, (3, 4), Value(None));
    let found = violation(judge(&[write, new, old]));
    assert_eq!((found.operation, found.last_good), (2, Some(1)));
    assert_eq!(found.possible, Some(vec!["1".to_string()]));
}

#[test]
fn a_write_of_the_value_that_is_there_may_still_be_needed_later() {
    // At first glance client 1's write changes nothing after client 3's; but the cas and the read need it last.
    let history = [
        done(1, Write(2), (1, 8), Written),
        done(2, Cas { from: Some(2), to: 1 }, (2, 6), Swapped),
        done(3, Write(2), (4, 7), Written),
        done(3, Read, (9, 10), Value(Some(2))),
    ];
    assert!(is_linearizable(&history));
}

#[test]
fn a_failed_operation_has_no_effect_and_says_nothing() {
    let mut write = done(1, Write(1), (0, 1), Written);
    write.outcome = Outcome::Failed { completed_at: 1 };
    let report = check(&Register::default(), &[write.clone(), done(2, Read, (2, 3), Value(None))], &Options::default());
    assert!(matches!(report.verdict, Verdict::Linearizable(_)));
    assert_eq!(report.operations, 1);
    assert!(!is_linearizable(&[write, done(2, Read, (2, 3), Value(Some(1)))]));
}

#[test]
fn l1_a_write_of_unknown_outcome_may_have_happened_or_not() {
    let write = || unknown(1, Write(1), 0);
    assert!(is_linearizable(&[write(), done(2, Read, (1, 2), Value(Some(1)))]));
    assert!(is_linearizable(&[write(), done(2, Read, (1, 2), Value(None))]));
    assert!(!is_linearizable(&[write(), done(2, Read, (1, 2), Value(Some(2)))]));
}

#[test]
fn l1_a_write_of_unknown_outcome_happens_at_most_once() {
    let history = [
        unknown(1, Write(1), 0),
        done(2, Read, (1, 2), Value(Some(1))),
        done(2, Write(2), (3, 4), Written),
        done(2, Read, (5, 6), Value(Some(1))),
    ];
    assert_eq!(violation(judge(&history)).operation, 3);
}

#[test]
fn l1_a_read_of_unknown_outcome_is_no_observation() {
    assert!(is_linearizable(&[unknown(1, Read, 0), done(2, Write(1), (1, 2), Written)]));
}

#[test]
fn l2_a_refused_cas_observed_that_the_value_was_another() {
    let cas = Cas { from: Some(1), to: 2 };
    let found = violation(judge(&[done(1, Write(1), (0, 1), Written), done(2, cas, (2, 3), Mismatch)]));
    assert_eq!(
        found.sentence(),
        "c2's cas from 1 to 2 found another value, but whenever it could have taken effect, \
         the value could only be 1.",
    );
}

#[test]
fn l2_a_refused_cas_changes_nothing_and_a_successful_one_does() {
    let cas = Cas { from: Some(1), to: 2 };
    let write = || done(1, Write(3), (0, 1), Written);
    let read = |seen| done(1, Read, (4, 5), Value(Some(seen)));
    assert!(is_linearizable(&[write(), done(2, cas, (2, 3), Mismatch), read(3)]));
    assert!(!is_linearizable(&[write(), done(2, cas, (2, 3), Mismatch), read(2)]));
    assert!(!is_linearizable(&[write(), done(2, cas, (2, 3), Swapped), read(2)]));
}

/// Appends that are all open at once, and a get that tells of one of them twice: every set of the appends must be tried
/// in vain.
fn hard_key(key: &str, appends: u32, start: u64) -> Vec<KvOperation> {
    let end = start + u64::from(appends) + 1;
    let mut operations: Vec<KvOperation> = (0..appends)
        .map(|client| {
            let span = (start + u64::from(client), end + u64::from(client));
            done(client, append(key, &format!("{client};")), span, KvResult::Done)
        })
        .collect();
    operations.push(done(appends, get(key), (start, end), value("0;0;")));
    operations
}

fn stale_get(key: &str, start: u64) -> [KvOperation; 2] {
    [
        done(90, put(key, "new"), (start, start + 1), KvResult::Done),
        done(91, get(key), (start + 2, start + 3), KvResult::Value(None)),
    ]
}

const SMALL: Options = Options { partition: Partition::ByKey, steps_max: 200_000, memory_max: MEMORY_MAX_DEFAULT };

#[test]
fn l3_a_hard_key_does_not_starve_an_easy_violation() {
    let mut history = hard_key("a", 20, 0);
    let alone = check(&Kv::default(), &history, &SMALL).verdict;
    assert_eq!(alone, Verdict::Undecided(Undecided { bound: Bound::Steps(200_000), keys: vec![Some("a".into())] }));

    history.extend(stale_get("b", 100));
    let found = violation(check(&Kv::default(), &history, &SMALL).verdict);
    assert_eq!((found.operation, found.key.as_deref()), (22, Some("b")));
    assert!(!found.is_first, "the hard key, which is earlier, was not decided");
}

#[test]
fn l3_a_hard_key_that_is_later_does_not_blur_the_first_violation() {
    let mut history = hard_key("a", 20, 100);
    history.extend(stale_get("b", 0));
    let found = violation(check(&Kv::default(), &history, &SMALL).verdict);
    assert!(found.is_first);
    assert_eq!(found.operation, 22);
    assert_eq!(found.linearization.unwrap().order().collect::<Vec<_>>(), [21]);
}

#[test]
fn l4_an_operation_invoked_when_another_completes_is_concurrent_with_it() {
    let history = |invoked_at| [done(1, Write(1), (0, 5), Written), done(2, Read, (invoked_at, 9), Value(None))];
    assert!(is_linearizable(&history(5)));
    assert!(!is_linearizable(&history(6)));
}

#[test]
fn l4_operations_without_duration_at_one_position_are_concurrent() {
    let write = || done(1, Write(1), (5, 5), Written);
    let read = |seen| done(2, Read, (5, 5), Value(seen));
    assert!(is_linearizable(&[write(), read(None)]));
    assert!(is_linearizable(&[write(), read(Some(1))]));
    assert!(is_linearizable(&[read(Some(1)), write()]));
    let found = violation(judge(&[read(Some(2)), write()]));
    assert_eq!(found.operation, 0);
}

/// A register all of whose states have one hash.
#[derive(Clone, Default)]
struct Colliding(Register);

#[derive(Clone, PartialEq, Eq)]
struct SameHash(RegisterState<i64>);

impl Hash for SameHash {
    fn hash<H: Hasher>(&self, _hasher: &mut H) {}
}

impl Model for Colliding {
    type State = SameHash;
    type Command = RegisterCommand;
    type Result = RegisterResult;

    fn initial(&self) -> SameHash {
        SameHash(self.0.initial())
    }

    fn step(&self, state: &SameHash, command: &RegisterCommand, result: Option<&RegisterResult>) -> Option<SameHash> {
        self.0.step(&state.0, command, result).map(SameHash)
    }

    fn only_observes(&self, command: &RegisterCommand, result: Option<&RegisterResult>) -> bool {
        self.0.only_observes(command, result)
    }

    fn for_history(&self, operations: &[Told<'_, Self>]) -> Colliding {
        Colliding(self.0.for_history(operations))
    }

    fn unexplained(&self, operations: &[Told<'_, Self>], began_before: &[usize]) -> Vec<bool> {
        self.0.unexplained(operations, began_before)
    }

    fn key(&self, command: &RegisterCommand) -> Option<Arc<str>> {
        self.0.key(command)
    }

    fn found(&self, state: &SameHash, command: &RegisterCommand) -> String {
        self.0.found(&state.0, command)
    }

    fn describe(&self, command: &RegisterCommand, result: Option<&RegisterResult>) -> String {
        self.0.describe(command, result)
    }
}

#[test]
fn l5_states_with_equal_hashes_are_told_apart() {
    // Both writes first in one order, then in the other: taken for one state, the second would never be tried.
    let history = |seen| {
        [
            done(1, Write(1), (0, 3), Written),
            done(2, Write(2), (1, 4), Written),
            done(3, Read, (5, 6), Value(Some(seen))),
        ]
    };
    for (seen, expected) in [(1, true), (2, true), (3, false)] {
        let report = check(&Colliding::default(), &history(seen), &Options::default());
        assert_eq!(matches!(report.verdict, Verdict::Linearizable(_)), expected, "{seen}");
        assert_eq!(report, check(&Register::default(), &history(seen), &Options::default()));
    }
}

#[test]
fn l6_a_crashed_clients_write_may_take_effect_much_later() {
    let mut history = vec![unknown(1, Write(7), 0)];
    for step in 0..100 {
        let at = 10 * step + 10;
        history.push(done(1, Write(1), (at, at + 1), Written));
        history.push(done(2, Read, (at + 2, at + 3), Value(Some(1))));
    }
    history.push(done(2, Read, (5000, 5001), Value(Some(7))));
    let Verdict::Linearizable(linearization) = judge(&history) else {
        panic!("the crashed write explains the last read");
    };
    assert_eq!(linearization.points.len(), 202);
    assert_eq!(linearization.points[200].operation, 0);
}

#[test]
fn l6_many_crashed_clients_do_not_make_a_history_undecidable() {
    // 200 operations that may each happen or not, and a value that none of them explains.
    let mut history: Vec<RegisterOperation> =
        (0..200).map(|client| unknown(client, Write(i64::from(client % 5)), 0)).collect();
    for at in 0..50 {
        let seen = Value(Some(at as i64 % 5));
        history.push(done(500, Read, (2 * at + 1, 2 * at + 2), seen));
    }
    assert!(is_linearizable(&history));
    history.push(done(500, Read, (1000, 1001), Value(Some(9))));
    let found = violation(judge(&history));
    assert_eq!(found.operation, 250);
    assert_eq!(found.possible.unwrap(), ["0", "1", "2", "3", "4"]);
}

#[test]
fn l6_crashed_writes_of_values_that_nobody_reads_are_tried_once() {
    // Each refusal needs some crashed write to have happened before it, and any of them will do.
    let mut history: Vec<RegisterOperation> =
        (0..60).map(|client| unknown(client, Write(1000 + i64::from(client)), 0)).collect();
    for round in 0..40_u64 {
        let at = 10 * round + 1;
        history.push(done(90, Write(1), (at, at + 1), Written));
        history.push(done(91, Cas { from: Some(1), to: 2 }, (at + 2, at + 3), Mismatch));
    }
    assert!(is_linearizable(&history));
    history.push(done(91, Read, (1000, 1001), Value(Some(9))));
    let report = check(&Register::default(), &history, &Options { steps_max: 1_000_000, ..Options::default() });
    assert_eq!(violation(report.verdict).operation, 140);
}

#[test]
fn l7_the_violation_is_named_where_it_shows_and_not_where_the_search_stopped() {
    // The read of 5 stops a search that knows the later refusal of the cas. But when the read completes, the cas is
    // open and may have happened; only its refusal shows that something is wrong.
    let history = [
        done(1, Write(0), (0, 1), Written),
        done(2, Cas { from: Some(0), to: 5 }, (2, 10), Mismatch),
        done(1, Read, (3, 4), Value(Some(5))),
        done(1, Read, (5, 6), Value(Some(5))),
        done(1, Read, (11, 12), Value(Some(5))),
    ];
    let found = violation(judge(&history));
    assert_eq!((found.operation, found.completed_at), (1, 10));
    assert_eq!(found.last_good, Some(3));
    assert_eq!(found.possible.unwrap(), ["0"]);
}

#[test]
fn l7_the_first_violation_is_the_first_over_all_keys() {
    let history: Vec<KvOperation> =
        [stale_get("a", 20), stale_get("b", 10), stale_get("c", 0), stale_get("d", 30)].concat();
    let found = violation(check(&Kv::default(), &history, &Options::default()).verdict);
    assert_eq!((found.operation, found.is_first), (5, true));
    assert_eq!(found.last_good, Some(4));
}

#[test]
fn a_long_history_of_one_key_is_judged_quickly() {
    let mut history = Vec::new();
    for round in 0..5000_u64 {
        let at = 10 * round;
        history.push(done(1, Write(round as i64), (at, at + 5), Written));
        history.push(done(2, Read, (at + 6, at + 7), Value(Some(round as i64))));
    }
    let report = check(&Register::default(), &history, &Options::default());
    assert!(matches!(report.verdict, Verdict::Linearizable(_)));
    assert!(report.steps < 50_000, "{}", report.steps);
}

#[test]
fn a_completion_before_its_invocation_is_taken_for_an_instant() {
    assert!(is_linearizable(&[done(1, Write(1), (5, 2), Written)]));
}

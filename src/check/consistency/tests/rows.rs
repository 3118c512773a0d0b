//! Single rows: what was observed, what did not happen, and what is not known.

use super::*;
use crate::check::model::{GrowOnlySet, SetCommand, SetResult};

fn row(members: &[(u32, Choice)], promise: Promise) -> Verdict {
    judged(&history(members, false))[&promise].clone()
}

fn broken_by(verdict: &Verdict) -> Vec<usize> {
    if let Verdict::Broken(broken) = verdict { broken.operations.clone() } else { panic!("{verdict:?}") }
}

#[test]
fn replicas_that_are_last_seen_to_differ_break_convergence() {
    let seen = |value| get("x", Some(value));
    let members = [(0, put("x", "1")), (1, put("x", "2")), (0, seen("1")), (1, seen("2")), (1, seen("2"))];
    assert_eq!(broken_by(&row(&members, Promise::Convergence)), [2, 4]);
    // What was read last counts.
    let members = [&members[..], &[(0, seen("2"))]].concat();
    assert_eq!(row(&members, Promise::Convergence), Verdict::Holds { since: None });
}

#[test]
fn nobody_who_looked_is_no_agreement() {
    for members in [
        vec![(0, put("x", "1")), (0, get("x", Some("1")))],
        vec![(0, put("x", "1")), (0, put("y", "1")), (0, get("x", Some("1"))), (1, get("x", Some("1")))],
        vec![(0, put("x", "1")), (2, lost_put("x", "2")), (0, get("x", Some("1"))), (1, get("x", Some("2")))],
        vec![(0, get("x", None)), (1, get("x", None))],
    ] {
        let verdict = row(&members, Promise::Convergence);
        assert!(matches!(verdict, Verdict::Undecided(Why::NotObserved(_))), "{verdict:?}");
    }
}

#[test]
fn what_did_not_happen_is_left_out_and_what_is_not_known_may_have_happened() {
    let mut history = history(&[(0, put("x", "1")), (0, get("x", None))], false);
    assert_eq!(broken_by(&judged(&history)[&Promise::ReadYourWrites]), [0, 1]);
    history[0].outcome = Outcome::Unknown;
    assert_eq!(judged(&history)[&Promise::Linearizable], Verdict::Holds { since: None });
    history[0].outcome = Outcome::Failed { completed_at: 15 };
    assert_eq!(judged(&history)[&Promise::Linearizable], Verdict::Holds { since: None });
    // What did not happen was found by nobody; what is not known may have been.
    let found = super::history(&[(0, put("x", "1")), (0, get("x", Some("1")))], false);
    for (outcome, holds) in [(Outcome::Unknown, true), (Outcome::Failed { completed_at: 15 }, false)] {
        let mut history = found.clone();
        history[0].outcome = outcome;
        assert_eq!(matches!(judged(&history)[&Promise::Causal], Verdict::Holds { .. }), holds);
    }
}

#[test]
fn an_operation_of_unknown_outcome_comes_after_what_its_client_did_before() {
    // Client 2 finds what client 1 wrote in vain, and then not what client 1 had done before.
    let members = [
        (1, put("x", "1")),
        (1, lost_put("y", "2")),
        (2, get("y", Some("2"))),
        (2, get("x", None)),
        (1, put("z", "1")),
    ];
    assert_eq!(broken_by(&row(&members, Promise::MonotonicWrites)), [0, 1, 2, 3]);
    // What it did afterwards need not come later.
    let members = [(1, lost_put("y", "2")), (1, put("x", "1")), (2, get("x", Some("1"))), (2, get("y", None))];
    assert_eq!(row(&members, Promise::Linearizable), Verdict::Holds { since: None });
}

#[test]
fn what_is_not_covered_is_said_to_be_not_covered() {
    let append = (KvCommand::Append { key: "x".into(), value: "1".into() }, Some(KvResult::Done));
    let rows = judged(&history(&[(0, append.clone()), (1, get("x", Some("1")))], false));
    assert_eq!(rows[&Promise::Causal], Verdict::Holds { since: Some(Promise::Linearizable) });
    assert!(matches!(rows[&Promise::MonotonicReads], Verdict::Undecided(Why::NotCovered(_))));
    let rows = judged(&history(&[(0, append), (1, get("x", None))], false));
    assert!(matches!(rows[&Promise::Linearizable], Verdict::Broken(_)));
    assert!(matches!(rows[&Promise::Sequential], Verdict::Undecided(Why::NotCovered(_))));
}

#[test]
fn other_objects_are_judged_by_linearizability_alone() {
    let outcome = |completed_at, result| Outcome::Ok { completed_at, result };
    let add = Operation {
        client: 1,
        command: SetCommand::Add(1.into()),
        invoked_at: 1,
        outcome: outcome(2, SetResult::Added),
    };
    let rows: BTreeMap<Promise, Verdict> = judge_other(&GrowOnlySet, &[add], &Options::default()).into_iter().collect();
    assert_eq!(rows[&Promise::Sequential], Verdict::Holds { since: Some(Promise::Linearizable) });
    assert!(matches!(rows[&Promise::ReadYourWrites], Verdict::Undecided(Why::NotCovered(_))));
}

#[test]
fn operations_of_one_client_that_overlap_have_no_session() {
    let mut history = history(&[(0, put("x", "1")), (0, get("x", None))], false);
    history[0].outcome = Outcome::Ok { completed_at: 100, result: KvResult::Done };
    assert!(matches!(judged(&history)[&Promise::Causal], Verdict::Holds { .. }));
    history[1].outcome = Outcome::Ok { completed_at: 101, result: KvResult::Value(Some("2".into())) };
    assert_eq!(judged(&history)[&Promise::Causal], Verdict::Undecided(Why::NotCovered(facts::OVERLAP)));
}

#[test]
fn a_bound_that_comes_first_is_named() {
    let rows: BTreeMap<Promise, Verdict> = judge(
        &Kv::default(),
        &history(&[(0, put("x", "1")), (0, get("x", None))], false),
        &Options { steps_max: 4, ..Options::default() },
    )
    .into_iter()
    .collect();
    assert_eq!(rows[&Promise::Causal], Verdict::Undecided(Why::Bound(Bound::Steps(4))));
}

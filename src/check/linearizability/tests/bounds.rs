//! Bounds on steps and memory, and what is decided without a search.

use super::*;

#[test]
fn the_limit_counts_steps_and_is_kept() {
    let history = hard_key("a", 20, 0);
    let report = check(&Kv::default(), &history, &Options { steps_max: 1000, ..SMALL });
    assert!(matches!(report.verdict, Verdict::Undecided(_)));
    assert_eq!(report.steps, 1000);
}

#[test]
fn the_bound_on_memory_is_kept_and_named() {
    // Twelve appends at once, and a read that would need them in an order that is not there: a state for each set and
    // order of them.
    let mut history: Vec<KvOperation> =
        (0..12_u32).map(|client| done(client, append("x", "ab"), (0, 100), KvResult::Done)).collect();
    history.push(done(20, append("x", "b"), (101, 102), KvResult::Done));
    history.push(done(21, get("x"), (103, 104), value(&"ab".repeat(12))));
    let report = check(&Kv::default(), &history, &Options { memory_max: 100_000, ..Options::default() });
    let Verdict::Undecided(undecided) = report.verdict else { panic!("{:?}", report.verdict) };
    assert_eq!(
        (undecided.bound, undecided.bound.to_string().as_str()),
        (Bound::Memory(100_000), "100000 bytes of memory")
    );
    assert_eq!(undecided.keys, [Some("x".into())]);
    assert_eq!(Bound::Memory(256 << 20).to_string(), "256 MB of memory");
    assert_eq!((report.operations, report.unknown, report.open_at_once), (14, 0, 12));
}

#[test]
fn a_key_that_needs_too_much_memory_keeps_no_other_from_its_verdict() {
    let history = [hard_key("a", 20, 0), stale_get("b", 0).to_vec()].concat();
    let found =
        violation(check(&Kv::default(), &history, &Options { memory_max: 1 << 20, ..Options::default() }).verdict);
    assert_eq!(found.key.as_deref(), Some("b"));
}

#[test]
fn what_nobody_wrote_is_seen_before_any_search() {
    let mut history: Vec<KvOperation> =
        (0..24_u32).map(|client| done(client, put("x", &client.to_string()), (0, 100), KvResult::Done)).collect();
    history.push(done(99, get("x"), (101, 102), value("zzz")));
    let report = check(&Kv::default(), &history, &Options::default());
    assert!(report.steps < 100_000, "{}", report.steps);
    let found = violation(report.verdict);
    assert_eq!((found.operation, found.is_first, found.is_unexplained), (24, true, true));
    assert!(
        found.sentence().ends_with("but nothing that was asked for until then could have put that there."),
        "{}",
        found.sentence()
    );
    // The same of a value that is written only later, and of one that no appends make.
    let late = [done(1, Read, (0, 1), Value(Some(5))), done(2, Write(5), (2, 3), Written)];
    assert!(violation(judge(&late)).is_unexplained);
    let mut history: Vec<KvOperation> = ('a'..='l')
        .zip(0..)
        .map(|(letter, client)| done(client, append("x", &letter.to_string()), (0, 100), KvResult::Done))
        .collect();
    history.push(done(99, get("x"), (101, 102), value("abm")));
    let report = check(&Kv::default(), &history, &Options::default());
    assert!(report.steps < 100_000 && violation(report.verdict).is_unexplained);
}

#[test]
fn an_earlier_violation_comes_before_a_value_that_nobody_wrote() {
    let history =
        [done(1, Write(1), (0, 1), Written), done(2, Read, (2, 3), Value(None)), done(2, Read, (4, 5), Value(Some(9)))];
    let found = violation(judge(&history));
    assert_eq!((found.operation, found.is_first, found.is_unexplained), (1, true, false));
}

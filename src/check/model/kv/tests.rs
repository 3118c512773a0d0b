//! What a store answers, and which of its states are one.

use super::*;

#[test]
fn a_missing_key_reads_as_nothing_or_as_empty_by_choice() {
    let get = KvCommand::Get { key: "a".into() };
    let told = |text: Option<&str>| Some(KvResult::Value(text.map(Arc::from)));
    for (kv, none, empty) in [(Kv::default(), true, false), (Kv::new(Missing::IsEmpty), true, true)] {
        let state = kv.initial();
        assert_eq!(kv.step(&state, &get, told(None).as_ref()).is_some(), none);
        assert_eq!(kv.step(&state, &get, told(Some("")).as_ref()).is_some(), empty);
    }
}

#[test]
fn values_with_equal_hashes_are_still_compared() {
    let one = Text::new("one".into());
    let other = Text { text: "two".into(), hash: one.hash };
    assert_ne!(one, other);
}

#[test]
fn a_delete_leaves_no_trace_in_the_state() {
    let kv = Kv::default();
    let put = KvCommand::Put { key: "a".into(), value: "1".into() };
    let delete = KvCommand::Delete { key: "a".into() };
    let state = kv.step(&kv.initial(), &put, None).unwrap();
    assert_eq!(kv.found(&state, &delete), "\"1\"");
    assert_eq!(kv.step(&state, &delete, Some(&KvResult::Done)), Some(kv.initial()));
}

#[test]
fn a_refused_cas_that_says_what_it_found_observed_just_that() {
    let kv = Kv::default();
    let put = KvCommand::Put { key: "a".into(), value: "1".into() };
    let state = kv.step(&kv.initial(), &put, None).unwrap();
    let cas = |from: &str| KvCommand::Cas { key: "a".into(), from: Some(from.into()), to: "9".into() };
    let found = |value: &str| Some(KvResult::Found(Some(value.into())));
    assert_eq!(kv.step(&state, &cas("2"), found("1").as_ref()), Some(state.clone()));
    assert_eq!(kv.step(&state, &cas("2"), found("3").as_ref()), None);
    assert_eq!(kv.step(&state, &cas("1"), found("1").as_ref()), None);
}

#[test]
fn a_result_of_another_kind_is_never_possible() {
    let kv = Kv::default();
    let get = KvCommand::Get { key: "a".into() };
    assert_eq!(kv.step(&kv.initial(), &get, Some(&KvResult::Done)), None);
}

#[test]
fn appends_keep_apart_only_what_may_become_a_value_that_is_looked_for() {
    let get = KvCommand::Get { key: "a".into() };
    let told = KvResult::Value(Some("xyz".into()));
    let append = |value: &str| KvCommand::Append { key: "a".into(), value: value.into() };
    let kv = Kv::default().for_history(&[(&get, Some(&told)), (&append("x"), None)]);
    let after = |values: &[&str]| {
        values.iter().fold(kv.initial(), |state, value| kv.step(&state, &append(value), None).unwrap())
    };
    assert_eq!(after(&["y", "z"]), after(&["z"]));
    assert_ne!(after(&["x", "y"]), after(&["x"]));
    assert!(kv.step(&after(&["x", "yz"]), &get, Some(&told)).is_some());
    assert!(kv.step(&after(&["y", "xz"]), &get, Some(&told)).is_none());
}

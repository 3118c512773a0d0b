//! Types with the same name and another meaning: what came before, or a field, tells them apart.

use super::session::Session;

const SEED: &str = r#"{"type":"seed_committed_log","msg_id":2,"commit_index":2,"entries":[
    {"index":1,"term":1,"command":{"op":"set","key":"x","value":1}},
    {"index":2,"term":1,"command":{"op":"set","key":"y","value":2}},
    {"index":3,"term":1,"command":{"op":"set","key":"y","value":3}}]}"#;

#[test]
fn get_state_is_about_the_role_at_first() {
    Session::of(1)
        .expect(r#"{"type":"get_state","msg_id":2}"#, r#"{"type":"state_reply","state":"follower","term":0}"#);
}

#[test]
fn get_state_after_a_seeded_log_is_a_state_reply_with_the_map_and_only_what_is_committed() {
    let mut session = Session::of(1);
    session.expect(SEED, r#"{"type":"seed_committed_log_ok","in_reply_to":2}"#);
    session.expect(
        r#"{"type":"get_state","msg_id":3}"#,
        r#"{"type":"state_reply","state":{"x":1,"y":2},"last_applied":2}"#,
    );
}

#[test]
fn get_state_after_applied_entries_or_a_snapshot_is_get_state_ok() {
    let mut session = Session::of(1);
    session.ask(SEED);
    session.ask(r#"{"type":"apply_entries","msg_id":3,"entries":[{"index":3,"term":2,"command":{"op":"put","key":"y","value":"4"}}]}"#);
    session.expect(
        r#"{"type":"get_state","msg_id":4}"#,
        r#"{"type":"get_state_ok","state":{"x":1,"y":"4"},"last_applied":3}"#,
    );
    let mut session = Session::of(1);
    session.ask(r#"{"type":"install_snapshot","msg_id":2,"snapshot_index":5,"snapshot_term":2,"state":{}}"#);
    session.expect(r#"{"type":"get_state","msg_id":4}"#, r#"{"type":"get_state_ok","state":{},"last_applied":5}"#);
}

#[test]
fn take_snapshot_is_told_by_its_field() {
    let mut session = Session::of(1);
    session.ask(SEED);
    session.expect(
        r#"{"type":"take_snapshot","msg_id":3,"up_to_index":1}"#,
        r#"{"type":"snapshot_ok","last_included_index":1,"last_included_term":1}"#,
    );
    session.expect(
        r#"{"type":"take_snapshot","msg_id":3,"threshold":2}"#,
        r#"{"type":"take_snapshot_ok","snapshot_index":2,"log_entries_trimmed":1}"#,
    );
    session.expect(r#"{"type":"get_state","msg_id":4}"#, r#"{"state":{"x":1,"y":2},"last_applied":2}"#);
    let (code, text) = session.refuse(r#"{"type":"take_snapshot","msg_id":3}"#);
    assert_eq!((code, text.as_str()), (12, "threshold: missing (or up_to_index)"));
}

//! What is read, and what is refused with which line.

use super::*;
use crate::check::history::Outcome;

const INVOKE: &str = r#"{"client": 1, "type": "invoke", "op": "get", "key": "a"}"#;

fn kv_error(text: &str) -> String {
    read_kv(text.as_bytes()).unwrap_err().to_string()
}

fn register_error(text: &str) -> String {
    read_register(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_jepsen_log_is_read_with_tabs_or_spaces() {
    let log = "INFO  jepsen.util - 0\t:invoke\t:write\t3\n\
               INFO jepsen.core - nemesis\n\
               INFO  jepsen.util - 1    :invoke    :cas  [3 -4]\r\n\
               INFO  jepsen.util - 0 :ok :write 3\n\
               INFO  jepsen.util - 1 :fail :cas [3 -4]\n\
               INFO  jepsen.util - 2 :invoke :read nil\n\
               INFO  jepsen.util - 2 :fail :read :timed-out\n\
               INFO  jepsen.util - 2 :invoke :cas [1 2]\n\
               INFO  jepsen.util - 2 :info :cas :timed-out\n";
    let file = read_register(log.as_bytes()).unwrap();
    assert_eq!(file.format, Format::Jepsen);
    let cas = |from, to| RegisterCommand::Cas { from: Some(from), to };
    let expected = [
        (0, RegisterCommand::Write(3), 1, Some((4, RegisterResult::Written))),
        (1, cas(3, -4), 3, Some((5, RegisterResult::Mismatch))),
        (2, RegisterCommand::Read, 6, None),
        (2, cas(1, 2), 8, None),
    ];
    let expected = expected.map(|(client, command, invoked_at, end)| Operation {
        client,
        command,
        invoked_at,
        outcome: end.map_or(Outcome::Unknown, |(completed_at, result)| Outcome::Ok { completed_at, result }),
    });
    assert_eq!(file.operations, expected);
}

#[test]
fn a_porcupine_history_is_read_with_escapes() {
    let text = "{:process 7, :type :invoke, :f :append, :key \"k\", :value \"a \\\"b\\\" \\\\ é\"}\n\
                {:process 7 :type :ok :f :append :key \"k\" :value \"a \\\"b\\\" \\\\ é\"}\n\
                {:process 7, :type :invoke, :f :get, :key \"k\", :value nil}\n\
                {:process 7, :type :ok, :f :get, :key \"k\", :value \"\"}\n";
    let file = read_kv(text.as_bytes()).unwrap();
    assert_eq!((file.format, file.missing()), (Format::Porcupine, Missing::IsEmpty));
    let (key, value) = ("k".into(), "a \"b\" \\ é".into());
    assert_eq!(file.operations[0].command, KvCommand::Append { key, value });
    let result = KvResult::Value(Some("".into()));
    assert_eq!(file.operations[1].outcome, Outcome::Ok { completed_at: 4, result });
}

#[test]
fn json_lines_are_read_for_both_models() {
    let text = r#"
        {"client": 0, "type": "invoke", "op": "cas", "key": "a", "from": null, "to": "1"}
        {"client": 1, "type": "invoke", "op": "delete", "key": "a"}
        {"client": 0, "type": "fail", "op": "cas"}
        {"client": 1, "type": "fail", "op": "delete", "key": "a"}
        {"client": 1, "type": "invoke", "op": "put", "key": "a", "value": "1"}
        {"client": 1, "type": "unknown", "op": "put"}
        {"client": 1, "type": "invoke", "op": "get", "key": "a"}
        {"client": 1, "type": "ok", "op": "get", "value": null}
    "#;
    let file = read_kv(text.as_bytes()).unwrap();
    assert_eq!((file.format, file.missing()), (Format::JsonLines, Missing::IsNone));
    let outcomes: Vec<_> = file.operations.into_iter().map(|it| it.outcome).collect();
    let expected = [
        Outcome::Ok { completed_at: 4, result: KvResult::Mismatch },
        Outcome::Failed { completed_at: 5 },
        Outcome::Unknown,
        Outcome::Ok { completed_at: 9, result: KvResult::Value(None) },
    ];
    assert_eq!(outcomes, expected);

    let text = r#"{"client": 0, "type": "invoke", "op": "write", "value": 5}"#;
    let file = read_register(text.as_bytes()).unwrap();
    assert_eq!(file.operations[0].command, RegisterCommand::Write(5));
}

#[test]
fn a_refused_cas_may_say_what_it_found() {
    let text = r#"{"client": 0, "type": "invoke", "op": "cas", "key": "a", "from": "1", "to": "2"}
        {"client": 0, "type": "fail", "op": "cas", "value": "3"}"#;
    let file = read_kv(text.as_bytes()).unwrap();
    let result = KvResult::Found(Some("3".into()));
    assert_eq!(file.operations[0].outcome, Outcome::Ok { completed_at: 2, result });
    assert!(kv_error(&text.replace("fail", "ok")).contains("completes another operation"));
}

#[test]
fn a_file_without_events_is_refused() {
    for text in ["", "\n\n", "INFO jepsen.core - nothing\n"] {
        assert_eq!(register_error(text), "the history has no events");
    }
}

#[test]
fn an_unknown_format_is_refused_at_its_first_line() {
    assert_eq!(kv_error("\nhello\n"), "line 2: neither a Jepsen log, nor a Porcupine history, nor JSON lines");
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_line() {
    let mut bytes = format!("{INVOKE}\n").into_bytes();
    bytes.extend(b"{\"client\": \xff}\n");
    assert_eq!(read_kv(&bytes).unwrap_err().to_string(), "line 2: the line is not text in UTF-8");
}

#[test]
fn a_gigantic_line_is_refused() {
    let text = format!("{INVOKE}\n{}\n", "x".repeat(LINE_BYTES_MAX + 1));
    assert_eq!(kv_error(&text), "line 2: the line has more than 1048576 bytes");
}

#[test]
fn a_completion_without_an_invocation_is_refused() {
    let text = format!("{INVOKE}\n{}", r#"{"client": 2, "type": "ok", "op": "get", "value": null}"#);
    assert_eq!(kv_error(&text), "line 2: client 2 completes an operation that it did not invoke");
}

#[test]
fn two_open_operations_of_one_client_are_refused() {
    let text = format!("\n{INVOKE}\n{INVOKE}");
    assert_eq!(kv_error(&text), "line 3: client 1 invokes an operation while the one of line 2 is open");
}

#[test]
fn a_completion_of_another_operation_is_refused() {
    let expected = "line 2: client 1 completes another operation than it invoked in line 1";
    let put = r#"{"client": 1, "type": "ok", "op": "put"}"#;
    assert_eq!(kv_error(&format!("{INVOKE}\n{put}")), expected);
    let other_key = r#"{"client": 1, "type": "ok", "op": "get", "key": "b", "value": null}"#;
    assert_eq!(kv_error(&format!("{INVOKE}\n{other_key}")), expected);
    let log = "INFO jepsen.util - 1 :invoke :write 3\nINFO jepsen.util - 1 :ok :write 4";
    assert_eq!(register_error(log), expected);
}

#[test]
fn fields_are_checked_by_operation() {
    for (line, expected) in [
        (r#"{"client":0,"type":"invoke","op":"get"}"#, r#""key" is missing"#),
        (r#"{"client":0,"type":"invoke","op":"put","key":"a"}"#, r#""value" is missing"#),
        (r#"{"client":0,"type":"invoke","op":"put","key":"a","value":1}"#, r#""value" is not a string"#),
        (r#"{"client":0,"type":"invoke","op":"put","key":"a","value":null}"#, r#""value" is nothing"#),
        (r#"{"client":0,"type":"invoke","op":"get","key":"a","value":"1"}"#, r#"an invocation of "get" has no "value""#),
        (r#"{"client":0,"type":"invoke","op":"steal","key":"a"}"#, r#"the model has no operation "steal""#),
    ] {
        assert_eq!(kv_error(line), format!("line 1: {expected}"));
    }
    let keyed = r#"{"client":0,"type":"invoke","op":"read","key":"a"}"#;
    assert_eq!(register_error(keyed), r#"line 1: a register has no "key""#);
    let text = format!("{INVOKE}\n{}", r#"{"client":1,"type":"ok","op":"get"}"#);
    assert_eq!(kv_error(&text), r#"line 2: "value" is missing"#);
}

#[test]
fn json_that_is_not_an_event_is_refused_with_its_line_and_place() {
    let deep = format!("{{\"value\": {}", "[".repeat(100_000));
    for (line, expected) in [
        (r#"{"client": 0"#, "not a JSON event: EOF while parsing an object at column 12"),
        (r#"{"client": -1}"#, "invalid value: integer `-1`, expected u32"),
        (r#"{"client": 0, "colour": 1}"#, "unknown field `colour`"),
        (r#"{"client": 0, "client": 0}"#, "duplicate field `client`"),
        (r#"{"client": 0, "value": 1.5}"#, "expected an integer of 64 bits"),
        (r#"{"client": 0, "value": 1e999}"#, "number out of range"),
        (r#"{"client": 0, "value": [1]}"#, "expected a string, an integer or null"),
        (r#"{"client": 0, "type": "maybe"}"#, "unknown variant `maybe`"),
        (&deep, "recursion limit exceeded"),
        (&format!("{INVOKE} {INVOKE}"), "not one JSON object a line"),
    ] {
        let error = kv_error(&format!("{INVOKE}\n{line}"));
        assert!(error.starts_with("line 2: ") && error.contains(expected), "{error}");
        assert!(!error.contains("line 1"), "{error}");
    }
}

#[test]
fn log_lines_and_maps_that_are_not_events_are_refused() {
    for (line, expected) in [
        ("INFO jepsen.util 0", "it does not begin with"),
        ("INFO jepsen.util - x :invoke :read nil", "the process is not a number"),
        ("INFO jepsen.util - 0 :began :read nil", "its type is not"),
        ("INFO jepsen.util - 0 :invoke read nil", "it names no operation"),
        ("INFO jepsen.util - 0 :invoke", "it names no operation"),
        ("INFO jepsen.util - 0 :invoke :write x", "its value is not an integer"),
        ("INFO jepsen.util - 0 :invoke :cas [1]", "its value is not an integer"),
        ("INFO jepsen.util - 0 :invoke :cas [", "its value is not an integer"),
        ("INFO jepsen.util - 0 :invoke :pop nil", "the model has no operation \"pop\""),
    ] {
        let error = register_error(line);
        assert!(error.starts_with("line 1: ") && error.contains(expected), "{error}");
    }
    for (line, expected) in [
        ("{:process 0", "a field's name is not a keyword"),
        ("{:process}", ":process has"),
        ("{:process \"a\"}", ":process is of the wrong type"),
        ("{:process -1}", "the process is not a number below 2^32"),
        ("{:colour 1}", "there is no field :colour"),
        ("{:type :ok :type :ok}", ":type stands there twice"),
        ("{:type :ok} x", "something follows the map"),
        ("{:type :ok}", ":process is missing"),
        ("{:type :was}", ":type is not"),
        ("{:key \"a", "a field has no readable value"),
        ("{:key \"a\\u0041\"}", "a field has no readable value"),
    ] {
        let error = kv_error(line);
        let expected = expected.replace(":process has", "a field has no readable value");
        assert!(error.starts_with("line 1: ") && error.contains(&expected), "{error}");
    }
}

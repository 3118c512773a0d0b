//! What is read, and what is refused with which line. EDN and Jepsen's logs have files of their own.

mod edn;
mod jepsen;

use super::*;
use crate::check::history::Outcome;
use crate::check::model::Scalar;

const INVOKE: &str = r#"{"client": 1, "type": "invoke", "op": "get", "key": "a"}"#;

fn kv_error(text: &str) -> String {
    read_kv(text.as_bytes()).unwrap_err().to_string()
}

fn write(value: i64) -> RegisterCommand {
    RegisterCommand::Write(value.into())
}

fn register_error(text: &str) -> String {
    read_register(text.as_bytes()).unwrap_err().to_string()
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
    assert_eq!(file.operations[0].command.command, write(5));
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
    assert_eq!(kv_error("\nhello\n"), "line 2: neither a Jepsen log, nor a history in EDN, nor JSON lines");
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_line() {
    let mut bytes = format!("{INVOKE}\n").into_bytes();
    bytes.extend(b"{\"client\": \xff}\n");
    assert_eq!(read_kv(&bytes).unwrap_err().to_string(), "line 2: the line is not text in UTF-8");
}

#[test]
fn a_gigantic_line_is_refused() {
    let text = format!("{INVOKE}\n{}\n", "x".repeat(EVENT_BYTES_MAX + 1));
    assert_eq!(kv_error(&text), "line 2: the event has more than 1048576 bytes");
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
        (
            r#"{"client":0,"type":"invoke","op":"get","key":"a","value":"1"}"#,
            r#"an invocation of "get" has no "value""#,
        ),
        (r#"{"client":0,"type":"invoke","op":"steal","key":"a"}"#, r#"the model has no operation "steal""#),
    ] {
        assert_eq!(kv_error(line), format!("line 1: {expected}"));
    }
    let keyed = r#"{"client":0,"type":"invoke","op":"read","key":"a"}"#;
    let plain = r#"{"client":1,"type":"invoke","op":"read"}"#;
    assert_eq!(
        register_error(&format!("{keyed}\n{plain}")),
        "line 2: the key is missing, which the operations before have"
    );
    assert_eq!(
        register_error(&format!("{plain}\n{keyed}")),
        "line 2: it has a key, which the operations before have not"
    );
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
        (r#"{"client": 0, "value": [[1]]}"#, "expected a string, an integer or null"),
        (r#"{"client": 0, "type": "maybe"}"#, "unknown variant `maybe`"),
        (&deep, "recursion limit exceeded"),
        (&format!("{INVOKE} {INVOKE}"), "not one JSON object a line"),
    ] {
        let error = kv_error(&format!("{INVOKE}\n{line}"));
        assert!(error.starts_with("line 2: ") && error.contains(expected), "{error}");
        assert!(!error.contains("line 1"), "{error}");
    }
}

/// Everything that `read_register` says of a text, in short: client, key, command, and how it ended.
fn registers(text: &str) -> Vec<String> {
    let file = read_register(text.as_bytes()).unwrap();
    let shown = |operation: Operation<Keyed<RegisterCommand>, RegisterResult>| {
        let Operation { client, command: Keyed { key, command }, invoked_at, outcome } = operation;
        let key = key.map(|key| format!("{key}: ")).unwrap_or_default();
        let command = match command {
            RegisterCommand::Read => "read".to_string(),
            RegisterCommand::Write(value) => format!("write {value}"),
            RegisterCommand::Cas { from, to } => {
                format!("cas {} {to}", from.map_or("nil".to_string(), |from| from.to_string()))
            }
        };
        let told = |value: Option<Scalar>| value.map_or("nil".to_string(), |value| value.to_string());
        let outcome = match outcome {
            Outcome::Ok { result: RegisterResult::Value(value), completed_at } => {
                format!("{} in {completed_at}", told(value))
            }
            Outcome::Ok { result: RegisterResult::Found(value), completed_at } => {
                format!("found {} in {completed_at}", told(value))
            }
            Outcome::Ok { result: RegisterResult::Mismatch, completed_at } => format!("mismatch in {completed_at}"),
            Outcome::Ok { completed_at, .. } => format!("ok in {completed_at}"),
            Outcome::Failed { completed_at } => format!("did not happen, as of {completed_at}"),
            Outcome::Unknown => "unknown".to_string(),
        };
        format!("{client} {key}{command} in {invoked_at}: {outcome}")
    };
    file.operations.into_iter().map(shown).collect()
}

#[test]
fn what_did_not_happen_what_is_not_known_and_what_was_observed_stay_apart() {
    let invoked = "{:process 0, :type :invoke, :f :cas, :value [1 3]}\n";
    for (completion, expected) in [
        ("{:process 0, :type :fail, :f :cas, :value [1 3]}", "did not happen, as of 2"),
        ("{:process 0, :type :fail, :f :cas, :value [1 3], :error :connection-refused}", "did not happen, as of 2"),
        ("{:process 0, :type :fail, :f :cas, :value nil}", "did not happen, as of 2"),
        ("{:process 0, :type :fail, :f :cas, :value :precondition}", "did not happen, as of 2"),
        ("{:process 0, :type :fail, :f :cas, :value 1}", "did not happen, as of 2"),
        ("{:process 0, :type :fail, :f :cas, :value 2}", "found 2 in 2"),
        ("{:process 0, :type :info, :f :cas, :value 2}", "unknown"),
        ("{:process 0, :type :info, :f :cas, :value :timed-out}", "unknown"),
        ("{:process 0, :type :ok, :f :cas, :value [1 3]}", "ok in 2"),
        ("", "unknown"),
    ] {
        assert_eq!(
            registers(&format!("{invoked}{completion}")),
            [format!("0 cas 1 3 in 1: {expected}")],
            "{completion}"
        );
    }
    let invoked = "INFO jepsen.util - 0 :invoke :cas [1 3]\n";
    for (completion, expected) in [
        ("INFO jepsen.util - 0 :fail :cas [1 3]", "mismatch in 2"),
        ("INFO jepsen.util - 0 :fail :cas :connection-refused", "did not happen, as of 2"),
        ("INFO jepsen.util - 0 :fail :cas :timed-out", "unknown"),
        ("INFO jepsen.util - 0 :fail :cas 2", "found 2 in 2"),
        ("INFO jepsen.util - 0 :info :cas :timed-out", "unknown"),
    ] {
        assert_eq!(
            registers(&format!("{invoked}{completion}")),
            [format!("0 cas 1 3 in 1: {expected}")],
            "{completion}"
        );
    }
    let invoked = r#"{"client": 0, "type": "invoke", "op": "cas", "from": "a", "to": "b"}"#;
    for (completion, expected) in [
        (r#"{"client": 0, "type": "fail", "op": "cas"}"#, "mismatch in 2"),
        (r#"{"client": 0, "type": "fail", "op": "cas", "value": "c"}"#, "found \"c\" in 2"),
        (r#"{"client": 0, "type": "fail", "op": "cas", "error": "no leader"}"#, "did not happen, as of 2"),
        (r#"{"client": 0, "type": "unknown", "op": "cas", "error": "timeout"}"#, "unknown"),
    ] {
        assert_eq!(
            registers(&format!("{invoked}\n{completion}")),
            [format!("0 cas \"a\" \"b\" in 1: {expected}")],
            "{completion}"
        );
    }
    let both = r#"{"client": 0, "type": "fail", "op": "cas", "error": "no leader", "value": "c"}"#;
    assert!(register_error(&format!("{invoked}\n{both}")).contains("saw nothing"));
    assert!(register_error(&invoked.replace('}', ", \"error\": \"x\"}")).contains("goes with"));
}

#[test]
fn a_mutex_a_set_and_a_queue_are_read() {
    let text =
        "{:process 0, :type :invoke, :f :acquire, :value nil}\n{:process 0, :type :ok, :f :acquire, :value nil}\n";
    assert_eq!(read_mutex(text.as_bytes()).unwrap().operations[0].command.command, MutexCommand::Acquire);
    let text = "{:process 0, :type :invoke, :f :add, :value 5}\n{:process 1, :type :invoke, :f :read}\n\
                {:process 1, :type :ok, :f :read, :value #{5 6}}\n";
    let content = |values: &[i64]| SetResult::Content(values.iter().copied().map(Scalar::from).collect());
    for (text, key) in [
        (text.to_string(), None),
        (text.replace("#{5 6}", "[5 6]"), None),
        (
            text.replace("5}\n", "[\"k\" 5]}\n")
                .replace(":read}", ":read, :value [\"k\" nil]}")
                .replace("#{5 6}", "[\"k\" #{5 6}]"),
            Some("k"),
        ),
    ] {
        let read = &read_set(text.as_bytes()).unwrap().operations[1];
        assert_eq!(read.command.key.as_deref(), key);
        assert_eq!(read.outcome, Outcome::Ok { completed_at: 3, result: content(&[5, 6]) });
    }
    let json = r#"{"client": 0, "type": "invoke", "op": "read"}
        {"client": 0, "type": "ok", "op": "read", "value": [1, 2]}"#;
    assert_eq!(
        read_set(json.as_bytes()).unwrap().operations[0].outcome,
        Outcome::Ok { completed_at: 2, result: content(&[1, 2]) }
    );
    let text =
        "{:process 0, :type :invoke, :f :dequeue, :value nil}\n{:process 0, :type :ok, :f :dequeue, :value \"a\"}\n";
    let result = QueueResult::Dequeued(Some("a".into()));
    assert_eq!(read_queue(text.as_bytes()).unwrap().operations[0].outcome, Outcome::Ok { completed_at: 2, result });
}

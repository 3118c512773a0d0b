//! What is read, and what is refused with which line.

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
    assert_eq!(file.format, Format::JepsenOld);
    let cas = |from, to| RegisterCommand::Cas { from: Some(Scalar::Integer(from)), to: Scalar::Integer(to) };
    let expected = [
        (0, write(3), 1, Some((4, RegisterResult::Written))),
        (1, cas(3, -4), 3, Some((5, RegisterResult::Mismatch))),
        (2, RegisterCommand::Read, 6, None),
        (2, cas(1, 2), 8, None),
    ];
    let expected = expected.map(|(client, command, invoked_at, end)| Operation {
        client,
        command: Keyed { key: None, command },
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

#[test]
fn log_lines_and_maps_that_are_not_events_are_refused() {
    for (line, expected) in [
        ("INFO jepsen.util 0", "it does not begin with"),
        ("INFO jepsen.util - x :invoke :read nil", "the process is not a number"),
        ("INFO jepsen.util - 0 :began :read nil", "its type is not"),
        ("INFO jepsen.util - 0 :invoke read nil", "it names no operation"),
        ("INFO jepsen.util - 0 :invoke", "it names no operation"),
        ("INFO jepsen.util - 0 :invoke :write x", "\"value\" is neither an integer nor a string"),
        ("INFO jepsen.util - 0 :invoke :cas [1]", "the value of a cas is not [expected new]"),
        ("INFO jepsen.util - 0 :invoke :cas [", "it ends too soon at column 2"),
        ("INFO jepsen.util - 0 :invoke :pop nil", "the model has no operation \"pop\""),
    ] {
        let error = register_error(line);
        assert!(error.starts_with("line 1: ") && error.contains(expected), "{error}");
    }
    for (line, expected) in [
        ("{:process 0", "it ends too soon at column 12"),
        ("{:process}", "it ends too soon"),
        ("{:process \"a\"}", ":process is neither a number nor :nemesis"),
        ("{:process -1}", "the process is not a number below 2^32"),
        ("{:type :ok :type :ok}", "a field stands there twice"),
        ("{:process 0 :type :ok :f :get} x", "the operation that it did not invoke"),
        ("{:type :ok}", ":process is missing"),
        ("{:process 0 :type :was}", ":type is not"),
        ("{:process 0 :type :ok}", ":f is missing"),
        ("{:key \"a", "it ends too soon"),
        ("{:key \"a\\u0041\"}", "a string has an escape that cannot be read"),
        ("{:time 99999999999999999999}", "a number cannot be read"),
        ("[{:process :nemesis, :f :start}", "the end of the collection is missing"),
        ("[] {}", "something follows the collection of events"),
        ("[[]]", "it is not a map"),
        (
            "{:process 0 :type :invoke :f :get :value [\"a\" nil] :key \"a\"}",
            "it has a :key, and another in its :value",
        ),
    ] {
        let error = kv_error(line);
        let expected = expected.replace("the operation", "an operation");
        assert!(error.starts_with("line 1: ") && error.contains(&expected), "{error}");
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
fn jepsens_maps_are_read_one_after_the_other_in_a_vector_or_in_a_list() {
    let maps = "{:process 0, :type :invoke, :f :write, :value 3, :time 3.5e9, :index 0}\n\
                ; a comment\n\
                {:type :info, :f :start-partition, :process :nemesis, :value {:a #{\"n1\"}}}\n\
                #jepsen.history.Op{:index 1, :process 1, :type :invoke, :f :read, :value nil, :error nil}\n\
                {:process 1, :type :ok, :f :read, :value 3, :ext {:a [1 [2 [3]]]}}\n\
                {:process 0, :type :info, :f :write, :value 3, :error :timeout}\n";
    let expected = ["0 write 3 in 1: unknown", "1 read in 4: 3 in 5"];
    assert_eq!(registers(maps), expected);
    assert_eq!(registers(&format!("[{maps}]")), expected);
    assert_eq!(registers(&format!("({maps})\n; the end\n")), expected);
    assert_eq!(read_register(maps.as_bytes()).unwrap().format, Format::Edn);
}

#[test]
fn keys_of_independent_objects_are_integers_or_strings() {
    let text = "{:process 0, :type :invoke, :f :write, :value [7 3]}\n\
                {:process 1, :type :invoke, :f :cas, :value [7 [3 4]]}\n\
                {:process 2, :type :invoke, :f :read, :value [8 nil]}\n\
                {:process 0, :type :ok, :f :write, :value [7 3]}\n\
                {:process 1, :type :ok, :f :cas, :value [7 [3 4]]}\n\
                {:process 2, :type :ok, :f :read, :value [8 nil]}\n";
    assert_eq!(
        registers(text),
        ["0 7: write 3 in 1: ok in 4", "1 7: cas 3 4 in 2: ok in 5", "2 8: read in 3: nil in 6"]
    );
    let strings = text.replace("[7 ", "[\"a\" ").replace("[8 ", "[\"b\" ");
    assert_eq!(registers(&strings)[2], "2 b: read in 3: nil in 6");
    assert_eq!(
        register_error(&text.replace("[8 nil]", "[\"8\" nil]")),
        "line 3: integers and strings are mixed as keys"
    );
    assert!(
        register_error(&text.replace(":ok, :f :read, :value [8", ":ok, :f :read, :value [7"))
            .contains("completes another operation")
    );
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
fn todays_logs_are_read_and_what_is_no_event_in_them_is_skipped() {
    let log = "2023-08-01 12:00:00,000{GMT}\tINFO\t[main] jepsen.cli: Test options:\n {:concurrency 5}\n\
               2023-08-01 12:00:00,123{GMT}\tINFO\t[jepsen worker 2] jepsen.util: 2\t:invoke\t:write\t[0 3]\n\
               2023-08-01 12:00:00,124{GMT}\tINFO\t[jepsen nemesis] jepsen.util: :nemesis\t:info\t:kill\t{\"n1\" :killed}\n\
               2023-08-01 12:00:00,124{GMT}\tINFO\t[jepsen worker 2] jepsen.util: Waiting for the cluster\n\
               2023-08-01 12:00:00,124{GMT}\tWARN\t[jepsen worker 3] jepsen.generator.interpreter: Process 3 crashed\n\
               java.net.SocketTimeoutException: Read timed out\n\tat java.base/sun.nio.ch (Unknown Source)\n\
               2023-08-01 12:00:00,125{GMT}\tINFO\t[jepsen worker 2] jepsen.util: 2\t:ok\t:write\t[0 3]\n\
               2023-08-01 12:00:00,126{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:invoke\t:cas\t[0 [3 4]]\n\
               2023-08-01 12:00:00,127{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:fail\t:cas\t[0 [3 4]]\t:did-not-match\n";
    assert_eq!(registers(log), ["2 0: write 3 in 3: ok in 9", "3 0: cas 3 4 in 10: did not happen, as of 11"]);
    let torn = format!("{log}2023-08-01 12:00:00,127{{GMT}}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:inv");
    assert!(register_error(&torn).starts_with("line 12: "));
    let text = "0\t:invoke\t:write\t\"a\"\n:nemesis\t:info\t:start\tnil\n0\t:ok\t:write\t\"a\"\n";
    assert_eq!(registers(text), ["0 write \"a\" in 1: ok in 3"]);
    assert!(register_error(&format!("{text}what is this")).starts_with("line 4: "));
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

#[test]
fn deep_and_gigantic_maps_are_refused_and_not_followed() {
    let deep = format!("{{:process 0, :type :invoke, :f :read, :value {}", "[".repeat(EVENT_BYTES_MAX));
    assert_eq!(register_error(&deep), "line 1: the event has more than 1048576 bytes");
    let deep =
        format!("{{:process 0, :type :invoke, :f :write, :value {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(register_error(&deep), "line 1: \"value\" is neither an integer nor a string");
}

//! The `check` command from outside: exit statuses and what it prints.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const STALE: &str = r#"{"client":0,"type":"invoke","op":"put","key":"a","value":"old"}
{"client":0,"type":"ok","op":"put"}
{"client":0,"type":"invoke","op":"put","key":"a","value":"new"}
{"client":0,"type":"ok","op":"put"}
{"client":1,"type":"invoke","op":"get","key":"a"}
{"client":1,"type":"ok","op":"get","value":"old"}
"#;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
    command.arg("check").args(arguments);
    command
}

/// Checks a history from a file of its own.
fn check(name: &str, arguments: &[&str], history: &[u8]) -> (i32, String, String) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("check_{name}"));
    std::fs::write(&path, history).unwrap();
    parts(command(arguments).arg(path).output().unwrap())
}

fn parts(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_linearizable_history_exits_with_0_and_is_counted() {
    let history = "INFO jepsen.util - 0 :invoke :write 1\n\
                   INFO jepsen.util - 1 :invoke :read nil\n\
                   INFO jepsen.util - 1 :ok :read 1\n\
                   INFO jepsen.util - 0 :info :write :timed-out\n";
    let (status, output, errors) = check("ok", &["--model", "register"], history.as_bytes());
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(
        output.starts_with("linearizable: 2 operations (1 of unknown outcome), at most 2 open at once ("),
        "{output}"
    );
    assert!(output.ends_with("second judge: linearizable\n"), "{output}");
}

#[test]
fn a_violation_exits_with_1_and_is_explained() {
    for partition in ["key", "none"] {
        let arguments = ["--model", "kv", "--partition", partition];
        let (status, output, errors) = check(partition, &arguments, STALE.as_bytes());
        assert_eq!((status, errors.as_str()), (1, ""));
        let (first, rest) = output.split_once('\n').unwrap();
        assert!(first.starts_with("not linearizable: 3 operations, at most 1 open at once ("), "{first}");
        assert_eq!(
            rest,
            "c1's get of \"a\" returned \"old\", but whenever it could have taken effect, the value could \
             only be \"new\".\n\
             operation: invoked in line 5, completed in line 6\n\
             until then: linearizable up to line 4, client 0's put of \"new\" under \"a\" was acknowledged\n\
             longest linearization, of 2 operations:\n  \
             line 1: client 0's put of \"old\" under \"a\" was acknowledged\n  \
             line 3: client 0's put of \"new\" under \"a\" was acknowledged\n\
             second judge: not linearizable, at key \"a\" a value has no time at which another need not be there\n"
        );
    }
}

#[test]
fn a_long_linearization_is_shown_by_its_ends() {
    let mut history = String::new();
    for _ in 0..100 {
        history += STALE.split_inclusive('\n').take(2).collect::<String>().as_str();
    }
    history += &STALE.replace(r#""ok","op":"get","value":"old""#, r#""ok","op":"get","value":"?""#);
    let (status, output, _) = check("long", &["--model", "kv"], history.as_bytes());
    assert_eq!(status, 1);
    assert!(output.contains("longest linearization, of 102 operations:"), "{output}");
    assert!(output.contains("  ... 82 more ...\n"), "{output}");
    assert!(output.lines().count() < 30);
}

#[test]
fn an_unreadable_history_exits_with_2_and_says_which_line() {
    let bad = format!("{STALE}{}", r#"{"client":1,"type":"ok","op":"get","value":"old"}"#);
    for (name, history, expected) in [
        ("orphan", bad.as_bytes(), "line 7: client 1 completes an operation that it did not invoke"),
        ("empty", b"", "the history has no events"),
        ("binary", b"\xff\xfe\0", "line 1: the line is not text in UTF-8"),
        ("prose", b"Dear reader", "line 1: neither a Jepsen log"),
        ("register", b"INFO jepsen.util - 0 :invoke :read nil", "line 1: \"key\" is missing"),
        (
            "map",
            b"{:process 0, :type :invoke, :f :pop, :value [\"a\" nil]}",
            "line 1: the model has no operation \"pop\"",
        ),
    ] {
        let (status, output, errors) = check(name, &["--model", "kv"], history);
        assert_eq!((status, output.as_str()), (2, ""), "{name}");
        assert!(errors.contains(expected), "{errors}");
    }
}

#[test]
fn a_file_that_is_not_there_and_bad_arguments_exit_with_2() {
    for arguments in [
        &["--model", "kv", "no-such-history"][..],
        &["--model", "kv", "/"],
        &["--model", "stack", "x"],
        &["--model", "kv", "--limit", "-1", "x"],
        &["x"],
        &["--model", "kv"],
        &["--model", "kv", "--memory", "0", "x"],
        &["--model", "kv", "--initial", "1", "x"],
        &["--model", "register", "--initial", "\"open", "x"],
    ] {
        let (status, _, errors) = parts(command(arguments).output().unwrap());
        assert_eq!(status, 2, "{arguments:?}");
        assert!(!errors.is_empty());
    }
}

/// Twenty letters that are appended at once, and a read of two of them twice: every set of them must be tried, in vain.
fn hard() -> String {
    let mut history = String::new();
    for (client, letter) in ('a'..='t').enumerate() {
        history += &format!(
            "{{\"client\":{client},\"type\":\"invoke\",\"op\":\"append\",\"key\":\"x\",\"value\":\"{letter}\"}}\n"
        );
    }
    history += r#"{"client":99,"type":"invoke","op":"get","key":"x"}
{"client":99,"type":"ok","op":"get","value":"abab"}
"#;
    for client in 0..20 {
        history += &format!("{{\"client\":{client},\"type\":\"ok\",\"op\":\"append\"}}\n");
    }
    history
}

#[test]
fn a_bound_that_comes_first_exits_with_3_and_is_named_with_what_is_open() {
    let count = "21 operations, at most 21 open at once";
    for (bound, value, expected) in [("--limit", "1000", "1000 steps"), ("--memory", "1", "1 MB of memory")] {
        let (status, output, _) = check(bound, &["--model", "kv", bound, value], hard().as_bytes());
        assert_eq!(status, 3, "{output}");
        assert!(output.starts_with(&format!("undecided within {expected}: {count} (")), "{output}");
        assert!(
            output
                .contains("\nopen: \"x\"\nsecond judge: none, an operation neither reads nor writes the whole value\n"),
            "{output}"
        );
    }
    let arguments = ["--model", "kv", "--limit", "0", "--partition", "none"];
    let (status, output, _) = check("limit_0", &arguments, hard().as_bytes());
    assert_eq!(status, 3);
    assert!(output.starts_with("undecided within 0 steps: ") && !output.contains("open:"), "{output}");
}

#[test]
fn what_the_search_leaves_open_the_second_judge_may_know() {
    let (status, output, _) = check("second", &["--model", "kv", "--limit", "2"], STALE.as_bytes());
    assert_eq!(status, 1);
    assert!(output.starts_with(
        "not linearizable: 3 operations, at most 1 open at once (2 steps)\nthe search alone is undecided within 2 steps"
    ));
}

#[test]
fn all_models_and_formats_are_judged() {
    let map = |process: u32, phase: &str, f: &str, value: &str| {
        format!("{{:process {process}, :type :{phase}, :f :{f}, :value {value}, :time 5, :index 0}}\n")
    };
    let pair =
        |process, f: &str, asked: &str, told: &str| map(process, "invoke", f, asked) + &map(process, "ok", f, told);
    let zero = pair(0, "read", "nil", "0");
    let keys = pair(0, "write", "[\"k\" 1]", "[\"k\" 1]") + &pair(0, "read", "[\"j\" nil]", "[\"j\" 0]");
    let held = pair(0, "acquire", "nil", "nil") + &pair(1, "acquire", "nil", "nil");
    let set = pair(0, "add", "1", "1") + &pair(1, "read", "nil", "#{}");
    let queue = pair(0, "enqueue", "1", "1") + &pair(0, "enqueue", "2", "2") + &pair(1, "dequeue", "nil", "2");
    for (name, arguments, history, expected) in [
        ("initial", &["--model", "register", "--initial", "0"][..], &zero, 0),
        ("no_initial", &["--model", "register"], &zero, 1),
        ("string_initial", &["--model", "register", "--initial", "\"0\""], &zero, 1),
        ("keys", &["--model", "register", "--initial", "0"], &keys, 0),
        ("keys_as_one", &["--model", "register", "--initial", "0", "--partition", "none"], &keys, 0),
        ("mutex", &["--model", "mutex"], &held, 1),
        ("set", &["--model", "set"], &set, 1),
        ("queue", &["--model", "queue"], &queue, 1),
        ("no_queue", &["--model", "queue"], &pair(0, "enqueue", "1", "1"), 0),
    ] {
        let (status, output, errors) = check(name, arguments, history.as_bytes());
        assert_eq!(status, expected, "{name}: {output}{errors}");
    }
    let (_, output, _) = check("keys_bad", &["--model", "register"], keys.as_bytes());
    assert!(output.contains("c0's read returned 0 at key j, but"), "{output}");
}

#[test]
fn a_history_may_come_from_standard_input() {
    let mut child = command(&["--model", "kv", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(STALE.as_bytes()).unwrap();
    assert_eq!(parts(child.wait_with_output().unwrap()).0, 1);
}

/// Client 1 read what client 0 wrote, and then wrote elsewhere; client 2 found that, and not what client 1 had read.
const NOT_CAUSAL: &str = r#"{"client":0,"type":"invoke","op":"put","key":"x","value":"1"}
{"client":0,"type":"ok","op":"put"}
{"client":1,"type":"invoke","op":"get","key":"x"}
{"client":1,"type":"ok","op":"get","value":"1"}
{"client":1,"type":"invoke","op":"put","key":"y","value":"2"}
{"client":1,"type":"ok","op":"put"}
{"client":2,"type":"invoke","op":"get","key":"y"}
{"client":2,"type":"ok","op":"get","value":"2"}
{"client":2,"type":"invoke","op":"get","key":"x"}
{"client":2,"type":"ok","op":"get","value":null}
"#;

#[test]
fn each_promise_has_a_row_with_its_proof() {
    let arguments = ["--model", "kv", "--models", "linearizable,monotonic-reads,writes-follow-reads,convergence"];
    let (status, output, errors) = check("models", &arguments, NOT_CAUSAL.as_bytes());
    assert_eq!((status, errors.as_str()), (1, ""));
    assert_eq!(
        output,
        "linearizable: broken by 2 operations\n  \
         A: line 1, client 0's put of \"1\" under \"x\" was acknowledged\n  \
         B: line 9, client 2's get of \"x\" returned nil\n  \
         A before B, because A had completed when B was invoked\n  \
         but B before A, because B found what was there at first, and A replaced that: a contradiction\n\
         monotonic-reads: holds\n\
         writes-follow-reads: broken by 4 operations\n  \
         A: line 3, client 1's get of \"x\" returned \"1\"\n  \
         B: line 5, client 1's put of \"2\" under \"y\" was acknowledged\n  \
         C: line 7, client 2's get of \"y\" returned \"2\"\n  \
         D: line 9, client 2's get of \"x\" returned nil\n  \
         (E: line 1, client 0's put of \"1\" under \"x\" was acknowledged)\n  \
         E before A, because A found what E wrote\n  \
         A before B, because one client did both, in this order\n  \
         B before C, because C found what B wrote\n  \
         C before D, because one client did both, in this order\n  \
         but D before E, because D found what was there at first, and E replaced that: a contradiction\n\
         convergence: broken by 2 operations\n  \
         A: line 3, client 1's get of \"x\" returned \"1\"\n  \
         B: line 9, client 2's get of \"x\" returned nil\n  \
         both clients read after the last write had completed, and what each read last differs\n"
    );
}

#[test]
fn rows_as_json_have_each_reason_by_itself() {
    let arguments = ["--model", "kv", "--models", "causal", "--json"];
    let (status, output, _) = check("models_json", &arguments, NOT_CAUSAL.as_bytes());
    assert_eq!(status, 1);
    let report: serde_json::Value = serde_json::from_str(&output).unwrap();
    let row = &report["promises"][0];
    assert_eq!(
        (&row["promise"], &row["verdict"], &row["is_minimal"]),
        (&"causal".into(), &"broken".into(), &true.into())
    );
    let reasons: Vec<&str> =
        row["proof"]["steps"].as_array().unwrap().iter().map(|step| step["because"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["reads_from", "session", "reads_from", "session", "replaced"]);
}

#[test]
fn rows_decide_the_exit_status() {
    let acknowledged = NOT_CAUSAL.split_inclusive('\n').take(4).collect::<String>();
    for (models, history, expected) in [
        ("read-your-writes", NOT_CAUSAL, 0),
        ("linearizable,sequential", acknowledged.as_str(), 0),
        ("all", acknowledged.as_str(), 3),
        ("all", NOT_CAUSAL, 1),
        ("eventual", NOT_CAUSAL, 2),
    ] {
        let (status, output, _) = check("models_status", &["--model", "kv", "--models", models], history.as_bytes());
        assert_eq!(status, expected, "{models}: {output}");
    }
    let (status, output, _) = check(
        "models_mutex",
        &["--model", "mutex", "--models", "all"],
        b"{:process 0, :type :invoke, :f :acquire, :value nil}\n{:process 0, :type :ok, :f :acquire, :value nil}\n",
    );
    assert_eq!(status, 3, "{output}");
    assert!(
        output.contains("causal: holds, as linearizable does\nread-your-writes: not known: not covered: "),
        "{output}"
    );
}

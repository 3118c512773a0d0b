//! The `check` command from outside: exit statuses and what it prints.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

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
    assert!(output.starts_with("linearizable: 2 operations "), "{output}");
}

#[test]
fn a_violation_exits_with_1_and_is_explained() {
    for partition in ["key", "none"] {
        let arguments = ["--model", "kv", "--partition", partition];
        let (status, output, errors) = check(partition, &arguments, STALE.as_bytes());
        assert_eq!((status, errors.as_str()), (1, ""));
        let (first, rest) = output.split_once('\n').unwrap();
        assert!(first.starts_with("not linearizable: 3 operations "), "{first}");
        assert_eq!(
            rest,
            "c1's get of \"a\" returned \"old\", but whenever it could have taken effect, the value could \
             only be \"new\".\n\
             operation: invoked in line 5, completed in line 6\n\
             until then: linearizable up to line 4, client 0's put of \"new\" under \"a\" was acknowledged\n\
             longest linearization, of 2 operations:\n  \
             line 1: client 0's put of \"old\" under \"a\" was acknowledged\n  \
             line 3: client 0's put of \"new\" under \"a\" was acknowledged\n"
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
        ("register", b"INFO jepsen.util - 0 :invoke :read nil", "line 1: the model has no operation \"read\""),
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
    ] {
        let (status, _, errors) = parts(command(arguments).output().unwrap());
        assert_eq!(status, 2, "{arguments:?}");
        assert!(!errors.is_empty());
    }
}

#[test]
fn a_limit_that_is_too_small_exits_with_3_and_names_what_is_open() {
    let arguments = ["--model", "kv", "--limit", "2"];
    let (status, output, _) = check("limit", &arguments, STALE.as_bytes());
    assert_eq!(status, 3);
    assert_eq!(output, "undecided within 2 steps: 3 operations\nopen: \"a\"\n");
    let arguments = ["--model", "kv", "--limit", "0", "--partition", "none"];
    let (status, output, _) = check("limit_0", &arguments, STALE.as_bytes());
    assert_eq!((status, output.as_str()), (3, "undecided within 0 steps: 3 operations\n"));
}

#[test]
fn a_history_may_come_from_standard_input() {
    let mut child = command(&["--model", "kv", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(STALE.as_bytes()).unwrap();
    assert_eq!(parts(child.wait_with_output().unwrap()).0, 1);
}

//! Where standard output cannot be written: a reader that has gone, and a disk that is full. Every command.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

const HISTORY: &str = r#"{"client":0,"type":"invoke","op":"put","key":"a","value":"1"}
{"client":0,"type":"ok","op":"put"}
{"client":0,"type":"invoke","op":"get","key":"a"}
{"client":0,"type":"ok","op":"get","value":null}
"#;

/// What the course's node, and a real one, are told.
const SAID: &str = r#"{"src":"c1","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}}
"#;

/// Written once, for tests that run at the same time.
static FILES: LazyLock<(PathBuf, PathBuf)> = LazyLock::new(|| {
    let write = |name: &str, text: &str| {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    (write("streams_history", HISTORY), write("streams_said", SAID))
});

/// Commands that print something, each with the status of its work.
fn commands() -> Vec<(Vec<String>, i32)> {
    let (history, _) = &*FILES;
    let split = |(line, status): (&str, i32)| {
        let words = line.split(' ').map(|word| word.replace("HISTORY", history.to_str().unwrap()));
        (words.collect(), status)
    };
    let lines = [
        ("run stale-read", 1),
        ("run stale-read --json", 1),
        ("run elect-and-replicate --transcript", 0),
        ("run --list", 0),
        ("hunt --seeds 0..4", 0),
        ("hunt --seeds 0..4 --json", 0),
        ("hunt --list-mutations", 0),
        ("hunt --seeds 0..1 --every-mutation --protocol paxos --no-shrink --jobs 1", 1),
        ("shrink stale-read --tries 5", 0),
        ("shrink stale-read --tries 5 --json", 0),
        ("likelihood stale-read", 0),
        ("likelihood stale-read --outcome broken:linearizability --moments 2 --forks 1", 0),
        ("likelihood stale-read --outcome broken:linearizability --moments 2 --forks 1 --json", 0),
        ("check --model kv HISTORY", 1),
        ("check --model kv HISTORY --json", 1),
        ("explore --list", 0),
        ("explore raft-elections --states 500", 3),
        ("explore raft-elections --states 500 --json", 3),
        ("threshold --n 3 --q 2 --seeds 3", 0),
        ("threshold --n 3 --q 2 --seeds 3 --json", 0),
        ("course", 0),
        ("grade --list", 0),
        ("grade stale-read --goal stale-read", 0),
        ("node --protocol raft", 0),
        ("schema scenario", 0),
        ("--help", 0),
        ("run --help", 0),
        ("--version", 0),
    ];
    lines.into_iter().map(split).collect()
}

/// Status and standard error of a command whose standard output goes there.
fn ends(arguments: &[String], stdout: Stdio) -> (i32, String) {
    let (_, said) = &*FILES;
    let output = Command::new(env!("CARGO_BIN_EXE_consensus-playground"))
        .args(arguments)
        .stdin(std::fs::File::open(said).unwrap())
        .stdout(stdout)
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_reader_that_hangs_up_is_no_error_and_changes_no_status() {
    for (arguments, status) in commands() {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(ends(&arguments, writer.into()), (status, String::new()), "{arguments:?}");
    }
}

#[test]
fn a_full_disk_is_an_error_with_a_sentence() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    for (arguments, _) in commands() {
        let (status, errors) = ends(&arguments, OpenOptions::new().write(true).open(full).unwrap().into());
        assert_eq!(status, 2, "{arguments:?}");
        assert!(errors.contains("No space left on device") && errors.lines().count() == 1, "{arguments:?}: {errors}");
    }
}

/// A remark that nobody can read is lost, and nothing else is.
#[test]
fn errors_that_cannot_be_written_change_nothing() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    for (arguments, status) in [(&["run", "no-such-run"][..], 2), (&["explore", "no-such-model"], 2), (&["hunt"], 2)] {
        let stderr = OpenOptions::new().write(true).open(full).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
        assert_eq!(command.args(arguments).stderr(stderr).status().unwrap().code(), Some(status), "{arguments:?}");
    }
}

//! The `course` command from outside: streams, long lines, its help.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a conversation printed, on both streams.
fn converse(input: Vec<u8>) -> (i32, Vec<String>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_consensus-playground"))
        .arg("course")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (
        output.status.code().unwrap(),
        text.lines().map(str::to_owned).collect(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

const INIT: &[u8] = br#"{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}}"#;
const ECHO: &[u8] = br#"{"src":"c0","dest":"n1","body":{"type":"echo","msg_id":2,"echo":"still here"}}"#;

#[test]
fn a_line_of_10_megabytes_and_one_that_is_no_text_get_remarks_and_the_node_goes_on() {
    let long = vec![b'x'; 10 << 20];
    let nested = vec![b'['; 1 << 20];
    let (status, lines, remarks) = converse([INIT, &long, &nested, &[0xff, 0xfe], b"", ECHO].join(&b'\n'));
    assert_eq!((status, lines.len()), (0, 2), "{lines:?}");
    assert!(lines[1].contains("still here"));
    assert_eq!(remarks.lines().count(), 3, "{remarks}");
}

#[test]
fn the_end_of_the_input_ends_it_and_help_marks_what_is_ours() {
    assert_eq!(converse(Vec::new()), (0, Vec::new(), String::new()));
    let help = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(["course", "--help"]).output().unwrap();
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(text.contains("commit_status* (3)") && text.contains("paxos_prepare (11)"), "{text}");
}

//! What the `grade` command says.

use super::*;
use std::process::Command;

fn playground(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_grade_command_prints_one_json_line_and_its_status_says_whether_the_goal_is_met() {
    let link = played(&named("cut-the-leader-off"), 5_000);
    let text = link.to_fragment().unwrap();
    let (status, output, errors) = playground(&["grade", &text, "--goal", "minority-write-vanishes"]);
    assert_eq!((status, errors.as_str(), output.lines().count()), (0, "", 1));
    let line: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!(
        (&line["goal"], &line["met"], &line["seed"]),
        (&"minority-write-vanishes".into(), &true.into(), &2.into()),
        "{output}"
    );
    assert_eq!(line["trace_hash"], format!("{:032x}", link.trace_hash));
    let (status, output, _) = playground(&["grade", &format!("https://example.org/{text}"), "--goal", "split-vote"]);
    assert_eq!(status, 1);
    assert!(
        output.contains(r#""met":false,"event":null,"sentence":"in no term did two candidates stand""#),
        "{output}"
    );
}

#[test]
fn the_grade_command_grades_nothing_that_is_not_the_run_that_the_link_says() {
    let mut link = played(&named("elect-and-replicate"), 1_000);
    link.trace_hash ^= 1;
    let (status, output, errors) =
        playground(&["grade", &link.to_fragment().unwrap(), "--goal", "elect-a-leader-without-split-vote"]);
    assert_eq!((status, output.as_str()), (2, ""));
    assert_eq!(errors, "here the run has another trace hash than the link says\n");
    link.engine_version = "0.0.7".to_owned();
    let (_, _, errors) =
        playground(&["grade", &link.to_fragment().unwrap(), "--goal", "elect-a-leader-without-split-vote"]);
    assert!(errors.contains("(the link was made by engine 0.0.7, and this is "), "{errors}");
    for (arguments, expected) in [
        (&["grade", "#run=1.AAAA", "--goal", "duel"][..], "the link: checksum: "),
        (&["grade", "no-such-file", "--goal", "duel"], "no-such-file: "),
        (&["grade", "#run=1.AAAA", "--goal", "gravity"], "there is no goal \"gravity\": there are elect-a-leader"),
        (&["grade", "#run=1.AAAA"], "error: the following required arguments"),
    ] {
        let (status, output, errors) = playground(arguments);
        assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
        assert!(errors.starts_with(expected), "{errors}");
    }
}

#[test]
fn the_grade_command_lists_the_goals() {
    let (status, output, _) = playground(&["grade", "--list"]);
    assert_eq!((status, output.lines().count()), (0, GOALS.len()));
    for line in output.lines() {
        let goal: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(goal["statement"].is_string() && goal["limits"]["mutations"].is_array(), "{line}");
    }
}

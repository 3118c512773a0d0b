//! What the `grade` command says of many links, and what it writes for Gradescope.

use super::*;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs `grade` with a file of links on standard input.
fn graded(arguments: &[&str], lines: &[String]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_consensus-playground"))
        .arg("grade")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn fragment(name: &str, until_ms: u64) -> String {
    played(&named(name), until_ms).to_fragment().unwrap()
}

fn stale_read() -> String {
    fragment("stale-read", 3_500)
}

fn results(arguments: &[&str], lines: &[String]) -> Value {
    let (status, output, errors) = graded(&[&["--gradescope", "-"], arguments].concat(), lines);
    assert_eq!((status, errors.as_str()), (0, ""));
    serde_json::from_str(&output).unwrap()
}

/// Of each test its name, its score, the score that it could have, and its status.
fn scores(results: &Value) -> Vec<(&str, u64, u64, &str)> {
    let tests = results["tests"].as_array().unwrap();
    let of = |test: &'_ Value, field: &str| test[field].as_u64().unwrap();
    tests
        .iter()
        .map(|test| {
            let text = |field: &str| test[field].as_str().unwrap();
            (text("name"), of(test, "score"), of(test, "max_score"), text("status"))
        })
        .collect()
}

#[test]
fn each_line_of_a_file_of_links_is_graded_and_what_is_wrong_with_one_does_not_stop_the_others() {
    let link = stale_read();
    let lines = [
        "# Week 3".to_owned(),
        format!("Ada Lovelace stale-read {link}"),
        String::new(),
        format!("bob@example.org split-vote https://example.org/play/{link}"),
        "bob@example.org stale-read #run=1.AAAA".to_owned(),
        format!("eve gravity {link}"),
        format!("mallory stale-read {}/etc/passwd", env!("CARGO_MANIFEST_DIR")),
        link.clone(),
    ];
    let (status, output, errors) = graded(&["--many", "-"], &lines);
    assert_eq!((status, errors.as_str()), (1, ""));
    let printed: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<_> = printed.iter().map(|line| line["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 4, 5, 6, 7, 8]);
    assert_eq!((&printed[0]["student"], &printed[0]["met"]), (&"Ada Lovelace".into(), &true.into()));
    assert_eq!(printed[1]["sentence"], "read-index-off is switched on, and none may be");
    let error = |place: usize| printed[place]["error"].as_str().unwrap();
    assert!(error(2).starts_with("the link: checksum: "), "{}", error(2));
    assert!(error(3).starts_with("there is no goal \"gravity\""), "{}", error(3));
    assert!(error(4).starts_with("the link: "), "a file's name is no link: {}", error(4));
    assert_eq!(error(5), "the line names no goal, and there is no --goal");
    let (status, output, _) = graded(&["--many", "-", "--goal", "stale-read", "--goal", "split-vote"], &[link]);
    assert_eq!((status, output.lines().count()), (1, 2), "a line without a goal is held against each: {output}");
    let (status, output, _) = graded(&["--many", "-"], &lines[..2]);
    assert_eq!((status, output.lines().count()), (0, 1), "all are met");
}

#[test]
fn a_submission_to_gradescope_is_marked_by_the_goals_that_are_asked_for_each_once() {
    let goals = ["--goal", "stale-read", "--goal", "minority-write-vanishes", "--goal", "duel", "--points", "5"];
    let link = stale_read();
    let lines = [
        format!("stale-read {}", fragment("elect-and-replicate", 1_000)),
        format!("stale-read {link}"),
        format!("somebody else stale-read {link}"),
        format!("minority-write-vanishes {}", fragment("cut-the-leader-off", 2_300)),
        format!("split-vote {link}"),
    ];
    let results = results(&goals, &lines);
    assert_eq!(
        scores(&results),
        [
            ("Get a stale read with at most one crash", 5, 5, "passed"),
            ("Make the minority's write disappear after healing", 0, 5, "failed"),
            ("A duel of two proposers", 0, 5, "failed")
        ],
        "whoever hands in twice, or for somebody else, gets no more points"
    );
    assert_eq!(results["output"], "1 of 3 goals are met.\nLine 5 is about \"split-vote\", which is not asked for.");
    let output = |place: usize| results["tests"][place]["output"].as_str().unwrap().to_owned();
    assert!(output(0).starts_with("Line 2: not linearizable: ") && output(0).contains(" (event "), "{}", output(0));
    assert!(output(1).ends_with("and still has it: let the network heal, and the run go on"), "{}", output(1));
    assert_eq!(output(2), "No link was handed in for duel.");
    // A name that looks like markup is told as text.
    assert_eq!((&results["output_format"], &results["tests"][0]["output_format"]), (&"text".into(), &"text".into()));
}

#[test]
fn a_submission_may_be_nothing_but_links_and_an_empty_one_has_no_points() {
    let goals = ["--goal", "split-vote", "--goal", "stale-read"];
    let found = results(&goals, &[stale_read()]);
    assert_eq!(scores(&found).iter().map(|(_, score, ..)| *score).collect::<Vec<_>>(), [0, 1]);
    let nothing = results(&goals, &[]);
    assert_eq!(nothing["output"], "0 of 2 goals are met.");
    assert_eq!(nothing["tests"][0]["output"], "No link was handed in for split-vote.");
}

#[test]
fn a_class_is_marked_by_what_its_lines_name() {
    let link = stale_read();
    let lines = [
        format!("Ada stale-read {link}"),
        format!("Bob stale-read {}", fragment("elect-and-replicate", 1_000)),
        format!("Bob gravity {link}"),
        link.clone(),
    ];
    let results = results(&[], &lines);
    assert_eq!(
        scores(&results),
        [
            ("Ada: Get a stale read with at most one crash", 1, 1, "passed"),
            ("Bob: Get a stale read with at most one crash", 0, 1, "failed"),
            ("Bob: gravity", 0, 1, "failed")
        ]
    );
    assert_eq!(results["output"], "1 of 3 goals are met.\nLine 4 names no goal.");
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_and_where() {
    for (arguments, expected) in [
        (&["--many", "no/such/file"][..], "no/such/file: "),
        (&["--gradescope", "-", "--goal", "gravity"], "there is no goal \"gravity\""),
        (&["--gradescope", "-", "--points", "0"], "error: invalid value '0' for '--points <N>'"),
        (&["--many", "-", "--list"], "error: the argument '--many <FILE>' cannot be used with '--list'"),
    ] {
        let (status, output, errors) = graded(arguments, &[]);
        assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
        assert!(errors.starts_with(expected), "{errors}");
    }
}

/// A block of the guide's chapter on grading, by what follows its language.
fn block(mark: &str) -> String {
    let chapter = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("www/guide/grading.md")).unwrap();
    let (_, after) = chapter.split_once(&format!("```sh {mark}\n")).unwrap();
    after.split_once("\n```").unwrap().0.to_owned()
}

/// Gradescope's folders, with the guide's `run_autograder` and what a student has handed in.
fn autograder(name: &str, submission: &[(&str, String)]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("autograder").join(name);
    let _ = std::fs::remove_dir_all(&root);
    for folder in ["source", "submission", "results"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::os::unix::fs::symlink(
        env!("CARGO_BIN_EXE_consensus-playground"),
        root.join("source").join("consensus-playground"),
    )
    .unwrap();
    std::fs::write(root.join("run_autograder"), block("file=run_autograder")).unwrap();
    for (file, text) in submission {
        std::fs::write(root.join("submission").join(file), text).unwrap();
    }
    let status = Command::new("sh").arg("run_autograder").env("AUTOGRADER", &root).current_dir(&root).status().unwrap();
    assert!(status.success());
    root
}

#[test]
fn the_guides_run_autograder_writes_results_for_whatever_was_handed_in() {
    let read = |root: &Path| -> Value {
        serde_json::from_str(&std::fs::read_to_string(root.join("results/results.json")).unwrap()).unwrap()
    };
    let right = autograder("right", &[("links.txt", format!("stale-read {}\r\n", stale_read()))]);
    assert_eq!(scores(&read(&right))[0], ("Get a stale read with at most one crash", 5, 5, "passed"));
    let empty = read(&autograder("empty", &[]));
    assert!(scores(&empty).iter().all(|(_, score, ..)| *score == 0) && !scores(&empty).is_empty(), "{empty}");
    let odd = read(&autograder("odd", &[("links.txt", "\u{0}\u{1} -- $(rm -rf /)\n".to_owned())]));
    assert!(scores(&odd).iter().all(|(_, score, ..)| *score == 0), "{odd}");
    std::fs::remove_dir_all(right.parent().unwrap()).unwrap();
}

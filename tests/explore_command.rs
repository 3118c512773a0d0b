//! The `explore` command from outside: exit statuses and what it prints.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

/// Explores; gives the exit status, the output and the errors.
fn explore(arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_consensus-playground")).arg("explore").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_list_has_one_name_a_line_and_each_can_be_explored() {
    let (status, list, errors) = explore(&["--list"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    let names = || list.lines().map(|line| line.split_once(' ').unwrap().0);
    assert!(names().any(|name| name == "abstract-paxos"), "{list}");
    for name in names() {
        let (status, output, errors) = explore(&[name, "--states", "100"]);
        assert_eq!((status, errors.as_str()), (3, ""), "{name}");
        assert!(output.contains("Stopped at the cap of 100 states: "), "{output}");
    }
}

#[test]
fn a_sound_model_exits_with_0_and_says_what_was_covered() {
    let (status, output, errors) = explore(&["abstract-paxos"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    let expected = "always one-value-chosen: at most one value is ever chosen, so a chosen value never changes: \
                    no violation found within these bounds\n";
    assert!(output.contains(expected), "{output}");
    let closing = output.lines().last().unwrap();
    assert!(closing.starts_with("3921 distinct states, 22994 transitions, depth 16, "), "{closing}");
    assert!(closing.ends_with(" states/s"), "{closing}");
}

#[test]
fn a_broken_property_exits_with_1_and_the_shortest_way_is_printed_step_by_step() {
    let (status, output, errors) = explore(&["raft-elections", "--mutation", "vote-not-durable"]);
    assert_eq!((status, errors.as_str()), (1, ""));
    assert!(
        output.contains("always one-leader-in-a-term: at most one leader is elected in a term: BROKEN in 8 steps\n"),
        "{output}"
    );
    let steps: Vec<&str> =
        output.lines().filter(|line| line.trim_start().starts_with(|first: char| first.is_ascii_digit())).collect();
    let numbered = steps.iter().filter(|line| line.starts_with("    ")).count();
    assert_eq!(numbered, 8, "{output}");
    assert!(output.contains("Stopped at the first failure: "), "{output}");
}

#[test]
fn a_cap_on_depth_is_said_and_what_lies_beyond_is_not_claimed() {
    let (status, output, _) = explore(&["raft-elections", "--mutation", "vote-not-durable", "--depth", "7"]);
    assert_eq!(status, 3, "a limit came first");
    assert!(output.contains("Stopped at the cap of depth 7: "), "{output}");
    assert!(output.contains("and what follows them was not looked at."), "{output}");
}

#[test]
fn what_cannot_be_read_exits_with_2() {
    for arguments in [
        &["no-such-model"][..],
        &["raft-elections", "--mutation", "no-such-rule"],
        &[],
        &["abstract-paxos", "--states", "many"],
        &["abstract-paxos", "--depth", "-1"],
    ] {
        let (status, output, errors) = explore(arguments);
        assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
        assert!(!errors.is_empty());
    }
}

#[test]
fn a_counterexample_is_written_as_a_scenario_and_run_shows_the_violation() {
    let file = std::env::temp_dir().join(format!("counterexample-{}.json", std::process::id()));
    let path = file.to_str().unwrap();
    let (status, _, errors) = explore(&["paxos", "--mutation", "majority-too-small", "--scenario-out", path]);
    assert_eq!((status, errors.as_str()), (1, ""));
    let output = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).arg("run").arg(path).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("agreement broken after event "), "{shown}");
}

#[test]
fn without_a_counterexample_nothing_is_written_and_that_is_said() {
    let file = std::env::temp_dir().join(format!("no-counterexample-{}.json", std::process::id()));
    let (status, _, errors) = explore(&["paxos", "--states", "100", "--scenario-out", file.to_str().unwrap()]);
    assert_eq!(status, 3, "a limit came first");
    assert!(errors.starts_with("no property is broken, so nothing is written to "), "{errors}");
    assert!(!file.exists());
}

/// The bounds are printed before the search begins, and when Ctrl-C is heeded already.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_search_and_what_it_has_covered_is_said() {
    let mut search = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
    let mut search = search.args(["explore", "paxos"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(search.stdout.take().unwrap());
    let mut shown = String::new();
    output.read_line(&mut shown).unwrap();
    assert!(shown.starts_with("bounds: "), "{shown}");
    assert!(Command::new("kill").args(["-INT", &search.id().to_string()]).status().unwrap().success());
    output.read_to_string(&mut shown).unwrap();
    assert_eq!(search.wait().unwrap().code(), Some(130), "{shown}");
    assert!(shown.contains("Cancelled: "), "{shown}");
    assert!(shown.contains(" and what follows them was not looked at."), "{shown}");
    assert!(shown.lines().last().unwrap().contains(" distinct states, "), "{shown}");
}

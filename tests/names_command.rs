//! What there is, by name: lists, prepared runs and addresses of the page, wherever a run is taken.

use serde_json::Value;

use consensus_playground::lesson::runs::runs;

use super::runs::commands::{playground, playground_reads};

/// The first words of a list's rows, each followed by a sentence.
fn names(arguments: &[&str], words: usize) -> Vec<String> {
    let (status, output, errors) = playground(arguments);
    assert_eq!((status, errors.as_str()), (0, ""));
    for line in output.lines() {
        assert!(line.split_whitespace().count() > words + 3 && line.ends_with('.'), "{line}");
    }
    output.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

fn trace_hash(arguments: &[&str]) -> String {
    let (status, output, errors) = playground(&[&["run"], arguments].concat());
    assert!(status < 2 && errors.is_empty(), "{arguments:?}: {errors}");
    output.lines().find_map(|line| line.strip_prefix("trace hash ")).unwrap().to_owned()
}

#[test]
fn every_prepared_run_is_listed_with_a_sentence() {
    let all: Vec<&str> = runs().iter().map(|run| run.name).collect();
    assert_eq!(names(&["run", "--list"], 2), all);
    let (_, json, _) = playground(&["run", "--list", "--json"]);
    let told: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.iter().map(|run| run["name"].as_str().unwrap()).collect::<Vec<_>>(), all);
}

#[test]
fn every_rule_that_can_be_switched_off_is_listed_with_a_sentence() {
    let all = names(&["hunt", "--list-mutations"], 2);
    let of_paxos = names(&["hunt", "--list-mutations", "--protocol", "paxos"], 2);
    assert!(all.len() > of_paxos.len() && of_paxos.contains(&"promise-ignored".to_owned()));
    let (status, _, errors) = playground(&["hunt", "--list-mutations", "--protocol", "zab"]);
    assert_eq!(status, 2);
    assert!(errors.contains("there is no protocol \"zab\": there are raft, "), "{errors}");
}

#[test]
fn every_model_is_listed_with_a_sentence() {
    assert!(names(&["explore", "--list"], 1).contains(&"raft-elections".to_owned()));
}

#[test]
fn every_address_that_the_page_understands_names_the_same_run() {
    let hash = trace_hash(&["stale-read"]);
    for address in
        ["#run=stale-read", "https://host/path/#run=stale-read&protocol=raft", "https://host/?run=stale-read"]
    {
        assert_eq!(trace_hash(&[address]), hash, "{address}");
    }
    assert_eq!(trace_hash(&["#run=duel&protocol=paxos&seed=7"]), trace_hash(&["duel", "--seed", "7"]));
    let (_, output, _) = playground(&["run", "duel", "--link"]);
    let link = output.lines().find_map(|line| line.strip_prefix("link ")).unwrap();
    let bare = link.strip_prefix("#run=").unwrap();
    let shared = trace_hash(&[link]);
    for address in [bare, &format!("run={bare}"), &format!("https://host/path/#protocol=paxos&run={bare}")] {
        assert_eq!(trace_hash(&[address]), shared);
        let (status, read, _) = playground_reads(&["run", "-"], address.as_bytes());
        assert!(status == 0 && read.contains(&shared), "{read}");
    }
}

#[test]
fn a_prepared_run_is_taken_wherever_a_run_is() {
    assert_eq!(playground(&["shrink", "#run=stale-read", "--tries", "5"]).0, 0);
    assert_eq!(playground(&["hunt", "#run=duel", "--seeds", "0..2"]).0, 0);
    let (status, line, _) = playground(&["grade", "stale-read", "--goal", "stale-read"]);
    assert!(status == 0 && line.contains("\"met\":true"), "{line}");
}

#[test]
fn a_name_that_there_is_not_is_told_with_the_nearest() {
    for (name, expected) in [
        ("stale-raed", "stale-raed: neither a prepared run nor a file. The nearest of the "),
        ("#run=stale-raed", "there is no prepared run \"stale-raed\". The nearest of the "),
        ("#run=duel&protocol=raft", "raft has no prepared run \"duel\": it is one of paxos"),
        ("#protocol=zab", "there is no protocol \"zab\": there are raft, "),
        ("#run=duel&seed=many", "a seed is a whole number, not \"many\""),
        ("1.abc", "the link: checksum: the link is cut short"),
    ] {
        for command in [&["run"][..], &["shrink"], &["grade", "--goal", "duel"], &["hunt", "--seeds", "0..2"]] {
            let (status, output, errors) = playground(&[command, &[name]].concat());
            let is_no_goal = errors.contains("there is no goal");
            assert_eq!((status, output.as_str()), (2, ""), "{command:?} {name}");
            assert!(is_no_goal || errors.contains(expected), "{command:?} {name}: {errors}");
            assert!(!name.contains("stale") || is_no_goal || errors.contains(": stale-read, "), "{errors}");
        }
    }
}

#[test]
fn a_scenario_of_another_protocol_than_is_asked_for_is_refused() {
    let (status, output, errors) = playground(&["hunt", "stale-read", "--protocol", "paxos", "--seeds", "0..2"]);
    assert_eq!((status, output.as_str()), (2, ""));
    assert_eq!(errors, "the scenario is one of raft, and --protocol says paxos\n");
    assert_eq!(playground(&["hunt", "duel", "--protocol", "paxos", "--seeds", "0..2"]).0, 0);
}

#[test]
fn what_is_too_much_is_refused_before_work_begins() {
    let most = "18446744073709551615";
    for arguments in [
        &["hunt", "--seeds", "0..2", "--faults", "4000000000"][..],
        &["hunt", "--seeds", "0..2", "--liars", "6"],
        &["hunt", "--seeds", "0..18446744073709551615", "--every-mutation", "--ranges", "2"],
        &["threshold", "--n", "3..4000000000"],
        &["threshold", "--f", "0..4000000000"],
        &["threshold", "--q", "0..4000000000"],
        &["threshold", "--seeds", "0"],
        &["explore", "paxos", "--memory", most],
        &["check", "--model", "kv", "--memory", most, "-"],
    ] {
        let (status, output, errors) = playground(arguments);
        assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
        assert!(
            errors.contains(arguments[arguments.len() - 2].trim_start_matches('-')) || arguments.contains(&"-"),
            "{errors}"
        );
    }
}

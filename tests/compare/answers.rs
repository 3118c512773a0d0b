//! What tables, diagrams and plots are made of, whoever shows them.

use consensus_playground::compare::ready::{READY, named};
use consensus_playground::compare::rows::{SECTIONS, figures};
use consensus_playground::compare::{Column, Script, Summary, Trouble, once, parse, show};
use consensus_playground::lesson::lessons::lessons;
use serde_json::Value;

use crate::runs::commands::{playground, playground_reads};

fn script(name: &str) -> Script {
    named(name).unwrap().script().unwrap()
}

#[test]
fn a_run_that_is_shown_is_the_one_that_is_measured_and_its_link_makes_it_again() {
    for protocol in ["raft", "multi-paxos", "viewstamped"] {
        let script = script("leader-crash-50-uncommitted");
        let shown = show(&script, protocol, 3).unwrap();
        assert_eq!(shown.measured, once(&script, protocol, 3, false).unwrap(), "{protocol}");
        // What comes at a time comes before all else that happens then.
        assert_eq!((shown.fault, shown.struck, shown.undone), (Some(1_039_999), Some(1_039_999), Some(2_999_999)));
        assert_eq!(shown.link.events, shown.measured.events);
        let (status, output, _) = playground(&["run", &shown.link.to_fragment().unwrap()]);
        assert!(status == 0 && output.contains("the hash agrees"), "{protocol}: {output}");
    }
    let calm = show(&script("calm"), "raft", 1).unwrap();
    assert_eq!((calm.fault, calm.struck, calm.undone), (None, None, None));
}

#[test]
fn each_figure_of_a_table_has_the_row_that_it_has_in_every_other() {
    let mut column = Column::default();
    for seed in 0..3 {
        column.take(once(&script("leader-crash"), "viewstamped", seed, false)).unwrap();
    }
    let told = figures(&column.summary().unwrap());
    for ((title, rows), (section, all)) in told.iter().zip(SECTIONS) {
        assert_eq!(title, section);
        assert_eq!(
            rows.iter().map(|(label, _)| label).collect::<Vec<_>>(),
            all.iter().map(|(label, _)| label).collect::<Vec<_>>()
        );
    }
    let figure = |label: &str| {
        let rows = told.iter().flat_map(|(_, rows)| rows);
        rows.clone().find(|(each, _)| *each == label).unwrap().1.clone()
    };
    assert_eq!(figure("answered again, runs").as_deref(), Some("3 of 3"));
    assert_eq!(figure("all carried out, runs"), None, "the script leaves the leader with no entries");
}

#[test]
fn the_leader_is_left_with_as_many_entries_as_are_asked_for_where_the_script_says_when() {
    let mut fifty = script("leader-crash-50-uncommitted");
    fifty.set_entries(7).unwrap();
    assert_eq!(once(&fifty, "raft", 0, false).unwrap().left, Some(7));
    assert_eq!(fifty.set_entries(201).unwrap_err().to_string(), "uncommitted.entries: at most 200, not 201");
    let error = script("calm").set_entries(7).unwrap_err();
    assert_eq!(error.to_string(), "uncommitted: the script has no `uncommitted`, which says when, and whom they reach");
}

/// Whether the replica that was down knows all again by then, so that another may forget, is a matter of latencies.
const FORGETFUL: &str = r#"{"protocols": ["raft", "viewstamped"], "replicas": 3, "clients": 3, "interventions": [
    {"at": 1000000, "action": {"crash": {"node": "follower-1"}}},
    {"at": 1010000, "action": {"restart": {"node": "follower-1"}}},
    {"at": 1034000, "action": {"crash": {"node": "follower-2"}}},
    {"at": 1600000, "action": {"restart": {"node": "follower-2"}}}]}"#;

#[test]
fn a_protocol_that_cannot_follow_with_one_seed_keeps_its_other_runs() {
    let script = parse(FORGETFUL).unwrap();
    let runs: Vec<_> = (0..20).map(|seed| once(&script, "viewstamped", seed, false)).collect();
    let without = runs.iter().filter(|run| matches!(run, Err(Trouble::NotApplicable(_)))).count() as u64;
    assert!((1..20).contains(&without), "{without} of 20");
    let kept: Vec<_> = runs.into_iter().flatten().collect();
    let (status, output, errors) =
        playground_reads(&["compare", "-", "--seeds", "0..20", "--json"], FORGETFUL.as_bytes());
    assert_eq!((status, errors.as_str()), (0, ""));
    let report: Value = serde_json::from_str(&output).unwrap();
    let column = &report["protocols"][1];
    assert_eq!(column["not_applicable_runs"], without);
    assert!(column["not_applicable"].as_str().unwrap().contains("than its fault model bears"), "{column}");
    assert_eq!(column["measured"], serde_json::to_value(Summary::of(&kept)).unwrap());
    assert_eq!(report["protocols"][0]["not_applicable_runs"], 0);
    let (_, table, _) = playground_reads(&["compare", "-", "--seeds", "0..20"], FORGETFUL.as_bytes());
    assert!(
        table.contains(&format!("viewstamped: not applicable in {without} of 20 runs, of which no figure tells: ")),
        "{table}"
    );
    assert!(table.contains(&format!(" of {}\n", 20 - without)), "{table}");
}

#[test]
fn a_row_of_a_lesson_leads_to_a_script_that_there_is() {
    let mut found = 0;
    for table in lessons().filter_map(|lesson| lesson.table) {
        assert_eq!(table.scripts.len(), table.rows.len());
        for script in table.scripts.iter().filter(|script| !script.is_empty()) {
            assert!(READY.iter().any(|ready| ready.name == *script), "{script}");
            found += 1;
        }
    }
    assert!(found >= 4, "{found}");
}

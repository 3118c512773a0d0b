//! The table of bugs in `tests/bugs.md` names what there is.

use consensus_playground::process::Catalogue;
use consensus_playground::{multi_paxos, paxos, pbft, raft, tendermint};
use std::collections::BTreeSet;
use std::path::Path;

const TABLE: &str = include_str!("../bugs.md");

/// The chapters, the letter of each, and how many bugs it has.
const CHAPTERS: [(&str, char, usize); 6] = [
    ("Raft", 'R', 31),
    ("Paxos", 'P', 6),
    ("Multi-Paxos", 'M', 6),
    ("PBFT", 'B', 11),
    ("Tendermint", 'T', 12),
    ("Checkers", 'L', 8),
];

struct Row<'a> {
    chapter: &'a str,
    cells: Vec<&'a str>,
}

fn rows() -> Vec<Row<'static>> {
    let mut chapter = "";
    let mut rows = Vec::new();
    for line in TABLE.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            chapter = title;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if line.starts_with('|') && !cells[0].is_empty() && !cells[0].starts_with('-') {
            rows.push(Row { chapter, cells });
        }
    }
    rows
}

/// What stands between backticks.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn rules(chapter: &str) -> BTreeSet<&'static str> {
    fn of<C: Catalogue>() -> BTreeSet<&'static str> {
        C::ALL.iter().map(|rule| rule.name()).collect()
    }
    match chapter {
        "Raft" => of::<raft::Mutation>(),
        "Paxos" => of::<paxos::Mutation>(),
        "Multi-Paxos" => of::<multi_paxos::Mutation>(),
        "PBFT" => of::<pbft::Mutation>(),
        "Tendermint" => of::<tendermint::Mutation>(),
        _ => BTreeSet::new(),
    }
}

/// The names of all functions that are marked as tests.
fn tests_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            tests_in(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&entry).unwrap();
            let tests = text.split("#[test]\n").skip(1).filter_map(|rest| rest.split_once("fn ")?.1.split_once('('));
            found.extend(tests.map(|(name, _)| name.to_owned()));
        }
    }
}

#[test]
fn every_test_of_the_table_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeSet::new();
    for folder in ["src", "tests"] {
        tests_in(&root.join(folder), &mut tests);
    }
    for Row { cells, .. } in rows() {
        let named: Vec<&str> = names(cells[3]).collect();
        assert!(!named.is_empty() || cells[3].starts_with("not here: "), "{}: neither a test nor a reason", cells[0]);
        for name in named {
            assert!(tests.contains(name), "{}: there is no test {name}", cells[0]);
        }
    }
}

#[test]
fn every_rule_of_the_table_can_be_switched_off() {
    for Row { chapter, cells } in rows() {
        for rule in names(cells[4]) {
            assert!(rules(chapter).contains(rule), "{}: {chapter} has no rule {rule}", cells[0]);
        }
    }
}

#[test]
fn every_number_has_its_row() {
    let numbers: Vec<String> = rows().iter().map(|row| row.cells[0].to_owned()).collect();
    let expected =
        CHAPTERS.iter().flat_map(|(_, letter, count)| (1..=*count).map(move |number| format!("{letter}{number}")));
    assert_eq!(numbers, expected.collect::<Vec<_>>());
    for Row { chapter, cells } in rows() {
        assert_eq!(cells.len(), 5, "{}", cells[0]);
        assert!(
            CHAPTERS.iter().any(|(title, letter, _)| *title == chapter && cells[0].starts_with(*letter)),
            "{}",
            cells[0]
        );
    }
}

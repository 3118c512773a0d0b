//! The tables of rules that are switched off: those rows that are quick to measure are measured, and must say what is seen.
//!
//! A hunt is the same on every machine, so a row that says 17 seeds says that seed 16 is the first that fails, and how. The
//! rows with more seeds or states than the bounds below stand as they were measured by the commands beside the tables.

use consensus_playground::process::Catalogue as _;
use consensus_playground::scenario::{Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::search::explore::{Ended, Limits, Outcome};
use consensus_playground::search::hunt::{FAULTS_MAX, Hunter, Options};
use consensus_playground::search::models;
use expect_test::expect_file;

use super::chapters::root;

/// Rows with more seeds than these are not hunted again.
const SEEDS_MAX: u64 = 100;

/// Searches with more states than these are not done again.
const STATES_MAX: u32 = 35_000;

/// The check that every client is served once the faults are over, as the tables write it.
const SERVED: &str = "*served*";

/// A row of a table, cell by cell.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix("| ")?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

fn name(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

/// A chapter with each line that `row` has something else to say of; `row` is told the heading of the table's first column.
fn rewritten(path: &str, row: impl Fn(&str, &[String]) -> Option<String>) {
    let path = root().join(path);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut table = String::new();
    let mut lines = String::new();
    for line in text.lines() {
        let new = match cells(line) {
            None => {
                table.clear();
                None
            }
            Some(cells) if table.is_empty() => {
                table.clone_from(&cells[0]);
                None
            }
            Some(cells) => row(&table, &cells),
        };
        lines += new.as_deref().unwrap_or(line);
        lines.push('\n');
    }
    expect_file![path].assert_eq(&lines);
}

/// The first seed of a range that shows that a rule is missed, counted from 1, and what missed it.
struct First<'a> {
    mutation: &'a str,
    scenario: &'a Scenario,
    seeds: u64,
}

impl WithProtocol for First<'_> {
    type Output = Option<(u64, &'static str)>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut scenario = self.scenario.clone();
        scenario.mutations.push(self.mutation.to_owned());
        let mut hunter = Hunter::<R>::new(Options::new(scenario, FAULTS_MAX, None));
        (0..self.seeds).find_map(|seed| Some((seed + 1, hunter.hunt(seed).unwrap().failure?.name)))
    }
}

/// The names of a protocol's rules that can be switched off.
struct Rules;

impl WithProtocol for Rules {
    type Output = Vec<&'static str>;

    fn with<R: Playable>(self) -> Self::Output {
        R::Mutation::ALL.iter().map(|mutation| mutation.name()).collect()
    }
}

/// `Multi-Paxos without` is a table of `multi-paxos`, `Viewstamped Replication without` one of `viewstamped`.
fn protocol_of(table: &str) -> Option<String> {
    let title = table.strip_suffix(" without")?;
    Some(title.strip_suffix(" Replication").unwrap_or(title).to_lowercase())
}

#[test]
fn each_rule_is_missed_as_soon_as_the_table_says() {
    let measured = |table: &str, cells: &[String]| {
        let (protocol, mutation) = (protocol_of(table)?, name(&cells[0])?);
        let stated: Option<u64> = cells[1].parse().ok();
        if stated.is_some_and(|seeds| seeds > SEEDS_MAX) || cells[1] == "-" {
            return None;
        }
        let scenario = Scenario::of(&protocol);
        let first = with_protocol(&protocol, First { mutation, scenario: &scenario, seeds: SEEDS_MAX }).unwrap();
        let (seeds, by) = first.unwrap_or((0, "nothing"));
        let by = if by == "every-client-is-served" { SERVED } else { by };
        // What five ranges took is not measured again.
        Some(format!("| `{mutation}` | {seeds} | {by} | {} |", cells[3..].join(" | ")))
    };
    rewritten("www/guide/mutations.md", measured);
}

#[test]
fn the_tables_have_every_rule_in_its_order() {
    let text = std::fs::read_to_string(root().join("www/guide/mutations.md")).unwrap();
    for protocol in ["raft", "paxos", "multi-paxos", "viewstamped", "pbft", "tendermint"] {
        let is_head =
            |line: &&str| cells(line).is_some_and(|cells| protocol_of(&cells[0]).as_deref() == Some(protocol));
        let rows = text.lines().skip_while(|line| !is_head(line)).skip(2).map_while(cells);
        let listed: Vec<String> = rows.filter_map(|cells| name(&cells[0]).map(str::to_owned)).collect();
        assert_eq!(listed, with_protocol(protocol, Rules).unwrap(), "{protocol}");
    }
}

/// How many states a model has, and the length of the shortest counterexample; none where that takes too long to find out.
fn explored(model: &str, mutations: &[String]) -> Option<(u32, Option<usize>)> {
    let mut search = models::begin(model, mutations, Limits { states_max: STATES_MAX, ..Limits::default() }).unwrap();
    while search.advance(10_000).ended.is_none() {}
    let report = search.report();
    let broken = report.properties.iter().find(|property| property.outcome == Outcome::Broken);
    let steps = broken.and_then(|property| property.path.as_ref()).map(|path| path.steps.len());
    let is_known = matches!(report.progress.ended, Some(Ended::Exhausted | Ended::Failed));
    is_known.then_some((report.progress.states, steps))
}

/// 34,321
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn models_have_as_many_states_and_counterexamples_as_many_steps_as_the_tables_say() {
    let measured = |table: &str, cells: &[String]| match table {
        "model" => {
            let stated: u32 = cells[2].replace(',', "").parse().ok()?;
            let (states, _) = explored(name(&cells[0])?, &[]).filter(|_| stated <= STATES_MAX)?;
            Some(format!("| {} | {} | {} |", cells[0], cells[1], grouped(states)))
        }
        "switched off" => {
            let model = name(&cells[1])?;
            let rules: Vec<&str> = cells[0].split(", ").filter_map(name).collect();
            let steps: Vec<usize> = rules.iter().filter_map(|rule| explored(model, &[(*rule).to_owned()])?.1).collect();
            // Rules that share a row share the length.
            let first = steps.first().filter(|first| steps.iter().all(|steps| steps == *first))?;
            Some(format!("| {} | {} | {} | {first} |", cells[0], cells[1], cells[2]))
        }
        _ => None,
    };
    rewritten("www/guide/explorer.md", measured);
}

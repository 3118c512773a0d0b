//! A run in the formats of other tools: each is read again by a small strict reader of its grammar.
//!
//! * `readers`: what Mermaid, ShiViz and ITF allow, and nothing more. * `histories`: written and judged again.

mod histories;
mod readers;

use consensus_playground::export::{Exported, Format, export, itf, mermaid, shiviz};
use consensus_playground::lesson::runs::runs;
use consensus_playground::process::MILLISECOND;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Link, Playable, Scenario, WithProtocol, parse, with_protocol};
use expect_test::expect_file;

use super::runs::commands::{playground, playground_reads};

/// A run of a scenario in a format.
struct In<'a> {
    scenario: &'a Scenario,
    until_ms: u64,
    format: Format,
}

impl WithProtocol for In<'_> {
    type Output = Result<Exported, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut run = Run::new(self.scenario.simulation::<R>().unwrap());
        run.run_until(self.until_ms * MILLISECOND, u32::MAX);
        let all = 0..run.simulation().events();
        let link = Link::of_run(&mut run, self.scenario, u32::MAX);
        export(&mut run, self.format, all, &link)
    }
}

fn exported(scenario: &Scenario, until_ms: u64, format: Format) -> Exported {
    with_protocol(&scenario.protocol, In { scenario, until_ms, format }).unwrap().unwrap()
}

fn prepared(name: &str) -> Scenario {
    consensus_playground::lesson::runs::run(name).unwrap().scenario
}

/// Words that mean something to each of the formats, and to a page.
fn hostile() -> Scenario {
    let text = r##"a;b\n%%{init: {}}%% #35; end : wrap: <b>&\"' \\\" \u2028\u2029\u0000\u001b\u202e {\"n1\":9} \r\nn2 {\"n1\":9}\n"##;
    let put = |at: u64, key: &str, value: &str| {
        format!(
            r#"{{"at":{at},"action":{{"invoke":{{"client":"c1","command":{{"put":{{"key":"{key}","value":"{value}"}}}}}}}}}}"#
        )
    };
    let deeds = [put(600_000, text, text), put(601_000, "sequenceDiagram", "#meta")].join(",");
    parse(&format!(
        r#"{{"protocol":"raft","title":"{text}","replicas":3,"clients":1,"network":{{"loss":{{"numerator":1,"denominator":10}}}},"interventions":[{deeds}]}}"#
    ))
    .unwrap()
}

/// Short ones of every protocol, and one whose every word is bait.
fn scenarios() -> Vec<Scenario> {
    let mut scenarios: Vec<Scenario> = runs().into_iter().map(|run| run.scenario).collect();
    scenarios.push(hostile());
    scenarios
}

#[test]
fn a_short_run_is_written_as_expected() {
    let scenario = Scenario { replicas: 3, clients: 1, ..Scenario::of("raft") };
    for (format, name) in [
        (Format::Mermaid, "mermaid.mmd"),
        (Format::Shiviz, "shiviz.log"),
        (Format::Itf, "trace.itf.json"),
        (Format::Edn, "history.edn"),
        (Format::Jsonl, "history.jsonl"),
        (Format::Rust, "replay.txt"),
    ] {
        let until = if format == Format::Itf { 180 } else { 320 };
        let file = format!("{}/tests/golden/formats/{name}", env!("CARGO_MANIFEST_DIR"));
        expect_file![file].assert_eq(&exported(&scenario, until, format).text);
    }
}

#[test]
fn every_run_is_a_diagram_that_mermaid_reads() {
    for scenario in scenarios() {
        let Exported { text, left_out } = exported(&scenario, 1_500, Format::Mermaid);
        let (messages, notes) = readers::mermaid(&text);
        assert!(messages <= mermaid::MESSAGES_MAX + 64 && notes <= mermaid::NOTES_MAX + 8, "{messages} {notes}");
        assert_eq!(left_out.is_some(), text.contains("  %% only the first "));
    }
    assert!(exported(&prepared("elect-and-replicate"), 5_000, Format::Mermaid).left_out.is_some());
}

#[test]
fn every_run_is_a_log_that_shiviz_reads() {
    for scenario in scenarios() {
        let Exported { text, left_out } = exported(&scenario, 1_500, Format::Shiviz);
        let events = readers::shiviz(&text);
        assert!(events <= shiviz::EVENTS_MAX);
        assert_eq!(left_out.is_some(), events == shiviz::EVENTS_MAX);
    }
}

#[test]
fn every_run_is_a_trace_that_apalache_would_write() {
    for scenario in scenarios() {
        let Exported { text, left_out } = exported(&scenario, 400, Format::Itf);
        let states = readers::itf(&text);
        assert!(states <= itf::STATES_MAX && states > 1, "{states}");
        assert!(left_out.is_none() || states == itf::STATES_MAX, "{left_out:?}");
    }
}

/// The states are those of the run: the last one is what the run came to.
#[test]
fn a_part_of_a_run_begins_and_ends_where_it_is_asked_to() {
    let lines = |format: &str| {
        let (status, text, errors) = playground(&["run", "stale-read", "--format", format, "--events", "700..720"]);
        assert_eq!((status, errors.as_str()), (1, ""));
        text
    };
    assert_eq!(readers::shiviz(&lines("shiviz")), 20);
    assert_eq!(readers::itf(&lines("itf")), 21);
    let (messages, notes) = readers::mermaid(&lines("mermaid"));
    assert!(messages + notes > 3);
    let trace: serde_json::Value = serde_json::from_str(&lines("itf")).unwrap();
    assert_eq!(trace["states"][1]["event"]["#bigint"], "700");
    for (events, told) in [("9..9", "a range such as 0..1000"), ("99999..100000", "--events: the run has 2075 events")]
    {
        let (status, output, errors) = playground(&["run", "stale-read", "--format", "itf", "--events", events]);
        assert_eq!((status, output.as_str()), (2, ""));
        assert!(errors.contains(told), "{errors}");
    }
    assert_eq!(playground(&["run", "stale-read", "--format", "edn", "--events", "0..9"]).0, 2);
}

#[test]
fn what_is_left_out_is_told_beside_the_text() {
    let (status, text, errors) = playground(&["run", "elect-and-replicate", "--format", "mermaid"]);
    assert_eq!(status, 0);
    assert!(errors.starts_with("only the first ") && errors.contains("; the run goes on to event "), "{errors}");
    assert!(text.ends_with(&format!("  %% {errors}")), "{errors}");
}

/// A test of a run holds a link to it, and fails for the same promise.
#[test]
fn a_test_replays_the_run_that_it_is_of() {
    for (name, function, tail) in [
        ("stale-read", "fn raft_seed_27_keeps_linearizability() {", "which breaks linearizability."),
        ("elect-and-replicate", "fn raft_seed_1_keeps_every_promise() {", "which keeps every promise."),
    ] {
        let (_, text, errors) = playground(&["run", name, "--format", "rust"]);
        assert!(errors.is_empty() && text.contains(function) && text.contains(tail), "{text}");
        let link =
            text.lines().find_map(|line| line.strip_prefix("const LINK: &str = \"")).unwrap().trim_end_matches("\";");
        let broken = consensus_playground::search::shrink::broken_by(&Link::read(link).unwrap()).unwrap();
        assert_eq!(broken.is_some(), name == "stale-read");
    }
}

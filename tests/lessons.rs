//! The course's tasks and lessons: every example is answered, every field explained, every name leads somewhere, and
//! every run shows what is said of it.

use consensus_playground::course::{Line, Node, Settings, code};
use consensus_playground::grade::{GOALS, goal};
use consensus_playground::lesson::curves::{CURVES, Curve, curve};
use consensus_playground::lesson::fields::explain;
use consensus_playground::lesson::lessons::{Demo, LessonKind, lessons};
use consensus_playground::lesson::measured::measured;
use consensus_playground::lesson::runs::{run, runs};
use consensus_playground::lesson::tasks::{TRACKS, tasks};
use consensus_playground::lesson::{mutation, rule};
use consensus_playground::paxos::Paxos;
use consensus_playground::process::{Catalogue, MILLISECOND, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::{Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::sim::Stepped;
use serde_json::Value;
use std::collections::BTreeSet;

mod predict;

/// What the node says to an example, message by message; a remark on standard error is a failure.
fn answers(lines: &[String]) -> Vec<Value> {
    let mut node = Node::new(Settings::default());
    let said = lines.iter().flat_map(|line| node.handle_line(line));
    said.map(|line| match line {
        Line::Out(text) => serde_json::from_str(&text).unwrap(),
        Line::Diagnostic(text) => panic!("{text}"),
    })
    .collect()
}

#[test]
fn there_are_twenty_tasks_in_four_tracks_of_five() {
    assert_eq!(tasks().map(|task| task.number).collect::<Vec<_>>(), (1..=20).collect::<Vec<u8>>());
    assert!(TRACKS.len() == 4 && TRACKS.iter().all(|track| track.tasks.len() == 5));
    let names: BTreeSet<&str> = tasks().map(|task| task.name).chain(lessons().map(|lesson| lesson.name)).collect();
    assert_eq!(names.len(), 20 + lessons().count(), "a name leads to one place");
}

#[test]
fn every_example_is_answered_and_refused_only_where_that_is_meant() {
    for task in tasks() {
        assert!(!task.examples.is_empty() && !task.asks.is_empty() && !task.sources.is_empty(), "{}", task.name);
        for example in task.examples {
            let replies = answers(&example.lines());
            assert_eq!(replies.len(), example.bodies.len() + 1, "{}: {}", task.name, example.title);
            let is_error = |reply: &Value| reply["body"]["type"] == "error";
            let (last, before) = replies.split_last().unwrap();
            assert!(!before.iter().any(is_error), "{}: {}", task.name, example.title);
            assert_eq!(is_error(last), example.is_refused, "{}: {}: {last}", task.name, example.title);
            if example.is_refused {
                assert!(
                    [code::MALFORMED_REQUEST, code::PRECONDITION_FAILED]
                        .contains(&last["body"]["code"].as_u64().unwrap()),
                    "{last}"
                );
            }
        }
    }
}

#[test]
fn every_task_has_examples_of_its_own_messages() {
    for task in tasks() {
        let asked: BTreeSet<String> =
            task.examples.iter().flat_map(|example| example.bodies).map(|body| kind_of(body)).collect();
        let own = task.kinds();
        assert!(own.iter().any(|kind| asked.contains(kind.name)) || task.number == 3, "{}: {asked:?}", task.name);
    }
}

fn kind_of(body: &str) -> String {
    serde_json::from_str::<Value>(body).unwrap()["type"].as_str().unwrap().to_owned()
}

/// The fields of an object and of those in it, as far as names are names and not keys of a store.
fn fields(value: &Value, into: &mut BTreeSet<String>) {
    const BY_KEY: &[&str] = &["state", "match_indices", "messages_sent", "echo", "value", "held", "reads"];
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                into.insert(name.clone());
                if !BY_KEY.contains(&name.as_str()) {
                    fields(value, into);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, into)),
        _ => {}
    }
}

#[test]
fn every_field_of_every_message_is_explained() {
    let mut missing = BTreeSet::new();
    for example in tasks().flat_map(|task| task.examples) {
        let asked = example.lines().into_iter().map(|line| serde_json::from_str::<Value>(&line).unwrap());
        for message in asked.chain(answers(&example.lines())) {
            let mut names = BTreeSet::new();
            fields(&message, &mut names);
            let kind = message["body"]["type"].as_str().unwrap().to_owned();
            missing.extend(
                names.into_iter().filter(|name| explain(&kind, name).is_none()).map(|name| format!("{kind}: {name}")),
            );
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_name_leads_somewhere() {
    let known: BTreeSet<&str> = runs().iter().map(|run| run.name).collect();
    assert_eq!(known.len(), runs().len(), "a name leads to one run");
    for task in tasks() {
        assert!(
            !task.runs.is_empty() && task.runs.iter().all(|name| known.contains(name)),
            "{}: {:?}",
            task.name,
            task.runs
        );
        assert_eq!(task.rules().len(), task.rules.len(), "{}: {:?}", task.name, task.rules);
        assert!(task.rules.iter().all(|name| rule(task.protocol, name).is_some()));
        for name in task.goals {
            assert!(goal(name).is_ok(), "{}: {name}", task.name);
        }
    }
    for lesson in lessons() {
        assert!(lesson.runs.iter().all(|name| known.contains(name)), "{}: {:?}", lesson.name, lesson.runs);
        assert!(lesson.curve.is_none_or(|name| CURVES.contains(&name)));
        if let Some((protocol, name)) = lesson.switch {
            assert!(mutation(protocol, name).is_some());
            assert_eq!(run(lesson.runs[0]).unwrap().scenario.mutations, [name]);
        }
    }
}

#[test]
fn every_goal_goes_with_a_task() {
    let of_tasks: BTreeSet<&str> = tasks().flat_map(|task| task.goals).copied().collect();
    assert_eq!(of_tasks, GOALS.iter().map(|goal| goal.name).collect());
}

#[test]
fn every_lesson_has_its_sources_and_something_that_shows_it() {
    let count = |kind| lessons().filter(|lesson| lesson.kind == kind).count();
    assert_eq!([LessonKind::Question, LessonKind::Mistake, LessonKind::Comparison].map(count), [5, 5, 2]);
    for lesson in lessons() {
        assert!(!lesson.sources.is_empty() && !lesson.answer.is_empty(), "{}", lesson.name);
        assert!(
            lesson.sources.iter().all(|source| !source.work.is_empty() && !source.place.is_empty()),
            "{}",
            lesson.name
        );
        assert!(!lesson.runs.is_empty() || lesson.demo == Some(Demo::Lock), "{}", lesson.name);
        if let Some(table) = lesson.table {
            assert!(table.rows.iter().all(|row| row.len() == table.head.len()), "{}", lesson.name);
        }
    }
}

/// What was seen in a run: the rules that fired, the invariants that broke, and the checker's word.
struct Seen {
    rules: BTreeSet<&'static str>,
    broken: BTreeSet<&'static str>,
    is_linearizable: bool,
}

struct Watching<'a> {
    scenario: &'a Scenario,
    until_ms: u64,
}

impl WithProtocol for Watching<'_> {
    type Output = Seen;

    fn with<R: Playable>(self) -> Seen {
        let mut run = Run::new(self.scenario.simulation::<R>().unwrap());
        run.run_until(self.until_ms * MILLISECOND, u32::MAX);
        let (trace, replicas) = (run.simulation().trace(), run.simulation().world().setup().replicas);
        let of_replicas = trace.events.iter().filter(|event| event.node < replicas);
        let rules = of_replicas
            .flat_map(|event| trace.rules_of(event))
            .map(|code| R::Rule::ALL[usize::from(code)].name())
            .collect();
        let broken = run.findings_at_end().iter().map(|finding| finding.invariant.name).collect();
        Seen { rules, broken, is_linearizable: run.verdict(1_000_000).sentence.starts_with("linearizable") }
    }
}

fn seen(name: &str, until_ms: u64) -> Seen {
    let scenario = run(name).unwrap_or_else(|| panic!("there is no run {name}")).scenario;
    with_protocol(&scenario.protocol, Watching { scenario: &scenario, until_ms }).unwrap()
}

/// The runs of the course that keep every promise, each with rules that fire in it.
const SOUND: &[(&str, &[&str])] = &[
    ("two-far-away", &["committed", "commit-learned"]),
    ("restart-and-apply", &["applied", "committed"]),
    ("log-behind-loses", &["vote-refused-log-behind", "stepped-down-higher-term"]),
    ("figure-8", &["old-term-not-counted", "conflict-truncated"]),
    ("asked-twice-applied-once", &["duplicate-answered"]),
    ("leader-crashes", &["no-op-appended", "old-term-not-counted", "committed"]),
    ("catch-up-by-snapshot", &["snapshot-taken", "snapshot-sent", "snapshot-installed"]),
    ("same-script-raft", &["became-leader", "committed"]),
    ("same-script-multi-paxos", &["became-leader", "chosen"]),
    ("never-backs-up", &["append-refused"]),
    ("no-compaction", &["applied"]),
    ("lock-held-during-a-call", &["committed"]),
    ("everyone-must-acknowledge", &["committed"]),
    ("three-that-wait-for-all", &["primary-suspected"]),
    ("tendermint-silent-proposer", &["propose-timed-out", "decided"]),
    ("kept-undecided-raft", &["became-leader"]),
    ("kept-undecided-paxos", &["learned"]),
    ("fresh-read", &["read-index-taken", "read-served"]),
];

/// The runs in which a promise is broken: the invariants that say so.
const BROKEN: &[(&str, &str)] = &[
    ("applied-before-committed", "state-machine-safety"),
    ("consistency-check-off", "log-matching"),
    ("raft-with-a-liar", "log-matching"),
    ("three-of-which-one-lies", "agreement"),
];

#[test]
fn every_run_of_the_course_shows_what_is_said_of_it() {
    for (name, rules) in SOUND {
        let seen = seen(name, 4_000);
        let missing: Vec<_> = rules.iter().filter(|rule| !seen.rules.contains(*rule)).collect();
        assert!(missing.is_empty(), "{name} does not show {missing:?}");
        assert!(seen.broken.is_empty() && seen.is_linearizable, "{name}: {:?}", seen.broken);
    }
    for (name, invariant) in BROKEN {
        let seen = seen(name, 4_000);
        assert!(seen.broken.contains(invariant), "{name}: {:?}", seen.broken);
    }
    assert!(!seen("stale-read", 4_000).is_linearizable);
}

#[test]
fn every_run_of_the_course_is_named_in_this_file_or_in_the_gallery() {
    let gallery: BTreeSet<&str> =
        consensus_playground::scenario::gallery::gallery().iter().map(|entry| entry.name).collect();
    let named =
        SOUND.iter().map(|(name, _)| *name).chain(BROKEN.iter().map(|(name, _)| *name)).collect::<BTreeSet<_>>();
    for run in runs() {
        assert!(gallery.contains(run.name) || named.contains(run.name), "{}", run.name);
        assert_eq!(run.scenario.title.as_deref(), Some(run.title), "{}", run.name);
    }
}

#[test]
fn a_lower_number_may_be_chosen_after_a_majority_has_promised_a_higher_one() {
    // As the task on promises says: no other value, but this one. n3 is slow to hear of ballot 1, and nobody asks it
    // for a promise of ballot 2.
    let text = r#"{"protocol":"paxos","seed":1,"replicas":3,"clients":2,"network":{"latency_ticks":{"min":10000,"max":10000}},
        "workload":{"operations_per_client":0},"paxos":{"retry_ticks":5000000},"interventions":[
        {"at":0,"action":{"link_latency":{"from":"n1","to":"n3","latency_ticks":{"min":45000,"max":45000}}}},
        {"at":1,"action":{"cut":{"links":[{"from":"n2","to":"n3"}]}}},
        {"at":10000,"action":{"invoke":{"client":"c1","command":{"cas":{"key":"value","expected":null,"new":"tea"}}}}},
        {"at":35000,"action":{"cut":{"links":[{"from":"n1","to":"n2"}]}}},
        {"at":60000,"action":{"invoke":{"client":"c2","command":{"cas":{"key":"value","expected":null,"new":"coffee"}}}}},
        {"at":75000,"action":{"restore":{"links":[{"from":"n1","to":"n2"}]}}}]}"#;
    let scenario: Scenario = serde_json::from_str(text).unwrap();
    let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
    let mut promised_when_chosen = None;
    while run.step_until(2 * SECOND) == Stepped::Event {
        let disks = || run.simulation().world().replicas().iter().map(|machine| &machine.disk.durable);
        let accepted =
            disks().filter(|disk| disk.accepted.as_ref().is_some_and(|accepted| accepted.ballot.round == 1)).count();
        if accepted == 2 && promised_when_chosen.is_none() {
            promised_when_chosen =
                Some(disks().filter(|disk| disk.promised.is_some_and(|promised| promised.round == 2)).count());
        }
    }
    assert_eq!(promised_when_chosen, Some(2), "ballot 1 is chosen when a majority has promised ballot 2");
    assert!(run.findings_at_end().is_empty(), "{:?}", run.findings_at_end());
    let chosen = run.simulation().world().replicas().iter().filter_map(|machine| machine.process.as_ref()?.chosen());
    assert!(chosen.into_iter().all(|chosen| &*chosen.value == "tea"));
    let text = tasks().find(|task| task.name == "prepare-promise").unwrap().asks.concat();
    assert!(text.contains("no other value than the one that was told"), "{text}");
}

#[test]
fn a_new_leader_of_multi_paxos_runs_phase_1_in_every_example() {
    let after_depose = tasks()
        .flat_map(|task| task.examples)
        .filter(|example| example.bodies.iter().any(|body| body.contains("depose")));
    let mut seen = 0;
    for example in after_depose {
        let last = &answers(&example.lines()).pop().unwrap()["body"];
        assert_eq!(last["phase1_skipped"], false, "{}: {last}", example.title);
        seen += 1;
    }
    assert!(seen >= 2);
}

#[test]
fn three_that_wait_for_all_commit_nothing() {
    assert!(!seen("three-that-wait-for-all", 4_000).rules.contains("committed-local"));
}

fn last(curve: &Curve, place: usize) -> u64 {
    curve.series[place].points.last().unwrap().1
}

#[test]
fn the_curves_expose_the_mistakes() {
    let size = curve("log-size").unwrap();
    assert!(last(&size, 0) > 5 * last(&size, 1), "{}", size.sentence);
    let throughput = curve("throughput").unwrap();
    assert!(last(&throughput, 0) * 5 < last(&throughput, 1), "{}", throughput.sentence);
    let commits = curve("commit-index").unwrap();
    assert!(
        commits.sentence.starts_with("While n5 is cut off, 0 entries") || commits.sentence.contains(" 1 entries"),
        "{}",
        commits.sentence
    );
    let refusals = curve("refusals").unwrap();
    assert!(last(&refusals, 0) > 10 * last(&refusals, 1).max(1), "{}", refusals.sentence);
    for name in CURVES {
        let curve = curve(name).unwrap();
        assert!(curve.series.len() == 2 && curve.series[0].is_mistaken && !curve.series[1].is_mistaken, "{name}");
        assert!(curve.series.iter().all(|series| series.points.is_sorted_by_key(|point| point.0)), "{name}");
    }
}

#[test]
fn two_protocols_are_measured_on_one_script() {
    let [raft, multi_paxos] = measured().try_into().unwrap();
    for measured in [&raft, &multi_paxos] {
        assert!(measured.answered > 10, "{measured:?}");
        assert!(
            measured.median_ticks > MILLISECOND
                && measured.outage_ticks > 20 * MILLISECOND
                && measured.outage_ticks < 2 * SECOND,
            "{measured:?}"
        );
        assert!(measured.messages_per_hundred > 100 && measured.outage_messages > 0, "{measured:?}");
    }
    assert_eq!((raft.protocol, multi_paxos.protocol), ("raft", "multi-paxos"));
}

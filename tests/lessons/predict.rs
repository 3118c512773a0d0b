//! What tasks and lessons ask before a run is seen.

use super::*;
use consensus_playground::lesson::predict::{Posed, posed, questions};
use consensus_playground::raft::{Raft, Role};

#[test]
fn every_task_and_lesson_asks_at_least_two_questions_that_its_runs_answer() {
    let names: Vec<&str> = tasks().map(|task| task.name).chain(lessons().map(|lesson| lesson.name)).collect();
    let mut problems = Vec::new();
    for name in &names {
        match posed(name) {
            // Of the choices exactly one is true of the run: all others are wrong.
            Ok(posed) => {
                assert!(posed.len() >= 2, "{name}");
                for question in posed {
                    let choices = question.choices.len() as u32;
                    assert!(question.kind == "number" || (choices >= 2 && question.right < choices), "{question:?}");
                    assert!(question.ask.ends_with(['?', '.']) && question.why.ends_with('.'), "{question:?}");
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(questions().all(|question| names.contains(&question.of)), "nobody asks what leads nowhere");
}

#[test]
fn a_question_asks_about_rules_that_its_protocol_has() {
    for question in questions() {
        let protocol = run(question.run).unwrap().scenario.protocol;
        for deed in question.deeds() {
            assert!(
                rule(&protocol, deed.rule()).is_some(),
                "{}: {} has no rule {}",
                question.of,
                protocol,
                deed.rule()
            );
        }
    }
}

#[test]
fn a_question_is_answered_by_the_run_and_not_by_whoever_wrote_it() {
    let answers = |name: &str| -> Vec<(String, Option<u32>)> {
        let told = |question: Posed| {
            let answer = question.choices.get(question.right as usize).cloned();
            (answer.unwrap_or_else(|| question.right.to_string()), question.events)
        };
        posed(name).unwrap().into_iter().map(told).collect()
    };
    let [(next, seen), ..] = &answers("no-op-on-election")[..] else { panic!() };
    // What the transcript of the run says of its second election.
    assert_eq!(next, "n2");
    let scenario = run("leader-crashes").unwrap().scenario;
    let mut told = Run::new(scenario.simulation::<Raft>().unwrap());
    told.run_until(4_000 * MILLISECOND, seen.unwrap());
    let leads = |node: usize| {
        let process = told.simulation().world().replicas()[node].process.as_ref();
        process.is_some_and(|process| matches!(process.role_state(), Role::Leader(_)))
    };
    assert!(leads(1) && !leads(2), "just after that event n2 leads");
    assert_eq!(answers("equivocation")[1].0, "n2");
    assert_eq!(answers("commit-rule")[1].0, "4");
    assert_eq!(answers("entry-commitment")[0].0, "2");
    assert_eq!(answers("no-compaction")[0].0, "0");
    assert!(posed("no-such-lesson").unwrap().is_empty());
}

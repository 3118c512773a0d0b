//! Gradescope's `results.json`: a test for each goal, with what was seen or what is missing.
//!
//! The format is the one of Gradescope's autograder specification, “Output format”. All texts say that they are plain
//! text: names in a run are its author's, and none of them is to be read as HTML.

use std::collections::BTreeSet;

use consensus_playground::grade::{Goal, goal};
use serde::Serialize;

use super::Graded;
use super::handed_in::{HandedIn, shown};

/// The whole file.
#[derive(Serialize)]
pub struct Results {
    output: String,
    output_format: &'static str,
    tests: Vec<Test>,
}

/// A goal of somebody.
#[derive(Serialize)]
struct Test {
    name: String,
    name_format: &'static str,
    score: u32,
    max_score: u32,
    status: &'static str,
    output: String,
    output_format: &'static str,
}

const TEXT: &str = "text";

/// Who is to meet a goal, and which.
struct Asked {
    student: Option<String>,
    goal: String,
}

/// Marks what was handed in. `goals`: the goals that are asked for, each of which counts once, whoever a line names; none:
/// each goal of each student that a line names.
pub fn results(handed_in: &[HandedIn], goals: &[&'static Goal], points: u32) -> Results {
    let asked = if goals.is_empty() { named(handed_in) } else { wanted(goals) };
    let tests: Vec<Test> = asked.iter().map(|asked| test(asked, handed_in, goals, points)).collect();
    let met = tests.iter().filter(|test| test.score > 0).count();
    let mut sentences = vec![format!("{met} of {} met.", count(tests.len(), "goal"))];
    sentences.extend(handed_in.iter().filter_map(|each| left_out(each, goals)));
    Results { output: sentences.join("\n"), output_format: TEXT, tests }
}

fn wanted(goals: &[&'static Goal]) -> Vec<Asked> {
    goals.iter().map(|goal| Asked { student: None, goal: goal.name.to_owned() }).collect()
}

/// Each goal of each student, in the order of the lines.
fn named(handed_in: &[HandedIn]) -> Vec<Asked> {
    let mut seen = BTreeSet::new();
    let each = handed_in.iter().filter_map(|each| Some((each.student.clone(), each.goal.clone()?)));
    each.filter(|pair| seen.insert(pair.clone())).map(|(student, goal)| Asked { student, goal }).collect()
}

/// What is not marked, and why.
fn left_out(each: &HandedIn, goals: &[&'static Goal]) -> Option<String> {
    let line = each.line;
    match &each.goal {
        None if goals.is_empty() => Some(format!("Line {line} names no goal.")),
        Some(name) if !goals.is_empty() && goals.iter().all(|goal| goal.name != name) => {
            Some(format!("Line {line} is about {:?}, which is not asked for.", shown(name)))
        }
        _ => None,
    }
}

fn test(asked: &Asked, handed_in: &[HandedIn], goals: &[&'static Goal], points: u32) -> Test {
    let is_meant = |each: &&HandedIn| {
        let is_goal = each.goal.as_ref().is_none_or(|name| *name == asked.goal);
        if goals.is_empty() { each.goal.is_some() && is_goal && each.student == asked.student } else { is_goal }
    };
    let (score, output) = match goal(&asked.goal) {
        Ok(goal) => best(goal, handed_in.iter().filter(is_meant), points),
        Err(error) => (0, error.to_string()),
    };
    let title = goal(&asked.goal).map_or_else(|_| shown(&asked.goal), |goal| goal.title.to_owned());
    Test {
        name: asked.student.as_ref().map_or_else(|| title.clone(), |student| format!("{}: {title}", shown(student))),
        name_format: TEXT,
        score,
        max_score: points,
        status: if score > 0 { "passed" } else { "failed" },
        output,
        output_format: TEXT,
    }
}

/// The first link that meets the goal counts; where none does, all that is missing is told.
fn best<'a>(goal: &'static Goal, links: impl Iterator<Item = &'a HandedIn>, points: u32) -> (u32, String) {
    let mut missing = Vec::new();
    for each in links {
        match each.read_link().and_then(|link| Graded::of(goal, &link)) {
            Ok(graded) if graded.grade.met => return (points, told(each, &graded)),
            Ok(graded) => missing.push(told(each, &graded)),
            Err(error) => missing.push(format!("Line {}: {error}", each.line)),
        }
    }
    if missing.is_empty() {
        missing.push(format!("No link was handed in for {}.", goal.name));
    }
    (0, missing.join("\n"))
}

fn told(each: &HandedIn, graded: &Graded) -> String {
    let after = graded.grade.event.map_or_else(String::new, |event| format!(" (event {event})"));
    format!("Line {}: {}{after}", each.line, graded.grade.sentence)
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{} {}", if number == 1 { "" } else { "s" }, if number == 1 { "is" } else { "are" })
}

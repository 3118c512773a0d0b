//! The course: its node behind a console, its tasks and lessons, its goals, and what stands beside them. All of it is
//! the code that runs natively.

use super::error::PlaygroundError;
use super::js::{read, to_js};
use crate::course::{Line, Node, Settings};
use crate::grade::{self, GOALS};
use crate::lesson::fields::FIELDS;
use crate::lesson::lessons::{Lesson, lessons};
use crate::lesson::lock::{LockSettings, play};
use crate::lesson::tasks::{TRACKS, Task};
use crate::lesson::{RuleText, Source, curves, measured, mutation, predict, runs};
use crate::scenario::Link;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A line of the node.
#[derive(Serialize)]
struct LineView {
    is_message: bool,
    text: String,
}

/// A node of the course, line by line.
#[wasm_bindgen]
pub struct CourseNode {
    node: Node,
}

#[wasm_bindgen]
impl CourseNode {
    /// A node before its `init`; `show_peers`: it prints what it says to its peers, too.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(show_peers: bool) -> CourseNode {
        Self { node: Node::new(Settings { show_peers }) }
    }

    /// Gives it a line, and takes what it prints: messages, and remarks, which go to standard error on the command
    /// line.
    ///
    /// # Errors
    ///
    /// Never, unless memory runs out; so it is with all that have no section of errors here.
    #[wasm_bindgen(unchecked_return_type = "CourseLine[]")]
    pub fn handle_line(&mut self, line: &str) -> Result<JsValue, JsValue> {
        let view = |line: Line| match line {
            Line::Out(text) => LineView { is_message: true, text },
            Line::Diagnostic(text) => LineView { is_message: false, text },
        };
        to_js(&self.node.handle_line(line).into_iter().map(view).collect::<Vec<_>>())
    }
}

#[derive(Serialize)]
struct ExampleView {
    title: &'static str,
    lines: Vec<String>,
    is_refused: bool,
}

#[derive(Serialize)]
struct KindView {
    name: &'static str,
    is_ours: bool,
}

#[derive(Serialize)]
struct TaskView {
    number: u8,
    name: &'static str,
    title: &'static str,
    asks: &'static [&'static str],
    simplified: &'static str,
    sources: &'static [Source],
    protocol: &'static str,
    rules: Vec<RuleText>,
    runs: &'static [&'static str],
    goals: &'static [&'static str],
    kinds: Vec<KindView>,
    examples: Vec<ExampleView>,
}

impl TaskView {
    fn of(task: &Task) -> Self {
        let example = |example: &crate::lesson::tasks::Example| ExampleView {
            title: example.title,
            lines: example.lines(),
            is_refused: example.is_refused,
        };
        Self {
            number: task.number,
            name: task.name,
            title: task.title,
            asks: task.asks,
            simplified: task.simplified,
            sources: task.sources,
            protocol: task.protocol,
            rules: task.rules(),
            runs: task.runs,
            goals: task.goals,
            kinds: task.kinds().into_iter().map(|kind| KindView { name: kind.name, is_ours: kind.is_ours }).collect(),
            examples: task.examples.iter().map(example).collect(),
        }
    }
}

#[derive(Serialize)]
struct TrackView {
    title: &'static str,
    about: &'static str,
    tasks: Vec<TaskView>,
}

#[derive(Serialize)]
struct LessonView {
    #[serde(flatten)]
    lesson: Lesson,
    /// The rule that is switched off in the first run.
    mutation: Option<RuleText>,
}

#[derive(Serialize)]
struct CourseView {
    tracks: Vec<TrackView>,
    lessons: Vec<LessonView>,
    fields: &'static [crate::lesson::fields::Field],
    goals: &'static [grade::Goal],
}

/// All tasks and lessons, what the fields of messages mean, and the goals.
#[allow(clippy::missing_errors_doc)]
#[wasm_bindgen(unchecked_return_type = "Course")]
pub fn course() -> Result<JsValue, JsValue> {
    let lesson = |lesson: &Lesson| LessonView {
        mutation: lesson.switch.and_then(|(protocol, name)| mutation(protocol, name)),
        lesson: *lesson,
    };
    to_js(&CourseView {
        tracks: TRACKS
            .iter()
            .map(|track| TrackView {
                title: track.title,
                about: track.about,
                tasks: track.tasks.iter().map(TaskView::of).collect(),
            })
            .collect(),
        lessons: lessons().map(lesson).collect(),
        fields: FIELDS,
        goals: GOALS,
    })
}

/// The prepared runs that tasks and lessons name.
#[allow(clippy::missing_errors_doc)]
#[wasm_bindgen(unchecked_return_type = "GalleryEntry[]")]
pub fn course_runs() -> Result<JsValue, JsValue> {
    to_js(&runs::runs())
}

/// The questions of a task or a lesson, answered by their runs, which are made for that.
///
/// # Errors
///
/// A `PlaygroundError` with code `argument` that says which question its run does not answer.
#[wasm_bindgen(unchecked_return_type = "CourseQuestion[]")]
pub fn course_questions(name: &str) -> Result<JsValue, JsValue> {
    let posed = predict::posed(name).map_err(|problem| PlaygroundError::new("argument", "", problem).into_js())?;
    to_js(&posed)
}

/// Measures a curve; null if there is none of that name.
#[allow(clippy::missing_errors_doc)]
#[wasm_bindgen(unchecked_return_type = "CourseCurve | null")]
pub fn curve(name: &str) -> Result<JsValue, JsValue> {
    to_js(&curves::curve(name))
}

/// Measures the protocols that are compared.
#[allow(clippy::missing_errors_doc)]
#[wasm_bindgen(unchecked_return_type = "Measured[]")]
pub fn measured_protocols() -> Result<JsValue, JsValue> {
    to_js(&measured::measured())
}

/// Plays the lock.
///
/// # Errors
///
/// A `PlaygroundError` with code `argument` that names the setting and its range.
#[wasm_bindgen(unchecked_return_type = "LockRun")]
pub fn play_lock(
    #[wasm_bindgen(unchecked_param_type = "Partial<LockSettings>")] settings: JsValue,
) -> Result<JsValue, JsValue> {
    let played = || {
        let settings: LockSettings = read(&settings, "argument")?;
        play(settings).map_err(|problem| PlaygroundError::new("argument", "", problem))
    };
    to_js(&played().map_err(PlaygroundError::into_js)?)
}

/// Replays the run of a link, and says whether it meets a goal.
///
/// # Errors
///
/// A `PlaygroundError` with code `link` if the link cannot be read or replayed to its hash, or `argument` if there is
/// no such goal.
#[wasm_bindgen(unchecked_return_type = "Grade")]
pub fn grade(link: &str, goal: &str) -> Result<JsValue, JsValue> {
    let graded = || {
        let goal = grade::goal(goal).map_err(|error| PlaygroundError::new("argument", "goal", error.to_string()))?;
        let link = Link::read(link).map_err(|error| PlaygroundError::new("link", error.place, error.message))?;
        goal.grade(&link).map_err(|error| PlaygroundError::new("link", "", error.to_string()))
    };
    to_js(&graded().map_err(PlaygroundError::into_js)?)
}

//! Every command that a document shows is run, and its output compared.
//!
//! The conventions, as a chapter on contributing tells them:
//!
//! * A fence ` ```console ` holds a conversation: `$ ` and a command, further lines of the command after `> `, then what it
//!   prints, errors included. A status other than 0 stands in a last line, `[status 1]`.
//! * `[..]` in a line stands for anything, and a line of `...` for any lines: for figures that differ from machine to machine.
//! * ` ```console ignore ` is not run.
//! * ` ```json file=NAME ` writes that file first, where the commands of the same document find it.
//! * ` ```json scenario ` holds a scenario, which must build.
//!
//! The commands of one document run one after the other in a folder of their own, with our program on the path.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use consensus_playground::scenario::{Playable, Scenario, ScenarioError, WithProtocol, parse, with_protocol};
use expect_test::expect_file;

use super::chapters::{Document, documents};
use super::markdown::{Fence, fences};

/// What takes longer on a busy machine is to be marked `ignore`.
const TIME_MAX: Duration = Duration::from_secs(20);

const PROGRAM: &str = "consensus-playground";

/// A command of a conversation, and what it prints.
#[derive(Debug, PartialEq, Eq)]
struct Exchange {
    /// As it stands in the document.
    shown: String,
    /// As a shell takes it.
    command: String,
    output: String,
}

#[test]
fn every_command_prints_what_the_documents_say() {
    let documents = documents();
    let next = std::sync::Mutex::new(documents.iter());
    let work = || {
        let mut failures = Vec::new();
        loop {
            let Some(document) = next.lock().unwrap().next() else { return failures };
            let run =
                std::panic::catch_unwind(|| expect_file![document.path.clone()].assert_eq(&with_outputs(document)));
            if run.is_err() {
                failures.push(document.name());
            }
        }
    };
    // Two conversations at a time: the machines that test this have two cores.
    let failures = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(failures.is_empty(), "not as the documents say: {}", failures.join(", "));
}

/// The document, with what its commands print today.
fn with_outputs(document: &Document) -> String {
    let folder = folder(document);
    let mut text = String::new();
    let mut kept = 0;
    for fence in fences(&document.text) {
        text += &document.text[kept..fence.range.start];
        kept = fence.range.end;
        let mut words = fence.info.split(' ');
        match (words.next(), words.next()) {
            (Some("console"), None) => text += &converse(&fence, &folder),
            (_, Some(file)) if file.starts_with("file=") => {
                std::fs::write(folder.join(&file["file=".len()..]), &fence.body).unwrap();
                text += &fence.body;
            }
            _ => text += &fence.body,
        }
    }
    text + &document.text[kept..]
}

fn folder(document: &Document) -> PathBuf {
    let name = document.path.file_stem().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn converse(fence: &Fence, folder: &Path) -> String {
    let exchanges = exchanges(&fence.body);
    let printed = exchanges.iter().map(|exchange| {
        let printed = run(&exchange.command, folder);
        let output = if matches(&exchange.output, &printed) { &exchange.output } else { &printed };
        format!("{}{output}", exchange.shown)
    });
    printed.collect()
}

fn exchanges(body: &str) -> Vec<Exchange> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    for line in body.split_inclusive('\n') {
        if let Some(command) = line.strip_prefix("$ ") {
            exchanges.push(Exchange { shown: line.to_owned(), command: command.to_owned(), output: String::new() });
            continue;
        }
        let exchange = exchanges.last_mut().expect("a conversation begins with `$ `");
        match line.strip_prefix("> ").filter(|_| exchange.output.is_empty()) {
            Some(further) => {
                exchange.shown += line;
                exchange.command += further;
            }
            None => exchange.output += line,
        }
    }
    exchanges
}

/// What a command prints, and its status.
fn run(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_consensus-playground")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let script = format!("exec 2>&1\n{command}");
    let start = Instant::now();
    let output =
        Command::new("sh").args(["-c", &script]).current_dir(folder).env("PATH", path.unwrap()).output().unwrap();
    let took = start.elapsed();
    assert!(took < TIME_MAX, "{command} took {took:?}: mark it `console ignore`");
    let mut text = String::from_utf8(output.stdout).unwrap();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let status = output.status.code().unwrap();
    if status != 0 {
        text += &format!("[status {status}]\n");
    }
    text
}

/// Whether an output is as a document shows it.
fn matches(shown: &str, printed: &str) -> bool {
    let (shown, printed): (Vec<&str>, Vec<&str>) = (shown.lines().collect(), printed.lines().collect());
    lines_match(&shown, &printed)
}

fn lines_match(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&"...", rest)) => (0..=printed.len()).any(|skipped| lines_match(rest, &printed[skipped..])),
        Some((line, rest)) => {
            printed.split_first().is_some_and(|(first, others)| line_matches(line, first) && lines_match(rest, others))
        }
    }
}

fn line_matches(shown: &str, printed: &str) -> bool {
    let Some((start, rest)) = shown.split_once("[..]") else { return shown == printed };
    let Some(printed) = printed.strip_prefix(start) else { return false };
    (0..=printed.len()).filter(|&at| printed.is_char_boundary(at)).any(|at| line_matches(rest, &printed[at..]))
}

/// A command that is shown and not run says so.
#[test]
fn no_command_is_shown_in_a_fence_of_another_kind() {
    for document in documents() {
        for fence in fences(&document.text) {
            // In a manifest our name is a dependency.
            let may_name_us = ["console", "console ignore", "toml"].contains(&fence.info.as_str());
            let names_us = |line: &str| line.trim_start_matches("$ ").starts_with(&format!("{PROGRAM} "));
            assert!(
                may_name_us || !fence.body.lines().any(names_us),
                "{}:{}: a command of ours",
                document.name(),
                fence.line
            );
        }
    }
}

struct Build<'a>(&'a Scenario);

impl WithProtocol for Build<'_> {
    type Output = Result<(), ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        self.0.simulation::<R>().map(|_| ())
    }
}

#[test]
fn every_scenario_that_is_shown_can_be_built() {
    let mut built = 0;
    for document in documents() {
        for fence in fences(&document.text).iter().filter(|fence| fence.info == "json scenario") {
            let build = |scenario: Scenario| with_protocol(&scenario.protocol, Build(&scenario))?;
            let outcome = parse(&fence.body).and_then(build);
            assert!(outcome.is_ok(), "{}:{}: {}", document.name(), fence.line, outcome.unwrap_err());
            built += 1;
        }
    }
    assert!(built > 0);
}

#[test]
fn a_figure_that_is_left_open_may_be_any_and_nothing_else_may() {
    assert!(matches("1 state, [..] states/s\n", "1 state, 700 states/s\n"));
    assert!(!matches("1 state, [..] states/s\n", "2 states, 700 states/s\n"));
    assert!(!matches("1 state\n", "1 state\nmore\n"));
    assert!(matches("first\n...\nlast\n", "first\na\nb\nlast\n"));
    assert!(matches("...\nlast\n", "last\n"));
}

#[test]
fn a_command_of_several_lines_is_one_command() {
    let found = exchanges("$ cat <<'END'\n> a\n> END\na\n$ true\n");
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].command.as_str(), found[0].output.as_str()), ("cat <<'END'\na\nEND\n", "a\n"));
}

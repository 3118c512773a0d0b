//! What many have handed in: a file with a link on each line.
//!
//! A line is `STUDENT GOAL LINK`, `GOAL LINK` or `LINK`, with spaces between; a student's name may have spaces, a link has
//! none. A line that is empty, or begins with `# `, says nothing. A link is a link: what somebody hands in is never
//! taken for a file's name, so that nobody reads the marker's disk.

use std::fs::File;
use std::io::Read;

use consensus_playground::scenario::Link;

/// The longest file, which holds what some ten thousand hand in.
const BYTES_MAX: u64 = 64 << 20;
/// So many characters of what cannot be understood are told.
const SHOWN: usize = 60;

/// A link that somebody has handed in.
pub struct HandedIn {
    /// Its line, from 1.
    pub line: usize,
    /// Whose it is.
    pub student: Option<String>,
    /// Which goal it is to meet.
    pub goal: Option<String>,
    link: String,
}

impl HandedIn {
    /// Reads the run.
    pub fn read_link(&self) -> Result<Link, String> {
        Link::read(&self.link).map_err(|error| format!("the link: {error}"))
    }
}

/// Reads a file of links, or standard input.
pub fn read(path: &str) -> Result<Vec<HandedIn>, String> {
    let mut bytes = Vec::new();
    let read = if path == "-" {
        std::io::stdin().lock().take(BYTES_MAX + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(BYTES_MAX + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| format!("{path}: {error}"))?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(format!("{path}: it has more than {} megabytes", BYTES_MAX >> 20));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("{path}: it is not text in UTF-8"))?;
    Ok(lines(&text))
}

fn lines(text: &str) -> Vec<HandedIn> {
    // Some editors begin a file with a mark that nobody sees.
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    lines.filter_map(|(place, line)| handed_in(place + 1, line.trim())).collect()
}

fn handed_in(line: usize, text: &str) -> Option<HandedIn> {
    if text == "#" || text.starts_with("# ") {
        return None;
    }
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let link = words.pop()?.to_owned();
    let goal = words.pop().map(str::to_owned);
    let student = (!words.is_empty()).then(|| words.join(" "));
    Some(HandedIn { line, student, goal, link })
}

/// The beginning of a text that somebody has handed in.
pub fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

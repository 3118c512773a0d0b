//! As much of Markdown as the checks of documents need: fences, headings and what is neither.

/// A fenced block.
#[derive(Debug)]
pub struct Fence {
    /// What stands after the backquotes.
    pub info: String,
    /// The lines between the backquotes, with their ends.
    pub body: String,
    /// Where the body lies in the text, as bytes.
    pub range: std::ops::Range<usize>,
    /// The line of the opening backquotes, from 1.
    pub line: usize,
}

pub struct Heading {
    pub level: usize,
    /// What a link to it says after `#`, on the pages of GitHub and on ours.
    pub anchor: String,
}

/// The fenced blocks of a text, in order.
pub fn fences(text: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    let mut offset = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let start = offset;
        offset += line.len();
        match &mut open {
            Some(fence) if line.trim_end() == "```" => {
                fence.range.end = start;
                fence.body = text[fence.range.clone()].to_owned();
                fences.extend(open.take());
            }
            Some(_) => {}
            None => {
                if let Some(info) = line.strip_prefix("```") {
                    open = Some(Fence {
                        info: info.trim().to_owned(),
                        body: String::new(),
                        range: offset..offset,
                        line: number,
                    });
                }
            }
        }
    }
    assert!(open.is_none(), "a fence is not closed: {open:?}");
    fences
}

/// The text with empty lines in place of what stands in fences.
pub fn prose(text: &str) -> String {
    let mut is_fenced = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            prose += line;
        }
        prose.push('\n');
    }
    prose
}

pub fn headings(text: &str) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    for line in prose(text).lines() {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if level > 0 && line[level..].starts_with(' ') {
            headings.push(Heading { level, anchor: anchor(&line[level + 1..]) });
        }
    }
    headings
}

/// Small letters, digits, hyphens and underlines are kept, blanks become hyphens, all else goes.
pub fn anchor(title: &str) -> String {
    let letters = title.trim().to_lowercase();
    let kept = letters.chars().filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn fences_are_found_with_their_lines() {
    let found = fences("# A\n```console\n$ true\n```\nb\n```json\n{}\n```\n");
    assert_eq!(
        found.iter().map(|fence| (fence.info.as_str(), fence.line)).collect::<Vec<_>>(),
        [("console", 2), ("json", 6)]
    );
    assert_eq!(found[0].body, "$ true\n");
}

#[test]
fn anchors_are_those_of_github() {
    assert_eq!(anchor("What `run` prints, and how"), "what-run-prints-and-how");
    assert_eq!(anchor("own_flush_ticks: a map"), "own_flush_ticks-a-map");
}

//! A sequence diagram of Mermaid's (<https://mermaid.js.org/syntax/sequenceDiagram.html>).
//!
//! ```text
//! sequenceDiagram
//!   participant n1
//!   participant n2
//!   n1->>n2: would you vote? (0.181628 s)
//!   n1-xn2: would you vote? (0.181628 s, lost)
//!   note over n2: candidate 1
//! ```
//!
//! A message is drawn where it is handled; one that is never handled, with a cross, where it ends. Notes say what was
//! done from outside, what clients began and ended, and who has a new role.

use super::Exported;
use crate::process::{Message, NodeId};
use crate::run::Run;
use crate::run::transcript::seconds;
use crate::scenario::Playable;
use crate::sim::trace::{Fate, InputKind, Resolution, flag};
use std::fmt::Write;
use std::ops::Range;

/// Most messages in a diagram: with more, nobody finds anything in it, and a browser takes long to draw it.
pub const MESSAGES_MAX: usize = 300;

/// Most notes in a diagram.
pub const NOTES_MAX: usize = 300;

/// Most characters of a label.
const LABEL_MAX: usize = 120;

/// A part of a run as a diagram.
pub fn diagram<R: Playable>(run: &Run<R>, events: Range<u32>) -> Exported {
    let mut drawing = Drawing { run, text: "sequenceDiagram\n".to_owned(), messages: 0, notes: 0 };
    for name in run.process_names() {
        let _ = writeln!(drawing.text, "  participant {name}");
    }
    let trace = run.simulation().trace();
    let end = events.end.min(run.simulation().cursor());
    let mut resolutions = trace.resolutions.iter().skip_while(|resolution| resolution.event < events.start).peekable();
    let mut left_out = None;
    for event in events.start..end {
        while let Some(resolution) = resolutions.next_if(|resolution| resolution.event <= event) {
            drawing.end_of(resolution);
        }
        if drawing.messages >= MESSAGES_MAX || drawing.notes >= NOTES_MAX {
            let (what, shown) =
                if drawing.notes >= NOTES_MAX { ("notes", drawing.notes) } else { ("messages", drawing.messages) };
            let sentence = run.shown_up_to(what, shown, event.saturating_sub(1), end - 1);
            let _ = writeln!(drawing.text, "  %% {sentence}");
            left_out = Some(sentence);
            break;
        }
        drawing.event(event);
    }
    Exported { text: drawing.text, left_out }
}

struct Drawing<'a, R: Playable> {
    run: &'a Run<R>,
    text: String,
    messages: usize,
    notes: usize,
}

impl<R: Playable> Drawing<'_, R> {
    fn name(&self, node: NodeId) -> String {
        self.run.simulation().world().name(node)
    }

    /// A message that nobody handled.
    fn end_of(&mut self, Resolution { message, fate, .. }: &Resolution) {
        if !matches!(fate, Fate::Delivered | Fate::NeverSent) {
            self.message(*message, "-x", Some(Fate::NAMES[*fate as usize]));
        }
    }

    fn message(&mut self, message: u32, arrow: &str, fate: Option<&str>) {
        let Some(record) = self.run.simulation().trace().messages.get(message as usize) else { return };
        if record.from == record.to {
            return;
        }
        let fate = fate.map_or_else(String::new, |fate| format!(", {fate}"));
        let label = format!("{} ({} s{fate})", record.body.label(), seconds(record.sent));
        let (from, to) = (self.name(record.from), self.name(record.to));
        let _ = writeln!(self.text, "  {from}{arrow}{to}: {}", escaped(&label));
        self.messages += 1;
    }

    fn note(&mut self, over: &str, text: &str) {
        let _ = writeln!(self.text, "  note over {over}: {}", escaped(text));
        self.notes += 1;
    }

    fn event(&mut self, index: u32) {
        let trace = self.run.simulation().trace();
        let Some(event) = trace.events.get(index as usize) else { return };
        let world = self.run.simulation().world();
        if event.input == InputKind::Intervention {
            let all = format!("{},{}", self.name(NodeId(0)), self.name(NodeId(world.processes() - 1)));
            let over = if event.node == u16::MAX { all } else { self.name(NodeId(event.node)) };
            self.note(&over, &format!("{} ({} s)", self.run.title(event), seconds(event.time)));
        }
        if event.input == InputKind::Message {
            self.message(event.cause, "->>", None);
        }
        if event.node == u16::MAX {
            return;
        }
        let name = self.name(NodeId(event.node));
        for told in self.run.reports_in(event) {
            self.note(&name, &told);
        }
        if event.flags & flag::ROLE_CHANGED != 0 {
            self.note(&name, &format!("{} {}", self.run.role_name(event), event.epoch));
        }
    }
}

/// A text as Mermaid shows it. All that could mean something to it (`;` ends a line, `#` begins a code, `%%` a comment, `:`
/// stands before a word of its own) or to a page becomes a code; what no one sees becomes a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for (place, character) in text.chars().enumerate() {
        if place == LABEL_MAX {
            escaped.push('…');
            break;
        }
        match character {
            ' ' | ',' | '.' | '?' | '!' | '=' | '+' | '-' | '_' | '/' | '(' | ')' => escaped.push(character),
            character if character.is_alphanumeric() => escaped.push(character),
            character if is_unseen(character) => escaped.push(' '),
            character => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
        }
    }
    escaped
}

/// Characters that end a line, or change the direction of what stands around them.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

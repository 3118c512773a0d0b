//! The words of the named runs, at the moments at which play halts.
//!
//! Times and numbers in them are those of the run itself: whoever changes a run reads it again. That each moment is
//! reached is tested.

pub(super) mod multi_paxos;
pub(super) mod paxos;
pub(super) mod pbft;
pub(super) mod raft;
pub(super) mod tendermint;
pub(super) mod viewstamped;

use crate::process::{MILLISECOND, Ticks};
use crate::scenario::action::ActionText;
use crate::scenario::captions::{Ask, Caption, Cell, Look, Moment, MomentKind, Span};

/// So many milliseconds before and after a moment are in view, unless a caption says otherwise.
const IN_VIEW: (Ticks, Ticks) = (60, 40);

fn caption(moment: Moment, title: &str, text: &str) -> Caption {
    let look = Look { span: Some(span(IN_VIEW.0, IN_VIEW.1)), ..Look::default() };
    Caption { moment, title: title.to_owned(), text: text.to_owned(), look, halt: true, ask: None }
}

const fn span(before: Ticks, after: Ticks) -> Span {
    Span { before: before * MILLISECOND as Ticks, after: after * MILLISECOND as Ticks }
}

fn at(microseconds: Ticks) -> Moment {
    Moment::first(MomentKind::At(microseconds))
}

fn intervention(nth: u32) -> Moment {
    Moment { nth, ..Moment::first(MomentKind::Intervention) }
}

/// A replica takes a role.
fn takes(node: &str, role: &str) -> Moment {
    Moment { node: Some(node.to_owned()), ..Moment::first(MomentKind::Role(role.to_owned())) }
}

/// A replica follows a rule.
fn follows(node: &str, rule: &str) -> Moment {
    Moment { node: Some(node.to_owned()), ..Moment::first(MomentKind::Rule(rule.to_owned())) }
}

/// What a caption has besides its words.
impl Caption {
    fn showing(mut self, before: Ticks, after: Ticks) -> Self {
        self.look.span = Some(span(before, after));
        self
    }

    fn at_node(mut self, node: &str) -> Self {
        self.look.node = Some(node.to_owned());
        self
    }

    fn at_cell(mut self, node: &str, index: u64) -> Self {
        self.look.cell = Some(Cell { node: node.to_owned(), index });
        self
    }

    fn why(mut self) -> Self {
        self.look.why = true;
        self
    }

    fn doing(self, words: &str, action: ActionText) -> Self {
        Self { ask: Some(Ask::Act { words: words.to_owned(), action }), ..self }
    }

    fn asking(self, question: &str, choices: &[&str], right: u32, answer: &str) -> Self {
        let choices = choices.iter().map(|&choice| choice.to_owned()).collect();
        Self {
            ask: Some(Ask::Question { question: question.to_owned(), choices, right, answer: answer.to_owned() }),
            ..self
        }
    }
}

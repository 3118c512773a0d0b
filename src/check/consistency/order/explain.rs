//! From the steps that made a circle to a proof: those that it rests on, each after those that it rests on itself.

use std::collections::VecDeque;

use super::{Base, Order};
use crate::check::consistency::proof::{Because, End, Proof, Step};

impl Order<'_> {
    /// Why a step cannot be: what it leads to already comes before it.
    pub(super) fn explained(&self, last: Step) -> Proof {
        let mut told = Vec::new();
        self.tell_reason(last, self.steps.len(), &mut told);
        let circle = self.tell_path(last.after, last.before, self.steps.len(), &mut told);
        told.push(last);
        Proof { steps: told, end: End::Circle(circle) }
    }

    /// Tells what a step rests on.
    fn tell_reason(&self, step: Step, known: usize, told: &mut Vec<Step>) {
        match step.because {
            Because::Replaced { writer: Some(writer) } => {
                self.tell_path(writer, step.after, known, told);
            }
            Because::NotReplaced { reader } => {
                self.tell_path(step.before, reader, known, told);
            }
            _ => {}
        }
    }

    /// Tells how it is known that the first comes before the second, by the steps that were known first. Gives the
    /// operations on the way.
    fn tell_path(&self, first: usize, second: usize, known: usize, told: &mut Vec<Step>) -> Vec<usize> {
        let path = self.path(first, second, known);
        for &(step, at) in &path {
            if told.contains(&step) {
                continue;
            }
            if let Some(at) = at {
                self.tell_reason(step, at, told);
            }
            told.push(step);
        }
        [first].into_iter().chain(path.iter().map(|(step, _)| step.after)).collect()
    }

    /// The shortest way from the first to the second. Each step that is not of the base comes with its number.
    fn path(&self, first: usize, second: usize, known: usize) -> Vec<(Step, Option<usize>)> {
        let base = match self.base {
            Base::Sessions => Because::Session,
            Base::RealTime => Because::RealTime,
        };
        let count = self.facts.facts.len();
        let mut onward: Vec<Option<(Step, Option<usize>)>> = vec![None; count];
        let mut rest: Vec<usize> = (0..count).filter(|&fact| fact != second).collect();
        let mut queue = VecDeque::from([second]);
        while let Some(after) = queue.pop_front().filter(|_| onward[first].is_none()) {
            let found = self.steps[..known].iter().enumerate().filter(|(_, step)| step.after == after);
            for (at, step) in found {
                if step.before != second && onward[step.before].is_none() {
                    onward[step.before] = Some((*step, Some(at)));
                    queue.push_back(step.before);
                }
            }
            rest.retain(|&before| {
                let is_next = onward[before].is_none() && self.in_base(before, after);
                if is_next {
                    onward[before] = Some((Step { before, after, because: base }, None));
                    queue.push_back(before);
                }
                onward[before].is_none()
            });
        }
        let mut path = Vec::new();
        let mut at = first;
        while let Some(step) = onward[at].filter(|_| at != second) {
            path.push(step);
            at = step.0.after;
        }
        path
    }
}

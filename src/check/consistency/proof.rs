//! Why a promise is broken: steps that say what comes before what, up to a contradiction.

use std::collections::BTreeSet;

/// Why one operation comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// One client did both, in this order.
    Session,
    /// The first had completed when the second was invoked.
    RealTime,
    /// The second found what the first wrote.
    ReadsFrom,
    /// The first found what `writer` wrote (`None`: what was there at first). The second comes after the writer, and
    /// would have replaced it.
    Replaced {
        /// Who wrote what was found.
        writer: Option<usize>,
    },
    /// `reader` found what the second wrote. The first comes before the reader, and would have replaced it.
    NotReplaced {
        /// Who found it.
        reader: usize,
    },
    /// It is assumed: this is one of several cases.
    Assumed,
}

/// One operation comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The one that comes first.
    pub before: usize,
    /// The one that comes after it.
    pub after: usize,
    /// Why.
    pub because: Because,
}

/// What is assumed in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// The first comes before the second.
    Order(usize, usize),
    /// The first found what the second wrote (`None`: what was there at first).
    Source(usize, Option<usize>),
}

/// A case, and why it cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What is assumed.
    pub assumption: Assumption,
    /// Why it cannot be.
    pub proof: Proof,
}

/// How a proof ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The steps make a circle: these operations come one before the other, and the last before the first.
    Circle(Vec<usize>),
    /// This operation found what nobody wrote.
    Unwritten(usize),
    /// One of these cases must be, and none can.
    Cases(Vec<Case>),
}

/// Why a promise is broken. Operations are indices of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What comes before what. A step follows those that it rests on.
    pub steps: Vec<Step>,
    /// The contradiction.
    pub end: End,
}

impl Proof {
    /// The operations that it speaks of.
    pub fn operations(&self) -> BTreeSet<usize> {
        let mut operations = BTreeSet::new();
        self.mentions(&mut operations);
        operations
    }

    fn mentions(&self, operations: &mut BTreeSet<usize>) {
        for Step { before, after, because } in &self.steps {
            operations.extend([*before, *after]);
            match because {
                Because::Replaced { writer } => operations.extend(writer),
                Because::NotReplaced { reader } => operations.extend([reader]),
                Because::Session | Because::RealTime | Because::ReadsFrom | Because::Assumed => {}
            }
        }
        match &self.end {
            End::Circle(circle) => operations.extend(circle),
            End::Unwritten(operation) => operations.extend([operation]),
            End::Cases(cases) => {
                for Case { assumption, proof } in cases {
                    match assumption {
                        Assumption::Order(first, second) => operations.extend([first, second]),
                        Assumption::Source(reader, writer) => {
                            operations.insert(*reader);
                            operations.extend(writer);
                        }
                    }
                    proof.mentions(operations);
                }
            }
        }
    }

    /// Whether it rests on an assumption. If not, it refutes more than the case that it was made for. That an operation of
    /// unknown outcome took effect rests on whoever found what it wrote, which no step says.
    pub(super) fn rests_on(&self, assumption: Assumption, is_uncertain: &impl Fn(usize) -> bool) -> bool {
        if let Assumption::Source(_, Some(writer)) = assumption
            && is_uncertain(writer)
        {
            return true;
        }
        let is_used = |step: &Step| match (assumption, step.because) {
            (Assumption::Order(first, second), Because::Assumed) => (step.before, step.after) == (first, second),
            (Assumption::Source(reader, _), Because::ReadsFrom) => step.after == reader,
            (Assumption::Source(reader, _), Because::Replaced { .. }) => step.before == reader,
            (Assumption::Source(found_by, _), Because::NotReplaced { reader }) => found_by == reader,
            _ => false,
        };
        let in_cases = match &self.end {
            End::Cases(cases) => cases.iter().any(|case| case.proof.rests_on(assumption, is_uncertain)),
            End::Circle(_) | End::Unwritten(_) => false,
        };
        in_cases || self.steps.iter().any(is_used)
    }

    /// The same with other numbers for the operations.
    pub(super) fn renumbered(&self, number: &impl Fn(usize) -> usize) -> Proof {
        let because = |because| match because {
            Because::Replaced { writer } => Because::Replaced { writer: writer.map(number) },
            Because::NotReplaced { reader } => Because::NotReplaced { reader: number(reader) },
            other => other,
        };
        let step = |step: &Step| Step {
            before: number(step.before),
            after: number(step.after),
            because: because(step.because),
        };
        let case = |case: &Case| Case {
            assumption: match case.assumption {
                Assumption::Order(first, second) => Assumption::Order(number(first), number(second)),
                Assumption::Source(reader, writer) => Assumption::Source(number(reader), writer.map(number)),
            },
            proof: case.proof.renumbered(number),
        };
        Proof {
            steps: self.steps.iter().map(step).collect(),
            end: match &self.end {
                End::Circle(circle) => End::Circle(circle.iter().copied().map(number).collect()),
                End::Unwritten(operation) => End::Unwritten(number(*operation)),
                End::Cases(cases) => End::Cases(cases.iter().map(case).collect()),
            },
        }
    }
}

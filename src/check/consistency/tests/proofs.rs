//! Whether a proof holds: each step for the reason that it gives.

use super::*;

type Pairs = BTreeSet<(usize, usize)>;

/// What is wrong with a proof, if anything.
pub(super) fn check(proof: &Proof, history: &[KvOperation], promise: Promise) -> Result<(), String> {
    go_on(proof, &Checked { history, promise }, &BTreeMap::new(), &Pairs::new())
}

struct Checked<'a> {
    history: &'a [KvOperation],
    promise: Promise,
}

/// What was assumed of who found what.
type Sources = BTreeMap<usize, Option<usize>>;

impl Checked<'_> {
    fn effect(&self, index: usize) -> Effect<Option<std::sync::Arc<str>>> {
        let operation = &self.history[index];
        let result = if let Outcome::Ok { result, .. } = &operation.outcome { Some(result) } else { None };
        Kv::default().effect(&operation.command, result).expect("it reads or writes the whole")
    }

    /// Who can have written what an operation found.
    fn writers(&self, reader: usize) -> Vec<Option<usize>> {
        let finds = self.effect(reader).finds;
        let admits = |content: &Option<std::sync::Arc<str>>| match &finds {
            Finds::Nothing => false,
            Finds::OneOf(contents) => contents.contains(content),
            Finds::NoneOf(contents) => !contents.contains(content),
        };
        let key = |index: usize| self.history[index].command.key();
        let writes = (0..self.history.len()).filter(|&writer| {
            writer != reader
                && key(writer) == key(reader)
                && self.effect(writer).writes.is_some_and(|content| admits(&content))
        });
        admits(&None).then_some(None).into_iter().chain(writes.map(Some)).collect()
    }

    fn found(&self, reader: usize, writer: Option<usize>, sources: &Sources) -> bool {
        sources.get(&reader).map_or_else(|| self.writers(reader) == [writer], |source| *source == writer)
    }

    fn in_time(&self, first: usize, second: usize) -> bool {
        matches!(self.history[first].outcome, Outcome::Ok { completed_at, .. } if completed_at < self.history[second].invoked_at)
    }

    fn replaces(&self, write: usize, reader: usize) -> bool {
        self.effect(write).writes.is_some() && self.history[write].command.key() == self.history[reader].command.key()
    }

    fn is_sound(&self, step: &Step, known: &Pairs, sources: &Sources) -> bool {
        let Step { before, after, because } = *step;
        match because {
            Because::Session => {
                self.history[before].client == self.history[after].client && self.in_time(before, after)
            }
            Because::RealTime => self.promise == Promise::Linearizable && self.in_time(before, after),
            Because::ReadsFrom => self.found(after, Some(before), sources),
            Because::Replaced { writer } => {
                self.replaces(after, before)
                    && before != after
                    && writer != Some(after)
                    && self.found(before, writer, sources)
                    && writer.is_none_or(|writer| known.contains(&(writer, after)))
            }
            Because::NotReplaced { reader } => {
                self.replaces(before, reader)
                    && before != after
                    && before != reader
                    && self.found(reader, Some(after), sources)
                    && known.contains(&(before, reader))
            }
            Because::Assumed => known.contains(&(before, after)),
        }
    }
}

fn close(known: &mut Pairs) {
    loop {
        let more: Pairs = known
            .iter()
            .flat_map(|(first, middle)| {
                known.iter().filter(move |(other, _)| other == middle).map(|(_, second)| (*first, *second))
            })
            .collect();
        let count = known.len();
        known.extend(more);
        if known.len() == count {
            return;
        }
    }
}

fn go_on(proof: &Proof, checked: &Checked<'_>, sources: &Sources, known: &Pairs) -> Result<(), String> {
    let mut known = known.clone();
    for step in &proof.steps {
        if !checked.is_sound(step, &known, sources) {
            return Err(format!("{step:?} does not follow"));
        }
        known.insert((step.before, step.after));
        close(&mut known);
    }
    match &proof.end {
        End::Circle(circle) => {
            let nexts = circle.iter().skip(1).chain(circle.first());
            let is_closed = circle.iter().zip(nexts).all(|(first, second)| known.contains(&(*first, *second)));
            if circle.len() > 1 && is_closed { Ok(()) } else { Err("there is no circle".to_owned()) }
        }
        End::Unwritten(reader) if checked.writers(*reader).is_empty() => Ok(()),
        End::Unwritten(reader) => Err(format!("{reader} found what was written")),
        End::Cases(cases) => {
            covers_all(cases, checked)?;
            for Case { assumption, proof } in cases {
                let (mut sources, mut known) = (sources.clone(), known.clone());
                match *assumption {
                    Assumption::Order(first, second) => {
                        known.insert((first, second));
                        close(&mut known);
                    }
                    Assumption::Source(reader, writer) => {
                        sources.insert(reader, writer);
                    }
                }
                go_on(proof, checked, &sources, &known)?;
            }
            Ok(())
        }
    }
}

fn covers_all(cases: &[Case], checked: &Checked<'_>) -> Result<(), String> {
    let covered = match cases.iter().map(|case| case.assumption).collect::<Vec<_>>()[..] {
        [Assumption::Order(first, second), Assumption::Order(third, fourth)] => {
            // A write lies before what was found, or after whoever found it.
            let is_pair = |other: usize, writer: usize, reader: usize| {
                checked.replaces(other, reader) && checked.writers(reader).contains(&Some(writer))
            };
            (second != third && first == fourth && is_pair(first, second, third))
                || (fourth != first && third == second && is_pair(third, fourth, first))
        }
        ref assumptions => {
            let reader =
                if let Some(Assumption::Source(reader, _)) = assumptions.first() { *reader } else { usize::MAX };
            let mut told: Vec<Option<usize>> = assumptions
                .iter()
                .filter_map(|assumption| match assumption {
                    Assumption::Source(other, writer) if *other == reader => Some(*writer),
                    _ => None,
                })
                .collect();
            told.sort_unstable();
            reader != usize::MAX && told == checked.writers(reader)
        }
    };
    if covered { Ok(()) } else { Err("the cases are not all".to_owned()) }
}

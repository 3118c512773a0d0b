//! Who was asked for a word, who gave it, who refused, and what became of questions and answers.

use super::replay::Replay;
use super::speech::{Explained, Part, Place, Speech};
use super::{Fact, listed};
use crate::process::{Message as _, NodeId};
use std::collections::BTreeMap;
use std::ops::Range;

/// Words that somebody waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought {
    /// Who counts them.
    pub counter: NodeId,
    /// Of which phase.
    pub phase: usize,
    /// For which index, in which term, view or round.
    pub at: Place,
}

/// The messages between one peer and the one who counts, by their numbers in the trace.
#[derive(Clone, Default)]
struct Exchange {
    /// The questions.
    asks: Vec<u32>,
    /// The words.
    says: Vec<u32>,
}

/// What is known of the words that somebody waits for.
pub(super) struct Answers {
    /// How much has come, the own word included.
    pub have: u64,
    /// How much is needed.
    pub need: u64,
    /// Whose word is missing.
    pub missing: Vec<NodeId>,
    /// A fact for each peer, and why those cannot be reached that did not answer.
    pub facts: Vec<Fact>,
}

impl<R: Explained> Replay<R> {
    /// What became of the words that somebody waits for, of messages sent in a span of events.
    pub(super) fn answers(&mut self, sought: Sought, sent_in: Range<u32>) -> Answers {
        let world = self.run.simulation().world();
        let need = R::needed(world, sought.phase);
        let speakers = R::speakers(world, sought.phase, sought.at);
        let mut exchanges = self.exchanges(sought, sent_in);
        let mut answers = Answers { have: 0, need, missing: Vec::new(), facts: Vec::new() };
        for node in speakers.iter() {
            let exchange = exchanges.remove(&node).unwrap_or_default();
            let came = exchange.says.iter().find_map(|&message| Some((message, self.handled(message)?)));
            // What a process says to itself is no message, unless the paper has separate roles.
            let is_own = node == sought.counter && exchange.asks.is_empty() && exchange.says.is_empty();
            let lacks_own = if is_own { self.lacks_own(sought) } else { None };
            let counts = if is_own { lacks_own.is_none() } else { came.is_some() };
            if counts {
                answers.have += R::weight(self.run.simulation().world(), node);
            } else {
                answers.missing.push(node);
            }
            if is_own {
                answers.facts.extend(lacks_own);
                continue;
            }
            answers.facts.push(match came {
                Some((message, event)) => self.word_came(sought, node, message, event),
                None => self.did_not_come(sought, node, &exchange),
            });
            if !counts && node != sought.counter {
                answers.facts.extend(self.unreachable(sought.counter, node));
            }
        }
        answers
    }

    fn exchanges(&self, sought: Sought, sent_in: Range<u32>) -> BTreeMap<NodeId, Exchange> {
        let Sought { counter, phase, at } = sought;
        let is_sought = |speech: &Speech| {
            speech.phase == phase && speech.epoch == at.epoch && (speech.first..=speech.last).contains(&at.index)
        };
        let is_asked = R::PHASES[phase].is_asked;
        let trace = self.run.simulation().trace();
        let mut exchanges: BTreeMap<NodeId, Exchange> = BTreeMap::new();
        let sent = (0..).zip(&trace.messages).filter(|(_, record)| sent_in.contains(&record.event));
        for (number, record) in sent {
            if is_asked && record.from == counter {
                let asks = R::speech(&record.body).filter(|speech| speech.part == Part::Asks && is_sought(speech));
                if asks.is_some() {
                    exchanges.entry(record.to).or_default().asks.push(number);
                }
            }
            if record.to == counter {
                for (speaker, speech) in R::words(&record.body, record.from) {
                    if speech.part == Part::Says && is_sought(&speech) {
                        exchanges.entry(speaker).or_default().says.push(number);
                    }
                }
            }
        }
        exchanges
    }

    /// Why the one who counts does not count its own word: it has not said so, or its disk comes first.
    fn lacks_own(&self, sought: Sought) -> Option<Fact> {
        let Sought { counter, phase, at } = sought;
        let (name, said) = (self.name(counter), R::PHASES[phase].name);
        let simulation = &self.run.simulation();
        if R::PHASES[phase].is_asked {
            let machine = simulation.world().replicas().get(counter.index())?;
            let sentence = format!("the {said} of {name} itself may wait for its disk");
            return (!machine.disk.pending.is_empty()).then(|| Fact::not_known(None, sentence));
        }
        let own = simulation.trace().messages.iter().filter(|record| record.from == counter);
        let has_said = own.flat_map(|record| R::words(&record.body, record.from)).any(|(speaker, speech)| {
            speaker == counter
                && (speech.phase, speech.part, speech.epoch) == (phase, Part::Says, at.epoch)
                && (speech.first..=speech.last).contains(&at.index)
        });
        (!has_said).then(|| Fact::did_not(None, format!("{name} itself has sent no {said}")))
    }

    fn word(&self, sought: Sought, node: NodeId) -> String {
        format!("the {} of {}", R::PHASES[sought.phase].name, self.name(node))
    }

    fn word_came(&self, sought: Sought, node: NodeId, message: u32, event: u32) -> Fact {
        let word = self.word(sought, node);
        let (counter, at) = (self.name(sought.counter), self.at(event));
        let record = self.run.simulation().trace().messages.get(message as usize);
        let is_asked = R::PHASES[sought.phase].is_asked;
        // Where all tell all, what was said matters: a vote for nil is one, too.
        let said = record.filter(|record| !is_asked && record.from == node);
        let said = said.map_or_else(String::new, |record| format!(" ({})", record.body.label()));
        Fact::happened(Some(event), format!("{word}{said} came to {counter} at {at}"))
    }

    fn did_not_come(&mut self, sought: Sought, node: NodeId, exchange: &Exchange) -> Fact {
        let (word, name, counter) = (self.word(sought, node), self.name(node), self.name(sought.counter));
        // What was said last has the best chance to come yet.
        if let Some(&message) = exchange.says.last() {
            let sent = self.run.simulation().trace().messages.get(message as usize).map_or(0, |record| record.event);
            let sentence = format!("{word}, sent at {}, {}", self.at(sent), self.fate(message));
            return if self.end(message).is_some() {
                Fact::did_not(Some(sent), sentence)
            } else {
                Fact::not_known(Some(sent), sentence)
            };
        }
        if !R::PHASES[sought.phase].is_asked {
            return Fact::did_not(None, format!("{name} has sent {counter} no {}", R::PHASES[sought.phase].name));
        }
        let Some(&last) = exchange.asks.last() else {
            return Fact::did_not(None, format!("{name} was never asked"));
        };
        let reached = exchange.asks.iter().rev().find_map(|&ask| Some((ask, self.handled(ask)?)));
        match reached {
            Some((ask, event)) => self.silent(sought, node, ask, event),
            None => {
                let sent = self.run.simulation().trace().messages.get(last as usize).map_or(0, |record| record.event);
                let times = match exchange.asks.len() {
                    1 => format!("asked at {}", self.at(sent)),
                    times => format!("asked {times} times, last at {}", self.at(sent)),
                };
                let sentence = format!("{name} did not hear of it: {times}; that {}", self.fate(last));
                if self.end(last).is_some() {
                    Fact::did_not(Some(sent), sentence)
                } else {
                    Fact::not_known(Some(sent), sentence)
                }
            }
        }
    }

    /// A peer has handled a question, and its word did not come of it.
    fn silent(&mut self, sought: Sought, node: NodeId, ask: u32, event: u32) -> Fact {
        let (name, at) = (self.name(node), self.at(event));
        let trace = self.run.simulation().trace();
        let Some(&record) = trace.events.get(event as usize) else { return Fact::did_not(Some(event), name) };
        let rules: Vec<String> = self
            .rules(&record)
            .into_iter()
            .map(|rule| format!("{} ({}, {})", rule.text.trim_end_matches('.'), rule.name, rule.source))
            .collect();
        let refused = record.sent().find(|&message| {
            let sent = trace.messages.get(message as usize);
            sent.is_some_and(|sent| {
                sent.to == sought.counter && R::speech(&sent.body).is_some_and(|speech| speech.part == Part::Refuses)
            })
        });
        let Some(refused) = refused else {
            return if rules.is_empty() {
                let sentence = format!("{name} was asked at {at}, and has not answered when the run ends");
                Fact::did_not(Some(event), sentence)
            } else {
                Fact::did_not(Some(event), format!("{name} was asked at {at}, and did not answer: {}", listed(&rules)))
            };
        };
        let own = self.own_words(node, ask, event);
        let why: Vec<String> = own.into_iter().chain(rules).collect();
        let why = if why.is_empty() { String::new() } else { format!(": {}", why.join("; ")) };
        let told = match self.handled(refused) {
            Some(_) => String::new(),
            None => format!("; the refusal {}", self.fate(refused)),
        };
        Fact::happened(Some(event), format!("{name} refused at {at}{why}{told}"))
    }

    /// What a peer's own state says of its refusal, right after it.
    fn own_words(&mut self, node: NodeId, ask: u32, event: u32) -> Option<String> {
        let end = self.run.simulation().events();
        let asked = self.run.simulation().trace().messages.get(ask as usize)?.body.clone();
        self.run.seek(event + 1);
        let machine = self.run.simulation().world().replicas().get(node.index());
        let words = machine.and_then(|machine| machine.process.as_ref()).and_then(|process| process.refusal(&asked));
        self.run.seek(end);
        words
    }
}

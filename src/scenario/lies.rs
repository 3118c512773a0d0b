//! What liars say, with names for processes and kinds of messages.
//!
//! ```json
//! { "corrupt": { "node": "n1", "strategy": { "equivocation": { "to": ["n2"], "say": { "value": 0 } } } } }
//! { "say": { "node": "n1", "line": { "to": ["n3"], "kind": "pre-prepare", "deed": { "alter": "digest" }, "once": true } } }
//! ```

use super::bounds::check_ticks;
use super::error::ScenarioError;
use super::names::Names;
use crate::process::{Alteration, Message, NodeId, NodeSet, Process, Ticks};
use crate::sim::process_name;
use crate::sim::{Deed, Line, Strategy};
use serde::{Deserialize, Serialize};

/// Most lines that one liar may be given at once.
pub const LINES_MAX: usize = 100;

/// How a liar lies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "fields whose names say what they are")]
pub enum StrategyText {
    /// It says nothing to these; nobody named: to nobody.
    Silence {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        to: Vec<String>,
    },
    /// It has two faces: these are told one thing, the others another, or the truth.
    Equivocation {
        to: Vec<String>,
        say: AlterationText,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        others: Option<AlterationText>,
    },
    /// It tells everybody the same lie.
    Falsehood { say: AlterationText },
    /// It says again, with all that it says, something that it said before.
    Replay,
    /// It says everything later.
    Delay { by_ticks: Ticks },
    /// Each envelope meets a deed by chance.
    Drawn,
    /// As somebody wrote it down; the first line that speaks of an envelope counts.
    ByHand { lines: Vec<LineText> },
}

/// What becomes of the envelopes to some receivers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LineText {
    /// To whom; without names, to everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Of which kind; without one, of every kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What.
    pub deed: DeedText,
    /// For the next such envelope to each receiver only.
    #[serde(default)]
    pub once: bool,
}

/// What a liar does with one envelope.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "fields whose names say what they are")]
pub enum DeedText {
    /// The words leave as they are.
    Truth,
    /// Nothing leaves.
    Withhold,
    /// Something else leaves. What cannot be altered so leaves as it is.
    Alter(AlterationText),
    /// The truth leaves, and a lie after it: two faces to one receiver.
    TwoFaced(AlterationText),
    /// The truth leaves later.
    Delay { by_ticks: Ticks },
    /// The truth leaves, and something that the liar said earlier, to whomever.
    Replay,
}

/// What a liar changes in a message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AlterationText {
    /// Another value (command, request, block), the same one for the same number; its digest is made to fit.
    Value(u8),
    /// A digest that fits nothing.
    Digest,
    /// A nil vote, or a vote for nothing, instead of one for a value.
    Nil,
    /// The next sequence number, slot, log index or height.
    SequenceUp,
    /// The one before.
    SequenceDown,
    /// The next term, ballot, view or round.
    EpochUp,
    /// The one before.
    EpochDown,
    /// The same content in the name of another replica: a forgery, unless that one colludes.
    Impersonate(String),
}

impl AlterationText {
    fn to_alteration(&self, names: &Names, place: &str) -> Result<Alteration, ScenarioError> {
        Ok(match self {
            Self::Value(number) => Alteration::Value(*number),
            Self::Digest => Alteration::Digest,
            Self::Nil => Alteration::Nil,
            Self::SequenceUp => Alteration::SequenceUp,
            Self::SequenceDown => Alteration::SequenceDown,
            Self::EpochUp => Alteration::EpochUp,
            Self::EpochDown => Alteration::EpochDown,
            Self::Impersonate(name) => Alteration::Impersonate(names.replica(&format!("{place}.impersonate"), name)?.0),
        })
    }

    fn of(alteration: Alteration, replicas: u16) -> Self {
        match alteration {
            Alteration::Value(number) => Self::Value(number),
            Alteration::Digest => Self::Digest,
            Alteration::Nil => Self::Nil,
            Alteration::SequenceUp => Self::SequenceUp,
            Alteration::SequenceDown => Self::SequenceDown,
            Alteration::EpochUp => Self::EpochUp,
            Alteration::EpochDown => Self::EpochDown,
            Alteration::Impersonate(node) => Self::Impersonate(process_name(replicas, NodeId(node))),
        }
    }
}

impl DeedText {
    fn to_deed(&self, names: &Names) -> Result<Deed, ScenarioError> {
        Ok(match self {
            Self::Truth => Deed::Truth,
            Self::Withhold => Deed::Withhold,
            Self::Alter(how) => Deed::Alter(how.to_alteration(names, "deed.alter")?),
            Self::TwoFaced(how) => Deed::TwoFaced(how.to_alteration(names, "deed.two_faced")?),
            Self::Delay { by_ticks } => Deed::Delay(check_ticks("deed.delay.by_ticks", *by_ticks)?),
            Self::Replay => Deed::Replay,
        })
    }

    fn of(deed: Deed, replicas: u16) -> Self {
        match deed {
            Deed::Truth => Self::Truth,
            Deed::Withhold => Self::Withhold,
            Deed::Alter(how) => Self::Alter(AlterationText::of(how, replicas)),
            Deed::TwoFaced(how) => Self::TwoFaced(AlterationText::of(how, replicas)),
            Deed::Delay(by_ticks) => Self::Delay { by_ticks },
            Deed::Replay => Self::Replay,
        }
    }
}

fn listed(set: NodeSet, replicas: u16) -> Vec<String> {
    set.iter().map(|node| process_name(replicas, node)).collect()
}

impl LineText {
    /// The line, with places for names.
    ///
    /// # Errors
    ///
    /// Says which part names something that is not there.
    pub fn to_line<R: Process>(&self, names: &Names) -> Result<Line, ScenarioError> {
        let kinds = <R::Message as Message>::KINDS;
        let place = |kind: &String| {
            let place = kinds.iter().position(|each| each == kind);
            place
                .map(|place| place as u8)
                .ok_or_else(|| ScenarioError::at("kind", format!("no such kind: there are {}", kinds.join(", "))))
        };
        let kind = self.kind.as_ref().map(place).transpose()?;
        Ok(Line { to: names.set("to", &self.to)?, kind, deed: self.deed.to_deed(names)?, once: self.once })
    }

    /// The line with names for places.
    pub fn of<R: Process>(line: &Line, replicas: u16) -> Self {
        // A kind that there is not keeps its number, so that whoever reads it is told that there is no such kind.
        let name = |kind: u8| {
            <R::Message as Message>::KINDS.get(usize::from(kind)).map_or_else(|| kind.to_string(), ToString::to_string)
        };
        Self {
            to: listed(line.to, replicas),
            kind: line.kind.map(name),
            deed: DeedText::of(line.deed, replicas),
            once: line.once,
        }
    }
}

impl StrategyText {
    /// The strategy, with places for names.
    ///
    /// # Errors
    ///
    /// Says which part names something that is not there, or is out of range.
    pub fn to_strategy<R: Process>(&self, names: &Names) -> Result<Strategy, ScenarioError> {
        Ok(match self {
            Self::Silence { to } => Strategy::Silence { to: names.set("silence.to", to)? },
            Self::Equivocation { to, say, others } => {
                let set = names.set("equivocation.to", to)?;
                if set.is_empty() {
                    return Err(ScenarioError::at("equivocation.to", "name at least one process"));
                }
                let others =
                    others.as_ref().map(|others| others.to_alteration(names, "equivocation.others")).transpose()?;
                Strategy::Equivocation { to: set, say: say.to_alteration(names, "equivocation.say")?, others }
            }
            Self::Falsehood { say } => Strategy::Falsehood { say: say.to_alteration(names, "falsehood.say")? },
            Self::Replay => Strategy::Replay,
            Self::Delay { by_ticks } => Strategy::Delay { by_ticks: check_ticks("delay.by_ticks", *by_ticks)? },
            Self::Drawn => Strategy::Drawn,
            Self::ByHand { lines } => {
                if lines.len() > LINES_MAX {
                    return Err(ScenarioError::at(
                        "by_hand.lines",
                        format!("at most {LINES_MAX}, not {}", lines.len()),
                    ));
                }
                let line = |(place, line): (usize, &LineText)| {
                    line.to_line::<R>(names).map_err(|error| error.within(&format!("by_hand.lines[{place}]")))
                };
                Strategy::ByHand { lines: lines.iter().enumerate().map(line).collect::<Result<_, _>>()? }
            }
        })
    }

    /// The strategy with names for places.
    pub fn of<R: Process>(strategy: &Strategy, replicas: u16) -> Self {
        let text = |how: &Alteration| AlterationText::of(*how, replicas);
        match strategy {
            Strategy::Silence { to } => Self::Silence { to: listed(*to, replicas) },
            Strategy::Equivocation { to, say, others } => {
                Self::Equivocation { to: listed(*to, replicas), say: text(say), others: others.as_ref().map(text) }
            }
            Strategy::Falsehood { say } => Self::Falsehood { say: text(say) },
            Strategy::Replay => Self::Replay,
            Strategy::Delay { by_ticks } => Self::Delay { by_ticks: *by_ticks },
            Strategy::Drawn => Self::Drawn,
            Strategy::ByHand { lines } => {
                Self::ByHand { lines: lines.iter().map(|line| LineText::of::<R>(line, replicas)).collect() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::raft::Raft;
    use crate::scenario::{InterventionText, Scenario, parse};

    fn error(action: &str) -> String {
        let json = format!(r#"{{"protocol": "raft", "interventions": [{{"at": 1, "action": {action}}}]}}"#);
        parse(&json).and_then(|scenario| scenario.raft_simulation().map(|_| ())).unwrap_err().to_string()
    }

    #[test]
    fn every_lie_reads_back_as_it_was_written() {
        let json = r#"{"protocol": "raft", "interventions": [
            {"at": 1, "action": {"corrupt": {"node": "n1", "strategy": {"silence": {"to": ["n2", "c1"]}}}}},
            {"at": 2, "action": {"corrupt": {"node": "n1", "strategy": {"equivocation": {"to": ["n2"], "say": {"value": 3}, "others": "digest"}}}}},
            {"at": 3, "action": {"corrupt": {"node": "n2", "strategy": {"falsehood": {"say": {"impersonate": "n4"}}}}}},
            {"at": 4, "action": {"corrupt": {"node": "n2", "strategy": "replay"}}},
            {"at": 5, "action": {"corrupt": {"node": "n2", "strategy": {"delay": {"by_ticks": 9}}}}},
            {"at": 6, "action": {"corrupt": {"node": "n2", "strategy": "drawn"}}},
            {"at": 7, "action": {"say": {"node": "n3", "line": {"to": ["n5"], "kind": "AppendEntries", "deed": {"two_faced": "nil"}, "once": true}}}},
            {"at": 8, "action": {"corrupt": {"node": "n3", "strategy": {"by_hand": {"lines": [{"deed": "withhold"}]}}}}},
            {"at": 9, "action": {"collude": {"processes": ["n1", "c3"]}}},
            {"at": 9, "action": {"reform": {"node": "n1"}}}]}"#;
        let scenario = parse(json).unwrap();
        let simulation = scenario.raft_simulation().unwrap();
        let interventions =
            simulation.interventions().iter().map(|each| InterventionText::of::<Raft>(each, 5)).collect();
        let again = Scenario { interventions, ..scenario.clone() };
        assert_eq!(again, scenario);
        assert_eq!(again.raft_simulation().unwrap().interventions(), simulation.interventions());
    }

    #[test]
    fn a_mistake_in_a_lie_is_answered_with_its_place() {
        let strategy = |strategy: &str| error(&format!(r#"{{"corrupt": {{"node": "n1", "strategy": {strategy}}}}}"#));
        assert!(
            strategy(r#"{"silence": {"to": ["n7"]}}"#)
                .starts_with("interventions[0].action.strategy.silence.to[0]: there is no process")
        );
        assert_eq!(
            strategy(r#"{"equivocation": {"to": [], "say": "nil"}}"#),
            "interventions[0].action.strategy.equivocation.to: name at least one process"
        );
        assert!(strategy(r#""nonsense""#).contains("unknown name `nonsense`"));
        let line = error(r#"{"say": {"node": "n1", "line": {"kind": "prepare", "deed": "truth"}}}"#);
        assert!(line.starts_with("interventions[0].action.line.kind: no such kind: there are RequestVote, "), "{line}");
        let client = error(r#"{"corrupt": {"node": "c1", "strategy": "drawn"}}"#);
        assert_eq!(client, "interventions[0].action.node: c1 is a client, not a replica");
    }
}

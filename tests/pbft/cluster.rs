//! A cluster to which things are done by name. Every message takes 10 ms, and clients do nothing on their own.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::kv::{ClientReport, Command, Ending};
use consensus_playground::pbft::{Message, Pbft, Rule};
use consensus_playground::process::{Alteration, Catalogue, Message as _, NodeId, NodeSet, SECOND, Ticks};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, Deed, Line, Note, Stepped, TicksRange};

pub const MS: Ticks = 1_000;

pub struct Cluster {
    pub run: Run<Pbft>,
}

pub fn quiet(replicas: u32) -> Scenario {
    let mut scenario = Scenario { replicas, clients: 3, ..Scenario::of("pbft") };
    scenario.workload.operations_per_client = Some(0);
    scenario.network.latency_ticks = TicksRange::new(10 * MS, 10 * MS);
    scenario
}

impl Cluster {
    pub fn of(scenario: &Scenario) -> Self {
        let mut cluster = Self { run: Run::new(scenario.simulation().unwrap()) };
        cluster.run_ms(50);
        cluster
    }

    pub fn quiet(replicas: u32) -> Self {
        Self::of(&quiet(replicas))
    }

    pub fn id(&self, name: &str) -> NodeId {
        let world = self.run.simulation().world();
        (0..world.processes()).map(NodeId).find(|&node| world.name(node) == name).unwrap()
    }

    pub fn set(&self, names: &[&str]) -> NodeSet {
        names.iter().map(|name| self.id(name)).collect()
    }

    pub fn replica(&self, name: &str) -> &Pbft {
        self.run.simulation().world().replicas()[self.id(name).index()].process.as_ref().unwrap()
    }

    pub fn run_ms(&mut self, milliseconds: u64) {
        let until = self.run.simulation().world().now() + milliseconds * MS;
        assert_ne!(self.run.run_until(until, u32::MAX), Stepped::Limit);
    }

    pub fn act(&mut self, action: Action) {
        let shown = format!("{action:?}");
        self.run.intervene(action).unwrap_or_else(|error| panic!("{shown}: {error}"));
    }

    pub fn put(&mut self, client: &str, key: &str, value: &str) {
        self.act(Action::Invoke(self.id(client), Command::Put { key: key.into(), value: value.into() }));
    }

    pub fn get(&mut self, client: &str, key: &str) {
        self.act(Action::Invoke(self.id(client), Command::Get { key: key.into() }));
    }

    /// A liar says something else to these, in all messages of a kind from now on, or in the next one.
    pub fn say(&mut self, liar: &str, to: &[&str], kind: &str, deed: Deed, once: bool) {
        let kind = Message::KINDS.iter().position(|each| *each == kind).unwrap() as u8;
        let line = Line { to: self.set(to), kind: Some(kind), deed, once };
        self.act(Action::Say(self.id(liar), line));
    }

    pub fn alter(&mut self, liar: &str, to: &[&str], kind: &str, how: Alteration) {
        self.say(liar, to, kind, Deed::Alter(how), false);
    }

    pub fn cut_off(&mut self, name: &str) {
        self.act(Action::Partition(vec![self.set(&[name])]));
    }

    /// How often a rule fired at a replica.
    pub fn fired(&self, name: &str, rule: Rule) -> usize {
        let (node, trace) = (self.id(name), self.run.simulation().trace());
        let events = trace.events.iter().filter(|event| event.node == node.0);
        events.flat_map(|event| trace.rules_of(event)).filter(|&code| code == rule.code()).count()
    }

    /// How long it was to wait, each time that it set the timer for a change of view.
    pub fn waits(&self, name: &str) -> Vec<Ticks> {
        let (node, trace) = (self.id(name), self.run.simulation().trace());
        let notes = trace.events.iter().filter(|event| event.node == node.0).flat_map(|event| trace.notes_of(event));
        let wait = |note: &Note| match note {
            Note::TimerSet { kind: 0, delay_ticks } => Some(Ticks::from(*delay_ticks)),
            _ => None,
        };
        notes.filter_map(wait).collect()
    }

    pub fn sent(&self, kind: &str) -> usize {
        let kind = Message::KINDS.iter().position(|each| *each == kind).unwrap() as u8;
        self.run.simulation().trace().messages.iter().filter(|message| message.body.kind() == kind).count()
    }

    /// How the client's latest operation ended, and how long it took.
    pub fn last(&self, client: &str) -> (String, Option<Ticks>) {
        let client = self.id(client);
        let (mut last, mut began) = (("none".to_owned(), None), 0);
        for record in self.run.simulation().trace().reports.iter().filter(|record| record.client == client) {
            match &record.report {
                ClientReport::Invoked { .. } => (last, began) = (("pending".to_owned(), None), record.time),
                ClientReport::Completed { ending, .. } => {
                    let text = match ending {
                        Ending::Ok(answer) => answer.to_string(),
                        Ending::Failed => "failed".to_owned(),
                        Ending::Unknown => "unknown".to_owned(),
                    };
                    last = (text, Some(record.time - began));
                }
            }
        }
        last
    }

    pub fn ended(&self, client: &str) -> String {
        self.last(client).0
    }

    pub fn views(&self) -> Vec<u64> {
        let replicas = self.run.simulation().world().replicas();
        replicas.iter().filter_map(|machine| machine.process.as_ref()).map(Pbft::current_view).collect()
    }

    pub fn broken(&self) -> Vec<&'static str> {
        self.run.findings().into_iter().map(|finding| finding.invariant.name).collect()
    }

    pub fn must_be_sound(&mut self) {
        let findings: Vec<String> = self.run.findings_at_end().into_iter().map(|finding| finding.sentence).collect();
        assert_eq!(findings, Vec::<String>::new());
        let judgement = self.run.verdict(1_000_000);
        assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
    }
}

/// Long enough for any test.
pub const LONG: Ticks = 30 * SECOND;

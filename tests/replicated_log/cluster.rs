//! A cluster to which things are done by name, in sentences, through [`Run`] and its interventions, as on the page.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::kv::{ClientReport, Command, Ending};
use consensus_playground::process::{Catalogue, Message as _, NodeId, SECOND, Ticks, Timer};
use consensus_playground::replicated_log::LeaderTimer;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Playable, Scenario};
use consensus_playground::sim::{Action, NetworkDials, Stepped, TicksRange};

pub const MS: Ticks = 1_000;

/// Longer than any test runs.
pub const NEVER: TicksRange = TicksRange { min: 10_000 * SECOND, max: 10_000 * SECOND };

/// A running cluster.
pub struct Cluster<R: Playable> {
    pub run: Run<R>,
}

/// A scenario whose election timeouts no test lives to see: nobody stands for election unless the test says so. Every
/// message takes 5 ms, and clients are patient: one that knows the leader asks it once, and asks somebody else after a
/// second. What a protocol calls its election timeouts, and which of its rules disturb a script, it says itself.
pub fn scripted(protocol: &str, replicas: u32, clients: u32) -> Scenario {
    let mut scenario = idle(protocol, replicas, clients);
    scenario.network.latency_ticks = TicksRange::new(5 * MS, 5 * MS);
    scenario.client.attempt_ticks = SECOND;
    scenario.client.deadline_ticks = 5 * SECOND;
    scenario
}

/// A scenario with the default timeouts, whose clients do nothing on their own.
pub fn idle(protocol: &str, replicas: u32, clients: u32) -> Scenario {
    let mut scenario = Scenario { replicas, clients, ..Scenario::of(protocol) };
    scenario.workload.operations_per_client = Some(0);
    scenario
}

impl<R: Playable<Timer = LeaderTimer>> Cluster<R> {
    /// Builds the cluster of a scenario and lets it boot.
    pub fn of(scenario: Scenario) -> Self {
        let mut cluster = Self { run: Run::new(scenario.simulation::<R>().unwrap()) };
        cluster.run_ms(1);
        cluster
    }

    /// As [`Cluster::of`], with a rule switched off.
    pub fn without(mutation: R::Mutation, scenario: Scenario) -> Self {
        Self::of(Scenario { mutations: vec![mutation.name().to_owned()], ..scenario })
    }

    // Names.

    pub fn id(&self, name: &str) -> NodeId {
        let world = self.run.simulation().world();
        let found = (0..world.processes()).map(NodeId).find(|&node| world.name(node) == name);
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    fn ids(&self, names: &[&str]) -> Vec<NodeId> {
        names.iter().map(|name| self.id(name)).collect()
    }

    pub fn server(&self, name: &str) -> &R {
        let machine = &self.run.simulation().world().replicas()[self.id(name).index()];
        machine.process.as_ref().unwrap_or_else(|| panic!("{name} is down"))
    }

    // Time.

    pub fn now(&self) -> Ticks {
        self.run.simulation().world().now()
    }

    pub fn run_ms(&mut self, milliseconds: u64) {
        self.run_ticks(milliseconds * MS);
    }

    pub fn run_ticks(&mut self, ticks: Ticks) {
        let until = self.now() + ticks;
        assert_ne!(self.run.run_until(until, u32::MAX), Stepped::Limit, "the run has reached its limit of events");
    }

    /// Runs, event by event, until something holds.
    pub fn run_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = self.now() + 10 * SECOND;
        while !holds(self) {
            assert_eq!(self.run.step_until(deadline), Stepped::Event, "{what}: not within 10 s");
        }
    }

    // What is done.

    pub fn act(&mut self, action: Action) {
        let shown = format!("{action:?}");
        self.run.intervene(action).unwrap_or_else(|error| panic!("{shown}: {error}"));
    }

    /// Cuts all links between two groups, both ways.
    pub fn cut(&mut self, one: &[&str], other: &[&str]) {
        self.cut_one_way(one, other);
        self.cut_one_way(other, one);
    }

    /// The second group hears nothing from the first any more.
    pub fn cut_one_way(&mut self, from: &[&str], to: &[&str]) {
        let (from, to) = (self.ids(from), self.ids(to));
        let links = from.iter().flat_map(|&from| to.iter().map(move |&to| (from, to))).filter(|(from, to)| from != to);
        self.act(Action::Cut(links.collect()));
    }

    /// Puts each group on a side of its own; those that are not named share one more.
    pub fn partition(&mut self, groups: &[&[&str]]) {
        let groups = groups.iter().map(|group| self.ids(group).into_iter().collect()).collect();
        self.act(Action::Partition(groups));
    }

    pub fn heal(&mut self) {
        self.act(Action::Heal);
    }

    pub fn crash(&mut self, name: &str) {
        self.act(Action::Crash(self.id(name)));
    }

    pub fn restart(&mut self, name: &str) {
        self.act(Action::Restart(self.id(name)));
        self.run_ticks(0);
    }

    pub fn pause(&mut self, name: &str) {
        self.act(Action::Pause(self.id(name)));
    }

    pub fn resume(&mut self, name: &str) {
        self.act(Action::Resume(self.id(name)));
        self.run_ticks(0);
    }

    pub fn link_takes(&mut self, from: &str, to: &str, milliseconds: u64) {
        let latency = TicksRange::new(milliseconds * MS, milliseconds * MS);
        self.act(Action::LinkLatency(self.id(from), self.id(to), latency));
    }

    pub fn network(&mut self, change: impl FnOnce(&mut NetworkDials)) {
        let mut dials = self.run.simulation().world().network().dials();
        change(&mut dials);
        self.act(Action::Network(dials));
    }

    pub fn fire(&mut self, name: &str, timer: LeaderTimer) {
        self.act(Action::FireTimer(self.id(name), timer.kind()));
    }

    /// Lets a server's election timer fire, again if others had a higher epoch, and runs until it leads.
    pub fn elect(&mut self, name: &str) {
        for _ in 0..5 {
            self.fire(name, LeaderTimer::Election);
            let deadline = self.now() + 100 * MS;
            while !self.is_leader(name) && self.run.step_until(deadline) == Stepped::Event {}
            if self.is_leader(name) {
                return;
            }
        }
        panic!("{name} was not elected");
    }

    /// As [`Cluster::elect`], and until what it begins with is committed and everybody knows.
    pub fn elect_and_settle(&mut self, name: &str) {
        self.elect(name);
        self.run_ms(200);
    }

    pub fn put(&mut self, client: &str, key: &str, value: &str) {
        self.act(Action::Invoke(self.id(client), Command::Put { key: key.into(), value: value.into() }));
    }

    pub fn cas(&mut self, client: &str, key: &str, expected: &str, new: &str) {
        let command = Command::Cas { key: key.into(), expected: Some(expected.into()), new: new.into() };
        self.act(Action::Invoke(self.id(client), command));
    }

    pub fn get(&mut self, client: &str, key: &str) {
        self.act(Action::Invoke(self.id(client), Command::Get { key: key.into() }));
    }

    /// Lets clients find out who leads, by a read.
    pub fn introduce(&mut self, clients: &[&str]) {
        for client in clients {
            self.get(client, "x");
            self.run_until(&format!("{client} knows the leader"), |cluster| cluster.last(client) != "pending");
        }
    }

    // Messages.

    /// Messages of a kind in flight from one process to another, in the order of sending.
    pub fn in_flight(&self, kind: &str, from: &str, to: &str) -> Vec<u32> {
        let (from, to) = (self.id(from), self.id(to));
        let messages = &self.run.simulation().trace().messages;
        let matches = |message: &u32| {
            let record = &messages[*message as usize];
            record.from == from && record.to == to && R::Message::KINDS[usize::from(record.body.kind())] == kind
        };
        self.run.simulation().world().in_flight().into_iter().filter(matches).collect()
    }

    /// The content of a message.
    pub fn message(&self, message: u32) -> &R::Message {
        &self.run.simulation().trace().messages[message as usize].body
    }

    pub fn drop_all(&mut self, kind: &str, from: &str, to: &str) {
        for message in self.in_flight(kind, from, to) {
            self.act(Action::DropMessage(message));
        }
    }

    // What is seen.

    pub fn role(&self, name: &str) -> &'static str {
        R::ROLES[usize::from(self.server(name).role())]
    }

    pub fn is_leader(&self, name: &str) -> bool {
        self.role(name) == "leader"
    }

    /// All that take themselves for the leader.
    pub fn leaders(&self) -> Vec<String> {
        let world = self.run.simulation().world();
        let up =
            world.replicas().iter().enumerate().filter_map(|(index, machine)| Some((index, machine.process.as_ref()?)));
        let leading = up.filter(|(_, server)| R::ROLES[usize::from(server.role())] == "leader");
        leading.map(|(index, _)| world.name(NodeId(index as u16))).collect()
    }

    pub fn commit(&self, name: &str) -> u64 {
        self.server(name).decided()
    }

    /// The state, as `x=1 y=2`.
    pub fn store(&self, name: &str) -> String {
        let store = self.server(name).view().store;
        store.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
    }

    /// How a client's operations ended, in the order of their beginnings: an answer, `unknown`, `failed` or `pending`.
    pub fn endings(&self, client: &str) -> Vec<String> {
        let client = self.id(client);
        let mut endings: Vec<String> = Vec::new();
        for record in self.run.simulation().trace().reports.iter().filter(|record| record.client == client) {
            match (&record.report, endings.last_mut()) {
                (ClientReport::Invoked { .. }, _) => endings.push("pending".to_owned()),
                (ClientReport::Completed { ending, .. }, Some(latest)) => {
                    *latest = match ending {
                        Ending::Ok(answer) => answer.to_string(),
                        Ending::Failed => "failed".to_owned(),
                        Ending::Unknown => "unknown".to_owned(),
                    }
                }
                (ClientReport::Completed { .. }, None) => panic!("an end without a beginning"),
            }
        }
        endings
    }

    /// How the client's latest operation ended.
    pub fn last(&self, client: &str) -> String {
        self.endings(client).pop().unwrap_or_else(|| panic!("{client} has begun nothing"))
    }

    /// How often a rule fired at a server so far.
    pub fn fired(&self, name: &str, rule: R::Rule) -> usize {
        let (node, trace) = (self.id(name), self.run.simulation().trace());
        let events = trace.events.iter().filter(|event| event.node == node.0);
        events.flat_map(|event| trace.rules_of(event)).filter(|&code| code == rule.code()).count()
    }

    /// The names of the invariants that did not hold so far.
    pub fn broken(&self) -> Vec<&'static str> {
        self.run.findings().into_iter().map(|finding| finding.invariant.name).collect()
    }

    /// The events that are responsible for a broken promise, each as the process that it concerns and what it has to do
    /// with it.
    pub fn reasons(&self, invariant: &str) -> Vec<String> {
        let (world, trace) = (self.run.simulation().world(), self.run.simulation().trace());
        let findings = self.run.findings();
        let finding = findings.iter().find(|finding| finding.invariant.name == invariant);
        let because = finding.unwrap_or_else(|| panic!("{invariant} was kept")).because.iter();
        because
            .map(|reason| {
                format!("{}: {}", world.name(NodeId(trace.events[reason.event as usize].node)), reason.sentence)
            })
            .collect()
    }

    pub fn is_linearizable(&mut self) -> bool {
        let judgement = self.run.verdict(1_000_000);
        matches!(judgement.report.verdict, Verdict::Linearizable(_))
    }

    /// Every promise was kept: all invariants, looked at without shortcuts, and the clients' history.
    pub fn must_be_sound(&mut self) {
        let findings: Vec<String> = self.run.findings_at_end().into_iter().map(|finding| finding.sentence).collect();
        assert_eq!(findings, Vec::<String>::new());
        let judgement = self.run.verdict(1_000_000);
        assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
    }
}

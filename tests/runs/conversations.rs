//! Golden conversations: a file of commands, each with what the simulator answers below a line of four dashes, so that a
//! reader can check it against the paper. The cores and the network are the real ones; the commands are the hand of
//! whoever drew the figure. `UPDATE_EXPECT=1 cargo test --test native conversations` writes
//! the answers anew.
//!
//! | command | what it does |
//! |---|---|
//! | `start N` | boots N servers that stand for election only when told to; every message takes 10 ms |
//! | `elect N` | N's election timer fires; shows the votes that reach it, until it leads or 60 ms have passed |
//! | `put N K=V` | a new client asks N to put V under K, and is gone before it is answered |
//! | `partition A B \| C` | these groups, and each server that is not named alone; clients are with their server |
//! | `heal`, `crash N`, `restart N` | as they say; a restart is a crash first, if N is up |
//! | `run MS` | so much time passes |
//! | `until N RULE` | until a rule of the paper fires at N |
//! | `show logs` | of each server its role, its term, the terms of its entries, and how far it knows them committed |

use consensus_playground::process::{MILLISECOND, NodeId, NodeSet, Ticks, Timer};
use consensus_playground::raft::{Raft, RaftTimer};
use consensus_playground::run::Run;
use consensus_playground::scenario::Scenario;
use consensus_playground::sim::{Action, InputKind, Stepped, TicksRange};
use expect_test::expect_file;
use std::fmt::Write as _;

/// Longer than any conversation lasts.
const NEVER: Ticks = 10_000_000 * MILLISECOND;

#[test]
fn figure_7_goes_as_written() {
    let written = include_str!("../golden/figure-7.txt");
    expect_file!["../golden/figure-7.txt"].assert_eq(&answered(written));
}

#[test]
fn figure_8_goes_as_written() {
    let written = include_str!("../golden/figure-8.txt");
    expect_file!["../golden/figure-8.txt"].assert_eq(&answered(written));
}

/// The same conversation with the answers of now. What is no command is a remark, and stays.
fn answered(written: &str) -> String {
    let mut text = String::new();
    let mut cluster = None;
    let mut lines = written.lines().peekable();
    while let Some(line) = lines.next() {
        writeln!(text, "{line}").unwrap();
        if lines.next_if_eq(&"----").is_some() {
            while lines.next_if(|line| !line.is_empty()).is_some() {}
            let answer = match line.strip_prefix("start ") {
                Some(servers) => {
                    cluster = Some(Cluster::start(servers.parse().unwrap()));
                    "ok\n".to_owned()
                }
                None => cluster.as_mut().expect("start comes first").answer(line),
            };
            write!(text, "----\n{answer}").unwrap();
        }
    }
    text
}

struct Cluster {
    run: Run<Raft>,
    servers: u16,
}

impl Cluster {
    fn start(servers: u16) -> Self {
        let mut scenario = Scenario { replicas: servers.into(), clients: servers.into(), ..Scenario::of("raft") };
        scenario.network.latency_ticks = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);
        scenario.workload.operations_per_client = Some(0);
        scenario.client.attempt_ticks = 5_000 * MILLISECOND;
        scenario.client.deadline_ticks = 5_000 * MILLISECOND;
        scenario.raft.election_timeout_ticks = TicksRange::new(NEVER, NEVER);
        scenario.raft.pre_vote = false;
        scenario.raft.check_quorum = false;
        scenario.raft.entries_per_message_max = 1;
        let mut cluster = Self { run: Run::new(scenario.raft_simulation().unwrap()), servers };
        cluster.run_ms(1);
        cluster
    }

    fn answer(&mut self, command: &str) -> String {
        let words: Vec<&str> = command.split(' ').collect();
        match words[..] {
            ["elect", name] => return self.elect(self.server(name)),
            ["put", name, text] => self.put(self.server(name), text),
            ["partition", ..] => self.partition(command.trim_start_matches("partition ")),
            ["heal"] => self.act(Action::Heal),
            ["crash", name] => self.act(Action::Crash(self.server(name))),
            ["restart", name] => self.restart(self.server(name)),
            ["run", milliseconds] => self.run_ms(milliseconds.parse().unwrap()),
            ["until", name, rule] => return self.until(self.server(name), rule),
            ["show", "logs"] => return self.logs(),
            _ => panic!("no such command: {command}"),
        }
        "ok\n".to_owned()
    }

    fn server(&self, name: &str) -> NodeId {
        let number: u16 =
            name.strip_prefix('n').and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no server {name}"));
        assert!((1..=self.servers).contains(&number), "no server {name}");
        NodeId(number - 1)
    }

    /// The client that asks this server first.
    fn client_of(&self, server: NodeId) -> NodeId {
        NodeId(self.servers + server.0)
    }

    fn act(&mut self, action: Action) {
        let shown = format!("{action:?}");
        self.run.intervene(action).unwrap_or_else(|error| panic!("{shown}: {error}"));
        self.run_ms(0);
    }

    fn run_ms(&mut self, milliseconds: u64) {
        let until = self.run.simulation().world().now() + milliseconds * MILLISECOND;
        assert_ne!(self.run.run_until(until, u32::MAX), Stepped::Limit);
    }

    fn restart(&mut self, node: NodeId) {
        if self.run.simulation().world().is_up(node) {
            self.act(Action::Crash(node));
        }
        self.act(Action::Restart(node));
    }

    fn put(&mut self, server: NodeId, text: &str) {
        let (key, value) = text.split_once('=').expect("KEY=VALUE");
        let client = self.client_of(server);
        self.restart(client);
        let command = consensus_playground::kv::Command::Put { key: key.into(), value: value.into() };
        self.act(Action::Invoke(client, command));
        self.run_ms(15);
        self.act(Action::Crash(client));
    }

    fn partition(&mut self, groups: &str) {
        let with_clients = |group: &str| -> NodeSet {
            group
                .split_whitespace()
                .map(|name| self.server(name))
                .flat_map(|server| [server, self.client_of(server)])
                .collect()
        };
        let mut sets: Vec<NodeSet> = groups.split('|').map(with_clients).collect();
        let alone = (0..self.servers).map(NodeId).filter(|server| !sets.iter().any(|set| set.contains(*server)));
        let alone: Vec<NodeSet> = alone.map(|server| [server, self.client_of(server)].into_iter().collect()).collect();
        sets.extend(alone);
        self.act(Action::Partition(sets));
    }

    fn role(&self, node: NodeId) -> String {
        let world = self.run.simulation().world();
        let view = world.replicas()[node.index()].view(&world.setup().replica);
        format!("{} in term {}", view.role, view.epoch)
    }

    /// Lets a server stand for election, and tells which votes reach it.
    fn elect(&mut self, node: NodeId) -> String {
        let name = self.run.simulation().world().name(node);
        let deadline = self.run.simulation().world().now() + 60 * MILLISECOND;
        self.run.intervene(Action::FireTimer(node, RaftTimer::Election.kind())).unwrap();
        let mut text = String::new();
        while !self.role(node).starts_with("leader") && self.run.step_until(deadline) == Stepped::Event {
            let event = *self.run.simulation().trace().events.last().unwrap();
            if event.node == node.0 && event.input == InputKind::Message {
                writeln!(text, "{}", self.run.title(&event)).unwrap();
            }
        }
        writeln!(text, "{name} is {}", self.role(node)).unwrap();
        text
    }

    /// Runs until a rule fires at a server, and tells by what.
    fn until(&mut self, node: NodeId, rule: &str) -> String {
        let deadline = self.run.simulation().world().now() + 1_000 * MILLISECOND;
        while self.run.step_until(deadline) == Stepped::Event {
            let event = *self.run.simulation().trace().events.last().unwrap();
            if event.node == node.0 && self.run.rule_names(&event).contains(&rule) {
                return format!("{}\n", self.run.title(&event));
            }
        }
        "not within a second\n".to_owned()
    }

    fn logs(&self) -> String {
        let world = self.run.simulation().world();
        let mut text = String::new();
        for (node, machine) in (0..).map(NodeId).zip(world.replicas()) {
            let log = machine.view(&world.setup().replica).log.unwrap();
            let terms: Vec<String> = log.cells.iter().map(|cell| cell.epoch.to_string()).collect();
            let (name, role, terms) = (world.name(node), self.role(node), terms.join(" "));
            writeln!(text, "{name}  {role:<21} {terms:<26} committed to {}", log.commit_index).unwrap();
        }
        text
    }
}

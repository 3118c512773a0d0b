//! Starts nodes, carries their messages, asks them as clients do, and keeps the history.

use consensus_playground::check::history::{Operation, Outcome};
use consensus_playground::check::linearizability::{Options, Verdict, check};
use consensus_playground::check::model::{Kv, KvCommand, KvResult};
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Everything that is waited for happens within this time, on the slowest machine.
pub const BOUND: Duration = Duration::from_secs(60);

/// A client gives an operation up after this time.
const PATIENCE: Duration = Duration::from_secs(3);

/// A directory for one test, which takes it along when it ends, also by a panic.
pub struct Directory(PathBuf);

impl Directory {
    /// Under the directory for temporary files; the first node that keeps something creates it.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("consensus-playground-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A process of the cluster. Two threads carry its lines, so that one who reads slowly holds up nobody else.
struct Node {
    child: Child,
    /// The queue of lines that it is to read.
    input: Option<Sender<String>>,
}

/// What of a message says where it goes.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    src: Cow<'a, str>,
    #[serde(borrow)]
    dest: Cow<'a, str>,
}

/// An operation that is under way.
struct Open {
    /// Its place in the history.
    operation: usize,
    msg_id: u64,
    since: Instant,
}

/// A cluster, its network and its clients.
pub struct Harness {
    protocol: &'static str,
    data: Option<PathBuf>,
    nodes: Vec<Node>,
    lines: Receiver<(usize, String)>,
    sender: Sender<(usize, String)>,
    /// Links that are cut, by sender and receiver.
    cut: BTreeSet<(usize, usize)>,
    clients: Vec<Option<Open>>,
    pub history: Vec<Operation<KvCommand, KvResult>>,
    position: u64,
    msg_id: u64,
    next_value: u64,
}

impl Harness {
    pub fn start(protocol: &'static str, nodes: usize, clients: usize, data: Option<&Path>) -> Self {
        let (sender, lines) = channel();
        let mut harness = Self {
            protocol,
            data: data.map(Path::to_owned),
            nodes: Vec::new(),
            lines,
            sender,
            cut: BTreeSet::new(),
            clients: (0..clients).map(|_| None).collect(),
            history: Vec::new(),
            position: 0,
            msg_id: 0,
            next_value: 0,
        };
        for place in 0..nodes {
            let node = harness.spawn(place);
            harness.nodes.push(node);
        }
        harness.init_all();
        harness
    }

    fn spawn(&self, place: usize) -> Node {
        let mut command = Command::new(env!("CARGO_BIN_EXE_consensus-playground"));
        command
            .args(["node", "--protocol", self.protocol])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(data) = &self.data {
            command.arg("--data").arg(data.join(format!("n{}", place + 1)));
        }
        let mut child = command.spawn().unwrap();
        let (mut stdin, stdout, sender) =
            (child.stdin.take().unwrap(), child.stdout.take().unwrap(), self.sender.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                if line.is_err() || line.is_ok_and(|line| sender.send((place, line)).is_err()) {
                    return;
                }
            }
        });
        let (input, queue) = channel::<String>();
        // It ends when the queue is closed, or when the node was killed and reads nothing more.
        std::thread::spawn(move || queue.iter().all(|line| writeln!(stdin, "{line}").is_ok()));
        Node { child, input: Some(input) }
    }

    fn init_all(&mut self) {
        (0..self.nodes.len()).for_each(|place| self.init(place));
    }

    fn init(&mut self, place: usize) {
        let names: Vec<String> = (1..=self.nodes.len()).map(|number| format!("n{number}")).collect();
        let body = json!({"type": "init", "msg_id": 0, "node_id": names[place], "node_ids": names});
        self.send(place, json!({"src": "c0", "dest": names[place], "body": body}).to_string());
    }

    /// Kills all processes as a power failure would, and starts them again.
    pub fn crash_all_and_restart(&mut self) {
        for node in &mut self.nodes {
            node.child.kill().unwrap();
            node.child.wait().unwrap();
        }
        // What they said before they died is lost with them.
        while self.lines.try_recv().is_ok() {}
        for place in 0..self.nodes.len() {
            self.nodes[place] = self.spawn(place);
        }
        self.init_all();
    }

    /// Kills a process, counted from 1, as a power failure would.
    pub fn kill(&mut self, number: usize) {
        let node = &mut self.nodes[number - 1];
        node.input = None;
        node.child.kill().unwrap();
        node.child.wait().unwrap();
    }

    /// Starts a process that was killed.
    pub fn start_again(&mut self, number: usize) {
        self.nodes[number - 1] = self.spawn(number - 1);
        self.init(number - 1);
    }

    /// Cuts all links between these nodes, counted from 1, and the others.
    pub fn cut_off(&mut self, side: &[usize]) {
        let is_inside = |place: usize| side.contains(&(place + 1));
        let pairs = (0..self.nodes.len()).flat_map(|from| (0..self.nodes.len()).map(move |to| (from, to)));
        self.cut = pairs.filter(|&(from, to)| is_inside(from) != is_inside(to)).collect();
    }

    pub fn heal(&mut self) {
        self.cut.clear();
    }

    fn send(&self, place: usize, line: String) {
        if let Some(input) = &self.nodes[place].input {
            // A node that was killed reads nothing more.
            let _ = input.send(line);
        }
    }

    /// Lets clients that are free begin operations at these nodes, carries what there is to be carried, until something
    /// holds.
    pub fn run_until(&mut self, at: &[usize], what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < BOUND, "{what}: not within {BOUND:?}");
            for client in 0..self.clients.len() {
                let is_late = self.clients[client].as_ref().is_some_and(|open| open.since.elapsed() > PATIENCE);
                if is_late {
                    // Its outcome stays unknown.
                    self.clients[client] = None;
                }
                if self.clients[client].is_none() && !at.is_empty() {
                    self.begin(client, at[(self.msg_id as usize + client) % at.len()] - 1);
                }
            }
            if let Ok((from, line)) = self.lines.recv_timeout(Duration::from_millis(5)) {
                self.carry(from, line);
            }
        }
    }

    /// Lets all that is under way come to its end, and begins nothing.
    pub fn run_out(&mut self) {
        self.run_until(&[], "all operations end", |harness| harness.clients.iter().all(Option::is_none));
    }

    fn begin(&mut self, client: usize, node: usize) {
        self.msg_id += 1;
        let key = self.msg_id % 3;
        let text = |value: u64| value.to_string().into();
        let (command, body) = match self.msg_id % 5 {
            0 | 1 => (KvCommand::Get { key: text(key) }, json!({"type": "read", "key": key})),
            2 | 3 => {
                self.next_value += 1;
                let value = self.next_value;
                (
                    KvCommand::Put { key: text(key), value: text(value) },
                    json!({"type": "write", "key": key, "value": value}),
                )
            }
            _ => {
                let from = self.next_value;
                self.next_value += 1;
                let to = self.next_value;
                let command = KvCommand::Cas { key: text(key), from: Some(text(from)), to: text(to) };
                (command, json!({"type": "cas", "key": key, "from": from, "to": to}))
            }
        };
        let mut message = json!({"src": format!("c{}", client + 1), "dest": format!("n{}", node + 1), "body": body});
        message["body"]["msg_id"] = self.msg_id.into();
        self.clients[client] = Some(Open { operation: self.history.len(), msg_id: self.msg_id, since: Instant::now() });
        self.position += 1;
        self.history.push(Operation {
            client: client as u32 + 1,
            command,
            invoked_at: self.position,
            outcome: Outcome::Unknown,
        });
        self.send(node, message.to_string());
    }

    /// Carries a line to whom it is for: to another node as it is, however long it may be.
    fn carry(&mut self, from: usize, line: String) {
        let Envelope { src, dest } = serde_json::from_str(&line).unwrap();
        assert_eq!(src, format!("n{}", from + 1), "{line}");
        let number: usize = dest[1..].parse().unwrap();
        if dest.starts_with('n') {
            if !self.cut.contains(&(from, number - 1)) {
                self.send(number - 1, line);
            }
        } else if number > 0 {
            let message: Value = serde_json::from_str(&line).unwrap();
            self.end(number - 1, &message["body"]);
        }
    }

    fn end(&mut self, client: usize, body: &Value) {
        let Some(open) = self.clients[client].take_if(|open| body["in_reply_to"] == open.msg_id) else { return };
        self.position += 1;
        let completed_at = self.position;
        let operation = &mut self.history[open.operation];
        let ok = |result| Outcome::Ok { completed_at, result };
        operation.outcome = match (body["type"].as_str().unwrap(), body["code"].as_u64(), &operation.command) {
            ("read_ok", _, _) => ok(KvResult::Value(Some(body["value"].to_string().into()))),
            ("write_ok", _, _) => ok(KvResult::Done),
            ("cas_ok", _, _) => ok(KvResult::Swapped),
            ("error", Some(20), KvCommand::Get { .. }) => ok(KvResult::Value(None)),
            ("error", Some(20), KvCommand::Cas { .. }) => ok(KvResult::Found(None)),
            ("error", Some(22), KvCommand::Cas { .. }) => ok(KvResult::Mismatch),
            ("error", Some(11), _) => Outcome::Failed { completed_at },
            ("error", Some(0 | 13), _) => Outcome::Unknown,
            _ => panic!("{body}"),
        };
    }

    /// Asks a node, counted from 1, until it answers with something of this type, and gives that. It stands outside the
    /// history.
    pub fn ask_until(&mut self, number: usize, wanted: &str, body: &Value) -> Value {
        let start = Instant::now();
        loop {
            self.msg_id += 1;
            let (msg_id, asked) = (self.msg_id, Instant::now());
            let mut message = json!({"src": "c99", "dest": format!("n{number}"), "body": body});
            message["body"]["msg_id"] = msg_id.into();
            self.send(number - 1, message.to_string());
            while asked.elapsed() < PATIENCE {
                assert!(start.elapsed() < BOUND, "n{number} does not answer {wanted} within {BOUND:?}");
                let Ok((from, line)) = self.lines.recv_timeout(Duration::from_millis(5)) else { continue };
                if !line.contains("\"dest\":\"c99\"") {
                    self.carry(from, line);
                    continue;
                }
                let mut message: Value = serde_json::from_str(&line).unwrap();
                if message["body"]["in_reply_to"] == msg_id {
                    if message["body"]["type"] == wanted {
                        return message["body"].take();
                    }
                    // A new leader is needed first.
                    std::thread::yield_now();
                    break;
                }
            }
        }
    }

    /// How many operations have succeeded.
    pub fn successes(&self) -> usize {
        self.history.iter().filter(|operation| matches!(operation.outcome, Outcome::Ok { .. })).count()
    }

    /// How many operations of a kind have succeeded since a place in the history.
    pub fn successes_since(&self, since: usize, is_read: bool) -> usize {
        let matching = self.history[since..]
            .iter()
            .filter(|operation| matches!(operation.command, KvCommand::Get { .. }) == is_read);
        matching.filter(|operation| matches!(operation.outcome, Outcome::Ok { .. })).count()
    }

    pub fn must_be_linearizable(&self) {
        let report = check(&Kv::default(), &self.history, &Options::default());
        assert!(matches!(report.verdict, Verdict::Linearizable(_)), "{:?}", report.verdict);
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        for node in &mut self.nodes {
            let _ = node.child.kill();
            let _ = node.child.wait();
        }
    }
}

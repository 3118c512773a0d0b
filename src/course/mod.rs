//! The course's JSON protocol: one message a line in, replies a line out, answered by the real cores.
//!
//! A [`Node`] is one node of the course: it is given lines and gives lines, and knows no streams, so that it runs on
//! the command line and in a page alike. An `init` names it and its cluster; from then on each request is looked up in
//! a table (`table`) by its type, its body is read into a struct, and the answer comes from a core, the simulator or a
//! checker. Each file holds the tasks of one subject.
//!
//! | file              | tasks                                                             | what answers                                   |
//! |-------------------|-------------------------------------------------------------------|------------------------------------------------|
//! | `raft_node`       |                                                                   | the node's own Raft core, driven by hand        |
//! | `election`        | states, heartbeats, timeouts, votes, terms; election restriction  | that core                                      |
//! | `replication`     | log replication, log matching, commitment                         | that core                                      |
//! | `state_machine`   | applying, the apply channel                                       | that core, told what its leader has committed  |
//! | `commit_rule`     | the commitment rule                                               | a leading Raft core that hears these answers   |
//! | `leader_change`   | the entry that does nothing                                       | a cluster of Raft cores that elects            |
//! | `snapshot`        | snapshots                                                         | the node's own core                            |
//! | `store`           | read, write, cas                                                  | the node's own core, with peers that answer    |
//! | `partition`       | a store under partitions                                          | a simulated cluster, the linearizability checker |
//! | `history`         | histories that somebody else has written down                     | that checker                                   |
//! | `paxos`           | phases 1 and 2, safety                                            | Paxos cores                                    |
//! | `multi_paxos`     | Multi-Paxos                                                       | Multi-Paxos cores                              |
//! | `comparison`      | Raft against Multi-Paxos                                          | leader changes, their messages counted         |
//! | `faults`          | Byzantine faults                                                  | a vocabulary; a cluster with one liar, and its readers |
//! | `pbft`            | PBFT, equivocation                                                | PBFT cores                                     |
//! | `threshold`       | n ≥ 3f + 1                                                        | the quorums that the cores use; PBFT cores and liars in drawn runs |
//! | `tendermint`, `votes` | Tendermint's voting rounds                                      | the core's vote log and voting powers, and its rules on locks |
//!
//! **What did not happen, what is not known and what was observed** are three things, in requests as in answers: a
//! command that may still take effect is error 0, one that cannot is error 11; null stands for what is not there; and
//! what cannot be kept as it was written is error 12.
//!
//! **Time** passes only while the node is told to wait. **Peers** are other processes: what the node says to them is
//! printed when it was asked for ([`Settings::show_peers`]), and what they say comes in as lines.

mod commit_rule;
mod comparison;
mod cost;
mod election;
mod faults;
mod history;
mod host;
mod leader_change;
mod message;
mod multi_paxos;
mod numbers;
mod partition;
mod paxos;
mod pbft;
mod raft_node;
mod replication;
mod snapshot;
mod state_machine;
mod store;
mod table;
mod tendermint;
mod threshold;
mod values;
mod votes;

pub(crate) use message::keeps_its_numbers;
pub use message::{LINE_BYTES_MAX, NUMBER_MAX, code};
pub use table::{Kind, kinds};

use message::{Answer, Answered, Envelope, Read, Refusal, Request};
use raft_node::RaftNode;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most nodes of a cluster that `init` may name.
pub const NODES_MAX: usize = 31;

/// Longest name of a node, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// How a node behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether all messages to peers are printed, and not only those that a task shows.
    pub show_peers: bool,
}

/// A line that a node gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A message.
    Out(String),
    /// A remark for a person: not part of the protocol.
    Diagnostic(String),
}

/// A node of the course.
///
/// ```
/// use consensus_playground::course::{Line, Node, Settings};
///
/// let mut node = Node::new(Settings::default());
/// let init = r#"{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}}"#;
/// let Some(Line::Out(reply)) = node.handle_line(init).pop() else { panic!("it answers") };
/// assert!(reply.contains("init_ok"));
/// ```
#[derive(Debug)]
pub struct Node {
    settings: Settings,
    msg_id: u64,
    state: Option<State>,
}

/// What a node is after `init`.
#[derive(Debug)]
struct State {
    node_id: String,
    node_ids: Vec<String>,
    raft: RaftNode,
    state_form: state_machine::StateForm,
    leader_change: Option<leader_change::Changed>,
    paxos: paxos::Acceptor,
    partition: partition::Control,
    sessions: store::Sessions,
    multi_paxos: multi_paxos::Slots,
    pbft: pbft::Service,
    tendermint: tendermint::Rounds,
}

impl State {
    fn new(node_id: String, node_ids: Vec<String>) -> Self {
        Self {
            raft: RaftNode::new(&node_id, &node_ids),
            state_form: state_machine::StateForm::default(),
            leader_change: None,
            paxos: paxos::Acceptor::new(&node_id, &node_ids),
            partition: partition::Control::default(),
            sessions: store::Sessions::default(),
            multi_paxos: multi_paxos::Slots::default(),
            pbft: pbft::Service::default(),
            tendermint: tendermint::Rounds::new(&node_ids),
            node_id,
            node_ids,
        }
    }
}

#[derive(Deserialize)]
struct Init {
    node_id: String,
    node_ids: Vec<String>,
}

impl Node {
    /// A node before its `init`.
    pub fn new(settings: Settings) -> Self {
        Self { settings, msg_id: 0, state: None }
    }

    /// Answers a line. An empty one is passed over.
    pub fn handle_line(&mut self, line: &str) -> Vec<Line> {
        if line.trim().is_empty() {
            return Vec::new();
        }
        match message::read_line(line) {
            Ok(Read::Message(envelope)) => self.handle(&envelope, None),
            Ok(Read::Lossy(envelope, refusal)) => self.handle(&envelope, Some(refusal)),
            Err(problem) => vec![Line::Diagnostic(problem)],
        }
    }

    /// Answers a message: with an error, if it is refused already.
    fn handle(&mut self, envelope: &Envelope, refused: Option<Refusal>) -> Vec<Line> {
        let mut lines = Vec::new();
        let own = self.state.as_ref().map(|state| state.node_id.as_str()).filter(|_| envelope.body["type"] != "init");
        if let Some(own) = own.filter(|own| *own != envelope.dest) {
            let dest: String = envelope.dest.chars().take(64).collect();
            return vec![Line::Diagnostic(format!("a message to {dest:?} is left out: this is {own}"))];
        }
        let in_reply_to = match envelope.body.get("msg_id") {
            None => None,
            Some(number) => match number.as_u64() {
                Some(number) => Some(number),
                None => {
                    let refusal = Refusal::malformed("msg_id", "a whole number, not negative, is expected");
                    lines.push(self.reply(envelope, None, "error", message::error_body(refusal)));
                    return lines;
                }
            },
        };
        match refused.map_or_else(|| self.dispatch(envelope), Err) {
            Ok(answer) => self.print(envelope, in_reply_to, answer, &mut lines),
            Err(refusal) => lines.push(self.reply(envelope, in_reply_to, "error", message::error_body(refusal))),
        }
        lines
    }

    fn dispatch(&mut self, envelope: &Envelope) -> Answered {
        let kind = envelope.body.get("type").and_then(Value::as_str).unwrap_or_default();
        let request = Request { src: &envelope.src, body: &envelope.body };
        if kind == "init" {
            return self.init(&request);
        }
        let Some(handler) = table::handler(kind) else {
            let shown: String = kind.chars().take(64).collect();
            return Err(Refusal::new(code::NOT_SUPPORTED, format!("unknown type {shown:?}")));
        };
        let Some(state) = &mut self.state else {
            return Err(Refusal::new(code::NOT_SUPPORTED, "the node is not initialized: send init first"));
        };
        let mut answer = handler(state, &request)?;
        state.partition.filter(&mut answer);
        Ok(answer)
    }

    /// Names the node and its cluster. A second one begins anew.
    fn init(&mut self, request: &Request<'_>) -> Answered {
        let Init { node_id, node_ids } = request.read()?;
        if !(1..=NODES_MAX).contains(&node_ids.len()) {
            return Err(Refusal::malformed("node_ids", format!("1 to {NODES_MAX} nodes, not {}", node_ids.len())));
        }
        if let Some(place) = node_ids.iter().position(|name| name.is_empty() || name.len() > NAME_BYTES_MAX) {
            return Err(Refusal::malformed(&format!("node_ids[{place}]"), format!("1 to {NAME_BYTES_MAX} bytes")));
        }
        if let Some(place) = (1..node_ids.len()).find(|&place| node_ids[..place].contains(&node_ids[place])) {
            return Err(Refusal::malformed(&format!("node_ids[{place}]"), "named twice"));
        }
        if !node_ids.contains(&node_id) {
            return Err(Refusal::malformed("node_id", "not one of node_ids"));
        }
        self.state = Some(State::new(node_id, node_ids));
        self.msg_id = 0;
        Ok(Answer::reply("init_ok", json!({})))
    }

    /// The reply first, then what goes to others.
    fn print(&mut self, envelope: &Envelope, in_reply_to: Option<u64>, answer: Answer, lines: &mut Vec<Line>) {
        lines.extend(answer.diagnostics.into_iter().map(Line::Diagnostic));
        if let Some((kind, fields)) = answer.reply {
            lines.push(self.reply(envelope, in_reply_to, kind, fields));
        }
        for (dest, body) in answer.unsolicited {
            lines.push(self.line(&envelope.dest, &dest, message::complete_body(None, body, self.msg_id, None)));
        }
        if self.settings.show_peers {
            for (dest, body) in answer.to_peers {
                lines.push(self.line(&envelope.dest, &dest, message::complete_body(None, body, self.msg_id, None)));
            }
        }
    }

    fn reply(&mut self, envelope: &Envelope, in_reply_to: Option<u64>, kind: &str, fields: Value) -> Line {
        let body = message::complete_body(Some(kind), fields, self.msg_id, in_reply_to);
        self.line(&envelope.dest, &envelope.src, body)
    }

    fn line(&mut self, src: &str, dest: &str, body: Value) -> Line {
        self.msg_id += 1;
        Line::Out(json!({ "src": src, "dest": dest, "body": body }).to_string())
    }
}

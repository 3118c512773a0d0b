//! The host of a replica: lines and time in, lines and writes out.
//!
//! What a process wants is written in three steps. What it sends *now* may leave at once. What it persists must be on
//! the disk before anything else that it sends leaves. When it is there, the process is told ([`Host::persisted`]), and
//! more may follow. In between the host takes any number of lines, so that all that waits is written by one commit.

use super::client::{self, code};
use super::codec::{Codec, Pace};
use super::state::{Kept, Member, Names, Next, Output, Persist};
use super::wire::{NUMBER_MAX, bounded};
use super::{LINE_LENGTH_MAX, NODES_MAX};
use crate::course::keeps_its_numbers;
use crate::kv::ClientMessage;
use crate::process::{Input, NodeId, Seat, Ticks};
use crate::sim::random::Stream;
use serde_json::{Map, Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

/// A node without input and output.
pub struct Host<R: Codec> {
    config: R::Config,
    kept: Kept<R>,
    pub(super) random: Stream,
    /// The number of the latest request of a client.
    pub(super) sequence: u64,
    /// The highest number that may be given before the disk has to know a higher one.
    pub(super) numbers_up_to: u64,
    /// Whether the disk does not know that number yet. Till then nothing leaves early: it might carry a number that a
    /// later start gives again.
    pub(super) numbers_wait: bool,
    /// The number of the next message.
    msg_id: u64,
    pub(super) member: Option<Member<R>>,
    /// What the process is given when all that was persisted is on the disk.
    pub(super) after_flush: VecDeque<Next<R>>,
    pub(super) outputs: Vec<Output<R>>,
}

impl<R: Codec> Host<R> {
    /// A node before it is told its name. `seed` draws its timeouts; `kept` is what earlier starts have left.
    ///
    /// Clients' sessions outlive a node, and a number that is used twice would be taken for a request that is made
    /// twice. So the disk says up to which number they may have been given, and the next start goes on after it.
    /// `first_number` is where they begin if the disk says nothing: without a disk, the time in microseconds is larger
    /// than whatever was used before.
    ///
    /// # Errors
    ///
    /// A number is larger than any that this could have written.
    pub fn new(pace: Pace, seed: u64, first_number: u64, kept: Kept<R>) -> Result<Self, String> {
        let sequence = first_number.min(NUMBER_MAX).max(bounded(kept.numbers_up_to)?);
        Ok(Self {
            config: R::config(pace),
            kept,
            random: Stream::new(seed, 0),
            sequence,
            numbers_up_to: sequence,
            numbers_wait: false,
            msg_id: 0,
            member: None,
            after_flush: VecDeque::new(),
            outputs: Vec::new(),
        })
    }

    /// Which start this is: 0 is the first, n the n-th return.
    pub fn incarnation(&self) -> u64 {
        self.kept.incarnation
    }

    /// Takes a line, and gives what follows from it.
    pub fn line(&mut self, now: Ticks, line: &str) -> Vec<Output<R>> {
        if line.len() > LINE_LENGTH_MAX {
            self.complain(format!("a line of {} bytes is left out: at most {LINE_LENGTH_MAX} are read", line.len()));
        } else if !line.trim().is_empty() {
            match serde_json::from_str(line) {
                Ok(Value::Object(message)) => match keeps_its_numbers(line) {
                    Ok(()) => self.message(now, &message),
                    Err(problem) => self.complain(format!("a line is left out: {problem}")),
                },
                Ok(_) => self.complain("a line that is not an object is left out".to_owned()),
                Err(error) => self.complain(format!("a line that is not JSON is left out: {error}")),
            }
        }
        self.catch_up(now);
        std::mem::take(&mut self.outputs)
    }

    /// Lets time pass, and gives what follows from it.
    pub fn tick(&mut self, now: Ticks) -> Vec<Output<R>> {
        self.catch_up(now);
        std::mem::take(&mut self.outputs)
    }

    /// All that was persisted is on the disk: gives what follows from that.
    pub fn persisted(&mut self, now: Ticks) -> Vec<Output<R>> {
        self.numbers_wait = false;
        for next in std::mem::take(&mut self.after_flush) {
            self.handle(now, next);
        }
        std::mem::take(&mut self.outputs)
    }

    /// Whether anything waits for [`Host::persisted`].
    pub fn awaits_flush(&self) -> bool {
        self.numbers_wait || !self.after_flush.is_empty()
    }

    /// When [`Host::tick`] is wanted next.
    pub fn deadline(&self) -> Option<Ticks> {
        self.member.as_ref()?.deadlines.peek().map(|Reverse((due, ..))| *due)
    }

    pub(super) fn complain(&mut self, problem: String) {
        self.outputs.push(Output::Complaint(problem));
    }

    fn message(&mut self, now: Ticks, message: &Map<String, Value>) {
        let text = |name: &str| message.get(name).and_then(Value::as_str);
        let body = message.get("body").and_then(Value::as_object);
        let kind = body.and_then(|body| body.get("type")).and_then(Value::as_str);
        let (Some(src), Some(dest), Some(body), Some(kind)) = (text("src"), text("dest"), body, kind) else {
            return self.complain("a message without a src, dest, body or type is left out".to_owned());
        };
        let msg_id = body.get("msg_id").and_then(Value::as_u64);
        let Some(member) = &self.member else {
            match kind {
                "init" => self.init(now, src, msg_id, body),
                _ => self.say(
                    dest,
                    src,
                    msg_id,
                    client::error(code::TEMPORARILY_UNAVAILABLE, "the node is not initialised yet"),
                ),
            }
            return;
        };
        let own = &member.names[member.seat.id.index()];
        let index = member.names.iter().position(|name| name == src);
        if own != dest {
            return self.complain(format!(
                "a message to {:?} is left out: this is {own}",
                dest.chars().take(60).collect::<String>()
            ));
        }
        match (kind, index) {
            (kind, Some(index)) if kind == R::PROTOCOL => self.peer(now, NodeId(index as u16), body),
            ("init", _) => {
                self.reply(src, msg_id, client::error(code::PRECONDITION_FAILED, "the node is initialised already"))
            }
            // Whoever answers an answer begins something that does not end.
            ("error", _) => {}
            (kind, _) if kind.ends_with("_ok") => {}
            _ => self.client(now, src, msg_id, kind, body),
        }
    }

    fn init(&mut self, now: Ticks, src: &str, msg_id: Option<u64>, body: &Map<String, Value>) {
        let names = body.get("node_ids").and_then(Value::as_array);
        let names: Option<Vec<String>> =
            names.and_then(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect());
        let own = body.get("node_id").and_then(Value::as_str).unwrap_or_default();
        let names = names.unwrap_or_default();
        let is_twofold = |(index, name): (usize, &String)| names[..index].contains(name);
        let problem = match names.iter().position(|name| name == own) {
            _ if names.is_empty() || names.len() > NODES_MAX => format!("node_ids: 1 to {NODES_MAX} names"),
            _ if names.iter().enumerate().any(is_twofold) => "node_ids: a name stands there twice".to_owned(),
            None => "node_id: it is not one of node_ids".to_owned(),
            Some(index) => {
                let seat = Seat { id: NodeId(index as u16), replicas: names.len() as u16 };
                if let Err(problem) = self.claim(Names { node_id: own.to_owned(), node_ids: names.clone() }) {
                    self.complain(problem.clone());
                    return self.say(own, src, msg_id, client::error(code::PRECONDITION_FAILED, &problem));
                }
                self.join(now, seat, names);
                return self.reply(src, msg_id, json!({"type": "init_ok"}));
            }
        };
        self.say(own, src, msg_id, client::error(code::MALFORMED_REQUEST, &problem));
    }

    /// Takes the disk for a node of a cluster, unless it is another's.
    fn claim(&mut self, names: Names) -> Result<(), String> {
        match &self.kept.names {
            Some(kept) if *kept != names => {
                let shown = |names: &Names| format!("{} of {}", names.node_id, names.node_ids.join(", "));
                Err(format!("the data of this node belongs to {}: it cannot be {}", shown(kept), shown(&names)))
            }
            Some(_) => Ok(()),
            None => {
                self.outputs.push(Output::Persist(Persist::Names(names.clone())));
                self.kept.names = Some(names);
                Ok(())
            }
        }
    }

    fn join(&mut self, now: Ticks, seat: Seat, names: Vec<String>) {
        let member = Member {
            seat,
            names,
            process: R::boot(
                seat,
                &self.config,
                &self.kept.durable,
                u32::try_from(self.kept.incarnation).unwrap_or(u32::MAX),
            ),
            timers: BTreeMap::new(),
            deadlines: BinaryHeap::new(),
            generation: 0,
            requests: Vec::new(),
        };
        // From here on the process has it.
        self.kept.durable = R::Durable::default();
        self.member = Some(member);
        self.feed(now, Input::Start);
    }

    /// What a peer says.
    fn peer(&mut self, now: Ticks, from: NodeId, body: &Map<String, Value>) {
        let message = match R::decode(body.get("message").unwrap_or(&Value::Null)) {
            Ok(message) => message,
            Err(problem) => return self.complain(format!("a message of a peer is left out: {problem}")),
        };
        match message.as_reply() {
            Some(reply) => {
                let client = body.get("client").and_then(Value::as_u64).and_then(|client| u16::try_from(client).ok());
                if let Some(client) = client {
                    let reply = reply.clone();
                    self.answered(NodeId(client), &reply);
                }
            }
            None => self.handle(now, Next::Message { from, message }),
        }
    }

    /// Sends a message from this node.
    pub(super) fn reply(&mut self, dest: &str, in_reply_to: Option<u64>, body: Value) {
        let line = self.envelope(dest, in_reply_to, body);
        self.outputs.push(Output::Line(line));
    }

    fn say(&mut self, src: &str, dest: &str, in_reply_to: Option<u64>, body: Value) {
        let line = self.envelope_from(src, dest, in_reply_to, body);
        self.outputs.push(Output::Line(line));
    }

    /// A message from this node, as a line.
    pub(super) fn envelope(&mut self, dest: &str, in_reply_to: Option<u64>, body: Value) -> String {
        let own = self.member.as_ref().map(|member| member.names[member.seat.id.index()].clone());
        self.envelope_from(&own.unwrap_or_default(), dest, in_reply_to, body)
    }

    fn envelope_from(&mut self, src: &str, dest: &str, in_reply_to: Option<u64>, mut body: Value) -> String {
        body["msg_id"] = self.msg_id.into();
        self.msg_id += 1;
        if let Some(msg_id) = in_reply_to {
            body["in_reply_to"] = msg_id.into();
        }
        json!({"src": src, "dest": dest, "body": body}).to_string()
    }
}

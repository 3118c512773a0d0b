//! The host of a replica: lines and time in, lines and writes out.

use super::client::{self, code};
use super::codec::{Codec, Pace};
use super::wire::{NUMBER_MAX, bounded};
use super::{LINE_LENGTH_MAX, NODES_MAX};
use crate::course::keeps_its_numbers;
use crate::kv::{ClientMessage, Command, Reply, ReplyBody, Request};
use crate::process::{Durable, Effect, Input, NodeId, Outbox, Process, SECOND, Seat, Ticks};
use crate::sim::random::Stream;
use serde_json::{Map, Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

/// Most requests of clients under way at a node.
const REQUESTS_MAX: usize = 1_000;

/// How long a request may take before its client is told that nobody knows.
const REQUEST_TICKS: Ticks = 5 * SECOND;

/// How many numbers of requests are set aside by one line of the journal.
const NUMBERS_SET_ASIDE: u64 = 1 << 20;

/// The field of that line: no number beyond it has been given to a request.
const NUMBERS_UP_TO: &str = "numbers_up_to";

/// What is to be written, in this order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// A line of the journal. It must be on the disk before any line that follows is sent.
    Journal(String),
    /// A message, for standard output.
    Line(String),
    /// Something that was wrong, for standard error.
    Complaint(String),
}

/// What comes up at a deadline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Due<T> {
    Timer(T),
    Request(usize),
}

/// A request of a client that is under way.
#[derive(Clone, Debug)]
struct Waiting {
    client: String,
    msg_id: Option<u64>,
    request: Request,
    passed_on: bool,
    generation: u64,
}

/// What a process of this node is given next.
enum Next<R: Process> {
    Message { from: NodeId, message: R::Message },
    Persisted(R::Receipt),
}

/// When something comes up, with what tells a timer that was set again from its earlier setting.
type Deadline<T> = Reverse<(Ticks, u64, Due<T>)>;

/// A node that has been told its name and its peers.
struct Member<R: Codec> {
    seat: Seat,
    names: Vec<String>,
    process: R,
    /// Timers that are set, each with what its entry among the deadlines must carry.
    timers: BTreeMap<R::Timer, u64>,
    deadlines: BinaryHeap<Deadline<R::Timer>>,
    generation: u64,
    requests: Vec<Option<Waiting>>,
}

/// A node without input and output.
pub struct Host<R: Codec> {
    config: R::Config,
    durable: R::Durable,
    random: Stream,
    /// The number of the latest request of a client.
    sequence: u64,
    /// The highest number that may be given before the journal has to say a higher one.
    numbers_up_to: u64,
    /// The number of the next message.
    msg_id: u64,
    member: Option<Member<R>>,
    outputs: Vec<Output>,
}

impl<R: Codec> Host<R> {
    /// A node before it is told its name. `seed` draws its timeouts; `journal` is what earlier starts have written.
    ///
    /// Clients' sessions outlive a node, and a number that is used twice would be taken for a request that is made twice. So the journal
    /// says up to which number they may have been given, and the next start goes on behind it. `first_number` is where they begin if the
    /// journal says nothing: without a journal, the time in microseconds is larger than whatever was used before.
    ///
    /// # Errors
    ///
    /// Says which line of the journal cannot be read.
    pub fn new<'a>(pace: Pace, seed: u64, first_number: u64, journal: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let (mut durable, mut sequence) = (R::Durable::default(), first_number.min(NUMBER_MAX));
        for (place, line) in (1..).zip(journal) {
            let at_line = |problem: String| format!("line {place} of the journal: {problem}");
            let written: Value = serde_json::from_str(line).map_err(|error| at_line(error.to_string()))?;
            match written.get(NUMBERS_UP_TO) {
                Some(number) => {
                    let number = number.as_u64().ok_or_else(|| at_line(format!("{NUMBERS_UP_TO}: a number is expected")))?;
                    sequence = sequence.max(bounded(number).map_err(at_line)?);
                }
                None => durable.apply(&R::decode_write(&written).map_err(at_line)?),
            }
        }
        Ok(Self {
            config: R::config(pace),
            durable,
            random: Stream::new(seed, 0),
            sequence,
            numbers_up_to: sequence,
            msg_id: 0,
            member: None,
            outputs: Vec::new(),
        })
    }

    /// Takes a line, and gives what follows from it.
    pub fn line(&mut self, now: Ticks, line: &str) -> Vec<Output> {
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
    pub fn tick(&mut self, now: Ticks) -> Vec<Output> {
        self.catch_up(now);
        std::mem::take(&mut self.outputs)
    }

    /// When [`Host::tick`] is wanted next.
    pub fn deadline(&self) -> Option<Ticks> {
        self.member.as_ref()?.deadlines.peek().map(|Reverse((due, ..))| *due)
    }

    fn complain(&mut self, problem: String) {
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
                _ => self.say(dest, src, msg_id, client::error(code::TEMPORARILY_UNAVAILABLE, "the node is not initialised yet")),
            }
            return;
        };
        let own = &member.names[member.seat.id.index()];
        let place = member.names.iter().position(|name| name == src);
        if own != dest {
            return self.complain(format!("a message to {:?} is left out: this is {own}", dest.chars().take(60).collect::<String>()));
        }
        match (kind, place) {
            (kind, Some(place)) if kind == R::PROTOCOL => self.peer(now, NodeId(place as u16), body),
            ("init", _) => self.reply(src, msg_id, client::error(code::PRECONDITION_FAILED, "the node is initialised already")),
            // Whoever answers an answer begins something that does not end.
            ("error", _) => {}
            (kind, _) if kind.ends_with("_ok") => {}
            _ => self.client(now, src, msg_id, kind, body),
        }
    }

    fn init(&mut self, now: Ticks, src: &str, msg_id: Option<u64>, body: &Map<String, Value>) {
        let names = body.get("node_ids").and_then(Value::as_array);
        let names: Option<Vec<String>> = names.and_then(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect());
        let own = body.get("node_id").and_then(Value::as_str).unwrap_or_default();
        let names = names.unwrap_or_default();
        let is_twofold = |(place, name): (usize, &String)| names[..place].contains(name);
        let problem = match names.iter().position(|name| name == own) {
            _ if names.is_empty() || names.len() > NODES_MAX => format!("node_ids: 1 to {NODES_MAX} names"),
            _ if names.iter().enumerate().any(is_twofold) => "node_ids: a name stands there twice".to_owned(),
            None => "node_id: it is not one of node_ids".to_owned(),
            Some(place) => {
                let seat = Seat { id: NodeId(place as u16), replicas: names.len() as u16 };
                self.join(now, seat, names);
                return self.reply(src, msg_id, json!({"type": "init_ok"}));
            }
        };
        self.say(own, src, msg_id, client::error(code::MALFORMED_REQUEST, &problem));
    }

    fn join(&mut self, now: Ticks, seat: Seat, names: Vec<String>) {
        let mut member = Member {
            seat,
            names,
            process: R::boot(seat, &self.config, &self.durable, 0),
            timers: BTreeMap::new(),
            deadlines: BinaryHeap::new(),
            generation: 0,
            requests: Vec::new(),
        };
        let mut outbox = Outbox::new();
        member.process.handle(now, Input::Start, &mut outbox);
        self.member = Some(member);
        self.carry_out(now, outbox);
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

    /// What a client asks for takes a free seat, and is first put to the replica of this node.
    fn client(&mut self, now: Ticks, src: &str, msg_id: Option<u64>, kind: &str, body: &Map<String, Value>) {
        let command = match client::command(kind, body) {
            Ok(command) => command,
            Err(problem) => return self.reply(src, msg_id, problem),
        };
        let Some(member) = &mut self.member else { return };
        let free = member.requests.iter().position(Option::is_none).unwrap_or(member.requests.len());
        if free >= REQUESTS_MAX {
            return self.reply(src, msg_id, client::error(code::TEMPORARILY_UNAVAILABLE, "too many requests are under way here"));
        }
        self.sequence += 1;
        if self.sequence > self.numbers_up_to {
            self.numbers_up_to = self.sequence + NUMBERS_SET_ASIDE;
            self.outputs.push(Output::Journal(json!({NUMBERS_UP_TO: self.numbers_up_to}).to_string()));
        }
        let seat = member.seat;
        let request = Request { client: NodeId(seat.replicas + free as u16 * seat.replicas + seat.id.0), sequence: self.sequence, command };
        member.generation += 1;
        let generation = member.generation;
        let waiting = Waiting { client: src.to_owned(), msg_id, request: request.clone(), passed_on: false, generation };
        member.deadlines.push(Reverse((now + REQUEST_TICKS, generation, Due::Request(free))));
        match member.requests.get_mut(free) {
            Some(seat) => *seat = Some(waiting),
            None => member.requests.push(Some(waiting)),
        }
        self.handle(now, Next::Message { from: request.client, message: R::Message::request(request) });
    }

    /// A replica has something to say to a request of this node.
    fn answered(&mut self, client: NodeId, reply: &Reply) {
        let Some(member) = &mut self.member else { return };
        let seat = member.seat;
        let Some(place) = own_request(seat, client) else { return };
        let Some(waiting) = member.requests.get_mut(place).and_then(Option::as_mut) else { return };
        if waiting.request.sequence != reply.sequence {
            return;
        }
        match &reply.body {
            ReplyBody::NotLeader { leader: Some(leader) } if !waiting.passed_on && *leader != seat.id && seat.is_replica(*leader) => {
                waiting.passed_on = true;
                let (leader, message) = (*leader, R::Message::request(waiting.request.clone()));
                self.send(leader, &message, None);
            }
            ReplyBody::NotLeader { .. } => {
                self.end(place, |_| client::error(code::TEMPORARILY_UNAVAILABLE, "no leader is known here, or it has just lost its place"));
            }
            ReplyBody::Answer(answer) => self.end(place, |command| client::answer(command, answer)),
        }
    }

    /// Ends a request: its client is told, and its seat is free.
    fn end(&mut self, place: usize, body: impl FnOnce(&Command) -> Value) {
        let waiting = self.member.as_mut().and_then(|member| member.requests.get_mut(place)).and_then(Option::take);
        if let Some(waiting) = waiting {
            self.reply(&waiting.client, waiting.msg_id, body(&waiting.request.command));
        }
    }

    /// Lets all that is due happen.
    fn catch_up(&mut self, now: Ticks) {
        while let Some(member) = &mut self.member {
            let Some(Reverse((due, generation, what))) = member.deadlines.peek().copied() else { return };
            if due > now {
                return;
            }
            member.deadlines.pop();
            match what {
                Due::Timer(timer) if member.timers.get(&timer) == Some(&generation) => {
                    member.timers.remove(&timer);
                    let mut outbox = Outbox::new();
                    member.process.handle(now, Input::Timer(timer), &mut outbox);
                    self.carry_out(now, outbox);
                }
                Due::Request(place) if member.requests[place].as_ref().is_some_and(|waiting| waiting.generation == generation) => {
                    self.end(place, |_| client::error(code::TIMEOUT, "no answer in time: nobody knows whether it takes effect"));
                }
                // It was set again, cleared, or answered.
                Due::Timer(_) | Due::Request(_) => {}
            }
        }
    }

    fn handle(&mut self, now: Ticks, next: Next<R>) {
        let Some(member) = &mut self.member else { return };
        let mut outbox = Outbox::new();
        match &next {
            Next::Message { from, message } => member.process.handle(now, Input::Message { from: *from, message }, &mut outbox),
            Next::Persisted(receipt) => member.process.handle(now, Input::Persisted(*receipt), &mut outbox),
        }
        self.carry_out(now, outbox);
    }

    /// Carries out what the process wants, and what follows from that at once. Writes come before what is sent with them.
    fn carry_out(&mut self, now: Ticks, mut outbox: Outbox<R>) {
        let Some(seat) = self.member.as_ref().map(|member| member.seat) else { return };
        let (mut sends, mut nexts) = (Vec::new(), VecDeque::new());
        for effect in outbox.drain() {
            match effect {
                Effect::Send { to, message, now: _ } => sends.push((to, message)),
                Effect::Persist(write) => self.outputs.push(Output::Journal(R::encode_write(&write).to_string())),
                Effect::Receipt(receipt) => nexts.push_back(Next::Persisted(receipt)),
                Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max } => {
                    let due = now.saturating_add(self.random.between(delay_ticks_min, delay_ticks_max));
                    self.set_timer(timer, due);
                }
                Effect::ClearTimer(timer) => {
                    if let Some(member) = &mut self.member {
                        member.timers.remove(&timer);
                    }
                }
                Effect::Violation(sentence) => self.complain(format!("this must not happen: {sentence}")),
                Effect::Rule(_) | Effect::Report(_) => {}
            }
        }
        for (to, message) in sends {
            if to == seat.id {
                nexts.push_back(Next::Message { from: to, message });
            } else if seat.is_replica(to) {
                self.send(to, &message, None);
            } else if own_request(seat, to).is_some() {
                if let Some(reply) = message.as_reply().cloned() {
                    self.answered(to, &reply);
                }
            } else {
                self.send(NodeId(to.0 % seat.replicas), &message, Some(to));
            }
        }
        for next in nexts {
            self.handle(now, next);
        }
    }

    fn set_timer(&mut self, timer: R::Timer, due: Ticks) {
        let Some(member) = &mut self.member else { return };
        member.generation += 1;
        member.timers.insert(timer, member.generation);
        member.deadlines.push(Reverse((due, member.generation, Due::Timer(timer))));
    }

    /// Sends a peer a message; `client` is whose request it answers.
    fn send(&mut self, to: NodeId, message: &R::Message, client: Option<NodeId>) {
        let Some(name) = self.member.as_ref().and_then(|member| member.names.get(to.index())).cloned() else { return };
        let mut body = json!({"type": R::PROTOCOL, "message": R::encode(message)});
        if let Some(client) = client {
            body["client"] = client.0.into();
        }
        self.reply(&name, None, body);
    }

    /// Sends a message from this node.
    fn reply(&mut self, dest: &str, in_reply_to: Option<u64>, body: Value) {
        let own = self.member.as_ref().map(|member| member.names[member.seat.id.index()].clone());
        self.say(&own.unwrap_or_default(), dest, in_reply_to, body);
    }

    fn say(&mut self, src: &str, dest: &str, in_reply_to: Option<u64>, mut body: Value) {
        body["msg_id"] = self.msg_id.into();
        self.msg_id += 1;
        if let Some(msg_id) = in_reply_to {
            body["in_reply_to"] = msg_id.into();
        }
        self.outputs.push(Output::Line(json!({"src": src, "dest": dest, "body": body}).to_string()));
    }
}

/// The place of a request among those of this node, by its client's number: behind the replicas the nodes take turns.
fn own_request(seat: Seat, client: NodeId) -> Option<usize> {
    let behind = client.0.checked_sub(seat.replicas)?;
    (behind % seat.replicas == seat.id.0).then(|| usize::from(behind / seat.replicas))
}

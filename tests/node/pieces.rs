//! Messages of a few bytes, on a network that loses, repeats and reorders them: logs and states that are larger arrive
//! all the same.

use consensus_playground::kv::{ClientMessage, Command, Request, Store};
use consensus_playground::multi_paxos::{self, MultiPaxos};
use consensus_playground::node::Codec;
use consensus_playground::process::{
    Durable, Effect, Input, MILLISECOND, NodeId, Outbox, Process, SECOND, Seat, Ticks,
};
use consensus_playground::raft::{self, Raft};
use consensus_playground::sim::random::Stream;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Bytes of text in a message; the largest command alone has fewer.
const BYTES_MAX: u64 = 400;

/// What such a message takes as JSON: a text and what stands around it, for each item.
const JSON_BYTES_MAX: usize = 2_400;

const CLIENT: NodeId = NodeId(3);
const KEYS: u64 = 30;

trait Small: Codec {
    fn small() -> Self::Config;
    fn state(&self) -> &Store;
    fn leads(&self) -> bool;
    fn is_in_parts(message: &Self::Message) -> bool;
}

impl Small for Raft {
    fn small() -> raft::Config {
        raft::Config {
            snapshot_threshold: 5,
            snapshot_trailing: 1,
            bytes_per_message_max: BYTES_MAX,
            ..raft::Config::default()
        }
    }

    fn state(&self) -> &Store {
        self.store()
    }

    fn leads(&self) -> bool {
        matches!(self.role_state(), raft::Role::Leader(_))
    }

    fn is_in_parts(message: &raft::Message) -> bool {
        matches!(message, raft::Message::InstallSnapshot(body) if body.piece.is_some())
    }
}

impl Small for MultiPaxos {
    fn small() -> multi_paxos::Config {
        multi_paxos::Config {
            snapshot_threshold: 5,
            snapshot_trailing: 1,
            bytes_per_message_max: BYTES_MAX,
            ..multi_paxos::Config::default()
        }
    }

    fn state(&self) -> &Store {
        self.store()
    }

    fn leads(&self) -> bool {
        MultiPaxos::leads(self).is_some()
    }

    fn is_in_parts(message: &multi_paxos::Message) -> bool {
        match message {
            multi_paxos::Message::State(body) => body.piece.is_some(),
            multi_paxos::Message::Promise(body) => body.part.is_some(),
            _ => false,
        }
    }
}

/// What happens next at a server.
enum Event<R: Process> {
    Message { from: NodeId, message: R::Message },
    Timer { timer: R::Timer, generation: u64 },
}

struct Cluster<R: Small> {
    now: Ticks,
    random: Stream,
    servers: Vec<R>,
    disks: Vec<R::Durable>,
    timers: Vec<BTreeMap<R::Timer, u64>>,
    events: BTreeMap<(Reverse<Ticks>, u64), (NodeId, Event<R>)>,
    generation: u64,
    cut_off: Option<NodeId>,
    /// How many messages were parts of something larger, by kind.
    in_parts: BTreeMap<u8, u64>,
}

impl<R: Small> Cluster<R> {
    fn start(seed: u64) -> Self {
        let seat = |id| Seat { id, replicas: 3 };
        let disks = vec![R::Durable::default(); 3];
        let servers =
            (0..3).map(|place| R::boot(seat(NodeId(place)), &R::small(), &R::Durable::default(), 0)).collect();
        let mut cluster = Self {
            now: 0,
            random: Stream::new(seed, 0),
            servers,
            disks,
            timers: (0..3).map(|_| BTreeMap::new()).collect(),
            events: BTreeMap::new(),
            generation: 0,
            cut_off: None,
            in_parts: BTreeMap::new(),
        };
        (0..3).for_each(|place| cluster.give(NodeId(place), Input::Start));
        cluster
    }

    fn give(&mut self, node: NodeId, input: Input<'_, R>) {
        let mut out = Outbox::new();
        self.servers[node.index()].handle(self.now, input, &mut out);
        let effects: Vec<Effect<R>> = out.drain().collect();
        let mut receipts = Vec::new();
        for effect in effects {
            match effect {
                Effect::Send { to, message, .. } => self.send(node, to, message),
                Effect::Persist(write) => self.disks[node.index()].apply(&write),
                Effect::Receipt(receipt) => receipts.push(receipt),
                Effect::SetTimer { timer, delay_ticks_min, delay_ticks_max } => {
                    let delay = self.random.between(delay_ticks_min, delay_ticks_max);
                    let generation = self.post(node, delay, |generation| Event::Timer { timer, generation });
                    self.timers[node.index()].insert(timer, generation);
                }
                Effect::ClearTimer(timer) => {
                    self.timers[node.index()].remove(&timer);
                }
                Effect::Violation(sentence) => panic!("{sentence}"),
                Effect::Rule(_) | Effect::Report(_) => {}
            }
        }
        for receipt in receipts {
            self.give(node, Input::Persisted(receipt));
        }
    }

    fn post(&mut self, node: NodeId, delay: Ticks, event: impl FnOnce(u64) -> Event<R>) -> u64 {
        self.generation += 1;
        self.events.insert((Reverse(self.now + delay), u64::MAX - self.generation), (node, event(self.generation)));
        self.generation
    }

    /// One message of ten is lost, one comes twice.
    fn send(&mut self, from: NodeId, to: NodeId, message: R::Message) {
        if to == CLIENT {
            return;
        }
        let json = R::encode(&message);
        assert!(json.to_string().len() <= JSON_BYTES_MAX, "{} bytes: {json}", json.to_string().len());
        assert_eq!(R::decode(&json).as_ref(), Ok(&message), "nothing is lost on the way");
        if R::is_in_parts(&message) {
            *self.in_parts.entry(consensus_playground::process::Message::kind(&message)).or_default() += 1;
        }
        let copies = match self.random.between(0, 9) {
            _ if self.cut_off.is_some_and(|node| node == from || node == to) => 0,
            0 => 0,
            1 => 2,
            _ => 1,
        };
        for _ in 0..copies {
            let (delay, message) = (self.random.between(MILLISECOND, 10 * MILLISECOND), message.clone());
            self.post(to, delay, |_| Event::Message { from, message });
        }
    }

    fn run_for(&mut self, time: Ticks) {
        let end = self.now + time;
        while let Some(next) = self.events.last_entry().filter(|next| next.key().0.0 <= end) {
            self.now = next.key().0.0;
            let (node, event) = next.remove();
            match event {
                Event::Message { from, message } => self.give(node, Input::Message { from, message: &message }),
                Event::Timer { timer, generation } if self.timers[node.index()].get(&timer) == Some(&generation) => {
                    self.timers[node.index()].remove(&timer);
                    self.give(node, Input::Timer(timer));
                }
                Event::Timer { .. } => {}
            }
        }
        self.now = end;
    }

    fn crash(&mut self, node: NodeId) {
        let seat = Seat { id: node, replicas: 3 };
        self.timers[node.index()].clear();
        self.servers[node.index()] = R::boot(seat, &R::small(), &self.disks[node.index()], 1);
        self.give(node, Input::Start);
    }

    /// A client's command, sent to all until a server has applied it.
    fn put(&mut self, sequence: u64) {
        let value = format!("{sequence:0100}").into();
        let command = Command::Put { key: format!("key {}", sequence % KEYS).into(), value };
        let request = Request { client: CLIENT, sequence, command };
        let start = self.now;
        while !self.servers.iter().any(|server| server.state().is_past(CLIENT, sequence)) {
            assert!(self.now < start + 60 * SECOND, "command {sequence} finds no leader");
            let cut_off = self.cut_off;
            for node in (0..3).map(NodeId).filter(|node| Some(*node) != cut_off) {
                self.give(node, Input::Message { from: CLIENT, message: &R::Message::request(request.clone()) });
            }
            self.run_for(50 * MILLISECOND);
        }
    }

    fn run_until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let start = self.now;
        while !holds(self) {
            assert!(self.now < start + 120 * SECOND, "{what}: not within two minutes");
            self.run_for(20 * MILLISECOND);
        }
    }
}

/// One server misses forty commands, and the leader has dropped them. It comes back, crashes while it is brought up to
/// date, and gets there. In half of the runs another one is cut off instead as soon as it is back: then the two that
/// are left need each other.
fn what_is_too_large_for_a_message_arrives<R: Small>() -> BTreeMap<u8, u64> {
    let mut in_parts = BTreeMap::new();
    for seed in 0..40 {
        let mut cluster = Cluster::<R>::start(seed);
        cluster.put(1);
        let late = (0..3).map(NodeId).find(|node| !cluster.servers[node.index()].leads()).unwrap();
        cluster.cut_off = Some(late);
        (2..=40).for_each(|sequence| cluster.put(sequence));
        let leader = (0..3).map(NodeId).find(|node| cluster.servers[node.index()].leads());
        cluster.cut_off = leader.filter(|_| seed % 2 == 0);
        cluster.run_for(60 * MILLISECOND);
        cluster.crash(late);
        cluster.put(41);
        cluster.cut_off = None;
        cluster.run_until("all have all", |cluster| {
            cluster.servers.iter().all(|server| server.state().is_past(CLIENT, 41))
        });
        for server in &cluster.servers {
            assert_eq!(server.state(), cluster.servers[0].state(), "seed {seed}");
            assert_eq!(server.state().iter().count() as u64, KEYS);
        }
        for (kind, count) in cluster.in_parts {
            *in_parts.entry(kind).or_default() += count;
        }
    }
    in_parts
}

#[test]
fn raft_sends_a_snapshot_in_pieces() {
    let in_parts = what_is_too_large_for_a_message_arrives::<Raft>();
    assert!(in_parts.values().sum::<u64>() > 400, "{in_parts:?}");
}

#[test]
fn multi_paxos_sends_states_in_pieces_and_promises_in_parts() {
    let in_parts = what_is_too_large_for_a_message_arrives::<MultiPaxos>();
    let (promise, state) = (1, 7);
    assert!(in_parts[&promise] > 100 && in_parts[&state] > 100, "{in_parts:?}");
}

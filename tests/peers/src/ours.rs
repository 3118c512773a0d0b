//! The model of stateright's Paxos example, for our explorer: the same servers, clients, network and properties, so the same states.
//!
//! Servers 0 to 2 propose what a client puts, and decide by majority. Client 3 puts A at server 0 and then gets at server 1; client 4 puts B
//! at server 1 and then gets at server 2. A message in flight is delivered at any time, once; one that would change nothing and be answered by
//! nothing stays where it is. The clients' history is part of the state, and must be linearizable as a register's.

use consensus_playground::process::{Fingerprint, Fingerprinter};
use consensus_playground::search::explore::{Model, Property, StepView};

const SERVERS: u8 = 3;
const MAJORITY: u32 = 2;

/// A round, and the server that began it.
type Ballot = (u8, u8);

/// A proposal, by the client whose value it is.
type Proposal = u8;

/// What was accepted last, and in which ballot.
type LastAccepted = Option<(Ballot, Proposal)>;

/// A message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Message {
    /// A client's put.
    Put,
    /// A client's get.
    Get,
    /// The answer to a put.
    PutOk,
    /// The answer to a get: the client whose value it is.
    GetOk(Proposal),
    /// A leader closes the earlier ballots.
    Prepare(Ballot),
    /// The answer to it.
    Prepared(Ballot, LastAccepted),
    /// A leader proposes.
    Accept(Ballot, Proposal),
    /// The answer to it.
    Accepted(Ballot),
    /// The leader has a majority.
    Decided(Ballot, Proposal),
}

/// A message in flight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Envelope {
    to: u8,
    from: u8,
    message: Message,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Server {
    ballot: Ballot,
    proposal: Option<Proposal>,
    /// What each server reported, if it has answered.
    prepares: [Option<LastAccepted>; SERVERS as usize],
    /// Who has accepted, as bits.
    accepts: u8,
    accepted: LastAccepted,
    is_decided: bool,
}

/// A client with its history. It puts, then it gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Client {
    /// Operations that have returned: 0, 1 or 2.
    returned: u8,
    /// How many operations of the other client had returned when the get was invoked.
    seen: u8,
    /// What the get returned.
    got: Option<Proposal>,
}

/// A state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    servers: [Server; SERVERS as usize],
    clients: [Client; 2],
    /// In order; equal ones side by side.
    network: Vec<Envelope>,
}

fn ballot(ballot: Ballot, into: &mut Fingerprinter) {
    into.u8(ballot.0);
    into.u8(ballot.1);
}

fn last_accepted(last: LastAccepted, into: &mut Fingerprinter) {
    match last {
        None => into.u8(0),
        Some((of, proposal)) => {
            into.u8(1 + proposal);
            ballot(of, into);
        }
    }
}

impl Fingerprint for Server {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        ballot(self.ballot, into);
        into.u8(self.proposal.map_or(0, |proposal| 1 + proposal));
        for answer in self.prepares {
            into.u8(u8::from(answer.is_some()));
            last_accepted(answer.flatten(), into);
        }
        into.u8(self.accepts);
        last_accepted(self.accepted, into);
        into.u8(u8::from(self.is_decided));
    }
}

impl Fingerprint for Envelope {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.u8(self.to << 4 | self.from);
        match self.message {
            Message::Put => into.u8(0),
            Message::Get => into.u8(1),
            Message::PutOk => into.u8(2),
            Message::GetOk(proposal) => into.u16(3 | u16::from(proposal) << 8),
            Message::Prepare(of) | Message::Accepted(of) => {
                into.u8(if matches!(self.message, Message::Prepare(_)) { 4 } else { 5 });
                ballot(of, into);
            }
            Message::Prepared(of, last) => {
                into.u8(6);
                ballot(of, into);
                last_accepted(last, into);
            }
            Message::Accept(of, proposal) | Message::Decided(of, proposal) => {
                into.u8(if matches!(self.message, Message::Accept(..)) { 7 } else { 8 });
                ballot(of, into);
                into.u8(proposal);
            }
        }
    }
}

impl Fingerprint for State {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        self.servers.iter().for_each(|server| server.fingerprint(into));
        for client in self.clients {
            into.u8(client.returned | client.seen << 4);
            into.u8(client.got.map_or(0, |got| 1 + got));
        }
        self.network.iter().for_each(|envelope| envelope.fingerprint(into));
    }
}

impl State {
    fn send(&mut self, from: u8, to: u8, message: Message) {
        let envelope = Envelope { to, from, message };
        let place = self.network.partition_point(|other| *other < envelope);
        self.network.insert(place, envelope);
    }

    fn broadcast(&mut self, from: u8, message: Message) {
        (0..SERVERS).filter(|&to| to != from).for_each(|to| self.send(from, to, message));
    }

    fn client(&self, number: u8) -> Client {
        self.clients[usize::from(number - SERVERS)]
    }

    /// The state after a delivery, unless nothing would come of it.
    fn deliver(&self, place: usize) -> Option<State> {
        let envelope = self.network[place];
        let is_heard = if envelope.to < SERVERS { self.server_minds(envelope) } else { self.client_minds(envelope) };
        is_heard.then(|| {
            let mut network = Vec::with_capacity(self.network.len() + 3);
            network.extend_from_slice(&self.network[..place]);
            network.extend_from_slice(&self.network[place + 1..]);
            let mut after = State { network, ..*self };
            if envelope.to < SERVERS {
                after.server_handles(envelope)
            } else {
                after.client_handles(envelope)
            }
            after
        })
    }

    fn client_minds(&self, Envelope { to, message, .. }: Envelope) -> bool {
        let returned = self.client(to).returned;
        matches!((message, returned), (Message::PutOk, 0) | (Message::GetOk(_), 1))
    }

    fn client_handles(&mut self, Envelope { to, message, .. }: Envelope) {
        let seen = self.client(2 * SERVERS + 1 - to).returned;
        let client = &mut self.clients[usize::from(to - SERVERS)];
        client.returned += 1;
        if let Message::GetOk(proposal) = message {
            client.got = Some(proposal);
        } else {
            client.seen = seen;
            self.send(to, (to + 1) % SERVERS, Message::Get);
        }
    }

    fn server_minds(&self, Envelope { to, message, .. }: Envelope) -> bool {
        let server = &self.servers[usize::from(to)];
        if server.is_decided {
            return message == Message::Get;
        }
        match message {
            Message::Put => server.proposal.is_none(),
            Message::Prepare(of) => server.ballot < of,
            Message::Accept(of, _) => server.ballot <= of,
            Message::Prepared(of, _) | Message::Accepted(of) => of == server.ballot,
            Message::Decided(..) => true,
            Message::Get | Message::PutOk | Message::GetOk(_) => false,
        }
    }

    fn server_handles(&mut self, Envelope { to: own, from, message }: Envelope) {
        let server = &mut self.servers[usize::from(own)];
        match message {
            Message::Get => {
                if let Some((_, proposal)) = server.accepted {
                    self.send(own, from, Message::GetOk(proposal));
                }
            }
            Message::Put => {
                server.proposal = Some(from);
                server.prepares = [None; SERVERS as usize];
                server.accepts = 0;
                server.ballot = (server.ballot.0 + 1, own);
                server.prepares[usize::from(own)] = Some(server.accepted);
                let ballot = server.ballot;
                self.broadcast(own, Message::Prepare(ballot));
            }
            Message::Prepare(ballot) => {
                server.ballot = ballot;
                let last = server.accepted;
                self.send(own, from, Message::Prepared(ballot, last));
            }
            Message::Prepared(ballot, last) => {
                server.prepares[usize::from(from)] = Some(last);
                let answers = server.prepares.iter().flatten();
                if answers.clone().count() as u32 == MAJORITY
                    && let Some(proposal) = answers.max().copied().flatten().map(|(_, proposal)| proposal).or(server.proposal)
                {
                    server.proposal = Some(proposal);
                    server.accepted = Some((ballot, proposal));
                    server.accepts |= 1 << own;
                    self.broadcast(own, Message::Accept(ballot, proposal));
                }
            }
            Message::Accept(ballot, proposal) => {
                server.ballot = ballot;
                server.accepted = Some((ballot, proposal));
                self.send(own, from, Message::Accepted(ballot));
            }
            Message::Accepted(ballot) => {
                server.accepts |= 1 << from;
                if server.accepts.count_ones() == MAJORITY
                    && let Some(proposal) = server.proposal
                {
                    server.is_decided = true;
                    self.broadcast(own, Message::Decided(ballot, proposal));
                    self.send(own, proposal, Message::PutOk);
                }
            }
            Message::Decided(ballot, proposal) => {
                server.ballot = ballot;
                server.accepted = Some((ballot, proposal));
                server.is_decided = true;
            }
            Message::PutOk | Message::GetOk(_) => {}
        }
    }

    /// Whether the history has a linearization, given what each client's operations so far have left in the register.
    fn is_linearizable(&self, done: [u8; 2], register: Option<Proposal>) -> bool {
        if (0..2).all(|client| done[client] >= self.clients[client].returned) {
            return true;
        }
        (0..2).any(|own| {
            let client = self.clients[own];
            let operation = done[own];
            // A put is invoked at the beginning, and a get when the put has returned.
            if operation > 1 || operation > client.returned || (operation == 1 && done[1 - own] < client.seen) {
                return false;
            }
            let register = if operation == 0 { Some(SERVERS + own as u8) } else { register };
            if operation == 1 && client.returned == 2 && client.got != register {
                return false;
            }
            let mut done = done;
            done[own] += 1;
            self.is_linearizable(done, register)
        })
    }
}

/// The model.
#[derive(Debug)]
pub struct Paxos;

impl Model for Paxos {
    type State = State;
    type Step = Envelope;

    fn initial_states(&self) -> Vec<State> {
        let mut state = State { servers: Default::default(), clients: Default::default(), network: Vec::new() };
        for client in SERVERS..SERVERS + 2 {
            state.send(client, client % SERVERS, Message::Put);
        }
        vec![state]
    }

    fn successors(&self, state: &State, visit: &mut impl FnMut(Envelope, State)) {
        for (place, &envelope) in state.network.iter().enumerate() {
            if place > 0 && state.network[place - 1] == envelope {
                continue;
            }
            if let Some(after) = state.deliver(place) {
                visit(envelope, after);
            }
        }
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("linearizable", "the history is linearizable", |_, state: &State| state.is_linearizable([0, 0], None)),
            Property::reachable("value-chosen", "a get is answered with a value", |_, state: &State| {
                state.network.iter().any(|envelope| matches!(envelope.message, Message::GetOk(_)))
            }),
        ]
    }

    fn state_bytes(&self, state: &State) -> usize {
        size_of::<State>() + state.network.capacity() * size_of::<Envelope>()
    }

    fn describe_step(&self, _: &State, step: &Envelope, _: &State) -> StepView {
        StepView { kind: "deliver", text: format!("{step:?}"), ..StepView::default() }
    }

    fn describe_state(&self, state: &State) -> Vec<String> {
        vec![format!("{state:?}")]
    }
}

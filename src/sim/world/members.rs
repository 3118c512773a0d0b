//! The processes of a cluster. Here, and nowhere else in a world, a replica is told from a client.

use crate::kv::{Client, ClientReport, Replica};
use crate::process::{NodeId, Outbox, Seat};
use crate::sim::clock::Scheduled;
use crate::sim::machine::Machine;
use crate::sim::range::TicksRange;
use crate::sim::rate::ClockRate;
use crate::sim::setup::Setup;
use crate::sim::shared::Shared;
use crate::sim::trace::Trace;

/// The machines of a cluster, and the outbox that those of a kind share.
#[derive(Clone, Debug)]
pub(super) struct Members<R: Replica> {
    pub replicas: Vec<Machine<R>>,
    pub clients: Vec<Machine<Client<R::Message>>>,
    replica_outbox: Outbox<R>,
    client_outbox: Outbox<Client<R::Message>>,
}

/// One machine of a cluster, whichever kind of process it runs, with the outbox of that kind.
pub(super) enum Member<'m, R: Replica> {
    Replica(&'m mut Machine<R>, &'m mut Outbox<R>),
    Client(&'m mut Machine<Client<R::Message>>, &'m mut Outbox<Client<R::Message>>),
}

/// Does the same with a machine of either kind.
macro_rules! with {
    ($member:expr, $machine:ident => $does:expr) => {
        match $member {
            Member::Replica($machine, _) => $does,
            Member::Client($machine, _) => $does,
        }
    };
}

/// Feeds a machine of either kind, and gives what a client reports: a replica reports nothing.
macro_rules! feed {
    ($member:expr, |$machine:ident, $outbox:ident| $feed:expr) => {
        match $member {
            Member::Replica($machine, $outbox) => {
                $feed;
                Vec::new()
            }
            Member::Client($machine, $outbox) => $feed,
        }
    };
}

impl<R: Replica> Members<R> {
    /// The machines of a cluster that has not started.
    pub fn new(setup: &Setup<R>) -> Self {
        let seat = |id| Seat { id: NodeId(id), replicas: setup.replicas };
        Self {
            replicas: (0..setup.replicas)
                .map(|id| Machine::new(seat(id), setup.disk(NodeId(id)), setup.clock(NodeId(id))))
                .collect(),
            clients: (setup.replicas..setup.processes())
                .map(|id| Machine::new(seat(id), TicksRange::new(0, 0), ClockRate::TRUE))
                .collect(),
            replica_outbox: Outbox::new(),
            client_outbox: Outbox::new(),
        }
    }

    /// The machine of a process.
    #[inline]
    pub fn of(&mut self, node: NodeId) -> Member<'_, R> {
        let replicas = self.replicas.len();
        debug_assert!(node.index() < replicas + self.clients.len(), "there is no such process");
        match node.index().checked_sub(replicas) {
            None => Member::Replica(&mut self.replicas[node.index()], &mut self.replica_outbox),
            Some(client) => Member::Client(&mut self.clients[client], &mut self.client_outbox),
        }
    }

    /// The machine of a replica.
    #[inline]
    pub fn replica(&mut self, node: NodeId) -> (&mut Machine<R>, &mut Outbox<R>) {
        debug_assert!(node.index() < self.replicas.len(), "there is no such replica");
        (&mut self.replicas[node.index()], &mut self.replica_outbox)
    }

    /// The process of a client, while it is up.
    pub fn client(&self, node: NodeId) -> Option<&Client<R::Message>> {
        self.clients.get(node.index().checked_sub(self.replicas.len())?)?.process.as_ref()
    }

    /// Whether a process is up. One that does not exist is not.
    #[inline]
    pub fn is_up(&self, node: NodeId) -> bool {
        match node.index().checked_sub(self.replicas.len()) {
            None => self.replicas.get(node.index()).is_some_and(|replica| replica.process.is_some()),
            Some(client) => self.clients.get(client).is_some_and(|client| client.process.is_some()),
        }
    }
}

impl<R: Replica> Member<'_, R> {
    /// Whether its process is up.
    pub fn is_up(&self) -> bool {
        with!(self, machine => machine.process.is_some())
    }

    /// Which of its lives it is in, or will be in next.
    #[inline]
    pub fn incarnation(&self) -> u32 {
        with!(self, machine => machine.incarnation())
    }

    /// What is due waits until it goes on, if it is paused. Says whether it is.
    #[inline]
    pub fn holds_back(self, what: Scheduled) -> bool {
        with!(self, machine => {
            if machine.paused {
                machine.held.push(what);
            }
            machine.paused
        })
    }

    /// Pauses it, if it is up.
    pub fn pause(self) {
        with!(self, machine => machine.paused = machine.process.is_some());
    }

    /// Lets it go on. Gives what has waited for it.
    pub fn resume(self) -> Vec<Scheduled> {
        with!(self, machine => {
            machine.paused = false;
            std::mem::take(&mut machine.held)
        })
    }

    /// It loses its power.
    pub fn crash(self, shared: &mut Shared, trace: &mut Trace<R>) {
        with!(self, machine => machine.crash(shared, trace));
    }

    /// Its process dies. A client has no disk: for it, the two ways to crash are one.
    pub fn kill(self, shared: &mut Shared, trace: &mut Trace<R>) {
        with!(self, machine => machine.kill(shared, trace));
    }

    /// Boots from its disk, and starts.
    pub fn boot(self, setup: &Setup<R>, shared: &mut Shared, trace: &mut Trace<R>, cause: u32) -> Vec<ClientReport> {
        match self {
            Member::Replica(machine, outbox) => {
                machine.boot(&setup.replica);
                machine.start(shared, trace, outbox, cause);
                Vec::new()
            }
            Member::Client(machine, outbox) => {
                machine.boot(&setup.client);
                machine.start(shared, trace, outbox, cause)
            }
        }
    }

    /// Handles a recorded message.
    #[inline]
    pub fn receive(self, shared: &mut Shared, trace: &mut Trace<R>, message: u32) -> Vec<ClientReport> {
        feed!(self, |machine, outbox| machine.receive(shared, trace, outbox, message))
    }

    /// A timer's entry of the queue has come up: handles the timer that fires, if one does.
    #[inline]
    pub fn come_up(
        self,
        shared: &mut Shared,
        trace: &mut Trace<R>,
        slot: u16,
        generation: u32,
    ) -> Option<Vec<ClientReport>> {
        Some(feed!(self, |machine, outbox| {
            let timer = machine.timer_come_up(shared, slot, generation)?;
            machine.fire(shared, trace, outbox, timer)
        }))
    }
}

//! The adversarial scheduler: it keeps a cluster from deciding for as long as one likes, and breaks no promise of the
//! network.
//!
//! Fischer, Lynch and Paterson (1985) proved that no deterministic algorithm solves consensus in an asynchronous system
//! if even one process may fail: whatever the algorithm, somebody who only chooses the order of deliveries can keep it
//! undecided. This scheduler is such a somebody. It loses nothing, crashes nobody and lets every message arrive in the
//! end; all that it does is to hold a message back that would decide ([`Undecided::would_decide`]) until it no longer
//! would: the acceptor has promised a higher ballot, the candidate has gone on to another term. The run has the
//! theorem's shape: between two moments of indecision there is always a message that must wait.
//!
//! What breaks the spell in practice is partial synchrony (Dwork, Lynch and Stockmeyer 1988): once the scheduler lets
//! go, messages take bounded time again, and random pauses let one proposer finish.
//!
//! What it does is done by interventions, so the run can be stepped back, shared and replayed like any other.

use crate::check::Watched;
use crate::kv::Replica;
use crate::multi_paxos::MultiPaxos;
use crate::paxos::{self, Paxos};
use crate::pbft::Pbft;
use crate::process::{NodeId, SECOND, Ticks};
use crate::raft::state::Role;
use crate::raft::{self, Raft};
use crate::run::Run;
use crate::sim::simulation::ActionError;
use crate::sim::{Action, Stepped, World};
use crate::tendermint::Tendermint;
use crate::viewstamped::Viewstamped;

/// How long a message is held back at a time. It is let go as soon as it has become harmless, which is always much
/// earlier.
const HOLD: Ticks = 3_600 * SECOND;

/// What arrives later than this was held back by the scheduler, and by nobody else.
const HELD: Ticks = HOLD / 2;

/// A protocol that the scheduler may know how to keep undecided.
pub trait Undecided: Watched {
    /// Whether the scheduler knows how.
    const KNOWN: bool = false;

    /// Whether a decision (a chosen value, a leader) would follow from the delivery of this message now.
    fn would_decide(_world: &World<Self>, _to: NodeId, _message: &Self::Message) -> bool {
        false
    }
}

impl Undecided for MultiPaxos {}

impl Undecided for Pbft {}

impl Undecided for Tendermint {}

impl Undecided for Viewstamped {}

impl Undecided for Paxos {
    const KNOWN: bool = true;

    /// An acceptance is held back if it is the one that completes a majority.
    fn would_decide(world: &World<Self>, to: NodeId, message: &paxos::Message) -> bool {
        let paxos::Message::Accept { proposal } = message else { return false };
        let accepted =
            |machine: &&crate::sim::machine::Machine<Paxos>| machine.disk.durable.accepted.as_ref() == Some(proposal);
        let count = world.replicas().iter().filter(accepted).count();
        let refuses = world
            .replicas()
            .get(to.index())
            .is_some_and(|machine| machine.disk.durable.promised > Some(proposal.ballot));
        !refuses && count >= usize::from(world.setup().replicas) / 2
    }
}

impl Undecided for Raft {
    const KNOWN: bool = true;

    /// A vote is held back if it is the one that completes a majority.
    fn would_decide(world: &World<Self>, to: NodeId, message: &raft::Message) -> bool {
        let raft::Message::RequestVoteReply(reply) = message else { return false };
        let Some(candidate) = process(world, to).filter(|_| reply.vote_granted) else { return false };
        let Role::Candidate { votes } = candidate.role_state() else { return false };
        candidate.current_term() == reply.term && votes.len() >= u32::from(world.setup().replicas) / 2
    }
}

fn process<R: Replica>(world: &World<R>, node: NodeId) -> Option<&R> {
    world.replicas().get(node.index()).and_then(|machine| machine.process.as_ref())
}

/// Moves a run to a time, over at most so many events of its own, and keeps it undecided meanwhile: what is recorded
/// already is only passed over.
///
/// # Errors
///
/// If something cannot be held back: the run has reached its limit, or its disks take time, so that messages leave
/// unseen.
pub fn keep_undecided<R: Undecided>(run: &mut Run<R>, until: Ticks, events_max: u32) -> Result<Stepped, ActionError> {
    if run.simulation().world().replicas().iter().any(|machine| machine.disk.flush_ticks.max > 0) {
        return Err(ActionError {
            place: "run",
            message: "disks must take no time where messages are to be held back".into(),
        });
    }
    for _ in 0..events_max {
        if run.simulation().is_live() {
            for action in orders(run) {
                run.intervene(action)?;
            }
        }
        let stepped = run.step_until(until);
        if stepped != Stepped::Event {
            return Ok(stepped);
        }
    }
    Ok(Stepped::Event)
}

/// Lets go: all that was held back is on its way again, and nothing more will be held back.
///
/// # Errors
///
/// If the run has reached its limit.
pub fn let_go<R: Undecided>(run: &mut Run<R>) -> Result<(), ActionError> {
    for message in held(run.simulation().world()) {
        run.intervene(Action::DeliverMessageNow(message))?;
    }
    Ok(())
}

/// How many messages are held back now.
pub fn held_count<R: Undecided>(run: &Run<R>) -> usize {
    held(run.simulation().world()).len()
}

/// What must wait from now on, and what no longer has to.
fn orders<R: Undecided>(run: &Run<R>) -> Vec<Action> {
    let (world, trace) = (run.simulation().world(), run.simulation().trace());
    let mut orders: Vec<(u32, Action)> = Vec::new();
    for (message, due) in world.arrivals() {
        let Some(record) = trace.messages.get(message as usize) else { continue };
        let is_held = due > world.now() + HELD;
        match (R::would_decide(world, record.to, &record.body), is_held) {
            (true, false) => orders.push((message, Action::DelayMessage(message, HOLD))),
            (false, true) => orders.push((message, Action::DeliverMessageNow(message))),
            _ => {}
        }
    }
    orders.sort_unstable_by_key(|&(message, _)| message);
    orders.into_iter().map(|(_, action)| action).collect()
}

fn held<R: Replica>(world: &World<R>) -> Vec<u32> {
    let mut held: Vec<u32> =
        world.arrivals().filter(|&(_, due)| due > world.now() + HELD).map(|(message, _)| message).collect();
    held.sort_unstable();
    held
}

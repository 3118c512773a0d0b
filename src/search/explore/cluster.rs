//! A cluster of real cores as a model: any [`Process`](crate::process::Process), in every order of events that the
//! bounds allow.
//!
//! A state is all that can matter for what happens next: each process (or that it is down) with its disk and its armed
//! timers, the messages in flight, what is left of the bounds, and what the [`Subject`] chose to remember of the past.
//! In one step
//!
//! * any message in flight is delivered, whatever the order in which they were sent;
//! * any armed timer fires, whatever its delay was (time does not pass: every core is told that it is tick 0);
//! * a message is lost, or delivered while a copy of it stays in flight;
//! * a process crashes, and loses all that is not on its disk; or restarts from its disk.
//!
//! **Disks.** Writes are on disk when the step is over, together with what was sent, and a receipt
//! ([`Input::Persisted`](crate::process::Input::Persisted)) is handled at once, in the same step. A crash therefore
//! never falls between a write and its receipt.
//!
//! **Loss.** No message has to be delivered at any time. So whatever a lossy network could do to the processes is
//! explored without any loss, too, where a subject does not bound how many messages are in flight; a budget of losses
//! then only makes the losses visible. Where there is such a bound, a message that is never delivered keeps its place,
//! and states that would need the place for another message are out of bounds. A message to a process that is down
//! waits until it is up again; that it is lost instead is the same as that it is never delivered.
//!
//! **Who takes part.** All processes are replicas, of the same kind. What is sent to anybody else (a client) is gone.
//! Requests can be in flight from the beginning ([`Subject::requests`]).
//!
//! **Work saved.** A step changes one process, and what it does depends on nothing but its own state and the input:
//! `memo` keeps that, and stores what is equal once.
//!
//! **When two states are the same.** The messages in flight are a multiset, kept in the order of their fingerprints.
//! Replicas are not interchangeable: cores may break ties by their numbers, and no symmetry is assumed.

mod memo;
mod model;
mod state;
mod subject;
mod telling;

pub use model::{ClusterModel, Step};
pub use state::{Bounds, ClusterState, Envelope, Node};
pub use subject::{ClusterProperty, Happened, Subject};

#[cfg(test)]
mod tests;

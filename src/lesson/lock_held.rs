//! A server that holds its lock while it calls its peers.
//!
//! Many programs guard their state by one lock, and make remote calls. One that keeps the lock until the call returns
//! handles nothing meanwhile: no request, no heartbeat, no answer to somebody else's call. The cores here cannot make
//! that mistake, since they make no calls; whoever drives them can. This driver does: as soon as a server has sent
//! requests to its peers (votes, entries, snapshots) it pauses it, and lets it go on when an answer to each of them has
//! come before its door, or after a timeout. It does so by interventions, so that the run can be opened and replayed
//! like any other.
//!
//! What is simplified: one answer of a peer is taken for the answer to the request, whatever request it answers; and
//! all calls of one moment are made at once, and not one after the other, which would be slower still.

use crate::process::{MILLISECOND, NodeId, NodeSet, Ticks};
use crate::raft::{Message, Raft};
use crate::run::Run;
use crate::scenario::{ActionText, InterventionText, Scenario};
use crate::sim::{Action, Stepped, TicksRange};

/// A call that has no answer by then is given up.
const CALL_TIMEOUT: Ticks = 500 * MILLISECOND;

/// Most events that a driven run has.
const EVENTS_MAX: u32 = 100_000;

/// Three servers under load, the third so many milliseconds away.
pub fn cluster(slow_ms: u64) -> Scenario {
    let mut scenario = Scenario { replicas: 3, seed: 2, ..Scenario::of("raft") };
    let slow = TicksRange::new(slow_ms * MILLISECOND, slow_ms * MILLISECOND);
    let near = TicksRange::new(2 * MILLISECOND, 2 * MILLISECOND);
    let link = |from: &str, to: &str, latency_ticks| InterventionText {
        at: 0,
        after_event: None,
        action: ActionText::LinkLatency { from: from.to_owned(), to: to.to_owned(), latency_ticks },
    };
    for (one, other, latency) in [("n1", "n2", near), ("n1", "n3", slow), ("n2", "n3", slow)] {
        scenario.interventions.extend([link(one, other, latency), link(other, one, latency)]);
    }
    scenario.workload.think_ticks = TicksRange::new(5 * MILLISECOND, 15 * MILLISECOND);
    scenario.client.attempt_ticks = 2_000 * MILLISECOND;
    scenario.client.deadline_ticks = 5_000 * MILLISECOND;
    scenario.raft.election_timeout_ticks = TicksRange::new(600 * MILLISECOND, 1_200 * MILLISECOND);
    scenario.raft.heartbeat_ticks = 200 * MILLISECOND;
    scenario
}

/// A call that a server waits for.
#[derive(Clone, Debug, Default)]
struct Call {
    awaited: NodeSet,
    since: Ticks,
    /// How many messages there were when it began.
    seen: usize,
}

/// The run of a scenario, driven to a time with locks that are held during calls.
pub fn drive(scenario: &Scenario, until: Ticks) -> Option<Run<Raft>> {
    let mut run: Run<Raft> = Run::new(scenario.simulation().ok()?);
    let mut calls: Vec<Option<Call>> = vec![None; scenario.replicas as usize];
    for _ in 0..EVENTS_MAX {
        // A look at every millisecond, so that a lock is let go soon after its answers have come.
        let tick = (run.simulation().world().now() + MILLISECOND).min(until);
        let stepped = run.step_until(tick);
        match stepped {
            Stepped::Event => hold(&mut run, &mut calls),
            Stepped::Quiet if tick >= until => break,
            Stepped::Quiet => {}
            Stepped::Idle | Stepped::Limit => break,
        }
        release(&mut run, &mut calls);
    }
    Some(run)
}

/// Pauses the server of the last event if it has called its peers.
fn hold(run: &mut Run<Raft>, calls: &mut [Option<Call>]) {
    let (world, trace) = (run.simulation().world(), run.simulation().trace());
    let Some(event) = trace.events.last() else { return };
    let Some(call @ None) = calls.get_mut(usize::from(event.node)) else { return };
    let first = event.first_message as usize;
    let sent = trace.messages.get(first..first + event.messages as usize).unwrap_or_default();
    let is_call = |message: &Message| {
        matches!(
            message,
            Message::AppendEntries(_) | Message::RequestVote(_) | Message::PreVote(_) | Message::InstallSnapshot(_)
        )
    };
    let awaited: NodeSet = sent.iter().filter(|message| is_call(&message.body)).map(|message| message.to).collect();
    if awaited.is_empty() {
        return;
    }
    *call = Some(Call { awaited, since: world.now(), seen: trace.messages.len() });
    let node = NodeId(event.node);
    // A server that is down or paused already holds no lock.
    if run.intervene(Action::Pause(node)).is_err() {
        calls[node.index()] = None;
    }
}

/// Lets those go on whose answers have come before their door.
fn release(run: &mut Run<Raft>, calls: &mut [Option<Call>]) {
    for (index, slot) in calls.iter_mut().enumerate() {
        let node = NodeId(index as u16);
        let (now, messages) = (run.simulation().world().now(), &run.simulation().trace().messages);
        let Some(call) = &*slot else { continue };
        let mut missing = call.awaited;
        for answer in messages[call.seen..].iter().filter(|message| message.to == node && message.due <= now) {
            missing.remove(answer.from);
        }
        if missing.is_empty() || now >= call.since + CALL_TIMEOUT {
            *slot = None;
            // It may have crashed meanwhile: then there is nothing to let go.
            let _ = run.intervene(Action::Resume(node));
        }
    }
}

/// What the driver does to the run of a scenario until a time, besides what the scenario itself does.
pub fn interventions(scenario: &Scenario, until: Ticks) -> Vec<InterventionText> {
    let Some(run) = drive(scenario, until) else { return scenario.interventions.clone() };
    let replicas = run.simulation().world().setup().replicas;
    run.simulation().interventions().iter().map(|each| InterventionText::of::<Raft>(each, replicas)).collect()
}

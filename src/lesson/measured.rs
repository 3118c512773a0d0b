//! Raft and Multi-Paxos on the same script: what each row of the comparison comes to in two runs, event by event.
//!
//! The script: five servers, three clients that put, get and compare-and-set, a calm network of 2 to 10 ms; at 1 s the
//! leader crashes, at 2 s it is back. Seed and settings are those of the prepared runs. Messages are counted between
//! servers, without heartbeats and their answers where a core tells them apart; bytes are counted on the command line
//! alone (`compare`).

use super::runs::same_script;
use crate::kv::Ending;
use crate::multi_paxos::MultiPaxos;
use crate::process::{MILLISECOND, Message, Ticks};
use crate::raft::Raft;
use crate::run::Run;
use crate::scenario::{Playable, Scenario};
use serde::Serialize;

/// When the leader crashes, and when the measure ends.
const CRASH: Ticks = 1_000 * MILLISECOND;
const END: Ticks = 3_000 * MILLISECOND;
/// Elections are over, and the leader is stable.
const STEADY: Ticks = 500 * MILLISECOND;

/// What was measured of a protocol.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Measured {
    /// The protocol.
    pub protocol: &'static str,
    /// Operations answered while the leader was stable.
    pub answered: u64,
    /// Messages between servers for a hundred answers meanwhile.
    pub messages_per_hundred: u64,
    /// Half of the operations took no longer than this, in microseconds.
    pub median_ticks: Ticks,
    /// From the crash until the next operation of any client is answered, in microseconds.
    pub outage_ticks: Ticks,
    /// Messages between servers in that time.
    pub outage_messages: u64,
}

fn measure<R: Playable>(protocol: &'static str) -> Option<Measured> {
    let scenario: Scenario = same_script(protocol, "");
    let mut run = Run::new(scenario.simulation::<R>().ok()?);
    run.run_until(END, u32::MAX);
    let replicas = run.simulation().world().setup().replicas;
    let completed: Vec<(Ticks, Ticks)> = run
        .history()
        .iter()
        .filter_map(|operation| match &operation.completed {
            Some((moment, Ending::Ok(_))) => Some((operation.invoked.time, moment.time)),
            _ => None,
        })
        .collect();
    let between = |from: Ticks, to: Ticks| {
        let messages = &run.simulation().trace().messages;
        let is_counted = |sender: u16, receiver: u16| sender < replicas && receiver < replicas && sender != receiver;
        let counted = messages
            .iter()
            .filter(|message| (from..to).contains(&message.sent) && is_counted(message.from.0, message.to.0));
        counted.filter(|message| !message.body.is_heartbeat()).count() as u64
    };
    let mut took: Vec<Ticks> =
        completed.iter().filter(|(_, end)| (STEADY..CRASH).contains(end)).map(|(start, end)| end - start).collect();
    took.sort_unstable();
    let answered = took.len() as u64;
    // What was under way at the crash may still be answered by it: an operation counts that began after.
    let next = completed.iter().filter(|(start, _)| *start > CRASH).map(|&(_, end)| end).min()?;
    Some(Measured {
        protocol,
        answered,
        messages_per_hundred: (between(STEADY, CRASH) * 100).checked_div(answered)?,
        median_ticks: *took.get(took.len() / 2)?,
        outage_ticks: next - CRASH,
        outage_messages: between(CRASH, next),
    })
}

/// Measures both protocols.
pub fn measured() -> Vec<Measured> {
    [measure::<Raft>("raft"), measure::<MultiPaxos>("multi-paxos")].into_iter().flatten().collect()
}

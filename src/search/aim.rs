//! Whom a fault of a schedule hits, and when an ambush falls: a process that was drawn, the leader of the moment, or
//! the process that has just done what somebody waited for.

use crate::kv::Replica;
use crate::process::{NodeId, NodeSet, Timer as _};
use crate::scenario::Playable;
use crate::sim::trace::flag;
use crate::sim::{Action, CrashPoint, EventRecord, InputKind, TicksRange, Trace, World};

/// What a schedule wants done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Aim {
    /// Just this.
    At(Action),
    /// Something to whoever leads then.
    AtLeader {
        /// What.
        blow: Blow,
        /// Whom it hits if nobody leads.
        otherwise: NodeId,
    },
    /// The disk of a replica that does not lead is wiped, if all are up and one of them leads: nothing that was
    /// promised is lost by that.
    WipeFollower {
        /// Which one; if it leads, the next.
        follower: NodeId,
    },
}

/// What is done to a replica.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blow {
    /// It crashes.
    Crash,
    /// It is started again.
    Restart,
    /// Its process dies, and its machine lives on.
    Kill,
    /// It crashes at its next write, before what is sent with it leaves.
    CrashAtWrite,
    /// It is paused.
    Pause,
    /// It stands for election, if its protocol has elections.
    Stand,
    /// Its disk stands still.
    StallDisk,
    /// It is alone with these.
    Isolate {
        /// Who stays with it.
        companions: NodeSet,
    },
    /// No other replica hears it. Clients do.
    Mute,
    /// It hears no other replica.
    Deafen,
    /// What other replicas say to it takes long.
    SlowAnswers {
        /// So long.
        latency_ticks: TicksRange,
    },
    /// What it says to half of the other replicas takes long.
    SlowWords {
        /// So long.
        latency_ticks: TicksRange,
    },
}

/// What an ambush waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// A replica begins to lead.
    Elected,
    /// A replica that leads takes a client's request.
    Proposed,
    /// A replica that leads learns of a decision.
    Decided,
    /// A replica has begun to write.
    Flushing,
    /// Something rare: two lead, an entry is overwritten, a ballot is refused ([`Playable::RARE`]).
    Rare,
}

impl Aim {
    /// What is to be done now.
    pub fn actions<R: Replica>(&self, world: &World<R>) -> Vec<Action> {
        let replicas = world.setup().replicas;
        match self {
            Self::At(action) => vec![action.clone()],
            Self::AtLeader { blow, otherwise } => blow.actions::<R>(leader(world).unwrap_or(*otherwise), replicas),
            Self::WipeFollower { follower } => {
                let all_up = (0..replicas).all(|node| world.is_up(NodeId(node)));
                let Some(leader) = leader(world).filter(|_| all_up && replicas > 2) else { return Vec::new() };
                let next = NodeId((follower.0 + 1) % replicas);
                vec![Action::WipeDisk(if *follower == leader { next } else { *follower })]
            }
        }
    }
}

impl Blow {
    /// What is done to a replica.
    pub fn actions<R: Replica>(self, target: NodeId, replicas: u16) -> Vec<Action> {
        let others = || (0..replicas).map(NodeId).filter(move |&node| node != target);
        match self {
            Self::Crash => vec![Action::Crash(target)],
            Self::Restart => vec![Action::Restart(target)],
            Self::Kill => vec![Action::Kill(target)],
            Self::CrashAtWrite => vec![Action::CrashAt(target, CrashPoint::BetweenWriteAndSend)],
            Self::Pause => vec![Action::Pause(target)],
            Self::Stand => {
                let kind = R::Timer::KINDS.iter().position(|kind| *kind == "election");
                kind.map(|kind| Action::FireTimer(target, kind as u8)).into_iter().collect()
            }
            Self::StallDisk => vec![Action::StallDisk(target)],
            Self::Isolate { mut companions } => {
                companions.insert(target);
                vec![Action::Partition(vec![companions])]
            }
            Self::Mute => vec![Action::Cut(others().map(|other| (target, other)).collect())],
            Self::Deafen => vec![Action::Cut(others().map(|other| (other, target)).collect())],
            Self::SlowAnswers { latency_ticks } => {
                others().map(|other| Action::LinkLatency(other, target, latency_ticks)).collect()
            }
            Self::SlowWords { latency_ticks } => {
                others().step_by(2).map(|other| Action::LinkLatency(target, other, latency_ticks)).collect()
            }
        }
    }
}

impl Moment {
    /// Whether it came with an event: at which replica.
    pub fn came<R: Playable>(self, record: &EventRecord, world: &World<R>, trace: &Trace<R>) -> Option<NodeId> {
        let node = NodeId(record.node);
        let machine = world.replicas().get(node.index())?;
        let leads = || leads::<R>(record.role);
        let has = |flag: u8| record.flags & flag != 0;
        let came = match self {
            Self::Elected => begins_to_lead::<R>(record),
            Self::Proposed => {
                let message = trace.messages.get(record.cause as usize).filter(|_| record.input == InputKind::Message);
                message.is_some_and(|message| message.from.0 >= world.setup().replicas) && leads()
            }
            Self::Decided => has(flag::DECIDED) && leads(),
            Self::Flushing => has(flag::PERSISTED) && !machine.disk.pending.is_empty(),
            Self::Rare => is_rare(record, world, trace),
        };
        came.then_some(node)
    }
}

/// Whether an event is one that a run seldom has, and that bugs hide behind.
pub fn is_rare<R: Playable>(record: &EventRecord, world: &World<R>, trace: &Trace<R>) -> bool {
    let second_leader = || {
        let leading = world.replicas().iter().filter_map(|machine| machine.process.as_ref());
        begins_to_lead::<R>(record) && leading.filter(|process| leads::<R>(process.role())).count() > 1
    };
    second_leader()
        || trace.rules_of(record).any(|code| R::RARE.iter().any(|rule| crate::process::Catalogue::code(*rule) == code))
}

/// What a run came to: how often a replica began to lead, and how often each rule of [`Playable::RARE`] was followed.
pub fn reached<R: Playable>(trace: &Trace<R>) -> (u32, Vec<u32>) {
    let codes: Vec<u8> = R::RARE.iter().map(|rule| crate::process::Catalogue::code(*rule)).collect();
    let (mut leaders, mut rare) = (0, vec![0; codes.len()]);
    for record in &trace.events {
        leaders += u32::from(begins_to_lead::<R>(record));
        for code in trace.rules_of(record) {
            codes.iter().zip(&mut rare).filter(|(each, _)| **each == code).for_each(|(_, count)| *count += 1);
        }
    }
    (leaders, rare)
}

/// Whether a replica takes itself for the leader, the primary or the proposer from an event on.
pub fn begins_to_lead<R: Replica>(record: &EventRecord) -> bool {
    record.flags & flag::ROLE_CHANGED != 0 && leads::<R>(record.role)
}

fn leads<R: Replica>(role: u8) -> bool {
    matches!(R::ROLES.get(usize::from(role)), Some(&("leader" | "primary" | "proposer")))
}

/// Who leads: of those that take themselves for the leader, the primary or the proposer, the one of the latest term,
/// view or height.
pub fn leader<R: Replica>(world: &World<R>) -> Option<NodeId> {
    let running =
        (0..).map(NodeId).zip(world.replicas()).filter_map(|(node, machine)| Some((node, machine.process.as_ref()?)));
    let leading = running.filter(|(_, process)| leads::<R>(process.role()));
    leading.max_by_key(|(_, process)| process.epoch()).map(|(node, _)| node)
}

//! Who plays which part in a script: one leader and its followers, whoever they are in a run.

use crate::kv::Replica;
use crate::process::NodeId;
use crate::scenario::ActionText;
use crate::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use crate::search::aim::leader;
use crate::sim::{World, process_name};

/// Who plays which part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cast {
    /// Who led when the parts were given out.
    pub leader: NodeId,
    replicas: u16,
}

impl Cast {
    /// The parts as they are given out now; none while nobody leads.
    pub fn now<R: Replica>(world: &World<R>) -> Option<Self> {
        leader(world).map(|leader| Self { leader, replicas: world.setup().replicas })
    }

    /// The parts as they would be if the first replica led: to check a script by.
    pub fn assumed(replicas: u16) -> Self {
        Self { leader: NodeId(0), replicas }
    }

    /// Who comes so many places after the leader.
    pub fn follower(self, place: u16) -> NodeId {
        NodeId((self.leader.0 + place) % self.replicas)
    }

    fn player(self, part: &str, leads_now: NodeId) -> Option<NodeId> {
        match part {
            "leader" => Some(self.leader),
            "leader-now" => Some(leads_now),
            _ => {
                let place = part.strip_prefix("follower-")?.parse().ok()?;
                (1..self.replicas).contains(&place).then(|| self.follower(place))
            }
        }
    }

    /// An action with processes in place of parts. What is no part stays as it stands, and is refused later on.
    pub fn played(self, action: &ActionText, leads_now: NodeId) -> ActionText {
        let mut played = action.clone();
        for name in names_in(&mut played) {
            if let Some(node) = self.player(name, leads_now) {
                *name = process_name(self.replicas, node);
            }
        }
        played
    }
}

/// Whether an action names a part.
pub fn names_a_part(action: &ActionText) -> bool {
    let is_part = |name: &mut String| name.starts_with("leader") || name.starts_with("follower-");
    names_in(&mut action.clone()).into_iter().any(is_part)
}

/// Whether an action names whoever leads when it is done.
pub fn names_the_leader_now(action: &ActionText) -> bool {
    names_in(&mut action.clone()).into_iter().any(|name| name == "leader-now")
}

/// All names of processes in an action.
pub fn names_in(action: &mut ActionText) -> Vec<&mut String> {
    match action {
        ActionText::Partition { groups } => groups.iter_mut().flatten().collect(),
        ActionText::Cut { links } | ActionText::Restore { links } => {
            links.iter_mut().flat_map(|link| [&mut link.from, &mut link.to]).collect()
        }
        ActionText::LinkLatency { from, to, .. } | ActionText::LinkLoss { from, to, .. } => vec![from, to],
        ActionText::Collude { processes } => processes.iter_mut().collect(),
        ActionText::Corrupt { node, strategy } => [node].into_iter().chain(names_in_strategy(strategy)).collect(),
        ActionText::Say { node, line } => [node].into_iter().chain(names_in_line(line)).collect(),
        ActionText::Crash { node }
        | ActionText::Kill { node }
        | ActionText::CrashBetween { node, .. }
        | ActionText::Restart { node }
        | ActionText::Pause { node }
        | ActionText::Resume { node }
        | ActionText::WipeDisk { node }
        | ActionText::Disk { node, .. }
        | ActionText::StallDisk { node }
        | ActionText::ReleaseDisk { node }
        | ActionText::LoseFlushes { node }
        | ActionText::KeepFlushes { node }
        | ActionText::FireTimer { node, .. }
        | ActionText::Depart { node, .. }
        | ActionText::Reform { node }
        | ActionText::Misstep { node, .. }
        | ActionText::Invoke { client: node, .. } => vec![node],
        ActionText::Heal
        | ActionText::DropMessage { .. }
        | ActionText::DelayMessage { .. }
        | ActionText::DuplicateMessage { .. }
        | ActionText::DeliverMessageNow { .. }
        | ActionText::Network(_)
        | ActionText::Workload(_)
        | ActionText::Reseed { .. }
        | ActionText::RemoveFaults => Vec::new(),
    }
}

fn names_in_strategy(strategy: &mut StrategyText) -> Vec<&mut String> {
    match strategy {
        StrategyText::Silence { to } => to.iter_mut().collect(),
        StrategyText::Equivocation { to, say, others } => {
            let said = [Some(say), others.as_mut()].into_iter().flatten();
            to.iter_mut().chain(said.filter_map(name_in_alteration)).collect()
        }
        StrategyText::Falsehood { say } => name_in_alteration(say).into_iter().collect(),
        StrategyText::ByHand { lines } => lines.iter_mut().flat_map(names_in_line).collect(),
        StrategyText::Replay | StrategyText::Delay { .. } | StrategyText::Drawn => Vec::new(),
    }
}

fn names_in_line(line: &mut LineText) -> Vec<&mut String> {
    let LineText { to, deed, .. } = line;
    let said = match deed {
        DeedText::Alter(how) | DeedText::TwoFaced(how) => name_in_alteration(how),
        _ => None,
    };
    to.iter_mut().chain(said).collect()
}

fn name_in_alteration(alteration: &mut AlterationText) -> Option<&mut String> {
    if let AlterationText::Impersonate(name) = alteration { Some(name) } else { None }
}

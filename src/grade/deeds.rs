//! What was done to a run that a goal may not allow: crashes, wiped disks, liars.

use crate::process::NodeSet;
use crate::scenario::Playable;
use crate::sim::trace::{InputKind, STRUCK};
use crate::sim::{Action, CrashPoint, Simulation};

/// What an intervention does that a goal may not allow.
enum Deed {
    /// Nothing: networks are slow and lossy, processes are slow, and clients ask for what they like.
    Allowed,
    Crash,
    Wipe,
    /// It makes liars of these, whether they find the occasion or not.
    Lie(NodeSet),
}

/// Each action has its arm here: one that nobody has thought of would be a way round every limit.
fn deed(action: &Action) -> Deed {
    match action {
        Action::Crash(_) | Action::Kill(_) | Action::CrashAt(_, CrashPoint::BetweenWriteAndSend) => Deed::Crash,
        // What was written is lost in each of these, which is beyond the model.
        Action::WipeDisk(_) | Action::LoseFlushes(_) | Action::CrashAt(_, CrashPoint::BetweenWrites) => Deed::Wipe,
        Action::Corrupt(node, _) | Action::Say(node, _) | Action::Depart(node, _) | Action::Misstep(node, _) => {
            Deed::Lie([*node].into_iter().collect())
        }
        Action::Collude(plotters) => Deed::Lie(*plotters),
        Action::Partition(_)
        | Action::Cut(_)
        | Action::Restore(_)
        | Action::Heal
        | Action::Restart(_)
        | Action::Pause(_)
        | Action::Resume(_)
        | Action::DropMessage(_)
        | Action::DelayMessage(..)
        | Action::DuplicateMessage(_)
        | Action::DeliverMessageNow(_)
        | Action::Network(_)
        | Action::LinkLatency(..)
        | Action::LinkLoss(..)
        | Action::Disk(..)
        | Action::StallDisk(_)
        | Action::ReleaseDisk(_)
        | Action::KeepFlushes(_)
        | Action::Reseed(_)
        | Action::Workload(_)
        | Action::Invoke(..)
        | Action::FireTimer(..)
        | Action::Reform(_)
        | Action::RemoveFaults => Deed::Allowed,
    }
}

/// What was done to a run so far that goals may not allow.
#[derive(Default)]
pub(super) struct Deeds {
    pub crashes: u32,
    pub wipes: u32,
    pub liars: NodeSet,
}

impl Deeds {
    pub fn of<R: Playable>(simulation: &Simulation<R>) -> Self {
        let done = simulation
            .trace()
            .events
            .iter()
            .filter(|event| event.input == InputKind::Intervention && event.detail != STRUCK);
        let mut deeds = Self::default();
        for intervention in done.filter_map(|event| simulation.interventions().get(event.cause as usize)) {
            match deed(&intervention.action) {
                Deed::Allowed => {}
                Deed::Crash => deeds.crashes += 1,
                Deed::Wipe => deeds.wipes += 1,
                Deed::Lie(liars) => deeds.liars = deeds.liars.iter().chain(liars.iter()).collect(),
            }
        }
        deeds
    }
}

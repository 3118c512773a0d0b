//! Settings under which nobody can be elected. Such a run keeps every promise and shows nothing: that is said, and is
//! no praise.
//!
//! What is judged is a scenario whose interventions cannot help anybody: they cut, lose and ask, and set no server
//! apart from the others. A rule that is switched off may let in what the rules keep out, so then nothing is said.

use super::action::ActionText;
use super::settings::{DiskSettings, Scenario};
use crate::process::{MILLISECOND, Ticks};
use crate::sim::TicksRange;
use crate::sim::process_name;

/// How servers of a protocol are elected.
pub(super) struct Elections {
    /// What a server is called that stands.
    pub candidate: &'static str,
    /// What a voter gives it.
    pub vote: &'static str,
    /// How long a server waits for a leader, and a candidate for votes.
    pub timeout_ticks: TicksRange,
    /// Whether a server asks before it stands, so that differing latencies set servers apart that would stand together.
    pub asks_first: bool,
}

impl Elections {
    /// Why nobody can be elected in a run of this scenario, in a sentence. None if somebody may.
    pub(super) fn nobody_can_win(&self, scenario: &Scenario) -> Option<String> {
        if !scenario.mutations.is_empty() || !scenario.interventions.iter().all(|each| cannot_help(&each.action)) {
            return None;
        }
        self.nothing_arrives(scenario)
            .or_else(|| self.votes_come_too_late(scenario))
            .or_else(|| self.all_stand_together(scenario))
    }

    fn nothing_arrives(&self, scenario: &Scenario) -> Option<String> {
        let loss = scenario.network.loss;
        let loses_all = scenario.replicas > 1 && loss.numerator > 0 && loss.numerator >= loss.denominator;
        loses_all.then(|| {
            format!(
                "Nobody can be elected: the network loses every message, so no {} ever gets a {}.",
                self.candidate, self.vote
            )
        })
    }

    /// The quickest way to a majority: the candidate's flush, the request, the voter's flush, and the answer. The
    /// candidate waits no longer than its timeout, and then begins anew.
    fn votes_come_too_late(&self, scenario: &Scenario) -> Option<String> {
        let mut flushes: Vec<Ticks> = (0..scenario.replicas).map(|index| flush(&scenario.disk, index).min).collect();
        flushes.sort_unstable();
        let others_needed = scenario.replicas as usize / 2;
        let (own, voters) = (*flushes.first()?, *flushes.get(others_needed)?);
        let trip = if others_needed == 0 {
            0
        } else {
            scenario.network.latency_ticks.min.saturating_mul(2).saturating_add(voters)
        };
        let (needed, patience) = (own.saturating_add(trip), self.timeout_ticks.max);
        (needed > patience).then(|| {
            format!(
                "Nobody can be elected: with these disks and this network it takes a {} {} at least to get its {}s, and it waits {} at most.",
                self.candidate,
                milliseconds(needed),
                self.vote,
                milliseconds(patience)
            )
        })
    }

    /// Timeouts without width: all servers start together, stand together, and each votes for itself; the next time,
    /// too.
    fn all_stand_together(&self, scenario: &Scenario) -> Option<String> {
        let (timeout, network) = (self.timeout_ticks, &scenario.network);
        let is_regular = network.latency_ticks.min == network.latency_ticks.max
            && [network.loss, network.duplication, network.reordering].iter().all(|ratio| ratio.numerator == 0)
            && scenario
                .interventions
                .iter()
                .all(|each| matches!(each.action, ActionText::Invoke { .. } | ActionText::Workload(_)));
        let together = scenario.replicas > 1
            && timeout.min == timeout.max
            && (!self.asks_first || is_regular && has_equal_disks(scenario));
        together.then(|| {
            format!(
                "Nobody can be elected: all {} servers wait exactly {} for a leader, so all stand at the same moment, each with its own {}, \
                 again and again. Timeouts need a width (Raft, 5.2).",
                scenario.replicas,
                milliseconds(timeout.min),
                self.vote
            )
        })
    }
}

/// How long a flush takes on the disk of a replica.
fn flush(disk: &DiskSettings, place: u32) -> TicksRange {
    let name =
        u16::try_from(place).map(|place| process_name(u16::MAX, crate::process::NodeId(place))).unwrap_or_default();
    disk.own_flush_ticks.get(&name).copied().unwrap_or(TicksRange::new(disk.flush_ticks, disk.flush_ticks))
}

fn has_equal_disks(scenario: &Scenario) -> bool {
    let first = flush(&scenario.disk, 0);
    first.min == first.max && (1..scenario.replicas).all(|index| flush(&scenario.disk, index) == first)
}

/// Whether an intervention helps no candidate, and sets no server apart from the others.
fn cannot_help(action: &ActionText) -> bool {
    use ActionText as A;
    matches!(
        action,
        A::Partition { .. }
            | A::Cut { .. }
            | A::Restore { .. }
            | A::Heal
            | A::LinkLoss { .. }
            | A::Invoke { .. }
            | A::Workload(_)
    )
}

fn milliseconds(ticks: Ticks) -> String {
    match (ticks / MILLISECOND, ticks % MILLISECOND) {
        (whole, 0) => format!("{whole} ms"),
        (whole, rest) => format!("{whole}.{} ms", format!("{rest:03}").trim_end_matches('0')),
    }
}

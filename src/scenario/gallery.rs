//! Named scenarios, one click away on the page.

mod paxos;

use super::action::{ActionText, InterventionText};
use super::settings::Scenario;
use crate::process::{MILLISECOND, Ticks};
use crate::sim::{Mix, TicksRange};

/// A named scenario.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct GalleryEntry {
    /// In kebab-case, as links write it.
    pub name: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What there is to see, in a sentence or two.
    pub about: &'static str,
    /// The scenario.
    pub scenario: Scenario,
}

/// The named scenarios of all protocols of this build, the one that the page opens with first.
pub fn gallery() -> Vec<GalleryEntry> {
    let mut entries = Vec::new();
    if cfg!(feature = "raft") {
        entries.extend(raft());
    }
    if cfg!(feature = "paxos") {
        entries.extend(paxos::paxos());
    }
    entries
}

fn raft() -> [GalleryEntry; 3] {
    [
        GalleryEntry {
            name: "elect-and-replicate",
            title: "Elect and replicate",
            about: "Five servers elect a leader; three clients write and read through it. Nothing goes wrong.",
            scenario: titled("Elect and replicate"),
        },
        cut_the_leader_off(),
        stale_read(),
    ]
}

fn titled(title: &str) -> Scenario {
    with_seed(1, title)
}

fn with_seed(seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of("raft") }
}

fn at(milliseconds: u64, action: ActionText) -> InterventionText {
    InterventionText { at: milliseconds * MILLISECOND as Ticks, after_event: None, action }
}

fn groups(sides: &[&str]) -> ActionText {
    ActionText::Partition { groups: sides.iter().map(|side| side.split(' ').map(str::to_owned).collect()).collect() }
}

/// With this seed n1 leads when the network is cut, and takes a write of c1 after that.
fn cut_the_leader_off() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 n2 c1", "n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        ..with_seed(2, "Cut the leader off")
    };
    GalleryEntry {
        name: "cut-the-leader-off",
        title: "Cut the leader off",
        about: "The network is cut with the leader on the smaller side. It cannot commit any more; the others elect a new one and go on. \
                When the network heals, its uncommitted entries are overwritten.",
        scenario,
    }
}

/// With this seed n1 leads when the network is cut, and c1 reads from it soon after the others have elected another and written through it.
fn stale_read() -> GalleryEntry {
    let mut scenario = Scenario {
        mutations: vec!["read-index-off".to_owned()],
        interventions: vec![at(900, groups(&["n1 c1", "n2 n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        ..with_seed(27, "The stale read that ReadIndex prevents")
    };
    scenario.workload.keys = 1;
    scenario.workload.mix = Mix { get: 6, put: 4, cas: 0, delete: 0 };
    scenario.workload.think_ticks = TicksRange::new(20 * MILLISECOND, 60 * MILLISECOND);
    scenario.raft.check_quorum = false;
    GalleryEntry {
        name: "stale-read",
        title: "The stale read that ReadIndex prevents",
        about: "Here a leader answers reads at once, without asking a majority whether it still leads (ReadIndex), and it does not step down \
                when it hears from no majority (check-quorum is off). Cut off with a client, it goes on answering, from a state that the \
                others have long left behind. The checker names the read: play on to see it.",
        scenario,
    }
}

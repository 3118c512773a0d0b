//! Named runs of Raft.

use super::{GalleryEntry, at, groups};
use crate::process::MILLISECOND;
use crate::scenario::action::ActionText;
use crate::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use crate::scenario::settings::Scenario;
use crate::sim::{Mix, TicksRange};

/// The runs, the one that the page opens with first.
pub fn raft() -> [GalleryEntry; 4] {
    [
        GalleryEntry {
            name: "elect-and-replicate",
            title: "Elect and replicate",
            about: "Five servers elect a leader; three clients write and read through it. Nothing goes wrong, unless you see to it.",
            watch: "A write goes to the leader, which sends it to all (append). As soon as two others have it, it is on a majority: committed, \
                    and answered.",
            scenario: titled("Elect and replicate"),
        },
        cut_the_leader_off(),
        stale_read(),
        liar(),
    ]
}

/// With this seed n1 leads when it begins to lie, and one of those it lies to leads after it.
fn liar() -> GalleryEntry {
    let to = ["n3", "n4", "n5"].map(str::to_owned).to_vec();
    let deed = DeedText::Alter(AlterationText::Value(0));
    let lines = vec![LineText { to, kind: Some("AppendEntries".to_owned()), deed, once: false }];
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy: StrategyText::ByHand { lines } };
    let crash = ActionText::Crash { node: "n1".to_owned() };
    GalleryEntry {
        name: "a-liar-in-raft",
        title: "A liar in Raft",
        about: "From 0.6 s on the leader has two faces: n2 gets what clients write, n3, n4 and n5 get a lie in its place. Raft is made for \
                servers that stop, not for servers that lie: each believes what it is told, and clients are told that their writes are safe.",
        watch: "At 1.5 s the liar crashes. Logs differ at the same index and term, so nobody notices; the next leader has the lie where a \
                client's write was, and the write is lost.",
        scenario: Scenario { interventions: vec![at(600, corrupt), at(1_500, crash)], ..titled("A liar in Raft") },
    }
}

fn titled(title: &str) -> Scenario {
    with_seed(1, title)
}

fn with_seed(seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of("raft") }
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
        about: "At 0.9 s the network is cut, with the leader on the smaller side: it can commit nothing any more. The others elect a new \
                leader and go on.",
        watch: "The old leader still takes a write of c1: a dashed entry in its log. At 2.4 s the network heals, and that entry is \
                overwritten.",
        scenario,
    }
}

/// With this seed n1 leads when the network is cut, and c1 reads from it soon after the others have elected another and
/// written through it.
fn stale_read() -> GalleryEntry {
    let mut scenario = Scenario {
        mutations: vec!["read-index-off".to_owned()],
        interventions: vec![at(900, groups(&["n1 c1", "n2 n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        ..with_seed(27, "A stale read")
    };
    scenario.workload.keys = 1;
    scenario.workload.mix = Mix { get: 6, put: 4, cas: 0, delete: 0 };
    scenario.workload.think_ticks = TicksRange::new(20 * MILLISECOND, 60 * MILLISECOND);
    scenario.raft.check_quorum = false;
    GalleryEntry {
        name: "stale-read",
        title: "A stale read",
        about: "ReadIndex is the rule that a leader, before it answers a read, asks a majority whether it still leads. Here it is off, and \
                the leader is cut off with c1 at 0.9 s.",
        watch: "The others elect a new leader and write; the old one goes on answering c1 from what it had. The checker names the read \
                that is too old: press Show why then.",
        scenario,
    }
}

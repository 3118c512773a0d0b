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
            about: "Five servers elect a leader; three clients write and read through it. Nothing goes wrong.",
            watch: "A write goes to the leader, which sends it to all (append). As soon as two others have it, it is on a majority: committed, \
                    and answered.",
            scenario: titled("Elect and replicate"),
        },
        cut_the_leader_off(),
        stale_read(),
        lying_leader(),
    ]
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

/// With this seed n1 leads when the network is cut, and c1 reads from it soon after the others have elected another and written through it.
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

/// With this seed n1 leads all the time.
fn lying_leader() -> GalleryEntry {
    let say = AlterationText::Value(1);
    let line = |to: &str| LineText {
        to: vec![to.to_owned()],
        kind: Some("AppendEntries".to_owned()),
        deed: DeedText::Alter(say.clone()),
        once: false,
    };
    let strategy = StrategyText::ByHand { lines: vec![line("n2"), line("n3"), line("n4")] };
    let crash = ActionText::Crash { node: "n1".to_owned() };
    GalleryEntry {
        name: "raft-lying-leader",
        title: "A leader that lies",
        about: "Raft trusts its leader. From 0.9 s on, n1 sends three followers other values than it was given. They store them, it counts them as \
                stored, commits what nobody but n5 has, and answers. At 1.6 s it stops, and one of the others leads.",
        watch: "Two faces of one append; logs that differ where both are committed; and values that clients were promised and nobody can find any more. \
                PBFT has a run with the same liar.",
        scenario: Scenario {
            interventions: vec![at(900, ActionText::Corrupt { node: "n1".to_owned(), strategy }), at(1_600, crash)],
            ..with_seed(2, "A leader that lies")
        },
    }
}

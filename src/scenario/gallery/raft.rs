//! Named runs of Raft.

use super::GalleryEntry;
use super::captions::raft as words;
use crate::process::MILLISECOND;
use crate::scenario::action::ActionText;
use crate::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use crate::scenario::script::{at, groups};
use crate::scenario::settings::Scenario;
use crate::sim::{Mix, TicksRange};

/// The runs, the one that the page opens with first.
pub fn raft() -> [GalleryEntry; 5] {
    [
        GalleryEntry {
            name: "elect-and-replicate",
            title: "Elect and replicate",
            about: "Five servers elect a leader; three clients write and read through it. Nothing goes wrong, unless you see to it.",
            watch: "A write goes to the leader, which sends it to all (append). As soon as two others have it, it is on a majority: committed, \
                    and answered.",
            scenario: Scenario { captions: words::elect_and_replicate(), ..titled("Elect and replicate") },
        },
        cut_the_leader_off(),
        stale_read(),
        liar(),
        first_visit(),
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
        scenario: Scenario {
            interventions: vec![at(600, corrupt), at(1_500, crash)],
            captions: words::liar(),
            ..titled("A liar in Raft")
        },
    }
}

fn titled(title: &str) -> Scenario {
    with_seed(1, title)
}

fn with_seed(seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of("raft") }
}

const CUT_IN_TWO: &str = "A linearizable key-value store, cut in two";

/// With this seed n1 leads when the network is cut, and takes a write of c1 after that.
fn cut_the_leader_off() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 n2 c1", "n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        captions: words::cut_the_leader_off(),
        ..with_seed(2, CUT_IN_TWO)
    };
    GalleryEntry {
        name: "cut-the-leader-off",
        title: CUT_IN_TWO,
        about: "Five nodes, with clients on both sides of a cut: at 0.9 s the leader is left on the smaller side, and can commit nothing \
                any more. The others elect a new leader and go on, and every answer a client gets is right.",
        watch: "The old leader still takes a write of c1: a dashed entry in its log. At 2.4 s the network heals, and that entry is \
                overwritten.",
        scenario,
    }
}

fn read_index_off(title: &str) -> Scenario {
    let mut scenario = Scenario { mutations: vec!["read-index-off".to_owned()], ..with_seed(27, title) };
    scenario.workload.keys = 1;
    scenario.workload.mix = Mix { get: 6, put: 4, cas: 0, delete: 0 };
    scenario.workload.think_ticks = TicksRange::new(20 * MILLISECOND, 60 * MILLISECOND);
    scenario.raft.check_quorum = false;
    scenario
}

/// The run of [`stale_read`], in which it is the reader who cuts the network and heals it.
fn first_visit() -> GalleryEntry {
    GalleryEntry {
        name: "first-visit",
        title: "The first two minutes",
        about: "Five servers elect a leader and commit a write. Then you cut the leader off, and see what becomes of its write, and of a read \
                that it should not have answered.",
        watch: "The story says at each moment what to look at, and waits where it is your turn.",
        scenario: Scenario { captions: words::first_visit(), ..read_index_off("The first two minutes") },
    }
}

/// With this seed n1 leads when the network is cut, and c1 reads from it soon after the others have elected another and written through it.
fn stale_read() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 c1", "n2 n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        captions: words::stale_read(),
        ..read_index_off("A stale read")
    };
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

//! Named runs of Multi-Paxos.

use super::GalleryEntry;
use super::captions::multi_paxos as words;
use crate::scenario::action::{ActionText, CommandText, LinkText};
use crate::scenario::script::{at, groups};
use crate::scenario::settings::Scenario;

/// The runs, the one that the page opens with first.
pub fn multi_paxos() -> [GalleryEntry; 2] {
    [cut_the_master_off(), fill_the_gap()]
}

fn with_seed(seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of("multi-paxos") }
}

/// With this seed n2 leads when the network is cut, and takes writes that nobody but n1 accepts.
fn cut_the_master_off() -> GalleryEntry {
    let scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 n2 c1", "n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        captions: words::cut_the_leader_off(),
        ..with_seed(7, "Cut the leader off")
    };
    GalleryEntry {
        name: "multi-paxos-cut-the-leader-off",
        title: "Cut the leader off",
        about: "At 0.9 s the network is cut, with the leader on the smaller side: no value can be chosen there any more. The others promise \
                a higher ballot to another, and go on.",
        watch: "The new leader hears in phase 1 what may have been chosen, and proposes it again. When the network heals, a server comes back \
                with a high ballot, and the leader outbids it at once.",
        scenario,
    }
}

/// With this seed n1 leads when its links are cut, and n2 promises to the next leader.
fn fill_the_gap() -> GalleryEntry {
    let others = ["n2", "n3", "n4", "n5"];
    let link = |to: &str| LinkText { from: "n1".to_owned(), to: to.to_owned() };
    let put = |client: &str, key: &str, value: &str| ActionText::Invoke {
        client: client.to_owned(),
        command: CommandText::Put { key: key.to_owned(), value: value.to_owned() },
    };
    let get = |client: &str| ActionText::Invoke {
        client: client.to_owned(),
        command: CommandText::Get { key: "x".to_owned() },
    };
    let node = || "n1".to_owned();
    let mut scenario = with_seed(24, "A gap in the log");
    scenario.captions = words::gap();
    scenario.workload.operations_per_client = Some(0);
    scenario.interventions = vec![
        at(400, get("c1")),
        at(500, get("c2")),
        at(900, ActionText::Cut { links: others.iter().map(|to| link(to)).collect() }),
        at(901, put("c1", "x", "lost")),
        at(916, ActionText::Restore { links: vec![link("n2")] }),
        at(917, put("c2", "y", "found")),
        at(946, ActionText::Crash { node: node() }),
        at(1_600, put("c3", "z", "new")),
        at(2_400, ActionText::Heal),
        at(2_400, ActionText::Restart { node: node() }),
    ];
    GalleryEntry {
        name: "multi-paxos-gap",
        title: "A gap in the log",
        about: "The leader gives slot 1 to a write that nobody else hears of, and slot 2 to one that n2 hears of. Then it crashes.",
        watch: "The next leader hears of slot 2 from n2, and of slot 1 from nobody: it fills the gap with a value that does nothing, so that \
                what comes behind it can be applied. The first write is retried, and gets another slot.",
        scenario,
    }
}

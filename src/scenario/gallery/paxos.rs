//! Named runs of single-decree Paxos.

use super::GalleryEntry;
use super::captions::paxos as words;
use crate::process::MILLISECOND;
use crate::scenario::action::{ActionText, CommandText};
use crate::scenario::script::{at, groups};
use crate::scenario::settings::Scenario;
use crate::sim::TicksRange;

/// The runs, the one that the page opens with first.
pub fn paxos() -> [GalleryEntry; 3] {
    [one_value(), duel(), lost_majority()]
}

/// A cluster whose clients propose what the interventions say, and nothing by themselves.
fn quiet(seed: u64, title: &str) -> Scenario {
    let mut scenario = Scenario { seed, title: Some(title.to_owned()), ..Scenario::of("paxos") };
    scenario.workload.operations_per_client = Some(0);
    scenario
}

fn propose(client: &str, value: &str) -> ActionText {
    let command = CommandText::Cas { key: "value".to_owned(), expected: None, new: value.to_owned() };
    ActionText::Invoke { client: client.to_owned(), command }
}

fn node(name: &str) -> String {
    name.to_owned()
}

fn one_value() -> GalleryEntry {
    GalleryEntry {
        name: "one-value",
        title: "One value is chosen",
        about: "c1 proposes a value, and it is chosen in two phases. c2 proposes another one later.",
        watch: "A majority promises a ballot, then accepts a value in it: from then on it is chosen, and all learn of it from the acceptors. c2 \
                asks a process that has learnt of it, and is told which value it is.",
        scenario: Scenario {
            replicas: 5,
            clients: 2,
            interventions: vec![at(10, propose("c1", "tea")), at(150, propose("c2", "coffee"))],
            captions: words::one_value(),
            ..quiet(1, "One value is chosen")
        },
    }
}

/// c1 turns to n1 and c2 to n2. Those two hear each other sooner than any majority answers, so each has promised the
/// other's ballot before it can ask for acceptance under its own. With this seed it takes seventeen defeats until a
/// pause is long enough.
fn duel() -> GalleryEntry {
    let near = |from: &str, to: &str| {
        let latency_ticks = TicksRange::new(2 * MILLISECOND, 3 * MILLISECOND);
        at(0, ActionText::LinkLatency { from: node(from), to: node(to), latency_ticks })
    };
    let mut scenario = Scenario {
        clients: 2,
        interventions: vec![
            near("n1", "n2"),
            near("n2", "n1"),
            at(10, propose("c1", "tea")),
            at(20, propose("c2", "coffee")),
        ],
        captions: words::duel(),
        ..quiet(41, "Duelling proposers")
    };
    scenario.network.latency_ticks = TicksRange::new(9 * MILLISECOND, 11 * MILLISECOND);
    scenario.paxos.backoff_ticks = MILLISECOND / 10;
    scenario.paxos.backoff_ticks_max = 200 * MILLISECOND;
    GalleryEntry {
        name: "duel",
        title: "Duelling proposers",
        about: "Two proposers outbid each other: each prepare makes the acceptors refuse what the other one asks for. Nothing false is ever \
                chosen, but nothing at all is chosen for a while.",
        watch: "The ballots climb, and the lanes change colour with each. The pauses are random and grow with each defeat, until one is long \
                enough for the other proposer to finish both phases.",
        scenario,
    }
}

fn lost_majority() -> GalleryEntry {
    let crash = |name| at(120, ActionText::Crash { node: node(name) });
    GalleryEntry {
        name: "lost-majority",
        title: "Chosen, in spite of a lost majority",
        about: "n1, n2 and n3 accept a value; it is chosen. Then all three crash, and the others have never heard of it. They can choose nothing \
                by themselves.",
        watch: "When n3 comes back, any majority contains it, and its promise carries the value: the new proposer must propose it again, though \
                its client wants another.",
        scenario: Scenario {
            replicas: 5,
            clients: 2,
            interventions: vec![
                at(5, groups(&["n1 n2 n3 c1", "n4 n5 c2"])),
                at(10, propose("c1", "tea")),
                crash("n1"),
                crash("n2"),
                crash("n3"),
                at(140, ActionText::Heal),
                at(150, propose("c2", "coffee")),
                at(700, ActionText::Restart { node: node("n3") }),
            ],
            captions: words::lost_majority(),
            ..quiet(1, "Chosen, in spite of a lost majority")
        },
    }
}

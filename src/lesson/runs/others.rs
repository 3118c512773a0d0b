//! Runs with too few replicas for a liar, without a decision, and with reads at the leader.

use super::script::of;
use crate::process::MILLISECOND;
use crate::scenario::gallery::GalleryEntry;
use crate::scenario::lies::{AlterationText, StrategyText};
use crate::scenario::script::{at, groups};
use crate::scenario::{ActionText, Scenario};
use crate::sim::{Mix, TicksRange};

pub(super) fn entries() -> Vec<GalleryEntry> {
    vec![
        GalleryEntry {
            name: "three-of-which-one-lies",
            title: "Three replicas, one lies",
            about: "Three replicas, quorums of two, and n1, the primary, tells n3 of another client's request wherever it tells n2 of one's. n2 and n3 can each go on \
                    with n1 alone.",
            watch: "n2 and n3 commit different things with one number: their quorums share nobody but the liar. Agreement is broken.",
            scenario: three_of_which_one_lies(
                "Three replicas, one lies",
                2,
                StrategyText::Equivocation { to: vec!["n3".to_owned()], say: AlterationText::Value(0), others: None },
            ),
        },
        GalleryEntry {
            name: "three-that-wait-for-all",
            title: "Three replicas that wait for all",
            about: "Three replicas and quorums of three, so that every quorum contains both honest ones. The third says nothing at all.",
            watch: "Nothing wrong is ever committed, and nothing else either: one faulty replica out of three stops the service.",
            scenario: three_of_which_one_lies(
                "Three replicas that wait for all",
                3,
                StrategyText::Silence { to: Vec::new() },
            ),
        },
        kept_undecided("raft", "kept-undecided-raft", "Raft, kept undecided"),
        kept_undecided("paxos", "kept-undecided-paxos", "Paxos, kept undecided"),
        one_store_read_at_the_leader(),
    ]
}

/// Three replicas of PBFT, the primary of which lies from the beginning.
fn three_of_which_one_lies(title: &str, quorum: u32, strategy: StrategyText) -> Scenario {
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy };
    let mut scenario =
        Scenario { replicas: 3, clients: 2, interventions: vec![at(1, corrupt)], ..of("pbft", 1, title) };
    (scenario.pbft.faults, scenario.pbft.quorum) = (Some(1), Some(quorum));
    scenario
}

/// The cluster before the adversarial scheduler: the page keeps it undecided from the beginning.
fn kept_undecided(protocol: &str, name: &'static str, title: &'static str) -> GalleryEntry {
    GalleryEntry {
        name,
        title,
        about: "A calm cluster of three at its beginning. The panel “Keep it undecided” has a scheduler that may only choose when messages arrive.",
        watch: "Keep it undecided and play: the vote or the acceptance that would decide is always held back until it is of no use. Let go, and the cluster decides.",
        scenario: Scenario { replicas: 3, clients: 2, ..of(protocol, 1, title) },
    }
}

/// As the gallery's stale read, with the rule in force: the leader asks a majority before it answers.
fn one_store_read_at_the_leader() -> GalleryEntry {
    let mut scenario = Scenario {
        interventions: vec![at(900, groups(&["n1 c1", "n2 n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
        ..of("raft", 27, "The same, with ReadIndex")
    };
    scenario.workload.keys = 1;
    scenario.workload.mix = Mix { get: 6, put: 4, cas: 0, delete: 0 };
    scenario.workload.think_ticks = TicksRange::new(20 * MILLISECOND, 60 * MILLISECOND);
    scenario.raft.check_quorum = false;
    GalleryEntry {
        name: "fresh-read",
        title: "The same, with ReadIndex",
        about: "The same cluster, cut and workload as in “A stale read”, but the leader asks a majority whether it still leads before it answers a read.",
        watch: "n1 goes on taking itself for the leader and hears no majority: c1's reads wait, and are not answered with what is old. The checker is content.",
        scenario,
    }
}

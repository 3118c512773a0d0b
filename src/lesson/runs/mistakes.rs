//! The common mistakes.

use super::script::{by_hand, of};
use crate::lesson::lock_held;
use crate::process::MILLISECOND;
use crate::scenario::gallery::GalleryEntry;
use crate::scenario::script::{at, crash, groups, put, stand};
use crate::scenario::{ActionText, Scenario};
use crate::sim::{Mix, TicksRange};

/// The common mistakes, each with the rule switched off that it forgets.
pub(super) fn entries() -> Vec<GalleryEntry> {
    let cluster = lock_held::cluster(60);
    let interventions = lock_held::interventions(&cluster, 1_500 * MILLISECOND);
    let held = Scenario { interventions, title: Some("A lock held during a call".to_owned()), ..cluster };
    vec![
        applied_before_committed(),
        never_backs_up(),
        consistency_check_off(),
        no_compaction(),
        GalleryEntry {
            name: "lock-held-during-a-call",
            title: "A lock held during a call",
            about: "Three servers, n3 sixty milliseconds away. A program that takes its lock before it calls its peers, and lets go when the last one has answered, \
                    handles nothing meanwhile: here, for the first second and a half, each server is paused from a call until its answers are there.",
            watch: "The marks of pause and resume at the leader: in between requests, heartbeats and answers wait before its door. Compare the answers to clients \
                    with a run without interventions.",
            scenario: held,
        },
        everyone_must_acknowledge(),
    ]
}

fn applied_before_committed() -> GalleryEntry {
    GalleryEntry {
        name: "applied-before-committed",
        title: "Mistake: applied before committed",
        about: "The leader is cut off with a client at 0.9 s, as in “A linearizable key-value store, cut in two”. But here servers apply an entry as soon as it is in their logs.",
        watch: "The leader on the small side applies a write that is then overwritten. Its state differs from the others' for ever: State Machine Safety says where.",
        scenario: Scenario {
            mutations: vec!["applied-before-committed".to_owned()],
            interventions: vec![at(900, groups(&["n1 n2 c1", "n3 n4 n5 c2 c3"])), at(2_400, ActionText::Heal)],
            ..of("raft", 2, "Mistake: applied before committed")
        },
    }
}

/// With this seed n1 leads when it crashes.
fn never_backs_up() -> GalleryEntry {
    GalleryEntry {
        name: "never-backs-up",
        title: "Mistake: the leader never steps back",
        about: "n5 is cut off from 0.6 s to 1.6 s; meanwhile n1, the leader, crashes, and another is elected, whose log has entries that n5 lacks. A new leader \
                begins to send at the end of its own log, and here, when a follower refuses, it offers the same entries again.",
        watch: "n5 refuses append after append: what comes before the new entries is not in its log. It never catches up.",
        scenario: Scenario {
            mutations: vec!["never-backs-up".to_owned()],
            interventions: vec![
                at(600, groups(&["n1 n2 n3 n4 c1 c2 c3", "n5"])),
                at(1_200, crash("n1")),
                at(1_600, ActionText::Heal),
            ],
            ..of("raft", 2, "Mistake: the leader never steps back")
        },
    }
}

fn consistency_check_off() -> GalleryEntry {
    GalleryEntry {
        name: "consistency-check-off",
        title: "Mistake: no look at the entry before",
        about: "n1 is cut off with a write that nobody else gets; n2 leads, and then n3, each with an entry of its own. When the network heals, n3 sends n1 its own entry, \
                which comes right after n2's. Here a follower appends what comes, without comparing the entry before it.",
        watch: "n1 puts n3's entry behind its own write, where n3 has n2's entry: two logs have the same entry at one place, and differ before it. Log Matching is broken.",
        scenario: Scenario {
            mutations: vec!["consistency-check-off".to_owned()],
            ..by_hand(
                "Mistake: no look at the entry before",
                3,
                vec![
                    at(10, stand("n1")),
                    at(100, groups(&["n1 c1", "n2 n3"])),
                    at(120, put("c1", "x", "1")),
                    at(200, stand("n2")),
                    at(400, stand("n3")),
                    at(500, ActionText::Heal),
                ],
            )
        },
    }
}

fn no_compaction() -> GalleryEntry {
    let mut scenario = of("raft", 2, "Mistake: no compaction");
    scenario.raft.snapshot_threshold = 0;
    scenario.clients = 6;
    scenario.network.latency_ticks = TicksRange::new(MILLISECOND, 2 * MILLISECOND);
    scenario.workload.think_ticks = TicksRange::new(MILLISECOND, 5 * MILLISECOND);
    scenario.workload.mix = Mix { get: 0, put: 1, cas: 0, delete: 0 };
    GalleryEntry {
        name: "no-compaction",
        title: "Mistake: no compaction",
        about: "Snapshots are off: every write that was ever made stays in every log.",
        watch: "The logs grow as long as the run goes on. A server that restarts has to apply all of it.",
        scenario,
    }
}

fn everyone_must_acknowledge() -> GalleryEntry {
    GalleryEntry {
        name: "everyone-must-acknowledge",
        title: "Mistake: waiting for every follower",
        about: "n5 is cut off at 1 s, and comes back at 2 s. Four servers of five are well, but here the leader waits for all of them before it commits.",
        watch: "From 1 s on nothing is committed, and no client is answered, until n5 is back.",
        scenario: Scenario {
            mutations: vec!["everyone-must-acknowledge".to_owned()],
            interventions: vec![at(1_000, groups(&["n1 n2 n3 n4 c1 c2 c3", "n5"])), at(2_000, ActionText::Heal)],
            ..of("raft", 2, "Mistake: waiting for every follower")
        },
    }
}

//! Runs of Raft, and of the same script in Multi-Paxos.

use super::script::{by_hand, far, of};
use crate::process::MILLISECOND;
use crate::scenario::gallery::GalleryEntry;
use crate::scenario::lies::{AlterationText, StrategyText};
use crate::scenario::script::{at, crash, groups, put, restart, stand};
use crate::scenario::{ActionText, InterventionText, Scenario};
use crate::sim::{Ratio, TicksRange};

/// Figure 8 of the Raft paper, moment by moment.
fn figure_8() -> Vec<InterventionText> {
    vec![
        at(10, stand("n1")),
        // (a) n1 leads in term 1, and has copied an entry to n2 alone.
        at(300, groups(&["n1 n2 c1", "n3 n4 n5"])),
        at(310, put("c1", "x", "1")),
        at(400, crash("n1")),
        // (b) n5 is elected by n3 and n4, and has an entry of its own at that index, which nobody else gets.
        at(410, stand("n5")),
        at(435, groups(&["n1 n2 n3 n4", "n5", "c1"])),
        // (c) n1 is back, is elected (at the second try: n3 and n4 have voted in term 2), and copies the old entry to
        // n3 and n4.
        at(450, restart("n1")),
        at(460, stand("n1")),
        at(500, stand("n1")),
        at(555, groups(&["n1 n2", "n3 n4 n5", "c1"])),
        // (d) n5 is elected by n3 and n4, at its second try, and overwrites it.
        at(600, stand("n5")),
        at(640, stand("n5")),
        at(900, ActionText::Heal),
    ]
}

pub(super) fn entries() -> Vec<GalleryEntry> {
    vec![
        two_far_away(),
        restart_and_apply(),
        GalleryEntry {
            name: "log-behind-loses",
            title: "A log that is behind",
            about: "n3 is alone while n1 leads and takes a write. Then the network heals, and n3 stands for election at once: its term is higher, its log is \
                    shorter.",
            watch: "n1 and n2 take over n3's term, so that n1 leads no longer; but they do not vote for n3, whose log is behind theirs.",
            scenario: by_hand(
                "A log that is behind",
                3,
                vec![
                    at(10, stand("n1")),
                    at(100, groups(&["n1 n2 c1", "n3"])),
                    at(120, put("c1", "x", "1")),
                    at(200, ActionText::Heal),
                    at(201, stand("n3")),
                    at(400, stand("n1")),
                ],
            ),
        },
        GalleryEntry {
            name: "figure-8",
            title: "Figure 8",
            about: "The sequence of figure 8 of the Raft paper, by hand: an entry of an old term comes to stand on a majority, and is overwritten all the same.",
            watch: "n1's entry of term 1 reaches n3 and n4 after its return, so that a majority holds it; it is cut off before it hears so. Then n5 is elected and \
                    overwrites it.",
            scenario: by_hand("Figure 8", 5, figure_8()),
        },
        asked_twice(),
        leader_crashes(),
        catch_up_by_snapshot(),
        raft_with_a_liar(),
        GalleryEntry {
            name: "same-script-raft",
            title: "The same script: Raft",
            about: "Five servers under load; at 1 s the leader crashes, at 2 s it is back. The same script as the run of Multi-Paxos beside it.",
            watch: "Who may be elected, and what it does with the entries that it finds.",
            scenario: same_script("raft", "The same script: Raft"),
        },
        GalleryEntry {
            name: "same-script-multi-paxos",
            title: "The same script: Multi-Paxos",
            about: "Five servers under load; at 1 s the leader crashes, at 2 s it is back. The same script as the run of Raft beside it.",
            watch: "The new leader asks what was accepted, proposes that again in a ballot of its own, and fills what is empty.",
            scenario: same_script("multi-paxos", "The same script: Multi-Paxos"),
        },
    ]
}

fn leader_crashes() -> GalleryEntry {
    GalleryEntry {
        name: "leader-crashes",
        title: "The leader crashes",
        about: "n1 is cut off from all but n2 with a write that is not committed, and crashes. Whoever is elected finds more in its log than it knows to be \
                committed.",
        watch: "n2 is elected and appends an entry that does nothing, in its own term. When that is on a majority, the old write before it is committed too.",
        scenario: by_hand(
            "The leader crashes",
            3,
            vec![
                at(10, stand("n1")),
                at(100, groups(&["n1 n2 c1", "n3"])),
                at(
                    105,
                    ActionText::LinkLatency {
                        from: "n2".to_owned(),
                        to: "n1".to_owned(),
                        latency_ticks: TicksRange::new(300 * MILLISECOND, 300 * MILLISECOND),
                    },
                ),
                at(120, put("c1", "x", "1")),
                at(160, crash("n1")),
                at(180, ActionText::Heal),
                at(200, stand("n2")),
            ],
        ),
    }
}

/// The script of the comparison. With this seed n1 leads both when it crashes.
pub(in crate::lesson) fn same_script(protocol: &str, title: &str) -> Scenario {
    Scenario {
        interventions: vec![at(1_000, crash("n1")), at(2_000, restart("n1"))],
        ..of(protocol, SAME_SCRIPT_SEED, title)
    }
}

/// A seed with which n1 leads at one second, in Raft and in Multi-Paxos.
const SAME_SCRIPT_SEED: u64 = 2;

fn two_far_away() -> GalleryEntry {
    let mut interventions = far("n4", 5, 60);
    interventions.extend(far("n5", 5, 60));
    GalleryEntry {
        name: "two-far-away",
        title: "Two far away",
        about: "n4 and n5 are sixty milliseconds from everybody, the three others a few. The leader needs two acknowledgements, and takes the first two.",
        watch: "The commit index rises as soon as the near ones have the entry. The far ones get it later, and hear later still that it is committed.",
        scenario: Scenario { interventions, ..of("raft", 2, "Two far away") },
    }
}

fn restart_and_apply() -> GalleryEntry {
    GalleryEntry {
        name: "restart-and-apply",
        title: "Crash, restart, apply again",
        about: "n3 crashes at 0.8 s and starts again at 1.4 s. Term, vote and log are on its disk; its state is not, nor how far it had come.",
        watch: "After the restart its state is empty. As it hears the leader's commit index it applies its log from the beginning, in order, and comes to the same \
                state as the others.",
        scenario: Scenario {
            interventions: vec![at(800, crash("n3")), at(1_400, restart("n3"))],
            ..of("raft", 2, "Crash, restart, apply again")
        },
    }
}

fn asked_twice() -> GalleryEntry {
    let mut scenario = of("raft", 3, "Asked twice, applied once");
    scenario.network.loss = Ratio { numerator: 15, denominator: 100 };
    scenario.client.attempt_ticks = 60 * MILLISECOND;
    GalleryEntry {
        name: "asked-twice-applied-once",
        title: "Asked twice, applied once",
        about: "Fifteen messages of a hundred are lost, answers among them. A client that hears nothing asks again.",
        watch: "A command that was applied already is not applied again: the client gets the answer that is kept in the state.",
        scenario,
    }
}

fn catch_up_by_snapshot() -> GalleryEntry {
    let mut scenario = Scenario {
        interventions: vec![at(600, crash("n5")), at(2_200, restart("n5"))],
        ..of("raft", 2, "Catch up by snapshot")
    };
    scenario.raft.snapshot_threshold = 8;
    scenario.raft.snapshot_trailing = 0;
    GalleryEntry {
        name: "catch-up-by-snapshot",
        title: "Catch up by snapshot",
        about: "Every eight entries the servers save their state and drop the log before it. n5 is down from 0.6 s to 2.2 s.",
        watch: "When n5 is back, the entries that it needs are gone: the leader sends its snapshot, and then what came after it.",
        scenario,
    }
}

/// With this seed n1 leads.
fn raft_with_a_liar() -> GalleryEntry {
    let strategy = StrategyText::Equivocation {
        to: vec!["n4".to_owned(), "n5".to_owned()],
        say: AlterationText::Value(7),
        others: None,
    };
    GalleryEntry {
        name: "raft-with-a-liar",
        title: "Raft with a liar",
        about: "n1 leads, and from 0.8 s on it sends n4 and n5 other commands than it has in its log. Raft is not made for that: a message that has the right \
                form is believed.",
        watch: "n4 and n5 append the lies, acknowledge them, and apply them. Log Matching and State Machine Safety break, and no server notices.",
        scenario: Scenario {
            interventions: vec![at(800, ActionText::Corrupt { node: "n1".to_owned(), strategy })],
            ..of("raft", 2, "Raft with a liar")
        },
    }
}

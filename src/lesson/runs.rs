//! Prepared runs of the course, beside those of the gallery: each shows what a task or a lesson says. Tests hold them to it.

use super::lock_held;
use crate::process::MILLISECOND;
use crate::scenario::action::CommandText;
use crate::scenario::gallery::{GalleryEntry, gallery};
use crate::scenario::lies::{AlterationText, StrategyText};
use crate::scenario::{ActionText, InterventionText, Scenario};
use crate::sim::{Mix, Ratio, TicksRange};

/// All prepared runs that tasks and lessons name: the gallery's, and then the course's own.
pub fn runs() -> Vec<GalleryEntry> {
    let mut runs = gallery();
    runs.extend(raft());
    runs.extend(mistakes());
    runs.extend(others());
    runs
}

/// The run with a name.
pub fn run(name: &str) -> Option<GalleryEntry> {
    runs().into_iter().find(|run| run.name == name)
}

fn at(milliseconds: u64, action: ActionText) -> InterventionText {
    InterventionText { at: milliseconds * MILLISECOND, after_event: None, action }
}

fn groups(sides: &[&str]) -> ActionText {
    ActionText::Partition { groups: sides.iter().map(|side| side.split(' ').map(str::to_owned).collect()).collect() }
}

fn crash(node: &str) -> ActionText {
    ActionText::Crash { node: node.to_owned() }
}

fn restart(node: &str) -> ActionText {
    ActionText::Restart { node: node.to_owned() }
}

fn stand(node: &str) -> ActionText {
    ActionText::FireTimer { node: node.to_owned(), timer: "election".to_owned() }
}

fn put(client: &str, key: &str, value: &str) -> ActionText {
    let command = CommandText::Put { key: key.to_owned(), value: value.to_owned() };
    ActionText::Invoke { client: client.to_owned(), command }
}

/// All messages from and to a replica take so long.
fn far(node: &str, replicas: u32, milliseconds: u64) -> Vec<InterventionText> {
    let latency_ticks = TicksRange::new(milliseconds * MILLISECOND, milliseconds * MILLISECOND);
    let others = (1..=replicas).map(|place| format!("n{place}")).filter(|other| other != node);
    let link = |from: &str, to: &str| at(0, ActionText::LinkLatency { from: from.to_owned(), to: to.to_owned(), latency_ticks });
    others.flat_map(|other| [link(node, &other), link(&other, node)]).collect()
}

fn of(protocol: &str, seed: u64, title: &str) -> Scenario {
    Scenario { seed, title: Some(title.to_owned()), ..Scenario::of(protocol) }
}

/// A Raft cluster in which nothing happens by itself: every message takes 10 ms, and nobody stands for election unless told to.
fn by_hand(title: &str, replicas: u32, interventions: Vec<InterventionText>) -> Scenario {
    let mut scenario = Scenario { replicas, clients: 1, interventions, ..of("raft", 1, title) };
    scenario.network.latency_ticks = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);
    scenario.workload.operations_per_client = Some(0);
    scenario.client.attempt_ticks = 5_000 * MILLISECOND;
    scenario.client.deadline_ticks = 5_000 * MILLISECOND;
    scenario.raft.election_timeout_ticks = TicksRange::new(20_000 * MILLISECOND, 20_000 * MILLISECOND);
    scenario.raft.pre_vote = false;
    scenario.raft.check_quorum = false;
    scenario.raft.entries_per_message_max = 1;
    scenario
}

/// Figure 8 of the Raft paper, moment by moment.
fn figure_8() -> Vec<InterventionText> {
    vec![
        at(10, stand("n1")),
        at(300, groups(&["n1 n2 c1", "n3 n4 n5"])),
        at(310, put("c1", "x", "1")),
        at(400, crash("n1")),
        at(410, stand("n5")),
        at(435, groups(&["n1 n2 n3 n4", "n5", "c1"])),
        at(450, restart("n1")),
        at(460, stand("n1")),
        at(500, stand("n1")),
        at(555, groups(&["n1 n2", "n3 n4 n5", "c1"])),
        at(600, stand("n5")),
        at(640, stand("n5")),
        at(900, ActionText::Heal),
    ]
}

fn raft() -> Vec<GalleryEntry> {
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
            watch: "n1's entry of term 1 reaches n3 and n4 after its return, so that a majority holds it; n1 counts, and does not commit. Then n5 is elected and \
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
pub(super) fn same_script(protocol: &str, title: &str) -> Scenario {
    Scenario { interventions: vec![at(1_000, crash("n1")), at(2_000, restart("n1"))], ..of(protocol, SAME_SCRIPT_SEED, title) }
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
    let mut scenario =
        Scenario { interventions: vec![at(600, crash("n5")), at(2_200, restart("n5"))], ..of("raft", 2, "Catch up by snapshot") };
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
    let strategy = StrategyText::Equivocation { to: vec!["n4".to_owned(), "n5".to_owned()], say: AlterationText::Value(7), others: None };
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

/// The common mistakes, each with the rule switched off that it forgets.
fn mistakes() -> Vec<GalleryEntry> {
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
        about: "The leader is cut off with a client at 0.9 s, as in “Cut the leader off”. But here servers apply an entry as soon as it is in their logs.",
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
            interventions: vec![at(600, groups(&["n1 n2 n3 n4 c1 c2 c3", "n5"])), at(1_200, crash("n1")), at(1_600, ActionText::Heal)],
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

fn others() -> Vec<GalleryEntry> {
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
            scenario: three_of_which_one_lies("Three replicas that wait for all", 3, StrategyText::Silence { to: Vec::new() }),
        },
        kept_undecided("raft", "kept-undecided-raft", "Raft, kept undecided"),
        kept_undecided("paxos", "kept-undecided-paxos", "Paxos, kept undecided"),
        one_store_read_at_the_leader(),
    ]
}

/// Three replicas of PBFT, the primary of which lies from the beginning.
fn three_of_which_one_lies(title: &str, quorum: u32, strategy: StrategyText) -> Scenario {
    let corrupt = ActionText::Corrupt { node: "n1".to_owned(), strategy };
    let mut scenario = Scenario { replicas: 3, clients: 2, interventions: vec![at(1, corrupt)], ..of("pbft", 1, title) };
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

//! Each goal is met by a run that shows it, and not by one that does not; and what the `grade` command says.

use consensus_playground::grade::{GOALS, Grade, goal};
use consensus_playground::process::{MILLISECOND, Ticks};
use consensus_playground::run::Run;
use consensus_playground::scenario::action::{CommandText, LinkText, NetworkChange};
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::lies::{AlterationText, StrategyText};
use consensus_playground::scenario::{ActionText, InterventionText, Link, Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::search::hunt::{Options, hunt_raft};
use consensus_playground::sim::{Ratio, TicksRange};
use std::process::Command;

struct Played<'a> {
    scenario: &'a Scenario,
    until: Ticks,
}

impl WithProtocol for Played<'_> {
    type Output = Link;

    fn with<R: Playable>(self) -> Link {
        let mut run = Run::new(self.scenario.simulation::<R>().unwrap());
        run.run_until(self.until, u32::MAX);
        let events = run.simulation().events();
        Link::new(self.scenario.clone(), events, events, run.hash_after(events))
    }
}

fn played(scenario: &Scenario, until_ms: u64) -> Link {
    with_protocol(&scenario.protocol, Played { scenario, until: until_ms * MILLISECOND }).unwrap()
}

fn grade(name: &str, scenario: &Scenario, until_ms: u64) -> Grade {
    goal(name).unwrap().grade(&played(scenario, until_ms)).unwrap()
}

fn met(name: &str, scenario: &Scenario, until_ms: u64) -> String {
    let grade = grade(name, scenario, until_ms);
    assert!(grade.met && grade.event.is_some(), "{name}: {}", grade.sentence);
    grade.sentence
}

fn missing(name: &str, scenario: &Scenario, until_ms: u64) -> String {
    let grade = grade(name, scenario, until_ms);
    assert!(!grade.met && grade.event.is_none(), "{name}: {}", grade.sentence);
    grade.sentence
}

fn named(name: &str) -> Scenario {
    gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario
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

/// A Raft cluster in which nothing happens by itself: every message takes 10 ms, and nobody stands for election unless told to.
fn by_hand(replicas: u32, interventions: Vec<InterventionText>) -> Scenario {
    let mut scenario = Scenario { replicas, clients: 1, interventions, ..Scenario::of("raft") };
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

/// Four servers; n3 hears n1 first and n4 hears n2 first.
fn split_vote() -> Scenario {
    let quick = |from: &str, to: &str| ActionText::LinkLatency {
        from: from.to_owned(),
        to: to.to_owned(),
        latency_ticks: TicksRange::new(5 * MILLISECOND, 5 * MILLISECOND),
    };
    let interventions =
        vec![at(5, quick("n1", "n3")), at(5, quick("n2", "n4")), at(10, stand("n1")), at(10, stand("n2")), at(200, stand("n1"))];
    by_hand(4, interventions)
}

fn put(client: &str, key: &str, value: &str) -> ActionText {
    ActionText::Invoke { client: client.to_owned(), command: CommandText::Put { key: key.to_owned(), value: value.to_owned() } }
}

/// Of three servers n1 leads, and takes a write of c1 while those two are cut off; and what happens then.
fn written_while_cut_off(then: Vec<InterventionText>) -> Scenario {
    let written = vec![at(10, stand("n1")), at(300, groups(&["n1 c1", "n2 n3"])), at(310, put("c1", "x", "1"))];
    by_hand(3, [written, then].concat())
}

/// Figure 8 of the Raft paper, step by step.
fn figure_8() -> Scenario {
    by_hand(
        5,
        vec![
            at(10, stand("n1")),
            // (a) n1 leads in term 1, and has copied an entry to n2 alone.
            at(300, groups(&["n1 n2 c1", "n3 n4 n5"])),
            at(310, put("c1", "x", "1")),
            at(400, crash("n1")),
            // (b) n5 is elected by n3 and n4, and has an entry of its own at that index, which nobody else gets.
            at(410, stand("n5")),
            at(435, groups(&["n1 n2 n3 n4", "n5", "c1"])),
            // (c) n1 is back, is elected (at the second try: n3 and n4 have voted in term 2), and copies the old entry to n3 and n4.
            at(450, restart("n1")),
            at(460, stand("n1")),
            at(500, stand("n1")),
            at(555, groups(&["n1 n2", "n3 n4 n5", "c1"])),
            // (d) n5 is elected by n3 and n4, at its second try, and overwrites it.
            at(600, stand("n5")),
            at(640, stand("n5")),
            at(900, ActionText::Heal),
        ],
    )
}

#[test]
fn elect_a_leader_without_split_vote() {
    let sentence = met("elect-a-leader-without-split-vote", &named("elect-and-replicate"), 1_000);
    assert!(sentence.ends_with("stood alone, and became the leader"), "{sentence}");
    let sentence = missing("elect-a-leader-without-split-vote", &split_vote(), 600);
    assert_eq!(sentence, "it took 3 candidacies to elect n1: n1 (event 7), n2 (event 8), n1 (event 23)");
    assert_eq!(missing("elect-a-leader-without-split-vote", &split_vote(), 100), "nobody has become a leader");
}

#[test]
fn the_vote_is_split() {
    assert_eq!(met("split-vote", &split_vote(), 600), "the vote of term 1 was split, and term 2 has a leader");
    assert_eq!(missing("split-vote", &split_vote(), 150), "the vote of term 1 was split, but nobody has been elected since");
    assert_eq!(missing("split-vote", &named("elect-and-replicate"), 1_000), "in no term did two candidates stand");
}

#[test]
fn two_leaders_at_once() {
    let mut scenario = Scenario { mutations: Vec::new(), ..named("stale-read") };
    let sentence = met("two-leaders-at-once", &scenario, 2_000);
    assert!(sentence.ends_with("becomes the leader of term 2 while n1 leads in term 1"), "{sentence}");
    missing("two-leaders-at-once", &named("elect-and-replicate"), 2_000);
    // The old leader of this one is down, and leads nobody.
    scenario.interventions = vec![at(900, crash("n1"))];
    missing("two-leaders-at-once", &scenario, 2_000);
}

#[test]
fn a_write_with_a_minority_down() {
    let down = |nodes: &[&str]| {
        let interventions = nodes.iter().map(|node| at(600, crash(node))).collect();
        Scenario { interventions, ..named("elect-and-replicate") }
    };
    let sentence = met("write-with-a-minority-down", &down(&["n2", "n4"]), 3_000);
    assert!(sentence.ends_with("write was served by 3 of 5 servers"), "{sentence}");
    assert_eq!(missing("write-with-a-minority-down", &down(&["n2"]), 3_000), "at most 1 of 5 servers were down at a time, and 2 can be");
    let sentence = missing("write-with-a-minority-down", &down(&["n1", "n2", "n3"]), 3_000);
    assert_eq!(sentence, "no write began and took effect while 2 of 5 servers were down");
}

#[test]
fn a_compare_and_set_that_finds_something_else_has_not_taken_effect() {
    let cas = |expected: Option<&str>| {
        let command = CommandText::Cas { key: "x".to_owned(), expected: expected.map(str::to_owned), new: "1".to_owned() };
        let invoke = ActionText::Invoke { client: "c1".to_owned(), command };
        by_hand(3, vec![at(10, stand("n1")), at(300, crash("n3")), at(310, invoke)])
    };
    let sentence = missing("write-with-a-minority-down", &cas(Some("another")), 2_000);
    assert_eq!(sentence, "no write began and took effect while 1 of 3 servers were down");
    met("write-with-a-minority-down", &cas(None), 2_000);
}

#[test]
fn a_write_that_its_client_was_told_of_has_not_vanished_into_a_snapshot() {
    let mut scenario = written_while_cut_off(vec![at(400, ActionText::Heal)]);
    (scenario.raft.snapshot_threshold, scenario.raft.snapshot_trailing) = (1, 0);
    let sentence = missing("minority-write-vanishes", &scenario, 2_000);
    assert!(sentence.starts_with("n1 took put x=1 while it was cut off"), "{sentence}");
    // Cut off for longer, another leader writes at that index, and n1 gets its snapshot.
    scenario.interventions.pop();
    scenario.clients = 2;
    scenario.interventions.extend([
        at(330, groups(&["n1 c1", "n2 n3 c2"])),
        at(400, stand("n2")),
        at(600, put("c2", "y", "2")),
        at(900, groups(&["n1 n2 n3", "c1 c2"])),
    ]);
    let sentence = met("minority-write-vanishes", &scenario, 3_000);
    assert!(sentence.starts_with("n1 took c1's put x=1 at index 2"), "{sentence}");
}

#[test]
fn a_liar_meets_no_goal_of_a_protocol_that_trusts_everyone() {
    let strategy = StrategyText::Equivocation { to: vec!["n4".to_owned(), "n5".to_owned()], say: AlterationText::Value(7), others: None };
    for goal in GOALS.iter().filter(|goal| goal.protocol != "pbft") {
        let mut scenario = Scenario { replicas: 5, ..Scenario::of(goal.protocol) };
        scenario.interventions = vec![at(500, ActionText::Corrupt { node: "n1".to_owned(), strategy: strategy.clone() })];
        assert_eq!(missing(goal.name, &scenario, 1_000), "1 process was told to lie, and none may be", "{}", goal.name);
    }
}

#[test]
fn the_minoritys_write_vanishes() {
    let sentence = met("minority-write-vanishes", &named("cut-the-leader-off"), 5_000);
    assert!(sentence.starts_with("n1 took c1's ") && sentence.ends_with("it was overwritten, and never took effect"), "{sentence}");
    let sentence = missing("minority-write-vanishes", &named("cut-the-leader-off"), 2_300);
    assert!(sentence.ends_with("and still has it: let the network heal, and the run go on"), "{sentence}");
    let sentence = missing("minority-write-vanishes", &named("elect-and-replicate"), 3_000);
    assert_eq!(sentence, "no leader took a write while it was cut off from a majority");
}

#[test]
fn a_write_that_its_client_takes_to_another_leader_has_not_vanished() {
    let mut scenario = written_while_cut_off(vec![at(330, groups(&["n1", "n2 n3 c1"])), at(400, stand("n2")), at(1_500, ActionText::Heal)]);
    scenario.client.attempt_ticks = 300 * MILLISECOND;
    let sentence = missing("minority-write-vanishes", &scenario, 3_000);
    assert!(sentence.ends_with("it was committed all the same: its client had asked another leader"), "{sentence}");
    scenario.client.attempt_ticks = 5_000 * MILLISECOND;
    met("minority-write-vanishes", &scenario, 3_000);
}

#[test]
fn a_follower_catches_up_by_snapshot() {
    let mut scenario = Scenario { interventions: vec![at(600, crash("n5")), at(2_500, restart("n5"))], ..named("elect-and-replicate") };
    scenario.raft.snapshot_threshold = 4;
    scenario.raft.snapshot_trailing = 1;
    let sentence = met("catch-up-by-snapshot", &scenario, 4_000);
    assert!(sentence.starts_with("n5 installs a snapshot"), "{sentence}");
    scenario.raft.snapshot_threshold = 0;
    assert_eq!(missing("catch-up-by-snapshot", &scenario, 4_000), "no leader had to send a snapshot");
}

#[test]
fn a_read_waits_for_a_confirmation_that_does_not_come() {
    let scenario = Scenario { mutations: Vec::new(), ..named("stale-read") };
    let sentence = met("read-only-after-confirm", &scenario, 4_000);
    assert!(
        sentence.starts_with("n1 took a read while it was cut off") && sentence.contains("stepped down without an answer"),
        "{sentence}"
    );
    let sentence = missing("read-only-after-confirm", &scenario, 2_000);
    assert!(sentence.starts_with("a leader took a read while it was cut off (event"), "{sentence}");
    missing("read-only-after-confirm", &named("elect-and-replicate"), 2_000);
}

#[test]
fn a_stale_read_with_at_most_one_crash() {
    let mut scenario = named("stale-read");
    let sentence = met("stale-read", &scenario, 3_500);
    assert!(sentence.starts_with("not linearizable: c1's get of"), "{sentence}");
    let sentence = missing("stale-read", &Scenario { mutations: Vec::new(), ..scenario.clone() }, 3_500);
    assert!(sentence.starts_with("linearizable: "), "{sentence}");
    scenario.interventions.extend([at(3_000, crash("n2")), at(3_000, crash("n3"))]);
    assert_eq!(missing("stale-read", &scenario, 3_500), "2 crashes, and at most 1 are allowed");
    met("stale-read", &scenario, 2_900);
    scenario.mutations.push("no-op-off".to_owned());
    let sentence = missing("stale-read", &scenario, 2_900);
    assert_eq!(sentence, "no-op-off is switched on, and only read-index-off or read-round-reused or read-before-own-commit may be");
}

#[test]
fn figure_8_of_the_paper() {
    let sentence = met("figure-8", &figure_8(), 1_200);
    assert!(sentence.starts_with("the entry of term 1 at index 2 was on a majority's disks"), "{sentence}");
    assert!(sentence.ends_with("has one of term 2 there now"), "{sentence}");
    let sentence = missing("figure-8", &figure_8(), 590);
    assert_eq!(sentence, "a majority holds the entry of term 1 at index 2, and nobody has overwritten it yet");
    // What a minority held is overwritten here, and that is no wonder.
    assert_eq!(missing("figure-8", &named("cut-the-leader-off"), 5_000), "no entry was overwritten that a majority held");
    let wiped = |node: &str| ActionText::WipeDisk { node: node.to_owned() };
    let interventions = ["n1", "n2", "n3"].iter().map(|node| at(1_500, wiped(node))).collect();
    let sentence = missing("figure-8", &Scenario { interventions, ..named("elect-and-replicate") }, 3_000);
    assert_eq!(sentence, "a disk was wiped: no protocol here promises anything then");
}

#[test]
fn a_committed_entry_is_lost_with_one_rule_less() {
    let mut scenario = Scenario { mutations: vec!["election-restriction-off".to_owned()], ..Scenario::of("raft") };
    scenario.workload.operations_per_client = Some(20);
    let options = Options { scenario, faults_max: 6, liars: None };
    let failures = (0..300).filter_map(|seed| hunt_raft(&options, seed).unwrap().failure);
    let failure = failures.into_iter().find(|failure| failure.name == "leader-completeness").unwrap();
    let goal = goal("lose-a-committed-entry").unwrap();
    let grade = goal.grade(&failure.link()).unwrap();
    assert!(grade.met && grade.sentence == failure.sentence && grade.event == Some(failure.event), "{grade:?}");
    let sentence = missing("lose-a-committed-entry", &named("cut-the-leader-off"), 4_000);
    assert_eq!(sentence, "every leader had all that was committed before its term");
}

/// Two clients of single-decree Paxos, each at a proposer of its own, that ask at nearly the same time.
fn two_proposers(seed: u64) -> Scenario {
    let mut scenario = Scenario { seed, clients: 2, ..Scenario::of("paxos") };
    scenario.workload.operations_per_client = Some(1);
    scenario.workload.think_ticks = TicksRange::new(MILLISECOND, 20 * MILLISECOND);
    scenario.paxos.backoff_ticks = 1;
    scenario.paxos.backoff_ticks_max = 1;
    scenario
}

#[test]
fn two_proposers_duel() {
    let sentence = (0..200).map(|seed| grade("duel", &two_proposers(seed), 3_000)).find(|grade| grade.met).unwrap().sentence;
    assert!(sentence.ends_with("have outbid each other 4 times in turn"), "{sentence}");
    let alone = Scenario { clients: 1, ..two_proposers(1) };
    let sentence = missing("duel", &alone, 3_000);
    assert_eq!(sentence, "two proposers were outbid in turn 0 times, and it takes 4; then a value was chosen");
}

#[test]
fn who_outbids_another_when_a_value_is_chosen_already_fights_no_duel() {
    // All three have accepted one ballot when their acceptances get lost: the value is chosen, nobody knows it, and two proposers go on.
    let mut scenario = Scenario { replicas: 3, ..two_proposers(221) };
    scenario.interventions = vec![at(40, groups(&["n1", "n2", "n3"])), at(50, ActionText::Heal)];
    let sentence = missing("duel", &scenario, 3_000);
    assert_eq!(sentence, "two proposers were outbid in turn 0 times, and it takes 4; then a value was chosen");
}

#[test]
fn another_proposers_value_is_chosen() {
    let grades = (0..200).map(|seed| grade("finish-anothers-proposal", &two_proposers(seed), 3_000));
    let sentence = grades.into_iter().find(|grade| grade.met).unwrap().sentence;
    assert!(sentence.contains(" is chosen, and n") && sentence.ends_with("had not been the first to propose it"), "{sentence}");
    let alone = Scenario { clients: 1, ..two_proposers(1) };
    assert_eq!(missing("finish-anothers-proposal", &alone, 3_000), "no proposer found another's value in its promises");
    assert_eq!(missing("finish-anothers-proposal", &alone, 10), "nothing was chosen");
}

/// Three replicas of PBFT, the primary of which tells n3 of another request wherever it tells n2 of one.
fn three_of_which_one_lies(quorum: u32, lies: bool) -> Scenario {
    let strategy = StrategyText::Equivocation { to: vec!["n3".to_owned()], say: AlterationText::Value(0), others: None };
    let mut scenario = Scenario { replicas: 3, clients: 1, ..Scenario::of("pbft") };
    (scenario.pbft.faults, scenario.pbft.quorum) = (Some(1), Some(quorum));
    if lies {
        scenario.interventions = vec![at(1, ActionText::Corrupt { node: "n1".to_owned(), strategy })];
    }
    scenario
}

#[test]
fn agreement_is_broken_with_three_replicas_one_of_which_lies() {
    let name = "break-agreement-with-n-3";
    let sentence = met(name, &three_of_which_one_lies(2, true), 1_000);
    assert!(sentence.contains(" with number 2, where ") && !sentence.contains("null"), "{sentence}");
    assert_eq!(missing(name, &three_of_which_one_lies(2, false), 1_000), "nobody was told to lie, and the honest replicas agree");
    assert_eq!(
        missing(name, &three_of_which_one_lies(3, true), 1_000),
        "quorums have 3 replicas, and the goal is about quorums of 2, which the honest replicas can form alone"
    );
    let four = Scenario { replicas: 4, ..three_of_which_one_lies(2, true) };
    assert_eq!(missing(name, &four, 1_000), "there are 4 replicas, and the goal is about 3");
    let mut two_liars = three_of_which_one_lies(2, true);
    two_liars.interventions.push(at(2, ActionText::Corrupt { node: "n2".to_owned(), strategy: StrategyText::Replay }));
    assert_eq!(missing(name, &two_liars, 1_000), "2 processes were told to lie, and it must be done by 1");
}

/// Runs that meet a goal by its letter, and do not show it.
mod by_the_letter {
    use super::*;

    fn links(pairs: &[(&str, &str)]) -> Vec<LinkText> {
        pairs.iter().map(|(from, to)| LinkText { from: (*from).to_owned(), to: (*to).to_owned() }).collect()
    }

    fn cut(pairs: &[(&str, &str)]) -> ActionText {
        ActionText::Cut { links: links(pairs) }
    }

    fn invoke(client: &str, command: CommandText) -> ActionText {
        ActionText::Invoke { client: client.to_owned(), command }
    }

    fn propose(client: &str, value: &str) -> ActionText {
        invoke(client, CommandText::Cas { key: "value".to_owned(), expected: None, new: value.to_owned() })
    }

    /// Single-decree Paxos in which every message takes 10 ms, and nobody tries again by itself.
    fn paxos_by_hand(replicas: u32, interventions: Vec<InterventionText>) -> Scenario {
        let mut scenario = Scenario { replicas, clients: 2, interventions, ..Scenario::of("paxos") };
        scenario.network.latency_ticks = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);
        scenario.workload.operations_per_client = Some(0);
        scenario.paxos.retry_ticks = 5_000 * MILLISECOND;
        scenario
    }

    #[test]
    fn a_pre_vote_in_vain_is_a_try() {
        let mut scenario =
            by_hand(3, vec![at(5, groups(&["n1", "n2 n3"])), at(10, stand("n1")), at(100, ActionText::Heal), at(200, stand("n1"))]);
        scenario.raft.pre_vote = true;
        let sentence = missing("elect-a-leader-without-split-vote", &scenario, 600);
        assert!(sentence.starts_with("it took 2 candidacies to elect n1: n1 (event "), "{sentence}");
    }

    #[test]
    fn candidates_that_nobody_hears_split_no_vote() {
        let alone = |groups_of: &[&str], replicas| {
            by_hand(
                replicas,
                vec![at(5, groups(groups_of)), at(10, stand("n1")), at(10, stand("n2")), at(100, ActionText::Heal), at(200, stand("n1"))],
            )
        };
        let sentence = missing("split-vote", &alone(&["n1", "n2", "n3"], 3), 600);
        assert_eq!(sentence, "two stood in term 1, but they did not take the votes from each other");
        let sentence = missing("split-vote", &alone(&["n1 n2", "n3", "n4", "n5"], 5), 600);
        assert_eq!(sentence, "two stood in term 1, but only 2 voted: nobody could have won");
    }

    #[test]
    fn who_was_given_enough_votes_and_crashed_before_it_knew_has_not_split_the_vote() {
        let scenario = by_hand(4, vec![at(10, stand("n1")), at(11, stand("n2")), at(25, crash("n1")), at(200, stand("n3"))]);
        assert_eq!(missing("split-vote", &scenario, 600), "two stood in term 1, but one of them was given enough votes");
    }

    #[test]
    fn a_write_that_was_told_of_when_the_cluster_had_stopped_was_not_told_of_with_a_minority_down() {
        let scenario = |third_at| {
            by_hand(
                5,
                vec![
                    at(10, stand("n1")),
                    at(300, crash("n4")),
                    at(300, crash("n5")),
                    at(310, put("c1", "x", "1")),
                    at(third_at, crash("n2")),
                ],
            )
        };
        assert_eq!(
            missing("write-with-a-minority-down", &scenario(345), 2_000),
            "no write began and took effect while 2 of 5 servers were down"
        );
        assert_eq!(met("write-with-a-minority-down", &scenario(500), 2_000), "c1's write was served by 3 of 5 servers");
    }

    #[test]
    fn a_write_that_a_crash_took_before_it_was_on_disk_was_not_overwritten() {
        let mut scenario =
            written_while_cut_off(vec![at(330, crash("n1")), at(400, restart("n1")), at(450, ActionText::Heal), at(500, stand("n2"))]);
        scenario.disk.flush_ticks = 50 * MILLISECOND;
        let sentence = missing("minority-write-vanishes", &scenario, 3_000);
        assert!(sentence.ends_with("and lost it, but no leader of a majority has overwritten it"), "{sentence}");
    }

    #[test]
    fn a_write_that_its_client_is_about_to_ask_for_again_has_not_vanished() {
        let mut scenario =
            written_while_cut_off(vec![at(330, groups(&["n1", "n2 n3 c1"])), at(400, stand("n2")), at(500, ActionText::Heal)]);
        scenario.client.attempt_ticks = 2_000 * MILLISECOND;
        let sentence = missing("minority-write-vanishes", &scenario, 1_500);
        assert!(sentence.ends_with("it was committed all the same: its client had asked another leader"), "{sentence}");
    }

    #[test]
    fn a_write_that_another_server_still_holds_has_not_vanished() {
        let scenario = by_hand(
            5,
            vec![
                at(10, stand("n1")),
                at(300, groups(&["n1 n2 c1", "n3 n4 n5"])),
                at(310, put("c1", "x", "1")),
                at(400, groups(&["n1 n3 n4 n5", "n2", "c1"])),
                at(410, stand("n3")),
            ],
        );
        let sentence = missing("minority-write-vanishes", &scenario, 1_000);
        assert!(sentence.ends_with("but it may still take effect: somebody has it, or asks for it"), "{sentence}");
    }

    #[test]
    fn a_snapshot_of_what_a_follower_has_is_no_way_to_catch_up() {
        // n3 gets the leader's first entry, and its answers are lost: the leader takes it for one that lacks all.
        let mut scenario = by_hand(3, vec![at(5, cut(&[("n3", "n1")])), at(10, stand("n1"))]);
        (scenario.raft.snapshot_threshold, scenario.raft.snapshot_trailing) = (1, 0);
        let sentence = missing("catch-up-by-snapshot", &scenario, 2_000);
        assert_eq!(sentence, "a snapshot was installed, but its follower had all the entries that it covers");
    }

    #[test]
    fn a_read_that_is_confirmed_after_all_was_answered() {
        let read = invoke("c1", CommandText::Get { key: "x".to_owned() });
        let scenario = by_hand(
            3,
            vec![at(10, stand("n1")), at(300, groups(&["n1 c1", "n2 n3"])), at(310, read), at(400, ActionText::Heal), at(700, stand("n2"))],
        );
        let sentence = missing("read-only-after-confirm", &scenario, 2_000);
        assert!(sentence.starts_with("a leader took a read while it was cut off (event "), "{sentence}");
    }

    #[test]
    fn a_leader_that_was_elected_before_an_entry_was_committed_did_not_have_to_have_it() {
        let interventions =
            vec![at(10, stand("n1")), at(300, groups(&["n1 c1", "n2 n3"])), at(310, stand("n2")), at(400, put("c1", "x", "1"))];
        let scenario = Scenario { mutations: vec!["commit-quorum-too-small".to_owned()], ..by_hand(3, interventions) };
        let sentence = missing("lose-a-committed-entry", &scenario, 1_000);
        assert_eq!(sentence, "every leader had all that was committed before its term");
    }

    #[test]
    fn a_proposer_that_wants_the_same_value_itself_finishes_nobody_elses() {
        let begun = |wanted: &str| {
            let interventions = vec![
                at(10, propose("c1", "tea")),
                // n1 alone accepts it.
                at(41, cut(&[("n1", "n2"), ("n1", "n3")])),
                at(70, ActionText::Heal),
                at(71, cut(&[("n2", "n3"), ("n3", "n2")])),
                at(80, propose("c2", wanted)),
            ];
            paxos_by_hand(3, interventions)
        };
        assert_eq!(met("finish-anothers-proposal", &begun("coffee"), 1_000), "tea is chosen, and n2 had not been the first to propose it");
        let sentence = missing("finish-anothers-proposal", &begun("tea"), 1_000);
        assert_eq!(sentence, "n2 was asked for tea itself: what was chosen did not take the place of its own value");
    }

    #[test]
    fn a_value_that_was_chosen_before_is_not_got_chosen() {
        // All five accept n1's value, and what the others say of it is late.
        let latency = |milliseconds: u64| {
            let latency_ticks = Some(TicksRange::new(milliseconds * MILLISECOND, milliseconds * MILLISECOND));
            // Nothing waits for what is late.
            let reordering = Some(Ratio::percent(100));
            ActionText::Network(NetworkChange { latency_ticks, reordering, ..NetworkChange::default() })
        };
        let interventions =
            vec![at(10, propose("c1", "tea")), at(45, latency(3_000)), at(55, latency(10)), at(80, propose("c2", "coffee"))];
        let sentence = missing("finish-anothers-proposal", &paxos_by_hand(5, interventions), 1_000);
        assert!(sentence.starts_with("tea was chosen before, in ballot "), "{sentence}");
    }

    #[test]
    fn two_proposers_that_ask_no_common_acceptor_fight_no_duel() {
        let interventions =
            vec![at(1, groups(&["n1 n3 c1", "n2 n4 c2", "n5"])), at(10, propose("c1", "tea")), at(20, propose("c2", "coffee"))];
        let mut scenario = paxos_by_hand(5, interventions);
        scenario.network.latency_ticks = TicksRange::new(8 * MILLISECOND, 14 * MILLISECOND);
        scenario.network.duplication = Ratio { numerator: 1, denominator: 1 };
        scenario.paxos.retry_ticks = 100 * MILLISECOND;
        (scenario.client.attempt_ticks, scenario.client.deadline_ticks) = (60_000 * MILLISECOND, 60_000 * MILLISECOND);
        let sentence = missing("duel", &scenario, 5_000);
        assert_eq!(sentence, "two proposers were outbid in turn 0 times, and it takes 4; nothing is chosen yet");
    }

    #[test]
    fn a_leader_that_was_down_in_between_and_follows_now_is_no_second_leader() {
        let scenario = by_hand(3, vec![at(10, stand("n1")), at(300, crash("n1")), at(310, restart("n1")), at(320, stand("n2"))]);
        assert_eq!(missing("two-leaders-at-once", &scenario, 1_000), "whenever somebody became a leader, nobody else led");
    }
}

#[test]
fn a_run_of_another_protocol_or_of_too_few_servers_meets_no_goal() {
    let sentence = missing("duel", &named("elect-and-replicate"), 500);
    assert_eq!(sentence, "the goal is one of paxos, and the run is one of raft");
    let sentence = missing("two-leaders-at-once", &Scenario { replicas: 2, ..Scenario::of("raft") }, 500);
    assert_eq!(sentence, "there are 2 replicas, and it takes 3 or more");
}

#[test]
fn goals_have_names_of_their_own_and_say_what_they_want_and_where_it_is_from() {
    for (place, goal) in GOALS.iter().enumerate() {
        assert!(GOALS[place + 1..].iter().all(|other| other.name != goal.name), "{}", goal.name);
        assert!(goal.statement.ends_with('.') && !goal.source.is_empty() && !goal.title.is_empty(), "{}", goal.name);
        let mut scenario = Scenario::of(goal.protocol);
        scenario.mutations = goal.limits.mutations.iter().map(|&name| name.to_owned()).collect();
        assert!(with_protocol(goal.protocol, Known(&scenario)).unwrap(), "{} allows what there is", goal.name);
    }
}

struct Known<'a>(&'a Scenario);

impl WithProtocol for Known<'_> {
    type Output = bool;

    fn with<R: Playable>(self) -> bool {
        self.0.simulation::<R>().is_ok()
    }
}

fn playground(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_grade_command_prints_one_json_line_and_its_status_says_whether_the_goal_is_met() {
    let link = played(&named("cut-the-leader-off"), 5_000);
    let text = link.to_fragment().unwrap();
    let (status, output, errors) = playground(&["grade", &text, "--goal", "minority-write-vanishes"]);
    assert_eq!((status, errors.as_str(), output.lines().count()), (0, "", 1));
    let line: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!((&line["goal"], &line["met"], &line["seed"]), (&"minority-write-vanishes".into(), &true.into(), &2.into()), "{output}");
    assert_eq!(line["trace_hash"], format!("{:032x}", link.trace_hash));
    let (status, output, _) = playground(&["grade", &format!("https://example.org/{text}"), "--goal", "split-vote"]);
    assert_eq!(status, 1);
    assert!(output.contains(r#""met":false,"event":null,"sentence":"in no term did two candidates stand""#), "{output}");
}

#[test]
fn the_grade_command_grades_nothing_that_is_not_the_run_that_the_link_says() {
    let mut link = played(&named("elect-and-replicate"), 1_000);
    link.trace_hash ^= 1;
    let (status, output, errors) = playground(&["grade", &link.to_fragment().unwrap(), "--goal", "elect-a-leader-without-split-vote"]);
    assert_eq!((status, output.as_str()), (2, ""));
    assert_eq!(errors, "here the run has another trace hash than the link says\n");
    link.engine_version = "0.0.7".to_owned();
    let (_, _, errors) = playground(&["grade", &link.to_fragment().unwrap(), "--goal", "elect-a-leader-without-split-vote"]);
    assert!(errors.contains("(the link was made by engine 0.0.7, and this is "), "{errors}");
    for (arguments, expected) in [
        (&["grade", "#run=1.AAAA", "--goal", "duel"][..], "the link: checksum: "),
        (&["grade", "no-such-file", "--goal", "duel"], "no-such-file: "),
        (&["grade", "#run=1.AAAA", "--goal", "gravity"], "there is no goal \"gravity\": there are elect-a-leader"),
        (&["grade", "#run=1.AAAA"], "error: the following required arguments"),
    ] {
        let (status, output, errors) = playground(arguments);
        assert_eq!((status, output.as_str()), (2, ""), "{arguments:?}");
        assert!(errors.starts_with(expected), "{errors}");
    }
}

#[test]
fn the_grade_command_lists_the_goals() {
    let (status, output, _) = playground(&["grade", "--list"]);
    assert_eq!((status, output.lines().count()), (0, GOALS.len()));
    for line in output.lines() {
        let goal: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(goal["statement"].is_string() && goal["limits"]["mutations"].is_array(), "{line}");
    }
}

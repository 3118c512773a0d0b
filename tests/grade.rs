//! Each goal is met by a run that shows it, and not by one that does not.

use consensus_playground::grade::{GOALS, Grade, goal};
use consensus_playground::process::{MILLISECOND, Ticks};
use consensus_playground::run::Run;
use consensus_playground::scenario::action::{CommandText, LinkText, NetworkChange};
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::lies::{AlterationText, StrategyText};
use consensus_playground::scenario::script::{at, by_hand, crash, groups, put, restart, stand};
use consensus_playground::scenario::{
    ActionText, InterventionText, Link, Playable, Scenario, WithProtocol, with_protocol,
};
use consensus_playground::search::hunt::{Options, hunt_raft};
use consensus_playground::sim::{Ratio, TicksRange};

mod by_the_letter;
mod command;
mod many;
mod scenarios;

use self::scenarios::*;

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
    assert_eq!(
        missing("split-vote", &split_vote(), 150),
        "the vote of term 1 was split, but nobody has been elected since"
    );
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
    assert_eq!(
        missing("write-with-a-minority-down", &down(&["n2"]), 3_000),
        "at most 1 of 5 servers were down at a time, and 2 can be"
    );
    let sentence = missing("write-with-a-minority-down", &down(&["n1", "n2", "n3"]), 3_000);
    assert_eq!(sentence, "no write began and took effect while 2 of 5 servers were down");
}

#[test]
fn a_compare_and_set_that_finds_something_else_has_not_taken_effect() {
    let cas = |expected: Option<&str>| {
        let command =
            CommandText::Cas { key: "x".to_owned(), expected: expected.map(str::to_owned), new: "1".to_owned() };
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
    let strategy = StrategyText::Equivocation {
        to: vec!["n4".to_owned(), "n5".to_owned()],
        say: AlterationText::Value(7),
        others: None,
    };
    for goal in GOALS.iter().filter(|goal| goal.protocol != "pbft") {
        let mut scenario = Scenario { replicas: 5, ..Scenario::of(goal.protocol) };
        scenario.interventions =
            vec![at(500, ActionText::Corrupt { node: "n1".to_owned(), strategy: strategy.clone() })];
        assert_eq!(missing(goal.name, &scenario, 1_000), "1 process was told to lie, and none may be", "{}", goal.name);
    }
}

#[test]
fn the_minoritys_write_vanishes() {
    let sentence = met("minority-write-vanishes", &named("cut-the-leader-off"), 5_000);
    assert!(
        sentence.starts_with("n1 took c1's ") && sentence.ends_with("it was overwritten, and never took effect"),
        "{sentence}"
    );
    let sentence = missing("minority-write-vanishes", &named("cut-the-leader-off"), 2_300);
    assert!(sentence.ends_with("and still has it: let the network heal, and the run go on"), "{sentence}");
    let sentence = missing("minority-write-vanishes", &named("elect-and-replicate"), 3_000);
    assert_eq!(sentence, "no leader took a write while it was cut off from a majority");
}

#[test]
fn a_write_that_its_client_takes_to_another_leader_has_not_vanished() {
    let mut scenario = written_while_cut_off(vec![
        at(330, groups(&["n1", "n2 n3 c1"])),
        at(400, stand("n2")),
        at(1_500, ActionText::Heal),
    ]);
    scenario.client.attempt_ticks = 300 * MILLISECOND;
    let sentence = missing("minority-write-vanishes", &scenario, 3_000);
    assert!(sentence.ends_with("it was committed all the same: its client had asked another leader"), "{sentence}");
    scenario.client.attempt_ticks = 5_000 * MILLISECOND;
    met("minority-write-vanishes", &scenario, 3_000);
}

#[test]
fn a_follower_catches_up_by_snapshot() {
    let mut scenario = Scenario {
        interventions: vec![at(600, crash("n5")), at(2_500, restart("n5"))],
        ..named("elect-and-replicate")
    };
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
        sentence.starts_with("n1 took a read while it was cut off")
            && sentence.contains("stepped down without an answer"),
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
    assert_eq!(
        sentence,
        "no-op-off is switched on, and only read-index-off or read-round-reused or read-before-own-commit may be"
    );
}

#[test]
fn figure_8_of_the_paper() {
    let sentence = met("figure-8", &figure_8(), 1_200);
    assert!(sentence.starts_with("the entry of term 1 at index 2 was on a majority's disks"), "{sentence}");
    assert!(sentence.ends_with("has one of term 2 there now"), "{sentence}");
    let sentence = missing("figure-8", &figure_8(), 590);
    assert_eq!(sentence, "a majority holds the entry of term 1 at index 2, and nobody has overwritten it yet");
    // What a minority held is overwritten here, and that is no wonder.
    assert_eq!(
        missing("figure-8", &named("cut-the-leader-off"), 5_000),
        "no entry was overwritten that a majority held"
    );
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
    let sentence =
        (0..200).map(|seed| grade("duel", &two_proposers(seed), 3_000)).find(|grade| grade.met).unwrap().sentence;
    assert!(sentence.ends_with("have outbid each other 4 times in turn"), "{sentence}");
    let alone = Scenario { clients: 1, ..two_proposers(1) };
    let sentence = missing("duel", &alone, 3_000);
    assert_eq!(sentence, "two proposers were outbid in turn 0 times, and it takes 4; then a value was chosen");
}

#[test]
fn who_outbids_another_when_a_value_is_chosen_already_fights_no_duel() {
    // All three have accepted one ballot when their acceptances get lost: the value is chosen, nobody knows it, and two
    // proposers go on.
    let mut scenario = Scenario { replicas: 3, ..two_proposers(221) };
    scenario.interventions = vec![at(40, groups(&["n1", "n2", "n3"])), at(50, ActionText::Heal)];
    let sentence = missing("duel", &scenario, 3_000);
    assert_eq!(sentence, "two proposers were outbid in turn 0 times, and it takes 4; then a value was chosen");
}

#[test]
fn another_proposers_value_is_chosen() {
    let grades = (0..200).map(|seed| grade("finish-anothers-proposal", &two_proposers(seed), 3_000));
    let sentence = grades.into_iter().find(|grade| grade.met).unwrap().sentence;
    assert!(
        sentence.contains(" is chosen, and n") && sentence.ends_with("had not been the first to propose it"),
        "{sentence}"
    );
    let alone = Scenario { clients: 1, ..two_proposers(1) };
    assert_eq!(missing("finish-anothers-proposal", &alone, 3_000), "no proposer found another's value in its promises");
    assert_eq!(missing("finish-anothers-proposal", &alone, 10), "nothing was chosen");
}

/// Three replicas of PBFT, the primary of which tells n3 of another request wherever it tells n2 of one.
fn three_of_which_one_lies(quorum: u32, lies: bool) -> Scenario {
    let strategy =
        StrategyText::Equivocation { to: vec!["n3".to_owned()], say: AlterationText::Value(0), others: None };
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
    assert_eq!(
        missing(name, &three_of_which_one_lies(2, false), 1_000),
        "nobody was told to lie, and the honest replicas agree"
    );
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

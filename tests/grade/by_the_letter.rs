//! Runs that meet a goal by its letter, and do not show it.

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
    let mut scenario = by_hand(
        3,
        vec![at(5, groups(&["n1", "n2 n3"])), at(10, stand("n1")), at(100, ActionText::Heal), at(200, stand("n1"))],
    );
    scenario.raft.pre_vote = true;
    let sentence = missing("elect-a-leader-without-split-vote", &scenario, 600);
    assert!(sentence.starts_with("it took 2 candidacies to elect n1: n1 (event "), "{sentence}");
}

#[test]
fn candidates_that_nobody_hears_split_no_vote() {
    let alone = |groups_of: &[&str], replicas| {
        by_hand(
            replicas,
            vec![
                at(5, groups(groups_of)),
                at(10, stand("n1")),
                at(10, stand("n2")),
                at(100, ActionText::Heal),
                at(200, stand("n1")),
            ],
        )
    };
    let sentence = missing("split-vote", &alone(&["n1", "n2", "n3"], 3), 600);
    assert_eq!(sentence, "two stood in term 1, but they did not take the votes from each other");
    let sentence = missing("split-vote", &alone(&["n1 n2", "n3", "n4", "n5"], 5), 600);
    assert_eq!(sentence, "two stood in term 1, but only 2 voted: nobody could have won");
}

#[test]
fn who_was_given_enough_votes_and_crashed_before_it_knew_has_not_split_the_vote() {
    let scenario =
        by_hand(4, vec![at(10, stand("n1")), at(11, stand("n2")), at(25, crash("n1")), at(200, stand("n3"))]);
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
    let mut scenario = written_while_cut_off(vec![
        at(330, crash("n1")),
        at(400, restart("n1")),
        at(450, ActionText::Heal),
        at(500, stand("n2")),
    ]);
    scenario.disk.flush_ticks = 50 * MILLISECOND;
    let sentence = missing("minority-write-vanishes", &scenario, 3_000);
    assert!(sentence.ends_with("and lost it, but no leader of a majority has overwritten it"), "{sentence}");
}

#[test]
fn a_write_that_its_client_is_about_to_ask_for_again_has_not_vanished() {
    let mut scenario = written_while_cut_off(vec![
        at(330, groups(&["n1", "n2 n3 c1"])),
        at(400, stand("n2")),
        at(500, ActionText::Heal),
    ]);
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
        vec![
            at(10, stand("n1")),
            at(300, groups(&["n1 c1", "n2 n3"])),
            at(310, read),
            at(400, ActionText::Heal),
            at(700, stand("n2")),
        ],
    );
    let sentence = missing("read-only-after-confirm", &scenario, 2_000);
    assert!(sentence.starts_with("a leader took a read while it was cut off (event "), "{sentence}");
}

#[test]
fn a_leader_that_was_elected_before_an_entry_was_committed_did_not_have_to_have_it() {
    let interventions = vec![
        at(10, stand("n1")),
        at(300, groups(&["n1 c1", "n2 n3"])),
        at(310, stand("n2")),
        at(400, put("c1", "x", "1")),
    ];
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
    assert_eq!(
        met("finish-anothers-proposal", &begun("coffee"), 1_000),
        "tea is chosen, and n2 had not been the first to propose it"
    );
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
    let interventions = vec![
        at(10, propose("c1", "tea")),
        at(45, latency(3_000)),
        at(55, latency(10)),
        at(80, propose("c2", "coffee")),
    ];
    let sentence = missing("finish-anothers-proposal", &paxos_by_hand(5, interventions), 1_000);
    assert!(sentence.starts_with("tea was chosen before, in ballot "), "{sentence}");
}

#[test]
fn two_proposers_that_ask_no_common_acceptor_fight_no_duel() {
    let interventions = vec![
        at(1, groups(&["n1 n3 c1", "n2 n4 c2", "n5"])),
        at(10, propose("c1", "tea")),
        at(20, propose("c2", "coffee")),
    ];
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
    let scenario =
        by_hand(3, vec![at(10, stand("n1")), at(300, crash("n1")), at(310, restart("n1")), at(320, stand("n2"))]);
    assert_eq!(missing("two-leaders-at-once", &scenario, 1_000), "whenever somebody became a leader, nobody else led");
}

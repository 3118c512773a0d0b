//! What became of an operation: whose answers are missing, who cannot be reached, where its entry went.

use super::{operation, quiet, told, until};
use consensus_playground::process::MILLISECOND;
use consensus_playground::scenario::script::{at, by_hand, crash, groups, put, stand};
use consensus_playground::scenario::{ActionText, Scenario};
use expect_test::expect;

/// n1 leads, is cut off with n2 and the client, and takes a write.
fn cut_off() -> Scenario {
    let cut = groups(&["n1 n2 c1", "n3 n4 n5"]);
    by_hand(5, vec![at(10, stand("n1")), at(300, cut), at(310, put("c1", "x", "1"))])
}

#[test]
fn a_write_of_a_leader_that_is_cut_off_waits_for_those_it_cannot_reach() {
    expect![[r#""#]].assert_eq(&told(&until(cut_off(), 2_000), &operation("c1.1")));
}

#[test]
fn a_write_that_another_leader_overwrote_says_by_whom() {
    let mut scenario = cut_off();
    scenario.client.deadline_ticks = 1_000 * MILLISECOND;
    scenario.interventions.extend([at(400, stand("n3")), at(1_500, ActionText::Heal)]);
    expect![[r#""#]].assert_eq(&told(&until(scenario, 2_000), &operation("c1.1")));
}

#[test]
fn a_write_without_any_leader_was_asked_for_in_vain() {
    let mut scenario = by_hand(3, vec![at(10, put("c1", "x", "1")), at(20, crash("n3"))]);
    scenario.client.attempt_ticks = 200 * MILLISECOND;
    expect![[r#""#]].assert_eq(&told(&until(scenario, 400), &operation("c1.1")));
}

#[test]
fn a_write_that_took_effect_says_who_carried_it_out() {
    let scenario = by_hand(3, vec![at(10, stand("n1")), at(300, put("c1", "x", "1"))]);
    expect![[r#""#]].assert_eq(&told(&until(scenario, 600), &operation("c1.1")));
}

#[test]
fn a_request_of_pbft_waits_for_prepares_of_those_who_are_cut_off() {
    let mut scenario = quiet("pbft", 4);
    scenario.interventions = vec![at(300, groups(&["n1 n2 c1", "n3 n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 600), &operation("c1.1")));
}

#[test]
fn a_request_of_tendermint_waits_for_a_polka() {
    let mut scenario = quiet("tendermint", 4);
    scenario.interventions = vec![at(300, groups(&["n1 n2 c1", "n3 n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 500), &operation("c1.1")));
}

#[test]
fn a_write_of_multi_paxos_waits_for_acceptances() {
    let mut scenario = quiet("multi-paxos", 3);
    scenario.multi_paxos.check_quorum = false;
    scenario.interventions = vec![
        at(10, stand("n1")),
        at(100, crash("n3")),
        at(110, groups(&["n1 c1", "n2"])),
        at(115, put("c1", "x", "1")),
    ];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 160), &operation("c1.1")));
}

#[test]
fn a_write_of_viewstamped_replication_waits_for_a_backup() {
    let mut scenario = quiet("viewstamped", 3);
    scenario.interventions = vec![at(100, groups(&["n1 c1", "n2 n3"])), at(110, put("c1", "x", "1"))];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 160), &operation("c1.1")));
}

#[test]
fn an_operation_that_is_not_there_is_refused_with_what_there_is() {
    let whole = until(cut_off(), 500);
    let refused = |text: &str| consensus_playground::why::any::why(&whole, &operation(text)).unwrap_err().to_string();
    assert_eq!(refused("c1.2"), "operation: there is no operation c1.2: its client begins 1 in this run");
    assert!(refused("n1.1").contains("a client and a number from 1"), "a replica has no operations");
    assert!(refused("c1.0").contains("a client and a number from 1"));
    assert!(refused("").contains("a client and a number from 1"));
}

//! Why a server does not lead: who refused, and what its own state says of it.

use super::{leader, quiet, told, until};
use consensus_playground::process::MILLISECOND;
use consensus_playground::scenario::ActionText;
use consensus_playground::scenario::script::{at, by_hand, groups, put, stand};
use consensus_playground::sim::TicksRange;
use expect_test::expect;

#[test]
fn a_candidate_whose_log_is_behind_is_told_so_by_those_who_are_ahead() {
    let scenario = by_hand(
        3,
        vec![
            at(10, stand("n1")),
            at(300, groups(&["n1 n2 c1", "n3"])),
            at(310, put("c1", "x", "1")),
            at(500, ActionText::Heal),
            at(500, stand("n3")),
        ],
    );
    expect![[r#""#]].assert_eq(&told(&until(scenario, 530), &leader("n3")));
}

#[test]
fn a_candidate_who_comes_second_is_refused_by_those_who_have_voted() {
    let scenario = by_hand(3, vec![at(10, stand("n1")), at(12, stand("n2"))]);
    expect![[r#""#]].assert_eq(&told(&until(scenario, 40), &leader("n2")));
}

#[test]
fn a_candidate_who_is_cut_off_has_asked_in_vain() {
    let scenario = by_hand(3, vec![at(5, groups(&["n1", "n2 n3"])), at(10, stand("n1"))]);
    expect![[r#""#]].assert_eq(&told(&until(scenario, 40), &leader("n1")));
}

#[test]
fn who_never_stood_has_not_tried() {
    let scenario = by_hand(3, vec![at(10, stand("n1"))]);
    expect![[r#""#]].assert_eq(&told(&until(scenario, 100), &leader("n2")));
}

#[test]
fn a_ballot_of_multi_paxos_is_refused_by_whoever_has_promised_a_higher_one() {
    let mut scenario = quiet("multi-paxos", 3);
    scenario.multi_paxos.election_timeout_ticks = TicksRange::new(20_000 * MILLISECOND, 20_000 * MILLISECOND);
    scenario.multi_paxos.check_quorum = false;
    scenario.interventions = vec![at(10, stand("n2")), at(12, stand("n1"))];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 40), &leader("n1")));
}

#[test]
fn a_view_of_pbft_lacks_view_changes() {
    let mut scenario = quiet("pbft", 4);
    scenario.interventions = vec![at(300, groups(&["n1", "n2 n3 c1", "n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 1_200), &leader("n2")));
}

#[test]
fn a_view_of_viewstamped_replication_lacks_words_of_others() {
    let mut scenario = quiet("viewstamped", 3);
    scenario.interventions = vec![at(100, groups(&["n1", "n2", "n3"]))];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 700), &leader("n2")));
}

#[test]
fn a_round_of_tendermint_without_a_polka_says_who_prevoted_what() {
    let mut scenario = quiet("tendermint", 4);
    scenario.interventions = vec![at(300, groups(&["n1 n2 c1", "n3 n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#""#]].assert_eq(&told(&until(scenario, 600), &leader("n2")));
}

#[test]
fn a_server_that_is_not_there_is_refused() {
    let whole = until(by_hand(3, Vec::new()), 10);
    let refused = consensus_playground::why::any::why(&whole, &leader("n4")).unwrap_err().to_string();
    assert_eq!(refused, "leader: there is no replica of that name: there are n1 to n3");
}

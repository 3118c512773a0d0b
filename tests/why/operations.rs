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
    expect![[r#"
        put x=1 of c1 waits since 0.310 s (event 68): n1 has 2 of the 3 acknowledgements needed, without n3, n4 and n5 (took effect: None)
        attempts:
          + c1 asked n1 at 0.310 s (event 68); n1 got it at 0.320 s (event 69) (command-appended, Raft 5.3, figure 2), and has not answered when the run ends
        entry:
          + n1 gave it index 2 in term 1, at 0.320 s (event 69)
          - no honest replica was seen to carry it out, up to the end of the run
          ? it may still take effect: it is with n1 and n2
        waits:
          + the acknowledgement of n2 came to n1 at 0.340 s (event 74)
          - n3 did not hear of it: asked at 0.320 s (event 69); that was lost at 0.320 s: the link from n1 to n3 was cut
          + n1 and n3 cannot reach each other since 0.300 s (event 66)
          - n4 did not hear of it: asked at 0.320 s (event 69); that was lost at 0.320 s: the link from n1 to n4 was cut
          + n1 and n4 cannot reach each other since 0.300 s (event 66)
          - n5 did not hear of it: asked at 0.320 s (event 69); that was lost at 0.320 s: the link from n1 to n5 was cut
          + n1 and n5 cannot reach each other since 0.300 s (event 66)
    "#]].assert_eq(&told(&until(cut_off(), 2_000), &operation("c1.1")));
}

#[test]
fn a_write_that_another_leader_overwrote_says_by_whom() {
    let mut scenario = cut_off();
    scenario.client.deadline_ticks = 1_000 * MILLISECOND;
    scenario.interventions.extend([at(400, stand("n3")), at(1_500, ActionText::Heal)]);
    expect![[r#"
        put x=1 of c1, begun at 0.310 s (event 68), was given up at 1.310 s (event 229) and has an unknown outcome; nobody was seen to carry it out (took effect: None)
        attempts:
          + c1 asked n1 at 0.310 s (event 68); n1 got it at 0.320 s (event 69) (command-appended, Raft 5.3, figure 2), and has not answered when the run ends
        entry:
          + n1 gave it index 2 in term 1, at 0.320 s (event 69)
          + n1 overwrote it at 2 by an entry of term 2, from n3, at 1.530 s (event 265)
          + n2 overwrote it at 2 by an entry of term 2, from n3, at 1.530 s (event 266)
          - no honest replica was seen to carry it out, up to the end of the run
    "#]].assert_eq(&told(&until(scenario, 2_000), &operation("c1.1")));
}

#[test]
fn a_write_without_any_leader_was_asked_for_in_vain() {
    let mut scenario = by_hand(3, vec![at(10, put("c1", "x", "1")), at(20, crash("n3"))]);
    scenario.client.attempt_ticks = 200 * MILLISECOND;
    expect![[r#"
        put x=1 of c1 waits since 0.010 s (event 4): 6 attempts so far (took effect: None)
        attempts:
          + c1 asked n1 at 0.010 s (event 4); n1 got it at 0.020 s (event 6) (not-leader-answered, Raft 8), and turned it away, and knew no leader at 0.020 s (event 6); the answer came at 0.030 s (event 7)
          + c1 asked n2 at 0.042 s (event 8); n2 got it at 0.052 s (event 9) (not-leader-answered, Raft 8), and turned it away, and knew no leader at 0.052 s (event 9); the answer came at 0.062 s (event 10)
          - c1 asked n3 at 0.087 s (event 11); that was lost at 0.097 s: n3 was down
          + c1 asked n1 at 0.287 s (event 12); n1 got it at 0.297 s (event 13) (not-leader-answered, Raft 8), and turned it away, and knew no leader at 0.297 s (event 13); the answer came at 0.307 s (event 14)
          + c1 asked n2 at 0.325 s (event 15); n2 got it at 0.335 s (event 16) (not-leader-answered, Raft 8), and turned it away, and knew no leader at 0.335 s (event 16); the answer came at 0.345 s (event 17)
          ? c1 asked n3 at 0.393 s (event 18); that is under way when the run ends
        entry:
          - no message gave it a place
          - no honest replica was seen to carry it out, up to the end of the run
          ? it may still take effect: a message with it is under way or waiting
        waits:
          - no replica takes itself for the leader when the run ends
          + n3 is down since 0.020 s (event 5)
    "#]].assert_eq(&told(&until(scenario, 400), &operation("c1.1")));
}

#[test]
fn a_write_that_took_effect_says_who_carried_it_out() {
    let scenario = by_hand(3, vec![at(10, stand("n1")), at(300, put("c1", "x", "1"))]);
    expect![[r#"
        put x=1 of c1, begun at 0.300 s (event 38), was answered at 0.340 s (event 50): ok (took effect: Some(true))
        attempts:
          + c1 asked n1 at 0.300 s (event 38); n1 got it at 0.310 s (event 41) (command-appended, Raft 5.3, figure 2), and answered ok at 0.330 s (event 46); the answer came at 0.340 s (event 50)
        entry:
          + n1 gave it index 2 in term 1, at 0.310 s (event 41)
          + n1 knew at 0.330 s (event 46) that it is decided there
          + n1 carried it out at 0.330 s (event 46), as the first
          + n2 carried it out at 0.390 s (event 54)
          + n3 carried it out at 0.390 s (event 55)
    "#]].assert_eq(&told(&until(scenario, 600), &operation("c1.1")));
}

#[test]
fn a_request_of_pbft_waits_for_prepares_of_those_who_are_cut_off() {
    let mut scenario = quiet("pbft", 4);
    scenario.interventions = vec![at(300, groups(&["n1 n2 c1", "n3 n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#"
        put x=1 of c1 waits since 0.310 s (event 38): n1 has 2 of the 3 prepares needed, without n3 and n4 (took effect: None)
        attempts:
          + c1 asked n1 at 0.310 s (event 38); n1 got it at 0.320 s (event 43) (request-ordered, PBFT 4.2), and has not answered when the run ends
          + c1 asked n1 at 0.510 s (event 58); n1 got it at 0.520 s (event 59), and has not answered when the run ends
          + c1 asked n2 at 0.510 s (event 58); n2 got it at 0.520 s (event 60) (request-relayed, PBFT 4.1), and has not answered when the run ends
          - c1 asked n3 at 0.510 s (event 58); that was lost at 0.510 s: the link from c1 to n3 was cut
          - c1 asked n4 at 0.510 s (event 58); that was lost at 0.510 s: the link from c1 to n4 was cut
        entry:
          + n1 gave it sequence number 1 in view 0, at 0.320 s (event 43)
          - no honest replica was seen to carry it out, up to the end of the run
          ? it may still take effect: it is with n1 and n2
        waits:
          + the prepare of n2 (prepare 1: 84c47b) came to n1 at 0.340 s (event 47)
          - n3 has sent n1 no prepare
          + n1 and n3 cannot reach each other since 0.300 s (event 33)
          - n4 has sent n1 no prepare
          + n1 and n4 cannot reach each other since 0.300 s (event 33)
    "#]].assert_eq(&told(&until(scenario, 600), &operation("c1.1")));
}

#[test]
fn a_request_of_tendermint_waits_for_a_polka() {
    let mut scenario = quiet("tendermint", 4);
    scenario.interventions = vec![at(300, groups(&["n1 n2 c1", "n3 n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#"
        put x=1 of c1 waits since 0.310 s (event 6): n1 has 2 of the 3 prevotes needed, without n3 and n4 (took effect: None)
        attempts:
          + c1 asked n1 at 0.310 s (event 6); n1 got it at 0.320 s (event 7) (request-passed-on, Buchman 2016, 4.3; round-started, arXiv 1807.04938, algorithm 1, lines 11-13; new-value-proposed, arXiv 1807.04938, algorithm 1, lines 14, 17-19; prevoted-new-proposal, arXiv 1807.04938, algorithm 1, lines 22-24), and has not answered when the run ends
        entry:
          + n1 gave it height 1 in round 0, at 0.320 s (event 7)
          - no honest replica was seen to carry it out, up to the end of the run
          ? it may still take effect: it is with n1 and n2
        waits:
          + the prevote of n1 came to n1 at 0.440 s (event 15)
          + the prevote of n2 (prevote a1e1) came to n1 at 0.340 s (event 11)
          - n3 has sent n1 no prevote
          + n1 and n3 cannot reach each other since 0.300 s (event 5)
          - n4 has sent n1 no prevote
          + n1 and n4 cannot reach each other since 0.300 s (event 5)
    "#]].assert_eq(&told(&until(scenario, 500), &operation("c1.1")));
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
    expect![[r#"
        put x=1 of c1 waits since 0.115 s (event 21): n1 has 1 of the 2 acceptances needed, without n2 and n3 (took effect: None)
        attempts:
          + c1 asked n1 at 0.115 s (event 21); n1 got it at 0.125 s (event 22) (proposed, PMS 3, phase 2 (a)), and has not answered when the run ends
        entry:
          + n1 gave it slot 1 in ballot 1.n1, at 0.125 s (event 22)
          - no honest replica was seen to carry it out, up to the end of the run
          ? it may still take effect: it is with n1
        waits:
          - n2 did not hear of it: asked at 0.125 s (event 22); that was lost at 0.125 s: the link from n1 to n2 was cut
          + n1 and n2 cannot reach each other since 0.110 s (event 20)
          - n3 did not hear of it: asked at 0.125 s (event 22); that was lost at 0.125 s: the link from n1 to n3 was cut
          + n3 is down since 0.100 s (event 17)
    "#]].assert_eq(&told(&until(scenario, 160), &operation("c1.1")));
}

#[test]
fn a_write_of_viewstamped_replication_waits_for_a_backup() {
    let mut scenario = quiet("viewstamped", 3);
    scenario.interventions = vec![at(100, groups(&["n1 c1", "n2 n3"])), at(110, put("c1", "x", "1"))];
    expect![[r#"
        put x=1 of c1 waits since 0.110 s (event 9): n1 has 1 of the 2 PREPAREOKs needed, without n2 and n3 (took effect: None)
        attempts:
          + c1 asked n1 at 0.110 s (event 9); n1 got it at 0.120 s (event 10) (prepared, VRR 4.1, steps 2 and 3), and has not answered when the run ends
        entry:
          + n1 gave it op-number 1 in view 0, at 0.120 s (event 10)
          - no honest replica was seen to carry it out, up to the end of the run
          ? it may still take effect: it is with n1
        waits:
          - n2 did not hear of it: asked at 0.120 s (event 10); that was lost at 0.120 s: the link from n1 to n2 was cut
          + n1 and n2 cannot reach each other since 0.100 s (event 7)
          - n3 did not hear of it: asked at 0.120 s (event 10); that was lost at 0.120 s: the link from n1 to n3 was cut
          + n1 and n3 cannot reach each other since 0.100 s (event 7)
    "#]].assert_eq(&told(&until(scenario, 160), &operation("c1.1")));
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

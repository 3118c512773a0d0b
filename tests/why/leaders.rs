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
    expect![[r#"
        n3 bid for term 2 at 0.500 s (event 58): it has 1 of the 2 votes needed, without n1 and n2; when the run ends it is candidate in term 2 (leads: false)
        n3 bid for term 2 at 0.500 s (event 58): it has 1 of the 2 votes needed, without n1 and n2:
          + n1 refused at 0.510 s (event 61): its log ends at index 2 of term 1, the candidate's at index 1 of term 1; A server that sees a higher term takes it over and becomes a follower (stepped-down-higher-term, Raft 5.1, figure 2); A server refuses a candidate whose log is behind its own: it may lack committed entries (vote-refused-log-behind, Raft 5.4.1)
          + n2 refused at 0.510 s (event 62): its log ends at index 2 of term 1, the candidate's at index 1 of term 1; A server that sees a higher term takes it over and becomes a follower (stepped-down-higher-term, Raft 5.1, figure 2); A server refuses a candidate whose log is behind its own: it may lack committed entries (vote-refused-log-behind, Raft 5.4.1)
    "#]].assert_eq(&told(&until(scenario, 530), &leader("n3")));
}

#[test]
fn a_candidate_who_comes_second_is_refused_by_those_who_have_voted() {
    let scenario = by_hand(3, vec![at(10, stand("n1")), at(12, stand("n2"))]);
    expect![[r#"
        n2 bid for term 1 at 0.012 s (event 6): it has 1 of the 2 votes needed, without n1 and n3; when the run ends it is follower in term 1 (leads: false)
        n2 bid for term 1 at 0.012 s (event 6): it has 1 of the 2 votes needed, without n1 and n3:
          + n1 refused at 0.022 s (event 10): it voted for n1 in term 1; A server votes for one candidate in a term, and not for a second (vote-refused-already-voted, Raft 5.2)
          + n3 refused at 0.022 s (event 11): it voted for n1 in term 1; A server votes for one candidate in a term, and not for a second (vote-refused-already-voted, Raft 5.2)
          + at 0.040 s (event 17) n2 became follower in term 1: A candidate that hears from the leader of its term becomes its follower (stepped-down-leader-found, Raft 5.2, figure 2); The entry before the new ones matches: the follower appends what it lacks (entries-appended, Raft 5.3, figure 2)
        besides:
          + n1 is leader in term 1
    "#]].assert_eq(&told(&until(scenario, 40), &leader("n2")));
}

#[test]
fn a_candidate_who_is_cut_off_has_asked_in_vain() {
    let scenario = by_hand(3, vec![at(5, groups(&["n1", "n2 n3"])), at(10, stand("n1"))]);
    expect![[r#"
        n1 bid for term 1 at 0.010 s (event 5): it has 1 of the 2 votes needed, without n2 and n3; when the run ends it is candidate in term 1 (leads: false)
        n1 bid for term 1 at 0.010 s (event 5): it has 1 of the 2 votes needed, without n2 and n3:
          - n2 did not hear of it: asked at 0.010 s (event 5); that was lost at 0.010 s: the link from n1 to n2 was cut
          + n1 and n2 cannot reach each other since 0.005 s (event 4)
          - n3 did not hear of it: asked at 0.010 s (event 5); that was lost at 0.010 s: the link from n1 to n3 was cut
          + n1 and n3 cannot reach each other since 0.005 s (event 4)
    "#]].assert_eq(&told(&until(scenario, 40), &leader("n1")));
}

#[test]
fn who_never_stood_has_not_tried() {
    let scenario = by_hand(3, vec![at(10, stand("n1"))]);
    expect![[r#"
        n2 has not tried: it is follower in term 1 (leads: false)
        besides:
          + n1 is leader in term 1
    "#]]
    .assert_eq(&told(&until(scenario, 100), &leader("n2")));
}

#[test]
fn a_ballot_of_multi_paxos_is_refused_by_whoever_has_promised_a_higher_one() {
    let mut scenario = quiet("multi-paxos", 3);
    scenario.multi_paxos.election_timeout_ticks = TicksRange::new(20_000 * MILLISECOND, 20_000 * MILLISECOND);
    scenario.multi_paxos.check_quorum = false;
    scenario.interventions = vec![at(10, stand("n2")), at(12, stand("n1"))];
    expect![[r#"
        n1 bid for ballot 1.n1 at 0.012 s (event 6): it has 1 of the 2 promises needed, without n2 and n3; when the run ends it is follower in ballot 1.n2 (leads: false)
        n1 bid for ballot 1.n1 at 0.012 s (event 6): it has 1 of the 2 promises needed, without n2 and n3:
          + n2 refused at 0.022 s (event 10): it has promised ballot 1.n2, which is higher than 1.n1; The acceptor has promised a higher ballot: it refuses, and says which (prepare-refused, PMS 2.2, phase 1 (b); 2.5)
          + n3 refused at 0.022 s (event 11): it has promised ballot 1.n2, which is higher than 1.n1; The acceptor has promised a higher ballot: it refuses, and says which (prepare-refused, PMS 2.2, phase 1 (b); 2.5)
          + at 0.020 s (event 8) n1 became follower in ballot 1.n2: No higher ballot is promised: the acceptor promises it for all slots at once, and says what it has accepted in the open ones. A second copy of the prepare is answered again (promised, PMS 2.2, phase 1 (b); 3)
        besides:
          + n2 is leader in ballot 1.n2
    "#]].assert_eq(&told(&until(scenario, 40), &leader("n1")));
}

#[test]
fn a_view_of_pbft_lacks_view_changes() {
    let mut scenario = quiet("pbft", 4);
    scenario.interventions = vec![at(300, groups(&["n1", "n2 n3 c1", "n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#"
        n2 bid for view 1 at 0.920 s (event 72): it has 2 of the 3 view-changes needed, without n1 and n4; when the run ends it is view change in view 1 (leads: false)
        n2 bid for view 1 at 0.920 s (event 72): it has 2 of the 3 view-changes needed, without n1 and n4:
          + n2 is the primary of view 1
          - n1 has sent n2 no view-change
          + n2 and n1 cannot reach each other since 0.300 s (event 33)
          + the view-change of n3 (view-change 1) came to n2 at 0.930 s (event 77)
          - n4 has sent n2 no view-change
          + n2 and n4 cannot reach each other since 0.300 s (event 33)
        besides:
          + n1 is primary in view 0
          + n2 and n1 cannot reach each other since 0.300 s (event 33)
    "#]].assert_eq(&told(&until(scenario, 1_200), &leader("n2")));
}

#[test]
fn a_view_of_viewstamped_replication_lacks_words_of_others() {
    let mut scenario = quiet("viewstamped", 3);
    scenario.interventions = vec![at(100, groups(&["n1", "n2", "n3"]))];
    expect![[r#"
        n2 bid for view 2 at 0.521 s (event 19): it has 1 of the 2 STARTVIEWCHANGEs needed, without n1 and n3; n3 has 0 of the 2 DOVIEWCHANGEs needed, without n1, n2 and n3; when the run ends it is view change in view 2 (leads: false)
        n2 bid for view 1 at 0.254 s (event 12): it has 1 of the 2 STARTVIEWCHANGEs needed, without n1 and n3; it has 0 of the 2 DOVIEWCHANGEs needed, without n1, n2 and n3:
          + n2 is the primary of view 1
          - n1 has sent n2 no STARTVIEWCHANGE
          + n2 and n1 cannot reach each other since 0.100 s (event 7)
          - the STARTVIEWCHANGE of n3, sent at 0.332 s (event 14), was lost at 0.332 s: the link from n3 to n2 was cut
          + n2 and n3 cannot reach each other since 0.100 s (event 7)
          - n1 has sent n2 no DOVIEWCHANGE
          + n2 and n1 cannot reach each other since 0.100 s (event 7)
          - n2 itself has sent no DOVIEWCHANGE
          - n3 has sent n2 no DOVIEWCHANGE
          + n2 and n3 cannot reach each other since 0.100 s (event 7)
        n2 bid for view 2 at 0.521 s (event 19): it has 1 of the 2 STARTVIEWCHANGEs needed, without n1 and n3; n3 has 0 of the 2 DOVIEWCHANGEs needed, without n1, n2 and n3:
          + n3 is the primary of view 2
          - n1 has sent n2 no STARTVIEWCHANGE
          + n2 and n1 cannot reach each other since 0.100 s (event 7)
          - the STARTVIEWCHANGE of n3, sent at 0.620 s (event 22), was lost at 0.620 s: the link from n3 to n2 was cut
          + n2 and n3 cannot reach each other since 0.100 s (event 7)
          - n1 has sent n3 no DOVIEWCHANGE
          + n3 and n1 cannot reach each other since 0.100 s (event 7)
          - n2 has sent n3 no DOVIEWCHANGE
          + n3 and n2 cannot reach each other since 0.100 s (event 7)
          - n3 itself has sent no DOVIEWCHANGE
        besides:
          + n1 is primary in view 0
          + n2 and n1 cannot reach each other since 0.100 s (event 7)
    "#]].assert_eq(&told(&until(scenario, 700), &leader("n2")));
}

#[test]
fn a_round_of_tendermint_without_a_polka_says_who_prevoted_what() {
    let mut scenario = quiet("tendermint", 4);
    scenario.interventions = vec![at(300, groups(&["n1 n2 c1", "n3 n4"])), at(310, put("c1", "x", "1"))];
    expect![[r#"
        n2 bid for round 0 at height 1 at 0.330 s (event 8): it has 1 of the 1 proposals needed; it has 2 of the 3 prevotes needed, without n3 and n4; it has 0 of the 3 precommits needed, without n1, n2, n3 and n4; when the run ends it is validator in height 1 (leads: false)
        n2 bid for round 0 at height 1 at 0.330 s (event 8): it has 1 of the 1 proposals needed; it has 2 of the 3 prevotes needed, without n3 and n4; it has 0 of the 3 precommits needed, without n1, n2, n3 and n4:
          + n1 is the proposer of round 0 at height 1
          + the proposal of n1 (propose a1e1 (put x=1)) came to n2 at 0.330 s (event 9)
          + the prevote of n1 (prevote a1e1) came to n2 at 0.330 s (event 10)
          + the prevote of n2 came to n2 at 0.430 s (event 14)
          - n3 has sent n2 no prevote
          + n2 and n3 cannot reach each other since 0.300 s (event 5)
          - n4 has sent n2 no prevote
          + n2 and n4 cannot reach each other since 0.300 s (event 5)
          - n1 has sent n2 no precommit
          - n2 itself has sent no precommit
          - n3 has sent n2 no precommit
          + n2 and n3 cannot reach each other since 0.300 s (event 5)
          - n4 has sent n2 no precommit
          + n2 and n4 cannot reach each other since 0.300 s (event 5)
        besides:
          + n1 is proposer in height 1
    "#]].assert_eq(&told(&until(scenario, 600), &leader("n2")));
}

#[test]
fn a_server_that_is_not_there_is_refused() {
    let whole = until(by_hand(3, Vec::new()), 10);
    let refused = consensus_playground::why::any::why(&whole, &leader("n4")).unwrap_err().to_string();
    assert_eq!(refused, "leader: there is no replica of that name: there are n1 to n3");
}

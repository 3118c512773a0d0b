//! "Paxos Made Simple", section 3, line by line, at one server.

use super::server::{
    CLIENT, Done, N1, N2, N3, N4, N5, accept, accepted, ballot, boot, confirm, plain, promise, put, read, server,
    server_with, value, write,
};
use consensus_playground::kv::{Command, Request};
use consensus_playground::multi_paxos::state::Write;
use consensus_playground::multi_paxos::{Config, Message, MultiPaxosTimer, Rule};
use consensus_playground::process::{Durable as _, NodeId};

// Phase 1.

#[test]
fn a_candidate_asks_for_all_slots_behind_its_commit_index_at_once() {
    let mut server = server();
    let done = server.times_out();
    assert_eq!(done.to(N2), &Message::Prepare { ballot: ballot(1, N1), after: 0 });
    assert_eq!((done.sent.len(), done.waiting()), (4, 4), "and nobody hears of its ballot before that is on its disk");
    assert_eq!(done.writes, [Write::Candidacy(ballot(1, N1))]);
}

#[test]
fn a_candidate_takes_a_higher_round_than_any_it_knows_of() {
    let mut server = server();
    server.hears(N4, &Message::Prepare { ballot: ballot(3, N4), after: 0 });
    assert_eq!(server.stands(), ballot(4, N1), "than it has promised");
    server.hears(N5, &Message::Refused { ballot: ballot(4, N1), promised: ballot(8, N5) });
    assert_eq!(server.stands(), ballot(9, N1), "than it was refused for");
    let durable = server.core.durable().clone();
    assert_eq!(boot(plain(), &durable).stands(), ballot(10, N1), "than it has used before it crashed");
}

#[test]
fn an_acceptor_promises_what_is_higher_and_refuses_what_is_lower() {
    let prepare = |round, node| Message::Prepare { ballot: ballot(round, node), after: 0 };
    let mut server = server();
    let done = server.hears(N2, &prepare(2, N2));
    assert_eq!(done.to(N2), &promise(ballot(2, N2), &[]));
    assert_eq!(
        (done.writes.clone(), done.waiting()),
        (vec![Write::Promise(ballot(2, N2))], 1),
        "on disk before it is said"
    );
    for (from, refused) in [(N3, ballot(1, N3)), (N1, ballot(2, N1))] {
        let done = server.hears(from, &Message::Prepare { ballot: refused, after: 0 });
        assert_eq!(done.to(from), &Message::Refused { ballot: refused, promised: ballot(2, N2) });
    }
    assert!(server.hears(N3, &prepare(2, N3)).fired(Rule::Promised), "of one round, the higher number wins");
}

#[test]
fn a_second_copy_of_a_prepare_is_answered_again_and_changes_nothing() {
    let mut server = server_with(&[(1, ballot(1, N3), "a")]);
    let prepare = Message::Prepare { ballot: ballot(2, N2), after: 0 };
    server.hears(N2, &prepare);
    let before = server.core.clone();
    let done = server.hears(N2, &prepare);
    assert_eq!(done.to(N2), &promise(ballot(2, N2), &[(1, ballot(1, N3), "a")]));
    assert_eq!((done.writes.clone(), done.waiting()), (Vec::new(), 1), "it waits for the disk, as the first one did");
    assert!(server.core == before);
}

#[test]
fn a_promise_reports_the_slots_that_the_candidate_asks_for_and_no_others() {
    let mut server = server_with(&[(1, ballot(1, N2), "a"), (2, ballot(2, N3), "b"), (5, ballot(1, N2), "e")]);
    let done = server.hears(N4, &Message::Prepare { ballot: ballot(3, N4), after: 1 });
    assert_eq!(done.to(N4), &promise(ballot(3, N4), &[(2, ballot(2, N3), "b"), (5, ballot(1, N2), "e")]));
}

#[test]
fn the_promise_to_itself_counts_when_it_is_on_its_disk() {
    let mut server = server();
    let waits = server.times_out().receipts;
    let own = ballot(1, N1);
    server.hears(N2, &promise(own, &[]));
    assert!(!server.hears(N3, &promise(own, &[])).fired(Rule::BecameLeader), "two disks of five");
    assert!(server.is_told(&waits).fired(Rule::BecameLeader));
}

#[test]
fn promises_of_an_earlier_ballot_and_second_copies_count_for_nothing() {
    let mut server = server();
    let first = server.stands();
    server.hears(N2, &promise(first, &[]));
    let second = server.stands();
    assert!(!server.hears(N3, &promise(first, &[])).fired(Rule::BecameLeader));
    server.hears(N4, &promise(second, &[]));
    assert!(!server.hears(N4, &promise(second, &[])).fired(Rule::BecameLeader));
    assert!(server.hears(N5, &promise(second, &[])).fired(Rule::BecameLeader));
}

/// M2, and PMS 3: the leader knows 1 to 135 and 138, 139 and 140; it fills 136 and 137. Here in small.
#[test]
fn m2_a_new_leader_proposes_the_value_of_the_highest_ballot_in_each_slot_and_fills_gaps() {
    let mut server = server_with(&[(1, ballot(1, N2), "old"), (5, ballot(3, N4), "own")]);
    let own = server.stands();
    server.hears(N3, &promise(own, &[(1, ballot(2, N3), "newer"), (4, ballot(1, N2), "four")]));
    let done = server.hears(N2, &promise(own, &[(1, ballot(1, N2), "old"), (5, ballot(2, N3), "late, and lower")]));
    let values = ["put x=newer", "no-op", "no-op", "put x=four", "put x=own"].map(str::to_owned).to_vec();
    for peer in [N2, N3, N4, N5] {
        assert_eq!(done.offered(peer), Some((1, values.clone())));
    }
    assert_eq!(done.rules.iter().filter(|&&rule| rule == Rule::GapFilled).count(), 2);
    assert_eq!(
        server.takes(1, "next").offered(N4),
        Some((6, vec!["put x=next".to_owned()])),
        "new commands come after"
    );
}

#[test]
fn a_candidate_that_needs_forgotten_slots_gets_the_state_with_the_promise() {
    let config = Config { snapshot_threshold: 2, snapshot_trailing: 0, ..plain() };
    let mut acceptor = boot(config, server_with(&[]).core.durable());
    acceptor.hears(N2, &accept(ballot(1, N2), 1, &["a", "b", "c"], 2));
    assert_eq!(acceptor.core.log().base(), 2);
    let done = acceptor.hears(N3, &Message::Prepare { ballot: ballot(2, N3), after: 0 });
    assert!(done.fired(Rule::StatePromised));
    let Message::Promise(answer) = done.to(N3) else { panic!("{:?}", done.sent) };
    assert_eq!((answer.snapshot.as_ref().unwrap().up_to, answer.reported[0].slot), (2, 3));

    let mut candidate = server();
    let own = candidate.stands();
    let carried =
        Message::Promise(consensus_playground::multi_paxos::message::Promise { ballot: own, ..answer.clone() });
    candidate.hears(N4, &promise(own, &[(1, ballot(1, N2), "a")]));
    let done = candidate.hears(N2, &carried);
    assert!(done.fired(Rule::StateInstalled) && !done.fired(Rule::GapFilled));
    assert_eq!((candidate.core.commit_index(), done.offered(N5)), (2, Some((3, vec!["put x=c".to_owned()]))));
}

// Phase 2.

#[test]
fn to_accept_is_to_promise() {
    let mut server = server();
    let done = server.hears(N2, &accept(ballot(2, N2), 1, &["a"], 0));
    assert_eq!(done.writes[0], Write::Promise(ballot(2, N2)), "P4");
    assert!(done.fired(Rule::Accepted), "though it had promised nothing");
    assert_eq!(done.waiting(), 1, "on disk before it is said");
    let done = server.hears(N3, &accept(ballot(1, N3), 1, &["b"], 0));
    assert_eq!(done.to(N3), &Message::Refused { ballot: ballot(1, N3), promised: ballot(2, N2) });
    assert_eq!(server.log(), [(1, "2.n2 put x=a".to_owned())]);
}

#[test]
fn an_acceptance_may_leave_gaps() {
    let mut server = server();
    server.hears(N2, &accept(ballot(1, N2), 3, &["c"], 0));
    let Message::Accepted(reply) = server.hears(N2, &accept(ballot(1, N2), 1, &["a"], 0)).to(N2).clone() else {
        unreachable!()
    };
    assert_eq!((reply.first, reply.last, reply.matched), (1, 1, 1), "slot 2 is missing");
    assert_eq!(server.log().len(), 2);
}

#[test]
fn slots_are_chosen_in_any_order_and_applied_in_theirs() {
    let mut server = server();
    let own = server.leads();
    server.takes(1, "a");
    server.takes(2, "b");
    server.hears(N2, &accepted(own, 2));
    let done = server.hears(N3, &accepted(own, 2));
    assert!(done.fired(Rule::ChosenOutOfOrder) && done.answered().is_none());
    assert_eq!(server.core.commit_index(), 0, "slot 1 is still open");
    server.hears(N2, &accepted(own, 1));
    let done = server.hears(N4, &accepted(own, 1));
    assert_eq!(server.core.commit_index(), 2);
    assert_eq!(done.sent.iter().filter(|(to, _)| *to == CLIENT).count(), 2, "both are answered");
}

#[test]
fn the_leaders_own_acceptance_counts_when_it_is_on_its_disk() {
    let mut server = server();
    let own = server.leads();
    let receipts = server.hears(CLIENT, &write(1, "a")).receipts;
    server.hears(N2, &accepted(own, 1));
    server.hears(N2, &accepted(own, 1));
    assert_eq!(server.core.commit_index(), 0, "one acceptor, twice");
    let mut first = server.clone();
    first.is_told(&receipts);
    first.hears(N3, &accepted(own, 1));
    assert_eq!(first.core.commit_index(), 1);
    server.hears(N3, &accepted(own, 1));
    assert_eq!(server.core.commit_index(), 0, "two disks of five");
}

/// M3: the commit index says which slots are chosen, and not that what this acceptor holds there is what was chosen.
#[test]
fn a_follower_learns_only_what_it_has_accepted_in_the_leaders_ballot() {
    let mut server = server_with(&[(1, ballot(1, N2), "perhaps"), (3, ballot(1, N2), "not")]);
    let heartbeat = Message::Heartbeat { ballot: ballot(2, N3), commit_index: 3, round: 0 };
    assert_eq!(server.hears(N3, &heartbeat).to(N3), &confirm(ballot(2, N3), 0, 0));
    assert_eq!(server.core.commit_index(), 0);
    server.hears(N3, &accept(ballot(2, N3), 1, &["a"], 3));
    assert_eq!(server.core.commit_index(), 1, "and slot 2 is a hole");
    server.hears(N3, &accept(ballot(2, N3), 2, &["bb", "ccc"], 3));
    assert_eq!((server.core.commit_index(), server.core.last_applied()), (3, 3));
    assert_eq!(server.core.store().read(&"x".into()).to_string(), "ccc");
}

#[test]
fn what_is_known_to_be_chosen_is_not_written_again() {
    let mut server = server();
    server.hears(N2, &accept(ballot(1, N2), 1, &["a", "b"], 2));
    let done = server.hears(N3, &accept(ballot(2, N3), 1, &["a", "b", "c"], 2));
    let Message::Accepted(reply) = done.to(N3) else { unreachable!() };
    assert_eq!((reply.first, reply.last, reply.matched), (1, 3, 3));
    assert_eq!(server.log()[1..], [(2, "1.n2 put x=b".to_owned()), (3, "2.n3 put x=c".to_owned())]);
}

// Losing the ballot.

#[test]
fn a_leader_that_is_refused_for_a_higher_ballot_leads_no_more() {
    let mut server = server();
    let own = server.leads();
    server.hears(CLIENT, &read(1));
    let done = server.hears(N4, &Message::Refused { ballot: own, promised: ballot(5, N5) });
    assert!(done.fired(Rule::BallotLost) && !done.fired(Rule::BallotBoosted));
    assert_eq!(done.answered(), Some(&Message::not_leader(1, None)), "and the read that waited is turned away");
}

/// PML 5.2: the ballot is that of the very server that refuses, so nobody leads it.
#[test]
fn a_leader_that_a_majority_hears_outbids_a_server_that_comes_back() {
    let mut server = boot(Config { check_quorum: true, ..plain() }, server_with(&[]).core.durable());
    let own = server.leads();
    server.hears(N2, &confirm(own, 0, 0));
    server.hears(N3, &confirm(own, 0, 0));
    assert!(server.hears(N5, &Message::Prepare { ballot: ballot(7, N5), after: 0 }).fired(Rule::PrepareUnheard));
    let done = server.hears(N5, &Message::Refused { ballot: own, promised: ballot(7, N5) });
    assert!(done.fired(Rule::BallotBoosted));
    assert_eq!(done.to(N2), &Message::Prepare { ballot: ballot(8, N1), after: 0 });
}

/// Just after a quorum check the leader has heard from nobody since. That the period before was a good one still
/// counts, for one period.
#[test]
fn m5_a_leader_outbids_a_server_that_comes_back_also_right_after_a_quorum_check() {
    let mut server = boot(Config { check_quorum: true, ..plain() }, server_with(&[]).core.durable());
    let own = server.leads();
    let refusal = Message::Refused { ballot: own, promised: ballot(7, N5) };
    assert!(!server.clone().hears(N5, &refusal).fired(Rule::BallotBoosted), "nobody has heard it yet");
    server.hears(N2, &confirm(own, 0, 0));
    server.hears(N3, &confirm(own, 0, 0));
    server.fires(MultiPaxosTimer::QuorumCheck);
    let done = server.clone().hears(N5, &refusal);
    assert!(done.fired(Rule::BallotBoosted));
    assert_eq!(done.to(N2), &Message::Prepare { ballot: ballot(8, N1), after: 0 });
    assert!(server.fires(MultiPaxosTimer::QuorumCheck).fired(Rule::QuorumLost), "a period in which it heard nobody");
}

/// Who promises a ballot keeps faith with nobody until its leader speaks: else a candidate whose promise was lost would
/// be shut out, too.
#[test]
fn who_has_promised_hears_the_next_candidate() {
    let mut server = boot(Config { check_quorum: true, ..plain() }, server_with(&[]).core.durable());
    server.hears(N2, &Message::Heartbeat { ballot: ballot(1, N2), commit_index: 0, round: 0 });
    assert!(server.hears(N2, &Message::Prepare { ballot: ballot(2, N2), after: 0 }).fired(Rule::Promised));
    assert!(
        server.hears(N2, &Message::Prepare { ballot: ballot(3, N2), after: 0 }).fired(Rule::Promised),
        "the promise was lost"
    );
    assert!(
        server.hears(N3, &Message::Prepare { ballot: ballot(4, N3), after: 0 }).fired(Rule::Promised),
        "n2 is gone"
    );
    server.hears(N3, &Message::Heartbeat { ballot: ballot(4, N3), commit_index: 0, round: 0 });
    assert!(
        server.hears(N2, &Message::Prepare { ballot: ballot(5, N2), after: 0 }).fired(Rule::PrepareUnheard),
        "n3 leads"
    );
}

#[test]
fn a_server_that_hears_from_a_leader_promises_nothing_to_others_but_to_it() {
    let mut server = boot(Config { check_quorum: true, ..plain() }, server_with(&[]).core.durable());
    server.hears(N2, &Message::Heartbeat { ballot: ballot(1, N2), commit_index: 0, round: 0 });
    let done = server.hears(N3, &Message::Prepare { ballot: ballot(2, N3), after: 0 });
    assert!(done.fired(Rule::PrepareUnheard) && done.sent.is_empty());
    assert!(server.hears(N2, &Message::Prepare { ballot: ballot(3, N2), after: 0 }).fired(Rule::Promised));
}

// Reads.

#[test]
fn a_read_waits_for_a_majority_that_was_asked_after_it_came_in() {
    let mut server = server();
    let own = server.leads();
    server.hears(N2, &confirm(own, 0, 0));
    let done = server.hears(CLIENT, &read(1));
    assert_eq!(done.to(N2), &Message::Heartbeat { ballot: own, commit_index: 0, round: 1 });
    server.hears(N2, &confirm(own, 0, 1));
    assert!(server.hears(N3, &confirm(own, 0, 0)).answered().is_none(), "an answer to an older heartbeat");
    assert_eq!(server.hears(N4, &confirm(own, 0, 1)).answered(), Some(&value(1, None)));
}

/// The rounds that it has asked a peer to confirm.
fn rounds(done: &Done, peer: NodeId) -> Vec<u64> {
    let round = |(to, message): &(NodeId, Message)| match message {
        Message::Heartbeat { round, .. } if *to == peer => Some(*round),
        _ => None,
    };
    done.sent.iter().filter_map(round).collect()
}

fn read_of(client: u16) -> Message {
    let get = Command::Get { key: "x".into() };
    Message::Request(Request { client: NodeId(client), sequence: 1, command: get })
}

fn answered(done: &Done) -> Vec<u16> {
    let reply = |(to, message): &(NodeId, Message)| matches!(message, Message::Reply(_)).then_some(to.0);
    done.sent.iter().filter_map(reply).collect()
}

#[test]
fn reads_that_wait_together_share_one_round() {
    let mut server = server();
    let own = server.leads();
    assert_eq!(rounds(&server.hears(NodeId(5), &read_of(5)), N2), [1], "nothing is under way: a round begins at once");
    for client in [6, 7, 8] {
        let done = server.hears(NodeId(client), &read_of(client));
        assert_eq!(
            rounds(&done, N2),
            Vec::<u64>::new(),
            "round 1 was asked before this read came in, and cannot confirm it"
        );
    }
    server.hears(N2, &confirm(own, 0, 1));
    let done = server.hears(N3, &confirm(own, 0, 1));
    assert_eq!((answered(&done), rounds(&done, N2)), (vec![5], vec![2]), "one round for the three that waited");
    server.hears(N2, &confirm(own, 0, 2));
    let done = server.hears(N3, &confirm(own, 0, 2));
    assert_eq!((answered(&done), rounds(&done, N2)), (vec![6, 7, 8], Vec::new()));
}

#[test]
fn reads_behind_a_round_whose_answers_are_lost_go_with_the_next_heartbeat() {
    let mut server = server();
    let own = server.leads();
    server.hears(NodeId(5), &read_of(5));
    server.hears(NodeId(6), &read_of(6));
    assert_eq!(rounds(&server.fires(MultiPaxosTimer::Heartbeat), N2), [2]);
    server.hears(N2, &confirm(own, 0, 2));
    assert_eq!(answered(&server.hears(N3, &confirm(own, 0, 2))), [5, 6], "the later round confirms both");
}

#[test]
fn a_new_leader_answers_no_read_before_it_has_applied_all_that_it_found() {
    let mut server = server_with(&[(1, ballot(1, N2), "a")]);
    let own = server.stands();
    server.hears(N2, &promise(own, &[(2, ballot(1, N2), "bb")]));
    let receipts = server.hears(N3, &promise(own, &[])).receipts;
    server.is_told(&receipts);
    server.hears(CLIENT, &read(9));
    server.hears(N4, &confirm(own, 0, 1));
    assert!(server.hears(N5, &confirm(own, 0, 1)).answered().is_none(), "confirmed, but slots 1 and 2 are open");
    for slot in [1, 2] {
        server.hears(N4, &accepted(own, slot));
    }
    server.hears(N5, &accepted(own, 1));
    let done = server.hears(N5, &accepted(own, 2));
    assert_eq!(done.sent.last(), Some(&(CLIENT, value(9, Some("bb")))));
}

#[test]
fn a_disk_of_writes_replayed_is_what_the_server_knows() {
    let mut server = server();
    let mut disk = server.core.durable().clone();
    let own = ballot(1, N1);
    let mut done = server.times_out();
    let receipts = std::mem::take(&mut done.receipts);
    let mut writes = done.writes;
    server.is_told(&receipts);
    server.hears(N2, &promise(own, &[(2, ballot(0, N2), "b")]));
    writes.extend(server.hears(N3, &promise(own, &[])).writes);
    writes.extend(server.hears(CLIENT, &write(1, "c")).writes);
    for write in &writes {
        disk.apply(write);
    }
    assert_eq!(&disk, server.core.durable());
    assert_eq!(server.log().len(), 3, "{:?}: a filled gap, a reported value, a command", put("c"));
}

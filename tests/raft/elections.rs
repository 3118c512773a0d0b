//! Sections 5.1 and 5.2: terms and elections; 5.4.1: who may win one. From the dissertation 9.6, pre-vote, and 6.2,
//! check-quorum.

use super::cluster::{Cluster, idle, scripted};
use super::server::{
    S1, S2, S3, S4, S5, append, plain, pre_vote, pre_vote_reply, refuse, server, server_of, vote, vote_reply,
};
use consensus_playground::process::{Input, MILLISECOND};
use consensus_playground::raft::{Config, Message, RaftTimer, Receipt, Rule};
use consensus_playground::sim::Note;

// 5.1: terms.

#[test]
fn whoever_sees_a_higher_term_takes_it_over_and_follows() {
    for message in [
        vote(9, 0, 0),
        vote_reply(9, false),
        append(9, (0, 0), &[], 0),
        refuse(9, 0, (None, 1)),
        pre_vote_reply(1, 9, false),
    ] {
        for role in ["follower", "candidate", "leader"] {
            let mut server = server(1, &[1]);
            match role {
                "candidate" => drop(server.times_out()),
                "leader" => drop(server.becomes_leader()),
                _ => {}
            }
            assert_eq!(server.role(), role);
            server.hears(S2, &message);
            assert_eq!((server.role(), server.term()), ("follower", 9), "{role}: {message:?}");
        }
    }
}

#[test]
fn who_asks_in_an_old_term_is_refused_and_told_the_new_one() {
    for message in [vote(3, 9, 9), append(3, (1, 1), &[3], 0)] {
        let mut server = server(5, &[1]);
        let done = server.hears(S2, &message);
        match done.only() {
            (S2, Message::RequestVoteReply(reply)) => assert_eq!((reply.term, reply.vote_granted), (5, false)),
            (S2, Message::AppendEntriesReply(reply)) => assert_eq!((reply.term, reply.success), (5, false)),
            other => panic!("{other:?}"),
        }
        assert!(done.fired(Rule::StaleTermRefused));
        assert_eq!(server.log(), [1], "nothing of an old leader is appended");
    }
}

#[test]
fn an_answer_of_an_old_term_means_nothing() {
    let mut server = server(1, &[1]);
    server.times_out();
    server.times_out();
    for voter in [S2, S3, S4, S5] {
        assert!(server.hears(voter, &vote_reply(2, true)).sent.is_empty());
    }
    assert_eq!((server.role(), server.term()), ("candidate", 3));
}

// 5.2: elections.

#[test]
fn a_server_votes_for_the_first_that_asks_and_for_nobody_else_in_that_term() {
    let mut server = server(1, &[]);
    assert!(server.hears(S2, &vote(2, 0, 0)).granted());
    assert!(!server.hears(S3, &vote(2, 0, 0)).granted());
    assert!(
        server.hears(S2, &vote(2, 0, 0)).granted(),
        "the answer may have been lost: the same candidate gets it again"
    );
    assert!(server.hears(S3, &vote(3, 0, 0)).granted(), "a new term, a new vote");
}

#[test]
fn a_vote_waits_for_the_disk() {
    let mut server = server(1, &[]);
    let done = server.hears(S2, &vote(2, 0, 0));
    assert!(done.persisted_before_sending && done.sent_now.is_empty());
    assert_eq!((server.core.durable().current_term, server.core.durable().voted_for), (2, Some(S2)));
}

#[test]
fn a_candidate_raises_its_term_votes_for_itself_and_asks_all_others() {
    let mut server = server(4, &[1, 3]);
    let done = server.times_out();
    assert_eq!((server.role(), server.term()), ("candidate", 5));
    assert_eq!(server.core.durable().voted_for, Some(S1));
    assert_eq!(done.receipts, [Receipt::OwnVote { term: 5 }]);
    let asked: Vec<_> = done.sent.iter().map(|(to, message)| (*to, message.clone())).collect();
    assert_eq!(asked, [S2, S3, S4, S5].map(|peer| (peer, vote(5, 3, 2))));
    assert!(done.timers_set.iter().any(|(timer, ..)| *timer == RaftTimer::Election), "it may have to try again");
}

#[test]
fn a_majority_of_votes_makes_a_leader() {
    // Servers, votes of others, and what the candidate becomes. Its own vote is on its disk.
    for (servers, votes, role) in [
        (1, 0, "leader"),
        (2, 0, "candidate"),
        (2, 1, "leader"),
        (3, 1, "leader"),
        (4, 1, "candidate"),
        (5, 1, "candidate"),
        (5, 2, "leader"),
    ] {
        let mut server = server_of(servers, plain(), 0, &[]);
        let done = server.times_out();
        server.is_told(&done.receipts);
        for voter in [S2, S3, S4].into_iter().take(votes) {
            server.hears(voter, &vote_reply(1, true));
        }
        assert_eq!(server.role(), role, "{servers} servers, {votes} votes of others");
    }
}

#[test]
fn a_voter_that_answers_twice_counts_once() {
    let mut server = server(0, &[]);
    let done = server.times_out();
    server.is_told(&done.receipts);
    server.hears(S2, &vote_reply(1, true));
    server.hears(S2, &vote_reply(1, true));
    assert_eq!(server.role(), "candidate");
}

#[test]
fn a_candidates_own_vote_counts_once_it_is_on_its_disk() {
    let mut server = server(0, &[]);
    let done = server.times_out();
    server.hears(S2, &vote_reply(1, true));
    server.hears(S3, &vote_reply(1, true));
    assert_eq!(server.role(), "candidate");
    server.is_told(&done.receipts);
    assert_eq!(server.role(), "leader");
}

#[test]
fn a_candidate_follows_the_leader_of_its_term_and_not_one_of_an_older() {
    let mut server = server(1, &[]);
    server.times_out();
    server.hears(S2, &append(1, (0, 0), &[], 0));
    assert_eq!(server.role(), "candidate");
    let done = server.hears(S2, &append(2, (0, 0), &[], 0));
    assert_eq!((server.role(), server.term()), ("follower", 2));
    assert!(done.fired(Rule::SteppedDownLeaderFound));
}

#[test]
fn a_leader_says_to_all_that_it_is_there() {
    let mut server = server(0, &[]);
    server.becomes_leader();
    let done = server.input(Input::Timer(RaftTimer::Heartbeat));
    for peer in [S2, S3, S4, S5] {
        assert!(matches!(done.to(peer), Message::AppendEntries(_)));
    }
    assert!(done.timers_set.iter().any(|(timer, ..)| *timer == RaftTimer::Heartbeat));
}

#[test]
fn election_timeouts_are_drawn_from_their_range_and_differ() {
    let cluster = Cluster::of(idle(5, 0));
    let election = 0;
    let notes = &cluster.run.simulation().trace().notes;
    let drawn: Vec<u64> = notes
        .iter()
        .filter_map(|note| match note {
            Note::TimerSet { kind, delay_ticks } if *kind == election => Some(u64::from(*delay_ticks)),
            _ => None,
        })
        .collect();
    assert_eq!(drawn.len(), 5);
    assert!(drawn.iter().all(|delay| (150 * MILLISECOND..=300 * MILLISECOND).contains(delay)), "{drawn:?}");
    assert!(drawn.iter().all(|delay| drawn.iter().filter(|other| delay == *other).count() == 1), "{drawn:?}");
}

#[test]
fn votes_may_split_and_randomised_timeouts_end_that() {
    let mut scenario = idle(4, 0);
    scenario.raft.pre_vote = false;
    let mut cluster = Cluster::of(scenario);
    cluster.cut(&["n1", "n2"], &["n3", "n4"]);
    cluster.fire("n1", RaftTimer::Election);
    cluster.fire("n3", RaftTimer::Election);
    cluster.run_ms(60);
    assert_eq!((cluster.role("n1"), cluster.role("n3")), ("candidate", "candidate"), "two votes each");
    cluster.heal();
    cluster.run_until("somebody leads", |cluster| !cluster.leaders().is_empty());
    cluster.run_ms(500);
    assert_eq!(cluster.leaders().len(), 1);
    cluster.must_be_sound();
}

#[test]
fn a_minority_elects_nobody() {
    let mut cluster = Cluster::of(idle(5, 0));
    cluster.run_ms(600);
    let leader = cluster.leaders().remove(0);
    let others: Vec<String> = (1..=5).map(|ordinal| format!("n{ordinal}")).filter(|name| *name != leader).collect();
    cluster.partition(&[&[&others[0], &others[1]]]);
    cluster.run_ms(3_000);
    assert_ne!(cluster.role(&others[0]), "leader");
    assert_ne!(cluster.role(&others[1]), "leader");
    assert_eq!(cluster.leaders(), [leader]);
}

// 5.4.1: the election restriction.

#[test]
fn a_vote_goes_to_logs_that_are_at_least_as_up_to_date() {
    // The voter's log, the candidate's last (term, index), and whether it gets the vote.
    for (own, last, granted) in [
        (&[1, 1][..], (1, 2), true),
        (&[1, 1], (1, 3), true),
        (&[1, 1], (1, 1), false),
        (&[1, 1], (2, 1), true),
        (&[1, 1, 1, 1], (2, 1), true),
        (&[2], (1, 9), false),
        (&[], (0, 0), true),
        (&[1], (0, 0), false),
    ] {
        let mut server = server(2, own);
        let done = server.hears(S2, &vote(3, last.0, last.1));
        assert_eq!(done.granted(), granted, "{own:?} asked by {last:?}");
        assert_eq!(done.fired(Rule::VoteRefusedLogBehind), !granted);
        assert_eq!(server.term(), 3, "its term is taken over in any case");
    }
}

#[test]
fn a_server_without_a_committed_entry_cannot_win() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1", "n2"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(100);
    assert_eq!(cluster.last("c1"), "ok");
    cluster.heal();
    cluster.crash("n1");
    cluster.fire("n3", RaftTimer::Election);
    cluster.run_ms(100);
    assert_eq!(cluster.role("n3"), "candidate");
    cluster.elect("n2");
    cluster.run_ms(200);
    assert_eq!(cluster.store("n3"), "x=1");
    cluster.must_be_sound();
}

// Dissertation 9.6: pre-vote.

fn with_pre_vote() -> Config {
    Config { pre_vote: true, ..plain() }
}

#[test]
fn a_pre_vote_changes_neither_term_nor_vote_of_anybody() {
    let mut asking = server_of(5, with_pre_vote(), 3, &[1]);
    let done = asking.times_out();
    assert_eq!((asking.role(), asking.term(), asking.core.durable().voted_for), ("pre-candidate", 3, None));
    assert!(!done.persisted());
    assert_eq!(done.to(S2), &pre_vote(4, 1, 1), "it asks for the term that it would take");

    let mut asked = server(3, &[1]);
    let done = asked.hears(S2, &pre_vote(4, 1, 1));
    assert!(done.granted() && !done.persisted() && done.timers_set.is_empty());
    assert_eq!((asked.term(), asked.core.durable().voted_for), (3, None));
}

#[test]
fn a_majority_of_pre_votes_begins_the_election() {
    let mut server = server_of(5, with_pre_vote(), 3, &[1]);
    server.times_out();
    server.hears(S2, &pre_vote_reply(1, 4, true));
    assert_eq!(server.role(), "pre-candidate");
    server.hears(S3, &pre_vote_reply(1, 4, true));
    assert_eq!((server.role(), server.term()), ("candidate", 4));
}

#[test]
fn a_pre_vote_is_refused_while_there_is_a_leader_and_to_a_log_that_is_behind() {
    let mut server = server(3, &[1, 3]);
    assert!(!server.hears(S2, &pre_vote(4, 1, 9)).granted(), "its log lacks entries");
    server.hears(S3, &append(3, (2, 3), &[], 0));
    assert!(!server.hears(S2, &pre_vote(4, 3, 2)).granted(), "there is a leader");
    server.input(Input::Timer(RaftTimer::LeaderContact));
    assert!(server.hears(S2, &pre_vote(4, 3, 2)).granted(), "the leader has been silent");
}

#[test]
fn a_server_that_was_cut_off_comes_back_in_the_term_in_which_it_left() {
    for (pre_vote, same_term) in [(true, true), (false, false)] {
        let mut scenario = idle(5, 0);
        scenario.raft.pre_vote = pre_vote;
        scenario.raft.check_quorum = pre_vote;
        let mut cluster = Cluster::of(scenario);
        cluster.run_ms(600);
        let (leader, term) = (cluster.leaders().remove(0), cluster.term("n1"));
        let away = if leader == "n1" { "n2" } else { "n1" };
        cluster.partition(&[&[away]]);
        cluster.run_ms(2_000);
        cluster.heal();
        cluster.run_ms(1_000);
        assert_eq!(cluster.leaders() == [leader] && cluster.term("n1") == term, same_term, "pre-vote: {pre_vote}");
        cluster.must_be_sound();
    }
}

// Dissertation 6.2 and 4.2.3: check-quorum.

#[test]
fn a_leader_that_hears_from_no_majority_steps_down() {
    let mut cluster = Cluster::of(idle(5, 1));
    cluster.run_ms(600);
    let leader = cluster.leaders().remove(0);
    cluster.partition(&[&[&leader, "c1"]]);
    cluster.run_ms(700);
    assert_ne!(cluster.role(&leader), "leader");
    assert_eq!(cluster.fired(&leader, Rule::SteppedDownQuorumLost), 1);
    assert_eq!(cluster.leaders().len(), 1, "the others have elected another");
}

#[test]
fn a_leader_that_hears_from_a_majority_stays() {
    let mut cluster = Cluster::of(idle(5, 0));
    cluster.run_ms(600);
    let (leader, term) = (cluster.leaders().remove(0), cluster.term("n1"));
    let others: Vec<String> = (1..=5).map(|ordinal| format!("n{ordinal}")).filter(|name| *name != leader).collect();
    cluster.partition(&[&[&others[0], &others[1]]]);
    cluster.run_ms(3_000);
    assert_eq!((cluster.leaders(), cluster.term(&leader)), (vec![leader], term));
}

#[test]
fn a_server_that_hears_from_a_leader_leaves_a_vote_request_unheard() {
    let mut server = server_of(5, Config { check_quorum: true, ..plain() }, 3, &[]);
    server.hears(S3, &append(3, (0, 0), &[], 0));
    let done = server.hears(S2, &vote(4, 9, 9));
    assert!(done.sent.is_empty() && done.fired(Rule::VoteRefusedLeaderRecent));
    assert_eq!(server.term(), 3);
}

#[test]
fn without_elections_nobody_leads() {
    let mut cluster = Cluster::of(scripted(3, 0));
    cluster.run_ms(5_000);
    assert_eq!(cluster.leaders(), Vec::<String>::new());
}

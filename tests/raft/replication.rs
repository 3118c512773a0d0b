//! Section 5.3: replication, the consistency check, conflicts, backing up, and learning the commit index.

use super::cluster::{Cluster, scripted};
use super::server::{S2, S3, acknowledge, append, plain, put, refuse, request, sent_append, server, server_of};
use consensus_playground::process::Input;
use consensus_playground::raft::{Config, Message, RaftTimer, Rule};
use consensus_playground::sim::Ratio;

#[test]
fn a_follower_appends_what_follows_an_entry_that_matches() {
    // Its log, the entry before (index, term), the new ones, whether it accepts, and its log afterwards.
    for (log, prev, new, accepted, after) in [
        (&[][..], (0, 0), &[][..], true, &[][..]),
        (&[], (0, 0), &[1, 1], true, &[1, 1]),
        (&[1], (1, 1), &[2], true, &[1, 2]),
        (&[1], (2, 1), &[2], false, &[1]),
        (&[1, 1], (2, 2), &[2], false, &[1, 1]),
        (&[1, 1], (1, 1), &[1, 2], true, &[1, 1, 2]),
        // A conflict deletes the entry and all that follow it.
        (&[1, 1, 1, 1], (1, 1), &[2], true, &[1, 2]),
        (&[1, 2, 2], (0, 0), &[1, 3], true, &[1, 3]),
    ] {
        let mut server = server(3, log);
        let done = server.hears(S2, &append(3, prev, new, 0));
        assert_eq!(done.appended().success, accepted, "{log:?} hears {new:?} after {prev:?}");
        assert_eq!(server.log(), after, "{log:?} hears {new:?} after {prev:?}");
        if accepted {
            assert_eq!(done.appended().match_index, prev.0 + new.len() as u64);
        }
    }
}

#[test]
fn an_acknowledgement_waits_for_the_disk() {
    let mut server = server(1, &[]);
    let done = server.hears(S2, &append(1, (0, 0), &[1], 0));
    assert!(done.persisted_before_sending && done.sent_now.is_empty());
}

#[test]
fn every_message_of_the_leader_puts_the_next_election_off() {
    let mut server = server(1, &[]);
    for message in [append(1, (0, 0), &[], 0), append(1, (7, 1), &[], 0)] {
        let done = server.hears(S2, &message);
        assert!(done.timers_set.iter().any(|(timer, ..)| *timer == RaftTimer::Election));
    }
}

#[test]
fn a_follower_learns_the_commit_index_but_not_beyond_what_was_verified() {
    // The leader's commit index, the new entries after entry 1, and the follower's commit index.
    for (leader_commit, new, commit) in
        [(1, &[][..], 1), (2, &[], 1), (2, &[2, 2], 2), (3, &[2, 2], 3), (9, &[2], 2), (0, &[2], 0)]
    {
        let mut server = server(2, &[1, 1, 1]);
        server.hears(S2, &append(2, (1, 1), new, leader_commit));
        assert_eq!(server.core.commit_index(), commit, "{leader_commit}, {new:?}");
        assert_eq!(server.core.last_applied(), commit);
    }
}

#[test]
fn a_commit_index_never_falls() {
    let mut server = server(1, &[1, 1]);
    server.hears(S2, &append(1, (2, 1), &[], 2));
    server.hears(S2, &append(1, (2, 1), &[], 1));
    assert_eq!(server.core.commit_index(), 2);
}

#[test]
fn a_refusal_says_where_the_conflict_begins() {
    // The follower's log, the entry before, and the (term, index) of the conflict.
    for (log, prev, conflict) in [
        (&[1, 1][..], (5, 3), (None, 3)),
        (&[], (1, 1), (None, 1)),
        (&[1, 2, 2, 2], (4, 3), (Some(2), 2)),
        (&[2, 2, 2], (3, 3), (Some(2), 1)),
    ] {
        let mut server = server(3, log);
        let done = server.hears(S2, &append(3, prev, &[3], 0));
        let told = done.appended().conflict.as_ref().map(|conflict| (conflict.term, conflict.index));
        assert_eq!(told, Some(conflict), "{log:?} hears {prev:?}");
    }
}

#[test]
fn a_refused_leader_goes_back_a_term_at_a_time() {
    // The leader's log before its election, the follower's conflict, and what the leader offers next.
    for (log, conflict, prev) in [
        // A short log: from its end.
        (&[1, 1, 1, 1][..], (None, 2), (1, 1)),
        // A term that the leader has too: after its last entry of that term.
        (&[1, 2, 2, 3], (Some(2), 2), (3, 2)),
        // A term that the leader lacks: none of it can match, so all of it is skipped.
        (&[1, 1, 4, 4], (Some(2), 2), (1, 1)),
        (&[4, 4, 4], (Some(3), 1), (0, 0)),
    ] {
        let mut server = server(4, log);
        server.becomes_leader();
        let done = server.hears(S2, &refuse(5, log.len() as u64, conflict));
        assert!(done.fired(Rule::BackedUp));
        assert_eq!(sent_append(done.to(S2)).0, prev, "{log:?} refused from {conflict:?}");
    }
}

#[test]
fn a_long_divergence_is_found_in_a_few_messages() {
    let mut scenario = scripted(3, 1);
    scenario.raft.entries_per_message_max = 100;
    let mut cluster = Cluster::of(scenario);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.cut(&["n3"], &["n1", "n2"]);
    for value in 1..=50 {
        cluster.put("c1", "x", &value.to_string());
        cluster.run_ms(40);
    }
    cluster.crash("n1");
    cluster.heal();
    cluster.elect("n2");
    cluster.run_ms(200);
    assert_eq!(cluster.store("n3"), "x=50");
    assert_eq!(cluster.fired("n2", Rule::BackedUp), 1, "51 entries behind, one step back");
    cluster.must_be_sound();
}

#[test]
fn the_leader_tries_for_ever() {
    let mut cluster = Cluster::scripted(3, 1);
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.crash("n3");
    cluster.put("c1", "x", "1");
    cluster.run_ms(4_000);
    assert_eq!(cluster.last("c1"), "ok", "a majority is enough");
    cluster.restart("n3");
    cluster.run_ms(200);
    assert_eq!(cluster.store("n3"), "x=1");
    cluster.must_be_sound();
}

#[test]
fn replication_gets_through_a_network_that_loses_doubles_and_reorders() {
    let mut cluster = Cluster::scripted(5, 1);
    cluster.elect_and_settle("n1");
    cluster.network(|dials| {
        dials.loss = Ratio::percent(40);
        dials.duplication = Ratio::percent(40);
        dials.reordering = Ratio::percent(100);
    });
    for value in 1..=20 {
        cluster.put("c1", "x", &value.to_string());
    }
    cluster.run_ms(60_000);
    cluster.network(|dials| dials.loss = Ratio::NEVER);
    cluster.run_ms(500);
    for name in ["n2", "n3", "n4", "n5"] {
        assert_eq!(cluster.log(name), cluster.log("n1"));
    }
    cluster.must_be_sound();
}

#[test]
fn the_leaders_log_only_grows_and_followers_are_made_equal_to_it() {
    // Figure 7: whatever the followers' logs are, they end up as the leader's.
    let leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    for follower in [
        &leader[..9],
        &leader[..4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6][..],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ] {
        let mut leading = server_of(5, plain(), 7, &leader);
        let mut following = server_of(5, plain(), 7, follower);
        let won = leading.becomes_leader();
        let mut message = won.to(S2).clone();
        for round in 0.. {
            assert!(round < 10, "{follower:?}: the logs never meet");
            let answer = following.hears(S3, &message).only().1.clone();
            let next = leading.hears(S2, &answer);
            let Some((_, more)) = next.sent.iter().find(|(to, _)| *to == S2) else { break };
            message = more.clone();
        }
        assert_eq!(leading.log(), [&leader[..], &[8]].concat(), "Leader Append-Only");
        assert_eq!(following.log(), leading.log());
    }
}

#[test]
fn a_message_carries_at_most_so_many_entries() {
    let mut server = server_of(5, Config { entries_per_message_max: 2, ..plain() }, 1, &[1, 1, 1, 1]);
    server.becomes_leader();
    let done = server.hears(S2, &refuse(2, 4, (None, 1)));
    assert_eq!(sent_append(done.to(S2)), ((0, 0), vec![1, 1]));
    let done = server.hears(S2, &acknowledge(2, 2));
    let rest: Vec<_> = done.sent.iter().map(|(_, message)| sent_append(message)).collect();
    assert_eq!(rest, [((2, 1), vec![1, 1]), ((4, 1), vec![2])], "once the logs agree, all of the rest at once");
}

#[test]
fn a_command_goes_to_all_followers_at_once_and_before_the_leaders_own_disk() {
    let mut server = server(1, &[]);
    server.becomes_leader();
    for peer in [S2, S3] {
        server.hears(peer, &acknowledge(2, 1));
    }
    let done = server.hears(super::server::CLIENT, &request(1, put("1")));
    assert_eq!(done.sent_now.iter().filter(|(_, message)| matches!(message, Message::AppendEntries(_))).count(), 2);
    assert!(done.persisted() && !done.receipts.is_empty());
}

#[test]
fn what_a_heartbeat_finds_missing_is_sent_again() {
    let mut server = server(1, &[]);
    let won = server.becomes_leader();
    assert_eq!(sent_append(won.to(S2)), ((0, 0), vec![2]));
    let done = server.input(Input::Timer(RaftTimer::Heartbeat));
    assert_eq!(sent_append(done.to(S2)), ((0, 0), vec![2]), "nobody answered: the same again");
}

//! Bugs that real implementations had, by their numbers: elections and logs. Each test tells the course of events that
//! led to the bug. R3 is in the log's own tests, R11 with the commitment rule, R14 to R23 in `known_bugs_later`.

use super::cluster::{Cluster, idle, scripted};
use super::server::{
    S1, S2, S3, S4, S5, acknowledge, append, boot, plain, pre_vote, pre_vote_reply, refuse, server, server_of, vote,
    vote_reply,
};
use consensus_playground::process::{Input, NodeId};
use consensus_playground::raft::{Config, Durable, Message, Mutation, RaftTimer, Role, Rule};
use consensus_playground::scenario::Scenario;

/// The eight steps: n2 stands, n1 votes for it, crashes, recovers, stands itself in the term that it has forgotten, and
/// n3 votes for it.
fn vote_twice(mutation: Option<Mutation>) -> Cluster {
    let scenario = scripted(3, 0);
    let mut cluster = match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    };
    cluster.cut(&["n3"], &["n2"]);
    cluster.elect("n2");
    cluster.cut(&["n1"], &["n2"]);
    cluster.crash("n1");
    cluster.restart("n1");
    cluster.fire("n1", RaftTimer::Election);
    cluster.run_ms(50);
    cluster
}

#[test]
fn r1_a_vote_survives_a_crash() {
    let mut cluster = vote_twice(None);
    assert_eq!(
        (cluster.term("n2"), cluster.term("n1")),
        (1, 2),
        "n1 stands in the next term, not in the one in which it voted"
    );
    cluster.must_be_sound();
    let cluster = vote_twice(Some(Mutation::VoteNotDurable));
    assert_eq!((cluster.term("n2"), cluster.term("n1")), (1, 1));
    assert!(cluster.broken().contains(&"election-safety"));
}

#[test]
fn r1_term_and_vote_reach_the_disk_together() {
    let mut before = Durable { current_term: 1, voted_for: Some(S3), ..Durable::default() };
    before.log.replace_after(0, &[]);
    let mut server = boot(5, plain(), &before);
    server.hears(S2, &vote(2, 0, 0));
    let mut again = boot(5, plain(), server.core.durable());
    assert!(!again.hears(S4, &vote(2, 0, 0)).granted());
    assert!(again.hears(S2, &vote(2, 0, 0)).granted());
}

#[test]
fn r2_stepping_down_in_the_same_term_keeps_the_vote() {
    let mut server = server(1, &[]);
    server.times_out();
    server.hears(S2, &append(2, (0, 0), &[], 0));
    assert_eq!(server.role(), "follower");
    assert_eq!(server.core.durable().voted_for, Some(S1), "it voted for itself in term 2");
    assert!(!server.hears(S3, &vote(2, 0, 0)).granted());
}

#[test]
fn r2_neither_does_a_pre_candidate_forget_whom_it_voted_for() {
    let mut server = server_of(5, Config { pre_vote: true, ..plain() }, 1, &[]);
    assert!(server.hears(S2, &vote(2, 0, 0)).granted());
    server.times_out();
    server.hears(S2, &append(2, (0, 0), &[], 0));
    assert_eq!(server.role(), "follower");
    assert!(!server.hears(S3, &vote(2, 0, 0)).granted());
}

#[test]
fn r3_the_later_last_term_wins_and_only_then_the_longer_log() {
    // A vector comparison would find (term 3, index 1) and (term 2, index 9) incomparable, and refuse both ways.
    assert!(server(3, &[2; 9]).hears(S2, &vote(4, 3, 1)).granted());
    assert!(!server(3, &[3]).hears(S2, &vote(4, 2, 9)).granted());
}

#[test]
fn r4_a_pre_candidate_believes_in_no_leader_any_more() {
    let mut server = server_of(5, Config { pre_vote: true, check_quorum: true, ..plain() }, 3, &[]);
    server.hears(S3, &append(3, (0, 0), &[], 0));
    server.times_out();
    assert!(server.hears(S2, &pre_vote(4, 0, 0)).granted(), "or two pre-candidates refuse each other for ever");
    assert!(matches!(server.hears(super::server::CLIENT, &super::server::request(1, super::server::get())).only().1,
        Message::Reply(ref reply) if format!("{reply:?}").contains("leader: None")));
}

#[test]
fn r4_a_server_of_a_lower_term_learns_the_higher_one_by_a_refusal() {
    let mut ahead = server(7, &[7]);
    let refusal = ahead.hears(S2, &pre_vote(4, 3, 1)).only().1.clone();
    let mut behind = server_of(5, Config { pre_vote: true, ..plain() }, 3, &[3]);
    behind.times_out();
    behind.hears(S3, &refusal);
    assert_eq!((behind.term(), behind.role()), (7, "follower"), "its next pre-vote asks for term 8");
}

#[test]
fn r4_pre_votes_that_come_late_mean_nothing() {
    let mut server = server_of(5, Config { pre_vote: true, ..plain() }, 3, &[]);
    server.times_out();
    server.hears(S2, &pre_vote_reply(1, 4, true));
    server.hears(S3, &pre_vote_reply(1, 4, true));
    assert_eq!(server.role(), "candidate");
    // Pre-votes of the campaign that it has given up: not votes, and no pre-votes for the next one.
    server.hears(S4, &pre_vote_reply(1, 4, true));
    server.hears(S5, &pre_vote_reply(1, 4, true));
    assert_eq!(server.role(), "candidate");
    server.times_out();
    server.hears(S4, &pre_vote_reply(1, 4, true));
    server.hears(S5, &pre_vote_reply(1, 4, true));
    assert_eq!(server.role(), "pre-candidate", "they are for term 4, and it asks for term 5");
    server.hears(S4, &vote_reply(4, true));
    assert_eq!(server.role(), "pre-candidate");
}

#[test]
fn r4_servers_in_different_terms_elect_a_leader_with_pre_vote_and_check_quorum() {
    let mut scenario = idle(3, 0);
    scenario.raft.pre_vote = true;
    let mut cluster = Cluster::of(scenario);
    cluster.run_ms(600);
    let leader = cluster.leaders().remove(0);
    cluster.crash(&leader);
    cluster.run_ms(600);
    let next = cluster.leaders().remove(0);
    cluster.crash(&next);
    cluster.restart(&leader);
    cluster.run_ms(1_500);
    assert_eq!(cluster.leaders().len(), 1, "the third, or the one of the lower term");
    cluster.must_be_sound();
}

fn five() -> Scenario {
    idle(5, 1)
}

/// Runs five servers with the given links only, and says whether some leader commits a write in the second half of 6 s.
fn serves_with(cluster: &mut Cluster, links: &[(&str, &str)]) -> bool {
    let names = ["n1", "n2", "n3", "n4", "n5"];
    for (position, one) in names.iter().enumerate() {
        for other in &names[position + 1..] {
            if !links.contains(&(one, other)) {
                cluster.cut(&[one], &[other]);
            }
        }
    }
    cluster.run_ms(3_000);
    cluster.put("c1", "x", "1");
    cluster.run_ms(3_000);
    cluster.must_be_sound();
    cluster.last("c1") == "ok"
}

/// (a) n1, n2 and n3 hear each other; n4 hears only n2, n5 only n3. Servers that hear no leader must not drive the
/// terms up.
#[test]
fn r5_a_server_that_cannot_hear_the_leader_does_not_depose_it() {
    let links = [("n1", "n2"), ("n1", "n3"), ("n2", "n3"), ("n2", "n4"), ("n3", "n5")];
    let mut cluster = Cluster::of(five());
    assert!(serves_with(&mut cluster, &links));
    let term = cluster.term("n1");
    cluster.run_ms(3_000);
    assert_eq!(cluster.term("n1"), term, "with pre-vote the term stands still");

    let mut scenario = five();
    (scenario.raft.pre_vote, scenario.raft.check_quorum) = (false, false);
    let mut cluster = Cluster::of(scenario);
    serves_with(&mut cluster, &links);
    let term = cluster.term("n1");
    cluster.run_ms(3_000);
    assert!(cluster.term("n1") > term, "without it, n4 and n5 stand again and again");
}

/// (b) Quorum loss: everybody hears only n2, and n1 led before. n1 must step down, or those that hear it follow it for
/// ever.
#[test]
fn r5_a_leader_without_a_majority_steps_down_so_that_the_bridge_can_lead() {
    let mut cluster = Cluster::of(five());
    cluster.run_until("somebody leads", |cluster| !cluster.leaders().is_empty());
    let leader = cluster.leaders().remove(0);
    let names = ["n1", "n2", "n3", "n4", "n5"];
    let bridge = *names.iter().find(|name| **name != leader).unwrap();
    let links: Vec<(&str, &str)> = names
        .iter()
        .filter(|name| **name != bridge)
        .map(|name| if *name < bridge { (*name, bridge) } else { (bridge, *name) })
        .collect();
    assert!(serves_with(&mut cluster, &links));
    assert_eq!(cluster.leaders(), [bridge]);
    assert!(cluster.fired(&leader, Rule::SteppedDownQuorumLost) > 0);
}

/// Constrained election: the leader alone is cut off from all but one server, which has the others.
#[test]
fn r5_whoever_has_a_majority_is_elected_by_it() {
    let links = [("n1", "n2"), ("n2", "n3"), ("n2", "n4"), ("n2", "n5")];
    assert!(serves_with(&mut Cluster::of(five()), &links));
}

/// Chained: three servers in a row. The middle one, or an end that it follows, goes on; no livelock.
#[test]
fn r5_a_chain_of_three_goes_on() {
    let mut cluster = Cluster::of(idle(3, 1));
    cluster.run_ms(600);
    let leader = cluster.leaders().remove(0);
    let others: Vec<&str> = ["n1", "n2", "n3"].into_iter().filter(|name| *name != leader).collect();
    cluster.cut(&[&leader], &[others[1]]);
    cluster.run_ms(2_000);
    cluster.put("c1", "x", "1");
    cluster.run_ms(3_000);
    assert_eq!(cluster.last("c1"), "ok");
    let term = cluster.term(&leader);
    cluster.run_ms(3_000);
    assert_eq!(cluster.term(&leader), term, "the terms stand still");
    cluster.must_be_sound();
}

// R7 is figure 8, in `commitment`.

#[test]
fn r7_an_indirect_commit_needs_an_entry_of_the_leaders_own_term() {
    let mut server = server(2, &[1, 1, 2]);
    server.becomes_leader();
    for peer in [S2, S3, S4, S5] {
        server.hears(peer, &acknowledge(3, 3));
    }
    assert_eq!(server.core.commit_index(), 0, "even if everybody holds it");
}

#[test]
fn r8_a_heartbeat_with_a_large_commit_index_commits_nothing_unverified() {
    // The follower has a tail of an old leader after entry 1; the heartbeat verifies entry 1 alone.
    let mut server = server(3, &[1, 2, 2]);
    server.hears(S2, &append(3, (1, 1), &[], 3));
    assert_eq!((server.core.commit_index(), server.core.last_applied()), (1, 1));
    server.hears(S2, &append(3, (1, 1), &[3], 3));
    assert_eq!((server.core.commit_index(), server.log()), (2, vec![1, 3]));
}

#[test]
fn r9_a_late_shorter_message_that_does_not_conflict_deletes_nothing() {
    let mut server = server(1, &[]);
    server.hears(S2, &append(1, (0, 0), &[1, 1, 1], 0));
    for late in [append(1, (0, 0), &[1], 0), append(1, (1, 1), &[], 0), append(1, (0, 0), &[1, 1], 0)] {
        let done = server.hears(S2, &late);
        assert_eq!(server.log(), [1, 1, 1]);
        assert!(!done.persisted() && done.appended().success);
    }
}

fn progress(server: &super::server::Server, peer: NodeId) -> (u64, u64) {
    let Role::Leader(leader) = server.core.role_state() else { panic!("not a leader") };
    let progress = leader.progress[peer.index()];
    assert!(progress.match_index() < progress.next_index());
    (progress.match_index(), progress.next_index())
}

#[test]
fn r10_an_old_acknowledgement_moves_nothing_back() {
    let mut server = server(1, &[1, 1, 1]);
    server.becomes_leader();
    server.hears(S2, &acknowledge(2, 4));
    for late in
        [acknowledge(2, 1), acknowledge(2, 0), refuse(2, 3, (None, 1)), refuse(2, 4, (Some(1), 1)), acknowledge(1, 4)]
    {
        let before = progress(&server, S2);
        server.hears(S2, &late);
        assert_eq!(progress(&server, S2), before, "{late:?}");
    }
    assert_eq!(progress(&server, S2), (4, 5));
}

#[test]
fn r10_a_refusal_of_an_earlier_probe_moves_nothing() {
    let mut server = server(1, &[1, 1, 1, 1]);
    server.becomes_leader();
    server.hears(S2, &refuse(2, 4, (None, 2)));
    assert_eq!(progress(&server, S2), (0, 2));
    server.hears(S2, &refuse(2, 4, (None, 1)));
    assert_eq!(progress(&server, S2), (0, 2), "the copy of a refusal that was heard before");
}

/// An acknowledgement of an earlier leadership arrives when the same server leads again, with another log. n2 says in
/// term 1 that it holds entry 2; n1 lost that entry before it was on its own disk.
fn late_acknowledgement(mutation: Option<Mutation>) -> Cluster {
    let mut scenario = scripted(3, 1);
    scenario.disk.flush_ticks = 20_000;
    let mut cluster = match mutation {
        None => Cluster::of(scenario),
        Some(mutation) => Cluster::without(mutation, scenario),
    };
    cluster.elect_and_settle("n1");
    cluster.introduce(&["c1"]);
    cluster.link_takes("n2", "n1", 600);
    cluster.cut(&["n3"], &["n1"]);
    cluster.put("c1", "x", "1");
    cluster.run_ms(15);
    cluster.cut_one_way(&["n1"], &["n2"]);
    cluster.crash("n1");
    cluster.run_ms(50);
    assert_eq!(cluster.log("n2"), "1:no-op 1:put x=1");
    cluster.restart("n1");
    assert_eq!(cluster.log("n1"), "1:no-op");
    let (n1, n3) = (cluster.id("n1"), cluster.id("n3"));
    cluster.act(consensus_playground::sim::Action::Restore(vec![(n1, n3), (n3, n1)]));
    cluster.elect("n1");
    cluster.cut(&["n1"], &["n3"]);
    cluster.run_ms(700);
    assert!(cluster.log("n1").starts_with("1:no-op 2:no-op"), "{}", cluster.log("n1"));
    cluster
}

#[test]
fn r10_an_acknowledgement_of_an_earlier_leadership_counts_for_nothing() {
    let mut cluster = late_acknowledgement(None);
    assert_eq!(cluster.commit("n1"), 0);
    cluster.heal();
    cluster.run_ms(1_000);
    cluster.must_be_sound();
}

/// For the table of mutations.
pub fn late_acknowledgement_counted() -> Cluster {
    late_acknowledgement(Some(Mutation::StaleRepliesCounted))
}

#[test]
fn r12_a_leader_whose_first_entry_never_reached_its_disk_counts_it_for_nothing() {
    let mut server = server(1, &[1]);
    let done = server.times_out();
    let mut won = server.is_told(&done.receipts);
    for voter in [S2, S3] {
        won = server.hears(voter, &vote_reply(2, true));
    }
    let stale = won.receipts.clone();
    assert!(!stale.is_empty());
    server.hears(S2, &acknowledge(2, 2));
    server.hears(S3, &acknowledge(2, 2));
    assert_eq!(server.core.commit_index(), 0, "two of five, and its own is not on its disk");
    // It loses and regains leadership: what it is told about the entry of term 2 is no news about one of term 4 in the
    // same index.
    server.hears(S4, &append(3, (1, 1), &[], 0));
    server.hears(S4, &append(3, (1, 1), &[3], 0));
    let done = server.times_out();
    server.is_told(&done.receipts);
    for voter in [S2, S3] {
        server.hears(voter, &vote_reply(4, true));
    }
    server.is_told(&stale);
    server.hears(S2, &acknowledge(4, 3));
    server.hears(S3, &acknowledge(4, 3));
    assert_eq!(server.core.commit_index(), 0);
    server.input(Input::Persisted(consensus_playground::raft::Receipt::OwnEntries { term: 4, index: 3 }));
    assert_eq!(server.core.commit_index(), 3);
}

/// R13: a follower with a long tail of other terms. Each refusal must bring the logs nearer to each other.
#[test]
fn r13_logs_of_many_conflicting_terms_meet() {
    let leaders_log: Vec<u64> = (1..=40).map(|index| if index <= 3 { 1 } else { 40 + index / 8 }).collect();
    let followers_log: Vec<u64> = (1..=60).map(|index| if index <= 3 { 1 } else { 2 + index / 2 }).collect();
    let mut leading = server_of(5, plain(), 50, &leaders_log);
    let mut following = server_of(5, plain(), 50, &followers_log);
    let mut message = leading.becomes_leader().to(S2).clone();
    let mut refusals = 0;
    for round in 0.. {
        assert!(round < 50, "a livelock");
        let done = following.hears(S1, &message);
        refusals += u32::from(done.fired(Rule::AppendRefused));
        let next = leading.hears(S2, &done.only().1.clone());
        let Some((_, more)) = next.sent.iter().find(|(to, _)| *to == S2) else { break };
        message = more.clone();
    }
    assert_eq!(following.log(), leading.log());
    assert!(refusals <= 7, "at most one for each of the leader's terms, not for each entry: {refusals}");
}

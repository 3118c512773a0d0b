//! Courses of events on which this program was wrong once.

use super::cluster::{Cluster, MS, idle, scripted};
use super::server::{S2, S3, acknowledge, plain, refuse, sent_append, server, server_of};
use consensus_playground::process::{Input, Outbox, Process, SECOND, Seat};
use consensus_playground::raft::message::{PreVote, PreVoteReply, RequestVoteReply};
use consensus_playground::raft::{Config, Durable, Message, Mutation, Raft, RaftTimer, Role, Rule};
use consensus_playground::sim::{Action, TicksRange};

/// n1 votes for n2, crashes, and votes for n3 in the same term: neither vote was on its disk. Nobody becomes leader by
/// that, and yet it is a word broken: what was said binds, whatever is on the disk.
#[test]
fn two_votes_of_a_term_are_seen_although_neither_was_on_disk() {
    for (mutation, broken) in [(None, vec![]), (Some(Mutation::VoteNotDurable), vec!["votes-kept"])] {
        let mut scenario = scripted(3, 0);
        scenario.disk.flush_ticks = 5 * MS;
        let mut cluster = match mutation {
            None => Cluster::of(scenario),
            Some(mutation) => Cluster::without(mutation, scenario),
        };
        cluster.cut_one_way(&["n1"], &["n2"]);
        cluster.cut(&["n2"], &["n3"]);
        cluster.fire("n2", RaftTimer::Election);
        cluster.run_ms(50);
        cluster.cut_one_way(&["n1"], &["n3"]);
        cluster.crash("n1");
        cluster.restart("n1");
        cluster.fire("n3", RaftTimer::Election);
        cluster.run_ms(50);
        assert_eq!(cluster.broken(), broken);
        assert!(cluster.leaders().is_empty());
    }
}

/// A flush may end while its process is paused; nothing leaves, and nothing is handled, before it goes on.
#[test]
fn a_paused_process_sends_nothing_when_its_flush_ends() {
    let mut scenario = scripted(3, 0);
    scenario.disk.flush_ticks = 50 * MS;
    let mut cluster = Cluster::of(scenario);
    cluster.cut(&["n2"], &["n3"]);
    cluster.fire("n2", RaftTimer::Election);
    cluster.run_ms(70);
    assert_eq!(cluster.server("n1").durable().voted_for, Some(S2), "it has decided, and its disk is still at work");
    cluster.pause("n1");
    cluster.run_ms(800);
    assert!(cluster.in_flight("RequestVote reply", "n1", "n2").is_empty());
    assert_eq!(cluster.role("n2"), "candidate");
    assert_eq!(
        cluster.run.simulation().world().replicas()[0].disk.durable.voted_for,
        Some(S2),
        "the write itself got there"
    );
    cluster.resume("n1");
    cluster.run_ms(50);
    assert!(cluster.is_leader("n2"));
    cluster.must_be_sound();
}

#[test]
fn slow_links_are_as_the_scenario_has_them_once_faults_are_removed() {
    let mut cluster = Cluster::of(idle(3, 1));
    cluster.run_ms(600);
    for name in ["n1", "n2", "n3"] {
        cluster.link_takes("c1", name, 5_000);
    }
    cluster.put("c1", "x", "1");
    cluster.run_ms(1_500);
    assert_eq!(cluster.last("c1"), "unknown");
    cluster.act(Action::RemoveFaults);
    cluster.put("c1", "x", "2");
    cluster.run_ms(700);
    assert_eq!(cluster.last("c1"), "ok");
}

fn campaign_of(message: &Message) -> u64 {
    match message {
        Message::PreVote(PreVote { campaign, .. }) => *campaign,
        other => panic!("{other:?} is no pre-vote"),
    }
}

fn grant(campaign: u64) -> Message {
    Message::PreVoteReply(PreVoteReply { campaign, reply: RequestVoteReply { term: 4, vote_granted: true } })
}

/// A server may campaign several times before its term rises: answers to an earlier campaign say nothing about the
/// present one.
#[test]
fn a_pre_vote_counts_for_its_own_campaign_only() {
    let mut server = server_of(5, Config { pre_vote: true, ..plain() }, 3, &[]);
    let first = campaign_of(server.times_out().to(S2));
    let second = campaign_of(server.times_out().to(S2));
    assert_ne!(first, second);
    server.hears(S2, &grant(first));
    server.hears(S3, &grant(first));
    assert_eq!(server.role(), "pre-candidate");
    server.hears(S2, &grant(second));
    server.hears(S3, &grant(second));
    assert_eq!(server.role(), "candidate");
}

#[test]
fn campaigns_of_two_lives_have_different_numbers() {
    let campaign = |incarnation| {
        let seat = Seat { id: consensus_playground::process::NodeId(0), replicas: 5 };
        let mut raft = Raft::boot(seat, &Config { pre_vote: true, ..plain() }, &Durable::default(), incarnation);
        let mut out = Outbox::new();
        raft.handle(0, Input::Timer(RaftTimer::Election), &mut out);
        let sent = out.drain().find_map(|effect| match effect {
            consensus_playground::process::Effect::Send { message, .. } => Some(campaign_of(&message)),
            _ => None,
        });
        sent.unwrap()
    };
    assert_ne!(campaign(0), campaign(1));
}

/// The same in a cluster: n2's grant comes when n2 hears from the leader again, and would refuse.
#[test]
fn a_late_pre_vote_makes_nobody_a_candidate() {
    let mut scenario = scripted(3, 0);
    (scenario.raft.pre_vote, scenario.raft.check_quorum) = (true, false);
    let mut cluster = Cluster::of(scenario);
    cluster.elect_and_settle("n3");
    let term = cluster.term("n3");
    cluster.cut(&["n3"], &["n1", "n2"]);
    cluster.fire("n2", RaftTimer::LeaderContact);
    cluster.link_takes("n2", "n1", 600);
    cluster.fire("n1", RaftTimer::Election);
    let granted = cluster.fired("n2", Rule::PreVoteGranted);
    cluster.run_ms(20);
    assert_eq!(cluster.fired("n2", Rule::PreVoteGranted), granted + 1);
    cluster.link_takes("n2", "n1", 5);
    cluster.heal();
    cluster.run_ms(100);
    cluster.cut_one_way(&["n3"], &["n1"]);
    cluster.fire("n1", RaftTimer::Election);
    cluster.run_ms(700);
    assert_eq!((cluster.role("n1"), cluster.term("n1")), ("pre-candidate", term));
    cluster.must_be_sound();
}

/// Nobody writes. The follower whose disk was wiped gets its log again all the same, since heartbeats tell the leader.
#[test]
fn an_idle_leader_fills_a_wiped_follower() {
    for snapshot_threshold in [0, 2] {
        let mut scenario = scripted(3, 1);
        (scenario.raft.snapshot_threshold, scenario.raft.snapshot_trailing) = (snapshot_threshold, 0);
        let mut cluster = Cluster::of(scenario);
        cluster.elect_and_settle("n1");
        cluster.put("c1", "x", "1");
        cluster.run_ms(200);
        let wiped = cluster.id("n3");
        cluster.act(Action::WipeDisk(wiped));
        assert_eq!(cluster.log("n3"), "");
        cluster.run_ms(200);
        assert_eq!(cluster.log("n3"), cluster.log("n1"), "threshold {snapshot_threshold}");
        assert_eq!(cluster.store("n3"), "x=1");
        assert_eq!(cluster.fired("n1", Rule::AcknowledgementDoubted), 1);
        cluster.must_be_sound();
    }
}

#[test]
fn a_refusal_shows_a_loss_only_if_it_answers_what_was_sent_after_the_doubt() {
    let mut server = server(1, &[1, 1, 1]);
    server.becomes_leader();
    server.hears(S2, &acknowledge(2, 4));
    let progress = |server: &super::server::Server| {
        let Role::Leader(leader) = server.core.role_state() else { panic!("not a leader") };
        (leader.progress[S2.index()].match_index(), leader.progress[S2.index()].next_index())
    };
    let done = server.hears(S2, &refuse(2, 4, (None, 1)));
    assert!(done.fired(Rule::AcknowledgementDoubted));
    assert_eq!(sent_append(done.to(S2)), ((4, 2), vec![]), "it asks once more");
    let Message::AppendEntries(asked) = done.to(S2).clone() else { panic!() };
    assert!(server.hears(S2, &refuse(2, 4, (None, 1))).sent.is_empty(), "a copy of the refusal");
    assert_eq!(progress(&server), (4, 5));
    let Message::AppendEntriesReply(mut refusal) = refuse(2, 4, (None, 1)) else { panic!() };
    refusal.round = asked.round;
    let done = server.hears(S2, &Message::AppendEntriesReply(refusal));
    assert!(done.fired(Rule::BackedUp));
    assert_eq!(sent_append(done.to(S2)), ((0, 0), vec![1, 1, 1, 2]));
    assert_eq!(progress(&server), (0, 1), "what it acknowledged is there no more");
}

/// Each wiped server is filled again before the next one is wiped: then the last one that has never lost its disk may
/// go.
#[test]
fn disks_wiped_one_after_another_lose_no_acknowledged_write() {
    for seed in 1..=8 {
        let mut scenario = idle(3, 1);
        scenario.seed = seed;
        let mut cluster = Cluster::of(scenario);
        cluster.run_ms(600);
        cluster.put("c1", "x", "1");
        cluster.run_ms(400);
        assert_eq!(cluster.last("c1"), "ok");
        for name in ["n2", "n3"] {
            cluster.crash(name);
            let node = cluster.id(name);
            cluster.act(Action::WipeDisk(node));
            cluster.run_ms(100);
            cluster.restart(name);
            cluster.run_ms(10_000);
        }
        cluster.crash("n1");
        cluster.run_ms(3_000);
        cluster.get("c1", "x");
        cluster.run_ms(1_000);
        assert_eq!(cluster.last("c1"), "1", "seed {seed}");
        cluster.must_be_sound();
    }
}

#[test]
fn the_ranges_of_disks_are_the_scenarios_once_faults_are_removed() {
    let mut cluster = Cluster::of(idle(3, 0));
    let n1 = cluster.id("n1");
    cluster.act(Action::Disk(n1, TicksRange::new(SECOND, SECOND)));
    cluster.act(Action::RemoveFaults);
    assert_eq!(cluster.run.simulation().world().replicas()[0].disk.flush_ticks, TicksRange::new(0, 0));
}

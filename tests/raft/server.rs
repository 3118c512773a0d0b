//! One server alone: what it is given, one input, what it does.

use crate::replicated_log::driven::{self, Driven};
use consensus_playground::kv::{Command, Request};
use consensus_playground::process::{NodeId, Seat};
use consensus_playground::raft::log::{Entries, Entry, Payload};
use consensus_playground::raft::message::{
    AppendEntries, AppendEntriesReply, Conflict, PreVote, PreVoteReply, RequestVote, RequestVoteReply,
};
use consensus_playground::raft::{Config, Durable, Message, Raft};
use std::sync::Arc;

/// The servers, as the paper counts them.
pub const S1: NodeId = NodeId(0);
pub const S2: NodeId = NodeId(1);
pub const S3: NodeId = NodeId(2);
pub const S4: NodeId = NodeId(3);
pub const S5: NodeId = NodeId(4);

/// A client of a cluster of five.
pub const CLIENT: NodeId = NodeId(5);

pub type Server = Driven<Raft>;
pub type Done = driven::Done<Raft>;

impl Done {
    pub fn granted(&self) -> bool {
        match &self.only().1 {
            Message::RequestVoteReply(reply) | Message::PreVoteReply(PreVoteReply { reply, .. }) => reply.vote_granted,
            other => panic!("{other:?} is no answer to a candidate"),
        }
    }

    pub fn appended(&self) -> &AppendEntriesReply {
        match &self.only().1 {
            Message::AppendEntriesReply(reply) => reply,
            other => panic!("{other:?} is no answer to AppendEntries"),
        }
    }
}

/// The paper's settings: no pre-vote, no check-quorum.
pub fn plain() -> Config {
    Config { pre_vote: false, check_quorum: false, snapshot_threshold: 0, ..Config::default() }
}

pub fn entry(term: u64) -> Entry {
    Entry { term, payload: Arc::new(Payload::NoOp) }
}

pub fn entries(terms: &[u64]) -> Entries {
    Entries::from(terms.iter().map(|&term| entry(term)).collect::<Vec<_>>().as_slice())
}

/// A server S1 of a cluster of five, in a term and with a log of the given terms.
pub fn server(term: u64, log: &[u64]) -> Server {
    server_of(5, plain(), term, log)
}

/// As [`server`], of a cluster of another size and with other settings.
pub fn server_of(replicas: u16, config: Config, term: u64, log: &[u64]) -> Server {
    let mut durable = Durable { current_term: term, ..Durable::default() };
    durable.log.replace_after(0, &entries(log));
    boot(replicas, config, &durable)
}

/// Boots a server from its disk.
pub fn boot(replicas: u16, config: Config, durable: &Durable) -> Server {
    Driven::boot(Seat { id: S1, replicas }, &config, durable)
}

impl Server {
    /// Stands for election and wins it; its first entry is on its disk.
    pub fn becomes_leader(&mut self) -> Done {
        let done = self.times_out();
        let mut won = self.is_told(&done.receipts);
        let term = self.core.current_term();
        for voter in [S2, S3] {
            if self.role() != "leader" {
                won = self.hears(voter, &vote_reply(term, true));
            }
        }
        assert_eq!(self.role(), "leader");
        self.is_told(&won.receipts.clone());
        won
    }

    pub fn term(&self) -> u64 {
        self.core.current_term()
    }

    /// The terms of its log.
    pub fn log(&self) -> Vec<u64> {
        self.core.log().iter().map(|(_, entry)| entry.term).collect()
    }
}

pub fn vote(term: u64, last_log_term: u64, last_log_index: u64) -> Message {
    Message::RequestVote(RequestVote { term, last_log_index, last_log_term })
}

pub fn pre_vote(term: u64, last_log_term: u64, last_log_index: u64) -> Message {
    Message::PreVote(PreVote { campaign: 1, request: RequestVote { term, last_log_index, last_log_term } })
}

pub fn vote_reply(term: u64, vote_granted: bool) -> Message {
    Message::RequestVoteReply(RequestVoteReply { term, vote_granted })
}

/// An answer to a server's pre-vote of a campaign: its first one is number 1.
pub fn pre_vote_reply(campaign: u64, term: u64, vote_granted: bool) -> Message {
    Message::PreVoteReply(PreVoteReply { campaign, reply: RequestVoteReply { term, vote_granted } })
}

/// AppendEntries: the leader's term, the entry before (index, term), the terms of the new ones, and the commit index.
pub fn append(term: u64, prev: (u64, u64), terms: &[u64], leader_commit: u64) -> Message {
    Message::AppendEntries(AppendEntries {
        term,
        prev_log_index: prev.0,
        prev_log_term: prev.1,
        entries: entries(terms),
        leader_commit,
        round: 0,
    })
}

pub fn acknowledge(term: u64, match_index: u64) -> Message {
    acknowledge_round(term, match_index, 0)
}

pub fn acknowledge_round(term: u64, match_index: u64, round: u64) -> Message {
    let reply =
        AppendEntriesReply { term, success: true, prev_log_index: match_index, match_index, conflict: None, round };
    Message::AppendEntriesReply(reply)
}

/// A refusal of AppendEntries whose entry before was at an index; the conflict begins at (term, index).
pub fn refuse(term: u64, prev_log_index: u64, conflict: (Option<u64>, u64)) -> Message {
    let conflict = Some(Conflict { term: conflict.0, index: conflict.1 });
    Message::AppendEntriesReply(AppendEntriesReply {
        term,
        success: false,
        prev_log_index,
        match_index: 0,
        conflict,
        round: 0,
    })
}

pub fn request(sequence: u64, command: Command) -> Message {
    Message::Request(Request { client: CLIENT, sequence, command })
}

pub fn put(value: &str) -> Command {
    Command::Put { key: "x".into(), value: value.into() }
}

pub fn get() -> Command {
    Command::Get { key: "x".into() }
}

/// AppendEntries as a leader sent it: the entry before, and the terms of the new ones.
pub fn sent_append(message: &Message) -> ((u64, u64), Vec<u64>) {
    match message {
        Message::AppendEntries(body) => {
            ((body.prev_log_index, body.prev_log_term), body.entries.iter().map(|entry| entry.term).collect())
        }
        other => panic!("{other:?} is not AppendEntries"),
    }
}

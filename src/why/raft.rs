//! What Raft says of its messages: votes, and acknowledgements of entries.

use super::speech::{Explained, Part, Phase, Place, Speech, in_store, is_same, majority};
use crate::kv::Request;
use crate::process::NodeId;
use crate::raft::log::{Index, Payload};
use crate::raft::{Message, Mutation, Raft, Rule};
use crate::sim::World;

const PRE_VOTE: usize = 0;
const VOTE: usize = 1;
const ACKNOWLEDGEMENT: usize = 2;

impl Explained for Raft {
    const EPOCH: &'static str = "term";
    const PLACE: &'static str = "index";
    const PHASES: &'static [Phase] = &[
        Phase { name: "pre-vote", is_asked: true },
        Phase { name: "vote", is_asked: true },
        Phase { name: "acknowledgement", is_asked: true },
    ];
    const BIDS: &'static [(Rule, &'static [usize])] =
        &[(Rule::PreVoteRequested, &[PRE_VOTE]), (Rule::BecameCandidate, &[VOTE])];
    const DECIDES: &'static [usize] = &[ACKNOWLEDGEMENT];

    fn asked(message: &Message) -> Option<(NodeId, u64)> {
        if let Message::Request(request) = message { Some((request.client, request.sequence)) } else { None }
    }

    fn placed(message: &Message, request: &Request) -> Option<(Place, u64)> {
        let Message::AppendEntries(body) = message else { return None };
        let found = body.entries.iter().position(|entry| is_of(&entry.payload, request))?;
        let index = body.prev_log_index + 1 + found as Index;
        Some((Place { index, epoch: body.entries[found].term }, body.term))
    }

    fn puts(message: &Message, index: u64) -> Option<u64> {
        match message {
            Message::AppendEntries(body) => {
                let place = index.checked_sub(body.prev_log_index + 1)?;
                body.entries.get(place as usize).map(|entry| entry.term)
            }
            _ => None,
        }
    }

    fn speech(message: &Message) -> Option<Speech> {
        let vote = |granted: bool| if granted { Part::Says } else { Part::Refuses };
        Some(match message {
            Message::PreVote(body) => Speech::of(PRE_VOTE, Part::Asks, body.request.term),
            Message::PreVoteReply(body) => Speech::of(PRE_VOTE, vote(body.reply.vote_granted), body.reply.term),
            Message::RequestVote(body) => Speech::of(VOTE, Part::Asks, body.term),
            Message::RequestVoteReply(body) => Speech::of(VOTE, vote(body.vote_granted), body.term),
            Message::AppendEntries(body) => {
                let last = body.prev_log_index + body.entries.len() as Index;
                Speech::between(ACKNOWLEDGEMENT, Part::Asks, body.term, (body.prev_log_index + 1, last))
            }
            Message::AppendEntriesReply(body) if body.success => {
                Speech::between(ACKNOWLEDGEMENT, Part::Says, body.term, (1, body.match_index))
            }
            Message::AppendEntriesReply(body) => Speech::of(ACKNOWLEDGEMENT, Part::Refuses, body.term),
            Message::InstallSnapshotReply(body) if body.piece.is_none() => {
                Speech::between(ACKNOWLEDGEMENT, Part::Says, body.term, (1, body.match_index))
            }
            _ => return None,
        })
    }

    fn held(&self, request: &Request) -> Option<Place> {
        let mut entries = self.log().iter().rev();
        let (index, entry) = entries.find(|(_, entry)| is_of(&entry.payload, request))?;
        Some(Place { index, epoch: entry.term })
    }

    fn carried_out(&self, request: &Request) -> Option<bool> {
        in_store(self.store(), request)
    }

    /// What it compares a candidate with: its vote and the end of its log (sections 5.2 and 5.4.1).
    fn refusal(&self, asked: &Message) -> Option<String> {
        let candidate = match asked {
            Message::PreVote(body) => &body.request,
            Message::RequestVote(body) => body,
            Message::AppendEntries(body) if body.term < self.current_term() => {
                return Some(format!("it is in term {} already", self.current_term()));
            }
            Message::AppendEntries(body) => {
                let prev = body.prev_log_index;
                return Some(match self.log().term_at(prev) {
                    Some(term) => format!("its entry {prev} is of term {term}, not {}", body.prev_log_term),
                    None => format!("it has no entry {prev}: its log ends at {}", self.log().last_index()),
                });
            }
            _ => return None,
        };
        if candidate.term < self.current_term() {
            return Some(format!("it is in term {} already", self.current_term()));
        }
        let (log, theirs) = (self.log(), (candidate.last_log_term, candidate.last_log_index));
        let own = (log.last_term(), log.last_index());
        if own > theirs {
            let end = |(term, index): (u64, u64)| format!("index {index} of term {term}");
            return Some(format!("its log ends at {}, the candidate's at {}", end(own), end(theirs)));
        }
        let voted = self.durable().voted_for.filter(|_| candidate.term == self.current_term());
        voted.map(|voted| format!("it voted for n{} in term {}", voted.0 + 1, self.current_term()))
    }

    fn needed(world: &World<Self>, phase: usize) -> u64 {
        let (mutations, majority) = (world.setup().replica.mutations, majority(world));
        match phase {
            ACKNOWLEDGEMENT if mutations.has(Mutation::EveryoneMustAcknowledge) => u64::from(world.setup().replicas),
            ACKNOWLEDGEMENT if mutations.has(Mutation::CommitQuorumTooSmall) => (majority - 1).max(1),
            _ => majority,
        }
    }
}

fn is_of(payload: &Payload, request: &Request) -> bool {
    matches!(payload, Payload::Command(other) if is_same(other, request))
}

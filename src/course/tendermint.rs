//! Tendermint's voting rounds (task 20): the core's own vote log, voting powers and blocks, filled by the requests.
//!
//! The validators are the nodes of the cluster, and at least four: the first that votes under a name that is not known takes a free place; `v1`, `v2`, ...
//! are the first, the second, ... where none is free. All blocks are of height 1.

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::kv::{self, Command};
use crate::process::{Fingerprint, Fingerprinter, NodeId, Seat, Signed};
use crate::tendermint::{Block, BlockId, Evidence, Validators, Vote, VoteKind, VoteLog};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const CLIENT: NodeId = NodeId(63);
/// Most transactions of a block.
const TRANSACTIONS_MAX: usize = 1_000;

/// The votes of a height.
#[derive(Debug)]
pub(super) struct Rounds {
    validators: Validators,
    names: Vec<String>,
    log: VoteLog,
    /// Rounds that have a proposal.
    proposed: BTreeSet<u64>,
    /// The names of blocks, as they are written here.
    written: BTreeMap<BlockId, String>,
}

impl Rounds {
    pub(super) fn new(node_ids: &[String]) -> Self {
        Self {
            validators: Validators::equal(node_ids.len().max(4) as u16),
            names: node_ids.to_vec(),
            log: VoteLog::default(),
            proposed: BTreeSet::new(),
            written: BTreeMap::new(),
        }
    }

    fn validator(&mut self, name: &str, field: &str) -> Result<NodeId, Refusal> {
        if let Some(place) = self.names.iter().position(|known| known == name) {
            return Ok(NodeId(place as u16));
        }
        let count = usize::from(self.validators.count());
        if self.names.len() < count {
            self.names.push(name.to_owned());
            return Ok(NodeId(self.names.len() as u16 - 1));
        }
        match name.strip_prefix('v').and_then(|number| number.parse::<usize>().ok()) {
            Some(number) if (1..=count).contains(&number) => Ok(NodeId(number as u16 - 1)),
            _ => Err(Refusal::malformed(field, format!("none of the {count} validators"))),
        }
    }

    /// The least power of more than two thirds.
    fn threshold(&self) -> u64 {
        (1..=self.validators.total()).find(|&power| self.validators.is_quorum(power)).unwrap_or_default()
    }

    /// Counts a vote, unless its signer has voted for something else: then there is proof against it.
    fn vote(&mut self, kind: VoteKind, round: u64, validator: NodeId, id: Option<BlockId>) -> Option<Evidence> {
        let seat = Seat { id: validator, replicas: self.validators.count() };
        let vote = seat.sign(Vote { kind, height: 1, round, id });
        let known = self.log.tally(kind, round).map(|tally| tally.votes()).unwrap_or_default();
        let other = known.iter().find(|known| known.signer() == validator && known.body().id != id);
        if let Some(first) = other {
            return Some(Evidence::Votes { first: first.clone(), second: vote });
        }
        self.log.add(&vote, &self.validators, false)
    }

    /// The value with the most votes, and how many it has.
    fn leading(&self, kind: VoteKind, round: u64) -> (Option<BlockId>, u64) {
        let powers = self.log.tally(kind, round).map(|tally| tally.powers()).unwrap_or_default();
        let blocks = powers.iter().filter_map(|(id, power)| id.map(|id| (Some(id), *power)));
        blocks.max_by_key(|(_, power)| *power).unwrap_or((None, 0))
    }

    /// A block's name, of the text that stands for it. A text that names no block that was proposed stands for one that nobody has seen.
    fn id_of(&mut self, text: Option<&str>) -> Option<BlockId> {
        let text = text.filter(|text| *text != "nil")?;
        let known = self.written.iter().find(|(_, written)| written.as_str() == text).map(|(id, _)| *id);
        let id = known.unwrap_or_else(|| BlockId::of(text.as_bytes()));
        self.written.insert(id, text.to_owned());
        Some(id)
    }

    fn written(&self, id: Option<BlockId>) -> Value {
        id.and_then(|id| self.written.get(&id)).map_or(Value::Null, |text| json!(text))
    }

    fn evidence(&self, evidence: &Evidence) -> Value {
        let id = |vote: &Signed<Vote>| self.written(vote.body().id);
        let validator = self.names.get(evidence.culprit().index());
        // A proposal counts as its proposer's vote in this course: two proposals are two votes.
        let Evidence::Votes { first, second } = evidence else { return json!({ "validator": validator }) };
        json!({ "validator": validator, "first": id(first), "second": id(second) })
    }
}

/// `tendermint_propose`. The proposer prevotes for its block.
pub(super) fn tendermint_propose(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        round: Count,
        proposer: String,
        block: BlockText,
    }
    #[derive(Deserialize)]
    struct BlockText {
        height: Count,
        txs: Vec<String>,
    }
    let body: Body = request.read()?;
    if body.block.txs.len() > TRANSACTIONS_MAX {
        return Err(Refusal::malformed("block.txs", format!("at most {TRANSACTIONS_MAX}, not {}", body.block.txs.len())));
    }
    let rounds = &mut state.tendermint;
    let proposer = rounds.validator(&body.proposer, "proposer")?;
    let client = Seat { id: CLIENT, replicas: rounds.validators.count() };
    let sign = |(sequence, transaction): (u64, &String)| {
        let command = Command::Put { key: "transaction".into(), value: transaction.as_str().into() };
        client.sign(kv::Request { client: CLIENT, sequence, command })
    };
    let requests = (1..).zip(&body.block.txs).map(sign).collect();
    let id = Block::new(body.block.height.0, BlockId::GENESIS, proposer, requests).id();
    let mut bytes = Fingerprinter::new();
    id.fingerprint(&mut bytes);
    let written = format!("{:032x}", bytes.finish());
    rounds.written.insert(id, written.clone());
    rounds.proposed.insert(body.round.0);
    let evidence = rounds.vote(VoteKind::Prevote, body.round.0, proposer, Some(id));
    let turn = rounds.validators.proposer(1, body.round.0);
    let mut fields = json!({ "round": body.round.0, "block_hash": written, "is_proposers_turn": turn == proposer });
    if let Some(evidence) = evidence {
        fields["evidence"] = rounds.evidence(&evidence);
    }
    Ok(Answer::reply("tendermint_propose_ok", fields))
}

#[derive(Deserialize)]
struct VoteBody {
    round: Count,
    validator: String,
    block_hash: Option<String>,
}

/// `tendermint_prevote`. Nil is null, or `"nil"`.
pub(super) fn tendermint_prevote(state: &mut State, request: &Request<'_>) -> Answered {
    let (fields, ..) = vote(state, &request.read()?, VoteKind::Prevote, ("prevotes_for_block", "total_prevotes"))?;
    Ok(Answer::reply("tendermint_prevote_ok", fields))
}

/// `tendermint_precommit`, ours: the course reports precommits, and has no message for them.
pub(super) fn tendermint_precommit(state: &mut State, request: &Request<'_>) -> Answered {
    let (mut fields, round, id) = vote(state, &request.read()?, VoteKind::Precommit, ("precommits_for_block", "total_precommits"))?;
    let rounds = &state.tendermint;
    let polka = rounds.validators.is_quorum(rounds.log.power_for(VoteKind::Prevote, round, id));
    fields["had_enough_prevotes"] = json!(id.is_none() || polka);
    Ok(Answer::reply("tendermint_precommit_ok", fields))
}

/// Counts a vote: the fields that say how the votes stand.
fn vote(
    state: &mut State,
    body: &VoteBody,
    kind: VoteKind,
    (for_block, total): (&str, &str),
) -> Result<(Value, u64, Option<BlockId>), Refusal> {
    let rounds = &mut state.tendermint;
    let round = body.round.0;
    let validator = rounds.validator(&body.validator, "validator")?;
    let id = rounds.id_of(body.block_hash.as_deref());
    let evidence = rounds.vote(kind, round, validator, id);
    let mut fields = json!({ "threshold": rounds.threshold() });
    fields[for_block] = json!(rounds.log.power_for(kind, round, id));
    fields[total] = json!(rounds.log.power(kind, round));
    if let Some(evidence) = evidence {
        fields["evidence"] = rounds.evidence(&evidence);
    }
    Ok((fields, round, id))
}

/// `tendermint_status`: how the votes of a round stand.
pub(super) fn tendermint_status(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        round: Count,
    }
    let Body { round: Count(round) } = request.read()?;
    let rounds = &state.tendermint;
    let (block, prevotes) = rounds.leading(VoteKind::Prevote, round);
    let (committed, precommits) = rounds.leading(VoteKind::Precommit, round);
    let is_committed = rounds.validators.is_quorum(precommits);
    let phase = if is_committed {
        "commit"
    } else if rounds.validators.is_quorum(prevotes) || rounds.log.power(VoteKind::Precommit, round) > 0 {
        "precommit"
    } else if rounds.proposed.contains(&round) || rounds.log.round(round).is_some() {
        "prevote"
    } else {
        "propose"
    };
    let fields = json!({
        "phase": phase, "block_committed": is_committed, "prevote_count": prevotes, "precommit_count": precommits,
        "block_hash": rounds.written(committed.or(block)),
    });
    Ok(Answer::reply("tendermint_status_ok", fields))
}

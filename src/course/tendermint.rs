//! Tendermint's voting rounds (task 20): the core's own vote logs, voting powers and blocks, filled by the requests,
//! and its rules on locks.
//!
//! The validators are the nodes of the cluster, and at least four: the first that votes under a name that is not known
//! takes a free place; `v1`, `v2`, ... are the first, the second, ... where none is free. Each height has votes of its
//! own. A block is known by the text of its hash, whether the vote or the proposal comes first.
//!
//! What counts of the votes, and what is decided, is said in `votes`.

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use super::votes::{Cast, Height, Standing};
use crate::kv::{self, Command};
use crate::process::{Fingerprint, Fingerprinter, NodeId, Seat};
use crate::tendermint::{Block, BlockId, Validators, Vote, VoteKind};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CLIENT: NodeId = NodeId(63);
/// Most transactions of a block.
const TRANSACTIONS_MAX: usize = 1_000;
/// Longest name of a block, in bytes.
const HASH_BYTES_MAX: usize = 256;
/// Most votes and proposals that are kept.
const VOTES_MAX: usize = 2_000;

/// The votes of all heights.
#[derive(Debug)]
pub(super) struct Rounds {
    validators: Validators,
    names: Vec<String>,
    heights: BTreeMap<u64, Height>,
    /// The heights of proposed blocks.
    blocks: BTreeMap<BlockId, u64>,
    /// The height of the latest proposal: that of votes which do not say theirs.
    current: u64,
    votes: usize,
}

impl Rounds {
    pub(super) fn new(node_ids: &[String]) -> Self {
        Self {
            validators: Validators::equal(node_ids.len().max(4) as u16),
            names: node_ids.to_vec(),
            heights: BTreeMap::new(),
            blocks: BTreeMap::new(),
            current: 1,
            votes: 0,
        }
    }

    fn validator(&mut self, name: &str, field: &str) -> Result<NodeId, Refusal> {
        if let Some(place) = self.names.iter().position(|known| known == name) {
            return Ok(NodeId(place as u16));
        }
        let count = usize::from(self.validators.count());
        if self.names.len() < count && name.len() <= super::NAME_BYTES_MAX {
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

    /// Makes room for one more vote or proposal.
    fn keep_one_more(&mut self) -> Result<(), Refusal> {
        if self.votes >= VOTES_MAX {
            return Err(Refusal::unavailable(format!("{VOTES_MAX} votes and proposals are kept, and no more")));
        }
        self.votes += 1;
        Ok(())
    }

    /// Takes a vote in, for a block of this text or for nil.
    fn vote(&mut self, height: u64, validator: NodeId, vote: Vote, text: Option<&str>) -> Result<Standing, Refusal> {
        let cast = Cast { validator, vote };
        let said =
            self.heights.get(&height).and_then(|votes| votes.said.get(&(vote.round, vote.kind, validator))).copied();
        if said.is_none() {
            self.keep_one_more()?;
        }
        let votes = self.heights.entry(height).or_default();
        match said {
            Some(first) if first.id != vote.id => {
                return Ok(Standing { contradicts: Some(first), ..Standing::default() });
            }
            Some(_) => {}
            None => {
                if let (Some(id), Some(text)) = (vote.id, text) {
                    votes.written.entry(id).or_insert_with(|| text.to_owned());
                }
                votes.take(&self.validators, cast);
            }
        }
        Ok(votes.standing(&self.validators, cast))
    }

    /// What a reply says of a vote besides the counts.
    fn describe(&self, height: u64, (validator, text): (NodeId, Option<&str>), standing: Standing, fields: &mut Value) {
        let Some(votes) = self.heights.get(&height) else { return };
        fields["counted"] = json!(standing.is_counted);
        if let Some(first) = standing.contradicts {
            let name = self.names.get(validator.index());
            fields["evidence"] = json!({ "validator": name, "first": votes.written(first.id), "second": text });
        }
        if let Some((lock, later)) = standing.against_lock {
            fields["violates_lock"] = json!({
                "locked_block": votes.written(lock.id), "locked_round": lock.round,
                "voted_block": votes.written(later.id), "voted_round": later.round,
            });
        }
    }
}

/// `tendermint_propose`. The proposer prevotes for its block, unless it has said how it votes.
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
        return Err(Refusal::malformed(
            "block.txs",
            format!("at most {TRANSACTIONS_MAX}, not {}", body.block.txs.len()),
        ));
    }
    let (round, height) = (body.round.0, body.block.height.0);
    let rounds = &mut state.tendermint;
    let proposer = rounds.validator(&body.proposer, "proposer")?;
    let client = Seat { id: CLIENT, replicas: rounds.validators.count() };
    let sign = |(sequence, transaction): (u64, &String)| {
        let command = Command::Put { key: "transaction".into(), value: transaction.as_str().into() };
        client.sign(kv::Request { client: CLIENT, sequence, command })
    };
    let requests = (1..).zip(&body.block.txs).map(sign).collect();
    let mut bytes = Fingerprinter::new();
    Block::new(height, BlockId::GENESIS, proposer, requests).id().fingerprint(&mut bytes);
    let text = format!("{:032x}", bytes.finish());
    let id = BlockId::of(text.as_bytes());
    if !rounds.heights.get(&height).is_some_and(|votes| votes.proposed.contains_key(&(round, proposer))) {
        rounds.keep_one_more()?;
    }
    rounds.current = height;
    let votes = rounds.heights.entry(height).or_default();
    let first = *votes.proposed.entry((round, proposer)).or_insert(id);
    let vote = Vote { kind: VoteKind::Prevote, height, round, id: Some(id) };
    let has_prevoted_otherwise = votes.said.get(&(round, vote.kind, proposer)).is_some_and(|said| said.id != vote.id);
    let turn = rounds.validators.proposer(height, round);
    let mut fields = json!({ "round": round, "block_hash": text, "is_proposers_turn": turn == proposer });
    if first != id {
        let standing = Standing { contradicts: Some(Vote { id: Some(first), ..vote }), ..Standing::default() };
        rounds.describe(height, (proposer, Some(&text)), standing, &mut fields);
    } else {
        rounds.blocks.insert(id, height);
        if !has_prevoted_otherwise {
            let standing = rounds.vote(height, proposer, vote, Some(&text))?;
            rounds.describe(height, (proposer, Some(&text)), standing, &mut fields);
        }
    }
    Ok(Answer::reply("tendermint_propose_ok", fields))
}

#[derive(Deserialize)]
struct VoteBody {
    round: Count,
    validator: String,
    block_hash: Option<String>,
    /// Ours: otherwise the height of the block, if it was proposed, or else of the latest proposal.
    height: Option<Count>,
}

/// `tendermint_prevote`. Nil is null, or `"nil"`.
pub(super) fn tendermint_prevote(state: &mut State, request: &Request<'_>) -> Answered {
    let (fields, _) = vote(state, &request.read()?, VoteKind::Prevote, ("prevotes_for_block", "total_prevotes"))?;
    Ok(Answer::reply("tendermint_prevote_ok", fields))
}

/// `tendermint_precommit`, ours: the course reports precommits, and has no message for them.
pub(super) fn tendermint_precommit(state: &mut State, request: &Request<'_>) -> Answered {
    let (mut fields, standing) =
        vote(state, &request.read()?, VoteKind::Precommit, ("precommits_for_block", "total_precommits"))?;
    fields["had_enough_prevotes"] = json!(standing.has_prevotes);
    Ok(Answer::reply("tendermint_precommit_ok", fields))
}

/// Takes a vote in: the fields that say how the votes stand.
fn vote(
    state: &mut State,
    body: &VoteBody,
    kind: VoteKind,
    (for_block, total): (&str, &str),
) -> Result<(Value, Standing), Refusal> {
    let rounds = &mut state.tendermint;
    let round = body.round.0;
    let text = body.block_hash.as_deref().filter(|text| *text != "nil");
    if text.is_some_and(|text| text.len() > HASH_BYTES_MAX) {
        return Err(Refusal::malformed("block_hash", format!("at most {HASH_BYTES_MAX} bytes")));
    }
    let validator = rounds.validator(&body.validator, "validator")?;
    let id = text.map(|text| BlockId::of(text.as_bytes()));
    let of_block = id.and_then(|id| rounds.blocks.get(&id)).copied();
    let height = body.height.map(|height| height.0).or(of_block).unwrap_or(rounds.current);
    let standing = rounds.vote(height, validator, Vote { kind, height, round, id }, text)?;
    let mut fields = json!({ "threshold": rounds.threshold() });
    if let Some(votes) = rounds.heights.get(&height) {
        fields[for_block] = json!(votes.power_for(kind, round, id));
        fields[total] = json!(votes.power(kind, round));
    }
    rounds.describe(height, (validator, text), standing, &mut fields);
    Ok((fields, standing))
}

/// `tendermint_status`: how the votes of a round stand, at the height of the latest proposal unless another one is
/// named.
pub(super) fn tendermint_status(state: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        round: Count,
        height: Option<Count>,
    }
    let body: Body = request.read()?;
    let rounds = &state.tendermint;
    let (round, height) = (body.round.0, body.height.map_or(rounds.current, |height| height.0));
    let nothing = Height::default();
    let (votes, validators) = (rounds.heights.get(&height).unwrap_or(&nothing), &rounds.validators);
    let (block, prevotes) = votes.leading(VoteKind::Prevote, round);
    let (committed, precommits) = votes.leading(VoteKind::Precommit, round);
    // A height decides once (line 49). Precommits of two thirds for another block contradict that.
    let is_committed =
        validators.is_quorum(precommits) && votes.decided.is_some_and(|(_, decided)| Some(decided) == committed);
    let contradicted = votes.decided.filter(|(_, decided)| votes.has_quorum_for_another(validators, round, *decided));
    // More than two thirds for nil end the prevotes as those for a block do (line 44).
    let is_prevoted = [prevotes, votes.power_for(VoteKind::Prevote, round, None)]
        .into_iter()
        .any(|power| validators.is_quorum(power));
    let has_proposal = votes.proposed.keys().any(|(of, _)| *of == round);
    let phase = if is_committed {
        "commit"
    } else if is_prevoted || votes.power(VoteKind::Precommit, round) > 0 {
        "precommit"
    } else if has_proposal || votes.counted.contains_key(&round) {
        "prevote"
    } else {
        "propose"
    };
    let mut fields = json!({
        "phase": phase, "block_committed": is_committed, "prevote_count": prevotes, "precommit_count": precommits,
        "block_hash": votes.written(committed.or(block)), "height": height,
    });
    if let Some((decided_round, id)) = contradicted {
        fields["contradicts_decision"] =
            json!({ "decided_block": votes.written(Some(id)), "decided_round": decided_round });
    }
    Ok(Answer::reply("tendermint_status_ok", fields))
}

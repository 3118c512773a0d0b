//! One validator alone.

use super::validator::*;
use super::*;

/// A validator whose peers are played from the trace.
struct Alone {
    validator: Validator,
    others: Vec<NodeId>,
    height: u64,
}

impl Alone {
    fn votes(&self, kind: VoteKind, ids: [Option<BlockId>; 3], round: u64) -> Vec<Signed<Vote>> {
        let vote = |(&other, id)| sign(other, Vote { kind, height: self.height, round, id });
        self.others.iter().zip(ids).map(vote).collect()
    }

    fn proposed(&self, round: u64, id: BlockId, valid_round: Option<u64>) -> Signed<Proposal> {
        let proposer = self.validator.config.validators.proposer(self.height, round);
        sign(proposer, Proposal { height: self.height, round, id, valid_round })
    }

    fn input(&mut self, tag: &str, body: &Value) -> Checked<()> {
        let at = self.validator.core.round();
        let (stray, stray_2) = (Some(BlockId::of(b"stray")), Some(BlockId::of(b"stray 2")));
        let mut heard: Vec<Signed<Vote>> = Vec::new();
        match tag {
            "NewRoundProposerCInput" | "NewRoundCInput" => self.validator.with(Consensus::start),
            "ProposeValueCInput" => {
                self.validator.owes = None;
                self.validator.ours.insert(Done::Proposed(self.height, at, value(body).unwrap(), None));
            }
            "ProposalCInput" => {
                let proposal = self.proposed(at, value(&body[1]).unwrap(), round(&body[0]).filter(|valid| *valid < at));
                self.validator.with(|core, acts| core.on_proposal(&proposal, true, acts));
            }
            "ProposalInvalidCInput" => {
                let proposal = self.proposed(at, BlockId::of(b"invalid"), None);
                self.validator.with(|core, acts| core.on_proposal(&proposal, false, acts));
            }
            "ProposalAndPolkaAndValidCInput" => heard = self.votes(VoteKind::Prevote, [value(body); 3], at),
            "ProposalAndCommitAndValidCInput" => {
                heard = self.votes(VoteKind::Precommit, [value(&body[1]); 3], round(&body[0]).unwrap())
            }
            "PolkaAnyCInput" => heard = self.votes(VoteKind::Prevote, [None, stray, stray_2], at),
            "PolkaNilCInput" => heard = self.votes(VoteKind::Prevote, [None; 3], at),
            "PrecommitAnyCInput" => heard = self.votes(VoteKind::Precommit, [None, stray, stray_2], at),
            "TimeoutProposeCInput" => {
                self.validator.with(|core, acts| core.on_timeout(Step::Propose, round(&body[1]).unwrap(), acts))
            }
            "TimeoutPrevoteCInput" => {
                self.validator.with(|core, acts| core.on_timeout(Step::Prevote, round(&body[1]).unwrap(), acts))
            }
            "TimeoutPrecommitCInput" => {
                self.validator.with(|core, acts| core.on_timeout(Step::Precommit, round(&body[1]).unwrap(), acts))
            }
            other => return Err(format!("the input {other}")),
        }
        for vote in &heard {
            self.validator.with(|core, acts| core.on_vote(vote, acts));
        }
        Ok(())
    }
}

/// One validator alone, whose inputs are events such as "a polka for nil": they are given as the messages that make
/// them.
pub(super) fn replay_single(states: &[Value], mutations: Mutations<Mutation>) -> Checked<Replayed> {
    let config = Config { mutations, ..Config::of(Validators::equal(4)) };
    let height = round(&states[0]["state"]["height"]).unwrap() + 1;
    // Who asks for a value proposes in round 0; our rotation has a seat for it.
    let proposes = states.iter().any(|state| state["input"].get("NewRoundProposerCInput").is_some());
    let proposer = config.validators.proposer(height, 0);
    let me = if proposes { proposer } else { NodeId((proposer.0 + 3) % 4) };
    let validator = Validator::seated(&Value::Null, me, &config, height);
    let others: Vec<NodeId> = (0..4).map(NodeId).filter(|&other| other != me).collect();
    let mut alone = Alone { validator, others, height };
    let mut steps = 0;
    for pair in states.windows(2) {
        let after = &pair[1];
        if pair[0] == *after {
            continue;
        }
        let Value::Object(fields) = (match &after["input"] {
            Value::String(tag) => json!({ tag.as_str(): null }),
            other => other.clone(),
        }) else {
            unreachable!()
        };
        let (tag, body) = fields.iter().next().unwrap();
        alone.input(tag, body)?;
        let validator = &mut alone.validator;
        validator.output(&after["output"], &after["state"], 4);
        // The source of a vote is called v1 whatever its turn.
        if after["state"]["step"] != "UnstartedStep" {
            validator.compare(&after["state"]).map_err(|problem| format!("{tag}: {problem}"))?;
        }
        steps += 1;
    }
    let Alone { validator, .. } = alone;
    let votes = |done: &BTreeSet<Done>| {
        done.iter().filter(|done| !matches!(done, Done::Waits(..))).cloned().collect::<Vec<_>>()
    };
    if votes(&validator.ours) == votes(&validator.theirs) {
        Ok(Replayed { steps, compared: validator.compared })
    } else {
        Err(format!("ours {:?}, theirs {:?}", validator.ours, validator.theirs))
    }
}

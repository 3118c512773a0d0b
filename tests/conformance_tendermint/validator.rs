//! A validator's core beside the specification's: the inputs it is given, and the comparison of where both stand.

use super::*;

/// What a validator has done, in the words of both sides.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Done {
    Voted(Vote),
    Proposed(u64, u64, BlockId, Option<u64>),
    Decided(u64, BlockId),
    Waits(u64, u64, Step),
}

/// One validator's core beside the specification's.
pub(super) struct Validator {
    pub(super) core: Consensus,
    pub(super) config: Config,
    pub(super) name: Value,
    pub(super) ours: BTreeSet<Done>,
    pub(super) theirs: BTreeSet<Done>,
    /// Heights and rounds in which a vote let it answer a proposal that it had: the last prevote of an old polka (line
    /// 28), or one by which it skipped to the proposal's round (lines 55 and 22). The specification has nothing pending
    /// then, and answers later, or times out.
    pub(super) answered_at_once: BTreeSet<(u64, u64)>,
    /// It is to propose, and has not been told what.
    pub(super) owes: Option<u64>,
    /// How often both were compared where they stand.
    pub(super) compared: u32,
}

impl Validator {
    pub(super) fn new(name: &Value, config: &Config, height: u64) -> Self {
        let me = node(name, config.validators.count(), height);
        Self::seated(name, me, config, height)
    }

    pub(super) fn seated(name: &Value, me: NodeId, config: &Config, height: u64) -> Self {
        let core = Consensus::new(me, config.clone(), height);
        Self {
            core,
            config: config.clone(),
            name: name.clone(),
            ours: BTreeSet::new(),
            theirs: BTreeSet::new(),
            answered_at_once: BTreeSet::new(),
            owes: None,
            compared: 0,
        }
    }

    pub(super) fn take(&mut self, acts: Vec<Act>) {
        let height = self.core.height();
        for act in acts {
            match act {
                Act::Vote(vote) => drop(self.ours.insert(Done::Voted(vote))),
                Act::Propose(round, Some(valid)) => {
                    self.ours.insert(Done::Proposed(height, round, valid.id, Some(valid.round)));
                }
                Act::Propose(round, None) => self.owes = Some(round),
                Act::Decided(polka) => drop(self.ours.insert(Done::Decided(height, polka.id))),
                Act::Timeout(Step::Prevote, _) => {}
                Act::Timeout(step, round) => drop(self.ours.insert(Done::Waits(height, round, step))),
                Act::Rule(_) | Act::Started(_) | Act::Locked(_) | Act::Valid(_) | Act::Equivocation(_) => {}
            }
        }
    }

    pub(super) fn with(&mut self, what: impl FnOnce(&mut Consensus, &mut Vec<Act>)) {
        let mut acts = Vec::new();
        what(&mut self.core, &mut acts);
        self.take(acts);
    }

    pub(super) fn input(&mut self, input: &Value, before: &Value, count: u16) -> Checked<()> {
        let (tag, body) = match input {
            Value::String(tag) => (tag.as_str(), &Value::Null),
            Value::Object(fields) => fields.iter().next().map(|(tag, body)| (tag.as_str(), body)).unwrap(),
            other => return Err(format!("the input {other}")),
        };
        match tag {
            // What they have pending we have done.
            "NoDInput" | "StepChangeDInput" | "PendingDInput" => {}
            "StartDInput" => self.with(Consensus::start),
            "ProposeValueDInput" => {
                if let (Some(round), Some(id)) = (self.owes.take(), value(body)) {
                    self.ours.insert(Done::Proposed(self.core.height(), round, id, None));
                }
            }
            "ProposalDInput" => {
                let proposal = proposal(body, count);
                // In the specification a value is invalid if it is called so.
                let is_valid = body["proposal"] != "invalid";
                self.with(|core, acts| core.on_proposal(&proposal, is_valid, acts));
            }
            "VoteDInput" => {
                let vote = vote(body, count);
                let waited = self.core.step() <= Step::Propose || vote.body().round > self.core.round();
                let is_other_round = vote.body().round != self.core.round() || self.core.step() == Step::Waiting;
                self.with(|core, acts| core.on_vote(&vote, acts));
                if waited && is_other_round && self.core.step() > Step::Propose {
                    self.answered_at_once.insert((self.core.height(), self.core.round()));
                }
            }
            "CertificateDInput" => {
                for each in body.as_array().unwrap() {
                    let vote = vote(each, count);
                    self.with(|core, acts| core.on_vote(&vote, acts));
                }
            }
            "TimeoutDInput" => {
                let step = timeout_step(body);
                let at = round(&before["round"]).unwrap_or(0);
                self.with(|core, acts| core.on_timeout(step, at, acts));
            }
            other => return Err(format!("the input {other}")),
        }
        Ok(())
    }

    /// The height that the specification's validator is at.
    pub(super) fn reach(&mut self, height: u64, count: u16) {
        if height > self.core.height() {
            self.core = Consensus::new(node(&self.name, count, height), self.config.clone(), height);
        }
    }

    /// Some tests of the specification put votes and proposals before a validator by hand: what is in its log is given
    /// to ours too.
    pub(super) fn catch_up(&mut self, es: &Value, count: u16) {
        if round(&es["bk"]["height"]).map(|height| height + 1) != Some(self.core.height()) {
            return;
        }
        let before = self.ours.clone();
        for proposed in es["proposals"].as_array().unwrap() {
            let proposal = proposal(proposed, count);
            self.with(|core, acts| core.on_proposal(&proposal, proposed["proposal"] != "invalid", acts));
        }
        for pair in es["bk"]["rounds"].as_array().unwrap() {
            for received in
                ["prevotes", "precommits"].iter().flat_map(|kind| pair[1][kind]["receivedVotes"].as_array().unwrap())
            {
                let vote = vote(received, count);
                let is_known = self
                    .core
                    .votes()
                    .tally(vote.body().kind, vote.body().round)
                    .is_some_and(|tally| tally.votes().contains(&vote));
                if !is_known {
                    self.with(|core, acts| core.on_vote(&vote, acts));
                }
            }
        }
        // They come all at once there, and one by one here: nobody waits in the rounds on the way.
        let (round, is_decided) = (self.core.round(), self.core.decided().is_some());
        self.ours.retain(|done| {
            before.contains(done) || !matches!(done, Done::Waits(_, at, _) if is_decided || *at < round)
        });
    }

    pub(super) fn output(&mut self, output: &Value, after: &Value, count: u16) {
        let Value::Object(fields) = output else { return };
        let (tag, body) = fields.iter().next().unwrap();
        let height = round(&after["height"]).unwrap() + 1;
        let done = match tag.as_str() {
            "VoteOutput" => Done::Voted(*vote(body, count).body()),
            "ProposalOutput" => {
                let Proposal { height, round, id, valid_round } = *proposal(body, count).body();
                Done::Proposed(height, round, id, valid_round)
            }
            "DecidedOutput" => Done::Decided(height, value(&body[1]).unwrap()),
            "TimeoutOutput" if timeout_step(&body[1]) == Step::Prevote => return,
            "TimeoutOutput" => Done::Waits(height, round(&body[0]).unwrap(), timeout_step(&body[1])),
            // The proposer waits for its own application; algorithm 1 has no such timeout.
            _ => return,
        };
        self.theirs.insert(done);
    }

    /// Compares where both stand.
    pub(super) fn compare(&mut self, theirs: &Value) -> Checked<()> {
        let step = theirs["step"].as_str().unwrap();
        let height = round(&theirs["height"]).unwrap() + 1;
        if height != self.core.height() || matches!(step, "NoStep" | "UnstartedStep") {
            return Ok(());
        }
        if step == "CommitStep" {
            self.compared += 1;
            return if self.core.decided().is_some() { Ok(()) } else { Err("decided there, not here".to_owned()) };
        }
        let polka = |name: &str| {
            let (id, round) = (value(&theirs[format!("{name}Value")]), round(&theirs[format!("{name}Round")]));
            id.zip(round).map(|(id, round)| Polka { round, id })
        };
        let theirs = (round(&theirs["round"]).unwrap(), step.trim_end_matches("Step"), polka("locked"), polka("valid"));
        if theirs.1 == "Propose" && self.answered_at_once.contains(&(self.core.height(), theirs.0)) {
            return Ok(());
        }
        self.compared += 1;
        let step = format!("{:?}", self.core.step());
        let ours = (self.core.round(), step.as_str(), self.core.locked(), self.core.valid());
        if self.core.decided().is_none() && ours == theirs {
            Ok(())
        } else {
            Err(format!("ours {ours:?}, theirs {theirs:?}"))
        }
    }
}

fn timeout_step(value: &Value) -> Step {
    match value.as_str().unwrap() {
        "ProposeTimeout" => Step::Propose,
        "PrevoteTimeout" => Step::Prevote,
        "PrecommitTimeout" => Step::Precommit,
        other => panic!("the timeout {other}"),
    }
}

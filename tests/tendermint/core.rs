//! One core of algorithm 1 alone: what it hears, and what it does.

use consensus_playground::process::{Catalogue, Keyring, Mutations, NodeId, Signed};
use consensus_playground::tendermint::{
    Act, BlockId, Config, Consensus, Mutation, Polka, Proposal, Rule, Step, Validators, Vote, VoteKind,
};

pub const A: NodeId = NodeId(0);
pub const B: NodeId = NodeId(1);
pub const C: NodeId = NodeId(2);
pub const D: NodeId = NodeId(3);

/// The height that a core is tested at: n1 proposes in round 0, n2 in round 1, and so on.
const HEIGHT: u64 = 1;

pub fn id(name: &str) -> BlockId {
    BlockId::of(name.as_bytes())
}

pub fn some(name: &str) -> Option<BlockId> {
    (name != "nil").then(|| id(name))
}

fn sign<T>(signer: NodeId, body: T) -> Signed<T> {
    Keyring::of([signer].into_iter().collect()).sign(signer, body)
}

/// A core with all that it has done.
pub struct Core {
    pub consensus: Consensus,
    config: Config,
    pub acts: Vec<Act>,
}

impl Core {
    /// The core of one of four, with some rules switched off; it has started round 0.
    pub fn of(me: NodeId, mutations: &[Mutation]) -> Self {
        Self::with_powers(me, &[1; 4], mutations)
    }

    pub fn with_powers(me: NodeId, powers: &[u64], mutations: &[Mutation]) -> Self {
        let mutations = mutations.iter().fold(Mutations::NONE, |all, &one| all.with(one));
        let config = Config { mutations, ..Config::of(Validators::new(powers)) };
        let mut core = Self { consensus: Consensus::new(me, config.clone(), HEIGHT), config, acts: Vec::new() };
        core.consensus.start(&mut core.acts);
        core
    }

    /// The proposer of a round proposes; `valid_round` is of an earlier polka.
    pub fn proposal(&mut self, round: u64, name: &str, valid_round: Option<u64>) -> &mut Self {
        self.judged_proposal(round, name, valid_round, true)
    }

    pub fn judged_proposal(&mut self, round: u64, name: &str, valid_round: Option<u64>, is_valid: bool) -> &mut Self {
        let proposer = self.config.validators.proposer(HEIGHT, round);
        let proposal = sign(proposer, Proposal { height: HEIGHT, round, id: id(name), valid_round });
        self.consensus.on_proposal(&proposal, is_valid, &mut self.acts);
        self
    }

    fn votes(&mut self, kind: VoteKind, round: u64, name: &str, voters: &[NodeId]) -> &mut Self {
        for &voter in voters {
            let vote = sign(voter, Vote { kind, height: HEIGHT, round, id: some(name) });
            self.consensus.on_vote(&vote, &mut self.acts);
        }
        self
    }

    pub fn prevotes(&mut self, round: u64, name: &str, voters: &[NodeId]) -> &mut Self {
        self.votes(VoteKind::Prevote, round, name, voters)
    }

    pub fn precommits(&mut self, round: u64, name: &str, voters: &[NodeId]) -> &mut Self {
        self.votes(VoteKind::Precommit, round, name, voters)
    }

    pub fn timeout(&mut self, step: Step, round: u64) -> &mut Self {
        self.consensus.on_timeout(step, round, &mut self.acts);
        self
    }

    /// Lets all wait for precommits in vain, and the next round begin.
    pub fn round_fails(&mut self, round: u64) -> &mut Self {
        self.precommits(round, "nil", &[B, C, D]).timeout(Step::Precommit, round)
    }

    fn voted(&self, kind: VoteKind, round: u64) -> Vec<Option<BlockId>> {
        let vote = |act: &Act| match act {
            Act::Vote(vote) if vote.kind == kind && vote.round == round => Some(vote.id),
            _ => None,
        };
        self.acts.iter().filter_map(vote).collect()
    }

    /// What it prevoted in a round: a name or "nil"; it must have, once.
    pub fn prevoted(&self, round: u64) -> Option<BlockId> {
        let voted = self.voted(VoteKind::Prevote, round);
        assert_eq!(voted.len(), 1, "prevotes in round {round}");
        voted[0]
    }

    pub fn precommitted(&self, round: u64) -> Option<BlockId> {
        let voted = self.voted(VoteKind::Precommit, round);
        assert_eq!(voted.len(), 1, "precommits in round {round}");
        voted[0]
    }

    pub fn has_prevoted(&self, round: u64) -> bool {
        !self.voted(VoteKind::Prevote, round).is_empty()
    }

    pub fn has_precommitted(&self, round: u64) -> bool {
        !self.voted(VoteKind::Precommit, round).is_empty()
    }

    pub fn fired(&self, rule: Rule) -> usize {
        self.acts.iter().filter(|act| **act == Act::Rule(rule)).count()
    }

    pub fn waits(&self, step: Step, round: u64) -> bool {
        self.acts.contains(&Act::Timeout(step, round))
    }

    pub fn locked(&self) -> Option<Polka> {
        self.consensus.locked()
    }

    pub fn valid(&self) -> Option<Polka> {
        self.consensus.valid()
    }

    pub fn decided(&self) -> Option<Polka> {
        self.consensus.decided()
    }
}

pub fn polka(round: u64, name: &str) -> Option<Polka> {
    Some(Polka { round, id: id(name) })
}

/// Every line of algorithm 1 fires in some course of events.
#[test]
fn every_line_of_the_algorithm_fires() {
    let mut fired: Vec<Rule> = Vec::new();
    let mut note = |core: &Core| {
        fired.extend(core.acts.iter().filter_map(|act| if let Act::Rule(rule) = act { Some(*rule) } else { None }));
    };
    let mut decides = Core::of(D, &[]);
    decides.proposal(0, "v", None).prevotes(0, "v", &[A, B, C]).precommits(0, "v", &[A, B, C]);
    note(&decides);
    let mut nothing_comes = Core::of(A, &[]);
    nothing_comes.timeout(Step::Propose, 0);
    nothing_comes.proposal(0, "v", None).prevotes(0, "nil", &[B, C, D]);
    note(&nothing_comes);
    let mut waits = Core::of(D, &[]);
    waits.timeout(Step::Propose, 0).prevotes(0, "nil", &[A, B]).prevotes(0, "v", &[C]).timeout(Step::Prevote, 0);
    waits.precommits(0, "nil", &[A, B]).precommits(0, "v", &[C]).timeout(Step::Precommit, 0);
    note(&waits);
    let mut late_polka = Core::of(C, &[]);
    late_polka.timeout(Step::Propose, 0).prevotes(0, "nil", &[A]).prevotes(0, "v", &[B, D]).timeout(Step::Prevote, 0);
    late_polka.proposal(0, "v", None).prevotes(0, "v", &[A]).round_fails(0);
    late_polka.proposal(1, "v", Some(0)).prevotes(2, "nil", &[A, B]);
    note(&late_polka);
    let mut locked = Core::of(D, &[]);
    locked.proposal(0, "v", None).prevotes(0, "v", &[A, B, C]).round_fails(0).proposal(1, "w", None).round_fails(1);
    note(&locked);
    let mut locked_later = Core::of(D, &[]);
    locked_later
        .timeout(Step::Propose, 0)
        .round_fails(0)
        .proposal(1, "v", None)
        .prevotes(1, "v", &[A, B, C])
        .round_fails(1);
    locked_later.prevotes(0, "w", &[A, B, C]).proposal(2, "w", Some(0));
    note(&locked_later);
    let of_the_algorithm = |rule: &&Rule| rule.source().contains("algorithm 1");
    let silent: Vec<&Rule> = Rule::ALL.iter().filter(of_the_algorithm).filter(|rule| !fired.contains(rule)).collect();
    assert_eq!(silent, Vec::<&Rule>::new());
}

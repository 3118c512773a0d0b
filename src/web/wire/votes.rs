//! Votes: ballots and how quorums meet, slots, certificates, decisions, proofs and culprits.

use super::entries::OriginView;
use crate::check::{BallotVotes, Culprit, Culprits, HeldProof, Meeting, SignedText, SlotBallot, SlotVotes};
use crate::process::{NodeSet, Ticks, VoteSet};
use crate::run::phases::Decision;
use serde::Serialize;

#[derive(Serialize)]
pub struct QuorumsView {
    pub ballots: Vec<BallotView>,
    pub meeting: Option<MeetingView>,
}

#[derive(Serialize)]
pub struct BallotView {
    pub epoch: u64,
    pub promised: Vec<u16>,
    pub accepted: Vec<u16>,
    pub value: Option<String>,
    pub has_promises: bool,
    pub is_chosen: bool,
}

impl From<BallotVotes> for BallotView {
    fn from(votes: BallotVotes) -> Self {
        Self {
            epoch: votes.epoch,
            promised: places(votes.promised),
            accepted: places(votes.accepted),
            value: votes.value,
            has_promises: votes.has_promises,
            is_chosen: votes.is_chosen,
        }
    }
}

fn places(set: NodeSet) -> Vec<u16> {
    set.iter().map(|node| node.0).collect()
}

#[derive(Serialize)]
pub struct MeetingView {
    pub earlier: u64,
    pub later: u64,
    pub is_chosen: bool,
    pub shared: Vec<u16>,
    pub carried_by: Vec<u16>,
}

impl From<Meeting> for MeetingView {
    fn from(Meeting { earlier, later, is_chosen, shared, carried_by }: Meeting) -> Self {
        Self { earlier, later, is_chosen, shared: places(shared), carried_by: places(carried_by) }
    }
}

#[derive(Serialize)]
pub struct SlotView {
    pub slot: u64,
    pub chosen: Option<String>,
    pub accepted: Vec<SlotBallotView>,
}

#[derive(Serialize)]
pub struct SlotBallotView {
    pub epoch: u64,
    pub value: String,
    pub acceptors: Vec<u16>,
    pub is_chosen: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginView>,
}

impl From<SlotVotes> for SlotView {
    fn from(SlotVotes { slot, chosen, accepted }: SlotVotes) -> Self {
        let ballot = |SlotBallot { epoch, value, acceptors, is_chosen }| SlotBallotView {
            epoch,
            value,
            acceptors: places(acceptors),
            is_chosen,
            origin: None,
        };
        Self { slot, chosen, accepted: accepted.into_iter().map(ballot).collect() }
    }
}

#[derive(Serialize)]
pub struct VoteSetView {
    pub index: u64,
    pub round: u64,
    pub phase: &'static str,
    pub value: Option<String>,
    pub text: String,
    pub voters: Vec<u16>,
    pub have: u64,
    pub need: u64,
}

impl From<VoteSet> for VoteSetView {
    fn from(set: VoteSet) -> Self {
        let VoteSet { index, round, phase, value, text, voters, have, need } = set;
        Self { index, round, phase, value, text, voters: places(voters), have, need }
    }
}

#[derive(Serialize)]
pub struct PhaseView {
    pub name: &'static str,
    pub from: Ticks,
}

#[derive(Serialize)]
pub struct DecisionView {
    pub index: u64,
    pub round: u64,
    pub phases: Vec<PhaseView>,
    pub until: Ticks,
}

impl From<Decision> for DecisionView {
    fn from(decision: Decision) -> Self {
        let Decision { index, round, phases, until } = decision;
        Self {
            index,
            round,
            phases: phases.into_iter().map(|phase| PhaseView { name: phase.name, from: phase.from }).collect(),
            until,
        }
    }
}

#[derive(Serialize)]
pub struct SignedView {
    pub text: String,
    pub message: Option<u32>,
}

#[derive(Serialize)]
pub struct ProofView {
    pub culprit: u16,
    pub holder: u16,
    pub since: Ticks,
    pub event: Option<u32>,
    pub said: Vec<SignedView>,
    pub excuse: Option<String>,
}

impl From<SignedText> for SignedView {
    fn from(SignedText { text, message }: SignedText) -> Self {
        Self { text, message }
    }
}

impl From<HeldProof> for ProofView {
    fn from(HeldProof { culprit, holder, since, event, said }: HeldProof) -> Self {
        Self {
            culprit: culprit.0,
            holder: holder.0,
            since,
            event,
            said: said.into_iter().map(Into::into).collect(),
            excuse: None,
        }
    }
}

#[derive(Serialize)]
pub struct CulpritView {
    pub culprit: u16,
    pub charge: String,
    pub said: Vec<SignedView>,
    pub excuse: Option<String>,
}

#[derive(Serialize)]
pub struct CulpritsView {
    pub event: u32,
    pub named: Vec<CulpritView>,
    pub missing: Option<String>,
}

impl From<Culprits> for CulpritsView {
    fn from(Culprits { event, named, missing }: Culprits) -> Self {
        let view = |Culprit { culprit, charge, said, excuse }: Culprit| CulpritView {
            culprit: culprit.0,
            charge,
            said: said.into_iter().map(Into::into).collect(),
            excuse,
        };
        Self { event, named: named.into_iter().map(view).collect(), missing }
    }
}

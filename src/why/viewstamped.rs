//! What Viewstamped Replication says of its messages: acknowledgements of operations, and the steps of a view change.

use super::speech::{Explained, Part, Phase, Place, Speech, in_store, is_same, majority};
use crate::kv::Request;
use crate::process::NodeId;
use crate::sim::World;
use crate::viewstamped::{Index, Message, Payload, Rule, ViewNumber, Viewstamped};

const START_VIEW_CHANGE: usize = 0;
const DO_VIEW_CHANGE: usize = 1;
const PREPARE_OK: usize = 2;

impl Explained for Viewstamped {
    const EPOCH: &'static str = "view";
    const PLACE: &'static str = "op-number";
    const PHASES: &'static [Phase] = &[
        Phase { name: "STARTVIEWCHANGE", is_asked: false },
        Phase { name: "DOVIEWCHANGE", is_asked: false },
        Phase { name: "PREPAREOK", is_asked: true },
    ];
    const BIDS: &'static [(Rule, &'static [usize])] = &[
        (Rule::PrimarySuspected, &[START_VIEW_CHANGE, DO_VIEW_CHANGE]),
        (Rule::ViewChangeJoined, &[START_VIEW_CHANGE, DO_VIEW_CHANGE]),
    ];
    const DECIDES: &'static [usize] = &[PREPARE_OK];

    fn asked(message: &Message) -> Option<(NodeId, u64)> {
        if let Message::Request(request) = message { Some((request.client, request.sequence)) } else { None }
    }

    fn placed(message: &Message, request: &Request) -> Option<(Place, u64)> {
        let Message::Prepare { view, first, entries, .. } = message else { return None };
        let found = entries.iter().position(|entry| is_of(&entry.payload, request))?;
        Some((Place { index: first + found as Index, epoch: entries[found].view }, *view))
    }

    fn puts(message: &Message, index: u64) -> Option<u64> {
        let entry = |first: Index, entries: &[std::sync::Arc<crate::viewstamped::Entry>]| {
            entries.get(index.checked_sub(first)? as usize).map(|entry| entry.view)
        };
        match message {
            Message::Prepare { first, entries, .. } => entry(*first, entries),
            Message::StartView { state, .. } | Message::NewState { state, .. } => {
                entry(state.after + 1, &state.entries)
            }
            _ => None,
        }
    }

    fn speech(message: &Message) -> Option<Speech> {
        Some(match message {
            Message::StartViewChange { view } => Speech::of(START_VIEW_CHANGE, Part::Says, *view),
            Message::DoViewChange(body) => Speech::of(DO_VIEW_CHANGE, Part::Says, body.view),
            Message::Prepare { view, first, entries, .. } => {
                let last = first + (entries.len() as Index).max(1) - 1;
                Speech::between(PREPARE_OK, Part::Asks, *view, (*first, last))
            }
            Message::PrepareOk { view, op } => Speech::between(PREPARE_OK, Part::Says, *view, (1, *op)),
            _ => return None,
        })
    }

    fn held(&self, request: &Request) -> Option<Place> {
        let mut entries = self.log().iter().rev();
        let (index, entry) = entries.find(|(_, entry)| is_of(&entry.payload, request))?;
        Some(Place { index, epoch: entry.view })
    }

    fn carried_out(&self, request: &Request) -> Option<bool> {
        in_store(self.store(), request)
    }

    fn counter(world: &World<Self>, phase: usize, epoch: u64, bidder: NodeId) -> NodeId {
        if phase == DO_VIEW_CHANGE { primary(world, epoch) } else { bidder }
    }

    fn needed(world: &World<Self>, _: usize) -> u64 {
        majority(world)
    }

    fn turn(world: &World<Self>, at: Place) -> Option<String> {
        Some(format!("{} is the primary of view {}", world.name(primary(world, at.epoch)), at.epoch))
    }
}

/// The replicas take turns (VRR 4).
fn primary(world: &World<Viewstamped>, view: ViewNumber) -> NodeId {
    NodeId((view % u64::from(world.setup().replicas.max(1))) as u16)
}

fn is_of(payload: &Payload, request: &Request) -> bool {
    matches!(payload, Payload::Command(other) if is_same(other, request))
}

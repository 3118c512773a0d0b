//! Values of a trace in ITF, the format of Quint's tools, as ours.

use consensus_playground::process::{Keyring, NodeId, Signed};
use consensus_playground::tendermint::{BlockId, Proposal, Vote, VoteKind};
use serde_json::{Value, json};

/// ITF's numbers, maps, sets, tuples and sum types as plain JSON. A sum type without a value is its tag.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            if let Some(number) = fields.get("#bigint") {
                return json!(number.as_str().unwrap().parse::<i64>().unwrap());
            }
            for list in ["#tup", "#set", "#map"] {
                if let Some(items) = fields.get(list) {
                    return plain(items);
                }
            }
            if let (Some(tag), Some(inner)) = (fields.get("tag"), fields.get("value")) {
                let inner = plain(inner);
                return if inner == json!([]) { tag.clone() } else { json!({ tag.as_str().unwrap(): inner }) };
            }
            Value::Object(
                fields
                    .iter()
                    .filter(|(name, _)| *name != "#meta")
                    .map(|(name, field)| (name.clone(), plain(field)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        other => other.clone(),
    }
}

/// A map of ITF, as pairs.
pub(super) fn entry<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.as_array()?.iter().find(|pair| pair[0] == key).map(|pair| &pair[1])
}

pub(super) fn value(value: &Value) -> Option<BlockId> {
    let name = value.get("Val").unwrap_or(value).as_str().unwrap();
    (name != "Nil").then(|| BlockId::of(name.as_bytes()))
}

/// A round; -1 is none.
pub(super) fn round(value: &Value) -> Option<u64> {
    u64::try_from(value.as_i64().unwrap()).ok()
}

pub(super) fn kind(value: &Value) -> VoteKind {
    match value.as_str().unwrap() {
        "Prevote" => VoteKind::Prevote,
        "Precommit" => VoteKind::Precommit,
        other => panic!("a vote of the kind {other}"),
    }
}

/// Validators by name. In the specification v2 proposes first at every height; with us it is the turn of the next.
pub(super) fn node(name: &Value, count: u16, height: u64) -> NodeId {
    let number: u64 = name.as_str().unwrap().strip_prefix('v').unwrap().parse().unwrap();
    let count = u64::from(count);
    NodeId(((number + count - 2 + height - 1) % count) as u16)
}

pub(super) fn sign<T>(signer: NodeId, body: T) -> Signed<T> {
    Keyring::of([signer].into_iter().collect()).sign(signer, body)
}

/// Heights begin with 0 there and with 1 here.
pub(super) fn vote(value_of: &Value, count: u16) -> Signed<Vote> {
    let body = Vote {
        kind: kind(&value_of["voteType"]),
        height: round(&value_of["height"]).unwrap() + 1,
        round: round(&value_of["round"]).unwrap(),
        id: value(&value_of["valueId"]),
    };
    sign(node(&value_of["srcAddress"], count, body.height), body)
}

pub(super) fn proposal(of: &Value, count: u16) -> Signed<Proposal> {
    let id = value(&of["proposal"]);
    let body = Proposal {
        height: round(&of["height"]).unwrap() + 1,
        round: round(&of["round"]).unwrap(),
        id: id.unwrap(),
        valid_round: round(&of["validRound"]),
    };
    sign(node(&of["srcAddress"], count, body.height), body)
}

//! n ≥ 3f + 1 (task 19), with the quorums that the cores for liars use ([`Seat::byzantine_quorum`]).
//!
//! Two quorums of q out of n must share an honest replica: 2q - n ≥ f + 1. And a quorum must come together without the f who may keep
//! silent: q ≤ n - f. Both hold for some q just if n ≥ 3f + 1 (Castro and Liskov 1999, section 2; Bracha and Toueg 1985).

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::process::{NodeId, Seat};
use serde::Deserialize;
use serde_json::json;

/// The most replicas of a question.
const REPLICAS_MAX: u64 = 30_001;

fn cluster(replicas: u64, field: &str) -> Result<Seat, Refusal> {
    if !(1..=REPLICAS_MAX).contains(&replicas) {
        return Err(Refusal::malformed(field, format!("this makes {replicas} nodes, and 1 to {REPLICAS_MAX} are taken")));
    }
    Ok(Seat { id: NodeId(0), replicas: replicas as u16 })
}

/// Whether agreement survives f liars: the smallest safe quorum comes together without them.
fn quorum_and_safety(seat: Seat, liars: u64) -> (u64, bool) {
    let quorum = u64::from(seat.byzantine_quorum(liars as u32));
    let replicas = u64::from(seat.replicas);
    (quorum, 2 * quorum > replicas + liars && quorum + liars <= replicas)
}

/// `bft_threshold`.
pub(super) fn bft_threshold(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        f: Count,
    }
    let Body { f: Count(f) } = request.read()?;
    let min_n = f.saturating_mul(3) + 1;
    let (quorum_size, safe) = quorum_and_safety(cluster(min_n, "f")?, f);
    let fields = json!({ "f": f, "min_n": min_n, "quorum_size": quorum_size, "honest_in_quorum": quorum_size - f, "safe": safe });
    Ok(Answer::reply("bft_threshold_ok", fields))
}

/// `bft_test_insufficient`.
pub(super) fn bft_test_insufficient(_: &mut State, request: &Request<'_>) -> Answered {
    #[derive(Deserialize)]
    struct Body {
        n: Count,
        f: Count,
    }
    let Body { n: Count(n), f: Count(f) } = request.read()?;
    let seat = cluster(n, "n")?;
    if f > REPLICAS_MAX {
        return Err(Refusal::malformed("f", format!("at most {REPLICAS_MAX}, not {f}")));
    }
    let (_, sufficient) = quorum_and_safety(seat, f);
    let relation = if sufficient { ">=" } else { "<" };
    let fields = json!({
        "sufficient": sufficient, "attack_possible": !sufficient,
        "reason": format!("{n} {relation} 3*{f}+1 = {}", 3 * f + 1),
    });
    Ok(Answer::reply("bft_test_insufficient_ok", fields))
}

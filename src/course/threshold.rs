//! n ≥ 3f + 1 (task 19), with the quorums that the cores for liars use ([`Seat::byzantine_quorum`]).
//!
//! Two quorums of q out of n must share an honest replica: 2q - n ≥ f + 1. And a quorum must come together without the
//! f who may keep silent: q ≤ n - f. Both hold for some q just if n ≥ 3f + 1 (Castro and Liskov 1999, section 3; Bracha
//! and Toueg 1985).
//!
//! Besides the arithmetic, small clusters of real PBFT replicas are attacked, and the checker of agreement says what
//! came of it.

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request};
use crate::pbft::Pbft;
use crate::process::{NodeId, SECOND, Seat};
use crate::run::Run;
use crate::scenario::action::LinkText;
use crate::scenario::lies::{AlterationText, StrategyText};
use crate::scenario::{ActionText, InterventionText, Scenario};
use crate::search::threshold::Question;
use serde::Deserialize;
use serde_json::json;

/// The most replicas of a question.
const REPLICAS_MAX: u64 = 30_001;

fn cluster(replicas: u64, field: &str) -> Result<Seat, Refusal> {
    if !(1..=REPLICAS_MAX).contains(&replicas) {
        return Err(Refusal::malformed(
            field,
            format!("this makes {replicas} nodes, and 1 to {REPLICAS_MAX} are taken"),
        ));
    }
    Ok(Seat { id: NodeId(0), replicas: replicas as u16 })
}

/// Whether agreement survives f liars: the smallest safe quorum comes together without them.
fn quorum_and_safety(seat: Seat, liars: u64) -> (u64, bool) {
    let quorum = u64::from(seat.byzantine_quorum(liars as u32));
    let replicas = u64::from(seat.replicas);
    (quorum, 2 * quorum > replicas + liars && quorum + liars <= replicas)
}

/// The most replicas of a cluster in which the attack is tried.
const TRIED_MAX: u64 = 10;

/// How long the attack may take.
const ATTACK_TICKS: u64 = 2 * SECOND;
const ATTACK_EVENTS_MAX: u32 = 20_000;

/// The attack that the bound is about, on real PBFT replicas: f liars, the primary first, show one part of the honest
/// replicas one face and the rest another, while the network keeps the two parts from talking to each other. Quorums
/// are as large as the honest ones can form alone, and no larger than needed. Gives what the attackers did, and what
/// came of it if two honest replicas committed different things. None where there is nobody to lie, fewer than two are
/// honest, or the cluster is too large to be tried here.
fn attack(replicas: u64, liars: u64) -> Option<(String, Option<String>)> {
    let honest = replicas.checked_sub(liars).filter(|&honest| honest >= 2 && liars > 0 && replicas <= TRIED_MAX)?;
    let names = |range: std::ops::RangeInclusive<u64>| range.map(|number| format!("n{number}")).collect::<Vec<_>>();
    let (plotters, one, other) =
        (names(1..=liars), names(liars + 1..=replicas - honest / 2), names(replicas - honest / 2 + 1..=replicas));
    let quorum = Question::sharing_quorum(replicas as u32, liars as u32).min(honest as u32);
    let mut scenario = Scenario { replicas: replicas as u32, clients: 2, ..Scenario::of("pbft") };
    (scenario.pbft.faults, scenario.pbft.quorum) = (Some(liars as u32), Some(quorum));
    // Two faces show two real requests.
    scenario.workload.operations_per_client = Some(2);
    let both_ways = |(a, b): (&String, &String)| [(a.clone(), b.clone()), (b.clone(), a.clone())];
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b))).flat_map(both_ways);
    let links = pairs.map(|(from, to)| LinkText { from, to }).collect();
    let strategy = StrategyText::Equivocation { to: other.clone(), say: AlterationText::Value(0), others: None };
    let lies = plotters.iter().map(|node| ActionText::Corrupt { node: node.clone(), strategy: strategy.clone() });
    // They share their keys, and so know of each other's faces.
    let plot = ActionText::Collude { processes: plotters.clone() };
    let actions = [ActionText::Cut { links }, plot].into_iter().chain(lies);
    scenario.interventions = actions.map(|action| InterventionText { at: 1, after_event: None, action }).collect();
    let mut run: Run<Pbft> = Run::new(scenario.simulation().ok()?);
    run.run_until(ATTACK_TICKS, ATTACK_EVENTS_MAX);
    let broken = run.findings().into_iter().find(|finding| finding.invariant.name == "agreement");
    let what = format!(
        "quorums of {quorum}; {} told {} one thing and {} another, and these two could not talk to each other",
        plotters.join(" and "),
        one.join(" and "),
        other.join(" and ")
    );
    Some((what, broken.map(|finding| finding.sentence)))
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
    let (tried, broke) = attack(n, f).unzip();
    let fields = json!({
        "sufficient": sufficient, "attack_possible": !sufficient,
        "reason": format!("{n} {relation} 3*{f}+1 = {}", 3 * f + 1),
        "attack_tried": tried, "attack_broke": broke.flatten(),
    });
    Ok(Answer::reply("bft_test_insufficient_ok", fields))
}

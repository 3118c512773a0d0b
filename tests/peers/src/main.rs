//! The explorer against stateright, on stateright's own Paxos example: 2 clients, 3 servers, 16,668 states. One thread each, in turns, in
//! one run.
//!
//!     cargo run --release --manifest-path tests/peers/Cargo.toml [ROUNDS]
//!
//! Prints the states per second of both in every round, the ratio, and the median and best rates at the end. Exit status 1 if the two do not agree on what
//! there is to explore.

mod ours;

/// Stateright's example, as build.rs found it.
#[allow(dead_code, missing_docs, unreachable_pub, clippy::all, clippy::unwrap_used, private_interfaces)]
mod theirs {
    include!(concat!(env!("OUT_DIR"), "/paxos.rs"));
}

use consensus_playground::search::explore::{Ended, Explorer, Limits};
use stateright::{Checker, Model};
use std::process::ExitCode;
use std::time::Instant;

/// The states that stateright's example says it has.
const STATES: usize = 16_668;

/// The length of the way to a chosen value that stateright's example names.
const STEPS_TO_CHOSEN: usize = 8;

/// What one exploration came to.
struct Round {
    states: usize,
    transitions: usize,
    rate: f64,
}

fn theirs() -> Round {
    let model = theirs::two_clients_three_servers();
    let start = Instant::now();
    let checker = model.checker().threads(1).spawn_bfs().join();
    let seconds = start.elapsed().as_secs_f64();
    checker.assert_properties();
    let states = checker.unique_state_count();
    // It counts the initial state among the states that it generates.
    Round { states, transitions: checker.state_count() - 1, rate: states as f64 / seconds }
}

/// Also the steps to a chosen value, and the bytes of a visited state.
fn ours() -> (Round, usize, f64) {
    let start = Instant::now();
    let mut explorer = Explorer::new(ours::Paxos, Limits::default());
    let progress = explorer.run();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(progress.ended, Some(Ended::Exhausted), "the history is linearizable in every state");
    let states = progress.states as usize;
    let chosen = explorer.deciding(1).and_then(|place| explorer.path_to(place)).map_or(0, |path| path.steps.len());
    let round = Round { states, transitions: progress.transitions as usize, rate: states as f64 / seconds };
    (round, chosen, progress.visited_bytes as f64 / states as f64)
}

/// The median, and the best: what disturbs a round makes it slower.
fn median_and_best(mut rates: Vec<f64>) -> [f64; 2] {
    rates.sort_by(f64::total_cmp);
    [rates.get(rates.len() / 2), rates.last()].map(|rate| rate.copied().unwrap_or_default())
}

fn main() -> ExitCode {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(9u32);
    let (mut rates_theirs, mut rates_ours) = (Vec::new(), Vec::new());
    println!("states/s     stateright        ours     ratio");
    for number in 1..=rounds {
        let theirs = theirs();
        let (ours, steps_to_chosen, bytes) = ours();
        println!("round {number:>3}  {:>12.0}{:>12.0}{:>10.2}", theirs.rate, ours.rate, ours.rate / theirs.rate);
        for (what, theirs, ours) in [
            ("states", theirs.states, ours.states),
            ("transitions", theirs.transitions, ours.transitions),
            ("states, as the example says", STATES, ours.states),
            ("steps to a chosen value, as the example says", STEPS_TO_CHOSEN, steps_to_chosen),
        ] {
            if theirs != ours {
                eprintln!("{what}: stateright {theirs}, ours {ours}");
                return ExitCode::FAILURE;
            }
        }
        if number == rounds {
            println!("{} states, {} transitions each; {bytes:.1} bytes a visited state of ours", ours.states, ours.transitions);
        }
        rates_theirs.push(theirs.rate);
        rates_ours.push(ours.rate);
    }
    let (theirs, ours) = (median_and_best(rates_theirs), median_and_best(rates_ours));
    for (name, (theirs, ours)) in ["median", "best"].into_iter().zip(theirs.into_iter().zip(ours)) {
        println!("{name:<9}  {theirs:>12.0}{ours:>12.0}{:>10.2}", ours / theirs);
    }
    ExitCode::SUCCESS
}

//! The runs whose trace hashes are in `hashes.txt`. The native tests and the wasm tests compute them both, and both must find what is there:
//! a run is the same everywhere.

use consensus_playground::process::{MILLISECOND, NodeId};
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::script::at;
use consensus_playground::scenario::{ActionText, Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::sim::{Ratio, TicksRange};

/// A run by name, and until when it goes, in milliseconds.
pub struct Golden {
    pub name: &'static str,
    pub scenario: Scenario,
    pub until_ms: u64,
}

fn node(name: &str) -> String {
    name.to_owned()
}

/// A leader that crashes and is back, on disks that take a while.
pub fn crash_with_slow_disks() -> Scenario {
    let mut scenario = Scenario { seed: 7, replicas: 3, clients: 2, ..Scenario::of("raft") };
    scenario.disk.flush_ticks = 5 * MILLISECOND;
    scenario.interventions = ["n2", "n1", "n3"]
        .iter()
        .zip([600, 1_000, 1_400])
        .flat_map(|(name, time)| {
            [at(time, ActionText::Crash { node: node(name) }), at(time + 300, ActionText::Restart { node: node(name) })]
        })
        .collect();
    scenario
}

fn bad_network() -> Scenario {
    let mut scenario = Scenario { seed: 11, ..Scenario::of("raft") };
    scenario.network.latency_ticks = TicksRange::new(1_000, 60_000);
    scenario.network.loss = Ratio::percent(10);
    scenario.network.duplication = Ratio::percent(20);
    scenario.network.reordering = Ratio::percent(50);
    scenario
}

fn pauses_and_snapshots() -> Scenario {
    let mut scenario = Scenario { seed: 13, clients: 5, ..Scenario::of("raft") };
    scenario.raft.snapshot_threshold = 4;
    scenario.raft.snapshot_trailing = 1;
    scenario.interventions = vec![
        at(500, ActionText::Pause { node: node("n2") }),
        at(900, ActionText::WipeDisk { node: node("n5") }),
        at(1_500, ActionText::Resume { node: node("n2") }),
    ];
    scenario
}

/// All of them.
pub fn golden_runs() -> Vec<Golden> {
    let mut runs: Vec<Golden> = gallery()
        .into_iter()
        .map(|entry| Golden { name: entry.name, scenario: entry.scenario, until_ms: 3_500 })
        .collect();
    runs.push(Golden { name: "crash-with-slow-disks", scenario: crash_with_slow_disks(), until_ms: 3_000 });
    runs.push(Golden { name: "bad-network", scenario: bad_network(), until_ms: 5_000 });
    runs.push(Golden { name: "pauses-and-snapshots", scenario: pauses_and_snapshots(), until_ms: 4_000 });
    runs.push(Golden {
        name: "multi-paxos-bad-network",
        scenario: Scenario { protocol: "multi-paxos".to_owned(), ..bad_network() },
        until_ms: 5_000,
    });
    runs.push(Golden {
        name: "thirty-one",
        scenario: Scenario { replicas: 31, clients: 8, ..Scenario::of("raft") },
        until_ms: 1_000,
    });
    runs
}

/// One line for a run: name, events, trace hash. A seek to the middle and back changes nothing.
struct Line(Golden);

impl WithProtocol for Line {
    type Output = String;

    fn with<R: Playable>(self) -> String {
        let Self(golden) = self;
        let mut run = Run::new(golden.scenario.simulation::<R>().expect("a golden scenario can be run"));
        run.run_until(golden.until_ms * MILLISECOND, u32::MAX);
        let events = run.simulation().events();
        run.seek(events / 2);
        run.seek(events);
        let world = run.simulation().world();
        assert_eq!(world.name(NodeId(0)), "n1");
        format!("{} {events} {:032x}\n", golden.name, world.trace_hash())
    }
}

/// One line for each.
pub fn table() -> String {
    let line = |golden: Golden| {
        let protocol = golden.scenario.protocol.clone();
        with_protocol(&protocol, Line(golden)).expect("a golden scenario names a protocol")
    };
    golden_runs().into_iter().map(line).collect()
}

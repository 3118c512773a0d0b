//! How many events a second the simulator handles: five Raft servers, and four PBFT replicas, under load, in one thread, the trace kept.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use consensus_playground::pbft::Pbft;
    use consensus_playground::process::Ticks;
    use consensus_playground::raft::Raft;
    use consensus_playground::run::Run;
    use consensus_playground::scenario::{Playable, Scenario, parse};
    use consensus_playground::sim::Stepped;
    use criterion::{BatchSize, Criterion, Throughput};

    /// Events in one sample.
    const EVENTS: u32 = 200_000;

    fn measure<R: Playable>(criterion: &mut Criterion, name: &str, scenario: &Scenario) {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(u64::from(EVENTS)));
        group.bench_function("trace kept", |bencher| {
            let fresh = || scenario.simulation::<R>().expect("the scenario is sound");
            bencher.iter_batched(
                fresh,
                |mut run| assert_eq!(run.run_until(Ticks::MAX, EVENTS), Stepped::Event),
                BatchSize::PerIteration,
            );
        });
        group.bench_function("trace kept, every invariant after every event", |bencher| {
            let fresh = || Run::new(scenario.simulation::<R>().expect("the scenario is sound"));
            bencher.iter_batched(
                fresh,
                |mut run| assert_eq!(run.run_until(Ticks::MAX, EVENTS), Stepped::Event),
                BatchSize::PerIteration,
            );
        });
        group.finish();
    }

    pub fn run() {
        let mut criterion = Criterion::default().sample_size(20).configure_from_args();
        let busy = |json| parse(json).expect("the scenario is sound");
        measure::<Raft>(&mut criterion, "raft, five servers under load", &busy(include_str!("busy.json")));
        measure::<Pbft>(&mut criterion, "pbft, four replicas under load", &busy(include_str!("pbft.json")));
        criterion.final_summary();
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    native::run();
}

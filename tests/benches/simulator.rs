//! How many events a second the simulator handles: five Raft servers under load, in one thread, the trace kept.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use consensus_playground::process::Ticks;
    use consensus_playground::run::Run;
    use consensus_playground::scenario::{Scenario, parse};
    use consensus_playground::sim::Stepped;
    use criterion::{BatchSize, Criterion, Throughput};

    /// Events in one sample.
    const EVENTS: u32 = 200_000;

    fn busy() -> Scenario {
        parse(include_str!("busy.json")).expect("the scenario is sound")
    }

    pub fn run() {
        let scenario = busy();
        let mut criterion = Criterion::default().sample_size(20).configure_from_args();
        let mut group = criterion.benchmark_group("raft, five servers under load");
        group.throughput(Throughput::Elements(u64::from(EVENTS)));
        group.bench_function("trace kept", |bencher| {
            let fresh = || scenario.raft_simulation().expect("the scenario is sound");
            bencher.iter_batched(fresh, |mut run| assert_eq!(run.run_until(Ticks::MAX, EVENTS), Stepped::Event), BatchSize::PerIteration);
        });
        group.bench_function("trace kept, every invariant after every event", |bencher| {
            let fresh = || Run::new(scenario.raft_simulation().expect("the scenario is sound"));
            bencher.iter_batched(fresh, |mut run| assert_eq!(run.run_until(Ticks::MAX, EVENTS), Stepped::Event), BatchSize::PerIteration);
        });
        group.finish();
        criterion.final_summary();
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    native::run();
}

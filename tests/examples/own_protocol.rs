//! A protocol of one's own in the simulator, the hunt and the explorer: `cargo run --example own_protocol`.
//!
//! Chain replication (van Renesse and Schneider 2004) with a chain that never changes: a request enters at the head, each
//! replica writes it and passes it on, and the tail answers.

use consensus_playground::search::{explore::cluster::*, explore::*, hunt, undecided::Undecided};
use consensus_playground::{check::*, kv::*, process::*, run::Run, scenario::*};

catalogue! {
    /// The rules that can be switched off.
    Mutation { NotWritten = "not-written", "van Renesse and Schneider 2004, 3", "A replica writes what it passes on."; }
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Chain {
    seat: Seat,
    mutations: Mutations<Mutation>,
    store: Store,
}
fingerprint_struct!(Chain { store } skip { seat, mutations });

impl Process for Chain {
    type Config = Mutations<Mutation>;
    type Message = PlainMessage;
    type Timer = NoTimer;
    type Receipt = ();
    type Durable = Store;
    type Rule = Mutation;
    type Mutation = Mutation;
    type Report = ();
    fn boot(seat: Seat, mutations: &Self::Config, disk: &Store, _: u32) -> Self {
        Self { seat, mutations: *mutations, store: disk.clone() }
    }
    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Outbox<Self>) {
        let Input::Message { from, message: PlainMessage::Request(request) } = input else { return };
        if !self.seat.is_replica(from) && self.seat.id != NodeId(0) {
            return out.send(from, PlainMessage::not_leader(request.sequence, Some(NodeId(0))));
        }
        let Some(answer) = self.store.apply(request) else { return };
        if !self.mutations.has(Mutation::NotWritten) {
            out.persist(request.clone());
        }
        match NodeId(self.seat.id.0 + 1) {
            next if self.seat.is_replica(next) => out.send(next, PlainMessage::Request(request.clone())),
            _ => out.send(request.client, PlainMessage::answer(request.sequence, answer)),
        }
    }
}

impl Replica for Chain {
    const PROTOCOL: &'static str = "chain";
}
impl Watched for Chain {
    type Monitor = NoMonitor;
}
impl Undecided for Chain {}
impl Playable for Chain {
    fn config(scenario: &Scenario) -> Result<Self::Config, ScenarioError> {
        scenario.mutations()
    }
    fn absent_tolerated(_: &Self::Config, _: u16) -> u32 {
        0
    }
}

/// What is explored: n4, a client, writes once.
struct OneWrite;
impl Subject for OneWrite {
    type Process = Chain;
    type Memory = ();
    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        vec![Property::always("prefix", "what one has, all before it have", |_, state: &ClusterState<Chain, ()>| {
            state.nodes().windows(2).all(|pair| pair[0].disk.latest(NodeId(3)) >= pair[1].disk.latest(NodeId(3)))
        })]
    }
    fn requests(&self) -> Vec<(NodeId, NodeId, PlainMessage)> {
        let command = Command::Put { key: "x".into(), value: "1".into() };
        vec![(NodeId(3), NodeId(0), PlainMessage::Request(Request { client: NodeId(3), sequence: 1, command }))]
    }
}

fn main() -> Result<(), ScenarioError> {
    for mutations in [vec![], vec!["not-written".to_owned()]] {
        let scenario = Scenario { replicas: 3, mutations, ..Scenario::of("chain") };
        let mut run = Run::new(scenario.simulation::<Chain>()?);
        run.run_until(SECOND, 10_000);
        println!("{:?}\n  one run: {}", scenario.mutations, run.verdict(1_000_000).sentence);
        let (is_sound, config) = (scenario.mutations.is_empty(), Chain::config(&scenario)?);
        let mut hunter = hunt::Hunter::<Chain>::new(hunt::Options { scenario, faults_max: 6, liars: None });
        let found = (0..100).find_map(|seed| hunter.hunt(seed).map(|hunted| hunted.failure).transpose()).transpose()?;
        println!("  the hunt: {}", found.as_ref().map_or("nothing in 100 seeds", |failure| &failure.sentence));
        let bounds = Bounds { crashes: 1, ..Bounds::default() };
        let mut explorer = Explorer::new(ClusterModel::new(OneWrite, config, 3, bounds), Default::default());
        explorer.run();
        explorer.report().properties.iter().for_each(|property| println!("  the explorer: {}", property.line()));
        assert!(found.is_none() == is_sound && !(is_sound && explorer.report().has_failure()));
    }
    Ok(())
}

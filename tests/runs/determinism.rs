//! A run is a pure function of its scenario, seed and interventions: played again, sought, branched, and written down
//! as text.

use consensus_playground::check::{Finding, Monitor, Watched};
use consensus_playground::process::{Catalogue, NodeId, Ticks};
use consensus_playground::raft::{Mutation, Raft};
use consensus_playground::run::Run;
use consensus_playground::scenario::{InterventionText, Scenario};
use consensus_playground::search::hunt::terrain;
use consensus_playground::search::schedule::{self, Schedule};
use consensus_playground::sim::random::Stream;
use consensus_playground::sim::{Action, Stepped};

const SEEDS: std::ops::Range<u64> = 0..30;

/// A run under the faults of a seed, as the hunt has it.
fn drawn(seed: u64, mutation: Option<Mutation>) -> (Scenario, Schedule) {
    let mut scenario = Scenario { seed, ..Scenario::of("raft") };
    scenario.mutations.extend(mutation.map(|mutation| mutation.name().to_owned()));
    let schedule = schedule::draw(seed, terrain::<Raft>(&scenario, 10, false).unwrap());
    schedule.settings.put_into(&mut scenario);
    if seed.is_multiple_of(3) {
        scenario.disk.flush_ticks = 10_000;
    }
    (scenario, schedule)
}

fn play(scenario: &Scenario, schedule: &Schedule) -> Run<Raft> {
    let mut run = Run::new(scenario.raft_simulation().unwrap());
    for fault in &schedule.faults {
        run.run_until(fault.at, u32::MAX);
        for action in fault.aim.actions(run.simulation().world()) {
            let _ = run.intervene(action);
        }
    }
    run.run_until(schedule.end, u32::MAX);
    run
}

fn hash(run: &Run<Raft>) -> u128 {
    run.simulation().world().trace_hash()
}

/// The scenario that a link would carry, by way of its text.
fn written_down(scenario: &Scenario, run: &Run<Raft>) -> Scenario {
    let interventions =
        run.simulation().interventions().iter().map(|each| InterventionText::of::<Raft>(each, 5)).collect();
    let text = serde_json::to_string(&Scenario { interventions, ..scenario.clone() }).unwrap();
    consensus_playground::scenario::parse(&text).unwrap()
}

fn played_again(scenario: &Scenario, until: Ticks) -> Run<Raft> {
    let mut run = Run::new(scenario.raft_simulation().unwrap());
    run.run_until(until, u32::MAX);
    run
}

fn what_did_not_hold(findings: &[Finding]) -> Vec<(&'static str, u32)> {
    findings.iter().map(|finding| (finding.invariant.name, finding.event)).collect()
}

#[test]
fn the_same_scenario_twice_is_the_same_run() {
    for seed in SEEDS {
        let (scenario, schedule) = drawn(seed, None);
        let (one, other) = (play(&scenario, &schedule), play(&scenario, &schedule));
        assert_eq!(hash(&one), hash(&other), "seed {seed}");
        assert_eq!(one.simulation().trace().events, other.simulation().trace().events);
        assert_eq!(one.transcript(0..u32::MAX), other.transcript(0..u32::MAX));
    }
}

#[test]
fn another_seed_is_another_run() {
    let (scenario, schedule) = drawn(1, None);
    let one = play(&scenario, &schedule);
    let other = play(&Scenario { seed: 2, ..scenario }, &schedule);
    assert_ne!(hash(&one), hash(&other));
}

#[test]
fn going_back_anywhere_and_forward_again_repeats_every_event() {
    for seed in SEEDS {
        let (scenario, schedule) = drawn(seed, None);
        let mut run = play(&scenario, &schedule);
        let (end, events) = (hash(&run), run.simulation().events());
        // What the hash was after each event, by a second run that never goes back.
        let again = written_down(&scenario, &run);
        let mut forward = Run::<Raft>::new(again.raft_simulation().unwrap());
        let mut hashes = vec![hash(&forward)];
        while (hashes.len() as u32) <= events && forward.step_until(Ticks::MAX) == Stepped::Event {
            hashes.push(hash(&forward));
        }
        let resolutions = run.simulation().trace().resolutions.clone();
        let mut places = Stream::new(seed, 1_000);
        for _ in 0..20 {
            let place = places.between(0, u64::from(events)) as u32;
            run.seek(place);
            assert_eq!(run.simulation().cursor(), place);
            assert_eq!(hash(&run), hashes[place as usize], "seed {seed}, after event {place}");
        }
        run.run_until(schedule.end, u32::MAX);
        assert_eq!((hash(&run), run.simulation().events()), (end, events), "seed {seed}");
        assert_eq!(run.simulation().trace().resolutions, resolutions);
    }
}

#[test]
fn a_run_written_down_and_read_again_is_the_same_run() {
    for seed in SEEDS {
        let (scenario, schedule) = drawn(seed, None);
        let run = play(&scenario, &schedule);
        let again = played_again(&written_down(&scenario, &run), schedule.end);
        assert_eq!(hash(&run), hash(&again), "seed {seed}");
        assert_eq!(run.simulation().trace().events, again.simulation().trace().events, "seed {seed}");
    }
}

/// Something that a person might do at a place of the run.
fn something(places: &mut Stream) -> Action {
    let node = NodeId(places.between(0, 4) as u16);
    match places.between(0, 4) {
        0 => Action::Crash(node),
        1 => Action::Pause(node),
        2 => Action::Partition(vec![[node, NodeId(5)].into_iter().collect()]),
        3 => Action::RemoveFaults,
        _ => Action::Invoke(
            NodeId(6),
            consensus_playground::kv::Command::Put { key: "x".into(), value: "by hand".into() },
        ),
    }
}

/// Goes back to drawn places, acts there, goes on a little, and does so again.
fn act_in_the_past(run: &mut Run<Raft>, seed: u64, end: Ticks) {
    let mut places = Stream::new(seed, 1_001);
    for _ in 0..4 {
        run.seek(places.between(0, u64::from(run.simulation().events())) as u32);
        if run.intervene(something(&mut places)).is_ok() {
            let until = run.simulation().world().now() + places.between(0, 600_000);
            run.run_until(until.min(end), u32::MAX);
        }
    }
    run.seek(run.simulation().events());
    run.run_until(end, u32::MAX);
}

#[test]
fn acting_in_the_past_makes_a_run_that_can_be_written_down_too() {
    for seed in SEEDS {
        let (scenario, schedule) = drawn(seed, None);
        let mut run = play(&scenario, &schedule);
        assert!(!run.history().is_empty(), "what was read before must not stay");
        act_in_the_past(&mut run, seed, schedule.end);
        let mut again = played_again(&written_down(&scenario, &run), schedule.end);
        assert_eq!(hash(&run), hash(&again), "seed {seed}");
        assert_eq!(run.simulation().trace().events, again.simulation().trace().events, "seed {seed}");
        assert_eq!(run.history(), again.history(), "seed {seed}");
        assert_eq!(run.findings(), [], "seed {seed}");
    }
}

/// With a mutation there is something to be found: after acting in the past it is what a fresh run finds.
#[test]
fn the_monitor_forgets_what_no_longer_happened() {
    let mut findings = 0;
    for (place, &mutation) in Mutation::ALL.iter().enumerate() {
        for seed in 0..8 {
            let (scenario, schedule) = drawn(seed * 31 + place as u64, Some(mutation));
            let mut run = play(&scenario, &schedule);
            act_in_the_past(&mut run, seed, schedule.end);
            let again = played_again(&written_down(&scenario, &run), schedule.end);
            let (seen, expected) = (what_did_not_hold(&run.findings()), what_did_not_hold(&again.findings()));
            assert_eq!(seen, expected, "{}, seed {}", mutation.name(), scenario.seed);
            findings += seen.len();
        }
    }
    assert!(findings >= 15, "{findings}");
}

/// After an event only the process that handled it is looked at, and only what is new there. A look at everything sees
/// no more.
#[test]
fn the_quick_look_sees_what_the_thorough_one_sees() {
    type Watcher = <Raft as Watched>::Monitor;
    for (place, &mutation) in Mutation::ALL.iter().enumerate() {
        for seed in 0..4 {
            let (scenario, schedule) = drawn(seed * 17 + place as u64, Some(mutation));
            let again = written_down(&scenario, &play(&scenario, &schedule));
            let mut simulation = again.raft_simulation().unwrap();
            let (mut quick, mut thorough) = (Watcher::new(5), Watcher::new(5));
            while simulation.cursor() < 1_500 && simulation.step_until(schedule.end) == Stepped::Event {
                let event = simulation.cursor() - 1;
                consensus_playground::check::watch(&mut quick, event, simulation.world(), simulation.trace());
                consensus_playground::check::watch(&mut thorough, event, simulation.world(), simulation.trace());
                thorough.observe_everything(event, simulation.world());
                let (seen, expected) = (what_did_not_hold(&quick.findings()), what_did_not_hold(&thorough.findings()));
                assert_eq!(seen, expected, "{}, seed {}, after event {event}", mutation.name(), scenario.seed);
            }
        }
    }
}

/// A run whose leader was cut off at 400 ms, for 300 ms.
fn cut_for_a_while() -> Run<Raft> {
    let mut run = Run::new(Scenario::of("raft").raft_simulation().unwrap());
    run.run_until(400_000, u32::MAX);
    run.intervene(Action::Partition(vec![[NodeId(0), NodeId(5)].into_iter().collect()])).unwrap();
    run.plan_heal(700_000).unwrap();
    run
}

fn heals(run: &Run<Raft>) -> Vec<Ticks> {
    let simulation = run.simulation();
    let heals = simulation.interventions().iter().filter(|each| each.action == Action::Heal);
    heals.map(|heal| heal.at).collect()
}

fn is_cut(run: &Run<Raft>) -> bool {
    run.simulation().world().network().is_cut(NodeId(0), NodeId(1))
}

#[test]
fn a_planned_heal_comes_at_its_time_and_not_before_however_the_run_is_moved() {
    let mut run = cut_for_a_while();
    assert_eq!(run.simulation().heals_at(), Some(700_000));
    while run.simulation().world().now() < 700_000 {
        assert!(is_cut(&run));
        assert_eq!(run.step_until(Ticks::MAX), Stepped::Event);
    }
    assert!(!is_cut(&run), "stepping over the time heals at the time");
    assert_eq!(run.simulation().heals_at(), None);
    let mut again = played_again(&written_down(&Scenario::of("raft"), &run), 2_000_000);
    run.run_until(2_000_000, u32::MAX);
    assert_eq!(hash(&run), hash(&again), "what was planned is written down");
    again.seek(100);
    again.seek(again.simulation().events());
    assert_eq!(hash(&run), hash(&again));
}

#[test]
fn a_planned_heal_outlives_what_else_is_done_by_hand_but_not_the_cut_that_it_was_planned_for() {
    let mut run = cut_for_a_while();
    let cut = run.simulation().cursor();
    run.run_until(900_000, u32::MAX);
    run.seek(cut + 5);
    assert_eq!(run.simulation().heals_at(), Some(700_000));
    run.intervene(Action::Pause(NodeId(1))).unwrap();
    assert_eq!(heals(&run), [700_000]);
    run.run_until(900_000, u32::MAX);
    assert!(!is_cut(&run));
    run.seek(cut - 1);
    assert_eq!(run.simulation().heals_at(), None, "nothing is cut there yet");
    run.intervene(Action::Pause(NodeId(2))).unwrap();
    assert!(heals(&run).is_empty());
}

#[test]
fn healing_or_cutting_by_hand_takes_the_place_of_a_planned_heal() {
    let link = (NodeId(2), NodeId(3));
    for action in [
        Action::Heal,
        Action::RemoveFaults,
        Action::Cut(vec![link]),
        Action::Restore(vec![link]),
        Action::Partition(Vec::new()),
    ] {
        let mut run = cut_for_a_while();
        run.run_until(500_000, u32::MAX);
        run.intervene(action.clone()).unwrap();
        assert_eq!(run.simulation().heals_at(), None, "{action:?}");
        let cut = run.simulation().world().network().cuts().count();
        run.run_until(1_000_000, u32::MAX);
        assert_eq!(run.simulation().world().network().cuts().count(), cut, "{action:?}");
    }
}

/// What a scenario plans is part of it, whatever is done by hand.
#[test]
fn a_heal_that_the_scenario_plans_stays() {
    let mut scenario = Scenario::of("raft");
    scenario.interventions.push(InterventionText {
        at: 700_000,
        after_event: None,
        action: consensus_playground::scenario::ActionText::Heal,
    });
    let mut run = Run::new(scenario.raft_simulation().unwrap());
    run.run_until(400_000, u32::MAX);
    run.intervene(Action::Partition(vec![[NodeId(0)].into_iter().collect()])).unwrap();
    assert_eq!(run.simulation().heals_at(), Some(700_000));
    run.plan_heal(600_000).unwrap();
    assert_eq!(heals(&run), [600_000, 700_000]);
    assert_eq!(run.simulation().heals_at(), Some(600_000));
}

#[test]
fn before_anything_has_happened_no_heal_can_be_planned() {
    let mut run = Run::new(Scenario::of("raft").raft_simulation().unwrap());
    assert_eq!(run.plan_heal(5).unwrap_err().to_string(), "run: nothing has happened yet that could heal");
}

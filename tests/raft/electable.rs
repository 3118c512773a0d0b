//! Settings under which nobody can be elected are said to be such, and those right beside them are not.

use super::cluster::{Cluster, MS, idle};
use consensus_playground::raft::Raft;
use consensus_playground::scenario::{ActionText, InterventionText, Playable, Scenario};
use consensus_playground::sim::{Ratio, TicksRange};

fn of(change: impl FnOnce(&mut Scenario)) -> Scenario {
    let mut scenario = idle(3, 1);
    change(&mut scenario);
    scenario
}

/// Whether anybody leads within half a minute.
fn somebody_leads(scenario: &Scenario) -> bool {
    let mut cluster = Cluster::of(scenario.clone());
    (0..600).any(|_| {
        cluster.run_ms(50);
        !cluster.leaders().is_empty()
    })
}

fn timeouts(scenario: &mut Scenario, min: u64, max: u64) {
    scenario.raft.election_timeout_ticks = TicksRange::new(min * MS, max * MS);
}

#[test]
fn where_nobody_can_be_elected_that_is_said_and_nobody_is() {
    let hopeless = [
        (of(|scenario| timeouts(scenario, 200, 200)), None),
        (
            of(|scenario| {
                timeouts(scenario, 200, 200);
                scenario.raft.pre_vote = false;
            }),
            Some("wait exactly 200 ms"),
        ),
        (
            of(|scenario| {
                timeouts(scenario, 200, 200);
                scenario.network.latency_ticks = TicksRange::new(10 * MS, 10 * MS);
            }),
            Some("again and again"),
        ),
        (of(|scenario| scenario.disk.flush_ticks = 200 * MS), Some("takes a candidate 416 ms at least")),
        (
            of(|scenario| scenario.network.latency_ticks = TicksRange::new(160 * MS, 200 * MS)),
            Some("waits 300 ms at most"),
        ),
        (of(|scenario| scenario.network.loss = Ratio::percent(100)), Some("loses every message")),
        (
            of(|scenario| {
                scenario.replicas = 1;
                scenario.disk.flush_ticks = 400 * MS;
            }),
            Some("takes a candidate 400 ms at least"),
        ),
    ];
    for (scenario, expected) in hopeless {
        let said = Raft::nobody_can_be_elected(&scenario);
        match expected {
            Some(words) => {
                assert!(said.as_ref().is_some_and(|said| said.contains(words)), "{said:?}");
                assert!(!somebody_leads(&scenario), "{said:?}");
            }
            // Latencies that differ set pre-candidates apart.
            None => assert!(said.is_none() && somebody_leads(&scenario)),
        }
    }
}

#[test]
fn where_somebody_can_be_elected_nothing_is_said() {
    let hopeful = [
        of(|_| {}),
        of(|scenario| timeouts(scenario, 200, 230)),
        of(|scenario| scenario.disk.flush_ticks = 100 * MS),
        // One of the disks is slow, and a majority has others.
        of(|scenario| {
            scenario.disk.own_flush_ticks.insert("n3".to_owned(), TicksRange::new(900 * MS, 900 * MS));
        }),
        of(|scenario| {
            scenario.replicas = 1;
            timeouts(scenario, 200, 200);
        }),
    ];
    for scenario in hopeful {
        assert_eq!(Raft::nobody_can_be_elected(&scenario), None);
        assert!(somebody_leads(&scenario));
    }
}

#[test]
fn an_intervention_that_may_help_somebody_leaves_it_open() {
    let mut scenario = of(|scenario| {
        timeouts(scenario, 200, 200);
        scenario.raft.pre_vote = false;
    });
    assert!(Raft::nobody_can_be_elected(&scenario).is_some());
    scenario.interventions.push(InterventionText { at: 100 * MS, after_event: None, action: ActionText::Heal });
    assert!(Raft::nobody_can_be_elected(&scenario).is_some());
    let pause = ActionText::FireTimer { node: "n1".to_owned(), timer: "election".to_owned() };
    scenario.interventions.push(InterventionText { at: 120 * MS, after_event: None, action: pause });
    assert_eq!(Raft::nobody_can_be_elected(&scenario), None);
    assert!(somebody_leads(&scenario));
}

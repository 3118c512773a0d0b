//! How many forks of a run end as it does: by the moment, the same for any order and any number of threads.

use super::commands::playground;
use consensus_playground::process::{MILLISECOND, SECOND, Ticks};
use consensus_playground::raft::Raft;
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;
use consensus_playground::scenario::script::{at, by_hand, put, stand};
use consensus_playground::scenario::{ActionText, Link, PROTOCOLS, Scenario};
use consensus_playground::search::likelihood::{AnyForks, Question, Whole, begin, outcomes};
use serde_json::Value;

fn prepared(name: &str, until: Ticks) -> Whole {
    let entry = gallery().into_iter().find(|entry| entry.name == name).unwrap();
    Whole { scenario: entry.scenario, until, events: u32::MAX }
}

fn forks(whole: Whole, outcome: &str, moments: u32, forks: u32) -> Box<dyn AnyForks> {
    begin(&Question { whole, outcome: outcome.to_owned(), moments, forks }).unwrap()
}

fn share(forks: &mut dyn AnyForks, place: usize) -> u32 {
    (0..forks.about().forks).filter(|&number| forks.fork(place, number)).count() as u32
}

fn shares(forks: &mut dyn AnyForks) -> Vec<u32> {
    (0..forks.about().moments.len()).map(|place| share(forks, place)).collect()
}

/// Which outcomes a run has, as they are asked for.
fn listed(whole: &Whole) -> Vec<String> {
    outcomes(whole).unwrap().into_iter().map(|each| each.outcome).collect()
}

#[test]
fn a_leader_is_one_of_many_before_its_election_and_the_only_one_after_it() {
    let whole = prepared("elect-and-replicate", SECOND);
    let all = outcomes(&whole).unwrap();
    let leader = all.iter().find(|each| each.outcome.starts_with("leader:")).unwrap();
    let elected = leader.event.unwrap();
    let mut forks = forks(whole, &leader.outcome, 20, 20);
    let shares = shares(forks.as_mut());
    assert!(forks.about().is_so);
    assert!(shares[0] < 12, "anyone of five may be the first: {shares:?}");
    for (moment, &share) in forks.about().moments.iter().zip(&shares) {
        assert!(moment.event <= elected || share == 20, "{shares:?}");
    }
}

#[test]
fn the_numbers_do_not_depend_on_the_order_in_which_they_are_asked_for() {
    let whole = prepared("cut-the-leader-off", 3 * SECOND);
    let outcome = listed(&whole).into_iter().find(|outcome| outcome.starts_with("unserved:")).unwrap();
    let mut forwards = forks(whole.clone(), &outcome, 9, 5);
    let mut backwards = forks(whole, &outcome, 9, 5);
    let mut from_the_end: Vec<u32> = (0..9).rev().map(|place| share(backwards.as_mut(), place)).collect();
    from_the_end.reverse();
    assert_eq!(shares(forwards.as_mut()), from_the_end);
}

/// All messages take 10 ms and n1 alone stands: without the one who loses its messages, it leads whatever is drawn.
fn silenced() -> Scenario {
    let mut scenario = by_hand(3, vec![at(10, stand("n1")), at(300, put("c1", "x", "1"))]);
    let mut run = Run::new(scenario.raft_simulation().unwrap());
    run.run_until(15 * MILLISECOND, u32::MAX);
    let lost = run.simulation().world().in_flight();
    assert_eq!(lost.len(), 2, "what n1 asks n2 and n3");
    let lose = |message| at(15, ActionText::DropMessage { message });
    scenario.interventions.splice(1..1, lost.into_iter().map(lose));
    scenario
}

#[test]
fn what_is_done_to_a_message_decides_once_the_message_is_sent() {
    let whole = Whole { scenario: silenced(), until: 2 * SECOND, events: u32::MAX };
    let mut run = Run::new(whole.scenario.simulation::<Raft>().unwrap());
    run.run_until(whole.until, u32::MAX);
    let asked = run.simulation().trace().messages[0].event;
    // A moment for each event.
    let events = run.simulation().events();
    let mut forks = forks(whole, "unserved:c1.1", events + 1, 6);
    assert!(forks.about().is_so);
    for (place, share) in shares(forks.as_mut()).into_iter().enumerate() {
        let is_sent = forks.about().moments[place].event > asked;
        assert_eq!(share, if is_sent { 6 } else { 0 }, "after {place} events; they are sent in event {asked}");
    }
}

#[test]
fn a_write_of_raft_is_lost_once_a_liar_has_had_its_way() {
    let whole = prepared("a-liar-in-raft", 5 * SECOND);
    let lost = listed(&whole).into_iter().find(|outcome| outcome.starts_with("lost:")).expect("a write is lost");
    let mut forks = forks(whole, &lost, 8, 6);
    let shares = shares(forks.as_mut());
    assert!(forks.about().is_so);
    assert_eq!((shares[0], shares[7]), (0, 6), "{shares:?}");
}

#[test]
fn a_fork_has_a_link_to_the_run_that_it_is() {
    let whole = prepared("stale-read", 3 * SECOND);
    let mut forks = forks(whole, "broken:linearizability", 7, 3);
    for (place, number) in [(0, 0), (3, 2), (6, 1)] {
        let is_so = forks.fork(place, number);
        let link = Link::read(&forks.link(place, number).to_fragment().unwrap()).unwrap();
        let again = Whole { scenario: link.scenario.clone(), until: Ticks::MAX, events: link.events };
        assert_eq!(listed(&again).contains(&"broken:linearizability".to_owned()), is_so);
        let mut run = Run::new(link.scenario.simulation::<Raft>().unwrap());
        run.run_until(Ticks::MAX, link.events);
        assert_eq!((run.simulation().events(), run.hash_after(link.events)), (link.events, link.trace_hash));
        assert_eq!(link.playhead, forks.about().moments[place].event + 1);
    }
}

#[test]
fn every_outcome_of_every_protocol_is_read_again_and_is_so() {
    for protocol in PROTOCOLS {
        let whole = Whole { scenario: Scenario::of(protocol), until: SECOND, events: u32::MAX };
        let all = listed(&whole);
        assert!(all.iter().any(|outcome| outcome.starts_with("served:")), "{protocol}: {all:?}");
        for outcome in all {
            let forks = forks(whole.clone(), &outcome, 2, 1);
            assert_eq!((forks.about().outcome.as_str(), forks.about().is_so), (outcome.as_str(), true), "{protocol}");
        }
    }
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let whole = prepared("elect-and-replicate", SECOND);
    let refused = |outcome: &str, moments: u32, forks: u32| {
        let question = Question { whole: whole.clone(), outcome: outcome.to_owned(), moments, forks };
        begin(&question).err().expect("it is refused").to_string()
    };
    assert!(refused("won", 10, 1).starts_with("outcome: one of broken:NAME, leader:n3, "));
    assert!(refused("broken:nothing", 10, 1).starts_with("outcome: broken: one of linearizability, election-safety, "));
    assert_eq!(refused("leader:c1", 10, 1), "outcome: leader: the name of a replica, such as n3");
    assert!(refused("served:c1.9999", 10, 1).starts_with("outcome: there is no operation c1.9999: the client begins "));
    assert_eq!(refused("leader:n1", 1, 1), "moments: 2 to 500, not 1");
    assert_eq!(refused("leader:n1", 10, 0), "forks: 1 to 1000, not 0");
    assert!(refused("decided:7", 10, 1).contains("raft does not choose one value"));
    assert!(refused("silent:3-2", 10, 1).contains("such as silent:1200-2400"));
}

const COMMAND: [&str; 8] = ["likelihood", "stale-read", "--until", "2500", "--moments", "9", "--forks", "4"];

fn command(further: &[&str]) -> (i32, String, String) {
    playground(&[&COMMAND[..], further].concat())
}

#[test]
fn any_number_of_threads_prints_the_same() {
    let asked = ["--outcome", "broken:linearizability", "--json", "--links", "--jobs"];
    let alone = command(&[&asked[..], &["1"]].concat());
    assert_eq!((alone.0, alone.2.as_str()), (0, ""));
    for jobs in ["2", "5"] {
        assert_eq!(command(&[&asked[..], &[jobs]].concat()), alone);
    }
    let report: Value = serde_json::from_str(&alone.1).unwrap();
    assert_eq!(report["moments"].as_array().unwrap().len(), 9);
    let last = &report["moments"][8];
    assert_eq!((&last["same"], &last["otherwise"]), (&Value::from(4), &Value::Null));
    assert!(last["link"].as_str().unwrap().starts_with("#run=1."));
}

#[test]
fn the_command_lists_outcomes_and_says_in_how_many_forks() {
    let (status, text, _) = command(&[]);
    assert_eq!(status, 0);
    assert!(text.starts_with("broken:linearizability       the history is not linearizable (event "), "{text}");
    let (_, text, _) = command(&["--outcome", "broken:linearizability"]);
    assert!(text.contains(" on, 4 of 4 forks of each moment end so\n") && !text.contains("certain"), "{text}");
    let (status, _, errors) = command(&["--outcome", "nonsense"]);
    assert_eq!(status, 2);
    assert!(errors.starts_with("outcome: one of broken:NAME"), "{errors}");
}

//! What the monitor says is true: the sound protocol keeps every invariant whatever its disks do, each invariant is
//! seen to break when a rule is switched off, and the reasons that are given are the events that are responsible.

use super::stress::{ALL_DISKS, all_are_seen, must_name_its_events, sent, stressed};
use consensus_playground::check::{Finding, Monitor, Watched};
use consensus_playground::paxos::{Ballot, Message, Mutation, Paxos};
use consensus_playground::process::{Alteration, Catalogue, MILLISECOND, NodeId, SECOND, Ticks};
use consensus_playground::run::Run;
use consensus_playground::scenario::{InterventionText, Scenario};
use consensus_playground::sim::{Action, Ratio, Simulation, Strategy, TicksRange};

/// Five processes, whose clients want to be the first.
fn race(mutation: Option<Mutation>) -> Scenario {
    let mut scenario = Scenario { replicas: 5, clients: 5, ..Scenario::of("paxos") };
    scenario.workload.think_ticks = TicksRange::new(1, 60 * MILLISECOND);
    scenario.mutations = mutation.iter().map(|mutation| mutation.name().to_owned()).collect();
    scenario
}

#[test]
fn the_sound_protocol_keeps_every_promise_whatever_its_disks_do() {
    for disks in ALL_DISKS {
        for seed in 0..150 {
            let run: Run<Paxos> = stressed(race(None), disks, seed, 8 * MILLISECOND);
            assert_eq!(run.findings(), [], "{disks:?}, seed {seed}");
        }
    }
}

/// Which invariants are seen to break when a rule is switched off.
const SEEN: [(Mutation, &[&str]); 12] = [
    (Mutation::StalePromisesCounted, &["proposals-bound"]),
    (Mutation::LatestValueTaken, &["proposals-bound"]),
    (Mutation::PromiseNotDurable, &["promises-kept"]),
    (Mutation::AcceptanceNotDurable, &["acceptances-reported"]),
    (Mutation::BallotNotDurable, &["ballots-used-once"]),
    (Mutation::AcceptRaisesNoPromise, &["promises-kept"]),
    (Mutation::MajorityTooSmall, &["learned-is-chosen", "proposals-bound"]),
    (Mutation::AnyAcceptancesCounted, &["learned-is-chosen"]),
    (Mutation::PromiseIgnored, &["promises-kept"]),
    (Mutation::PromiseWithoutAccepted, &["acceptances-reported", "agreement"]),
    (Mutation::ReportsIgnored, &["proposals-bound", "agreement"]),
    (Mutation::BallotsShared, &["ballots-used-once", "one-value-a-ballot", "no-forbidden-transition"]),
];

#[test]
fn each_rule_that_is_switched_off_is_seen_whether_a_flush_takes_no_time_or_milliseconds() {
    let run = |mutation, disks, seed| stressed(race(Some(mutation)), disks, seed, 8 * MILLISECOND);
    all_are_seen::<Paxos>(&SEEN, run, must_be_explained);
}

#[test]
fn every_invariant_has_a_rule_or_a_liar_that_breaks_it() {
    for invariant in <Paxos as Watched>::Monitor::INVARIANTS {
        let name = invariant.name;
        let by_rule = SEEN.iter().any(|(_, seen)| seen.contains(&name));
        assert_ne!(by_rule, name == "validity", "{name}: no honest process proposes what nobody wants");
    }
}

/// Ballot and value of what an event has said about an acceptance.
fn accepted(message: &Message) -> Option<(Ballot, String)> {
    match message {
        Message::Accepted { proposal } | Message::Promise { accepted: Some(proposal), .. } => {
            Some((proposal.ballot, proposal.value.to_string()))
        }
        _ => None,
    }
}

/// The ballot that a message binds its sender to.
fn bound(message: &Message) -> Ballot {
    match message {
        Message::Promise { ballot, .. } | Message::Prepare { ballot } => *ballot,
        Message::Accepted { proposal } | Message::Accept { proposal } => proposal.ballot,
        _ => panic!("{message:?}"),
    }
}

/// The reasons of a finding are the events that are responsible, as the trace tells.
fn must_be_explained(run: &Run<Paxos>, finding: &Finding) {
    must_name_its_events(run, finding);
    let name = finding.invariant.name;
    let votes = sent(run, finding, &["accepted", "promise"]);
    let accepted: Vec<(NodeId, Ballot, String)> = votes
        .iter()
        .filter_map(|(_, from, message)| accepted(message).map(|(ballot, value)| (*from, ballot, value)))
        .collect();
    let values_of = |ballots: &dyn Fn(Ballot) -> bool| {
        let mut values: Vec<&str> =
            accepted.iter().filter(|(_, ballot, _)| ballots(*ballot)).map(|(.., value)| value.as_str()).collect();
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    let holds = match name {
        "agreement" => {
            values_of(&|_| true) == 2
                && accepted.iter().any(|(one, ..)| accepted.iter().filter(|(each, ..)| each == one).count() > 1)
        }
        "one-value-a-ballot" => accepted.iter().any(|(_, ballot, _)| values_of(&|each| each == *ballot) == 2),
        "learned-is-chosen" => finding.because.last().is_some_and(|last| last.event == finding.event),
        "promises-kept" => votes.iter().any(|(event, from, message)| {
            votes.iter().any(|(later, same, other)| from == same && event < later && bound(other) < bound(message))
        }),
        "acceptances-reported" => {
            let (event, from, promise) = *votes.last().unwrap();
            let reported = accepted_in(promise);
            votes
                .iter()
                .any(|(earlier, same, message)| *same == from && *earlier < event && accepted_in(message) > reported)
        }
        "proposals-bound" => {
            let proposals = sent(run, finding, &["accept"]);
            let ballot = bound(proposals[0].2);
            let promises = sent(run, finding, &["promise"]);
            promises.iter().filter(|(.., promise)| bound(promise) == ballot).count() + 1 >= finding.because.len().min(3)
        }
        "ballots-used-once" => !sent(run, finding, &["prepare"]).is_empty(),
        "no-forbidden-transition" | "validity" => finding.because.iter().any(|reason| reason.event <= finding.event),
        other => panic!("{other}"),
    };
    assert!(holds, "{finding:?}\n{votes:?}");
}

fn accepted_in(message: &Message) -> Option<Ballot> {
    accepted(message).map(|(ballot, _)| ballot)
}

/// What is told of a finding, each reason with the milliseconds at which it happened.
fn told(run: &Run<Paxos>, invariant: &str) -> Vec<(Ticks, String)> {
    let finding = run.findings().into_iter().find(|finding| finding.invariant.name == invariant).unwrap();
    must_be_explained(run, &finding);
    let time = |event: u32| run.simulation().trace().events[event as usize].time / MILLISECOND;
    finding.because.into_iter().map(|reason| (time(reason.event), reason.sentence)).collect()
}

/// A cluster to whose clients nothing happens but what the interventions say. A message takes 10 ms.
fn scripted(replicas: u32, clients: u32, interventions: &str) -> Scenario {
    let mut scenario = Scenario { replicas, clients, ..Scenario::of("paxos") };
    scenario.workload.operations_per_client = Some(0);
    scenario.network.latency_ticks = TicksRange::new(10 * MILLISECOND, 10 * MILLISECOND);
    scenario.client.attempt_ticks = 5 * SECOND;
    scenario.client.deadline_ticks = 5 * SECOND;
    scenario.paxos.retry_ticks = 5 * SECOND;
    scenario.interventions = serde_json::from_str::<Vec<InterventionText>>(interventions).unwrap();
    scenario
}

fn ran(scenario: &Scenario, until: Ticks) -> Run<Paxos> {
    let mut run = Run::new(scenario.simulation::<Paxos>().unwrap());
    run.run_until(until, u32::MAX);
    run.findings_at_end();
    run
}

fn chosen(run: &Run<Paxos>) -> Vec<String> {
    let replicas = run.simulation().world().replicas().iter();
    replicas
        .map(|machine| machine.process.as_ref().and_then(Paxos::chosen).map_or("-".to_owned(), ToString::to_string))
        .collect()
}

/// The disks take 25 ms. n1, n2 and n3 accept c1's value in 1.n1, and before the last of them has said so, its disk
/// holds a higher ballot: what it has said counts, whatever lies on its disk when it is counted.
const OVERTAKEN_ON_DISK: &str = r#"[
    {"at": 1000, "action": {"pause": {"node": "n4"}}},
    {"at": 2000, "action": {"cut": {"links": [{"from": "n5", "to": "n1"}]}}},
    {"at": 20000, "action": {"invoke": {"client": "c1",
        "command": {"cas": {"key": "value", "expected": null, "new": "red"}}}}},
    {"at": 90000, "action": {"cut": {"links": [{"from": "n1", "to": "n3"}, {"from": "n1", "to": "n5"}]}}},
    {"at": 150000, "action": {"invoke": {"client": "c5",
        "command": {"cas": {"key": "value", "expected": null, "new": "blue"}}}}},
    {"at": 215000, "action": {"cut": {"links": [{"from": "n5", "to": "n2"}, {"from": "n5", "to": "n3"}]}}},
    {"at": 310000, "action": {"resume": {"node": "n4"}}}]"#;

#[test]
fn what_has_been_accepted_counts_also_where_the_disk_has_moved_on() {
    let mut scenario = scripted(5, 5, OVERTAKEN_ON_DISK);
    for flush_ticks in [25, 24, 23] {
        scenario.disk.flush_ticks = flush_ticks * MILLISECOND;
        let run = ran(&scenario, 500 * MILLISECOND);
        assert_eq!(run.findings(), [], "{flush_ticks} ms");
        let rows = run.ballots();
        assert!(
            rows.len() > 1 && chosen(&run).iter().any(|value| value != "-"),
            "a second ballot is about, and something is learned: {rows:?}"
        );
    }
}

/// n1 promises c2's ballot, forgets it in a crash, and promises c1's, which is lower.
const PROMISE_FORGOTTEN: &str = r#"[
    {"at": 1, "action": {"cut": {"links": [{"from": "n2", "to": "n3"}, {"from": "n1", "to": "n2"},
        {"from": "n1", "to": "n3"}]}}},
    {"at": 20000, "action": {"invoke": {"client": "c2",
        "command": {"cas": {"key": "value", "expected": null, "new": "blue"}}}}},
    {"at": 60000, "action": {"crash": {"node": "n1"}}},
    {"at": 61000, "action": {"restart": {"node": "n1"}}},
    {"at": 62000, "action": "heal"},
    {"at": 70000, "action": {"invoke": {"client": "c1",
        "command": {"cas": {"key": "value", "expected": null, "new": "red"}}}}}]"#;

#[test]
fn p1_a_promise_that_was_said_binds_whatever_a_crash_has_taken_from_the_disk() {
    for flush_ticks in [0, 5 * MILLISECOND] {
        let mut scenario = scripted(3, 2, PROMISE_FORGOTTEN);
        scenario.disk.flush_ticks = flush_ticks;
        assert_eq!(ran(&scenario, 300 * MILLISECOND).findings(), []);
        scenario.mutations = vec!["promise-not-durable".to_owned()];
        let told = told(&ran(&scenario, 300 * MILLISECOND), "promises-kept");
        let sentences: Vec<&str> = told.iter().map(|(_, sentence)| sentence.as_str()).collect();
        assert_eq!(
            sentences,
            ["n1 promises 1.n2", "n1 comes back after a crash, with what is on its disk", "n1 promises 1.n1"]
        );
        assert_eq!(told[1].0, 61);
    }
}

/// n2 has promised 1.n3 when 1.n1's accept, which was held up, comes.
#[test]
fn what_is_accepted_below_a_promise_is_seen() {
    let mut scenario = scripted(
        3,
        3,
        r#"[{"at": 1000, "action": {"cut": {"links": [{"from": "n1", "to": "n3"}]}}},
            {"at": 10000, "action": {"invoke": {"client": "c1",
                "command": {"cas": {"key": "value", "expected": null, "new": "red"}}}}},
            {"at": 35000, "action": {"link_latency": {"from": "n1", "to": "n2",
                "latency_ticks": {"min": 100000, "max": 100000}}}},
            {"at": 50000, "action": {"invoke": {"client": "c3",
                "command": {"cas": {"key": "value", "expected": null, "new": "blue"}}}}}]"#,
    );
    assert_eq!(ran(&scenario, 400 * MILLISECOND).findings(), []);
    scenario.mutations = vec!["promise-ignored".to_owned()];
    let told = told(&ran(&scenario, 400 * MILLISECOND), "promises-kept");
    let sentences: Vec<&str> = told.iter().map(|(_, sentence)| sentence.as_str()).collect();
    assert!(
        matches!(sentences[..], ["n2 promises 1.n3" | "n2 accepts in 1.n3", "n2 accepts in 1.n1"]),
        "{sentences:?}"
    );
}

/// One acceptor that accepts two values in one ballot: n1 and n3 both propose under 1.n1.
#[test]
fn two_values_of_one_acceptor_in_one_ballot_are_compared() {
    let mut scenario = scripted(
        3,
        3,
        r#"[{"at": 1000, "action": {"cut": {"links": [{"from": "n1", "to": "n3"}, {"from": "n3", "to": "n1"}]}}},
            {"at": 10000, "action": {"invoke": {"client": "c1",
                "command": {"cas": {"key": "value", "expected": null, "new": "red"}}}}},
            {"at": 10500, "action": {"invoke": {"client": "c3",
                "command": {"cas": {"key": "value", "expected": null, "new": "blue"}}}}}]"#,
    );
    assert_eq!(ran(&scenario, 400 * MILLISECOND).findings(), []);
    scenario.mutations = vec!["ballots-shared".to_owned()];
    let run = ran(&scenario, 400 * MILLISECOND);
    let finding = run.findings().into_iter().find(|finding| finding.invariant.name == "one-value-a-ballot").unwrap();
    assert!(
        finding.sentence.starts_with("n2 accepts 1.n1 blue, and it has accepted red in that ballot")
            || finding.sentence.starts_with("n3 accepts 1.n1 blue, and "),
        "{finding:?}"
    );
    let told: Vec<String> = told(&run, "one-value-a-ballot").into_iter().map(|(_, sentence)| sentence).collect();
    for sentence in ["n1 proposes red in 1.n1", "n3 proposes blue in 1.n1"] {
        assert!(told.iter().any(|each| each == sentence), "{told:?}");
    }
}

/// P6, and its gentler form: a disk that says "done" and a crash that shows otherwise.
#[test]
fn p6_a_disk_that_loses_what_it_called_written_is_named_as_the_cause() {
    let interventions =
        PROMISE_FORGOTTEN.replacen('[', r#"[{"at": 0, "action": {"lose_flushes": {"node": "n1"}}},"#, 1);
    let run = ran(&scripted(3, 2, &interventions), 300 * MILLISECOND);
    let finding = run.findings().into_iter().find(|finding| finding.invariant.name == "promises-kept").unwrap();
    assert_eq!(
        finding.sentence,
        "n1 promises 1.n1, though it has promised 1.n2; the disk of n1 had lost what it called written, and \
         Paxos assumes that disks do not"
    );
    let told: Vec<String> = told(&run, "promises-kept").into_iter().map(|(_, sentence)| sentence).collect();
    assert!(told.contains(&"n1 loses its power, and its disk what it had called written".to_owned()), "{told:?}");
}

/// An acceptance that is on the disk and was never said binds nobody until a promise reports it.
#[test]
fn a_crash_between_a_write_and_what_is_sent_with_it_is_no_breach() {
    let mut scenario = scripted(3, 2, PROMISE_FORGOTTEN);
    let crash = r#"[{"at": 10000, "action": {"crash_between": {"node": "n1", "point": "write_and_send"}}}]"#;
    let crash: Vec<InterventionText> = serde_json::from_str(crash).unwrap();
    scenario.interventions.splice(1..1, crash);
    scenario.interventions.retain(|each| each.at != 60_000);
    let run = ran(&scenario, 400 * MILLISECOND);
    assert_eq!(run.findings(), []);
    assert!(!chosen(&run).iter().all(|value| value == "-"));
}

/// A proposer alone, in a network that delivers everything twice: nobody outbids it.
#[test]
fn a_proposer_whose_messages_come_twice_is_not_outbid_by_itself() {
    for seed in 0..50 {
        let mut scenario = scripted(
            3,
            1,
            r#"[{"at": 5000, "action": {"invoke": {"client": "c1",
                "command": {"cas": {"key": "value", "expected": null, "new": "red"}}}}}]"#,
        );
        scenario.seed = seed;
        scenario.network.latency_ticks = TicksRange::new(5 * MILLISECOND, 20 * MILLISECOND);
        scenario.network.duplication = Ratio { numerator: 1, denominator: 1 };
        let run = ran(&scenario, 300 * MILLISECOND);
        let transcript = run.transcript(0..run.simulation().events());
        for word in ["outbid", "refused"] {
            assert!(
                !transcript.contains(&format!("· {word}")) && !transcript.contains("-refused"),
                "seed {seed}: {word}"
            );
        }
        assert_eq!(chosen(&run), ["1.n1 red"; 3]);
    }
}

/// A majority has promised 1.n2 when 1.n1's acceptances are made: the lower ballot is chosen, which P2c allows, and the
/// higher one proposes its value.
#[test]
fn pms_2_2_p2c_a_lower_ballot_may_be_chosen_after_a_majority_has_promised_a_higher_one() {
    let scenario = scripted(
        3,
        2,
        r#"[{"at": 0, "action": {"link_latency": {"from": "n1", "to": "n3",
            "latency_ticks": {"min": 60000, "max": 60000}}}},
            {"at": 1, "action": {"cut": {"links": [{"from": "n2", "to": "n3"}]}}},
            {"at": 10000, "action": {"invoke": {"client": "c1",
                "command": {"cas": {"key": "value", "expected": null, "new": "red"}}}}},
            {"at": 35000, "action": {"cut": {"links": [{"from": "n1", "to": "n2"}]}}},
            {"at": 65000, "action": {"invoke": {"client": "c2",
                "command": {"cas": {"key": "value", "expected": null, "new": "blue"}}}}},
            {"at": 80000, "action": {"restore": {"links": [{"from": "n1", "to": "n2"}]}}}]"#,
    );
    let run = ran(&scenario, 400 * MILLISECOND);
    assert_eq!(run.findings(), []);
    let rows = run.ballots();
    let [low, high] = &rows[..] else { panic!("{rows:?}") };
    assert!(low.is_chosen && high.has_promises, "{rows:?}");
    let moment = |wanted: &dyn Fn(&consensus_playground::check::BallotVotes) -> bool| {
        let mut run = run.clone();
        (0..=run.simulation().events()).find(|&events| {
            run.seek(events);
            run.ballots().iter().any(wanted)
        })
    };
    let promised = moment(&|row| row.epoch == high.epoch && row.has_promises);
    assert!(promised < moment(&|row| row.is_chosen), "promised first, chosen later");
    assert!(
        rows.iter().filter_map(|row| row.value.as_deref()).all(|value| value == "red"),
        "P2c: no *other* value is proposed: {rows:?}"
    );
}

/// What a liar makes others accept is nobody's proposal.
#[test]
fn an_honest_acceptor_that_believes_a_liar_accepts_what_nobody_proposed() {
    let scenario = scripted(
        3,
        1,
        r#"[{"at": 10000, "action": {"invoke": {"client": "c1",
            "command": {"cas": {"key": "value", "expected": null, "new": "red"}}}}}]"#,
    );
    let mut run: Run<Paxos> = Run::new(scenario.simulation().unwrap());
    run.intervene(Action::Corrupt(NodeId(0), Strategy::Falsehood { say: Alteration::Value(1) })).unwrap();
    run.run_until(300 * MILLISECOND, u32::MAX);
    let finding = run.findings().into_iter().find(|finding| finding.invariant.name == "validity").unwrap();
    assert!(finding.sentence.contains("accepts 1.n1 lie 1, which no client has proposed"), "{finding:?}");
    must_be_explained(&run, &finding);
}

/// Going back, and doing something else there, forgets what was heard later: the monitor knows what one knows that has
/// watched from the beginning.
#[test]
fn a_monitor_that_is_rewound_knows_what_a_new_one_would() {
    for disks in ALL_DISKS {
        let mut run: Run<Paxos> = stressed(race(Some(Mutation::PromiseIgnored)), disks, 3, 8 * MILLISECOND);
        for part in [4, 3, 2] {
            run.seek(run.simulation().events() / part);
            run.intervene(Action::Heal).unwrap();
            run.run_until(2 * SECOND, u32::MAX);
            let simulation = run.simulation();
            let (setup, interventions) = (simulation.world().setup().clone(), simulation.interventions().to_vec());
            let mut fresh: Run<Paxos> = Run::new(Simulation::new(setup, interventions));
            fresh.run_until(2 * SECOND, u32::MAX);
            assert_eq!((run.findings(), run.ballots()), (fresh.findings(), fresh.ballots()), "{disks:?}, {part}");
        }
    }
}

//! The named scenarios show what they say.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::kv::{Command, Ending};
use consensus_playground::process::{FieldValue, MILLISECOND, NodeId, Process, SECOND, Ticks};
use consensus_playground::raft::{Raft, Rule};
use consensus_playground::run::Run;
use consensus_playground::run::history::{ClientOperation, Judgement};
use consensus_playground::scenario::Scenario;
use consensus_playground::scenario::gallery::gallery;

const CUT: Ticks = 900 * MILLISECOND;
const HEALED: Ticks = 2_400 * MILLISECOND;
const END: Ticks = 5 * SECOND;

fn named(name: &str) -> Scenario {
    gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario
}

fn run(scenario: &Scenario, until: Ticks) -> Run<Raft> {
    let mut run = Run::new(scenario.raft_simulation().unwrap());
    run.run_until(until, u32::MAX);
    run
}

fn server(run: &Run<Raft>, place: usize) -> &Raft {
    run.simulation().world().replicas()[place - 1].process.as_ref().unwrap()
}

/// Who takes itself for the leader, with its term.
fn leaders(run: &Run<Raft>) -> Vec<(usize, u64)> {
    (1..=5)
        .filter(|&place| Raft::ROLES[usize::from(server(run, place).role())] == "leader")
        .map(|place| (place, server(run, place).current_term()))
        .collect()
}

fn judge(run: &mut Run<Raft>) -> Judgement {
    run.verdict(10_000_000)
}

fn must_be_linearizable(run: &mut Run<Raft>) {
    let judgement = judge(run);
    assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
}

fn log(run: &Run<Raft>, place: usize) -> Vec<String> {
    server(run, place)
        .log()
        .iter()
        .map(|(index, entry)| format!("{index}: {} ({})", entry.payload, entry.term))
        .collect()
}

#[test]
fn every_scenario_can_be_read_back_from_its_text() {
    for entry in gallery() {
        let text = serde_json::to_string(&entry.scenario).unwrap();
        assert_eq!(consensus_playground::scenario::parse(&text).unwrap(), entry.scenario, "{}", entry.name);
        assert!(!entry.title.is_empty() && entry.about.ends_with('.') && entry.watch.ends_with('.'));
    }
}

#[test]
fn elect_and_replicate_has_one_leader_and_goes_well() {
    let mut run = run(&named("elect-and-replicate"), END);
    assert_eq!(leaders(&run), [(leaders(&run)[0].0, 1)], "one leader, of the first term");
    assert!(run.history().len() > 100);
    must_be_linearizable(&mut run);
    assert_eq!(run.findings_at_end(), []);
}

#[test]
fn cut_the_leader_off_cuts_the_leader_off() {
    let run = run(&named("cut-the-leader-off"), CUT - 1);
    assert!(matches!(leaders(&run)[..], [(1 | 2, _)]), "{:?}: it will be on the smaller side", leaders(&run));
}

#[test]
fn cut_the_leader_off_has_the_others_elect_another_and_go_on() {
    let scenario = named("cut-the-leader-off");
    let (cut, healed) = (run(&scenario, CUT - 1), run(&scenario, HEALED - 1));
    let new = leaders(&healed);
    assert!(matches!(new[..], [(3..=5, term)] if term > leaders(&cut)[0].1), "{new:?}");
    assert!(server(&healed, 3).commit_index() > server(&cut, 3).commit_index() + 5, "the majority is served");
    assert_eq!(
        server(&healed, 1).commit_index().max(server(&healed, 2).commit_index()),
        server(&cut, leaders(&cut)[0].0).commit_index()
    );
}

#[test]
fn cut_the_leader_off_has_an_uncommitted_entry_overwritten_after_healing() {
    let scenario = named("cut-the-leader-off");
    let old = leaders(&run(&scenario, CUT - 1))[0].0;
    let mut ended = run(&scenario, END);
    let before = log(&run(&scenario, HEALED - 1), old);
    let tail = before.last().unwrap();
    assert!(tail.contains("put") || tail.contains("cas"), "{tail}: a client's write");
    assert!(!log(&ended, old).contains(tail), "it is gone");
    let trace = ended.simulation().trace();
    let overwritten = |event: &&consensus_playground::sim::EventRecord| {
        use consensus_playground::process::Catalogue;
        event.node == old as u16 - 1 && trace.rules_of(event).any(|code| code == Rule::ConflictTruncated.code())
    };
    let when = trace.events.iter().find(overwritten).unwrap().time;
    assert!(when > HEALED);
    must_be_linearizable(&mut ended);
    assert_eq!(ended.findings_at_end(), []);
}

#[test]
fn cut_the_leader_off_has_a_command_that_was_sent_again_in_the_log_twice() {
    let run = run(&named("cut-the-leader-off"), CUT + 300 * MILLISECOND);
    let fields = server(&run, 1).view().volatile;
    let retried =
        fields.into_iter().find(|field| field.name == "retried entries").expect("some entry is a repetition").value;
    let log = server(&run, 1).log();
    let payload = |index: u64| log.iter().find(|(each, _)| *each == index).unwrap().1.payload.to_string();
    let FieldValue::List(indexes) = retried else { panic!("{retried:?}") };
    for index in indexes {
        let FieldValue::Number(index) = index else { panic!("{index:?}") };
        assert!((1..index).any(|earlier| payload(earlier) == payload(index)), "{index}: {}", payload(index));
    }
}

#[test]
fn stale_read_is_not_linearizable_and_a_read_of_the_cut_off_client_is_blamed() {
    let scenario = named("stale-read");
    assert_eq!(leaders(&run(&scenario, CUT - 1)), [(1, 1)]);
    let mut ended = run(&scenario, END);
    let judgement = judge(&mut ended);
    let Verdict::NotLinearizable(violation) = &judgement.report.verdict else { panic!("{}", judgement.sentence) };
    let blamed = &ended.history()[violation.operation];
    assert!(blamed.command.is_read() && blamed.client == NodeId(5), "{}", judgement.sentence);
    let (completed, _) = blamed.completed.as_ref().unwrap();
    assert!((CUT..HEALED).contains(&completed.time), "while the network is cut");
    assert!(judgement.sentence.contains("get"), "{}", judgement.sentence);
}

#[test]
fn with_read_index_the_same_scenario_is_linearizable() {
    let mut scenario = named("stale-read");
    assert_eq!(scenario.mutations, ["read-index-off"]);
    scenario.mutations.clear();
    let mut ended = run(&scenario, END);
    must_be_linearizable(&mut ended);
    assert_eq!(ended.findings_at_end(), []);
}

/// What clients were told is written, and the values that were.
fn acknowledged_puts(run: &mut Run<Raft>, before: Ticks) -> Vec<String> {
    let acknowledged = |operation: &&ClientOperation| {
        operation
            .completed
            .as_ref()
            .is_some_and(|(moment, ending)| moment.time < before && matches!(ending, Ending::Ok(_)))
    };
    let value = |operation: &ClientOperation| match &operation.command {
        Command::Put { value, .. } => Some(value.to_string()),
        _ => None,
    };
    run.history().iter().filter(acknowledged).filter_map(value).collect()
}

#[test]
fn a_liar_in_raft_loses_writes_that_clients_were_told_are_safe() {
    let mut ended = run(&named("a-liar-in-raft"), END);
    assert_eq!(leaders(&run(&named("a-liar-in-raft"), 600 * MILLISECOND - 1)), [(1, 1)]);
    let judgement = judge(&mut ended);
    assert!(matches!(judgement.report.verdict, Verdict::NotLinearizable(_)), "{}", judgement.sentence);
    assert!(judgement.sentence.contains("lie 0"), "{}", judgement.sentence);
    assert!(!ended.lost_writes().is_empty());
    // Before its log is compacted.
    let mut later = run(&named("a-liar-in-raft"), 2_300 * MILLISECOND);
    let acknowledged = acknowledged_puts(&mut later, 1_500 * MILLISECOND);
    let lost = later.lost_writes();
    let lost: Vec<ClientOperation> = lost.into_iter().map(|place| later.history()[place].clone()).collect();
    let leads = |place: &usize| Raft::ROLES[usize::from(server(&later, *place).role())] == "leader";
    let leader = (2..=5).find(leads).expect("one of the others leads");
    let log = log(&later, leader).join("\n");
    assert!(log.contains("lie 0"), "{log}");
    let is_held = |value: &str| log.contains(&format!("={value} "));
    let mut missing: Vec<String> = acknowledged.into_iter().filter(|value| !is_held(value)).collect();
    let value = |operation: &ClientOperation| match &operation.command {
        Command::Put { value, .. } => Some(value.to_string()),
        _ => None,
    };
    let mut found: Vec<String> = lost.iter().filter_map(value).collect();
    missing.sort();
    found.sort();
    let all_missing_are_found = missing.iter().all(|value| found.contains(value));
    assert!(
        !missing.is_empty() && all_missing_are_found && !found.iter().any(|value| is_held(value)),
        "{found:?}, {missing:?}\n{log}"
    );
    assert!(lost.iter().all(|operation| matches!(operation.completed, Some((_, Ending::Ok(_))))));
    let broken: Vec<&str> = ended.findings_at_end().iter().map(|finding| finding.invariant.name).collect();
    assert!(broken.contains(&"state-machine-safety"), "{broken:?}");
}

/// With `pbft-two-faced-primary` beside it: the same lie, told where it is expected.
#[test]
fn the_same_lie_without_effect_in_pbft() {
    use consensus_playground::pbft::Pbft;
    let mut run: Run<Pbft> = Run::new(named("pbft-two-faced-primary").simulation().unwrap());
    run.run_until(END, u32::MAX);
    assert_eq!(run.findings_at_end(), []);
    assert_eq!(run.lost_writes(), Vec::<usize>::new());
    let judgement = run.verdict(10_000_000);
    assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
}

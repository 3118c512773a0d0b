//! Disks, pauses and crashes as they are: what a loss of power loses, what it leaves, and what nobody ever hears.

use consensus_playground::process::{MILLISECOND as MS, NodeId, SECOND, Ticks};
use consensus_playground::raft::Raft;
use consensus_playground::raft::log::Term;
use consensus_playground::run::Run;
use consensus_playground::scenario::{Scenario, parse};
use consensus_playground::sim::trace::STRUCK;
use consensus_playground::sim::{Action, CrashPoint, Fate, InputKind, MessageRecord, Ratio, TicksRange};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);
const C1: NodeId = NodeId(3);

/// Three servers that stand for election only when they are told to, a client, and messages that take 5 ms.
fn scenario(flush: Ticks) -> Scenario {
    let mut scenario = Scenario { replicas: 3, clients: 1, ..Scenario::of("raft") };
    scenario.disk.flush_ticks = flush;
    scenario.workload.operations_per_client = Some(0);
    scenario.network.latency_ticks = TicksRange::new(5 * MS, 5 * MS);
    scenario.raft.election_timeout_ticks = TicksRange::new(10_000 * SECOND, 10_001 * SECOND);
    scenario.raft.pre_vote = false;
    scenario.raft.check_quorum = false;
    scenario
}

fn run(scenario: &Scenario) -> Run<Raft> {
    let mut run = Run::new(scenario.raft_simulation().unwrap());
    run.run_until(MS, u32::MAX);
    run
}

fn wait(run: &mut Run<Raft>, ticks: Ticks) {
    let until = run.simulation().world().now() + ticks;
    run.run_until(until, u32::MAX);
}

fn act(run: &mut Run<Raft>, action: Action) {
    run.intervene(action).unwrap();
}

/// A server asks for votes.
fn stands(run: &mut Run<Raft>, node: NodeId) {
    act(run, Action::FireTimer(node, 0));
}

fn term_on_disk(run: &Run<Raft>, node: NodeId) -> Term {
    run.simulation().world().replicas()[node.index()].disk.durable.current_term
}

fn sent_by(run: &Run<Raft>, node: NodeId) -> Vec<&MessageRecord<consensus_playground::raft::Message>> {
    run.simulation().trace().messages.iter().filter(|message| message.from == node).collect()
}

fn never_sent(run: &Run<Raft>) -> usize {
    run.simulation().trace().resolutions.iter().filter(|end| end.fate == Fate::NeverSent).count()
}

#[test]
fn a_server_has_a_disk_of_its_own() {
    let mut scenario = scenario(3 * MS);
    scenario.disk.own_flush_ticks.insert("n2".to_owned(), TicksRange::new(40 * MS, 40 * MS));
    let mut run = run(&scenario);
    stands(&mut run, N1);
    wait(&mut run, 20 * MS);
    assert_eq!((term_on_disk(&run, N1), term_on_disk(&run, N2), term_on_disk(&run, N3)), (1, 0, 1));
    wait(&mut run, 40 * MS);
    assert_eq!(term_on_disk(&run, N2), 1);
}

#[test]
fn the_time_of_a_flush_is_drawn_from_a_range_by_a_stream_of_its_own() {
    let mut slow = scenario(0);
    slow.disk.own_flush_ticks.insert("n3".to_owned(), TicksRange::new(MS, 30 * MS));
    let latencies = |scenario: &Scenario| {
        let mut scenario = Scenario { workload: Scenario::of("raft").workload, ..scenario.clone() };
        scenario.network.latency_ticks = TicksRange::new(MS, 9 * MS);
        let mut run = run(&scenario);
        stands(&mut run, N1);
        wait(&mut run, 3 * MS);
        sent_by(&run, N1).iter().map(|message| message.due - message.sent).take(2).collect::<Vec<_>>()
    };
    assert_eq!(latencies(&slow), latencies(&scenario(0)), "what disks draw moves no message");
}

#[test]
fn a_paused_server_sends_nothing_though_its_flush_ends() {
    let mut run = run(&scenario(20 * MS));
    stands(&mut run, N2);
    wait(&mut run, 22 * MS); // n2's own vote is on disk and its requests are on their way
    wait(&mut run, 10 * MS); // n1 has granted its vote; the flush is under way
    act(&mut run, Action::Pause(N1));
    wait(&mut run, 100 * MS);
    assert_eq!(term_on_disk(&run, N1), 1, "the flush has ended");
    assert!(sent_by(&run, N1).is_empty() || sent_by(&run, N1).iter().all(|message| message.sent < 33 * MS));
    let replies = run.simulation().trace().resolutions.iter().filter(|end| end.fate == Fate::Delivered);
    assert_eq!(replies.filter(|end| run.simulation().trace().messages[end.message as usize].from == N1).count(), 0);
    act(&mut run, Action::Resume(N1));
    wait(&mut run, 20 * MS);
    let granted = sent_by(&run, N1);
    assert!(
        granted.iter().any(|message| message.to == N2 && message.sent > 120 * MS),
        "it leaves when the server wakes"
    );
}

#[test]
fn a_crash_in_a_pause_keeps_what_the_disk_has_and_loses_what_had_not_left() {
    let mut run = run(&scenario(20 * MS));
    stands(&mut run, N2);
    wait(&mut run, 32 * MS);
    act(&mut run, Action::Pause(N1));
    wait(&mut run, 100 * MS);
    act(&mut run, Action::Crash(N1));
    assert_eq!(term_on_disk(&run, N1), 1);
    assert_eq!(never_sent(&run), 1);
}

#[test]
fn a_disk_that_stands_still_holds_back_what_waits_for_it_until_it_goes_on() {
    let mut run = run(&scenario(3 * MS));
    act(&mut run, Action::StallDisk(N1));
    stands(&mut run, N1);
    wait(&mut run, 200 * MS);
    assert_eq!(term_on_disk(&run, N1), 0);
    assert_eq!(term_on_disk(&run, N2), 0, "nobody was asked");
    act(&mut run, Action::ReleaseDisk(N1));
    wait(&mut run, 30 * MS);
    assert_eq!((term_on_disk(&run, N1), term_on_disk(&run, N2)), (1, 1));
}

#[test]
fn a_crash_between_write_and_send_leaves_the_write_and_sends_nothing() {
    for flush in [0, 10 * MS] {
        let mut run = run(&scenario(flush));
        act(&mut run, Action::CrashAt(N2, CrashPoint::BetweenWriteAndSend));
        stands(&mut run, N1);
        wait(&mut run, 60 * MS);
        assert!(!run.simulation().world().is_up(N2));
        assert_eq!(term_on_disk(&run, N2), 1, "its vote is on its disk");
        assert!(
            sent_by(&run, N2).iter().all(|message| message.to != N1) || never_sent(&run) == 1,
            "and nobody has heard of it"
        );
        let strikes = run
            .simulation()
            .trace()
            .events
            .iter()
            .filter(|event| event.input == InputKind::Intervention && event.detail == STRUCK);
        assert_eq!(strikes.map(|event| event.node).collect::<Vec<_>>(), [N2.0], "the crash is an event of its own");
        act(&mut run, Action::Restart(N2));
        stands(&mut run, N3);
        wait(&mut run, 60 * MS);
        assert_eq!(run.findings(), Vec::new());
    }
}

#[test]
fn a_loss_of_power_loses_what_is_under_way_and_the_death_of_a_process_does_not() {
    for (action, term) in [(Action::Crash(N1), 0), (Action::Kill(N1), 1)] {
        let mut run = run(&scenario(20 * MS));
        stands(&mut run, N1);
        wait(&mut run, 5 * MS);
        act(&mut run, action.clone());
        assert_eq!(term_on_disk(&run, N1), term, "{action:?}");
        wait(&mut run, 60 * MS);
        assert!(
            run.simulation().trace().resolutions.iter().any(|end| end.fate == Fate::NeverSent),
            "nothing leaves in either case"
        );
    }
}

#[test]
fn a_disk_that_loses_flushes_says_so_only_when_the_power_is_gone() {
    let mut run = run(&scenario(0));
    act(&mut run, Action::LoseFlushes(N2));
    stands(&mut run, N1);
    wait(&mut run, 30 * MS);
    assert_eq!(term_on_disk(&run, N2), 1, "it says that the vote is there");
    act(&mut run, Action::Kill(N2));
    assert_eq!(term_on_disk(&run, N2), 1, "the machine still has it");
    act(&mut run, Action::Restart(N2));
    act(&mut run, Action::Crash(N2));
    assert_eq!(term_on_disk(&run, N2), 0);
    assert!(Action::LoseFlushes(N2).beyond_the_model().is_some());
}

#[test]
fn a_crash_between_the_writes_of_one_step_tears_them_apart_and_is_beyond_the_model() {
    let tear = Action::CrashAt(N1, CrashPoint::BetweenWrites);
    assert!(tear.beyond_the_model().is_some());
    let mut run = run(&scenario(0));
    stands(&mut run, N1);
    act(&mut run, tear);
    wait(&mut run, 60 * MS);
    let world = run.simulation().world();
    let waits = world.replicas()[N1.index()].disk.crash_point();
    assert!(world.is_up(N1) == waits.is_some(), "it strikes at a step with two writes, or waits for one");
}

#[test]
fn a_client_comes_back_from_a_crash_with_a_new_session() {
    let mut scenario = scenario(0);
    scenario.raft.election_timeout_ticks = TicksRange::new(150 * MS, 300 * MS);
    scenario.workload.operations_per_client = None;
    let mut run = run(&scenario);
    wait(&mut run, SECOND);
    act(&mut run, Action::Crash(C1));
    wait(&mut run, 200 * MS);
    let asked = |run: &Run<Raft>| run.simulation().trace().reports.len();
    let before = asked(&run);
    wait(&mut run, SECOND);
    assert_eq!(asked(&run), before, "it asks for nothing while it is down");
    act(&mut run, Action::Restart(C1));
    wait(&mut run, SECOND);
    assert!(asked(&run) > before + 4, "and goes on when it is back");
    assert_eq!(run.findings_at_end(), Vec::new());
    let sentence = run.verdict(1_000_000).sentence;
    assert!(sentence.contains("linearizable") && !sentence.contains("not linearizable"), "{sentence}");
}

#[test]
fn a_link_loses_messages_one_way_only() {
    let mut run = run(&scenario(0));
    act(&mut run, Action::LinkLoss(N1, N2, Ratio::percent(100)));
    stands(&mut run, N1);
    wait(&mut run, 100 * MS);
    let trace = run.simulation().trace();
    let lost =
        trace.resolutions.iter().filter(|end| end.fate == Fate::Lost).map(|end| &trace.messages[end.message as usize]);
    let links: std::collections::BTreeSet<_> = lost.map(|message| (message.from, message.to)).collect();
    assert_eq!(links.into_iter().collect::<Vec<_>>(), [(N1, N2)]);
}

#[test]
fn removing_all_faults_restores_what_interventions_changed_and_leaves_what_the_scenario_says() {
    let mut scenario = scenario(3 * MS);
    scenario.network.duplication = Ratio::percent(5);
    let mut run = run(&scenario);
    for action in [
        Action::LinkLatency(C1, N1, TicksRange::new(5 * SECOND, 5 * SECOND)),
        Action::LinkLoss(N1, N2, Ratio::percent(100)),
        Action::Disk(N1, TicksRange::new(SECOND, SECOND)),
        Action::StallDisk(N2),
        Action::LoseFlushes(N3),
        Action::CrashAt(N3, CrashPoint::BetweenWriteAndSend),
        Action::Crash(C1),
        Action::RemoveFaults,
    ] {
        act(&mut run, action);
    }
    let world = run.simulation().world();
    for machine in world.replicas() {
        assert_eq!(machine.disk.flush_ticks, TicksRange::new(3 * MS, 3 * MS));
        assert!(!machine.disk.is_stalled() && !machine.disk.loses_flushes() && machine.disk.crash_point().is_none());
    }
    assert!(world.is_up(C1));
    assert_eq!(world.network().dials(), scenario.network.without_faults());
    stands(&mut run, N1);
    wait(&mut run, 60 * MS);
    let trace = run.simulation().trace();
    assert!(
        trace.messages.iter().all(|message| message.due - message.sent <= 5 * MS),
        "no link has a latency of its own any more"
    );
    assert!(trace.resolutions.iter().all(|end| end.fate != Fate::Lost));
}

#[test]
fn a_fork_has_other_random_numbers_from_there_on_and_replays_to_its_hash() {
    let mut scenario = Scenario { seed: 7, ..Scenario::of("raft") };
    let hash = |scenario: &Scenario, until: Ticks| {
        let mut run = Run::<Raft>::new(scenario.raft_simulation().unwrap());
        run.run_until(until, u32::MAX);
        run.simulation().world().trace_hash()
    };
    let straight = scenario.clone();
    let json =
        r#"{"protocol": "raft", "seed": 7, "interventions": [{"at": 500000, "action": {"reseed": {"seed": 9}}}]}"#;
    scenario.interventions = parse(json).unwrap().interventions;
    assert_eq!(hash(&straight, 499 * MS), hash(&scenario, 499 * MS));
    assert_ne!(hash(&straight, SECOND), hash(&scenario, SECOND));
    assert_eq!(hash(&scenario, SECOND), hash(&scenario, SECOND));
}

#[test]
fn a_misstep_takes_one_rule_from_one_server_for_one_input() {
    let mut run = run(&scenario(0));
    stands(&mut run, N1);
    wait(&mut run, 4 * MS);
    act(&mut run, Action::Misstep(N3, code("vote-not-durable")));
    wait(&mut run, 30 * MS);
    assert_eq!((term_on_disk(&run, N2), term_on_disk(&run, N3)), (1, 0), "its vote is on no disk");
    stands(&mut run, N2);
    wait(&mut run, 30 * MS);
    assert_eq!(term_on_disk(&run, N3), 2, "and the next one is");
}

fn code(name: &str) -> u8 {
    use consensus_playground::process::Catalogue as _;
    consensus_playground::raft::Mutation::named(name).unwrap().code()
}

#[test]
fn what_a_disk_cannot_be_is_refused_where_it_stands() {
    let error =
        |json: &str| parse(json).and_then(|scenario| scenario.raft_simulation().map(|_| ())).unwrap_err().to_string();
    let disk = |text: &str| format!(r#"{{"protocol": "raft", "disk": {{"own_flush_ticks": {{{text}}}}}}}"#);
    assert!(error(&disk(r#""n9": {"min": 1, "max": 2}"#)).starts_with("disk.own_flush_ticks.n9: there is no process"));
    assert!(error(&disk(r#""c1": {"min": 1, "max": 2}"#)).starts_with("disk.own_flush_ticks.c1: c1 is a client"));
    assert!(error(&disk(r#""n1": {"min": 3, "max": 2}"#)).starts_with("disk.own_flush_ticks.n1.min: 3 is more than"));
    let action =
        |text: &str| error(&format!(r#"{{"protocol": "raft", "interventions": [{{"at": 1, "action": {text}}}]}}"#));
    assert!(
        action(r#"{"misstep": {"node": "n1", "mutation": "none"}}"#)
            .starts_with("interventions[0].action.mutation: there is no mutation")
    );
    assert!(action(r#"{"stall_disk": {"node": "c1"}}"#).starts_with("interventions[0].action.node: c1 is a client"));
    assert!(
        action(r#"{"link_loss": {"from": "n1", "to": "n2", "loss": {"numerator": 2, "denominator": 1}}}"#)
            .contains("loss.numerator")
    );
}

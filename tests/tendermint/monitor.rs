//! The monitor: silent where the protocol is sound, whatever disks and processes do, and not deaf where a rule is off.

use super::runs::of;
use consensus_playground::check::Finding;
use consensus_playground::process::{Catalogue, MILLISECOND, NodeId, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::action::{CommandText, CrashPointText, LinkText};
use consensus_playground::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use consensus_playground::scenario::{ActionText, InterventionText, Scenario};
use consensus_playground::search::hunt::{Failure, Options, hunt};
use consensus_playground::sim::random::Stream;
use consensus_playground::sim::{Ratio, TicksRange, Trace};
use consensus_playground::tendermint::{Message, Mutation, Rule, Tendermint, Vote, VoteKind};
use std::collections::BTreeSet;

/// Disks that differ, a network that duplicates and reorders, and processes that pause, crash at bad moments, are
/// killed and come back.
fn harsh(seed: u64) -> Scenario {
    let mut stream = Stream::new(seed, 7);
    let mut scenario = Scenario { seed, ..of(4) };
    scenario.network.duplication = Ratio::percent(30);
    scenario.network.reordering = Ratio::percent(50);
    for node in 1..=4 {
        let longest = stream.between(0, 25) * MILLISECOND;
        scenario.disk.own_flush_ticks.insert(format!("n{node}"), TicksRange::new(longest / 2, longest));
    }
    let mut at = 50 * MILLISECOND;
    for _ in 0..8 {
        at += stream.between(20, 300) * MILLISECOND;
        let node = format!("n{}", stream.between(1, 4));
        let back = ActionText::Restart { node: node.clone() };
        let (strikes, ends) = match stream.between(0, 5) {
            0 => (ActionText::Pause { node: node.clone() }, ActionText::Resume { node }),
            1 => (ActionText::CrashBetween { node, point: CrashPointText::WriteAndSend }, back),
            2 => (ActionText::Kill { node }, back),
            3 => (ActionText::Crash { node }, back),
            4 => (ActionText::StallDisk { node: node.clone() }, ActionText::ReleaseDisk { node }),
            _ => (ActionText::Crash { node: "c1".to_owned() }, ActionText::Restart { node: "c1".to_owned() }),
        };
        let end = at + stream.between(1, 200) * MILLISECOND;
        for (at, action) in [(at, strikes), (end, ends)] {
            scenario.interventions.push(InterventionText { at, after_event: None, action });
        }
        at = end;
    }
    scenario.interventions.push(InterventionText { at: at + 1, after_event: None, action: ActionText::RemoveFaults });
    scenario
}

#[test]
fn a_sound_core_keeps_every_promise_on_slow_disks_that_differ_whatever_processes_do() {
    let broken = |seed| {
        let mut run: Run<Tendermint> = Run::new(harsh(seed).simulation().unwrap());
        run.run_until(6 * SECOND, u32::MAX);
        let decided = run
            .simulation()
            .world()
            .replicas()
            .iter()
            .filter_map(|machine| Some(machine.process.as_ref()?.durable().chain.len()))
            .max();
        assert!(decided.is_some_and(|height| height > 5), "seed {seed} shows nothing: {decided:?}");
        run.findings_at_end()
            .first()
            .map(|finding| format!("seed {seed}: {}: {}", finding.invariant.name, finding.sentence))
    };
    assert_eq!((0..80).filter_map(broken).collect::<Vec<_>>(), Vec::<String>::new());
}

/// A hunted run of mutations, with such disks, in which an invariant is broken; and after how many events one has seen
/// that.
fn broken(mutations: &[Mutation], invariant: &str, replicas: u32, flush: u64) -> (Scenario, u32) {
    let names = mutations.iter().map(|mutation| mutation.name().to_owned()).collect();
    let mut scenario = Scenario { mutations: names, ..of(replicas) };
    scenario.disk.flush_ticks = flush;
    let options = Options { scenario, faults_max: 6, liars: None };
    let found = (0..4_000).filter_map(|seed| hunt::<Tendermint>(&options, seed).unwrap().failure);
    let of_disks = found.filter(|failure| (flush > 0) == (failure.scenario.disk.flush_ticks > 0));
    // What was done by hand is done by its time alone: so it is not forgotten where somebody acts in the past.
    let mut runs = of_disks.map(|Failure { mut scenario, events, .. }| {
        scenario.interventions.iter_mut().for_each(|each| each.after_event = None);
        (scenario, events + 1_000)
    });
    let shows = |(scenario, events): &(Scenario, u32)| {
        again(scenario, *events).findings().iter().any(|found| found.invariant.name == invariant)
    };
    runs.find(shows).unwrap_or_else(|| panic!("{mutations:?}: {invariant} on disks that take {flush} ticks"))
}

fn again(scenario: &Scenario, events: u32) -> Run<Tendermint> {
    let mut run = Run::new(scenario.simulation().unwrap());
    run.run_until(u64::MAX, events);
    run
}

fn finding(run: &Run<Tendermint>, invariant: &str) -> Finding {
    run.findings()
        .into_iter()
        .find(|finding| finding.invariant.name == invariant)
        .unwrap_or_else(|| panic!("{invariant}"))
}

/// A vote or proposal: its signer, round, kind in a word, and value.
type Word = (NodeId, u64, &'static str, String);

/// The votes and proposals that an event sent.
fn words(trace: &Trace<Tendermint>, event: u32) -> Vec<Word> {
    let sent = trace.events[event as usize].sent().map(|message| &trace.messages[message as usize].body);
    let mut words: Vec<_> = sent
        .filter_map(|message| match message {
            Message::Prevote(vote) => Some((vote, "prevote")),
            Message::Precommit(vote) => Some((vote, "precommit")),
            _ => None,
        })
        .map(|(vote, kind)| (vote.signer(), vote.body().round, kind, format!("{:?}", vote.body().id)))
        .collect();
    let sent = trace.events[event as usize].sent().map(|message| &trace.messages[message as usize].body);
    words.extend(sent.filter_map(|message| match message {
        Message::Proposal(proposed) => {
            let proposal = proposed.proposal.body();
            Some((
                proposed.proposal.signer(),
                proposal.round,
                "proposal",
                format!("{:?} {:?}", proposal.id, proposal.valid_round),
            ))
        }
        _ => None,
    }));
    words.dedup();
    words
}

fn fired(trace: &Trace<Tendermint>, event: u32, rules: &[Rule]) -> bool {
    trace.rules_of(&trace.events[event as usize]).any(|code| rules.iter().any(|rule| rule.code() == code))
}

/// Whether two words are of one validator and one step, and say two things.
fn is_second(one: &Word, other: &Word) -> bool {
    (one.0, one.1, one.2) == (other.0, other.1, other.2) && one.3 != other.3
}

/// Whether the events that are given as responsible are those that are.
fn is_right(invariant: &str, finding: &Finding, trace: &Trace<Tendermint>) -> bool {
    let because: Vec<u32> = finding.because.iter().map(|reason| reason.event).collect();
    let said: Vec<_> = because.iter().flat_map(|&event| words(trace, event)).collect();
    let has = |kind: &str| said.iter().any(|(_, _, of, _)| *of == kind);
    let (first, last) = (because[0], because[because.len() - 1]);
    match invariant {
        "one-vote-a-step" => {
            words(trace, first).iter().any(|one| words(trace, last).iter().any(|other| is_second(one, other)))
        }
        "locks-respected" => {
            because.len() == 2 && words(trace, first).iter().any(|word| word.2 == "precommit") && has("prevote")
        }
        "precommit-has-polka" => words(trace, last).iter().any(|word| word.2 == "precommit"),
        "proposed-in-turn" => because.len() == 1 && has("proposal"),
        "valid-value-proposed" => words(trace, last).iter().any(|word| word.2 == "proposal"),
        "decided-on-quorum" => because.iter().any(|&event| fired(trace, event, &[Rule::Decided, Rule::BlockAdopted])),
        "skips-follow-an-honest-one" => fired(trace, last, &[Rule::RoundSkipped, Rule::PrecommitTimedOut]),
        "agreement" => {
            let deciding = because.iter().filter(|&&event| fired(trace, event, &[Rule::Decided, Rule::BlockAdopted]));
            let deciders: BTreeSet<u16> = deciding.map(|&event| trace.events[event as usize].node).collect();
            deciders.len() >= 2
        }
        "chain-unbroken" => because.len() == 1 && fired(trace, first, &[Rule::Decided, Rule::BlockAdopted]),
        "only-liars-are-accused" => {
            let honest = |word: &&Word| finding.sentence.contains(&format!("evidence against n{},", word.0.0 + 1));
            let twice = |word: &Word| said.iter().filter(honest).any(|other| is_second(word, other));
            last == finding.event && because.len() >= 2 && said.iter().filter(honest).any(twice)
        }
        "decided-in-any-round" | "late-polka-kept" => last == finding.event && because.len() >= 2,
        other => panic!("{other}"),
    }
}

#[test]
fn every_promise_is_missed_on_quick_disks_and_on_slow_ones_and_the_events_are_named() {
    use Mutation as M;
    let rows: [(&[M], _, _); 12] = [
        (&[M::VotesNotDurable], "one-vote-a-step", 4),
        (&[M::LockForgotten], "locks-respected", 4),
        (&[M::PrecommittedWithoutPolka], "precommit-has-polka", 4),
        (&[M::ProposedOutOfTurn], "proposed-in-turn", 4),
        (&[M::ValidValueNotProposed], "valid-value-proposed", 4),
        (&[M::QuorumTooSmall], "decided-on-quorum", 5),
        (&[M::SkipCountsSenderTwice], "skips-follow-an-honest-one", 4),
        (&[M::DecisionPutOff], "decided-in-any-round", 4),
        (&[M::ValidValueIgnored], "late-polka-kept", 4),
        (&[M::SyncUnverified], "agreement", 4),
        (&[M::VotesNotDurable], "only-liars-are-accused", 4),
        // Who is shown another block at one height builds upon that at the next, and who votes for what it should
        // refuse decides it.
        (&[M::SyncUnverified, M::RefusedBlockVotedFor], "chain-unbroken", 4),
    ];
    for (mutations, invariant, replicas) in rows {
        for flush in [0, 12 * MILLISECOND] {
            let (scenario, events) = broken(mutations, invariant, replicas, flush);
            let run = again(&scenario, events);
            let finding = finding(&run, invariant);
            let trace = run.simulation().trace();
            assert!(
                finding.because.is_sorted_by_key(|reason| reason.event) && finding.because.len() <= 8,
                "{finding:?}"
            );
            assert!(finding.because.iter().all(|reason| reason.event <= finding.event), "{finding:?}");
            assert!(is_right(invariant, &finding, trace), "{flush}: {finding:?}");
        }
    }
}

/// n3's prevote for a block is lost with its crash. It hears nobody in its next life, and prevotes nil in the same
/// round: it was never said otherwise.
#[test]
fn a_vote_that_never_left_binds_nobody() {
    let mut scenario = of(4);
    scenario.network.latency_ticks = TicksRange::new(5 * MILLISECOND, 5 * MILLISECOND);
    scenario.disk.own_flush_ticks.insert("n3".to_owned(), TicksRange::new(25 * MILLISECOND, 25 * MILLISECOND));
    scenario.workload.operations_per_client = Some(0);
    let asks = |client: &str| {
        let command = CommandText::Put { key: "x".to_owned(), value: client.to_owned() };
        ActionText::Invoke { client: client.to_owned(), command }
    };
    let link = |from: &str| LinkText { from: from.to_owned(), to: "n3".to_owned() };
    let acts = [
        (1, asks("c1")),
        (2, ActionText::Crash { node: "n2".to_owned() }),
        (20, ActionText::Crash { node: "n3".to_owned() }),
        (21, ActionText::Cut { links: vec![link("n1"), link("n4")] }),
        (22, ActionText::Restart { node: "n3".to_owned() }),
        (23, asks("c3")),
        (400, ActionText::Heal),
    ];
    let at = |(at, action): (u64, ActionText)| InterventionText { at: at * MILLISECOND, after_event: None, action };
    scenario.interventions = acts.into_iter().map(at).collect();
    let mut run: Run<Tendermint> = Run::new(scenario.simulation().unwrap());
    run.run_until(SECOND, u32::MAX);
    assert_eq!(run.findings_at_end(), []);
    let of_n3 = run.simulation().trace().messages.iter().filter(|record| record.from == NodeId(2));
    let cast =
        of_n3.filter_map(|record| if let Message::Prevote(vote) = &record.body { Some(*vote.body()) } else { None });
    let of_round_0: Vec<Vote> =
        cast.filter(|vote| (vote.kind, vote.height, vote.round) == (VoteKind::Prevote, 1, 0)).collect();
    assert!(
        of_round_0.iter().any(|vote| vote.id.is_some()) && of_round_0.iter().any(|vote| vote.id.is_none()),
        "{of_round_0:?}"
    );
}

/// Going back and forward again, and acting in the past, shows the monitor what it would have seen at once.
#[test]
fn a_monitor_that_was_rewound_sees_what_one_sees_that_was_not() {
    for (mutation, invariant) in
        [(Mutation::VotesNotDurable, "one-vote-a-step"), (Mutation::LockForgotten, "locks-respected")]
    {
        let (scenario, events) = broken(&[mutation], invariant, 4, 12 * MILLISECOND);
        let straight = finding(&again(&scenario, events), invariant);
        for back in [1, 10, 60, 400] {
            let mut run: Run<Tendermint> = Run::new(scenario.simulation().unwrap());
            run.run_until(u64::MAX, straight.event.saturating_sub(back));
            let before = run.simulation().cursor();
            run.run_until(u64::MAX, events - before);
            run.seek(before);
            // Something that changes nothing: all that comes after is forgotten, and happens again.
            let action = consensus_playground::sim::Action::Resume(NodeId(0));
            run.intervene(action).unwrap();
            run.run_until(u64::MAX, events - before);
            let rewound = finding(&run, invariant);
            assert_eq!(rewound.sentence, straight.sentence, "{back} events back");
            assert_eq!(rewound.because.len(), straight.because.len(), "{back} events back");
        }
    }
}

/// n1 passes on another command than c1 asked for, and signatures are not looked at.
#[test]
fn what_no_client_asked_for_is_found_with_what_it_asked_for() {
    for flush in [0, 12 * MILLISECOND] {
        let mut scenario = Scenario { mutations: vec!["forgeries-accepted".to_owned()], ..of(4) };
        scenario.disk.flush_ticks = flush;
        let lines = vec![LineText {
            to: Vec::new(),
            kind: Some("PassedOn".to_owned()),
            deed: DeedText::Alter(AlterationText::Value(1)),
            once: false,
        }];
        let action = ActionText::Corrupt { node: "n1".to_owned(), strategy: StrategyText::ByHand { lines } };
        scenario.interventions = vec![InterventionText { at: 1, after_event: None, action }];
        let mut run: Run<Tendermint> = Run::new(scenario.simulation().unwrap());
        run.run_until(3 * SECOND, u32::MAX);
        let finding = finding(&run, "validity");
        let decides = |reason: &consensus_playground::check::Reason| {
            fired(run.simulation().trace(), reason.event, &[Rule::Decided, Rule::BlockAdopted])
        };
        assert!(finding.because.iter().any(decides) && finding.because.len() == 2, "{finding:?}");
        assert!(finding.because[0].sentence.contains("asks for"), "{finding:?}");
    }
}

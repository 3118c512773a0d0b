//! Liars: up to f of them break nothing; more than a third can.

use super::runs::of;
use consensus_playground::check::linearizability::Verdict;
use consensus_playground::process::{Catalogue, SECOND};
use consensus_playground::run::Run;
use consensus_playground::scenario::lies::{AlterationText, DeedText, LineText};
use consensus_playground::scenario::{ActionText, InterventionText, Scenario};
use consensus_playground::search::hunt::{Hunter, Options};
use consensus_playground::tendermint::{Rule, Tendermint};

fn failures(scenario: Scenario, seeds: std::ops::Range<u64>) -> Vec<String> {
    let mut hunter = Hunter::<Tendermint>::new(Options { scenario, faults_max: 6, liars: None });
    let found = seeds.filter_map(|seed| hunter.hunt(seed).unwrap().failure);
    found.map(|failure| format!("seed {}: {}: {}", failure.seed, failure.name, failure.sentence)).collect()
}

#[test]
fn four_validators_with_a_liar_keep_every_promise() {
    assert_eq!(failures(of(4), 0..600), Vec::<String>::new());
}

#[test]
fn other_numbers_of_validators_keep_every_promise() {
    for (replicas, seeds) in [(1, 50), (3, 50), (5, 100), (7, 100)] {
        assert_eq!(failures(of(replicas), 0..seeds), Vec::<String>::new(), "{replicas} validators");
    }
}

#[test]
fn validators_of_unequal_power_keep_every_promise() {
    for powers in [vec![2, 2, 2, 1, 1, 1, 1], vec![3, 1, 1, 1, 1, 1, 2], vec![5, 4, 4, 4]] {
        let mut scenario = of(powers.len() as u32);
        scenario.tendermint.powers.clone_from(&powers);
        assert_eq!(failures(scenario, 0..150), Vec::<String>::new(), "{powers:?}");
    }
}

fn with(mutations: &[&str], interventions: Vec<ActionText>) -> Run<Tendermint> {
    let mut scenario = of(7);
    scenario.mutations = mutations.iter().map(|&name| name.to_owned()).collect();
    let at = |action| InterventionText { at: 1, after_event: None, action };
    scenario.interventions = interventions.into_iter().map(at).collect();
    let mut run = Run::new(scenario.simulation().unwrap());
    run.run_until(3 * SECOND, u32::MAX);
    run
}

/// A liar does something with all its messages of a kind to some, or to all.
fn lies(node: &str, to: &[&str], kind: &str, deed: DeedText) -> ActionText {
    let to = to.iter().map(|&name| name.to_owned()).collect();
    ActionText::Say { node: node.to_owned(), line: LineText { to, kind: Some(kind.to_owned()), deed, once: false } }
}

fn fired(run: &Run<Tendermint>, rule: Rule) -> usize {
    let trace = run.simulation().trace();
    trace
        .events
        .iter()
        .filter(|event| event.node < 7)
        .flat_map(|event| trace.rules_of(event))
        .filter(|&code| code == rule.code())
        .count()
}

fn broken(run: &Run<Tendermint>) -> Vec<&'static str> {
    run.findings().into_iter().map(|finding| finding.invariant.name).collect()
}

/// n1 votes twice; n3 hears it, and tells all that it was n2 who did.
#[test]
fn an_honest_validator_is_framed_only_where_signatures_are_not_looked_at() {
    let framing = || {
        let frames = DeedText::Alter(AlterationText::Impersonate("n2".to_owned()));
        vec![
            lies("n1", &["n3"], "Prevote", DeedText::TwoFaced(AlterationText::Value(1))),
            lies("n3", &[], "Evidence", frames),
        ]
    };
    let mut sound = with(&[], framing());
    assert!(fired(&sound, Rule::ForgeryRejected) > 0);
    assert_eq!(sound.findings_at_end(), []);
    assert!(broken(&with(&["forgeries-accepted"], framing())).contains(&"only-liars-are-accused"));
}

/// n1 passes on something else than what c1 asked it for.
#[test]
fn what_a_client_asks_for_is_changed_only_where_signatures_are_not_looked_at_or_the_client_gave_its_key_away() {
    let changing = || vec![lies("n1", &[], "PassedOn", DeedText::Alter(AlterationText::Value(1)))];
    let mut sound = with(&[], changing());
    assert!(fired(&sound, Rule::ForgeryRejected) > 0);
    assert_eq!(sound.findings_at_end(), []);
    assert!(broken(&with(&["forgeries-accepted"], changing())).contains(&"validity"));
    let collude = ActionText::Collude { processes: vec!["n1".to_owned(), "c1".to_owned()] };
    let mut colluding = with(&[], [vec![collude], changing()].concat());
    assert_eq!(colluding.findings_at_end(), []);
    let judgement = colluding.verdict(20_000_000);
    assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
}

/// T12: the adversary must be strong enough to break what only holds for less than a third of liars, in one round and
/// over several. After every disagreement more than a third of the power is named, and nobody is named who is honest.
#[test]
fn t12_more_than_a_third_of_liars_make_honest_validators_disagree_and_are_named() {
    let mut hunter = Hunter::<Tendermint>::new(Options { scenario: of(4), faults_max: 6, liars: Some(2) });
    let (mut in_one_round, mut over_rounds) = (None, None);
    for seed in 0..4_000 {
        let Some(failure) = hunter.hunt(seed).unwrap().failure.filter(|failure| failure.name == "agreement") else {
            continue;
        };
        let mut run: Run<Tendermint> = Run::new(failure.scenario.simulation().unwrap());
        run.run_until(u64::MAX, failure.events);
        let (world, culprits) = (run.simulation().world(), run.culprits().expect("they disagree"));
        assert_eq!(culprits.missing, None, "seed {seed}: {}", failure.sentence);
        assert!(culprits.named.len() >= 2, "seed {seed}: {culprits:?}");
        assert!(culprits.named.iter().all(|culprit| !world.is_honest(culprit.culprit)), "seed {seed}: {culprits:?}");
        let kind = if culprits.named.iter().any(|culprit| culprit.charge.contains(" both ")) {
            &mut in_one_round
        } else {
            &mut over_rounds
        };
        kind.get_or_insert(format!("seed {seed}: {}", failure.sentence));
        if in_one_round.is_some() && over_rounds.is_some() {
            break;
        }
    }
    println!("{in_one_round:?}\n{over_rounds:?}");
    assert!(in_one_round.is_some() && over_rounds.is_some());
}

/// Liars are drawn by power, and plot over several rounds: those with less than a third of it break nothing.
#[test]
fn plots_of_liars_with_less_than_a_third_of_the_power_break_nothing() {
    for powers in [vec![1, 1, 1, 1, 1, 1, 1], vec![2, 2, 2, 1, 1, 1, 1], vec![1, 1, 1, 7]] {
        let mut scenario = of(powers.len() as u32);
        scenario.tendermint.powers.clone_from(&powers);
        assert_eq!(failures(scenario, 5_000..5_150), Vec::<String>::new(), "{powers:?}");
    }
}

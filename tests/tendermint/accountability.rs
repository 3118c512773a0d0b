//! Who is to blame where honest validators disagree, and whom nobody may blame.

use consensus_playground::check::accountability::excuse;
use consensus_playground::check::{Culprits, Finding};
use consensus_playground::process::{MILLISECOND, NodeId};
use consensus_playground::run::Run;
use consensus_playground::scenario::action::{CommandText, LinkText};
use consensus_playground::scenario::lies::{AlterationText, DeedText, LineText, StrategyText};
use consensus_playground::scenario::{ActionText, InterventionText, Scenario};
use consensus_playground::sim::TicksRange;
use consensus_playground::tendermint::{Message, Tendermint};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|&name| name.to_owned()).collect()
}

fn groups(list: &[&[&str]]) -> ActionText {
    ActionText::Partition { groups: list.iter().map(|group| names(group)).collect() }
}

fn line(kind: &str, to: &[&str], deed: DeedText) -> LineText {
    LineText { to: names(to), kind: Some(kind.to_owned()), deed, once: false }
}

/// Four validators, one client that asks once, and every message takes 5 ms.
fn scene(powers: &[u64], interventions: Vec<(u64, ActionText)>) -> Scenario {
    let mut scenario = Scenario { replicas: 4, clients: 1, ..Scenario::of("tendermint") };
    scenario.tendermint.powers = powers.to_vec();
    scenario.network.latency_ticks = TicksRange::new(5 * MILLISECOND, 5 * MILLISECOND);
    scenario.workload.operations_per_client = Some(0);
    let put = CommandText::Put { key: "x".to_owned(), value: "1".to_owned() };
    let asks = (1, ActionText::Invoke { client: "c1".to_owned(), command: put });
    let mut all = [vec![asks], interventions].concat();
    all.sort_by_key(|(at, _)| *at);
    scenario.interventions = all
        .into_iter()
        .map(|(at, action)| InterventionText { at: at * MILLISECOND, after_event: None, action })
        .collect();
    scenario
}

fn played(scenario: &Scenario, milliseconds: u64) -> Run<Tendermint> {
    let mut run = Run::new(scenario.simulation().unwrap());
    run.run_until(milliseconds * MILLISECOND, u32::MAX);
    run
}

fn found(run: &Run<Tendermint>, name: &str) -> Option<Finding> {
    run.findings().into_iter().find(|finding| finding.invariant.name == name)
}

fn named(culprits: &Culprits) -> Vec<NodeId> {
    culprits.named.iter().map(|culprit| culprit.culprit).collect()
}

/// n1 and n2 help n3 to decide a block in round 0, do not decide it themselves, forget that they are locked on it, and
/// help n4 to decide another one in a later round. What they hide from n4 besides, `lines` says.
fn amnesia(powers: &[u64], lines: Vec<LineText>) -> Scenario {
    let departs = |node: &str, rule: &str| (0, ActionText::Depart { node: node.to_owned(), mutation: rule.to_owned() });
    let rules = ["decision-put-off", "lock-forgotten", "valid-value-not-proposed"];
    let departures = ["n1", "n2"].into_iter().flat_map(|node| rules.map(|rule| departs(node, rule)));
    let lies = |node: &str| {
        let strategy = StrategyText::ByHand { lines: lines.clone() };
        (50, ActionText::Corrupt { node: node.to_owned(), strategy })
    };
    let acts = [
        (0, groups(&[&["n1", "n2", "n3", "c1"], &["n4"]])),
        (50, groups(&[&["n1", "n2", "n4", "c1"], &["n3"]])),
        lies("n1"),
        lies("n2"),
        (1_500, ActionText::Heal),
    ];
    scene(powers, departures.chain(acts).collect())
}

/// What n4 hears of rounds that are over is left out of what liars say again.
fn hides_the_past() -> LineText {
    line("Status", &["n4"], DeedText::Alter(AlterationText::Nil))
}

#[test]
fn who_forgets_a_lock_is_named_by_the_votes_of_both_rounds() {
    let run = played(&amnesia(&[], vec![hides_the_past()]), 3_000);
    let agreement = found(&run, "agreement").expect("two of four lie");
    let culprits = run.culprits().expect("they disagree");
    assert_eq!((named(&culprits), culprits.missing.clone()), (vec![N1, N2], None));
    let trace = run.simulation().trace();
    let place = |message: Option<u32>| match &trace.messages[message.unwrap() as usize].body {
        Message::Prevote(vote) | Message::Precommit(vote) => {
            (vote.signer(), vote.body().round, vote.body().id.unwrap())
        }
        other => panic!("{other:?}"),
    };
    for culprit in &culprits.named {
        let [lock, later] = &culprit.said[..] else { panic!("two votes") };
        let ((signer, round, id), (other_signer, other_round, other)) = (place(lock.message), place(later.message));
        assert_eq!((signer, other_signer, round), (culprit.culprit, culprit.culprit, 0));
        assert!(other_round > round && other != id, "{}", culprit.charge);
        assert!(
            lock.text.starts_with("precommit in round 0") && later.text.starts_with("prevote in round "),
            "{culprit:?}"
        );
        assert_eq!(culprit.excuse, None);
    }
    assert_eq!(culprits.event, agreement.event);
    let reasons: Vec<&str> = agreement.because.iter().map(|reason| reason.sentence.as_str()).collect();
    for what in ["n3 decides", "n4 decides", "n1 precommits", "n1 prevotes", "n2 precommits", "n2 prevotes"] {
        assert_eq!(reasons.iter().filter(|reason| reason.starts_with(what)).count(), 1, "{what}: {reasons:?}");
    }
}

/// A second client asks for something when the first block is proposed: the block that n4 decides holds that too.
fn amnesia_with_two_requests(disks_are_slow: bool) -> Scenario {
    let mut scenario = amnesia(&[], vec![hides_the_past()]);
    scenario.clients = 2;
    let put = CommandText::Put { key: "x".to_owned(), value: "2".to_owned() };
    let asks = ActionText::Invoke { client: "c2".to_owned(), command: put };
    scenario.interventions.push(InterventionText { at: 20 * MILLISECOND, after_event: None, action: asks });
    for act in &mut scenario.interventions {
        if let ActionText::Partition { groups } = &mut act.action {
            groups[0].push("c2".to_owned());
        }
        act.at *= if disks_are_slow && act.at == 50 * MILLISECOND { 2 } else { 1 };
    }
    scenario.interventions.sort_by_key(|act| act.at);
    for (name, flush) in [("n1", 5), ("n2", 7), ("n3", 6), ("n4", 25)].into_iter().filter(|_| disks_are_slow) {
        scenario.disk.own_flush_ticks.insert(name.to_owned(), TicksRange::new(MILLISECOND, flush * MILLISECOND));
    }
    scenario
}

#[test]
fn amnesia_is_found_on_quick_disks_and_on_slow_ones_and_so_are_the_states_that_differ() {
    for disks_are_slow in [false, true] {
        let run = played(&amnesia_with_two_requests(disks_are_slow), 3_000);
        assert_eq!(run.culprits().map(|culprits| named(&culprits)), Some(vec![N1, N2]));
        let reasons = |name: &str| found(&run, name).unwrap_or_else(|| panic!("{name}")).because;
        let agreement = reasons("agreement");
        for what in ["n3 decides", "n4 decides", "n1 precommits", "n1 prevotes", "n2 precommits", "n2 prevotes"] {
            assert_eq!(
                agreement.iter().filter(|reason| reason.sentence.starts_with(what)).count(),
                1,
                "{what}: {agreement:?}"
            );
        }
        // The states differ from the events on by which the two decided.
        let decided = |node: &str| {
            agreement.iter().find(|reason| reason.sentence.starts_with(&format!("{node} decides"))).unwrap().event
        };
        let state = reasons("state-equal");
        assert_eq!(
            state.iter().map(|reason| reason.event).collect::<Vec<_>>(),
            [decided("n3"), decided("n4")],
            "{state:?}"
        );
        assert!(state[0].sentence.starts_with("n3 has") && state[1].sentence.starts_with("n4 has"), "{state:?}");
    }
}

/// n1 and n2 have more than two thirds of the power, and show n4 the precommits of a later round, but not the prevotes
/// that these rest on.
#[test]
fn where_honest_validators_do_not_hold_the_votes_nobody_can_be_named_and_that_is_said() {
    let hidden = ["Prevote", "Status"].map(|kind| line(kind, &["n4"], DeedText::Withhold));
    let run = played(&amnesia(&[3, 3, 1, 1], hidden.into()), 1_400);
    assert!(found(&run, "agreement").is_some());
    let culprits = run.culprits().unwrap();
    assert_eq!(named(&culprits), []);
    let missing = culprits.missing.unwrap();
    assert!(missing.starts_with("no honest validator holds prevotes of more than two thirds for "), "{missing}");
    assert!(missing.contains("n1, n2 precommitted"), "{missing}");
    let shown = played(&amnesia(&[3, 3, 1, 1], vec![hides_the_past()]), 1_400);
    assert_eq!(
        shown.culprits().map(|culprits| (named(&culprits), culprits.missing)),
        Some((vec![N1, N2], None)),
        "with the prevotes"
    );
}

#[test]
fn two_blocks_in_one_round_name_all_who_voted_for_both() {
    let two_faced = |node: &str| {
        let say = AlterationText::Value(0);
        let strategy = StrategyText::Equivocation { to: names(&["n4"]), say, others: None };
        (0, ActionText::Corrupt { node: node.to_owned(), strategy })
    };
    let link = |from: &str, to: &str| LinkText { from: from.to_owned(), to: to.to_owned() };
    let cut = (0, ActionText::Cut { links: vec![link("n3", "n4"), link("n4", "n3")] });
    let run = played(&scene(&[], vec![cut, two_faced("n1"), two_faced("n2")]), 500);
    assert!(found(&run, "agreement").is_some());
    let culprits = run.culprits().unwrap();
    assert_eq!((named(&culprits), culprits.missing), (vec![N1, N2], None));
    assert!(culprits.named.iter().all(|culprit| culprit.charge.contains(" both ")), "{:?}", culprits.named);
}

#[test]
fn where_validators_agree_nobody_is_to_blame() {
    assert_eq!(played(&scene(&[], Vec::new()), 500).culprits(), None);
}

/// Three of five are taken for more than two thirds: no liar is needed, and the precommits are counted by somebody
/// else.
#[test]
fn a_decision_on_too_few_precommits_is_counted_and_found() {
    let crash = |node: &str| (0, ActionText::Crash { node: node.to_owned() });
    let mut scenario = scene(&[], vec![crash("n4"), crash("n5")]);
    scenario.replicas = 5;
    assert_eq!(played(&scenario, 1_000).findings(), []);
    scenario.mutations = vec!["quorum-too-small".to_owned()];
    for flush in [0, 12 * MILLISECOND] {
        scenario.disk.flush_ticks = flush;
        let run = played(&scenario, 1_000);
        let finding = found(&run, "decided-on-quorum").expect("three of five");
        assert!(finding.sentence.contains("power 3 of 5"), "{}", finding.sentence);
        assert!(
            (2..=4).contains(&finding.because.len()),
            "the decision, and the three precommits: {:?}",
            finding.because
        );
    }
}

/// n3's prevote has left when its disk is wiped. It hears nobody until its timeout for proposals is over, and prevotes
/// nil in the same round.
#[test]
fn what_was_forgotten_by_a_wipe_is_no_lie() {
    let link = |from: &str| LinkText { from: from.to_owned(), to: "n3".to_owned() };
    let acts = vec![
        (0, ActionText::Crash { node: "n2".to_owned() }),
        (12, ActionText::WipeDisk { node: "n3".to_owned() }),
        (18, ActionText::Cut { links: vec![link("n1"), link("n4")] }),
        (300, ActionText::Heal),
    ];
    let run = played(&scene(&[], acts), 2_000);
    let world = run.simulation().world();
    let proofs = run.proofs();
    assert!(proofs.iter().any(|proof| proof.culprit == NodeId(2)), "n1 and n4 hold both votes");
    assert_eq!(run.findings(), [], "and yet nobody lied");
    let excuse = excuse(world, NodeId(2)).unwrap();
    assert!(excuse.contains("was wiped") && excuse.contains("beyond the model"), "{excuse}");
}

/// n1 and n2 decide with n3, forget it with their disks, and decide with n4 again: nobody lied, and agreement is
/// broken.
#[test]
fn a_disagreement_after_wipes_says_what_it_is_and_excuses_the_forgetful() {
    let get = CommandText::Get { key: "x".to_owned() };
    let acts = vec![
        (0, groups(&[&["n1", "n2", "n3", "c1"], &["n4"]])),
        (50, groups(&[&["n1", "n2", "n4", "c1"], &["n3"]])),
        (60, ActionText::WipeDisk { node: "n1".to_owned() }),
        (60, ActionText::WipeDisk { node: "n2".to_owned() }),
        (100, ActionText::Invoke { client: "c1".to_owned(), command: get }),
    ];
    let run = played(&scene(&[], acts), 2_000);
    let finding = found(&run, "agreement").expect("two blocks at height 1");
    assert!(
        finding.sentence.contains("n1 is honest and has forgotten what it said: its disk was wiped"),
        "{}",
        finding.sentence
    );
    let others: Vec<&str> =
        run.findings().iter().map(|finding| finding.invariant.name).filter(|name| *name != "agreement").collect();
    assert_eq!(others, ["state-equal"], "which follows");
    let culprits = run.culprits().unwrap();
    assert!(
        !culprits.named.is_empty() && culprits.named.iter().all(|culprit| culprit.excuse.is_some()),
        "{culprits:?}"
    );
}

//! The named scenarios of Multi-Paxos show what they say.

use consensus_playground::check::linearizability::Verdict;
use consensus_playground::multi_paxos::{MultiPaxos, Rule};
use consensus_playground::process::{Catalogue, Process, Ticks};
use consensus_playground::run::Run;
use consensus_playground::scenario::gallery::gallery;

const MS: Ticks = 1_000;

fn run(name: &str, until: Ticks) -> Run<MultiPaxos> {
    let scenario = gallery().into_iter().find(|entry| entry.name == name).unwrap().scenario;
    let mut run = Run::new(scenario.simulation::<MultiPaxos>().unwrap());
    run.run_until(until, u32::MAX);
    run
}

fn server(run: &Run<MultiPaxos>, ordinal: usize) -> &MultiPaxos {
    run.simulation().world().replicas()[ordinal - 1].process.as_ref().unwrap()
}

fn leaders(run: &Run<MultiPaxos>) -> Vec<usize> {
    (1..=5).filter(|&ordinal| MultiPaxos::ROLES[usize::from(server(run, ordinal).role())] == "leader").collect()
}

/// The times at which a rule fired, in milliseconds.
fn fired(run: &Run<MultiPaxos>, rule: Rule) -> Vec<u64> {
    let trace = run.simulation().trace();
    let events = trace.events.iter().filter(|event| trace.rules_of(event).any(|code| code == rule.code()));
    events.map(|event| event.time / MS).collect()
}

fn must_be_sound(run: &mut Run<MultiPaxos>) {
    assert_eq!(run.findings_at_end(), []);
    let judgement = run.verdict(10_000_000);
    assert!(matches!(judgement.report.verdict, Verdict::Linearizable(_)), "{}", judgement.sentence);
}

#[test]
fn cut_the_leader_off_has_the_others_go_on_and_is_linearizable() {
    let name = "multi-paxos-cut-the-leader-off";
    let (cut, healed) = (run(name, 899 * MS), run(name, 2_399 * MS));
    assert_eq!(leaders(&cut), [2], "it will be on the smaller side");
    let new = leaders(&healed);
    assert!(matches!(new[..], [3..=5]), "{new:?}");
    let (before, after) = (server(&cut, 2).commit_index(), server(&healed, new[0]).commit_index());
    assert!(after > before + 5, "the majority is served: {before}, {after}");
    assert_eq!(server(&healed, 2).commit_index(), before, "and nothing is chosen on the other side");
    let mut ended = run(name, 5_000 * MS);
    assert_eq!(leaders(&ended), new, "the high ballot that comes back does not depose it");
    assert!(matches!(fired(&ended, Rule::BallotBoosted)[..], [2_400..2_500]));
    must_be_sound(&mut ended);
}

#[test]
fn a_gap_is_filled_with_a_no_op_and_the_first_write_gets_another_slot() {
    let mut ended = run("multi-paxos-gap", 4_000 * MS);
    assert_eq!(fired(&ended, Rule::GapFilled).len(), 1);
    let slots = |ordinal| -> Vec<String> {
        server(&ended, ordinal).log().after(0).map(|(slot, accepted)| format!("{slot}: {}", accepted.payload)).collect()
    };
    assert_eq!(slots(1)[..2], ["1: no-op", "2: put y=found"], "also at the old leader, which had something else");
    assert!(slots(1)[2..].iter().any(|value| value.ends_with("put x=lost")));
    assert_eq!(slots(1), slots(5));
    must_be_sound(&mut ended);
}

#[test]
fn whether_a_slot_is_chosen_is_a_matter_of_the_acceptors_alone() {
    let mut run = run("multi-paxos-gap", 4_000 * MS);
    let end = run.simulation().events();
    let slots = run.slots(1..=2);
    assert_eq!(
        slots.iter().map(|slot| slot.chosen.as_deref()).collect::<Vec<_>>(),
        [Some("no-op"), Some("put y=found")]
    );
    let first = &slots[0];
    let votes: Vec<(&str, u32, bool)> =
        first.accepted.iter().map(|ballot| (ballot.value.as_str(), ballot.acceptors.len(), ballot.is_chosen)).collect();
    assert_eq!(votes[0], ("put x=lost", 1, false), "the first leader alone accepted its value");
    assert!(
        votes[1..].iter().any(|&(value, acceptors, is_chosen)| value == "no-op" && acceptors >= 3 && is_chosen),
        "{votes:?}"
    );
    assert!(slots[1].accepted.iter().all(|ballot| ballot.is_chosen), "the same value in both ballots");

    // Just before the crash of the first leader.
    let crash = run.simulation().trace().events.iter().position(|event| event.time >= 946 * MS).unwrap() as u32;
    run.seek(crash);
    let slots = run.slots(1..=9);
    assert_eq!(
        slots.iter().map(|slot| (slot.slot, slot.chosen.clone())).take(2).collect::<Vec<_>>(),
        [(1, None), (2, None)]
    );
    assert_eq!(slots[1].accepted.len(), 1);
    assert_eq!(slots[1].accepted[0].acceptors.len(), 2, "n1 and n2");
    assert!(slots[2..].iter().all(|slot| slot.accepted.is_empty()), "what comes later is not known yet");
    run.seek(end);
    assert_eq!(run.slots(2..=2).len(), 1);
    assert_eq!(run.slots(1_000..=2_000), []);
}

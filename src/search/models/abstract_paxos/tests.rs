use super::*;
use crate::search::explore::{Ended, Explorer, Limits};

fn explored(model: AbstractPaxos) -> Explorer<AbstractPaxos> {
    let mut explorer = Explorer::new(model, Limits::default());
    explorer.run();
    explorer
}

fn tiny() -> AbstractPaxos {
    AbstractPaxos::new(3, 2, 2).expect("it is possible")
}

#[test]
fn three_acceptors_two_ballots_and_two_values_have_the_states_that_tlc_counts() {
    let progress = explored(tiny()).progress();
    assert_eq!((progress.states, progress.depth, progress.ended), (3_921, 16, Some(Ended::Exhausted)));
}

#[test]
fn every_message_has_a_bit_of_its_own() {
    let model = AbstractPaxos::new(3, 3, 2).expect("it is possible");
    let mut places: Vec<u32> = model.all_messages().map(|message| model.place(message)).collect();
    places.sort_unstable();
    assert_eq!(places, (0..model.message_count()).collect::<Vec<_>>());
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    assert_eq!(AbstractPaxos::new(0, 2, 2), None);
    assert_eq!(AbstractPaxos::new(3, 0, 2), None);
    assert_eq!(AbstractPaxos::new(6, 2, 2), None);
    assert_eq!(AbstractPaxos::new(5, 16, 16), None);
}

#[test]
fn every_broken_rule_lets_two_values_be_chosen() {
    for (rule, ballots, steps) in [
        (Mutation::AnyValueProposed, 2, 12),
        (Mutation::QuorumTooSmall, 2, 10),
        (Mutation::VoteRaisesNoPromise, 3, 17),
        (Mutation::LowestVoteTaken, 3, 17),
    ] {
        let model =
            AbstractPaxos::new(3, ballots, 2).expect("it is possible").with_mutations(Mutations::NONE.with(rule));
        let mut explorer = Explorer::new(model, Limits { beyond_failure: true, ..Limits::default() });
        while explorer.deciding(0).is_none() && explorer.advance(1_000).ended.is_none() {}
        let path = explorer.deciding(0).and_then(|index| explorer.path_to(index));
        assert_eq!(path.map(|path| path.steps.len()), Some(steps), "{rule:?}");
    }
}

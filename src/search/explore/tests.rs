//! The explorer on small models whose states can be counted by hand.

use super::*;
use crate::process::{Fingerprint, Fingerprinter};

/// Two counters, each from 0 to a limit. A step raises one of them by one.
#[derive(Debug)]
struct Counters {
    limit: u8,
    properties: Vec<Property<Counters>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Pair(u8, u8);

impl Fingerprint for Pair {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.u8(self.0);
        into.u8(self.1);
    }
}

impl Model for Counters {
    type State = Pair;
    type Step = &'static str;

    fn initial_states(&self) -> Vec<Pair> {
        vec![Pair(0, 0)]
    }

    fn successors(&self, &Pair(left, right): &Pair, visit: &mut impl FnMut(&'static str, Pair)) {
        visit("left", Pair(left + 1, right));
        visit("right", Pair(left, right + 1));
    }

    fn properties(&self) -> Vec<Property<Self>> {
        self.properties.clone()
    }

    fn is_within_bounds(&self, state: &Pair) -> bool {
        state.0 <= self.limit && state.1 <= self.limit
    }

    fn bounds(&self) -> Vec<String> {
        vec![format!("counters up to {}", self.limit)]
    }

    fn describe_step(&self, _: &Pair, step: &&'static str, _: &Pair) -> StepView {
        StepView { kind: step, text: format!("{step} is raised"), ..StepView::default() }
    }

    fn describe_state(&self, state: &Pair) -> Vec<String> {
        vec![format!("{} and {}", state.0, state.1)]
    }
}

fn counters(limit: u8, properties: &[Property<Counters>]) -> Counters {
    Counters { limit, properties: properties.to_vec() }
}

fn explored(model: Counters, limits: Limits) -> Explorer<Counters> {
    let mut explorer = Explorer::new(model, limits);
    explorer.run();
    explorer
}

const NEVER_TWO_AND_THREE: Property<Counters> =
    Property::always("never-2-and-3", "the counters never read 2 and 3", |_, state| *state != Pair(2, 3));

#[test]
fn every_state_within_the_bounds_is_found_once_and_every_step_is_counted() {
    let progress = explored(counters(9, &[]), Limits::default()).progress();
    assert_eq!(progress.ended, Some(Ended::Exhausted));
    assert_eq!((progress.states, progress.expanded, progress.queue, progress.depth), (100, 100, 0, 18));
    assert_eq!((progress.transitions, progress.out_of_bounds), (200, 20));
    assert_eq!(progress.queue_bytes, 0);
}

#[test]
fn a_property_that_fails_five_steps_away_is_broken_by_five_steps() {
    let explorer = explored(counters(9, &[NEVER_TWO_AND_THREE]), Limits::default());
    assert_eq!(explorer.progress().ended, Some(Ended::Failed));
    let path = explorer.deciding(0).and_then(|index| explorer.path_to(index)).expect("it is broken");
    assert_eq!(path.start, Pair(0, 0));
    assert_eq!(path.last(), &Pair(2, 3));
    assert_eq!(path.steps.len(), 5);
    let mut state = path.start.clone();
    for (step, after) in &path.steps {
        let mut follows = false;
        explorer.model().successors(&state, &mut |taken, next| follows |= taken == *step && next == *after);
        assert!(follows, "{step} leads from {state:?} to {after:?}");
        state = after.clone();
    }
}

#[test]
fn a_property_that_fails_at_once_is_broken_by_no_step() {
    let property = Property::always("never", "it never begins", |_, _| false);
    let explorer = explored(counters(9, &[property]), Limits::default());
    let report = explorer.report();
    assert!(report.has_failure());
    assert_eq!(report.properties[0].path.as_ref().map(|path| path.steps.len()), Some(0));
    assert_eq!(report.properties[0].line(), "always never: it never begins: BROKEN in an initial state");
}

#[test]
fn what_is_reachable_is_reached_by_the_fewest_steps_and_the_search_goes_on() {
    let both = Property::reachable("both-3", "both counters read 3", |_, state| *state == Pair(3, 3));
    let ten = Property::reachable("left-10", "the left counter reads 10", |_, state: &Pair| state.0 == 10);
    let report = explored(counters(9, &[both, ten]), Limits::default()).report();
    assert_eq!(report.properties[0].line(), "reachable both-3: both counters read 3: reached in 6 steps");
    assert_eq!(
        report.properties[1].line(),
        "reachable left-10: the left counter reads 10: NOT REACHED within these bounds"
    );
    assert!(report.has_failure());
    assert_eq!(report.progress.states, 100);
}

#[test]
fn a_search_goes_on_beyond_a_failure_when_asked_to() {
    let explorer = explored(counters(9, &[NEVER_TWO_AND_THREE]), Limits { beyond_failure: true, ..Limits::default() });
    assert_eq!(explorer.progress().states, 100);
    assert_eq!(explorer.progress().ended, Some(Ended::Exhausted));
    assert!(explorer.report().has_failure());
}

#[test]
fn the_cap_on_states_is_honoured_and_said() {
    let explorer = explored(counters(9, &[NEVER_TWO_AND_THREE]), Limits { states_max: 10, ..Limits::default() });
    let progress = explorer.progress();
    assert_eq!((progress.states, progress.ended), (10, Some(Ended::StatesCap)));
    let report = explorer.report();
    assert!(!report.has_failure());
    assert!(
        report.ending().starts_with("Stopped at the cap of 10 states: 4 states not expanded"),
        "{}",
        report.ending()
    );
    assert_eq!(report.properties[0].outcome, Outcome::NotBroken);
}

#[test]
fn a_cap_of_exactly_all_states_does_not_stop_the_search() {
    let progress = explored(counters(9, &[]), Limits { states_max: 100, ..Limits::default() }).progress();
    assert_eq!((progress.states, progress.ended), (100, Some(Ended::Exhausted)));
}

#[test]
fn the_cap_on_depth_is_honoured_and_said() {
    let limits = Limits { depth_max: 4, ..Limits::default() };
    let explorer = explored(counters(9, &[NEVER_TWO_AND_THREE]), limits);
    let progress = explorer.progress();
    assert_eq!((progress.states, progress.depth, progress.queue), (15, 4, 5));
    assert_eq!(progress.ended, Some(Ended::DepthCap));
    assert!(!explorer.report().has_failure(), "what lies at depth 5 was not looked at");
    let deeper = explored(counters(9, &[NEVER_TWO_AND_THREE]), Limits { depth_max: 5, ..limits });
    assert!(deeper.report().has_failure(), "states at the cap are checked");
}

#[test]
fn the_cap_on_memory_is_honoured_and_said() {
    let limits = Limits { memory_bytes_max: 200_000, ..Limits::default() };
    let explorer = explored(counters(255 - 1, &[]), limits);
    let progress = explorer.progress();
    assert_eq!(progress.ended, Some(Ended::MemoryCap));
    assert!(progress.visited_bytes + progress.queue_bytes <= limits.memory_bytes_max, "{progress:?}");
    assert!(progress.states > 1_000);
    assert!(explorer.report().ending().starts_with("Stopped at the cap of 200000 bytes of memory: "));
}

#[test]
fn a_cancelled_search_keeps_what_it_has_found() {
    let mut explorer = Explorer::new(counters(9, &[]), Limits::default());
    let before = explorer.advance(10);
    assert_eq!((before.expanded, before.ended), (10, None));
    explorer.cancel();
    let after = explorer.advance(1_000);
    assert_eq!(after, Progress { ended: Some(Ended::Cancelled), ..before });
    assert!(
        explorer.report().ending().starts_with("Cancelled: 5 states not expanded"),
        "{}",
        explorer.report().ending()
    );
}

#[test]
fn in_small_advances_or_in_one_the_same_is_found() {
    let whole = explored(counters(9, &[]), Limits::default());
    let mut small = Explorer::new(counters(9, &[]), Limits::default());
    while small.advance(7).ended.is_none() {}
    assert_eq!(small.progress(), whole.progress());
    for index in 0..100 {
        assert_eq!(small.path_to(index), whole.path_to(index));
    }
}

#[test]
fn nothing_found_is_never_worded_as_a_proof() {
    let report =
        explored(counters(9, &[Property::always("small", "both are small", |_, _| true)]), Limits::default()).report();
    assert_eq!(report.properties[0].line(), "always small: both are small: no violation found within these bounds");
    assert_eq!(report.ending(), "Every state within these bounds was explored.");
    assert_eq!(report.covered(), "100 distinct states, 200 transitions (20 out of bounds), depth 18");
}

#[test]
fn a_model_without_an_initial_state_within_the_bounds_has_no_states() {
    struct Nothing;
    impl Model for Nothing {
        type State = Pair;
        type Step = ();
        fn initial_states(&self) -> Vec<Pair> {
            vec![Pair(1, 1)]
        }
        fn successors(&self, _: &Pair, _: &mut impl FnMut((), Pair)) {}
        fn properties(&self) -> Vec<Property<Self>> {
            Vec::new()
        }
        fn is_within_bounds(&self, _: &Pair) -> bool {
            false
        }
        fn describe_step(&self, _: &Pair, (): &(), _: &Pair) -> StepView {
            StepView::default()
        }
        fn describe_state(&self, _: &Pair) -> Vec<String> {
            Vec::new()
        }
    }
    let progress = Explorer::new(Nothing, Limits::default()).run();
    assert_eq!((progress.states, progress.ended), (0, Some(Ended::Exhausted)));
}

//! A cluster of a process that does one thing of each kind.

use super::*;
use crate::process::{
    self, Field, Fingerprint, Fingerprinter, Input, NodeId, Outbox, Process, Seat, Ticks, View, catalogue,
    fingerprint_struct,
};
use crate::search::explore::{Ended, Explorer, Limits, Model, Progress, Property};
use std::sync::Arc;

/// A token that each process raises by one and passes on, until it is 3. A process keeps the highest on its disk, and
/// in memory whether it was told that it is there.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Passer {
    seat: Seat,
    highest: u8,
    told: u8,
}

impl Fingerprint for Passer {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.u8(self.highest);
        into.u8(self.told);
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Disk {
    highest: u8,
}

fingerprint_struct!(Disk { highest });

impl process::Durable for Disk {
    type Write = u8;
    fn apply(&mut self, write: &u8) {
        self.highest = *write;
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Token(u8);

impl Fingerprint for Token {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.u8(self.0);
    }
}

impl process::Message for Token {
    const KINDS: &'static [&'static str] = &["Token"];
    fn kind(&self) -> u8 {
        0
    }
    fn epoch(&self) -> u64 {
        0
    }
    fn is_heartbeat(&self) -> bool {
        false
    }
    fn label(&self) -> String {
        self.0.to_string()
    }
    fn fields(&self) -> Vec<Field> {
        Vec::new()
    }
}

impl process::Timer for u8 {
    const KINDS: &'static [&'static str] = &["start"];
    fn kind(self) -> u8 {
        0
    }
}

catalogue! {
    /// None is needed.
    Rule {
        Passed = "passed", "none", "The token is passed on.";
    }
}

impl Process for Passer {
    type Config = ();
    type Message = Token;
    type Timer = u8;
    type Receipt = u8;
    type Durable = Disk;
    type Rule = Rule;
    type Mutation = Rule;
    type Report = ();

    const ROLES: &'static [&'static str] = &["passer"];

    fn boot(seat: Seat, (): &(), durable: &Disk, _: u32) -> Self {
        Self { seat, highest: durable.highest, told: 0 }
    }

    fn handle(&mut self, _: Ticks, input: Input<'_, Self>, out: &mut Outbox<Self>) {
        match input {
            Input::Start if self.seat.id == NodeId(0) && self.highest == 0 => out.set_timer(7, 1, 1),
            Input::Start => {}
            Input::Timer(_) => out.send(NodeId(1), Token(1)),
            Input::Message { message, .. } if message.0 <= 3 => {
                if message.0 <= self.highest {
                    out.violation(format!("the token {} came again", message.0));
                }
                self.highest = message.0;
                out.persist(self.highest);
                out.when_persisted(self.highest);
                out.rule(Rule::Passed);
                out.send(NodeId(1 - self.seat.id.0), Token(message.0 + 1));
                out.send(NodeId(9), Token(99));
            }
            Input::Message { .. } => {}
            Input::Persisted(receipt) => self.told = receipt,
        }
    }

    fn epoch(&self) -> u64 {
        0
    }
    fn role(&self) -> u8 {
        0
    }
    fn decided(&self) -> u64 {
        0
    }
    fn view(&self) -> View {
        View::default()
    }
}

#[derive(Debug)]
struct Passing;

impl Subject for Passing {
    type Process = Passer;
    type Memory = ();

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        vec![
            Property::reachable(
                "told",
                "a process is told that 3 is on its disk",
                |_, state: &ClusterState<Passer, ()>| state.up().any(|(_, passer)| passer.told == 3),
            ),
            Property::always(
                "on-disk",
                "what a process holds is on its disk",
                |_, state: &ClusterState<Passer, ()>| {
                    let up = state
                        .nodes()
                        .iter()
                        .filter_map(|node| node.process.as_ref().map(|passer| (passer, &node.disk)));
                    up.into_iter().all(|(passer, disk)| passer.highest == disk.highest)
                },
            ),
        ]
    }
}

fn explored(bounds: Bounds) -> (Progress, Vec<bool>) {
    let mut explorer =
        Explorer::new(ClusterModel::new(Passing, (), 2, bounds), Limits { beyond_failure: true, ..Limits::default() });
    let progress = explorer.run();
    let decided = (0..explorer.properties().len()).map(|index| explorer.deciding(index).is_some()).collect();
    (progress, decided)
}

#[test]
fn without_faults_there_is_one_way_and_it_is_walked_to_its_end() {
    let (progress, decided) = explored(Bounds { timers: 1, ..Bounds::default() });
    // Nothing yet; the timer has fired; the tokens 1, 2, 3 and 4 are delivered. What goes to n10 goes nowhere.
    assert_eq!((progress.states, progress.transitions, progress.depth), (6, 5, 5));
    assert_eq!(progress.ended, Some(Ended::Exhausted));
    assert_eq!(decided, [true, false, false]);
}

#[test]
fn a_timer_that_may_not_fire_does_not() {
    assert_eq!(explored(Bounds::default()).0.states, 1);
}

#[test]
fn a_lost_message_ends_the_way_wherever_it_is_lost() {
    let (progress, _) = explored(Bounds { timers: 1, losses: 1, ..Bounds::default() });
    // The six states before a loss, and one for each of the four tokens that may be lost: what the processes hold then
    // differs.
    assert_eq!((progress.states, progress.transitions), (10, 9));
}

#[test]
fn a_duplicate_is_delivered_twice_and_a_core_that_minds_is_heard() {
    let (_, decided) = explored(Bounds { timers: 1, duplicates: 1, ..Bounds::default() });
    assert_eq!(decided, [true, false, true], "the token comes again: a violation of the core's own");
}

#[test]
fn a_crash_loses_what_is_not_on_the_disk_and_a_restart_arms_the_timer_anew() {
    let model = ClusterModel::new(Passing, (), 2, Bounds { timers: 2, crashes: 1, ..Bounds::default() });
    let explorer = {
        let mut explorer = Explorer::new(model, Limits { beyond_failure: true, ..Limits::default() });
        explorer.run();
        explorer
    };
    let index = explorer.deciding(2).expect("the timer fires twice, so that the token 1 comes twice");
    let path = explorer.path_to(index).expect("it can be walked");
    let steps: Vec<Step<u8>> = path.steps.iter().map(|(step, _)| *step).collect();
    let fire = Step::Fire(NodeId(0), 7);
    let once = [fire, Step::Crash(NodeId(0)), Step::Restart(NodeId(0)), fire, Step::Deliver(0), Step::Deliver(0)];
    assert_eq!(steps.len(), once.len(), "{steps:?}");
    assert_eq!(explorer.deciding(1), None, "what is promised is on the disk");
}

#[test]
fn messages_in_flight_are_a_multiset_whatever_the_order_of_their_sending() {
    let model = ClusterModel::new(Passing, (), 2, Bounds::default());
    let states = model.initial_states();
    let put = |tokens: &[u8]| {
        let mut state = states[0].clone();
        tokens.iter().for_each(|&token| state.put(Arc::new(Envelope::new(NodeId(0), NodeId(1), Token(token)))));
        state
    };
    assert_eq!(put(&[1, 2, 3, 2]), put(&[3, 2, 2, 1]));
    assert_eq!(put(&[1, 2, 3]).fingerprint_of(), put(&[3, 1, 2]).fingerprint_of());
    assert_ne!(put(&[1, 2]).fingerprint_of(), put(&[1, 2, 2]).fingerprint_of());
    let mut steps = Vec::new();
    model.successors(&put(&[2, 2]), &mut |step, _| steps.push(step));
    assert_eq!(steps, [Step::Deliver(0)], "equal messages are delivered in one way");
}

#[test]
fn every_step_is_told_in_words() {
    let bounds = Bounds { timers: 1, crashes: 1, losses: 1, duplicates: 1 };
    let model = ClusterModel::new(Passing, (), 2, bounds);
    let mut state = model.initial_states().remove(0);
    state.put(Arc::new(Envelope::new(NodeId(2), NodeId(1), Token(2))));
    let mut told = Vec::new();
    model.successors(&state, &mut |step, after| told.push(model.describe_step(&state, &step, &after).text));
    assert_eq!(
        told,
        [
            "deliver Token (2) from c1 to n2 [passed]; sends 3 to n1, 99 to c8",
            "deliver Token (2) from c1 to n2 [passed]; n2 writes, and crashes before it sends",
            "duplicate Token (2) from c1 to n2 [passed]; sends 3 to n1, 99 to c8",
            "lose Token (2) from c1 to n2",
            "n1's start timer fires; sends 1 to n2",
            "n1 crashes",
            "n2 crashes",
        ]
    );
}

//! The client, driven by hand: one input, and what it puts into its outbox.

use super::*;
use crate::process::Effect;
use crate::raft::Message as RaftMessage;

const OWN: NodeId = NodeId(3);
const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);

type RaftClient = Client<RaftMessage>;

struct Driven {
    client: RaftClient,
    out: Outbox<RaftClient>,
}

impl Driven {
    fn new(replies_needed: u32) -> Self {
        Self::weighing(&[], replies_needed)
    }

    fn weighing(weights: &[u32], replies_needed: u32) -> Self {
        let weights = weights.into();
        let config = ClientConfig {
            attempt_ticks: 10,
            deadline_ticks: 100,
            backoff_ticks_max: 5,
            replies_needed,
            unordered_replies_needed: None,
            weights,
            reading: Reading::Linearizable,
        };
        let client = RaftClient::boot(Seat { id: OWN, replicas: 3 }, &config, &NoDisk, 0);
        Self { client, out: Outbox::new() }
    }

    fn give(&mut self, input: Input<'_, RaftClient>) -> Vec<Effect<RaftClient>> {
        self.client.handle(0, input, &mut self.out);
        self.out.drain().collect()
    }

    fn invoke(&mut self, command: Command) -> Vec<Effect<RaftClient>> {
        self.give(Input::Message { from: OWN, message: &RaftMessage::Invoke(command) })
    }

    fn refuse(&mut self, from: NodeId, leader: Option<NodeId>) -> Vec<Effect<RaftClient>> {
        self.give(Input::Message { from, message: &RaftMessage::not_leader(1, leader) })
    }

    fn answer(&mut self, from: NodeId, answer: Answer) -> Vec<Effect<RaftClient>> {
        self.give(Input::Message { from, message: &RaftMessage::answer(1, answer) })
    }
}

fn put() -> Command {
    Command::Put { key: "x".into(), value: "1".into() }
}

fn get() -> Command {
    Command::Get { key: "x".into() }
}

fn sent_to(effects: &[Effect<RaftClient>]) -> Vec<NodeId> {
    let target = |effect: &Effect<RaftClient>| if let Effect::Send { to, .. } = effect { Some(*to) } else { None };
    effects.iter().filter_map(target).collect()
}

fn ending(effects: &[Effect<RaftClient>]) -> Option<Ending> {
    effects.iter().find_map(|effect| match effect {
        Effect::Report(ClientReport::Completed { ending, .. }) => Some(ending.clone()),
        _ => None,
    })
}

#[test]
fn a_client_goes_where_it_is_sent() {
    let mut driven = Driven::new(1);
    assert_eq!(sent_to(&driven.invoke(put())), [N1]);
    assert_eq!(sent_to(&driven.refuse(N1, Some(N2))), [N2]);
    assert_eq!(ending(&driven.answer(N2, Answer::Done)), Some(Ending::Ok(Answer::Done)));
}

#[test]
fn where_replicas_have_weights_answers_are_weighed_and_not_counted() {
    let mut driven = Driven::weighing(&[1, 1, 3], 3);
    driven.invoke(put());
    assert_eq!(ending(&driven.answer(N1, Answer::Done)), None);
    assert_eq!(ending(&driven.answer(N1, Answer::Done)), None, "once each");
    assert_eq!(ending(&driven.answer(N2, Answer::Done)), None, "two of three weigh 2");
    let mut driven = Driven::weighing(&[1, 1, 3], 3);
    driven.invoke(put());
    assert_eq!(ending(&driven.answer(NodeId(2), Answer::Done)), Some(Ending::Ok(Answer::Done)));
}

#[test]
fn a_client_that_is_sent_nowhere_waits_and_tries_the_next() {
    let mut driven = Driven::new(1);
    driven.invoke(put());
    assert_eq!(sent_to(&driven.refuse(N1, None)), []);
    assert_eq!(sent_to(&driven.give(Input::Timer(ClientTimer::Backoff))), [N2]);
}

#[test]
fn a_retry_carries_the_same_sequence_number() {
    let mut driven = Driven::new(1);
    driven.invoke(put());
    let retry = driven.give(Input::Timer(ClientTimer::Attempt));
    let carries = |effect: &Effect<RaftClient>| {
        matches!(effect, Effect::Send { message: RaftMessage::Request(Request { sequence: 1, .. }), .. })
    };
    assert!(retry.iter().any(carries));
}

#[test]
fn a_write_that_is_given_up_is_unknown_even_if_every_replica_turned_it_away() {
    let mut driven = Driven::new(1);
    driven.invoke(put());
    driven.refuse(N1, None);
    let effects = driven.give(Input::Timer(ClientTimer::Deadline));
    assert_eq!(ending(&effects), Some(Ending::Unknown), "the network may hold a copy of the request");
}

#[test]
fn a_read_that_is_given_up_has_failed() {
    let mut driven = Driven::new(1);
    driven.invoke(get());
    assert_eq!(ending(&driven.give(Input::Timer(ClientTimer::Deadline))), Some(Ending::Failed));
}

#[test]
fn a_late_answer_to_an_earlier_operation_is_not_taken_for_this_one() {
    let mut driven = Driven::new(1);
    driven.invoke(put());
    driven.give(Input::Timer(ClientTimer::Deadline));
    driven.invoke(get());
    assert_eq!(
        ending(&driven.answer(N1, Answer::Done)),
        None,
        "it has number 1, and the operation under way has number 2"
    );
}

#[test]
fn where_replicas_may_lie_one_answer_is_not_enough() {
    let mut driven = Driven::new(2);
    driven.invoke(get());
    assert_eq!(ending(&driven.answer(N1, Answer::Value(None))), None);
    assert_eq!(ending(&driven.answer(N1, Answer::Value(None))), None, "the same replica again");
    assert_eq!(ending(&driven.answer(N2, Answer::Value(Some("lie".into())))), None);
    assert_eq!(ending(&driven.answer(NodeId(2), Answer::Value(None))), Some(Ending::Ok(Answer::Value(None))));
}

#[test]
fn operations_wait_for_their_turn() {
    let mut driven = Driven::new(1);
    driven.invoke(put());
    assert_eq!(sent_to(&driven.invoke(get())), []);
    assert_eq!(sent_to(&driven.answer(N1, Answer::Done)), [N1], "now the second begins");
}

//! Single-decree Paxos, a process at a time: one input, and what it puts into its outbox. Each test cites its section
//! of "Paxos Made Simple".

use super::*;
use crate::kv::Command;
use crate::process::Effect;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);
const CLIENT: NodeId = NodeId(3);

struct Driven {
    process: Paxos,
    out: Outbox<Paxos>,
    /// The range of the timer that was set last.
    timer: Option<(Ticks, Ticks)>,
}

impl Driven {
    fn new(id: NodeId) -> Self {
        Self::with(id, Mutations::NONE, &Durable::default())
    }

    fn with(id: NodeId, mutations: Mutations<Mutation>, durable: &Durable) -> Self {
        let config = Config { mutations, ..Config::default() };
        Self { process: Paxos::boot(Seat { id, replicas: 3 }, &config, durable, 0), out: Outbox::new(), timer: None }
    }

    /// Hands a message over; gives what is sent, by receiver.
    fn hear(&mut self, from: NodeId, message: &Message) -> Vec<(NodeId, Message)> {
        self.process.handle(0, Input::Message { from, message }, &mut self.out);
        self.sent()
    }

    fn fire(&mut self) -> Vec<(NodeId, Message)> {
        self.process.handle(0, Input::Timer(PaxosTimer::Retry), &mut self.out);
        self.sent()
    }

    fn sent(&mut self) -> Vec<(NodeId, Message)> {
        let timer = &mut self.timer;
        let mut sent = |effect| match effect {
            Effect::Send { to, message, .. } => Some((to, message)),
            Effect::SetTimer { delay_ticks_min, delay_ticks_max, .. } => {
                *timer = Some((delay_ticks_min, delay_ticks_max));
                None
            }
            _ => None,
        };
        self.out.drain().filter_map(&mut sent).collect()
    }

    /// A higher ballot than the present one outbids it. Gives the longest pause, in milliseconds.
    fn is_outbid(&mut self) -> Ticks {
        let own = self.process.attempt().map(Attempt::ballot).expect("an attempt is under way");
        self.hear(N2, &Message::Refused { ballot: own, promised: Ballot { round: own.round, node: N3 } });
        self.timer.map_or(0, |(_, longest)| longest / MILLISECOND)
    }

    fn propose(&mut self, value: &str) -> Vec<(NodeId, Message)> {
        let command = Command::Cas { key: "value".into(), expected: None, new: value.into() };
        self.hear(CLIENT, &Message::Request(Request { client: CLIENT, sequence: 1, command }))
    }
}

fn ballot(round: u64, node: NodeId) -> Ballot {
    Ballot { round, node }
}

fn proposal(round: u64, node: NodeId, value: &str) -> Proposal {
    Proposal { ballot: ballot(round, node), value: value.into() }
}

fn promise(round: u64, node: NodeId, accepted: Option<Proposal>) -> Message {
    Message::Promise { ballot: ballot(round, node), accepted }
}

fn first(sent: &[(NodeId, Message)]) -> &Message {
    &sent.first().expect("something is sent").1
}

#[test]
fn pms_2_2_1b_an_acceptor_promises_only_what_is_higher_than_all_it_has_answered() {
    let mut acceptor = Driven::new(N1);
    assert_eq!(first(&acceptor.hear(N2, &Message::Prepare { ballot: ballot(5, N2) })), &promise(5, N2, None));
    let refused = Message::Refused { ballot: ballot(3, N3), promised: ballot(5, N2) };
    assert_eq!(first(&acceptor.hear(N3, &Message::Prepare { ballot: ballot(3, N3) })), &refused);
}

#[test]
fn a_second_copy_of_a_prepare_is_answered_again_until_it_is_accepted() {
    let mut acceptor = Driven::new(N1);
    acceptor.hear(N2, &Message::Prepare { ballot: ballot(5, N2) });
    assert_eq!(acceptor.hear(N2, &Message::Prepare { ballot: ballot(5, N2) }), [(N2, promise(5, N2, None))]);
    acceptor.hear(N2, &Message::Accept { proposal: proposal(5, N2, "a") });
    // Who asks for an acceptance has the promises that it needs.
    assert_eq!(acceptor.hear(N2, &Message::Prepare { ballot: ballot(5, N2) }), []);
    assert_eq!(acceptor.process.durable().promised, Some(ballot(5, N2)));
}

#[test]
fn only_a_higher_promise_outbids() {
    let mut proposer = Driven::new(N2);
    proposer.propose("mine");
    for promised in [ballot(1, N2), ballot(1, N1)] {
        proposer.hear(N3, &Message::Refused { ballot: ballot(1, N2), promised });
        assert!(matches!(proposer.process.attempt().unwrap().phase(), Phase::Preparing { .. }), "{promised}");
    }
    proposer.hear(N3, &Message::Refused { ballot: ballot(1, N2), promised: ballot(1, N3) });
    assert_eq!(proposer.process.attempt().unwrap().phase(), &Phase::Outbid);
}

/// The settings say 20 ms, doubled with each further defeat, up to 640 ms.
#[test]
fn pms_2_4_the_first_pause_is_what_the_settings_say_and_each_further_one_is_twice_as_long() {
    let mut proposer = Driven::new(N1);
    proposer.propose("mine");
    for longest in [20, 40, 80, 160, 320, 640, 640] {
        assert_eq!(proposer.is_outbid(), longest);
        proposer.fire();
    }
}

#[test]
fn who_is_not_answered_is_defeated_as_well_and_a_defeat_counts_once() {
    let mut proposer = Driven::new(N1);
    proposer.propose("mine");
    let retry = Config::default().retry_ticks;
    assert_eq!(proposer.timer, Some((retry, retry + 20 * MILLISECOND)), "it waits so long for answers");
    proposer.fire();
    assert_eq!(proposer.timer, Some((retry, retry + 20 * MILLISECOND)), "one defeat");
    assert_eq!(proposer.is_outbid(), 40, "two defeats");
    proposer.fire();
    assert_eq!(proposer.is_outbid(), 80, "three defeats, and not four");
}

#[test]
fn pms_2_2_1b_a_promise_reports_the_highest_proposal_that_was_accepted() {
    let mut acceptor = Driven::new(N1);
    acceptor.hear(N2, &Message::Accept { proposal: proposal(1, N2, "a") });
    acceptor.hear(N3, &Message::Accept { proposal: proposal(2, N3, "b") });
    let sent = acceptor.hear(N2, &Message::Prepare { ballot: ballot(3, N2) });
    assert_eq!(first(&sent), &promise(3, N2, Some(proposal(2, N3, "b"))));
}

#[test]
fn pms_2_2_2b_an_acceptor_accepts_unless_it_has_promised_more() {
    let mut acceptor = Driven::new(N1);
    acceptor.hear(N2, &Message::Prepare { ballot: ballot(5, N2) });
    let refused = acceptor.hear(N3, &Message::Accept { proposal: proposal(4, N3, "b") });
    assert_eq!(first(&refused), &Message::Refused { ballot: ballot(4, N3), promised: ballot(5, N2) });
    let accepted = acceptor.hear(N3, &Message::Accept { proposal: proposal(6, N3, "b") });
    assert_eq!(
        accepted.len(),
        3,
        "P4: a higher ballot is accepted without a promise of its own, and all learners are told"
    );
}

#[test]
fn p4_to_accept_is_to_promise() {
    let mut acceptor = Driven::new(N1);
    acceptor.hear(N2, &Message::Accept { proposal: proposal(5, N2, "a") });
    let sent = acceptor.hear(N3, &Message::Prepare { ballot: ballot(4, N3) });
    assert!(matches!(first(&sent), Message::Refused { .. }));
}

#[test]
fn pms_2_2_2a_a_proposer_is_free_only_if_no_promise_reports_a_value() {
    let mut proposer = Driven::new(N1);
    proposer.propose("mine");
    assert!(proposer.hear(N1, &promise(1, N1, None)).is_empty(), "one of three is no majority");
    let sent = proposer.hear(N2, &promise(1, N1, None));
    assert_eq!(first(&sent), &Message::Accept { proposal: proposal(1, N1, "mine") });
}

#[test]
fn p3_the_value_of_the_highest_ballot_wins_not_the_latest_and_not_the_most_common() {
    let mut proposer = Driven::with(N1, Mutations::NONE, &Durable { round: 8, ..Durable::default() });
    proposer.propose("mine");
    proposer.hear(N3, &promise(9, N1, Some(proposal(7, N2, "highest"))));
    let sent = proposer.hear(N2, &promise(9, N1, Some(proposal(4, N3, "latest"))));
    assert_eq!(first(&sent), &Message::Accept { proposal: proposal(9, N1, "highest") });
}

#[test]
fn p2_a_late_promise_of_an_earlier_ballot_does_not_count() {
    let mut proposer = Driven::new(N1);
    proposer.propose("mine");
    proposer.fire();
    proposer.hear(N2, &promise(2, N1, None));
    assert!(proposer.hear(N3, &promise(1, N1, None)).is_empty());
}

#[test]
fn one_acceptor_that_promises_twice_counts_once() {
    let mut proposer = Driven::new(N1);
    proposer.propose("mine");
    proposer.hear(N2, &promise(1, N1, None));
    assert!(proposer.hear(N2, &promise(1, N1, None)).is_empty());
}

#[test]
fn a_ballot_has_one_value_even_if_promises_come_again_after_it_was_outbid() {
    let mut proposer = Driven::new(N1);
    proposer.propose("mine");
    proposer.hear(N1, &promise(1, N1, None));
    proposer.hear(N2, &promise(1, N1, None));
    proposer.hear(N3, &Message::Refused { ballot: ballot(1, N1), promised: ballot(2, N2) });
    proposer.hear(N3, &promise(1, N1, Some(proposal(1, N1, "other"))));
    assert!(proposer.hear(N2, &promise(1, N1, None)).is_empty(), "the ballot is over");
}

#[test]
fn p1_a_restarted_proposer_uses_no_ballot_again() {
    let mut proposer = Driven::new(N1);
    proposer.process.handle(0, Input::Start, &mut proposer.out);
    proposer.propose("mine");
    let durable = proposer.process.durable().clone();
    let mut restarted = Driven::with(N1, Mutations::NONE, &durable);
    assert_eq!(first(&restarted.propose("mine")), &Message::Prepare { ballot: ballot(2, N1) });
}

#[test]
fn an_outbid_proposer_goes_higher_than_the_ballot_that_outbid_it() {
    let mut proposer = Driven::new(N1);
    proposer.propose("mine");
    proposer.hear(N2, &Message::Refused { ballot: ballot(1, N1), promised: ballot(6, N3) });
    assert_eq!(first(&proposer.fire()), &Message::Prepare { ballot: ballot(7, N1) });
}

#[test]
fn pms_2_3_a_value_is_learned_when_a_majority_has_accepted_the_same_ballot() {
    let mut learner = Driven::new(N1);
    learner.hear(N1, &Message::Accepted { proposal: proposal(1, N1, "a") });
    learner.hear(N2, &Message::Accepted { proposal: proposal(2, N2, "a") });
    assert_eq!(learner.process.chosen(), None, "two ballots do not add up, even for one value");
    learner.hear(N3, &Message::Accepted { proposal: proposal(2, N2, "a") });
    assert_eq!(learner.process.chosen(), Some(&proposal(2, N2, "a")));
}

/// Each rule of the acceptor and the proposer that can be switched off makes one difference, and no other.
#[test]
fn a_rule_that_is_switched_off_makes_the_difference_that_it_names() {
    let without = |mutation| Driven::with(N1, Mutations::NONE.with(mutation), &Durable::default());
    let mut acceptor = without(Mutation::PromiseIgnored);
    acceptor.hear(N3, &Message::Prepare { ballot: ballot(5, N3) });
    let sent = acceptor.hear(N2, &Message::Accept { proposal: proposal(4, N2, "low") });
    assert_eq!(first(&sent), &Message::Accepted { proposal: proposal(4, N2, "low") });
    assert_eq!(acceptor.process.durable().promised, Some(ballot(5, N3)), "the promise stands, and is not kept");

    let mut acceptor = without(Mutation::PromiseWithoutAccepted);
    acceptor.hear(N2, &Message::Accept { proposal: proposal(1, N2, "a") });
    assert_eq!(first(&acceptor.hear(N3, &Message::Prepare { ballot: ballot(2, N3) })), &promise(2, N3, None));

    let mut proposer = without(Mutation::ReportsIgnored);
    proposer.propose("mine");
    proposer.hear(N2, &promise(1, N1, None));
    let sent = proposer.hear(N3, &promise(1, N1, Some(proposal(0, N2, "theirs"))));
    assert_eq!(first(&sent), &Message::Accept { proposal: proposal(1, N1, "mine") });

    let mut other = Driven::with(N2, Mutations::NONE.with(Mutation::BallotsShared), &Durable::default());
    assert_eq!(
        first(&other.propose("other")),
        first(&without(Mutation::BallotsShared).propose("mine")),
        "one ballot, two proposers"
    );
}

#[test]
fn who_proposes_is_told_whether_its_own_value_was_chosen() {
    let mut process = Driven::new(N1);
    process.propose("mine");
    process.hear(N2, &Message::Accepted { proposal: proposal(3, N2, "other") });
    let sent = process.hear(N3, &Message::Accepted { proposal: proposal(3, N2, "other") });
    assert_eq!(sent, [(CLIENT, Message::outcome(1, &"mine".into(), &"other".into()))]);
}

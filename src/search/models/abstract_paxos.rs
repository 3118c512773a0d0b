//! Single-decree Paxos as Lamport's TLA+ specification writes it down (the appendix of "How to Win a Turing Award",
//! `Paxos.tla`): no proposers, no learners, no network, only acceptors and the set of all messages ever sent.
//!
//! A message that was sent can be received at any time, any number of times, or never; so loss, delay, reordering and
//! duplication are all in it. Four actions change the state:
//!
//! * `Phase1a(b)`: somebody asks for promises for ballot b.
//! * `Phase1b(a)`: an acceptor that is asked for a ballot above its promise promises it, and reports the vote it cast
//!   in the highest ballot.
//! * `Phase2a(b, v)`: nothing was proposed in ballot b yet, and a quorum has promised it: v is proposed, which must be
//!   the value of the highest vote among those promises, if there is one.
//! * `Phase2b(a)`: an acceptor votes for what is proposed in a ballot that is not below its promise.
//!
//! A value is *chosen* when a quorum has voted for it in one ballot. Votes are messages, and messages stay, so what is
//! chosen can be read off any state.
//!
//! The set of messages is a set of bits: with few acceptors, ballots and values there are few messages that could ever
//! be sent.

use crate::process::{Fingerprint, Fingerprinter, Mutations, NodeId, catalogue};
use crate::search::explore::{Model, Property, StepView};

/// Most acceptors.
pub const ACCEPTORS_MAX: u8 = 5;

/// What the specification leaves open. Ballots are 0..ballots, values 0..values; quorums are all majorities.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AbstractPaxos {
    acceptors: u8,
    ballots: u8,
    values: u8,
    mutations: Mutations<Mutation>,
}

catalogue! {
    /// A rule that is switched off on purpose, to see that the properties notice.
    Mutation {
        AnyValueProposed = "any-value-proposed", "Paxos Made Simple 2.2, P2c", "A proposal may carry any value, whatever the promises report.";
        QuorumTooSmall = "quorum-too-small", "Paxos Made Simple 2.2, P2c", "One acceptor less than a majority is taken for a quorum of promises.";
        VoteRaisesNoPromise = "vote-raises-no-promise", "Paxos.tla, Phase2b", "A vote does not raise the promise.";
        LowestVoteTaken = "lowest-vote-taken", "Paxos Made Simple 2.2, P2c", "The lowest vote among the promises is taken for the highest.";
    }
}

/// A vote: a ballot and a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Vote {
    /// In which ballot (maxVBal).
    pub ballot: u8,
    /// For what (maxVal).
    pub value: u8,
}

/// An acceptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Acceptor {
    /// The highest ballot that it has promised or voted in (maxBal).
    pub promised: Option<u8>,
    /// Its vote in the highest ballot.
    pub vote: Option<Vote>,
}

/// A message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Message {
    /// 1a: promises for this ballot are wanted.
    Prepare {
        /// The ballot.
        ballot: u8,
    },
    /// 1b: an acceptor promises a ballot, and reports its vote.
    Promise {
        /// The acceptor.
        acceptor: u8,
        /// The ballot.
        ballot: u8,
        /// Its vote in the highest ballot.
        vote: Option<Vote>,
    },
    /// 2a: a value is proposed in a ballot.
    Propose(Vote),
    /// 2b: an acceptor votes.
    Accept {
        /// The acceptor.
        acceptor: u8,
        /// What it votes for.
        vote: Vote,
    },
}

/// The acceptors, and all messages ever sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// The acceptors; those beyond the model's number are never changed.
    pub acceptors: [Acceptor; ACCEPTORS_MAX as usize],
    messages: u128,
}

impl Fingerprint for State {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        for acceptor in &self.acceptors {
            into.u8(acceptor.promised.map_or(0, |ballot| ballot + 1));
            into.u8(acceptor.vote.map_or(0, |vote| vote.ballot + 1));
            into.u8(acceptor.vote.map_or(0, |vote| vote.value + 1));
        }
        into.u128(self.messages);
    }
}

/// A step, by the name of its action.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Action {
    /// Somebody asks for promises.
    Phase1a {
        /// The ballot.
        ballot: u8,
    },
    /// An acceptor promises.
    Phase1b {
        /// The acceptor.
        acceptor: u8,
        /// The ballot.
        ballot: u8,
    },
    /// A value is proposed.
    Phase2a(Vote),
    /// An acceptor votes.
    Phase2b {
        /// The acceptor.
        acceptor: u8,
        /// What it votes for.
        vote: Vote,
    },
}

impl AbstractPaxos {
    /// A model of so many acceptors, ballots and values. None if it has none of something, more than [`ACCEPTORS_MAX`]
    /// acceptors, or more messages than fit the set.
    pub fn new(acceptors: u8, ballots: u8, values: u8) -> Option<Self> {
        let model = Self { acceptors, ballots, values, mutations: Mutations::NONE };
        let is_possible =
            (1..=ACCEPTORS_MAX).contains(&acceptors) && (1..=16).contains(&ballots) && (1..=16).contains(&values);
        (is_possible && model.message_count() <= 128).then_some(model)
    }

    /// The smallest model in which quorums can differ: three acceptors, two values, and at most four ballots.
    pub fn majorities_of_three(ballots: u8) -> Self {
        Self { acceptors: 3, ballots: ballots.clamp(1, 4), values: 2, mutations: Mutations::NONE }
    }

    /// The same with rules switched off.
    pub fn with_mutations(self, mutations: Mutations<Mutation>) -> Self {
        Self { mutations, ..self }
    }

    fn votes(self) -> u32 {
        u32::from(self.ballots) * u32::from(self.values)
    }

    /// The messages that could be sent: 1a, then 2a, then 2b, then 1b, whose votes are of any ballot, or none.
    fn message_count(self) -> u32 {
        let promises = u32::from(self.acceptors) * u32::from(self.ballots) * (1 + self.votes());
        u32::from(self.ballots) + self.votes() * (1 + u32::from(self.acceptors)) + promises
    }

    fn vote_number(self, vote: Vote) -> u32 {
        u32::from(vote.ballot) * u32::from(self.values) + u32::from(vote.value)
    }

    /// The place of a message's bit.
    fn place(self, message: Message) -> u32 {
        let (ballots, votes) = (u32::from(self.ballots), self.votes());
        match message {
            Message::Prepare { ballot } => u32::from(ballot),
            Message::Propose(vote) => ballots + self.vote_number(vote),
            Message::Accept { acceptor, vote } => ballots + votes * (1 + u32::from(acceptor)) + self.vote_number(vote),
            Message::Promise { acceptor, ballot, vote } => {
                let first = ballots + votes * (1 + u32::from(self.acceptors));
                let row = u32::from(acceptor) * ballots + u32::from(ballot);
                first + row * (1 + votes) + vote.map_or(0, |vote| 1 + self.vote_number(vote))
            }
        }
    }

    /// Whether a message was sent.
    pub fn was_sent(&self, state: &State, message: Message) -> bool {
        state.messages >> self.place(message) & 1 == 1
    }

    /// All messages that were sent.
    pub fn messages(&self, state: &State) -> Vec<Message> {
        self.all_messages().filter(|&message| self.was_sent(state, message)).collect()
    }

    fn all_votes(self) -> impl Iterator<Item = Vote> {
        (0..self.ballots).flat_map(move |ballot| (0..self.values).map(move |value| Vote { ballot, value }))
    }

    fn all_messages(self) -> impl Iterator<Item = Message> {
        let acceptors = move || 0..self.acceptors;
        let prepares = (0..self.ballots).map(|ballot| Message::Prepare { ballot });
        let promises = acceptors().flat_map(move |acceptor| {
            (0..self.ballots).flat_map(move |ballot| {
                let votes = self.all_votes().map(Some);
                std::iter::once(None).chain(votes).map(move |vote| Message::Promise { acceptor, ballot, vote })
            })
        });
        let proposals = self.all_votes().map(Message::Propose);
        let accepts =
            acceptors().flat_map(move |acceptor| self.all_votes().map(move |vote| Message::Accept { acceptor, vote }));
        prepares.chain(promises).chain(proposals).chain(accepts)
    }

    fn quorum(self) -> u32 {
        u32::from(self.acceptors) / 2 + 1
    }

    /// The values that are chosen, as bits: a quorum has voted for each in one ballot.
    pub fn chosen(&self, state: &State) -> u16 {
        let voters = |vote| {
            (0..self.acceptors).filter(|&acceptor| self.was_sent(state, Message::Accept { acceptor, vote })).count()
        };
        let chosen = self.all_votes().filter(|&vote| voters(vote) as u32 >= self.quorum());
        chosen.fold(0, |values, vote| values | 1 << vote.value)
    }

    /// Whether some quorum has promised a ballot and its highest vote allows a value.
    ///
    /// For each quorum, the highest vote reported within it decides. An acceptor promises a ballot once, so it reports
    /// once.
    fn may_propose(&self, state: &State, proposal: Vote) -> bool {
        if (0..self.values).any(|value| self.was_sent(state, Message::Propose(Vote { value, ..proposal }))) {
            return false;
        }
        let quorum = self.quorum() - u32::from(self.mutations.has(Mutation::QuorumTooSmall));
        let reports: [Option<Option<Vote>>; ACCEPTORS_MAX as usize] =
            std::array::from_fn(|acceptor| self.report(state, acceptor as u8, proposal.ballot));
        let promised = (0..self.acceptors).filter(|&acceptor| reports[usize::from(acceptor)].is_some());
        let promised = promised.fold(0u32, |members, acceptor| members | 1 << acceptor);
        (1..1u32 << self.acceptors).filter(|&members| members & !promised == 0 && members.count_ones() == quorum).any(
            |members| {
                let votes = (0..self.acceptors).filter(|&acceptor| members >> acceptor & 1 == 1);
                let votes = votes.filter_map(|acceptor| reports[usize::from(acceptor)].flatten());
                let decisive = if self.mutations.has(Mutation::LowestVoteTaken) {
                    votes.min_by_key(|vote| vote.ballot)
                } else {
                    votes.max_by_key(|vote| vote.ballot)
                };
                decisive
                    .is_none_or(|vote| vote.value == proposal.value || self.mutations.has(Mutation::AnyValueProposed))
            },
        )
    }

    /// What an acceptor reported when it promised a ballot; none if it has not.
    fn report(&self, state: &State, acceptor: u8, ballot: u8) -> Option<Option<Vote>> {
        if acceptor >= self.acceptors {
            return None;
        }
        let votes = std::iter::once(None).chain(self.all_votes().map(Some));
        votes.into_iter().find(|&vote| self.was_sent(state, Message::Promise { acceptor, ballot, vote }))
    }

    fn with_message(self, mut state: State, message: Message) -> State {
        state.messages |= 1 << self.place(message);
        state
    }
}

impl Model for AbstractPaxos {
    type State = State;
    type Step = Action;

    fn initial_states(&self) -> Vec<State> {
        vec![State { acceptors: Default::default(), messages: 0 }]
    }

    fn successors(&self, state: &State, visit: &mut impl FnMut(Action, State)) {
        for ballot in 0..self.ballots {
            visit(Action::Phase1a { ballot }, self.with_message(state.clone(), Message::Prepare { ballot }));
        }
        for acceptor in 0..self.acceptors {
            let own = state.acceptors[usize::from(acceptor)];
            for ballot in own.promised.map_or(0, |promised| promised + 1)..self.ballots {
                if self.was_sent(state, Message::Prepare { ballot }) {
                    let mut after =
                        self.with_message(state.clone(), Message::Promise { acceptor, ballot, vote: own.vote });
                    after.acceptors[usize::from(acceptor)].promised = Some(ballot);
                    visit(Action::Phase1b { acceptor, ballot }, after);
                }
            }
        }
        for proposal in self.all_votes().filter(|&proposal| self.may_propose(state, proposal)) {
            visit(Action::Phase2a(proposal), self.with_message(state.clone(), Message::Propose(proposal)));
        }
        for acceptor in 0..self.acceptors {
            let own = state.acceptors[usize::from(acceptor)];
            for vote in self.all_votes().filter(|vote| own.promised.is_none_or(|promised| promised <= vote.ballot)) {
                if self.was_sent(state, Message::Propose(vote)) {
                    let mut after = self.with_message(state.clone(), Message::Accept { acceptor, vote });
                    let raises = !self.mutations.has(Mutation::VoteRaisesNoPromise);
                    let promised = if raises { Some(vote.ballot) } else { own.promised };
                    after.acceptors[usize::from(acceptor)] = Acceptor { promised, vote: Some(vote) };
                    visit(Action::Phase2b { acceptor, vote }, after);
                }
            }
        }
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "one-value-chosen",
                "at most one value is ever chosen, so a chosen value never changes",
                |model, state| model.chosen(state).count_ones() <= 1,
            ),
            Property::always(
                "one-proposal-in-a-ballot",
                "at most one value is proposed in a ballot",
                |model, state| {
                    let proposed = |ballot, value| model.was_sent(state, Message::Propose(Vote { ballot, value }));
                    (0..model.ballots)
                        .all(|ballot| (0..model.values).filter(|&value| proposed(ballot, value)).count() <= 1)
                },
            ),
            Property::always(
                "votes-within-promises",
                "no acceptor has voted in a ballot above its promise",
                |_, state: &State| {
                    state
                        .acceptors
                        .iter()
                        .all(|acceptor| acceptor.vote.is_none_or(|vote| Some(vote.ballot) <= acceptor.promised))
                },
            ),
            Property::reachable("a-value-is-chosen", "some value is chosen", |model, state| model.chosen(state) != 0),
            Property::reachable("chosen-again", "a value is chosen in two ballots", |model, state| {
                let voters = |vote| {
                    (0..model.acceptors)
                        .filter(|&acceptor| model.was_sent(state, Message::Accept { acceptor, vote }))
                        .count()
                };
                model.all_votes().filter(|&vote| voters(vote) as u32 >= model.quorum()).count() >= 2
            }),
        ]
    }

    fn bounds(&self) -> Vec<String> {
        vec![format!("{} acceptors, {} values, ballots 0 to {}", self.acceptors, self.values, self.ballots - 1)]
    }

    fn describe_step(&self, _: &State, step: &Action, _: &State) -> StepView {
        let ballot_of = |vote: Vote| format!("v{} in ballot {}", vote.value + 1, vote.ballot);
        let (kind, acceptor, text) = match *step {
            Action::Phase1a { ballot } => ("Phase1a", None, format!("promises for ballot {ballot} are asked for")),
            Action::Phase1b { acceptor, ballot } => {
                ("Phase1b", Some(acceptor), format!("a{} promises ballot {ballot}", acceptor + 1))
            }
            Action::Phase2a(vote) => ("Phase2a", None, format!("{} is proposed", ballot_of(vote))),
            Action::Phase2b { acceptor, vote } => {
                ("Phase2b", Some(acceptor), format!("a{} votes for {}", acceptor + 1, ballot_of(vote)))
            }
        };
        let node = acceptor.map(|acceptor| NodeId(u16::from(acceptor)));
        StepView { kind, node, from: None, text: format!("{kind}: {text}") }
    }

    fn describe_state(&self, state: &State) -> Vec<String> {
        let known = state.acceptors.iter().take(usize::from(self.acceptors)).enumerate();
        known
            .map(|(index, acceptor)| {
                let promised = acceptor.promised.map_or("nothing".to_owned(), |ballot| format!("ballot {ballot}"));
                let vote = acceptor
                    .vote
                    .map_or("nothing".to_owned(), |vote| format!("v{} in ballot {}", vote.value + 1, vote.ballot));
                format!("a{}: promised {promised}, voted for {vote}", index + 1)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;

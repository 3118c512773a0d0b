//! The explorer on the abstract actions of Paxos, and on the real core, against the whole state graph that TLC made of
//! Lamport's specification.
//!
//! It is read from the folder that `CONFORMANCE_DATA` names; the README says where it is published.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use consensus_playground::paxos::{self, Ballot, Mutation, Paxos, PaxosTimer, Proposal};
use consensus_playground::process::{Fingerprint, Fingerprinter, Mutations, NodeId};
use consensus_playground::search::explore::cluster::{
    Bounds, ClusterModel, ClusterProperty, ClusterState, Happened, Node, Step, Subject,
};
use consensus_playground::search::explore::{Ended, Explorer, Limits, Observer};
use consensus_playground::search::models::abstract_paxos::{AbstractPaxos, Action, Message, State, Vote};
use consensus_playground::search::models::paxos::SingleDecree;
use serde_json::Value;

const ACCEPTORS: u8 = 3;

/// The variables of the specification, in one form for both sides: the acceptors' promises and votes, and the messages.
type Variables = (Vec<(Option<u8>, Option<Vote>)>, BTreeSet<Message>);

fn of_ours(model: &AbstractPaxos, state: &State) -> Variables {
    let acceptors = state
        .acceptors
        .iter()
        .take(usize::from(ACCEPTORS))
        .map(|acceptor| (acceptor.promised, acceptor.vote))
        .collect();
    (acceptors, model.messages(state).into_iter().collect())
}

/// TLC writes -1 for no ballot.
fn ballot(value: &Value) -> Option<u8> {
    u8::try_from(value.as_i64().unwrap()).ok()
}

fn vote(ballot_of: &Value, value: &Value) -> Option<Vote> {
    let ballot = ballot(ballot_of);
    assert_eq!(ballot.is_none(), value.is_null(), "a vote has both or neither");
    ballot.map(|ballot| Vote { ballot, value: number(value, 'v') })
}

/// The number behind a name such as v1 or a3, from 0.
fn number(name: &Value, letter: char) -> u8 {
    name.as_str().unwrap().strip_prefix(letter).unwrap().parse::<u8>().unwrap() - 1
}

fn message(message: &Value) -> Message {
    let ballot_of = &message["bal"];
    match message["type"].as_str().unwrap() {
        "1a" => Message::Prepare { ballot: ballot(ballot_of).unwrap() },
        "1b" => Message::Promise {
            acceptor: number(&message["acc"], 'a'),
            ballot: ballot(ballot_of).unwrap(),
            vote: vote(&message["mbal"], &message["mval"]),
        },
        "2a" => Message::Propose(vote(ballot_of, &message["val"]).unwrap()),
        "2b" => {
            Message::Accept { acceptor: number(&message["acc"], 'a'), vote: vote(ballot_of, &message["val"]).unwrap() }
        }
        kind => panic!("a message of the kind {kind:?}"),
    }
}

fn of_tlc(state: &Value) -> Variables {
    let acceptors = (1..=ACCEPTORS).map(|number| {
        let name = format!("a{number}");
        (ballot(&state["maxBal"][&name]), vote(&state["maxVBal"][&name], &state["maxVal"][&name]))
    });
    let messages = state["msgs"].as_array().unwrap();
    let set: BTreeSet<Message> = messages.iter().map(message).collect();
    assert_eq!(set.len(), messages.len());
    (acceptors.collect(), set)
}

/// The action as TLC names it: a Phase1b or Phase2b has the acceptor, not the message.
fn name(action: Action) -> String {
    match action {
        Action::Phase1a { ballot } => format!("Phase1a({ballot})"),
        Action::Phase1b { acceptor, .. } => format!("Phase1b(a{})", acceptor + 1),
        Action::Phase2a(vote) => format!("Phase2a({},v{})", vote.ballot, vote.value + 1),
        Action::Phase2b { acceptor, .. } => format!("Phase2b(a{})", acceptor + 1),
    }
}

/// Every step that the explorer took, and every state that it expanded, by their places.
#[derive(Default)]
struct Seen {
    states: BTreeMap<u32, State>,
    edges: HashSet<(u32, u32, String)>,
}

impl Observer<AbstractPaxos> for Seen {
    fn step(&mut self, from: (u32, &State), action: &Action, to: (u32, &State)) {
        self.states.entry(from.0).or_insert_with(|| from.1.clone());
        self.edges.insert((from.0, to.0, name(*action)));
    }
}

/// TLC's graph: each state's number, and the steps with the names of their actions.
struct Graph {
    states: BTreeMap<Variables, u32>,
    steps: HashSet<(u32, u32, String)>,
}

/// Reads the graph. None if there is no folder to read it from.
fn graph() -> Option<Graph> {
    let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
        println!("skipped: CONFORMANCE_DATA does not name a folder with the state graph of Paxos");
        return None;
    };
    let file = std::fs::File::open(Path::new(&folder).join("paxos-tlc/paxos_tiny_3921.json.gz")).unwrap();
    let graph: Value = serde_json::from_reader(std::io::BufReader::new(flate2::read::GzDecoder::new(file))).unwrap();
    let states: BTreeMap<Variables, u32> =
        (0..).zip(graph["states"].as_array().unwrap()).map(|(id, state)| (of_tlc(state), id)).collect();
    assert_eq!(states.len(), 3_921);
    let id = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let steps = graph["edges"].as_array().unwrap().iter();
    let steps = steps.map(|step| (id(&step[0]), id(&step[1]), step[2].as_str().unwrap().to_owned())).collect();
    Some(Graph { states, steps })
}

#[test]
fn the_explorer_reaches_exactly_the_states_and_steps_of_lamports_specification() {
    let Some(Graph { states: theirs, steps: their_edges }) = graph() else { return };
    let model = AbstractPaxos::new(ACCEPTORS, 2, 2).unwrap();
    let mut explorer = Explorer::new(model, Limits::default());
    let mut seen = Seen::default();
    let progress = explorer.advance_observed(u32::MAX, &mut seen);
    assert_eq!(progress.ended, Some(Ended::Exhausted));

    // Every state has a Phase1a, so every state was seen; the places become TLC's numbers.
    let ours: BTreeMap<u32, u32> =
        seen.states.iter().map(|(&place, state)| (place, theirs[&of_ours(&model, state)])).collect();
    assert_eq!(
        ours.values().collect::<BTreeSet<_>>().len(),
        3_921,
        "each of TLC's states is reached, and by one of ours"
    );
    assert_eq!(progress.states, 3_921);

    let our_edges: HashSet<(u32, u32, String)> =
        seen.edges.into_iter().map(|(from, to, name)| (ours[&from], ours[&to], name)).collect();
    assert_eq!(our_edges.len(), 22_994);
    assert!(our_edges == their_edges, "the same steps, by the same actions");
    let pairs: HashSet<(u32, u32)> = our_edges.iter().map(|(from, to, _)| (*from, *to)).collect();
    assert_eq!(pairs.len(), 13_362);
}

/// The real core, with all messages that were ever sent: the variables of the specification are a function of its
/// states.
struct Refined {
    core: SingleDecree,
}

/// Whose ballots are the specification's 0 and 1: those of the first round of two proposers.
const BALLOTS: [NodeId; 2] = [NodeId(0), NodeId(1)];

/// All messages ever sent, in the specification's words; a ballot that it does not have is 9.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Sent(BTreeSet<Message>);

impl Fingerprint for Sent {
    fn fingerprint(&self, into: &mut Fingerprinter) {
        into.length(self.0.len());
        for message in &self.0 {
            let vote = |vote: Vote| vote.ballot * 16 + vote.value;
            let bytes = match *message {
                Message::Prepare { ballot } => [0, 0, ballot, 255],
                Message::Promise { acceptor, ballot, vote: reported } => {
                    [1, acceptor, ballot, reported.map_or(255, vote)]
                }
                Message::Propose(proposed) => [2, 0, 0, vote(proposed)],
                Message::Accept { acceptor, vote: cast } => [3, acceptor, 0, vote(cast)],
            };
            bytes.into_iter().for_each(|byte| into.u8(byte));
        }
    }
}

fn ballot_of(ballot: Ballot) -> u8 {
    BALLOTS.iter().position(|&node| ballot == Ballot { round: 1, node }).map_or(9, |place| place as u8)
}

fn vote_of(proposal: &Proposal) -> Vote {
    Vote {
        ballot: ballot_of(proposal.ballot),
        value: proposal.value.strip_prefix('v').unwrap().parse::<u8>().unwrap() - 1,
    }
}

/// What a message of the core is in the specification; refusals and what clients say are nothing there.
fn in_the_specification(from: NodeId, message: &paxos::Message) -> Option<Message> {
    let acceptor = from.0 as u8;
    Some(match message {
        paxos::Message::Prepare { ballot } => Message::Prepare { ballot: ballot_of(*ballot) },
        paxos::Message::Promise { ballot, accepted } => {
            Message::Promise { acceptor, ballot: ballot_of(*ballot), vote: accepted.as_ref().map(vote_of) }
        }
        paxos::Message::Accept { proposal } => Message::Propose(vote_of(proposal)),
        paxos::Message::Accepted { proposal } => Message::Accept { acceptor, vote: vote_of(proposal) },
        _ => return None,
    })
}

impl Subject for Refined {
    type Process = Paxos;
    type Memory = Sent;

    fn properties(&self) -> Vec<ClusterProperty<Self>> {
        Vec::new()
    }

    fn remember(&self, memory: &Sent, happened: &Happened<'_, Paxos>) -> Option<Sent> {
        // What was written and never sent is, in the specification, a message that was sent and that nobody gets.
        let sent = happened
            .sent
            .iter()
            .chain(happened.unsent)
            .filter_map(|envelope| in_the_specification(envelope.from, &envelope.message));
        let sent: Vec<Message> = sent.filter(|message| !memory.0.contains(message)).collect();
        (!sent.is_empty()).then(|| Sent(memory.0.iter().copied().chain(sent).collect()))
    }

    fn is_within_bounds(&self, state: &ClusterState<Paxos, Sent>) -> bool {
        let in_flight = state.in_flight().count();
        // Of one that is down, its disk says how far it has got.
        let round = |node: &Arc<Node<Paxos>>| node.process.as_ref().map_or(&node.disk, Paxos::durable).round;
        in_flight <= self.core.in_flight_max && state.nodes().iter().all(|node| round(node) <= self.core.round_max)
    }

    fn carries(&self, to: NodeId, message: &paxos::Message) -> bool {
        self.core.carries(to, message)
    }

    fn requests(&self) -> Vec<(NodeId, NodeId, paxos::Message)> {
        self.core.requests()
    }
}

/// The variables of the specification in a state of the real core. The acceptors' are what the processes go by, or,
/// where one is down, its disk.
fn of_the_core(state: &ClusterState<Paxos, Sent>) -> Variables {
    let acceptors = state.nodes().iter().map(|node| {
        let durable = node.process.as_ref().map_or(&node.disk, Paxos::durable);
        (durable.promised.map(ballot_of), durable.accepted.as_ref().map(vote_of))
    });
    (acceptors.collect(), state.memory().0.clone())
}

/// Follows the real core in TLC's graph.
struct Follower<'a> {
    theirs: &'a BTreeMap<Variables, u32>,
    pairs: &'a HashSet<(u32, u32)>,
    /// TLC's numbers of our states, by our places.
    numbers: HashMap<u32, Option<u32>>,
    reached: BTreeSet<u32>,
    taken: HashSet<(u32, u32)>,
    /// The first step that leads to no state of TLC's, or between two that are not one step apart.
    astray: Option<String>,
}

impl Follower<'_> {
    fn number(&mut self, place: u32, state: &ClusterState<Paxos, Sent>) -> Option<u32> {
        let theirs = self.theirs;
        let number = *self.numbers.entry(place).or_insert_with(|| theirs.get(&of_the_core(state)).copied());
        self.reached.extend(number);
        number
    }
}

impl Observer<ClusterModel<Refined>> for Follower<'_> {
    fn step(
        &mut self,
        from: (u32, &ClusterState<Paxos, Sent>),
        step: &Step<PaxosTimer>,
        to: (u32, &ClusterState<Paxos, Sent>),
    ) {
        let (before, after) = (self.number(from.0, from.1), self.number(to.0, to.1));
        match (before, after) {
            (Some(before), Some(after)) if before == after => {}
            (Some(before), Some(after)) if self.pairs.contains(&(before, after)) => {
                self.taken.insert((before, after));
            }
            _ => {
                let told = || format!("{step:?}: {:?} to {:?}", of_the_core(from.1), of_the_core(to.1));
                self.astray.get_or_insert_with(told);
            }
        }
    }
}

/// Explores the real core with its clients' values, and follows it: to the end, or until it has gone astray.
fn follow<'a>(
    theirs: &'a BTreeMap<Variables, u32>,
    pairs: &'a HashSet<(u32, u32)>,
    clients: [(NodeId, &'static str); 2],
    bounds: Bounds,
    mutations: Mutations<Mutation>,
) -> Follower<'a> {
    // The specification has no refusals. Where messages are lost or come twice, they and too many messages at once
    // would make very many states.
    let few = bounds.losses + bounds.duplicates > 0;
    let in_flight_max = if few { 6 } else { usize::MAX };
    let core = SingleDecree { clients: clients.to_vec(), round_max: 1, in_flight_max, refusals: !few, learner: None };
    let config = paxos::Config { mutations, ..Default::default() };
    let mut explorer = Explorer::new(ClusterModel::new(Refined { core }, config, 3, bounds), Limits::default());
    let mut follower = Follower {
        theirs,
        pairs,
        numbers: HashMap::new(),
        reached: BTreeSet::new(),
        taken: HashSet::new(),
        astray: None,
    };
    while follower.astray.is_none() {
        match explorer.advance_observed(1_000, &mut follower).ended {
            None => {}
            Some(ended) => {
                assert_eq!(ended, Ended::Exhausted);
                break;
            }
        }
    }
    follower
}

const CALM: Bounds = Bounds { timers: 0, crashes: 0, losses: 0, duplicates: 0 };
const CLIENTS: [(NodeId, &str); 2] = [(NodeId(3), "v1"), (NodeId(4), "v2")];

#[test]
fn every_state_and_step_of_the_real_core_is_one_of_lamports_specification_or_a_stutter() {
    let Some(Graph { states, steps }) = graph() else { return };
    let pairs: HashSet<(u32, u32)> = steps.iter().map(|(from, to, _)| (*from, *to)).collect();
    let (mut reached, mut taken) = (BTreeSet::new(), HashSet::new());
    for (first, second) in [("v1", "v1"), ("v1", "v2"), ("v2", "v1"), ("v2", "v2")] {
        let follower = follow(&states, &pairs, [(NodeId(3), first), (NodeId(4), second)], CALM, Mutations::NONE);
        assert_eq!(follower.astray, None, "{first} and {second}");
        reached.extend(follower.reached);
        taken.extend(follower.taken);
    }
    // Every state. Of the 13,362 pairs some are beyond the core: it asks for no promises after its own acceptor has
    // promised more, and it proposes as soon as it may.
    assert_eq!((reached.len(), taken.len()), (3_921, 9_322));
}

/// Crashes, restarts and losses change none of the specification's variables, and a message that comes twice is one
/// that was sent once.
#[test]
fn every_state_and_step_of_the_real_core_under_faults_is_one_of_lamports_specification_or_a_stutter() {
    let Some(Graph { states, steps }) = graph() else { return };
    let pairs: HashSet<(u32, u32)> = steps.iter().map(|(from, to, _)| (*from, *to)).collect();
    let swapped = [(NodeId(3), "v2"), (NodeId(4), "v1")];
    for (clients, bounds) in [
        (CLIENTS, Bounds { crashes: 1, ..CALM }),
        (CLIENTS, Bounds { losses: 1, ..CALM }),
        (CLIENTS, Bounds { duplicates: 1, ..CALM }),
        (swapped, Bounds { losses: 1, ..CALM }),
        (swapped, Bounds { duplicates: 1, ..CALM }),
    ] {
        let follower = follow(&states, &pairs, clients, bounds, Mutations::NONE);
        assert_eq!(follower.astray, None, "{clients:?}, {bounds:?}");
        assert!(follower.reached.len() > 500, "{}", follower.reached.len());
    }
}

#[test]
fn a_core_without_a_rule_leaves_lamports_specification() {
    let Some(Graph { states, steps }) = graph() else { return };
    let pairs: HashSet<(u32, u32)> = steps.iter().map(|(from, to, _)| (*from, *to)).collect();
    let crash = Bounds { crashes: 1, ..CALM };
    // Both clients ask the first proposer, which takes its ballot twice.
    let one_proposer = [(NodeId(3), "v1"), (NodeId(6), "v2")];
    for (mutation, clients, bounds) in [
        (Mutation::MajorityTooSmall, CLIENTS, CALM),
        (Mutation::AcceptRaisesNoPromise, CLIENTS, CALM),
        (Mutation::PromiseNotDurable, CLIENTS, crash),
        (Mutation::AcceptanceNotDurable, CLIENTS, crash),
        (Mutation::BallotNotDurable, one_proposer, Bounds { duplicates: 1, ..crash }),
    ] {
        let follower = follow(&states, &pairs, clients, bounds, Mutations::NONE.with(mutation));
        assert!(follower.astray.is_some(), "{mutation:?}");
    }
}

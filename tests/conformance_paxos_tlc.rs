//! The explorer on the abstract actions of Paxos, against the whole state graph that TLC made of Lamport's specification.
//!
//! It is read from the folder that `CONFORMANCE_DATA` names; the README says where it is published.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use consensus_playground::search::explore::{Ended, Explorer, Limits, Observer};
use consensus_playground::search::models::abstract_paxos::{AbstractPaxos, Action, Message, State, Vote};
use serde_json::Value;

const ACCEPTORS: u8 = 3;

/// The variables of the specification, in one form for both sides: the acceptors' promises and votes, and the messages.
type Variables = (Vec<(Option<u8>, Option<Vote>)>, BTreeSet<Message>);

fn of_ours(model: &AbstractPaxos, state: &State) -> Variables {
    let acceptors = state.acceptors.iter().take(usize::from(ACCEPTORS)).map(|acceptor| (acceptor.promised, acceptor.vote)).collect();
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
        "2b" => Message::Accept { acceptor: number(&message["acc"], 'a'), vote: vote(ballot_of, &message["val"]).unwrap() },
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

#[test]
fn the_explorer_reaches_exactly_the_states_and_steps_of_lamports_specification() {
    let Some(folder) = std::env::var_os("CONFORMANCE_DATA") else {
        println!("skipped: CONFORMANCE_DATA does not name a folder with the state graph of Paxos");
        return;
    };
    let file = std::fs::File::open(Path::new(&folder).join("paxos-tlc/paxos_tiny_3921.json.gz")).unwrap();
    let graph: Value = serde_json::from_reader(std::io::BufReader::new(flate2::read::GzDecoder::new(file))).unwrap();
    let theirs: BTreeMap<Variables, u32> = (0..).zip(graph["states"].as_array().unwrap()).map(|(id, state)| (of_tlc(state), id)).collect();
    assert_eq!(theirs.len(), 3_921);

    let model = AbstractPaxos::new(ACCEPTORS, 2, 2).unwrap();
    let mut explorer = Explorer::new(model, Limits::default());
    let mut seen = Seen::default();
    let progress = explorer.advance_observed(u32::MAX, &mut seen);
    assert_eq!(progress.ended, Some(Ended::Exhausted));

    // Every state has a Phase1a, so every state was seen; the places become TLC's numbers.
    let ours: BTreeMap<u32, u32> = seen.states.iter().map(|(&place, state)| (place, theirs[&of_ours(&model, state)])).collect();
    assert_eq!(ours.values().collect::<BTreeSet<_>>().len(), 3_921, "each of TLC's states is reached, and by one of ours");
    assert_eq!(progress.states, 3_921);

    let id = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let edges = graph["edges"].as_array().unwrap().iter();
    let their_edges: HashSet<(u32, u32, String)> =
        edges.map(|edge| (id(&edge[0]), id(&edge[1]), edge[2].as_str().unwrap().to_owned())).collect();
    let our_edges: HashSet<(u32, u32, String)> = seen.edges.into_iter().map(|(from, to, name)| (ours[&from], ours[&to], name)).collect();
    assert_eq!(our_edges.len(), 22_994);
    assert!(our_edges == their_edges, "the same steps, by the same actions");
    let pairs: HashSet<(u32, u32)> = our_edges.iter().map(|(from, to, _)| (*from, *to)).collect();
    assert_eq!(pairs.len(), 13_362);
}

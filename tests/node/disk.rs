//! What a node keeps is there after a power failure at any moment, and rot is never served.

use super::storage::Storage;
use consensus_playground::kv::{Answer, Command, Request, Store as State};
use consensus_playground::multi_paxos::log::Values;
use consensus_playground::multi_paxos::{self, Ballot, MultiPaxos};
use consensus_playground::node::{Changes, Codec, Names, Persist, Records, Store, WriteOf};
use consensus_playground::process::{Durable, NodeId};
use consensus_playground::raft::log::{Entries, Entry, Payload};
use consensus_playground::raft::state::{Snapshot, Write};
use consensus_playground::raft::{self, Raft};
use consensus_playground::sim::random::Stream;
use std::sync::Arc;

/// A protocol whose writes can be drawn, such as its process might make.
trait Drawn: Codec {
    fn draw(durable: &Self::Durable, random: &mut Stream) -> WriteOf<Self>;

    fn saved(durable: &Self::Durable) -> Option<&State>;
}

fn request(random: &mut Stream) -> Request {
    let key = format!("key {}", random.between(0, 9)).into();
    let value = "v".repeat(random.between(0, 900) as usize).into();
    Request {
        client: NodeId(random.between(3, 6) as u16),
        sequence: random.between(1, 1 << 50),
        command: Command::Put { key, value },
    }
}

/// A state a little later.
fn later(state: Option<&State>, random: &mut Stream) -> State {
    let mut state = state.cloned().unwrap_or_default();
    for _ in 0..random.between(0, 4) {
        state.apply_again(&request(random));
    }
    if random.between(0, 3) == 0 {
        state.apply_without_session(&Command::Delete { key: format!("key {}", random.between(0, 9)).into() });
    }
    state
}

impl Drawn for Raft {
    fn draw(durable: &raft::Durable, random: &mut Stream) -> Write {
        let (base, last) = (durable.log.base_index(), durable.log.last_index());
        let index = random.between(base, last);
        match random.between(0, 9) {
            0 => Write::Vote {
                current_term: durable.current_term + 1,
                voted_for: Some(NodeId(random.between(0, 2) as u16)),
            },
            1 | 2 if index > base => {
                let last_included_term = durable.log.term_at(index).unwrap();
                let snapshot = Snapshot {
                    last_included_index: index,
                    last_included_term,
                    store: later(Self::saved(durable), random),
                };
                Write::TakeSnapshot { snapshot: Arc::new(snapshot), drop_up_to: random.between(base, index) }
            }
            3 => {
                let (last_included_index, last_included_term) =
                    (random.between(base + 1, last + 3), durable.current_term);
                let snapshot =
                    Snapshot { last_included_index, last_included_term, store: later(Self::saved(durable), random) };
                Write::InstallSnapshot { snapshot: Arc::new(snapshot), keep_tail: false }
            }
            _ => {
                let entry =
                    |_| Entry { term: durable.current_term, payload: Arc::new(Payload::Command(request(random))) };
                let entries: Vec<Entry> = (0..2).map(entry).collect();
                Write::Append {
                    after: random.between(base.max(last.saturating_sub(2)), last),
                    entries: Entries::from(&entries[..]),
                }
            }
        }
    }

    fn saved(durable: &raft::Durable) -> Option<&State> {
        durable.snapshot.as_ref().map(|snapshot| &snapshot.store)
    }
}

impl Drawn for MultiPaxos {
    fn draw(durable: &multi_paxos::Durable, random: &mut Stream) -> multi_paxos::state::Write {
        use multi_paxos::state::{Snapshot, Write};
        let (base, last) = (durable.log.base(), durable.log.last_slot());
        let ballot = Ballot { round: durable.round + random.between(0, 1), node: NodeId(random.between(0, 2) as u16) };
        let kind = random.between(0, 9);
        let mut snapshot = |up_to| Arc::new(Snapshot { up_to, store: later(Self::saved(durable), random) });
        match kind {
            0 | 5 => Write::Candidacy(Ballot { round: durable.round + 1, ..ballot }),
            1 | 7 => Write::Promise(ballot),
            2 | 4 | 9 if last > base => {
                let snapshot = snapshot(last);
                Write::TakeSnapshot { snapshot, forget_up_to: random.between(base, last) }
            }
            3 => Write::InstallSnapshot(snapshot(last + 2)),
            _ => {
                let values: Vec<_> = (0..2).map(|_| Arc::new(multi_paxos::Payload::Command(request(random)))).collect();
                let first = random.between(base + 1, last + 2);
                Write::Accept {
                    ballot: Ballot { round: ballot.round + last % 2, ..ballot },
                    first,
                    values: Values::from(values),
                }
            }
        }
    }

    fn saved(durable: &multi_paxos::Durable) -> Option<&State> {
        durable.snapshot.as_ref().map(|snapshot| &snapshot.store)
    }
}

fn records_say_what_the_writes_say<R: Drawn>() {
    let mut random = Stream::new(1, 0);
    let (mut durable, mut disk, mut records) = (R::Durable::default(), R::Durable::default(), Records::default());
    let (mut snapshots, mut largest) = (0, 0);
    for _ in 0..3_000 {
        let (write, before) = (R::draw(&durable, &mut random), durable.clone());
        durable.apply(&write);
        snapshots += usize::from(R::saved(&durable) != R::saved(&before));
        let mut changes = Changes::default();
        R::lay_down(&mut disk, &write, &mut changes);
        changes.apply(&mut records);
        largest = largest.max(records.bytes());
        assert_eq!(disk, durable);
        assert_eq!(R::take_up(&records).as_ref(), Ok(&durable), "after {write:?} on {before:?}");
    }
    assert!(snapshots > 100, "{snapshots}");
    assert!(largest < 200_000, "what was dropped is gone: {largest}");
}

#[test]
fn records_say_what_the_writes_of_raft_say() {
    records_say_what_the_writes_say::<Raft>();
}

#[test]
fn records_say_what_the_writes_of_multi_paxos_say() {
    records_say_what_the_writes_say::<MultiPaxos>();
}

fn opened<R: Codec>(image: Vec<u8>) -> Result<(Storage, R::Durable), String> {
    let storage = Storage::of(image);
    Store::<R>::open_on(storage.clone(), "c").map(|(_, kept)| (storage, kept.durable))
}

/// A store after some commits, and what was in it after each.
fn written<R: Drawn>(commits: usize, random: &mut Stream) -> (Storage, Store<R>, Vec<R::Durable>) {
    let storage = Storage::default();
    let (mut store, kept) = Store::<R>::open_on(storage.clone(), "c").unwrap();
    storage.returned(0);
    let mut states = vec![kept.durable];
    for commit in 1..=commits {
        let mut durable = states[commit - 1].clone();
        let mut persists = Vec::new();
        for _ in 0..random.between(1, 3) {
            let write = R::draw(&durable, random);
            durable.apply(&write);
            persists.push(Persist::Write(write));
        }
        store.commit(&persists).unwrap();
        storage.returned(commit);
        states.push(durable);
    }
    (storage, store, states)
}

/// Whatever a power failure leaves: all that was acknowledged is there, and of what was under way all or nothing.
fn a_power_failure_at_any_moment_loses_nothing<R: Drawn>(seed: u64) {
    let mut random = Stream::new(seed, 0);
    let (storage, store, states) = written::<R>(10, &mut random);
    let wreckage = storage.wreckage(&mut random);
    drop(store);
    let (mut kept, mut dropped) = (0, 0);
    for (place, (commits, image)) in wreckage.iter().enumerate() {
        let (storage, durable) =
            opened::<R>(image.clone()).unwrap_or_else(|problem| panic!("{commits} commits, image {place}: {problem}"));
        let is_later = states.get(commits + 1) == Some(&durable);
        assert!(is_later || states[*commits] == durable, "{commits} commits, image {place}");
        (kept, dropped) = if is_later { (kept + 1, dropped) } else { (kept, dropped + 1) };
        if place % 16 == 0 {
            // And another one while it is opened.
            for (_, image) in storage.wreckage_of(image, &mut random).into_iter().step_by(5) {
                let (_, again) = opened::<R>(image).unwrap();
                assert!(
                    again == durable || states[*commits] == again || states.get(commits + 1) == Some(&again),
                    "image {place}"
                );
            }
        }
    }
    assert!(kept > 10 && dropped > 100, "{kept} of {} kept what was under way", wreckage.len());
}

#[test]
fn a_power_failure_at_any_moment_loses_nothing_of_raft() {
    a_power_failure_at_any_moment_loses_nothing::<Raft>(1);
}

#[test]
fn a_power_failure_at_any_moment_loses_nothing_of_multi_paxos() {
    a_power_failure_at_any_moment_loses_nothing::<MultiPaxos>(2);
}

/// Opens what is left of a file in which bytes were changed: refuses it, or gives all that was there. Says how many
/// were refused.
fn refused_or_whole(
    image: &[u8],
    expected: &raft::Durable,
    places: impl Iterator<Item = usize>,
    random: &mut Stream,
) -> usize {
    let mut refused = 0;
    for place in places {
        let mut rotten = image.to_vec();
        rotten[place] ^= 1 << random.between(0, 7);
        match opened::<Raft>(rotten) {
            Ok((_, durable)) => assert!(durable == *expected, "byte {place} changes what is served"),
            Err(problem) => {
                assert!(problem.contains("rotted"), "byte {place}: {problem}");
                refused += 1;
            }
        }
    }
    refused
}

#[test]
fn a_byte_that_rots_is_never_served() {
    let mut random = Stream::new(3, 0);
    let (storage, store, states) = written::<Raft>(30, &mut random);
    let killed = storage.bytes();
    drop(store);
    let closed = storage.bytes();
    for (image, how) in [(killed, "killed"), (closed, "closed")] {
        let header = refused_or_whole(&image, &states[30], 0..320, &mut random);
        assert!(header >= 50, "{how}: {header} bytes of the header");
        // Every bit of the byte without a checksum.
        for bit in 0..8 {
            let mut rotten = image.clone();
            rotten[9] ^= 1 << bit;
            if let Ok((_, durable)) = opened::<Raft>(rotten) {
                assert!(durable == states[30], "{how}: bit {bit} of the byte that names the present root");
            }
        }
        let used: Vec<usize> = (4_096..image.len()).filter(|&place| image[place] != 0).collect();
        let drawn: Vec<usize> = (0..500).map(|_| used[random.between(0, used.len() as u64 - 1) as usize]).collect();
        let pages = refused_or_whole(&image, &states[30], drawn.into_iter(), &mut random);
        assert!(pages >= 20, "{how}: {pages} bytes of the pages");
    }
}

#[test]
fn a_file_that_lost_its_end_is_refused_or_whole() {
    let (storage, store, states) = written::<Raft>(30, &mut Stream::new(4, 0));
    let image = storage.bytes();
    drop(store);
    let mut refused = 0;
    for length in (1..image.len()).step_by(image.len() / 97) {
        match opened::<Raft>(image[..length].to_vec()) {
            Ok((_, durable)) => assert!(durable == states[30], "{length} of {} bytes", image.len()),
            Err(problem) => refused += usize::from(!problem.is_empty()),
        }
    }
    assert!(refused > 0);
}

#[test]
fn a_file_of_another_cluster_or_protocol_is_refused() {
    let storage = Storage::default();
    drop(Store::<Raft>::open_on(storage.clone(), "orders").unwrap());
    let refused = Store::<Raft>::open_on(Storage::of(storage.bytes()), "payments").err();
    assert_eq!(refused.as_deref(), Some("this belongs to the cluster \"orders\", not \"payments\""));
    let refused = Store::<MultiPaxos>::open_on(Storage::of(storage.bytes()), "orders").err();
    assert_eq!(refused.as_deref(), Some("this belongs to a node of raft, not multi-paxos"));
}

#[test]
fn every_start_is_counted_and_names_and_numbers_are_kept() {
    let names = Names { node_id: "n1".into(), node_ids: vec!["n1".into(), "n2".into()] };
    let mut image = Vec::new();
    for start in 0..4 {
        let storage = Storage::of(image);
        let (mut store, kept) = Store::<Raft>::open_on(storage.clone(), "c").unwrap();
        assert_eq!(kept.incarnation, start);
        assert_eq!(
            (kept.names, kept.numbers_up_to),
            if start == 0 { (None, 0) } else { (Some(names.clone()), 10 * start) }
        );
        store.commit(&[Persist::Names(names.clone()), Persist::NumbersUpTo(10 * (start + 1))]).unwrap();
        image = storage.bytes();
    }
}

/// Appends so many entries one by one, and takes a snapshot every hundred.
fn append(store: &mut Store<Raft>, durable: &mut raft::Durable, entries: u64, random: &mut Stream) {
    for number in 0..entries {
        let after = durable.log.last_index();
        let entry = Entry { term: 1, payload: Arc::new(Payload::Command(request(random))) };
        let mut persists = vec![Persist::Write(Write::Append { after, entries: Entries::from(&[entry][..]) })];
        if number % 100 == 0 {
            let state = later(Raft::saved(durable), random);
            let snapshot = Snapshot { last_included_index: after + 1, last_included_term: 1, store: state };
            persists.push(Persist::Write(Write::TakeSnapshot { snapshot: Arc::new(snapshot), drop_up_to: after + 1 }));
        }
        for persist in &persists {
            if let Persist::Write(write) = persist {
                durable.apply(write);
            }
        }
        store.commit(&persists).unwrap();
    }
}

#[test]
fn the_file_stays_as_small_as_state_and_log() {
    let storage = Storage::default();
    let (mut store, kept) = Store::<Raft>::open_on(storage.clone(), "c").unwrap();
    let (mut durable, mut random) = (kept.durable, Stream::new(5, 0));
    append(&mut store, &mut durable, 300, &mut random);
    let early = storage.length();
    append(&mut store, &mut durable, 3_000, &mut random);
    // A hundred entries of half a kilobyte, and ten keys.
    assert!(storage.length() <= early.max(2 << 20), "{} bytes, and {early} ten times earlier", storage.length());
}

#[test]
fn a_file_that_was_large_once_is_small_again_after_a_start() {
    let storage = Storage::default();
    let (mut store, _) = Store::<Raft>::open_on(storage.clone(), "c").unwrap();
    let values = (0..400).map(|number| (format!("{number}").into(), "v".repeat(60_000).into()));
    let large = State::from_parts(values, [(NodeId(3), 7, Answer::Done)]);
    for (last_included_index, state) in [(1, large), (2, State::default())] {
        let snapshot = Snapshot { last_included_index, last_included_term: 1, store: state };
        store
            .commit(&[Persist::Write(Write::InstallSnapshot { snapshot: Arc::new(snapshot), keep_tail: false })])
            .unwrap();
    }
    assert!(storage.length() > 24 << 20, "{}", storage.length());
    let again = Storage::of(storage.bytes());
    drop(store);
    let (_, kept) = Store::<Raft>::open_on(again.clone(), "c").unwrap();
    assert_eq!(kept.durable.snapshot.map(|snapshot| snapshot.last_included_index), Some(2));
    assert!(again.length() < 4 << 20, "{}", again.length());
}

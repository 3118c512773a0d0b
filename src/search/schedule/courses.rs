//! Courses of events that faults are laid around: an ambush waits for a moment that matters (an election, a proposal, a
//! decision, a flush under way, something rare) and falls then or a little later. One after another they make the
//! stories that blind faults seldom tell: leaders that follow each other quickly and leave logs behind that differ,
//! acknowledgements that arrive after what they acknowledged is gone.

use super::{Ambush, Course, Terrain, Then};
use crate::process::{MILLISECOND, NodeId, NodeSet, Ticks};
use crate::search::aim::{Aim, Blow, Moment};
use crate::sim::random::Stream;
use crate::sim::{Action, NetworkDials, Ratio, TicksRange};

/// How long an ambush waits.
const PATIENCE: Ticks = 1_500 * MILLISECOND;

/// Draws one course that begins at a time.
pub(super) fn draw(stream: &mut Stream, terrain: &Terrain, from: Ticks) -> Course {
    let ambushes = match stream.between(0, 6) {
        0 => short_reigns(stream, terrain),
        1 => late_answers(stream, terrain),
        2 => flushes_under_way(stream, terrain),
        3 => lonely_proposals(stream, terrain),
        4 => outlived_answers(stream, terrain),
        5 => half_told_entries(stream, terrain),
        _ => (0..stream.between(1, 4)).map(|_| any(stream, terrain)).collect(),
    };
    Course { from, ambushes }
}

fn ambush(moment: Moment, then: Vec<Then>) -> Ambush {
    Ambush { moment, within: PATIENCE, then }
}

fn there(after: Ticks, blow: Blow) -> Then {
    Then { after, what: super::What::There(blow) }
}

fn does(after: Ticks, action: Action) -> Then {
    Then { after, what: super::What::Aim(Aim::At(action)) }
}

fn some(stream: &mut Stream, terrain: &Terrain, most: u64) -> NodeSet {
    let mut set: NodeSet = (terrain.replicas..terrain.replicas + terrain.clients)
        .map(NodeId)
        .filter(|_| stream.between(0, 2) > 0)
        .collect();
    for _ in 0..stream.between(0, most) {
        set.insert(NodeId(stream.between(0, u64::from(terrain.replicas) - 1) as u16));
    }
    set
}

fn all_back(terrain: &Terrain, after: Ticks) -> impl Iterator<Item = Then> + use<> {
    (0..terrain.replicas).map(move |node| does(after, Action::Restart(NodeId(node))))
}

/// A moment of a reign at which it is cut short: early ones leave most behind.
fn cut_short_at(stream: &mut Stream) -> Moment {
    [Moment::Elected, Moment::Proposed, Moment::Proposed, Moment::Decided, Moment::Decided]
        [stream.between(0, 4) as usize]
}

/// Leaders follow each other: each is elected, cut off with a companion or two, takes an entry, and crashes; those
/// before it come back in the meantime (figure 8 of the Raft paper is one such course).
fn short_reigns(stream: &mut Stream, terrain: &Terrain) -> Vec<Ambush> {
    let mut ambushes = Vec::new();
    for _ in 0..stream.between(2, 5) {
        if stream.between(0, 3) > 0 {
            let companions = some(stream, terrain, 2);
            ambushes.push(ambush(
                Moment::Elected,
                vec![there(stream.between(0, 40 * MILLISECOND), Blow::Isolate { companions })],
            ));
        }
        let fall = stream.between(0, 60 * MILLISECOND);
        let mut then = vec![
            there(fall, if stream.between(0, 3) == 0 { Blow::Kill } else { Blow::Crash }),
            does(fall, Action::Heal),
        ];
        then.extend(all_back(terrain, fall + stream.between(1, 600 * MILLISECOND)));
        ambushes.push(ambush(cut_short_at(stream), then));
    }
    ambushes
}

/// The answers to a leader take long, so that they arrive when it leads again, and what they acknowledge may be gone.
fn late_answers(stream: &mut Stream, terrain: &Terrain) -> Vec<Ambush> {
    let mut ambushes = Vec::new();
    let longest = stream.between(150, 1_200) * MILLISECOND;
    let slow = Blow::SlowAnswers { latency_ticks: TicksRange::new(longest / 3, longest) };
    ambushes.push(ambush(Moment::Elected, vec![there(stream.between(0, 60 * MILLISECOND), slow)]));
    for _ in 0..stream.between(1, 3) {
        let fall = stream.between(0, 80 * MILLISECOND);
        let blow = match stream.between(0, 4) {
            0 => Blow::Crash,
            1 => Blow::Pause,
            2 => Blow::Mute,
            _ => Blow::Isolate { companions: some(stream, terrain, 1) },
        };
        let end = fall + stream.between(100, 700) * MILLISECOND;
        let mut then = vec![there(fall, blow), does(end, Action::Heal)];
        then.extend((0..terrain.replicas).map(|node| does(end, Action::Resume(NodeId(node)))));
        then.extend(all_back(terrain, end));
        ambushes.push(ambush(cut_short_at(stream), then));
    }
    let quick = terrain.network.latency_ticks;
    let links = (0..terrain.replicas).flat_map(|from| (0..terrain.replicas).map(move |to| (NodeId(from), NodeId(to))));
    let back = links.map(|(from, to)| does(longest, Action::LinkLatency(from, to, quick))).collect();
    ambushes.push(ambush(Moment::Elected, back));
    ambushes
}

/// What a leader is told outlives what it was told of: a leader is cut off with one follower, whose answers take long;
/// another is elected, and overwrites what the two hold; then the first one leads again, with few about it, and the old
/// answers arrive.
fn outlived_answers(stream: &mut Stream, terrain: &Terrain) -> Vec<Ambush> {
    let replica = |stream: &mut Stream| NodeId(stream.between(0, u64::from(terrain.replicas) - 1) as u16);
    let (told, other) = (replica(stream), replica(stream));
    let clients: NodeSet = (terrain.replicas..terrain.replicas + terrain.clients).map(NodeId).collect();
    let with =
        |replicas: &[NodeId]| Blow::Isolate { companions: clients.iter().chain(replicas.iter().copied()).collect() };
    let longest = stream.between(350, 1_300) * MILLISECOND;
    let slow = Blow::SlowAnswers { latency_ticks: TicksRange::new(longest * 3 / 4, longest) };
    let overtaking = NetworkDials { reordering: Ratio::percent(100), ..terrain.network };
    let quick = terrain.network.latency_ticks;
    let links = (0..terrain.replicas).flat_map(|from| (0..terrain.replicas).map(move |to| (NodeId(from), NodeId(to))));
    let heal = stream.between(0, 30 * MILLISECOND);
    let fall = heal + stream.between(40 * MILLISECOND, 160 * MILLISECOND);
    let mut second: Vec<Then> = links.map(|(from, to)| does(heal, Action::LinkLatency(from, to, quick))).collect();
    second.extend([does(heal, Action::Heal), there(fall, Blow::Crash)]);
    let stands = fall + stream.between(100 * MILLISECOND, 330 * MILLISECOND);
    second.push(Then { after: stands, what: super::What::AtFirst(Blow::Stand) });
    let alone = stream.between(0, 15 * MILLISECOND);
    let mut third = vec![
        there(alone, with(&[told, other])),
        does(alone + stream.between(0, 20 * MILLISECOND), Action::Crash(told)),
    ];
    let end = stream.between(200, 700) * MILLISECOND;
    third.push(does(end, Action::Heal));
    third.push(does(end, Action::Network(terrain.network)));
    third.extend(all_back(terrain, end));
    vec![
        ambush(
            Moment::Elected,
            vec![does(0, Action::Network(overtaking)), there(stream.between(0, 40 * MILLISECOND), slow)],
        ),
        ambush(Moment::Proposed, vec![there(stream.between(0, 20 * MILLISECOND), with(&[told]))]),
        ambush(Moment::Elected, second),
        ambush(Moment::Elected, third),
    ]
}

/// An entry is told to one follower, its leader falls, another reigns alone and falls, and the first comes back, tells
/// the entry to others, and falls at the moment at which it decides: figure 8 of the Raft paper, with everything drawn
/// that it leaves open.
fn half_told_entries(stream: &mut Stream, terrain: &Terrain) -> Vec<Ambush> {
    let replica = |stream: &mut Stream| NodeId(stream.between(0, u64::from(terrain.replicas) - 1) as u16);
    let clients: NodeSet = (terrain.replicas..terrain.replicas + terrain.clients).map(NodeId).collect();
    let told = replica(stream);
    let one: NodeSet = clients.iter().chain([told]).collect();
    let fall = stream.between(10 * MILLISECOND, 50 * MILLISECOND);
    let reign = stream.between(30 * MILLISECOND, 90 * MILLISECOND);
    let back = reign + stream.between(1, 60 * MILLISECOND);
    let stands = back + stream.between(10 * MILLISECOND, 200 * MILLISECOND);
    let cut = stream.between(0, 6 * MILLISECOND);
    let end = stream.between(500, 1_200) * MILLISECOND;
    let mut last = vec![there(cut, Blow::Isolate { companions: one }), does(end, Action::Heal)];
    last.extend(all_back(terrain, cut + stream.between(1, 40 * MILLISECOND)));
    vec![
        ambush(Moment::Elected, vec![there(stream.between(0, 60 * MILLISECOND), Blow::Isolate { companions: one })]),
        ambush(
            Moment::Proposed,
            vec![there(fall, Blow::Crash), does(fall, Action::Crash(told)), does(fall, Action::Heal)],
        ),
        ambush(
            Moment::Elected,
            vec![
                there(0, Blow::Isolate { companions: clients }),
                there(reign, Blow::Crash),
                does(reign, Action::Heal),
                does(back, Action::Restart(told)),
                Then { after: back, what: super::What::AtFirst(Blow::Restart) },
                Then { after: stands, what: super::What::AtFirst(Blow::Stand) },
            ],
        ),
        ambush(Moment::Decided, last),
    ]
}

/// What the others said to a leader outlives its reign. Their answers take long; nobody hears it any more, and another
/// is elected and serves writes, while the old answers still come to the first, which serves reads. In half of the runs
/// it has lost the lead and won it back in between, so that the old answers are those of its first reign.
pub(super) fn outlived_confirmations(stream: &mut Stream, terrain: &Terrain) -> Course {
    let heir = NodeId(stream.between(0, u64::from(terrain.replicas) - 1) as u16);
    let longest = stream.between(400, 1_600) * MILLISECOND;
    let slow = |longest: Ticks| Blow::SlowAnswers { latency_ticks: TicksRange::new(longest / 2, longest) };
    let overtaking = NetworkDials { reordering: Ratio::percent(100), ..terrain.network };
    let quick = terrain.network.latency_ticks;
    let all_quick = |after: Ticks| {
        let links =
            (0..terrain.replicas).flat_map(|from| (0..terrain.replicas).map(move |to| (NodeId(from), NodeId(to))));
        links.map(move |(from, to)| does(after, Action::LinkLatency(from, to, quick)))
    };
    let stands = |after: Ticks| Then { after, what: super::What::To(heir, Blow::Stand) };
    let begins = stream.between(0, 200 * MILLISECOND);
    let mut ambushes =
        vec![ambush(Moment::Elected, vec![does(0, Action::Network(overtaking)), there(begins, slow(longest))])];
    let is_won_back = stream.between(0, 1) == 0;
    let falls = begins + stream.between(0, 250 * MILLISECOND);
    if is_won_back {
        ambushes.push(ambush(Moment::Proposed, all_quick(falls).chain([stands(falls)]).collect()));
        let back = stream.between(0, 150 * MILLISECOND);
        ambushes.push(ambush(Moment::Elected, vec![Then { after: back, what: super::What::AtFirst(Blow::Stand) }]));
    }
    let unheard = if is_won_back { stream.between(0, 120 * MILLISECOND) } else { falls };
    let end = unheard + stream.between(500, 1_500) * MILLISECOND;
    let mut last = vec![
        there(unheard, slow(4 * longest)),
        there(unheard, Blow::Mute),
        stands(unheard + stream.between(0, 60 * MILLISECOND)),
    ];
    last.extend([does(end, Action::Heal), does(end, Action::Network(terrain.network))]);
    last.extend(all_quick(end));
    ambushes.push(ambush(if is_won_back { Moment::Elected } else { Moment::Proposed }, last));
    Course { from: 0, ambushes }
}

/// A replica crashes while it writes, or right after what it wrote has left, and is back soon.
fn flushes_under_way(stream: &mut Stream, terrain: &Terrain) -> Vec<Ambush> {
    let mut ambushes = Vec::new();
    for _ in 0..stream.between(1, 4) {
        let fall = stream.between(0, 30 * MILLISECOND);
        let blow =
            [Blow::Crash, Blow::Crash, Blow::Kill, Blow::CrashAtWrite, Blow::StallDisk][stream.between(0, 4) as usize];
        let end = fall + stream.between(1, 150 * MILLISECOND);
        let mut then = vec![there(fall, blow)];
        then.extend((0..terrain.replicas).map(|node| does(end, Action::ReleaseDisk(NodeId(node)))));
        then.extend(all_back(terrain, end));
        let moment = if stream.between(0, 1) == 0 { Moment::Flushing } else { cut_short_at(stream) };
        ambushes.push(ambush(moment, then));
    }
    ambushes
}

/// A proposer or leader speaks to some only, or is heard late by half of the others, at the very moment at which it
/// proposes.
fn lonely_proposals(stream: &mut Stream, terrain: &Terrain) -> Vec<Ambush> {
    let mut ambushes = Vec::new();
    for _ in 0..stream.between(1, 4) {
        let fall = stream.between(0, 25 * MILLISECOND);
        let longest = stream.between(20, 300) * MILLISECOND;
        let blow = match stream.between(0, 3) {
            0 => Blow::SlowWords { latency_ticks: TicksRange::new(longest / 2, longest) },
            1 => Blow::Crash,
            _ => Blow::Isolate { companions: some(stream, terrain, 2) },
        };
        let end = fall + stream.between(10, 400) * MILLISECOND;
        let quick = terrain.network.latency_ticks;
        let mut then = vec![there(fall, blow), does(end, Action::Heal)];
        if let Blow::SlowWords { .. } = blow {
            let links =
                (0..terrain.replicas).flat_map(|from| (0..terrain.replicas).map(move |to| (NodeId(from), NodeId(to))));
            then.extend(links.map(|(from, to)| does(end, Action::LinkLatency(from, to, quick))));
        }
        then.extend(all_back(terrain, end));
        ambushes.push(ambush([Moment::Elected, Moment::Proposed, Moment::Rare][stream.between(0, 2) as usize], then));
    }
    ambushes
}

/// Any moment, any blow.
fn any(stream: &mut Stream, terrain: &Terrain) -> Ambush {
    let moments = [Moment::Elected, Moment::Proposed, Moment::Decided, Moment::Flushing, Moment::Rare, Moment::Rare];
    let moment = moments[stream.between(0, 5) as usize];
    let fall = stream.between(0, 50 * MILLISECOND);
    let end = fall + stream.between(1, 500 * MILLISECOND);
    let blow = match stream.between(0, 7) {
        0 | 1 => Blow::Crash,
        2 => Blow::Kill,
        3 => Blow::Pause,
        4 => Blow::Mute,
        5 => Blow::Deafen,
        6 => Blow::CrashAtWrite,
        _ => Blow::Isolate { companions: some(stream, terrain, 2) },
    };
    let mut then = vec![there(fall, blow), does(end, Action::Heal)];
    then.extend((0..terrain.replicas).map(|node| does(end, Action::Resume(NodeId(node)))));
    then.extend(all_back(terrain, end));
    ambush(moment, then)
}

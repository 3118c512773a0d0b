//! Schedules of faults, drawn from a seed: what a hunt does to a run.
//!
//! The faults have a stream of random numbers of their own, so that a mutated core meets the schedule that the sound
//! one met. There are three kinds:
//!
//! * *Faults* at times that were drawn ([`Fault`]): blind ones, and blows to whoever leads then.
//! * *Courses* ([`Course`]): ambushes that wait for a moment that matters, an election, a proposal, a flush under way,
//!   and fall there. The bugs that real implementations had hide where leaders follow each other quickly and leave logs
//!   behind that differ, and a blind fault seldom hits one.
//! * *Silence* ([`Silence`]): in some runs all faults end, nobody writes for a while, and then faults come again, so
//!   that what heals only when somebody writes is found. A disk may be wiped in that time, where the protocol fills it
//!   again before the next fault: that loses nothing.

mod courses;
mod faults;
mod settings;

pub use settings::Settings;

use super::aim::{Aim, Blow, Moment};
use crate::process::{MILLISECOND, NodeId, NodeSet, SECOND, Ticks};
use crate::sim::random::Stream;
use crate::sim::{Action, NetworkDials};
use faults::Drawing;

/// The stream of the faults among the streams of a seed.
const CONCERN: u64 = 100;

/// The stream of the runs that have one long course and nothing else: what other runs draw stays as it is.
const LONG_COURSES: u64 = 103;

/// Faults begin after this time: a cluster has had time to elect a leader.
const FIRST: Ticks = 100 * MILLISECOND;

/// All faults have begun by this time.
const LAST: Ticks = 3_000 * MILLISECOND;

/// Where one value is chosen, it is chosen by this time unless something is in the way.
const LAST_FOR_ONE_VALUE: Ticks = 400 * MILLISECOND;

/// Longest that one fault lasts.
const LENGTH_MAX: Ticks = 1_200 * MILLISECOND;

/// After the first faults, until all is calm.
const CALM: Ticks = 3 * SECOND;

/// From a wipe until the next faults: the wiped replica is filled again.
const REFILLED: Ticks = 9 * SECOND;

/// What a hunt does to one run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Schedule {
    /// The faults, in the order of their times.
    pub faults: Vec<Fault>,
    /// The courses.
    pub courses: Vec<Course>,
    /// When all faults are removed.
    pub end: Ticks,
    /// The silence before further faults, if there is one. Its faults and courses are among the others.
    pub silence: Option<Silence>,
    /// What this run has of its own, besides the faults.
    pub settings: Settings,
    /// Replicas that are down while the run must make progress without faults: fewer than half.
    pub absent: Vec<NodeId>,
    /// More lie than the protocol bears: it owes nobody progress.
    pub owes_nothing: bool,
    /// What makes those lie again who lie while the run must make progress without other faults: fewer than the
    /// protocol bears.
    pub still_lying: Vec<Action>,
}

impl Schedule {
    /// Of those that are down while the run must make progress, keeps as many as have, with those that lie, no more
    /// power than this.
    pub fn leave_out_within(&mut self, powers: &[u64], power: u64) {
        let of = |node: NodeId| powers.get(node.index()).copied().unwrap_or(0);
        let mut liars: NodeSet = self.still_lying.iter().filter_map(Action::node).collect();
        // One that did not keep to its rules may be stuck where its half inside has been brought: nobody can count on
        // it any more.
        let departed = self
            .faults
            .iter()
            .filter_map(|fault| if let Aim::At(Action::Depart(node, _)) = &fault.aim { Some(*node) } else { None });
        for node in departed {
            liars.insert(node);
        }
        let mut left = power.saturating_sub(liars.iter().map(of).sum());
        self.absent.retain(|&node| {
            let stays_away = !liars.contains(node) && of(node) <= left;
            left -= if stays_away { of(node) } else { 0 };
            stays_away
        });
    }
}

/// A fault, or the end of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// When.
    pub at: Ticks,
    /// What.
    pub aim: Aim,
}

/// Ambushes, one after another: the next one lies in wait when the one before it has fallen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Course {
    /// When the first begins to wait.
    pub from: Ticks,
    /// The ambushes, in order.
    pub ambushes: Vec<Ambush>,
}

/// What is done when a moment comes, and not at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ambush {
    /// What it waits for.
    pub moment: Moment,
    /// How long. After that its course comes to nothing.
    pub within: Ticks,
    /// What is done then.
    pub then: Vec<Then>,
}

/// Something that an ambush does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Then {
    /// So long after the moment.
    pub after: Ticks,
    /// What.
    pub what: What,
}

/// To whom an ambush does something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// To the replica at which the moment came.
    There(Blow),
    /// To the replica at which the moment of its course's first ambush came.
    AtFirst(Blow),
    /// To this replica.
    To(NodeId, Blow),
    /// To whom it says.
    Aim(Aim),
}

/// A time without faults and without writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Silence {
    /// When it begins.
    pub from: Ticks,
    /// When clients go on.
    pub to: Ticks,
    /// When a follower's disk is wiped, and whose.
    pub wipe: Option<(Ticks, NodeId)>,
}

/// What a schedule is drawn for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terrain {
    /// How many replicas.
    pub replicas: u16,
    /// How many clients.
    pub clients: u16,
    /// Most faults in one run.
    pub faults_max: u32,
    /// The network without faults.
    pub network: NetworkDials,
    /// One value is chosen, and soon.
    pub one_value: bool,
    /// A wiped disk is filled again while nobody writes.
    pub refills: bool,
    /// Some may lie: there is no silence then, since it would make them honest.
    pub liars: bool,
}

/// Draws a schedule for a cluster.
pub fn draw(seed: u64, terrain: Terrain) -> Schedule {
    let mut stream = Stream::new(seed, CONCERN);
    let eager_clients = terrain.one_value || stream.between(1, 3) == 1;
    let settings = Settings::draw(&mut stream, &terrain, eager_clients);
    let terrain = Terrain { network: settings.network.unwrap_or(terrain.network), ..terrain };
    let mut schedule = Schedule {
        faults: Vec::new(),
        courses: Vec::new(),
        end: 0,
        silence: None,
        settings,
        absent: Vec::new(),
        owes_nothing: false,
        still_lying: Vec::new(),
    };
    let first = if terrain.one_value { 0 } else { FIRST };
    // Eager clients have soon done all that they want, and one value is soon chosen: the faults come early, or they
    // would meet nobody.
    let last = match (terrain.one_value, eager_clients) {
        (true, _) => LAST_FOR_ONE_VALUE,
        (false, true) => LAST / 2,
        (false, false) => LAST,
    };
    let drawing = add_faults(&mut schedule, &mut stream, &terrain, first, last);
    schedule.absent = if stream.between(0, 1) == 0 { Vec::new() } else { drawing.minority(&mut stream) };
    if !terrain.liars && !terrain.one_value && terrain.faults_max > 0 && stream.between(0, 5) == 0 {
        add_silence(&mut schedule, &mut stream, &terrain);
    }
    schedule.faults.sort_by_key(|fault| fault.at);
    let mut stream = Stream::new(seed, LONG_COURSES);
    let has_leaders = !terrain.liars && !terrain.one_value && terrain.replicas > 2;
    if has_leaders && terrain.faults_max > 0 && stream.between(0, 11) == 0 {
        outlive_confirmations(&mut schedule, &mut stream, &terrain);
    }
    schedule
}

/// Confirmations that outlive what they confirm, and nothing else: other faults would make all clients look for another
/// leader. One that steps down as soon as too few answer serves no reads any more, so none does.
fn outlive_confirmations(schedule: &mut Schedule, stream: &mut Stream, terrain: &Terrain) {
    schedule.faults.clear();
    schedule.silence = None;
    schedule.settings.without_check_quorum = true;
    schedule.courses = vec![courses::outlived_confirmations(stream, terrain)];
}

/// Draws what happens to a fork of a run from a time on: it keeps what was drawn for the run, and a course or two lie
/// in wait besides.
pub fn draw_fork(seed: u64, terrain: Terrain, from: Ticks) -> Vec<Course> {
    let mut stream = Stream::new(seed, CONCERN);
    (0..stream.between(1, 2)).map(|_| courses::draw(&mut stream, &terrain, from)).collect()
}

/// Faults and courses between two times, and the time at which all of them must have ended.
fn add_faults(schedule: &mut Schedule, stream: &mut Stream, terrain: &Terrain, first: Ticks, last: Ticks) -> Drawing {
    let Terrain { replicas, clients, network, faults_max, .. } = *terrain;
    let mut drawing = Drawing { replicas, clients, network, faults: Vec::new() };
    for _ in 0..stream.between(0, u64::from(faults_max)) {
        drawing.fault(stream, first, last);
    }
    for _ in 0..stream.between(0, u64::from(faults_max.min(2))) {
        let from = stream.between(if first == 0 { 0 } else { first / 2 }, last / 2 + first / 2);
        schedule.courses.push(courses::draw(stream, terrain, from));
    }
    schedule.end = drawing.faults.iter().map(|fault| fault.at).max().unwrap_or(0).max(last.max(LAST)) + LENGTH_MAX / 4;
    schedule.faults.append(&mut drawing.faults);
    drawing
}

/// All faults end, nobody writes, and faults come again.
fn add_silence(schedule: &mut Schedule, stream: &mut Stream, terrain: &Terrain) {
    let from = schedule.end;
    let wipe = (terrain.refills && stream.between(0, 2) > 0)
        .then(|| (from + CALM, NodeId(stream.between(0, u64::from(terrain.replicas) - 1) as u16)));
    let to = from + CALM + if wipe.is_some() { REFILLED } else { stream.between(0, 2) * SECOND };
    schedule.silence = Some(Silence { from, to, wipe });
    if let Some((at, follower)) = wipe {
        schedule.faults.push(Fault { at, aim: Aim::WipeFollower { follower } });
    }
    schedule.faults.push(Fault { at: from, aim: Aim::At(Action::RemoveFaults) });
    add_faults(schedule, stream, terrain, to, to + LAST / 2);
}

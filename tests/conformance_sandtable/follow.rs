//! Our cluster taken through a course, and compared with it after every step.
//!
//! **A step is done** by giving our servers what it gives theirs: a server's election timer fires, a message is
//! handled, a client asks, a link is cut. A message of ours is paired with the one that stands for it when both are
//! sent in the same step between the same two servers. Where there is none (their leader repeats what ours has sent
//! already, say), one that is under way on the same link is handled, or several: those after which ours stays most like
//! theirs. A leader of ours that sends nothing where theirs does sends its heartbeat.
//!
//! **What is compared**, at the server that the step concerns: term, role, vote, log, commit index, and a candidate's
//! votes. A vote of a candidate or leader is its own and not compared, since some specifications do not write it down.
//! Where their leaders append no entry of their own, ours do, and it is left out of logs and indexes.
//!
//! **What may differ.** A server of ours may be *further along* than theirs: a follower holds more of its leader's log,
//! or knows more to be committed, since our leaders find out where the logs agree before they send what is new, and
//! then send all from there; and a server that takes over a candidate's term answers it in the same step. And ours
//! *departs* from theirs where theirs breaks a rule of figure 2, which is looked up in their states alone
//! ([`broken_rule`]); it then stays apart in what differs there. Anything else is a step that was not followed.

use std::collections::{BTreeMap, BTreeSet};

use consensus_playground::kv::Command;
use consensus_playground::raft::{Message, RaftTimer};
use consensus_playground::sim::Action;

use super::cluster::Cluster;
use super::course::{Class, Course, Deed, Entry, Flight, Role, Server, Step};
use super::reading::body;
use super::rules::broken_rule;

/// How a server of ours differs from theirs.
#[derive(Clone, Debug)]
struct Difference {
    field: &'static str,
    /// Why it may, if it may.
    may: Option<&'static str>,
    /// How much.
    amount: u64,
    text: String,
}

/// What became of the steps of a course.
#[derive(Clone, Default, Debug)]
pub struct Account {
    pub steps: usize,
    pub exactly: usize,
    /// Further along than theirs.
    pub further: Vec<String>,
    /// Apart from theirs, which breaks a rule.
    pub departed: Vec<String>,
    pub not_followed: Vec<String>,
}

impl Account {
    pub fn followed(&self) -> usize {
        self.steps - self.not_followed.len()
    }
}

/// How many ways are kept in mind at once.
const WAYS: usize = 12;
/// What a step that cannot be done weighs.
const IMPOSSIBLE: u64 = 10_000;

/// Our cluster on its way.
#[derive(Clone)]
pub struct Follower<'a> {
    course: &'a Course,
    pub cluster: Cluster,
    /// Which messages of ours stand for which of theirs.
    pairs: BTreeMap<usize, u32>,
    /// What departed at which server.
    apart: BTreeSet<(usize, &'static str)>,
    pub account: Account,
    /// How unlike theirs ours was so far.
    cost: u64,
}

/// Takes a cluster through a course. Which of our messages a server handles in a step decides what it can do in later
/// ones: so the ways that were most like theirs so far are gone side by side.
pub fn follow(course: &Course, cluster: Cluster) -> Follower<'_> {
    let account = Account::default();
    let first = Follower { course, cluster, pairs: BTreeMap::new(), apart: BTreeSet::new(), account, cost: 0 };
    let mut ways = vec![first];
    for place in 0..course.steps.len() {
        ways = ways.iter().flat_map(|way| way.after(place)).collect();
        ways.sort_by_key(|way| way.cost);
        ways.truncate(WAYS);
    }
    ways.swap_remove(0)
}

impl Follower<'_> {
    /// The ways on through a step, the preferred first.
    fn after(&self, place: usize) -> Vec<Self> {
        let step = &self.course.steps[place];
        let sent_before = self.cluster.messages();
        let mut straight = self.clone();
        let ways = match &step.deed {
            Deed::Hear(flight) => self.hear(step, flight),
            _ => straight.take(step).map(|()| vec![straight]),
        };
        let name = |problem: &str| format!("step {}, {}: {problem}", step.number, step.action);
        let mut ways = ways.unwrap_or_else(|problem| {
            let mut way = Self { cost: self.cost + IMPOSSIBLE, ..self.clone() };
            way.account.not_followed.push(name(&problem));
            vec![way]
        });
        for way in &mut ways {
            way.pair(step, sent_before);
            way.account.steps += 1;
            if way.account.not_followed.len() == self.account.not_followed.len() {
                way.judge(place, &name);
            }
        }
        ways
    }

    /// Gives our cluster what the step gives theirs. An error says why that cannot be.
    fn take(&mut self, step: &Step) -> Result<(), String> {
        let named = |server: usize| &self.course.servers[server];
        let must = |done: bool, problem: &str| if done { Ok(()) } else { Err(problem.to_owned()) };
        match &step.deed {
            Deed::Timeout(server) => {
                must(self.cluster.fire(*server, RaftTimer::Election), "its election timer is not set")
            }
            Deed::SendAppend(server) => must(self.cluster.fire(*server, RaftTimer::Heartbeat), "it does not lead here"),
            Deed::Put(server, _) if !self.cluster.leads(*server) => {
                Err(format!("{} does not lead here", named(*server)))
            }
            Deed::Put(server, value) => {
                let command = Command::Put { key: "x".into(), value: value.as_str().into() };
                must(self.cluster.ask(*server, command), "there are no more clients")
            }
            Deed::Get(server) => {
                must(self.cluster.ask(*server, Command::Get { key: "x".into() }), "there are no more clients")
            }
            Deed::Snapshot(server, index) => {
                let snapshot = self.cluster.server(*server).and_then(|raft| raft.durable().snapshot.as_ref());
                let covered = snapshot.map_or(0, |snapshot| snapshot.last_included_index);
                let covered = index_there(self.course, self.cluster.log(*server), covered);
                must(covered >= *index, "it has taken no such snapshot here")
            }
            Deed::Restart(server) => must(self.cluster.restart(*server), "it is down"),
            Deed::Partition(servers, is_lost) => {
                must(self.cluster.partition(servers, *is_lost), "the links cannot be cut")
            }
            Deed::Heal => must(self.cluster.act(Action::Heal), "the links cannot be healed"),
            Deed::Lose(flights) => {
                for message in flights.iter().filter_map(|flight| self.pairs.get(flight)) {
                    self.cluster.act(Action::DropMessage(*message));
                }
                Ok(())
            }
            Deed::Duplicate(original, copy) => {
                let ours = self.pairs.get(original).and_then(|message| self.cluster.duplicate(*message));
                self.pairs.insert(*copy, ours.ok_or("no message of ours stands for it")?);
                Ok(())
            }
            Deed::Hear(_) | Deed::Unknown => Err("what it does is not known".to_owned()),
        }
    }

    /// Lets a server handle what stands for a message: each message that can, some together, and one that is sent only
    /// now.
    fn hear(&self, step: &Step, flight: &Flight) -> Result<Vec<Self>, String> {
        let way = self.cluster.in_flight(flight.from, flight.to, flight.class);
        let paired = self.pairs.get(&flight.id).filter(|message| way.contains(message));
        let others = way.iter().filter(|message| Some(*message) != paired);
        let single: Vec<Vec<u32>> = paired.into_iter().chain(others).map(|&message| vec![message]).collect();
        let mut ways: Vec<(Cluster, Vec<u32>)> = single.into_iter().map(|plan| (self.cluster.clone(), plan)).collect();
        if matches!(flight.class, Class::Append | Class::AppendReply | Class::Snapshot) {
            ways.extend((2..=way.len()).map(|many| (self.cluster.clone(), way[..many].to_vec())));
        }
        if flight.class == Class::Append && self.cluster.leads(flight.from) {
            let mut cluster = self.cluster.clone();
            cluster.fire(flight.from, RaftTimer::Heartbeat);
            let newest = cluster.in_flight(flight.from, flight.to, flight.class).pop();
            ways.extend(newest.map(|newest| (cluster, vec![newest])));
        }
        if ways.is_empty() {
            return Err(format!("no {:?} is under way here", flight.class));
        }
        let go = |(mut cluster, plan): (Cluster, Vec<u32>)| {
            let sent_before = cluster.messages();
            cluster.deliver(&plan);
            let cost = self.cost + self.unlikeness(&cluster, step, flight, sent_before);
            Self { cluster, cost, ..self.clone() }
        };
        Ok(ways.into_iter().map(go).collect())
    }

    /// How unlike theirs a server would be, and what it answers.
    fn unlikeness(&self, cluster: &Cluster, step: &Step, flight: &Flight, sent_before: u32) -> u64 {
        let weigh = |difference: Difference| difference.amount * if difference.may.is_some() { 20 } else { 1_000 };
        let unlike: u64 = compare(self.course, cluster, step, flight.to).into_iter().map(weigh).sum();
        let theirs = step
            .sent
            .iter()
            .find(|sent| sent.class == Class::AppendReply && (sent.from, sent.to) == (flight.to, flight.from));
        let ours = (sent_before..cluster.messages()).rev().find_map(|message| match cluster.message(message) {
            Message::AppendEntriesReply(reply) => Some((reply.success, reply.match_index)),
            Message::InstallSnapshotReply(reply) => Some((true, reply.match_index)),
            _ => None,
        });
        let Some((theirs, (success, index))) = theirs.zip(ours) else { return unlike };
        let says = |names: &[&str]| body(&theirs.content).field(names);
        let same = says(&["success"]) == Some(&super::tla::Value::Flag(success));
        let last =
            says(&["curIdx", "last_log_index", "last_entry_idx", "current_idx"]).and_then(super::tla::Value::number);
        let index = index_there(self.course, cluster.log(flight.to), index) as i64;
        unlike + u64::from(!same) + last.filter(|_| success).map_or(0, |last| last.abs_diff(index).min(9))
    }

    /// Pairs the messages that the step sent with those of ours that stand for them.
    fn pair(&mut self, step: &Step, sent_before: u32) {
        let mut taken = BTreeSet::new();
        for again in [false, true] {
            let mut missing = BTreeSet::new();
            for sent in
                step.sent.iter().filter(|sent| !matches!(step.deed, Deed::Duplicate(..)) && sent.class != Class::Other)
            {
                if self.pairs.contains_key(&sent.id) {
                    continue;
                }
                let way = self.cluster.in_flight(sent.from, sent.to, sent.class);
                match way.into_iter().find(|message| *message >= sent_before && !taken.contains(message)) {
                    Some(message) => {
                        taken.insert(message);
                        self.pairs.insert(sent.id, message);
                    }
                    None if matches!(sent.class, Class::Append | Class::Snapshot) => {
                        missing.insert(sent.from);
                    }
                    None => {}
                }
            }
            for server in missing.into_iter().filter(|_| !again) {
                self.cluster.fire(server, RaftTimer::Heartbeat);
            }
        }
    }

    /// Compares the server that the step concerned, and says what became of the step.
    fn judge(&mut self, place: usize, name: &dyn Fn(&str) -> String) {
        let step = &self.course.steps[place];
        let Some(server) = acting(&step.deed) else {
            self.account.exactly += 1;
            return;
        };
        let differences = compare(self.course, &self.cluster, step, server);
        let unlike: BTreeSet<&'static str> =
            differences.iter().filter(|each| each.may.is_none()).map(|each| each.field).collect();
        self.apart.retain(|(apart, field)| *apart != server || unlike.contains(field));
        let excuse = broken_rule(self.course, place, server);
        let (mut wrong, mut departed) = (Vec::new(), Vec::new());
        for difference in differences.iter().filter(|each| each.may.is_none()) {
            let was_apart = self.apart.contains(&(server, difference.field));
            match &excuse {
                Some(rule) => departed.push(format!("{}; theirs {rule}", difference.text)),
                None if was_apart => departed.push(format!("{}, as before", difference.text)),
                None => wrong.push(difference.text.clone()),
            }
            if excuse.is_some() {
                self.apart.insert((server, difference.field));
            }
        }
        let further: Vec<String> =
            differences.iter().filter_map(|each| Some(format!("{}: {}", each.text, each.may?))).collect();
        if !wrong.is_empty() {
            self.account.not_followed.push(name(&wrong.join("; ")));
        } else if !departed.is_empty() {
            self.account.departed.push(name(&departed.join("; ")));
        } else if !further.is_empty() {
            self.account.further.push(name(&further.join("; ")));
        } else {
            self.account.exactly += 1;
        }
    }
}

/// The server that a step concerns.
fn acting(deed: &Deed) -> Option<usize> {
    match deed {
        Deed::Timeout(server) | Deed::SendAppend(server) | Deed::Put(server, _) | Deed::Get(server) => Some(*server),
        Deed::Snapshot(server, _) | Deed::Restart(server) => Some(*server),
        Deed::Hear(flight) => Some(flight.to),
        Deed::Partition(..) | Deed::Heal | Deed::Lose(_) | Deed::Duplicate(..) | Deed::Unknown => None,
    }
}

/// The entries of ours that theirs have too: without those of new leaders, where their leaders make none.
fn shared<'a>(course: &'a Course, log: &'a [Entry]) -> impl Iterator<Item = &'a Entry> {
    log.iter().filter(move |(_, payload)| course.has_no_ops || payload.is_some())
}

fn index_there(course: &Course, log: &[Entry], index: u64) -> u64 {
    shared(course, &log[..log.len().min(index as usize)]).count() as u64
}

/// What differs at a server after a step.
fn compare(course: &Course, cluster: &Cluster, step: &Step, server: usize) -> Vec<Difference> {
    let theirs = &step.after[server];
    let name = &course.servers[server];
    let differs = |field, amount, text: String| Difference {
        field,
        may: None,
        amount,
        text: format!("{name}'s {field}: {text}"),
    };
    let (Some(raft), Some((role, votes))) = (cluster.server(server), cluster.role(server)) else {
        return vec![differs("role", 5, "it is down here".to_owned())];
    };
    let mut all = Vec::new();
    if raft.current_term() != theirs.term {
        all.push(differs("term", 5, format!("{} here, {} there", raft.current_term(), theirs.term)));
    }
    if role != theirs.role {
        all.push(differs("role", 5, format!("{role:?} here, {:?} there", theirs.role)));
    }
    let voted_for = raft.durable().voted_for.map(consensus_playground::process::NodeId::index);
    if theirs.role == Role::Follower && voted_for != theirs.vote {
        let named = |vote: Option<usize>| vote.map_or("nobody", |vote| &course.servers[vote]);
        let asked = matches!(&step.deed, Deed::Hear(flight) if flight.class == Class::VoteRequest && Some(flight.from) == voted_for);
        let may = (asked && theirs.vote.is_none()).then_some("it answers the candidate in the same step");
        all.push(Difference {
            may,
            ..differs("vote", 1, format!("{} here, {} there", named(voted_for), named(theirs.vote)))
        });
    }
    all.extend(compare_logs(course, cluster, theirs, server, &differs));
    let commit = index_there(course, cluster.log(server), raft.commit_index());
    if commit != theirs.commit {
        let may = (commit > theirs.commit).then_some("it knows more to be committed");
        let text = format!("{commit} here, {} there", theirs.commit);
        all.push(Difference { may, ..differs("commit index", commit.abs_diff(theirs.commit), text) });
    }
    let others = votes.map(|votes| votes.iter().filter(|voter| voter.index() != server).count() as u64);
    if let (Some(ours), Some(theirs)) = (others.filter(|_| role == theirs.role), theirs.votes)
        && ours != theirs
    {
        all.push(differs("votes", 1, format!("{ours} others here, {theirs} there")));
    }
    all
}

fn compare_logs(
    course: &Course,
    cluster: &Cluster,
    theirs: &Server,
    server: usize,
    differs: &dyn Fn(&'static str, u64, String) -> Difference,
) -> Option<Difference> {
    let ours: Vec<&Entry> = shared(course, cluster.log(server)).collect();
    let there: Vec<&Entry> = theirs.log.iter().collect();
    if ours == there {
        return None;
    }
    let unlike =
        ours.iter().zip(&there).filter(|(ours, there)| ours != there).count() + ours.len().abs_diff(there.len());
    let is_more = theirs.role == Role::Follower && ours.starts_with(&there);
    let shown = |log: &[&Entry]| {
        let entry = |(term, payload): &&Entry| format!("{term}:{}", payload.as_deref().unwrap_or("no-op"));
        format!("[{}]", log.iter().map(entry).collect::<Vec<_>>().join(" "))
    };
    let text = format!("{} here, {} there", shown(&ours), shown(&there));
    Some(Difference {
        may: is_more.then_some("it holds more of its leader's log"),
        ..differs("log", unlike as u64, text)
    })
}

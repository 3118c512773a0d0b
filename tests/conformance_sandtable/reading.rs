//! Reads a counterexample's course from its states.
//!
//! The specifications differ in their words. A variable has one of several names; a message is told by its type's
//! letters; a step by the action's name, by the command that the specification wrote down, and by which message is gone
//! from the network and which is new there.

use super::course::{Class, Course, Deed, Entry, Flight, Role, Server, Step};
use super::tla::{self, State, Value};

const TERM: &[&str] = &["currentTerm", "current_term"];
const ROLE: &[&str] = &["state", "raftState", "role"];
const VOTE: &[&str] = &["votedFor", "voted_for"];
const COMMIT: &[&str] = &["commitIndex", "commitIdx", "commit_idx", "commit_index"];
const VOTES: &[&str] = &["votesGranted", "voted_for_me", "votes_granted", "votesCount", "votes_count"];
const MATCH: &[&str] = &["matchIndex", "matchIdx", "match_idx", "match_index"];
const NEXT: &[&str] = &["nextIndex", "nextIdx", "next_idx", "next_index"];
const SNAPSHOT: &[&str] = &["snapshotLastIdx", "snapshot_last_idx", "snapshotLastIndex"];
const MESSAGES: &[&str] = &["msgs", "messages", "_msgs"];
const COMMAND: &[&str] = &["netcmd", "_netcmd", "scr"];
/// What an entry asks for.
const PAYLOAD: &[&str] = &["cmd", "value", "data", "val"];

type Read<T> = Result<T, String>;

/// Reads a counterexample. An error says why it is none of Raft, or what cannot be read and where.
pub fn course(text: &str) -> Read<Course> {
    let (violated, states) = tla::states(text);
    let first = states.first().ok_or("it has no states")?;
    let terms = first.variable(TERM)?.ok_or("it is no trace of Raft: no server has a term")?;
    let mut servers: Vec<String> = terms.domain().into_iter().map(str::to_owned).collect();
    servers.sort_by_key(|name| (name.len(), name.clone()));
    let mut reading = Reading { servers, base: 0, flights: Vec::new(), ids: 0 };
    reading.base = reading.base_of(first)?;
    let start = reading.servers_in(first, &[])?;
    reading.network(first)?;
    let mut steps: Vec<Step> = Vec::new();
    for state in &states[1..] {
        let before = steps.last().map_or(&start, |step| &step.after);
        let after = reading.servers_in(state, before)?;
        let (gone, sent) = reading.network(state)?;
        let command = reading.command(state)?;
        let deed = reading.deed(state, &command, &gone, &sent);
        steps.push(Step { number: state.number, action: state.action.clone(), deed, sent, after });
    }
    let entries = steps.iter().flat_map(|step| &step.after).flat_map(|server| &server.log);
    let has_no_ops = entries.clone().any(|(_, payload)| payload.is_none());
    let has_pre_votes = steps.iter().any(|step| {
        step.after.iter().any(|server| server.role == Role::PreCandidate)
            || step.sent.iter().any(|flight| flight.class == Class::PreVote)
    });
    let violated = violated.unwrap_or_else(|| "nothing is said to be violated".to_owned());
    Ok(Course { violated, servers: reading.servers, start, steps, has_no_ops, has_pre_votes })
}

struct Reading {
    servers: Vec<String>,
    /// So many entries all logs begin with.
    base: u64,
    flights: Vec<Flight>,
    ids: usize,
}

/// A number that counts something; what is below nothing counts as nothing.
fn count(value: Option<&Value>) -> u64 {
    value.and_then(Value::number).and_then(|number| u64::try_from(number).ok()).unwrap_or_default()
}

fn class(content: &Value) -> Class {
    let kind = content.field(&["type", "mtype", "kind"]).and_then(Value::word).unwrap_or_default().to_uppercase();
    let has = |part: &str| kind.contains(part);
    let is_reply =
        has("RESP") || has("REPLY") || kind.ends_with("RVR") || kind.ends_with("PVR") || has("AER") || has("NNI");
    let is_pre = body(content).field(&["prevote", "pre_vote", "preVote"]) == Some(&Value::Flag(true))
        || has("PREVOTE")
        || has("PV");
    if has("VOTE") || has("RV") || has("PV") {
        match (is_reply, is_pre) {
            (false, false) => Class::VoteRequest,
            (true, false) => Class::VoteReply,
            (false, true) => Class::PreVote,
            (true, true) => Class::PreVoteReply,
        }
    } else if is_reply {
        Class::AppendReply
    } else if has("SNAP") {
        Class::Snapshot
    } else if has("AE") || has("APPEND") {
        Class::Append
    } else {
        Class::Other
    }
}

/// What a message says besides who says it to whom.
pub fn body(content: &Value) -> &Value {
    content.field(&["body", "data"]).unwrap_or(content)
}

/// The same message, but for its number.
fn is_copy(one: &Value, other: &Value) -> bool {
    let (Value::Record(one), Value::Record(other)) = (one, other) else { return one == other };
    let same = |(name, value): &(String, Value)| {
        name == "seq" || other.iter().any(|(known, other)| known == name && other == value)
    };
    one.len() == other.len() && one.iter().all(same)
}

fn role(word: &str) -> Read<Role> {
    match word.to_lowercase().replace(['_', '-'], "").as_str() {
        "follower" => Ok(Role::Follower),
        "precandidate" | "prevote" => Ok(Role::PreCandidate),
        "candidate" => Ok(Role::Candidate),
        "leader" => Ok(Role::Leader),
        _ => Err(format!("{word} is no role of Raft")),
    }
}

fn entry(value: &Value) -> Entry {
    let payload = value.field(PAYLOAD).map(|payload| match payload {
        Value::Text(word) | Value::Name(word) => word.clone(),
        other => format!("{other:?}"),
    });
    let is_no_op =
        |word: &String| matches!(word.to_lowercase().replace(['_', '-'], "").as_str(), "nil" | "noop" | "none");
    (count(value.field(&["term"])), payload.filter(|word| !is_no_op(word)))
}

impl Reading {
    fn ordinal(&self, value: Option<&Value>) -> Option<usize> {
        let name = value?.word()?;
        self.servers.iter().position(|server| server == name)
    }

    /// Some logs are not empty at the beginning: their first entries are there before anybody does anything.
    fn base_of(&self, first: &State) -> Read<u64> {
        let logs = first.variable(&["log"])?.ok_or("it is no trace of Raft: no server has a log")?;
        Ok(self
            .servers
            .iter()
            .map(|name| logs.of(name).map_or(0, |log| log.items().len() as u64))
            .min()
            .unwrap_or_default())
    }

    fn servers_in(&self, state: &State, before: &[Server]) -> Read<Vec<Server>> {
        let needed = |names: &[&str]| {
            state
                .variable(names)?
                .ok_or_else(|| format!("state {}: it is no trace of Raft: there is no {}", state.number, names[0]))
        };
        let (terms, roles, votes_for, logs) = (needed(TERM)?, needed(ROLE)?, needed(VOTE)?, needed(&["log"])?);
        let (commits, votes) = (needed(COMMIT)?, state.variable(VOTES)?);
        let (matches, nexts, snapshots) = (state.variable(MATCH)?, state.variable(NEXT)?, state.variable(SNAPSHOT)?);
        let row = |table: &Option<Value>, name: &str| -> Vec<i64> {
            let row = table.as_ref().and_then(|table| table.of(name));
            let index = |other: &String| row.and_then(|row| row.of(other)).and_then(Value::number).unwrap_or_default();
            self.servers.iter().map(|other| index(other) - self.base as i64).collect()
        };
        let server = |(ordinal, name): (usize, &String)| {
            let kept: Vec<Entry> = logs.of(name).map_or(&[][..], Value::items).iter().map(entry).collect();
            let covered = count(snapshots.as_ref().and_then(|table| table.of(name))) as usize;
            Ok(Server {
                term: count(terms.of(name)),
                role: role(roles.of(name).and_then(Value::word).unwrap_or_default())?,
                vote: self.ordinal(votes_for.of(name)),
                log: if covered == 0 {
                    kept.into_iter().skip(self.base as usize).collect()
                } else {
                    // What a snapshot covers is what the server held before, or else whoever had it.
                    let own = before.get(ordinal).into_iter().chain(before).find(|server| server.log.len() >= covered);
                    own.map_or(&[][..], |server| &server.log[..covered]).iter().cloned().chain(kept).collect()
                },
                commit: count(commits.of(name)).saturating_sub(self.base),
                votes: votes.as_ref().and_then(|table| table.of(name)).map(|votes| match votes {
                    Value::Number(number) => (*number).max(1) as u64 - 1,
                    set => set.items().iter().filter(|voter| voter.word() != Some(name)).count() as u64,
                }),
                matches: row(&matches, name),
                nexts: row(&nexts, name),
            })
        };
        self.servers
            .iter()
            .enumerate()
            .map(server)
            .collect::<Read<_>>()
            .map_err(|problem: String| format!("state {}: {problem}", state.number))
    }

    /// The messages under way: a bag, or a queue for each link.
    fn under_way(&self, state: &State) -> Read<Vec<(usize, usize, Value)>> {
        let Some(messages) = state.variable(MESSAGES)? else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for content in messages.items() {
            let from = self.ordinal(content.field(&["src", "from", "msource"]));
            let to = self.ordinal(content.field(&["dst", "to", "mdest"]));
            all.extend(from.zip(to).map(|(from, to)| (from, to, content.clone())));
        }
        for (from, sender) in self.servers.iter().enumerate() {
            for (to, receiver) in self.servers.iter().enumerate() {
                let queue = messages.of(sender).and_then(|queues| queues.of(receiver)).map_or(&[][..], Value::items);
                all.extend(queue.iter().map(|content| (from, to, content.clone())));
            }
        }
        Ok(all)
    }

    /// Moves on to a state's network: gives what is gone from it, and what is new. Of messages that say the same, the
    /// oldest is gone first.
    fn network(&mut self, state: &State) -> Read<(Vec<Flight>, Vec<Flight>)> {
        let mut new = self.under_way(state)?;
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for flight in std::mem::take(&mut self.flights).into_iter().rev() {
            let same = |(from, to, content): &(usize, usize, Value)| {
                (*from, *to, content) == (flight.from, flight.to, &flight.content)
            };
            match new.iter().rposition(same) {
                Some(ordinal) => {
                    new.remove(ordinal);
                    kept.push(flight);
                }
                None => gone.push(flight),
            }
        }
        kept.reverse();
        gone.reverse();
        let mut sent = Vec::new();
        for (from, to, content) in new {
            sent.push(Flight { id: self.ids, from, to, class: class(&content), content });
            self.ids += 1;
        }
        self.flights = kept.into_iter().chain(sent.iter().cloned()).collect();
        Ok((gone, sent))
    }

    /// The command that the specification wrote down: a name, and what it is about.
    fn command(&self, state: &State) -> Read<Vec<Value>> {
        let Some(written) = state.variable(COMMAND)? else { return Ok(Vec::new()) };
        let written = written.field(&["pc"]).cloned().unwrap_or(written);
        let items = written.items();
        Ok(if let Some(Value::Sequence(first)) = items.first() { first.clone() } else { items.to_vec() })
    }

    fn deed(&self, state: &State, command: &[Value], gone: &[Flight], sent: &[Flight]) -> Deed {
        let word = |value: Option<&Value>| value.and_then(Value::word).unwrap_or_default().to_lowercase();
        let action = state.action.to_lowercase();
        let said = word(command.first());
        // TLC cannot always name an action; the command can.
        let known =
            ["do", "network", "message", "handle", "recv", "restart"].iter().any(|start| action.starts_with(start));
        let name = if known { action } else { said.clone() };
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        let server = command.iter().find_map(|value| self.ordinal(Some(value)));
        if has(&["handle", "recv", "receive"]) && !gone.is_empty() {
            return Deed::Hear(gone[0].clone());
        }
        if has(&["handle", "recv", "receive"]) && !said.contains("recventry") {
            return self.heard_and_sent_again(command);
        }
        if has(&["partition", "disconnect", "isolate"]) {
            let set = command.iter().find(|value| matches!(value, Value::Set(_))).map(Value::items);
            let cut: Vec<usize> = set.unwrap_or(command).iter().filter_map(|value| self.ordinal(Some(value))).collect();
            return if cut.is_empty() { Deed::Unknown } else { Deed::Partition(cut, !gone.is_empty()) };
        }
        if has(&["cure", "recover", "heal", "reconnect"]) {
            return Deed::Heal;
        }
        if has(&["dup"]) {
            let copy = sent.first();
            let original = copy.and_then(|copy| {
                self.flights.iter().find(|flight| {
                    flight.id != copy.id && flight.to == copy.to && is_copy(&flight.content, &copy.content)
                })
            });
            return copy.zip(original).map_or(Deed::Unknown, |(copy, original)| Deed::Duplicate(original.id, copy.id));
        }
        if has(&["drop", "lose", "lost"]) {
            return Deed::Lose(gone.iter().map(|flight| flight.id).collect());
        }
        let Some(server) = server else { return Deed::Unknown };
        if has(&["restart", "reboot", "crash"]) {
            Deed::Restart(server)
        } else if has(&["snapshot"]) {
            let index = command.iter().rev().find_map(Value::number);
            Deed::Snapshot(server, count(index.map(Value::Number).as_ref()).saturating_sub(self.base))
        } else if has(&["get", "read"]) && !has(&["getvote"]) {
            Deed::Get(server)
        } else if has(&["client", "recventry", "put", "propose"]) {
            let asked = command.iter().skip_while(|value| self.ordinal(Some(value)).is_none()).nth(1);
            Deed::Put(server, asked.and_then(Value::word).unwrap_or("v").to_owned())
        } else if has(&["timeout", "candidate", "election"]) {
            Deed::Timeout(server)
        } else if has(&["append", "heartbeat"]) {
            Deed::SendAppend(server)
        } else {
            Deed::Unknown
        }
    }

    /// A message was handled and another that says the same was sent, so that none seems to be gone.
    fn heard_and_sent_again(&self, command: &[Value]) -> Deed {
        let named: Vec<usize> = command.iter().filter_map(|value| self.ordinal(Some(value))).collect();
        let between = |flight: &&Flight| named.contains(&flight.from) && named.contains(&flight.to);
        self.flights.iter().find(between).map_or(Deed::Unknown, |flight| Deed::Hear(flight.clone()))
    }
}

//! The store track where it feeds the course: reads, writes and compare-and-sets by a leader, and client sessions.
//!
//! A write is answered when it is committed and applied, and for that a majority must acknowledge it. In a single
//! process there is nobody who could, so the other servers answer within the node: real cores, unless `partition` has
//! cut them off. A read is an entry of the log as well.

use super::State;
use super::message::{Answer, Answered, Count, Refusal, Request, code};
use super::values::{COURSE_CLIENT, from_text, present, to_cas, to_expected, to_held_text};
use crate::kv::{self, Command, Reply, ReplyBody};
use crate::process::NodeId;
use crate::raft::{Message, RaftTimer};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The first process that stands for a client with an id of its own.
const FIRST_CLIENT: u16 = 1_000;
/// Most such clients.
const CLIENTS_MAX: usize = 10_000;

/// The clients that have an id.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    clients: std::collections::BTreeMap<String, NodeId>,
}

impl Sessions {
    fn of(&mut self, client_id: String) -> Result<NodeId, Refusal> {
        let next = NodeId(FIRST_CLIENT + self.clients.len() as u16);
        if self.clients.len() >= CLIENTS_MAX && !self.clients.contains_key(&client_id) {
            return Err(Refusal::malformed("client_id", format!("more than {CLIENTS_MAX} clients")));
        }
        Ok(*self.clients.entry(client_id).or_insert(next))
    }
}

#[derive(Deserialize)]
struct Session {
    client_id: Option<String>,
    seq: Option<Count>,
}

#[derive(Deserialize)]
struct Body {
    key: Value,
    #[serde(default, deserialize_with = "present")]
    value: Option<Value>,
    #[serde(default, deserialize_with = "present", alias = "expected")]
    from: Option<Value>,
    #[serde(default, deserialize_with = "present", alias = "new")]
    to: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    create_if_not_exists: Option<Value>,
    #[serde(flatten)]
    session: Session,
}

/// A key may be any JSON that names something: Maelstrom's are numbers.
fn key_of(key: &Value) -> Result<kv::Key, Refusal> {
    match key {
        Value::String(text) => Ok(text.as_str().into()),
        Value::Number(number) if !number.is_f64() => Ok(number.to_string().into()),
        Value::Number(_) => Err(Refusal::malformed("key", "a float, which is not kept exactly")),
        _ => Err(Refusal::malformed("key", "a string or a number")),
    }
}

fn needed(value: Option<Value>, field: &str) -> Result<Value, Refusal> {
    value.ok_or_else(|| Refusal::malformed(field, "missing"))
}

/// What became of a command.
enum Carried {
    Answered(kv::Answer),
    /// The client has gone on since: it had its answer, and the command is not applied again.
    LeftBehind,
}

/// A number that the client has used for something else, or has left behind: the store keeps the answer to its latest
/// command alone.
fn no_answer_to(what: &str, carried: &Carried) -> Refusal {
    Refusal::precondition(match carried {
        Carried::Answered(_) => format!("seq: the client has used this number for another command than a {what}"),
        Carried::LeftBehind => format!("seq: the client has gone on since, and the answer to this {what} is not kept"),
    })
}

/// `read`.
pub(super) fn read(state: &mut State, request: &Request<'_>) -> Answered {
    let body: Body = request.read()?;
    let (carried, mut answer) = carry_out(state, Command::Get { key: key_of(&body.key)? }, body.session)?;
    let Carried::Answered(kv::Answer::Value(value)) = carried else { return Err(no_answer_to("read", &carried)) };
    let value = value.map_or(Value::Null, |text| from_text(&text));
    answer.reply = Some(("read_ok", json!({ "value": value })));
    Ok(answer)
}

/// `write`.
pub(super) fn write(state: &mut State, request: &Request<'_>) -> Answered {
    let body: Body = request.read()?;
    let value = to_held_text(&needed(body.value, "value")?, "value")?;
    let (carried, mut answer) = carry_out(state, Command::Put { key: key_of(&body.key)?, value }, body.session)?;
    let mut fields = json!({ "commit_index": state.raft.core().commit_index() });
    match carried {
        Carried::Answered(kv::Answer::Done) => {}
        // Of a write there is nothing more to say than that it was carried out once.
        Carried::LeftBehind => fields["duplicate"] = json!(true),
        Carried::Answered(_) => return Err(no_answer_to("write", &carried)),
    }
    answer.reply = Some(("write_ok", fields));
    Ok(answer)
}

/// `cas`, with Maelstrom's fields and errors: `create_if_not_exists` takes a key that is not there for one that fits.
pub(super) fn cas(state: &mut State, request: &Request<'_>) -> Answered {
    let body: Body = request.read()?;
    let (from, to) = (needed(body.from, "from")?, to_held_text(&needed(body.to, "to")?, "to")?);
    let creates = match body.create_if_not_exists {
        None => false,
        Some(Value::Bool(creates)) => creates,
        Some(_) => return Err(Refusal::malformed("create_if_not_exists", "true or false")),
    };
    let command = to_cas(key_of(&body.key)?, to_expected(&from, "from")?, to, creates);
    let (carried, mut answer) = carry_out(state, command, body.session)?;
    match carried {
        Carried::Answered(kv::Answer::Mismatch { found: None }) => {
            Err(Refusal::new(code::KEY_DOES_NOT_EXIST, "the key does not exist"))
        }
        Carried::Answered(kv::Answer::Mismatch { found: Some(found) }) => {
            Err(Refusal::precondition(format!("from: {from} is expected, and the key holds {found}")))
        }
        Carried::Answered(kv::Answer::Swapped) => {
            answer.reply = Some(("cas_ok", json!({ "commit_index": state.raft.core().commit_index() })));
            Ok(answer)
        }
        _ => Err(no_answer_to("cas", &carried)),
    }
}

/// Hands a command to the leading core, and lets the other servers acknowledge it.
fn carry_out(state: &mut State, command: Command, session: Session) -> Result<(Carried, Answer), Refusal> {
    let mut answer = Answer::none();
    if state.node_ids.len() == 1 && !state.raft.is_leader() {
        // Alone, it hears from no leader, and wins as soon as it asks itself.
        state.raft.host.fire(RaftTimer::Election);
    }
    if !state.raft.is_leader() {
        return Err(not_leader(state));
    }
    let index = state.raft.core().log().last_index() + 1;
    let is_read = command.is_read();
    let (client, sequence) = match session {
        Session { client_id: Some(id), seq: Some(Count(seq)) } => (state.sessions.of(id)?, seq),
        Session { client_id: None, seq: None } => (COURSE_CLIENT, index),
        Session { client_id: Some(_), seq: None } => {
            return Err(Refusal::malformed("seq", "missing, and client_id needs it"));
        }
        Session { .. } => return Err(Refusal::malformed("client_id", "missing, and seq needs it")),
    };
    state.raft.host.receive(client, &Message::Request(kv::Request { client, sequence, command }));
    let told_at_once = state.raft.host.take_sent();
    let State { raft, partition, .. } = state;
    let mut dropped = 0;
    let mut told: Vec<Message> =
        told_at_once.into_iter().filter(|(to, _)| *to == client).map(|(_, message)| message).collect();
    told.extend(raft.let_peers_answer(|peer| partition.is_blocked(peer), &mut dropped));
    partition.count_dropped(dropped);
    state.raft.flush(&mut answer);
    let reply = told.iter().find_map(|message| match message {
        Message::Reply(Reply { sequence: number, body: ReplyBody::Answer(told) }) if *number == sequence => {
            Some(told.clone())
        }
        _ => None,
    });
    match reply {
        Some(told) => Ok((Carried::Answered(told), answer)),
        None if state.raft.core().last_applied() >= index => Ok((Carried::LeftBehind, answer)),
        None if is_read => Err(Refusal::unavailable("no majority can be reached")),
        // It is not known whether it takes effect: that is another error than one that says that it does not.
        None => Err(Refusal::new(
            code::TIMEOUT,
            "no majority can be reached; the command is in the log, and may take effect later",
        )),
    }
}

/// Turned away, with a hint where to go: the shape is ours.
fn not_leader(state: &State) -> Refusal {
    let leader = state.raft.leader_name();
    let text = match &leader {
        Some(leader) => format!("not the leader; {leader} is"),
        None => "not the leader, and none is known: an election may be going on".to_owned(),
    };
    let fields = Map::from_iter([("leader".to_owned(), json!(leader))]);
    Refusal { fields, ..Refusal::unavailable(text) }
}

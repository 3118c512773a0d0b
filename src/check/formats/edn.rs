//! Histories in EDN, Clojure's notation: Jepsen's, Knossos' and Porcupine's.
//!
//! ```text
//! {:process 0, :type :invoke, :f :cas, :value [1 3], :time 3291485317, :index 0}
//! {:type :ok, :process 0, :f :cas, :value [1 3], :error nil}
//! {:process :nemesis, :type :info, :f :start, :value nil}
//! {:process 0, :type :invoke, :f :append, :key "4", :value "x 0 1 y"}
//! ```
//!
//! The maps stand one after the other, or in a vector or a list, with comments between them; one may be tagged, as
//! `#jepsen.history.Op{...}` is. `:process`, `:type`, `:f`, `:value` and Porcupine's `:key` count; all other fields are
//! passed over, and so are events of the nemesis. What a `:value` says, and what follows from each `:type`, is told
//! [for Jepsen's logs](super::jepsen).

use std::sync::Arc;

use clojure_reader::edn::{self, Edn};
use clojure_reader::error::{Code, Error};

use super::event::{Content, Event, Key, Phase};
use super::{EVENT_BYTES_MAX, Problem};

/// The events of a text, one at a time.
pub(super) struct Events<'a> {
    rest: &'a str,
    line: u64,
    /// The line where the event began that was read last, or that cannot be read.
    began: u64,
    /// What closes the collection of all events, if they are in one.
    closing: Option<char>,
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str) -> Events<'a> {
        let mut events = Events { rest: text, line: 1, began: 1, closing: None };
        events.skip_space();
        events.closing = match events.rest.chars().next() {
            Some('[') => Some(']'),
            Some('(') => Some(')'),
            _ => None,
        };
        if events.closing.is_some() {
            events.advance(1);
        }
        events
    }

    /// The line where the event began that was read last, or that cannot be read.
    pub(super) fn began(&self) -> u64 {
        self.began
    }

    /// The next event, `Ok(None)` at the end. `Some(None)` is an event that is no client's.
    pub(super) fn next(&mut self) -> Result<Option<Option<Event>>, Problem> {
        self.skip_space();
        self.began = self.line;
        if self.rest.is_empty() {
            return if self.closing.is_none() {
                Ok(None)
            } else {
                Err(malformed("the end of the collection is missing"))
            };
        }
        if self.closing.is_some_and(|closing| self.rest.starts_with(closing)) {
            self.closing = None;
            self.advance(1);
            self.skip_space();
            return if self.rest.is_empty() {
                Ok(None)
            } else {
                Err(malformed("something follows the collection of events"))
            };
        }
        // No more is shown to the reader than an event may have.
        let mut end = self.rest.len().min(EVENT_BYTES_MAX);
        while !self.rest.is_char_boundary(end) {
            end -= 1;
        }
        let (form, read) = match read(&self.rest[..end]) {
            Err(error) if end < self.rest.len() && error.code == Code::UnexpectedEOF => {
                return Err(Problem::EventTooLong);
            }
            result => result.map_err(|error| malformed(&reason(&error)))?,
        };
        self.advance(read);
        Ok(Some(event(&form, self.began)?))
    }

    /// Goes on by so many bytes, and counts the lines.
    fn advance(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        self.line += passed.bytes().filter(|&byte| byte == b'\n').count() as u64;
        self.rest = rest;
    }

    /// Goes on to the next form, or the end.
    fn skip_space(&mut self) {
        loop {
            let is_space = |c: char| c.is_whitespace() || c == ',' || c == '\u{feff}';
            self.advance(self.rest.len() - self.rest.trim_start_matches(is_space).len());
            if !self.rest.starts_with(';') {
                return;
            }
            self.advance(self.rest.find('\n').unwrap_or(self.rest.len()));
        }
    }
}

/// The first form of a text, and how many bytes it takes.
fn read(text: &str) -> Result<(Edn<'_>, usize), Error> {
    edn::read(text).map(|(form, rest)| (form, text.len() - rest.len()))
}

/// The first form of a text as a field, and what follows it.
pub(super) fn content_of(text: &str) -> Result<(Content, &str), Problem> {
    let (form, rest) = edn::read(text).map_err(|error| malformed(&reason(&error)))?;
    Ok((content(&form), rest))
}

fn malformed(what: &str) -> Problem {
    Problem::Malformed(format!("not an event in EDN: {what}"))
}

fn reason(error: &Error) -> String {
    let what = match &error.code {
        Code::UnexpectedEOF => "it ends too soon".to_string(),
        Code::HashMapDuplicateKey => "a field stands there twice".to_string(),
        Code::UnmatchedDelimiter(found) => format!("{found:?} closes nothing"),
        Code::InvalidNumber => "a number cannot be read".to_string(),
        Code::InvalidEscape => "a string has an escape that cannot be read".to_string(),
        code => format!("it cannot be read ({code:?})"),
    };
    match (error.line, error.column) {
        (Some(1), Some(column)) => format!("{what} at column {column}"),
        (Some(line), Some(_)) => format!("{what} {} lines further on", line - 1),
        _ => what,
    }
}

/// The event of a map, `None` if it is no client's.
fn event(form: &Edn<'_>, line: u64) -> Result<Option<Event>, Problem> {
    let form = if let Edn::Tagged(_, inner) = form { inner } else { form };
    let Edn::Map(fields) = form else {
        return Err(malformed("it is not a map"));
    };
    let nothing = Edn::Nil;
    let field = |name: &'static str| fields.get(&Edn::key(name)).unwrap_or(&nothing);
    let client = match field("process") {
        Edn::Int(number) => u32::try_from(*number).map_err(|_| malformed("the process is not a number below 2^32"))?,
        Edn::Key(name) if name == "nemesis" => return Ok(None),
        Edn::Nil => return Err(malformed(":process is missing")),
        _ => return Err(malformed(":process is neither a number nor :nemesis")),
    };
    let phase = match field("type") {
        Edn::Key(phase) => Phase::of_jepsen(phase),
        _ => None,
    };
    let phase = phase.ok_or_else(|| malformed(":type is not :invoke, :ok, :fail or :info"))?;
    let name = match field("f") {
        Edn::Key(name) => name.to_string(),
        Edn::Nil => return Err(malformed(":f is missing")),
        _ => return Err(malformed(":f is not a keyword")),
    };
    let key = match content(field("key")) {
        Content::Absent | Content::Nil => None,
        other => Some(Key::of(&other).ok_or_else(|| malformed(":key is neither a string nor an integer"))?),
    };
    let value = fields.get(&Edn::key("value")).map_or(Content::Absent, content);
    Ok(Some(Event { line, client, phase, name, key, value, from: Content::Absent, to: Content::Absent }))
}

fn content(form: &Edn<'_>) -> Content {
    match form {
        Edn::Nil => Content::Nil,
        Edn::Int(value) => Content::Integer(*value),
        Edn::Str(text) => Content::Text(Arc::from(&**text)),
        Edn::Key(word) => Content::Keyword(Arc::from(&**word)),
        Edn::Vector(items) | Edn::List(items) => Content::Many(items.iter().map(flat).collect()),
        Edn::Set(items) => Content::Many(items.iter().map(flat).collect()),
        // As Jepsen's independent tuples are: #jepsen.independent.Tuple [k v].
        Edn::Tagged(_, inner) => match &**inner {
            Edn::Vector(items) => Content::Many(items.iter().map(flat).collect()),
            _ => Content::Other,
        },
        _ => Content::Other,
    }
}

/// An element of a collection: one level of collections inside it, as `[k [from to]]` has, and no more.
fn flat(form: &Edn<'_>) -> Content {
    let inner = |items: &mut dyn Iterator<Item = &Edn<'_>>| {
        Content::Many(
            items
                .map(|item| {
                    if matches!(item, Edn::Vector(_) | Edn::List(_) | Edn::Set(_)) {
                        Content::Other
                    } else {
                        content(item)
                    }
                })
                .collect(),
        )
    };
    match form {
        Edn::Vector(items) | Edn::List(items) => inner(&mut items.iter()),
        Edn::Set(items) => inner(&mut items.iter()),
        Edn::Tagged(..) => Content::Other,
        atom => content(atom),
    }
}

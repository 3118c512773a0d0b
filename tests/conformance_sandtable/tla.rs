//! TLC's counterexamples as text: states one after another, each a number, an action and the variables after it.
//!
//! A value is read only when it is asked for, so that a variable nobody needs may hold anything.

use std::collections::BTreeMap;

/// How deep values may lie in one another.
const DEPTH_MAX: usize = 64;

/// A value of TLA+, as TLC prints it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    Number(i64),
    Flag(bool),
    Text(String),
    /// A model value, such as a server or a role.
    Name(String),
    Sequence(Vec<Value>),
    Set(Vec<Value>),
    Record(Vec<(String, Value)>),
    Function(Vec<(Value, Value)>),
}

impl Value {
    /// A field of a record, by the first of several names that it has.
    pub fn field(&self, names: &[&str]) -> Option<&Value> {
        let Self::Record(fields) = self else { return None };
        names.iter().find_map(|name| fields.iter().find(|(known, _)| known == name)).map(|(_, value)| value)
    }

    pub fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// A text or a model value.
    pub fn word(&self) -> Option<&str> {
        if let Self::Text(word) | Self::Name(word) = self { Some(word) } else { None }
    }

    /// What is in a sequence or a set.
    pub fn items(&self) -> &[Value] {
        if let Self::Sequence(items) | Self::Set(items) = self { items } else { &[] }
    }

    /// What a function or a record gives for a name.
    pub fn of(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Function(pairs) => pairs.iter().find(|(key, _)| key.word() == Some(name)).map(|(_, value)| value),
            Self::Record(_) => self.field(&[name]),
            _ => None,
        }
    }

    /// The names for which a function or a record is defined.
    pub fn domain(&self) -> Vec<&str> {
        match self {
            Self::Function(pairs) => pairs.iter().filter_map(|(key, _)| key.word()).collect(),
            Self::Record(fields) => fields.iter().map(|(key, _)| key.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

type Read<T> = Result<T, String>;

/// Reads a value.
pub fn value(text: &str) -> Read<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.skip_spaces();
    if reader.rest.is_empty() { Ok(value) } else { Err(reader.unexpected("the end")) }
}

impl Reader<'_> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn unexpected(&self, wanted: &str) -> String {
        format!("{wanted} is expected at {:?}", self.rest.chars().take(30).collect::<String>())
    }

    fn takes(&mut self, mark: &str) -> bool {
        self.skip_spaces();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn must_take(&mut self, mark: &str) -> Read<()> {
        if self.takes(mark) { Ok(()) } else { Err(self.unexpected(mark)) }
    }

    /// What stands between two marks, separated by commas.
    fn list<T>(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut items = Vec::new();
        while !self.takes(end) {
            if !items.is_empty() {
                self.must_take(",")?;
            }
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        if depth > DEPTH_MAX {
            return Err(format!("more than {DEPTH_MAX} values lie in one another"));
        }
        let inner = |reader: &mut Self| reader.value(depth + 1);
        if self.takes("<<") {
            return Ok(Value::Sequence(self.list(">>", inner)?));
        }
        if self.takes("{") {
            return Ok(Value::Set(self.list("}", inner)?));
        }
        if self.takes("[") {
            let field = |reader: &mut Self| {
                let name = reader.word()?;
                reader.must_take("|->")?;
                Ok((name, reader.value(depth + 1)?))
            };
            return Ok(Value::Record(self.list("]", field)?));
        }
        if self.takes("(") {
            return self.function(depth + 1);
        }
        if self.takes("\"") {
            let end = self.rest.find('"').ok_or("a text does not end")?;
            let text = self.rest[..end].to_owned();
            self.rest = &self.rest[end + 1..];
            return Ok(Value::Text(text));
        }
        let word = self.word()?;
        Ok(match word.as_str() {
            "TRUE" => Value::Flag(true),
            "FALSE" => Value::Flag(false),
            _ => word.parse().map_or(Value::Name(word), Value::Number),
        })
    }

    /// `a :> 1 @@ b :> 2`, up to the bracket; or a value in brackets.
    fn function(&mut self, depth: usize) -> Read<Value> {
        let mut pairs = Vec::new();
        loop {
            let key = self.value(depth)?;
            if pairs.is_empty() && self.takes(")") {
                return Ok(key);
            }
            self.must_take(":>")?;
            pairs.push((key, self.value(depth)?));
            if self.takes(")") {
                return Ok(Value::Function(pairs));
            }
            self.must_take("@@")?;
        }
    }

    fn word(&mut self) -> Read<String> {
        self.skip_spaces();
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.unexpected("a value"));
        }
        let word = self.rest[..end].to_owned();
        self.rest = &self.rest[end..];
        Ok(word)
    }
}

/// A state of a counterexample.
#[derive(Clone, Debug)]
pub struct State {
    pub number: u64,
    /// The action that led to it, as in `DoElectionTimeout`.
    pub action: String,
    variables: BTreeMap<String, String>,
}

impl State {
    /// A variable, by the first of several names that it has; none if it has none of them.
    pub fn variable(&self, names: &[&str]) -> Read<Option<Value>> {
        let Some((name, text)) = names.iter().find_map(|name| self.variables.get_key_value(*name)) else {
            return Ok(None);
        };
        value(text).map(Some).map_err(|problem| format!("state {}: {name}: {problem}", self.number))
    }
}

/// What was violated, in TLC's words, and the states. What stands around them is passed over.
pub fn states(text: &str) -> (Option<String>, Vec<State>) {
    let mut states: Vec<State> = Vec::new();
    let mut violated = None;
    let mut current: Option<String> = None;
    for line in text.lines() {
        if line.contains("is violated") {
            violated.get_or_insert_with(|| line.trim().to_owned());
        } else if let Some(state) = header(line) {
            states.push(state);
            current = None;
        } else if line.trim().is_empty() || line.starts_with("@!@!@") {
            current = None;
        } else if let (Some(state), Some((name, start))) =
            (states.last_mut(), line.strip_prefix("/\\ ").and_then(|rest| rest.split_once(" =")))
        {
            state.variables.insert(name.to_owned(), start.to_owned());
            current = Some(name.to_owned());
        } else if let (Some(state), Some(name)) = (states.last_mut(), &current)
            && let Some(text) = state.variables.get_mut(name)
        {
            text.push('\n');
            text.push_str(line);
        }
    }
    (violated, states)
}

/// `7: <DoElectionTimeout line 790, col 5 to line 792, col 25 of module raftOs>`.
fn header(line: &str) -> Option<State> {
    let (number, rest) = line.split_once(": <")?;
    let number = number.parse().ok()?;
    let action = rest.split([' ', '>']).next().unwrap_or_default().to_owned();
    Some(State { number, action, variables: BTreeMap::new() })
}

#[test]
fn values_are_read_as_tlc_prints_them() {
    let read = value("( n1 :> <<[term |-> 1, cmd |-> v1], {}>> @@\n  n2 :> -3 )").unwrap();
    assert_eq!(read.domain(), ["n1", "n2"]);
    assert_eq!(read.of("n2").and_then(Value::number), Some(-3));
    let entry = &read.of("n1").unwrap().items()[0];
    assert_eq!(entry.field(&["value", "cmd"]).and_then(Value::word), Some("v1"));
    assert_eq!(value("<<\"a b\", TRUE, (Nil)>>").unwrap().items().len(), 3);
}

#[test]
fn what_is_no_value_is_an_error_that_says_where() {
    assert_eq!(value("<<1, 2").unwrap_err(), ", is expected at \"\"");
    assert_eq!(value("[a -> 1]").unwrap_err(), "|-> is expected at \"-> 1]\"");
    assert!(value(&"{".repeat(1_000)).unwrap_err().starts_with("more than 64"));
}

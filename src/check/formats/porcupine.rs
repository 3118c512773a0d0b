//! Porcupine's histories of a key-value store: one Clojure map a line.
//!
//! ```text
//! {:process 0, :type :invoke, :f :append, :key "4", :value "x 0 1 y"}
//! {:process 0, :type :ok, :f :append, :key "4", :value "x 0 1 y"}
//! ```
//!
//! The operations are `:get`, `:put` and `:append`; `:info` says that the outcome is unknown. A key that was never
//! written reads as the empty string.

use std::sync::Arc;

use super::Problem;
use super::event::{Content, Event, Phase};

/// The event of a line.
pub(super) fn event(text: &str) -> Result<Event, Problem> {
    let malformed = |what: &str| Problem::Malformed(format!("not a Porcupine event: {what}"));
    let mut reader = Reader { rest: text };
    let (mut client, mut phase, mut name, mut key, mut value) = (None, None, None, None, None);
    if !reader.take('{') {
        return Err(malformed("it does not begin with {"));
    }
    while !reader.take('}') {
        let Some(Token::Keyword(field)) = reader.token() else {
            return Err(malformed("a field's name is not a keyword"));
        };
        let token = reader.token().ok_or_else(|| malformed("a field has no readable value"))?;
        let is_again = match (field, token) {
            ("process", Token::Integer(number)) => {
                let number = u32::try_from(number).map_err(|_| malformed("the process is not a number below 2^32"))?;
                client.replace(number).is_some()
            }
            ("type", Token::Keyword(word)) => phase.replace(word).is_some(),
            ("f", Token::Keyword(word)) => name.replace(word).is_some(),
            ("key", Token::Text(text)) => key.replace(Arc::from(text)).is_some(),
            ("value", Token::Text(text)) => value.replace(Content::Text(text.into())).is_some(),
            ("value", Token::Nil) => value.replace(Content::Nil).is_some(),
            ("process" | "type" | "f" | "key" | "value", _) => {
                return Err(malformed(&format!(":{field} is of the wrong type")));
            }
            _ => return Err(malformed(&format!("there is no field :{field}"))),
        };
        if is_again {
            return Err(malformed(&format!(":{field} stands there twice")));
        }
    }
    if !reader.rest.is_empty() {
        return Err(malformed("something follows the map"));
    }
    let phase = match phase {
        Some("invoke") => Phase::Invoke,
        Some("ok") => Phase::Ok,
        Some("fail") => Phase::Fail,
        Some("info") => Phase::Unknown,
        _ => return Err(malformed(":type is not :invoke, :ok, :fail or :info")),
    };
    // What stands beside an unknown outcome is a reason, not a value.
    let value = if phase == Phase::Unknown { None } else { value };
    Ok(Event {
        line: 0,
        client: client.ok_or_else(|| malformed(":process is missing"))?,
        phase,
        name: name.ok_or_else(|| malformed(":f is missing"))?.to_string(),
        key,
        value: value.unwrap_or_default(),
        from: Content::Absent,
        to: Content::Absent,
    })
}

/// A piece of Clojure's notation, as far as it occurs here.
enum Token<'a> {
    Keyword(&'a str),
    Integer(i64),
    Text(String),
    Nil,
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Commas are white space in this notation.
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }

    fn take(&mut self, expected: char) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(expected) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The next token, `None` if there is none that can be read.
    fn token(&mut self) -> Option<Token<'a>> {
        if self.take('"') {
            return self.text().map(Token::Text);
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '}' | '{' | '"');
        let (word, rest) = self.rest.split_at(self.rest.find(is_end).unwrap_or(self.rest.len()));
        self.rest = rest;
        match word.strip_prefix(':') {
            Some(keyword) => Some(Token::Keyword(keyword)),
            None if word == "nil" => Some(Token::Nil),
            None => word.parse().ok().map(Token::Integer),
        }
    }

    /// The rest of a string whose opening quote was taken.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest.chars();
        loop {
            text.push(match characters.next()? {
                '"' => break,
                '\\' => match characters.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    escaped @ ('"' | '\\') => escaped,
                    _ => return None,
                },
                plain => plain,
            });
        }
        self.rest = characters.as_str();
        Some(text)
    }
}

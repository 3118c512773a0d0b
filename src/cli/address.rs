//! Addresses of the page, read as the page reads them (`requestIn` in `www/src/engine/link.ts`): `#run=stale-read`,
//! `https://host/path/#run=duel&protocol=paxos&seed=7`, or a link with the text of a run.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// What an address asks for.
#[derive(PartialEq, Eq, Debug)]
pub struct Address {
    /// The text of a link, or the name of a prepared run; without one, a protocol's first run.
    pub run: Option<String>,
    /// Whose run it is. A link says so itself.
    pub protocol: Option<String>,
    /// Another seed for a prepared run.
    pub seed: Option<String>,
}

impl Address {
    /// What a text asks for; none if it is no address.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let part = match text.split_once('#') {
            Some((_, fragment)) => fragment,
            None if text.contains("://") => text.split_once('?')?.1,
            None => text.strip_prefix('?').unwrap_or(text),
        };
        // Programs that pass addresses on have been seen to write its signs as others.
        let is_disguised = ["run%3d", "protocol%3d"].iter().any(|key| part.to_ascii_lowercase().starts_with(key));
        let part = if is_disguised { decoded(part) } else { part.to_owned() };
        let value = |key: &str| {
            let mut pairs = part.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(name, _)| *name == key).map(|(_, value)| decoded(value))
        };
        let address = Self { run: value("run"), protocol: value("protocol"), seed: value("seed") };
        (address.run.is_some() || address.protocol.is_some()).then_some(address)
    }
}

/// Whether a text can be the name of a prepared run. What looks otherwise is meant as a link.
pub fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (2..=61).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(is_plain)
}

/// Whether a text is all that follows `run=` in a link: the format's number, a point, letters of base64.
pub fn is_bare_link(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut parts = text.trim().splitn(2, '.');
    parts.next().is_some_and(is_number) && parts.next().is_some_and(|rest| rest.bytes().all(is_letter))
}

/// With `%3D` and its like as the characters that they stand for, as far as that makes a text.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(run: &str, protocol: Option<&str>, seed: Option<&str>) -> Option<Address> {
        let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
        Some(Address { run: Some(run.to_owned()), protocol: owned(protocol), seed: owned(seed) })
    }

    #[test]
    fn what_the_page_understands_is_understood() {
        for text in ["#run=duel", "run=duel", "https://host/path/#run=duel", "https://host/?run=duel", "#run%3Dduel"] {
            assert_eq!(Address::of(text), address("duel", None, None), "{text}");
        }
        for text in ["#run=duel&protocol=paxos&seed=7", " https://h/#seed=7&from=course/echo&protocol=paxos&run=duel\n"]
        {
            assert_eq!(Address::of(text), address("duel", Some("paxos"), Some("7")), "{text}");
        }
        assert_eq!(Address::of("#run=1.a-_b"), address("1.a-_b", None, None));
        assert_eq!(Address::of("#protocol=pbft").unwrap().protocol.as_deref(), Some("pbft"));
    }

    #[test]
    fn other_texts_are_no_addresses() {
        for text in ["", "#", "duel", "scenario.json", "https://host/", "a/b=c.json", "#run", "%", "#%&=", "%3D%3"] {
            assert_eq!(Address::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_link_is_told_from_a_name() {
        assert!(is_name("stale-read") && !is_name("1.x") && !is_name("X") && !is_name("") && !is_name(&"x".repeat(62)));
        assert!(is_bare_link("1.a-_Z9\n") && !is_bare_link("1.json/x") && !is_bare_link("a.b") && !is_bare_link("1"));
    }
}

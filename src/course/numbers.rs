//! Numbers that a JSON reader does not keep: whole numbers of more than 64 bits, and decimals of more digits, or larger
//! or smaller, than a floating-point number has room for. They are looked for in the text itself, since a reader has
//! rounded them, or given up, by the time that it is done.

use std::ops::Range;

/// A number that would not come back as it was written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// Where it stands: `body.value`, `body.history[2].start`.
    pub(super) place: String,
    pub(super) problem: String,
}

/// Where the scan stands within an object or an array.
enum Level {
    /// The key at hand, as it stands between its quotes.
    Object(Range<usize>),
    /// The place at hand.
    Array(usize),
}

fn path(json: &str, levels: &[Level]) -> String {
    let mut path = String::new();
    for level in levels {
        match level {
            Level::Object(key) => {
                let dot = if path.is_empty() { "" } else { "." };
                let key: String = json[key.clone()].chars().take(64).collect();
                path += &format!("{dot}{key}");
            }
            Level::Array(place) => path += &format!("[{place}]"),
        }
    }
    path
}

/// The first number of a JSON text that is lost, and the text with 0 in the place of each that is. The text need not be
/// valid.
pub(super) fn find_lost(json: &str) -> Option<(Lost, String)> {
    let bytes = json.as_bytes();
    let (mut levels, mut last_text) = (Vec::new(), 0..0);
    let mut first = None;
    let (mut kept, mut copied) = (String::new(), 0);
    let mut place = 0;
    while place < bytes.len() {
        let start = place;
        place += 1;
        match bytes[start] {
            b'"' => {
                while place < bytes.len() && bytes[place] != b'"' {
                    place += if bytes[place] == b'\\' { 2 } else { 1 };
                }
                // Behind a backslash at the very end there is nothing.
                last_text = start + 1..place.min(bytes.len());
                place += 1;
            }
            b'{' => levels.push(Level::Object(0..0)),
            b'[' => levels.push(Level::Array(0)),
            b'}' | b']' => {
                levels.pop();
            }
            b':' => {
                if let Some(Level::Object(key)) = levels.last_mut() {
                    *key = last_text.clone();
                }
            }
            b',' => {
                if let Some(Level::Array(place)) = levels.last_mut() {
                    *place += 1;
                }
            }
            b'-' | b'0'..=b'9' => {
                while place < bytes.len() && matches!(bytes[place], b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') {
                    place += 1;
                }
                let number = &json[start..place];
                if let Some(problem) = problem_of(number) {
                    let shown: String = number.chars().take(40).collect();
                    first.get_or_insert_with(|| Lost {
                        place: path(json, &levels),
                        problem: format!("{shown} {problem}"),
                    });
                    kept += &json[copied..start];
                    kept.push('0');
                    copied = place;
                }
            }
            _ => {}
        }
    }
    first.map(|lost| (lost, kept + &json[copied..]))
}

/// Why a number is not kept.
fn problem_of(number: &str) -> Option<&'static str> {
    const TOO_LARGE: &str = "is a larger number than can be kept exactly";
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_whole && !digits.is_empty() {
        return (number.parse::<u64>().is_err() && number.parse::<i64>().is_err()).then_some(TOO_LARGE);
    }
    // What is no number at all is for the reader to refuse.
    let read: f64 = number.parse().ok()?;
    match serde_json::Number::from_f64(read) {
        None => Some(TOO_LARGE),
        Some(held) if significant(&held.to_string()) == significant(number) => None,
        Some(_) => Some("has more digits than can be kept exactly"),
    }
}

/// The digits of a decimal from the first that is not 0 to the last, and the power of ten that the last one stands for.
fn significant(number: &str) -> (String, i64) {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit).collect();
    let trimmed = digits.trim_end_matches('0');
    let exponent =
        exponent.parse::<i64>().unwrap_or_default() - fraction.len() as i64 + (digits.len() - trimmed.len()) as i64;
    match trimmed.trim_start_matches('0') {
        "" => (String::new(), 0),
        digits => (digits.to_owned(), exponent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(json: &str) -> (String, String) {
        let (Lost { place, problem }, kept) = find_lost(json).unwrap_or_else(|| panic!("{json} keeps its numbers"));
        (format!("{place}: {problem}"), kept)
    }

    #[test]
    fn what_comes_back_as_it_was_written_is_kept() {
        let kept = r#"[18446744073709551615, -9223372036854775808, 0.1, 1.50, 1e2, 0, 0.0, -2.5E-3, 1.5e300, "1e999", {"12e999": 1}]"#;
        assert_eq!(find_lost(kept), None);
    }

    #[test]
    fn what_does_not_is_named_with_its_place() {
        let (problem, kept) = lost(r#"{"body":{"value":18446744073709551616,"msg_id":1}}"#);
        assert_eq!(problem, "body.value: 18446744073709551616 is a larger number than can be kept exactly");
        assert_eq!(kept, r#"{"body":{"value":0,"msg_id":1}}"#);
        let (problem, _) = lost(r#"{"a":[1,{"b,]\"":"}"},[0.10000000000000000555]]}"#);
        assert_eq!(problem, "a[2][0]: 0.10000000000000000555 has more digits than can be kept exactly");
        assert_eq!(lost("1e400").0, ": 1e400 is a larger number than can be kept exactly");
        assert_eq!(lost("1e-400").0, ": 1e-400 has more digits than can be kept exactly");
        assert_eq!(lost("[1e400,2,-1e400]").1, "[0,2,0]");
    }

    #[test]
    fn a_text_that_is_no_json_does_no_harm() {
        for text in ["\"\\", "{\"", "]]]:,", "-", "1.e+-", "\"é\\é\"9e9", "[[[[{{"] {
            assert_eq!(find_lost(text), None);
        }
    }
}

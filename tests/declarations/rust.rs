//! Reads structs and enums from source text that `cargo fmt` has formatted: what of them crosses to JavaScript.

use std::path::Path;

/// A struct with named fields, or an enum.
#[derive(Clone, Debug)]
pub struct Item {
    /// From the root of the package.
    pub file: String,
    pub name: String,
    pub is_enum: bool,
    /// It is handed to JavaScript, or comes from there.
    pub crosses: bool,
    pub members: Vec<Member>,
}

/// A field, or a variant.
#[derive(Clone, Debug)]
pub struct Member {
    /// As JSON has it.
    pub name: String,
    pub holds: Holds,
    pub is_flattened: bool,
}

/// What a field or a variant holds.
#[derive(Clone, Debug)]
pub enum Holds {
    Nothing,
    One(String),
    Fields(Vec<Member>),
}

/// All structs and enums of a file.
pub fn items(path: &Path) -> Vec<Item> {
    let text: String = std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| format!("{}\n", line.split("//").next().unwrap()))
        .collect();
    let mut found = Vec::new();
    let (mut attributes, mut rest) = (String::new(), text.as_str());
    while let Some((line, after)) = rest.split_once('\n') {
        let words = line.trim_start_matches("pub ").trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        let header = ["struct ", "enum "].iter().find_map(|kind| Some((*kind, words.strip_prefix(kind)?)));
        match header {
            Some((kind, header)) if line.ends_with('{') => {
                let name: String = header.chars().take_while(|letter| letter.is_alphanumeric()).collect();
                let (body, after) = after.split_once("\n}\n").unwrap();
                let members = members(body, &attributes);
                let crosses = attributes.contains("Serialize") || attributes.contains("Deserialize");
                let file = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap().to_owned();
                found.push(Item { file, name, is_enum: kind == "enum ", crosses, members });
                (attributes, rest) = (String::new(), after);
                continue;
            }
            _ if line.starts_with("#[") => attributes.push_str(line),
            _ if line.trim().is_empty() => {}
            _ => attributes.clear(),
        }
        rest = after;
    }
    found
}

fn members(body: &str, outer: &str) -> Vec<Member> {
    split(body).into_iter().filter_map(|text| member(text.trim(), outer)).collect()
}

fn member(text: &str, outer: &str) -> Option<Member> {
    let (mut text, mut attributes) = (text, String::new());
    while text.starts_with("#[") {
        let (attribute, rest) =
            text.split_at(text.find(")]").map_or_else(|| text.find(']').unwrap() + 1, |end| end + 2));
        attributes.push_str(attribute);
        text = rest.trim_start();
    }
    let text = text.trim_start_matches("pub ");
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() || attributes.contains("skip)") {
        return None;
    }
    let holds = match rest.trim().split_at_checked(1) {
        Some((":", of)) => Holds::One(of.trim().to_owned()),
        Some(("(", of)) => Holds::One(of.trim_end_matches(')').to_owned()),
        Some(("{", fields)) => Holds::Fields(members(fields.trim_end_matches('}'), "")),
        _ => Holds::Nothing,
    };
    let is_flattened = attributes.contains("flatten");
    Some(Member { name: written(name, outer), holds, is_flattened })
}

/// A name as serde writes it.
fn written(name: &str, attributes: &str) -> String {
    let style = attributes.split_once("rename_all = \"").and_then(|(_, style)| style.split('"').next());
    let Some(between) = style.map(|style| match style {
        "snake_case" => "_",
        "kebab-case" => "-",
        _ => "",
    }) else {
        return name.to_owned();
    };
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push_str(between);
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// The parts between commas that stand in no bracket.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '>' if text[..at].ends_with('-') => {}
            '(' | '{' | '[' | '<' => depth += 1,
            ')' | '}' | ']' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A type by its shape.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape<'a> {
    Number,
    Flag,
    Text,
    Maybe(&'a str),
    List(&'a str),
    Tuple(Vec<&'a str>),
    Record(&'a str),
    Named(&'a str),
}

/// The shape of a type, as it crosses.
pub fn shape(text: &str) -> Shape<'_> {
    let text = text.trim();
    let inside = |open: &str, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    if let Some(rest) = text.strip_prefix('&') {
        let is_lifetime = rest.starts_with('\'');
        return shape(if is_lifetime { rest.split_once(' ').unwrap().1 } else { rest });
    }
    if let Some(of) = inside("Option<", '>') {
        return Shape::Maybe(of);
    }
    if let Some(of) = inside("Vec<", '>').or_else(|| inside("[", ']')) {
        return Shape::List(of.split(';').next().unwrap());
    }
    if let Some(of) = inside("BTreeMap<String, ", '>') {
        return Shape::Record(of);
    }
    if let Some(of) = inside("(", ')') {
        return Shape::Tuple(split(of));
    }
    if let Some(of) = inside("Box<", '>').or_else(|| inside("Arc<", '>')) {
        return shape(of);
    }
    match text.rsplit("::").next().unwrap().split('<').next().unwrap() {
        "u8" | "u16" | "u32" | "u64" | "usize" | "f64" | "Ticks" => Shape::Number,
        "bool" => Shape::Flag,
        "String" | "str" => Shape::Text,
        name => Shape::Named(name),
    }
}

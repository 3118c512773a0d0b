//! Chapters that are made from the types: every field and action of a scenario, every field of a report.
//!
//! The types' JSON Schemas come from the program itself (`schema NAME`), so that what is tested is what a user gets.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use expect_test::expect_file;
use serde_json::Value;

use super::chapters::root;
use super::markdown::anchor;

const SCENARIO: &str = "\
# Scenarios: every field and action

What a scenario may say. All but `protocol` may be left out, and a field that does not exist is an error. Ticks are
microseconds of virtual time. This chapter is made from the types by `UPDATE_EXPECT=1 cargo test documents`; what the
fields are for is told in [scenarios](scenarios.md). `consensus-playground schema scenario` prints the same as a JSON
Schema, which an editor can check against.
";

const REPORTS: &str = "\
# Reports: every field

What the commands print as JSON. This chapter is made from the types by `UPDATE_EXPECT=1 cargo test documents`;
`consensus-playground schema NAME` prints the same as a JSON Schema.
";

/// What is reported, with the command that prints it.
const SUBJECTS: &[(&str, &str)] = &[
    ("run", "`run --json` prints one object."),
    ("prepared-run", "`run --list --json` prints one line for each prepared run."),
    (
        "hunt",
        "`hunt` prints one line for each failure, and with `--json` one for what the first shrinks to and one that counts.",
    ),
    ("mutation", "`hunt --list-mutations --json` prints one line for each rule that can be switched off."),
    ("shrink", "`shrink --json` prints one object."),
    ("likelihood", "`likelihood --json` prints one object."),
    ("outcome", "`likelihood --json` prints one line for each outcome of the run, unless one is asked for."),
    ("why", "`why --json` prints one object."),
    ("compare", "`compare --json` prints one object, and with `--uncommitted` one line for each number of entries."),
    ("ready-script", "`compare --list --json` prints one line for each script."),
    ("check", "`check --json` prints one object."),
    ("promises", "`check --models all --json` prints one object."),
    ("explore", "`explore --json` prints one object."),
    ("model", "`explore --list --json` prints one line for each model."),
    ("threshold", "`threshold --json` prints one line for each row."),
    ("grade", "`grade` prints one line."),
    ("graded-line", "`grade --many` prints one line for each link, or one for each goal where a line names none."),
    ("goal", "`grade --list` prints one line for each goal."),
];

pub fn schema(subject: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(["schema", subject]).output().unwrap();
    assert!(output.status.success(), "{subject}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_chapter_on_scenarios_has_every_field_and_action() {
    let text = format!("{SCENARIO}{}", Chapter { schema: &schema("scenario"), prefix: "" }.text());
    expect_file![root().join("www/guide/scenario-reference.md")].assert_eq(&text);
}

#[test]
fn the_chapter_on_reports_has_every_field() {
    let mut text = REPORTS.to_owned();
    for (subject, sentence) in SUBJECTS {
        let schema = schema(subject);
        // A report that holds a scenario says so, and does not tell it all again.
        let chapter = Chapter { schema: &schema, prefix: subject };
        let _ = write!(text, "\n## {subject}\n\n{sentence}\n{}", chapter.text());
    }
    expect_file![root().join("www/guide/report-reference.md")].assert_eq(&text);
}

/// Tables of a schema: its own, and those of the types that it names, in the order in which they are named.
struct Chapter<'a> {
    schema: &'a Value,
    /// Stands before each heading where several schemas share a chapter.
    prefix: &'a str,
}

impl Chapter<'_> {
    fn text(&self) -> String {
        let mut text = if self.prefix.is_empty() {
            format!("\n## Scenario\n{}", self.table(self.schema))
        } else {
            self.table(self.schema)
        };
        for name in self.named() {
            let definition = &self.schema["$defs"][&name];
            let marks = if self.prefix.is_empty() { "##" } else { "###" };
            let _ = write!(text, "\n{marks} {}\n", self.title(&name));
            if let Some(description) = definition["description"].as_str() {
                let _ = write!(text, "\n{}\n", sentence(description));
            }
            text += &self.table(definition);
        }
        text
    }

    /// The types that are named, each once, those first that are named first.
    fn named(&self) -> Vec<String> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        references(self.schema, &mut found, &mut seen);
        let mut next = 0;
        while next < found.len() {
            let definition = &self.schema["$defs"][&found[next]];
            references(definition, &mut found, &mut seen);
            next += 1;
        }
        found.retain(|name| !self.is_told_elsewhere(name));
        found
    }

    /// A scenario has a chapter of its own, with all that is in it.
    fn is_told_elsewhere(&self, name: &str) -> bool {
        if self.prefix.is_empty() {
            return false;
        }
        let scenario = schema("scenario");
        name == "Scenario"
            || (!scenario["$defs"][name].is_null() && scenario["$defs"][name] == self.schema["$defs"][name])
    }

    /// `NetworkDials` is shown as `Network dials`, `hunt: Failure` where there are several chapters in one.
    fn title(&self, name: &str) -> String {
        let name = name
            .strip_suffix("Text")
            .or_else(|| name.strip_suffix("Report"))
            .filter(|name| !name.is_empty())
            .unwrap_or(name);
        let mut title = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !title.is_empty() {
                title.push(' ');
                title.extend(letter.to_lowercase());
            } else {
                title.push(letter);
            }
        }
        if self.prefix.is_empty() { title } else { format!("{}: {title}", self.prefix) }
    }

    fn table(&self, definition: &Value) -> String {
        let choices = definition["oneOf"].as_array().or_else(|| definition["anyOf"].as_array());
        match (definition["properties"].as_object(), choices) {
            (Some(_), choices) => {
                let mut text = self.fields(definition);
                for choice in choices.into_iter().flatten() {
                    text += &self.table(choice);
                }
                text
            }
            (None, Some(choices)) => self.choices(choices),
            (None, None) => match definition["enum"].as_array() {
                Some(names) => format!("\nOne of {}.\n", names.iter().map(code).collect::<Vec<_>>().join(", ")),
                None => String::new(),
            },
        }
    }

    fn fields(&self, definition: &Value) -> String {
        let required: BTreeSet<&str> =
            definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let has_defaults = self.prefix.is_empty();
        let mut text = String::from(if has_defaults {
            "\n| field | type | default | meaning |\n|---|---|---|---|\n"
        } else {
            "\n| field | type | meaning |\n|---|---|---|\n"
        });
        for (name, field) in definition["properties"].as_object().unwrap() {
            let meaning = sentence(field["description"].as_str().unwrap_or_default());
            let kind = self.kind(field);
            if has_defaults {
                let default = if required.contains(name.as_str()) { "required".to_owned() } else { default(field) };
                let _ = writeln!(text, "| `{name}` | {kind} | {default} | {meaning} |");
            } else {
                let _ = writeln!(text, "| `{name}` | {kind} | {meaning} |");
            }
        }
        text
    }

    /// The variants of an enum: a bare name, or a name with what it takes.
    fn choices(&self, choices: &[Value]) -> String {
        let mut text = String::from("\n| one of | takes | meaning |\n|---|---|---|\n");
        for choice in choices {
            let meaning = sentence(choice["description"].as_str().unwrap_or_default());
            if let Some(name) = choice.get("const") {
                let _ = writeln!(text, "| {} |  | {meaning} |", code(name));
            } else if let Some(names) = choice["enum"].as_array() {
                let _ = writeln!(text, "| {} |  | {meaning} |", names.iter().map(code).collect::<Vec<_>>().join(", "));
            } else if let Some((name, takes)) =
                choice["properties"].as_object().and_then(|properties| properties.iter().next())
            {
                let takes = match takes["properties"].as_object() {
                    Some(fields) => fields
                        .iter()
                        .map(|(name, field)| format!("`{name}`: {}", self.kind(field)))
                        .collect::<Vec<_>>()
                        .join("; "),
                    None => self.kind(takes),
                };
                let _ = writeln!(text, "| `{name}` | {takes} | {meaning} |");
            } else {
                let _ = writeln!(text, "| {} |  | {meaning} |", self.kind(choice));
            }
        }
        text
    }

    /// A type in words.
    fn kind(&self, field: &Value) -> String {
        if let Some(name) = reference(field) {
            return self.link(&name);
        }
        if let Some(choices) = field["anyOf"].as_array() {
            return choices.iter().map(|choice| self.kind(choice)).collect::<Vec<_>>().join(" or ");
        }
        let one = |kind: &str| match kind {
            "integer" => "number".to_owned(),
            "string" => "text".to_owned(),
            "boolean" => "true or false".to_owned(),
            "array" => format!("list of: {}", self.kind(&field["items"])),
            "object" if field["additionalProperties"].is_object() => {
                format!("for each name: {}", self.kind(&field["additionalProperties"]))
            }
            kind => kind.to_owned(),
        };
        match &field["type"] {
            Value::String(kind) => one(kind),
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(" or "),
            _ => String::new(),
        }
    }

    fn link(&self, name: &str) -> String {
        if self.is_told_elsewhere(name) {
            let title = Chapter { schema: self.schema, prefix: "" }.title(name);
            return format!("[{title}](scenario-reference.md#{})", anchor(&title));
        }
        let title = self.title(name);
        let shown = title.rsplit(": ").next().unwrap();
        format!("[{shown}](#{})", anchor(&title))
    }
}

/// The type that a field names. One with a description of its own stands beside it, or in an `allOf` of one.
fn reference(field: &Value) -> Option<String> {
    let named = field["$ref"].as_str().or_else(|| field["allOf"][0]["$ref"].as_str())?;
    named.rsplit('/').next().map(str::to_owned)
}

fn references(value: &Value, found: &mut Vec<String>, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next())
                && seen.insert(name.to_owned())
            {
                found.push(name.to_owned());
            }
            fields.iter().filter(|(name, _)| *name != "$defs").for_each(|(_, value)| references(value, found, seen));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found, seen)),
        _ => {}
    }
}

fn code(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"))
}

/// The default of a field; of a group of fields each has its own.
fn default(field: &Value) -> String {
    match field.get("default") {
        // A switch that is left out of what is written has no default in the schema, and is off.
        None if field["type"] == "boolean" => "`false`".to_owned(),
        None | Some(Value::Null) => "none".to_owned(),
        Some(value @ Value::Object(fields)) if fields.len() <= 2 && fields.values().all(Value::is_number) => {
            format!("`{value}`")
        }
        Some(Value::Object(_)) => "see there".to_owned(),
        Some(value) => format!("`{value}`"),
    }
}

/// A description on one line of a table. Rust's links to items are code to a reader of the guide.
fn sentence(description: &str) -> String {
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    // Where in the sources it is meant for is no matter of whoever writes a scenario.
    let line = line.split(" See [`").next().unwrap();
    line.replace("[`", "`").replace("`]", "`").replace("crate::", "").replace("super::", "").replace('|', "\\|")
}

/// What a command prints, line by line, as JSON.
fn printed(command: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(command).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{command:?}: {error}: {line}")))
        .collect()
}

fn names(fields: &Value) -> BTreeSet<&str> {
    fields.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_report_has_the_fields_of_its_schema_and_no_others() {
    for (subject, command) in [
        ("run", "run stale-read --json --link --transcript"),
        ("run", "run pbft-two-faced-primary --json"),
        ("shrink", "shrink stale-read --until 5000 --json --tries 20"),
        ("explore", "explore multi-paxos --mutation majority-off-by-one --json"),
        ("model", "explore --list --json"),
        ("prepared-run", "run --list --json"),
        ("mutation", "hunt --list-mutations --json"),
        ("threshold", "threshold --n 4 --seeds 2 --json"),
        ("goal", "grade --list"),
        ("compare", "compare calm --json"),
        ("ready-script", "compare --list --json"),
    ] {
        let reports = printed(&command.split(' ').collect::<Vec<_>>());
        assert!(!reports.is_empty(), "{command}");
        let schema = schema(subject);
        for report in reports {
            assert_eq!(names(&report), names(&schema["properties"]), "{command}");
        }
    }
}

#[test]
fn a_hunt_prints_failures_and_then_counts() {
    let lines = printed(&["hunt", "--seeds", "0..3", "--mutation", "truncate-always", "--failures", "1", "--json"]);
    let [failure, shrunk, counts] = &lines[..] else { panic!("a failure, shrunk, and the counts: {lines:?}") };
    assert_eq!(counts["failures"], 1);
    let known = schema("hunt");
    let choices = known["anyOf"].as_array().or_else(|| known["oneOf"].as_array()).unwrap();
    let properties = choices.iter().map(|choice| {
        let named = reference(choice).map_or(choice, |name| &known["$defs"][&name]);
        names(&named["properties"])
    });
    let properties: Vec<BTreeSet<&str>> = properties.collect();
    assert!(properties.contains(&names(failure)), "{failure}");
    assert!(properties.contains(&names(shrunk)), "{shrunk}");
    assert!(properties.contains(&names(counts)), "{counts}");
}

#[test]
fn the_text_of_a_run_says_what_its_json_says() {
    let report = &printed(&["run", "stale-read", "--json"])[0];
    let text = Command::new(env!("CARGO_BIN_EXE_consensus-playground")).args(["run", "stale-read"]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for field in ["sentence", "trace_hash"] {
        assert!(text.contains(report[field].as_str().unwrap()), "{field}: {text}");
    }
    assert!(text.contains(&format!("{} events", report["events"])), "{text}");
}

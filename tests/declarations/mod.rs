//! The TypeScript declarations of the wasm surface (`src/web/types.d.ts`) say what Rust hands over and takes.
//!
//! The declarations are written by hand, since their comments are what a reader of the page needs; both sides are read as text here, so
//! that the wasm carries nothing for it. Each pair below is compared name by name, and kind by kind (a number, a text, a list, one that
//! may be null), down to the last struct and enum that they speak of. No declaration may be left out, and none of the surface's structs.

mod rust;
mod typescript;

use rust::{Holds, Item, Member, Shape, items, shape};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use typescript::{Property, Type, declarations};

/// Folders with what crosses.
const FOLDERS: &[&str] = &["src/compare", "src/grade", "src/lesson", "src/scenario", "src/sim", "src/web"];

/// What functions of the surface give or take: the Rust type, its folder, and the declaration.
const PAIRS: &[(&str, &str, &str)] = &[
    ("Scenario", "src/scenario", "Scenario"),
    ("ActionText", "src/scenario", "Action"),
    ("InterventionText", "src/scenario", "Intervention"),
    ("GalleryEntry", "src/scenario", "GalleryEntry"),
    ("Status", "src/web", "Status"),
    ("CatalogueView", "src/web", "Catalogue"),
    ("NodeView", "src/web", "NodeView"),
    ("NetworkView", "src/web", "NetworkView"),
    ("MessageView", "src/web", "MessageView"),
    ("EventView", "src/web", "EventView"),
    ("OperationView", "src/web", "OperationView"),
    ("VerdictView", "src/web", "Verdict"),
    ("InvariantState", "src/web", "InvariantState"),
    ("ReachedView", "src/web", "ReachedMoment"),
    ("QuorumsView", "src/web", "QuorumsView"),
    ("SlotView", "src/web", "SlotView"),
    ("VoteSetView", "src/web", "VoteSet"),
    ("ProofView", "src/web", "HeldProof"),
    ("CulpritsView", "src/web", "Culprits"),
    ("DecisionView", "src/web", "Phases"),
    ("InterventionView", "src/web", "InterventionView"),
    ("LinkContent", "src/web", "LinkContent"),
    ("ModelView", "src/web", "ExplorationModel"),
    ("Options", "src/web", "ExplorationOptions"),
    ("ProgressView", "src/web", "ExplorationProgress"),
    ("ReportView", "src/web", "ExplorationReport"),
    ("GroundView", "src/web", "HuntGround"),
    ("HuntOptions", "src/web", "HuntOptions"),
    ("HuntedView", "src/web", "HuntedSeed"),
    ("ShrunkView", "src/web", "Shrunk"),
    ("ReadyScript", "src/web", "ReadyScript"),
    ("ComparisonQuestion", "src/web", "ComparisonQuestion"),
    ("ComparisonAbout", "src/web", "ComparisonAbout"),
    ("ComparedRun", "src/web", "ComparedRun"),
    ("ComparedColumn", "src/web", "ComparedColumn"),
    ("FormatView", "src/web", "RunFormat"),
    ("ExportQuestion", "src/web", "ExportQuestion"),
    ("ExportedView", "src/web", "ExportedRun"),
    ("JudgedHistory", "src/web", "JudgedHistory"),
    ("WhyQuestion", "src/web", "WhyQuestion"),
    ("WhyAnswer", "src/web", "WhyAnswer"),
    ("OutcomeView", "src/web", "RunOutcome"),
    ("LikelihoodQuestion", "src/web", "LikelihoodQuestion"),
    ("LikelihoodPlan", "src/web", "LikelihoodPlan"),
    ("LikelihoodReading", "src/web", "LikelihoodReading"),
    ("Asked", "src/web", "ThresholdQuestion"),
    ("ThresholdView", "src/web", "ThresholdReport"),
    ("LineView", "src/web", "CourseLine"),
    ("CourseView", "src/web", "Course"),
    ("Grade", "src/grade", "Grade"),
    ("Posed", "src/lesson/predict.rs", "CourseQuestion"),
    ("Curve", "src/lesson", "CourseCurve"),
    ("Measured", "src/lesson", "Measured"),
    ("LockSettings", "src/lesson", "LockSettings"),
    ("LockRun", "src/lesson", "LockRun"),
];

/// Declarations that no struct stands for: the error is an object of JavaScript's own, and columns are compared below.
const WITHOUT_A_STRUCT: &[&str] = &["PlaygroundError", "Columns"];

/// What is handed over together with others, in an object of its own that its function declares; and a part of `LinkContent`.
const DECLARED_WHERE_IT_IS_GIVEN: &[&str] = &["Intervened", "WithoutScenario"];

struct Comparison {
    items: Vec<Item>,
    declared: BTreeMap<String, Type>,
    /// Pairs that are compared, or being compared.
    seen: BTreeSet<(String, String)>,
    /// Names of items and of declarations that were reached.
    reached: BTreeSet<String>,
    problems: Vec<String>,
}

impl Comparison {
    fn new() -> Self {
        let declared = declarations(include_str!("../../src/web/types.d.ts"));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all = Vec::new();
        for folder in FOLDERS {
            sources(&root.join(folder), &mut |path| all.extend(items(path)));
        }
        Self { items: all, declared, seen: BTreeSet::new(), reached: BTreeSet::new(), problems: Vec::new() }
    }

    fn problem(&mut self, at: &str, text: impl std::fmt::Display) {
        self.problems.push(format!("{at}: {text}"));
    }

    /// The item with a name that is meant in a file or folder: the file's own, or else its folder's, or else the only one there is.
    fn item(&mut self, name: &str, here: &str, at: &str) -> Option<Item> {
        let named: Vec<&Item> = self.items.iter().filter(|item| item.name == name && item.crosses).collect();
        let folder =
            |file: &str| file.strip_suffix(".rs").map_or(file, |file| file.rsplit_once('/').unwrap().0).to_owned();
        let only = |of: Vec<&Item>| if let [item] = of[..] { Some(item.clone()) } else { None };
        let found = only(named.iter().copied().filter(|item| item.file == here).collect())
            .or_else(|| only(named.iter().copied().filter(|item| folder(&item.file) == folder(here)).collect()))
            .or_else(|| only(named.clone()));
        match &found {
            Some(item) => drop(self.reached.insert(format!("{} of {}", item.name, item.file))),
            None => {
                self.problem(at, format_args!("{} structs are named {name}: put its folder on the list", named.len()))
            }
        }
        found
    }

    /// What stands behind a name, with all of it that may be missing or null put aside.
    fn resolved(&mut self, of: &Type) -> Type {
        match of {
            Type::Named(name) if self.declared.contains_key(name) => {
                self.reached.insert(name.clone());
                let of = self.declared[name].clone();
                self.resolved(&of)
            }
            Type::Partial(of) => match self.resolved(of) {
                Type::Object(of) => {
                    Type::Object(of.into_iter().map(|each| Property { is_optional: true, ..each }).collect())
                }
                of => of,
            },
            Type::Both(parts) => {
                let parts: Vec<Type> = parts.iter().map(|part| self.resolved(part)).collect();
                Type::Object(
                    parts
                        .into_iter()
                        .flat_map(|part| if let Type::Object(of) = part { of } else { Vec::new() })
                        .collect(),
                )
            }
            of => of.clone(),
        }
    }

    fn compare(&mut self, rust: &str, file: &str, of: &Type, is_optional: bool, at: &str) {
        let (of, is_nullable) = without_null(self.resolved(of));
        let shape = shape(rust);
        if let Shape::Maybe(inner) = shape {
            if !is_nullable && !is_optional {
                self.problem(at, "it may be null");
            }
            return self.compare(inner, file, &of, false, at);
        }
        if is_nullable && !matches!(shape, Shape::Named("Value")) {
            self.problem(at, "it is never null");
        }
        match (shape, &of) {
            (Shape::Number, Type::Named(name)) if name == "number" => {}
            (Shape::Flag, Type::Named(name)) if name == "boolean" => {}
            (Shape::Text, Type::Named(name)) if name == "string" => {}
            (Shape::Text, Type::Literal(_)) => {}
            (Shape::Text, Type::Union(of)) if of.iter().all(|each| matches!(each, Type::Literal(_))) => {}
            (Shape::List(inner), Type::List(of)) | (Shape::Record(inner), Type::Record(of)) => {
                self.compare(inner, file, of, false, at)
            }
            (Shape::Tuple(parts), Type::Tuple(of)) if parts.len() == of.len() => {
                parts.iter().zip(of).for_each(|(part, of)| self.compare(part, file, of, false, at));
            }
            // A scenario in a link is not yet known to be one; an array crosses as it is; a field's value is any of several.
            (Shape::Named("JsValue"), _) => {}
            (Shape::Named(array), Type::Named(name)) if array == name && name.ends_with("Array") => {}
            (Shape::Named("Value"), of) => {
                let value = self.declared["FieldValue"].clone();
                self.item("Value", file, at);
                if without_null(value).0 != *of {
                    self.problem(at, "it is any FieldValue");
                }
            }
            (Shape::Named(name), of) => self.compare_named(name, file, of, at),
            (shape, of) => self.problem(at, format_args!("{shape:?} in Rust, {of:?} in TypeScript")),
        }
    }

    fn compare_named(&mut self, name: &str, file: &str, of: &Type, at: &str) {
        if !self.seen.insert((format!("{name} {file}"), format!("{of:?}"))) {
            return;
        }
        let Some(item) = self.item(name, file, at) else { return };
        match of {
            Type::Object(properties) if !item.is_enum => self.compare_fields(&item.members, &item.file, properties, at),
            Type::Named(text)
                if text == "string" && item.members.iter().all(|each| matches!(each.holds, Holds::Nothing)) => {}
            Type::Union(of) if item.is_enum => self.compare_variants(&item, of, at),
            of => self.problem(at, format_args!("{name} in Rust, {of:?} in TypeScript")),
        }
    }

    fn compare_fields(&mut self, members: &[Member], file: &str, properties: &[Property], at: &str) {
        let mut fields: Vec<(Member, String)> = Vec::new();
        for member in members {
            match &member.holds {
                Holds::One(of) if member.is_flattened => {
                    let inner = self.item(of, file, at);
                    fields.extend(
                        inner
                            .into_iter()
                            .flat_map(|inner| inner.members.into_iter().map(move |each| (each, inner.file.clone()))),
                    );
                }
                _ => fields.push((member.clone(), file.to_owned())),
            }
        }
        for property in properties {
            if fields.iter().all(|(field, _)| field.name != property.name) {
                self.problem(at, format_args!("Rust has no {}", property.name));
            }
        }
        // Where a struct and an inner one have a field of one name, the outer one comes last, and counts.
        let latest: BTreeMap<String, (Member, String)> =
            fields.into_iter().map(|field| (field.0.name.clone(), field)).collect();
        for (name, (field, file)) in latest {
            let at = format!("{at}.{name}");
            match (properties.iter().find(|property| property.name == name), &field.holds) {
                (Some(property), Holds::One(of)) => self.compare(of, &file, &property.of, property.is_optional, &at),
                _ => self.problem(&at, "TypeScript has no such field"),
            }
        }
    }

    fn compare_variants(&mut self, item: &Item, of: &[Type], at: &str) {
        let mut declared: BTreeMap<String, Option<Type>> = BTreeMap::new();
        for each in of {
            match each {
                Type::Literal(name) => drop(declared.insert(name.clone(), None)),
                Type::Object(of) if of.len() == 1 => drop(declared.insert(of[0].name.clone(), Some(of[0].of.clone()))),
                each => self.problem(at, format_args!("{each:?} is no variant of {}", item.name)),
            }
        }
        for variant in &item.members {
            let at = format!("{at}.{}", variant.name);
            match (declared.remove(&variant.name), &variant.holds) {
                (Some(None), Holds::Nothing) => {}
                (Some(Some(of)), Holds::One(inner)) => self.compare(inner, &item.file, &of, false, &at),
                (Some(Some(of)), Holds::Fields(fields)) => match self.resolved(&of) {
                    Type::Object(of) => self.compare_fields(fields, &item.file, &of, &at),
                    of => self.problem(&at, format_args!("fields in Rust, {of:?} in TypeScript")),
                },
                (None, _) => self.problem(&at, "TypeScript has no such variant"),
                (of, holds) => self.problem(&at, format_args!("{holds:?} in Rust, {of:?} in TypeScript")),
            }
        }
        for name in declared.into_keys() {
            self.problem(at, format_args!("Rust has no {name}"));
        }
    }
}

/// Goes through the sources of a folder.
fn sources(folder: &Path, visit: &mut impl FnMut(&Path)) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path);
        }
    }
}

fn without_null(of: Type) -> (Type, bool) {
    let is_null = |each: &Type| *each == Type::Named("null".into());
    match of {
        Type::Union(mut of) if of.iter().any(is_null) => {
            of.retain(|each| !is_null(each));
            (if of.len() == 1 { of.remove(0) } else { Type::Union(of) }, true)
        }
        of => (of, false),
    }
}

#[test]
fn declarations_say_what_rust_says() {
    let mut comparison = Comparison::new();
    for &(rust, file, name) in PAIRS {
        comparison.compare(rust, file, &Type::Named(name.to_owned()), false, name);
    }
    let reached = comparison.reached.clone();
    let names: Vec<String> = comparison.declared.keys().cloned().collect();
    for name in names.iter().filter(|name| !reached.contains(*name) && !WITHOUT_A_STRUCT.contains(&name.as_str())) {
        comparison.problem(name, "no struct of the lists above is declared so");
    }
    for item in comparison.items.clone().iter().filter(|item| item.crosses && item.file.starts_with("src/web")) {
        let is_reached = reached.contains(&format!("{} of {}", item.name, item.file));
        if !is_reached && !DECLARED_WHERE_IT_IS_GIVEN.contains(&item.name.as_str()) {
            comparison.problem(&item.name, "it crosses, and nothing declares it");
        }
    }
    assert_eq!(comparison.problems, Vec::<String>::new());
}

/// Columns have names and kinds of arrays, and no struct.
#[test]
fn columns_are_those_that_are_declared() {
    let declared = declarations(include_str!("../../src/web/types.d.ts"));
    let Type::Object(properties) = &declared["Columns"] else { panic!("it is no interface") };
    let calls = include_str!("../../src/web/columns.rs").split("table.").skip(1).filter_map(|call| {
        let (kind, rest) = call.split_once("(\"")?;
        Some((rest.split('"').next()?.to_owned(), kind))
    });
    let array = |kind| match kind {
        "u8" => "Uint8Array",
        "u16" => "Uint16Array",
        "u32" => "Uint32Array",
        "f64" => "Float64Array",
        kind => kind,
    };
    let made: BTreeMap<String, Type> = calls.map(|(name, kind)| (name, Type::Named(array(kind).to_owned()))).collect();
    let said: BTreeMap<String, Type> =
        properties.iter().map(|property| (property.name.clone(), property.of.clone())).collect();
    assert_eq!(made, said);
}

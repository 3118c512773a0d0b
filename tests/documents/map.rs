//! What the map in `src/lib.rs` says of who may use whom, held against the `crate::` paths of the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::chapters::root;

type Uses = BTreeMap<String, BTreeSet<String>>;

/// A part of a source, without comments and without what is compiled for tests only.
struct Source {
    /// From `src`.
    path: PathBuf,
    code: String,
}

impl Source {
    /// The module of the library that it belongs to: the folder, or the file, under `src`.
    fn module(&self) -> String {
        let first = self.path.components().next().unwrap().as_os_str().to_str().unwrap();
        first.trim_end_matches(".rs").to_owned()
    }
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    read(&root().join("src"), &mut sources);
    sources
}

fn read(folder: &Path, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            read(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let code: Vec<&str> = own.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            sources.push(Source {
                path: path.strip_prefix(root().join("src")).unwrap().to_owned(),
                code: code.join("\n"),
            });
        }
    }
}

/// Each module with the others that it names.
fn uses() -> Uses {
    let mut uses = Uses::new();
    for source in sources() {
        let module = source.module();
        if ["lib", "main", "cli"].contains(&module.as_str()) {
            continue;
        }
        let named = uses.entry(module.clone()).or_default();
        for (start, path) in source.code.match_indices("crate::") {
            named.extend(first_names(&source.code[start + path.len()..]).into_iter().filter(|name| *name != module));
        }
    }
    uses
}

/// The modules that a path begins with, after `crate::`: one, or several in braces. A macro or a constant of the root is none.
fn first_names(path: &str) -> Vec<String> {
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match path.strip_prefix('{') {
        Some(list) => {
            let names = list
                .split('}')
                .next()
                .unwrap()
                .split(',')
                .map(|name| name.split("::").next().unwrap().trim().to_owned());
            names.filter(|name| is_name(name)).collect()
        }
        None => {
            path.split_once("::").map(|(name, _)| name.to_owned()).filter(|name| is_name(name)).into_iter().collect()
        }
    }
}

/// What the map calls `cores`.
const CORES: [&str; 6] = ["raft", "paxos", "multi_paxos", "viewstamped", "pbft", "tendermint"];

/// The map's own words: `name, name  -> name, name` in the block marked `text` of the crate's documentation.
fn mapped() -> Uses {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let block = lib.split("//! ```text\n").nth(1).unwrap().split("//! ```\n").next().unwrap();
    let mut mapped = Uses::new();
    let list = |names: &str| -> Vec<String> {
        let names = names.replace("cores", &CORES.join(", "));
        names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    for line in block.lines() {
        let (modules, used) = line.trim_start_matches("//!").split_once("->").unwrap();
        for module in list(modules) {
            assert!(
                mapped.insert(module.clone(), list(used).into_iter().collect()).is_none(),
                "{module} stands there twice"
            );
        }
    }
    mapped
}

#[test]
fn modules_use_those_that_the_map_says_and_no_others() {
    let (uses, mapped) = (uses(), mapped());
    let mut wrong = Vec::new();
    for (module, named) in &uses {
        let Some(allowed) = mapped.get(module) else {
            wrong.push(format!("{module} is not in the map"));
            continue;
        };
        wrong.extend(
            named.difference(allowed).map(|other| format!("{module} uses {other}, and the map does not say so")),
        );
    }
    wrong.extend(
        mapped.keys().filter(|module| !uses.contains_key(*module)).map(|module| format!("there is no module {module}")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who may name something, by the first folders of a path; everybody else may not.
const ABSENCES: &[(&[&str], &[&str], &str)] = &[
    (&["wasm_bindgen", "js_sys", "web_sys"], &["web"], "the browser is known to its surface alone"),
    (&["clap::", "println!", "signal_hook"], &["cli", "main"], "a terminal is known to the command line alone"),
    (&["redb::"], &["node"], "the embedded store is the real node's"),
    (&["std::time", "Instant::", "SystemTime"], &["cli"], "no wall-clock time: ticks are an argument"),
    (&["std::thread", "std::net", "std::process"], &["cli", "main"], "no thread and no socket"),
    (&["std::fs", "std::io"], &["cli", "node/store"], "no file and no stream"),
    (&["rand::", "rand_xoshiro"], &["sim/random"], "random numbers come from the run's streams"),
    (
        &["serde::", "serde_json", "Serialize"],
        &[
            "scenario",
            "compare",
            "search/hunt",
            "sim/network",
            "sim/range",
            "sim/workload",
            "check/formats",
            "check/judged",
            "course",
            "export",
            "grade",
            "lesson",
            "node",
            "why",
            "web",
            "cli",
        ],
        "no JSON in a core, in a store, or where a run is stepped",
    ),
    (&["f32", "f64"], &["course", "web", "cli"], "no floating point where a trace is made or judged"),
    (
        &["HashMap", "HashSet"],
        &["check/hash", "check/formats", "search/explore"],
        "no order of a hash table reaches a trace",
    ),
    (
        &[".handle("],
        &[
            "sim",
            "search/explore",
            "node",
            "course",
            "lesson/lock",
            "raft",
            "paxos",
            "multi_paxos",
            "viewstamped",
            "pbft",
            "tendermint",
            "kv",
            "process",
        ],
        "who watches never steps a process",
    ),
];

#[test]
fn what_a_module_must_not_know_it_does_not_name() {
    let mut wrong = Vec::new();
    for source in sources() {
        let path = source.path.to_str().unwrap();
        for (words, homes, why) in ABSENCES {
            // A folder, or a file by its name with or without what follows.
            let is_home = homes.iter().any(|home| {
                let rest = path.strip_prefix(home);
                rest.is_some_and(|rest| rest.starts_with(['/', '.', '_']))
            });
            let named = words.iter().filter(|word| !is_home && names(&source.code, word));
            wrong.extend(named.map(|word| format!("src/{path} names {word}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a word stands in code, not as the end of a longer one.
fn names(code: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(start, _)| {
        let before = code[..start].chars().next_back().is_some_and(|letter| is_part(letter) && !word.starts_with('.'));
        let after =
            code[start + word.len()..].chars().next().is_some_and(|letter| is_part(letter) && word.ends_with(is_part));
        !before && !after
    })
}

#[test]
fn several_modules_in_braces_are_all_seen() {
    assert_eq!(first_names("{paxos, raft::Log}; use x::y;"), ["paxos", "raft"]);
    assert_eq!(first_names("sim::{Action, World}"), ["sim"]);
    assert_eq!(first_names("ENGINE_VERSION"), Vec::<String>::new());
}

#[test]
fn a_word_is_found_where_it_stands_and_not_inside_another() {
    assert!(names("let x: f64 = 1.0;", "f64"));
    assert!(!names("number.is_f64()", "f64"));
    assert!(!names("StdInstant::now()", "Instant::"));
    assert!(names("process.handle(input)", ".handle("));
}

#[test]
fn a_file_has_at_most_400_lines() {
    let mut long = Vec::new();
    for source in sources() {
        let lines = std::fs::read_to_string(root().join("src").join(&source.path)).unwrap().lines().count();
        let path = source.path.to_str().unwrap();
        if lines > 400 {
            long.push(format!("src/{path}: {lines} lines"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

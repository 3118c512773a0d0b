//! The tests that run natively, in one program: one to link, and its tests share the cores until the last is done.
//!
//! A module is a folder or file beside this one: `cargo test --test native raft::` runs Raft's tests alone.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]
#![recursion_limit = "256"]

mod check_command;
mod compare;
mod conformance_histories;
mod conformance_paxos_tlc;
mod conformance_sandtable;
mod conformance_tendermint;
mod consistency;
mod course;
mod course_command;
mod declarations;
mod documents;
mod explore_command;
mod formats;
mod grade;
mod hunt_command;
mod lessons;
mod multi_paxos;
mod names_command;
mod node;
mod paxos;
mod pbft;
mod raft;
mod replicated_log;
mod runs;
mod streams_command;
mod tendermint;
mod viewstamped;
mod why;

/// The parts of the command line that have tests of their own: a program for these alone would compile all protocols once more.
#[allow(dead_code)]
#[path = "../src/cli"]
mod cli {
    mod address;
    mod parallel;
}

#[test]
fn every_part_of_the_command_line_with_tests_of_its_own_is_named_here() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let has_tests = std::fs::read_to_string(&path).unwrap().contains("#[cfg(test)]");
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(!has_tests || include_str!("native.rs").contains(&format!("    mod {name};\n")), "{path:?}");
        }
    }
}

/// Cargo takes no file of this folder for a program by itself: one that is named nowhere would never be run, and nobody would notice.
#[test]
fn every_file_of_tests_belongs_to_a_program() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let is_module = |path: &std::path::Path| {
        path.extension().is_some_and(|extension| extension == "rs")
            || path.join("mod.rs").exists()
            || path.join("main.rs").exists()
    };
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names = paths.filter(|path| is_module(path)).map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let programs = ["native", "web"];
    let nowhere: Vec<String> = names
        .filter(|name| {
            !programs.contains(&name.as_str()) && !include_str!("native.rs").contains(&format!("\nmod {name};\n"))
        })
        .collect();
    assert_eq!(nowhere, Vec::<String>::new());
}

//! The tests that run natively, in one program: one to link, and its tests share the cores until the last is done.
//!
//! A module is a folder or file beside this one: `cargo test --test native raft::` runs Raft's tests alone.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]
#![recursion_limit = "256"]

mod check_command;
mod conformance_histories;
mod conformance_paxos_tlc;
mod conformance_sandtable;
mod conformance_tendermint;
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

/// A part of the command line that has tests of its own: a program for these alone would compile all protocols once more.
#[allow(dead_code)]
#[path = "../src/cli/parallel.rs"]
mod parallel;

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

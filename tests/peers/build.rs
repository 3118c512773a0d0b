//! Takes stateright's own Paxos example from the sources that cargo has fetched, so that the peer is the peer and not a copy of it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What is added to the example: its model, as its own test makes it.
const ADDED: &str = "
/// The example's model: two clients, three servers, a network that neither orders nor duplicates.
pub fn two_clients_three_servers() -> ActorModel<RegisterActor<PaxosActor>, PaxosModelCfg, LinearizabilityTester<Id, Register<Value>>> {
    PaxosModelCfg { client_count: 2, server_count: 3, network: Network::new_unordered_nonduplicating([]) }.into_model()
}
";

fn main() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    let example = stateright().join("examples/paxos.rs");
    let text = fs::read_to_string(&example).unwrap_or_else(|error| panic!("{}: {error}", example.display()));
    // An included file can have no documentation of its own; and what the function above gives must be as visible as it.
    let lines = text.lines().filter(|line| !line.starts_with("//!"));
    let lines = lines.map(|line| match line {
        line if line.starts_with("struct ") || line.starts_with("enum ") || line.starts_with("type ") => format!("pub {line}\n"),
        line => format!("{line}\n"),
    });
    let text = lines.collect::<String>() + ADDED;
    let into = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("paxos.rs");
    fs::write(into, text).expect("the folder of the build can be written");
}

/// The folder with stateright's sources.
fn stateright() -> PathBuf {
    let cargo = env::var_os("CARGO").expect("cargo sets it");
    let output = Command::new(cargo).args(["metadata", "--format-version", "1"]).output().expect("cargo can be run");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|package| package["name"] == "stateright").expect("it is a dependency");
    let manifest = Path::new(package["manifest_path"].as_str().expect("it has a path"));
    manifest.parent().expect("it is in a folder").to_owned()
}

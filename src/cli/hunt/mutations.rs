//! `hunt --list-mutations`: the rules that can be switched off.

use std::io::Write;

use consensus_playground::process::Catalogue as _;
use consensus_playground::scenario::{PROTOCOLS, Playable, WithProtocol, with_protocol};

use crate::cli::prepared::table;
use crate::cli::streams;

/// A rule that can be switched off, as `hunt --list-mutations --json` prints it.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct MutationReport {
    name: &'static str,
    protocol: &'static str,
    /// What is then the case, in a sentence.
    text: &'static str,
    /// Where the paper has the rule.
    source: &'static str,
    /// Where no hunt finds it, and a script shows it: why.
    only_a_script: Option<&'static str>,
}

struct OfProtocol;

impl WithProtocol for OfProtocol {
    type Output = Vec<MutationReport>;

    fn with<R: Playable>(self) -> Self::Output {
        let report = |&mutation: &R::Mutation| MutationReport {
            name: mutation.name(),
            protocol: R::PROTOCOL,
            text: mutation.text(),
            source: mutation.source(),
            only_a_script: super::every_mutation::only_a_script::<R>(mutation),
        };
        R::Mutation::ALL.iter().map(report).collect()
    }
}

/// Prints the rules of one protocol, or of all: a line each.
pub fn list(protocol: Option<&str>, as_json: bool) -> Result<(), String> {
    let protocols = protocol.map_or_else(|| PROTOCOLS.to_vec(), |protocol| vec![protocol]);
    let mut mutations = Vec::new();
    for protocol in protocols {
        mutations.extend(with_protocol(protocol, OfProtocol).map_err(|error| error.to_string())?);
    }
    streams::print(|out| {
        if as_json {
            return mutations.iter().try_for_each(|each| writeln!(out, "{}", serde_json::to_string(each)?));
        }
        let rows: Vec<_> = mutations.iter().map(|each| ([each.name, each.protocol], each.text)).collect();
        table(out, &rows)
    })
}

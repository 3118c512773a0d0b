//! `hunt`: many seeds, each under a drawn schedule of faults, with every check on.

use std::io::{self, Write};
use std::ops::Range;
use std::process::ExitCode;

use consensus_playground::scenario::{Playable, ScenarioError, WithProtocol, with_protocol};
use consensus_playground::search::hunt::{Failure, Hunted, Options, hunt};

/// Operations of each client, unless the scenario says otherwise.
const OPERATIONS_PER_CLIENT: u64 = 20;

/// Run each seed under a drawn schedule of faults, then without faults, with every check on.
///
/// Prints one JSON line for each failure, with the scenario and the link that show it again, and a closing line that counts.
/// Exit status: 0 no failure, 1 some, 2 the scenario cannot be run.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A file with a scenario as JSON, - for standard input, or a name from the gallery; its interventions are left out
    scenario: Option<String>,
    /// Which protocol, without a scenario
    #[arg(long, default_value = "raft")]
    protocol: String,
    /// The seeds, from A up to but without B
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Range<u64>,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Most faults in one run
    #[arg(long, value_name = "N", default_value_t = 6)]
    faults: u32,
    /// So many replicas lie, also more than the protocol bears, instead of what each seed draws
    #[arg(long, value_name = "N")]
    liars: Option<u32>,
    /// Stop after so many failures
    #[arg(long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
    failures: u64,
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let bounds = text.split_once("..").and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    bounds.filter(|range: &Range<u64>| range.start < range.end).ok_or_else(|| "a range such as 0..1000, with at least one seed".to_owned())
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments).map(|failures| failures == 0))
}

/// A failure as it is printed. A run that is too large for a link has none.
#[derive(serde::Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    failure: &'a Failure,
    link: Option<String>,
}

struct OneSeed<'a> {
    options: &'a Options,
    seed: u64,
}

impl WithProtocol for OneSeed<'_> {
    type Output = Result<Hunted, ScenarioError>;

    fn with<R: Playable>(self) -> Self::Output {
        hunt::<R>(self.options, self.seed)
    }
}

fn carry_out(arguments: &Arguments) -> Result<u64, String> {
    let mut scenario = super::scenario::read(arguments.scenario.as_deref(), &arguments.protocol)?;
    scenario.mutations.extend(arguments.mutation.iter().cloned());
    scenario.workload.operations_per_client.get_or_insert(OPERATIONS_PER_CLIENT);
    let options = Options { scenario, faults_max: arguments.faults, liars: arguments.liars };
    let mut out = io::stdout().lock();
    let (mut runs, mut events, mut failures) = (0u64, 0u64, 0u64);
    for seed in arguments.seeds.clone() {
        let hunted = with_protocol(&options.scenario.protocol, OneSeed { options: &options, seed }).and_then(|hunted| hunted);
        let hunted = hunted.map_err(|error| error.to_string())?;
        runs += 1;
        events += u64::from(hunted.events);
        if let Some(failure) = hunted.failure {
            failures += 1;
            let line = serde_json::to_string(&Line { failure: &failure, link: failure.link().to_fragment().ok() })
                .map_err(|error| error.to_string())?;
            writeln!(out, "{line}").map_err(|error| error.to_string())?;
            if failures >= arguments.failures {
                break;
            }
        }
    }
    writeln!(out, "{runs} seeds, {events} events, {failures} failures").map_err(|error| error.to_string())?;
    Ok(failures)
}

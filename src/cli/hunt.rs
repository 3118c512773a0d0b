//! `hunt`: many seeds, each under a drawn schedule of faults, with every check on.

use std::io::{self, Write};
use std::ops::Range;
use std::process::ExitCode;

use consensus_playground::process::Catalogue as _;
use consensus_playground::scenario::{Playable, WithProtocol, with_protocol};
use consensus_playground::search::hunt::{Failure, Hunter, Options};

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
    /// Instead: switch off each rule in turn, and print a table of how many seeds it takes until something misses it
    #[arg(long)]
    every_mutation: bool,
    /// With --every-mutation: so many ranges of seeds, as long as --seeds and one after another
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    ranges: u32,
    /// Print the closing line, and with --every-mutation each row, as JSON too
    #[arg(long)]
    json: bool,
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let bounds = text.split_once("..").and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    bounds
        .filter(|range: &Range<u64>| range.start < range.end)
        .ok_or_else(|| "a range such as 0..1000, with at least one seed".to_owned())
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments).map(|failures| failures == 0))
}

/// A failure as it is printed.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Line<'a> {
    #[serde(flatten)]
    failure: &'a Failure,
    /// A link to the run; null if it is too large for one.
    link: Option<String>,
}

/// The closing line.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Counts {
    seeds: u64,
    events: u64,
    failures: u64,
}

/// What became of one rule that was switched off.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct Row {
    mutation: &'static str,
    /// Where no hunt finds it, and a script shows it: why.
    only_a_script: Option<&'static str>,
    /// In each range, how many seeds it took until something missed the rule; null where nothing did.
    seeds: Vec<Option<u64>>,
    /// The middle one of these; null if most ranges did not find it.
    median: Option<u64>,
    /// What missed it, each once.
    by: Vec<&'static str>,
}

/// What `hunt` prints as JSON, a line each: failures and then the counts; with --every-mutation, rows.
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "a schema is made from it, and no value")]
pub enum HuntLine {
    /// A failure.
    Failure(Line<'static>),
    /// The closing line, with --json.
    Counts(Counts),
    /// A rule that was switched off, with --every-mutation --json.
    Row(Row),
}

/// What a hunt is for: to print every failure, or to find out how soon each rule that is switched off is missed.
fn carry_out(arguments: &Arguments) -> Result<u64, String> {
    let mut scenario = super::scenario::read(arguments.scenario.as_deref(), &arguments.protocol)?;
    scenario.mutations.extend(arguments.mutation.iter().cloned());
    scenario.workload.operations_per_client.get_or_insert(OPERATIONS_PER_CLIENT);
    let protocol = scenario.protocol.clone();
    let options = Options { scenario, faults_max: arguments.faults, liars: arguments.liars };
    let hunted = if arguments.every_mutation {
        with_protocol(&protocol, EveryMutation { options, arguments })
    } else {
        with_protocol(&protocol, EverySeed { options, arguments })
    };
    hunted.map_err(|error| error.to_string())?
}

/// Prints every failure of a range of seeds.
struct EverySeed<'a> {
    options: Options,
    arguments: &'a Arguments,
}

impl WithProtocol for EverySeed<'_> {
    type Output = Result<u64, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut out = io::stdout().lock();
        for name in &self.options.scenario.mutations {
            let only_scripts = R::ONLY_SCRIPTS.iter().find(|(mutation, _)| mutation.name() == name);
            if let Some((_, why)) = only_scripts {
                eprintln!("{name}: hunts do not find it, a script shows it. {why}");
            }
        }
        let mut hunter = Hunter::<R>::new(self.options);
        let (mut runs, mut events, mut failures) = (0u64, 0u64, 0u64);
        for seed in self.arguments.seeds.clone() {
            let hunted = hunter.hunt(seed).map_err(|error| error.to_string())?;
            runs += 1;
            events += u64::from(hunted.events);
            let Some(failure) = hunted.failure else { continue };
            failures += 1;
            let line = serde_json::to_string(&Line { failure: &failure, link: failure.link().to_fragment().ok() })
                .map_err(|error| error.to_string())?;
            writeln!(out, "{line}").map_err(|error| error.to_string())?;
            if failures >= self.arguments.failures {
                break;
            }
        }
        let closing = if self.arguments.json {
            serde_json::to_string(&Counts { seeds: runs, events, failures }).map_err(|error| error.to_string())?
        } else {
            format!("{runs} seeds, {events} events, {failures} failures")
        };
        writeln!(out, "{closing}").map_err(|error| error.to_string())?;
        Ok(failures)
    }
}

/// For each rule that can be switched off: how many seeds it takes until something misses it.
struct EveryMutation<'a> {
    options: Options,
    arguments: &'a Arguments,
}

/// How a hunt for one mutation ended.
#[derive(Default)]
struct Found {
    /// In each range, how many seeds it took; none where it was not found.
    seeds: Vec<Option<u64>>,
    /// What missed it, each once, in the order of the ranges.
    by: Vec<&'static str>,
}

impl Found {
    /// The middle one of the numbers of seeds; none if most ranges did not find it.
    fn median(&self) -> Option<u64> {
        let mut seeds: Vec<u64> = self.seeds.iter().map(|seeds| seeds.unwrap_or(u64::MAX)).collect();
        seeds.sort_unstable();
        seeds.get(seeds.len() / 2).copied().filter(|&seeds| seeds < u64::MAX)
    }
}

impl EveryMutation<'_> {
    fn look_for<R: Playable>(&self, mutation: R::Mutation) -> Result<Found, String> {
        let mut options = self.options.clone();
        options.scenario.mutations.push(mutation.name().to_owned());
        let mut found = Found::default();
        let length = self.arguments.seeds.end - self.arguments.seeds.start;
        for range in 0..u64::from(self.arguments.ranges) {
            let mut hunter = Hunter::<R>::new(options.clone());
            let start = self.arguments.seeds.start + range * length;
            let mut seeds = None;
            for seed in start..start + length {
                if let Some(failure) = hunter.hunt(seed).map_err(|error| error.to_string())?.failure {
                    seeds = Some(seed - start + 1);
                    if !found.by.contains(&failure.name) {
                        found.by.push(failure.name);
                    }
                    break;
                }
            }
            found.seeds.push(seeds);
        }
        Ok(found)
    }
}

impl WithProtocol for EveryMutation<'_> {
    type Output = Result<u64, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut out = io::stdout().lock();
        let ranges = self.arguments.ranges;
        let length = self.arguments.seeds.end - self.arguments.seeds.start;
        let is_json = self.arguments.json;
        let mut print =
            |line: &str| writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| error.to_string());
        if !is_json {
            print(&format!(
                "| rule switched off | seeds until it is missed, in {ranges} ranges of {length} | median | by |"
            ))?;
            print("|---|---|---|---|")?;
        }
        let mut missed = 0;
        for &mutation in R::Mutation::ALL {
            let script = R::ONLY_SCRIPTS.iter().find(|(scripted, _)| *scripted == mutation);
            let found = if script.is_some() { Found::default() } else { self.look_for::<R>(mutation)? };
            let median = found.median();
            missed += u64::from(script.is_none() && median.is_none());
            let only_a_script = script.map(|(_, why)| *why);
            let row = Row { mutation: mutation.name(), only_a_script, seeds: found.seeds, median, by: found.by };
            print(&if is_json { serde_json::to_string(&row).map_err(|error| error.to_string())? } else { row.text() })?;
        }
        Ok(missed)
    }
}

impl Row {
    fn text(&self) -> String {
        let Self { mutation, only_a_script, seeds, median, by } = self;
        if let Some(why) = only_a_script {
            return format!("| {mutation} | a script shows it | | {why} |");
        }
        let seeds: Vec<String> =
            seeds.iter().map(|seeds| seeds.map_or("-".to_owned(), |seeds| seeds.to_string())).collect();
        let median = median.map_or("not found".to_owned(), |median| median.to_string());
        format!("| {mutation} | {} | {median} | {} |", seeds.join(", "), by.join(", "))
    }
}

//! `run`: one run, with its transcript, its verdicts and its trace hash.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use consensus_playground::ENGINE_VERSION;
use consensus_playground::check::accountability::excuse;
use consensus_playground::check::linearizability::{STEPS_MAX_DEFAULT, Verdict};
use consensus_playground::check::{Culprit, Culprits, SignedText};
use consensus_playground::process::{MILLISECOND, NodeId};
use consensus_playground::run::Run;
use consensus_playground::run::transcript::seconds;
use consensus_playground::scenario::{InterventionText, Link, Playable, Scenario, WithProtocol, with_protocol};
use consensus_playground::sim::{Intervention, Stepped};

use super::scenario::{Named, read_named};

/// Until when a scenario runs, in milliseconds, if nobody says.
const UNTIL_DEFAULT: u64 = 5_000;

/// The exit status for a link whose run comes out with another hash.
const ANOTHER_RUN: u8 = 3;

/// Run a scenario, or replay the run of a link, and print what came of it: verdicts, and the hash over all events.
///
/// A link is replayed for as many events as it says, and the hash is compared with the one that it carries.
/// Exit status: 0 all promises were kept, 1 one was broken, 2 the scenario cannot be run, 3 the link's hash does not agree.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A link (the URL, or what stands behind its #), a file with a scenario as JSON or with a link, - for standard input,
    /// or a name: elect-and-replicate, cut-the-leader-off, stale-read
    scenario: Option<String>,
    /// Another seed than the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// Print one line for each event
    #[arg(long)]
    transcript: bool,
    /// Stop at this virtual time, in milliseconds, instead of 5000
    #[arg(long, value_name = "MS")]
    until: Option<u64>,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Print a link to the run
    #[arg(long)]
    link: bool,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    match carry_out(arguments) {
        Ok(Outcome { agrees: false, .. }) => ExitCode::from(ANOTHER_RUN),
        Ok(outcome) => super::exit_status(Ok(outcome.kept)),
        Err(message) => super::exit_status(Err(message)),
    }
}

/// What a run came to.
struct Outcome {
    /// Every promise was kept.
    kept: bool,
    /// The hash is the link's, if there is a link.
    agrees: bool,
}

fn carry_out(arguments: &Arguments) -> Result<Outcome, String> {
    let (scenario, expected) = match read_named(arguments.scenario.as_deref(), "raft")? {
        Named::Scenario(mut scenario) => {
            scenario.seed = arguments.seed.unwrap_or(scenario.seed);
            scenario.mutations.extend(arguments.mutation.iter().cloned());
            (*scenario, None)
        }
        Named::Run(_) if arguments.seed.is_some() || arguments.until.is_some() || !arguments.mutation.is_empty() => {
            return Err("a link says which run it is: --seed, --until and --mutation would make it another".to_owned());
        }
        Named::Run(link) => (link.scenario.clone(), Some(*link)),
    };
    let one_run = OneRun { scenario: &scenario, expected: expected.as_ref(), arguments };
    with_protocol(&scenario.protocol, one_run).map_err(|error| error.to_string())?
}

struct OneRun<'a> {
    scenario: &'a Scenario,
    expected: Option<&'a Link>,
    arguments: &'a Arguments,
}

impl WithProtocol for OneRun<'_> {
    type Output = Result<Outcome, String>;

    fn with<R: Playable>(self) -> Self::Output {
        let mut run = Run::new(self.scenario.simulation::<R>().map_err(|error| error.to_string())?);
        let stepped = match self.expected {
            Some(link) => run.run_until(u64::MAX, link.events),
            None => run.run_until(self.arguments.until.unwrap_or(UNTIL_DEFAULT).saturating_mul(MILLISECOND), u32::MAX),
        };
        let mut out = BufWriter::new(io::stdout().lock());
        let mut print = || -> io::Result<Outcome> {
            let kept = print(&mut out, &mut run, self.scenario, self.arguments.transcript, stepped == Stepped::Limit)?;
            let agrees = self.expected.map_or(Ok(true), |link| compare(&mut out, &mut run, link))?;
            if self.arguments.link {
                print_link(&mut out, &mut run, self.scenario, self.expected)?;
            }
            out.flush()?;
            Ok(Outcome { kept, agrees })
        };
        print().map_err(|error| error.to_string())
    }
}

fn print<R: Playable>(
    out: &mut impl Write,
    run: &mut Run<R>,
    scenario: &Scenario,
    transcript: bool,
    is_cut_short: bool,
) -> io::Result<bool> {
    let events = run.simulation().events();
    if transcript {
        for event in 0..events {
            writeln!(out, "{}", run.transcript_line(event))?;
        }
    }
    let findings = run.findings_at_end();
    let judgement = run.verdict(STEPS_MAX_DEFAULT);
    if !scenario.mutations.is_empty() {
        writeln!(out, "switched off: {}", scenario.mutations.join(", "))?;
    }
    writeln!(out, "{}", judgement.sentence)?;
    for finding in &findings {
        writeln!(out, "{} broken after event {}: {}", finding.invariant.name, finding.event, finding.sentence)?;
    }
    if findings.is_empty() {
        // Where nothing can happen, no promise can be broken: that is no praise.
        writeln!(out, "{}", R::nobody_can_be_elected(scenario).as_deref().unwrap_or("all invariants hold"))?;
    }
    for (intervention, why) in beyond_the_model(run) {
        writeln!(out, "beyond the fault model: {intervention}, although {why}")?;
    }
    for (culprit, excuse) in forgetful(run) {
        writeln!(out, "{culprit} is convicted; but {excuse}")?;
    }
    if let Some(culprits) = run.culprits() {
        print_culprits(out, &culprits, |node| run.simulation().world().name(node))?;
    }
    let world = run.simulation().world();
    let limit = if is_cut_short { ", where the scenario's limit on events stopped it" } else { "" };
    writeln!(out, "{events} events in {} s of virtual time{limit}", seconds(world.now()))?;
    writeln!(out, "trace hash {:032x}", world.trace_hash())?;
    Ok(findings.is_empty() && matches!(judgement.report.verdict, Verdict::Linearizable(_)))
}

/// What was done to a run that no protocol promises to bear, each with what it takes away.
fn beyond_the_model<R: Playable>(run: &Run<R>) -> Vec<(String, &'static str)> {
    let simulation = run.simulation();
    let done = simulation.interventions().iter().take(simulation.world().interventions_done() as usize);
    let told = |each: &Intervention| {
        let why = each.action.beyond_the_model()?;
        let name = |node| simulation.world().name(node);
        let what = each.action.describe(&name).to_string();
        Some((format!("{} at {} s", what.trim_end_matches(" (beyond the fault model)"), seconds(each.at)), why))
    };
    done.filter_map(told).collect()
}

/// Those who are convicted and are no liars, with the reason.
fn forgetful<R: Playable>(run: &Run<R>) -> Vec<(String, String)> {
    let world = run.simulation().world();
    let culprits: BTreeSet<NodeId> = run.proofs().iter().map(|held| held.culprit).collect();
    culprits.into_iter().filter_map(|culprit| Some((world.name(culprit), excuse(world, culprit)?))).collect()
}

/// Who is to blame for a disagreement, each with the proof.
fn print_culprits(out: &mut impl Write, culprits: &Culprits, name: impl Fn(NodeId) -> String) -> io::Result<()> {
    let names: Vec<String> = culprits.named.iter().map(|each| name(each.culprit)).collect();
    let who = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
    writeln!(out, "to blame for the disagreement after event {}: {who}", culprits.event)?;
    for Culprit { charge, said, excuse, .. } in &culprits.named {
        writeln!(out, "  {charge}")?;
        for SignedText { text, message } in said {
            let carried = message.map_or_else(|| "in no message of its own".to_owned(), |message| format!("message {message}"));
            writeln!(out, "    signed: {text} ({carried})")?;
        }
        if let Some(excuse) = excuse {
            writeln!(out, "    but {excuse}")?;
        }
    }
    culprits.missing.as_ref().map_or(Ok(()), |missing| writeln!(out, "  {missing}"))
}

/// Says whether version and hash are the link's; gives whether the hash is.
fn compare<R: Playable>(out: &mut impl Write, run: &mut Run<R>, link: &Link) -> io::Result<bool> {
    let events = run.simulation().events();
    let agrees = events == link.events && run.hash_after(events) == link.trace_hash;
    let version = if link.is_of_this_engine() {
        format!("the link was made by this engine, {ENGINE_VERSION}")
    } else {
        format!("the link was made by engine {}, and this is {ENGINE_VERSION}", link.engine_version)
    };
    let hash = match (agrees, link.is_of_this_engine()) {
        (true, true) => "the hash agrees".to_owned(),
        (true, false) => "the hash agrees all the same".to_owned(),
        (false, _) if events < link.events => format!("it has {} events, and here the run ends after {events}", link.events),
        (false, _) => format!("the hash does not agree: it says {:032x}, so this is not the run that was shared", link.trace_hash),
    };
    writeln!(out, "{version}; {hash}")?;
    Ok(agrees)
}

fn print_link<R: Playable>(out: &mut impl Write, run: &mut Run<R>, scenario: &Scenario, given: Option<&Link>) -> io::Result<()> {
    let events = run.simulation().events();
    let trace_hash = run.hash_after(events);
    let replicas = run.simulation().world().setup().replicas;
    let interventions = run.simulation().interventions().iter();
    let interventions = interventions.map(|each| InterventionText::of::<R>(each, replicas)).collect();
    let link = Link::new(Scenario { interventions, ..scenario.clone() }, events, given.map_or(events, |given| given.playhead), trace_hash);
    match link.to_fragment() {
        Ok(fragment) => writeln!(out, "link {fragment}"),
        Err(error) => writeln!(out, "no link: {error}"),
    }
}

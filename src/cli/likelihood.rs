//! `likelihood`: how many forks of a run end as it does, by the moment where they leave it.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use consensus_playground::process::{MILLISECOND, Ticks};
use consensus_playground::run::transcript::seconds;
use consensus_playground::search::likelihood::{
    About, AnyForks, FORKS, MOMENTS, Moment, Question, Told, Whole, begin, outcomes, plan,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::parallel::{cores, in_order, pool};
use super::run::UNTIL_DEFAULT;
use super::scenario::{Named, read_named};
use super::streams;

/// Characters of the longest bar.
const BAR: u32 = 30;

/// When did it become inevitable? Fork a run at many moments, and count how many forks end as it does.
///
/// A fork has the run's beginning up to a moment, and other random numbers from there on; what is done to the run later is done
/// to the fork at the same times. It goes on to the time where the run ends. A share is of the forks that were made: 30 of 30 is
/// not always.
/// Outcomes: broken:NAME an invariant is broken, or linearizability; leader:n3 n3 begins to lead; decided:VALUE VALUE is chosen;
/// served:c1.3 c1's third operation takes effect, and c1 is told so; unserved:c1.3 it is not; lost:c1.3 c1 is told so, and most
/// replicas have gone past it; silent:1200-2400 clients wait between these milliseconds, and none is answered.
/// Without --outcome, those that the run has are listed. The numbers are the same for any number of threads.
/// Exit status: 0, or 2 if the run cannot be run or there is no such outcome.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// A link (the URL, or what follows its #), a file with a scenario as JSON or with a link, - for standard input,
    /// or a name from the gallery
    run: String,
    /// Which end of the run is asked for
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// Fork at so many moments, evenly spread over the run's events
    #[arg(long, value_name = "N", default_value_t = MOMENTS)]
    moments: u32,
    /// Make so many forks at each
    #[arg(long, value_name = "K", default_value_t = FORKS)]
    forks: u32,
    /// A scenario's run ends at this virtual time, in milliseconds; a link says how far its run goes
    #[arg(long, value_name = "MS", default_value_t = UNTIL_DEFAULT)]
    until: u64,
    /// Another seed than the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// Switch a rule off; may be given several times
    #[arg(long, value_name = "NAME")]
    mutation: Vec<String>,
    /// Print links to the first fork of each moment that ends so, and to the first that does not
    #[arg(long)]
    links: bool,
    /// Threads
    #[arg(long, value_name = "J", default_value_t = cores())]
    jobs: usize,
    /// Print one JSON object instead of text; without --outcome one for each outcome
    #[arg(long)]
    json: bool,
}

/// A line of `likelihood --json` without an outcome: how the run ends.
#[derive(Serialize, JsonSchema)]
pub struct OutcomeReport {
    /// As --outcome takes it.
    pub outcome: String,
    /// What it says.
    pub sentence: String,
    /// After which event it is so; null where only the end of the run says it.
    pub event: Option<u32>,
}

/// What `likelihood --json` prints.
#[derive(Serialize, JsonSchema)]
pub struct LikelihoodReport {
    /// The outcome that was asked for.
    pub outcome: String,
    /// What it says.
    pub sentence: String,
    /// Whether the run itself ends so.
    pub is_so: bool,
    /// How many events the run has.
    pub events: u32,
    /// When it ends.
    pub ticks: Ticks,
    /// How many forks were made at each moment.
    pub forks: u32,
    /// The moments, in the order of the run.
    pub moments: Vec<MomentReport>,
    /// Where the share rises most.
    pub jumps: Vec<JumpReport>,
    /// After so many events, and at all later moments, all forks ended so; null where those of the last moment did not.
    pub all_from: Option<u32>,
}

/// A moment where forks left the run.
#[derive(Serialize, JsonSchema)]
pub struct MomentReport {
    /// After so many events.
    pub event: u32,
    /// When that is.
    pub ticks: Ticks,
    /// How many forks ended so.
    pub same: u32,
    /// With --links: the first fork that ended so.
    pub link: Option<String>,
    /// With --links: the first fork that did not.
    pub otherwise: Option<String>,
}

/// A rise of the share from one moment to the next.
#[derive(Serialize, JsonSchema)]
pub struct JumpReport {
    /// After so many events.
    pub from_event: u32,
    /// After so many events.
    pub to_event: u32,
    /// How many forks ended so before.
    pub before: u32,
    /// How many after.
    pub after: u32,
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments).map(|()| true))
}

fn carry_out(arguments: &Arguments) -> Result<(), String> {
    let whole = whole(arguments)?;
    let Some(outcome) = &arguments.outcome else {
        let all = outcomes(&whole).map_err(|error| error.to_string())?.into_iter();
        let all: Vec<OutcomeReport> =
            all.map(|Told { outcome, sentence, event }| OutcomeReport { outcome, sentence, event }).collect();
        return streams::print(|out| list(out, &all, arguments.json));
    };
    let Arguments { moments, forks, .. } = *arguments;
    let report = measure(&Question { whole, outcome: outcome.clone(), moments, forks }, arguments)?;
    streams::print(|out| {
        if arguments.json { writeln!(out, "{}", serde_json::to_string(&report)?) } else { print_text(out, &report) }
    })
}

/// The run that is meant, and where it ends.
fn whole(arguments: &Arguments) -> Result<Whole, String> {
    match read_named(Some(&arguments.run), "raft")? {
        Named::Scenario(mut scenario) => {
            scenario.seed = arguments.seed.unwrap_or(scenario.seed);
            scenario.mutations.extend(arguments.mutation.iter().cloned());
            Ok(Whole { scenario: *scenario, until: arguments.until.saturating_mul(MILLISECOND), events: u32::MAX })
        }
        Named::Run(_) if arguments.seed.is_some() || !arguments.mutation.is_empty() => {
            Err("a link says which run it is: --seed and --mutation would make it another".to_owned())
        }
        Named::Run(link) => Ok(Whole { scenario: link.scenario, until: Ticks::MAX, events: link.events }),
    }
}

/// Counts at all moments, each on some thread.
fn measure(question: &Question, arguments: &Arguments) -> Result<LikelihoodReport, String> {
    let about = begin(question).map_err(|error| error.to_string())?.about().clone();
    let order = plan::coarse_first(about.moments.len());
    let mut measured: Vec<Option<MomentReport>> = about.moments.iter().map(|_| None).collect();
    let again = || begin(question).expect("it could be begun before");
    let work = |forks: &mut Box<dyn AnyForks>, piece: u64| {
        let place = order[piece as usize];
        (place, at_moment(forks.as_mut(), place, arguments.links))
    };
    let take = |_, (place, report): (usize, MomentReport)| {
        measured[place] = Some(report);
        Ok(true)
    };
    let pool = pool(arguments.jobs)?;
    in_order(&pool, order.len() as u64, &AtomicBool::new(false), again, work, take)?;
    Ok(report(about, measured.into_iter().flatten().collect()))
}

fn at_moment(forks: &mut dyn AnyForks, place: usize, links: bool) -> MomentReport {
    let ends: Vec<bool> = (0..forks.about().forks).map(|number| forks.fork(place, number)).collect();
    let mut link = |is_so: bool| {
        let number = ends.iter().position(|&each| each == is_so).filter(|_| links)?;
        forks.link(place, number as u32).to_fragment().ok()
    };
    let (link, otherwise) = (link(true), link(false));
    let Moment { event, time } = forks.about().moments[place];
    MomentReport { event, ticks: time, same: ends.iter().filter(|&&each| each).count() as u32, link, otherwise }
}

fn report(about: About, moments: Vec<MomentReport>) -> LikelihoodReport {
    let About { outcome, sentence, is_so, events, end, forks, .. } = about;
    let same: Vec<u32> = moments.iter().map(|moment| moment.same).collect();
    let jumps = plan::jumps(&same, forks).into_iter().map(|place| JumpReport {
        from_event: moments[place - 1].event,
        to_event: moments[place].event,
        before: same[place - 1],
        after: same[place],
    });
    let all_from = plan::all_from(&same, forks).map(|place| moments[place].event);
    LikelihoodReport { outcome, sentence, is_so, events, ticks: end, forks, jumps: jumps.collect(), all_from, moments }
}

fn list(out: &mut impl Write, all: &[OutcomeReport], as_json: bool) -> io::Result<()> {
    for each in all {
        if as_json {
            writeln!(out, "{}", serde_json::to_string(each)?)?;
            continue;
        }
        let when = each.event.map_or_else(String::new, |event| format!(" (event {event})"));
        writeln!(out, "{:<28} {}{when}", each.outcome, each.sentence)?;
    }
    if all.is_empty() && !as_json {
        writeln!(out, "nobody leads, is served or waits long, and nothing is broken")?;
    }
    Ok(())
}

fn print_text(out: &mut impl Write, report: &LikelihoodReport) -> io::Result<()> {
    let LikelihoodReport { sentence, is_so, forks, moments, jumps, .. } = report;
    writeln!(out, "{}: {sentence}", report.outcome)?;
    if !is_so {
        writeln!(out, "this run does not end so")?;
    }
    for moment in moments {
        let mark = if jumps.iter().any(|jump| jump.to_event == moment.event) { "↑" } else { " " };
        let bar = "█".repeat((moment.same * BAR / forks) as usize);
        let line = format!(
            "{:>12} s  event {:>6}  {:>4} of {forks} {mark} {bar}",
            seconds(moment.ticks),
            moment.event,
            moment.same
        );
        writeln!(out, "{}", line.trim_end())?;
        for (how, link) in [("so", &moment.link), ("otherwise", &moment.otherwise)] {
            if let Some(link) = link {
                writeln!(out, "    {how}: {link}")?;
            }
        }
    }
    for jump in jumps {
        let JumpReport { from_event, to_event, before, after } = jump;
        writeln!(out, "between events {from_event} and {to_event}: from {before} to {after} of {forks} forks")?;
    }
    let from = report.all_from.and_then(|event| moments.iter().find(|moment| moment.event == event));
    match from {
        Some(from) => writeln!(
            out,
            "from {} s (event {}) on, {forks} of {forks} forks of each moment end so",
            seconds(from.ticks),
            from.event
        ),
        None => writeln!(out, "up to the end, forks end otherwise"),
    }
}

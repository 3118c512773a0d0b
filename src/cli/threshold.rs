//! `threshold`: what n replicas, f liars and quorums of q lead to, in runs.

use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use consensus_playground::scenario::build::REPLICAS_MAX;
use consensus_playground::search::threshold::{Question, Seen, Shown, Threshold};

use super::streams::{Out, remark};

/// Try PBFT with n replicas, f liars and quorums of q in many runs, and print a table: is agreement kept, is progress made?
///
/// Without --q, both choices that the arithmetic names: n-f, which the honest replicas can form alone, and (n+f+1)/2 rounded up, of
/// which any two share an honest replica. Where n is at least 3f+1, they may be the same.
/// Exit status: 0 what was seen is what the arithmetic allows, 1 it is not, 2 there are no such replicas.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// Numbers of replicas: one, or from A up to but without B
    #[arg(long, value_name = "A..B", value_parser = numbers, default_value = "3..6")]
    n: Range<u32>,
    /// Numbers of liars
    #[arg(long, value_name = "A..B", value_parser = numbers, default_value = "1")]
    f: Range<u32>,
    /// Sizes of quorums
    #[arg(long, value_name = "A..B", value_parser = numbers)]
    q: Option<Range<u32>>,
    /// Runs of each
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    first_seed: u64,
    /// Write the first disagreement, or else the first stall, as a scenario, which `run` and the page can show
    #[arg(long, value_name = "FILE")]
    scenario_out: Option<PathBuf>,
    /// Print one JSON object for each row instead of the table
    #[arg(long)]
    json: bool,
}

/// A row of the table.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct ThresholdRow {
    n: u32,
    f: u32,
    q: u32,
    /// How many replicas two quorums share at least.
    quorums_share: u32,
    /// Whether an honest one is among them, whoever lies.
    shares_honest: bool,
    /// Whether the honest replicas alone form a quorum.
    honest_suffice: bool,
    /// Runs.
    seeds: u64,
    /// Runs in which honest replicas disagreed.
    disagreements: u64,
    /// Runs in which a client was not served.
    stalls: u64,
    /// Runs in which something else failed, and neither of these.
    others: u64,
    disagreement: Option<ShownReport>,
    stall: Option<ShownReport>,
}

/// The first run in which something was lost.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub struct ShownReport {
    seed: u64,
    event: u32,
    sentence: String,
}

impl ThresholdRow {
    fn of(question: Question, seen: &Seen) -> Self {
        let shown = |shown: &Option<Shown>| {
            let shown = shown.as_ref()?;
            Some(ShownReport { seed: shown.seed, event: shown.event, sentence: shown.sentence.clone() })
        };
        Self {
            n: question.replicas,
            f: question.faults,
            q: question.quorum,
            quorums_share: question.shared(),
            shares_honest: question.shares_honest(),
            honest_suffice: question.honest_suffice(),
            seeds: seen.seeds,
            disagreements: seen.disagreements,
            stalls: seen.stalls,
            others: seen.others,
            disagreement: shown(&seen.disagreement),
            stall: shown(&seen.stall),
        }
    }
}

fn numbers(text: &str) -> Result<Range<u32>, String> {
    let one = || text.parse::<u32>().ok().map(|number| number..number.saturating_add(1));
    let several = || text.split_once("..").and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    let range: Option<Range<u32>> = one().or_else(several);
    let range =
        range.filter(|range| range.start < range.end).ok_or_else(|| "a number, or a range such as 3..6".to_owned())?;
    if range.end > REPLICAS_MAX + 1 {
        return Err(format!("there are at most {REPLICAS_MAX} replicas"));
    }
    Ok(range)
}

/// Runs the sub-command.
pub fn run(arguments: &Arguments) -> ExitCode {
    super::exit_status(carry_out(arguments))
}

fn questions(arguments: &Arguments) -> Vec<Question> {
    let mut questions = Vec::new();
    for replicas in arguments.n.clone() {
        for faults in arguments.f.clone().filter(|&faults| faults < replicas) {
            let mut quorums: Vec<u32> = match &arguments.q {
                Some(range) => range.clone().filter(|quorum| (1..=replicas).contains(quorum)).collect(),
                None => {
                    vec![
                        Question::honest_quorum(replicas, faults),
                        Question::sharing_quorum(replicas, faults).min(replicas),
                    ]
                }
            };
            quorums.sort_unstable();
            quorums.dedup();
            questions.extend(quorums.into_iter().map(|quorum| Question { replicas, faults, quorum }));
        }
    }
    questions
}

fn carry_out(arguments: &Arguments) -> Result<bool, String> {
    let mut out = Out::new();
    let questions = questions(arguments);
    if questions.is_empty() {
        return Err("there are no such replicas: f is less than n, and q is 1 to n".to_owned());
    }
    if !arguments.json {
        let heads = columns([&"n", &"f", &"q"], ["quorums share", "honest suffice", "agreement", "progress"]);
        out.line(heads)?;
    }
    let mut first: [Option<Shown>; 2] = [None, None];
    let mut sentences = Vec::new();
    let mut is_as_computed = true;
    for question in questions {
        let mut threshold = Threshold::new(question, arguments.first_seed).map_err(text)?;
        for _ in 0..arguments.seeds {
            threshold.advance().map_err(text)?;
        }
        let seen = threshold.seen();
        let line = if arguments.json {
            serde_json::to_string(&ThresholdRow::of(question, seen)).map_err(text)?
        } else {
            row(question, seen)
        };
        out.line(line)?;
        let Question { replicas, faults, quorum } = question;
        for (kind, shown) in [&seen.disagreement, &seen.stall].into_iter().enumerate() {
            let Some(shown) = shown else { continue };
            sentences.push(format!("n={replicas} f={faults} q={quorum} seed {}: {}", shown.seed, shown.sentence));
            first[kind].get_or_insert_with(|| shown.clone());
        }
        let is_sound = question.shares_honest() && question.honest_suffice();
        let disagrees = question.shares_honest() && seen.disagreements + seen.others > 0;
        let stalls = is_sound && seen.stalls > 0;
        is_as_computed &= !disagrees && !stalls;
    }
    for sentence in sentences.iter().filter(|_| !arguments.json) {
        out.line(sentence)?;
    }
    let [disagreement, stall] = first;
    match (&arguments.scenario_out, disagreement.or(stall)) {
        (Some(file), Some(shown)) => {
            let json = serde_json::to_string_pretty(&shown.scenario).map_err(text)?;
            std::fs::write(file, json + "\n").map_err(|error| format!("{}: {error}", file.display()))?;
        }
        (Some(file), None) => {
            remark(format_args!("nothing was lost, so nothing is written to {}", file.display()));
        }
        (None, _) => {}
    }
    Ok(is_as_computed)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn row(question: Question, seen: &Seen) -> String {
    let Question { replicas, faults, quorum } = question;
    let shared = format!("{}{}", question.shared(), if question.shares_honest() { ", an honest one" } else { "" });
    let suffice = if question.honest_suffice() { "yes" } else { "no" };
    let found = |count: u64, shown: &Option<Shown>, kept: &str, lost: &str| match shown {
        None => format!("{kept} in {}", seen.seeds),
        Some(shown) => format!("{lost} in {count} of {}, seed {}", seen.seeds, shown.seed),
    };
    let agreement = found(seen.disagreements, &seen.disagreement, "kept", "broken");
    let progress = found(seen.stalls, &seen.stall, "made", "stalls");
    let others = if seen.others > 0 { format!("; other failures in {}", seen.others) } else { String::new() };
    columns([&replicas, &faults, &quorum], [&shared, suffice, &agreement, &(progress + &others)])
}

fn columns(numbers: [&dyn std::fmt::Display; 3], [shared, suffice, agreement, progress]: [&str; 4]) -> String {
    let [replicas, faults, quorum] = numbers.map(ToString::to_string);
    format!("{replicas:>3} {faults:>3} {quorum:>3}  {shared:<17} {suffice:<14}  {agreement:<30} {progress}")
}

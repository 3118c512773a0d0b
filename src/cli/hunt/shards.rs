//! A hunt in parts, on as many machines as one likes, and what they printed put together.
//!
//! The closing line of a part says which part of which hunt it is. Joined, the parts are line for line what one machine would have printed; parts that do not belong together,
//! or are not all there, are refused.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::Range;

use consensus_playground::ENGINE_VERSION;
use consensus_playground::scenario::Scenario;
use consensus_playground::search::hunt::{Options, Shard};
use serde::{Deserialize, Serialize};

use super::every_seed::Counts;

/// A part of a hunt, as its closing line has it.
#[derive(Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ShardReport {
    /// Which part, counted from 1.
    number: u32,
    /// Of so many.
    of: u32,
    hunt: HuntReport,
}

impl ShardReport {
    /// What the closing line says of a part.
    pub fn new(shard: Shard, options: &Options, seeds: &Range<u64>) -> Self {
        let hunt = HuntReport {
            engine_version: ENGINE_VERSION.to_owned(),
            from: seeds.start,
            to: seeds.end,
            faults: options.faults_max,
            liars: options.liars,
            scenario: options.scenario.clone(),
        };
        Self { number: shard.number, of: shard.of, hunt }
    }
}

/// A whole hunt: parts of the same one agree in all of it.
#[derive(Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HuntReport {
    engine_version: String,
    /// The first seed.
    from: u64,
    /// All up to this one, and without it.
    to: u64,
    /// --faults
    faults: u32,
    /// --liars
    liars: Option<u32>,
    /// What every run is made of.
    scenario: Scenario,
}

/// A line that a hunt printed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Printed {
    Counts(Box<Counts>),
    Shrunk {
        #[serde(rename = "shrunk")]
        _shrunk: serde::de::IgnoredAny,
    },
    Failure {
        seed: u64,
        #[serde(rename = "kind")]
        _kind: String,
    },
}

/// A part, as it was read.
struct Part {
    counts: Counts,
    shard: ShardReport,
    /// FILE:LINE of its closing line.
    at: String,
    failures: Vec<String>,
    shrunk: Option<String>,
}

/// Puts together what all parts of a hunt printed, and prints it. Gives how many failures there were.
pub fn join(files: &[String], as_json: bool) -> Result<u64, String> {
    let mut parts = Vec::new();
    for file in files {
        read(file, &mut parts)?;
    }
    check(&mut parts)?;
    let mut out = std::io::stdout().lock();
    let counts = Counts {
        seeds: parts.iter().map(|part| part.counts.seeds).sum(),
        events: parts.iter().map(|part| part.counts.events).sum(),
        failures: parts.iter().map(|part| part.counts.failures).sum(),
        from: parts.first().map_or(0, |part| part.counts.from),
        to: parts.last().map_or(0, |part| part.counts.to),
        interrupted: false,
        shard: None,
    };
    let mut print = |line: &str| writeln!(out, "{line}").map_err(|error| error.to_string());
    let mut is_first = true;
    for part in &parts {
        for failure in &part.failures {
            print(failure)?;
            // Of the whole hunt only the first failure is shrunk.
            if std::mem::take(&mut is_first)
                && let Some(shrunk) = &part.shrunk
            {
                print(shrunk)?;
            }
        }
    }
    print(&if as_json { serde_json::to_string(&counts).map_err(|error| error.to_string())? } else { counts.text() })?;
    Ok(counts.failures)
}

fn read(file: &str, parts: &mut Vec<Part>) -> Result<(), String> {
    let source: Box<dyn Read> = if file == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(file).map_err(|error| format!("{file}: {error}"))?)
    };
    let (mut failures, mut seeds, mut shrunk) = (Vec::new(), Vec::new(), None);
    for (number, line) in (1..).zip(BufReader::new(source).lines()) {
        let at = format!("{file}:{number}");
        let line = line.map_err(|error| format!("{at}: {error}"))?;
        match serde_json::from_str(&line) {
            Err(_) => return Err(format!("{at}: this is no line that hunt --shard prints")),
            Ok(Printed::Failure { seed, .. }) => {
                seeds.push(seed);
                failures.push(line);
            }
            Ok(Printed::Shrunk { .. }) => shrunk = Some(line),
            Ok(Printed::Counts(counts)) => {
                let shard = counts.shard.clone().ok_or_else(|| format!("{at}: a whole hunt, and no part of one"))?;
                let is_its = |seed: &u64| (counts.from..counts.to).contains(seed);
                if counts.failures != failures.len() as u64 || !seeds.iter().all(is_its) || !seeds.is_sorted() {
                    return Err(format!(
                        "{at}: the failures before it are not those of shard {}/{}",
                        shard.number, shard.of
                    ));
                }
                let (failures, shrunk) = (std::mem::take(&mut failures), shrunk.take());
                seeds.clear();
                parts.push(Part { counts: *counts, shard, at, failures, shrunk });
            }
        }
    }
    if failures.is_empty() && shrunk.is_none() {
        return Ok(());
    }
    Err(format!("{file}: it ends without a closing line: that shard was not hunted to its end"))
}

/// Puts the parts into order, and says what is wrong with them.
fn check(parts: &mut [Part]) -> Result<(), String> {
    parts.sort_by_key(|part| part.shard.number);
    let Some(first) = parts.first() else { return Err("no shard was printed".to_owned()) };
    let (of, hunt, first_at) = (first.shard.of, first.shard.hunt.clone(), first.at.clone());
    let all = hunt.from..hunt.to;
    for part in parts.iter() {
        let ShardReport { number, of: own, hunt: own_hunt } = &part.shard;
        if let Some((what, here, there)) = difference(own_hunt, &hunt)
            .or_else(|| (*own != of).then(|| ("number of shards", own.to_string(), of.to_string())))
        {
            return Err(format!("{}: another hunt: its {what} is {here}, and in {first_at} it is {there}", part.at));
        }
        let wanted = Shard { number: *number, of }.of(&all);
        let Counts { from, to, .. } = part.counts;
        if (from, to) != (wanted.start, wanted.end) {
            let what = if part.counts.interrupted { "was interrupted" } else { "is not whole" };
            return Err(format!(
                "{}: shard {number}/{of} {what}: it hunted seeds {from}..{to} of {}..{}",
                part.at, wanted.start, wanted.end
            ));
        }
    }
    for pair in parts.windows(2) {
        if let [one, other] = pair
            && one.shard.number == other.shard.number
        {
            return Err(format!("{}: shard {}/{of} again: it is in {} too", other.at, other.shard.number, one.at));
        }
    }
    let there: Vec<u32> = parts.iter().map(|part| part.shard.number).collect();
    let missing: Vec<String> = (1..=of)
        .filter(|number| there.binary_search(number).is_err())
        .map(|number| {
            let Range { start, end } = Shard { number, of }.of(&all);
            format!("{number}/{of} (seeds {start}..{end})")
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let shown: Vec<&str> = missing.iter().take(10).map(String::as_str).collect();
    let more =
        if missing.len() > shown.len() { format!(", and {} more", missing.len() - shown.len()) } else { String::new() };
    Err(format!("missing: shard {}{more}", shown.join(", ")))
}

/// Where two hunts differ: what, and how it is in each.
fn difference(one: &HuntReport, other: &HuntReport) -> Option<(&'static str, String, String)> {
    let liars = |hunt: &HuntReport| hunt.liars.map_or("as each seed draws".to_owned(), |liars| liars.to_string());
    let rules = |hunt: &HuntReport| match &hunt.scenario.mutations[..] {
        [] => "none".to_owned(),
        mutations => mutations.join(", "),
    };
    let scenario = |hunt: &HuntReport| serde_json::to_string(&hunt.scenario).unwrap_or_default();
    let told = [
        ("engine", one.engine_version.clone(), other.engine_version.clone()),
        ("range of seeds", format!("{}..{}", one.from, one.to), format!("{}..{}", other.from, other.to)),
        ("number of faults", one.faults.to_string(), other.faults.to_string()),
        ("number of liars", liars(one), liars(other)),
        ("protocol", one.scenario.protocol.clone(), other.scenario.protocol.clone()),
        ("list of rules switched off", rules(one), rules(other)),
        ("scenario", scenario(one), scenario(other)),
    ];
    told.into_iter().find(|(_, here, there)| here != there)
}

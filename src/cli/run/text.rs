//! A run's report in words.

use std::io::{self, Write};

use consensus_playground::run::transcript::seconds;

use super::report::{CulpritReport, CulpritsReport, LinkReport, ReadsReport, RunReport, SignedReport};

/// Prints a report.
pub fn print(out: &mut impl Write, report: &RunReport) -> io::Result<()> {
    for line in report.transcript.iter().flatten() {
        writeln!(out, "{line}")?;
    }
    if !report.mutations.is_empty() {
        writeln!(out, "switched off: {}", report.mutations.join(", "))?;
    }
    writeln!(out, "{}", report.sentence)?;
    if let Some(reads) = &report.reads {
        print_reads(out, reads)?;
    }
    for finding in &report.findings {
        writeln!(out, "{} broken after event {}: {}", finding.invariant, finding.event, finding.sentence)?;
    }
    if report.findings.is_empty() {
        // Where nothing can happen, no promise can be broken: that is no praise.
        writeln!(out, "{}", report.nobody_can_be_elected.as_deref().unwrap_or("all invariants hold"))?;
    }
    for beyond in &report.beyond_the_model {
        writeln!(out, "beyond the fault model: {}, although {}", beyond.intervention, beyond.although)?;
    }
    for convicted in &report.convicted {
        writeln!(out, "{} is convicted; but {}", convicted.process, convicted.excuse)?;
    }
    if let Some(culprits) = &report.culprits {
        print_culprits(out, culprits)?;
    }
    let limit = if report.stopped_by_limit { ", where the scenario's limit on events stopped it" } else { "" };
    writeln!(out, "{} events in {} s of virtual time{limit}", report.events, seconds(report.ticks))?;
    writeln!(out, "trace hash {}", report.trace_hash)?;
    if let Some(shared) = &report.shared {
        writeln!(out, "{}", shared.sentence)?;
    }
    match &report.link {
        Some(LinkReport::Fragment(fragment)) => writeln!(out, "link {fragment}"),
        Some(LinkReport::Error(error)) => writeln!(out, "no link: {error}"),
        None => Ok(()),
    }
}

fn print_reads(out: &mut impl Write, ReadsReport { reads, promised, promises }: &ReadsReport) -> io::Result<()> {
    match promised {
        Some(promise) => writeln!(out, "reads: {reads}, which promises {promise}")?,
        None => writeln!(out, "reads: {reads}, which promises nothing of a history")?,
    }
    for (word, kept) in [("kept", Some(true)), ("broken", Some(false)), ("not known", None)] {
        let names: Vec<&str> = promises.iter().filter(|each| each.kept == kept).map(|each| each.promise).collect();
        if !names.is_empty() {
            writeln!(out, "{word}: {}", names.join(", "))?;
        }
    }
    Ok(())
}

fn print_culprits(out: &mut impl Write, culprits: &CulpritsReport) -> io::Result<()> {
    let names: Vec<&str> = culprits.named.iter().map(|each| each.process.as_str()).collect();
    let who = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
    writeln!(out, "to blame for the disagreement after event {}: {who}", culprits.event)?;
    for CulpritReport { charge, signed, excuse, .. } in &culprits.named {
        writeln!(out, "  {charge}")?;
        for SignedReport { text, message } in signed {
            let carried =
                message.map_or_else(|| "in no message of its own".to_owned(), |message| format!("message {message}"));
            writeln!(out, "    signed: {text} ({carried})")?;
        }
        if let Some(excuse) = excuse {
            writeln!(out, "    but {excuse}")?;
        }
    }
    culprits.missing.as_ref().map_or(Ok(()), |missing| writeln!(out, "  {missing}"))
}

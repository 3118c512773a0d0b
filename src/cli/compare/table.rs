//! What was measured, as a table: a column for each protocol, a row for each figure.

use std::io::{self, Write};

use consensus_playground::compare::rows::{NOTHING, SECTIONS, ms, reached};

use super::{CompareReport, ProtocolReport};

const NOT_APPLICABLE: &str = "not applicable";

/// Prints columns: the first to the left, the others to the right.
pub fn columns(out: &mut impl Write, lines: &[Vec<String>]) -> io::Result<()> {
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        lines.iter().filter(|line| line.len() > 1).filter_map(|line| Some(line.get(column)?.chars().count())).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    for line in lines {
        let mut cells = line.iter().zip(&widths);
        let Some((first, width)) = cells.next() else { continue };
        let mut text = format!("{first:<width$}");
        for (cell, width) in cells {
            text += &format!("  {cell:>width$}");
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Prints all that was measured.
pub fn whole(out: &mut impl Write, report: &CompareReport) -> io::Result<()> {
    let CompareReport { title, from, to, protocols, .. } = report;
    if let Some(title) = title {
        writeln!(out, "{title}")?;
    }
    let heads = protocols.iter().map(|each| each.protocol.clone());
    let mut lines = vec![[format!("seeds {from}..{to}")].into_iter().chain(heads).collect()];
    for (title, rows) in SECTIONS {
        let figures = rows.iter().filter_map(|(label, figure)| {
            let cells: Vec<Option<String>> = protocols
                .iter()
                .map(|each| each.measured.as_ref().map_or(Some(NOT_APPLICABLE.to_owned()), figure))
                .collect();
            let is_asked_for =
                protocols.iter().zip(&cells).any(|(each, cell)| each.measured.is_some() && cell.is_some());
            is_asked_for.then(|| {
                let cells = cells.into_iter().map(|cell| cell.unwrap_or(NOTHING.to_owned()));
                [format!("  {label}")].into_iter().chain(cells).collect::<Vec<_>>()
            })
        });
        let figures: Vec<Vec<String>> = figures.collect();
        if !figures.is_empty() {
            lines.push(vec![(*title).to_owned()]);
            lines.extend(figures);
        }
    }
    columns(out, &lines)?;
    remarks(out, protocols)
}

/// What does not fit into a cell.
fn remarks(out: &mut impl Write, protocols: &[ProtocolReport]) -> io::Result<()> {
    for ProtocolReport { protocol, measured, remarks, .. } in protocols {
        for remark in remarks {
            writeln!(out, "{protocol}: {remark}")?;
        }
        let Some(measured) = measured else { continue };
        for link in &measured.links {
            writeln!(out, "{protocol}: {link}")?;
        }
    }
    Ok(())
}

/// Prints what a change of leaders came to, a row for each number of entries that the leader was left with.
pub fn by_entries(out: &mut impl Write, reports: &[CompareReport]) -> io::Result<()> {
    let Some(CompareReport { title, from, to, protocols, .. }) = reports.first() else { return Ok(()) };
    if let Some(title) = title {
        writeln!(out, "{title}")?;
    }
    writeln!(
        out,
        "until all entries are carried out, p50 of seeds {from}..{to}: messages between replicas, their bytes, message delays, ms"
    )?;
    let heads = protocols.iter().map(|each| each.protocol.clone());
    let mut lines = vec![["entries".to_owned()].into_iter().chain(heads).collect::<Vec<_>>()];
    for CompareReport { uncommitted, protocols, .. } in reports {
        let cell = |each: &ProtocolReport| {
            each.measured.as_ref().map_or(NOT_APPLICABLE.to_owned(), |measured| {
                reached(measured.carried_out, |to| {
                    format!("{} {} {} {}", to.messages.p50, to.bytes.p50, to.message_delays.p50, ms(to.ticks.p50))
                })
            })
        };
        let entries = uncommitted.unwrap_or_default().to_string();
        lines.push([entries].into_iter().chain(protocols.iter().map(cell)).collect());
    }
    columns(out, &lines)?;
    remarks(out, protocols)
}

//! The figures as a table for the terminal, ratios to the best peer beside them.

use std::fmt::Write as _;

use super::report::{Document, OURS, ROWS, Report, mebibytes};

/// The tables of a report.
pub(super) fn text(report: &Report) -> String {
    let mut out = String::new();
    for document in &report.documents {
        let size = mebibytes(document.bytes);
        let _ = writeln!(
            out,
            "\n{} ({size:.1} MiB, {} operations; medians of {})",
            document.name, document.operations, report.rounds
        );
        if let Some(generation) = document.ours().and_then(|ours| ours.generation) {
            let _ = writeln!(out, "  {:.1} MB/s", speed(document, generation.wall));
        }
        out.push_str(&figures(document));
        for figures in &document.tools {
            if let Some(failure) = &figures.failure {
                let _ = writeln!(out, "  {} failed: {failure}", figures.tool);
            }
        }
    }
    if let Some(calls) = &report.calls {
        let _ = writeln!(
            out,
            "\nBeside a client written by hand (serde, serde_json, reqwest)"
        );
        for line in calls.lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    if !report.skipped.is_empty() {
        out.push('\n');
    }
    for skipped in &report.skipped {
        let _ = writeln!(out, "SKIPPED {skipped}");
    }
    out
}

/// Megabytes of the document in a second.
pub(super) fn speed(document: &Document, seconds: f64) -> f64 {
    mebibytes(document.bytes) * 1.048_576 / seconds.max(1e-9)
}

fn figures(document: &Document) -> String {
    let mut out = format!("  {:<22}", "");
    for figures in &document.tools {
        let _ = write!(out, "{:>17}", figures.tool);
    }
    let has_peers = document.tools.iter().any(|figures| figures.tool != OURS);
    if has_peers {
        let _ = write!(out, "{:>14}", "of the best");
    }
    out.push('\n');
    for row in ROWS {
        if document.tools.iter().all(|it| (row.figure)(it).is_none()) {
            continue;
        }
        let _ = write!(out, "  {:<22}", row.title);
        for figures in &document.tools {
            let shown = (row.figure)(figures).map(|figure| format!("{figure:.*}", row.decimals));
            let _ = write!(out, "{:>17}", shown.unwrap_or_else(|| "–".to_owned()));
        }
        if let Some(ratio) = document.ratio(row.figure) {
            let _ = write!(out, "{ratio:>14.2}");
        }
        out.push('\n');
    }
    out
}

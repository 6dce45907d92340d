//! The figures of a run, as the JSON report holds them.

use serde::{Deserialize, Serialize};

use super::calls::Calls;
use super::measure::Cost;

/// The name under which our own figures stand.
pub(super) const OURS: &str = "callwright";

/// A run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Report {
    /// The day, as `2026-11-20`.
    pub(super) date: String,
    /// Where it was measured.
    pub(super) machine: Machine,
    /// How often each thing was measured; figures are medians.
    pub(super) rounds: u32,
    /// The generators and their versions, ours first.
    pub(super) tools: Vec<Tool>,
    /// The documents that were measured.
    pub(super) documents: Vec<Document>,
    /// Calls beside a client written by hand.
    #[serde(default)]
    pub(super) calls: Option<Calls>,
    /// What was asked for and is not there.
    pub(super) skipped: Vec<String>,
}

/// Where figures were measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Machine {
    pub(super) system: String,
    pub(super) processor: String,
    /// Processors that this program may use.
    pub(super) processors: usize,
    pub(super) memory_mib: Option<u64>,
    pub(super) rustc: String,
    /// Processes that wanted to run when the measurements began, one minute's mean: other work makes figures worse.
    pub(super) load: Option<f64>,
}

/// A generator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) version: String,
}

/// A document and what the generators made of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) bytes: u64,
    /// Operations in the document.
    pub(super) operations: usize,
    /// Ours first.
    pub(super) tools: Vec<Figures>,
}

/// What one generator made of one document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) tool: String,
    /// Generating the crate, reading and writing included.
    pub(super) generation: Option<Cost>,
    /// Lines of the emitted Rust; ours without the runtime, which is written by hand.
    pub(super) lines: Option<usize>,
    /// `cargo check`, the crate alone.
    pub(super) check: Option<Cost>,
    /// `cargo build`, the crate alone.
    pub(super) debug: Option<Cost>,
    /// `cargo build --release`, the crate alone.
    pub(super) release: Option<Cost>,
    /// The size of the library that a debug build makes, in bytes.
    pub(super) debug_rlib: Option<u64>,
    /// The size of the library that a release build makes, in bytes.
    pub(super) release_rlib: Option<u64>,
    /// Why figures are missing.
    pub(super) failure: Option<String>,
}

impl Report {
    /// Adds what another run measured and this one did not. The page says the fewest rounds of the two.
    pub(super) fn join(&mut self, other: Self) {
        self.rounds = self.rounds.min(other.rounds);
        self.calls = self.calls.take().or(other.calls);
        for tool in other.tools {
            if !self.tools.iter().any(|known| known.name == tool.name) {
                self.tools.push(tool);
            }
        }
        self.skipped.retain(|line| other.skipped.contains(line));
        for document in other.documents {
            let mut known = self.documents.iter_mut();
            match known.find(|known| known.name == document.name) {
                Some(known) => known.join(document),
                None => self.documents.push(document),
            }
        }
    }
}

impl Figures {
    fn join(&mut self, other: Self) {
        self.generation = self.generation.or(other.generation);
        self.lines = self.lines.or(other.lines);
        self.check = self.check.or(other.check);
        self.debug = self.debug.or(other.debug);
        self.release = self.release.or(other.release);
        self.debug_rlib = self.debug_rlib.or(other.debug_rlib);
        self.release_rlib = self.release_rlib.or(other.release_rlib);
        self.failure = self.failure.take().or(other.failure);
    }
}

impl Document {
    fn join(&mut self, other: Self) {
        for figures in other.tools {
            let mut known = self.tools.iter_mut();
            match known.find(|known| known.tool == figures.tool) {
                Some(known) => known.join(figures),
                None => self.tools.push(figures),
            }
        }
    }

    pub(super) fn ours(&self) -> Option<&Figures> {
        self.tools.iter().find(|figures| figures.tool == OURS)
    }

    pub(super) fn peers(&self) -> impl Iterator<Item = &Figures> {
        self.tools.iter().filter(|figures| figures.tool != OURS)
    }

    /// Our figure over the best peer's; none where one of them is missing.
    pub(super) fn ratio(&self, figure: fn(&Figures) -> Option<f64>) -> Option<f64> {
        let best = self.peers().filter_map(figure).min_by(f64::total_cmp)?;
        let ours = figure(self.ours()?)?;
        (best > 0.0).then(|| ours / best)
    }
}

/// A figure of the table: what it is called, how many decimals it has, and how it is taken.
pub(super) struct Row {
    pub(super) title: &'static str,
    pub(super) decimals: usize,
    pub(super) figure: fn(&Figures) -> Option<f64>,
}

/// The figures of the table, smaller ones being better.
pub(super) const ROWS: &[Row] = &[
    row("generation, s", 2, |it| Some(it.generation?.wall)),
    row("generation, CPU s", 2, |it| Some(it.generation?.cpu)),
    row("generation, MiB", 0, |it| Some(it.generation?.peak_mib)),
    row("lines", 0, |it| it.lines.map(approximate)),
    row("check, CPU s", 1, |it| Some(it.check?.cpu)),
    row("check, MiB", 0, |it| Some(it.check?.peak_mib)),
    row("debug build, CPU s", 1, |it| Some(it.debug?.cpu)),
    row("debug build, MiB", 0, |it| Some(it.debug?.peak_mib)),
    row("release build, CPU s", 1, |it| Some(it.release?.cpu)),
    row("release build, MiB", 0, |it| Some(it.release?.peak_mib)),
    row("debug rlib, MiB", 1, |it| it.debug_rlib.map(mebibytes)),
    row("release rlib, MiB", 1, |it| it.release_rlib.map(mebibytes)),
];

const fn row(title: &'static str, decimals: usize, figure: fn(&Figures) -> Option<f64>) -> Row {
    Row {
        title,
        decimals,
        figure,
    }
}

/// A number of lines, which no file has so many of that a float would lose one.
pub(super) fn approximate(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Bytes in mebibytes, to the kibibyte.
pub(super) fn mebibytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX)) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::{Document, Figures, OURS, Report};

    #[test]
    fn reports_of_parts_are_one() {
        let report = |rounds, lines, debug_rlib| Report {
            rounds,
            documents: vec![Document {
                name: "Pets".to_owned(),
                tools: vec![Figures {
                    tool: OURS.to_owned(),
                    lines,
                    debug_rlib,
                    ..Figures::default()
                }],
                ..Document::default()
            }],
            ..Report::default()
        };
        let mut one = report(3, Some(5), None);
        one.join(report(1, Some(6), Some(7)));
        assert_eq!((one.rounds, one.documents.len()), (1, 1));
        let figures = &one.documents[0].tools[0];
        assert_eq!((figures.lines, figures.debug_rlib), (Some(5), Some(7)));
    }

    #[test]
    fn a_ratio_is_to_the_best_peer() {
        let figures = |tool: &str, lines| Figures {
            tool: tool.to_owned(),
            lines,
            ..Figures::default()
        };
        let lines = |it: &Figures| it.lines.map(super::approximate);
        let mut document = Document {
            tools: vec![
                figures(OURS, Some(50)),
                figures("a", Some(100)),
                figures("b", None),
            ],
            ..Document::default()
        };
        assert_eq!(document.ratio(lines), Some(0.5));
        document.tools[1].lines = None;
        assert_eq!(document.ratio(lines), None);
    }
}

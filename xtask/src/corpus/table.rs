//! The table of a run: a line a document as soon as it is done, and the totals.

use std::fmt::Write as _;

use anstream::println;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::record::Record;

/// The columns after the file's name: heading and width.
const COLUMNS: [(&str, usize); 12] = [
    ("version", 8),
    ("ops", 6),
    ("emitted", 7),
    ("types", 6),
    ("untyped", 7),
    ("errors", 6),
    ("warnings", 8),
    ("notes", 6),
    ("ms", 6),
    ("lines", 7),
    ("compiled", 8),
    ("seconds", 7),
];

/// A name longer than this pushes its line out of the columns.
const MAX_NAME: usize = 72;

/// Prints lines and, on a terminal, a bar below them.
pub(super) struct Table {
    name_width: usize,
    bar: ProgressBar,
    records: Vec<Record>,
}

impl Table {
    /// The table of these documents.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let (mut count, mut width) = (0, 8);
        for name in names {
            count += 1;
            width = width.max(name.chars().count().min(MAX_NAME));
        }
        // Draws nothing where stderr is not a terminal.
        let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed_precise} {wide_msg}")
        {
            bar.set_style(style);
        }
        let table = Self {
            name_width: width,
            bar,
            records: Vec::new(),
        };
        let mut head = format!("{:<width$}", "document");
        for (title, width) in COLUMNS {
            let _ = write!(head, "  {title:>width$}");
        }
        table.print(&head);
        table
    }

    /// Says which document's turn it is.
    pub(super) fn begin(&self, name: &str) {
        self.bar.set_message(name.to_owned());
    }

    /// Prints the line of a document.
    pub(super) fn done(&mut self, record: Record) {
        self.print(&self.line(&record));
        self.bar.inc(1);
        self.records.push(record);
    }

    /// Prints the totals and returns the records, by file.
    pub(super) fn finish(mut self) -> Vec<Record> {
        self.bar.finish_and_clear();
        self.records.sort_by(|a, b| a.file.cmp(&b.file));
        let sum = |number: fn(&Record) -> usize| self.records.iter().map(number).sum();
        let short = self.records.iter().filter(|one| one.falls_short()).count();
        let checked: Vec<f64> = self
            .records
            .iter()
            .filter_map(|one| one.check_seconds)
            .collect();
        let total = Record {
            file: format!("{} documents", self.records.len()),
            operations: sum(|one| one.operations),
            emitted: sum(|one| one.emitted),
            types: sum(|one| one.types),
            untyped: sum(|one| one.untyped),
            errors: sum(|one| one.errors),
            warnings: sum(|one| one.warnings),
            notes: sum(|one| one.notes),
            lines: sum(|one| one.lines),
            millis: self.records.iter().map(|one| one.millis).sum(),
            check_seconds: (!checked.is_empty()).then(|| checked.iter().sum()),
            ..Record::default()
        };
        let compiled = self
            .records
            .iter()
            .filter(|one| one.compiled == Some(true))
            .count();
        let compiled = (!checked.is_empty()).then(|| format!("{compiled}/{}", checked.len()));
        println!("{}", self.row(&total, &compiled.unwrap_or_default()));
        println!("{short} of {} fall short", self.records.len());
        self.records
    }

    fn line(&self, record: &Record) -> String {
        let compiled = match record.compiled {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        let mut line = self.row(record, compiled);
        let reasons = record.panic.iter().chain(&record.messages);
        let shown = usize::from(record.panic.is_some()).max(2);
        for reason in reasons.take(shown) {
            let reason: String = reason
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(200)
                .collect();
            let _ = write!(line, "\n    {reason}");
        }
        line
    }

    fn row(&self, record: &Record, compiled: &str) -> String {
        let seconds = record.check_seconds.map(|seconds| format!("{seconds:.1}"));
        let cells = [
            record.version.clone(),
            record.operations.to_string(),
            record.emitted.to_string(),
            record.types.to_string(),
            record.untyped.to_string(),
            record.errors.to_string(),
            record.warnings.to_string(),
            record.notes.to_string(),
            record.millis.to_string(),
            record.lines.to_string(),
            if record.panic.is_some() {
                "PANIC"
            } else {
                compiled
            }
            .to_owned(),
            seconds.unwrap_or_default(),
        ];
        let width = self.name_width;
        let mut line = format!("{:<width$}", record.file);
        for (cell, (_, width)) in cells.iter().zip(COLUMNS) {
            let _ = write!(line, "  {cell:>width$}");
        }
        line.trim_end().to_owned()
    }

    fn print(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }
}

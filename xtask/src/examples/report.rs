//! What came of a run: counts and failures, as text for people and as JSON. It must not know how they were found.

use anstream::println;
use serde::Serialize;

use super::translate::Direction;

/// Of the valid values, in a thousand, so many decode and so many are lossless at least.
const LEAST_DECODED: usize = 998;
const LEAST_LOSSLESS: usize = 995;

/// What came of the values of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// Values that were judged.
    pub(crate) judged: usize,
    pub(crate) valid: usize,
    pub(crate) decoded: usize,
    pub(crate) lossless: usize,
    /// Keys without a declaration that did not come back.
    pub(crate) undeclared_keys: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.judged += other.judged;
        self.valid += other.valid;
        self.decoded += other.decoded;
        self.lossless += other.lossless;
        self.undeclared_keys += other.undeclared_keys;
    }

    fn falls_short(self) -> bool {
        self.decoded * 1000 < self.valid * LEAST_DECODED
            || self.lossless * 1000 < self.valid * LEAST_LOSSLESS
    }
}

/// What went wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// The judge calls the example invalid; no fault of the types.
    Invalid,
    /// It does not decode.
    Refused,
    /// It decodes, but to no member or value that the document names.
    Unknown,
    /// It does not come back as it was.
    Lossy,
    /// The emitted code panicked, or wrote what is no JSON.
    Broken,
    /// A spoiled value decodes as if nothing were.
    Silent,
}

/// A value that something went wrong with.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Failure {
    pub(crate) fault: Fault,
    /// Where the example stands, or the schema of which the instance is.
    pub(crate) pointer: String,
    /// `file:line`
    pub(crate) place: String,
    pub(crate) direction: Direction,
    pub(crate) reason: String,
    /// The instance; an example is in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<serde_json::Value>,
}

/// What came of a document.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Record {
    pub(crate) file: String,
    /// Why nothing could be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<String>,
    pub(crate) examples: Counts,
    /// Examples that are not judged: of other media types, without a schema, or of a schema without a type; by reason.
    pub(crate) passed_over: std::collections::BTreeMap<String, usize>,
    pub(crate) instances: Counts,
    /// Instances that were made and are invalid, by the keyword that they do not meet.
    pub(crate) discarded: std::collections::BTreeMap<String, usize>,
    pub(crate) mutations: usize,
    pub(crate) silent: usize,
    pub(crate) failures: Vec<Failure>,
}

impl Record {
    pub(crate) fn falls_short(&self) -> bool {
        self.failed.is_some()
            || self.examples.falls_short()
            || self.instances.falls_short()
            || self.silent > 0
    }
}

const HEAD: [&str; 10] = [
    "examples",
    "valid",
    "decoded",
    "lossless",
    "instances",
    "valid",
    "decoded",
    "lossless",
    "spoiled",
    "silent",
];

/// Prints the table of a run.
pub(crate) struct Table {
    width: usize,
    verbose: bool,
}

impl Table {
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>, verbose: bool) -> Self {
        let width = names
            .map(|name| name.chars().count())
            .fold(8, usize::max)
            .min(60);
        println!(
            "{:<width$}  {}",
            "document",
            HEAD.map(|title| format!("{title:>9}")).join(" ")
        );
        Self { width, verbose }
    }

    /// Prints the line of a document and what is wrong in it.
    pub(crate) fn done(&self, record: &Record) {
        self.line(&record.file, record);
        if let Some(reason) = &record.failed {
            println!("    {reason}");
        }
        for failure in &record.failures {
            if matches!(failure.fault, Fault::Invalid | Fault::Unknown) && !self.verbose {
                continue;
            }
            let word = match failure.fault {
                Fault::Invalid => "invalid",
                Fault::Refused => "does not decode",
                Fault::Unknown => "is unknown to its type",
                Fault::Lossy => "is lossy",
                Fault::Broken => "breaks its type",
                Fault::Silent => "decodes, spoiled",
            };
            println!(
                "    {} ({}) {word}: {}",
                failure.pointer, failure.place, failure.reason
            );
        }
    }

    fn line(&self, name: &str, record: &Record) {
        let Record {
            examples,
            instances,
            ..
        } = record;
        let cells = [
            examples.judged,
            examples.valid,
            examples.decoded,
            examples.lossless,
            instances.judged,
            instances.valid,
            instances.decoded,
            instances.lossless,
            record.mutations,
            record.silent,
        ];
        let width = self.width;
        println!(
            "{name:<width$}  {}",
            cells.map(|cell| format!("{cell:>9}")).join(" ")
        );
    }

    /// Prints the totals; whether the run falls short as a whole.
    pub(crate) fn finish(&self, records: &[Record]) -> bool {
        let mut total = Record::default();
        for record in records {
            total.examples.add(record.examples);
            total.instances.add(record.instances);
            total.mutations += record.mutations;
            total.silent += record.silent;
            for (reason, count) in &record.passed_over {
                *total.passed_over.entry(reason.clone()).or_default() += count;
            }
        }
        if records.len() > 1 {
            self.line("total", &total);
        }
        for (what, counts) in [("examples", total.examples), ("instances", total.instances)] {
            println!(
                "{what}: {} judged, {} valid, {} decoded ({}), {} lossless ({}); {} keys without a declaration did not come back",
                counts.judged,
                counts.valid,
                counts.decoded,
                share(counts.decoded, counts.valid),
                counts.lossless,
                share(counts.lossless, counts.valid),
                counts.undeclared_keys,
            );
        }
        println!(
            "spoiled: {} judged invalid, {} of them decode as if nothing were",
            total.mutations, total.silent
        );
        for (reason, count) in &total.passed_over {
            println!("passed over: {count} examples, since {reason}");
        }
        let failed = records
            .iter()
            .filter(|record| record.failed.is_some())
            .count();
        if failed > 0 {
            println!(
                "{failed} of {} documents could not be judged",
                records.len()
            );
        }
        failed > 0 || total.falls_short()
    }
}

/// A share in percent, rounded down, so that 100 means all.
fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "none".to_owned();
    }
    let permyriad = part * 10_000 / whole;
    format!("{}.{:02} %", permyriad / 100, permyriad % 100)
}

#[cfg(test)]
mod tests {
    use super::{Counts, share};

    #[test]
    fn a_run_falls_short_below_the_shares_that_help_names() {
        let counts = |decoded, lossless| Counts {
            judged: 1200,
            valid: 1000,
            decoded,
            lossless,
            undeclared_keys: 0,
        };
        assert!(
            !counts(998, 995).falls_short()
                && counts(997, 997).falls_short()
                && counts(1000, 994).falls_short()
        );
        assert!(!Counts::default().falls_short());
        assert_eq!(
            (share(9999, 10_000), share(0, 0)),
            ("99.99 %".to_owned(), "none".to_owned())
        );
    }
}

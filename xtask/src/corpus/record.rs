//! What is known of a document after its turn: a line of the table, an object of the report.

use serde::{Deserialize, Serialize};

/// One document's results. Fields are those of the JSON report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The file, relative to the folder of the run.
    pub(super) file: String,
    /// The version of the specification, as the document says it; empty where it could not be read.
    pub(super) version: String,
    /// Operations in the document.
    pub(super) operations: usize,
    /// Operations in the crate.
    pub(super) emitted: usize,
    /// Types with a name.
    pub(super) types: usize,
    /// Schemas that `serde_json::Value` stands for although they say what they are.
    pub(super) untyped: usize,
    /// Diagnostics by severity.
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) notes: usize,
    /// Time to read the document and generate the crate.
    pub(super) millis: u64,
    /// Lines of Rust, without the runtime.
    pub(super) lines: usize,
    /// Whether the crate compiled with warnings denied; none where that was not asked for.
    pub(super) compiled: Option<bool>,
    /// Time that took.
    pub(super) check_seconds: Option<f64>,
    /// Highest memory use of generation, where the system tells.
    pub(super) peak_mib: Option<u64>,
    /// Why generation ended without a result: a panic, the time limit.
    pub(super) panic: Option<String>,
    /// The first things that the compiler said, or diagnostics of severity error.
    pub(super) messages: Vec<String>,
}

impl Record {
    /// A document before its turn.
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            ..Self::default()
        }
    }

    /// Whether anything of the document is not in a crate that compiles.
    pub(super) fn falls_short(&self) -> bool {
        self.panic.is_some()
            || self.errors > 0
            || self.emitted < self.operations
            || self.lines == 0
            || self.compiled == Some(false)
    }
}

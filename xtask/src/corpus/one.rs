//! The hidden command behind the corpus: one document in a process of its own, so that no document can take
//! the others down. Writes the crate and prints its record as JSON.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstream::println;
use callwright_codegen::diagnostic::Severity;
use callwright_codegen::{Config, Gating, Layout};

use super::record::Record;
use crate::failure::Failure;
use crate::generate::{Document, Mode, Plan, runtime_source};

/// Generates one document of a corpus and prints its record.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The document.
    file: PathBuf,
    /// The folder of the crate.
    #[arg(long)]
    out: PathBuf,
    /// The name of the crate.
    #[arg(long)]
    name: String,
}

/// The command line that runs it, without the program.
pub(super) fn command_line(file: &Path, out: &Path, name: &str) -> Vec<std::ffi::OsString> {
    vec![
        "corpus-document".into(),
        file.into(),
        "--out".into(),
        out.into(),
        "--name".into(),
        name.into(),
    ]
}

/// Errors of the document that the record repeats.
const MAX_MESSAGES: usize = 5;

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let runtime = runtime_source()?;
    let start = Instant::now();
    let document = Document::open(&args.file, &[])?;
    let output = document.generate(Config {
        name: Some(args.name.clone()),
        layout: Layout::Crate { runtime: &runtime },
        resource_features: Gating::BySize,
        ..Config::default()
    });
    let mut record = Record {
        millis: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        ..Record::default()
    };
    for diagnostic in &output.diagnostics {
        match diagnostic.severity {
            Severity::Error => {
                record.errors += 1;
                if record.messages.len() < MAX_MESSAGES {
                    let place = diagnostic.location(&output.sources);
                    record.messages.push(format!(
                        "{}: {} (line {}, {})",
                        diagnostic.code, diagnostic.message, place.line, diagnostic.pointer
                    ));
                }
            }
            Severity::Warning => record.warnings += 1,
            Severity::Note => record.notes += 1,
        }
    }
    if let Some(client) = output.client {
        record.version.clone_from(&client.specification);
        record.operations = client.operations;
        record.emitted = client.emitted;
        record.types = client.types;
        record.untyped = client.untyped;
        record.lines = client
            .files
            .iter()
            .filter(|file| {
                Path::new(&file.path)
                    .extension()
                    .is_some_and(|extension| extension == "rs")
                    && !file.path.starts_with("src/runtime/")
            })
            .map(|file| String::from_utf8_lossy(&file.contents).lines().count())
            .sum();
        Plan::standalone(&args.out, client.files)?.apply(Mode::Write)?;
    }
    record.peak_mib = peak_mib();
    println!("{}", serde_json::to_string(&record).unwrap_or_default());
    Ok(ExitCode::SUCCESS)
}

/// The highest memory use of this process so far, where the system has the file that says it.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}

//! `cargo xtask outline`: prints the surface that a document's client has.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::{eprintln, print, println};
use callwright_codegen::diagnostic::Severity;
use callwright_codegen::{Config, Layout, Outlined};
use clap::ValueHint;

use crate::cargo;
use crate::failure::Failure;
use crate::generate::Document;

/// Print the surface of a document's client: resources, methods with signatures, pages, types.
///
/// Everything is sorted by name and nothing depends on lines, so that the outlines of two versions of a
/// document, or of two versions of this generator, can be compared with `diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask outline specs/anam/openapi.yaml
  cargo xtask outline ../shared/corpus/github.json --summary
  diff <(cargo xtask outline old.yaml) <(cargo xtask outline new.yaml)")]
pub(crate) struct Args {
    /// The document.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The methods by resource, and counts of types and diagnostics alone.
    #[arg(long)]
    summary: bool,
    /// Print an object for machines.
    #[arg(long, conflicts_with = "summary")]
    json: bool,
    /// An OpenAPI Overlay (1.0) of corrections; may be given several times.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    overlay: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if cfg!(debug_assertions) {
        let error = cargo::rerun_optimised();
        return Err(Failure::io("start", Path::new("cargo"), &error));
    }
    let document = Document::open(&args.file, &args.overlay)?;
    let Outlined {
        diagnostics,
        outline,
        ..
    } = document.outline(Config {
        layout: Layout::None,
        ..Config::default()
    });
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    if errors > 0 {
        eprintln!("{errors} errors; `cargo xtask generate --spec` shows them");
    }
    if let Some(outline) = outline {
        if args.json {
            let text = serde_json::to_string_pretty(&outline)
                .map_err(|error| Failure::new(error.to_string()))?;
            println!("{text}");
        } else if args.summary {
            print!("{}", outline.summary());
        } else {
            print!("{}", outline.text());
        }
    }
    Ok(ExitCode::from(u8::from(errors > 0)))
}

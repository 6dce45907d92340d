//! `cargo xtask examples`, the heavy half: judges the examples of documents and has the emitted types decode and encode
//! them.
//!
//! A binary of its own, so that the other commands do not compile a validator.

mod arguments;
#[allow(dead_code, reason = "other commands use the rest")]
#[path = "../cargo.rs"]
mod cargo;
mod chance;
mod check;
mod collect;
mod compare;
#[path = "../generate/documents.rs"]
#[allow(dead_code, reason = "other commands use the rest")]
mod documents;
#[path = "../failure.rs"]
mod failure;
#[allow(dead_code, reason = "other commands use the rest")]
#[path = "../generate/files.rs"]
mod files;
#[allow(dead_code, reason = "other commands use the rest")]
#[path = "../corpus/find.rs"]
mod find;
mod instance;
mod judge;
#[allow(dead_code, reason = "other commands use the rest")]
#[path = "../generate/manifest.rs"]
mod manifest;
mod mutate;
mod program;
mod report;
#[path = "../sha256.rs"]
mod sha256;
mod translate;
mod view;
#[path = "../workspace.rs"]
mod workspace;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use anstream::eprintln;
use callwright_codegen::{Config, Layout};
use clap::Parser;

use self::arguments::Arguments;
use self::check::{Effort, Subject};
use self::documents::Document;
use self::failure::Failure;
use self::find::Found;
use self::manifest::Manifest;
use self::program::{Module, Program};
use self::report::{Record, Table};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask examples",
    bin_name = "cargo xtask examples",
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    arguments: Arguments,
}

fn main() -> ExitCode {
    let Cli { arguments } = Cli::parse();
    // Schemas nest deeper than the stack of a main thread is made for.
    let thread = std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(move || run(&arguments));
    let outcome = thread.map(std::thread::JoinHandle::join);
    match outcome {
        Ok(Ok(Ok(code))) => code,
        Ok(Ok(Err(failure))) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
        // The panic has been printed.
        _ => ExitCode::from(2),
    }
}

/// Lines of types that one program holds, unless a single document has more.
const PROGRAM_LINES: usize = 40_000;

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let documents = documents_of(arguments)?;
    let overlays = Manifest::read(&workspace::root().join("specs/callwright.toml")).ok();
    let effort = Effort {
        seed: arguments.seed,
        instances: usize::from(arguments.instances),
    };
    let names = documents.iter().map(|document| document.name.as_str());
    let table = Table::new(names, arguments.verbose);
    let mut records = Vec::new();
    let mut batch = Batch::default();
    let is_only = documents.len() == 1;
    for found in &documents {
        match prepare(found, arguments, overlays.as_ref()) {
            Ok((subject, module)) => {
                if batch.lines > 0 && batch.lines + module.lines > PROGRAM_LINES {
                    std::mem::take(&mut batch).run(effort, &table, &mut records, false)?;
                }
                batch.lines += module.lines;
                batch.names.push(found.name.clone());
                batch.subjects.push(subject);
                batch.modules.push(module);
            }
            Err(reason) => {
                let record = Record {
                    file: found.name.clone(),
                    failed: Some(reason),
                    ..Record::default()
                };
                table.done(&record);
                records.push(record);
            }
        }
    }
    let is_first = records.iter().all(|record| record.failed.is_some());
    batch.run(effort, &table, &mut records, is_only || is_first)?;
    let falls_short = table.finish(&records);
    if let Some(path) = &arguments.report {
        let mut text = serde_json::to_string_pretty(&records).unwrap_or_default();
        text.push('\n');
        std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))?;
    }
    Ok(ExitCode::from(u8::from(falls_short)))
}

fn documents_of(arguments: &Arguments) -> Result<Vec<Found>, Failure> {
    let path = &arguments.path;
    if !path.exists() {
        return Err(Failure::new(format!("`{}` is not there", path.display()))
            .help("name an OpenAPI document, or a folder with some in it"));
    }
    let only = arguments.only.iter().map(|text| find::pattern(text));
    let only = only.collect::<Result<Vec<_>, _>>().map_err(Failure::new)?;
    let documents = find::documents(path, &only)?;
    if documents.is_empty() {
        return Err(Failure::new(format!("no document below `{}`", path.display()))
            .help("documents are .json, .yaml and .yml files with `openapi` or `swagger` at their top level"));
    }
    Ok(documents)
}

/// Reads a document and generates its types; otherwise, why there are none.
fn prepare(
    found: &Found,
    arguments: &Arguments,
    vendored: Option<&Manifest>,
) -> Result<(Subject, Module), String> {
    let api = vendored.and_then(|manifest| Some((manifest, manifest.of_document(&found.path)?)));
    let document = match api {
        Some((manifest, api)) if arguments.overlay.is_empty() => manifest.open(api),
        _ => Document::open(&found.path, &arguments.overlay),
    };
    let document = document.map_err(|failure| failure.to_string())?;
    let generated = catch_unwind(AssertUnwindSafe(|| {
        document.generate(Config {
            name: Some("types".to_owned()),
            layout: Layout::Module {
                crate_name: program::CRATE,
            },
            round_trips: true,
            ..Config::default()
        })
    }));
    let output = generated.map_err(|_| "the generator panicked".to_owned())?;
    let first = || {
        let said = output.diagnostics.first();
        said.map_or_else(String::new, |diagnostic| {
            format!(": {}", diagnostic.message)
        })
    };
    let Some(client) = &output.client else {
        return Err(format!("there is no client{}", first()));
    };
    let (Some(tree), files) = document.read() else {
        return Err(format!("the document cannot be read{}", first()));
    };
    if client.files.is_empty() || client.round_trips.is_none() {
        return Err(format!("nothing was emitted{}", first()));
    }
    let module = Module::of(client);
    Ok((Subject::new(tree, files, client), module))
}

/// Documents whose types make one program.
#[derive(Default)]
struct Batch {
    names: Vec<String>,
    subjects: Vec<Subject>,
    modules: Vec<Module>,
    lines: usize,
}

impl Batch {
    /// Builds the program and runs the documents through it. `keeps`: it is there for the next run.
    fn run(
        self,
        effort: Effort,
        table: &Table,
        records: &mut Vec<Record>,
        keeps: bool,
    ) -> Result<(), Failure> {
        if self.names.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        eprintln!("building the types of {}", names.join(", "));
        let mut program = Program::build(&names, &self.modules)?;
        for (number, (subject, name)) in self.subjects.iter().zip(&self.names).enumerate() {
            let mut record = Record {
                file: name.clone(),
                ..Record::default()
            };
            check::run(subject, &mut program, number, effort, &mut record)?;
            table.done(&record);
            records.push(record);
        }
        if !keeps {
            program.remove();
        }
        Ok(())
    }
}

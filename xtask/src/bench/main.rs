//! `cargo xtask bench`, the heavy half: what generating, compiling and calling cost, ours beside others'.
//!
//! A binary of its own, since it measures the release build of the other one, and so that no other command waits for
//! what it depends on.

mod arguments;
mod calls;
mod documents;
mod emitted;
mod generator;
mod machine;
mod measure;
mod page;
mod plot;
mod report;
mod table;
#[path = "../workspace.rs"]
#[allow(dead_code, reason = "the other binary uses all of it")]
mod workspace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::{eprintln, print};
use clap::Parser;

use self::arguments::{Arguments, Part};
use self::documents::Source;
use self::emitted::{Build, Emitted};
use self::generator::{Generator, Job};
use self::measure::Cost;
use self::report::{Document, Figures, OURS, Report};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    arguments: Arguments,
}

fn main() -> ExitCode {
    if let Some(code) = measure::messenger() {
        return code;
    }
    match run(&Cli::parse().arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let report = match arguments.from.as_slice() {
        [] => measured(arguments)?,
        [first, others @ ..] => {
            let mut report = read(first)?;
            for other in others {
                report.join(read(other)?);
            }
            report
        }
    };
    print!("{}", table::text(&report));
    if let Some(path) = &arguments.report {
        let mut text = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
        text.push('\n');
        write(path, &text)?;
    }
    if arguments.write_docs {
        let folder = workspace::absolute_root().join("codegen/docs");
        for (name, text) in page::files(&report) {
            write(&folder.join(name), &text)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Report, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("`{}` is no report: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text)
        .map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

/// Measures what the arguments ask for.
fn measured(arguments: &Arguments) -> Result<Report, String> {
    let (sources, mut skipped) = documents::sources(arguments)?;
    let mut generators = vec![generator::ours()?];
    if arguments.peers {
        let (peers, missing) = generator::peers();
        generators.extend(peers);
        skipped.extend(missing);
    }
    for skipped in &skipped {
        eprintln!("SKIPPED {skipped}");
    }
    let mut report = Report {
        date: machine::today(),
        machine: machine::this(),
        rounds: arguments.rounds,
        tools: generators.iter().map(|it| it.tool.clone()).collect(),
        skipped,
        ..Report::default()
    };
    for source in &sources {
        let bytes = std::fs::read(&source.path)
            .map_err(|error| format!("cannot read `{}`: {error}", source.path.display()))?;
        let mut document = Document {
            name: source.name.clone(),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            operations: documents::operations(&bytes),
            tools: Vec::new(),
        };
        for generator in &generators {
            let figures = figures(arguments, source, generator);
            if let Some(failure) = &figures.failure {
                eprintln!("{}: {} failed: {failure}", source.name, figures.tool);
            }
            document.tools.push(figures);
        }
        report.documents.push(document);
    }
    if arguments.measures(Part::Calls) {
        report.calls = Some(calls::measure(&generators[0], arguments.rounds)?);
    }
    Ok(report)
}

/// What one generator makes of one document, as far as it comes.
fn figures(arguments: &Arguments, source: &Source, generator: &Generator) -> Figures {
    let mut figures = Figures {
        tool: generator.tool.name.clone(),
        ..Figures::default()
    };
    figures.failure = fill(&mut figures, arguments, source, generator).err();
    figures
}

fn fill(
    figures: &mut Figures,
    arguments: &Arguments,
    source: &Source,
    generator: &Generator,
) -> Result<(), String> {
    let name: String = source
        .name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let name = format!("bench-{name}");
    let scratch = scratch();
    let folder = scratch.join("crates").join(&figures.tool).join(&name);
    let document = source
        .path
        .canonicalize()
        .map_err(|error| error.to_string())?;
    let job = Job {
        document: &document,
        folder: &folder,
        name: &name,
    };
    let ours = figures.tool == OURS;
    eprintln!("{}: {} generates", source.name, figures.tool);
    let mut generations = Vec::new();
    let rounds = if arguments.measures(Part::Generation) {
        arguments.rounds
    } else {
        1
    };
    for _ in 0..rounds {
        generations.push(generator.generate(&job)?);
    }
    if arguments.measures(Part::Generation) {
        figures.generation = Cost::median(&generations);
    }
    let emitted = Emitted::open(&folder)?;
    figures.lines = Some(emitted.lines(ours.then_some("src/runtime")));
    // The dependencies of one generator's crates are much the same.
    let target = scratch.join("target").join(&figures.tool);
    let compiled = |part: Part, build: Build| -> Result<_, String> {
        if !arguments.measures(part) {
            return Ok((None, None));
        }
        eprintln!("{}: {} is compiled: {build:?}", source.name, figures.tool);
        let costs: Result<Vec<_>, _> = (0..arguments.rounds)
            .map(|_| emitted.compile(build, &target))
            .collect();
        let costs = costs.map_err(|error| format!("does not compile: {error}"))?;
        Ok((Cost::median(&costs), emitted.rlib(build, &target)))
    };
    let check = compiled(Part::Check, Build::Check);
    let debug = compiled(Part::Build, Build::Debug);
    let release = compiled(Part::Build, Build::Release);
    emitted.clean(&target);
    (figures.check, _) = check?;
    (figures.debug, figures.debug_rlib) = debug?;
    (figures.release, figures.release_rlib) = release?;
    Ok(())
}

/// Where crates and what is built of them stand.
fn scratch() -> PathBuf {
    workspace::absolute_root().join("target/bench")
}

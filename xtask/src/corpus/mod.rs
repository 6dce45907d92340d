//! `cargo xtask corpus`: every document below a folder becomes a crate, and a line of a table.

mod bounded;
mod compile;
mod find;
mod one;
mod record;
mod table;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use anstream::eprintln;
use clap::ValueHint;

pub(crate) use self::one::{Args as OneArgs, run as run_one};

use self::compile::{Bench, Pass};
use self::find::Found;
use self::record::Record;
use self::table::Table;
use crate::failure::Failure;
use crate::{cargo, workspace};

/// Generate every document below a folder as a standalone crate and, with --check, compile it.
///
/// Documents are the .json, .yaml and .yml files whose top level says `openapi` or `swagger`; their parts
/// and everything else are passed over. Each is generated in a process of its own: a panic, an endless
/// loop or too much memory is a line of the table. The crates are left in target/corpus.
///
/// The exit status is 1 when anything falls short: an operation that is not in the crate, an error in a
/// document, a crate that does not compile without a warning.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask corpus ../shared/corpus
  cargo xtask corpus ../shared/corpus --check --jobs 2 --report corpus.json
  cargo xtask corpus ../shared/corpus --only github --only 'readme-examples/3.1/*' --check
  cargo xtask corpus ../shared/corpus --only stripe --pass clippy --pass doc")]
pub(crate) struct Args {
    /// The folder, or a single document.
    #[arg(value_name = "DIR", value_hint = ValueHint::AnyPath)]
    dir: PathBuf,
    /// Compile each crate with `cargo check`, warnings denied; dependencies are built once.
    #[arg(long)]
    check: bool,
    /// What each crate has to pass instead of `cargo check`, warnings denied; may be given several times.
    #[arg(long, value_name = "PASS")]
    pass: Vec<Pass>,
    /// How many documents are worked on at the same time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// Write the table as JSON, an array with an object a document.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    report: Option<PathBuf>,
    /// Only documents whose path below DIR matches: a glob over all of it, or a part of it; may be given several times.
    #[arg(long, value_name = "PATTERN", value_parser = find::pattern)]
    only: Vec<glob::Pattern>,
    /// The time that a document has to be generated.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
}

/// The memory that a document may take, in mebibytes.
const MEMORY: u64 = 8 << 10;

/// What each document is worked on with.
struct Run<'a> {
    scratch: &'a Path,
    program: &'a Path,
    timeout: Duration,
    passes: &'a [Pass],
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if cfg!(debug_assertions) {
        let error = cargo::rerun_optimised();
        return Err(Failure::io("start", Path::new("cargo"), &error));
    }
    if !args.dir.exists() {
        return Err(
            Failure::new(format!("`{}` is not there", args.dir.display()))
                .help("name a folder with OpenAPI documents in it"),
        );
    }
    let documents = find::documents(&args.dir, &args.only)?;
    if documents.is_empty() {
        return Err(Failure::new(format!("no document below `{}`", args.dir.display()))
            .help("documents are .json, .yaml and .yml files with `openapi` or `swagger` at their top level"));
    }
    let names = crate_names(&documents);
    let scratch = workspace::absolute_root().join("target/corpus");
    let passes: Vec<Pass> = match (args.check, args.pass.as_slice()) {
        (_, passes @ [_, ..]) => passes.to_vec(),
        (true, []) => vec![Pass::Check],
        (false, []) => Vec::new(),
    };
    let jobs = usize::from(args.jobs).min(documents.len());
    let benches: Vec<Option<Bench>> = if passes.is_empty() {
        vec![None; jobs]
    } else {
        eprintln!("building the dependencies of the crates");
        let benches = compile::benches(&scratch, jobs, &passes)?;
        benches.into_iter().map(Some).collect()
    };
    let program = std::env::current_exe()
        .map_err(|error| Failure::io("find", Path::new("this program"), &error))?;
    let run = Run {
        scratch: &scratch,
        program: &program,
        timeout: Duration::from_secs(args.timeout),
        passes: &passes,
    };
    let table = Table::new(documents.iter().map(|document| document.name.as_str()));
    let records = work(&run, &documents, &names, &benches, table);
    if let Some(path) = &args.report {
        let mut text = serde_json::to_string_pretty(&records).unwrap_or_default();
        text.push('\n');
        std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))?;
    }
    let short = records.iter().any(Record::falls_short);
    Ok(ExitCode::from(u8::from(short)))
}

/// Takes the documents in turn, a thread for each bench; lines are printed by this one.
fn work(
    run: &Run<'_>,
    documents: &[Found],
    names: &[String],
    benches: &[Option<Bench>],
    mut table: Table,
) -> Vec<Record> {
    enum News<'a> {
        Begun(&'a str),
        Done(Box<Record>),
    }
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, news) = mpsc::channel();
        for bench in benches {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(document), Some(name)) = (documents.get(turn), names.get(turn))
                    else {
                        break;
                    };
                    // The receiver outlives the threads: it is read until they are done.
                    let _ = sender.send(News::Begun(&document.name));
                    let record = run.document(document, name, bench.as_ref());
                    let _ = sender.send(News::Done(Box::new(record)));
                }
            });
        }
        drop(sender);
        for news in news {
            match news {
                News::Begun(name) => table.begin(name),
                News::Done(record) => table.done(*record),
            }
        }
        table.finish()
    })
}

impl Run<'_> {
    /// Generates a document and, where there is a bench, compiles it.
    fn document(&self, document: &Found, name: &str, bench: Option<&Bench>) -> Record {
        let out = self.scratch.join("crates").join(name);
        // What an earlier run left must not be taken for this one's.
        let _ = std::fs::remove_dir_all(&out);
        let mut record = self.generate(document, name, &out);
        if let Some(bench) = bench
            && record.lines > 0
        {
            bench.check(&out, name, self.passes, &mut record);
        }
        record
    }

    fn generate(&self, document: &Found, name: &str, out: &Path) -> Record {
        let mut command = bounded::limited(self.program, MEMORY);
        command.args(one::command_line(&document.path, out, name));
        let failed = |reason: String| Record {
            panic: Some(reason),
            ..Record::new(&document.name)
        };
        let ended = match bounded::run(command, self.timeout) {
            Ok(ended) => ended,
            Err(error) => return failed(format!("cannot be run: {error}")),
        };
        let Some(status) = ended.status else {
            return failed(format!("not done within {} s", self.timeout.as_secs()));
        };
        match serde_json::from_str::<Record>(&ended.stdout) {
            Ok(record) if status.success() => Record {
                file: document.name.clone(),
                ..record
            },
            _ => failed(last_words(&ended.stderr).unwrap_or_else(|| status.to_string())),
        }
    }
}

/// What a process said before it ended: from its panic on, without the backtrace.
fn last_words(stderr: &str) -> Option<String> {
    let said: Vec<&str> = stderr
        .lines()
        .skip_while(|line| {
            !line.contains("panicked at")
                && !line.contains("overflow")
                && !line.contains("memory allocation")
                && !line.starts_with("error")
        })
        .filter(|line| !line.trim().is_empty() && !line.starts_with("note: "))
        .take(3)
        .collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// A package name for each document, distinct, in ASCII, no longer than file names may be.
fn crate_names(documents: &[Found]) -> Vec<String> {
    let mut taken = HashSet::new();
    documents
        .iter()
        .map(|document| {
            let words: Vec<String> = document
                .name
                .split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_ascii_lowercase)
                .collect();
            let joined = words.join("-");
            // The end of a path says more than its beginning.
            let kept = joined.len().saturating_sub(80);
            let stem = format!("corpus-{}", joined[kept..].trim_start_matches('-'));
            let mut name = stem.clone();
            let mut number = 2;
            while !taken.insert(name.clone()) {
                name = format!("{stem}-{number}");
                number += 1;
            }
            name
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Found, crate_names, last_words};

    #[test]
    fn crates_have_names_of_their_own() {
        let documents: Vec<Found> = ["a/b.json", "a-b.json", "ä.yaml", ".yaml", "a_b.json"]
            .map(|name| Found {
                name: name.to_owned(),
                path: PathBuf::new(),
            })
            .into();
        assert_eq!(
            crate_names(&documents),
            [
                "corpus-a-b-json",
                "corpus-a-b-json-2",
                "corpus-yaml",
                "corpus-yaml-2",
                "corpus-a-b-json-3"
            ]
        );
    }

    #[test]
    fn a_panic_is_told_in_a_line() {
        let stderr = "warning: x\nthread 'main' (7) panicked at src/a.rs:1:2:\nno such thing\nnote: run with\n";
        assert_eq!(
            last_words(stderr).unwrap(),
            "thread 'main' (7) panicked at src/a.rs:1:2: no such thing"
        );
        assert_eq!(last_words(""), None);
    }
}

//! Compiling generated crates: dependencies once, then one crate at a time in a target folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Gating, Layout};
use serde::Deserialize;

use super::bounded;
use super::record::Record;
use crate::failure::Failure;
use crate::generate::{Mode, Plan, runtime_source};
use crate::{cargo, workspace};

/// A folder with compiled dependencies in which crates are checked, one at a time.
#[derive(Debug, Clone)]
pub(super) struct Bench {
    target: PathBuf,
    lock: PathBuf,
}

/// Which of cargo's commands a crate has to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Pass {
    /// `cargo check`
    Check,
    /// `cargo clippy`, with its default lints
    Clippy,
    /// `cargo doc`
    Doc,
}

/// A crate that takes longer than this to compile does not compile.
const LIMIT: Duration = Duration::from_secs(1200);
/// Messages of the compiler that a record repeats.
const MAX_MESSAGES: usize = 5;
/// A document that asks for all that a crate can depend on.
const LEAST: &[u8] = b"openapi: 3.0.3
info: {title: Dependencies, version: '1'}
paths:
  /a: {get: {responses: {200: {description: XML, content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}}}}
";
const DEPENDENCIES: &str = "callwright-corpus-dependencies";

/// Builds the dependencies once and returns a bench for each job: cargo locks a target folder, so each has its own, the
/// others copies of the first.
pub(super) fn benches(scratch: &Path, jobs: usize, passes: &[Pass]) -> Result<Vec<Bench>, Failure> {
    let folder = scratch.join("dependencies");
    let runtime = runtime_source()?;
    let nothing = |_: &str| Err(LoadError::Missing);
    let output = callwright_codegen::generate(
        &Input {
            name: "dependencies.yaml",
            bytes: LEAST,
            loader: &nothing,
            overlays: Vec::new(),
            limits: Limits::default(),
        },
        Config {
            name: Some(DEPENDENCIES.to_owned()),
            layout: Layout::Crate { runtime: &runtime },
            resource_features: Gating::BySize,
            ..Config::default()
        },
    );
    let files = output.client.map(|client| client.files).unwrap_or_default();
    Plan::standalone(&folder, files)?.apply(Mode::Write)?;
    let lock = folder.join("Cargo.lock");
    // The versions that the workspace uses: they are at hand.
    let versions = workspace::absolute_root().join("Cargo.lock");
    std::fs::copy(&versions, &lock).map_err(|error| Failure::io("copy", &versions, &error))?;
    let first = Bench {
        // Shared with the other commands and tests that compile standalone crates.
        target: workspace::absolute_root().join("target/standalone"),
        lock: lock.clone(),
    };
    for pass in passes {
        let mut command = first.command(*pass, &folder);
        let status = command
            .status()
            .map_err(|error| Failure::io("start", Path::new("cargo"), &error))?;
        if !status.success() {
            return Err(
                Failure::new("the runtime and its dependencies do not compile").help(
                    "run `cargo xtask test runtime-alone`; the first build needs the network",
                ),
            );
        }
    }
    let mut benches = vec![first.clone()];
    for job in 2..=jobs {
        let target = scratch.join(format!("target-{job}"));
        if !target.exists() {
            copy(&first.target, &target).map_err(|error| Failure::io("write", &target, &error))?;
        }
        benches.push(Bench {
            target,
            lock: lock.clone(),
        });
    }
    Ok(benches)
}

impl Bench {
    /// Compiles a crate, says so in its record and removes what that left behind.
    pub(super) fn check(&self, folder: &Path, name: &str, passes: &[Pass], record: &mut Record) {
        if let Err(error) = std::fs::copy(&self.lock, folder.join("Cargo.lock")) {
            record.compiled = Some(false);
            record.messages.push(format!("no Cargo.lock: {error}"));
            return;
        }
        let mut elapsed = Duration::ZERO;
        let mut compiled = true;
        for pass in passes {
            let mut command = self.command(*pass, folder);
            command.args(["--offline", "--message-format", "json"]);
            match bounded::run(command, LIMIT) {
                Ok(ended) => {
                    elapsed += ended.elapsed;
                    if !ended.status.is_some_and(|status| status.success()) {
                        compiled = false;
                        record.messages.extend(messages(&ended));
                    }
                }
                Err(error) => {
                    compiled = false;
                    record
                        .messages
                        .push(format!("cargo cannot be run: {error}"));
                }
            }
        }
        record.messages.truncate(MAX_MESSAGES);
        record.compiled = Some(compiled);
        record.check_seconds = Some((elapsed.as_secs_f64() * 100.0).round() / 100.0);
        self.clean(name);
    }

    /// One of cargo's commands on a crate. The flags never change, so that dependencies are built once.
    fn command(&self, pass: Pass, folder: &Path) -> Command {
        let mut command = cargo::command();
        match pass {
            Pass::Check => command.arg("check"),
            Pass::Clippy => command.arg("clippy"),
            Pass::Doc => command.args(["doc", "--no-deps"]),
        };
        command
            .arg("--quiet")
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env("RUSTFLAGS", "--deny warnings")
            .env("RUSTDOCFLAGS", "--deny warnings");
        command
    }

    /// Removes what cargo made of a crate: files and folders named after it and a hash. That nothing is removed is not
    /// a failure; it costs disk alone.
    fn clean(&self, name: &str) {
        let debug = self.target.join("debug");
        for folder in ["deps", ".fingerprint", "incremental", "build"] {
            let Ok(entries) = std::fs::read_dir(debug.join(folder)) else {
                continue;
            };
            for entry in entries.filter_map(Result::ok) {
                let path = entry.path();
                if belongs(&entry.file_name().to_string_lossy(), name) {
                    let _ = std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path));
                }
            }
        }
        let _ = std::fs::remove_dir_all(self.target.join("doc").join(name.replace('-', "_")));
    }
}

/// Whether an artifact's name is that of a crate and a hash.
fn belongs(artifact: &str, name: &str) -> bool {
    let artifact = artifact.replace('-', "_");
    let name = name.replace('-', "_");
    let stem = artifact.split('.').next().unwrap_or_default();
    let stem = stem.strip_prefix("lib").unwrap_or(stem);
    stem.strip_prefix(&name)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A line of cargo's JSON.
#[derive(Deserialize)]
struct Line {
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    #[serde(rename = "message")]
    text: String,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

/// The first errors: `src/types.rs:7: mismatched types`.
fn messages(ended: &bounded::Ended) -> Vec<String> {
    if ended.status.is_none() {
        return vec![format!("not compiled within {} s", LIMIT.as_secs())];
    }
    let mut messages: Vec<String> = ended
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok()?.message)
        .filter(|message| message.level.starts_with("error"))
        .filter(|message| !message.text.starts_with("aborting due to"))
        .take(MAX_MESSAGES)
        .map(|message| {
            let place = message
                .spans
                .iter()
                .find(|span| span.is_primary)
                .map(|span| format!("{}:{}: ", span.file_name, span.line_start))
                .unwrap_or_default();
            format!("{place}{}", message.text)
        })
        .collect();
    if messages.is_empty() {
        messages.extend(ended.stderr.lines().take(MAX_MESSAGES).map(str::to_owned));
    }
    messages
}

/// Copies a target folder with the times of its files, by which cargo knows them; not its lock.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_name() != ".cargo-lock" {
            std::fs::copy(entry.path(), &target)?;
            let modified = entry.metadata()?.modified()?;
            std::fs::File::options()
                .write(true)
                .open(&target)?
                .set_modified(modified)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::belongs;

    #[test]
    fn artifacts_belong_to_the_crate_they_name() {
        assert!(belongs("libcorpus_a-0123456789abcdef.rmeta", "corpus-a"));
        assert!(belongs("corpus-a-0123456789abcdef", "corpus-a"));
        assert!(!belongs("corpus-a-b-0123456789abcdef", "corpus-a"));
        assert!(!belongs("corpus_a", "corpus-a"));
    }
}

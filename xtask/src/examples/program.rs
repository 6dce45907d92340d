//! The program that decodes and encodes: the types of some documents without their operations, built outside of the
//! workspace and driven over its standard input and output. It must not know what it is asked for.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use callwright_codegen::Client;
use serde_json::Value;

use super::documents::runtime_source;
use super::files::{Mode, Plan};
use crate::failure::Failure;
use crate::{cargo, sha256, workspace};

/// The crate of the types as emitted code would name it; nothing does.
pub(crate) const CRATE: &str = "types";

/// Modules of one document.
pub(crate) struct Module {
    files: Vec<(String, Vec<u8>)>,
    pub(crate) lines: usize,
}

impl Module {
    /// The types of a client, their JSON and the table of round trips; nothing of its operations.
    pub(crate) fn of(client: &Client) -> Self {
        let mut files = vec![("mod.rs".to_owned(), HEAD.as_bytes().to_vec())];
        let is_wanted = |path: &str| {
            ["types.rs", "codec.rs"].contains(&path)
                || path.starts_with("types/")
                || path.starts_with("codec/")
        };
        let wanted = client.files.iter().filter(|file| is_wanted(&file.path));
        files.extend(wanted.map(|file| (file.path.clone(), file.contents.clone())));
        if let Some(trips) = &client.round_trips {
            let text = format!("// @generated\n{}", trips.module);
            files.push(("table.rs".to_owned(), text.into_bytes()));
        }
        let lines = files
            .iter()
            .map(|(_, text)| String::from_utf8_lossy(text).lines().count())
            .sum();
        Self { files, lines }
    }
}

const HEAD: &str = "\
// @generated
use crate::runtime;
pub use self::types::*;
mod codec;
pub mod table;
pub mod types;
";

/// The program without the types; part of this binary, which speaks with it.
const MAIN: &str = include_str!("../../judges/round_trip/main.rs");
const ROUND_TRIP: &str = include_str!("../../judges/round_trip/round_trip.rs");

/// The running program.
pub(crate) struct Program {
    binary: PathBuf,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What a type does with a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// What it writes, how many parts of it were kept as `Unknown`, and the first of them.
    Passed {
        value: Value,
        unknowns: usize,
        shown: String,
    },
    /// Why it cannot be read.
    Refused(String),
    /// It did what emitted code must never do.
    Broken(String),
}

impl Program {
    /// Writes and builds a program with these modules; `names` tell programs apart.
    pub(crate) fn build(names: &[&str], modules: &[Module]) -> Result<Self, Failure> {
        let scratch = workspace::absolute_root().join("target/examples");
        let hash = sha256::hex(names.join("\n").as_bytes());
        let name = format!("examples-{}", &hash[..12]);
        let folder = scratch.join(&name);
        write(&folder, &name, modules)?;
        let target = scratch.join("target");
        let mut command = cargo::command();
        command
            .args(["build", "--quiet", "--jobs", "2"])
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTFLAGS")
            .current_dir(&folder);
        let status = command
            .status()
            .map_err(|error| Failure::io("start", Path::new("cargo"), &error))?;
        if !status.success() {
            return Err(Failure::new(format!("the types in `{}` do not compile", folder.display()))
                .help("its last lines above say why; this is a fault of the generator unless the network is missing"));
        }
        let binary = target.join("debug").join(&name);
        Ok(Self {
            binary: binary.with_extension(std::env::consts::EXE_EXTENSION),
            running: None,
        })
    }

    /// Has a type of a document pass a value.
    pub(crate) fn pass(
        &mut self,
        document: usize,
        ty: usize,
        value: &Value,
    ) -> Result<Answer, Failure> {
        let order = format!("{document} {ty} {value}");
        let Some(line) = self.exchange(&order)? else {
            self.running = None;
            return Ok(Answer::Broken("the process died".to_owned()));
        };
        let (word, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        Ok(match word {
            "ok" => passed(rest),
            "error" => Answer::Refused(rest.to_owned()),
            _ => Answer::Broken(format!("panicked: {rest}")),
        })
    }

    /// Sends a line and reads one; none when the program is gone.
    fn exchange(&mut self, order: &str) -> Result<Option<String>, Failure> {
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&self.binary)?),
        };
        let sent = running
            .input
            .as_mut()
            .map(|input| writeln!(input, "{order}").and_then(|()| input.flush()));
        let mut line = String::new();
        let read = running.output.read_line(&mut line);
        let whole = sent.is_some_and(|sent| sent.is_ok()) && read.is_ok_and(|count| count > 0);
        Ok(whole.then(|| line.trim_end_matches('\n').to_owned()))
    }

    /// Removes what was built, which is large.
    pub(crate) fn remove(mut self) {
        self.running = None;
        let Some((name, debug)) = self.binary.file_stem().zip(self.binary.parent()) else {
            return;
        };
        let name = name.to_string_lossy();
        // That something stays costs disk alone.
        let _ = std::fs::remove_file(&self.binary);
        for folder in ["deps", ".fingerprint"] {
            let entries = std::fs::read_dir(debug.join(folder)).into_iter().flatten();
            for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
                let file = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .replace('_', "-");
                if file.starts_with(&*name) {
                    let _ = std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path));
                }
            }
        }
    }
}

/// Reads what follows `ok`: three JSON values.
fn passed(text: &str) -> Answer {
    let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let values: Result<Vec<Value>, _> = values.collect();
    match values.map(<[Value; 3]>::try_from) {
        Ok(Ok([unknowns, shown, value])) => Answer::Passed {
            value,
            unknowns: unknowns
                .as_u64()
                .and_then(|count| count.try_into().ok())
                .unwrap_or_default(),
            shown: shown.as_str().unwrap_or_default().to_owned(),
        },
        Ok(Err(_)) => Answer::Broken("wrote no single JSON value".to_owned()),
        Err(error) => Answer::Broken(format!("wrote what is no JSON: {error}")),
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.input = None;
        let _ = self.child.wait();
    }
}

fn start(binary: &Path) -> Result<Running, Failure> {
    let mut child = Command::new(binary)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::io("start", binary, &error))?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Failure::new("the program has no standard streams"));
    };
    Ok(Running {
        child,
        input: Some(input),
        output: BufReader::new(output),
    })
}

/// Brings the sources of the program up to date.
fn write(folder: &Path, name: &str, modules: &[Module]) -> Result<(), Failure> {
    let root = workspace::absolute_root();
    let mut plan = Plan::default();
    let runtime = runtime_source()?;
    let source = folder.join("src");
    for (path, contents) in runtime.files {
        plan.file(source.join("runtime").join(path), contents);
    }
    plan.file(
        folder.join("Cargo.toml"),
        manifest(&runtime.manifest, name)?.into_bytes(),
    );
    plan.file(source.join("main.rs"), MAIN.as_bytes().to_vec());
    plan.file(source.join("round_trip.rs"), ROUND_TRIP.as_bytes().to_vec());
    let mut registry = String::from("// @generated\nuse crate::round_trip::Function;\n\n");
    let mut arms = String::new();
    for (index, module) in modules.iter().enumerate() {
        // Writing to a String does not fail.
        let _ = writeln!(registry, "#[path = \"d{index}/mod.rs\"]\nmod d{index};");
        let _ = writeln!(arms, "        {index} => d{index}::table::TABLE,");
        for (path, contents) in &module.files {
            plan.file(
                source.join(format!("d{index}")).join(path),
                contents.clone(),
            );
        }
    }
    let _ = write!(
        registry,
        "\npub fn table(document: usize) -> &'static [Function] {{\n    match document {{\n{arms}        _ => &[],\n    }}\n}}\n"
    );
    plan.file(source.join("documents.rs"), registry.into_bytes());
    let versions = root.join("Cargo.lock");
    let lock = folder.join("Cargo.lock");
    if !lock.exists() {
        let text =
            std::fs::read(&versions).map_err(|error| Failure::io("read", &versions, &error))?;
        plan.file(lock, text);
    }
    plan.sweep(&source)?;
    plan.apply(Mode::Write)?;
    Ok(())
}

/// The manifest of the program: the dependencies of the runtime.
fn manifest(client: &str, name: &str) -> Result<String, Failure> {
    let mut document: toml_edit::DocumentMut = client
        .parse()
        .map_err(|error| Failure::new(format!("`client/Cargo.toml`: {error}")))?;
    for table in [
        "package",
        "dev-dependencies",
        "lints",
        "example",
        "test",
        "bench",
    ] {
        document.remove(table);
    }
    Ok(format!(
        "# @generated\n[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [workspace]\n\n[profile.dev]\ndebug = false\nincremental = false\n\n{document}"
    ))
}

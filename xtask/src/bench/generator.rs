//! The generators: how each is called, and what its output lacks to be a crate. It must not know what is measured.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::measure::{self, Cost};
use super::report::{OURS, Tool};

/// A generator that is at hand.
pub(super) struct Generator {
    pub(super) tool: Tool,
    program: PathBuf,
    call: fn(&Job<'_>) -> Vec<OsString>,
    finish: fn(&Job<'_>) -> std::io::Result<()>,
}

/// A document to be made a crate.
pub(super) struct Job<'a> {
    pub(super) document: &'a Path,
    /// The folder of the crate, which is not there yet.
    pub(super) folder: &'a Path,
    /// The name that the crate should have.
    pub(super) name: &'a str,
}

/// A peer: its name, its program, and the rest of [`Generator`].
struct Peer {
    name: &'static str,
    program: &'static str,
    call: fn(&Job<'_>) -> Vec<OsString>,
    finish: fn(&Job<'_>) -> std::io::Result<()>,
}

const PEERS: &[Peer] = &[
    Peer {
        name: "progenitor",
        program: "cargo-progenitor",
        call: |job| {
            let mut line = words(&["progenitor", "--input"]);
            line.push(job.document.into());
            line.extend(words(&["--output"]));
            line.push(job.folder.into());
            line.extend(words(&["--name", job.name, "--version", "0.1.0"]));
            line
        },
        finish: |_| Ok(()),
    },
    Peer {
        name: "ploidy",
        program: "ploidy",
        call: |job| {
            let mut line = words(&["generate", "rust"]);
            line.push(job.document.into());
            line.extend(words(&["--name", job.name, "--output"]));
            line.push(job.folder.into());
            line
        },
        finish: |_| Ok(()),
    },
    Peer {
        name: "oas3-gen",
        program: "oas3-gen",
        call: |job| {
            let mut line = words(&["generate", "client-mod", "--workspace", "--input"]);
            line.push(job.document.into());
            line.push("--output".into());
            line.push(job.folder.into());
            line
        },
        finish: |_| Ok(()),
    },
    Peer {
        name: "openapi-to-rust",
        program: "openapi-to-rust",
        call: |job| {
            let mut line = words(&["generate", "--quiet", "--output-dir"]);
            line.push(job.folder.join("src/generated").into());
            line.push(job.document.into());
            line
        },
        finish: around_module,
    },
];

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

/// A module and the list of what it depends on, as openapi-to-rust writes them, made a crate.
fn around_module(job: &Job<'_>) -> std::io::Result<()> {
    let listed = job.folder.join("src/generated/REQUIRED_DEPS.toml");
    let listed = std::fs::read_to_string(listed)?;
    let dependencies = if listed.contains("[dependencies]") {
        listed
    } else {
        format!("[dependencies]\n{listed}")
    };
    let manifest = format!(
        "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}\n",
        job.name
    );
    std::fs::write(job.folder.join("Cargo.toml"), manifest)?;
    std::fs::write(job.folder.join("src/lib.rs"), "pub mod generated;\n")
}

/// This generator, built beside this program.
pub(super) fn ours() -> Result<Generator, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = own
        .with_file_name("xtask")
        .with_extension(std::env::consts::EXE_EXTENSION);
    if !program.is_file() {
        return Err(format!("`{}` is not there", program.display()));
    }
    Ok(Generator {
        tool: Tool {
            name: OURS.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        program,
        call: |job| {
            let mut line = words(&["generate", "--name", job.name, "--spec"]);
            line.push(job.document.into());
            line.push("--out".into());
            line.push(job.folder.into());
            line
        },
        finish: |_| Ok(()),
    })
}

/// The peers that are on the PATH, and the names of those that are not.
pub(super) fn peers() -> (Vec<Generator>, Vec<String>) {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for peer in PEERS {
        let Some(program) = on_path(peer.program) else {
            missing.push(format!(
                "{}: `{}` is not on the PATH (`cargo install --locked {}`)",
                peer.name, peer.program, peer.program
            ));
            continue;
        };
        found.push(Generator {
            tool: Tool {
                name: peer.name.to_owned(),
                version: version(&program),
            },
            program,
            call: peer.call,
            finish: peer.finish,
        });
    }
    (found, missing)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| {
            folder
                .join(program)
                .with_extension(std::env::consts::EXE_EXTENSION)
        })
        .find(|program| program.is_file())
}

/// What a program says of its version, without its name; a subcommand of cargo says it by another way or not at all.
fn version(program: &Path) -> String {
    let said = Command::new(program).arg("--version").output();
    let said = said.ok().filter(|output| output.status.success());
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = said
        .as_deref()
        .and_then(|text| text.split_whitespace().last());
    version.unwrap_or("of unknown version").to_owned()
}

impl Generator {
    /// Generates a crate into a folder that is emptied before, and returns what that cost, or why there is none.
    pub(super) fn generate(&self, job: &Job<'_>) -> Result<Cost, String> {
        let emptied = match std::fs::remove_dir_all(job.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => job.folder.parent().map_or(Ok(()), std::fs::create_dir_all),
        };
        emptied.map_err(|error| format!("`{}`: {error}", job.folder.display()))?;
        let cost = measure::cost_of(&self.program, |command| {
            command.args((self.call)(job));
        })?;
        (self.finish)(job).map_err(|error| format!("its output is no crate: {error}"))?;
        Ok(cost)
    }
}

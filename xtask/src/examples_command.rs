//! `cargo xtask examples`, the light half: builds and runs the judge, which is a binary of its own. Must not know how it
//! judges.

#[path = "examples/arguments.rs"]
mod arguments;

use std::process::ExitCode;

use crate::{cargo, workspace};

pub(crate) use arguments::Arguments;

/// Runs the judge with the arguments of this process, which have been found to be well-formed; its exit status is ours.
pub(crate) fn run() -> ExitCode {
    let mut command = cargo::command();
    command
        .args(["run", "--quiet", "--profile", "xtask"])
        .args([
            "--package",
            "xtask",
            "--features",
            "examples",
            "--bin",
            "xtask-examples",
        ])
        .arg("--manifest-path")
        .arg(workspace::manifest())
        .arg("--")
        // After the program and the name of the command.
        .args(std::env::args_os().skip(2));
    let error = cargo::replace(command);
    eprintln!("error: cannot start cargo: {error}");
    ExitCode::from(2)
}

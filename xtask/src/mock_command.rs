//! `cargo xtask mock`, the light half: builds and runs the server, which is a binary of its own. Must not know how it serves.

#[path = "mock/arguments.rs"]
mod arguments;

use std::process::ExitCode;

use crate::{cargo, workspace};

pub(crate) use arguments::Arguments;

/// Runs the server with these arguments until it ends; its exit status is ours.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let mut command = cargo::command();
    command
        .args([
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--features",
            "mock",
            "--bin",
            "xtask-mock",
        ])
        .arg("--manifest-path")
        .arg(workspace::manifest())
        .arg("--")
        .args(arguments.to_command_line());
    let error = cargo::replace(command);
    eprintln!("error: cannot start cargo: {error}");
    ExitCode::FAILURE
}

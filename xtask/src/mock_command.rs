//! `cargo xtask mock`, the light half: builds and runs the server, which is a binary of its own. Must not know how it serves.

#[path = "mock/arguments.rs"]
mod arguments;

use std::{
    path::Path,
    process::{Command, ExitCode},
};

pub(crate) use arguments::Arguments;

/// Runs the server with these arguments until it ends; its exit status is ours.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
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
        .arg(workspace)
        .arg("--")
        .args(arguments.to_command_line());
    let error = replace(command);
    eprintln!("error: cannot start cargo: {error}");
    ExitCode::FAILURE
}

/// Becomes the command, so that signals and the exit status are its own; returns only when that fails.
#[cfg(unix)]
fn replace(mut command: Command) -> std::io::Error {
    use std::os::unix::process::CommandExt as _;
    command.exec()
}

/// Runs the command and ends as it does; returns only when it does not start.
#[cfg(not(unix))]
fn replace(mut command: Command) -> std::io::Error {
    match command.status() {
        // Ctrl-C reaches every process of the console, so the child ends by itself.
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

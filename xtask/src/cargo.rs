//! How cargo is called; must not know what for.

use std::process::Command;

use crate::workspace;

/// The cargo that runs this command, to be given arguments.
pub(crate) fn command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// This very command line once more, built for speed: generating a large document takes a tenth of the time.
/// Returns only when cargo cannot be started.
pub(crate) fn rerun_optimised() -> std::io::Error {
    let mut command = command();
    command
        .args(["run", "--quiet", "--profile", "xtask"])
        .args(["--package", "xtask", "--bin", "xtask"])
        .arg("--manifest-path")
        .arg(workspace::manifest())
        .arg("--")
        .args(std::env::args_os().skip(1));
    replace(command)
}

/// Becomes the command, so that signals and the exit status are its own; returns only when that fails.
#[cfg(unix)]
pub(crate) fn replace(mut command: Command) -> std::io::Error {
    use std::os::unix::process::CommandExt as _;
    command.exec()
}

/// Runs the command and ends as it does; returns only when it does not start.
#[cfg(not(unix))]
pub(crate) fn replace(mut command: Command) -> std::io::Error {
    match command.status() {
        // Ctrl-C reaches every process of the console, so the child ends by itself.
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

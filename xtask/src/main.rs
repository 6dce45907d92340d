//! The project's commands; the only crate that touches disk, arguments and the terminal.

mod cli;
mod import;
mod mock_command;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

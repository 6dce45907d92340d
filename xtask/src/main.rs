//! The project's commands; the only crate that touches disk, arguments and the terminal.

mod cli;
mod mock_command;
mod import;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

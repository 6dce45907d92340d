//! The project's commands; the only crate that touches disk, arguments and the terminal.

mod bench_command;
mod cargo;
mod cli;
mod corpus;
mod cost;
mod examples_command;
mod failure;
mod generate;
mod import;
mod judge;
mod mock_command;
mod outline;
mod percent;
mod sha256;
mod test;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

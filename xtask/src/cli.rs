//! What the command line offers: one subcommand per file beside this one.

use std::process::ExitCode;

use clap::Parser;

use crate::{import, mock_command};

/// Callwright's commands: from documentation pages and `OpenAPI` documents to Rust clients.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Each variant is a command's arguments; the file of that name runs it.
#[derive(Debug, clap::Subcommand)]
enum Command {
    Import(import::Args),
    Mock(mock_command::Arguments),
}

/// Parses the arguments and runs the command; its failure is the exit status.
pub(crate) fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Import(args) => import::run(&args),
        Command::Mock(arguments) => mock_command::run(&arguments),
    }
}

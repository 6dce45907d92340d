//! What the command line offers: one subcommand per file beside this one.

use std::process::ExitCode;

use clap::Parser;

use crate::{
    bench_command, corpus, cost, examples_command, generate, import, judge, mock_command, outline,
    test,
};

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
    Bench(bench_command::Arguments),
    Corpus(corpus::Args),
    #[command(hide = true)]
    CorpusDocument(corpus::OneArgs),
    Cost(cost::Args),
    Examples(examples_command::Arguments),
    Generate(generate::Args),
    Import(import::Args),
    Judge(judge::Args),
    Mock(mock_command::Arguments),
    Outline(outline::Args),
    Test(test::Args),
}

/// Parses the arguments and runs the command; its failure is the exit status.
pub(crate) fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        // Parsed here for its help; the other binary parses them again.
        Command::Bench(_) => bench_command::run(),
        Command::Corpus(args) => corpus::run(&args),
        Command::CorpusDocument(args) => corpus::run_one(&args),
        Command::Cost(args) => cost::run(&args),
        Command::Examples(_) => Ok(examples_command::run()),
        Command::Generate(args) => generate::run(&args),
        Command::Import(args) => Ok(import::run(&args)),
        Command::Judge(args) => judge::run(&args),
        Command::Mock(arguments) => Ok(mock_command::run(&arguments)),
        Command::Outline(args) => outline::run(&args),
        Command::Test(args) => Ok(test::run(&args)),
    };
    outcome.unwrap_or_else(|failure| {
        anstream::eprintln!("error: {failure}");
        ExitCode::from(2)
    })
}

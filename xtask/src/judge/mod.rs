//! `cargo xtask judge`: generated clients against servers that were not written here. Must not know how a client is
//! emitted: it orders calls of the program that `caller` builds.

mod answer;
mod arguments;
mod autorest;
mod bytes;
mod caller;
mod expected;
mod faults;
mod findings;
mod install;
mod prism;
mod recorder;
mod sample;
mod scenario;
mod schemas;
mod service;
mod services;
mod session;
mod verdict;

use std::process::ExitCode;

use crate::failure::Failure;

/// Judge generated clients by servers that were not written for them.
///
/// What a judge needs is installed with the ordinary package managers into the ignored folder .judges, once. The exit
/// status is 0 when the judge finds nothing wrong, 1 when it does, 2 when it cannot run.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask judge autorest              all scenarios of the AutoRest test server
  cargo xtask judge autorest --only xml   the scenarios of documents whose name holds `xml`
  cargo xtask judge prism                 every operation of the vendored APIs, and of three large ones
  cargo xtask judge prism petstore.yaml   every operation of another document
  cargo xtask judge services kinto        whole flows against a running service")]
pub(crate) struct Args {
    #[command(subcommand)]
    judge: Judge,
}

#[derive(Debug, clap::Subcommand)]
enum Judge {
    Autorest(autorest::Args),
    Prism(prism::Args),
    Services(services::Args),
}

/// Runs the judge.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    match &args.judge {
        Judge::Autorest(args) => autorest::run(args),
        Judge::Prism(args) => prism::run(args),
        Judge::Services(args) => services::run(args),
    }
}

//! What `cargo xtask bench` takes on the command line; shared by the light command and the one that measures, so it
//! knows only clap.

use std::path::PathBuf;

use clap::ValueHint;

/// Measure generation, compilation and calls, beside other generators where they are installed.
///
/// Documents are Stripe, GitHub, Discord, Box, `OpenAI`, Kubernetes and Twilio of the corpus, or those that are named.
/// What is measured is a release build of this tool, and the crates that it emits with their dependencies built
/// before: CPU time and peak memory are those of the one process that compiles the crate. The figures are medians.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Documents: names of the list above, in any part and case, or files; the whole list by default.
    #[arg(value_name = "NAME|FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) documents: Vec<String>,

    /// Measure progenitor, ploidy, oas3-gen and openapi-to-rust too, where they are on the PATH.
    #[arg(long)]
    pub(crate) peers: bool,

    /// How often each thing is measured.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub(crate) rounds: u32,

    /// What to measure instead of everything; may be given several times.
    #[arg(long, value_name = "PART")]
    pub(crate) only: Vec<Part>,

    /// Where the corpus is.
    #[arg(long, value_name = "DIR", default_value = "../shared/corpus", value_hint = ValueHint::DirPath)]
    pub(crate) corpus: PathBuf,

    /// Write the figures as JSON.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: Option<PathBuf>,

    /// Write codegen/docs/benchmarks.md and its plots from the figures.
    #[arg(long)]
    pub(crate) write_docs: bool,

    /// Measure nothing: show the figures of an earlier report; those of parts that were measured apart, where it is given
    /// several times.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["documents", "peers", "only", "report"])]
    pub(crate) from: Vec<PathBuf>,
}

/// A part of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// Generating a crate: time, CPU time, memory
    Generation,
    /// `cargo check` of the crate
    Check,
    /// `cargo build` and `cargo build --release` of the crate, and their size
    Build,
    /// Decoding, encoding and calling, beside a client written by hand
    Calls,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask bench                                       everything, ours alone
  cargo xtask bench discord box --only generation         these documents
  cargo xtask bench --peers --rounds 5 --report bench.json --write-docs
  cargo xtask bench --from bench.json --write-docs        the page once more";

impl Arguments {
    /// Whether a part is asked for.
    #[allow(dead_code, reason = "only the one that measures asks")]
    pub(crate) fn measures(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

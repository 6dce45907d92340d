//! What `cargo xtask examples` takes on the command line; shared by the light command and the judge, so it knows only clap.

use std::path::PathBuf;

use clap::ValueHint;

/// Judge every example of a document, or of all below a folder, then decode it with the emitted type and encode it again.
///
/// Examples are those of media types, schemas, parameters, headers and components. The judge is the jsonschema crate: each
/// schema is translated from its dialect to JSON Schema 2020-12; discriminators are ignored; readOnly properties are not
/// required of requests, nor writeOnly ones of responses; of the formats, those are asserted that have a Rust type of their
/// own. An example is lossless when what comes back is equal JSON in all that the schema declares: numbers by value, null
/// and absent alike where the response type folds them. Keys that no schema declares are counted apart.
///
/// From each schema of a component, body or response a few random instances are made and judged, and pass the same way;
/// each is then spoiled in one place (another kind of value, a required key less, an unknown tag or constant). Where the
/// judge agrees that it is spoiled, it must not decode as if nothing were: an error is right, and so is an `Unknown` that
/// is written as it came. Null for an optional property is read as its absence.
///
/// The exit status is 1 when less than 99.8 % of the valid examples decode, less than 99.5 % are lossless, the same of the
/// instances, when a spoiled value decodes, or when a document gives no client; 2 when the command cannot do its work.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask examples petstore.yaml
  cargo xtask examples ../shared/corpus --only stripe --only box --report examples.json
  cargo xtask examples petstore.yaml --instances 50 --seed 7")]
pub(crate) struct Arguments {
    /// The document, or a folder with documents.
    #[arg(value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub(crate) path: PathBuf,
    /// Write what came of it as JSON: an array with an object a document, every failure and every invalid example in it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: Option<PathBuf>,
    /// Only documents whose path below DIR matches: a glob over all of it, or a part of it; may be given several times.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) only: Vec<String>,
    /// An OpenAPI Overlay (1.0) of corrections to apply to FILE; may be given several times. Those of vendored documents
    /// are known.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) overlay: Vec<PathBuf>,
    /// Which random instances are made: the same for the same number.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many random instances are made of each schema.
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub(crate) instances: u16,
    /// Print the examples that the judge calls invalid, and valid values that are kept as `Unknown`, too.
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

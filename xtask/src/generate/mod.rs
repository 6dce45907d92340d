//! `cargo xtask generate`: reads documents from disk, runs the generator and brings files up to date.

mod client_crate;
mod documents;
mod files;
mod manifest;
mod report;

pub(crate) use documents::{Document, runtime_source};
pub(crate) use files::{Mode, Plan};
pub(crate) use report::{Format, Report};

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::ScopedJoinHandle;

use callwright_codegen::{Config, Gating, Layout};
use clap::ValueHint;

use crate::failure::Failure;
use crate::workspace;

/// Generate Rust clients from OpenAPI documents.
///
/// Without arguments, every API of specs/callwright.toml is generated into client/src; files that are
/// up to date already are not touched. With --spec and --out, one document anywhere becomes a crate of
/// its own that depends on nothing here.
///
/// The exit status is 0 when everything was generated, 1 when something of a document had to be left
/// out or --check found stale files, 2 when the arguments are wrong.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask generate                                   all vendored APIs into client/
  cargo xtask generate anam --check                      is client/src/anam up to date?
  cargo xtask generate --spec petstore.yaml --out ../petstore-client")]
pub(crate) struct Args {
    /// The APIs to generate, by their names in specs/callwright.toml; all of them by default.
    #[arg(value_name = "API", conflicts_with_all = ["spec", "out"])]
    apis: Vec<String>,
    /// Write nothing; fail when a file is not what would be generated, and show the difference.
    #[arg(long)]
    check: bool,
    /// Generate this document (Swagger 2.0, OpenAPI 3.0 to 3.2; YAML or JSON) as a standalone crate.
    #[arg(long, value_name = "FILE", requires = "out", value_hint = ValueHint::FilePath)]
    spec: Option<PathBuf>,
    /// The folder of the standalone crate; made if it is not there.
    #[arg(long, value_name = "DIR", requires = "spec", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// The name of the standalone crate; made from the document's title by default.
    #[arg(long, value_name = "NAME", requires = "spec", value_parser = crate_name)]
    name: Option<String>,
    /// An OpenAPI Overlay (1.0) of corrections to apply to --spec; may be given several times.
    #[arg(long, value_name = "FILE", requires = "spec", value_hint = ValueHint::FilePath)]
    overlay: Vec<PathBuf>,
    /// Keep the properties of responses that the document says nothing of, where it leaves an object open; they are ignored
    /// otherwise.
    #[arg(long, requires = "spec")]
    keep_unknown_fields: bool,
    /// Whether each resource stands behind a cargo feature; by default where the document has 100 operations or more. Say which
    /// for a crate that others depend on, so that its features stay when the document grows or shrinks.
    #[arg(
        long,
        value_name = "WHEN",
        requires = "spec",
        default_value = "by-size"
    )]
    resource_features: ResourceFeatures,
    /// How diagnostics are printed: text on stderr, or JSON objects, one a line, on stdout.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print notes, too: things worth knowing that need no action.
    #[arg(long, short)]
    verbose: bool,
    /// The folder that holds `specs` and `client`, instead of this workspace; for tests on a copy.
    #[arg(long, value_name = "DIR", hide = true, conflicts_with = "spec")]
    root: Option<PathBuf>,
}

/// When each resource stands behind a cargo feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ResourceFeatures {
    /// From 100 operations on
    BySize,
    /// For any number of operations
    Always,
    /// The crate is compiled whole
    Never,
}

impl ResourceFeatures {
    fn word(self) -> &'static str {
        match self {
            Self::BySize => "by-size",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl From<ResourceFeatures> for Gating {
    fn from(when: ResourceFeatures) -> Self {
        match when {
            ResourceFeatures::BySize => Self::BySize,
            ResourceFeatures::Always => Self::Always,
            ResourceFeatures::Never => Self::Never,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mode = if args.check { Mode::Check } else { Mode::Write };
    match (&args.spec, &args.out) {
        (Some(spec), Some(out)) => standalone(args, spec, out, mode),
        _ => vendored(args, mode),
    }
}

/// Generates one document as a crate.
fn standalone(args: &Args, spec: &Path, out: &Path, mode: Mode) -> Result<ExitCode, Failure> {
    let (document, runtime) = std::thread::scope(|scope| {
        let runtime = scope.spawn(runtime_source);
        (Document::open(spec, &args.overlay), joined(runtime))
    });
    let (document, runtime) = (document?, runtime?);
    let mut output = document.generate(Config {
        name: args.name.clone(),
        layout: Layout::Crate { runtime: &runtime },
        keep_unknown_fields: args.keep_unknown_fields,
        resource_features: args.resource_features.into(),
        ..Config::default()
    });
    let mut report = Report::new(args.format, args.verbose);
    let files = output.client.as_mut();
    let files = files.map(|client| std::mem::take(&mut client.files));
    // The lines of diagnostics are sought while files are written.
    let changes = std::thread::scope(|scope| {
        let write = |files| Plan::standalone(out, files)?.apply(mode);
        let changes = files.map(|files| scope.spawn(move || write(files)));
        report.diagnostics(&output);
        changes.map(joined).transpose()
    })?;
    let (Some(client), Some(changes)) = (&output.client, changes) else {
        return Ok(report.finish());
    };
    report.changes(&changes, mode, &repair(args));
    report::summary(&document.name, client);
    if mode == Mode::Write {
        report::next(&format!(
            "cargo doc --open --manifest-path {}",
            out.join("Cargo.toml").display()
        ));
    }
    Ok(report.finish())
}

/// What a thread made; its panic goes on here.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Generates the APIs of the manifest into the client crate.
fn vendored(args: &Args, mode: Mode) -> Result<ExitCode, Failure> {
    let root = args.root.clone().unwrap_or_else(workspace::root);
    let manifest = manifest::Manifest::read(&root.join("specs/callwright.toml"))?;
    let apis = manifest.select(&args.apis)?;
    let mut report = Report::new(args.format, args.verbose);
    let mut generated = Vec::new();
    for api in apis {
        let document = manifest.open(api)?;
        let output = document.generate(Config {
            name: Some(api.name.clone()),
            layout: Layout::Module {
                crate_name: "callwright_client",
            },
            keep_unknown_fields: api.keep_unknown_fields,
            resource_features: api.gating(),
            ..Config::default()
        });
        report.diagnostics(&output);
        let Some(client) = output.client else {
            continue;
        };
        report::summary(&document.name, &client);
        if client.files.is_empty() {
            // What stands there is better than nothing.
            continue;
        }
        generated.push((api.name.clone(), client));
    }
    let plan = client_crate::plan(&root.join("client"), &manifest, generated)?;
    let changes = plan.apply(mode)?;
    report.changes(&changes, mode, &repair(args));
    Ok(report.finish())
}

/// The command that brings the files up to date.
fn repair(args: &Args) -> String {
    let mut command = "cargo xtask generate".to_owned();
    let mut add = |word: &str| {
        command.push(' ');
        command.push_str(&shell_word(word));
    };
    for api in &args.apis {
        add(api);
    }
    if let (Some(spec), Some(out)) = (&args.spec, &args.out) {
        for (flag, path) in [("--spec", spec), ("--out", out)] {
            add(flag);
            add(&path.display().to_string());
        }
        for overlay in &args.overlay {
            add("--overlay");
            add(&overlay.display().to_string());
        }
        if let Some(name) = &args.name {
            add("--name");
            add(name);
        }
        if args.keep_unknown_fields {
            add("--keep-unknown-fields");
        }
        if args.resource_features != ResourceFeatures::BySize {
            add("--resource-features");
            add(args.resource_features.word());
        }
    }
    command
}

/// A word as a shell reads it back.
fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The name of a crate as cargo takes it.
fn crate_name(name: &str) -> Result<String, String> {
    match callwright_codegen::names::crate_name_fault(name) {
        Some(fault) => Err(fault),
        None => Ok(name.to_owned()),
    }
}

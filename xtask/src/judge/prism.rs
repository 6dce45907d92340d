//! Prism and express-openapi-validator: every operation of a document, with arguments made from its schemas, judged by two
//! programs that read the same document in their own ways.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::println;

use super::caller::{Caller, Source};
use super::install;
use super::recorder::Recorder;
use super::scenario::module;
use super::session::Session;
use super::verdict::Judge;
use crate::failure::Failure;

const PACKAGES: [&str; 5] = [
    "@stoplight/prism-cli@5.14.2",
    "express@4",
    "express-openapi-validator@5.6.2",
    "cookie-parser@1.4.7",
    "js-yaml@4",
];

/// Large documents of the optional corpus.
const CORPUS: [&str; 3] = ["box.json", "spotify.com_sonallux.json", "discord.json"];

/// Prism and express-openapi-validator: every operation of documents, with arguments made from their schemas.
///
/// By default, of the vendored APIs, and of Box, Spotify and Discord where ../shared/corpus is there. Three seeds each.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The documents (OpenAPI 3.0 or 3.1, YAML or JSON).
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Ask this judge alone; may be given several times.
    #[arg(long, value_name = "JUDGE", value_parser = JUDGES)]
    judge: Vec<String>,
    /// Call the operations whose id holds this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Show every call that a known fault of a judge explains, with what the judge said.
    #[arg(long)]
    excused: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = install::folder("prism")?;
    install::npm(&folder, &PACKAGES)?;
    let files = if args.files.is_empty() {
        usual()?
    } else {
        args.files.clone()
    };
    let sources = sources(files)?;
    let name = if args.files.is_empty() {
        "prism"
    } else {
        "prism-other"
    };
    let mut caller = Caller::start(&folder.join(name), name, &sources)?;
    let apis = std::mem::take(&mut caller.apis);
    let recorder = Recorder::start()?;
    let mut failed = false;
    for (source, api) in sources.iter().zip(&apis) {
        let mut session = Session::new(&mut caller, &folder, source, api, args.only.as_deref());
        for judge in [Judge::Prism, Judge::Validator] {
            if !args.wants(judge.name()) {
                continue;
            }
            match session.judged(judge) {
                Ok(Some(findings)) => {
                    failed |= findings.told(&source.module, judge.name(), args.excused);
                }
                Ok(None) => println!(
                    "SKIPPED: {}, {}: it knows OpenAPI 3 alone",
                    source.module,
                    judge.name()
                ),
                // The one document that it is known not to start on.
                Err(failure) if judge == Judge::Prism && api.title == STRIPE => {
                    println!(
                        "SKIPPED: {}, {PRISM}: it never starts on Stripe: {failure}",
                        source.module
                    );
                }
                Err(failure) => {
                    println!("{}, {}: {failure}", source.module, judge.name());
                    failed = true;
                }
            }
        }
        if args.wants(BYTES) {
            let findings = session.recorded(&recorder)?;
            failed |= findings.told(&source.module, BYTES, args.excused);
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}

const PRISM: &str = "prism";
const BYTES: &str = "bytes";

/// The title of Stripe's document.
const STRIPE: &str = "Stripe API";

const JUDGES: [&str; 3] = [PRISM, "express-openapi-validator", BYTES];

impl Args {
    fn wants(&self, judge: &str) -> bool {
        self.judge.is_empty() || self.judge.iter().any(|wanted| wanted == judge)
    }
}

fn usual() -> Result<Vec<PathBuf>, Failure> {
    let root = install::absolute_root()?;
    let mut files: Vec<PathBuf> = ["anam", "chatsistant", "wassist"]
        .iter()
        .map(|name| root.join("specs").join(name).join("openapi.yaml"))
        .collect();
    let corpus = root.join("../shared/corpus");
    let found: Vec<PathBuf> = CORPUS
        .iter()
        .map(|name| corpus.join(name))
        .filter(|path| path.is_file())
        .collect();
    if found.is_empty() {
        println!("SKIPPED: Box, Spotify and Discord, since there is no ../shared/corpus");
    }
    files.extend(found);
    Ok(files)
}

/// Each document with the module that its client becomes.
fn sources(files: Vec<PathBuf>) -> Result<Vec<Source>, Failure> {
    let mut sources: Vec<Source> = Vec::new();
    for file in files {
        let path = file
            .canonicalize()
            .map_err(|error| Failure::io("find", &file, &error))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        // Vendored documents all have one name: their folders tell them apart.
        let parent = path.parent().and_then(Path::file_name).unwrap_or_default();
        let name = if stem == "openapi" {
            parent.to_string_lossy()
        } else {
            stem
        };
        let mut module = module(&name);
        while sources.iter().any(|source| source.module == module) {
            module.push('x');
        }
        sources.push(Source {
            module,
            path: path.clone(),
        });
    }
    Ok(sources)
}

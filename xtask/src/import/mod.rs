//! `cargo xtask import`: documentation pages to vendored documents; the one file of import that touches disk and terminal.

mod api_name;
mod contribution;
mod document;
mod fields;
mod manifest;
mod merge;
mod openapi_block;
mod origin;
mod page;
mod report;
mod samples;
mod tags;
mod write;
mod yaml;
mod yaml_writer;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::contribution::Contribution;
use self::document::{Existing, Outcome};
use self::manifest::Manifest;
use self::page::Page;
use self::report::{Place, Position, Problem};

/// A larger page is no documentation page.
const LARGEST_PAGE: u64 = 16 * 1024 * 1024;
/// A larger document or manifest was not written by this command.
const LARGEST_DOCUMENT: u64 = 256 * 1024 * 1024;

const EXAMPLE: &str = "\
Two kinds of page are understood:
  · a page with a fenced OpenAPI block whose first line names document, method and path:
      ```yaml api-reference/openapi.json get /api/v1/conversations/
  · a page that describes one operation with <ParamField> and <ResponseField> tags and shows
    it in curl, Python or JavaScript samples.

Pages of one API are merged; pages imported earlier stay in the document. Importing a page
twice changes nothing. On any error nothing is written.

Example, with two pages saved from a documentation site:
  cargo xtask import list-conversations.md create-session.md
  cargo xtask generate wassist";

/// Turn saved documentation pages into a vendored OpenAPI document under specs/.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Args {
    /// Pages as Markdown files, `-` for standard input; nothing is fetched from a network.
    #[arg(value_name = "PAGE", required = true)]
    pages: Vec<String>,
    /// The API that all the pages belong to [default: named by each page's server or site].
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
    /// The folder of the vendored documents and of callwright.toml [default: the workspace's specs].
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
}

/// Imports the pages; the exit status is 1 if anything is wrong, and then nothing is written.
pub(crate) fn run(args: &Args) -> ExitCode {
    let mut problems = Vec::new();
    let result = import(args, &mut problems);
    for problem in &problems {
        anstream::eprint!("{problem}");
    }
    let Some(lines) = result else {
        anstream::eprintln!("nothing was written");
        return ExitCode::FAILURE;
    };
    for line in lines {
        anstream::println!("{line}");
    }
    ExitCode::SUCCESS
}

/// Does the work; none when an error is among the problems.
fn import(args: &Args, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let specs = args.specs.clone().unwrap_or_else(default_specs);
    if let Some(Err(message)) = args.api.as_deref().map(api_name::check) {
        problems
            .push(Problem::error(message, Place::file("--api")).help("for example --api wassist"));
    }
    let mut by_api: BTreeMap<String, Vec<Contribution>> = BTreeMap::new();
    for name in &args.pages {
        for contribution in read_page(name, args.api.as_deref(), problems) {
            match args.api.clone().or_else(|| contribution.api.clone()) {
                Some(api) => by_api.entry(api).or_default().push(contribution),
                None => problems.push(unnamed(&contribution)),
            }
        }
    }
    let manifest_path = specs.join("callwright.toml");
    let manifest = read_manifest(&manifest_path).map_err(|problem| problems.push(problem));
    if has_error(problems) {
        return None;
    }
    let mut manifest = manifest.ok()?;
    let mut writes = Vec::new();
    let mut summary = Vec::new();
    for (api, contributions) in &by_api {
        problems.extend(clash(&manifest, api));
        let Some(outcome) = extend(&specs, &mut manifest, api, contributions, problems) else {
            continue;
        };
        let path = specs.join(&outcome.document);
        summary.push((path.clone(), outcome.summary));
        writes.push(write::File {
            path,
            text: outcome.text,
        });
    }
    if has_error(problems) {
        return None;
    }
    // The manifest comes last: it never promises a document that is not there.
    writes.push(write::File {
        path: manifest_path,
        text: manifest.to_string(),
    });
    match write::all(&writes) {
        Ok(changed) => Some(
            summary
                .into_iter()
                .map(|(path, text)| {
                    let state = if changed.contains(&path) {
                        "wrote"
                    } else {
                        "unchanged"
                    };
                    format!("{state} {}: {text}", shown(&path))
                })
                .collect(),
        ),
        Err((path, error)) => {
            problems.push(
                Problem::error(format!("cannot write: {error}"), Place::file(&shown(&path)))
                    .help("make the folder writable, or name another one with --specs"),
            );
            None
        }
    }
}

fn has_error(problems: &[Problem]) -> bool {
    problems.iter().any(Problem::is_error)
}

/// The workspace that this program was built in.
fn default_specs() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).join("specs")
}

/// A path as a person writes it: relative where it lies below the current folder.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here)
        .unwrap_or(path)
        .display()
        .to_string()
}

fn unnamed(contribution: &Contribution) -> Problem {
    Problem::error(
        "neither a server, the site nor the title names this page's API",
        Place::at(&contribution.page, Position::START),
    )
    .help("name it: --api NAME")
}

/// Two names that are one Rust module cannot both be generated.
fn clash(manifest: &Manifest, api: &str) -> Option<Problem> {
    let other = manifest
        .names()
        .find(|name| *name != api && api_name::module(name) == api_name::module(api))?;
    Some(
        Problem::error(
            format!("`{api}` and `{other}` would be one Rust module"),
            Place::file("callwright.toml"),
        )
        .help(format!("import with --api {other}, or choose another name")),
    )
}

fn read_page(name: &str, api: Option<&str>, problems: &mut Vec<Problem>) -> Vec<Contribution> {
    let shown = if name == "-" { "<stdin>" } else { name };
    let text = match page_text(name, shown) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let page = match Page::parse(shown, &text) {
        Ok(page) => page,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let (mut found, mut faults) = openapi_block::read(&page);
    if found.is_empty() && faults.is_empty() {
        let (contribution, told) = fields::read(&page, api);
        found.extend(contribution);
        faults = told;
    }
    if found.is_empty() && faults.is_empty() {
        faults.push(
            Problem::error(
                "the page has neither an OpenAPI block nor <ParamField> or <ResponseField> tags",
                page.place(Position::START),
            )
            .help("import reads pages that describe an operation; see cargo xtask import --help"),
        );
    }
    problems.append(&mut faults);
    found
}

fn page_text(name: &str, shown: &str) -> Result<String, Problem> {
    if name.starts_with("https://") || name.starts_with("http://") {
        return Err(
            Problem::error("import fetches nothing from a network", Place::file(shown))
                .help("save the page's Markdown to a file first and import the file"),
        );
    }
    let bytes = if name == "-" {
        read_limited(io::stdin().lock(), LARGEST_PAGE)
    } else {
        read_file(Path::new(name), LARGEST_PAGE)
    };
    let bytes = bytes.map_err(|reason| {
        Problem::error(
            format!("cannot read the page: {reason}"),
            Place::file(shown),
        )
        .help(
            "give the path of a saved page; a folder's pages are given one by one, as FOLDER/*.md",
        )
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        Problem::error(
            "the page is not UTF-8 text",
            Place::at(shown, end_of(&before)),
        )
        .help("save the page as text, in UTF-8")
    })
}

/// The position behind a text.
fn end_of(text: &str) -> Position {
    let line = text.matches('\n').count() + 1;
    let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Position::new(line, column)
}

fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let meta = fs::metadata(path).map_err(|error| error.to_string())?;
    if meta.is_dir() {
        return Err("it is a folder".to_owned());
    }
    read_limited(
        fs::File::open(path).map_err(|error| error.to_string())?,
        limit,
    )
}

fn read_limited(input: impl io::Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    input
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(format!("it is larger than {} MiB", limit / 1024 / 1024));
    }
    Ok(bytes)
}

/// The text of a file of ours; none where there is no such file.
fn read_own(path: &Path) -> Result<Option<String>, Problem> {
    if !path.exists() {
        return Ok(None);
    }
    read_file(path, LARGEST_DOCUMENT)
        .and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string()))
        .map(Some)
        .map_err(|reason| {
            Problem::error(format!("cannot read: {reason}"), Place::file(&shown(path)))
                .help("restore the file, or remove it and import every page anew")
        })
}

fn read_manifest(path: &Path) -> Result<Manifest, Problem> {
    let text = read_own(path)?;
    Manifest::parse(text.as_deref()).map_err(|fault| {
        let before = fault
            .offset
            .and_then(|offset| text.as_deref()?.get(..offset));
        let place = match before {
            Some(before) => Place::at(&shown(path), end_of(before)),
            None => Place::file(&shown(path)),
        };
        Problem::error(fault.message, place).help("repair the manifest by hand")
    })
}

/// Extends one API's document and its entry in the manifest.
fn extend(
    specs: &Path,
    manifest: &mut Manifest,
    api: &str,
    contributions: &[Contribution],
    problems: &mut Vec<Problem>,
) -> Option<Outcome> {
    let entry = manifest.entry(api);
    let relative = entry
        .document
        .clone()
        .unwrap_or_else(|| format!("{api}/openapi.yaml"));
    if let Err(reason) = document::check_path(&relative) {
        problems.push(
            Problem::error(
                format!("the document of `{api}` {reason}: {relative}"),
                Place::file("callwright.toml"),
            )
            .help(format!(
                "set document = \"{api}/openapi.yaml\" in the manifest"
            )),
        );
        return None;
    }
    let path = specs.join(&relative);
    let text = match read_own(&path) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    let name = shown(&path);
    let existing = text.as_deref().map(|text| Existing { name: &name, text });
    let (outcome, mut found) =
        document::extend(&relative, &entry, existing.as_ref(), contributions);
    problems.append(&mut found);
    let outcome = outcome?;
    manifest.record(api, &outcome.entry);
    Some(outcome)
}

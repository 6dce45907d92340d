//! The AutoRest test server: named scenarios, each with the values that it expects, and a report of those that happened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anstream::println;
use serde_json::Value;

use super::answer;
use super::caller::{Caller, Source};
use super::install;
use super::scenario::Sheet;
use super::service::Service;
use crate::failure::Failure;

const PACKAGE: &str = "@microsoft.azure/autorest.testserver";
const VERSION: &str = "3.3.51";

/// As many of the general and of the optional scenarios must be covered.
const FLOORS: [usize; 2] = [624, 33];

/// Scenarios that cannot be covered, each with the reason.
const MISSING: &[(&str, &str)] = &[
    (
        "MultiapiDifferentCallsApiVersionOne",
        "the server does not count it: the call is made",
    ),
    (
        "MultiapiDifferentCallsApiVersionTwo",
        "the server does not count it: the call is made",
    ),
    (
        "MultiapiDifferentCallsApiVersionThree",
        "the server does not count it: the call is made",
    ),
    (
        "MultiapiGetTestTwoApiVersionTwo",
        "the server answers with a text where its document says integer",
    ),
    (
        "MultiapiLRO",
        "the server answers with a text where its document says integer",
    ),
    (
        "MultiapiLROAndPaging",
        "the server answers with a text where its document says integer",
    ),
    (
        "MultiapiOperationGroupPaging",
        "only the query of a link to the next page is followed, and this one has none",
    ),
    (
        "MultiapiPaging",
        "only the query of a link to the next page is followed, and this one has none",
    ),
    (
        "MultiapiPostTestFourApiVersionThreePDF",
        "the server does not count it",
    ),
    (
        "MultiapiPutTestOneApiVersionTwo",
        "the server answers with a text where its document says integer",
    ),
    (
        "PassMergePatchObject",
        "the server wants the 14 bytes of `{\"foo\": \"bar\"}` with its space; the client writes JSON without",
    ),
    (
        "RequestWithSecrets",
        "the server wants a query parameter and a body that its document does not describe",
    ),
    (
        "UrlPathsByteEmpty",
        "an empty path parameter would change the path, so it is refused",
    ),
    (
        "UrlPathsStringEmpty",
        "an empty path parameter would change the path, so it is refused",
    ),
    (
        "UrlQueriesArrayCsvEmpty",
        "an empty array is left out of a query (RFC 6570, section 2.3); the server wants the bare name",
    ),
    (
        "putComplexArrayValid",
        "the server wants a null among items that its document says are strings",
    ),
    (
        "putComplexDictionaryValid",
        "the server wants a null among values that its document says are strings",
    ),
];

/// The AutoRest test server: clients of its Swagger 2.0 documents make its named scenarios happen.
///
/// A scenario is covered when the server counts it and every call that belongs to it gave what the server's source
/// says that it gives.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Run the documents whose name holds this text; the floor does not apply then.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// What became of the scenarios of the sheets.
#[derive(Default)]
struct Tally {
    /// By name: why it failed, for those that did.
    failed: BTreeMap<String, String>,
    calls: usize,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = install::folder("autorest")?;
    install::npm(&folder, &[&format!("{PACKAGE}@{VERSION}")])?;
    let package = folder.join("node_modules").join(PACKAGE);
    let sheets = sheets(args.only.as_deref())?;
    let sources: Vec<Source> = sheets
        .iter()
        .map(|sheet| Source {
            module: sheet.module(),
            path: package
                .join("swagger")
                .join(format!("{}.json", sheet.document)),
        })
        .collect();
    let mut caller = Caller::start(&folder, "autorest", &sources)?;
    let server = Service::start(
        "the AutoRest test server",
        &folder.join("server.log"),
        |port| {
            let mut command = Command::new("node");
            command
                .arg(package.join("dist/cli/cli.js"))
                .args(["run", "--port", &port.to_string(), "--coverageDirectory"])
                .arg(folder.join("coverage"));
            command
        },
    )?;
    // Some handlers count under further names of their own: the server's list is what it says before anything happened.
    let mut names = BTreeMap::new();
    for (title, path) in REPORTS {
        names.insert(
            title,
            counts(&server, path)?.into_keys().collect::<Vec<_>>(),
        );
    }
    let mut tally = Tally::default();
    for sheet in &sheets {
        for scenario in &sheet.scenarios {
            let order = place(&sheet.order(scenario, &server.url()), &server);
            let answer = caller.call(&order)?;
            tally.calls += 1;
            if let Some(reason) = answer::differs(&answer, &Value::Object(scenario.expect.clone()))
            {
                let reason = format!("{} of {}: {reason}", scenario.call, sheet.document);
                for name in scenario.name.split_whitespace() {
                    tally
                        .failed
                        .entry(name.to_owned())
                        .or_insert(reason.clone());
                }
            }
        }
    }
    let covered = report(&tally, &server, &names)?;
    let enough = covered
        .iter()
        .zip(FLOORS)
        .all(|(covered, floor)| *covered >= floor);
    let enough = args.only.is_some() || enough;
    if !enough {
        println!("fewer than the {FLOORS:?} that were reached before");
    }
    let only_failed = args.only.is_some() && !tally.failed.is_empty();
    Ok(ExitCode::from(u8::from(!enough || only_failed)))
}

/// An order with the port of the server where it says `PORT`.
fn place(order: &Value, server: &Service) -> Value {
    match order {
        Value::String(text) => text.replace("{PORT}", &server.port().to_string()).into(),
        Value::Array(items) => items.iter().map(|item| place(item, server)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), place(value, server)))
            .collect(),
        other => other.clone(),
    }
}

/// The server's reports: only the first is about what every client must be able to do.
const REPORTS: [(&str, &str); 3] = [
    ("general", "/report"),
    ("optional", "/report/optional"),
    ("azure", "/report/azure"),
];

fn counts(server: &Service, path: &str) -> Result<BTreeMap<String, u64>, Failure> {
    serde_json::from_str(&server.get(path)?)
        .map_err(|error| Failure::new(format!("`{path}` of the server: {error}")))
}

/// Prints what the server counted; returns how many of the general and of the optional scenarios are covered.
fn report(
    tally: &Tally,
    server: &Service,
    names: &BTreeMap<&str, Vec<String>>,
) -> Result<[usize; 2], Failure> {
    let mut covered = [0; 2];
    for (index, (title, path)) in REPORTS.into_iter().enumerate() {
        let counts = counts(server, path)?;
        let names = names.get(title).map_or(&[][..], Vec::as_slice);
        let happened = |name: &String| counts.get(name).is_some_and(|count| *count > 0);
        let passed = names
            .iter()
            .filter(|name| happened(name) && !tally.failed.contains_key(*name))
            .count();
        println!("{title}: {passed} of {} scenarios covered", names.len());
        if let Some(covered) = covered.get_mut(index) {
            *covered = passed;
        }
        for name in names {
            let known = MISSING.iter().find(|(missing, _)| missing == name);
            match (tally.failed.get(name), known) {
                (Some(_), Some((_, why))) => println!("  {name}: {why}"),
                (Some(reason), None) => println!("  {name}: {reason}"),
                (None, _) if happened(name) || index > 1 => {}
                (None, Some((_, why))) => println!("  {name}: {why}"),
                (None, None) => println!("  {name}: not called"),
            }
        }
    }
    println!("{} calls", tally.calls);
    Ok(covered)
}

/// The sheets beside this program's sources, by name.
fn sheets(only: Option<&str>) -> Result<Vec<Sheet>, Failure> {
    let folder = install::absolute_root()?.join("xtask/judges/autorest");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|error| Failure::io("read", &folder, &error))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .filter(|path| only.is_none_or(|text| stem(path).contains(text)))
        .collect();
    paths.sort();
    paths.iter().map(|path| Sheet::read(path)).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

//! Prism and express-openapi-validator: every operation of a document, with arguments made from its schemas, judged by two
//! programs that read the same document in their own ways.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anstream::println;
use callwright_codegen::ir::Api;
use serde_json::{Value, json};

use super::arguments::{Arguments, Fill};
use super::bytes;
use super::caller::{Caller, Source};
use super::faults::{self, Sent};
use super::install;
use super::recorder::Recorder;
use super::scenario::module;
use super::service::Service;
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

/// Each with how much of what may be left out is filled in.
const SEEDS: [(u64, Fill); 3] = [(1, Fill::Required), (2, Fill::All), (3, Fill::Some)];

/// Prism and express-openapi-validator: every operation of documents, with arguments made from their schemas.
///
/// By default, of the vendored APIs, and of Box, Spotify and Discord where ../shared/corpus is there. Three seeds each.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The documents (OpenAPI 3.0 or 3.1, YAML or JSON).
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What one judge says of a request.
enum Verdict {
    /// Nothing against it.
    Right,
    /// The request is wrong.
    Wrong(String),
    /// The reply does not decode.
    Undecodable(String),
    /// The judge is at fault.
    Excused(&'static str),
    /// The judge could not judge.
    Silent(String),
}

/// What there is to say of a document.
#[derive(Default)]
struct Findings {
    calls: usize,
    right: usize,
    wrong: Vec<String>,
    undecodable: Vec<String>,
    excused: BTreeMap<&'static str, usize>,
    silent: BTreeMap<String, usize>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = install::folder("prism")?;
    install::npm(&folder, &PACKAGES)?;
    let files = if args.files.is_empty() {
        usual()?
    } else {
        args.files.clone()
    };
    let mut sources = Vec::new();
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
        sources.push(Source {
            module: module(&name),
            path: path.clone(),
        });
    }
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
        for judge in [JUDGES[0], JUDGES[1]] {
            let server = match start(&folder, source, judge) {
                Ok(server) => server,
                Err(failure) => {
                    println!("{}: {judge} does not start: {failure}", source.module);
                    failed = true;
                    continue;
                }
            };
            let findings = judged(&mut caller, &server, source, api, judge)?;
            failed |= told(&findings, &source.module, judge);
        }
        let findings = recorded(&mut caller, &recorder, source, api)?;
        failed |= told(&findings, &source.module, "bytes");
    }
    Ok(ExitCode::from(u8::from(failed)))
}

const JUDGES: [&str; 2] = ["prism", "express-openapi-validator"];

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

fn start(folder: &Path, source: &Source, judge: &str) -> Result<Service, Failure> {
    let log = folder.join(format!("{}-{judge}.log", source.module));
    let modules = folder.join("node_modules");
    let validator = install::absolute_root()?.join("xtask/judges/prism/validator.js");
    Service::start(judge, &log, |port| {
        let mut command = Command::new("node");
        let port = port.to_string();
        if judge == "prism" {
            command
                .arg(modules.join("@stoplight/prism-cli/dist/index.js"))
                .args(["mock", "--errors", "--port", &port])
                .arg(&source.path);
        } else {
            command
                .arg(validator)
                .arg(&source.path)
                .arg(&port)
                .arg(&modules);
        }
        command
    })
}

/// Calls every operation with every seed.
fn judged(
    caller: &mut Caller,
    server: &Service,
    source: &Source,
    api: &Api,
    judge: &str,
) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    // A stream has the id of the operation that it is of: the caller knows one of them.
    let operations = api.operations.iter().enumerate();
    for (index, operation) in operations.filter(|(_, it)| !it.is_stream) {
        for (seed, fill) in SEEDS {
            let order = ordered(api, index, (seed, fill), source, &server.url());
            let answer = caller.call(&order)?;
            findings.calls += 1;
            let arguments = &order["arguments"];
            let sent = Sent {
                api,
                operation,
                order: &order,
            };
            let place = format!("{} (seed {seed})", operation.id);
            match verdict(&sent, &answer, judge) {
                Verdict::Right => findings.right += 1,
                Verdict::Wrong(reason) => {
                    findings
                        .wrong
                        .push(format!("{place}: {reason}\n      {arguments}"));
                }
                Verdict::Undecodable(reason) => {
                    findings.undecodable.push(format!("{place}: {reason}"));
                }
                Verdict::Excused(reason) => *findings.excused.entry(reason).or_default() += 1,
                Verdict::Silent(reason) => *findings.silent.entry(reason).or_default() += 1,
            }
        }
    }
    Ok(findings)
}

/// The order of a call with made up arguments.
fn ordered(
    api: &Api,
    index: usize,
    (seed, fill): (u64, Fill),
    source: &Source,
    url: &str,
) -> Value {
    let operation = &api.operations[index];
    let mut order = Arguments::new(api, seed * 1_000_003 + index as u64, fill).order(operation);
    order.insert("client".into(), source.module.clone().into());
    order.insert("operation".into(), operation.id.clone().into());
    order.insert("base_url".into(), url.into());
    order.insert("credentials".into(), json!({ "*": "secret" }));
    order.insert("retries".into(), 0.into());
    // Both judges take long over the unions of large documents.
    order.insert("timeout".into(), 120.into());
    order.insert("items".into(), 3.into());
    order.into()
}

/// Calls every operation with every seed, and looks at the bytes that were sent.
fn recorded(
    caller: &mut Caller,
    recorder: &Recorder,
    source: &Source,
    api: &Api,
) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    for (index, operation) in api.operations.iter().enumerate() {
        for (seed, fill) in SEEDS {
            let order = ordered(api, index, (seed, fill), source, &recorder.url());
            caller.call(&order)?;
            findings.calls += 1;
            let wrong = match recorder.take() {
                Some(head) => bytes::wrong(operation, &order, &head),
                None => Some("nothing was sent".to_owned()),
            };
            match wrong {
                Some(reason) => {
                    let (id, arguments) = (&operation.id, &order["arguments"]);
                    findings
                        .wrong
                        .push(format!("{id} (seed {seed}): {reason}\n      {arguments}"));
                }
                None => findings.right += 1,
            }
        }
    }
    Ok(findings)
}

fn verdict(sent: &Sent<'_>, answer: &Value, judge: &str) -> Verdict {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    if let Some(trouble) = answer.get("trouble").and_then(Value::as_str) {
        return Verdict::Wrong(format!("the call could not be made: {trouble}"));
    }
    let status = answer
        .get("status")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let body: Value = serde_json::from_str(text("body")).unwrap_or_default();
    let found = if judge == "prism" {
        prism(answer, &body)
    } else {
        validator(status, &body)
    };
    if let Some(reason) = found {
        return match sent.excuse(&reason, judge) {
            Some(excuse) => Verdict::Excused(excuse),
            None => Verdict::Wrong(reason),
        };
    }
    match text("error") {
        // The replies of the validator are empty: that they do not decode says nothing.
        "decode" if judge != "prism" => Verdict::Right,
        "decode" if faults::is_of_an_example(text("message")) => {
            Verdict::Excused("Prism answers with an example that contradicts its schema")
        }
        "decode" => Verdict::Undecodable(text("message").to_owned()),
        "api" if judge == "prism" && body.get("type").is_some_and(is_problem) => {
            let title = body
                .get("title")
                .and_then(Value::as_str)
                .unwrap_or_default();
            // The request was found right before: what is left is the reply that Prism made up.
            Verdict::Silent(format!("the reply, {status} {title}"))
        }
        "" | "api" => Verdict::Right,
        "transport" if judge == "prism" => Verdict::Silent("it broke the connection".to_owned()),
        error => Verdict::Wrong(format!("{error}: {}", text("message"))),
    }
}

fn is_problem(kind: &Value) -> bool {
    kind.as_str()
        .is_some_and(|kind| kind.contains("stoplight.io/prism/errors"))
}

/// What Prism says against a request: the violations whose location is the request.
fn prism(answer: &Value, body: &Value) -> Option<String> {
    let header = answer
        .pointer("/headers/sl-violations")
        .and_then(Value::as_str)
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let violations = header.as_ref().and_then(Value::as_array);
    let ours: Vec<String> = violations
        .into_iter()
        .flatten()
        .filter(|violation| violation.pointer("/location/0") == Some(&json!("request")))
        .map(Value::to_string)
        .collect();
    if !ours.is_empty() {
        return Some(ours.join("; "));
    }
    if !body.get("type").is_some_and(is_problem) {
        return None;
    }
    let kind = body["type"].as_str().unwrap_or_default();
    let fault = [
        "UNPROCESSABLE_ENTITY",
        "INVALID_CONTENT_TYPE",
        "UNAUTHORIZED",
        "NO_PATH_MATCHED_ERROR",
        "NO_METHOD_MATCHED_ERROR",
        "NO_BASE_URL_MATCHED_ERROR",
    ];
    fault.iter().any(|fault| kind.ends_with(fault)).then(|| {
        format!(
            "{}: {}",
            kind.rsplit(['/', '#']).next().unwrap_or_default(),
            body.get("validation").unwrap_or(&body["detail"])
        )
    })
}

/// What express-openapi-validator says against a request.
fn validator(status: u64, body: &Value) -> Option<String> {
    (status >= 400).then(|| {
        let errors = body
            .get("errors")
            .filter(|errors| errors.as_array().is_some_and(|all| !all.is_empty()));
        format!("{status}: {}", errors.unwrap_or(&body["message"]))
    })
}

/// Prints the findings; returns whether there is something wrong.
fn told(findings: &Findings, document: &str, judge: &str) -> bool {
    println!(
        "{document}, {judge}: {} calls, {} right, {} wrong, {} replies that do not decode",
        findings.calls,
        findings.right,
        findings.wrong.len(),
        findings.undecodable.len()
    );
    for reason in findings.wrong.iter().chain(&findings.undecodable) {
        println!("    {reason}");
    }
    for (reason, count) in &findings.excused {
        println!("  {count} excused: {reason}");
    }
    for (reason, count) in &findings.silent {
        println!("  {count} requests found right, but without a reply to decode: {reason}");
    }
    !findings.wrong.is_empty() || !findings.undecodable.is_empty()
}

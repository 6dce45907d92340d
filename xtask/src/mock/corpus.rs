//! Every GET of the public documents beside the project is answered, without a failure and by its own schema.

use std::{fs, path::Path};

use hyper::{HeaderMap, Method, header::HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::{
    answer::Api,
    credential::Accepted,
    document::{Operation, member, members},
    generate::Maker,
    judge::Direction,
    load,
    media::{Kind, kind},
    parameter::{Parameter, Place},
    request::Request,
};

/// What became of the operations of a document.
#[derive(Debug, Default)]
struct Tally {
    asked: usize,
    answered: usize,
    refused: Vec<String>,
    failed: Vec<String>,
    invalid: Vec<String>,
}

#[test]
#[ignore = "takes minutes, and needs the documents of ../shared/corpus: cargo test -p xtask --features mock corpus -- --ignored --nocapture"]
fn public_documents_are_served() {
    let folder = std::env::var("CORPUS_FOLDER")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus").to_owned());
    let only = std::env::var("CORPUS").unwrap_or_default();
    let mut failures = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the corpus is present")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    for path in files {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_document = [".json", ".yaml", ".yml"]
            .iter()
            .any(|end| name.ends_with(end));
        if !is_document || !only.split(',').any(|only| name.contains(only)) {
            continue;
        }
        let loaded = load::load(Path::new("/nonexistent"), path.to_str());
        let root = match loaded.map(|mut loaded| loaded.remove(0).root) {
            Ok(root) => root,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        let api = Api::new(root, "http://127.0.0.1:1".to_owned(), 45, Accepted(None));
        let tally = tally(&api);
        println!(
            "{name}: {} asked, {} answered, {} refused, {} failed, {} invalid by their schema",
            tally.asked,
            tally.answered,
            tally.refused.len(),
            tally.failed.len(),
            tally.invalid.len()
        );
        let show = std::env::var("SHOW")
            .ok()
            .and_then(|count| count.parse().ok())
            .unwrap_or(2);
        for line in tally
            .refused
            .iter()
            .take(show)
            .chain(tally.invalid.iter().take(show))
        {
            println!("    {}", line.chars().take(400).collect::<String>());
        }
        failures.extend(
            tally
                .failed
                .into_iter()
                .map(|line| format!("{name}: {line}")),
        );
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

fn tally(api: &Api) -> Tally {
    let mut tally = Tally::default();
    for operation in api
        .operations()
        .iter()
        .filter(|operation| operation.method == "GET")
    {
        let request = request(api, operation);
        let reply = api.answer(&request);
        let line = |reason: &str| {
            format!(
                "{} {}?{} -> {} {reason}",
                operation.id, request.path, request.query, reply.status
            )
        };
        tally.asked += 1;
        match reply.status {
            500.. => tally.failed.push(line(&reply.reason)),
            400.. => tally.refused.push(line(&reply.reason)),
            _ => tally.answered += 1,
        }
        let media_type = reply
            .headers
            .iter()
            .find(|(name, _)| name == "content-type");
        if let Some((_, media_type)) = media_type
            .filter(|(_, media_type)| kind(media_type) == Kind::Json && reply.status < 400)
        {
            let faults = faults(api, operation, reply.status, media_type, &reply.body);
            if let Some(fault) = faults.first() {
                tally.invalid.push(line(fault));
            }
        }
    }
    tally
}

fn faults(
    api: &Api,
    operation: &Operation,
    status: u16,
    media_type: &str,
    body: &[u8],
) -> Vec<String> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return vec!["not JSON".to_owned()];
    };
    let responses = member(operation.value, "responses");
    let codes = [status.to_string(), "2XX".to_owned(), "default".to_owned()];
    let response = codes
        .iter()
        .map(|code| member(responses, code))
        .find(|response| !response.is_null());
    let Some(response) = response.map(|response| api.document.resolve(response)) else {
        return Vec::new();
    };
    let content = member(response, "content");
    let media = members(content)
        .find(|(name, _)| *name == media_type)
        .or(members(content).next());
    let Some((_, media)) = media else {
        return Vec::new();
    };
    // The document's own examples are its own affair.
    if media.get("example").is_some() || media.get("examples").is_some() {
        return Vec::new();
    }
    let faults = api
        .judge
        .faults(member(media, "schema"), Direction::Response, &value);
    faults
        .into_iter()
        .map(|fault| format!("{} {}", fault.pointer, fault.reason))
        .collect()
}

/// A request with what the operation requires.
fn request(api: &Api, operation: &Operation) -> Request {
    let mut path = operation.template.text().to_owned();
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut headers = HeaderMap::new();
    let base64 = "Basic dXNlcjpwYXNz";
    let schemes = member(member(api.document.root(), "components"), "securitySchemes");
    let asked = operation
        .security
        .iter()
        .flat_map(members)
        .map(|(name, _)| member(schemes, name));
    let wants_basic = asked
        .into_iter()
        .any(|scheme| member(scheme, "scheme") == "basic");
    headers.insert(
        "authorization",
        HeaderValue::from_static(if wants_basic { base64 } else { "Bearer token" }),
    );
    headers.insert("accept", HeaderValue::from_static("*/*"));
    for scheme in members(member(
        member(api.document.root(), "components"),
        "securitySchemes",
    ))
    .map(|(_, scheme)| scheme)
    {
        let name = member(scheme, "name").as_str().unwrap_or_default();
        if operation
            .parameters
            .iter()
            .any(|parameter| parameter.name == name)
        {
            continue;
        }
        match member(scheme, "in").as_str() {
            Some("query") => drop(query.append_pair(name, "key")),
            Some("cookie") => {
                headers.append("cookie", format!("{name}=key").parse().expect("a cookie"));
            }
            Some("header") if !name.eq_ignore_ascii_case("authorization") => {
                headers.insert(
                    hyper::header::HeaderName::from_bytes(name.as_bytes()).expect("a name"),
                    HeaderValue::from_static("key"),
                );
            }
            _ => {}
        }
    }
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.is_required())
    {
        let value = Maker::new(api.document, &api.judge, "request")
            .value(parameter.schema, &parameter.name);
        let texts = texts(&value);
        let joined = texts
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join(",");
        match parameter.place {
            Place::Path => {
                let encoded = utf8_percent_encode(&joined, NON_ALPHANUMERIC).to_string();
                path = path.replace(&format!("{{{}}}", parameter.name), &encoded);
            }
            Place::Header => {
                let name = hyper::header::HeaderName::from_bytes(parameter.name.as_bytes())
                    .expect("a name");
                headers.insert(
                    name,
                    HeaderValue::from_bytes(joined.as_bytes()).expect("a value"),
                );
            }
            Place::Cookie => drop(
                headers.append(
                    "cookie",
                    format!("{}={joined}", parameter.name)
                        .parse()
                        .expect("a cookie"),
                ),
            ),
            _ => pairs(parameter, &value, &texts, &joined)
                .into_iter()
                .for_each(|(name, text)| {
                    query.append_pair(&name, &text);
                }),
        }
    }
    let path = path.split('#').next().unwrap_or_default().to_owned();
    let (path, fixed) = path
        .split_once('?')
        .map(|(path, query)| (path.to_owned(), query.to_owned()))
        .unwrap_or((path, String::new()));
    let query = [fixed, query.finish()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("&");
    let path = format!("{}{path}", operation.bases[0]);
    Request {
        method: Method::GET,
        path,
        query,
        headers,
        body: hyper::body::Bytes::new(),
    }
}

fn pairs(
    parameter: &Parameter,
    value: &Value,
    texts: &[(String, String)],
    joined: &str,
) -> Vec<(String, String)> {
    let name = &parameter.name;
    match (value, parameter.is_exploded(), parameter.is_deep()) {
        (Value::Object(_), _, true) => texts
            .iter()
            .map(|(key, text)| (format!("{name}[{key}]"), text.clone()))
            .collect(),
        (Value::Object(_), true, _) => texts.to_vec(),
        (Value::Array(_), true, _) => texts
            .iter()
            .map(|(_, text)| (name.clone(), text.clone()))
            .collect(),
        _ => vec![(name.clone(), joined.to_owned())],
    }
}

fn texts(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| (String::new(), text(item)))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, item)| (name.clone(), text(item)))
            .collect(),
        scalar => vec![(String::new(), text(scalar))],
    }
}

//! Real services: their packages are installed into ignored folders, their clients are generated from the documents that
//! they publish while they run, and whole flows run against them.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anstream::println;
use serde_json::{Map, Value};

use super::answer;
use super::caller::{Caller, Source};
use super::install;
use super::scenario::Sheet;
use super::service::Service;
use crate::failure::Failure;

/// A service: what it is installed from, and how it is started.
struct Kind {
    name: &'static str,
    packages: &'static [&'static str],
    /// Where it publishes its document.
    document: &'static str,
    /// The program and its arguments; `{PORT}`, `{FOLDER}` and `{APPS}` are filled in.
    command: &'static [&'static str],
}

const KINDS: [Kind; 5] = [
    Kind {
        name: "chroma",
        packages: &["chromadb"],
        document: "/openapi.json",
        command: &[
            "bin/chroma",
            "run",
            "--host",
            "localhost",
            "--port",
            "{PORT}",
            "--path",
            "{FOLDER}/data",
        ],
    },
    Kind {
        name: "django",
        packages: &["djangorestframework", "drf-spectacular", "waitress"],
        document: "/schema",
        command: &["bin/python", "{APPS}/django_app.py", "{PORT}", "{FOLDER}"],
    },
    Kind {
        name: "fastapi",
        packages: &["fastapi", "uvicorn", "python-multipart"],
        document: "/openapi.json",
        command: &["bin/python", "{APPS}/fastapi_app.py", "{PORT}", "{FOLDER}"],
    },
    Kind {
        name: "httpbin",
        packages: &["httpbin", "gunicorn", "flasgger"],
        document: "/spec.json",
        command: &[
            "bin/gunicorn",
            "--workers",
            "2",
            "--threads",
            "4",
            "--bind",
            "127.0.0.1:{PORT}",
            "httpbin:app",
        ],
    },
    Kind {
        name: "kinto",
        packages: &["kinto", "waitress", "setuptools<81"],
        document: "/v1/__api__",
        command: &["bin/python", "{APPS}/kinto_app.py", "{PORT}"],
    },
];

/// Real services, installed from PyPI: clients of the documents that they publish run whole flows.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The services; all of them by default.
    #[arg(value_name = "NAME", value_parser = KINDS.map(|kind| kind.name))]
    names: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let root = install::folder("services")?;
    let apps = install::absolute_root()?.join("xtask/judges/services");
    let mut running = Vec::new();
    let mut sources = Vec::new();
    let chosen = KINDS
        .iter()
        .filter(|kind| args.names.is_empty() || args.names.iter().any(|name| name == kind.name));
    for kind in chosen {
        let folder = root.join(kind.name);
        install::python(&folder, kind.packages)?;
        let service = start(kind, &folder, &apps)?;
        let document = service.get(kind.document)?;
        let path = folder.join(format!("{}.json", kind.name));
        std::fs::write(&path, document).map_err(|error| Failure::io("write", &path, &error))?;
        sources.push(Source {
            module: kind.name.to_owned(),
            path,
        });
        running.push((kind, service));
    }
    let name = match args.names.as_slice() {
        [] => "services".to_owned(),
        names => format!("services-{}", names.join("-")),
    };
    let mut caller = Caller::start(&root.join(&name), &name, &sources)?;
    let mut failed = false;
    for (kind, service) in &running {
        let sheet = Sheet::read(&apps.join(format!("{}.yaml", kind.name)))?;
        failed |= flows(&mut caller, service, &sheet)?;
    }
    Ok(ExitCode::from(u8::from(failed)))
}

fn start(kind: &Kind, folder: &Path, apps: &Path) -> Result<Service, Failure> {
    Service::start(kind.name, &folder.join("server.log"), |port| {
        let filled: Vec<String> = kind
            .command
            .iter()
            .map(|word| {
                word.replace("{PORT}", &port.to_string())
                    .replace("{FOLDER}", &folder.display().to_string())
                    .replace("{APPS}", &apps.display().to_string())
            })
            .collect();
        let program: PathBuf = folder.join(filled.first().map_or("", String::as_str));
        let mut command = Command::new(program);
        command.args(filled.iter().skip(1)).current_dir(folder);
        command
    })
}

/// Makes the calls of a sheet in their order; returns whether one of them failed.
fn flows(caller: &mut Caller, service: &Service, sheet: &Sheet) -> Result<bool, Failure> {
    let mut known = Map::new();
    known.insert("PORT".into(), service.port().into());
    let mut failures = Vec::new();
    for scenario in &sheet.scenarios {
        let order = filled(&sheet.order(scenario, &service.url()), &known);
        let answer = caller.call(&order)?;
        let expected = filled(&Value::Object(scenario.expect.clone()), &known);
        if let Some(reason) = answer::differs(&answer, &expected) {
            failures.push(format!("{} ({}): {reason}", scenario.name, scenario.call));
        }
        for (name, pointer) in &scenario.save {
            match answer.pointer(pointer) {
                Some(value) => {
                    known.insert(name.clone(), value.clone());
                }
                None => failures.push(format!("{}: there is no `{pointer}`", scenario.name)),
            }
        }
    }
    let calls = sheet.scenarios.len();
    println!(
        "{}: {} of {calls} steps passed",
        sheet.document,
        calls.saturating_sub(failures.len())
    );
    for failure in &failures {
        println!("  {failure}");
    }
    Ok(!failures.is_empty())
}

/// A value with what is known in the place of `{NAME}`: as it is where nothing else stands there.
fn filled(value: &Value, known: &Map<String, Value>) -> Value {
    match value {
        Value::String(text) => {
            for (name, value) in known {
                if *text == format!("{{{name}}}") {
                    return value.clone();
                }
            }
            let mut text = text.clone();
            for (name, value) in known {
                let shown = match value {
                    Value::String(value) => value.clone(),
                    other => other.to_string(),
                };
                text = text.replace(&format!("{{{name}}}"), &shown);
            }
            text.into()
        }
        Value::Array(items) => items.iter().map(|item| filled(item, known)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), filled(value, known)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::filled;

    #[test]
    fn what_is_known_keeps_its_type_where_it_stands_alone() {
        let known = json!({ "id": 7 }).as_object().cloned().unwrap_or_default();
        assert_eq!(
            filled(&json!({ "a": "{id}", "b": ["x{id}", "{other}"] }), &known),
            json!({ "a": 7, "b": ["x7", "{other}"] })
        );
    }
}

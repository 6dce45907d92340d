//! Reads and lowers documents and says whether every part deserializes: `cargo run --example lower -- [-v] FILE…`.

use std::path::{Component, Path};
use std::time::Instant;

use callwright_codegen::diagnostic::{Pointer, Severity, Style, render};
use callwright_codegen::dialect::{Lowered, lower};
use callwright_codegen::source::{Input, Limits, LoadError, read};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn main() {
    let mut verbose = false;
    for argument in std::env::args().skip(1) {
        if argument == "-v" {
            verbose = true;
            continue;
        }
        one(&argument, verbose);
    }
}

fn one(name: &str, verbose: bool) {
    let path = Path::new(name);
    let folder = path.parent().unwrap_or(Path::new("."));
    let Ok(bytes) = std::fs::read(path) else {
        println!("{name}: unreadable");
        return;
    };
    let load = |relative: &str| {
        let relative = Path::new(relative);
        assert!(
            relative
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
        );
        std::fs::read(folder.join(relative)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => LoadError::Missing,
            _ => LoadError::Unreadable(error.to_string()),
        })
    };
    let overlays = std::env::var("OVERLAY")
        .iter()
        .filter_map(|name| Some((name.clone(), std::fs::read(name).ok()?)))
        .collect();
    let start = Instant::now();
    let (tree, files, mut diagnostics) = read(&Input {
        name,
        bytes: &bytes,
        loader: &load,
        overlays,
        limits: Limits::default(),
    });
    let reading = start.elapsed();
    let start = Instant::now();
    let lowered = tree.and_then(|tree| {
        let (lowered, more) = lower(tree);
        diagnostics.extend(more);
        lowered
    });
    let lowering = start.elapsed();
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    let (version, parts, wrong) = match &lowered {
        Some(lowered) => {
            let (parts, wrong) = check(lowered);
            (lowered.version.clone(), parts, wrong)
        }
        None => ("-".to_owned(), 0, Vec::new()),
    };
    println!(
        "{name}: {version} read {} ms lower {} ms, {} errors {} warnings {} notes, {parts} parts, {} wrong",
        reading.as_millis(),
        lowering.as_millis(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
        wrong.len(),
    );
    for wrong in wrong.iter().take(5) {
        println!("   {wrong}");
    }
    if verbose {
        print!("{}", render(&diagnostics, &files, Style::Plain));
    }
    if let Ok(out) = std::env::var("DUMP")
        && let Some(lowered) = lowered
    {
        let _ = std::fs::write(
            out,
            serde_json::to_string_pretty(&lowered.value).unwrap_or_default(),
        );
    }
}

fn check(lowered: &Lowered) -> (usize, Vec<String>) {
    let value = &lowered.value;
    let mut check = Check {
        parts: 0,
        wrong: Vec::new(),
    };
    check.one::<openapiv3::Info>("/info", &value["info"]);
    check.list::<openapiv3::Server>("/servers", &value["servers"]);
    check.list::<openapiv3::Tag>("/tags", &value["tags"]);
    check.list::<openapiv3::SecurityRequirement>("/security", &value["security"]);
    let components = &value["components"];
    check.map::<openapiv3::ReferenceOr<openapiv3::Schema>>(
        "/components/schemas",
        &components["schemas"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::Parameter>>(
        "/components/parameters",
        &components["parameters"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::Response>>(
        "/components/responses",
        &components["responses"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::RequestBody>>(
        "/components/requestBodies",
        &components["requestBodies"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::Header>>(
        "/components/headers",
        &components["headers"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::SecurityScheme>>(
        "/components/securitySchemes",
        &components["securitySchemes"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::Example>>(
        "/components/examples",
        &components["examples"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::Link>>("/components/links", &components["links"]);
    check.map::<openapiv3::ReferenceOr<openapiv3::Callback>>(
        "/components/callbacks",
        &components["callbacks"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::PathItem>>(
        "/components/pathItems",
        &components["pathItems"],
    );
    check.map::<openapiv3::ReferenceOr<openapiv3::PathItem>>("/paths", &value["paths"]);
    check.map::<openapiv3::ReferenceOr<openapiv3::PathItem>>(
        "/x-callwright-webhooks",
        &value["x-callwright-webhooks"],
    );
    let mut dangling = Vec::new();
    references(value, value, &mut dangling);
    for reference in dangling {
        check.wrong.push(format!("dangling {reference}"));
    }
    (check.parts, check.wrong)
}

fn references(value: &Value, root: &Value, dangling: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                let pointer = Pointer::from(reference.as_str());
                if root.pointer(pointer.as_str()).is_none() && !reference.contains('%') {
                    dangling.push(reference.clone());
                }
            }
            for (key, value) in object {
                if ![
                    "example",
                    "examples",
                    "value",
                    "default",
                    "enum",
                    "properties",
                ]
                .contains(&key.as_str())
                    && (!key.starts_with("x-") || key.starts_with("x-callwright"))
                {
                    references(value, root, dangling);
                }
                if key == "properties"
                    && let Value::Object(properties) = value
                {
                    for value in properties.values() {
                        references(value, root, dangling);
                    }
                }
            }
        }
        Value::Array(list) => list
            .iter()
            .for_each(|value| references(value, root, dangling)),
        _ => {}
    }
}

struct Check {
    parts: usize,
    wrong: Vec<String>,
}

impl Check {
    fn one<T: DeserializeOwned>(&mut self, place: &str, value: &Value) {
        self.parts += 1;
        if let Err(error) = T::deserialize(value) {
            self.wrong.push(format!("{place}: {error}"));
        }
    }

    fn list<T: DeserializeOwned>(&mut self, place: &str, value: &Value) {
        for (index, value) in value.as_array().into_iter().flatten().enumerate() {
            self.one::<T>(&format!("{place}/{index}"), value);
        }
    }

    fn map<T: DeserializeOwned>(&mut self, place: &str, value: &Value) {
        for (key, value) in value.as_object().into_iter().flatten() {
            if !key.starts_with("x-") || place != "/paths" {
                self.one::<T>(&format!("{place}/{key}"), value);
            }
        }
    }
}

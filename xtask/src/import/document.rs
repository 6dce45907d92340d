//! One API's vendored document: what is there and what pages add, merged, written as text and proven to read back.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Component, Path};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::contribution::{Contribution, Places};
use super::fields::names;
use super::manifest::Entry;
use super::merge::{METHODS, Source, merge};
use super::report::{Place, Problem};
use super::yaml::parse_yaml;
use super::{origin, yaml_writer};

/// The vendored document before the import.
pub(super) struct Existing<'a> {
    /// As a person writes its path.
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

/// The document after the import.
pub(super) struct Outcome {
    /// Relative to the folder of the manifest.
    pub(super) document: String,
    pub(super) text: String,
    pub(super) entry: Entry,
    /// What the document holds, for the terminal.
    pub(super) summary: String,
}

/// Checks that a manifest's document is a YAML file inside the folder of the manifest.
pub(super) fn check_path(document: &str) -> Result<(), &'static str> {
    let path = Path::new(document);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !inside || document.contains('\\') {
        return Err("lies outside of the folder");
    }
    let is_yaml = path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    });
    if is_yaml {
        Ok(())
    } else {
        Err("is not YAML, and import writes YAML alone")
    }
}

/// Merges what is there with the pages; none when they contradict each other.
pub(super) fn extend(
    relative: &str,
    entry: &Entry,
    existing: Option<&Existing<'_>>,
    contributions: &[Contribution],
) -> (Option<Outcome>, Vec<Problem>) {
    let mut problems = Vec::new();
    let old = match existing.map(|existing| read_existing(existing, entry, &mut problems)) {
        Some(None) => return (None, problems),
        Some(old) => old,
        None => None,
    };
    let mut sources: Vec<(&str, &Value, &Places)> = contributions
        .iter()
        .map(|one| (one.page.as_str(), &one.document, &one.places))
        .collect();
    if let (Some(existing), Some((document, places))) = (existing, &old) {
        sources.insert(0, (existing.name, document, places));
    }
    let document = match unite(&sources) {
        Ok(mut document) => {
            if names::are_derived(&document) {
                names::assign(&mut document);
            }
            document
        }
        Err(conflicts) => {
            problems.extend(conflicts);
            return (None, problems);
        }
    };
    problems.extend(dangling(relative, &document));
    // A document that is gone took its origins with it.
    let kept = if old.is_some() {
        entry.origin.as_slice()
    } else {
        &[]
    };
    let origins: BTreeSet<&String> = kept
        .iter()
        .chain(contributions.iter().flat_map(|one| &one.origin))
        .collect();
    let origins: Vec<String> = origins.into_iter().cloned().collect();
    let text = format!("{}{}", provenance(&origins), yaml_writer::write(&document));
    if parse_yaml(&text).as_ref() != Ok(&document) {
        problems.push(
            Problem::error(
                "the document does not read back as it was written",
                Place::file(relative),
            )
            .help("this is a fault of cargo xtask import: please report it with the page"),
        );
        return (None, problems);
    }
    let outcome = Outcome {
        document: relative.to_owned(),
        entry: Entry {
            document: Some(relative.to_owned()),
            sha256: Some(sha256(&text)),
            origin: origins,
        },
        summary: summary(&document),
        text,
    };
    (Some(outcome), problems)
}

fn unite(sources: &[(&str, &Value, &Places)]) -> Result<Value, Vec<Problem>> {
    let finders: Vec<_> = sources
        .iter()
        .map(|(_, _, places)| move |pointer: &[String]| places.find(pointer))
        .collect();
    let sources: Vec<_> = sources
        .iter()
        .zip(&finders)
        .map(|(&(name, document, _), locate)| Source {
            name,
            document,
            locate,
        })
        .collect();
    merge(&sources)
}

/// Reads the vendored document, and says so when it is not the one that was imported.
fn read_existing(
    existing: &Existing<'_>,
    entry: &Entry,
    problems: &mut Vec<Problem>,
) -> Option<(Value, Places)> {
    if entry
        .sha256
        .as_ref()
        .is_some_and(|recorded| *recorded != sha256(existing.text))
    {
        problems.push(
            Problem::warning(
                "this document is not as it was imported: its sha256 differs from the manifest",
                Place::file(existing.name),
            )
            .help("restore it, and put corrections into an overlay beside it"),
        );
    }
    let document = parse_yaml(existing.text).map_err(|fault| {
        Problem::error(
            format!("the vendored document is broken: {}", fault.message),
            Place::at(existing.name, fault.at),
        )
    });
    let document = document.and_then(|document| {
        let is_openapi = document.get("openapi").is_some_and(Value::is_string);
        let place = Place::file(existing.name);
        is_openapi
            .then_some(document)
            .ok_or_else(|| Problem::error("the vendored document is not OpenAPI 3", place))
    });
    match document {
        Ok(mut document) => {
            if names::are_derived(&document) {
                names::remove(&mut document);
            }
            Some((document, Places::Text(existing.text.to_owned())))
        }
        Err(problem) => {
            problems.push(problem.help("restore it, or remove it and import every page anew"));
            None
        }
    }
}

/// The first line: where the document comes from and how it is extended; no date and no path of this machine.
fn provenance(origins: &[String]) -> String {
    let documents: BTreeSet<&str> = origins
        .iter()
        .map(|entry| origin::document(entry))
        .collect();
    let documents: Vec<&str> = documents.into_iter().collect();
    format!(
        "# Imported from {} by `cargo xtask import PAGE…`; do not edit: import again, or correct it in an overlay.\n",
        documents.join(", ")
    )
}

fn sha256(text: &str) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn summary(document: &Value) -> String {
    let paths = document.get("paths").and_then(Value::as_object);
    let operations: usize = paths
        .into_iter()
        .flat_map(serde_json::Map::values)
        .map(|item| {
            METHODS
                .iter()
                .filter(|method| item.get(**method).is_some())
                .count()
        })
        .sum();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .map_or(0, serde_json::Map::len);
    let count = |number: usize, noun: &str| {
        format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
    };
    format!(
        "{}, {}",
        count(operations, "operation"),
        count(schemas, "schema")
    )
}

/// References that no page resolves: another page may still bring what they name.
fn dangling(name: &str, document: &Value) -> Vec<Problem> {
    let mut found = BTreeSet::new();
    references(document, &mut found);
    found
        .into_iter()
        .filter(|reference| !resolves(document, reference))
        .map(|reference| {
            Problem::warning(
                format!("no imported page brings {reference}"),
                Place::file(name),
            )
            .help("import a page that has it; generate rejects what refers to it until then")
        })
        .collect()
}

fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(target) if key == "$ref" && target.starts_with("#/") => {
                        found.insert(target);
                    }
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn resolves(document: &Value, reference: &str) -> bool {
    // A fragment may be percent-encoded; such ones are left to generate, which decodes them.
    reference.contains('%') || document.pointer(&reference[1..]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_stays_in_its_folder() {
        assert_eq!(check_path("wassist/openapi.yaml"), Ok(()));
        for bad in [
            "../x.yaml",
            "/x.yaml",
            "x/../../y.yaml",
            "a\\..\\x.yaml",
            "x.json",
            "x",
        ] {
            assert!(check_path(bad).is_err(), "{bad}");
        }
    }
}

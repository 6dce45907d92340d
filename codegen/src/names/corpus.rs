//! The surface of large public documents, judged whole; skipped where `../shared/corpus` is not there.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::tests::operation;
use super::*;

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CALLWRIGHT_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there", folder.display());
    None
}

/// The operations of a document, with nothing but what names them.
fn bare(file: &Path) -> Api {
    let text = std::fs::read_to_string(file).unwrap();
    let paths = if file
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        serde_json::from_str::<Value>(&text).unwrap()["paths"].take()
    } else {
        // Numbers beyond JSON's stand outside of the paths.
        let document: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        serde_json::to_value(&document["paths"]).unwrap()
    };
    let mut api = Api::default();
    for (path, item) in paths.as_object().into_iter().flatten() {
        for (method, found) in item.as_object().into_iter().flatten() {
            if !matches!(
                method.as_str(),
                "get" | "put" | "post" | "delete" | "patch" | "head" | "options"
            ) {
                continue;
            }
            let tags: Vec<&str> = found["tags"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let id = found["operationId"].as_str().unwrap_or_default();
            api.operations
                .push(operation(id, &method.to_uppercase(), path, &tags));
        }
    }
    api
}

fn lines(api: &Api) -> Vec<String> {
    let (names, _) = assign(
        api,
        &Options {
            api_name: "acme".to_owned(),
            ..Options::default()
        },
    );
    names
        .operations
        .iter()
        .zip(&api.operations)
        .map(|(found, operation)| {
            let module = &names.resources[found.resource].module;
            format!(
                "{module}().{}()  {}  <- {} {} {}",
                found.method, found.request, operation.method, operation.path, operation.id
            )
        })
        .collect()
}

#[test]
fn every_operation_of_the_corpus_has_a_name_of_its_own() {
    let Some(folder) = corpus() else {
        return;
    };
    let show = std::env::var("CALLWRIGHT_SHOW").unwrap_or_default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let stem = file.file_name().unwrap().to_string_lossy().into_owned();
        let is_json = file
            .extension()
            .is_some_and(|extension| extension == "json");
        let is_yaml = file
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml");
        // YAML is slow to read here: only where it is asked for.
        if !stem.contains(&show) || !(is_json || is_yaml && !show.is_empty()) {
            continue;
        }
        let api = bare(&file);
        let found = lines(&api);
        assert_eq!(found.len(), api.operations.len(), "{stem}");
        let numbered = found
            .iter()
            .filter(|line| {
                line.split("()").nth(1).is_some_and(|method| {
                    method.ends_with("_2") || method.ends_with('2') && !method.ends_with("v2")
                })
            })
            .count();
        let unique: HashSet<&str> = found
            .iter()
            .filter_map(|line| line.split("  ").next())
            .collect();
        assert_eq!(unique.len(), found.len(), "{stem}");
        println!(
            "# {stem}: {} operations, {numbered} told apart by a number",
            found.len()
        );
        if !show.is_empty() {
            let mut sorted = found;
            sorted.sort();
            for line in sorted {
                println!("{line}");
            }
        }
    }
}

//! The rooms before the model: reading, bundling, overlays and lowering, on small documents.

mod bundling;
mod formats;
mod mutation;
mod schemas;
mod structures;
mod support;
mod swagger;

use std::collections::HashMap;

use callwright_codegen::diagnostic::Diagnostic;
use callwright_codegen::dialect::{Lowered, lower};
use callwright_codegen::source::{Input, Limits, LoadError, read};
use serde_json::Value;

/// A diagnostic as tests compare it: code, pointer, file, line and column.
type Said = (&'static str, String, String);

/// Reads and lowers a document of files by name, the first being the entry.
fn run(files: &[(&str, &str)], overlays: &[(&str, &str)]) -> (Option<Lowered>, Vec<Said>) {
    let (entry, text) = files[0];
    let folder = entry
        .rsplit_once('/')
        .map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let others: HashMap<String, &str> = files
        .iter()
        .map(|(name, text)| (name.strip_prefix(&folder).unwrap_or(name).to_owned(), *text))
        .collect();
    let loader = |path: &str| match others.get(path) {
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => Err(LoadError::Missing),
    };
    let (tree, files, mut diagnostics) = read(&Input {
        name: entry,
        bytes: text.as_bytes(),
        loader: &loader,
        overlays: overlays
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect(),
        limits: Limits::default(),
    });
    let lowered = tree.and_then(|tree| {
        let (lowered, more) = lower(tree);
        diagnostics.extend(more);
        lowered
    });
    let said = diagnostics.iter().map(|diagnostic: &Diagnostic| {
        let place = diagnostic.location(&files);
        (
            diagnostic.code.as_str(),
            diagnostic.pointer.to_string(),
            format!("{}:{}:{}", place.file, place.line, place.column),
        )
    });
    (lowered, said.collect())
}

/// Lowers one file and takes the value at a pointer of the result.
fn lowered_at(text: &str, pointer: &str) -> (Value, Vec<Said>) {
    let (lowered, said) = run(&[("api.yaml", text)], &[]);
    let value = lowered.map_or(Value::Null, |lowered| {
        lowered.value.pointer(pointer).cloned().unwrap_or_default()
    });
    (value, said)
}

/// Compares diagnostics, written as `CW0101 /pointer line:column`.
fn assert_said(said: &[Said], expected: &[&str], context: &str) {
    let said: Vec<String> = said
        .iter()
        .map(|(code, pointer, place)| {
            let (_, place) = place.split_once(':').unwrap_or_default();
            format!("{code} {pointer} {place}")
        })
        .collect();
    assert_eq!(said, expected, "{context}");
}

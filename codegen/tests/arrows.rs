//! The arrows of ARCHITECTURE.md: what each part of the house may know of the others.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms in the order of the table in ARCHITECTURE.md: each imports only from those before it.
const ROOMS: [&str; 11] = [
    "diagnostic",
    "source",
    "dialect",
    "document",
    "ir",
    "resolve",
    "analyze",
    "names",
    "emit",
    "render",
    "outline",
];

/// What a document goes through without: `resolve` and later rooms read documents through `document` alone, and
/// `outline` describes what is emitted, not how it is printed.
const NEVER: [(&str, &[&str]); 6] = [
    ("ir", &["source", "dialect", "document"]),
    ("resolve", &["source", "dialect"]),
    ("analyze", &["source", "dialect", "resolve"]),
    (
        "names",
        &["source", "dialect", "document", "resolve", "analyze"],
    ),
    (
        "emit",
        &["source", "dialect", "document", "resolve", "analyze"],
    ),
    (
        "outline",
        &[
            "source", "dialect", "document", "resolve", "analyze", "render",
        ],
    ),
];

#[test]
fn rooms_import_only_from_rooms_before_them() {
    let source = root().join("codegen/src");
    let mut wrong = Vec::new();
    for (place, room) in ROOMS.iter().enumerate() {
        for file in rust_files(&source.join(room)) {
            let text = production(&file);
            for used in names_after(&text, "crate::") {
                // What is no room is a path in emitted code, but for the way through all of them.
                let Some(other) = ROOMS.iter().position(|known| *known == used) else {
                    if used == "pipeline" {
                        wrong.push(format!("{}: crate::{used}", file.display()));
                    }
                    continue;
                };
                let never = NEVER
                    .iter()
                    .any(|(own, others)| own == room && others.contains(&used.as_str()));
                if other > place || never {
                    wrong.push(format!("{}: crate::{used}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_is_in_the_table_of_the_architecture() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    assert_eq!(rows, ROOMS);
    let folders: BTreeSet<String> = std::fs::read_dir(root().join("codegen/src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        folders,
        ROOMS.iter().map(|room| (*room).to_owned()).collect()
    );
}

#[test]
fn the_generator_touches_no_disk_network_process_or_clock() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("codegen/src")) {
        let text = production(&file);
        for forbidden in [
            "std::fs",
            "std::net::Tcp",
            "std::net::Udp",
            "std::process",
            "std::env",
            "SystemTime",
            "Instant",
        ] {
            if text.contains(forbidden) {
                wrong.push(format!("{}: {forbidden}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_runtime_stands_alone() {
    let runtime = root().join("client/src/runtime");
    let mut wrong = Vec::new();
    for file in rust_files(&runtime) {
        for used in names_after(&production(&file), "crate::") {
            // `$crate` in macros is the crate that they are embedded in.
            if used != "runtime" {
                wrong.push(format!("{}: crate::{used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_client_has_no_edge_to_the_generator() {
    let manifest = std::fs::read_to_string(root().join("client/Cargo.toml")).unwrap();
    assert!(!manifest.contains("callwright-codegen") && !manifest.contains("../codegen"));
    assert!(!root().join("client/build.rs").exists());
    let manifest = std::fs::read_to_string(root().join("codegen/Cargo.toml")).unwrap();
    assert!(!manifest.contains("callwright-client"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The code of a file without comments and tests: what stands after `#[cfg(test)]` is of tests alone, and so are files of
/// that name.
fn production(file: &Path) -> String {
    let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
    let tests = ["tests", "tests.rs", "corpus.rs"];
    if parts
        .iter()
        .rev()
        .take(2)
        .any(|part| tests.contains(&part.as_ref()))
    {
        return String::new();
    }
    let text = std::fs::read_to_string(file).unwrap();
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The names that follow a prefix, a group of them one by one.
fn names_after(text: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices(prefix) {
        if text[..at].ends_with(|c: char| c == '$' || c == '_' || c.is_alphanumeric()) {
            continue;
        }
        let rest = &text[at + prefix.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            names.extend(first_words(group));
        } else {
            let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric());
            let name = &rest[..end.unwrap_or(rest.len())];
            if !name.is_empty() {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

/// The first word of each member of a group of imports.
fn first_words(group: &str) -> Vec<String> {
    let (mut depth, mut words, mut word, mut open) = (0, Vec::new(), String::new(), true);
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                words.push(std::mem::take(&mut word));
                open = true;
            }
            ':' if depth == 0 => open = false,
            c if depth == 0 && open && (c == '_' || c.is_alphanumeric()) => word.push(c),
            _ => {}
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty() && word != "self");
    words
}

#[test]
fn names_are_found_in_every_form_of_import() {
    let text = "use crate::{analyze, names::{self, Names},\n render};\nuse crate::ir::Api;\n$crate::x crate::emit::y()";
    let found: Vec<String> = names_after(text, "crate::").into_iter().collect();
    assert_eq!(found, ["analyze", "emit", "ir", "names", "render"]);
}

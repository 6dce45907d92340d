//! Values in and out of emitted types: `tests/values/NAME.rs` is compiled with the module of the fixture `NAME`, and run.

use std::fmt::Write as _;
use std::path::Path;

use super::compiled::{assembled, cargo};
use super::documents;

#[test]
fn values_go_in_and_come_out_as_documents_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/values");
    let mut tests: Vec<(String, String)> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    tests.sort();
    let mut fixtures = documents("fixtures");
    fixtures.retain(|document| tests.iter().any(|(name, _)| *name == document.name));
    assert_eq!(
        fixtures.len(),
        tests.len(),
        "each has a fixture of its name"
    );
    let mut main = SUPPORT.to_owned();
    let mut files = Vec::new();
    for (name, text) in tests {
        let _ = writeln!(main, "mod {name};");
        files.push((format!("tests/values/{name}.rs"), text));
    }
    files.push(("tests/values/main.rs".to_owned(), main));
    let folder = assembled("values", &fixtures, &files);
    let arguments = [
        "test",
        "--quiet",
        "--features",
        "xml,validate",
        "--test",
        "values",
    ];
    let (passed, said) = cargo(&folder, &arguments);
    assert!(passed, "{said}");
}

/// What the tests share.
const SUPPORT: &str = "//! Values in and out.

use fixtures::runtime::{Decode, Encode, from_str, to_string};

/// Decodes a text.
fn read<T: Decode>(text: &str) -> T {
    from_str(text).unwrap_or_else(|fault| panic!(\"{text}: {fault}\"))
}

/// Decodes a text and encodes it again.
#[allow(dead_code)]
fn again<T: Decode + Encode>(text: &str) -> String {
    to_string(&read::<T>(text)).unwrap_or_else(|fault| panic!(\"{text}: {fault}\"))
}

/// Decodes a text and expects to get the same back.
#[allow(dead_code)]
fn same<T: Decode + Encode>(text: &str) {
    assert_eq!(again::<T>(text), text);
}

/// What decoding a text fails with.
#[allow(dead_code)]
fn fault<T: Decode>(text: &str) -> String {
    match from_str::<T>(text) {
        Ok(_) => panic!(\"{text} decodes\"),
        Err(fault) => fault.to_string(),
    }
}

";

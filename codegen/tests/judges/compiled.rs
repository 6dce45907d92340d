//! All fixtures as modules of one crate, compiled with warnings denied.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use callwright_codegen::render::File;
use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Layout};

use super::{Document, documents, root, runtime, text};

/// A document that asks for all that a crate can depend on.
const LEAST: &[u8] = b"openapi: 3.0.3
info: {title: Fixtures, version: '1'}
paths:
  /a: {get: {responses: {200: {description: XML, content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}}}}
";

#[test]
fn every_construct_compiles_without_a_warning() {
    let folder = assembled("fixtures", &documents("fixtures"), &[]);
    let (passed, said) = cargo(&folder, &["check", "--quiet", "--features", "xml,validate"]);
    assert!(passed, "{said}");
    // Nobody pays for limits who does not ask for them.
    let (passed, said) = cargo(&folder, &["check", "--quiet", "--features", "xml"]);
    assert!(passed, "{said}");
}

/// A crate with a module for each document, and further files by path. The folder outlives the test, so that a failure can be
/// looked at.
pub(super) fn assembled(
    name: &str,
    documents: &[Document],
    further: &[(String, String)],
) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut belongs = BTreeSet::new();
    let mut put = |path: String, contents: &[u8]| {
        write(&folder.join(&path), contents);
        belongs.insert(path);
    };
    for file in standalone() {
        put(file.path, &file.contents);
    }
    let mut library = "//! Every fixture.\n\npub mod runtime;\n".to_owned();
    for document in documents {
        let _ = writeln!(library, "pub mod {};", document.name);
        for file in document.generate().client.unwrap().files {
            let contents = text(&file).as_bytes().to_vec();
            put(format!("src/{}/{}", document.name, file.path), &contents);
        }
    }
    put("src/lib.rs".to_owned(), library.as_bytes());
    for (path, text) in further {
        put(path.clone(), text.as_bytes());
    }
    for below in ["src", "tests"] {
        if folder.join(below).is_dir() {
            sweep(&folder.join(below), &format!("{below}/"), &belongs);
        }
    }
    // The versions that the workspace uses: they are at hand.
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// The manifest and the runtime of a crate of its own.
pub(super) fn standalone() -> Vec<File> {
    let runtime = runtime();
    let nothing = |_: &str| Err(LoadError::Missing);
    let input = Input {
        name: "fixtures.yaml",
        bytes: LEAST,
        loader: &nothing,
        overlays: Vec::new(),
        limits: Limits::default(),
    };
    let config = Config {
        name: Some("fixtures".to_owned()),
        layout: Layout::Crate { runtime: &runtime },
        ..Config::default()
    };
    let client = callwright_codegen::generate(&input, config).client.unwrap();
    let mut files = client.files;
    files.retain(|file| file.path == "Cargo.toml" || file.path.starts_with("src/runtime/"));
    for file in files.iter_mut().filter(|file| file.path == "Cargo.toml") {
        file.contents = with_all_parts(text(file)).into_bytes();
    }
    files
}

/// The manifest with the parts of the runtime turned on that the least document needs not, and the fixtures do.
fn with_all_parts(manifest: &str) -> String {
    let parts = callwright_codegen::render::parts();
    let parts = parts.filter(|part| manifest.contains(&format!("\n{part} = [")));
    let parts: Vec<_> = parts.map(|part| format!("\"{part}\", ")).collect();
    let all = format!("[features]\ndefault = [{}]", parts.concat());
    manifest.replacen("[features]", &all, 1)
}

/// Runs cargo in the target folder that standalone crates share, with the flags that they share.
pub(super) fn cargo(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let (passed, said) = cargo_once(folder, arguments, true);
    if !passed && said.contains("--offline") {
        return cargo_once(folder, arguments, false);
    }
    (passed, said)
}

fn cargo_once(folder: &Path, arguments: &[&str], offline: bool) -> (bool, String) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("standalone");
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .args(offline.then_some("--offline"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TERM_COLOR", "never")
        .env("RUSTFLAGS", "--deny warnings");
    let output = command.output().unwrap();
    let said = [output.stderr, output.stdout].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

pub(super) fn write(path: &Path, contents: &[u8]) {
    if std::fs::read(path).is_ok_and(|old| old == contents) {
        return;
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, contents).unwrap();
}

/// Removes what an earlier run left.
pub(super) fn sweep(folder: &Path, prefix: &str, belongs: &BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            sweep(&path, &format!("{name}/"), belongs);
        } else if !belongs.contains(&name) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

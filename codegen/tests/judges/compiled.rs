//! All fixtures as modules of one crate, compiled with warnings denied.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use callwright_codegen::render::File;
use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Layout};

use super::{documents, root, runtime, text};

/// A document that asks for all that a crate can depend on.
const LEAST: &[u8] = b"openapi: 3.0.3
info: {title: Fixtures, version: '1'}
paths:
  /a: {get: {responses: {200: {description: XML, content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}}}}
";

#[test]
fn every_construct_compiles_without_a_warning() {
    // The folder outlives the test, so that a failure can be looked at.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
    let mut belongs = BTreeSet::new();
    let mut put = |path: String, contents: &[u8]| {
        write(&folder.join(&path), contents);
        belongs.insert(path);
    };
    for file in standalone() {
        put(file.path, &file.contents);
    }
    let mut library = "//! Every fixture.\n\npub mod runtime;\n".to_owned();
    for document in documents("fixtures") {
        let _ = writeln!(library, "pub mod {};", document.name);
        for file in document.generate().client.unwrap().files {
            let contents = text(&file).as_bytes().to_vec();
            put(format!("src/{}/{}", document.name, file.path), &contents);
        }
    }
    put("src/lib.rs".to_owned(), library.as_bytes());
    sweep(&folder.join("src"), "src/", &belongs);
    // The versions that the workspace uses: they are at hand.
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let (passed, said) = check(&folder, true);
    if !passed && said.contains("--offline") {
        let (passed, said) = check(&folder, false);
        assert!(passed, "{said}");
        return;
    }
    assert!(passed, "{said}");
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
    files
}

/// Runs `cargo check` in the target folder that standalone crates share, with the flags that they share.
fn check(folder: &Path, offline: bool) -> (bool, String) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("standalone");
    let mut command = Command::new(env!("CARGO"));
    command
        // What some fixtures need, the manifest without any of them does not ask for.
        .args(["check", "--quiet", "--features", "xml"])
        .args(offline.then_some("--offline"))
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TERM_COLOR", "never")
        .env("RUSTFLAGS", "--deny warnings");
    let output = command.output().unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
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

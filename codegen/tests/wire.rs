//! The clients that the client's own tests call: generated from `client/tests/documents`, committed in
//! `client/tests/generated`. They are compared here; with `INSTA_UPDATE=always` they are written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use callwright_codegen::diagnostic::Severity;
use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Layout};

#[test]
fn the_clients_under_test_are_what_their_documents_give() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client/tests");
    let update = std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always");
    let mut wanted = BTreeSet::new();
    let mut stale = Vec::new();
    for entry in std::fs::read_dir(tests.join("documents")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for (file, contents) in generated(&path, &name) {
            let target = tests.join("generated").join(&name).join(file);
            wanted.insert(target.clone());
            if std::fs::read(&target).is_ok_and(|found| found == contents) {
                continue;
            }
            if update {
                std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                std::fs::write(&target, contents).unwrap();
            } else {
                stale.push(target);
            }
        }
    }
    let mut found = Vec::new();
    files(&tests.join("generated"), &mut found);
    stale.extend(found.into_iter().filter(|file| !wanted.contains(file)));
    assert!(
        stale.is_empty(),
        "run this test with INSTA_UPDATE=always, and remove what is left: {stale:#?}"
    );
}

/// The files of a document's client, which is a module of the test's crate.
fn generated(path: &Path, name: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).unwrap();
    let nothing = |_: &str| Err(LoadError::Missing);
    let output = callwright_codegen::generate(
        &Input {
            name: path.file_name().unwrap().to_str().unwrap(),
            bytes: &bytes,
            loader: &nothing,
            overlays: Vec::new(),
            limits: Limits::default(),
        },
        Config {
            name: Some(name.to_owned()),
            layout: Layout::Module {
                crate_name: "runtime_wire",
            },
            sha256: "0".repeat(64),
            ..Config::default()
        },
    );
    let errors: Vec<_> = output
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let files = output.client.unwrap().files.into_iter();
    files.map(|file| (file.path, file.contents)).collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

//! The emitted code of the three vendored APIs, whole, and that it depends on nothing but the document.

use std::fmt::Write as _;
use std::path::Path;

use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Client, Config, Layout, generate};

/// Generates a vendored API as a module, its document read under a name.
fn client(api: &str, name: &str) -> Client {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../specs/{api}/openapi.yaml"));
    let bytes = std::fs::read(path).expect("the vendored document");
    let output = generate(
        &Input {
            name,
            bytes: &bytes,
            loader: &|_| Err(LoadError::Missing),
            overlays: Vec::new(),
            limits: Limits::default(),
        },
        Config {
            name: Some(api.to_owned()),
            layout: Layout::Module {
                crate_name: "callwright_client",
            },
            sha256: "of-the-document".to_owned(),
            ..Config::default()
        },
    );
    assert!(
        output.diagnostics.is_empty(),
        "{api}: {:?}",
        output.diagnostics
    );
    output.client.expect("a client")
}

/// All files of a client, each under its path.
fn whole(client: &Client) -> String {
    let mut text = String::new();
    for file in &client.files {
        let contents = std::str::from_utf8(&file.contents).expect("Rust is UTF-8");
        writeln!(text, "// ---- {}\n{contents}", file.path).expect("a string");
    }
    text
}

#[test]
fn anam() {
    insta::assert_snapshot!(whole(&client("anam", "openapi.yaml")));
}

#[test]
fn chatsistant() {
    insta::assert_snapshot!(whole(&client("chatsistant", "openapi.yaml")));
}

#[test]
fn wassist() {
    insta::assert_snapshot!(whole(&client("wassist", "openapi.yaml")));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    // Hashes are seeded anew in every thread, and the name of the file is not part of the output.
    let apis = ["wassist", "anam", "chatsistant"];
    let once: Vec<Client> = apis.iter().map(|api| client(api, "a.yaml")).collect();
    let again: Vec<Client> = apis
        .into_iter()
        .rev()
        .map(|api| {
            std::thread::spawn(move || client(api, "/some/where/else.yml"))
                .join()
                .expect("no panic")
        })
        .collect();
    for (one, other) in once.iter().zip(again.iter().rev()) {
        assert_eq!(whole(one), whole(other));
    }
}

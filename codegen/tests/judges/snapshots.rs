//! What comes of each fixture, whole: diagnostics, outline, files.

use std::fmt::Write as _;

use callwright_codegen::diagnostic::{Style, render};

use super::{documents, each, text};

#[test]
fn every_construct_comes_out_as_it_did() {
    each(&documents("fixtures"), |document| {
        let output = document.generate();
        let mut out = render(&output.diagnostics, &output.sources, Style::Plain);
        if let Some(outline) = document.outline().outline {
            out.push_str(&outline.text());
        }
        let client = output.client.unwrap();
        assert_eq!(client.operations, client.emitted);
        for file in &client.files {
            let _ = write!(out, "\n//////// {}\n{}", file.path, text(file));
        }
        super::assert_snapshot(&document.name, &out);
    });
}

#[test]
fn the_same_document_gives_the_same_files() {
    each(&documents("fixtures"), |document| {
        let files = |client: Option<callwright_codegen::Client>| client.unwrap().files;
        assert_eq!(
            files(document.generate().client),
            files(document.generate().client)
        );
    });
}

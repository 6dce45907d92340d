//! Where the errors and headers that operations share stand, in resources that are spread over several modules.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Layout, generate};

/// The files of a document's client as a module.
fn files(document: &str) -> BTreeMap<String, String> {
    let loader = |_: &str| Err(LoadError::Missing);
    let input = Input {
        name: "document.yaml",
        bytes: document.as_bytes(),
        loader: &loader,
        overlays: Vec::new(),
        limits: Limits::default(),
    };
    let config = Config {
        name: Some("shop".to_owned()),
        layout: Layout::Module { crate_name: "all" },
        ..Config::default()
    };
    let output = generate(&input, config);
    let client = output
        .client
        .unwrap_or_else(|| panic!("{:?}", output.diagnostics));
    let files = client.files.into_iter();
    files
        .map(|file| (file.path, String::from_utf8(file.contents).unwrap()))
        .collect()
}

/// So many operations that their resource is several modules: those that read with one error, those that write with another
/// and as streams, too.
fn document(further: &str) -> String {
    let mut text = "openapi: 3.2.0\ninfo: {title: Shop, version: '1'}\npaths:\n".to_owned();
    let problem = "{description: d, content: {application/json: {schema: {type: string}}}}";
    for index in 0..30 {
        let _ = write!(
            text,
            "  /things/a{index}:\n    get:\n      operationId: get_a{index}\n      tags: [things]\n      responses: {{'204': \
             {{description: d}}, '404': {problem}}}\n    post:\n      operationId: create_a{index}\n      tags: [things]\n      \
             responses: {{'200': {{description: d, content: {{application/json: {{schema: {{type: string}}}}, text/event-stream: \
             {{itemSchema: {{type: string}}}}}}}}, '409': {problem}}}\n"
        );
    }
    text + further
}

fn has(file: &str, line: &str) -> bool {
    file.lines().any(|it| it.trim() == line)
}

#[test]
fn what_a_resource_alone_uses_stands_in_its_head_and_is_imported_where_it_is_used() {
    let files = files(&document(""));
    assert!(!files.contains_key("replies.rs"));
    let head = &files["things/mod.rs"];
    assert!(has(head, "pub enum Text404 {") && has(head, "pub enum Text409 {"));
    assert!(has(
        &files["things/get.rs"],
        "use super::{Text404, Things};"
    ));
    assert_eq!(
        files["things/get.rs"].matches("Error = Text404;").count(),
        30
    );
    let created: Vec<_> = files
        .iter()
        .filter(|(path, _)| path.starts_with("things/"))
        .filter(|(path, _)| !path.ends_with("/mod.rs") && !path.ends_with("/get.rs"))
        .collect();
    assert!(!created.is_empty(), "{:?}", files.keys());
    for (path, file) in created {
        // No module imports what only streams in it would have.
        let aliases = file.matches("= Text409;").count();
        let imports = has(file, "use super::{Text409, Things};");
        assert_eq!(imports, aliases > 0, "{path}");
        assert!(!file.contains("Text404"), "{path}");
    }
}

#[test]
fn what_a_second_resource_uses_moves_and_the_aliases_stay() {
    let other = "  /others:\n    get:\n      operationId: list_others\n      tags: [others]\n      responses: {'204': {description: d}, \
                 '404': {description: e, content: {application/json: {schema: {type: string}}}}}\n";
    let files = files(&document(other));
    assert!(has(&files["replies.rs"], "pub enum Text404 {"));
    assert!(
        has(&files["replies.rs"], "/// `404`."),
        "{}",
        files["replies.rs"]
    );
    assert!(has(&files["mod.rs"], "pub mod replies;"));
    assert!(files["things/get.rs"].contains("Error = replies::Text404;"));
    assert!(has(
        &files["others.rs"],
        "pub type ListOthersError = replies::Text404;"
    ));
    assert!(has(&files["things/mod.rs"], "pub enum Text409 {"));
}

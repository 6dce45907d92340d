//! A document that tries to get out: into other folders, other files, or other code.

use crate::{Desk, repository};

/// Where the document stands; `cargo xtask test standalone` compiles its crate, with warnings denied.
fn document() -> String {
    repository()
        .join("xtask/tests/documents/hostile.yaml")
        .display()
        .to_string()
}

#[test]
fn nothing_leaves_the_folder() {
    let desk = Desk::new();
    let outcome = desk.generate(&["--spec", &document(), "--out", "in/side"]);
    let said = outcome.said(0);
    assert!(!said.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{said:?}");
    let all = desk.files("");
    assert!(
        all.keys().all(|name| name.starts_with("in/side/")),
        "{:?}",
        all.keys()
    );
    let own: Vec<&str> = all
        .keys()
        .filter_map(|name| name.strip_prefix("in/side/"))
        .filter(|name| !name.starts_with("src/runtime/"))
        .collect();
    for name in own {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_/.".contains(c);
        let known = ["Cargo.toml", "README.md", ".gitignore"].contains(&name);
        assert!(
            known
                || name
                    .strip_prefix("src/")
                    .is_some_and(|name| name.chars().all(plain)),
            "{name}"
        );
        assert!(
            !["src/con.rs", "src/mod.rs"].contains(&name),
            "{name} means something else somewhere"
        );
    }
}

#[test]
fn nothing_reaches_the_manifest_but_text() {
    let desk = Desk::new();
    desk.generate(&["--spec", &document(), "--out", "out"])
        .said(0);
    let text = desk.read("out/Cargo.toml");
    let manifest: toml_edit::DocumentMut = text.parse().expect("TOML");
    let tables: Vec<&str> = manifest.iter().map(|(key, _)| key).collect();
    let known = [
        "package",
        "dependencies",
        "features",
        "dev-dependencies",
        "lints",
        "workspace",
        "lib",
    ];
    assert!(
        tables.iter().all(|table| known.contains(table)),
        "{tables:?}"
    );
    let name = manifest["package"]["name"].as_str().expect("a name");
    assert!(
        name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && name.ends_with("-client"),
        "{name}"
    );
}

#[test]
fn files_beyond_the_folder_of_the_document_are_not_read() {
    let desk = Desk::new();
    desk.write(
        "secret.yaml",
        "hush: {type: string, description: the secret}\n",
    );
    desk.write(
        "specs/api.yaml",
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: ok\n          content: {application/json: {schema: {$ref: '../secret.yaml#/hush'}}}\n",
    );
    let outcome = desk.generate(&["--spec", "specs/api.yaml", "--out", "out"]);
    assert_ne!(outcome.status, 0);
    assert!(
        outcome.stderr.contains("../secret.yaml"),
        "{}",
        outcome.stderr
    );
    let files = desk.files("");
    let told = files.iter().find(|(name, contents)| {
        *name != "secret.yaml" && String::from_utf8_lossy(contents).contains("the secret")
    });
    assert!(told.is_none(), "{:?}", told.map(|(name, _)| name));
}

#[test]
fn what_no_request_can_carry_is_told_and_left_out() {
    let desk = Desk::new();
    desk.write(
        "api.yaml",
        r#"openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  "/a\n[31merror: all is well":
    post:
      parameters: [{name: "X-A\r\nB: c", in: header, schema: {type: string}}]
      requestBody: {content: {"application/json\r\nx: y": {schema: {type: string}}, text/plain: {}}}
      responses: {'204': {description: ok}}
      security: [{key: []}]
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: "X\r\nY: z"}
"#,
    );
    let outcome = desk.generate(&["--spec", "api.yaml", "--out", "out"]);
    let said = outcome.said(1);
    for expected in [
        r"no header can be called `X-A\r\nB: c`",
        r"no header or cookie can be called `X\r\nY: z`",
        r"`application/json\r\nx: y` is no media type",
        "error: 3 errors",
        "1 of 1 operations",
    ] {
        assert!(said.contains(expected), "{expected} in\n{said}");
    }
    // A line of the document's does not look like one of ours.
    assert!(
        !said
            .lines()
            .any(|line| line.contains("all is well") && !line.contains("~1a")),
        "{said}"
    );
}

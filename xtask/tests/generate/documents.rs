//! One document as a crate of its own: what comes out, and what is said of documents that are wrong.

use std::fs;

use serde_json::Value;

use crate::{Desk, repository};

const PETS: &str = "\
openapi: 3.0.3
info: {title: Pet Shop API, version: '2'}
servers: [{url: https://pets.example}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}
";

const BAD: &str = "\
openapi: 3.0.3
info: {title: Bad, version: '1'}
paths:
  /a:
    get:
      operationId: a
      parameters: [{name: q, in: nowhere, schema: {type: string}}]
      responses: {'200': {description: ok}}
  /b:
    get:
      operationId: b
      responses: {'200': {description: ok, content: {application/json: {schema: {type: strnig}}}}}
  /c: {get: 7}
";

#[test]
fn a_crate_is_the_same_from_any_folder() {
    let (one, other) = (Desk::new(), Desk::new());
    one.write("pets.yaml", PETS);
    other.write("deep/er/api.yaml", PETS);
    one.generate(&["--spec", "pets.yaml", "--out", "out"])
        .said(0);
    let absolute = other.path("deep/er/api.yaml").display().to_string();
    other
        .generate(&["--out", "a/b/c", "--spec", &absolute])
        .said(0);
    let files = one.files("out");
    assert_eq!(files, other.files("a/b/c"));
    for (name, contents) in &files {
        let text = String::from_utf8_lossy(contents);
        assert!(
            !text.contains("deep/er") && !text.contains(one.path("").to_str().expect("UTF-8")),
            "{name}"
        );
    }
    // The runtime is the client's, byte for byte.
    let runtime = repository().join("client/src/runtime/execute.rs");
    assert_eq!(
        files["src/runtime/execute.rs"],
        fs::read(runtime).expect("the runtime")
    );

    let again = one.generate(&["--spec", "pets.yaml", "--out", "out"]);
    assert!(
        again.said(0).contains("everything is up to date"),
        "{}",
        again.stderr
    );
    one.generate(&["--spec", "pets.yaml", "--out", "out", "--check"])
        .said(0);
}

#[test]
fn a_crate_says_what_it_is_and_how_to_call_it() {
    let desk = Desk::new();
    desk.write("pets.yaml", PETS);
    let outcome = desk.generate(&["--spec", "pets.yaml", "--out", "out"]);
    let said = outcome.said(0);
    assert!(said.contains("Pet Shop API 2, 1 of 1 operations"), "{said}");
    assert!(
        said.contains("next: cargo doc --open --manifest-path out/Cargo.toml"),
        "{said}"
    );
    assert!(said.lines().count() < 8, "{said}");
    let manifest: toml_edit::DocumentMut = desk.read("out/Cargo.toml").parse().expect("TOML");
    assert_eq!(
        manifest["package"]["name"].as_str(),
        Some("pet-shop-client")
    );
    assert!(
        desk.read("out/README.md").contains("client.pets().list()"),
        "{}",
        desk.read("out/README.md")
    );

    desk.generate(&["--spec", "pets.yaml", "--out", "named", "--name", "mine"])
        .said(0);
    let manifest: toml_edit::DocumentMut = desk.read("named/Cargo.toml").parse().expect("TOML");
    assert_eq!(manifest["package"]["name"].as_str(), Some("mine"));
}

#[test]
fn check_of_a_crate_names_the_whole_command() {
    let desk = Desk::new();
    desk.write("my pets.yaml", PETS);
    desk.write("more.yaml", "overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions: [{target: $.info, update: {version: '3'}}]\n");
    let arguments = [
        "--spec",
        "my pets.yaml",
        "--out",
        "out",
        "--overlay",
        "more.yaml",
        "--name",
        "mine",
    ];
    desk.generate(&arguments).said(0);
    desk.write("out/src/lib.rs", desk.read("out/src/lib.rs") + "// mine\n");
    let mut check = arguments.to_vec();
    check.push("--check");
    let outcome = desk.generate(&check);
    let expected = "run `cargo xtask generate --spec 'my pets.yaml' --out out --overlay more.yaml --name mine`";
    assert!(outcome.said(1).contains(expected), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("-// mine"), "{}", outcome.stderr);
}

#[test]
fn a_crate_of_somebody_else_is_not_overwritten() {
    let desk = Desk::new();
    desk.write("pets.yaml", PETS);
    desk.write("theirs/Cargo.toml", "[package]\nname = \"theirs\"\n");
    let outcome = desk.generate(&["--spec", "pets.yaml", "--out", "theirs"]);
    assert!(
        outcome.said(2).contains("never overwritten"),
        "{}",
        outcome.stderr
    );
    assert_eq!(desk.files("theirs").len(), 1);
    let outcome = desk.generate(&["--spec", "pets.yaml", "--out", "pets.yaml"]);
    assert!(outcome.said(2).contains("is a file"), "{}", outcome.stderr);
    // A document that shrank leaves no module behind.
    desk.generate(&["--spec", "pets.yaml", "--out", "out"])
        .said(0);
    assert!(desk.path("out/src/pets.rs").exists());
    desk.write(
        "pets.yaml",
        PETS.replace("tags: [pets]", "tags: [cats]")
            .replace("/pets:", "/cats:")
            .replace("listPets", "listCats"),
    );
    desk.generate(&["--spec", "pets.yaml", "--out", "out"])
        .said(0);
    assert!(!desk.path("out/src/pets.rs").exists() && desk.path("out/src/cats.rs").exists());
}

#[test]
fn a_name_that_is_none_is_refused() {
    let desk = Desk::new();
    desk.write("pets.yaml", PETS);
    let long = "a".repeat(65);
    for name in [
        "../../escape",
        "a\"b",
        "A b",
        "",
        "fn",
        "test",
        "std",
        "é",
        "x/y",
        "1a",
        "a\nb",
        &long,
    ] {
        let outcome = desk.generate(&[
            "--spec",
            "pets.yaml",
            "--out",
            "out",
            &format!("--name={name}"),
        ]);
        assert!(
            outcome.said(2).contains("--name"),
            "{name}: {}",
            outcome.stderr
        );
        assert!(!desk.path("out").exists());
    }
}

#[test]
fn a_document_that_is_none_says_what_to_do() {
    let desk = Desk::new();
    fs::create_dir(desk.path("folder")).expect("a folder");
    desk.write("empty.yaml", "");
    desk.write("broken.yaml", "openapi: 3.0.3\ninfo: {title: x\n");
    desk.write("broken.json", "{\"openapi\": \"3.0.3\",\n \"info\": ]}");
    desk.write("text.yaml", "just text\n");
    desk.write("page.html", "<!doctype html><html></html>");
    desk.write("latin.yaml", b"info: \xe9");
    desk.write("old.yaml", "swagger: '1.2'\n");
    desk.write("deep.json", "{\"a\":".repeat(100_000));
    desk.write("deep.yaml", "[".repeat(100_000));
    for (name, status, expected) in [
        ("missing.yaml", 2, "cannot read `missing.yaml`"),
        ("folder", 2, "`folder` is a folder"),
        ("empty.yaml", 1, "empty.yaml:1:1"),
        ("broken.yaml", 1, "broken.yaml:3:1"),
        ("broken.json", 1, "broken.json:2:10"),
        (
            "text.yaml",
            1,
            "an OpenAPI document starts with `openapi: 3.1.0`",
        ),
        ("page.html", 1, "page.html:1:1"),
        ("latin.yaml", 1, "not valid UTF-8"),
        ("old.yaml", 1, "use Swagger 2.0, or OpenAPI 3.0, 3.1 or 3.2"),
        ("deep.json", 1, "nested too deeply"),
        ("deep.yaml", 1, "nested too deeply"),
    ] {
        let outcome = desk.generate(&["--spec", name, "--out", "out"]);
        let said = outcome.said(status);
        assert!(said.contains(expected), "{name}: {said}");
        assert!(said.contains("help: "), "{name}: {said}");
        assert!(
            said.lines().all(|line| line.len() < 400),
            "{name}: a line that nobody reads"
        );
        assert!(!said.contains("panicked"), "{name}: {said}");
        assert!(!desk.path("out").exists(), "{name}: nothing is written");
    }
}

#[test]
fn a_document_without_operations_is_remarked() {
    let desk = Desk::new();
    desk.write("nothing.json", "{\"openapi\": \"3.0.3\"}");
    let outcome = desk.generate(&["--spec", "nothing.json", "--out", "out"]);
    let said = outcome.said(0);
    assert!(
        said.contains("warning[CW0328]: the document has no operation"),
        "{said}"
    );
    assert!(
        said.contains("untitled, 0 of 0 operations, 0 types"),
        "{said}"
    );
}

#[test]
fn every_fault_is_told_at_once_and_the_rest_is_generated() {
    let desk = Desk::new();
    desk.write("bad.yaml", BAD);
    let outcome = desk.generate(&["--spec", "bad.yaml", "--out", "out"]);
    let said = outcome.said(1);
    for expected in [
        "error[CW0203]: `in: nowhere` is no place for a parameter; it is left out\n --> bad.yaml:7:20",
        "at: #/paths/~1a/get/parameters/0",
        "help: use `query`, `path`, `header` or `cookie`",
        "warning[CW0205]: `type: strnig` is no type; any value is accepted",
        "bad.yaml:13:13",
        "error: 2 errors; what they name was left out",
    ] {
        assert!(said.contains(expected), "{expected} in\n{said}");
    }
    assert!(!said.contains('\u{1b}'), "no colours beside a terminal");
    assert!(desk.path("out/src/lib.rs").exists());

    let json = desk.generate(&["--spec", "bad.yaml", "--out", "out", "--format", "json"]);
    assert_eq!(json.status, 1);
    let lines: Vec<Value> = json
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    assert_eq!(lines.len(), 3);
    for line in &lines {
        let keys: Vec<&str> = line
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys,
            [
                "code", "severity", "message", "pointer", "file", "line", "column", "remedy"
            ]
        );
    }
    let first = &lines[0];
    assert_eq!(
        (&first["code"], &first["severity"]),
        (&"CW0203".into(), &"error".into())
    );
    assert_eq!(
        (&first["pointer"], &first["file"]),
        (&"/paths/~1a/get/parameters/0".into(), &"bad.yaml".into())
    );
    assert_eq!((&first["line"], &first["column"]), (&7.into(), &20.into()));
    assert!(
        first["remedy"]
            .as_str()
            .is_some_and(|remedy| remedy.starts_with("use `query`")),
        "{first}"
    );
}

//! `cargo xtask import` as a person runs it: pages in a folder, documents and messages out.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A page that carries one operation; `schema` is the type of `Pet`'s `id`.
fn block_page(method: &str, path: &str, schema: &str) -> String {
    format!(
        "> see https://docs.petshop.dev/llms.txt\n\n# A page\n\n## OpenAPI\n\n````yaml ref/openapi.json {method} {path}\n\
         openapi: 3.0.3\ninfo:\n  title: Pets\n  version: 1.0.0\nservers:\n  - url: https://api.petshop.dev\npaths:\n  {path}:\n    {method}:\n\
         \x20     responses:\n        '200':\n          description: ''\n          content:\n            application/json:\n\
         \x20             schema:\n                $ref: '#/components/schemas/Pet'\ncomponents:\n  schemas:\n    Pet:\n      type: object\n\
         \x20     properties:\n        id:\n          type: {schema}\n\n````"
    )
}

/// A page of tags with one curl sample.
fn tag_page(tags: &str, sample: &str, response: &str) -> String {
    format!(
        "# Do It\n\n> Does it\n\n{tags}\n\n<RequestExample>\n  ```bash cURL\n  {sample}\n  ```\n</RequestExample>\n\n\
         <ResponseExample>\n  ```json 200\n  {response}\n  ```\n</ResponseExample>\n"
    )
}

struct Outcome {
    succeeded: bool,
    stdout: String,
    stderr: String,
}

/// A folder with pages and a folder of documents.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn page(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    fn import(&self, arguments: &[&str]) -> Outcome {
        self.import_with(arguments, "")
    }

    fn import_with(&self, arguments: &[&str], stdin: &str) -> Outcome {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["import", "--specs", "specs"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that fails early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Outcome {
            succeeded: output.status.success(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Imports what must be imported.
    fn imported(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.import(arguments);
        assert!(outcome.succeeded, "{}", outcome.stderr);
        outcome
    }

    /// Imports what must be refused, and proves that nothing was written; returns the message.
    fn refused(&self, arguments: &[&str]) -> String {
        let before = files(&self.path("specs"));
        let outcome = self.import(arguments);
        assert!(!outcome.succeeded, "{}", outcome.stdout);
        assert_eq!(files(&self.path("specs")), before, "something was written");
        assert!(outcome.stderr.contains("  help: "), "{}", outcome.stderr);
        outcome.stderr
    }

    fn document(&self, api: &str) -> String {
        fs::read_to_string(self.path(&format!("specs/{api}/openapi.yaml"))).unwrap()
    }
}

/// All files below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// The files below a folder by their names in it.
fn tree(folder: &Path) -> BTreeMap<PathBuf, String> {
    let relative = |path: PathBuf| path.strip_prefix(folder).unwrap().to_owned();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    files(folder)
        .into_iter()
        .map(|(path, bytes)| (relative(path), text(bytes)))
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The seed pages; none where the folder is not there.
fn seeds() -> Option<Vec<String>> {
    let Ok(entries) = fs::read_dir(root().join("../shared/seeds")) else {
        println!("skipped: ../shared/seeds is absent");
        return None;
    };
    let mut seeds: Vec<String> = entries
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect();
    seeds.sort();
    Some(seeds)
}

#[test]
fn the_seeds_are_the_committed_documents_in_any_order() {
    let Some(mut seeds) = seeds() else { return };
    let specs = root().join("specs");
    let at_once = Desk::new();
    at_once.imported(&seeds.iter().map(String::as_str).collect::<Vec<_>>());
    let made = tree(&at_once.path("specs"));
    assert_eq!(made.len(), 4);
    for (name, text) in &made {
        let committed = fs::read_to_string(specs.join(name)).unwrap();
        if name == Path::new("callwright.toml") {
            // People add to the manifest; what import wrote must be in it.
            let is_ours = |line: &&str| line.starts_with("sha256") || line.starts_with("    \"");
            for line in text.lines().filter(is_ours) {
                assert!(
                    committed.contains(line),
                    "specs/callwright.toml lacks {line}"
                );
            }
        } else {
            assert_eq!(
                &committed, text,
                "run: cargo xtask import ../shared/seeds/*"
            );
        }
    }
    seeds.reverse();
    let one_by_one = Desk::new();
    for seed in &seeds {
        one_by_one.imported(&[seed]);
    }
    assert_eq!(tree(&one_by_one.path("specs")), made);
    let again = at_once.imported(&seeds.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(tree(&at_once.path("specs")), made);
    assert!(!again.stdout.contains("wrote"), "{}", again.stdout);
}

#[test]
fn pages_of_one_api_extend_its_document() {
    let desk = Desk::new();
    desk.page("list.md", block_page("get", "/pets", "string"));
    // As Windows saves it.
    desk.page(
        "make.md",
        format!(
            "\u{feff}{}",
            block_page("post", "/pets", "string").replace('\n', "\r\n")
        ),
    );
    desk.page("one.md", block_page("get", "/pets/{id}", "string"));
    let first = desk.imported(&["list.md"]);
    assert_eq!(
        first.stdout,
        "wrote specs/petshop/openapi.yaml: 1 operation, 1 schema\n"
    );
    let first = fs::read_to_string(desk.path("specs/callwright.toml")).unwrap();
    let commented = first.replace(
        "\nsha256",
        "\noverlay = \"petshop/overlay.yaml\" # ours\nsha256",
    );
    fs::write(desk.path("specs/callwright.toml"), commented).unwrap();
    desk.imported(&["one.md", "make.md", "list.md"]);
    let document = desk.document("petshop");
    let order = [
        "# Imported from https://docs.petshop.dev/ref/openapi.json by",
        "\n  /pets:\n    get:",
        "\n    post:",
        "\n  /pets/{id}:",
        "\n    Pet:",
    ];
    let places: Vec<_> = order
        .iter()
        .map(|part| {
            document
                .find(part)
                .unwrap_or_else(|| panic!("{part} in {document}"))
        })
        .collect();
    assert!(places.is_sorted(), "{document}");
    let manifest = fs::read_to_string(desk.path("specs/callwright.toml")).unwrap();
    assert!(
        manifest.contains("overlay = \"petshop/overlay.yaml\" # ours\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("    \"https://docs.petshop.dev/ref/openapi.json POST /pets\",\n"),
        "{manifest}"
    );
    let before = files(&desk.path("specs"));
    let again = desk.imported(&["make.md"]);
    assert_eq!(
        again.stdout,
        "unchanged specs/petshop/openapi.yaml: 3 operations, 1 schema\n"
    );
    assert_eq!(files(&desk.path("specs")), before);
}

#[test]
fn a_contradiction_names_both_sources_and_the_pointer() {
    let desk = Desk::new();
    desk.page("a.md", block_page("get", "/pets", "string"));
    desk.page("b.md", block_page("post", "/pets", "integer"));
    assert_eq!(
        desk.refused(&["a.md", "b.md"])
            .lines()
            .take(3)
            .collect::<Vec<_>>(),
        [
            "error: a.md and b.md differ at #/components/schemas/Pet/properties/id/type",
            "  --> a.md:30:11: \"string\"",
            "  --> b.md:30:11: \"integer\"",
        ]
    );
    desk.imported(&["a.md"]);
    let message = desk.refused(&["b.md"]);
    assert!(
        message.starts_with(
            "error: specs/petshop/openapi.yaml and b.md differ at #/components/schemas/Pet/"
        ),
        "{message}"
    );
    // As another API it is welcome.
    desk.imported(&["b.md", "--api", "other-pets"]);
    assert!(desk.document("other-pets").contains("type: integer"));
    let message = desk.refused(&["b.md", "--api", "other_pets"]);
    assert!(message.contains("would be one Rust module"), "{message}");
}

#[test]
fn every_page_that_cannot_be_read_is_told_in_one_run() {
    let desk = Desk::new();
    desk.page("good.md", block_page("get", "/pets", "string"));
    desk.page("prose.md", "# Title\n\nProse.\n");
    desk.page("empty.md", "\n");
    desk.page("binary.md", b"# T\nab\xff\xfe");
    desk.page(
        "yaml.md",
        block_page("get", "/pets", "string").replace("type: object", "type: [object"),
    );
    desk.page(
        "tag.md",
        tag_page(
            "<ParamField path=\"id\" type=\"string\">\nText",
            "curl https://x.dev/a",
            "{}",
        ),
    );
    fs::create_dir(desk.path("folder")).unwrap();
    let message = desk.refused(&[
        "good.md",
        "prose.md",
        "empty.md",
        "binary.md",
        "yaml.md",
        "tag.md",
        "folder",
        "absent.md",
        "https://docs.petshop.dev/a.md",
    ]);
    for part in [
        "neither an OpenAPI block nor <ParamField> or <ResponseField> tags\n  --> prose.md:1:1\n",
        "the page is empty\n  --> empty.md:1:1\n",
        "the page is not UTF-8 text\n  --> binary.md:2:3\n",
        "the OpenAPI block is broken: ",
        "  --> yaml.md:28:17",
        "<ParamField> is not closed before the page's end\n  --> tag.md:5:1\n",
        "cannot read the page: it is a folder\n  --> folder\n",
        "  --> absent.md\n",
        "import fetches nothing from a network\n  --> https://docs.petshop.dev/a.md\n",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    assert_eq!(message.matches("error: ").count(), 8, "{message}");
    assert!(!desk.path("specs").exists());
}

#[test]
fn names_are_checked_and_needed() {
    let desk = Desk::new();
    let page = block_page("get", "/pets", "string");
    desk.page("a.md", &page);
    for name in ["../x", "A", "type", "runtime", ""] {
        assert!(
            desk.refused(&["a.md", "--api", name])
                .contains("--> --api\n"),
            "{name}"
        );
    }
    let nameless = page
        .replace("https://api.petshop.dev", "/v1")
        .replace("https://docs.petshop.dev/llms.txt", "x")
        .replace("Pets", "API");
    desk.page("b.md", &nameless);
    assert!(
        desk.refused(&["b.md"])
            .contains("help: name it: --api NAME")
    );
    let outcome = desk.import_with(&["-", "--api", "pets"], &nameless);
    assert!(outcome.succeeded, "{}", outcome.stderr);
    let broken = desk.import_with(&["-"], "");
    assert!(
        broken.stderr.contains("--> <stdin>:1:1\n"),
        "{}",
        broken.stderr
    );
}

#[test]
fn a_changed_document_or_a_broken_manifest_is_told() {
    let desk = Desk::new();
    desk.page("a.md", block_page("get", "/pets", "string"));
    desk.imported(&["a.md"]);
    let path = desk.path("specs/petshop/openapi.yaml");
    let document = fs::read_to_string(&path).unwrap();
    fs::write(&path, document.replace("paths:", "x-mine: 1\npaths:")).unwrap();
    let outcome = desk.imported(&["a.md"]);
    assert!(
        outcome
            .stderr
            .starts_with("warning: this document is not as it was imported"),
        "{}",
        outcome.stderr
    );
    fs::write(&path, "openapi: [").unwrap();
    assert!(
        desk.refused(&["a.md"])
            .contains("the vendored document is broken")
    );
    fs::write(&path, &document).unwrap();
    let manifest = desk.path("specs/callwright.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replace("petshop/openapi.yaml", "../openapi.yaml"),
    )
    .unwrap();
    assert!(
        desk.refused(&["a.md"])
            .contains("lies outside of the folder")
    );
    fs::write(&manifest, "[[api]]\nname = ").unwrap();
    assert!(
        desk.refused(&["a.md"])
            .contains("--> specs/callwright.toml:2:")
    );
}

#[test]
fn a_missing_component_is_a_warning() {
    let desk = Desk::new();
    desk.page(
        "a.md",
        block_page("get", "/pets", "string").replace("schemas/Pet'", "schemas/Toy'"),
    );
    let outcome = desk.imported(&["a.md"]);
    assert!(
        outcome
            .stderr
            .starts_with("warning: no imported page brings #/components/schemas/Toy\n"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_page_of_tags_becomes_a_valid_document() {
    let desk = Desk::new();
    let page = include_str!("pages/create_reply.md");
    desk.page("page.md", page);
    let outcome = desk.imported(&["page.md"]);
    let document = desk.document("petshop");
    let parsed: openapiv3::OpenAPI = serde_yaml::from_str(&document).unwrap();
    assert_eq!(parsed.operations().count(), 1);
    insta::assert_snapshot!("create_reply", format!("{}\n{document}", outcome.stderr));
}

#[test]
fn samples_that_disagree_are_told_with_their_lines() {
    let desk = Desk::new();
    let page = include_str!("pages/create_reply.md")
        .replace("requests.post(", "requests.put(")
        .replace("`${base}/v1/", "`${base}/v2/");
    desk.page("page.md", page);
    let message = desk.refused(&["page.md"]);
    assert_eq!(
        message
            .lines()
            .filter(|line| !line.starts_with("  help"))
            .collect::<Vec<_>>(),
        [
            "warning: this sample's language is not read",
            "  --> page.md:80:6",
            "error: the request samples disagree on the method",
            "  --> page.md:54:3: curl: POST",
            "  --> page.md:64:9: Python: PUT",
            "  --> page.md:73:26: JavaScript: POST",
            "error: the request samples disagree on the path",
            "  --> page.md:54:3: curl: /v1/pets/{petId}/replies",
            "  --> page.md:64:9: Python: /v1/pets/{petId}/replies",
            "  --> page.md:73:26: JavaScript: /v2/pets/{petId}/replies",
            "nothing was written",
        ]
    );
}

#[test]
fn samples_need_no_frame() {
    let desk = Desk::new();
    desk.page(
        "a.md",
        "---\ntitle: Remove a pet\n---\n\n```bash\nnpm install pets\n```\n\n<ParamField path=\"id\" type=\"integer\" />\n\n\
         <CodeGroup>\n```bash\ncurl -X DELETE https://api.petshop.dev/pets/:id -u key:\n```\n</CodeGroup>\n",
    );
    desk.imported(&["a.md"]);
    let document: openapiv3::OpenAPI = serde_yaml::from_str(&desk.document("petshop")).unwrap();
    let (path, method, operation) = document.operations().next().unwrap();
    assert_eq!(
        (path, method, operation.operation_id.as_deref()),
        ("/pets/{id}", "delete", Some("deletePet"))
    );
    assert_eq!(operation.summary.as_deref(), Some("Remove a pet"));
    assert!(operation.security.as_ref().unwrap()[0].contains_key("BasicAuth"));
}

#[test]
fn an_example_that_contradicts_its_field_is_told_at_its_line() {
    let desk = Desk::new();
    let tags = "<ResponseField name=\"id\" type=\"integer\" />\n<ResponseField name=\"tags\" type=\"string[]\" />";
    desk.page(
        "a.md",
        tag_page(
            tags,
            "curl https://api.petshop.dev/pets",
            "{\"id\": \"x\", \"tags\": [\"a\", 1]}",
        ),
    );
    let message = desk.refused(&["a.md"]);
    assert!(
        message.contains(
            "the example shows \"x\" where the page's field is integer\n  --> a.md:16:4\n"
        ),
        "{message}"
    );
    assert!(
        message
            .contains("the example shows 1 where the page's field is string\n  --> a.md:16:29\n"),
        "{message}"
    );
    desk.page(
        "a.md",
        tag_page(
            tags,
            "curl https://api.petshop.dev/pets",
            "{\"id\": 1, ...}",
        ),
    );
    assert!(
        desk.refused(&["a.md"])
            .contains("the response example is no JSON")
    );
}

#[test]
fn operation_ids_do_not_depend_on_the_order_of_import() {
    let page = |path: &str| {
        tag_page(
            "<ResponseField name=\"id\" type=\"integer\" />",
            &format!("curl https://api.petshop.dev{path}"),
            "{}",
        )
    };
    let import = |orders: &[&[&str]]| {
        let desk = Desk::new();
        desk.page("a.md", page("/v1/cats/toys"));
        desk.page("b.md", page("/v1/dogs/toys"));
        for pages in orders {
            desk.imported(pages);
        }
        desk.document("petshop")
    };
    let at_once = import(&[&["a.md", "b.md"]]);
    assert!(
        at_once.contains("operationId: listCatToys")
            && at_once.contains("operationId: listDogToys"),
        "{at_once}"
    );
    assert_eq!(import(&[&["b.md"], &["a.md"]]), at_once);
    assert_eq!(import(&[&["a.md"], &["b.md"], &["a.md"]]), at_once);
    assert!(import(&[&["a.md"]]).contains("operationId: listToys"));
}

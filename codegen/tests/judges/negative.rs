//! A wrong document for each diagnostic code: what is said, and where.
//!
//! `negative/cw0102.yaml` (or a folder of that name with an `openapi.yaml`) is wrong in the way of that code.
//! Its first lines, or a file `.says` beside it where it takes no comments, hold all that is said of it, in order:
//! `# CW0102 /pointer 3:5`, with the file's name before the line where that is another. `# limits depth=9` sets a limit.
//! `negative/cw0130.overlay.yaml` is an overlay for `negative/cw0130.yaml`.

use std::path::Path;

use callwright_codegen::Config;
use callwright_codegen::diagnostic::Code;
use callwright_codegen::source::Limits;

use super::{Document, documents, each};

/// The codes that no document can provoke, with the reason.
const NO_DOCUMENT: &[(&str, &str)] = &[(
    "CW0501",
    "emission is wrong only by a mistake of the generator",
)];

#[test]
fn every_code_has_a_document_that_provokes_it() {
    let documents = documents("negative");
    for entry in Code::TABLE {
        let code = entry.code.as_str();
        let has = documents
            .iter()
            .any(|document| document.name.eq_ignore_ascii_case(code));
        let excused = NO_DOCUMENT.iter().any(|(known, _)| *known == code);
        assert!(
            has != excused,
            "{code}: add codegen/tests/negative/{}.yaml, or say in NO_DOCUMENT why there cannot be one",
            code.to_lowercase()
        );
    }
}

#[test]
fn diagnostics_say_what_and_where() {
    each(&documents("negative"), |document| {
        let expected = Expected::of(document);
        let overlay = document.overlay();
        let overlays = overlay.as_deref();
        let entry = document.path.file_name().unwrap().to_string_lossy();
        let output = document.input(overlays.as_slice(), expected.limits, |input| {
            callwright_codegen::outline(input, Config::default())
        });
        let said: Vec<String> = output
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.location(&output.sources);
                let file = if place.file == entry {
                    String::new()
                } else {
                    format!("{} ", place.file)
                };
                let pointer = diagnostic.pointer.to_string();
                let pointer = if pointer.is_empty() { "-" } else { &pointer };
                format!(
                    "{} {pointer} {file}{}:{}",
                    diagnostic.code, place.line, place.column
                )
            })
            .collect();
        assert_eq!(
            said,
            expected.said,
            "{}\n{}",
            document.name,
            said.iter()
                .flat_map(|line| ["# ", line, "\n"])
                .collect::<String>()
        );
        let own = document.name.to_uppercase();
        assert!(
            said.iter().any(|line| line.starts_with(&own)),
            "{own} is not among {said:?}"
        );
        assert!(
            output
                .diagnostics
                .iter()
                .all(|diagnostic| diagnostic.remedy.is_some()
                    || diagnostic.severity == callwright_codegen::diagnostic::Severity::Note),
            "a diagnostic of {own} does not say what to do: {:?}",
            output.diagnostics
        );
    });
}

/// What a document's head says of it.
struct Expected {
    said: Vec<String>,
    limits: Limits,
}

impl Expected {
    fn of(document: &Document) -> Self {
        let beside = document.path.with_extension("says");
        let from: &Path = if beside.exists() {
            &beside
        } else {
            &document.path
        };
        let text = String::from_utf8_lossy(&std::fs::read(from).unwrap()).into_owned();
        let mut expected = Self {
            said: Vec::new(),
            limits: Limits::default(),
        };
        for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
            if let Some(limit) = line.strip_prefix("limits ") {
                let (name, value) = limit.split_once('=').unwrap();
                let value = value.parse().unwrap();
                match name {
                    "bytes" => expected.limits.bytes = value,
                    "depth" => expected.limits.depth = value,
                    "values" => expected.limits.values = value,
                    "files" => expected.limits.files = value,
                    _ => panic!("no limit is called {name}"),
                }
            } else {
                expected.said.push(line.to_owned());
            }
        }
        expected
    }
}

//! Clients whose resources are behind features: each feature brings what it needs, alone and with others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use callwright_codegen::source::Limits;
use callwright_codegen::{Client, Config, Gating, Layout};

use super::compiled::{cargo, standalone, sweep, write};
use super::{Document, documents, each, root, runtime, text};

/// A document's client, each resource behind a feature.
fn gated(document: &Document, layout: Layout<'_>) -> Client {
    let config = Config {
        name: Some(document.name.clone()),
        layout,
        sha256: "0".repeat(64),
        resource_features: Gating::Always,
        ..Config::default()
    };
    let overlay = document.overlay();
    let output = document.input(overlay.as_deref().as_slice(), Limits::default(), |input| {
        callwright_codegen::generate(input, config)
    });
    output.client.unwrap()
}

fn library() -> Document {
    let mut documents = documents("gates");
    documents.retain(|document| document.name == "library");
    documents.remove(0)
}

#[test]
fn features_are_what_cargo_takes_and_mean_one_thing() {
    let runtime = runtime();
    let client = gated(&library(), Layout::Crate { runtime: &runtime });
    let file = |path: &str| text(client.files.iter().find(|it| it.path == path).unwrap());
    let manifest = file("Cargo.toml");
    let (_, features) = manifest.split_once("[features]\n").unwrap();
    let (features, _) = features.split_once("# A span").unwrap();
    let out = [
        features,
        "\n//////// src/lib.rs\n",
        file("src/lib.rs"),
        "\n//////// src/types/mod.rs\n",
        file("src/types/mod.rs"),
        "\n//////// src/validation_rules/mod.rs\n",
        file("src/validation_rules/mod.rs"),
        "\n//////// README.md\n",
        file("README.md"),
    ];
    super::assert_snapshot("gates", &out.concat());
}

#[test]
fn each_feature_compiles_alone() {
    let runtime = runtime();
    let client = gated(&library(), Layout::Crate { runtime: &runtime });
    let files = client.files.iter();
    let folder = folder(
        "gates",
        files
            .map(|file| (file.path.clone(), file.contents.clone()))
            .collect(),
    );
    let mut wrong = Vec::new();
    let mut check = |command: &[&str], features: &str| {
        let mut arguments = command.to_vec();
        arguments.extend(["--quiet", "--no-default-features", "--features", features]);
        let (passed, said) = cargo(&folder, &arguments);
        if !passed {
            wrong.push(format!("{features}: {said}"));
        }
    };
    check(&["check"], "");
    check(&["check"], "all");
    check(&["check"], "all,validate");
    for feature in &client.features {
        check(&["check"], &format!("{},validate", feature.name));
    }
    // Nothing links to what is not there, and examples leave it out.
    check(&["doc", "--no-deps"], "loans");
    check(&["test", "--doc"], "loans");
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn each_feature_of_a_module_compiles_alone() {
    let library = library();
    let client = gated(
        &library,
        Layout::Module {
            crate_name: "fixtures",
        },
    );
    let mut files: BTreeMap<String, Vec<u8>> = standalone()
        .into_iter()
        .map(|file| (file.path, file.contents))
        .collect();
    for file in &client.files {
        files.insert(format!("src/library/{}", file.path), file.contents.clone());
    }
    let lib = "//! A module whose resources are behind features.\n\npub mod runtime;\n#[cfg(feature = \"library-client\")]\npub mod library;\n";
    files.insert("src/lib.rs".to_owned(), lib.into());
    let manifest = files.get_mut("Cargo.toml").unwrap();
    let parts = &client.parts;
    let mut features = format!("[features]\nlibrary-client = {parts:?}\n");
    for feature in &client.features {
        assert!(feature.name.starts_with("library-"), "{}", feature.name);
        let needs =
            std::iter::once("library-client").chain(feature.needs.iter().map(String::as_str));
        let needs: Vec<_> = needs.collect();
        let _ = writeln!(features, "\"{}\" = {needs:?}", feature.name);
    }
    *manifest = String::from_utf8_lossy(manifest)
        .replace("[features]\n", &features)
        .into_bytes();
    let folder = folder("gates_of_a_module", files);
    for features in [
        "",
        "library-client",
        "library-books,validate",
        "library-xml",
    ] {
        let arguments = ["check", "--quiet", "--no-default-features", "--features"];
        let (passed, said) = cargo(&folder, &[&arguments[..], &[features]].concat());
        assert!(passed, "{features}: {said}");
    }
}

#[test]
fn types_are_there_wherever_they_are_mentioned() {
    let runtime = runtime();
    let mut all = documents("fixtures");
    all.extend(documents("gates"));
    each(&all, |document| {
        closed(&gated(document, Layout::Crate { runtime: &runtime }));
    });
}

#[test]
fn types_that_many_need_have_a_feature_of_their_own() {
    let mut document = "openapi: 3.0.3\ninfo: {title: Many, version: '1'}\npaths:\n".to_owned();
    for (index, name) in ["a", "b", "c", "d", "e", "f", "g", "h"].iter().enumerate() {
        let schema = if index < 6 { "Long" } else { "Short" };
        let _ = writeln!(
            document,
            "  /{name}: {{put: {{tags: [tag_{name}], operationId: put{name}, requestBody: {{content: {{application/json: {{schema: \
             {{$ref: '#/components/schemas/{schema}'}}}}}}}}, responses: {{204: {{description: d}}}}}}}}"
        );
    }
    document += "components:\n  schemas:\n    Short: {type: object}\n    Kind: {type: string, enum: [x, y]}\n    Long:\n      type: object\n      properties:\n";
    for index in 0..120 {
        let _ = writeln!(
            document,
            "        p{index}: {{$ref: '#/components/schemas/Kind'}}"
        );
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("many_gates.yaml");
    write(&folder, document.as_bytes());
    let document = Document {
        name: "many".to_owned(),
        path: folder,
    };
    let runtime = runtime();
    let client = gated(&document, Layout::Crate { runtime: &runtime });
    closed(&client);
    let manifest = client.files.iter().find(|it| it.path == "Cargo.toml");
    let manifest = text(manifest.unwrap());
    let shared = "_types_of_tag_a_and_5_others";
    for line in [
        format!("{shared} = []"),
        format!("tag_a = [\"{shared}\"]"),
        format!("tag_f = [\"{shared}\"]"),
        "tag_g = []".to_owned(),
    ] {
        assert!(manifest.lines().any(|it| it == line), "{line}: {manifest}");
    }
    assert!(
        !manifest.contains(&format!("    \"{shared}\"")),
        "{manifest}"
    );
}

/// The features with any of which something is there; none where it always is.
type Gate = Option<BTreeSet<String>>;

/// Checks that every type that a module names is there wherever the module is.
fn closed(client: &Client) {
    if client.features.is_empty() {
        return;
    }
    let sources: BTreeMap<&str, &str> = client
        .files
        .iter()
        .filter_map(|file| Some((file.path.strip_prefix("src/")?, text(file))))
        .collect();
    // Those of shared types stand for the features that need them.
    let of_file = |path: &str| -> BTreeMap<String, Gate> {
        let mut all = gates(sources.get(path).copied().unwrap_or_default());
        for gate in all.values_mut().flatten() {
            let needing = client.features.iter();
            let needing = needing.filter(|it| it.needs.iter().any(|need| gate.contains(need)));
            gate.extend(needing.map(|it| it.name.clone()).collect::<Vec<_>>());
        }
        all
    };
    let of_types = of_file("types/mod.rs");
    assert_eq!(of_types, of_file("codec/mod.rs"));
    let of_modules = of_file("lib.rs");
    let mut defined: BTreeMap<&str, &Gate> = BTreeMap::new();
    for (module, gate) in &of_types {
        let lines = sources[format!("types/{module}.rs").as_str()].lines();
        for name in lines.filter_map(|line| {
            let rest = line.strip_prefix("pub ")?;
            let (kind, rest) = rest.split_once(' ')?;
            matches!(kind, "struct" | "enum" | "type").then(|| word(rest))
        }) {
            assert!(
                defined.insert(name, gate).is_none(),
                "{name} is there twice"
            );
        }
    }
    let mut mentioned = 0;
    let mut check = |place: &str, gate: &Gate, name: &str| {
        let of_name = defined
            .get(name)
            .unwrap_or_else(|| panic!("{place}: {name}"));
        let holds = match (of_name, gate) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(there), Some(asked)) => there.is_superset(asked),
        };
        assert!(holds, "{place}: {name}");
        mentioned += 1;
    };
    for (path, source) in &sources {
        let (folder, rest) = path.split_once('/').unwrap_or(("", path));
        if folder == "types" && rest != "mod.rs" {
            let imported = source
                .split_once("use super::{")
                .map_or("", |(_, rest)| rest);
            let (imported, _) = imported.split_once('}').unwrap_or_default();
            let names = imported.split(',').map(str::trim);
            for name in names.filter(|name| !name.is_empty()) {
                check(path, &of_types[rest.trim_end_matches(".rs")], name);
            }
        }
        let module = rest.trim_end_matches(".rs");
        // Modules of limits, and of what replies have in common, have gates of their own.
        let inner = of_file(&format!("{folder}/mod.rs"));
        let gate = match (folder, inner.get(module)) {
            ("", _) => of_modules.get(module),
            ("validation_rules", own) | (_, own @ Some(Some(_))) => own,
            (folder, _) => of_modules.get(folder),
        };
        if let Some(gate) = gate {
            for (at, _) in source.match_indices("types::") {
                let before = source[..at].chars().next_back();
                let name = word(&source[at + "types::".len()..]);
                // Not those of examples, which users name.
                if !before.is_some_and(|c| c == ':' || c == '_' || c.is_alphanumeric()) {
                    check(path, gate, name);
                }
            }
        }
    }
    assert!(mentioned > 0 || defined.is_empty());
}

/// The modules that a file declares, each with its gate.
fn gates(source: &str) -> BTreeMap<String, Gate> {
    let mut gates = BTreeMap::new();
    let mut condition = String::new();
    for line in source.lines() {
        let declared = line.trim_start_matches("pub ").strip_prefix("mod ");
        if let Some(module) = declared.and_then(|rest| rest.strip_suffix(';')) {
            let features = condition.split("feature = \"").skip(1);
            let features: BTreeSet<String> = features
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect();
            let gate = (!features.is_empty()).then_some(features);
            gates.insert(module.to_owned(), gate);
        }
        if line.ends_with(';') {
            condition.clear();
        } else {
            condition.push_str(line);
        }
    }
    gates
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| c != '_' && c != '#' && !c.is_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

/// A folder with just these files, which outlives the test, so that a failure can be looked at.
fn folder(name: &str, files: BTreeMap<String, Vec<u8>>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let belongs: BTreeSet<String> = files.keys().cloned().collect();
    for (path, contents) in files {
        write(&folder.join(path), &contents);
    }
    sweep(&folder.join("src"), "src/", &belongs);
    // The versions that the workspace uses: they are at hand.
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

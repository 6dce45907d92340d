//! Documents of many files, and overlays.

use callwright_codegen::diagnostic::Pointer;
use callwright_codegen::source::{Input, Limits, read};
use serde_json::json;

use super::run;

const ENTRY: &str = "openapi: 3.0.3
info:
  title: t
  version: '1'
  description: {$ref: ./docs/about.md}
paths:
  /a: {$ref: paths/a.yml}
  /b:
    get: {$ref: 'paths/b.yml#/get', summary: own}
components:
  schemas:
    Pet: {$ref: schemas/pet.yml}
    Local: {properties: {pet: {$ref: '#/components/schemas/Pet'}, odd: {$ref: '#/x-odd/A'}}}
    Union: {oneOf: [{$ref: schemas/pet.yml}], discriminator: {propertyName: k, mapping: {pet: schemas/pet.yml, other: Local}}}
x-odd: {A: {type: [string]}}
";

const FILES: [(&str, &str); 6] = [
    ("specs/x/api.yaml", ENTRY),
    ("specs/x/docs/about.md", "# About: {not yaml"),
    (
        "specs/x/paths/a.yml",
        "get:\n  parameters:\n    - $ref: ../shared.json#/parameters/limit\n  responses:\n    200: {$ref: '../shared.json#/responses/ok'}\n",
    ),
    (
        "specs/x/paths/b.yml",
        "get:\n  summary: theirs\n  responses: {$ref: '#/all'}\nall: {200: {description: d, content: {a/b: {schema: {$ref: ../schemas/pet.yml#/properties/tag}, example: {$ref: nowhere.yml}}}}}\n",
    ),
    (
        "specs/x/shared.json",
        r#"{"parameters": {"limit": {"name": "limit", "in": "query", "schema": {"type": "int"}}}, "unused": {"$ref": "gone.yml"},
 "responses": {"ok": {"description": "d", "content": {"a/b": {"schema": {"$ref": "api.yaml#/components/schemas/Local"}}}}}}"#,
    ),
    (
        "specs/x/schemas/pet.yml",
        "type: object\nproperties:\n  tag: {type: String}\n  parent: {$ref: '#'}\n  friend: {$ref: ./pet.yml#/properties/parent}\n",
    ),
];

#[test]
fn files_become_one_value() {
    let (lowered, said) = run(&FILES, &[]);
    let lowered = lowered.unwrap();
    let value = &lowered.value;
    let said: Vec<_> = said
        .iter()
        .map(|(code, pointer, place)| format!("{code} {pointer} {place}"))
        .collect();
    let mut sorted = said.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "CW0202 /parameters/limit/schema/type specs/x/shared.json:1:78",
            "CW0202 /properties/tag/type specs/x/schemas/pet.yml:3:15",
            "CW0202 /x-odd/A/type/0 specs/x/api.yaml:1:1",
        ]
        .map(str::to_owned)[..2]
    );
    assert_eq!(value["info"]["description"], "# About: {not yaml");
    let at = |reference: &serde_json::Value| {
        let pointer = Pointer::from(reference.as_str().unwrap());
        (
            value.pointer(pointer.as_str()).unwrap(),
            lowered.names.get(&pointer).map(String::as_str),
            lowered.author(&pointer),
        )
    };
    let get = &value["paths"]["/a"]["get"];
    assert_eq!(
        at(&get["parameters"][0]["$ref"]).0["schema"],
        json!({"type": "integer"})
    );
    assert_eq!(
        at(&get["responses"]["200"]["$ref"]).0["content"]["a/b"]["schema"],
        json!({"$ref": "#/components/schemas/Local"})
    );
    let get = &value["paths"]["/b"]["get"];
    assert_eq!(get["summary"], "own");
    let content = &get["responses"]["200"]["content"]["a/b"];
    assert_eq!(content["example"], json!({"$ref": "nowhere.yml"}));
    let (tag, name, (file, pointer)) = at(&content["schema"]["$ref"]);
    assert_eq!((tag, name), (&json!({"type": "string"}), Some("tag")));
    assert_eq!(
        (lowered.files.get(file).name(), pointer.as_str()),
        ("specs/x/schemas/pet.yml", "/properties/tag")
    );
    let schemas = &value["components"]["schemas"];
    let (pet, name, _) = at(&schemas["Pet"]["$ref"]);
    assert_eq!(name, Some("Pet"));
    assert_eq!(pet["properties"]["parent"]["$ref"], schemas["Pet"]["$ref"]);
    assert_eq!(
        at(&pet["properties"]["friend"]["$ref"]).0["$ref"],
        schemas["Pet"]["$ref"]
    );
    assert_eq!(
        schemas["Union"]["discriminator"]["mapping"],
        json!({"pet": schemas["Pet"]["$ref"], "other": "Local"})
    );
    assert_eq!(value["x-odd"]["A"], json!({"type": "string"}));
    assert!(!value.to_string().contains("gone.yml"));
}

#[test]
fn references_that_cannot_be_followed_are_all_reported() {
    let entry = "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a: {$ref: https://x.test/a.yml}
  /b: {$ref: ../b.yml}
  /c: {$ref: c.yml}
components:
  schemas:
    A: {$ref: /etc/passwd}
    B: {$ref: 'd.yml#/no'}
    C: {$ref: 'd.yml#anchor'}
    D: {$ref: broken.yml}
    E: {$ref: 'd.yml#/%zz%ff'}
  examples:
    F: {$ref: https://x.test/example.json}
";
    let (lowered, said) = run(
        &[
            ("api.yaml", entry),
            ("d.yml", "yes: {}\n"),
            ("broken.yml", "a: [\n"),
        ],
        &[],
    );
    assert!(lowered.is_some());
    let mut said: Vec<_> = said
        .into_iter()
        .map(|(code, pointer, place)| format!("{code} {pointer} {place}"))
        .collect();
    said.sort();
    let expected = [
        "CW0102  broken.yml:2:1",
        "CW0120 /components/examples/F/$ref api.yaml:15:15",
        "CW0120 /paths/~1a/$ref api.yaml:4:14",
        "CW0121 /components/schemas/A/$ref api.yaml:9:15",
        "CW0121 /paths/~1b/$ref api.yaml:5:14",
        "CW0122 /paths/~1c/$ref api.yaml:6:14",
        "CW0123 /components/schemas/B/$ref api.yaml:10:15",
        "CW0123 /components/schemas/C/$ref api.yaml:11:15",
        "CW0126 /components/schemas/E/$ref api.yaml:13:15",
    ];
    assert_eq!(said, expected);
}

#[test]
fn what_must_be_copied_cannot_contain_itself() {
    let entry = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: {$ref: a.yml}\n";
    let item = "get: {responses: {}, callbacks: {c: {x: {$ref: a.yml}}}}\n";
    let (lowered, said) = run(&[("api.yaml", entry), ("a.yml", item)], &[]);
    assert!(lowered.is_some());
    assert!(
        said.iter().any(|(code, _, _)| *code == "CW0125"),
        "{said:?}"
    );
}

#[test]
fn overlays_correct_before_anything_else() {
    let entry = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {responses: {}}}\n  /b: {get: {}}\n";
    let overlay = "overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n  - target: $.paths['/a'].get\n    update:\n      operationId: named\n      tags: 7\n      requestBody: {content: {a/b: {schema: {$ref: b.yml}}}}\n  - target: $.paths['/b']\n    remove: true\n  - target: $.paths['/c']\n    remove: true\n";
    let files = [("api.yaml", entry), ("b.yml", "type: [string]\n")];
    let (lowered, said) = run(&files, &[("overlay.yaml", overlay)]);
    let value = lowered.unwrap().value;
    assert!(value["paths"].get("/b").is_none());
    let get = &value["paths"]["/a"]["get"];
    assert_eq!(get["operationId"], "named");
    let reference = get["requestBody"]["content"]["a/b"]["schema"]["$ref"]
        .as_str()
        .unwrap();
    assert_eq!(
        value.pointer(&reference[1..]),
        Some(&json!({"type": "string"}))
    );
    let said: Vec<_> = said
        .iter()
        .map(|(code, pointer, place)| format!("{code} {pointer} {place}"))
        .collect();
    assert_eq!(
        said,
        [
            "CW0131 /actions/2/target overlay.yaml:11:13",
            "CW0202 /actions/0/update/tags overlay.yaml:7:13",
        ]
    );
}

#[test]
fn limits_hold_over_all_files() {
    let entry = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {$ref: a.yml}, B: {$ref: b.yml}}}\n";
    let loader = |_: &str| Ok(b"type: string\n".to_vec());
    let read = |limits: Limits| {
        let (tree, _, diagnostics) = read(&Input {
            name: "api.yaml",
            bytes: entry.as_bytes(),
            loader: &loader,
            overlays: Vec::new(),
            limits,
        });
        let said = diagnostics
            .into_iter()
            .map(|said| (said.code.as_str(), said.pointer.to_string()));
        (tree.is_some(), said.collect::<Vec<_>>())
    };
    let at = |code, name: &str| vec![(code, format!("/components/schemas/{name}/$ref"))];
    let limits = Limits::default;
    assert_eq!(read(limits()), (true, vec![]));
    assert_eq!(
        read(Limits {
            files: 2,
            ..limits()
        }),
        (true, at("CW0124", "B"))
    );
    assert_eq!(
        read(Limits {
            bytes: entry.len() + 20,
            ..limits()
        }),
        (true, at("CW0107", "B"))
    );
    assert_eq!(
        read(Limits {
            bytes: 20,
            ..limits()
        }),
        (false, vec![("CW0107", String::new())])
    );
    assert_eq!(
        read(Limits {
            values: 12,
            ..limits()
        })
        .1[0]
            .0,
        "CW0109"
    );
}

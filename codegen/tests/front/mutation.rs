//! Whatever stands anywhere in a document: no panic, and every part of the result is what `openapiv3` takes.

use callwright_codegen::dialect::lower;
use callwright_codegen::source::{Input, Limits, LoadError, read};
use serde_json::{Value, json};

use super::run;

const SWAGGER: &str = include_str!("documents/swagger2.json");
const V3_0: &str = include_str!("documents/v3_0.json");
const V3_2: &str = include_str!("documents/v3_2.json");

/// Every pointer of a value.
fn pointers(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(value, &format!("{here}/{key}"), all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{here}/{index}"), all);
            }
        }
        _ => {}
    }
}

/// Puts each of these values everywhere in a document, one at a time.
fn mutate(document: &str) {
    let junk = [
        json!(null),
        json!(-1.5),
        json!("junk"),
        json!(["a", null, {}]),
        json!({"a": "b"}),
        json!({"$ref": "#/components/schemas/Pet"}),
        json!({"$ref": true}),
    ];
    let mut document: Value = serde_json::from_str(document).unwrap();
    let mut all = Vec::new();
    pointers(&document, "", &mut all);
    for pointer in all.iter().skip(1) {
        if pointer == "/openapi" || pointer == "/swagger" {
            continue;
        }
        for junk in &junk {
            let place = document.pointer_mut(pointer).unwrap();
            let before = std::mem::replace(place, junk.clone());
            let lowered = lowered_value(&document.to_string());
            if let Err(error) = serde_json::from_value::<openapiv3::OpenAPI>(lowered) {
                panic!("{pointer} = {junk}: {error}");
            }
            *document.pointer_mut(pointer).unwrap() = before;
        }
    }
}

/// The lowered value alone: finding the place of every diagnostic takes longer than lowering.
fn lowered_value(text: &str) -> Value {
    let loader = |_: &str| Err(LoadError::Missing);
    let (tree, _, _) = read(&Input {
        name: "api.json",
        bytes: text.as_bytes(),
        loader: &loader,
        overlays: Vec::new(),
        limits: Limits::default(),
    });
    lower(tree.unwrap()).0.unwrap().value
}

#[test]
fn any_value_anywhere_in_swagger_2() {
    mutate(SWAGGER);
}

#[test]
fn any_value_anywhere_in_3_0() {
    mutate(V3_0);
}

#[test]
fn any_value_anywhere_in_3_2() {
    mutate(V3_2);
}

#[test]
fn nesting_to_the_limit_is_lowered() {
    let depth = 250;
    let text = format!(
        "{{\"openapi\": \"3.1.0\", \"x-deep\": {}, \"components\": {{\"schemas\": {{\"A\": {}{{}}{}}}}}}}",
        "[".repeat(500) + &"]".repeat(500),
        "{\"properties\": {\"a\": ".repeat(depth),
        "}}".repeat(depth),
    );
    let value = lowered_value(&text);
    let pointer = format!("/components/schemas/A{}", "/properties/a".repeat(depth));
    assert_eq!(value.pointer(&pointer), Some(&json!({})));
}

#[test]
fn the_documents_themselves_are_fine() {
    for document in [SWAGGER, V3_0, V3_2] {
        let (lowered, said) = run(&[("api.json", document)], &[]);
        assert_eq!(said, []);
        assert!(serde_json::from_value::<openapiv3::OpenAPI>(lowered.unwrap().value).is_ok());
    }
}

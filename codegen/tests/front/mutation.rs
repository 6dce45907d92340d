//! Whatever stands anywhere in a document: no panic, and every part of the result is what `openapiv3` takes.

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

#[test]
fn any_value_anywhere_lowers_to_the_model() {
    let junk = [
        json!(null),
        json!(true),
        json!(-1.5),
        json!("junk"),
        json!([]),
        json!(["a", null, {}]),
        json!({}),
        json!({"a": "b"}),
        json!({"$ref": "#/components/schemas/Pet"}),
        json!({"$ref": 1}),
    ];
    for document in [SWAGGER, V3_0, V3_2] {
        let document: Value = serde_json::from_str(document).unwrap();
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        for pointer in all.iter().skip(1) {
            if pointer == "/openapi" || pointer == "/swagger" {
                continue;
            }
            for junk in &junk {
                let mut changed = document.clone();
                *changed.pointer_mut(pointer).unwrap() = junk.clone();
                let text = changed.to_string();
                let (lowered, said) = run(&[("api.json", &text)], &[]);
                let lowered = lowered.unwrap();
                if let Err(error) =
                    serde_json::from_value::<openapiv3::OpenAPI>(lowered.value.clone())
                {
                    panic!("{pointer} = {junk}: {error}\n{said:?}\n{:#}", lowered.value);
                }
            }
        }
    }
}

#[test]
fn the_documents_themselves_are_fine() {
    for document in [SWAGGER, V3_0, V3_2] {
        let (lowered, said) = run(&[("api.json", document)], &[]);
        assert_eq!(said, []);
        assert!(serde_json::from_value::<openapiv3::OpenAPI>(lowered.unwrap().value).is_ok());
    }
}

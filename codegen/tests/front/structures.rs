//! Operations, parameters, messages and security of 3.x: repairs, and one wrong part that takes no other with it.

use serde_json::{Value, json};

use super::{assert_said, lowered_at};

fn document(paths: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n{paths}\n")
}

/// Lowers `/a` with this `get`, written on one line.
fn check(operation: &str, pointer: &str, expected: &Value, said: &[&str]) {
    let text = document(&format!("  /a:\n    get: {operation}"));
    let (value, found) = lowered_at(&text, &format!("/paths/~1a/get{pointer}"));
    assert_eq!(&value, expected, "{operation}");
    let said: Vec<String> = said
        .iter()
        .map(|line| {
            let (head, column) = line.rsplit_once(' ').unwrap();
            let (code, pointer) = head.split_once(' ').unwrap_or((head, ""));
            format!("{code} /paths/~1a/get{pointer} 5:{column}")
        })
        .collect();
    assert_said(
        &found,
        &said.iter().map(String::as_str).collect::<Vec<_>>(),
        operation,
    );
}

#[test]
fn parameters() {
    let check = |parameters: &str, expected: Value, said: &[&str]| {
        check(
            &format!("{{responses: {{}}, parameters: [{parameters}]}}"),
            "/parameters",
            &expected,
            said,
        );
    };
    check(
        "{$ref: '#/components/parameters/A', description: d}",
        json!([{"$ref": "#/components/parameters/A", "x-callwright-description": "d"}]),
        &[],
    );
    check(
        "{name: a, in: Path, schema: {}}",
        json!([{"name": "a", "in": "path", "required": true, "schema": {}}]),
        &["CW0202 /parameters/0/in 53", "CW0204 /parameters/0 39"],
    );
    check(
        "{name: 1, in: query, type: integer, style: simple}",
        json!([{"name": "1", "in": "query", "schema": {"type": "integer"}}]),
        &[
            "CW0202 /parameters/0/name 46",
            "CW0202 /parameters/0/style 82",
            "CW0202 /parameters/0 39",
        ],
    );
    check(
        "{name: a, in: query}",
        json!([{"name": "a", "in": "query", "schema": {"type": "string"}}]),
        &["CW0204 /parameters/0 39"],
    );
    check(
        "{in: query}, {name: b, in: body}, {name: c, in: query, schema: {minimum: x}}",
        json!([{"name": "c", "in": "query", "schema": {}}]),
        &[
            "CW0203 /parameters/0 39",
            "CW0203 /parameters/1 52",
            "CW0202 /parameters/2/schema/minimum 112",
        ],
    );
    check(
        "{name: a, in: query, schema: {}, examples: {x: 1}}",
        json!([{"name": "a", "in": "query", "schema": {}, "examples": {"x": {"value": 1}}}]),
        &["CW0202 /parameters/0/examples/x 86"],
    );
}

#[test]
fn responses() {
    let check = |responses: &str, expected: Value, said: &[&str]| {
        check(
            &format!("{{responses: {responses}}}"),
            "/responses",
            &expected,
            said,
        );
    };
    check(
        "{200: {description: d}, 4xx: {description: d}, default: {$ref: '#/r'}, x-a: 1}",
        json!({"200": {"description": "d"}, "4xx": {"description": "d"}, "default": {"$ref": "#/r"}, "x-a": 1}),
        &[],
    );
    check(
        "{ok: {description: d}, 201: created, 202: ~, 203: 7}",
        json!({"201": {"description": "created"}, "202": {"description": ""}}),
        &[
            "CW0203 /responses/ok 23",
            "CW0202 /responses/201 50",
            "CW0204 /responses/202 64",
            "CW0203 /responses/203 72",
        ],
    );
    check(
        "{200: {description: d, content: {text/plain: ~, a/b: {schema: {$ref: 3}}}, headers: {X: {type: integer}}, links: {l: {}}}}",
        json!({"200": {"description": "d", "content": {"text/plain": {}, "a/b": {"schema": {}}},
            "headers": {"X": {"schema": {"type": "integer"}}}, "links": {}}}),
        &[
            "CW0202 /responses/200/headers/X 107",
            "CW0126 /responses/200/content/a~1b/schema/$ref 91",
            "CW0202 /responses/200/links/l 136",
        ],
    );
}

#[test]
fn operations_stand_for_themselves() {
    check(
        "{tags: a, deprecated: 'true', operationId: 7, security: k, servers: {url: /x}, callbacks: {c: {$ref: '#/c'}, d: {x-y: 1}}}",
        "",
        &json!({"tags": ["a"], "deprecated": true, "operationId": "7", "servers": [{"url": "/x"}], "responses": {},
            "callbacks": {"d": {}}, "x-callwright-callbacks": {"c": {"$ref": "#/c"}}}),
        &[
            "CW0202 /tags 17",
            "CW0202 /operationId 53",
            "CW0202 /deprecated 32",
            "CW0202 /servers 69",
            "CW0203 /security 66",
            "CW0204  5",
        ],
    );
    let text = document(
        "  /a: {get: 7, post: {responses: {}}}\n  b: {get: {responses: {}}}\n  /c: nothing",
    );
    let (value, said) = lowered_at(&text, "/paths");
    assert_eq!(
        value,
        json!({"/a": {"post": {"responses": {}}}, "/b": {"get": {"responses": {}}}})
    );
    assert_said(
        &said,
        &[
            "CW0203 /paths/~1a/get 4:13",
            "CW0203 /paths/~1c 6:7",
            "CW0202 /paths/b 5:3",
        ],
        &text,
    );
}

#[test]
fn security() {
    let text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\nsecurity: [k, {o: ~}]\ncomponents:\n  securitySchemes:\n    a: {type: apikey, name: X-Key}\n    b: {type: Bearer}\n    c: {type: http}\n    d: {type: apiKey, in: body, name: x}\n    e: {type: magic}\n    f: {type: oauth2, flows: {password: {scopes: [x]}}}\n    g: {type: openIdConnect, openIdConnectUrl: u}\n    h: {type: apiKey, in: query}\n";
    let (value, said) = lowered_at(text, "");
    assert_eq!(value["security"], json!([{"k": []}, {"o": []}]));
    assert_eq!(
        value["components"]["securitySchemes"],
        json!({
            "a": {"type": "apiKey", "name": "X-Key", "in": "header"},
            "b": {"type": "http", "scheme": "bearer"},
            "c": {"type": "http", "scheme": "basic"},
            "f": {"type": "oauth2", "flows": {"password": {"tokenUrl": "", "scopes": {"x": ""}}}},
            "g": {"type": "openIdConnect", "openIdConnectUrl": "u"},
        })
    );
    let base = "/components/securitySchemes";
    let expected = [
        "CW0202 /security/0 4:12".to_owned(),
        format!("CW0202 {base}/a/type 7:15"),
        format!("CW0202 {base}/a 7:5"),
        format!("CW0202 {base}/b/type 8:15"),
        format!("CW0202 {base}/c 9:5"),
        format!("CW0210 {base}/d/in 10:27"),
        format!("CW0210 {base}/e 11:5"),
        format!("CW0204 {base}/f/flows/password 12:31"),
        format!("CW0202 {base}/f/flows/password/scopes 12:42"),
        format!("CW0210 {base}/h 14:5"),
    ];
    assert_said(&said, &expected.each_ref().map(String::as_str), text);
}

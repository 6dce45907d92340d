//! Versions and what every version has at its root.

use serde_json::json;

use super::{assert_said, lowered_at, run};

#[test]
fn versions_are_recognised() {
    for (key, version) in [
        ("swagger", "2.0"),
        ("swagger", "'2.0'"),
        ("openapi", "3.0.4"),
        ("openapi", "3.1.2"),
        ("openapi", "3.2.0"),
        ("openapi", "3.1"),
        ("openapi", "3.0.0-rc2"),
    ] {
        let text = format!("{key}: {version}\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n");
        let (lowered, said) = run(&[("api.yaml", &text)], &[]);
        assert_said(&said, &[], &text);
        assert_eq!(lowered.unwrap().version, version.trim_matches('\''));
    }
    for (text, expected) in [
        ("openapi: 4.0.0\n", "CW0201 /openapi 1:10"),
        ("openapi: 3.7.0\n", "CW0201 /openapi 1:10"),
        ("swagger: '1.2'\n", "CW0201 /swagger 1:10"),
        ("openapi: {}\n", "CW0201 /openapi 1:1"),
        ("a: 1\n", "CW0106  1:1"),
        ("- a\n", "CW0105  1:1"),
    ] {
        let (lowered, said) = run(&[("api.yaml", text)], &[]);
        assert!(lowered.is_none());
        assert_said(&said, &[expected], text);
    }
}

#[test]
fn texts_keep_the_digits_of_numbers() {
    let text = "openapi: 3.0.0\ninfo: {title: 2020, version: 1.10}\npaths: {}\n";
    let (value, said) = lowered_at(text, "/info");
    assert_eq!(value, json!({"title": "2020", "version": "1.10"}));
    assert_said(
        &said,
        &["CW0202 /info/title 2:15", "CW0202 /info/version 2:30"],
        text,
    );
}

#[test]
fn webhooks_and_path_items_of_3_1() {
    let text = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\njsonSchemaDialect: https://x.test/d\nwebhooks:\n  a:\n    post:\n      responses: {'200': {}}\ncomponents:\n  pathItems:\n    p: {get: {summary: 7}}\n";
    let (lowered, said) = run(&[("api.yaml", text)], &[]);
    let lowered = lowered.unwrap();
    assert_eq!(
        lowered.value["x-callwright-webhooks"],
        json!({"a": {"post": {"responses": {"200": {"description": ""}}}}})
    );
    assert_eq!(
        lowered.value["components"]["pathItems"]["p"]["get"]["summary"],
        "7"
    );
    assert_eq!(lowered.value["paths"], json!({}));
    let expected = [
        "CW0208 /jsonSchemaDialect 3:20",
        "CW0202 /components/pathItems/p/get/summary 10:24",
        "CW0204 /webhooks/a/post/responses/200 7:19",
    ];
    assert_said(&said, &expected, text);
}

#[test]
fn additions_of_3_2_are_carried() {
    let text = "
openapi: 3.2.0
info: {title: t, version: '1'}
servers: [{url: /, name: main}]
tags: [{name: a, summary: A, parent: b, kind: nav}]
paths:
  /a:
    query: {responses: {}}
    additionalOperations: {COPY: {responses: {}}, GET: {responses: {}}, 'A B': {}}
    get:
      parameters:
        - {in: querystring, name: q, content: {application/json: {schema: {const: 1}}}}
        - {in: cookie, name: c, style: cookie, schema: {}}
        - {in: path, name: p, required: true, allowReserved: true, schema: {}}
      responses:
        '200':
          summary: fine
          content:
            application/jsonl:
              itemSchema: {type: [string, 'null']}
              itemEncoding: {contentType: text/plain}
              prefixEncoding: [{}]
              examples: {x: {dataValue: 1}, y: {serializedValue: abc}}
components:
  schemas:
    A: {discriminator: {propertyName: k, defaultMapping: B}}
  securitySchemes:
    m: {type: mutualTLS}
    o: {type: oauth2, flows: {deviceAuthorization: {tokenUrl: t}}}
";
    let (lowered, said) = run(&[("api.yaml", text)], &[]);
    let value = lowered.unwrap().value;
    assert_eq!(
        value["servers"][0],
        json!({"url": "/", "x-callwright-name": "main"})
    );
    assert_eq!(
        value["tags"][0],
        json!({"name": "a", "x-callwright-summary": "A", "x-callwright-parent": "b", "x-callwright-kind": "nav"})
    );
    let item = &value["paths"]["/a"];
    assert_eq!(
        item["x-callwright-operations"],
        json!({"QUERY": {"responses": {}}, "COPY": {"responses": {}}})
    );
    let get = &item["get"];
    assert_eq!(
        get["parameters"],
        json!([
            {"in": "query", "name": "q", "x-callwright-in": "querystring",
                "content": {"application/json": {"schema": {"enum": [1], "x-callwright-const": true}}}},
            {"in": "cookie", "name": "c", "schema": {}, "x-callwright-style": "cookie"},
            {"in": "path", "name": "p", "required": true, "schema": {}, "x-callwright-allow-reserved": true},
        ])
    );
    assert_eq!(
        get["responses"]["200"],
        json!({
            "description": "", "x-callwright-summary": "fine",
            "content": {"application/jsonl": {
                "x-callwright-item-schema": {"type": "string", "nullable": true},
                "x-callwright-item-encoding": {"contentType": "text/plain"},
                "x-callwright-prefix-encoding": [{}],
                "examples": {"x": {"value": 1}, "y": {"x-callwright-serialized-value": "abc"}},
            }},
        })
    );
    assert_eq!(
        value["components"]["schemas"]["A"]["discriminator"],
        json!({"propertyName": "k", "x-callwright-default-mapping": "B"})
    );
    assert_eq!(
        value["components"]["securitySchemes"]["m"]["x-callwright-type"],
        "mutualTLS"
    );
    assert_eq!(
        value["components"]["securitySchemes"]["o"]["flows"]["x-callwright-device-authorization"],
        json!({"tokenUrl": "t"})
    );
    let expected = [
        "CW0203 /paths/~1a/additionalOperations/GET 9:51",
        "CW0203 /paths/~1a/additionalOperations/A B 9:73",
    ];
    assert_said(&said, &expected, text);
}

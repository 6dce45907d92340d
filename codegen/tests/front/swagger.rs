//! Swagger 2.0 in the shape of 3.0.

use serde_json::{Value, json};

use super::{assert_said, lowered_at, run};

const HEAD: &str = "swagger: '2.0'\ninfo: {title: t, version: '1'}\n";

fn lowered(rest: &str, pointer: &str) -> Value {
    let (value, said) = lowered_at(&format!("{HEAD}{rest}"), pointer);
    assert_said(&said, &[], rest);
    value
}

#[test]
fn servers() {
    for (rest, expected) in [
        ("", json!([{"url": "/"}])),
        ("basePath: v1/\n", json!([{"url": "/v1"}])),
        (
            "host: x.test\nbasePath: /v1\n",
            json!([{"url": "https://x.test/v1"}]),
        ),
        (
            "host: x.test:80\nschemes: [http, https, ws]\n",
            json!([{"url": "https://x.test:80"}, {"url": "http://x.test:80"}]),
        ),
        (
            "x-ms-parameterized-host: {hostTemplate: '{account}.x.test', parameters: [{name: account, default: a}]}\n",
            json!([{"url": "https://{account}.x.test", "variables": {"account": {"default": "a"}}}]),
        ),
    ] {
        assert_eq!(
            lowered(&format!("{rest}paths: {{}}\n"), "/servers"),
            expected
        );
    }
    let own = lowered(
        "host: x.test\nschemes: [https]\npaths: {/a: {get: {schemes: [http], responses: {}}}}\n",
        "/paths/~1a/get/servers",
    );
    assert_eq!(own, json!([{"url": "http://x.test"}]));
}

#[test]
fn parameters_and_collection_formats() {
    let parameter = |parameter: &str| {
        let rest =
            format!("paths: {{/a: {{get: {{responses: {{}}, parameters: [{parameter}]}}}}}}\n");
        lowered(&rest, "/paths/~1a/get/parameters/0")
    };
    let array = json!({"type": "array", "items": {"type": "integer"}});
    for (location, format, more) in [
        ("query", "csv", json!({"style": "form", "explode": false})),
        (
            "query",
            "ssv",
            json!({"style": "spaceDelimited", "explode": false}),
        ),
        (
            "query",
            "pipes",
            json!({"style": "pipeDelimited", "explode": false}),
        ),
        ("query", "multi", json!({"style": "form", "explode": true})),
        (
            "query",
            "tsv",
            json!({"style": "form", "explode": false, "x-callwright-collection-format": "tsv"}),
        ),
        ("header", "csv", json!({})),
        (
            "header",
            "ssv",
            json!({"x-callwright-collection-format": "ssv"}),
        ),
    ] {
        let mut expected = json!({"name": "a", "in": location, "schema": array});
        expected
            .as_object_mut()
            .unwrap()
            .append(more.clone().as_object_mut().unwrap());
        let written = format!(
            "{{name: a, in: {location}, type: array, items: {{type: integer}}, collectionFormat: {format}}}"
        );
        assert_eq!(parameter(&written), expected, "{written}");
    }
    assert_eq!(
        parameter(
            "{name: a, in: query, type: string, enum: [x], default: x, x-nullable: true, x-example: y, allowEmptyValue: true}"
        ),
        json!({"name": "a", "in": "query", "allowEmptyValue": true, "example": "y",
            "schema": {"type": "string", "enum": ["x"], "default": "x", "nullable": true}})
    );
    assert_eq!(
        parameter(
            "{name: a, in: query, type: array, items: {type: array, collectionFormat: pipes, items: {type: string}}}"
        ),
        json!({"name": "a", "in": "query", "style": "form", "explode": false, "x-callwright-items-collection-format": "pipes",
            "schema": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}})
    );
}

#[test]
fn bodies_and_forms() {
    let rest = "
consumes: [application/xml]
parameters:
  Body: {in: body, name: b, required: true, schema: {$ref: '#/definitions/A'}}
  Page: {in: query, name: page, type: integer}
paths:
  /a:
    parameters: [{$ref: '#/parameters/Page'}]
    post: {responses: {}, parameters: [{$ref: '#/parameters/Body'}]}
    put:
      consumes: [application/json, application/x-www-form-urlencoded]
      responses: {}
      parameters:
        - {in: formData, name: f, type: string, required: true, description: d}
        - {in: query, name: q, type: string}
        - {in: formData, name: g, type: array, items: {type: string}, collectionFormat: multi}
    patch:
      responses: {}
      parameters: [{in: formData, name: f, type: file}]
definitions:
  A: {type: object, discriminator: kind, properties: {kind: {type: string}, n: {type: string, x-nullable: true}}}
";
    let value = lowered(rest, "");
    let item = &value["paths"]["/a"];
    assert_eq!(
        item["parameters"],
        json!([{"$ref": "#/components/parameters/Page"}])
    );
    assert_eq!(
        value["components"]["parameters"],
        json!({"Page": {"in": "query", "name": "page", "schema": {"type": "integer"}}})
    );
    assert_eq!(
        item["post"]["requestBody"],
        json!({"required": true, "content": {"application/xml": {"schema": {"$ref": "#/components/schemas/A"}}}})
    );
    assert_eq!(
        item["put"]["parameters"],
        json!([{"in": "query", "name": "q", "schema": {"type": "string"}}])
    );
    assert_eq!(
        item["put"]["requestBody"],
        json!({"required": true, "content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object", "required": ["f"], "properties": {
                "f": {"type": "string", "description": "d"}, "g": {"type": "array", "items": {"type": "string"}}}},
            "encoding": {"g": {"style": "form", "explode": true, "x-callwright-explode": true}},
        }}})
    );
    assert_eq!(
        item["patch"]["requestBody"],
        json!({"required": false, "content": {"multipart/form-data": {
            "schema": {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}}}}})
    );
    assert_eq!(
        value["components"]["schemas"]["A"],
        json!({"type": "object", "discriminator": {"propertyName": "kind"},
            "properties": {"kind": {"type": "string"}, "n": {"type": "string", "nullable": true}}})
    );
}

#[test]
fn responses_and_security() {
    let rest = "
produces: [application/json, text/xml]
responses:
  Gone: {description: gone, schema: {type: string}}
paths:
  /a:
    get:
      responses:
        200: {description: d, schema: {type: object}, examples: {application/json: {a: 1}, text/plain: b}, headers: {X: {type: integer}}}
        410: {$ref: '#/responses/Gone'}
    post:
      produces: []
      responses:
        200: {description: d, schema: {type: file}}
        201: {description: d, schema: {$ref: '#/paths/~1a/get/responses/200/schema'}}
securityDefinitions:
  a: {type: basic}
  b: {type: oauth2, flow: application, tokenUrl: t, scopes: {s: d}}
  c: {type: oauth2, flow: accessCode, tokenUrl: t, authorizationUrl: u, scopes: {}}
  d: {type: apiKey, in: header, name: X}
";
    let value = lowered(rest, "");
    let responses = &value["paths"]["/a"]["get"]["responses"];
    assert_eq!(
        responses["200"],
        json!({"description": "d", "headers": {"X": {"schema": {"type": "integer"}}},
            "x-callwright-examples": {"text/plain": "b"},
            "content": {"application/json": {"schema": {"type": "object"}, "example": {"a": 1}}, "text/xml": {"schema": {"type": "object"}}}})
    );
    assert_eq!(
        responses["410"],
        json!({"$ref": "#/components/responses/Gone"})
    );
    assert_eq!(
        value["components"]["responses"]["Gone"]["content"]["text/xml"],
        json!({"schema": {"type": "string"}})
    );
    let responses = &value["paths"]["/a"]["post"]["responses"];
    assert_eq!(
        responses["200"]["content"],
        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
    );
    assert_eq!(
        responses["201"]["content"]["application/json"]["schema"],
        json!({"$ref": "#/paths/~1a/get/responses/200/content/application~1json/schema"})
    );
    assert_eq!(
        value["components"]["securitySchemes"],
        json!({
            "a": {"type": "http", "scheme": "basic"},
            "b": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "t", "scopes": {"s": "d"}}}},
            "c": {"type": "oauth2", "flows": {"authorizationCode": {"authorizationUrl": "u", "tokenUrl": "t", "scopes": {}}}},
            "d": {"type": "apiKey", "in": "header", "name": "X"},
        })
    );
}

#[test]
fn autorest_names_subtypes_by_value() {
    let rest = "
paths: {}
definitions:
  Base: {discriminator: kind, properties: {kind: {type: string}}}
  Sub: {x-ms-discriminator-value: sub.type, allOf: [{$ref: '#/definitions/Base'}]}
";
    assert_eq!(
        lowered(rest, "/components/schemas/Base/discriminator"),
        json!({"propertyName": "kind", "mapping": {"sub.type": "#/components/schemas/Sub"}})
    );
}

#[test]
fn places_lead_back_to_the_author() {
    let text = format!(
        "{HEAD}parameters:\n  B: {{in: body, name: b, schema: {{items: 1}}}}\nresponses:\n  R: {{description: d, schema: {{items: 2}}}}\npaths:\n  /a:\n    post:\n      parameters:\n        - {{in: body, name: x, schema: {{items: 3}}}}\n        - {{in: query, name: q, type: array, items: 4}}\n        - {{in: formData, name: f, type: string, items: 5}}\n      responses:\n        200: {{description: d, schema: {{items: 6}}}}\n    put: {{parameters: [{{$ref: '#/parameters/B'}}], responses: {{}}}}\n    patch:\n      parameters: [{{in: query, name: a, type: string}}, {{in: formData, name: f, type: array, items: 7}}]\n      responses: {{}}\ndefinitions:\n  D: {{items: 8}}\n"
    );
    let (_, mut said) = run(&[("api.yaml", &text)], &[]);
    said.sort_by_key(|(_, _, place)| {
        place
            .split(':')
            .nth(1)
            .and_then(|line| line.parse::<u32>().ok())
    });
    let expected = [
        "CW0203 /parameters/B/schema/items 4:42",
        "CW0203 /responses/R/schema/items 6:39",
        "CW0203 /paths/~1a/post/parameters/0/schema/items 11:47",
        "CW0203 /paths/~1a/post/parameters/1/items 12:52",
        "CW0211 /paths/~1a/post/parameters/2 13:11",
        "CW0203 /paths/~1a/post/responses/200/schema/items 15:47",
        "CW0203 /paths/~1a/patch/parameters/1/items 18:100",
        "CW0203 /definitions/D/items 21:14",
    ];
    assert_said(&said, &expected, &text);
}

#[test]
fn files_of_swagger_2() {
    let entry = "swagger: '2.0'\ninfo: {title: t, version: '1'}\nproduces: [text/xml]\npaths:\n  /a: {$ref: paths.yml#/a}\nx-more: {Page: {in: query, name: page, type: integer}}\ndefinitions:\n  Pet: {type: object}\n";
    let paths = "a:\n  parameters: [{$ref: 'api.yaml#/x-more/Page'}]\n  post:\n    parameters: [{$ref: 'parts.yml#/parameters/Body'}, {$ref: 'parts.yml#/parameters/Limit'}]\n    responses: {200: {$ref: 'parts.yml#/responses/Ok'}}\n";
    let parts = "parameters:\n  Body: {in: body, name: b, schema: {$ref: 'api.yaml#/definitions/Pet'}}\n  Limit: {in: query, name: limit, type: integer, default: x}\nresponses:\n  Ok: {description: d, schema: {$ref: '#/definitions/Local'}}\ndefinitions:\n  Local: {x-nullable: true, minimum: low}\n";
    let files = [
        ("api.yaml", entry),
        ("paths.yml", paths),
        ("parts.yml", parts),
    ];
    let (lowered, said) = run(&files, &[]);
    let value = lowered.unwrap().value;
    let follow = |reference: &Value| {
        value
            .pointer(&reference["$ref"].as_str().unwrap()[1..])
            .unwrap()
    };
    let item = &value["paths"]["/a"];
    assert_eq!(
        follow(&item["parameters"][0]),
        &json!({"in": "query", "name": "page", "schema": {"type": "integer"}})
    );
    let post = &item["post"];
    assert_eq!(
        post["requestBody"],
        json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}})
    );
    assert_eq!(post["parameters"].as_array().unwrap().len(), 1);
    assert_eq!(
        follow(&post["parameters"][0])["schema"],
        json!({"type": "integer", "default": "x"})
    );
    let response = follow(&post["responses"]["200"]);
    assert_eq!(
        follow(&response["content"]["text/xml"]["schema"]),
        &json!({"nullable": true})
    );
    let places: Vec<&str> = said.iter().map(|(_, _, place)| place.as_str()).collect();
    assert_eq!(places, ["parts.yml:7:38"]);
}

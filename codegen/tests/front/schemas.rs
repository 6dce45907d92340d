//! Schemas of every dialect: what goes in, what comes out, what is said.

use serde_json::{Value, json};

use super::{assert_said, lowered_at};

/// Lowers a schema, written on one line, and compares; places are columns of that line.
fn check(version: &str, schema: &str, expected: &Value, said: &[&str]) {
    let text = format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    A: {schema}\n"
    );
    let (value, found) = lowered_at(&text, "/components/schemas/A");
    assert_eq!(&value, expected, "{version}: {schema}");
    let said: Vec<String> = said
        .iter()
        .map(|line| {
            let (head, column) = line.rsplit_once(' ').unwrap();
            let (code, pointer) = head.split_once(' ').unwrap_or((head, ""));
            format!("{code} /components/schemas/A{pointer} 6:{column}")
        })
        .collect();
    assert_said(
        &found,
        &said.iter().map(String::as_str).collect::<Vec<_>>(),
        schema,
    );
}

#[test]
fn types_become_single() {
    for (schema, expected) in [
        (
            "{type: [string, 'null']}",
            json!({"type": "string", "nullable": true}),
        ),
        ("{type: [string]}", json!({"type": "string"})),
        ("{type: 'null'}", json!({"enum": [null], "nullable": true})),
        (
            "{type: ['null']}",
            json!({"enum": [null], "nullable": true}),
        ),
        ("{type: [integer, number]}", json!({"type": "number"})),
        (
            "{type: [string, integer, 'null'], minLength: 1, minimum: 2, format: int64, title: T, default: x}",
            json!({"title": "T", "default": "x", "nullable": true, "anyOf": [
                {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 2, "format": "int64"}]}),
        ),
        (
            "{type: [string, integer], enum: [a, 1, null]}",
            json!({"nullable": true, "anyOf": [
                {"type": "string", "enum": ["a"]}, {"type": "integer", "enum": [1]}]}),
        ),
        (
            "{type: [array, object], items: {type: string}, properties: {x: true}, anyOf: [{title: B}]}",
            json!({"anyOf": [{"title": "B"}], "allOf": [{"anyOf": [
                {"type": "array", "items": {"type": "string"}}, {"type": "object", "properties": {"x": {}}}]}]}),
        ),
        (
            "{type: [string, number, boolean, array, object, 'null'], description: any}",
            json!({"description": "any", "nullable": true}),
        ),
    ] {
        check("3.1.0", schema, &expected, &[]);
    }
}

#[test]
fn keywords_of_2020_12_are_carried() {
    for (schema, expected) in [
        ("true", json!({})),
        ("false", json!({"not": {}})),
        (
            "{const: a}",
            json!({"enum": ["a"], "x-callwright-const": true}),
        ),
        (
            "{exclusiveMinimum: 3}",
            json!({"exclusiveMinimum": true, "minimum": 3}),
        ),
        ("{exclusiveMaximum: 3, maximum: 2}", json!({"maximum": 2})),
        (
            "{examples: [1, 2]}",
            json!({"example": 1, "x-callwright-examples": [1, 2]}),
        ),
        (
            "{unevaluatedProperties: false}",
            json!({"additionalProperties": false}),
        ),
        (
            "{patternProperties: {'^x': true}}",
            json!({"x-callwright-pattern-properties": {"^x": {}}}),
        ),
        (
            "{propertyNames: {pattern: a}}",
            json!({"x-callwright-property-names": {"pattern": "a"}}),
        ),
        (
            "{type: array, prefixItems: [{type: string}, true], items: false}",
            json!({"type": "array", "items": {"not": {}}, "x-callwright-prefix-items": [{"type": "string"}, {}]}),
        ),
        (
            "{type: string, contentEncoding: base64}",
            json!({"type": "string", "format": "byte"}),
        ),
        (
            "{type: string, contentEncoding: base64url}",
            json!({"type": "string", "format": "byte", "x-callwright-content-encoding": "base64url"}),
        ),
        (
            "{type: string, contentMediaType: image/png}",
            json!({"type": "string", "format": "binary", "x-callwright-content-media-type": "image/png"}),
        ),
        (
            "{type: string, contentMediaType: application/json, contentSchema: {type: [string, 'null']}}",
            json!({"type": "string", "x-callwright-content-media-type": "application/json",
                "x-callwright-content-schema": {"type": "string", "nullable": true}}),
        ),
        (
            "{$ref: '#/components/schemas/B'}",
            json!({"$ref": "#/components/schemas/B"}),
        ),
        (
            "{$ref: '#/components/schemas/B', minLength: 2, allOf: [{title: C}]}",
            json!({"minLength": 2, "allOf": [{"title": "C"}, {"$ref": "#/components/schemas/B"}]}),
        ),
        (
            "{$ref: '#/components/schemas/A/patternProperties/prefixItems'}",
            json!({"$ref": "#/components/schemas/A/x-callwright-pattern-properties/prefixItems"}),
        ),
        (
            "{$defs: {prefixItems: {const: 1}}, $ref: '#/components/schemas/A/$defs/prefixItems'}",
            json!({"$defs": {"prefixItems": {"enum": [1], "x-callwright-const": true}},
                "$ref": "#/components/schemas/A/$defs/prefixItems"}),
        ),
        (
            "{xml: {name: b}}",
            json!({"x-callwright-xml": {"name": "b"}}),
        ),
    ] {
        check("3.1.0", schema, &expected, &[]);
    }
}

#[test]
fn names_and_data_are_no_keywords() {
    let data = "{type: [x], $ref: y, const: z}";
    let schema = format!(
        "{{properties: {{items: {{}}, enum: {{}}, $ref: {{const: 1}}, x-y: {{}}}}, example: {data}, default: {data}, enum: [{data}], x-a: {data}}}"
    );
    let data = json!({"type": ["x"], "$ref": "y", "const": "z"});
    let expected = json!({
        "properties": {"items": {}, "enum": {}, "$ref": {"enum": [1], "x-callwright-const": true}, "x-y": {}},
        "example": data, "default": data, "enum": [data], "x-a": data,
    });
    check("3.1.0", &schema, &expected, &[]);
}

#[test]
fn siblings_of_references_in_3_0() {
    check(
        "3.0.3",
        "{$ref: '#/components/schemas/B', description: d, nullable: true, x-a: 1}",
        &json!({"description": "d", "nullable": true, "x-a": 1, "allOf": [{"$ref": "#/components/schemas/B"}]}),
        &[],
    );
    check(
        "3.0.3",
        "{$ref: '#/components/schemas/B', type: object}",
        &json!({"$ref": "#/components/schemas/B"}),
        &["CW0207 /type 47"],
    );
}

#[test]
fn what_is_meant_is_repaired() {
    for (schema, expected, said) in [
        (
            "{type: String}",
            json!({"type": "string"}),
            &["CW0202 /type 15"][..],
        ),
        (
            "{type: long}",
            json!({"type": "integer", "format": "int64"}),
            &["CW0202 /type 15"],
        ),
        ("{type: any}", json!({}), &["CW0205 /type 15"]),
        (
            "{type: widget, title: W}",
            json!({"title": "W"}),
            &["CW0205 /type 15"],
        ),
        (
            "{type: {type: string}}",
            json!({"type": "string"}),
            &["CW0202 /type 9"],
        ),
        (
            "{minimum: '1', maxLength: 10.0}",
            json!({"minimum": 1, "maxLength": 10}),
            &["CW0202 /minimum 18"],
        ),
        ("{minLength: -1}", json!({}), &["CW0202 /minLength 20"]),
        ("{maxLength: 1e300}", json!({}), &[]),
        (
            "{description: [a, b], title: 1.10}",
            json!({"description": "a\nb", "title": "1.10"}),
            &["CW0202 /description 9", "CW0202 /title 37"],
        ),
        (
            "{additionalProperties: 'false', properties: null}",
            json!({"additionalProperties": false}),
            &["CW0202 /additionalProperties 31"],
        ),
        (
            "{properties: {a: {required: true}, b: {required: false}}}",
            json!({"properties": {"a": {}, "b": {}}, "required": ["a"]}),
            &[
                "CW0202 /properties/a/required 36",
                "CW0202 /properties/b/required 57",
            ],
        ),
        (
            "{required: a}",
            json!({"required": ["a"]}),
            &["CW0202 /required 19"],
        ),
        ("{enum: a}", json!({"enum": ["a"]}), &["CW0202 /enum 15"]),
        ("{enum: []}", json!({}), &["CW0202 /enum 9"]),
        (
            "{type: array, items: [{type: string}], additionalItems: {type: integer}}",
            json!({"type": "array", "x-callwright-prefix-items": [{"type": "string"}], "items": {"type": "integer"}}),
            &[],
        ),
        (
            "{allOf: {title: a}}",
            json!({"allOf": [{"title": "a"}]}),
            &["CW0202 /allOf 9"],
        ),
        (
            "{discriminator: kind}",
            json!({"discriminator": {"propertyName": "kind"}}),
            &["CW0202 /discriminator 24"],
        ),
        (
            "{properties: {a: string, b: {}}}",
            json!({"properties": {"b": {}}}),
            &["CW0203 /properties/a 25"],
        ),
        ("{items: 7}", json!({"items": {}}), &["CW0203 /items 16"]),
        (
            "{enum: [18446744073709551616]}",
            json!({"enum": [18_446_744_073_709_551_616.0]}),
            &["CW0113 /enum/0 16"],
        ),
        (
            "{externalDocs: {description: d}}",
            json!({}),
            &["CW0204 /externalDocs 9"],
        ),
    ] {
        check("3.0.3", schema, &expected, said);
    }
}

#[test]
fn dynamic_references_with_one_target_are_references() {
    check(
        "3.1.0",
        "{$dynamicAnchor: node, properties: {next: {$dynamicRef: '#node'}}}",
        &json!({"$dynamicAnchor": "node", "properties": {"next": {"$ref": "#/components/schemas/A"}}}),
        &[],
    );
    check(
        "3.1.0",
        "{$recursiveAnchor: true, items: {$recursiveRef: '#'}}",
        &json!({"$recursiveAnchor": true, "items": {"$ref": "#/components/schemas/A"}}),
        &[],
    );
    check(
        "3.1.0",
        "{$defs: {b: {$anchor: b}, c: {$ref: '#b'}}, $id: 'https://x.test/a', items: {$ref: '#/$defs/c'}}",
        &json!({"$id": "https://x.test/a", "items": {"$ref": "#/components/schemas/A/$defs/c"},
            "$defs": {"b": {"$anchor": "b"}, "c": {"$ref": "#/components/schemas/A/$defs/b"}}}),
        &[],
    );
    check(
        "3.1.0",
        "{$dynamicRef: '#nobody'}",
        &json!({}),
        &["CW0209 /$dynamicRef 22"],
    );
}

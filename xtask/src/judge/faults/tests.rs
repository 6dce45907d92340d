//! Each fault explains its own condition, and not the same condition one step aside.

use callwright_codegen::ir::Api;
use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Layout};
use serde_json::{Value, json};

use super::super::schemas::Fault;
use super::super::verdict::{Judge, Violation};
use super::{Excuse, Sent};

const DOCUMENT: &str = "
openapi: 3.0.4
info: {title: Faults, version: '1'}
paths:
  /p/{m}:
    post:
      operationId: send
      parameters:
        - {in: path, name: m, required: true, style: matrix, schema: {type: string}}
        - {in: query, name: space, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {in: query, name: form, schema: {type: array, items: {type: string}}}
        - {in: header, name: X-List, schema: {type: array, items: {type: string}}}
        - {in: cookie, name: c, required: true, schema: {type: string}}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {j: {type: array, items: {type: string}}, e: {type: array, items: {type: string}}}}
            encoding: {j: {style: form, explode: false}}
          multipart/form-data:
            schema: {type: object, properties: {t: {type: string}, o: {type: object, properties: {a: {type: string}}}}}
      responses: {204: {description: Done}}
  /a/{list}:
    get:
      operationId: list
      parameters: [{in: path, name: list, required: true, schema: {type: array, items: {type: string}}}]
      responses: {204: {description: Done}}
";

fn api() -> Api {
    let nothing = |_: &str| Err(LoadError::Missing);
    let input = Input {
        name: "faults.yaml",
        bytes: DOCUMENT.as_bytes(),
        loader: &nothing,
        overlays: Vec::new(),
        limits: Limits::default(),
    };
    let config = Config {
        name: Some("faults".to_owned()),
        layout: Layout::Module {
            crate_name: "clients",
        },
        calls: true,
        ..Config::default()
    };
    let client = callwright_codegen::generate(&input, config).client;
    client.unwrap().calls.unwrap().api
}

fn said(place: &[&str], code: &str, message: &str) -> Violation {
    Violation {
        place: place.iter().map(|step| (*step).to_owned()).collect(),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

fn order(media: &str) -> Value {
    json!({ "media": media, "arguments": {
        "path.m": "x", "query.space": ["a", "b"], "query.form": ["a"], "cookie.c": "1",
        "body": {"j": ["1", "2"], "e": ["1", "2"]}, "body.t": "x", "body.o": {"a": "b"},
    }})
}

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";

#[test]
#[allow(clippy::too_many_lines, reason = "a case after the other")]
fn each_fault_explains_one_thing() {
    use Excuse::{
        PrismCookies, PrismExplodedForm, PrismJsonParts, PrismSpaceDelimited, ValidatorLabelMatrix,
    };
    let api = api();
    let array = "Request body property must be array";
    let cases = [
        (
            Judge::Prism,
            FORM,
            said(&["cookie", "c"], "required", "m"),
            Some(PrismCookies),
        ),
        (
            Judge::Prism,
            FORM,
            said(&["cookie", "c"], "type", "m"),
            None,
        ),
        (
            Judge::Prism,
            FORM,
            said(&["cookie", "d"], "required", "m"),
            None,
        ),
        (
            Judge::Validator,
            FORM,
            said(&["cookie", "c"], "required", "m"),
            None,
        ),
        (
            Judge::Prism,
            FORM,
            said(&["query", "space"], "type", "m"),
            Some(PrismSpaceDelimited),
        ),
        (
            Judge::Prism,
            FORM,
            said(&["query", "space"], "required", "m"),
            None,
        ),
        (
            Judge::Prism,
            FORM,
            said(&["query", "form"], "type", "m"),
            None,
        ),
        (
            Judge::Prism,
            FORM,
            said(&["body", "e"], "type", array),
            Some(PrismExplodedForm),
        ),
        (
            Judge::Prism,
            FORM,
            said(&["body", "e"], "type", "must be string"),
            None,
        ),
        (
            Judge::Prism,
            FORM,
            said(&["body", "j"], "type", array),
            None,
        ),
        (
            Judge::Prism,
            PARTS,
            said(&["body", "e"], "type", array),
            None,
        ),
        (
            Judge::Prism,
            PARTS,
            said(&["body", "o"], "type", "… must be object"),
            Some(PrismJsonParts),
        ),
        (
            Judge::Prism,
            PARTS,
            said(&["body", "o", "a"], "type", "… must be object"),
            None,
        ),
        (
            Judge::Prism,
            PARTS,
            said(&["body", "t"], "type", "… must be object"),
            None,
        ),
        (
            Judge::Validator,
            PARTS,
            said(&["body", "o"], "type", "must be object"),
            None,
        ),
        (
            Judge::Validator,
            FORM,
            said(&["params", "m"], "type", "m"),
            Some(ValidatorLabelMatrix),
        ),
        (
            Judge::Validator,
            FORM,
            said(&["query", "form"], "type", "m"),
            None,
        ),
        (
            Judge::Prism,
            FORM,
            said(&["params", "m"], "type", "m"),
            None,
        ),
    ];
    for (judge, media, violation, expected) in cases {
        let order = order(media);
        let sent = Sent {
            api: &api,
            operation: &api.operations[0],
            order: &order,
            unlisted: &[],
            is_right: true,
            is_no_text: false,
        };
        let found = sent.excuse(judge, std::slice::from_ref(&violation));
        assert_eq!(found, expected, "{judge:?} {violation}");
        // What no fault explains is not covered by one that is.
        let other = said(&["query"], "type", "wrong");
        assert_eq!(sent.excuse(judge, &[violation.clone(), other]), None);
        // A form that the document refuses, too, is not misread.
        let refused = Sent {
            is_right: false,
            ..sent
        };
        let in_form = matches!(found, Some(PrismJsonParts | PrismExplodedForm));
        let found = refused.excuse(judge, &[violation]);
        assert_eq!(found.is_none(), in_form || expected.is_none());
    }
}

#[test]
fn a_missing_property_is_explained_at_its_place_alone() {
    let api = api();
    let order = order(FORM);
    let fault = Fault {
        path: "/a".to_owned(),
        keyword: "required".to_owned(),
        missing: Some("id".to_owned()),
    };
    let sent = Sent {
        api: &api,
        operation: &api.operations[0],
        order: &order,
        unlisted: &[fault],
        is_right: false,
        is_no_text: false,
    };
    let message = "must have required property 'id'";
    for (judge, violation, expected) in [
        (
            Judge::Prism,
            said(&["body", "a"], "required", message),
            true,
        ),
        (
            Judge::Validator,
            said(&["body", "a", "id"], "required.openapi.validation", message),
            true,
        ),
        (
            Judge::Prism,
            said(&["body", "b"], "required", message),
            false,
        ),
        (Judge::Prism, said(&["body"], "required", message), false),
        (
            Judge::Prism,
            said(
                &["body", "a"],
                "required",
                "must have required property 'x'",
            ),
            false,
        ),
        (Judge::Prism, said(&["body", "a"], "type", message), false),
    ] {
        let found = sent.excuse(judge, std::slice::from_ref(&violation));
        assert_eq!(
            found == Some(Excuse::DocumentUnlisted),
            expected,
            "{violation}"
        );
    }
}

#[test]
fn prism_crashes_for_two_reasons() {
    let api = api();
    let crash = |operation: usize, order: &Value| {
        let sent = Sent {
            api: &api,
            operation: &api.operations[operation],
            order,
            unlisted: &[],
            is_right: true,
            is_no_text: false,
        };
        sent.crash()
    };
    let mut order = order(FORM);
    assert_eq!(crash(0, &order), Some(Excuse::PrismMissingHeaderArray));
    order["arguments"]["header.X-List"] = json!(["a"]);
    assert_eq!(crash(0, &order), None);
    assert_eq!(crash(1, &order), Some(Excuse::PrismArrayInPath));
}

#[test]
fn what_documents_get_wrong_is_explained_at_its_place_alone() {
    let api = api();
    let order = order(FORM);
    let fault = Fault {
        path: "/n".to_owned(),
        keyword: "enum".to_owned(),
        missing: Some(String::new()),
    };
    let sent = |is_no_text| Sent {
        api: &api,
        operation: &api.operations[0],
        order: &order,
        unlisted: std::slice::from_ref(&fault),
        is_right: false,
        is_no_text,
    };
    let excuse = |is_no_text, place: &[&str], code| {
        sent(is_no_text).excuse(Judge::Validator, &[said(place, code, "m")])
    };
    let contradiction = Some(Excuse::DocumentContradiction);
    assert_eq!(
        excuse(false, &["body", "n"], "enum.openapi.validation"),
        contradiction
    );
    assert_eq!(excuse(false, &["body", "n"], "required"), None);
    assert_eq!(excuse(false, &["body", "m"], "enum"), None);
    assert_eq!(excuse(true, &["body"], "type"), Some(Excuse::DocumentBytes));
    assert_eq!(excuse(false, &["body"], "type"), None);
    assert_eq!(excuse(true, &["body", "a"], "type"), None);
    let reserved = Some(Excuse::ReservedHeader);
    assert_eq!(
        excuse(false, &["headers", "content-type"], "enum"),
        reserved
    );
    assert_eq!(excuse(false, &["headers", "x-list"], "enum"), None);
}

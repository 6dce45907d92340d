//! Requests that are right, and the same with one thing wrong.

use callwright_codegen::ir::Api;
use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Layout};
use serde_json::{Value, json};

use super::super::recorder::Request;
use super::wrong;

const DOCUMENT: &str = "
openapi: 3.0.4
info: {title: Bytes, version: '1'}
paths:
  /p/{s}/x{l}/{m}:
    post:
      operationId: send
      security: [{key: []}]
      parameters:
        - {in: path, name: s, required: true, schema: {type: array, items: {type: string}}}
        - {in: path, name: l, required: true, style: label, explode: true, schema: {type: array, items: {type: string}}}
        - {in: path, name: m, required: true, style: matrix, schema: {type: object, properties: {a: {type: string}}}}
        - {in: query, name: 'joined[]', explode: false, schema: {type: array, items: {type: string}}}
        - {in: query, name: exploded, schema: {type: array, items: {type: string}}}
        - {in: query, name: space, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {in: query, name: deep, style: deepObject, explode: true, schema: {type: object, properties: {k: {type: string}}}}
        - {in: query, name: open, allowReserved: true, schema: {type: string}}
        - {in: header, name: X-List, schema: {type: array, items: {type: string}}}
        - {in: cookie, name: c, schema: {type: array, items: {type: string}}}
      requestBody:
        content:
          application/merge-patch+json: {schema: {type: object, properties: {a: {type: number}}}}
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {j: {type: array, items: {type: string}}, e: {type: array, items: {type: string}}}}
            encoding: {j: {style: form, explode: false}}
          multipart/form-data:
            schema: {type: object, properties: {f: {type: string, format: binary}, t: {type: string}, o: {type: object, properties: {a: {type: string}}}}}
            encoding: {t: {contentType: text/csv}}
      responses: {204: {description: Done}}
components: {securitySchemes: {key: {type: apiKey, in: query, name: key}}}
";

fn api() -> Api {
    let nothing = |_: &str| Err(LoadError::Missing);
    let input = Input {
        name: "bytes.yaml",
        bytes: DOCUMENT.as_bytes(),
        loader: &nothing,
        overlays: Vec::new(),
        limits: Limits::default(),
    };
    let config = Config {
        name: Some("bytes".to_owned()),
        layout: Layout::Module {
            crate_name: "clients",
        },
        calls: true,
        ..Config::default()
    };
    let client = callwright_codegen::generate(&input, config).client;
    client.unwrap().calls.unwrap().api
}

const TARGET: &str = "/p/a,b%2C/x.u.v/;m=a,1?joined%5B%5D=x,y%2Cz&exploded=x&exploded=y&space=a%20b&deep%5Bk%5D=v&open=a/b%26&key=secret";

fn order(media: &str, body: &Value) -> Value {
    let mut arguments = json!({
        "path.s": ["a", "b,"], "path.l": ["u", "v"], "path.m": {"a": "1"},
        "query.joined[]": ["x", "y,z"], "query.exploded": ["x", "y"], "query.space": ["a", "b"],
        "query.deep": {"k": "v"}, "query.open": "a/b&",
        "header.X-List": ["1", "2"], "cookie.c": ["1", "2;"],
    });
    for (name, value) in body.as_object().unwrap() {
        arguments[name] = value.clone();
    }
    json!({ "arguments": arguments, "media": media })
}

fn request(target: &str, media: &str, body: &str) -> Request {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Request {
        method: "POST".to_owned(),
        target: target.to_owned(),
        headers: vec![
            header("x-list", "1,2"),
            header("cookie", "c=1; c=2%3B"),
            header("content-type", media),
        ],
        body: body.as_bytes().to_vec(),
    }
}

const JSON: &str = "application/merge-patch+json";

fn json_request() -> (Value, Request) {
    let order = order(JSON, &json!({ "body": {"a": 1.0, "b": null} }));
    (order, request(TARGET, JSON, r#"{"a":1}"#))
}

#[track_caller]
fn refuses(api: &Api, order: &Value, request: &Request) {
    assert!(
        wrong(api, &api.operations[0], order, request).is_some(),
        "{request:?}"
    );
}

#[test]
fn every_byte_of_the_head_counts() {
    let api = api();
    let (order, right) = json_request();
    assert_eq!(wrong(&api, &api.operations[0], &order, &right), None);
    for (part, other) in [
        ("a,b%2C", "a,b,"),
        ("a,b%2C", "a/b%2C"),
        (".u.v", ".u,v"),
        (";m=a,1", ";a=1"),
        ("joined%5B%5D=x,y%2Cz", "joined%5B%5D=x&joined%5B%5D=y%2Cz"),
        ("joined%5B%5D=x,y%2Cz", "joined%5B%5D=x,y,z"),
        ("joined%5B%5D=x,y%2Cz", "joined[]=x,y%2Cz"),
        ("exploded=x&exploded=y", "exploded=x,y"),
        ("space=a%20b", "space=a+b"),
        ("deep%5Bk%5D=v", "deep=k,v"),
        ("open=a/b%26", "open=a%2Fb%26"),
        ("open=a/b%26", "open=a/b&"),
        ("&key=secret", "&key=secret&other=1"),
    ] {
        assert!(TARGET.contains(part), "{part}");
        let target = TARGET.replace(part, other);
        refuses(
            &api,
            &order,
            &Request {
                target,
                ..right.clone()
            },
        );
    }
    for (name, other) in [
        ("x-list", vec!["1", "2"]),
        ("x-list", vec!["1, 2"]),
        ("x-list", vec![]),
        ("cookie", vec!["c=1,2%3B"]),
        ("cookie", vec!["c=1; c=2;"]),
        ("cookie", vec!["c=1", "c=2%3B"]),
        ("content-type", vec!["application/json"]),
        ("content-type", vec![]),
    ] {
        let mut request = right.clone();
        request.headers.retain(|(found, _)| found != name);
        let more = other
            .iter()
            .map(|value| (name.to_owned(), (*value).to_owned()));
        request.headers.extend(more);
        refuses(&api, &order, &request);
    }
    let method = "PUT".to_owned();
    refuses(&api, &order, &Request { method, ..right });
}

#[test]
fn every_byte_of_the_body_counts() {
    let api = api();
    let (order_of_json, right) = json_request();
    for body in ["{\"a\":2}", "{\"a\":1,\"c\":1}", "{}", ""] {
        let body = body.as_bytes().to_vec();
        refuses(
            &api,
            &order_of_json,
            &Request {
                body,
                ..right.clone()
            },
        );
    }

    let form = "application/x-www-form-urlencoded";
    let order_of_form = order(
        form,
        &json!({ "body": {"j": ["a b", "c,"], "e": ["1", "2"]} }),
    );
    let sent = |body: &str| request(TARGET, form, body);
    let right = sent("j=a+b,c%2C&e=1&e=2");
    assert_eq!(
        wrong(&api, &api.operations[0], &order_of_form, &right),
        None
    );
    for body in [
        "j=a+b&j=c%2C&e=1&e=2",
        "j=a+b,c%2C&e=1,2",
        "j=a+b,c,&e=1&e=2",
        "j=a+b,c%2C&e=1",
    ] {
        refuses(&api, &order_of_form, &sent(body));
    }

    let file = json!({ "text": "raw", "name": "a.txt", "type": "image/png" });
    let parts = json!({ "body.f": file, "body.t": "1,2", "body.o": {"a": "b"} });
    let order_of_parts = order("multipart/form-data", &parts);
    let body = "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: image/png\r\n\r\nraw\r\n\
                --B\r\nContent-Disposition: form-data; name=\"t\"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n\
                --B\r\nContent-Disposition: form-data; name=\"o\"\r\nContent-Type: application/json\r\n\r\n{\"a\":\"b\"}\r\n--B--\r\n";
    let sent = |body: &str| request(TARGET, "multipart/form-data; boundary=B", body);
    assert_eq!(
        wrong(&api, &api.operations[0], &order_of_parts, &sent(body)),
        None
    );
    for (part, other) in [
        ("image/png", "text/plain"),
        ("text/csv", "text/plain"),
        ("\r\nContent-Type: application/json", ""),
        ("; filename=\"a.txt\"", ""),
        ("1,2", "1"),
        ("--B--\r\n", ""),
    ] {
        assert!(body.contains(part), "{part}");
        refuses(&api, &order_of_parts, &sent(&body.replace(part, other)));
    }

    // Without a body there is none, and no media type.
    let mut order = order_of_json.clone();
    order.as_object_mut().unwrap().remove("media");
    refuses(&api, &order, &request(TARGET, JSON, ""));
    let (_, mut none) = json_request();
    none.headers.retain(|(name, _)| name != "content-type");
    none.body.clear();
    assert_eq!(wrong(&api, &api.operations[0], &order, &none), None);
    refuses(
        &api,
        &order,
        &Request {
            body: b"x".to_vec(),
            ..none
        },
    );
}

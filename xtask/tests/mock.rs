//! The mock server as its users meet it: a process on a port of its own, and plain HTTP.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdin, Command, Stdio},
};

use serde_json::{Value, json};

/// A running server; it ends with its stdin.
struct Mock {
    base: String,
    address: String,
    child: Child,
    stdin: Option<ChildStdin>,
}

/// An answer, its headers in small letters.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Mock {
    fn start(arguments: &[&str]) -> Self {
        let document = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mock_pets.yaml");
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask-mock"))
            .args([document, "--port", "0", "--exit-with-stdin"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdin = child.stdin.take().expect("stdin is piped");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let mut line = || lines.next().expect("a line").expect("text");
        let first = line();
        let (name, base) = first.split_once(' ').expect("name, space, URL");
        assert_eq!((name, line().as_str()), ("mock_pets", "ready"));
        let address = base
            .trim_start_matches("http://")
            .split('/')
            .next()
            .expect("an authority")
            .to_owned();
        Self {
            base: base.to_owned(),
            address,
            child,
            stdin: Some(stdin),
        }
    }

    /// Sends a request to a path below the base path, or to a whole URL of this server.
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let url = if path.starts_with("http://") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        };
        let target = url
            .strip_prefix(&format!("http://{}", self.address))
            .expect("a URL of this server");
        let mut request = format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
            self.address
        );
        for (name, value) in headers {
            request.extend([name, ": ", value, "\r\n"]);
        }
        if !body.is_empty() {
            request.extend(["content-length: ", &body.len().to_string(), "\r\n"]);
        }
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(stream, "{request}\r\n{body}").expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .expect("a status");
        let headers = lines.filter_map(|line| line.split_once(": "));
        Answer {
            status: status.parse().expect("a number"),
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[KEY], "")
    }

    fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.send(
            "POST",
            path,
            &[KEY, ("content-type", "application/json")],
            &body.to_string(),
        )
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A refusal with this status that says all of this.
    #[track_caller]
    fn refuses(&self, status: u16, reasons: &[&str]) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let detail = self.json()["detail"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        for reason in reasons {
            assert!(detail.contains(reason), "{reason:?} is not in {detail:?}");
        }
    }
}

const KEY: (&str, &str) = ("x-api-key", "some-key");
const UUID: &str = "11111111-1111-4111-8111-111111111111";

#[test]
fn routes_by_template_below_the_base_path() {
    let mock = Mock::start(&[]);
    assert!(mock.base.ends_with("/api/v2"), "{}", mock.base);
    assert_eq!(mock.get("/pets/mine").json()["name"], "Own");
    assert_eq!(mock.get(&format!("/pets/{UUID}")).json()["id"], UUID);
    assert_eq!(mock.send("POST", "/pets/7:groom", &[KEY], "").status, 202);
    let gone = mock.send("DELETE", &format!("/pets/{UUID}"), &[KEY], "");
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    mock.get("/pets/mine/").refuses(404, &["/api/v2/pets/mine"]);
    mock.get("/pet").refuses(404, &["nearest", "/api/v2/pets"]);
    let wrong = mock.send("PUT", "/pets", &[KEY], "");
    wrong.refuses(405, &["PUT"]);
    assert_eq!(wrong.header("allow"), Some("GET, HEAD, OPTIONS, POST"));
    assert_eq!(mock.send("OPTIONS", "/pets", &[], "").status, 204);
    let head = mock.send("HEAD", "/pets/mine", &[KEY], "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn credentials_are_checked_and_never_repeated() {
    let mock = Mock::start(&[]);
    mock.send("GET", "/pets/mine", &[], "")
        .refuses(401, &["header `X-API-Key`"]);
    mock.send("GET", "/pets/mine", &[("x-api-key", "invalid")], "")
        .refuses(401, &["not accepted"]);
    let none = mock.send("GET", "/visits", &[], "");
    none.refuses(401, &["Bearer", "X-API-Key", "Basic", "; or ", " and "]);
    assert!(
        none.header("www-authenticate")
            .is_some_and(|challenge| challenge.contains("Bearer"))
    );
    assert_eq!(
        mock.send("GET", "/visits", &[("authorization", "Bearer t")], "")
            .status,
        200
    );
    let both = [KEY, ("authorization", "Basic dXNlcjpwYXNz")];
    assert_eq!(mock.send("GET", "/visits", &both, "").status, 200);
    mock.send("GET", "/visits", &both[1..], "")
        .refuses(401, &["X-API-Key"]);
    assert_eq!(mock.send("GET", "/events", &[], "").status, 200);

    let strict = Mock::start(&["--token", "only-this"]);
    assert_eq!(
        strict
            .send("GET", "/pets/mine", &[("x-api-key", "only-this")], "")
            .status,
        200
    );
    let refused = strict.get("/pets/mine");
    refused.refuses(401, &["not accepted"]);
    assert!(!refused.body.contains("some-key") && !refused.body.contains("only-this"));
}

#[test]
fn every_kind_of_parameter_fault_is_named() {
    let mock = Mock::start(&[]);
    for (query, reasons) in [
        ("limit=x", ["`limit`", "integer"]),
        ("limit=101", ["`limit`", "100"]),
        ("limit=1&limit=2", ["`limit`", "2 times"]),
        ("status=lost", ["`status`", "\"new\" or \"old\""]),
        ("born=yesterday", ["`born`", "date"]),
        ("tags=a,b,c", ["`tags`", "2 items"]),
        ("tags=a,z", ["`tags` at /1", "\"z\""]),
        ("ids=1&ids=two", ["`ids` at /1", "integer"]),
        ("size[min]=low", ["`size` at /min", "number"]),
        ("filter=%7B%7D", ["`filter`", "by"]),
        ("filter=%7B", ["`filter`", "not JSON"]),
        ("stauts=new", ["`stauts`", "not documented"]),
    ] {
        mock.get(&format!("/pets?{query}")).refuses(400, &reasons);
    }
    let fine = "limit=5&offset=5&status=new&born=2020-02-29&tags=a,b&ids=1&ids=2&size%5Bmin%5D=1.5&filter=%7B%22by%22:1%7D";
    let headers = [KEY, ("x-trace", "00ff"), ("cookie", "theme=dark")];
    let answer = mock.send("GET", &format!("/pets?{fine}"), &headers, "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    mock.send("GET", "/pets", &[KEY, ("x-trace", "zz")], "")
        .refuses(400, &["header parameter `X-Trace`"]);
    mock.send("GET", "/pets", &[KEY, ("cookie", "theme=blue")], "")
        .refuses(400, &["cookie parameter `theme`"]);
    mock.get("/pets/seven")
        .refuses(400, &["path parameter `petId`", "uuid"]);
    // All faults at once.
    mock.get("/pets?limit=0&status=lost")
        .refuses(400, &["`limit`", "`status`"]);
}

#[test]
fn bodies_are_judged_and_echoed() {
    let mock = Mock::start(&[]);
    let made = mock.post_json("/pets", &json!({ "name": "Rex", "weight": 1.5, "pin": "1234", "friend": { "kind": "dog", "barks": false } }));
    assert_eq!(made.status, 201, "{}", made.body);
    let pet = made.json();
    assert_eq!((&pet["name"], &pet["weight"]), (&json!("Rex"), &json!(1.5)));
    assert_eq!(pet["friend"], json!({ "kind": "dog", "barks": false }));
    assert_eq!(
        (pet["status"].as_str(), pet.get("pin")),
        (Some("new"), None)
    );
    assert!(made.header("location").is_some());

    for (body, reasons) in [
        (json!({ "name": "Rex", "id": UUID }), ["at /id", "readOnly"]),
        (json!({ "name": "R" }), ["at /name", "2 characters"]),
        (json!({ "name": 7 }), ["at /name", "string"]),
        (json!({}), ["request body", "name"]),
        (json!({ "name": "Rex", "weight": 0 }), ["at /weight", "0"]),
        (json!({ "name": "Rex", "pin": "12" }), ["at /pin", "match"]),
        (
            json!({ "name": "Rex", "parents": [{ "name": "" }] }),
            ["at /parents/0/name", "2 characters"],
        ),
        (
            json!({ "name": "Rex", "friend": { "kind": "dog" } }),
            ["at /friend", "friend"],
        ),
    ] {
        mock.post_json("/pets", &body).refuses(400, &reasons);
    }
    assert_eq!(
        mock.post_json("/pets", &json!({ "name": "Rex", "born": null }))
            .status,
        201
    );
    let send =
        |kind: &str, body: &str| mock.send("POST", "/pets", &[KEY, ("content-type", kind)], body);
    send("application/json", "{").refuses(400, &["not JSON", "line 1"]);
    send("text/plain", "Rex").refuses(415, &["text/plain", "application/json"]);
    mock.send("POST", "/pets", &[KEY], "")
        .refuses(400, &["is required"]);
    mock.send(
        "POST",
        "/pets/7:groom",
        &[KEY, ("content-type", "application/json")],
        "{}",
    )
    .refuses(400, &["takes none"]);

    let form = "application/x-www-form-urlencoded";
    assert_eq!(send(form, "name=Rex+II&weight=2").json()["name"], "Rex II");
    send(form, "weight=heavy&name=Rex").refuses(400, &["at /weight", "number"]);
    let part = |name: &str, text: &str| {
        format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let multipart = "multipart/form-data; boundary=B";
    let photo = part("name", "Rex") + &part("photo", "bytes");
    assert_eq!(send(multipart, &(photo.clone() + "--B--\r\n")).status, 201);
    send(multipart, &(part("name", "Rex") + "--B--\r\n")).refuses(400, &["photo"]);
    send(
        multipart,
        &(photo + &part("info", "{\"age\":\"old\"}") + "--B--\r\n"),
    )
    .refuses(400, &["at /info/age", "integer"]);
}

#[test]
fn answers_come_from_the_example_or_from_the_schema() {
    let mock = Mock::start(&[]);
    let own = mock.get("/pets/mine").json();
    assert_eq!(
        own,
        json!({ "id": "00000000-0000-4000-8000-000000000001", "name": "Own", "owner": null, "secret": 1 })
    );
    let text = mock.send("GET", "/pets/mine", &[KEY, ("accept", "text/plain")], "");
    assert_eq!(
        (text.header("content-type"), text.body.as_str()),
        (Some("text/plain"), "Own")
    );
    let xml = mock.send(
        "GET",
        "/pets/mine",
        &[KEY, ("accept", "application/xml")],
        "",
    );
    assert!(
        xml.body.starts_with("<?xml") && xml.body.ends_with("</Pet>"),
        "{}",
        xml.body
    );
    mock.send("GET", "/pets/mine", &[KEY, ("accept", "image/png")], "")
        .refuses(406, &["image/png", "text/plain"]);

    let made = mock.get(&format!("/pets/{UUID}"));
    assert_eq!(
        made.body,
        mock.get(&format!("/pets/{UUID}")).body,
        "the same every time"
    );
    let pet = made.json();
    let document =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mock_pets.yaml"))
            .expect("the document");
    let document: Value = serde_yaml::from_str(&document).expect("YAML");
    let mut schema =
        json!({ "components": document["components"], "$ref": "#/components/schemas/Pet" });
    // What 3.0 has beyond JSON Schema, as far as this document uses it.
    schema["components"]["schemas"]["Pet"]["properties"]["weight"] =
        json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 2 });
    schema["components"]["schemas"]["Pet"]["properties"]["born"] =
        json!({ "type": ["string", "null"], "format": "date" });
    let judge = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a schema");
    let faults: Vec<_> = judge
        .iter_errors(&pet)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?} in {pet}");
    assert_eq!(pet.get("pin"), None, "writeOnly");
    assert_eq!(
        pet["friend"]["kind"], "Cat",
        "the discriminator names the branch"
    );
    assert!(
        pet["parents"].as_array().is_some_and(Vec::is_empty),
        "recursion ends"
    );

    let stream = mock.get("/events/stream");
    assert_eq!(stream.header("content-type"), Some("text/event-stream"));
    assert_eq!(stream.body, "data: {\"kind\":\"tick\"}\n\n".repeat(3));
}

#[test]
fn prefer_calls_up_documented_answers() {
    let mock = Mock::start(&[]);
    let prefer = |preference: &str| {
        mock.send(
            "GET",
            &format!("/pets/{UUID}"),
            &[KEY, ("prefer", preference)],
            "",
        )
    };
    let missing = prefer("code=404");
    assert_eq!(
        (missing.status, missing.json()),
        (404, json!({ "code": "gone" }))
    );
    let never = prefer("code=404, example=never");
    assert_eq!(
        (never.status, never.json()),
        (404, json!({ "code": "never" }))
    );
    assert_eq!(prefer("code=503").status, 503);
    prefer("code=418").refuses(400, &["code=418", "200, 404, 5XX"]);
    prefer("code=404, example=other").refuses(400, &["example=other", "gone, never"]);
}

#[test]
fn offset_pages_lead_from_the_first_item_to_the_last() {
    let mock = Mock::start(&["--items", "45"]);
    let mut seen = BTreeSet::new();
    let mut url = "/pets?limit=20".to_owned();
    let mut lengths = Vec::new();
    loop {
        let page = mock.get(&url).json();
        assert_eq!(page["count"], 45);
        assert_eq!(page["previous"].is_null(), lengths.is_empty());
        let results = page["results"].as_array().expect("results");
        lengths.push(results.len());
        seen.extend(
            results
                .iter()
                .map(|pet| pet["id"].as_str().expect("an id").to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut url),
            None => break,
        }
    }
    assert_eq!((lengths, seen.len()), (vec![20, 20, 5], 45));
    assert!(
        url.starts_with(&mock.base) && url.contains("limit=20") && url.contains("offset=40"),
        "{url}"
    );
    let filtered = mock.get("/pets?status=old&limit=100").json();
    assert!(
        filtered["results"]
            .as_array()
            .is_some_and(|pets| !pets.is_empty() && pets.iter().all(|pet| pet["status"] == "old"))
    );
    assert_eq!(mock.get("/pets?offset=1000").json()["results"], json!([]));
}

#[test]
fn numbered_pages_count_in_their_meta() {
    let mock = Mock::start(&["--items", "25"]);
    let page = |query: &str| {
        mock.send(
            "GET",
            &format!("/visits{query}"),
            &[("authorization", "Bearer t")],
            "",
        )
        .json()
    };
    let first = page("");
    assert_eq!(
        first["meta"],
        json!({ "total": 25, "lastPage": 3, "currentPage": 1, "perPage": 10, "prev": null, "next": 2 })
    );
    assert_eq!(
        first["data"][0],
        json!({ "id": "v1", "label": "First" }),
        "the document's own item comes first"
    );
    let last = page("?page=3");
    assert_eq!(
        last["meta"],
        json!({ "total": 25, "lastPage": 3, "currentPage": 3, "perPage": 10, "prev": 2, "next": null })
    );
    assert_eq!(last["data"].as_array().map(Vec::len), Some(5));
    assert_eq!(page("?page=2&perPage=4")["data"][0]["label"], "First 5");
}

#[test]
fn bare_lists_page_by_link_header_with_a_token_from_the_token_endpoint() {
    let mock = Mock::start(&["--items", "25", "--token", "granted"]);
    let token = |form: &str| {
        let url = format!("http://{}/oauth/token", mock.address);
        mock.send(
            "POST",
            &url,
            &[("content-type", "application/x-www-form-urlencoded")],
            form,
        )
    };
    assert_eq!(
        token("grant_type=password").json()["error"],
        "unsupported_grant_type"
    );
    assert_eq!(token("grant_type=client_credentials").status, 401);
    let granted = token("grant_type=client_credentials&client_id=me&client_secret=s").json();
    assert_eq!(
        (&granted["access_token"], &granted["token_type"]),
        (&json!("granted"), &json!("Bearer"))
    );

    let list = |path: &str| mock.send("GET", path, &[("authorization", "Bearer granted")], "");
    let page = list("/clinics/;place=1;place=2/.north?page=2&per_page=10");
    assert_eq!(page.json().as_array().map(Vec::len), Some(10));
    assert_eq!(page.header("x-total-count"), Some("25"));
    let link = page.header("link").expect("a Link header");
    for relation in [
        "page=3>; rel=\"next\"",
        "page=1>; rel=\"prev\"",
        "page=1>; rel=\"first\"",
        "page=3>; rel=\"last\"",
    ] {
        assert!(link.contains(relation), "{relation} is not in {link}");
    }
    let third = list("/clinics/;place=1/.north?page=3");
    assert!(
        third
            .header("link")
            .is_some_and(|link| !link.contains("next"))
    );
    list("/clinics/;place=x/.north").refuses(400, &["`place` at /0", "integer"]);
    list("/clinics/1/.north").refuses(400, &["`place`", "`;place=`"]);
    list("/clinics/;place=1/.west").refuses(400, &["`area`", "west"]);
}

#[test]
fn cursors_are_followed_and_strangers_refused() {
    let mock = Mock::start(&["--items", "31"]);
    let mut seen = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = mock.get(&format!("/events?limit=15{cursor}")).json();
        let items = page["items"].as_array().expect("items");
        seen.extend(items.iter().map(|item| item["id"].as_i64().expect("an id")));
        assert_eq!(page["has_more"], page["next_cursor"].is_string());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 31);
    mock.get("/events?cursor=elsewhere")
        .refuses(400, &["`cursor`", "not a cursor"]);
}

#[test]
fn ends_with_its_stdin_and_says_when_a_port_is_taken() {
    let mut mock = Mock::start(&[]);
    let port = mock.address.rsplit(':').next().expect("a port").to_owned();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mock_pets.yaml");
    let second = Command::new(env!("CARGO_BIN_EXE_xtask-mock"))
        .args([document, "--port", &port])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        !second.status.success() && said.contains(&format!("port {port} is in use")),
        "{said}"
    );
    let unknown = Command::new(env!("CARGO_BIN_EXE_xtask-mock"))
        .arg("no-such-api")
        .output()
        .expect("it runs");
    assert!(
        !unknown.status.success()
            && String::from_utf8_lossy(&unknown.stderr).contains("no-such-api")
    );
    drop(mock.stdin.take());
    assert!(mock.child.wait().expect("it ends").success());
}

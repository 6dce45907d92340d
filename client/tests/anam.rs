//! The emitted client of Anam on the wire: page numbers, typed errors without bodies, nullable and open values.

mod support;

use std::time::Duration;

use anam::sessions::ListSessionsError;
use callwright_client::runtime::{Url, Uuid, Value, from_str, to_value};
use callwright_client::{Error, anam};
use support::{Answer, KEY, PATIENCE, Seen, Server, always, busy, redirect, shown};

const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fn client(server: &Server) -> anam::Client {
    builder(&server.url).build().expect("a client")
}

fn builder(url: &str) -> anam::ClientBuilder {
    anam::Client::builder()
        .bearer_token(KEY)
        .base_url(url)
        .timeout(PATIENCE)
}

fn id() -> Uuid {
    ID.parse().expect("a UUID")
}

fn argument(seen: &Seen, name: &str) -> Option<usize> {
    let pair = seen.query().split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then_some(value)
    })?;
    Some(pair.parse().expect("a number"))
}

/// A page of sessions with these numbers for ids, and its `meta`.
fn page(numbers: impl Iterator<Item = usize>, meta: &str) -> Answer {
    let data: Vec<String> = numbers
        .map(|number| format!(r#"{{"id":"00000000-0000-0000-0000-{number:012}"}}"#))
        .collect();
    Answer::json(&format!(r#"{{"data":[{}],"meta":{meta}}}"#, data.join(",")))
}

fn meta(total: usize, last: usize, current: usize) -> String {
    let neighbour = |there: bool, number: usize| {
        if there {
            number.to_string()
        } else {
            "null".to_owned()
        }
    };
    format!(
        r#"{{"total":{total},"lastPage":{last},"currentPage":{current},"perPage":2,"prev":{},"next":{}}}"#,
        neighbour(current > 1, current.wrapping_sub(1)),
        neighbour(current < last, current + 1)
    )
}

/// Pages of two.
async fn paged(total: usize) -> Server {
    let last = total.div_ceil(2).max(1);
    Server::new(move |_, seen| {
        let current = argument(seen, "page").unwrap_or(1);
        let start = ((current - 1) * 2).min(total);
        page(start..(start + 2).min(total), &meta(total, last, current))
    })
    .await
}

fn asked(server: &Server) -> Vec<Option<usize>> {
    server
        .seen()
        .iter()
        .map(|seen| argument(seen, "page"))
        .collect()
}

#[tokio::test]
async fn each_parameter_is_spelled_and_encoded_as_documented() {
    let server = always("{}").await;
    let client = client(&server);
    let cases = [
        (client.sessions().list(), ""),
        (client.sessions().list().page(2), "?page=2"),
        (client.sessions().list().per_page(100), "?perPage=100"),
        (
            client.sessions().list().search("ä b&c=d+e/f?g#h%20"),
            "?search=%C3%A4%20b%26c%3Dd%2Be%2Ff%3Fg%23h%2520",
        ),
        (client.sessions().list().search(""), "?search="),
        (
            client.sessions().list().api_key_id(id()),
            "?apiKeyId=0f8fad5b-d9cb-469f-a165-70867728950e",
        ),
        (
            client.sessions().list().persona_id(id()),
            "?personaId=0f8fad5b-d9cb-469f-a165-70867728950e",
        ),
        (
            client
                .sessions()
                .list()
                .persona_id(id())
                .api_key_id(id())
                .search("x")
                .per_page(1)
                .page(1),
            "?page=1&perPage=1&search=x&apiKeyId=0f8fad5b-d9cb-469f-a165-70867728950e\
             &personaId=0f8fad5b-d9cb-469f-a165-70867728950e",
        ),
    ];
    for (request, query) in cases {
        request.await.expect("a page");
        assert_eq!(server.last().target, format!("/v1/sessions{query}"));
    }
    let seen = server.last();
    assert_eq!(
        seen.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(
        (
            seen.method.as_str(),
            seen.header("x-api-key"),
            seen.header("cookie")
        ),
        ("GET", None, None)
    );
}

/// The example that the vendored document gives for the list of sessions.
fn example() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/anam/openapi.yaml");
    let text = std::fs::read_to_string(path).expect("the vendored document");
    let document: Value = serde_yaml::from_str(&text).expect("YAML");
    document
        .pointer("/components/examples/SessionListResponse/value")
        .expect("the page's own example")
        .clone()
}

#[tokio::test]
async fn the_example_of_the_document_decodes_and_is_written_again_without_loss() {
    let example = example();
    let server = always(&example.to_string()).await;
    let list = client(&server)
        .sessions()
        .list()
        .await
        .expect("the example");

    let session = &list.data.as_ref().expect("sessions")[0];
    assert_eq!(session.id, Some(Uuid::nil()));
    assert_eq!(
        (session.persona_id, session.session_length_ms),
        (None, Some(754_000))
    );
    assert_eq!(session.client_label.as_deref(), Some("anam-lab-chat"));
    assert_eq!(session.exit_status.as_deref(), Some("CLOSED_BY_ENGINE"));
    let (start, end) = (
        session.start_time.as_ref().expect("a start"),
        session.end_time.as_ref().expect("an end"),
    );
    assert_eq!(end.duration_since(**start).as_secs(), 754);
    let persona = session.persona_config.as_ref().expect("an open object");
    assert_eq!(persona["llmConfig"]["temperature"], 0.7);
    assert!(
        persona["llmConfig"]["createdByOrganizationId"].is_null(),
        "null within an open object is data"
    );
    let meta = list.meta.as_ref().expect("meta");
    assert_eq!(
        (meta.total, meta.last_page, meta.prev, meta.next),
        (Some(1), Some(1), None, None)
    );

    // What the response type folds is null where the document says nullable: it comes back as absent.
    let mut expected = example;
    for (pointer, key) in [
        ("/data/0", "personaId"),
        ("/meta", "prev"),
        ("/meta", "next"),
    ] {
        let object = expected
            .pointer_mut(pointer)
            .and_then(Value::as_object_mut)
            .expect("an object");
        assert_eq!(
            object.shift_remove(key),
            Some(Value::Null),
            "{pointer}/{key}"
        );
    }
    let again = to_value(&list).expect("JSON");
    assert_eq!(again, expected);
    // Members keep their order and texts theirs, so that the bytes are the same, too.
    assert_eq!(again.to_string(), expected.to_string());
}

#[test]
fn null_and_absent_are_alike() {
    let null = r#"{"id":null,"personaId":null,"startTime":null,"personaConfig":null,"sessionLengthMs":null}"#;
    let one: anam::Session = from_str(null).expect("nulls");
    let other: anam::Session = from_str("{}").expect("nothing");
    assert_eq!(one, other);
    assert_eq!(to_value(&one).expect("JSON").to_string(), "{}");
}

#[tokio::test]
async fn page_numbers_run_to_the_last_page() {
    let server = paged(5).await;
    let all = client(&server)
        .sessions()
        .list()
        .per_page(2)
        .search("x")
        .items()
        .try_collect()
        .await
        .expect("all");
    let ids: Vec<String> = all
        .iter()
        .map(|session| session.id.expect("an id").to_string())
        .collect();
    let expected: Vec<String> = (0..5)
        .map(|number| format!("00000000-0000-0000-0000-{number:012}"))
        .collect();
    assert_eq!(ids, expected);
    let targets: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        targets,
        [
            "/v1/sessions?perPage=2&search=x",
            "/v1/sessions?page=2&perPage=2&search=x",
            "/v1/sessions?page=3&perPage=2&search=x",
        ]
    );
    let bearer = format!("Bearer {KEY}");
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("authorization") == Some(&bearer))
    );

    // A page of the caller's is where the stream starts; the size of pages is the server's business.
    let server = paged(6).await;
    let pages = client(&server)
        .sessions()
        .list()
        .page(2)
        .pages()
        .try_collect()
        .await
        .expect("two pages");
    assert_eq!((pages.len(), asked(&server)), (2, vec![Some(2), Some(3)]));
    let server = paged(0).await;
    let none = client(&server)
        .sessions()
        .list()
        .items()
        .try_collect()
        .await
        .expect("no session");
    assert_eq!((none.len(), server.count()), (0, 1));
}

#[tokio::test]
async fn pages_end_with_what_the_server_says_and_never_loop() {
    // Whatever of `meta` there is decides; without any of it an empty page does.
    for (meta, requests) in [
        (r#"{"next":null}"#, 1),
        (r#"{"lastPage":3,"next":9}"#, 3),
        (r#"{"total":4,"next":9}"#, 2),
        ("{}", 1),
    ] {
        let server = Server::new(move |_, seen| {
            let current = argument(seen, "page").unwrap_or(1);
            page(current * 2..current * 2 + 2, meta)
        })
        .await;
        client(&server)
            .sessions()
            .list()
            .items()
            .max_pages(9)
            .try_collect()
            .await
            .expect(meta);
        assert_eq!(server.count(), requests, "{meta}");
    }
    // The same page over and over, with the number of another one promised.
    let server =
        Server::answering(vec![page(0..2, r#"{"total":100,"lastPage":50,"next":2}"#)]).await;
    let items = client(&server)
        .sessions()
        .list()
        .items()
        .try_collect()
        .await
        .expect("an end");
    assert_eq!((items.len(), server.count()), (2, 2));
    // An empty page in the middle.
    let server =
        Server::answering(vec![page(0..2, &meta(6, 3, 1)), page(0..0, &meta(6, 3, 2))]).await;
    let items = client(&server)
        .sessions()
        .list()
        .items()
        .try_collect()
        .await
        .expect("an end");
    assert_eq!((items.len(), server.count()), (2, 2));
    // A page without a list.
    let server = always(r#"{"meta":{"total":3}}"#).await;
    let items = client(&server)
        .sessions()
        .list()
        .items()
        .try_collect()
        .await
        .expect("an end");
    assert_eq!((items.len(), server.count()), (0, 1));
}

#[tokio::test]
async fn documented_errors_are_typed_and_keep_the_raw_body() {
    let cases = [
        (400, ListSessionsError::BadRequest, "Bad request"),
        (401, ListSessionsError::Unauthorized, "no JSON at all <"),
        (500, ListSessionsError::InternalServerError, ""),
        (
            403,
            ListSessionsError::Undocumented,
            r#"{"message":"Not yours"}"#,
        ),
    ];
    for (status, expected, body) in cases {
        let server =
            Server::answering(vec![Answer::new(status, &[("x-request-id", "r-1")], body)]).await;
        let error = client(&server)
            .sessions()
            .list()
            .max_retries(0)
            .await
            .expect_err("an error status");
        let Error::Api(api) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(
            api.typed::<ListSessionsError>().expect("no body is needed"),
            expected
        );
        assert_eq!(api.status().as_u16(), status);
        assert_eq!(api.raw_body(), body.as_bytes());
        assert_eq!(
            (api.request_id(), api.operation()),
            (Some("r-1"), "listSessions")
        );
        assert_eq!(error.is_retryable(), status == 500);
        assert_eq!(
            error.to_string().contains("Not yours"),
            status == 403,
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_reply_that_is_not_as_documented_names_the_place() {
    for (body, path) in [
        (
            r#"{"data":[{"id":"00000000-0000-0000-0000-000000000000"},{"id":"x"}]}"#,
            "data[1].id",
        ),
        (
            r#"{"data":[{"startTime":"yesterday"}]}"#,
            "data[0].startTime",
        ),
        (
            r#"{"data":[{"sessionLengthMs":1.5}]}"#,
            "data[0].sessionLengthMs",
        ),
        (
            r#"{"data":[{"personaConfig":[]}]}"#,
            "data[0].personaConfig",
        ),
        (r#"{"data":{}}"#, "data"),
        (r#"{"meta":{"next":"2"}}"#, "meta.next"),
        ("[]", "$"),
    ] {
        let server = always(body).await;
        let error = client(&server).sessions().list().await.expect_err(body);
        let Error::Decode(decode) = &error else {
            panic!("{body}: {error:?}")
        };
        assert_eq!(decode.path(), path);
        assert_eq!(decode.raw_body(), body.as_bytes());
        let text = error.to_string();
        assert!(text.contains(path) || path == "$", "{text}");
        assert!(text.contains("listSessions"), "{text}");
    }
}

#[tokio::test]
async fn one_call_can_differ_from_its_client() {
    let server = Server::answering(vec![
        busy(503, "0"),
        busy(503, "0"),
        busy(503, "0"),
        Answer::json("{}"),
    ])
    .await;
    let client = client(&server);
    let reply = client
        .sessions()
        .list()
        .max_retries(3)
        .header("x-note", "1")
        .with_response()
        .await;
    let reply = reply.expect("the fourth attempt");
    assert_eq!((reply.status().as_u16(), reply.attempts()), (200, 4));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.value().data, None);
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("x-note") == Some("1"))
    );

    let server = Server::answering(vec![Answer::json("{}").after(PATIENCE)]).await;
    let slow = builder(&server.url)
        .timeout(Duration::from_millis(50))
        .build()
        .expect("a client");
    assert!(
        slow.sessions()
            .list()
            .await
            .expect_err("too slow")
            .is_timeout()
    );
}

#[tokio::test]
async fn another_origin_gets_no_token() {
    let stranger = always("{}").await;
    for status in [301, 302, 303, 307, 308] {
        let server = Server::answering(vec![redirect(
            status,
            &format!("{}/v1/sessions", stranger.url),
        )])
        .await;
        client(&server)
            .sessions()
            .list()
            .per_page(1)
            .await
            .expect("a page from elsewhere");
        assert_eq!(stranger.last().header("authorization"), None, "{status}");
    }
    assert_eq!(stranger.count(), 5);
}

#[tokio::test]
async fn a_missing_token_is_a_local_error_and_nothing_shows_one() {
    let server = Server::answering(vec![Answer::new(
        401,
        &[],
        format!(r#"{{"error":"{KEY} is void"}}"#),
    )])
    .await;
    let error = anam::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client")
        .sessions()
        .list()
        .await;
    let text = error.expect_err("no token").to_string();
    assert!(
        text.contains("bearer_token") && text.contains("ANAM_TOKEN"),
        "{text}"
    );
    assert_eq!(server.count(), 0);
    let client = client(&server);
    let error = client.sessions().list().await.expect_err("401");
    assert!(error.to_string().contains("is void"), "{error}");
    for text in [
        shown(&error),
        format!("{client:?} {:?}", client.sessions().list()),
    ] {
        assert!(!text.contains(KEY), "{text}");
    }
    // What a header cannot hold is not sent in part, and not shown either.
    let client = anam::Client::builder()
        .bearer_token(format!("{KEY}\n"))
        .base_url(&server.url)
        .build();
    let error = client
        .expect("a client")
        .sessions()
        .list()
        .await
        .expect_err("a line break");
    assert!(
        matches!(error, Error::Build(_)) && !shown(&error).contains(KEY),
        "{error:?}"
    );
    assert_eq!(server.count(), 1);
}

#[test]
fn the_environment_configures_a_client() {
    if support::is_child() {
        let text = format!("{:?}", anam::Client::from_env().expect("a client"));
        assert!(
            text.contains("http://127.0.0.1:1/env") && text.contains("BearerAuth"),
            "{text}"
        );
        return;
    }
    support::in_child(
        "the_environment_configures_a_client",
        &[
            ("ANAM_TOKEN", KEY),
            ("ANAM_BASE_URL", "http://127.0.0.1:1/env"),
        ],
    );
    let _: Url = anam::Server::Production.url().parse().expect("a URL");
}

//! The emitted client of Chatsistant on the wire: an argument in the path, an array for a reply, a nested optional object.

mod support;

use callwright_client::runtime::{Value, from_str, to_string};
use callwright_client::{Error, chatsistant};
use support::{Answer, KEY, PATIENCE, Server, always, redirect, shown};

const UUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
const SESSION: &str = r#"{"created_at":"2026-01-01","modified_at":"2026-01-02","uuid":"s-1"}"#;

fn client(server: &Server) -> chatsistant::Client {
    builder(&server.url).build().expect("a client")
}

fn builder(url: &str) -> chatsistant::ClientBuilder {
    chatsistant::Client::builder()
        .bearer_token(KEY)
        .base_url(url)
        .timeout(PATIENCE)
}

#[tokio::test]
async fn the_chatbot_is_one_segment_of_the_path_whatever_it_is() {
    let server = always("[]").await;
    let client = client(&server);
    for (argument, segment) in [
        (UUID, UUID),
        ("a/b", "a%2Fb"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("a?b=c&d#e", "a%3Fb%3Dc%26d%23e"),
        ("ü 漢", "%C3%BC%20%E6%BC%A2"),
        ("%2e%2E", "%252e%252E"),
        ("a\r\nx: y", "a%0D%0Ax%3A%20y"),
        ("{uuid}", "%7Buuid%7D"),
        ("a;b=c:d@e,f+g", "a%3Bb%3Dc%3Ad%40e%2Cf%2Bg"),
        ("\\..\\", "%5C..%5C"),
        ("...", "..."),
        ("~-._", "~-._"),
        ("null", "null"),
        ("1", "1"),
    ] {
        client.sessions().list(argument).await.expect("no session");
        assert_eq!(
            server.last().target,
            format!("/api/v1/chatbot/{segment}/sessions"),
            "{argument}"
        );
    }
    let seen = server.last();
    assert_eq!(
        seen.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(
        (seen.method.as_str(), seen.header("accept")),
        ("GET", Some("application/json"))
    );
}

#[tokio::test]
async fn an_argument_that_would_change_the_path_is_a_local_error() {
    let server = always("[]").await;
    let client = client(&server);
    for argument in ["", ".", ".."] {
        let error = client.sessions().list(argument).await.expect_err(argument);
        assert!(matches!(error, Error::Build(_)), "{argument}: {error:?}");
        let text = error.to_string();
        assert!(
            text.contains("`uuid`") && text.contains("listSessions"),
            "{text}"
        );
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn the_list_is_an_array_whose_meta_may_be_there_in_part() {
    let full = r#"{"created_at":"c","modified_at":"m","uuid":"s-2","meta":{"user":{"name":"Ada","age":36,"tags":[null,1.50]},"auth_data":{}}}"#;
    let part = r#"{"created_at":"c","modified_at":"m","uuid":"s-3","meta":{"user":null,"more":1}}"#;
    let null = r#"{"created_at":"c","modified_at":"m","uuid":"s-4","meta":null}"#;
    let server = always(&format!("[{SESSION},{full},{part},{null}]")).await;
    let sessions = client(&server)
        .sessions()
        .list(UUID)
        .await
        .expect("four sessions");
    assert_eq!(sessions.len(), 4);
    assert_eq!(
        (sessions[0].uuid.as_str(), &sessions[0].meta),
        ("s-1", &None)
    );
    let meta = sessions[1].meta.as_ref().expect("meta");
    assert_eq!(
        meta.user.as_ref().expect("a user")["name"],
        Value::from("Ada")
    );
    assert_eq!(
        meta.auth_data,
        Some(chatsistant::SessionMetaAuthData::new())
    );
    let meta = sessions[2].meta.as_ref().expect("meta");
    assert_eq!((&meta.user, &meta.auth_data), (&None, &None));
    assert_eq!(sessions[3].meta, None);
    assert_eq!(to_string(&sessions[0]).expect("JSON"), SESSION);
    let again: Value = from_str(&to_string(&sessions[1]).expect("JSON")).expect("JSON");
    assert_eq!(again, from_str::<Value>(full).expect("JSON"));
}

#[tokio::test]
async fn a_reply_that_is_not_as_documented_names_the_place() {
    for (body, path) in [
        (format!("[{SESSION},{{\"uuid\":1}}]"), "[1].uuid"),
        (format!("[{SESSION},{{\"uuid\":\"x\"}}]"), "[1]"),
        (SESSION.to_owned(), "$"),
        (SESSION.replace('}', r#","meta":[]}"#), "$"),
        (
            format!("[{}]", SESSION.replace('}', r#","meta":{"user":"Ada"}}"#)),
            "[0].meta.user",
        ),
    ] {
        let server = always(&body).await;
        let error = client(&server)
            .sessions()
            .list(UUID)
            .await
            .expect_err("not as documented");
        let Error::Decode(decode) = &error else {
            panic!("{body}: {error:?}")
        };
        assert_eq!(decode.path(), path, "{body}: {error}");
    }
}

#[tokio::test]
async fn every_failure_is_an_error_of_its_kind() {
    let server = Server::answering(vec![Answer::new(
        404,
        &[],
        r#"{"detail":"no such chatbot"}"#,
    )])
    .await;
    let error = client(&server)
        .sessions()
        .list(UUID)
        .await
        .expect_err("404");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert!(error.to_string().contains("no such chatbot"), "{error}");
    let Error::Api(api) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(
        api.json::<Value>().expect("JSON")["detail"],
        "no such chatbot"
    );

    let server = Server::answering(vec![Answer::nothing(), Answer::json("[]")]).await;
    let reply = client(&server)
        .sessions()
        .list(UUID)
        .with_response()
        .await
        .expect("the second attempt");
    assert_eq!((reply.attempts(), server.count()), (2, 2));

    let server = Server::answering(vec![Answer::raw(
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n[",
    )])
    .await;
    let error = client(&server)
        .sessions()
        .list(UUID)
        .max_retries(0)
        .await
        .expect_err("half a reply");
    assert!(
        matches!(error, Error::Transport(_)) && error.is_retryable(),
        "{error:?}"
    );

    let error = builder(&support::nobody())
        .max_retries(0)
        .build()
        .expect("a client")
        .sessions()
        .list(UUID)
        .await;
    assert!(matches!(error, Err(Error::Connect(_))), "{error:?}");
}

#[tokio::test]
async fn the_token_stays_with_its_origin() {
    let stranger = always("[]").await;
    let server = Server::answering(vec![redirect(307, &format!("{}/", stranger.url))]).await;
    client(&server)
        .sessions()
        .list(UUID)
        .await
        .expect("a list from elsewhere");
    assert_eq!(stranger.last().header("authorization"), None);
    let without = chatsistant::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client");
    let error = without.sessions().list(UUID).await.expect_err("no token");
    let text = shown(&error);
    assert!(
        text.contains("bearer_token") && text.contains("CHATSISTANT_TOKEN"),
        "{text}"
    );
    assert_eq!((server.count(), stranger.count()), (1, 1));
}

#[test]
fn the_environment_configures_a_client() {
    if support::is_child() {
        let text = format!("{:?}", chatsistant::Client::from_env().expect("a client"));
        assert!(
            text.contains("https://app.chatsistant.com/") && text.contains("BearerAuth"),
            "{text}"
        );
        return;
    }
    support::in_child(
        "the_environment_configures_a_client",
        &[("CHATSISTANT_TOKEN", KEY)],
    );
}

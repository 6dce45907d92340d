//! The key: where it comes from, where it goes, and that nothing shows it.

use crate::support::{Answer, KEY, Server, always, busy, in_child, is_child, redirect, shown};
use crate::{EMPTY, builder, client};
use callwright_client::{Error, wassist};

#[tokio::test]
async fn another_origin_gets_neither_key_nor_body() {
    let stranger = always(EMPTY).await;
    let server =
        Server::answering(vec![redirect(302, &format!("{}/elsewhere", stranger.url))]).await;
    client(&server)
        .conversations()
        .list()
        .header("x-private", "1")
        .await
        .expect("a page from elsewhere");
    let seen = stranger.last();
    assert_eq!(seen.target, "/elsewhere");
    assert_eq!(
        (seen.header("x-api-key"), seen.header("x-private")),
        (None, None)
    );
    assert!(!format!("{seen:?}").contains(KEY));

    // Within the origin the key goes along.
    let server = Server::new(|number, _| match number {
        0 => redirect(308, "/moved/"),
        _ => Answer::json(EMPTY),
    })
    .await;
    client(&server)
        .conversations()
        .list()
        .await
        .expect("a page");
    assert_eq!(
        (
            server.last().path().to_owned(),
            server.last().header("x-api-key")
        ),
        ("/moved/".to_owned(), Some(KEY))
    );
}

#[tokio::test]
async fn a_missing_key_is_a_local_error_that_says_what_to_do() {
    let server = always(EMPTY).await;
    let client = wassist::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client");
    let error = client.conversations().list().await.expect_err("no key");
    assert!(matches!(error, Error::Build(_)), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("api_key") && text.contains("WASSIST_API_KEY"),
        "{text}"
    );
    assert!(text.contains("api_v1_conversations_list"), "{text}");
    assert_eq!(server.count(), 0);
    // A header of the caller's own will do.
    client
        .conversations()
        .list()
        .header("X-API-Key", "mine")
        .await
        .expect("a page");
    assert_eq!(server.last().header("x-api-key"), Some("mine"));
}

#[tokio::test]
async fn nothing_shows_the_key() {
    let said = format!(r#"{{"detail":"bad key {KEY}"}}"#);
    let wrong = format!(r#"{{"count":"{KEY}"}}"#);
    let server = Server::answering(vec![
        Answer::new(401, &[("x-request-id", "r")], said),
        Answer::json(&wrong),
        Answer::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"),
        redirect(302, &format!("ftp://user:{KEY}@a.example/")),
    ])
    .await;
    let settings = builder(&server.url);
    let mut texts = vec![format!("{settings:?} {settings:#?}")];
    let client = settings.max_retries(0).build().expect("a client");
    let (resource, request, call) = (
        client.conversations(),
        client.conversations().list(),
        client.conversations().list().send(),
    );
    texts.push(format!(
        "{client:?} {client:#?} {resource:?} {request:?} {call:?}"
    ));
    for _ in 0..4 {
        let error = client
            .conversations()
            .list()
            .await
            .expect_err("each answer is bad");
        texts.push(shown(&error));
    }
    assert_eq!(server.count(), 4);
    texts.push(shown(
        &builder(&format!("http://user:{KEY}@localhost/"))
            .build()
            .expect_err("a password in a URL"),
    ));
    texts.push(shown(
        &builder(&format!("ftp://a.example/?{KEY}"))
            .build()
            .expect_err("another scheme"),
    ));
    for text in texts {
        assert!(!text.contains(KEY), "{text}");
    }
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn logs_tell_the_call_and_nothing_that_was_sent() {
    // In a process of its own: `tracing` remembers what the threads of other tests do not listen to.
    if !is_child() {
        return in_child(
            "credentials::logs_tell_the_call_and_nothing_that_was_sent",
            &[],
        );
    }
    let log = crate::support::log::Log::default();
    let guard = log.keep();
    let server = Server::answering(vec![busy(503, "0"), Answer::json(EMPTY)]).await;
    client(&server)
        .conversations()
        .list()
        .contact("hidden-contact")
        .await
        .expect("a page");
    drop(guard);
    let text = log.text();
    assert!(
        text.contains("api_v1_conversations_list") && text.contains("status=200"),
        "{text}"
    );
    assert!(
        !text.contains("hidden-contact") && !text.contains(KEY),
        "{text}"
    );
}

#[test]
fn the_environment_configures_a_client() {
    const TEST: &str = "credentials::the_environment_configures_a_client";
    if is_child() {
        let client = wassist::Client::from_env().expect("a client");
        let text = format!("{client:?}");
        assert!(
            text.contains("http://127.0.0.1:1/env") && text.contains("ApiKeyAuth"),
            "{text}"
        );
        assert!(!text.contains(KEY), "{text}");
        return;
    }
    in_child(
        TEST,
        &[
            ("WASSIST_API_KEY", KEY),
            ("WASSIST_BASE_URL", "http://127.0.0.1:1/env"),
        ],
    );
}

#[test]
fn an_empty_variable_is_none() {
    if is_child() {
        let text = format!("{:?}", wassist::Client::from_env().expect("a client"));
        assert!(
            text.contains("https://backend.wassist.app") && !text.contains("ApiKeyAuth"),
            "{text}"
        );
        return;
    }
    in_child(
        "credentials::an_empty_variable_is_none",
        &[("WASSIST_API_KEY", ""), ("WASSIST_BASE_URL", "")],
    );
}

#[test]
fn servers_are_a_choice_or_any_url() {
    let base =
        |builder: wassist::ClientBuilder| format!("{:?}", builder.build().expect("a client"));
    let new = wassist::Client::builder;
    for (client, url) in [
        (base(new()), "https://backend.wassist.app/"),
        (
            base(new().server(wassist::Server::Production)),
            "https://backend.wassist.app/",
        ),
        (
            base(new().server(wassist::Server::Development)),
            "http://localhost:8050/",
        ),
        (
            base(new().base_url("https://proxy.example/wassist")),
            "https://proxy.example/wassist",
        ),
    ] {
        assert!(client.contains(&format!("\"{url}\"")), "{client}");
    }
    assert_eq!(
        wassist::Server::Production.url(),
        "https://backend.wassist.app"
    );
    for wrong in ["nonsense", "/relative", "ftp://a.example", ""] {
        let built = new().base_url(wrong).build();
        // An empty text counts as none, as an empty variable does.
        assert_eq!(built.is_ok(), wrong.is_empty(), "{wrong}");
    }
}

//! What is sent: the spelling of every parameter, the body, the credential, headers and base URL.

use crate::support::{Answer, KEY, Server, always};
use crate::{EMPTY, builder, client, id, link_session, time, url};
use callwright_client::Error;
use callwright_client::runtime::to_string;
use callwright_client::wassist::{
    ConversationStatus, NewWhatsAppLinkSession, WhatsAppLinkSessionStatusEnum,
};

#[tokio::test]
async fn each_filter_is_spelled_and_encoded_as_documented() {
    let server = always(EMPTY).await;
    let client = client(&server);
    let list = || client.conversations();
    let cases = [
        (list().list(), ""),
        (
            list().list().agent(id()),
            "?agent=0f8fad5b-d9cb-469f-a165-70867728950e",
        ),
        (
            list().list().contact("+49 17&a=b#c/ü?%"),
            "?contact=%2B49%2017%26a%3Db%23c%2F%C3%BC%3F%25",
        ),
        (list().list().has_unread(true), "?hasUnread=true"),
        (list().list().has_unread(false), "?hasUnread=false"),
        (
            list()
                .list()
                .last_message_after(time("2026-04-20T09:00:00.000+02:00")),
            "?lastMessageAfter=2026-04-20T09%3A00%3A00.000%2B02%3A00",
        ),
        (
            list()
                .list()
                .last_message_before(time("2026-04-20T09:00:00Z")),
            "?lastMessageBefore=2026-04-20T09%3A00%3A00Z",
        ),
        (list().list().limit(100), "?limit=100"),
        (list().list().offset(0), "?offset=0"),
        (
            list().list().status(ConversationStatus::Active),
            "?status=active",
        ),
        (
            list().list().status(ConversationStatus::Closed),
            "?status=closed",
        ),
        (list().list().status("on hold".into()), "?status=on%20hold"),
        // Setting again replaces.
        (list().list().limit(1).limit(2), "?limit=2"),
    ];
    for (request, query) in cases {
        request.await.expect("an empty page");
        let seen = server.last();
        assert_eq!(seen.target, format!("/api/v1/conversations/{query}"));
        assert_eq!(seen.method, "GET");
    }
    list()
        .list()
        .status(ConversationStatus::Active)
        .offset(40)
        .limit(20)
        .last_message_before(time("2026-04-21T00:00:00Z"))
        .last_message_after(time("2026-04-20T00:00:00Z"))
        .has_unread(true)
        .contact("x")
        .agent(id())
        .await
        .expect("an empty page");
    assert_eq!(
        server.last().target,
        "/api/v1/conversations/?agent=0f8fad5b-d9cb-469f-a165-70867728950e&contact=x&hasUnread=true\
         &lastMessageAfter=2026-04-20T00%3A00%3A00Z&lastMessageBefore=2026-04-21T00%3A00%3A00Z\
         &limit=20&offset=40&status=active"
    );
}

#[tokio::test]
async fn the_key_is_one_header_and_nothing_else_identifies_the_caller() {
    let server = always(EMPTY).await;
    client(&server)
        .conversations()
        .list()
        .await
        .expect("a page");
    let seen = server.last();
    assert_eq!(seen.header("x-api-key"), Some(KEY));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.header("user-agent"), Some("wassist/1.0.0"));
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(seen.header("cookie"), None);
    assert_eq!(seen.header("content-type"), None);
    assert!(seen.body.is_empty());
}

#[tokio::test]
async fn a_new_link_session_is_what_the_caller_may_say_and_the_reply_is_all_of_it() {
    let server = Server::answering(vec![Answer::new(
        201,
        &[("x-request-id", "r-1")],
        link_session("PENDING"),
    )])
    .await;
    let body = NewWhatsAppLinkSession::new(
        url("https://a.example/ok"),
        url("https://a.example/back?x=1"),
    );
    let reply = client(&server)
        .whatsapp_link_sessions()
        .create(body)
        .with_response()
        .await
        .expect("a session");
    let seen = server.last();
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/api/v1/whatsapp-link-sessions/")
    );
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("x-api-key"), Some(KEY));
    assert_eq!(
        seen.text(),
        r#"{"successUrl":"https://a.example/ok","returnUrl":"https://a.example/back?x=1"}"#
    );

    assert_eq!(reply.status(), 201);
    assert_eq!((reply.request_id(), reply.attempts()), (Some("r-1"), 1));
    let session = reply.into_value();
    assert_eq!(session.id, id());
    assert_eq!(session.status, WhatsAppLinkSessionStatusEnum::Pending);
    assert_eq!(session.link_url, "https://wassist.example/l/1");
    assert_eq!(to_string(&session).expect("JSON"), link_session("PENDING"));
}

#[tokio::test]
async fn a_call_can_have_its_own_headers() {
    let server = always(EMPTY).await;
    let client = builder(&server.url)
        .header("x-tenant", "one")
        .user_agent("mine/2")
        .build()
        .expect("a client");
    client
        .conversations()
        .list()
        .header("x-tenant", "two")
        .header("x-trace", "t")
        .await
        .expect("a page");
    let seen = server.last();
    assert_eq!(
        (seen.header("x-tenant"), seen.header("x-trace")),
        (Some("two"), Some("t"))
    );
    assert_eq!(seen.header("user-agent"), Some("mine/2"));
    client.conversations().list().await.expect("a page");
    assert_eq!(
        (
            server.last().header("x-tenant"),
            server.last().header("x-trace")
        ),
        (Some("one"), None)
    );
    let error = client
        .conversations()
        .list()
        .header("x-bad", "a\r\nb: c")
        .await
        .expect_err("a line break");
    assert!(matches!(error, Error::Build(_)), "{error:?}");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_path_of_the_base_url_stays_in_front() {
    let server = always(EMPTY).await;
    let client = builder(&format!("{}/gate/way/?tenant=7", server.url))
        .build()
        .expect("a client");
    client
        .conversations()
        .list()
        .limit(1)
        .await
        .expect("a page");
    assert_eq!(
        server.last().target,
        "/gate/way/api/v1/conversations/?tenant=7&limit=1"
    );
}

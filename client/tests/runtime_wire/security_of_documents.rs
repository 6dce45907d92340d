//! Credentials end to end: from the schemes of a document through the emitted builder to the bytes on the wire.

use crate::generated::security::{Client, ClientBuilder};
use crate::runtime::{ClientAuth, ClientCredentials, Error};
use crate::server::{Answer, Seen, Server};

async fn service() -> Server {
    Server::new(|_, seen| match seen.path() {
        "/token" => Answer::json(r#"{"access_token":"t1","expires_in":3600}"#),
        _ => Answer::status(204),
    })
    .await
}

fn builder(server: &Server) -> ClientBuilder {
    Client::builder().base_url(&server.url)
}

/// Everything that could be a credential in a request.
fn credentials(seen: &Seen) -> [Option<String>; 4] {
    let header = |name| seen.header(name).map(str::to_owned);
    let query = Some(seen.query().to_owned()).filter(|query| !query.is_empty());
    [
        header("authorization"),
        header("x-key"),
        query,
        header("cookie"),
    ]
}

#[allow(clippy::unnecessary_wraps, reason = "it stands beside `None`")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn each_operation_sends_what_it_asks_for_and_nothing_else() {
    let server = service().await;
    let client = builder(&server)
        .bearer_token("tok")
        .basic_auth("user", "pass")
        .header_api_key("h-key")
        .query("q&key")
        .cookie("c key")
        .oauth2_client(ClientCredentials::new("id", "secret"))
        .build()
        .expect("a client");
    let calls = client.calls();
    let last = || credentials(&server.last());
    calls.bearer().await.expect("a call");
    assert_eq!(last(), [some("Bearer tok"), None, None, None]);
    calls.basic().await.expect("a call");
    assert_eq!(last(), [some("Basic dXNlcjpwYXNz"), None, None, None]);
    calls.header().await.expect("a call");
    assert_eq!(last(), [None, some("h-key"), None, None]);
    calls.query().await.expect("a call");
    assert_eq!(last(), [None, None, some("api%20key=q%26key"), None]);
    calls.cookie().await.expect("a call");
    assert_eq!(last(), [None, None, None, some("session=c%20key")]);
    calls.both().await.expect("a call");
    assert_eq!(
        last(),
        [None, some("h-key"), some("api%20key=q%26key"), None]
    );
    calls.either().await.expect("a call");
    assert_eq!(last(), [None, some("h-key"), None, None]);
    calls.optional().await.expect("a call");
    assert_eq!(last(), [None, some("h-key"), None, None]);
    // An operation without security sends nothing, whatever the client has.
    calls.none().await.expect("a call");
    assert_eq!(last(), [None, None, None, None]);
    calls.oauth().await.expect("a call");
    assert_eq!(last(), [some("Bearer t1"), None, None, None]);
    let token = server
        .seen()
        .into_iter()
        .find(|seen| seen.path() == "/token");
    assert_eq!(
        token.expect("a token request").text(),
        // Without a word of the caller's the server chooses the scopes (RFC 6749 section 3.3).
        "grant_type=client_credentials"
    );
}

#[tokio::test]
async fn alternatives_are_taken_by_what_the_client_has() {
    let server = service().await;
    let client = builder(&server).basic_auth("user", "pass").build();
    let client = client.expect("a client");
    let calls = client.calls();
    calls.either().await.expect("a call");
    assert_eq!(
        credentials(&server.last()),
        [some("Basic dXNlcjpwYXNz"), None, None, None]
    );
    calls.optional().await.expect("an anonymous call");
    assert_eq!(credentials(&server.last()), [None, None, None, None]);
    let count = server.count();
    for error in [
        calls.bearer().await,
        calls.both().await,
        calls.oauth().await,
        calls.cookie().await,
    ] {
        let error = error.expect_err("no credential");
        assert!(matches!(error, Error::Build(_)), "{error}");
        assert!(error.to_string().contains("ClientBuilder::"), "{error}");
    }
    assert_eq!(server.count(), count);
}

#[tokio::test]
async fn the_secret_travels_as_the_client_is_told() {
    let server = service().await;
    let credentials = ClientCredentials::new("id", "s")
        .auth(ClientAuth::Post)
        .scopes(["read", "write"]);
    let client = builder(&server).oauth2_client(credentials).build();
    client
        .expect("a client")
        .calls()
        .oauth()
        .await
        .expect("a call");
    let token = &server.seen()[0];
    assert_eq!(token.header("authorization"), None);
    assert_eq!(
        token.text(),
        "grant_type=client_credentials&scope=read+write&client_id=id&client_secret=s"
    );
    let client = builder(&server).oauth2("given").build().expect("a client");
    client.calls().oauth().await.expect("a call");
    assert_eq!(server.last().header("authorization"), Some("Bearer given"));
}

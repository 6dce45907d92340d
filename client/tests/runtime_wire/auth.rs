//! Which credentials are sent, where, and what is said when they are missing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::runtime::{
    Call, ClientAuth, ClientCredentials, Core, Credential, Error, Operation, Parameter, Secret,
    Settings, TokenFuture, TokenProvider, execute,
};
use crate::sample::API;
use crate::server::{Answer, Server};
use crate::{leak, shown};

/// A core with credentials by scheme position.
fn core(server: &Server, credentials: Vec<(usize, Credential)>) -> Core {
    let mut settings = Settings::new(&API);
    settings.base_url(&server.url);
    settings.max_retries(0);
    for (scheme, credential) in credentials {
        settings.credential(scheme, credential);
    }
    settings.build().expect("a core")
}

fn key(text: &str) -> Credential {
    Credential::ApiKey(text.into())
}

fn secured(security: &'static [&'static [usize]]) -> &'static Operation {
    leak(Operation {
        id: "probe",
        path: "/x",
        security,
        ..Operation::DEFAULT
    })
}

async fn ok() -> Server {
    Server::answering(vec![Answer::status(204)]).await
}

#[tokio::test]
async fn every_kind_has_its_place() {
    let server = ok().await;
    let all = core(
        &server,
        vec![
            (0, key("h-key")),
            (1, key("q key&")),
            (2, key("c;key")),
            (3, Credential::basic("user", "pässword")),
            (4, Credential::Bearer("tok".into())),
        ],
    );
    let call = |security| execute(Call::new(&all, secured(security)));
    call(&[&[0, 1, 2]]).await.expect("three at once");
    let seen = server.last();
    assert_eq!(seen.header("x-api-key"), Some("h-key"));
    assert_eq!(seen.target, "/x?key=q%20key%26");
    assert_eq!(seen.header("cookie"), Some("sid=c%3Bkey"));
    assert_eq!(seen.header("authorization"), None);
    call(&[&[3]]).await.expect("basic");
    assert_eq!(
        server.last().header("authorization"),
        Some("Basic dXNlcjpww6Rzc3dvcmQ=")
    );
    call(&[&[4]]).await.expect("bearer");
    assert_eq!(server.last().header("authorization"), Some("Bearer tok"));
    call(&[]).await.expect("anonymous");
    let seen = server.last();
    assert_eq!(
        (
            seen.header("authorization"),
            seen.header("cookie"),
            seen.header("x-api-key")
        ),
        (None, None, None)
    );
    assert_eq!(seen.target, "/x");
}

#[tokio::test]
async fn cookies_of_all_sources_share_a_header() {
    let server = ok().await;
    let core = core(&server, vec![(2, key("k"))]);
    let operation = leak(Operation {
        id: "probe",
        path: "/x",
        parameters: const { &[Parameter::cookie("theme"), Parameter::cookie("a b")] },
        security: &[&[2]],
        ..Operation::DEFAULT
    });
    let mut call = Call::new(&core, operation)
        .with(0, &"dark blue")
        .with(1, &vec![1, 2]);
    call.header("cookie", "own=1");
    execute(call).await.expect("a call");
    assert_eq!(
        server.last().header("cookie"),
        Some("own=1; theme=dark%20blue; a%20b=1; a%20b=2; sid=k")
    );
}

#[tokio::test]
async fn the_first_complete_alternative_is_taken_and_anonymity_comes_last() {
    let server = ok().await;
    let bearer = core(&server, vec![(4, Credential::Bearer("tok".into()))]);
    execute(Call::new(&bearer, secured(&[&[], &[0], &[0, 4], &[4]])))
        .await
        .expect("a call");
    assert_eq!(server.last().header("authorization"), Some("Bearer tok"));
    let none = core(&server, vec![]);
    execute(Call::new(&none, secured(&[&[0], &[]])))
        .await
        .expect("an anonymous call");
    assert_eq!(server.last().header("x-api-key"), None);
}

#[tokio::test]
async fn a_missing_credential_is_a_local_error_that_says_what_to_do() {
    let server = ok().await;
    let none = core(&server, vec![(1, key("k"))]);
    let error = execute(Call::new(&none, secured(&[&[0]])))
        .await
        .expect_err("no key");
    assert!(matches!(error, Error::Build(_)));
    assert_eq!(
        error.to_string(),
        "operation `probe` needs `ApiKeyAuth`: call `ClientBuilder::api_key` or set `SAMPLE_API_KEY`"
    );
    let error = execute(Call::new(&none, secured(&[&[1, 3], &[4]])))
        .await
        .expect_err("neither");
    assert_eq!(
        error.to_string(),
        "operation `probe` needs `BasicAuth`: call `ClientBuilder::basic` or set `SAMPLE_USERNAME` and \
         `SAMPLE_PASSWORD`, or `BearerAuth`: call `ClientBuilder::bearer` or set `SAMPLE_TOKEN`"
    );
    assert_eq!(server.count(), 0);
    // Who sets the header by hand has a credential.
    let mut call = Call::new(&none, secured(&[&[0]]));
    call.header("x-api-key", "by-hand");
    execute(call).await.expect("a call");
    assert_eq!(server.last().header("x-api-key"), Some("by-hand"));
}

#[tokio::test]
async fn a_credential_that_no_header_can_hold_is_refused_without_being_shown() {
    let server = ok().await;
    for (scheme, credential) in [
        (0, key("secret-1\nx: y")),
        (4, Credential::Bearer("secret-1\r\n".into())),
        (3, Credential::basic("secret-1:x", "p")),
    ] {
        let core = core(&server, vec![(scheme, credential)]);
        let security: &'static [&'static [usize]] = vec![&*vec![scheme].leak()].leak();
        let error = execute(Call::new(&core, secured(security)))
            .await
            .expect_err("refused");
        assert!(matches!(error, Error::Build(_)));
        assert!(!shown(&error).contains("secret-1"), "{}", shown(&error));
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let server = Server::new(|_, seen| {
        let echo = format!(
            r#"{{"message":"bad key {}"}}"#,
            seen.header("x-api-key").unwrap_or_default()
        );
        Answer::new(401, &[("content-type", "application/json")], echo)
    })
    .await;
    let builder = crate::builder(&server)
        .api_key("hidden-key")
        .basic("hidden-user", "hidden-pass")
        .oauth(Credential::OAuth2(
            ClientCredentials::new("hidden-id", "hidden-secret").parameter("a", "hidden-a"),
        ));
    let mut texts = vec![format!("{builder:?}")];
    let client = builder.build().expect("a client");
    texts.push(format!("{client:?} {:#?}", client.pets()));
    let request = client
        .pets()
        .list()
        .name("hidden-argument")
        .header("x-extra", "hidden-header");
    texts.push(format!("{request:?}"));
    texts.push(format!("{:?}", request.send()));
    let error = client.pets().list().await.expect_err("401");
    texts.push(shown(&error));
    let Error::Api(api) = &error else {
        panic!("{error}")
    };
    assert!(
        api.text().contains("hidden-key"),
        "the body stays as it came"
    );
    let wrong = Server::new(|_, seen| {
        let echo = seen.header("x-api-key").unwrap_or_default();
        Answer::json(&format!(r#"{{"count":"{echo}"}}"#))
    })
    .await;
    let error = crate::builder(&wrong)
        .api_key("hidden-key")
        .build()
        .expect("a client");
    let error = error.pets().list().await.expect_err("no page");
    assert!(matches!(error, Error::Decode(_)));
    texts.push(shown(&error));
    texts.push(format!(
        "{:?} {:?}",
        Secret::from("hidden-x"),
        Credential::Bearer("hidden-x".into())
    ));
    for text in texts {
        assert!(!text.contains("hidden"), "{text}");
    }
}

#[test]
fn the_environment_gives_credentials_and_empty_variables_are_absent() {
    // The variables cannot be set here: other tests run in the same process. A child of it has its own.
    if std::env::var_os("SAMPLE_CHILD").is_some() {
        let client = crate::sample::Client::from_env().expect("a client");
        let text = format!("{client:?}");
        assert!(text.contains("http://127.0.0.1:1/env"), "{text}");
        assert!(
            text.contains("BasicAuth") && text.contains("OAuth"),
            "{text}"
        );
        assert!(
            !text.contains("ApiKeyAuth")
                && !text.contains("BearerAuth")
                && !text.contains("QueryKey"),
            "{text}"
        );
        return;
    }
    let this = std::env::current_exe().expect("a path");
    let output = std::process::Command::new(this)
        .args([
            "--exact",
            "auth::the_environment_gives_credentials_and_empty_variables_are_absent",
        ])
        .env("SAMPLE_CHILD", "1")
        .env("SAMPLE_BASE_URL", "http://127.0.0.1:1/env?k=1")
        .env("SAMPLE_API_KEY", "")
        .env_remove("SAMPLE_QUERY_KEY")
        .env("SAMPLE_USERNAME", "u")
        .env("SAMPLE_CLIENT_ID", "i")
        .env("SAMPLE_CLIENT_SECRET", "s")
        .output()
        .expect("a child");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// A service with a token endpoint; tokens are numbered.
async fn oauth_service(
    lifetime: &'static str,
    accepts: impl Fn(&str) -> bool + Send + Sync + 'static,
) -> Server {
    let issued = AtomicUsize::new(0);
    Server::new(move |_, seen| {
        if seen.path() == "/token" {
            let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
            let body = format!(r#"{{"access_token":"t{number}","token_type":"bearer"{lifetime}}}"#);
            return Answer::json(&body).after(Duration::from_millis(30));
        }
        let token = seen.header("authorization").unwrap_or_default();
        if accepts(token) {
            Answer::status(204)
        } else {
            Answer::status(401)
        }
    })
    .await
}

fn oauth(server: &Server, credentials: ClientCredentials) -> Core {
    core(server, vec![(5, Credential::OAuth2(credentials))])
}

fn count(server: &Server, path: &str) -> usize {
    server
        .seen()
        .iter()
        .filter(|seen| seen.path() == path)
        .count()
}

#[tokio::test]
async fn concurrent_calls_share_one_token_request() {
    let server = oauth_service(r#","expires_in":3600"#, |token| token == "Bearer t1").await;
    let core = oauth(&server, ClientCredentials::new("my id", "s:ecret"));
    let calls: Vec<_> = (0..20)
        .map(|_| tokio::spawn(execute(Call::new(&core, secured(&[&[5]])))))
        .collect();
    for call in calls {
        call.await.expect("no panic").expect("a call");
    }
    assert_eq!(count(&server, "/token"), 1);
    assert_eq!(count(&server, "/x"), 20);
    let token = &server.seen()[0];
    assert_eq!(
        (token.method.as_str(), token.header("user-agent")),
        ("POST", Some("sample/1.0.0"))
    );
    // client_secret_basic: both parts form-encoded first (RFC 6749 section 2.3.1): my+id:s%3Aecret
    assert_eq!(
        token.header("authorization"),
        Some("Basic bXkraWQ6cyUzQWVjcmV0")
    );
    assert_eq!(
        token.text(),
        "grant_type=client_credentials&scope=read+write"
    );
    assert_eq!(
        token.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
}

#[tokio::test]
async fn client_secret_post_scopes_and_parameters() {
    let server = oauth_service("", |_| true).await;
    let credentials = ClientCredentials::new("id", "s&t")
        .auth(ClientAuth::Post)
        .scopes(["a"])
        .parameter("audience", "x y")
        .token_url(format!("{}/token?tenant=1", server.url));
    execute(Call::new(&oauth(&server, credentials), secured(&[&[5]])))
        .await
        .expect("a call");
    let token = &server.seen()[0];
    assert_eq!(token.target, "/token?tenant=1");
    assert_eq!(token.header("authorization"), None);
    assert_eq!(
        token.text(),
        "grant_type=client_credentials&scope=a&audience=x+y&client_id=id&client_secret=s%26t"
    );
}

#[tokio::test]
async fn a_token_is_replaced_before_it_expires_and_once_when_refused() {
    // A life of 3 s: replaced after 2.7 s.
    let server = oauth_service(r#","expires_in":3.0"#, |_| true).await;
    let core = oauth(&server, ClientCredentials::new("i", "s"));
    let call = || execute(Call::new(&core, secured(&[&[5]])));
    call().await.expect("the first token");
    call().await.expect("the same token");
    assert_eq!(count(&server, "/token"), 1);
    tokio::time::sleep(Duration::from_millis(2750)).await;
    call().await.expect("the second token");
    assert_eq!(count(&server, "/token"), 2);
    assert_eq!(server.last().header("authorization"), Some("Bearer t2"));

    // The server forgets the first token.
    let revoked = Arc::new(Mutex::new(false));
    let server = oauth_service(r#","expires_in":"3600""#, {
        let revoked = revoked.clone();
        move |token| !*revoked.lock().expect("no panic") || token == "Bearer t2"
    })
    .await;
    let core = oauth(&server, ClientCredentials::new("i", "s"));
    let call = || execute(Call::new(&core, secured(&[&[5]])));
    call().await.expect("the first token");
    *revoked.lock().expect("no panic") = true;
    let reply = call().await.expect("the second token");
    assert_eq!((reply.attempts(), count(&server, "/token")), (2, 2));

    // A fresh token that is refused is not fetched again.
    let server = oauth_service("", |_| false).await;
    let error = execute(Call::new(
        &oauth(&server, ClientCredentials::new("i", "s")),
        secured(&[&[5]]),
    ))
    .await
    .expect_err("401");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!((count(&server, "/token"), count(&server, "/x")), (1, 1));
}

#[tokio::test]
async fn a_token_of_long_life_is_replaced_a_minute_ahead() {
    let server = oauth_service(r#","expires_in":7200"#, |_| true).await;
    let core = oauth(&server, ClientCredentials::new("i", "s"));
    let call = || execute(Call::new(&core, secured(&[&[5]])));
    // Time passes between calls only: their own timers must not run ahead of the network.
    let pass = async |time| {
        tokio::time::pause();
        tokio::time::advance(time).await;
        tokio::time::resume();
    };
    call().await.expect("the first token");
    pass(Duration::from_secs(7200 - 70)).await;
    call().await.expect("the same token");
    assert_eq!(count(&server, "/token"), 1);
    pass(Duration::from_secs(15)).await;
    call().await.expect("the second token");
    assert_eq!(count(&server, "/token"), 2);
}

#[tokio::test]
async fn a_refused_token_request_is_an_auth_error() {
    let body = r#"{"error":"invalid_client","error_description":"who\nare you, hidden?"}"#;
    let server = Server::answering(vec![Answer::new(401, &[], body)]).await;
    let error = execute(Call::new(
        &oauth(&server, ClientCredentials::new("i", "hidden")),
        secured(&[&[5]]),
    ))
    .await
    .expect_err("refused");
    let Error::Auth(auth) = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (auth.scheme(), auth.status().map(|status| status.as_u16())),
        ("OAuth", Some(401))
    );
    assert!(
        error.to_string().contains("invalid_client: whoare you, …?"),
        "{error}"
    );
    assert!(!shown(&error).contains("hidden"));
    assert_eq!(count(&server, "/x"), 0);
}

struct Rotating(AtomicUsize);

impl TokenProvider for Rotating {
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> TokenFuture<'a> {
        Box::pin(async move {
            let number = match refused {
                Some(_) => self.0.fetch_add(1, Ordering::SeqCst) + 1,
                None => self.0.load(Ordering::SeqCst),
            };
            if number > 1 {
                Err("no more tokens".into())
            } else {
                Ok(Secret::new(format!("p{number}")))
            }
        })
    }
}

#[tokio::test]
async fn a_provider_is_told_of_a_refused_token() {
    let server = Server::new(|_, seen| {
        Answer::status(if seen.header("authorization") == Some("Bearer p1") {
            204
        } else {
            401
        })
    })
    .await;
    let core = core(
        &server,
        vec![(4, Credential::provider(Rotating(AtomicUsize::new(0))))],
    );
    let reply = execute(Call::new(&core, secured(&[&[4]])))
        .await
        .expect("the second token");
    assert_eq!(reply.attempts(), 2);
    let failing = self::core(
        &server,
        vec![(4, Credential::provider(Rotating(AtomicUsize::new(9))))],
    );
    let error = execute(Call::new(&failing, secured(&[&[4]])))
        .await
        .expect_err("no token");
    assert!(matches!(error, Error::Auth(_)), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

//! Redirects: which are followed, how, and what does not leave its origin.

use crate::runtime::Maybe;
use crate::runtime::{Body, Call, Error, Method, Operation, execute};
use crate::sample::NewPet;
use crate::server::{Answer, Server};
use crate::{PET, builder, client, core, leak};

fn to(status: u16, location: &str) -> Answer {
    Answer::new(status, &[("location", location)], "")
}

/// Follows from `/x` by the method and status, with a body, and returns what arrives at `/y`.
async fn follow(method: Method, status: u16) -> Option<(String, String, Option<String>)> {
    let server = Server::new(move |_, seen| {
        if seen.path() == "/x" {
            to(status, "/y?z=1")
        } else {
            Answer::status(204)
        }
    })
    .await;
    let operation = leak(Operation {
        id: "probe",
        method,
        path: "/x",
        ..Operation::DEFAULT
    });
    let mut call = Call::new(&core(&server.url), operation);
    if !matches!(method, Method::GET | Method::HEAD) {
        call = call.text("text/plain", "body");
    }
    let _ = execute(call).await;
    let last = server.last();
    (last.path() == "/y").then(|| {
        assert_eq!(last.query(), "z=1");
        (
            last.method.clone(),
            last.text().to_owned(),
            last.header("content-type").map(str::to_owned),
        )
    })
}

#[tokio::test]
async fn methods_and_bodies_follow_the_status() {
    let get = |method: &str| Some((method.to_owned(), String::new(), None));
    let same = |method: &str| {
        Some((
            method.to_owned(),
            "body".to_owned(),
            Some("text/plain".to_owned()),
        ))
    };
    for status in [301, 302, 303, 307, 308] {
        assert_eq!(follow(Method::GET, status).await, get("GET"), "{status}");
        assert_eq!(follow(Method::HEAD, status).await, get("HEAD"), "{status}");
    }
    for status in [301, 302, 303] {
        assert_eq!(follow(Method::POST, status).await, get("GET"), "{status}");
    }
    for status in [307, 308] {
        assert_eq!(follow(Method::POST, status).await, same("POST"), "{status}");
        assert_eq!(follow(Method::PUT, status).await, same("PUT"), "{status}");
    }
    assert_eq!(follow(Method::PUT, 303).await, get("GET"));
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        assert_eq!(follow(method, 301).await, None, "{method}");
        assert_eq!(follow(method, 302).await, None, "{method}");
    }
    assert_eq!(follow(Method::GET, 304).await, None);
}

#[tokio::test]
async fn nothing_of_the_caller_reaches_another_origin() {
    let stranger = Server::answering(vec![Answer::json(
        r#"{"count":0,"next":null,"results":[]}"#,
    )])
    .await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/taken?from=server", stranger.url);
        let server = Server::new(move |_, _| to(status, &location)).await;
        let client = builder(&server)
            .api_key("hidden-1")
            .header("x-company", "hidden-2")
            .header("authorization", "hidden-3")
            .header("cookie", "a=hidden-4")
            .build()
            .expect("a client");
        client
            .pets()
            .list()
            .header("x-call", "hidden-5")
            .await
            .expect("the stranger's answer");
        assert_eq!(server.last().header("x-api-key"), Some("hidden-1"));
        let seen = stranger.last();
        assert!(!format!("{seen:?}").contains("hidden"), "{seen:?}");
        assert_eq!(seen.target, "/taken?from=server");
        assert!(seen.header("accept").is_some() && seen.header("user-agent").is_some());
    }
    // The key in the query is not carried along either.
    let location = format!("{}/taken", stranger.url);
    let server = Server::new(move |_, _| to(302, &location)).await;
    let client = builder(&server)
        .query_key("hidden-6")
        .build()
        .expect("a client");
    client.pets().list().await.expect("the stranger's answer");
    assert_eq!(server.last().query(), "key=hidden-6");
    assert_eq!(stranger.last().target, "/taken");
}

#[tokio::test]
async fn credentials_stay_within_the_origin() {
    let list = r#"{"count":0,"next":null,"results":[]}"#;
    let server = Server::new(move |_, seen| {
        if seen.path() == "/pets" {
            to(302, "/new")
        } else {
            Answer::json(list)
        }
    })
    .await;
    client(&server).pets().list().await.expect("a call");
    assert_eq!(server.last().header("x-api-key"), Some("key-1"));
    let server = Server::new(move |_, seen| match seen.path() {
        "/pets" => to(302, "/new?key=k&x=1"),
        "/new" => to(302, "newer"),
        _ => Answer::json(list),
    })
    .await;
    builder(&server)
        .query_key("k")
        .build()
        .expect("a client")
        .pets()
        .list()
        .await
        .expect("a call");
    let targets: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets, ["/pets?key=k", "/new?key=k&x=1", "/newer?key=k"]);
}

#[tokio::test]
async fn there_and_back_again_is_no_way_to_credentials() {
    let home = Server::answering(vec![Answer::status(204)]).await;
    let back = format!("{}/back", home.url);
    let stranger = Server::new(move |_, _| to(302, &back)).await;
    let away = stranger.url.clone();
    let server = Server::new(move |_, _| to(302, &away)).await;
    let _ = client(&server).pets().list().await;
    assert_eq!(home.last().header("x-api-key"), None);
}

#[tokio::test]
async fn endless_redirects_and_other_schemes_end() {
    let server = Server::new(|number, _| to(302, &format!("/{number}"))).await;
    let error = client(&server).pets().list().await.expect_err("endless");
    assert!(
        matches!(error, Error::Transport(_)) && error.to_string().contains("more than 10 times"),
        "{error}"
    );
    assert_eq!(server.count(), 11);
    assert!(!error.is_retryable());
    for location in ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://"] {
        let server = Server::new(move |_, _| to(302, location)).await;
        let error = client(&server).pets().list().await.expect_err(location);
        assert!(matches!(error, Error::Transport(_)), "{error}");
    }
    // Without a location the status is the answer.
    let server = Server::answering(vec![Answer::status(302)]).await;
    assert!(matches!(
        client(&server).pets().list().await,
        Err(Error::Api(_))
    ));
}

#[tokio::test]
async fn a_user_name_in_a_location_is_not_sent() {
    let stranger = Server::answering(vec![Answer::status(204)]).await;
    let location = stranger.url.replace("http://", "http://user:pass@");
    let server = Server::new(move |_, _| to(302, &location)).await;
    client(&server)
        .pets()
        .delete(1)
        .header("a", "b")
        .await
        .expect_err("not followed: DELETE");
    let _ = client(&server).pets().list().await;
    assert_eq!(stranger.last().header("authorization"), None);
}

#[tokio::test]
async fn a_stream_cannot_be_redirected_with_its_body() {
    let server = Server::new(|_, _| to(307, "/y")).await;
    let operation = leak(Operation {
        id: "probe",
        method: Method::POST,
        path: "/x",
        ..Operation::DEFAULT
    });
    let body = Body::stream(futures_util::stream::iter([Ok::<_, std::io::Error>(
        "chunk",
    )]));
    let error = execute(Call::new(&core(&server.url), operation).bytes("text/plain", body))
        .await
        .expect_err("a stream");
    assert!(error.to_string().contains("is a stream"), "{error}");
    assert_eq!(server.count(), 1);
    // A JSON body is sent again.
    let server = Server::new(|_, seen| {
        if seen.path() == "/pets" {
            to(308, "/y")
        } else {
            Answer::json(PET)
        }
    })
    .await;
    client(&server)
        .pets()
        .create(NewPet {
            name: "Rex".into(),
            tag: Maybe::Absent,
        })
        .await
        .expect("a call");
    assert_eq!(server.last().text(), r#"{"name":"Rex"}"#);
}

#[tokio::test]
async fn a_redirect_that_is_a_documented_result_is_not_followed() {
    let server = Server::new(|_, _| to(302, "/y")).await;
    let operation = leak(Operation {
        id: "probe",
        path: "/x",
        success: &[302],
        ..Operation::DEFAULT
    });
    let reply = execute(Call::new(&core(&server.url), operation))
        .await
        .expect("a result");
    assert_eq!((reply.status().as_u16(), server.count()), (302, 1));
    assert_eq!(reply.headers()["location"], "/y");
}

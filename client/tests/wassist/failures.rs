//! What goes wrong on the way: no server, no time, busy servers, and calls that are given up.

use std::time::{Duration, Instant, SystemTime};

use crate::support::{Answer, PATIENCE, Server, busy, http_date, nobody};
use crate::{EMPTY, builder, client, link_session, url};
use callwright_client::Error;
use callwright_client::wassist::NewWhatsAppLinkSession;

#[tokio::test]
async fn nobody_there_and_too_slow_are_told_apart() {
    let nobody = builder(&nobody()).max_retries(0).build().expect("a client");
    let error = nobody
        .conversations()
        .list()
        .await
        .expect_err("no connection");
    assert!(
        matches!(error, Error::Connect(_)) && error.is_connect() && error.is_retryable(),
        "{error:?}"
    );
    assert!(error.to_string().contains("could not connect"), "{error}");

    let server = Server::answering(vec![Answer::json(EMPTY).after(PATIENCE)]).await;
    let slow = client(&server);
    let start = Instant::now();
    let error = slow
        .conversations()
        .list()
        .timeout(Duration::from_millis(80))
        .await
        .expect_err("too slow");
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(
        matches!(error, Error::Timeout(_)) && error.is_timeout(),
        "{error:?}"
    );
    assert!(error.to_string().contains("80ms"), "{error}");

    // Of three attempts the last one is quick enough.
    let server = Server::answering(vec![
        Answer::json(EMPTY).after(PATIENCE),
        Answer::json(EMPTY).after(PATIENCE),
        Answer::json(EMPTY),
    ])
    .await;
    let reply = client(&server)
        .conversations()
        .list()
        .attempt_timeout(Duration::from_millis(150))
        .with_response()
        .await
        .expect("the third attempt");
    assert_eq!(reply.attempts(), 3);
}

#[tokio::test]
async fn the_server_says_when_to_come_back_in_seconds_or_as_a_date() {
    let start = Instant::now();
    let server = Server::answering(vec![busy(429, "1"), Answer::json(EMPTY)]).await;
    let reply = client(&server)
        .conversations()
        .list()
        .with_response()
        .await
        .expect("the second attempt");
    assert_eq!((reply.attempts(), server.count()), (2, 2));
    let waited = start.elapsed();
    assert!(
        waited >= Duration::from_secs(1) && waited < Duration::from_secs(8),
        "{waited:?}"
    );

    // A date has whole seconds, so up to one of the two is over already.
    let start = Instant::now();
    let date = http_date(SystemTime::now() + Duration::from_secs(2));
    let server = Server::answering(vec![busy(429, &date), Answer::json(EMPTY)]).await;
    client(&server)
        .conversations()
        .list()
        .await
        .expect("the second attempt");
    let waited = start.elapsed();
    assert!(
        waited >= Duration::from_millis(950) && waited < Duration::from_secs(8),
        "{waited:?}"
    );

    // More than is granted: the answer is the error, at once.
    let start = Instant::now();
    let server = Server::answering(vec![busy(429, "3600")]).await;
    let error = client(&server)
        .conversations()
        .list()
        .await
        .expect_err("429");
    assert_eq!(
        (
            error.status().map(|status| status.as_u16()),
            error.attempts()
        ),
        (Some(429), 1)
    );
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_passing_failure_is_retried_where_that_does_no_harm() {
    let server = Server::answering(vec![Answer::status(503), Answer::json(EMPTY)]).await;
    let reply = client(&server)
        .conversations()
        .list()
        .with_response()
        .await
        .expect("the second attempt");
    assert_eq!((reply.attempts(), server.count()), (2, 2));

    let server = Server::answering(vec![Answer::status(500)]).await;
    let client = client(&server);
    let error = client
        .conversations()
        .list()
        .max_retries(0)
        .await
        .expect_err("500");
    assert_eq!((error.attempts(), server.count()), (1, 1));

    // A session might have been made before the server failed.
    let body = || NewWhatsAppLinkSession::new(url("https://a.example/"), url("https://b.example/"));
    let error = client
        .whatsapp_link_sessions()
        .create(body())
        .await
        .expect_err("500");
    assert_eq!((error.attempts(), server.count()), (1, 2));
    let server = Server::answering(vec![
        busy(429, "0"),
        Answer::new(201, &[], link_session("PENDING")),
    ])
    .await;
    let made = builder(&server.url)
        .build()
        .expect("a client")
        .whatsapp_link_sessions()
        .create(body())
        .await;
    made.expect("the second attempt, since 429 says that nothing was done");
    let bodies: Vec<_> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn cancelling_a_call_leaves_the_client_as_it_was() {
    let server = Server::new(|number, _| match number {
        0 => Answer::json(EMPTY).after(PATIENCE),
        _ => Answer::json(EMPTY),
    })
    .await;
    let client = client(&server);
    let call = tokio::time::timeout(
        Duration::from_millis(100),
        client.conversations().list().send(),
    );
    assert!(call.await.is_err(), "the call still waits");
    assert_eq!(server.count(), 1);
    // A stream that is dropped in the middle is no different.
    let mut items = client.conversations().list().items();
    items.try_next().await.expect("no item");
    drop(items);
    client.clone().conversations().list().await.expect("a page");
    assert_eq!(server.count(), 3);
}

//! When a call is tried again, and when it is not, as the server sees it.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use crate::runtime::{Body, Call, Error, Maybe, Method, Operation, execute};
use crate::sample::NewPet;
use crate::server::{Answer, Server};
use crate::{PET, builder, client, core, leak};

const SOON: (&str, &str) = ("retry-after-ms", "1");

/// A status that asks to come back soon.
fn busy(status: u16) -> Answer {
    Answer::new(status, &[SOON], "")
}

fn operation(method: Method) -> &'static Operation {
    leak(Operation {
        id: "probe",
        method,
        path: "/x",
        ..Operation::DEFAULT
    })
}

#[tokio::test]
async fn the_matrix_of_methods_and_statuses() {
    let idempotent = [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ];
    let others = [Method::POST, Method::PATCH];
    // Refuses the first request of each kind with the status in its path.
    let met = Mutex::new(HashSet::new());
    let server = Server::new(move |_, seen| {
        let new = met
            .lock()
            .expect("no panic")
            .insert((seen.method.clone(), seen.target.clone()));
        if new {
            busy(seen.target[1..].parse().expect("a status"))
        } else {
            Answer::status(204)
        }
    })
    .await;
    let core = core(&server.url);
    for status in [
        400, 401, 403, 404, 408, 409, 418, 422, 425, 429, 500, 501, 502, 503, 504, 599,
    ] {
        let transient = matches!(status, 408 | 409 | 429 | 500..);
        for &method in idempotent.iter().chain(&others) {
            // `retry-after-ms` counts as `Retry-After`: a POST is repeated after 503.
            let repeats =
                transient && (idempotent.contains(&method) || matches!(status, 429 | 503));
            let path = format!("/{status}").leak();
            let before = server.count();
            let operation = leak(Operation {
                id: "probe",
                method,
                path,
                ..Operation::DEFAULT
            });
            let result = execute(Call::new(&core, operation)).await;
            assert_eq!(
                server.count() - before,
                if repeats { 2 } else { 1 },
                "{method} {status}"
            );
            match result {
                Ok(reply) => assert_eq!((repeats, reply.attempts()), (true, 2)),
                Err(error) => {
                    assert!(!repeats);
                    assert_eq!(
                        (error.attempts(), error.is_retryable()),
                        (1, transient),
                        "{method} {status}"
                    );
                }
            }
        }
    }
    // Without a time to come back, a 503 does not say that nothing was done.
    let server = Server::answering(vec![Answer::status(503), Answer::status(204)]).await;
    execute(Call::new(
        &crate::core(&server.url),
        operation(Method::POST),
    ))
    .await
    .expect_err("503");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn two_retries_unless_set() {
    let server = Server::answering(vec![busy(503)]).await;
    let error = client(&server).pets().list().await.expect_err("503");
    assert_eq!((error.attempts(), server.count()), (3, 3));
    let error = client(&server)
        .pets()
        .list()
        .max_retries(0)
        .await
        .expect_err("503");
    assert_eq!((error.attempts(), server.count()), (1, 4));
    let eager = builder(&server).max_retries(4).build().expect("a client");
    assert_eq!(eager.pets().list().await.expect_err("503").attempts(), 5);
    let server = Server::answering(vec![busy(503), busy(500), Answer::json(PET)]).await;
    let reply = client(&server)
        .pets()
        .get("7")
        .with_response()
        .await
        .expect("a pet");
    assert_eq!(
        (reply.attempts(), reply.status().as_u16(), reply.value().id),
        (3, 200, 7)
    );
}

/// How long a call waits in all when it is answered with 429 and these headers this often, and with success then;
/// `None` if it gives up.
async fn waited(times: u32, headers: &[(&str, &str)]) -> Option<Duration> {
    let mut answers = vec![Answer::new(429, headers, ""); times as usize];
    answers.push(Answer::status(204));
    let server = Server::answering(answers).await;
    let client = client(&server);
    let started = Instant::now();
    let call = client
        .pets()
        .delete(1)
        .max_retries(times)
        .timeout(Duration::from_secs(300));
    call.await.ok().map(|()| started.elapsed())
}

#[tokio::test]
async fn the_backoff_is_half_a_second_doubled_less_up_to_a_quarter() {
    let none: &[(&str, &str)] = &[];
    let (one, three, soon, negative, zone) = tokio::join!(
        waited(1, none),
        waited(3, none),
        // Nonsense is no wait.
        waited(1, &[("retry-after", "soon")]),
        waited(1, &[("retry-after", "-5")]),
        // Dates of HTTP have one zone.
        waited(1, &[("retry-after", "Wed, 21 Oct 2015 07:28:00 EST")]),
    );
    for one in [one, soon, negative, zone] {
        assert!(
            one.expect("a retry") >= Duration::from_millis(375),
            "{one:?}"
        );
    }
    // 0.5 + 1 + 2 s. What is more than that here is the machine's.
    let three = three.expect("three retries");
    assert!(
        three >= Duration::from_millis(2625) && three < Duration::from_secs(7),
        "{three:?}"
    );
}

#[tokio::test]
async fn the_server_says_when_to_come_back() {
    let date = |after: u64| {
        let moment = jiff::Timestamp::try_from(SystemTime::now() + Duration::from_secs(after))
            .expect("a time");
        jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&moment)
            .expect("a date")
    };
    let (ms, zero, past, older, oldest, both, second, dated) = tokio::join!(
        waited(6, &[("retry-after-ms", "50")]),
        waited(6, &[("retry-after", "0")]),
        waited(6, &[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")]),
        // The forms that servers no longer send and clients still read (RFC 9110 section 5.6.7).
        waited(6, &[("retry-after", "Sunday, 06-Nov-94 08:49:37 GMT")]),
        waited(6, &[("retry-after", "Sun Nov  6 08:49:37 1994")]),
        // Milliseconds win over seconds.
        waited(6, &[("retry-after", "100"), ("retry-after-ms", "10.5")]),
        waited(1, &[("retry-after", "1")]),
        async {
            let date = date(3);
            waited(1, &[("retry-after", &date)]).await
        },
    );
    // Six waits of the backoff's would take 17 s at least.
    for (wait, least) in [
        (ms, 300),
        (zero, 0),
        (past, 0),
        (older, 0),
        (oldest, 0),
        (both, 63),
    ] {
        let wait = wait.expect("a retry");
        assert!(
            wait >= Duration::from_millis(least) && wait < Duration::from_secs(15),
            "{wait:?} {least}"
        );
    }
    assert!(
        second.expect("a retry") >= Duration::from_secs(1),
        "{second:?}"
    );
    // A date has no fractions: up to a second less.
    assert!(
        dated.expect("a retry") >= Duration::from_millis(1500),
        "{dated:?}"
    );
    // Longer than 120 s is not waited for.
    for wait in ["121", "1e300", &date(3600)] {
        assert_eq!(waited(1, &[("retry-after", wait)]).await, None, "{wait}");
    }
}

#[tokio::test]
async fn a_wait_beyond_the_time_of_the_call_is_not_begun() {
    let server = Server::answering(vec![Answer::new(429, &[("retry-after", "30")], "")]).await;
    let started = Instant::now();
    let error = client(&server)
        .pets()
        .list()
        .timeout(Duration::from_secs(10))
        .await
        .expect_err("429");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(429));
    assert!(started.elapsed() < Duration::from_secs(8));
}

#[tokio::test]
async fn connections_that_fail() {
    // Nothing was sent: a POST is repeated, and its attempts are counted.
    let nobody = core("http://127.0.0.1:1");
    let error = execute(Call::new(&nobody, operation(Method::POST)))
        .await
        .expect_err("nobody");
    assert_eq!(error.attempts(), 3);
    // The request was read: a GET is repeated, a POST is not.
    let server = Server::answering(vec![Answer::nothing(), Answer::json(PET)]).await;
    assert_eq!(client(&server).pets().get("7").await.expect("a pet").id, 7);
    let server = Server::answering(vec![Answer::nothing(), Answer::json(PET)]).await;
    let new = NewPet {
        name: "Rex".into(),
        tag: Maybe::Absent,
    };
    let error = client(&server)
        .pets()
        .create(new)
        .await
        .expect_err("nothing");
    assert!(
        matches!(error, Error::Transport(_)) && error.is_retryable(),
        "{error}"
    );
    assert_eq!(server.count(), 1);
    // So is a reply that breaks off.
    let half = Answer::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    let server = Server::answering(vec![half, Answer::json(PET)]).await;
    client(&server).pets().get("7").await.expect("a pet");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn attempts_have_their_own_time() {
    let slow = Answer::json(PET).after(Duration::from_secs(5));
    let server = Server::answering(vec![slow.clone(), Answer::json(PET)]).await;
    let pet = client(&server)
        .pets()
        .get("7")
        .attempt_timeout(Duration::from_millis(1500))
        .await
        .expect("a pet");
    assert_eq!((pet.id, server.count()), (7, 2));
    let server = Server::answering(vec![slow]).await;
    let new = NewPet {
        name: "Rex".into(),
        tag: Maybe::Absent,
    };
    let error = client(&server)
        .pets()
        .create(new)
        .attempt_timeout(Duration::from_millis(1500))
        .await
        .expect_err("slow");
    assert!(
        error.is_timeout() && error.to_string().contains("attempt"),
        "{error}"
    );
    assert_eq!(
        server.count(),
        1,
        "a POST that may have arrived is not repeated"
    );
}

#[tokio::test]
async fn an_idempotency_key_allows_retries_and_stays_the_same() {
    let new = || NewPet {
        name: "Rex".into(),
        tag: Maybe::Absent,
    };
    let server = Server::answering(vec![busy(500), busy(502), Answer::json(PET)]).await;
    client(&server)
        .pets()
        .create(new())
        .idempotency_key("k-1")
        .await
        .expect("a pet");
    let keys: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("idempotency-key").map(str::to_owned))
        .collect();
    assert_eq!(keys, vec![Some("k-1".to_owned()); 3]);

    let server = Server::answering(vec![busy(500), Answer::json(PET)]).await;
    let client = builder(&server)
        .idempotency_header("X-Once")
        .build()
        .expect("a client");
    client.pets().create(new()).await.expect("a pet");
    client.pets().create(new()).await.expect("a pet");
    client.pets().get("7").await.expect("a pet");
    let keys: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("x-once").map(str::to_owned))
        .collect();
    assert_eq!(keys.len(), 4);
    assert!(
        keys[0]
            .as_deref()
            .is_some_and(|key| key.parse::<crate::runtime::Uuid>().is_ok())
    );
    assert_eq!(keys[0], keys[1], "one key per call");
    assert_ne!(keys[1], keys[2], "another key per other call");
    assert_eq!(keys[3], None, "none where the method is idempotent");
    client
        .pets()
        .create(new())
        .idempotency_key("mine")
        .await
        .expect("a pet");
    assert_eq!(server.last().header("x-once"), Some("mine"));
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let server = Server::answering(vec![busy(429)]).await;
    let body = Body::stream(futures_util::stream::iter([Ok::<_, std::io::Error>(
        "chunk",
    )]));
    let call = Call::new(&core(&server.url), operation(Method::PUT)).bytes("text/plain", body);
    let again = call.clone();
    let error = execute(call).await.expect_err("429");
    assert_eq!((error.attempts(), server.count()), (1, 1));
    let error = execute(again).await.expect_err("taken");
    assert!(
        matches!(error, Error::Build(_)) && error.to_string().contains("sent already"),
        "{error}"
    );
}

#[tokio::test]
async fn a_timeout_takes_more_of_the_budget_and_a_success_gives_it_back() {
    let slow = Answer::json(PET).after(Duration::from_secs(20));
    let server = Server::answering(vec![slow]).await;
    // 19 tokens: one retry after a timeout at 10, where others would be three at 5.
    let client = builder(&server)
        .retry_budget(19)
        .max_retries(9)
        .build()
        .expect("a client");
    let call = client.pets().get("7");
    let error = call
        .attempt_timeout(Duration::from_millis(200))
        .await
        .expect_err("slow");
    assert_eq!((error.attempts(), error.is_timeout()), (2, true));

    let server = Server::new(|number, _| match number % 2 {
        0 => busy(503),
        _ => Answer::json(PET),
    })
    .await;
    let client = builder(&server).retry_budget(5).build().expect("a client");
    for _ in 0..3 {
        let reply = client.pets().get("7").with_response().await;
        assert_eq!(reply.expect("the retry's tokens are back").attempts(), 2);
    }
}

#[tokio::test]
async fn the_budget_ends_retries_and_successes_fill_it() {
    let server = Server::new(|_, seen| {
        if seen.path() == "/pets/0" {
            Answer::json(PET)
        } else {
            busy(500)
        }
    })
    .await;
    // 11 tokens: two retries at 5 each.
    let client = builder(&server)
        .retry_budget(11)
        .max_retries(9)
        .build()
        .expect("a client");
    let attempts = async || client.pets().get("1").await.expect_err("500").attempts();
    assert_eq!(attempts().await, 3);
    assert_eq!(attempts().await, 1);
    // One token is left: four successes give one each.
    for _ in 0..4 {
        client.pets().get("0").await.expect("a pet");
    }
    assert_eq!(attempts().await, 2);
    // Clones share it.
    assert_eq!(
        client
            .clone()
            .pets()
            .get("1")
            .await
            .expect_err("500")
            .attempts(),
        1
    );
    let lifted = builder(&server)
        .retry_budget(None)
        .max_retries(5)
        .build()
        .expect("a client");
    assert_eq!(lifted.pets().get("1").await.expect_err("500").attempts(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once_and_cancellation() {
    let server = Server::new(|_, seen| {
        let id = seen.path().trim_start_matches("/pets/").to_owned();
        Answer::json(&format!(r#"{{"id":{id},"name":"x"}}"#)).after(Duration::from_millis(20))
    })
    .await;
    let client = client(&server);
    let calls: Vec<_> = (0..1000)
        .map(|id: i64| {
            let call = client.pets().get(id.to_string()).send();
            tokio::spawn(async move {
                // Every tenth call is given up before it is answered.
                if id % 10 == 9 {
                    let _ = tokio::time::timeout(Duration::from_millis(1), call).await;
                    return;
                }
                assert_eq!(call.await.expect("a pet").id, id);
            })
        })
        .collect();
    for call in calls {
        call.await.expect("no panic");
    }
    assert_eq!(
        client
            .pets()
            .get("5")
            .await
            .expect("the client works still")
            .id,
        5
    );
}

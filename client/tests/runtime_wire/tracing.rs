//! What `tracing` is told: the operation and how it went, and nothing that was sent.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::server::{Answer, Server};
use crate::{PET, builder};

/// Keeps every name and value as a line of text.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

impl Visit for Notes {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(
            self.0.lock().expect("no panic"),
            "{}={value:?}",
            field.name()
        )
        .expect("a string");
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // The libraries underneath have spans of their own.
        metadata.target().starts_with(env!("CARGO_CRATE_NAME"))
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Runs a test of this file in a process of its own, which listens to everything: `tracing` remembers for the whole process
/// what the threads of other tests do not listen to. True in that process.
fn alone(name: &str) -> bool {
    if std::env::var_os("TRACING_CHILD").is_some() {
        return true;
    }
    let this = std::env::current_exe().expect("a path");
    let output = std::process::Command::new(this)
        .args(["--exact", &format!("tracing::{name}")])
        .env("TRACING_CHILD", "1")
        .output()
        .expect("a child");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
    false
}

/// Without a word of the server's, the wait before retry n is `min(0.5·2ⁿ, 8)` s less up to a quarter. What is told of it
/// is read here, so that nobody waits.
#[tokio::test]
async fn each_wait_is_its_full_time_less_up_to_a_quarter() {
    if !alone("each_wait_is_its_full_time_less_up_to_a_quarter") {
        return;
    }
    let full = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0];
    let mut parts = Vec::new();
    for _ in 0..6 {
        for (retry, full) in full.into_iter().enumerate() {
            let notes = Notes::default();
            let guard = tracing::subscriber::set_default(notes.clone());
            // The server asks for the retries before this one at once.
            let mut answers = vec![Answer::new(503, &[("retry-after-ms", "0")], ""); retry];
            answers.push(Answer::status(503));
            let server = Server::answering(answers).await;
            let client = builder(&server)
                .max_retries(9)
                .timeout(Duration::from_secs(600))
                .build()
                .expect("a client");
            let told = async {
                loop {
                    let waits = waits(&notes);
                    if waits.len() > retry {
                        return waits;
                    }
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            };
            // The call is given up as soon as its last wait is told.
            let waits = tokio::select! {
                waits = told => waits,
                result = client.pets().get("7").send() => panic!("{result:?}"),
            };
            drop(guard);
            assert_eq!(waits.len(), retry + 1, "{waits:?}");
            let part = waits[retry] / full;
            assert!((0.75..=1.0).contains(&part), "retry {retry}: {part}");
            parts.push(part);
        }
    }
    // 42 waits that are all alike, or all in one half, are none that were drawn.
    let least = parts.iter().copied().fold(f64::INFINITY, f64::min);
    let most = parts.iter().copied().fold(0.0, f64::max);
    assert!(least < 0.87 && most > 0.88, "{least} to {most}");
}

/// The waits that were told, in seconds.
fn waits(notes: &Notes) -> Vec<f64> {
    let notes = notes.0.lock().expect("no panic");
    let lines = notes.lines();
    lines
        .filter_map(|line| seconds(line.strip_prefix("wait=")?))
        .collect()
}

/// The seconds of a duration as `Debug` writes it.
fn seconds(text: &str) -> Option<f64> {
    for (unit, factor) in [("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0)] {
        if let Some(number) = text.strip_suffix(unit) {
            return number.parse::<f64>().ok().map(|number| number * factor);
        }
    }
    None
}

#[tokio::test]
async fn a_span_tells_what_was_called_and_how_it_went() {
    if !alone("a_span_tells_what_was_called_and_how_it_went") {
        return;
    }
    let notes = Notes::default();
    let guard = tracing::subscriber::set_default(notes.clone());
    let busy = Answer::new(
        503,
        &[("retry-after-ms", "1")],
        r#"{"message":"hidden-reply"}"#,
    );
    let server = Server::answering(vec![busy, Answer::json(PET), Answer::status(404)]).await;
    let client = builder(&server)
        .api_key("hidden-key")
        .query_key("hidden-query")
        .build()
        .expect("a client");
    client
        .pets()
        .get("hidden-argument")
        .header("x-a", "hidden-header")
        .await
        .expect("a pet");
    client
        .pets()
        .list()
        .name("hidden-name")
        .await
        .expect_err("404");
    drop(guard);
    let notes = notes.0.lock().expect("no panic").clone();
    for expected in [
        "operation=\"pets_get\"",
        "method=\"GET\"",
        "path=\"/pets/{id}\"",
        "attempt=1",
        "kind=\"api\"",
        "status=503",
        "message=retrying",
        "status=200",
        "attempts=2",
        "milliseconds=",
        "operation=\"pets_list\"",
        "status=404",
    ] {
        assert!(notes.contains(expected), "{expected} in\n{notes}");
    }
    assert!(!notes.contains("hidden"), "{notes}");
}

//! What `tracing` is told: the operation and how it went, and nothing that was sent.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

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

#[tokio::test]
async fn a_span_tells_what_was_called_and_how_it_went() {
    // `tracing` remembers for the whole process what the threads of other tests do not listen to: a process of its own
    // listens to everything.
    if std::env::var_os("TRACING_CHILD").is_none() {
        let this = std::env::current_exe().expect("a path");
        let output = std::process::Command::new(this)
            .args([
                "--exact",
                "tracing::a_span_tells_what_was_called_and_how_it_went",
            ])
            .env("TRACING_CHILD", "1")
            .output()
            .expect("a child");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}"
        );
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

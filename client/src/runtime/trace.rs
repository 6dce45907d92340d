//! What a call tells `tracing`, with the feature of that name: operation, path template, status, attempts; never a query
//! value, header or body.
//! It must not know how a call is made.

use std::time::Duration;

use reqwest::StatusCode;

use super::call::Call;
use super::error::Error;

/// The span of a call; nothing without the feature.
#[derive(Clone)]
pub(super) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    started: std::time::Instant,
}

#[cfg(feature = "tracing")]
impl Span {
    pub(super) fn new(call: &Call) -> Self {
        let operation = call.operation;
        let span = tracing::info_span!(
            "call",
            operation = operation.id,
            method = operation.method.as_str(),
            path = operation.path,
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
            milliseconds = tracing::field::Empty,
        );
        Self {
            span,
            started: std::time::Instant::now(),
        }
    }

    pub(super) fn within<F: Future>(self, future: F) -> tracing::instrument::Instrumented<F> {
        tracing::Instrument::instrument(future, self.span)
    }

    fn ended(&self, attempts: u32) {
        self.span.record("attempts", attempts);
        let milliseconds = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.span.record("milliseconds", milliseconds);
    }

    pub(super) fn answered(&self, status: StatusCode, attempts: u32) {
        self.span.record("status", status.as_u16());
        self.ended(attempts);
        tracing::debug!(parent: &self.span, "answered");
    }

    pub(super) fn failed(&self, error: &Error, attempts: u32) {
        if let Some(status) = error.status() {
            self.span.record("status", status.as_u16());
        }
        self.ended(attempts);
        tracing::debug!(parent: &self.span, kind = kind(error), "failed");
    }

    pub(super) fn retrying(&self, error: &Error, attempt: u32, wait: Duration) {
        tracing::info!(
            parent: &self.span,
            attempt,
            kind = kind(error),
            status = error.status().map(|status| status.as_u16()),
            ?wait,
            "retrying"
        );
    }
}

#[cfg(feature = "tracing")]
fn kind(error: &Error) -> &'static str {
    match error {
        Error::Build(_) => "build",
        Error::Auth(_) => "auth",
        Error::Connect(_) => "connect",
        Error::Timeout(_) => "timeout",
        Error::Transport(_) => "transport",
        Error::Api(_) => "api",
        Error::Decode(_) => "decode",
    }
}

/// Says that the pages of an operation end because one was repeated.
#[cfg(feature = "pages")]
#[cfg(feature = "tracing")]
pub(super) fn repeated_page(operation: &'static str) {
    tracing::warn!(
        operation,
        "the server repeats a page: the stream of pages ends"
    );
}

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self)]
impl Span {
    pub(super) fn new(_: &Call) -> Self {
        Self {}
    }

    pub(super) fn within<F: Future>(self, future: F) -> F {
        future
    }

    pub(super) fn answered(&self, _: StatusCode, _: u32) {}

    pub(super) fn failed(&self, _: &Error, _: u32) {}

    pub(super) fn retrying(&self, _: &Error, _: u32, _: Duration) {}
}

#[cfg(feature = "pages")]
#[cfg(not(feature = "tracing"))]
pub(super) fn repeated_page(_: &'static str) {}

//! How calls are made, seen from a local server: the runtime in a crate of its own, driven through an API written by
//! hand in the form of an emitted one.

#[allow(dead_code, unused_imports, unused_macros, unreachable_pub)]
#[path = "../../src/runtime/mod.rs"]
mod runtime;

#[allow(
    dead_code,
    unreachable_pub,
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value
)]
mod sample;
mod server;

/// Clients generated from `tests/documents`; `codegen/tests/wire.rs` compares them with what their documents give.
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::all,
    clippy::pedantic
)]
#[rustfmt::skip]
#[path = "../generated"]
mod generated {
    pub mod bodies;
    pub mod collection_formats;
    pub mod replies;
    pub mod security;
    pub mod styles;
}

mod auth;
mod bodies;
mod bodies_of_documents;
mod concurrency;
mod errors;
mod headers;
mod pagination;
mod paths;
mod redirects;
mod replies;
mod replies_of_documents;
mod retries;
mod security_of_documents;
mod streams;
mod styles;
mod styles_of_documents;
mod tls;
#[cfg(feature = "tracing")]
mod tracing;
#[cfg(feature = "xml")]
mod xml;

use std::time::Duration;

use runtime::{Core, Operation, Settings};
use server::Server;

/// A client of the server, with a key, that retries without waiting long.
fn client(server: &Server) -> sample::Client {
    builder(server).api_key("key-1").build().expect("a client")
}

fn builder(server: &Server) -> sample::ClientBuilder {
    sample::Client::builder()
        .base_url(&server.url)
        .timeout(Duration::from_secs(20))
}

/// A core without credentials, for operations made up by a test.
fn core(url: &str) -> Core {
    let mut settings = Settings::new(&sample::API);
    settings.base_url(url);
    settings.build().expect("a core")
}

/// An operation made up by a test; the test's process is short.
fn leak(operation: Operation) -> &'static Operation {
    Box::leak(Box::new(operation))
}

/// The error and all its sources, in both forms: what a log may show.
fn shown(error: &runtime::Error) -> String {
    let mut texts = vec![format!("{error} {error:?}")];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    texts.join(" ")
}

const PET: &str = r#"{"id":7,"name":"Rex"}"#;

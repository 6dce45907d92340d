//! What the tests of the three clients share: the recording server, and ways to look at errors, the environment and logs.

// Each client needs a part of it.
#![allow(dead_code)]

#[path = "../runtime_wire/server.rs"]
mod server;

#[cfg(feature = "tracing")]
pub(crate) mod log;

use std::process::Command;
use std::time::Duration;

use callwright_client::Error;

#[allow(unused_imports)]
pub(crate) use server::{Answer, Seen, Server};

/// The credential of every test client; nothing may show it.
pub(crate) const KEY: &str = "key-that-nobody-may-see";

/// The error and all its sources, in both forms: everything that a log may show.
pub(crate) fn shown(error: &Error) -> String {
    let mut texts = vec![format!("{error} {error:?}")];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    texts.join(" ")
}

/// The address of a port on which nothing listens.
pub(crate) fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

/// A server that answers everything with this JSON.
pub(crate) async fn always(body: &str) -> Server {
    Server::answering(vec![Answer::json(body)]).await
}

/// An answer that asks to go elsewhere.
pub(crate) fn redirect(status: u16, location: &str) -> Answer {
    Answer::new(status, &[("location", location)], "")
}

/// An answer of a server that asks to be asked again after a while.
pub(crate) fn busy(status: u16, retry_after: &str) -> Answer {
    Answer::new(status, &[("retry-after", retry_after)], "")
}

/// A moment in the form of the header `Date` (RFC 9110 section 5.6.7).
pub(crate) fn http_date(moment: std::time::SystemTime) -> String {
    jiff::Timestamp::try_from(moment)
        .expect("a year with four digits")
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

/// Runs a test of this binary again in a process of its own, whose environment has these variables and none of the
/// others that clients read: variables of this process belong to all its tests.
///
/// The test asks [`is_child`] which side it is on.
pub(crate) fn in_child(test: &str, variables: &[(&str, &str)]) {
    let this = std::env::current_exe().expect("a path");
    let mut command = Command::new(this);
    command.args(["--exact", test]).env(CHILD, "1");
    for api in ["WASSIST", "ANAM", "CHATSISTANT"] {
        for name in ["API_KEY", "TOKEN", "BASE_URL"] {
            command.env_remove(format!("{api}_{name}"));
        }
    }
    command.envs(variables.iter().copied());
    let output = command.output().expect("a child");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "no test is called {test}");
}

const CHILD: &str = "CALLWRIGHT_TEST_CHILD";

/// Whether this process was started by [`in_child`].
pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// Long enough on a busy machine, short enough to end a test that hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

//! Many calls on one client at once, and calls that are given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::runtime::{Call, ClientCredentials, Core, Credential, Operation, Settings, execute};
use crate::sample::API;
use crate::server::{Answer, Seen, Server};
use crate::{PET, builder, client, leak};

const MANY: i64 = 1000;

/// Runs a test of this file in a process of its own that may open so many connections; true in that process.
fn alone(name: &str) -> bool {
    if std::env::var_os("CONCURRENCY_CHILD").is_some() || !cfg!(unix) {
        return true;
    }
    let this = std::env::current_exe().expect("a path");
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg("ulimit -n 8192 2>/dev/null || ulimit -n $(ulimit -Hn); exec \"$0\" --exact \"$1\"")
        .arg(this)
        .arg(format!("concurrency::{name}"))
        .env("CONCURRENCY_CHILD", "1")
        .output()
        .expect("a child");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
    false
}

#[tokio::test]
async fn a_thousand_calls_at_once_get_each_its_own_answer() {
    if !alone("a_thousand_calls_at_once_get_each_its_own_answer") {
        return;
    }
    let server = Server::new(|_, seen: &Seen| {
        let id = seen.path().rsplit('/').next().unwrap_or_default();
        let body = format!(r#"{{"id":{id},"name":"{}"}}"#, "x".repeat(200));
        Answer::json(&body).after(Duration::from_millis(200))
    })
    .await;
    let client = builder(&server)
        .header("x-company", "c-1")
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client");
    let calls: Vec<_> = (0..MANY)
        .map(|id| {
            let client = client.clone();
            tokio::spawn(async move { (id, client.pets().get(id.to_string()).await) })
        })
        .collect();
    for call in calls {
        let (id, pet) = call.await.expect("no panic");
        assert_eq!(pet.unwrap_or_else(|error| panic!("{id}: {error}")).id, id);
    }
    assert_eq!(server.count(), usize::try_from(MANY).expect("small"));
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("x-company") == Some("c-1"))
    );
}

/// A service whose first token takes long.
async fn slow_tokens() -> (Server, Arc<AtomicUsize>) {
    let issued = Arc::new(AtomicUsize::new(0));
    let counted = issued.clone();
    let server = Server::new(move |_, seen| {
        if seen.path() == "/token" {
            let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
            let body = format!(r#"{{"access_token":"t{number}","expires_in":3600}}"#);
            return Answer::json(&body).after(Duration::from_millis(300));
        }
        Answer::status(204)
    })
    .await;
    (server, issued)
}

fn oauth(server: &Server) -> Core {
    let mut settings = Settings::new(&API);
    settings.base_url(&server.url);
    settings.credential(5, Credential::OAuth2(ClientCredentials::new("i", "s")));
    settings.build().expect("a core")
}

fn secured() -> &'static Operation {
    leak(Operation {
        id: "probe",
        path: "/x",
        security: &[&[5]],
        ..Operation::DEFAULT
    })
}

#[tokio::test]
async fn a_call_given_up_while_it_fetches_the_token_leaves_the_others_theirs() {
    let (server, issued) = slow_tokens().await;
    let core = oauth(&server);
    let operation = secured();
    let call = || execute(Call::new(&core, operation));
    // The first call holds the flight, and is dropped in the middle of it.
    let first = tokio::spawn(call());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let others: Vec<_> = (0..20).map(|_| tokio::spawn(call())).collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    first.abort();
    for other in others {
        other.await.expect("no panic").expect("a call");
    }
    // One more flight at most: the one that the first call left is done again.
    assert!(issued.load(Ordering::SeqCst) <= 2, "{issued:?}");
    let before = issued.load(Ordering::SeqCst);
    call().await.expect("a call with the token at hand");
    assert_eq!(issued.load(Ordering::SeqCst), before);
}

#[tokio::test]
async fn calls_given_up_anywhere_leave_the_client_usable() {
    let server = Server::new(|_, seen| match seen.path() {
        // Before the headers, in the middle of the body, while a retry waits.
        "/pets/1" => Answer::json(PET).after(Duration::from_secs(60)),
        "/pets/2" => Answer::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").then_hang(),
        "/pets/3" => Answer::new(503, &[("retry-after", "60")], ""),
        _ => Answer::json(PET),
    })
    .await;
    let client = client(&server);
    for id in ["1", "2", "3"] {
        let call = client.pets().get(id).timeout(Duration::from_secs(600));
        let gone = tokio::time::timeout(Duration::from_millis(200), call.send()).await;
        assert!(gone.is_err(), "{id}");
        assert_eq!(client.pets().get("7").await.expect("a pet").id, 7);
    }
    // A future that is never polled sends nothing.
    let before = server.count();
    drop(client.pets().get("7").send());
    assert_eq!(server.count(), before);
}

//! The emitted client of Wassist on the wire: what it sends, what it reads, and what its pages do.

#[path = "../support/mod.rs"]
mod support;

mod credentials;
mod failures;
mod pages;
mod replies;
mod requests;

use callwright_client::runtime::{DateTime, Url, Uuid};
use callwright_client::wassist;
use support::{Answer, KEY, PATIENCE, Seen, Server};

const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
const EMPTY: &str = r#"{"count":0,"next":null,"previous":null,"results":[]}"#;

fn client(server: &Server) -> wassist::Client {
    builder(&server.url).build().expect("a client")
}

fn builder(url: &str) -> wassist::ClientBuilder {
    wassist::Client::builder()
        .api_key(KEY)
        .base_url(url)
        .timeout(PATIENCE)
}

fn id() -> Uuid {
    ID.parse().expect("a UUID")
}

fn time(text: &str) -> DateTime {
    text.parse().expect("a time")
}

fn url(text: &str) -> Url {
    text.parse().expect("a URL")
}

fn conversation(number: usize) -> String {
    format!(
        r#"{{"id":"00000000-0000-0000-0000-{number:012}","contact":{{"phoneNumber":"+4917","name":null}},"activeAgent":"a","chatWindowRemainingTime":"b","lastMessage":"c","isHumanTakeover":"d","active":"e"}}"#
    )
}

fn page(total: usize, next: Option<&str>, numbers: std::ops::Range<usize>) -> Answer {
    let next = next.map_or("null".to_owned(), |next| format!("\"{next}\""));
    let results: Vec<String> = numbers.map(conversation).collect();
    Answer::json(&format!(
        r#"{{"count":{total},"next":{next},"previous":null,"results":[{}]}}"#,
        results.join(",")
    ))
}

fn link_session(status: &str) -> String {
    format!(
        r#"{{"id":"{ID}","successUrl":"https://a.example/ok","returnUrl":"https://a.example/back?x=1","status":"{status}","linkUrl":"https://wassist.example/l/1"}}"#
    )
}

fn argument(seen: &Seen, name: &str) -> Option<usize> {
    let pair = seen.query().split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then_some(value)
    })?;
    Some(pair.parse().expect("a number"))
}

#[test]
fn a_client_goes_anywhere() {
    fn everywhere<T: Clone + Send + Sync + 'static>(_: &T) {}
    fn sendable<T: Send>(_: &T) {}
    let client = wassist::Client::builder()
        .api_key(KEY)
        .build()
        .expect("a client");
    everywhere(&client);
    sendable(&client.conversations().list());
    sendable(&client.conversations().list().send());
    sendable(&client.conversations().list().items());
}

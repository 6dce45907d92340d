//! Request bodies end to end: from a document through the emitted method to the bytes on the wire.

use crate::generated::bodies::Client;
use crate::generated::bodies::json::JsonAnyBody;
use crate::generated::bodies::types::{
    Patch, SendFormDeep, SendFormDeepB, SendFormObject, SendFormRequest, SendPartMeta,
    SendPartRequest,
};
use crate::runtime::{Body, File, Maybe};
use crate::server::{Answer, Server};

async fn service() -> (Server, Client) {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let client = Client::builder().base_url(&server.url).build();
    (server, client.expect("a client"))
}

#[tokio::test]
async fn the_media_type_of_the_document_is_sent() {
    let (server, client) = service().await;
    let json = client.json();
    let patch = || Patch::new().name("é").note(Maybe::Null);
    json.merge(patch()).await.expect("a call");
    let seen = server.last();
    assert_eq!(
        (
            seen.method.as_str(),
            seen.header("content-type"),
            seen.text()
        ),
        (
            "PATCH",
            Some("application/merge-patch+json"),
            r#"{"name":"é","note":null}"#
        )
    );
    // Bodies of methods that have none elsewhere.
    json.search(patch()).await.expect("a call");
    let seen = server.last();
    assert_eq!(
        (seen.method.as_str(), seen.text()),
        ("GET", r#"{"name":"é","note":null}"#)
    );
    json.remove().body(["a"]).await.expect("a call");
    let seen = server.last();
    assert_eq!(
        (
            seen.method.as_str(),
            seen.header("content-type"),
            seen.text()
        ),
        ("DELETE", Some("application/vnd.api+json"), r#"["a"]"#)
    );
    // An optional body that is not given.
    json.remove().await.expect("a call");
    let seen = server.last();
    assert_eq!((seen.header("content-type"), seen.text()), (None, ""));
}

#[tokio::test]
async fn several_media_types_are_a_choice() {
    let (server, client) = service().await;
    let json = client.json();
    for (body, media, text) in [
        (
            JsonAnyBody::from(Patch::new().name("a")),
            "application/json",
            r#"{"name":"a"}"#,
        ),
        (JsonAnyBody::from("a,b".to_owned()), "text/csv", "a,b"),
        (JsonAnyBody::from(Body::from("png")), "image/png", "png"),
    ] {
        json.any(body).await.expect("a call");
        let seen = server.last();
        assert_eq!(
            (seen.header("content-type"), seen.text()),
            (Some(media), text)
        );
    }
}

#[tokio::test]
async fn forms_follow_their_encodings() {
    let (server, client) = service().await;
    let pair = ["p q", "r"];
    let body = SendFormRequest::new()
        .text("a b&c=ö")
        .default(pair)
        .joined(pair)
        .spaced(["p", "r"])
        .piped(["p", "r"])
        .deep(SendFormDeep::new().a("x y").b(SendFormDeepB::new().c(1)))
        .object(SendFormObject::new().k("v"))
        .json(vec![1, 2])
        .reserved("a/b:c&d");
    client.form().send(body).await.expect("a call");
    let seen = server.last();
    assert_eq!(
        seen.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let fields: Vec<&str> = seen.text().split('&').collect();
    assert_eq!(
        fields,
        [
            "text=a+b%26c%3D%C3%B6",
            "default=p+q",
            "default=r",
            "joined=p+q,r",
            "spaced=p%20r",
            "piped=p%7Cr",
            "deep%5Ba%5D=x+y",
            "deep%5Bb%5D%5Bc%5D=1",
            "object=%7B%22k%22%3A%22v%22%7D",
            "json=%5B1%2C2%5D",
            "reserved=a/b:c%26d",
        ]
    );
    // A form without fields says what it is.
    client
        .form()
        .send(SendFormRequest::new())
        .await
        .expect("a call");
    let seen = server.last();
    assert_eq!(
        (seen.header("content-type"), seen.text()),
        (Some("application/x-www-form-urlencoded"), "")
    );
}

#[tokio::test]
async fn parts_have_their_media_types() {
    let (server, client) = service().await;
    let body = SendPartRequest::new(File::bytes("raw").name("a.bin"))
        .image(File::bytes("img"))
        .files([File::bytes("1").name("one"), File::bytes("2").name("two")])
        .text("t")
        .number(5)
        .meta(SendPartMeta::new().a(1))
        .tags(["x", "y"])
        .rows("a,b");
    client.parts().send(body).await.expect("a call");
    let seen = server.last();
    let media = seen.header("content-type").expect("a media type");
    let boundary = media
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    let parts: Vec<(String, Option<&str>, &str)> = seen
        .text()
        .split(&format!("--{boundary}"))
        .filter_map(|part| part.trim_start_matches("\r\n").split_once("\r\n\r\n"))
        .map(|(head, content)| {
            let line = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
            (
                line("Content-Disposition: form-data; ")
                    .expect("a name")
                    .to_owned(),
                line("Content-Type: "),
                content.trim_end_matches("\r\n"),
            )
        })
        .collect();
    let file = |name: &str, file: &str| format!("name=\"{name}\"; filename=\"{file}\"");
    let field = |name: &str| format!("name=\"{name}\"");
    let bytes = Some("application/octet-stream");
    assert_eq!(
        parts,
        [
            (file("file", "a.bin"), bytes, "raw"),
            (file("image", "image"), Some("image/png"), "img"),
            (file("files", "one"), bytes, "1"),
            (file("files", "two"), bytes, "2"),
            (field("text"), None, "t"),
            (field("number"), None, "5"),
            (field("meta"), Some("application/json"), r#"{"a":1}"#),
            (field("tags"), None, "x"),
            (field("tags"), None, "y"),
            (field("rows"), Some("text/csv"), "a,b"),
        ]
    );
}

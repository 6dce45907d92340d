//! Parts without names: in order, under the document's own subtype.

use fixtures::multipart_without_names::*;
use fixtures::runtime::{File, Form, Part};

use crate::server::{Answer, Seen, Server};

async fn start() -> (Server, Client) {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    (server, client)
}

/// The media type without its boundary, and the parts between boundaries.
fn read(seen: &Seen) -> (String, Vec<String>) {
    let media = seen.header("content-type").unwrap();
    let (media, boundary) = media.split_once("; boundary=").unwrap();
    let text = seen
        .text()
        .strip_suffix(&format!("--{boundary}--\r\n"))
        .unwrap();
    let start = format!("--{boundary}\r\n");
    let parts = text.split(start.as_str()).skip(1);
    let parts = parts.map(|part| part.strip_suffix("\r\n").unwrap().to_owned());
    (media.to_owned(), parts.collect())
}

fn is(seen: &Seen, media: &str, parts: &[&str]) {
    let (found, sent) = read(seen);
    assert_eq!(found, media);
    assert_eq!(sent, parts);
}

#[tokio::test]
async fn items_of_an_array() {
    let (server, client) = start().await;
    let change = |id, name: &str| Part::new(Change::new(id), CreateBatchPartHeaders::new(name));
    client
        .batch()
        .create(vec![change(1, "<a>"), change(2, "<b>")])
        .await
        .unwrap();
    is(
        &server.last(),
        "multipart/mixed",
        &[
            "Content-Type: application/json\r\nContent-ID: <a>\r\n\r\n{\"id\":1}",
            "Content-Type: application/json\r\nContent-ID: <b>\r\n\r\n{\"id\":2}",
        ],
    );
    client
        .files()
        .create(vec![File::bytes("1"), File::bytes("2").name("b.gif")])
        .await
        .unwrap();
    is(
        &server.last(),
        "multipart/mixed",
        &[
            "Content-Type: image/png\r\n\r\n1",
            "Content-Disposition: attachment; filename=\"b.gif\"\r\nContent-Type: image/gif\r\n\r\n2",
        ],
    );
    client.texts().create(vec!["é".to_owned()]).await.unwrap();
    is(
        &server.last(),
        "multipart/digest",
        &["Content-Type: text/plain; charset=utf-8\r\n\r\né"],
    );
    client.choice().create(vec![Change::new(1)]).await.unwrap();
    is(
        &server.last(),
        "multipart/mixed",
        &["Content-Type: application/json\r\n\r\n{\"id\":1}"],
    );
}

#[tokio::test]
async fn positions_and_what_follows_them() {
    let (server, client) = start().await;
    let body = (Change::new(1), File::bytes("PNG"), "text".to_owned());
    client.related().create(body).await.unwrap();
    is(
        &server.last(),
        "multipart/related; type=\"application/json\"",
        &[
            "Content-Type: application/json\r\n\r\n{\"id\":1}",
            "Content-Type: image/png\r\n\r\nPNG",
            "Content-Type: text/plain; charset=utf-8\r\n\r\ntext",
        ],
    );
    let headers = CreateReportPartHeaders::new().content_id("x");
    let images = vec![
        Part::new(File::bytes("A"), headers),
        File::bytes("B").into(),
    ];
    client
        .report()
        .create((Change::new(2), images))
        .await
        .unwrap();
    is(
        &server.last(),
        "multipart/mixed",
        &[
            "Content-Type: application/json\r\n\r\n{\"id\":2}",
            "Content-Type: image/jpeg\r\nContent-ID: x\r\n\r\nA",
            "Content-Type: image/jpeg\r\n\r\nB",
        ],
    );
}

#[tokio::test]
async fn an_object_and_a_form_that_the_caller_fills() {
    let (server, client) = start().await;
    client
        .object()
        .create(CreateObjectRequest::new(Change::new(1)))
        .await
        .unwrap();
    is(
        &server.last(),
        "multipart/mixed",
        &[
            "Content-Disposition: form-data; name=\"change\"\r\nContent-Type: application/json\r\n\r\n{\"id\":1}",
        ],
    );
    let form = Form::unnamed()
        .text("", &"plain")
        .file_as("", "text/html", File::bytes("<p>"));
    client.anything().create(form).await.unwrap();
    is(
        &server.last(),
        "multipart/alternative",
        &[
            "Content-Type: text/plain; charset=utf-8\r\n\r\nplain",
            "Content-Type: text/html\r\n\r\n<p>",
        ],
    );
}

#[tokio::test]
async fn entries_of_a_map_and_members_of_a_union() {
    let (server, client) = start().await;
    let named =
        |name: &str, rest: &str| format!("Content-Disposition: form-data; name=\"{name}\"{rest}");
    let entries = [("a", "1"), ("b c", "2")];
    let entries = entries.map(|(name, value)| (name.to_owned(), value.to_owned()));
    client
        .map()
        .create(entries.into_iter().collect())
        .await
        .unwrap();
    is(
        &server.last(),
        "multipart/form-data",
        &[&named("a", "\r\n\r\n1"), &named("b c", "\r\n\r\n2")],
    );
    let files = [("x".to_owned(), File::bytes("1").name("x.txt"))];
    client
        .files_by_name()
        .create(files.into_iter().collect())
        .await
        .unwrap();
    is(
        &server.last(),
        "multipart/form-data",
        &[&named(
            "x",
            "; filename=\"x.txt\"\r\nContent-Type: application/octet-stream\r\n\r\n1",
        )],
    );
    let text = Text::new("t").tags(["p", "q"]).change(Change::new(1));
    client.union().create(text.into()).await.unwrap();
    is(
        &server.last(),
        "multipart/form-data",
        &[
            &named("text", "\r\n\r\nt"),
            &named("tags", "\r\n\r\np"),
            &named("tags", "\r\n\r\nq"),
            &named(
                "change",
                "\r\nContent-Type: application/json\r\n\r\n{\"id\":1}",
            ),
        ],
    );
}

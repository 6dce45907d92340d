//! Parts of forms, byte for byte.

use fixtures::part_headers::*;
use fixtures::runtime::{Error, File, Part};

use crate::server::{Answer, Seen, Server};

async fn start() -> (Server, Client) {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    (server, client)
}

/// The parts of a form, each with its head in lower case and its content.
fn parts(seen: &Seen) -> Vec<(String, String)> {
    let media = seen.header("content-type").unwrap();
    let (media, boundary) = media.split_once("; boundary=").unwrap();
    assert_eq!(media, "multipart/form-data");
    let text = seen
        .text()
        .strip_suffix(&format!("--{boundary}--\r\n"))
        .unwrap();
    let start = format!("--{boundary}\r\n");
    let parts = text.split(start.as_str()).skip(1);
    parts
        .map(|part| {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            (
                head.to_owned(),
                content.strip_suffix("\r\n").unwrap().to_owned(),
            )
        })
        .collect()
}

#[tokio::test]
async fn headers_of_parts_are_typed_and_sent_with_their_part() {
    let (server, client) = start().await;
    let mut meta = Meta::new();
    meta.a = Some("x".to_owned());
    let origin = UploadPictureMetaXOrigin::new().host("h").port(80);
    let body = UploadPictureRequest::new(
        Part::new(
            File::bytes("PNG").name("a.jpg"),
            UploadPictureHeaders::new("abc").x_tags(["p", "q"]),
        ),
        "é",
    )
    .scans(vec![
        Part::new(File::bytes("1"), UploadPictureScansHeaders::new().x_page(1)),
        File::bytes("2").into(),
    ])
    .size(Part::new(
        5,
        UploadPictureSizeHeaders::new().x_unit(UploadPictureSizeXUnit::Mm),
    ))
    .meta(Part::new(
        meta,
        UploadPictureMetaHeaders::new().x_origin(origin),
    ));
    client.pictures().upload(body).await.unwrap();
    let form = |name: &str| format!("Content-Disposition: form-data; name=\"{name}\"");
    let expected = [
        (
            format!(
                "{}; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\nX-Checksum: abc\r\nX-Tags: p,q",
                form("picture")
            ),
            "PNG",
        ),
        (form("note"), "é"),
        (
            format!(
                "{}; filename=\"scans\"\r\nContent-Type: image/tiff\r\nX-Page: 1",
                form("scans")
            ),
            "1",
        ),
        (
            format!(
                "{}; filename=\"scans\"\r\nContent-Type: image/tiff",
                form("scans")
            ),
            "2",
        ),
        (format!("{}\r\nX-Unit: mm", form("size")), "5"),
        (
            format!(
                "{}\r\nContent-Type: application/json\r\nX-Origin: host=h,port=80",
                form("meta")
            ),
            r#"{"a":"x"}"#,
        ),
    ];
    let expected = expected.map(|(head, content)| (head, content.to_owned()));
    assert_eq!(parts(&server.last()), expected);
}

#[tokio::test]
async fn the_media_type_of_a_file_is_one_of_those_allowed() {
    let (server, client) = start().await;
    let media = |seen: &Seen, at: usize| {
        let head = parts(seen)[at].0.clone();
        let line = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Type: "));
        line.unwrap().to_owned()
    };
    for (file, expected) in [
        (File::bytes("1"), "image/png"),
        (File::bytes("1").name("a.JPEG"), "image/jpeg"),
        (File::bytes("1").name("a.gif"), "image/png"),
        (
            File::bytes("1").name("a.gif").content_type("image/x"),
            "image/x",
        ),
    ] {
        let body = UploadPictureRequest::new(Part::new(file, UploadPictureHeaders::new("c")), "n");
        client.pictures().upload(body).await.unwrap();
        assert_eq!(media(&server.last(), 0), expected);
    }
    for (name, expected) in [
        ("a.webp", "image/webp"),
        ("a.bin", "application/octet-stream"),
    ] {
        client
            .plain()
            .create(Plain::new().photo(File::bytes("1").name(name)))
            .await
            .unwrap();
        assert_eq!(media(&server.last(), 0), expected);
    }
}

#[tokio::test]
async fn styles_and_media_types_of_values() {
    let (server, client) = start().await;
    let meta = |text: &str| Meta::new().a(text);
    let body = Plain::new()
        .csv(["a b", "c&d"])
        .pipes(vec![1, 2])
        .filter(PlainFilter::new().from(1).to(2))
        .sheet("x,y")
        .xml(Note::new().to("T"))
        .list(vec![meta("1"), meta("2")])
        .metas(vec![meta("3"), meta("4")]);
    client.plain().create(body).await.unwrap();
    let form = |name: &str| format!("Content-Disposition: form-data; name=\"{name}\"");
    let json = |name: &str| format!("{}\r\nContent-Type: application/json", form(name));
    let expected = [
        (form("csv"), "a b,c&d"),
        (form("pipes"), "1|2"),
        (form("filter[from]"), "1"),
        (form("filter[to]"), "2"),
        (
            format!("{}\r\nContent-Type: text/csv", form("sheet")),
            "x,y",
        ),
        (
            format!("{}\r\nContent-Type: application/xml", form("xml")),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><note to=\"T\"/>",
        ),
        (json("list"), r#"[{"a":"1"},{"a":"2"}]"#),
        (json("metas"), r#"{"a":"3"}"#),
        (json("metas"), r#"{"a":"4"}"#),
    ];
    let mut sent = parts(&server.last());
    for (_, content) in &mut sent {
        // How an empty element is closed is the writer's choice.
        *content = content
            .replace("\n", "")
            .replace(" />", "/>")
            .replace("></note>", "/>");
    }
    assert_eq!(
        sent,
        expected.map(|(head, content)| (head, content.to_owned()))
    );
}

#[tokio::test]
async fn a_header_of_a_part_cannot_break_out() {
    let (server, client) = start().await;
    let headers = UploadPictureHeaders::new("a\r\nX-Evil: 1");
    let body = UploadPictureRequest::new(Part::new(File::bytes("1"), headers), "n");
    let error = client.pictures().upload(body).await.unwrap_err();
    assert!(matches!(error, Error::Build(_)), "{error}");
    assert_eq!(server.count(), 0);
}

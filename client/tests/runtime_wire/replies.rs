//! What is made of the bodies of successes.

use crate::runtime::{Bytes, Call, Operation, Pending, decode, execute};
use crate::sample::Pet;
use crate::server::{Answer, Server};
use crate::{PET, client, core, leak};

async fn of<T>(
    answer: Answer,
    decoder: crate::runtime::Decoder<T>,
) -> Result<T, crate::runtime::Error> {
    let server = Server::answering(vec![answer]).await;
    let operation = leak(Operation {
        id: "probe",
        path: "/x",
        ..Operation::DEFAULT
    });
    Pending::new(Call::new(&core(&server.url), operation), decoder).await
}

fn typed(media: &str, body: impl AsRef<[u8]>) -> Answer {
    Answer::new(200, &[("content-type", media)], body)
}

#[tokio::test]
async fn json_decodes_whatever_its_content_type() {
    let utf16: Vec<u8> = PET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for answer in [
        Answer::json(PET),
        Answer::new(200, &[], PET),
        typed("text/html", PET),
        typed("text/plain; charset=iso-8859-1", PET),
        typed("application/vnd.api+json;charset=UTF-8", PET),
        typed("nonsense", PET),
        typed("application/json", format!("\u{feff} {PET}\r\n")),
        typed("application/json; charset=utf-16le", utf16),
        Answer::new(201, &[], PET),
    ] {
        let pet: Pet = of(answer.clone(), decode::json)
            .await
            .unwrap_or_else(|e| panic!("{answer:?}: {e}"));
        assert_eq!(pet.name, "Rex");
    }
    let pet: Pet = of(
        typed(
            "application/json; charset=ISO-8859-1",
            b"{\"id\":1,\"name\":\"R\xe9x\"}",
        ),
        decode::json,
    )
    .await
    .expect("a pet");
    assert_eq!(pet.name, "Réx");
    assert!(
        of::<Pet>(
            typed("application/json", b"{\"id\":1,\"name\":\"R\xe9x\"}"),
            decode::json
        )
        .await
        .is_err()
    );
    assert!(
        of::<Pet>(Answer::json(&format!("{PET} x")), decode::json)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn absent_bodies() {
    for answer in [
        Answer::status(204),
        Answer::status(200),
        Answer::new(200, &[], " \n"),
    ] {
        assert_eq!(
            of::<Option<Pet>>(answer.clone(), decode::optional)
                .await
                .expect("nothing"),
            None
        );
        of(answer, decode::empty).await.expect("nothing");
    }
    assert!(
        of::<Option<Pet>>(Answer::json(PET), decode::optional)
            .await
            .expect("a pet")
            .is_some()
    );
    of(Answer::json("whatever"), decode::empty)
        .await
        .expect("nothing");
}

#[tokio::test]
async fn text_and_bytes() {
    assert_eq!(
        of(
            typed("text/plain; charset=\"latin1\"", b"\xe9"),
            decode::text
        )
        .await
        .expect("text"),
        "é"
    );
    assert_eq!(
        of(typed("text/plain", "é"), decode::text)
            .await
            .expect("text"),
        "é"
    );
    assert_eq!(
        of(typed("text/plain", "\u{feff}é"), decode::text)
            .await
            .expect("text"),
        "é"
    );
    assert_eq!(
        of(typed("text/plain", b"\xfe\xff\0a"), decode::text)
            .await
            .expect("text"),
        "a"
    );
    let error = of(typed("text/plain; charset=koi8-r", b"\xc1"), decode::text)
        .await
        .expect_err("unknown");
    assert!(error.to_string().contains("koi8-r"), "{error}");
    assert_eq!(
        of(typed("a/b", b"\0\xff"), decode::bytes)
            .await
            .expect("bytes"),
        Bytes::from_static(b"\0\xff")
    );
}

#[tokio::test]
async fn compressed_replies() {
    // `printf '{"id":7,"name":"Rex"}' | gzip -n`, made once.
    const GZIP: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 171, 86, 202, 76, 81, 178, 50, 215, 81, 202, 75, 204, 77,
        85, 178, 82, 10, 74, 173, 80, 170, 5, 0, 133, 129, 165, 32, 21, 0, 0, 0,
    ];
    let server = Server::answering(vec![Answer::new(
        200,
        &[
            ("content-type", "application/json"),
            ("content-encoding", "gzip"),
        ],
        GZIP,
    )])
    .await;
    let pet = client(&server).pets().get("7").await.expect("a pet");
    assert_eq!(pet.name, "Rex");
    assert!(
        server
            .last()
            .header("accept-encoding")
            .is_some_and(|codings| codings.contains("gzip"))
    );
}

#[tokio::test]
async fn status_and_headers_come_with_the_value() {
    let answer = Answer::new(
        201,
        &[
            ("x-request-id", "r-9"),
            ("x-rate", "5"),
            ("set-cookie", "a=hidden"),
        ],
        PET,
    );
    let server = Server::answering(vec![answer]).await;
    let response = client(&server)
        .pets()
        .get("7")
        .with_response()
        .await
        .expect("a pet");
    assert_eq!(
        (
            response.status().as_u16(),
            response.request_id(),
            response.header("X-Rate")
        ),
        (201, Some("r-9"), Some("5"))
    );
    assert_eq!(response.attempts(), 1);
    assert!(!format!("{response:?}").contains("hidden"));
    assert_eq!(response.map(|pet| pet.id).into_value(), 7);
}

#[tokio::test]
async fn several_success_shapes_are_told_by_status() {
    async fn status(code: u16, success: &'static [u16]) -> Result<u16, u16> {
        let server = Server::answering(vec![Answer::status(code)]).await;
        let operation = leak(Operation {
            id: "probe",
            path: "/x",
            success,
            ..Operation::DEFAULT
        });
        let reply = execute(Call::new(&core(&server.url), operation)).await;
        reply
            .map(|reply| reply.status().as_u16())
            .map_err(|error| error.status().expect("a status").as_u16())
    }
    assert_eq!(status(202, &[]).await, Ok(202));
    assert_eq!(status(404, &[404]).await, Ok(404));
    assert_eq!(status(404, &[]).await, Err(404));
    assert_eq!(status(304, &[304]).await, Ok(304));
}

#[tokio::test]
async fn downloads() {
    let answer = || {
        let name = "attachment; filename=\"../../etc/x.png\"; filename*=UTF-8''na%C3%AFve%2Fb.png";
        Answer::new(
            200,
            &[("content-type", "image/png"), ("content-disposition", name)],
            [0_u8, 1, 2],
        )
    };
    let server = Server::answering(vec![answer()]).await;
    let client = client(&server);
    let download = client.pets().photo(7).await.expect("a photo");
    assert_eq!(download.content_type(), Some("image/png"));
    assert_eq!(download.content_length(), Some(3));
    assert_eq!(download.file_name().as_deref(), Some("b.png"));
    assert_eq!(
        download.bytes().await.expect("bytes"),
        Bytes::from_static(&[0, 1, 2])
    );

    let mut download = client.pets().photo(7).await.expect("a photo");
    let mut all = Vec::new();
    while let Some(chunk) = download.chunk().await.expect("a chunk") {
        all.extend_from_slice(&chunk);
    }
    assert_eq!(all, [0, 1, 2]);

    let path = std::env::temp_dir().join(format!("download-{}.png", std::process::id()));
    let length = client
        .pets()
        .photo(7)
        .await
        .expect("a photo")
        .save_to(&path)
        .await
        .expect("a file");
    assert_eq!(
        (length, std::fs::read(&path).expect("a file")),
        (3, vec![0, 1, 2])
    );
    std::fs::remove_file(&path).expect("a file");
    let nowhere = client
        .pets()
        .photo(7)
        .await
        .expect("a photo")
        .save_to("/nowhere/at/all")
        .await;
    assert!(
        nowhere
            .expect_err("no folder")
            .to_string()
            .contains("cannot write")
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_leaves_no_file() {
    let half = Answer::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    let server = Server::answering(vec![half]).await;
    let path = std::env::temp_dir().join(format!("broken-{}.png", std::process::id()));
    let download = client(&server).pets().photo(7).await.expect("a photo");
    download.save_to(&path).await.expect_err("half");
    assert!(!path.exists() && !path.with_extension("png.part").exists());
    // An error status of a download is an error with its body.
    let server = Server::answering(vec![Answer::new(404, &[], r#"{"message":"no photo"}"#)]).await;
    let error = client(&server).pets().photo(7).await.expect_err("404");
    assert!(
        error.to_string().ends_with("404 Not Found: no photo"),
        "{error}"
    );
}

#[tokio::test]
async fn file_names_hold_no_folders() {
    for (disposition, expected) in [
        ("attachment; filename=a.txt", Some("a.txt")),
        (
            "attachment; filename=\"a \\\"b\\\".txt\"",
            Some("a \"b\".txt"),
        ),
        ("attachment; filename=\"..\\\\..\\\\a.txt\"", Some("a.txt")),
        ("attachment; filename=\"..\"", None),
        ("attachment; filename=\"/\"", None),
        ("attachment; filename*=utf-8''%2e%2e", None),
        ("inline", None),
        ("attachment; size=3; filename=x", Some("x")),
    ] {
        let server = Server::answering(vec![Answer::new(
            200,
            &[("content-disposition", disposition)],
            "x",
        )])
        .await;
        let download = client(&server).pets().photo(7).await.expect("a photo");
        assert_eq!(download.file_name().as_deref(), expected, "{disposition}");
    }
}

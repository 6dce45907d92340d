//! Request bodies, byte for byte.

use crate::runtime::{
    Body, Call, Encoding, Error, File, Form, Maybe, Method, Operation, Style, Value, execute,
};
use crate::sample::NewPet;
use crate::server::{Answer, Seen, Server};
use crate::{PET, client, core, leak};
use serde_json::json;

static POST: Operation = Operation {
    id: "probe",
    method: Method::POST,
    path: "/x",
    ..Operation::DEFAULT
};

/// Sends a call and returns it as seen.
async fn sent(describe: impl FnOnce(Call) -> Call) -> Result<Seen, Error> {
    let server = Server::answering(vec![Answer::status(204)]).await;
    execute(describe(Call::new(&core(&server.url), &POST))).await?;
    Ok(server.last())
}

#[tokio::test]
async fn json_goes_under_its_media_type() {
    let server = Server::answering(vec![Answer::json(PET)]).await;
    let pet = client(&server)
        .pets()
        .create(NewPet {
            name: "Réx".into(),
            tag: Maybe::Null,
        })
        .await
        .expect("a pet");
    assert_eq!(pet.id, 7);
    let seen = server.last();
    assert_eq!(seen.text(), r#"{"name":"Réx","tag":null}"#);
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("content-length"), Some("26"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.header("user-agent"), Some("sample/1.0.0"));
    let seen = sent(|call| call.json("application/merge-patch+json", &json!({"a": null})))
        .await
        .expect("a call");
    assert_eq!(
        seen.header("content-type"),
        Some("application/merge-patch+json")
    );
    assert_eq!(seen.text(), r#"{"a":null}"#);
}

#[tokio::test]
async fn no_body_has_no_media_type_and_a_post_says_so() {
    let seen = sent(|call| call).await.expect("a call");
    assert_eq!(
        (seen.header("content-type"), seen.header("content-length")),
        (None, Some("0"))
    );
    let seen = sent(|call| call.json("application/json", &None::<String>))
        .await
        .expect("a call");
    assert_eq!(seen.header("content-type"), None);
    let server = Server::answering(vec![Answer::status(204)]).await;
    let get = leak(Operation {
        id: "probe",
        path: "/x",
        ..Operation::DEFAULT
    });
    execute(Call::new(&core(&server.url), get))
        .await
        .expect("a call");
    assert_eq!(
        (
            server.last().header("content-type"),
            server.last().header("content-length")
        ),
        (None, None)
    );
    // A document may give a GET a body.
    execute(Call::new(&core(&server.url), get).json("application/json", &json!({"a": 1})))
        .await
        .expect("a call");
    assert_eq!(server.last().text(), r#"{"a":1}"#);
}

#[tokio::test]
async fn text_and_bytes() {
    let seen = sent(|call| call.text("text/plain; charset=utf-8", "é"))
        .await
        .expect("a call");
    assert_eq!(
        (seen.text(), seen.header("content-type")),
        ("é", Some("text/plain; charset=utf-8"))
    );
    let seen = sent(|call| call.bytes("image/png", vec![0_u8, 255]))
        .await
        .expect("a call");
    assert_eq!(
        (seen.body.as_slice(), seen.header("content-length")),
        (&[0_u8, 255][..], Some("2"))
    );
}

fn form(value: &Value, encodings: &'static [Encoding]) -> impl Future<Output = String> {
    let value = value.clone();
    async move {
        let seen = sent(|call| call.form(&value, encodings))
            .await
            .expect("a call");
        assert_eq!(
            seen.header("content-type"),
            Some("application/x-www-form-urlencoded")
        );
        seen.text().to_owned()
    }
}

#[tokio::test]
async fn form_fields_without_encodings() {
    let value = json!({"a": "x y&z=ö+", "n": 1.5, "b": true, "null": null, "list": ["p", "q r"], "o": {"k": "v w", "n": 1}, "e": ""});
    assert_eq!(
        form(&value, &[]).await,
        "a=x+y%26z%3D%C3%B6%2B&n=1.5&b=true&list=p&list=q+r&o=%7B%22k%22%3A%22v+w%22%2C%22n%22%3A1%7D&e="
    );
}

const fn of(property: &'static str, style: Style, explode: bool, allow_reserved: bool) -> Encoding {
    Encoding {
        property,
        style,
        explode,
        allow_reserved,
    }
}

static ENCODINGS: [Encoding; 6] = [
    of("a", Style::Form, false, false),
    of("b", Style::DeepObject, true, false),
    of("c", Style::Form, true, false),
    of("d", Style::PipeDelimited, false, false),
    of("e", Style::Json, false, false),
    of("f", Style::Form, true, true),
];

#[tokio::test]
async fn form_fields_with_encodings() {
    let value = json!({"a": [1, 2], "b": {"x": {"y": [1, {"z": 2}]}}, "c": {"k": 1}, "d": ["u", "v"], "e": [1], "f": "a/b c"});
    assert_eq!(
        form(&value, &ENCODINGS).await,
        "a=1,2&b%5Bx%5D%5By%5D%5B0%5D=1&b%5Bx%5D%5By%5D%5B1%5D%5Bz%5D=2&k=1&d=u%7Cv&e=%5B1%5D&f=a/b%20c"
    );
    let error = sent(|call| call.form(&json!([1]), &[]))
        .await
        .expect_err("no object");
    assert!(matches!(error, Error::Build(_)));
}

/// The parts of a multipart body, the boundary cut away.
fn parts(seen: &Seen) -> Vec<String> {
    let media = seen.header("content-type").expect("a media type");
    let boundary = media
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    let text = seen.text();
    let text = text
        .strip_suffix(&format!("--{boundary}--\r\n"))
        .expect("an end");
    text.split(&format!("--{boundary}\r\n"))
        .skip(1)
        .map(|part| {
            part.strip_suffix("\r\n")
                .expect("an end of the part")
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn multipart_is_exact() {
    let path = std::env::temp_dir().join(format!("multipart-{}.txt", std::process::id()));
    std::fs::write(&path, "from disk").expect("a file");
    let file = path.clone();
    let form = Form::new()
        .json("meta", &json!({"a": 1}))
        .text("purpose", &"x\r\ny")
        .text("n", &5)
        .text("list", &vec!["p", "q"])
        .text("none", &None::<String>)
        .json("gone", &None::<String>)
        .file(
            "raw",
            File::bytes("abc")
                .name("a\"b\n.bin")
                .content_type("image/png"),
        )
        .header("X-Rate", &7)
        .file("disk", File::path(file))
        .file_as("typed", "text/csv", File::bytes("1,2"));
    let seen = sent(|call| call.multipart(form)).await.expect("a call");
    std::fs::remove_file(&path).expect("a file");
    let name = path.file_name().expect("a name").to_string_lossy();
    assert_eq!(
        parts(&seen),
        [
            "Content-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}".to_owned(),
            "Content-Disposition: form-data; name=\"purpose\"\r\n\r\nx\r\ny".to_owned(),
            "Content-Disposition: form-data; name=\"n\"\r\n\r\n5".to_owned(),
            "Content-Disposition: form-data; name=\"list\"\r\n\r\np".to_owned(),
            "Content-Disposition: form-data; name=\"list\"\r\n\r\nq".to_owned(),
            "Content-Disposition: form-data; name=\"raw\"; filename=\"a%22b%0A.bin\"\r\nContent-Type: image/png\r\nX-Rate: 7\r\n\r\nabc".to_owned(),
            format!("Content-Disposition: form-data; name=\"disk\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\nfrom disk"),
            "Content-Disposition: form-data; name=\"typed\"; filename=\"typed\"\r\nContent-Type: text/csv\r\n\r\n1,2".to_owned(),
        ]
    );
    assert_eq!(
        seen.header("content-length"),
        Some(seen.body.len().to_string().as_str())
    );
}

#[tokio::test]
async fn headers_go_to_the_parts_added_last() {
    let styles = [of("X-Keys", Style::Simple, true, false)];
    let form = Form::new()
        .text("first", &1)
        .header("X-A", &"1")
        .text("list", &vec!["p", "q"])
        .headers(
            &json!({"X-Tags": ["a", "b"], "X-Keys": {"k": 1}, "X-None": null}),
            &styles,
        )
        // Nothing is added, so that there is nothing to put a header on.
        .text("absent", &None::<String>)
        .header("X-B", &"2")
        .file("own", File::bytes("1"))
        .header("content-disposition", &"form-data; name=\"other\"")
        .header("Content-Type", &"a/b");
    let seen = sent(|call| call.multipart(form)).await.expect("a call");
    let list = "Content-Disposition: form-data; name=\"list\"\r\nX-Tags: a,b\r\nX-Keys: k=1";
    assert_eq!(
        parts(&seen),
        [
            "Content-Disposition: form-data; name=\"first\"\r\nX-A: 1\r\n\r\n1".to_owned(),
            format!("{list}\r\n\r\np"),
            format!("{list}\r\n\r\nq"),
            "content-disposition: form-data; name=\"other\"\r\nContent-Type: a/b\r\n\r\n1"
                .to_owned(),
        ]
    );
}

#[tokio::test]
async fn headers_of_a_part_cannot_break_out() {
    for form in [
        Form::new().text("a", &1).header("X", &"1\r\nY: 2"),
        Form::new().file("a", File::bytes("").content_type("a/b\r\nY: 2")),
    ] {
        assert!(matches!(
            sent(|call| call.multipart(form)).await,
            Err(Error::Build(_))
        ));
    }
}

#[tokio::test]
async fn files_and_streams_are_sent_as_they_are_read() {
    let path = std::env::temp_dir().join(format!("body-{}.bin", std::process::id()));
    let content: Vec<u8> = (0..300_000_u32)
        .map(|n| u8::try_from(n % 251).expect("small"))
        .collect();
    std::fs::write(&path, &content).expect("a file");
    let body = Body::path(&path);
    assert!(body.is_replayable());
    let seen = sent(|call| call.bytes("application/octet-stream", body))
        .await
        .expect("a call");
    assert!(seen.body == content);
    assert_eq!(seen.header("content-length"), Some("300000"));
    std::fs::remove_file(&path).expect("a file");
    let error = sent(|call| call.bytes("application/octet-stream", Body::path(&path)))
        .await
        .expect_err("no file");
    assert!(
        matches!(error, Error::Build(_)) && error.to_string().contains("body-"),
        "{error}"
    );

    let chunks = || futures_util::stream::iter(["one ", "", "two"].map(Ok::<_, std::io::Error>));
    let seen = sent(|call| call.bytes("text/plain", Body::stream(chunks())))
        .await
        .expect("a call");
    assert_eq!(
        (seen.text(), seen.header("transfer-encoding")),
        ("one two", Some("chunked"))
    );
    let seen = sent(|call| call.bytes("text/plain", Body::stream(chunks()).with_length(7)))
        .await
        .expect("a call");
    assert_eq!(
        (seen.text(), seen.header("content-length")),
        ("one two", Some("7"))
    );
    let form = Form::new().file("f", File::stream(chunks()).name("s.txt"));
    let seen = sent(|call| call.multipart(form)).await.expect("a call");
    assert!(parts(&seen)[0].ends_with("\r\n\r\none two"));
}

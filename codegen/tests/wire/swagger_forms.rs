//! `formData` of Swagger 2.0: how lists are put together in forms of both kinds.

use fixtures::runtime::File;
use fixtures::swagger_forms::*;

use crate::server::{Answer, Server};

#[tokio::test]
async fn lists_are_put_together_as_the_document_says() {
    let server = Server::answering(vec![Answer::new(200, &[], "")]).await;
    let client = Client::builder().base_url(&server.url).build().unwrap();
    let body = UploadFileRequest::new(File::bytes("1"))
        .tags(["p", "q"])
        .ids(vec![1, 2])
        .words(["x y", "z"])
        .columns(["c", "d"]);
    client.files().upload(body).await.unwrap();
    let seen = server.last();
    let text = seen.text();
    let part = |name: &str, content: &str| {
        let part = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n");
        assert!(text.contains(&part), "{part} is not in {text}");
    };
    part("tags", "p");
    part("tags", "q");
    part("ids", "1,2");
    part("words", "x y|z");
    part("columns", "c\td");
    client
        .logins()
        .create(
            CreateLoginRequest::new("u")
                .scopes(["a", "b"])
                .columns(["c", "d"]),
        )
        .await
        .unwrap();
    assert_eq!(server.last().text(), "user=u&scopes=a%20b&columns=c%09d");
}

//! The style tables end to end: from a document through the emitted method to the bytes on the wire (OAS 3.0.4 and 3.1.1
//! "Style Examples", Swagger 2.0 `collectionFormat`).

use crate::generated::collection_formats::{self, types::ListsFormRequest};
use crate::generated::styles::types::{Color, Nested, NestedInner};
use crate::generated::styles::{self, Client};
use crate::runtime::Error;
use crate::server::{Answer, Server};

const LIST: [&str; 3] = ["blue", "black", "brown"];

fn color() -> Color {
    Color::new(100, 200, 150)
}

async fn service() -> (Server, Client) {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let client = Client::builder().base_url(&server.url).build();
    (server, client.expect("a client"))
}

#[tokio::test]
async fn path_rows() {
    let (server, client) = service().await;
    let path = client.path();
    path.simple("blue", LIST, &color()).await.expect("a call");
    assert_eq!(
        server.last().target,
        "/simple/blue/blue,black,brown/R,100,G,200,B,150"
    );
    path.simple_exploded("blue", LIST, &color())
        .await
        .expect("a call");
    assert_eq!(
        server.last().target,
        "/simple-exploded/blue/blue,black,brown/R=100,G=200,B=150"
    );
    path.label("blue", LIST, &color()).await.expect("a call");
    assert_eq!(
        server.last().target,
        "/label/x.blue/x.blue,black,brown/x.R,100,G,200,B,150"
    );
    path.label_exploded("blue", LIST, &color())
        .await
        .expect("a call");
    assert_eq!(
        server.last().target,
        "/label-exploded/x.blue/x.blue.black.brown/x.R=100.G=200.B=150"
    );
    path.matrix("blue", LIST, &color()).await.expect("a call");
    assert_eq!(
        server.last().target,
        "/matrix/;string=blue/;array=blue,black,brown/;object=R,100,G,200,B,150"
    );
    path.matrix_exploded("blue", LIST, &color())
        .await
        .expect("a call");
    assert_eq!(
        server.last().target,
        "/matrix-exploded/;string=blue/;array=blue;array=black;array=brown/;R=100;G=200;B=150"
    );
}

/// The columns "empty" (3.1.1) and "undefined" (3.0.4) in paths, where nothing may vanish.
#[tokio::test]
async fn empty_path_arguments() {
    let (server, client) = service().await;
    let path = client.path();
    let none: [&str; 0] = [];
    path.matrix("", none, &color()).await.expect("a call");
    assert_eq!(
        server.last().path(),
        "/matrix/;string/;array/;object=R,100,G,200,B,150"
    );
    path.matrix_exploded("", [""], &color())
        .await
        .expect("a call");
    assert_eq!(
        server.last().path(),
        "/matrix-exploded/;string/;array/;R=100;G=200;B=150"
    );
    path.label("", none, &color()).await.expect("a call");
    assert_eq!(server.last().path(), "/label/x./x./x.R,100,G,200,B,150");
    let count = server.count();
    for error in [
        path.simple("", LIST, &color()).await,
        path.simple("a", none, &color()).await,
        path.simple("a", [""], &color()).await,
    ] {
        assert!(matches!(error, Err(Error::Build(_))), "{error:?}");
    }
    assert_eq!(server.count(), count);
}

#[tokio::test]
async fn path_arguments_stay_in_their_segment() {
    let (server, client) = service().await;
    for (argument, expected) in [
        ("a/b", "a%2Fb"),
        ("../..", "..%2F.."),
        ("%2F", "%252F"),
        ("%2e%2e", "%252e%252e"),
        ("?x=1#y", "%3Fx%3D1%23y"),
        ("a:b@c", "a%3Ab%40c"),
        ("größe €", "gr%C3%B6%C3%9Fe%20%E2%82%AC"),
        ("\\", "%5C"),
        ("\u{202e}", "%E2%80%AE"),
    ] {
        let call = client.path().segments(argument, argument);
        call.await.expect("a call");
        assert_eq!(
            server.last().target,
            format!("/segments/{expected}/{expected}.json")
        );
    }
    let count = server.count();
    for argument in [".", "..", ""] {
        let error = client
            .path()
            .segments(argument, "x")
            .await
            .expect_err("refused");
        assert!(matches!(error, Error::Build(_)), "{error}");
    }
    assert_eq!(server.count(), count);
    // Dots beside text of the template are no dot segment.
    client.path().segments("x", ".").await.expect("a call");
    assert_eq!(server.last().path(), "/segments/x/..json");
}

#[tokio::test]
async fn query_rows() {
    let (server, client) = service().await;
    let query = client.query();
    let call = query.query_form_exploded().string("blue").array(LIST);
    call.object(&color()).await.expect("a call");
    assert_eq!(
        server.last().query(),
        "string=blue&array=blue&array=black&array=brown&R=100&G=200&B=150"
    );
    let call = query.query_form().string("blue").array(LIST);
    call.object(&color()).await.expect("a call");
    assert_eq!(
        server.last().query(),
        "string=blue&array=blue,black,brown&object=R,100,G,200,B,150"
    );
    let call = query.query_space().array(LIST).object(&color());
    call.await.expect("a call");
    assert_eq!(
        server.last().query(),
        "array=blue%20black%20brown&object=R%20100%20G%20200%20B%20150"
    );
    let call = query.query_pipe().array(LIST).object(&color());
    call.await.expect("a call");
    assert_eq!(
        server.last().query(),
        "array=blue%7Cblack%7Cbrown&object=R%7C100%7CG%7C200%7CB%7C150"
    );
    let nested = Nested::new()
        .tags(["a b", "c"])
        .inner(NestedInner::new().deep(true));
    let call = query.query_deep().object(&color()).nested(&nested);
    call.await.expect("a call");
    assert_eq!(
        server.last().query(),
        "object%5BR%5D=100&object%5BG%5D=200&object%5BB%5D=150&nested%5Btags%5D%5B0%5D=a%20b&nested%5Btags%5D%5B1%5D=c&nested%5Binner%5D%5Bdeep%5D=true"
    );
}

#[tokio::test]
async fn empty_query_arguments() {
    let (server, client) = service().await;
    let query = client.query();
    let none: [&str; 0] = [];
    query.query_form().await.expect("a call");
    assert_eq!(server.last().target, "/query");
    query
        .query_form()
        .string("")
        .array(none)
        .await
        .expect("a call");
    assert_eq!(server.last().target, "/query?string=");
    query
        .query_form_exploded()
        .string("")
        .array(none)
        .await
        .expect("a call");
    assert_eq!(server.last().target, "/query?string=");
    // A list with an empty text in it is no empty list.
    query.query_form().array([""]).await.expect("a call");
    assert_eq!(server.last().target, "/query?array=");
    query.query_form().array(["", ""]).await.expect("a call");
    assert_eq!(server.last().target, "/query?array=,");
    let call = query.query_special().empty("").empty_list(none);
    call.await.expect("a call");
    assert_eq!(server.last().query(), "empty=&emptyList=");
}

#[tokio::test]
async fn special_query_arguments() {
    let (server, client) = service().await;
    let call = client
        .query()
        .query_special()
        .reserved(":/?@!$()*,; [x]=%2F+&#ü")
        .json(&color())
        .filter_name("a&b=c")
        .größe(7)
        .flag(false);
    call.await.expect("a call");
    assert_eq!(
        server.last().query(),
        "reserved=:/?@!$()*,;%20%5Bx%5D%3D%2F%2B%26%23%C3%BC&json=%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D\
         &filter%5Bname%5D=a%26b%3Dc&gr%C3%B6%C3%9Fe=7&flag=false"
    );
}

#[tokio::test]
async fn header_rows() {
    let (server, client) = service().await;
    let header = client.header();
    let call = header.simple().x_string("blue").x_array(LIST);
    call.x_object(&color())
        .x_json(&color())
        .await
        .expect("a call");
    let seen = server.last();
    assert_eq!(seen.header("x-string"), Some("blue"));
    assert_eq!(seen.header("x-array"), Some("blue,black,brown"));
    assert_eq!(seen.header("x-object"), Some("R,100,G,200,B,150"));
    assert_eq!(seen.header("x-json"), Some(r#"{"R":100,"G":200,"B":150}"#));
    let call = header.exploded().x_string("b/c d").x_array(LIST);
    call.x_object(&color()).await.expect("a call");
    let seen = server.last();
    // Nothing is percent-encoded in a header (appendix D).
    assert_eq!(seen.header("x-string"), Some("b/c d"));
    assert_eq!(seen.header("x-array"), Some("blue,black,brown"));
    assert_eq!(seen.header("x-object"), Some("R=100,G=200,B=150"));
    let none: [&str; 0] = [];
    header
        .simple()
        .x_string("")
        .x_array(none)
        .await
        .expect("a call");
    let seen = server.last();
    assert_eq!(
        (seen.header("x-string"), seen.header("x-array")),
        (Some(""), None)
    );
    let error = header.simple().x_string("a\r\nX-Other: b").await;
    assert!(matches!(error, Err(Error::Build(_))), "{error:?}");
}

#[tokio::test]
async fn cookie_rows() {
    let (server, client) = service().await;
    let cookie = client.cookie();
    let call = cookie.exploded().string("a; b=c").array(LIST);
    call.object(&color()).await.expect("a call");
    assert_eq!(
        server.last().header("cookie"),
        Some("string=a%3B%20b%3Dc; array=blue; array=black; array=brown; R=100; G=200; B=150")
    );
    let call = cookie.joined().string("").array(LIST);
    call.object(&color()).await.expect("a call");
    assert_eq!(
        server.last().header("cookie"),
        Some("string=; array=blue,black,brown; object=R,100,G,200,B,150")
    );
    cookie.joined().await.expect("a call");
    assert_eq!(server.last().header("cookie"), None);
}

async fn lists() -> (Server, collection_formats::Client) {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let client = collection_formats::Client::builder()
        .base_url(&server.url)
        .build();
    (server, client.expect("a client"))
}

#[tokio::test]
async fn collection_formats_of_swagger() {
    let (server, client) = lists().await;
    let lists = client.lists();
    let odd = ["a b", "c,d|e"];
    lists
        .path(odd, ["p", "q"], [1, 2], ["x", "y/z"])
        .await
        .expect("a call");
    assert_eq!(
        server.last().target,
        "/lists/a%20b,c%2Cd%7Ce/p%20q/1%092/x%7Cy%2Fz"
    );
    let pair = ["p", "q&r"];
    lists
        .query()
        .default(pair)
        .csv(pair)
        .ssv(pair)
        .tsv(pair)
        .pipes(pair)
        .multi(pair)
        .nested([vec!["a".to_owned(), "b".to_owned()], vec!["c".to_owned()]])
        .empty("")
        .await
        .expect("a call");
    assert_eq!(
        server.last().query(),
        "default=p,q%26r&csv=p,q%26r&ssv=p%20q%26r&tsv=p%09q%26r&pipes=p%7Cq%26r&multi=p&multi=q%26r\
         &nested=a%7Cb,c&empty="
    );
    let call = lists.header().x_csv(pair).x_ssv(pair).x_tsv(pair);
    call.x_pipes(pair).await.expect("a call");
    let seen = server.last();
    assert_eq!(seen.header("x-csv"), Some("p,q&r"));
    assert_eq!(seen.header("x-ssv"), Some("p q&r"));
    assert_eq!(seen.header("x-tsv"), Some("p\tq&r"));
    assert_eq!(seen.header("x-pipes"), Some("p|q&r"));
    let body = ListsFormRequest::new()
        .csv(pair)
        .ssv(pair)
        .tsv(pair)
        .pipes(pair)
        .multi(pair)
        .text("a b");
    lists.form().body(body).await.expect("a call");
    assert_eq!(
        server.last().text(),
        "csv=p,q%26r&ssv=p%20q%26r&tsv=p%09q%26r&pipes=p%7Cq%26r&multi=p&multi=q%26r&text=a+b"
    );
}

#[test]
fn the_servers_of_both_documents_are_needed_from_the_caller() {
    // Neither names a host: a client without a base URL is not built.
    assert!(styles::Client::builder().build().is_err());
    assert!(collection_formats::Client::builder().build().is_err());
}

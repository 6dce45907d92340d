//! The style table, cell by cell, as the server sees it (OAS 3.0.4 and 3.1.1 "Style Examples", RFC 6570 section 3.2).

use serde_json::json;

use crate::runtime::{Call, Core, Location, Operation, Parameter, Style, Value, execute};
use crate::server::{Answer, Server};
use crate::{core, leak};

use Style::{
    Cookie, DeepObject, Form, Json, Label, Matrix, PipeDelimited, Simple, SpaceDelimited,
    TabDelimited,
};

fn color(location: Location, style: Style, explode: bool) -> Parameter {
    Parameter {
        name: "color",
        location,
        style,
        explode,
        allow_reserved: false,
        allow_empty: false,
        items: None,
        encodings: &[],
    }
}

async fn probe() -> (Server, Core) {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let core = core(&server.url);
    (server, core)
}

/// Sends one argument and returns what of it is on the wire.
async fn wire((server, core): &(Server, Core), parameter: Parameter, value: Value) -> String {
    let path = if parameter.location == Location::Path {
        "/x{color}"
    } else {
        "/x"
    };
    let parameters: &'static [Parameter] = vec![parameter].leak();
    let operation = leak(Operation {
        id: "probe",
        path,
        parameters,
        ..Operation::DEFAULT
    });
    let call = Call::new(core, operation).with(0, &value);
    execute(call)
        .await
        .unwrap_or_else(|e| panic!("{parameter:?} {value}: {e}"));
    let seen = server.last();
    match parameter.location {
        Location::Path => seen.path().trim_start_matches("/x").to_owned(),
        Location::Query | Location::QueryString => seen.query().to_owned(),
        Location::Header => seen.header("color").unwrap_or("(none)").to_owned(),
        Location::Cookie => seen.header("cookie").unwrap_or("(none)").to_owned(),
    }
}

/// Style, explode, and the cells of the columns string, array and object.
type Row = (Style, bool, &'static str, &'static str, &'static str);

async fn check(location: Location, rows: &[Row]) {
    let server = probe().await;
    for &(style, explode, string, array, object) in rows {
        let cells = [
            (json!("blue"), string),
            (json!(["blue", "black", "brown"]), array),
            (json!({"R": 100, "G": 200, "B": 150}), object),
        ];
        for (value, expected) in cells {
            let found = wire(&server, color(location, style, explode), value.clone()).await;
            assert_eq!(
                found, expected,
                "{location:?} {style:?} explode={explode} {value}"
            );
        }
    }
}

#[tokio::test]
async fn path_styles() {
    check(
        Location::Path,
        &[
            (
                Matrix,
                false,
                ";color=blue",
                ";color=blue,black,brown",
                ";color=R,100,G,200,B,150",
            ),
            (
                Matrix,
                true,
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";R=100;G=200;B=150",
            ),
            (
                Label,
                false,
                ".blue",
                ".blue,black,brown",
                ".R,100,G,200,B,150",
            ),
            (
                Label,
                true,
                ".blue",
                ".blue.black.brown",
                ".R=100.G=200.B=150",
            ),
            (
                Simple,
                false,
                "blue",
                "blue,black,brown",
                "R,100,G,200,B,150",
            ),
            (
                Simple,
                true,
                "blue",
                "blue,black,brown",
                "R=100,G=200,B=150",
            ),
            (
                SpaceDelimited,
                false,
                "blue",
                "blue%20black%20brown",
                "R%20100%20G%20200%20B%20150",
            ),
            (
                PipeDelimited,
                false,
                "blue",
                "blue%7Cblack%7Cbrown",
                "R%7C100%7CG%7C200%7CB%7C150",
            ),
            (
                TabDelimited,
                false,
                "blue",
                "blue%09black%09brown",
                "R%09100%09G%09200%09B%09150",
            ),
            (
                Json,
                false,
                "%22blue%22",
                "%5B%22blue%22%2C%22black%22%2C%22brown%22%5D",
                "%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn query_styles() {
    check(
        Location::Query,
        &[
            (
                Form,
                false,
                "color=blue",
                "color=blue,black,brown",
                "color=R,100,G,200,B,150",
            ),
            (
                Form,
                true,
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100&G=200&B=150",
            ),
            (
                SpaceDelimited,
                false,
                "color=blue",
                "color=blue%20black%20brown",
                "color=R%20100%20G%20200%20B%20150",
            ),
            (
                PipeDelimited,
                false,
                "color=blue",
                "color=blue%7Cblack%7Cbrown",
                "color=R%7C100%7CG%7C200%7CB%7C150",
            ),
            (
                TabDelimited,
                false,
                "color=blue",
                "color=blue%09black%09brown",
                "color=R%09100%09G%09200%09B%09150",
            ),
            (
                // Not in the table: as `form` with `explode`.
                SpaceDelimited,
                true,
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100&G=200&B=150",
            ),
            (
                PipeDelimited,
                true,
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100&G=200&B=150",
            ),
            (
                // Not in the table: `deepObject` has no other form.
                DeepObject,
                false,
                "color=blue",
                "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown",
                "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
            ),
            (
                DeepObject,
                true,
                "color=blue",
                "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown",
                "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
            ),
            (
                Json,
                false,
                "color=%22blue%22",
                "color=%5B%22blue%22%2C%22black%22%2C%22brown%22%5D",
                "color=%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn header_styles() {
    check(
        Location::Header,
        &[
            (
                Simple,
                false,
                "blue",
                "blue,black,brown",
                "R,100,G,200,B,150",
            ),
            (
                Simple,
                true,
                "blue",
                "blue,black,brown",
                "R=100,G=200,B=150",
            ),
            (
                Json,
                false,
                "\"blue\"",
                "[\"blue\",\"black\",\"brown\"]",
                "{\"R\":100,\"G\":200,\"B\":150}",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn cookie_styles() {
    check(
        Location::Cookie,
        &[
            (
                Form,
                false,
                "color=blue",
                "color=blue,black,brown",
                "color=R,100,G,200,B,150",
            ),
            // The table's `&` separates nothing in a cookie: OAS 3.1.1 appendix D.
            (
                Form,
                true,
                "color=blue",
                "color=blue; color=black; color=brown",
                "R=100; G=200; B=150",
            ),
            // OAS 3.2.0.
            (
                Cookie,
                false,
                "color=blue",
                "color=blue,black,brown",
                "color=R,100,G,200,B,150",
            ),
            (
                Cookie,
                true,
                "color=blue",
                "color=blue; color=black; color=brown",
                "R=100; G=200; B=150",
            ),
        ],
    )
    .await;
}

/// The column "empty", which is the empty string, then empty lists, empty objects and null (RFC 6570 section 2.3).
#[tokio::test]
async fn empty_values() {
    let server = probe().await;
    let query = |style, explode| color(Location::Query, style, explode);
    let path = |style, explode| color(Location::Path, style, explode);
    let header = color(Location::Header, Simple, false);
    let cells = [
        (path(Matrix, false), json!(""), ";color"),
        (path(Matrix, true), json!(""), ";color"),
        (path(Label, false), json!(""), "."),
        (path(Label, true), json!(""), "."),
        // The column "undefined" of 3.0.4: nothing of a path vanishes.
        (path(Matrix, false), json!(null), ";color"),
        (path(Matrix, true), json!([]), ";color"),
        (path(Matrix, false), json!({}), ";color"),
        (path(Label, false), json!(null), "."),
        (path(Label, true), json!([]), "."),
        (path(Label, true), json!({"a": null}), "."),
        (path(Matrix, true), json!(["", "a"]), ";color;color=a"),
        (query(Form, false), json!(""), "color="),
        (query(Form, true), json!(""), "color="),
        (color(Location::Cookie, Form, true), json!(""), "color="),
        (header, json!(""), ""),
        (header, json!(null), "(none)"),
        (header, json!([]), "(none)"),
        (header, json!({}), "(none)"),
        (header, json!([""]), ""),
        (query(Form, false), json!([]), ""),
        (query(Form, true), json!([]), ""),
        (query(Form, false), json!({}), ""),
        (query(Form, true), json!({}), ""),
        (query(Form, true), json!(null), ""),
        (query(Form, false), json!([null]), ""),
        (query(Form, false), json!([""]), "color="),
        (query(Form, true), json!([""]), "color="),
        (query(Form, false), json!({"a": ""}), "color=a,"),
        (query(Form, true), json!({"a": ""}), "a="),
        (query(SpaceDelimited, false), json!(""), "color="),
        (query(SpaceDelimited, false), json!([]), ""),
        (query(PipeDelimited, false), json!(["", ""]), "color=%7C"),
        (query(PipeDelimited, false), json!({}), ""),
        (query(DeepObject, true), json!({"a": ""}), "color%5Ba%5D="),
        (query(DeepObject, true), json!(null), ""),
        (query(Json, false), json!([]), "color=%5B%5D"),
        (query(Json, false), json!(""), "color=%22%22"),
        (query(DeepObject, true), json!({}), ""),
        (
            query(Form, true),
            json!(["a", null, "b"]),
            "color=a&color=b",
        ),
        (query(Form, false), json!({"a": 1, "b": null}), "color=a,1"),
        (
            query(Form, true),
            json!({"a": 1, "b": null, "c": ["x", "y"]}),
            "a=1&c=x&c=y",
        ),
        (query(Json, false), json!(null), "color=null"),
        (color(Location::Cookie, Form, true), json!(null), "(none)"),
        (color(Location::Cookie, Form, false), json!([]), "(none)"),
        (color(Location::Cookie, Cookie, true), json!(""), "color="),
    ];
    for (parameter, value, expected) in cells {
        assert_eq!(
            wire(&server, parameter, value.clone()).await,
            expected,
            "{parameter:?} {value}"
        );
    }
    for value in [json!(""), json!([]), json!(null)] {
        for explode in [false, true] {
            let parameter = Parameter {
                allow_empty: true,
                ..query(Form, explode)
            };
            assert_eq!(
                wire(&server, parameter, value.clone()).await,
                "color=",
                "{value}"
            );
        }
    }
}

#[tokio::test]
async fn reserved_and_foreign_characters() {
    let server = probe().await;
    let text = "a b+c&d=e/f?g#h%20i,j;k:l@m'n\"ö€";
    let strict = "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%2520i%2Cj%3Bk%3Al%40m%27n%22%C3%B6%E2%82%AC";
    let query = color(Location::Query, Form, true);
    assert_eq!(
        wire(&server, query, json!(text)).await,
        format!("color={strict}")
    );
    assert_eq!(
        wire(&server, color(Location::Path, Simple, false), json!(text)).await,
        strict
    );
    assert_eq!(
        wire(&server, color(Location::Cookie, Form, true), json!(text)).await,
        format!("color={strict}")
    );
    // The style `cookie` of 3.2 encodes nothing; what would be another cookie is refused.
    let cookie = color(Location::Cookie, Cookie, true);
    assert_eq!(
        wire(&server, cookie, json!("a b%20/c")).await,
        "color=a b%20/c"
    );
    for parameter in [
        cookie,
        Parameter {
            allow_reserved: true,
            ..color(Location::Cookie, Form, true)
        },
    ] {
        let operation = leak(Operation {
            id: "probe",
            path: "/x",
            parameters: vec![parameter].leak(),
            ..Operation::DEFAULT
        });
        let call = Call::new(&server.1, operation).with(0, &"a; admin=1");
        let error = execute(call).await.expect_err("another cookie");
        assert!(matches!(error, crate::runtime::Error::Build(_)), "{error}");
    }
    // A comma inside an item is not a comma between items.
    assert_eq!(
        wire(
            &server,
            color(Location::Query, Form, false),
            json!(["a,b", "c"])
        )
        .await,
        "color=a%2Cb,c"
    );
    let allowed = Parameter {
        allow_reserved: true,
        ..query
    };
    // What a query cannot hold or what has a meaning in it is encoded all the same (OAS 3.0.4 appendix C); the quote is by
    // URL parsers.
    assert_eq!(
        wire(&server, allowed, json!(":/?#[]@!$&'()*+,;= %20 50% ü")).await,
        "color=:/?%23%5B%5D@!$%26%27()*%2B,;%3D%20%20%2050%25%20%C3%BC"
    );
    // Unreserved characters are never encoded; names are.
    assert_eq!(
        wire(&server, query, json!("-._~azAZ09")).await,
        "color=-._~azAZ09"
    );
    assert_eq!(
        wire(
            &server,
            Parameter {
                name: "filter[a b]",
                ..query
            },
            json!(1)
        )
        .await,
        "filter%5Ba%20b%5D=1"
    );
    let deep = color(Location::Query, DeepObject, true);
    assert_eq!(
        wire(
            &server,
            deep,
            json!({"a b": {"c": [1, {"d": "x&y"}]}, "e": true})
        )
        .await,
        "color%5Ba%20b%5D%5Bc%5D%5B0%5D=1&color%5Ba%20b%5D%5Bc%5D%5B1%5D%5Bd%5D=x%26y&color%5Be%5D=true"
    );
    // Objects inside of a list have no place in the table: their JSON text.
    assert_eq!(
        wire(&server, query, json!([{"n": 1.5, "t": "x"}])).await,
        "color=%7B%22n%22%3A1.5%2C%22t%22%3A%22x%22%7D"
    );
    assert_eq!(
        wire(
            &server,
            color(Location::Header, Simple, false),
            json!("ü a")
        )
        .await,
        "ü a"
    );
}

/// RFC 6570 section 3.2: the examples that an OAS style can express.
#[tokio::test]
async fn rfc_6570_examples() {
    let server = probe().await;
    let list = json!(["red", "green", "blue"]);
    let keys = json!({"semi": ";", "dot": ".", "comma": ","});
    let named = |name, location, style, explode, allow_reserved| Parameter {
        name,
        location,
        style,
        explode,
        allow_reserved,
        allow_empty: false,
        items: None,
        encodings: &[],
    };
    let path = |style, explode| named("color", Location::Path, style, explode, false);
    let query = |name, explode| named(name, Location::Query, Form, explode, false);
    let cells = [
        // 3.2.2 simple: {var} {hello} {half} {list} {list*} {keys} {keys*}
        (path(Simple, false), json!("value"), "value"),
        (
            path(Simple, false),
            json!("Hello World!"),
            "Hello%20World%21",
        ),
        (path(Simple, false), json!("50%"), "50%25"),
        (path(Simple, false), list.clone(), "red,green,blue"),
        (path(Simple, true), list.clone(), "red,green,blue"),
        (
            path(Simple, false),
            keys.clone(),
            "semi,%3B,dot,.,comma,%2C",
        ),
        (path(Simple, true), keys.clone(), "semi=%3B,dot=.,comma=%2C"),
        // 3.2.3 reserved, by allowReserved in a query: {+hello} {+half} {+path}
        (
            named("v", Location::Query, Form, true, true),
            json!("Hello World!"),
            "v=Hello%20World!",
        ),
        (
            named("v", Location::Query, Form, true, true),
            json!("50%"),
            "v=50%25",
        ),
        (
            named("v", Location::Query, Form, true, true),
            json!("/foo/bar"),
            "v=/foo/bar",
        ),
        (
            named("v", Location::Query, Form, true, true),
            json!("http://example.com/home/"),
            "v=http://example.com/home/",
        ),
        // 3.2.5 label: {.who} {.list} {.list*} {.keys} {.keys*}
        (path(Label, false), json!("fred"), ".fred"),
        (path(Label, false), json!("50%"), ".50%25"),
        (path(Label, false), list.clone(), ".red,green,blue"),
        (path(Label, true), list.clone(), ".red.green.blue"),
        (
            path(Label, false),
            keys.clone(),
            ".semi,%3B,dot,.,comma,%2C",
        ),
        (path(Label, true), keys.clone(), ".semi=%3B.dot=..comma=%2C"),
        // 3.2.7 matrix: {;who} {;half} {;empty} {;list} {;list*} {;keys} {;keys*}
        (path(Matrix, false), json!("fred"), ";color=fred"),
        (path(Matrix, false), json!("50%"), ";color=50%25"),
        (path(Matrix, false), list.clone(), ";color=red,green,blue"),
        (
            path(Matrix, true),
            list.clone(),
            ";color=red;color=green;color=blue",
        ),
        (
            path(Matrix, false),
            keys.clone(),
            ";color=semi,%3B,dot,.,comma,%2C",
        ),
        (
            path(Matrix, true),
            keys.clone(),
            ";semi=%3B;dot=.;comma=%2C",
        ),
        // 3.2.8 and 3.2.9 form: {?who} {?half} {?list} {?list*} {?keys} {?keys*}
        (query("who", true), json!("fred"), "who=fred"),
        (query("half", true), json!("50%"), "half=50%25"),
        (query("list", false), list.clone(), "list=red,green,blue"),
        (query("list", true), list, "list=red&list=green&list=blue"),
        (
            query("keys", false),
            keys.clone(),
            "keys=semi,%3B,dot,.,comma,%2C",
        ),
        (query("keys", true), keys, "semi=%3B&dot=.&comma=%2C"),
    ];
    for (parameter, value, expected) in cells {
        assert_eq!(
            wire(&server, parameter, value.clone()).await,
            expected,
            "{parameter:?} {value}"
        );
    }
}

#[tokio::test]
async fn numbers_keep_their_text() {
    let server = probe().await;
    let query = color(Location::Query, Form, true);
    assert_eq!(
        wire(&server, query, json!(i64::MIN)).await,
        "color=-9223372036854775808"
    );
    assert_eq!(
        wire(&server, query, json!(u64::MAX)).await,
        "color=18446744073709551615"
    );
    assert_eq!(wire(&server, query, json!(true)).await, "color=true");
    assert_eq!(wire(&server, query, json!(1.25)).await, "color=1.25");
}

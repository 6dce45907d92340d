//! No argument changes the path, and the template's own text arrives as written.

use crate::runtime::{Call, Error, Operation, Parameter, execute};
use crate::server::{Answer, Server};
use crate::{client, core, leak};

/// The target on the wire of a template with the parameters `a` and `b`.
async fn target(base: &str, template: &'static str, a: &str, b: &str) -> Result<String, Error> {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let operation = leak(Operation {
        id: "probe",
        path: template,
        parameters: const { &[Parameter::path("a"), Parameter::path("b")] },
        ..Operation::DEFAULT
    });
    let core = core(&format!("{}{base}", server.url));
    execute(Call::new(&core, operation).with(0, &a).with(1, &b)).await?;
    Ok(server.last().target)
}

#[tokio::test]
async fn hostile_arguments_stay_in_their_segment() {
    let hostile = [
        ("/", "%2F"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("..\\..", "..%5C.."),
        ("%2e%2e", "%252e%252e"),
        ("%2F", "%252F"),
        ("x?y=1#z", "x%3Fy%3D1%23z"),
        ("a;b=c", "a%3Bb%3Dc"),
        ("\u{0}\r\n\t", "%00%0D%0A%09"),
        ("...", "..."),
        (".a", ".a"),
        (" ", "%20"),
        ("@", "%40"),
        ("http://evil/", "http%3A%2F%2Fevil%2F"),
        ("é", "%C3%A9"),
    ];
    for (argument, expected) in hostile {
        let found = target("/v1", "/pets/{a}/x", argument, "")
            .await
            .expect("a call");
        assert_eq!(found, format!("/v1/pets/{expected}/x"), "{argument:?}");
    }
}

#[tokio::test]
async fn arguments_that_would_change_the_path_are_refused_by_name() {
    for argument in [".", "..", ""] {
        let error = target("", "/pets/{a}", argument, "")
            .await
            .expect_err(argument);
        assert!(matches!(error, Error::Build(_)), "{error}");
        assert!(
            error.to_string().contains("`a`") && error.to_string().contains("probe"),
            "{error}"
        );
    }
    // Dots that two arguments or the template's own text make together.
    assert!(target("", "/x/{a}{b}/y", ".", ".").await.is_err());
    assert!(target("", "/x/.{a}", ".", "").await.is_err());
    assert_eq!(
        target("", "/x/{a}.{b}", "..", "..")
            .await
            .expect("no dot segment"),
        "/x/....."
    );
    let server = Server::answering(vec![Answer::status(204)]).await;
    let error = client(&server)
        .pets()
        .get("..")
        .await
        .expect_err("a dot segment");
    assert!(matches!(error, Error::Build(_)));
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn an_unset_path_parameter_is_a_local_error() {
    let operation = leak(Operation {
        id: "probe",
        path: "/{a}",
        parameters: const { &[Parameter::path("a")] },
        ..Operation::DEFAULT
    });
    let error = execute(Call::new(&core("http://127.0.0.1:9"), operation))
        .await
        .expect_err("no argument");
    assert_eq!(
        error.to_string(),
        "operation `probe` needs a value for the path parameter `a`"
    );
}

#[tokio::test]
async fn templates_keep_their_own_text() {
    let cases = [
        ("", "/a/{a}.{b}", "/a/x.y"),
        ("", "/a/{a}:cancel", "/a/x:cancel"),
        ("", "/a/{a}{b}", "/a/xy"),
        ("", "/a/({a},{b})", "/a/(x,y)"),
        ("", "/a b/{a}/é", "/a%20b/x/%C3%A9"),
        ("", "/a/{a}?action=list&x=%20", "/a/x?action=list&x=%20"),
        ("", "/a/{a}#fragment", "/a/x"),
        ("", "/a/{a}/?q=1#f", "/a/x/?q=1"),
        ("/v1", "/a/{a}/", "/v1/a/x/"),
        ("/v1/", "/a/{a}", "/v1/a/x"),
        ("/v1?key=1", "/a/{a}?b=2", "/v1/a/x?key=1&b=2"),
        ("/v1", "/a//{a}", "/v1/a//x"),
        ("/a%2Fb/c", "/{a}", "/a%2Fb/c/x"),
        ("/v1", "", "/v1"),
        ("", "/", "/"),
        ("", "/'{a}'/$count", "/'x'/$count"),
    ];
    for (base, template, expected) in cases {
        assert_eq!(
            target(base, template, "x", "y").await.expect(template),
            expected,
            "{base} {template}"
        );
    }
    // A document whose own path a URL parser would resolve is refused, not sent elsewhere.
    assert!(target("", "/a/../{a}", "x", "y").await.is_err());
}

#[tokio::test]
async fn reserved_path_arguments_stay_in_their_segment_too() {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let parameter = Parameter {
        allow_reserved: true,
        ..Parameter::path("a")
    };
    let operation = leak(Operation {
        id: "probe",
        path: "/f/{a}",
        parameters: vec![parameter].leak(),
        ..Operation::DEFAULT
    });
    let call =
        |argument: &str| execute(Call::new(&core(&server.url), operation).with(0, &argument));
    call("a/b%2Fc?d#e").await.expect("a call");
    assert_eq!(server.last().target, "/f/a%2Fb%2Fc%3Fd%23e");
    call("a:b@c;d%20e").await.expect("a call");
    assert_eq!(server.last().target, "/f/a:b@c;d%20e");
    for argument in [".", "..", "%2e%2E", ""] {
        assert!(
            matches!(call(argument).await, Err(Error::Build(_))),
            "{argument}"
        );
    }
}

#[tokio::test]
async fn operations_have_their_own_server_only_beside_the_documented_base() {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let away = Operation {
        id: "probe",
        path: "/x",
        server: Some("https://other.invalid/up"),
        ..Operation::DEFAULT
    };
    execute(Call::new(&core(&server.url), leak(away)))
        .await
        .expect("the chosen base URL");
    assert_eq!(server.last().target, "/x");
    let relative = Operation {
        id: "probe",
        path: "/x",
        server: Some("/v2"),
        ..Operation::DEFAULT
    };
    execute(Call::new(
        &core(&format!("{}/v1", server.url)),
        leak(relative),
    ))
    .await
    .expect("a call");
    assert_eq!(server.last().target, "/v2/x");
}

#[tokio::test]
async fn a_query_that_the_template_spells_out_is_sent_once() {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let operation = leak(Operation {
        id: "probe",
        path: "/xml/?comp=list&fixed=1",
        parameters: const { &[Parameter::query("comp")] },
        ..Operation::DEFAULT
    });
    let core = core(&server.url);
    execute(Call::new(&core, operation).with(0, &"tags"))
        .await
        .expect("a call");
    assert_eq!(server.last().target, "/xml/?fixed=1&comp=tags");
}

//! XML in both directions: the examples of the specification, round trips, loose servers, hostile texts, and the wire.

use serde_json::{Value, json};

use crate::runtime::{
    self, Call, Error, ErrorBody as _, Fault, Method, Operation, execute, xml::Node,
};
use crate::server::{Answer, Server};
use crate::{core, leak, shown};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

// The properties of OAS 3.0.4 (and 3.1.1), XML Object Examples, each in an object called `r`.
runtime::xml! { BASIC: { "animals": string, }(name: "r") }
runtime::xml! { LIST: { "animals": [string(name: "animals")] inline, }(name: "r") }
runtime::xml! { RENAMED: { "animals": string(name: "animal"), }(name: "r") }
runtime::xml! {
    PERSON: {
        "id": number attribute,
        "name": string(namespace: "https://example.com/schema/sample", prefix: "sample"),
    }(name: "Person")
}
runtime::xml! { ITEMS_RENAMED: { "animals": [string(name: "animal")] inline, }(name: "r") }
runtime::xml! { WRAPPED: { "animals": [string(name: "animals")], }(name: "r") }
runtime::xml! { WRAPPED_ITEMS: { "animals": [string(name: "animal")], }(name: "r") }
runtime::xml! { BOTH: { "animals": [string(name: "animal")](name: "aliens"), }(name: "r") }
runtime::xml! { OUTER: { "animals": [string(name: "aliens")](name: "aliens"), }(name: "r") }

// What else there is.
runtime::xml! {
    TREE = {
        "kind": string attribute,
        "flags": [number(name: "flags")] attribute,
        "text": string text,
        "when": word,
        "on": boolean,
        "code": bare,
        "children": [TREE(name: "tree")](name: "Children"),
        "rows": [[number(name: "cell")](name: "row")],
        "counts": { .. number },
        "lists": { .. [number] inline },
        "extra": any,
        "origin": { "x": number, "y": number attribute, } inline,
        .. string
    }
}
runtime::xml! { TREE_ROOT: TREE(name: "tree") }
runtime::xml! { NOTE: { "body": string cdata, }(name: "note", namespace: "urn:n") }
runtime::xml! { LINES: { "lines": [string(name: "line")] inline(required: true), }(name: "r") }
runtime::xml! { NESTED: { "a": string(namespace: "urn:a", prefix: "p"), "b": number attribute(namespace: "urn:a", prefix: "p"), }(name: "r", namespace: "urn:a", prefix: "p") }

fn read(xml: &str, root: &'static Node) -> Result<Value, Fault> {
    runtime::xml::from_str(xml, root)
}

#[track_caller]
fn fault(xml: &str, root: &'static Node) -> String {
    match read(xml, root) {
        Ok(value) => panic!("{xml} reads as {value}"),
        Err(fault) => fault.to_string(),
    }
}

/// The value is written as the text and read from it.
#[track_caller]
fn both(root: &'static Node, value: &Value, xml: &str) {
    let written = runtime::xml::to_string(value, root).expect("XML");
    assert_eq!(written.strip_prefix(HEAD), Some(xml));
    assert_eq!(&read(xml, root).expect("a value"), value, "{xml}");
}

#[test]
fn the_examples_of_the_specification_go_both_ways() {
    let animals = |value: Value| json!({ "animals": value });
    let two = || animals(json!(["a", "b"]));
    both(
        &BASIC,
        &animals(json!("cat")),
        "<r><animals>cat</animals></r>",
    );
    both(
        &LIST,
        &two(),
        "<r><animals>a</animals><animals>b</animals></r>",
    );
    both(
        &RENAMED,
        &animals(json!("cat")),
        "<r><animal>cat</animal></r>",
    );
    both(
        &PERSON,
        &json!({"id": 123, "name": "example"}),
        "<Person id=\"123\"><sample:name xmlns:sample=\"https://example.com/schema/sample\">example</sample:name></Person>",
    );
    both(
        &ITEMS_RENAMED,
        &two(),
        "<r><animal>a</animal><animal>b</animal></r>",
    );
    both(
        &WRAPPED,
        &two(),
        "<r><animals><animals>a</animals><animals>b</animals></animals></r>",
    );
    both(
        &WRAPPED_ITEMS,
        &two(),
        "<r><animals><animal>a</animal><animal>b</animal></animals></r>",
    );
    both(
        &BOTH,
        &two(),
        "<r><aliens><animal>a</animal><animal>b</animal></aliens></r>",
    );
    both(
        &OUTER,
        &two(),
        "<r><aliens><aliens>a</aliens><aliens>b</aliens></aliens></r>",
    );
}

#[test]
fn everything_a_type_can_hold_goes_both_ways() {
    let value = json!({
        "kind": "a \"b\" <c>\n&", "flags": [1, 2], "text": " t & ]]> \r\n é", "when": "2024-01-02", "on": false, "code": "x1",
        "children": [{"kind": "leaf"}, {"code": 7, "children": []}],
        "rows": [[1, 2], [], [3]], "counts": {"a": 1, "b-c": -2.5}, "lists": {"p": [1, 2], "q": [3]},
        "extra": {"k": ["1", "2"], "o": {"p": "q"}},
        "origin": {"x": 1, "y": 2}, "other": "rest",
    });
    both(
        &TREE_ROOT,
        &value,
        "<tree kind=\"a &quot;b&quot; &lt;c&gt;&#10;&amp;\" flags=\"1 2\" y=\"2\"> t &amp; ]]&gt; &#13;\n é\
         <when>2024-01-02</when><on>false</on><code>x1</code><Children><tree kind=\"leaf\"/><tree><code>7</code><Children/></tree></Children>\
         <rows><row><cell>1</cell><cell>2</cell></row><row/><row><cell>3</cell></row></rows>\
         <counts><a>1</a><b-c>-2.5</b-c></counts><lists><p>1</p><p>2</p><q>3</q></lists>\
         <extra><k>1</k><k>2</k><o><p>q</p></o></extra><x>1</x><other>rest</other></tree>",
    );
    both(
        &NOTE,
        &json!({"body": "<b>]]></b>"}),
        "<note xmlns=\"urn:n\"><![CDATA[<b>]]]]><![CDATA[></b>]]></note>",
    );
    both(
        &NESTED,
        &json!({"b": 1, "a": "x"}),
        "<p:r xmlns:p=\"urn:a\" p:b=\"1\"><p:a>x</p:a></p:r>",
    );
    let null = runtime::xml::to_string(&json!({"when": null, "rows": null}), &TREE_ROOT);
    assert_eq!(null.expect("XML"), format!("{HEAD}<tree/>"));
}

#[test]
fn documents_are_read_as_servers_write_them() {
    let cases = [
        // Prefixes, comments, white space, unknown elements and attributes, another root's name.
        (
            "\u{feff}<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><x:T xmlns:x='u' x:kind='k' id='9'>\n <x:on> 1 </x:on>\n <odd/></x:T>\n<!-- end -->",
            &TREE_ROOT,
            json!({"kind": "k", "text": "\n \n ", "on": true, "odd": ""}),
        ),
        (
            "<r><no><animals>x</animals></no><animals>a<b>c</b>d</animals></r>",
            &BASIC,
            json!({"animals": "ad"}),
        ),
        (
            "<r><animals>a &lt;&#65;&#x42;<![CDATA[<&]]>&amp;</animals></r>",
            &BASIC,
            json!({"animals": "a <AB<&&"}),
        ),
        // Empty elements by what they should hold; nil; the last of several.
        (
            "<tree><when/><on> </on><code/><rows/><counts/><extra/></tree>",
            &TREE_ROOT,
            json!({"when": null, "on": null, "code": "", "rows": [], "counts": {}, "extra": ""}),
        ),
        (
            "<r xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><animals xsi:nil='true'/></r>",
            &BASIC,
            json!({"animals": null}),
        ),
        (
            "<r><animals>a</animals><animals>b</animals></r>",
            &BASIC,
            json!({"animals": "b"}),
        ),
        // A list without items, required and not; items in a wrapper whatever they are called.
        ("<r/>", &LINES, json!({"lines": []})),
        ("<r/>", &LIST, json!({})),
        (
            "<r><animals><string>a</string></animals></r>",
            &WRAPPED_ITEMS,
            json!({"animals": ["a"]}),
        ),
        // Numbers of XML Schema.
        (
            "<tree><counts><a>+1</a><b>007</b><c>.5</c><d>-5.</d><e>1e3</e><f>INF</f></counts></tree>",
            &TREE_ROOT,
            json!({"counts": {"a": 1, "b": 7, "c": 0.5, "d": -5, "e": 1e3, "f": "INF"}}),
        ),
        (
            "<!DOCTYPE r SYSTEM 'r.dtd'><r><animals>a</animals></r>",
            &BASIC,
            json!({"animals": "a"}),
        ),
        (
            "<tree><extra a='1'>t<k/></extra></tree>",
            &TREE_ROOT,
            json!({"extra": {"a": "1", "k": "", "$text": "t"}}),
        ),
    ];
    for (xml, root, value) in cases {
        let xml = xml.trim_start_matches('\u{feff}');
        assert_eq!(
            read(xml, root).unwrap_or_else(|f| panic!("{xml}: {f}")),
            value,
            "{xml}"
        );
    }
}

#[test]
fn malformed_and_hostile_documents_are_faults() {
    let deep = format!("<r>{}", "<a>".repeat(200));
    let laughs = "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><r><animals>&b;</animals></r>";
    let crowded = format!(
        "<r{}/>",
        (0..400).fold(String::new(), |all, n| all + &format!(" a{n}=''"))
    );
    for (xml, said) in [
        ("", "no element"),
        ("{\"animals\":1}", "starts with text"),
        ("<html><body/></html>", "HTML"),
        ("<r><animals>", "ends inside of an element"),
        ("<r><animals></r>", "(offset "),
        ("<r></r><r/>", "follows the root element"),
        ("<r a='1' a='2'/>", "(offset "),
        (
            "<r><animals>&other;</animals></r>",
            "`other` is not declared",
        ),
        ("<r><animals>&#0;</animals></r>", "(offset "),
        (laughs, "declares entities"),
        (&deep, "more than 128 levels"),
        (&crowded, "more than 256 attributes"),
    ] {
        let fault = fault(xml, &BASIC);
        assert!(fault.contains(said), "{xml:.60}: {fault}");
    }
    // What is just within the limit neither faults nor exhausts the stack.
    let (open, close) = ("<a>".repeat(120), "</a>".repeat(120));
    let value = read(
        &format!("<tree><extra>{open}x{close}</extra></tree>"),
        &TREE_ROOT,
    );
    let value = value.expect("a value");
    let written = runtime::xml::to_string(&value, &TREE_ROOT).expect("XML");
    assert!(written.contains(&format!("{open}x{close}")), "{written}");
    let tree = format!(
        "{}{}",
        "<tree><Children>".repeat(60),
        "</Children></tree>".repeat(60)
    );
    assert!(read(&tree, &TREE_ROOT).is_ok());
    // What is stepped over is checked all the same.
    assert!(fault("<r><no><a></no></r>", &BASIC).contains("(offset "));
}

#[test]
fn what_xml_cannot_hold_is_a_fault() {
    for (value, said) in [
        (
            json!({"kind": "\u{1}"}),
            "at kind: XML cannot hold the character U+0001",
        ),
        (
            json!({"counts": {"a b": 1}}),
            "at counts[\"a b\"]: `a b` is no name in XML",
        ),
        (json!({"x><y/": "z"}), "is no name in XML"),
    ] {
        let fault = runtime::xml::to_string(&value, &TREE_ROOT).expect_err("no XML");
        assert!(fault.to_string().contains(said), "{fault}");
    }
}

#[test]
fn other_encodings_are_read_where_they_are_said() {
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r><animals>\xe9</animals></r>";
    let value: Value = runtime::xml::from_slice(latin, &BASIC).expect("a value");
    assert_eq!(value, json!({"animals": "é"}));
    let mut wide = vec![0xff, 0xfe];
    wide.extend(
        "<r><animals>é</animals></r>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    let value: Value = runtime::xml::from_slice(&wide, &BASIC).expect("a value");
    assert_eq!(value, json!({"animals": "é"}));
    let other = b"<?xml version='1.0' encoding='Shift_JIS'?><r>\x83\x5c</r>";
    let fault = runtime::xml::from_slice::<Value>(other, &BASIC).expect_err("not read");
    assert!(fault.to_string().contains("Shift_JIS"), "{fault}");
    let broken = runtime::xml::from_slice::<Value>(b"<r>\xff</r>", &BASIC).expect_err("not read");
    assert!(broken.to_string().contains("not UTF-8"), "{broken}");
}

/// As it is emitted: a person, and an error with a body.
pub(crate) struct Person {
    id: i64,
    name: Option<String>,
}
runtime::object! { Person { id!: "id", name?: "name" } }

#[derive(Debug, PartialEq)]
enum PersonError {
    Default(Person),
}

impl runtime::ErrorBody for PersonError {
    fn decode(_: u16, body: &[u8]) -> Result<Self, Fault> {
        Ok(Self::Default(runtime::xml::from_slice(body, &PERSON)?))
    }
}

static PUT: Operation = Operation {
    id: "putPerson",
    method: Method::PUT,
    path: "/person",
    accept: "application/xml",
    ..Operation::DEFAULT
};

#[tokio::test]
async fn bodies_and_replies_travel_as_xml() {
    let reply = "<Person id=\"8\"><sample:name xmlns:sample=\"x\">Ann</sample:name></Person>";
    let server = Server::answering(vec![
        Answer::new(200, &[("content-type", "application/xml")], reply),
        Answer::new(200, &[], ""),
        Answer::new(200, &[], "<Person id=\"x\"/>"),
        Answer::new(418, &[], reply),
    ])
    .await;
    let core = core(&server.url);
    let person = Person {
        id: 7,
        name: Some("A & B".to_owned()),
    };
    let call = || Call::new(&core, &PUT).xml("application/xml", &person, &PERSON);
    let read = |reply| runtime::decode::xml::<Person>(&PUT, reply, &PERSON);
    let back = read(execute(call()).await.expect("a reply")).expect("a person");
    assert_eq!((back.id, back.name.as_deref()), (8, Some("Ann")));
    let seen = server.last();
    assert_eq!(seen.header("content-type"), Some("application/xml"));
    assert_eq!(seen.header("accept"), Some("application/xml"));
    assert_eq!(
        seen.text(),
        format!(
            "{HEAD}<Person id=\"7\"><sample:name xmlns:sample=\"https://example.com/schema/sample\">A &amp; B</sample:name></Person>"
        )
    );
    for said in ["the body is empty, XML was expected", "at id: expected"] {
        let error = read(execute(call()).await.expect("a reply")).expect_err("no person");
        let Error::Decode(decode) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(decode.operation(), "putPerson");
        assert!(shown(&error).contains(said), "{error}");
    }
    let Err(Error::Api(error)) = execute(call()).await else {
        panic!("no error");
    };
    let typed: PersonError = error.typed().expect("a typed error");
    let PersonError::Default(person) = typed;
    assert_eq!(person.id, 8);
    assert!(PersonError::decode(418, b"<Person").is_err());
}

#[tokio::test]
async fn a_body_without_xml_is_not_sent() {
    let server = Server::answering(vec![Answer::status(204)]).await;
    let core = core(&server.url);
    let operation = leak(Operation { ..PUT });
    let call = Call::new(&core, operation).xml("text/xml", &json!({"a b": 1}), &TREE_ROOT);
    let error = execute(call).await.expect_err("nothing to send");
    assert!(matches!(error, Error::Build(_)), "{error:?}");
    assert!(shown(&error).contains("`a b` is no name in XML"), "{error}");
    let call = Call::new(&core, operation).xml("text/xml", &None::<Person>, &PERSON);
    execute(call).await.expect("a reply");
    assert_eq!(server.last().header("content-type"), None);
}

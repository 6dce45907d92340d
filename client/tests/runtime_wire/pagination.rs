//! The five kinds of pagination, and how their loops end.

use crate::runtime::{
    Call, Decoder, Endpoint, Error, Next, Operation, PageFacts, PageRule, Paginated, Parameter,
    Request, Value, decode,
};
use crate::sample::API;
use crate::server::{Answer, Seen, Server};
use crate::{builder, client};
use serde_json::json;

/// The value of a query parameter, as a number or 0.
fn number(seen: &Seen, name: &str) -> usize {
    text(seen, name)
        .and_then(|value| value.parse().ok())
        .unwrap_or(0)
}

fn text(seen: &Seen, name: &str) -> Option<String> {
    url::form_urlencoded::parse(seen.query().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn pets(ids: std::ops::Range<usize>) -> Value {
    ids.map(|id| json!({"id": id, "name": format!("p{id}")}))
        .collect()
}

/// `{count, next, previous, results}` over 7 pets, 3 a page at most; `next` points to another host.
async fn rest_framework() -> Server {
    Server::new(|_, seen| {
        let offset = number(seen, "offset");
        let limit = text(seen, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(3).min(3);
        let end = (offset + limit).min(7);
        let next = (end < 7).then(|| format!("http://evil.invalid/pets?limit={limit}&offset={end}&key=stolen"));
        Answer::json(&json!({"count": 7, "next": next, "previous": null, "results": pets(offset.min(7)..end)}).to_string())
    })
    .await
}

fn targets(server: &Server) -> Vec<String> {
    server.seen().into_iter().map(|seen| seen.target).collect()
}

#[tokio::test]
async fn offsets_advance_by_what_came() {
    let server = rest_framework().await;
    let client = client(&server);
    let mut items = client.pets().list().limit(2).name("a b").items();
    let mut ids = Vec::new();
    while let Some(pet) = items.try_next().await.expect("a pet") {
        ids.push(pet.id);
    }
    assert_eq!(ids, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(
        targets(&server),
        [
            "/pets?limit=2&name=a%20b",
            "/pets?limit=2&offset=2&name=a%20b",
            "/pets?limit=2&offset=4&name=a%20b",
            "/pets?limit=2&offset=6&name=a%20b",
        ]
    );
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("x-api-key") == Some("key-1")),
        "every page has the key"
    );
    // A limit that the server caps, and a start in the middle.
    let pages = client
        .pets()
        .list()
        .limit(100)
        .offset(3)
        .pages()
        .try_collect()
        .await
        .expect("pages");
    assert_eq!(
        pages
            .iter()
            .map(|page| page.results.len())
            .collect::<Vec<_>>(),
        [3, 1]
    );
    // No more is asked for than is polled.
    let before = server.count();
    let mut pages = client.pets().list().pages();
    pages.try_next().await.expect("a page").expect("a page");
    assert_eq!(server.count(), before + 1);
    let few = client
        .pets()
        .list()
        .limit(2)
        .items()
        .max_pages(2)
        .try_collect()
        .await
        .expect("pets");
    assert_eq!(few.len(), 4);
    let all: Vec<_> = futures_util::TryStreamExt::try_collect(client.pets().list().items())
        .await
        .expect("pets");
    assert_eq!(all.len(), 7);
}

#[tokio::test]
async fn a_page_that_is_repeated_ends_the_stream() {
    let page =
        json!({"count": 99, "next": "http://x/?offset=2", "results": pets(0..2)}).to_string();
    let server = Server::new(move |_, _| Answer::json(&page)).await;
    let all = client(&server)
        .pets()
        .list()
        .items()
        .try_collect()
        .await
        .expect("pets");
    assert_eq!((all.len(), server.count()), (2, 2));
    // Pages that differ, but whose link is always the same.
    let server = Server::new(|n, _| {
        Answer::json(
            &json!({"count": 99, "next": "http://x/?offset=2", "results": pets(n..n + 1)})
                .to_string(),
        )
    })
    .await;
    let all = client(&server)
        .pets()
        .list()
        .items()
        .try_collect()
        .await
        .expect("pets");
    assert_eq!((all.len(), server.count()), (2, 2));
}

#[tokio::test]
async fn pages_are_retried_and_errors_end_the_stream() {
    let server = Server::new(|n, _| match n {
        0 => Answer::json(
            &json!({"count": 4, "next": "http://x/?offset=2", "results": pets(0..2)}).to_string(),
        ),
        1 => Answer::new(503, &[("retry-after-ms", "1")], ""),
        2 => Answer::json(
            &json!({"count": 4, "next": "http://x/?offset=3", "results": pets(2..3)}).to_string(),
        ),
        _ => Answer::status(400),
    })
    .await;
    let mut items = client(&server).pets().list().items();
    for id in 0..3 {
        assert_eq!(
            items.try_next().await.expect("a pet").expect("a pet").id,
            id
        );
    }
    assert!(matches!(items.try_next().await, Err(Error::Api(_))));
    assert!(items.try_next().await.expect("the end").is_none());
    assert_eq!(server.count(), 4);
}

/// An endpoint whose pages are any JSON: the facts are read from fields of the names that [`PageFacts`] has.
enum Probe<const RULE: usize> {}

impl<const RULE: usize> Endpoint for Probe<RULE> {
    type Output = Value;
    const DECODE: Decoder<Value> = decode::json;
}

const RULES: [PageRule; 7] = [
    PageRule::Offset {
        offset: 0,
        limit: Some(1),
    },
    PageRule::Page {
        page: 0,
        size: Some(1),
        first: 1,
    },
    PageRule::Cursor { cursor: 0 },
    PageRule::LastItem {
        cursor: 0,
        limit: Some(1),
    },
    PageRule::NextLink,
    PageRule::LinkHeader,
    PageRule::NextHeader { name: "next-page" },
];
const OFFSET: usize = 0;
const PAGE: usize = 1;
const CURSOR: usize = 2;
const LAST_ITEM: usize = 3;
const NEXT_LINK: usize = 4;
const LINK_HEADER: usize = 5;
const NEXT_HEADER: usize = 6;

impl<const RULE: usize> Paginated for Probe<RULE> {
    type Item = Value;
    const RULE: PageRule = RULES[RULE];

    fn items(page: Value) -> Vec<Value> {
        page["items"].as_array().cloned().unwrap_or_default()
    }

    fn facts(page: &Value) -> PageFacts {
        let items = page["items"].as_array().map_or(0, Vec::len);
        let next = match (page.get("cursor"), page.get("next")) {
            (Some(cursor), _) => Next::cursor(cursor.as_str()),
            (None, Some(link)) => Next::link(link.as_str()),
            (None, None) => Next::Unknown,
        };
        PageFacts {
            items,
            total: page["total"].as_u64(),
            pages: page["pages"].as_u64(),
            has_more: page["has_more"].as_bool(),
            next,
            last_item: page["items"]
                .get(items.saturating_sub(1))
                .map(ToString::to_string),
        }
    }
}

static PROBE: Operation = Operation {
    id: "probe",
    path: "/x?fixed=1",
    parameters: &[
        Parameter::query("at"),
        Parameter::query("size"),
        Parameter::query("q"),
    ],
    security: &[&[1], &[]],
    ..Operation::DEFAULT
};

/// Collects the items of the pages, with these arguments, and the value of `at` in every request.
async fn collect<const RULE: usize>(
    arguments: &[(usize, Value)],
    answer: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
) -> (Result<Vec<Value>, Error>, Vec<Option<String>>) {
    let server = Server::new(answer).await;
    let mut settings = crate::runtime::Settings::new(&API);
    settings.base_url(&server.url);
    let mut call = Call::new(&settings.build().expect("a core"), &PROBE);
    for (parameter, value) in arguments {
        call.set(*parameter, value);
    }
    let all = Request::<Probe<RULE>>::new(call)
        .items()
        .try_collect()
        .await;
    (
        all,
        server.seen().iter().map(|seen| text(seen, "at")).collect(),
    )
}

fn page(body: &Value) -> Answer {
    Answer::json(&body.to_string())
}

fn places(texts: &[&str]) -> Vec<Option<String>> {
    texts
        .iter()
        .map(|text| Some((*text).to_owned()).filter(|text| !text.is_empty()))
        .collect()
}

#[tokio::test]
async fn a_short_page_ends_only_where_nothing_else_tells() {
    let sizes = [3, 2, 3, 0];
    let numbered = move |n: usize, with: Value| {
        let mut body = json!({"items": vec![n; sizes[n.min(3)]], "n": n});
        body.as_object_mut()
            .expect("an object")
            .extend(with.as_object().cloned().unwrap_or_default());
        page(&body)
    };
    let three = [(1, json!(3))];
    let (all, at) = collect::<OFFSET>(&three, move |n, _| numbered(n, json!({}))).await;
    assert_eq!((all.expect("items").len(), at), (5, places(&["", "3"])));
    // Without a size nothing tells but an empty page.
    let (all, at) = collect::<OFFSET>(&[], move |n, _| numbered(n, json!({}))).await;
    assert_eq!(
        (all.expect("items").len(), at),
        (8, places(&["", "3", "5", "8"]))
    );
    // A total tells.
    let (all, at) = collect::<OFFSET>(&three, move |n, _| numbered(n, json!({"total": 8}))).await;
    assert_eq!(
        (all.expect("items").len(), at),
        (8, places(&["", "3", "5"]))
    );
    let (all, _) =
        collect::<OFFSET>(&three, move |n, _| numbered(n, json!({"has_more": n < 2}))).await;
    assert_eq!(all.expect("items").len(), 8);
    let (all, _) = collect::<PAGE>(&three, move |n, _| numbered(n, json!({}))).await;
    assert_eq!(all.expect("items").len(), 5);
    let (all, _) = collect::<LAST_ITEM>(&three, move |n, _| numbered(n, json!({}))).await;
    assert_eq!(all.expect("items").len(), 5);
}

#[tokio::test]
async fn page_numbers() {
    let body = |n: usize| json!({"items": [2 * n, 2 * n + 1]});
    let with = move |n: usize, key: &str, value: Value| {
        let mut body = body(n);
        body[key] = value;
        page(&body)
    };
    let (all, at) = collect::<PAGE>(&[], move |n, _| with(n, "pages", json!(3))).await;
    assert_eq!(
        (all.expect("items").len(), at),
        (6, places(&["", "2", "3"]))
    );
    let (all, at) = collect::<PAGE>(&[(0, json!(2))], move |n, _| with(n, "pages", json!(3))).await;
    assert_eq!((all.expect("items").len(), at), (4, places(&["2", "3"])));
    let (all, at) = collect::<PAGE>(&[], move |n, _| with(n, "total", json!(5))).await;
    assert_eq!(
        (all.expect("items").len(), at),
        (6, places(&["", "2", "3"]))
    );
    // From the third page of a total of 8, at 2 a page: pages 3 and 4.
    let (all, at) = collect::<PAGE>(&[(0, json!(3)), (1, json!(2))], move |n, _| {
        with(n, "total", json!(8))
    })
    .await;
    assert_eq!((all.expect("items").len(), at), (4, places(&["3", "4"])));
    let (all, _) = collect::<PAGE>(&[], move |n, _| {
        with(n, "next", json!((n < 1).then(|| format!("/?at={n}"))))
    })
    .await;
    assert_eq!(all.expect("items").len(), 4);
    let (all, at) = collect::<PAGE>(&[], move |n, _| {
        if n < 2 {
            page(&body(n))
        } else {
            page(&json!({"items": []}))
        }
    })
    .await;
    assert_eq!(
        (all.expect("items").len(), at),
        (4, places(&["", "2", "3"]))
    );
}

#[tokio::test]
async fn cursors() {
    let (all, at) = collect::<CURSOR>(&[(1, json!(1))], |n, _| {
        page(&json!({"items": [n], "cursor": (n < 2).then(|| format!("c {n}"))}))
    })
    .await;
    assert_eq!(
        (all.expect("items").len(), at),
        (3, places(&["", "c 0", "c 1"]))
    );
    for end in [
        json!({"cursor": ""}),
        json!({}),
        json!({"cursor": "c", "has_more": false}),
    ] {
        let (all, _) = collect::<CURSOR>(&[], move |_, _| {
            let mut body = json!({"items": [1]});
            body.as_object_mut()
                .expect("an object")
                .extend(end.as_object().cloned().unwrap_or_default());
            page(&body)
        })
        .await;
        assert_eq!(all.expect("items").len(), 1);
    }
    // A cursor that was followed already, directly and over a detour.
    let (all, at) = collect::<CURSOR>(&[], |n, _| {
        page(&json!({"items": [n], "cursor": (["a", "b"][n % 2])}))
    })
    .await;
    assert_eq!(
        (all.expect("items").len(), at),
        (3, places(&["", "a", "b"]))
    );
    // An empty page with a cursor is not the last one, a hundred of them are a loop.
    let (all, _) = collect::<CURSOR>(&[], |n, _| {
        let items = if n == 1 { json!([]) } else { json!([n]) };
        page(&json!({"items": items, "cursor": (n < 2).then(|| n.to_string())}))
    })
    .await;
    assert_eq!(all.expect("items").len(), 2);
    let (all, at) = collect::<CURSOR>(&[], |n, _| {
        page(&json!({"items": [], "cursor": n.to_string()}))
    })
    .await;
    assert!(
        all.expect_err("a loop")
            .to_string()
            .contains("100 empty pages")
    );
    assert_eq!(at.len(), 100);
}

#[tokio::test]
async fn the_id_of_the_last_item() {
    let (all, at) = collect::<LAST_ITEM>(&[], |n, _| {
        page(&json!({"items": [n * 10, n * 10 + 1], "has_more": n < 2}))
    })
    .await;
    assert_eq!(
        (all.expect("items").len(), at),
        (6, places(&["", "1", "11"]))
    );
    let (all, _) =
        collect::<LAST_ITEM>(&[], |_, _| page(&json!({"items": [], "has_more": true}))).await;
    assert_eq!(all.expect("items").len(), 0);
    let (all, at) = collect::<LAST_ITEM>(&[], |n, _| {
        page(&json!({"items": [5], "has_more": true, "n": n}))
    })
    .await;
    assert_eq!((all.expect("items").len(), at.len()), (2, 2));
}

#[tokio::test]
async fn only_the_query_of_a_link_is_followed() {
    let server = Server::new(|n, seen| {
        // Our own key goes to every page, whatever the link says of keys.
        assert_eq!(text(seen, "key").as_deref(), Some("mine"));
        assert_eq!(seen.query().matches("key=").count(), 1);
        assert_eq!(seen.query().matches("fixed=").count(), 1);
        let next = (n < 2)
            .then(|| format!("https://evil.invalid/steal?at=x%26{n}&key=stolen&fixed=2&new=a+b#f"));
        page(&json!({"items": [n], "next": next}))
    })
    .await;
    let mut settings = crate::runtime::Settings::new(&API);
    settings.base_url(&server.url);
    settings.credential(1, crate::runtime::Credential::ApiKey("mine".into()));
    let mut call = Call::new(&settings.build().expect("a core"), &PROBE);
    call.set(0, &"first");
    call.set(2, &"mine too");
    let all = Request::<Probe<NEXT_LINK>>::new(call)
        .items()
        .try_collect()
        .await
        .expect("items");
    assert_eq!(all.len(), 3);
    assert_eq!(
        targets(&server),
        [
            "/x?fixed=1&at=first&q=mine%20too&key=mine",
            "/x?fixed=1&q=mine%20too&at=x%260&new=a%20b&key=mine",
            "/x?fixed=1&q=mine%20too&at=x%261&new=a%20b&key=mine",
        ]
    );
}

#[tokio::test]
async fn links_end_and_do_not_loop() {
    let (all, _) =
        collect::<NEXT_LINK>(&[], |n, _| page(&json!({"items": [n], "next": "?at=1"}))).await;
    assert_eq!(all.expect("items").len(), 2);
    let (all, _) = collect::<NEXT_LINK>(&[], |_, _| page(&json!({"items": [1]}))).await;
    assert_eq!(all.expect("items").len(), 1);
    // A link without a query cannot be followed, and the items behind it are not lost in silence.
    let (all, at) = collect::<NEXT_LINK>(&[], |_, _| {
        page(&json!({"items": [1], "next": "http://x/page/2"}))
    })
    .await;
    assert!(
        all.expect_err("no query")
            .to_string()
            .contains("only the query of a link is followed")
    );
    assert_eq!(at.len(), 1);
    let linked = |n: usize, name: &str, value: String| {
        let body = json!({"items": [n]}).to_string();
        if n < 2 {
            Answer::new(200, &[(name, &value)], body)
        } else {
            Answer::new(200, &[(name, "<?at=0>; rel=prev")], body)
        }
    };
    let (all, at) = collect::<LINK_HEADER>(&[], move |n, _| {
        linked(n, "link", format!("<https://x/?at=9>; rel=\"last\", <https://x/?at={n},1>; title=\"a\"; rel=\"other NEXT\""))
    })
    .await;
    assert_eq!(
        (all.expect("items").len(), at),
        (3, places(&["", "0,1", "1,1"]))
    );
    let (all, at) = collect::<NEXT_HEADER>(&[], |n, _| {
        let body = json!({"items": [n]}).to_string();
        if n < 1 {
            Answer::new(200, &[("Next-Page", "https://x/?at=t")], body)
        } else {
            Answer::json(&body)
        }
    })
    .await;
    assert_eq!((all.expect("items").len(), at), (2, places(&["", "t"])));
    // Equal pages with different links are no repetition.
    let (all, _) = collect::<LINK_HEADER>(&[], |n, _| {
        let body = json!({"items": [0]}).to_string();
        if n < 2 {
            Answer::new(200, &[("link", &format!("<?at={n}>; rel=next"))], body)
        } else {
            Answer::json(&body)
        }
    })
    .await;
    assert_eq!(all.expect("items").len(), 3);
}

#[tokio::test]
async fn a_page_that_is_not_as_documented_ends_the_stream() {
    let server = Server::answering(vec![Answer::json("[]")]).await;
    let client = builder(&server).build().expect("a client");
    let mut pages = client.pets().list().pages();
    assert!(matches!(pages.try_next().await, Err(Error::Decode(_))));
    assert!(pages.try_next().await.expect("the end").is_none());
}

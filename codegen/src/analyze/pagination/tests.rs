//! Pages in miniature: a request's parameters and a response's fields, and the rule that fits both.

use serde_json::json;

use super::*;
use crate::ir::{
    Case, Constraints, Doc, Field, Form, IntegerKind, Location, Object, Origin, Parameter, Shape,
    StatusPattern, Style, TextFormat, Type, Usage,
};

/// Builds a type from a sketch: `"int"`, `"uri?"` (nullable), `[item]`, `{"name": …, "optional?": …}`.
fn sketch(types: &mut Types, value: &Value) -> TypeRef {
    let mut nullable = false;
    let shape = match value {
        Value::String(text) => {
            nullable = text.ends_with('?');
            match text.trim_end_matches('?') {
                "int" => Shape::Integer(IntegerKind::I64),
                "bool" => Shape::Bool,
                "uri" => Shape::Text(TextFormat::Uri),
                _ => Shape::String,
            }
        }
        Value::Array(items) => Shape::Array(sketch(types, &items[0])),
        Value::Object(fields) => Shape::Object(Object {
            open: false,
            fields: fields
                .iter()
                .map(|(name, value)| Field {
                    wire: name.trim_end_matches('?').to_owned(),
                    ty: sketch(types, value),
                    required: !name.ends_with('?'),
                    maybe: false,
                    read_only: false,
                    write_only: false,
                    doc: Doc::default(),
                    constraints: Constraints::default(),
                })
                .collect(),
            additional: None,
        }),
        _ => Shape::Any,
    };
    let id = types.push(Type {
        shape,
        doc: Doc::default(),
        origin: Origin::Inline(Vec::new()),
        pointer: Pointer::default(),
        usage: Usage::default(),
        form: Form::default(),
        constraints: Constraints::default(),
        xml: None,
    });
    TypeRef {
        id,
        nullable,
        boxed: false,
    }
}

fn parameter(wire: &str, location: Location, ty: TypeRef) -> Parameter {
    Parameter {
        wire: wire.to_owned(),
        location,
        style: Style::Form,
        explode: true,
        allow_reserved: false,
        allow_empty: false,
        items: None,
        required: false,
        ty,
        doc: Doc::default(),
        constraints: Constraints::default(),
        encodings: Vec::new(),
    }
}

/// `GET /v1/sessions` with these query parameters (`name:kind`) and this page.
fn api(parameters: &[&str], page: &Value) -> Api {
    let mut api = Api::default();
    let parameters = parameters
        .iter()
        .map(|text| {
            let (name, kind) = text.rsplit_once(':').unwrap();
            parameter(name, Location::Query, sketch(&mut api.types, &json!(kind)))
        })
        .collect();
    let page = sketch(&mut api.types, page);
    api.operations.push(Operation {
        id: "list".to_owned(),
        has_id: true,
        method: "GET".to_owned(),
        path: "/v1/sessions".to_owned(),
        doc: Doc::default(),
        tags: Vec::new(),
        name: None,
        parameters,
        body: None,
        successes: vec![Case {
            status: StatusPattern::Exact(200),
            description: String::new(),
            media: Some("application/json".to_owned()),
            payload: Payload::Json(page),
            also: Vec::new(),
            headers: Vec::new(),
        }],
        errors: Vec::new(),
        security: Vec::new(),
        servers: Vec::new(),
        is_stream: false,
        pagination: None,
        pointer: Pointer::default(),
    });
    api
}

/// A path as the document spells it.
fn spelled(types: &Types, path: &FieldPath) -> String {
    let names: Vec<&str> = path
        .0
        .iter()
        .map(|(id, index)| match &types[*id].shape {
            Shape::Object(object) => object.fields[*index].wire.as_str(),
            _ => "?",
        })
        .collect();
    names.join(".")
}

/// The rule with its parameters' names, and the paths that it reads: `offset(offset,limit) items=results next=next`.
fn show(api: &Api) -> String {
    let operation = &api.operations[0];
    let Some(pagination) = &operation.pagination else {
        return "none".to_owned();
    };
    let name = |index: usize| operation.parameters[index].wire.as_str();
    let maybe = |index: Option<usize>| index.map_or("-", name);
    let header = pagination.header.as_deref().unwrap_or("?");
    let mut text = match pagination.rule {
        Rule::Offset { offset, limit } => format!("offset({},{})", name(offset), maybe(limit)),
        Rule::Page { page, size, first } => format!("page({},{},{first})", name(page), maybe(size)),
        Rule::Cursor { cursor } => format!("cursor({})", name(cursor)),
        Rule::LastItem { cursor } => format!("last_item({})", name(cursor)),
        Rule::NextLink => "next_link".to_owned(),
        Rule::LinkHeader => "link_header".to_owned(),
        Rule::NextHeader => format!("next_header({header})"),
        Rule::CursorHeader { cursor } => format!("cursor_header({header},{})", name(cursor)),
    };
    let paths = [
        ("items", Some(&pagination.items)),
        ("next", pagination.next.as_ref()),
        ("total", pagination.total.as_ref()),
        ("more", pagination.more.as_ref()),
        ("last", pagination.last.as_ref()),
        ("id", pagination.item_id.as_ref()),
    ];
    for (what, path) in paths {
        if let Some(path) = path {
            text = format!("{text} {what}={}", spelled(&api.types, path));
        }
    }
    text
}

fn inferred(parameters: &[&str], page: &Value) -> String {
    let mut api = api(parameters, page);
    assert_eq!(infer(&mut api, &BTreeMap::new()), []);
    show(&api)
}

#[test]
#[rustfmt::skip] // a case a line
fn each_kind_is_found() {
    let item = json!({"id": "string", "name": "string"});
    for (parameters, page, expected) in [
        // Django REST framework
        (&["limit:int", "offset:int"][..], json!({"count": "int", "next?": "uri?", "previous?": "uri?", "results": [item]}), "offset(offset,limit) items=results next=next total=count"),
        // the same from a generator that says no format: `page` would run into a 404
        (&["page:int"], json!({"count": "int", "next?": "string?", "previous?": "string?", "results": [item]}), "next_link items=results next=next total=count"),
        // Django REST framework, by page and by cursor
        (&["page:int", "page_size:int"], json!({"count": "int", "next?": "uri?", "previous?": "uri?", "results": [item]}), "next_link items=results next=next total=count"),
        (&["cursor:string"], json!({"next?": "uri?", "previous?": "uri?", "results": [item]}), "next_link items=results next=next"),
        // Laravel and NestJS
        (&["page:int", "perPage:int"], json!({"data": [item], "meta": {"total": "int", "lastPage": "int", "currentPage": "int", "perPage": "int", "prev": "int?", "next": "int?"}}), "page(page,perPage,1) items=data next=meta.next total=meta.total last=meta.lastPage"),
        // Stripe
        (&["ending_before:string", "limit:int", "starting_after:string"], json!({"data": [item], "has_more": "bool", "object": "string", "url": "string"}), "last_item(starting_after) items=data more=has_more id=id"),
        // OpenAI
        (&["after:string", "limit:int"], json!({"data": [item], "first_id": "string", "last_id": "string", "has_more": "bool"}), "cursor(after) items=data next=last_id more=has_more"),
        // Slack
        (&["cursor:string", "limit:int"], json!({"ok": "bool", "members": [item], "response_metadata?": {"next_cursor": "string"}}), "cursor(cursor) items=members next=response_metadata.next_cursor"),
        // Google
        (&["pageSize:int", "pageToken:string"], json!({"sessions?": [item], "nextPageToken?": "string"}), "cursor(pageToken) items=sessions next=nextPageToken"),
        // Kubernetes
        (&["limit:int", "continue:string"], json!({"items": [item], "kind?": "string", "metadata?": {"continue?": "string", "remainingItemCount?": "int"}}), "cursor(continue) items=items next=metadata.continue"),
        // Hubspot
        (&["after:string", "limit:int"], json!({"results": [item], "paging?": {"next?": {"after": "string", "link?": "string"}}}), "cursor(after) items=results next=paging.next.after"),
        // Box, both ways: the pages speak of the offset
        (&["offset:int", "limit:int", "usemarker:bool", "marker:string"], json!({"entries?": [item], "limit?": "int", "offset?": "int", "next_marker?": "string?", "total_count?": "int"}), "offset(offset,limit) items=entries total=total_count"),
        // Jira: an optional link is no sign of the end
        (&["startAt:int", "maxResults:int"], json!({"values?": [item], "total?": "int", "nextPage?": "uri", "isLast?": "bool"}), "offset(startAt,maxResults) items=values total=total"),
        // Asana: an offset that is a text is a cursor
        (&["offset:string", "limit:int"], json!({"data": [item], "next_page?": {"offset": "string", "path": "string", "uri": "uri"}}), "cursor(offset) items=data next=next_page.offset"),
        // Twilio
        (&["PageSize:int", "Page:int", "PageToken:string"], json!({"sessions": [item], "page": "int", "next_page_uri?": "uri?"}), "next_link items=sessions next=next_page_uri"),
        // OData
        (&["$top:int", "$skip:int"], json!({"value": [item], "@odata.nextLink?": "string"}), "offset($skip,$top) items=value"),
        // HAL
        (&["page:int"], json!({"_embedded": {"sessions": [item]}, "_links": {"next?": {"href": "string"}}}), "next_link items=_embedded.sessions next=_links.next.href"),
        // JSON:API
        (&["page[number]:int", "page[size]:int"], json!({"data": [item], "links": {"next": "uri?"}}), "next_link items=data next=links.next"),
        // Bitbucket: nothing but the link tells the end
        (&["page:int"], json!({"values": [item], "page?": "int", "next?": "uri"}), "next_link items=values next=next"),
        // Spring
        (&["page:int", "size:int"], json!({"content": [item], "totalPages": "int", "totalElements": "int"}), "page(page,size,1) items=content total=totalElements last=totalPages"),
        // Bare arrays
        (&["limit:int", "offset:int"], json!([item]), "offset(offset,limit) items="),
        (&["per_page:int", "page:int"], json!([item]), "page(page,per_page,1) items="),
        // An envelope
        (&["page:int", "limit:int"], json!({"status": "string", "data": {"sessions": [item], "tags": ["string"], "total": "int"}}), "page(page,limit,1) items=data.sessions total=data.total"),
    ] {
        assert_eq!(
            inferred(parameters, &page),
            expected,
            "{parameters:?} {page}"
        );
    }
}

#[test]
fn nothing_is_found_where_request_and_response_do_not_agree() {
    let item = json!({"id": "string"});
    for (parameters, page) in [
        // Nothing leads on.
        (&["limit:int"][..], json!({"data": [item], "total": "int"})),
        (&["status:string"], json!([item])),
        // The page speaks of a cursor that no parameter takes.
        (
            &["limit:int"],
            json!({"data": [item], "next_cursor": "string?"}),
        ),
        // A number is no cursor, and a bare `next` of unknown kind is no URL.
        (&["limit:int"], json!({"data": [item], "next": "string?"})),
        (&["limit:int"], json!({"data": [item], "next": "int?"})),
        // `after` may be a time: without `has_more` nothing says that it takes an id.
        (&["after:string", "limit:int"], json!([item])),
        // A thing, with a list of words.
        (
            &["page:int"],
            json!({"name": "string", "labels": ["string"]}),
        ),
        // Two lists of which neither is the items.
        (&["page:int"], json!({"cats": [item], "dogs": [item]})),
        // A position, not a number of items.
        (&["from:int", "to:int"], json!([item])),
    ] {
        assert_eq!(inferred(parameters, &page), "none", "{parameters:?} {page}");
    }
}

#[test]
fn only_query_parameters_of_reads_count() {
    let page = json!([{"id": "string"}]);
    let mut posted = api(&["page:int"], &page);
    posted.operations[0].method = "POST".to_owned();
    infer(&mut posted, &BTreeMap::new());
    assert_eq!(show(&posted), "none");
    let mut header = api(&["page:int"], &page);
    header.operations[0].parameters[0].location = Location::Header;
    infer(&mut header, &BTreeMap::new());
    assert_eq!(show(&header), "none");
    let mut deprecated = api(&["page:int"], &page);
    deprecated.operations[0].parameters[0].doc.deprecated = true;
    infer(&mut deprecated, &BTreeMap::new());
    assert_eq!(show(&deprecated), "none");
}

#[test]
fn a_documented_link_header_comes_first() {
    let mut api = api(&["per_page:int", "page:int"], &json!([{"id": "int"}]));
    let text = sketch(&mut api.types, &json!("string"));
    api.operations[0].successes[0]
        .headers
        .push(parameter("Link", Location::Header, text));
    infer(&mut api, &BTreeMap::new());
    assert_eq!(show(&api), "link_header items=");
}

#[test]
fn a_documented_header_leads_on() {
    for (parameters, header, kind, said, expected) in [
        // Kinto
        (
            &["_limit:int", "_token:string"][..],
            "Next-Page",
            "uri",
            "",
            "next_header(Next-Page) items=",
        ),
        (
            &["_limit:int"],
            "Next-Page",
            "string",
            "The URL of the next page.",
            "next_header(Next-Page) items=",
        ),
        (
            &["limit:int"],
            "X-Next",
            "string",
            "",
            "next_header(X-Next) items=",
        ),
        // GitLab
        (
            &["page:int", "per_page:int"],
            "X-Next-Page",
            "int",
            "",
            "cursor_header(X-Next-Page,page) items=",
        ),
        (
            &["page:int", "per_page:int"],
            "X-Next-Page",
            "string",
            "",
            "cursor_header(X-Next-Page,page) items=",
        ),
        (
            &["cursor:string"],
            "X-Next-Cursor",
            "string",
            "",
            "cursor_header(X-Next-Cursor,cursor) items=",
        ),
        (
            &["continuationToken:string", "top:int"],
            "x-ms-continuation-token",
            "string",
            "",
            "cursor_header(x-ms-continuation-token,continuationToken) items=",
        ),
        (
            &["offset:int", "limit:int"],
            "X-Next-Offset",
            "int",
            "",
            "cursor_header(X-Next-Offset,offset) items=",
        ),
        // Nothing takes it, or it is no page.
        (&["q:string"], "X-Next-Cursor", "string", "", "none"),
        (&["q:string"], "Next-Page", "uri", "", "none"),
        (&["limit:int"], "X-Next-Run", "string", "", "none"),
    ] {
        let mut api = api(parameters, &json!([{"id": "int"}]));
        let ty = sketch(&mut api.types, &json!(kind));
        let mut documented = parameter(header, Location::Header, ty);
        documented.doc.description = Some(said.to_owned());
        api.operations[0].successes[0].headers.push(documented);
        infer(&mut api, &BTreeMap::new());
        assert_eq!(show(&api), expected, "{parameters:?} {header} {kind}");
    }
}

#[test]
fn an_override_may_name_a_header_that_is_not_documented() {
    let with = |asked: Value| {
        let mut api = api(&["_token:string", "_limit:int"], &json!([{"id": "int"}]));
        let issues = infer(&mut api, &BTreeMap::from([("list".to_owned(), asked)]));
        let messages: Vec<String> = issues.into_iter().map(|issue| issue.message).collect();
        (show(&api), messages.join(" "))
    };
    assert_eq!(
        with(json!({"rule": "next-header", "header": "Next-Page"})).0,
        "next_header(Next-Page) items="
    );
    assert_eq!(
        with(json!({"rule": "cursor-header", "header": "X-Token", "cursor": "_token"})).0,
        "cursor_header(X-Token,_token) items="
    );
    for asked in [
        json!({"rule": "next-header"}),
        json!({"rule": "next-header", "header": "a\r\nb"}),
    ] {
        let (shown, message) = with(asked);
        assert_eq!(shown, "none");
        assert!(message.contains("`header`"), "{message}");
    }
}

#[test]
fn the_first_page_is_what_the_document_says() {
    let first = |change: fn(&mut Parameter)| {
        let mut api = api(&["page:int"], &json!([{"id": "int"}]));
        change(&mut api.operations[0].parameters[0]);
        infer(&mut api, &BTreeMap::new());
        show(&api)
    };
    assert_eq!(first(|_| {}), "page(page,-,1) items=");
    assert_eq!(
        first(|parameter| parameter.doc.default = Some(json!(0))),
        "page(page,-,0) items="
    );
    assert_eq!(
        first(|parameter| parameter.constraints.minimum = Some(0.into())),
        "page(page,-,0) items="
    );
    assert_eq!(
        first(|parameter| parameter.doc.description = Some("Zero-based page.".to_owned())),
        "page(page,-,0) items="
    );
    assert_eq!(
        first(|parameter| parameter.wire = "pageIndex".to_owned()),
        "page(pageIndex,-,0) items="
    );
}

#[test]
fn an_offset_from_one_is_a_position() {
    let mut api = api(
        &["startIndex:int", "start:int", "count:int"],
        &json!({"Resources": [{"id": "string"}], "totalResults": "int"}),
    );
    api.operations[0].parameters[1].constraints.minimum = Some(1.into());
    infer(&mut api, &BTreeMap::new());
    assert_eq!(show(&api), "none");
}

#[test]
fn the_reason_speaks_to_users() {
    let mut api = api(
        &["limit:int", "offset:int"],
        &json!({"count": "int", "next": "uri?", "results": [{"id": "int"}]}),
    );
    infer(&mut api, &BTreeMap::new());
    let reason = api.operations[0]
        .pagination
        .as_ref()
        .map(|pagination| pagination.reason.as_str());
    assert_eq!(
        reason,
        Some("`offset` advances by the number of items in `results`; ends when `next` is null")
    );
}

#[test]
fn an_override_is_taken_or_explained() {
    let page = json!({"things": [{"key": "string"}], "state": {"position": "string?"}});
    let with = |asked: Value| {
        let mut api = api(&["position:string", "page:int"], &page);
        let issues = infer(&mut api, &BTreeMap::from([("list".to_owned(), asked)]));
        (
            show(&api),
            issues
                .into_iter()
                .map(|issue| issue.message)
                .collect::<Vec<_>>()
                .join("; "),
        )
    };
    assert_eq!(with(json!(false)), ("none".to_owned(), String::new()));
    let asked = json!({"rule": "cursor", "cursor": "position", "items": "/things", "next": "/state/position"});
    assert_eq!(
        with(asked),
        (
            "cursor(position) items=things next=state.position".to_owned(),
            String::new()
        )
    );
    let asked = json!({"rule": "last-item", "cursor": "position", "id": "/key"});
    assert_eq!(
        with(asked),
        (
            "last_item(position) items=things id=key".to_owned(),
            String::new()
        )
    );
    let asked = json!({"rule": "page", "first": 0});
    assert_eq!(
        with(asked),
        ("page(page,-,0) items=things".to_owned(), String::new())
    );
    for (asked, part) in [
        (json!(true), "must be `false` or an object"),
        (json!({"rule": "guess"}), "must be one of offset"),
        (
            json!({"rule": "cursor", "cursor": "place"}),
            "the parameter `place`",
        ),
        (json!({"rule": "cursor", "cursor": "position"}), "`next` of"),
        (
            json!({"rule": "next-link", "next": "/nowhere"}),
            "`/nowhere`, which is no property",
        ),
        (
            json!({"rule": "page", "items": "/state"}),
            "the array of items",
        ),
        (json!({"rule": "page", "pages": 1}), "knows no `pages`"),
        (json!({"rule": "page", "first": -1}), "not negative"),
    ] {
        let (shown, message) = with(asked.clone());
        assert_eq!(shown, "none", "{asked}");
        assert!(message.contains(part), "{asked}: {message}");
    }
}

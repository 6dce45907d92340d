//! Which rule each kind of page gets, in every version of the specification, and by an overlay instead.

use callwright_codegen::Config;
use callwright_codegen::source::{Input, Limits, LoadError};

/// Path, parameters, a header of the response, the properties of the page, the rule.
type Kind = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    &'static str,
);

const KINDS: [Kind; 8] = [
    (
        "offsets",
        &[("limit", "integer"), ("offset", "integer")],
        "",
        r#""total": {"type": "integer"}, "#,
        "offset(offset, limit)",
    ),
    (
        "numbers",
        &[("page", "integer"), ("per_page", "integer")],
        "",
        r#""total_pages": {"type": "integer"}, "#,
        "page(page, per_page) from 1",
    ),
    (
        "cursors",
        &[("cursor", "string")],
        "",
        r#""next_cursor": {"type": "string"}, "#,
        "cursor(cursor)",
    ),
    (
        "links",
        &[("page", "integer")],
        "",
        r#""next": {"type": "string", "format": "uri"}, "#,
        "next_link",
    ),
    (
        "link_headers",
        &[("page", "integer")],
        "Link",
        "",
        "link_header",
    ),
    (
        "last_items",
        &[("starting_after", "string"), ("limit", "integer")],
        "",
        r#""has_more": {"type": "boolean"}, "#,
        "last_item(starting_after)",
    ),
    (
        "next_headers",
        &[("_limit", "integer")],
        "Next-Page",
        "",
        "next_header(Next-Page)",
    ),
    (
        "cursor_headers",
        &[("cursor", "string")],
        "X-Next-Cursor",
        "",
        "cursor_header(X-Next-Cursor, cursor)",
    ),
];

/// A document of this version with an operation of every kind.
fn document(version: &str) -> String {
    let old = version == "2.0";
    let paths = KINDS.iter().map(|(path, parameters, header, page, _)| {
        let parameters = parameters.iter().map(|(name, ty)| {
            let ty = format!(r#""type": "{ty}""#);
            let ty = if old { ty } else { format!(r#""schema": {{{ty}}}"#) };
            format!(r#"{{"name": "{name}", "in": "query", {ty}}}"#)
        });
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        let schema = format!(
            r#"{{"type": "object", "properties": {{{page}"items": {{"type": "array", "items": {{"type": "object", "required": ["id"], "properties": {{"id": {{"type": "string"}}}}}}}}}}}}"#
        );
        let text = r#""type": "string""#;
        let text = if old { text.to_owned() } else { format!(r#""schema": {{{text}}}"#) };
        let headers = match *header {
            "" => String::new(),
            header => format!(r#""headers": {{"{header}": {{{text}}}}}, "#),
        };
        let content = if old {
            format!(r#""schema": {schema}"#)
        } else {
            format!(r#""content": {{"application/json": {{"schema": {schema}}}}}"#)
        };
        format!(
            r#""/{path}": {{"get": {{"operationId": "{path}", "parameters": [{parameters}], "responses": {{"200": {{"description": "d", {headers}{content}}}}}}}}}"#
        )
    });
    let key = if old { "swagger" } else { "openapi" };
    format!(
        r#"{{"{key}": "{version}", "info": {{"title": "Pages", "version": "1"}}, "paths": {{{}}}}}"#,
        paths.collect::<Vec<_>>().join(", ")
    )
}

/// The rules of the operations, by path.
fn rules(document: &str, overlay: Option<&str>) -> Vec<(String, String)> {
    let nothing = |_: &str| Err(LoadError::Missing);
    let input = Input {
        name: "pages.json",
        bytes: document.as_bytes(),
        loader: &nothing,
        overlays: overlay
            .map(|text| ("overlay.yaml".to_owned(), text.as_bytes().to_vec()))
            .into_iter()
            .collect(),
        limits: Limits::default(),
    };
    let outlined = callwright_codegen::outline(&input, Config::default());
    assert!(
        outlined.diagnostics.is_empty(),
        "{:?}",
        outlined.diagnostics
    );
    let resources = outlined.outline.unwrap().resources;
    let methods = resources.iter().flat_map(|resource| &resource.methods);
    let rules = methods.map(|method| {
        let path = method.target.trim_start_matches("GET /").to_owned();
        let pages = method.pages.as_ref();
        (
            path,
            pages.map_or_else(String::new, |pages| pages.rule.clone()),
        )
    });
    rules.collect()
}

#[test]
fn every_kind_is_found_in_every_version() {
    for version in ["2.0", "3.0.3", "3.1.0", "3.2.0"] {
        let found = rules(&document(version), None);
        for (path, .., rule) in KINDS {
            let found = found.iter().find(|(known, _)| known == path).unwrap();
            assert_eq!(found.1, rule, "{path} of {version}");
        }
    }
}

#[test]
fn an_overlay_has_the_last_word() {
    let overlay = "overlay: 1.0.0
info: {title: Pages, version: '1'}
actions:
  - target: $.paths['/offsets'].get
    update: {x-callwright-pagination: false}
  - target: $.paths['/numbers'].get
    update: {x-callwright-pagination: {rule: page, first: 0}}
  - target: $.paths['/cursors'].get
    update: {x-callwright-pagination: {rule: next-header, header: X-Next}}
  - target: $.paths['/links'].get
    update: {x-callwright-pagination: {rule: link-header}}
  - target: $.paths['/last_items'].get
    update: {x-callwright-pagination: {rule: cursor-header, header: X-After, cursor: starting_after}}
";
    let found = rules(&document("3.1.0"), Some(overlay));
    for (path, rule) in [
        ("offsets", ""),
        ("numbers", "page(page, per_page) from 0"),
        ("cursors", "next_header(X-Next)"),
        ("links", "link_header"),
        ("last_items", "cursor_header(X-After, starting_after)"),
        ("link_headers", "link_header"),
    ] {
        let found = found.iter().find(|(known, _)| known == path).unwrap();
        assert_eq!(found.1, rule, "{path}");
    }
}

//! Pages that follow each other by a header of the response. It must not know what a page holds.

use super::Evidence;
use super::request::{Kind, kind, plain};
use crate::ir::{Pagination, Parameter, Rule, Shape, TextFormat};

/// Headers that hold the URL of the next page, without a leading `X-`.
#[rustfmt::skip]
const URLS: &[&str] = &[
    "next", "nextpage", "nextlink", "nexturl", "nexturi", "nexthref", "nextpageurl", "nextpageuri", "nextpagelink",
];
/// Headers that hold the number of the next page.
const PAGES: &[&str] = &["nextpage", "nextpagenumber", "next"];
/// Headers that hold how many items to skip for the next page.
const OFFSETS: &[&str] = &["nextoffset", "nextstart", "nextskip"];
/// Headers that hold the cursor of the next page.
#[rustfmt::skip]
const CURSORS: &[&str] = &[
    "nextcursor", "nextpagetoken", "nexttoken", "nextpagecursor", "nextmarker", "nextcontinuationtoken",
    "continuationtoken", "continuation", "mscontinuation", "mscontinuationtoken", "paginationtoken", "nextbookmark",
    "nextid", "nextstartkey", "endcursor", "nextpage", "next", "cursor",
];

/// The header `Link`, where the request can be led by it.
pub(super) fn link(evidence: &Evidence<'_>) -> Option<Pagination> {
    let mut headers = documented(evidence);
    let is_documented = headers.any(|header| header.wire.eq_ignore_ascii_case("link"));
    (is_documented && is_led(evidence)).then(|| {
        evidence.pagination(
            Rule::LinkHeader,
            "the header `Link` of each page names the next one; ends where it does not".to_owned(),
        )
    })
}

/// Another documented header that says where the next page is.
pub(super) fn next(evidence: &Evidence<'_>) -> Option<Pagination> {
    documented(evidence).find_map(|header| {
        let name = header.wire.to_ascii_lowercase();
        let name = plain(name.strip_prefix("x-").unwrap_or(&name));
        if let Some(parameter) = taker(evidence, header, &name) {
            return Some(by_cursor(evidence, &header.wire, parameter));
        }
        let is_text = kind_of(evidence, header) == Kind::Text;
        let leads_on = is_text && URLS.contains(&name.as_str()) && is_led(evidence);
        leads_on.then(|| by_url(evidence, &header.wire))
    })
}

/// The pages that a header leads through by URLs.
pub(super) fn by_url(evidence: &Evidence<'_>, header: &str) -> Pagination {
    let reason = format!(
        "the header `{header}` of each page is the URL of the next one; ends where it is missing"
    );
    Pagination {
        header: Some(header.to_owned()),
        ..evidence.pagination(Rule::NextHeader, reason)
    }
}

/// The pages that a header leads through by what a parameter takes.
pub(super) fn by_cursor(evidence: &Evidence<'_>, header: &str, cursor: usize) -> Pagination {
    let reason = format!(
        "`{}` takes the header `{header}` of the page before; ends where that is missing",
        evidence.parameter(cursor)
    );
    Pagination {
        header: Some(header.to_owned()),
        ..evidence.pagination(Rule::CursorHeader { cursor }, reason)
    }
}

fn documented<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = &'a Parameter> {
    let headers = evidence.operation.success_headers().into_iter();
    headers.map(|(header, _)| header)
}

/// Whether the request takes anything that leads through pages.
fn is_led(evidence: &Evidence<'_>) -> bool {
    let steering = &evidence.steering;
    let any = steering.page.or(steering.size).or(steering.offset);
    any.is_some() || !steering.cursors.is_empty()
}

fn kind_of(evidence: &Evidence<'_>, header: &Parameter) -> Kind {
    let types = evidence.types;
    kind(&types[types.unalias(header.ty).id].shape)
}

/// The parameter that takes what a header of this name holds, where it is no URL.
fn taker(evidence: &Evidence<'_>, header: &Parameter, name: &str) -> Option<usize> {
    let is = |names: &[&str]| names.contains(&name);
    let steering = &evidence.steering;
    let number = match kind_of(evidence, header) {
        Kind::Number => true,
        // A text that is not said to be a URL may well be a number.
        Kind::Text if !is_url(evidence, header, name) => false,
        _ => return None,
    };
    let page = steering.page.filter(|_| is(PAGES));
    if let Some(found) = page.or(steering.offset.filter(|_| is(OFFSETS))) {
        return Some(found);
    }
    if !is(CURSORS) {
        return None;
    }
    let takes = |&&index: &&usize| {
        let parameter = &evidence.operation.parameters[index];
        let types = evidence.types;
        let wanted = kind(&types[types.unalias(parameter.ty).id].shape);
        // A number may be a cursor of either kind; a text is none of numbers.
        number || wanted == Kind::Text
    };
    let own = |&&index: &&usize| {
        let parameter = plain(evidence.parameter(index));
        name == parameter || name.strip_prefix("next") == Some(&parameter)
    };
    let cursors = || steering.cursors.iter().filter(takes);
    // A name that does not say what it is of says it by the parameter of the same name alone.
    let certain = !matches!(name, "next" | "nextpage" | "cursor");
    let found = cursors().find(own);
    found
        .or_else(|| cursors().next().filter(|_| certain))
        .copied()
}

/// Whether a header is said to hold a URL.
fn is_url(evidence: &Evidence<'_>, header: &Parameter, name: &str) -> bool {
    let types = evidence.types;
    let shape = &types[types.unalias(header.ty).id].shape;
    if matches!(shape, Shape::Text(TextFormat::Uri)) {
        return true;
    }
    if ["url", "uri", "link", "href"]
        .iter()
        .any(|word| name.ends_with(word))
    {
        return true;
    }
    if let Some(example) = header.doc.example.as_ref().and_then(|it| it.as_str()) {
        return example.contains("://") || example.starts_with(['/', '?']);
    }
    let said = header.doc.description.as_deref().unwrap_or_default();
    said.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| matches!(word, "url" | "uri" | "hyperlink" | "link"))
}

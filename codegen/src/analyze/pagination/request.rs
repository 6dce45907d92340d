//! What a request accepts that leads from page to page; it must not know responses.

use crate::ir::{Location, Operation, Shape, Types};

/// The parameters of an operation that lead through its pages, by index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Steering {
    /// Skips items.
    pub(super) offset: Option<usize>,
    /// Names the page by its number.
    pub(super) page: Option<usize>,
    /// Says how many items to return.
    pub(super) size: Option<usize>,
    /// Take a cursor, the most telling name first.
    pub(super) cursors: Vec<usize>,
}

const OFFSETS: &[&str] = &[
    "offset",
    "skip",
    "startat",
    "pageoffset",
    "resultoffset",
    "start",
    "from",
];
const PAGES: &[&str] = &[
    "page",
    "pagenumber",
    "pagenum",
    "pageno",
    "pageindex",
    "currentpage",
];
#[rustfmt::skip]
const SIZES: &[&str] = &[
    "limit", "perpage", "pagesize", "pagelimit", "pageperpage", "maxresults", "maxitems", "maxpagesize",
    "resultsperpage", "itemsperpage", "numresults", "top", "take", "size", "rows", "count", "first",
];
#[rustfmt::skip]
const CURSORS: &[&str] = &[
    "cursor", "pagecursor", "nextcursor", "startcursor", "pagetoken", "nextpagetoken", "nexttoken", "paginationtoken",
    "continuationtoken", "continuation", "continue", "startingtoken", "marker", "nextmarker", "bookmark", "scrollid",
    "startingafter", "after", "pageafter", "afterid", "aftercursor", "startafter", "startkey", "nextpage", "next",
    "offset", "start", "page",
];

/// What a value is, as far as pages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Bool,
    Other,
}

/// The kind of a shape without aliases.
pub(super) fn kind(shape: &Shape) -> Kind {
    match shape {
        Shape::Integer(_)
        | Shape::QuotedInteger(_)
        | Shape::Double
        | Shape::Decimal
        | Shape::QuotedDecimal => Kind::Number,
        Shape::String | Shape::Text(_) => Kind::Text,
        Shape::Bool => Kind::Bool,
        _ => Kind::Other,
    }
}

/// A name without case and punctuation: `page[number]` and `pageNumber` are the same.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Finds the parameters that lead through pages; deprecated ones do not count.
pub(super) fn steering(types: &Types, operation: &Operation) -> Steering {
    let query: Vec<(usize, String, Kind)> = operation
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, parameter)| parameter.location == Location::Query && !parameter.doc.deprecated)
        .map(|(index, parameter)| {
            (
                index,
                plain(&parameter.wire),
                kind(&types[types.unalias(parameter.ty).id].shape),
            )
        })
        .collect();
    let first_of = |names: &[&str], wanted: Kind| {
        names.iter().find_map(|name| {
            query
                .iter()
                .find(|(_, plain, kind)| plain == name && *kind == wanted)
                .map(|(index, ..)| *index)
        })
    };
    let size = first_of(SIZES, Kind::Number);
    let offset = first_of(OFFSETS, Kind::Number)
        .filter(|&index| counts_from_zero(operation, index))
        // These two are as often a position in time or in a text.
        .filter(|&index| {
            size.is_some()
                || !matches!(
                    plain(&operation.parameters[index].wire).as_str(),
                    "start" | "from"
                )
        });
    let cursors = CURSORS
        .iter()
        .flat_map(|name| {
            query.iter().filter(move |(_, plain, kind)| {
                plain == name && matches!(kind, Kind::Text | Kind::Number)
            })
        })
        // A number under these names is an offset or a page, not a cursor.
        .filter(|(_, plain, kind)| {
            *kind == Kind::Text || !matches!(plain.as_str(), "offset" | "start" | "page")
        })
        .map(|(index, ..)| *index)
        .collect();
    Steering {
        offset,
        page: first_of(PAGES, Kind::Number),
        size,
        cursors,
    }
}

/// Whether an offset is a number of items to skip, and not the position of the first one (as in SCIM).
fn counts_from_zero(operation: &Operation, index: usize) -> bool {
    let parameter = &operation.parameters[index];
    let one = |number: Option<i64>| number == Some(1);
    !one(parameter
        .doc
        .default
        .as_ref()
        .and_then(serde_json::Value::as_i64))
        && !one(parameter
            .constraints
            .minimum
            .as_ref()
            .and_then(serde_json::Number::as_i64))
}

/// The number of the first page: the default, else the least number, else what the description says, else 1.
pub(super) fn first_page(operation: &Operation, index: usize) -> i64 {
    let parameter = &operation.parameters[index];
    let default = parameter
        .doc
        .default
        .as_ref()
        .and_then(serde_json::Value::as_i64);
    let minimum = parameter
        .constraints
        .minimum
        .as_ref()
        .and_then(serde_json::Number::as_i64);
    if let Some(first) = [default, minimum]
        .into_iter()
        .flatten()
        .find(|first| matches!(first, 0 | 1))
    {
        return first;
    }
    let said = parameter
        .doc
        .description
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    let says_zero = [
        "zero-based",
        "0-based",
        "zero based",
        "zero-indexed",
        "starts at 0",
        "starting at 0",
        "starts from 0",
        "starting from 0",
        "starts with 0",
        "starting with 0",
    ]
    .iter()
    .any(|words| said.contains(words));
    i64::from(!says_zero && plain(&parameter.wire) != "pageindex")
}

//! Whether an operation is paginated, and which of its items a request asks for. Must not know how a page is written.

use fancy_regex::Regex;
use serde_json::Value;

use super::{
    document::{Document, Operation},
    flatten::{Flat, flatten},
    parameter::{Parameter, Place},
    problem::{Fault, Problem},
    request::Pair,
};

/// How a parameter says where a page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// Items to skip.
    Offset,
    /// Number of the page.
    Page,
    /// A token of the server, or the id of the item before.
    Cursor,
    /// The id of the item after.
    Before,
}

/// A paginated operation.
#[derive(Debug)]
pub(crate) struct Paging<'a> {
    /// Where the items are in the response; empty when the response is the list.
    pub(crate) items: Vec<&'static str>,
    pub(crate) limit: Option<&'a Parameter>,
    pub(crate) positions: Vec<(Position, &'a Parameter)>,
}

/// The part of the list a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) start: usize,
    pub(crate) limit: usize,
    pub(crate) total: usize,
    /// How the request moves; what a next link has to set.
    pub(crate) position: Option<Position>,
    /// The number of the first page, 0 or 1.
    pub(crate) first_page: usize,
}

impl Window {
    pub(crate) fn end(&self) -> usize {
        self.start.saturating_add(self.limit).min(self.total)
    }

    pub(crate) fn has_next(&self) -> bool {
        self.limit > 0 && self.end() < self.total
    }

    pub(crate) fn page(&self) -> usize {
        self.first_page + self.start / self.limit.max(1)
    }

    pub(crate) fn pages(&self) -> usize {
        self.total.div_ceil(self.limit.max(1))
    }
}

/// A name in small letters without punctuation: `per_page`, `perPage` and `page[size]` are close kin.
pub(crate) fn plain(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|character| character.to_ascii_lowercase())
        .collect()
}

const LIMITS: [&str; 22] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "size",
    "count",
    "maxresults",
    "maxitems",
    "first",
    "max",
    "top",
    "take",
    "rows",
    "itemsperpage",
    "resultsperpage",
    "pagecount",
    "numresults",
    "maxpagesize",
    "maxkeys",
    "pageitems",
    "num",
    "resultlimit",
];
const OFFSETS: [&str; 7] = [
    "offset",
    "skip",
    "start",
    "startat",
    "startindex",
    "pageoffset",
    "startingindex",
];
const PAGES: [&str; 7] = [
    "page",
    "pagenumber",
    "pagenum",
    "pageindex",
    "currentpage",
    "pageno",
    "p",
];
const CURSORS: [&str; 21] = [
    "cursor",
    "after",
    "startingafter",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "marker",
    "continuationtoken",
    "continuation",
    "continue",
    "nextcursor",
    "pagecursor",
    "pageafter",
    "starttoken",
    "aftercursor",
    "startcursor",
    "sinceid",
    "nextpage",
    "next",
    "afterid",
    "paginationtoken",
];
const BEFORES: [&str; 3] = ["before", "endingbefore", "beforeid"];

/// The pagination of an operation whose success has this schema, if its parameters and the schema show one.
pub(crate) fn detect<'a>(
    document: Document,
    operation: &'a Operation,
    schema: &'static Value,
) -> Option<Paging<'a>> {
    if operation.method != "GET" {
        return None;
    }
    let mut limit = None;
    let mut positions = Vec::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == Place::Query)
    {
        let flat = flatten(document, &[parameter.schema], &mut Vec::new(), 0);
        let name = plain(&parameter.name);
        let name = name.as_str();
        let kind = flat.kind();
        let is_number = matches!(kind, Some("integer" | "number") | None);
        let is_time = matches!(
            flat.keyword("format").and_then(Value::as_str),
            Some("date" | "date-time")
        );
        let is_token = matches!(kind, Some("string" | "integer" | "number") | None) && !is_time;
        if is_number && limit.is_none() && LIMITS.contains(&name) {
            limit = Some(parameter);
        } else if is_number && OFFSETS.contains(&name) {
            positions.push((Position::Offset, parameter));
        } else if is_number && PAGES.contains(&name) {
            positions.push((Position::Page, parameter));
        } else if is_token && (CURSORS.contains(&name) || name == "page") {
            positions.push((Position::Cursor, parameter));
        } else if is_token && BEFORES.contains(&name) {
            positions.push((Position::Before, parameter));
        }
    }
    let moves = positions
        .iter()
        .any(|(position, _)| *position != Position::Before);
    if limit.is_none() && !moves {
        return None;
    }
    let resource = operation
        .template
        .text()
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let items = items_path(document, &[schema], &plain(resource), 0)?;
    Some(Paging {
        items,
        limit,
        positions,
    })
}

/// The way to the array of items: the schema itself, its only array, or the one with a telling name.
fn items_path(
    document: Document,
    schemas: &[&'static Value],
    resource: &str,
    depth: usize,
) -> Option<Vec<&'static str>> {
    const TELLING: [&str; 14] = [
        "items",
        "data",
        "results",
        "result",
        "entries",
        "records",
        "rows",
        "values",
        "list",
        "objects",
        "elements",
        "content",
        "resources",
        "value",
    ];
    const ASIDE: [&str; 9] = [
        "errors", "warnings", "messages", "included", "links", "fields", "sort", "order", "facets",
    ];
    let flat = flatten(document, schemas, &mut Vec::new(), 0);
    if flat.kind() == Some("array") {
        return Some(Vec::new());
    }
    let of_kind = |kind: &'static str| {
        let properties = flat.properties.iter();
        properties.filter(move |(_, schemas)| {
            flatten(document, schemas, &mut Vec::new(), 0).kind() == Some(kind)
        })
    };
    let arrays: Vec<_> = of_kind("array").map(|(name, _)| *name).collect();
    let main: Vec<_> = arrays
        .iter()
        .filter(|name| !ASIDE.contains(&plain(name).as_str()))
        .collect();
    let telling = || {
        let mut by_name = TELLING.iter().copied().chain([resource]);
        by_name.find_map(|telling| arrays.iter().find(|name| plain(name) == telling))
    };
    let found = match main.as_slice() {
        [only] => Some(**only),
        _ => telling().copied(),
    };
    if let Some(name) = found {
        return Some(vec![name]);
    }
    if depth >= 2 || !arrays.is_empty() {
        return None;
    }
    of_kind("object")
        .filter(|(name, _)| {
            [
                "data", "result", "results", "response", "embedded", "payload", "body", "page",
            ]
            .contains(&plain(name).as_str())
        })
        .find_map(|(name, schemas)| {
            let mut path = items_path(document, schemas, resource, depth + 1)?;
            path.insert(0, name);
            Some(path)
        })
}

impl<'a> Paging<'a> {
    pub(crate) fn parameter(&self, position: Position) -> Option<&'a Parameter> {
        let found = self.positions.iter().find(|(known, _)| *known == position);
        found.map(|(_, parameter)| *parameter)
    }

    /// Which items the query asks for. `index_of` finds the item with an id.
    pub(crate) fn window(
        &self,
        document: Document,
        pairs: &[Pair],
        total: usize,
        index_of: impl Fn(&str) -> Option<usize>,
    ) -> Result<Window, Problem> {
        let limit = self
            .limit
            .map_or(20, |parameter| page_size(document, parameter, pairs));
        let first_page = self
            .parameter(Position::Page)
            .map_or(1, |parameter| first_page(document, parameter));
        let mut window = Window {
            start: 0,
            limit,
            total,
            position: self.preferred(),
            first_page,
        };
        for (position, parameter) in &self.positions {
            let Some(value) = parameter
                .value(document, pairs)
                .filter(|value| *value != "")
            else {
                continue;
            };
            window.position = Some(*position);
            let number = value
                .as_u64()
                .and_then(|number| usize::try_from(number).ok());
            window.start = match position {
                Position::Offset => number.unwrap_or(0),
                Position::Page => number
                    .unwrap_or(first_page)
                    .saturating_sub(first_page)
                    .saturating_mul(limit),
                Position::Cursor | Position::Before => {
                    let text = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    match (position, cursor(&text, &index_of)) {
                        (Position::Cursor, Some(start)) => start,
                        (_, Some(start)) => {
                            let end = start.saturating_sub(1);
                            window.limit = limit.min(end);
                            window.position = Some(Position::Cursor);
                            end - window.limit
                        }
                        (_, None) if is_opaque(parameter) => {
                            let fault = Fault::parameter(
                                "query",
                                &parameter.name,
                                "is not a cursor of this list",
                            );
                            return Err(Problem::faults(vec![fault]));
                        }
                        // `after` may as well be a date or a version: then it is a filter.
                        (_, None) => continue,
                    }
                }
            };
        }
        Ok(window)
    }

    /// The way to move when the request does not say.
    fn preferred(&self) -> Option<Position> {
        let order = [Position::Page, Position::Offset, Position::Cursor];
        let opaque = self.parameter(Position::Cursor).is_some_and(is_opaque);
        if opaque {
            return Some(Position::Cursor);
        }
        order
            .into_iter()
            .find(|position| self.parameter(*position).is_some())
    }
}

/// Whether a cursor can only be one the server gave.
fn is_opaque(parameter: &Parameter) -> bool {
    let name = plain(&parameter.name);
    ["cursor", "token", "marker", "continuation"]
        .iter()
        .any(|word| name.contains(word))
}

/// The token of a position in the list.
pub(crate) fn token(index: usize) -> String {
    format!("cursor-{index}")
}

/// The index of the first item after the cursor: a token, a number, or the id of the item before.
fn cursor(text: &str, index_of: impl Fn(&str) -> Option<usize>) -> Option<usize> {
    let by_token = text
        .strip_prefix("cursor-")
        .and_then(|index| index.parse().ok());
    by_token
        .or_else(|| index_of(text).map(|index| index + 1))
        .or_else(|| text.parse().ok())
}

fn first_page(document: Document, parameter: &Parameter) -> usize {
    let flat = flatten(document, &[parameter.schema], &mut Vec::new(), 0);
    let is_zero = |keyword: &str| {
        flat.keyword(keyword)
            .is_some_and(|bound| bound.as_u64() == Some(0))
    };
    let starts_at_zero =
        is_zero("default") || (is_zero("minimum") && flat.keyword("default").is_none());
    usize::from(!starts_at_zero)
}

/// The limit of the query, else the documented default; never more than the documented maximum.
fn page_size(document: Document, parameter: &Parameter, pairs: &[Pair]) -> usize {
    let flat = flatten(document, &[parameter.schema], &mut Vec::new(), 0);
    let keyword = |name: &str| number(&flat, name);
    let description = flat
        .keyword("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let text = format!("{} {description}", parameter.description);
    let greatest = keyword("maximum").or_else(|| {
        in_text(
            &text,
            r"(?i)(?:max(?:imum)?|up to|at most|between \d+ and)\D{0,24}(\d+)",
        )
    });
    let default = keyword("default")
        .or_else(|| in_text(&text, r"(?i)default(?:s)?\D{0,24}(\d+)"))
        .unwrap_or(20);
    let given = parameter
        .value(document, pairs)
        .and_then(|value| value.as_u64());
    let size = given
        .and_then(|given| usize::try_from(given).ok())
        .unwrap_or(default.max(1));
    size.min(
        greatest
            .filter(|greatest| *greatest > 0)
            .unwrap_or(usize::MAX),
    )
}

fn number(flat: &Flat, keyword: &str) -> Option<usize> {
    usize::try_from(flat.keyword(keyword)?.as_u64()?).ok()
}

fn in_text(text: &str, pattern: &str) -> Option<usize> {
    let found = Regex::new(pattern).ok()?.captures(text).ok()??;
    found.get(1)?.as_str().parse().ok()
}

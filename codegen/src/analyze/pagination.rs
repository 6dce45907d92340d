//! How the pages of an operation follow each other, found in its parameters and in what a page holds.
//!
//! A wrong rule loses or repeats data in silence, so a rule is set only where request and response agree on it.
//! It must not know names or Rust.

mod header;
mod overrides;
mod page;
mod request;

use std::collections::BTreeMap;

use serde_json::Value;

use self::page::{Items, Leaf};
use self::request::{Kind, Steering, plain};
use crate::diagnostic::Pointer;
use crate::ir::{Api, FieldPath, Operation, Pagination, Payload, Rule, TypeRef, Types};

/// A wish for pagination that could not be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The operation.
    pub pointer: Pointer,
    /// What is wrong and what to do.
    pub message: String,
}

/// Sets how the pages of each operation follow each other, where the document tells. `overrides` holds the
/// values of `x-callwright-pagination` by operation id: `false` for none, or an object with `rule` (`offset`, `page`,
/// `cursor`, `last-item`, `next-link`, `link-header`, `next-header`, `cursor-header`), the names of parameters (`offset`,
/// `limit`, `page`, `size`, `cursor`) and of the `header`, `first`, and JSON Pointers into the page (`items`, `next`, `total`, `more`, `last`) or the item (`id`).
pub fn infer(api: &mut Api, overrides: &BTreeMap<String, Value>) -> Vec<Issue> {
    let mut issues = Vec::new();
    for index in 0..api.operations.len() {
        let operation = &api.operations[index];
        if operation.is_stream {
            continue;
        }
        let pagination = match overrides.get(&operation.id) {
            Some(asked) => {
                overrides::read(&api.types, operation, asked).unwrap_or_else(|message| {
                    issues.push(Issue {
                        pointer: operation.pointer.clone(),
                        message,
                    });
                    None
                })
            }
            None => find(&api.types, operation),
        };
        api.operations[index].pagination = pagination;
    }
    issues
}

/// What an operation and its page offer to a rule.
struct Evidence<'a> {
    types: &'a Types,
    operation: &'a Operation,
    steering: Steering,
    items: Items,
    leaves: Vec<Leaf>,
}

impl<'a> Evidence<'a> {
    /// Collects what the page of type `page` offers.
    fn new(types: &'a Types, operation: &'a Operation, page: TypeRef, items: Items) -> Self {
        let leaves = page::leaves(types, page, &items);
        Self {
            types,
            operation,
            steering: request::steering(types, operation),
            items,
            leaves,
        }
    }

    /// The first of `names` among the values of this kind.
    fn leaf(&self, kind: Kind, names: &[&str]) -> Option<&Leaf> {
        names.iter().find_map(|name| {
            self.leaves
                .iter()
                .find(|leaf| leaf.kind == kind && leaf.plain == *name)
        })
    }

    fn parameter(&self, index: usize) -> &str {
        &self.operation.parameters[index].wire
    }

    /// The number of all items.
    fn total(&self) -> Option<&Leaf> {
        const NAMES: &[&str] = &[
            "total",
            "totalcount",
            "totalresults",
            "totalitems",
            "totalrecords",
            "totalelements",
            "totalhits",
            "totalsize",
            "totalrows",
            "totalentries",
            "countall",
            "resultcount",
        ];
        self.leaf(Kind::Number, NAMES).or_else(|| {
            // `count` alone is as often the number of items in this page.
            let count = self.leaf(Kind::Number, &["count"])?;
            let is_total = count.description.contains("total")
                || self.next_url().is_some() && count.parent.is_empty();
            is_total.then_some(count)
        })
    }

    /// The number of the last page.
    fn last(&self) -> Option<&Leaf> {
        self.leaf(
            Kind::Number,
            &[
                "lastpage",
                "pagetotal",
                "totalpages",
                "pagecount",
                "pagestotal",
                "numpages",
                "numberofpages",
                "pages",
            ],
        )
    }

    /// Whether there are more.
    fn more(&self) -> Option<&Leaf> {
        self.leaf(
            Kind::Bool,
            &[
                "hasmore",
                "hasnext",
                "hasnextpage",
                "hasmorepages",
                "hasmoreitems",
                "hasmoreresults",
                "morepages",
                "more",
            ],
        )
    }

    /// The URL of the next page.
    fn next_url(&self) -> Option<&Leaf> {
        const NAMES: &[&str] = &[
            "next",
            "nextlink",
            "nexturl",
            "nexturi",
            "nexthref",
            "nextpage",
            "nextpageurl",
            "nextpageuri",
            "nextpagelink",
            "odatanextlink",
        ];
        let in_next = |leaf: &&Leaf| leaf.plain == "href" && leaf.parent == "next";
        self.leaves
            .iter()
            .find(|leaf| leaf.is_url && NAMES.contains(&leaf.plain.as_str()))
            .or_else(|| self.leaves.iter().find(in_next))
            .or_else(|| self.next_beside_previous())
    }

    /// `{count, next, previous, …}` is Django REST framework's page, whose links some generators give no format.
    fn next_beside_previous(&self) -> Option<&Leaf> {
        let has = |kind, names: &[&str]| {
            self.leaf(kind, names)
                .is_some_and(|leaf| leaf.parent.is_empty())
        };
        let is_page = has(Kind::Number, &["count"]) && has(Kind::Text, &["previous", "prev"]);
        let next = self.leaf(Kind::Text, &["next"])?;
        (is_page && next.parent.is_empty()).then_some(next)
    }

    /// The cursor of the next page, of the kind that a parameter takes.
    fn next_cursor(&self, parameter: usize) -> Option<&Leaf> {
        const NAMES: &[&str] = &[
            "nextcursor",
            "nextpagetoken",
            "nexttoken",
            "nextpagecursor",
            "nextmarker",
            "nextcontinuationtoken",
            "continuationtoken",
            "paginationtoken",
            "endcursor",
            "nextbookmark",
            "nextpage",
            "nextoffset",
            "nextstart",
            "nextid",
            "next",
            "continuation",
            "continue",
            "cursor",
            "bookmark",
            "scrollid",
            "pagetoken",
            "lastid",
        ];
        let wanted = self.operation.parameters.get(parameter)?;
        let kind = request::kind(&self.types[self.types.unalias(wanted.ty).id].shape);
        let name = plain(&wanted.wire);
        let url = self.next_url().map(|leaf| &leaf.path);
        let fits = |leaf: &&Leaf| leaf.kind == kind && !leaf.is_url && Some(&leaf.path) != url;
        let own = format!("next{}", name.trim_start_matches("next"));
        let in_own = |leaf: &&Leaf| {
            leaf.plain == name
                && matches!(
                    leaf.parent.as_str(),
                    "next" | "cursors" | "nextpage" | "paging"
                )
        };
        self.leaves
            .iter()
            .filter(fits)
            .find(|leaf| leaf.plain == own)
            .or_else(|| self.leaves.iter().filter(fits).find(in_own))
            .or_else(|| {
                NAMES.iter().find_map(|name| {
                    self.leaves
                        .iter()
                        .filter(fits)
                        .find(|leaf| leaf.plain == *name)
                })
            })
    }

    fn pagination(&self, rule: Rule, reason: String) -> Pagination {
        Pagination {
            rule,
            items: self.items.path.clone(),
            item: self.items.item,
            total: None,
            next: None,
            more: path(self.more()),
            last: None,
            item_id: None,
            header: None,
            reason,
        }
    }
}

fn path(leaf: Option<&Leaf>) -> Option<FieldPath> {
    leaf.map(|leaf| leaf.path.clone())
}

/// Finds the rule of an operation, if one is certain.
fn find(types: &Types, operation: &Operation) -> Option<Pagination> {
    if operation.method != "GET" {
        return None;
    }
    let page = page_type(operation)?;
    let items = page::items(types, page, &resource(&operation.path))?;
    let evidence = Evidence::new(types, operation, page, items);
    header::link(&evidence)
        .or_else(|| header::next(&evidence))
        .or_else(|| offset(&evidence))
        .or_else(|| cursor(&evidence))
        .or_else(|| page_number(&evidence))
        .or_else(|| next_link(&evidence))
        .or_else(|| last_item(&evidence))
}

/// The type of the only success, where it is JSON.
fn page_type(operation: &Operation) -> Option<TypeRef> {
    let mut payloads = operation.successes.iter().map(|case| case.payload);
    let first = payloads.next()?;
    match first {
        Payload::Json(page) if payloads.all(|other| other == first) => Some(page),
        _ => None,
    }
}

/// The plain name of the last fixed segment of a path.
fn resource(path: &str) -> String {
    path.rsplit('/')
        .find(|segment| !segment.is_empty() && !segment.contains('{'))
        .map(plain)
        .unwrap_or_default()
}

fn offset(evidence: &Evidence<'_>) -> Option<Pagination> {
    let offset = evidence.steering.offset?;
    let (total, next) = (
        evidence.total(),
        evidence.next_url().filter(|leaf| leaf.is_telling),
    );
    let echo = evidence.leaf(Kind::Number, &["offset", "skip", "start", "startat"]);
    let cursor = evidence
        .steering
        .cursors
        .iter()
        .find_map(|&cursor| evidence.next_cursor(cursor));
    // An API with both lets go of the offset one day, unless its pages speak of it.
    if cursor.is_some() && total.or(next).or(echo).is_none() {
        return None;
    }
    let end = ending(total, next, None, evidence);
    let reason = format!(
        "`{}` advances by the number of items{}; ends {end}",
        evidence.parameter(offset),
        in_field(&evidence.items)
    );
    let mut pagination = evidence.pagination(
        Rule::Offset {
            offset,
            limit: evidence.steering.size,
        },
        reason,
    );
    pagination.total = path(total);
    pagination.next = path(next);
    Some(pagination)
}

fn page_number(evidence: &Evidence<'_>) -> Option<Pagination> {
    let page = evidence.steering.page?;
    // A link names the next page exactly, whatever the number of the first; and it may be all that tells the end.
    let tells_end = evidence
        .total()
        .or(evidence.last())
        .or(evidence.more())
        .is_some();
    if evidence
        .next_url()
        .is_some_and(|leaf| leaf.is_telling || !tells_end)
    {
        return None;
    }
    let next = evidence
        .leaf(Kind::Number, &["next", "nextpage", "nextpagenumber"])
        .filter(|leaf| leaf.is_telling);
    let (total, last) = (evidence.total(), evidence.last());
    let first = request::first_page(evidence.operation, page);
    let end = ending(total, next, last, evidence);
    let reason = format!(
        "`{}` counts the pages from {first}; ends {end}",
        evidence.parameter(page)
    );
    let rule = Rule::Page {
        page,
        size: evidence.steering.size,
        first,
    };
    let mut pagination = evidence.pagination(rule, reason);
    pagination.total = path(total);
    pagination.next = path(next);
    pagination.last = path(last);
    Some(pagination)
}

fn cursor(evidence: &Evidence<'_>) -> Option<Pagination> {
    let (cursor, next) = evidence
        .steering
        .cursors
        .iter()
        .find_map(|&cursor| Some((cursor, evidence.next_cursor(cursor)?)))?;
    let end = match evidence.more() {
        Some(more) => format!("when `{}` is false", more.name),
        None => "when there is none".to_owned(),
    };
    let reason = format!(
        "`{}` takes `{}` of the page before; ends {end}",
        evidence.parameter(cursor),
        next.name
    );
    let mut pagination = evidence.pagination(Rule::Cursor { cursor }, reason);
    pagination.next = Some(next.path.clone());
    pagination.total = path(evidence.total());
    Some(pagination)
}

fn next_link(evidence: &Evidence<'_>) -> Option<Pagination> {
    let next = evidence.next_url()?;
    let reason = format!(
        "`{}` of each page is the URL of the next one; ends when there is none",
        next.name
    );
    let mut pagination = evidence.pagination(Rule::NextLink, reason);
    pagination.next = Some(next.path.clone());
    pagination.total = path(evidence.total());
    Some(pagination)
}

fn last_item(evidence: &Evidence<'_>) -> Option<Pagination> {
    let is_id = |&&index: &&usize| {
        matches!(
            plain(evidence.parameter(index)).as_str(),
            "startingafter" | "after" | "afterid" | "pageafter" | "startafter"
        )
    };
    let cursor = *evidence.steering.cursors.iter().find(is_id)?;
    let more = evidence.more()?;
    let item_id = page::item_id(evidence.types, evidence.items.item)?;
    let reason = format!(
        "`{}` takes the `id` of the last item{}; ends when `{}` is false",
        evidence.parameter(cursor),
        in_field(&evidence.items),
        more.name
    );
    let mut pagination = evidence.pagination(Rule::LastItem { cursor }, reason);
    pagination.item_id = Some(item_id);
    Some(pagination)
}

fn in_field(items: &Items) -> String {
    if items.name.is_empty() {
        String::new()
    } else {
        format!(" in `{}`", items.name)
    }
}

/// When numbered pages end, in words.
fn ending(
    total: Option<&Leaf>,
    next: Option<&Leaf>,
    last: Option<&Leaf>,
    evidence: &Evidence<'_>,
) -> String {
    if let Some(more) = evidence.more() {
        format!("when `{}` is false", more.name)
    } else if let Some(next) = next {
        format!("when `{}` is null", next.name)
    } else if let Some(last) = last {
        format!("with page `{}`", last.name)
    } else if let Some(total) = total {
        format!("after `{}` items", total.name)
    } else if let Some(size) = evidence.steering.size {
        format!(
            "with a page of fewer items than `{}`, or none",
            evidence.parameter(size)
        )
    } else {
        "with a page of no items".to_owned()
    }
}

#[cfg(test)]
mod tests;

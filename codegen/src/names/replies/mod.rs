//! Enums of errors and structs of headers that are equal, and what the one that stands for them is called.
//!
//! What one is called follows from what it holds and from nothing else; where that gives no readable name, or one that
//! another has, each operation keeps its own. It must not know how either is printed.

mod content;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use foldhash::HashSet;

use self::content::{Content, Listed, status};
use super::ident::Ident;
use super::scope::Scope;
use super::{OperationNames, Resource, reserved};
use crate::ir::{Api, Case, Constraints};

/// A longer name is not readable: its operations keep their own.
const LONGEST: usize = 60;

/// What operations have in common of their replies.
#[derive(Debug, Clone)]
pub struct Replies {
    /// The module of what several resources have in common: `replies`.
    pub module: Ident,
    /// The items, by name.
    pub items: Vec<SharedReply>,
}

/// An enum of errors or a struct of headers that several operations have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedReply {
    /// The item: `RateLimitHeaders`.
    pub name: Ident,
    /// The uses, in the document's order: operations, by index, and which item of theirs it is. All are of one kind.
    pub uses: Vec<(usize, ReplyItem)>,
    /// By status or header of the first use: whether all uses say the same of it.
    pub agreed: Vec<bool>,
    /// The resources whose operations use it, by index, in order: of one alone the item stands in its module, else in
    /// [`Replies::module`].
    pub resources: Vec<usize>,
}

impl SharedReply {
    /// The one resource in whose module it stands.
    pub fn home(&self) -> Option<usize> {
        match self.resources.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// An item of an operation that others may have, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReplyItem {
    /// The enum of errors.
    Errors,
    /// The headers of successes.
    Headers,
    /// The headers of errors.
    ErrorHeaders,
}

/// What an operation's items are instead of their own, by position in [`Replies::items`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SharedReplies {
    /// The enum of errors.
    pub errors: Option<usize>,
    /// The headers of successes.
    pub headers: Option<usize>,
    /// The headers of errors.
    pub error_headers: Option<usize>,
}

impl SharedReplies {
    /// That of an item.
    pub fn of(self, item: ReplyItem) -> Option<usize> {
        match item {
            ReplyItem::Errors => self.errors,
            ReplyItem::Headers => self.headers,
            ReplyItem::ErrorHeaders => self.error_headers,
        }
    }

    fn set(&mut self, item: ReplyItem, position: usize) {
        *match item {
            ReplyItem::Errors => &mut self.errors,
            ReplyItem::Headers => &mut self.headers,
            ReplyItem::ErrorHeaders => &mut self.error_headers,
        } = Some(position);
    }
}

/// Finds what is equal, names it, and tells the operations.
pub(super) fn assign(
    api: &Api,
    types: &[Option<Ident>],
    resources: &[Resource],
    operations: &mut [OperationNames],
    taken: &HashSet<String>,
) -> Replies {
    let mut modules = Scope::of_modules();
    for resource in resources {
        modules.reserve(resource.module.unraw());
    }
    if !api.webhooks.is_empty() {
        modules.reserve("webhooks");
    }
    let module =
        modules.mint(["replies", "shared_replies", "documented_replies"].map(str::to_owned));
    let content = Content { api, types };
    let groups = groups(&content, operations);
    let taken = taken_by(resources, operations, taken);
    let mut items: Vec<SharedReply> = named(groups, &taken)
        .into_iter()
        .map(|(name, Group { uses, agreed, .. })| {
            let resources: HashSet<usize> = uses
                .iter()
                .map(|(operation, _)| operations[*operation].resource)
                .collect();
            let mut resources: Vec<usize> = resources.into_iter().collect();
            resources.sort_unstable();
            SharedReply {
                name,
                uses,
                agreed,
                resources,
            }
        })
        .collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    for (position, shared) in items.iter().enumerate() {
        for (operation, item) in &shared.uses {
            operations[*operation].shared.set(*item, position);
        }
    }
    follow(api, operations);
    Replies { module, items }
}

/// A stream has the items of the operation that it is of: where these are shared, so are its own.
fn follow(api: &Api, operations: &mut [OperationNames]) {
    let mut base = 0;
    for index in 0..operations.len() {
        if !api.operations[index].is_stream {
            base = index;
            continue;
        }
        let (name, of) = (operations[base].headers.0.clone(), operations[base].shared);
        let own = &mut operations[index];
        own.shared.errors = of.errors;
        own.shared.error_headers = of.error_headers;
        if own.headers.0 == name {
            own.shared.headers = of.headers;
        }
    }
}

/// The names that a shared item must not have.
fn taken_by(
    resources: &[Resource],
    operations: &[OperationNames],
    types: &HashSet<String>,
) -> HashSet<String> {
    let mut taken = types.clone();
    taken.extend(resources.iter().map(|resource| resource.ty.to_string()));
    for names in operations {
        let own = [
            &names.request,
            &names.endpoint,
            &names.bodies.0,
            &names.successes.0,
            &names.errors.0,
            &names.headers.0,
            &names.error_headers.0,
        ];
        taken.extend(own.map(ToString::to_string));
    }
    taken
}

/// Equal items.
struct Group<'a> {
    /// The names that they could have, the best first.
    candidates: Vec<Option<String>>,
    uses: Vec<(usize, ReplyItem)>,
    /// What the first use says of its statuses or headers, by what these are called on the wire.
    said: Vec<(String, Said<'a>)>,
    /// By position there: whether all others say the same.
    agreed: Vec<bool>,
}

impl<'a> Group<'a> {
    fn new(candidates: Vec<Option<String>>, said: Vec<(String, Said<'a>)>) -> Self {
        Self {
            candidates,
            uses: Vec::new(),
            agreed: vec![true; said.len()],
            said,
        }
    }

    fn add(&mut self, index: usize, item: ReplyItem, said: &[(String, Said<'a>)]) {
        self.uses.push((index, item));
        for ((wire, first), agreed) in self.said.iter().zip(&mut self.agreed) {
            let other = said.iter().find(|(known, _)| known == wire);
            *agreed &= other.is_some_and(|(_, other)| first == other);
        }
    }
}

/// What a document says of a status or a header. Of several examples any will do.
struct Said<'a> {
    texts: [Option<&'a str>; 3],
    rules: Option<(&'a Constraints, Option<&'a serde_json::Value>)>,
}

impl PartialEq for Said<'_> {
    fn eq(&self, other: &Self) -> bool {
        let words = |text: &'_ str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let mut texts = self.texts.into_iter().zip(other.texts);
        let same = |(a, b): (Option<&str>, Option<&str>)| a == b || a.map(words) == b.map(words);
        self.rules == other.rules && texts.all(same)
    }
}

fn said_of_errors<'a>(cases: &[(usize, &'a Case)]) -> Vec<(String, Said<'a>)> {
    let said = cases.iter().map(|(_, case)| {
        let texts = [Some(case.description.as_str()), None, None];
        (status(case.status), Said { texts, rules: None })
    });
    said.collect()
}

fn said_of_headers<'a>(headers: &[Listed<'a>]) -> Vec<(String, Said<'a>)> {
    let said = headers.iter().map(|Listed { header, .. }| {
        let doc = &header.doc;
        let texts = [&doc.title, &doc.description, &doc.url].map(|text| text.as_deref());
        let rules = Some((&header.constraints, doc.default.as_ref()));
        (header.wire.to_ascii_lowercase(), Said { texts, rules })
    });
    said.collect()
}

/// The groups of two or more equal items, in an order that follows from what they hold.
fn groups<'a>(content: &Content<'a>, operations: &'a [OperationNames]) -> Vec<Group<'a>> {
    let mut found: BTreeMap<String, Group<'a>> = BTreeMap::new();
    let mut add_headers = |index: usize, item: ReplyItem, headers: &[Listed<'a>]| {
        if headers.is_empty() {
            return;
        }
        let said = said_of_headers(headers);
        let group = found.entry(content.headers_key(headers));
        let first = || Group::new(content.headers_names(headers), said_of_headers(headers));
        group.or_insert_with(first).add(index, item, &said);
    };
    let mut base = 0;
    let all = || content.api.operations.iter().zip(operations).enumerate();
    for (index, (operation, names)) in all() {
        if !operation.is_stream {
            base = index;
            let headers = Listed::of(&operation.error_headers(), &names.error_headers.1);
            add_headers(index, ReplyItem::ErrorHeaders, &headers);
        } else if operations[base].headers.0 == names.headers.0 {
            continue;
        }
        let headers = Listed::of(&operation.success_headers(), &names.headers.1);
        add_headers(index, ReplyItem::Headers, &headers);
    }
    for (index, (operation, names)) in all().filter(|(_, (it, _))| !it.is_stream) {
        let cases: Vec<(usize, &Case)> = operation.documented_errors().collect();
        if cases.is_empty() {
            continue;
        }
        let said = said_of_errors(&cases);
        let group = found.entry(content.errors_key(&cases, &names.errors.1));
        let first = || Group::new(content.errors_names(&cases), said_of_errors(&cases));
        group
            .or_insert_with(first)
            .add(index, ReplyItem::Errors, &said);
    }
    let groups = found.into_values();
    groups.filter(|group| group.uses.len() > 1).collect()
}

/// Gives each group the first of its names that no other group wants at the same time and nothing else has.
fn named<'a>(mut groups: Vec<Group<'a>>, taken: &HashSet<String>) -> Vec<(Ident, Group<'a>)> {
    let mut scope = Scope::inside(taken, reserved::TYPES);
    let mut named = Vec::new();
    let levels = groups.iter().map(|group| group.candidates.len()).max();
    for level in 0..levels.unwrap_or(0) {
        let wanted = |group: &Group<'_>| {
            let name = group.candidates.get(level)?.clone()?;
            (name.chars().count() <= LONGEST).then_some(name)
        };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in groups.iter().filter_map(wanted) {
            *counts.entry(name).or_default() += 1;
        }
        for group in std::mem::take(&mut groups) {
            let name = wanted(&group).filter(|name| counts[name] == 1);
            match name.and_then(|name| scope.try_take(&name)) {
                Some(name) => named.push((name, group)),
                None => groups.push(group),
            }
        }
    }
    named
}

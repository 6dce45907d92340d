//! Pagination as the document or an overlay asks for it (`x-callwright-pagination`).

use serde_json::{Map, Value};

use super::page::{self, Items};
use super::{Evidence, page_type, path, resource};
use crate::ir::{FieldPath, Operation, Pagination, Rule, Shape, TypeRef, Types};

const KEYS: &[&str] = &[
    "rule", "offset", "limit", "page", "size", "cursor", "first", "items", "next", "total", "more",
    "last", "id", "header",
];

/// Reads what is asked for an operation; what is not said is taken from the document. The error says what to correct.
pub(super) fn read(
    types: &Types,
    operation: &Operation,
    asked: &Value,
) -> Result<Option<Pagination>, String> {
    let asked = match asked {
        Value::Bool(false) => return Ok(None),
        Value::Object(asked) => asked,
        _ => {
            return Err(
                "`x-callwright-pagination` must be `false` or an object with a `rule`".to_owned(),
            );
        }
    };
    if let Some(key) = asked.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!(
            "`x-callwright-pagination` knows no `{key}`: use {}",
            KEYS.join(", ")
        ));
    }
    let page = page_type(operation)
        .ok_or("`x-callwright-pagination` needs an operation with one JSON success")?;
    let reader = Reader {
        types,
        operation,
        asked,
        page,
    };
    let evidence = Evidence::new(types, operation, page, reader.items()?);
    let rule = reader.rule(&evidence)?;
    let mut pagination = evidence.pagination(
        rule,
        "as the document asks (`x-callwright-pagination`)".to_owned(),
    );
    pagination.total = reader.pointer("total")?.or_else(|| path(evidence.total()));
    pagination.more = reader.pointer("more")?.or(pagination.more);
    pagination.last = reader.pointer("last")?.or_else(|| path(evidence.last()));
    pagination.next = match reader.pointer("next")? {
        Some(next) => Some(next),
        None => next(&evidence, rule)?,
    };
    if matches!(rule, Rule::NextHeader | Rule::CursorHeader { .. }) {
        pagination.header = Some(reader.header()?);
    }
    if matches!(rule, Rule::LastItem { .. }) {
        pagination.item_id = Some(reader.item_id(evidence.items.item)?);
    }
    Ok(Some(pagination))
}

struct Reader<'a> {
    types: &'a Types,
    operation: &'a Operation,
    asked: &'a Map<String, Value>,
    page: TypeRef,
}

impl Reader<'_> {
    fn text(&self, key: &str) -> Result<Option<&str>, String> {
        match self.asked.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!(
                "`{key}` of `x-callwright-pagination` must be a string"
            )),
        }
    }

    fn parameter(&self, key: &str) -> Result<Option<usize>, String> {
        let Some(name) = self.text(key)? else {
            return Ok(None);
        };
        let found = self
            .operation
            .parameters
            .iter()
            .position(|parameter| parameter.wire == name);
        found.map(Some).ok_or_else(|| format!("`x-callwright-pagination` names the parameter `{name}`, which the operation does not have"))
    }

    /// The header that leads to the next page: the document may not list it.
    fn header(&self) -> Result<String, String> {
        let name = self.text("header")?;
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let name = name.filter(|name| !name.is_empty() && name.bytes().all(is_token));
        name.map(str::to_owned)
            .ok_or_else(|| "`header` of `x-callwright-pagination` must name the header that leads to the next page".to_owned())
    }

    fn rule(&self, evidence: &Evidence<'_>) -> Result<Rule, String> {
        let steering = &evidence.steering;
        let missing =
            |what: &str| format!("`x-callwright-pagination` must name the parameter `{what}`");
        let cursor = || -> Result<usize, String> {
            self.parameter("cursor")?
                .or(steering.cursors.first().copied())
                .ok_or_else(|| missing("cursor"))
        };
        match self.text("rule")? {
            Some("offset") => Ok(Rule::Offset {
                offset: self.parameter("offset")?.or(steering.offset).ok_or_else(|| missing("offset"))?,
                limit: self.parameter("limit")?.or(steering.size),
            }),
            Some("page") => {
                let page = self.parameter("page")?.or(steering.page).ok_or_else(|| missing("page"))?;
                let first = match self.asked.get("first") {
                    None => super::request::first_page(self.operation, page),
                    Some(first) => first
                        .as_i64()
                        .filter(|first| *first >= 0)
                        .ok_or("`first` of `x-callwright-pagination` must be a whole number that is not negative")?,
                };
                Ok(Rule::Page { page, size: self.parameter("size")?.or(steering.size), first })
            }
            Some("cursor") => Ok(Rule::Cursor { cursor: cursor()? }),
            Some("last-item") => Ok(Rule::LastItem { cursor: cursor()? }),
            Some("next-link") => Ok(Rule::NextLink),
            Some("link-header") => Ok(Rule::LinkHeader),
            Some("next-header") => self.header().map(|_| Rule::NextHeader),
            Some("cursor-header") => {
                self.header()?;
                let named = [self.parameter("cursor")?, self.parameter("page")?, self.parameter("offset")?];
                let found = [steering.cursors.first().copied(), steering.page, steering.offset];
                let cursor = named.into_iter().chain(found).flatten().next();
                cursor.map(|cursor| Rule::CursorHeader { cursor }).ok_or_else(|| missing("cursor"))
            }
            _ => Err("`rule` of `x-callwright-pagination` must be one of offset, page, cursor, last-item, next-link, link-header, next-header, cursor-header".to_owned()),
        }
    }

    fn follow(&self, from: TypeRef, key: &str) -> Result<Option<(FieldPath, TypeRef)>, String> {
        let Some(pointer) = self.text(key)? else {
            return Ok(None);
        };
        let found = page::follow(self.types, from, pointer);
        found.map(Some).ok_or_else(|| format!("`{key}` of `x-callwright-pagination` points to `{pointer}`, which is no property of the response"))
    }

    fn pointer(&self, key: &str) -> Result<Option<FieldPath>, String> {
        Ok(self.follow(self.page, key)?.map(|(path, _)| path))
    }

    fn items(&self) -> Result<Items, String> {
        let missing = "`items` of `x-callwright-pagination` must point to the array of items";
        let Some((path, ty)) = self.follow(self.page, "items")? else {
            return page::items(self.types, self.page, &resource(&self.operation.path))
                .ok_or_else(|| missing.to_owned());
        };
        match self.types[self.types.unalias(ty).id].shape {
            Shape::Array(item) => Ok(Items {
                path,
                item,
                name: self
                    .text("items")?
                    .unwrap_or_default()
                    .trim_start_matches('/')
                    .replace('/', "."),
            }),
            _ => Err(missing.to_owned()),
        }
    }

    fn item_id(&self, item: TypeRef) -> Result<FieldPath, String> {
        match self.follow(item, "id")? {
            Some((path, _)) => Ok(path),
            None => page::item_id(self.types, item).ok_or_else(|| {
                "`id` of `x-callwright-pagination` must point to the id of an item".to_owned()
            }),
        }
    }
}

/// What leads to the next page, where it is not said: some rules end without it at the first.
fn next(evidence: &Evidence<'_>, rule: Rule) -> Result<Option<FieldPath>, String> {
    let found = match rule {
        Rule::Cursor { cursor } => evidence.next_cursor(cursor),
        Rule::NextLink => evidence.next_url(),
        _ => return Ok(None),
    };
    path(found).map(Some).ok_or_else(|| {
        "`next` of `x-callwright-pagination` must point to what leads to the next page".to_owned()
    })
}

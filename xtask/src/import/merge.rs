//! Several documents of one API to one: the union of their parts, where parts of one name must be equal.
//!
//! A part is what vendors repeat whole on each page: `info`, one operation, one tag, one component. The result and the
//! conflicts do not depend on the order of the sources.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::report::{Place, Position, Problem, short};
use super::yaml::pointer_text;

/// The order of an OpenAPI document's own keys; `x-` keys follow.
const TOP: [&str; 9] = [
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "security",
    "tags",
    "paths",
    "webhooks",
    "components",
];
/// The methods of OpenAPI 3.0 to 3.2, in the order in which they are written.
pub(super) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];
/// Keys whose absence says something: a page that lacks them contradicts one that has them.
const TOP_SHARED: [&str; 6] = [
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "security",
    "$self",
];
const PATH_SHARED: [&str; 3] = ["$ref", "servers", "parameters"];
/// More conflicts than this say nothing new.
const MOST_CONFLICTS: usize = 20;

/// A document and how to find its places.
pub(super) struct Source<'a> {
    /// The page or vendored document as the user knows it.
    pub(super) name: &'a str,
    pub(super) document: &'a Value,
    pub(super) locate: &'a dyn Fn(&[String]) -> Option<Position>,
}

type Pointer = Vec<String>;

/// One part of one source; an absent value is a statement where the key is a shared one.
struct Part<'a> {
    value: Option<&'a Value>,
    source: usize,
    /// Where the part stands in its own document, which differs from its key for tags.
    pointer: Pointer,
}

/// Unites the documents, or says where they contradict each other.
pub(super) fn merge(sources: &[Source<'_>]) -> Result<Value, Vec<Problem>> {
    let mut parts: BTreeMap<Pointer, Part<'_>> = BTreeMap::new();
    let mut conflicts = Vec::new();
    for (source, Source { document, .. }) in sources.iter().enumerate() {
        for (key, value, pointer) in split(document) {
            let part = Part {
                value,
                source,
                pointer,
            };
            match parts.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(part);
                }
                Entry::Occupied(mut entry) => {
                    let old = entry.get();
                    if old.value != part.value {
                        conflicts.push(conflict(sources, old, &part));
                    } else if text(part.value) < text(old.value) {
                        // Equal but for the order of keys: the smaller text, whatever came first.
                        entry.insert(part);
                    }
                }
            }
        }
    }
    if conflicts.is_empty() {
        return Ok(compose(&parts, &tag_order(sources)));
    }
    let more = conflicts.len().saturating_sub(MOST_CONFLICTS);
    conflicts.truncate(MOST_CONFLICTS);
    if let (Some(last), 1..) = (conflicts.last_mut(), more) {
        // Writing to a String does not fail.
        let _ = write!(last.message, " (and {more} more such differences)");
    }
    Err(conflicts)
}

fn text(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

/// The parts of a document: key, value and own pointer.
fn split(document: &Value) -> Vec<(Pointer, Option<&Value>, Pointer)> {
    let mut parts = Vec::new();
    let mut push = |key: &[&str], value, pointer: Option<Pointer>| {
        let key: Pointer = key.iter().map(|&token| token.to_owned()).collect();
        let pointer = pointer.unwrap_or_else(|| key.clone());
        parts.push((key, value, pointer));
    };
    for key in TOP_SHARED {
        push(&[key], document.get(key), None);
    }
    for (key, value) in document.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            (shared, _) if TOP_SHARED.contains(&shared) => {}
            ("paths" | "webhooks", Value::Object(items)) => {
                for (path, item) in items {
                    let Value::Object(entries) = item else {
                        push(&[key, path], Some(item), None);
                        continue;
                    };
                    for shared in PATH_SHARED {
                        push(&[key, path, shared], item.get(shared), None);
                    }
                    for (entry, value) in entries {
                        if !PATH_SHARED.contains(&entry.as_str()) {
                            push(&[key, path, entry], Some(value), None);
                        }
                    }
                }
            }
            ("components", Value::Object(sections)) => {
                if sections.is_empty() {
                    push(&[key], Some(value), None);
                }
                for (section, members) in sections {
                    match members {
                        Value::Object(map) if map.is_empty() => {
                            push(&[key, section], Some(members), None);
                        }
                        Value::Object(members) => {
                            for (name, value) in members {
                                push(&[key, section, name], Some(value), None);
                            }
                        }
                        other => push(&[key, section], Some(other), None),
                    }
                }
            }
            ("tags", Value::Array(tags)) => {
                for (index, tag) in tags.iter().enumerate() {
                    let pointer = vec!["tags".to_owned(), index.to_string()];
                    push(&["tags", &tag_name(tag)], Some(tag), Some(pointer));
                }
            }
            _ => push(&[key], Some(value), None),
        }
    }
    parts
}

fn tag_name(tag: &Value) -> String {
    tag.get("name")
        .and_then(Value::as_str)
        .map_or_else(|| tag.to_string(), str::to_owned)
}

/// The authors' order of tags where all agree; by name where they differ, because no other order is the same for
/// every order of import.
fn tag_order(sources: &[Source<'_>]) -> Vec<String> {
    let mut lists = sources
        .iter()
        .filter_map(|source| source.document.get("tags")?.as_array())
        .map(|tags| tags.iter().map(tag_name).collect::<Vec<_>>());
    let Some(mut first) = lists.next() else {
        return Vec::new();
    };
    let others: Vec<_> = lists.filter(|list| *list != first).collect();
    if !others.is_empty() {
        first.extend(others.into_iter().flatten());
        first.sort();
    }
    let mut seen = std::collections::BTreeSet::new();
    first.retain(|name| seen.insert(name.clone()));
    first
}

/// Says where two values part, as deep as they have the same shape.
fn conflict(sources: &[Source<'_>], old: &Part<'_>, new: &Part<'_>) -> Problem {
    let (mut old_pointer, mut new_pointer) = (old.pointer.clone(), new.pointer.clone());
    let (old_value, new_value) = part_ways(old.value, new.value, &mut |token| {
        old_pointer.push(token.clone());
        new_pointer.push(token);
    });
    let place = |part: &Part<'_>, pointer: &Pointer, value: Option<&Value>| {
        let source = &sources[part.source];
        Place {
            file: source.name.to_owned(),
            position: (source.locate)(pointer),
            note: Some(value.map_or_else(
                || "has nothing here".to_owned(),
                |value| short(&value.to_string()),
            )),
        }
    };
    let (first, second) = (
        place(old, &old_pointer, old_value),
        place(new, &new_pointer, new_value),
    );
    Problem::error(
        format!(
            "{} and {} differ at {}",
            first.file, second.file, pointer_text(&new_pointer)
        ),
        first,
    )
    .and(second)
    .help(
        "pages of one API must agree: save the older one again, or, if they are of two APIs, import them with \
         different --api names; to start over, remove the vendored document and import every page anew",
    )
}

fn part_ways<'v>(
    old: Option<&'v Value>,
    new: Option<&'v Value>,
    descend: &mut impl FnMut(String),
) -> (Option<&'v Value>, Option<&'v Value>) {
    match (old, new) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            for key in keys {
                if a.get(key) != b.get(key) {
                    descend(key.clone());
                    return part_ways(a.get(key), b.get(key), descend);
                }
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) if a.len() == b.len() => {
            if let Some(index) = (0..a.len()).find(|&index| a[index] != b[index]) {
                descend(index.to_string());
                return part_ways(a.get(index), b.get(index), descend);
            }
        }
        _ => {}
    }
    (old, new)
}

/// Builds the document in its stable order: top keys as the specification lists them, paths and components by name,
/// methods as the specification lists them; what is inside a part stays as its author wrote it.
fn compose(parts: &BTreeMap<Pointer, Part<'_>>, tags: &[String]) -> Value {
    let mut top: BTreeMap<(usize, &str), Value> = BTreeMap::new();
    for key in parts.keys() {
        top.insert(top_rank(&key[0]), Value::Null);
    }
    top.insert(top_rank("paths"), Value::Object(Map::new()));
    let mut document = Map::new();
    for (_, key) in top.into_keys() {
        let value = match key {
            "tags" => tags
                .iter()
                .filter_map(|name| {
                    parts
                        .get(["tags".to_owned(), name.clone()].as_slice())?
                        .value
                        .cloned()
                })
                .collect::<Vec<_>>()
                .into(),
            "paths" | "webhooks" => nested(parts, key, path_item_rank),
            "components" => nested(parts, key, |_, name| (0, name)),
            _ => match parts
                .get([key.to_owned()].as_slice())
                .and_then(|part| part.value)
            {
                Some(value) => value.clone(),
                None => continue,
            },
        };
        document.insert(key.to_owned(), value);
    }
    Value::Object(document)
}

/// Values by rank and name.
type Members<'v> = BTreeMap<(usize, &'v str), &'v Value>;
type Rank = for<'a> fn(&'a str, &'a str) -> (usize, &'a str);

/// The parts below a top key, as an object of objects; a part of two tokens is a member by itself.
fn nested(parts: &BTreeMap<Pointer, Part<'_>>, top: &str, rank: Rank) -> Value {
    let is_below = |key: &Pointer| key[0] == top && key.len() > 1;
    let all = parts
        .get([top.to_owned()].as_slice())
        .and_then(|part| part.value);
    if let Some(value) = all.filter(|value| !value.is_object() || !parts.keys().any(is_below)) {
        return value.clone();
    }
    let mut groups: BTreeMap<(usize, &str), Members<'_>> = BTreeMap::new();
    let mut whole: Members<'_> = BTreeMap::new();
    for (key, part) in parts.iter().filter(|(key, _)| is_below(key)) {
        let group = group_rank(top, &key[1]);
        match (key.get(2), part.value) {
            (Some(member), Some(value)) => {
                groups
                    .entry(group)
                    .or_default()
                    .insert(rank(top, member), value);
            }
            (Some(_), None) => {
                groups.entry(group).or_default();
            }
            (None, Some(value)) => {
                whole.insert(group, value);
            }
            (None, None) => {}
        }
    }
    let mut out: BTreeMap<(usize, &str), Value> = whole
        .into_iter()
        .map(|(group, value)| (group, value.clone()))
        .collect();
    for (group, members) in groups {
        let members: Map<String, Value> = members
            .into_iter()
            .map(|((_, name), value)| (name.to_owned(), value.clone()))
            .collect();
        out.insert(group, Value::Object(members));
    }
    let members: Map<String, Value> = out
        .into_iter()
        .map(|((_, name), value)| (name.to_owned(), value))
        .collect();
    Value::Object(members)
}

fn top_rank(key: &str) -> (usize, &str) {
    (
        TOP.iter().position(|top| *top == key).unwrap_or(TOP.len()),
        key,
    )
}

/// Schemas come first among the components.
fn group_rank<'a>(top: &str, group: &'a str) -> (usize, &'a str) {
    (
        usize::from(top != "components" || group != "schemas"),
        group,
    )
}

fn path_item_rank<'a>(_: &'a str, key: &'a str) -> (usize, &'a str) {
    const BEFORE: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];
    let rank = BEFORE
        .iter()
        .chain(&METHODS)
        .position(|known| *known == key);
    (rank.unwrap_or(BEFORE.len() + METHODS.len()), key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn united(documents: &[&Value]) -> Result<Value, Vec<Problem>> {
        let names = ["a.md", "b.md", "c.md"];
        let sources: Vec<_> = documents
            .iter()
            .zip(names)
            .map(|(document, name)| Source {
                name,
                document,
                locate: &|_| None,
            })
            .collect();
        merge(&sources)
    }

    fn page(path: &str, method: &str, extra: &Value) -> Value {
        let mut document = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {path: {method: {"responses": {"200": {"description": "x"}}}}}});
        for (key, value) in extra.as_object().unwrap() {
            document[key] = value.clone();
        }
        document
    }

    #[test]
    fn the_order_of_pages_does_not_matter() {
        let a = page(
            "/b",
            "post",
            &json!({"tags": [{"name": "z"}, {"name": "a"}], "x-y": 1,
            "components": {"schemas": {"S": {"type": "object", "title": "S"}}}}),
        );
        let b = page(
            "/b",
            "get",
            &json!({"tags": [{"name": "m"}],
            "components": {"schemas": {"S": {"title": "S", "type": "object"}}, "responses": {"R": {"description": ""}}}}),
        );
        let c = page(
            "/a",
            "get",
            &json!({"tags": [{"name": "z"}, {"name": "a"}]}),
        );
        let first = united(&[&a, &b, &c]).unwrap().to_string();
        for order in [
            [&a, &c, &b],
            [&b, &a, &c],
            [&b, &c, &a],
            [&c, &a, &b],
            [&c, &b, &a],
        ] {
            assert_eq!(united(&order).unwrap().to_string(), first);
            // One page after another is the same as all at once.
            let two = united(&order[..2]).unwrap();
            assert_eq!(united(&[&two, order[2]]).unwrap().to_string(), first);
        }
        assert_eq!(
            first,
            r#"{"openapi":"3.0.3","info":{"title":"T","version":"1"},"tags":[{"name":"a"},{"name":"m"},{"name":"z"}],"paths":{"/a":{"get":{"responses":{"200":{"description":"x"}}}},"/b":{"get":{"responses":{"200":{"description":"x"}}},"post":{"responses":{"200":{"description":"x"}}}}},"components":{"schemas":{"S":{"title":"S","type":"object"}},"responses":{"R":{"description":""}}},"x-y":1}"#
        );
    }

    #[test]
    fn a_difference_names_both_and_the_deepest_pointer() {
        let schema = |kind: &str| json!({"components": {"schemas": {"A/b": {"properties": {"id": {"type": kind}}}}}});
        let problems = united(&[
            &page("/a", "get", &schema("string")),
            &page("/b", "get", &schema("integer")),
        ])
        .unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(
            problems[0].message,
            "a.md and b.md differ at #/components/schemas/A~1b/properties/id/type"
        );
        let notes: Vec<_> = problems[0]
            .places
            .iter()
            .filter_map(|place| place.note.as_deref())
            .collect();
        assert_eq!(notes, ["\"string\"", "\"integer\""]);
    }

    #[test]
    fn what_one_page_leaves_out_is_not_lent_to_it() {
        let open = page("/a", "get", &json!({}));
        let locked = page("/a", "post", &json!({"security": [{"key": []}]}));
        let problems = united(&[&open, &locked]).unwrap_err();
        assert_eq!(
            problems[0].places[0].note.as_deref(),
            Some("has nothing here")
        );
        assert!(problems[0].message.ends_with("differ at #/security"));
        let mut shared = page("/a", "post", &json!({}));
        shared["paths"]["/a"]["parameters"] = json!([]);
        assert!(
            united(&[&open, &shared]).unwrap_err()[0]
                .message
                .ends_with("#/paths/~1a/parameters")
        );
    }

    #[test]
    fn empty_sections_stay_and_yield() {
        let empty = page("/a", "get", &json!({"components": {"schemas": {}}}));
        let bare = page("/b", "get", &json!({"components": {}}));
        let full = page("/c", "get", &json!({"components": {"schemas": {"S": {}}}}));
        assert_eq!(united(&[&bare]).unwrap(), bare);
        let both = united(&[&bare, &empty]).unwrap();
        assert_eq!(both["components"], json!({"schemas": {}}));
        assert_eq!(
            united(&[&both, &full]).unwrap()["components"],
            full["components"]
        );
    }

    #[test]
    fn an_operation_on_two_pages_must_be_the_same() {
        let a = page("/a", "get", &json!({}));
        assert!(united(&[&a, &a]).is_ok());
        let mut b = a.clone();
        b["paths"]["/a"]["get"]["responses"]["200"]["description"] = json!("y");
        assert!(
            united(&[&a, &b]).unwrap_err()[0]
                .message
                .ends_with("#/paths/~1a/get/responses/200/description")
        );
    }
}

//! Enumerations and what a document says of their values.

use serde_json::Value;

use super::Resolver;
use super::intersection::Part;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Enumeration, EnumerationKind, EnumerationValue, Origin, Shape, TypeRef};

/// Extensions that name the values, in the order of `enum`.
const NAMES: &[&str] = &["x-enum-varnames", "x-enumNames", "x-enum-names"];
/// Extensions that describe the values, in the order of `enum` or by value.
const DESCRIPTIONS: &[&str] = &[
    "x-enum-descriptions",
    "x-enumDescriptions",
    "x-enum-description",
];

impl<'d> Resolver<'d> {
    /// The shape of a schema with `enum`; `None` where nothing but `null` is listed.
    pub(super) fn enumeration(&mut self, parts: &[Part<'d>]) -> Option<Shape> {
        let lists: Vec<&Part<'d>> = parts
            .iter()
            .filter(|part| part.node.member("enum").is_some())
            .collect();
        let mut values = Self::values(&lists.last()?.node);
        for part in lists.iter().rev().skip(1) {
            let others = Self::values(&part.node);
            let common: Vec<EnumerationValue> = values
                .iter()
                .filter(|value| others.iter().any(|other| other.value == value.value))
                .cloned()
                .collect();
            if common.is_empty() {
                self.report(
                    Code::ALL_OF_CONFLICT,
                    &part.node,
                    "the lists of `enum` have no value in common; the last is taken",
                    "let the lists overlap",
                );
            } else {
                values = common;
            }
        }
        if values.is_empty() {
            return None;
        }
        let text = parts
            .iter()
            .any(|part| part.node.str("type") == Some("string"));
        if text {
            for value in &mut values {
                if !value.value.is_string() {
                    // An unquoted YAML scalar in a list of strings means its text.
                    value.value = Value::String(value.value.to_string());
                }
            }
        }
        let integer = parts
            .iter()
            .any(|part| part.node.str("type") == Some("integer"));
        let number = |value: &EnumerationValue| value.value.as_str()?.parse::<i64>().ok();
        if integer && values.iter().all(|value| number(value).is_some()) {
            for value in &mut values {
                // A quoted scalar in a list of integers means its number.
                value.value = number(value).into();
            }
        }
        if values.iter().all(|value| value.value.is_boolean()) {
            return Some(Shape::Bool);
        }
        Some(enumeration(values))
    }

    /// Takes over what the description of a parameter says of the values of its inline schema.
    pub(super) fn describe_values(&mut self, ty: TypeRef, text: &str) {
        let mut ty = &mut self.api.types[ty.id];
        if let Shape::Array(item) = ty.shape {
            ty = &mut self.api.types[item.id];
        }
        let (Origin::Inline(_), Shape::Enumeration(enumeration)) = (&ty.origin, &mut ty.shape)
        else {
            return;
        };
        for value in &mut enumeration.values {
            if value.doc.is_none() {
                value.doc = listed(text, &word(&value.value));
            }
        }
    }

    /// The values of one list without `null` and duplicates, with what is said of each.
    pub(super) fn values(node: &Node<'d>) -> Vec<EnumerationValue> {
        let mut values: Vec<EnumerationValue> = Vec::new();
        let text = node.str("description").unwrap_or_default();
        for (index, value) in node.values("enum").enumerate() {
            if value.is_null() || values.iter().any(|known| &known.value == value) {
                continue;
            }
            let word = word(value);
            let at = |keys: &[&str]| {
                keys.iter().find_map(|key| {
                    let list = node.member(key)?;
                    list.get(index)
                        .or_else(|| list.get(&word))?
                        .as_str()
                        .map(str::to_owned)
                })
            };
            let ms = node
                .member("x-ms-enum")
                .and_then(|named| named.get("values")?.as_array())
                .and_then(|list| list.iter().find(|entry| entry.get("value") == Some(value)));
            let ms_text = |key: &str| {
                ms.and_then(|entry| entry.get(key)?.as_str())
                    .map(str::to_owned)
            };
            values.push(EnumerationValue {
                value: value.clone(),
                name: at(NAMES).or_else(|| ms_text("name")),
                doc: at(DESCRIPTIONS)
                    .or_else(|| ms_text("description"))
                    .or_else(|| listed(text, &word)),
            });
        }
        values
    }
}

/// The enumeration of some values, by their JSON kind.
pub(super) fn enumeration(values: Vec<EnumerationValue>) -> Shape {
    let kind = if values.iter().all(|value| value.value.is_string()) {
        EnumerationKind::String
    } else if values.iter().all(|value| value.value.is_i64()) {
        EnumerationKind::Integer
    } else {
        EnumerationKind::Mixed
    };
    Shape::Enumeration(Enumeration { kind, values })
}

/// A value as a person writes it: strings without quotes.
fn word(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What a list in a description says of a value: "* `PENDING` - Pending", as drf-spectacular and others write it.
fn listed(description: &str, value: &str) -> Option<String> {
    description.lines().find_map(|line| {
        let item = line
            .trim_start()
            .strip_prefix(['*', '-', '+'])?
            .trim_start();
        let rest = item
            .strip_prefix('`')
            .and_then(|item| item.strip_prefix(value)?.strip_prefix('`'))
            .or_else(|| {
                item.strip_prefix("**")?
                    .strip_prefix(value)?
                    .strip_prefix("**")
            })
            .or_else(|| {
                item.strip_prefix('"')?
                    .strip_prefix(value)?
                    .strip_prefix('"')
            })
            .or_else(|| {
                item.strip_prefix(value)
                    .filter(|rest| rest.trim_start().starts_with(['-', ':', '–', '—']))
            })?;
        let text = rest
            .trim_start()
            .strip_prefix(['-', ':', '–', '—', '='])?
            .trim();
        (!text.is_empty()).then(|| text.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn finds_what_a_list_says_of_a_value() {
        let text = "Status.\n\n* `PENDING` - Pending\n* `PENDING_2` - Later\n- EXPIRED: Too late\n* **x**: why";
        assert_eq!(listed(text, "PENDING").as_deref(), Some("Pending"));
        assert_eq!(listed(text, "PENDING_2").as_deref(), Some("Later"));
        assert_eq!(listed(text, "EXPIRED").as_deref(), Some("Too late"));
        assert_eq!(listed(text, "x").as_deref(), Some("why"));
        assert_eq!(listed(text, "EXP"), None);
        assert_eq!(listed(text, ""), None);
    }
}

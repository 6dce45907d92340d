//! Limits on values: what the parts of a schema say together, and what of it cannot be kept or checked.

use std::collections::HashSet;

use serde_json::{Number, Value};

use super::Resolver;
use super::intersection::Part;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::Constraints;

/// The limits that hold together.
pub(super) fn constraints(parts: &[Part<'_>]) -> Constraints {
    let mut limits = Constraints::default();
    // One of several that may hold sets no limit on all.
    for part in parts.iter().filter(|part| part.member.is_none()) {
        limits.tighten(&own(&part.node));
    }
    limits.keys.extend(undeclared(parts));
    limits.allowed = one_flag(parts);
    limits
}

/// What one schema says by itself.
fn own(node: &Node<'_>) -> Constraints {
    let number = |key: &str| match node.value.get(key) {
        Some(Value::Number(number)) => Some(number.clone()),
        _ => None,
    };
    let count = |key: &str| node.value.get(key).and_then(Value::as_u64);
    let multiple_of = number("multipleOf").filter(|of| of.as_f64() > Some(0.0));
    Constraints {
        minimum: number("minimum"),
        maximum: number("maximum"),
        exclusive_minimum: node.flag("exclusiveMinimum"),
        exclusive_maximum: node.flag("exclusiveMaximum"),
        multiple_of,
        min_length: count("minLength"),
        max_length: count("maxLength"),
        patterns: node.str("pattern").map(str::to_owned).into_iter().collect(),
        min_items: count("minItems"),
        max_items: count("maxItems"),
        unique_items: node.flag("uniqueItems"),
        min_properties: count("minProperties"),
        max_properties: count("maxProperties"),
        allowed: None,
        keys: dependent(node),
        names: None,
        name_patterns: only_patterns(node),
        by_pattern: by_pattern(node),
    }
}

/// `dependentRequired`, and the lists of names in `dependencies`.
fn dependent(node: &Node<'_>) -> Vec<(Option<String>, Vec<String>)> {
    ["dependentRequired", "dependencies"]
        .iter()
        .filter_map(|key| node.value.get(key)?.as_object())
        .flatten()
        .filter_map(|(name, others)| {
            let others = others.as_array()?.iter().filter_map(Value::as_str);
            Some((Some(name.clone()), others.map(str::to_owned).collect()))
        })
        .collect()
}

/// Names in `required` that no part declares: keys of a map.
fn undeclared(parts: &[Part<'_>]) -> Option<(Option<String>, Vec<String>)> {
    let declared: HashSet<&str> = parts
        .iter()
        .filter_map(|part| part.node.value.get("properties")?.as_object())
        .flat_map(|properties| properties.keys().map(String::as_str))
        .collect();
    let mut names: Vec<String> = Vec::new();
    let required = parts
        .iter()
        .filter(|part| part.member.is_none())
        .filter_map(|part| part.node.value.get("required")?.as_array())
        .flatten()
        .filter_map(Value::as_str);
    for name in required {
        if !declared.contains(name) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    (!names.is_empty()).then_some((None, names))
}

/// The one value of an `enum` of a boolean, which is no enumeration of its own.
fn one_flag(parts: &[Part<'_>]) -> Option<Vec<Value>> {
    let mut lists = parts
        .iter()
        .filter_map(|part| part.node.value.get("enum")?.as_array());
    let mut values: Vec<Value> = lists.next()?.clone();
    for list in lists {
        values.retain(|value| list.contains(value));
    }
    values.retain(|value| !value.is_null());
    values.dedup();
    (values.len() == 1 && values[0].is_boolean()).then_some(values)
}

/// The patterns of names where a schema allows no others.
fn only_patterns(node: &Node<'_>) -> Vec<String> {
    let closed = match node.value.get("additionalProperties") {
        Some(Value::Bool(open)) => !open,
        Some(Value::Object(schema)) => schema.get("not") == Some(&serde_json::json!({})),
        _ => false,
    };
    let patterns = node.value.get("x-callwright-pattern-properties");
    let patterns = patterns.and_then(Value::as_object);
    patterns
        .filter(|_| closed)
        .map(|patterns| patterns.keys().cloned().collect())
        .unwrap_or_default()
}

/// The limits that several patterns of names set on values; those of a single one are those of the type of all values.
fn by_pattern(node: &Node<'_>) -> Vec<(String, Constraints)> {
    let patterns = node.get("x-callwright-pattern-properties");
    let patterns: Vec<_> = patterns.iter().flat_map(Node::members).collect();
    if patterns.len() < 2 {
        return Vec::new();
    }
    let limits = patterns
        .iter()
        .map(|(name, node)| ((*name).to_owned(), own(node)));
    limits.filter(|(_, limits)| !limits.is_empty()).collect()
}

/// The bounds that a schema and those it builds on set on whole numbers, as `i128`; none where there is no bound.
pub(super) fn bounds(limits: &Constraints) -> (Option<i128>, Option<i128>) {
    let whole = |number: &Number| {
        let exact = number.as_i64().map(i128::from);
        let exact = exact.or_else(|| number.as_u64().map(i128::from));
        // A bound with a fraction or beyond 64 bits; the cast saturates.
        #[allow(clippy::cast_possible_truncation)]
        exact.or_else(|| number.as_f64().map(|value| value as i128))
    };
    let low = limits.minimum.as_ref().and_then(whole);
    let high = limits.maximum.as_ref().and_then(whole);
    (low, high)
}

impl<'d> Resolver<'d> {
    /// The limits of a schema as a whole, with what there is to say of them.
    pub(super) fn limits(&mut self, parts: &[Part<'d>]) -> Constraints {
        let mut limits = constraints(parts);
        for part in parts.iter().filter(|part| part.member.is_none()) {
            if let Some(names) = part.node.get("x-callwright-property-names") {
                let names = self.names(&names);
                limits.names.get_or_insert_default().tighten(&names);
            }
        }
        limits.names = limits.names.filter(|names| !names.is_empty());
        self.check_patterns(parts);
        if let Some((a, b)) = limits.contradiction() {
            let last = &parts[parts.len() - 1].node;
            self.report(
                Code::LIMITS_CONTRADICT,
                last,
                format!("no value has {a} and {b}"),
                "correct the limits; `validate()` refuses every value",
            );
        }
        limits
    }

    /// What `propertyNames` says.
    fn names(&mut self, node: &Node<'d>) -> Constraints {
        let parts = self.parts(std::slice::from_ref(node));
        let mut names = constraints(&parts);
        for part in &parts {
            let Some(list) = part.node.value.get("enum").and_then(Value::as_array) else {
                continue;
            };
            let allowed = Constraints {
                allowed: Some(list.clone()),
                ..Constraints::default()
            };
            names.tighten(&allowed);
        }
        self.check_patterns(&parts);
        names
    }

    /// Reports patterns that cannot be checked.
    fn check_patterns(&mut self, parts: &[Part<'d>]) {
        for part in parts {
            let patterns = part.node.get("x-callwright-pattern-properties");
            let keys = patterns.iter().flat_map(Node::members);
            let pattern = part.node.get("pattern");
            let said = pattern
                .into_iter()
                .filter_map(|node| Some((node.value.as_str()?, node)));
            for (text, node) in keys.chain(said).collect::<Vec<_>>() {
                if let Err(why) = crate::ir::pattern(text) {
                    self.report(
                        Code::PATTERN_UNUSABLE,
                        &node,
                        format!("the pattern cannot be checked: {why}"),
                        "write it as ECMA-262 does; `validate()` leaves it out",
                    );
                }
            }
        }
    }
}

//! Limits on values: what the parts of a schema say together, and what of it cannot be kept or checked.

use serde_json::{Number, Value};

use super::Resolver;
use super::intersection::Part;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Constraints, Limits};

/// The limits that hold together.
pub(super) fn constraints(parts: &[Part<'_>]) -> Constraints {
    let mut limits = Constraints::default();
    // One of several that may hold sets no limit on all.
    for part in parts.iter().filter(|part| part.member.is_none()) {
        limits.tighten(&own(&part.node));
    }
    if let Some(keys) = undeclared(parts) {
        limits.keys.push(keys);
    }
    if let Some(flag) = one_flag(parts) {
        limits.allowed = Some(flag);
    }
    limits
}

/// What one schema says by itself: one walk over its keywords, since most have none of these.
fn own(node: &Node<'_>) -> Constraints {
    let mut limits = Constraints::default();
    for (keyword, value) in node.value.as_object().into_iter().flatten() {
        let number = || match value {
            Value::Number(number) => Some(number.clone()),
            _ => None,
        };
        match keyword.as_str() {
            "minimum" => limits.minimum = number(),
            "maximum" => limits.maximum = number(),
            "exclusiveMinimum" => limits.exclusive_minimum = value == &Value::Bool(true),
            "exclusiveMaximum" => limits.exclusive_maximum = value == &Value::Bool(true),
            "multipleOf" => {
                limits.multiple_of = number().filter(|of| of.as_f64() > Some(0.0));
            }
            "minLength" => limits.min_length = value.as_u64(),
            "maxLength" => limits.max_length = value.as_u64(),
            "pattern" => limits.patterns.extend(value.as_str().map(str::to_owned)),
            "minItems" => limits.min_items = value.as_u64(),
            "maxItems" => limits.max_items = value.as_u64(),
            "uniqueItems" => limits.unique_items = value == &Value::Bool(true),
            "minProperties" => limits.min_properties = value.as_u64(),
            "maxProperties" => limits.max_properties = value.as_u64(),
            "dependentRequired" | "dependencies" => limits.keys = dependent(node),
            PATTERN_PROPERTIES => {
                limits.name_patterns = only_patterns(node);
                limits.by_pattern = by_pattern(node);
            }
            _ => {}
        }
    }
    limits
}

const PATTERN_PROPERTIES: &str = "x-callwright-pattern-properties";

/// `dependentRequired`, and the lists of names in `dependencies`.
fn dependent(node: &Node<'_>) -> Vec<(Option<String>, Vec<String>)> {
    ["dependentRequired", "dependencies"]
        .iter()
        .flat_map(|key| node.entries(key))
        .filter_map(|(name, others)| {
            let others = others.as_array()?.iter().filter_map(Value::as_str);
            Some((Some(name.to_owned()), others.map(str::to_owned).collect()))
        })
        .collect()
}

/// Names in `required` that no part declares: keys of a map.
fn undeclared(parts: &[Part<'_>]) -> Option<(Option<String>, Vec<String>)> {
    let declared = |name: &str| {
        let mut properties = parts
            .iter()
            .filter_map(|part| part.node.member("properties")?.as_object());
        properties.any(|properties| properties.contains_key(name))
    };
    let mut names: Vec<String> = Vec::new();
    let required = parts
        .iter()
        .filter(|part| part.member.is_none())
        .flat_map(|part| part.node.values("required"))
        .filter_map(Value::as_str);
    for name in required {
        if !declared(name) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    (!names.is_empty()).then_some((None, names))
}

/// The one value of an `enum` of a boolean, which is no enumeration of its own.
fn one_flag(parts: &[Part<'_>]) -> Option<Vec<Value>> {
    let mut lists = parts
        .iter()
        .filter_map(|part| part.node.member("enum")?.as_array());
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
    let closed = match node.member("additionalProperties") {
        Some(Value::Bool(open)) => !open,
        Some(Value::Object(schema)) => schema.get("not") == Some(&serde_json::json!({})),
        _ => false,
    };
    if !closed {
        return Vec::new();
    }
    let patterns = node.entries(PATTERN_PROPERTIES);
    patterns.map(|(pattern, _)| pattern.to_owned()).collect()
}

/// The limits that several patterns of names set on values; those of a single one are those of the type of all values.
fn by_pattern(node: &Node<'_>) -> Vec<(String, Constraints)> {
    let patterns = node.get(PATTERN_PROPERTIES);
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
        if limits.names.as_ref().is_some_and(|names| names.is_empty()) {
            limits.names = None;
        }
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
            let Some(list) = part.node.member("enum").and_then(Value::as_array) else {
                continue;
            };
            let allowed = Limits {
                allowed: Some(list.clone()),
                ..Limits::default()
            };
            names.tighten(&allowed.into());
        }
        self.check_patterns(&parts);
        names
    }

    /// Reports patterns that cannot be checked.
    fn check_patterns(&mut self, parts: &[Part<'d>]) {
        for part in parts {
            let patterns = part.node.get(PATTERN_PROPERTIES);
            let keys = patterns.iter().flat_map(Node::members);
            let pattern = part.node.get("pattern");
            let said = pattern
                .into_iter()
                .filter_map(|node| Some((node.value.as_str()?, node)));
            for (text, node) in keys.chain(said).collect::<Vec<_>>() {
                if self.patterns.contains(text) {
                    continue;
                }
                let Err(why) = crate::ir::pattern(text) else {
                    self.patterns.insert(text);
                    continue;
                };
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

//! The last line of a doc comment: limits, default and example, in our words.

use std::fmt::Display;

use std::collections::HashSet;

use serde_json::Value;

use super::inline::code_span;
use super::markdown::clean;
use crate::ir::{Constraints, Doc, Limits};

/// Longer examples say little in a line.
const EXAMPLE: usize = 60;
/// Longer defaults and patterns say little in a line.
const VALUE: usize = 100;
/// Lists of more values are not repeated where they are used.
const MAX_LISTED: usize = 12;

/// What the document says in keywords of a value, as sentences on one line; empty where nothing.
pub(in crate::emit) fn notes(doc: &Doc, constraints: &[&Constraints]) -> String {
    let mut notes = Vec::new();
    if doc.deprecated {
        notes.push("Deprecated.".to_owned());
    }
    for constraints in constraints {
        limits(constraints, &mut notes);
    }
    if let Some(default) = doc.default.as_ref().filter(|value| !value.is_null())
        && let Some(code) = code(default, VALUE)
    {
        notes.push(format!("Default: {code}."));
    }
    if let Some(example) = &doc.example
        && let Some(code) = code(example, EXAMPLE)
    {
        notes.push(format!("Example: {code}."));
    }
    let mut said = HashSet::new();
    notes.retain(|note| said.insert(note.clone()));
    notes.join(" ")
}

/// A value as a code span: a string without its quotes where that is unmistakable. `None` where it is
/// longer than `limit` or shows nothing.
pub(in crate::emit) fn code(value: &Value, limit: usize) -> Option<String> {
    let text = match value {
        Value::String(text) if is_plain(text) => text.clone(),
        value => value.to_string(),
    };
    if text.chars().count() > limit {
        return None;
    }
    code_span(&clean(&text))
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.contains(['\n', '"'])
        && !matches!(text, "null" | "true" | "false")
        && text.parse::<f64>().is_err()
}

fn limits(constraints: &Constraints, notes: &mut Vec<String>) {
    let Limits {
        minimum,
        maximum,
        exclusive_minimum,
        exclusive_maximum,
        ..
    } = &**constraints;
    notes.extend(constraints.allowed.as_deref().and_then(listed));
    match (minimum, maximum) {
        (Some(a), Some(b)) if !exclusive_minimum && !exclusive_maximum => {
            notes.push(format!("From {a} to {b}."));
        }
        (a, b) => {
            if let Some(a) = a {
                let word = if *exclusive_minimum {
                    "Greater than"
                } else {
                    "At least"
                };
                notes.push(format!("{word} {a}."));
            }
            if let Some(b) = b {
                let word = if *exclusive_maximum {
                    "Less than"
                } else {
                    "At most"
                };
                notes.push(format!("{word} {b}."));
            }
        }
    }
    if let Some(of) = &constraints.multiple_of {
        notes.push(format!("A multiple of {of}."));
    }
    notes.extend(range(
        constraints.min_length,
        constraints.max_length,
        "character",
        "characters",
    ));
    for pattern in &constraints.patterns {
        if pattern.chars().count() <= VALUE
            && let Some(code) = code_span(&clean(pattern))
        {
            notes.push(format!("Pattern: {code}."));
        }
    }
    notes.extend(range(
        constraints.min_items,
        constraints.max_items,
        "item",
        "items",
    ));
    if constraints.unique_items {
        notes.push("No item twice.".to_owned());
    }
    notes.extend(range(
        constraints.min_properties,
        constraints.max_properties,
        "property",
        "properties",
    ));
}

/// The values that a use allows of those that its type has.
fn listed(values: &[Value]) -> Option<String> {
    let shown: Vec<String> = values.iter().filter_map(|it| code(it, VALUE)).collect();
    match (shown.as_slice(), values.len()) {
        ([only], 1) => Some(format!("Always {only}.")),
        (all, count) if all.len() == count && count <= MAX_LISTED => {
            Some(format!("One of {}.", all.join(", ")))
        }
        _ => None,
    }
}

fn range(min: Option<u64>, max: Option<u64>, one: &str, many: &str) -> Option<String> {
    let unit = |count: u64| if count == 1 { one } else { many };
    match (min.filter(|min| *min > 0), max) {
        (Some(a), Some(b)) if a == b => Some(format!("Exactly {} {}.", number(a), unit(a))),
        (Some(a), Some(b)) => Some(format!("{} to {} {}.", number(a), number(b), unit(b))),
        (Some(a), None) => Some(format!("At least {} {}.", number(a), unit(a))),
        (None, Some(b)) => Some(format!("At most {} {}.", number(b), unit(b))),
        (None, None) => None,
    }
}

fn number(value: impl Display) -> String {
    value.to_string()
}

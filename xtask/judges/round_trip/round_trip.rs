//! What a type does with a value: reads it and writes it again.

use std::fmt::Debug;

use crate::runtime::{Decode, Encode, json};

/// What became of a value.
pub struct Passed {
    /// What the type writes.
    pub text: Vec<u8>,
    /// How many parts of the value were kept as `Unknown`.
    pub unknowns: usize,
    /// The first of them, with what is before it.
    pub shown: String,
}

/// Reads JSON text as a type and writes it again.
pub type Function = fn(&[u8]) -> Result<Passed, String>;

pub fn of<T: Decode + Encode + Debug>(text: &[u8]) -> Result<Passed, String> {
    match json::from_slice::<T>(text) {
        Ok(value) => written(&value, &value),
        Err(fault) => Err(fault.to_string()),
    }
}

fn written(value: &dyn Encode, shown: &dyn Debug) -> Result<Passed, String> {
    let text = json::to_vec(value).map_err(|fault| format!("cannot be encoded: {fault}"))?;
    let shown = format!("{shown:?}");
    let found = unknowns(&shown);
    let first = found.first().map_or("", |at| excerpt(&shown, *at));
    Ok(Passed {
        text,
        unknowns: found.len(),
        shown: first.to_owned(),
    })
}

fn excerpt(text: &str, at: usize) -> &str {
    let start = text[..at].char_indices().rev().nth(60).map_or(0, |(start, _)| start);
    let end = text[at..].char_indices().nth(80).map_or(text.len(), |(end, _)| at + end);
    &text[start..end]
}

/// Where variants of this name begin, outside of texts.
fn unknowns(shown: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = shown[at..].find(['"', 'U']) {
        let before = shown[..at + next].chars().next_back();
        at += next;
        let rest = &shown[at..];
        if rest.starts_with('"') {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            at = end.map_or(shown.len(), |end| at + end + 2);
        } else {
            let whole = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            if whole && rest.starts_with("Unknown(") {
                found.push(at);
            }
            at += 1;
        }
    }
    found
}

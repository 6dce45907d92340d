//! What a type does with a value: reads it and writes it again.

use std::fmt::Debug;

use crate::runtime::{Decode, Encode, json};

/// Reads JSON text as a type and writes it again; with it, how many parts of the value were kept as `Unknown`.
pub type Function = fn(&[u8]) -> Result<(Vec<u8>, usize), String>;

pub fn of<T: Decode + Encode + Debug>(text: &[u8]) -> Result<(Vec<u8>, usize), String> {
    match json::from_slice::<T>(text) {
        Ok(value) => written(&value, &value),
        Err(fault) => Err(fault.to_string()),
    }
}

fn written(value: &dyn Encode, shown: &dyn Debug) -> Result<(Vec<u8>, usize), String> {
    let text = json::to_vec(value).map_err(|fault| format!("cannot be encoded: {fault}"))?;
    Ok((text, unknowns(&format!("{shown:?}"))))
}

/// Counts variants of this name, outside of texts.
fn unknowns(shown: &str) -> usize {
    let mut count = 0;
    let mut rest = shown;
    while let Some(at) = rest.find(['"', 'U']) {
        let before = rest[..at].chars().next_back();
        rest = &rest[at..];
        if rest.starts_with('"') {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            rest = end.map_or("", |end| &rest[end + 2..]);
        } else {
            let whole = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            count += usize::from(whole && rest.starts_with("Unknown("));
            rest = &rest[1..];
        }
    }
    count
}

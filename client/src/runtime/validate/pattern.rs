//! Patterns of ECMA-262, compiled once a process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regress::Regex;

/// Patterns are statics of emitted code: there are no more of them than the document has.
static COMPILED: LazyLock<Mutex<Compiled>> = LazyLock::new(Mutex::default);

type Compiled = HashMap<&'static str, Option<Arc<Regex>>>;

/// Whether a text matches a pattern somewhere. A pattern that is none, which generation has warned of, matches everything.
pub(super) fn matches(pattern: &'static str, text: &str) -> bool {
    let compiled = {
        // Nothing panics while the lock is held but an allocation.
        let mut known = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(pattern)
            .or_insert_with(|| compile(pattern))
            .clone()
    };
    compiled.is_none_or(|regex| regex.find(text).is_some())
}

/// JSON Schema asks for the flag `u`, under which some patterns of the wild are none.
fn compile(pattern: &str) -> Option<Arc<Regex>> {
    let (pattern, flags) = match pattern.strip_prefix("(?i)") {
        Some(rest) => (rest, "i"),
        None => (pattern, ""),
    };
    let unicode = Regex::with_flags(pattern, format!("u{flags}").as_str());
    unicode
        .or_else(|_| Regex::with_flags(pattern, flags))
        .ok()
        .map(Arc::new)
}

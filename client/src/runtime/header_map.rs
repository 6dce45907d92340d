//! What the runtime does with headers, each once: `http`'s map is generic, and every room that calls it compiles it again.
//! It must not know single headers.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Sets a header in the place of what was under its name.
#[inline(never)]
pub(super) fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

/// The first header of a name.
#[inline(never)]
pub(super) fn get<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h HeaderValue> {
    headers.get(name)
}

/// The first header of a name, where it is visible ASCII.
pub(super) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    get(headers, name)?.to_str().ok()
}

//! Parting a text, once for all rooms: the standard library's way is generic, and compiled again by whoever calls it.

/// A text up to a character, and what follows it.
#[inline(never)]
pub(super) fn cut(text: &str, end: char) -> (&str, Option<&str>) {
    match text.split_once(end) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

//! JSON Pointers (RFC 6901) as owned strings; knows nothing of the value they point into.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter, Write as _};

/// A JSON Pointer: empty for the root, else `/`-separated tokens in which `~` is `~0` and `/` is `~1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// This pointer, one token deeper; the token is escaped here.
    #[must_use]
    pub fn join(&self, token: impl Display) -> Self {
        // Most tokens are short.
        let mut child = Self(String::with_capacity(self.0.len() + 24));
        child.0.push_str(&self.0);
        child.push(token);
        child
    }

    /// Goes one token deeper in place; the token is escaped here.
    pub fn push(&mut self, token: impl Display) {
        self.0.push('/');
        // Writing to a String does not fail.
        let _ = write!(Escaped(&mut self.0), "{token}");
    }

    /// This pointer followed by another one.
    #[must_use]
    pub fn append(&self, rest: &Pointer) -> Self {
        Self(format!("{}{}", self.0, rest.0))
    }

    /// The pointer without its last token; `None` at the root.
    pub fn parent(&self) -> Option<Pointer> {
        self.0
            .rfind('/')
            .map(|slash| Pointer(self.0[..slash].to_owned()))
    }

    /// The tokens, unescaped, from the root down.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = Cow<'_, str>> {
        let mut tokens = self.0.split('/');
        // What comes before the first slash is no token.
        tokens.next();
        tokens.map(unescape)
    }

    /// The last token, unescaped; `None` at the root.
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.tokens().next_back()
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The remaining tokens when this pointer is at or below `ancestor`.
    pub fn below(&self, ancestor: &Pointer) -> Option<Pointer> {
        let rest = self.0.strip_prefix(&ancestor.0)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| Pointer(rest.to_owned()))
    }

    /// The escaped text, as `serde_json::Value::pointer` takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Undoes `~1` and `~0`, in this order (RFC 6901, section 4).
fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !text.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
            self.0.push_str(text);
            return Ok(());
        }
        for character in text.chars() {
            match character {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}

impl Display for Pointer {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Takes a pointer as written, with or without a leading `#`; a text that starts with neither `#` nor `/` is one token.
impl From<&str> for Pointer {
    fn from(text: &str) -> Self {
        let text = text.strip_prefix('#').unwrap_or(text);
        if text.is_empty() || text.starts_with('/') {
            Self(text.to_owned())
        } else {
            Self::root().join(text)
        }
    }
}

impl From<String> for Pointer {
    fn from(text: String) -> Self {
        if text.is_empty() || text.starts_with('/') {
            Self(text)
        } else {
            Self::from(text.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_escaping() {
        let pointer = Pointer::from("#/paths").join("/a~b/{c}").join(3);
        assert_eq!(pointer.as_str(), "/paths/~1a~0b~1{c}/3");
        assert_eq!(
            pointer.tokens().collect::<Vec<_>>(),
            ["paths", "/a~b/{c}", "3"]
        );
        assert_eq!(pointer.last().as_deref(), Some("3"));
        assert_eq!(
            pointer.parent().unwrap().last().as_deref(),
            Some("/a~b/{c}")
        );
    }

    #[test]
    fn an_empty_token_is_a_token() {
        let pointer = Pointer::root().join("");
        assert_eq!(pointer.as_str(), "/");
        assert_eq!(pointer.tokens().count(), 1);
        assert_eq!(Pointer::root().tokens().count(), 0);
        assert_eq!(pointer.parent(), Some(Pointer::root()));
        assert_eq!(Pointer::root().parent(), None);
    }

    #[test]
    fn below_stops_at_token_borders() {
        let pointer = Pointer::from("/ab/c");
        assert_eq!(pointer.below(&Pointer::from("/a")), None);
        assert_eq!(
            pointer.below(&Pointer::from("/ab")),
            Some(Pointer::from("/c"))
        );
    }
}

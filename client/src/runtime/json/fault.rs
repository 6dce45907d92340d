//! What went wrong while reading or writing JSON, and where; it knows neither operations nor HTTP.

use std::error::Error;
use std::fmt::{self, Display, Formatter, Write as _};

/// Longest excerpt of a document that a message repeats, in characters.
const EXCERPT: usize = 60;

/// A value that could not be read or written: what was expected, what was found, and the path to it.
///
/// `Display` reads `at data[3].personaId: expected a UUID, found "x" (offset 214)`. The whole document is `$`.
#[derive(Clone)]
pub struct Fault(Box<Inner>);

#[derive(Clone)]
struct Inner {
    /// What leads to the value, written from its end on while the decoders return: `.data[3].id`. A text and no list, since
    /// whatever can fail is compiled with the dropping of a fault.
    path: String,
    message: String,
    offset: Option<usize>,
}

impl Fault {
    /// A fault of the caller's own making, for instance a value out of its range.
    #[cold]
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            path: String::new(),
            message: message.into(),
            offset: None,
        }))
    }

    #[cold]
    pub(in super::super) fn at(message: String, offset: usize) -> Self {
        Self(Box::new(Inner {
            path: String::new(),
            message,
            offset: Some(offset),
        }))
    }

    /// The fault of a text that was made from another, in which its byte means nothing.
    #[cfg(feature = "xml")]
    #[cold]
    pub(in super::super) fn without_offset(mut self) -> Self {
        self.0.offset = None;
        self
    }

    /// `expected a UUID, found "x"`, of a text that came from no document.
    #[cold]
    pub fn expected_text(expected: &str, found: &str) -> Self {
        Self::new(format!("expected {expected}, found {}", quoted(found)))
    }

    /// Says that the fault lies under the key of an object.
    #[cold]
    #[must_use]
    pub fn under_key(mut self, key: &str) -> Self {
        let step = if is_plain(key) {
            format!(".{key}")
        } else {
            format!("[{}]", quoted(key))
        };
        self.0.path.insert_str(0, &step);
        self
    }

    /// Says that the fault lies in an element of an array.
    #[cold]
    #[must_use]
    pub fn under_index(mut self, index: usize) -> Self {
        self.0.path.insert_str(0, &format!("[{index}]"));
        self
    }

    /// Says which member of a union the value was read as.
    #[cfg(feature = "unions")]
    #[cold]
    pub(super) fn of_member(mut self, name: &str) -> Self {
        let _ = write!(self.0.message, ", as `{name}`");
        self
    }

    /// Where the value is, as `data[3]["odd key"].id`; `$` for the whole document.
    pub fn path(&self) -> String {
        match self.0.path.as_str() {
            "" => "$".to_owned(),
            path => path.strip_prefix('.').unwrap_or(path).to_owned(),
        }
    }

    /// What was expected and what was found, without the path.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The byte at which reading stopped; `None` for a fault that came from no document.
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}", self.path(), self.0.message)?;
        match self.0.offset {
            Some(offset) => write!(f, " (offset {offset})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({self})")
    }
}

impl Error for Fault {}

fn is_plain(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$'))
}

/// A text in quotes for a message: control characters escaped, cut after sixty characters.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(EXCERPT) + 5);
    out.push('"');
    escape_into(&mut out, text, |character| matches!(character, '"' | '\\'));
    out.push('"');
    out
}

/// A piece of JSON as it stands, for a message: control characters escaped, cut after sixty characters.
pub(super) fn excerpt(json: &str) -> String {
    let mut out = String::with_capacity(json.len().min(EXCERPT) + 3);
    escape_into(&mut out, json, |_| false);
    out
}

fn escape_into(out: &mut String, text: &str, special: fn(char) -> bool) {
    for (count, character) in text.chars().enumerate() {
        if count == EXCERPT {
            out.push('…');
            return;
        }
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // The second half are the invisible characters that can reorder a line on a terminal.
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') =>
            {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c if special(c) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
}

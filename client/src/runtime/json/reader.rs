//! The tokens of a JSON document (RFC 8259), read in place from bytes checked to be UTF-8 once; it knows no type to decode.

use super::fault::{Fault, excerpt, quoted};

/// Nesting beyond this many arrays and objects is a [`Fault`], so that no document can exhaust the stack.
const DEPTH_LIMIT: u32 = 128;

/// What begins at a position of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// Any number.
    Number,
    /// A string.
    String,
    /// `[`
    Array,
    /// `{`
    Object,
}

/// A position in a JSON document, moved forward by what is read.
///
/// Nothing read from it panics, recurses beyond 128 levels, or reserves memory on the word of the document.
#[derive(Clone)]
pub struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    depth: u32,
    strangers: u32,
    /// How many bytes unions may still read again.
    #[cfg(feature = "unions")]
    allowance: usize,
}

/// A position to come back to, see [`Reader::mark`].
#[derive(Clone, Copy)]
pub struct Mark {
    at: usize,
    depth: u32,
    strangers: u32,
}

#[cfg(feature = "unions")]
impl Mark {
    pub(in super::super) fn offset(self) -> usize {
        self.at
    }
}

/// The text of a number and whether it has neither fraction nor exponent.
#[derive(Clone, Copy)]
pub(super) struct Number<'a> {
    pub(super) text: &'a str,
    pub(super) plain: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of a document; a [`Fault`] when the bytes are not UTF-8.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Fault> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::over(text)),
            Err(error) => Err(Fault::at(
                "the document is not UTF-8".to_owned(),
                error.valid_up_to(),
            )),
        }
    }

    /// Starts at the beginning of a document.
    pub fn over(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            strangers: 0,
            #[cfg(feature = "unions")]
            allowance: text.len().saturating_mul(64).saturating_add(1 << 16),
        }
    }

    /// A [`Fault`] unless only white space is left.
    pub fn finish(&mut self) -> Result<(), Fault> {
        match self.token() {
            0 if self.at == self.text.len() => Ok(()),
            _ => Err(self.expected("the end of the document")),
        }
    }

    /// What begins here; a [`Fault`] when nothing of JSON does.
    pub fn peek(&mut self) -> Result<Kind, Fault> {
        match self.token() {
            b'"' => Ok(Kind::String),
            b'{' => Ok(Kind::Object),
            b'[' => Ok(Kind::Array),
            b'-' | b'0'..=b'9' => Ok(Kind::Number),
            b'n' => Ok(Kind::Null),
            b't' | b'f' => Ok(Kind::Boolean),
            _ => Err(self.expected("a value")),
        }
    }

    /// Remembers this position.
    pub fn mark(&self) -> Mark {
        Mark {
            at: self.at,
            depth: self.depth,
            strangers: self.strangers,
        }
    }

    /// Returns to a position, and to the count of unknown parts at it.
    pub fn rewind(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
        self.strangers = mark.strangers;
    }

    /// The byte the reader is at.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// How many parts were read that no type knows: keys without a field, values outside of an enumeration.
    pub fn strangers(&self) -> u32 {
        self.strangers
    }

    /// Counts a part that the type at hand does not know.
    pub fn count_stranger(&mut self) {
        self.strangers = self.strangers.saturating_add(1);
    }

    /// Takes from the allowance for reading the same bytes again; a [`Fault`] when a document would cost far more than its size.
    #[cfg(feature = "unions")]
    pub(in super::super) fn spend(&mut self, bytes: usize) -> Result<(), Fault> {
        match self.allowance.checked_sub(bytes) {
            Some(rest) => {
                self.allowance = rest;
                Ok(())
            }
            None => Err(self.fault("too many readings of nested unions are possible".to_owned())),
        }
    }

    /// A fault at this position.
    #[cold]
    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::at(message.into(), self.at)
    }

    /// `expected …, found …`, with what stands at this position.
    #[cold]
    pub fn expected(&self, what: &str) -> Fault {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut probe = self.clone();
        let found = match rest.bytes().next() {
            None => "the end of the document".to_owned(),
            Some(b'{') => "an object".to_owned(),
            Some(b'[') => "an array".to_owned(),
            Some(b'"') => match probe.string() {
                Ok(text) => quoted(&text),
                Err(_) => "a broken string".to_owned(),
            },
            Some(b'-' | b'0'..=b'9') => match probe.number() {
                Ok(number) => excerpt(number.text),
                Err(_) => "a broken number".to_owned(),
            },
            Some(_) => {
                let is_end = |byte: u8| !byte.is_ascii_alphanumeric();
                let word = rest.bytes().position(is_end).unwrap_or(rest.len());
                // One character at least, so that an odd one is shown.
                let end = if word > 0 {
                    word
                } else {
                    rest.chars().next().map_or(0, char::len_utf8)
                };
                excerpt(rest.get(..end).unwrap_or_default())
            }
        };
        self.fault(format!("expected {what}, found {found}"))
    }

    /// The next byte that is not white space; zero, which no token begins with, at the end.
    #[inline]
    pub(super) fn token(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if byte > b' ' {
                return byte;
            }
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return byte;
            }
            self.at += 1;
        }
        0
    }

    /// Steps over the byte that [`Reader::token`] returned.
    #[inline]
    pub(super) fn step(&mut self) {
        self.at += 1;
    }

    /// Steps over `literal` when it stands exactly here.
    #[inline]
    pub(super) fn take(&mut self, literal: &[u8]) -> bool {
        let found = self
            .text
            .as_bytes()
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(literal));
        if found {
            self.at += literal.len();
        }
        found
    }

    /// Steps over `"key"` when exactly that stands here, without escapes.
    #[inline]
    pub(super) fn take_key(&mut self, key: &str) -> bool {
        let Some(rest) = self.text.as_bytes().get(self.at + 1..) else {
            return false;
        };
        let found =
            rest.len() > key.len() && rest.starts_with(key.as_bytes()) && rest[key.len()] == b'"';
        if found {
            self.at += key.len() + 2;
        }
        found
    }

    /// Goes one level down.
    #[inline]
    pub(super) fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(self.too_deep());
        }
        self.at += 1;
        Ok(())
    }

    #[cold]
    fn too_deep(&self) -> Fault {
        self.fault(format!(
            "arrays and objects are nested more than {DEPTH_LIMIT} levels deep"
        ))
    }

    /// Goes one level up.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    /// Reads `null` if it stands here, and says whether it did.
    pub fn null(&mut self) -> Result<bool, Fault> {
        if self.token() != b'n' {
            return Ok(false);
        }
        if self.take(b"null") {
            Ok(true)
        } else {
            Err(self.expected("a value"))
        }
    }

    /// Reads `true` or `false`.
    pub fn boolean(&mut self) -> Result<bool, Fault> {
        match self.token() {
            b't' if self.take(b"true") => Ok(true),
            b'f' if self.take(b"false") => Ok(false),
            _ => Err(self.expected("true or false")),
        }
    }

    /// Reads a number and returns its text.
    pub fn number_text(&mut self) -> Result<&'a str, Fault> {
        self.token();
        self.number().map(|number| number.text)
    }

    /// Reads the number that stands exactly here.
    pub(super) fn number(&mut self) -> Result<Number<'a>, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        if bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        let mut plain = true;
        let whole = digits(bytes, at);
        let mut sound = whole > at && (bytes[at] != b'0' || whole == at + 1);
        at = whole;
        if bytes.get(at) == Some(&b'.') {
            let end = digits(bytes, at + 1);
            sound &= end > at + 1;
            plain = false;
            at = end;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            if matches!(bytes.get(at), Some(b'+' | b'-')) {
                at += 1;
            }
            let end = digits(bytes, at);
            sound &= end > at;
            plain = false;
            at = end;
        }
        match self.text.get(start..at) {
            Some(text) if sound => {
                self.at = at;
                Ok(Number { text, plain })
            }
            _ if whole > start => Err(self.fault("the number is malformed".to_owned())),
            _ => Err(self.expected("a number")),
        }
    }

    /// Reads any value and drops it, with the same checks as decoding it.
    pub fn skip(&mut self) -> Result<(), Fault> {
        // One bit per open level, set for an object: at most 128 levels are open.
        let mut levels: u128 = 0;
        let base = self.depth;
        loop {
            match self.token() {
                b'"' => self.skip_string()?,
                b'-' | b'0'..=b'9' => {
                    self.number()?;
                }
                b't' if self.take(b"true") => {}
                b'f' if self.take(b"false") => {}
                b'n' if self.take(b"null") => {}
                open @ (b'{' | b'[') => {
                    self.enter()?;
                    levels = levels << 1 | u128::from(open == b'{');
                    if self.token() == open + 2 {
                        levels >>= 1;
                        self.leave();
                    } else {
                        if open == b'{' {
                            self.skip_key()?;
                        }
                        continue;
                    }
                }
                _ => return Err(self.expected("a value")),
            }
            // A value is complete: close what ends here, or go on to the next one.
            loop {
                if self.depth == base {
                    return Ok(());
                }
                let object = levels & 1 == 1;
                match self.token() {
                    b',' => {
                        self.step();
                        if object {
                            self.skip_key()?;
                        }
                        break;
                    }
                    b'}' if object => {}
                    b']' if !object => {}
                    _ => {
                        return Err(self.expected(if object {
                            "`,` or `}`"
                        } else {
                            "`,` or `]`"
                        }));
                    }
                }
                levels >>= 1;
                self.leave();
            }
        }
    }

    fn skip_key(&mut self) -> Result<(), Fault> {
        if self.token() != b'"' {
            return Err(self.expected("a key"));
        }
        self.skip_string()?;
        self.colon()
    }

    /// Steps over the colon between a key and its value.
    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), Fault> {
        if self.token() != b':' {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads any value and returns its JSON text, unchanged.
    pub fn raw(&mut self) -> Result<&'a str, Fault> {
        self.token();
        let start = self.at;
        self.skip()?;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }
}

/// The first position from `at` on that is not a digit.
#[inline]
fn digits(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    at
}

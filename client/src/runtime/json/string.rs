//! Strings of a JSON document: plain runs found eight bytes at a time, escapes and surrogate pairs.

use std::borrow::Cow;

use super::fault::Fault;
use super::reader::Reader;

impl<'a> Reader<'a> {
    /// Reads a string, borrowed from the document when it has no escapes.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        if self.token() != b'"' {
            return Err(self.expected("a string"));
        }
        let start = self.at + 1;
        let end = plain_run(self.text.as_bytes(), start);
        match (self.text.as_bytes().get(end), self.text.get(start..end)) {
            (Some(b'"'), Some(text)) => {
                self.at = end + 1;
                Ok(Cow::Borrowed(text))
            }
            _ => self.escaped_string(start).map(Cow::Owned),
        }
    }

    #[cold]
    fn escaped_string(&mut self, start: usize) -> Result<String, Fault> {
        let mut out = String::new();
        self.at = start;
        loop {
            let run = self.at;
            self.at = plain_run(self.text.as_bytes(), run);
            out.push_str(self.text.get(run..self.at).unwrap_or_default());
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                other => return Err(self.broken_string(other.is_some())),
            }
        }
    }

    #[cold]
    fn broken_string(&self, control: bool) -> Fault {
        let message = if control {
            "a control character stands unescaped in a string"
        } else {
            "the document ends inside a string"
        };
        self.fault(message.to_owned())
    }

    /// Reads the escape whose backslash stands here.
    fn escape(&mut self) -> Result<char, Fault> {
        let byte = self.text.as_bytes().get(self.at + 1).copied();
        let character = match byte {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.fault("an escape in a string is malformed".to_owned())),
        };
        self.at += 2;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let first = self.hex_unit(self.at)?;
        let mut code = first;
        let mut length = 6;
        if (0xd800..0xdc00).contains(&first)
            && let Ok(second @ 0xdc00..0xe000) = self.hex_unit(self.at + 6)
        {
            code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            length = 12;
        }
        match char::from_u32(code) {
            Some(character) => {
                self.at += length;
                Ok(character)
            }
            None => Err(self.fault("half of a surrogate pair stands alone in a string".to_owned())),
        }
    }

    /// The UTF-16 unit of the `\uXXXX` at `at`.
    fn hex_unit(&self, at: usize) -> Result<u32, Fault> {
        let unit = self.text.as_bytes().get(at..at + 6).and_then(|escape| {
            let digits = escape.strip_prefix(b"\\u")?;
            digits.iter().try_fold(0, |unit, &digit| {
                Some(unit * 16 + char::from(digit).to_digit(16)?)
            })
        });
        unit.ok_or_else(|| self.fault("an escape in a string is malformed".to_owned()))
    }

    pub(super) fn skip_string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        loop {
            self.at = plain_run(self.text.as_bytes(), self.at);
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escape()?;
                }
                other => return Err(self.broken_string(other.is_some())),
            }
        }
    }
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The first position from `at` on that holds a quote, a backslash or a control character, or the end.
///
/// Eight bytes at a time: a byte below 0x20 or equal to one of the two sets its high bit (Hacker's Delight, 6-1).
/// A higher byte can be flagged wrongly by a borrow, never the lowest one, and the lowest is the one taken.
#[inline]
pub(super) fn plain_run(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (LOW * 0x22);
        let slash = word ^ (LOW * 0x5c);
        let found = (quote.wrapping_sub(LOW) & !quote
            | slash.wrapping_sub(LOW) & !slash
            | word.wrapping_sub(LOW * 0x20) & !word)
            & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        at += 1;
    }
    at
}

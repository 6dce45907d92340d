//! JSON text written piece by piece into one buffer; it knows no type to encode.

use std::fmt::{self, Display, Write as _};

use super::fault::Fault;
use super::string::plain_run;

/// The JSON text written so far.
///
/// Writing never stops half-way: a value without a JSON form is remembered as a [`Fault`], which [`Writer::finish`] returns.
#[derive(Default)]
pub struct Writer {
    out: Vec<u8>,
    fault: Option<Fault>,
}

impl Writer {
    /// An empty document.
    pub fn new() -> Self {
        Self::with_capacity(128)
    }

    /// An empty document with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            out: Vec::with_capacity(bytes),
            fault: None,
        }
    }

    /// The text, or the first value that has no JSON form (NaN, an infinity).
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        match self.fault {
            None => Ok(self.out),
            Some(fault) => Err(fault),
        }
    }

    /// Bytes written so far.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    #[cfg(feature = "unions")]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.out
    }

    pub(super) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Remembers that a value has no JSON form, and writes `null` in its place.
    #[cold]
    pub fn refuse(&mut self, message: impl Into<String>) {
        if self.fault.is_none() {
            self.fault = Some(Fault::new(message));
        }
        self.null();
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes an integer.
    #[inline]
    pub fn integer(&mut self, value: impl itoa::Integer) {
        self.out
            .extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    /// Writes the shortest text that reads back as the same number, whole numbers without a fraction.
    pub fn float(&mut self, value: f64) {
        // A cast and back, since `trunc` is a call on many processors; it is exact below 2^53. `-0.0` keeps its sign below.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::float_cmp
        )]
        if value.abs() < 9e15
            && value as i64 as f64 == value
            && value.to_bits() != (-0.0_f64).to_bits()
        {
            self.integer(value as i64);
        } else {
            self.exact_float(value);
        }
    }

    /// Writes the shortest text that reads back as the same `f32`, whole numbers without a fraction.
    pub fn float32(&mut self, value: f32) {
        // Widened, a large whole number would get the digits of the `f64` nearest to it.
        let exact = value.abs() < 16_777_216.0 && value.trunc().to_bits() == value.to_bits();
        if exact || !value.is_finite() {
            return self.float(f64::from(value));
        }
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value);
        self.out
            .extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
    }

    /// Writes a number as a number with a fraction or exponent, so that it stays one.
    pub(super) fn exact_float(&mut self, value: f64) {
        if value.is_finite() {
            self.out
                .extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
        } else {
            self.refuse(format!("{value} has no JSON form"));
        }
    }

    /// Writes a text that is JSON already. The caller answers for its form.
    pub fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Writes one byte of punctuation.
    #[inline]
    pub(super) fn punctuation(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// Writes a string.
    #[inline]
    pub fn string(&mut self, text: &str) {
        self.out.reserve(text.len() + 2);
        self.out.push(b'"');
        self.piece(text);
        self.out.push(b'"');
    }

    /// Writes the text of a value as a string.
    pub fn display(&mut self, value: &dyn Display) {
        self.out.push(b'"');
        // Writing to memory cannot fail, and a `Display` that does leaves what it wrote.
        let _ = write!(Pieces(self), "{value}");
        self.out.push(b'"');
    }

    /// Writes a part of a string.
    #[inline]
    pub(super) fn piece(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let end = plain_run(bytes, 0);
        self.out.extend_from_slice(&bytes[..end]);
        if end < bytes.len() {
            self.escaped(bytes, end);
        }
    }

    #[cold]
    fn escaped(&mut self, bytes: &[u8], mut at: usize) {
        while let Some(&byte) = bytes.get(at) {
            let short = match byte {
                b'"' | b'\\' => byte,
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x8 => b'b',
                0xc => b'f',
                _ => {
                    // `plain_run` stops at quotes, backslashes and bytes below 0x20 alone.
                    const HEX: [u8; 16] = *b"0123456789abcdef";
                    let low = HEX[usize::from(byte & 15)];
                    self.out
                        .extend_from_slice(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), low]);
                    at = self.run(bytes, at + 1);
                    continue;
                }
            };
            self.out.extend_from_slice(&[b'\\', short]);
            at = self.run(bytes, at + 1);
        }
    }

    fn run(&mut self, bytes: &[u8], at: usize) -> usize {
        let end = plain_run(bytes, at);
        self.out.extend_from_slice(&bytes[at..end]);
        end
    }
}

/// Takes the pieces in which a `Display` writes itself.
struct Pieces<'w>(&'w mut Writer);

impl fmt::Write for Pieces<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.0.piece(piece);
        Ok(())
    }
}

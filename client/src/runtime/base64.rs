//! Bytes in a JSON string (RFC 4648); it knows nothing of bodies of bytes.
//! All of it is `#[inline]`, so that a client without such strings does not compile it.

use std::fmt::{self, Debug, Display, Formatter};
use std::ops::Deref;
use std::str::FromStr;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};

use super::json::{Decode, Encode, Fault, Reader, Writer, serde_bridge};

/// Bytes that are written as Base64, and the text they were read from where that is not the canonical one.
///
/// Read are the standard and the URL-safe alphabet, with and without padding, broken into lines or not; what is made
/// from bytes is written in the standard alphabet with padding. It derefs to the bytes and compares by them.
#[derive(Clone, Default)]
pub struct Base64 {
    bytes: Vec<u8>,
    text: Option<Box<str>>,
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

const EXPECTED: &str = "Base64";

impl Base64 {
    /// Bytes in the canonical spelling.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            text: None,
        }
    }

    /// The bytes without their spelling.
    #[inline]
    pub fn into_inner(self) -> Vec<u8> {
        self.bytes
    }

    #[inline]
    fn read(text: &str) -> Option<Self> {
        if let Ok(bytes) = general_purpose::STANDARD.decode(text) {
            return Some(Self { bytes, text: None });
        }
        let mut engine = STANDARD;
        let mut packed = Vec::with_capacity(text.len());
        for byte in text.bytes() {
            if matches!(byte, b'-' | b'_') {
                engine = URL_SAFE;
            }
            if !byte.is_ascii_whitespace() {
                packed.push(byte);
            }
        }
        let bytes = engine.decode(packed).ok()?;
        Some(Self {
            bytes,
            text: Some(text.into()),
        })
    }
}

impl Deref for Base64 {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Base64 {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Into<Vec<u8>>> From<T> for Base64 {
    fn from(bytes: T) -> Self {
        Self::new(bytes)
    }
}

impl FromStr for Base64 {
    type Err = Fault;

    /// Reads Base64 text; `from` takes the bytes themselves.
    #[inline]
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or_else(|| Fault::expected_text(EXPECTED, text))
    }
}

impl Display for Base64 {
    #[inline]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => f.write_str(&general_purpose::STANDARD.encode(&self.bytes)),
        }
    }
}

impl Debug for Base64 {
    #[inline]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.bytes.len())
    }
}

impl PartialEq for Base64 {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Base64 {}

impl std::hash::Hash for Base64 {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl Decode for Base64 {
    #[inline]
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.text(EXPECTED, Self::read)
    }
}

impl Encode for Base64 {
    #[inline]
    fn encode(&self, out: &mut Writer) {
        out.display(self);
    }
}

serde_bridge! { Base64 }

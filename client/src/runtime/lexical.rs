//! Values with more than one spelling, which keep the one they came with; which formats there are is known here and in
//! `dates` alone.

use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Deref;
use std::str::FromStr;

#[cfg(feature = "dates")]
pub use super::dates::{Date, DateTime, IsoDuration, Time};
#[cfg(feature = "decimals")]
use super::decimal::Decimal;
use super::json::{Decode, Encode, Fault, Reader, Writer, serde_bridge};

/// An IPv6 address, in whichever of its spellings.
pub type Ipv6 = Lexical<Ipv6Addr>;
/// An absolute URL.
pub type Url = Lexical<url::Url>;
/// An integer or a decimal number that is written as a string.
pub type Quoted<T> = Lexical<T>;

/// A type whose JSON form is a string.
///
/// Most are read and written as Rust does it. Implementations are `#[inline]`: only [`Lexical`]'s generic functions call them, so that a client compiles those of the
/// types that it has.
pub trait Text: Display + FromStr {
    /// Words the fault of another string: `a date-time`.
    const EXPECTED: &'static str;

    /// Reads any accepted spelling.
    #[inline]
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// Writes the canonical spelling.
    #[inline]
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "{self}")
    }

    /// Equality of values.
    fn same(&self, other: &Self) -> bool;
}

/// A value, and the text it was read from where that is not the canonical one: what comes in goes out unchanged.
///
/// It derefs to the value and compares by it; its `Display` is the text.
#[derive(Clone)]
pub struct Lexical<T> {
    value: T,
    text: Option<Box<str>>,
}

impl<T> Lexical<T> {
    /// A value in its canonical spelling.
    pub const fn new(value: T) -> Self {
        Self { value, text: None }
    }

    /// The value without its spelling.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T: Text> Lexical<T> {
    fn read(text: &str) -> Option<Self> {
        let value = T::read(text)?;
        let mut comparison = Comparison(text);
        let canonical = value.write(&mut comparison).is_ok() && comparison.0.is_empty();
        Some(Self {
            value,
            text: if canonical { None } else { Some(text.into()) },
        })
    }
}

/// Accepts exactly the text it holds, piece by piece.
struct Comparison<'a>(&'a str);

impl fmt::Write for Comparison<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(piece).ok_or(fmt::Error)?;
        Ok(())
    }
}

impl<T> Deref for Lexical<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for Lexical<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T> From<T> for Lexical<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Text> FromStr for Lexical<T> {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or_else(|| Fault::expected_text(T::EXPECTED, text))
    }
}

impl<T: Text> TryFrom<&str> for Lexical<T> {
    type Error = Fault;

    fn try_from(text: &str) -> Result<Self, Fault> {
        text.parse()
    }
}

impl<T: Text> Display for Lexical<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => self.value.write(f),
        }
    }
}

impl<T: Text> Debug for Lexical<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl<T: Text> PartialEq for Lexical<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value.same(&other.value)
    }
}

impl<T: Text + Eq> Eq for Lexical<T> {}

impl<T: Text + PartialOrd> PartialOrd for Lexical<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Text + Ord> Ord for Lexical<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: Hash> Hash for Lexical<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T: Text> Decode for Lexical<T> {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.text(T::EXPECTED, Self::read)
    }
}

impl<T: Text> Encode for Lexical<T> {
    fn encode(&self, out: &mut Writer) {
        match &self.text {
            Some(text) => out.string(text),
            None => out.display(self),
        }
    }
}

#[cfg(feature = "decimals")]
impl Text for Decimal {
    const EXPECTED: &'static str = "a decimal number as a string";

    #[inline]
    fn read(text: &str) -> Option<Self> {
        if let Ok(value) = text.parse() {
            return Some(value);
        }
        // What JSON does not write: a sign or zeros in front, and a point with digits on one side alone.
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let end = digits.find(['e', 'E']).unwrap_or(digits.len());
        let (mantissa, exponent) = digits.split_at(end);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_plain(whole) || !is_plain(fraction) {
            return None;
        }
        let sign = if text.starts_with('-') { "-" } else { "" };
        let whole = whole.trim_start_matches('0');
        format!("{sign}{whole:0>1}.{fraction:0<1}{exponent}")
            .parse()
            .ok()
    }

    #[inline]
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        f.write_str(self.as_str())
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

macro_rules! as_rust_does {
    ($($name:ty: $expected:literal;)+) => { $(
        impl Text for $name {
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn same(&self, other: &Self) -> bool {
                self == other
            }
        }
    )+ };
}
as_rust_does! {
    url::Url: "an absolute URL";
    Ipv4Addr: "an IPv4 address";
    Ipv6Addr: "an IPv6 address";
    i32: "a 32-bit integer in a string";
    i64: "a 64-bit integer in a string";
    u32: "an unsigned 32-bit integer in a string";
    u64: "an unsigned 64-bit integer in a string";
    bool: "true or false in a string";
}

serde_bridge! { Lexical<T> }

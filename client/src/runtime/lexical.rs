//! Values with more than one spelling, which keep the one they came with; which formats there are is known here alone.

use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Deref;
use std::str::FromStr;

use jiff::{Span, SpanFieldwise, Timestamp, civil, tz};

use super::cut::cut;
#[cfg(feature = "decimals")]
use super::decimal::Decimal;
use super::json::{Decode, Encode, Fault, Reader, Writer, serde_bridge};

/// A date and time of RFC 3339. The offset stays in the text; one that is missing is read as UTC. The last day of the
/// year 9999 is beyond the value's range and read as the last instant in it.
pub type DateTime = Lexical<Timestamp>;
/// A full date of RFC 3339, which has one spelling.
pub type Date = civil::Date;
/// A full time of RFC 3339. The value is the local time; an offset stays in the text.
pub type Time = Lexical<civil::Time>;
/// A duration of ISO 8601, for instance `P1DT2H`.
pub type IsoDuration = Lexical<Span>;
/// An IPv6 address, in whichever of its spellings.
pub type Ipv6 = Lexical<Ipv6Addr>;
/// An absolute URL.
pub type Url = Lexical<url::Url>;
/// An integer or a decimal number that is written as a string.
pub type Quoted<T> = Lexical<T>;

/// A type whose JSON form is a string.
///
/// Implementations are `#[inline]`: only [`Lexical`]'s generic functions call them, so that a client compiles those of the
/// types that it has.
pub trait Text: Sized {
    /// Words the fault of another string: `a date-time`.
    const EXPECTED: &'static str;

    /// Reads any accepted spelling.
    fn read(text: &str) -> Option<Self>;

    /// Writes the canonical spelling.
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result;

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

impl Text for Timestamp {
    const EXPECTED: &'static str = "a date-time (2024-07-31T09:30:00Z)";

    #[inline]
    fn read(text: &str) -> Option<Self> {
        // The bracketed zone of RFC 9557 is not part of RFC 3339.
        if text.as_bytes().contains(&b'[') {
            return None;
        }
        let text = &to_nanoseconds(text);
        if let Ok(value) = text.parse() {
            return Some(value);
        }
        // A bare date is no date-time.
        text.get(10..11)?;
        let (local, offset) = split_offset(text);
        let local: civil::DateTime = local.parse().ok()?;
        match tz::Offset::UTC.to_timestamp(local) {
            Ok(value) if offset.is_empty() => Some(value),
            // "Never" is often 9999-12-31T23:59:59Z, a day more than jiff counts: the value is its last, the text stays.
            _ if local.year() == 9999 => Some(Self::MAX),
            _ => None,
        }
    }

    #[inline]
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "{self}")
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// Drops the digits of a second's fraction beyond the ninth, which the value cannot hold.
#[inline]
fn to_nanoseconds(text: &str) -> std::borrow::Cow<'_, str> {
    if let (head, Some(tail)) = cut(text, '.') {
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 9 {
            return format!("{head}.{}{}", &tail[..9], &tail[digits..]).into();
        }
    }
    text.into()
}

impl Text for civil::Time {
    const EXPECTED: &'static str = "a time (09:30:00Z)";

    #[inline]
    fn read(text: &str) -> Option<Self> {
        let (local, _) = split_offset(text);
        // jiff also reads a time out of a date-time, which would lose the date.
        let form = local.len() >= 5 && local.as_bytes()[2] == b':';
        if form {
            to_nanoseconds(local).parse().ok()
        } else {
            None
        }
    }

    #[inline]
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "{self}")
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// Parts a text from the offset at its end: `Z`, `+hh:mm` or `-hh:mm`.
#[inline]
fn split_offset(text: &str) -> (&str, &str) {
    if let Some(b'Z' | b'z') = text.as_bytes().last() {
        return text.split_at(text.len() - 1);
    }
    if let [.., b'+' | b'-', one, two, b':', three, four] = text.as_bytes()
        && [one, two, three, four].into_iter().all(u8::is_ascii_digit)
    {
        return text.split_at(text.len() - 6);
    }
    (text, "")
}

impl Text for Span {
    const EXPECTED: &'static str = "a duration (P1DT2H)";

    #[inline]
    fn read(text: &str) -> Option<Self> {
        // jiff also reads its own friendly form (`1 day`).
        let form = text.trim_start_matches(['+', '-']).starts_with(['P', 'p']);
        if form { text.parse().ok() } else { None }
    }

    #[inline]
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "{self}")
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        SpanFieldwise::from(*self) == SpanFieldwise::from(*other)
    }
}

macro_rules! by_display {
    ($($name:ty: $expected:literal;)+) => { $(
        impl Text for $name {
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            #[inline]
            fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
                write!(f, "{self}")
            }

            #[inline]
            fn same(&self, other: &Self) -> bool {
                self == other
            }
        }
    )+ };
}
by_display! {
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

//! Dates, times and durations as JSON writes them; it knows no other formats.
//! All of it is `#[inline]`, so that a client compiles those of them that it has.

use jiff::{Span, SpanFieldwise, Timestamp, civil, tz};

use super::cut::cut;
use super::json::{Decode, Encode, Fault, Reader, Writer};
use super::lexical::{Lexical, Text};

/// A date and time of RFC 3339. The offset stays in the text; one that is missing is read as UTC. The last day of the
/// year 9999 is beyond the value's range and read as the last instant in it.
pub type DateTime = Lexical<Timestamp>;
/// A full date of RFC 3339, which has one spelling.
pub type Date = civil::Date;
/// A full time of RFC 3339. The value is the local time; an offset stays in the text.
pub type Time = Lexical<civil::Time>;
/// A duration of ISO 8601, for instance `P1DT2H`.
pub type IsoDuration = Lexical<Span>;

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
    fn same(&self, other: &Self) -> bool {
        SpanFieldwise::from(*self) == SpanFieldwise::from(*other)
    }
}

impl Decode for civil::Date {
    #[inline]
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        // jiff also reads a date out of a date-time, which would lose the time.
        input.text("a date (2024-07-31)", |text| {
            if is_full_date(text) {
                text.parse().ok()
            } else {
                None
            }
        })
    }
}

/// RFC 3339 `full-date`, by form.
#[inline]
fn is_full_date(text: &str) -> bool {
    let form = |(index, byte): (usize, u8)| {
        if index == 4 || index == 7 {
            byte == b'-'
        } else {
            byte.is_ascii_digit()
        }
    };
    text.len() == 10 && text.bytes().enumerate().all(form)
}

impl Encode for civil::Date {
    #[inline]
    fn encode(&self, out: &mut Writer) {
        out.display(self);
    }
}

//! Numbers of any size and precision, kept as their text; it calculates nothing.
//! All of it is `#[inline]`, so that a client without such numbers does not compile it.

use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::cut::cut;
use super::json::{Decode, Encode, Fault, Kind, Reader, Writer, serde_bridge};

/// A decimal number as its text, without loss of digits. It reads a JSON number or a string and is written as it came.
///
/// Equality is that of the value: `1.0`, `1` and `"10e-1"` are equal.
#[derive(Clone)]
pub struct Decimal {
    text: Box<str>,
    quoted: bool,
}

impl Decimal {
    /// The text of the number.
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The nearest `f64`; infinite where the number is out of its range.
    #[inline]
    pub fn to_f64(&self) -> f64 {
        // The text has the form of a JSON number, which `f64` reads.
        self.text.parse().unwrap_or(f64::NAN)
    }

    /// The number as an `i64` where it is one.
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        super::json::from_str(&self.text).ok()
    }

    /// The same number, written as a JSON string.
    #[must_use]
    #[inline]
    pub fn quoted(mut self) -> Self {
        self.quoted = true;
        self
    }

    /// Whether the number is written as a JSON string.
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// Sign, digits without zeros at either end, and the exponent of the last digit.
    #[inline]
    fn normal(&self) -> (bool, Vec<u8>, i128) {
        let is_exponent = |byte| matches!(byte, b'e' | b'E');
        let end = self.text.bytes().position(is_exponent);
        let (mantissa, exponent) = match end {
            Some(end) => (&self.text[..end], &self.text[end + 1..]),
            None => (&*self.text, "0"),
        };
        let negative = mantissa.starts_with('-');
        let fraction = cut(mantissa, '.').1.unwrap_or_default().len();
        let mut digits = Vec::with_capacity(mantissa.len());
        for digit in mantissa.bytes() {
            if digit.is_ascii_digit() && (digit != b'0' || !digits.is_empty()) {
                digits.push(digit);
            }
        }
        // An exponent of so many digits belongs to no number that is compared in earnest.
        let mut exponent = exponent.parse::<i64>().map_or(i128::MAX / 2, i128::from)
            - i128::try_from(fraction).unwrap_or(0);
        while digits.last() == Some(&b'0') {
            digits.pop();
            exponent += 1;
        }
        if digits.is_empty() {
            (false, digits, 0)
        } else {
            (negative, digits, exponent)
        }
    }
}

impl FromStr for Decimal {
    type Err = Fault;

    /// Reads the form of a JSON number.
    #[inline]
    fn from_str(text: &str) -> Result<Self, Fault> {
        let mut input = Reader::over(text);
        match input.number_text() {
            Ok(number) if number.len() == text.len() => Ok(Self {
                text: text.into(),
                quoted: false,
            }),
            _ => Err(Fault::expected_text("a decimal number", text)),
        }
    }
}

macro_rules! from_integer {
    ($($name:ty)+) => { $(
        impl From<$name> for Decimal {
            #[inline]
            fn from(value: $name) -> Self {
                Self { text: value.to_string().into(), quoted: false }
            }
        }
    )+ };
}
from_integer! { i32 i64 i128 u32 u64 u128 }

impl TryFrom<f64> for Decimal {
    type Error = Fault;

    /// The shortest text that reads back as the same number; a [`Fault`] for NaN and the infinities.
    #[inline]
    fn try_from(value: f64) -> Result<Self, Fault> {
        if value.is_finite() {
            Ok(Self {
                text: value.to_string().into(),
                quoted: false,
            })
        } else {
            Err(Fault::new(format!("{value} is not a number")))
        }
    }
}

impl Display for Decimal {
    #[inline]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Debug for Decimal {
    #[inline]
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Decimal {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.normal() == other.normal()
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normal().hash(state);
    }
}

impl Decode for Decimal {
    #[inline]
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        match input.peek()? {
            Kind::Number => Ok(Self {
                text: input.number_text()?.into(),
                quoted: false,
            }),
            _ => input.text("a decimal number", |text| {
                text.parse().ok().map(Self::quoted)
            }),
        }
    }
}

impl Encode for Decimal {
    #[inline]
    fn encode(&self, out: &mut Writer) {
        if self.quoted {
            out.string(&self.text);
        } else {
            out.raw(&self.text);
        }
    }
}

serde_bridge! { Decimal }

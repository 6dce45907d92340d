//! Reading values: the trait that emitted types implement, and its implementations for the types of the standard library.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::cut::cut;
use super::fault::{Fault, excerpt, quoted};
use super::reader::{Kind, Number, Reader};

/// A type that is read from JSON.
pub trait Decode: Sized {
    /// Reads the value that begins at the reader's position, and leaves the reader behind it.
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault>;

    /// The value of a property that an object does not have; `None` where the property is required.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads one value from a whole document; a [`Fault`] when it is malformed, of another form, or more follows.
pub fn from_slice<T: Decode>(bytes: &[u8]) -> Result<T, Fault> {
    let mut input = Reader::new(bytes)?;
    let value = T::decode(&mut input)?;
    input.finish()?;
    Ok(value)
}

/// Like [`from_slice`], of a text.
pub fn from_str<T: Decode>(text: &str) -> Result<T, Fault> {
    let mut input = Reader::over(text);
    let value = T::decode(&mut input)?;
    input.finish()?;
    Ok(value)
}

impl Decode for bool {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.boolean()
    }
}

impl Decode for String {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.string().map(Cow::into_owned)
    }
}

impl Reader<'_> {
    /// Reads an integer as its sign and magnitude. `1e3` and `1.0` are integers; `low` and `high` only word the fault.
    fn integer(&mut self, low: i128, high: i128) -> Result<i128, Fault> {
        if !matches!(self.token(), b'-' | b'0'..=b'9') {
            return Err(self.expected("an integer"));
        }
        let start = self.offset();
        let number = self.number()?;
        let value = if number.plain {
            whole(number.text)
        } else {
            whole_from_decimal(number.text)
        };
        match value {
            Some(value) if (low..=high).contains(&value) => Ok(value),
            _ => Err(not_an_integer(number, low, high, start)),
        }
    }
}

#[cold]
fn not_an_integer(number: Number<'_>, low: i128, high: i128, start: usize) -> Fault {
    let found = excerpt(number.text);
    let message = if number.plain || whole_from_decimal(number.text).is_some() {
        format!("expected an integer from {low} to {high}, found {found}")
    } else {
        format!("expected an integer, found {found}")
    };
    Fault::at(message, start)
}

/// The value of a number without fraction and exponent, if it has at most nineteen or so digits.
pub(super) fn whole(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let mut magnitude: u64 = 0;
    for digit in digits.bytes() {
        magnitude = magnitude
            .checked_mul(10)?
            .checked_add(u64::from(digit - b'0'))?;
    }
    Some(if negative {
        -i128::from(magnitude)
    } else {
        i128::from(magnitude)
    })
}

/// The value of a number with a fraction or an exponent, if that is an integer.
pub(super) fn whole_from_decimal(text: &str) -> Option<i128> {
    let is_exponent = |byte| matches!(byte, b'e' | b'E');
    let (mantissa, exponent) = match text.bytes().position(is_exponent) {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, "0"),
    };
    let (units, fraction) = cut(mantissa, '.');
    let fraction = fraction.unwrap_or_default().trim_end_matches('0');
    let (negative, units) = match units.strip_prefix('-') {
        Some(units) => (true, units),
        None => (false, units),
    };
    let mut magnitude: i128 = 0;
    for digit in units.bytes().chain(fraction.bytes()) {
        magnitude = magnitude
            .checked_mul(10)?
            .checked_add(i128::from(digit - b'0'))?;
    }
    if magnitude == 0 {
        return Some(0);
    }
    let exponent = whole(exponent.strip_prefix('+').unwrap_or(exponent))?;
    let mut shift = exponent - i128::try_from(fraction.len()).ok()?;
    while shift < 0 && magnitude % 10 == 0 {
        magnitude /= 10;
        shift += 1;
    }
    // 10^39 exceeds every magnitude that fits.
    if !(0..39).contains(&shift) {
        return None;
    }
    magnitude = magnitude.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)?;
    Some(if negative { -magnitude } else { magnitude })
}

macro_rules! integers {
    ($($name:ty)+) => { $(
        impl Decode for $name {
            fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
                let value = input.integer(i128::from(<$name>::MIN), i128::from(<$name>::MAX))?;
                // `integer` checked the range; the fallback is never taken.
                Ok(<$name>::try_from(value).unwrap_or_default())
            }
        }
    )+ };
}
integers! { i8 i16 i32 i64 u8 u16 u32 u64 }

impl Reader<'_> {
    fn float<T: std::str::FromStr + Default>(
        &mut self,
        finite: fn(&T) -> bool,
    ) -> Result<T, Fault> {
        self.token();
        let start = self.offset();
        let number = self.number()?;
        match number.text.parse::<T>() {
            Ok(value) if finite(&value) => Ok(value),
            _ => Err(Fault::at(
                format!("the number {} is out of range", excerpt(number.text)),
                start,
            )),
        }
    }
}

impl Decode for f64 {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.float(|value: &f64| value.is_finite())
    }
}

impl Decode for f32 {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.float(|value: &f32| value.is_finite())
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        match T::decode(input) {
            Ok(value) => Ok(Self::new(value)),
            Err(fault) => Err(fault),
        }
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        if input.null()? {
            Ok(None)
        } else {
            match T::decode(input) {
                Ok(value) => Ok(Some(value)),
                Err(fault) => Err(fault),
            }
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        let mut items = Self::new();
        let read = input.array(&mut |input, _| match T::decode(input) {
            Ok(item) => {
                items.push(item);
                Ok(())
            }
            Err(fault) => Err(fault),
        });
        match read {
            Ok(()) => Ok(items),
            Err(fault) => Err(fault),
        }
    }
}

impl Reader<'_> {
    /// Reads an array; `item` reads one element and gets its index.
    pub fn array(
        &mut self,
        item: &mut dyn FnMut(&mut Self, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if self.token() != b'[' {
            return Err(self.expected("an array"));
        }
        self.enter()?;
        if self.token() != b']' {
            let mut index = 0;
            loop {
                if let Err(fault) = item(self, index) {
                    return Err(fault.under_index(index));
                }
                index += 1;
                match self.token() {
                    b',' => self.step(),
                    b']' => break,
                    _ => return Err(self.expected("`,` or `]`")),
                }
            }
        }
        self.leave();
        Ok(())
    }

    /// Reads a string that `parse` accepts; `expected` words the fault: `a UUID`.
    pub fn text<T>(
        &mut self,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        let start = match self.peek()? {
            Kind::String => self.offset(),
            _ => return Err(self.expected(expected)),
        };
        let text = self.string()?;
        parse(&text).ok_or_else(|| {
            Fault::at(
                format!("expected {expected}, found {}", quoted(&text)),
                start,
            )
        })
    }
}

impl Decode for Ipv4Addr {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.text("an IPv4 address", |text| text.parse().ok())
    }
}

impl Decode for Ipv6Addr {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        input.text("an IPv6 address", |text| text.parse().ok())
    }
}

impl Decode for () {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        if input.null()? {
            Ok(())
        } else {
            Err(input.expected("null"))
        }
    }
}

#[cfg(feature = "tuples")]
macro_rules! tuples {
    ($($length:literal => $($name:ident $index:tt)+;)+) => { $(
        impl<$($name: Decode),+> Decode for ($($name,)+) {
            fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
                let mut parts = ($(None::<$name>,)+);
                input.array(&mut |input, index| {
                    match index {
                        $($index => parts.$index = Some($name::decode(input)?),)+
                        // More elements than are known are as harmless as an unknown key.
                        _ => {
                            input.count_stranger();
                            input.skip()?;
                        }
                    }
                    Ok(())
                })?;
                match ($(parts.$index.or_else($name::absent),)+) {
                    ($(Some($name),)+) => Ok(($($name,)+)),
                    _ => Err(input.fault(concat!("expected an array of ", $length, " elements, found fewer"))),
                }
            }
        }
    )+ };
}
#[cfg(feature = "tuples")]
#[allow(non_snake_case)]
mod tuples {
    use super::{Decode, Fault, Reader};
    tuples! {
        1 => A 0;
        2 => A 0 B 1;
        3 => A 0 B 1 C 2;
        4 => A 0 B 1 C 2 D 3;
        5 => A 0 B 1 C 2 D 3 E 4;
        6 => A 0 B 1 C 2 D 3 E 4 F 5;
        7 => A 0 B 1 C 2 D 3 E 4 F 5 G 6;
        8 => A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    }
}

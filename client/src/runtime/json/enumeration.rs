//! Enumerations that stay open: a value that the document does not list is kept, never an error.

use std::fmt::{self, Debug, Formatter};
use std::mem::discriminant;

use serde_json::Value;

use super::decode::{Decode, from_str};
use super::fault::Fault;
use super::reader::Reader;

impl Reader<'_> {
    /// Reads any value and finds its place in a list of JSON texts, equal by value.
    #[inline]
    pub fn known_value(&mut self, known: &[&str]) -> Result<(Value, Option<usize>), Fault> {
        let value = Value::decode(self)?;
        let equal = |text: &&str| from_str::<Value>(text).is_ok_and(|known| same(&known, &value));
        let place = known.iter().position(equal);
        if place.is_none() {
            self.count_stranger();
        }
        Ok((value, place))
    }
}

/// Reads an enumeration of texts; `unknown` is the variant of the others.
pub fn text<T: for<'t> From<&'t str>>(
    input: &mut Reader<'_>,
    unknown: fn(String) -> T,
) -> Result<T, Fault> {
    let value = T::from(&*input.string()?);
    // Without a text, the variant takes no memory.
    if discriminant(&value) == discriminant(&unknown(String::new())) {
        input.count_stranger();
    }
    Ok(value)
}

/// Reads an enumeration of integers; `unknown` is the variant of the others.
pub fn number<T: From<i64>>(input: &mut Reader<'_>, unknown: fn(i64) -> T) -> Result<T, Fault> {
    let value = T::from(i64::decode(input)?);
    if discriminant(&value) == discriminant(&unknown(0)) {
        input.count_stranger();
    }
    Ok(value)
}

/// `Debug` of an enumeration, as it would be derived: the one of `names` that stands where `value` does in `known`, or the variant
/// of the others. `names` has commas between them.
///
/// # Errors
///
/// What `f` says.
pub fn named<T: PartialEq + Debug>(
    value: &T,
    known: &[T],
    names: &'static str,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let place = known.iter().position(|known| known == value);
    match place.and_then(|place| names.split(',').nth(place)) {
        Some(name) => f.write_str(name.trim()),
        None => f.debug_tuple("Unknown").field(value).finish(),
    }
}

/// JSON Schema's equality: numbers by value, `1` and `1.0` alike.
#[inline]
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || (left.is_f64() || right.is_f64()) && left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Object(members), Value::Object(others)) => {
            members.len() == others.len()
                && members.iter().all(|(key, left)| {
                    // Not the map's own method, which is generic.
                    right.get(key).is_some_and(|right| same(left, right))
                })
        }
        _ => left == right,
    }
}

/// Implements `Debug`, `Eq`, `Hash` and the codec of an enumeration of strings, whose last variant is `Unknown(String)`.
macro_rules! string_enum {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            /// The values that the document lists, in its order.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];

            /// The value as it stands in JSON.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }
        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(text.to_owned()),
                }
            }
        }
        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }
        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::runtime::json::named(&self.as_str(), Self::KNOWN, stringify!($($variant),+), f)
            }
        }
        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }
        // Derived, these would be more functions and longer ones for the compiler.
        impl Eq for $name {}
        impl std::hash::Hash for $name {
            #[inline]
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                std::hash::Hash::hash(self.as_str(), state);
            }
        }
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                $crate::runtime::json::text(input, Self::Unknown)
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                out.string(self.as_str());
            }
        }
        $crate::runtime::serde_bridge! { $name }
    };
}
pub(crate) use string_enum;

/// Implements `Debug`, `Eq`, `Hash` and the codec of an enumeration of integers, whose last variant is `Unknown(i64)`.
macro_rules! integer_enum {
    ($name:ident { $($variant:ident = $number:literal),+ $(,)? }) => {
        impl $name {
            /// The values that the document lists, in its order.
            pub const KNOWN: &'static [i64] = &[$($number),+];

            /// The value as it stands in JSON.
            #[inline]
            pub fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $number,)+
                    Self::Unknown(number) => *number,
                }
            }
        }
        impl From<i64> for $name {
            #[inline]
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    _ => Self::Unknown(number),
                }
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.as_i64(), f)
            }
        }
        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::runtime::json::named(&self.as_i64(), Self::KNOWN, stringify!($($variant),+), f)
            }
        }
        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_i64() == other.as_i64()
            }
        }
        // Derived, these would be more functions and longer ones for the compiler.
        impl Eq for $name {}
        impl std::hash::Hash for $name {
            #[inline]
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                std::hash::Hash::hash(&self.as_i64(), state);
            }
        }
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                $crate::runtime::json::number(input, Self::Unknown)
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                out.integer(self.as_i64());
            }
        }
        $crate::runtime::serde_bridge! { $name }
    };
}
pub(crate) use integer_enum;

/// Implements the codec of an enumeration of mixed kinds, each given as JSON text, whose last variant is `Unknown(Value)`.
macro_rules! value_enum {
    ($name:ident { $($variant:ident = $json:literal),+ $(,)? }) => {
        impl $name {
            /// The values that the document lists, as JSON texts in its order.
            pub const KNOWN: &'static [&'static str] = &[$($json),+];
        }
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                let (value, place) = input.known_value(Self::KNOWN)?;
                let known = place.and_then(|place| [$(Self::$variant),+].into_iter().nth(place));
                Ok(known.unwrap_or(Self::Unknown(value)))
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                match self {
                    $(Self::$variant => out.raw($json),)+
                    Self::Unknown(value) => $crate::runtime::Encode::encode(value, out),
                }
            }
        }
        $crate::runtime::serde_bridge! { $name }
    };
}
pub(crate) use value_enum;

/// Implements the codec of a struct of one unnamed field, which is written as that field alone.
macro_rules! newtype {
    ($name:ident($inner:ty)) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(
                input: &mut $crate::runtime::Reader<'_>,
            ) -> Result<Self, $crate::runtime::Fault> {
                $crate::runtime::Decode::decode(input).map(Self)
            }

            #[inline]
            fn absent() -> Option<Self> {
                $crate::runtime::Decode::absent().map(Self)
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                $crate::runtime::Encode::encode(&self.0, out);
            }

            #[inline]
            fn is_absent(&self) -> bool {
                $crate::runtime::Encode::is_absent(&self.0)
            }
        }
        impl From<$inner> for $name {
            #[inline]
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }
        impl From<$name> for $inner {
            #[inline]
            fn from(outer: $name) -> Self {
                outer.0
            }
        }
        impl std::ops::Deref for $name {
            type Target = $inner;

            #[inline]
            fn deref(&self) -> &$inner {
                &self.0
            }
        }
        $crate::runtime::serde_bridge! { $name }
    };
}
pub(crate) use newtype;

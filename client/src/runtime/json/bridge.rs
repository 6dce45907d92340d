//! `serde::Serialize` and `Deserialize` for the types of this codec, in terms of it, so that every serde format works with them.
//!
//! Reading: whatever the format holds is written as JSON text (keys in order, integers and floats exact, `null` for unit and
//! `none`), which [`Decode`] reads. Writing: the encoded text becomes a `serde_json::Value`, which the format serializes; there a
//! number that neither 64-bit integer nor `f64` holds exactly loses digits. With compact `serde_json` neither detour is taken:
//! the text itself is handed over.

use std::fmt::{self, Formatter};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, Serialize, SerializeStruct, Serializer};

use super::decode::{Decode, from_slice, from_str};
use super::encode::{Encode, to_vec};
use super::value::to_value;
use super::writer::Writer;

/// The name by which `serde_json` hands over a text unread (its feature `raw_value`).
///
/// It is tried on `serde_json` alone, and both directions stay right without it.
const RAW: &str = "$serde_json::private::RawValue";

/// Deserializes a type through its [`Decode`].
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    // The name decides how fast, not whether the result is right: an unknown format takes the general way.
    if std::any::type_name::<D>().starts_with("&mut serde_json::de::Deserializer<") {
        match deserializer.deserialize_newtype_struct(RAW, Handover)? {
            Text::Borrowed(text) => from_str(text),
            Text::Owned(text) => from_slice(&text),
        }
    } else {
        let mut out = Writer::new();
        Transcription(&mut out).deserialize(deserializer)?;
        match out.finish() {
            Ok(text) => from_slice(&text),
            Err(fault) => Err(fault),
        }
    }
    .map_err(de::Error::custom)
}

/// Serializes a type through its [`Encode`].
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    // A formatter of the caller's own would stand behind a comma; the compact one is the default and is not named.
    let name = std::any::type_name::<S>();
    if name.starts_with("&mut serde_json::ser::Serializer<") && !name.contains(',') {
        let text = to_vec(value)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| super::Fault::new("not UTF-8")));
        let text = text.map_err(ser::Error::custom)?;
        let mut handover = serializer.serialize_struct(RAW, 1)?;
        handover.serialize_field(RAW, &text)?;
        handover.end()
    } else {
        to_value(value)
            .map_err(ser::Error::custom)?
            .serialize(serializer)
    }
}

enum Text<'de> {
    Borrowed(&'de str),
    Owned(Vec<u8>),
}

/// Takes the text from `serde_json`, or, where it does not hand one over, transcribes.
struct Handover;

impl<'de> Visitor<'de> for Handover {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Text<'de>, D::Error> {
        let mut out = Writer::new();
        Transcription(&mut out).deserialize(deserializer)?;
        out.finish().map(Text::Owned).map_err(de::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text<'de>, A::Error> {
        map.next_key::<de::IgnoredAny>()?;
        map.next_value_seed(HandoverText)
    }
}

struct HandoverText;

impl<'de> DeserializeSeed<'de> for HandoverText {
    type Value = Text<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for HandoverText {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("JSON text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text::Owned(text.as_bytes().to_vec()))
    }

    fn visit_string<E>(self, text: String) -> Result<Text<'de>, E> {
        Ok(Text::Owned(text.into_bytes()))
    }
}

/// Writes what any format holds as JSON text.
struct Transcription<'w>(&'w mut Writer);

impl<'de> DeserializeSeed<'de> for Transcription<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! visit {
    ($($visit:ident($type:ty) $method:ident;)+) => { $(
        fn $visit<E: de::Error>(self, value: $type) -> Result<(), E> {
            self.0.$method(value);
            Ok(())
        }
    )+ };
}

impl<'de> Visitor<'de> for Transcription<'_> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("any value that JSON has")
    }

    visit! {
        visit_bool(bool) boolean;
        visit_i64(i64) integer;
        visit_u64(u64) integer;
        visit_i128(i128) integer;
        visit_u128(u128) integer;
        visit_f32(f32) float32;
        visit_f64(f64) float;
        visit_str(&str) string;
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.0.null();
        Ok(())
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.punctuation(b'[');
        let mut first = true;
        // The comma belongs before an element that may not come: write it, and take it back at the end.
        while items
            .next_element_seed(Transcription(&mut *self.0))?
            .is_some()
        {
            first = false;
            self.0.punctuation(b',');
        }
        self.close(first, b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.punctuation(b'{');
        let mut first = true;
        while map.next_key_seed(TranscribedKey(&mut *self.0))?.is_some() {
            first = false;
            self.0.punctuation(b':');
            map.next_value_seed(Transcription(&mut *self.0))?;
            self.0.punctuation(b',');
        }
        self.close(first, b'}');
        Ok(())
    }
}

impl Transcription<'_> {
    fn close(self, empty: bool, bracket: u8) {
        if !empty {
            self.0.bytes_mut().pop();
        }
        self.0.punctuation(bracket);
    }
}

/// Writes a key of a map; YAML and others have keys that are not strings, and JSON quotes those.
struct TranscribedKey<'w>(&'w mut Writer);

impl<'de> DeserializeSeed<'de> for TranscribedKey<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let start = self.0.len();
        Transcription(&mut *self.0).deserialize(deserializer)?;
        let out = self.0.bytes_mut();
        match out.get(start) {
            Some(b'"') => Ok(()),
            Some(b'[' | b'{') | None => Err(de::Error::custom("a key of a map must be a string")),
            Some(_) => {
                out.insert(start, b'"');
                out.push(b'"');
                Ok(())
            }
        }
    }
}

/// Implements `serde::Serialize` and `Deserialize` through the codec, of a type with one parameter at most.
macro_rules! serde_bridge {
    ($name:ident $(<$parameter:ident>)?) => {
        impl $(<$parameter>)? $crate::runtime::serde::Serialize for $name $(<$parameter>)?
        $(where $name<$parameter>: $crate::runtime::Encode)?
        {
            fn serialize<S: $crate::runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::runtime::json::serialize(self, serializer)
            }
        }
        impl<'de $(, $parameter)?> $crate::runtime::serde::Deserialize<'de> for $name $(<$parameter>)?
        $(where $name<$parameter>: $crate::runtime::Decode)?
        {
            fn deserialize<D: $crate::runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::runtime::json::deserialize(deserializer)
            }
        }
    };
}
pub(crate) use serde_bridge;

//! Objects with named properties: the walk over an object, once for all types, and the macro that lists a type's properties.

use std::borrow::Cow;

use super::super::maybe::Maybe;
use super::decode::Decode;
use super::encode::Encode;
use super::fault::{Fault, quoted};
use super::reader::Reader;
use super::writer::Writer;

/// The name of a property, and whether it is optional.
pub type Key = (&'static str, bool);

/// What reading a part into its place comes to.
type Step = Result<(), Fault>;

/// The place of a property's value while its object is read.
pub trait Slot {
    /// Reads the value into the place.
    fn fill(&mut self, input: &mut Reader<'_>) -> Result<(), Fault>;

    /// Whether the place holds what an object without the property gives it.
    fn is_settled(&self) -> bool;
}

/// The slots of an object's properties before anything is read, by what the macro's lines say of a property. They are values
/// and no calls, and an optional property's slot is the property itself: for the compiler a call is two ways on, the second
/// of which drops all slots.
pub mod slot {
    pub use std::option::Option::None as Optional;

    pub use super::super::super::maybe::Maybe::Absent as Maybe;
    pub use super::Required::Empty as Required;
}

/// The slot of a required property.
#[derive(Debug)]
pub enum Required<T> {
    /// Nothing has been read.
    Empty,
    /// What has been read.
    Full(T),
}

impl<T: Decode> Slot for Required<T> {
    fn fill(&mut self, input: &mut Reader<'_>) -> Result<(), Fault> {
        // Not `?`, which costs the compiler two more functions per type.
        match T::decode(input) {
            Ok(value) => {
                *self = Self::Full(value);
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    fn is_settled(&self) -> bool {
        matches!(self, Self::Full(_))
    }
}

impl<T: Decode> Slot for Option<T> {
    fn fill(&mut self, input: &mut Reader<'_>) -> Result<(), Fault> {
        match Decode::decode(input) {
            Ok(value) => {
                *self = value;
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    fn is_settled(&self) -> bool {
        true
    }
}

impl<T: Decode> Slot for Maybe<T> {
    fn fill(&mut self, input: &mut Reader<'_>) -> Result<(), Fault> {
        match Decode::decode(input) {
            Ok(value) => {
                *self = value;
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    fn is_settled(&self) -> bool {
        true
    }
}

/// The fault of an object whose slots are not all full.
#[cold]
pub fn unfinished(read: Result<(), Fault>) -> Fault {
    match read {
        Err(fault) => fault,
        // `Reader::object` says which is not.
        Ok(()) => Fault::new("a required key is missing"),
    }
}

/// Takes the properties that an object's type does not name.
pub trait Rest {
    /// Reads the value of the property `key`.
    fn entry(&mut self, key: Cow<'_, str>, input: &mut Reader<'_>) -> Result<(), Fault>;
}

/// A key of an object: the index of a known one, or the text of another.
enum Found<'a> {
    Known(usize),
    Other(Cow<'a, str>),
}

/// Counts and skips what is not known.
pub struct Ignored;

impl Rest for Ignored {
    fn entry(&mut self, _: Cow<'_, str>, input: &mut Reader<'_>) -> Result<(), Fault> {
        input.count_stranger();
        input.skip()
    }
}

impl<'a> Reader<'a> {
    /// Reads an object into `slots`, which stand in the order of `keys`; every slot is full after it.
    ///
    /// A repeated key counts with its last value (RFC 8259, section 4 leaves it open). A required key that is missing is a [`Fault`].
    pub fn object(
        &mut self,
        keys: &[Key],
        slots: &mut [&mut dyn Slot],
        rest: &mut dyn Rest,
    ) -> Result<(), Fault> {
        if self.token() != b'{' {
            return Err(self.expected("an object"));
        }
        self.enter()?;
        // Bits of the first 128 slots that are full: what is absent costs nothing to find.
        let mut full: u128 = 0;
        let mut next = 0;
        if self.token() != b'}' {
            loop {
                let index = match self.known_key(keys, next)? {
                    Found::Known(index) => index,
                    Found::Other(key) => {
                        self.colon()?;
                        let name = key.clone();
                        rest.entry(key, self)
                            .map_err(|fault| fault.under_key(&name))?;
                        if self.another()? {
                            continue;
                        }
                        break;
                    }
                };
                self.colon()?;
                // `known_key` returns an index of `keys`; emitted code passes as many slots.
                if let Some(slot) = slots.get_mut(index)
                    && let Err(fault) = slot.fill(self)
                {
                    return Err(fault.under_key(keys[index].0));
                }
                full |= 1_u128
                    .checked_shl(u32::try_from(index).unwrap_or(u32::MAX))
                    .unwrap_or(0);
                next = index + 1;
                if !self.another()? {
                    break;
                }
            }
        }
        self.leave();
        if full.count_ones() as usize != keys.len() {
            self.check(keys, slots, full)?;
        }
        Ok(())
    }

    fn check(&self, keys: &[Key], slots: &[&mut dyn Slot], full: u128) -> Result<(), Fault> {
        for (index, ((key, _), slot)) in keys.iter().zip(slots).enumerate() {
            let seen = index < 128 && full >> index & 1 == 1;
            if !seen && !slot.is_settled() {
                return Err(self.fault(format!("missing key `{}`", quoted(key).trim_matches('"'))));
            }
        }
        Ok(())
    }

    /// Whether another property follows the one just read.
    #[inline]
    pub(super) fn another(&mut self) -> Result<bool, Fault> {
        match self.token() {
            b',' => {
                self.step();
                Ok(true)
            }
            b'}' => Ok(false),
            _ => Err(self.expected("`,` or `}`")),
        }
    }

    /// Reads a key: its index in `keys`, or its text. Keys mostly come in the declared order, so `next` is tried first.
    #[inline]
    fn known_key(&mut self, keys: &[Key], next: usize) -> Result<Found<'a>, Fault> {
        if self.token() != b'"' {
            return Err(self.expected("a key"));
        }
        if let Some((key, _)) = keys.get(next)
            && self.take_key(key)
        {
            return Ok(Found::Known(next));
        }
        let found = self.string()?;
        let later = keys.get(next..).unwrap_or_default();
        let place = later
            .iter()
            .position(|(key, _)| **key == *found)
            .map(|place| place + next);
        match place.or_else(|| keys.iter().take(next).position(|(key, _)| **key == *found)) {
            Some(index) => Ok(Found::Known(index)),
            None => Ok(Found::Other(found)),
        }
    }

    /// Reads a key and its colon.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        if self.token() != b'"' {
            return Err(self.expected("a key"));
        }
        let key = self.string()?;
        self.colon()?;
        Ok(key)
    }

    /// Reads an object whose keys are data; `entry` reads one value and gets its key.
    pub fn entries(
        &mut self,
        entry: &mut dyn FnMut(&mut Self, Cow<'a, str>) -> Step,
    ) -> Result<(), Fault> {
        if self.token() != b'{' {
            return Err(self.expected("an object"));
        }
        self.enter()?;
        if self.token() != b'}' {
            loop {
                self.token();
                let start = self.mark();
                let key = self.key()?;
                if let Err(fault) = entry(self, key) {
                    self.rewind(start);
                    return Err(fault.under_key(&self.string()?));
                }
                if !self.another()? {
                    break;
                }
            }
        }
        self.leave();
        Ok(())
    }
}

impl Writer {
    /// Writes an object with `values` in the order of `keys`, optional ones that are absent left out.
    pub fn object(&mut self, keys: &[Key], values: &[&dyn Encode]) {
        let mut mark = b'{';
        for ((key, optional), value) in keys.iter().zip(values) {
            if *optional && value.is_absent() {
                continue;
            }
            self.key(mark, key);
            mark = b',';
            value.encode(self);
        }
        self.close_object(mark == b'{');
    }

    /// Writes `mark`, which is `{` before the first property and `,` before the others, and a key with its colon.
    #[inline]
    pub fn key(&mut self, mark: u8, key: &str) {
        let out = self.bytes_mut();
        out.reserve(key.len() + 4);
        out.extend_from_slice(&[mark, b'"']);
        self.piece(key);
        self.bytes_mut().extend_from_slice(b"\":");
    }

    /// Ends an object; one without properties has not begun yet.
    #[inline]
    pub fn close_object(&mut self, empty: bool) {
        if empty {
            self.punctuation(b'{');
        }
        self.punctuation(b'}');
    }

    /// Like [`Writer::object`], followed by the properties of `rest`, which writes an object of its own.
    pub fn object_with_rest(&mut self, keys: &[Key], values: &[&dyn Encode], rest: &dyn Encode) {
        self.object(keys, values);
        // Named and other properties become one object by dropping the braces between them.
        let named = self.len() - 1;
        let out = self.bytes_mut();
        if out.ends_with(b"{}") {
            out.truncate(named - 1);
            return rest.encode(self);
        }
        out.truncate(named);
        rest.encode(self);
        let out = self.bytes_mut();
        if out[named..] == *b"{}" {
            out.truncate(named);
            out.push(b'}');
        } else {
            out[named] = b',';
        }
    }
}

/// Implements the codec of a struct, a line per property: `field!: "key"` for a required one, `field?: "key"` for an optional one
/// of type `Option`, `field~: "key"` for one of type `Maybe`.
///
/// `.. field` at the end names the map that keeps the properties not listed.
macro_rules! object {
    ($name:ident { $($field:ident $(! $(@ $required:ident)?)? $(? $(@ $optional:ident)?)? $(~ $(@ $maybe:ident)?)? : $key:literal),+ $(,)? }) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                $(let mut $field = $crate::runtime::json::slot $($($required)? ::Required)? $($($optional)? ::Optional)? $($($maybe)? ::Maybe)?;)+
                let read = input.object(Self::KEYS, &mut [$(&mut $field),+], &mut $crate::runtime::json::Ignored);
                // One pattern, so that the compiler has one place to drop what was read of a broken object.
                match (read, $($($($required)? $field,)?)+) {
                    (Ok(()), $($($($required)? $crate::runtime::json::Required::Full($field),)?)+) => Ok(Self { $($field),+ }),
                    (read, ..) => Err($crate::runtime::json::unfinished(read)),
                }
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                out.object(Self::KEYS, &[$(&self.$field),+]);
            }
        }
        impl $name {
            const KEYS: &'static [$crate::runtime::json::Key] = &[$(($key, $($($optional)? !)? $($($maybe)? !)? false)),+];
        }
        $crate::runtime::serde_bridge! { $name }
    };
    ($name:ident { $($field:ident $(! $(@ $required:ident)?)? $(? $(@ $optional:ident)?)? $(~ $(@ $maybe:ident)?)? : $key:literal,)* .. $rest:ident $(,)? }) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                $(let mut $field = $crate::runtime::json::slot $($($required)? ::Required)? $($($optional)? ::Optional)? $($($maybe)? ::Maybe)?;)*
                let mut $rest = Default::default();
                let read = input.object(Self::KEYS, &mut [$(&mut $field),*], &mut $rest);
                // One pattern, so that the compiler has one place to drop what was read of a broken object.
                match (read, $($($($required)? $field,)?)*) {
                    (Ok(()), $($($($required)? $crate::runtime::json::Required::Full($field),)?)*) => Ok(Self { $($field,)* $rest }),
                    (read, ..) => Err($crate::runtime::json::unfinished(read)),
                }
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                out.object_with_rest(Self::KEYS, &[$(&self.$field),*], &self.$rest);
            }
        }
        impl $name {
            const KEYS: &'static [$crate::runtime::json::Key] = &[$(($key, $($($optional)? !)? $($($maybe)? !)? false)),*];
        }
        $crate::runtime::serde_bridge! { $name }
    };
    // A struct without properties.
    ($name:ident { }) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                input.object(&[], &mut [], &mut $crate::runtime::json::Ignored)?;
                Ok(Self {})
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::runtime::Writer) {
                out.object(&[], &[]);
            }
        }
        $crate::runtime::serde_bridge! { $name }
    };
}
pub(crate) use object;

//! Objects with named properties: the walk over an object, once for all types, and the macro that lists a type's properties.

use std::borrow::Cow;

use super::super::maybe::Maybe;
use super::decode::Decode;
use super::fault::{Fault, quoted};
use super::properties::Properties;
use super::reader::Reader;

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

/// An object that was filled in place, if reading it went well.
#[inline]
pub fn filled<T>(read: Result<(), Fault>, object: T) -> Result<T, Fault> {
    match read {
        Ok(()) => Ok(object),
        Err(fault) => Err(fault),
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

/// Takes the properties that an object's type does not name. Without it they are counted and skipped.
pub trait Rest {
    /// Reads the value of the property `key`.
    fn entry(&mut self, key: Cow<'_, str>, input: &mut Reader<'_>) -> Result<(), Fault>;
}

/// A key of an object: the index of a known one, or the text of another.
enum Found<'a> {
    Known(usize),
    Other(Cow<'a, str>),
}

impl<'a> Reader<'a> {
    /// Reads an object into `slots`, which stand in the order of the properties; every slot is full after it. What `rest` does
    /// not take of the others is skipped.
    ///
    /// A repeated key counts with its last value (RFC 8259, section 4 leaves it open). A required key that is missing is a [`Fault`].
    pub fn object(
        &mut self,
        of: &Properties,
        slots: &mut [&mut dyn Slot],
        mut rest: Option<&mut dyn Rest>,
    ) -> Result<(), Fault> {
        let keys = of.keys;
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
                        let taken = if let Some(rest) = &mut rest {
                            rest.entry(key, self)
                        } else {
                            self.count_stranger();
                            self.skip()
                        };
                        if let Err(fault) = taken {
                            return Err(fault.under_key(&name));
                        }
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
                    return Err(fault.under_key(keys[index]));
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

    fn check(&self, keys: &[&str], slots: &[&mut dyn Slot], full: u128) -> Result<(), Fault> {
        for (index, (key, slot)) in keys.iter().zip(slots).enumerate() {
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
    fn known_key(&mut self, keys: &[&str], next: usize) -> Result<Found<'a>, Fault> {
        if self.token() != b'"' {
            return Err(self.expected("a key"));
        }
        if let Some(key) = keys.get(next)
            && self.take_key(key)
        {
            return Ok(Found::Known(next));
        }
        let found = self.string()?;
        let later = keys.get(next..).unwrap_or_default();
        let place = later
            .iter()
            .position(|key| **key == *found)
            .map(|place| place + next);
        match place.or_else(|| keys.iter().take(next).position(|key| **key == *found)) {
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

/// Implements `Clone`, `Debug`, `PartialEq` and the codec of a struct, a line per property: `field!: "key"` for a required one, `field?: "key"` for an optional one
/// of type `Option`, `field~: "key"` for one of type `Maybe`.
///
/// `.. field` at the end names the map that keeps the properties not listed.
macro_rules! object {
    // Where every property is optional, the object itself is filled.
    ($name:ident { $($field:ident $(? $(@ $optional:ident)?)? $(~ $(@ $maybe:ident)?)? : $key:literal),+ $(,)? }) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                let mut object = Self { $($field: $crate::runtime::json::slot $($($optional)? ::Optional)? $($($maybe)? ::Maybe)?),+ };
                let read = input.object(Self::PROPERTIES, &mut [$(&mut object.$field),+], None);
                $crate::runtime::json::filled(read, object)
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn view(&self, view: &mut dyn $crate::runtime::json::View) {
                view.object(Self::PROPERTIES, &[$(&self.$field),+], None);
            }
        }
        $crate::runtime::json::properties! { $name [$($field)+] [$($key)+] [$($($($optional)? true)? $($($maybe)? true)?)+] }
    };
    // Else a tuple of slots, whose last pattern unpacks what is required: one place for the compiler to drop what was read of a
    // broken object.
    ($name:ident { $($field:ident $(! $(@ $required:ident)?)? $(? $(@ $optional:ident)?)? $(~ $(@ $maybe:ident)?)? : $key:literal),+ $(,)? }) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                let mut slots = ($($crate::runtime::json::slot $($($required)? ::Required)? $($($optional)? ::Optional)? $($($maybe)? ::Maybe)?,)+);
                let ($($field,)+) = &mut slots;
                let read = input.object(Self::PROPERTIES, &mut [$($field),+], None);
                match (read, slots) {
                    (Ok(()), ($($($($required)? $crate::runtime::json::Required::Full($field),)? $($($optional)? $field,)? $($($maybe)? $field,)?)+)) => Ok(Self { $($field),+ }),
                    (read, _) => Err($crate::runtime::json::unfinished(read)),
                }
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn view(&self, view: &mut dyn $crate::runtime::json::View) {
                view.object(Self::PROPERTIES, &[$(&self.$field),+], None);
            }
        }
        $crate::runtime::json::properties! { $name [$($field)+] [$($key)+] [$($($($required)? false)? $($($optional)? true)? $($($maybe)? true)?)+] }
    };
    ($name:ident { $($field:ident $(! $(@ $required:ident)?)? $(? $(@ $optional:ident)?)? $(~ $(@ $maybe:ident)?)? : $key:literal,)* .. $rest:ident $(,)? }) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                let mut slots = ($($crate::runtime::json::slot $($($required)? ::Required)? $($($optional)? ::Optional)? $($($maybe)? ::Maybe)?,)* Default::default(),);
                let ($($field,)* $rest,) = &mut slots;
                let read = input.object(Self::PROPERTIES, &mut [$($field),*], Some($rest));
                match (read, slots) {
                    (Ok(()), ($($($($required)? $crate::runtime::json::Required::Full($field),)? $($($optional)? $field,)? $($($maybe)? $field,)?)* $rest,)) => Ok(Self { $($field,)* $rest }),
                    (read, _) => Err($crate::runtime::json::unfinished(read)),
                }
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn view(&self, view: &mut dyn $crate::runtime::json::View) {
                view.object(Self::PROPERTIES, &[$(&self.$field),*], Some(&self.$rest));
            }
        }
        $crate::runtime::json::properties! { $name [$($field)* $rest] [$($key)*] [$($($($required)? false)? $($($optional)? true)? $($($maybe)? true)?)*] }
    };
    // A struct without properties.
    ($name:ident { }) => {
        impl $crate::runtime::Decode for $name {
            #[inline]
            fn decode(input: &mut $crate::runtime::Reader<'_>) -> Result<Self, $crate::runtime::Fault> {
                $crate::runtime::json::filled(input.object(Self::PROPERTIES, &mut [], None), Self {})
            }
        }
        impl $crate::runtime::Encode for $name {
            #[inline]
            fn view(&self, view: &mut dyn $crate::runtime::json::View) {
                view.object(Self::PROPERTIES, &[], None);
            }
        }
        $crate::runtime::json::properties! { $name [] [] [] }
    };
}
pub(crate) use object;

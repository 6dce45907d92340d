//! The JSON codec: one concrete reader and writer, two traits over them, and macros that list what a type has.
//!
//! It is not generic over formats, so that an emitted type costs the compiler little more than its declaration;
//! `serde`'s traits are implemented in terms of it. What the macros make is `#[inline]`: a program compiles the codecs of the
//! types that it uses, and the client none of them. It knows no HTTP and no emitted type.

// A crate may have no type of some kind, and then does not use its macro.
#![allow(unused_macros, unused_imports)]

mod bridge;
mod decode;
mod encode;
mod enumeration;
mod fault;
#[cfg(feature = "unions")]
mod held;
mod object;
mod properties;
mod reader;
mod string;
#[cfg(feature = "unions")]
mod union;
mod value;
mod writer;

pub use self::bridge::{deserialize, serialize};
pub use self::decode::{Decode, from_slice, from_str};
pub use self::encode::{Encode, to_string, to_vec};
pub use self::enumeration::{named, number, text};
pub use self::fault::Fault;
#[cfg(feature = "unions")]
pub use self::held::{Held, same_member};
pub use self::object::{Required, Rest, Slot, filled, slot, unfinished};
pub use self::properties::{Properties, Property, View, debug, same};
pub use self::reader::{Kind, Mark, Reader};
#[cfg(feature = "unions")]
pub use self::union::{Member, Selection, Union, kinds, member};
pub use self::value::{from_value, to_value};
pub use self::writer::Writer;

#[cfg(feature = "unions")]
pub(crate) use self::held::union;
pub(crate) use self::{
    bridge::serde_bridge,
    enumeration::{integer_enum, newtype, string_enum, value_enum},
    object::object,
    properties::properties,
};

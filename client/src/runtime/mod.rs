//! What every generated client stands on: the codec of its types and the values that Rust's own types do not cover.

pub mod base64;
pub mod decimal;
pub mod json;
pub mod lexical;
pub mod map;
pub mod maybe;

pub use serde;
pub use serde_json::Value;
pub use uuid::Uuid;

pub use self::base64::Base64;
pub use self::decimal::Decimal;
pub use self::json::{
    Decode, Encode, Fault, Reader, Writer, from_slice, from_str, from_value, to_string, to_value,
    to_vec,
};
pub use self::lexical::{Date, DateTime, IsoDuration, Lexical, Quoted, Time, Url};
pub use self::map::Map;
pub use self::maybe::Maybe;

// A crate may have no type of some kind, and then does not use its macro.
#[allow(unused_imports)]
pub(crate) use self::json::{
    integer_enum, newtype, object, serde_bridge, string_enum, union, value_enum,
};

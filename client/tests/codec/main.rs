//! The codec, in a crate of its own: its files must work wherever they are embedded.

// The macros make items public, as emitted types are, and no test uses them all.
#![allow(dead_code, unreachable_pub)]

/// The codec's part of the runtime, from the files that generated crates receive.
#[allow(dead_code, unused_imports, unreachable_pub, missing_docs)]
#[path = "../../src/runtime"]
mod runtime {
    pub mod base64;
    pub mod cased;
    pub mod cut;
    pub mod dates;
    pub mod decimal;
    pub mod json;
    pub mod lexical;
    pub mod map;
    pub mod maybe;

    pub use self::base64::Base64;
    pub use self::cased::Uuid;
    pub use self::decimal::Decimal;
    pub use self::json::*;
    pub(crate) use self::json::{
        integer_enum, newtype, object, serde_bridge, string_enum, union, value_enum,
    };
    pub use self::lexical::*;
    pub use self::map::Map;
    pub use self::maybe::Maybe;
    pub use serde;
    pub use serde_json::Value;
}

mod bridge;
mod enumerations;
mod malformed;
mod objects;
mod scalars;
mod traits;
mod unions;
mod values;

use runtime::{Decode, Encode, from_str, to_string};

/// Decodes a text and encodes it again.
fn again<T: Decode + Encode>(text: &str) -> String {
    let value: T = from_str(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    to_string(&value).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

/// What decoding a text fails with.
fn fault<T: Decode>(text: &str) -> String {
    match from_str::<T>(text) {
        Ok(_) => panic!("{text} decodes"),
        Err(fault) => fault.to_string(),
    }
}

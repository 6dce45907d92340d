//! `.validate()`: the limits that a document sets on requests, checked on the JSON of a value against static data.
//! It must not know single types: emitted code lists rules, and nothing is checked that nobody asks for.

// A crate may have no limits at all.
#![allow(unused_macros, unused_imports)]

mod canonical;
mod number;
mod pattern;
mod request;
mod rule;
mod violation;
mod walk;

pub use self::request::{Checked, RequestRules, check_fields};
pub use self::rule::{Rule, Rules};
pub use self::violation::{Violation, Violations};

use super::json::{Encode, to_string};
use walk::Walk;

/// Checks a value by rules.
///
/// # Errors
///
/// [`Violations`], every one of them.
pub fn check(value: &dyn Encode, rules: Rules) -> Result<(), Violations> {
    let mut walk = Walk::default();
    match to_string(value) {
        Ok(text) => walk.text(&text, rules),
        Err(fault) => walk.broken(&fault),
    }
    walk.finish()
}

/// `validate! { NewPet = NEW_PET }`: the method `validate` of a type whose rules are a static; with a list of fields, that of a
/// type without JSON of its own, since it holds files.
macro_rules! validate {
    ($name:path = $rules:expr) => {
        impl $name {
            /// Checks the limits that the document sets on this value and on what it holds: lengths, patterns, ranges, multiples,
            /// counts, lists of values. Nothing calls it but you.
            ///
            /// # Errors
            ///
            /// Every limit that is not kept, with the path to the value that does not.
            pub fn validate(&self) -> ::core::result::Result<(), $crate::runtime::Violations> {
                $crate::runtime::validate::check(self, $rules)
            }
        }
    };
    ($name:path = $rules:expr, { $($field:ident: $wire:literal),* $(,)? }) => {
        impl $name {
            /// Checks the limits that the document sets on this value and on what it holds, but for files. Nothing calls it but
            /// you.
            ///
            /// # Errors
            ///
            /// Every limit that is not kept, with the path to the value that does not.
            pub fn validate(&self) -> ::core::result::Result<(), $crate::runtime::Violations> {
                $crate::runtime::validate::check_fields(&[$(($wire, &self.$field)),*], $rules)
            }
        }
    };
}
pub(crate) use validate;

//! What a document asks of values, as static data; the words are those of JSON Schema.

use super::super::json::Union;

/// The rules of a value, all of which hold.
pub type Rules = &'static [Rule];

/// One rule. Numbers are texts, so that none is rounded.
#[derive(Debug)]
pub enum Rule {
    /// A string has at least so many characters.
    MinLength(u64),
    /// A string has at most so many characters.
    MaxLength(u64),
    /// A string matches an ECMA-262 pattern somewhere.
    Pattern(&'static str),
    /// A number is not less.
    Minimum(&'static str),
    /// A number is not greater.
    Maximum(&'static str),
    /// A number is greater.
    ExclusiveMinimum(&'static str),
    /// A number is less.
    ExclusiveMaximum(&'static str),
    /// A number divided by this one is whole.
    MultipleOf(&'static str),
    /// An array has at least so many items.
    MinItems(u64),
    /// An array has at most so many items.
    MaxItems(u64),
    /// No two items of an array are the same JSON value.
    UniqueItems,
    /// Each item of an array.
    Items(Rules),
    /// The items of an array by their positions.
    Positions(&'static [Rules]),
    /// An object has at least so many properties.
    MinProperties(u64),
    /// An object has at most so many properties.
    MaxProperties(u64),
    /// The value of a property.
    Property(&'static str, Rules),
    /// The values of all properties but those listed.
    Others(&'static [&'static str], Rules),
    /// The values of properties whose names match a pattern.
    Matching(&'static str, Rules),
    /// Properties that an object has.
    Required(&'static [&'static str]),
    /// Properties that an object has if it has the first.
    DependentRequired(&'static str, &'static [&'static str]),
    /// The names of properties, each as a string.
    PropertyNames(Rules),
    /// A name of a property is one of the first, or matches one of the second.
    PatternNames(&'static [&'static str], &'static [&'static str]),
    /// A value is one of these JSON texts.
    Enum(&'static [&'static str]),
    /// The rules of another type.
    Is(&'static Rules),
    /// The rules of the member that a value is, by the members of the union.
    Union(&'static Union, &'static [Rules]),
}

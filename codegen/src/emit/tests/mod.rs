//! Tokens of small APIs, as text.

pub(crate) mod pets;
pub(crate) mod sketch;

//! Turns OpenAPI documents into Rust client crates: bytes in, files and diagnostics out.

pub mod diagnostic;
pub mod dialect;
pub mod source;

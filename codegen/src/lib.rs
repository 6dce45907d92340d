//! Turns OpenAPI documents into Rust client crates: bytes in, files and diagnostics out.

pub mod analyze;
pub mod diagnostic;
pub mod dialect;
pub mod document;
pub mod emit;
pub mod ir;
pub mod names;
pub mod render;
pub mod resolve;
pub mod source;

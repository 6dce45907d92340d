//! Turns OpenAPI documents into Rust client crates: bytes in, files and diagnostics out.

pub mod diagnostic;
pub mod emit;
pub mod ir;
pub mod names;
pub mod render;

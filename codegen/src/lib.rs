//! Turns OpenAPI documents into Rust client crates: bytes in, files and diagnostics out.

pub mod analyze;
pub mod diagnostic;
pub mod ir;
pub mod names;

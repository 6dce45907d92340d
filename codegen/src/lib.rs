//! Turns OpenAPI documents into Rust client crates: bytes in, files and diagnostics out.
//!
//! [`generate`] is the entry; [`outline()`] describes what it makes. They touch no disk, no network and no clock: the same
//! input gives the same bytes on any machine. `ARCHITECTURE.md` of the repository says what each module does.

pub mod analyze;
pub mod diagnostic;
pub mod dialect;
pub mod document;
pub mod emit;
pub mod ir;
pub mod names;
pub mod outline;
pub mod render;
pub mod resolve;
pub mod source;

mod parallel;
mod pipeline;

pub use emit::Feature;
pub use names::Gating;
pub use pipeline::{
    Calls, Client, Config, Layout, Outlined, Output, RoundTrips, SchemaTypes, generate, outline,
};
pub use render::RuntimeSource;

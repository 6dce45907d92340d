//! Facts about a whole API that no single construct shows; it must not know names or Rust.

pub mod pagination;

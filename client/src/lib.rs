//! Typed clients for conversational-agent platforms.

pub mod runtime;

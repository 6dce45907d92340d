//! Typed clients for conversational-agent platforms.

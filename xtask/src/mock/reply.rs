//! An answer before it meets HTTP.

/// Status, headers and bytes of an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Why this answer, for the access log; empty when there is nothing to say.
    pub(crate) reason: String,
}

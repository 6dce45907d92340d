//! The names that are taken before a document is read: Rust's own words, and those that emitted code itself uses.

/// Keywords of edition 2024, strict and reserved, sorted.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether a word is a keyword.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

/// Keywords that cannot be written raw.
pub(super) const NEVER_RAW: &[&str] = &["self", "Self", "super", "crate", "_"];

/// Types: emitted code writes these without a path.
#[rustfmt::skip]
pub(super) const TYPES: &[&str] = &[
    "AsMut", "AsRef", "Box", "Clone", "Client", "ClientBuilder", "Copy", "Debug", "Default", "Display", "Drop",
    "DoubleEndedIterator", "Eq", "Err", "Error", "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce", "From",
    "FromIterator", "FromStr", "Future", "Hash", "Into", "IntoFuture", "IntoIterator", "Iterator", "None", "Ok",
    "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Send", "Server", "Sized", "Some", "String", "Sync",
    "ToOwned", "ToString", "TryFrom", "TryInto", "Unpin", "Vec",
];

/// Variants of enumerations and unions: the one that every such enum ends with, and the associated type of
/// `FromStr`, from which rustc does not tell a variant apart.
pub(super) const VARIANTS: &[&str] = &["Err", "Unknown"];

/// Variants of error enums: the one for statuses that the document does not name.
pub(super) const ERRORS: &[&str] = &["Undocumented"];

/// Fields of objects: their setters must not hide what emitted code calls.
pub(super) const FIELDS: &[&str] = &["clone", "into", "new", "validate"];

/// Parameters: their setters stand beside the request's own methods.
#[rustfmt::skip]
pub(super) const SETTERS: &[&str] = &[
    "attempt_timeout", "body", "call", "clone", "header", "headers", "httpdate", "idempotency_key", "into", "into_future",
    "items", "max_retries", "new", "pages", "send", "stream", "timeout", "validate", "with_response",
];

/// Methods of a resource.
pub(super) const METHODS: &[&str] = &["clone", "new"];

/// Resources: methods of the client, and modules beside the runtime's and the crate's own; `std`, `core` and
/// `alloc` would hide the crates; the rest are devices where file names know no case.
#[rustfmt::skip]
pub(super) const MODULES: &[&str] = &[
    "alloc", "aux", "builder", "client", "clone", "codec", "com0", "com1", "com2", "com3", "com4", "com5", "com6",
    "com7", "com8", "com9", "con", "core", "error", "from_env", "into", "lib", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "main", "new", "nul", "prn", "runtime", "server", "std", "types",
    "validation_rules", "xml_codec",
];

/// Features: those of the runtime, those that stand for several, the crates that it depends on, and what rustc and docs.rs
/// set.
#[rustfmt::skip]
pub(super) const FEATURES: &[&str] = &[
    "all", "alloc", "base64", "base64-strings", "brotli", "bytes", "core", "dates", "decimals", "default", "docsrs", "downloads", "fastrand", "file-bodies",
    "futures-core", "headers", "http-body", "httpdate", "indexmap", "itoa", "jiff", "multipart", "oauth", "pages",
    "percent-encoding", "quick-xml", "regress", "reqwest", "rustls", "rustls-platform-verifier", "serde", "serde_json",
    "std", "streams", "test", "tokio", "tracing", "tuples", "unions", "url", "uuid", "uuids", "validate", "xml", "zmij", "zstd",
];

/// Credentials: methods of the client's builder.
#[rustfmt::skip]
pub(super) const BUILDER: &[&str] = &[
    "attempt_timeout", "base_url", "build", "idempotency_header", "max_response_bytes", "stream_idle_timeout",
    "clone", "connect_timeout", "credential", "default_header", "header",
    "http_client", "into", "max_retries", "new", "retry_budget", "server", "timeout", "user_agent",
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_keywords_are_sorted() {
        assert!(super::KEYWORDS.is_sorted());
    }
}

//! The `Prefer` header (RFC 7240): a documented status or a named example, called up by the client.

/// What the client prefers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Prefer {
    /// `code=404`.
    pub(crate) code: Option<String>,
    /// `example=name`.
    pub(crate) example: Option<String>,
}

impl Prefer {
    /// Reads the header; preferences it does not know are nobody's fault.
    pub(crate) fn read(header: Option<&str>) -> Self {
        let mut prefer = Self::default();
        for preference in header.unwrap_or_default().split([',', ';']) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"').to_owned();
            match name.trim().to_ascii_lowercase().as_str() {
                "code" => prefer.code = Some(value),
                "example" => prefer.example = Some(value),
                _ => {}
            }
        }
        prefer
    }
}

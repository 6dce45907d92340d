//! Whether a value is valid by a translated schema, and by which of a union's members: by the `jsonschema` crate. It must
//! not know where schemas come from.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, ValidationOptions, Validator};
use serde_json::{Map, Value};

/// One compiled document of definitions.
pub(crate) struct Judge {
    validator: Validator,
    document: Value,
}

/// Why a value is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Objection {
    /// Where in the value.
    pub(crate) path: String,
    pub(crate) message: String,
    /// The keyword that it does not meet.
    pub(crate) keyword: String,
    /// Whether a type, a required key or a constant is not as it must be, rather than a limit.
    pub(crate) of_type: bool,
}

impl Judge {
    /// Compiles definitions as [`Translation::document`](super::translate::Translation::document) gives them.
    ///
    /// # Errors
    /// What the judge says of a schema that is none.
    pub(crate) fn new(document: Value) -> Result<Self, String> {
        let validator = options().build(&document).map_err(|error| {
            format!(
                "{} at {}",
                shorten(&error.to_string()),
                error.instance_path()
            )
        })?;
        Ok(Self {
            validator,
            document,
        })
    }

    /// The definitions, into which local references point.
    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// The schema of a name.
    pub(crate) fn definition(&self, name: &str) -> &Value {
        self.document
            .pointer(&format!("/$defs/{name}"))
            .unwrap_or(&Value::Null)
    }

    pub(crate) fn is_valid(&self, name: &str, value: &Value) -> bool {
        self.validator.is_valid(&wrapped(name, value))
    }

    /// What is wrong with a value; empty for a valid one.
    pub(crate) fn objections(&self, name: &str, value: &Value) -> Vec<Objection> {
        let value = wrapped(name, value);
        let base = name.len() + 1;
        self.validator
            .iter_errors(&value)
            .take(8)
            .map(|error| Objection {
                path: error
                    .instance_path()
                    .to_string()
                    .get(base..)
                    .unwrap_or_default()
                    .to_owned(),
                message: message(&error),
                keyword: error.kind().keyword().to_owned(),
                of_type: is_of_type(error.kind()),
            })
            .collect()
    }
}

fn wrapped(name: &str, value: &Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value.clone())]))
}

/// Whether the judge's regular expressions read a pattern.
pub(crate) fn reads_pattern(pattern: &str) -> bool {
    options()
        .build(&serde_json::json!({ "pattern": pattern }))
        .is_ok()
}

fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_format("url", is_url)
        .with_format("uri", is_url)
        .with_format("byte", |text: &str| is_base64(text, b"+/", true))
        .with_format("base64url", |text: &str| is_base64(text, b"-_", false))
        .with_format("int32", |text: &str| text.parse::<i32>().is_ok())
        .with_format("int64", |text: &str| text.parse::<i64>().is_ok())
        .with_format("uint64", |text: &str| text.parse::<u64>().is_ok())
        .with_format("decimal", is_decimal)
}

/// An absolute URI (RFC 3986), or one with the expressions of RFC 6570, for which there is no format before 3.1.
fn is_url(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let has_scheme = scheme.is_some_and(|scheme| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    has_scheme
        && has_host(text)
        && !text.contains(|c: char| c.is_whitespace() || "<>\"\\^`|".contains(c))
}

/// URLs of HTTP name a host, and a port that there is (RFC 9110, section 4.2).
fn has_host(text: &str) -> bool {
    let (scheme, rest) = text.split_once(':').unwrap_or_default();
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return true;
    }
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, ""),
    };
    !name.is_empty() && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// The decimal number of the OpenAPI format registry, in any usual spelling: a digit somewhere.
fn is_decimal(text: &str) -> bool {
    let finite = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    finite && text.parse::<f64>().is_ok()
}

/// RFC 4648, with the two characters of its alphabet that differ.
fn is_base64(text: &str, special: &[u8], padded: bool) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || special.contains(&byte);
    let length = if padded || padding > 0 {
        text.len().is_multiple_of(4) && padding <= 2
    } else {
        text.len() % 4 != 1
    };
    length && digits.bytes().all(is_digit)
}

/// What an error is about, at its deepest.
fn is_of_type(kind: &ValidationErrorKind) -> bool {
    match kind {
        ValidationErrorKind::Type { .. }
        | ValidationErrorKind::Required { .. }
        | ValidationErrorKind::Enum { .. }
        | ValidationErrorKind::Constant { .. }
        | ValidationErrorKind::FalseSchema => true,
        // Of a union where each member objects to a type.
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context
                .iter()
                .all(|branch| branch.iter().any(|error| is_of_type(error.kind())))
        }
        _ => false,
    }
}

fn message(error: &ValidationError<'_>) -> String {
    let branches = match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.as_slice()
        }
        _ => &[],
    };
    // The branch that got furthest is the one that was meant.
    let meant = branches
        .iter()
        .filter_map(|branch| branch.first())
        .max_by_key(|error| error.instance_path().to_string().matches('/').count());
    match meant {
        Some(meant) if meant.instance_path() != error.instance_path() => {
            format!("{}: {}", meant.instance_path(), message(meant))
        }
        _ => shorten(&error.to_string()),
    }
}

/// A message without the bulk of a large value.
pub(crate) fn shorten(message: &str) -> String {
    const LONGEST: usize = 240;
    match message.char_indices().nth(LONGEST) {
        None => message.to_owned(),
        Some((cut, _)) => {
            let tail: Vec<char> = message[cut..].chars().rev().take(80).collect();
            let tail: String = tail.into_iter().rev().collect();
            format!("{}…{tail}", &message[..cut])
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Judge, is_base64, is_decimal, is_url, reads_pattern};

    #[test]
    fn values_are_judged_by_the_definition_of_a_name() {
        let judge = Judge::new(json!({
            "properties": { "0": { "$ref": "#/$defs/0" }, "1": { "$ref": "#/$defs/1" } },
            "$defs": { "0": { "type": "integer" }, "1": { "oneOf": [{ "$ref": "#/$defs/0" }, { "maxLength": 3 }] } },
        }))
        .unwrap();
        assert!(judge.is_valid("0", &json!(1.0)));
        let said = judge.objections("0", &json!("a"));
        assert!(said[0].of_type && said[0].path.is_empty(), "{said:?}");
        assert!(!judge.objections("1", &json!("long"))[0].of_type);
    }

    #[test]
    fn formats_of_texts() {
        assert!(is_url("http://[::1]:80/") && is_url("HTTP://u:p@h") && is_url("mailto:a"));
        assert!(!is_url("https://") && !is_url("https:///a") && !is_url("http://a:99999"));
        assert!(
            is_url("https://a/{b}?c=d") && is_url("urn:x") && !is_url("/a") && !is_url("a b:c")
        );
        assert!(is_base64("YQ==", b"+/", true) && !is_base64("YQ", b"+/", true));
        assert!(is_base64("YQ", b"-_", false) && !is_base64("Y", b"-_", false));
        assert!(is_decimal("-.5") && is_decimal("5.") && !is_decimal("-") && !is_decimal("inf"));
        assert!(reads_pattern("^(?!a)\\d+$") && !reads_pattern("("));
    }
}

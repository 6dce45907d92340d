//! The text of a reply, whatever its charset says.
//! It must not know operations.

use std::borrow::Cow;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;

/// The media type of a reply without its parameters, in lower case.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let media = value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    (!media.is_empty()).then_some(media)
}

fn charset(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The bytes after a UTF-8 byte order mark.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// The text of a body.
///
/// UTF-8 and UTF-16 marks win over the charset; UTF-8, US-ASCII, ISO-8859-1, Windows-1252 (its printable part) and
/// UTF-16 are read, anything else is read as UTF-8 when it is that. The error names the charset.
pub(super) fn decode<'a>(headers: &HeaderMap, bytes: &'a [u8]) -> Result<Cow<'a, str>, String> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes);
    }
    let charset = charset(headers);
    match charset.as_deref() {
        Some("utf-16le" | "utf-16") => return utf16(bytes, u16::from_le_bytes),
        Some("utf-16be") => return utf16(bytes, u16::from_be_bytes),
        _ => {}
    }
    let bytes = without_mark(bytes);
    match (std::str::from_utf8(bytes), charset.as_deref()) {
        // Servers that say ISO-8859-1 and send UTF-8 are common, the opposite never decodes as UTF-8.
        (Ok(text), _) => Ok(Cow::Borrowed(text)),
        (Err(_), Some("iso-8859-1" | "latin1" | "windows-1252" | "us-ascii")) => Ok(Cow::Owned(
            bytes.iter().map(|&byte| char::from(byte)).collect(),
        )),
        (Err(e), None | Some("utf-8" | "utf8")) => {
            Err(format!("the text is not UTF-8 at byte {}", e.valid_up_to()))
        }
        (Err(_), Some(other)) => Err(format!(
            "the charset `{}` is not read",
            other.escape_debug()
        )),
    }
}

/// As [`decode`], with replacement characters where that fails.
pub(super) fn lossy<'a>(headers: &HeaderMap, bytes: &'a [u8]) -> Cow<'a, str> {
    decode(headers, bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, String> {
    let (units, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("the text is not UTF-16: its length is odd".to_owned());
    }
    char::decode_utf16(units.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
        .map_err(|_| "the text is not UTF-16".to_owned())
}

/// What an error body says went wrong, in one line of at most 300 characters.
pub(super) fn server_message(body: &[u8]) -> Option<String> {
    const LONGEST: usize = 300;
    let value: Value = serde_json::from_slice(without_mark(body)).ok()?;
    let found = message_in(&value, 0)?;
    let mut line: String = found
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST + 1)
        .collect();
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST).chain(['…']).collect();
    }
    Some(line)
}

/// The first text under one of the names that servers use.
fn message_in(value: &Value, depth: u8) -> Option<&str> {
    if depth > 3 {
        return None;
    }
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Value::Array(items) => message_in(items.first()?, depth + 1),
        Value::Object(members) => [
            "message",
            "error_description",
            "detail",
            "error",
            "errors",
            "title",
            "reason",
            "msg",
        ]
        .iter()
        .find_map(|name| message_in(members.get(*name)?, depth + 1)),
        _ => None,
    }
}

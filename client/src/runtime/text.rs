//! The text of a reply, whatever its charset says.
//! It must not know operations.

use std::borrow::Cow;

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::cut::cut;
use super::header_map;
use super::json;

/// The media type of a reply without its parameters, in lower case.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = header_map::text(headers, "content-type")?;
    let (media, _) = cut(value, ';');
    let media = media.trim().to_ascii_lowercase();
    (!media.is_empty()).then_some(media)
}

/// The content coding that a body still has: the transport takes off those that it knows, with their header.
pub(super) fn content_coding(headers: &HeaderMap) -> Option<&str> {
    let coding = header_map::text(headers, "content-encoding")?.trim();
    let is_none = coding.is_empty() || coding.eq_ignore_ascii_case("identity");
    (!is_none).then_some(coding)
}

fn charset(headers: &HeaderMap) -> Option<String> {
    let value = header_map::text(headers, "content-type")?;
    let (_, mut rest) = cut(value, ';');
    while let Some(parameters) = rest {
        let (parameter, others) = cut(parameters, ';');
        rest = others;
        let (name, value) = cut(parameter, '=');
        let value = value.unwrap_or_default().trim().trim_matches('"');
        if name.trim().eq_ignore_ascii_case("charset") && !value.is_empty() {
            return Some(value.to_ascii_lowercase());
        }
    }
    None
}

/// The bytes after a UTF-8 byte order mark.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// A body that is text, as UTF-8 without a mark; as it came where its charset is not known here.
pub(super) fn utf8<'a>(headers: &HeaderMap, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    let rest = without_mark(bytes);
    let is_plain = std::str::from_utf8(rest).is_ok() && !rest.contains(&0);
    if is_plain {
        return Cow::Borrowed(rest);
    }
    match decode(headers, bytes) {
        Ok(text) => Cow::Owned(text.into_owned().into_bytes()),
        Err(_) => Cow::Borrowed(rest),
    }
}

/// Whether a body is markup: by its media type, or where that says nothing of the kind, by its first character.
#[cfg(feature = "xml")]
pub(super) fn is_xml(headers: &HeaderMap, bytes: &[u8]) -> bool {
    let media = media_type(headers).unwrap_or_default();
    if media.ends_with("/xml") || media.ends_with("+xml") {
        return true;
    }
    // No JSON text begins like this, and no markup in another way.
    !is_json_media(&media) && starts_with(bytes, b'<')
}

/// Whether a media type is one of JSON.
pub(super) fn is_json_media(media: &str) -> bool {
    media.ends_with("/json") || media.ends_with("+json")
}

/// Whether the first character that is no blank is this one, in UTF-8 or UTF-16.
#[cfg(feature = "xml")]
pub(super) fn starts_with(bytes: &[u8], wanted: u8) -> bool {
    let marked = [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"];
    let rest = marked.iter().find_map(|mark| bytes.strip_prefix(*mark));
    let mut rest = rest.unwrap_or(bytes).iter();
    rest.find(|byte| !byte.is_ascii_whitespace() && **byte != 0) == Some(&wanted)
}

/// The text of a body.
///
/// UTF-8 and UTF-16 marks win over the charset; UTF-8, US-ASCII, ISO-8859-1, Windows-1252 and UTF-16 are read, anything
/// else is read as UTF-8 when it is that. The error names the charset.
pub(super) fn decode<'a>(headers: &HeaderMap, bytes: &'a [u8]) -> Result<Cow<'a, str>, String> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes);
    }
    let charset = charset(headers);
    match (charset.as_deref(), bytes) {
        // Without a mark the order of the bytes shows in the zeros of its first character.
        (Some("utf-16be"), _) | (Some("utf-16"), [0, ..]) | (None, [0, 1..=255, ..]) => {
            return utf16(bytes, u16::from_be_bytes);
        }
        (Some("utf-16le" | "utf-16"), _) | (None, [1..=255, 0, ..]) => {
            return utf16(bytes, u16::from_le_bytes);
        }
        _ => {}
    }
    let bytes = without_mark(bytes);
    match (std::str::from_utf8(bytes), charset.as_deref()) {
        // Servers that say ISO-8859-1 and send UTF-8 are common, the opposite never decodes as UTF-8.
        (Ok(text), _) => Ok(Cow::Borrowed(text)),
        (Err(_), Some(charset)) if is_latin(charset) => {
            let mut text = String::with_capacity(bytes.len());
            for &byte in bytes {
                text.push(latin(byte));
            }
            Ok(Cow::Owned(text))
        }
        (Err(e), None | Some("utf-8" | "utf8")) => {
            Err(format!("the text is not UTF-8 at byte {}", e.valid_up_to()))
        }
        (Err(_), Some(other)) => Err(format!(
            "the charset `{}` is not read",
            other.escape_debug()
        )),
    }
}

/// Whether a charset is one of those that the Encoding Standard reads as Windows-1252.
fn is_latin(charset: &str) -> bool {
    matches!(
        charset,
        "iso-8859-1"
            | "iso8859-1"
            | "iso_8859-1"
            | "latin1"
            | "latin-1"
            | "l1"
            | "windows-1252"
            | "cp1252"
            | "us-ascii"
            | "ascii"
    )
}

/// A character of Windows-1252, which differs from ISO-8859-1 in the control characters that no text has.
fn latin(byte: u8) -> char {
    const C1: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let place = usize::from(byte.wrapping_sub(0x80));
    C1.get(place).copied().unwrap_or(char::from(byte))
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
    let mut text = Vec::with_capacity(units.len());
    for pair in units {
        text.push(unit(*pair));
    }
    match String::from_utf16(&text) {
        Ok(text) => Ok(Cow::Owned(text)),
        Err(_) => Err("the text is not UTF-16".to_owned()),
    }
}

/// What an error body says went wrong, in one line of at most 300 characters.
pub(super) fn server_message(body: &[u8]) -> Option<String> {
    const LONGEST: usize = 300;
    let value: Value = json::from_slice(without_mark(body)).ok()?;
    let found = message_in(&value, 0)?;
    let mut line = String::new();
    for (count, character) in found.chars().enumerate() {
        if count == LONGEST {
            line.push('…');
            break;
        }
        line.push(if character.is_control() {
            ' '
        } else {
            character
        });
    }
    Some(line)
}

/// The names under which servers say what went wrong.
const MESSAGES: [&str; 8] = [
    "message",
    "error_description",
    "detail",
    "error",
    "errors",
    "title",
    "reason",
    "msg",
];

/// The first text under one of the names that servers use.
fn message_in(value: &Value, depth: u8) -> Option<&str> {
    if depth > 3 {
        return None;
    }
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Value::Array(items) => message_in(items.first()?, depth + 1),
        _ => {
            for name in MESSAGES {
                // Not the map's own method, which is generic.
                if let Some(member) = value.get(name)
                    && let Some(found) = message_in(member, depth + 1)
                {
                    return Some(found);
                }
            }
            None
        }
    }
}

//! The parts of a multipart body, byte for byte. It must not know the request around them.

use callwright_codegen::ir::{Encoding, Part, PartKind};
use serde_json::Value;

use crate::judge::expected::{Row, text};
use crate::percent::decode;

/// A part: its headers, sorted, and its content; `None` where the document leaves the bytes open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    head: Vec<String>,
    content: Option<String>,
}

/// What is wrong with a body that was sent under a media type; nothing where it is right. Without `parts`, they have no names,
/// and only the frame is looked at.
pub(super) fn wrong(
    order: &Value,
    body: &[u8],
    media: &str,
    parts: Option<&[Part]>,
) -> Option<String> {
    let Some((essence, boundary)) = media.split_once("; boundary=") else {
        return Some("the media type has no boundary".to_owned());
    };
    let body = String::from_utf8_lossy(body);
    if !body.ends_with(&format!("--{boundary}--\r\n")) {
        return Some("the form has no end".to_owned());
    }
    let parts = parts.filter(|_| essence == "multipart/form-data")?;
    let mut wanted: Vec<Piece> = parts.iter().flat_map(|part| pieces(order, part)).collect();
    let open: Vec<Vec<String>> = wanted
        .iter()
        .filter(|piece| piece.content.is_none())
        .map(|piece| piece.head.clone())
        .collect();
    let mut found: Vec<Piece> = body
        .split(&format!("--{boundary}"))
        .filter_map(|part| part.strip_prefix("\r\n")?.split_once("\r\n\r\n"))
        .map(|(head, content)| {
            let mut head: Vec<String> = head.split("\r\n").map(str::to_owned).collect();
            head.sort();
            let content = content.strip_suffix("\r\n").unwrap_or(content);
            let content = (!open.contains(&head)).then(|| content.to_owned());
            Piece { head, content }
        })
        .collect();
    found.sort();
    wanted.sort();
    (found != wanted).then(|| format!("the parts are {found:?}, not {wanted:?}"))
}

/// What must be sent of a property: a piece per file or item, or per pair of its style.
fn pieces(order: &Value, part: &Part) -> Vec<Piece> {
    let argument = |key: String| order.get("arguments")?.get(key);
    let Some(value) = argument(format!("body.{}", part.wire)) else {
        return Vec::new();
    };
    let headers = argument(format!("body.{}.headers", part.wire));
    let headers = headers.map_or_else(Vec::new, |headers| shown_headers(part, headers));
    if let Some(style) = &part.style {
        // Parts hold no percent-encoding.
        let pairs = Row::of_form(Some(style)).pairs(&part.wire, value);
        return pairs
            .iter()
            .map(|(name, value)| piece(&decode(name), None, None, &headers, Some(decode(value))))
            .collect();
    }
    let single = [value.clone()];
    let items = match value {
        Value::Array(items) if part.repeated || part.kind != PartKind::Json => items.as_slice(),
        _ => &single,
    };
    items
        .iter()
        .map(|item| {
            let (media, content) = content(part, item);
            let file = (part.kind == PartKind::File).then(|| {
                let name = item.get("name").and_then(Value::as_str);
                name.unwrap_or(&part.wire)
            });
            piece(&part.wire, file, media, &headers, content)
        })
        .collect()
}

/// The media type and the content of an item.
fn content<'a>(part: &'a Part, item: &'a Value) -> (Option<&'a str>, Option<String>) {
    let documented = part.content_type.as_deref();
    match part.kind {
        PartKind::File => {
            let own = item.get("type").and_then(Value::as_str);
            // Of several types, the first that is no range.
            let first = documented.map(|media| media.split(',').next().unwrap_or(media).trim());
            let first = first.filter(|media| !media.contains('*'));
            let media = own.or(first).unwrap_or("application/octet-stream");
            (Some(media), Some(text(item.get("text").unwrap_or(item))))
        }
        PartKind::Json => {
            let media = documented.unwrap_or("application/json");
            (Some(media), Some(item.to_string()))
        }
        PartKind::Text if item.is_object() || item.is_array() => {
            let media = documented.unwrap_or("application/json");
            (Some(media), Some(item.to_string()))
        }
        PartKind::Text => (documented, Some(text(item))),
        // How XML is written, the runtime's own tests tell.
        PartKind::Xml => (documented.or(Some("application/xml")), None),
    }
}

fn shown_headers(part: &Part, headers: &Value) -> Vec<String> {
    let members = headers.as_object().into_iter().flatten();
    members
        .filter_map(|(name, value)| {
            let styles: &[Encoding] = &part.header_styles;
            let style = styles.iter().find(|style| style.wire == *name);
            let text = Row::of_header(style).in_header(value)?;
            Some(format!("{name}: {text}"))
        })
        .collect()
}

fn piece(
    name: &str,
    file: Option<&str>,
    media: Option<&str>,
    headers: &[String],
    content: Option<String>,
) -> Piece {
    let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
    let disposition = format!("Content-Disposition: form-data; name=\"{name}\"{file}");
    let media = media.map(|media| format!("Content-Type: {media}"));
    let mut head: Vec<String> = [disposition].into_iter().chain(media).collect();
    head.extend_from_slice(headers);
    head.sort();
    Piece { head, content }
}

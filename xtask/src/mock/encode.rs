//! A value written as a media type.

use serde_json::{Value, json};

use super::{
    document::{Document, member},
    flatten::flatten_one,
    media::{Kind, kind},
    xml,
};

/// How many items a stream has.
pub(crate) const STREAM_ITEMS: usize = 3;

/// The bytes of a value.
pub(crate) fn encode(
    document: Document,
    media_type: &str,
    schema: &'static Value,
    value: &Value,
) -> Vec<u8> {
    match kind(media_type) {
        Kind::Json => value.to_string().into_bytes(),
        Kind::Lines | Kind::Events => match value {
            Value::String(text) => text.clone().into_bytes(),
            Value::Array(items) => items
                .iter()
                .flat_map(|item| record(media_type, item))
                .collect(),
            item => record(media_type, item),
        },
        Kind::Xml => match value {
            Value::String(text) => text.clone().into_bytes(),
            value => xml::document(document, schema, value).into_bytes(),
        },
        Kind::Form => form(value).into_bytes(),
        Kind::Text | Kind::Multipart => plain(value).into_bytes(),
        Kind::Bytes => bytes(document, media_type, schema, value),
    }
}

/// One item of a stream.
fn record(media_type: &str, item: &Value) -> Vec<u8> {
    if kind(media_type) == Kind::Lines {
        let separator = if media_type.contains("json-seq") {
            "\u{1e}"
        } else {
            ""
        };
        return format!("{separator}{item}\n").into_bytes();
    }
    let fields = item.as_object().filter(|fields| {
        // An item that describes the event itself, as 3.2 has it.
        fields.contains_key("data")
            && fields
                .keys()
                .all(|name| ["event", "data", "id", "retry"].contains(&name.as_str()))
    });
    let Some(fields) = fields else {
        return event("data", item).into_bytes();
    };
    let lines: String = fields
        .iter()
        .map(|(name, value)| event(name, value))
        .collect();
    (lines.replace("\n\n", "\n") + "\n").into_bytes()
}

fn event(field: &str, value: &Value) -> String {
    let mut lines = String::new();
    for line in plain(value).lines() {
        lines.extend([field, ": ", line, "\n"]);
    }
    lines + "\n"
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn form(value: &Value) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in value.as_object().into_iter().flatten() {
        let values = value
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![value.clone()]);
        for value in values {
            form.append_pair(name, &plain(&value));
        }
    }
    form.finish()
}

/// Something that is recognizably of the type where the schema is only `binary`.
fn bytes(document: Document, media_type: &str, schema: &'static Value, value: &Value) -> Vec<u8> {
    const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let is_made =
        flatten_one(document, schema).examples.is_empty() && member(schema, "example").is_null();
    match media_type {
        "image/gif" if is_made => PIXEL.to_vec(),
        "application/pdf" if is_made => b"%PDF-1.4\n%%EOF\n".to_vec(),
        _ => plain(value).into_bytes(),
    }
}

/// The value of a response header.
pub(crate) fn header(value: &Value) -> String {
    let text = match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let pairs: Vec<_> = members
                .iter()
                .map(|(name, value)| format!("{name},{}", plain(value)))
                .collect();
            pairs.join(",")
        }
        other => plain(other),
    };
    let is_visible = |character: &char| !character.is_control() && character.is_ascii();
    text.chars().filter(is_visible).collect()
}

/// The items a stream is made of, given a way to make one.
pub(crate) fn stream(make: impl Fn(usize) -> Value) -> Value {
    json!((0..STREAM_ITEMS).map(make).collect::<Vec<_>>())
}

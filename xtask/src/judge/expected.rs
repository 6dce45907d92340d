//! The style tables of OAS 3.0.4 and 3.1.1 once more: what an argument looks like on the wire, written for the judge alone.
//! It must not share a line with the runtime of the clients, which it judges.

use std::fmt::Write as _;

use callwright_codegen::ir::{Encoding, Parameter, Style};
use serde_json::Value;

/// What the table asks of a value.
#[derive(Clone, Copy)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "the specification has as many"
)]
pub(super) struct Row {
    style: Style,
    explode: bool,
    allow_reserved: bool,
    allow_empty: bool,
    items: Option<Style>,
    form: bool,
}

impl Row {
    pub(super) fn of(parameter: &Parameter) -> Self {
        Self {
            style: parameter.style,
            explode: parameter.explode,
            allow_reserved: parameter.allow_reserved,
            allow_empty: parameter.allow_empty,
            items: parameter.items,
            form: false,
        }
    }

    /// A property of a form, with the encoding that the document gives it, if any.
    pub(super) fn of_form(encoding: Option<&Encoding>) -> Self {
        Self {
            style: encoding.map_or(Style::Form, |encoding| encoding.style),
            explode: encoding.is_none_or(|encoding| encoding.explode),
            allow_reserved: encoding.is_some_and(|encoding| encoding.allow_reserved),
            allow_empty: false,
            items: None,
            form: true,
        }
    }

    /// A header of a part, with the style that the document gives it, if any.
    pub(super) fn of_header(encoding: Option<&Encoding>) -> Self {
        Self {
            style: encoding.map_or(Style::Simple, |encoding| encoding.style),
            explode: encoding.is_some_and(|encoding| encoding.explode),
            ..Self::of_form(encoding)
        }
    }

    /// Percent-encodes a text as the row asks.
    fn encode(self, text: &str) -> String {
        let bytes = text.as_bytes();
        let mut out = String::new();
        for (at, &byte) in bytes.iter().enumerate() {
            let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let triple = byte == b'%'
                && bytes.get(at + 1).is_some_and(u8::is_ascii_hexdigit)
                && bytes.get(at + 2).is_some_and(u8::is_ascii_hexdigit);
            let reserved = self.allow_reserved && (b":/?@!$()*,;".contains(&byte) || triple);
            if unreserved || reserved || self.style == Style::Cookie {
                out.push(char::from(byte));
            } else if byte == b' ' && self.form && !self.allow_reserved {
                out.push('+');
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    }

    fn delimiter(style: Style) -> &'static str {
        match style {
            Style::SpaceDelimited => " ",
            Style::PipeDelimited => "|",
            Style::TabDelimited => "\t",
            _ => ",",
        }
    }

    /// What stands between the items of a list that is one value.
    fn between(self) -> String {
        match Self::delimiter(self.style) {
            "," => ",".to_owned(),
            // Always percent-encoded, also in forms, and never as a plus.
            other => format!("%{:02X}", other.as_bytes()[0]),
        }
    }

    fn item(self, item: &Value) -> String {
        match (item, self.items) {
            (Value::Array(inner), Some(style)) => {
                let between = Self { style, ..self }.between();
                let inner: Vec<String> = present(inner)
                    .map(|item| self.encode(&text(item)))
                    .collect();
                inner.join(&between)
            }
            (item, _) => self.encode(&text(item)),
        }
    }

    /// A list or object as one value; the second item of each pair of an object is its value.
    fn joined(self, value: &Value) -> String {
        let parts: Vec<String> = match value {
            Value::Array(items) => present(items).map(|item| self.item(item)).collect(),
            Value::Object(members) => members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .flat_map(|(name, value)| [self.encode(name), self.encode(&text(value))])
                .collect(),
            scalar => vec![self.encode(&text(scalar))],
        };
        parts.join(&self.between())
    }

    /// `name=value` for each member of an object.
    fn members(self, value: &Value) -> Vec<String> {
        let members = value.as_object().into_iter().flatten();
        members
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| format!("{}={}", self.encode(name), self.encode(&text(value))))
            .collect()
    }

    /// The text that stands in a path for `{name}`.
    pub(super) fn in_path(self, name: &str, value: &Value) -> String {
        let comma = Self {
            style: Style::Simple,
            ..self
        };
        let named = |value: String| match value.as_str() {
            "" => self.encode(name),
            value => format!("{}={value}", self.encode(name)),
        };
        let path = match (self.style, self.explode, value) {
            (Style::Json, ..) => self.encode(&value.to_string()),
            (Style::Label, true, Value::Array(items)) => {
                each('.', present(items).map(|item| self.item(item)))
            }
            (Style::Label, true, Value::Object(_)) => each('.', self.members(value)),
            (Style::Label, ..) => format!(".{}", comma.joined(value)),
            (Style::Matrix, true, Value::Array(items)) => {
                each(';', present(items).map(|item| named(self.item(item))))
            }
            (Style::Matrix, true, Value::Object(_)) => each(';', self.members(value)),
            (Style::Matrix, ..) => format!(";{}", named(comma.joined(value))),
            (_, true, Value::Object(_)) => self.members(value).join(","),
            _ => self.joined(value),
        };
        path.replace('/', "%2F").replace('?', "%3F")
    }

    /// The text of a header, in which nothing is encoded.
    pub(super) fn in_header(self, value: &Value) -> Option<String> {
        if self.style == Style::Json {
            return Some(value.to_string());
        }
        if is_undefined(value) {
            return None;
        }
        let equals = if self.explode { "=" } else { "," };
        let parts: Vec<String> = match value {
            Value::Array(items) => present(items).map(text).collect(),
            Value::Object(members) => members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| format!("{name}{equals}{}", text(value)))
                .collect(),
            scalar => vec![text(scalar)],
        };
        Some(parts.join(Self::delimiter(self.style)))
    }

    /// The pairs of a query, cookie or form, both sides encoded.
    pub(super) fn pairs(self, name: &str, value: &Value) -> Vec<(String, String)> {
        let key = Self {
            allow_reserved: false,
            ..self
        }
        .encode(name);
        let mut pairs = Vec::new();
        match (self.style, value) {
            (Style::Json, _) => pairs.push((key.clone(), self.encode(&value.to_string()))),
            (Style::DeepObject, Value::Object(_) | Value::Array(_)) => {
                self.deep(&key, value, &mut pairs);
            }
            (_, Value::Array(items)) if self.explode => {
                pairs.extend(present(items).map(|item| (key.clone(), self.item(item))));
            }
            (_, Value::Object(members)) if self.explode => {
                for (name, value) in members {
                    let name = Self {
                        allow_reserved: false,
                        ..self
                    }
                    .encode(name);
                    match value {
                        Value::Null => {}
                        Value::Array(items) => {
                            let items = present(items);
                            pairs
                                .extend(items.map(|item| (name.clone(), self.encode(&text(item)))));
                        }
                        value => pairs.push((name, self.encode(&text(value)))),
                    }
                }
            }
            (_, value) if is_undefined(value) => {}
            (_, value) => pairs.push((key.clone(), self.joined(value))),
        }
        if pairs.is_empty() && self.allow_empty {
            pairs.push((key, String::new()));
        }
        pairs
    }

    fn deep(self, name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
        match value {
            Value::Null => {}
            Value::Object(members) => {
                for (key, value) in members {
                    let key = Self {
                        allow_reserved: false,
                        ..self
                    }
                    .encode(key);
                    self.deep(&format!("{name}%5B{key}%5D"), value, pairs);
                }
            }
            Value::Array(items) => {
                for (index, item) in present(items).enumerate() {
                    self.deep(&format!("{name}%5B{index}%5D"), item, pairs);
                }
            }
            scalar => pairs.push((name.to_owned(), self.encode(&text(scalar)))),
        }
    }
}

/// Each part after a prefix of its own.
fn each(prefix: char, parts: impl IntoIterator<Item = String>) -> String {
    parts
        .into_iter()
        .flat_map(|part| [prefix.to_string(), part])
        .collect()
}

/// RFC 6570, section 2.3.
fn is_undefined(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(Value::is_null),
        Value::Object(members) => members.values().all(Value::is_null),
        _ => false,
    }
}

fn present(items: &[Value]) -> impl Iterator<Item = &Value> {
    items.iter().filter(|item| !item.is_null())
}

/// The text of a scalar; of anything deeper than the tables go, its JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

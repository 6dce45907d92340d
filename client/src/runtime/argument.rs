//! The value of an argument, seen the way the style table sees it: null, a text, a list or an object.
//! It must not know where the argument travels.

use std::borrow::Cow;

use super::json::{self, Decode, Encode, Fault, Kind, Reader};

/// A value on its way into a path, query, header, cookie or form.
pub(super) enum Shape {
    Null,
    /// A string.
    Text(String),
    /// The JSON text of a number or boolean.
    Bare(String),
    List(Vec<Shape>),
    Object(Vec<(String, Shape)>),
}

impl Decode for Shape {
    fn decode(input: &mut Reader<'_>) -> Result<Self, Fault> {
        Ok(match input.peek()? {
            Kind::Null => {
                input.null()?;
                Self::Null
            }
            Kind::Boolean | Kind::Number => Self::Bare(input.raw()?.to_owned()),
            Kind::String => Self::Text(input.string()?.into_owned()),
            Kind::Array => Self::List(Vec::decode(input)?),
            Kind::Object => {
                let mut entries: Vec<(String, Self)> = Vec::new();
                input.entries(&mut |input, key| {
                    let value = Self::decode(input)?;
                    // A key that is repeated has its last value. Arguments have few keys.
                    match entries.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, place)) => *place = value,
                        None => entries.push((key.into_owned(), value)),
                    }
                    Ok(())
                })?;
                Self::Object(entries)
            }
        })
    }
}

impl Shape {
    /// Reads the JSON text of an argument.
    pub(super) fn of(text: &str) -> Result<Self, Fault> {
        json::from_str(text)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether RFC 6570 section 2.3 calls it undefined: null, and a list or object without anything else in it.
    pub(super) fn is_undefined(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(_) | Self::Bare(_) => false,
            Self::List(items) => items.iter().all(Self::is_null),
            Self::Object(entries) => entries.iter().all(|(_, value)| value.is_null()),
        }
    }

    /// The text of a value in a place that holds one: a list or object there is written as its JSON text, since the
    /// style table says nothing of it.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Text(text) | Self::Bare(text) => Cow::Borrowed(text),
            Self::List(_) | Self::Object(_) => Cow::Owned(self.json()),
        }
    }

    /// Its JSON text.
    pub(super) fn json(&self) -> String {
        let mut out = String::new();
        self.json_into(&mut out);
        out
    }

    fn json_into(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bare(text) => out.push_str(text),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.json_into(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&quoted(key));
                    out.push(':');
                    value.json_into(out);
                }
                out.push('}');
            }
        }
    }
}

/// The JSON text of a string.
pub(super) fn quoted(text: &str) -> String {
    // A string always has a JSON form.
    json::to_string(&text).unwrap_or_default()
}

/// The JSON text of a value.
pub(super) fn json_text(value: &dyn Encode) -> Result<String, Fault> {
    json::to_string(value)
}

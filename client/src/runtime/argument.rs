//! The value of an argument, seen the way the style table sees it: null, a text, a list or an object.
//! It must not know where the argument travels.

use super::json::{self, Decode, Encode, Fault, Kind, Reader};

/// A value on its way into a path, query, header, cookie or form.
#[derive(Clone, Debug, PartialEq)]
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
            Kind::Object => Self::Object(
                super::map::Map::<Self>::decode(input)?
                    .into_iter()
                    .collect(),
            ),
        })
    }
}

impl Shape {
    /// Reads the JSON text of an argument.
    pub(super) fn of(text: &str) -> Result<Self, Fault> {
        json::from_str(text)
    }

    /// Whether RFC 6570 section 2.3 calls it undefined: null, and a list or object without anything else in it.
    pub(super) fn is_undefined(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(_) | Self::Bare(_) => false,
            Self::List(items) => items.iter().all(|item| *item == Self::Null),
            Self::Object(entries) => entries.iter().all(|(_, value)| *value == Self::Null),
        }
    }

    /// The text of a value in a place that holds one: a list or object there is written as its JSON text, since the
    /// style table says nothing of it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) | Self::Bare(text) => text.clone(),
            Self::List(_) | Self::Object(_) => self.json(),
        }
    }

    /// Its JSON text.
    pub(super) fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bare(text) => text.clone(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Object(entries) => {
                let member =
                    |(key, value): &(String, Self)| format!("{}:{}", quoted(key), value.json());
                let entries: Vec<String> = entries.iter().map(member).collect();
                format!("{{{}}}", entries.join(","))
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

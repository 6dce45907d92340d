//! The body of a request as a whole: its media type, its content, and form encoding.
//! It must not know operations or retries.

use std::fmt;

use super::argument::Shape;
use super::body::{Body, Outgoing};
use super::multipart::{Form, boundary};
use super::operation::{Encoding, Style};
use super::style::{self, Pair, Rules};

/// What a request carries.
#[derive(Clone)]
pub(super) enum Payload {
    Empty,
    Single {
        media: &'static str,
        body: Body,
    },
    Multipart {
        media: &'static str,
        form: Form,
        boundary: String,
    },
}

impl Payload {
    pub(super) fn single(media: &'static str, body: Body) -> Self {
        Self::Single { media, body }
    }

    pub(super) fn multipart(media: &'static str, form: Form) -> Self {
        Self::Multipart {
            media,
            form,
            boundary: boundary(),
        }
    }

    /// The `Content-Type`.
    pub(super) fn media(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Single { media, .. } => Some((*media).to_owned()),
            Self::Multipart {
                media, boundary, ..
            } => {
                // A boundary that a document writes down is an example of one.
                let kept = media.split(';').filter(|parameter| {
                    let name = parameter.split('=').next().unwrap_or_default();
                    !name.trim().eq_ignore_ascii_case("boundary")
                });
                let media = kept.collect::<Vec<_>>().join(";");
                Some(format!("{}; boundary={boundary}", media.trim_end()))
            }
        }
    }

    pub(super) fn is_replayable(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Single { body, .. } => body.is_replayable(),
            Self::Multipart { form, .. } => form.is_replayable(),
        }
    }

    /// Opens files and takes streams.
    pub(super) async fn open(&self) -> Result<Option<Outgoing>, String> {
        let mut outgoing = Outgoing::default();
        match self {
            Self::Empty => return Ok(None),
            Self::Single { body, .. } => body.open(&mut outgoing).await?,
            Self::Multipart { form, boundary, .. } => form.open(boundary, &mut outgoing).await?,
        }
        Ok(Some(outgoing))
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("none"),
            Self::Single { media, body } => write!(f, "{media} {body:?}"),
            Self::Multipart { media, .. } => f.write_str(media),
        }
    }
}

/// The form encoding of a JSON object.
pub(super) fn form(json: &str, encodings: &'static [Encoding]) -> Result<String, String> {
    let value = Shape::of(json).map_err(|fault| format!("has an unusable body: {fault}"))?;
    let pairs = pairs(&value, encodings)
        .map_err(|what| format!("{what} for a form body"))?
        .iter()
        .map(|pair| format!("{}={}", pair.name, pair.value))
        .collect::<Vec<_>>();
    Ok(pairs.join("&"))
}

/// The pairs of a form; the error says what the value is instead of an object.
pub(super) fn pairs(
    value: &Shape,
    encodings: &'static [Encoding],
) -> Result<Vec<Pair>, &'static str> {
    let entries = match value {
        Shape::Object(entries) => entries.as_slice(),
        Shape::Null => &[],
        _ => return Err("has a value that is no object"),
    };
    let mut pairs = Vec::new();
    for (key, value) in entries {
        let encoding = encodings.iter().find(|encoding| encoding.property == key);
        let rules = match (encoding, value) {
            (_, Shape::Null) => continue,
            (Some(encoding), _) => Rules::from(encoding),
            (None, Shape::Object(_)) => Rules {
                style: Style::Json,
                ..Rules::FORM
            },
            (None, _) => Rules::FORM,
        };
        pairs.extend(style::pairs(key, rules, value, &value.json(), true));
    }
    Ok(pairs)
}

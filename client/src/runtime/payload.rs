//! The body of a request as a whole: its media type, its content, and form encoding.
//! It must not know operations or retries.

use std::fmt;

use super::argument::Shape;
use super::body::{Body, Outgoing};
use super::multipart::{Form, boundary};
use super::operation::{Encoding, Style};
use super::style::{self, Rules};

/// What a request carries.
#[derive(Clone)]
pub(super) enum Payload {
    Empty,
    Single { media: &'static str, body: Body },
    Multipart { form: Form, boundary: String },
}

impl Payload {
    pub(super) fn single(media: &'static str, body: Body) -> Self {
        Self::Single { media, body }
    }

    pub(super) fn multipart(form: Form) -> Self {
        Self::Multipart {
            form,
            boundary: boundary(),
        }
    }

    /// The `Content-Type`.
    pub(super) fn media(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Single { media, .. } => Some((*media).to_owned()),
            Self::Multipart { boundary, .. } => {
                Some(format!("multipart/form-data; boundary={boundary}"))
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
            Self::Multipart { form, boundary } => form.open(boundary, &mut outgoing).await?,
        }
        Ok(Some(outgoing))
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("none"),
            Self::Single { media, body } => write!(f, "{media} {body:?}"),
            Self::Multipart { .. } => f.write_str("multipart/form-data"),
        }
    }
}

/// The form encoding of a JSON object.
pub(super) fn form(json: &str, encodings: &'static [Encoding]) -> Result<String, String> {
    let value = Shape::of(json).map_err(|fault| format!("has an unusable body: {fault}"))?;
    let Shape::Object(entries) = value else {
        return Err("has a form body that is no object".to_owned());
    };
    let mut pairs = Vec::new();
    for (key, value) in &entries {
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
    let pairs: Vec<String> = pairs
        .iter()
        .map(|pair| format!("{}={}", pair.name, pair.value))
        .collect();
    Ok(pairs.join("&"))
}

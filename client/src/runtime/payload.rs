//! The body of a request as a whole: its media type, its content, and form encoding.
//! It must not know operations or retries.

use std::borrow::Cow;
use std::fmt;

use super::argument::Shape;
use super::body::Body;
use super::cut::cut;
use super::operation::{Encoding, Style};
use super::style::{self, Pair, Rules};

/// What a request carries: nothing, or a body of a media type.
#[derive(Clone, Default)]
pub(super) struct Payload {
    content: Option<(Cow<'static, str>, Body)>,
}

impl Payload {
    pub(super) fn new(media: impl Into<Cow<'static, str>>, body: Body) -> Self {
        Self {
            content: Some((media.into(), body)),
        }
    }

    /// The `Content-Type`.
    pub(super) fn media(&self) -> Option<&str> {
        self.content.as_ref().map(|(media, _)| media.as_ref())
    }

    /// The text of a body of bytes that are one.
    #[cfg(feature = "validate")]
    pub(super) fn text(&self) -> Option<String> {
        self.content.as_ref()?.1.text()
    }

    pub(super) fn is_replayable(&self) -> bool {
        self.content
            .as_ref()
            .is_none_or(|(_, body)| body.is_replayable())
    }

    /// What is sent, if anything is.
    pub(super) fn body(&self) -> Option<&Body> {
        self.content.as_ref().map(|(_, body)| body)
    }
}

impl fmt::Debug for Payload {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            None => f.write_str("none"),
            // Parameters say little, and a boundary nothing.
            Some((media, body)) => write!(f, "{} {body:?}", cut(media, ';').0),
        }
    }
}

/// The form encoding of a JSON object.
pub(super) fn form(json: &str, encodings: &'static [Encoding]) -> Result<String, String> {
    let value = Shape::of(json).map_err(|fault| format!("has an unusable body: {fault}"))?;
    let mut pairs = Vec::new();
    self::pairs(&value, encodings, &mut pairs).map_err(|what| format!("{what} for a form body"))?;
    let mut text = String::new();
    for Pair { name, value } in &pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    Ok(text)
}

/// Adds the pairs of a form; the error says what the value is instead of an object.
pub(super) fn pairs(
    value: &Shape,
    encodings: &'static [Encoding],
    out: &mut Vec<Pair>,
) -> Result<(), &'static str> {
    let entries = match value {
        Shape::Object(entries) => entries.as_slice(),
        Shape::Null => &[],
        _ => return Err("has a value that is no object"),
    };
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
        style::pairs(key, rules, value, &value.json(), true, out);
    }
    Ok(())
}

//! The documented headers of a reply as typed values: text → JSON, by the form of the type that is wanted, → value.
//! It must not know single headers: emitted code lists them.

use std::borrow::Cow;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use super::answer::{ApiError, DecodeError};
use super::argument::quoted;
use super::error::Error;
use super::json::{self, Decode, Fault};
use super::operation::Operation;
use super::response::Response;
use super::secret::Blanks;

/// How the text of a header becomes the JSON of its type: style `simple` of OAS 3.0.4 and 3.1.1, in which nothing is
/// percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderForm {
    /// A string.
    Text,
    /// A number or boolean; no text at all is null.
    Bare,
    /// A date-time of RFC 3339, or one of the dates of RFC 9110 section 5.6.7 (`format: date-time-rfc1123`).
    #[cfg(feature = "dates")]
    Date,
    /// A number or boolean where the text is one, else a string.
    Either,
    /// JSON text: a header with `content` of a JSON media type.
    Json,
    /// `a,b`: an array.
    List(&'static HeaderForm),
    /// An array with another delimiter (`collectionFormat` of Swagger 2.0).
    Delimited(char, &'static HeaderForm),
    /// `k,v,k,v`, or `k=v,k=v` when exploded, whose flag comes first: an object with the forms of its properties, then
    /// that of all others.
    Object(
        bool,
        &'static [(&'static str, HeaderForm)],
        &'static HeaderForm,
    ),
    /// Every header whose name begins with the given one, as an object by the rest of their names
    /// (`x-ms-header-collection-prefix`).
    Prefix(&'static HeaderForm),
}

impl HeaderForm {
    /// The JSON text of a header's text.
    #[inline]
    fn json(self, text: &str) -> String {
        let text = text.trim();
        match self {
            Self::Text => quoted(text),
            Self::Bare | Self::Json if text.is_empty() => "null".to_owned(),
            Self::Bare if text.eq_ignore_ascii_case("true") => "true".to_owned(),
            Self::Bare if text.eq_ignore_ascii_case("false") => "false".to_owned(),
            // What is no number or boolean is shown by the fault as the text that it is.
            Self::Bare | Self::Either if !is_bare(text) => quoted(text),
            Self::Bare | Self::Either | Self::Json => text.to_owned(),
            #[cfg(feature = "dates")]
            Self::Date => quoted(&instant(text)),
            Self::List(item) => list(text, ',', *item),
            Self::Delimited(delimiter, item) => list(text, delimiter, *item),
            Self::Object(explode, properties, others) => object(text, explode, properties, *others),
            Self::Prefix(value) => value.json(text),
        }
    }

    #[inline]
    fn is_list(self) -> bool {
        matches!(
            self,
            Self::List(_) | Self::Delimited(..) | Self::Object(..) | Self::Prefix(_)
        )
    }
}

/// Whether a text is a JSON number or boolean.
#[inline]
fn is_bare(text: &str) -> bool {
    matches!(text, "true" | "false")
        || (text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
            && json::from_str::<super::Value>(text).is_ok())
}

/// A date of RFC 9110 as one of RFC 3339; any other text as it is.
#[cfg(feature = "dates")]
#[inline]
fn instant(text: &str) -> Cow<'_, str> {
    // Dates of RFC 3339 begin with a digit, those of RFC 9110 with the day of the week.
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return text.into();
    }
    match jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text) {
        Ok(instant) => instant.to_string().into(),
        Err(_) => text.into(),
    }
}

#[inline]
fn list(text: &str, delimiter: char, item: HeaderForm) -> String {
    let items = pieces(text, delimiter).map(|piece| item.json(piece));
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

#[inline]
fn object(
    text: &str,
    explode: bool,
    properties: &[(&str, HeaderForm)],
    others: HeaderForm,
) -> String {
    let member = |key: &str, value: &str| {
        let key = key.trim();
        let known = properties.iter().find(|(name, _)| *name == key);
        let form = known.map_or(others, |(_, form)| *form);
        format!("{}:{}", quoted(key), form.json(value))
    };
    let mut members = Vec::new();
    let mut pieces = pieces(text, ',');
    while let Some(piece) = pieces.next() {
        members.push(if explode {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            member(key, value)
        } else {
            member(piece, pieces.next().unwrap_or_default())
        });
    }
    format!("{{{}}}", members.join(","))
}

/// The pieces of a list; an empty text has none.
#[inline]
fn pieces(text: &str, delimiter: char) -> impl Iterator<Item = &str> {
    let text = Some(text).filter(|text| !text.is_empty());
    text.into_iter()
        .flat_map(move |text| text.split(delimiter))
        .map(str::trim)
}

/// What a struct of documented headers is read from: the headers of a reply, and what its errors say.
#[derive(Clone, Copy)]
pub struct DocumentedHeaders<'r> {
    pub(super) operation: &'static Operation,
    pub(super) status: StatusCode,
    pub(super) headers: &'r HeaderMap,
    pub(super) attempts: u32,
    pub(super) blanks: &'r Blanks,
}

/// What came back with headers: a [`Response`](super::Response), or an [`ApiError`].
pub trait Headed {
    /// What a struct of documented headers is read from.
    fn documented_headers(&self) -> DocumentedHeaders<'_>;
}

impl<T> Headed for Response<T> {
    fn documented_headers(&self) -> DocumentedHeaders<'_> {
        DocumentedHeaders {
            operation: self.operation,
            status: self.status,
            headers: &self.headers,
            attempts: self.attempts,
            blanks: &self.blanks,
        }
    }
}

impl Headed for ApiError {
    #[inline]
    fn documented_headers(&self) -> DocumentedHeaders<'_> {
        DocumentedHeaders {
            operation: self.operation,
            status: self.status,
            headers: &self.headers,
            attempts: self.attempts,
            blanks: &self.blanks,
        }
    }
}

impl<T: Headed> Headed for Box<T> {
    fn documented_headers(&self) -> DocumentedHeaders<'_> {
        (**self).documented_headers()
    }
}

impl<'r> DocumentedHeaders<'r> {
    /// Those of a response or an error.
    pub fn of(reply: &'r impl Headed) -> Self {
        reply.documented_headers()
    }

    /// A header that every reply has; [`Error::Decode`] where it is missing or not as documented.
    pub fn required<T: Decode>(&self, name: &str, form: HeaderForm) -> Result<T, Error> {
        let text = self.json(name, form);
        self.read(name, text.as_deref().unwrap_or_default())
    }

    /// A header that a reply may have; [`Error::Decode`] where it is there and not as documented.
    pub fn optional<T: Decode>(&self, name: &str, form: HeaderForm) -> Result<Option<T>, Error> {
        match self.json(name, form) {
            Some(text) if text != "null" => self.read(name, &text).map(Some),
            _ => Ok(None),
        }
    }

    fn read<T: Decode>(&self, name: &str, text: &str) -> Result<T, Error> {
        if text.is_empty() {
            return Err(self.error(name, Fault::new("the header is missing")));
        }
        json::from_str(text).map_err(|fault| self.error(name, fault))
    }

    /// The JSON text of a header; none where it is missing.
    #[inline]
    fn json(&self, name: &str, form: HeaderForm) -> Option<String> {
        if let HeaderForm::Prefix(value) = form {
            return self.prefixed(name, *value);
        }
        let mut lines = self.headers.get_all(name).iter().map(text);
        let first = lines.next()?;
        // RFC 9110 section 5.3: the lines of a list are one list, but for those of `Set-Cookie`, which hold commas.
        if !form.is_list() {
            return Some(form.json(&first));
        }
        if let (HeaderForm::List(item), true) = (form, name.eq_ignore_ascii_case("set-cookie")) {
            let items = std::iter::once(first).chain(lines);
            let items: Vec<_> = items.map(|line| item.json(&line)).collect();
            return Some(format!("[{}]", items.join(",")));
        }
        let delimiter = match form {
            HeaderForm::Delimited(delimiter, _) => delimiter,
            _ => ',',
        };
        let all = lines.fold(first.into_owned(), |mut all, line| {
            all.push(delimiter);
            all.push_str(&line);
            all
        });
        Some(form.json(&all))
    }

    #[inline]
    fn prefixed(&self, prefix: &str, value: HeaderForm) -> Option<String> {
        let prefix = prefix.to_ascii_lowercase();
        let members = self.headers.iter().filter_map(|(name, line)| {
            let key = name.as_str().strip_prefix(&prefix)?;
            Some(format!("{}:{}", quoted(key), value.json(&text(line))))
        });
        let members: Vec<_> = members.collect();
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    }

    #[cold]
    fn error(&self, name: &str, fault: Fault) -> Error {
        let mut error = DecodeError::new(
            self.operation,
            self.status,
            self.headers,
            Bytes::new(),
            &fault.under_key(name).under_key("headers"),
            self.blanks,
        );
        error.attempts = self.attempts;
        Error::Decode(Box::new(error))
    }
}

/// The text of a header, which is UTF-8 nowadays and was ISO-8859-1.
#[inline]
fn text(value: &HeaderValue) -> Cow<'_, str> {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.into(),
        Err(_) => value.as_bytes().iter().map(|&b| char::from(b)).collect(),
    }
}

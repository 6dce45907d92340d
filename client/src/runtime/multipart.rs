//! multipart/form-data (RFC 7578): parts in, a body with a boundary out.
//! It must not know how a body is sent.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_core::Stream;

use super::argument::{Shape, json_text};
use super::body::Body;
use super::call::Call;
use super::error::BoxError;
use super::json::{Encode, Fault};
use super::media;
use super::operation::{Encoding, Parameter};
use super::payload::Payload;
use super::style;

/// A file to upload: its content, and what the server is told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    body: Body,
    name: Option<String>,
    content_type: Option<String>,
}

impl File {
    /// A file from bytes.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self {
            body: Body::from(bytes.into()),
            name: None,
            content_type: None,
        }
    }

    /// A file on disk, read while it is sent; its file name is the path's.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = Path::file_name(&path).map(|name| name.to_string_lossy().into_owned());
        Self {
            body: Body::path(path),
            name,
            content_type: None,
        }
    }

    /// A file from a stream of chunks, sent once: the call is not retried.
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        Self {
            body: Body::stream(stream),
            name: None,
            content_type: None,
        }
    }

    /// Sets the file name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type; otherwise it is the one of the document, or `application/octet-stream`.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Says how many bytes a stream has.
    #[must_use]
    #[inline]
    pub fn with_length(mut self, length: u64) -> Self {
        self.body = self.body.with_length(length);
        self
    }
}

impl From<Body> for File {
    #[inline]
    fn from(body: Body) -> Self {
        Self {
            body,
            name: None,
            content_type: None,
        }
    }
}

impl From<Vec<u8>> for File {
    #[inline]
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Bytes> for File {
    #[inline]
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<PathBuf> for File {
    #[inline]
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<File> for Body {
    /// The content alone, for a request whose whole body is the file.
    #[inline]
    fn from(file: File) -> Self {
        file.body
    }
}

/// A part of a multipart body together with its documented headers.
///
/// Where no header must be given, what the part holds converts into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<T, H> {
    /// What the part holds.
    pub value: T,
    /// Its headers.
    pub headers: H,
}

impl<T, H> Part<T, H> {
    /// A part with headers.
    pub fn new(value: impl Into<T>, headers: H) -> Self {
        Self {
            value: value.into(),
            headers,
        }
    }
}

impl<T, H: Default> From<T> for Part<T, H> {
    fn from(value: T) -> Self {
        Self {
            value,
            headers: H::default(),
        }
    }
}

/// A multipart form, built part by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    pieces: Vec<Piece>,
    /// Where the parts begin that were added last.
    last: usize,
    unnamed: bool,
    fault: Option<String>,
    /// Names of parts that are no files, with the JSON texts of their values.
    #[cfg(feature = "validate")]
    written: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Piece {
    /// None where parts are told apart by their order.
    name: Option<String>,
    file_name: Option<String>,
    content_type: Option<Cow<'static, str>>,
    headers: Vec<(String, String)>,
    body: Body,
}

impl Form {
    /// A form without parts.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// A form whose parts have no names, as in `multipart/mixed` or `multipart/related`: the names that parts are added
    /// with are not sent.
    #[inline]
    pub fn unnamed() -> Self {
        Self {
            unnamed: true,
            ..Self::default()
        }
    }

    /// Adds a part of media type `application/json`; an absent value adds none.
    #[must_use]
    #[inline]
    pub fn json(self, name: &str, value: &dyn Encode) -> Self {
        self.json_as(name, "application/json", value)
    }

    /// Adds a part of a JSON media type; an absent value adds none.
    #[must_use]
    #[inline]
    pub fn json_as(mut self, name: &str, content_type: &'static str, value: &dyn Encode) -> Self {
        self.last = self.pieces.len();
        if value.is_absent() {
            return self;
        }
        self.keep(name, value);
        match json_text(value) {
            Ok(text) => self.piece(name, None, Some(content_type.into()), Body::from(text)),
            Err(fault) => self.refuse(name, &fault),
        }
    }

    /// Adds a part of an XML media type; an absent value adds none.
    #[cfg(feature = "xml")]
    #[must_use]
    #[inline]
    pub fn xml(
        mut self,
        name: &str,
        content_type: &'static str,
        value: &dyn Encode,
        root: &'static super::xml::Node,
    ) -> Self {
        self.last = self.pieces.len();
        if value.is_absent() {
            return self;
        }
        match super::xml::to_string(value, root) {
            Ok(text) => self.piece(name, None, Some(content_type.into()), Body::from(text)),
            Err(fault) => self.refuse(name, &fault),
        }
    }

    /// Adds a string, number or boolean as it is, without a media type; a list adds a part per item, an object in it
    /// as JSON, and null or an absent value adds none.
    #[must_use]
    #[inline]
    pub fn text(self, name: &str, value: &dyn Encode) -> Self {
        self.text_as(name, None, value)
    }

    /// As [`Form::text`], with a media type.
    #[must_use]
    #[inline]
    pub fn text_as(
        mut self,
        name: &str,
        content_type: Option<&'static str>,
        value: &dyn Encode,
    ) -> Self {
        self.last = self.pieces.len();
        if value.is_absent() {
            return self;
        }
        self.keep(name, value);
        let items = match json_text(value).and_then(|text| Shape::of(&text)) {
            Ok(Shape::Null) => Vec::new(),
            Ok(Shape::List(items)) => items,
            Ok(one) => vec![one],
            Err(fault) => return self.refuse(name, &fault),
        };
        for item in items {
            let json = matches!(item, Shape::Object(_) | Shape::List(_));
            let content_type = content_type
                .or(json.then_some("application/json"))
                .map(Cow::Borrowed);
            self = self.piece(
                name,
                None,
                content_type,
                Body::from(item.text().into_owned()),
            );
        }
        self
    }

    /// Adds the properties of an object, each as by [`Form::text`] of its name, objects as JSON.
    #[must_use]
    #[inline]
    pub fn properties(mut self, object: &dyn Encode) -> Self {
        let entries = match json_text(object).and_then(|text| Shape::of(&text)) {
            Ok(Shape::Object(entries)) => entries,
            Ok(_) => {
                self.fault = Some("has a value that is no object for its form".to_owned());
                return self;
            }
            Err(fault) => return self.refuse("body", &fault),
        };
        for (name, value) in &entries {
            let items = match value {
                Shape::Null => &[],
                Shape::List(items) => items.as_slice(),
                one => std::slice::from_ref(one),
            };
            for item in items {
                let json = matches!(item, Shape::Object(_) | Shape::List(_));
                let content_type = json.then_some(Cow::Borrowed("application/json"));
                self = self.piece(
                    name,
                    None,
                    content_type,
                    Body::from(item.text().into_owned()),
                );
            }
        }
        self
    }

    /// Adds a value in a style of its own: the pairs that a form would have of it, each as a part of that name and text,
    /// without percent-encoding (OAS 3.2.0, section 4.15.1.2). An absent value adds none.
    #[must_use]
    #[inline]
    pub fn styled(mut self, encoding: &Encoding, value: &dyn Encode) -> Self {
        self.last = self.pieces.len();
        if value.is_absent() {
            return self;
        }
        let name = encoding.property;
        let pairs = json_text(value).and_then(|json| {
            let value = Shape::of(&json)?;
            Ok(style::plain_pairs(name, encoding.into(), &value, &json))
        });
        match pairs {
            Ok(pairs) => {
                for pair in pairs {
                    self = self.piece(&pair.name, None, None, Body::from(pair.value));
                }
                self
            }
            Err(fault) => self.refuse(name, &fault),
        }
    }

    /// Adds a file. Without a name of its own it is sent under the name of the part, since servers tell files from
    /// fields by the file name.
    #[must_use]
    pub fn file(self, name: &str, file: impl Into<File>) -> Self {
        self.file_as(name, "application/octet-stream", file)
    }

    /// Adds a file whose media type is the document's unless the file has its own. Of several, with commas between, or a
    /// range such as `image/*`, it is the one that the file's extension names, else the first that is no range.
    #[must_use]
    pub fn file_as(
        mut self,
        name: &str,
        content_types: &'static str,
        file: impl Into<File>,
    ) -> Self {
        self.last = self.pieces.len();
        let file = file.into();
        let content_type = match file.content_type {
            Some(own) => Cow::Owned(own),
            None => media::of_file(content_types, file.name.as_deref()),
        };
        let own = file.name.or_else(|| Some(name.to_owned()));
        let file_name = own.filter(|name| !name.is_empty());
        self.piece(name, file_name, Some(content_type), file.body)
    }

    /// Adds a header to the parts added last; an absent or null value adds none. A `Content-Disposition` takes the place
    /// of the usual one.
    #[must_use]
    #[inline]
    pub fn header(self, name: &str, value: &dyn Encode) -> Self {
        if value.is_absent() {
            return self;
        }
        match json_text(value).and_then(|text| Shape::of(&text)) {
            Ok(Shape::Null) => self,
            Ok(value) => self.put(name, &value.text()),
            Err(fault) => self.refuse(name, &fault),
        }
    }

    /// Adds the properties of an object as headers to the parts added last, each in the style `simple` unless another is
    /// listed; an absent or null property adds none.
    #[must_use]
    #[inline]
    pub fn headers(mut self, values: &dyn Encode, styles: &[Encoding]) -> Self {
        let entries = match json_text(values).and_then(|text| Shape::of(&text)) {
            Ok(Shape::Object(entries)) => entries,
            Ok(_) => return self,
            Err(fault) => return self.refuse("headers", &fault),
        };
        for (name, value) in &entries {
            if let Shape::Null = value {
                continue;
            }
            let unusual = styles.iter().find(|style| style.property == name);
            let usual = Parameter::header("");
            let parameter = unusual.map_or(usual, |encoding| Parameter {
                style: encoding.style,
                explode: encoding.explode,
                ..usual
            });
            self = self.put(name, &style::header(&parameter, value, &value.json()));
        }
        self
    }

    #[inline]
    fn put(mut self, name: &str, text: &str) -> Self {
        if !sound(name) || !sound(text) {
            self.fault = Some(format!(
                "cannot send the part header `{name}`: it holds a line break"
            ));
            return self;
        }
        for piece in self.pieces.iter_mut().skip(self.last) {
            piece.headers.push((name.to_owned(), text.to_owned()));
        }
        self
    }

    #[inline]
    fn piece(
        mut self,
        name: &str,
        file_name: Option<String>,
        content_type: Option<Cow<'static, str>>,
        body: Body,
    ) -> Self {
        if content_type.as_deref().is_some_and(|value| !sound(value)) {
            self.fault = Some(format!(
                "cannot send the media type of the part `{name}`: it holds a line break"
            ));
        }
        self.pieces.push(Piece {
            name: (!self.unnamed).then(|| name.to_owned()),
            file_name,
            content_type,
            headers: Vec::new(),
            body,
        });
        self
    }

    #[cfg(not(feature = "validate"))]
    #[allow(clippy::unused_self, reason = "only limits need it")]
    #[inline]
    fn keep(&mut self, _: &str, _: &dyn Encode) {}

    #[cfg(feature = "validate")]
    fn keep(&mut self, name: &str, value: &dyn Encode) {
        // A value without JSON is refused by who sends it.
        let text = json_text(value).ok();
        self.written
            .extend(text.map(|text| (name.to_owned(), text)));
    }

    /// The JSON of the parts that are no files, as an object.
    #[cfg(feature = "validate")]
    #[inline]
    fn json_text(&self) -> String {
        let entry =
            |(name, text): &(String, String)| format!("{}:{text}", super::argument::quoted(name));
        let entries: Vec<String> = self.written.iter().map(entry).collect();
        format!("{{{}}}", entries.join(","))
    }

    #[inline]
    fn refuse(mut self, name: &str, fault: &Fault) -> Self {
        self.fault = Some(format!(
            "has an unusable value for `{name}` of its form: {fault}"
        ));
        self
    }

    /// The parts between boundaries.
    #[inline]
    fn body(self, boundary: &str) -> Body {
        let mut bodies = Vec::new();
        for piece in self.pieces {
            let head = Body::from(piece.head(boundary));
            bodies.extend([head, piece.body, Body::from("\r\n")]);
        }
        bodies.push(Body::from(format!("--{boundary}--\r\n")));
        Body::joined(bodies)
    }
}

impl Piece {
    #[inline]
    fn head(&self, boundary: &str) -> String {
        let mut head = format!("--{boundary}\r\n");
        let own = |wanted: &str| {
            let mut names = self.headers.iter().map(|(name, _)| name);
            names.any(|name| name.eq_ignore_ascii_case(wanted))
        };
        let disposed = own("content-disposition");
        let file_name = self.file_name.as_deref().map(escape);
        let file_name = file_name.map(|name| format!("; filename=\"{name}\""));
        let file_name = file_name.unwrap_or_default();
        match &self.name {
            _ if disposed => {}
            Some(name) => {
                let name = escape(name);
                line(
                    &mut head,
                    "Content-Disposition",
                    &format!("form-data; name=\"{name}\"{file_name}"),
                );
            }
            None if file_name.is_empty() => {}
            None => line(
                &mut head,
                "Content-Disposition",
                &format!("attachment{file_name}"),
            ),
        }
        match (&self.content_type, &self.name) {
            _ if own("content-type") => {}
            (Some(content_type), _) => line(&mut head, "Content-Type", content_type),
            // Outside of forms, text without a type is US-ASCII (RFC 2046 section 5.1).
            (None, None) => line(&mut head, "Content-Type", "text/plain; charset=utf-8"),
            (None, Some(_)) => {}
        }
        for (name, value) in &self.headers {
            line(&mut head, name, value);
        }
        head.push_str("\r\n");
        head
    }
}

#[inline]
fn line(head: &mut String, name: &str, value: &str) {
    head.push_str(name);
    head.push_str(": ");
    head.push_str(value);
    head.push_str("\r\n");
}

/// The escapes of the WHATWG form algorithm, which servers expect.
#[inline]
fn escape(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[inline]
fn sound(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && c != '\t')
}

/// A boundary that no content is likely to hold.
#[inline]
fn boundary() -> String {
    format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..))
}

impl Call {
    /// Sends a multipart form.
    #[must_use]
    #[inline]
    pub fn multipart(self, form: Form) -> Self {
        self.multipart_as("multipart/form-data", form)
    }

    /// Sends parts under another media type of multipart, such as `multipart/mixed`.
    #[must_use]
    #[inline]
    pub fn multipart_as(mut self, media: &'static str, mut form: Form) -> Self {
        if let Some(fault) = form.fault.take() {
            self.refuse(fault);
        }
        #[cfg(feature = "validate")]
        {
            self.written = Some(form.json_text());
        }
        let boundary = boundary();
        // A boundary that a document writes down is an example of one.
        let kept = media.split(';').filter(|parameter| {
            let name = parameter.split('=').next().unwrap_or_default();
            !name.trim().eq_ignore_ascii_case("boundary")
        });
        let media = kept.collect::<Vec<_>>().join(";");
        let media = format!("{}; boundary={boundary}", media.trim_end());
        self.payload = Payload::new(media, form.body(&boundary));
        self
    }
}

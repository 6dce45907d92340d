//! multipart/form-data (RFC 7578): parts in, a body with a boundary out.
//! It must not know how a body is sent.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_core::Stream;

use super::argument::{Shape, json_text};
use super::body::{Body, Outgoing};
use super::error::BoxError;
use super::json::{Encode, Fault};

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
    pub fn with_length(mut self, length: u64) -> Self {
        self.body = self.body.with_length(length);
        self
    }
}

impl From<Body> for File {
    fn from(body: Body) -> Self {
        Self {
            body,
            name: None,
            content_type: None,
        }
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Bytes> for File {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<PathBuf> for File {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<File> for Body {
    /// The content alone, for a request whose whole body is the file.
    fn from(file: File) -> Self {
        file.body
    }
}

/// A multipart form, built part by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    parts: Vec<Part>,
    fault: Option<String>,
    /// Names of parts that are no files, with the JSON texts of their values.
    #[cfg(feature = "validate")]
    written: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<Cow<'static, str>>,
    headers: Vec<(String, String)>,
    body: Body,
}

impl Form {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part of media type `application/json`; an absent value adds none.
    #[must_use]
    pub fn json(self, name: &str, value: &dyn Encode) -> Self {
        self.json_as(name, "application/json", value)
    }

    /// Adds a part of a JSON media type; an absent value adds none.
    #[must_use]
    pub fn json_as(mut self, name: &str, content_type: &'static str, value: &dyn Encode) -> Self {
        if value.is_absent() {
            return self;
        }
        self.keep(name, value);
        match json_text(value) {
            Ok(text) => self.part(name, None, Some(content_type.into()), Body::from(text)),
            Err(fault) => self.refuse(name, &fault),
        }
    }

    /// Adds a string, number or boolean as it is, without a media type; a list adds a part per item, an object in it
    /// as JSON, and null or an absent value adds none.
    #[must_use]
    pub fn text(self, name: &str, value: &dyn Encode) -> Self {
        self.text_as(name, None, value)
    }

    /// As [`Form::text`], with a media type.
    #[must_use]
    pub fn text_as(
        mut self,
        name: &str,
        content_type: Option<&'static str>,
        value: &dyn Encode,
    ) -> Self {
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
            self = self.part(name, None, content_type, Body::from(item.text()));
        }
        self
    }

    /// Adds a file. Without a name of its own it is sent under the name of the part, since servers tell files from
    /// fields by the file name.
    #[must_use]
    pub fn file(self, name: &str, file: impl Into<File>) -> Self {
        self.file_as(name, "application/octet-stream", file)
    }

    /// Adds a file whose media type is the document's unless the file has its own.
    #[must_use]
    pub fn file_as(self, name: &str, content_type: &'static str, file: impl Into<File>) -> Self {
        let file = file.into();
        let file_name = file.name.unwrap_or_else(|| name.to_owned());
        let content_type = file
            .content_type
            .map_or(Cow::Borrowed(content_type), Cow::Owned);
        self.part(name, Some(file_name), Some(content_type), file.body)
    }

    /// Adds a header to the part added last; an absent or null value adds none.
    #[must_use]
    pub fn header(mut self, name: &str, value: &dyn Encode) -> Self {
        if value.is_absent() {
            return self;
        }
        let text = match json_text(value).and_then(|text| Shape::of(&text)) {
            Ok(Shape::Null) => return self,
            Ok(value) => value.text(),
            Err(fault) => return self.refuse(name, &fault),
        };
        if !sound(name) || !sound(&text) {
            self.fault = Some(format!(
                "cannot send the part header `{name}`: it holds a line break"
            ));
        } else if let Some(part) = self.parts.last_mut() {
            part.headers.push((name.to_owned(), text));
        }
        self
    }

    fn part(
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
        self.parts.push(Part {
            name: name.to_owned(),
            file_name,
            content_type,
            headers: Vec::new(),
            body,
        });
        self
    }

    #[cfg(not(feature = "validate"))]
    #[allow(clippy::unused_self, reason = "only limits need it")]
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
    pub(super) fn json_text(&self) -> String {
        let entry =
            |(name, text): &(String, String)| format!("{}:{text}", super::argument::quoted(name));
        let entries: Vec<String> = self.written.iter().map(entry).collect();
        format!("{{{}}}", entries.join(","))
    }

    fn refuse(mut self, name: &str, fault: &Fault) -> Self {
        self.fault = Some(format!(
            "has an unusable value for `{name}` of its form: {fault}"
        ));
        self
    }

    pub(super) fn is_replayable(&self) -> bool {
        self.parts.iter().all(|part| part.body.is_replayable())
    }

    pub(super) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Writes the parts between boundaries.
    pub(super) async fn open(&self, boundary: &str, outgoing: &mut Outgoing) -> Result<(), String> {
        for part in &self.parts {
            outgoing.push(part.head(boundary));
            part.body.open(outgoing).await?;
            outgoing.push("\r\n");
        }
        outgoing.push(format!("--{boundary}--\r\n"));
        Ok(())
    }
}

impl Part {
    fn head(&self, boundary: &str) -> String {
        let mut head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            escape(&self.name)
        );
        if let Some(file_name) = &self.file_name {
            head.push_str("; filename=\"");
            head.push_str(&escape(file_name));
            head.push('"');
        }
        head.push_str("\r\n");
        if let Some(content_type) = &self.content_type {
            head.push_str("Content-Type: ");
            head.push_str(content_type);
            head.push_str("\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        head
    }
}

/// The escapes of the WHATWG form algorithm, which servers expect.
fn escape(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn sound(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && c != '\t')
}

/// A boundary that no content is likely to hold.
pub(super) fn boundary() -> String {
    format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..))
}

//! The two errors that come with an answer: one with an error status, and one that is not as documented.
//! It must not know how an answer was obtained.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::error::{BoxError, Error};
use super::header_map;
use super::json::{self, Decode, Fault};
use super::operation::Operation;
use super::retry;
use super::secret::Blanks;
use super::text;

/// The most bytes of a reply that an error keeps: 1 MiB.
pub const KEPT_BODY: usize = 1 << 20;

/// The body of an error status as the document describes it, an enum of the operation's error types.
pub trait ErrorBody: Sized {
    /// Decodes the body of an answer with this status.
    fn decode(status: u16, body: &[u8]) -> Result<Self, Fault>;
}

/// An answer with an error status, documented or not.
pub struct ApiError {
    pub(super) operation: &'static Operation,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) truncated: bool,
    pub(super) attempts: u32,
    pub(super) message: Option<String>,
    pub(super) blanks: Blanks,
}

impl ApiError {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came, at most its first [`KEPT_BODY`] bytes.
    pub fn raw_body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the body was longer than what is kept.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// The body as text, by the charset of its `Content-Type`.
    #[inline]
    pub fn text(&self) -> Cow<'_, str> {
        text::lossy(&self.headers, &self.body)
    }

    /// The body as the document describes it for this status; [`Error::Decode`] where it is something else.
    pub fn typed<E: ErrorBody>(&self) -> Result<E, Error> {
        let body = text::utf8(&self.headers, &self.body);
        E::decode(self.status.as_u16(), &body).map_err(|fault| self.decode_error(&fault))
    }

    /// The body as JSON of any type.
    pub fn json<T: Decode>(&self) -> Result<T, Error> {
        let body = text::utf8(&self.headers, &self.body);
        json::from_slice(&body).map_err(|fault| self.decode_error(&fault))
    }

    /// How long the server asks to wait before the call is made again: `retry-after-ms`, or `Retry-After` in seconds or
    /// as a date.
    #[inline]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::asked_wait(&self.headers, SystemTime::now())
    }

    /// The server's name for the request: the header `x-request-id`, `request-id`, `x-amzn-requestid`,
    /// `x-amz-request-id`, `x-ms-request-id`, `x-correlation-id` or `cf-ray`, the first there is.
    #[inline]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The operation, by its id in the document.
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What the server says went wrong, where its body is JSON with a `message`, `error`, `detail` or `title`; one
    /// line, cut at 300 characters, credentials of the call blanked.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    fn decode_error(&self, fault: &Fault) -> Error {
        let mut error = DecodeError::new(
            self.operation,
            self.status,
            &self.headers,
            self.body.clone(),
            fault,
            &self.blanks,
        );
        error.attempts = self.attempts;
        Error::Decode(Box::new(error))
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("operation", &self.operation.id)
            .field("status", &self.status.as_u16())
            .field("message", &self.message)
            .field("request_id", &self.request_id())
            .field("attempts", &self.attempts)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "operation `{}` was answered with {}",
            self.operation.id, self.status
        )?;
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl StdError for ApiError {}

/// A reply that is not as documented.
pub struct DecodeError {
    pub(super) operation: &'static str,
    pub(super) status: StatusCode,
    pub(super) request_id: Option<String>,
    pub(super) path: String,
    pub(super) message: String,
    pub(super) body: Bytes,
    pub(super) attempts: u32,
    pub(super) source: Option<BoxError>,
}

impl DecodeError {
    pub(super) fn new(
        operation: &Operation,
        status: StatusCode,
        headers: &HeaderMap,
        body: Bytes,
        fault: &Fault,
        blanks: &Blanks,
    ) -> Self {
        Self {
            operation: operation.id,
            status,
            request_id: request_id(headers).map(String::from),
            path: blanks.blank(fault.path()),
            message: blanks.blank(fault.to_string()),
            body: kept(body),
            attempts: 1,
            source: None,
        }
    }

    /// The status of the reply.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The operation, by its id in the document.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The place in the reply that is not as documented; empty where it is the whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body as it came, at most its first [`KEPT_BODY`] bytes.
    pub fn raw_body(&self) -> &[u8] {
        &self.body
    }

    /// The server's name for the request (see [`ApiError::request_id`]).
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("operation", &self.operation)
            .field("status", &self.status.as_u16())
            .field("path", &self.path)
            .field("message", &self.message)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "operation `{}`: the {} reply is not as documented: {}",
            self.operation, self.status, self.message
        )
    }
}

impl StdError for DecodeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|e| &**e as &(dyn StdError + 'static))
    }
}

pub(super) fn kept(body: Bytes) -> Bytes {
    if body.len() > KEPT_BODY {
        body.slice(..KEPT_BODY)
    } else {
        body
    }
}

pub(super) fn request_id(headers: &HeaderMap) -> Option<&str> {
    const NAMES: [&str; 7] = [
        "x-request-id",
        "request-id",
        "x-amzn-requestid",
        "x-amz-request-id",
        "x-ms-request-id",
        "x-correlation-id",
        "cf-ray",
    ];
    for name in NAMES {
        match header_map::text(headers, name) {
            None | Some("") => {}
            id => return id,
        }
    }
    None
}

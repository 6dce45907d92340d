//! What came back: status, headers, and a body that is read already or still arriving.
//! It must not know what the body should decode to.

use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::call::Call;
use super::core::Limits;
use super::error::{Error, TransportError};
use super::execute::Start;
#[cfg(feature = "downloads")]
use super::live::Live;
use super::operation::Operation;
use super::secret::Blanks;

/// The reply to a call that succeeded.
pub struct Reply {
    pub(super) operation: &'static Operation,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) attempts: u32,
    pub(super) content: Content,
    pub(super) blanks: Blanks,
    /// The call itself and what makes it, for a stream that connects again.
    pub(super) call: Option<(Start, Box<Call>)>,
}

pub(super) enum Content {
    Read(Bytes),
    #[cfg(feature = "downloads")]
    Arriving(Live),
}

impl Content {
    pub(super) fn is_arriving(&self) -> bool {
        !matches!(self, Self::Read(_))
    }
}

impl Reply {
    /// The reply of a success, its body read unless the operation streams it.
    pub(super) async fn of(
        operation: &'static Operation,
        mut response: reqwest::Response,
        limits: &Limits,
        blanks: Blanks,
    ) -> Result<Self, Error> {
        let mut reply = Self {
            operation,
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            attempts: 0,
            content: Content::Read(Bytes::new()),
            blanks,
            call: None,
        };
        #[cfg(feature = "downloads")]
        if operation.streaming {
            reply.content = Content::Arriving(Live::new(operation, response, limits));
            return Ok(reply);
        }
        let (status, limit) = (reply.status, limits.max_response_bytes);
        if response
            .content_length()
            .is_some_and(|length| length > limit)
        {
            return Err(too_long(operation, status, limit));
        }
        let kept = read(response, usize::try_from(limit).unwrap_or(usize::MAX)).await;
        match kept.error {
            Some(error) => return Err(TransportError::reading(operation, status, error)),
            None if kept.truncated => return Err(too_long(operation, status, limit)),
            None => {}
        }
        reply.content = Content::Read(kept.bytes);
        Ok(reply)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The body, empty as long as it is still arriving.
    pub(super) fn read(&self) -> Bytes {
        match &self.content {
            Content::Read(bytes) => bytes.clone(),
            #[cfg(feature = "downloads")]
            Content::Arriving(_) => Bytes::new(),
        }
    }

    /// The body chunk by chunk, whether it is read already or not.
    #[cfg(feature = "downloads")]
    pub(super) fn into_live(self) -> Live {
        match self.content {
            Content::Arriving(live) => live,
            Content::Read(bytes) => Live::of_bytes(self.operation, self.status, bytes),
        }
    }
}

impl fmt::Debug for Reply {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("operation", &self.operation.id)
            .field("status", &self.status.as_u16())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// What was read of a body.
pub(super) struct Kept {
    /// At most as much as was asked for.
    pub(super) bytes: Bytes,
    /// Whether there was more.
    pub(super) truncated: bool,
    /// Why there may be more that did not come.
    error: Option<reqwest::Error>,
}

/// Reads a body into memory, at most `limit` bytes of it.
pub(super) async fn read(mut response: reqwest::Response, limit: usize) -> Kept {
    let mut first = Bytes::new();
    let mut all: Vec<u8> = Vec::new();
    let error = loop {
        match response.chunk().await {
            Ok(None) => break None,
            // A body of one chunk is not copied.
            Ok(Some(chunk)) if first.is_empty() && all.is_empty() => first = chunk,
            Ok(Some(chunk)) => {
                if all.is_empty() {
                    all.extend_from_slice(&first);
                }
                all.extend_from_slice(&chunk);
            }
            Err(error) => break Some(error),
        }
        if first.len().max(all.len()) > limit {
            break None;
        }
    };
    let mut bytes = if all.is_empty() { first } else { all.into() };
    let truncated = bytes.len() > limit;
    bytes.truncate(limit);
    Kept {
        bytes,
        truncated,
        error,
    }
}

pub(super) fn too_long(operation: &Operation, status: StatusCode, limit: u64) -> Error {
    let message = format!(
        "was answered with more than {limit} bytes: raise `max_response_bytes` if that is right"
    );
    let mut error = TransportError::new(operation, message);
    error.status = Some(status);
    error.transient = false;
    Error::Transport(Box::new(error))
}

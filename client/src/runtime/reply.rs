//! What came back: status, headers, and a body that is read already or still arriving.
//! It must not know what the body should decode to.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, Sleep};

use super::call::Call;
use super::error::{Error, TransportError};
use super::operation::Operation;
use super::secret::Blanks;

/// The reply to a call that succeeded.
pub struct Reply {
    pub(super) operation: &'static Operation,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) attempts: u32,
    pub(super) content: Content,
    /// The largest body, event or line that is read into memory.
    pub(super) limit: u64,
    pub(super) blanks: Blanks,
    /// The call itself, for a stream that connects again.
    pub(super) call: Option<Box<Call>>,
}

pub(super) enum Content {
    Read(Bytes),
    Arriving(Live),
}

impl Reply {
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
            Content::Arriving(_) => Bytes::new(),
        }
    }

    /// The body chunk by chunk, whether it is read already or not.
    pub(super) fn into_live(self) -> Live {
        match self.content {
            Content::Arriving(live) => live,
            Content::Read(bytes) => Live::of_bytes(self.operation, self.status, bytes),
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("operation", &self.operation.id)
            .field("status", &self.status.as_u16())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// A body that is arriving; silence beyond the idle time is an error.
pub(super) struct Live {
    operation: &'static Operation,
    status: StatusCode,
    body: reqwest::Body,
    idle: Duration,
    clock: Option<Pin<Box<Sleep>>>,
    ended: bool,
}

impl Live {
    pub(super) fn new(
        operation: &'static Operation,
        response: reqwest::Response,
        idle: Duration,
    ) -> Self {
        let status = response.status();
        Self {
            operation,
            status,
            body: response.into(),
            idle,
            clock: None,
            ended: false,
        }
    }

    fn of_bytes(operation: &'static Operation, status: StatusCode, bytes: Bytes) -> Self {
        Self {
            operation,
            status,
            body: bytes.into(),
            idle: Duration::MAX,
            clock: None,
            ended: false,
        }
    }

    pub(super) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            let frame = match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    ready!(self.poll_clock(cx));
                    self.ended = true;
                    return Poll::Ready(Some(Err(self.stalled())));
                }
            };
            self.clock = None;
            match frame {
                None => {
                    self.ended = true;
                    return Poll::Ready(None);
                }
                Some(Err(e)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(TransportError::reading(
                        self.operation,
                        self.status,
                        e,
                    ))));
                }
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) if !bytes.is_empty() => return Poll::Ready(Some(Ok(bytes))),
                    _ => {}
                },
            }
        }
    }

    fn poll_clock(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = Instant::now().checked_add(self.idle) else {
            return Poll::Pending;
        };
        let clock = self
            .clock
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        clock.as_mut().poll(cx)
    }

    fn stalled(&self) -> Error {
        let message = format!(
            "received nothing for {:?} in the middle of the reply",
            self.idle
        );
        let mut error = TransportError::new(self.operation, message);
        error.status = Some(self.status);
        error.timed_out = true;
        Error::Timeout(Box::new(error))
    }

    /// The next chunk; `None` at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|cx| self.poll_chunk(cx))
            .await
            .transpose()
    }
}

/// Reads a body into memory.
pub(super) async fn read_all(
    operation: &'static Operation,
    mut response: reqwest::Response,
    limit: u64,
) -> Result<Bytes, Error> {
    let status = response.status();
    if response
        .content_length()
        .is_some_and(|length| length > limit)
    {
        return Err(too_long(operation, status, limit));
    }
    let mut first = Bytes::new();
    let mut all: Vec<u8> = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => break,
            Ok(Some(chunk)) if first.is_empty() && all.is_empty() => first = chunk,
            Ok(Some(chunk)) => {
                if all.is_empty() {
                    all.extend_from_slice(&first);
                }
                all.extend_from_slice(&chunk);
            }
            Err(e) => return Err(TransportError::reading(operation, status, e)),
        }
        if first.len().max(all.len()) as u64 > limit {
            return Err(too_long(operation, status, limit));
        }
    }
    Ok(if all.is_empty() { first } else { all.into() })
}

/// Reads at most `limit` bytes of an error's body, what there is of it, and says whether there was more.
pub(super) async fn read_some(mut response: reqwest::Response, limit: usize) -> (Bytes, bool) {
    let mut all: Vec<u8> = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        all.extend_from_slice(&chunk);
        if all.len() > limit {
            all.truncate(limit);
            return (all.into(), true);
        }
    }
    (all.into(), false)
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

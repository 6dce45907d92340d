//! A body that is still arriving.
//! It must not know what is made of it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use reqwest::StatusCode;
use tokio::time::{Instant, Sleep};

use super::core::Limits;
use super::error::{Error, TransportError};
use super::operation::Operation;

/// A body that is arriving; silence beyond the idle time is an error.
pub(super) struct Live {
    operation: &'static Operation,
    status: StatusCode,
    body: reqwest::Body,
    idle: Duration,
    /// The largest body, event or line that is read into memory.
    pub(super) limit: u64,
    clock: Option<Pin<Box<Sleep>>>,
    ended: bool,
}

impl Live {
    #[inline]
    pub(super) fn new(
        operation: &'static Operation,
        response: reqwest::Response,
        limits: &Limits,
    ) -> Self {
        let status = response.status();
        Self {
            operation,
            status,
            body: response.into(),
            idle: limits.stream_idle_timeout,
            limit: limits.max_response_bytes,
            clock: None,
            ended: false,
        }
    }

    #[inline]
    pub(super) fn of_bytes(
        operation: &'static Operation,
        status: StatusCode,
        bytes: Bytes,
    ) -> Self {
        Self {
            operation,
            status,
            body: bytes.into(),
            idle: Duration::MAX,
            // What is in memory already has been found short enough.
            limit: u64::MAX,
            clock: None,
            ended: false,
        }
    }

    #[inline]
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

    #[inline]
    fn poll_clock(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = Instant::now().checked_add(self.idle) else {
            return Poll::Pending;
        };
        let clock = self
            .clock
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        clock.as_mut().poll(cx)
    }

    #[inline]
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

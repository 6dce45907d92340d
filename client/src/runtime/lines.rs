//! A JSON value per line (NDJSON, JSON Lines) as a typed stream.
//! It must not know operations.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::answer::DecodeError;
use super::error::Error;
use super::json::Fault;
use super::operation::Operation;
use super::reply::{Live, Reply, too_long};
use super::secret::Blanks;
use super::text;

/// A `Stream` of the values of a reply with one per line. Blank lines are skipped, and the last line needs no end.
///
/// A line that is not as documented is an [`Error::Decode`], after which the stream goes on. Silence beyond
/// `stream_idle_timeout` is an error of which [`Error::is_timeout`] is true.
pub struct LineStream<T> {
    source: Source,
    decode: fn(&[u8]) -> Result<T, Fault>,
}

/// Everything but the type of the values.
struct Source {
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    blanks: Blanks,
    limit: u64,
    live: Live,
    buffer: Vec<u8>,
    /// Where the next line begins in the buffer.
    start: usize,
    /// How far the buffer is known to hold no further line end.
    searched: usize,
    first: bool,
    ended: bool,
}

impl<T> LineStream<T> {
    pub(super) fn new(reply: Reply, decode: fn(&[u8]) -> Result<T, Fault>) -> Self {
        let source = Source {
            operation: reply.operation,
            status: reply.status,
            headers: reply.headers.clone(),
            blanks: reply.blanks.clone(),
            limit: reply.limit,
            live: reply.into_live(),
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            first: true,
            ended: false,
        };
        Self { source, decode }
    }

    /// The next value; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        std::future::poll_fn(|cx| self.poll_value(cx))
            .await
            .transpose()
    }

    fn poll_value(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        let Some(line) = ready!(self.source.poll_line(cx)) else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(line.and_then(|line| {
            (self.decode)(&line).map_err(|fault| self.source.not_as_documented(line, &fault))
        })))
    }
}

impl Source {
    /// The next line that is not blank.
    fn poll_line(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Vec<u8>, Error>>> {
        loop {
            if let Some(line) = self.cut() {
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Poll::Ready(Some(Ok(line)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            match ready!(self.live.poll_chunk(cx)) {
                Some(Ok(chunk)) => {
                    self.buffer.drain(..std::mem::take(&mut self.start));
                    self.searched = self.buffer.len();
                    self.buffer.extend_from_slice(&chunk);
                }
                Some(Err(error)) => {
                    self.drop_rest();
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.ended = true,
            }
            if self.buffer.len() as u64 > self.limit {
                self.drop_rest();
                return Poll::Ready(Some(Err(too_long(self.operation, self.status, self.limit))));
            }
        }
    }

    fn drop_rest(&mut self) {
        self.ended = true;
        self.start = 0;
        self.searched = 0;
        self.buffer.clear();
    }

    /// Takes a complete line out of the buffer, or what is left at the end.
    fn cut(&mut self) -> Option<Vec<u8>> {
        let found = self
            .buffer
            .get(self.searched..)?
            .iter()
            .position(|&byte| byte == b'\n');
        let end = match found {
            Some(at) => self.searched + at + 1,
            None if self.ended && self.start < self.buffer.len() => self.buffer.len(),
            None => {
                self.searched = self.buffer.len();
                return None;
            }
        };
        let line = self.buffer.get(self.start..end)?;
        let line = if std::mem::take(&mut self.first) {
            text::without_mark(line)
        } else {
            line
        }
        .to_vec();
        self.start = end;
        self.searched = end;
        Some(line)
    }

    fn not_as_documented(&self, line: Vec<u8>, fault: &Fault) -> Error {
        let error = DecodeError::new(
            self.operation,
            self.status,
            &self.headers,
            Bytes::from(line),
            fault,
            &self.blanks,
        );
        Error::Decode(Box::new(error))
    }
}

impl<T> Stream for LineStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_value(cx)
    }
}

impl<T> fmt::Debug for LineStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineStream")
            .field("operation", &self.source.operation.id)
            .finish_non_exhaustive()
    }
}

//! A call on its way, and a value together with the reply it came in.
//! It must not know how a call is made: it drives one boxed future and applies one decoder.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::answer;
use super::call::Call;
use super::error::Error;
use super::execute::{InFlight, start};
use super::header_map;
use super::operation::Operation;
use super::reply::Reply;
use super::secret::Blanks;

/// What makes a value of a reply.
pub type Decoder<T> = fn(&'static Operation, Reply) -> Result<T, Error>;

/// A call on its way. Nothing happens before it is awaited; dropping it ends the call.
#[must_use = "a call is not made until it is awaited"]
pub struct Pending<T> {
    operation: &'static Operation,
    future: InFlight,
    decode: Decoder<T>,
}

impl<T> Pending<T> {
    /// A call and the decoder of its reply.
    pub fn new(call: Call, decode: Decoder<T>) -> Self {
        Self {
            operation: call.operation,
            future: start(call),
            decode,
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = ready!(self.future.as_mut().poll(cx));
        Poll::Ready(reply.and_then(|reply| (self.decode)(self.operation, reply)))
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// A value with the status and headers of the reply it came in.
#[derive(Clone)]
pub struct Response<T> {
    pub(super) operation: &'static Operation,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) attempts: u32,
    pub(super) blanks: Blanks,
    value: T,
}

impl<T> Response<T> {
    /// Decodes a reply and keeps what else it said.
    pub fn decode(
        operation: &'static Operation,
        reply: Reply,
        decode: Decoder<T>,
    ) -> Result<Self, Error> {
        let (status, headers, attempts) = (reply.status, reply.headers.clone(), reply.attempts);
        let blanks = reply.blanks.clone();
        Ok(Self {
            operation,
            status,
            headers,
            attempts,
            blanks,
            value: decode(operation, reply)?,
        })
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header as text, where it is there and is visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        header_map::text(&self.headers, name)
    }

    /// The server's name for the request (see [`ApiError::request_id`](super::ApiError::request_id)).
    pub fn request_id(&self) -> Option<&str> {
        answer::request_id(&self.headers)
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The same reply with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            operation: self.operation,
            status: self.status,
            headers: self.headers,
            attempts: self.attempts,
            blanks: self.blanks,
            value: change(self.value),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The headers may set cookies.
        f.debug_struct("Response")
            .field("status", &self.status.as_u16())
            .field("request_id", &self.request_id())
            .field("attempts", &self.attempts)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

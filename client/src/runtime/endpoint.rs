//! A request as users put it together: what all requests have in common, written once.
//! It must not know single operations; emitted code adds the setters of each.

use std::convert::Infallible;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use super::call::Call;
use super::decode;
use super::error::Error;
use super::json::Decode;
use super::response::{Decoder, Pending, Response};

/// An operation of the API, as a type without values: what [`Request`]s of it come to.
pub trait Endpoint {
    /// The value of a success.
    type Output;
    /// What makes it of the reply.
    const DECODE: Decoder<Self::Output>;
}

/// What emitted code says of most operations, which makes them an [`Endpoint`].
pub trait Answered {
    /// What success is.
    type Answer: Answer;
}

impl<E: Answered> Endpoint for E {
    type Output = <E::Answer as Answer>::Value;
    const DECODE: Decoder<Self::Output> = <E::Answer as Answer>::DECODE;
}

/// A kind of success, as a type without values.
pub trait Answer {
    /// What it comes to.
    type Value;
    /// What makes it of the reply.
    const DECODE: Decoder<Self::Value>;
}

/// JSON of a type: [`decode::json`].
pub enum Json<T> {
    #[doc(hidden)]
    Never(Infallible, PhantomData<T>),
}

impl<T: Decode> Answer for Json<T> {
    type Value = T;
    const DECODE: Decoder<T> = decode::json;
}

/// No value: [`decode::empty`].
pub enum Empty {}

impl Answer for Empty {
    type Value = ();
    const DECODE: Decoder<()> = decode::empty;
}

/// The request of an operation. Awaiting it sends it.
///
/// Each operation has an alias of this type, whose page lists the setters of its optional parameters, too.
///
/// One generic type instead of one type per operation, since users of a client compile every function of it.
#[must_use = "a request is sent when it is awaited"]
pub struct Request<E> {
    pub(crate) call: Call,
    endpoint: PhantomData<fn() -> E>,
}

impl<E> Request<E> {
    /// The request that a call is described by so far; emitted code makes it.
    pub fn new(call: Call) -> Self {
        Self {
            call,
            endpoint: PhantomData,
        }
    }

    /// Limits this call, with its retries, waiting and reading the body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call.timeout(timeout);
        self
    }

    /// Limits each attempt of this call.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.call.attempt_timeout(timeout);
        self
    }

    /// Sets how often this call is tried again.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.call.max_retries(retries);
        self
    }

    /// Sets a header of this call, also one that the client would set.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.call.header(name, value);
        self
    }

    /// Sends an idempotency key, so that this call may be tried again whatever its method. The header is `Idempotency-Key`
    /// unless the client has another one.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.call.idempotency_key(key);
        self
    }
}

impl<E: Endpoint> Request<E> {
    /// Makes the call; awaiting the request itself is the same.
    ///
    /// # Errors
    ///
    /// [`Error`] tells a request that could not be put together, connections, timeouts, what the API answered and bodies
    /// that are not as documented apart.
    pub fn send(self) -> Pending<E::Output> {
        Pending::new(self.call, E::DECODE)
    }

    /// Makes the call and returns the value with the status and headers of the reply.
    pub fn with_response(self) -> Pending<Response<E::Output>> {
        Pending::new(self.call, |operation, reply| {
            Response::decode(operation, reply, E::DECODE)
        })
    }
}

impl<E: Endpoint> IntoFuture for Request<E> {
    type Output = Result<E::Output, Error>;
    type IntoFuture = Pending<E::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

impl<E> fmt::Debug for Request<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.call).finish()
    }
}

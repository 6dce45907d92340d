//! The description of one call: operation, arguments, body and what the caller has changed for it.
//! It must not know how any of it is encoded or sent.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::argument::json_text;
use super::body::Body;
use super::core::{Core, header};
use super::endpoint::Request;
use super::header_map::put;
use super::json::Encode;
use super::operation::{Encoding, Operation};
use super::payload::{Payload, form};

/// A call that is being described.
///
/// Nothing fails while it is: what is wrong is reported when it is sent.
#[derive(Clone)]
pub struct Call {
    pub(super) core: Core,
    pub(super) operation: &'static Operation,
    /// JSON texts, in the order of the operation's parameters.
    pub(super) arguments: Vec<Option<String>>,
    pub(super) payload: Payload,
    pub(super) changes: Changes,
    pub(super) fault: Option<String>,
    /// The JSON of a body that is sent as something else.
    #[cfg(feature = "validate")]
    pub(super) written: Option<String>,
}

/// What the caller has changed for one call.
#[derive(Clone, Default)]
pub(super) struct Changes {
    pub(super) timeout: Option<Duration>,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) max_retries: Option<u32>,
    pub(super) headers: HeaderMap,
    pub(super) idempotency_key: Option<String>,
    /// Query parameters of a `next` link, decoded; they replace those of the same name.
    #[cfg(feature = "pages")]
    pub(super) query: Vec<(String, String)>,
}

impl Call {
    /// A call without arguments.
    pub fn new(core: &Core, operation: &'static Operation) -> Self {
        Self {
            core: core.clone(),
            operation,
            arguments: vec![None; operation.parameters.len()],
            payload: Payload::default(),
            changes: Changes::default(),
            fault: None,
            #[cfg(feature = "validate")]
            written: None,
        }
    }

    /// The operation.
    #[inline]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Sets the argument of the parameter at a position; an absent value takes it back.
    pub fn set(&mut self, parameter: usize, value: &dyn Encode) {
        let text = if value.is_absent() {
            None
        } else {
            self.encode(value)
        };
        if let Some(slot) = self.arguments.get_mut(parameter) {
            *slot = text;
        }
    }

    /// As [`Call::set`], for a text.
    #[inline]
    pub fn set_text(&mut self, parameter: usize, text: &str) {
        self.set(parameter, &text);
    }

    /// As [`Call::set`], for a chain.
    #[must_use]
    #[inline]
    pub fn with(mut self, parameter: usize, value: &dyn Encode) -> Self {
        self.set(parameter, value);
        self
    }

    /// As [`Call::set_text`], for a chain.
    #[must_use]
    #[inline]
    pub fn with_text(mut self, parameter: usize, text: &str) -> Self {
        self.set_text(parameter, text);
        self
    }

    /// The request that this is, as far as it is described.
    #[inline]
    pub fn request<E>(self) -> Request<E> {
        Request::new(self)
    }

    fn encode(&mut self, value: &dyn Encode) -> Option<String> {
        match json_text(value) {
            Ok(text) => Some(text),
            Err(fault) => {
                self.refuse(format!("has an unusable argument: {fault}"));
                None
            }
        }
    }

    #[cfg(feature = "validate")]
    #[inline]
    fn keep(&mut self, value: &dyn Encode) {
        self.written = json_text(value).ok();
    }

    /// The media type and the JSON of the body; none where it has no JSON.
    #[cfg(feature = "validate")]
    #[inline]
    pub(super) fn content(&self) -> Option<(String, String)> {
        let media = self.payload.media()?;
        let text = match &self.written {
            Some(written) => written.clone(),
            None if media.contains("json") => self.payload.text()?,
            None => return None,
        };
        Some((media.to_owned(), text))
    }

    #[inline]
    pub(super) fn refuse(&mut self, message: String) {
        self.fault.get_or_insert(message);
    }

    /// Sends a JSON body under its media type; an absent value sends none.
    #[must_use]
    pub fn json(mut self, media: &'static str, value: &dyn Encode) -> Self {
        if !value.is_absent()
            && let Some(text) = self.encode(value)
        {
            self.payload = Payload::new(media, Body::from(text));
        }
        self
    }

    /// Sends an XML body under its media type; an absent value sends none.
    #[cfg(feature = "xml")]
    #[must_use]
    #[inline]
    pub fn xml(
        mut self,
        media: &'static str,
        value: &dyn Encode,
        root: &'static super::xml::Node,
    ) -> Self {
        if value.is_absent() {
            return self;
        }
        #[cfg(feature = "validate")]
        self.keep(value);
        match super::xml::to_string(value, root) {
            Ok(text) => self.payload = Payload::new(media, Body::from(text)),
            Err(fault) => self.refuse(format!("has a body without XML: {fault}")),
        }
        self
    }

    /// Sends the properties of an object as `application/x-www-form-urlencoded`.
    ///
    /// Without an [`Encoding`] a scalar is sent as it is, a list as a pair per item, and an object as its JSON text,
    /// which is the default content type of an object (OAS 3.0.4, Encoding Object).
    #[must_use]
    pub fn form(mut self, value: &dyn Encode, encodings: &'static [Encoding]) -> Self {
        if value.is_absent() {
            return self;
        }
        #[cfg(feature = "validate")]
        self.keep(value);
        let Some(text) = self.encode(value) else {
            return self;
        };
        match form(&text, encodings) {
            Ok(body) => {
                self.payload = Payload::new("application/x-www-form-urlencoded", Body::from(body));
            }
            Err(message) => self.refuse(message),
        }
        self
    }

    /// Sends a text.
    #[must_use]
    pub fn text(mut self, media: &'static str, text: impl Into<String>) -> Self {
        self.payload = Payload::new(media, Body::from(text.into()));
        self
    }

    /// Sends bytes, a file or a stream.
    #[must_use]
    pub fn bytes(mut self, media: &'static str, body: impl Into<Body>) -> Self {
        self.payload = Payload::new(media, body.into());
        self
    }

    /// Limits the whole call.
    #[inline]
    pub fn timeout(&mut self, timeout: Duration) {
        self.changes.timeout = Some(timeout);
    }

    /// Limits one attempt.
    #[inline]
    pub fn attempt_timeout(&mut self, timeout: Duration) {
        self.changes.attempt_timeout = Some(timeout);
    }

    /// Sets how often the call is tried again.
    #[inline]
    pub fn max_retries(&mut self, retries: u32) {
        self.changes.max_retries = Some(retries);
    }

    /// Sets a header, also one that the client would set.
    #[inline]
    pub fn header(&mut self, name: &str, value: &str) {
        match header(name, value) {
            Ok((name, value)) => {
                put(&mut self.changes.headers, name, value);
            }
            Err(message) => self.refuse(format!("cannot be put together: {message}")),
        }
    }

    /// Sends an idempotency key, which makes the call one that may be retried.
    pub fn idempotency_key(&mut self, key: impl Into<String>) {
        self.changes.idempotency_key = Some(key.into());
    }
}

impl Core {
    /// A call without arguments.
    #[inline]
    pub fn call(&self, operation: &'static Operation) -> Call {
        Call::new(self, operation)
    }

    /// How a group of operations of this name is shown.
    #[inline]
    pub fn describe(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name).field("core", self).finish()
    }
}

impl fmt::Debug for Call {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut given = Vec::new();
        for (parameter, argument) in self.operation.parameters.iter().zip(&self.arguments) {
            if argument.is_some() {
                given.push(parameter.name);
            }
        }
        f.debug_struct("Call")
            .field("operation", &self.operation.id)
            .field("arguments", &given)
            .field("payload", &self.payload)
            .finish_non_exhaustive()
    }
}

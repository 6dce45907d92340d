//! Every way in which a call can fail, told apart, without secrets in any text.
//! It must not know how a call is made.

use std::error::Error as StdError;
use std::fmt;

use reqwest::StatusCode;

use super::answer::{ApiError, DecodeError};
use super::operation::{Operation, Scheme};

/// A cause of another library.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// No text of it holds a credential, a query or a body; what the server said is kept apart in
/// [`ApiError::raw_body`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client or the call could not be put together. Nothing was sent.
    Build(Box<BuildError>),
    /// The credential could not be obtained: the token endpoint or the provider refused. The call was not sent.
    Auth(Box<AuthError>),
    /// There was no connection. Nothing was sent.
    Connect(Box<TransportError>),
    /// The call, or every attempt of it, took too long, or a stream stalled.
    Timeout(Box<TransportError>),
    /// The connection broke, or a redirect was refused.
    Transport(Box<TransportError>),
    /// The server answered with an error status.
    Api(Box<ApiError>),
    /// The server answered with a success that is not as documented.
    Decode(Box<DecodeError>),
}

impl Error {
    /// Whether time ran out.
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout(_) => true,
            Self::Connect(e) | Self::Transport(e) => e.timed_out,
            Self::Auth(e) => e.cause.as_ref().is_some_and(Self::is_timeout),
            _ => false,
        }
    }

    /// Whether no connection could be made, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        match self {
            Self::Connect(_) => true,
            Self::Auth(e) => e.cause.as_ref().is_some_and(Self::is_connect),
            _ => false,
        }
    }

    /// Whether the same call may succeed later: no connection, a timeout, a broken connection, or a status 408, 409,
    /// 429 or 5xx.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Timeout(_) => true,
            Self::Transport(e) => e.transient,
            Self::Api(e) => retryable_status(e.status.as_u16()),
            Self::Auth(e) => {
                e.cause.as_ref().is_some_and(Self::is_retryable)
                    || e.status
                        .is_some_and(|status| retryable_status(status.as_u16()))
            }
            Self::Build(_) | Self::Decode(_) => false,
        }
    }

    /// The status of the server's answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(e) => Some(e.status),
            Self::Decode(e) => Some(e.status),
            Self::Transport(e) | Self::Timeout(e) => e.status,
            Self::Build(_) | Self::Auth(_) | Self::Connect(_) => None,
        }
    }

    /// The server's name for the request, where it gave one (see [`ApiError::request_id`]).
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Api(e) => e.request_id(),
            Self::Decode(e) => e.request_id(),
            _ => None,
        }
    }

    /// The operation, by its id in the document; none for an error of building a client.
    pub fn operation(&self) -> Option<&'static str> {
        match self {
            Self::Build(e) => e.operation,
            Self::Auth(e) => Some(e.operation),
            Self::Connect(e) | Self::Timeout(e) | Self::Transport(e) => Some(e.operation),
            Self::Api(e) => Some(e.operation.id),
            Self::Decode(e) => Some(e.operation),
        }
    }

    /// How many times the request was sent, or was about to be.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Build(_) => 0,
            Self::Auth(e) => e.attempts,
            Self::Connect(e) | Self::Timeout(e) | Self::Transport(e) => e.attempts,
            Self::Api(e) => e.attempts,
            Self::Decode(e) => e.attempts,
        }
    }

    pub(super) fn build(operation: Option<&'static str>, message: impl Into<String>) -> Self {
        Self::Build(Box::new(BuildError {
            operation,
            message: message.into(),
            source: None,
        }))
    }

    pub(super) fn set_attempts(&mut self, attempts: u32) {
        match self {
            Self::Build(_) => {}
            Self::Auth(e) => e.attempts = attempts,
            Self::Connect(e) | Self::Timeout(e) | Self::Transport(e) => e.attempts = attempts,
            Self::Api(e) => e.attempts = attempts,
            Self::Decode(e) => e.attempts = attempts,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(e) => e.fmt(f),
            Self::Auth(e) => e.fmt(f),
            Self::Connect(e) | Self::Timeout(e) | Self::Transport(e) => e.fmt(f),
            Self::Api(e) => e.fmt(f),
            Self::Decode(e) => e.fmt(f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Build(e) => e.source(),
            Self::Auth(e) => e.source(),
            Self::Connect(e) | Self::Timeout(e) | Self::Transport(e) => e.source(),
            Self::Api(_) => None,
            Self::Decode(e) => e.source(),
        }
    }
}

/// Whether a status says that the same request may succeed later.
pub(super) fn retryable_status(status: u16) -> bool {
    matches!(status, 408 | 409 | 429 | 500..=599)
}

/// A client or call that could not be put together.
#[derive(Debug)]
pub struct BuildError {
    pub(super) operation: Option<&'static str>,
    pub(super) message: String,
    pub(super) source: Option<BoxError>,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.operation {
            Some(id) => write!(f, "operation `{id}` {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|e| &**e as &(dyn StdError + 'static))
    }
}

/// A credential that could not be obtained.
#[derive(Debug)]
pub struct AuthError {
    pub(super) operation: &'static str,
    pub(super) scheme: &'static str,
    pub(super) status: Option<StatusCode>,
    pub(super) message: String,
    pub(super) attempts: u32,
    pub(super) cause: Option<Error>,
    pub(super) source: Option<BoxError>,
}

impl AuthError {
    pub(super) fn new(operation: &Operation, scheme: &Scheme, message: String) -> Self {
        Self {
            operation: operation.id,
            scheme: scheme.name,
            status: None,
            message,
            attempts: 0,
            cause: None,
            source: None,
        }
    }

    /// The security scheme, by its name in the document.
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The status of the token endpoint's answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "operation `{}` got no credential for `{}`: {}",
            self.operation, self.scheme, self.message
        )
    }
}

impl StdError for AuthError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match (&self.cause, &self.source) {
            (Some(cause), _) => Some(cause),
            (None, Some(source)) => Some(&**source),
            (None, None) => None,
        }
    }
}

/// A request that got no answer, or an answer that broke off.
#[derive(Debug)]
pub struct TransportError {
    pub(super) operation: &'static str,
    pub(super) attempts: u32,
    pub(super) message: String,
    pub(super) status: Option<StatusCode>,
    pub(super) timed_out: bool,
    pub(super) transient: bool,
    pub(super) source: Option<BoxError>,
}

impl TransportError {
    pub(super) fn new(operation: &Operation, message: impl Into<String>) -> Self {
        Self {
            operation: operation.id,
            attempts: 0,
            message: message.into(),
            status: None,
            timed_out: false,
            transient: true,
            source: None,
        }
    }

    /// A request that got no answer.
    pub(super) fn sending(operation: &Operation, error: reqwest::Error) -> Error {
        let error = error.without_url();
        let timed_out = error.is_timeout();
        let connect = error.is_connect();
        let what = match (connect, timed_out) {
            (true, true) => "could not connect in time",
            (true, false) => "could not connect",
            (false, true) => "got no answer in time",
            (false, false) => "got no answer",
        };
        let mut this = Self::new(operation, format!("{what}: {}", root_cause(&error)));
        this.timed_out = timed_out;
        this.transient = !error.is_builder();
        this.source = Some(error.into());
        match (connect, timed_out) {
            (true, _) => Error::Connect(Box::new(this)),
            (false, true) => Error::Timeout(Box::new(this)),
            (false, false) => Error::Transport(Box::new(this)),
        }
    }

    /// An answer that broke off.
    pub(super) fn reading(
        operation: &Operation,
        status: StatusCode,
        error: reqwest::Error,
    ) -> Error {
        let error = error.without_url();
        let mut this = Self::new(
            operation,
            format!("got a reply that broke off: {}", root_cause(&error)),
        );
        this.status = Some(status);
        this.timed_out = error.is_timeout();
        this.source = Some(error.into());
        Error::Transport(Box::new(this))
    }
}

/// The innermost cause, which is the one that says something.
fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "operation `{}` {}", self.operation, self.message)?;
        match self.attempts {
            0 | 1 => Ok(()),
            n => write!(f, " ({n} attempts)"),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|e| &**e as &(dyn StdError + 'static))
    }
}

//! The names that emitted calls are written against.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

use clients::runtime::{ApiError, Encode, Error};

pub use crate::answer::Answer;
pub use crate::order::Order;

/// A call on its way.
pub type Calling<'a> = Pin<Box<dyn Future<Output = Result<Answer, Trouble>> + Send + 'a>>;

/// Why a call was not made or its answer could not be told: a mistake of the order, or of the judge.
#[derive(Debug)]
pub struct Trouble(pub String);

impl Trouble {
    pub fn of(what: &str, error: impl Display) -> Self {
        Self(format!("{what}: {error}"))
    }

    pub fn answer(self) -> Answer {
        Answer::trouble(&self.0)
    }
}

/// A call that failed.
pub struct Failed(pub Error);

impl Failed {
    /// The answer of the server, where there was one that the document does not call a success.
    pub fn api(&self) -> Option<&ApiError> {
        match &self.0 {
            Error::Api(error) => Some(error),
            _ => None,
        }
    }

    pub fn answer(&self, typed: Option<String>) -> Answer {
        Answer::failure(&self.0, typed)
    }
}

/// The answer for the items of all pages.
pub fn items<T: Encode>(items: Result<Vec<T>, Error>) -> Result<Answer, Trouble> {
    match items {
        Ok(items) => {
            let mut answer = Answer::default();
            answer.value(&items)?;
            Ok(answer)
        }
        Err(error) => Ok(Answer::failure(&error, None)),
    }
}

/// A builder with what the order says of every kind of client.
macro_rules! connected {
    ($order:expr, $builder:expr) => {
        if $order.cookies {
            $builder.http_client(|client| client.cookie_store(true))
        } else {
            $builder
        }
    };
}
pub(crate) use connected;

/// A request with what the order says of every kind of request.
macro_rules! configured {
    ($order:expr, $request:expr) => {{
        let mut request = $request;
        for (name, value) in &$order.headers {
            request = request.header(name, value);
        }
        if let Some(retries) = $order.retries {
            request = request.max_retries(retries);
        }
        if let Some(key) = &$order.idempotency_key {
            request = request.idempotency_key(key);
        }
        if let Some(timeout) = $order.timeout {
            request = request.timeout(timeout);
        }
        request
    }};
}
pub(crate) use configured;

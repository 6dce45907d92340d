//! The one way in which calls are made: attempts, retries, deadlines, redirects, and what becomes of the answer.
//! It must not know what a reply decodes to: nothing here is generic.

use std::borrow::Cow;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue,
    USER_AGENT,
};
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use super::address::same_origin;
use super::answer::{ApiError, KEPT_BODY};
use super::auth::{self, Ready};
use super::call::Call;
use super::core::Shared;
use super::cut::cut;
use super::error::{Error, TransportError, retryable_status};
use super::header_map::{self, put};
use super::redirect::{self, redirect};
use super::reply::{Reply, read};
use super::request::Prepared;
use super::retry::{self, LONGEST_WAIT};
use super::secret::Secret;
use super::style::Pair;
use super::text;
use super::trace;

/// Makes a call and returns the reply of a success: a status from 200 to 299, or one that the operation names.
///
/// Dropping the future ends the call.
pub fn execute(call: Call) -> impl Future<Output = Result<Reply, Error>> + Send {
    // Each layer of futures keeps a copy of what it is given: that of a box is small.
    let call = Box::new(call);
    async move {
        let span = trace::Span::new(&call);
        span.clone().within(run(call, span)).await
    }
}

/// A call that is on its way.
pub(super) type InFlight = Pin<Box<dyn Future<Output = Result<Reply, Error>> + Send>>;

/// What makes a call: [`start`].
pub(super) type Start = fn(Call) -> InFlight;

/// As [`execute`], boxed.
///
/// Whoever is not generic gets this as a value from who is. Otherwise all that makes calls would be compiled with a client
/// and once more with the programs that call it.
#[inline]
pub(super) fn start(call: Call) -> InFlight {
    Box::pin(execute(call))
}

async fn run(call: Box<Call>, span: trace::Span) -> Result<Reply, Error> {
    let prepared = Prepared::new(&call)?;
    let deadline = after(Instant::now(), prepared.limits.timeout);
    let mut exchange = Exchange {
        call: &call,
        prepared: &prepared,
        refused: None,
        attempts: 0,
    };
    let outcome = exchange.repeat(deadline, &span).await;
    let attempts = exchange.attempts;
    match outcome {
        Ok(mut reply) => {
            reply.attempts = attempts;
            if reply.content.is_arriving() && prepared.replayable {
                reply.call = Some((start, call));
            }
            span.answered(reply.status, attempts);
            Ok(reply)
        }
        Err(mut error) => {
            error.set_attempts(attempts);
            span.failed(&error, attempts);
            Err(error)
        }
    }
}

/// A moment so far away that it never comes, where the sum would overflow.
fn after(start: Instant, wait: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
    start.checked_add(wait).unwrap_or(start + YEAR)
}

/// Why an attempt failed, and what that says about another one.
struct Failure {
    error: Error,
    nothing_sent: bool,
    /// How long the server asks to wait.
    wait: Option<Duration>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let nothing_sent = error.is_connect() || matches!(error, Error::Auth(_));
        Self {
            error,
            nothing_sent,
            wait: None,
        }
    }
}

struct Exchange<'a> {
    call: &'a Call,
    prepared: &'a Prepared,
    /// A token that the server has refused, by its scheme.
    refused: Option<(usize, Secret)>,
    attempts: u32,
}

impl Exchange<'_> {
    fn shared(&self) -> &Shared {
        self.call.core.shared()
    }

    /// Attempts until one succeeds or another one would be wrong.
    async fn repeat(&mut self, deadline: Instant, span: &trace::Span) -> Result<Reply, Error> {
        let mut retries = 0;
        let mut taken = 0;
        loop {
            let failure = match self.timed(deadline).await {
                Ok(reply) => {
                    self.shared().budget.succeeded(taken);
                    return Ok(reply);
                }
                Err(failure) => failure,
            };
            if retries >= self.prepared.limits.max_retries || !self.may_repeat(&failure) {
                return Err(failure.error);
            }
            let wait = failure.wait.unwrap_or_else(|| retry::backoff(retries));
            if wait > LONGEST_WAIT || after(Instant::now(), wait) >= deadline {
                return Err(failure.error);
            }
            match self.shared().budget.take(failure.error.is_timeout()) {
                Some(tokens) => taken = tokens,
                None => return Err(failure.error),
            }
            retries += 1;
            span.retrying(&failure.error, self.attempts, wait);
            sleep(wait).await;
        }
    }

    /// Whether the failure may pass, and sending the request again does no harm.
    fn may_repeat(&self, failure: &Failure) -> bool {
        // The server did nothing when it says 429, or 503 with a time to come back.
        let declined = match failure.error.status().map(|status| status.as_u16()) {
            Some(429) => true,
            Some(503) => failure.wait.is_some(),
            _ => false,
        };
        failure.error.is_retryable()
            && self.prepared.replayable
            && (self.prepared.repeatable || failure.nothing_sent || declined)
    }

    /// One attempt within its time, and a second one at once where a cached token turns out to be refused.
    async fn timed(&mut self, deadline: Instant) -> Result<Reply, Failure> {
        loop {
            let attempt = self
                .prepared
                .limits
                .attempt_timeout
                .map(|limit| after(Instant::now(), limit));
            let end = attempt.map_or(deadline, |attempt| attempt.min(deadline));
            self.attempts += 1;
            let renewable = match timeout_at(end, self.attempt()).await {
                Err(_) => return Err(self.late(end < deadline).into()),
                Ok(Err(failure)) => return Err(failure),
                Ok(Ok(Outcome::Reply(reply))) => return Ok(*reply),
                Ok(Ok(Outcome::Unauthorized { failure, renewable })) => match renewable {
                    Some(token) if self.refused.is_none() && self.prepared.replayable => token,
                    _ => return Err(*failure),
                },
            };
            self.refused = Some(renewable);
        }
    }

    fn late(&self, attempt: bool) -> Error {
        let limits = &self.prepared.limits;
        let message = match (attempt, limits.attempt_timeout) {
            (true, Some(limit)) => {
                format!("got no complete answer within {limit:?}, the time of an attempt")
            }
            _ => format!("got no complete answer within {:?}", limits.timeout),
        };
        let mut error = TransportError::new(self.call.operation, message);
        error.timed_out = true;
        Error::Timeout(Box::new(error))
    }

    /// One attempt: credentials, the request with its redirects, and the reply.
    async fn attempt(&self) -> Result<Outcome, Failure> {
        let operation = self.call.operation;
        let ready = auth::ready(
            self.shared(),
            operation,
            self.prepared.alternative,
            self.refused.as_ref(),
        )
        .await?;
        let response = self.send(&ready).await?;
        let status = response.status();
        if status.is_success() || operation.success.contains(&status.as_u16()) {
            let limits = &self.prepared.limits;
            let reply = Reply::of(operation, response, limits, ready.blanks).await?;
            return Ok(Outcome::Reply(Box::new(reply)));
        }
        let failure = self.refusal(response, &ready).await;
        if status == StatusCode::UNAUTHORIZED {
            return Ok(Outcome::Unauthorized {
                failure: Box::new(failure),
                renewable: ready.renewable,
            });
        }
        Err(failure)
    }

    /// The error of a status that is none of success.
    async fn refusal(&self, response: reqwest::Response, ready: &Ready) -> Failure {
        let status = response.status();
        let headers = response.headers().clone();
        let wait = if retryable_status(status.as_u16()) {
            retry::asked_wait(&headers, SystemTime::now())
        } else {
            None
        };
        let kept = read(response, KEPT_BODY).await;
        let message = text::server_message(&text::utf8(&headers, &kept.bytes));
        let message = message.map(|message| ready.blanks.blank(message));
        let error = ApiError {
            operation: self.call.operation,
            status,
            headers,
            body: kept.bytes,
            truncated: kept.truncated,
            attempts: self.attempts,
            message,
            blanks: ready.blanks.clone(),
        };
        Failure {
            error: Error::Api(Box::new(error)),
            nothing_sent: false,
            wait,
        }
    }

    /// Sends the request and follows redirects. Beyond its own origin it carries no credentials, and of the headers
    /// only those that say nothing about the caller.
    async fn send(&self, ready: &Ready) -> Result<reqwest::Response, Failure> {
        let operation = self.call.operation;
        let mut method = self.prepared.method.clone();
        let mut url = Cow::Borrowed(&self.prepared.url);
        let mut home = true;
        let mut body = true;
        for _ in 0..=redirect::LIMIT {
            let mut request = reqwest::Request::new(method.clone(), Url::clone(&url));
            *request.headers_mut() = if home {
                self.headers(ready)?
            } else {
                neutral(&self.prepared.headers)
            };
            if home {
                append(request.url_mut(), &ready.query);
            }
            if body {
                if let Some(body) = self.call.payload.body() {
                    let opened = body.open().await;
                    let opened =
                        opened.map_err(|message| Error::build(Some(operation.id), message))?;
                    *request.body_mut() = Some(opened);
                } else if matches!(method.as_str(), "POST" | "PUT" | "PATCH") {
                    // Servers ask for a length where a body is usual (RFC 9110 section 8.6).
                    let none = HeaderValue::from_static("0");
                    put(request.headers_mut(), CONTENT_LENGTH, none);
                }
            } else {
                request.headers_mut().remove(CONTENT_TYPE);
            }
            let response = self.shared().http.execute(request).await;
            let response = response.map_err(|e| TransportError::sending(operation, e))?;
            if operation.success.contains(&response.status().as_u16()) {
                return Ok(response);
            }
            let next = match redirect(&method, response.status(), response.headers(), &url) {
                None => return Ok(response),
                Some(next) => next.map_err(|message| self.refused_redirect(message))?,
            };
            if url.scheme() == "https" && next.url.scheme() == "http" && home && !ready.is_empty() {
                let message = "was redirected from https to http, which a call with credentials does not follow";
                return Err(self.refused_redirect(message.to_owned()).into());
            }
            if next.keeps_body && body && !self.prepared.replayable {
                let message = "was redirected with its body, which is a stream and is sent already";
                return Err(self.refused_redirect(message.to_owned()).into());
            }
            home &= same_origin(&self.prepared.url, &next.url);
            body &= next.keeps_body;
            method = next.method;
            url = Cow::Owned(next.url);
        }
        Err(self
            .refused_redirect(format!(
                "was redirected more than {} times",
                redirect::LIMIT
            ))
            .into())
    }

    fn refused_redirect(&self, message: String) -> Error {
        let mut error = TransportError::new(self.call.operation, message);
        error.transient = false;
        Error::Transport(Box::new(error))
    }

    fn headers(&self, ready: &Ready) -> Result<HeaderMap, Error> {
        let mut headers = self.prepared.headers.clone();
        for (name, value) in ready.headers.iter().rev() {
            // What the caller has set by hand stays.
            if header_map::get(&headers, name.as_str()).is_none() {
                put(&mut headers, name.clone(), value.clone());
            }
        }
        let mut cookies: Vec<u8> = Vec::new();
        // The builder and the call set a header once.
        if let Some(cookie) = header_map::get(&headers, "cookie") {
            cookies.extend_from_slice(cookie.as_bytes());
        }
        for more in [&self.prepared.cookies, &ready.cookies] {
            for cookie in more {
                if !cookies.is_empty() {
                    cookies.extend_from_slice(b"; ");
                }
                cookies.extend_from_slice(cookie.as_bytes());
            }
        }
        if !cookies.is_empty() {
            let mut value = HeaderValue::from_bytes(&cookies).map_err(|_| {
                let message = "cannot be sent: a cookie has a name that no cookie can have";
                Error::build(Some(self.call.operation.id), message)
            })?;
            value.set_sensitive(true);
            put(&mut headers, COOKIE, value);
        }
        Ok(headers)
    }
}

enum Outcome {
    Reply(Box<Reply>),
    /// The server wants other credentials; `renewable` is a cached token that may be the reason.
    Unauthorized {
        failure: Box<Failure>,
        renewable: Option<(usize, Secret)>,
    },
}

/// The headers that may go to any origin.
fn neutral(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in [ACCEPT, ACCEPT_LANGUAGE, USER_AGENT, CONTENT_TYPE] {
        if let Some(value) = header_map::get(headers, name.as_str()) {
            let value = value.clone();
            put(&mut kept, name, value);
        }
    }
    kept
}

/// Appends what is not in the query yet: a redirect may have kept it.
fn append(url: &mut Url, pairs: &[Pair]) {
    for pair in pairs {
        let query = url.query().unwrap_or_default();
        if is_in(query, &pair.name) {
            continue;
        }
        let joint = if query.is_empty() { "" } else { "&" };
        let joined = format!("{query}{joint}{}={}", pair.name, pair.value);
        url.set_query(Some(&joined));
    }
}

/// Whether a query has a pair of this name.
fn is_in(query: &str, name: &str) -> bool {
    let mut rest = Some(query);
    while let Some(pairs) = rest {
        let (pair, others) = cut(pairs, '&');
        rest = others;
        if let (found, Some(_)) = cut(pair, '=')
            && found == name
        {
            return true;
        }
    }
    false
}

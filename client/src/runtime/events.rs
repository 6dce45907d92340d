//! Server-sent events as a typed stream, which can connect again where it broke off.
//! It must not know how events are written: the parser does.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::answer::DecodeError;
use super::call::Call;
use super::decode::{coded, failed};
use super::error::Error;
use super::execute::{InFlight, Start};
use super::json::{self, Decode, Fault};
use super::live::Live;
use super::operation::Operation;
use super::reply::{Reply, too_long};
use super::secret::Blanks;
use super::sse::{Parser, RawEvent};
use super::text;

/// The wait before connecting again unless the server sets another: 3 s.
const RECONNECT_WAIT: Duration = Duration::from_secs(3);
/// How many connections in a row may end without an event.
const FRUITLESS: u32 = 5;

/// A server-sent event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event<T> {
    /// What kind of event it is (the field `event`), if it says so.
    pub name: Option<String>,
    /// The last id that the server gave.
    pub id: Option<String>,
    /// The data.
    pub data: T,
}

/// A `Stream` of server-sent events.
///
/// It ends when the server closes the connection or sends the data `[DONE]`. An event whose data is not as documented is
/// an [`Error::Decode`], after which the stream goes on. Silence beyond `stream_idle_timeout` is an error of which
/// [`Error::is_timeout`] is true. Comments count as a sign of life.
pub struct EventStream<T> {
    source: Source,
    decode: fn(&str) -> Result<T, Fault>,
}

/// Everything but the type of the data.
struct Source {
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    blanks: Blanks,
    parser: Parser,
    state: State,
    call: Option<(Start, Box<Call>)>,
    reconnect: bool,
    fruitless: u32,
}

enum State {
    Live(Box<Live>),
    Connecting(InFlight),
    Ended,
}

impl<T> EventStream<T> {
    pub(super) fn new(mut reply: Reply, decode: fn(&str) -> Result<T, Fault>) -> Self {
        let call = reply.call.take();
        let source = Source {
            operation: reply.operation,
            status: reply.status,
            headers: reply.headers.clone(),
            blanks: reply.blanks.clone(),
            parser: Parser::default(),
            state: State::Live(Box::new(reply.into_live())),
            call,
            reconnect: false,
            fruitless: 0,
        };
        Self { source, decode }
    }

    /// Connects again when the connection ends or breaks, with `Last-Event-ID`, after the wait that the server set or
    /// 3 s. Off unless set, since the request is sent again as it was.
    ///
    /// The stream then ends by `[DONE]`, by a status 204, by an error status, or by five connections in a row without
    /// an event, the last one's error being reported.
    #[must_use]
    pub fn reconnect(mut self, reconnect: bool) -> Self {
        self.source.reconnect = reconnect;
        self
    }

    /// The last id that the server gave.
    pub fn last_event_id(&self) -> Option<&str> {
        self.source.parser.last_id.as_deref()
    }

    /// The next event; `None` at the end.
    pub async fn try_next(&mut self) -> Result<Option<Event<T>>, Error> {
        std::future::poll_fn(|cx| self.poll_event(cx))
            .await
            .transpose()
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event<T>, Error>>> {
        let Some(raw) = ready!(self.source.poll_raw(cx)) else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(raw.and_then(|raw| match (self.decode)(&raw.data) {
            Ok(data) => Ok(Event {
                name: raw.event,
                id: raw.id,
                data,
            }),
            Err(fault) => Err(self.source.not_as_documented(raw.data, &fault)),
        })))
    }
}

impl Source {
    #[inline]
    fn poll_raw(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<RawEvent, Error>>> {
        loop {
            if let Some(event) = self.parser.ready.pop_front() {
                self.fruitless = 0;
                if event.data == "[DONE]" {
                    self.parser.ready.clear();
                    self.state = State::Ended;
                    return Poll::Ready(None);
                }
                return Poll::Ready(Some(Ok(event)));
            }
            match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::Live(live) => match ready!(live.poll_chunk(cx)) {
                    Some(Ok(chunk)) => {
                        self.parser.feed(&chunk);
                        let limit = live.limit;
                        if self.parser.held() as u64 > limit {
                            self.state = State::Ended;
                            let error = too_long(self.operation, self.status, limit);
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                    ended => {
                        if let Some(last) = self.disconnected(ended.and_then(Result::err)) {
                            return Poll::Ready(last.map(Err));
                        }
                    }
                },
                State::Connecting(future) => match ready!(future.as_mut().poll(cx)) {
                    Ok(reply) if reply.status == StatusCode::NO_CONTENT => {
                        self.state = State::Ended;
                    }
                    Ok(reply) => self.state = State::Live(Box::new(reply.into_live())),
                    Err(error) if error.is_retryable() => {
                        if let Some(last) = self.disconnected(Some(error)) {
                            return Poll::Ready(last.map(Err));
                        }
                    }
                    Err(error) => {
                        self.state = State::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
            }
        }
    }

    /// The connection has ended: what to report last, or nothing when there will be another one.
    #[allow(clippy::option_option)]
    #[inline]
    fn disconnected(&mut self, error: Option<Error>) -> Option<Option<Error>> {
        self.state = State::Ended;
        self.parser.restart();
        let again = self
            .call
            .as_ref()
            .filter(|_| self.reconnect && self.fruitless < FRUITLESS);
        let Some((start, call)) = again else {
            return Some(error);
        };
        let (start, mut call) = (*start, call.clone());
        if let Some(id) = self.parser.last_id.as_deref().filter(|id| !id.is_empty()) {
            call.header("last-event-id", id);
        }
        let wait = self
            .parser
            .retry
            .map_or(RECONNECT_WAIT, Duration::from_millis);
        self.fruitless += 1;
        self.state = State::Connecting(Box::pin(async move {
            tokio::time::sleep(wait).await;
            start(*call).await
        }));
        None
    }

    #[inline]
    fn not_as_documented(&self, data: String, fault: &Fault) -> Error {
        let error = DecodeError::new(
            self.operation,
            self.status,
            &self.headers,
            Bytes::from(data),
            fault,
            &self.blanks,
        );
        Error::Decode(Box::new(error))
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<Event<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(cx)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("operation", &self.source.operation.id)
            .finish_non_exhaustive()
    }
}

/// Server-sent events whose data is JSON. A reply that says it is JSON as a whole is [`Error::Decode`].
pub fn events<T: Decode>(
    operation: &'static Operation,
    reply: Reply,
) -> Result<EventStream<T>, Error> {
    let reply = no_json(operation, reply)?;
    Ok(EventStream::new(reply, |data| json::from_str(data)))
}

/// Server-sent events whose data is text. A reply that says it is JSON as a whole is [`Error::Decode`].
#[inline]
pub fn text_events(
    operation: &'static Operation,
    reply: Reply,
) -> Result<EventStream<String>, Error> {
    let reply = no_json(operation, reply)?;
    Ok(EventStream::new(reply, |data| Ok(data.to_owned())))
}

/// A reply that is JSON would seem to be a stream without an event.
#[inline]
fn no_json(operation: &'static Operation, reply: Reply) -> Result<Reply, Error> {
    coded(operation, &reply)?;
    match text::media_type(&reply.headers).as_deref() {
        Some("application/json") => {
            let fault = Fault::new(
                "the reply is JSON, server-sent events were expected: the request may have to ask for them",
            );
            Err(failed(operation, &reply, reply.read(), &fault))
        }
        _ => Ok(reply),
    }
}

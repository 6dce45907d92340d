//! A JSON value per line (NDJSON, JSON Lines) or per record (RFC 7464): replies as a typed stream, and bodies.
//! It must not know operations.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::answer::DecodeError;
use super::argument::json_text;
use super::body::Body;
use super::call::Call;
use super::decode::coded;
use super::error::{BoxError, Error};
use super::json::{self, Decode, Encode, Fault};
use super::live::Live;
use super::operation::Operation;
use super::payload::Payload;
use super::reply::{Reply, too_long};
use super::secret::Blanks;
use super::text;

/// What begins a record of a JSON text sequence.
const RECORD: u8 = 0x1E;

type Texts = Pin<Box<dyn Stream<Item = Result<String, BoxError>> + Send>>;

/// A request body of many JSON values, each in a line or record of its own.
///
/// Made `from` a list, collected from an iterator, or of a stream that is read while the body is sent; a [`Body`] that
/// is written in this way already, such as a file, is sent as it is.
#[derive(Clone)]
pub struct Lines<T> {
    source: Values,
    of: PhantomData<fn(T)>,
}

#[derive(Clone)]
enum Values {
    Texts(Result<Vec<String>, String>),
    /// Sent once: the first call takes it.
    Stream(Arc<Mutex<Option<Texts>>>),
    Written(Body),
}

impl<T: Encode> Lines<T> {
    /// The values of a stream, each sent as soon as it is there. It is sent once: the call is not retried.
    pub fn stream<S, E>(values: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let texts: Texts = Box::pin(Encoded(Box::pin(values)));
        Self::of(Values::Stream(Arc::new(Mutex::new(Some(texts)))))
    }
}

impl<T> Lines<T> {
    fn of(source: Values) -> Self {
        Self {
            source,
            of: PhantomData,
        }
    }

    /// The body under a media type, which says what stands between the values.
    fn into_body(self, media: &str) -> Result<Body, String> {
        let records = media
            .split(';')
            .next()
            .is_some_and(|essence| essence.trim_end().ends_with("json-seq"));
        match self.source {
            Values::Written(body) => Ok(body),
            Values::Texts(texts) => {
                let mut all = String::new();
                for text in texts? {
                    frame(&mut all, &text, records);
                }
                Ok(Body::from(all))
            }
            Values::Stream(shared) => {
                let taken = shared.lock().ok().and_then(|mut stream| stream.take());
                let texts = taken.ok_or("has a body that was a stream and is sent already")?;
                Ok(Body::stream(Framed { texts, records }))
            }
        }
    }
}

/// A value in its line or record.
#[inline]
fn frame(out: &mut String, text: &str, record: bool) {
    if record {
        out.push(char::from(RECORD));
    }
    out.push_str(text);
    out.push('\n');
}

impl<T: Encode> FromIterator<T> for Lines<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let texts: Result<Vec<String>, Fault> =
            values.into_iter().map(|value| json_text(&value)).collect();
        let texts = texts.map_err(|fault| format!("has an unusable value in its body: {fault}"));
        Self::of(Values::Texts(texts))
    }
}

impl<T: Encode> From<Vec<T>> for Lines<T> {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}

impl<T: Encode, const N: usize> From<[T; N]> for Lines<T> {
    fn from(values: [T; N]) -> Self {
        values.into_iter().collect()
    }
}

impl<T> From<Body> for Lines<T> {
    fn from(body: Body) -> Self {
        Self::of(Values::Written(body))
    }
}

impl<T> fmt::Debug for Lines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Values::Texts(Ok(texts)) => write!(f, "Lines({})", texts.len()),
            Values::Texts(Err(message)) => write!(f, "Lines({message})"),
            Values::Stream(_) => f.write_str("Lines(stream)"),
            Values::Written(body) => body.fmt(f),
        }
    }
}

/// The JSON texts of a stream's values.
struct Encoded<S>(Pin<Box<S>>);

impl<S, T, E> Stream for Encoded<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Encode,
    E: Into<BoxError>,
{
    type Item = Result<String, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let value = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(value.map(|value| {
            json_text(&value.map_err(Into::into)?).map_err(|fault| fault.to_string().into())
        }))
    }
}

/// Texts in their lines or records.
struct Framed {
    texts: Texts,
    records: bool,
}

impl Stream for Framed {
    type Item = Result<Bytes, BoxError>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let text = ready!(self.texts.as_mut().poll_next(cx));
        Poll::Ready(text.map(|text| {
            let mut line = String::new();
            frame(&mut line, &text?, self.records);
            Ok(line.into())
        }))
    }
}

/// A `Stream` of the values of a reply with one per line. Blank lines are skipped, and the last line needs no end.
/// A reply that begins with a record separator is a JSON text sequence (RFC 7464), whose texts may span lines.
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
    live: Live,
    buffer: Vec<u8>,
    /// Where the next line begins in the buffer.
    start: usize,
    /// How far the buffer is known to hold no further line end.
    searched: usize,
    /// What stands between the values.
    end: u8,
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
            live: reply.into_live(),
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            end: b'\n',
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
    #[inline]
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
            if self.buffer.len() as u64 > self.live.limit {
                self.drop_rest();
                return Poll::Ready(Some(Err(too_long(
                    self.operation,
                    self.status,
                    self.live.limit,
                ))));
            }
        }
    }

    #[inline]
    fn drop_rest(&mut self) {
        self.ended = true;
        self.start = 0;
        self.searched = 0;
        self.buffer.clear();
    }

    /// Takes a complete line out of the buffer, or what is left at the end.
    #[inline]
    fn cut(&mut self) -> Option<Vec<u8>> {
        if self.first && self.buffer.first() == Some(&RECORD) {
            self.end = RECORD;
        }
        let found = self
            .buffer
            .get(self.searched..)?
            .iter()
            .position(|&byte| byte == self.end);
        let end = match found {
            Some(at) => self.searched + at + 1,
            None if self.ended && self.start < self.buffer.len() => self.buffer.len(),
            None => {
                self.searched = self.buffer.len();
                return None;
            }
        };
        let line = self.buffer.get(self.start..end)?;
        let line = line.strip_suffix(&[RECORD]).unwrap_or(line);
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

    #[inline]
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

impl Call {
    /// Sends JSON values, each in a line or record of its own.
    #[must_use]
    pub fn lines<T>(mut self, media: &'static str, lines: impl Into<Lines<T>>) -> Self {
        match lines.into().into_body(media) {
            Ok(body) => self.payload = Payload::new(media, body),
            Err(message) => self.refuse(message),
        }
        self
    }
}

/// A JSON value per line (NDJSON, JSON Lines), or per record (RFC 7464).
pub fn lines<T: Decode>(
    operation: &'static Operation,
    reply: Reply,
) -> Result<LineStream<T>, Error> {
    coded(operation, &reply)?;
    Ok(LineStream::new(reply, json::from_slice))
}

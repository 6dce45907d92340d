//! What a request carries: bytes, a file read while it is sent, or a stream; and whether it can be sent twice.
//! It must not know operations, forms or retries.

use std::collections::VecDeque;
use std::fmt;
#[cfg(feature = "file-bodies")]
use std::io;
#[cfg(feature = "file-bodies")]
use std::path::PathBuf;
#[cfg(feature = "file-bodies")]
use std::pin::Pin;
#[cfg(feature = "file-bodies")]
use std::sync::{Arc, Mutex};
#[cfg(feature = "file-bodies")]
use std::task::{Context, Poll, ready};

use bytes::Bytes;
#[cfg(feature = "file-bodies")]
use futures_core::Stream;
#[cfg(feature = "file-bodies")]
use http_body::{Frame, SizeHint};
#[cfg(feature = "file-bodies")]
use tokio::io::{AsyncRead, ReadBuf};

#[cfg(feature = "file-bodies")]
use super::error::BoxError;

#[cfg(feature = "file-bodies")]
type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

#[cfg(feature = "file-bodies")]
/// How much of a file is read at a time.
const FILE_CHUNK: usize = 64 * 1024;

/// The content of a request or of one part of it.
///
/// Cloning is cheap. A stream can be sent once: the first call that sends a clone takes it.
#[derive(Clone)]
pub struct Body {
    source: Source,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    #[cfg(feature = "file-bodies")]
    Path(PathBuf),
    #[cfg(feature = "file-bodies")]
    Stream(Arc<Mutex<Option<ByteStream>>>, Option<u64>),
}

impl Body {
    #[cfg(feature = "file-bodies")]
    /// The content of a file, opened when the request is sent and read while it is.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self {
            source: Source::Path(path.into()),
        }
    }

    #[cfg(feature = "file-bodies")]
    /// A stream of chunks. It is sent once: the call is not retried.
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        let stream: ByteStream = Box::pin(Chunks(Box::pin(stream)));
        Self {
            source: Source::Stream(Arc::new(Mutex::new(Some(stream))), None),
        }
    }

    #[cfg(feature = "file-bodies")]
    /// Says how many bytes a stream has, so that it is sent with a `Content-Length`.
    #[must_use]
    pub fn with_length(mut self, length: u64) -> Self {
        if let Source::Stream(_, known) = &mut self.source {
            *known = Some(length);
        }
        self
    }

    /// Whether the same content can be sent again.
    pub fn is_replayable(&self) -> bool {
        match &self.source {
            #[cfg(feature = "file-bodies")]
            Source::Stream(..) => false,
            _ => true,
        }
    }

    /// The text of bytes that are one.
    #[cfg(feature = "validate")]
    pub(super) fn text(&self) -> Option<String> {
        match &self.source {
            Source::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok(),
            #[cfg(feature = "file-bodies")]
            Source::Path(_) | Source::Stream(..) => None,
        }
    }

    /// Gets ready to be sent.
    pub(super) async fn open(&self, outgoing: &mut Outgoing) -> Result<(), String> {
        match &self.source {
            Source::Bytes(bytes) => outgoing.push(bytes.clone()),
            #[cfg(feature = "file-bodies")]
            Source::Path(path) => {
                let failed =
                    |e: io::Error| format!("cannot read the file `{}`: {e}", path.display());
                let file = tokio::fs::File::open(path).await.map_err(failed)?;
                let meta = file.metadata().await.map_err(failed)?;
                if meta.is_dir() {
                    return Err(format!(
                        "cannot send `{}`: it is a directory",
                        path.display()
                    ));
                }
                outgoing.grow(Some(meta.len()));
                outgoing.segments.push_back(Segment::File {
                    file,
                    left: meta.len(),
                    buffer: Vec::new(),
                });
            }
            #[cfg(feature = "file-bodies")]
            Source::Stream(shared, length) => {
                let taken = shared.lock().ok().and_then(|mut stream| stream.take());
                let stream = taken.ok_or("has a body that was a stream and is sent already")?;
                outgoing.grow(*length);
                outgoing
                    .segments
                    .push_back(Segment::Stream(Mutex::new(stream)));
            }
        }
        Ok(())
    }
}

impl PartialEq for Body {
    /// Bytes and paths are compared; a stream is equal to its clones only.
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        match (&self.source, &other.source) {
            (Source::Bytes(one), Source::Bytes(other)) => one == other,
            #[cfg(feature = "file-bodies")]
            (Source::Path(one), Source::Path(other)) => one.as_os_str() == other.as_os_str(),
            #[cfg(feature = "file-bodies")]
            (Source::Stream(one, _), Source::Stream(other, _)) => Arc::ptr_eq(one, other),
            #[cfg(feature = "file-bodies")]
            _ => false,
        }
    }
}

impl fmt::Debug for Body {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            #[cfg(feature = "file-bodies")]
            Source::Path(path) => write!(f, "Body({})", path.display()),
            #[cfg(feature = "file-bodies")]
            Source::Stream(..) => f.write_str("Body(stream)"),
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            source: Source::Bytes(bytes),
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

#[cfg(feature = "file-bodies")]
/// A stream whose chunks and errors are brought to one type.
struct Chunks<S>(Pin<Box<S>>);

#[cfg(feature = "file-bodies")]
impl<S, B, E> Stream for Chunks<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(item.map(|chunk| chunk.map(Into::into).map_err(Into::into)))
    }
}

enum Segment {
    Bytes(Bytes),
    #[cfg(feature = "file-bodies")]
    File {
        file: tokio::fs::File,
        left: u64,
        buffer: Vec<u8>,
    },
    #[cfg(feature = "file-bodies")]
    /// The lock is never contended: it makes a stream that is `Send` also `Sync`, as the transport asks.
    Stream(Mutex<ByteStream>),
}

/// A body on its way, segment after segment.
#[derive(Default)]
pub(super) struct Outgoing {
    segments: VecDeque<Segment>,
    length: Length,
}

#[derive(Clone, Copy)]
enum Length {
    Known(u64),
    Unknown,
}

impl Default for Length {
    fn default() -> Self {
        Self::Known(0)
    }
}

impl Outgoing {
    pub(super) fn push(&mut self, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        self.grow(Some(bytes.len() as u64));
        if !bytes.is_empty() {
            self.segments.push_back(Segment::Bytes(bytes));
        }
    }

    fn grow(&mut self, by: Option<u64>) {
        self.length = match (self.length, by) {
            (Length::Known(length), Some(more)) => Length::Known(length.saturating_add(more)),
            _ => Length::Unknown,
        };
    }

    /// The transport's body. One run of bytes is handed over as such, so that the transport knows it as replayable.
    pub(super) fn into_transport(mut self) -> reqwest::Body {
        let first = self.segments.pop_front();
        let only = match first {
            None => Some(Bytes::new()),
            Some(Segment::Bytes(bytes)) if self.segments.is_empty() => Some(bytes),
            Some(first) => {
                self.segments.push_front(first);
                None
            }
        };
        #[cfg(feature = "file-bodies")]
        if only.is_none() {
            return reqwest::Body::wrap(self);
        }
        // Without files a body is one run of bytes.
        reqwest::Body::from(only.unwrap_or_default())
    }
}

#[cfg(feature = "file-bodies")]
impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            let Some(segment) = self.segments.front_mut() else {
                return Poll::Ready(None);
            };
            let chunk = match segment {
                Segment::Bytes(bytes) => Some(Ok(std::mem::take(bytes))),
                Segment::File { file, left, buffer } => ready!(poll_file(file, left, buffer, cx)),
                Segment::Stream(stream) => match stream.get_mut() {
                    Ok(stream) => ready!(stream.as_mut().poll_next(cx)),
                    Err(_) => Some(Err("the stream of the body panicked".into())),
                },
            };
            match chunk {
                Some(Ok(bytes)) if bytes.is_empty() && !matches!(segment, Segment::Bytes(_)) => {}
                Some(Ok(bytes)) => {
                    if matches!(segment, Segment::Bytes(_)) {
                        self.segments.pop_front();
                    }
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Err(e)) => return Poll::Ready(Some(Err(e))),
                None => {
                    self.segments.pop_front();
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.segments.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            Length::Known(length) => SizeHint::with_exact(length),
            Length::Unknown => SizeHint::default(),
        }
    }
}

#[cfg(feature = "file-bodies")]
/// The next chunk of a file, never more than the length announced for it.
fn poll_file(
    file: &mut tokio::fs::File,
    left: &mut u64,
    buffer: &mut Vec<u8>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, BoxError>>> {
    if *left == 0 {
        return Poll::Ready(None);
    }
    buffer.resize(
        FILE_CHUNK.min(usize::try_from(*left).unwrap_or(FILE_CHUNK)),
        0,
    );
    let mut read = ReadBuf::new(buffer);
    if let Err(e) = ready!(Pin::new(file).poll_read(cx, &mut read)) {
        return Poll::Ready(Some(Err(e.into())));
    }
    let bytes = Bytes::copy_from_slice(read.filled());
    if bytes.is_empty() {
        return Poll::Ready(Some(
            Err("the file became shorter while it was sent".into()),
        ));
    }
    *left -= bytes.len() as u64;
    Poll::Ready(Some(Ok(bytes)))
}

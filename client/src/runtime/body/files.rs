//! Bodies that are read while they are sent: files, streams, and several bodies one after the other.
//! It must not know operations, forms or retries.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::super::error::BoxError;
use super::Body;

type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// How much of a file is read at a time.
const FILE_CHUNK: usize = 64 * 1024;

impl Body {
    /// The content of a file, opened when the request is sent and read while it is.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::of(vec![Source::Path(path.into())])
    }

    /// A stream of chunks. It is sent once: the call is not retried.
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        let stream: ByteStream = Box::pin(Chunks(Box::pin(stream)));
        Self::of(vec![Source::Stream(
            Arc::new(Mutex::new(Some(stream))),
            None,
        )])
    }

    /// Says how many bytes a stream has, so that it is sent with a `Content-Length`.
    #[must_use]
    pub fn with_length(mut self, length: u64) -> Self {
        if let super::Source::Pieces(Pieces(sources)) = &mut self.source
            && let [Source::Stream(_, known)] = sources.as_mut_slice()
        {
            *known = Some(length);
        }
        self
    }

    /// Bodies that are sent one after the other.
    #[allow(dead_code, reason = "only forms of parts need it")]
    pub(in super::super) fn joined(bodies: Vec<Body>) -> Self {
        let mut sources = Vec::with_capacity(bodies.len());
        for body in bodies {
            match body.source {
                super::Source::Bytes(bytes) => sources.push(Source::Bytes(bytes)),
                super::Source::Pieces(Pieces(more)) => sources.extend(more),
            }
        }
        Self::of(sources)
    }

    fn of(sources: Vec<Source>) -> Self {
        Self {
            source: super::Source::Pieces(Pieces(sources)),
        }
    }
}

/// What a body is put together from.
#[derive(Clone, PartialEq)]
pub(super) struct Pieces(Vec<Source>);

impl Pieces {
    pub(super) fn is_replayable(&self) -> bool {
        self.0.iter().all(Source::is_replayable)
    }

    /// Opens files and takes streams.
    pub(super) async fn open(&self) -> Result<Outgoing, String> {
        let mut outgoing = Outgoing {
            segments: VecDeque::with_capacity(self.0.len()),
            length: Some(0),
        };
        for source in &self.0 {
            let (segment, length) = source.open().await?;
            outgoing.segments.push_back(segment);
            let sum = outgoing.length.zip(length);
            outgoing.length = sum.map(|(length, more)| length.saturating_add(more));
        }
        Ok(outgoing)
    }
}

impl fmt::Display for Pieces {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [Source::Path(path)] => write!(f, "{}", path.display()),
            [Source::Stream(..)] => f.write_str("stream"),
            sources => write!(f, "{} pieces", sources.len()),
        }
    }
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Path(PathBuf),
    /// Taken by the first call that sends it; and how long it is, where that is known.
    Stream(Arc<Mutex<Option<ByteStream>>>, Option<u64>),
}

impl Source {
    fn is_replayable(&self) -> bool {
        !matches!(self, Self::Stream(..))
    }

    /// What is sent, and its length, where that is known.
    async fn open(&self) -> Result<(Segment, Option<u64>), String> {
        match self {
            Self::Bytes(bytes) => {
                let length = bytes.len() as u64;
                Ok((Segment::Bytes(bytes.clone()), Some(length)))
            }
            Self::Path(path) => {
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
                let file = Segment::File {
                    file,
                    left: meta.len(),
                    buffer: Vec::new(),
                };
                Ok((file, Some(meta.len())))
            }
            Self::Stream(shared, length) => {
                let taken = shared.lock().ok().and_then(|mut stream| stream.take());
                let stream = taken.ok_or("has a body that was a stream and is sent already")?;
                Ok((Segment::Stream(Mutex::new(stream)), *length))
            }
        }
    }
}

impl PartialEq for Source {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Path(one), Self::Path(other)) => one.as_os_str() == other.as_os_str(),
            (Self::Stream(one, _), Self::Stream(other, _)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// A stream whose chunks and errors are brought to one type.
struct Chunks<S>(Pin<Box<S>>);

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

/// A body on its way, segment after segment.
pub(super) struct Outgoing {
    segments: VecDeque<Segment>,
    /// Of all of it, where it is known.
    length: Option<u64>,
}

enum Segment {
    Bytes(Bytes),
    File {
        file: tokio::fs::File,
        left: u64,
        buffer: Vec<u8>,
    },
    /// The lock is never contended: it makes a stream that is `Send` also `Sync`, as the transport asks.
    Stream(Mutex<ByteStream>),
}

impl Segment {
    /// The next chunk, which may be empty.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        match self {
            Self::Bytes(bytes) => Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Self::File { file, left, buffer } => poll_file(file, left, buffer, cx),
            Self::Stream(stream) => match stream.get_mut() {
                Ok(stream) => stream.as_mut().poll_next(cx),
                Err(_) => Poll::Ready(Some(Err("the stream of the body panicked".into()))),
            },
        }
    }

    /// Whether nothing can follow: the transport then ends the body with the last chunk.
    fn is_spent(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::File { left, .. } => *left == 0,
            Self::Stream(_) => false,
        }
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while let Some(segment) = self.segments.front_mut() {
            let chunk = ready!(segment.poll(cx));
            if chunk.is_none() || segment.is_spent() {
                self.segments.pop_front();
            }
            match chunk {
                None => {}
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(chunk) => return Poll::Ready(Some(chunk.map(Frame::data))),
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.segments.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

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

//! What a request carries: bytes, or what is read while it is sent; and whether it can be sent twice.
//! It must not know operations, forms or retries.

use std::fmt;

use bytes::Bytes;

#[cfg(feature = "file-bodies")]
mod files;

/// The content of a request or of one part of it.
///
/// Cloning is cheap. A stream can be sent once: the first call that sends a clone takes it. Bytes and paths are compared; a
/// stream is equal to its clones only.
#[derive(Clone, PartialEq)]
pub struct Body {
    source: Source,
}

#[derive(Clone, PartialEq)]
enum Source {
    Bytes(Bytes),
    #[cfg(feature = "file-bodies")]
    Pieces(files::Pieces),
}

impl Body {
    /// Whether the same content can be sent again.
    pub fn is_replayable(&self) -> bool {
        match &self.source {
            Source::Bytes(_) => true,
            #[cfg(feature = "file-bodies")]
            Source::Pieces(pieces) => pieces.is_replayable(),
        }
    }

    /// The text of bytes that are one.
    #[cfg(feature = "validate")]
    pub(super) fn text(&self) -> Option<String> {
        match &self.source {
            Source::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok(),
            #[cfg(feature = "file-bodies")]
            Source::Pieces(_) => None,
        }
    }

    /// The transport's body. Bytes are handed over as such, so that the transport knows them as replayable.
    #[allow(
        clippy::unused_async,
        reason = "files are waited for, which not every client can send"
    )]
    pub(super) async fn open(&self) -> Result<reqwest::Body, String> {
        match &self.source {
            Source::Bytes(bytes) => Ok(bytes.clone().into()),
            #[cfg(feature = "file-bodies")]
            Source::Pieces(pieces) => pieces.open().await.map(reqwest::Body::wrap),
        }
    }
}

impl fmt::Debug for Body {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            #[cfg(feature = "file-bodies")]
            Source::Pieces(pieces) => write!(f, "Body({pieces})"),
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

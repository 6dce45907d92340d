//! A binary body as it arrives: chunk by chunk, as a whole, or into a file.
//! It must not know operations.

use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use tokio::io::AsyncWriteExt as _;

use super::error::{Error, TransportError};
use super::header_map;
use super::live::Live;
use super::operation::Operation;
use super::reply::{Reply, too_long};

/// A body that is arriving, a `Stream` of its chunks.
///
/// The time of the call ends with the headers; from then on a silence longer than `stream_idle_timeout` is a timeout.
pub struct Download {
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    live: Live,
}

impl Download {
    #[inline]
    pub(super) fn new(reply: Reply) -> Self {
        Self {
            operation: reply.operation,
            status: reply.status,
            headers: reply.headers.clone(),
            live: reply.into_live(),
        }
    }

    /// The status.
    #[inline]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[inline]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type with its parameters.
    #[inline]
    pub fn content_type(&self) -> Option<&str> {
        header_map::text(&self.headers, "content-type")
    }

    /// The number of bytes, where the server says it; none for a compressed reply.
    #[inline]
    pub fn content_length(&self) -> Option<u64> {
        self.headers
            .get(CONTENT_LENGTH)?
            .to_str()
            .ok()?
            .parse()
            .ok()
    }

    /// The file name that the server proposes (RFC 6266), without any folder.
    #[inline]
    pub fn file_name(&self) -> Option<String> {
        file_name(&String::from_utf8_lossy(
            header_map::get(&self.headers, "content-disposition")?.as_bytes(),
        ))
    }

    /// The next chunk; `None` at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.live.chunk().await
    }

    /// Everything that is left; an error beyond `max_response_bytes`.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut all = Vec::new();
        while let Some(chunk) = self.live.chunk().await? {
            all.extend_from_slice(&chunk);
            if all.len() as u64 > self.live.limit {
                return Err(too_long(self.operation, self.status, self.live.limit));
            }
        }
        Ok(all.into())
    }

    /// Writes everything that is left to a file and returns the number of bytes.
    ///
    /// The file is complete or not there at all: it is written beside its place, with `.part` appended to its name, and
    /// moved there at the end. An error of the disk is [`Error::Transport`] with the cause as its source.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = Path::new(&part);
        let mut file = tokio::fs::File::create(part)
            .await
            .map_err(|e| self.disk(part, e))?;
        let written = self.write(&mut file, part).await;
        drop(file);
        match written {
            Ok(length) => {
                tokio::fs::rename(part, path)
                    .await
                    .map_err(|e| self.disk(path, e))?;
                Ok(length)
            }
            Err(error) => {
                // The first error says what went wrong; a leftover is no second one.
                let _ = tokio::fs::remove_file(part).await;
                Err(error)
            }
        }
    }

    async fn write(&mut self, file: &mut tokio::fs::File, path: &Path) -> Result<u64, Error> {
        let mut length = 0;
        while let Some(chunk) = self.live.chunk().await? {
            file.write_all(&chunk)
                .await
                .map_err(|e| self.disk(path, e))?;
            length += chunk.len() as u64;
        }
        file.flush().await.map_err(|e| self.disk(path, e))?;
        Ok(length)
    }

    #[inline]
    fn disk(&self, path: &Path, error: std::io::Error) -> Error {
        let message = format!("cannot write the file `{}`: {error}", path.display());
        let mut this = TransportError::new(self.operation, message);
        this.status = Some(self.status);
        this.transient = false;
        this.source = Some(error.into());
        Error::Transport(Box::new(this))
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.live.poll_chunk(cx)
    }
}

impl fmt::Debug for Download {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.status.as_u16())
            .field("content_type", &self.content_type())
            .field("content_length", &self.content_length())
            .finish_non_exhaustive()
    }
}

/// `filename*` if it is there and readable, otherwise `filename`; the last part of a path only.
#[inline]
fn file_name(disposition: &str) -> Option<String> {
    let parameters = parameters(disposition);
    let find = |wanted: &str| {
        parameters
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value)
    };
    let extended = find("filename*").and_then(|value| {
        let (charset, rest) = value.split_once('\'')?;
        let (_, encoded) = rest.split_once('\'')?;
        if !charset.eq_ignore_ascii_case("utf-8") {
            return None;
        }
        percent_encoding::percent_decode_str(encoded)
            .decode_utf8()
            .ok()
            .map(std::borrow::Cow::into_owned)
    });
    let name = extended.or_else(|| find("filename").cloned())?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let last: String = last.chars().filter(|c| !c.is_control()).collect();
    let last = last.trim().to_owned();
    (!matches!(last.as_str(), "" | "." | "..")).then_some(last)
}

/// The parameters of a header value; quoted values are unquoted.
#[inline]
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([' ', '\t', ';']).to_ascii_lowercase();
        let after = after.trim_start();
        let mut value = String::new();
        if let Some(quoted) = after.strip_prefix('"') {
            let mut escaped = false;
            let mut end = quoted.len();
            for (at, character) in quoted.char_indices() {
                match character {
                    c if escaped => {
                        value.push(c);
                        escaped = false;
                    }
                    '\\' => escaped = true,
                    '"' => {
                        end = at + 1;
                        break;
                    }
                    c => value.push(c),
                }
            }
            rest = &quoted[end..];
        } else {
            let (plain, after) = after.split_once(';').unwrap_or((after, ""));
            value.push_str(plain.trim_end());
            rest = after;
        }
        found.push((name, value));
    }
    found
}

/// The body as it arrives.
#[allow(clippy::unnecessary_wraps, reason = "all decoders have this signature")]
#[inline]
pub fn download(_: &'static Operation, reply: Reply) -> Result<Download, Error> {
    Ok(Download::new(reply))
}

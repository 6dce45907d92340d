//! The decoders that operations name: a reply in, a value out.
//! They are the only code that is compiled per type, so each is a few lines over one that is not.

// All decoders have the signature that operations name.
#![allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps)]

use bytes::Bytes;

use super::answer::DecodeError;
use super::error::Error;
use super::json::{self, Decode, Fault};
use super::operation::Operation;
use super::reply::Reply;
use super::text;

#[cfg(feature = "downloads")]
pub use super::download::download;
#[cfg(feature = "streams")]
pub use super::events::{events, text_events};
#[cfg(feature = "streams")]
pub use super::lines::lines;

/// A JSON body, whatever its `Content-Type` says. An empty body or one that is not as documented is
/// [`Error::Decode`].
pub fn json<T: Decode>(operation: &'static Operation, reply: Reply) -> Result<T, Error> {
    coded(operation, &reply)?;
    let body = reply.read();
    let mut document = body.slice(body.len() - text::without_mark(&body).len()..);
    loop {
        match json::from_slice(&document) {
            Ok(value) => return Ok(value),
            Err(fault) => document = recoded(operation, &reply, &document, fault)?,
        }
    }
}

/// A JSON body, or `None` where there is none: a status 204 or 205, or no bytes.
pub fn optional<T: Decode>(
    operation: &'static Operation,
    reply: Reply,
) -> Result<Option<T>, Error> {
    if is_blank(&reply) {
        Ok(None)
    } else {
        json(operation, reply).map(Some)
    }
}

/// A JSON or an XML body: by its `Content-Type`, and where that is neither, by its first character.
#[cfg(feature = "xml")]
pub fn json_or_xml<T: Decode>(
    operation: &'static Operation,
    reply: Reply,
    root: &'static super::xml::Node,
) -> Result<T, Error> {
    if text::is_xml(&reply.headers, &reply.read()) {
        xml(operation, reply, root)
    } else {
        json(operation, reply)
    }
}

/// A string that is JSON, or a text: by its `Content-Type`, and where there is none, JSON where it can be.
#[inline]
pub fn string(operation: &'static Operation, reply: Reply) -> Result<String, Error> {
    match text::media_type(&reply.headers) {
        Some(media) if text::is_json_media(&media) => json(operation, reply),
        Some(_) => text(operation, reply),
        None => {
            coded(operation, &reply)?;
            let body = reply.read();
            let document = text::decode(&reply.headers, &body);
            let string = document.ok().and_then(|text| json::from_str(&text).ok());
            string.map_or_else(|| text(operation, reply), Ok)
        }
    }
}

/// An XML body, whatever its `Content-Type` says; JSON, which begins in another way, is read as that. An empty body or
/// one that is not as documented is [`Error::Decode`].
#[cfg(feature = "xml")]
pub fn xml<T: Decode>(
    operation: &'static Operation,
    reply: Reply,
    root: &'static super::xml::Node,
) -> Result<T, Error> {
    let body = reply.read();
    if text::starts_with(&body, b'{') || text::starts_with(&body, b'[') {
        return json(operation, reply);
    }
    coded(operation, &reply)?;
    let decoded = super::xml::decoded(&reply.headers, &body)
        .and_then(|text| super::xml::from_str(&text, root));
    decoded.map_err(|fault| {
        let fault = if body.trim_ascii().is_empty() {
            Fault::new("the body is empty, XML was expected")
        } else {
            fault
        };
        failed(operation, &reply, body.clone(), &fault)
    })
}

/// No value: whatever body there is, it is not looked at.
#[inline]
pub fn empty(_: &'static Operation, _reply: Reply) -> Result<(), Error> {
    Ok(())
}

/// The body as text, by the charset of its `Content-Type`.
#[inline]
pub fn text(operation: &'static Operation, reply: Reply) -> Result<String, Error> {
    coded(operation, &reply)?;
    let body = reply.read();
    match text::decode(&reply.headers, &body) {
        Ok(text) => Ok(text.into_owned()),
        Err(message) => Err(failed(
            operation,
            &reply,
            body.clone(),
            &Fault::new(message),
        )),
    }
}

/// The body as bytes.
#[inline]
pub fn bytes(_: &'static Operation, reply: Reply) -> Result<Bytes, Error> {
    Ok(reply.read())
}

/// The string of an error's body: JSON where it is that, else the text.
#[inline]
pub fn error_string(body: &[u8]) -> String {
    json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned())
}

fn is_blank(reply: &Reply) -> bool {
    matches!(reply.status.as_u16(), 204 | 205) || reply.read().iter().all(u8::is_ascii_whitespace)
}

/// The fault of a body in a content coding that the transport has left as it is.
pub(super) fn coded(operation: &'static Operation, reply: &Reply) -> Result<(), Error> {
    let Some(coding) = text::content_coding(&reply.headers) else {
        return Ok(());
    };
    let message = format!(
        "the body is encoded as `{}`, which is not read here: the features `brotli` and `zstd` add what they are called",
        coding.escape_debug()
    );
    Err(failed(operation, reply, reply.read(), &Fault::new(message)))
}

/// A document that could not be read as UTF-8, once more in the charset that the server names; what is wrong with it where
/// that says nothing else.
#[cold]
fn recoded(
    operation: &'static Operation,
    reply: &Reply,
    document: &Bytes,
    fault: Fault,
) -> Result<Bytes, Error> {
    if std::str::from_utf8(document).is_ok() && !document.contains(&0) {
        return Err(explain(operation, reply, document, fault));
    }
    let body = reply.read();
    match text::decode(&reply.headers, &body) {
        Ok(text) if text.as_bytes() != &document[..] => Ok(text.into_owned().into()),
        Ok(_) => Err(explain(operation, reply, document, fault)),
        Err(message) => Err(failed(operation, reply, body.clone(), &Fault::new(message))),
    }
}

/// Says what a body is that is no JSON at all.
fn explain(operation: &'static Operation, reply: &Reply, document: &Bytes, fault: Fault) -> Error {
    let start = document.trim_ascii_start();
    let markup = text::media_type(&reply.headers).is_some_and(|media| media.ends_with("html"))
        || start.first() == Some(&b'<');
    let fault = if start.is_empty() {
        Fault::new("the body is empty, JSON was expected")
    } else if markup && !matches!(start.first(), Some(b'{' | b'[')) {
        Fault::new(
            "the body is HTML or XML, JSON was expected: the base URL may lead to a web page",
        )
    } else {
        fault
    };
    failed(operation, reply, document.clone(), &fault)
}

pub(super) fn failed(
    operation: &'static Operation,
    reply: &Reply,
    body: Bytes,
    fault: &Fault,
) -> Error {
    let mut error = DecodeError::new(
        operation,
        reply.status,
        &reply.headers,
        body,
        fault,
        &reply.blanks,
    );
    error.attempts = reply.attempts;
    Error::Decode(Box::new(error))
}

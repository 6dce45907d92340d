//! What every generated client stands on: how calls are made, the codec of its types, and the values that Rust's own types
//! do not cover.
//!
//! A client is a [`Core`]: base URL, credentials, limits and a pool of connections. An emitted operation describes a
//! [`Call`] over static data ([`Operation`]) and names a decoder from [`decode`]; [`execute`] makes the call, with
//! retries, deadlines, redirects and credentials, and is not generic.

#[cfg(feature = "base64-strings")]
pub mod base64;
#[cfg(feature = "decimals")]
pub mod decimal;
pub mod decode;
pub mod json;
pub mod lexical;
pub mod map;
pub mod maybe;
#[cfg(feature = "validate")]
pub mod validate;
#[cfg(feature = "xml")]
pub mod xml;

mod address;
mod answer;
mod argument;
mod auth;
mod body;
mod call;
#[cfg(feature = "uuids")]
mod cased;
mod core;
mod cut;
#[cfg(feature = "dates")]
mod dates;
#[cfg(feature = "downloads")]
mod download;
mod endpoint;
mod error;
#[cfg(feature = "streams")]
mod events;
mod execute;
mod header_map;
#[cfg(feature = "headers")]
mod headers;
#[cfg(feature = "streams")]
mod lines;
#[cfg(feature = "downloads")]
mod live;
mod macros;
#[cfg(feature = "multipart")]
mod media;
#[cfg(feature = "multipart")]
mod multipart;
#[cfg(feature = "oauth")]
mod oauth;
mod operation;
#[cfg(feature = "pages")]
mod pager;
#[cfg(feature = "pages")]
mod pages;
mod payload;
mod redirect;
mod reply;
mod request;
mod response;
mod retry;
mod secret;
#[cfg(feature = "streams")]
mod sse;
mod style;
mod text;
mod trace;
mod transport;

pub use ::bytes::Bytes;
pub use futures_core::Stream;
pub use reqwest;
pub use reqwest::StatusCode;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use serde;
pub use serde_json::Value;
pub use std::time::Duration;
pub use uuid;

pub use self::answer::{ApiError, DecodeError, ErrorBody, KEPT_BODY};
#[cfg(feature = "base64-strings")]
pub use self::base64::Base64;
pub use self::body::Body;
pub use self::call::Call;
#[cfg(feature = "uuids")]
pub use self::cased::Uuid;
pub use self::core::{
    CONNECT_TIMEOUT, Core, MAX_RESPONSE_BYTES, MAX_RETRIES, STREAM_IDLE_TIMEOUT, Settings, TIMEOUT,
};
#[cfg(feature = "dates")]
pub use self::dates::{Date, DateTime, IsoDuration, Time};
#[cfg(feature = "decimals")]
pub use self::decimal::Decimal;
#[cfg(feature = "downloads")]
pub use self::download::Download;
pub use self::endpoint::{Answer, Answered, Empty, Endpoint, Json, Request};
pub use self::error::{AuthError, BoxError, BuildError, Error, TransportError};
#[cfg(feature = "streams")]
pub use self::events::{Event, EventStream};
pub use self::execute::execute;
#[cfg(feature = "headers")]
pub use self::headers::{DocumentedHeaders, Headed, HeaderForm};
pub use self::json::{
    Decode, Encode, Fault, Reader, Writer, from_slice, from_str, from_value, to_string, to_value,
    to_vec,
};
pub use self::lexical::{Ipv6, Lexical, Quoted, Url};
#[cfg(feature = "streams")]
pub use self::lines::{LineStream, Lines};
pub use self::macros::set;
pub use self::map::Map;
pub use self::maybe::Maybe;
#[cfg(feature = "multipart")]
pub use self::multipart::{File, Form, Part};
#[cfg(feature = "oauth")]
pub use self::oauth::{ClientAuth, ClientCredentials};
pub use self::operation::{
    Api, Encoding, Location, Method, Operation, Parameter, Scheme, SchemeKind, Style,
};
#[cfg(feature = "pages")]
pub use self::pages::{Items, Next, PageFacts, PageRule, Pages, Paginated, count};
pub use self::reply::Reply;
pub use self::response::{Decoder, Pending, Response};
pub use self::retry::LONGEST_WAIT;
pub use self::secret::{Credential, Provider, Secret, TokenFuture, TokenProvider};
#[cfg(feature = "validate")]
pub use self::validate::{Violation, Violations};

// A crate may have no type of some kind, and then does not use its macro.
#[cfg(feature = "unions")]
#[allow(unused_imports)]
pub(crate) use self::json::union;
#[allow(unused_imports)]
pub(crate) use self::json::{integer_enum, newtype, object, serde_bridge, string_enum, value_enum};
#[allow(unused_imports)]
pub(crate) use self::macros::{client, header, headers, request, resource};
#[cfg(feature = "validate")]
#[allow(unused_imports)]
pub(crate) use self::validate::validate;
#[cfg(feature = "xml")]
#[allow(unused_imports)]
pub(crate) use self::xml::xml;

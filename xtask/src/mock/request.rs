//! A request as it arrived, with the few readings of it that several checks share.

use hyper::{HeaderMap, Method, body::Bytes};
use percent_encoding::percent_decode_str;

/// A request whose body has been read.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The path, still percent-encoded.
    pub(crate) path: String,
    /// The query, still percent-encoded, without `?`.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A name and a value of a query or of a form; the value still percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) raw: String,
}

impl Request {
    /// A header's values joined as RFC 9110 section 5.3 allows; bytes beyond UTF-8 are replaced.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub(crate) fn query_pairs(&self) -> Vec<Pair> {
        pairs(&self.query)
    }

    /// The cookies, values as they are.
    pub(crate) fn cookies(&self) -> Vec<Pair> {
        let header = self.headers.get_all("cookie");
        let lines: Vec<_> = header
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        lines
            .iter()
            .flat_map(|line| line.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .map(|(name, raw)| Pair {
                name: name.to_owned(),
                raw: raw.to_owned(),
            })
            .collect()
    }
}

/// The pairs of a query or of a urlencoded form.
pub(crate) fn pairs(text: &str) -> Vec<Pair> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            Pair {
                name: decode_form(name),
                raw: raw.to_owned(),
            }
        })
        .collect()
}

/// Percent-decoding with `+` as a space, as queries and forms have it.
pub(crate) fn decode_form(text: &str) -> String {
    decode(&text.replace('+', " "))
}

/// Percent-decoding alone, as path segments have it.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

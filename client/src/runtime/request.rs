//! From a call to what is sent: URL, headers, cookies and the choice of credentials.
//! It must not know connections, retries or replies.

use std::borrow::Cow;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::address::{self, Base};
use super::argument::Shape;
use super::auth;
use super::call::Call;
use super::core::Limits;
#[cfg(feature = "pages")]
use super::core::Shared;
#[cfg(feature = "pages")]
use super::cut::cut;
use super::error::Error;
use super::header_map::{self, put};
use super::operation::{Location, Style};
use super::payload;
use super::style::{self, Keep, Pair, Rules, encode};

/// The header of an idempotency key unless the client has another one.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request that can be sent as often as its body allows.
pub(super) struct Prepared {
    pub(super) method: reqwest::Method,
    /// Without the credentials that travel in the query.
    pub(super) url: Url,
    /// Without credentials.
    pub(super) headers: HeaderMap,
    pub(super) cookies: Vec<String>,
    pub(super) alternative: &'static [usize],
    pub(super) limits: Limits,
    /// Whether sending it twice does no harm: by its method, or by a key.
    pub(super) repeatable: bool,
    pub(super) replayable: bool,
}

impl Prepared {
    pub(super) fn new(call: &Call) -> Result<Self, Error> {
        prepare(call).map_err(|message| Error::build(Some(call.operation.id), message))
    }
}

fn prepare(call: &Call) -> Result<Prepared, String> {
    if let Some(fault) = &call.fault {
        return Err(fault.clone());
    }
    let shared = call.core.shared();
    let operation = call.operation;
    let method =
        reqwest::Method::from_bytes(operation.method.as_str().as_bytes()).map_err(|_| {
            format!(
                "has no valid method: `{}`",
                operation.method.as_str().escape_debug()
            )
        })?;

    // What the client was told to send stays; the call adds to it.
    let mut headers = shared.headers.clone();
    if !operation.accept.is_empty() && header_map::get(&headers, "accept").is_none() {
        let accept = HeaderValue::from_str(operation.accept)
            .map_err(|_| "has no valid `Accept`".to_owned())?;
        put(&mut headers, ACCEPT, accept);
    }
    if let Some(media) = call.payload.media()
        && header_map::get(&headers, "content-type").is_none()
    {
        let media = HeaderValue::from_str(media)
            .map_err(|_| "has no valid media type of its body".to_owned())?;
        put(&mut headers, CONTENT_TYPE, media);
    }

    let mut arguments = Arguments::default();
    for (parameter, json) in operation.parameters.iter().zip(&call.arguments) {
        let Some(json) = json else { continue };
        let value = Shape::of(json)
            .map_err(|fault| format!("has an unusable value for `{}`: {fault}", parameter.name))?;
        match parameter.location {
            Location::Path => {}
            Location::Query => {
                let rules = Rules::from(parameter);
                style::pairs(
                    parameter.name,
                    rules,
                    &value,
                    json,
                    false,
                    &mut arguments.query,
                );
            }
            Location::QueryString => match parameter.style {
                Style::Form => {
                    let pairs = payload::pairs(&value, parameter.encodings, &mut arguments.query);
                    pairs.map_err(|what| format!("{what} for its query"))?;
                }
                Style::Json => arguments.whole = encode(json, Keep::Unreserved),
                _ => arguments.whole = encode(&value.text(), Keep::Unreserved),
            },
            Location::Cookie => {
                let mut pairs = Vec::new();
                let rules = Rules::from(parameter);
                style::pairs(parameter.name, rules, &value, json, false, &mut pairs);
                for Pair { name, value } in &pairs {
                    // Not encoded with the style `cookie` and with reserved characters.
                    if value.as_bytes().contains(&b';') {
                        return Err(format!(
                            "cannot send `{}`: a cookie holds no semicolon",
                            parameter.name
                        ));
                    }
                    arguments.cookies.push(format!("{name}={value}"));
                }
            }
            Location::Header if value.is_undefined() && parameter.style != Style::Json => {}
            Location::Header => {
                let text = style::header(parameter, &value, json);
                let (name, value) = super::core::header(parameter.name, &text)
                    .map_err(|message| format!("cannot be sent: {message}"))?;
                put(&mut headers, name, value);
            }
        }
    }
    for (name, value) in &call.changes.headers {
        put(&mut headers, name.clone(), value.clone());
    }
    let repeatable = idempotency(call, &mut headers)? || operation.method.is_idempotent();

    let base = base(call)?;
    #[cfg(feature = "pages")]
    arguments.replace(&call.changes.query, shared, &base, operation.path);
    let Arguments {
        query,
        whole,
        cookies,
    } = arguments;
    let url = address::build(&base, operation, &call.arguments, &query, &whole)?;
    Ok(Prepared {
        method,
        url,
        alternative: auth::choose(shared, operation, &headers)?,
        headers,
        cookies,
        limits: limits(call),
        repeatable,
        replayable: call.payload.is_replayable(),
    })
}

#[derive(Default)]
struct Arguments {
    query: Vec<Pair>,
    /// A query that is no list of pairs; empty where it is one.
    whole: String,
    cookies: Vec<String>,
}

#[cfg(feature = "pages")]
impl Arguments {
    /// Puts the query of a `next` link in the place of the parameters of the same names. Credentials and what the base
    /// URL or the path says already are left as they are.
    fn replace(&mut self, link: &[(String, String)], shared: &Shared, base: &Base, path: &str) {
        let literal = cut(path, '?').1.unwrap_or_default();
        let fixed = base.url().query().unwrap_or_default();
        let mut wanted = Vec::new();
        for (name, value) in link {
            if !auth::is_query_name(shared, name) && !names(fixed, name) && !names(literal, name) {
                self.query.retain(|pair| !names(&pair.name, name));
                wanted.push(Pair {
                    name: encode(name, Keep::Unreserved),
                    value: encode(value, Keep::Unreserved),
                });
            }
        }
        self.query.append(&mut wanted);
    }
}

/// Whether a query has a parameter of this name.
#[cfg(feature = "pages")]
fn names(query: &str, name: &str) -> bool {
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    parameters.any(|(found, _)| found == name)
}

/// The address of the operation: its own server, as long as the client has the base URL of the document.
fn base(call: &Call) -> Result<Cow<'_, Base>, String> {
    let shared = call.core.shared();
    match call.operation.server {
        Some(server) if shared.documented_base => shared.base.join(server).map(Cow::Owned),
        // A relative server is a path on whatever host the client talks to.
        Some(server) if server.starts_with('/') && !server.starts_with("//") => {
            shared.base.join(server).map(Cow::Owned)
        }
        _ => Ok(Cow::Borrowed(&shared.base)),
    }
}

/// Sets the idempotency key, the same for all attempts, and says whether there is one.
fn idempotency(call: &Call, headers: &mut HeaderMap) -> Result<bool, String> {
    let shared = call.core.shared();
    let name = shared.idempotency_header.as_ref();
    let key = match (&call.changes.idempotency_key, name) {
        (Some(key), _) => key.clone(),
        (None, Some(name)) if header_map::get(headers, name.as_str()).is_some() => return Ok(true),
        (None, Some(_)) if !call.operation.method.is_idempotent() => {
            let mut random = [0; 16];
            fastrand::fill(&mut random);
            let uuid = uuid::Builder::from_random_bytes(random).into_uuid();
            uuid.to_string()
        }
        (None, _) => return Ok(false),
    };
    let value = HeaderValue::from_bytes(key.as_bytes())
        .map_err(|_| "cannot be sent: the idempotency key holds a control character".to_owned())?;
    put(headers, name.cloned().unwrap_or(IDEMPOTENCY_KEY), value);
    Ok(true)
}

/// The limits of this call: its own, otherwise the client's.
fn limits(call: &Call) -> Limits {
    let mut limits = call.core.shared().limits;
    limits.timeout = call.changes.timeout.unwrap_or(limits.timeout);
    limits.attempt_timeout = call.changes.attempt_timeout.or(limits.attempt_timeout);
    limits.max_retries = call.changes.max_retries.unwrap_or(limits.max_retries);
    limits
}

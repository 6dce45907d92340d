//! Which redirects are followed, and how.
//! It must not know calls: it sees methods, statuses and URLs.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use url::Url;

use super::header_map;

/// The most redirects in a row.
pub(super) const LIMIT: usize = 10;

/// Where a redirect leads.
pub(super) struct Redirect {
    pub(super) url: Url,
    pub(super) method: Method,
    /// Whether the body goes along.
    pub(super) keeps_body: bool,
}

/// The redirect that a reply asks for (RFC 9110 section 15.4).
///
/// 307 and 308 repeat the request. 303 fetches the other resource with GET. 301 and 302 do that for POST, as browsers
/// do, and repeat GET and HEAD; a PUT, PATCH or DELETE is not repeated elsewhere on their word. 300 with a location is
/// followed by GET and HEAD. Everything else is the answer.
pub(super) fn redirect(
    method: &Method,
    status: StatusCode,
    headers: &HeaderMap,
    from: &Url,
) -> Option<Result<Redirect, String>> {
    let safe = *method == Method::GET || *method == Method::HEAD;
    let (method, keeps_body) = match status.as_u16() {
        307 | 308 => (method.clone(), true),
        300..=302 if safe => (method.clone(), false),
        301 | 302 if *method == Method::POST => (Method::GET, false),
        303 => (
            if *method == Method::HEAD {
                Method::HEAD
            } else {
                Method::GET
            },
            false,
        ),
        _ => return None,
    };
    let location = header_map::get(headers, "location")?;
    Some(target(location.as_bytes(), from).map(|url| Redirect {
        url,
        method,
        keeps_body,
    }))
}

fn target(location: &[u8], from: &Url) -> Result<Url, String> {
    let text = std::str::from_utf8(location)
        .map_err(|_| "was redirected to a location that is no text".to_owned())?;
    let mut url = from
        .join(text)
        .map_err(|e| format!("was redirected to a location that is no URL: {e}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("was redirected to the scheme `{}`", url.scheme()));
    }
    url.set_fragment(None);
    // A server's own user name in a location would become a credential.
    if url.set_username("").is_err() || url.set_password(None).is_err() {
        return Err("was redirected to a location without a host".to_owned());
    }
    Ok(url)
}

//! Which credentials an operation gets, and their form on the wire.
//! It must not know where a request goes: the sender keeps credentials to their origin.

use std::fmt::Write as _;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::core::Shared;
use super::error::{AuthError, BoxError, Error};
use super::header_map;
use super::operation::{Location, Operation, Scheme, SchemeKind};
use super::secret::{Blanks, Credential, Secret};
use super::style::{Keep, Pair, encode};

/// Credentials in the form in which they travel.
#[derive(Default)]
pub(super) struct Ready {
    /// Of two of one name the last one counts.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) query: Vec<Pair>,
    pub(super) cookies: Vec<String>,
    /// A token that can be replaced when the server refuses it: its scheme and itself.
    pub(super) renewable: Option<(usize, Secret)>,
    /// What must not be shown.
    pub(super) blanks: Blanks,
}

impl Ready {
    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.query.is_empty() && self.cookies.is_empty()
    }
}

/// The alternative to use: the first one with all its credentials, an anonymous one as the last resort.
///
/// A scheme whose header the caller has set counts as satisfied.
pub(super) fn choose(
    shared: &Shared,
    operation: &'static Operation,
    headers: &HeaderMap,
) -> Result<&'static [usize], String> {
    let mut anonymous = operation.security.is_empty();
    for &alternative in operation.security {
        if alternative.is_empty() {
            anonymous = true;
        } else if alternative
            .iter()
            .all(|&index| is_satisfied(shared, index, headers))
        {
            return Ok(alternative);
        }
    }
    if anonymous {
        return Ok(&[]);
    }
    let mut message = String::new();
    for alternative in operation.security {
        let mut joint = if message.is_empty() {
            "needs "
        } else {
            ", or "
        };
        for &index in *alternative {
            if !is_satisfied(shared, index, headers)
                && let Some(scheme) = shared.api.schemes.get(index)
            {
                message.push_str(joint);
                remedy(scheme, &mut message);
                joint = " and ";
            }
        }
    }
    Err(message)
}

/// Whether the credential of a scheme is there, or what the caller has set stands for it.
fn is_satisfied(shared: &Shared, index: usize, headers: &HeaderMap) -> bool {
    let Some(scheme) = shared.api.schemes.get(index) else {
        return false;
    };
    matches!(scheme.kind, SchemeKind::MutualTls)
        || matches!(shared.credentials.get(index), Some(Some(_)))
        || header_of(scheme).is_some_and(|name| header_map::get(headers, name).is_some())
}

/// What to do about a missing credential: its builder method and its variables.
fn remedy(scheme: &Scheme, text: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = write!(
        text,
        "`{}`: call `ClientBuilder::{}`",
        scheme.name, scheme.method
    );
    let mut joint = "or set";
    for name in scheme.variables {
        let _ = write!(text, " {joint} `{name}`");
        joint = "and";
    }
}

fn header_of(scheme: &Scheme) -> Option<&'static str> {
    match scheme.kind {
        SchemeKind::ApiKey {
            location: Location::Header,
            name,
        } => Some(name),
        SchemeKind::ApiKey { .. } | SchemeKind::MutualTls => None,
        _ => Some("authorization"),
    }
}

/// Whether a query parameter carries a credential, whoever asks for it.
#[cfg(feature = "pages")]
pub(super) fn is_query_name(shared: &Shared, wanted: &str) -> bool {
    shared.api.schemes.iter().any(|scheme| match scheme.kind {
        SchemeKind::ApiKey {
            location: Location::Query,
            name,
        } => name == wanted,
        _ => false,
    })
}

/// Gets the credentials of an alternative ready, fetching tokens where that is needed. The text of one is a key, a token, or
/// `user:password`.
pub(super) async fn ready(
    shared: &Shared,
    operation: &'static Operation,
    alternative: &'static [usize],
    refused: Option<&(usize, Secret)>,
) -> Result<Ready, Error> {
    let mut ready = Ready::default();
    for &index in alternative {
        let (Some(scheme), Some(Some(credential))) =
            (shared.api.schemes.get(index), shared.credentials.get(index))
        else {
            continue;
        };
        let refused = match refused {
            Some((of, token)) if *of == index => Some(token),
            _ => None,
        };
        let secret = match credential {
            Credential::ApiKey(secret) | Credential::Bearer(secret) => secret.clone(),
            Credential::Basic { username, password } => {
                if username.expose().as_bytes().contains(&b':') {
                    let message =
                        format!("cannot send `{}`: the user name holds a colon", scheme.name);
                    return Err(Error::build(Some(operation.id), message));
                }
                ready.blanks.add(username.clone());
                ready.blanks.add(password.clone());
                Secret::new(format!("{}:{}", username.expose(), password.expose()))
            }
            Credential::Provider(provider) => match provider.0.token(refused).await {
                Ok(token) => {
                    ready.renewable = Some((index, token.clone()));
                    token
                }
                Err(source) => return Err(unprovided(operation, scheme, source)),
            },
            #[cfg(feature = "oauth")]
            Credential::OAuth2(credentials) => {
                let granted = credentials
                    .token(shared, operation, scheme, refused)
                    .await?;
                if !granted.fresh {
                    ready.renewable = Some((index, granted.secret.clone()));
                }
                granted.secret
            }
        };
        ready.blanks.add(secret.clone());
        place(operation, scheme, credential, &secret, &mut ready)?;
    }
    Ok(ready)
}

fn unprovided(operation: &'static Operation, scheme: &'static Scheme, source: BoxError) -> Error {
    let message = format!("the token provider failed: {source}");
    let mut error = AuthError::new(operation, scheme, message);
    error.source = Some(source);
    Error::Auth(Box::new(error))
}

/// Puts a credential where its scheme wants it.
fn place(
    operation: &'static Operation,
    scheme: &'static Scheme,
    credential: &Credential,
    value: &Secret,
    ready: &mut Ready,
) -> Result<(), Error> {
    let text = value.expose();
    let (name, text) = match (scheme.kind, credential) {
        (SchemeKind::MutualTls, _) => return Ok(()),
        (
            SchemeKind::ApiKey {
                location: Location::Query,
                name,
            },
            _,
        ) => {
            let pair = Pair {
                name: encode(name, Keep::Unreserved),
                value: encode(text, Keep::Unreserved),
            };
            ready.query.push(pair);
            return Ok(());
        }
        (
            SchemeKind::ApiKey {
                location: Location::Cookie,
                name,
            },
            _,
        ) => {
            ready.cookies.push(format!("{name}={}", cookie_value(text)));
            return Ok(());
        }
        (SchemeKind::ApiKey { name, .. }, _) => (name, text.to_owned()),
        (_, Credential::Basic { .. }) => {
            let basic = basic(text);
            ready.blanks.add(Secret::from(basic.as_str()));
            ("authorization", format!("Basic {basic}"))
        }
        (SchemeKind::Authorization, _) => ("authorization", text.to_owned()),
        (SchemeKind::Basic, Credential::ApiKey(_)) => (
            "authorization",
            format!("Basic {}", basic(&format!("{text}:"))),
        ),
        _ => ("authorization", format!("Bearer {text}")),
    };
    let unusable = || {
        let message = format!(
            "cannot send `{}`: the credential holds a character that a header cannot",
            scheme.name
        );
        Error::build(Some(operation.id), message)
    };
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
    let mut value = HeaderValue::try_from(text).map_err(|_| unusable())?;
    value.set_sensitive(true);
    ready.headers.push((name, value));
    Ok(())
}

/// The Base64 of `user:password`.
pub(super) fn basic(pair: &str) -> String {
    // By hand, since `base64` is for APIs that have such strings: to know a crate costs whoever compiles a client.
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(pair.len().div_ceil(3) * 4);
    for bytes in pair.as_bytes().chunks(3) {
        let mut bits = 0_u32;
        for place in 0..3 {
            bits = bits << 8 | bytes.get(place).copied().map_or(0, u32::from);
        }
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place > bytes.len() {
                '='
            } else {
                digit.into()
            });
        }
    }
    out
}

/// A cookie value: what RFC 6265 does not allow in one is percent-encoded.
pub(super) fn cookie_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for character in text.chars() {
        if character.is_ascii_graphic() && !matches!(character, '"' | ',' | ';' | '\\' | '%') {
            out.push(character);
        } else {
            out.push_str(&encode(
                character.encode_utf8(&mut buffer),
                Keep::Unreserved,
            ));
        }
    }
    out
}

//! OAuth 2 client credentials (RFC 6749 section 4.4): one token for all calls, fetched by one of them.
//! It must not know how a token travels.

use std::fmt;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, StatusCode};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::auth::basic;
use super::core::Shared;
use super::error::{AuthError, Error, TransportError};
use super::header_map::put;
use super::json;
use super::operation::{Operation, Scheme, SchemeKind};
use super::secret::{Blanks, Secret};
use super::style::{Keep, encode, encode_into};

/// How a client shows its credentials to the token endpoint (RFC 6749 section 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuth {
    /// `client_secret_basic`: in the `Authorization` header.
    #[default]
    Basic,
    /// `client_secret_post`: in the body.
    Post,
}

/// A client id and secret, exchanged for bearer tokens.
#[derive(Clone)]
pub struct ClientCredentials {
    id: Secret,
    secret: Secret,
    token_url: Option<String>,
    scopes: Option<Vec<String>>,
    parameters: Vec<(String, Secret)>,
    auth: ClientAuth,
    cache: TokenCache,
}

impl ClientCredentials {
    /// Credentials for the token endpoint and scopes of the document.
    pub fn new(id: impl Into<Secret>, secret: impl Into<Secret>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            token_url: None,
            scopes: None,
            parameters: Vec::new(),
            auth: ClientAuth::Basic,
            cache: TokenCache::default(),
        }
    }

    /// Fetches tokens elsewhere, at an absolute URL.
    #[must_use]
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Asks for these scopes.
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a parameter to the token request, such as `audience`.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Chooses how id and secret travel.
    #[must_use]
    pub fn auth(mut self, auth: ClientAuth) -> Self {
        self.auth = auth;
        self
    }

    /// The token for an operation. `refused` is one that the server does not take any more.
    pub(super) async fn token(
        &self,
        shared: &Shared,
        operation: &'static Operation,
        scheme: &'static Scheme,
        refused: Option<&Secret>,
    ) -> Result<Granted, Error> {
        let (token_url, scopes) = match scheme.kind {
            SchemeKind::OAuth2 { token_url, scopes } => (token_url, scopes),
            _ => ("", &[][..]),
        };
        let endpoint = self.endpoint(token_url, shared.base.url());
        let granted = self.granted(&shared.http, endpoint, scopes, refused).await;
        granted.map_err(|no_token| {
            let failed = |message| AuthError::new(operation, scheme, message);
            Error::Auth(Box::new(match no_token {
                NoToken::Setup(message) => failed(message),
                NoToken::Refused { status, message } => AuthError {
                    status: Some(status),
                    ..failed(message)
                },
                NoToken::Sending(e) => AuthError {
                    cause: Some(TransportError::sending(operation, e)),
                    ..failed("the token endpoint gave no answer".to_owned())
                },
            }))
        })
    }

    /// The token endpoint, given that of the document and the base URL.
    fn endpoint(&self, documented: &str, base: &Url) -> Result<Url, String> {
        let text = self.token_url.as_deref().unwrap_or(documented);
        if text.is_empty() {
            return Err(
                "the document names no token endpoint: call `ClientCredentials::token_url`"
                    .to_owned(),
            );
        }
        let url = base
            .join(text)
            .map_err(|e| format!("the token endpoint is no URL: {e}"))?;
        if matches!(url.scheme(), "http" | "https") {
            Ok(url)
        } else {
            Err(format!(
                "the token endpoint has the scheme `{}`",
                url.scheme()
            ))
        }
    }

    /// What must not be shown, also when the endpoint repeats it.
    fn blanks(&self) -> Blanks {
        let mut blanks = Blanks::default();
        for (_, value) in &self.parameters {
            blanks.add(value.clone());
        }
        blanks.add(self.id.clone());
        blanks.add(self.secret.clone());
        blanks
    }

    fn request(&self, url: Url, documented_scopes: &[&str]) -> Request {
        let mut body = "grant_type=client_credentials".to_owned();
        let mut field = |name: &str, value: &str| {
            body.push('&');
            encode_into(name, Keep::Form, &mut body);
            body.push('=');
            encode_into(value, Keep::Form, &mut body);
        };
        let mut scope = String::new();
        let mut add = |one: &str| {
            if !scope.is_empty() {
                scope.push(' ');
            }
            scope.push_str(one);
        };
        match &self.scopes {
            Some(scopes) => scopes.iter().for_each(|one| add(one)),
            None => documented_scopes.iter().for_each(|one| add(one)),
        }
        if !scope.is_empty() {
            field("scope", &scope);
        }
        for (name, value) in &self.parameters {
            field(name, value.expose());
        }
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        put(
            headers,
            ACCEPT,
            HeaderValue::from_static("application/json"),
        );
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        put(headers, CONTENT_TYPE, form);
        match self.auth {
            ClientAuth::Basic => {
                let mut pair = encode(self.id.expose(), Keep::Form);
                pair.push(':');
                encode_into(self.secret.expose(), Keep::Form, &mut pair);
                // Base64 is visible ASCII.
                if let Ok(mut value) = HeaderValue::try_from(format!("Basic {}", basic(&pair))) {
                    value.set_sensitive(true);
                    put(headers, AUTHORIZATION, value);
                }
            }
            ClientAuth::Post => {
                field("client_id", self.id.expose());
                field("client_secret", self.secret.expose());
            }
        }
        *request.body_mut() = Some(body.into());
        request
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("scopes", &self.scopes)
            .field("auth", &self.auth)
            .finish_non_exhaustive()
    }
}

/// A token that the calls of a client share.
#[derive(Default)]
struct TokenCache {
    token: Mutex<Option<Token>>,
}

impl Clone for TokenCache {
    /// An empty one: a clone of credentials is for another client, whose tokens are fetched elsewhere.
    fn clone(&self) -> Self {
        Self::default()
    }
}

struct Token {
    secret: Secret,
    /// When to fetch the next one: before this one expires.
    refresh_at: Option<Instant>,
}

/// Why there is no token.
enum NoToken {
    /// The request got no answer.
    Sending(reqwest::Error),
    /// The endpoint refused, or answered with something else than a token.
    Refused { status: StatusCode, message: String },
    /// The request could not be put together.
    Setup(String),
}

/// A token and whether it was fetched just now.
pub(super) struct Granted {
    pub(super) secret: Secret,
    pub(super) fresh: bool,
}

impl ClientCredentials {
    /// The cached token, or one fetched now. Calls that wait meanwhile get the same one.
    async fn granted(
        &self,
        http: &reqwest::Client,
        endpoint: Result<Url, String>,
        scopes: &[&str],
        refused: Option<&Secret>,
    ) -> Result<Granted, NoToken> {
        let mut slot = self.cache.token.lock().await;
        if let Some(token) = &*slot {
            let due = token.refresh_at.is_some_and(|at| Instant::now() >= at);
            let refused = refused.is_some_and(|refused| refused.expose() == token.secret.expose());
            if !due && !refused {
                return Ok(Granted {
                    secret: token.secret.clone(),
                    fresh: false,
                });
            }
            *slot = None;
        }
        let asked = Instant::now();
        let url = endpoint.map_err(NoToken::Setup)?;
        let request = self.request(url, scopes);
        let response = http.execute(request).await.map_err(NoToken::Sending)?;
        let status = response.status();
        let body = read(response).await.map_err(NoToken::Sending)?;
        let (secret, lifetime) = read_token(status, &body).map_err(|message| {
            let message = self.blanks().blank(message);
            NoToken::Refused { status, message }
        })?;
        let refresh_at = lifetime
            .and_then(|lifetime| asked.checked_add(lifetime.saturating_sub(margin(lifetime))));
        *slot = Some(Token {
            secret: secret.clone(),
            refresh_at,
        });
        Ok(Granted {
            secret,
            fresh: true,
        })
    }
}

/// How long before its end a token is replaced: a tenth of its life, at most a minute.
fn margin(lifetime: Duration) -> Duration {
    (lifetime / 10).min(Duration::from_secs(60))
}

/// The answer of a token endpoint, which is small.
async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, reqwest::Error> {
    const ENOUGH: usize = 256 * 1024;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > ENOUGH {
            break;
        }
    }
    Ok(body)
}

/// RFC 6749 sections 5.1 and 5.2.
fn read_token(status: StatusCode, body: &[u8]) -> Result<(Secret, Option<Duration>), String> {
    let value: Value = json::from_slice(body).unwrap_or_default();
    if !status.is_success() {
        let mut said = String::new();
        for key in ["error", "error_description"] {
            if let Some(text) = value.get(key).and_then(Value::as_str) {
                said.push_str(if said.is_empty() { "" } else { ": " });
                said.push_str(text);
            }
        }
        said.retain(|c| !c.is_control());
        if let Some((end, _)) = said.char_indices().nth(300) {
            said.truncate(end);
        }
        return Err(format!("the token endpoint answered with {status} {said}")
            .trim_end()
            .to_owned());
    }
    let token = value
        .get("access_token")
        .and_then(Value::as_str)
        .filter(|token| !token.is_empty());
    let Some(token) = token else {
        return Err("the token endpoint answered without an `access_token`".to_owned());
    };
    let seconds = value.get("expires_in").and_then(|seconds| match seconds {
        Value::String(text) => text.parse::<f64>().ok(),
        other => other.as_f64(),
    });
    let lifetime = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok((Secret::from(token), lifetime))
}

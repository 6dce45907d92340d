//! Credentials: values that are sent and never shown.
//! It must not know which operation needs them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::error::BoxError;
#[cfg(feature = "oauth")]
use super::oauth::ClientCredentials;

/// A text that is sent and never shown: `Debug` prints `Secret(…)` and there is no `Display`.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// The secrets of a call, to be blanked in texts of the server's.
#[derive(Clone, Default)]
pub(super) struct Blanks(Vec<Secret>);

impl Blanks {
    pub(super) fn add(&mut self, secret: Secret) {
        // A text of a few characters would blank what is no secret.
        if secret.expose().len() >= 4 {
            self.0.push(secret);
        }
    }

    pub(super) fn blank(&self, mut text: String) -> String {
        for secret in &self.0 {
            text = blanked(&text, secret.expose());
        }
        text
    }
}

fn blanked(text: &str, secret: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        rest = if let Some(after) = rest.strip_prefix(secret) {
            out.push('…');
            after
        } else {
            out.push(first);
            &rest[first.len_utf8()..]
        };
    }
    out
}

/// What a security scheme asks for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// A key; also the whole `Authorization` value of a scheme that is neither basic nor bearer.
    ApiKey(Secret),
    /// A user name and a password. Neither is shown: some services take the key as the user name.
    Basic {
        /// The user name; a colon in it is an error when a call is made.
        username: Secret,
        /// The password; may be empty.
        password: Secret,
    },
    /// A bearer token.
    Bearer(Secret),
    /// Client credentials, exchanged for a bearer token when one is needed.
    #[cfg(feature = "oauth")]
    OAuth2(ClientCredentials),
    /// A source asked before every attempt; what it returns is used as key or bearer token.
    Provider(Provider),
}

impl Credential {
    /// Basic credentials.
    pub fn basic(username: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        Self::Basic {
            username: username.into(),
            password: password.into(),
        }
    }

    /// A source of keys or tokens.
    pub fn provider(source: impl TokenProvider) -> Self {
        Self::Provider(Provider(Arc::new(source)))
    }
}

/// The future of a token.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Secret, BoxError>> + Send + 'a>>;

/// A source of keys or tokens that are not known when the client is built.
///
/// It is asked before every attempt and should cache what it can.
pub trait TokenProvider: Send + Sync + 'static {
    /// The token to use now. `refused` is the one that the server just answered with 401, if any.
    fn token<'a>(&'a self, refused: Option<&'a Secret>) -> TokenFuture<'a>;
}

/// A shared [`TokenProvider`].
#[derive(Clone)]
pub struct Provider(pub(super) Arc<dyn TokenProvider>);

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Provider(…)")
    }
}

//! An API in the form of an emitted module: plain types, static operations, thin functions.

mod codec;
pub mod hostile;
pub mod pets;
pub mod types;

pub use types::*;

use crate::runtime;

/// A client of the sample API.
#[derive(Clone, Debug)]
pub struct Client {
    core: runtime::Core,
}

runtime::client! { Client, ClientBuilder, API }

impl ClientBuilder {
    /// The key sent as the header `X-API-Key`.
    pub fn api_key(self, key: impl Into<runtime::Secret>) -> Self {
        self.credential(0, runtime::Credential::ApiKey(key.into()))
    }

    /// The key sent as the query parameter `key`.
    pub fn query_key(self, key: impl Into<runtime::Secret>) -> Self {
        self.credential(1, runtime::Credential::ApiKey(key.into()))
    }

    /// The key sent as the cookie `sid`.
    pub fn cookie_key(self, key: impl Into<runtime::Secret>) -> Self {
        self.credential(2, runtime::Credential::ApiKey(key.into()))
    }

    /// User name and password.
    pub fn basic(
        self,
        username: impl Into<runtime::Secret>,
        password: impl Into<runtime::Secret>,
    ) -> Self {
        self.credential(3, runtime::Credential::basic(username, password))
    }

    /// A bearer token.
    pub fn bearer(self, token: impl Into<runtime::Secret>) -> Self {
        self.credential(4, runtime::Credential::Bearer(token.into()))
    }

    /// Any credential for the OAuth 2 scheme.
    pub fn oauth(self, credential: runtime::Credential) -> Self {
        self.credential(5, credential)
    }
}

/// The sample API.
pub static API: runtime::Api = runtime::Api {
    name: "sample",
    title: "Sample API",
    version: "1.0.0",
    base_url: "https://sample.invalid/v1",
    base_url_variable: "SAMPLE_BASE_URL",
    schemes: &[
        runtime::Scheme {
            name: "ApiKeyAuth",
            kind: runtime::SchemeKind::ApiKey {
                location: runtime::Location::Header,
                name: "X-API-Key",
            },
            method: "api_key",
            variables: &["SAMPLE_API_KEY"],
        },
        runtime::Scheme {
            name: "QueryKey",
            kind: runtime::SchemeKind::ApiKey {
                location: runtime::Location::Query,
                name: "key",
            },
            method: "query_key",
            variables: &["SAMPLE_QUERY_KEY"],
        },
        runtime::Scheme {
            name: "CookieKey",
            kind: runtime::SchemeKind::ApiKey {
                location: runtime::Location::Cookie,
                name: "sid",
            },
            method: "cookie_key",
            variables: &["SAMPLE_COOKIE_KEY"],
        },
        runtime::Scheme {
            name: "BasicAuth",
            kind: runtime::SchemeKind::Basic,
            method: "basic",
            variables: &["SAMPLE_USERNAME", "SAMPLE_PASSWORD"],
        },
        runtime::Scheme {
            name: "BearerAuth",
            kind: runtime::SchemeKind::Bearer,
            method: "bearer",
            variables: &["SAMPLE_TOKEN"],
        },
        runtime::Scheme {
            name: "OAuth",
            kind: runtime::SchemeKind::OAuth2 {
                token_url: "/token",
                scopes: &["read", "write"],
            },
            method: "oauth",
            variables: &["SAMPLE_CLIENT_ID", "SAMPLE_CLIENT_SECRET"],
        },
    ],
};

impl Client {
    /// Operations on pets.
    pub fn pets(&self) -> pets::Pets<'_> {
        pets::Pets { core: &self.core }
    }
}

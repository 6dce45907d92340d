//! A client's configuration: what the builder collects, and the shared result of building it.
//! It must not know single operations.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::address::Base;
use super::error::Error;
use super::header_map::{self, put};
#[cfg(feature = "oauth")]
use super::oauth::ClientCredentials;
use super::operation::{Api, Scheme, SchemeKind};
use super::retry::Budget;
use super::secret::{Credential, Secret};
use super::transport;

/// The whole call, with retries, waiting and reading the body: 60 s unless set.
pub const TIMEOUT: Duration = Duration::from_secs(60);
/// Making a connection: 5 s unless set.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest silence in a streamed body: 30 s unless set.
pub const STREAM_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a call is tried again: twice unless set.
pub const MAX_RETRIES: u32 = 2;
/// The largest body that is read into memory: 256 MiB unless set.
pub const MAX_RESPONSE_BYTES: u64 = 256 << 20;

/// What every client is made of: a shared configuration and a pool of connections.
///
/// Cloning is cheap and keeps the pool.
#[derive(Clone)]
pub struct Core {
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) api: &'static Api,
    pub(super) base: Base,
    /// Whether the base URL is the document's own, so that an operation's own server applies.
    pub(super) documented_base: bool,
    pub(super) http: reqwest::Client,
    pub(super) credentials: Vec<Option<Credential>>,
    pub(super) headers: HeaderMap,
    pub(super) limits: Limits,
    pub(super) idempotency_header: Option<HeaderName>,
    pub(super) budget: Budget,
}

/// The limits of a call; each can be set per client, and most per call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) timeout: Duration,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) stream_idle_timeout: Duration,
    pub(super) max_retries: u32,
    pub(super) max_response_bytes: u64,
}

impl Core {
    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The base URL, without its query.
    #[inline]
    pub fn base_url(&self) -> String {
        self.shared.base.public()
    }
}

impl fmt::Debug for Core {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("api", &self.shared.api.name)
            .field("base_url", &self.base_url())
            .field(
                "credentials",
                &given(self.shared.api, &self.shared.credentials),
            )
            .finish_non_exhaustive()
    }
}

/// The names of the schemes that have a credential.
#[inline]
fn given(api: &'static Api, credentials: &[Option<Credential>]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (index, scheme) in api.schemes.iter().enumerate() {
        if let Some(Some(_)) = credentials.get(index) {
            names.push(scheme.name);
        }
    }
    names
}

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// What a client builder collects. The methods of the same names on the builders say what each does.
pub struct Settings {
    api: &'static Api,
    base_url: Option<String>,
    credentials: Vec<Option<Credential>>,
    headers: HeaderMap,
    limits: Limits,
    connect_timeout: Duration,
    idempotency_header: Option<HeaderName>,
    retry_budget: Option<u32>,
    configure: Option<Configure>,
    fault: Option<String>,
}

impl Settings {
    /// The defaults of an API.
    #[inline]
    pub fn new(api: &'static Api) -> Self {
        let mut settings = Self {
            api,
            base_url: None,
            credentials: vec![None; api.schemes.len()],
            headers: HeaderMap::new(),
            limits: Limits {
                timeout: TIMEOUT,
                attempt_timeout: None,
                stream_idle_timeout: STREAM_IDLE_TIMEOUT,
                max_retries: MAX_RETRIES,
                max_response_bytes: MAX_RESPONSE_BYTES,
            },
            connect_timeout: CONNECT_TIMEOUT,
            idempotency_header: None,
            retry_budget: Some(Budget::CAPACITY),
            configure: None,
            fault: None,
        };
        let mut user_agent = format!("{}/", api.name);
        for character in api.version.chars() {
            if character.is_ascii_graphic() {
                user_agent.push(character);
            }
        }
        settings.header("user-agent", &user_agent);
        settings
    }

    /// The defaults, with the base URL and the credentials that the environment holds. An empty variable counts as
    /// absent.
    #[inline]
    pub fn from_env(api: &'static Api) -> Self {
        let mut settings = Self::new(api);
        settings.base_url = settings.variable(api.base_url_variable);
        for (index, scheme) in api.schemes.iter().enumerate() {
            settings.credentials[index] = settings.credential_from_env(scheme);
        }
        settings
    }

    #[inline]
    fn variable(&mut self, name: &str) -> Option<String> {
        if name.is_empty() {
            return None;
        }
        match std::env::var(name) {
            Ok(value) => (!value.is_empty()).then_some(value),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => {
                self.fault(format!("the environment variable `{name}` is not UTF-8"));
                None
            }
        }
    }

    #[inline]
    fn credential_from_env(&mut self, scheme: &'static Scheme) -> Option<Credential> {
        let mut value = |index: usize| match scheme.variables.get(index) {
            Some(name) => self.variable(name),
            None => None,
        };
        let (first, second) = (value(0), value(1));
        match (scheme.kind, scheme.variables.len()) {
            (SchemeKind::Basic, _) => Some(Credential::basic(first?, second.unwrap_or_default())),
            #[cfg(feature = "oauth")]
            (SchemeKind::OAuth2 { .. }, 2) => {
                Some(Credential::OAuth2(ClientCredentials::new(first?, second?)))
            }
            // A token, which goes first, or what tokens are fetched with.
            #[cfg(feature = "oauth")]
            (SchemeKind::OAuth2 { .. }, 3) if first.is_none() => Some(Credential::OAuth2(
                ClientCredentials::new(second?, value(2)?),
            )),
            (SchemeKind::OAuth2 { .. } | SchemeKind::Bearer, _) => {
                Some(Credential::Bearer(first?.into()))
            }
            _ => Some(Credential::ApiKey(Secret::new(first?))),
        }
    }

    /// Notes the first thing that is wrong, for [`Settings::build`] to report.
    #[inline]
    fn fault(&mut self, message: String) {
        self.fault.get_or_insert(message);
    }

    /// Sets the base URL.
    pub fn base_url(&mut self, url: impl Into<String>) {
        self.base_url = Some(url.into());
    }

    /// Sets the credential of the scheme at a position of [`Api::schemes`].
    #[inline]
    pub fn credential(&mut self, scheme: usize, credential: Credential) {
        if let Some(slot) = self.credentials.get_mut(scheme) {
            *slot = Some(credential);
        }
    }

    /// Sets a header of every request.
    pub fn header(&mut self, name: &str, value: &str) {
        match header(name, value) {
            Ok((name, value)) => {
                put(&mut self.headers, name, value);
            }
            Err(message) => self.fault(message),
        }
    }

    /// Sets the time of a whole call.
    #[inline]
    pub fn timeout(&mut self, timeout: Duration) {
        self.limits.timeout = timeout;
    }

    /// Sets the time of one attempt.
    #[inline]
    pub fn attempt_timeout(&mut self, timeout: Duration) {
        self.limits.attempt_timeout = Some(timeout);
    }

    /// Sets the time for making a connection.
    #[inline]
    pub fn connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
    }

    /// Sets the longest silence in a streamed body.
    #[inline]
    pub fn stream_idle_timeout(&mut self, timeout: Duration) {
        self.limits.stream_idle_timeout = timeout;
    }

    /// Sets how often a call is tried again.
    #[inline]
    pub fn max_retries(&mut self, retries: u32) {
        self.limits.max_retries = retries;
    }

    /// Sets the capacity of the retry budget; `None` lifts it.
    #[inline]
    pub fn retry_budget(&mut self, tokens: Option<u32>) {
        self.retry_budget = tokens;
    }

    /// Sets the largest body that is read into memory.
    #[inline]
    pub fn max_response_bytes(&mut self, bytes: u64) {
        self.limits.max_response_bytes = bytes;
    }

    /// Sends a generated key under this header with calls whose method is not idempotent.
    #[inline]
    pub fn idempotency_header(&mut self, name: &str) {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => self.idempotency_header = Some(name),
            Err(_) => self.fault(format!("`{}` is no header name", name.escape_debug())),
        }
    }

    /// Adjusts the HTTP client before it is built.
    pub fn http_client(
        &mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) {
        self.configure = Some(Box::new(configure));
    }

    /// Builds the core, or says what is wrong.
    pub fn build(self) -> Result<Core, Error> {
        if let Some(message) = self.fault {
            return Err(Error::build(None, message));
        }
        let chosen = self
            .base_url
            .as_deref()
            .map(str::trim)
            .filter(|url| !url.is_empty());
        let base = self.base(chosen)?;
        let documented =
            Base::parse(self.api.base_url).is_ok_and(|documented| documented.url() == base.url());
        let http = {
            let user_agent = header_map::get(&self.headers, "user-agent");
            transport::client(&base, self.connect_timeout, user_agent, self.configure)?
        };
        Ok(Core {
            shared: Arc::new(Shared {
                api: self.api,
                base,
                documented_base: documented,
                http,
                credentials: self.credentials,
                headers: self.headers,
                limits: self.limits,
                idempotency_header: self.idempotency_header,
                budget: Budget::new(self.retry_budget),
            }),
        })
    }

    /// The base URL chosen, a relative one of the document not being enough.
    fn base(&self, chosen: Option<&str>) -> Result<Base, Error> {
        let remedy = || {
            let variable = match self.api.base_url_variable {
                "" => String::new(),
                name => format!(" or set `{name}`"),
            };
            format!("call `ClientBuilder::base_url`{variable}")
        };
        match chosen {
            Some(url) => Base::parse(url).map_err(|message| {
                Error::build(None, format!("the base URL is unusable: {message}"))
            }),
            None => Base::parse(self.api.base_url).map_err(|_| {
                Error::build(
                    None,
                    format!(
                        "the document of {} names no host: {}",
                        self.api.title,
                        remedy()
                    ),
                )
            }),
        }
    }
}

impl fmt::Debug for Settings {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = self.base_url.as_deref().unwrap_or(self.api.base_url);
        f.debug_struct("Settings")
            .field("api", &self.api.name)
            .field(
                "base_url",
                &Base::parse(base_url)
                    .map(|base| base.public())
                    .unwrap_or_default(),
            )
            .field("credentials", &given(self.api, &self.credentials))
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A header, or why there cannot be one; the message does not hold the value.
pub(super) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| format!("`{}` is no header name", name.escape_debug()))?;
    let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
        format!(
            "the value of the header `{parsed}` holds a control character, such as a line break"
        )
    })?;
    Ok((parsed, value))
}

//! What every client and request builder has, written once; emitted modules invoke these.
//! They must not know single APIs: everything particular is an argument. Nothing of the prelude is named, since a
//! document's types may have any name.

// A crate may have no operation of some kind, or none at all.
#![allow(unused_macros, unused_imports)]

/// Sets an optional property.
pub fn set<T>(property: &mut Option<T>, value: impl Into<T>) {
    *property = Some(value.into());
}

/// `client! { Client, ClientBuilder, API }`: building a client whose struct is `{ core: Core }`.
macro_rules! client {
    // `#[inline]`: compiled with the program that calls it.
    ($client:ident, $builder:ident, $api:expr) => {
        impl $client {
            /// Starts building a client.
            #[inline]
            pub fn builder() -> $builder {
                $builder { settings: $crate::runtime::Settings::new(&$api) }
            }

            /// Builds a client from the environment: the base URL and every credential whose variable is set and not
            /// empty.
            ///
            /// # Errors
            ///
            #[doc = concat!("As [`", stringify!($builder), "::build`]. A missing credential is an error of the first call that needs it.")]
            #[inline]
            pub fn from_env() -> ::core::result::Result<Self, $crate::runtime::Error> {
                $builder::from_env().build()
            }
        }

        /// What a client is built from. Every setting has a default but the credentials.
        #[derive(Debug)]
        #[must_use = "a builder does nothing until `build` is called"]
        pub struct $builder {
            settings: $crate::runtime::Settings,
        }

        #[allow(dead_code)]
        impl $builder {
            /// Starts from the environment: the base URL and every credential whose variable is set and not empty.
            #[inline]
            pub fn from_env() -> Self {
                Self { settings: $crate::runtime::Settings::from_env(&$api) }
            }

            /// Sets the base URL. Its path and query are kept: the path of an operation is appended, and credentials go
            /// to its origin only.
            ///
            /// Operations with a server of their own are sent there only as long as the base URL is the document's.
            #[inline]
            pub fn base_url(mut self, url: impl ::core::convert::Into<::std::string::String>) -> Self {
                self.settings.base_url(url);
                self
            }

            /// Limits a whole call, with its retries, waiting and reading the body: 60 s unless set. A streamed body is
            /// not part of it.
            #[inline]
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.settings.timeout(timeout);
                self
            }

            /// Limits one attempt; not limited unless set.
            #[inline]
            pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.settings.attempt_timeout(timeout);
                self
            }

            /// Limits making a connection: 5 s unless set.
            #[inline]
            pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.settings.connect_timeout(timeout);
                self
            }

            /// Limits the silence in a streamed body: 30 s unless set.
            #[inline]
            pub fn stream_idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.settings.stream_idle_timeout(timeout);
                self
            }

            /// Sets how often a call is tried again: twice unless set.
            ///
            /// Tried again are connection errors, timeouts and the statuses 408, 409, 429 and 5xx, after
            /// `min(0.5·2ⁿ, 8)` s less up to a quarter, or after what the server asks for up to 120 s. A method that is
            /// not idempotent is tried again only if nothing was sent, after 429, after 503 with `Retry-After`, or with
            /// an idempotency key. A streamed body is sent once.
            #[inline]
            pub fn max_retries(mut self, retries: u32) -> Self {
                self.settings.max_retries(retries);
                self
            }

            /// Sets the capacity of the retry budget, which all calls of the client share; `None` lifts it.
            ///
            /// A retry takes 5 tokens, after a timeout 10; a success gives back what its retry took, or 1. There are 500
            /// unless set.
            #[inline]
            pub fn retry_budget(mut self, tokens: impl ::core::convert::Into<::core::option::Option<u32>>) -> Self {
                self.settings.retry_budget(tokens.into());
                self
            }

            /// Sends a generated key under this header with every call whose method is not idempotent, so that it may be
            /// tried again. All attempts of a call have the same key.
            #[inline]
            pub fn idempotency_header(mut self, name: &str) -> Self {
                self.settings.idempotency_header(name);
                self
            }

            /// Sets a header of every request.
            #[inline]
            pub fn header(mut self, name: &str, value: &str) -> Self {
                self.settings.header(name, value);
                self
            }

            /// Sets the `User-Agent`.
            #[inline]
            pub fn user_agent(mut self, value: &str) -> Self {
                self.settings.header("user-agent", value);
                self
            }

            /// Sets the largest body, event or line that is read into memory: 256 MiB unless set.
            #[inline]
            pub fn max_response_bytes(mut self, bytes: u64) -> Self {
                self.settings.max_response_bytes(bytes);
                self
            }

            /// Adjusts the HTTP client under the client, for a proxy, a certificate or the pool of connections.
            ///
            /// Redirects stay with the client, which knows what may go to another origin.
            #[inline]
            pub fn http_client(
                mut self,
                configure: impl ::core::ops::FnOnce($crate::runtime::reqwest::ClientBuilder) -> $crate::runtime::reqwest::ClientBuilder
                + ::core::marker::Send
                + 'static,
            ) -> Self {
                self.settings.http_client(configure);
                self
            }

            /// Builds the client.
            ///
            /// # Errors
            ///
            /// [`Error::Build`](crate::runtime::Error::Build) for a base URL that is none, a header that cannot be sent,
            /// or a TLS set-up that fails.
            #[inline]
            pub fn build(self) -> ::core::result::Result<$client, $crate::runtime::Error> {
                ::core::result::Result::Ok($client { core: self.settings.build()? })
            }

            #[inline]
            fn credential(mut self, scheme: usize, credential: $crate::runtime::Credential) -> Self {
                self.settings.credential(scheme, credential);
                self
            }
        }
    };
}

/// `resource! { Pets }`: that a group of operations is copied and shown. It is not derived, since that is more to compile.
macro_rules! resource {
    ($resource:ident) => {
        #[allow(clippy::expl_impl_clone_on_copy, reason = "what is derived is longer")]
        impl ::core::clone::Clone for $resource<'_> {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        impl ::core::marker::Copy for $resource<'_> {}

        impl ::core::fmt::Debug for $resource<'_> {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.core.describe(stringify!($resource), f)
            }
        }
    };
}

/// `request! { ListPets(ListPetsEndpoint) => Pets, runtime::decode::json }`: the endpoint that the alias `ListPets` names.
macro_rules! request {
    // How nearly all replies are read is a type: a constant of each endpoint would be compiled as a function is.
    ($request:ident($endpoint:ident $(,)?) => $output:ty, runtime::decode::json $(,)?) => {
        /// What a request is for, as a type; it has no values.
        pub enum $endpoint {}

        impl $crate::runtime::Answered for $endpoint {
            type Answer = $crate::runtime::Json<$output>;
        }
    };
    ($request:ident($endpoint:ident $(,)?) => (), runtime::decode::empty $(,)?) => {
        /// What a request is for, as a type; it has no values.
        pub enum $endpoint {}

        impl $crate::runtime::Answered for $endpoint {
            type Answer = $crate::runtime::Empty;
        }
    };
    ($request:ident($endpoint:ident $(,)?) => $output:ty, $decode:expr $(,)?) => {
        /// What a request is for, as a type; it has no values.
        pub enum $endpoint {}

        impl $crate::runtime::Endpoint for $endpoint {
            type Output = $output;
            const DECODE: $crate::runtime::Decoder<$output> = $decode;
        }
    };
}

/// `headers! { ListPetsHeaders { total: "X-Total" Bare, next?: "X-Next" Text } }`: reading a struct of documented headers,
/// a line per header with its [`HeaderForm`](super::HeaderForm); `?` for one that may be missing.
macro_rules! headers {
    ($name:ident { $($field:ident $(? $(@ $optional:ident)?)? : $key:literal $form:ident $(($($part:tt)*))?),+ $(,)? }) => {
        impl $name {
            /// Reads the documented headers of a response or an error.
            ///
            /// # Errors
            ///
            /// [`Error::Decode`](crate::runtime::Error::Decode), which names the header, for one that is not as
            /// documented.
            #[inline]
            pub fn of(
                reply: &impl $crate::runtime::Headed,
            ) -> ::core::result::Result<Self, $crate::runtime::Error> {
                Self::read($crate::runtime::DocumentedHeaders::of(reply))
            }

            #[inline]
            fn read(
                headers: $crate::runtime::DocumentedHeaders<'_>,
            ) -> ::core::result::Result<Self, $crate::runtime::Error> {
                ::core::result::Result::Ok(Self {
                    $($field: $crate::runtime::header!(
                        headers, $key, $crate::runtime::HeaderForm::$form $(($($part)*))? $(, ? $($optional)?)?
                    )),+
                })
            }
        }
    };
}

macro_rules! header {
    ($headers:ident, $key:literal, $form:expr) => {
        $headers.required($key, $form)?
    };
    ($headers:ident, $key:literal, $form:expr, ?) => {
        $headers.optional($key, $form)?
    };
}

pub(crate) use {client, header, headers, request, resource};

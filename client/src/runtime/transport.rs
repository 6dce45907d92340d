//! The HTTP client under a core: rustls with ring, roots of the platform, no redirects of its own.
//! It must not know operations.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::address::Base;
use super::error::{BoxError, BuildError, Error};

/// Builds the HTTP client.
///
/// The cryptography is handed over with the client: nothing is installed for the whole process.
pub(super) fn client(
    base: &Base,
    connect_timeout: Duration,
    user_agent: Option<&HeaderValue>,
    configure: Option<Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>>,
) -> Result<reqwest::Client, Error> {
    let tls = match verified() {
        Ok(tls) => tls,
        // Without roots, which small containers lack, plain HTTP still works.
        Err(_) if base.url().scheme() == "http" => trusting_nobody().map_err(failed)?,
        Err(e) => return Err(failed(e)),
    };
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(connect_timeout);
    // For requests that are no calls: those of tokens.
    if let Some(user_agent) = user_agent {
        builder = builder.user_agent(user_agent);
    }
    if let Some(configure) = configure {
        builder = configure(builder);
    }
    // Redirects are followed by the call, which knows what may go to another origin.
    builder
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|e| failed(e.without_url().into()))
}

fn failed(source: BoxError) -> Error {
    let message = format!("the HTTP client cannot be set up: {source}");
    Error::Build(Box::new(BuildError {
        operation: None,
        message,
        source: Some(source),
    }))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn verified() -> Result<rustls::ClientConfig, BoxError> {
    let builder = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?;
    Ok(protocols(
        builder.with_platform_verifier()?.with_no_client_auth(),
    ))
}

fn trusting_nobody() -> Result<rustls::ClientConfig, BoxError> {
    let builder = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?;
    Ok(protocols(
        builder
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth(),
    ))
}

fn protocols(mut config: rustls::ClientConfig) -> rustls::ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

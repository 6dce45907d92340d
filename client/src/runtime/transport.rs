//! The HTTP client under a core: rustls with ring, roots of the platform, no redirects of its own.
//! It must not know operations.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue, USER_AGENT};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::address::Base;
use super::error::{BoxError, BuildError, Error};
use super::header_map::put;

/// Builds the HTTP client.
///
/// The cryptography is handed over with the client: nothing is installed for the whole process.
pub(super) fn client(
    base: &Base,
    connect_timeout: Duration,
    user_agent: Option<&HeaderValue>,
    configure: Option<Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>>,
) -> Result<reqwest::Client, Error> {
    let tls = match tls(true) {
        Ok(tls) => tls,
        // Without roots, which small containers lack, plain HTTP still works.
        Err(_) if base.url().scheme() == "http" => tls(false).map_err(|e| failed(e.into()))?,
        Err(e) => return Err(failed(e.into())),
    };
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(connect_timeout);
    // For requests that are no calls: those of tokens.
    if let Some(user_agent) = user_agent {
        let mut headers = HeaderMap::new();
        put(&mut headers, USER_AGENT, user_agent.clone());
        builder = builder.default_headers(headers);
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

/// TLS that trusts whom the platform trusts, or nobody.
///
/// An error of rustls goes on as its text: as a value it would bring the `Debug` of all its parts along.
fn tls(platform: bool) -> Result<rustls::ClientConfig, String> {
    let provider = rustls::crypto::ring::default_provider();
    let schemes = provider
        .signature_verification_algorithms
        .supported_schemes();
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?;
    let builder = if platform {
        builder
            .with_platform_verifier()
            .map_err(|e| e.to_string())?
    } else {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Nobody(schemes)))
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Trusts no certificate, whatever it is signed with.
struct Nobody(Vec<SignatureScheme>);

impl fmt::Debug for Nobody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nobody")
    }
}

impl ServerCertVerifier for Nobody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verify_tls12_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.clone()
    }
}

//! The HTTP client under a core: rustls with ring, roots of the platform, no redirects of its own.
//! It must not know operations.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

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
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match Verifier::new(provider.clone()) {
        Ok(verifier) => Arc::new(verifier),
        // Without roots, which small containers lack, plain HTTP still works.
        Err(_) if base.url().scheme() == "http" => Arc::new(Nobody(
            provider.signature_verification_algorithms.supported_schemes(),
        )),
        Err(e) => return Err(failed(e.to_string().into())),
    };
    let tls = tls(provider, verifier).map_err(|message| failed(message.into()))?;
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

/// The error of rustls goes on as its text: as a value it would bring all its parts' `Debug` along, two thousand lines of LLVM.
fn tls(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<rustls::ClientConfig, String> {
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Trusts no certificate, whatever it is signed with.
#[derive(Debug)]
struct Nobody(Vec<SignatureScheme>);

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

//! Calls over TLS: whom a client trusts, and what happens when a redirect leaves TLS.

use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::runtime::Error;
use crate::sample::ClientBuilder;
use crate::server::{Answer, Server};
use crate::{PET, builder, shown};

/// A server's side of TLS, and the client's side that trusts it.
fn tls() -> (TlsAcceptor, ClientConfig) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let server = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocols")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let client = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocols")
        .with_root_certificates(roots)
        .with_no_client_auth();
    (TlsAcceptor::from(Arc::new(server)), client)
}

fn trusting(builder: ClientBuilder, tls: ClientConfig) -> ClientBuilder {
    builder.http_client(move |http| http.tls_backend_preconfigured(tls))
}

#[tokio::test]
async fn strangers_are_not_trusted_unless_the_caller_does() {
    let (acceptor, trust) = tls();
    let server = Server::secure(acceptor, |_, _| Answer::json(PET)).await;
    let wary = builder(&server).max_retries(0).build().expect("a client");
    let error = wary.pets().get("7").await.expect_err("a stranger");
    assert!(matches!(error, Error::Connect(_)), "{error}");
    assert!(
        error.to_string().to_lowercase().contains("certificate"),
        "{error}"
    );
    assert_eq!(server.count(), 0);
    let pet = trusting(builder(&server), trust)
        .build()
        .expect("a client")
        .pets()
        .get("7")
        .await;
    assert_eq!(pet.expect("a pet").name, "Rex");
}

#[tokio::test]
async fn plain_text_is_no_tls() {
    let server = Server::answering(vec![Answer::json(PET)]).await;
    let client = crate::sample::Client::builder()
        .base_url(server.url.replace("http:", "https:"))
        .max_retries(0)
        .build()
        .expect("a client");
    assert!(matches!(
        client.pets().get("7").await,
        Err(Error::Connect(_))
    ));
}

#[tokio::test]
async fn credentials_do_not_leave_tls() {
    let plain = Server::answering(vec![Answer::json(PET)]).await;
    let location = format!("{}/pets/7", plain.url);
    let (acceptor, trust) = tls();
    let server = Server::secure(acceptor, move |_, _| {
        Answer::new(307, &[("location", &location)], "")
    })
    .await;
    let keyed = trusting(builder(&server).api_key("hidden"), trust.clone())
        .build()
        .expect("a client");
    let error = keyed.pets().list().await.expect_err("refused");
    assert!(
        matches!(error, Error::Transport(_)) && error.to_string().contains("from https to http"),
        "{error}"
    );
    assert!(!error.is_retryable() && !shown(&error).contains("hidden"));
    assert_eq!((server.count(), plain.count()), (1, 0));
    // A call without credentials has nothing to lose.
    let anonymous = trusting(builder(&server), trust).build().expect("a client");
    assert_eq!(anonymous.pets().get("7").await.expect("a pet").id, 7);
    assert_eq!(plain.count(), 1);
}

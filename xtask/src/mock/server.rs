//! The HTTP side: loopback listeners, one request at a time read, answered and logged.

use std::{convert::Infallible, fmt, io, net::Ipv4Addr, sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Response, StatusCode,
    body::{Bytes, Incoming},
    header::{HeaderName, HeaderValue},
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::{answer::Api, problem::Problem, reply::Reply, request::Request};

/// No body is read beyond this.
const MAX_BODY: usize = 32 * 1024 * 1024;

/// Why an API cannot be served.
#[derive(Debug)]
pub(crate) struct BindError {
    port: u16,
    error: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error.kind() {
            io::ErrorKind::AddrInUse => write!(
                out,
                "port {} is in use; choose another with --port, or let --port 0 pick a free one",
                self.port
            ),
            _ => write!(out, "cannot listen on port {}: {}", self.port, self.error),
        }
    }
}

impl std::error::Error for BindError {}

/// Listens on loopback; port 0 is any free one.
pub(crate) async fn bind(port: u16) -> Result<TcpListener, BindError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| BindError { port, error })
}

/// Serves the API until the process ends.
pub(crate) async fn serve(listener: TcpListener, api: Arc<Api>, verbose: bool) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, api.clone(), verbose));
            }
            // Out of file handles, say: the next connection may fare better.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn connection(stream: TcpStream, api: Arc<Api>, verbose: bool) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let api = api.clone();
        async move { Ok::<_, Infallible>(exchange(&api, request, verbose).await) }
    });
    // A client that breaks off is no event here.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn exchange(
    api: &Api,
    request: hyper::Request<Incoming>,
    verbose: bool,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let method = head.method.clone();
    let reply = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => {
            let request = Request {
                method: head.method,
                path: path.clone(),
                query: head.uri.query().unwrap_or_default().to_owned(),
                headers: head.headers,
                body: body.to_bytes(),
            };
            api.answer(&request)
        }
        Err(error) if error.is::<LengthLimitError>() => Problem::new(
            413,
            format!("the request body is larger than {MAX_BODY} bytes"),
        )
        .into(),
        Err(error) => Problem::new(400, format!("the request body cannot be read: {error}")).into(),
    };
    if verbose {
        // No query, no headers: they may carry credentials.
        let reason = if reply.reason.is_empty() {
            String::new()
        } else {
            format!(" {}", reply.reason.replace('\n', " "))
        };
        eprintln!("{method} {path} {}{reason}", reply.status);
    }
    response(reply)
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        // A document may name headers that HTTP does not allow, or that frame the message.
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            let frames = [
                hyper::header::TRANSFER_ENCODING,
                hyper::header::CONTENT_LENGTH,
                hyper::header::CONNECTION,
                hyper::header::CONTENT_ENCODING,
            ];
            if !frames.contains(&name) {
                response.headers_mut().append(name, value);
            }
        }
    }
    response
}

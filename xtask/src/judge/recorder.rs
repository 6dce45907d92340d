//! A server that keeps the heads of requests as they arrived, and says nothing: for what the judges do not look at.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::failure::Failure;

/// A running recorder; it ends with the program.
pub(super) struct Recorder {
    port: u16,
    heads: Arc<Mutex<Vec<Head>>>,
}

/// The head of a request.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Path and query as they were sent.
    pub(super) target: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
}

impl Recorder {
    pub(super) fn start() -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::new(format!("cannot listen: {error}"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heads);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A connection that breaks has nothing to record.
                if let Ok(Some(head)) = answered(stream) {
                    kept.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(head);
                }
            }
        });
        Ok(Self { port, heads })
    }

    pub(super) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The last request since the one that was taken before.
    pub(super) fn take(&self) -> Option<Head> {
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        let last = heads.pop();
        heads.clear();
        last
    }
}

/// Reads one request, answers 204 and closes.
fn answered(mut stream: TcpStream) -> std::io::Result<Option<Head>> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    let end = loop {
        if let Some(end) = position(&bytes, b"\r\n\r\n") {
            break end;
        }
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&buffer[..count]);
    };
    let head = parsed(&String::from_utf8_lossy(&bytes[..end]));
    let header = |wanted: &str| {
        let mut found = head.headers.iter().filter(|(name, _)| name == wanted);
        found.next().map(|(_, value)| value.as_str())
    };
    let chunked = header("transfer-encoding").is_some();
    let length: usize = header("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while (chunked && !body.ends_with(b"0\r\n\r\n")) || body.len() < length {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        body.extend_from_slice(&buffer[..count]);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
    Ok(Some(head))
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn parsed(text: &str) -> Head {
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Head {
        target: first.split(' ').nth(1).unwrap_or_default().to_owned(),
        headers: headers.collect(),
    }
}

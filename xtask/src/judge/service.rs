//! A server in a process of its own, for as long as a judge sits: started on a free port, ended with its value.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running server.
pub(super) struct Service {
    child: Child,
    port: u16,
}

impl Service {
    /// Starts a server on a free port, which `command` is told, and waits until it takes connections. What it prints
    /// goes to the file `log`.
    pub(super) fn start(
        name: &str,
        log: &Path,
        command: impl FnOnce(u16) -> Command,
    ) -> Result<Self, Failure> {
        let port = free_port()?;
        let output = File::create(log).map_err(|error| Failure::io("write", log, &error))?;
        let errors = output
            .try_clone()
            .map_err(|error| Failure::io("write", log, &error))?;
        let mut command = command(port);
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        let child = command
            .spawn()
            .map_err(|error| Failure::new(format!("cannot start {name}: {error}")))?;
        let mut service = Self { child, port };
        service.wait(name, log)?;
        Ok(service)
    }

    /// `http://localhost:PORT`.
    pub(super) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Whether it has not ended by itself.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn wait(&mut self, name: &str, log: &Path) -> Result<(), Failure> {
        let start = Instant::now();
        let help = format!("see `{}`", log.display());
        loop {
            if TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], self.port))).is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Failure::new(format!("{name} ended: {status}")).help(help));
            }
            if start.elapsed() > PATIENCE {
                return Err(Failure::new(format!("{name} does not answer")).help(help));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The body of what the server itself says at a path, for reports and documents; never a scenario.
    pub(super) fn get(&self, path: &str) -> Result<String, Failure> {
        let failed = |error: std::io::Error| {
            Failure::new(format!("cannot read `{path}` of the server: {error}"))
        };
        let mut stream =
            TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], self.port))).map_err(failed)?;
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nHost: localhost:{}\r\nAccept: application/json\r\n\r\n",
            self.port
        )
        .map_err(failed)?;
        let mut text = String::new();
        stream.read_to_string(&mut text).map_err(failed)?;
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        if head.split_whitespace().nth(1) == Some("200") {
            Ok(body.to_owned())
        } else {
            Err(Failure::new(format!(
                "the server has no `{path}`: {}",
                head.lines().next().unwrap_or_default()
            )))
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing else to do about it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<u16, Failure> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| Failure::new(format!("there is no free port: {error}")))
}

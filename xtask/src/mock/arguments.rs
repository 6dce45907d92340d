//! What `cargo xtask mock` takes on the command line; shared by the light command and the server, so it knows only clap.

/// Serves documents on loopback, as the vendor would: checked requests, documented answers.
///
/// Routes by path template; checks credentials, parameters and request bodies, and says in a problem JSON
/// (`application/problem+json`) what is wrong; answers with the document's own example or with a value made from the
/// schema; pages through made-up items where an operation is paginated.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// An API of `specs/callwright.toml`, or the path of an `OpenAPI` document (YAML or JSON); all APIs if left out
    #[arg(value_name = "API|FILE")]
    pub(crate) document: Option<String>,

    /// The port of the first API, the next API takes the next one; 0 picks a free port for each
    #[arg(long, value_name = "N", default_value_t = 4010)]
    pub(crate) port: u16,

    /// The only credential accepted (for basic: the password); otherwise any value but `invalid` is
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<String>,

    /// How many items a paginated operation has in total
    #[arg(long, value_name = "N", default_value_t = 45)]
    pub(crate) items: usize,

    /// Log a line per request on stderr: method, path, status and the reason of a refusal
    #[arg(long, short)]
    pub(crate) verbose: bool,

    /// Stop when stdin reaches its end, so that a parent process takes the server with it
    #[arg(long)]
    pub(crate) exit_with_stdin: bool,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask mock                        every vendored API, each on its own port
  cargo xtask mock wassist --port 8080    one API
  cargo xtask mock my/openapi.yaml --port 0

A line per API on stdout says where it is, base path included, and `ready` follows:
  wassist http://127.0.0.1:4010
  ready

Then, in another terminal:
  curl -H 'X-API-Key: any' 'http://127.0.0.1:4010/api/v1/conversations/?limit=5'
  curl -H 'X-API-Key: invalid' http://127.0.0.1:4010/api/v1/conversations/           a 401
  curl -H 'Prefer: code=404' -H 'X-API-Key: any' http://127.0.0.1:4010/…             a documented error
  curl -H 'Prefer: example=NAME' -H 'X-API-Key: any' http://127.0.0.1:4010/…         a named example";

impl Arguments {
    /// The arguments as a command line that parses to the same value.
    #[allow(dead_code, reason = "only the light command passes them on")]
    pub(crate) fn to_command_line(&self) -> Vec<String> {
        let mut line = vec![
            format!("--port={}", self.port),
            format!("--items={}", self.items),
        ];
        line.extend(self.token.iter().map(|token| format!("--token={token}")));
        if self.verbose {
            line.push("--verbose".to_owned());
        }
        if self.exit_with_stdin {
            line.push("--exit-with-stdin".to_owned());
        }
        if let Some(document) = &self.document {
            line.extend(["--".to_owned(), document.clone()]);
        }
        line
    }
}

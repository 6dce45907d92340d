//! Prints the sessions and conversations of all three platforms as a table.
//!
//! Without arguments it brings up the mock server of this repository and needs no account:
//!
//! ```console
//! $ cargo run -p callwright-client --example sessions --all-features
//! ```
//!
//! With `--base-url wassist=URL`, `--base-url anam=URL` and `--base-url chatsistant=URL` (or one
//! `--base-url URL` for all) it calls servers that run already, with the credentials of the environment
//! (`WASSIST_API_KEY`, `ANAM_TOKEN`, `CHATSISTANT_TOKEN`) or a made-up key where there is none.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Display;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use callwright_client::{anam, chatsistant, wassist};

/// A key that the mock server accepts, as it accepts any.
const MADE_UP_KEY: &str = "made-up-key";
/// Rows shown of each platform.
const ROWS: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut servers = arguments()?;
    let _mock = if servers.is_empty() {
        Some(Mock::start(&mut servers)?)
    } else {
        None
    };
    let url = |name: &str| {
        servers
            .get(name)
            .or(servers.get(""))
            .cloned()
            .ok_or_else(|| format!("no --base-url for {name}"))
    };

    let mut table = Table::default();
    whatsapp(&url("wassist")?, &mut table).await?;
    personas(&url("anam")?, &mut table).await?;
    chatbots(&url("chatsistant")?, &mut table).await?;
    print!("{table}");
    Ok(())
}

/// The link sessions and the conversations of Wassist.
async fn whatsapp(base_url: &str, table: &mut Table) -> Result<(), callwright_client::Error> {
    let client = wassist::Client::builder()
        .api_key(key("WASSIST_API_KEY"))
        .base_url(base_url)
        .build()?;
    for session in client
        .whatsapp_link_sessions()
        .list()
        .await?
        .into_iter()
        .take(ROWS)
    {
        table.row("wassist", "link session", &session.id, &session.status);
    }
    let mut conversations = client.conversations().list().limit(2).items();
    let mut shown = 0;
    while let Some(conversation) = conversations.try_next().await? {
        table.row(
            "wassist",
            "conversation",
            &conversation.id,
            &conversation.contact.phone_number,
        );
        shown += 1;
        if shown == ROWS {
            break;
        }
    }
    Ok(())
}

/// The sessions of Anam, over as many pages as it takes.
async fn personas(base_url: &str, table: &mut Table) -> Result<(), callwright_client::Error> {
    let client = anam::Client::builder()
        .bearer_token(key("ANAM_TOKEN"))
        .base_url(base_url)
        .build()?;
    let mut sessions = client.sessions().list().per_page(2).items();
    let mut shown = 0;
    while let Some(session) = sessions.try_next().await? {
        let id = session.id.map(|id| id.to_string()).unwrap_or_default();
        let started = session
            .start_time
            .map(|time| time.to_string())
            .unwrap_or_default();
        table.row("anam", "session", &id, &started);
        shown += 1;
        if shown == ROWS {
            break;
        }
    }
    Ok(())
}

/// The sessions of one chatbot of Chatsistant.
async fn chatbots(base_url: &str, table: &mut Table) -> Result<(), callwright_client::Error> {
    let client = chatsistant::Client::builder()
        .bearer_token(key("CHATSISTANT_TOKEN"))
        .base_url(base_url)
        .build()?;
    for session in client
        .sessions()
        .list("00000000-0000-0000-0000-000000000000")
        .await?
        .into_iter()
        .take(ROWS)
    {
        table.row("chatsistant", "session", &session.uuid, &session.created_at);
    }
    Ok(())
}

fn key(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| MADE_UP_KEY.to_owned())
}

/// The base URLs of the command line, by API; the empty name stands for all.
fn arguments() -> Result<HashMap<String, String>, String> {
    let mut servers = HashMap::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix("--base-url") {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        let value = value
            .ok_or_else(|| format!("unknown argument `{argument}`: use --base-url [API=]URL"))?;
        let (name, url) = match value.split_once('=') {
            Some((name, url)) if !name.contains('/') => (name.to_owned(), url.to_owned()),
            _ => (String::new(), value),
        };
        servers.insert(name, url);
    }
    Ok(servers)
}

/// The mock server, for as long as this program runs.
struct Mock(Child);

impl Mock {
    /// Starts it on free ports and reads where each API is.
    fn start(servers: &mut HashMap<String, String>) -> Result<Self, Box<dyn Error>> {
        eprintln!("starting the mock server (its first build takes a while) …");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut child = Command::new(cargo)
            .args(["xtask", "mock", "--port", "0", "--exit-with-stdin"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("the mock server has no output")?;
        for line in BufReader::new(output).lines() {
            let line = line?;
            match line.split_once(' ') {
                Some((name, url)) => drop(servers.insert(name.to_owned(), url.to_owned())),
                None if line == "ready" => return Ok(Self(child)),
                None => {}
            }
        }
        Err("the mock server did not start; `cargo xtask mock` says why".into())
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // It ends with its input; waiting leaves no process behind.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Rows of equal columns.
#[derive(Default)]
struct Table(Vec<[String; 4]>);

impl Table {
    fn row(&mut self, platform: &str, kind: &str, id: &dyn Display, detail: &dyn Display) {
        self.0.push([
            platform.to_owned(),
            kind.to_owned(),
            id.to_string(),
            detail.to_string(),
        ]);
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = ["platform", "kind", "id", "detail"].map(str::to_owned);
        let width = |column: usize| {
            std::iter::once(&head)
                .chain(&self.0)
                .map(|row| row[column].chars().count())
                .max()
        };
        let widths = [0, 1, 2].map(|column| width(column).unwrap_or(0));
        for row in std::iter::once(&head).chain(&self.0) {
            let [platform, kind, id, detail] = row;
            let [first, second, third] = widths;
            writeln!(
                f,
                "{platform:first$}  {kind:second$}  {id:third$}  {detail}"
            )?;
        }
        Ok(())
    }
}

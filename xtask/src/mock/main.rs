//! `cargo xtask mock`, the heavy half: a server that judges requests by a document and answers from it.
//!
//! A binary of its own, so that the other commands compile neither a server nor a validator.

mod answer;
mod arguments;
mod body;
#[cfg(test)]
mod corpus;
mod credential;
mod document;
mod echo;
mod encode;
mod filling;
mod flatten;
mod generate;
mod items;
mod judge;
mod load;
mod meaning;
mod media;
mod page;
mod paging;
mod parameter;
mod prefer;
mod problem;
mod reading;
mod reply;
mod request;
mod respond;
mod server;
mod status;
mod style;
mod template;
mod text;
mod xml;

use std::{
    error::Error,
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

use clap::Parser;

use self::{answer::Api, arguments::Arguments, credential::Accepted};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask mock",
    bin_name = "cargo xtask mock",
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    arguments: Arguments,
}

fn main() -> ExitCode {
    let Cli { arguments } = Cli::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let result = runtime
        .map_err(Box::from)
        .and_then(|runtime| runtime.block_on(run(&arguments)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let documents = load::load(&specs, arguments.document.as_deref())?;
    let accepted = Accepted(arguments.token.clone());
    let mut bound = Vec::new();
    for (index, loaded) in documents.into_iter().enumerate() {
        let port = next_port(arguments.port, index)?;
        let listener = server::bind(port).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let base = document::base_path(document::Document::new(loaded.root.clone()).root());
        let api = Api::new(
            loaded.root,
            origin.clone(),
            arguments.items,
            accepted.clone(),
        );
        bound.push((listener, api, format!("{} {origin}{base}", loaded.name)));
    }
    let mut stdout = io::stdout().lock();
    for (_, _, line) in &bound {
        writeln!(stdout, "{line}")?;
    }
    writeln!(stdout, "ready")?;
    stdout.flush()?;
    drop(stdout);
    let servers: Vec<_> = bound
        .into_iter()
        .map(|(listener, api, _)| {
            tokio::spawn(server::serve(listener, Arc::new(api), arguments.verbose))
        })
        .collect();
    if arguments.exit_with_stdin {
        let (send, end) = tokio::sync::oneshot::channel();
        // A thread, since nothing else can wait for stdin; it ends with the process.
        std::thread::spawn(move || {
            let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
            send.send(())
        });
        let _ = end.await;
        return Ok(());
    }
    for server in servers {
        server.await?;
    }
    Ok(())
}

/// Ports in a row, or any free one for each.
fn next_port(first: u16, index: usize) -> Result<u16, Box<dyn Error>> {
    if first == 0 {
        return Ok(0);
    }
    let port = u16::try_from(index)
        .ok()
        .and_then(|index| first.checked_add(index));
    port.ok_or_else(|| format!("there is no port {}", usize::from(first) + index).into())
}

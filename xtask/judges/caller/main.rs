//! Makes the calls that a judge orders: a JSON object a line on stdin, an answer a line on stdout, in order of arrival.
//!
//! `cargo xtask judge` compiles it together with clients that it generates. What is called is the public interface of
//! those clients; nothing here makes a request of its own.

// Which of it the emitted calls need depends on the documents.
#![allow(dead_code)]

mod answer;
mod caller;
mod calls;
mod order;

use std::collections::HashMap;
use std::io::{BufRead as _, Write as _};

use order::Order;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Debug builds of decoders nest deeply.
        .thread_stack_size(16 << 20)
        .enable_all()
        .build()?;
    let mut clients = HashMap::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let answer = match Order::read(&line) {
            Ok(order) => {
                let client = match clients.get(&order.client_key()) {
                    Some(client) => Ok(client),
                    None => calls::client(&order)
                        .map(|client| &*clients.entry(order.client_key()).or_insert(client)),
                };
                match client {
                    Ok(client) => runtime.block_on(calls::call(client, &order)).unwrap_or_else(caller::Trouble::answer),
                    Err(trouble) => trouble.answer(),
                }
            }
            Err(trouble) => trouble.answer(),
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", answer.line())?;
        out.flush()?;
    }
    Ok(())
}

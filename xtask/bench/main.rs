//! What an emitted client costs beside one written by hand: decoding, encoding, and whole calls on loopback.
//!
//! `pairs ROUNDS` measures in rounds of both in turn and prints JSON; `calls SIDE COUNT ADDRESS` makes calls alone, for a
//! tool that counts instructions; `serve` is the other end of the calls, in a process of its own.

mod by_hand;
mod server;

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use orders_client as emitted;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How long one side of one round takes, about.
const TURN: Duration = Duration::from_millis(150);

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => Ok(server::serve()?),
        ["pairs", rounds, address] => pairs(rounds.parse()?, address),
        ["calls", side, count, address] => calls(side, count.parse()?, address),
        _ => Err("one of: serve, pairs ROUNDS ADDRESS, calls SIDE COUNT ADDRESS".into()),
    }
}

/// Both ways of a thing, made ready.
struct Ways<'a> {
    name: &'static str,
    ours: Box<dyn FnMut() + 'a>,
    by_hand: Box<dyn FnMut() + 'a>,
}

fn pairs(rounds: usize, address: &str) -> Outcome<()> {
    let page = server::orders(100);
    let ours: emitted::Orders = emitted::runtime::from_slice(page.as_bytes())?;
    let theirs: by_hand::Orders = serde_json::from_slice(page.as_bytes())?;
    // What both write is what both read.
    let again: by_hand::Orders = serde_json::from_slice(&emitted::runtime::to_vec(&ours)?)?;
    assert_eq!(serde_json::to_value(&again)?, serde_json::to_value(&theirs)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = client(address)?;
    let by_hand_client = by_hand::Client::new(address)?;
    let all = [
        Ways {
            name: "decode",
            ours: Box::new(|| {
                black_box(emitted::runtime::from_slice::<emitted::Orders>(black_box(page.as_bytes())).ok());
            }),
            by_hand: Box::new(|| {
                black_box(serde_json::from_slice::<by_hand::Orders>(black_box(page.as_bytes())).ok());
            }),
        },
        Ways {
            name: "encode",
            ours: Box::new(|| {
                black_box(emitted::runtime::to_vec(black_box(&ours)).ok());
            }),
            by_hand: Box::new(|| {
                black_box(serde_json::to_vec(black_box(&theirs)).ok());
            }),
        },
        Ways {
            name: "call",
            ours: Box::new(|| {
                black_box(runtime.block_on(one(&client)).ok());
            }),
            by_hand: Box::new(|| {
                black_box(runtime.block_on(by_hand_client.list("main street", "open", 3)).ok());
            }),
        },
    ];
    // A call that fails would be quick.
    runtime.block_on(one(&client))?;
    runtime.block_on(by_hand_client.list("main street", "open", 3))?;
    let mut lines = Vec::new();
    for mut ways in all {
        let count = times(&mut ways.by_hand);
        let mut measured = Vec::new();
        for round in 0..rounds {
            let turn = |way: &mut dyn FnMut()| timed(way, count);
            // Who goes first alternates.
            let (ours, by_hand);
            if round % 2 == 0 {
                ours = turn(&mut ways.ours);
                by_hand = turn(&mut ways.by_hand);
            } else {
                by_hand = turn(&mut ways.by_hand);
                ours = turn(&mut ways.ours);
            }
            measured.push(format!("[{ours:e}, {by_hand:e}]"));
        }
        lines.push(format!("\"{}\": [{}]", ways.name, measured.join(", ")));
    }
    println!("{{\"bytes\": {}, {}}}", page.len(), lines.join(", "));
    Ok(())
}

/// How often a thing is done in a turn.
fn times(way: &mut dyn FnMut()) -> u32 {
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < TURN {
        way();
        count += 1;
    }
    count.max(1)
}

/// The seconds that a thing takes once.
fn timed(way: &mut dyn FnMut(), count: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..count {
        way();
    }
    start.elapsed().as_secs_f64() / f64::from(count)
}

fn client(address: &str) -> Outcome<emitted::Client> {
    let builder = emitted::Client::builder();
    Ok(builder.base_url(address).bearer_token("secret").build()?)
}

async fn one(client: &emitted::Client) -> Result<emitted::Orders, emitted::runtime::Error> {
    let orders = client.orders();
    orders.list("main street").status(emitted::Status::Open).limit(3).await
}

/// Makes calls one after the other: `ours`, `by-hand`, or `none`, which is what starting and ending costs.
fn calls(side: &str, count: usize, address: &str) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ours = client(address)?;
    let by_hand = by_hand::Client::new(address)?;
    runtime.block_on(async {
        for _ in 0..count {
            match side {
                "ours" => {
                    black_box(one(&ours).await?);
                }
                "by-hand" => {
                    black_box(by_hand.list("main street", "open", 3).await?);
                }
                _ => {}
            }
        }
        Ok(())
    })
}

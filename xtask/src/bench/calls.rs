//! What decoding, encoding and calling cost beside a client written by hand: a program is built of both outside of the
//! workspace, and measures them in turns; where valgrind is at hand, the instructions of calls are counted, too.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

use super::generator::{Generator, Job};
use super::measure::{self, median};
use super::workspace;

/// The sources of the program.
const SOURCES: &str = "xtask/bench";
/// The document of its client.
const DOCUMENT: &str = "orders.yaml";
/// How many calls are made for a count of instructions.
const COUNTED: u32 = 400;

/// The figures.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Calls {
    /// The size of the body that is decoded and encoded.
    pub(super) bytes: u64,
    /// Seconds for one body.
    pub(super) decode: Pair,
    pub(super) encode: Pair,
    /// Seconds of one call on loopback.
    pub(super) call: Pair,
    /// Instructions of one call in the process that calls; none without valgrind.
    pub(super) instructions: Option<Pair>,
}

/// A figure of ours and of the client written by hand.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Pair {
    pub(super) ours: f64,
    pub(super) by_hand: f64,
    /// Ours over the other, the median of pairs that were measured in turn.
    pub(super) ratio: f64,
}

impl Pair {
    fn of(rounds: &[[f64; 2]]) -> Option<Self> {
        let of = |figure: fn(&[f64; 2]) -> f64| median(rounds.iter().map(figure).collect());
        Some(Self {
            ours: of(|pair| pair[0])?,
            by_hand: of(|pair| pair[1])?,
            ratio: of(|pair| pair[0] / pair[1])?,
        })
    }
}

impl Calls {
    /// The figures in sentences.
    pub(super) fn lines(&self) -> Vec<String> {
        let bytes = f64::from(u32::try_from(self.bytes).unwrap_or(u32::MAX));
        let speed = |seconds: f64| bytes / seconds.max(1e-12) / 1e6;
        let throughput = |what: &str, pair: Pair| {
            format!(
                "{what}: {:.0} MB/s, by hand {:.0} MB/s, {:.2} of its speed",
                speed(pair.ours),
                speed(pair.by_hand),
                1.0 / pair.ratio
            )
        };
        let mut lines = vec![
            throughput("decode", self.decode),
            throughput("encode", self.encode),
            format!(
                "call on loopback: {:.1} µs, by hand {:.1} µs, {:+.1} %",
                self.call.ours * 1e6,
                self.call.by_hand * 1e6,
                (self.call.ratio - 1.0) * 100.0
            ),
        ];
        lines.extend(self.instructions.map(|pair| {
            format!(
                "instructions of a call: {:.0}, by hand {:.0}, {:+.1} %",
                pair.ours,
                pair.by_hand,
                (pair.ratio - 1.0) * 100.0
            )
        }));
        lines
    }
}

/// Builds the program and measures.
pub(super) fn measure(ours: &Generator, rounds: u32) -> Result<Calls, String> {
    anstream::eprintln!("calls: the program is built");
    let program = build(ours)?;
    let server = Server::start(&program)?;
    anstream::eprintln!("calls: both sides in turn");
    let mut command = Command::new(&program);
    // A round is short, and an odd number of them has a middle.
    let rounds = (rounds * 8).max(20) | 1;
    command.args(["pairs", &rounds.to_string(), &server.address]);
    let text = measure::run(command)?;
    let said: Said = serde_json::from_str(&text)
        .map_err(|error| format!("the program said `{text}`: {error}"))?;
    let pair = |name: &str| {
        let rounds = said.rounds.get(name);
        rounds
            .and_then(|rounds| Pair::of(rounds))
            .ok_or_else(|| format!("the program did not measure `{name}`"))
    };
    Ok(Calls {
        bytes: said.bytes,
        decode: pair("decode")?,
        encode: pair("encode")?,
        call: pair("call")?,
        instructions: instructions(&program, &server)?,
    })
}

/// What the program prints.
#[derive(Deserialize)]
struct Said {
    bytes: u64,
    #[serde(flatten)]
    rounds: BTreeMap<String, Vec<[f64; 2]>>,
}

fn build(ours: &Generator) -> Result<PathBuf, String> {
    let folder = workspace::absolute_root().join("target/bench/calls");
    let sources = workspace::absolute_root().join(SOURCES);
    let io = |error: std::io::Error| format!("`{}`: {error}", folder.display());
    ours.generate(&Job {
        document: &sources.join(DOCUMENT),
        folder: &folder.join("client"),
        name: "orders-client",
    })?;
    std::fs::create_dir_all(folder.join("src")).map_err(io)?;
    for file in ["main.rs", "by_hand.rs", "server.rs"] {
        std::fs::copy(sources.join(file), folder.join("src").join(file)).map_err(io)?;
    }
    std::fs::write(folder.join("Cargo.toml"), MANIFEST).map_err(io)?;
    // The versions that the workspace uses: they are at hand.
    let lock = folder.join("Cargo.lock");
    if !lock.exists() {
        std::fs::copy(workspace::absolute_root().join("Cargo.lock"), lock).map_err(io)?;
    }
    let target = workspace::absolute_root().join("target/bench/target/calls");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--release"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", &target);
    measure::run(command)?;
    Ok(target
        .join("release/calls")
        .with_extension(std::env::consts::EXE_EXTENSION))
}

/// The program's manifest: what the emitted client depends on, and serde's derives.
const MANIFEST: &str = r#"[package]
name = "calls"
version = "0.1.0"
edition = "2024"

[dependencies]
orders-client = { path = "client" }
reqwest = { version = "0.13", default-features = false }
rustls = { version = "0.23", default-features = false, features = ["ring"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["rt", "net", "time"] }

[profile.release]
debug = "line-tables-only"

[workspace]
exclude = ["client"]
"#;

/// The other end of the calls; it ends with this value.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &Path) -> Result<Self, String> {
        let mut child = Command::new(program)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut address = String::new();
        if let Some(output) = child.stdout.take() {
            let read = BufReader::new(output).read_line(&mut address);
            read.map_err(|error| error.to_string())?;
        }
        Ok(Self {
            child,
            address: address.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its input ends it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The instructions of a call, of each side: those of many less those of none.
fn instructions(program: &Path, server: &Server) -> Result<Option<Pair>, String> {
    let there = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    anstream::eprintln!("calls: instructions are counted");
    let count = |side: &str, calls: u32| counted(program, server, side, calls);
    // The first calls open the connection.
    let per_call = |side: &str| -> Result<f64, String> {
        let (few, many) = (count(side, 10)?, count(side, 10 + COUNTED)?);
        Ok((many - few) / f64::from(COUNTED))
    };
    let (ours, by_hand) = (per_call("ours")?, per_call("by-hand")?);
    Ok(Some(Pair {
        ours,
        by_hand,
        ratio: ours / by_hand,
    }))
}

fn counted(program: &Path, server: &Server, side: &str, calls: u32) -> Result<f64, String> {
    let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", file.path().display()))
        .arg(program)
        .args(["calls", side, &calls.to_string(), &server.address]);
    measure::run(command)?;
    let text = std::fs::read_to_string(file.path()).map_err(|error| error.to_string())?;
    let total = text.lines().rev().find_map(|line| {
        let figure = line
            .strip_prefix("totals:")
            .or_else(|| line.strip_prefix("summary:"));
        figure?.trim().parse().ok()
    });
    total.ok_or_else(|| "valgrind counted nothing".to_owned())
}

#[cfg(test)]
mod tests {
    use super::Pair;

    #[test]
    fn a_ratio_is_of_pairs() {
        let pair = Pair::of(&[[1.0, 2.0], [30.0, 10.0], [2.0, 2.0]]).unwrap();
        assert_eq!((pair.ours, pair.by_hand, pair.ratio), (2.0, 2.0, 1.0));
        assert!(Pair::of(&[]).is_none());
    }
}

//! `cargo xtask cost`: the lines and the LLVM lines that an operation of the vendored documents takes, against those on
//! record. What an operation costs users to compile follows them, and they are the same on every machine.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::{eprintln, println};
use callwright_codegen::render::File;
use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Client, Config, Gating, Layout, RuntimeSource};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::failure::Failure;
use crate::generate::{Document, Mode, Plan, runtime_source};
use crate::{cargo, workspace};

/// Compare the cost of an operation, in lines of Rust and of LLVM IR, with what is on record.
///
/// Each vendored document becomes a crate of its own, which is compiled; what the runtime alone takes is not counted.
/// A figure that differs by more than 5 % from xtask/cost.toml fails: a change that makes it is recorded in its own
/// commit. LLVM lines are compared where the compiler is the one they were recorded with.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask cost               is anything dearer, or cheaper, than on record?
  cargo xtask cost --record      put today's figures on record")]
pub(crate) struct Args {
    /// Write the figures to xtask/cost.toml instead of comparing them.
    #[arg(long)]
    record: bool,
}

/// The documents, by their folders below `specs`.
const DOCUMENTS: [&str; 3] = ["anam", "chatsistant", "wassist"];
/// A document whose crate is the runtime and next to nothing else.
const NOTHING: &[u8] = b"openapi: 3.0.3
info: {title: Nothing, version: '1'}
paths: {/a: {get: {responses: {'204': {description: Nothing.}}}}}
";
/// How far a figure may be from the one on record, in percent.
const TOLERANCE: f64 = 5.0;
const RECORD: &str = "xtask/cost.toml";

/// What an operation of a document takes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cost {
    lines: f64,
    llvm_lines: f64,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let rustc = rustc()?;
    let costs = measured()?;
    let path = workspace::absolute_root().join(RECORD);
    if args.record {
        let text = recorded(&rustc, &costs);
        std::fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
        println!("recorded in {RECORD}");
        return Ok(ExitCode::SUCCESS);
    }
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::io("read", &path, &error).help("`cargo xtask cost --record` writes it")
    })?;
    let record: DocumentMut = text
        .parse()
        .map_err(|error| Failure::new(format!("`{RECORD}`: {error}")))?;
    let same_compiler = record.get("rustc").and_then(Item::as_str) == Some(&rustc);
    if !same_compiler {
        eprintln!("SKIPPED LLVM lines: they were recorded with another compiler than {rustc}");
    }
    let mut differ = false;
    for (name, cost) in &costs {
        let on_record = |key: &str| record.get(name)?.get(key)?.as_float();
        let mut figures = vec![("lines", cost.lines)];
        if same_compiler {
            figures.push(("llvm_lines", cost.llvm_lines));
        }
        for (key, figure) in figures {
            let verdict = Verdict::of(on_record(key), figure);
            differ |= verdict != Verdict::Same;
            println!("{}", verdict.line(name, key, on_record(key), figure));
        }
    }
    if differ {
        eprintln!("error: figures differ from {RECORD} by more than {TOLERANCE} %");
        eprintln!(
            "  help: if that is meant, run `cargo xtask cost --record` and commit the file with the change"
        );
    }
    Ok(ExitCode::from(u8::from(differ)))
}

/// What a figure is beside the one on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Same,
    Dearer,
    Cheaper,
    NotRecorded,
}

impl Verdict {
    fn of(on_record: Option<f64>, figure: f64) -> Self {
        let Some(on_record) = on_record else {
            return Self::NotRecorded;
        };
        let percent = (figure / on_record - 1.0) * 100.0;
        if percent > TOLERANCE {
            Self::Dearer
        } else if percent < -TOLERANCE {
            Self::Cheaper
        } else {
            Self::Same
        }
    }

    fn line(self, name: &str, key: &str, on_record: Option<f64>, figure: f64) -> String {
        let what = match self {
            Self::Same => "same",
            Self::Dearer => "DEARER",
            Self::Cheaper => "CHEAPER",
            Self::NotRecorded => "NOT RECORDED",
        };
        let key = key.replace('_', " ");
        let mut line = format!("{what:<12} {name}: {figure:.1} {key} an operation");
        if let Some(on_record) = on_record {
            let percent = (figure / on_record - 1.0) * 100.0;
            let _ = write!(line, ", {on_record:.1} on record ({percent:+.1} %)");
        }
        line
    }
}

/// The figures as the file holds them.
fn recorded(rustc: &str, costs: &[(String, Cost)]) -> String {
    let mut document = DocumentMut::new();
    document.insert("rustc", value(rustc));
    for (name, cost) in costs {
        let mut table = Table::new();
        let rounded = |figure: f64| (figure * 10.0).round() / 10.0;
        table.insert("lines", value(rounded(cost.lines)));
        table.insert("llvm_lines", value(rounded(cost.llvm_lines)));
        document.insert(name, Item::Table(table));
    }
    format!(
        "# What an operation of each vendored document takes, without the runtime: written by `cargo xtask cost --record`,\n\
         # compared by `cargo xtask test cost`.\n{document}"
    )
}

/// Generates and compiles the documents.
fn measured() -> Result<Vec<(String, Cost)>, Failure> {
    let runtime = runtime_source()?;
    let nothing = |_: &str| Err(LoadError::Missing);
    let input = Input {
        name: "nothing.yaml",
        bytes: NOTHING,
        loader: &nothing,
        overlays: Vec::new(),
        limits: Limits::default(),
    };
    let config = config("nothing", &runtime);
    let least = callwright_codegen::generate(&input, config).client;
    let least = emitted(least, "nothing")?;
    let mut costs = Vec::new();
    for name in DOCUMENTS {
        eprintln!("compiling the client of {name}");
        let folder = workspace::absolute_root().join("specs").join(name);
        let overlay = Some(folder.join("overlay.yaml")).filter(|path| path.is_file());
        let overlays: Vec<PathBuf> = overlay.into_iter().collect();
        let document = Document::open(&folder.join("openapi.yaml"), &overlays)?;
        let client = document.generate(self::config(name, &runtime)).client;
        let client = emitted(client, name)?;
        let operations = count(client.emitted.max(1));
        // A part of the runtime is no cost of operations, however few documents need it.
        let parts = client.parts.join(",");
        let least = llvm_lines("nothing", &least, &parts)?;
        costs.push((
            name.to_owned(),
            Cost {
                lines: count(lines(&client)) / operations,
                llvm_lines: (llvm_lines(name, &client, "")? - least).max(0.0) / operations,
            },
        ));
    }
    Ok(costs)
}

fn config<'a>(name: &str, runtime: &'a RuntimeSource) -> Config<'a> {
    Config {
        name: Some(format!("cost-{name}")),
        layout: Layout::Crate { runtime },
        resource_features: Gating::BySize,
        ..Config::default()
    }
}

fn emitted(client: Option<Client>, name: &str) -> Result<Client, Failure> {
    client.ok_or_else(|| {
        Failure::new(format!("nothing was generated of `{name}`"))
            .help("`cargo xtask generate` says why")
    })
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The emitted Rust without the runtime.
fn own_files(client: &Client) -> Vec<File> {
    let own = |path: &str| {
        let rust = Path::new(path).extension().is_some_and(|it| it == "rs");
        rust && !path.starts_with("src/runtime/")
    };
    let files = client.files.iter().filter(|file| own(&file.path));
    files.cloned().collect()
}

/// Lines of the emitted Rust, without the runtime.
fn lines(client: &Client) -> usize {
    let files = own_files(client);
    files
        .iter()
        .map(|file| String::from_utf8_lossy(&file.contents).lines().count())
        .sum()
}

/// Compiles the crate of a client with these features, unoptimised, and counts the lines of its functions.
fn llvm_lines(name: &str, client: &Client, features: &str) -> Result<f64, Failure> {
    let root = workspace::absolute_root();
    let folder = root.join("target/cost").join(name);
    Plan::standalone(&folder, client.files.clone())?.apply(Mode::Write)?;
    // The versions that the workspace uses: they are at hand.
    let (versions, lock) = (root.join("Cargo.lock"), folder.join("Cargo.lock"));
    std::fs::copy(&versions, &lock).map_err(|error| Failure::io("copy", &versions, &error))?;
    // By features, since cargo does not write again what it has compiled before.
    // A comma would end the path for `--emit`.
    let ir = folder.join(format!("crate-{}.ll", features.replace(',', "-")));
    let status = cargo::command()
        .args([
            "rustc",
            "--quiet",
            "--lib",
            "--features",
            features,
            "--",
            "--codegen",
            "codegen-units=1",
        ])
        .args(["--codegen", "debuginfo=0"])
        // Emitted functions are compiled where they are used: these are the lines of who uses all of them.
        .args(["--codegen", "link-dead-code=yes"])
        .arg(format!("--emit=llvm-ir={}", ir.display()))
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", root.join("target/cost/target"))
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .status()
        .map_err(|error| Failure::io("start", Path::new("cargo"), &error))?;
    if !status.success() {
        return Err(Failure::new(format!(
            "the client of `{name}` does not compile"
        )));
    }
    let text = std::fs::read(&ir).map_err(|error| Failure::io("read", &ir, &error))?;
    Ok(count(lines_of_functions(&String::from_utf8_lossy(&text))))
}

/// Lines of LLVM IR inside of functions, but for empty ones and comments.
fn lines_of_functions(ir: &str) -> usize {
    let mut inside = false;
    let mut count = 0;
    for line in ir.lines() {
        if line.starts_with("define ") {
            inside = true;
        } else if line == "}" {
            inside = false;
        } else if inside && !line.trim().is_empty() && !line.trim_start().starts_with(';') {
            count += 1;
        }
    }
    count
}

/// The compiler's version, with what tells it from others.
fn rustc() -> Result<String, Failure> {
    let program = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(&program)
        .arg("--version")
        .output()
        .map_err(|error| Failure::io("start", Path::new(&program), &error))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Cost, Verdict, lines_of_functions, recorded};

    #[test]
    fn five_percent_either_way_are_the_same() {
        assert_eq!(Verdict::of(Some(100.0), 104.9), Verdict::Same);
        assert_eq!(Verdict::of(Some(100.0), 95.1), Verdict::Same);
        assert_eq!(Verdict::of(Some(100.0), 105.1), Verdict::Dearer);
        assert_eq!(Verdict::of(Some(100.0), 94.9), Verdict::Cheaper);
        assert_eq!(Verdict::of(None, 1.0), Verdict::NotRecorded);
    }

    #[test]
    fn lines_count_inside_of_functions() {
        let ir = "; ModuleID\n@a = global i32 0\ndefine void @f() {\nstart:\n  ; said\n\n  ret void\n}\n\nattributes #0 = {}\n";
        assert_eq!(lines_of_functions(ir), 2);
    }

    #[test]
    fn what_is_recorded_is_read_back() {
        let cost = Cost {
            lines: 12.34,
            llvm_lines: 100.0,
        };
        let text = recorded("rustc 1", &[("pets".to_owned(), cost)]);
        let document: toml_edit::DocumentMut = text.parse().unwrap();
        assert_eq!(document["pets"]["lines"].as_float(), Some(12.3));
        assert_eq!(document["pets"]["llvm_lines"].as_float(), Some(100.0));
        assert_eq!(document["rustc"].as_str(), Some("rustc 1"));
    }
}

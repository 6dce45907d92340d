//! `cargo xtask test`: everything that CI checks, step by step; each step is a command that a person can run.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anstream::{eprintln, println};

use crate::failure::Failure;
use crate::workspace;

/// Check everything that CI checks: format, lints, tests, generated files, documentation, standalone crates.
///
/// Each step prints the command that it runs; the first lines to read after a failure are those of its
/// step. A step that needs a tool which is not installed is skipped by name.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask test                  all steps
  cargo xtask test clippy docs      these steps alone")]
pub(crate) struct Args {
    /// The steps to run, by name; all of them by default.
    #[arg(value_name = "STEP", value_parser = step_names())]
    steps: Vec<String>,
}

/// One check.
struct Step {
    name: &'static str,
    run: fn() -> Result<(), Failure>,
}

/// Public documents, an optional folder beside the workspace.
const CORPUS: &str = "../shared/corpus";

/// What a step asks for beside cargo: programs and folders that are looked for before it runs.
const NEEDED: &[(&str, &[&str])] = &[
    ("corpus", &[CORPUS]),
    ("judge-autorest", &["node", "npm"]),
    ("judge-prism", &["node", "npm"]),
    ("judge-services", &["python3"]),
];

/// In the order in which they run: what fails fast comes first.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        run: || cargo(&["fmt", "--all", "--check"], &[]),
    },
    Step {
        name: "generated",
        run: || cargo(&["xtask", "generate", "--check"], &[]),
    },
    Step {
        name: "clippy",
        run: || {
            cargo(
                &[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--all-features",
                    "--",
                    "--deny",
                    "warnings",
                ],
                &[],
            )
        },
    },
    Step {
        name: "features",
        run: features,
    },
    Step {
        name: "tests",
        run: || cargo(&["test", "--workspace", "--all-features"], &[]),
    },
    Step {
        name: "docs",
        run: || {
            cargo(
                &["doc", "--workspace", "--all-features", "--no-deps"],
                &[("RUSTDOCFLAGS", "--deny warnings")],
            )
        },
    },
    Step {
        name: "example",
        run: || {
            cargo(
                &[
                    "run",
                    "--quiet",
                    "--package",
                    "callwright-client",
                    "--all-features",
                    "--example",
                    "sessions",
                ],
                &[],
            )
        },
    },
    Step {
        name: "corpus",
        run: corpus,
    },
    Step {
        name: "examples",
        run: examples,
    },
    Step {
        name: "standalone",
        run: standalone,
    },
    Step {
        name: "readme",
        run: readme,
    },
    Step {
        name: "cost",
        run: || cargo(&["xtask", "cost"], &[]),
    },
    Step {
        name: "judge-autorest",
        run: || cargo(&["xtask", "judge", "autorest"], &[]),
    },
    Step {
        name: "judge-prism",
        run: || cargo(&["xtask", "judge", "prism"], &[]),
    },
    Step {
        name: "judge-services",
        run: || cargo(&["xtask", "judge", "services"], &[]),
    },
];

fn step_names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Runs the command: all steps, even after one failed, so that one run tells everything.
pub(crate) fn run(args: &Args) -> ExitCode {
    let mut failed = Vec::new();
    let mut skipped = Vec::new();
    let mut times = Vec::new();
    for step in STEPS
        .iter()
        .filter(|step| args.steps.is_empty() || args.steps.iter().any(|name| name == step.name))
    {
        println!("== {}", step.name);
        if let Some(missing) = missing(step.name) {
            eprintln!(
                "SKIPPED: {} needs `{missing}`, which is not there",
                step.name
            );
            skipped.push((step.name, missing));
            continue;
        }
        let start = Instant::now();
        if let Err(failure) = (step.run)() {
            eprintln!("error: {failure}");
            failed.push(step.name);
        }
        times.push((step.name, start.elapsed()));
    }
    println!("== summary");
    for (name, time) in &times {
        let outcome = if failed.contains(name) {
            "FAILED"
        } else {
            "passed"
        };
        println!("{outcome}  {name:<14} {:>4.0} s", time.as_secs_f64());
    }
    for (name, missing) in &skipped {
        println!("SKIPPED {name:<14} `{missing}` is not there");
    }
    println!(
        "{} passed, {} failed, {} skipped",
        times.len() - failed.len(),
        failed.len(),
        skipped.len()
    );
    ExitCode::from(u8::from(!failed.is_empty()))
}

/// The first program that a step needs and that cannot be started, or the folder that is not there.
fn missing(step: &str) -> Option<&'static str> {
    let (_, programs) = NEEDED.iter().find(|(name, _)| *name == step)?;
    let starts = |program: &str| {
        if program.contains('/') {
            return absolute_root().join(program).is_dir();
        }
        let mut command = Command::new(program);
        command.arg("--version");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    programs.iter().copied().find(|program| !starts(program))
}

/// Runs cargo in the workspace and prints the command.
fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), Failure> {
    cargo_in(&absolute_root(), arguments, environment)
}

fn cargo_in(
    folder: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<(), Failure> {
    let shown: Vec<String> = environment
        .iter()
        .map(|(key, value)| format!("{key}=\"{value}\" "))
        .collect();
    println!("$ {}cargo {}", shown.concat(), arguments.join(" "));
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(folder)
        .status()
        .map_err(|error| Failure::io("start", Path::new("cargo"), &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "cargo {} failed",
            arguments.join(" ")
        )))
    }
}

fn absolute_root() -> PathBuf {
    let root = workspace::root();
    if root.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        root
    }
}

/// Generates a part of the corpus: a document or two of each dialect and of each habit, quickly.
fn corpus() -> Result<(), Failure> {
    let mut arguments = vec!["xtask", "corpus", CORPUS];
    for pattern in [
        "readme-examples/*/yaml/*",
        "digitalocean/*",
        "adyen*",
        "box.json",
        "docker*",
        "httpbin*",
        "rentcast*",
        "telegram*",
        "whatsapp*",
        "xero*",
    ] {
        arguments.extend(["--only", pattern]);
    }
    cargo(&arguments, &[])
}

/// The examples of the vendored documents, and instances of documents whose constructs concern values, through their types.
fn examples() -> Result<(), Failure> {
    cargo(&["xtask", "examples", "specs"], &[])?;
    let mut arguments = vec!["xtask", "examples", "codegen/tests/fixtures"];
    // Others are about what is repaired, or taken as any value with a warning.
    for name in [
        "additional_properties",
        "all_of.yaml",
        "boolean_schemas",
        "constants",
        "directions",
        "discriminators",
        "enum",
        "formats",
        "inheritance_over",
        "one_of",
        "presence",
        "recursion",
        "reference",
        "type_lists",
        "union",
    ] {
        arguments.extend(["--only", name]);
    }
    cargo(&arguments, &[])
}

/// The client without any feature, which is its runtime, and with each feature alone.
fn features() -> Result<(), Failure> {
    let path = absolute_root().join("client/Cargo.toml");
    let text =
        std::fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
    let manifest: toml_edit::DocumentMut = text
        .parse()
        .map_err(|error| Failure::new(format!("`{}`: {error}", path.display())))?;
    let features = manifest["features"].as_table();
    // A feature of a dependency's own changes no line of the client.
    let names = features
        .into_iter()
        .flatten()
        .filter(|(_, parts)| !parts.to_string().contains('/'))
        .map(|(name, _)| name);
    for feature in std::iter::once("").chain(names) {
        // Clippy rather than rustc: its dependencies are there from the step before.
        let package = [
            "clippy",
            "--quiet",
            "--package",
            "callwright-client",
            "--no-default-features",
            "--features",
            feature,
            "--",
            "--deny",
            "warnings",
        ];
        cargo(&package, &[])?;
    }
    Ok(())
}

/// Lints on names, which are the document's.
const NAMING: &[&str] = &[
    "clippy::enum_variant_names",
    "clippy::many_single_char_names",
    "clippy::module_name_repetitions",
    "clippy::similar_names",
    "clippy::struct_field_names",
    "clippy::upper_case_acronyms",
];

/// Each vendored document, and one that tries to break out, as a crate of its own in an empty folder: it is built,
/// linted and documented with warnings denied.
fn standalone() -> Result<(), Failure> {
    let folder =
        tempfile::tempdir().map_err(|error| Failure::io("make", &std::env::temp_dir(), &error))?;
    let root = absolute_root().canonicalize().unwrap_or_default();
    let target = root.join("target/standalone").display().to_string();
    let specs = root.join("specs");
    let entries = std::fs::read_dir(&specs).map_err(|error| Failure::io("read", &specs, &error))?;
    let mut documents: Vec<(String, String)> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("openapi.yaml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .map(|name| (format!("specs/{name}/openapi.yaml"), name))
        .collect();
    documents.push((
        "xtask/tests/documents/hostile.yaml".to_owned(),
        "hostile".to_owned(),
    ));
    documents.sort();
    let mut pedantic = vec!["clippy", "--quiet", "--", "--warn", "clippy::pedantic"];
    for lint in NAMING {
        pedantic.extend(["--allow", lint]);
    }
    pedantic.extend(["--deny", "warnings"]);
    for (document, name) in documents {
        let out = folder.path().join(&name);
        let shown = out.display().to_string();
        cargo(
            &["xtask", "generate", "--spec", &document, "--out", &shown],
            &[],
        )?;
        let own = ("CARGO_TARGET_DIR", target.as_str());
        let denied = [own, ("RUSTFLAGS", "--deny warnings")];
        cargo_in(&out, &["check", "--quiet", "--all-targets"], &denied)?;
        cargo_in(&out, &pedantic, &[own])?;
        let denied = [own, ("RUSTDOCFLAGS", "--deny warnings")];
        cargo_in(&out, &["doc", "--quiet", "--no-deps"], &denied)?;
    }
    Ok(())
}

/// The commands that README shows in `console` blocks with a `$`, but those that are steps themselves,
/// serve until they are stopped, or name files of the reader's.
fn readme() -> Result<(), Failure> {
    let path = absolute_root().join("README.md");
    let text =
        std::fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
    let commands = commands(&text);
    if commands.is_empty() {
        return Err(Failure::new("README.md shows no command"));
    }
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        let Some(("cargo", arguments)) = words.split_first().map(|(first, rest)| (*first, rest))
        else {
            continue;
        };
        let own =
            arguments.starts_with(&["xtask", "test"]) || arguments.starts_with(&["xtask", "mock"]);
        let theirs = arguments.iter().any(|word| {
            word.starts_with("../") || word.contains("PAGE") || word.contains("petstore")
        });
        if !own && !theirs {
            cargo(arguments, &[])?;
        }
    }
    Ok(())
}

fn commands(text: &str) -> Vec<&str> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        if let Some(info) = line.strip_prefix("```") {
            inside = !inside && matches!(info.trim(), "console" | "sh");
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            commands.push(command.split(" #").next().unwrap_or_default().trim());
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn finds_the_commands_of_console_blocks() {
        let text = "```console\n$ cargo xtask generate   # the main job\nout\n```\n```rust\n$ no\n```\n```sh\n$ cargo doc\n```\n";
        assert_eq!(commands(text), ["cargo xtask generate", "cargo doc"]);
    }
}

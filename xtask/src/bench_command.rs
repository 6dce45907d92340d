//! `cargo xtask bench`, the light half: builds this tool for speed, and what measures it, which is a binary of its own.

#[path = "bench/arguments.rs"]
mod arguments;

use std::path::Path;
use std::process::{Command, ExitCode};

pub(crate) use arguments::Arguments;

use crate::failure::Failure;
use crate::{cargo, workspace};

/// Builds both and becomes the one that measures; its exit status is ours.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let status = cargo::command()
        .args(["build", "--quiet", "--release", "--package", "xtask"])
        .args([
            "--features",
            "bench",
            "--bin",
            "xtask",
            "--bin",
            "xtask-bench",
        ])
        .arg("--manifest-path")
        .arg(workspace::manifest())
        .status()
        .map_err(|error| Failure::io("start", Path::new("cargo"), &error))?;
    if !status.success() {
        return Err(Failure::new("the benchmarks do not build"));
    }
    let own = std::env::current_exe()
        .map_err(|error| Failure::io("find", Path::new("this program"), &error))?;
    // Beside the profile that this program was built as.
    let target = own.parent().and_then(Path::parent);
    let program = target
        .unwrap_or(Path::new("target"))
        .join("release/xtask-bench")
        .with_extension(std::env::consts::EXE_EXTENSION);
    let mut command = Command::new(&program);
    command.args(std::env::args_os().skip(2));
    let error = cargo::replace(command);
    Err(Failure::io("start", &program, &error))
}

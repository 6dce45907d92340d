//! What judges need, installed with the ordinary package managers into an ignored folder, once.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::workspace;

/// The folder of a judge.
pub(super) fn folder(judge: &str) -> Result<PathBuf, Failure> {
    let folder = absolute_root()?.join(".judges").join(judge);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io("make", &folder, &error))?;
    Ok(folder)
}

/// The folder of the workspace's manifest, from the root of the disk: commands run elsewhere.
pub(super) fn absolute_root() -> Result<PathBuf, Failure> {
    let root = workspace::root();
    let root = if root.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        root
    };
    root.canonicalize()
        .map_err(|error| Failure::io("find", &root, &error))
}

/// Installs npm packages (`name@version`) below a folder, unless they are there.
pub(super) fn npm(folder: &Path, packages: &[&str]) -> Result<(), Failure> {
    let install = |further: &[&str]| {
        // What an install that failed has left, npm takes for installed.
        let _ = std::fs::remove_dir_all(folder.join("node_modules"));
        for file in ["package-lock.json", "package.json"] {
            let _ = std::fs::remove_file(folder.join(file));
        }
        let mut command = Command::new("npm");
        command
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
            .args(further)
            .arg("--prefix")
            .arg(folder)
            .args(packages);
        run(&mut command)
    };
    once(folder, &packages.join(" "), || {
        // A package that depends on itself, as AutoRest's server does, is at times linked twice by npm 11, which is an error
        // to it without `--force`.
        install(&[]).or_else(|_| {
            eprintln!("npm failed; it is run once more");
            install(&["--force"])
        })
    })
}

/// Makes a virtual environment in a folder with packages of PyPI, unless it is there.
pub(super) fn python(folder: &Path, packages: &[&str]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    once(folder, &packages.join(" "), || {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        run(Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .args(packages))
    })
}

/// Does something once per stamp: what the stamp says is in the folder when it is done.
fn once(
    folder: &Path,
    stamp: &str,
    install: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let file = folder.join("installed");
    if std::fs::read_to_string(&file).is_ok_and(|installed| installed == stamp) {
        return Ok(());
    }
    install()?;
    std::fs::write(&file, stamp).map_err(|error| Failure::io("write", &file, &error))
}

/// Runs a command to its end.
pub(super) fn run(command: &mut Command) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| {
        Failure::new(format!("cannot start `{name}`: {error}"))
            .help(format!("install `{name}`, or leave this judge out"))
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{name}` failed")))
    }
}

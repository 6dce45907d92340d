//! An emitted crate: its name, its lines, and what compiling it costs once its dependencies are built.

use std::path::{Path, PathBuf};
use std::process::Command;

use toml_edit::DocumentMut;

use super::measure::{self, CRATE, Cost, VARIABLE};

/// A crate in a folder.
pub(super) struct Emitted {
    folder: PathBuf,
    /// As its manifest says it.
    package: String,
}

/// How a crate is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    Check,
    Debug,
    Release,
}

impl Emitted {
    /// The crate in a folder, made one that stands outside of every workspace.
    pub(super) fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join("Cargo.toml");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("the crate has no manifest: {error}"))?;
        let mut manifest: DocumentMut = text
            .parse()
            .map_err(|error| format!("the crate's manifest: {error}"))?;
        let package = manifest
            .get("package")
            .and_then(|package| package.get("name")?.as_str())
            .ok_or("the crate has no name")?
            .to_owned();
        if manifest.get("workspace").is_none() {
            manifest["workspace"] = toml_edit::table();
            std::fs::write(&path, manifest.to_string()).map_err(|error| error.to_string())?;
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            package,
        })
    }

    /// Lines of Rust, but for those in a folder that is written by hand.
    pub(super) fn lines(&self, without: Option<&str>) -> usize {
        let without = without.map(|folder| self.folder.join(folder));
        lines(&self.folder.join("src"), without.as_deref())
    }

    /// Compiles the crate and, where they are missing, its dependencies; returns what the crate alone cost.
    pub(super) fn compile(&self, build: Build, target: &Path) -> Result<Cost, String> {
        self.touch()?;
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        let mut command = self.cargo(target);
        match build {
            Build::Check => command.arg("check"),
            Build::Debug => command.arg("build"),
            Build::Release => command.args(["build", "--release"]),
        };
        command
            .args(["--quiet", "--lib"])
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC_WRAPPER", own)
            .env(VARIABLE, file.path())
            .env(CRATE, self.package.replace('-', "_"))
            .env_remove("RUSTFLAGS");
        measure::run(command)?;
        measure::read(file.path()).ok_or_else(|| "the crate was not compiled".to_owned())
    }

    /// The size of the library that a build left.
    pub(super) fn rlib(&self, build: Build, target: &Path) -> Option<u64> {
        let profile = match build {
            Build::Check => return None,
            Build::Debug => "debug",
            Build::Release => "release",
        };
        let name = format!("lib{}.rlib", self.package.replace('-', "_"));
        let file = std::fs::metadata(target.join(profile).join(name));
        file.ok().map(|file| file.len())
    }

    /// Removes what compiling the crate left; that it cannot costs disk alone.
    pub(super) fn clean(&self, target: &Path) {
        for profile in [&[][..], &["--release"]] {
            let mut command = self.cargo(target);
            command.args(["clean", "--quiet", "--package", &self.package]);
            command.args(profile);
            let _ = measure::run(command);
        }
    }

    fn cargo(&self, target: &Path) -> Command {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TERM_COLOR", "never");
        command
    }

    /// Makes cargo take the crate for changed.
    fn touch(&self) -> Result<(), String> {
        let now = std::time::SystemTime::now();
        std::fs::File::options()
            .append(true)
            .open(self.folder.join("src/lib.rs"))
            .and_then(|file| file.set_modified(now))
            .map_err(|error| format!("the crate has no `src/lib.rs`: {error}"))
    }
}

fn lines(folder: &Path, without: Option<&Path>) -> usize {
    if without == Some(folder) {
        return 0;
    }
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .map(|path| {
            if path.is_dir() {
                return lines(&path, without);
            }
            let rust = path.extension().is_some_and(|extension| extension == "rs");
            let text = rust.then(|| std::fs::read(&path).ok()).flatten();
            text.map_or(0, |text| String::from_utf8_lossy(&text).lines().count())
        })
        .sum()
}

//! `cargo xtask generate` as a person runs it: what is written, what is said, and the exit status.

mod documents;
mod hostile;
mod workspace;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// How a run went.
#[derive(Debug)]
struct Outcome {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Outcome {
    /// The message, after a check of the status.
    #[track_caller]
    fn said(&self, status: i32) -> &str {
        assert_eq!(self.status, status, "{}", self.stderr);
        &self.stderr
    }
}

/// A folder to work in.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with what `generate` reads and writes of this workspace: the documents, and the client without its runtime.
    fn workspace() -> Self {
        let desk = Self::new();
        let root = repository();
        copy(&root.join("specs"), &desk.path("specs"));
        for name in ["anam", "chatsistant", "wassist", "lib.rs"] {
            copy(
                &root.join("client/src").join(name),
                &desk.path(&format!("client/src/{name}")),
            );
        }
        copy(
            &root.join("client/Cargo.toml"),
            &desk.path("client/Cargo.toml"),
        );
        desk.write("client/src/runtime/mod.rs", "// The runtime.\n");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, contents).expect(name);
    }

    /// Runs `generate` in the folder.
    fn generate(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("generate")
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("CLICOLOR_FORCE")
            .output()
            .expect("the command");
        Outcome {
            status: output.status.code().expect("no signal"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Runs `generate` on the copy of the workspace.
    fn in_workspace(&self, arguments: &[&str]) -> Outcome {
        let mut all = vec!["--root", "."];
        all.extend(arguments);
        self.generate(&all)
    }

    /// Every file below a folder, by path relative to it.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let folder = self.path(folder);
        collect(&folder, &folder, &mut files);
        files
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(from, to).expect("a file");
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .expect("below it")
                .display()
                .to_string();
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

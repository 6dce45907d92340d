//! Where the workspace is.

use std::path::{Path, PathBuf};

/// The folder of the workspace's manifest, short where it is below the current folder.
pub(crate) fn root() -> PathBuf {
    let root = absolute_root();
    match std::env::current_dir() {
        Ok(current) if current == root => PathBuf::new(),
        _ => root,
    }
}

/// The same folder, to hand to commands that run elsewhere.
pub(crate) fn absolute_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// The workspace's manifest.
pub(crate) fn manifest() -> PathBuf {
    absolute_root().join("Cargo.toml")
}

//! Where the workspace is.

use std::path::{Path, PathBuf};

/// The folder of the workspace's manifest, short where it is below the current folder.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default();
    match std::env::current_dir() {
        Ok(current) if current == root => PathBuf::new(),
        _ => root,
    }
}

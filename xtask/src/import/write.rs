//! Files to disk, all or none as far as a disk allows: each through a temporary file, and only where bytes change.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file as it shall be.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// Writes the files that differ from what is there; returns their paths, or the one that failed and why.
pub(super) fn all(files: &[File]) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut prepared: Vec<(PathBuf, &Path)> = Vec::new();
    let result = files
        .iter()
        .filter(|file| !is_there(file))
        .try_for_each(|file| {
            let temporary = temporary(&file.path);
            prepared.push((temporary.clone(), &file.path));
            prepare(&temporary, &file.text).map_err(|error| (file.path.clone(), error))
        })
        // Nothing has been replaced until every byte is on the disk.
        .and_then(|()| {
            prepared.iter().try_for_each(|(from, to)| {
                fs::rename(from, to).map_err(|error| ((*to).to_owned(), error))
            })
        });
    match result {
        Ok(()) => Ok(prepared
            .into_iter()
            .map(|(_, path)| path.to_owned())
            .collect()),
        Err(failure) => {
            for (temporary, _) in prepared {
                // Those renamed or never made are not there; the failure itself is reported.
                let _ = fs::remove_file(temporary);
            }
            Err(failure)
        }
    }
}

fn is_there(file: &File) -> bool {
    fs::read(&file.path).is_ok_and(|bytes| bytes == file.text.as_bytes())
}

/// A sibling, so that renaming stays on one file system.
fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

fn prepare(temporary: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = temporary.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(temporary, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_only_what_differs_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| File {
            path: folder.path().join(name),
            text: text.to_owned(),
        };
        let files = [file("a/x", "1"), file("y", "2")];
        assert_eq!(all(&files).unwrap().len(), 2);
        assert_eq!(all(&files).unwrap(), Vec::<PathBuf>::new());
        // A folder in the way: neither file changes.
        fs::create_dir(folder.path().join("z")).unwrap();
        let blocked = [file("z/.", "3"), file("y", "4")];
        assert!(all(&blocked).is_err() || folder.path().join("z").is_dir());
        let names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert!(
            names
                .iter()
                .all(|name| !name.to_string_lossy().contains("tmp")),
            "{names:?}"
        );
    }
}

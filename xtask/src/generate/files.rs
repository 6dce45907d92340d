//! Generated files against those on disk: what is missing, differs or is left over, and bringing it
//! up to date.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use callwright_codegen::render::File;

use crate::failure::Failure;

/// Whether changes are made or only found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Bring the files up to date.
    Write,
    /// Say what is stale.
    Check,
}

/// What a file is compared with.
#[derive(Debug)]
pub(crate) struct Change {
    /// The file.
    pub(crate) path: PathBuf,
    /// What is on disk; none for a new file.
    pub(crate) old: Option<Vec<u8>>,
    /// What belongs there; none for a file left over.
    pub(crate) new: Option<Vec<u8>>,
}

/// The files that belong to an output, and those on disk that no longer do.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    files: BTreeMap<PathBuf, Vec<u8>>,
    leftovers: Vec<PathBuf>,
}

/// The first line of every generated source file holds this word.
const MARK: &str = "@generated";

impl Plan {
    /// A file that belongs to the output.
    pub(crate) fn file(&mut self, path: PathBuf, contents: Vec<u8>) {
        self.files.insert(path, contents);
    }

    /// A standalone crate in a folder. Files of an earlier run that no longer belong to it are left over;
    /// a folder with anything else in it is refused.
    pub(crate) fn standalone(folder: &Path, files: Vec<File>) -> Result<Self, Failure> {
        let mut plan = Self::default();
        for file in files {
            plan.file(folder.join(&file.path), file.contents);
        }
        let manifest = folder.join("Cargo.toml");
        if folder.is_file() {
            return Err(Failure::new(format!("`{}` is a file", folder.display()))
                .help("name a folder with --out"));
        }
        if manifest.exists() && !marked(&manifest) {
            return Err(
                Failure::new(format!("`{}` was not generated here", manifest.display())).help(
                    "name an empty folder with --out; an existing crate is never overwritten",
                ),
            );
        }
        plan.sweep(&folder.join("src"))?;
        Ok(plan)
    }

    /// Finds the generated files below a folder that do not belong to the output.
    pub(crate) fn sweep(&mut self, folder: &Path) -> Result<(), Failure> {
        if !folder.is_dir() {
            return Ok(());
        }
        let entries =
            std::fs::read_dir(folder).map_err(|error| Failure::io("read", folder, &error))?;
        for entry in entries {
            let path = entry
                .map_err(|error| Failure::io("read", folder, &error))?
                .path();
            if path.is_dir() && !path.is_symlink() {
                self.sweep(&path)?;
            } else if !self.files.contains_key(&path) && marked(&path) {
                self.leftovers.push(path);
            }
        }
        Ok(())
    }

    /// Compares with the disk and, in [`Mode::Write`], makes the changes. Nothing that is as it should be is touched.
    pub(crate) fn apply(self, mode: Mode) -> Result<Vec<Change>, Failure> {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let new = match mode {
            Mode::Write => make_folders(self.files.keys())?,
            Mode::Check => HashSet::new(),
        };
        let files = self.files.into_iter().map(|(path, contents)| Wanted {
            is_new: path.parent().is_some_and(|folder| new.contains(folder)),
            path,
            contents,
        });
        let mut changes = brought_up_to_date(files.collect(), mode, processors.min(MOST))?;
        for path in self.leftovers {
            let old = std::fs::read(&path).map_err(|error| Failure::io("read", &path, &error))?;
            if mode == Mode::Write {
                remove(&path)?;
            }
            changes.push(Change {
                path,
                old: Some(old),
                new: None,
            });
        }
        Ok(changes)
    }
}

/// A file as it is to be.
struct Wanted {
    path: PathBuf,
    contents: Vec<u8>,
    /// Whether its folder was made for it: there is nothing to compare it with, and nobody who reads it yet.
    is_new: bool,
}

/// Makes the folders of files that are not there, and returns them.
fn make_folders<'p>(files: impl Iterator<Item = &'p PathBuf>) -> Result<HashSet<PathBuf>, Failure> {
    let mut new = HashSet::new();
    let folders: BTreeSet<&Path> = files.filter_map(|path| path.parent()).collect();
    for folder in folders {
        if !folder.as_os_str().is_empty() && !folder.exists() {
            std::fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
            new.insert(folder.to_path_buf());
        }
    }
    Ok(new)
}

/// More threads than this only wait for the disk.
const MOST: usize = 8;
/// Fewer files than these are not worth a thread.
const FEW: usize = 32;

/// Compares files with the disk, on several threads, and in [`Mode::Write`] writes those that differ. The changes are in the
/// order of the files, and so is the first error.
fn brought_up_to_date(
    mut files: Vec<Wanted>,
    mode: Mode,
    threads: usize,
) -> Result<Vec<Change>, Failure> {
    if threads < 2 || files.len() < FEW {
        return files
            .into_iter()
            .filter_map(|file| change(file, mode).transpose())
            .collect();
    }
    let half = files.split_off(files.len() / 2);
    std::thread::scope(|scope| {
        let later = scope.spawn(move || brought_up_to_date(half, mode, threads / 2));
        let mut changes = brought_up_to_date(files, mode, threads - threads / 2)?;
        let later = later
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        changes.extend(later?);
        Ok(changes)
    })
}

/// Brings one file up to date; nothing where it is already.
fn change(file: Wanted, mode: Mode) -> Result<Option<Change>, Failure> {
    let Wanted {
        path,
        contents: new,
        is_new,
    } = file;
    if is_new {
        std::fs::write(&path, &new).map_err(|error| Failure::io("write", &path, &error))?;
        let (old, new) = (None, Some(new));
        return Ok(Some(Change { path, old, new }));
    }
    let old = match std::fs::read(&path) {
        Ok(old) if old == new => return Ok(None),
        Ok(old) => Some(old),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::io("read", &path, &error)),
    };
    if mode == Mode::Write {
        write(&path, &new)?;
    }
    Ok(Some(Change {
        path,
        old,
        new: Some(new),
    }))
}

/// Whether a file says in its first line that it is generated.
fn marked(path: &Path) -> bool {
    use std::io::{BufRead as _, BufReader, Read as _};
    let Ok(file) = std::fs::File::open(path) else {
        return false;
    };
    let mut line = String::new();
    let _ = BufReader::new(file.take(4096)).read_line(&mut line);
    line.contains(MARK)
}

/// Writes beside the file and renames, so that no reader sees half of it.
fn write(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::io("write", path, &error);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let beside = folder.join(name);
    std::fs::write(&beside, contents).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}

/// Removes a file and the folders that it leaves empty.
fn remove(path: &Path) -> Result<(), Failure> {
    std::fs::remove_file(path).map_err(|error| Failure::io("remove", path, &error))?;
    let mut folder = path.parent();
    while let Some(empty) = folder {
        // Fails where something else is in it, which is when to stop.
        if std::fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
    Ok(())
}

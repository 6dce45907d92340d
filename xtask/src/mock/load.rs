//! Documents from disk, ready to be served.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use callwright_codegen::{
    diagnostic::{Severity, Style, render},
    dialect::lower,
    source,
};
use serde::Deserialize;
use serde_json::Value;

/// A document and the name it goes by.
pub(crate) struct Loaded {
    pub(crate) name: String,
    pub(crate) root: Value,
}

/// Why there is nothing to serve.
#[derive(Debug)]
pub(crate) enum LoadError {
    Read(PathBuf, io::Error),
    Manifest(PathBuf, String),
    Document(PathBuf, String),
    /// Neither an API nor a file; with the APIs there are.
    Unknown(String, Vec<String>),
    NoApis(PathBuf),
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(out, "cannot read {}: {error}", path.display()),
            Self::Manifest(path, reason) => {
                write!(out, "{} is not a manifest: {reason}", path.display())
            }
            Self::Document(path, reason) => {
                write!(out, "{} cannot be served\n{reason}", path.display())
            }
            Self::Unknown(name, known) if known.is_empty() => {
                write!(
                    out,
                    "`{name}` is not a file, and the manifest has no APIs; name a document"
                )
            }
            Self::Unknown(name, known) => {
                write!(
                    out,
                    "`{name}` is neither an API of the manifest ({}) nor a file",
                    known.join(", ")
                )
            }
            Self::NoApis(path) => write!(
                out,
                "{} has no APIs; name a document, or add one with `cargo xtask import`",
                path.display()
            ),
        }
    }
}

impl std::error::Error for LoadError {}

#[derive(Debug, Default, Deserialize)]
struct Manifest {
    #[serde(default)]
    api: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
    document: String,
    overlay: Option<OneOrMany>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// What the argument names: an API of the manifest in `specs`, a file, or all APIs.
pub(crate) fn load(specs: &Path, argument: Option<&str>) -> Result<Vec<Loaded>, LoadError> {
    let path = specs.join("callwright.toml");
    let manifest = read_manifest(&path)?;
    let Some(argument) = argument else {
        if manifest.api.is_empty() {
            return Err(LoadError::NoApis(path));
        }
        return manifest
            .api
            .iter()
            .map(|entry| load_entry(specs, entry))
            .collect();
    };
    if let Some(entry) = manifest.api.iter().find(|entry| entry.name == argument) {
        return Ok(vec![load_entry(specs, entry)?]);
    }
    let file = Path::new(argument);
    if !file.is_file() {
        let known = manifest.api.into_iter().map(|entry| entry.name).collect();
        return Err(LoadError::Unknown(argument.to_owned(), known));
    }
    Ok(vec![Loaded {
        name: name_of(file),
        root: read_document(file, Vec::new())?,
    }])
}

/// A missing manifest is an empty one: a file can be served from anywhere.
fn read_manifest(path: &Path) -> Result<Manifest, LoadError> {
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text)
            .map_err(|error| LoadError::Manifest(path.to_owned(), error.to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(LoadError::Read(path.to_owned(), error)),
    }
}

fn load_entry(specs: &Path, entry: &Entry) -> Result<Loaded, LoadError> {
    let overlays = match &entry.overlay {
        None => Vec::new(),
        Some(OneOrMany::One(path)) => vec![specs.join(path)],
        Some(OneOrMany::Many(paths)) => paths.iter().map(|path| specs.join(path)).collect(),
    };
    let overlays = overlays
        .into_iter()
        .map(|path| Ok((path.display().to_string(), read_file(&path)?)))
        .collect::<Result<_, _>>()?;
    Ok(Loaded {
        name: entry.name.clone(),
        root: read_document(&specs.join(&entry.document), overlays)?,
    })
}

fn read_file(path: &Path) -> Result<Vec<u8>, LoadError> {
    fs::read(path).map_err(|error| LoadError::Read(path.to_owned(), error))
}

/// Reads and lowers a document of any dialect. What had to be left out of it is told on stderr.
fn read_document(path: &Path, overlays: Vec<(String, Vec<u8>)>) -> Result<Value, LoadError> {
    let bytes = read_file(path)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let (tree, files, mut diagnostics) = source::read(&source::Input {
        name: &path.display().to_string(),
        bytes: &bytes,
        loader: &|relative| read_part(&folder, relative),
        overlays,
        limits: source::Limits::default(),
    });
    let lowered = tree.and_then(|tree| {
        let (lowered, more) = lower(tree);
        diagnostics.extend(more);
        lowered
    });
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let report = render(&diagnostics, &files, Style::Plain);
    match lowered {
        Some(lowered) => {
            eprint!("{report}");
            Ok(lowered.value)
        }
        None => Err(LoadError::Document(path.to_owned(), report)),
    }
}

/// Another file of the document, in its folder or below; a link out of it is not followed.
fn read_part(folder: &Path, relative: &str) -> Result<Vec<u8>, source::LoadError> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => source::LoadError::Missing,
        _ => source::LoadError::Unreadable(error.to_string()),
    };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let folder = folder.canonicalize().map_err(unreadable)?;
    let path = folder.join(relative).canonicalize().map_err(unreadable)?;
    if !path.starts_with(&folder) {
        let reason = "it is outside the document's folder".to_owned();
        return Err(source::LoadError::Unreadable(reason));
    }
    fs::read(path).map_err(unreadable)
}

/// The file's name without extension; that of its folder when every document is called that.
fn name_of(file: &Path) -> String {
    let stem = |path: &Path| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    let own = stem(file).unwrap_or_default();
    let generic =
        ["openapi", "swagger", "api", "spec", "index"].contains(&own.to_ascii_lowercase().as_str());
    let folder = file
        .canonicalize()
        .ok()
        .and_then(|file| file.parent().and_then(stem));
    let name = folder.filter(|_| generic).unwrap_or(own);
    name.split_whitespace().collect::<Vec<_>>().join("-")
}

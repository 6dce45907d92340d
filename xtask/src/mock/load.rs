//! Documents from disk, ready to be served.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
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
            Self::Document(path, reason) => write!(
                out,
                "{} is not an OpenAPI document: {reason}",
                path.display()
            ),
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
        root: read_document(file)?,
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
    Ok(Loaded {
        name: entry.name.clone(),
        root: read_document(&specs.join(&entry.document))?,
    })
}

fn read_document(path: &Path) -> Result<Value, LoadError> {
    let text = fs::read_to_string(path).map_err(|error| LoadError::Read(path.to_owned(), error))?;
    let root: Value = serde_yaml::from_str(&text)
        .map_err(|error| LoadError::Document(path.to_owned(), error.to_string()))?;
    if root.get("openapi").or(root.get("swagger")).is_none() {
        return Err(LoadError::Document(
            path.to_owned(),
            "it has neither `openapi` nor `swagger`".to_owned(),
        ));
    }
    Ok(root)
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

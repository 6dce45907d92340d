//! Documents on disk: the entry file, its overlays and the files it refers to, never outside its folder.

use std::path::{Path, PathBuf};

use callwright_codegen::diagnostic::Files;
use callwright_codegen::source::{Input, Limits, LoadError, Tree};
use callwright_codegen::{Config, Outlined, Output, RuntimeSource};

use crate::failure::Failure;
use crate::{sha256, workspace};

/// A document read from disk, with its overlays.
pub(crate) struct Document {
    /// As shown to the user.
    pub(crate) name: String,
    folder: PathBuf,
    bytes: Vec<u8>,
    overlays: Vec<(String, Vec<u8>)>,
}

impl Document {
    /// Reads the entry file and the overlays.
    pub(crate) fn open(path: &Path, overlays: &[PathBuf]) -> Result<Self, Failure> {
        let bytes = read(path, "an OpenAPI document")?;
        let overlays = overlays
            .iter()
            .map(|path| Ok((path.display().to_string(), read(path, "an overlay")?)))
            .collect::<Result<_, Failure>>()?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        Ok(Self {
            name: path.display().to_string(),
            folder: folder.to_path_buf(),
            bytes,
            overlays,
        })
    }

    /// Runs the generator on it.
    pub(crate) fn generate(&self, mut config: Config<'_>) -> Output {
        config.sha256 = sha256::hex(&self.bytes);
        self.input(|input| callwright_codegen::generate(input, config))
    }

    /// What the generator would make of it.
    pub(crate) fn outline(&self, config: Config<'_>) -> Outlined {
        self.input(|input| callwright_codegen::outline(input, config))
    }

    /// Reads it into one value, as its author wrote it.
    #[allow(dead_code, reason = "the judge of examples reads documents, too")]
    pub(crate) fn read(&self) -> (Option<Tree>, Files) {
        self.input(|input| {
            let (tree, files, _) = callwright_codegen::source::read(input);
            (tree, files)
        })
    }

    /// Hands it to the generator, with its folder.
    fn input<T>(&self, work: impl FnOnce(&Input<'_>) -> T) -> T {
        let canonical = self.folder.canonicalize();
        let loader = |name: &str| load(&self.folder, canonical.as_deref().ok(), name);
        let input = Input {
            name: &self.name,
            bytes: &self.bytes,
            loader: &loader,
            overlays: self.overlays.clone(),
            limits: Limits::default(),
        };
        work(&input)
    }

    /// The bytes of the entry file.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    if path.is_dir() {
        return Err(Failure::new(format!("`{}` is a folder", path.display()))
            .help(format!("name {what}, a YAML or JSON file")));
    }
    std::fs::read(path).map_err(|error| {
        Failure::io("read", path, &error)
            .help(format!("name {what}, a YAML or JSON file that can be read"))
    })
}

/// Reads a file that a document refers to; a link that leads out of the folder is not followed.
fn load(folder: &Path, canonical: Option<&Path>, name: &str) -> Result<Vec<u8>, LoadError> {
    let path = folder.join(name);
    let target = path.canonicalize().map_err(|error| missing(&error))?;
    if !canonical.is_some_and(|folder| target.starts_with(folder)) {
        return Err(LoadError::Unreadable(
            "it is a link that leads out of the document's folder".to_owned(),
        ));
    }
    std::fs::read(&target).map_err(|error| missing(&error))
}

fn missing(error: &std::io::Error) -> LoadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => LoadError::Missing,
        _ => LoadError::Unreadable(error.to_string()),
    }
}

/// The runtime that a standalone crate receives: the files of `client/src/runtime`, and the manifest
/// that says what they depend on.
pub(crate) fn runtime_source() -> Result<RuntimeSource, Failure> {
    let client = workspace::root().join("client");
    let manifest = client.join("Cargo.toml");
    let folder = client.join("src/runtime");
    let mut files = Vec::new();
    collect(&folder, "", &mut files)?;
    files.sort();
    let manifest = std::fs::read_to_string(&manifest)
        .map_err(|error| Failure::io("read", &manifest, &error))?;
    Ok(RuntimeSource { files, manifest })
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::io("read", folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io("read", folder, &error))?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            files.push((
                name,
                std::fs::read(&path).map_err(|error| Failure::io("read", &path, &error))?,
            ));
        }
    }
    Ok(())
}

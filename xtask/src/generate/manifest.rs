//! `specs/callwright.toml`: the APIs to generate.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use callwright_codegen::Gating;

use super::Document;
use crate::failure::Failure;
use crate::sha256;

/// The manifest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// The APIs, in the order of the file.
    #[serde(default, rename = "api")]
    pub(crate) apis: Vec<Api>,
    #[serde(skip)]
    folder: PathBuf,
}

/// One API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Api {
    /// Its module and feature.
    pub(crate) name: String,
    /// Its document, relative to the manifest.
    document: PathBuf,
    /// The sha256 of the document's bytes, where it was recorded.
    sha256: Option<String>,
    /// Where the document came from; for people.
    #[serde(default, rename = "origin")]
    _origin: Vec<String>,
    /// Our corrections, relative to the manifest.
    overlay: Option<PathBuf>,
    /// Whether responses keep the properties that the document says nothing of.
    #[serde(default)]
    pub(crate) keep_unknown_fields: bool,
    /// Whether each resource has a feature; decided by the size of the API where it does not say.
    resource_features: Option<bool>,
}

impl Api {
    /// Whether each resource has a feature.
    pub(crate) fn gating(&self) -> Gating {
        match self.resource_features {
            None => Gating::BySize,
            Some(true) => Gating::Always,
            Some(false) => Gating::Never,
        }
    }
}

impl Manifest {
    /// Reads the manifest.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::io("read", path, &error)
                .help("`cargo xtask import PAGE…` makes one from documentation pages")
        })?;
        let mut manifest: Self = toml_edit::de::from_str(&text)
            .map_err(|error| Failure::new(format!("`{}`: {error}", path.display())))?;
        manifest.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        for (index, api) in manifest.apis.iter().enumerate() {
            if manifest.apis[..index]
                .iter()
                .any(|other| other.name == api.name)
            {
                return Err(Failure::new(format!(
                    "`{}`: the API `{}` is there twice",
                    path.display(),
                    api.name.escape_debug()
                ))
                .help("remove one, or give it another name"));
            }
            let plain = |character: char| {
                character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_'
            };
            let fault = callwright_codegen::names::crate_name_fault(&api.name);
            if fault.is_some() || !api.name.chars().all(plain) {
                return Err(Failure::new(format!(
                    "`{}`: `{}` cannot be the name of an API",
                    path.display(),
                    api.name.escape_debug()
                ))
                .help(
                    "use lower-case letters, digits and `_`: it becomes a module and a feature",
                ));
            }
        }
        Ok(manifest)
    }

    /// The APIs of these names; all where there is none.
    pub(crate) fn select(&self, names: &[String]) -> Result<Vec<&Api>, Failure> {
        if names.is_empty() {
            return Ok(self.apis.iter().collect());
        }
        names
            .iter()
            .map(|name| {
                self.apis
                    .iter()
                    .find(|api| &api.name == name)
                    .ok_or_else(|| {
                        let known: Vec<&str> =
                            self.apis.iter().map(|api| api.name.as_str()).collect();
                        Failure::new(format!("specs/callwright.toml has no API `{name}`")).help(
                            format!(
                                "it has {}; for a document elsewhere use `--spec FILE --out DIR`",
                                known.join(", ")
                            ),
                        )
                    })
            })
            .collect()
    }

    /// The API whose document this file is.
    #[allow(dead_code, reason = "the judge of examples is given files")]
    pub(crate) fn of_document(&self, path: &Path) -> Option<&Api> {
        let path = path.canonicalize().ok()?;
        let is_it = |api: &&Api| {
            let document = self.folder.join(&api.document).canonicalize();
            document.is_ok_and(|document| document == path)
        };
        self.apis.iter().find(is_it)
    }

    /// Reads the document of an API.
    pub(crate) fn open(&self, api: &Api) -> Result<Document, Failure> {
        let overlays: Vec<PathBuf> = api
            .overlay
            .iter()
            .map(|overlay| self.folder.join(overlay))
            .collect();
        let document = Document::open(&self.folder.join(&api.document), &overlays)?;
        let found = sha256::hex(document.bytes());
        match &api.sha256 {
            Some(recorded) if *recorded != found => Err(Failure::new(format!(
                "`{}` is not the document that was vendored: its sha256 is {found}",
                document.name
            ))
            .help("put corrections into the API's overlay; after a new version was vendored, record its sha256 in specs/callwright.toml")),
            _ => Ok(document),
        }
    }
}

//! One file per question that is asked of documents; this one reads them from disk.

mod compiled;
mod gates;
mod negative;
mod pages;
mod random;
mod snapshots;
mod surfaces;
mod values;
mod wire;

use std::path::{Path, PathBuf};

use callwright_codegen::render::File;
use callwright_codegen::source::{Input, Limits, LoadError};
use callwright_codegen::{Config, Layout, Outlined, Output, RuntimeSource};

/// A document on disk.
struct Document {
    /// The name of its fixture: the file's stem, or the folder's name for one of several files.
    name: String,
    path: PathBuf,
}

impl Document {
    /// Reads it, with overlays and limits, and hands it to the generator.
    fn input<T>(
        &self,
        overlays: &[&Path],
        limits: Limits,
        work: impl FnOnce(&Input<'_>) -> T,
    ) -> T {
        let folder = self.path.parent().unwrap();
        let shown = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let loader = |name: &str| {
            std::fs::read(folder.join(name)).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => LoadError::Missing,
                _ => LoadError::Unreadable(error.to_string()),
            })
        };
        work(&Input {
            name: &shown(&self.path),
            bytes: &std::fs::read(&self.path).unwrap(),
            loader: &loader,
            overlays: overlays
                .iter()
                .map(|path| (shown(path), std::fs::read(path).unwrap()))
                .collect(),
            limits,
        })
    }

    /// The overlay beside it, `NAME.overlay.yaml`.
    fn overlay(&self) -> Option<PathBuf> {
        let overlay = self.path.with_extension("overlay.yaml");
        overlay.exists().then_some(overlay)
    }

    /// Generates it as a module of a crate with the runtime.
    fn generate(&self) -> Output {
        let config = Config {
            name: Some(self.name.clone()),
            layout: Layout::Module {
                crate_name: "fixtures",
            },
            sha256: "0".repeat(64),
            ..Config::default()
        };
        let overlay = self.overlay();
        self.input(overlay.as_deref().as_slice(), Limits::default(), |input| {
            callwright_codegen::generate(input, config)
        })
    }

    fn outline(&self) -> Outlined {
        let config = Config {
            name: Some(self.name.clone()),
            ..Config::default()
        };
        self.input(&[], Limits::default(), |input| {
            callwright_codegen::outline(input, config)
        })
    }
}

/// The documents of a folder of `tests`, by name: files, and folders with an `openapi.yaml`.
fn documents(folder: &str) -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut documents: Vec<Document> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem()?.to_str()?.to_owned();
            let path = if path.is_dir() {
                path.join("openapi.yaml")
            } else {
                path
            };
            let extension = path.extension()?.to_str()?;
            let part = name.contains('.') || !matches!(extension, "yaml" | "json");
            (!part).then_some(Document { name, path })
        })
        .collect();
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!documents.is_empty());
    documents
}

/// The workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// The public documents, where they are at hand.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CALLWRIGHT_CORPUS")
        .map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The runtime as standalone crates receive it.
fn runtime() -> RuntimeSource {
    let client = root().join("client");
    let mut files = Vec::new();
    collect(&client.join("src/runtime"), "", &mut files);
    files.sort();
    RuntimeSource {
        files,
        manifest: std::fs::read_to_string(client.join("Cargo.toml")).unwrap(),
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
}

/// A file as text.
fn text(file: &File) -> &str {
    std::str::from_utf8(&file.contents).unwrap()
}

/// Compares with `tests/snapshots/NAME.snap`.
fn assert_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Runs a check on each document and reports all that fail, not the first alone.
fn each(documents: &[Document], check: impl Fn(&Document) + std::panic::RefUnwindSafe) {
    let failed: Vec<&str> = documents
        .iter()
        .filter(|document| {
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(document))).is_err()
        })
        .map(|document| document.name.as_str())
        .collect();
    assert!(failed.is_empty(), "{} failed: {failed:?}", failed.len());
}

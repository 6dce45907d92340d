//! From bytes to one value tree: text, YAML or JSON, other files, overlays; knows where references stand, not what a schema means.

mod anchors;
mod bundle;
mod grammar;
mod halves;
mod origins;
mod overlay;
mod parse;
mod path;
mod reference;
mod text;

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::Value;

pub use grammar::{Kind, Nest, Place, extension};
pub use origins::Origins;
pub use path::Path;

use bundle::Bundle;

use crate::diagnostic::{Code, Diagnostic, File, FileId, Files, Pointer, Syntax};

/// Why a file that a document refers to could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// There is no such file.
    Missing,
    /// There is, but it cannot be read; the text says why.
    Unreadable(String),
}

/// Gives the bytes of a file by its path relative to the entry's folder: `/`-separated, normalised, never upward.
pub type Loader<'a> = dyn Fn(&str) -> Result<Vec<u8>, LoadError> + Sync + 'a;

/// What a document may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of all files together.
    pub bytes: usize,
    /// Nesting of objects and lists; YAML is read to 128 levels at most.
    pub depth: usize,
    /// Values of all files together, aliases expanded.
    pub values: usize,
    /// Files of one document.
    pub files: usize,
}

impl Default for Limits {
    /// Room for documents several times the size of the largest public ones.
    fn default() -> Self {
        Self {
            bytes: 128 << 20,
            depth: 512,
            values: 8_000_000,
            files: 50_000,
        }
    }
}

/// One document to read.
pub struct Input<'a> {
    /// The entry file, as shown to the user.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Gives the other files.
    pub loader: &'a Loader<'a>,
    /// OpenAPI Overlay 1.0 documents, applied in order: name as shown to the user, bytes.
    pub overlays: Vec<(String, Vec<u8>)>,
    /// What it may cost.
    pub limits: Limits,
}

/// A whole document in one value, with local references alone.
#[derive(Debug)]
pub struct Tree {
    /// The document; other files stand below `x-callwright-files`.
    pub root: Value,
    /// Where each value came from.
    pub origins: Origins,
    /// The texts.
    pub files: Files,
    /// What stands outside the places of the specification and is referred to: pointers into `root`, and of which kind.
    pub parts: Vec<(Pointer, Kind)>,
    /// Names for what other files hold: pointers into `root`, and how a person would call what is there.
    pub names: HashMap<Pointer, String>,
}

/// The key of the root below which the values of other files stand, by number.
pub const FILES_KEY: &str = "x-callwright-files";

/// Where references lead that have already been reported: nothing is ever there.
pub const MISSING_KEY: &str = "x-callwright-missing";

/// Whether a reference that leads to nothing in the bundled value has been reported by this room.
pub fn is_reported(reference: &str) -> bool {
    [MISSING_KEY, FILES_KEY].iter().any(|key| {
        reference
            .strip_prefix("#/")
            .and_then(|rest| rest.strip_prefix(key))
            .is_some_and(|rest| rest.starts_with('/'))
    })
}

/// Reads a document with everything it refers to.
///
/// The files are returned in any case, for the positions of the diagnostics. Without a tree, an error says why.
pub fn read(input: &Input<'_>) -> (Option<Tree>, Files, Vec<Diagnostic>) {
    let spent = Cell::new(0);
    let mut diagnostics = Vec::new();
    let (root, file) = read_file(
        input.name,
        input.bytes,
        FileId::ENTRY,
        &input.limits,
        &spent,
        &mut diagnostics,
    );
    let mut files = vec![file];
    let Some(mut root) = root.filter(|root| is_openapi(root, &mut diagnostics)) else {
        return (None, Files::new(files), diagnostics);
    };
    let mut origins = Origins::default();
    for (name, bytes) in &input.overlays {
        let id = FileId(files.len());
        let (value, file) = read_file(name, bytes, id, &input.limits, &spent, &mut diagnostics);
        files.push(file);
        if let Some(value) = value {
            overlay::apply(&mut root, &value, id, &mut origins, &mut diagnostics);
        }
    }
    let (bundled, bundle) = Bundle::new(input, &spent, root, files, origins).run();
    diagnostics.extend(bundle.diagnostics);
    let files = Files::new(bundle.files);
    let tree = Tree {
        root: bundled.root,
        origins: bundle.origins,
        files: files.clone(),
        parts: bundled.parts,
        names: bundled.names,
    };
    (Some(tree), files, diagnostics)
}

/// Decodes and parses one file; a diagnostic says why there is no value.
fn read_file(
    name: &str,
    bytes: &[u8],
    id: FileId,
    limits: &Limits,
    spent: &Cell<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Value>, File) {
    if bytes.len() > limits.bytes {
        diagnostics.push(
            Diagnostic::new(
                Code::TOO_LARGE,
                format!("the file has {} bytes", bytes.len()),
            )
            .at((id, Pointer::root()))
            .remedy(format!("files of up to {} bytes are read", limits.bytes)),
        );
        return (None, File::new(name, "", Syntax::Yaml));
    }
    match text::decode(bytes) {
        Ok(text) => {
            let parsed = parse::parse(&text, id, limits, spent);
            diagnostics.extend(parsed.diagnostics);
            (parsed.value, File::new(name, text, parsed.syntax))
        }
        Err(wrong) => {
            diagnostics.push(
                Diagnostic::new(Code::ENCODING, "the file is not valid UTF-8")
                    .at_line(id, wrong.line, wrong.column)
                    .remedy("save the file as UTF-8"),
            );
            (None, File::new(name, wrong.lossy, Syntax::Yaml))
        }
    }
}

fn is_openapi(root: &Value, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let Some(object) = root.as_object() else {
        diagnostics.push(
            Diagnostic::new(Code::NOT_AN_OBJECT, "the document is not an object")
                .remedy("an OpenAPI document starts with `openapi: 3.1.0` or the like"),
        );
        return false;
    };
    if object.contains_key("openapi") || object.contains_key("swagger") {
        return true;
    }
    diagnostics.push(
        Diagnostic::new(
            Code::NOT_OPENAPI,
            "the document has neither `openapi` nor `swagger` at its top level",
        )
        .remedy("name the entry file of an OpenAPI document; parts of one are read when it refers to them"),
    );
    false
}

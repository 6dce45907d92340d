//! Any version of OpenAPI lowered to a 3.0-shaped value; what 3.0 cannot say is carried as `x-callwright-` extensions.
//! Knows the specifications, nothing of Rust.
//!
//! One file a dialect; what they have in common is in `structure`, `schema` and `security`. See `docs/support.md`.

mod keywords;
mod lowering;
mod message;
mod schema;
mod security;
mod structure;
mod swagger2;
mod types;
mod v3_0;
mod v3_1;
mod v3_2;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, FileId, Files, Pointer, Severity};
use crate::source::{Kind, Origins, Tree};
use lowering::{Lowering, Path};

/// A version of the specification, as far as its rules differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Swagger 2.0.
    Swagger2,
    /// OpenAPI 3.0.x.
    V3_0,
    /// OpenAPI 3.1.x.
    V3_1,
    /// OpenAPI 3.2.x.
    V3_2,
}

/// A document in the shape of OpenAPI 3.0.
#[derive(Debug)]
pub struct Lowered {
    /// The document; every part deserializes into its type of `openapiv3`.
    pub value: Value,
    /// The version as the document says it.
    pub version: String,
    /// The rules that it was lowered by.
    pub dialect: Dialect,
    /// Where each value came from.
    pub origins: Origins,
    /// The texts.
    pub files: Files,
    /// Names for what other files hold: pointers into `value`, and how a person would call what is there.
    pub names: HashMap<Pointer, String>,
}

impl Lowered {
    /// The file and pointer under which the author finds what `pointer` leads to in `value`.
    pub fn author(&self, pointer: &Pointer) -> (FileId, Pointer) {
        self.origins.author(pointer)
    }
}

/// Lowers a document. Without a result, an error says why; otherwise what could not be lowered is left out and reported.
pub fn lower(tree: Tree) -> (Option<Lowered>, Vec<Diagnostic>) {
    let (version, dialect) = match version(&tree) {
        Ok(found) => found,
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    let Tree {
        mut root,
        origins,
        files,
        parts,
        names,
    } = tree;
    let mut lowering = Lowering {
        dialect,
        origins,
        files,
        diagnostics: Vec::new(),
        relocated: HashMap::new(),
    };
    if let Value::Object(object) = &mut root {
        let base = Pointer::root();
        let path = Path::Base(&base);
        match dialect {
            Dialect::Swagger2 => swagger2::lower(&mut lowering, object, &path, &parts),
            Dialect::V3_0 => v3_0::lower(&mut lowering, object, &path),
            Dialect::V3_1 => v3_1::lower(&mut lowering, object, &path),
            Dialect::V3_2 => v3_2::lower(&mut lowering, object, &path),
        }
    }
    for (pointer, kind) in &parts {
        if let Some(part) = root.pointer_mut(pointer.as_str())
            && !(dialect == Dialect::Swagger2 && swagger2::is_inlined(part, *kind))
        {
            lowering.part(part, &Path::Base(pointer), *kind);
        }
    }
    let diagnostics = settle(lowering.diagnostics);
    let lowered = Lowered {
        value: root,
        version,
        dialect,
        origins: lowering.origins,
        files: lowering.files,
        names,
    };
    (Some(lowered), diagnostics)
}

/// What is copied into several places is said once, and so is a note that holds in many places.
fn settle(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut said = HashSet::new();
    let mut notes: HashMap<(Code, String), (usize, usize)> = HashMap::new();
    let mut settled: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        let Diagnostic { code, file, .. } = diagnostic;
        if !said.insert((
            code,
            file,
            diagnostic.pointer.clone(),
            diagnostic.message.clone(),
        )) {
            continue;
        }
        if diagnostic.severity == Severity::Note {
            let key = (code, diagnostic.message.clone());
            if let Some((_, more)) = notes.get_mut(&key) {
                *more += 1;
                continue;
            }
            notes.insert(key, (settled.len(), 0));
        }
        settled.push(diagnostic);
    }
    for (index, more) in notes.into_values().filter(|(_, more)| *more > 0) {
        let places = if more == 1 { "place" } else { "places" };
        settled[index].label = Some(format!("and in {more} more {places}"));
    }
    settled
}

fn version(tree: &Tree) -> Result<(String, Dialect), Box<Diagnostic>> {
    let key = if tree.root.get("openapi").is_some() {
        "openapi"
    } else {
        "swagger"
    };
    let place = tree.origins.author(&Pointer::root().join(key));
    let version = match &tree.root[key] {
        Value::String(version) => version.trim().to_owned(),
        // `swagger: 2.0` without quotes is a number in YAML.
        Value::Number(number) => tree
            .files
            .scalar(place.0, &place.1)
            .map_or_else(|| number.to_string(), str::to_owned),
        _ => String::new(),
    };
    let mut numbers = version.split(['.', '-']).map(str::parse::<u32>);
    let dialect = match (key, numbers.next(), numbers.next()) {
        ("swagger", Some(Ok(2)), _) => Dialect::Swagger2,
        ("openapi", Some(Ok(3)), Some(Ok(0)) | None) => Dialect::V3_0,
        ("openapi", Some(Ok(3)), Some(Ok(1))) => Dialect::V3_1,
        ("openapi", Some(Ok(3)), Some(Ok(2))) => Dialect::V3_2,
        _ => {
            let unknown = Diagnostic::new(
                Code::UNKNOWN_VERSION,
                format!("`{key}: {version}` is not a version this generator knows"),
            )
            .at(place)
            .remedy("use Swagger 2.0, or OpenAPI 3.0, 3.1 or 3.2; convert other versions first");
            return Err(Box::new(unknown));
        }
    };
    Ok((version, dialect))
}

impl Lowering {
    /// Lowers what stands outside the places of the specification.
    fn part(&mut self, part: &mut Value, path: &Path<'_>, kind: Kind) {
        let keep = match kind {
            Kind::Schema => {
                self.schema(part, path);
                true
            }
            Kind::Parameter => self.parameter(part, path),
            Kind::RequestBody => self.request_body(part, path),
            Kind::Response => self.response(part, path),
            Kind::Header => self.header(part, path),
            Kind::Link => self.link(part, path),
            Kind::Example => {
                self.example(part, path);
                true
            }
            Kind::Callback => self.callback(part, path),
            Kind::SecurityScheme => self.security_scheme(part, path),
            Kind::PathItem => self.path_item(part, path),
            _ => true,
        };
        if !keep {
            *part = Value::Null;
        }
    }
}

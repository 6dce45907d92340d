//! The rooms in their order, from bytes to files.

use crate::diagnostic::{Code, Diagnostic, FileId, Files, Pointer, Severity, Syntax};
use crate::dialect::{self, Lowered};
use crate::document::Document;
use crate::emit::Feature;
use crate::ir::Api;
use crate::names::{Gating, Names};
use crate::outline::{self, Outline};
use crate::render::{self, File, Header, RuntimeSource, Standalone};
use crate::source::{self, Input};
use crate::{analyze, emit, names, parallel, resolve};

/// What the caller decides.
#[derive(Debug, Clone, Default)]
pub struct Config<'a> {
    /// The name of the API, or of the standalone crate; made from the document's title where there is none.
    pub name: Option<String>,
    /// Where the code will stand.
    pub layout: Layout<'a>,
    /// The SHA-256 of the entry file, for the heads of the files.
    pub sha256: String,
    /// Whether the module that calls every operation from JSON is wanted, too; for a module of a crate alone.
    pub calls: bool,
    /// Whether responses keep the properties that the document says nothing of, as its `x-callwright-keep-unknown-fields` says.
    pub keep_unknown_fields: bool,
    /// Whether the module that decodes and encodes every type is wanted, too; for a module of a crate alone.
    pub round_trips: bool,
    /// Whether each resource is behind a cargo feature. Those of a module of a crate are for its manifest: [`Client::features`].
    pub resource_features: Gating,
}

/// Where the code will stand.
#[derive(Debug, Clone, Default)]
pub enum Layout<'a> {
    /// Nowhere: the IR and the names alone are wanted.
    #[default]
    None,
    /// A module of a crate that has the runtime; file paths are relative to the module's folder.
    Module {
        /// The crate, as its users name it.
        crate_name: &'a str,
    },
    /// A crate of its own; file paths are relative to its folder.
    Crate {
        /// What is embedded as its runtime.
        runtime: &'a RuntimeSource,
    },
}

/// What came of a document.
#[derive(Debug)]
pub struct Output {
    /// What there is to say, in the order of the rooms.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: Files,
    /// The client; none where the document as a whole could not be read.
    pub client: Option<Client>,
}

/// A generated client.
#[derive(Debug)]
pub struct Client {
    /// The document's `info.title`.
    pub title: String,
    /// The document's `info.version`.
    pub version: String,
    /// The version of the specification, as the document says it.
    pub specification: String,
    /// The name of the API, or of the crate.
    pub name: String,
    /// Operations that the document has.
    pub operations: usize,
    /// Operations that the client has.
    pub emitted: usize,
    /// Types that the client has a name for.
    pub types: usize,
    /// Schemas that `serde_json::Value` stands for although they say what they are.
    pub untyped: usize,
    /// The files, sorted by path.
    pub files: Vec<File>,
    /// The cargo features of the resources; none where the API is compiled whole. Those of a module of a crate start with
    /// the module's name and `-`, and belong into the manifest of that crate.
    pub features: Vec<Feature>,
    /// The parts of the runtime that the client needs, which are features of its crate.
    pub parts: Vec<&'static str>,
    /// What calls every operation from JSON, where it was asked for.
    pub calls: Option<Calls>,
    /// What decodes and encodes every type, where it was asked for.
    pub round_trips: Option<RoundTrips>,
}

/// What decodes every type of a client from JSON and encodes it again.
#[derive(Debug)]
pub struct RoundTrips {
    /// The module with the table of functions.
    pub module: String,
    /// The types of the schemas, as indexes into the table.
    pub schemas: Vec<SchemaTypes>,
}

/// The types of a schema, as indexes into the table of functions.
#[derive(Debug, Clone)]
pub struct SchemaTypes {
    /// Where the schema stands in the author's own text.
    pub place: (FileId, Pointer),
    /// Its type in a response.
    pub response: Option<usize>,
    /// Its type in a request.
    pub request: Option<usize>,
    /// Whether its type in a response makes one of an absent property and one that is `null`.
    pub folds: bool,
}

/// What calls every operation of a client from JSON.
#[derive(Debug)]
pub struct Calls {
    /// The module that makes the calls.
    pub module: String,
    /// The API, to make arguments from.
    pub api: Api,
}

/// What a document's client would be.
#[derive(Debug)]
pub struct Outlined {
    /// What there is to say, in the order of the rooms.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: Files,
    /// The outline; none where the document as a whole could not be read.
    pub outline: Option<Outline>,
}

/// Generates a client from a document.
///
/// Problems of the document are diagnostics, all of them at once; what they name is left out and the rest
/// is generated.
pub fn generate(input: &Input<'_>, config: Config<'_>) -> Output {
    let (client, sources, diagnostics) = lowered(input, move |lowered, diagnostics| {
        client(lowered, &config, diagnostics)
    });
    Output {
        diagnostics,
        sources,
        client,
    }
}

/// Describes the client that [`generate`] would make of a document, without making it.
pub fn outline(input: &Input<'_>, config: Config<'_>) -> Outlined {
    let (outline, sources, diagnostics) = lowered(input, move |lowered, diagnostics| {
        let Surface { api, names, .. } = surface(lowered, &config, diagnostics);
        let mut outline = outline::build(&api, &names);
        outline.specification.clone_from(&lowered.version);
        outline
    });
    let outline = outline.map(|mut outline| {
        for diagnostic in &diagnostics {
            let code = diagnostic.code.to_string();
            *outline.diagnostics.entry(code).or_default() += 1;
        }
        outline
    });
    Outlined {
        diagnostics,
        sources,
        outline,
    }
}

/// Reads a document, lowers it and hands it on, with the diagnostics so far; all of it where there is room for deep documents.
fn lowered<T: Send>(
    input: &Input<'_>,
    work: impl FnOnce(&mut Lowered, &mut Vec<Diagnostic>) -> T + Send,
) -> (Option<T>, Files, Vec<Diagnostic>) {
    parallel::on_deep_stack(move || {
        let (tree, sources, mut diagnostics) = source::read(input);
        let Some(tree) = tree else {
            return (None, sources, diagnostics);
        };
        let (lowered, more) = dialect::lower(tree);
        diagnostics.extend(more);
        let Some(mut lowered) = lowered else {
            return (None, sources, diagnostics);
        };
        let result = work(&mut lowered, &mut diagnostics);
        (Some(result), lowered.files, diagnostics)
    })
}

/// A document understood and named.
struct Surface {
    api: Api,
    names: Names,
    /// The name of the API, or of the crate.
    name: String,
    /// Operations that the document has.
    operations: usize,
}

/// Nobody reads the document's value afterwards: it is given back while names are made.
fn surface(
    lowered: &mut Lowered,
    config: &Config<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Surface {
    let document = Document::new(lowered);
    let (mut api, more) = resolve::resolve(document);
    diagnostics.extend(more);
    api.keep_unknown_fields |= config.keep_unknown_fields;
    let name = crate_name(config, &api.title);
    let options = names::Options {
        api_name: api_name(&name),
        gating: config.resource_features,
        feature_prefix: match config.layout {
            Layout::Module { .. } => Some(name.clone()),
            Layout::None | Layout::Crate { .. } => None,
        },
        ..names::Options::default()
    };
    let mut surfaces = names::Surfaces::default();
    diagnostics.extend(analyze::analyze(document, &mut api, |api, classes| {
        parallel::beside(classes, |classes| {
            names::share(api, &options, &mut surfaces, classes)
        })
    }));
    let operations = resolve::count_operations(document);
    let (value, files) = (lowered.value.take(), lowered.files.clone());
    let said: Vec<_> = diagnostics
        .iter()
        .filter(|it| it.severity != Severity::Note && it.at.is_none())
        // Those of YAML take much memory at once, which the client needs meanwhile.
        .filter(|it| files.get(it.file).syntax() == Syntax::Json)
        .map(|it| (it.file, it.pointer.clone()))
        .collect();
    parallel::aside(move || {
        drop(value);
        // Positions are found once: those that will be shown in any case need not wait to be asked for.
        for (file, pointer) in said {
            files.foresee(file, &pointer);
        }
    });
    let document = Document::new(lowered);
    let (names, issues) = names::assign(&api, &options, surfaces);
    diagnostics.extend(issues.into_iter().map(|issue| {
        document
            .diagnostic_at(Code::NAME, &issue.pointer, issue.message)
            .remedy("ask for another name, or none")
    }));
    Surface {
        api,
        names,
        name,
        operations,
    }
}

fn client(lowered: &mut Lowered, config: &Config<'_>, diagnostics: &mut Vec<Diagnostic>) -> Client {
    let Surface {
        api,
        names,
        name,
        operations,
    } = surface(lowered, config, diagnostics);
    let Rendered {
        files,
        features,
        parts,
    } = files(&api, &names, &name, config, diagnostics);
    let calls = config
        .calls
        .then(|| calls(&api, &names, &name, config, diagnostics));
    let round_trips = config
        .round_trips
        .then(|| round_trips(lowered, (&api, &names, &name), config, diagnostics));
    let (title, version) = (api.title.clone(), api.version.clone());
    let emitted = api.operations.iter().filter(|it| !it.is_stream).count();
    let types = names.type_groups.iter().map(|(_, types)| types.len()).sum();
    let (calls, api) = match calls.flatten() {
        Some(module) => (Some(Calls { module, api }), None),
        None => (None, Some(api)),
    };
    parallel::aside(move || drop((api, names)));
    Client {
        title,
        version,
        specification: lowered.version.clone(),
        name,
        operations,
        emitted,
        types,
        untyped: diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == Code::UNTYPED)
            .count(),
        files,
        features,
        parts,
        calls,
        round_trips: round_trips.flatten(),
    }
}

fn round_trips(
    lowered: &Lowered,
    (api, names, name): (&Api, &Names, &str),
    config: &Config<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RoundTrips> {
    let Layout::Module { crate_name } = config.layout else {
        return None;
    };
    let layout = emit::Layout::Module {
        krate: crate_name.to_owned(),
        name: name.to_owned(),
    };
    let emitted = emit::round_trips(api, names, &emit::Options { layout });
    let schemas = emitted.schemas.into_iter().map(|entry| SchemaTypes {
        place: lowered.author(&entry.pointer),
        response: entry.response,
        request: entry.request,
        folds: entry.folds,
    });
    match render::plain(emitted.tokens) {
        Ok(module) => Some(RoundTrips {
            module,
            schemas: schemas.collect(),
        }),
        Err(error) => {
            diagnostics.push(fault(&format!(
                "the table of round trips is not Rust: {error}"
            )));
            None
        }
    }
}

fn calls(
    api: &Api,
    names: &Names,
    name: &str,
    config: &Config<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let Layout::Module { crate_name } = config.layout else {
        return None;
    };
    let layout = emit::Layout::Module {
        krate: crate_name.to_owned(),
        name: name.to_owned(),
    };
    let tokens = emit::calls(api, names, &emit::Options { layout });
    match render::plain(tokens) {
        Ok(text) => Some(text),
        Err(error) => {
            diagnostics.push(fault(&format!(
                "the calls of the client are not Rust: {error}"
            )));
            None
        }
    }
}

/// What is rendered, and what its manifest says of it.
#[derive(Default)]
struct Rendered {
    files: Vec<File>,
    features: Vec<Feature>,
    parts: Vec<&'static str>,
}

fn files(
    api: &Api,
    names: &Names,
    name: &str,
    config: &Config<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Rendered {
    let header = Header {
        title: api.title.clone(),
        version: api.version.clone(),
        sha256: config.sha256.clone(),
        command: "cargo xtask generate".to_owned(),
    };
    let layout = match &config.layout {
        Layout::None => return Rendered::default(),
        Layout::Module { crate_name } => emit::Layout::Module {
            krate: (*crate_name).to_owned(),
            name: name.to_owned(),
        },
        Layout::Crate { .. } => emit::Layout::Crate {
            krate: name.replace('-', "_"),
            name: api_name(name),
        },
    };
    let emission = emit::Emission::new(api, names, emit::Options { layout });
    let rendered = match &config.layout {
        Layout::Crate { runtime } => render::standalone(
            &Standalone {
                name,
                api,
                names,
                header: &header,
            },
            &emission,
            runtime,
        )
        .map_err(|fault| fault.to_string()),
        _ => match render::render(&emission, &header) {
            Ok(files) => {
                let parts = render::needed_parts(api, &files);
                Ok((files, parts))
            }
            Err(faults) => {
                let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
                Err(faults.join("; "))
            }
        },
    };
    match rendered {
        Ok((mut files, parts)) => {
            files.sort_by(|a, b| a.path.cmp(&b.path));
            Rendered {
                files,
                features: emission.features(),
                parts,
            }
        }
        Err(message) => {
            diagnostics.push(fault(&message));
            Rendered::default()
        }
    }
}

fn fault(message: &str) -> Diagnostic {
    Diagnostic::new(Code::EMISSION, message)
        .severity(Severity::Error)
        .remedy("this is a fault of the generator: please report it with the document")
}

/// The name that was asked for, or the title's words: `Wassist API` is `wassist-client` as a crate.
fn crate_name(config: &Config<'_>, title: &str) -> String {
    if let Some(name) = &config.name {
        return name.clone();
    }
    let ascii: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<String> = ascii
        .split_whitespace()
        .map(str::to_ascii_lowercase)
        .filter(|word| {
            !matches!(
                word.as_str(),
                "api" | "apis" | "rest" | "the" | "client" | "openapi" | "swagger"
            )
        })
        .take(4)
        .collect();
    let mut joined = words.join("-");
    // ASCII alone is left, so that any byte is a boundary.
    joined.truncate(50);
    let joined = joined.trim_end_matches('-');
    if joined.starts_with(|first: char| first.is_ascii_lowercase()) {
        format!("{joined}-client")
    } else {
        "api-client".to_owned()
    }
}

/// The short name of an API: its crate's name without what says that it is a client.
fn api_name(name: &str) -> String {
    name.strip_suffix("-client")
        .or_else(|| name.strip_suffix("_client"))
        .unwrap_or(name)
        .to_owned()
}

//! The program that makes calls: clients of some documents, the emitted functions that call their operations, and the
//! sources beside `judges/caller`, built outside of the workspace and driven over its standard input and output.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use callwright_codegen::diagnostic::Severity;
use callwright_codegen::ir::Api;
use callwright_codegen::{Config, Layout};
use serde_json::Value;

use super::install::absolute_root;
use crate::failure::Failure;
use crate::generate::{Document, Mode, Plan, runtime_source};

/// The crate of the clients, as the emitted calls name it.
const CLIENTS: &str = "clients";

/// A document and the module that its client becomes.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) module: String,
    pub(super) path: PathBuf,
}

/// The running program.
pub(super) struct Caller {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// The APIs of the clients, in the order of the documents.
    pub(super) apis: Vec<Api>,
}

impl Caller {
    /// Generates the clients, builds the program in `folder` and starts it.
    pub(super) fn start(folder: &Path, name: &str, sources: &[Source]) -> Result<Self, Failure> {
        let (binary, apis) = build(folder, name, sources)?;
        let mut child = Command::new(&binary)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::io("start", &binary, &error))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("the calling program has no standard streams"));
        };
        Ok(Self {
            child,
            input: Some(input),
            output: BufReader::new(output),
            apis,
        })
    }

    /// Makes a call and waits for its answer.
    pub(super) fn call(&mut self, order: &Value) -> Result<Value, Failure> {
        let lost = |error: std::io::Error| {
            Failure::new(format!("the calling program is gone: {error}"))
                .help("its last lines above say why")
        };
        if let Some(input) = &mut self.input {
            writeln!(input, "{order}")
                .and_then(|()| input.flush())
                .map_err(lost)?;
        }
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(lost)?;
        serde_json::from_str(&line)
            .map_err(|error| Failure::new(format!("the calling program said `{line}`: {error}")))
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.input = None;
        let _ = self.child.wait();
    }
}

/// Brings the sources up to date, builds them, and returns the program.
fn build(folder: &Path, name: &str, sources: &[Source]) -> Result<(PathBuf, Vec<Api>), Failure> {
    let root = absolute_root()?;
    let folder = folder.join("rust");
    let mut plan = Plan::default();
    let apis = clients(&mut plan, &folder, name, sources)?;
    let templates = root.join("xtask/judges/caller");
    for file in ["main.rs", "caller.rs", "order.rs", "answer.rs"] {
        let path = templates.join(file);
        let text = std::fs::read(&path).map_err(|error| Failure::io("read", &path, &error))?;
        plan.file(folder.join("caller/src").join(file), text);
    }
    plan.file(folder.join("Cargo.toml"), WORKSPACE.as_bytes().to_vec());
    plan.file(
        folder.join("caller/Cargo.toml"),
        caller_manifest(name).into_bytes(),
    );
    let lock = folder.join("Cargo.lock");
    if !lock.exists() {
        let path = root.join("Cargo.lock");
        let text = std::fs::read(&path).map_err(|error| Failure::io("read", &path, &error))?;
        plan.file(lock, text);
    }
    plan.sweep(&folder.join("clients/src"))?;
    plan.apply(Mode::Write)?;
    let target = root.join(".judges/target");
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    eprintln!("building the clients of {} documents", sources.len());
    super::install::run(
        Command::new(program)
            .args(["build", "--quiet", "--package"])
            .arg(format!("{name}-caller"))
            .env("CARGO_TARGET_DIR", &target)
            .current_dir(&folder),
    )?;
    Ok((target.join("debug").join(format!("{name}-caller")), apis))
}

const WORKSPACE: &str = "\
[workspace]
resolver = \"3\"
members = [\"clients\", \"caller\"]

[profile.dev]
debug = false
incremental = false
";

fn caller_manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}-caller\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{CLIENTS} = {{ package = \"{name}-clients\", path = \"../clients\" }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         serde_json = {{ version = \"1\", features = [\"preserve_order\", \"raw_value\"] }}\n\
         base64 = \"0.23\"\n\
         # Cookies are an option of the HTTP client, which the user of a client configures.\n\
         reqwest = {{ version = \"0.13\", default-features = false, features = [\"cookies\"] }}\n\
         tokio = {{ version = \"1\", default-features = false, features = [\"rt-multi-thread\", \"net\", \"time\"] }}\n"
    )
}

/// The crate of the clients, and the calls of their operations.
fn clients(
    plan: &mut Plan,
    folder: &Path,
    name: &str,
    sources: &[Source],
) -> Result<Vec<Api>, Failure> {
    let runtime = runtime_source()?;
    let source = folder.join("clients/src");
    for (path, contents) in runtime.files {
        plan.file(source.join("runtime").join(path), contents);
    }
    plan.file(
        folder.join("clients/Cargo.toml"),
        clients_manifest(&runtime.manifest, name)?.into_bytes(),
    );
    let mut library = String::from(
        "//! Clients to be judged.\n\n#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]\n\npub mod runtime;\n",
    );
    let mut modules = String::new();
    let mut apis = Vec::new();
    for Source { module, path } in sources {
        let output = Document::open(path, &[])?.generate(Config {
            name: Some(module.clone()),
            layout: Layout::Module {
                crate_name: CLIENTS,
            },
            calls: true,
            ..Config::default()
        });
        let errors = output.diagnostics.iter();
        for error in errors.filter(|diagnostic| diagnostic.severity == Severity::Error) {
            eprintln!("{}: {}", path.display(), error.message);
        }
        let Some(client) = output.client else {
            return Err(Failure::new(format!(
                "`{}` gives no client",
                path.display()
            )));
        };
        for file in client.files {
            plan.file(source.join(module).join(&file.path), file.contents);
        }
        let Some(calls) = client.calls else {
            return Err(Failure::new(format!("`{}` gives no calls", path.display()))
                .help("this is a fault of the generator"));
        };
        let text = format!("// @generated\n{}", calls.module);
        apis.push(calls.api);
        plan.file(
            folder.join(format!("caller/src/calls/{module}.rs")),
            text.into_bytes(),
        );
        let _ = writeln!(library, "pub mod {module};");
        let _ = writeln!(modules, "{module}");
    }
    plan.file(source.join("lib.rs"), library.into_bytes());
    plan.file(
        folder.join("caller/src/calls/mod.rs"),
        registry(modules.lines()).into_bytes(),
    );
    Ok(apis)
}

/// The manifest of the clients: the dependencies of the runtime.
fn clients_manifest(manifest: &str, name: &str) -> Result<String, Failure> {
    let mut document: toml_edit::DocumentMut = manifest
        .parse()
        .map_err(|error| Failure::new(format!("`client/Cargo.toml`: {error}")))?;
    for table in [
        "package",
        "dev-dependencies",
        "lints",
        "example",
        "test",
        "bench",
    ] {
        document.remove(table);
    }
    // Among them, the documents need all parts of the runtime.
    let parts = callwright_codegen::render::parts().chain(["xml"]);
    document["features"]["default"] = toml_edit::value(parts.collect::<toml_edit::Array>());
    Ok(format!(
        "[package]\nname = \"{name}-clients\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n{document}"
    ))
}

/// The module that finds the calls of a client by its name.
fn registry<'a>(modules: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut text = String::from(
        "// @generated\n//! The clients by name.\n\nuse crate::caller::{Calling, Trouble};\nuse crate::order::Order;\n\n",
    );
    for module in modules.clone() {
        let _ = writeln!(text, "#[allow(deprecated)]\nmod {module};");
    }
    text.push_str("\npub enum Client {\n");
    for (index, module) in modules.clone().enumerate() {
        let _ = writeln!(text, "    C{index}(clients::{module}::Client),");
    }
    text.push_str("}\n\npub fn client(order: &Order) -> Result<Client, Trouble> {\n    let failed = |error: clients::runtime::Error| Trouble::of(\"client\", error);\n    match order.client.as_str() {\n");
    for (index, module) in modules.clone().enumerate() {
        let _ = writeln!(
            text,
            "        \"{module}\" => {module}::client(order).map(Client::C{index}).map_err(failed),"
        );
    }
    text.push_str("        name => Err(Trouble(format!(\"there is no client `{name}`\"))),\n    }\n}\n\npub fn call<'a>(client: &'a Client, order: &'a Order) -> Calling<'a> {\n    match client {\n");
    for (index, module) in modules.enumerate() {
        let _ = writeln!(
            text,
            "        Client::C{index}(client) => {module}::call(client, order),"
        );
    }
    text.push_str("    }\n}\n");
    text
}

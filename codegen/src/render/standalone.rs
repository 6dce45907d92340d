//! A crate that stands alone: the emitted API, the runtime's own files, a manifest and a first page to read.
//!
//! Nothing of the document reaches the manifest but through TOML strings.

use super::parts::{needed_parts, parts, ungated};
use super::{File, Header, one_line};
use crate::emit::Emission;
use crate::ir::Api;
use crate::names::Names;

/// The runtime as it stands in the client of this workspace.
#[derive(Debug, Clone, Default)]
pub struct RuntimeSource {
    /// Its files, by path below `src/runtime/`.
    pub files: Vec<(String, Vec<u8>)>,
    /// The client's manifest, from which the dependencies and features are taken.
    pub manifest: String,
}

/// What the crate is called and made from.
#[derive(Debug)]
pub struct Standalone<'a> {
    /// The package.
    pub name: &'a str,
    /// The document.
    pub api: &'a Api,
    /// Its names.
    pub names: &'a Names,
    /// What the heads of files say.
    pub header: &'a Header,
}

/// Why there is no crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StandaloneFault {
    /// The client's manifest is not what the crate's can be made from.
    Manifest(String),
    /// Emitted tokens are no Rust.
    Code(Vec<super::Fault>),
}

impl std::fmt::Display for StandaloneFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Manifest(message) => write!(f, "the client's manifest is unusable: {message}"),
            Self::Code(faults) => {
                for fault in faults {
                    writeln!(f, "{fault}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for StandaloneFault {}

/// Renders an API, emitted with [`Layout::Crate`](crate::emit::Layout), as the files of a crate, with the parts of the
/// runtime that it needs.
///
/// # Errors
///
/// [`StandaloneFault`], a mistake on this side of the document in either case.
pub fn standalone(
    crate_: &Standalone<'_>,
    emission: &Emission<'_>,
    runtime: &RuntimeSource,
) -> Result<(Vec<File>, Vec<&'static str>), StandaloneFault> {
    let code = super::render(emission, crate_.header).map_err(StandaloneFault::Code)?;
    let parts = needed_parts(crate_.api, &code);
    let mut needed = parts.clone();
    // Resources with features turn it on themselves.
    if emission.needs_xml() && crate_.names.features.is_none() {
        needed.push(XML);
    }
    let manifest = manifest(crate_, &runtime.manifest, &needed, emission)
        .map_err(StandaloneFault::Manifest)?;
    let mut files = vec![
        text_file("Cargo.toml", manifest),
        text_file("README.md", readme(crate_)),
        text_file(".gitignore", "/target\n/Cargo.lock\n".to_owned()),
    ];
    files.extend(code.into_iter().map(|file| {
        let path = if file.path == "mod.rs" {
            "lib.rs"
        } else {
            &file.path
        };
        File {
            path: format!("src/{path}"),
            contents: file.contents,
        }
    }));
    files.extend(runtime.files.iter().map(|(path, contents)| File {
        path: format!("src/runtime/{path}"),
        contents: ungated(contents, &needed),
    }));
    Ok((files, parts))
}

/// The feature of the runtime's XML. It has a dependency, so that it stays a feature where it is always on, too.
const XML: &str = "xml";

fn text_file(path: &str, text: String) -> File {
    File {
        path: path.to_owned(),
        contents: text.into_bytes(),
    }
}

/// The manifest: the client's dependencies, and those of its features that are the runtime's.
fn manifest(
    crate_: &Standalone<'_>,
    client: &str,
    needed: &[&str],
    emission: &Emission<'_>,
) -> Result<String, String> {
    let mut dependencies = section(client, "dependencies").ok_or("it has no [dependencies]")?;
    if dependencies.contains("workspace = true") {
        return Err(
            "a dependency is taken from a workspace, which the crate will not have".to_owned(),
        );
    }
    let mut features = section(client, "features").unwrap_or_default();
    if needed.contains(&XML) {
        dependencies = always_there(&dependencies, "quick-xml");
        features = features.replace(
            "xml = [\"dep:quick-xml\"]",
            "# The document has them: they are there without it.\nxml = []",
        );
    }
    let mut features = runtime_features(&features, needed);
    features.insert_str(0, &own_features(crate_, emission));
    let title = one_line(&crate_.api.title).replace(['\\', '"'], "'");
    let mut text = crate_.header.to_string().replace("// ", "# ");
    let package = format!(
        "[package]\nname = \"{}\"\ndescription = \"A client of {title}\"\nversion = \"0.1.0\"\n\
         edition = \"2024\"\nrust-version = \"1.89\"\npublish = false\n\n[dependencies]\n{}\n",
        crate_.name,
        dependencies.trim()
    );
    text.push_str(&package);
    if !features.is_empty() {
        text.extend(["\n[features]\n", &features]);
    }
    text.push_str("\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }\n");
    text.push_str("\n[package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n");
    // The crate may lie inside of another workspace's folder and is still its own.
    text.push_str("\n[workspace]\n");
    Ok(text)
}

/// The lines of the features of the API itself: those of its resources, and what is on by default.
fn own_features(crate_: &Standalone<'_>, emission: &Emission<'_>) -> String {
    let own = emission.features();
    let Some(features) = &crate_.names.features else {
        return String::new();
    };
    let mut text = "default = [\"all\"]\n# The whole API.\nall = [\n".to_owned();
    for feature in own.iter().filter(|feature| !feature.is_shared) {
        text.extend(["    \"", &feature.name, "\",\n"]);
    }
    let mut shared = false;
    text.push_str("]\n# Operations by resource, each with the types that it needs.\n");
    for feature in &own {
        let needs: Vec<_> = feature
            .needs
            .iter()
            .map(|need| format!("\"{need}\""))
            .collect();
        if feature.is_shared && !std::mem::replace(&mut shared, true) {
            text.push_str("# Types that many of them need.\n");
        }
        if Some(&feature.name) == features.webhooks.as_ref() {
            text.push_str("# The payloads of webhooks.\n");
        }
        if Some(&feature.name) == features.unused.as_ref() {
            text.push_str("# The types of schemas that no operation uses.\n");
        }
        text.extend([&key(&feature.name), " = [", &needs.join(", "), "]\n"]);
    }
    text
}

/// A feature as a key of TOML: a bare key is ASCII.
fn key(feature: &str) -> String {
    if feature.is_ascii() {
        feature.to_owned()
    } else {
        format!("\"{feature}\"")
    }
}

/// The lines of a table of a manifest.
fn section(manifest: &str, name: &str) -> Option<String> {
    let head = format!("[{name}]");
    let mut lines = manifest.lines().skip_while(|line| line.trim() != head);
    lines.next()?;
    let lines: Vec<_> = lines.take_while(|line| !line.starts_with('[')).collect();
    Some(lines.join("\n"))
}

/// The lines of dependencies, of which one is not optional.
fn always_there(dependencies: &str, name: &str) -> String {
    let lines = dependencies.lines().map(|line| {
        if line.split(['=', ' ']).next() == Some(name) {
            line.replace(", optional = true", "")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The features that stand for dependencies, and those of the parts of the runtime that are not needed: those of single APIs
/// stay behind, as do needed parts, which are always there.
fn runtime_features(features: &str, needed: &[&str]) -> String {
    let mut kept = String::new();
    let mut comment = String::new();
    for line in features.lines() {
        if line.trim_start().starts_with('#') {
            comment.push_str(line);
            comment.push('\n');
            continue;
        }
        if let Some((name, entries)) = feature(line) {
            let name_of_part = parts().find(|part| *part == name);
            let of_runtime = entries
                .iter()
                .any(|entry| entry.starts_with("dep:") || entry.contains('/'));
            if of_runtime || name == XML || name_of_part.is_some_and(|part| !needed.contains(&part))
            {
                // What is always there is no feature that another one could turn on.
                let entries = entries.iter().filter(|entry| !needed.contains(entry));
                let entries: Vec<_> = entries.map(|entry| format!("\"{entry}\"")).collect();
                let line = format!("{name} = [{}]\n", entries.join(", "));
                kept.extend([comment.as_str(), line.as_str()]);
            }
        }
        comment.clear();
    }
    kept
}

/// A feature and what it turns on, where a line of a manifest has both.
fn feature(line: &str) -> Option<(&str, Vec<&str>)> {
    let (name, list) = line.split_once('=')?;
    let list = list.trim().strip_prefix('[')?.strip_suffix(']')?;
    let entries = list.split(',').map(|entry| entry.trim().trim_matches('"'));
    let entries = entries.filter(|entry| !entry.is_empty()).collect();
    Some((name.trim(), entries))
}

fn readme(crate_: &Standalone<'_>) -> String {
    let title = crate::emit::plain_text(&crate_.api.title);
    let krate = crate_.name.replace('-', "_");
    let mut text = format!("# A client of {title}\n\n");
    text.push_str(
        "Generated by callwright; a standalone crate with its runtime in `src/runtime`.\n\n",
    );
    text.push_str("```rust\n");
    text.push_str("#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\n");
    for line in crate::emit::first_call(crate_.api, crate_.names, &krate) {
        let line = format!("    {line}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str("    Ok(())\n}\n```\n\n");
    if let Some(feature) = crate::emit::first_feature(crate_.api, crate_.names) {
        text.push_str(
            "Each group of operations stands behind a feature of its name, with the types that it needs. All are on by \
             default. To compile what you use:\n\n```toml\n",
        );
        let from = " = { path = \"…\", default-features = false, features = [\"";
        text.extend([crate_.name, from, feature, "\"] }\n```\n\n"]);
    }
    let variables: Vec<_> = crate_
        .names
        .schemes
        .iter()
        .flat_map(|scheme| &scheme.variables)
        .collect();
    if !variables.is_empty() {
        text.push_str("`Client::from_env` reads:\n\n");
        for variable in variables {
            text.extend(["- `", variable, "`\n"]);
        }
        let prefix = &crate_.names.environment_prefix;
        text.extend([
            "- `",
            prefix,
            "_BASE_URL`, to talk to another server
",
        ]);
        text.push('\n');
    }
    text.push_str("`cargo doc --open` shows every operation with an example.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::runtime_features;

    #[test]
    fn features_are_those_of_the_runtime_that_are_not_always_on() {
        let client = "default = [\"pages\"]\n# why\nstreams = [\"file-bodies\", \"pages\"]\npages = []\n# bodies\nfile-bodies = []\nwassist = [\"pages\"]\n# limits\nvalidate = [\"dep:x\", \"unions\"]\n";
        assert_eq!(
            runtime_features(client, &["file-bodies", "pages", "unions"]),
            "# why\nstreams = []\n# limits\nvalidate = [\"dep:x\"]\n"
        );
        assert_eq!(
            runtime_features(client, &[]),
            "# why\nstreams = [\"file-bodies\", \"pages\"]\npages = []\n# bodies\nfile-bodies = []\n# limits\nvalidate = [\"dep:x\", \"unions\"]\n"
        );
    }
}

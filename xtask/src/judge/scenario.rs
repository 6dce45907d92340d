//! Scenarios as files list them: what is called with what, and what must come of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use crate::failure::Failure;

/// The scenarios of one document.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sheet {
    /// The document, without its extension.
    pub(super) document: String,
    /// What is added to the URL of the server.
    #[serde(default)]
    pub(super) base: String,
    /// Credentials, by the builder's methods.
    #[serde(default)]
    pub(super) credentials: Map<String, Value>,
    /// The scenarios.
    pub(super) scenarios: Vec<Scenario>,
}

/// A call that makes a scenario happen, or one of several.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// The names under which the server counts it.
    #[serde(default)]
    pub(super) name: String,
    /// The operation id.
    pub(super) call: String,
    /// The arguments.
    #[serde(default)]
    pub(super) with: Map<String, Value>,
    /// The rest of the order: `media`, `headers`, `retries`, `pages`.
    #[serde(default)]
    pub(super) order: Map<String, Value>,
    /// What the answer must be.
    #[serde(default)]
    pub(super) expect: Map<String, Value>,
    /// What later steps know by a name, by its JSON Pointer in the answer.
    #[serde(default)]
    pub(super) save: BTreeMap<String, String>,
}

impl Sheet {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text =
            std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
        serde_yaml::from_str(&text)
            .map_err(|error| Failure::new(format!("`{}`: {error}", path.display())))
    }

    /// The module of the client: the document's name as an identifier.
    pub(super) fn module(&self) -> String {
        module(&self.document)
    }

    /// The order of a scenario.
    pub(super) fn order(&self, scenario: &Scenario, url: &str) -> Value {
        let mut order = scenario.order.clone();
        order.insert("client".into(), self.module().into());
        order.insert("operation".into(), scenario.call.clone().into());
        order.insert("base_url".into(), format!("{url}{}", self.base).into());
        order
            .entry("credentials")
            .or_insert_with(|| self.credentials.clone().into());
        order.insert("arguments".into(), scenario.with.clone().into());
        Value::Object(order)
    }
}

/// A name as an identifier of a module, which no keyword is.
pub(super) fn module(name: &str) -> String {
    let identifier: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    let starts = identifier.starts_with(|first: char| first.is_ascii_lowercase());
    let keyword = matches!(
        identifier.as_str(),
        "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "gen"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "runtime"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
    );
    if starts && !keyword {
        identifier
    } else {
        format!("api_{identifier}")
    }
}

//! A 3.0-shaped document as the server reads it: its operations, where they are mounted, and references followed.
//!
//! Lenient where a document is odd: what cannot be read is absent, never a panic.

use serde_json::Value;

use super::{
    parameter::{Parameter, Place},
    template::Template,
};

static ABSENT: Value = Value::Null;

/// A document that lives as long as the process, so that everything can point into it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document {
    root: &'static Value,
}

impl Document {
    /// Leaks the document: a server needs it until it is killed.
    pub(crate) fn new(root: Value) -> Self {
        Self {
            root: Box::leak(Box::new(root)),
        }
    }

    /// The value a reference stands for, through chains of references; null when it leads nowhere or in a circle.
    pub(crate) fn resolve(self, value: &'static Value) -> &'static Value {
        let mut value = value;
        for _ in 0..64 {
            match reference(value) {
                Some(pointer) => value = self.target(pointer),
                None => return value,
            }
        }
        &ABSENT
    }

    /// The value at a local reference (`#/components/schemas/Pet`); null when there is none.
    pub(crate) fn target(self, reference: &str) -> &'static Value {
        let Some(pointer) = reference.strip_prefix('#') else {
            return &ABSENT;
        };
        let found = self.root.pointer(pointer);
        found
            .or_else(|| self.root.pointer(&super::request::decode(pointer)))
            .unwrap_or(&ABSENT)
    }

    pub(crate) fn root(self) -> &'static Value {
        self.root
    }
}

/// The `$ref` of a reference object.
pub(crate) fn reference(value: &'static Value) -> Option<&'static str> {
    value.get("$ref").and_then(Value::as_str)
}

/// Members of an object or nothing.
pub(crate) fn members(
    value: &'static Value,
) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let object = value.as_object();
    object
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

/// Elements of an array or nothing.
pub(crate) fn elements(value: &'static Value) -> &'static [Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The member of that name, or null.
pub(crate) fn member(value: &'static Value, name: &str) -> &'static Value {
    value.get(name).unwrap_or(&ABSENT)
}

/// One method of one path.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The `operationId`, or method and path.
    pub(crate) id: String,
    /// As it stands in a request.
    pub(crate) method: String,
    pub(crate) template: Template,
    /// Where the template is mounted: the document's base path, then those of servers of its own.
    pub(crate) bases: Vec<String>,
    pub(crate) parameters: Vec<Parameter>,
    /// The operation object.
    pub(crate) value: &'static Value,
    /// The `security` that holds for it.
    pub(crate) security: &'static [Value],
}

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
/// Where lowering carries the operations of other methods (3.2).
const OTHER_METHODS: &str = "x-callwright-operations";

/// Every operation of the document.
pub(crate) fn operations(document: Document) -> Vec<Operation> {
    let root = document.root();
    let base = base_path(root);
    let mut operations = Vec::new();
    for (path, item) in members(member(root, "paths")) {
        let item = document.resolve(item);
        let methods = METHODS
            .iter()
            .map(|method| (method.to_ascii_uppercase(), member(item, method)));
        let others =
            members(member(item, OTHER_METHODS)).map(|(method, value)| (method.to_owned(), value));
        for (method, value) in methods.chain(others).filter(|(_, value)| value.is_object()) {
            operations.push(operation(document, &base, path, item, method, value));
        }
    }
    operations
}

fn operation(
    document: Document,
    base: &str,
    path: &str,
    item: &'static Value,
    method: String,
    value: &'static Value,
) -> Operation {
    let id = member(value, "operationId").as_str();
    let own_servers = [value, item]
        .into_iter()
        .flat_map(|holder| elements(member(holder, "servers")));
    let mut bases = vec![base.to_owned()];
    bases.extend(own_servers.map(server_path));
    bases.dedup();
    let security = value
        .get("security")
        .unwrap_or_else(|| member(document.root(), "security"));
    Operation {
        id: id.map_or_else(|| format!("{method} {path}"), str::to_owned),
        template: Template::new(path),
        bases,
        parameters: parameters(document, item, value),
        value,
        security: elements(security),
        method,
    }
}

/// The operation's parameters; it overrides those of its path item by name and place.
fn parameters(document: Document, item: &'static Value, value: &'static Value) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for holder in [value, item] {
        for parameter in elements(member(holder, "parameters")) {
            let Some(parameter) = Parameter::read(document.resolve(parameter)) else {
                continue;
            };
            let known =
                |other: &Parameter| other.name == parameter.name && other.place == parameter.place;
            if !parameters.iter().any(known) {
                parameters.push(parameter);
            }
        }
    }
    // Section "Parameter Object": these three are described elsewhere in the document and ignored here.
    let elsewhere = ["accept", "content-type", "authorization"];
    parameters.retain(|parameter| {
        parameter.place != Place::Header
            || !elsewhere.contains(&parameter.name.to_ascii_lowercase().as_str())
    });
    parameters
}

/// The path of the document's first server, without a slash at the end.
pub(crate) fn base_path(root: &'static Value) -> String {
    elements(member(root, "servers"))
        .first()
        .map(server_path)
        .unwrap_or_default()
}

fn server_path(server: &'static Value) -> String {
    let mut url = member(server, "url")
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for (name, variable) in members(member(server, "variables")) {
        let default = match member(variable, "default") {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        url = url.replace(&format!("{{{name}}}"), &default);
    }
    url_path(&url).trim_end_matches('/').to_owned()
}

/// The path of a URL, absolute or relative, from its first slash on.
pub(crate) fn url_path(url: &str) -> String {
    let is_absolute = url.contains("://") || url.starts_with("//");
    let rest = url
        .split_once("//")
        .filter(|_| is_absolute)
        .map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let is_relative = !is_absolute && !url.starts_with('/') && !rest.is_empty();
    match rest.find('/') {
        _ if is_relative => format!("/{}", rest.trim_start_matches("./")),
        Some(slash) => rest[slash..].to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn base(servers: &Value) -> String {
        base_path(Document::new(json!({ "servers": servers })).root())
    }

    #[test]
    fn the_base_path_is_the_first_servers() {
        assert_eq!(
            base(&json!([{ "url": "https://x.example/api/v2/" }])),
            "/api/v2"
        );
        assert_eq!(base(&json!([{ "url": "https://x.example" }])), "");
        assert_eq!(base(&json!([{ "url": "/" }])), "");
        assert_eq!(base(&json!([{ "url": "//x.example/v1" }])), "/v1");
        assert_eq!(
            base(
                &json!([{ "url": "https://{host}/{base}", "variables": { "base": { "default": "v3" }, "host": { "default": "x" } } }])
            ),
            "/v3"
        );
    }

    #[test]
    fn circular_references_resolve_to_nothing() {
        let document = Document::new(json!({ "a": { "$ref": "#/b" }, "b": { "$ref": "#/a" } }));
        assert!(document.resolve(member(document.root(), "a")).is_null());
    }
}

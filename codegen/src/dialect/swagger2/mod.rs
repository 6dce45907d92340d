//! Swagger 2.0 reshaped to the structure of OpenAPI 3.0: bodies, forms, responses by media type, servers, components.
//! What is left is lowered as 3.0 is.

mod body;
mod components;
mod host;
mod message;

use serde_json::{Map, Value, json};

use host::{Host, templated};

use super::lowering::{Lowering, Object, Path, Plain};
use super::structure::METHODS;
use crate::diagnostic::{FileId, Pointer};
use crate::source::{FILES_KEY, Kind, extension};

const JSON: &str = "application/json";

/// Whether a part is lowered where it is used instead.
pub(super) fn is_inlined(part: &Value, kind: Kind) -> bool {
    kind == Kind::Parameter && is_body(part)
}

/// What the root says for every operation.
struct Global {
    consumes: Option<Vec<String>>,
    produces: Option<Vec<String>>,
    schemes: Vec<String>,
    host: Host,
    /// The root without its paths, to look up shared parameters.
    shared: Shared,
}

/// Where a reference to a parameter may lead.
struct Shared {
    parameters: Object,
    files: Value,
}

impl Shared {
    /// The parameter behind references, and where it stands.
    fn resolve(&self, reference: &str) -> Option<(&Object, Pointer)> {
        let mut reference = reference;
        for _ in 0..8 {
            let pointer = Pointer::from(reference);
            let mut tokens = pointer.tokens();
            let first = tokens.next()?.into_owned();
            let value = if first == "parameters" {
                let name = tokens.next()?;
                self.parameters
                    .get(name.as_ref())
                    .filter(|_| tokens.next().is_none())?
            } else {
                let files = Pointer::root().join(FILES_KEY);
                self.files.pointer(pointer.below(&files)?.as_str())?
            };
            drop(tokens);
            match value.get("$ref").and_then(Value::as_str) {
                Some(next) => reference = next,
                None => return Some((value.as_object()?, pointer)),
            }
        }
        None
    }
}

/// A parameter that becomes part of the body: what it says, and its author's place.
struct Part {
    value: Object,
    place: (FileId, Pointer),
}

pub(super) fn lower(
    lowering: &mut Lowering,
    root: &mut Object,
    path: &Path<'_>,
    parts: &[(Pointer, Kind)],
) {
    root.shift_remove("swagger");
    merge_paths(lowering, root, path);
    let global = lowering.global(root, path);
    let mut paths = root.get_mut("paths").map(Value::take).unwrap_or_default();
    if let Value::Object(items) = &mut paths {
        let here = path.key("paths");
        for (template, item) in items.iter_mut() {
            if let (Value::Object(item), false) = (item, extension(template)) {
                lowering.swagger_path_item(item, &here.key(template), &global);
            }
        }
    }
    if !paths.is_null() {
        root.insert("paths".to_owned(), paths);
    }
    lowering.swagger_components(root, path, &global);
    let files = global.shared.files;
    if !files.is_null() {
        root.insert(FILES_KEY.to_owned(), files);
    }
    for (pointer, kind) in parts {
        let Some(first) = pointer.tokens().next() else {
            continue;
        };
        let part = pointer
            .below(&Pointer::root().join(&first))
            .and_then(|below| root.get_mut(first.as_ref())?.pointer_mut(below.as_str()));
        let Some(Value::Object(part)) = part else {
            continue;
        };
        let here = Path::Base(pointer);
        match kind {
            Kind::Parameter => lowering.swagger_parameter(part, &here),
            Kind::Response => {
                let produces = global.produces.as_deref();
                lowering.swagger_response(part, &here, produces);
            }
            _ => {}
        }
    }
    lowering.root(root, path);
}

/// `x-ms-paths` are paths told apart by their query.
fn merge_paths(lowering: &mut Lowering, root: &mut Object, path: &Path<'_>) {
    let Some(Value::Object(more)) = root.shift_remove("x-ms-paths") else {
        return;
    };
    let paths = root.entry("paths").or_insert_with(|| json!({}));
    if let Value::Object(paths) = paths {
        for (template, item) in more {
            if !paths.contains_key(&template) {
                lowering.moved(path, &["paths", &template], &["x-ms-paths", &template]);
                paths.insert(template, item);
            }
        }
    }
}

impl Lowering {
    fn texts(&mut self, object: &mut Object, path: &Path<'_>, key: &str) -> Option<Vec<String>> {
        self.plain(object, path, &[(key, Plain::Texts)]);
        match object.shift_remove(key) {
            Some(Value::Array(texts)) => Some(
                texts
                    .into_iter()
                    .filter_map(|text| text.as_str().map(str::to_owned))
                    .collect(),
            ),
            _ => None,
        }
    }

    fn global(&mut self, root: &mut Object, path: &Path<'_>) -> Global {
        self.plain(
            root,
            path,
            &[("host", Plain::Text), ("basePath", Plain::Text)],
        );
        let mut text = |key: &str| match root.shift_remove(key) {
            Some(Value::String(text)) => Some(text.trim().to_owned()),
            _ => None,
        };
        let host = Host {
            name: text("host").filter(|host| !host.is_empty()),
            base_path: text("basePath").unwrap_or_default(),
        };
        let schemes = self.texts(root, path, "schemes").unwrap_or_default();
        let template = root.shift_remove("x-ms-parameterized-host");
        if !root.contains_key("servers") {
            let (servers, origin) = match template
                .as_ref()
                .and_then(|template| templated(template, &schemes, &host))
            {
                Some(server) => (vec![server], "x-ms-parameterized-host"),
                None => (
                    host.servers(&schemes),
                    if host.name.is_some() {
                        "host"
                    } else {
                        "basePath"
                    },
                ),
            };
            for index in 0..servers.len() {
                self.moved(path, &["servers", &index.to_string(), "url"], &[origin]);
            }
            root.insert("servers".to_owned(), servers.into());
        }
        let parameters = match root.get_mut("parameters") {
            Some(Value::Object(parameters)) => std::mem::take(parameters),
            _ => Map::new(),
        };
        root.shift_remove("parameters");
        Global {
            consumes: self.texts(root, path, "consumes"),
            produces: self.texts(root, path, "produces"),
            schemes,
            host,
            shared: Shared {
                parameters,
                files: root.get_mut(FILES_KEY).map(Value::take).unwrap_or_default(),
            },
        }
    }

    fn swagger_components(&mut self, root: &mut Object, path: &Path<'_>, global: &Global) {
        let mut components = Map::new();
        if let Some(definitions) = root.shift_remove("definitions") {
            self.moved(path, &["components", "schemas"], &["definitions"]);
            components.insert("schemas".to_owned(), definitions);
        }
        let mut parameters = global.shared.parameters.clone();
        parameters.retain(|_, parameter| !is_body(parameter));
        let here = Pointer::from("/parameters");
        let here = Path::Base(&here);
        for (name, parameter) in &mut parameters {
            if let Value::Object(parameter) = parameter {
                self.swagger_parameter(parameter, &here.key(name));
            }
        }
        if !parameters.is_empty() {
            self.moved(path, &["components", "parameters"], &["parameters"]);
            components.insert("parameters".to_owned(), parameters.into());
        }
        if let Some(mut responses) = root.shift_remove("responses") {
            let here = path.key("responses");
            for (name, response) in responses.as_object_mut().into_iter().flatten() {
                if let Value::Object(response) = response {
                    let old = here.key(name);
                    let schema = self.swagger_response(response, &old, global.produces.as_deref());
                    if let Some(schema) = schema {
                        let base = Pointer::from("/components/responses").join(name);
                        self.relocated.insert(
                            old.pointer().join("schema").to_string(),
                            base.append(&schema),
                        );
                    }
                }
            }
            self.moved(path, &["components", "responses"], &["responses"]);
            components.insert("responses".to_owned(), responses);
        }
        if let Some(mut schemes) = root.shift_remove("securityDefinitions") {
            let here = path.key("securityDefinitions");
            for (name, scheme) in schemes.as_object_mut().into_iter().flatten() {
                if let Value::Object(scheme) = scheme {
                    self.swagger_security(scheme, &here.key(name));
                }
            }
            self.moved(
                path,
                &["components", "securitySchemes"],
                &["securityDefinitions"],
            );
            components.insert("securitySchemes".to_owned(), schemes);
        }
        components::discriminator_values(&mut components);
        root.insert("components".to_owned(), components.into());
    }

    fn swagger_path_item(&mut self, item: &mut Object, path: &Path<'_>, global: &Global) {
        let mut shared = Vec::new();
        if self.list(item, path, "parameters")
            && let Some(Value::Array(list)) = item.get_mut("parameters")
        {
            let list = std::mem::take(list);
            let (kept, parts) = self.split(list, path, global);
            item.insert("parameters".to_owned(), kept.into());
            shared = parts;
        }
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                self.swagger_operation(operation, &path.key(method), global, &shared);
            }
        }
    }

    /// Separates the parameters that make up the body from the others, which are converted.
    fn split(
        &mut self,
        list: Vec<Value>,
        path: &Path<'_>,
        global: &Global,
    ) -> (Vec<Value>, Vec<Part>) {
        let here = path.key("parameters");
        let mut kept = Vec::new();
        let mut indices = Vec::new();
        let mut parts = Vec::new();
        for (index, mut parameter) in list.into_iter().enumerate() {
            let place = here.index(index);
            let referred = parameter
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| global.shared.resolve(reference));
            if let Some((target, pointer)) = referred {
                if is_body_object(target) {
                    parts.push(Part {
                        value: target.clone(),
                        place: self.origins.author(&pointer),
                    });
                    continue;
                }
            } else if is_body(&parameter) {
                if let Value::Object(value) = parameter {
                    parts.push(Part {
                        value,
                        place: self.author(&place),
                    });
                }
                continue;
            } else if let Value::Object(parameter) = &mut parameter {
                self.swagger_parameter(parameter, &place);
            }
            indices.push(index);
            kept.push(parameter);
        }
        for (now, before) in indices.into_iter().enumerate() {
            self.moved(&here, &[&now.to_string()], &[&before.to_string()]);
        }
        (kept, parts)
    }

    fn swagger_operation(
        &mut self,
        operation: &mut Object,
        path: &Path<'_>,
        global: &Global,
        shared: &[Part],
    ) {
        let consumes = self
            .texts(operation, path, "consumes")
            .or_else(|| global.consumes.clone());
        let produces = self
            .texts(operation, path, "produces")
            .or_else(|| global.produces.clone());
        if let Some(schemes) = self.texts(operation, path, "schemes")
            && schemes != global.schemes
            && !schemes.is_empty()
            && global.host.name.is_some()
        {
            operation.insert("servers".to_owned(), global.host.servers(&schemes).into());
        }
        let mut parts = Vec::new();
        if self.list(operation, path, "parameters")
            && let Some(Value::Array(list)) = operation.get_mut("parameters")
        {
            let list = std::mem::take(list);
            let (kept, own) = self.split(list, path, global);
            operation.insert("parameters".to_owned(), kept.into());
            parts = own;
        }
        for part in shared {
            let same = |own: &Part| {
                own.value.get("in") == part.value.get("in")
                    && (is_whole(&part.value) || own.value.get("name") == part.value.get("name"))
            };
            if !parts.iter().any(same) {
                parts.push(Part {
                    value: part.value.clone(),
                    place: part.place.clone(),
                });
            }
        }
        self.swagger_body(operation, path, parts, consumes.as_deref());
        let here = path.key("responses");
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            for (status, response) in responses.iter_mut() {
                if let (Value::Object(response), false) = (response, extension(status)) {
                    let place = here.key(status);
                    if let Some(schema) =
                        self.swagger_response(response, &place, produces.as_deref())
                    {
                        let place = place.pointer();
                        self.relocated
                            .insert(place.join("schema").to_string(), place.append(&schema));
                    }
                }
            }
        }
    }
}

fn is_body(parameter: &Value) -> bool {
    parameter.as_object().is_some_and(is_body_object)
}

fn is_body_object(parameter: &Object) -> bool {
    matches!(
        parameter.get("in").and_then(Value::as_str),
        Some("body" | "formData")
    )
}

fn is_whole(parameter: &Object) -> bool {
    parameter.get("in").and_then(Value::as_str) == Some("body")
}

fn media_types(listed: Option<&[String]>, fallback: &str) -> Vec<String> {
    match listed {
        Some(listed) if !listed.is_empty() => listed.to_vec(),
        _ => vec![fallback.to_owned()],
    }
}

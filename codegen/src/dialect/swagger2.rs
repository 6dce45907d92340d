//! Swagger 2.0 reshaped to the structure of OpenAPI 3.0: bodies, forms, responses by media type, servers, components.
//! What is left is lowered as 3.0 is.

use serde_json::{Map, Value, json};

use super::lowering::{Lowering, Object, Path, Plain};
use super::structure::METHODS;
use crate::diagnostic::{Code, Diagnostic, FileId, Pointer};
use crate::source::{FILES_KEY, Kind, extension};

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
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

struct Host {
    name: Option<String>,
    base_path: String,
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
        let below = pointer.below(&Pointer::root().join(FILES_KEY));
        let part = match below {
            Some(below) => root
                .get_mut(FILES_KEY)
                .and_then(|files| files.pointer_mut(below.as_str())),
            None => None,
        };
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
        discriminator_values(&mut components);
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

    fn swagger_body(
        &mut self,
        operation: &mut Object,
        path: &Path<'_>,
        parts: Vec<Part>,
        consumes: Option<&[String]>,
    ) {
        let (whole, mut form): (Vec<Part>, Vec<Part>) =
            parts.into_iter().partition(|part| is_whole(&part.value));
        let mut whole = whole.into_iter();
        let body = whole.next();
        let mut others: Vec<Part> = whole.collect();
        if body.is_some() {
            others.append(&mut form);
        }
        for left in others {
            let name = left
                .value
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            self.diagnostics.push(
                Diagnostic::new(
                    Code::BODY_CONFLICT,
                    format!("`{name}` is left out: the operation has a body already"),
                )
                .at(left.place)
                .remedy("keep one parameter `in: body`, or `formData` parameters alone"),
            );
        }
        if let Some(body) = body {
            self.whole_body(operation, path, body, consumes);
        } else if !form.is_empty() {
            self.form_body(operation, path, form, consumes);
        }
    }

    fn whole_body(
        &mut self,
        operation: &mut Object,
        path: &Path<'_>,
        part: Part,
        consumes: Option<&[String]>,
    ) {
        let mut value = part.value;
        let here = path.key("requestBody");
        let now = self.author(&here);
        self.origins.record(now, part.place);
        let schema = value.shift_remove("schema").unwrap_or_else(|| json!({}));
        let example = value.shift_remove("x-example");
        let mut content = Map::new();
        for mime in media_types(consumes, JSON) {
            self.moved(&here, &["content", &mime, "schema"], &["schema"]);
            let mut media_type = json!({ "schema": schema });
            if let Some(example) = &example {
                media_type["example"] = example.clone();
            }
            content.insert(mime, media_type);
        }
        let mut body = Map::new();
        for key in ["description", "required"] {
            if let Some(value) = value.shift_remove(key) {
                body.insert(key.to_owned(), value);
            }
        }
        body.insert("content".to_owned(), content.into());
        body.extend(value.into_iter().filter(|(key, _)| extension(key)));
        operation.insert("requestBody".to_owned(), body.into());
    }

    fn form_body(
        &mut self,
        operation: &mut Object,
        path: &Path<'_>,
        form: Vec<Part>,
        consumes: Option<&[String]>,
    ) {
        let file = form
            .iter()
            .any(|part| part.value.get("type").and_then(Value::as_str) == Some("file"));
        let listed: Vec<&str> = consumes
            .unwrap_or_default()
            .iter()
            .map(String::as_str)
            .filter(|mime| mime.starts_with(MULTIPART) || mime.starts_with(FORM) && !file)
            .collect();
        let mimes = match listed.as_slice() {
            [] if file => vec![MULTIPART],
            [] => vec![FORM],
            listed => listed.to_vec(),
        };
        let here = path.key("requestBody");
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut encodings = Map::new();
        let mut places = Vec::new();
        for part in form {
            let Some(name) = part
                .value
                .get("name")
                .and_then(Value::as_str)
                .map(str::to_owned)
            else {
                self.diagnostics.push(
                    Diagnostic::new(Code::DROPPED, "a parameter without `name` is left out")
                        .at(part.place)
                        .remedy("add its `name`"),
                );
                continue;
            };
            let mut value = part.value;
            if value.get("required") == Some(&Value::Bool(true)) {
                required.push(Value::from(name.clone()));
            }
            value.shift_remove("required");
            value.shift_remove("in");
            value.shift_remove("name");
            value.shift_remove("allowEmptyValue");
            if let Some(encoding) = form_encoding(&mut value) {
                encodings.insert(name.clone(), encoding);
            }
            if let Some(example) = value.shift_remove("x-example") {
                value.entry("example").or_insert(example);
            }
            properties.insert(name.clone(), value.into());
            places.push((name, part.place));
        }
        let any_required = !required.is_empty();
        let mut schema = json!({ "type": "object", "properties": properties });
        if any_required {
            schema["required"] = required.into();
        }
        let mut content = Map::new();
        for mime in mimes {
            for (name, place) in &places {
                let now = self.author(
                    &here
                        .key("content")
                        .key(mime)
                        .key("schema")
                        .key("properties")
                        .key(name),
                );
                self.origins.record(now, place.clone());
            }
            let mut media_type = json!({ "schema": schema });
            if !encodings.is_empty() {
                media_type["encoding"] = encodings.clone().into();
            }
            content.insert(mime.to_owned(), media_type);
        }
        operation.insert(
            "requestBody".to_owned(),
            json!({ "required": any_required, "content": content }),
        );
    }

    /// A parameter outside the body, or a header: the schema's keywords move into `schema`.
    fn swagger_parameter(&mut self, parameter: &mut Object, path: &Path<'_>) {
        if parameter.contains_key("$ref") || parameter.contains_key("schema") {
            return;
        }
        let location = parameter
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or("header")
            .to_owned();
        if let Some(example) = parameter.shift_remove("x-example") {
            parameter.entry("example").or_insert(example);
        }
        let nested = parameter
            .get_mut("items")
            .and_then(Value::as_object_mut)
            .and_then(|items| items.shift_remove("collectionFormat"));
        if let Some(nested) = nested {
            parameter.insert("x-callwright-items-collection-format".to_owned(), nested);
        }
        self.collection_format(parameter, path, &location);
        let mut schema = Map::new();
        for key in super::message::SCHEMA_KEYS
            .iter()
            .copied()
            .chain(["x-nullable"])
        {
            if let Some(value) = parameter.shift_remove(key) {
                schema.insert(key.to_owned(), value);
            }
        }
        if schema.is_empty() {
            schema.insert("type".to_owned(), Value::from("string"));
        }
        self.moved(path, &["schema"], &[]);
        parameter.insert("schema".to_owned(), schema.into());
    }

    fn collection_format(&mut self, parameter: &mut Object, path: &Path<'_>, location: &str) {
        let written = parameter.shift_remove("collectionFormat");
        if parameter.get("type").and_then(Value::as_str) != Some("array") {
            return;
        }
        let format = written
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or("csv")
            .to_owned();
        let (style, explode) = match (format.as_str(), location) {
            ("csv", "query") => ("form", false),
            ("multi", "query") => ("form", true),
            ("ssv", "query") => ("spaceDelimited", false),
            ("pipes", "query") => ("pipeDelimited", false),
            ("csv", _) => return,
            ("ssv" | "pipes" | "tsv", _) => {
                parameter.insert(
                    "x-callwright-collection-format".to_owned(),
                    Value::from(format),
                );
                if location == "query" {
                    ("form", false)
                } else {
                    return;
                }
            }
            _ => {
                self.repaired(
                    &path.key("collectionFormat"),
                    format!("`collectionFormat: {format}` is not possible here; `csv` is used"),
                );
                if location == "query" {
                    ("form", false)
                } else {
                    return;
                }
            }
        };
        parameter.insert("style".to_owned(), Value::from(style));
        parameter.insert("explode".to_owned(), Value::from(explode));
    }

    /// A response: its schema once for every media type. Returns where the (first) schema is now, from the response.
    fn swagger_response(
        &mut self,
        response: &mut Object,
        path: &Path<'_>,
        produces: Option<&[String]>,
    ) -> Option<Pointer> {
        if response.contains_key("$ref") || response.contains_key("content") {
            return None;
        }
        if self.object(response, path, "headers")
            && let Some(Value::Object(headers)) = response.get_mut("headers")
        {
            let here = path.key("headers");
            for (name, header) in headers.iter_mut() {
                if let Value::Object(header) = header {
                    self.swagger_parameter(header, &here.key(name));
                }
            }
        }
        let mut examples = match response.shift_remove("examples") {
            Some(Value::Object(examples)) => examples,
            _ => Map::new(),
        };
        let schema = response
            .shift_remove("schema")
            .filter(|schema| !schema.is_null());
        let mut place = None;
        if let Some(schema) = schema {
            let file = schema.get("type").and_then(Value::as_str) == Some("file");
            let fallback = if file {
                "application/octet-stream"
            } else {
                JSON
            };
            let mut content = Map::new();
            for mime in media_types(produces, fallback) {
                self.moved(path, &["content", &mime, "schema"], &["schema"]);
                if place.is_none() {
                    place = Some(Pointer::from("/content").join(&mime).join("schema"));
                }
                let mut media_type = json!({ "schema": schema });
                if let Some(example) = examples.shift_remove(&mime) {
                    self.moved(path, &["content", &mime, "example"], &["examples", &mime]);
                    media_type["example"] = example;
                }
                content.insert(mime, media_type);
            }
            response.insert("content".to_owned(), content.into());
        }
        if !examples.is_empty() {
            self.moved(path, &["x-callwright-examples"], &["examples"]);
            response.insert("x-callwright-examples".to_owned(), examples.into());
        }
        place
    }

    fn swagger_security(&mut self, scheme: &mut Object, path: &Path<'_>) {
        match scheme.get("type").and_then(Value::as_str) {
            Some("basic") => {
                scheme.insert("type".to_owned(), Value::from("http"));
                scheme.insert("scheme".to_owned(), Value::from("basic"));
            }
            Some("oauth2") if !scheme.contains_key("flows") => {
                let written = scheme.shift_remove("flow");
                let flow = match written.as_ref().and_then(Value::as_str) {
                    Some("password") => "password",
                    Some("application") => "clientCredentials",
                    Some("accessCode") => "authorizationCode",
                    Some("implicit") => "implicit",
                    _ if scheme.contains_key("tokenUrl")
                        && scheme.contains_key("authorizationUrl") =>
                    {
                        "authorizationCode"
                    }
                    _ if scheme.contains_key("tokenUrl") => "clientCredentials",
                    _ => "implicit",
                };
                let mut object = Map::new();
                for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"] {
                    if let Some(value) = scheme.shift_remove(key) {
                        object.insert(key.to_owned(), value);
                    }
                }
                self.moved(path, &["flows", flow], &[]);
                scheme.insert("flows".to_owned(), json!({ flow: object }));
            }
            _ => {}
        }
    }
}

impl Host {
    fn servers(&self, schemes: &[String]) -> Vec<Value> {
        let base = self.base_path.trim_end_matches('/');
        let base = if base.is_empty() || base.starts_with('/') {
            base.to_owned()
        } else {
            format!("/{base}")
        };
        let Some(host) = &self.name else {
            let url = if base.is_empty() { "/" } else { &base };
            return vec![json!({ "url": url })];
        };
        let host = host.trim_end_matches('/');
        if host.contains("://") {
            return vec![json!({ "url": format!("{host}{base}") })];
        }
        let mut schemes: Vec<&str> = schemes
            .iter()
            .map(String::as_str)
            .filter(|scheme| scheme.starts_with("http"))
            .collect();
        if schemes.is_empty() {
            schemes.push("https");
        }
        // The first server is the default one.
        schemes.sort_by_key(|scheme| *scheme != "https");
        schemes
            .into_iter()
            .map(|scheme| json!({ "url": format!("{scheme}://{host}{base}") }))
            .collect()
    }
}

/// A server of AutoRest's `x-ms-parameterized-host`.
fn templated(template: &Value, schemes: &[String], host: &Host) -> Option<Value> {
    let url = template.get("hostTemplate")?.as_str()?;
    let scheme = if template.get("useSchemePrefix") == Some(&Value::Bool(false)) {
        String::new()
    } else {
        let https = schemes.is_empty() || schemes.iter().any(|scheme| scheme == "https");
        format!("{}://", if https { "https" } else { "http" })
    };
    let mut variables = Map::new();
    for name in url
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
    {
        let parameter = template
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|parameter| parameter["name"] == name.0);
        let default = parameter
            .and_then(|parameter| parameter.get("default"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        variables.insert(name.0.to_owned(), json!({ "default": default }));
    }
    let base = host.base_path.trim_end_matches('/');
    Some(json!({ "url": format!("{scheme}{url}{base}"), "variables": variables }))
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

/// How the items of a form field are put together; only lists have a choice.
fn form_encoding(field: &mut Object) -> Option<Value> {
    let format = field.shift_remove("collectionFormat");
    if field.get("type").and_then(Value::as_str) != Some("array") {
        return None;
    }
    // Every file is a part of its own.
    if field
        .get("items")
        .and_then(|items| items.get("type"))
        .is_some_and(|name| name == "file")
    {
        return None;
    }
    Some(match format.as_ref().and_then(Value::as_str) {
        Some("multi") => json!({ "style": "form", "explode": true }),
        Some("ssv") => json!({ "style": "spaceDelimited", "explode": false }),
        Some("pipes") => json!({ "style": "pipeDelimited", "explode": false }),
        Some("tsv") => {
            json!({ "style": "form", "explode": false, "x-callwright-collection-format": "tsv" })
        }
        _ => json!({ "style": "form", "explode": false }),
    })
}

/// AutoRest names the value of a subtype in the subtype; 3.0 does so in the mapping of the base.
fn discriminator_values(components: &mut Object) {
    let Some(Value::Object(schemas)) = components.get_mut("schemas") else {
        return;
    };
    let mut mappings: Vec<(String, String, String)> = Vec::new();
    for (name, schema) in &*schemas {
        let Some(value) = schema
            .get("x-ms-discriminator-value")
            .and_then(Value::as_str)
        else {
            continue;
        };
        let mut current = name.clone();
        // A chain longer than this is a cycle.
        for _ in 0..32 {
            if schemas
                .get(&current)
                .is_some_and(|schema| schema.get("discriminator").is_some())
            {
                mappings.push((current.clone(), value.to_owned(), name.clone()));
            }
            let base = schemas
                .get(&current)
                .and_then(|schema| schema.get("allOf"))
                .and_then(Value::as_array);
            let base = base
                .into_iter()
                .flatten()
                .find_map(|base| base.get("$ref")?.as_str()?.strip_prefix("#/definitions/"));
            match base {
                Some(base) => current = base.to_owned(),
                None => break,
            }
        }
    }
    for (base, value, name) in mappings {
        let Some(discriminator) = schemas
            .get_mut(&base)
            .and_then(|schema| schema.get_mut("discriminator"))
        else {
            continue;
        };
        if let Value::String(property) = discriminator {
            *discriminator = json!({ "propertyName": property, "mapping": {} });
        }
        let pointer = Pointer::from("/components/schemas").join(&name);
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.insert(value, format!("#{pointer}").into());
        }
    }
}

//! The document around its messages: root, paths, operations, servers, tags; repaired so that it reads as OpenAPI 3.0.

use serde_json::{Map, Value};

use super::lowering::{Lowering, Object, Path, Plain, noun};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::extension;

/// The methods that have a key of their own in a path item of OpenAPI 3.0.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Lowers one value; false when it cannot stay.
pub(super) type Lower = fn(&mut Lowering, &mut Value, &Path<'_>) -> bool;

impl Lowering {
    /// Lowers every value of a map; those that cannot stay are removed.
    pub(super) fn each(&mut self, map: &mut Object, path: &Path<'_>, lower: Lower) {
        map.retain(|key, value| lower(self, value, &path.key(key)));
    }

    /// Lowers every item of a list; those that cannot stay are removed.
    pub(super) fn each_item(&mut self, list: &mut Vec<Value>, path: &Path<'_>, lower: Lower) {
        let mut index = 0;
        let mut kept = Vec::new();
        list.retain_mut(|value| {
            let keep = lower(self, value, &path.index(index));
            if keep {
                kept.push(index);
            }
            index += 1;
            keep
        });
        if kept.len() < index {
            for (now, before) in kept.into_iter().enumerate() {
                self.moved(path, &[&now.to_string()], &[&before.to_string()]);
            }
        }
    }

    /// Lowers a member that is a map; what is not becomes absent.
    pub(super) fn map(&mut self, parent: &mut Object, path: &Path<'_>, key: &str, lower: Lower) {
        if self.object(parent, path, key)
            && let Some(Value::Object(map)) = parent.get_mut(key)
        {
            self.each(map, &path.key(key), lower);
        }
    }

    /// Lowers a member that is a list; what is not becomes absent.
    pub(super) fn items(&mut self, parent: &mut Object, path: &Path<'_>, key: &str, lower: Lower) {
        if self.list(parent, path, key)
            && let Some(Value::Array(list)) = parent.get_mut(key)
        {
            self.each_item(list, &path.key(key), lower);
        }
    }

    /// A value that has to be an object; `None` after saying that it is left out.
    pub(super) fn expect<'a>(
        &mut self,
        value: &'a mut Value,
        path: &Path<'_>,
        what: &str,
    ) -> Option<&'a mut Object> {
        match value {
            Value::Object(object) => Some(object),
            other => {
                let message = format!(
                    "{what} is an object, but this is {}; it is left out",
                    noun(other)
                );
                self.dropped(path, message, "write the object, or remove this");
                None
            }
        }
    }

    /// Reduces a Reference Object to its `$ref`; `None` when the object is no reference.
    ///
    /// `summary` and `description`, which 3.1 allows beside `$ref`, are carried as extensions.
    pub(super) fn reference(&mut self, object: &mut Object, path: &Path<'_>) -> Option<bool> {
        match object.get_mut("$ref") {
            None => return None,
            Some(Value::String(reference)) => self.relocate(reference),
            Some(other) => {
                let message = format!("`$ref` is a text, but this is {}", noun(other));
                self.say(
                    &path.key("$ref"),
                    Diagnostic::new(Code::MALFORMED_REFERENCE, message)
                        .remedy("write a reference such as `#/components/…`"),
                );
                return Some(false);
            }
        }
        for (key, carried) in [
            ("summary", "x-callwright-summary"),
            ("description", "x-callwright-description"),
        ] {
            if object.get(key).is_some_and(Value::is_string) {
                self.rename(object, path, key, carried);
            }
        }
        object.retain(|key, _| key == "$ref" || extension(key));
        Some(true)
    }

    /// The OpenAPI Object.
    pub(super) fn root(&mut self, root: &mut Object, path: &Path<'_>) {
        root.insert("openapi".to_owned(), Value::from("3.0.3"));
        self.info(root, path);
        self.items(root, path, "servers", Self::server);
        self.items(root, path, "tags", Self::tag);
        self.security(root, path);
        self.external_docs(root, path);
        if self.object(root, path, "components") {
            let here = path.key("components");
            if let Some(Value::Object(components)) = root.get_mut("components") {
                self.components(components, &here);
            }
        }
        if !self.object(root, path, "paths") {
            root.insert("paths".to_owned(), Map::new().into());
        }
        if let Some(Value::Object(paths)) = root.get_mut("paths") {
            self.paths(paths, &path.key("paths"));
        }
    }

    fn info(&mut self, root: &mut Object, path: &Path<'_>) {
        if !self.object(root, path, "info") {
            self.say(path, Diagnostic::new(Code::ASSUMED, "`info` is missing"));
            root.insert("info".to_owned(), Map::new().into());
        }
        let here = path.key("info");
        let Some(Value::Object(info)) = root.get_mut("info") else {
            return;
        };
        for key in [
            "title",
            "version",
            "description",
            "termsOfService",
            "summary",
        ] {
            self.plain(info, &here, &[(key, Plain::Text)]);
        }
        for key in ["title", "version"] {
            if !info.contains_key(key) {
                self.say(
                    &here,
                    Diagnostic::new(Code::ASSUMED, format!("`info.{key}` is missing")),
                );
                info.insert(key.to_owned(), Value::from(""));
            }
        }
        if self.object(info, &here, "contact")
            && let Some(Value::Object(contact)) = info.get_mut("contact")
        {
            let here = here.key("contact");
            self.plain(
                contact,
                &here,
                &[
                    ("name", Plain::Text),
                    ("url", Plain::Text),
                    ("email", Plain::Text),
                ],
            );
        }
        if let Some(Value::String(name)) = info.get_mut("license") {
            let name = std::mem::take(name);
            self.repaired(
                &here.key("license"),
                "`license` is an object; this text is taken as its name",
            );
            info["license"] = serde_json::json!({ "name": name });
        }
        if self.object(info, &here, "license")
            && let Some(Value::Object(license)) = info.get_mut("license")
        {
            let here = here.key("license");
            self.plain(
                license,
                &here,
                &[("name", Plain::Text), ("url", Plain::Text)],
            );
            license.entry("name").or_insert_with(|| Value::from(""));
            self.rename(license, &here, "identifier", "x-callwright-identifier");
        }
        if self.dialect >= super::Dialect::V3_1 {
            self.rename(info, &here, "summary", "x-callwright-summary");
        }
    }

    /// The Components Object.
    pub(super) fn components(&mut self, components: &mut Object, path: &Path<'_>) {
        self.map(components, path, "schemas", Self::schema_entry);
        self.map(components, path, "responses", Self::response);
        self.map(components, path, "parameters", Self::parameter);
        self.map(components, path, "examples", Self::example);
        self.map(components, path, "requestBodies", Self::request_body);
        self.map(components, path, "headers", Self::header);
        self.map(components, path, "securitySchemes", Self::security_scheme);
        self.map(components, path, "links", Self::link);
        self.map(components, path, "callbacks", Self::callback);
        self.map(components, path, "pathItems", Self::path_item);
        self.map(components, path, "mediaTypes", Self::media_type);
    }

    fn paths(&mut self, paths: &mut Object, path: &Path<'_>) {
        self.each(paths, path, |lowering, value, here| match here {
            Path::Key(_, key) if extension(key) => true,
            _ => lowering.path_item(value, here),
        });
        let without_slash: Vec<String> = paths
            .keys()
            .filter(|template| !template.starts_with('/') && !extension(template))
            .cloned()
            .collect();
        for template in without_slash {
            let slashed = format!("/{template}");
            let here = path.key(&template);
            if paths.contains_key(&slashed) {
                self.dropped(
                    &here,
                    format!("`{template}` is `{slashed}` again"),
                    "merge the two path items",
                );
                paths.shift_remove(&template);
            } else {
                self.repaired(
                    &here,
                    format!("the path `{template}` is read as `{slashed}`"),
                );
                self.rename(paths, path, &template, &slashed);
            }
        }
    }

    /// The Path Item Object.
    pub(super) fn path_item(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if value.is_null() {
            *value = Map::new().into();
        }
        let Some(item) = self.expect(value, path, "a path item") else {
            return false;
        };
        if item.contains_key("$ref") && self.reference(item, path) == Some(false) {
            return false;
        }
        self.plain(
            item,
            path,
            &[("summary", Plain::Text), ("description", Plain::Text)],
        );
        self.items(item, path, "parameters", Self::parameter);
        self.items(item, path, "servers", Self::server);
        for method in METHODS {
            if let Some(operation) = item.get_mut(method)
                && !self.operation(operation, &path.key(method))
            {
                item.shift_remove(method);
            }
        }
        self.other_operations(item, path);
        true
    }

    /// The Operation Object; `false` after an error when it is none.
    pub(super) fn operation(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if value.is_null() {
            return false;
        }
        let Some(operation) = self.expect(value, path, "an operation") else {
            return false;
        };
        self.plain(
            operation,
            path,
            &[
                ("tags", Plain::Texts),
                ("summary", Plain::Text),
                ("description", Plain::Text),
                ("operationId", Plain::Text),
                ("deprecated", Plain::Flag),
            ],
        );
        self.external_docs(operation, path);
        self.items(operation, path, "parameters", Self::parameter);
        self.items(operation, path, "servers", Self::server);
        self.security(operation, path);
        if let Some(body) = operation.get_mut("requestBody")
            && (body.is_null() || !self.request_body(body, &path.key("requestBody")))
        {
            operation.shift_remove("requestBody");
        }
        self.responses(operation, path);
        self.callbacks(operation, path);
        true
    }

    fn responses(&mut self, operation: &mut Object, path: &Path<'_>) {
        if !self.object(operation, path, "responses") {
            if self.dialect < super::Dialect::V3_1 {
                self.say(
                    path,
                    Diagnostic::new(
                        Code::ASSUMED,
                        "`responses` is missing; any status is taken as undocumented",
                    ),
                );
            }
            operation.insert("responses".to_owned(), Map::new().into());
            return;
        }
        let here = path.key("responses");
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            return;
        };
        self.each(responses, &here, |lowering, value, here| match here {
            Path::Key(_, key) if extension(key) => true,
            Path::Key(_, key) if !is_status(key) => {
                let message = format!("`{key}` is no status code; the response is left out");
                lowering.dropped(here, message, "use `200`, `2XX` or `default`");
                false
            }
            _ => lowering.response(value, here),
        });
    }

    fn callbacks(&mut self, operation: &mut Object, path: &Path<'_>) {
        self.map(operation, path, "callbacks", Self::callback);
        let Some(Value::Object(callbacks)) = operation.get_mut("callbacks") else {
            return;
        };
        // openapiv3 has no references here.
        let referred: Vec<String> = callbacks
            .iter()
            .filter(|(_, callback)| callback.get("$ref").is_some())
            .map(|(name, _)| name.clone())
            .collect();
        let mut carried = Map::new();
        for name in referred {
            if let Some(callback) = callbacks.shift_remove(&name) {
                self.moved(
                    path,
                    &["x-callwright-callbacks", &name],
                    &["callbacks", &name],
                );
                carried.insert(name, callback);
            }
        }
        if !carried.is_empty() {
            operation.insert("x-callwright-callbacks".to_owned(), carried.into());
        }
    }

    /// The Callback Object.
    pub(super) fn callback(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(callback) = self.expect(value, path, "a callback") else {
            return false;
        };
        if let Some(keep) = self.reference(callback, path) {
            return keep;
        }
        // openapiv3 reads every key as an expression.
        callback.retain(|key, _| !extension(key));
        self.each(callback, path, Self::path_item);
        true
    }

    /// The Server Object.
    pub(super) fn server(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if let Value::String(url) = value {
            let url = std::mem::take(url);
            self.repaired(
                path,
                "a server is an object; this text is taken as its `url`",
            );
            *value = serde_json::json!({ "url": url });
        }
        let Some(server) = self.expect(value, path, "a server") else {
            return false;
        };
        self.plain(
            server,
            path,
            &[("url", Plain::Text), ("description", Plain::Text)],
        );
        if !server.contains_key("url") {
            self.dropped(path, "a server without `url` is left out", "add its `url`");
            return false;
        }
        if self.dialect >= super::Dialect::V3_2 {
            self.rename(server, path, "name", "x-callwright-name");
        }
        self.map(server, path, "variables", Self::server_variable);
        true
    }

    fn server_variable(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(variable) = self.expect(value, path, "a server variable") else {
            return false;
        };
        self.plain(
            variable,
            path,
            &[
                ("default", Plain::Text),
                ("description", Plain::Text),
                ("enum", Plain::Texts),
            ],
        );
        if !variable.contains_key("default") {
            let first = variable
                .get("enum")
                .and_then(|values| values.get(0))
                .cloned()
                .unwrap_or_else(|| Value::from(""));
            self.say(
                path,
                Diagnostic::new(
                    Code::ASSUMED,
                    format!("`default` is missing; {first} is assumed"),
                ),
            );
            variable.insert("default".to_owned(), first);
        }
        true
    }

    fn tag(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if let Value::String(name) = value {
            let name = std::mem::take(name);
            self.repaired(path, "a tag is an object; this text is taken as its `name`");
            *value = serde_json::json!({ "name": name });
        }
        let Some(tag) = self.expect(value, path, "a tag") else {
            return false;
        };
        self.plain(
            tag,
            path,
            &[("name", Plain::Text), ("description", Plain::Text)],
        );
        if !tag.contains_key("name") {
            self.dropped(path, "a tag without `name` is left out", "add its `name`");
            return false;
        }
        self.external_docs(tag, path);
        if self.dialect >= super::Dialect::V3_2 {
            for (key, carried) in [
                ("summary", "x-callwright-summary"),
                ("parent", "x-callwright-parent"),
                ("kind", "x-callwright-kind"),
            ] {
                self.rename(tag, path, key, carried);
            }
        }
        true
    }
}

/// Whether a key of the Responses Object names a status, a range of them or the rest.
fn is_status(key: &str) -> bool {
    matches!(
        key.as_bytes(),
        b"default"
            | [b'1'..=b'9', b'X' | b'x', b'X' | b'x']
            | [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']
    )
}

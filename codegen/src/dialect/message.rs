//! What goes over the wire: parameters, headers, bodies, media types, responses; repaired so that it reads as OpenAPI 3.0.

use serde_json::{Map, Value, json};

use super::Dialect;
use super::lowering::{Lowering, Object, Path, Plain, noun};
use crate::diagnostic::{Code, Diagnostic};

/// Keywords of a schema that stand in a parameter itself in Swagger 2.0, and by mistake in later documents.
pub(super) const SCHEMA_KEYS: [&str; 19] = [
    "type",
    "format",
    "items",
    "default",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "properties",
    "additionalProperties",
    "nullable",
];

impl Lowering {
    /// The Parameter Object.
    pub(super) fn parameter(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(parameter) = self.expect(value, path, "a parameter") else {
            return false;
        };
        if let Some(keep) = self.reference(parameter, path) {
            return keep;
        }
        self.plain(
            parameter,
            path,
            &[
                ("name", Plain::Text),
                ("in", Plain::Text),
                ("description", Plain::Text),
                ("required", Plain::Flag),
                ("deprecated", Plain::Flag),
                ("style", Plain::Text),
                ("explode", Plain::Flag),
                ("allowReserved", Plain::Flag),
                ("allowEmptyValue", Plain::Flag),
            ],
        );
        if !parameter.contains_key("name") {
            self.dropped(
                path,
                "a parameter without `name` is left out",
                "add its `name`",
            );
            return false;
        }
        let Some(location) = self.location(parameter, path) else {
            return false;
        };
        if location == "path" && parameter.get("required") != Some(&Value::Bool(true)) {
            self.say(
                path,
                Diagnostic::new(Code::ASSUMED, "a path parameter is always required"),
            );
            parameter.insert("required".to_owned(), Value::Bool(true));
        }
        if location != "query" && self.dialect >= Dialect::V3_2 {
            self.rename(
                parameter,
                path,
                "allowReserved",
                "x-callwright-allow-reserved",
            );
        }
        self.style(parameter, path, location);
        self.schema_or_content(parameter, path);
        self.map(parameter, path, "examples", Self::example_entry);
        true
    }

    /// Where a parameter goes; `None` after an error when that cannot be known.
    fn location(&mut self, parameter: &mut Object, path: &Path<'_>) -> Option<&'static str> {
        let written = parameter.get("in").and_then(Value::as_str).unwrap_or("");
        let location = match written.to_ascii_lowercase().as_str() {
            "query" => "query",
            "header" => "header",
            "path" => "path",
            "cookie" => "cookie",
            "querystring" if self.dialect >= Dialect::V3_2 => {
                parameter.insert("x-callwright-in".to_owned(), Value::from("querystring"));
                parameter.insert("in".to_owned(), Value::from("query"));
                return Some("query");
            }
            _ => {
                let message =
                    format!("`in: {written}` is no place for a parameter; it is left out");
                self.dropped(
                    path,
                    message,
                    "use `query`, `path`, `header` or `cookie`, or a `requestBody`",
                );
                return None;
            }
        };
        if written != location {
            self.repaired(
                &path.key("in"),
                format!("`in: {written}` is read as `{location}`"),
            );
            parameter.insert("in".to_owned(), Value::from(location));
        }
        Some(location)
    }

    fn style(&mut self, parameter: &mut Object, path: &Path<'_>, location: &str) {
        let Some(style) = parameter.get("style").and_then(Value::as_str) else {
            return;
        };
        let allowed: &[&str] = match location {
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "path" => &["simple", "label", "matrix"],
            "header" => &["simple"],
            _ => &["form"],
        };
        if allowed.contains(&style) {
            return;
        }
        if style == "cookie" && location == "cookie" {
            self.rename(parameter, path, "style", "x-callwright-style");
            return;
        }
        let message = format!(
            "`style: {style}` does not go with `in: {location}`; `{}` is used",
            allowed[0]
        );
        self.repaired(&path.key("style"), message);
        parameter.shift_remove("style");
    }

    /// Sees to it that there is either a schema or one media type, as openapiv3 asks for.
    fn schema_or_content(&mut self, object: &mut Object, path: &Path<'_>) {
        self.map(object, path, "content", Self::media_type);
        if object
            .get("content")
            .and_then(Value::as_object)
            .is_some_and(Map::is_empty)
        {
            object.shift_remove("content");
        }
        if object.get("schema").is_some_and(Value::is_null) {
            object.shift_remove("schema");
        }
        match (
            object.contains_key("schema"),
            object.contains_key("content"),
        ) {
            (true, true) => {
                self.repaired(
                    &path.key("content"),
                    "`schema` and `content` exclude each other; `content` is ignored",
                );
                object.shift_remove("content");
            }
            (false, false) => self.inline_schema(object, path),
            _ => {}
        }
        if let Some(schema) = object.get_mut("schema") {
            self.schema(schema, &path.key("schema"));
        }
    }

    /// Makes a schema of the keywords that stand in the object itself.
    fn inline_schema(&mut self, object: &mut Object, path: &Path<'_>) {
        let mut schema = Map::new();
        for key in SCHEMA_KEYS {
            if let Some(value) = object.shift_remove(key) {
                self.moved(path, &["schema", key], &[key]);
                schema.insert(key.to_owned(), value);
            }
        }
        if schema.is_empty() {
            self.say(
                path,
                Diagnostic::new(
                    Code::ASSUMED,
                    "neither `schema` nor `content` is given; a text is assumed",
                ),
            );
            schema.insert("type".to_owned(), Value::from("string"));
        } else {
            self.repaired(
                path,
                "the keywords of the schema belong into `schema`; they are read as that",
            );
        }
        object.insert("schema".to_owned(), schema.into());
    }

    /// The Header Object.
    pub(super) fn header(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(header) = self.expect(value, path, "a header") else {
            return false;
        };
        if let Some(keep) = self.reference(header, path) {
            return keep;
        }
        self.plain(
            header,
            path,
            &[
                ("description", Plain::Text),
                ("required", Plain::Flag),
                ("deprecated", Plain::Flag),
                ("style", Plain::Text),
                ("explode", Plain::Flag),
            ],
        );
        self.style(header, path, "header");
        self.schema_or_content(header, path);
        // openapiv3 has no field for it.
        self.rename(header, path, "explode", "x-callwright-explode");
        self.map(header, path, "examples", Self::example_entry);
        true
    }

    /// The Request Body Object.
    pub(super) fn request_body(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(body) = self.expect(value, path, "a request body") else {
            return false;
        };
        if let Some(keep) = self.reference(body, path) {
            return keep;
        }
        self.plain(
            body,
            path,
            &[("description", Plain::Text), ("required", Plain::Flag)],
        );
        self.map(body, path, "content", Self::media_type);
        true
    }

    /// The Response Object.
    pub(super) fn response(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if let Value::String(description) = value {
            let description = std::mem::take(description);
            self.repaired(
                path,
                "a response is an object; this text is taken as its description",
            );
            *value = json!({ "description": description });
        }
        if value.is_null() {
            *value = Map::new().into();
        }
        let Some(response) = self.expect(value, path, "a response") else {
            return false;
        };
        if let Some(keep) = self.reference(response, path) {
            return keep;
        }
        self.plain(
            response,
            path,
            &[("description", Plain::Text), ("summary", Plain::Text)],
        );
        if !response.contains_key("description") {
            if self.dialect < Dialect::V3_2 {
                self.say(
                    path,
                    Diagnostic::new(Code::ASSUMED, "`description` is missing"),
                );
            }
            response.insert("description".to_owned(), Value::from(""));
        }
        if self.dialect >= Dialect::V3_2 {
            self.rename(response, path, "summary", "x-callwright-summary");
        }
        self.map(response, path, "headers", Self::header);
        self.map(response, path, "content", Self::media_type);
        self.map(response, path, "links", Self::link);
        true
    }

    /// The Media Type Object.
    pub(super) fn media_type(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if value.is_null() {
            *value = Map::new().into();
        }
        let Some(media_type) = self.expect(value, path, "a media type") else {
            return false;
        };
        if let Some(schema) = media_type.get_mut("schema") {
            self.schema(schema, &path.key("schema"));
        }
        self.map(media_type, path, "examples", Self::example_entry);
        self.map(media_type, path, "encoding", Self::encoding);
        self.sequential(media_type, path);
        true
    }

    /// The Encoding Object.
    pub(super) fn encoding(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(encoding) = self.expect(value, path, "an encoding") else {
            return false;
        };
        self.plain(
            encoding,
            path,
            &[
                ("contentType", Plain::Text),
                ("style", Plain::Text),
                ("explode", Plain::Flag),
                ("allowReserved", Plain::Flag),
            ],
        );
        self.style(encoding, path, "query");
        // openapiv3 cannot tell an absent `explode` from a false one.
        if let Some(explode) = encoding.get("explode").cloned() {
            encoding.insert("x-callwright-explode".to_owned(), explode);
        }
        self.map(encoding, path, "headers", Self::header);
        self.nested_encodings(encoding, path);
        true
    }

    /// An Example Object among others.
    pub(super) fn example_entry(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        self.example(value, path)
    }

    /// The Example Object.
    pub(super) fn example(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Value::Object(example) = value else {
            let message = format!(
                "an example is an object, but this is {}; it is taken as its `value`",
                noun(value)
            );
            self.repaired(path, message);
            *value = json!({ "value": value.take() });
            self.moved(path, &["value"], &[]);
            return true;
        };
        if let Some(keep) = self.reference(example, path) {
            return keep;
        }
        self.plain(
            example,
            path,
            &[
                ("summary", Plain::Text),
                ("description", Plain::Text),
                ("externalValue", Plain::Text),
            ],
        );
        self.example_values(example, path);
        true
    }

    /// The Link Object.
    pub(super) fn link(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(link) = self.expect(value, path, "a link") else {
            return false;
        };
        if let Some(keep) = self.reference(link, path) {
            return keep;
        }
        self.plain(
            link,
            path,
            &[
                ("description", Plain::Text),
                ("operationId", Plain::Text),
                ("operationRef", Plain::Text),
            ],
        );
        if !link.contains_key("operationId") && !link.contains_key("operationRef") {
            self.repaired(path, "a link names no operation; it is ignored");
            return false;
        }
        self.map(link, path, "parameters", |_, _, _| true);
        if let Some(server) = link.get_mut("server")
            && !self.server(server, &path.key("server"))
        {
            link.shift_remove("server");
        }
        true
    }
}

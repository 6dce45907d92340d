//! Parameters, headers and responses of Swagger 2.0, whose schemas get a place of their own.

use serde_json::{Map, Value, json};

use super::{JSON, media_types};
use crate::diagnostic::Pointer;
use crate::dialect::lowering::{Lowering, Object, Path};
use crate::dialect::message::SCHEMA_KEYS;

impl Lowering {
    /// A parameter outside the body, or a header: the schema's keywords move into `schema`.
    pub(super) fn swagger_parameter(&mut self, parameter: &mut Object, path: &Path<'_>) {
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
        let items = parameter.get_mut("items").and_then(Value::as_object_mut);
        if let Some(items) = items {
            let nested = items.shift_remove("collectionFormat");
            if items.get("type").and_then(Value::as_str) == Some("array") {
                let nested = nested.unwrap_or_else(|| Value::from("csv"));
                parameter.insert("x-callwright-items-collection-format".to_owned(), nested);
            }
        }
        self.collection_format(parameter, path, &location);
        let mut schema = Map::new();
        for key in SCHEMA_KEYS.iter().copied().chain(["x-nullable"]) {
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
    pub(super) fn swagger_response(
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
}

//! Body and form parameters of Swagger 2.0 as a request body.

use serde_json::{Map, Value, json};

use super::{JSON, Part, is_whole, media_types};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::lowering::{Lowering, Object, Path};
use crate::source::extension;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl Lowering {
    pub(super) fn swagger_body(
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
        self.origins.record(&now, part.place);
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
                self.origins.record(&now, place.clone());
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

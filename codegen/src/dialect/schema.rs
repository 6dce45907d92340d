//! Schemas of any draft to Schema Objects of OpenAPI 3.0: walks them, then reshapes what 3.0 says otherwise.

use serde_json::{Value, json};

use super::Dialect;
use super::keywords::Todo;
use super::lowering::{Lowering, Object, Path, noun};
use crate::diagnostic::{Code, Diagnostic, Pointer};
use crate::source::{Kind, Place, extension};

/// Keywords that describe rather than restrict, honoured beside `$ref` in every version.
const ANNOTATIONS: [&str; 11] = [
    "title",
    "description",
    "nullable",
    "readOnly",
    "writeOnly",
    "deprecated",
    "default",
    "example",
    "x-callwright-examples",
    "externalDocs",
    "xml",
];

/// Keywords that say nothing about the value itself.
const SILENT: [&str; 8] = [
    "$ref",
    "$defs",
    "definitions",
    "$comment",
    "$schema",
    "$id",
    "$anchor",
    "$dynamicAnchor",
];

/// Media types whose content is bytes rather than text.
fn is_binary(media_type: &str) -> bool {
    let media_type = media_type.to_ascii_lowercase();
    ["image/", "audio/", "video/", "font/"]
        .iter()
        .any(|prefix| media_type.starts_with(prefix))
        || [
            "application/octet-stream",
            "application/pdf",
            "application/zip",
            "application/gzip",
        ]
        .iter()
        .any(|name| media_type.starts_with(name))
}

impl Lowering {
    /// A schema among others; false when it is none.
    pub(super) fn schema_entry(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if matches!(value, Value::Object(_) | Value::Bool(_) | Value::Null) {
            self.schema(value, path);
            return true;
        }
        if !matches!(path, Path::Key(_, key) if extension(key)) {
            let message = format!(
                "a schema is an object, but this is {}; it is left out",
                noun(value)
            );
            self.dropped(path, message, "write a schema, such as `type: string`");
        }
        false
    }

    /// Makes any value a Schema Object, or a Reference Object in its stead.
    ///
    /// Returns whether the schema says, as drafts before 4 do, that the property it describes is required.
    pub(super) fn schema(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        match value {
            Value::Object(_) => {}
            Value::Bool(true) => *value = json!({}),
            Value::Bool(false) => *value = json!({ "not": {} }),
            Value::Null => {
                self.repaired(path, "the schema is empty; any value is accepted");
                *value = json!({});
            }
            _ => {
                let message = format!(
                    "a schema is an object, but this is {}; any value is accepted",
                    noun(value)
                );
                self.dropped(path, message, "write a schema, such as `type: string`");
                *value = json!({});
            }
        }
        let Value::Object(object) = value else {
            return false;
        };
        let mut todo = self.keywords(object, path);
        if todo.is_empty() {
            return false;
        }
        todo.sort();
        let mut required = false;
        for step in todo {
            match step {
                Todo::Remove(key) => {
                    object.shift_remove(&key);
                }
                Todo::Required => required = self.required(object, path),
                Todo::Require(name) => require(object, &name),
                Todo::Tuple => self.tuple(object, path),
                Todo::Exclusive(bound, inclusive) => exclusive(object, bound, inclusive),
                Todo::Const => self.constant(object, path),
                Todo::Examples => self.examples(object, path),
                Todo::Content => self.content(object, path),
                Todo::Unevaluated => self.unevaluated(object, path),
                Todo::ExternalDocs => self.external_docs(object, path),
                Todo::Rename(from, to) => self.rename(object, path, from, to),
                Todo::Types => self.types(object, path),
                Todo::Reference => self.schema_reference(object, path),
            }
        }
        required
    }

    fn required(&mut self, object: &mut Object, path: &Path<'_>) -> bool {
        let here = path.key("required");
        let Some(value) = object.get_mut("required") else {
            return false;
        };
        if let Value::Bool(required) = *value {
            self.repaired(&here, "`required` is a list of property names of the object; the flag of an old draft is read as meant");
            object.shift_remove("required");
            return required;
        }
        if !self.plain_value(value, &here, "required", super::lowering::Plain::Texts) {
            object.shift_remove("required");
        }
        false
    }

    /// `items` as a list (before 2020-12): `prefixItems` today, and `additionalItems` is what follows.
    fn tuple(&mut self, object: &mut Object, path: &Path<'_>) {
        self.rename(object, path, "items", "x-callwright-prefix-items");
        if object.get("additionalItems").is_some_and(Value::is_object) {
            self.rename(object, path, "additionalItems", "items");
        }
    }

    fn constant(&mut self, object: &mut Object, path: &Path<'_>) {
        if let Some(value) = object.shift_remove("const") {
            object.insert("enum".to_owned(), Value::Array(vec![value]));
            object.insert("x-callwright-const".to_owned(), Value::Bool(true));
            self.moved(path, &["enum", "0"], &["const"]);
            self.moved(path, &["enum"], &["const"]);
        }
    }

    fn examples(&mut self, object: &mut Object, path: &Path<'_>) {
        if let Some(first) = object.get("examples").and_then(|examples| examples.get(0))
            && !object.contains_key("example")
        {
            let first = first.clone();
            object.insert("example".to_owned(), first);
            self.moved(path, &["example"], &["examples", "0"]);
        }
        self.rename(object, path, "examples", "x-callwright-examples");
    }

    /// `contentEncoding` and `contentMediaType` as formats where 3.0 has one.
    fn content(&mut self, object: &mut Object, path: &Path<'_>) {
        let text = |key: &str| {
            object
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_ascii_lowercase)
        };
        let encoding = text("contentEncoding");
        let media_type = text("contentMediaType");
        let format = match (encoding.as_deref(), media_type.as_deref()) {
            (Some("base64" | "base64url"), _) => Some("byte"),
            (Some("binary"), _) => Some("binary"),
            (None, Some(media_type)) if is_binary(media_type) => Some("binary"),
            _ => None,
        };
        if let Some(format) = format
            && !object.contains_key("format")
        {
            object.insert("format".to_owned(), Value::from(format));
        }
        if encoding.as_deref() == Some("base64") {
            object.shift_remove("contentEncoding");
        }
        self.rename(
            object,
            path,
            "contentEncoding",
            "x-callwright-content-encoding",
        );
        self.rename(
            object,
            path,
            "contentMediaType",
            "x-callwright-content-media-type",
        );
        self.rename(object, path, "contentSchema", "x-callwright-content-schema");
    }

    fn unevaluated(&mut self, object: &mut Object, path: &Path<'_>) {
        if object.contains_key("additionalProperties") {
            self.say(
                &path.key("unevaluatedProperties"),
                Diagnostic::new(
                    Code::KEYWORD_IGNORED,
                    "`unevaluatedProperties` has no effect beside `additionalProperties`",
                ),
            );
        } else {
            self.rename(
                object,
                path,
                "unevaluatedProperties",
                "additionalProperties",
            );
        }
    }

    /// `$ref` alone stays; with siblings that matter it becomes one of `allOf`.
    fn schema_reference(&mut self, object: &mut Object, path: &Path<'_>) {
        match object.get_mut("$ref") {
            Some(Value::String(reference)) => self.relocate(reference),
            Some(other) => {
                let message = format!(
                    "`$ref` is a text, but this is {}; it is left out",
                    noun(other)
                );
                self.say(
                    &path.key("$ref"),
                    Diagnostic::new(Code::MALFORMED_REFERENCE, message)
                        .remedy("write a reference such as `#/components/schemas/Name`"),
                );
                object.shift_remove("$ref");
                return;
            }
            None => return,
        }
        if object.len() == 1 {
            return;
        }
        if self.dialect < Dialect::V3_1 {
            let foreign: Vec<String> = object
                .keys()
                .filter(|key| {
                    !ANNOTATIONS.contains(&key.as_str())
                        && !SILENT.contains(&key.as_str())
                        && !extension(key)
                })
                .cloned()
                .collect();
            for key in foreign {
                object.shift_remove(&key);
                self.say(
                    &path.key(&key),
                    Diagnostic::new(
                        Code::SIBLING_IGNORED,
                        format!("`{key}` beside `$ref` has no meaning in this version"),
                    )
                    .remedy("combine the two with `allOf`, or move to OpenAPI 3.1"),
                );
            }
        }
        if object.keys().all(|key| SILENT.contains(&key.as_str())) {
            return;
        }
        let Some(reference) = object.shift_remove("$ref") else {
            return;
        };
        let index = all_of(object, json!({ "$ref": reference }));
        self.moved(path, &["allOf", &index], &[]);
    }
}

/// Adds a schema to `allOf` and returns its index there.
pub(super) fn all_of(object: &mut Object, schema: Value) -> String {
    if let Some(Value::Array(all)) = object.get_mut("allOf") {
        all.push(schema);
        return (all.len() - 1).to_string();
    }
    object.insert("allOf".to_owned(), Value::Array(vec![schema]));
    "0".to_owned()
}

fn require(object: &mut Object, name: &str) {
    let names = object.entry("required").or_insert_with(|| json!([]));
    if let Value::Array(names) = names
        && !names.iter().any(|known| known == name)
    {
        names.push(Value::from(name));
    }
}

/// A numeric exclusive bound (draft 6) as the inclusive one with a flag (draft 4); the tighter of two bounds stays.
fn exclusive(object: &mut Object, bound: &str, inclusive: &str) {
    let Some(limit) = object.get(bound).filter(|limit| limit.is_number()).cloned() else {
        return;
    };
    let tighter = match (
        limit.as_f64(),
        object.get(inclusive).and_then(Value::as_f64),
    ) {
        (Some(exclusive), Some(other)) if inclusive == "minimum" => exclusive >= other,
        (Some(exclusive), Some(other)) => exclusive <= other,
        _ => true,
    };
    if tighter {
        object.insert(inclusive.to_owned(), limit);
        object.insert(bound.to_owned(), Value::Bool(true));
    } else {
        object.shift_remove(bound);
    }
}

/// Keys that lowering renames, by where they stand in a reference.
const RELOCATED: [(&str, &str); 6] = [
    ("prefixItems", "x-callwright-prefix-items"),
    ("patternProperties", "x-callwright-pattern-properties"),
    ("propertyNames", "x-callwright-property-names"),
    ("contentSchema", "x-callwright-content-schema"),
    ("itemSchema", "x-callwright-item-schema"),
    ("webhooks", "x-callwright-webhooks"),
];

impl Lowering {
    /// Makes a local reference lead to where lowering puts its target.
    pub(super) fn relocate(&self, reference: &mut String) {
        if self.dialect == Dialect::Swagger2 {
            self.relocate_swagger(reference);
        } else if self.dialect >= Dialect::V3_1
            && RELOCATED.iter().any(|(key, _)| reference.contains(key))
        {
            rename_keywords(reference);
        }
    }

    fn relocate_swagger(&self, reference: &mut String) {
        if !self.relocated.is_empty()
            && (reference.starts_with("#/paths/") || reference.starts_with("#/responses/"))
        {
            let pointer = Pointer::from(reference.as_str());
            let mut above = Some(pointer.clone());
            while let Some(ancestor) = above {
                above = ancestor.parent();
                if let (Some(now), Some(rest)) = (
                    self.relocated.get(ancestor.as_str()),
                    pointer.below(&ancestor),
                ) {
                    *reference = format!("#{}", now.append(&rest));
                    return;
                }
            }
        }
        for (before, now) in [
            ("#/definitions/", "#/components/schemas/"),
            ("#/parameters/", "#/components/parameters/"),
            ("#/responses/", "#/components/responses/"),
            ("#/securityDefinitions/", "#/components/securitySchemes/"),
        ] {
            if let Some(rest) = reference.strip_prefix(before) {
                *reference = format!("{now}{rest}");
                return;
            }
        }
    }
}

/// Renames the keywords in a reference that lowering renames in schemas; names chosen by authors stay.
fn rename_keywords(reference: &mut String) {
    let Some(pointer) = reference.strip_prefix("#/") else {
        return;
    };
    let mut place = Place::ROOT;
    let tokens: Vec<&str> = pointer
        .split('/')
        .map(|token| {
            let keyword =
                place.is_one() && matches!(place.kind, Kind::Root | Kind::Schema | Kind::MediaType);
            place = place.step(token);
            RELOCATED
                .iter()
                .find(|(key, _)| keyword && *key == token)
                .map_or(token, |(_, now)| now)
        })
        .collect();
    *reference = format!("#/{}", tokens.join("/"));
}

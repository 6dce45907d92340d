//! `type` of any draft as the single type that 3.0 knows: lists, null, and names that are no types.

use serde_json::{Map, Value, json};

use super::Dialect;
use super::lowering::{Lowering, Object, Path, noun};
use crate::diagnostic::{Code, Diagnostic};

/// What a name after `type` stands for.
enum Named {
    Type(&'static str),
    /// A type with a format, for names of other type systems.
    Format(&'static str, &'static str),
    Null,
    Any,
    Unknown,
}

fn named(name: &str) -> Named {
    match name {
        "string" => Named::Type("string"),
        "number" => Named::Type("number"),
        "integer" => Named::Type("integer"),
        "boolean" => Named::Type("boolean"),
        "array" => Named::Type("array"),
        "object" => Named::Type("object"),
        "null" => Named::Null,
        "file" => Named::Format("string", "binary"),
        other => match other.trim().to_ascii_lowercase().as_str() {
            "string" | "str" | "text" | "char" => Named::Type("string"),
            "number" | "numeric" => Named::Type("number"),
            "integer" | "int" => Named::Type("integer"),
            "boolean" | "bool" => Named::Type("boolean"),
            "array" | "list" => Named::Type("array"),
            "object" | "dict" | "dictionary" | "map" | "hash" => Named::Type("object"),
            "null" | "none" => Named::Null,
            "int32" => Named::Format("integer", "int32"),
            "int64" | "long" => Named::Format("integer", "int64"),
            "float" => Named::Format("number", "float"),
            "double" => Named::Format("number", "double"),
            "decimal" => Named::Format("number", "decimal"),
            "date" => Named::Format("string", "date"),
            "datetime" | "date-time" | "timestamp" => Named::Format("string", "date-time"),
            "uuid" => Named::Format("string", "uuid"),
            "uri" | "url" => Named::Format("string", "uri"),
            "email" => Named::Format("string", "email"),
            "binary" | "file" => Named::Format("string", "binary"),
            "byte" => Named::Format("string", "byte"),
            "any" | "mixed" | "" => Named::Any,
            _ => Named::Unknown,
        },
    }
}

/// The keywords that restrict values of one type alone.
fn concerns(name: &str, key: &str, value: &Value) -> bool {
    match name {
        "string" => match key {
            "format" => !is_numeric_format(value),
            _ => matches!(
                key,
                "minLength"
                    | "maxLength"
                    | "pattern"
                    | "x-callwright-content-encoding"
                    | "x-callwright-content-media-type"
                    | "x-callwright-content-schema"
            ),
        },
        "number" | "integer" => match key {
            "format" => is_numeric_format(value),
            _ => matches!(
                key,
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
            ),
        },
        "array" => matches!(
            key,
            "items"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
                | "x-callwright-prefix-items"
                | "contains"
                | "minContains"
                | "maxContains"
                | "unevaluatedItems"
                | "additionalItems"
        ),
        "object" => matches!(
            key,
            "properties"
                | "required"
                | "additionalProperties"
                | "minProperties"
                | "maxProperties"
                | "x-callwright-pattern-properties"
                | "x-callwright-property-names"
                | "dependentRequired"
                | "dependentSchemas"
                | "discriminator"
        ),
        _ => false,
    }
}

fn is_numeric_format(format: &Value) -> bool {
    let format = format.as_str().unwrap_or_default().to_ascii_lowercase();
    format.starts_with("int")
        || format.starts_with("uint")
        || ["float", "double", "decimal", "long", "number"].contains(&format.as_str())
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

impl Lowering {
    /// Makes `type` one of the six of OpenAPI 3.0, or absent.
    pub(super) fn types(&mut self, object: &mut Object, path: &Path<'_>) {
        let here = path.key("type");
        let Some(written) = object.shift_remove("type") else {
            return;
        };
        let listed = written.is_array();
        let names = match written {
            Value::String(name) => vec![Value::String(name)],
            Value::Array(names) => names,
            Value::Null => return self.null(object),
            Value::Object(inner) if object.is_empty() => {
                self.repaired(&here, "`type` is a text, but this is a schema, which is taken in place of the one around it");
                let mut schema = Value::Object(inner);
                self.schema(&mut schema, &here);
                if let Value::Object(schema) = schema {
                    *object = schema;
                }
                self.moved(path, &[], &["type"]);
                return;
            }
            other => {
                let message = format!(
                    "`type` is a text, but this is {}; any value is accepted",
                    noun(&other)
                );
                self.dropped(&here, message, "name one of the JSON types");
                return;
            }
        };
        let mut types: Vec<&'static str> = Vec::new();
        let mut nullable = false;
        for (index, name) in names.iter().enumerate() {
            let item = here.index(index);
            let place = if listed { &item } else { &here };
            let text = match name {
                Value::String(text) => text.as_str(),
                Value::Null => "null",
                _ => "?",
            };
            match named(text) {
                Named::Type(name) => {
                    if name != text {
                        self.repaired(place, format!("`type: {text}` is read as `{name}`"));
                    }
                    types.push(name);
                }
                Named::Format(name, format) => {
                    if text != "file" || self.dialect != Dialect::Swagger2 {
                        self.repaired(
                            place,
                            format!("`type: {text}` is read as `{name}` with `format: {format}`"),
                        );
                    }
                    object
                        .entry("format")
                        .or_insert_with(|| Value::from(format));
                    types.push(name);
                }
                Named::Null => nullable = true,
                Named::Any => {
                    self.say(
                        place,
                        Diagnostic::new(
                            Code::UNKNOWN_TYPE,
                            format!("`type: {text}` is no type; any value is accepted"),
                        )
                        .remedy("leave `type` out if any value is meant"),
                    );
                    return;
                }
                Named::Unknown => {
                    self.say(
                        place,
                        Diagnostic::new(
                            Code::UNKNOWN_TYPE,
                            format!("`type: {text}` is no type; any value is accepted"),
                        )
                        .remedy("use string, number, integer, boolean, array or object"),
                    );
                    return;
                }
            }
        }
        if types.contains(&"number") {
            types.retain(|name| *name != "integer");
        }
        let mut seen = Vec::new();
        types.retain(|name| {
            let new = !seen.contains(name);
            seen.push(*name);
            new
        });
        self.typed(object, path, &types, nullable, &here);
    }

    fn typed(
        &mut self,
        object: &mut Object,
        path: &Path<'_>,
        types: &[&'static str],
        nullable: bool,
        here: &Path<'_>,
    ) {
        match types {
            [] if nullable => self.null(object),
            [] => self.repaired(here, "`type` is empty; any value is accepted"),
            [name] => {
                // First, where the author put it, so that output stays readable.
                object.shift_insert(0, "type".to_owned(), Value::from(*name));
                if nullable {
                    object.insert("nullable".to_owned(), Value::Bool(true));
                }
            }
            several => {
                let null = self.branches(object, path, several);
                if nullable || null {
                    object.insert("nullable".to_owned(), Value::Bool(true));
                }
            }
        }
    }

    // It is a method for symmetry with its neighbours in `types`.
    #[allow(clippy::unused_self)]
    fn null(&self, object: &mut Object) {
        object.insert("enum".to_owned(), json!([null]));
        object.insert("nullable".to_owned(), Value::Bool(true));
    }

    /// One schema a type, each with the keywords that concern it; returns whether `enum` names null.
    fn branches(&mut self, object: &mut Object, path: &Path<'_>, types: &[&'static str]) -> bool {
        const ALL: [&str; 4] = ["string", "boolean", "array", "object"];
        let numeric = types.contains(&"number") || types.contains(&"integer");
        if numeric && ALL.iter().all(|name| types.contains(name)) && !object.contains_key("enum") {
            // Every kind of value: no type at all says the same.
            return false;
        }
        let values = match object.shift_remove("enum") {
            Some(Value::Array(values)) => Some(values),
            _ => None,
        };
        let null = values.iter().flatten().any(Value::is_null);
        let constant = object.shift_remove("x-callwright-const");
        let mut branches = Vec::new();
        for name in types {
            let mut branch = Map::new();
            branch.insert("type".to_owned(), Value::from(*name));
            let own: Vec<String> = object
                .iter()
                .filter(|(key, value)| concerns(name, key, value))
                .map(|(key, _)| key.clone())
                .collect();
            for key in own {
                if let Some(value) = object.shift_remove(&key) {
                    branch.insert(key, value);
                }
            }
            if let Some(values) = &values {
                let own: Vec<Value> = values
                    .iter()
                    .filter(|value| is_of(name, value))
                    .cloned()
                    .collect();
                if own.is_empty() {
                    continue;
                }
                branch.insert("enum".to_owned(), own.into());
                if let Some(constant) = &constant {
                    branch.insert("x-callwright-const".to_owned(), constant.clone());
                }
            }
            branches.push(Value::Object(branch));
        }
        self.put_branches(object, path, branches);
        null
    }

    fn put_branches(&mut self, object: &mut Object, path: &Path<'_>, mut branches: Vec<Value>) {
        if let [Value::Object(branch)] = branches.as_mut_slice() {
            object.append(branch);
            return;
        }
        let count = branches.len();
        if count == 0 {
            return;
        }
        if object.contains_key("anyOf") {
            let index = super::schema::all_of(object, json!({ "anyOf": branches }));
            for branch in 0..count {
                self.moved(path, &["allOf", &index, "anyOf", &branch.to_string()], &[]);
            }
        } else {
            object.insert("anyOf".to_owned(), Value::Array(branches));
            for branch in 0..count {
                self.moved(path, &["anyOf", &branch.to_string()], &[]);
            }
        }
    }
}

//! One pass over the keywords of a schema: repairs plain values in place, lowers inner schemas, and lists what is left to reshape.

use serde_json::{Value, json};

use super::Dialect;
use super::lowering::{Lowering, Object, Path, Plain, noun};
use crate::diagnostic::{Code, Diagnostic};

/// A change to a schema that cannot be made while its keywords are being visited; made in this order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Todo {
    Remove(String),
    Required,
    /// A property that says of itself that it is required.
    Require(String),
    Tuple,
    /// An exclusive bound that is a number, and the inclusive one.
    Exclusive(&'static str, &'static str),
    Const,
    Examples,
    Content,
    Unevaluated,
    ExternalDocs,
    Rename(&'static str, &'static str),
    Types,
    Reference,
}

/// Names of types that need no thought.
pub(super) const TYPES: [&str; 6] = ["string", "object", "array", "integer", "boolean", "number"];

impl Lowering {
    /// Visits every keyword once.
    pub(super) fn keywords(&mut self, object: &mut Object, path: &Path<'_>) -> Vec<Todo> {
        let mut todo = Vec::new();
        for (key, value) in object.iter_mut() {
            if !self.keyword(key, value, &path.key(key), &mut todo) {
                todo.push(Todo::Remove(key.clone()));
            }
        }
        todo
    }

    /// Visits one keyword; false when it has to go.
    fn keyword(
        &mut self,
        key: &str,
        value: &mut Value,
        here: &Path<'_>,
        todo: &mut Vec<Todo>,
    ) -> bool {
        match key {
            "type" => {
                if !value.as_str().is_some_and(|name| TYPES.contains(&name)) {
                    todo.push(Todo::Types);
                }
                true
            }
            "title" | "description" | "format" | "pattern" => {
                self.plain_value(value, here, key, Plain::Text)
            }
            "nullable" | "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" => {
                self.plain_value(value, here, key, Plain::Flag)
            }
            "minimum" | "maximum" | "multipleOf" => self.number(value, here, key),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => self.count(value, here, key),
            "exclusiveMinimum" | "exclusiveMaximum" => self.exclusive(key, value, here, todo),
            "properties" => self.properties(value, here, todo),
            "required" => {
                if !value
                    .as_array()
                    .is_some_and(|names| names.iter().all(Value::is_string))
                {
                    todo.push(Todo::Required);
                }
                true
            }
            "items"
            | "additionalProperties"
            | "unevaluatedProperties"
            | "additionalItems"
            | "unevaluatedItems"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "contentSchema" => self.inner(key, value, here, todo),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => self.schemas(key, value, here, todo),
            "$defs" | "definitions" | "dependentSchemas" | "patternProperties" => {
                if key == "patternProperties" {
                    todo.push(Todo::Rename(key_of(key), "x-callwright-pattern-properties"));
                }
                self.schema_map(key, value, here)
            }
            "enum" => self.enumeration(value, here),
            "const" => {
                self.big_number(value, here);
                todo.push(Todo::Const);
                true
            }
            "default" => {
                self.big_number(value, here);
                true
            }
            "discriminator" => self.discriminator(value, here),
            _ => self.other_keyword(key, value, here, todo),
        }
    }

    /// Keywords that neither restrict values nor hold schemas, and references.
    fn other_keyword(
        &mut self,
        key: &str,
        value: &mut Value,
        here: &Path<'_>,
        todo: &mut Vec<Todo>,
    ) -> bool {
        match key {
            "externalDocs" => {
                todo.push(Todo::ExternalDocs);
                true
            }
            "examples" => {
                todo.push(Todo::Examples);
                true
            }
            "contentEncoding" | "contentMediaType" => {
                todo.push(Todo::Content);
                self.plain_value(value, here, key, Plain::Text)
            }
            "xml" => {
                todo.push(Todo::Rename("xml", "x-callwright-xml"));
                value.is_object()
            }
            "x-nullable" if self.dialect == Dialect::Swagger2 => {
                todo.push(Todo::Rename("x-nullable", "nullable"));
                self.plain_value(value, here, key, Plain::Flag)
            }
            "$schema" => {
                self.schema_dialect(value, here);
                true
            }
            "$ref" => {
                todo.push(Todo::Reference);
                true
            }
            "$dynamicRef" | "$recursiveRef" => {
                self.say(
                    here,
                    Diagnostic::new(
                        Code::DYNAMIC_REFERENCE,
                        format!("`{key}: {value}` has no single target here"),
                    )
                    .remedy("use `$ref`"),
                );
                false
            }
            "dependentRequired" => value.is_object(),
            // Lists of names are `dependentRequired` today.
            "dependencies" if lists_alone(value) => true,
            "dependencies" | "minContains" | "maxContains" => {
                self.unchecked(key, here);
                true
            }
            _ => true,
        }
    }

    fn unchecked(&mut self, key: &str, here: &Path<'_>) {
        self.say(
            here,
            Diagnostic::new(
                Code::KEYWORD_IGNORED,
                format!("`{key}` is not checked and has no part in types"),
            ),
        );
    }

    fn number(&mut self, value: &mut Value, here: &Path<'_>, key: &str) -> bool {
        if !self.plain_value(value, here, key, Plain::Number) {
            return false;
        }
        // `0.0` is a whole number; openapiv3 takes no other for integers.
        if value.is_f64()
            && let Some(whole) = value
                .as_f64()
                .filter(|number| number.fract() == 0.0 && number.abs() < 9e15)
        {
            // Whole and below 2^53.
            #[allow(clippy::cast_possible_truncation)]
            let whole = whole as i64;
            *value = whole.into();
        }
        true
    }

    fn count(&mut self, value: &mut Value, here: &Path<'_>, key: &str) -> bool {
        if value.is_f64()
            && let Some(number) = value.as_f64()
        {
            if number >= 9e15 {
                // Beyond any length there is.
                return false;
            }
            if number >= 0.0 && number.fract() == 0.0 {
                return self.number(value, here, key);
            }
        }
        self.plain_value(value, here, key, Plain::Count)
    }

    fn exclusive(
        &mut self,
        key: &str,
        value: &mut Value,
        here: &Path<'_>,
        todo: &mut Vec<Todo>,
    ) -> bool {
        if value.is_boolean() {
            return true;
        }
        if let Some(flag) = value.as_str().and_then(|text| text.parse::<bool>().ok()) {
            self.repaired(
                here,
                format!("`{key}` is true or false, but this is a text; it is read as {flag}"),
            );
            *value = flag.into();
            return true;
        }
        todo.push(if key == "exclusiveMinimum" {
            Todo::Exclusive("exclusiveMinimum", "minimum")
        } else {
            Todo::Exclusive("exclusiveMaximum", "maximum")
        });
        self.number(value, here, key)
    }

    fn properties(&mut self, value: &mut Value, here: &Path<'_>, todo: &mut Vec<Todo>) -> bool {
        let properties = match value {
            Value::Object(properties) => properties,
            Value::Null => return false,
            other => {
                let message = format!("`properties` is an object, but this is {}", noun(other));
                self.dropped(here, message, "write an object of schemas by property name");
                return false;
            }
        };
        properties.retain(|name, property| {
            let place = here.key(name);
            if !property.is_object() {
                return self.schema_entry(property, &place);
            }
            if self.schema(property, &place) {
                todo.push(Todo::Require(name.clone()));
            }
            true
        });
        true
    }

    /// A keyword that takes one schema, or in places a boolean.
    fn inner(
        &mut self,
        key: &str,
        value: &mut Value,
        here: &Path<'_>,
        todo: &mut Vec<Todo>,
    ) -> bool {
        match key {
            "propertyNames" => {
                todo.push(Todo::Rename("propertyNames", "x-callwright-property-names"));
            }
            "contentSchema" => todo.push(Todo::Content),
            "unevaluatedProperties" => todo.push(Todo::Unevaluated),
            "if" | "contains" => self.unchecked(key, here),
            _ => {}
        }
        match value {
            Value::Null => return false,
            Value::Array(_) if key == "items" => {
                todo.push(Todo::Tuple);
                return self.schemas(key, value, here, todo);
            }
            Value::Bool(_) if key.ends_with("Properties") || key.ends_with("Items") => return true,
            Value::String(text) if key == "additionalProperties" => {
                if let Ok(flag) = text.parse::<bool>() {
                    self.repaired(here, format!("`{key}` is a schema, true or false, but this is a text; it is read as {flag}"));
                    *value = flag.into();
                    return true;
                }
            }
            _ => {}
        }
        self.schema(value, here);
        true
    }

    /// A keyword that takes a list of schemas.
    fn schemas(
        &mut self,
        key: &str,
        value: &mut Value,
        here: &Path<'_>,
        todo: &mut Vec<Todo>,
    ) -> bool {
        match value {
            Value::Null => return false,
            Value::Object(_) => {
                let single = value.take();
                *value = Value::Array(vec![single]);
                self.moved(here, &["0"], &[]);
                self.repaired(
                    here,
                    format!("`{key}` is a list; this schema is taken as its only item"),
                );
            }
            Value::Array(list) if list.is_empty() && key != "items" => {
                self.repaired(here, format!("`{key}` is empty; it is ignored"));
                return false;
            }
            Value::Array(_) => {}
            other => {
                let message = format!("`{key}` is a list of schemas, but this is {}", noun(other));
                self.dropped(here, message, "write a list of schemas");
                return false;
            }
        }
        if key == "prefixItems" {
            todo.push(Todo::Rename("prefixItems", "x-callwright-prefix-items"));
        }
        if let Value::Array(list) = value {
            self.each_item(list, here, Self::schema_entry);
        }
        true
    }

    fn schema_map(&mut self, key: &str, value: &mut Value, here: &Path<'_>) -> bool {
        match value {
            Value::Object(map) => {
                self.each(map, here, Self::schema_entry);
                true
            }
            Value::Null => false,
            other => {
                let message = format!("`{key}` is an object, but this is {}", noun(other));
                self.dropped(here, message, "write an object of schemas by name");
                false
            }
        }
    }

    fn enumeration(&mut self, value: &mut Value, here: &Path<'_>) -> bool {
        match value {
            Value::Array(values) if values.is_empty() => {
                self.repaired(here, "`enum` is empty; it is ignored");
                false
            }
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    self.big_number(value, &here.index(index));
                }
                true
            }
            Value::Null => false,
            Value::Object(_) => {
                self.dropped(
                    here,
                    "`enum` is a list, but this is an object",
                    "write the list of values",
                );
                false
            }
            scalar => {
                let single = scalar.take();
                self.repaired(
                    here,
                    format!("`enum` is a list; {single} is taken as its only value"),
                );
                *scalar = json!([single]);
                true
            }
        }
    }

    /// Says when a whole number does not fit 64 bits and has lost digits.
    fn big_number(&mut self, value: &Value, here: &Path<'_>) {
        if value.is_f64() && value.as_f64().is_some_and(|number| number.abs() >= 9.2e18) {
            let written = self.written(value, here);
            if written
                .trim_start_matches('-')
                .bytes()
                .all(|byte| byte.is_ascii_digit())
            {
                self.say(
                    here,
                    Diagnostic::new(
                        Code::BIG_NUMBER,
                        format!("{written} does not fit 64 bits; it is taken as {value}"),
                    )
                    .remedy("quote it if every digit matters"),
                );
            }
        }
    }

    fn discriminator(&mut self, value: &mut Value, here: &Path<'_>) -> bool {
        if let Value::String(property) = value {
            let property = std::mem::take(property);
            // The form of Swagger 2.0.
            if self.dialect != Dialect::Swagger2 {
                self.repaired(
                    here,
                    "`discriminator` is an object; this text is taken as its `propertyName`",
                );
            }
            *value = json!({ "propertyName": property });
            self.moved(here, &["propertyName"], &[]);
            return true;
        }
        if value.is_null() {
            return false;
        }
        let Some(discriminator) = self.expect(value, here, "a discriminator") else {
            return false;
        };
        self.plain(discriminator, here, &[("propertyName", Plain::Text)]);
        if !discriminator.contains_key("propertyName") {
            self.dropped(
                here,
                "a discriminator without `propertyName` is left out",
                "add its `propertyName`",
            );
            return false;
        }
        self.map(discriminator, here, "mapping", |lowering, target, here| {
            let keep = lowering.plain_value(target, here, "mapping", Plain::Text);
            if let Value::String(target) = target {
                lowering.relocate(target);
            }
            keep
        });
        if self.dialect >= Dialect::V3_2 {
            if let Some(Value::String(target)) = discriminator.get_mut("defaultMapping") {
                self.relocate(target);
            }
            self.rename(
                discriminator,
                here,
                "defaultMapping",
                "x-callwright-default-mapping",
            );
        }
        true
    }
}

/// The keyword with a lifetime that a todo can keep.
fn key_of(key: &str) -> &'static str {
    match key {
        "patternProperties" => "patternProperties",
        _ => "",
    }
}

fn lists_alone(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|members| members.values().all(Value::is_array))
}

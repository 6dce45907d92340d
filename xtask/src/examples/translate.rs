//! Schemas of any version of OpenAPI, as their authors wrote them, in JSON Schema 2020-12. It must not know how the
//! generator lowers them: this is the judge's own reading.

use std::collections::HashMap;

use callwright_codegen::document::local;
use serde_json::{Map, Value, json};

use super::instance::{HIDDEN, HINT, TAG};

/// Which way a value travels: `readOnly` is not asked of requests, `writeOnly` not of responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    Request,
    Response,
}

/// Schemas of one document that a value has been asked of, in one direction; they hold each other by reference.
pub(crate) struct Translation<'d> {
    root: &'d Value,
    direction: Direction,
    /// Whether the schemas are those of 3.1 and later, which are JSON Schema already.
    modern: bool,
    /// The number of each schema by its pointer.
    numbers: HashMap<String, usize>,
    definitions: Map<String, Value>,
    pending: Vec<(String, usize)>,
    /// Patterns by whether the judge's regular expressions read them.
    patterns: HashMap<String, bool>,
    readable: fn(&str) -> bool,
}

/// Formats that are asserted: those that have a Rust type of their own.
pub(crate) const ASSERTED: [&str; 15] = [
    "uuid",
    "date-time",
    "date",
    "time",
    "duration",
    "uri",
    "url",
    "byte",
    "base64url",
    "ipv4",
    "ipv6",
    "int32",
    "int64",
    "uint64",
    "decimal",
];

/// A keyword that is taken over as it is, if its value makes sense.
type Plain = (&'static str, fn(&Value) -> bool);

const PLAIN: [Plain; 14] = [
    ("enum", |value| {
        value.as_array().is_some_and(|values| !values.is_empty())
    }),
    ("const", |_| true),
    ("multipleOf", |value| {
        value.as_f64().is_some_and(|number| number > 0.0)
    }),
    ("minLength", Value::is_u64),
    ("maxLength", Value::is_u64),
    ("minItems", Value::is_u64),
    ("maxItems", Value::is_u64),
    ("minContains", Value::is_u64),
    ("maxContains", Value::is_u64),
    ("minProperties", Value::is_u64),
    ("maxProperties", Value::is_u64),
    ("uniqueItems", Value::is_boolean),
    ("exclusiveMinimum", Value::is_number),
    ("exclusiveMaximum", Value::is_number),
];

/// Keywords with one schema, in any version and since 3.1.
const ONE: [&str; 3] = ["additionalProperties", "items", "not"];
const ONE_MODERN: [&str; 8] = [
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
];
const MAPS_MODERN: [&str; 2] = ["patternProperties", "dependentSchemas"];

const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "array", "object", "null",
];

/// Integer formats with their bounds.
const INTEGERS: [(&str, i128, i128); 8] = [
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
];

/// Schemas nest no deeper than this.
const MAX_DEPTH: usize = 100;

impl<'d> Translation<'d> {
    /// `readable` says whether the judge can use a pattern.
    pub(crate) fn new(root: &'d Value, direction: Direction, readable: fn(&str) -> bool) -> Self {
        let version = root.get("openapi").and_then(Value::as_str);
        Self {
            root,
            direction,
            modern: version.is_some_and(|version| !version.trim().starts_with("3.0")),
            numbers: HashMap::new(),
            definitions: Map::new(),
            pending: Vec::new(),
            patterns: HashMap::new(),
            readable,
        }
    }

    /// The name of the schema at a pointer among the definitions.
    pub(crate) fn name(&mut self, pointer: &str) -> String {
        let number = self.number(pointer);
        while let Some((pointer, number)) = self.pending.pop() {
            let translated = match target(self.root, &pointer) {
                Some(schema) => self.schema(schema, &pointer, 0),
                None => Value::Bool(true),
            };
            self.definitions.insert(number.to_string(), translated);
        }
        number.to_string()
    }

    /// A schema of objects whose keys are the names of definitions, and the definitions.
    pub(crate) fn document(&self) -> Value {
        let properties: Map<String, Value> = self
            .definitions
            .keys()
            .map(|name| (name.clone(), json!({ "$ref": format!("#/$defs/{name}") })))
            .collect();
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": properties,
            "$defs": self.definitions,
        })
    }

    fn number(&mut self, pointer: &str) -> usize {
        if let Some(known) = self.numbers.get(pointer) {
            return *known;
        }
        let number = self.numbers.len();
        self.numbers.insert(pointer.to_owned(), number);
        self.pending.push((pointer.to_owned(), number));
        number
    }

    /// A reference to a definition of its own, so that a value can be judged by that schema alone.
    fn lifted(&mut self, pointer: &str) -> Value {
        let number = self.number(pointer);
        json!({ "$ref": format!("#/$defs/{number}") })
    }

    fn schema(&mut self, schema: &'d Value, pointer: &str, depth: usize) -> Value {
        let Value::Object(map) = schema else {
            return Value::Bool(schema != &Value::Bool(false));
        };
        if depth > MAX_DEPTH {
            return self.lifted(pointer);
        }
        let reference = map.get("$ref").and_then(Value::as_str).map(|reference| {
            let target = local(reference).map(|pointer| pointer.as_str().to_owned());
            self.lifted(&target.unwrap_or_default())
        });
        if let (Some(reference), false) = (&reference, self.modern) {
            return reference.clone();
        }
        let mut out = Map::new();
        if let Some(Value::Object(reference)) = reference {
            out.extend(reference);
        }
        self.leaf(map, &mut out);
        self.structure(map, pointer, depth, &mut out);
        self.composition(map, pointer, &mut out);
        Self::nullable(map, out)
    }

    /// What a schema says of a value without looking into it.
    fn leaf(&mut self, map: &Map<String, Value>, out: &mut Map<String, Value>) {
        for (keyword, is_usable) in PLAIN {
            if let Some(value) = map.get(keyword).filter(|value| is_usable(value)) {
                out.insert(keyword.to_owned(), value.clone());
            }
        }
        match map.get("type") {
            Some(Value::String(name)) if TYPES.contains(&name.as_str()) => {
                out.insert("type".to_owned(), json!(name));
            }
            Some(Value::Array(names)) => {
                let mut names: Vec<&str> = names
                    .iter()
                    .filter_map(Value::as_str)
                    .filter(|name| TYPES.contains(name))
                    .collect();
                names.sort_unstable();
                names.dedup();
                if !names.is_empty() {
                    out.insert("type".to_owned(), json!(names));
                }
            }
            _ => {}
        }
        for (keyword, exclusive) in [
            ("minimum", "exclusiveMinimum"),
            ("maximum", "exclusiveMaximum"),
        ] {
            if let Some(bound) = map.get(keyword).filter(|bound| bound.is_number()) {
                let is_exclusive = map.get(exclusive) == Some(&Value::Bool(true));
                let keyword = if is_exclusive { exclusive } else { keyword };
                out.insert(keyword.to_owned(), bound.clone());
            }
        }
        if let Some(pattern) = map.get("pattern").and_then(Value::as_str)
            && self.reads(pattern)
        {
            out.insert("pattern".to_owned(), json!(pattern));
        }
        format(map, out);
    }

    fn reads(&mut self, pattern: &str) -> bool {
        if let Some(known) = self.patterns.get(pattern) {
            return *known;
        }
        let reads = (self.readable)(pattern);
        self.patterns.insert(pattern.to_owned(), reads);
        reads
    }

    fn structure(
        &mut self,
        map: &'d Map<String, Value>,
        pointer: &str,
        depth: usize,
        out: &mut Map<String, Value>,
    ) {
        let properties = map.get("properties").and_then(Value::as_object);
        let mut translated = Map::new();
        for (name, property) in properties.into_iter().flatten() {
            let place = child(&child(pointer, "properties"), name);
            let mut inner = self.schema(property, &place, depth + 1);
            if self.is_hidden(property, 0) {
                inner = json!({ HIDDEN: true, "allOf": [inner] });
            }
            translated.insert(name.clone(), inner);
        }
        if !translated.is_empty() {
            out.insert("properties".to_owned(), Value::Object(translated));
        }
        let mut required: Vec<&str> = map
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|name| {
                let property = properties.and_then(|properties| properties.get(*name));
                !property.is_some_and(|property| self.is_hidden(property, 0))
            })
            .collect();
        required.sort_unstable();
        required.dedup();
        if !required.is_empty() {
            out.insert("required".to_owned(), json!(required));
        }
        let more: &[&str] = if self.modern { &ONE_MODERN } else { &[] };
        for keyword in ONE.iter().chain(more) {
            if let Some(value) = map.get(*keyword)
                && (value.is_object() || value.is_boolean())
            {
                let inner = self.schema(value, &child(pointer, keyword), depth + 1);
                out.insert((*keyword).to_owned(), inner);
            }
        }
        // `items` as a list is what `prefixItems` was called before.
        for keyword in ["items", "prefixItems"] {
            if let Some(Value::Array(places)) = map.get(keyword)
                && !places.is_empty()
            {
                let base = child(pointer, keyword);
                let places = places.iter().enumerate();
                let places = places
                    .map(|(index, place)| {
                        self.schema(place, &child(&base, &index.to_string()), depth + 1)
                    })
                    .collect();
                out.insert("prefixItems".to_owned(), places);
            }
        }
        if self.modern {
            self.maps(map, pointer, depth, out);
        }
    }

    fn maps(
        &mut self,
        map: &'d Map<String, Value>,
        pointer: &str,
        depth: usize,
        out: &mut Map<String, Value>,
    ) {
        for keyword in MAPS_MODERN {
            let Some(Value::Object(members)) = map.get(keyword) else {
                continue;
            };
            let base = child(pointer, keyword);
            let mut translated = Map::new();
            for (name, member) in members {
                if keyword != "patternProperties" || self.reads(name) {
                    let inner = self.schema(member, &child(&base, name), depth + 1);
                    translated.insert(name.clone(), inner);
                }
            }
            out.insert(keyword.to_owned(), Value::Object(translated));
        }
        if let Some(Value::Object(members)) = map.get("dependentRequired") {
            let lists = members.values().all(|list| {
                list.as_array()
                    .is_some_and(|names| names.iter().all(Value::is_string))
            });
            if lists {
                out.insert("dependentRequired".to_owned(), json!(members));
            }
        }
    }

    fn composition(
        &mut self,
        map: &'d Map<String, Value>,
        pointer: &str,
        out: &mut Map<String, Value>,
    ) {
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let Some(Value::Array(parts)) = map.get(keyword) else {
                continue;
            };
            let base = child(pointer, keyword);
            let tags: Vec<Option<Value>> = parts
                .iter()
                .map(|part| (keyword != "allOf").then(|| tag(map, part)).flatten())
                .collect();
            let parts: Vec<Value> = tags
                .into_iter()
                .enumerate()
                .map(|(index, tag)| {
                    let mut part = self.lifted(&child(&base, &index.to_string()));
                    if let Some(tag) = tag {
                        part[TAG] = tag;
                    }
                    part
                })
                .collect();
            if !parts.is_empty() {
                out.insert(keyword.to_owned(), Value::Array(parts));
            }
        }
    }

    /// Adds null where it is allowed beside the type.
    fn nullable(map: &Map<String, Value>, mut out: Map<String, Value>) -> Value {
        let said = ["nullable", "x-nullable"]
            .iter()
            .any(|keyword| map.get(*keyword) == Some(&Value::Bool(true)));
        // Many go on writing it after 3.0, and mean what they write.
        if !said {
            return Value::Object(out);
        }
        let composed = ["enum", "const", "$ref", "allOf", "oneOf", "anyOf", "not"];
        if composed.iter().any(|keyword| out.contains_key(*keyword)) {
            return json!({ "anyOf": [out, { "type": "null" }] });
        }
        if let Some(Value::String(name)) = out.get("type").cloned() {
            out.insert("type".to_owned(), json!([name, "null"]));
        }
        Value::Object(out)
    }

    /// Whether a property does not travel in this direction.
    fn is_hidden(&self, property: &Value, depth: usize) -> bool {
        let (keyword, other) = match self.direction {
            Direction::Request => ("readOnly", "writeOnly"),
            Direction::Response => ("writeOnly", "readOnly"),
        };
        self.says(property, keyword, depth) && !self.says(property, other, depth)
    }

    fn says(&self, schema: &Value, keyword: &str, depth: usize) -> bool {
        if depth > 8 {
            return false;
        }
        let target = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(local)
            .and_then(|pointer| target(self.root, pointer.as_str()));
        let parts = schema.get("allOf").and_then(Value::as_array);
        schema.get(keyword) == Some(&Value::Bool(true))
            || target.is_some_and(|target| self.says(target, keyword, depth + 1))
            || parts
                .into_iter()
                .flatten()
                .any(|part| self.says(part, keyword, depth + 1))
    }
}

/// What a discriminator says of a member, which is for makers of instances: it judges nothing.
fn tag(union: &Map<String, Value>, member: &Value) -> Option<Value> {
    let discriminator = union.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let reference = member.get("$ref")?.as_str()?;
    let name = reference.rsplit('/').next()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().find(|(_, target)| {
        let target = target.as_str().unwrap_or_default();
        target == reference || target == name
    });
    let value = mapped.map_or(name, |(value, _)| value);
    Some(json!({ property: value }))
}

/// `format` and `contentEncoding`, asserted where they have a Rust type.
fn format(map: &Map<String, Value>, out: &mut Map<String, Value>) {
    let encoding = match map.get("contentEncoding").and_then(Value::as_str) {
        Some("base64") => Some("byte"),
        Some("base64url") => Some("base64url"),
        _ => None,
    };
    let Some(format) = map.get("format").and_then(Value::as_str).or(encoding) else {
        return;
    };
    let of = |kind: &str| match map.get("type") {
        Some(Value::String(name)) => name == kind,
        Some(Value::Array(names)) => names.iter().any(|name| name == kind),
        _ => false,
    };
    let bounds = INTEGERS.iter().find(|(name, ..)| *name == format);
    if let Some((_, least, greatest)) = bounds.filter(|_| of("integer") || of("number")) {
        // The format says that the number is whole.
        if out.get("type") == Some(&json!("number")) {
            out.insert("type".to_owned(), json!("integer"));
        }
        let tighter = |keyword: &str| out.get(keyword).is_some_and(Value::is_number);
        let (low, high) = (tighter("minimum"), tighter("maximum"));
        let number = |bound: i128| {
            i64::try_from(bound).map_or_else(
                |_| json!(u64::try_from(bound).unwrap_or(u64::MAX)),
                |bound| json!(bound),
            )
        };
        if !low {
            out.insert("minimum".to_owned(), number(*least));
        }
        if !high {
            out.insert("maximum".to_owned(), number(*greatest));
        }
    }
    let asserted = ASSERTED.contains(&format) && (of("string") || !map.contains_key("type"));
    let keyword = if asserted { "format" } else { HINT };
    out.insert(keyword.to_owned(), json!(format));
}

/// One token deeper.
pub(crate) fn child(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// References in a row that are followed.
const MAX_HOPS: usize = 64;

/// What stands at a pointer; references on the way are followed.
pub(crate) fn target<'d>(root: &'d Value, pointer: &str) -> Option<&'d Value> {
    if let Some(value) = root.pointer(pointer) {
        return Some(value);
    }
    let mut value = root;
    for token in callwright_codegen::diagnostic::Pointer::from(pointer).tokens() {
        let mut hops = 0;
        loop {
            let next = match value {
                Value::Object(map) => map.get(token.as_ref()),
                Value::Array(list) => token.parse().ok().and_then(|index: usize| list.get(index)),
                _ => None,
            };
            if let Some(next) = next {
                value = next;
                break;
            }
            hops += 1;
            if hops > MAX_HOPS {
                return None;
            }
            let reference = local(value.get("$ref")?.as_str()?)?;
            value = root.pointer(reference.as_str())?;
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Direction, Translation};

    /// The definition of a schema of a document, with references to others by number.
    fn translated(version: &Value, schemas: &Value, direction: Direction) -> Value {
        let mut root = json!({ "components": { "schemas": schemas } });
        root.as_object_mut()
            .unwrap()
            .extend(version.as_object().unwrap().clone());
        let mut translation = Translation::new(&root, direction, |pattern| pattern != "(");
        let name = translation.name("/components/schemas/A");
        translation.document()["$defs"][name].clone()
    }

    fn old(schema: &Value) -> Value {
        let schemas =
            json!({ "A": schema, "B": { "type": "integer" }, "Id": { "readOnly": true } });
        translated(
            &json!({ "openapi": "3.0.3" }),
            &schemas,
            Direction::Response,
        )
    }

    fn modern(schema: &Value) -> Value {
        let schemas = json!({ "A": schema, "B": { "type": "integer" } });
        translated(
            &json!({ "openapi": "3.1.0" }),
            &schemas,
            Direction::Response,
        )
    }

    #[test]
    fn null_and_exclusive_bounds_of_before_3_1() {
        assert_eq!(
            old(
                &json!({ "type": "number", "nullable": true, "minimum": 1, "exclusiveMinimum": true, "maximum": 2, "exclusiveMaximum": false })
            ),
            json!({ "type": ["number", "null"], "exclusiveMinimum": 1, "maximum": 2 })
        );
        assert_eq!(
            old(&json!({ "type": "string", "enum": ["a"], "nullable": true })),
            json!({ "anyOf": [{ "enum": ["a"], "type": "string" }, { "type": "null" }] })
        );
        let swagger = json!({ "swagger": "2.0" });
        assert_eq!(
            translated(
                &swagger,
                &json!({ "A": { "type": "file", "x-nullable": true, "required": true } }),
                Direction::Request
            ),
            json!({})
        );
    }

    #[test]
    fn keywords_beside_a_reference_count_since_3_1() {
        let schema = json!({ "$ref": "#/components/schemas/B", "minimum": 3, "nullable": true });
        assert_eq!(old(&schema), json!({ "$ref": "#/$defs/1" }));
        assert_eq!(
            modern(&schema),
            json!({ "anyOf": [{ "$ref": "#/$defs/1", "minimum": 3 }, { "type": "null" }] })
        );
    }

    #[test]
    fn members_of_unions_can_be_asked_one_by_one() {
        let mut root = json!({ "openapi": "3.1.0", "components": { "schemas": { "A": { "oneOf": [{ "type": "string" }, { "$ref": "#/components/schemas/A" }] } } } });
        root["components"]["schemas"]["A"]["discriminator"] = json!({ "propertyName": "kind" });
        let mut translation = Translation::new(&root, Direction::Response, |_| true);
        let name = translation.name("/components/schemas/A");
        let document = translation.document();
        assert_eq!(
            document["$defs"][&name]["oneOf"].as_array().unwrap().len(),
            2
        );
        let members = document["$defs"].as_object().unwrap().values();
        assert!(
            members
                .into_iter()
                .any(|member| *member == json!({ "type": "string" }))
        );
        assert!(members_refer(&document, &name));
    }

    fn members_refer(document: &Value, name: &str) -> bool {
        let definitions = document["$defs"].as_object().unwrap();
        definitions
            .values()
            .any(|member| *member == json!({ "$ref": format!("#/$defs/{name}") }))
    }

    #[test]
    fn what_does_not_travel_is_not_required() {
        let schema = json!({
            "required": ["id", "secret", "both", "name", "id"],
            "properties": { "id": { "$ref": "#/components/schemas/Id" }, "secret": { "writeOnly": true }, "both": { "readOnly": true, "writeOnly": true }, "name": {} },
        });
        let schemas = json!({ "A": schema, "Id": { "readOnly": true } });
        let required = |direction| {
            translated(&json!({ "openapi": "3.0.0" }), &schemas, direction)["required"].clone()
        };
        assert_eq!(required(Direction::Response), json!(["both", "id", "name"]));
        assert_eq!(
            required(Direction::Request),
            json!(["both", "name", "secret"])
        );
    }

    #[test]
    fn what_makes_no_schema_is_left_out() {
        assert_eq!(
            old(
                &json!({ "type": "int", "enum": [], "maxLength": "3", "pattern": "(", "required": "a", "multipleOf": 0, "items": 1, "minimum": "2", "patternProperties": { "a": false } })
            ),
            json!({})
        );
        assert_eq!(
            modern(
                &json!({ "type": ["string", "string", "uuid"], "patternProperties": { "(": {}, "a": false }, "items": [{}, true] })
            ),
            json!({ "type": ["string"], "patternProperties": { "a": false }, "prefixItems": [{}, true] })
        );
    }

    #[test]
    fn formats_with_a_rust_type_are_asserted() {
        assert_eq!(
            modern(&json!({ "type": "string", "format": "date" })),
            json!({ "type": "string", "format": "date" })
        );
        assert_eq!(
            modern(&json!({ "type": "string", "format": "email" })),
            json!({ "type": "string", "x-format": "email" })
        );
        assert_eq!(
            modern(&json!({ "type": "number", "format": "uint8", "maximum": 7 })),
            json!({ "type": "integer", "minimum": 0, "maximum": 7, "x-format": "uint8" })
        );
        assert_eq!(
            modern(&json!({ "contentEncoding": "base64" })),
            json!({ "format": "byte" })
        );
    }
}

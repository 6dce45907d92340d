//! Whether a value is valid by a schema of the document, in a request or in a response.
//!
//! Schemas are rewritten from the 3.0 dialect into JSON Schema 2020-12, references included, and judged by `jsonschema`.
//! Two leniencies: `oneOf` is read as `anyOf`, since branches of real documents overlap; `time` and `duration` are not
//! checked, since frameworks mean different things by them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jsonschema::{
    Draft, ValidationError, ValidationOptions, Validator, error::ValidationErrorKind,
};
use serde_json::{Map, Value, json};

use super::{
    document::{Document, elements, member, members, reference},
    flatten::discriminator_values,
    problem::Fault,
};

/// Which way a value travels: `readOnly` is absent from requests, `writeOnly` from responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    Request,
    Response,
}

/// Compiled schemas, by their address in the document.
#[derive(Debug)]
pub(crate) struct Judge {
    document: Document,
    compiled: Mutex<HashMap<(usize, Direction), Compiled>>,
}

/// A validator, or why there is none.
type Compiled = Arc<Result<Validator, String>>;

const MAX_FAULTS: usize = 10;

impl Judge {
    pub(crate) fn new(document: Document) -> Self {
        Self {
            document,
            compiled: Mutex::default(),
        }
    }

    /// What is wrong with the value; nothing when it is valid, or when the schema itself makes no sense.
    pub(crate) fn faults(
        &self,
        schema: &'static Value,
        direction: Direction,
        value: &Value,
    ) -> Vec<Fault> {
        match self.validator(schema, direction).as_ref() {
            Ok(validator) => validator
                .iter_errors(value)
                .take(MAX_FAULTS)
                .map(|error| fault(&error))
                .collect(),
            Err(_) => Vec::new(),
        }
    }

    pub(crate) fn is_valid(
        &self,
        schema: &'static Value,
        direction: Direction,
        value: &Value,
    ) -> bool {
        self.validator(schema, direction)
            .as_ref()
            .as_ref()
            .map_or(true, |validator| validator.is_valid(value))
    }

    /// Whether a scalar meets the keywords of a schema without references; those of structure are left aside.
    pub(crate) fn is_leaf_valid(
        &self,
        keywords: &BTreeMap<&'static str, &'static Value>,
        value: &Value,
    ) -> bool {
        let leaf = keywords
            .iter()
            .filter(|(name, _)| !["items", "properties", "not"].contains(name));
        let leaf: Map<_, _> = leaf
            .map(|(name, value)| ((*name).to_owned(), (*value).clone()))
            .collect();
        let rewriting = Rewriting::new(self.document, Direction::Response, true);
        let rewritten = Value::Object(rewriting.leaf(&Value::Object(leaf)));
        options()
            .build(&rewritten)
            .is_ok_and(|validator| validator.is_valid(value))
    }

    fn validator(&self, schema: &'static Value, direction: Direction) -> Compiled {
        let key = (std::ptr::from_ref(schema).addr(), direction);
        let lock = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let validator = Arc::new(compile(self.document, schema, direction));
        if let Err(reason) = validator.as_ref() {
            // Once per schema: the request is answered all the same.
            eprintln!("a schema cannot be checked and is taken as satisfied: {reason}");
        }
        lock().insert(key, validator.clone());
        validator
    }
}

fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("byte", |text: &str| BASE64_STANDARD.decode(text).is_ok())
}

fn compile(
    document: Document,
    schema: &'static Value,
    direction: Direction,
) -> Result<Validator, String> {
    let build = |keeps_patterns| {
        let rewritten = Rewriting::new(document, direction, keeps_patterns).run(schema);
        options()
            .build(&rewritten)
            .map_err(|error| error.to_string())
    };
    // Regular expressions are where a document is most likely to be unreadable: do without them rather than without all.
    build(true).or_else(|reason| {
        let validator = build(false)?;
        eprintln!("a pattern cannot be checked and is left out: {reason}");
        Ok(validator)
    })
}

fn fault(error: &ValidationError<'_>) -> Fault {
    let branches = match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.as_slice()
        }
        ValidationErrorKind::FalseSchema => {
            let reason = "is readOnly: the server sets it, a request must not carry it";
            return Fault::body(error.instance_path().to_string(), reason);
        }
        _ => &[],
    };
    // The branch that got furthest is the one that was meant; null is never what was meant.
    let meant = branches
        .iter()
        .filter_map(|branch| branch.first())
        .max_by_key(|error| error.instance_path().to_string().matches('/').count());
    match meant {
        Some(meant) if meant.instance_path() != error.instance_path() => fault(meant),
        Some(meant) if branches.len() == 1 => fault(meant),
        _ => Fault::body(
            error.instance_path().to_string(),
            shorten(&error.to_string()),
        ),
    }
}

/// A message without the bulk of a large value.
fn shorten(message: &str) -> String {
    const LONGEST: usize = 300;
    match message.char_indices().nth(LONGEST) {
        None => message.to_owned(),
        Some((cut, _)) => {
            let tail: Vec<_> = message[cut..].chars().rev().take(80).collect();
            format!(
                "{}…{}",
                &message[..cut],
                tail.into_iter().rev().collect::<String>()
            )
        }
    }
}

/// The rewriting of one schema and everything it refers to.
struct Rewriting {
    document: Document,
    direction: Direction,
    keeps_patterns: bool,
    /// Number of each reference, in order of appearance.
    definitions: BTreeMap<&'static str, usize>,
    pending: Vec<&'static str>,
}

/// A keyword that is taken over as it is, if its value makes sense.
type Plain = (&'static str, fn(&Value) -> bool);

const PLAIN: [Plain; 12] = [
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
    ("minProperties", Value::is_u64),
    ("maxProperties", Value::is_u64),
    ("uniqueItems", Value::is_boolean),
    ("exclusiveMinimum", Value::is_number),
    ("exclusiveMaximum", Value::is_number),
];

const FORMATS: [&str; 11] = [
    "date-time",
    "date",
    "email",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "uuid",
    "hostname",
    "byte",
    "json-pointer",
];

impl Rewriting {
    fn new(document: Document, direction: Direction, keeps_patterns: bool) -> Self {
        Self {
            document,
            direction,
            keeps_patterns,
            definitions: BTreeMap::new(),
            pending: Vec::new(),
        }
    }

    fn run(mut self, schema: &'static Value) -> Value {
        let root = self.schema(schema);
        let mut definitions = Map::new();
        while let Some(pointer) = self.pending.pop() {
            let name = self.definitions[pointer].to_string();
            let definition = self.schema(self.document.target(pointer));
            definitions.insert(name, definition);
        }
        json!({ "$defs": definitions, "allOf": [root] })
    }

    fn schema(&mut self, schema: &'static Value) -> Value {
        if !schema.is_object() {
            // Not a plain `false`: that is kept for what is readOnly.
            return if schema == false {
                json!({ "not": {} })
            } else {
                json!(true)
            };
        }
        if let Some(pointer) = reference(schema) {
            return self.reference(pointer);
        }
        let mut out = self.leaf(schema);
        self.structure(schema, &mut out);
        self.composition(schema, &mut out);
        nullable(schema, out)
    }

    fn reference(&mut self, pointer: &'static str) -> Value {
        let next = self.definitions.len();
        let number = *self.definitions.entry(pointer).or_insert_with(|| {
            self.pending.push(pointer);
            next
        });
        json!({ "$ref": format!("#/$defs/{number}") })
    }

    /// What a schema says of a value without looking into it.
    fn leaf(&self, schema: &Value) -> Map<String, Value> {
        let mut out = Map::new();
        for (keyword, is_usable) in PLAIN {
            if let Some(value) = schema.get(keyword).filter(|value| is_usable(value)) {
                out.insert(keyword.to_owned(), value.clone());
            }
        }
        let word = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
        if let Some(format) = word("format").filter(|format| FORMATS.contains(format)) {
            out.insert("format".to_owned(), json!(format));
        }
        if let Some(pattern) = word("pattern").filter(|_| self.keeps_patterns) {
            out.insert("pattern".to_owned(), json!(pattern));
        }
        bounds(schema, &mut out);
        out
    }

    fn structure(&mut self, schema: &'static Value, out: &mut Map<String, Value>) {
        let mut properties = Map::new();
        for (name, property) in members(member(schema, "properties")) {
            let rewritten = if self.direction == Direction::Request && self.is_hidden(property) {
                json!(false)
            } else {
                self.schema(property)
            };
            properties.insert(name.to_owned(), rewritten);
        }
        let mut required: Vec<_> = elements(member(schema, "required"))
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| !self.is_hidden(member(member(schema, "properties"), name)))
            .collect();
        // Named twice is named once.
        required.sort_unstable();
        required.dedup();
        if !required.is_empty() {
            out.insert("required".to_owned(), json!(required));
        }
        if !properties.is_empty() {
            out.insert("properties".to_owned(), Value::Object(properties));
        }
        for keyword in ["additionalProperties", "items", "not"] {
            let value = member(schema, keyword);
            if value.is_object() || value.is_boolean() {
                let rewritten = self.schema(value);
                out.insert(keyword.to_owned(), rewritten);
            }
        }
        let names = lowered(schema, "propertyNames", "x-callwright-property-names");
        if names.is_object() {
            let rewritten = self.schema(names);
            out.insert("propertyNames".to_owned(), rewritten);
        }
        let places = elements(lowered(schema, "prefixItems", "x-callwright-prefix-items"));
        if !places.is_empty() {
            let places = places.iter().map(|place| self.schema(place)).collect();
            out.insert("prefixItems".to_owned(), places);
        }
        let patterns = lowered(
            schema,
            "patternProperties",
            "x-callwright-pattern-properties",
        );
        let patterns: Map<_, _> = members(patterns)
            .map(|(pattern, value)| (pattern.to_owned(), self.schema(value)))
            .collect();
        if self.keeps_patterns && !patterns.is_empty() {
            out.insert("patternProperties".to_owned(), Value::Object(patterns));
        }
    }

    fn composition(&mut self, schema: &'static Value, out: &mut Map<String, Value>) {
        let mut parts: Vec<_> = elements(member(schema, "allOf"))
            .iter()
            .map(|part| self.schema(part))
            .collect();
        for keyword in ["oneOf", "anyOf"] {
            let branches = elements(member(schema, keyword));
            if !branches.is_empty() {
                let discriminator = member(schema, "discriminator");
                let branches: Vec<_> = branches
                    .iter()
                    .map(|branch| self.branch(branch, discriminator))
                    .collect();
                parts.push(json!({ "anyOf": branches }));
            }
        }
        if !parts.is_empty() {
            out.insert("allOf".to_owned(), Value::Array(parts));
        }
    }

    /// A branch, taken only where the discriminator names it.
    fn branch(&mut self, branch: &'static Value, discriminator: &'static Value) -> Value {
        let rewritten = self.schema(branch);
        let (Some(property), Some(pointer)) = (
            member(discriminator, "propertyName").as_str(),
            reference(branch),
        ) else {
            return rewritten;
        };
        let names = discriminator_values(self.document, discriminator, pointer);
        json!({ "allOf": [{ "properties": { property: { "enum": names } } }, rewritten] })
    }

    /// Whether a property does not travel in this direction.
    fn is_hidden(&self, property: &'static Value) -> bool {
        is_hidden(self.document, property, self.direction)
    }
}

/// A keyword that 3.0 does not have: by its own name, or as lowering carries it.
fn lowered(schema: &'static Value, own: &str, carried: &str) -> &'static Value {
    schema.get(own).unwrap_or_else(|| member(schema, carried))
}

/// Whether a property does not travel in this direction.
pub(crate) fn is_hidden(
    document: Document,
    property: &'static Value,
    direction: Direction,
) -> bool {
    let keyword = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    member(property, keyword) == true || member(document.resolve(property), keyword) == true
}

/// `type`, minimum and maximum: exclusive bounds were booleans in 3.0, and integer formats bound too.
fn bounds(schema: &Value, out: &mut Map<String, Value>) {
    let kind = schema.get("type").unwrap_or(&Value::Null);
    if kind
        .as_str()
        .is_some_and(|kind| kind != "any" && kind != "file")
        || kind.is_array()
    {
        out.insert("type".to_owned(), kind.clone());
    }
    for (keyword, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        let bound = schema.get(keyword).unwrap_or(&Value::Null);
        if bound.is_number() {
            let is_exclusive = schema.get(exclusive).is_some_and(|flag| flag == true);
            let keyword = if is_exclusive { exclusive } else { keyword };
            out.insert(keyword.to_owned(), bound.clone());
        }
    }
    let (least, greatest) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        Some("uint32") => (json!(0), json!(u32::MAX)),
        Some("uint64") => (json!(0), json!(u64::MAX)),
        _ => return,
    };
    out.entry("minimum").or_insert(least);
    out.entry("maximum").or_insert(greatest);
}

/// `nullable`: as a further type where that is all there is to say, else as an alternative.
fn nullable(schema: &'static Value, mut out: Map<String, Value>) -> Value {
    if member(schema, "nullable") != true {
        return Value::Object(out);
    }
    let is_simple = !["allOf", "enum", "const", "not"]
        .iter()
        .any(|keyword| out.contains_key(*keyword));
    match out.get("type") {
        Some(Value::String(kind)) if is_simple => {
            let kinds = json!([kind, "null"]);
            out.insert("type".to_owned(), kinds);
            Value::Object(out)
        }
        _ => json!({ "anyOf": [out, { "type": "null" }] }),
    }
}

//! A value from a schema: the same one every time, valid where the schema can be satisfied, and of a readable size.

use serde_json::{Map, Number, Value, json};

use super::{
    document::{Document, elements},
    flatten::{Flat, flatten, flatten_one},
    judge::{Direction, Judge, is_hidden},
    media::{self, Kind},
    text,
};

/// Deeper than this, only what is required.
const OPTIONAL_DEPTH: usize = 4;
/// Deeper than this, nothing: no real value is.
const MAX_DEPTH: usize = 40;
/// After so many values, only what is required.
const BUDGET: usize = 2_000;

/// Makes response values of one operation.
pub(crate) struct Maker<'a> {
    document: Document,
    judge: &'a Judge,
    seed: String,
    made: usize,
    ancestors: Vec<&'static str>,
}

impl<'a> Maker<'a> {
    /// `seed` tells apart values that would look the same otherwise: the operation's id, the index of an item.
    pub(crate) fn new(document: Document, judge: &'a Judge, seed: impl Into<String>) -> Self {
        Self {
            document,
            judge,
            seed: seed.into(),
            made: 0,
            ancestors: Vec::new(),
        }
    }

    /// A value of the schema; null where there is no finite one.
    pub(crate) fn value(&mut self, schema: &'static Value, name: &str) -> Value {
        self.make(&[schema], name, 0).unwrap_or(Value::Null)
    }

    /// Whether a value is a response of all the schemas.
    pub(crate) fn is_valid(&self, schemas: &[&'static Value], value: &Value) -> bool {
        schemas
            .iter()
            .all(|schema| self.judge.is_valid(schema, Direction::Response, value))
    }

    /// A value of one branch of the schemas' first `oneOf`/`anyOf`.
    pub(crate) fn of_choice(&mut self, schemas: &[&'static Value], choice: usize) -> Value {
        let mut flat = flatten(self.document, schemas, &mut self.ancestors, choice);
        // An example would be of one branch, and not of this one.
        flat.examples.clear();
        let made = self.make_flat(schemas, &flat, "", 0);
        self.ancestors.clear();
        made.unwrap_or(Value::Null)
    }

    fn make(&mut self, schemas: &[&'static Value], name: &str, depth: usize) -> Option<Value> {
        self.made += 1;
        if depth > MAX_DEPTH || schemas.iter().all(|schema| **schema == false) {
            return None;
        }
        let before = self.ancestors.len();
        let mut choice = 0;
        loop {
            let flat = flatten(self.document, schemas, &mut self.ancestors, choice);
            let made = if flat.cut {
                None
            } else {
                self.make_flat(schemas, &flat, name, depth)
            };
            self.ancestors.truncate(before);
            choice += 1;
            match made {
                Some(value) => return Some(value),
                None if choice < flat.choices && self.made < 4 * BUDGET => {}
                None => return flat.nullable.then_some(Value::Null),
            }
        }
    }

    fn make_flat(
        &mut self,
        schemas: &[&'static Value],
        flat: &Flat,
        name: &str,
        depth: usize,
    ) -> Option<Value> {
        let example = match self.example(schemas, flat) {
            Some(Value::Object(example)) => self.object_example(schemas, flat, depth, example),
            other => other,
        };
        if example.is_some() {
            return example;
        }
        // An `enum` beside `type: array` is meant for the elements.
        let is_scalar = !matches!(flat.kind(), Some("array" | "object"));
        let is_possible =
            |allowed: &&Vec<&Value>| is_scalar || allowed.iter().any(|value| flat.admits(value));
        if let Some(allowed) = flat.allowed.as_ref().filter(is_possible) {
            let value = allowed.iter().find(|value| !value.is_null());
            return value.or(allowed.first()).map(|value| (*value).clone());
        }
        let seed = text::seed(&[&self.seed, name]);
        match flat.kind() {
            Some("object") => self.object(flat, depth, Map::new()),
            Some("array") => self.array(flat, name, depth),
            Some("boolean") => Some(json!(true)),
            Some("integer") => Some(integer(flat, seed)),
            Some("number") => Some(number(flat, seed)),
            Some("null") => Some(Value::Null),
            Some("string") if carries_json(flat) => {
                let inner = flat.keyword("x-callwright-content-schema");
                let inner = inner.map_or(Some(json!({})), |schema| {
                    self.make(&[schema], name, depth + 1)
                })?;
                Some(Value::String(inner.to_string()))
            }
            Some("string" | "file") => Some(Value::String(string(flat, name, seed))),
            // Anything goes, or a type of no known dialect.
            _ if !flat.fixed.is_empty() || !flat.required.is_empty() => {
                self.object(flat, depth, Map::new())
            }
            _ => Some(Value::String(text::words(name))),
        }
    }

    /// The schema's own example, or default, if it is valid as far as one level shows.
    fn example(&self, schemas: &[&'static Value], flat: &Flat) -> Option<Value> {
        let objects = flat.examples.iter().filter(|example| example.is_object());
        if flat.kind() == Some("object") {
            let mut merged = Map::new();
            for (name, value) in objects.filter_map(|example| example.as_object()).flatten() {
                merged.entry(name.clone()).or_insert_with(|| value.clone());
            }
            return (!merged.is_empty()).then_some(Value::Object(merged));
        }
        let default = flat.keyword("default").filter(|default| !default.is_null());
        let candidates = flat.examples.iter().copied().chain(default);
        candidates
            .filter(|value| !value.is_null() && flat.admits(value))
            .find(|value| {
                if value.is_array() {
                    self.is_valid(schemas, value)
                } else {
                    self.is_fit(flat, value)
                }
            })
            .cloned()
    }

    /// An example as it stands, or with what is wrong or missing in it made anew; nothing if that is all of it.
    fn object_example(
        &mut self,
        schemas: &[&'static Value],
        flat: &Flat,
        depth: usize,
        mut example: Map<String, Value>,
    ) -> Option<Value> {
        for (name, schemas) in &flat.properties {
            if schemas
                .iter()
                .any(|schema| is_hidden(self.document, schema, Direction::Response))
            {
                example.shift_remove(*name);
            }
        }
        let whole = Value::Object(example);
        if self.is_valid(schemas, &whole) {
            return Some(whole);
        }
        let Value::Object(mut example) = whole else {
            return None;
        };
        for (name, schemas) in &flat.properties {
            let is_wrong = example
                .get(*name)
                .is_some_and(|value| !self.is_valid(schemas, value));
            if is_wrong {
                example.shift_remove(*name);
            }
        }
        let is_of_use = example.keys().any(|name| flat.property(name).is_some());
        is_of_use
            .then(|| self.object(flat, depth, example))
            .flatten()
    }

    /// Whether a scalar meets format, pattern and bounds.
    fn is_fit(&self, flat: &Flat, value: &Value) -> bool {
        let leaf = [
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "multipleOf",
        ];
        let constraints = leaf.iter().any(|keyword| flat.keyword(keyword).is_some());
        !constraints || self.judge.is_leaf_valid(&flat.keywords, value)
    }

    fn array(&mut self, flat: &Flat, name: &str, depth: usize) -> Option<Value> {
        let at_least = size(flat, "minItems").unwrap_or(0);
        let at_most = size(flat, "maxItems").unwrap_or(usize::MAX);
        let length = at_least.max(1).min(at_most).min(at_least.max(100));
        let items = flat.keyword("items").filter(|items| items.is_object());
        let places = flat
            .keyword("x-callwright-prefix-items")
            .map_or(&[][..], elements);
        let is_unique = flat
            .keyword("uniqueItems")
            .is_some_and(|unique| unique == true);
        let mut made = Vec::new();
        for index in 0..length.max(places.len()) {
            let item = match places.get(index).or(items) {
                Some(items) => self.make(&[items], &format!("{name}{}", suffix(index)), depth + 1),
                None if at_least > 0 => Some(json!(format!("{} {}", text::words(name), index + 1))),
                None => None,
            };
            let Some(item) = item.filter(|_| self.made < 10 * BUDGET) else {
                break;
            };
            if is_unique && made.contains(&item) {
                let allowed = items.and_then(|items| flatten_one(self.document, items).allowed);
                let others = allowed.unwrap_or_default().into_iter();
                made.extend(
                    others
                        .into_iter()
                        .find(|value| !made.contains(value))
                        .cloned(),
                );
                continue;
            }
            made.push(item);
        }
        (made.len() >= at_least.min(1)).then_some(Value::Array(made))
    }

    /// An object that has what is in `object` already.
    fn object(
        &mut self,
        flat: &Flat,
        depth: usize,
        mut object: Map<String, Value>,
    ) -> Option<Value> {
        let from_example = !object.is_empty();
        for (name, value) in &flat.fixed {
            object.insert((*name).to_owned(), json!(value));
        }
        let at_most = size(flat, "maxProperties").unwrap_or(usize::MAX);
        for (name, schemas) in &flat.properties {
            let is_required = flat.required.contains(name);
            let is_wanted = is_required
                || (!from_example
                    && depth < OPTIONAL_DEPTH
                    && self.made < BUDGET
                    && object.len() < at_most);
            let is_absent = schemas
                .iter()
                .any(|schema| is_hidden(self.document, schema, Direction::Response));
            if is_absent {
                object.shift_remove(*name);
            } else if is_wanted && !object.contains_key(*name) {
                match self.make(schemas, name, depth + 1) {
                    Some(value) => drop(object.insert((*name).to_owned(), value)),
                    None if is_required => return None,
                    None => {}
                }
            }
        }
        let additional = flat
            .keyword("additionalProperties")
            .filter(|schema| **schema != false);
        for name in &flat.required {
            let is_declared = flat.property(name).is_some();
            if !is_declared && !object.contains_key(*name) {
                let value = match additional.filter(|schema| schema.is_object()) {
                    Some(schema) => self.make(&[schema], name, depth + 1)?,
                    None => json!(text::words(name)),
                };
                object.insert((*name).to_owned(), value);
            }
        }
        self.additional(flat, depth, additional, &mut object);
        // Declared order is easier to read than the order of discovery.
        let declared: Vec<_> = flat.properties.iter().map(|(name, _)| *name).collect();
        let place = |name: &str| {
            declared
                .iter()
                .position(|known| *known == name)
                .unwrap_or(declared.len())
        };
        let mut members: Vec<_> = object.into_iter().collect();
        members.sort_by_key(|(name, _)| place(name));
        Some(Value::Object(members.into_iter().collect()))
    }

    /// An entry for a map, and as many as `minProperties` asks for.
    fn additional(
        &mut self,
        flat: &Flat,
        depth: usize,
        schema: Option<&'static Value>,
        object: &mut Map<String, Value>,
    ) {
        let at_least = size(flat, "minProperties").unwrap_or(0).min(100);
        let is_map = schema.is_some_and(Value::is_object) && flat.properties.is_empty();
        let wanted = if is_map { at_least.max(1) } else { at_least };
        for index in 0..wanted {
            if object.len() >= wanted {
                break;
            }
            let name = format!("key{}", suffix(index));
            let value = match schema.filter(|schema| schema.is_object()) {
                Some(schema) => self.make(&[schema], &name, depth + 1),
                None => Some(json!(text::words(&name))),
            };
            object.extend(value.map(|value| (name, value)));
        }
    }
}

/// Whether a string is the text of a JSON value (`contentMediaType` of 3.1, as lowered).
fn carries_json(flat: &Flat) -> bool {
    let media = flat
        .keyword("x-callwright-content-media-type")
        .and_then(Value::as_str);
    let is_encoded = flat.keyword("x-callwright-content-encoding").is_some();
    media.is_some_and(|media| media::kind(media) == Kind::Json) && !is_encoded
}

fn suffix(index: usize) -> String {
    if index == 0 {
        String::new()
    } else {
        (index + 1).to_string()
    }
}

fn size(flat: &Flat, keyword: &str) -> Option<usize> {
    let size = flat.keyword(keyword)?.as_u64()?;
    usize::try_from(size).ok()
}

/// A bound, and whether it is excluded.
type Bound = Option<(f64, bool)>;

/// Lower and upper bound.
fn bounds(flat: &Flat) -> (Bound, Bound) {
    let bound =
        |keyword: &str, exclusive: &str| match (flat.keyword(keyword), flat.keyword(exclusive)) {
            (_, Some(bound)) if bound.is_number() => bound.as_f64().map(|bound| (bound, true)),
            (Some(bound), exclusive) => bound
                .as_f64()
                .map(|bound| (bound, exclusive.is_some_and(|flag| flag == true))),
            _ => None,
        };
    (
        bound("minimum", "exclusiveMinimum"),
        bound("maximum", "exclusiveMaximum"),
    )
}

/// A step and the number closest to a small seeded one that is a multiple of it and within bounds.
fn within(flat: &Flat, seed: u64, step: f64) -> f64 {
    let (least, greatest) = bounds(flat);
    let small = f64::from(u32::try_from(seed % 100).unwrap_or(0) + 1);
    let mut number = (small / step).round() * step;
    if let Some((bound, excluded)) = greatest
        && (number > bound || (excluded && number >= bound))
    {
        number = (bound / step).floor() * step;
        if excluded && number >= bound {
            number -= step;
        }
    }
    if let Some((bound, excluded)) = least
        && (number < bound || (excluded && number <= bound))
    {
        number = (bound / step).ceil() * step;
        if excluded && number <= bound {
            number += step;
        }
    }
    number
}

fn step(flat: &Flat) -> Option<f64> {
    flat.keyword("multipleOf")
        .and_then(Value::as_f64)
        .filter(|step| *step > 0.0)
}

fn integer(flat: &Flat, seed: u64) -> Value {
    let step = step(flat).filter(|step| step.fract() == 0.0).unwrap_or(1.0);
    let number = within(flat, seed, step);
    // Beyond 2^53 a float is no longer exact; the bound itself is.
    for keyword in ["minimum", "maximum"] {
        if let Some(bound) = flat
            .keyword(keyword)
            .filter(|bound| bound.as_f64() == Some(number) && bound.is_i64())
        {
            return bound.clone();
        }
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, which is as near as an integer gets"
    )]
    let number = number as i64;
    json!(number)
}

fn number(flat: &Flat, seed: u64) -> Value {
    let number = if let Some(step) = step(flat) {
        within(flat, seed, step)
    } else {
        let whole = within(flat, seed, 1.0);
        let (least, greatest) = bounds(flat);
        let in_bounds = |number: f64| {
            least.is_none_or(|(bound, _)| number > bound)
                && greatest.is_none_or(|(bound, _)| number < bound)
        };
        let middle = match (least, greatest) {
            (Some((least, _)), Some((greatest, _))) => f64::midpoint(least, greatest),
            _ => whole,
        };
        let choices = [whole + 0.5, middle, whole];
        choices
            .into_iter()
            .find(|number| in_bounds(*number))
            .unwrap_or(whole)
    };
    Number::from_f64(number).map_or(json!(1), Value::Number)
}

fn string(flat: &Flat, name: &str, seed: u64) -> String {
    let least = size(flat, "minLength").unwrap_or(0).min(100_000);
    let greatest = size(flat, "maxLength").unwrap_or(usize::MAX).max(least);
    if let Some(pattern) = flat.keyword("pattern").and_then(Value::as_str)
        && let Some(text) = text::of_pattern(pattern, least, greatest, seed)
    {
        return text;
    }
    let format = flat.keyword("format").and_then(Value::as_str);
    let made = match format {
        Some(format) => text::of_format(format, name, seed),
        None => text::of_name(name, seed),
    };
    match made {
        Some(text) if (least..=greatest).contains(&text.chars().count()) => text,
        _ => text::fit(text::words(name), least, greatest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(schemas: &Value, name: &str) -> Value {
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        let document =
            Document::new(json!({ "components": { "schemas": schemas }, "asked": reference }));
        let judge = Judge::new(document);
        Maker::new(document, &judge, "test").value(&document.root()["asked"], "value")
    }

    #[test]
    fn recursion_takes_the_branch_that_ends() {
        let reference = json!({ "$ref": "#/components/schemas/Term" });
        let sum = json!({ "type": "object", "required": ["left"], "properties": { "left": reference, "also": reference } });
        let term = json!({ "oneOf": [{ "$ref": "#/components/schemas/Sum" }, { "type": "integer", "minimum": 7, "maximum": 7 }] });
        assert_eq!(made(&json!({ "Term": term, "Sum": sum }), "Term"), json!(7));
        let endless = json!({ "Loop": { "type": "object", "required": ["again"], "properties": { "again": { "$ref": "#/components/schemas/Loop" } } } });
        assert_eq!(made(&endless, "Loop"), Value::Null);
    }

    #[test]
    fn parts_hold_together() {
        let parts = json!({ "Whole": { "allOf": [
            { "type": "string", "enum": ["a", "b"] },
            { "enum": ["b", "c"], "example": "c" },
        ] } });
        assert_eq!(made(&parts, "Whole"), json!("b"));
    }

    #[test]
    fn what_is_wrong_with_an_example_is_made_anew() {
        let pet = json!({ "Pet": {
            "type": "object",
            "required": ["id", "age", "name"],
            "properties": { "id": { "type": "string" }, "age": { "type": "integer", "minimum": 3, "maximum": 3 }, "name": { "type": "string" } },
            "example": { "id": "own", "age": "old", "name": "Rex" },
        } });
        assert_eq!(
            made(&pet, "Pet"),
            json!({ "id": "own", "age": 3, "name": "Rex" })
        );
    }

    #[test]
    fn odd_schemas_are_no_event() {
        for (schema, expected) in [
            (json!({}), json!("value")),
            (json!({ "type": "nonsense" }), json!("value")),
            (json!({ "enum": [] }), Value::Null),
            (
                json!({ "$ref": "#/components/schemas/Odd" }),
                json!("value"),
            ),
            (
                json!({ "type": "array", "items": true, "minItems": 2 }),
                json!(["value 1", "value 2"]),
            ),
            (
                json!({ "type": "integer", "minimum": 9_007_199_254_740_993_i64 }),
                json!(9_007_199_254_740_993_i64),
            ),
            (
                json!({ "type": "integer", "minimum": 3.5, "multipleOf": 2, "maximum": 5 }),
                json!(4),
            ),
            (
                json!({ "type": "string", "pattern": "(", "minLength": 7 }),
                json!("valueva"),
            ),
            (json!(7), json!("value")),
        ] {
            assert_eq!(made(&json!({ "Odd": schema }), "Odd"), expected, "{schema}");
        }
    }
}

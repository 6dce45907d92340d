//! Random instances of a JSON Schema 2020-12 whose references are local. It knows JSON alone: no OpenAPI, no Rust type, and
//! not whether an instance is valid, which a judge has to say (`not`, `if` and their like are passed over).

use serde_json::{Map, Value, json};

/// Where chance and texts for patterns come from.
pub(crate) trait Chance {
    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize;
    /// A text that a pattern matches, with so many characters; none where that takes luck.
    fn matching(&mut self, pattern: &str, least: usize, greatest: usize) -> Option<String>;
}

/// Deeper than this, only what is required.
const OPTIONAL_DEPTH: usize = 5;
/// Deeper than this, nothing.
const MAX_DEPTH: usize = 24;
/// Values of one instance, after which only what is required is made.
const BUDGET: usize = 400;

/// A keyword that marks a property that does not travel; it is never made.
pub(crate) const HIDDEN: &str = "x-hidden";
/// Beside a reference to a member of a union: the properties with the values that name it.
pub(crate) const TAG: &str = "x-tag";
/// A format that is not asserted; it is followed all the same.
pub(crate) const HINT: &str = "x-format";

/// Makes instances of the schemas of one document.
pub(crate) struct Maker<'a> {
    document: &'a Value,
    chance: &'a mut dyn Chance,
    made: usize,
}

/// Schemas that hold together, taken apart.
#[derive(Default)]
struct Flat<'a> {
    parts: Vec<&'a Map<String, Value>>,
    /// A part is `false`.
    never: bool,
}

impl<'a> Maker<'a> {
    /// `document` is what the local references point into.
    pub(crate) fn new(document: &'a Value, chance: &'a mut dyn Chance) -> Self {
        Self {
            document,
            chance,
            made: 0,
        }
    }

    /// An instance of the schema; none where no finite one was found.
    pub(crate) fn instance(&mut self, schema: &'a Value) -> Option<Value> {
        self.made = 0;
        self.make(&[schema], 0)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.chance.below(count) == 0
    }

    fn make(&mut self, schemas: &[&'a Value], depth: usize) -> Option<Value> {
        self.made += 1;
        if depth > MAX_DEPTH || self.made > 20 * BUDGET {
            return None;
        }
        // A branch may have no finite instance, or contradict what is beside it: try others.
        let attempts = 4;
        (0..attempts).find_map(|_| {
            let mut flat = Flat::default();
            for schema in schemas {
                self.flatten(schema, &mut flat, &mut Vec::new());
            }
            if flat.never {
                None
            } else {
                self.of(&flat, depth)
            }
        })
    }

    /// Takes a schema apart, with one branch of each union.
    fn flatten(&mut self, schema: &'a Value, flat: &mut Flat<'a>, seen: &mut Vec<&'a str>) {
        let Value::Object(map) = schema else {
            flat.never |= schema == &Value::Bool(false);
            return;
        };
        if flat.parts.iter().any(|known| std::ptr::eq(*known, map)) {
            return;
        }
        flat.parts.push(map);
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            if seen.contains(&reference) {
                flat.never = true;
            } else if let Some(target) = self.target(reference) {
                seen.push(reference);
                self.flatten(target, flat, seen);
                seen.pop();
            }
        }
        for part in list(map, "allOf") {
            self.flatten(part, flat, seen);
        }
        for keyword in ["oneOf", "anyOf"] {
            let branches = list(map, keyword);
            if !branches.is_empty() {
                let branch = &branches[self.chance.below(branches.len())];
                self.flatten(branch, flat, seen);
            }
        }
    }

    fn target(&self, reference: &str) -> Option<&'a Value> {
        self.document.pointer(reference.strip_prefix('#')?)
    }

    fn of(&mut self, flat: &Flat<'a>, depth: usize) -> Option<Value> {
        let kinds = flat.kinds();
        if let Some(value) = flat.keyword("const") {
            return Some(value.clone());
        }
        if let Some(allowed) = flat.allowed() {
            let fitting: Vec<&Value> = allowed
                .into_iter()
                .filter(|value| kinds.iter().any(|kind| is_of(kind, value)))
                .collect();
            return match fitting.as_slice() {
                [] => None,
                some => Some(some[self.chance.below(some.len())].clone()),
            };
        }
        let kind = match kinds.as_slice() {
            [] => return None,
            // Null is the rare case of what may be null.
            [first, "null"] if !self.one_in(6) => first,
            some => some[self.chance.below(some.len())],
        };
        match kind {
            "null" => Some(Value::Null),
            "boolean" => Some(json!(self.one_in(2))),
            "integer" => self.integer(flat),
            "number" => self.number(flat),
            "string" => self.string(flat),
            "array" => self.array(flat, depth),
            _ => self.object(flat, depth),
        }
    }

    fn integer(&mut self, flat: &Flat<'_>) -> Option<Value> {
        let step = flat.numbers("multipleOf").map(f64::abs).fold(1.0, f64::max);
        // Bounds beyond what a float counts exactly are left to the judge.
        let exact = 9_007_199_254_740_992.0;
        let (least, greatest) = flat.bounds();
        let least = least.unwrap_or(-exact).ceil().max(-exact);
        let greatest = greatest.unwrap_or(exact).floor().min(exact);
        let (least, greatest) = ((least / step).ceil(), (greatest / step).floor());
        if least > greatest {
            return None;
        }
        let near = if least > 0.0 {
            least
        } else if greatest < 0.0 {
            greatest
        } else {
            0.0
        };
        let small = 1000.0_f64.min(greatest - near);
        let chosen = match self.chance.below(6) {
            0 => least,
            1 => greatest,
            _ => near + (self.fraction() * small).floor(),
        };
        let value = chosen * step;
        // Within the bounds just set, which an `i64` holds.
        #[allow(clippy::cast_possible_truncation)]
        let value = value as i64;
        Some(json!(value))
    }

    fn number(&mut self, flat: &Flat<'_>) -> Option<Value> {
        if flat.numbers("multipleOf").any(|step| step >= 1.0) || self.one_in(4) {
            return self.integer(flat);
        }
        let (least, greatest) = flat.bounds();
        let least = least.unwrap_or_else(|| greatest.unwrap_or(0.0).min(0.0) - 1000.0);
        let greatest = greatest.unwrap_or(least.max(0.0) + 1000.0);
        if least > greatest {
            return None;
        }
        let mut value = least + self.fraction() * (greatest - least);
        if let Some(step) = flat.numbers("multipleOf").find(|step| *step > 0.0) {
            let places = format!("{step}")
                .split_once('.')
                .map_or(0, |(_, after)| after.len());
            value = (value / step).round() * step;
            value = format!("{value:.places$}").parse().ok()?;
        }
        serde_json::Number::from_f64(value).map(Value::Number)
    }

    /// A number from 0 to 1.
    fn fraction(&mut self) -> f64 {
        const STEPS: u32 = 1 << 30;
        let drawn = u32::try_from(self.chance.below(STEPS as usize)).unwrap_or_default();
        f64::from(drawn) / f64::from(STEPS)
    }

    fn string(&mut self, flat: &Flat<'_>) -> Option<Value> {
        let least = flat.counts("minLength").max().unwrap_or(0);
        let greatest = flat.counts("maxLength").min().unwrap_or(usize::MAX);
        if least > greatest {
            return None;
        }
        if let Some(Value::String(pattern)) = flat.keyword("pattern") {
            let greatest = greatest.min(least.saturating_add(4096));
            return self
                .chance
                .matching(pattern, least, greatest)
                .map(Value::String);
        }
        let formatted = flat.format().and_then(|format| self.formatted(format));
        if let Some(text) = formatted {
            return Some(Value::String(text));
        }
        let words = [
            "",
            "a",
            "Zoë \"q\" \\ /",
            "two\nlines",
            "値 🦀",
            "0",
            "null",
            "plain text",
        ];
        let mut text = words[self.chance.below(words.len())].to_owned();
        let count = text.chars().count();
        if count > greatest {
            text = text.chars().take(greatest).collect();
        } else if count < least {
            text.extend("abcdefghij".chars().cycle().take(least - count));
        }
        Some(Value::String(text))
    }

    fn formatted(&mut self, format: &str) -> Option<String> {
        let samples: &[&str] = match format {
            "uuid" => &[
                "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                "00000000-0000-0000-0000-000000000000",
                "7C9E6679-7425-40DE-944B-E07FC1F90AE7",
            ],
            "date-time" => &[
                "2024-07-31T09:30:00Z",
                "2024-02-29T23:59:59.123456789+05:30",
                "1999-12-31T00:00:00.000Z",
                "2024-07-31T09:30:00.1-08:00",
                "2024-07-31t09:30:00z",
            ],
            "date" => &["2024-02-29", "1970-01-01", "9999-12-31"],
            "time" => &["09:30:00Z", "23:59:59.250+02:00"],
            "duration" => &["P1DT2H", "PT0S", "P3W", "P1Y2M3DT4H5M6S"],
            "uri" | "url" => &[
                "https://example.com",
                "https://example.com/a/b?c=d#e",
                "mailto:a@example.com",
                "HTTPS://EXAMPLE.com:443/%7Ea",
            ],
            "byte" => &["", "YQ==", "YWI=", "YWJj", "+/+/"],
            "base64url" => &["", "YQ", "-_-_"],
            "ipv4" => &["127.0.0.1", "255.255.255.255"],
            "ipv6" => &["::1", "2001:db8::ff00:42:8329", "2001:0DB8:0:0:0:0:0:1"],
            "decimal" => &["0.10", "-12.50", "100"],
            "int32" | "int64" => &["0", "-17", "2147483647"],
            "uint64" => &["0", "18446744073709551615"],
            "email" => &["a@example.com"],
            "hostname" => &["example.com"],
            _ => return None,
        };
        Some(samples[self.chance.below(samples.len())].to_owned())
    }

    fn array(&mut self, flat: &Flat<'a>, depth: usize) -> Option<Value> {
        let least = flat.counts("minItems").max().unwrap_or(0);
        let greatest = flat.counts("maxItems").min().unwrap_or(usize::MAX);
        let items: Vec<&'a Value> = flat.each("items").collect();
        let places: &'a [Value] = flat
            .parts
            .iter()
            .map(|part| list(part, "prefixItems"))
            .find(|places| !places.is_empty())
            .unwrap_or_default();
        let closed = items.contains(&&Value::Bool(false));
        let wanted = if depth >= OPTIONAL_DEPTH || self.made > BUDGET {
            0
        } else {
            self.chance.below(4)
        };
        let mut length = wanted
            .max(least)
            .max(places.len())
            .min(greatest)
            .min(least.max(64));
        if closed {
            length = length.min(places.len());
        }
        let unique = flat.keyword("uniqueItems") == Some(&Value::Bool(true));
        let mut made: Vec<Value> = Vec::new();
        for index in 0..length {
            let item = match places.get(index) {
                Some(place) => self.make(&[place], depth + 1),
                None if items.is_empty() => Some(self.anything()),
                None => self.make(&items, depth + 1),
            };
            let Some(item) = item else {
                // Fewer will do where no more are asked for.
                break;
            };
            if !(unique && made.contains(&item)) {
                made.push(item);
            }
        }
        (made.len() >= least).then_some(Value::Array(made))
    }

    fn object(&mut self, flat: &Flat<'a>, depth: usize) -> Option<Value> {
        let mut properties: Vec<(&'a str, Vec<&'a Value>)> = Vec::new();
        for (name, schema) in flat
            .parts
            .iter()
            .flat_map(|part| members(part, "properties"))
        {
            match properties.iter_mut().find(|(known, _)| *known == name) {
                Some((_, schemas)) => schemas.push(schema),
                None => properties.push((name, vec![schema])),
            }
        }
        let required: Vec<&'a str> = flat
            .parts
            .iter()
            .flat_map(|part| list(part, "required"))
            .filter_map(Value::as_str)
            .collect();
        let additional: Vec<&'a Value> = flat
            .each("additionalProperties")
            .chain(flat.each("unevaluatedProperties"))
            .collect();
        let mut object = Map::new();
        // Some instances have all, some little more than they must.
        let share = self.chance.below(4);
        for (name, schemas) in &properties {
            let hidden = schemas.iter().any(|schema| schema.get(HIDDEN).is_some());
            let is_required = required.contains(name);
            let deep = depth >= OPTIONAL_DEPTH || self.made > BUDGET;
            // A property with one value tells what the object is, and is left out by few.
            let telling = schemas.iter().any(|schema| has_one_value(schema)) && !self.one_in(16);
            let wanted = is_required || telling || !(deep || self.chance.below(4) > share);
            if hidden || !wanted {
                continue;
            }
            match self.make(schemas, depth + 1) {
                Some(value) => drop(object.insert((*name).to_owned(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        for name in required {
            if !object.contains_key(name) {
                let value = match additional.as_slice() {
                    [] => self.anything(),
                    some => self.make(some, depth + 1)?,
                };
                object.insert(name.to_owned(), value);
            }
        }
        let tags = flat.parts.iter().flat_map(|part| members(part, TAG));
        for (name, value) in tags {
            let schemas = properties.iter().find(|(known, _)| *known == name);
            let mut lists = schemas
                .into_iter()
                .flat_map(|(_, schemas)| schemas)
                .filter_map(|schema| self.listed(schema, 0));
            // A list without it says otherwise what names the member.
            if lists.all(|list| list.contains(value)) {
                object.insert(name.to_owned(), value.clone());
            }
        }
        self.more(flat, &additional, properties.is_empty(), depth, &mut object);
        let least = flat.counts("minProperties").max().unwrap_or(0);
        (object.len() >= least).then_some(Value::Object(object))
    }

    /// The values that a schema lists, itself or by reference.
    fn listed(&self, schema: &'a Value, depth: usize) -> Option<&'a Vec<Value>> {
        let own = schema.get("enum").and_then(Value::as_array);
        let reference = schema.get("$ref").and_then(Value::as_str);
        own.or_else(|| {
            let target = reference
                .filter(|_| depth < 8)
                .and_then(|reference| self.target(reference));
            let parts = schema.get("allOf").and_then(Value::as_array);
            target
                .into_iter()
                .chain(parts.into_iter().flatten())
                .find_map(|schema| self.listed(schema, depth + 1))
        })
    }

    /// Properties that have no name in the schema.
    fn more(
        &mut self,
        flat: &Flat<'a>,
        additional: &[&'a Value],
        is_map: bool,
        depth: usize,
        object: &mut Map<String, Value>,
    ) {
        let least = flat.counts("minProperties").max().unwrap_or(0);
        let greatest = flat.counts("maxProperties").min().unwrap_or(usize::MAX);
        let patterns: Vec<(&'a str, &'a Value)> = flat
            .parts
            .iter()
            .flat_map(|part| members(part, "patternProperties"))
            .collect();
        let closed = additional.contains(&&Value::Bool(false));
        let open = !closed && (!additional.is_empty() || (is_map && patterns.is_empty()));
        let deep = depth >= OPTIONAL_DEPTH || self.made > BUDGET;
        let wanted = if deep { 0 } else { self.chance.below(3) };
        let names: Vec<&'a Value> = flat.each("propertyNames").collect();
        for index in 0..8 {
            if (index >= wanted && object.len() >= least) || object.len() >= greatest {
                return;
            }
            let (name, value) = if let Some((pattern, schema)) = patterns.get(index) {
                let name = self.chance.matching(pattern, 0, 64);
                (name, self.make(&[*schema], depth + 1))
            } else if !open {
                return;
            } else {
                let name = match names.as_slice() {
                    [] => Some(
                        ["other", "x-1", "a b", "ключ", "", "k5", "k6", "k7"][index].to_owned(),
                    ),
                    some => self
                        .make(some, depth + 1)
                        .and_then(|name| name.as_str().map(str::to_owned)),
                };
                let value = match additional {
                    [] => Some(self.anything()),
                    some if some.iter().any(|schema| says_something(schema)) => {
                        self.make(some, depth + 1)
                    }
                    _ => Some(self.anything()),
                };
                (name, value)
            };
            if let (Some(name), Some(value)) = (name, value)
                && !object.contains_key(&name)
            {
                object.insert(name, value);
            }
        }
    }

    fn anything(&mut self) -> Value {
        match self.chance.below(6) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1.5),
            3 => json!(["a", 1, null]),
            4 => json!({ "a": { "b": [] } }),
            _ => json!("anything"),
        }
    }
}

const KINDS: [&str; 6] = ["string", "number", "boolean", "object", "array", "null"];

impl<'a> Flat<'a> {
    fn each(&self, keyword: &'static str) -> impl Iterator<Item = &'a Value> {
        self.parts.iter().filter_map(move |part| part.get(keyword))
    }

    fn keyword(&self, keyword: &'static str) -> Option<&'a Value> {
        self.each(keyword).next()
    }

    fn numbers(&self, keyword: &'static str) -> impl Iterator<Item = f64> {
        self.each(keyword).filter_map(Value::as_f64)
    }

    fn counts(&self, keyword: &'static str) -> impl Iterator<Item = usize> {
        self.each(keyword)
            .filter_map(Value::as_u64)
            .filter_map(|count| usize::try_from(count).ok())
    }

    fn format(&self) -> Option<&'a str> {
        let said = self.keyword("format").or_else(|| self.keyword(HINT));
        said.and_then(Value::as_str)
    }

    /// The least and the greatest number; an exclusive bound is moved by a small step.
    fn bounds(&self) -> (Option<f64>, Option<f64>) {
        let whole = self.kinds().contains(&"integer");
        let step = if whole { 1.0 } else { 0.015_625 };
        let inside = self.numbers("exclusiveMinimum").map(|bound| bound + step);
        let least = self.numbers("minimum").chain(inside).reduce(f64::max);
        let inside = self.numbers("exclusiveMaximum").map(|bound| bound - step);
        let greatest = self.numbers("maximum").chain(inside).reduce(f64::min);
        (least, greatest)
    }

    /// The values that all lists allow.
    fn allowed(&self) -> Option<Vec<&'a Value>> {
        let mut lists = self.each("enum").filter_map(Value::as_array);
        let mut allowed: Vec<&'a Value> = lists.next()?.iter().collect();
        for list in lists {
            allowed.retain(|value| list.contains(value));
        }
        Some(allowed)
    }

    /// The kinds that all parts allow, null last.
    fn kinds(&self) -> Vec<&'static str> {
        let mut kinds: Option<Vec<&'static str>> = None;
        for said in self.each("type") {
            let named = |name: &'static str| match said {
                Value::String(only) => only == name,
                Value::Array(several) => several.iter().any(|item| item == name),
                _ => true,
            };
            let here: Vec<&'static str> = KINDS
                .into_iter()
                .map(|kind| {
                    if kind == "number" && !named("number") && named("integer") {
                        "integer"
                    } else {
                        kind
                    }
                })
                .filter(|kind| named(kind))
                .collect();
            kinds = Some(match kinds {
                None => here,
                Some(before) => before
                    .into_iter()
                    .filter_map(|kind| match kind {
                        "number" if here.contains(&"integer") => Some("integer"),
                        "integer" if here.contains(&"number") => Some("integer"),
                        kind => here.contains(&kind).then_some(kind),
                    })
                    .collect(),
            });
        }
        kinds.unwrap_or_else(|| self.implied())
    }

    /// The kinds that keywords speak of, where no type is given.
    fn implied(&self) -> Vec<&'static str> {
        let any = |keywords: &[&'static str]| {
            keywords
                .iter()
                .any(|keyword| self.keyword(keyword).is_some())
        };
        let mut kinds = Vec::new();
        if any(&[
            "properties",
            "additionalProperties",
            "required",
            "patternProperties",
            "minProperties",
        ]) {
            kinds.push("object");
        }
        if any(&["items", "prefixItems", "minItems"]) {
            kinds.push("array");
        }
        if any(&["pattern", "minLength", "maxLength"]) {
            kinds.push("string");
        }
        if any(&["minimum", "maximum", "multipleOf"]) {
            kinds.push("number");
        }
        if kinds.is_empty() {
            KINDS.to_vec()
        } else {
            kinds
        }
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => {
            kind == "number"
                || (kind == "integer"
                    && (number.is_i64()
                        || number.is_u64()
                        || number.as_f64().is_some_and(|n| n.fract() == 0.0)))
        }
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

fn has_one_value(schema: &Value) -> bool {
    let listed = schema.get("enum").and_then(Value::as_array);
    listed.is_some_and(|values| values.len() == 1) || schema.get("const").is_some()
}

fn says_something(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| !map.is_empty())
}

fn list<'a>(map: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    map.get(keyword)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn members<'a>(
    map: &'a Map<String, Value>,
    keyword: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let members = map.get(keyword).and_then(Value::as_object);
    members
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

//! What translated schemas say of the parts of a valid value: which of its keys are declared, and by what. Of a union those
//! members count by which the value is valid. It must not know Rust types.

use serde_json::{Map, Value};

use super::instance::HIDDEN;
use super::judge::Judge;

/// Schemas that hold together at a place of a value, taken apart.
pub(crate) struct View<'j> {
    judge: &'j Judge,
    parts: Vec<&'j Map<String, Value>>,
    /// Of each union, the members that the value is of.
    unions: Vec<Vec<View<'j>>>,
}

/// Keywords that limit an object without saying anything of its properties.
const LIMITS: [&str; 6] = [
    "required",
    "not",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "type",
];

impl<'j> View<'j> {
    /// What the schemas say of `value`.
    pub(crate) fn new(judge: &'j Judge, schemas: &[&'j Value], value: &Value) -> Self {
        let mut view = Self {
            judge,
            parts: Vec::new(),
            unions: Vec::new(),
        };
        for schema in schemas {
            view.take(schema, value);
        }
        view
    }

    fn take(&mut self, schema: &'j Value, value: &Value) {
        let Value::Object(map) = schema else {
            return;
        };
        if self.parts.iter().any(|known| std::ptr::eq(*known, map)) {
            return;
        }
        self.parts.push(map);
        if let Some(target) = map
            .get("$ref")
            .and_then(|reference| self.definition(reference))
        {
            self.take(target.1, value);
        }
        for part in list(map, "allOf") {
            self.take(part, value);
        }
        for keyword in ["oneOf", "anyOf"] {
            let branches = list(map, keyword).iter();
            let valid = branches.filter(|branch| self.holds(branch, value));
            let views: Vec<Self> = valid
                .map(|branch| Self::new(self.judge, &[branch], value))
                .collect();
            if !views.is_empty() {
                self.unions.push(views);
            }
        }
        for keyword in ["then", "else"] {
            if let Some(branch) = map.get(keyword) {
                self.take(branch, value);
            }
        }
    }

    fn holds(&self, branch: &'j Value, value: &Value) -> bool {
        let target = branch.get("$ref");
        match target.and_then(|reference| self.definition(reference)) {
            Some((name, _)) => self.judge.is_valid(name, value),
            // Only what translation itself adds is not lifted: null, and what is not null.
            None => is_null_type(branch) == value.is_null(),
        }
    }

    /// What is said here and by the members that the value is of.
    fn all_parts(&self) -> Vec<&'j Map<String, Value>> {
        let mut parts = self.parts.clone();
        for view in self.unions.iter().flatten() {
            parts.extend(view.all_parts());
        }
        parts
    }

    fn definition(&self, reference: &'j Value) -> Option<(&'j str, &'j Value)> {
        let name = reference.as_str()?.strip_prefix("#/$defs/")?;
        Some((name, self.judge.definition(name)))
    }

    /// The schemas of a key; `None` for one that is not declared.
    pub(crate) fn key(&self, key: &str) -> Option<Vec<&'j Value>> {
        let mut declared = Vec::new();
        let mut open = Vec::new();
        let mut has_names = false;
        for part in self.all_parts() {
            let named = part.get("properties").and_then(Value::as_object);
            has_names |= named.is_some_and(|properties| !properties.is_empty());
            if let Some(schema) = named.and_then(|properties| properties.get(key)) {
                if schema.get(HIDDEN).is_some() {
                    return None;
                }
                declared.push(schema);
                continue;
            }
            let patterns = part.get("patternProperties").and_then(Value::as_object);
            let more = patterns.into_iter().flat_map(Map::values);
            let additional = ["additionalProperties", "unevaluatedProperties"];
            let additional = additional.iter().filter_map(|keyword| part.get(*keyword));
            open.extend(
                more.chain(additional)
                    .filter(|schema| **schema != Value::Bool(false)),
            );
        }
        if declared.is_empty() {
            (!open.is_empty() || !has_names).then_some(open)
        } else {
            Some(declared)
        }
    }

    /// The schemas of an element.
    pub(crate) fn element(&self, index: usize) -> Vec<&'j Value> {
        let of = |part: &'j Map<String, Value>| {
            let place = part.get("prefixItems").and_then(|places| places.get(index));
            place.or_else(|| part.get("items"))
        };
        self.all_parts().into_iter().filter_map(of).collect()
    }

    /// Whether an object must have a key: by what holds always, or by all members of a union that it is of. Members that only
    /// say which keys there must be are limits of the object around them, and no type has them.
    pub(crate) fn requires(&self, key: &str) -> bool {
        let own =
            |part: &&Map<String, Value>| list(part, "required").iter().any(|name| name == key);
        self.parts.iter().any(own)
            || self.unions.iter().any(|members| {
                members
                    .iter()
                    .all(|member| !member.only_limits() && member.requires(key))
            })
    }

    fn only_limits(&self) -> bool {
        let limits = |part: &&Map<String, Value>| {
            part.keys()
                .all(|keyword| keyword == "$ref" || LIMITS.contains(&keyword.as_str()))
        };
        self.unions.is_empty() && self.parts.iter().all(limits)
    }

    /// Whether the value is of a member of a union that says what is in it.
    pub(crate) fn is_of_union(&self) -> bool {
        let mut members = self.unions.iter().flatten();
        members.any(|member| !member.only_limits())
    }

    /// Whether another property than this is a text of one value, which names a member of a union.
    pub(crate) fn is_named_beside(&self, key: &str, object: &Map<String, Value>) -> bool {
        let named = |part: &Map<String, Value>, other: &String| {
            let schema = part.get("properties").and_then(|names| names.get(other));
            let listed = schema.and_then(|schema| schema.get("enum")?.as_array());
            let constant = schema.and_then(|schema| schema.get("const"));
            constant.is_some_and(Value::is_string)
                || listed.is_some_and(|values| values.len() == 1 && values[0].is_string())
        };
        let mut others = object.keys().filter(|other| *other != key);
        others.any(|other| self.all_parts().iter().any(|part| named(part, other)))
    }

    /// Whether only certain values are allowed.
    pub(crate) fn lists_values(&self) -> bool {
        self.all_parts()
            .iter()
            .any(|part| part.contains_key("enum") || part.contains_key("const"))
    }
}

fn is_null_type(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

fn list<'a>(map: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    map.get(keyword)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

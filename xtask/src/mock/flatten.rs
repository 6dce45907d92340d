//! A schema with its references, `allOf` and one choice of each `oneOf`/`anyOf` merged into one level.
//!
//! Must not know what is done with it: values are made from it, echoes and pages read it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Document, elements, member, members, reference};

/// One level of an object, array or scalar; what several schemas say of the same property is kept side by side.
#[derive(Debug, Default)]
pub(crate) struct Flat {
    /// Every keyword but those below; the outermost schema that has it wins.
    pub(crate) keywords: BTreeMap<&'static str, &'static Value>,
    pub(crate) examples: Vec<&'static Value>,
    pub(crate) properties: Vec<(&'static str, Vec<&'static Value>)>,
    /// Discriminator properties with the value of the chosen branch.
    pub(crate) fixed: Vec<(&'static str, String)>,
    pub(crate) required: Vec<&'static str>,
    /// The values that every `enum` and `const` has.
    pub(crate) allowed: Option<Vec<&'static Value>>,
    pub(crate) nullable: bool,
    /// The schema contains one that is being expanded already, and so has no finite value on this way.
    pub(crate) cut: bool,
    /// How many branches its first `oneOf`/`anyOf` has; 0 without one.
    pub(crate) choices: usize,
}

impl Flat {
    pub(crate) fn keyword(&self, name: &str) -> Option<&'static Value> {
        self.keywords.get(name).copied()
    }

    pub(crate) fn property(&self, name: &str) -> Option<&[&'static Value]> {
        let found = self.properties.iter().find(|(known, _)| *known == name);
        found.map(|(_, schemas)| schemas.as_slice())
    }

    /// The JSON type: the first declared one but null, else what the other keywords imply.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        let declared = match self.keyword("type") {
            Some(Value::String(kind)) => Some(kind.as_str()),
            Some(Value::Array(kinds)) => kinds
                .iter()
                .filter_map(Value::as_str)
                .find(|kind| *kind != "null"),
            _ => None,
        };
        declared.or_else(|| {
            let has = |names: &[&str]| names.iter().any(|name| self.keywords.contains_key(name));
            if !self.properties.is_empty()
                || has(&[
                    "additionalProperties",
                    "minProperties",
                    "x-callwright-pattern-properties",
                ])
            {
                Some("object")
            } else if has(&["items", "minItems", "maxItems", "x-callwright-prefix-items"]) {
                Some("array")
            } else if has(&["pattern", "minLength", "maxLength", "format"]) {
                Some("string")
            } else if has(&["minimum", "maximum", "multipleOf"]) {
                Some("number")
            } else {
                None
            }
        })
    }

    /// Whether a value has the schema's JSON type and is among its `enum`; nothing deeper is looked at.
    pub(crate) fn admits(&self, value: &Value) -> bool {
        let fits = |kind: &str| match kind {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => {
                value.is_i64()
                    || value.is_u64()
                    || value.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            "number" => value.is_number(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => true,
        };
        if value.is_null() && self.nullable {
            return true;
        }
        let by_type = match self.keyword("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(fits),
            _ => self.kind().is_none_or(fits),
        };
        let allowed = self.allowed.as_deref();
        by_type && allowed.is_none_or(|allowed| allowed.iter().any(|known| **known == *value))
    }
}

/// Merges schemas that hold together (as `allOf` does).
///
/// `ancestors` are the references being expanded around it; those followed here are added. `choice` picks a branch of the
/// first `oneOf`/`anyOf`; later ones take their first.
pub(crate) fn flatten(
    document: Document,
    schemas: &[&'static Value],
    ancestors: &mut Vec<&'static str>,
    choice: usize,
) -> Flat {
    let mut flattening = Flattening {
        document,
        flat: Flat::default(),
        ancestors,
        followed: Vec::new(),
        choice: Some(choice),
    };
    for schema in schemas {
        flattening.absorb(schema, true);
    }
    let Flattening { flat, followed, .. } = flattening;
    ancestors.extend(followed);
    flat
}

/// [`flatten`] where recursion and choice do not matter.
pub(crate) fn flatten_one(document: Document, schema: &'static Value) -> Flat {
    flatten(document, &[schema], &mut Vec::new(), 0)
}

struct Flattening<'a> {
    document: Document,
    flat: Flat,
    ancestors: &'a [&'static str],
    followed: Vec<&'static str>,
    choice: Option<usize>,
}

/// A branch of a `oneOf`, and the value its discriminator has.
type Branch = (&'static Value, Option<String>);

impl Flattening<'_> {
    fn absorb(&mut self, schema: &'static Value, is_outermost: bool) {
        if let Some(pointer) = reference(schema) {
            if self.ancestors.contains(&pointer) {
                self.flat.cut = true;
            } else if !self.followed.contains(&pointer) {
                self.followed.push(pointer);
                self.absorb(self.document.target(pointer), is_outermost);
            }
            return;
        }
        for (keyword, value) in members(schema) {
            self.keyword(keyword, value, is_outermost);
        }
        for part in elements(member(schema, "allOf")) {
            self.absorb(part, false);
        }
        let mut has_branches = false;
        for keyword in ["oneOf", "anyOf"] {
            let branches = elements(member(schema, keyword));
            if !branches.is_empty() {
                has_branches = true;
                self.choose(
                    schema,
                    branches.iter().map(|branch| (branch, None)).collect(),
                );
            }
        }
        if !has_branches {
            self.inherit(schema, is_outermost);
        }
    }

    fn keyword(&mut self, keyword: &'static str, value: &'static Value, is_outermost: bool) {
        match keyword {
            "properties" => {
                for (name, schema) in members(value) {
                    match self
                        .flat
                        .properties
                        .iter_mut()
                        .find(|(known, _)| *known == name)
                    {
                        Some((_, schemas)) => schemas.push(schema),
                        None => self.flat.properties.push((name, vec![schema])),
                    }
                }
            }
            "required" => {
                let names = elements(value).iter().filter_map(Value::as_str);
                self.flat.required.extend(names);
            }
            // Of a part of `allOf` it says nothing about the whole.
            "nullable" => self.flat.nullable |= is_outermost && value == true,
            "example" => self.flat.examples.push(value),
            "examples" => self.flat.examples.extend(elements(value).first()),
            "allOf" | "oneOf" | "anyOf" | "discriminator" => {}
            "enum" => self.allow(elements(value).iter().collect()),
            "const" => self.allow(vec![value]),
            _ => {
                if keyword == "type" {
                    self.flat.nullable |= elements(value).iter().any(|kind| kind == "null");
                }
                self.flat.keywords.entry(keyword).or_insert(value);
            }
        }
    }

    /// Keeps the values that are allowed so far and here; a schema without any has no value.
    fn allow(&mut self, mut values: Vec<&'static Value>) {
        if let Some(known) = &self.flat.allowed {
            values.retain(|value| known.contains(value));
        }
        self.flat.cut |= values.is_empty();
        self.flat.allowed = Some(values);
    }

    /// Absorbs one branch that is neither null nor being expanded.
    fn choose(&mut self, schema: &'static Value, branches: Vec<Branch>) {
        let is_null =
            |schema: &'static Value| member(self.document.resolve(schema), "type") == "null";
        self.flat.nullable |= branches.iter().any(|(branch, _)| is_null(branch));
        let viable: Vec<_> = branches
            .into_iter()
            .filter(|(branch, _)| !is_null(branch))
            .filter(|(branch, _)| {
                reference(branch).is_none_or(|pointer| !self.ancestors.contains(&pointer))
            })
            .collect();
        let index = match self.choice.take() {
            Some(choice) => {
                self.flat.choices = viable.len();
                choice
            }
            None => 0,
        };
        let Some((branch, value)) = viable.into_iter().nth(index) else {
            self.flat.cut = true;
            return;
        };
        let discriminator = member(schema, "discriminator");
        if let Some(property) = member(discriminator, "propertyName").as_str() {
            let value = value.or_else(|| {
                discriminator_values(self.document, discriminator, reference(branch)?)
                    .into_iter()
                    .next()
            });
            self.flat.fixed.extend(value.map(|value| (property, value)));
        }
        self.absorb(branch, false);
    }

    /// A discriminator without branches: a base type, to be replaced by a subtype, or reached from one.
    fn inherit(&mut self, schema: &'static Value, is_outermost: bool) {
        let discriminator = member(schema, "discriminator");
        let Some(property) = member(discriminator, "propertyName").as_str() else {
            return;
        };
        let subtypes: Vec<Branch> = members(member(discriminator, "mapping"))
            .filter_map(|(name, target)| {
                Some((self.subtype(target.as_str()?)?, Some(name.to_owned())))
            })
            .collect();
        if is_outermost && self.choice.is_some() && !subtypes.is_empty() {
            let subtypes = subtypes.into_iter().collect();
            self.choose(schema, subtypes);
        } else if let Some(pointer) = self.followed.first() {
            let values = discriminator_values(self.document, discriminator, pointer);
            self.flat
                .fixed
                .extend(values.into_iter().next().map(|value| (property, value)));
        }
    }

    /// The schema a mapping names, by reference or by name.
    fn subtype(&self, target: &'static str) -> Option<&'static Value> {
        let found = if target.starts_with('#') {
            self.document.target(target)
        } else {
            let schemas = member(member(self.document.root(), "components"), "schemas");
            member(schemas, target)
        };
        found.is_object().then_some(found)
    }
}

/// The values that name the referenced schema: its keys in the mapping, else what its own property allows, else its name.
pub(crate) fn discriminator_values(
    document: Document,
    discriminator: &'static Value,
    pointer: &str,
) -> Vec<String> {
    let name = pointer
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace("~1", "/")
        .replace("~0", "~");
    let mapping = members(member(discriminator, "mapping"));
    let mapped = mapping.filter(|(_, target)| *target == pointer || *target == name.as_str());
    let mapped: Vec<_> = mapped.map(|(key, _)| key.to_owned()).collect();
    if !mapped.is_empty() {
        return mapped;
    }
    let property = member(discriminator, "propertyName")
        .as_str()
        .unwrap_or_default();
    let target = document.target(pointer);
    let parts = elements(member(target, "allOf"))
        .iter()
        .map(|part| document.resolve(part));
    for part in std::iter::once(target).chain(parts) {
        let own = document.resolve(member(member(part, "properties"), property));
        let allowed = elements(member(own, "enum")).iter().chain(own.get("const"));
        let allowed: Vec<_> = allowed
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        // Several values on a shared base name every subtype, not this one.
        if allowed.len() == 1
            || (std::ptr::eq(part, target) && !allowed.is_empty() && !allowed.contains(&name))
        {
            return allowed;
        }
    }
    vec![name]
}

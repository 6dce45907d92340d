//! Fields and the example values at their place to schemas; named objects become components.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::page::{Fence, Page};
use super::super::report::{Problem, short};
use super::super::yaml::locate;
use super::field::Field;
use super::identifier::{pascal, singular, words};
use super::infer;
use super::types::{Shape, Type};

/// A value in an example, and the way to it.
#[derive(Clone)]
pub(super) struct Instance<'e> {
    pub(super) value: &'e Value,
    pub(super) pointer: Vec<String>,
    /// The block that shows it, where its places are those of its text.
    pub(super) fence: Option<&'e Fence>,
}

impl Instance<'_> {
    fn member(&self, key: &str) -> Option<Self> {
        let mut pointer = self.pointer.clone();
        pointer.push(key.to_owned());
        Some(Self {
            value: self.value.get(key)?,
            pointer,
            fence: self.fence,
        })
    }

    fn items(&self) -> impl Iterator<Item = Self> + '_ {
        self.value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| {
                let mut pointer = self.pointer.clone();
                pointer.push(index.to_string());
                Self {
                    value,
                    pointer,
                    fence: self.fence,
                }
            })
    }
}

/// What an object is called.
#[derive(Clone, Copy)]
pub(super) struct Naming<'n> {
    /// The component around it, whose name goes before the field's.
    pub(super) owner: Option<&'n str>,
    /// The name where neither title nor type give one.
    pub(super) own: &'n str,
    pub(super) title: Option<&'n str>,
    pub(super) many: bool,
}

/// Makes schemas and keeps the components among them.
pub(super) struct Schemas<'s> {
    page: &'s Page,
    pub(super) components: BTreeMap<String, Value>,
    pub(super) problems: Vec<Problem>,
    /// Whether a field that every example shows is always there; so in responses.
    shown_is_required: bool,
}

impl<'s> Schemas<'s> {
    pub(super) fn new(page: &'s Page) -> Self {
        Self {
            page,
            components: BTreeMap::new(),
            problems: Vec::new(),
            shown_is_required: true,
        }
    }

    /// Makes the schemas of a request: only what the page marks is required.
    pub(super) fn for_requests(&mut self, work: impl FnOnce(&mut Self) -> Value) -> Value {
        self.shown_is_required = false;
        let schema = work(self);
        self.shown_is_required = true;
        schema
    }

    /// The schema of a field with its annotations.
    pub(super) fn field(
        &mut self,
        field: &Field,
        owner: Option<&str>,
        instances: &[Instance<'_>],
    ) -> Value {
        let naming = Naming {
            owner,
            own: &field.name,
            title: field.title.as_deref(),
            many: false,
        };
        let schema = self.value(
            &field.kind,
            &field.children,
            naming,
            field.description.as_deref(),
            instances,
        );
        annotate(schema, field)
    }

    /// The schema of a type; an object's description is its component's.
    pub(super) fn value(
        &mut self,
        kind: &Type,
        children: &[Field],
        naming: Naming<'_>,
        description: Option<&str>,
        instances: &[Instance<'_>],
    ) -> Value {
        // An example that shows null proves it, whatever the page's type leaves out.
        let nullable = kind.nullable || instances.iter().any(|instance| instance.value.is_null());
        let some: Vec<Instance<'_>> = instances
            .iter()
            .filter(|instance| !instance.value.is_null())
            .cloned()
            .collect();
        let mut schema = match &kind.shape {
            Shape::Object(_) => self.object(kind, children, naming, description, &some),
            Shape::Any if !children.is_empty() => {
                self.object(kind, children, naming, description, &some)
            }
            Shape::Any => infer_or_any(&some),
            Shape::Scalar(name, format) => {
                self.check(&some, name, |value| is_of(name, value));
                let mut schema = json!({"type": name});
                if let Some(format) = format {
                    schema["format"] = json!(format);
                }
                schema
            }
            Shape::Enumeration(values) => {
                self.check(&some, "one of the listed values", |value| {
                    value
                        .as_str()
                        .is_some_and(|value| values.iter().any(|known| known == value))
                });
                let mut list: Vec<Value> = values.iter().map(|value| json!(value)).collect();
                list.extend(nullable.then_some(Value::Null));
                json!({"type": "string", "enum": list})
            }
            Shape::Array(items) => {
                self.check(&some, "array", Value::is_array);
                let inner: Vec<Instance<'_>> = some.iter().flat_map(Instance::items).collect();
                let naming = Naming {
                    many: true,
                    ..naming
                };
                json!({"type": "array", "items": self.value(items, children, naming, None, &inner)})
            }
            Shape::Union(members) => {
                let members: Vec<Value> = members
                    .iter()
                    .map(|member| {
                        self.value(
                            member,
                            if member.can_have_properties() {
                                children
                            } else {
                                &[]
                            },
                            naming,
                            None,
                            &[],
                        )
                    })
                    .collect();
                json!({"anyOf": members})
            }
        };
        // A schema that says nothing allows null already.
        if nullable && schema.as_object().is_some_and(|schema| !schema.is_empty()) {
            schema = with(schema, "nullable", json!(true));
        }
        if let Some(description) = description
            && schema.get("$ref").is_none()
            && schema.get("allOf").is_none()
        {
            schema["description"] = json!(description);
        }
        schema
    }

    /// Says where an example is not of the field's type.
    fn check(&mut self, instances: &[Instance<'_>], name: &str, fits: impl Fn(&Value) -> bool) {
        for instance in instances.iter().filter(|instance| !fits(instance.value)) {
            let Some(fence) = instance.fence else {
                continue;
            };
            let at = locate(&fence.text, &instance.pointer)
                .map_or(fence.at, |inside| fence.on_page(inside));
            self.problems.push(
                Problem::error(
                    format!("the example shows {} where the page's field is {name}", short(&instance.value.to_string())),
                    self.page.place(at),
                )
                .help("find out what the API answers, and correct the field or the example in the saved page"),
            );
        }
    }

    fn object(
        &mut self,
        kind: &Type,
        children: &[Field],
        naming: Naming<'_>,
        description: Option<&str>,
        instances: &[Instance<'_>],
    ) -> Value {
        self.check(instances, "object", Value::is_object);
        let type_name = match &kind.shape {
            Shape::Object(name) => name.as_deref(),
            _ => None,
        };
        let name = object_name(naming, type_name);
        let schema = self.members(children, Some(&name), description, instances);
        self.component(&name, schema)
    }

    /// The schema of an object with these fields, and with what the examples show beside them.
    pub(super) fn members(
        &mut self,
        children: &[Field],
        name: Option<&str>,
        description: Option<&str>,
        instances: &[Instance<'_>],
    ) -> Value {
        let objects: Vec<&Instance<'_>> = instances
            .iter()
            .filter(|instance| instance.value.is_object())
            .collect();
        let mut properties = Map::new();
        let mut required = Vec::new();
        for child in children {
            let inner: Vec<Instance<'_>> = objects
                .iter()
                .filter_map(|instance| instance.member(&child.name))
                .collect();
            let is_shown =
                self.shown_is_required && !objects.is_empty() && inner.len() == objects.len();
            if child.required || is_shown {
                required.push(json!(child.name));
            }
            let schema = self.field(child, name, &inner);
            properties.insert(child.name.clone(), schema);
        }
        let values: Vec<&Value> = objects.iter().map(|instance| instance.value).collect();
        for key in infer::keys(&values) {
            if properties.contains_key(key) {
                continue;
            }
            let inner: Vec<&Value> = values.iter().filter_map(|value| value.get(key)).collect();
            if self.shown_is_required && inner.len() == values.len() {
                required.push(json!(key));
            }
            properties.insert(key.clone(), infer::schema(&inner));
        }
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        if let Some(description) = description {
            schema.insert("description".to_owned(), json!(description));
        }
        if properties.is_empty() {
            // Nothing is known of what is inside.
            schema.insert("additionalProperties".to_owned(), json!(true));
        } else {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        Value::Object(schema)
    }

    /// Keeps a component and returns a reference to it; another schema of the same name gets a number.
    pub(super) fn component(&mut self, name: &str, schema: Value) -> Value {
        let mut free = name.to_owned();
        let mut number = 2;
        while self
            .components
            .get(&free)
            .is_some_and(|other| *other != schema)
        {
            free = format!("{name}{number}");
            number += 1;
        }
        let reference = json!({"$ref": format!("#/components/schemas/{free}")});
        self.components.insert(free, schema);
        reference
    }
}

fn infer_or_any(instances: &[Instance<'_>]) -> Value {
    let values: Vec<&Value> = instances.iter().map(|instance| instance.value).collect();
    infer::schema(&values)
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => value.is_number(),
    }
}

/// Puts a field's own annotations on its schema.
fn annotate(mut schema: Value, field: &Field) -> Value {
    if let Some(default) = &field.default {
        schema = with(schema, "default", default.clone());
    }
    if field.deprecated {
        schema = with(schema, "deprecated", json!(true));
    }
    schema
}

/// A schema with an annotation; beside a `$ref` OpenAPI 3.0 would not see it.
pub(super) fn with(mut schema: Value, key: &str, value: Value) -> Value {
    if schema.get("$ref").is_some() {
        schema = json!({"allOf": [schema]});
    }
    schema[key] = value;
    schema
}

/// A title of its own names the object; the field's name, or a title that repeats it, goes behind the owner's.
fn object_name(naming: Naming<'_>, type_name: Option<&str>) -> String {
    let one = |text: &str| {
        if naming.many {
            singular(text)
        } else {
            text.to_owned()
        }
    };
    let own = pascal(&one(type_name.unwrap_or(naming.own)));
    let titled = naming
        .title
        .and_then(meaning)
        .map(|title| pascal(&one(&title)));
    let field = pascal(&one(naming.own));
    match (titled, naming.owner) {
        (Some(title), _) if title != own && title != field => title,
        (_, Some(owner)) if !own.starts_with(owner) => format!("{owner}{own}"),
        (Some(title), None) => title,
        _ => own,
    }
}

/// What a title says beyond that there are properties: `Session` of `Session properties`.
fn meaning(title: &str) -> Option<String> {
    const EMPTY: [&str; 24] = [
        "properties",
        "property",
        "attributes",
        "attribute",
        "fields",
        "field",
        "object",
        "objects",
        "details",
        "child",
        "children",
        "show",
        "view",
        "more",
        "the",
        "of",
        "a",
        "an",
        "each",
        "parameters",
        "schema",
        "items",
        "item",
        "response",
    ];
    let mut kept = words(title);
    kept.retain(|word| !EMPTY.contains(&word.to_ascii_lowercase().as_str()));
    (!kept.is_empty()).then(|| kept.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_by_title_or_field() {
        let name = |owner, own, title, many, of_type| {
            object_name(
                Naming {
                    owner,
                    own,
                    title,
                    many,
                },
                of_type,
            )
        };
        assert_eq!(
            name(None, "Item", Some("Session properties"), true, None),
            "Session"
        );
        assert_eq!(name(None, "Item", Some("Sessions"), true, None), "Session");
        assert_eq!(
            name(
                Some("Session"),
                "meta",
                Some("properties"),
                false,
                Some("meta")
            ),
            "SessionMeta"
        );
        assert_eq!(
            name(Some("SessionMeta"), "user", None, false, Some("user")),
            "SessionMetaUser"
        );
        assert_eq!(
            name(
                Some("Session"),
                "meta",
                Some("Meta properties"),
                false,
                None
            ),
            "SessionMeta"
        );
        assert_eq!(
            name(
                Some("Session"),
                "home_address",
                Some("Address"),
                false,
                None
            ),
            "Address"
        );
        assert_eq!(
            name(Some("Session"), "messages", None, true, None),
            "SessionMessage"
        );
    }
}

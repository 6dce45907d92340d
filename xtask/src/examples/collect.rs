//! The examples of a document, each with its place and the schema that it is an example of; and the schemas that instances
//! are made of. It reads the document as its author wrote it, bundled, and must not know what an example is good for.

use std::collections::HashSet;

use callwright_codegen::document::local;
use callwright_codegen::source::{Kind, Nest, Place, Tree};
use serde_json::{Map, Value};

use super::translate::{Direction, child, target};

/// An example of a schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Example<'d> {
    /// Where the value stands.
    pub(crate) pointer: String,
    pub(crate) value: &'d Value,
    /// Where its schema stands; references are followed no further than the place that names it.
    pub(crate) schema: String,
    /// The one way that a value of this place travels; none where it may go both.
    pub(crate) direction: Option<Direction>,
}

/// What a document has.
#[derive(Debug, Default)]
pub(crate) struct Found<'d> {
    pub(crate) examples: Vec<Example<'d>>,
    /// Examples that no JSON schema judges, and why.
    pub(crate) others: Vec<(String, &'static str)>,
    /// Schemas of components, bodies and responses.
    pub(crate) schemas: Vec<String>,
}

/// Collects everything that is reachable from the root of a bundled document.
pub(crate) fn collect(tree: &Tree) -> Found<'_> {
    let mut walk = Walk {
        root: &tree.root,
        is_swagger: tree.root.get("swagger").is_some(),
        seen: HashSet::new(),
        named: HashSet::new(),
        made: HashSet::new(),
        found: Found::default(),
    };
    walk.visit(&tree.root, "", Place::ROOT, None);
    for (pointer, kind) in &tree.parts {
        if let Some(part) = tree.root.pointer(pointer.as_str()) {
            walk.visit(part, pointer.as_str(), Place::one(*kind), None);
            if *kind == Kind::Schema {
                walk.schema_to_make(pointer.as_str());
            }
        }
    }
    walk.unused();
    walk.found
}

struct Walk<'d> {
    root: &'d Value,
    is_swagger: bool,
    seen: HashSet<String>,
    /// Example Objects that a schema's place refers to.
    named: HashSet<String>,
    /// What is in `found.schemas`.
    made: HashSet<String>,
    found: Found<'d>,
}

/// Where a walk is: the way that values travel there. Of what the server calls, requests are what comes in.
type Way = Option<Direction>;

impl<'d> Walk<'d> {
    fn visit(&mut self, value: &'d Value, pointer: &str, place: Place, way: Way) {
        if place.is_data() || !self.seen.insert(pointer.to_owned()) {
            return;
        }
        let mut way = way;
        if let (Value::Object(map), true) = (value, place.is_one()) {
            if map.get("$ref").is_some_and(Value::is_string)
                && place.kind != Kind::Schema
                && place.kind != Kind::PathItem
            {
                return;
            }
            way = way_of(pointer, place.kind, way);
            self.examples_of(map, pointer, place.kind, way);
        }
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    let next = place.step(key);
                    // A key without structure below ends the walk there.
                    if next.kind != Kind::Plain {
                        self.visit(inner, &child(pointer, key), next, way);
                    }
                }
            }
            Value::Array(list) if place.nest != Nest::One => {
                for (index, inner) in list.iter().enumerate() {
                    self.visit(
                        inner,
                        &child(pointer, &index.to_string()),
                        place.item(),
                        way,
                    );
                }
            }
            _ => {}
        }
    }

    fn examples_of(&mut self, map: &'d Map<String, Value>, pointer: &str, kind: Kind, way: Way) {
        match kind {
            Kind::Schema => self.schema(map, pointer, way),
            Kind::MediaType => self.media_type(map, pointer, way),
            Kind::Parameter | Kind::Header => self.parameter(map, pointer, kind, way),
            Kind::Response if self.is_swagger => self.swagger_response(map, pointer, way),
            _ => {}
        }
    }

    fn schema(&mut self, map: &'d Map<String, Value>, pointer: &str, way: Way) {
        for key in ["example", "x-example"] {
            if let Some(value) = map.get(key) {
                self.add(child(pointer, key), value, pointer, way);
            }
        }
        for key in ["examples", "x-examples"] {
            match map.get(key) {
                Some(Value::Array(list)) => {
                    for (index, value) in list.iter().enumerate() {
                        let place = child(&child(pointer, key), &index.to_string());
                        self.add(place, value, pointer, way);
                    }
                }
                // Neither version has a map here; what people write is that of media types.
                Some(Value::Object(_)) => self.named(&map[key], &child(pointer, key), pointer, way),
                _ => {}
            }
        }
        let is_component = ["/components/schemas/", "/definitions/"]
            .iter()
            .any(|base| {
                pointer
                    .strip_prefix(base)
                    .is_some_and(|rest| !rest.contains('/'))
            });
        if is_component {
            self.schema_to_make(pointer);
        }
    }

    fn media_type(&mut self, map: &'d Map<String, Value>, pointer: &str, way: Way) {
        let name = pointer
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .replace("~1", "/");
        let is_json = holds_json(&name);
        let schema = child(pointer, "schema");
        if map.contains_key("schema") && is_json {
            self.schema_to_make(&schema);
        }
        self.of_place(map, pointer, &schema, way, is_json);
    }

    fn parameter(&mut self, map: &'d Map<String, Value>, pointer: &str, kind: Kind, way: Way) {
        let is_body = self.is_swagger && map.get("in").is_some_and(|place| place == "body");
        // Parameters of 2.0 are their own schemas.
        let schema = if self.is_swagger && !is_body {
            pointer.to_owned()
        } else {
            child(pointer, "schema")
        };
        if is_body {
            self.schema_to_make(&schema);
        }
        let way = way.or((kind == Kind::Header).then_some(Direction::Response));
        self.of_place(map, pointer, &schema, way, true);
    }

    fn swagger_response(&mut self, map: &'d Map<String, Value>, pointer: &str, way: Way) {
        let schema = child(pointer, "schema");
        // A file is bytes.
        let of_file = target(self.root, &schema).and_then(|schema| schema.get("type"));
        if map.contains_key("schema") && of_file.is_none_or(|name| name != "file") {
            self.schema_to_make(&schema);
        }
        let Some(Value::Object(examples)) = map.get("examples") else {
            return;
        };
        let base = child(pointer, "examples");
        for (name, value) in examples {
            let place = child(&base, name);
            if !map.contains_key("schema") {
                self.found.others.push((place, "there is no schema"));
            } else if holds_json(name) || !name.contains('/') {
                self.add(place, value, &schema, way);
            } else {
                self.found
                    .others
                    .push((place, "the media type is not JSON"));
            }
        }
    }

    /// `example` and `examples` beside a schema.
    fn of_place(
        &mut self,
        map: &'d Map<String, Value>,
        pointer: &str,
        schema: &str,
        way: Way,
        is_json: bool,
    ) {
        let has_schema = target(self.root, schema).is_some();
        for key in ["example", "x-example"] {
            if let Some(value) = map.get(key) {
                self.add_if(
                    child(pointer, key),
                    value,
                    schema,
                    way,
                    (is_json, has_schema),
                );
            }
        }
        for key in ["examples", "x-examples"] {
            match map.get(key) {
                Some(value @ Value::Object(_)) if is_json && has_schema => {
                    self.named(value, &child(pointer, key), schema, way);
                }
                Some(Value::Object(members)) => {
                    for name in members.keys() {
                        let place = child(&child(pointer, key), name);
                        self.found
                            .others
                            .push((place, reason((is_json, has_schema))));
                    }
                }
                Some(Value::Array(list)) => {
                    for (index, value) in list.iter().enumerate() {
                        let place = child(&child(pointer, key), &index.to_string());
                        self.add_if(place, value, schema, way, (is_json, has_schema));
                    }
                }
                _ => {}
            }
        }
    }

    /// Example Objects by name, and references to them.
    fn named(&mut self, examples: &'d Value, pointer: &str, schema: &str, way: Way) {
        for (name, example) in examples.as_object().into_iter().flatten() {
            let mut place = child(pointer, name);
            let mut example = example;
            for _ in 0..8 {
                let reference = example.get("$ref").and_then(Value::as_str);
                let Some(next) = reference.and_then(local) else {
                    break;
                };
                let Some(found) = target(self.root, next.as_str()) else {
                    break;
                };
                next.as_str().clone_into(&mut place);
                example = found;
            }
            self.named.insert(place.clone());
            let value = ["value", "dataValue"]
                .iter()
                .find_map(|key| Some((*key, example.get(*key)?)));
            match value {
                Some((key, value)) => self.add(child(&place, key), value, schema, way),
                None if example.get("externalValue").is_some()
                    || example.get("serializedValue").is_some() =>
                {
                    self.found
                        .others
                        .push((place, "the value stands elsewhere, or as text"));
                }
                // `x-examples` and what is written in this place by mistake: the value itself.
                None => self.add(place, example, schema, way),
            }
        }
    }

    /// Examples of the components that nothing names have no schema.
    fn unused(&mut self) {
        let examples = self.root.pointer("/components/examples");
        for (name, example) in examples.and_then(Value::as_object).into_iter().flatten() {
            let pointer = child("/components/examples", name);
            let has_value = example.get("value").is_some() || example.get("dataValue").is_some();
            if has_value && !self.named.contains(&pointer) {
                self.found.others.push((pointer, "no schema refers to it"));
            }
        }
    }

    fn add_if(
        &mut self,
        pointer: String,
        value: &'d Value,
        schema: &str,
        way: Way,
        fit: (bool, bool),
    ) {
        if fit == (true, true) {
            self.add(pointer, value, schema, way);
        } else {
            self.found.others.push((pointer, reason(fit)));
        }
    }

    fn add(&mut self, pointer: String, value: &'d Value, schema: &str, direction: Way) {
        self.found.examples.push(Example {
            pointer,
            value,
            schema: schema.to_owned(),
            direction,
        });
    }

    /// Notes a schema that says something itself.
    fn schema_to_make(&mut self, pointer: &str) {
        let schema = target(self.root, pointer);
        let is_own = schema.is_some_and(|schema| {
            schema.as_object().is_some_and(|map| {
                !map.is_empty()
                    && (!map.contains_key("$ref") || (!self.is_swagger && map.len() > 1))
            })
        });
        if is_own && self.made.insert(pointer.to_owned()) {
            self.found.schemas.push(pointer.to_owned());
        }
    }
}

/// The way that values travel at and below an object. What the server calls is turned around.
fn way_of(pointer: &str, kind: Kind, way: Way) -> Way {
    let inward = pointer.contains("/callbacks/") || pointer.starts_with("/webhooks/");
    let (sent, received) = if inward {
        (Direction::Response, Direction::Request)
    } else {
        (Direction::Request, Direction::Response)
    };
    match kind {
        Kind::Response => Some(received),
        Kind::RequestBody | Kind::Parameter => Some(sent),
        _ => way,
    }
}

fn reason((is_json, _): (bool, bool)) -> &'static str {
    if is_json {
        "there is no schema"
    } else {
        "the media type is not JSON"
    }
}

/// Whether a value in the document is the value of a body, rather than its text.
pub(super) fn holds_json(media: &str) -> bool {
    let media = media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    media.contains("json")
        || media == "*/*"
        || media == "application/*"
        || media == "application/x-www-form-urlencoded"
}

#[cfg(test)]
mod tests {
    use callwright_codegen::source::{Input, Limits, LoadError, Tree, read};

    use super::{Found, collect};

    fn tree(text: &str) -> Tree {
        let input = Input {
            name: "a.yaml",
            bytes: text.as_bytes(),
            loader: &|name| match name {
                "b.yaml" => Ok(b"Part: { type: string, example: part }".to_vec()),
                _ => Err(LoadError::Missing),
            },
            overlays: Vec::new(),
            limits: Limits::default(),
        };
        read(&input).0.unwrap()
    }

    fn told(found: &Found<'_>) -> Vec<String> {
        let mut told: Vec<String> = found
            .examples
            .iter()
            .map(|example| {
                let way = example.direction.map(|way| format!("{way:?} "));
                format!(
                    "{}{} of {}",
                    way.unwrap_or_default(),
                    example.value,
                    example.schema
                )
            })
            .collect();
        told.sort();
        told
    }

    #[test]
    fn examples_stand_at_media_types_parameters_headers_and_schemas() {
        let tree = tree(
            "
openapi: 3.1.0
paths:
  /a:
    parameters: [{ in: query, name: q, schema: { type: string }, examples: { one: { value: q1 }, two: { $ref: '#/components/examples/E' } } }]
    post:
      requestBody: { content: { application/json: { schema: { type: integer }, example: 1 }, text/xml: { schema: {}, example: <a/> } } }
      responses:
        '200':
          description: ''
          headers: { H: { schema: { type: string }, example: h } }
          content: { application/problem+json: { schema: { $ref: '#/components/schemas/S' }, examples: { far: { externalValue: x.json }, odd: { value: { example: 2 } } } } }
components:
  examples: { E: { value: e }, Unused: { value: u } }
  schemas:
    S: { type: object, examples: [{ p: 1 }, { p: 2 }], properties: { p: { type: integer, example: 3 }, example: { $ref: 'b.yaml#/Part' } } }
",
        );
        let found = collect(&tree);
        let base = "/paths/~1a";
        assert_eq!(
            told(&found),
            [
                "\"part\" of /x-callwright-files/1/Part".to_owned(),
                "3 of /components/schemas/S/properties/p".to_owned(),
                format!("Request \"e\" of {base}/parameters/0/schema"),
                format!("Request \"q1\" of {base}/parameters/0/schema"),
                format!("Request 1 of {base}/post/requestBody/content/application~1json/schema"),
                format!("Response \"h\" of {base}/post/responses/200/headers/H/schema"),
                format!(
                    "Response {{\"example\":2}} of {base}/post/responses/200/content/application~1problem+json/schema"
                ),
                "{\"p\":1} of /components/schemas/S".to_owned(),
                "{\"p\":2} of /components/schemas/S".to_owned(),
            ]
        );
        let mut others: Vec<&str> = found.others.iter().map(|(_, reason)| *reason).collect();
        others.sort_unstable();
        assert_eq!(
            others,
            [
                "no schema refers to it",
                "the media type is not JSON",
                "the value stands elsewhere, or as text"
            ]
        );
        assert_eq!(found.schemas.len(), 3, "{:?}", found.schemas);
    }

    #[test]
    fn examples_of_swagger_stand_by_media_type_and_in_extensions() {
        let tree = tree(
            "
swagger: '2.0'
paths:
  /a:
    post:
      parameters:
        - { in: query, name: q, type: string, x-example: q1 }
        - { in: body, name: b, schema: { type: integer }, x-examples: { application/json: 7 } }
      responses:
        '200': { description: '', schema: { type: integer }, examples: { application/json: 8, text/plain: eight }, headers: { H: { type: string, x-example: h } } }
definitions: { D: { type: string, example: d } }
",
        );
        let found = collect(&tree);
        let post = "/paths/~1a/post";
        assert_eq!(
            told(&found),
            [
                "\"d\" of /definitions/D".to_owned(),
                format!("Request \"q1\" of {post}/parameters/0"),
                format!("Request 7 of {post}/parameters/1/schema"),
                format!("Response \"h\" of {post}/responses/200/headers/H"),
                format!("Response 8 of {post}/responses/200/schema"),
            ]
        );
        assert_eq!(found.others.len(), 1);
        assert_eq!(found.schemas.len(), 3, "{:?}", found.schemas);
    }
}

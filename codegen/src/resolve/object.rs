//! Objects, maps, arrays and tuples.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::Resolver;
use super::constraints::constraints;
use super::intersection::Part;
use crate::diagnostic::Code;
use crate::document::Node;
use crate::ir::{Doc, Field, Object, Shape, TypeRef};

/// What `additionalProperties` allows.
enum Additional<'d> {
    /// Nothing is said.
    Unsaid,
    /// Nothing is allowed.
    Closed,
    /// Anything is allowed, explicitly.
    Open,
    /// Values of these schemas.
    Typed(Vec<Node<'d>>),
}

impl<'d> Resolver<'d> {
    /// The shape of an object schema.
    pub(super) fn object(&mut self, parts: &[Part<'d>], place: &[String]) -> Shape {
        let mut properties: IndexMap<&'d str, Vec<Node<'d>>> = IndexMap::new();
        for (name, node) in parts
            .iter()
            .filter_map(|part| part.node.get("properties"))
            .flat_map(|node| node.members())
        {
            let nodes = properties.entry(name).or_default();
            if !nodes
                .iter()
                .any(|known| known.pointer == node.pointer || same_reference(known, &node))
            {
                nodes.push(node);
            }
        }
        let required = self.required(parts, &properties);
        let additional = additional(parts);
        if properties.is_empty() {
            return match additional {
                Additional::Closed => Shape::Object(Object::default()),
                other => Shape::Map(self.additional_type(&other, parts, place)),
            };
        }
        let fields = properties
            .iter()
            .map(|(name, nodes)| self.field(name, nodes, required.contains(*name), place))
            .collect();
        let open = matches!(additional, Additional::Unsaid);
        let additional = match additional {
            Additional::Unsaid | Additional::Closed => None,
            other => Some(self.additional_type(&other, parts, place)),
        };
        Shape::Object(Object {
            fields,
            additional,
            open,
        })
    }

    fn required(
        &mut self,
        parts: &[Part<'d>],
        properties: &IndexMap<&'d str, Vec<Node<'d>>>,
    ) -> HashSet<&'d str> {
        let mut required = HashSet::new();
        let members: HashSet<usize> = parts.iter().filter_map(|part| part.member).collect();
        let by_all = |name: &str| {
            let of = |part: &&Part<'d>| {
                super::union::required(std::slice::from_ref(*part)).any(|it| it == name)
            };
            let asking: HashSet<usize> = parts
                .iter()
                .filter(of)
                .filter_map(|part| part.member)
                .collect();
            asking == members
        };
        for part in parts {
            for item in part.node.get("required").iter().flat_map(Node::items) {
                let Some(name) = item.value.as_str() else {
                    continue;
                };
                if part.member.is_some() && !by_all(name) {
                    continue;
                }
                if required.insert(name) && !properties.contains_key(name) {
                    self.report(
                        Code::REQUIRED_UNDECLARED,
                        &item,
                        format!("`{name}` is required but no property of that name is declared"),
                        "declare the property, or take it out of `required`; no field is made for it",
                    );
                }
            }
        }
        required
    }

    fn field(&mut self, name: &str, nodes: &[Node<'d>], required: bool, place: &[String]) -> Field {
        let ty = self
            .known(nodes)
            .unwrap_or_else(|| self.schema_of_all(nodes, &[place, &[name.to_owned()]].concat()));
        let parts = self.parts(nodes);
        let flag = |key: &str| parts.iter().any(|part| part.node.flag(key));
        let (read_only, write_only) = (flag("readOnly"), flag("writeOnly"));
        let mut limits = constraints(&parts);
        if let Some(narrowed) = self.api.types.narrowed(ty) {
            limits.allowed = Some(narrowed.to_vec());
        }
        Field {
            wire: name.to_owned(),
            ty,
            required,
            maybe: false,
            // Both at once cancel each other: the property would be nowhere.
            read_only: read_only && !write_only,
            write_only: write_only && !read_only,
            doc: use_doc(nodes),
            constraints: limits,
        }
    }

    fn additional_type(
        &mut self,
        additional: &Additional<'d>,
        parts: &[Part<'d>],
        place: &[String],
    ) -> TypeRef {
        let mut inner = place.to_vec();
        inner.push("value".to_owned());
        match additional {
            Additional::Typed(nodes) if nodes.len() == 1 => self.schema(&nodes[0], &inner),
            Additional::Typed(nodes) => {
                let types: Vec<TypeRef> =
                    nodes.iter().map(|node| self.schema(node, &inner)).collect();
                if types.windows(2).all(|pair| pair[0] == pair[1]) {
                    return types[0];
                }
                if let Some(shape) = self.same_shape(&types) {
                    let nullable = types.iter().any(|ty| ty.nullable);
                    // Each has limits of its own, which hold for the names of its pattern alone.
                    let ty = self.plain(&nodes[0], shape);
                    return TypeRef { nullable, ..ty };
                }
                self.untyped(
                    &nodes[0],
                    "properties of several patterns have different types",
                );
                self.anything(&nodes[0])
            }
            _ => self.anything(&parts[0].node),
        }
    }

    /// The shape that types have in common, where it holds no other types.
    fn same_shape(&self, types: &[TypeRef]) -> Option<Shape> {
        let shape = |ty: &TypeRef| &self.api.types[self.api.types.unalias(*ty).id].shape;
        let first = shape(types.first()?);
        let plain = first.references().is_empty()
            && !matches!(first, Shape::Object(_) | Shape::Enumeration(_));
        (plain && types.iter().all(|ty| shape(ty) == first)).then(|| first.clone())
    }

    /// The shape of an array schema.
    pub(super) fn array(&mut self, parts: &[Part<'d>], place: &[String]) -> Shape {
        let mut inner = place.to_vec();
        inner.push("item".to_owned());
        let prefix: Vec<Node<'d>> = parts
            .iter()
            .find_map(|part| part.node.get("x-callwright-prefix-items"))
            .map(|list| list.items().collect())
            .unwrap_or_default();
        let items: Vec<Node<'d>> = parts
            .iter()
            .filter_map(|part| part.node.get("items"))
            .collect();
        if !prefix.is_empty() {
            return self.tuple(parts, &prefix, &items, &inner);
        }
        if items.is_empty() {
            return Shape::Array(self.anything(&parts[0].node));
        }
        Shape::Array(self.schema_of_all(&items, &inner))
    }

    fn tuple(
        &mut self,
        parts: &[Part<'d>],
        prefix: &[Node<'d>],
        items: &[Node<'d>],
        place: &[String],
    ) -> Shape {
        let types: Vec<TypeRef> = prefix
            .iter()
            .enumerate()
            .map(|(index, node)| {
                let mut inner = place.to_vec();
                inner.push((index + 1).to_string());
                self.schema(node, &inner)
            })
            .collect();
        let limits = constraints(parts);
        let length = Some(types.len() as u64);
        let no_more = limits.max_items == length
            || items.iter().any(|node| {
                node.value.as_object().is_some_and(closed) || node.value == &Value::Bool(false)
            });
        if no_more && limits.min_items == length && types.len() <= MAX_TUPLE {
            return Shape::Tuple(types);
        }
        let rest = items
            .first()
            .filter(|node| !node.value.as_object().is_some_and(closed));
        let rest = rest.map(|node| self.schema(node, place));
        let same = |ty: &TypeRef| {
            self.api.types[ty.id].shape == self.api.types[types[0].id].shape
                && ty.nullable == types[0].nullable
        };
        let simple = !matches!(
            self.api.types[types[0].id].shape,
            Shape::Any | Shape::Object(_)
        );
        if simple && types.iter().chain(&rest).all(same) && (no_more || rest.is_some()) {
            return Shape::Array(types[0]);
        }
        self.untyped(
            &parts[0].node,
            "an array of varying length with a type per position has no Rust type",
        );
        Shape::Array(self.anything(&parts[0].node))
    }
}

/// What the parts together allow besides the named properties.
fn additional<'d>(parts: &[Part<'d>]) -> Additional<'d> {
    let mut said = Additional::Unsaid;
    for part in parts {
        let typed = part.node.get("additionalProperties");
        let patterns = part.node.get("x-callwright-pattern-properties");
        let nodes = typed.into_iter().chain(
            patterns
                .iter()
                .flat_map(|node| node.members().map(|(_, node)| node)),
        );
        for node in nodes {
            said = match (said, node.value) {
                (Additional::Typed(mut nodes), Value::Object(map)) if !closed(map) => {
                    nodes.push(node);
                    Additional::Typed(nodes)
                }
                (_, Value::Object(map)) if !map.is_empty() && !closed(map) => {
                    Additional::Typed(vec![node])
                }
                (said @ Additional::Typed(_), _) => said,
                (_, Value::Object(map)) if map.is_empty() => Additional::Open,
                (_, Value::Bool(true)) | (Additional::Open, _) => Additional::Open,
                _ => Additional::Closed,
            };
        }
    }
    said
}

/// The longest tuple that the runtime reads and writes.
const MAX_TUPLE: usize = 8;

/// `{"not": {}}`, the lowered form of `false`.
fn closed(map: &serde_json::Map<String, Value>) -> bool {
    map.get("not")
        .and_then(Value::as_object)
        .is_some_and(serde_json::Map::is_empty)
}

fn same_reference(a: &Node<'_>, b: &Node<'_>) -> bool {
    a.reference().is_some() && a.reference() == b.reference()
}

/// What is said of a use of a schema: by the schemas that stand there, not by those they refer to.
pub(super) fn use_doc(nodes: &[Node<'_>]) -> Doc {
    let text = |key: &str| {
        nodes
            .iter()
            .rev()
            .find_map(|node| node.str(key))
            .map(str::to_owned)
    };
    let value = |key: &str| {
        nodes
            .iter()
            .rev()
            .find_map(|node| node.member(key))
            .cloned()
    };
    Doc {
        title: text("title"),
        description: text("description"),
        deprecated: nodes.iter().any(|node| node.flag("deprecated")),
        default: value("default"),
        example: value("example"),
        url: None,
    }
}

//! Schemas: what a node is a schema of, its name's origin, and where recursion is caught.

use serde_json::Value;

use super::Resolver;
use super::intersection::Part;
use crate::diagnostic::{Code, Pointer};
use crate::document::{Node, local};
use crate::ir::{Constraints, Doc, Form, Origin, Shape, Type, TypeId, TypeRef, Usage};

/// What a schema turned out to be.
pub(super) enum Built {
    /// Exactly another type.
    Same(TypeRef),
    /// A type of its own.
    New(Shape),
}

impl<'d> Resolver<'d> {
    /// The type of a schema that stands at `node`; `place` are the words of that place.
    pub(super) fn schema(&mut self, node: &Node<'d>, place: &[String]) -> TypeRef {
        self.schema_of_all(std::slice::from_ref(node), place)
    }

    /// The type of the values that satisfy all of the schemas at `nodes` (at least one).
    pub(super) fn schema_of_all(&mut self, nodes: &[Node<'d>], place: &[String]) -> TypeRef {
        if let Some(known) = self.known(nodes) {
            return known;
        }
        let node = &nodes[0];
        if let ([node], Some(reference)) = (nodes, node.reference()) {
            return self.reference(node, reference, place);
        }
        let nullable = nodes.iter().all(|node| self.nullable(node, 0));
        let origin = match nodes {
            [node] => self.origin(node, place),
            _ => Origin::Inline(place.to_vec()),
        };
        let place = match &origin {
            Origin::Component(name) => vec![name.clone()],
            _ => place.to_vec(),
        };
        let reserved = TypeRef {
            nullable,
            ..self.reserve(node, origin).into()
        };
        self.memo.set(nodes, reserved);
        let parts = self.parts(nodes);
        self.describe(reserved.id, &parts);
        let built = self.intersection(nodes, &parts, &place);
        let built = self.narrowed(nodes, reserved.id, built, &place);
        let result = self.settle(reserved, built);
        self.memo.set(nodes, result);
        result
    }

    /// The type of schemas that were resolved before, or of the one that the only one of them refers to.
    pub(super) fn known(&self, nodes: &[Node<'d>]) -> Option<TypeRef> {
        let known = self.memo.get(nodes);
        if let ([node], None) = (nodes, known) {
            let target = self.document.node(&local(node.reference()?)?)?;
            return self.memo.get(&[target]);
        }
        known
    }

    /// A new type that is the values of `parts`, for schemas that stand nowhere as such.
    pub(super) fn schema_of_parts(
        &mut self,
        node: &Node<'d>,
        parts: &[Part<'d>],
        place: &[String],
    ) -> TypeRef {
        let reserved = TypeRef::from(self.reserve(node, Origin::Inline(place.to_vec())));
        self.describe(reserved.id, parts);
        let target = self.document.follow(node).ok();
        let heirs = target.is_some_and(|target| self.families.contains_key(&target.pointer));
        let built = if heirs {
            self.intersection(std::slice::from_ref(node), parts, place)
        } else {
            self.built(parts, place)
        };
        self.settle(reserved, built)
    }

    fn reserve(&mut self, node: &Node<'d>, origin: Origin) -> TypeId {
        self.api.types.push(Type {
            shape: Shape::Any,
            doc: Doc::default(),
            origin,
            pointer: node.pointer.clone(),
            usage: Usage::default(),
            form: Form::Shared,
            constraints: Constraints::default(),
            xml: None,
        })
    }

    fn settle(&mut self, reserved: TypeRef, built: Built) -> TypeRef {
        match built {
            Built::New(shape) => {
                let item = matches!(
                    shape,
                    Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_)
                );
                let component = matches!(self.api.types[reserved.id].origin, Origin::Component(_));
                if item || !component {
                    self.api.types[reserved.id].shape = shape;
                } else {
                    // A component that is no item of its own keeps its name as an alias.
                    let mut inner = self.api.types[reserved.id].clone();
                    inner.shape = shape;
                    inner.origin = Origin::Inline(Vec::new());
                    let inner = self.api.types.push(inner);
                    self.api.types[reserved.id].shape = Shape::Alias(inner.into());
                }
                // `null` is a value of anything already.
                let null = self.api.types[reserved.id].shape.is_null_or_any();
                TypeRef {
                    nullable: reserved.nullable && !null,
                    ..reserved
                }
            }
            Built::Same(other) if other.id == reserved.id => reserved,
            Built::Same(other) => {
                self.api.types[reserved.id].shape = Shape::Alias(other);
                if matches!(self.api.types[reserved.id].origin, Origin::Component(_)) {
                    reserved
                } else {
                    // An alias without a name, where the use has an element or a list of values of its own.
                    let ty = &self.api.types[reserved.id];
                    let said = ty.xml.is_some() || ty.constraints.allowed.is_some();
                    TypeRef {
                        nullable: reserved.nullable || other.nullable,
                        ..(if said { reserved } else { other })
                    }
                }
            }
        }
    }

    /// The type that a reference names, which is not known yet.
    fn reference(&mut self, node: &Node<'d>, reference: &str, place: &[String]) -> TypeRef {
        let Some(target) = self.follow(node) else {
            return self.anything(node);
        };
        // A reference to a reference that is a component keeps that component's name.
        let first = local(reference).and_then(|pointer| self.document.node(&pointer));
        if let Some(first) = first.as_ref().filter(|first| first.reference().is_some())
            && component_name(&first.pointer).is_some()
        {
            let target_type = self.schema(&target, place);
            let origin = self.origin(first, place);
            let id = self.reserve(first, origin);
            self.api.types[id].shape = Shape::Alias(target_type);
            let alias = TypeRef { id, ..target_type };
            self.memo.set(std::slice::from_ref(first), alias);
            return alias;
        }
        self.schema(&target, place)
    }

    /// A value of any kind, where a better type cannot be had.
    pub(super) fn anything(&mut self, node: &Node<'d>) -> TypeRef {
        self.reserve(node, Origin::Inline(Vec::new())).into()
    }

    /// A plain type without a schema of its own.
    pub(super) fn plain(&mut self, node: &Node<'d>, shape: Shape) -> TypeRef {
        let id = self.reserve(node, Origin::Inline(Vec::new()));
        self.api.types[id].shape = shape;
        id.into()
    }

    fn origin(&self, node: &Node<'d>, place: &[String]) -> Origin {
        if let Some(name) = component_name(&node.pointer) {
            return Origin::Component(name);
        }
        if let Some(name) = self.document.suggested_name(&node.pointer) {
            return Origin::Component(name);
        }
        // A schema that is reached by reference only, without words of a place: the words of its pointer.
        let context = if place.is_empty() {
            node.pointer
                .tokens()
                .filter(|token| !STRUCTURE.contains(&token.as_ref()))
                .map(std::borrow::Cow::into_owned)
                .collect()
        } else {
            place.to_vec()
        };
        match node.str("title") {
            Some(title) if !title.trim().is_empty() => Origin::Titled {
                title: title.to_owned(),
                context,
            },
            _ => Origin::Inline(context),
        }
    }

    /// Copies what is said of the schema as a whole.
    fn describe(&mut self, id: TypeId, parts: &[Part<'d>]) {
        let doc = doc(parts);
        let constraints = self.limits(parts);
        let ty = &mut self.api.types[id];
        ty.doc = doc;
        ty.constraints = constraints;
        // What a schema is called in XML is said of itself, not of those that build on it.
        let own = |part: &&Part<'d>| {
            let below = part.node.pointer.as_str().strip_prefix(ty.pointer.as_str());
            part.own || below.is_some_and(|below| below.starts_with('/'))
        };
        ty.xml = parts
            .iter()
            .rev()
            .filter(own)
            .find_map(|part| part.node.member("x-callwright-xml"))
            .cloned();
    }

    /// Whether `null` is a value of the schema.
    pub(super) fn nullable(&self, node: &Node<'d>, depth: usize) -> bool {
        // Deeper nesting than this says nothing of null that a reader would follow.
        if depth > 16 {
            return false;
        }
        if let Some(reference) = node.reference() {
            return local(reference)
                .and_then(|pointer| self.document.node(&pointer))
                .is_some_and(|target| self.nullable(&target, depth + 1));
        }
        let enumerated = node.values("enum").any(serde_json::Value::is_null);
        let any = |key: &str| {
            node.get(key)
                .is_some_and(|list| list.items().any(|item| self.nullable(&item, depth + 1)))
        };
        let all_of = node.get("allOf");
        let inherited = all_of.is_some_and(|list| {
            let mut members = list
                .items()
                .filter(|item| !super::intersection::annotation_only(item))
                .peekable();
            members.peek().is_some() && members.all(|item| self.nullable(&item, depth + 1))
        });
        // A type beside a union holds for its members, too, and null is none of its values.
        let united = node.member("type").is_none() && (any("oneOf") || any("anyOf"));
        node.flag("nullable") || enumerated || united || inherited
    }

    /// Reports a schema whose values have no Rust type and are taken as JSON values.
    pub(super) fn untyped(&mut self, node: &Node<'d>, why: &str) -> Shape {
        self.report(
            Code::UNTYPED,
            node,
            format!("{why}; `serde_json::Value` stands for it"),
            "say more of the schema in an overlay, or use the value as it is",
        );
        Shape::Any
    }
}

/// What the outermost schema that says something says.
fn doc(parts: &[Part<'_>]) -> Doc {
    let own: Vec<&Node<'_>> = parts
        .iter()
        .filter(|part| part.own)
        .map(|part| &part.node)
        .collect();
    let all: Vec<&Node<'_>> = parts.iter().rev().map(|part| &part.node).collect();
    let text = |key: &str| {
        let own = own.iter().find_map(|node| node.str(key));
        own.or_else(|| all.iter().find_map(|node| node.str(key)))
            .map(str::to_owned)
    };
    let value = |key: &str| {
        let own = own.iter().find_map(|node| node.member(key));
        own.or_else(|| all.iter().find_map(|node| node.member(key)))
            .cloned()
    };
    Doc {
        title: text("title"),
        description: text("description"),
        deprecated: own.iter().any(|node| node.flag("deprecated")),
        default: value("default"),
        example: value("example"),
        url: all
            .iter()
            .find_map(|node| node.member("externalDocs")?.get("url"))
            .and_then(Value::as_str)
            .map(str::to_owned),
    }
}

/// The name of the component at a pointer: of a schema, or of a definition inside one.
fn component_name(pointer: &Pointer) -> Option<String> {
    let mut tokens = pointer.tokens().rev();
    let name = tokens.next()?;
    let holder = tokens.next()?;
    let above = tokens.next()?;
    let is_component = match holder.as_ref() {
        "schemas" => above == "components" && tokens.next().is_none(),
        holder => matches!(holder, "$defs" | "definitions"),
    };
    is_component.then(|| name.into_owned())
}

/// Words of a pointer that say nothing of what stands there.
const STRUCTURE: &[&str] = &[
    "components",
    "schemas",
    "paths",
    "properties",
    "items",
    "content",
    "schema",
    "responses",
    "requestBody",
    "parameters",
    "allOf",
    "oneOf",
    "anyOf",
    "additionalProperties",
    "x-callwright-files",
    "application/json",
];

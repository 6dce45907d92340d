//! `allOf`: several schemas that hold together are flattened into parts, and the parts give one type.

use super::Resolver;
use super::schema::Built;
use crate::diagnostic::{Code, Pointer};
use crate::document::Node;
use crate::ir::{EnumerationValue, Origin, Shape, TypeId, TypeRef};

/// One schema of several that hold together, without what its `$ref` and `allOf` add: those are parts
/// of their own.
#[derive(Debug, Clone)]
pub(super) struct Part<'d> {
    /// The schema.
    pub(super) node: Node<'d>,
    /// Whether it is the schema itself and not one that it builds on.
    pub(super) own: bool,
    /// Which of several members it is of that may hold: its `required` counts where that of all members does.
    pub(super) member: Option<usize>,
    /// Whether its `oneOf` and `anyOf` are accounted for already.
    pub(super) united: bool,
}

/// The JSON types that a schema may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }
}

/// Keywords that shape a type; a schema without them only annotates or limits.
const SHAPING: &[&str] = &[
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "oneOf",
    "anyOf",
    "x-callwright-prefix-items",
    "x-callwright-pattern-properties",
];

/// Keywords by which a schema without `type` still tells its kind.
const TELLING: &[(Kind, &[&str])] = &[
    (
        Kind::Object,
        &[
            "properties",
            "additionalProperties",
            "required",
            "x-callwright-pattern-properties",
            "x-callwright-property-names",
            "minProperties",
            "maxProperties",
        ],
    ),
    (
        Kind::Array,
        &[
            "items",
            "x-callwright-prefix-items",
            "minItems",
            "maxItems",
            "uniqueItems",
        ],
    ),
    (Kind::String, &["pattern", "minLength", "maxLength"]),
    (Kind::Number, &["minimum", "maximum", "multipleOf"]),
];

/// Whether the node itself (not what it builds on) shapes a type.
pub(super) fn shapes(node: &Node<'_>) -> bool {
    let mut keywords = node.value.as_object().into_iter().flatten();
    keywords.any(|(key, value)| {
        SHAPING.contains(&key.as_str()) && (key != "required" || !is_empty(value))
    })
}

fn is_empty(value: &serde_json::Value) -> bool {
    value.as_array().is_none_or(Vec::is_empty)
}

/// Whether `null` is the only value.
pub(super) fn lists_null_alone(node: &Node<'_>) -> bool {
    node.member("enum")
        .and_then(serde_json::Value::as_array)
        .is_some_and(|values| !values.is_empty() && values.iter().all(serde_json::Value::is_null))
}

/// Whether a schema says nothing of the type of its values.
pub(super) fn annotation_only(node: &Node<'_>) -> bool {
    node.reference().is_none()
        && node.member("allOf").is_none()
        && node.member("type").is_none()
        && node.member("format").is_none()
        && !shapes(node)
        && !TELLING
            .iter()
            .any(|(_, keys)| keys.iter().any(|key| node.member(key).is_some()))
}

impl<'d> Resolver<'d> {
    /// The parts of schemas that hold together: what a schema builds on comes before it.
    pub(super) fn parts(&mut self, nodes: &[Node<'d>]) -> Vec<Part<'d>> {
        let mut parts = Vec::new();
        for node in nodes {
            self.flatten(node, true, &mut parts, &mut Vec::new());
        }
        parts
    }

    fn flatten(
        &mut self,
        node: &Node<'d>,
        own: bool,
        parts: &mut Vec<Part<'d>>,
        above: &mut Vec<Pointer>,
    ) {
        if above.contains(&node.pointer) {
            self.report(
                Code::ALL_OF_CYCLE,
                node,
                "this `allOf` contains itself",
                "take the schema out of its own `allOf`; it is read as if it were not there",
            );
            return;
        }
        if node.reference().is_some() {
            if let Some(target) = self.follow(node) {
                above.push(node.pointer.clone());
                self.flatten(&target, false, parts, above);
                above.pop();
            }
            return;
        }
        above.push(node.pointer.clone());
        for member in node.get("allOf").iter().flat_map(Node::items) {
            self.flatten(&member, false, parts, above);
        }
        above.pop();
        // What is said twice holds once.
        if !parts.iter().any(|part| part.node.is_same_as(node)) {
            parts.push(Part {
                node: node.clone(),
                own,
                member: None,
                united: false,
            });
        }
    }

    /// The type of the values that satisfy all parts; `nodes` are the schemas that they came from.
    pub(super) fn intersection(
        &mut self,
        nodes: &[Node<'d>],
        parts: &[Part<'d>],
        place: &[String],
    ) -> Built {
        if let [node] = nodes
            && self.families.contains_key(&node.pointer)
        {
            return self.inheritance(node, parts, place);
        }
        if let Some(same) = self.same_as(nodes) {
            return Built::Same(self.schema(&same, place));
        }
        self.built(parts, place)
    }

    /// What the parts make, whatever schemas they came from.
    pub(super) fn built(&mut self, parts: &[Part<'d>], place: &[String]) -> Built {
        match self.union(parts, place) {
            Some(built) => built,
            None => Built::New(self.plain_shape(parts, place)),
        }
    }

    /// The one schema that alone shapes the type, where all the others only annotate it.
    fn same_as(&self, nodes: &[Node<'d>]) -> Option<Node<'d>> {
        let mut found = Vec::new();
        for node in nodes {
            shaping(node, &mut found);
        }
        found.dedup_by(|a, b| a.reference().is_some() && a.reference() == b.reference());
        let [only] = found.as_slice() else {
            return None;
        };
        only.reference()?;
        let target = self.document.follow(only).ok()?;
        // A schema that only names its base is still a schema of its own.
        let heir = self.families.get(&target.pointer).is_some_and(|family| {
            nodes
                .iter()
                .any(|node| family.heirs.iter().any(|heir| heir.pointer == node.pointer))
        });
        (!heir && !nodes.iter().any(|node| node.pointer == target.pointer)).then(|| only.clone())
    }

    /// The enumeration with a name of which schemas allow some values alone: the use is of that type, and keeps their list as
    /// a limit. A component that narrows another is a type of its own, and so is a member of a union, which its values tell apart.
    pub(super) fn narrowed(
        &mut self,
        nodes: &[Node<'d>],
        id: TypeId,
        built: Built,
        place: &[String],
    ) -> Built {
        let Built::New(Shape::Enumeration(own)) = &built else {
            return built;
        };
        if matches!(self.api.types[id].origin, Origin::Component(_))
            || nodes.iter().any(|node| self.is_one_of_several(node))
        {
            return built;
        }
        let mut found = Vec::new();
        for node in nodes {
            shaping(node, &mut found);
        }
        let mut widest: Option<(usize, TypeRef)> = None;
        for node in found.iter().filter(|node| node.reference().is_some()) {
            let ty = self.schema(node, place);
            let target = self.api.types.unalias(ty);
            let Shape::Enumeration(named) = &self.api.types[target.id].shape else {
                continue;
            };
            let holds = |value: &EnumerationValue| {
                let mut values = named.values.iter();
                values.any(|it| it.value == value.value)
            };
            let count = named.values.len();
            if own.values.iter().all(holds) && widest.is_none_or(|(least, _)| count < least) {
                widest = Some((count, ty));
            }
        }
        let Some((count, named)) = widest else {
            return built;
        };
        if own.values.len() < count {
            let values = own.values.iter().map(|value| value.value.clone());
            self.api.types[id].constraints.allowed = Some(values.collect());
        }
        // Whether it may be null is said where it is used.
        let nullable = false;
        Built::Same(TypeRef { nullable, ..named })
    }

    /// Whether a schema is a member of a union with others that are more than `null`.
    fn is_one_of_several(&self, node: &Node<'d>) -> bool {
        let mut above: Vec<_> = node.pointer.tokens().collect();
        above.pop();
        let Some("oneOf" | "anyOf") = above.last().map(AsRef::as_ref) else {
            return false;
        };
        let list = node
            .pointer
            .parent()
            .and_then(|list| self.document.node(&list));
        let members = list.iter().flat_map(Node::items);
        members
            .filter(|node| !super::union::null_only(node))
            .count()
            > 1
    }

    /// The shape of parts without unions.
    pub(super) fn plain_shape(&mut self, parts: &[Part<'d>], place: &[String]) -> Shape {
        if parts.iter().any(|part| part.node.member("enum").is_some())
            && let Some(shape) = self.enumeration(parts)
        {
            return shape;
        }
        match self.kind(parts) {
            Some(Kind::Object) => self.object(parts, place),
            Some(Kind::Array) => self.array(parts, place),
            Some(kind) => self.scalar(kind, parts),
            None if parts.iter().any(|part| lists_null_alone(&part.node)) => {
                Shape::Tuple(Vec::new())
            }
            None => Shape::Any,
        }
    }

    /// The kind that the parts agree on; `None` where they say nothing of it.
    pub(super) fn kind(&mut self, parts: &[Part<'d>]) -> Option<Kind> {
        let mut agreed: Option<Kind> = None;
        for part in parts {
            let Some(kind) = part.node.str("type").and_then(Kind::named) else {
                continue;
            };
            agreed = Some(match agreed {
                None => kind,
                Some(Kind::Number) if kind == Kind::Integer => Kind::Integer,
                Some(Kind::Integer) if kind == Kind::Number => Kind::Integer,
                Some(known) if known == kind => kind,
                Some(known) => {
                    let message = format!("no value is both {known:?} and {kind:?}").to_lowercase();
                    self.report(
                        Code::ALL_OF_CONFLICT,
                        &part.node,
                        format!("{message}; the first is taken"),
                        "let the schemas of `allOf` agree on `type`",
                    );
                    known
                }
            });
        }
        agreed.or_else(|| told_kind(parts))
    }
}

/// Adds what shapes a type of a schema: references, and schemas of its own.
fn shaping<'d>(node: &Node<'d>, found: &mut Vec<Node<'d>>) {
    if node.reference().is_some() {
        found.push(node.clone());
        return;
    }
    for member in node.get("allOf").iter().flat_map(Node::items) {
        shaping(&member, found);
    }
    let builds_on = node.member("allOf").is_some();
    if shapes(node) || (!builds_on && !annotation_only(node)) {
        found.push(node.clone());
    }
}

/// The kind that keywords tell where no part names a type.
pub(super) fn told_kind(parts: &[Part<'_>]) -> Option<Kind> {
    let format = parts.iter().find_map(|part| part.node.str("format"));
    let tells = |keys: &[&str]| {
        parts.iter().any(|part| {
            keys.iter().any(|key| {
                part.node
                    .member(key)
                    .is_some_and(|value| *key != "required" || !is_empty(value))
            })
        })
    };
    TELLING
        .iter()
        .find(|(_, keys)| tells(keys))
        .map(|(kind, _)| *kind)
        .or_else(|| match format? {
            "int32" | "int64" => Some(Kind::Integer),
            "float" | "double" => Some(Kind::Number),
            _ => Some(Kind::String),
        })
}

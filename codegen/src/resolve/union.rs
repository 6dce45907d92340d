//! `oneOf`, `anyOf` and inheritance by discriminator: enums of types. How a value is told to be of one
//! member is decided by `analyze`, when all members are known.

use serde_json::Value;

use super::Resolver;
use super::combination::same_members;
use super::enumeration::enumeration;
use super::intersection::{Part, annotation_only, lists_null_alone};
use super::schema::Built;
use crate::diagnostic::{Code, Pointer};
use crate::document::{Document, Node, local};
use crate::ir::{EnumerationValue, IntegerKind, KindSet, Shape, TypeRef, Union, Variant};

/// The mapping of a schema's discriminator: values with the pointers of what they mean.
pub(super) fn mapping(document: Document<'_>, node: &Node<'_>) -> Vec<(String, Pointer)> {
    let Some(mapping) = node
        .get("discriminator")
        .and_then(|node| node.get("mapping"))
    else {
        return Vec::new();
    };
    mapping
        .members()
        .filter_map(|(value, target)| {
            Some((value.to_owned(), mapped(document, target.value.as_str()?)?))
        })
        .collect()
}

/// Where a mapping's target stands: it is a reference or the name of a component.
fn mapped(document: Document<'_>, target: &str) -> Option<Pointer> {
    let pointer = local(target).unwrap_or_else(|| {
        Pointer::root()
            .join("components")
            .join("schemas")
            .join(target)
    });
    document
        .follow(&document.node(&pointer)?)
        .ok()
        .map(|node| node.pointer)
}

/// What a value is whose discriminator is missing or names nothing (`defaultMapping` of 3.2).
pub(super) fn default_target(document: Document<'_>, node: &Node<'_>) -> Option<Pointer> {
    let discriminator = node.get("discriminator")?;
    mapped(document, discriminator.str("x-callwright-default-mapping")?)
}

/// A member before it is a variant: the schemas that hold together in it.
pub(super) type Member<'d> = Vec<Node<'d>>;

impl<'d> Resolver<'d> {
    /// The union that the parts make; `None` where none of them has members that matter.
    pub(super) fn union(&mut self, parts: &[Part<'d>], place: &[String]) -> Option<Built> {
        let mut unions: Vec<(bool, Vec<Node<'d>>)> = Vec::new();
        for part in parts.iter().filter(|part| !part.united) {
            for key in ["oneOf", "anyOf"] {
                let Some(list) = part.node.get(key) else {
                    continue;
                };
                let members: Vec<Node<'d>> = list.items().filter(|node| !null_only(node)).collect();
                let is_known = |(_, known): &(bool, Vec<Node<'d>>)| same_members(known, &members);
                if members.iter().any(|node| !only_limits(node)) && !unions.iter().any(is_known) {
                    unions.push((key == "anyOf", members));
                }
            }
        }
        let any_of = matches!(unions.as_slice(), [(true, _)]);
        let members = self.combinations(&unions, parts)?;
        let rest: Vec<Part<'d>> = parts
            .iter()
            .map(|part| Part {
                united: true,
                ..part.clone()
            })
            .collect();
        let shaped = rest.iter().any(|part| has_shape(&part.node));
        let structured = rest.iter().any(|part| has_structure(&part.node));
        if !structured && let Some(built) = self.open_enumeration(&members, &rest, place) {
            return Some(built);
        }
        let tagged = parts.iter().find_map(|part| part.node.get("discriminator"));
        if any_of
            && members.len() > 1
            && tagged.is_none()
            && let Some(combined) = self.combined(&members, &rest)
        {
            return Some(Built::New(self.object(&combined, place)));
        }
        let built = self.variants(&members, &rest, shaped, parts, place);
        Some(match built {
            Built::New(Shape::Union(union)) => Built::New(Shape::Union(Union {
                any: any_of,
                ..union
            })),
            built => built,
        })
    }

    /// Members that only list values, or are any string: one enumeration, open as all are.
    fn open_enumeration(
        &mut self,
        members: &[Member<'d>],
        rest: &[Part<'d>],
        place: &[String],
    ) -> Option<Built> {
        let mut nodes: Vec<Node<'d>> = Vec::new();
        for member in members {
            let [node] = member.as_slice() else {
                return None;
            };
            let target = self.document.follow(node).ok()?;
            if !lists(&target) && !any_string(&target) {
                return None;
            }
            nodes.push(target);
        }
        let listing: Vec<usize> = (0..nodes.len())
            .filter(|index| lists(&nodes[*index]))
            .collect();
        let around = rest.iter().find(|part| part.node.member("enum").is_some());
        match (listing.as_slice(), around) {
            ([], _) => return Some(Built::New(Shape::String)),
            ([only], None) => return Some(Built::Same(self.schema(&members[*only][0], place))),
            _ => {}
        }
        let mut values: Vec<EnumerationValue> = Vec::new();
        for index in listing {
            let node = &nodes[index];
            let mut more = Self::values(node);
            if let [value] = more.as_mut_slice() {
                value.name = value
                    .name
                    .take()
                    .or_else(|| node.str("title").map(str::to_owned));
                value.doc = value
                    .doc
                    .take()
                    .or_else(|| node.str("description").map(str::to_owned));
            }
            more.retain(|value| !values.iter().any(|known| known.value == value.value));
            values.append(&mut more);
        }
        if let Some(part) = around {
            let mut listed = Self::values(&part.node);
            for value in &mut listed {
                if let Some(said) = values.iter().find(|said| said.value == value.value) {
                    value.name = value.name.take().or_else(|| said.name.clone());
                    value.doc = value.doc.take().or_else(|| said.doc.clone());
                }
            }
            values = listed;
        }
        Some(Built::New(enumeration(values)))
    }

    fn variants(
        &mut self,
        members: &[Member<'d>],
        rest: &[Part<'d>],
        shaped: bool,
        parts: &[Part<'d>],
        place: &[String],
    ) -> Built {
        let discriminator = parts
            .iter()
            .find(|part| part.node.member("discriminator").is_some())
            .map(|part| part.node.clone());
        let mapping = discriminator
            .as_ref()
            .map(|node| mapping(self.document, node))
            .unwrap_or_default();
        let default_target = discriminator
            .as_ref()
            .and_then(|node| default_target(self.document, node));
        // A type beside the union holds for its members, too, and null is none of its values.
        let is_typed = rest
            .iter()
            .any(|part| part.node.str("type").is_some() && !part.node.flag("nullable"));
        let mut default = None;
        let mut variants: Vec<Variant> = Vec::new();
        for (index, member) in members.iter().enumerate() {
            let hint = hint(member);
            let mut inner = place.to_vec();
            inner.push(if hint.is_empty() {
                format!("variant{}", index + 1)
            } else {
                hint.clone()
            });
            let own = if shaped {
                self.parts(member)
            } else {
                Vec::new()
            };
            let mut ty = if shaped && adds(rest, &own) {
                let mut joined = rest.to_vec();
                joined.extend(own.into_iter().filter(|part| {
                    !rest
                        .iter()
                        .any(|known| known.node.pointer == part.node.pointer)
                }));
                self.schema_of_parts(&member[0], &joined, &inner)
            } else {
                self.schema_of_all(member, &inner)
            };
            ty.nullable &= !is_typed;
            let target = self
                .document
                .follow(&referred(&member[0]))
                .ok()
                .map(|node| node.pointer);
            let tags = mapping
                .iter()
                .filter(|(_, pointer)| Some(pointer) == target.as_ref())
                .map(|(value, _)| value.clone())
                .collect();
            if target.is_some() && target == default_target {
                default = Some(self.api.types.unalias(ty).id);
            }
            variants.push(variant(ty, hint, tags, member[0].str("description")));
        }
        self.merge_equal(&mut variants);
        if let Some(node) = discriminator.as_ref().filter(|_| default.is_none()) {
            self.check_default(node);
        }
        let tag = discriminator.and_then(|node| {
            node.value
                .pointer("/discriminator/propertyName")?
                .as_str()
                .map(str::to_owned)
        });
        if let [only] = variants.as_slice() {
            return Built::Same(only.ty);
        }
        let types = &self.api.types;
        let default = variants
            .iter()
            .position(|variant| Some(types.unalias(variant.ty).id) == default);
        Built::New(Shape::Union(Union {
            tag,
            variants,
            default,
            any: false,
        }))
    }

    /// Members of one type are one variant, and small whole numbers are numbers.
    fn merge_equal(&self, variants: &mut Vec<Variant>) {
        let types = &self.api.types;
        let plain = |ty: TypeRef| match &types[types.unalias(ty).id].shape {
            Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) => None,
            other => Some(other.clone()),
        };
        let mut kept: Vec<Variant> = Vec::new();
        for mut variant in variants.drain(..) {
            let id = types.unalias(variant.ty).id;
            let shape = plain(variant.ty);
            let same = kept.iter_mut().find(|known| {
                types.unalias(known.ty).id == id || (shape.is_some() && plain(known.ty) == shape)
            });
            match same {
                Some(known) => {
                    known.tags.append(&mut variant.tags);
                    known.ty.nullable |= variant.ty.nullable;
                }
                None => kept.push(variant),
            }
        }
        let number = kept
            .iter()
            .any(|variant| plain(variant.ty) == Some(Shape::Double));
        // Those that a float holds without loss.
        let small = |shape: Option<Shape>| match shape {
            Some(Shape::Integer(kind)) => !matches!(kind, IntegerKind::I64 | IntegerKind::U64),
            _ => false,
        };
        kept.retain(|variant| !(number && small(plain(variant.ty))));
        *variants = kept;
    }

    /// Reports a default that is none of the members.
    pub(super) fn check_default(&mut self, node: &Node<'d>) {
        let Some(asked) = node
            .get("discriminator")
            .and_then(|node| node.get("x-callwright-default-mapping"))
        else {
            return;
        };
        self.report(
            Code::DEFAULT_MAPPING,
            &asked,
            format!("{} is none of the members", asked.value),
            "name a member's component or its reference",
        );
    }
}

pub(super) fn variant(ty: TypeRef, hint: String, tags: Vec<String>, doc: Option<&str>) -> Variant {
    Variant {
        ty,
        hint,
        tags,
        kinds: KindSet::default(),
        required: Vec::new(),
        known: None,
        constants: Vec::new(),
        ranges: Vec::new(),
        doc: doc.map(str::to_owned),
    }
}

/// Whether a member only limits what the schema around it allows: `required` alone, `not`, lengths.
fn only_limits(node: &Node<'_>) -> bool {
    let keys = [
        "properties",
        "additionalProperties",
        "items",
        "enum",
        "oneOf",
        "anyOf",
        "allOf",
        "format",
    ];
    node.reference().is_none()
        && node.str("type").is_none_or(|name| name == "object")
        && !keys.iter().any(|key| node.member(key).is_some())
        && node.value.as_object().is_some_and(|map| !map.is_empty())
        && (node.str("type").is_none() || node.member("required").is_some())
        && !annotations_without_type(node)
}

/// The reference that a member is: one with siblings is lowered to `allOf` of it alone.
fn referred<'d>(member: &Node<'d>) -> Node<'d> {
    let list = member.get("allOf");
    let mut parts = list.iter().flat_map(Node::items);
    match (parts.next(), parts.next()) {
        (Some(only), None) if only.reference().is_some() => only,
        _ => member.clone(),
    }
}

/// The word that a member's variant is named after: its component, its title, else nothing.
fn hint(member: &[Node<'_>]) -> String {
    let named = member.iter().find_map(|node| {
        let pointer = local(referred(node).reference()?)?;
        pointer.last().map(std::borrow::Cow::into_owned)
    });
    named
        .or_else(|| {
            member
                .iter()
                .find_map(|node| node.str("title"))
                .map(str::to_owned)
        })
        .unwrap_or_default()
}

/// The names in `required` of some parts.
pub(super) fn required<'p, 'd: 'p>(parts: &'p [Part<'d>]) -> impl Iterator<Item = &'d str> + 'p {
    let names = parts.iter().flat_map(|part| part.node.values("required"));
    names.filter_map(Value::as_str)
}

/// Whether the schema around a union says something of a member that the member does not say itself.
fn adds(rest: &[Part<'_>], member: &[Part<'_>]) -> bool {
    let declared = |name: &str, around: &Value| {
        let mut own = member
            .iter()
            .filter_map(|part| part.node.member("properties")?.get(name));
        own.any(|schema| schema == around || schema.get("enum").is_some())
    };
    let shapes = |part: &Part<'_>| {
        let mut properties = part.node.entries("properties");
        has_shape(&part.node)
            && (has_shape_beside_properties(&part.node)
                || properties.any(|(name, schema)| !declared(name, schema)))
    };
    rest.iter().any(shapes) || required(rest).any(|name| !required(member).any(|own| own == name))
}

/// Whether the only value of a schema is `null`.
pub(super) fn null_only(node: &Node<'_>) -> bool {
    node.reference().is_none() && (lists_null_alone(node) || node.str("type") == Some("null"))
}

/// Whether the schema beside a union's keyword shapes values by itself.
fn has_shape(node: &Node<'_>) -> bool {
    has_structure(node) || node.member("enum").is_some()
}

fn has_structure(node: &Node<'_>) -> bool {
    let has = |key: &&str| node.member(key).is_some();
    has(&"properties") || STRUCTURE.iter().any(has)
}

/// Keywords that shape values, beside `properties`.
const STRUCTURE: [&str; 4] = [
    "additionalProperties",
    "items",
    "x-callwright-prefix-items",
    "x-callwright-pattern-properties",
];

fn has_shape_beside_properties(node: &Node<'_>) -> bool {
    let has = |key: &&str| node.member(key).is_some();
    has(&"enum") || STRUCTURE.iter().any(has)
}

/// Whether a schema is a list of strings or whole numbers and nothing else.
fn lists(node: &Node<'_>) -> bool {
    flat(node)
        && node.member("enum").is_some()
        && node
            .values("enum")
            .all(|value| value.is_string() || value.is_i64() || value.is_null())
}

/// Whether any string satisfies a schema.
fn any_string(node: &Node<'_>) -> bool {
    flat(node)
        && node.str("type") == Some("string")
        && node.member("format").is_none()
        && node.member("enum").is_none()
}

fn flat(node: &Node<'_>) -> bool {
    ["allOf", "oneOf", "anyOf"]
        .iter()
        .all(|key| node.member(key).is_none())
}

/// Whether a schema is no more than words about any value.
fn annotations_without_type(node: &Node<'_>) -> bool {
    annotation_only(node) && node.member("not").is_none()
}

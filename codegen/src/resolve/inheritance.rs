//! Inheritance by discriminator: a schema that others build on with `allOf` is a union of itself and them.

use std::collections::HashMap;

use serde_json::Value;

use super::Resolver;
use super::intersection::Part;
use super::schema::Built;
use super::union::{default_target, mapping, variant};
use crate::diagnostic::Pointer;
use crate::document::{Document, Node};
use crate::ir::{Origin, Shape, TypeRef, Union};

/// A schema with a discriminator, its own or inherited, and those that inherit from it.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// The property that tells them apart.
    tag: Option<String>,
    /// The members; the schema itself is one unless it is abstract.
    pub(super) heirs: Vec<Heir>,
}

/// A schema that inherits from one with a discriminator.
#[derive(Debug, Clone)]
pub(super) struct Heir {
    /// Where it stands.
    pub(super) pointer: Pointer,
    /// The values of the discriminator that mean it.
    tags: Vec<String>,
}

/// The schemas of the components, and which of them build on which.
struct Lineage<'d> {
    document: Document<'d>,
    schemas: Vec<(&'d str, Node<'d>)>,
    parents: HashMap<Pointer, Vec<Pointer>>,
}

/// Generations that are looked through for an ancestor.
const MAX_GENERATIONS: usize = 32;

/// By the pointer of each component that others inherit from under a discriminator: its family.
pub(super) fn families(document: Document<'_>) -> HashMap<Pointer, Family> {
    let schemas = document
        .root()
        .get("components")
        .and_then(|node| node.get("schemas"));
    let schemas: Vec<(&str, Node<'_>)> = schemas.iter().flat_map(Node::members).collect();
    let mut parents: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
    for (_, node) in &schemas {
        for member in node.get("allOf").iter().flat_map(Node::items) {
            if member.reference().is_some()
                && let Ok(base) = document.follow(&member)
            {
                parents
                    .entry(node.pointer.clone())
                    .or_default()
                    .push(base.pointer);
            }
        }
    }
    let lineage = Lineage {
        document,
        schemas,
        parents,
    };
    let families = lineage.schemas.iter().filter_map(|(name, base)| {
        let united = base.member("oneOf").is_some() || base.member("anyOf").is_some();
        let family = if united {
            None
        } else {
            lineage.family(name, base)
        };
        Some((base.pointer.clone(), family?))
    });
    families.collect()
}

impl<'d> Lineage<'d> {
    fn family(&self, name: &str, base: &Node<'d>) -> Option<Family> {
        let owner = self.owner(base, 0)?;
        let mapping = mapping(self.document, &owner);
        let default = default_target(self.document, &owner);
        let values = |pointer: &Pointer| -> Vec<String> {
            let meant = mapping.iter().filter(|(_, target)| target == pointer);
            meant.map(|(value, _)| value.clone()).collect()
        };
        let tags = |name: &str, node: &Node<'_>| match node.str("x-ms-discriminator-value") {
            Some(value) => vec![value.to_owned()],
            None => Some(values(&node.pointer))
                .filter(|values| !values.is_empty())
                .unwrap_or_else(|| vec![name.to_owned()]),
        };
        let is_owner = owner.pointer == base.pointer;
        let mut heirs = Vec::new();
        for (name, node) in &self.schemas {
            let inherits = self.descends(&node.pointer, &base.pointer, 0);
            let named =
                !values(&node.pointer).is_empty() || default.as_ref() == Some(&node.pointer);
            if node.pointer != base.pointer && (inherits || (is_owner && named)) {
                heirs.push(Heir {
                    pointer: node.pointer.clone(),
                    tags: tags(name, node),
                });
            }
        }
        if heirs.is_empty() {
            return None;
        }
        let own = values(&base.pointer);
        // A base that the mapping does not name is abstract.
        if !own.is_empty() || default.as_ref() == Some(&base.pointer) {
            heirs.push(Heir {
                pointer: base.pointer.clone(),
                tags: own,
            });
        } else if mapping.is_empty() {
            heirs.push(Heir {
                pointer: base.pointer.clone(),
                tags: tags(name, base),
            });
        }
        let tag = owner
            .value
            .pointer("/discriminator/propertyName")
            .and_then(Value::as_str);
        Some(Family {
            tag: tag.map(str::to_owned),
            heirs,
        })
    }

    /// The schema whose discriminator tells the heirs of a schema apart: itself or an ancestor.
    fn owner(&self, node: &Node<'d>, depth: usize) -> Option<Node<'d>> {
        if node.member("discriminator").is_some() {
            return Some(node.clone());
        }
        let parents = self
            .parents
            .get(&node.pointer)
            .filter(|_| depth < MAX_GENERATIONS)?;
        parents
            .iter()
            .find_map(|parent| self.owner(&self.document.node(parent)?, depth + 1))
    }

    fn descends(&self, from: &Pointer, base: &Pointer, depth: usize) -> bool {
        depth < MAX_GENERATIONS
            && self.parents.get(from).is_some_and(|above| {
                above
                    .iter()
                    .any(|next| next == base || self.descends(next, base, depth + 1))
            })
    }
}

impl<'d> Resolver<'d> {
    /// The union of the schemas that inherit from the one at `node`, and of that schema itself.
    pub(super) fn inheritance(
        &mut self,
        node: &Node<'d>,
        parts: &[Part<'d>],
        place: &[String],
    ) -> Built {
        let Some(Family { tag, heirs }) = self.families.get(&node.pointer).cloned() else {
            return Built::New(self.plain_shape(parts, place));
        };
        let default_target = default_target(self.document, node);
        let mut default = None;
        let mut variants = Vec::new();
        for heir in heirs {
            let Some(target) = self.document.node(&heir.pointer) else {
                continue;
            };
            let name = heir
                .pointer
                .last()
                .map(std::borrow::Cow::into_owned)
                .unwrap_or_default();
            let ty = if heir.pointer == node.pointer {
                let mut inner = place.to_vec();
                inner.push("base".to_owned());
                self.base(node, parts, &inner)
            } else {
                self.schema(&target, place)
            };
            if default_target.as_ref() == Some(&heir.pointer) {
                default = Some(variants.len());
            }
            variants.push(variant(ty, name, heir.tags, target.str("description")));
        }
        if default.is_none() {
            self.check_default(node);
        }
        Built::New(Shape::Union(Union {
            tag,
            variants,
            default,
            any: false,
        }))
    }

    /// The struct of a schema with heirs, for values that are none of them.
    fn base(&mut self, node: &Node<'d>, parts: &[Part<'d>], place: &[String]) -> TypeRef {
        let shape = self.plain_shape(parts, place);
        let ty = self.plain(node, shape);
        self.api.types[ty.id].origin = Origin::Inline(place.to_vec());
        ty
    }
}

//! Unions that hold together, member by member, and members that may hold at once.
//! It must not know how members are told apart.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::Resolver;
use super::intersection::{Kind, Part};
use super::union::{Member, required};
use crate::diagnostic::Code;
use crate::document::Node;

/// Combinations of members of several unions in one schema, beyond which no enum is made.
const MAX_COMBINATIONS: usize = 64;

impl<'d> Resolver<'d> {
    /// The members of the one union, or each combination of members of several.
    pub(super) fn combinations(
        &mut self,
        unions: &[(bool, Vec<Node<'d>>)],
        parts: &[Part<'d>],
    ) -> Option<Vec<Member<'d>>> {
        let (first, others) = unions.split_first()?;
        let mut members: Vec<Member<'d>> = first.1.iter().map(|node| vec![node.clone()]).collect();
        for (_, more) in others {
            if members.len() * more.len() > MAX_COMBINATIONS {
                self.report(
                    Code::UNION_TOO_LARGE,
                    &parts[0].node,
                    format!("the unions of this schema have more than {MAX_COMBINATIONS} combinations; the first alone is read"),
                    "split the schema",
                );
                break;
            }
            members = members
                .iter()
                .flat_map(|member| more.iter().map(|node| joined(member, node)))
                .collect();
        }
        if !others.is_empty() {
            let possible: Vec<Member<'d>> = members
                .iter()
                .filter(|member| !self.is_impossible(member))
                .cloned()
                .collect();
            // Where no value is any of them, the document is wrong, which is said of the first conflict.
            if !possible.is_empty() {
                members = possible;
            }
        }
        Some(members)
    }

    /// Whether it is plain that no value satisfies all schemas of a member: they are of different kinds, or a property that one
    /// requires has no value in common.
    fn is_impossible(&mut self, member: &Member<'d>) -> bool {
        let parts = self.parts(member);
        let kinds: Vec<&str> = parts
            .iter()
            .filter_map(|part| part.node.str("type"))
            .collect();
        let is_nullable = parts.iter().all(|part| part.node.flag("nullable"));
        let number = |kind: &str| if kind == "integer" { "number" } else { kind }.to_owned();
        if !is_nullable
            && kinds
                .windows(2)
                .any(|pair| number(pair[0]) != number(pair[1]))
        {
            return true;
        }
        let required: HashSet<&str> = required(&parts).collect();
        required.into_iter().any(|name| {
            let properties = parts.iter().filter_map(|part| part.node.get("properties"));
            let schemas: Vec<Node<'d>> = properties.filter_map(|node| node.get(name)).collect();
            let lists: Vec<&Vec<Value>> = schemas
                .iter()
                .flat_map(|node| self.parts(std::slice::from_ref(node)))
                .filter_map(|part| part.node.member("enum")?.as_array())
                .filter(|list| !list.is_empty())
                .collect();
            let Some((first, others)) = lists.split_first() else {
                return false;
            };
            !first
                .iter()
                .any(|value| others.iter().all(|list| list.contains(value)))
        })
    }

    /// `anyOf` of objects that nothing tells apart: a value may be several of them at once, so that all
    /// their properties are kept in one struct.
    pub(super) fn combined(
        &mut self,
        members: &[Member<'d>],
        rest: &[Part<'d>],
    ) -> Option<Vec<Part<'d>>> {
        let mut flat: Vec<Vec<Part<'d>>> = Vec::new();
        for member in members {
            let parts = self.parts(member);
            let object = self.kind(&parts) == Some(Kind::Object)
                && parts
                    .iter()
                    .any(|part| part.node.member("properties").is_some())
                && !parts.iter().any(|part| {
                    part.node.member("oneOf").is_some() || part.node.member("anyOf").is_some()
                });
            if !object {
                return None;
            }
            flat.push(parts);
        }
        let properties: Vec<IndexMap<&str, Node<'d>>> = flat
            .iter()
            .map(|parts| {
                parts
                    .iter()
                    .filter_map(|part| part.node.get("properties"))
                    .flat_map(|node| node.members())
                    .collect()
            })
            .collect();
        for (index, own) in properties.iter().enumerate() {
            for (other_index, other) in properties
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
            {
                let distinct = required(&flat[index]).any(|name| !other.contains_key(name))
                    || required(&flat[other_index]).any(|name| !own.contains_key(name));
                let clash = own
                    .iter()
                    .any(|(name, node)| other.get(name).is_some_and(|there| !alike(node, there)));
                if distinct || clash {
                    return None;
                }
            }
        }
        let mut combined = rest.to_vec();
        for (index, parts) in flat.into_iter().enumerate() {
            combined.extend(parts.into_iter().map(|part| Part {
                own: false,
                member: Some(index),
                ..part
            }));
        }
        Some(combined)
    }
}

/// Whether two schemas of one property say the same of its type.
fn alike(a: &Node<'_>, b: &Node<'_>) -> bool {
    const WORDS: &[&str] = &[
        "title",
        "description",
        "default",
        "example",
        "x-callwright-examples",
        "deprecated",
        "externalDocs",
    ];
    let said = |node: &Node<'_>| -> Vec<(String, serde_json::Value)> {
        let members = node.value.as_object().into_iter().flatten();
        let mut said: Vec<_> = members
            .filter(|(key, _)| !WORDS.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        said.sort_by(|a, b| a.0.cmp(&b.0));
        said
    };
    said(a) == said(b)
}

/// A member that satisfies one more schema; that it satisfies one twice is said once.
fn joined<'d>(member: &Member<'d>, node: &Node<'d>) -> Member<'d> {
    let mut joined = member.clone();
    if !joined.iter().any(|known| known.is_same_as(node)) {
        joined.push(node.clone());
    }
    joined
}

/// Whether two unions are of the same members, in any order.
pub(super) fn same_members(a: &[Node<'_>], b: &[Node<'_>]) -> bool {
    let within = |a: &[Node<'_>], b: &[Node<'_>]| {
        a.iter()
            .all(|node| b.iter().any(|other| other.is_same_as(node)))
    };
    within(a, b) && within(b, a)
}

//! The cargo features of a large API: one for each resource, and which of them a type is for.
//!
//! It knows names of resources and what refers to what; it must not know files.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _};

use super::closure::{self, Gate, MOST};
use super::ident::Ident;
use super::scope::{Claim, Scope};
use super::{ReplyItem, Resource, SharedReply, reach, reserved};
use crate::ir::{Api, Case, Form, TypeId};

/// An API with fewer operations is compiled whole: it takes a second or two.
pub const MANY_OPERATIONS: usize = 100;

/// About how many lines an enum of errors takes, or a struct of headers.
const LINES_OF_REPLY: usize = 30;

/// A module that is called after several features has no longer name: it is the name of a file, too.
const LONGEST: usize = 100;

/// Which APIs have a feature for each resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Gating {
    /// None.
    #[default]
    Never,
    /// Those with [`MANY_OPERATIONS`] and several resources.
    BySize,
    /// All that have a resource.
    Always,
}

/// The features of an API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// By resource.
    pub resources: Vec<String>,
    /// That of the payloads of webhooks, where there are some.
    pub webhooks: Option<String>,
    /// That of the types that nothing uses, where there are some.
    pub unused: Option<String>,
    /// By group of types: the features with any of which it is there; none where it always is.
    pub groups: Vec<Vec<String>>,
    /// The groups of what operations of several resources have in common of their replies.
    pub replies: Vec<ReplyGroup>,
    /// The features of types that more others need than a condition should list: those turn them on.
    pub shared: Vec<SharedTypes>,
}

/// What operations of several resources have in common of their replies, for some features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyGroup {
    /// The module, below that of all of them.
    pub module: Ident,
    /// The features with any of which it is there; none where it always is.
    pub features: Vec<String>,
    /// The items, by position in [`Replies::items`](super::Replies::items).
    pub items: Vec<usize>,
}

/// Types that many features need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedTypes {
    /// Their own feature, which starts with `_`: nobody else should name it, since it changes with who needs it.
    pub feature: String,
    /// Those that need them.
    pub users: Vec<String>,
}

impl Features {
    /// All that users choose from, resources first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let further = self.webhooks.iter().chain(&self.unused);
        self.resources.iter().chain(further).map(String::as_str)
    }
}

/// Who may need types: resources, then webhooks, then nobody.
pub(super) struct Needs {
    names: Vec<String>,
    /// By type; then by what operations have in common of their replies.
    gates: Vec<Gate>,
    types: usize,
    /// By what operations have in common: whether it is of several resources.
    replies: Vec<bool>,
    webhooks: Option<usize>,
    unused: Option<usize>,
}

impl Needs {
    /// What the features of an API need, each being closed over what its types refer to. None where the API has no features.
    ///
    /// `lines` says about how long a type is; those without a name take none.
    pub(super) fn of(
        api: &Api,
        types: &[Option<Ident>],
        resources: &[Resource],
        replies: &[SharedReply],
        gating: Gating,
        lines: impl Fn(TypeId) -> usize,
    ) -> Option<Self> {
        let operations = api.operations.iter().filter(|it| !it.is_stream).count();
        let wanted = match gating {
            Gating::BySize => operations >= MANY_OPERATIONS && resources.len() > 1,
            Gating::Always => !resources.is_empty(),
            Gating::Never => false,
        };
        if !wanted {
            return None;
        }
        let mut names: Vec<String> = resources
            .iter()
            .map(|resource| resource.module.unraw().to_owned())
            .collect();
        let mut references = references(api, types);
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
        for (index, resource) in resources.iter().enumerate() {
            let operations = resource.operations.iter();
            let roots = operations.flat_map(|&index| reach::roots(&api.operations[index]));
            mark(&references, roots.collect(), index, &mut users);
        }
        let mut further = |name: &str, roots: Vec<TypeId>, users: &mut Vec<Vec<usize>>| {
            names.push(name.to_owned());
            mark(&references, roots, names.len() - 1, users);
            names.len() - 1
        };
        let payloads = api.webhooks.iter().map(|webhook| webhook.payload.id);
        let webhooks =
            (!api.webhooks.is_empty()).then(|| further("webhooks", payloads.collect(), &mut users));
        let ids = api.types.ids();
        let unused: Vec<TypeId> = ids
            .filter(|id| types[id.index()].is_some() && users[id.index()].is_empty())
            .collect();
        let unused = (!unused.is_empty()).then(|| further("other_types", unused, &mut users));
        let items = api.types.ids().filter(|id| types[id.index()].is_some());
        let mut sizes: Vec<(usize, usize)> = items.map(|id| (id.index(), lines(id))).collect();
        for shared in replies {
            sizes.push((references.len(), LINES_OF_REPLY));
            users.push(shared.resources.clone());
            references.push(mentioned(api, shared));
        }
        Some(Self {
            gates: closure::gates(names.len(), &users, &references, &sizes),
            names,
            types: api.types.len(),
            replies: replies
                .iter()
                .map(|shared| shared.home().is_none())
                .collect(),
            webhooks,
            unused,
        })
    }

    /// The features that need a type.
    pub(super) fn gate(&self, id: TypeId) -> &Gate {
        &self.gates[id.index()]
    }

    /// What a module of the types of a gate is called: `pulls`, `issues_and_pulls`, `issues_pulls_and_repos`.
    pub(super) fn module(&self, gate: &Gate) -> String {
        let Some(gate) = gate else {
            return "shared".to_owned();
        };
        let names: Vec<_> = gate
            .iter()
            .map(|index| self.names[*index].as_str())
            .collect();
        match names.as_slice() {
            [] => "shared".to_owned(),
            [name] => (*name).to_owned(),
            [first @ .., last] => {
                let full = format!("{}_and_{last}", first.join("_"));
                if names.len() <= MOST && full.len() <= LONGEST {
                    return full;
                }
                format!("{}_and_{}_others", names[0], first.len())
            }
        }
    }

    /// What operations of several resources have in common, by gate.
    fn reply_groups(&self) -> Vec<(&Gate, Vec<usize>)> {
        let mut groups: BTreeMap<&Gate, Vec<usize>> = BTreeMap::new();
        let shared = self.replies.iter().enumerate();
        for (position, _) in shared.filter(|(_, of_several)| **of_several) {
            let gate = &self.gates[self.types + position];
            groups.entry(gate).or_default().push(position);
        }
        groups.into_iter().collect()
    }

    /// Mints the features, each called as its module; with a prefix where other features stand beside them.
    pub(super) fn mint(&self, groups: &[Gate], prefix: Option<&str>) -> Features {
        let taken = prefix.map_or(reserved::FEATURES, |_| &[]);
        let mut scope = Scope::new(taken);
        let mut mint = |names: &[String]| -> Vec<String> {
            let wishes: Vec<_> = names
                .iter()
                .map(|name| {
                    let further = ["api", "resource"].map(|word| format!("{name}_{word}"));
                    // Sets of features are told apart by numbers.
                    let further = further.into_iter().filter(|_| !name.starts_with('_'));
                    Claim::new(0, std::iter::once(name.clone()).chain(further))
                })
                .collect();
            let minted = scope.settle(&wishes).into_iter().map(|name| match prefix {
                Some(prefix) => format!("{prefix}-{}", name.unraw()),
                None => name.unraw().to_owned(),
            });
            minted.collect()
        };
        let minted = mint(&self.names);
        let replies = self.reply_groups();
        let many = |gate: &&Vec<usize>| gate.len() > MOST;
        let of_replies = replies.iter().map(|(gate, _)| *gate);
        let sets = groups.iter().chain(of_replies).flatten().filter(many);
        let sets: BTreeSet<&Vec<usize>> = sets.collect();
        let wishes: Vec<_> = sets
            .iter()
            .map(|set| format!("_types_of_{}", self.module(&Some((*set).clone()))))
            .collect();
        let of_sets = mint(&wishes);
        let features = |set: &[usize]| set.iter().map(|index| minted[*index].clone()).collect();
        let shared = of_sets.iter().zip(&sets).map(|(name, set)| SharedTypes {
            feature: name.clone(),
            users: features(set),
        });
        let of_group = |gate: &Gate| match gate {
            None => Vec::new(),
            Some(set) => match sets.iter().position(|other| *other == set) {
                Some(index) => vec![of_sets[index].clone()],
                None => features(set),
            },
        };
        let resources = self.webhooks.or(self.unused).unwrap_or(minted.len());
        Features {
            webhooks: self.webhooks.map(|index| minted[index].clone()),
            unused: self.unused.map(|index| minted[index].clone()),
            groups: groups.iter().map(of_group).collect(),
            shared: shared.collect(),
            replies: {
                let mut scope = Scope::of_modules();
                let replies = replies.into_iter();
                let group = |(gate, items)| ReplyGroup {
                    module: scope.mint([self.module(gate)]),
                    features: of_group(gate),
                    items,
                };
                replies.map(group).collect()
            },
            resources: minted[..resources].to_vec(),
        }
    }
}

/// What the code of each type mentions: the types that it is made of, the response that a request is made from, and the item
/// that stands for types of one name.
fn references(api: &Api, types: &[Option<Ident>]) -> Vec<Vec<usize>> {
    let mut items: HashMap<&Ident, usize> = HashMap::new();
    let mut references = Vec::with_capacity(api.types.len());
    for (id, ty) in api.types.iter() {
        let parts = ty.shape.parts();
        let mut all: Vec<usize> = parts.map(|part| part.id.index()).collect();
        if let Form::Request(response) = ty.form {
            all.push(response.index());
        }
        if let Some(name) = &types[id.index()] {
            all.push(*items.entry(name).or_insert(id.index()));
        }
        references.push(all);
    }
    references
}

/// The types that an item of replies mentions.
fn mentioned(api: &Api, shared: &SharedReply) -> Vec<usize> {
    let Some((index, item)) = shared.uses.first() else {
        return Vec::new();
    };
    let operation = &api.operations[*index];
    let types: Vec<TypeId> = match item {
        ReplyItem::Errors => {
            let types = operation.errors.iter().flat_map(Case::types);
            types.map(|ty| ty.id).collect()
        }
        ReplyItem::Headers => {
            let headers = operation.success_headers().into_iter();
            headers.map(|(header, _)| header.ty.id).collect()
        }
        ReplyItem::ErrorHeaders => {
            let headers = operation.error_headers().into_iter();
            headers.map(|(header, _)| header.ty.id).collect()
        }
    };
    types.into_iter().map(TypeId::index).collect()
}

/// Adds an owner to everything that its roots reach.
fn mark(references: &[Vec<usize>], roots: Vec<TypeId>, owner: usize, users: &mut [Vec<usize>]) {
    let mut open: Vec<usize> = roots.into_iter().map(TypeId::index).collect();
    while let Some(id) = open.pop() {
        if users[id].last() != Some(&owner) {
            users[id].push(owner);
            open.extend(&references[id]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_feature_means_another_thing_to_cargo() {
        let names = [
            "default", "all", "xml", "xml_api", "serde", "std", "docsrs", "登録", "x",
        ];
        let needs = Needs {
            names: names.map(str::to_owned).to_vec(),
            gates: Vec::new(),
            types: 0,
            replies: Vec::new(),
            webhooks: None,
            unused: Some(8),
        };
        let gates = [Some(vec![0, 8]), None];
        let features = needs.mint(&gates, None);
        assert_eq!(
            features.resources,
            [
                "default_api",
                "all_api",
                "xml_resource",
                "xml_api",
                "serde_api",
                "std_api",
                "docsrs_api",
                "登録"
            ]
        );
        assert_eq!(features.unused.as_deref(), Some("x"));
        assert_eq!(
            features.groups,
            [vec!["default_api".to_owned(), "x".to_owned()], vec![]]
        );
        let prefixed = needs.mint(&gates, Some("pets"));
        assert_eq!(
            prefixed.resources[..3],
            ["pets-default", "pets-all", "pets-xml"]
        );
    }

    #[test]
    fn what_the_client_has_is_reserved() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/Cargo.toml");
        let text = std::fs::read_to_string(path).unwrap();
        let (mut table, mut apis) = ("", "");
        for line in text.lines() {
            if line.starts_with('[') {
                table = line;
            }
            let Some((key, value)) = line.split_once(" = ") else {
                continue;
            };
            if key == "apis" {
                apis = value;
            }
            let of_runtime = match table {
                "[dependencies]" => !key.starts_with('#'),
                // `wassist`, and `wassist-agents` of its resources.
                "[features]" => {
                    let api = key.split('-').next().unwrap_or(key);
                    !apis.contains(&format!("\"{api}\""))
                }
                _ => false,
            };
            assert!(!of_runtime || reserved::FEATURES.contains(&key), "{key}");
        }
    }
}

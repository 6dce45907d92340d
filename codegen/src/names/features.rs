//! The cargo features of a large API: one for each resource, and which of them a type is for.
//!
//! It knows names of resources and what refers to what; it must not know files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ident::Ident;
use super::scope::{Claim, Scope};
use super::{Resource, reach, reserved};
use crate::ir::{Api, Form, TypeId};

/// An API with fewer operations is compiled whole: it takes a second or two.
pub const MANY_OPERATIONS: usize = 100;

/// A type that more features than these need is there with any of them: what so many share is little, and a condition that
/// names them all would say less than that.
const MOST: usize = 4;

/// Types that several features need make a module of their own from about these lines on.
const FEW: usize = 150;

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
    /// By group of types: the features that each need it; none where it is always there.
    pub groups: Vec<Vec<String>>,
}

impl Features {
    /// All of them, resources first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let further = self.webhooks.iter().chain(&self.unused);
        self.resources.iter().chain(further).map(String::as_str)
    }
}

/// The features that need a type, by index, in order; none where it is always there.
pub(super) type Gate = Option<Vec<usize>>;

/// Who may need types: resources, then webhooks, then nobody.
pub(super) struct Needs {
    names: Vec<String>,
    /// By type.
    gates: Vec<Gate>,
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
        let references = references(api, types);
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
        let mut closure = Closure {
            owners: names.len(),
            gates: users.into_iter().map(bounded).collect(),
            references,
        };
        let items = api.types.ids().filter(|id| types[id.index()].is_some());
        let sizes: Vec<(usize, usize)> = items.map(|id| (id.index(), lines(id))).collect();
        while closure.merge(&sizes) {}
        Some(Self {
            names,
            gates: closure.gates,
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
                if full.len() <= LONGEST {
                    return full;
                }
                format!("{}_and_{}_others", names[0], first.len())
            }
        }
    }

    /// Mints the features, each called as its module; with a prefix where other features stand beside them.
    pub(super) fn mint(&self, groups: &[Gate], prefix: Option<&str>) -> Features {
        let taken = prefix.map_or(reserved::FEATURES, |_| &[]);
        let mut scope = Scope::new(taken);
        let wishes: Vec<_> = self
            .names
            .iter()
            .map(|name| {
                let further = ["api", "resource"].map(|word| format!("{name}_{word}"));
                Claim::new(0, std::iter::once(name.clone()).chain(further))
            })
            .collect();
        let minted = scope.settle(&wishes);
        let minted: Vec<String> = minted
            .iter()
            .map(|name| match prefix {
                Some(prefix) => format!("{prefix}-{}", name.unraw()),
                None => name.unraw().to_owned(),
            })
            .collect();
        let feature = |index: usize| minted[index].clone();
        let resources = self.webhooks.or(self.unused).unwrap_or(minted.len());
        Features {
            webhooks: self.webhooks.map(feature),
            unused: self.unused.map(feature),
            groups: groups
                .iter()
                .map(|gate| gate.iter().flatten().copied().map(feature).collect())
                .collect(),
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
        let parts = reach::parts(&ty.shape);
        let mut all: Vec<usize> = parts.iter().map(|part| part.id.index()).collect();
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

fn bounded(gate: Vec<usize>) -> Gate {
    (gate.len() <= MOST).then_some(gate)
}

fn joined(one: &[usize], other: &[usize]) -> Gate {
    let all: BTreeSet<usize> = one.iter().chain(other).copied().collect();
    bounded(all.into_iter().collect())
}

/// Types with the features that need them: whatever a type refers to is there wherever the type is.
struct Closure {
    owners: usize,
    gates: Vec<Gate>,
    references: Vec<Vec<usize>>,
}

/// Types of one gate.
#[derive(Default)]
struct Group {
    lines: usize,
    types: Vec<usize>,
}

impl Closure {
    /// Has a type there with further features, and with it what it refers to.
    fn raise(&mut self, id: usize, gate: &Gate) {
        let mut open = vec![(id, gate.clone())];
        while let Some((id, gate)) = open.pop() {
            let joined = match (&self.gates[id], &gate) {
                (Some(own), Some(more)) => joined(own, more),
                _ => None,
            };
            if joined != self.gates[id] {
                let references = self.references[id].iter();
                open.extend(references.map(|other| (*other, joined.clone())));
                self.gates[id] = joined;
            }
        }
    }

    /// Joins each small group of types that several features need with the one that costs the least lines to compile where
    /// they are not needed; says whether there was any. The sizes are those of the types that are items.
    fn merge(&mut self, sizes: &[(usize, usize)]) -> bool {
        let mut groups: BTreeMap<Vec<usize>, Group> = BTreeMap::new();
        for (id, lines) in sizes {
            if let Some(gate) = self.gates[*id].as_ref().filter(|gate| gate.len() > 1) {
                let group = groups.entry(gate.clone()).or_default();
                group.lines += lines;
                group.types.push(*id);
            }
        }
        let mut small: Vec<(&Vec<usize>, &Group)> = groups
            .iter()
            .filter(|(_, group)| group.lines < FEW)
            .collect();
        small.sort_by_key(|(gate, group)| (group.lines, *gate));
        let mut touched: BTreeSet<&Vec<usize>> = BTreeSet::new();
        for (gate, group) in &small {
            if touched.contains(gate) {
                continue;
            }
            let always = (group.lines * (self.owners - gate.len()), None);
            let others = groups
                .iter()
                .filter(|(other, _)| *other != *gate && !touched.contains(other));
            let joinable = others.filter_map(|(other, group_of_other)| {
                let union = size_of_union(gate, other);
                let cost = group.lines * (union - gate.len())
                    + group_of_other.lines * (union - other.len());
                (union <= MOST).then_some((cost, Some((other, group_of_other))))
            });
            let (_, best) = joinable.fold(
                always,
                |best, next| {
                    if next.0 < best.0 { next } else { best }
                },
            );
            touched.insert(gate);
            let (union, types) = match best {
                None => (None, group.types.clone()),
                Some((other, group_of_other)) => {
                    touched.insert(other);
                    let types = group.types.iter().chain(&group_of_other.types);
                    (joined(gate, other), types.copied().collect())
                }
            };
            for id in types {
                self.raise(id, &union);
            }
        }
        !small.is_empty()
    }
}

fn size_of_union(one: &[usize], other: &[usize]) -> usize {
    let common = one.iter().filter(|index| other.contains(index)).count();
    one.len() + other.len() - common
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are the same in every run.
    fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
        let mut state = seed;
        move |below| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % below
        }
    }

    #[test]
    fn whatever_a_type_refers_to_is_there_wherever_it_is() {
        for seed in 0..200 {
            let mut number = numbers(seed);
            let (types, owners) = (1 + number(80), 1 + number(12));
            let references: Vec<Vec<usize>> = (0..types)
                .map(|_| (0..number(4)).map(|_| number(types)).collect())
                .collect();
            let mut users = vec![Vec::new(); types];
            for owner in 0..owners {
                let root = number(types);
                let mut open = vec![root];
                while let Some(id) = open.pop() {
                    if users[id].last() != Some(&owner) {
                        users[id].push(owner);
                        open.extend(&references[id]);
                    }
                }
            }
            let wanted = users.clone();
            let mut closure = Closure {
                owners,
                gates: users.into_iter().map(bounded).collect(),
                references: references.clone(),
            };
            let sizes: Vec<_> = (0..types).map(|id| (id, number(60))).collect();
            while closure.merge(&sizes) {}
            let covers = |one: &Gate, other: &[usize]| {
                one.as_ref()
                    .is_none_or(|one| other.iter().all(|it| one.contains(it)))
            };
            let mut lines: BTreeMap<&Vec<usize>, usize> = BTreeMap::new();
            for id in 0..types {
                assert!(covers(&closure.gates[id], &wanted[id]), "{seed}");
                for other in &references[id] {
                    let holds = match &closure.gates[id] {
                        None => closure.gates[*other].is_none(),
                        Some(gate) => covers(&closure.gates[*other], gate),
                    };
                    assert!(holds, "{seed}: {id} refers to {other}");
                }
                if let Some(gate) = closure.gates[id].as_ref().filter(|gate| gate.len() > 1) {
                    *lines.entry(gate).or_default() += sizes[id].1;
                }
            }
            assert!(lines.values().all(|lines| *lines >= FEW), "{seed}");
        }
    }

    #[test]
    fn no_feature_means_another_thing_to_cargo() {
        let names = [
            "default", "all", "xml", "xml_api", "serde", "std", "docsrs", "登録", "x",
        ];
        let needs = Needs {
            names: names.map(str::to_owned).to_vec(),
            gates: Vec::new(),
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
        let mut table = "";
        for line in text.lines() {
            if line.starts_with('[') {
                table = line;
            }
            let Some((key, value)) = line.split_once(" = ") else {
                continue;
            };
            let of_runtime = match table {
                "[dependencies]" => !key.starts_with('#'),
                "[features]" => value.contains("dep:") || value.contains('/'),
                _ => false,
            };
            assert!(!of_runtime || reserved::FEATURES.contains(&key), "{key}");
        }
    }
}

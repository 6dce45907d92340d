//! How types are split over files that an editor and rustc are comfortable with.

use std::collections::BTreeMap;

use foldhash::{HashSet, HashSetExt as _};

use super::closure::Gate;
use super::features::{Features, Needs};
use super::ident::Ident;
use super::reach;
use super::scope::Scope;
use crate::ir::{Api, Shape, Type, TypeId};

/// No emitted file should have more lines than this; the estimate below is rough, so there is room above it.
const LIMIT: usize = 4000;

/// A resource with fewer lines of types of its own has no file for them.
const FEW: usize = 150;

/// The types in groups, in order.
pub(super) struct Groups {
    /// The module of each group with its types.
    pub(super) types: Vec<(Ident, Vec<TypeId>)>,
    /// The cargo features; none where the API is compiled whole.
    pub(super) features: Option<Features>,
}

/// The groups of types. Where resources have features: by the features that need them. Otherwise one where they are few, else
/// by the resource that alone uses them, and `shared`.
pub(super) fn types(
    api: &Api,
    names: &[Option<Ident>],
    resources: &[super::Resource],
    replies: &[super::SharedReply],
    options: &super::Options,
) -> Groups {
    // Types that share a name are one item.
    let mut seen: HashSet<&Ident> = HashSet::new();
    let items: Vec<TypeId> = api
        .types
        .ids()
        .filter(|id| {
            names[id.index()]
                .as_ref()
                .is_some_and(|name| seen.insert(name))
        })
        .collect();
    let size = |id: TypeId| type_lines(&api.types[id]);
    if let Some(needs) = Needs::of(api, names, resources, replies, options.gating, size) {
        let mut groups: BTreeMap<(String, Gate), Vec<TypeId>> = BTreeMap::new();
        for id in items {
            let gate = needs.gate(id);
            let group = (needs.module(gate), gate.clone());
            groups.entry(group).or_default().push(id);
        }
        let groups = groups
            .into_iter()
            .map(|((name, gate), ids)| (name, ids, gate));
        let (types, gates) = files(api, names, groups);
        return Groups {
            types,
            features: Some(needs.mint(&gates, options.feature_prefix.as_deref())),
        };
    }
    let lines = |ids: &[TypeId]| ids.iter().map(|id| size(*id)).sum::<usize>();
    if lines(&items) <= LIMIT {
        // `types` is reserved for just this module.
        return Groups {
            types: vec![(Scope::new(&[]).mint(["types".to_owned()]), items)],
            features: None,
        };
    }
    let users = users(api, resources);
    let mut groups: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for id in items {
        let group = match users[id.index()] {
            Users::One(resource) => resources[resource].module.to_string(),
            Users::None | Users::Several => "shared".to_owned(),
        };
        groups.entry(group).or_default().push(id);
    }
    let (few, mut groups): (BTreeMap<_, _>, BTreeMap<_, _>) = groups
        .into_iter()
        .partition(|(name, ids)| name != "shared" && lines(ids) < FEW);
    let shared = groups.entry("shared".to_owned()).or_default();
    shared.extend(few.into_values().flatten());
    shared.sort_unstable();
    let groups = groups.into_iter().map(|(name, ids)| (name, ids, ()));
    Groups {
        types: files(api, names, groups).0,
        features: None,
    }
}

/// Groups of types, each with something known of it, as files of a readable size.
fn files<T: Clone>(
    api: &Api,
    names: &[Option<Ident>],
    groups: impl Iterator<Item = (String, Vec<TypeId>, T)>,
) -> (Vec<(Ident, Vec<TypeId>)>, Vec<T>) {
    let mut scope = Scope::of_modules();
    let (mut files, mut known) = (Vec::new(), Vec::new());
    for (name, ids, of_group) in groups {
        let sized = ids.into_iter().map(|id| Sized {
            name: names[id.index()]
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            size: type_lines(&api.types[id]),
            thing: id,
        });
        for (part, ids) in split(sized.collect()) {
            let text = format!("{name}{part}");
            files.push((scope.mint([text.clone(), format!("{text}_types")]), ids));
            known.push(of_group.clone());
        }
    }
    (files, known)
}

/// A thing with its name and its size.
struct Sized<T> {
    name: String,
    size: usize,
    thing: T,
}

/// Splits things into parts below the limit by the first letters of their names, halving the alphabet: the
/// boundaries do not move when something is added. The order within a part stays.
fn split<T>(things: Vec<Sized<T>>) -> Vec<(String, Vec<T>)> {
    let mut parts = Vec::new();
    halve(things, (b'a', b'z'), &mut parts);
    parts
}

fn halve<T>(things: Vec<Sized<T>>, (first, last): (u8, u8), parts: &mut Vec<(String, Vec<T>)>) {
    if things.is_empty() {
        return;
    }
    let is_small = things.iter().map(|thing| thing.size).sum::<usize>() <= LIMIT;
    let name = match (first, last) {
        (b'a', b'z') => String::new(),
        _ if first == last => format!("_{}", char::from(first)),
        _ => format!("_{}_to_{}", char::from(first), char::from(last)),
    };
    if is_small {
        parts.push((name, things.into_iter().map(|thing| thing.thing).collect()));
    } else if first == last {
        number(&name, things, parts);
    } else {
        let middle = first + (last - first) / 2;
        let (low, high) = things
            .into_iter()
            .partition(|thing| letter(&thing.name) <= middle);
        halve(low, (first, middle), parts);
        halve(high, (middle + 1, last), parts);
    }
}

/// The letter that a name is filed under; other scripts come last.
fn letter(name: &str) -> u8 {
    let first = name.bytes().next().unwrap_or(b'z').to_ascii_lowercase();
    if first.is_ascii_lowercase() {
        first
    } else {
        b'z'
    }
}

/// Splits the things under one letter in their order.
fn number<T>(name: &str, things: Vec<Sized<T>>, parts: &mut Vec<(String, Vec<T>)>) {
    let (mut number, mut filled, mut part) = (1, 0, Vec::new());
    let label = |number: usize| {
        if number == 1 {
            name.to_owned()
        } else {
            format!("{name}_{number}")
        }
    };
    for Sized { size, thing, .. } in things {
        if filled + size > LIMIT && !part.is_empty() {
            parts.push((label(number), std::mem::take(&mut part)));
            number += 1;
            filled = 0;
        }
        filled += size;
        part.push(thing);
    }
    parts.push((label(number), part));
}

/// Who uses a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Users {
    None,
    One(usize),
    Several,
}

fn users(api: &Api, resources: &[super::Resource]) -> Vec<Users> {
    let mut users = vec![Users::None; api.types.len()];
    for (index, resource) in resources.iter().enumerate() {
        let operations = resource.operations.iter();
        let mut open: Vec<TypeId> = operations
            .flat_map(|&operation| reach::roots(&api.operations[operation]))
            .collect();
        while let Some(id) = open.pop() {
            let user = &mut users[id.index()];
            *user = match *user {
                Users::None => Users::One(index),
                Users::One(other) if other != index => Users::Several,
                // So have what it refers to.
                Users::One(_) | Users::Several => continue,
            };
            open.extend(api.types[id].shape.parts().map(|part| part.id));
        }
    }
    users
}

/// About how many lines a type takes, its documentation included.
fn type_lines(ty: &Type) -> usize {
    let doc = ty.doc.description.as_deref().map_or(1, doc_lines);
    doc + match &ty.shape {
        Shape::Object(object) => {
            let each = if ty.usage.request { 8 } else { 2 };
            let docs: usize = object
                .fields
                .iter()
                .map(|field| field.doc.description.as_deref().map_or(1, doc_lines))
                .sum();
            let docs = if ty.usage.request { docs * 2 } else { docs };
            12 + object.fields.len() * each + docs
        }
        Shape::Enumeration(enumeration) => 10 + enumeration.values.len() * 3,
        Shape::Union(union) => 10 + union.variants.len() * 8,
        _ => 4,
    }
}

fn doc_lines(text: &str) -> usize {
    text.lines().map(|line| 1 + line.len() / 100).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stay_below_the_limit_and_their_boundaries_do_not_move() {
        let things = |count: usize| -> Vec<Sized<usize>> {
            (0..count)
                .map(|index| Sized {
                    name: ["Alpha", "Beta", "Omega"][index % 3].to_owned(),
                    size: 100,
                    thing: index,
                })
                .collect()
        };
        let names = |count| {
            let parts = split(things(count));
            parts
                .into_iter()
                .map(|(part, things)| (part, things.len()))
                .collect::<Vec<_>>()
        };
        let part = |name: &str, count: usize| (name.to_owned(), count);
        assert_eq!(names(30), [part("", 30)]);
        assert_eq!(names(60), [part("_a_to_m", 40), part("_n_to_z", 20)]);
        assert_eq!(
            names(75),
            [part("_a", 25), part("_b", 25), part("_n_to_z", 25)]
        );
        assert_eq!(
            names(150)[..3],
            [part("_a", 40), part("_a_2", 10), part("_b", 40)]
        );
    }
}

//! How types and operations are split over files that an editor and rustc are comfortable with.

use std::collections::BTreeMap;

use proc_macro2::Ident;

use super::reach;
use super::scope::Scope;
use crate::ir::{Api, Operation, Shape, Type, TypeId};

/// No emitted file should have more lines than this; the estimate below is rough, so there is room above it.
const LIMIT: usize = 4000;

/// The groups of types: one where they are few, else by the resource that alone uses them, and `shared`.
pub(super) fn types(
    api: &Api,
    names: &[Option<Ident>],
    resources: &[super::Resource],
) -> Vec<(Ident, Vec<TypeId>)> {
    let items: Vec<TypeId> = api
        .types
        .ids()
        .filter(|id| names[id.index()].is_some())
        .collect();
    let size = |id: &TypeId| type_lines(&api.types[*id]);
    let mut scope = Scope::of_modules();
    if items.iter().map(size).sum::<usize>() <= LIMIT {
        // `types` is reserved for just this module.
        return vec![(Scope::new(&[]).mint(["types".to_owned()]), items)];
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
    let mut files = Vec::new();
    for (name, ids) in groups {
        let sized = ids.into_iter().map(|id| {
            (
                names[id.index()]
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                size(&id),
                id,
            )
        });
        for (part, ids) in split(sized.collect()) {
            let text = format!("{name}{part}");
            files.push((scope.mint([text.clone(), format!("{text}_types")]), ids));
        }
    }
    files
}

/// The groups of a resource's operations: one file, or several by the first letters of their methods.
pub(super) fn operations(
    api: &Api,
    indexes: &[usize],
    method: impl Fn(usize) -> String,
    module: &Ident,
) -> Vec<(Ident, Vec<usize>)> {
    let sized: Vec<(String, usize, usize)> = indexes
        .iter()
        .map(|&index| {
            (
                method(index),
                operation_lines(&api.operations[index]),
                index,
            )
        })
        .collect();
    if sized.iter().map(|(_, size, _)| size).sum::<usize>() <= LIMIT {
        return vec![(module.clone(), indexes.to_vec())];
    }
    let mut scope = Scope::of_modules();
    split(sized)
        .into_iter()
        .map(|(part, indexes)| {
            let text = if part.is_empty() {
                module.to_string()
            } else {
                part.trim_start_matches('_').to_owned()
            };
            (
                scope.mint([
                    format!("{module}_{text}"),
                    format!("{module}_{text}_operations"),
                ]),
                indexes,
            )
        })
        .collect()
}

/// Splits things with names and sizes into parts below the limit, by the first letter of their names, so that an
/// addition moves few of them; a letter that is too large by itself is split by number. The order within a part stays.
fn split<T>(things: Vec<(String, usize, T)>) -> Vec<(String, Vec<T>)> {
    if things.iter().map(|(_, size, _)| size).sum::<usize>() <= LIMIT {
        return vec![(
            String::new(),
            things.into_iter().map(|(.., thing)| thing).collect(),
        )];
    }
    let mut letters: BTreeMap<char, Vec<(usize, T)>> = BTreeMap::new();
    for (name, size, thing) in things {
        let letter = name
            .trim_start_matches("r#")
            .chars()
            .next()
            .map_or('_', |c| c.to_ascii_lowercase());
        let letter = if letter.is_ascii_alphabetic() {
            letter
        } else {
            'z'
        };
        letters.entry(letter).or_default().push((size, thing));
    }
    let mut parts = Vec::new();
    for (letter, things) in letters {
        let (mut number, mut filled, mut part) = (1, 0, Vec::new());
        for (size, thing) in things {
            if filled + size > LIMIT && !part.is_empty() {
                parts.push((numbered(letter, number), std::mem::take(&mut part)));
                number += 1;
                filled = 0;
            }
            filled += size;
            part.push(thing);
        }
        parts.push((numbered(letter, number), part));
    }
    parts
}

fn numbered(letter: char, number: usize) -> String {
    if number == 1 {
        format!("_{letter}")
    } else {
        format!("_{letter}_{number}")
    }
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
        let mut seen = vec![false; api.types.len()];
        let roots = resource
            .operations
            .iter()
            .flat_map(|&operation| reach::roots(&api.operations[operation]))
            .collect();
        reach::mark(api, roots, &mut seen);
        for (user, _) in users.iter_mut().zip(seen).filter(|(_, seen)| *seen) {
            *user = if *user == Users::None {
                Users::One(index)
            } else {
                Users::Several
            };
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

/// About how many lines an operation takes, its documentation included.
fn operation_lines(operation: &Operation) -> usize {
    let docs = operation.doc.description.as_deref().map_or(1, doc_lines);
    let parameters: usize = operation
        .parameters
        .iter()
        .map(|parameter| 8 + parameter.doc.description.as_deref().map_or(1, doc_lines))
        .sum();
    60 + docs + parameters + (operation.errors.len() + operation.successes.len()) * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stay_below_the_limit_and_keep_their_place() {
        let things = |count: usize| -> Vec<(String, usize, usize)> {
            (0..count)
                .map(|index| {
                    (
                        format!("{}{index}", ["alpha", "beta", "Gamma"][index % 3]),
                        100,
                        index,
                    )
                })
                .collect()
        };
        let names = |count| {
            split(things(count))
                .into_iter()
                .map(|(part, things)| (part, things.len()))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(30), [(String::new(), 30)]);
        assert_eq!(
            names(60),
            [
                ("_a".to_owned(), 20),
                ("_b".to_owned(), 20),
                ("_g".to_owned(), 20)
            ]
        );
        assert_eq!(
            names(150)[0..2],
            [("_a".to_owned(), 40), ("_a_2".to_owned(), 10)]
        );
    }
}

//! Names after what a type holds, which it has wherever it stands.

use super::super::types::Namer;
use super::super::words;
use crate::ir::{Api, Origin, Shape, TypeId};

/// The only value of a type.
pub(super) fn constant(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Enumeration(enumeration) => match enumeration.values.as_slice() {
            [only] => only.value.as_str(),
            _ => None,
        },
        _ => None,
    }
}

/// Names of more words are no help.
const LONGEST: usize = 7;

/// What a type is called after what it holds, wherever it stands: a choice of few that have names, nothing at all.
pub(super) fn content(namer: &Namer<'_>, api: &Api, id: TypeId) -> Option<String> {
    match &api.types[id].shape {
        Shape::Object(object) if object.fields.is_empty() && object.additional.is_none() => {
            Some("empty object".to_owned())
        }
        shape @ Shape::Enumeration(_) if constant(shape) == Some("") => {
            Some("empty string".to_owned())
        }
        Shape::Union(union) if union.variants.len() <= 3 => {
            let (mut components, mut others) = (Vec::new(), Vec::new());
            for variant in &union.variants {
                match &api.types[variant.ty.id].origin {
                    Origin::Component(name) => {
                        components.push(words::snake(&namer.component(name)));
                    }
                    _ => others.push(plain(namer, api, variant.ty.id)?),
                }
            }
            components.sort_by_key(String::len);
            others.sort_by_key(|word| word == "empty");
            components.append(&mut others);
            let name = components.join("_or_");
            (name.split('_').count() <= LONGEST).then_some(name)
        }
        _ => None,
    }
}

/// What an enumeration of two or three texts is called after them, where its places have nothing in common.
pub(super) fn by_values(shape: &Shape) -> Option<String> {
    let Shape::Enumeration(enumeration) = shape else {
        return None;
    };
    if !matches!(enumeration.values.len(), 2 | 3) {
        return None;
    }
    let mut said = Vec::new();
    for value in &enumeration.values {
        let text = value.value.as_str()?;
        let is_word = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || "_- ".contains(it));
        if !is_word {
            return None;
        }
        let word = words::snake(&words::split(text));
        if word.is_empty() || said.contains(&word) {
            return None;
        }
        said.push(word);
    }
    let name = said.join("_or_");
    (name.split('_').count() <= LONGEST).then_some(name)
}

/// What a type is called that has no name of its own.
fn plain(namer: &Namer<'_>, api: &Api, id: TypeId) -> Option<String> {
    Some(match &api.types[id].shape {
        Shape::Bool => "bool".to_owned(),
        Shape::Integer(_) => "integer".to_owned(),
        Shape::Double | Shape::Decimal | Shape::QuotedDecimal => "number".to_owned(),
        Shape::String => "string".to_owned(),
        Shape::Alias(to) => plain(namer, api, to.id)?,
        Shape::Array(item) => {
            let item = match &api.types[item.id].origin {
                Origin::Component(name) => words::snake(&namer.component(name)),
                _ => plain(namer, api, item.id)?,
            };
            item + " list"
        }
        shape @ Shape::Enumeration(_) if constant(shape) == Some("") => "empty".to_owned(),
        _ => return None,
    })
}

//! Makes equal types one; it must not know which of them have a name for it, nor what it is.

use foldhash::{HashMap, HashMapExt as _};

use super::equality::same_words;
use crate::ir::{Api, Classes, Doc, Form, Origin, Shape, Sharing, Type, TypeId, TypeRef, Types};

/// Lets one type stand for all that are to be shared with it; `classes` are those that the decision was made with.
pub(super) fn merge(api: &mut Api, classes: &Classes, shared: &[Sharing]) {
    let mut kept: Vec<TypeId> = api.types.ids().collect();
    for Sharing {
        kept: one,
        others,
        origin,
    } in shared
    {
        for other in others {
            kept[other.index()] = *one;
            take_over(&mut api.types, *one, *other);
        }
        if let Some(origin) = origin {
            api.types[*one].origin = origin.clone();
        }
    }
    let replace = |ty: &mut TypeRef| ty.id = kept[ty.id.index()];
    for id in api.types.ids() {
        api.types[id].shape.parts_mut().for_each(replace);
    }
    for operation in &mut api.operations {
        operation.types_mut().into_iter().for_each(replace);
    }
    for webhook in &mut api.webhooks {
        replace(&mut webhook.payload);
    }
    for (_, ty) in &mut api.schemas {
        replace(ty);
    }
    // What is replaced has no item of its own.
    for (id, one) in api
        .types
        .ids()
        .zip(&kept)
        .filter(|(id, one)| id != *one)
        .collect::<Vec<_>>()
    {
        api.types[id].shape = Shape::Alias((*one).into());
        api.types[id].origin = Origin::Inline(Vec::new());
    }
    follow(api, classes);
}

/// Lets the schemas inside of what was replaced have the types that are inside of what stands for it.
fn follow(api: &mut Api, classes: &Classes) {
    let used = used(api);
    let mut by_class: HashMap<usize, TypeId> = HashMap::new();
    for id in api.types.ids().filter(|id| used[id.index()]) {
        by_class.entry(classes.of[id.index()]).or_insert(id);
    }
    for (_, ty) in &mut api.schemas {
        let equal = by_class.get(&classes.of[ty.id.index()]);
        if let Some(equal) = equal.filter(|_| !used[ty.id.index()]) {
            ty.id = *equal;
        }
    }
}

/// Adds to a type what is said of another, so that it can stand for both.
fn take_over(types: &mut Types, one: TypeId, other: TypeId) {
    let Doc {
        title,
        description,
        deprecated,
        default,
        example,
        url,
    } = types[other].doc.clone();
    let usage = types[other].usage;
    let ty = &mut types[one];
    ty.usage.request |= usage.request;
    ty.usage.response |= usage.response;
    ty.usage.multipart |= usage.multipart;
    if matches!(ty.origin, Origin::Component(_)) {
        return;
    }
    // What the uses say differently stays with them: equal types differ in nothing else of their words.
    let agree = |own: &mut Option<String>, other: &Option<String>| {
        let same = |own: &str| other.as_deref().is_some_and(|other| same_words(own, other));
        if !own.as_deref().is_some_and(same) {
            *own = None;
        }
    };
    agree(&mut ty.doc.title, &title);
    agree(&mut ty.doc.description, &description);
    agree(&mut ty.doc.url, &url);
    ty.doc.deprecated &= deprecated;
    if ty.doc.default != default {
        ty.doc.default = None;
    }
    ty.doc.example = ty.doc.example.take().or(example);
}

/// Takes the inline schemas out of use that nothing refers to: no item is made of them.
pub(super) fn drop_unused(api: &mut Api) {
    let mut used = used(api);
    let schemas = api.schemas.iter().map(|(_, ty)| ty.id).collect();
    mark(&api.types, schemas, &mut used);
    for id in api.types.ids().filter(|id| !used[id.index()]) {
        api.types[id].shape = Shape::Any;
        api.types[id].origin = Origin::Inline(Vec::new());
    }
}

/// By type: whether an operation, a webhook or a component refers to it.
fn used(api: &mut Api) -> Vec<bool> {
    let mut roots: Vec<TypeId> = Vec::new();
    for operation in &mut api.operations {
        roots.extend(operation.types_mut().into_iter().map(|ty| ty.id));
    }
    roots.extend(api.webhooks.iter().map(|webhook| webhook.payload.id));
    let is_component = |ty: &Type| matches!(ty.origin, Origin::Component(_));
    let components = api.types.iter().filter(|(_, ty)| is_component(ty));
    roots.extend(components.map(|(id, _)| id));
    let mut used = vec![false; api.types.len()];
    mark(&api.types, roots, &mut used);
    used
}

fn mark(types: &Types, mut open: Vec<TypeId>, used: &mut [bool]) {
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut used[id.index()], true) {
            continue;
        }
        let ty = &types[id];
        open.extend(ty.shape.parts().map(|part| part.id));
        if let Form::Request(base) | Form::Multipart(base) = ty.form {
            open.push(base);
        }
    }
}

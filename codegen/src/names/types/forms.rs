//! Names of the forms of types that requests have beside those of responses, by what the operations do that take them.

use foldhash::{HashMap, HashMapExt as _};

use super::super::ident::Ident;
use super::super::path;
use super::super::scope::{Claim, Scope};
use super::super::verbs::is_verb;
use super::{base, is_item};
use crate::ir::{Api, BodyKind, Form, Operation, Shape, Type, TypeId, TypeRef, Types};

/// Names the request and multipart forms after the type that they are a form of.
pub(super) fn assign(api: &Api, names: &mut [Option<Ident>], scope: &mut Scope<'_>) {
    let bodies = bodies(api);
    // A multipart form may be made from a request form: two rounds name both.
    for _ in 0..3 {
        let ready: Vec<(TypeId, String)> = api
            .types
            .iter()
            .filter(|(id, ty)| names[id.index()].is_none() && is_item(ty))
            .filter_map(|(id, ty)| Some((id, names[base(ty)?.index()].as_ref()?.to_string())))
            .collect();
        let claims: Vec<Claim> = ready
            .iter()
            .map(|(id, base)| form_claim(base, &api.types[*id], bodies.get(id).copied()))
            .collect();
        for ((id, _), name) in ready.iter().zip(scope.settle(&claims)) {
            names[id.index()] = Some(name);
        }
    }
}

/// Which operations take a type as their whole body.
#[derive(Debug, Clone, Copy, Default)]
struct Takers {
    create: bool,
    update: bool,
    other: bool,
}

fn bodies(api: &Api) -> HashMap<TypeId, Takers> {
    let mut takers: HashMap<TypeId, Takers> = HashMap::new();
    for operation in &api.operations {
        for media in operation.body.iter().flat_map(|body| &body.media) {
            let (BodyKind::Json(ty)
            | BodyKind::Form(ty, _)
            | BodyKind::Multipart(ty, _)
            | BodyKind::Xml(ty)
            | BodyKind::Lines(ty)) = &media.kind
            else {
                continue;
            };
            for id in [ty.id, element(&api.types, *ty)] {
                let taker = takers.entry(id).or_default();
                match operation.method.as_str() {
                    "POST" if creates(operation) => taker.create = true,
                    "PUT" | "PATCH" => taker.update = true,
                    _ => taker.other = true,
                }
            }
        }
    }
    takers
}

/// The type behind aliases and one array.
fn element(types: &Types, reference: TypeRef) -> TypeId {
    let ty = types.unalias(reference);
    match &types[ty.id].shape {
        Shape::Array(item) => types.unalias(*item).id,
        _ => ty.id,
    }
}

/// Whether a POST goes to a collection, and not to one thing or to an action on it.
fn creates(operation: &Operation) -> bool {
    let steps = path::steps(&operation.path);
    steps
        .last()
        .and_then(path::Step::literal)
        .is_some_and(|words| !is_verb(&words[0]) || words[0] == "create")
}

fn form_claim(base: &str, ty: &Type, takers: Option<Takers>) -> Claim {
    let mut candidates = Vec::new();
    if matches!(ty.form, Form::Multipart(_)) {
        candidates.push(format!("{base}Form"));
    } else {
        match takers {
            Some(Takers {
                create: true,
                update: false,
                other: false,
            }) if !base.starts_with("New") => {
                candidates.push(format!("New{base}"));
            }
            Some(Takers {
                create: false,
                update: true,
                other: false,
            }) if !base.ends_with("Update") => {
                candidates.push(format!("{base}Update"));
            }
            _ => {}
        }
    }
    candidates.extend([
        format!("{base}Input"),
        format!("{base}Parameters"),
        format!("{base}Body"),
    ]);
    Claim::new(0, candidates)
}

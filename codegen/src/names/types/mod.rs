//! Names of types: components as they are called, inline schemas after where they stand.

mod forms;
mod namer;

use std::collections::BTreeMap;

use foldhash::HashMap;

pub(super) use self::namer::{Namer, joined};
use super::ident::Ident;
use super::scope::{Claim, Scope};
use super::words::Word;
use super::{Issue, reserved};
use crate::ir::{Api, Form, Origin, Shape, Type, TypeId};

/// What types are named from beside the arena.
pub(super) struct Sources<'a> {
    pub(super) api: &'a Api,
    /// By operation id: what its inline schemas are named after.
    pub(super) places: HashMap<&'a str, &'a Place>,
    /// By component name or pointer: the name that the user asks for.
    pub(super) overrides: &'a BTreeMap<String, String>,
}

/// What the inline schemas of an operation are named after.
#[derive(Debug)]
pub(super) struct Place {
    /// The words of its request's struct.
    pub(super) request: Vec<Word>,
    /// A thing of its resource.
    pub(super) thing: Vec<Word>,
    /// Whether it lists just these things, so that its parameters speak of them.
    pub(super) lists: bool,
}

/// Names every type that is an item of its own.
pub(super) fn assign(
    sources: &Sources<'_>,
    issues: &mut Vec<Issue>,
) -> (Vec<Option<Ident>>, Scope<'static>) {
    let types = &sources.api.types;
    let mut scope = Scope::new(reserved::TYPES);
    let mut names: Vec<Option<Ident>> = vec![None; types.len()];
    let wishes = Namer::new(sources);
    let plain: Vec<TypeId> = types
        .iter()
        .filter(|(_, ty)| is_item(ty) && base(ty).is_none())
        .map(|(id, _)| id)
        .collect();
    let firsts: Vec<_> = plain.iter().map(|id| wishes.first_choice(*id)).collect();
    let settled = scope.settle_firsts(&firsts, |index| {
        Claim::new(0, wishes.choices(plain[index]))
            .candidates
            .split_off(1)
    });
    for (id, name) in plain.iter().zip(settled) {
        names[id.index()] = Some(name);
    }
    report_overrides(sources, &names, issues);
    forms::assign(sources.api, &mut names, &mut scope);
    (names, scope)
}

/// Whether a type is emitted as an item: what has members always, another name only where the author gave it.
fn is_item(ty: &Type) -> bool {
    match ty.shape {
        Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) | Shape::Newtype(_) => true,
        _ => matches!(ty.origin, Origin::Component(_)),
    }
}

/// The type that this one is another form of.
fn base(ty: &Type) -> Option<TypeId> {
    match ty.form {
        Form::Request(base) | Form::Multipart(base) => Some(base),
        Form::Shared | Form::Response => None,
    }
}

fn report_overrides(sources: &Sources<'_>, names: &[Option<Ident>], issues: &mut Vec<Issue>) {
    for (key, asked) in sources.overrides {
        let found = sources.api.types.iter().find(|(_, ty)| {
            ty.pointer.as_str() == key
                || matches!(&ty.origin, Origin::Component(name) if name == key)
        });
        let Some((id, ty)) = found else {
            issues.push(Issue {
                pointer: crate::diagnostic::Pointer::default(),
                message: format!(
                    "no type is called `{key}`: remove the name `{asked}` that is asked for it"
                ),
            });
            continue;
        };
        let given = names[id.index()].as_ref().map(ToString::to_string);
        if given.as_deref() != Some(asked) {
            let given = given.unwrap_or_else(|| "no name, being written in place".to_owned());
            issues.push(Issue {
                pointer: ty.pointer.clone(),
                message: format!("the type cannot be called `{asked}`, which is taken or no identifier; it has {given}"),
            });
        }
    }
}

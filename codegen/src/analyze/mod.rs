//! Whole-program facts of the IR: direction, presence, cycles, how unions are told apart, pagination.
//! It must not know how anything is named or printed.

mod boxing;
mod direction;
mod equality;
mod files;
mod overlap;
pub mod pagination;
mod sharing;
mod unions;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::ir::{Api, Classes, Sharing};

/// Completes the IR in place.
///
/// Between the two halves, `share` says which of the types that are structurally equal become one: whether they do is a
/// question of names. It is asked again where inline schemas became components, since then their wholes may be equal. It is
/// given what finds the classes of equal types, which may be called on another thread, and hands them back.
///
/// The document serves only to place the diagnostics, which say where a guess remains.
pub fn analyze(
    document: Document<'_>,
    api: &mut Api,
    mut share: impl FnMut(&Api, &(dyn Fn() -> Classes + Sync)) -> (Classes, Vec<Sharing>),
) -> Vec<Diagnostic> {
    let mut diagnostics = files::settle(document, api);
    direction::split(api);
    if api.keep_unknown_fields {
        direction::keep_unknown(&mut api.types);
    }
    diagnostics.extend(unions::tell_apart(document, api));
    for _ in 0..SHARING_ROUNDS {
        let (classes, shared) = share(api, &|| equality::classes(api));
        sharing::merge(api, &classes, &shared);
        if shared.iter().all(|sharing| sharing.origin.is_some()) {
            break;
        }
    }
    sharing::drop_unused(api);
    boxing::break_cycles(&mut api.types);
    let overrides = api
        .operations
        .iter()
        .filter_map(|operation| {
            let asked = document
                .node(&operation.pointer)?
                .get("x-callwright-pagination")?;
            Some((operation.id.clone(), asked.value.clone()))
        })
        .collect();
    diagnostics.extend(pagination::infer(api, &overrides).into_iter().map(|issue| {
        document
            .diagnostic_at(Code::PAGINATION, &issue.pointer, issue.message)
            .remedy("correct `x-callwright-pagination`, or take it out to let the rule be found")
    }));
    diagnostics
}

/// How often equal types are looked for. A round finds all of any depth, except those that hold what became a component in it.
const SHARING_ROUNDS: usize = 4;

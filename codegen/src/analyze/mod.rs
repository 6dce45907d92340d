//! Whole-program facts of the IR: direction, presence, cycles, how unions are told apart, pagination.
//! It must not know how anything is named or printed.

mod boxing;
mod direction;
mod files;
mod overlap;
pub mod pagination;
mod unions;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::ir::Api;

/// Completes the IR in place.
///
/// The document serves only to place the diagnostics, which say where a guess remains.
pub fn analyze(document: Document<'_>, api: &mut Api) -> Vec<Diagnostic> {
    let mut diagnostics = files::settle(document, api);
    direction::split(api);
    if api.keep_unknown_fields {
        direction::keep_unknown(&mut api.types);
    }
    diagnostics.extend(unions::tell_apart(document, api));
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

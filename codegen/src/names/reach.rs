//! Which types an operation refers to; it must not know names.

use crate::ir::{BodyKind, Operation, TypeId};

/// The types that an operation names directly.
pub(super) fn roots(operation: &Operation) -> Vec<TypeId> {
    let mut roots: Vec<TypeId> = operation
        .parameters
        .iter()
        .map(|parameter| parameter.ty.id)
        .collect();
    for media in operation.body.iter().flat_map(|body| &body.media) {
        match &media.kind {
            BodyKind::Json(ty)
            | BodyKind::Form(ty, _)
            | BodyKind::Multipart(ty, _)
            | BodyKind::Xml(ty)
            | BodyKind::Lines(ty) => {
                roots.push(ty.id);
            }
            BodyKind::Text | BodyKind::Bytes => {}
        }
    }
    for case in operation.successes.iter().chain(&operation.errors) {
        roots.extend(case.types().iter().map(|ty| ty.id));
        roots.extend(case.headers.iter().map(|header| header.ty.id));
    }
    roots
}

//! Files: `format: binary` means bytes in a multipart body and nowhere else.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::ir::{Api, BodyKind, Form, PartKind, Shape, TypeId, TypeRef, Types};

/// Gives each multipart body a type with its files, one of its own where the schema is also used as JSON, and makes files
/// elsewhere strings.
pub(super) fn settle(document: Document<'_>, api: &mut Api) -> Vec<Diagnostic> {
    let mut forms: HashMap<TypeId, TypeId> = HashMap::new();
    let mut bodies: Vec<(usize, usize)> = Vec::new();
    for (index, operation) in api.operations.iter().enumerate() {
        for (choice, media) in operation
            .body
            .iter()
            .flat_map(|body| body.media.iter().enumerate())
        {
            if matches!(media.kind, BodyKind::Multipart(..)) {
                bodies.push((index, choice));
            }
        }
    }
    let used = used_otherwise(api);
    for (operation, choice) in bodies {
        let Some(body) = &mut api.operations[operation].body else {
            continue;
        };
        let BodyKind::Multipart(ty, parts) = &mut body.media[choice].kind else {
            continue;
        };
        let source = api.types.unalias(*ty).id;
        let form = *forms.entry(source).or_insert_with(|| {
            if !used.contains(&source) {
                api.types[source].usage.multipart = true;
                return source;
            }
            let mut form = api.types[source].clone();
            form.form = Form::Multipart(source);
            form.usage.multipart = true;
            api.types.push(form)
        });
        let Shape::Object(object) = &mut api.types[form].shape else {
            continue;
        };
        let mut files = Vec::new();
        for part in parts.iter().filter(|part| part.kind == PartKind::File) {
            files.push((part.field, part.repeated));
        }
        let fields: Vec<TypeRef> = object.fields.iter().map(|field| field.ty).collect();
        for (field, repeated) in files {
            let ty = file(&mut api.types, form, fields[field], repeated);
            if let Shape::Object(object) = &mut api.types[form].shape {
                object.fields[field].ty = ty;
            }
        }
        *ty = TypeRef::from(form);
    }
    strings(document, api)
}

/// The types that something other than a multipart body uses: these keep their JSON form.
fn used_otherwise(api: &Api) -> HashSet<TypeId> {
    let mut used: HashSet<TypeId> = HashSet::new();
    for (_, ty) in api.types.iter() {
        used.extend(ty.shape.references().iter().map(|reference| reference.id));
    }
    for operation in &api.operations {
        used.extend(operation.parameters.iter().map(|parameter| parameter.ty.id));
        used.extend(operation.received().iter().map(|reference| reference.id));
        let media = operation.body.iter().flat_map(|body| &body.media);
        used.extend(media.filter_map(|choice| match &choice.kind {
            BodyKind::Json(ty)
            | BodyKind::Form(ty, _)
            | BodyKind::Xml(ty)
            | BodyKind::Lines(ty) => Some(ty.id),
            BodyKind::Multipart(..) | BodyKind::Text | BodyKind::Bytes => None,
        }));
    }
    used.extend(api.webhooks.iter().map(|webhook| webhook.payload.id));
    used
}

/// The type of a field that holds a file or several.
fn file(types: &mut Types, form: TypeId, old: TypeRef, repeated: bool) -> TypeRef {
    let mut plain = types[form].clone();
    plain.shape = Shape::File;
    plain.form = Form::Shared;
    plain.origin = crate::ir::Origin::Inline(Vec::new());
    plain.usage.multipart = true;
    let id = types.push(plain.clone());
    if !repeated {
        return TypeRef {
            nullable: old.nullable,
            ..id.into()
        };
    }
    plain.shape = Shape::Array(id.into());
    TypeRef {
        nullable: old.nullable,
        ..types.push(plain).into()
    }
}

/// Files that are no part of a multipart body: inside JSON there are only strings.
fn strings(document: Document<'_>, api: &mut Api) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let ids: Vec<TypeId> = api.types.ids().collect();
    let mut inside: Vec<bool> = vec![false; ids.len()];
    for id in &ids {
        for reference in api.types[*id].shape.references() {
            inside[reference.id.index()] = true;
        }
    }
    for id in ids {
        let ty = &mut api.types[id];
        if ty.shape == Shape::File && !ty.usage.multipart {
            ty.shape = Shape::String;
            if inside[id.index()] {
                diagnostics.push(
                    document
                        .diagnostic_at(Code::BINARY_IN_JSON, &ty.pointer, "JSON has no bytes: `format: binary` is read as a string here")
                        .remedy("use `format: byte` for base64, or send the property as a part of a multipart body"),
                );
            }
        }
    }
    diagnostics
}

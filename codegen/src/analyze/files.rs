//! Files: `format: binary` means bytes in a multipart body and nowhere else.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::ir::{Api, BodyKind, Form, Origin, Part, PartKind, Shape, Type, TypeId, TypeRef, Types};

/// Gives each multipart body a type with its files and the headers of its parts, one of its own where the schema is also
/// used as JSON or by a body with other parts, and makes files elsewhere strings.
pub(super) fn settle(document: Document<'_>, api: &mut Api) -> Vec<Diagnostic> {
    let mut forms: HashMap<(TypeId, Vec<Special>), TypeId> = HashMap::new();
    let media = api.operations.iter().flat_map(|it| &it.body);
    let mut media = media.flat_map(|body| &body.media);
    if !media.any(|media| matches!(media.kind, BodyKind::Multipart(..))) {
        return strings(document, api);
    }
    let mut claimed = used_otherwise(api);
    for index in 0..api.operations.len() {
        // A stream sends what the operation sends that it is of.
        let Some(mut body) = api.operations[index].body.take() else {
            continue;
        };
        for media in &mut body.media {
            let BodyKind::Multipart(ty, parts) = &mut media.kind else {
                continue;
            };
            let special: Vec<Special> = parts.iter().filter_map(Special::of).collect();
            for part in parts.iter_mut() {
                part.headers = None;
            }
            let source = api.types.unalias(*ty).id;
            if matches!(api.types[source].shape, Shape::Union(_)) {
                continue;
            }
            let known = forms.get(&(source, special.clone())).copied();
            let form = known.unwrap_or_else(|| {
                let form = own_form(api, source, claimed.insert(source));
                for special in &special {
                    specialize(&mut api.types, form, special);
                }
                forms.insert((source, special), form);
                form
            });
            *ty = TypeRef::from(form);
        }
        api.operations[index].body = Some(body);
    }
    strings(document, api)
}

/// A part that is more than the JSON of its schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Special {
    wire: String,
    position: usize,
    file: bool,
    repeated: bool,
    headers: Option<TypeRef>,
}

impl Special {
    fn of(part: &Part) -> Option<Self> {
        let file = part.kind == PartKind::File;
        (file || part.headers.is_some()).then_some(Self {
            wire: part.wire.clone(),
            position: part.position,
            file,
            repeated: part.repeated,
            headers: part.headers,
        })
    }
}

/// The type of a multipart body: the schema's own where nothing else uses that, else another one.
fn own_form(api: &mut Api, source: TypeId, is_free: bool) -> TypeId {
    if is_free {
        api.types[source].usage.multipart = true;
        return source;
    }
    let mut form = api.types[source].clone();
    form.form = Form::Multipart(source);
    form.usage.multipart = true;
    api.types.push(form)
}

/// Gives a part of a body the type of its file and its headers.
fn specialize(types: &mut Types, form: TypeId, special: &Special) {
    let old = match &types[form].shape {
        Shape::Object(object) => match object.fields.iter().find(|it| it.wire == special.wire) {
            Some(field) => field.ty,
            None => return,
        },
        Shape::Tuple(items) => items[special.position],
        Shape::Map(value) => *value,
        Shape::Array(_) => form.into(),
        _ => return,
    };
    let target = types.unalias(old).id;
    let item = match types[target].shape {
        Shape::Array(item) if special.repeated => item,
        _ => old,
    };
    let mut plain = types[form].clone();
    plain.form = Form::Shared;
    plain.origin = Origin::Inline(Vec::new());
    plain.usage.multipart = true;
    let mut new = |types: &mut Types, shape: Shape| {
        plain.shape = shape;
        types.push(plain.clone())
    };
    let mut held = item;
    if special.file {
        held = new(types, Shape::File).into();
    }
    if let Some(headers) = special.headers {
        held = new(
            types,
            Shape::Part {
                value: held,
                headers,
            },
        )
        .into();
    }
    if special.repeated && target == form {
        types[form].shape = Shape::Array(held);
        return;
    }
    if special.repeated {
        held = new(types, Shape::Array(held)).into();
    }
    held.nullable = old.nullable;
    match &mut types[form].shape {
        Shape::Object(object) => {
            let mut fields = object.fields.iter_mut();
            if let Some(field) = fields.find(|it| it.wire == special.wire) {
                field.ty = held;
            }
        }
        Shape::Tuple(items) => items[special.position] = held,
        Shape::Map(value) => *value = held,
        _ => {}
    }
}

/// The types that something other than a multipart body uses: these keep their JSON form.
fn used_otherwise(api: &Api) -> HashSet<TypeId> {
    let parts = api.types.iter().flat_map(|(_, ty)| ty.shape.parts());
    let mut used: HashSet<TypeId> = parts.map(|part| part.id).collect();
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

/// Files that are no part of a multipart body: inside JSON there are only strings.
fn strings(document: Document<'_>, api: &mut Api) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let is_lost = |(_, ty): &(TypeId, &Type)| ty.shape == Shape::File && !ty.usage.multipart;
    let lost: Vec<TypeId> = api.types.iter().filter(is_lost).map(|(id, _)| id).collect();
    if lost.is_empty() {
        return diagnostics;
    }
    let used = reachable(api);
    let mut inside: Vec<bool> = vec![false; used.len()];
    for id in api.types.ids().filter(|id| used[id.index()]) {
        for part in api.types[id].shape.parts() {
            inside[part.id.index()] = true;
        }
    }
    for id in lost {
        let ty = &mut api.types[id];
        ty.shape = Shape::String;
        if inside[id.index()] {
            diagnostics.push(
                document
                    .diagnostic_at(Code::BINARY_IN_JSON, &ty.pointer, "JSON has no bytes: `format: binary` is read as a string here")
                    .remedy("use `format: byte` for base64, or send the property as a part of a multipart body"),
            );
        }
    }
    diagnostics
}

/// What operations, webhooks and components reach: a list of files that became one of parts is used no more.
fn reachable(api: &mut Api) -> Vec<bool> {
    let mut open: Vec<TypeId> = Vec::new();
    for operation in &mut api.operations {
        open.extend(operation.received().iter().map(|ty| ty.id));
        open.extend(operation.sent_mut().iter().map(|ty| ty.id));
    }
    open.extend(api.webhooks.iter().map(|webhook| webhook.payload.id));
    let components = api.types.iter();
    let components = components.filter(|(_, ty)| matches!(ty.origin, Origin::Component(_)));
    open.extend(components.map(|(id, _)| id));
    let mut seen = vec![false; api.types.len()];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut seen[id.index()], true) {
            open.extend(api.types[id].shape.parts().map(|ty| ty.id));
        }
    }
    seen
}

//! Direction: which types travel which way, and separate forms where `readOnly` or `writeOnly` make a
//! request differ from a response.

use foldhash::{HashMap, HashMapExt as _};

use crate::ir::{Api, Constraints, Doc, Field, Form, Origin, Shape, TypeId, TypeRef, Types};

/// Sets usage and presence, and splits the types that differ by direction.
pub(super) fn split(api: &mut Api) {
    let sent: Vec<TypeId> = api
        .operations
        .iter_mut()
        .flat_map(|operation| {
            operation
                .sent_mut()
                .into_iter()
                .map(|ty| ty.id)
                .collect::<Vec<_>>()
        })
        .collect();
    let received: Vec<TypeId> = api
        .operations
        .iter()
        .flat_map(crate::ir::Operation::received)
        .map(|ty| ty.id)
        .chain(api.webhooks.iter().map(|hook| hook.payload.id))
        .collect();
    let request = reach(&api.types, &sent, Way::Request);
    let mut response = reach(&api.types, &received, Way::Response);
    // What no operation uses is there for the application to read.
    let unused: Vec<TypeId> = api
        .types
        .ids()
        .filter(|id| !request[id.index()] && !response[id.index()])
        .collect();
    let of_unused = reach(&api.types, &unused, Way::Response);
    for ((response, request), of_unused) in response.iter_mut().zip(&request).zip(of_unused) {
        *response |= of_unused && !request;
    }
    let both: Vec<bool> = request
        .iter()
        .zip(&response)
        .map(|(request, response)| *request && *response)
        .collect();
    let differing = differing(&api.types, &both);
    let originals = api.types.len();
    let forms = clone_forms(&mut api.types, &differing);
    for id in api.types.ids().filter(|id| id.index() < originals) {
        let usage = &mut api.types[id].usage;
        usage.request = request[id.index()] && !forms.contains_key(&id);
        usage.response = response[id.index()];
    }
    for form in forms.values() {
        let usage = &mut api.types[*form].usage;
        (usage.request, usage.response) = (true, false);
    }
    prune(&mut api.types, &forms);
    for operation in &mut api.operations {
        for ty in operation.sent_mut() {
            retarget(ty, &forms);
        }
    }
    presence(&mut api.types);
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Request,
    Response,
}

/// By type: whether it travels a way from some roots.
fn reach(types: &Types, roots: &[TypeId], way: Way) -> Vec<bool> {
    let mut seen = vec![false; types.len()];
    let mut queue: Vec<TypeId> = roots.to_vec();
    while let Some(id) = queue.pop() {
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        match &types[id].shape {
            Shape::Object(object) => {
                let travels = |field: &&Field| match way {
                    Way::Request => !field.read_only,
                    Way::Response => !field.write_only,
                };
                let fields = object.fields.iter().filter(travels);
                queue.extend(fields.map(|field| field.ty.id));
                queue.extend(object.additional.map(|ty| ty.id));
            }
            other => queue.extend(other.parts().map(|ty| ty.id)),
        }
    }
    seen
}

/// The types of both directions that differ by it, themselves or in what they hold.
fn differing(types: &Types, both: &[bool]) -> Vec<TypeId> {
    let of_one_way = |field: &Field| field.read_only || field.write_only;
    let differs = |id: &TypeId| match &types[*id].shape {
        Shape::Object(object) => object.fields.iter().any(of_one_way),
        _ => false,
    };
    let is_both = |id: &TypeId| both[id.index()];
    let mut queue: Vec<TypeId> = types.ids().filter(is_both).filter(differs).collect();
    if queue.is_empty() {
        return queue;
    }
    let holders = types.holders();
    let mut seen = vec![false; types.len()];
    while let Some(id) = queue.pop() {
        if !std::mem::replace(&mut seen[id.index()], true) {
            queue.extend(holders.of(id).iter().copied().filter(is_both));
        }
    }
    types.ids().filter(|id| seen[id.index()]).collect()
}

/// Adds the request form of each type; the type itself becomes the response form.
fn clone_forms(types: &mut Types, differing: &[TypeId]) -> HashMap<TypeId, TypeId> {
    let mut forms = HashMap::new();
    for id in differing {
        let mut form = types[*id].clone();
        form.form = Form::Request(*id);
        let request = types.push(form);
        types[*id].form = Form::Response;
        forms.insert(*id, request);
    }
    forms
}

fn retarget(ty: &mut TypeRef, forms: &HashMap<TypeId, TypeId>) {
    if let Some(form) = forms.get(&ty.id) {
        ty.id = *form;
    }
}

/// Takes the fields out that do not travel, and lets requests hold request forms.
fn prune(types: &mut Types, forms: &HashMap<TypeId, TypeId>) {
    for id in types.ids() {
        let usage = types[id].usage;
        if let Shape::Object(object) = &mut types[id].shape {
            object.fields.retain(|field| {
                (!field.read_only || usage.response) && (!field.write_only || usage.request)
            });
        }
        if usage.request && !usage.response {
            for ty in types[id].shape.parts_mut() {
                retarget(ty, forms);
            }
        }
    }
}

/// Absent and `null` are told apart where the application may mean either.
fn presence(types: &mut Types) {
    // `null` is a value of anything, too.
    let null: Vec<bool> = types
        .ids()
        .map(|id| {
            let target = types.unalias(id.into());
            target.nullable || types[target.id].shape.is_null_or_any()
        })
        .collect();
    for id in types.ids() {
        let request = types[id].usage.request;
        if let Shape::Object(object) = &mut types[id].shape {
            for field in &mut object.fields {
                let nullable = field.ty.nullable || null[field.ty.id.index()];
                field.maybe = request && !field.required && nullable;
            }
        }
    }
}

/// Gives the objects of responses a place for the properties that the document says nothing of.
pub(super) fn keep_unknown(types: &mut Types) {
    for id in types.ids() {
        let ty = &types[id];
        let Shape::Object(object) = &ty.shape else {
            continue;
        };
        // A form of files has no other properties.
        if !object.open || !ty.usage.response || ty.usage.multipart {
            continue;
        }
        let mut any = ty.clone();
        any.shape = Shape::Any;
        any.origin = Origin::Inline(Vec::new());
        any.doc = Doc::default();
        any.constraints = Constraints::default();
        let any = types.push(any);
        if let Shape::Object(object) = &mut types[id].shape {
            object.additional = Some(any.into());
        }
    }
}

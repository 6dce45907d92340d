//! Which types are structurally equal; it must not know how anything is named.
//!
//! Two inline schemas are equal where nothing that is emitted for them would differ. Components, and types that have a
//! form for each direction, are equal to themselves alone, so that cycles, which nearly always lead through components,
//! end there. Types are numbered from the leaves up: a class is a label with the classes of what it holds. What is left
//! is cyclic, or leads into a cycle, and is told apart in rounds.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::ir::{
    Api, Classes, Doc, Enumeration, EnumerationValue, Field, Form, Object, Origin, Shape, Type,
    TypeId, TypeRef, Types, Union, Variant,
};

/// Puts every type into a class.
pub(super) fn classes(api: &Api) -> Classes {
    let types = &api.types;
    let spoken = spoken(api);
    let mut ids = Interner::default();
    let atoms: Vec<bool> = types.iter().map(|(_, ty)| is_atom(ty)).collect();
    let labels: Vec<usize> = types
        .iter()
        .map(|(id, ty)| {
            if atoms[id.index()] {
                ids.unique()
            } else {
                ids.of_label(label(ty, !spoken[id.index()]))
            }
        })
        .collect();
    let mut of: Vec<Option<usize>> = labels
        .iter()
        .zip(&atoms)
        .map(|(label, atom)| atom.then_some(*label))
        .collect();
    settle_acyclic(types, &labels, &mut of, &mut ids);
    settle_cyclic(types, &labels, &mut of, &mut ids);
    let of: Vec<usize> = of
        .into_iter()
        .zip(labels)
        .map(|(of, own)| of.unwrap_or(own))
        .collect();
    let spelled_out = types
        .iter()
        .map(|(_, ty)| {
            let is_plain = matches!(ty.origin, Origin::Component(_)) && ty.form == Form::Shared;
            let label = is_plain
                .then(|| ids.find_label(&label(ty, false)))
                .flatten()?;
            ids.find(&(label, held(&ty.shape, &of)))
        })
        .collect();
    Classes { of, spelled_out }
}

/// Whether a type is equal to itself alone.
fn is_atom(ty: &Type) -> bool {
    matches!(ty.origin, Origin::Component(_)) || ty.form != Form::Shared
}

/// What a type holds: classes, and whether `null` may stand there.
type Held = Vec<(usize, bool)>;

fn held(shape: &Shape, of: &[usize]) -> Held {
    let uses = shape.references();
    uses.iter()
        .map(|ty| (of[ty.id.index()], ty.nullable))
        .collect()
}

/// Numbers for labels, and for labels with what they hold.
#[derive(Default)]
struct Interner {
    next: usize,
    labels: HashMap<String, usize>,
    classes: HashMap<(usize, Held), usize>,
}

impl Interner {
    fn unique(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn of_label(&mut self, label: String) -> usize {
        let next = &mut self.next;
        *self.labels.entry(label).or_insert_with(|| {
            *next += 1;
            *next - 1
        })
    }

    fn find_label(&self, label: &str) -> Option<usize> {
        self.labels.get(label).copied()
    }

    fn of(&mut self, key: (usize, Held)) -> usize {
        let next = &mut self.next;
        *self.classes.entry(key).or_insert_with(|| {
            *next += 1;
            *next - 1
        })
    }

    fn find(&self, key: &(usize, Held)) -> Option<usize> {
        self.classes.get(key).copied()
    }
}

/// Gives a class to every type whose parts all have one.
fn settle_acyclic(types: &Types, labels: &[usize], of: &mut [Option<usize>], ids: &mut Interner) {
    let mut holders: Vec<Vec<TypeId>> = vec![Vec::new(); types.len()];
    let mut open: Vec<usize> = vec![0; types.len()];
    let mut ready = Vec::new();
    for (id, ty) in types.iter().filter(|(id, _)| of[id.index()].is_none()) {
        for part in ty.shape.references() {
            if of[part.id.index()].is_none() {
                holders[part.id.index()].push(id);
                open[id.index()] += 1;
            }
        }
        if open[id.index()] == 0 {
            ready.push(id);
        }
    }
    while let Some(id) = ready.pop() {
        let held = types[id].shape.references();
        // A type is ready when the last of its parts has its class.
        let held = held
            .iter()
            .filter_map(|ty| Some((of[ty.id.index()]?, ty.nullable)));
        of[id.index()] = Some(ids.of((labels[id.index()], held.collect())));
        for holder in &holders[id.index()] {
            open[holder.index()] -= 1;
            if open[holder.index()] == 0 {
                ready.push(*holder);
            }
        }
    }
}

/// Tells the types apart that are left: at first by their labels, then by what they hold, until no round finds more.
fn settle_cyclic(types: &Types, labels: &[usize], of: &mut [Option<usize>], ids: &mut Interner) {
    let left: Vec<TypeId> = types.ids().filter(|id| of[id.index()].is_none()).collect();
    let mut now: Vec<usize> = of
        .iter()
        .zip(labels)
        .map(|(of, label)| of.unwrap_or(*label))
        .collect();
    let mut known = 0;
    loop {
        let mut round: HashMap<(usize, Held), usize> = HashMap::new();
        let mut next = now.clone();
        for id in &left {
            let key = (now[id.index()], held(&types[*id].shape, &now));
            next[id.index()] = *round.entry(key).or_insert_with(|| ids.unique());
        }
        now = next;
        if round.len() == known {
            break;
        }
        known = round.len();
    }
    for id in left {
        of[id.index()] = Some(now[id.index()]);
    }
}

/// By type: whether each of its uses has all that is said of the type as a whole, so that the type need not say it.
fn spoken(api: &Api) -> Vec<bool> {
    let mut spoken = vec![true; api.types.len()];
    let mut mark = |ty: TypeRef, said: [Option<&str>; 2]| {
        let own = &api.types[ty.id].doc;
        let is_said = |own: &Option<String>| {
            let said = |own: &str| said.iter().flatten().any(|said| same_words(own, said));
            own.as_deref().is_none_or(said)
        };
        if !is_said(&own.title) || !is_said(&own.description) {
            spoken[ty.id.index()] = false;
        }
    };
    let nothing = [None, None];
    for (_, ty) in api.types.iter() {
        match &ty.shape {
            Shape::Object(object) => {
                for field in &object.fields {
                    mark(field.ty, said(&field.doc));
                }
                if let Some(additional) = object.additional {
                    mark(additional, nothing);
                }
            }
            Shape::Union(union) => {
                for variant in &union.variants {
                    mark(variant.ty, [Some(&variant.hint), variant.doc.as_deref()]);
                }
            }
            other => other
                .references()
                .into_iter()
                .for_each(|ty| mark(ty, nothing)),
        }
    }
    for operation in &api.operations {
        for parameter in &operation.parameters {
            mark(parameter.ty, said(&parameter.doc));
        }
        let bodies = operation.body.iter().flat_map(|body| &body.media);
        let bodies = bodies.filter_map(|choice| choice.kind.ty());
        let roots = bodies.chain(operation.received());
        roots.for_each(|ty| mark(ty, nothing));
    }
    for webhook in &api.webhooks {
        mark(webhook.payload, nothing);
    }
    spoken
}

/// The texts that a use says.
fn said(doc: &Doc) -> [Option<&str>; 2] {
    [doc.title.as_deref(), doc.description.as_deref()]
}

/// Whether two texts differ in spaces, punctuation and case at most.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    let plain = |said: &str| {
        let mut to = String::with_capacity(said.len());
        text(&mut to, Some(said));
        to
    };
    a == b || plain(a) == plain(b)
}

/// Everything that tells a type from others but what it holds. With `speaks`, also what is said of it as a whole.
///
/// All structs are taken apart field by field: who adds one decides here whether it makes a difference.
fn label(ty: &Type, speaks: bool) -> String {
    let Type {
        shape,
        doc: own,
        origin: _,
        pointer: _,
        usage,
        form: _,
        constraints,
        xml,
    } = ty;
    let mut to = String::new();
    match shape {
        Shape::Any
        | Shape::Bool
        | Shape::Integer(_)
        | Shape::QuotedInteger(_)
        | Shape::QuotedDecimal
        | Shape::Double
        | Shape::Decimal
        | Shape::String
        | Shape::Text(_)
        | Shape::File => put(&mut to, shape),
        Shape::Array(_) => to.push_str("array"),
        Shape::Tuple(_) => to.push_str("tuple"),
        Shape::Map(_) => to.push_str("map"),
        Shape::Alias(_) => to.push_str("alias"),
        Shape::Newtype(_) => to.push_str("newtype"),
        Shape::Part { .. } => to.push_str("part"),
        Shape::Object(object) => put_object(&mut to, object),
        Shape::Enumeration(enumeration) => put_enumeration(&mut to, enumeration),
        Shape::Union(union) => put_union(&mut to, union),
    }
    put(&mut to, &usage.multipart);
    put_unless_plain(&mut to, constraints);
    put_unless_plain(&mut to, &(xml.as_ref(), own.url.as_ref()));
    let is_item = matches!(
        shape,
        Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) | Shape::Newtype(_)
    );
    if is_item && speaks {
        doc(&mut to, own);
    }
    to
}

fn put(to: &mut String, value: &impl std::fmt::Debug) {
    // Writing to a string cannot fail.
    let _ = write!(to, "\n{value:?}");
}

/// As [`put`], in short where it is what most are.
fn put_unless_plain<T: std::fmt::Debug + Default + PartialEq>(to: &mut String, value: &T) {
    if *value == T::default() {
        to.push_str("\n-");
    } else {
        put(to, value);
    }
}

fn put_object(to: &mut String, object: &Object) {
    let Object {
        fields,
        additional,
        open,
    } = object;
    to.push_str("object");
    put(to, &(additional.is_some(), open));
    for field in fields {
        let Field {
            wire,
            ty: _,
            required,
            maybe,
            read_only,
            write_only,
            doc: said,
            constraints,
        } = field;
        put(to, &(wire, required, maybe, read_only, write_only));
        put_unless_plain(to, constraints);
        doc(to, said);
    }
}

fn put_enumeration(to: &mut String, enumeration: &Enumeration) {
    let Enumeration { kind, values } = enumeration;
    put(to, kind);
    for EnumerationValue { value, name, doc } in values {
        put(to, &(value, name));
        text(to, doc.as_deref());
    }
}

fn put_union(to: &mut String, union: &Union) {
    let Union {
        tag,
        variants,
        default,
        any,
    } = union;
    put(to, &(tag, default, any));
    for variant in variants {
        let Variant {
            ty: _,
            hint,
            tags,
            kinds,
            required,
            known,
            constants,
            ranges,
            doc,
        } = variant;
        put(to, &(hint, tags, kinds, required, known, constants, ranges));
        text(to, doc.as_deref());
    }
}

fn doc(to: &mut String, doc: &Doc) {
    let Doc {
        title,
        description,
        deprecated,
        default,
        // Of several examples any will do.
        example: _,
        url,
    } = doc;
    put_unless_plain(to, &(*deprecated, default.as_ref(), url.as_ref()));
    text(to, title.as_deref());
    text(to, description.as_deref());
}

/// The letters and digits of a text in lower case, with a space for whatever else is between them.
fn text(to: &mut String, text: Option<&str>) {
    to.push('\n');
    let mut between = false;
    for character in text.unwrap_or_default().chars() {
        if character.is_alphanumeric() {
            if std::mem::take(&mut between) {
                to.push(' ');
            }
            to.extend(character.to_lowercase());
        } else {
            between = !to.ends_with('\n');
        }
    }
}

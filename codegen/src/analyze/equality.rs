//! Which types are structurally equal; it must not know how anything is named.
//!
//! Two inline schemas are equal where nothing that is emitted for them would differ. Components, and types that have a
//! form for each direction, are equal to themselves alone, so that cycles, which nearly always lead through components,
//! end there. Types are numbered from the leaves up: a class is a label with the classes of what it holds. What is left
//! is cyclic, or leads into a cycle, and is told apart in rounds.

use std::io::Write as _;

use foldhash::{HashMap, HashMapExt as _};

use serde_json::Value;

use crate::ir::{
    Api, Classes, Constraints, Doc, Enumeration, EnumerationValue, Field, Form, Limits, Object,
    Origin, Shape, Type, TypeId, TypeRef, Types, Union, Variant,
};

/// Puts every type into a class.
pub(super) fn classes(api: &Api) -> Classes {
    let types = &api.types;
    let spoken = spoken(api);
    let mut ids = Interner::default();
    let atoms: Vec<bool> = types.iter().map(|(_, ty)| is_atom(ty)).collect();
    let mut text = Vec::new();
    let labels: Vec<usize> = types
        .iter()
        .map(|(id, ty)| {
            if atoms[id.index()] {
                ids.unique()
            } else {
                label(&mut text, ty, !spoken[id.index()]);
                ids.of_label(&text)
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
            if !is_plain {
                return None;
            }
            label(&mut text, ty, false);
            let label = *ids.labels.get(&text)?;
            ids.classes.get(&(label, held(&ty.shape, &of))).copied()
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
    let parts = shape.parts();
    parts.map(|ty| (of[ty.id.index()], ty.nullable)).collect()
}

/// Numbers for labels, and for labels with what they hold.
#[derive(Default)]
struct Interner {
    next: usize,
    labels: HashMap<Vec<u8>, usize>,
    classes: HashMap<(usize, Held), usize>,
}

impl Interner {
    fn unique(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn of_label(&mut self, label: &[u8]) -> usize {
        if let Some(known) = self.labels.get(label) {
            return *known;
        }
        let new = self.unique();
        self.labels.insert(label.to_owned(), new);
        new
    }

    fn of(&mut self, key: (usize, Held)) -> usize {
        let next = &mut self.next;
        *self.classes.entry(key).or_insert_with(|| {
            *next += 1;
            *next - 1
        })
    }
}

/// Gives a class to every type whose parts all have one.
fn settle_acyclic(types: &Types, labels: &[usize], of: &mut [Option<usize>], ids: &mut Interner) {
    let holders = types.holders();
    let mut open: Vec<usize> = vec![0; types.len()];
    let mut ready = Vec::new();
    for (id, ty) in types.iter().filter(|(id, _)| of[id.index()].is_none()) {
        for part in ty.shape.parts() {
            if of[part.id.index()].is_none() {
                open[id.index()] += 1;
            }
        }
        if open[id.index()] == 0 {
            ready.push(id);
        }
    }
    while let Some(id) = ready.pop() {
        // A type is ready when the last of its parts has its class.
        let held = types[id]
            .shape
            .parts()
            .filter_map(|ty| Some((of[ty.id.index()]?, ty.nullable)));
        of[id.index()] = Some(ids.of((labels[id.index()], held.collect())));
        for holder in holders.of(id) {
            let open = &mut open[holder.index()];
            // An atom has had its class before.
            if *open == 1 {
                ready.push(*holder);
            }
            *open = open.saturating_sub(1);
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
        let key = |id: &TypeId| (now[id.index()], held(&types[*id].shape, &now));
        let next: Vec<usize> = left
            .iter()
            .map(|id| *round.entry(key(id)).or_insert_with(|| ids.unique()))
            .collect();
        for (id, next) in left.iter().zip(next) {
            now[id.index()] = next;
        }
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
            other => other.parts().for_each(|ty| mark(ty, nothing)),
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
        let mut to = Vec::new();
        text(&mut to, Some(said));
        to
    };
    a == b || plain(a) == plain(b)
}

/// Everything that tells a type from others but what it holds. With `speaks`, also what is said of it as a whole. Each thing
/// is written so that its end can be told.
///
/// All structs are taken apart field by field: who adds one decides here whether it makes a difference.
fn label(to: &mut Vec<u8>, ty: &Type, speaks: bool) {
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
    to.clear();
    let mut kind = |kind: &str| string(to, kind);
    match shape {
        Shape::Array(_) => kind("array"),
        Shape::Tuple(_) => kind("tuple"),
        Shape::Map(_) => kind("map"),
        Shape::Alias(_) => kind("alias"),
        Shape::Newtype(_) => kind("newtype"),
        Shape::Part { .. } => kind("part"),
        Shape::Any => kind("any"),
        Shape::Bool => kind("bool"),
        Shape::String => kind("string"),
        Shape::Double => kind("double"),
        Shape::Decimal => kind("decimal"),
        Shape::QuotedDecimal => kind("quoted decimal"),
        Shape::File => kind("file"),
        Shape::Integer(size) => {
            kind("integer");
            to.push(*size as u8);
        }
        Shape::QuotedInteger(size) => {
            kind("quoted integer");
            to.push(*size as u8);
        }
        Shape::Text(format) => {
            kind("text");
            to.push(*format as u8);
        }
        Shape::Object(object) => put_object(to, object),
        Shape::Enumeration(enumeration) => put_enumeration(to, enumeration),
        Shape::Union(union) => put_union(to, union),
    }
    flags(to, [usage.multipart]);
    limits(to, constraints);
    put_unless_plain(to, &(xml.as_ref(), own.url.as_ref()));
    let is_item = matches!(
        shape,
        Shape::Object(_) | Shape::Enumeration(_) | Shape::Union(_) | Shape::Newtype(_)
    );
    if is_item && speaks {
        doc(to, own);
    }
}

fn flags<const N: usize>(to: &mut Vec<u8>, flags: [bool; N]) {
    to.extend(flags.map(u8::from));
}

fn string(to: &mut Vec<u8>, text: &str) {
    to.extend(text.len().to_le_bytes());
    to.extend(text.as_bytes());
}

fn strings(to: &mut Vec<u8>, texts: &[String]) {
    to.extend(texts.len().to_le_bytes());
    for text in texts {
        string(to, text);
    }
}

fn json(to: &mut Vec<u8>, value: &Value) {
    if let Value::String(value) = value {
        to.push(b'"');
        string(to, value);
    } else {
        put(to, value);
    }
}

/// Writes what is seldom there.
fn put(to: &mut Vec<u8>, value: &impl std::fmt::Debug) {
    // Writing to bytes in memory cannot fail; line breaks are escaped.
    let _ = writeln!(to, "{value:?}");
}

/// As [`put`], in short where it is what most are.
fn put_unless_plain<T: std::fmt::Debug + Default + PartialEq>(to: &mut Vec<u8>, value: &T) {
    if *value == T::default() {
        to.push(b'-');
    } else {
        put(to, value);
    }
}

fn limits(to: &mut Vec<u8>, constraints: &Constraints) {
    if constraints.is_empty() {
        to.push(b'-');
        return;
    }
    let Limits {
        minimum,
        maximum,
        exclusive_minimum,
        exclusive_maximum,
        multiple_of,
        min_length,
        max_length,
        patterns,
        min_items,
        max_items,
        unique_items,
        min_properties,
        max_properties,
        allowed,
        keys,
        names,
        name_patterns,
        by_pattern,
    } = &**constraints;
    to.push(b'+');
    flags(to, [*exclusive_minimum, *exclusive_maximum, *unique_items]);
    for count in [
        min_length,
        max_length,
        min_items,
        max_items,
        min_properties,
        max_properties,
    ] {
        flags(to, [count.is_some()]);
        to.extend(count.unwrap_or_default().to_le_bytes());
    }
    for number in [minimum, maximum, multiple_of] {
        put_unless_plain(to, number);
    }
    strings(to, patterns);
    strings(to, name_patterns);
    put_unless_plain(to, allowed);
    put_unless_plain(to, keys);
    put_unless_plain(to, names);
    put_unless_plain(to, by_pattern);
}

fn put_object(to: &mut Vec<u8>, object: &Object) {
    let Object {
        fields,
        additional,
        open,
    } = object;
    string(to, "object");
    flags(to, [additional.is_some(), *open]);
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
        string(to, wire);
        flags(to, [*required, *maybe, *read_only, *write_only]);
        limits(to, constraints);
        doc(to, said);
    }
}

fn put_enumeration(to: &mut Vec<u8>, enumeration: &Enumeration) {
    let Enumeration { kind, values } = enumeration;
    string(to, "enumeration");
    to.push(*kind as u8);
    for EnumerationValue { value, name, doc } in values {
        json(to, value);
        put_unless_plain(to, name);
        text(to, doc.as_deref());
    }
}

fn put_union(to: &mut Vec<u8>, union: &Union) {
    let Union {
        tag,
        variants,
        default,
        any,
    } = union;
    string(to, "union");
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
        string(to, hint);
        strings(to, tags);
        put(to, kinds);
        strings(to, required);
        flags(to, [known.is_some()]);
        strings(to, known.as_deref().unwrap_or_default());
        to.extend(constants.len().to_le_bytes());
        for (name, value) in constants {
            string(to, name);
            json(to, value);
        }
        put_unless_plain(to, ranges);
        text(to, doc.as_deref());
    }
}

fn doc(to: &mut Vec<u8>, doc: &Doc) {
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
fn text(to: &mut Vec<u8>, text: Option<&str>) {
    let text = text.unwrap_or_default();
    to.reserve(text.len() + 1);
    let start = to.len();
    let mut between = false;
    for character in text.chars() {
        if !character.is_alphanumeric() {
            between = to.len() > start;
            continue;
        }
        if std::mem::take(&mut between) {
            to.push(b' ');
        }
        if let Ok(ascii) = u8::try_from(character)
            && ascii.is_ascii()
        {
            to.push(ascii.to_ascii_lowercase());
        } else {
            let lower = character.to_lowercase();
            lower.for_each(|lower| to.extend(lower.encode_utf8(&mut [0; 4]).as_bytes()));
        }
    }
    to.push(b'\n');
}

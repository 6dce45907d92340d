//! How the members of unions are told apart: by tag, constants, JSON kind, keys; where none of them
//! decides, a warning says so.

use std::collections::HashSet;

use serde_json::Value;

use super::overlap;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::ir::{
    Api, Field, IntegerKind, KindSet, Object, Shape, TextFormat, TypeId, TypeRef, Types, Union,
    Variant,
};

/// Completes every union: kinds, keys and constants of its members, their tags and their order.
pub(super) fn tell_apart(document: Document<'_>, api: &mut Api) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for id in api.types.ids() {
        let Shape::Union(union) = &api.types[id].shape else {
            continue;
        };
        let mut union = union.clone();
        for variant in &mut union.variants {
            complete(&api.types, variant);
        }
        let objects = union
            .variants
            .iter()
            .filter(|it| it.kinds == KindSet::OBJECT);
        union.any &= objects.count() > 1;
        constants(&api.types, &mut union.variants);
        tag(&api.types, &mut union);
        call_nameless(&api.types, &mut union);
        if union.tag.is_none() || shares_tags(&union) {
            let default = union.default.map(|index| union.variants[index].ty);
            union
                .variants
                .sort_by_key(|variant| std::cmp::Reverse(specificity(&api.types, variant)));
            union.default =
                default.and_then(|ty| union.variants.iter().position(|variant| variant.ty == ty));
            overlap::divide(&api.types, &mut union);
            if let Some((a, b)) = overlap::find(&api.types, &union) {
                diagnostics.push(
                    document
                        .diagnostic_at(
                            Code::UNION_AMBIGUOUS,
                            &api.types[id].pointer,
                            format!("a value may be `{a}` as well as `{b}`"),
                        )
                        .remedy(
                            "add a `discriminator`, or a property that only one of them requires",
                        ),
                );
            }
        }
        api.types[id].shape = Shape::Union(union);
    }
    diagnostics
}

/// Fills in what a value of the member looks like.
fn complete(types: &Types, variant: &mut Variant) {
    let target = types.unalias(variant.ty);
    variant.kinds = kinds(types, variant.ty, &mut HashSet::new());
    if let Shape::Object(object) = &types[target.id].shape {
        variant.required = object
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| field.wire.clone())
            .collect();
        // Properties that are kept although the document does not know them tell nothing of the member.
        variant.known = (object.additional.is_none() || object.open).then(|| {
            object
                .fields
                .iter()
                .map(|field| field.wire.clone())
                .collect()
        });
    }
}

/// Finds a word for the members that the document does not name: what they are, or where two are the same, what one has
/// and the others have not.
fn call_nameless(types: &Types, union: &mut Union) {
    let kind = |variant: &Variant| kind_word(&types[types.unalias(variant.ty).id].shape);
    let words: Vec<Option<String>> = union
        .variants
        .iter()
        .enumerate()
        .map(|(index, variant)| {
            if !variant.hint.is_empty() {
                return None;
            }
            if let [only] = allowed_of(types, variant.ty).as_slice() {
                let text = text(only);
                return Some(if text.is_empty() {
                    "Empty".to_owned()
                } else {
                    text
                });
            }
            let others = || {
                let all = union.variants.iter().enumerate();
                all.filter(move |(other, _)| *other != index)
                    .map(|(_, other)| other)
            };
            if !others().any(|other| other.hint.is_empty() && kind(other) == kind(variant)) {
                return None;
            }
            let constant = variant
                .constants
                .iter()
                .find(|constant| others().all(|other| !other.constants.contains(constant)));
            let required = variant.required.iter().find(|name| {
                let knows =
                    |other: &Variant| other.known.as_ref().is_some_and(|it| it.contains(name));
                others().all(|other| !other.required.contains(name) && !knows(other))
            });
            let required = required.or_else(|| {
                let is_own = |name: &&String| others().all(|other| !other.required.contains(name));
                variant.required.iter().find(is_own)
            });
            constant.map(|(_, value)| text(value)).or(required.cloned())
        })
        .collect();
    for (variant, word) in union.variants.iter_mut().zip(words) {
        if variant.hint.is_empty() {
            variant.hint = word
                .filter(|word| word.chars().any(char::is_alphanumeric))
                .unwrap_or_else(|| {
                    kind_word(&types[types.unalias(variant.ty).id].shape).to_owned()
                });
        }
    }
}

/// Notes the properties that tell by their value: those that have one value only, those whose values no other member
/// allows for its property of that name, and those that allow less than their type, which reads the others as well. One that
/// is absent tells nothing.
fn constants(types: &Types, variants: &mut [Variant]) {
    let lists: Vec<Vec<Listed<'_>>> = variants
        .iter()
        .map(|variant| match &types[types.unalias(variant.ty).id].shape {
            Shape::Object(object) => listed(types, object),
            _ => Vec::new(),
        })
        .collect();
    for (index, variant) in variants.iter_mut().enumerate() {
        let others = || {
            lists
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
        };
        for Listed {
            name,
            values,
            is_narrowed,
        } in &lists[index]
        {
            let mut theirs = others()
                .filter_map(|(_, list)| list.iter().find(|other| other.name == *name))
                .peekable();
            let tells = theirs.peek().is_some()
                && theirs.all(|there| !values.iter().any(|value| there.values.contains(value)));
            if values.len() == 1 || tells || *is_narrowed {
                let said = values
                    .iter()
                    .map(|value| ((*name).to_owned(), (*value).clone()));
                variant.constants.extend(said);
            }
        }
    }
}

/// A property whose values are listed.
struct Listed<'t> {
    name: &'t str,
    values: Vec<&'t Value>,
    /// Whether its type has more.
    is_narrowed: bool,
}

/// The properties whose values are listed.
fn listed<'t>(types: &'t Types, object: &'t Object) -> Vec<Listed<'t>> {
    let listed = |field: &'t Field| {
        let is_narrowed = types.narrowed(field.ty).is_some();
        let is_nullable = types.unalias(field.ty).nullable;
        let mut values = allowed(types, field);
        if values.is_empty() || (is_nullable && !is_narrowed) {
            return None;
        }
        if is_nullable {
            values.push(&Value::Null);
        }
        Some(Listed {
            name: &field.wire,
            values,
            is_narrowed,
        })
    };
    object.fields.iter().filter_map(listed).collect()
}

/// The values of a property that tell, where they do.
fn told<'v>(variant: &'v Variant, name: &str) -> Vec<&'v Value> {
    let of_name = variant.constants.iter().filter(|(other, _)| other == name);
    of_name.map(|(_, value)| value).collect()
}

/// The values that a property may have, where the document lists them.
pub(super) fn allowed<'t>(types: &'t Types, field: &'t Field) -> Vec<&'t Value> {
    match &field.constraints.allowed {
        Some(values) => values.iter().collect(),
        None => allowed_of(types, field.ty),
    }
}

/// The values that a use of a type may have.
fn allowed_of(types: &Types, ty: TypeRef) -> Vec<&Value> {
    match types.narrowed(ty) {
        Some(values) => values.iter().collect(),
        None => values(types, ty).iter().map(|it| &it.value).collect(),
    }
}

fn values(types: &Types, ty: TypeRef) -> &[crate::ir::EnumerationValue] {
    match &types[types.unalias(ty).id].shape {
        Shape::Enumeration(enumeration) => &enumeration.values,
        _ => &[],
    }
}

/// The JSON kinds of a type's values.
pub(super) fn kinds(types: &Types, ty: TypeRef, seen: &mut HashSet<TypeId>) -> KindSet {
    let target = types.unalias(ty);
    let own = match &types[target.id].shape {
        Shape::Any | Shape::Alias(_) | Shape::Part { .. } => KindSet::ANY,
        Shape::Bool => KindSet::BOOL,
        Shape::Integer(_) => KindSet::INTEGER,
        Shape::Double => KindSet::NUMBER,
        Shape::Decimal => KindSet::NUMBER.union(KindSet::STRING),
        Shape::QuotedInteger(_)
        | Shape::QuotedDecimal
        | Shape::String
        | Shape::Text(_)
        | Shape::File => KindSet::STRING,
        Shape::Tuple(items) if items.is_empty() => KindSet::NULL,
        Shape::Array(_) | Shape::Tuple(_) => KindSet::ARRAY,
        Shape::Map(_) | Shape::Object(_) => KindSet::OBJECT,
        Shape::Enumeration(enumeration) => enumeration
            .values
            .iter()
            .map(|value| kind(&value.value))
            .fold(KindSet::default(), KindSet::union),
        Shape::Newtype(inner) if seen.insert(target.id) => kinds(types, *inner, seen),
        Shape::Union(union) if seen.insert(target.id) => union
            .variants
            .iter()
            .map(|variant| kinds(types, variant.ty, seen))
            .fold(KindSet::default(), KindSet::union),
        Shape::Newtype(_) | Shape::Union(_) => KindSet::default(),
    };
    if target.nullable {
        own.union(KindSet::NULL)
    } else {
        own
    }
}

fn kind(value: &Value) -> KindSet {
    match value {
        Value::Null => KindSet::NULL,
        Value::Bool(_) => KindSet::BOOL,
        Value::Number(number) if !number.is_f64() => KindSet::INTEGER,
        Value::Number(_) => KindSet::NUMBER,
        Value::String(_) => KindSet::STRING,
        Value::Array(_) => KindSet::ARRAY,
        Value::Object(_) => KindSet::OBJECT,
    }
}

fn kind_word(shape: &Shape) -> &'static str {
    match shape {
        Shape::Any | Shape::Alias(_) | Shape::Newtype(_) | Shape::Part { .. } => "Value",
        Shape::Bool => "Bool",
        Shape::Integer(_) | Shape::QuotedInteger(_) => "Integer",
        Shape::Double | Shape::Decimal | Shape::QuotedDecimal => "Number",
        Shape::String | Shape::File => "String",
        Shape::Text(format) => match format {
            TextFormat::Uuid => "Uuid",
            TextFormat::DateTime => "DateTime",
            TextFormat::Date => "Date",
            TextFormat::Time => "Time",
            TextFormat::Duration => "Duration",
            TextFormat::Uri => "Uri",
            TextFormat::Byte => "Bytes",
            TextFormat::Ipv4 => "Ipv4",
            TextFormat::Ipv6 => "Ipv6",
        },
        Shape::Tuple(items) if items.is_empty() => "Null",
        Shape::Array(_) | Shape::Tuple(_) => "Array",
        Shape::Map(_) => "Map",
        Shape::Object(_) => "Object",
        Shape::Enumeration(_) => "Enum",
        Shape::Union(_) => "Union",
    }
}

/// Settles the tag: the discriminator's values, or a constant property that all members have.
fn tag(types: &Types, union: &mut Union) {
    if let Some(tag) = &union.tag {
        for variant in union
            .variants
            .iter_mut()
            .filter(|variant| variant.tags.is_empty())
        {
            variant.tags = tags(types, tag, variant.ty, &variant.hint, 0);
        }
        return;
    }
    let Some(first) = union.variants.first() else {
        return;
    };
    let found = first
        .constants
        .iter()
        .map(|(name, _)| name.clone())
        .find(|name| {
            let mut seen = HashSet::new();
            union.variants.iter().all(|variant| {
                let values = told(variant, name);
                !values.is_empty() && values.into_iter().all(|value| seen.insert(text(value)))
            })
        });
    if let Some(name) = found {
        for variant in &mut union.variants {
            variant.tags = told(variant, &name).into_iter().map(text).collect();
        }
        union.tag = Some(name);
    }
}

/// Unions in unions whose members are asked for their tags.
const MAX_NESTING: usize = 8;

/// The values of a discriminator that mean a member which no mapping names: those that its property lists, else the name of
/// its schema; of a union, those of all its members.
fn tags(types: &Types, tag: &str, ty: TypeRef, name: &str, depth: usize) -> Vec<String> {
    match &types[types.unalias(ty).id].shape {
        Shape::Object(object) => {
            let field = object.fields.iter().find(|field| field.wire == tag);
            let listed = field.map_or_else(Vec::new, |field| allowed(types, field));
            if !listed.is_empty() {
                listed.into_iter().map(text).collect()
            } else if name.is_empty() {
                Vec::new()
            } else {
                vec![name.to_owned()]
            }
        }
        Shape::Union(union) if depth < MAX_NESTING => {
            let mut found: Vec<String> = Vec::new();
            for member in &union.variants {
                let more = if union.tag.as_deref() == Some(tag) && !member.tags.is_empty() {
                    member.tags.clone()
                } else {
                    tags(types, tag, member.ty, &member.hint, depth + 1)
                };
                for value in more {
                    if !found.contains(&value) {
                        found.push(value);
                    }
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

/// Whether a value of the tag means several members.
fn shares_tags(union: &Union) -> bool {
    let mut seen = HashSet::new();
    union
        .variants
        .iter()
        .flat_map(|variant| &variant.tags)
        .any(|tag| !seen.insert(tag))
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What is tried first: the more a member asks of a value, the earlier.
fn specificity(types: &Types, variant: &Variant) -> (u8, usize, usize, usize) {
    let shape = &types[types.unalias(variant.ty).id].shape;
    let asked = match shape {
        Shape::Object(object) => object
            .fields
            .iter()
            .map(|field| usize::from(rank(&types[types.unalias(field.ty).id].shape)))
            .sum(),
        Shape::Array(item) => usize::from(rank(&types[types.unalias(*item).id].shape)),
        _ => 0,
    };
    let constants: HashSet<&str> = variant
        .constants
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    (
        rank(shape),
        constants.len() + variant.required.len(),
        variant.known.as_ref().map_or(0, Vec::len),
        asked,
    )
}

fn rank(shape: &Shape) -> u8 {
    match shape {
        Shape::Any => 0,
        Shape::String | Shape::Map(_) | Shape::Double => 1,
        Shape::Text(TextFormat::Byte | TextFormat::Uri) | Shape::Decimal => 2,
        // Of two integers the one for smaller numbers asks more.
        Shape::Integer(IntegerKind::I64 | IntegerKind::U64)
        | Shape::Text(_)
        | Shape::QuotedInteger(_)
        | Shape::QuotedDecimal => 3,
        Shape::Integer(_) => 4,
        Shape::Enumeration(_) => 5,
        _ => 6,
    }
}

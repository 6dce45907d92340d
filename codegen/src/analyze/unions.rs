//! How the members of unions are told apart: by tag, constants, JSON kind, keys; where none of them
//! decides, a warning says so.

use std::collections::HashSet;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::ir::{
    Api, Field, KindSet, Object, Shape, TextFormat, TypeId, TypeRef, Types, Union, Variant,
};

/// Completes every union: kinds, keys and constants of its members, their tags and their order.
pub(super) fn tell_apart(document: Document<'_>, api: &mut Api) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for id in api.types.ids() {
        let Shape::Union(mut union) = api.types[id].shape.clone() else {
            continue;
        };
        constants(&api.types, &mut union.variants);
        tag(&api.types, &mut union);
        for variant in &mut union.variants {
            complete(&api.types, variant);
        }
        if union.tag.is_none() || shares_tags(&union) {
            let first = union.default.map(|index| union.variants[index].ty);
            union
                .variants
                .sort_by_key(|variant| std::cmp::Reverse(specificity(&api.types, variant)));
            union.default =
                first.and_then(|ty| union.variants.iter().position(|variant| variant.ty == ty));
            if let Some((a, b)) = overlap(&api.types, &union) {
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
        variant.known = object.additional.is_none().then(|| {
            object
                .fields
                .iter()
                .map(|field| field.wire.clone())
                .collect()
        });
    }
    if variant.hint.is_empty() {
        kind_word(&types[target.id].shape).clone_into(&mut variant.hint);
    }
}

/// Notes the properties that tell by their value: those that have one value only, and those whose values no other member
/// allows for its property of that name. One that is absent tells nothing.
fn constants(types: &Types, variants: &mut [Variant]) {
    let lists: Vec<Vec<(&str, Vec<&Value>)>> = variants
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
        for (name, values) in &lists[index] {
            let mut theirs = others()
                .filter_map(|(_, list)| list.iter().find(|(other, _)| other == name))
                .peekable();
            let tells = theirs.peek().is_some()
                && theirs.all(|(_, there)| !values.iter().any(|value| there.contains(value)));
            if values.len() == 1 || tells {
                let said = values
                    .iter()
                    .map(|value| ((*name).to_owned(), (*value).clone()));
                variant.constants.extend(said);
            }
        }
    }
}

/// The properties whose values are listed.
fn listed<'t>(types: &'t Types, object: &'t Object) -> Vec<(&'t str, Vec<&'t Value>)> {
    let fields = object
        .fields
        .iter()
        .filter(|field| !types.unalias(field.ty).nullable);
    fields
        .filter_map(|field| {
            let values = field_values(types, field);
            (!values.is_empty()).then_some((field.wire.as_str(), values))
        })
        .collect()
}

/// The values of a property that tell, where they do.
fn told<'v>(variant: &'v Variant, name: &str) -> Vec<&'v Value> {
    let of_name = variant.constants.iter().filter(|(other, _)| other == name);
    of_name.map(|(_, value)| value).collect()
}

/// The values that a property may have, where they are listed: by its type, or for a flag beside it.
fn field_values<'t>(types: &'t Types, field: &'t Field) -> Vec<&'t Value> {
    match &types[types.unalias(field.ty).id].shape {
        Shape::Enumeration(enumeration) => {
            let values = enumeration.values.iter();
            values.map(|value| &value.value).collect()
        }
        Shape::Bool => field.constraints.allowed.iter().flatten().collect(),
        _ => Vec::new(),
    }
}

/// The JSON kinds of a type's values.
fn kinds(types: &Types, ty: TypeRef, seen: &mut HashSet<TypeId>) -> KindSet {
    let target = types.unalias(ty);
    let own = match &types[target.id].shape {
        Shape::Any | Shape::Alias(_) => KindSet::ANY,
        Shape::Bool => KindSet::BOOL,
        Shape::Integer(_) | Shape::Double => KindSet::NUMBER,
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
        Value::Number(_) => KindSet::NUMBER,
        Value::String(_) => KindSet::STRING,
        Value::Array(_) => KindSet::ARRAY,
        Value::Object(_) => KindSet::OBJECT,
    }
}

fn kind_word(shape: &Shape) -> &'static str {
    match shape {
        Shape::Any | Shape::Alias(_) | Shape::Newtype(_) => "Value",
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
            let listed = field.map_or_else(Vec::new, |field| field_values(types, field));
            if listed.is_empty() && name.is_empty() {
                Vec::new()
            } else if listed.is_empty() {
                vec![name.to_owned()]
            } else {
                listed.into_iter().map(text).collect()
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
fn specificity(types: &Types, variant: &Variant) -> (u8, usize, usize) {
    let rank = match &types[types.unalias(variant.ty).id].shape {
        Shape::Any => 0,
        Shape::String | Shape::Map(_) | Shape::Double => 1,
        Shape::Text(TextFormat::Byte | TextFormat::Uri) | Shape::Decimal => 2,
        Shape::Integer(_) | Shape::Text(_) | Shape::QuotedInteger(_) | Shape::QuotedDecimal => 3,
        Shape::Enumeration(_) => 4,
        _ => 5,
    };
    let constants: HashSet<&str> = variant
        .constants
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    (
        rank,
        constants.len() + variant.required.len(),
        variant.known.as_ref().map_or(0, Vec::len),
    )
}

/// Two members that a value may be at once.
fn overlap<'u>(types: &Types, union: &'u Union) -> Option<(&'u str, &'u str)> {
    let variants = &union.variants;
    for (index, a) in variants.iter().enumerate() {
        for b in &variants[index + 1..] {
            let tagged = union.tag.is_some() && !a.tags.iter().any(|tag| b.tags.contains(tag));
            if !tagged && !apart(types, a, b) {
                return Some((&a.hint, &b.hint));
            }
        }
    }
    None
}

fn apart(types: &Types, a: &Variant, b: &Variant) -> bool {
    if !a.kinds.intersects(b.kinds) {
        return true;
    }
    if let (Shape::Object(_), Shape::Object(_)) = (
        &types[types.unalias(a.ty).id].shape,
        &types[types.unalias(b.ty).id].shape,
    ) {
        let constant = a.constants.iter().any(|(name, _)| {
            let (here, there) = (told(a, name), told(b, name));
            // One that may be left out is left out of either.
            let given = a.required.contains(name) && b.required.contains(name);
            given && !there.is_empty() && !here.iter().any(|value| there.contains(value))
        });
        let needs = |a: &Variant, b: &Variant| {
            b.known
                .as_ref()
                .is_some_and(|known| a.required.iter().any(|name| !known.contains(name)))
        };
        return constant || (needs(a, b) && needs(b, a));
    }
    // Scalars are told apart by their values: a format, a list, a whole number.
    let scalar = KindSet::STRING
        .union(KindSet::NUMBER)
        .union(KindSet::BOOL)
        .union(KindSet::NULL);
    scalar.contains(a.kinds) && scalar.contains(b.kinds)
}

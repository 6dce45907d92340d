//! Members of a union that a value may be at once: what else tells them apart, and which are left.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Number, Value};

use super::unions::{allowed, kinds};
use crate::ir::{Field, KindSet, Object, Shape, TextFormat, TypeRef, Types, Union, Variant};

/// Adds what tells members apart by the values of their properties, where nothing simpler does: lists without a value in common
/// and ranges without a number in common.
pub(super) fn divide(types: &Types, union: &mut Union) {
    for index in 0..union.variants.len() {
        for other in index + 1..union.variants.len() {
            let (a, b) = (&union.variants[index], &union.variants[other]);
            if apart(types, a, b) {
                continue;
            }
            let (Some(of_a), Some(of_b)) = (object(types, a.ty), object(types, b.ty)) else {
                continue;
            };
            let told: Vec<(Field, Field)> = shared(of_a, of_b)
                .filter(|(a, b)| lists_differ(types, a, b) || ranges_differ(types, a, b))
                .map(|(a, b)| (a.clone(), b.clone()))
                .collect();
            for (a, b) in told {
                note(types, &mut union.variants[index], &a);
                note(types, &mut union.variants[other], &b);
            }
        }
    }
}

/// Two members that a value may be at once.
pub(super) fn find<'u>(types: &Types, union: &'u Union) -> Option<(&'u str, &'u str)> {
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

/// Makes a property's values part of what a member is known by.
fn note(types: &Types, variant: &mut Variant, field: &Field) {
    let listed = variant
        .constants
        .iter()
        .any(|(name, _)| *name == field.wire);
    if !listed {
        for value in allowed(types, field) {
            variant.constants.push((field.wire.clone(), value.clone()));
        }
    }
    let ranged = variant.ranges.iter().any(|(name, ..)| *name == field.wire);
    let (low, high) = bounds(types, field);
    if !ranged && (low.is_some() || high.is_some()) {
        variant.ranges.push((field.wire.clone(), low, high));
    }
}

fn apart(types: &Types, a: &Variant, b: &Variant) -> bool {
    if !a.kinds.intersects(b.kinds) {
        return true;
    }
    if let (Some(of_a), Some(of_b)) = (object(types, a.ty), object(types, b.ty)) {
        let needs = |a: &Variant, b: &Variant| {
            b.known
                .as_ref()
                .is_some_and(|known| a.required.iter().any(|name| !known.contains(name)))
        };
        let constant = constants_differ(a, b);
        return constant
            || needs(a, b)
            || needs(b, a)
            || shared(of_a, of_b)
                .any(|(a, b)| (a.required || b.required) && values_differ(types, a.ty, b.ty, 0))
            || ranges_apart(a, b);
    }
    values_differ(types, a.ty, b.ty, 0) || {
        // Scalars are told apart by their values: a format, a list, a whole number.
        let scalar = KindSet::STRING
            .union(KindSet::NUMBER)
            .union(KindSet::BOOL)
            .union(KindSet::NULL);
        scalar.contains(a.kinds) && scalar.contains(b.kinds)
    }
}

/// Whether a property has no value that both members list.
fn constants_differ(a: &Variant, b: &Variant) -> bool {
    let of = |variant: &Variant, name: &str| -> Vec<Value> {
        let constants = variant.constants.iter();
        let of_name = constants.filter(|(other, _)| other == name);
        of_name.map(|(_, value)| value.clone()).collect()
    };
    a.constants.iter().any(|(name, _)| {
        let (ours, theirs) = (of(a, name), of(b, name));
        // Where it may be missing, it says nothing.
        let certain = a.required.contains(name) && b.required.contains(name);
        certain && !theirs.is_empty() && !ours.iter().any(|value| theirs.contains(value))
    })
}

fn ranges_apart(a: &Variant, b: &Variant) -> bool {
    a.ranges.iter().any(|(name, low, high)| {
        b.ranges.iter().any(|(other, least, most)| {
            name == other
                && a.required.contains(name)
                && b.required.contains(name)
                && (below(high.as_ref(), least.as_ref()) || below(most.as_ref(), low.as_ref()))
        })
    })
}

/// Whether decoding one as the other fails, whatever the value.
fn values_differ(types: &Types, a: TypeRef, b: TypeRef, depth: usize) -> bool {
    let of = |ty| kinds(types, ty, &mut HashSet::new());
    if !of(a).intersects(of(b)) {
        return true;
    }
    let (a, b) = (types.unalias(a), types.unalias(b));
    if a.nullable && b.nullable {
        return false;
    }
    match (&types[a.id].shape, &types[b.id].shape) {
        (Shape::Text(a), Shape::Text(b)) => strict(*a) && strict(*b) && a != b,
        // An empty list is a value of both, which loses nothing.
        (Shape::Array(a), Shape::Array(b)) if depth < 8 => values_differ(types, *a, *b, depth + 1),
        _ => false,
    }
}

/// Formats of which no text is in another.
fn strict(format: TextFormat) -> bool {
    !matches!(
        format,
        TextFormat::Byte | TextFormat::Uri | TextFormat::Duration
    )
}

fn object(types: &Types, ty: TypeRef) -> Option<&Object> {
    match &types[types.unalias(ty).id].shape {
        Shape::Object(object) => Some(object),
        _ => None,
    }
}

/// The properties that two objects have in common.
fn shared<'o>(a: &'o Object, b: &'o Object) -> impl Iterator<Item = (&'o Field, &'o Field)> {
    a.fields.iter().filter_map(|field| {
        let other = b.fields.iter().find(|other| other.wire == field.wire)?;
        Some((field, other))
    })
}

fn lists_differ(types: &Types, a: &Field, b: &Field) -> bool {
    let (ours, theirs) = (allowed(types, a), allowed(types, b));
    let listed = !ours.is_empty() && !theirs.is_empty();
    listed && !a.ty.nullable && !b.ty.nullable && !ours.iter().any(|value| theirs.contains(value))
}

fn ranges_differ(types: &Types, a: &Field, b: &Field) -> bool {
    let ((low, high), (least, most)) = (bounds(types, a), bounds(types, b));
    below(high.as_ref(), least.as_ref()) || below(most.as_ref(), low.as_ref())
}

/// The bounds of a property's numbers.
fn bounds(types: &Types, field: &Field) -> (Option<Number>, Option<Number>) {
    let mut limits = field.constraints.clone();
    limits.tighten(&types[types.unalias(field.ty).id].constraints);
    (limits.minimum.clone(), limits.maximum.clone())
}

fn below(high: Option<&Number>, low: Option<&Number>) -> bool {
    let (Some(high), Some(low)) = (high, low) else {
        return false;
    };
    high.as_f64().partial_cmp(&low.as_f64()) == Some(Ordering::Less)
}

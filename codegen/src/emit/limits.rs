//! Limits as rules of the runtime, those that matter to a kind of values.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::validation::texts;
use crate::ir::{Constraints, KindSet, Limits, Shape, TypeId, Types};

/// The kinds of JSON that limits are for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    kinds: KindSet,
    /// Whether keys that no field stands for can be there.
    open: bool,
}

impl Subject {
    /// Those of a type.
    pub(super) fn of(types: &Types, id: TypeId) -> Self {
        let kinds = match &types[id].shape {
            Shape::Bool => KindSet::BOOL,
            Shape::Integer(_) | Shape::Double => KindSet::NUMBER,
            Shape::String
            | Shape::Text(_)
            | Shape::QuotedInteger(_)
            | Shape::QuotedDecimal
            | Shape::File => KindSet::STRING,
            Shape::Decimal => KindSet::NUMBER.union(KindSet::STRING),
            Shape::Array(_) | Shape::Tuple(_) => KindSet::ARRAY,
            Shape::Object(_) | Shape::Map(_) => KindSet::OBJECT,
            // Its values say all; what stands in a part with headers has no JSON of its own.
            Shape::Enumeration(_) | Shape::Part { .. } => KindSet::default(),
            Shape::Any | Shape::Union(_) | Shape::Alias(_) | Shape::Newtype(_) => KindSet::ANY,
        };
        let open = match &types[id].shape {
            Shape::Object(object) => object.additional.is_some(),
            Shape::Map(_) | Shape::Any => true,
            _ => false,
        };
        Self { kinds, open }
    }
}

/// The rules that some limits are.
pub(super) fn limits(constraints: &Constraints, subject: Subject) -> Vec<TokenStream> {
    let mut rules = Vec::new();
    let has = |kind| subject.kinds.intersects(kind);
    if has(KindSet::STRING) {
        counts(
            constraints.min_length,
            constraints.max_length,
            "Length",
            &mut rules,
        );
        for pattern in &constraints.patterns {
            if crate::ir::pattern(pattern).is_ok() {
                rules.push(quote!(Pattern(#pattern)));
            }
        }
    }
    if has(KindSet::NUMBER) {
        numbers(constraints, &mut rules);
    }
    if has(KindSet::ARRAY) {
        counts(
            constraints.min_items,
            constraints.max_items,
            "Items",
            &mut rules,
        );
        if constraints.unique_items {
            rules.push(quote!(UniqueItems));
        }
    }
    if has(KindSet::OBJECT) {
        let (min, max) = (constraints.min_properties, constraints.max_properties);
        counts(min, max, "Properties", &mut rules);
        keys(constraints, subject.open, &mut rules);
    }
    if let Some(allowed) = &constraints.allowed
        && subject.kinds != KindSet::default()
    {
        let texts = texts(allowed);
        rules.push(quote!(Enum(&[#(#texts),*])));
    }
    rules
}

fn counts(min: Option<u64>, max: Option<u64>, of: &str, rules: &mut Vec<TokenStream>) {
    let mut rule = |side: &str, count: u64| {
        let name = quote::format_ident!("{side}{of}");
        let count = Literal::u64_unsuffixed(count);
        rules.push(quote!(#name(#count)));
    };
    if let Some(count) = min.filter(|count| *count > 0) {
        rule("Min", count);
    }
    if let Some(count) = max {
        rule("Max", count);
    }
}

fn numbers(constraints: &Constraints, rules: &mut Vec<TokenStream>) {
    if let Some(bound) = constraints.minimum.as_ref().map(ToString::to_string) {
        rules.push(if constraints.exclusive_minimum {
            quote!(ExclusiveMinimum(#bound))
        } else {
            quote!(Minimum(#bound))
        });
    }
    if let Some(bound) = constraints.maximum.as_ref().map(ToString::to_string) {
        rules.push(if constraints.exclusive_maximum {
            quote!(ExclusiveMaximum(#bound))
        } else {
            quote!(Maximum(#bound))
        });
    }
    if let Some(of) = constraints.multiple_of.as_ref().map(ToString::to_string) {
        rules.push(quote!(MultipleOf(#of)));
    }
}

fn keys(constraints: &Constraints, open: bool, rules: &mut Vec<TokenStream>) {
    for (with, names) in &constraints.keys {
        match with {
            Some(with) => rules.push(quote!(DependentRequired(#with, &[#(#names),*]))),
            None if open => rules.push(quote!(Required(&[#(#names),*]))),
            // No field is made for it, which generation says.
            None => {}
        }
    }
    for (pattern, values) in &constraints.by_pattern {
        let any = Subject {
            kinds: KindSet::ANY,
            open: true,
        };
        let values = limits(values, any);
        if !values.is_empty() && crate::ir::pattern(pattern).is_ok() {
            rules.push(quote!(Matching(#pattern, &[#(#values),*])));
        }
    }
    if let Some(names) = &constraints.names {
        let text = Subject {
            kinds: KindSet::STRING,
            open: false,
        };
        let names = limits(names, text);
        if !names.is_empty() {
            rules.push(quote!(PropertyNames(&[#(#names),*])));
        }
    }
}

/// What is said beyond what is said elsewhere of the same values.
pub(super) fn beyond(said: &Constraints, known: &Constraints) -> Constraints {
    if said.is_empty() {
        return Constraints::default();
    }
    let mut rest = Limits::clone(said);
    if rest.minimum == known.minimum && rest.exclusive_minimum == known.exclusive_minimum {
        rest.minimum = None;
    }
    if rest.maximum == known.maximum && rest.exclusive_maximum == known.exclusive_maximum {
        rest.maximum = None;
    }
    if rest.multiple_of == known.multiple_of {
        rest.multiple_of = None;
    }
    for (own, other) in [
        (&mut rest.min_length, known.min_length),
        (&mut rest.max_length, known.max_length),
        (&mut rest.min_items, known.min_items),
        (&mut rest.max_items, known.max_items),
        (&mut rest.min_properties, known.min_properties),
        (&mut rest.max_properties, known.max_properties),
    ] {
        if *own == other {
            *own = None;
        }
    }
    rest.unique_items &= !known.unique_items;
    rest.patterns
        .retain(|pattern| !known.patterns.contains(pattern));
    rest.keys.retain(|key| !known.keys.contains(key));
    rest.by_pattern.retain(|it| !known.by_pattern.contains(it));
    if rest.names == known.names {
        rest.names = None;
    }
    if rest.allowed == known.allowed {
        rest.allowed = None;
    }
    rest.into()
}

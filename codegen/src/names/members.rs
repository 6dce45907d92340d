//! Names of what types hold: fields, values and variants.

use super::ident::Ident;
use super::reserved;
use super::scope::{Claim, Scope};
use super::words::{self, Symbols, Word, pascal, snake, spell};
use crate::ir::{Enumeration, EnumerationValue, Object, Shape, Type, Union};
use serde_json::Value;

/// The members of a type, and the field that keeps the other properties.
pub(super) fn assign(ty: &Type, name: Option<&Ident>) -> (Vec<Ident>, Option<Ident>) {
    match &ty.shape {
        Shape::Object(object) => fields(object),
        Shape::Enumeration(enumeration) => (values(enumeration, &own_words(name)), None),
        Shape::Union(union) => (variants(union, &own_words(name)), None),
        _ => (Vec::new(), None),
    }
}

fn own_words(name: Option<&Ident>) -> Vec<Word> {
    name.map(|name| words::split(&name.to_string()))
        .unwrap_or_default()
}

/// The first choice for a property or a parameter, and its rank: what is spelled so on the wire comes first.
pub(super) fn plain_field(wire: &str) -> (u8, String) {
    if words::is_snake(wire) {
        return (0, wire.to_owned());
    }
    let plain = snake(&spell(wire, Symbols::Meaning));
    (u8::from(plain != wire), plain)
}

/// The further choices for a property.
pub(super) fn other_fields(wire: &str) -> Vec<String> {
    let (_, plain) = plain_field(wire);
    let value = format!("{plain}_value");
    let spelled = snake(&spell(wire, Symbols::Spell));
    // A name without symbols has nothing to spell.
    if spelled == plain {
        vec![value]
    } else {
        vec![spelled, value]
    }
}

fn fields(object: &Object) -> (Vec<Ident>, Option<Ident>) {
    let mut scope = Scope::new(reserved::FIELDS);
    let firsts: Vec<_> = object
        .fields
        .iter()
        .map(|field| plain_field(&field.wire))
        .collect();
    let names = scope.settle_firsts(&firsts, |index| other_fields(&object.fields[index].wire));
    let additional = object.additional.map(|_| {
        scope.mint(["additional", "additional_properties", "other_properties"].map(str::to_owned))
    });
    (names, additional)
}

fn values(enumeration: &Enumeration, own: &[Word]) -> Vec<Ident> {
    let all: Vec<Vec<Word>> = enumeration.values.iter().map(value_words).collect();
    // `STATUS_ACTIVE` of `Status`: only where every value repeats the name.
    let repeats = all.len() > 1
        && !own.is_empty()
        && all.iter().all(|words| {
            words.len() > own.len()
                && starts_with(words, own)
                && !words[own.len()].starts_with(|c: char| c.is_numeric())
        });
    let short = |index: usize| {
        pascal(if repeats {
            &all[index][own.len()..]
        } else {
            &all[index]
        })
    };
    let firsts: Vec<_> = enumeration
        .values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let short = short(index);
            (u8::from(short != text_of(&value.value)), short)
        })
        .collect();
    Scope::new(reserved::VARIANTS).settle_firsts(&firsts, |index| {
        let (short, text) = (short(index), text_of(&enumeration.values[index].value));
        let mut others = vec![pascal(&all[index])];
        let spelled = pascal(&spell(&text, Symbols::Spell));
        if spelled != short {
            others.push(spelled);
        }
        let (upper, lower) = (
            text.chars().any(char::is_uppercase),
            text.chars().any(char::is_lowercase),
        );
        match (upper, lower) {
            (true, false) => others.push(format!("{short}Upper")),
            (false, true) if !reserved::VARIANTS.contains(&short.as_str()) => {
                others.push(format!("{short}Lower"));
            }
            _ => {}
        }
        others.push(format!("{short}Value"));
        others
    })
}

fn value_words(value: &EnumerationValue) -> Vec<Word> {
    match &value.name {
        Some(name) if name.chars().any(char::is_alphanumeric) => words::split(name),
        _ => spell(&text_of(&value.value), Symbols::Meaning),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn starts_with(words: &[Word], prefix: &[Word]) -> bool {
    words.len() >= prefix.len()
        && words
            .iter()
            .zip(prefix)
            .all(|(a, b)| a.eq_ignore_ascii_case(b))
}

fn variants(union: &Union, own: &[Word]) -> Vec<Ident> {
    let claims: Vec<Claim> = union
        .variants
        .iter()
        .map(|variant| {
            let full = words::split(&variant.hint);
            let short = pascal(without_name(&full, own));
            let full = pascal(&full);
            // What is called so in full comes before what is only called so for short.
            Claim::new(
                u8::from(short != full),
                [short, full.clone(), format!("{full}Value")],
            )
        })
        .collect();
    Scope::new(reserved::VARIANTS).settle(&claims)
}

/// A member's words without what it shares with the union's name at the start and at the end:
/// `ChatRequestSystemMessage` of `ChatRequestMessage` is `System`.
fn without_name<'a>(words: &'a [Word], own: &[Word]) -> &'a [Word] {
    let same = |(a, b): &(&Word, &Word)| a.eq_ignore_ascii_case(b);
    let prefix = words.iter().zip(own).take_while(same).count();
    let rest = &words[prefix..];
    let suffix = rest
        .iter()
        .rev()
        .zip(own[prefix..].iter().rev())
        .take_while(same)
        .count();
    let short = &rest[..rest.len() - suffix];
    let is_name = short.iter().any(|word| word.chars().count() > 1)
        && !short[0].starts_with(|c: char| c.is_numeric());
    if is_name { short } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{EnumerationKind, Field, KindSet, TypeId, TypeRef, Types, Variant};

    fn any() -> TypeRef {
        let mut types = Types::default();
        let id: TypeId = types.push(crate::names::tests::ty(
            Shape::Any,
            crate::ir::Origin::Inline(Vec::new()),
        ));
        id.into()
    }

    fn field_names(wires: &[&str]) -> Vec<String> {
        let fields = wires
            .iter()
            .map(|wire| crate::names::tests::field(wire, any()))
            .collect::<Vec<Field>>();
        let (names, additional) = super::fields(&Object {
            fields,
            additional: Some(any()),
            open: false,
        });
        names
            .iter()
            .chain(&additional)
            .map(ToString::to_string)
            .collect()
    }

    fn value_names(values: &[Value], own: &str) -> Vec<String> {
        let values = values
            .iter()
            .map(|value| EnumerationValue {
                value: value.clone(),
                name: None,
                doc: None,
            })
            .collect();
        let enumeration = Enumeration {
            kind: EnumerationKind::Mixed,
            values,
        };
        super::values(&enumeration, &words::split(own))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn fields_are_told_apart() {
        assert_eq!(
            field_names(&[
                "linkUrl",
                "type",
                "@type",
                "self",
                "additional",
                "ID",
                "id",
                "a-b",
                "a_b",
                "new"
            ]),
            [
                "link_url",
                "r#type",
                "at_type",
                "self_",
                "additional",
                "id_value",
                "id",
                "a_dash_b",
                "a_b",
                "new_value",
                "additional_properties"
            ]
        );
        assert_eq!(
            field_names(&["StartTime", "StartTime<", "StartTime>"])[..3],
            ["start_time", "start_time_less", "start_time_greater"]
        );
        assert_eq!(
            field_names(&["@type", "_links", ""])[..3],
            ["r#type", "links", "empty"]
        );
    }

    #[test]
    fn values_are_readable() {
        let strings: Vec<Value> = [
            "+1",
            "-1",
            "",
            "😀",
            "unknown",
            "asc",
            "ASC",
            "created",
            "-created",
            "Self",
            "1024x1024",
        ]
        .map(Value::from)
        .to_vec();
        assert_eq!(
            value_names(&strings, "Foo"),
            [
                "Plus1",
                "Minus1",
                "Empty",
                "U1f600",
                "UnknownValue",
                "Asc",
                "AscUpper",
                "Created",
                "MinusCreated",
                "Self_",
                "N1024x1024"
            ]
        );
        let mixed = [
            Value::Null,
            Value::from(1),
            Value::from(-1),
            Value::from(true),
            Value::from(1.5),
        ];
        assert_eq!(
            value_names(&mixed, "Foo"),
            ["Null", "N1", "Minus1", "True", "N1_5"]
        );
        let repeated = ["STATUS_ACTIVE", "STATUS_CLOSED"].map(Value::from);
        assert_eq!(value_names(&repeated, "Status"), ["Active", "Closed"]);
    }

    #[test]
    fn variants_do_not_repeat_the_union() {
        let variant = |hint: &str| Variant {
            ty: any(),
            hint: hint.to_owned(),
            tags: Vec::new(),
            kinds: KindSet::ANY,
            required: Vec::new(),
            known: None,
            constants: Vec::new(),
            ranges: Vec::new(),
            doc: None,
        };
        let names = |own: &str, hints: &[&str]| {
            let union = Union {
                tag: None,
                variants: hints.iter().map(|hint| variant(hint)).collect(),
                default: None,
                any: false,
            };
            super::variants(&union, &words::split(own))
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(
                "ChatRequestMessage",
                &["ChatRequestSystemMessage", "ChatRequestUserMessage"]
            ),
            ["System", "User"]
        );
        assert_eq!(
            names("Event", &["MessageEvent", "Event", "string", "unknown"]),
            ["Message", "Event", "String", "UnknownValue"]
        );
        assert_eq!(names("Pet", &["PetCat", "Cat"]), ["PetCat", "Cat"]);
    }
}

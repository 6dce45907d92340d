//! What a client wrote, taken into the answer where the response has a place for it, so that created things look right.

use serde_json::{Map, Value};

use super::{
    document::Document,
    flatten::Flat,
    generate::Maker,
    judge::{Direction, is_hidden},
    reading::{Tree, alternatives, readings},
    request::decode,
    template::Variables,
};

/// `base`, a response of the schemas, with what `given` says in the same places.
pub(crate) fn echo(
    maker: &mut Maker<'_>,
    document: Document,
    schemas: &[&'static Value],
    base: Value,
    given: &Value,
) -> Value {
    let flats = alternatives(document, schemas);
    match given {
        Value::Object(given) => {
            let (choice, flat) = match_best(&flats, given);
            let base = match base {
                Value::Object(base) if choice == 0 => base,
                _ => match maker.of_choice(schemas, choice) {
                    Value::Object(made) => made,
                    other => return other,
                },
            };
            Value::Object(echo_object(maker, document, flat, base, given))
        }
        Value::Array(given) => {
            let Some(flat) = flats.iter().find(|flat| flat.kind() == Some("array")) else {
                return base;
            };
            let items: Vec<_> = flat.keyword("items").into_iter().collect();
            let sample = base.get(0).cloned().unwrap_or_default();
            given
                .iter()
                .map(|item| echo(maker, document, &items, sample.clone(), item))
                .collect()
        }
        scalar
            if flats.iter().any(|flat| flat.admits(scalar)) && maker.is_valid(schemas, scalar) =>
        {
            scalar.clone()
        }
        _ => base,
    }
}

fn echo_object(
    maker: &mut Maker<'_>,
    document: Document,
    flat: &Flat,
    mut base: Map<String, Value>,
    given: &Map<String, Value>,
) -> Map<String, Value> {
    let is_open = flat
        .keyword("additionalProperties")
        .map_or(flat.properties.is_empty(), |schema| *schema != false);
    if flat.properties.is_empty() && is_open {
        return given.clone();
    }
    for (name, value) in given {
        match flat.property(name) {
            Some(schemas)
                if schemas
                    .iter()
                    .any(|schema| is_hidden(document, schema, Direction::Response)) => {}
            Some(schemas) => {
                let known = base.get_mut(name).map(Value::take).unwrap_or_default();
                let value = echo(maker, document, schemas, known, value);
                base.insert(name.clone(), value);
            }
            None if is_open && flat.keyword("additionalProperties").is_some() => {
                base.insert(name.clone(), value.clone());
            }
            None => {}
        }
    }
    base
}

/// The branch that has most of the given members, and no member of another kind.
fn match_best<'a>(flats: &'a [Flat], given: &Map<String, Value>) -> (usize, &'a Flat) {
    let agrees = |flat: &Flat| {
        flat.fixed
            .iter()
            .all(|(name, value)| given.get(*name).is_none_or(|given| given == value.as_str()))
    };
    let shared = |flat: &Flat| {
        flat.properties
            .iter()
            .filter(|(name, _)| given.contains_key(*name))
            .count()
    };
    let best = flats
        .iter()
        .enumerate()
        .filter(|(_, flat)| agrees(flat))
        // The first of equals.
        .max_by_key(|(index, flat)| (shared(flat), usize::MAX - index));
    best.unwrap_or((0, &flats[0]))
}

/// A made object with the ids its path speaks of: `/pets/{petId}` answers with `id` or `petId` as asked.
pub(crate) fn echo_path(
    maker: &Maker<'_>,
    document: Document,
    flat: &Flat,
    value: &mut Value,
    variables: &Variables,
    template: &str,
) {
    let Some(object) = value.as_object_mut() else {
        return;
    };
    for (index, (name, raw)) in variables.iter().enumerate() {
        let is_subject =
            index + 1 == variables.len() && template.trim_end_matches('/').ends_with('}');
        let names = [Some(name.as_str()), is_subject.then_some("id")];
        for name in names.into_iter().flatten() {
            let Some(schemas) = flat.property(name).filter(|_| object.contains_key(name)) else {
                continue;
            };
            let readings = readings(document, schemas, &Tree::text(decode(raw)));
            let admitted = readings
                .into_iter()
                .find(|reading| maker.is_valid(schemas, reading));
            object.extend(admitted.map(|reading| (name.to_owned(), reading)));
        }
    }
}

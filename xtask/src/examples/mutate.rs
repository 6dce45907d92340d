//! Valid values spoiled in one place. It knows what schemas declare there, no Rust type, and leaves it to the judge whether
//! the value is spoiled indeed.

use serde_json::{Value, json};

use super::instance::Chance;
use super::judge::Judge;
use super::translate::child;
use super::view::View;

/// A value with one change.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mutation {
    pub(crate) value: Value,
    /// Where; a key that was removed is named, too.
    pub(crate) pointer: String,
    /// What was changed, for people.
    pub(crate) what: String,
    /// Whether a listed value was made another of its kind where no union is told apart by it: as new values of an enum,
    /// such a value is taken as it comes.
    pub(crate) is_new_value: bool,
    /// The value without the property that was made null.
    pub(crate) absent: Option<Value>,
}

/// A place of a value and what its schemas say of it.
#[derive(Default)]
struct Spot {
    pointer: String,
    /// Whether it is an optional property, of which null is read as absence.
    optional: bool,
    /// Whether it is a property of an object that is of a union, and no text beside it names the member.
    tells: bool,
    /// Whether only certain values are allowed.
    listed: bool,
    /// Required keys of an object.
    required: Vec<String>,
}

/// Changes of a valid value of the schema, each at another place; at most `count`.
pub(crate) fn mutations(
    judge: &Judge,
    schema: &Value,
    value: &Value,
    count: usize,
    chance: &mut dyn Chance,
) -> Vec<Mutation> {
    let mut spots = Vec::new();
    let root = Spot::default();
    walk(judge, &[schema], value, root, &mut spots);
    let mut made = Vec::new();
    for _ in 0..count {
        if spots.is_empty() {
            break;
        }
        let spot = spots.swap_remove(chance.below(spots.len()));
        made.extend(spoil(value, &spot, chance));
    }
    made
}

/// Notes a place, of which the object around it has said what it is, and those within.
fn walk(judge: &Judge, schemas: &[&Value], value: &Value, mut spot: Spot, spots: &mut Vec<Spot>) {
    let view = View::new(judge, schemas, value);
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                // What is not declared cannot be wrong.
                if let Some(schemas) = view.key(key) {
                    let within = Spot {
                        pointer: child(&spot.pointer, key),
                        optional: !view.requires(key),
                        tells: view.is_of_union() && !view.is_named_beside(key, object),
                        ..Spot::default()
                    };
                    walk(judge, &schemas, inner, within, spots);
                }
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                let within = Spot {
                    pointer: child(&spot.pointer, &index.to_string()),
                    ..Spot::default()
                };
                walk(judge, &view.element(index), inner, within, spots);
            }
        }
        _ => {}
    }
    let keys = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    // A key that is required and not declared has no field.
    spot.required = keys
        .filter(|key| view.requires(key) && view.key(key).is_some())
        .cloned()
        .collect();
    spot.listed = view.lists_values();
    spots.push(spot);
}

fn spoil(value: &Value, spot: &Spot, chance: &mut dyn Chance) -> Option<Mutation> {
    let mut changed = value.clone();
    let place = changed.pointer_mut(&spot.pointer)?;
    let shown = if spot.pointer.is_empty() {
        "the value"
    } else {
        &spot.pointer
    };
    if let (Value::Object(object), false) = (&mut *place, spot.required.is_empty())
        && chance.below(3) != 0
    {
        let key = &spot.required[chance.below(spot.required.len())];
        object.shift_remove(key);
        let pointer = child(&spot.pointer, key);
        let what = format!("{pointer} removed");
        return Some(Mutation {
            value: changed,
            pointer,
            what,
            is_new_value: false,
            absent: None,
        });
    }
    let is_listed = spot.listed && chance.below(3) != 0;
    let wrong = if is_listed {
        match place {
            Value::Number(_) => json!(987_654_321),
            Value::Bool(flag) => json!(!*flag),
            _ => json!("no-such-value"),
        }
    } else {
        other_kind(place, spot.optional, chance)
    };
    let what = format!("{shown} made {wrong}");
    let is_same_kind = std::mem::discriminant(&*place) == std::mem::discriminant(&wrong);
    let absent = wrong.is_null().then(|| without(value, &spot.pointer));
    *place = wrong;
    Some(Mutation {
        value: changed,
        pointer: spot.pointer.clone(),
        what,
        is_new_value: is_listed && is_same_kind && !spot.tells,
        absent: absent.flatten(),
    })
}

/// The value without a property; none for what is no property.
fn without(value: &Value, pointer: &str) -> Option<Value> {
    let (object, key) = pointer.rsplit_once('/')?;
    let mut value = value.clone();
    let key = key.replace("~1", "/").replace("~0", "~");
    value
        .pointer_mut(object)?
        .as_object_mut()?
        .shift_remove(&key)?;
    Some(value)
}

/// A value of another JSON kind. Null for an optional property is no mistake of types that fold the two.
fn other_kind(value: &Value, optional: bool, chance: &mut dyn Chance) -> Value {
    let others = [
        json!("text"),
        json!(12.5),
        json!(true),
        json!({ "no-such-key": 1 }),
        json!([{ "no-such-key": 1 }]),
        Value::Null,
    ];
    let kind = std::mem::discriminant(value);
    let fitting: Vec<&Value> = others
        .iter()
        .filter(|other| std::mem::discriminant(*other) != kind && !(optional && other.is_null()))
        .collect();
    fitting[chance.below(fitting.len())].clone()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::mutations;
    use crate::chance::Seeded;
    use crate::judge::Judge;

    #[test]
    fn every_change_is_at_one_place_and_null_is_no_change_of_an_optional_one() {
        let judge = Judge::new(json!({
            "properties": { "0": { "$ref": "#/$defs/0" } },
            "$defs": { "0": { "type": "object", "required": ["kind", "n"], "properties": { "kind": { "const": "a" }, "n": { "type": "integer" }, "o": { "type": "string" } } } },
        }))
        .unwrap();
        let value = json!({ "kind": "a", "n": 1, "o": "x", "undeclared": 1 });
        let mut whats = Vec::new();
        for seed in 0..60 {
            let mut chance = Seeded::new(seed);
            for mutation in mutations(&judge, judge.definition("0"), &value, 8, &mut chance) {
                assert!(!judge.is_valid("0", &mutation.value), "{}", mutation.what);
                whats.push(mutation.what);
            }
        }
        let has = |wanted: &str| whats.iter().any(|what| what == wanted);
        assert!(has("/kind removed") && has("/n removed") && !has("/o removed"));
        assert!(has("/kind made \"no-such-value\"") && has("/n made null") && !has("/o made null"));
        assert!(!whats.iter().any(|what| what.contains("undeclared")));
    }
}

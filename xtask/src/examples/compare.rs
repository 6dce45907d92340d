//! What is lost between a value and what came back of it, by what its schemas declare.

use serde_json::{Number, Value};

use super::judge::{Judge, shorten};
use super::translate::child;
use super::view::View;

/// What became of a value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Keys that no schema declares and that did not come back.
    pub(crate) undeclared: usize,
    /// Where something declared did not come back as it was, and how.
    pub(crate) losses: Vec<String>,
}

/// Compares a valid value of the schemas with what came back. `folds`: a null property may come back absent.
pub(crate) fn difference(
    judge: &Judge,
    schemas: &[&Value],
    before: &Value,
    after: &Value,
    folds: bool,
) -> Difference {
    let mut comparison = Comparison {
        judge,
        folds,
        found: Difference::default(),
    };
    comparison.at("", schemas, before, after);
    comparison.found
}

struct Comparison<'j> {
    judge: &'j Judge,
    folds: bool,
    found: Difference,
}

impl Comparison<'_> {
    fn at(&mut self, path: &str, schemas: &[&Value], before: &Value, after: &Value) {
        // Most are equal, and then nothing has to be looked up.
        if before == after {
            return;
        }
        let view = View::new(self.judge, schemas, before);
        match (before, after) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, value) in old {
                    let place = child(path, key);
                    match (view.key(key), new.get(key)) {
                        (Some(schemas), Some(back)) => self.at(&place, &schemas, value, back),
                        (None, Some(back)) => self.at(&place, &[], value, back),
                        (None, None) => self.found.undeclared += 1,
                        (Some(_), None) if self.folds && value.is_null() && !view.requires(key) => {
                        }
                        (Some(_), None) => self.loss(&place, value, None),
                    }
                }
                for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                    self.found.losses.push(format!(
                        "{} was added: {}",
                        child(path, key),
                        short(value)
                    ));
                }
            }
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
                for (index, (value, back)) in old.iter().zip(new).enumerate() {
                    let place = child(path, &index.to_string());
                    self.at(&place, &view.element(index), value, back);
                }
            }
            (Value::Number(old), Value::Number(new)) if same_number(old, new) => {}
            _ => self.loss(path, before, Some(after)),
        }
    }

    fn loss(&mut self, path: &str, before: &Value, after: Option<&Value>) {
        let path = if path.is_empty() { "the value" } else { path };
        self.found.losses.push(match after {
            None => format!("{path} is gone: {}", short(before)),
            Some(after) => format!("{path} was {} and is {}", short(before), short(after)),
        });
    }
}

fn short(value: &Value) -> String {
    shorten(&value.to_string())
}

/// Equality by value.
fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => return a == b,
        (None, None) => {}
        // A whole number written with a fraction or an exponent.
        (Some(whole), None) => return b.as_f64().is_some_and(|b| is_whole(b, whole)),
        (None, Some(whole)) => return a.as_f64().is_some_and(|a| is_whole(a, whole)),
    }
    let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) else {
        return false;
    };
    a.total_cmp(&b).is_eq()
}

fn is_whole(float: f64, whole: i128) -> bool {
    // Doubles hold whole numbers up to here exactly.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    // Checked to be in range and without fraction.
    #[allow(clippy::cast_possible_truncation)]
    let exact = || float as i128 == whole;
    float.fract() == 0.0 && float.abs() <= EXACT && exact()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Difference, difference};
    use crate::judge::Judge;

    fn of(schema: &Value, before: &Value, after: &Value, folds: bool) -> Difference {
        let judge = Judge::new(
            json!({ "properties": { "0": { "$ref": "#/$defs/0" } }, "$defs": { "0": schema } }),
        )
        .unwrap();
        difference(&judge, &[judge.definition("0")], before, after, folds)
    }

    #[test]
    fn numbers_are_equal_by_value_and_texts_by_letter() {
        let any = json!({});
        for (before, after, same) in [
            (json!(1.0), json!(1), true),
            (json!(1e3), json!(1000), true),
            (json!(0.1), json!(0.1), true),
            (json!(0.1), json!(0.100_000_01), false),
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
                false,
            ),
            (json!(u64::MAX), json!(u64::MAX), true),
            (json!("a"), json!("A"), false),
            (json!(1), json!("1"), false),
            (json!([1, 2]), json!([2, 1]), false),
            (json!([1]), json!([1, 1]), false),
        ] {
            let lossless = of(&any, &before, &after, true).losses.is_empty();
            assert_eq!(lossless, same, "{before} {after}");
        }
    }

    #[test]
    fn null_is_folded_where_the_type_folds_it_and_the_key_is_optional() {
        let schema = json!({ "required": ["r"], "properties": { "o": { "type": ["string", "null"] }, "r": { "type": ["string", "null"] } } });
        let whole = json!({ "o": null, "r": null });
        assert_eq!(
            of(&schema, &whole, &json!({ "r": null }), true),
            Difference::default()
        );
        assert_eq!(
            of(&schema, &whole, &json!({ "r": null }), false)
                .losses
                .len(),
            1
        );
        assert_eq!(
            of(&schema, &whole, &json!({ "o": null }), true)
                .losses
                .len(),
            1
        );
    }

    #[test]
    fn undeclared_keys_are_counted_apart() {
        let schema = json!({ "properties": { "a": {} } });
        let value = json!({ "a": { "any": 1 }, "b": 1 });
        let lost = of(&schema, &value, &json!({ "a": { "any": 1 } }), true);
        assert_eq!((lost.undeclared, lost.losses.len()), (1, 0));
        // What a property without a schema holds is declared, and so are the keys of maps.
        let lost = of(&schema, &value, &json!({ "a": {} }), true);
        assert_eq!((lost.undeclared, lost.losses.len()), (1, 1));
        let lost = of(
            &json!({ "additionalProperties": true, "properties": { "a": {} } }),
            &value,
            &json!({ "a": { "any": 1 } }),
            true,
        );
        assert_eq!((lost.undeclared, lost.losses.len()), (0, 1));
        let lost = of(&schema, &json!({}), &json!({ "a": 1 }), true);
        assert_eq!(lost.losses, ["/a was added: 1"]);
    }

    #[test]
    fn of_a_union_the_members_count_that_the_value_is_of() {
        let judge = Judge::new(json!({
            "properties": { "0": { "$ref": "#/$defs/0" }, "1": { "$ref": "#/$defs/1" }, "2": { "$ref": "#/$defs/2" } },
            "$defs": {
                "0": { "anyOf": [{ "$ref": "#/$defs/1" }, { "$ref": "#/$defs/2" }] },
                "1": { "required": ["a"], "properties": { "a": {} } },
                "2": { "required": ["b"], "properties": { "b": {}, "c": {} } },
            },
        }))
        .unwrap();
        let schemas = [judge.definition("0")];
        let lost = difference(
            &judge,
            &schemas,
            &json!({ "a": 1, "c": 2 }),
            &json!({ "a": 1 }),
            true,
        );
        assert_eq!((lost.undeclared, lost.losses.len()), (1, 0));
        let lost = difference(
            &judge,
            &schemas,
            &json!({ "b": 1, "c": 2 }),
            &json!({ "b": 1 }),
            true,
        );
        assert_eq!((lost.undeclared, lost.losses.len()), (0, 1));
    }
}

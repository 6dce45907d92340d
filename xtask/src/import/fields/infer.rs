//! A schema from example values alone, for what a page shows but does not describe.

use serde_json::{Map, Value, json};

/// The schema that all the values fit; one that says nothing where they have no kind in common.
pub(super) fn schema(values: &[&Value]) -> Value {
    let some: Vec<&Value> = values
        .iter()
        .copied()
        .filter(|value| !value.is_null())
        .collect();
    let all = |is: fn(&Value) -> bool| some.iter().all(|value| is(value));
    let mut schema = if some.is_empty() {
        return json!({});
    } else if all(Value::is_string) {
        json!({"type": "string"})
    } else if all(Value::is_boolean) {
        json!({"type": "boolean"})
    } else if all(|value| value.is_i64() || value.is_u64()) {
        json!({"type": "integer"})
    } else if all(Value::is_number) {
        json!({"type": "number"})
    } else if all(Value::is_array) {
        let items: Vec<&Value> = some
            .iter()
            .filter_map(|value| value.as_array())
            .flatten()
            .collect();
        json!({"type": "array", "items": self::schema(&items)})
    } else if all(Value::is_object) {
        object(&some)
    } else {
        return json!({});
    };
    if some.len() < values.len() {
        schema["nullable"] = json!(true);
    }
    schema
}

fn object(values: &[&Value]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in keys(values) {
        let members: Vec<&Value> = values.iter().filter_map(|value| value.get(key)).collect();
        if members.len() == values.len() {
            required.push(json!(key));
        }
        properties.insert(key.clone(), schema(&members));
    }
    if properties.is_empty() {
        return json!({"type": "object", "additionalProperties": true});
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = Value::Array(required);
    }
    schema
}

/// The keys of all objects, in the order in which they first appear.
pub(super) fn keys<'v>(values: &[&'v Value]) -> Vec<&'v String> {
    let mut seen = std::collections::BTreeSet::new();
    let keys = values
        .iter()
        .filter_map(|value| value.as_object())
        .flat_map(Map::keys);
    keys.filter(|key| seen.insert(*key)).collect()
}

/// The schema of a text in a URL or a header.
pub(super) fn of_text(text: &str) -> Value {
    let is_number = !text.is_empty() && text.len() < 19 && text.chars().all(|c| c.is_ascii_digit());
    json!({"type": match text {
        "true" | "false" => "boolean",
        _ if is_number => "integer",
        _ => "string",
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_all_values_have_in_common() {
        let values = [
            json!({"a": 1, "b": "x", "c": [1, 2.5], "e": {}}),
            json!({"a": 2, "b": null, "d": [{"x": true}, {}]}),
        ];
        assert_eq!(
            schema(&values.iter().collect::<Vec<_>>()),
            json!({"type": "object", "properties": {
                "a": {"type": "integer"}, "b": {"type": "string", "nullable": true},
                "c": {"type": "array", "items": {"type": "number"}}, "e": {"type": "object", "additionalProperties": true},
                "d": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "boolean"}}}},
            }, "required": ["a", "b"]})
        );
        assert_eq!(schema(&[&json!(1), &json!("a")]), json!({}));
        assert_eq!(of_text("12"), json!({"type": "integer"}));
        assert_eq!(of_text("<id>"), json!({"type": "string"}));
    }
}

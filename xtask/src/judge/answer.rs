//! Whether an answer of the calling program is what was expected of it.

use serde_json::Value;

/// Compares an answer with what was expected of it: every member that is expected must be there and the same.
/// Objects of headers may hold more; `message`, `typed`, `body` and `text` expect to hold the text. Without
/// `error` and `status`, a success is expected.
pub(super) fn differs(answer: &Value, expected: &Value) -> Option<String> {
    if let Some(trouble) = answer.get("trouble").and_then(Value::as_str) {
        return Some(format!("the call could not be made: {trouble}"));
    }
    let members = expected.as_object()?;
    if !members.contains_key("error")
        && let Some(error) = answer.get("error").and_then(Value::as_str)
    {
        return Some(format!("{error} error: {}", described(answer)));
    }
    for (key, expected) in members {
        let found = answer.get(key).unwrap_or(&Value::Null);
        let same = match (key.as_str(), expected, found) {
            ("message" | "typed" | "body" | "text", Value::String(part), Value::String(text)) => {
                text.contains(part)
            }
            ("headers", Value::Object(some), Value::Object(all)) => some
                .iter()
                .all(|(name, value)| all.get(&name.to_ascii_lowercase()) == Some(value)),
            // How many items all pages have together.
            ("pages", count, _) => {
                let items = answer.get("value").and_then(Value::as_array);
                items.map(|items| items.len().into()).as_ref() == Some(count)
            }
            _ => equal(expected, found),
        };
        if !same {
            return Some(format!(
                "`{key}` is {}, expected {}{}",
                short(found),
                short(expected),
                if answer.get("error").is_some() {
                    format!(" ({})", described(answer))
                } else {
                    String::new()
                }
            ));
        }
    }
    None
}

fn described(answer: &Value) -> String {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    let body = text("body");
    let mut said = text("message").to_owned();
    if !body.is_empty() {
        said = format!("{said}: {body}");
    }
    short(&Value::String(said))
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut shown: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect();
    if text.chars().count() > 300 {
        shown.push('…');
    }
    shown
}

/// Equality of JSON, of numbers by value.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::differs;

    #[test]
    fn every_expected_member_counts_and_numbers_compare_by_value() {
        let answer =
            json!({ "status": 200, "value": [1.0, "a"], "headers": { "a": "b", "c": "d" } });
        assert_eq!(
            differs(
                &answer,
                &json!({ "value": [1, "a"], "headers": { "A": "b" } })
            ),
            None
        );
        assert!(differs(&answer, &json!({ "value": [1] })).is_some());
        assert!(differs(&answer, &json!({ "headers": { "a": "x" } })).is_some());
    }

    #[test]
    fn an_error_must_be_expected() {
        let answer = json!({ "error": "api", "status": 400, "message": "bad request" });
        assert!(differs(&answer, &json!({})).is_some());
        assert_eq!(
            differs(&answer, &json!({ "error": "api", "message": "bad" })),
            None
        );
        assert!(differs(&json!({ "status": 200 }), &json!({ "error": "api" })).is_some());
        assert!(differs(&json!({ "trouble": "x" }), &json!({ "error": "api" })).is_some());
    }
}

//! What no judge looks at, read from the bytes of a request: how often a name is sent, what stands between the items of an
//! array, and how many segments a path has.

use callwright_codegen::ir::{Location, Operation, Parameter, Style};
use serde_json::Value;

use super::recorder::Head;

/// What is wrong with a request that was sent for an order; nothing where it is right.
pub(super) fn wrong(operation: &Operation, order: &Value, head: &Head) -> Option<String> {
    let (path, query) = head.target.split_once('?').unwrap_or((&head.target, ""));
    let template = operation.path.split(['?', '#']).next().unwrap_or_default();
    if path.matches('/').count() != template.matches('/').count() {
        return Some(format!("`{path}` has other segments than `{template}`"));
    }
    operation
        .parameters
        .iter()
        .find_map(|parameter| match parameter.location {
            Location::Query => in_query(parameter, order, query),
            Location::Header => in_headers(parameter, order, head),
            Location::Path | Location::Cookie | Location::QueryString => None,
        })
}

/// The items of an array that was to be sent; none for other arguments.
fn items<'a>(parameter: &Parameter, location: &str, order: &'a Value) -> Option<&'a Vec<Value>> {
    order
        .get("arguments")?
        .get(format!("{location}.{}", parameter.wire))?
        .as_array()
        .filter(|items| !items.is_empty() && items.iter().all(|item| !is_nested(item)))
}

fn is_nested(item: &Value) -> bool {
    item.is_array() || item.is_object()
}

fn in_query(parameter: &Parameter, order: &Value, query: &str) -> Option<String> {
    let items = items(parameter, "query", order)?;
    let values: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(name, _)| decoded(name) == parameter.wire)
        .map(|(_, value)| value)
        .collect();
    let separators: &[&str] = match parameter.style {
        Style::Form if parameter.explode => {
            return (values.len() != items.len()).then(|| {
                format!(
                    "`{}` is sent {} times in `{query}`",
                    parameter.wire,
                    values.len()
                )
            });
        }
        Style::Form => &[","],
        Style::SpaceDelimited => &["%20", "+"],
        Style::PipeDelimited => &["|", "%7C"],
        Style::TabDelimited => &["%09"],
        _ => return None,
    };
    let [value] = values.as_slice() else {
        return Some(format!(
            "`{}` is sent {} times in `{query}`",
            parameter.wire,
            values.len()
        ));
    };
    let found: usize = separators
        .iter()
        .map(|text| value.matches(text).count())
        .sum();
    // A space or a bar of an item looks like what separates items; a comma is escaped.
    let least = items.len() - 1;
    let right = if parameter.style == Style::Form {
        found == least
    } else {
        found >= least
    };
    (!right).then(|| {
        format!(
            "`{}` is sent as `{value}`, for {} items",
            parameter.wire,
            items.len()
        )
    })
}

fn in_headers(parameter: &Parameter, order: &Value, head: &Head) -> Option<String> {
    let items = items(parameter, "header", order)?;
    let name = parameter.wire.to_ascii_lowercase();
    let sent: Vec<&str> = head
        .headers
        .iter()
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value.as_str())
        .collect();
    let [value] = sent.as_slice() else {
        return Some(format!("the header `{name}` is sent {} times", sent.len()));
    };
    (value.matches(',').count() + 1 < items.len()).then(|| {
        format!(
            "the header `{name}` is sent as `{value}`, for {} items",
            items.len()
        )
    })
}

/// The text that is percent-encoded.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use callwright_codegen::ir::{
        Api, Constraints, Doc, Form, Location, Parameter, Shape, Style, Type, Usage,
    };
    use serde_json::json;

    use super::in_query;

    #[test]
    fn an_exploded_array_is_told_from_a_joined_one() {
        let mut api = Api::default();
        let ty = api.types.push(Type {
            shape: Shape::String,
            doc: Doc::default(),
            origin: callwright_codegen::ir::Origin::Inline(Vec::new()),
            pointer: "".into(),
            usage: Usage::default(),
            form: Form::default(),
            constraints: Constraints::default(),
            xml: None,
        });
        let joined = Parameter {
            wire: "a[]".to_owned(),
            location: Location::Query,
            style: Style::Form,
            explode: false,
            allow_reserved: false,
            allow_empty: false,
            required: false,
            ty: ty.into(),
            doc: Doc::default(),
            constraints: Constraints::default(),
            encodings: Vec::new(),
        };
        let exploded = Parameter {
            explode: true,
            ..joined.clone()
        };
        let order = json!({ "arguments": { "query.a[]": ["x", "y,z"] } });
        assert_eq!(in_query(&joined, &order, "b=1&a%5B%5D=x,y%2Cz"), None);
        assert_eq!(in_query(&exploded, &order, "a%5B%5D=x&a%5B%5D=y%2Cz"), None);
        assert!(in_query(&joined, &order, "a%5B%5D=x&a%5B%5D=y%2Cz").is_some());
        assert!(in_query(&joined, &order, "a%5B%5D=x,y,z").is_some());
        assert!(in_query(&exploded, &order, "a%5B%5D=x,y%2Cz").is_some());
    }
}

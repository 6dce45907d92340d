//! A value as XML, after the schema's `xml` hints: names, attributes, wrapping, prefixes.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    document::{Document, member, reference},
    flatten::{Flat, flatten},
};

/// Deeper elements are left out.
const MAX_DEPTH: usize = 40;

/// A document whose root is named by the hint, else by the schema's name.
pub(crate) fn document(document: Document, schema: &'static Value, value: &Value) -> String {
    let by_reference = reference(schema).and_then(|pointer| pointer.rsplit('/').next());
    let writer = Writer { document };
    let schemas = [schema];
    let flat = writer.flat(&schemas);
    let name = hint(&flat, "name").unwrap_or(by_reference.unwrap_or("root"));
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
    // A document has one root, so a list at the top is wrapped whatever the hints say.
    match value {
        Value::Array(items) => {
            let items_schema: Vec<_> = flat.keyword("items").into_iter().collect();
            let item_name = writer.item_name(&items_schema, "item");
            let _ = write!(out, "<{name}>", name = tag(name));
            for item in items {
                writer.element(&mut out, &item_name, &items_schema, item, 0);
            }
            let _ = write!(out, "</{name}>", name = tag(name));
        }
        value => writer.element(&mut out, name, &schemas, value, 0),
    }
    out
}

struct Writer {
    document: Document,
}

impl Writer {
    fn flat(&self, schemas: &[&'static Value]) -> Flat {
        flatten(self.document, schemas, &mut Vec::new(), 0)
    }

    fn item_name(&self, items: &[&'static Value], default: &str) -> String {
        hint(&self.flat(items), "name")
            .unwrap_or(default)
            .to_owned()
    }

    fn element(
        &self,
        out: &mut String,
        name: &str,
        schemas: &[&'static Value],
        value: &Value,
        depth: usize,
    ) {
        let flat = self.flat(schemas);
        let prefix = hint(&flat, "prefix");
        let name =
            tag(&prefix.map_or_else(|| name.to_owned(), |prefix| format!("{prefix}:{name}")));
        let _ = write!(out, "<{name}");
        if let Some(namespace) = hint(&flat, "namespace") {
            let attribute = prefix.map_or_else(
                || "xmlns".to_owned(),
                |prefix| format!("xmlns:{}", tag(prefix)),
            );
            let _ = write!(out, " {attribute}=\"{}\"", escape(namespace));
        }
        let members = value.as_object();
        for (key, value) in members.into_iter().flatten() {
            let property = self.flat(flat.property(key).unwrap_or_default());
            if is_set(&property, "attribute") {
                let key = tag(hint(&property, "name").unwrap_or(key));
                let _ = write!(out, " {key}=\"{}\"", escape(&text(value)));
            }
        }
        out.push('>');
        match value {
            Value::Object(members) if depth < MAX_DEPTH => {
                for (key, value) in members {
                    self.member(out, &flat, key, value, depth);
                }
            }
            Value::Array(items) if depth < MAX_DEPTH => {
                let items_schema: Vec<_> = flat.keyword("items").into_iter().collect();
                let item_name = self.item_name(&items_schema, "item");
                for item in items {
                    self.element(out, &item_name, &items_schema, item, depth + 1);
                }
            }
            Value::Null | Value::Object(_) | Value::Array(_) => {}
            scalar => out.push_str(&escape(&text(scalar))),
        }
        let _ = write!(out, "</{name}>");
    }

    /// A member: nothing for an attribute, a wrapper or a run of elements for a list.
    fn member(&self, out: &mut String, parent: &Flat, key: &str, value: &Value, depth: usize) {
        let schemas = parent.property(key).unwrap_or_default();
        let flat = self.flat(schemas);
        if is_set(&flat, "attribute") {
            return;
        }
        let name = hint(&flat, "name").unwrap_or(key);
        let Value::Array(items) = value else {
            return self.element(out, name, schemas, value, depth + 1);
        };
        let items_schema: Vec<_> = flat.keyword("items").into_iter().collect();
        let is_wrapped = is_set(&flat, "wrapped");
        // Unwrapped, the name of the items wins over that of the list.
        let item_name = self.item_name(&items_schema, if is_wrapped { key } else { name });
        if is_wrapped {
            let _ = write!(out, "<{}>", tag(name));
        }
        for item in items {
            self.element(out, &item_name, &items_schema, item, depth + 1);
        }
        if is_wrapped {
            let _ = write!(out, "</{}>", tag(name));
        }
    }
}

fn hint(flat: &Flat, name: &str) -> Option<&'static str> {
    member(flat.keyword("xml")?, name).as_str()
}

fn is_set(flat: &Flat, name: &str) -> bool {
    flat.keyword("xml")
        .is_some_and(|xml| member(xml, name) == true)
}

/// A name XML allows.
fn tag(name: &str) -> String {
    let is_allowed =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':');
    let name: String = name
        .chars()
        .map(|character| {
            if is_allowed(character) {
                character
            } else {
                '_'
            }
        })
        .collect();
    let starts_well = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    if starts_well {
        name
    } else {
        format!("_{name}")
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            control if control.is_control() && !matches!(control, '\n' | '\t' | '\r') => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn hints_name_wrap_and_attribute() {
        let root = Document::new(json!({
            "type": "object",
            "xml": { "name": "pet" },
            "properties": {
                "id": { "type": "integer", "xml": { "attribute": true } },
                "name": { "type": "string" },
                "tags": { "type": "array", "xml": { "wrapped": true }, "items": { "type": "string", "xml": { "name": "tag" } } },
                "urls": { "type": "array", "items": { "type": "string" } }
            }
        }));
        let value = json!({ "id": 7, "name": "a<b", "tags": ["x", "y"], "urls": ["u", "v"] });
        assert_eq!(
            document(root, root.root(), &value)
                .trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            "<pet id=\"7\"><name>a&lt;b</name><tags><tag>x</tag><tag>y</tag></tags><urls>u</urls><urls>v</urls></pet>"
        );
    }
}

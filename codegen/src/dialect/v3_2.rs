//! OpenAPI 3.2: methods beyond those of 3.0, streamed media types, and what else it adds, carried as extensions.

use serde_json::{Map, Value};

use super::Dialect;
use super::lowering::{Lowering, Object, Path, noun};
use super::structure::METHODS;

/// Where operations of other methods are carried: method to operation.
const OPERATIONS: &str = "x-callwright-operations";

pub(super) fn lower(lowering: &mut Lowering, root: &mut Object, path: &Path<'_>) {
    super::v3_1::lower(lowering, root, path);
}

impl Lowering {
    /// `query` and `additionalOperations` of a path item.
    pub(super) fn other_operations(&mut self, item: &mut Object, path: &Path<'_>) {
        if self.dialect < Dialect::V3_2 {
            return;
        }
        let mut carried = Map::new();
        if let Some(mut operation) = item.shift_remove("query")
            && self.operation(&mut operation, &path.key("query"))
        {
            carried.insert("QUERY".to_owned(), operation);
            self.moved(path, &[OPERATIONS, "QUERY"], &["query"]);
        }
        let here = path.key("additionalOperations");
        if self.object(item, path, "additionalOperations")
            && let Some(Value::Object(more)) = item.shift_remove("additionalOperations")
        {
            for (method, mut operation) in more {
                let place = here.key(&method);
                if METHODS.contains(&method.to_ascii_lowercase().as_str())
                    || carried.contains_key(&method)
                {
                    let message = format!(
                        "`{method}` has a key of its own in a path item; the operation is left out"
                    );
                    self.dropped(&place, message, "move the operation to that key");
                } else if !is_token(&method) {
                    let message =
                        format!("`{method}` is no HTTP method; the operation is left out");
                    self.dropped(
                        &place,
                        message,
                        "name a method, which is a token (RFC 9110, section 5.6.2)",
                    );
                } else if self.operation(&mut operation, &place) {
                    self.moved(
                        path,
                        &[OPERATIONS, &method],
                        &["additionalOperations", &method],
                    );
                    carried.insert(method, operation);
                }
            }
        }
        if !carried.is_empty() {
            item.insert(OPERATIONS.to_owned(), carried.into());
        }
    }

    /// What streams of items add to a media type.
    pub(super) fn sequential(&mut self, media_type: &mut Object, path: &Path<'_>) {
        if self.dialect < Dialect::V3_2 {
            return;
        }
        if let Some(schema) = media_type.get_mut("itemSchema") {
            self.schema(schema, &path.key("itemSchema"));
        }
        self.rename(media_type, path, "itemSchema", "x-callwright-item-schema");
        self.positional_encodings(media_type, path);
    }

    /// Encodings by position rather than by name, of a media type or of an encoding.
    pub(super) fn positional_encodings(&mut self, object: &mut Object, path: &Path<'_>) {
        if let Some(encoding) = object.get_mut("itemEncoding")
            && !self.encoding(encoding, &path.key("itemEncoding"))
        {
            object.shift_remove("itemEncoding");
        }
        self.items(object, path, "prefixEncoding", Self::encoding);
        self.rename(object, path, "itemEncoding", "x-callwright-item-encoding");
        self.rename(
            object,
            path,
            "prefixEncoding",
            "x-callwright-prefix-encoding",
        );
    }

    /// Encodings within an encoding.
    pub(super) fn nested_encodings(&mut self, encoding: &mut Object, path: &Path<'_>) {
        if self.dialect < Dialect::V3_2 {
            return;
        }
        self.map(encoding, path, "encoding", Self::encoding);
        self.rename(encoding, path, "encoding", "x-callwright-encoding");
        self.positional_encodings(encoding, path);
    }

    /// `dataValue` is what `value` was for anything but text; `serializedValue` is the text on the wire.
    pub(super) fn example_values(&mut self, example: &mut Object, path: &Path<'_>) {
        if self.dialect < Dialect::V3_2 {
            return;
        }
        if !example.contains_key("value") {
            self.rename(example, path, "dataValue", "value");
        }
        if let Some(text) = example.get("serializedValue")
            && !text.is_string()
        {
            let message = format!(
                "`serializedValue` is a text, but this is {}; it is ignored",
                noun(text)
            );
            self.repaired(&path.key("serializedValue"), message);
            example.shift_remove("serializedValue");
        }
        self.rename(
            example,
            path,
            "serializedValue",
            "x-callwright-serialized-value",
        );
    }
}

/// Whether a text is a token of HTTP (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

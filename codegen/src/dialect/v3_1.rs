//! OpenAPI 3.1: webhooks and the schema dialect at the root; schemas are lowered in `schema`.

use serde_json::Value;

use super::lowering::{Lowering, Object, Path};
use crate::diagnostic::{Code, Diagnostic};

/// Where webhooks are carried, with their place in 3.0 taken by no key.
const WEBHOOKS: &str = "x-callwright-webhooks";

pub(super) fn lower(lowering: &mut Lowering, root: &mut Object, path: &Path<'_>) {
    if let Some(dialect) = root.get("jsonSchemaDialect") {
        lowering.schema_dialect(dialect, &path.key("jsonSchemaDialect"));
    }
    lowering.root(root, path);
    if lowering.object(root, path, "webhooks") {
        let here = path.key("webhooks");
        if let Some(Value::Object(webhooks)) = root.get_mut("webhooks") {
            lowering.each(webhooks, &here, Lowering::path_item);
        }
        lowering.rename(root, path, "webhooks", WEBHOOKS);
    }
}

/// The dialects whose keywords mean what they mean in OpenAPI 3.1 and later.
const KNOWN_DIALECTS: [&str; 3] = [
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.2/dialect/",
    "https://json-schema.org/draft/2020-12/schema",
];

impl Lowering {
    /// Warns of a dialect that is not read as its author means it.
    pub(super) fn schema_dialect(&mut self, dialect: &Value, here: &Path<'_>) {
        let known = dialect.as_str().is_some_and(|dialect| {
            KNOWN_DIALECTS
                .iter()
                .any(|known| dialect.starts_with(known))
        });
        if !known {
            self.say(
                here,
                Diagnostic::new(
                    Code::SCHEMA_DIALECT,
                    format!("the schema dialect {dialect} is not known"),
                )
                .remedy("check that its keywords mean what they mean in JSON Schema 2020-12"),
            );
        }
    }
}

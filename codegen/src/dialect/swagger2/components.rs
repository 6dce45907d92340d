//! Security schemes and subtypes of Swagger 2.0.

use serde_json::{Map, Value, json};

use crate::diagnostic::Pointer;
use crate::dialect::lowering::{Lowering, Object, Path};

impl Lowering {
    pub(super) fn swagger_security(&mut self, scheme: &mut Object, path: &Path<'_>) {
        match scheme.get("type").and_then(Value::as_str) {
            Some("basic") => {
                scheme.insert("type".to_owned(), Value::from("http"));
                scheme.insert("scheme".to_owned(), Value::from("basic"));
            }
            Some("oauth2") if !scheme.contains_key("flows") => {
                let written = scheme.shift_remove("flow");
                let flow = match written.as_ref().and_then(Value::as_str) {
                    Some("password") => "password",
                    Some("application") => "clientCredentials",
                    Some("accessCode") => "authorizationCode",
                    Some("implicit") => "implicit",
                    _ if scheme.contains_key("tokenUrl")
                        && scheme.contains_key("authorizationUrl") =>
                    {
                        "authorizationCode"
                    }
                    _ if scheme.contains_key("tokenUrl") => "clientCredentials",
                    _ => "implicit",
                };
                let mut object = Map::new();
                for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"] {
                    if let Some(value) = scheme.shift_remove(key) {
                        object.insert(key.to_owned(), value);
                    }
                }
                self.moved(path, &["flows", flow], &[]);
                scheme.insert("flows".to_owned(), json!({ flow: object }));
            }
            _ => {}
        }
    }
}

/// `AutoRest` names the value of a subtype in the subtype; 3.0 does so in the mapping of the base.
pub(super) fn discriminator_values(components: &mut Object) {
    let Some(Value::Object(schemas)) = components.get_mut("schemas") else {
        return;
    };
    let mut mappings: Vec<(String, String, String)> = Vec::new();
    for (name, schema) in &*schemas {
        let Some(value) = schema
            .get("x-ms-discriminator-value")
            .and_then(Value::as_str)
        else {
            continue;
        };
        let mut current = name.clone();
        // A chain longer than this is a cycle.
        for _ in 0..32 {
            if schemas
                .get(&current)
                .is_some_and(|schema| schema.get("discriminator").is_some())
            {
                mappings.push((current.clone(), value.to_owned(), name.clone()));
            }
            let base = schemas
                .get(&current)
                .and_then(|schema| schema.get("allOf"))
                .and_then(Value::as_array);
            let base = base
                .into_iter()
                .flatten()
                .find_map(|base| base.get("$ref")?.as_str()?.strip_prefix("#/definitions/"));
            match base {
                Some(base) => current = base.to_owned(),
                None => break,
            }
        }
    }
    for (base, value, name) in mappings {
        let Some(discriminator) = schemas
            .get_mut(&base)
            .and_then(|schema| schema.get_mut("discriminator"))
        else {
            continue;
        };
        if let Value::String(property) = discriminator {
            *discriminator = json!({ "propertyName": property, "mapping": {} });
        }
        let pointer = Pointer::from("/components/schemas").join(&name);
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.insert(value, format!("#{pointer}").into());
        }
    }
}

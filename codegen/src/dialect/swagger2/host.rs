//! `host`, `basePath` and `schemes` of Swagger 2.0 as servers.

use serde_json::{Map, Value, json};

/// Where a document says its API is.
pub(super) struct Host {
    pub(super) name: Option<String>,
    pub(super) base_path: String,
}

impl Host {
    /// One server a scheme, the secure one first: it is the default.
    pub(super) fn servers(&self, schemes: &[String]) -> Vec<Value> {
        let base = self.base_path.trim_end_matches('/');
        let base = if base.is_empty() || base.starts_with('/') {
            base.to_owned()
        } else {
            format!("/{base}")
        };
        let Some(host) = &self.name else {
            let url = if base.is_empty() { "/" } else { &base };
            return vec![json!({ "url": url })];
        };
        let host = host.trim_end_matches('/');
        if host.contains("://") {
            return vec![json!({ "url": format!("{host}{base}") })];
        }
        let mut schemes: Vec<&str> = schemes
            .iter()
            .map(String::as_str)
            .filter(|scheme| scheme.starts_with("http"))
            .collect();
        if schemes.is_empty() {
            schemes.push("https");
        }
        // The first server is the default one.
        schemes.sort_by_key(|scheme| *scheme != "https");
        schemes
            .into_iter()
            .map(|scheme| json!({ "url": format!("{scheme}://{host}{base}") }))
            .collect()
    }
}

/// A server of `AutoRest`'s `x-ms-parameterized-host`.
pub(super) fn templated(template: &Value, schemes: &[String], host: &Host) -> Option<Value> {
    let url = template.get("hostTemplate")?.as_str()?;
    let scheme = if template.get("useSchemePrefix") == Some(&Value::Bool(false)) {
        String::new()
    } else {
        let https = schemes.is_empty() || schemes.iter().any(|scheme| scheme == "https");
        format!("{}://", if https { "https" } else { "http" })
    };
    let mut variables = Map::new();
    for name in url
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
    {
        let parameter = template
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|parameter| parameter["name"] == name.0);
        let default = parameter
            .and_then(|parameter| parameter.get("default"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        variables.insert(name.0.to_owned(), json!({ "default": default }));
    }
    let base = host.base_path.trim_end_matches('/');
    Some(json!({ "url": format!("{scheme}{url}{base}"), "variables": variables }))
}

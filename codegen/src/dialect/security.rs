//! Security schemes and requirements, repaired so that they read as OpenAPI 3.0.

use serde_json::{Map, Value, json};

use super::Dialect;
use super::lowering::{Lowering, Object, Path, Plain, noun};
use crate::diagnostic::{Code, Diagnostic};

/// The `OAuth2` flows of OpenAPI 3.0 and the URLs that each one needs.
const FLOWS: [(&str, &[&str]); 4] = [
    ("implicit", &["authorizationUrl"]),
    ("password", &["tokenUrl"]),
    ("clientCredentials", &["tokenUrl"]),
    ("authorizationCode", &["authorizationUrl", "tokenUrl"]),
];

impl Lowering {
    /// The `security` of the root or of an operation.
    pub(super) fn security(&mut self, object: &mut Object, path: &Path<'_>) {
        self.items(object, path, "security", Self::requirement);
    }

    fn requirement(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        if let Value::String(name) = value {
            let name = std::mem::take(name);
            self.repaired(
                path,
                "a security requirement is an object; this text is taken as the name of a scheme",
            );
            *value = json!({ name: [] });
        }
        let Some(requirement) = self.expect(value, path, "a security requirement") else {
            return false;
        };
        for (scheme, scopes) in requirement.iter_mut() {
            if scopes.is_null()
                || !self.plain_value(scopes, &path.key(scheme), scheme, Plain::Texts)
            {
                *scopes = Value::Array(Vec::new());
            }
        }
        true
    }

    /// The Security Scheme Object.
    pub(super) fn security_scheme(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        let Some(scheme) = self.expect(value, path, "a security scheme") else {
            return false;
        };
        if let Some(keep) = self.reference(scheme, path) {
            return keep;
        }
        self.plain(
            scheme,
            path,
            &[
                ("type", Plain::Text),
                ("description", Plain::Text),
                ("name", Plain::Text),
                ("in", Plain::Text),
                ("scheme", Plain::Text),
                ("bearerFormat", Plain::Text),
                ("openIdConnectUrl", Plain::Text),
            ],
        );
        if self.dialect >= Dialect::V3_2 {
            self.rename(scheme, path, "deprecated", "x-callwright-deprecated");
            self.rename(
                scheme,
                path,
                "oauth2MetadataUrl",
                "x-callwright-oauth2-metadata-url",
            );
        }
        let written = scheme
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned();
        match written.to_ascii_lowercase().as_str() {
            "apikey" => self.api_key(scheme, path, &written),
            "http" => self.http(scheme, path, &written),
            "oauth2" => self.oauth2(scheme, path, &written),
            "openidconnect" => self.open_id_connect(scheme, path, &written),
            "mutualtls" => {
                // The nearest thing that openapiv3 can hold; the extension says what it is.
                scheme.insert("type".to_owned(), Value::from("http"));
                scheme.insert("scheme".to_owned(), Value::from("mutualTLS"));
                scheme.insert("x-callwright-type".to_owned(), Value::from("mutualTLS"));
                true
            }
            kind @ ("basic" | "bearer" | "digest" | "jwt") => {
                let kind = if kind == "jwt" { "bearer" } else { kind };
                self.repaired(
                    &path.key("type"),
                    format!("`type: {written}` is read as `type: http` with `scheme: {kind}`"),
                );
                scheme.insert("type".to_owned(), Value::from("http"));
                scheme.insert("scheme".to_owned(), Value::from(kind));
                true
            }
            _ => {
                self.say(
                    path,
                    Diagnostic::new(
                        Code::UNKNOWN_SECURITY,
                        format!("`type: {written}` is no kind of security scheme"),
                    )
                    .remedy("use `apiKey`, `http`, `oauth2`, `openIdConnect` or `mutualTLS`"),
                );
                false
            }
        }
    }

    /// Corrects the case of `type`, which openapiv3 takes literally.
    fn scheme_type(&mut self, scheme: &mut Object, path: &Path<'_>, written: &str, kind: &str) {
        if written != kind {
            self.repaired(
                &path.key("type"),
                format!("`type: {written}` is read as `{kind}`"),
            );
            scheme.insert("type".to_owned(), Value::from(kind));
        }
    }

    fn api_key(&mut self, scheme: &mut Object, path: &Path<'_>, written: &str) -> bool {
        self.scheme_type(scheme, path, written, "apiKey");
        let location = scheme
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned();
        let known = match location.to_ascii_lowercase().as_str() {
            "query" => "query",
            "header" | "" => "header",
            "cookie" => "cookie",
            _ => {
                self.say(
                    &path.key("in"),
                    Diagnostic::new(
                        Code::UNKNOWN_SECURITY,
                        format!("`in: {location}` is no place for an API key"),
                    )
                    .remedy("use `header`, `query` or `cookie`"),
                );
                return false;
            }
        };
        if location != known {
            self.repaired(path, format!("`in: {location}` is read as `{known}`"));
            scheme.insert("in".to_owned(), Value::from(known));
        }
        if !scheme.contains_key("name") {
            self.say(
                path,
                Diagnostic::new(
                    Code::UNKNOWN_SECURITY,
                    "an API key without `name` cannot be sent",
                )
                .remedy("add the `name` of the header, query parameter or cookie"),
            );
            return false;
        }
        true
    }

    fn http(&mut self, scheme: &mut Object, path: &Path<'_>, written: &str) -> bool {
        self.scheme_type(scheme, path, written, "http");
        if !scheme.contains_key("scheme") {
            let kind = if scheme.contains_key("bearerFormat") {
                "bearer"
            } else {
                "basic"
            };
            self.repaired(path, format!("`scheme` is missing; `{kind}` is assumed"));
            scheme.insert("scheme".to_owned(), Value::from(kind));
        }
        true
    }

    fn open_id_connect(&mut self, scheme: &mut Object, path: &Path<'_>, written: &str) -> bool {
        self.scheme_type(scheme, path, written, "openIdConnect");
        self.url(scheme, path, "openIdConnectUrl");
        true
    }

    fn url(&mut self, object: &mut Object, path: &Path<'_>, key: &str) {
        self.plain(object, path, &[(key, Plain::Text)]);
        if !object.contains_key(key) {
            self.say(
                path,
                Diagnostic::new(
                    Code::ASSUMED,
                    format!("`{key}` is missing; it has to be given at run time"),
                ),
            );
            object.insert(key.to_owned(), Value::from(""));
        }
    }

    fn oauth2(&mut self, scheme: &mut Object, path: &Path<'_>, written: &str) -> bool {
        self.scheme_type(scheme, path, written, "oauth2");
        if !self.object(scheme, path, "flows") {
            self.say(
                path,
                Diagnostic::new(Code::ASSUMED, "`flows` is missing; a token has to be given"),
            );
            scheme.insert("flows".to_owned(), Map::new().into());
        }
        if let Some(Value::Object(flows)) = scheme.get_mut("flows") {
            let here = path.key("flows");
            self.rename(
                flows,
                &here,
                "deviceAuthorization",
                "x-callwright-device-authorization",
            );
            for (name, urls) in FLOWS {
                if self.object(flows, &here, name)
                    && let Some(Value::Object(flow)) = flows.get_mut(name)
                {
                    self.flow(flow, &here.key(name), urls);
                }
            }
        }
        true
    }

    fn flow(&mut self, flow: &mut Object, path: &Path<'_>, urls: &[&str]) {
        for key in urls {
            self.url(flow, path, key);
        }
        self.plain(flow, path, &[("refreshUrl", Plain::Text)]);
        if let Some(Value::Array(names)) = flow.get_mut("scopes") {
            let scopes: Object = std::mem::take(names)
                .into_iter()
                .filter_map(|name| Some((name.as_str()?.to_owned(), Value::from(""))))
                .collect();
            self.repaired(
                &path.key("scopes"),
                "`scopes` is an object; this list is taken as its keys",
            );
            flow.insert("scopes".to_owned(), scopes.into());
        }
        if !self.object(flow, path, "scopes") {
            flow.insert("scopes".to_owned(), Map::new().into());
        }
        if let Some(Value::Object(scopes)) = flow.get_mut("scopes") {
            let here = path.key("scopes");
            scopes.retain(|name, _| !crate::source::extension(name));
            for (name, description) in scopes.iter_mut() {
                if !description.is_null() && !description.is_string() {
                    let message = format!(
                        "the description of a scope is a text, but this is {}",
                        noun(description)
                    );
                    self.repaired(&here.key(name), message);
                }
                if !description.is_string() {
                    *description = Value::from("");
                }
            }
        }
    }
}

//! A page's fields and the request that its samples agree on to a document of one operation.

use serde_json::{Map, Value, json};

use super::super::contribution::{Contribution, Places};
use super::super::page::{Fence, Page};
use super::super::report::{Position, Problem};
use super::super::samples::{Agreed, Auth, Body, is_key_name};
use super::super::{api_name, origin};
use super::field::{Field, Fields};
use super::identifier::{pascal, title};
use super::response::responses;
use super::schema::{Instance, Naming, Schemas, with};
use super::{infer, names};

/// What is known of the page's operation.
pub(super) struct Parts<'p> {
    pub(super) page: &'p Page,
    pub(super) fields: &'p Fields,
    pub(super) agreed: &'p Agreed,
    pub(super) request_samples: &'p [&'p Fence],
    pub(super) response_samples: &'p [&'p Fence],
    /// The name that the user gave the API.
    pub(super) api: Option<&'p str>,
}

/// Builds the document; faults go to `problems`.
pub(super) fn build(parts: &Parts<'_>, problems: &mut Vec<Problem>) -> Contribution {
    let agreed = parts.agreed;
    let mut schemas = Schemas::new(parts.page);
    let mut operation = Map::new();
    operation.insert(
        "tags".to_owned(),
        json!([names::tag(&agreed.path, &agreed.method)]),
    );
    if let Some(title) = &parts.page.title {
        operation.insert("summary".to_owned(), json!(title));
    }
    if let Some(summary) = &parts.page.summary {
        operation.insert("description".to_owned(), json!(summary));
    }
    let auth = auth(parts);
    let parameters = parameters(parts, &auth, &mut schemas, problems);
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(body) = request_body(parts, &mut schemas, problems) {
        operation.insert("requestBody".to_owned(), body);
    }
    operation.insert(
        "responses".to_owned(),
        responses(parts, &mut schemas, problems),
    );
    let (keys, requirement) = security(&auth);
    operation.insert("security".to_owned(), requirement);
    problems.append(&mut schemas.problems);
    let document = document(parts, operation, schemas, keys);
    let site = parts.page.site.as_deref();
    Contribution {
        page: parts.page.name.clone(),
        api: api_name::derive(&document, site),
        origin: vec![origin::entry(
            None,
            site.unwrap_or(&agreed.server),
            &agreed.method,
            &agreed.path,
        )],
        places: Places::Page(Position::START),
        document,
    }
}

/// All but the operation is the same for every page of an API, so that pages merge.
fn document(
    parts: &Parts<'_>,
    operation: Map<String, Value>,
    schemas: Schemas<'_>,
    keys: Map<String, Value>,
) -> Value {
    let agreed = parts.agreed;
    let servers = json!([{"url": agreed.server}]);
    let name = parts
        .api
        .map(str::to_owned)
        .or_else(|| api_name::derive(&json!({"servers": servers}), parts.page.site.as_deref()))
        .unwrap_or_else(|| "unnamed".to_owned());
    let tag = operation["tags"][0].clone();
    let mut components = Map::new();
    if !schemas.components.is_empty() {
        components.insert(
            "schemas".to_owned(),
            Value::Object(schemas.components.into_iter().collect()),
        );
    }
    if !keys.is_empty() {
        components.insert("securitySchemes".to_owned(), Value::Object(keys));
    }
    let mut item = Map::new();
    item.insert(agreed.method.clone(), Value::Object(operation));
    let mut paths = Map::new();
    paths.insert(agreed.path.clone(), Value::Object(item));
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": format!("{} API", title(&name)),
            "version": "unversioned",
            "description": "Made from the vendor's documentation pages: the vendor publishes no OpenAPI document.",
            names::MARK: "documentation pages",
        },
        "servers": servers,
        "tags": [{"name": tag}],
        "paths": paths,
        "components": components,
    })
}

/// The samples' credentials; those of the page's header fields where the samples show none.
fn auth(parts: &Parts<'_>) -> Vec<Auth> {
    let mut found: Vec<Auth> = parts.agreed.auth.iter().cloned().collect();
    if found.is_empty() {
        let headers = parts
            .fields
            .parameters
            .iter()
            .filter(|(location, _)| *location == "header");
        for (_, field) in headers {
            let says = |word: &str| {
                let default = field
                    .default
                    .as_ref()
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let texts = [field.description.as_deref().unwrap_or_default(), default];
                texts
                    .iter()
                    .any(|text| text.to_ascii_lowercase().contains(word))
            };
            if field.name.eq_ignore_ascii_case("authorization") {
                found.push(match () {
                    () if says("bearer") => Auth::Bearer,
                    () if says("basic") => Auth::Basic,
                    () => Auth::Header(field.name.clone()),
                });
            } else if is_key_name(&field.name) {
                found.push(Auth::Header(field.name.clone()));
            }
        }
    }
    found
}

/// The security schemes and the operation's requirement.
fn security(auth: &[Auth]) -> (Map<String, Value>, Value) {
    let mut schemes = Map::new();
    let mut requirement = Map::new();
    let key_scheme = |name: &str, location: &str| {
        let usual = ["apikey", "xapikey", "authorization"]
            .contains(&pascal(name).to_ascii_lowercase().as_str());
        let scheme = if usual {
            "ApiKeyAuth".to_owned()
        } else {
            format!("{}Auth", pascal(name))
        };
        (
            scheme,
            json!({"type": "apiKey", "in": location, "name": name}),
        )
    };
    for one in auth {
        let (name, scheme) = match one {
            Auth::Bearer => (
                "BearerAuth".to_owned(),
                json!({"type": "http", "scheme": "bearer"}),
            ),
            Auth::Basic => (
                "BasicAuth".to_owned(),
                json!({"type": "http", "scheme": "basic"}),
            ),
            Auth::Header(name) => key_scheme(name, "header"),
            Auth::Query(name) => key_scheme(name, "query"),
        };
        requirement.insert(name.clone(), json!([]));
        schemes.insert(name, scheme);
    }
    let requirements = if requirement.is_empty() {
        json!([])
    } else {
        json!([requirement])
    };
    (schemes, requirements)
}

/// Whether a parameter is sent by the security scheme, or by every client by itself.
fn is_sent_anyway(location: &str, name: &str, auth: &[Auth]) -> bool {
    let of_clients = ["authorization", "content-type", "accept"];
    auth.iter().any(|one| match one {
        Auth::Header(header) => location == "header" && header.eq_ignore_ascii_case(name),
        Auth::Query(query) => location == "query" && query == name,
        Auth::Bearer | Auth::Basic => false,
    }) || (location == "header" && of_clients.contains(&name.to_ascii_lowercase().as_str()))
}

fn parameters(
    parts: &Parts<'_>,
    auth: &[Auth],
    schemas: &mut Schemas<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Value> {
    let mut found = Vec::new();
    for (location, field) in &parts.fields.parameters {
        if !is_sent_anyway(location, &field.name, auth) {
            found.push(parameter(location, field, schemas));
        }
    }
    let agreed = parts.agreed;
    let shown = agreed
        .query
        .iter()
        .map(|one| ("query", one))
        .chain(agreed.headers.iter().map(|one| ("header", one)));
    for (location, (name, value, at)) in shown {
        let is_same = |known: &str| {
            if location == "header" {
                known.eq_ignore_ascii_case(name)
            } else {
                known == name
            }
        };
        let is_known = parts
            .fields
            .parameters
            .iter()
            .any(|(place, field)| *place == location && is_same(&field.name));
        if is_known || is_sent_anyway(location, name, auth) {
            continue;
        }
        problems.push(
            Problem::warning(
                format!("a sample sends the {location} parameter `{name}`, which the page does not describe"),
                parts.page.place(*at),
            )
            .help(format!("it is taken as optional; add <ParamField {location}=\"{name}\" …> to the saved page to say more")),
        );
        found.push(json!({"name": name, "in": location, "schema": infer::of_text(value)}));
    }
    found
}

fn parameter(location: &str, field: &Field, schemas: &mut Schemas<'_>) -> Value {
    let mut parameter = Map::new();
    parameter.insert("name".to_owned(), json!(field.name));
    parameter.insert("in".to_owned(), json!(location));
    if field.required || location == "path" {
        parameter.insert("required".to_owned(), json!(true));
    }
    if let Some(description) = &field.description {
        parameter.insert("description".to_owned(), json!(description));
    }
    if field.deprecated {
        parameter.insert("deprecated".to_owned(), json!(true));
    }
    let naming = Naming {
        owner: None,
        own: &field.name,
        title: field.title.as_deref(),
        many: false,
    };
    let mut schema = schemas
        .for_requests(|schemas| schemas.value(&field.kind, &field.children, naming, None, &[]));
    if let Some(default) = &field.default {
        schema = with(schema, "default", default.clone());
    }
    parameter.insert("schema".to_owned(), schema);
    Value::Object(parameter)
}

/// What the page is called, for schemas that belong to it alone.
pub(super) fn page_name(parts: &Parts<'_>) -> String {
    let title = parts.page.title.as_deref().unwrap_or_default();
    let small = ["a", "an", "the", "all", "of", "for"];
    let kept: Vec<&str> = title
        .split(' ')
        .filter(|word| !small.contains(&word.to_ascii_lowercase().as_str()))
        .collect();
    let name = pascal(&kept.join(" "));
    if name.is_empty() {
        pascal(&format!("{} {}", parts.agreed.method, parts.agreed.path))
    } else {
        name
    }
}

fn request_body(
    parts: &Parts<'_>,
    schemas: &mut Schemas<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Value> {
    let fields = &parts.fields.body;
    let sent = &parts.agreed.body;
    if fields.is_empty() && sent.is_none() {
        return None;
    }
    let shown = match sent {
        Some(Body::Json(Some(value))) => Some(value),
        _ => None,
    };
    if fields.is_empty() {
        let at = parts
            .request_samples
            .first()
            .map_or(Position::START, |fence| fence.at);
        problems.push(
            Problem::warning("a sample sends a body, which the page does not describe", parts.page.place(at))
                .help("its fields are taken from the sample as far as it shows them; add <ParamField body=…> to the saved page to say more"),
        );
    }
    let has_file = fields.iter().any(|field| field.kind.is_file());
    let media = match sent {
        _ if has_file => "multipart/form-data",
        Some(Body::Form) => "application/x-www-form-urlencoded",
        Some(Body::Multipart) => "multipart/form-data",
        Some(Body::Other(media)) if fields.is_empty() => media,
        _ => "application/json",
    };
    let instances: Vec<Instance<'_>> = shown
        .into_iter()
        .map(|value| Instance {
            value,
            pointer: Vec::new(),
            fence: None,
        })
        .collect();
    let schema = schemas.for_requests(|schemas| {
        if fields.is_empty() && shown.is_none_or(|value| !value.is_object()) {
            return shown.map_or_else(|| json!({}), |value| infer::schema(&[value]));
        }
        let schema = schemas.members(fields, None, None, &instances);
        schemas.component(&format!("{}Request", page_name(parts)), schema)
    });
    let mut content = json!({"schema": schema});
    if let Some(value) = shown.filter(|_| media == "application/json") {
        content["example"] = value.clone();
    }
    let required = fields.iter().any(|field| field.required);
    let mut body = Map::new();
    if required {
        body.insert("required".to_owned(), json!(true));
    }
    body.insert("content".to_owned(), json!({media: content}));
    Some(Value::Object(body))
}

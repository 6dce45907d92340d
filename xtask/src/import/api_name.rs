//! What an API is called in `specs/`: its name from a document's servers, site and title; it reads no page.

use serde_json::Value;

/// Hosts where many vendors' APIs or pages live; their domain names no vendor.
const SHARED_HOSTS: [&str; 22] = [
    "amazonaws",
    "apiary",
    "appspot",
    "azure-api",
    "azurewebsites",
    "cloudfunctions",
    "example",
    "fly",
    "github",
    "gitbook",
    "githubusercontent",
    "herokuapp",
    "mintlify",
    "netlify",
    "onrender",
    "postman",
    "readme",
    "readthedocs",
    "run",
    "stoplight",
    "swaggerhub",
    "vercel",
];
/// Modules and features that the client crate has already.
const TAKEN: [&str; 9] = [
    "alloc",
    "core",
    "default",
    "full",
    "proc_macro",
    "runtime",
    "std",
    "test",
    "tracing",
];
/// The keywords of the Rust reference, strict and reserved.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Checks a name that becomes a folder, a cargo feature and a Rust module.
pub(super) fn check(name: &str) -> Result<(), String> {
    let letters = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
        && !name.ends_with(['-', '_']);
    if !letters || name.len() > 64 {
        return Err(format!(
            "`{name}` is no name for an API: a lower-case letter, then letters, digits, `-` or `_`, at most 64"
        ));
    }
    let module = module(name);
    if KEYWORDS.contains(&module.as_str()) {
        return Err(format!(
            "`{name}` is a keyword of Rust and cannot be a module"
        ));
    }
    if TAKEN.contains(&module.as_str()) {
        return Err(format!(
            "`{name}` is a module or feature of the client crate itself"
        ));
    }
    Ok(())
}

/// The Rust module of an API's name.
pub(super) fn module(name: &str) -> String {
    name.replace('-', "_")
}

/// The name that a document's servers, its site or its title suggest, in this order.
pub(super) fn derive(document: &Value, site: Option<&str>) -> Option<String> {
    let servers = document
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut hosts = servers
        .filter_map(|server| server.get("url")?.as_str())
        .chain(site)
        .filter_map(host);
    let title = || {
        document
            .pointer("/info/title")
            .and_then(Value::as_str)
            .and_then(from_title)
    };
    hosts
        .find_map(from_host)
        .or_else(title)
        .filter(|name| check(name).is_ok())
}

/// The host of an absolute URL, without user and port.
fn host(url: &str) -> Option<&str> {
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    if host.starts_with('[') {
        return None;
    }
    host.split(':').next()
}

/// The label that a vendor registered: `anam` of `api.anam.ai`, `shop` of `api.shop.co.uk`.
fn from_host(host: &str) -> Option<String> {
    let mut labels: Vec<&str> = host.split('.').collect();
    let top = labels.pop()?;
    let is_number = |label: &str| label.chars().all(|c| c.is_ascii_digit());
    if labels.is_empty()
        || is_number(top)
        || host.contains('{')
        || matches!(top, "local" | "localhost" | "internal" | "test" | "invalid")
    {
        return None;
    }
    let second_level = ["ac", "co", "com", "edu", "gov", "net", "org"];
    if top.len() == 2
        && labels.len() > 1
        && labels
            .last()
            .is_some_and(|label| second_level.contains(label))
    {
        labels.pop();
    }
    let label = labels.pop()?.to_ascii_lowercase();
    (!SHARED_HOSTS.contains(&label.as_str())).then_some(label)
}

/// `Pet Store API` is called `pet-store`.
fn from_title(title: &str) -> Option<String> {
    let words: Vec<String> = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(str::to_ascii_lowercase)
        .filter(|word| {
            !word.is_empty()
                && !matches!(
                    word.as_str(),
                    "api"
                        | "apis"
                        | "rest"
                        | "http"
                        | "openapi"
                        | "the"
                        | "public"
                        | "v1"
                        | "v2"
                        | "v3"
                )
        })
        .collect();
    (!words.is_empty()).then(|| words.join("-"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_come_from_server_site_or_title() {
        let document = |server: &str, title: &str| json!({"servers": [{"url": server}], "info": {"title": title}});
        let named =
            |server: &str, site: Option<&str>, title: &str| derive(&document(server, title), site);
        assert_eq!(
            named("https://backend.wassist.app", None, "").as_deref(),
            Some("wassist")
        );
        assert_eq!(
            named("https://api.anam.ai/v1", None, "Anam AI API").as_deref(),
            Some("anam")
        );
        assert_eq!(
            named("https://u:p@api.shop.co.uk:8443/x", None, "").as_deref(),
            Some("shop")
        );
        assert_eq!(
            named("http://localhost:80", Some("https://docs.pets.dev/"), "x").as_deref(),
            Some("pets")
        );
        assert_eq!(
            named("/v1", Some("https://pets.readme.io/"), "Pet Store API").as_deref(),
            Some("pet-store")
        );
        assert_eq!(named("http://127.0.0.1", None, "API").as_deref(), None);
    }

    #[test]
    fn a_name_is_a_folder_a_feature_and_a_module() {
        for good in ["wassist", "pet-store", "a1_b"] {
            assert_eq!(check(good), Ok(()));
        }
        for bad in [
            "", "Wassist", "../x", "a/b", "1a", "type", "runtime", "a b", "x-", "default", "é",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}

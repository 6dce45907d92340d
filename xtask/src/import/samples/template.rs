//! A sample's URL to server, path template and query; placeholders in every notation become `{name}`.

use crate::percent::decode;
use std::collections::BTreeMap;

/// A URL in its parts.
#[derive(Debug, PartialEq)]
pub(super) struct Url {
    pub(super) server: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
}

/// Splits an absolute URL; none where it names no server.
pub(super) fn split(url: &str) -> Option<Url> {
    let url = url.trim();
    let scheme_end = url.find("://")?;
    let scheme = url[..scheme_end].to_ascii_lowercase();
    let rest = &url[scheme_end + 3..];
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or(rest);
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let is_host =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_');
    if authority.is_empty() || !authority.chars().all(is_host) {
        return None;
    }
    let query = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
    Some(Url {
        server: format!("{scheme}://{}", authority.to_ascii_lowercase()),
        path: if path.is_empty() {
            "/".to_owned()
        } else {
            path.to_owned()
        },
        query: query.collect(),
    })
}

/// A name without case and separators, as samples in different languages spell it.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The path with the page's own parameter names; an error continues the words "the sample's path".
pub(super) fn unify(
    path: &str,
    parameters: &[&str],
    variables: &BTreeMap<String, String>,
) -> Result<String, String> {
    let mut used = Vec::new();
    let mut segments = Vec::new();
    for segment in path.split('/') {
        let segment = segment
            .replace("%7B", "{")
            .replace("%7D", "}")
            .replace("%7b", "{")
            .replace("%7d", "}");
        let Some((before, name, after)) = placeholder(&segment) else {
            match spoken(&segment, parameters) {
                Some(name) => {
                    used.push(name);
                    segments.push(format!("{{{name}}}"));
                }
                None => segments.push(segment),
            }
            continue;
        };
        if let Some(name) = named(name, parameters) {
            used.push(name);
            segments.push(format!("{before}{{{name}}}{after}"));
        } else if let Some(value) = variables.get(name).filter(|value| is_fixed(value)) {
            segments.push(format!("{before}{value}{after}"));
        } else {
            return Err(format!(
                "names {{{name}}}, the page's path parameters do not"
            ));
        }
    }
    match parameters.iter().find(|name| !used.contains(name)) {
        Some(missing) => Err(format!(
            "has no place for the page's path parameter {{{missing}}}"
        )),
        None => Ok(segments.join("/")),
    }
}

/// The parts of a segment around its placeholder: `{x}`, `{{x}}`, `${x}`, `$x`, `<x>`, `:x`, `[x]`.
fn placeholder(segment: &str) -> Option<(&str, &str, &str)> {
    for (open, close) in [
        ("{{", "}}"),
        ("${", "}"),
        ("{", "}"),
        ("<", ">"),
        ("[", "]"),
    ] {
        if let Some(start) = segment.find(open)
            && let Some(length) = segment[start + open.len()..].find(close)
        {
            let name = &segment[start + open.len()..start + open.len() + length];
            let after = &segment[start + open.len() + length + close.len()..];
            return Some((&segment[..start], name.trim(), after));
        }
    }
    let name = segment.strip_prefix([':', '$'])?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    is_name.then_some(("", name, ""))
}

/// The page's parameter that a placeholder means: of the same name, or the only one whose name ends it.
fn named<'p>(name: &str, parameters: &[&'p str]) -> Option<&'p str> {
    let wanted = plain(name);
    if let Some(same) = parameters
        .iter()
        .find(|parameter| plain(parameter) == wanted)
    {
        return Some(same);
    }
    let mut ending = parameters.iter().filter(|parameter| {
        let parameter = plain(parameter);
        !parameter.is_empty() && wanted.ends_with(&parameter)
    });
    ending.next().filter(|_| ending.next().is_none()).copied()
}

/// A segment such as `YOUR_PET_ID` speaks of a parameter.
fn spoken<'p>(segment: &str, parameters: &[&'p str]) -> Option<&'p str> {
    let is_loud = segment.chars().any(|c| c.is_ascii_uppercase())
        && !segment.chars().any(|c| c.is_ascii_lowercase());
    let plain_segment = plain(segment);
    let wanted = plain_segment.strip_prefix("your");
    if !is_loud && wanted.is_none() {
        return None;
    }
    let wanted = wanted.unwrap_or(&plain_segment);
    parameters
        .iter()
        .find(|parameter| plain(parameter) == wanted)
        .copied()
}

/// Whether a variable's text is meant as it is, and not to be replaced by the reader.
fn is_fixed(value: &str) -> bool {
    !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '/'))
        && !plain(value).starts_with("your")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_urls() {
        let url = split("https://u:p@API.x.dev:8443/a/b?c=d%20e&f=#g").unwrap();
        assert_eq!(url.server, "https://api.x.dev:8443");
        assert_eq!(url.path, "/a/b");
        assert_eq!(
            url.query,
            [
                ("c".to_owned(), "d e".to_owned()),
                ("f".to_owned(), String::new())
            ]
        );
        assert_eq!(split("https://x.dev").unwrap().path, "/");
        for bad in [
            "x.dev/a",
            "{base}/a",
            "https://{host}/a",
            "ftp://x.dev",
            "https://",
        ] {
            assert_eq!(split(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_notation_is_one_template() {
        let variables = BTreeMap::from([("version".to_owned(), "v1".to_owned())]);
        for path in [
            "/v1/pets/{petId}.json",
            "/v1/pets/<pet_id>.json",
            "/v1/pets/${pet-id}.json",
            "/v1/pets/{{PET_ID}}.json",
            "/{version}/pets/%7BpetId%7D.json",
            "/v1/pets/<the-pet-id>.json",
        ] {
            assert_eq!(
                unify(path, &["petId"], &variables).unwrap(),
                "/v1/pets/{petId}.json",
                "{path}"
            );
        }
        for path in [
            "/pets/:petId",
            "/pets/$PET_ID",
            "/pets/YOUR_PET_ID",
            "/pets/PET_ID",
        ] {
            assert_eq!(
                unify(path, &["petId"], &variables).unwrap(),
                "/pets/{petId}",
                "{path}"
            );
        }
        assert!(unify("/pets/{other}", &["petId"], &variables).is_err());
        assert!(unify("/pets/123", &["petId"], &variables).is_err());
    }
}

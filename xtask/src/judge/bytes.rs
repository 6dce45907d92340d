//! Requests byte for byte: what was sent for an order, compared with what the document asks for. The other judges decode
//! what they receive and so take much that is not right. It must not know the runtime of the clients.

use std::fmt::Write as _;

use callwright_codegen::ir::{
    Api, ApiKeyLocation, BodyKind, Location, Operation, Parameter, SchemeKind, Shape,
};
use serde_json::Value;

use super::expected::{Row, text};
use super::recorder::Request;

mod multipart;

/// What is wrong with a request that was sent for an order; nothing where it is right.
pub(super) fn wrong(
    api: &Api,
    operation: &Operation,
    order: &Value,
    request: &Request,
) -> Option<String> {
    let sent = Sent {
        api,
        operation,
        order,
        request,
    };
    let faults = [
        sent.method(),
        sent.path(),
        sent.query(),
        sent.headers(),
        sent.cookies(),
        sent.body(),
    ];
    faults.into_iter().flatten().next()
}

struct Sent<'a> {
    api: &'a Api,
    operation: &'a Operation,
    order: &'a Value,
    request: &'a Request,
}

impl<'a> Sent<'a> {
    fn argument(&self, location: &str, name: &str) -> Option<&'a Value> {
        self.order
            .get("arguments")?
            .get(format!("{location}.{name}"))
    }

    fn parameters(&self, location: Location) -> impl Iterator<Item = &'a Parameter> {
        let parameters = self.operation.parameters.iter();
        parameters.filter(move |parameter| parameter.location == location)
    }

    /// The names that credentials have in a place.
    fn credentials(&self, wanted: ApiKeyLocation) -> Vec<String> {
        let names = self
            .api
            .schemes
            .iter()
            .filter_map(|scheme| match &scheme.kind {
                SchemeKind::ApiKey { location, name } if *location == wanted => Some(name.clone()),
                _ => None,
            });
        names.collect()
    }

    fn method(&self) -> Option<String> {
        let (found, wanted) = (&self.request.method, &self.operation.method);
        (found != wanted).then(|| format!("it is a {found}, not a {wanted}"))
    }

    fn path(&self) -> Option<String> {
        let template = self.operation.path.split(['?', '#']).next()?;
        let mut wanted = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            let parameter = self.parameters(Location::Path).find(|it| it.wire == name)?;
            let value = self.argument("path", name)?;
            wanted.push_str(&literal(before));
            wanted.push_str(&Row::of(parameter).in_path(name, value));
            rest = after;
        }
        wanted.push_str(&literal(rest));
        let found = self.request.target.split('?').next()?;
        let moved = !self.operation.servers.is_empty() && found.ends_with(&wanted);
        (found != wanted && !moved).then(|| format!("the path is `{found}`, not `{wanted}`"))
    }

    fn query(&self) -> Option<String> {
        if self.parameters(Location::QueryString).next().is_some() {
            return None;
        }
        let given: Vec<(String, String)> = self
            .parameters(Location::Query)
            .filter_map(|parameter| {
                let value = self.argument("query", &parameter.wire)?;
                Some(Row::of(parameter).pairs(&parameter.wire, value))
            })
            .flatten()
            .collect();
        let literal = self
            .operation
            .path
            .split_once('?')
            .map_or("", |(_, query)| query);
        let literal = literal.split('#').next().unwrap_or_default();
        let mut wanted: Vec<(String, String)> = pairs(literal)
            .filter(|(name, _)| !given.iter().any(|(other, _)| other == name))
            .collect();
        wanted.extend(given);
        let credentials = self.credentials(ApiKeyLocation::Query);
        let query = self
            .request
            .target
            .split_once('?')
            .map_or("", |(_, query)| query);
        let found: Vec<(String, String)> = pairs(query)
            .filter(|pair| wanted.contains(pair) || !credentials.contains(&pair.0))
            .collect();
        (found != wanted).then(|| format!("the query is `{query}`, not {wanted:?}"))
    }

    fn headers(&self) -> Option<String> {
        let credentials = self.credentials(ApiKeyLocation::Header);
        self.parameters(Location::Header).find_map(|parameter| {
            let name = parameter.wire.to_ascii_lowercase();
            if credentials
                .iter()
                .any(|other| other.eq_ignore_ascii_case(&name))
            {
                return None;
            }
            let value = self.argument("header", &parameter.wire);
            let wanted: Vec<String> = value
                .and_then(|value| Row::of(parameter).in_header(value))
                .map(|text| text.trim().to_owned())
                .into_iter()
                .collect();
            let found = self.request.all(&name);
            (found != wanted).then(|| format!("the header `{name}` is {found:?}, not {wanted:?}"))
        })
    }

    fn cookies(&self) -> Option<String> {
        let wanted: Vec<String> = self
            .parameters(Location::Cookie)
            .filter_map(|parameter| {
                let value = self.argument("cookie", &parameter.wire)?;
                Some(Row::of(parameter).pairs(&parameter.wire, value))
            })
            .flatten()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let credentials = self.credentials(ApiKeyLocation::Cookie);
        let is_credential = |pair: &String| {
            let name = pair.split('=').next().unwrap_or_default();
            credentials.iter().any(|known| known == name)
        };
        let headers = self.request.all("cookie");
        let found: Vec<String> = headers
            .iter()
            .flat_map(|header| header.split("; "))
            .map(str::to_owned)
            .filter(|pair| wanted.contains(pair) || !is_credential(pair))
            .collect();
        (found != wanted || headers.len() > 1)
            .then(|| format!("the cookies are {headers:?}, not {wanted:?}"))
    }

    fn body(&self) -> Option<String> {
        let types = self.request.all("content-type");
        let Some(media) = self.order.get("media").and_then(Value::as_str) else {
            let empty = types.is_empty() && self.request.body.is_empty();
            return (!empty).then(|| "there is a body, where none was given".to_owned());
        };
        let offered = &self.operation.body.as_ref()?.media;
        let offered = offered.iter().find(|offered| offered.media == media)?;
        let [found] = types.as_slice() else {
            return Some(format!("there are {} media types", types.len()));
        };
        let multipart = matches!(offered.kind, BodyKind::Multipart(..));
        let bounded = found.split_once("; boundary=").map(|(essence, _)| essence);
        if !(found == media || multipart && bounded == Some(media)) {
            return Some(format!("the media type is `{found}`, not `{media}`"));
        }
        let given = self.order.pointer("/arguments/body");
        let body = &self.request.body;
        match &offered.kind {
            BodyKind::Json(_) => {
                let found: Value = serde_json::from_slice(body).unwrap_or_default();
                let same = given.is_some_and(|given| same(given, &found));
                (!same).then(|| format!("the body is `{}`", String::from_utf8_lossy(body)))
            }
            BodyKind::Form(_, encodings) => {
                let members = given.and_then(Value::as_object);
                let wanted: Vec<(String, String)> = members
                    .into_iter()
                    .flatten()
                    .flat_map(|(name, value)| {
                        let encoding = encodings.iter().find(|encoding| encoding.wire == *name);
                        let value = match (encoding, value) {
                            // Without an Encoding Object, an object is JSON (OAS 3.0.4, section 4.7.15.1).
                            (None, Value::Object(_)) => &Value::String(value.to_string()),
                            (_, value) => value,
                        };
                        Row::of_form(encoding).pairs(name, value)
                    })
                    .collect();
                let body = String::from_utf8_lossy(body);
                let mut found: Vec<(String, String)> = pairs(&body).collect();
                let mut sorted = wanted.clone();
                // Members have no order.
                found.sort();
                sorted.sort();
                (found != sorted).then(|| format!("the form is `{body}`, not {wanted:?}"))
            }
            BodyKind::Multipart(ty, parts) => {
                let target = self.api.types.unalias(*ty);
                let named = matches!(self.api.types[target.id].shape, Shape::Object(_));
                multipart::wrong(self.order, body, found, named.then_some(parts.as_slice()))
            }
            BodyKind::Lines(_) => {
                let text = String::from_utf8_lossy(body);
                let records = text
                    .split('\n')
                    .map(|record| record.trim_start_matches('\u{1e}'));
                let records = records.filter(|record| !record.is_empty());
                let found: Result<Vec<Value>, _> = records.map(serde_json::from_str).collect();
                let right = found.is_ok_and(|found| {
                    given.is_some_and(|given| same(given, &Value::Array(found)))
                });
                (!right).then(|| format!("the lines are `{text}`"))
            }
            BodyKind::Text | BodyKind::Bytes => {
                let wanted = given.map(|given| given.get("text").unwrap_or(given));
                let same = wanted.is_some_and(|wanted| text(wanted).as_bytes() == body.as_slice());
                (!same).then(|| format!("the body is `{}`", String::from_utf8_lossy(body)))
            }
            BodyKind::Xml(_) => body.is_empty().then(|| "the body is empty".to_owned()),
        }
    }
}

/// The pairs of a query or form.
fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.to_owned(), value.to_owned())
    })
}

/// Text of a template on the wire: what a URL cannot hold is encoded.
fn literal(template: &str) -> String {
    let mut out = String::new();
    for byte in template.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Equality of JSON; numbers by value, and a member that is null may be left out.
fn same(given: &Value, found: &Value) -> bool {
    match (given, found) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let known =
                |(name, found): (&String, &Value)| a.get(name).is_some_and(|a| same(a, found));
            b.iter().all(known)
                && a.iter()
                    .all(|(name, value)| value.is_null() || b.contains_key(name))
        }
        _ => given == found,
    }
}

#[cfg(test)]
mod tests;

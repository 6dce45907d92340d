//! Whether a request carries the credentials its operation asks for. Never repeats a credential.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{
    document::{Document, member, members},
    problem::Problem,
    request::{Pair, Request, decode_form},
};

/// The value that is always refused when any other is accepted.
const INVALID: &str = "invalid";

/// The credential that is accepted; without one, any value but `invalid`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accepted(pub(crate) Option<String>);

impl Accepted {
    fn accepts(&self, given: &str) -> bool {
        match &self.0 {
            Some(only) => given == only,
            None => !given.is_empty() && given != INVALID,
        }
    }

    /// A token that is accepted; what a token endpoint hands out.
    pub(crate) fn token(&self) -> &str {
        self.0.as_deref().unwrap_or("mock-access-token")
    }
}

/// What one scheme says of a request.
enum Verdict {
    Satisfied,
    /// What is missing, or that what came is not accepted.
    Refused(String),
}

/// Refuses with 401 unless all schemes of one alternative are satisfied (`security` is an OR of ANDs).
pub(crate) fn check(
    document: Document,
    accepted: &Accepted,
    security: &'static [Value],
    request: &Request,
) -> Result<(), Problem> {
    let mut refusals = Vec::new();
    let mut challenges = Vec::new();
    for alternative in security {
        let mut missing = Vec::new();
        for (name, _) in members(alternative) {
            let schemes = member(member(document.root(), "components"), "securitySchemes");
            let scheme = document.resolve(member(schemes, name));
            if let Verdict::Refused(reason) = judge(accepted, scheme, request) {
                missing.push(reason);
                challenges.extend(challenge(scheme));
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        refusals.push(missing.join(" and "));
    }
    if refusals.is_empty() {
        return Ok(());
    }
    let mut problem = Problem::new(401, refusals.join("; or "));
    challenges.dedup();
    if !challenges.is_empty() {
        problem = problem.header("www-authenticate", challenges.join(", "));
    }
    Err(problem)
}

fn judge(accepted: &Accepted, scheme: &'static Value, request: &Request) -> Verdict {
    let word = |name: &str| member(scheme, name).as_str().unwrap_or_default();
    match word("type") {
        // As 3.1 is lowered: nothing in a plain HTTP request shows a client certificate.
        _ if word("x-callwright-type") == "mutualTLS" => Verdict::Satisfied,
        "apiKey" => api_key(accepted, word("in"), word("name"), request),
        "http" => authorization(accepted, word("scheme"), request),
        "oauth2" | "openIdConnect" => authorization(accepted, "bearer", request),
        // mutualTLS, and schemes that are not declared: nothing in a plain HTTP request shows them.
        _ => Verdict::Satisfied,
    }
}

fn api_key(accepted: &Accepted, place: &str, name: &str, request: &Request) -> Verdict {
    let among = |pairs: Vec<Pair>| {
        pairs
            .into_iter()
            .find(|pair| pair.name == name)
            .map(|pair| decode_form(&pair.raw))
    };
    let given = match place {
        "query" => among(request.query_pairs()),
        "cookie" => among(request.cookies()),
        _ => request.header(name),
    };
    match given {
        Some(given) if accepted.accepts(&given) => Verdict::Satisfied,
        Some(_) => Verdict::Refused(format!("the API key in {place} `{name}` is not accepted")),
        None => Verdict::Refused(format!("an API key is expected in {place} `{name}`")),
    }
}

fn authorization(accepted: &Accepted, scheme: &str, request: &Request) -> Verdict {
    let expected = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => "Authorization: Bearer <token>".to_owned(),
        "basic" => "Authorization: Basic <base64 of user:password>".to_owned(),
        _ => format!("Authorization: {scheme} …"),
    };
    let Some(header) = request.header("authorization") else {
        return Verdict::Refused(format!("the header `{expected}` is expected"));
    };
    let (given_scheme, given) = header.split_once(' ').unwrap_or((&header, ""));
    if !given_scheme.eq_ignore_ascii_case(scheme) {
        return Verdict::Refused(format!(
            "the header `{expected}` is expected, it has another scheme"
        ));
    }
    let is_accepted = match scheme.to_ascii_lowercase().as_str() {
        "basic" => match basic(given.trim()) {
            Some((user, password)) if password.is_empty() => accepted.accepts(&user),
            Some((_, password)) => accepted.accepts(&password),
            None => {
                return Verdict::Refused(format!(
                    "the header `{expected}` is expected, it is not base64 of `user:password`"
                ));
            }
        },
        _ => accepted.accepts(given.trim()),
    };
    if is_accepted {
        return Verdict::Satisfied;
    }
    let reason = format!("the credential in `Authorization: {scheme} …` is not accepted");
    Verdict::Refused(reason)
}

fn basic(encoded: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

fn challenge(scheme: &'static Value) -> Option<String> {
    match (
        member(scheme, "type").as_str()?,
        member(scheme, "scheme").as_str(),
    ) {
        ("http", Some(name)) if name.eq_ignore_ascii_case("basic") => {
            Some("Basic realm=\"mock\"".to_owned())
        }
        ("http", Some(name)) if name.eq_ignore_ascii_case("bearer") => Some("Bearer".to_owned()),
        ("http", Some(name)) => Some(name.to_owned()),
        ("oauth2" | "openIdConnect", _) => Some("Bearer".to_owned()),
        _ => None,
    }
}

/// The query parameters that carry API keys, for which no parameter is declared.
pub(crate) fn query_names(document: Document) -> impl Iterator<Item = &'static str> {
    schemes(document)
        .filter(|scheme| member(scheme, "in") == "query")
        .filter_map(|scheme| member(scheme, "name").as_str())
}

/// The token endpoints of client credentials flows, as written in the document.
pub(crate) fn token_urls(document: Document) -> impl Iterator<Item = &'static str> {
    schemes(document).filter_map(|scheme| {
        let flow = member(member(scheme, "flows"), "clientCredentials");
        member(flow, "tokenUrl").as_str()
    })
}

fn schemes(document: Document) -> impl Iterator<Item = &'static Value> {
    let schemes = member(member(document.root(), "components"), "securitySchemes");
    members(schemes).map(move |(_, scheme)| document.resolve(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::elements;
    use hyper::{HeaderMap, Method, header::HeaderName};
    use serde_json::json;

    fn outcome(
        security: &Value,
        token: Option<&str>,
        query: &str,
        headers: &[(&str, &str)],
    ) -> bool {
        let document = Document::new(json!({
            "security": security,
            "components": { "securitySchemes": {
                "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
                "query": { "type": "apiKey", "in": "query", "name": "key" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "sid" },
                "basic": { "type": "http", "scheme": "basic" },
                "bearer": { "type": "http", "scheme": "Bearer" },
                "oauth": { "type": "oauth2", "flows": {} },
            } }
        }));
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    value.parse().unwrap(),
                )
            })
            .collect();
        let request = Request {
            method: Method::GET,
            path: "/".to_owned(),
            query: query.to_owned(),
            headers,
            body: "".into(),
        };
        let security = elements(member(document.root(), "security"));
        check(
            document,
            &Accepted(token.map(str::to_owned)),
            security,
            &request,
        )
        .is_ok()
    }

    #[test]
    fn each_scheme_is_found_in_its_place() {
        let basic = format!("Basic {}", BASE64_STANDARD.encode("me:secret"));
        for (scheme, query, headers) in [
            ("key", "", vec![("x-key", "k")]),
            ("query", "key=k", vec![]),
            ("cookie", "", vec![("cookie", "a=b; sid=k")]),
            ("basic", "", vec![("authorization", basic.as_str())]),
            ("bearer", "", vec![("authorization", "bearer k")]),
            ("oauth", "", vec![("authorization", "Bearer k")]),
        ] {
            assert!(
                outcome(&json!([{ scheme: [] }]), None, query, &headers),
                "{scheme} is accepted"
            );
            assert!(
                !outcome(&json!([{ scheme: [] }]), None, "", &[]),
                "{scheme} is missed"
            );
            assert!(
                !outcome(&json!([{ scheme: [] }]), Some("other"), query, &headers),
                "{scheme} is compared"
            );
        }
        assert!(!outcome(
            &json!([{ "basic": [] }]),
            None,
            "",
            &[("authorization", "Bearer k")]
        ));
        assert!(!outcome(
            &json!([{ "bearer": [] }]),
            None,
            "",
            &[("authorization", "Bearer invalid")]
        ));
    }

    #[test]
    fn alternatives_are_an_or_of_ands() {
        let both = &json!([{ "key": [], "bearer": [] }, { "query": [] }]);
        assert!(outcome(both, None, "key=k", &[]));
        assert!(!outcome(both, None, "", &[("x-key", "k")]));
        assert!(outcome(
            both,
            None,
            "",
            &[("x-key", "k"), ("authorization", "Bearer k")]
        ));
        assert!(outcome(&json!([{ "key": [] }, {}]), None, "", &[]));
        assert!(outcome(&json!([]), None, "", &[]));
    }
}

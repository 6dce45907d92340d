//! A Python sample with requests or httpx to the request it sends.

use super::super::report::Position;
use super::code::{Call, Dialect, Expr, Program, read};
use super::{Body, Request, Unreadable};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// The requests that a sample's calls make.
pub(super) fn requests(text: &str) -> Result<Vec<Request>, Unreadable> {
    let program = read(text, Dialect::Python).map_err(|at| Unreadable {
        message: "a text is never closed on its line".to_owned(),
        at,
    })?;
    let found: Vec<_> = program
        .calls
        .iter()
        .filter_map(|call| request(&program, call))
        .collect::<Result<_, _>>()?;
    if found.is_empty() {
        return Err(Unreadable {
            message: "it calls neither requests nor httpx".to_owned(),
            at: Position::START,
        });
    }
    Ok(found)
}

/// What a call sends; none where it is no request.
fn request(program: &Program, call: &Call) -> Option<Result<Request, Unreadable>> {
    let (owner, function) = call.name.rsplit_once('.')?;
    if !is_library(program, owner) {
        return None;
    }
    let args = call.args.as_slice();
    let (method, url, rest) = match function {
        "request" => {
            let (method, args) = argument(call, "method", args);
            let (url, rest) = argument(call, "url", args);
            (method.and_then(|method| program.text(method)), url, rest)
        }
        method if METHODS.contains(&method) => {
            let (url, rest) = argument(call, "url", args);
            (Some(method.to_owned()), url, rest)
        }
        _ => return None,
    };
    let url = url.and_then(|url| program.text(url));
    let (Some(method), Some(url)) = (method, url) else {
        return Some(Err(Unreadable {
            message: format!("{}(…) gets no method or URL that can be read", call.name),
            at: call.at,
        }));
    };
    let named = |name: &str| {
        call.named
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    };
    let pairs = |value: Option<&Expr>| value.map(|value| program.pairs(value)).unwrap_or_default();
    let mut headers = session_headers(program, owner);
    headers.extend(pairs(named("headers")));
    // The second argument of requests.get is params, of others data.
    let (params, data) = match (rest.first(), method.as_str()) {
        (first @ Some(_), "get") => (first, None),
        (first, _) => (None, first),
    };
    let query = pairs(named("params").or(params));
    Some(Ok(Request {
        at: call.at,
        body: body(
            program,
            named("json"),
            named("data").or(named("content")).or(data),
            named("files"),
        ),
        basic: named("auth").is_some_and(|auth| is_basic(program, auth)),
        method,
        url,
        headers,
        query,
        variables: program.texts(),
    }))
}

/// An argument by its name, or else the first of the others.
fn argument<'c>(call: &'c Call, name: &str, args: &'c [Expr]) -> (Option<&'c Expr>, &'c [Expr]) {
    if let Some((_, value)) = call.named.iter().find(|(known, _)| known == name) {
        return (Some(value), args);
    }
    match args.split_first() {
        Some((first, rest)) => (Some(first), rest),
        None => (None, args),
    }
}

/// The library itself, or a session made by it.
fn is_library(program: &Program, owner: &str) -> bool {
    matches!(owner, "requests" | "httpx") || session(program, owner).is_some()
}

fn session<'p>(program: &'p Program, owner: &str) -> Option<&'p [(String, Expr)]> {
    match program.variables.get(owner)? {
        Expr::Call { name, named, .. }
            if matches!(
                name.as_str(),
                "requests.Session" | "requests.session" | "httpx.Client" | "httpx.AsyncClient"
            ) =>
        {
            Some(named)
        }
        _ => None,
    }
}

fn session_headers(program: &Program, owner: &str) -> Vec<(String, String)> {
    let given = session(program, owner)
        .into_iter()
        .flatten()
        .find(|(name, _)| name == "headers");
    let updated = program
        .calls
        .iter()
        .filter(|call| {
            session(program, owner).is_some() && call.name == format!("{owner}.headers.update")
        })
        .filter_map(|call| call.args.first());
    given
        .map(|(_, value)| value)
        .into_iter()
        .chain(updated)
        .flat_map(|value| program.pairs(value))
        .collect()
}

fn is_basic(program: &Program, auth: &Expr) -> bool {
    match program.value(auth) {
        Expr::List(_) => true,
        Expr::Call { name, .. } => name.ends_with("BasicAuth"),
        _ => false,
    }
}

fn body(
    program: &Program,
    json: Option<&Expr>,
    data: Option<&Expr>,
    files: Option<&Expr>,
) -> Option<Body> {
    if files.is_some() {
        return Some(Body::Multipart);
    }
    if let Some(json) = json {
        return Some(Body::Json(program.json(json)));
    }
    Some(match program.value(data?) {
        Expr::Call { name, args, .. } if name == "json.dumps" => {
            Body::Json(args.first().and_then(|value| program.json(value)))
        }
        Expr::Text(_) => {
            let text = program.text(data?)?;
            match serde_json::from_str(&text) {
                Ok(value) => Body::Json(Some(value)),
                Err(_) => Body::Other("text/plain".to_owned()),
            }
        }
        Expr::Null => return None,
        _ => Body::Form,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(text: &str) -> Request {
        let mut found = requests(text).unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn reads_calls_in_every_form() {
        let request = one(
            "s = requests.Session()\ns.headers.update({'X-Api-Key': k})\nr = s.request('PUT', url='https://x.dev/a', data=json.dumps({'a': None}))",
        );
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("PUT", "https://x.dev/a")
        );
        assert_eq!(
            request.headers,
            [("X-Api-Key".to_owned(), "{k}".to_owned())]
        );
        assert_eq!(request.body, Some(Body::Json(Some(json!({"a": null})))));
        let request = one(
            "p = {'n': 1}\nhttpx.get('https://x.dev/a', params=p, auth=HTTPBasicAuth('u', 'p'))",
        );
        assert_eq!(
            (request.query, request.basic),
            (vec![("n".to_owned(), "1".to_owned())], true)
        );
        assert_eq!(
            one("requests.post('https://x.dev', files={'f': open('a')})").body,
            Some(Body::Multipart)
        );
        assert_eq!(
            one("requests.post('https://x.dev', {'f': 1})").body,
            Some(Body::Form)
        );
    }

    #[test]
    fn says_what_it_cannot_read() {
        assert!(
            requests("import http.client")
                .unwrap_err()
                .message
                .contains("neither")
        );
        let fault = requests("\nrequests.get(build(1, 2))").unwrap_err();
        assert_eq!(fault.at, Position::new(2, 1));
    }
}

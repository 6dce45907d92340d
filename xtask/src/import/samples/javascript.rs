//! A JavaScript or TypeScript sample with fetch or axios to the request it sends.

use super::super::report::Position;
use super::code::{Call, Dialect, Expr, Program, read};
use super::{Body, Request, Unreadable};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];
const WITH_BODY: [&str; 3] = ["post", "put", "patch"];

/// The requests that a sample's calls make.
pub(super) fn requests(text: &str) -> Result<Vec<Request>, Unreadable> {
    let program = read(text, Dialect::JavaScript).map_err(|at| Unreadable {
        message: "a text is never closed".to_owned(),
        at,
    })?;
    let found: Vec<_> = program
        .calls
        .iter()
        .filter_map(|call| request(&program, call))
        .collect::<Result<_, _>>()?;
    if found.is_empty() {
        return Err(Unreadable {
            message: "it calls neither fetch nor axios".to_owned(),
            at: Position::START,
        });
    }
    Ok(found)
}

/// The parts of a call before they are understood.
#[derive(Default)]
struct Parts<'p> {
    method: Option<String>,
    url: Option<&'p Expr>,
    body: Option<&'p Expr>,
    config: Option<&'p Expr>,
    /// What an axios instance was made with.
    defaults: Option<&'p Expr>,
}

/// What a call sends; none where it is no request.
fn request(program: &Program, call: &Call) -> Option<Result<Request, Unreadable>> {
    let parts = parts(program, call)?;
    let from_config = |key: &str| {
        let config = parts.config.and_then(|config| program.entry(config, key));
        config.or_else(|| program.entry(parts.defaults?, key))
    };
    let url = parts
        .url
        .or_else(|| from_config("url"))
        .and_then(|url| program.text(url));
    let Some(mut url) = url else {
        return Some(Err(Unreadable {
            message: format!("{}(…) gets no URL that can be read", call.name),
            at: call.at,
        }));
    };
    if let Some(base) = from_config("baseURL").and_then(|base| program.text(base))
        && !url.contains("://")
    {
        url = format!(
            "{}/{}",
            base.trim_end_matches('/'),
            url.trim_start_matches('/')
        );
    }
    let method = parts
        .method
        .or_else(|| from_config("method").and_then(|method| program.text(method)))
        .unwrap_or_else(|| "get".to_owned());
    let mut headers = Vec::new();
    for config in [parts.defaults, parts.config].into_iter().flatten() {
        headers.extend(
            program
                .entry(config, "headers")
                .map(|value| pairs(program, value))
                .unwrap_or_default(),
        );
    }
    let body = parts
        .body
        .or_else(|| from_config("body"))
        .or_else(|| from_config("data"));
    Some(Ok(Request {
        at: call.at,
        method,
        url,
        headers,
        query: from_config("params")
            .map(|value| pairs(program, value))
            .unwrap_or_default(),
        body: body.and_then(|body| self::body(program, body)),
        basic: from_config("auth").is_some(),
        variables: program.texts(),
    }))
}

fn parts<'p>(program: &'p Program, call: &'p Call) -> Option<Parts<'p>> {
    let (first, second, third) = (call.args.first(), call.args.get(1), call.args.get(2));
    if matches!(call.name.as_str(), "fetch" | "window.fetch") {
        return Some(Parts {
            url: first,
            config: second,
            ..Parts::default()
        });
    }
    let (owner, function) = call.name.split_once('.').unwrap_or((&call.name, ""));
    let defaults = match program.variables.get(owner) {
        Some(Expr::Call { name, args, .. }) if name == "axios.create" => args.first(),
        _ if owner == "axios" => None,
        _ => return None,
    };
    let parts = Parts {
        defaults,
        ..Parts::default()
    };
    match function {
        "" | "request" => match first.map(|first| program.value(first)) {
            Some(Expr::Dict(_)) => Some(Parts {
                config: first,
                ..parts
            }),
            _ => Some(Parts {
                url: first,
                config: second,
                ..parts
            }),
        },
        method if METHODS.contains(&method) => {
            let (body, config) = if WITH_BODY.contains(&method) {
                (second, third)
            } else {
                (None, second)
            };
            Some(Parts {
                method: Some(method.to_owned()),
                url: first,
                body,
                config,
                ..parts
            })
        }
        _ => None,
    }
}

/// Entries, also where a `Headers` or `URLSearchParams` object wraps them.
fn pairs(program: &Program, value: &Expr) -> Vec<(String, String)> {
    match program.value(value) {
        Expr::Call { name, args, .. } if matches!(name.as_str(), "Headers" | "URLSearchParams") => {
            args.first()
                .map(|inner| program.pairs(inner))
                .unwrap_or_default()
        }
        other => program.pairs(other),
    }
}

fn body(program: &Program, value: &Expr) -> Option<Body> {
    Some(match program.value(value) {
        Expr::Call { name, args, .. } if name == "JSON.stringify" => {
            Body::Json(args.first().and_then(|value| program.json(value)))
        }
        Expr::Call { name, .. } if name == "URLSearchParams" => Body::Form,
        Expr::Call { name, .. } if name == "FormData" => Body::Multipart,
        Expr::Null => return None,
        Expr::Dict(entries) if entries.is_empty() => return None,
        other @ (Expr::Dict(_) | Expr::List(_)) => Body::Json(program.json(other)),
        Expr::Text(_) => {
            let text = program.text(value)?;
            match serde_json::from_str(&text) {
                Ok(value) => Body::Json(Some(value)),
                Err(_) => Body::Other("text/plain".to_owned()),
            }
        }
        _ => Body::Json(None),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(text: &str) -> Request {
        let mut found = requests(text).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    #[test]
    fn reads_calls_in_every_form() {
        let request = one(
            "axios.request({ method: 'PATCH', url: `https://x.dev/a/${id}`, headers: {Authorization: `Bearer ${t}`}, data: {a: [1]} })",
        );
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("PATCH", "https://x.dev/a/{id}")
        );
        assert_eq!(
            request.headers,
            [("Authorization".to_owned(), "Bearer {t}".to_owned())]
        );
        assert_eq!(request.body, Some(Body::Json(Some(json!({"a": [1]})))));
        let request = one(
            "const api = axios.create({ baseURL: 'https://x.dev/v1/', headers: {'X-Key': k} });\nawait api\n  .delete('/a/' + id, { params: { n: 1 } })\n  .then((r) => { console.log(r.data); });",
        );
        assert_eq!(
            (request.method.as_str(), request.url.as_str()),
            ("delete", "https://x.dev/v1/a/{id}")
        );
        assert_eq!(
            (request.headers.len(), request.query.len(), request.body),
            (1, 1, None)
        );
        let request = one(
            "const options = {method: 'POST', body: new URLSearchParams({a: 'b'})};\nfetch('https://x.dev/a', options).then(r => r.json());",
        );
        assert_eq!(
            (request.method.as_str(), request.body),
            ("POST", Some(Body::Form))
        );
        let request =
            one("axios.post('https://x.dev/a', payload, { auth: { username, password } })");
        assert_eq!(
            (request.basic, request.body),
            (true, Some(Body::Json(None)))
        );
    }

    #[test]
    fn says_what_it_cannot_read() {
        assert!(
            requests("new XMLHttpRequest()")
                .unwrap_err()
                .message
                .contains("neither")
        );
        assert_eq!(
            requests("\n fetch(1 ? 2 : 3)").unwrap_err().at,
            Position::new(2, 2)
        );
    }
}

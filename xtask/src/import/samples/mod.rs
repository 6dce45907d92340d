//! Request samples in curl, Python and JavaScript to the one request they show; it knows no tags and writes no schema.

mod code;
mod curl;
mod evaluate;
mod javascript;
mod python;
mod shell;
mod template;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::page::{Fence, Page};
use super::report::{Position, Problem, short};

/// In bytes; larger blocks are no samples.
const LARGEST_SAMPLE: usize = 64 * 1024;

/// A request as one sample shows it; positions are inside the sample's block.
#[derive(Debug)]
struct Request {
    at: Position,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Option<Body>,
    /// Whether the sample gives a user and a password.
    basic: bool,
    /// The texts that the sample's variables hold.
    variables: BTreeMap<String, String>,
}

/// What a sample sends.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    /// JSON, with its value where the sample writes it out.
    Json(Option<Value>),
    Form,
    Multipart,
    /// Another media type.
    Other(String),
}

/// How a request proves who sends it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Auth {
    Bearer,
    Basic,
    Header(String),
    Query(String),
}

impl std::fmt::Display for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bearer => f.write_str("bearer token"),
            Self::Basic => f.write_str("user and password"),
            // Header names have no case.
            Self::Header(name) => write!(f, "key in the header {}", name.to_ascii_lowercase()),
            Self::Query(name) => write!(f, "key in the query parameter {name}"),
        }
    }
}

/// The request that all samples of a page agree on.
#[derive(Debug)]
pub(super) struct Agreed {
    /// In lower case.
    pub(super) method: String,
    /// Scheme and authority.
    pub(super) server: String,
    /// The path with `{name}` for parameters, named as the page names them.
    pub(super) path: String,
    pub(super) auth: BTreeSet<Auth>,
    /// Query parameters and values that any sample shows, and where.
    pub(super) query: Vec<(String, String, Position)>,
    /// Headers that any sample shows, but for credentials and what every client sends by itself.
    pub(super) headers: Vec<(String, String, Position)>,
    pub(super) body: Option<Body>,
}

/// A sample with its request taken apart.
struct Sample {
    language: &'static str,
    /// On the page.
    at: Position,
    method: String,
    server: String,
    path: String,
    auth: BTreeSet<Auth>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<Body>,
}

/// Why a block shows no request that can be read, and where inside of it.
#[derive(Debug)]
struct Unreadable {
    message: String,
    at: Position,
}

/// The languages that are read, by the words that pages use for them.
fn language(fence: &Fence) -> Option<&'static str> {
    match fence.language().as_str() {
        "bash" | "sh" | "shell" | "zsh" | "curl" | "console" => Some("curl"),
        "py" | "python" | "python3" => Some("Python"),
        "js" | "jsx" | "ts" | "tsx" | "javascript" | "typescript" | "node" | "nodejs" | "mjs" => {
            Some("JavaScript")
        }
        _ => None,
    }
}

/// Reads the samples in these blocks; `parameters` are the names of the page's path parameters.
pub(super) fn read(
    page: &Page,
    fences: &[&Fence],
    parameters: &[&str],
) -> Result<Agreed, Vec<Problem>> {
    let (mut samples, mut problems) = (Vec::new(), Vec::new());
    for fence in fences {
        let Some(language) = language(fence) else {
            continue;
        };
        let requests = match language {
            _ if fence.text.len() > LARGEST_SAMPLE => Err(Unreadable {
                message: "it is too large for a sample".to_owned(),
                at: Position::START,
            }),
            "curl" => curl::requests(&fence.text),
            "Python" => python::requests(&fence.text),
            _ => javascript::requests(&fence.text),
        };
        match requests {
            Ok(requests) => {
                for request in requests {
                    match take_apart(page, fence, language, request, parameters) {
                        Ok(sample) => samples.push(sample),
                        Err(problem) => problems.push(problem),
                    }
                }
            }
            Err(Unreadable { message, at }) => problems.push(
                Problem::error(format!("the {language} sample: {message}"), page.place(fence.on_page(at))).help(
                    "import reads curl, Python's requests and httpx, JavaScript's fetch and axios; rewrite the saved \
                     page's sample as one of them, or remove it if others show the request",
                ),
            ),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if samples.is_empty() {
        return Err(vec![
            Problem::error(
                "the page shows no request in curl, Python or JavaScript, so its method and server are unknown",
                page.place(Position::START),
            )
            .help("save the page with its request samples; those of other languages are not read"),
        ]);
    }
    agree(page, samples)
}

/// Whether a block looks like a request sample, and not like another piece of code.
pub(super) fn makes_request(fence: &Fence) -> bool {
    let marks: &[&str] = match language(fence) {
        Some("curl") => &["curl"],
        Some("Python") => &["requests.", "httpx."],
        Some(_) => &["fetch(", "axios"],
        None => &[],
    };
    marks.iter().any(|mark| fence.text.contains(mark))
}

/// The blocks whose language is not read.
pub(super) fn unread<'f>(fences: &[&'f Fence]) -> Vec<&'f Fence> {
    let read = |fence: &Fence| language(fence).is_some();
    fences
        .iter()
        .copied()
        .filter(|fence| !read(fence))
        .collect()
}

fn take_apart(
    page: &Page,
    fence: &Fence,
    language: &'static str,
    mut request: Request,
    parameters: &[&str],
) -> Result<Sample, Problem> {
    let at = fence.on_page(request.at);
    let error = |message: String, help: &str| Problem::error(message, page.place(at)).help(help);
    let Some(url) = template::split(&request.url) else {
        return Err(error(
            format!(
                "the {language} sample's URL names no server: {}",
                short(&request.url)
            ),
            "write the whole URL, beginning with https://, into the saved page's sample",
        ));
    };
    let path = template::unify(&url.path, parameters, &request.variables).map_err(|message| {
        error(
            format!("the {language} sample's path {message}"),
            "the names in the sample's path and the page's <ParamField path=…> must be the same",
        )
    })?;
    request.query.splice(0..0, url.query);
    let auth = credentials(&mut request);
    Ok(Sample {
        language,
        at,
        method: request.method.to_ascii_lowercase(),
        server: url.server,
        path,
        auth,
        query: request.query,
        headers: request.headers,
        body: request.body,
    })
}

/// Takes the credentials, and what every client sends by itself, out of headers and query.
fn credentials(request: &mut Request) -> BTreeSet<Auth> {
    let mut auth = BTreeSet::new();
    if request.basic {
        auth.insert(Auth::Basic);
    }
    request.headers.retain(|(name, value)| {
        let found = match name.to_ascii_lowercase().as_str() {
            "authorization" => Some(authorization(value)),
            "content-type" | "accept" | "user-agent" | "content-length" | "host" => return false,
            _ if is_key_name(name) => Some(Auth::Header(name.clone())),
            _ => None,
        };
        auth.extend(found.clone());
        found.is_none()
    });
    request.query.retain(|(name, _)| {
        let is_key = matches!(template::plain(name).as_str(), "apikey" | "accesstoken");
        if is_key {
            auth.insert(Auth::Query(name.clone()));
        }
        !is_key
    });
    auth
}

fn authorization(value: &str) -> Auth {
    let scheme = value.trim_start().split(' ').next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") {
        Auth::Bearer
    } else if scheme.eq_ignore_ascii_case("basic") {
        Auth::Basic
    } else {
        Auth::Header("Authorization".to_owned())
    }
}

/// Whether a header carries a key: `X-API-Key`, `xi-api-key`, `X-Auth-Token`.
pub(super) fn is_key_name(name: &str) -> bool {
    let plain = template::plain(name);
    [
        "apikey",
        "authtoken",
        "accesstoken",
        "apitoken",
        "secretkey",
        "accesskey",
        "apisecret",
    ]
    .iter()
    .any(|key| plain.ends_with(key))
}

fn list(auth: &BTreeSet<Auth>) -> String {
    let names: Vec<String> = auth.iter().map(Auth::to_string).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(" and ")
    }
}

/// What a sample says of one thing that all must agree on.
type Facet = fn(&Sample) -> String;

fn agree(page: &Page, samples: Vec<Sample>) -> Result<Agreed, Vec<Problem>> {
    let facets: [(&str, Facet); 4] = [
        ("method", |sample| sample.method.to_uppercase()),
        ("server", |sample| sample.server.clone()),
        ("path", |sample| sample.path.clone()),
        ("authentication", |sample| list(&sample.auth)),
    ];
    let mut problems = Vec::new();
    for (facet, shown) in facets {
        let first = shown(&samples[0]);
        if samples.iter().all(|sample| shown(sample) == first) {
            continue;
        }
        let places = samples
            .iter()
            .map(|sample| {
                page.place(sample.at)
                    .saying(format!("{}: {}", sample.language, shown(sample)))
            })
            .collect();
        let mut problem = Problem::error(
            format!("the request samples disagree on the {facet}"),
            page.place(Position::START),
        )
        .help("find out which one is right and correct the others in the saved page");
        problem.places = places;
        problems.push(problem);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (mut query, mut headers) = (Vec::new(), Vec::new());
    let mut body = None;
    for sample in &samples {
        gather(&mut query, &sample.query, sample.at, |a, b| a == b);
        gather(
            &mut headers,
            &sample.headers,
            sample.at,
            str::eq_ignore_ascii_case,
        );
        body = best(body, sample.body.clone());
    }
    // The samples are not empty and agree.
    let Some(first) = samples.into_iter().next() else {
        return Err(problems);
    };
    Ok(Agreed {
        method: first.method,
        server: first.server,
        path: first.path,
        auth: first.auth,
        query,
        headers,
        body,
    })
}

fn gather(
    all: &mut Vec<(String, String, Position)>,
    more: &[(String, String)],
    at: Position,
    same: impl Fn(&str, &str) -> bool,
) {
    for (name, value) in more {
        if !all.iter().any(|(known, _, _)| same(known, name)) {
            all.push((name.clone(), value.clone(), at));
        }
    }
}

/// The body that says most.
fn best(old: Option<Body>, new: Option<Body>) -> Option<Body> {
    match (&old, &new) {
        (None | Some(Body::Json(None)), Some(_)) => new,
        _ => old,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, parameters: &[&str]) -> Result<Agreed, Vec<Problem>> {
        let page = Page::parse("p.md", text).unwrap();
        let fences: Vec<&Fence> = page.fences.iter().collect();
        read(&page, &fences, parameters)
    }

    #[test]
    fn three_samples_agree_on_one_request() {
        let agreed = read_text(
            "```bash\ncurl -sX POST \"https://api.x.dev/v1/pets/$PET_ID/toys?dry=1\" \\\n  -H 'x-api-key: <key>' -d '{\"a\": 1}'\n```\n\
             ```python\nimport requests\nBASE = 'https://api.x.dev'\nr = requests.post(BASE + f'/v1/pets/{pet_id}/toys', headers={'X-API-Key': key}, params={'dry': 1}, json={'a': 1})\n```\n\
             ```js\nconst r = await fetch(`https://api.x.dev/v1/pets/${petId}/toys?dry=1`, {method: 'POST', headers: {'X-API-Key': key}, body: JSON.stringify({a: 1})});\n```\n",
            &["pet_id"],
        )
        .unwrap();
        assert_eq!(
            (agreed.method.as_str(), agreed.path.as_str()),
            ("post", "/v1/pets/{pet_id}/toys")
        );
        assert_eq!(agreed.server, "https://api.x.dev");
        assert_eq!(
            agreed
                .query
                .iter()
                .map(|q| (q.0.as_str(), q.1.as_str()))
                .collect::<Vec<_>>(),
            [("dry", "1")]
        );
        assert_eq!(
            agreed
                .auth
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["key in the header x-api-key"]
        );
        assert_eq!(
            agreed.body,
            Some(Body::Json(Some(serde_json::json!({"a": 1}))))
        );
    }

    #[test]
    fn each_disagreement_is_told_with_places_and_values() {
        let problems = read_text(
            "```bash\ncurl https://a.x.dev/v1/pets\n```\n```py\nrequests.delete('https://b.x.dev/v2/pets', auth=('u', 'p'))\n```\n",
            &[],
        )
        .unwrap_err();
        let messages: Vec<_> = problems
            .iter()
            .map(|problem| problem.message.as_str())
            .collect();
        assert_eq!(
            messages,
            ["method", "server", "path", "authentication"]
                .map(|facet| format!("the request samples disagree on the {facet}"))
        );
        let told: Vec<_> = problems[0]
            .places
            .iter()
            .map(|place| (place.position.unwrap().line, place.note.clone().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                (2, "curl: GET".to_owned()),
                (5, "Python: DELETE".to_owned())
            ]
        );
        let told: Vec<_> = problems[3]
            .places
            .iter()
            .filter_map(|place| place.note.as_deref())
            .collect();
        assert_eq!(told, ["curl: none", "Python: user and password"]);
    }

    #[test]
    fn a_path_must_name_the_pages_parameters() {
        let message =
            |text: &str, names: &[&str]| read_text(text, names).unwrap_err().remove(0).message;
        let text = "```bash\ncurl https://x.dev/pets/{id}\n```\n";
        assert!(message(text, &["uuid"]).contains("{id}"));
        assert!(message("```bash\ncurl https://x.dev/pets\n```\n", &["uuid"]).contains("{uuid}"));
        assert!(message("```bash\ncurl $BASE/pets\n```\n", &[]).contains("names no server"));
        assert!(message("```php\n```\n", &[]).contains("no request"));
    }
}

//! What a judge says of a call, read from the answer that came of it. It must not know which faults judges have.

use serde_json::Value;

/// The two judges that are servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judge {
    Prism,
    Validator,
}

impl Judge {
    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Prism => "prism",
            Self::Validator => "express-openapi-validator",
        }
    }
}

/// What one judge says of a call.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// Nothing against it; what became of the reply.
    Right(Reply),
    /// The request is wrong.
    Wrong(Vec<Violation>),
    /// The reply does not decode.
    Undecodable(Undecodable),
    /// Prism finds the reply wrong that it made up itself, and keeps it to itself.
    Withheld,
    /// There is no answer.
    Gone,
}

/// One thing that a judge has against a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    /// `query`, `header`, `cookie`, `path` or `body`, then the name, then the way into the value; empty where the whole
    /// request is meant.
    pub(super) place: Vec<String>,
    /// The keyword or kind of the violation, as the judge calls it.
    pub(super) code: String,
    pub(super) message: String,
}

impl Violation {
    fn whole(code: &str, message: impl Into<String>) -> Self {
        Self {
            place: Vec::new(),
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// Whether it is of exactly this place.
    pub(super) fn is_at(&self, place: &[&str]) -> bool {
        self.place == place
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} ({}) at /{}",
            self.message,
            self.code,
            self.place.join("/")
        )
    }
}

/// What became of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reply {
    /// It decoded as the documented success.
    Success,
    /// It decoded as a documented error.
    Error,
    /// There is nothing in it.
    Empty,
    /// Its status has no documented content.
    Undocumented,
}

/// A reply that does not decode.
#[derive(Debug, PartialEq)]
pub(super) struct Undecodable {
    pub(super) message: String,
    /// Where, where that is known.
    pub(super) path: Option<String>,
    pub(super) status: u64,
    pub(super) body: String,
}

impl Verdict {
    pub(super) fn of(answer: &Value, judge: Judge) -> Self {
        let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
        let wrong = |code, message| Self::Wrong(vec![Violation::whole(code, message)]);
        if let Some(trouble) = answer.get("trouble").and_then(Value::as_str) {
            return wrong("trouble", format!("the call could not be made: {trouble}"));
        }
        let status = answer
            .get("status")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        let body: Value = serde_json::from_str(text("body")).unwrap_or_default();
        let against = match judge {
            Judge::Prism => by_prism(answer, &body),
            Judge::Validator => by_validator(status, &body),
        };
        if !against.is_empty() {
            return Self::Wrong(against);
        }
        let undecodable = |message: &str, path: Option<&str>| {
            Self::Undecodable(Undecodable {
                message: message.to_owned(),
                path: path.map(str::to_owned),
                status,
                body: text("body").to_owned(),
            })
        };
        match text("error") {
            // The replies of the validator are empty: that they do not decode says nothing.
            "decode" if judge == Judge::Validator => Self::Right(Reply::Empty),
            "decode" => undecodable(text("message"), Some(text("path"))),
            "api" if judge == Judge::Prism && is_problem(&body) => {
                if body["type"]
                    .as_str()
                    .is_some_and(|kind| kind.ends_with("#VIOLATIONS"))
                {
                    Self::Withheld
                } else {
                    wrong("problem", format!("{status}: {}", body["title"]))
                }
            }
            "api" if text("typed").starts_with("Err(") => undecodable(text("typed"), None),
            "api" if text("typed").starts_with("Ok(Undocumented") || text("typed").is_empty() => {
                Self::Right(Reply::Undocumented)
            }
            "api" => Self::Right(Reply::Error),
            "" if answer.get("value").is_some() || answer.get("length").is_some() => {
                Self::Right(Reply::Success)
            }
            "" => Self::Right(Reply::Empty),
            "transport" => Self::Gone,
            error => wrong(error, text("message").to_owned()),
        }
    }
}

/// Whether a body is what Prism says in its own name.
fn is_problem(body: &Value) -> bool {
    body.get("type")
        .and_then(Value::as_str)
        .is_some_and(|kind| kind.contains("stoplight.io/prism/errors"))
}

/// What Prism says against a request: the violations whose location is the request.
fn by_prism(answer: &Value, body: &Value) -> Vec<Violation> {
    let header = answer
        .pointer("/headers/sl-violations")
        .and_then(Value::as_str)
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let said = header.as_ref().and_then(Value::as_array);
    let ours: Vec<Violation> = said
        .into_iter()
        .flatten()
        .filter(|said| said.pointer("/location/0") == Some(&"request".into()))
        .map(|said| violation(said, location(said)))
        .collect();
    if !ours.is_empty() || !is_problem(body) {
        return ours;
    }
    let kind = body["type"].as_str().unwrap_or_default();
    let kind = kind.rsplit(['/', '#']).next().unwrap_or_default();
    let fault = [
        "UNPROCESSABLE_ENTITY",
        "INVALID_CONTENT_TYPE",
        "UNAUTHORIZED",
        "NO_PATH_MATCHED_ERROR",
        "NO_METHOD_MATCHED_ERROR",
        "NO_BASE_URL_MATCHED_ERROR",
    ];
    if !fault.contains(&kind) {
        return Vec::new();
    }
    // Here Prism leaves away that it is the request that it speaks of.
    let validation = body.get("validation").and_then(Value::as_array);
    let listed: Vec<Violation> = validation
        .into_iter()
        .flatten()
        .map(|said| violation(said, location(said)))
        .collect();
    if listed.is_empty() {
        let said = body.get("validation").unwrap_or(&body["detail"]);
        return vec![Violation::whole(kind, said.to_string())];
    }
    listed
}

/// Where in the request a violation of Prism's is.
fn location(said: &Value) -> Vec<String> {
    let steps = said["location"].as_array().into_iter().flatten();
    let mut steps: Vec<String> = steps
        .map(|step| match step {
            Value::String(step) => step.clone(),
            other => other.to_string(),
        })
        .collect();
    if steps.first().is_some_and(|first| first == "request") {
        steps.remove(0);
    }
    steps
}

fn violation(said: &Value, place: Vec<String>) -> Violation {
    let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    Violation {
        place,
        code: text("code"),
        message: text("message"),
    }
}

/// What express-openapi-validator says against a request.
fn by_validator(status: u64, body: &Value) -> Vec<Violation> {
    if status < 400 {
        return Vec::new();
    }
    let errors = body.get("errors").and_then(Value::as_array);
    let listed: Vec<Violation> = errors
        .into_iter()
        .flatten()
        .map(|error| {
            let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
            let path = text("path");
            // A path from the root is that of the request, not a place in it.
            let place = path.strip_prefix('/').unwrap_or_default().split('/');
            let known = ["query", "headers", "cookies", "params", "body"];
            let known = place
                .clone()
                .next()
                .is_some_and(|first| known.contains(&first));
            Violation {
                place: place.filter(|_| known).map(str::to_owned).collect(),
                code: text("errorCode"),
                message: text("message"),
            }
        })
        .collect();
    if listed.is_empty() {
        return vec![Violation::whole(
            &status.to_string(),
            body["message"].to_string(),
        )];
    }
    listed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Judge, Reply, Verdict, by_prism, by_validator};

    #[test]
    fn what_prism_says_against_a_request_is_told_from_what_it_says_of_its_reply() {
        let problem = |kind: &str| json!({ "type": format!("https://stoplight.io/prism/errors#{kind}"), "validation": [1] });
        let answer = json!({ "headers": {} });
        assert_eq!(by_prism(&answer, &problem("UNPROCESSABLE_ENTITY")).len(), 1);
        assert_eq!(
            by_prism(&answer, &problem("NO_PATH_MATCHED_ERROR")).len(),
            1
        );
        assert_eq!(by_prism(&answer, &problem("VIOLATIONS")), []);
        let said = |place: &str| {
            let violations = json!([{ "location": [place, "query", "a", 0], "code": "type", "message": "wrong" }]);
            json!({ "headers": { "sl-violations": violations.to_string() } })
        };
        let ours = by_prism(&said("request"), &json!({}));
        assert!(
            ours.len() == 1 && ours[0].is_at(&["query", "a", "0"]),
            "{ours:?}"
        );
        assert_eq!(by_prism(&said("response"), &json!({})), []);
        let withheld =
            json!({ "error": "api", "status": 500, "body": problem("VIOLATIONS").to_string() });
        assert_eq!(Verdict::of(&withheld, Judge::Prism), Verdict::Withheld);
        // Whatever else it says in its own name is no reply.
        let other = json!({ "error": "api", "status": 404, "body": problem("NO_RESPONSE_DEFINED").to_string() });
        assert!(matches!(
            Verdict::of(&other, Judge::Prism),
            Verdict::Wrong(_)
        ));
    }

    #[test]
    fn every_refusal_of_the_validator_counts() {
        assert_eq!(
            by_validator(400, &json!({ "message": "no", "errors": [] })).len(),
            1
        );
        let errors = json!([{ "path": "/body/a", "message": "m", "errorCode": "c" }, { "path": "/pets", "message": "m" }]);
        let found = by_validator(400, &json!({ "errors": errors }));
        assert!(
            found[0].is_at(&["body", "a"]) && found[1].is_at(&[]),
            "{found:?}"
        );
        assert_eq!(by_validator(204, &json!(null)), []);
    }

    #[test]
    fn replies_are_told_apart() {
        let of = |answer| Verdict::of(&answer, Judge::Prism);
        assert_eq!(
            of(json!({ "status": 200, "value": null })),
            Verdict::Right(Reply::Success)
        );
        assert_eq!(of(json!({ "status": 204 })), Verdict::Right(Reply::Empty));
        let api = |typed: &str| of(json!({ "error": "api", "status": 400, "typed": typed }));
        assert_eq!(api("Ok(BadRequest(…))"), Verdict::Right(Reply::Error));
        assert_eq!(api("Ok(Undocumented)"), Verdict::Right(Reply::Undocumented));
        assert!(matches!(api("Err(Decode(…))"), Verdict::Undecodable(_)));
        let decode =
            json!({ "error": "decode", "status": 200, "message": "m", "path": "a", "body": "{}" });
        assert!(matches!(of(decode.clone()), Verdict::Undecodable(_)));
        assert_eq!(
            Verdict::of(&decode, Judge::Validator),
            Verdict::Right(Reply::Empty)
        );
        assert_eq!(of(json!({ "error": "transport" })), Verdict::Gone);
    }
}

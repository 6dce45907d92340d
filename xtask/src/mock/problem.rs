//! Refusals: what a request got wrong, as a problem JSON (RFC 9457). Must not know what was checked.

use serde_json::{Value, json};

use super::reply::Reply;

/// One thing that is wrong with a request.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// `path`, `query`, `header`, `cookie` or `body`.
    pub(crate) place: &'static str,
    /// The parameter; empty for a body.
    pub(crate) name: String,
    /// JSON Pointer into the value.
    pub(crate) pointer: String,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl Fault {
    pub(crate) fn parameter(place: &'static str, name: &str, reason: impl Into<String>) -> Self {
        Self {
            place,
            name: name.to_owned(),
            pointer: String::new(),
            reason: reason.into(),
        }
    }

    pub(crate) fn body(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: "body",
            name: String::new(),
            pointer: pointer.into(),
            reason: reason.into(),
        }
    }

    fn sentence(&self) -> String {
        let subject = match (self.place, self.name.as_str()) {
            ("body", _) => "request body".to_owned(),
            (place, name) => format!("{place} parameter `{name}`"),
        };
        let at = match self.pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at {pointer}"),
        };
        format!("{subject}{at}: {}", self.reason)
    }

    fn to_json(&self) -> Value {
        let mut fault = json!({ "in": self.place, "reason": self.reason });
        if !self.name.is_empty() {
            fault["name"] = json!(self.name);
        }
        if self.place == "body" || !self.pointer.is_empty() {
            fault["pointer"] = json!(self.pointer);
        }
        fault
    }
}

/// A refused request.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: u16,
    detail: String,
    faults: Vec<Fault>,
    headers: Vec<(String, String)>,
}

impl Problem {
    pub(crate) fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            faults: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// A 400 for faults found while checking; their sentences are the detail.
    pub(crate) fn faults(faults: Vec<Fault>) -> Self {
        let detail = faults.iter().map(Fault::sentence).collect::<Vec<_>>();
        Self {
            faults,
            ..Self::new(400, detail.join("; "))
        }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        let title = hyper::StatusCode::from_u16(problem.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Refused");
        let mut body = json!({
            "type": "about:blank",
            "title": title,
            "status": problem.status,
            "detail": problem.detail,
        });
        if !problem.faults.is_empty() {
            body["errors"] = problem.faults.iter().map(Fault::to_json).collect();
        }
        let mut headers = problem.headers;
        headers.push((
            "content-type".to_owned(),
            "application/problem+json".to_owned(),
        ));
        Self {
            status: problem.status,
            headers,
            body: body.to_string().into_bytes(),
            reason: problem.detail,
        }
    }
}

//! From a request to an answer: find the operation, check what it asks for, answer as documented. Does no IO.

use hyper::Method;
use serde_json::{Value, json};

use super::{
    body,
    credential::{self, Accepted},
    document::{Document, Operation, operations, url_path},
    judge::Judge,
    parameter::{Parameter, Place},
    problem::{Fault, Problem},
    reply::Reply,
    request::{Request, decode_form},
    respond::Answering,
    template::Variables,
};

/// A served document.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) document: Document,
    pub(crate) judge: Judge,
    /// Where it is served: `http://127.0.0.1:4010`.
    pub(crate) origin: String,
    /// How many items a list has.
    pub(crate) items: usize,
    accepted: Accepted,
    operations: Vec<Operation>,
    token_paths: Vec<String>,
}

/// An operation that a path leads to.
type Match<'a> = (&'a Operation, Variables);

impl Api {
    pub(crate) fn new(root: Value, origin: String, items: usize, accepted: Accepted) -> Self {
        let document = Document::new(root);
        Self {
            document,
            judge: Judge::new(document),
            origin,
            items,
            accepted,
            operations: operations(document),
            token_paths: credential::token_urls(document).map(url_path).collect(),
        }
    }

    #[cfg(test)]
    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The answer to a request; a refusal is an answer too.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let mut reply = self.try_answer(request).unwrap_or_else(Reply::from);
        if request.method == Method::HEAD {
            reply.body.clear();
        }
        reply
    }

    fn try_answer(&self, request: &Request) -> Result<Reply, Problem> {
        let matches = self.matches(request);
        let candidates = match self.candidates(request, &matches) {
            Ok(found) => found,
            Err(problem) => return self.without_operation(request, &matches).ok_or(problem),
        };
        // Templates may differ in names or fragments alone; then the request is for the one it fits.
        let mut refusal = None;
        for (operation, variables) in candidates {
            match self.operate(operation, variables, request) {
                Ok(reply) => return Ok(reply),
                Err(problem) => drop(refusal.get_or_insert(problem)),
            }
        }
        Err(refusal.unwrap_or_else(|| Problem::new(404, self.unknown_path(&request.path))))
    }

    fn operate(
        &self,
        operation: &Operation,
        variables: &Variables,
        request: &Request,
    ) -> Result<Reply, Problem> {
        credential::check(self.document, &self.accepted, operation.security, request)?;
        self.check_parameters(operation, variables, request)?;
        let body = body::check(self.document, &self.judge, operation.value, request)?;
        let answering = Answering {
            api: self,
            operation,
            request,
            variables,
            body,
        };
        answering.reply()
    }

    /// The operations the path leads to, the most specific template first.
    fn matches(&self, request: &Request) -> Vec<Match<'_>> {
        let pairs = request.query_pairs();
        let mut matches = Vec::new();
        for operation in &self.operations {
            let variables = operation.bases.iter().find_map(|base| {
                let path = request.path.strip_prefix(base.as_str())?;
                operation.template.matches(path, &pairs)
            });
            matches.extend(variables.map(|variables| (operation, variables)));
        }
        matches.sort_by_key(|(operation, _)| std::cmp::Reverse(operation.template.specificity()));
        matches
    }

    /// The operations of the request's method, of the most specific template and its equals.
    fn candidates<'a>(
        &self,
        request: &Request,
        matches: &'a [Match<'a>],
    ) -> Result<Vec<&'a Match<'a>>, Problem> {
        if matches.is_empty() {
            return Err(Problem::new(404, self.unknown_path(&request.path)));
        }
        let of_method = |method: &str| -> Vec<_> {
            matches
                .iter()
                .filter(|(operation, _)| operation.method == method)
                .collect()
        };
        let mut found = of_method(request.method.as_str());
        if found.is_empty() && request.method == Method::HEAD {
            found = of_method("GET");
        }
        let Some(specificity) = found
            .first()
            .map(|(operation, _)| operation.template.specificity())
        else {
            let allowed = allowed(matches);
            let detail = format!(
                "{} is not documented for this path, which has: {allowed}",
                request.method
            );
            return Err(Problem::new(405, detail).header("allow", allowed));
        };
        found.retain(|(operation, _)| operation.template.specificity() == specificity);
        Ok(found)
    }

    fn unknown_path(&self, path: &str) -> String {
        let base = self
            .operations
            .first()
            .and_then(|operation| operation.bases.first())
            .cloned()
            .unwrap_or_default();
        let Some(inner) = path.strip_prefix(base.as_str()) else {
            return format!("no operation at {path}: every path starts with {base}");
        };
        let mut near: Vec<_> = self
            .operations
            .iter()
            .map(|operation| {
                (
                    operation.template.closeness(inner),
                    operation.template.text(),
                )
            })
            .collect();
        near.sort_by_key(|(closeness, template)| {
            (
                std::cmp::Reverse(*closeness),
                template.len().abs_diff(inner.len()),
            )
        });
        near.dedup();
        let near: Vec<_> = near
            .into_iter()
            .take(3)
            .map(|(_, template)| format!("{base}{template}"))
            .collect();
        if near.is_empty() {
            return format!("no operation at {path}: the document has none");
        }
        format!(
            "no operation at {path}; the nearest paths are {}",
            near.join(", ")
        )
    }

    /// What no operation answers: `OPTIONS`, and the token endpoint of a client credentials flow.
    fn without_operation(&self, request: &Request, matches: &[Match<'_>]) -> Option<Reply> {
        if request.method == Method::OPTIONS && !matches.is_empty() {
            let headers = vec![("allow".to_owned(), allowed(matches))];
            return Some(Reply {
                status: 204,
                headers,
                ..Reply::default()
            });
        }
        let is_token = request.method == Method::POST && self.token_paths.contains(&request.path);
        is_token.then(|| self.token(request))
    }

    /// RFC 6749 section 4.4.
    fn token(&self, request: &Request) -> Reply {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let field = |name: &str| {
            let pairs = super::request::pairs(&form);
            pairs
                .into_iter()
                .find(|pair| pair.name == name)
                .map(|pair| decode_form(&pair.raw))
        };
        let refuse = |status, error: &str, reason: &str| Reply {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: json!({ "error": error, "error_description": reason })
                .to_string()
                .into_bytes(),
            reason: reason.to_owned(),
        };
        if field("grant_type").as_deref() != Some("client_credentials") {
            return refuse(
                400,
                "unsupported_grant_type",
                "grant_type=client_credentials is expected",
            );
        }
        let has_client = request.header("authorization").is_some()
            || field("client_id").is_some_and(|id| !id.is_empty());
        if !has_client || field("client_secret").as_deref() == Some("invalid") {
            return refuse(401, "invalid_client", "a client id and secret are expected");
        }
        let token = json!({ "access_token": self.accepted.token(), "token_type": "Bearer", "expires_in": 3600 });
        Reply {
            status: 200,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: token.to_string().into_bytes(),
            reason: String::new(),
        }
    }

    fn check_parameters(
        &self,
        operation: &Operation,
        variables: &Variables,
        request: &Request,
    ) -> Result<(), Problem> {
        let check =
            |parameter: &Parameter| parameter.check(self.document, &self.judge, request, variables);
        let mut faults: Vec<_> = operation.parameters.iter().flat_map(check).collect();
        let keys: Vec<_> = credential::query_names(self.document).collect();
        let mut unknown: Vec<String> = Vec::new();
        for pair in request.query_pairs() {
            let owned = operation
                .parameters
                .iter()
                .any(|parameter| parameter.owns(self.document, &pair.name));
            let fixed = operation
                .template
                .fixed_query()
                .any(|name| name == pair.name);
            if !owned
                && !fixed
                && !keys.contains(&pair.name.as_str())
                && !unknown.contains(&pair.name)
            {
                unknown.push(pair.name);
            }
        }
        let known: Vec<_> = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Query)
            .map(|parameter| parameter.name.as_str())
            .collect();
        let known = if known.is_empty() {
            "none".to_owned()
        } else {
            known.join(", ")
        };
        let unknown = unknown.into_iter();
        faults.extend(unknown.map(|name| {
            Fault::parameter(
                "query",
                &name,
                format!("is not documented; the operation takes: {known}"),
            )
        }));
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Problem::faults(faults))
        }
    }
}

fn allowed(matches: &[Match<'_>]) -> String {
    let mut methods: Vec<_> = matches
        .iter()
        .map(|(operation, _)| operation.method.as_str())
        .collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.dedup();
    methods.join(", ")
}

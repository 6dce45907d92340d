//! Which of an operation's documented responses is given.

use serde_json::Value;

use super::{
    document::{Document, members},
    problem::Problem,
};

/// A documented response: its status and its object.
pub(crate) type Documented = (u16, &'static Value);

/// The response of the preferred code, else the lowest success, else the default one, else a redirection.
pub(crate) fn choose(
    document: Document,
    responses: &'static Value,
    preferred: Option<&str>,
) -> Result<Documented, Problem> {
    let documented: Vec<_> = members(responses)
        .filter(|(code, _)| !code.starts_with("x-"))
        .map(|(code, response)| (code, document.resolve(response)))
        .collect();
    match preferred {
        Some(code) => preferred_response(&documented, code),
        None => Ok(usual_response(&documented)),
    }
}

fn preferred_response(
    documented: &[(&str, &'static Value)],
    code: &str,
) -> Result<Documented, Problem> {
    let status = code
        .parse()
        .ok()
        .filter(|status| (200..600).contains(status));
    let of_range =
        |known: &str| status.is_some_and(|status: u16| range(known) == Some(status / 100 * 100));
    let exact = documented.iter().find(|(known, _)| *known == code);
    let wide = documented.iter().find(|(known, _)| of_range(known));
    let default = documented.iter().find(|(known, _)| *known == "default");
    if let (Some(status), Some((_, response))) = (status, exact.or(wide).or(default)) {
        return Ok((status, response));
    }
    let known: Vec<_> = documented.iter().map(|(code, _)| *code).collect();
    let detail = format!(
        "Prefer: code={code}: the operation documents {}",
        known.join(", ")
    );
    Err(Problem::new(400, detail))
}

fn usual_response(documented: &[(&str, &'static Value)]) -> Documented {
    let mut statuses: Vec<Documented> = documented
        .iter()
        .filter_map(|(code, response)| {
            Some((code.parse().ok().or_else(|| range(code))?, *response))
        })
        .filter(|(status, _)| (200..400).contains(status))
        .collect();
    statuses.sort_by_key(|(status, _)| *status);
    let success = statuses.iter().find(|(status, _)| *status < 300).copied();
    let default = documented.iter().find(|(code, _)| *code == "default");
    success
        .or_else(|| default.map(|(_, response)| (200, *response)))
        .or_else(|| statuses.first().copied())
        .unwrap_or((200, &Value::Null))
}

/// The first status of a range such as `2XX`.
fn range(code: &str) -> Option<u16> {
    let hundreds = code
        .strip_suffix("XX")
        .or_else(|| code.strip_suffix("xx"))?;
    hundreds
        .parse::<u16>()
        .ok()
        .filter(|hundreds| (1..6).contains(hundreds))
        .map(|hundreds| hundreds * 100)
}

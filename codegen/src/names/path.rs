//! Path templates as steps of words; it must not know what the operation is called.

use super::words::{self, Word};

/// A part of a path that says something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// Fixed text.
    Literal(Vec<Word>),
    /// One or more `{parameters}`, by their names.
    Parameter(Vec<Word>),
}

impl Step {
    pub(super) fn literal(&self) -> Option<&[Word]> {
        match self {
            Self::Literal(words) => Some(words),
            Self::Parameter(_) => None,
        }
    }

    pub(super) fn is_parameter(&self) -> bool {
        matches!(self, Self::Parameter(_))
    }
}

/// The steps of a path, with file extensions (`.json`) removed.
pub(super) fn steps(path: &str) -> Vec<Step> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let mut steps = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        parse_segment(segment, &mut steps);
    }
    steps
}

fn parse_segment(segment: &str, steps: &mut Vec<Step>) {
    let mut rest = segment;
    let mut parameters: Vec<Word> = Vec::new();
    let mut has_parameter = false;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        let before = &rest[..open];
        if !has_parameter && before.chars().any(char::is_alphanumeric) {
            steps.push(Step::Literal(words::split(before)));
        }
        if !parameters.is_empty() {
            parameters.push("and".to_owned());
        }
        parameters.extend(words::split(&rest[open + 1..open + length]));
        has_parameter = true;
        rest = &rest[open + length + 1..];
    }
    if has_parameter {
        steps.push(Step::Parameter(parameters));
        // What follows a parameter is an action (`{id}:cancel`), unless it is an extension (`{id}.json`).
        if !rest.starts_with('.') && rest.chars().any(char::is_alphanumeric) {
            steps.push(Step::Literal(words::split(rest)));
        }
    } else {
        let text = [".json", ".xml", ".php", ".do"]
            .iter()
            .find_map(|extension| rest.strip_suffix(extension))
            .unwrap_or(rest);
        steps.push(Step::Literal(words::split(text)));
    }
}

/// Whether a word is a technical one that says nothing to a user: `api`, `rest`, a version, a date.
pub(super) fn is_technical(word: &str) -> bool {
    matches!(
        word,
        "api" | "apis" | "rest" | "restapi" | "latest" | "default" | "endpoint" | "endpoints"
    ) || is_version(word)
        || word
            .strip_prefix("api")
            .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

/// Whether a word is a version: `v1`, `v2beta1`, `3`, `20240401`.
pub(super) fn is_version(word: &str) -> bool {
    let rest = word.strip_prefix('v').unwrap_or(word);
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() == rest.len() {
        return false;
    }
    let stage = digits.trim_end_matches(|c: char| c.is_ascii_digit());
    stage.is_empty() || matches!(stage, "alpha" | "beta" | "rc" | "preview")
}

/// How many leading steps are technical.
pub(super) fn technical_prefix(steps: &[Step]) -> usize {
    let mut count = 0;
    for (index, step) in steps.iter().enumerate() {
        match step {
            Step::Literal(words) if words.iter().all(|word| is_technical(word)) => {
                count = index + 1;
            }
            // `/api/{version}/users`: passed over, and counted only with a technical step after it.
            Step::Parameter(words) if words.iter().any(|word| word == "version") => {
                count = index + 1;
            }
            _ => break,
        }
    }
    count
}

/// The version in the path, if any: `v2` of `/v2/users`.
pub(super) fn version(steps: &[Step]) -> Option<Word> {
    let prefix = &steps[..technical_prefix(steps)];
    let version = prefix
        .iter()
        .filter_map(Step::literal)
        .flatten()
        .find(|word| is_version(word))?;
    Some(if version.starts_with('v') {
        version.clone()
    } else {
        format!("v{version}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(path: &str) -> String {
        let shown: Vec<String> = steps(path)
            .iter()
            .map(|step| match step {
                Step::Literal(words) => words.join("-"),
                Step::Parameter(words) => format!("<{}>", words.join("-")),
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn reads_templates() {
        assert_eq!(show("/api/v1/conversations/"), "api v1 conversations");
        assert_eq!(
            show("/2010-04-01/Accounts/{AccountSid}/Calls.json"),
            "2010-04-01 accounts <account-sid> calls"
        );
        assert_eq!(show("/a/{b}.{c}"), "a <b-and-c>");
        assert_eq!(show("/t/{id}.json"), "t <id>");
        assert_eq!(show("/jobs/{id}:cancel"), "jobs <id> cancel");
        assert_eq!(show("/users('{id}')/x?y=1#z"), "users <id> x");
        assert_eq!(show("/broken/{id"), "broken id");
        assert_eq!(show("/"), "");
    }

    #[test]
    fn knows_what_says_nothing() {
        let count = |path| technical_prefix(&steps(path));
        assert_eq!(count("/api/v1/x"), 2);
        assert_eq!(count("/rest/api/3/x"), 3);
        assert_eq!(count("/2010-04-01/x"), 1);
        assert_eq!(count("/v2.1/x"), 1);
        assert_eq!(count("/api/{version}/x"), 2);
        assert_eq!(count("/{realm}/users"), 0);
        assert_eq!(version(&steps("/2/lists")).as_deref(), Some("v2"));
        assert!(
            is_version("v1alpha1")
                && !is_version("video")
                && !is_version("v")
                && !is_version("2fa")
        );
    }
}

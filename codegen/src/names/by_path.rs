//! What an operation is called by its HTTP method and path alone.

use super::path::Step;
use super::surface::{Facts, Reading};
use super::verbs;
use super::words::{Word, is_plural, singular_phrase};

/// The method's words from the HTTP method and the steps that the resource does not say.
pub(super) fn method(reading: &Reading<'_>, rest: &[Step], facts: &Facts<'_>) -> Vec<Word> {
    let http = reading.source.method;
    let mut nouns: Vec<&[Word]> = rest.iter().filter_map(Step::literal).collect();
    let ends_in_item = reading.steps.last().is_some_and(Step::is_parameter);
    if !ends_in_item
        && let Some(action) = nouns.last()
        && verbs::is_action(&action[0], http)
    {
        let (verb, object) = action.split_first().unwrap_or((&action[0], &[]));
        let mut method = vec![verb.clone()];
        for noun in &nouns[..nouns.len() - 1] {
            method.extend(singular_phrase(noun));
        }
        method.extend_from_slice(object);
        return method;
    }
    let last = nouns.pop();
    let ends_plural = reading
        .steps
        .last()
        .and_then(Step::literal)
        .and_then(<[Word]>::last)
        .is_some_and(|word| is_plural(word));
    let is_collection = !ends_in_item
        && reading.source.several.unwrap_or_else(|| {
            ends_plural
                || nouns.is_empty()
                    && last.is_none()
                    && facts.collections.contains(reading.steps.as_slice())
        });
    let verb = match http {
        "GET" if is_collection => "list",
        "GET" => "get",
        "POST" if ends_in_item => "update",
        "POST" => "create",
        "PUT" if facts.patched.contains(reading.steps.as_slice()) => "replace",
        "PUT" | "PATCH" => "update",
        "DELETE" => "delete",
        other => &other.to_lowercase(),
    };
    let mut method = vec![verb.to_owned()];
    for noun in nouns {
        method.extend(singular_phrase(noun));
    }
    let keeps_number =
        is_collection && http == "GET" || ends_plural && matches!(http, "PUT" | "PATCH" | "DELETE");
    match last {
        Some(noun) if keeps_number => method.extend_from_slice(noun),
        Some(noun) => method.extend(singular_phrase(noun)),
        // A change to all of a resource must not read like a change to one.
        None if ends_plural && matches!(http, "PUT" | "PATCH" | "DELETE") => {
            method.push("all".to_owned());
        }
        None => {}
    }
    method
}

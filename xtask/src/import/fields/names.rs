//! Operation ids of documents made from pages: short where they are unique, and the same for every order of import.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::merge::METHODS;
use super::identifier::{is_plural, pascal, singular, title};

/// The key of `info` that marks a document as made from pages.
pub(in super::super) const MARK: &str = "x-derived-from";

/// Whether a document was made from pages, so that its operation ids are import's to choose.
pub(in super::super) fn are_derived(document: &Value) -> bool {
    document
        .get("info")
        .is_some_and(|info| info.get(MARK).is_some())
}

/// Takes the operation ids out, for they depend on which other operations there are.
pub(in super::super) fn remove(document: &mut Value) {
    for_each_operation(document, &mut |_, _, operation| {
        if let Some(operation) = operation.as_object_mut() {
            operation.shift_remove("operationId");
        }
    });
}

/// Gives every operation its id: the shortest form that no other operation has.
pub(in super::super) fn assign(document: &mut Value) {
    let mut forms = Vec::new();
    for_each_operation(document, &mut |path, method, operation| {
        forms.push(candidates(path, method, is_list(operation)));
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for form in forms.iter().flatten() {
        *counts.entry(form.clone()).or_default() += 1;
    }
    let mut forms = forms.into_iter();
    for_each_operation(document, &mut |path, method, operation| {
        let candidates = forms.next().unwrap_or_default();
        let whole = format!("{method}{}", pascal(path));
        let id = candidates
            .into_iter()
            .find(|id| counts.get(id) == Some(&1))
            .unwrap_or(whole);
        if let Some(operation) = operation.as_object_mut() {
            insert_id(operation, id);
        }
    });
}

/// The id stands behind summary and description, as authors write it.
fn insert_id(operation: &mut serde_json::Map<String, Value>, id: String) {
    let before = ["tags", "summary", "description"];
    let index = operation
        .keys()
        .take_while(|key| before.contains(&key.as_str()))
        .count();
    operation.shift_insert(index, "operationId".to_owned(), Value::String(id));
}

fn for_each_operation(document: &mut Value, visit: &mut impl FnMut(&str, &str, &mut Value)) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                visit(path, method, operation);
            }
        }
    }
}

fn is_list(operation: &Value) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object);
    let success = responses.and_then(|all| all.iter().find(|(status, _)| status.starts_with('2')));
    success.is_some_and(|(_, response)| {
        response.pointer("/content/application~1json/schema/type")
            == Some(&Value::String("array".to_owned()))
    })
}

/// The words of a path that name things: without parameters, `api` and versions.
fn literals(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|segment| !segment.is_empty() && !segment.contains('{'))
        .filter(|segment| !matches!(*segment, "api" | "rest" | "public") && !is_version(segment))
        .collect()
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

/// The word behind a parameter that is not a collection is something done: `/sessions/{id}/expire`.
fn action<'p>(path: &'p str, method: &str) -> Option<&'p str> {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    match segments.as_slice() {
        [.., before, last]
            if method == "post"
                && before.contains('{')
                && !last.contains('{')
                && !is_plural(last) =>
        {
            Some(last)
        }
        _ => None,
    }
}

/// The tag of a path: the collection that its operation is about.
pub(super) fn tag(path: &str, method: &str) -> String {
    let literals = literals(path);
    let about = if action(path, method).is_some() && literals.len() > 1 {
        2
    } else {
        1
    };
    let name = literals
        .len()
        .checked_sub(about)
        .map_or("default", |index| literals[index]);
    title(name)
}

/// The thing that an operation's items are: `session` of `/chatbot/{uuid}/sessions`.
pub(super) fn item(path: &str) -> String {
    pascal(&singular(literals(path).last().copied().unwrap_or("item")))
}

/// Ids from short to long.
fn candidates(path: &str, method: &str, answers_list: bool) -> Vec<String> {
    let mut things = literals(path);
    let ends_in_parameter = path.trim_end_matches('/').ends_with('}');
    let action = action(path, method);
    if action.is_some() {
        things.pop();
    }
    let Some((last, owners)) = things.split_last() else {
        return vec![format!("{method}Root")];
    };
    let many = method == "get" && (answers_list || (!ends_in_parameter && is_plural(last)));
    let verb = match (action, method) {
        (Some(action), _) => {
            let name = pascal(action);
            name[..1].to_ascii_lowercase() + &name[1..]
        }
        (None, "get") if many => "list".to_owned(),
        (None, "post") => "create".to_owned(),
        (None, "put") => "replace".to_owned(),
        (None, "patch") => "update".to_owned(),
        (None, method) => method.to_owned(),
    };
    let last = if many {
        pascal(last)
    } else {
        pascal(&singular(last))
    };
    let owners: String = owners
        .iter()
        .map(|owner| pascal(&singular(owner)))
        .collect();
    let parameters: Vec<String> = path
        .split('/')
        .filter_map(|segment| segment.split_once('{')?.1.split('}').next())
        .map(pascal)
        .collect();
    let mut ids = vec![
        format!("{verb}{last}"),
        format!("{verb}{owners}{last}"),
        format!("{verb}{owners}{last}By{}", parameters.join("And")),
    ];
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_short_until_they_collide() {
        let list = json!({"responses": {"200": {"content": {"application/json": {"schema": {"type": "array"}}}}}});
        let mut document = json!({"paths": {
            "/api/v1/chatbot/{uuid}/sessions": {"get": list, "post": {}},
            "/api/v1/chatbot/{uuid}/sessions/{id}": {"get": {}, "put": {}, "patch": {}, "delete": {}},
            "/api/v1/chatbot/{uuid}/sessions/{id}/expire": {"post": {}},
            "/api/v1/me": {"get": {}},
            "/api/v1/user/{id}/messages": {"get": {}},
            "/api/v1/chatbot/{id}/messages": {"get": {}},
            "/": {"get": {}},
        }});
        assign(&mut document);
        let mut ids = Vec::new();
        for_each_operation(&mut document, &mut |_, _, operation| {
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
        });
        assert_eq!(
            ids,
            [
                "listSessions",
                "createSession",
                "getSession",
                "replaceSession",
                "deleteSession",
                "updateSession",
                "expireSession",
                "getMe",
                "listUserMessages",
                "listChatbotMessages",
                "getRoot"
            ]
        );
        remove(&mut document);
        assert_eq!(
            document.pointer("/paths/~1api~1v1~1me/get"),
            Some(&json!({}))
        );
        assert_eq!(
            tag("/api/v1/chatbot/{uuid}/link-sessions", "get"),
            "Link Sessions"
        );
        assert_eq!(tag("/sessions/{id}/expire", "post"), "Sessions");
        assert_eq!(item("/api/v1/chatbot/{uuid}/sessions"), "Session");
    }
}

//! Corrections kept beside a document: OpenAPI Overlay 1.0, applied to the entry file's value before anything else.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::origins::Origins;
use crate::diagnostic::{Code, Diagnostic, FileId, Pointer};

/// Applies the actions of one overlay in order; what cannot be applied is reported and skipped.
pub(super) fn apply(
    root: &mut Value,
    overlay: &Value,
    file: FileId,
    origins: &mut Origins,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut overlaying = Overlaying {
        file,
        origins,
        diagnostics,
    };
    let known = overlay
        .get("overlay")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("1."));
    let actions = overlay.get("actions").and_then(Value::as_array);
    let (true, Some(actions)) = (known, actions) else {
        let message = "an overlay has `overlay: 1.0.0` and a list of `actions`";
        overlaying.malformed(Pointer::root(), message);
        return;
    };
    for (index, action) in actions.iter().enumerate() {
        overlaying.action(root, action, &Pointer::from("/actions").join(index));
    }
}

struct Overlaying<'a> {
    file: FileId,
    origins: &'a mut Origins,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Overlaying<'_> {
    fn malformed(&mut self, pointer: Pointer, message: impl Into<String>) {
        self.diagnostics.push(
            Diagnostic::new(Code::OVERLAY_MALFORMED, message)
                .at((self.file, pointer))
                .remedy("see https://spec.openapis.org/overlay/v1.0.0"),
        );
    }

    fn action(&mut self, root: &mut Value, action: &Value, place: &Pointer) {
        let Some(target) = action.get("target").and_then(Value::as_str) else {
            return self.malformed(place.clone(), "an action has a `target`, a JSONPath");
        };
        let path = match JsonPath::parse(target) {
            Ok(path) => path,
            Err(error) => {
                return self.malformed(
                    place.join("target"),
                    format!("`{target}` is no JSONPath: {error}"),
                );
            }
        };
        let remove = action.get("remove") == Some(&Value::Bool(true));
        if !remove && action.get("update").is_none() {
            return self.malformed(
                place.clone(),
                "an action has an `update`, or `remove: true`",
            );
        }
        let matches: Vec<Pointer> = path
            .query_located(root)
            .iter()
            .map(|node| Pointer::from(node.location().to_json_pointer()))
            .collect();
        if matches.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(Code::OVERLAY_UNMATCHED, format!("`{target}` matches nothing in the document"))
                    .at((self.file, place.join("target")))
                    .remedy("adapt the action to the document, or remove it if the document has been corrected"),
            );
        }
        if remove {
            // From the end, so that indices of a list stay right.
            for pointer in matches.iter().rev() {
                self.remove(root, pointer);
            }
        } else if let Some(update) = action.get("update") {
            for pointer in &matches {
                if let Some(value) = root.pointer_mut(pointer.as_str()) {
                    self.update(value, update, pointer, &place.join("update"), true);
                }
            }
        }
    }

    fn remove(&mut self, root: &mut Value, pointer: &Pointer) {
        let (Some(parent), Some(last)) = (pointer.parent(), pointer.last()) else {
            return;
        };
        match root.pointer_mut(parent.as_str()) {
            Some(Value::Object(object)) => {
                object.shift_remove(last.as_ref());
            }
            Some(Value::Array(items)) => {
                let Some(index) = last.parse().ok().filter(|index| *index < items.len()) else {
                    return;
                };
                items.remove(index);
                for now in index..items.len() {
                    let before = self.origins.trace(FileId::ENTRY, &parent.join(now + 1));
                    self.origins
                        .record(&(FileId::ENTRY, parent.join(now)), before);
                }
            }
            _ => {}
        }
    }

    /// Objects are merged, lists extended, anything else replaced; a list that is the target itself takes one entry.
    fn update(
        &mut self,
        value: &mut Value,
        update: &Value,
        place: &Pointer,
        source: &Pointer,
        target: bool,
    ) {
        match (value, update) {
            (Value::Object(object), Value::Object(update)) => {
                self.merge(object, update, place, source);
            }
            (Value::Array(items), update) if target => {
                self.came(&place.join(items.len()), source);
                items.push(update.clone());
            }
            (Value::Array(items), Value::Array(more)) => {
                for (index, item) in more.iter().enumerate() {
                    self.came(&place.join(items.len()), &source.join(index));
                    items.push(item.clone());
                }
            }
            (value, update) => {
                self.came(place, source);
                *value = update.clone();
            }
        }
    }

    fn merge(
        &mut self,
        object: &mut Map<String, Value>,
        update: &Map<String, Value>,
        place: &Pointer,
        source: &Pointer,
    ) {
        for (key, update) in update {
            let (place, source) = (place.join(key), source.join(key));
            if let Some(value) = object.get_mut(key) {
                self.update(value, update, &place, &source, false);
            } else {
                self.came(&place, &source);
                object.insert(key.clone(), update.clone());
            }
        }
    }

    fn came(&mut self, place: &Pointer, source: &Pointer) {
        self.origins
            .record(&(FileId::ENTRY, place.clone()), (self.file, source.clone()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(mut root: Value, actions: &Value) -> (Value, Origins, Vec<(&'static str, String)>) {
        let overlay = json!({ "overlay": "1.0.0", "actions": actions });
        let mut origins = Origins::default();
        let mut diagnostics = Vec::new();
        apply(
            &mut root,
            &overlay,
            FileId(1),
            &mut origins,
            &mut diagnostics,
        );
        let said = diagnostics
            .iter()
            .map(|said| (said.code.as_str(), said.pointer.to_string()));
        (root, origins, said.collect())
    }

    #[test]
    fn updates_merge_and_keep_their_origin() {
        let (root, origins, said) = applied(
            json!({"paths": {"/a": {"get": {"tags": ["x"], "summary": "old"}}}, "tags": []}),
            &json!([
                {"target": "$.paths.*.get", "update": {"summary": "new", "tags": ["y"], "deprecated": true}},
                {"target": "$.tags", "update": {"name": "y"}},
            ]),
        );
        assert_eq!(said, []);
        let expected = json!({
            "paths": {"/a": {"get": {"tags": ["x", "y"], "summary": "new", "deprecated": true}}},
            "tags": [{"name": "y"}],
        });
        assert_eq!(root, expected);
        let author = |pointer: &str| {
            let (file, pointer) = origins.author(&Pointer::from(pointer));
            (file.0, pointer.to_string())
        };
        assert_eq!(
            author("/paths/~1a/get/tags/1"),
            (1, "/actions/0/update/tags/0".to_owned())
        );
        assert_eq!(
            author("/paths/~1a/get/tags/0"),
            (0, "/paths/~1a/get/tags/0".to_owned())
        );
        assert_eq!(
            author("/tags/0/name"),
            (1, "/actions/1/update/name".to_owned())
        );
    }

    #[test]
    fn removal_keeps_the_origin_of_what_follows() {
        let (root, origins, said) = applied(
            json!({"list": [{"n": 0}, {"n": 1}, {"n": 2}, {"n": 3}], "x": 1}),
            &json!([{"target": "$.list[?@.n == 0 || @.n == 2]", "remove": true}, {"target": "$.x", "remove": true}]),
        );
        assert_eq!(said, []);
        assert_eq!(root, json!({"list": [{"n": 1}, {"n": 3}]}));
        let author = |pointer: &str| origins.author(&Pointer::from(pointer)).1.to_string();
        assert_eq!(author("/list/0/n"), "/list/1/n");
        assert_eq!(author("/list/1/n"), "/list/3/n");
    }

    #[test]
    fn what_does_not_apply_is_an_error() {
        let (_, _, said) = applied(
            json!({"a": 1}),
            &json!([
                {"target": "$.b", "remove": true},
                {"target": "$[", "remove": true},
                {"target": "$.a"},
                {"update": {}},
            ]),
        );
        let expected = [
            ("CW0131", "/actions/0/target"),
            ("CW0130", "/actions/1/target"),
            ("CW0130", "/actions/2"),
            ("CW0130", "/actions/3"),
        ];
        assert_eq!(said, expected.map(|(code, place)| (code, place.to_owned())));
    }
}

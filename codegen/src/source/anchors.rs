//! Names that schemas of 3.1 and later give themselves: `$id`, `$anchor`, `$dynamicAnchor`, `$recursiveAnchor`, and `$self`.

use std::collections::HashMap;

use serde_json::Value;

use super::path::Path;
use crate::diagnostic::{FileId, Pointer};

/// The keywords without which a text needs no search.
const KEYWORDS: [&str; 5] = ["$anchor", "$dynamicAnchor", "$recursiveRef", "$id", "$self"];

/// A schema or document with a URI of its own.
struct Resource {
    pointer: Pointer,
    /// What local references below it may start with.
    keys: Vec<String>,
}

/// The names given in all files read so far.
#[derive(Default)]
pub(super) struct Anchors {
    any: bool,
    plain: HashMap<(FileId, String), Pointer>,
    dynamic: HashMap<(FileId, String), Vec<Pointer>>,
    recursive: HashMap<FileId, Vec<Pointer>>,
    identified: HashMap<String, (FileId, Pointer)>,
    resources: HashMap<FileId, Vec<Resource>>,
}

impl Anchors {
    /// Whether there is any name at all.
    pub(super) fn any(&self) -> bool {
        self.any
    }

    /// Notes the names given in a file.
    pub(super) fn gather(&mut self, file: FileId, text: &str, value: &Value) {
        if KEYWORDS.iter().any(|keyword| text.contains(keyword)) {
            let root = Pointer::root();
            self.search(file, value, &Path::Base(&root));
        }
    }

    fn search(&mut self, file: FileId, value: &Value, path: &Path<'_>) {
        match value {
            Value::Object(object) => {
                self.named(file, value, path);
                for (key, member) in object {
                    let data = matches!(
                        key.as_str(),
                        "example" | "examples" | "default" | "enum" | "const"
                    ) || super::extension(key);
                    if !data && (member.is_object() || member.is_array()) {
                        self.search(file, member, &path.key(key));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.search(file, item, &path.index(index));
                }
            }
            _ => {}
        }
    }

    fn named(&mut self, file: FileId, value: &Value, path: &Path<'_>) {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(name) = text("$anchor") {
            self.any = true;
            self.plain.insert((file, name), path.pointer());
        }
        if let Some(name) = text("$dynamicAnchor") {
            self.any = true;
            self.plain
                .entry((file, name.clone()))
                .or_insert_with(|| path.pointer());
            self.dynamic
                .entry((file, name))
                .or_default()
                .push(path.pointer());
        }
        if value.get("$recursiveAnchor") == Some(&Value::Bool(true)) {
            self.any = true;
            self.recursive.entry(file).or_default().push(path.pointer());
        }
        if let Some(uri) = text("$id").or_else(|| text("$self")) {
            self.any = true;
            let keys = value
                .as_object()
                .into_iter()
                .flat_map(|object| object.keys().cloned());
            self.resources.entry(file).or_default().push(Resource {
                pointer: path.pointer(),
                keys: keys.collect(),
            });
            self.identified
                .insert(uri.trim_end_matches('#').to_owned(), (file, path.pointer()));
        }
    }

    /// The schema with an `$anchor` (or the first with such a `$dynamicAnchor`).
    pub(super) fn find(&self, file: FileId, name: &str) -> Option<Pointer> {
        self.plain.get(&(file, name.to_owned())).cloned()
    }

    /// The only schema with a `$dynamicAnchor`.
    pub(super) fn dynamic(&self, file: FileId, name: &str) -> Option<Pointer> {
        match self.dynamic.get(&(file, name.to_owned()))?.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    /// The nearest schema around a place that calls itself recursive.
    pub(super) fn enclosing(&self, file: FileId, path: &Path<'_>) -> Option<Pointer> {
        let place = path.pointer();
        let around = self
            .recursive
            .get(&file)?
            .iter()
            .filter(|anchor| place.below(anchor).is_some());
        around.max_by_key(|anchor| anchor.as_str().len()).cloned()
    }

    /// What a reference means by the URIs that resources give themselves; `None` when that says nothing.
    pub(super) fn resource(
        &self,
        text: &str,
        file: FileId,
        path: &Path<'_>,
    ) -> Option<(FileId, Pointer)> {
        if !self.any {
            return None;
        }
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        if uri.is_empty() {
            return self.within_resource(fragment, file, path);
        }
        let (file, base) = self.identified.get(uri).or_else(|| {
            // Relative to the folder of an absolute identifier.
            let relative = uri.trim_start_matches("./");
            self.identified
                .iter()
                .filter(|(known, _)| known.contains("://") && !uri.contains("://"))
                .find(|(known, _)| {
                    known
                        .rsplit_once('/')
                        .is_some_and(|(_, last)| last == relative)
                })
                .map(|(_, found)| found)
        })?;
        if fragment.is_empty() {
            Some((*file, base.clone()))
        } else if fragment.starts_with('/') {
            Some((*file, base.append(&Pointer::from(fragment))))
        } else {
            Some((*file, self.find(*file, fragment)?))
        }
    }

    /// A local pointer below a schema with an `$id` is relative to that schema.
    fn within_resource(
        &self,
        fragment: &str,
        file: FileId,
        path: &Path<'_>,
    ) -> Option<(FileId, Pointer)> {
        let first = fragment.strip_prefix('/')?.split('/').next()?;
        let place = path.pointer();
        let around = self.resources.get(&file)?.iter().filter(|resource| {
            !resource.pointer.is_root() && place.below(&resource.pointer).is_some()
        });
        let nearest = around.max_by_key(|resource| resource.pointer.as_str().len())?;
        let own = nearest.keys.iter().any(|key| key == first);
        own.then(|| (file, nearest.pointer.append(&Pointer::from(fragment))))
    }
}

//! The last step of bundling: checks what references lead to, copies what has to be copied, and mounts the other files.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Bundle, Bundled, Expansion, covered, missing_target, mount};
use crate::diagnostic::{Code, Diagnostic, FileId, Pointer};
use crate::source::FILES_KEY;
use crate::source::grammar::{Kind, Place};

impl Bundle<'_> {
    pub(super) fn assemble(&mut self) -> Bundled {
        self.check_crossings();
        let places: Vec<_> = self.inlines.keys().cloned().collect();
        for place in &places {
            self.expand(place);
        }
        let mut root = std::mem::take(&mut self.values[0]);
        let mut mounted: HashMap<FileId, Vec<&Pointer>> = HashMap::new();
        for (file, pointer, _) in &self.parts {
            mounted.entry(*file).or_default().push(pointer);
        }
        let mut others = Map::new();
        for (id, value) in self.values.iter_mut().enumerate().skip(1) {
            if let Some(parts) = mounted.get(&FileId(id)) {
                let parts = parts
                    .iter()
                    .map(|part| part.tokens().map(Cow::into_owned).collect());
                prune(value, &parts.collect::<Vec<_>>());
                others.insert(id.to_string(), value.take());
                self.origins.record(
                    &(FileId::ENTRY, Pointer::from(mount(FileId(id)))),
                    (FileId(id), Pointer::root()),
                );
            }
        }
        if let (Value::Object(root), false) = (&mut root, others.is_empty()) {
            root.insert(FILES_KEY.to_owned(), others.into());
        }
        let names = std::mem::take(&mut self.names);
        Bundled {
            root,
            parts: self.outer_parts(),
            names: names
                .into_iter()
                .map(|((file, pointer), name)| (Pointer::from(mount(file)).append(&pointer), name))
                .collect(),
        }
    }

    /// The parts that no walk from the root, or from another part, lowers.
    fn outer_parts(&mut self) -> Vec<(Pointer, Kind)> {
        let mut parts = std::mem::take(&mut self.parts);
        parts.retain(|(file, ..)| !self.unread.contains(file));
        parts.sort_by_key(|(file, pointer, _)| (*file, pointer.as_str().len()));
        let mut kept: HashMap<FileId, HashMap<String, Place>> = HashMap::new();
        kept.entry(FileId::ENTRY)
            .or_default()
            .insert(String::new(), Place::ROOT);
        let mut outer = Vec::new();
        for (file, pointer, kind) in parts {
            let kept = kept.entry(file).or_default();
            if !covered(kept, &pointer, Place::one(kind)) {
                kept.insert(pointer.to_string(), Place::one(kind));
                outer.push((Pointer::from(mount(file)).append(&pointer), kind));
            }
        }
        outer
    }

    /// Reports references into other files that lead nowhere.
    fn check_crossings(&mut self) {
        for crossing in std::mem::take(&mut self.crossings) {
            let (file, pointer) = &crossing.target;
            if !self.unread.contains(file) && !reaches(&self.values[file.0], pointer) {
                let (file, pointer) = crossing.from;
                let place = self.origins.trace(file, &pointer);
                self.diagnostics
                    .push(missing_target(&crossing.text).at(place));
            }
        }
    }

    /// Copies the target of an inline reference into its place, targets within the target first.
    ///
    /// Returns whether the place holds its value now.
    fn expand(&mut self, place: &(FileId, Pointer)) -> bool {
        let Some(inline) = self.inlines.get_mut(place) else {
            return true;
        };
        match inline.state {
            Expansion::Done => return true,
            Expansion::Running => return false,
            Expansion::Waiting => inline.state = Expansion::Running,
        }
        let target = inline.target.clone();
        let mut whole = true;
        for inner in self.inlines_around(&target) {
            whole &= self.expand(&inner);
        }
        if !whole {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::REFERENCE_CYCLE,
                    "what this refers to contains this reference",
                )
                .at(self.origins.trace(place.0, &place.1.join("$ref")))
                .remedy("refer to a schema, a response or a parameter, which may be recursive"),
            );
        }
        let copy = self.values[target.0.0].pointer(target.1.as_str()).cloned();
        if let (true, Some(mut copy), Some(value)) = (
            whole,
            copy,
            self.values[place.0.0].pointer_mut(place.1.as_str()),
        ) {
            if let (Value::Object(copy), Value::Object(reference)) = (&mut copy, &mut *value) {
                for (key, sibling) in std::mem::take(reference) {
                    if key != "$ref" {
                        self.origins.record(
                            &(target.0, target.1.join(&key)),
                            (place.0, place.1.join(&key)),
                        );
                        copy.insert(key, sibling);
                    }
                }
            }
            *value = copy;
            let place = self.origins.trace(place.0, &place.1);
            self.origins.record(&place, target);
        }
        if let Some(inline) = self.inlines.get_mut(place) {
            inline.state = Expansion::Done;
        }
        whole
    }

    /// The inline references above, at and within a place.
    fn inlines_around(&self, place: &(FileId, Pointer)) -> Vec<(FileId, Pointer)> {
        let mut around = Vec::new();
        let mut above = place.1.parent();
        while let Some(pointer) = above {
            above = pointer.parent();
            if self.inlines.contains_key(&(place.0, pointer.clone())) {
                around.push((place.0, pointer));
            }
        }
        let within = self
            .inlines
            .range(place.clone()..)
            .take_while(|((file, pointer), _)| {
                *file == place.0 && pointer.as_str().starts_with(place.1.as_str())
            })
            .filter(|((_, pointer), _)| pointer.below(&place.1).is_some())
            .map(|(inner, _)| inner.clone());
        around.extend(within);
        around
    }
}

/// Whether a pointer leads to something, or through a reference of which that cannot be said here.
fn reaches(value: &Value, pointer: &Pointer) -> bool {
    let mut value = value;
    for token in pointer.tokens() {
        let next = match value {
            Value::Object(object) => object.get(token.as_ref()),
            Value::Array(items) => token.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return value.get("$ref").is_some(),
        }
    }
    true
}

/// Removes what no part is at, in or below: nothing walked there, so its references are still relative.
fn prune(value: &mut Value, parts: &[Vec<String>]) {
    let Value::Object(object) = value else {
        return;
    };
    if parts.iter().any(Vec::is_empty) {
        return;
    }
    let mut below: HashMap<&str, Vec<Vec<String>>> = HashMap::new();
    for part in parts {
        if let Some((first, rest)) = part.split_first() {
            below.entry(first).or_default().push(rest.to_vec());
        }
    }
    object.retain(|key, member| match below.get(key.as_str()) {
        Some(parts) => {
            prune(member, parts);
            true
        }
        None => false,
    });
}

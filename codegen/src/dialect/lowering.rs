//! What every step of lowering shares: where it is, what it has to say, what it moved, and the repair of plain values.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Dialect;
use crate::diagnostic::{Code, Diagnostic, FileId, Files, Pointer};
use crate::source::Origins;
pub(super) use crate::source::Path;

/// An object of the document.
pub(super) type Object = Map<String, Value>;

/// The state of one document's lowering.
pub(super) struct Lowering {
    pub(super) dialect: Dialect,
    pub(super) origins: Origins,
    pub(super) files: Files,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Where a reference by its key here has to lead instead.
    pub(super) relocated: HashMap<String, Pointer>,
}

/// A kind of plain value that a key takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// A string.
    Text,
    /// A boolean.
    Flag,
    /// A list of strings.
    Texts,
    /// A number.
    Number,
    /// A whole number that is not negative.
    Count,
}

impl Plain {
    fn noun(self) -> &'static str {
        match self {
            Plain::Text => "a text",
            Plain::Flag => "true or false",
            Plain::Texts => "a list of texts",
            Plain::Number => "a number",
            Plain::Count => "a whole number that is not negative",
        }
    }
}

/// What a value is, in words.
pub(super) fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl Lowering {
    /// The author's place of a value.
    pub(super) fn author(&self, path: &Path<'_>) -> (FileId, Pointer) {
        self.origins.author(&path.pointer())
    }

    /// Reports something about a value.
    pub(super) fn say(&mut self, path: &Path<'_>, diagnostic: Diagnostic) {
        let place = self.author(path);
        self.diagnostics.push(diagnostic.at(place));
    }

    /// Reports a repair.
    pub(super) fn repaired(&mut self, path: &Path<'_>, message: impl Into<String>) {
        let remedy = "write it as the specification asks, or correct it in an overlay";
        self.say(
            path,
            Diagnostic::new(Code::REPAIRED, message).remedy(remedy),
        );
    }

    /// Reports that something is left out because it cannot be read.
    pub(super) fn dropped(&mut self, path: &Path<'_>, message: impl Into<String>, remedy: &str) {
        self.say(path, Diagnostic::new(Code::DROPPED, message).remedy(remedy));
    }

    /// Records that what stands at `now` below an object stood at `before` below it.
    pub(super) fn moved(&mut self, object: &Path<'_>, now: &[&str], before: &[&str]) {
        let (file, place) = self.author(object);
        let below = |tokens: &[&str]| {
            tokens
                .iter()
                .fold(place.clone(), |pointer, token| pointer.join(token))
        };
        self.origins
            .record(&(file, below(now)), (file, below(before)));
    }

    /// Renames a key of an object, keeping its origin; an existing value of the new name is replaced.
    pub(super) fn rename(&mut self, object: &mut Object, path: &Path<'_>, from: &str, to: &str) {
        if let Some(value) = object.shift_remove(from) {
            object.insert(to.to_owned(), value);
            self.moved(path, &[to], &[from]);
        }
    }

    /// Makes a member an object, or removes it: null is absence, anything else is reported.
    ///
    /// Returns whether there is an object.
    pub(super) fn object(&mut self, parent: &mut Object, path: &Path<'_>, key: &str) -> bool {
        match parent.get(key) {
            Some(Value::Object(_)) => true,
            None => false,
            Some(Value::Null) => {
                parent.shift_remove(key);
                false
            }
            Some(other) => {
                let message = format!("`{key}` is an object, but this is {}", noun(other));
                self.dropped(
                    &path.key(key),
                    message,
                    "write an object, or remove the key",
                );
                parent.shift_remove(key);
                false
            }
        }
    }

    /// Makes a member a list, or removes it: null is absence, an object is taken as the only item.
    ///
    /// Returns whether there is a list.
    pub(super) fn list(&mut self, parent: &mut Object, path: &Path<'_>, key: &str) -> bool {
        match parent.get_mut(key) {
            Some(Value::Array(_)) => true,
            None => false,
            Some(Value::Null) => {
                parent.shift_remove(key);
                false
            }
            Some(single @ Value::Object(_)) => {
                let item = single.take();
                *single = Value::Array(vec![item]);
                self.repaired(
                    &path.key(key),
                    format!("`{key}` is a list; this object is taken as its only item"),
                );
                self.moved(path, &[key, "0"], &[key]);
                true
            }
            Some(other) => {
                let message = format!("`{key}` is a list, but this is {}", noun(other));
                self.dropped(&path.key(key), message, "write a list, or remove the key");
                parent.shift_remove(key);
                false
            }
        }
    }

    /// Makes members the plain values they have to be, or removes them.
    pub(super) fn plain(&mut self, object: &mut Object, path: &Path<'_>, fields: &[(&str, Plain)]) {
        for (key, kind) in fields {
            if let Some(value) = object.get_mut(*key)
                && !self.plain_value(value, &path.key(key), key, *kind)
            {
                object.shift_remove(*key);
            }
        }
    }

    /// Makes one value plain; false when it has to go.
    pub(super) fn plain_value(
        &mut self,
        value: &mut Value,
        path: &Path<'_>,
        key: &str,
        kind: Plain,
    ) -> bool {
        if fits(value, kind) {
            return true;
        }
        if value.is_null() {
            return false;
        }
        if let Some(repaired) = self.converted(value, path, kind) {
            let message = format!(
                "`{key}` is {}, but this is {}; it is read as {repaired}",
                kind.noun(),
                noun(value)
            );
            self.repaired(path, message);
            *value = repaired;
            return true;
        }
        let message = format!(
            "`{key}` is {}, but this is {}; it is ignored",
            kind.noun(),
            noun(value)
        );
        self.repaired(path, message);
        false
    }

    fn converted(&self, value: &Value, path: &Path<'_>, kind: Plain) -> Option<Value> {
        Some(match (kind, value) {
            (Plain::Text, Value::Bool(_) | Value::Number(_)) => self.written(value, path).into(),
            (Plain::Text, Value::Array(lines))
                if lines.iter().all(Value::is_string) && !lines.is_empty() =>
            {
                let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
                lines.join("\n").into()
            }
            (Plain::Flag, Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => true.into(),
                "false" | "no" | "0" => false.into(),
                _ => return None,
            },
            (Plain::Flag, Value::Number(number)) => (number.as_f64()? != 0.0).into(),
            (Plain::Texts, Value::String(text)) => vec![text.clone()].into(),
            (Plain::Texts, Value::Array(items)) => {
                let texts = items
                    .iter()
                    .enumerate()
                    .filter_map(|(index, item)| match item {
                        Value::String(text) => Some(text.clone()),
                        Value::Bool(_) | Value::Number(_) => {
                            Some(self.written(item, &path.index(index)))
                        }
                        _ => None,
                    });
                texts.collect::<Vec<_>>().into()
            }
            (Plain::Number, Value::String(text)) => {
                let number: Value = serde_json::from_str(text.trim()).ok()?;
                number.is_number().then_some(number)?
            }
            (Plain::Count, Value::String(text)) => text.trim().parse::<u64>().ok()?.into(),
            (Plain::Count, Value::Number(number)) => count(number.as_f64()?)?.into(),
            _ => return None,
        })
    }

    /// A scalar as its author wrote it: `1.10` stays `1.10`.
    pub(super) fn written(&self, value: &Value, path: &Path<'_>) -> String {
        let (file, pointer) = self.author(path);
        match (value, self.files.scalar(file, &pointer)) {
            (Value::String(text), _) => text.clone(),
            (Value::Number(_) | Value::Bool(_), Some(text)) => text.to_owned(),
            (other, _) => other.to_string(),
        }
    }

    /// Removes an `externalDocs` without a URL: it documents nothing.
    pub(super) fn external_docs(&mut self, object: &mut Object, path: &Path<'_>) {
        const KEY: &str = "externalDocs";
        if !self.object(object, path, KEY) {
            return;
        }
        let here = path.key(KEY);
        if let Some(Value::Object(docs)) = object.get_mut(KEY) {
            self.plain(
                docs,
                &here,
                &[("url", Plain::Text), ("description", Plain::Text)],
            );
            if !docs.contains_key("url") {
                self.say(
                    &here,
                    Diagnostic::new(Code::ASSUMED, "`externalDocs` without `url` is ignored"),
                );
                object.shift_remove(KEY);
            }
        }
    }
}

fn fits(value: &Value, kind: Plain) -> bool {
    match kind {
        Plain::Text => value.is_string(),
        Plain::Flag => value.is_boolean(),
        Plain::Number => value.is_number(),
        Plain::Count => value.is_u64(),
        Plain::Texts => value
            .as_array()
            .is_some_and(|items| items.iter().all(Value::is_string)),
    }
}

// The value is whole, not negative and below 2^53.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn count(value: f64) -> Option<u64> {
    (value >= 0.0 && value.fract() == 0.0 && value < 9_007_199_254_740_992.0)
        .then_some(value as u64)
}

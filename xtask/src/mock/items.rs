//! The made-up items of a list: one sample, numbered into as many as wanted, each with an id of its own.

use serde_json::{Map, Value, json};

use super::{
    document::Document,
    flatten::{Flat, flatten},
    paging::plain,
    parameter::Parameter,
    request::Pair,
    text,
};

const IDS: [&str; 8] = ["id", "uuid", "guid", "uid", "sid", "gid", "key", "nodeid"];
const NAMES: [&str; 6] = [
    "name",
    "title",
    "label",
    "displayname",
    "fullname",
    "subject",
];
const HANDLES: [&str; 5] = ["slug", "login", "username", "code", "handle"];

/// A list without an end; the sample is its first item.
pub(crate) struct Items {
    document: Document,
    flat: Flat,
    sample: Value,
    seed: String,
    /// The members that tell items apart.
    ids: Vec<String>,
    /// Booleans that a parameter filters by: true and false in turn.
    alternating: Vec<&'static str>,
}

impl Items {
    pub(crate) fn new(
        document: Document,
        schema: Option<&'static Value>,
        sample: Value,
        seed: &str,
    ) -> Self {
        let schemas: Vec<_> = schema.into_iter().collect();
        Self {
            document,
            flat: flatten(document, &schemas, &mut Vec::new(), 0),
            ids: id_members(&sample),
            sample,
            seed: seed.to_owned(),
            alternating: Vec::new(),
        }
    }

    /// The item at an index.
    pub(crate) fn item(&self, index: usize) -> Value {
        match &self.sample {
            sample if index == 0 => sample.clone(),
            Value::Object(sample) => Value::Object(self.numbered(sample, index)),
            sample if self.flat.allowed.is_some() => sample.clone(),
            sample => self.distinct("item", sample, &self.flat, index),
        }
    }

    /// The id of an item of this list.
    pub(crate) fn id(&self, item: &Value) -> Option<Value> {
        match self.ids.first() {
            Some(name) => item.get(name).cloned(),
            None => item.is_string().then(|| item.clone()),
        }
    }

    /// Where the item of that id is among those wanted.
    pub(crate) fn index_of(&self, wanted: &[usize], id: &str) -> Option<usize> {
        wanted
            .iter()
            .position(|index| match self.id(&self.item(*index)) {
                Some(Value::String(text)) => text == id,
                Some(Value::Number(number)) => id
                    .parse::<serde_json::Number>()
                    .is_ok_and(|id| id == number),
                _ => false,
            })
    }

    /// The indexes, below `total`, of the items that pass the filters of the query.
    ///
    /// A filter is a parameter named as a member of the item that is an enumeration or a boolean.
    pub(crate) fn filtered(
        &mut self,
        total: usize,
        filters: &[&Parameter],
        pairs: &[Pair],
    ) -> Vec<usize> {
        let mut conditions: Vec<(&str, Value)> = Vec::new();
        for (name, schemas) in &self.flat.properties {
            let flat = flatten(self.document, schemas, &mut Vec::new(), 0);
            let is_boolean = flat.kind() == Some("boolean");
            let Some(filter) = filters
                .iter()
                .find(|parameter| plain(&parameter.name) == plain(name))
            else {
                continue;
            };
            if is_boolean {
                self.alternating.push(name);
            }
            let is_closed = is_boolean || flat.allowed.is_some();
            conditions.extend(
                filter
                    .value(self.document, pairs)
                    .filter(|_| is_closed)
                    .map(|value| (*name, value)),
            );
        }
        let passes = |index: &usize| {
            let item = self.item(*index);
            conditions.iter().all(|(name, wanted)| {
                let has = item.get(name).unwrap_or(&Value::Null);
                wanted
                    .as_array()
                    .map_or(has == wanted, |any| any.contains(has))
            })
        };
        if conditions.is_empty() {
            (0..total).collect()
        } else {
            (0..total).filter(passes).collect()
        }
    }

    fn numbered(&self, sample: &Map<String, Value>, index: usize) -> Map<String, Value> {
        let mut item = sample.clone();
        for (name, value) in &mut item {
            let schemas = self.flat.property(name).unwrap_or_default();
            let flat = flatten(self.document, schemas, &mut Vec::new(), 0);
            let word = plain(name);
            let is_id = self.ids.contains(name);
            if self.alternating.contains(&name.as_str()) {
                *value = value
                    .as_bool()
                    .map_or(json!(false), |flag| json!(flag ^ (index % 2 == 1)));
                continue;
            }
            if let Some(allowed) = &flat.allowed {
                if self.flat.choices == 0 && self.flat.fixed.is_empty() && !is_id {
                    *value = next_of(allowed, value, index);
                }
                continue;
            }
            let changed = if is_id {
                self.distinct(name, value, &flat, index)
            } else {
                match value.as_str() {
                    Some(text) if NAMES.contains(&word.as_str()) => {
                        json!(format!("{text} {}", index + 1))
                    }
                    Some(text) if HANDLES.contains(&word.as_str()) => {
                        json!(format!("{text}-{}", index + 1))
                    }
                    Some(text) if word == "email" => {
                        json!(text.replacen('@', &format!("+{}@", index + 1), 1))
                    }
                    _ => continue,
                }
            };
            if is_id || is_short_enough(&flat, &changed) {
                *value = changed;
            }
        }
        if item == *sample {
            self.mark(&mut item, index);
        }
        item
    }

    /// Numbers the first text that is free to change, so that no two items are equal.
    fn mark(&self, item: &mut Map<String, Value>, index: usize) {
        for (name, value) in item {
            let schemas = self.flat.property(name).unwrap_or_default();
            let flat = flatten(self.document, schemas, &mut Vec::new(), 0);
            let is_free = flat.keyword("format").is_none() && flat.allowed.is_none();
            if let Some(text) = value.as_str().filter(|_| is_free) {
                let changed = json!(format!("{text} {}", index + 1));
                if is_short_enough(&flat, &changed) {
                    *value = changed;
                    return;
                }
            }
        }
    }

    /// A value like this one, but another for each index.
    fn distinct(&self, name: &str, value: &Value, flat: &Flat, index: usize) -> Value {
        let seed = text::seed(&[&self.seed, name, &index.to_string()]);
        match value {
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => json!(number.saturating_add(index as u64)),
                (_, Some(number)) => {
                    json!(number.saturating_add(i64::try_from(index).unwrap_or(i64::MAX)))
                }
                _ => value.clone(),
            },
            Value::String(text) => json!(distinct_text(text, flat, index, seed)),
            Value::Object(object) => Value::Object(self.numbered(object, index)),
            _ => value.clone(),
        }
    }
}

fn distinct_text(sample: &str, flat: &Flat, index: usize, seed: u64) -> String {
    let size = |keyword: &str| {
        flat.keyword(keyword)
            .and_then(Value::as_u64)
            .and_then(|size| usize::try_from(size).ok())
    };
    let (least, greatest) = (
        size("minLength").unwrap_or(0),
        size("maxLength").unwrap_or(usize::MAX),
    );
    let pattern = flat.keyword("pattern").and_then(Value::as_str);
    if is_uuid(sample) {
        return text::uuid(seed);
    }
    let format = flat.keyword("format").and_then(Value::as_str);
    if matches!(
        format,
        Some("date" | "date-time" | "time" | "duration" | "ipv4" | "ipv6" | "byte")
    ) {
        return sample.to_owned();
    }
    if let Some(text) = pattern.and_then(|pattern| text::of_pattern(pattern, least, greatest, seed))
    {
        return text;
    }
    let number = index + 1;
    let digits = sample
        .parse::<u64>()
        .ok()
        .filter(|_| !sample.starts_with('0'));
    let numbered = match digits {
        Some(known) => known.saturating_add(index as u64).to_string(),
        None if sample.contains("://") => format!("{}/{number}", sample.trim_end_matches('/')),
        None => format!("{sample}-{number}"),
    };
    if numbered.chars().count() <= greatest {
        return numbered;
    }
    let tail = number.to_string();
    let kept: String = sample
        .chars()
        .take(greatest.saturating_sub(tail.len()))
        .collect();
    kept + &tail
}

/// The members that are ids by name; else the first whose name ends so.
fn id_members(sample: &Value) -> Vec<String> {
    let names = || sample.as_object().into_iter().flat_map(Map::keys);
    let mut ids: Vec<_> = names()
        .filter(|name| IDS.contains(&plain(name).as_str()))
        .cloned()
        .collect();
    ids.sort_by_key(|name| IDS.iter().position(|known| *known == plain(name)));
    if ids.is_empty() {
        let ends_so = |name: &&String| {
            ["_id", "Id", "ID", "_uuid", "Uuid", "_sid"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        ids.extend(names().find(ends_so).cloned());
    }
    ids
}

fn next_of(allowed: &[&'static Value], value: &Value, index: usize) -> Value {
    let known: Vec<_> = allowed
        .iter()
        .copied()
        .filter(|value| !value.is_null())
        .collect();
    match known.iter().position(|candidate| *candidate == value) {
        Some(place) => known[(place + index) % known.len()].clone(),
        None => value.clone(),
    }
}

fn is_short_enough(flat: &Flat, value: &Value) -> bool {
    let greatest = flat.keyword("maxLength").and_then(Value::as_u64);
    let length = value.as_str().map_or(0, |text| text.chars().count() as u64);
    greatest.is_none_or(|greatest| length <= greatest) && flat.keyword("pattern").is_none()
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12]
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

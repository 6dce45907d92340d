//! Text that came without types, read as the values a schema expects. Must not know where the text was.

use serde_json::{Map, Value, json};

use super::{
    document::Document,
    flatten::{Flat, flatten},
};

/// What a serialization says before types are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    /// One text, or several of the same name.
    Leaf(Vec<String>),
    Node(Vec<(String, Tree)>),
}

/// Deeper text is read as it is: a schema of an array of itself has no end.
const MAX_DEPTH: usize = 8;

impl Tree {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Leaf(vec![text.into()])
    }

    /// Adds a text at `a[b][c]`; an empty key (`a[]`) adds an element.
    pub(crate) fn insert(&mut self, keys: &[&str], text: String) {
        match keys {
            [] => match self {
                Self::Leaf(texts) => texts.push(text),
                Self::Node(members) => members.push((String::new(), Self::text(text))),
            },
            [key, rest @ ..] => {
                if let Self::Leaf(texts) = self {
                    let texts = std::mem::take(texts).into_iter();
                    *self = Self::Node(
                        texts
                            .map(|text| (String::new(), Self::text(text)))
                            .collect(),
                    );
                }
                let Self::Node(members) = self else { return };
                let known = members
                    .iter()
                    .position(|(name, _)| name == key && !key.is_empty());
                let index = known.unwrap_or_else(|| {
                    members.push(((*key).to_owned(), Self::Leaf(Vec::new())));
                    members.len() - 1
                });
                members[index].1.insert(rest, text);
            }
        }
    }

    /// The texts as they are.
    fn plain(&self) -> Value {
        match self {
            Self::Leaf(texts) => match texts.as_slice() {
                [text] => json!(text),
                texts => json!(texts),
            },
            Self::Node(members) => members
                .iter()
                .map(|(name, tree)| (name.clone(), tree.plain()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}

/// Every schema alternative: one per branch of the first `oneOf`/`anyOf`.
pub(crate) fn alternatives(document: Document, schemas: &[&'static Value]) -> Vec<Flat> {
    let mut flats = Vec::new();
    loop {
        let flat = flatten(document, schemas, &mut Vec::new(), flats.len());
        let is_last = flats.len() + 1 >= flat.choices;
        flats.push(flat);
        if is_last {
            return flats;
        }
    }
}

/// The types a value of this alternative may have; `any` if it does not say.
pub(crate) fn kinds(flat: &Flat) -> Vec<&'static str> {
    match flat.keyword("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![flat.kind().unwrap_or("any")],
    }
}

/// The values the text may stand for, likeliest first; the text itself when it fits no type, so that a judge can say why.
pub(crate) fn readings(document: Document, schemas: &[&'static Value], tree: &Tree) -> Vec<Value> {
    read_at(document, schemas, tree, 0)
}

fn read_at(
    document: Document,
    schemas: &[&'static Value],
    tree: &Tree,
    depth: usize,
) -> Vec<Value> {
    let mut values = Vec::new();
    if depth < MAX_DEPTH {
        for flat in alternatives(document, schemas) {
            let mut kinds = kinds(&flat);
            // Any text is a string, so that reading comes last.
            kinds.sort_by_key(|kind| *kind == "string");
            if flat.nullable && tree == &Tree::text("null") {
                values.push(Value::Null);
            }
            values.extend(
                kinds
                    .into_iter()
                    .filter_map(|kind| read(document, &flat, kind, tree, depth)),
            );
        }
    }
    if values.is_empty() {
        values.push(tree.plain());
    }
    values
}

fn read(document: Document, flat: &Flat, kind: &str, tree: &Tree, depth: usize) -> Option<Value> {
    match (kind, tree) {
        ("array", tree) => array(document, flat, tree, depth),
        ("object", Tree::Node(members)) => Some(object(document, flat, members, depth)),
        ("object", Tree::Leaf(texts)) => match texts.as_slice() {
            [text] => serde_json::from_str(text).ok().filter(Value::is_object),
            _ => None,
        },
        ("any", tree) => Some(tree.plain()),
        (_, Tree::Node(_)) => None,
        (kind, Tree::Leaf(texts)) => match texts.as_slice() {
            [text] => scalar(kind, text),
            _ => None,
        },
    }
}

fn scalar(kind: &str, text: &str) -> Option<Value> {
    let number = || serde_json::from_str(text).ok().filter(Value::is_number);
    match kind {
        "integer" => number().filter(|value| value.is_i64() || value.is_u64()),
        "number" => number(),
        "boolean" => text.parse().ok().map(Value::Bool),
        "null" => (text == "null" || text.is_empty()).then_some(Value::Null),
        _ => Some(json!(text)),
    }
}

fn array(document: Document, flat: &Flat, tree: &Tree, depth: usize) -> Option<Value> {
    let items: Vec<_> = flat.keyword("items").into_iter().collect();
    let first = |tree: &Tree| {
        read_at(document, &items, tree, depth + 1)
            .into_iter()
            .next()
    };
    match tree {
        Tree::Leaf(texts) => {
            if let [text] = texts.as_slice() {
                let is_json = text.starts_with('[') && text.ends_with(']');
                if let Some(array) = is_json
                    .then(|| serde_json::from_str(text).ok())
                    .flatten()
                    .filter(Value::is_array)
                {
                    return Some(array);
                }
            }
            texts.iter().map(|text| first(&Tree::text(text))).collect()
        }
        Tree::Node(members) => {
            let is_list = members
                .iter()
                .all(|(name, _)| name.chars().all(|character| character.is_ascii_digit()));
            is_list.then(|| members.iter().map(|(_, tree)| first(tree)).collect())?
        }
    }
}

fn object(document: Document, flat: &Flat, members: &[(String, Tree)], depth: usize) -> Value {
    let additional: Vec<_> = flat.keyword("additionalProperties").into_iter().collect();
    let mut object = Map::new();
    for (name, tree) in members {
        let schemas = flat.property(name).unwrap_or(&additional);
        let reading = read_at(document, schemas, tree, depth + 1)
            .into_iter()
            .next();
        object.insert(name.clone(), reading.unwrap_or_default());
    }
    Value::Object(object)
}

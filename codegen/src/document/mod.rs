//! The lowered document as nodes with their pointers: reference lookup by full pointer and the
//! `openapiv3` model of a node. It must not know what becomes of a node.
//!
//! A node is read into its `openapiv3` type one at a time, with the schemas in it replaced by
//! references to where they stand. So one malformed node is one diagnostic and takes no other with it,
//! reading is linear in the document, and a `$ref` to any place is the same lookup as one to a
//! component. Schemas themselves are read keyword by keyword from their node ([`Node::get`]):
//! `openapiv3::Schema` has no place for `prefixItems` and its like, rounds limits to `f64`, and reading
//! it costs the square of the depth.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic, Pointer};
use crate::dialect::Lowered;
use crate::source::{Path, is_reported};

/// A value of the lowered document and where it stands.
#[derive(Debug, Clone)]
pub struct Node<'d> {
    /// The value.
    pub value: &'d Value,
    /// Where it stands in the lowered document.
    pub pointer: Pointer,
}

impl<'d> Node<'d> {
    /// The value under a key, where this is an object that has it.
    pub fn get(&self, key: &str) -> Option<Node<'d>> {
        let value = self.member(key)?;
        Some(Node {
            value,
            pointer: self.pointer.join(key),
        })
    }

    /// The value under a key, without its pointer.
    pub fn member(&self, key: &str) -> Option<&'d Value> {
        member(self.value.as_object()?, key)
    }

    /// The items of the list under a key, without their pointers; none where there is no list.
    pub fn values(&self, key: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
        let list = self.member(key).and_then(Value::as_array);
        list.into_iter().flatten()
    }

    /// The members of the object under a key, without their pointers; none where there is no object.
    pub fn entries(&self, key: &str) -> impl Iterator<Item = (&'d str, &'d Value)> + use<'d> {
        let map = self.member(key).and_then(Value::as_object);
        map.into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value))
    }

    /// Whether another node says the same: it is this one, or equal to it.
    pub fn is_same_as(&self, other: &Node<'_>) -> bool {
        std::ptr::eq(self.value, other.value) || self.value == other.value
    }

    /// The string under a key.
    pub fn str(&self, key: &str) -> Option<&'d str> {
        self.member(key)?.as_str()
    }

    /// Whether `true` stands under a key.
    pub fn flag(&self, key: &str) -> bool {
        self.member(key) == Some(&Value::Bool(true))
    }

    /// The members of an object with their keys, in order; none of anything else.
    pub fn members(&self) -> impl Iterator<Item = (&'d str, Node<'d>)> + use<'d> {
        let pointer = self.pointer.clone();
        let map: Option<&'d Map<String, Value>> = self.value.as_object();
        map.into_iter().flatten().map(move |(key, value)| {
            let pointer = pointer.join(key);
            (key.as_str(), Node { value, pointer })
        })
    }

    /// The items of an array, in order; none of anything else.
    pub fn items(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        let pointer = self.pointer.clone();
        let list: Option<&'d Vec<Value>> = self.value.as_array();
        list.into_iter()
            .flatten()
            .enumerate()
            .map(move |(index, value)| Node {
                value,
                pointer: pointer.join(index),
            })
    }

    /// The target of `$ref`, as the document writes it.
    pub fn reference(&self) -> Option<&'d str> {
        self.str("$ref")
    }
}

/// The lowered document.
#[derive(Debug, Clone, Copy)]
pub struct Document<'d> {
    lowered: &'d Lowered,
}

impl<'d> Document<'d> {
    /// A document to look nodes up in.
    pub fn new(lowered: &'d Lowered) -> Self {
        Self { lowered }
    }

    /// The whole document.
    pub fn root(&self) -> Node<'d> {
        Node {
            value: &self.lowered.value,
            pointer: Pointer::root(),
        }
    }

    /// The node at a pointer; references met on the way are followed.
    pub fn node(&self, pointer: &Pointer) -> Option<Node<'d>> {
        if let Some(value) = self.value_at(pointer) {
            return Some(Node {
                value,
                pointer: pointer.clone(),
            });
        }
        let mut node = self.root();
        for token in pointer.tokens() {
            node = self.enter(node, &token)?;
        }
        Some(node)
    }

    /// The value at a pointer, references not being followed.
    fn value_at(self, pointer: &Pointer) -> Option<&'d Value> {
        // What is neither empty nor begins with a slash is no pointer.
        if !pointer.is_root() && !pointer.as_str().starts_with('/') {
            return None;
        }
        let mut value = &self.lowered.value;
        for token in pointer.tokens() {
            value = inside(value, &token)?;
        }
        Some(value)
    }

    /// The child under a token, of the node or of what it refers to.
    fn enter(self, mut node: Node<'d>, token: &str) -> Option<Node<'d>> {
        for _ in 0..MAX_HOPS {
            if let Some(child) = child(&node, token) {
                return Some(child);
            }
            let pointer = local(node.reference()?)?;
            let value = self.value_at(&pointer)?;
            node = Node { value, pointer };
        }
        None
    }

    /// The node that a chain of references leads to; the node itself where it is no reference.
    ///
    /// # Errors
    /// A reference without a target and a cycle of references, placed at the reference; nothing where
    /// the reference was reported already when the document was read.
    pub fn follow(&self, node: &Node<'d>) -> Result<Node<'d>, Option<Box<Diagnostic>>> {
        let mut seen = Vec::new();
        let mut current = node.clone();
        while let Some(reference) = current.reference() {
            let here = std::ptr::from_ref(current.value);
            if seen.contains(&here) {
                let message = format!("`{reference}` leads back to itself");
                let diagnostic = self
                    .diagnostic(Code::REFERENCE_LOOP, node, message)
                    .remedy("let one of the references lead to a definition");
                return Err(Some(Box::new(diagnostic)));
            }
            seen.push(here);
            // An author who does not know of percent-encoding writes a `%` of a key as it is.
            let verbatim = || self.node(&Pointer::from(reference.strip_prefix('#')?));
            let target = local(reference)
                .and_then(|pointer| self.node(&pointer))
                .or_else(verbatim);
            current = target.ok_or_else(|| {
                let message = format!("`{reference}` names nothing in this document");
                (!is_reported(reference)).then(|| {
                    let diagnostic = self.diagnostic(Code::DANGLING, &current, message);
                    Box::new(diagnostic.remedy("correct the reference, or add what it names"))
                })
            })?;
        }
        Ok(current)
    }

    /// The `openapiv3` form of a node, with the schemas in it replaced by references to their places
    /// and the members named in `without` emptied (they are read as nodes of their own).
    ///
    /// # Errors
    /// What the specification does not allow, placed at the node.
    pub fn model<T: DeserializeOwned>(
        &self,
        node: &Node<'d>,
        without: &[&str],
    ) -> Result<T, Box<Diagnostic>> {
        let path = Path::Base(&node.pointer);
        let shallow = match node.value {
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, value)| {
                        let value = if without.contains(&key.as_str()) {
                            emptied(value)
                        } else {
                            hoist(key, value, &path.key(key))
                        };
                        (key.clone(), value)
                    })
                    .collect(),
            ),
            other => other.clone(),
        };
        T::deserialize(shallow).map_err(|error| {
            let diagnostic =
                self.diagnostic(Code::MALFORMED, node, format!("cannot be read: {error}"));
            Box::new(
                diagnostic.remedy("compare with the specification's definition of this object"),
            )
        })
    }

    /// How a person would call what stands at a pointer, where it came from another file.
    pub fn suggested_name(&self, pointer: &Pointer) -> Option<String> {
        self.lowered.names.get(pointer).cloned()
    }

    /// A diagnostic at a node, placed in the author's own document.
    pub fn diagnostic(
        &self,
        code: Code,
        node: &Node<'_>,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.diagnostic_at(code, &node.pointer, message)
    }

    /// A diagnostic at a pointer into the lowered document, placed in the author's own.
    pub fn diagnostic_at(
        &self,
        code: Code,
        pointer: &Pointer,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, message).at(self.lowered.author(pointer))
    }
}

fn child<'d>(node: &Node<'d>, token: &str) -> Option<Node<'d>> {
    Some(Node {
        value: inside(node.value, token)?,
        pointer: node.pointer.join(token),
    })
}

/// The value under a key.
fn member<'d>(map: &'d Map<String, Value>, key: &str) -> Option<&'d Value> {
    /// Up to this many keys, comparing each is faster than hashing the one that is sought.
    const FEW: usize = 12;
    if map.len() > FEW {
        return map.get(key);
    }
    let mut members = map.iter();
    members.find_map(|(own, value)| (own == key).then_some(value))
}

/// The member or item under a token.
fn inside<'d>(value: &'d Value, token: &str) -> Option<&'d Value> {
    match value {
        Value::Object(map) => member(map, token),
        // An index has no sign and no zeros before it (RFC 6901, section 4).
        Value::Array(_) if token.starts_with('+') || (token.starts_with('0') && token != "0") => {
            None
        }
        Value::Array(list) => list.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}

/// References in a row that are followed before a chain counts as endless.
const MAX_HOPS: usize = 64;

/// The pointer of a reference into the same document: its fragment is percent-encoded (RFC 6901, section 6).
pub fn local(reference: &str) -> Option<Pointer> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.contains('%') {
        return Some(Pointer::from(fragment));
    }
    let decoded = percent_encoding::percent_decode_str(fragment)
        .decode_utf8()
        .ok();
    Some(decoded.map_or_else(
        || Pointer::from(fragment),
        |decoded| Pointer::from(decoded.as_ref()),
    ))
}

/// An empty value of the same kind.
fn emptied(value: &Value) -> Value {
    match value {
        Value::Object(_) => Value::Object(Map::new()),
        Value::Array(_) => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}

/// Copies what `openapiv3` reads of a value: schemas become references to themselves, and what is free
/// data (examples, extensions) is left out.
fn hoist(key: &str, value: &Value, path: &Path<'_>) -> Value {
    match (key, value) {
        ("schema", Value::Object(schema)) if member(schema, "$ref").is_none() => Value::Object(
            Map::from_iter([("$ref".to_owned(), format!("#{}", path.pointer()).into())]),
        ),
        ("example" | "examples" | "default", _) => value.clone(),
        (_, Value::Object(map)) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), hoist(key, value, &path.key(key))))
                .collect(),
        ),
        (_, Value::Array(list)) => Value::Array(
            list.iter()
                .enumerate()
                .map(|(index, value)| hoist("", value, &path.index(index)))
                .collect(),
        ),
        _ => value.clone(),
    }
}

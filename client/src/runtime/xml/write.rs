//! JSON text to XML text, in the order of the JSON.
//! It must not know types.

use super::super::argument::Shape as Value;
use super::super::json::Fault;
use super::{DEPTH_LIMIT, Form, Node, Shape};

/// The XML of a JSON text.
pub(super) fn xml(json: &str, root: &'static Node) -> Result<String, Fault> {
    let value = Value::of(json)?;
    let mut output = Output {
        text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
        bound: Vec::new(),
        depth: 0,
    };
    output.element(root.name(), root, &value)?;
    Ok(output.text)
}

struct Output {
    text: String,
    /// The prefixes that are bound here, with their namespaces, the innermost last.
    bound: Vec<(&'static str, &'static str)>,
    depth: u32,
}

impl Output {
    fn element(&mut self, name: &str, node: &'static Node, value: &Value) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(Fault::new(format!(
                "elements would be nested more than {DEPTH_LIMIT} levels deep"
            )));
        }
        let outside = self.bound.len();
        let name = qualified(name, node.prefix)?;
        self.text.extend(["<", &name]);
        self.bind(node.prefix, node.namespace)?;
        if let (Shape::Object { members, .. }, Value::Object(entries)) = (node.shape, value) {
            self.attributes(members, entries)?;
        }
        self.text.push('>');
        let start = self.text.len();
        self.content(node.shape, value)?;
        if self.text.len() == start {
            self.text.pop();
            self.text.push_str("/>");
        } else {
            self.text.extend(["</", &name, ">"]);
        }
        self.bound.truncate(outside);
        self.depth -= 1;
        Ok(())
    }

    /// Declares a namespace unless the prefix means it already.
    fn bind(&mut self, prefix: &'static str, namespace: &'static str) -> Result<(), Fault> {
        let known = self.bound.iter().rev().find(|(bound, _)| *bound == prefix);
        if namespace.is_empty() || known.is_some_and(|(_, known)| *known == namespace) {
            return Ok(());
        }
        self.bound.push((prefix, namespace));
        let colon = if prefix.is_empty() { "" } else { ":" };
        self.text.extend([" xmlns", colon, prefix, "=\""]);
        self.escaped(namespace, true)?;
        self.text.push('"');
        Ok(())
    }

    /// The properties that are attributes, those of objects without an element among them.
    fn attributes(
        &mut self,
        members: &'static [Node],
        entries: &[(String, Value)],
    ) -> Result<(), Fault> {
        for (key, value) in entries {
            let Some(node) = members.iter().find(|node| node.key == key) else {
                continue;
            };
            match (node.form, node.shape, value) {
                (Form::Attribute, _, Value::Null) => {}
                (Form::Attribute, ..) => {
                    let name = qualified(node.name(), node.prefix)
                        .map_err(|fault| fault.under_key(key))?;
                    // A namespace without a prefix is that of elements (XML namespaces, section 6.2).
                    if !node.prefix.is_empty() {
                        self.bind(node.prefix, node.namespace)?;
                    }
                    self.text.extend([" ", &name, "=\""]);
                    self.escaped(&flat(value), true)
                        .map_err(|fault| fault.under_key(key))?;
                    self.text.push('"');
                }
                (Form::Inline, Shape::Object { members, .. }, Value::Object(entries)) => {
                    self.attributes(members, entries)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What stands inside of an element.
    fn content(&mut self, shape: &'static Shape, value: &Value) -> Result<(), Fault> {
        match (shape, value) {
            (_, Value::Null) => Ok(()),
            (Shape::Object { members, rest }, Value::Object(entries)) => {
                for (key, value) in entries {
                    let node = members.iter().find(|node| node.key == key);
                    match (node, rest) {
                        (Some(node), _) => self.member(node.name(), node, value),
                        (None, Some(rest)) => self.member(key, rest, value),
                        // The tag of a union that its members do not have.
                        (None, None) => self.member(key, &ANY, value),
                    }
                    .map_err(|fault| fault.under_key(key))?;
                }
                Ok(())
            }
            (Shape::Array { item }, Value::List(values)) => self.items(item.name(), item, values),
            (Shape::Any, Value::Object(entries)) => {
                for (key, value) in entries {
                    match key.as_str() {
                        "$text" => self.escaped(&flat(value), false),
                        key => self.member(key, &ANY, value),
                    }
                    .map_err(|fault| fault.under_key(key))?;
                }
                Ok(())
            }
            (Shape::Any, Value::List(values)) => self.items("item", &ANY, values),
            (_, value) => self.escaped(&flat(value), false),
        }
    }

    /// A property in its place; `null` has none.
    fn member(&mut self, name: &str, node: &'static Node, value: &Value) -> Result<(), Fault> {
        match (node.form, node.shape, value) {
            (_, _, Value::Null) | (Form::Attribute, ..) => Ok(()),
            (Form::Text, ..) => self.escaped(&flat(value), false),
            (Form::Cdata, ..) => self.cdata(&flat(value)),
            (Form::Inline, Shape::Array { item }, Value::List(values)) => {
                let name = if item.name().is_empty() {
                    name
                } else {
                    item.name()
                };
                self.items(name, item, values)
            }
            (Form::Inline, shape, value) => {
                self.depth += 1;
                if self.depth > DEPTH_LIMIT {
                    return Err(Fault::new("an object holds itself without an element"));
                }
                self.content(shape, value)?;
                self.depth -= 1;
                Ok(())
            }
            // Any value that is a list is several elements, as it is read.
            (Form::Element, Shape::Any, Value::List(values)) => self.items(name, node, values),
            (Form::Element, ..) => self.element(name, node, value),
        }
    }

    fn items(&mut self, name: &str, item: &'static Node, values: &[Value]) -> Result<(), Fault> {
        for (index, value) in values.iter().enumerate() {
            self.element(name, item, value)
                .map_err(|fault| fault.under_index(index))?;
        }
        Ok(())
    }

    /// Text without what XML would take for markup, or would change when reading (XML 1.0, sections 2.2, 2.11, 3.3.3).
    fn escaped(&mut self, text: &str, attribute: bool) -> Result<(), Fault> {
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' if attribute => self.text.push_str("&quot;"),
                '\r' => self.text.push_str("&#13;"),
                '\t' if attribute => self.text.push_str("&#9;"),
                '\n' if attribute => self.text.push_str("&#10;"),
                character => self.text.push(allowed(character)?),
            }
        }
        Ok(())
    }

    fn cdata(&mut self, text: &str) -> Result<(), Fault> {
        self.text.push_str("<![CDATA[");
        for (index, piece) in text.split("]]>").enumerate() {
            if index > 0 {
                self.text.push_str("]]]]><![CDATA[>");
            }
            for character in piece.chars() {
                self.text.push(allowed(character)?);
            }
        }
        self.text.push_str("]]>");
        Ok(())
    }
}

static ANY: Node = Node {
    shape: &Shape::Any,
    ..Node::DEFAULT
};

/// The text of a value in a place that holds nothing else.
fn flat(value: &Value) -> String {
    match value {
        Value::List(values) => {
            let words: Vec<_> = values.iter().map(Value::text).collect();
            words.join(" ")
        }
        value => value.text().into_owned(),
    }
}

fn allowed(character: char) -> Result<char, Fault> {
    if matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
    {
        let code = u32::from(character);
        return Err(Fault::new(format!(
            "XML cannot hold the character U+{code:04X}"
        )));
    }
    Ok(character)
}

/// A name with its prefix; a [`Fault`] where XML does not allow it (XML 1.0, section 2.3).
fn qualified(name: &str, prefix: &str) -> Result<String, Fault> {
    let starts = |c: char| c.is_alphabetic() || c == '_';
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}');
    let is_name = |part: &str| part.starts_with(starts) && part.chars().all(continues);
    let (own, local) = match name.split_once(':') {
        Some((own, local)) => (Some(own), local),
        None => (None, name),
    };
    if !is_name(local) || !own.is_none_or(is_name) || !(prefix.is_empty() || is_name(prefix)) {
        let name: String = name.chars().take(60).collect();
        return Err(Fault::new(format!(
            "`{}` is no name in XML",
            name.escape_debug()
        )));
    }
    Ok(match (own, prefix) {
        (None, prefix) if !prefix.is_empty() => format!("{prefix}:{local}"),
        _ => name.to_owned(),
    })
}

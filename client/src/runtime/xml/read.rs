//! XML text to JSON text in one pass: what no shape knows is stepped over and never kept.
//! It must not know types.

use std::borrow::Cow;

use indexmap::IndexMap;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::argument::quoted;
use super::super::json::Fault;
use super::scalar::{flat, scalar};
use super::{DEPTH_LIMIT, Form, Node, Shape};

/// More attributes of one element are a [`Fault`]: each is compared with those before it.
const MOST_ATTRIBUTES: usize = 256;

/// The JSON text of a document.
pub(super) fn json(xml: &str, root: &'static Node) -> Result<String, Fault> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    let mut input = Input { reader, depth: 0 };
    let start = loop {
        match input.next()? {
            Token::Open(start) => break start,
            Token::Text(text) if text.trim().is_empty() => {}
            Token::Text(_) => {
                return Err(input.fault("the document is not XML: it starts with text"));
            }
            Token::Close | Token::End => return Err(input.fault("the document has no element")),
        }
    };
    if local(start.name().0).eq_ignore_ascii_case("html") && root.name() != "html" {
        return Err(input.fault("the document is HTML: the base URL may lead to a web page"));
    }
    let mut out = String::with_capacity(xml.len());
    input.value(&start, root.shape, &mut out)?;
    loop {
        match input.next()? {
            Token::End => return Ok(out),
            Token::Text(text) if text.trim().is_empty() => {}
            _ => return Err(input.fault("something follows the root element")),
        }
    }
}

enum Token<'a> {
    Open(BytesStart<'a>),
    Close,
    Text(Cow<'a, str>),
    End,
}

struct Input<'a> {
    reader: Reader<&'a [u8]>,
    depth: u32,
}

impl<'a> Input<'a> {
    #[cold]
    fn fault(&self, message: &str) -> Fault {
        let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        Fault::at(message.to_owned(), offset)
    }

    #[cold]
    fn malformed(&self, error: &dyn std::fmt::Display) -> Fault {
        let offset = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        Fault::at(format!("the document is not XML: {error}"), offset)
    }

    fn next(&mut self) -> Result<Token<'a>, Fault> {
        loop {
            let event = self.reader.read_event();
            return Ok(match event.map_err(|error| self.malformed(&error))? {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    if self.depth > DEPTH_LIMIT {
                        return Err(self.fault(&format!(
                            "elements are nested more than {DEPTH_LIMIT} levels deep"
                        )));
                    }
                    Token::Open(start)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::Close
                }
                Event::Text(text) => Token::Text(text.xml10_content()),
                Event::CData(text) => Token::Text(text.xml10_content()),
                Event::GeneralRef(reference) => Token::Text(self.referred(&reference)?),
                Event::DocType(dtd) if dtd.contains('[') => {
                    return Err(
                        self.fault("the document declares entities of its own, which are not read")
                    );
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
                Event::Eof if self.depth > 0 => {
                    return Err(self.fault("the document ends inside of an element"));
                }
                Event::Eof => Token::End,
            });
        }
    }

    /// The text of a reference: a character or one of the five entities that need no declaration.
    fn referred(&self, reference: &BytesRef<'a>) -> Result<Cow<'a, str>, Fault> {
        let text = match &**reference {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "apos" => "'",
            "quot" => "\"",
            name => {
                return match reference.resolve_char_ref() {
                    Ok(Some(character)) => Ok(character.to_string().into()),
                    Ok(None) => Err(self.fault(&format!(
                        "the entity `{}` is not declared",
                        name.chars().take(60).collect::<String>().escape_debug()
                    ))),
                    Err(error) => Err(self.malformed(&error)),
                };
            }
        };
        Ok(text.into())
    }

    /// Steps over the rest of an element.
    fn skip(&mut self) -> Result<(), Fault> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// The text of an element, without that of elements inside.
    fn text(&mut self) -> Result<Cow<'a, str>, Fault> {
        let mut all = Cow::Borrowed("");
        loop {
            match self.next()? {
                Token::Text(text) if all.is_empty() => all = text,
                Token::Text(text) => all.to_mut().push_str(&text),
                Token::Open(_) => self.skip()?,
                Token::Close | Token::End => return Ok(all),
            }
        }
    }

    /// The attributes by their local names, without those that are XML's own.
    fn attributes(&self, start: &BytesStart<'a>) -> Result<Attributes, Fault> {
        let mut found = Attributes::default();
        for (count, attribute) in start.attributes().enumerate() {
            let attribute = attribute.map_err(|error| self.malformed(&error))?;
            if count >= MOST_ATTRIBUTES {
                return Err(self.fault("an element has more than 256 attributes"));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.malformed(&error))?;
            let name = attribute.key.0;
            match name.split_once(':') {
                Some(("xsi", "nil")) => found.nil = matches!(value.trim(), "true" | "1"),
                Some(("xml" | "xmlns" | "xsi", _)) => {}
                None if name == "xmlns" => {}
                _ => found
                    .pairs
                    .push((local(name).to_owned(), value.into_owned())),
            }
        }
        Ok(found)
    }

    /// Writes the JSON of an element that has begun, up to its end.
    fn value(
        &mut self,
        start: &BytesStart<'a>,
        shape: &'static Shape,
        out: &mut String,
    ) -> Result<(), Fault> {
        let attributes = self.attributes(start)?;
        if attributes.nil {
            out.push_str("null");
            return self.skip();
        }
        match shape {
            Shape::Object { members, rest } => self.object(&attributes, members, *rest, out),
            Shape::Array { item } => self.items(item, out),
            Shape::Any => self.anything(attributes, out),
            _ => {
                scalar(&self.text()?, shape, out);
                Ok(())
            }
        }
    }

    /// The elements of a wrapped array. Whatever they are called they are its items: what else would stand there?
    fn items(&mut self, item: &'static Node, out: &mut String) -> Result<(), Fault> {
        out.push('[');
        let mut count = 0;
        loop {
            match self.next()? {
                Token::Open(start) => {
                    if count > 0 {
                        out.push(',');
                    }
                    self.value(&start, item.shape, out)
                        .map_err(|fault| fault.under_index(count))?;
                    count += 1;
                }
                Token::Text(_) => {}
                Token::Close | Token::End => break,
            }
        }
        out.push(']');
        Ok(())
    }

    fn object(
        &mut self,
        attributes: &Attributes,
        members: &'static [Node],
        rest: Option<&'static Node>,
        out: &mut String,
    ) -> Result<(), Fault> {
        let mut frame = Frame::of(members, 0);
        let mut others: IndexMap<String, String> = IndexMap::new();
        for (name, value) in &attributes.pairs {
            if let Some((node, slot)) = frame.find(&|node| named(node, Form::Attribute, name)) {
                slot.clear();
                flat(value, node.shape, slot);
            }
        }
        let mut text = String::new();
        loop {
            match self.next()? {
                Token::Open(start) => {
                    let name = local(start.name().0).to_owned();
                    if let Some((node, slot)) = frame.find(&|node| holds(node, &name)) {
                        self.member(&start, node, slot)?;
                    } else if let Some(rest) = rest.filter(|_| !frame.has_key(&name)) {
                        let slot = others.entry(name.clone()).or_default();
                        self.member(&start, rest, slot)
                            .map_err(|fault| fault.under_key(&name))?;
                    } else {
                        self.skip()?;
                    }
                }
                Token::Text(piece) => text.push_str(&piece),
                Token::Close | Token::End => break,
            }
        }
        let is_text = |node: &Node| matches!(node.form, Form::Text | Form::Cdata);
        if let Some((node, slot)) = frame.find(&is_text)
            && (node.required || !text.is_empty())
        {
            flat(&text, node.shape, slot);
        }
        out.push('{');
        let mut comma = false;
        frame.write(out, &mut comma);
        for (key, json) in &others {
            write_key(key, out, &mut comma);
            out.push_str(json);
            close(rest, json, out);
        }
        out.push('}');
        Ok(())
    }

    /// Reads an element into the place of its property.
    fn member(
        &mut self,
        start: &BytesStart<'a>,
        node: &'static Node,
        slot: &mut String,
    ) -> Result<(), Fault> {
        let shape = if let (Form::Inline, Shape::Array { item }) = (node.form, node.shape) {
            slot.push(if slot.is_empty() { '[' } else { ',' });
            item.shape
        } else {
            slot.clear();
            node.shape
        };
        self.value(start, shape, slot).map_err(|fault| {
            if node.key.is_empty() {
                fault
            } else {
                fault.under_key(node.key)
            }
        })
    }

    fn anything(&mut self, attributes: Attributes, out: &mut String) -> Result<(), Fault> {
        let mut entries: IndexMap<String, Vec<String>> = IndexMap::new();
        for (name, value) in attributes.pairs {
            entries.entry(name).or_default().push(quoted(&value));
        }
        let mut text = String::new();
        loop {
            match self.next()? {
                Token::Open(start) => {
                    let name = local(start.name().0).to_owned();
                    let mut value = String::new();
                    self.value(&start, &Shape::Any, &mut value)
                        .map_err(|fault| fault.under_key(&name))?;
                    entries.entry(name).or_default().push(value);
                }
                Token::Text(piece) => text.push_str(&piece),
                Token::Close | Token::End => break,
            }
        }
        if entries.is_empty() {
            out.push_str(&quoted(&text));
            return Ok(());
        }
        if !text.trim().is_empty() {
            entries.insert("$text".to_owned(), vec![quoted(text.trim())]);
        }
        out.push('{');
        let mut comma = false;
        for (key, values) in &entries {
            write_key(key, out, &mut comma);
            match values.as_slice() {
                [value] => out.push_str(value),
                values => out.extend(["[", &values.join(","), "]"]),
            }
        }
        out.push('}');
        Ok(())
    }
}

#[derive(Default)]
struct Attributes {
    pairs: Vec<(String, String)>,
    nil: bool,
}

/// The JSON of an object's properties while its element is read.
struct Frame {
    slots: Vec<(&'static Node, String, Option<Self>)>,
}

impl Frame {
    fn of(members: &'static [Node], depth: u32) -> Self {
        let slots = members.iter().map(|node| {
            let inner = match (node.form, node.shape) {
                // An object that holds itself without an element of its own has no end, and may hold itself twice.
                (Form::Inline, Shape::Object { members, .. }) if depth < 4 => {
                    Some(Self::of(members, depth + 1))
                }
                _ => None,
            };
            (node, String::new(), inner)
        });
        Self {
            slots: slots.collect(),
        }
    }

    fn find(&mut self, wanted: &dyn Fn(&Node) -> bool) -> Option<(&'static Node, &mut String)> {
        for (node, slot, inner) in &mut self.slots {
            let node: &'static Node = node;
            match inner {
                Some(inner) => {
                    if let Some(found) = inner.find(wanted) {
                        return Some(found);
                    }
                }
                None if wanted(node) => return Some((node, slot)),
                None => {}
            }
        }
        None
    }

    fn has_key(&self, key: &str) -> bool {
        self.slots.iter().any(|(node, ..)| node.key == key)
    }

    fn is_empty(&self) -> bool {
        self.slots
            .iter()
            .all(|(_, slot, inner)| slot.is_empty() && inner.as_ref().is_none_or(Self::is_empty))
    }

    fn write(&self, out: &mut String, comma: &mut bool) {
        for (node, slot, inner) in &self.slots {
            match inner {
                Some(inner) if node.required || !inner.is_empty() => {
                    write_key(node.key, out, comma);
                    out.push('{');
                    inner.write(out, &mut false);
                    out.push('}');
                }
                Some(_) => {}
                None if slot.is_empty() => {
                    if node.required && is_list(node) {
                        write_key(node.key, out, comma);
                        out.push_str("[]");
                    }
                }
                None => {
                    write_key(node.key, out, comma);
                    out.push_str(slot);
                    close(Some(node), slot, out);
                }
            }
        }
    }
}

/// Whether the items of an array stand in its parent.
fn is_list(node: &Node) -> bool {
    node.form == Form::Inline && matches!(node.shape, Shape::Array { .. })
}

/// Ends the array of items that stand in their parent.
fn close(node: Option<&Node>, json: &str, out: &mut String) {
    if node.is_some_and(is_list) && json.starts_with('[') {
        out.push(']');
    }
}

fn named(node: &Node, form: Form, name: &str) -> bool {
    node.form == form && local(node.name()) == name
}

/// Whether an element is a property, or an item of it.
fn holds(node: &Node, name: &str) -> bool {
    match (node.form, node.shape) {
        (Form::Inline, Shape::Array { item }) => local(item.name()) == name,
        _ => named(node, Form::Element, name),
    }
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

fn write_key(key: &str, out: &mut String, comma: &mut bool) {
    if std::mem::replace(comma, true) {
        out.push(',');
    }
    out.push_str(&quoted(key));
    out.push(':');
}

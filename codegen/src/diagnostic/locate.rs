//! From a pointer to a line and column of the text it points into; scans a text when first asked and never fails.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::files::{FileId, Files, Syntax};
use super::pointer::Pointer;

/// A place in a text, for a person and for an editor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Location {
    /// The name of the file as shown to the user.
    pub file: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
}

/// What a pointer leads to in a text.
pub(super) struct Spot {
    /// The bytes to mark: a scalar itself, the key of anything else.
    pub(super) mark: Range<usize>,
    /// The bytes of the value, where it is a scalar that the pointer names exactly.
    scalar: Option<Range<usize>>,
}

impl Files {
    /// Where a pointer leads in a file; the nearest ancestor that exists when the value itself does not.
    ///
    /// A scalar is found at its own start, an object or list at its key.
    pub fn locate(&self, file: FileId, pointer: &Pointer) -> Location {
        let entry = self.get(file);
        let spot = entry.index().spot(entry.text(), pointer);
        let (line, column) = line_column(entry.text(), spot.mark.start);
        Location {
            file: entry.name().to_owned(),
            line,
            column,
        }
    }

    /// Seeks what [`Files::locate`] will be asked for.
    pub(crate) fn foresee(&self, file: FileId, pointer: &Pointer) {
        let entry = self.get(file);
        entry.index().spot(entry.text(), pointer);
    }

    /// The text of a scalar exactly as the author wrote it, for numbers that lose digits when read.
    pub fn scalar(&self, file: FileId, pointer: &Pointer) -> Option<&str> {
        let entry = self.get(file);
        let spot = entry.index().spot(entry.text(), pointer);
        entry.text().get(spot.scalar?)
    }
}

/// Line and column, both 1-based, the column in characters, of a byte offset.
pub(super) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// Positions of the values of one text.
pub(super) enum Index {
    Json(JsonNode),
    Yaml(YamlTree),
}

impl Index {
    pub(super) fn new(text: &str, syntax: Syntax) -> Self {
        match syntax {
            Syntax::Json => {
                let start = text.len() - text.trim_start().len();
                Index::Json(JsonNode::new(None, start..text.trim_end().len()))
            }
            Syntax::Yaml => Index::Yaml(YamlTree::new(text)),
        }
    }

    pub(super) fn spot(&self, text: &str, pointer: &Pointer) -> Spot {
        match self {
            Index::Json(root) => root.spot(text, pointer),
            Index::Yaml(tree) => tree.spot(text, pointer),
        }
    }
}

/// A JSON value whose members are looked up when a pointer first passes through it.
pub(super) struct JsonNode {
    key: Option<Range<usize>>,
    value: Range<usize>,
    members: OnceLock<HashMap<String, JsonNode>>,
}

impl JsonNode {
    fn new(key: Option<Range<usize>>, value: Range<usize>) -> Self {
        Self {
            key,
            value,
            members: OnceLock::new(),
        }
    }

    fn spot(&self, text: &str, pointer: &Pointer) -> Spot {
        let mut node = self;
        let mut exact = true;
        for token in pointer.tokens() {
            let members = node.members.get_or_init(|| members(text, &node.value));
            let Some(child) = members.get(token.as_ref()) else {
                exact = false;
                break;
            };
            node = child;
        }
        let container = text[node.value.start..].starts_with(['{', '[']);
        let mark = match &node.key {
            Some(key) if container => key.clone(),
            _ if container => node.value.start..(node.value.start + 1).min(text.len()),
            _ => node.value.clone(),
        };
        Spot {
            mark,
            scalar: (exact && !container).then(|| node.value.clone()),
        }
    }
}

fn members(text: &str, value: &Range<usize>) -> HashMap<String, JsonNode> {
    let slice = &text[value.clone()];
    let range = |raw: &str| {
        // serde_json borrows raw values from the text it was given.
        let start = raw.as_ptr() as usize - text.as_ptr() as usize;
        start..start + raw.len()
    };
    let pairs = if slice.starts_with('{') {
        serde_json::from_str::<Members<'_>>(slice).map(|members| members.0)
    } else if slice.starts_with('[') {
        serde_json::from_str::<Items<'_>>(slice).map(|items| items.0)
    } else {
        Ok(Vec::new())
    };
    pairs
        .unwrap_or_default()
        .into_iter()
        .map(|(name, key, value)| {
            let key = key.map(|key| range(key.get()));
            (name, JsonNode::new(key, range(value.get())))
        })
        .collect()
}

type Member<'a> = (String, Option<&'a RawValue>, &'a RawValue);

struct Members<'a>(Vec<Member<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    let name = serde_json::from_str(key.get()).unwrap_or_default();
                    members.push((name, Some(key), value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

struct Items<'a>(Vec<Member<'a>>);

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Items<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(value) = seq.next_element::<&RawValue>()? {
                    items.push((items.len().to_string(), None, value));
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Collect)
    }
}

/// The values of a YAML text, as far as it parses. Large texts have many, of which few are asked for: a value is as small as
/// may be, and sought among its neighbours.
pub(super) struct YamlTree {
    nodes: Vec<YamlNode>,
}

/// A place in a text or a list; no text is so long that it does not fit.
type Place = u32;

/// No node.
const NONE: Place = Place::MAX;

struct YamlNode {
    /// Empty for items of lists.
    key: Range<Place>,
    /// The key, where it is not what stands there.
    name: Option<Box<str>>,
    value: Range<Place>,
    /// Worth marking by itself: a scalar on one line.
    inline: bool,
    list: bool,
    /// The anchored node that an alias stands for.
    alias: Place,
    /// Its first member or item, and the next one of what it is in.
    first: Place,
    next: Place,
}

/// How many merge keys a lookup follows, against mappings that merge themselves.
const MERGE_STEPS: usize = 16;

impl YamlTree {
    fn new(text: &str) -> Self {
        let mut builder = YamlBuilder::new(text);
        let mut parser = Parser::new_from_str(text);
        while let Some(Ok((event, span))) = parser.next_event() {
            if matches!(event, Event::DocumentEnd) {
                break;
            }
            builder.event(event, span);
        }
        Self {
            nodes: builder.nodes,
        }
    }

    fn node(&self, place: Place) -> Option<&YamlNode> {
        self.nodes.get(place as usize)
    }

    fn members(&self, node: &YamlNode) -> impl Iterator<Item = &YamlNode> {
        std::iter::successors(self.node(node.first), |node| self.node(node.next))
    }

    fn resolved<'n>(&'n self, node: &'n YamlNode) -> &'n YamlNode {
        self.node(node.alias).unwrap_or(node)
    }

    fn child(&self, text: &str, node: &YamlNode, token: &str, steps: usize) -> Option<&YamlNode> {
        let node = self.resolved(node);
        if node.list {
            let index = token.parse::<usize>().ok();
            let index = index.filter(|index| index.to_string() == token)?;
            return self.members(node).nth(index);
        }
        // Of a key that is there twice, the last one counts.
        let named = |name: &str| {
            let members = self.members(node);
            members.filter(|member| member.name(text) == name).last()
        };
        if let Some(child) = named(token) {
            return Some(child);
        }
        let merged = self.resolved(named("<<")?);
        if steps == 0 {
            return None;
        }
        if merged.list {
            let mut mappings = self.members(merged);
            return mappings.find_map(|item| self.child(text, item, token, steps - 1));
        }
        self.child(text, merged, token, steps - 1)
    }

    fn spot(&self, text: &str, pointer: &Pointer) -> Spot {
        let Some(mut found) = self.node(0) else {
            return Spot {
                mark: 0..0,
                scalar: None,
            };
        };
        let mut exact = true;
        for token in pointer.tokens() {
            let Some(child) = self.child(text, found, &token, MERGE_STEPS) else {
                exact = false;
                break;
            };
            found = child;
        }
        let value = bytes(&found.value);
        let mark = if found.inline || found.key.is_empty() && found.name.is_none() {
            value.clone()
        } else {
            bytes(&found.key)
        };
        Spot {
            mark,
            scalar: (exact && found.inline).then_some(value),
        }
    }
}

impl YamlNode {
    fn name<'t>(&'t self, text: &'t str) -> &'t str {
        let written = || text.get(bytes(&self.key)).unwrap_or_default();
        self.name.as_deref().unwrap_or_else(written)
    }
}

fn bytes(range: &Range<Place>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn place(offset: usize) -> Place {
    Place::try_from(offset).unwrap_or(NONE)
}

/// A mapping or sequence whose end has not been seen yet.
struct Open {
    node: usize,
    /// Its last member.
    last: Place,
    mapping: bool,
    key: Option<(Option<Box<str>>, Range<Place>)>,
}

struct YamlBuilder<'t> {
    text: &'t str,
    nodes: Vec<YamlNode>,
    open: Vec<Open>,
    anchors: HashMap<usize, Place>,
    /// How deep inside a key that is itself a mapping or sequence.
    complex_key: usize,
    ascii: bool,
    /// A character and the byte that it starts at, near the last one that was asked for.
    known: (usize, usize),
}

impl<'t> YamlBuilder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            nodes: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            complex_key: 0,
            ascii: text.is_ascii(),
            known: (0, 0),
        }
    }

    /// The byte of a marker, which counts characters.
    fn byte(&mut self, marker: Marker) -> Place {
        let wanted = marker.index();
        if self.ascii {
            return place(wanted);
        }
        let (mut index, mut byte) = self.known;
        while index > wanted {
            index -= 1;
            byte -= 1;
            while !self.text.is_char_boundary(byte) {
                byte -= 1;
            }
        }
        let after = self.text[byte..].chars().take(wanted - index);
        byte += after.map(char::len_utf8).sum::<usize>();
        self.known = (wanted, byte);
        place(byte)
    }

    fn range(&mut self, span: Span) -> Range<Place> {
        let start = self.byte(span.start);
        start..self.byte(span.end).max(start)
    }

    fn event(&mut self, event: Event<'_>, span: Span) {
        if self.complex_key > 0 {
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) => self.complex_key += 1,
                Event::SequenceEnd | Event::MappingEnd => self.complex_key -= 1,
                _ => {}
            }
            return;
        }
        let awaits_key =
            matches!(self.open.last(), Some(open) if open.mapping && open.key.is_none());
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let range = self.range(span);
                if awaits_key {
                    self.name(&text, range);
                } else {
                    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                    let inline =
                        !block && !range.is_empty() && span.start.line() == span.end.line();
                    self.add(range, inline, anchor, NONE);
                }
            }
            Event::Alias(anchor) => {
                let range = self.range(span);
                if awaits_key {
                    self.name("", range);
                } else {
                    let target = self.anchors.get(&anchor).copied();
                    self.add(range, true, 0, target.unwrap_or(NONE));
                }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if awaits_key => {
                let range = self.range(span);
                self.name("", range);
                self.complex_key = 1;
            }
            Event::SequenceStart(anchor, _) => self.start(span, anchor, false),
            Event::MappingStart(anchor, _) => self.start(span, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn name(&mut self, name: &str, range: Range<Place>) {
        let written = self.text.get(bytes(&range)) == Some(name);
        if let Some(open) = self.open.last_mut() {
            open.key = Some(((!written).then(|| name.into()), range));
        }
    }

    fn start(&mut self, span: Span, anchor: usize, mapping: bool) {
        let start = self.byte(span.start);
        let node = self.add(start..start + 1, false, anchor, NONE);
        self.nodes[node].list = !mapping;
        self.open.push(Open {
            node,
            last: NONE,
            mapping,
            key: None,
        });
    }

    fn add(&mut self, value: Range<Place>, inline: bool, anchor: usize, alias: Place) -> usize {
        let node = self.nodes.len();
        let (mut name, mut key) = (None, 0..0);
        if let Some(open) = self.open.last_mut() {
            (name, key) = open.key.take().unwrap_or((None, 0..0));
            match self.nodes.get_mut(open.last as usize) {
                Some(before) => before.next = place(node),
                None => self.nodes[open.node].first = place(node),
            }
            open.last = place(node);
        }
        self.nodes.push(YamlNode {
            key,
            name,
            value,
            inline,
            list: false,
            alias,
            first: NONE,
            next: NONE,
        });
        if anchor > 0 {
            self.anchors.insert(anchor, place(node));
        }
        node
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::File;
    use super::*;

    fn located(text: &str, syntax: Syntax, pointer: &str) -> (usize, usize) {
        let files = Files::new(vec![File::new("x", text, syntax)]);
        let location = files.locate(FileId::ENTRY, &Pointer::from(pointer));
        (location.line, location.column)
    }

    #[test]
    fn yaml_scalars_keys_and_missing_values() {
        let text =
            "a: 1\nü:\n  - x: 'y'\n    z:\n  - |\n    long\nb: &b {c: 1}\nd:\n  <<: *b\n  e: 2\n";
        for (pointer, expected) in [
            ("", (1, 1)),
            ("/a", (1, 4)),
            ("/ü", (2, 1)),
            ("/ü/0", (3, 5)),
            ("/ü/0/x", (3, 8)),
            ("/ü/0/z", (4, 5)),
            ("/ü/0/nothing/at/all", (3, 5)),
            ("/d/c", (7, 11)),
            ("/d/e", (10, 6)),
        ] {
            assert_eq!(located(text, Syntax::Yaml, pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn json_scalars_keys_and_missing_values() {
        let text = "{\n\t\"a/b\": {\"\\u00fc\": [1, {\"x\": \"ö\"}, true]},\n  \"n\": 12345678901234567890123\n}";
        for (pointer, expected) in [
            ("", (1, 1)),
            ("/a~1b", (2, 2)),
            ("/a~1b/ü", (2, 10)),
            ("/a~1b/ü/0", (2, 21)),
            ("/a~1b/ü/1", (2, 24)),
            ("/a~1b/ü/1/x", (2, 30)),
            ("/a~1b/ü/2", (2, 36)),
            ("/a~1b/other", (2, 2)),
        ] {
            assert_eq!(located(text, Syntax::Json, pointer), expected, "{pointer}");
        }
        let files = Files::new(vec![File::new("x", text, Syntax::Json)]);
        let digits = files.scalar(FileId::ENTRY, &Pointer::from("/n"));
        assert_eq!(digits, Some("12345678901234567890123"));
    }

    #[test]
    fn broken_texts_have_positions_up_to_the_break() {
        assert_eq!(located("a:\n  b: 1\n  c: [", Syntax::Yaml, "/a/b"), (2, 6));
        assert_eq!(located("", Syntax::Yaml, "/a"), (1, 1));
        assert_eq!(located("{\"a\": ", Syntax::Json, "/a"), (1, 1));
    }
}

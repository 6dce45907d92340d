//! From a pointer to a line and column of the text it points into; scans a text when first asked and never fails.

use std::borrow::Cow;
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
            Index::Yaml(tree) => tree.spot(pointer),
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

/// The values of a YAML text, as far as it parses.
pub(super) struct YamlTree {
    nodes: Vec<YamlNode>,
}

#[derive(Default)]
struct YamlNode {
    key: Option<Range<usize>>,
    value: Range<usize>,
    /// Worth marking by itself: a scalar on one line.
    inline: bool,
    members: HashMap<Box<str>, usize>,
    /// The anchored node that an alias stands for.
    alias: Option<usize>,
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

    fn child(&self, node: usize, token: &str, steps: usize) -> Option<usize> {
        let node = self.nodes[node].alias.unwrap_or(node);
        let members = &self.nodes[node].members;
        if let Some(child) = members.get(token) {
            return Some(*child);
        }
        let merged = *members.get("<<")?;
        let merged = self.nodes[merged].alias.unwrap_or(merged);
        if steps == 0 {
            return None;
        }
        self.child(merged, token, steps - 1).or_else(|| {
            // A list of mappings to merge: its members are named by index.
            (0..self.nodes[merged].members.len()).find_map(|index| {
                let item = *self.nodes[merged].members.get(index.to_string().as_str())?;
                self.child(item, token, steps - 1)
            })
        })
    }

    fn spot(&self, pointer: &Pointer) -> Spot {
        let Some(mut node) = (!self.nodes.is_empty()).then_some(0) else {
            return Spot {
                mark: 0..0,
                scalar: None,
            };
        };
        let mut exact = true;
        for token in pointer.tokens() {
            let Some(child) = self.child(node, &token, MERGE_STEPS) else {
                exact = false;
                break;
            };
            node = child;
        }
        let found = &self.nodes[node];
        let mark = match &found.key {
            Some(key) if !found.inline => key.clone(),
            _ => found.value.clone(),
        };
        Spot {
            mark,
            scalar: (exact && found.inline).then(|| found.value.clone()),
        }
    }
}

/// A mapping or sequence whose end has not been seen yet.
struct Open {
    node: usize,
    mapping: bool,
    key: Option<(Box<str>, Range<usize>)>,
}

struct YamlBuilder {
    nodes: Vec<YamlNode>,
    open: Vec<Open>,
    anchors: HashMap<usize, usize>,
    /// How deep inside a key that is itself a mapping or sequence.
    complex_key: usize,
    /// Byte offsets by character; absent in ASCII texts, where they agree.
    bytes: Option<Vec<usize>>,
}

impl YamlBuilder {
    fn new(text: &str) -> Self {
        let bytes = (!text.is_ascii()).then(|| {
            let ends = std::iter::once(text.len());
            text.char_indices()
                .map(|(byte, _)| byte)
                .chain(ends)
                .collect()
        });
        Self {
            nodes: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            complex_key: 0,
            bytes,
        }
    }

    fn byte(&self, marker: Marker) -> usize {
        match &self.bytes {
            Some(bytes) => *bytes.get(marker.index()).or(bytes.last()).unwrap_or(&0),
            None => marker.index(),
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
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
                    self.name(text, range);
                } else {
                    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                    let inline =
                        !block && !range.is_empty() && span.start.line() == span.end.line();
                    self.add(range, inline, anchor, None);
                }
            }
            Event::Alias(anchor) => {
                let range = self.range(span);
                if awaits_key {
                    self.name(Cow::Borrowed(""), range);
                } else {
                    let target = self.anchors.get(&anchor).copied();
                    self.add(range, true, 0, target);
                }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if awaits_key => {
                let range = self.range(span);
                self.name(Cow::Borrowed(""), range);
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

    fn name(&mut self, text: Cow<'_, str>, range: Range<usize>) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((text.into(), range));
        }
    }

    fn start(&mut self, span: Span, anchor: usize, mapping: bool) {
        let start = self.byte(span.start);
        let node = self.add(start..start + 1, false, anchor, None);
        self.open.push(Open {
            node,
            mapping,
            key: None,
        });
    }

    fn add(
        &mut self,
        value: Range<usize>,
        inline: bool,
        anchor: usize,
        alias: Option<usize>,
    ) -> usize {
        let node = self.nodes.len();
        let mut key = None;
        if let Some(open) = self.open.last_mut() {
            let members = &mut self.nodes[open.node].members;
            let name = match open.key.take() {
                Some((name, range)) => {
                    key = Some(range);
                    name
                }
                None => members.len().to_string().into(),
            };
            members.insert(name, node);
        }
        self.nodes.push(YamlNode {
            key,
            value,
            inline,
            members: HashMap::new(),
            alias,
        });
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        node
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::File;
    use super::*;

    fn place(text: &str, syntax: Syntax, pointer: &str) -> (usize, usize) {
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
            assert_eq!(place(text, Syntax::Yaml, pointer), expected, "{pointer}");
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
            assert_eq!(place(text, Syntax::Json, pointer), expected, "{pointer}");
        }
        let files = Files::new(vec![File::new("x", text, Syntax::Json)]);
        let digits = files.scalar(FileId::ENTRY, &Pointer::from("/n"));
        assert_eq!(digits, Some("12345678901234567890123"));
    }

    #[test]
    fn broken_texts_have_positions_up_to_the_break() {
        assert_eq!(place("a:\n  b: 1\n  c: [", Syntax::Yaml, "/a/b"), (2, 6));
        assert_eq!(place("", Syntax::Yaml, "/a"), (1, 1));
        assert_eq!(place("{\"a\": ", Syntax::Json, "/a"), (1, 1));
    }
}
